//! The rules of one moment: by them a file that stood then is read, and says what it asked of its reader.

use super::archive::Archive;
use super::around::read_types;
use super::attached::{FILE_IN_TWO_CLEARANCES, FILE_OUTSIDE, MISSING_FILE};
use super::claiming::RECORD_AS_FILE;
use super::dossier_reading::{DOUBLE_RECORD, Setting, read_folder, read_text};
use super::settings::{SETTINGS, Settings};
use super::types::Types;
use crate::access::Audiences;
use crate::finding::{Code, Finding, Severity};
use crate::record::{BROKEN_DUE, MISSING_FIELD, PERSONAL_IN_OPEN, Record, WRONG_VALUE};
use crate::repository::Snapshot;
use crate::text::map::IMPOSSIBLE_DATE;
use crate::text::markdown::{LINK_TARGET, RAW_HTML};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Errors that say nothing of who was meant to read: whatever else is wrong in a past version is a doubt.
const HARMLESS: [Code; 11] = [
    DOUBLE_RECORD,
    FILE_IN_TWO_CLEARANCES,
    FILE_OUTSIDE,
    IMPOSSIBLE_DATE,
    LINK_TARGET,
    MISSING_FIELD,
    MISSING_FILE,
    PERSONAL_IN_OPEN,
    RAW_HTML,
    RECORD_AS_FILE,
    WRONG_VALUE,
];

/// Whether a finding may tell of a restriction that was meant and did not become one.
fn is_doubt(finding: &Finding) -> bool {
    finding.severity == Severity::Error && !HARMLESS.contains(&finding.code)
}

/// The files of which that is so; the empty path for a finding without a place.
pub(super) fn doubted(findings: &[Finding]) -> impl Iterator<Item = String> + '_ {
    let doubts = findings.iter().filter(|finding| is_doubt(finding));
    doubts.map(|doubt| doubt.place.as_ref().map_or_else(String::new, |place| place.file.clone()))
}

/// The settings and types of one moment, as far as they say who may read what.
#[derive(Clone)]
pub struct Rules {
    audiences: Audiences,
    types: Types,
    print: Print,
}

/// What sets one moment's rules apart from another's. Who belongs to an audience is none of it: that counts as of
/// today.
#[derive(Clone, PartialEq, Eq)]
struct Print {
    audiences: BTreeSet<String>,
    tiers: Vec<String>,
    types: BTreeMap<String, String>,
}

/// What came of one file, or of a dossier's root, by the rules of one moment.
pub struct PastReading {
    /// `dossier.yaml`, where that was among the files.
    pub root: Option<Record>,
    /// The records.
    pub records: Vec<Record>,
    /// Whether nothing could be made of the files: they were broken at the time, or no type of the time took them.
    pub broken: bool,
    /// Whether something in them was wrong that may have been meant as a restriction.
    pub doubtful: bool,
}

impl Rules {
    /// The rules that files of one moment state: the settings and `types/`. `None` where they cannot be read without
    /// an error, since nobody can tell then what they were meant to restrict.
    #[must_use]
    pub fn read(snapshot: &Snapshot) -> Option<Self> {
        let mut findings = Vec::new();
        let source = read_text(snapshot, snapshot.file(SETTINGS)?, &mut findings)?;
        let settings = Settings::read(&source, &mut findings);
        let types = read_types(snapshot, &settings, &mut findings);
        // A rule on what is due restricts nothing.
        let broken = findings.iter().any(|f| f.severity == Severity::Error && f.code != BROKEN_DUE);
        (!broken).then(|| Self::of_parts(&settings, types))
    }

    /// The rules of an archive as it stands.
    #[must_use]
    pub fn of(archive: &Archive) -> Self {
        Self::of_parts(&archive.settings, archive.types.clone())
    }

    fn of_parts(settings: &Settings, types: Types) -> Self {
        let own = types.iter().filter(|record_type| !record_type.built_in);
        let print = Print {
            audiences: settings.audiences.iter().map(|(name, _)| name.to_owned()).collect(),
            tiers: settings.tiers.iter().map(|(name, _)| name.clone()).collect(),
            types: own.map(|t| (t.name.clone(), t.source.text().to_owned())).collect(),
        };
        Self { audiences: settings.audiences.clone(), types, print }
    }

    /// Whether both ask the same of every text.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.print == other.print
    }

    /// The types of the moment.
    #[must_use]
    pub fn types(&self) -> &Types {
        &self.types
    }

    /// The audiences of the moment, by name.
    #[must_use]
    pub fn audiences(&self) -> &Audiences {
        &self.audiences
    }

    /// Reads files of one dossier, or of `registers/`, as they stood. What the dossier itself asks is not joined to
    /// what the records ask, since it may have changed at other times than they did. What is wrong with them is not
    /// told: it cannot be mended any more.
    #[must_use]
    pub fn read_files(&self, day: Date, dossier: &Arc<str>, folder: &str, files: &Snapshot) -> PastReading {
        let setting = Setting { snapshot: files, types: &self.types, audiences: &self.audiences, day };
        let folder = read_folder(&setting, dossier, folder, files.files_below(folder));
        let nothing = folder.root.is_none() && folder.records.is_empty();
        let doubtful = folder.findings.iter().any(is_doubt);
        let broken = nothing && folder.findings.iter().any(|finding| finding.severity == Severity::Error);
        PastReading {
            root: folder.root.map(|sourced| sourced.record),
            records: folder.records.into_iter().map(|sourced| sourced.record).collect(),
            broken,
            doubtful,
        }
    }
}
