//! Tables, read anew only where they changed: a series grows by a row a week, and nearly all of a version stood in the
//! one before.
//!
//! A row that stands in two versions says the same in both and asks the same, where all else is as it was: the header,
//! the rules of the time, and what stood around the table. So of a new version only the rows are read that the one before
//! has not. Where this may not hold (quotation marks, a label that stands twice, a mistake) all of it is read.

use super::piece::{Key, Part, Piece};
use super::reading::{Companions, Said};
use super::shown::Shown;
use crate::access::Clearance;
use crate::record::{Kind, RecordType};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A series with more rows than this is read as a whole: it may be refused as a whole.
const MOST_ROWS: usize = 5_000;

/// On what the reading of a table hangs beside its text.
#[derive(PartialEq, Eq)]
pub struct Around {
    /// The dossier.
    pub dossier: Arc<str>,
    /// The path inside it.
    pub inside: String,
    /// The commit with which the rules of its time began.
    pub law: usize,
    /// What the dossier asked.
    pub asked: Clearance,
    /// What stood beside it.
    pub companions: Vec<Companions>,
}

/// A version of a table that was read without a mistake, row by row.
pub struct Known {
    around: Around,
    text: Vec<u8>,
    /// Which column names the rows.
    by: usize,
}

/// The rows that a version has and the one before has not.
pub struct News {
    text: Vec<u8>,
    /// How many they are.
    count: usize,
    /// What the rows are called that came or went.
    labels: BTreeSet<Arc<str>>,
    /// All rows of the version.
    all: Shown,
    by: usize,
}

impl Known {
    /// A version that was read as a whole; `None` where the next one must be, too.
    #[must_use]
    pub fn of(around: Around, text: Vec<u8>, said: &Said) -> Option<Self> {
        let (_, rows) = rows_of(said)?;
        let record_type = &said.records.values().next()?.record_type;
        let lines = Lines::of(&text)?;
        let by = lines.naming(record_type)?;
        let all = lines.all(by)?;
        (all == *rows.shown).then_some(())?;
        Some(Self { around, text, by })
    }

    /// What the next version has that this one has not. `None` where it has to be read as a whole.
    #[must_use]
    pub fn news(&self, around: &Around, text: &[u8]) -> Option<News> {
        let (before, after) = (Lines::of(&self.text)?, Lines::of(text)?);
        if *around != self.around || before.header != after.header {
            return None;
        }
        let same = |(one, other): &(&&str, &&str)| one == other;
        let first = before.rows.iter().zip(&after.rows).take_while(same).count();
        let (gone, come) = (before.rows.get(first..)?, after.rows.get(first..)?);
        let last = gone.iter().rev().zip(come.iter().rev()).take_while(same).count();
        let (gone, come) = (gone.get(..gone.len() - last)?, come.get(..come.len() - last)?);
        if come.is_empty() {
            return None;
        }
        let labels = gone.iter().chain(come).map(|row| label_of(row, self.by).into()).collect();
        let text = [&[before.header], come].concat().join("\n") + "\n";
        Some(News { text: text.into_bytes(), count: come.len(), labels, all: after.all(self.by)?, by: self.by })
    }
}

impl News {
    /// The table with these rows alone.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        self.text.clone()
    }

    /// Completes what was read of these rows to what the version said. False where they were not read row by row.
    #[must_use]
    pub fn complete(self, said: &mut Said) -> bool {
        let Some((key, rows)) = rows_of(said) else { return false };
        if !matches!(rows.shown.as_ref(), Shown::Rows { count, .. } if *count == self.count) {
            return false;
        }
        let piece = Piece { key, shown: Arc::new(self.all), ..rows.clone() };
        said.pieces.replace(piece);
        said.only = Some(self.labels);
        true
    }

    /// The version as it is known once it was read.
    #[must_use]
    pub fn known(&self, around: Around, text: Vec<u8>) -> Known {
        Known { around, text, by: self.by }
    }
}

/// The rows with which a table began and ended, where nothing of it is in doubt.
fn rows_of(said: &Said) -> Option<(Key, &Piece)> {
    let mut items = said.records.keys();
    let item = items.next().filter(|_| !said.broken && !said.doubtful)?;
    let key = Key { item: Arc::clone(item), part: Part::Rows };
    let rows = said.pieces.get(&key).filter(|_| items.next().is_none())?;
    Some((key, rows))
}

/// A table that commas and line ends alone divide.
struct Lines<'t> {
    header: &'t str,
    rows: Vec<&'t str>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t [u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let plain = !text.bytes().any(|byte| matches!(byte, b'"' | b'\r')) && !text.contains("\u{FEFF}");
        if !plain || text.contains("\n\n") || text.starts_with('\n') {
            return None;
        }
        let mut lines = text.split_terminator('\n');
        let header = lines.next()?;
        let rows: Vec<&str> = lines.collect();
        (rows.len() <= MOST_ROWS).then_some(Self { header, rows })
    }

    /// The column that names the rows: the first of the type's that is a time, as in every series.
    fn naming(&self, record_type: &RecordType) -> Option<usize> {
        let names: Vec<&str> = self.header.split(',').map(str::trim).collect();
        if record_type.key.as_ref().is_some_and(|key| names.contains(&key.as_str())) {
            return None;
        }
        let mut fields = record_type.fields.iter().filter(|field| names.contains(&field.name.as_str()));
        let by = fields.find(|field| matches!(field.kind, Kind::Week | Kind::Month | Kind::Date | Kind::Year))?;
        names.iter().position(|name| *name == by.name)
    }

    /// Where the rows begin and end; `None` where two of them have one name.
    fn all(&self, by: usize) -> Option<Shown> {
        let labels: BTreeSet<&str> = self.rows.iter().map(|row| label_of(row, by)).collect();
        let (first, last) = (labels.first()?, labels.last()?);
        let rows = Shown::Rows { first: (*first).to_owned(), last: (*last).to_owned(), count: self.rows.len() };
        (labels.len() == self.rows.len()).then_some(rows)
    }
}

fn label_of(row: &str, by: usize) -> &str {
    row.split(',').nth(by).unwrap_or_default().trim()
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
