//! The mapping: a YAML file that says of which type the records are, whose, how their files are called, and what becomes
//! of each column. Every doubt is a finding, and what nothing is said of is one.

use super::came_from::CameFrom;
use super::cell::Written;
use super::column::{Aim, Column, Currency, read_currency, read_dates};
use super::dates::DatePattern;
use super::draft::{Put, Spot};
use super::names::Pattern;
use super::rows::missing;
use super::table::{Separator, column_name};
use super::whose::{Homes, Whose};
use crate::archive::Archive;
use crate::dossier::REGISTERS;
use crate::finding::{Finding, nearest, quote};
use crate::record::{Place, RecordType};
use crate::text::map::{known_entries, one_or_many, scalar};
use crate::text::yaml::{Content, Entry, Node};
use crate::text::{Encoding, Source, flow_scalar, yaml};
use jiff::civil::Date;
use std::ops::Range;
use std::sync::Arc;

pub use super::column::IMPORT_MAPPING;

/// The keys of a mapping.
pub const KEYS: [&str; 13] = [
    "type",
    "dossier",
    "folder",
    "file",
    "encoding",
    "separator",
    "dates",
    "currency",
    "columns",
    "leave_out",
    "defaults",
    "scans",
    "source",
];

/// What files are called, without their extension.
pub enum FileName {
    /// A name filled from the row, in the type's folder.
    Pattern(Pattern),
    /// The path inside the dossier, as a column has it.
    Column(String),
}

/// What a mapping says.
pub struct Mapping {
    /// Its file's text.
    pub source: Source,
    /// The type of the records.
    pub record_type: Arc<RecordType>,
    /// Whose they are.
    pub whose: Whose,
    /// The folder in the dossier; that of the type where none is said.
    pub folder: Option<String>,
    /// What the files are called, and where that is said.
    pub file: Option<(FileName, Range<usize>)>,
    /// How the table's text became bytes.
    pub encoding: Encoding,
    /// What divides its cells.
    pub separator: Separator,
    /// How dates are written.
    pub dates: Vec<DatePattern>,
    /// The currency of amounts that say none.
    pub currency: Option<Currency>,
    /// What becomes of columns.
    pub columns: Vec<Column>,
    /// Every column that it names, also where what it says of one is wrong.
    pub named: Vec<String>,
    /// Columns left out on purpose.
    pub left_out: Vec<(String, Range<usize>)>,
    /// What every record gets that has nothing of its own there.
    pub defaults: Vec<Put>,
    /// What it says of where the records come from.
    pub came_from: CameFrom,
    /// What the names of scans say.
    pub scans: Option<(Pattern, Range<usize>)>,
    /// The dossiers that there are.
    pub homes: Homes,
}

impl Mapping {
    /// Reads a mapping for an archive; nothing where type or dossier cannot be told.
    pub fn read(source: &Source, archive: &Archive, findings: &mut Vec<Finding>) -> Option<Self> {
        let root = match yaml::parse(source, 0..source.text().len()) {
            Ok(root) => root,
            Err(mut errors) => {
                findings.append(&mut errors);
                return None;
            }
        };
        let entries = known_entries(source, &root, "a mapping", &KEYS, findings);
        let said = |key: &str| entries.iter().find(|entry| entry.key == key).copied();
        let record_type = read_type(source, &root, said("type"), archive, findings)?;
        let homes = Homes::of(archive);
        let new = is_root(&record_type);
        let Some(dossier) = said("dossier") else {
            let message = "nothing says whose records these are";
            let remedy = format!("write `dossier: NAME`, `dossier: {{column: NAME}}` or `dossier: {REGISTERS}`");
            findings.push(source.error(IMPORT_MAPPING, root.range.start..root.range.start, message, remedy));
            return None;
        };
        let whose = Whose::read(source, &dossier.value, &homes, new, findings)?;
        let word = |key: &str, findings: &mut Vec<Finding>| {
            said(key).and_then(|entry| scalar(source, &entry.value, &format!("`{key}`"), findings).map(|t| (entry, t)))
        };
        let pattern = |key: &str, findings: &mut Vec<Finding>| {
            let (entry, text) = word(key, findings)?;
            let parsed = Pattern::parse(text);
            if parsed.is_none() {
                let message = format!("{} has a brace that is not closed, or nothing in it", quote(text));
                findings.push(source.error(IMPORT_MAPPING, entry.value.range.clone(), message, "write `{number}`"));
            }
            Some((parsed?, entry.value.range.clone()))
        };
        let scans = pattern("scans", findings);
        let file = match said("file").filter(|entry| entry.value.entries().is_some()) {
            Some(entry) => file_column(source, entry, findings),
            None => pattern("file", findings).map(|(pattern, range)| (FileName::Pattern(pattern), range)),
        };
        let named = said("columns").and_then(|entry| entry.value.entries()).unwrap_or_default();
        let named = named.iter().map(|entry| column_name(&entry.key)).collect();
        let columns: Vec<Column> = match said("columns").map(|entry| &entry.value) {
            Some(node) => columns(source, node, &record_type, findings),
            None => Vec::new(),
        };
        Some(Self {
            file,
            scans,
            folder: word("folder", findings).map(|(_, text)| text.trim_matches('/').to_owned()),
            encoding: one_of(source, said("encoding"), &Encoding::ALL, findings).unwrap_or_default(),
            separator: one_of(source, said("separator"), &Separator::ALL, findings).unwrap_or_default(),
            dates: said("dates").map(|entry| read_dates(source, &entry.value, findings)).unwrap_or_default(),
            currency: said("currency").and_then(|entry| read_currency(source, &entry.value, findings)),
            left_out: said("leave_out").map(|entry| left_out(source, &entry.value, findings)).unwrap_or_default(),
            defaults: said("defaults")
                .map(|entry| defaults(source, &entry.value, &record_type, archive, findings))
                .unwrap_or_default(),
            came_from: said("source").map(|entry| CameFrom::read(source, &entry.value, findings)).unwrap_or_default(),
            columns,
            named,
            source: source.clone(),
            record_type,
            whose,
            homes,
        })
    }

    /// Notes the file out of which records are imported, and the day: each record says so.
    pub fn note(&mut self, file: &str, on: Date) {
        let puts = self.came_from.puts(&self.record_type, file, on);
        // What is written under `defaults` stays as it is written there.
        let puts = missing(&puts, &self.defaults);
        self.defaults.extend(puts);
    }

    /// Whether the records are dossiers themselves.
    #[must_use]
    pub fn makes_dossiers(&self) -> bool {
        is_root(&self.record_type)
    }
}

fn is_root(record_type: &RecordType) -> bool {
    matches!(&record_type.place, Some(Place::File(file)) if file == "dossier.yaml")
}

fn read_type(
    source: &Source,
    root: &Node,
    said: Option<&Entry>,
    archive: &Archive,
    findings: &mut Vec<Finding>,
) -> Option<Arc<RecordType>> {
    let Some(entry) = said else {
        let message = "nothing says of which type the records are";
        let start = root.range.start;
        findings.push(source.error(IMPORT_MAPPING, start..start, message, "add `type: NAME`"));
        return None;
    };
    let name = scalar(source, &entry.value, "a type", findings)?;
    let found = archive.types.get(name);
    match found {
        Some(record_type) if record_type.sound => return Some(Arc::clone(record_type)),
        Some(_) => {
            let message = format!("the type {} has errors of its own", quote(name));
            let remedy = format!("mend types/{name}.yaml first: `strongroom check` shows what is wrong");
            findings.push(source.error(IMPORT_MAPPING, entry.value.range.clone(), message, remedy));
        }
        None => {
            let names = archive.types.iter().map(|known| known.name.as_str());
            let remedy = match nearest(name, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a type that there is, or add one to types/".to_owned(),
            };
            let message = format!("there is no record type {}", quote(name));
            findings.push(source.error(IMPORT_MAPPING, entry.value.range.clone(), message, remedy));
        }
    }
    None
}

fn file_column(source: &Source, entry: &Entry, findings: &mut Vec<Finding>) -> Option<(FileName, Range<usize>)> {
    let entries = known_entries(source, &entry.value, "`file`", &["column"], findings);
    let column = entries.first()?;
    let name = column_name(scalar(source, &column.value, "a column", findings)?);
    Some((FileName::Column(name), column.value.range.clone()))
}

fn one_of<T: Copy>(
    source: &Source,
    entry: Option<&Entry>,
    words: &[(&str, T)],
    findings: &mut Vec<Finding>,
) -> Option<T> {
    let entry = entry?;
    let text = scalar(source, &entry.value, &format!("`{}`", entry.key), findings)?;
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    if found.is_none() {
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("{} is no {}", quote(text), entry.key);
        let remedy = format!("write one of {}", all.join(", "));
        findings.push(source.error(IMPORT_MAPPING, entry.value.range.clone(), message, remedy));
    }
    found.map(|(_, value)| *value)
}

fn columns(source: &Source, node: &Node, record_type: &RecordType, findings: &mut Vec<Finding>) -> Vec<Column> {
    let Some(entries) = node.entries() else {
        let message = "`columns` is a map of the table's columns to the fields that they fill";
        findings.push(source.error(IMPORT_MAPPING, node.range.clone(), message, "write `合同编号: number` lines"));
        return Vec::new();
    };
    let mut columns: Vec<Column> = Vec::new();
    for entry in entries {
        let Some(column) = Column::read(source, entry, record_type, findings) else { continue };
        // One key cannot hold a text and parts of one.
        let twice = |other: &&Column| {
            let (one, other) = (&column.aim, &other.aim);
            one.body == other.body
                && one.outer == other.outer
                && (one.inner == other.inner || one.inner.is_none() || other.inner.is_none())
        };
        if let Some(other) = columns.iter().find(twice) {
            let message = format!("two columns fill `{}`", column.aim.name());
            let remedy = "let one of them fill another field, or leave it out";
            let finding = source.error(IMPORT_MAPPING, column.range.clone(), message, remedy);
            findings.push(finding.related(source.place(other.range.clone()), "the other one"));
        }
        columns.push(column);
    }
    columns
}

fn left_out(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Vec<(String, Range<usize>)> {
    let nodes = one_or_many(source, node, "`leave_out`", findings);
    let one = |node: &&Node| {
        let name = node.text().filter(|text| !text.trim().is_empty());
        (name.map(column_name), node.range.clone())
    };
    let mut names = Vec::new();
    for (name, range) in nodes.iter().map(one) {
        match name {
            Some(name) => names.push((name, range)),
            None => {
                let message = "a column's name is wanted here";
                findings.push(source.error(IMPORT_MAPPING, range, message, "write it as it stands in the table"));
            }
        }
    }
    names
}

/// What every record gets, as YAML that stands in the mapping.
fn defaults(
    source: &Source,
    node: &Node,
    record_type: &RecordType,
    archive: &Archive,
    findings: &mut Vec<Finding>,
) -> Vec<Put> {
    let Some(entries) = node.entries() else {
        let message = "`defaults` is a map of fields and their values";
        findings.push(source.error(IMPORT_MAPPING, node.range.clone(), message, "write `origin: received` lines"));
        return Vec::new();
    };
    let mut puts = Vec::new();
    for entry in entries {
        let value = match &entry.value.content {
            Content::Scalar { text, .. } => Written::One(text.clone()),
            _ => Written::Flow(flow(&entry.value)),
        };
        if entry.key == "audience" {
            // Said once here, it is told once; each record would repeat it.
            archive.settings.audiences.read(source, &entry.value, findings);
        }
        match Aim::find(record_type, &entry.key) {
            Ok(aim) => puts.push(Put { aim, value, spot: Spot::Mapping(entry.value.range.clone()) }),
            Err((message, remedy)) => {
                findings.push(source.error(IMPORT_MAPPING, entry.key_range.clone(), message, remedy));
            }
        }
    }
    puts
}

/// A node on one line, as it would be read again.
pub(super) fn flow(node: &Node) -> String {
    match &node.content {
        Content::Null => "null".to_owned(),
        Content::Scalar { text, .. } => flow_scalar(text),
        Content::List(nodes) => format!("[{}]", nodes.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Content::Map(entries) => {
            let one = |entry: &Entry| format!("{}: {}", flow_scalar(&entry.key), flow(&entry.value));
            format!("{{{}}}", entries.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    }
}
