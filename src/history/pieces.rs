//! The pieces of one version, in the order of their keys: versions are compared by going along two such rows, which of
//! long tables takes a tenth of the time that looking up each piece does.

use super::piece::{Key, Piece};

/// Pieces in the order of their keys, each key once.
#[derive(Default)]
pub struct Pieces(Vec<Piece>);

impl Pieces {
    /// Of several pieces of one key the last one counts.
    #[must_use]
    pub fn of(mut pieces: Vec<Piece>) -> Self {
        pieces.sort_by(|one, other| one.key.cmp(&other.key));
        pieces.dedup_by(|later, first| {
            let same = later.key == first.key;
            if same {
                std::mem::swap(later, first);
            }
            same
        });
        Self(pieces)
    }

    /// The piece of a key.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Piece> {
        self.0.binary_search_by(|piece| piece.key.cmp(key)).ok().and_then(|at| self.0.get(at))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Says of keys whether they are there. They must be asked for in their order.
    pub fn in_order(&self) -> impl FnMut(&Key) -> bool + '_ {
        let mut rest = self.0.iter().peekable();
        move |key| {
            while rest.next_if(|piece| piece.key < *key).is_some() {}
            rest.peek().is_some_and(|piece| piece.key == *key)
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Piece> {
        self.0.iter()
    }

    /// All of them, for what they ask to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Piece> {
        self.0.iter_mut()
    }

    /// Puts a piece in the place of the one of its key.
    pub fn replace(&mut self, with: Piece) {
        if let Ok(at) = self.0.binary_search_by(|piece| piece.key.cmp(&with.key))
            && let Some(piece) = self.0.get_mut(at)
        {
            *piece = with;
        }
    }
}

impl IntoIterator for Pieces {
    type Item = Piece;
    type IntoIter = std::vec::IntoIter<Piece>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
