//! All that is kept on one customer.

use crate::access::{Clearance, Held, Shelf};
use crate::record::{Field, Record, Title};
use crate::text::Phrase;
use std::sync::Arc;

/// The name under which records that belong to no customer are known.
pub const REGISTERS: &str = "registers";

/// A dossier. Its records are shared between an archive and the next one that is read, where they stay the same.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The name of its folder, by which it is known wherever the folder lies.
    pub name: Arc<str>,
    /// Its folder inside the archive.
    pub folder: String,
    /// `dossier.yaml`; what it asks is asked of everything here.
    pub root: Arc<Record>,
    /// The records, in order of type, date and name.
    pub records: Arc<Shelf<Record>>,
}

impl Dossier {
    /// What the whole dossier asks of its reader.
    #[must_use]
    pub fn clearance(&self) -> &Clearance {
        &self.root.clearance
    }

    /// A field of `dossier.yaml`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Held<&Field>> {
        self.root.field(name)
    }

    /// The summary of a record that asks for more than the dossier, which stands in the record's place for those who
    /// may not read it. It asks only for what the dossier asks.
    #[must_use]
    pub fn summary_beside<'r>(&self, record: &Held<&'r Record>) -> Option<Held<&'r Phrase>> {
        let (clearance, record) = record.clone().release();
        let summary = record.summary.as_ref()?.as_ref();
        (*summary.clearance() != clearance).then_some(summary)
    }

    /// By what the dossier is sorted among others: the customer's name, or the folder's where the name asks for more
    /// than the dossier.
    #[must_use]
    pub fn sort_name(&self) -> String {
        let name =
            self.field("name").and_then(|field| field.within(self.clearance()).map(|field| field.value.plain("zh")));
        name.unwrap_or_else(|| self.name.to_string())
    }

    /// The root's own title, where it has one.
    #[must_use]
    pub fn title(&self) -> Held<&Title> {
        self.root.title.as_ref()
    }

    /// What the customer is called: the field `name` for those who may know it, else the folder's name, which is the
    /// address. It asks for no more than the dossier does.
    #[must_use]
    pub fn called(&self) -> Held<Phrase> {
        match self.field("name").filter(|name| self.root.clearance.implies(name.clearance())) {
            Some(field) => field.map(|field| field.value.phrase()),
            None => self.title().map(|_| Phrase::one(self.name.as_ref())),
        }
    }
}
