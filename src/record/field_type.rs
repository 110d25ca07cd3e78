//! What a field is: its kind, its title, and what it asks for.

use crate::finding::{Code, Finding, nearest, quote};
use crate::text::map::{known_entries, scalar};
use crate::text::yaml::{Content, Entry, Node};
use crate::text::{Phrase, Source};
use std::ops::Range;

/// A record type that is not well made.
pub const BROKEN_TYPE: Code = Code("broken-type");

/// The kinds of field that the format has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names are the format's own; design.md section 2 lists them.
pub enum Kind {
    Text,
    Markdown,
    Code,
    Choice,
    Person,
    Date,
    Week,
    Month,
    Year,
    YesNo,
    Number,
    Money,
    Percent,
    Duration,
    Reference,
    Group,
}

impl Kind {
    /// Every kind with its word in a type file.
    pub const ALL: [(&'static str, Self); 16] = [
        ("text", Self::Text),
        ("markdown", Self::Markdown),
        ("code", Self::Code),
        ("choice", Self::Choice),
        ("person", Self::Person),
        ("date", Self::Date),
        ("week", Self::Week),
        ("month", Self::Month),
        ("year", Self::Year),
        ("yes-no", Self::YesNo),
        ("number", Self::Number),
        ("money", Self::Money),
        ("percent", Self::Percent),
        ("duration", Self::Duration),
        ("reference", Self::Reference),
        ("group", Self::Group),
    ];

    /// The kind's word in a type file.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("text", |(word, _)| word)
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind)
    }
}

/// One of the values that a choice may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The word in the file.
    pub word: String,
    /// What pages say for it.
    pub title: Phrase,
}

/// A field of a record type, or a member of a group.
#[derive(Clone, Debug)]
pub struct FieldType {
    /// The key in a record.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// What pages call it.
    pub title: Phrase,
    /// Whether a record without it is an error.
    pub required: bool,
    /// Whether it takes a list, or one value.
    pub many: bool,
    /// The audiences that it asks for beside its record's; none if it asks for nothing more.
    pub audience: Option<(Node, Vec<String>)>,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Whether numbers of a series are drawn as a line.
    pub chart: bool,
    /// The values of a choice.
    pub choices: Vec<Choice>,
    /// The type that a reference leads to; any where it is not said.
    pub to: Option<String>,
    /// The members of a group.
    pub members: Vec<FieldType>,
    /// How long before its date it is due.
    pub due_before: Option<String>,
}

const KEYS: [&str; 12] =
    ["kind", "title", "required", "many", "audience", "unit", "chart", "of", "to", "fields", "due", "purpose"];

impl FieldType {
    /// Reads one entry of `fields:`.
    pub fn read(source: &Source, entry: &Entry, findings: &mut Vec<Finding>) -> Option<Self> {
        let mut field = Self {
            name: entry.key.clone(),
            kind: Kind::Text,
            title: Phrase::one(entry.key.replace('_', " ")),
            required: false,
            many: false,
            audience: None,
            unit: None,
            chart: false,
            choices: Vec::new(),
            to: None,
            members: Vec::new(),
            due_before: None,
        };
        let before = findings.len();
        let mut kind_said = false;
        for key in known_entries(source, &entry.value, "a field", &KEYS, findings) {
            match key.key.as_str() {
                "kind" => {
                    kind_said = true;
                    field.kind = read_kind(source, &key.value, findings)?;
                }
                "title" => field.title = Phrase::read(source, &key.value, findings)?,
                "required" => field.required = truth(source, &key.value, findings),
                "many" => field.many = truth(source, &key.value, findings),
                "audience" => field.audience = Some((key.value.clone(), audience_names(&key.value))),
                "unit" => field.unit = scalar(source, &key.value, "a unit", findings).map(str::to_owned),
                "chart" => field.chart = scalar(source, &key.value, "a chart", findings) == Some("line"),
                "of" => field.choices = read_choices(source, &key.value, findings),
                "to" => field.to = scalar(source, &key.value, "a type", findings).map(str::to_owned),
                "fields" => field.members = read_fields(source, &key.value, findings),
                "due" => {
                    for due in known_entries(source, &key.value, "`due`", &["before"], findings) {
                        field.due_before = scalar(source, &due.value, "`before`", findings).map(str::to_owned);
                    }
                }
                _ => {}
            }
        }
        if !kind_said {
            broken(
                source,
                entry.key_range.clone(),
                "this field has no kind",
                "add `kind: text` or another kind",
                findings,
            );
        }
        if field.kind == Kind::Choice && field.choices.is_empty() {
            broken(source, entry.key_range.clone(), "a choice without values", "add `of: [one, other]`", findings);
        }
        if (field.kind == Kind::Group) == field.members.is_empty() {
            broken(
                source,
                entry.key_range.clone(),
                "a group has `fields`, and nothing else has",
                "give a group its fields",
                findings,
            );
        }
        (findings.len() == before).then_some(field)
    }

    /// The member of a group by its name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Self> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// Reads the map `fields:`.
pub(super) fn read_fields(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Vec<FieldType> {
    let Some(entries) = node.entries() else {
        broken(source, node.range.clone(), "`fields` must be a map", "write `name: {kind: text}` lines", findings);
        return Vec::new();
    };
    entries.iter().filter_map(|entry| FieldType::read(source, entry, findings)).collect()
}

fn read_kind(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Option<Kind> {
    let word = scalar(source, node, "a kind", findings)?;
    let kind = Kind::from_word(word);
    if kind.is_none() {
        let words = Kind::ALL.iter().map(|(word, _)| *word);
        let remedy = match nearest(word, words.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the kinds are {}", words.collect::<Vec<_>>().join(", ")),
        };
        findings.push(source.error(
            BROKEN_TYPE,
            node.range.clone(),
            format!("there is no kind {}", quote(word)),
            remedy,
        ));
    }
    kind
}

fn read_choices(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Vec<Choice> {
    match &node.content {
        Content::List(nodes) => nodes
            .iter()
            .filter_map(|node| scalar(source, node, "a choice", findings))
            .map(|word| Choice { word: word.to_owned(), title: Phrase::one(word) })
            .collect(),
        Content::Map(entries) => entries
            .iter()
            .filter_map(|entry| {
                let title = Phrase::read(source, &entry.value, findings)?;
                Some(Choice { word: entry.key.clone(), title })
            })
            .collect(),
        _ => {
            broken(source, node.range.clone(), "`of` must be a list or a map", "write `of: [one, other]`", findings);
            Vec::new()
        }
    }
}

/// `true` or `false`; anything else is a finding.
pub(super) fn truth(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> bool {
    match node.text() {
        Some("true" | "yes") => true,
        Some("false" | "no") => false,
        _ => {
            broken(source, node.range.clone(), "this must be `true` or `false`", "write one of them", findings);
            false
        }
    }
}

/// The words of an audience as a type names them; whether they exist is asked where a record needs them.
pub(super) fn audience_names(node: &Node) -> Vec<String> {
    match &node.content {
        Content::Scalar { text, .. } => vec![text.clone()],
        Content::List(nodes) => nodes.iter().filter_map(Node::text).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn broken(source: &Source, range: Range<usize>, message: &str, remedy: &str, findings: &mut Vec<Finding>) {
    findings.push(source.error(BROKEN_TYPE, range, message, remedy));
}
