//! What an imported record says of where it came from: the system and the run that the mapping names, the file, the day.
//!
//! A digest of the file is not among them. Beside a record that many may read it would let each of them try guesses at
//! what else stood in the table; it belongs into the message of the commit.

use super::cell::Written;
use super::column::{Aim, IMPORT_MAPPING};
use super::draft::{Put, Spot};
use super::scans::hex;
use crate::finding::Finding;
use crate::record::RecordType;
use crate::text::Source;
use crate::text::map::{day, known_entries, scalar};
use crate::text::yaml::Node;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// The line of a commit's message by which whoever has the table can show that it is the one which was imported.
#[must_use]
pub fn trailer(file: &str, bytes: &[u8]) -> String {
    format!("Imported: {file} sha256:{}", hex(&Sha256::digest(bytes)))
}

/// What `source:` of a mapping says.
#[derive(Default)]
pub enum CameFrom {
    /// Nothing is said: file and day stand beside each record.
    #[default]
    Unsaid,
    /// Records keep what their rows say of it, and nothing is added.
    Nothing,
    /// This, with file and day where it says none.
    Said(Vec<(String, String, Range<usize>)>),
}

impl CameFrom {
    /// Reads `source:`.
    pub fn read(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Self {
        match node.text() {
            Some("none") => return Self::Nothing,
            Some(_) => {
                let remedy = "write `source: {system: NAME, run: NAME, on: 2026-10-31}`, or `source: none`";
                findings.push(source.error(IMPORT_MAPPING, node.range.clone(), "this is no source", remedy));
                return Self::Nothing;
            }
            None => {}
        }
        let entries = known_entries(source, node, "`source`", &["system", "run", "on"], findings);
        let said = entries.into_iter().filter_map(|entry| {
            let text = scalar(source, &entry.value, &format!("`{}`", entry.key), findings)?.to_owned();
            if entry.key == "on" {
                day(source, &entry.value, "`on`", findings);
            }
            Some((entry.key.clone(), text, entry.value.range.clone()))
        });
        Self::Said(said.collect())
    }

    /// What every record of an import out of a file gets.
    #[must_use]
    pub fn puts(&self, record_type: &RecordType, file: &str, on: Date) -> Vec<Put> {
        let said: &[(String, String, Range<usize>)] = match self {
            Self::Nothing => return Vec::new(),
            Self::Unsaid => &[],
            Self::Said(said) => said,
        };
        let puts = ["system", "run", "file", "on"].into_iter().filter_map(|key| {
            let written = said.iter().find(|(name, _, _)| name == key).map(|(_, text, range)| (text.clone(), range));
            let (text, range) = match (written, key) {
                (Some((text, range)), _) => (text, range.clone()),
                (None, "file") => (file.to_owned(), 0..0),
                (None, "on") => (on.to_string(), 0..0),
                (None, _) => return None,
            };
            let aim = Aim::find(record_type, &format!("imported.{key}")).ok()?;
            Some(Put { aim, value: Written::One(text), spot: Spot::Mapping(range) })
        });
        puts.collect()
    }
}
