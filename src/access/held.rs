//! A value that carries its clearance with it.

use super::Clearance;
use std::fmt;

/// A value together with what it asks of its reader.
///
/// The value can be changed, joined and narrowed, but not looked at: there is no accessor, no `Debug` with content, no
/// comparison. What all staff may read can be seen by [`Held::in_the_open`]; everything else leaves by
/// [`Held::release`], which the architecture test allows the door and the archivist's own commands alone.
#[derive(Clone)]
pub struct Held<T> {
    clearance: Clearance,
    value: T,
}

impl<T> Held<T> {
    /// Puts a value under a clearance. Rooms that read the archive do this; pages only pass on what they were given,
    /// as the architecture test checks.
    pub fn new(clearance: Clearance, value: T) -> Self {
        Self { clearance, value }
    }

    /// What it asks of its reader.
    pub fn clearance(&self) -> &Clearance {
        &self.clearance
    }

    /// The same value, asking for one clearance more.
    #[must_use]
    pub fn narrowed(self, by: &Clearance) -> Self {
        Self { clearance: self.clearance.and(by), value: self.value }
    }

    /// Another value made from this one alone; it asks for the same.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Held<U> {
        Held { clearance: self.clearance, value: make(self.value) }
    }

    /// The same value by reference.
    pub fn as_ref(&self) -> Held<&T> {
        Held { clearance: self.clearance.clone(), value: &self.value }
    }

    /// Two values as one, which asks for both clearances.
    pub fn with<U>(self, other: Held<U>) -> Held<(T, U)> {
        Held { clearance: self.clearance.and(&other.clearance), value: (self.value, other.value) }
    }

    /// The value, where all staff may read it.
    pub fn in_the_open(&self) -> Option<&T> {
        self.clearance.is_open().then_some(&self.value)
    }

    /// The value, where whoever holds `given` may read it: for what is laid inside something already held.
    pub fn within(&self, given: &Clearance) -> Option<&T> {
        given.implies(&self.clearance).then_some(&self.value)
    }

    /// Puts a question to the value, for the shelf to pick by.
    pub(super) fn asks(&self, question: impl FnOnce(&T) -> bool) -> bool {
        question(&self.value)
    }

    /// How two held values follow one another. Rows are laid out in this order, open and sealed alike.
    pub fn order(&self, other: &Self, compare: impl FnOnce(&T, &T) -> std::cmp::Ordering) -> std::cmp::Ordering {
        compare(&self.value, &other.value)
    }

    /// Lets go of the value with its clearance. Only the door, and what speaks to archivists, may.
    pub fn release(self) -> (Clearance, T) {
        (self.clearance, self.value)
    }
}

impl<T> Held<Option<T>> {
    /// A value that may be absent, as a held value that is there or not. That it is absent is not told.
    pub fn transpose(self) -> Option<Held<T>> {
        let clearance = self.clearance;
        self.value.map(|value| Held { clearance, value })
    }
}

impl<T> Held<Held<T>> {
    /// What was held inside something held: it asks for both.
    #[must_use]
    pub fn flatten(self) -> Held<T> {
        self.value.narrowed(&self.clearance)
    }
}

impl<T> Held<Vec<T>> {
    /// The things of a list, each of which asks for what the list asked. What becomes of them goes onto a shelf or a
    /// page, where nobody sees how many they were.
    #[must_use]
    pub fn spread(self) -> Vec<Held<T>> {
        let clearance = self.clearance;
        self.value.into_iter().map(|value| Held { clearance: clearance.clone(), value }).collect()
    }
}

impl<T> fmt::Debug for Held<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Held({})", self.clearance.canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_shows_neither_value_nor_length() {
        let held = Held::new(Clearance::any_of(["legal"]), "secret");
        assert_eq!(format!("{held:?}"), "Held(legal)");
        assert!(held.in_the_open().is_none());
        assert!(held.within(&Clearance::any_of(["finance"])).is_none());
        assert_eq!(held.within(&Clearance::any_of(["legal"])), Some(&"secret"));
    }

    #[test]
    fn what_is_made_of_two_asks_for_both() {
        let one = Held::new(Clearance::any_of(["legal"]), 1);
        let other = Held::new(Clearance::any_of(["finance"]), 2);
        assert_eq!(one.with(other).clearance().canonical(), "finance&legal");
    }

    #[test]
    fn what_comes_out_of_something_held_still_asks_for_it() {
        let inner = Held::new(Clearance::any_of(["finance"]), vec![1, 2]);
        let outer = Held::new(Clearance::any_of(["legal"]), inner);
        let all = outer.flatten().spread();
        assert!(all.iter().all(|held| held.clearance().canonical() == "finance&legal"));
        assert_eq!(all.len(), 2);
    }
}
