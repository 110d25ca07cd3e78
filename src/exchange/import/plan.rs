//! What an import would write: new files alone, each as it would be read; and whence everything comes that is wrong with
//! them.

use super::compare::{alike, differences};
use super::draft::{Draft, Spot};
use super::mapping::Mapping;
use super::names::{IMPORT_NAME, TakenNames};
use super::rows::Rows;
use super::series;
use super::table::Table;
use crate::archive::Archive;
use crate::finding::{Code, Finding, Findings, Place, quote};
use crate::record::{MISSING_FIELD, Record, Value, WIDER_THAN_TYPE};
use crate::repository::{Added, Snapshot};
use crate::text::Source;
use std::collections::{HashMap, HashSet};

/// Something is there already that an import would have made, and is left as it is.
pub const IMPORT_THERE: Code = Code("import-there");
/// Larger files are not compared.
const LARGEST: u64 = 8 << 20;
/// A record that an import would make would be open to more people than its type.
pub const IMPORT_OPENS: Code = Code("import-opens");

/// What an import works with.
pub struct Import<'a> {
    /// The archive as it is.
    pub archive: &'a Archive,
    /// Its files.
    pub snapshot: &'a Snapshot,
    /// The mapping.
    pub mapping: &'a Mapping,
}

/// A file that would be made.
#[derive(Clone)]
pub struct Made {
    /// Its path in the archive.
    pub path: String,
    /// Where it comes from.
    pub from: Place,
    /// Its content.
    pub content: Added,
}

/// What an import comes to.
#[derive(Default)]
pub struct Plan {
    /// The files that it would make, by path.
    pub made: Vec<Made>,
    /// Files that are there already, as they would be made.
    pub there: Vec<String>,
    /// What is wrong with already, and is read to tell the rest of it.
    tried: Vec<(String, Added)>,
    /// The drafts among all of them, for what is found in them.
    drafts: HashMap<String, Draft>,
    table: Option<Source>,
    mapping: Option<Source>,
}

impl Import<'_> {
    /// What becomes of a table.
    pub fn of_table(&self, table: &Table, findings: &mut Vec<Finding>) -> Plan {
        let rows = Rows { mapping: self.mapping, table, types: &self.archive.types };
        let before = findings.len();
        rows.check(findings);
        if findings.iter().skip(before).any(|finding| finding.severity == crate::finding::Severity::Error) {
            // Each row would tell the same again.
            return Plan::default();
        }
        let drafts = if self.mapping.record_type.series {
            series::drafts(&rows, findings)
        } else {
            table.rows.iter().filter_map(|row| rows.draft(row, findings)).collect()
        };
        let mut plan = Plan::by(self.mapping, Some(table));
        self.place(&mut plan, drafts, findings);
        plan
    }

    /// Tells apart what is new from what is there, and from what cannot be.
    pub(super) fn place(&self, plan: &mut Plan, drafts: Vec<Draft>, findings: &mut Vec<Finding>) {
        let mut taken = TakenNames::default();
        self.snapshot.files().iter().for_each(|file| taken.note(&file.path));
        let keys = self.keys();
        let mut new: HashMap<String, Place> = HashMap::new();
        let (drafts, tried): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|draft| draft.faults.is_empty());
        for draft in drafts {
            let from = plan.place(&draft.whole, &draft.path);
            if let Some(entry) = self.snapshot.file(&draft.path) {
                let bytes = self.snapshot.read(entry, LARGEST).unwrap_or_default();
                if alike(&bytes, &draft) {
                    plan.there.push(draft.path);
                    plan.there.extend(draft.files.into_iter().map(|(path, _)| path));
                } else {
                    let differs = differences(&draft.path, &bytes, &draft, &self.mapping.record_type);
                    findings.push(there(&draft.path, from, "a file is there", &draft.path, &differs));
                }
                continue;
            }
            let name = record_name(&draft);
            let known = keys.get(&(draft.dossier.clone(), draft.key.clone().unwrap_or_default()));
            if self.archive.names.get(&name).is_some() {
                let (file, differs) = (known.map_or(&name, |file| file), self.differs(known, &draft));
                findings.push(there(&name, from, "a record of this name is there", file, &differs));
            } else if let Some(file) = known.filter(|_| draft.key.is_some()) {
                let what = format!("{} holds a record with this `{}`", quote(file), self.key_name());
                findings.push(there(&draft.path, from, &what, file, &self.differs(Some(file), &draft)));
            } else if let Some(other) = new.get(&draft.path) {
                let message = format!("two rows would make one file, {}", quote(&draft.path));
                let remedy = "write a `file:` in the mapping that tells them apart, or remove one of them";
                let finding = Finding::error(IMPORT_NAME, message).at(from).remedy(remedy);
                findings.push(finding.related(other.clone(), "the other one"));
            } else {
                new.insert(draft.path.clone(), from.clone());
                let text = (draft.path.clone(), Added::Bytes(draft.text.clone().into_bytes()));
                for (path, content) in std::iter::once(text).chain(draft.files.iter().cloned()) {
                    if let Some(other) = taken.clash(&path) {
                        findings.push(clash(&path, other, from.clone()));
                    } else {
                        taken.note(&path);
                        plan.made.push(Made { path, from: from.clone(), content });
                    }
                }
                plan.drafts.insert(draft.path.clone(), draft);
            }
        }
        plan.made.sort_by(|one, other| one.path.cmp(&other.path));
        for draft in tried {
            let key = (draft.dossier.clone(), draft.key.clone().unwrap_or_default());
            let known = draft.key.is_some() && keys.contains_key(&key);
            // Where something of this name is there, or comes of another row, that would be told in its place.
            let free = taken.clash(&draft.path).is_none() && self.archive.names.get(&record_name(&draft)).is_none();
            if free && !known {
                taken.note(&draft.path);
                plan.tried.push((draft.path.clone(), Added::Bytes(draft.text.clone().into_bytes())));
                plan.drafts.insert(draft.path.clone(), draft);
            }
        }
    }

    /// In what a row differs from the record of its key in a file.
    fn differs(&self, file: Option<&String>, draft: &Draft) -> Vec<String> {
        let bytes = file.and_then(|file| Some((file, self.snapshot.read(self.snapshot.file(file)?, LARGEST).ok()?)));
        bytes.map(|(file, bytes)| differences(file, &bytes, draft, &self.mapping.record_type)).unwrap_or_default()
    }

    fn key_name(&self) -> &str {
        self.mapping.record_type.key.as_deref().unwrap_or_default()
    }

    /// The records of the type that there are, by dossier and key: an item of a list file is one too.
    fn keys(&self) -> HashMap<(String, String), String> {
        let mut keys = HashMap::new();
        let Some(key) = &self.mapping.record_type.key else { return keys };
        let mut note = |record: &Record| {
            if record.record_type.name != self.mapping.record_type.name {
                return;
            }
            if let Some((_, field)) = record.field(key).map(|held| held.release())
                && !matches!(field.value, Value::Group(_) | Value::Many(_))
            {
                let at = (record.name.dossier.to_string(), field.value.written().trim().to_owned());
                keys.insert(at, record.file.clone());
            }
        };
        for held in self.archive.dossiers.lay_out(|held| held.release().1) {
            held.records.lay_out(|held| held.release().1).for_each(&mut note);
        }
        self.archive.registers.lay_out(|held| held.release().1).for_each(&mut note);
        keys
    }
}

fn there(what: &str, from: Place, why: &str, file: &str, differs: &[String]) -> Finding {
    let message = format!("{why} already; {} is not made, and what is there stays as it is", quote(what));
    let (message, remedy) = match differs {
        [] => (
            message,
            "nothing, if it was imported or written before; otherwise give the new one another name".to_owned(),
        ),
        _ => (
            format!("{message}; the table differs from it: {}", differs.join(", ")),
            format!("where the table is right, change {} by hand; if it is another, give it another name", quote(file)),
        ),
    };
    Finding::warning(IMPORT_THERE, message).at(from).remedy(remedy)
}

fn clash(path: &str, other: &str, from: Place) -> Finding {
    let message = match path == other {
        true => format!("{} is there already, with other content", quote(path)),
        false => format!(
            "{} differs from {} by large and small letters alone, which some disks do not tell apart",
            quote(path),
            quote(other)
        ),
    };
    Finding::error(IMPORT_NAME, message).at(from).remedy("give it another name")
}

/// What a draft's record would be called.
fn record_name(draft: &Draft) -> String {
    if draft.inside == "dossier.yaml" {
        return draft.dossier.clone();
    }
    let inside = draft.inside.as_str();
    format!("{}/{}", draft.dossier, inside.rsplit_once('.').map_or(inside, |(name, _)| name))
}

impl Plan {
    /// An empty plan, with what its findings point at.
    pub(super) fn by(mapping: &Mapping, table: Option<&Table>) -> Self {
        let table = table.map(|table| table.source.clone());
        Self { table, mapping: Some(mapping.source.clone()), ..Self::default() }
    }

    /// The files as a snapshot takes them, with those that are read only for what is wrong with them.
    #[must_use]
    pub fn added(&self) -> Vec<(String, Added)> {
        let made = self.made.iter().map(|made| (made.path.clone(), made.content.clone()));
        made.chain(self.tried.iter().cloned()).collect()
    }

    /// What is found in the archive with the new files and was not without them, each at the cell that it comes from.
    /// That a record is open to more people than its type may be meant where somebody writes it; an import does not.
    #[must_use]
    pub fn told(&self, before: &Findings, after: Findings) -> Vec<Finding> {
        let known: HashSet<(Code, &str, String)> = before.iter().map(told_of).collect();
        let new = after.iter().filter(|finding| !known.contains(&told_of(finding)));
        new.filter_map(|finding| self.moved(finding.clone())).collect()
    }

    fn moved(&self, mut finding: Finding) -> Option<Finding> {
        let Some(place) = finding.place.clone() else { return Some(finding) };
        let Some(draft) = self.drafts.get(&place.file) else { return Some(finding) };
        let spot = draft.spot(place.line);
        // What is said of the record as a whole may only come of the faults that are told: that it has no dossier.
        let of_fault = draft.faults.homeless && *spot == draft.whole && finding.code != MISSING_FIELD;
        if of_fault || draft.faults.cells.contains(spot) {
            return None;
        }
        if finding.code == WIDER_THAN_TYPE {
            let message = format!("{}, which no import does", finding.message);
            let remedy = "leave the audience out; who is to open it may change the record afterwards, on purpose";
            finding = Finding::error(IMPORT_OPENS, message).remedy(remedy);
        }
        Some(finding.at(self.place(spot, &draft.path)))
    }

    fn place(&self, spot: &Spot, path: &str) -> Place {
        match spot {
            Spot::Table(range) => self.table.as_ref().map(|source| source.place(range.clone())),
            Spot::Mapping(range) => self.mapping.as_ref().map(|source| source.place(range.clone())),
            Spot::Scan(file) => Some(Place::whole(file)),
        }
        .unwrap_or_else(|| Place::whole(path))
    }
}

fn told_of(finding: &Finding) -> (Code, &str, String) {
    (finding.code, &finding.message, finding.place.as_ref().map(ToString::to_string).unwrap_or_default())
}
