//! The life of a file: what each of its versions changed, part by part, and what every value asked from its arrival to
//! its end.

use super::branches::Span;
use super::lineage::Place;
use super::piece::{Key, Part};
use super::reading::Claim;
use super::shown::Shown;
use crate::access::Clearance;
use crate::record::RecordType;
use crate::text::Phrase;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A value of a part.
pub struct Stood {
    /// The part.
    pub key: Key,
    /// What pages called the part.
    pub label: Option<Arc<Phrase>>,
    /// What it said.
    pub shown: Arc<Shown>,
    /// What it asked, all times together.
    pub asks: Clearance,
    /// What it asked in the last version that held it.
    pub last: Clearance,
    /// Whether every version that held it was of doubt: nobody can say then that it was open.
    pub doubtful: bool,
    /// The type of its record.
    pub record_type: Arc<RecordType>,
}

/// What was done to a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It came.
    Added,
    /// It became another.
    Changed,
    /// It went.
    Removed,
    /// The file moved; where it stood before, and whether its content stayed the same.
    Moved {
        /// Where it stood.
        from: Box<Place>,
        /// Whether the content stayed the same.
        same: bool,
    },
    /// The file left for another dossier; where it went.
    Left {
        /// Where it stands from then on.
        to: Box<Place>,
    },
    /// The file could not be read as it stood then.
    Broken,
    /// The content is missing from the repository.
    Missing,
    /// Its day came, without a commit: the record opened.
    Opened {
        /// The day.
        day: Date,
        /// The commit after which it began.
        after: usize,
    },
}

/// One change of one part, by one commit.
pub struct Event {
    /// The commit.
    pub commit: usize,
    /// The dossier in which the file stood then.
    pub dossier: Arc<str>,
    /// The part.
    pub key: Key,
    /// What was done.
    pub deed: Deed,
    /// The value before: its number among the life's values.
    pub before: Option<usize>,
    /// The value after.
    pub after: Option<usize>,
    /// What the change asks beside its values, where it has none.
    pub asks: Clearance,
    /// Whether the part came with its record, or with its row.
    pub founding: bool,
}

/// That a version named a file.
pub struct Claimed {
    /// The dossier in which the version stood.
    pub dossier: Arc<str>,
    /// The folder of that dossier.
    pub folder: Arc<str>,
    /// Where the record is told to have named it in the one order of commits: the first, and the first that does not.
    pub told: Span,
    /// The commits that hold the version.
    pub time: Vec<Span>,
    /// What was named, and what that asks.
    pub claim: Claim,
}

/// That a commit touched a file.
pub struct Touched {
    /// The commit.
    pub commit: usize,
    /// What the file asked then, where no value says so.
    pub asks: Clearance,
    /// The values that came and went, told or not.
    pub values: Vec<usize>,
}

/// The whole life of one file.
#[derive(Default)]
pub struct Life {
    /// Every value that any part ever had.
    pub values: Vec<Stood>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The values that stand in the end.
    pub standing: BTreeSet<usize>,
    /// Files that its versions named.
    pub claims: Vec<Claimed>,
    /// What each commit that touched the file asks of who may read its message.
    pub touched: Vec<Touched>,
    /// Items of a list that got another key: from which to which.
    pub renamed: Vec<(Arc<str>, Arc<str>)>,
    /// The versions that were records: others were files like any.
    pub records: BTreeSet<usize>,
    /// Whether any version described a series.
    pub describes: bool,
    /// What the record is called inside its dossier, items aside: by its file, or, for a table, by what the rows are.
    pub path: String,
}

impl Life {
    /// What all of its records ask, or asked last: who may know of the file as a whole.
    #[must_use]
    pub fn whole(&self) -> Clearance {
        let records = self.values.iter().filter(|value| value.key.part == Part::Record);
        let last: BTreeMap<&Arc<str>, &Clearance> = records.map(|value| (&value.key.item, &value.asks)).collect();
        last.into_values().fold(Clearance::open(), |all, asks| all.and(asks))
    }
}

/// Whether a file is a record's by its name; tables are told apart by their types.
#[must_use]
pub fn is_record(inside: &str) -> bool {
    is_document(inside) || inside.ends_with(".csv")
}

/// Whether a file can be nothing but a record's.
#[must_use]
pub fn is_document(inside: &str) -> bool {
    [".md", ".yaml", ".yml"].iter().any(|ending| inside.ends_with(ending))
}
