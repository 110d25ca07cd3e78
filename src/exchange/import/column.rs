//! What becomes of a column: which field it fills, and how its cells are to be read.

use super::dates::DatePattern;
use super::decimal::power_of_ten;
use super::names::Pattern;
use super::table::column_name;
use crate::finding::{Code, Finding, nearest, quote};
use crate::record::{Choice, FieldType, Kind, PLATES, RecordType};
use crate::text::map::{known_entries, one_or_many, scalar};
use crate::text::yaml::{Content, Entry, Node};
use crate::text::{Source, yaml};
use std::collections::BTreeMap;
use std::ops::Range;

/// A mapping that says what cannot be.
pub const IMPORT_MAPPING: Code = Code("import-mapping");

/// The place in a record that a column fills.
#[derive(Clone, Debug)]
pub struct Aim {
    /// The key; `text` for what stands below the front matter.
    pub outer: String,
    /// The key inside it.
    pub inner: Option<String>,
    /// The kind of its values.
    pub kind: Kind,
    /// Whether it takes a list.
    pub many: bool,
    /// The values of a choice.
    pub choices: Vec<Choice>,
    /// Whether it is the record's text and no key.
    pub body: bool,
}

impl Aim {
    /// The place of a name in records of a type.
    ///
    /// # Errors
    /// Why there is none, and what to write.
    pub fn find(record_type: &RecordType, name: &str) -> Result<Self, (String, String)> {
        let (outer, inner) = name.split_once('.').map_or((name, None), |(outer, inner)| (outer, Some(inner)));
        let aim = |kind, many| Self {
            outer: outer.to_owned(),
            inner: inner.map(str::to_owned),
            kind,
            many,
            choices: Vec::new(),
            body: false,
        };
        let language = matches!(inner, Some("zh" | "en"));
        if let Some(field) = record_type.field(outer) {
            return match inner {
                None => Ok(Self { choices: field.choices.clone(), ..aim(field.kind, field.many) }),
                Some(inner) => match member(field, inner) {
                    Some(found) => Ok(Self { choices: found.choices.clone(), ..aim(found.kind, found.many) }),
                    None if language && matches!(field.kind, Kind::Text | Kind::Person) => Ok(aim(Kind::Text, false)),
                    None => Err((
                        format!("{} cannot be filled by itself", quote(name)),
                        "name a member of a group, `.zh` or `.en` of a text; a list of groups is `as: json`".to_owned(),
                    )),
                },
            };
        }
        let plate = PLATES.iter().find(|(plate, keys)| *plate == outer && inner.is_some_and(|key| keys.contains(&key)));
        match (outer, inner) {
            ("text", None) => Ok(Self { body: true, ..aim(Kind::Markdown, false) }),
            ("title" | "abstract", _) if inner.is_none() || language => Ok(aim(Kind::Text, false)),
            ("date", None) => Ok(aim(Kind::Date, false)),
            ("origin", None) => Ok(aim(Kind::Code, false)),
            ("audience" | "attachments", None) => Ok(aim(Kind::Code, true)),
            ("restrict" | "original" | "marking" | "verified" | "imported", None) => Ok(aim(Kind::Group, false)),
            ("verified" | "imported", Some("on")) | ("marking", Some("review")) => Ok(aim(Kind::Date, false)),
            _ if plate.is_some() => Ok(aim(Kind::Text, false)),
            ("open_from" | "type", _) => Err((
                format!("an import does not say `{outer}`"),
                "records are of the mapping's type, and nothing is opened by an import".to_owned(),
            )),
            _ => {
                let fields = record_type.fields.iter().map(|field| field.name.as_str());
                let names: Vec<&str> =
                    fields.chain(["title", "date", "text", "abstract", "origin", "attachments", "audience"]).collect();
                let remedy = match nearest(name, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the fields are {}", names.join(", ")),
                };
                Err((format!("the type `{}` has no field {}", record_type.name, quote(name)), remedy))
            }
        }
    }

    /// Its name as a mapping writes it.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.inner {
            Some(inner) => format!("{}.{inner}", self.outer),
            None => self.outer.clone(),
        }
    }
}

fn member<'a>(field: &'a FieldType, name: &str) -> Option<&'a FieldType> {
    field.member(name).filter(|_| !field.many)
}

/// The currency of a column's amounts.
#[derive(Clone, Debug)]
pub enum Currency {
    /// This one.
    Said(String),
    /// What another column says.
    Column(String),
}

/// How the cells of a column are to be read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// How dates are written; the mapping's where none are said.
    pub dates: Vec<DatePattern>,
    /// The currency of amounts that say none.
    pub currency: Option<Currency>,
    /// By which power of ten numbers are multiplied.
    pub power: usize,
    /// Whether a comma stands before decimals.
    pub decimal_comma: bool,
    /// What is written for what.
    pub values: BTreeMap<String, String>,
    /// What stands between several values.
    pub split: Option<String>,
    /// Whether a cell is JSON.
    pub json: bool,
    /// The unit of durations that say none.
    pub unit: Option<String>,
    /// The name of the record that a cell refers to.
    pub record: Option<Pattern>,
}

/// A column and what becomes of it.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in the table.
    pub name: String,
    /// Where the mapping names it.
    pub range: Range<usize>,
    /// What it fills.
    pub aim: Aim,
    /// How it is read.
    pub reading: Reading,
}

const KEYS: [&str; 10] = ["field", "dates", "currency", "times", "decimal", "values", "split", "as", "unit", "record"];

impl Column {
    /// Reads one entry of `columns:`.
    pub fn read(source: &Source, entry: &Entry, record_type: &RecordType, findings: &mut Vec<Finding>) -> Option<Self> {
        let (field, reading) = match &entry.value.content {
            Content::Map(_) => {
                let entries = known_entries(source, &entry.value, "a column", &KEYS, findings);
                let Some(field) = entries.iter().find(|entry| entry.key == "field") else {
                    let message = "nothing says which field this column fills";
                    findings.push(source.error(IMPORT_MAPPING, entry.key_range.clone(), message, "add `field: NAME`"));
                    return None;
                };
                (&field.value, Reading::read(source, &entries, findings))
            }
            _ => (&entry.value, Reading::default()),
        };
        let name = scalar(source, field, "a field", findings)?;
        match Aim::find(record_type, name.trim()) {
            Ok(aim) if aim.kind == Kind::Group && !reading.json => {
                let message = format!("`{}` holds several things", aim.outer);
                let remedy = "name one of them as `original.room`, or write `as: json`";
                findings.push(source.error(IMPORT_MAPPING, field.range.clone(), message, remedy));
                None
            }
            Ok(aim) => Some(Self { name: column_name(&entry.key), range: entry.key_range.clone(), aim, reading }),
            Err((message, remedy)) => {
                findings.push(source.error(IMPORT_MAPPING, field.range.clone(), message, remedy));
                None
            }
        }
    }
}

impl Reading {
    fn read(source: &Source, entries: &[&Entry], findings: &mut Vec<Finding>) -> Self {
        let mut reading = Self::default();
        for entry in entries {
            let value = &entry.value;
            let mut refuse = |message: String, remedy: &str| {
                findings.push(source.error(IMPORT_MAPPING, value.range.clone(), message, remedy));
            };
            match entry.key.as_str() {
                "dates" => reading.dates = read_dates(source, value, findings),
                "currency" => reading.currency = read_currency(source, value, findings),
                "values" => reading.values = read_values(source, value, findings),
                "times" => match value.text().and_then(power_of_ten) {
                    Some(power) => reading.power = power,
                    None => refuse("`times` is a power of ten".to_owned(), "write 10000 where the table counts in 万"),
                },
                "decimal" => match value.text() {
                    Some("comma") => reading.decimal_comma = true,
                    Some("point") => {}
                    _ => refuse("`decimal` is `comma` or `point`".to_owned(), "write one of them"),
                },
                "as" => match value.text() {
                    Some("json") => reading.json = true,
                    _ => refuse("the only other form of cells is `json`".to_owned(), "write `as: json`, or remove it"),
                },
                "split" => match value.text() {
                    Some("lines") => reading.split = Some("\n".to_owned()),
                    Some(sign) if !sign.is_empty() => reading.split = Some(sign.to_owned()),
                    _ => refuse(
                        "`split` is the sign between two values".to_owned(),
                        "write `split: 、`, or `split: lines`",
                    ),
                },
                "unit" => match value.text() {
                    Some(unit @ ("s" | "min" | "h" | "d" | "w" | "mo" | "y")) => reading.unit = Some(unit.to_owned()),
                    _ => refuse("this is no unit of time".to_owned(), "write s, min, h, d, w, mo or y"),
                },
                "record" => match value.text().and_then(Pattern::parse) {
                    Some(pattern) if pattern.places().all(|place| matches!(place, "value" | "dossier")) => {
                        reading.record = Some(pattern);
                    }
                    _ => refuse(
                        "this is no name of a record".to_owned(),
                        "write it as `{dossier}/contracts/{value}`: `value` is what the cell holds",
                    ),
                },
                _ => {}
            }
        }
        reading
    }
}

/// Reads one way to write dates, or several that are tried in turn.
pub(super) fn read_dates(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Vec<DatePattern> {
    let mut patterns = Vec::new();
    for node in one_or_many(source, node, "`dates`", findings) {
        match node.text().and_then(DatePattern::parse) {
            Some(pattern) => patterns.push(pattern),
            None => findings.push(source.error(
                IMPORT_MAPPING,
                node.range.clone(),
                format!("{} says no way to write dates", quote(node.text().unwrap_or_default())),
                "write YYYY, M or MM, D or DD and the signs between them, as `YYYY年M月D日`; or `serial`",
            )),
        }
    }
    patterns
}

/// Reads a currency, or the column that says it.
pub(super) fn read_currency(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Option<Currency> {
    if node.entries().is_some() {
        let entries = known_entries(source, node, "`currency`", &["column"], findings);
        let column = entries.first().and_then(|entry| scalar(source, &entry.value, "a column", findings))?;
        return Some(Currency::Column(column_name(column)));
    }
    let code = scalar(source, node, "a currency", findings)?;
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Some(Currency::Said(code.to_owned()));
    }
    let message = format!("{} is no currency", quote(code));
    let remedy = "write the three letters of its code, as CNY, or `{column: NAME}`";
    findings.push(source.error(IMPORT_MAPPING, node.range.clone(), message, remedy));
    None
}

/// Reads what is written for what.
pub(super) fn read_values(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> BTreeMap<String, String> {
    let Some(entries) = node.entries() else {
        let message = "`values` is a map of what the table has to what the record gets";
        findings.push(source.error(IMPORT_MAPPING, node.range.clone(), message, "write `values: {执行中: active}`"));
        return BTreeMap::new();
    };
    let one = |entry: &yaml::Entry, findings: &mut Vec<Finding>| {
        // Nothing is a value too: what the table has is then left out.
        let value = match &entry.value.content {
            Content::Null => String::new(),
            _ => scalar(source, &entry.value, "a value", findings)?.to_owned(),
        };
        Some((entry.key.trim().to_owned(), value))
    };
    entries.iter().filter_map(|entry| one(entry, findings)).collect()
}
