//! The cells of a column, kept as one text: a long table has hundreds, most of them a few characters long.

/// Cells in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    text: Box<str>,
    /// Where in the text each cell ends.
    ends: Box<[u32]>,
}

impl Cells {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A cell by its number.
    #[must_use]
    pub fn get(&self, n: usize) -> Option<&str> {
        let start = n.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start as usize..*self.ends.get(n)? as usize)
    }

    /// The first one.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.get(0)
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All of them.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator + Clone {
        (0..self.len()).map(|n| self.get(n).unwrap_or_default())
    }
}

impl<S: AsRef<str>> FromIterator<S> for Cells {
    /// What would stand beyond four gigabytes is left out: no file of an archive is a thousandth as large.
    fn from_iter<I: IntoIterator<Item = S>>(cells: I) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for cell in cells {
            let Ok(end) = u32::try_from(text.len() + cell.as_ref().len()) else { break };
            text.push_str(cell.as_ref());
            ends.push(end);
        }
        // Copied, so that no room is kept for more: there are as many of these as there are columns.
        Self { text: text.as_str().into(), ends: ends.as_slice().into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cells_come_back_as_they_went_in(written in proptest::collection::vec("[a客0]{0,3}", 0..8)) {
            let cells: Cells = written.iter().collect();
            prop_assert!(cells.iter().eq(&written));
            prop_assert_eq!(cells.len(), written.len());
            prop_assert_eq!(cells.first(), written.first().map(String::as_str));
            prop_assert_eq!(cells.last(), written.last().map(String::as_str));
            prop_assert_eq!(cells.get(written.len()), None);
        }
    }
}
