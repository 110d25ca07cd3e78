//! All that is kept on one customer.

use crate::access::{Clearance, Held, Shelf};
use crate::record::{Field, Record, Title};
use std::sync::Arc;

/// The name under which records that belong to no customer are known.
pub const REGISTERS: &str = "registers";

/// A dossier.
#[derive(Debug)]
pub struct Dossier {
    /// The name of its folder, by which it is known wherever the folder lies.
    pub name: Arc<str>,
    /// Its folder inside the archive.
    pub folder: String,
    /// `dossier.yaml`; what it asks is asked of everything here.
    pub root: Record,
    /// The records, in order of type, date and name.
    pub records: Shelf<Record>,
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

    /// What the customer is called: the field `name`, or the folder's name where the reader may not know it.
    #[must_use]
    pub fn title(&self) -> Held<&Title> {
        self.root.title.as_ref()
    }
}
