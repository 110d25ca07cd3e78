//! What a field is: its kind, its title, and what it asks for.

use super::due_rule::FieldDue;
use super::interval::BROKEN_DUE;
use crate::finding::{Code, Finding, nearest, quote};
use crate::text::map::{known_entries, scalar};
use crate::text::yaml::{Content, Entry, Node};
use crate::text::{Phrase, Source};
use std::ops::Range;
use std::sync::Arc;

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
    pub title: Arc<Phrase>,
}

impl Choice {
    /// The word, with the title where that says something else: in-force (履行中).
    #[must_use]
    pub fn shown(&self) -> String {
        match self.title.in_language("zh") {
            title if title.is_empty() || title == self.word => self.word.clone(),
            title => format!("{} ({title})", self.word),
        }
    }
}

/// A field of a record type, or a member of a group.
#[derive(Clone, Debug)]
pub struct FieldType {
    /// The key in a record.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// What pages call it.
    pub title: Arc<Phrase>,
    /// Whether a record without it is an error.
    pub required: bool,
    /// Whether it takes a list, or one value.
    pub many: bool,
    /// One sentence on what belongs into it.
    pub purpose: Option<Phrase>,
    /// The audiences that it asks for beside its record's; none if it asks for nothing more.
    pub audience: Option<(Node, Vec<String>)>,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Whether it is drawn as a line: the numbers of a series, or the values of one record after the other.
    pub chart: bool,
    /// The type and the field that say what was promised of a series' line, in the record whose key is the line's name.
    pub floor: Option<(String, String)>,
    /// Where the type's file says so.
    pub floor_at: Range<usize>,
    /// The values of a choice.
    pub choices: Vec<Choice>,
    /// The type that a reference leads to; any where it is not said.
    pub to: Option<String>,
    /// Where the type's file says so.
    pub to_at: Range<usize>,
    /// Whether it says of a person what belongs to that person, such as a telephone or the number of a document.
    pub personal: bool,
    /// The members of a group.
    pub members: Vec<FieldType>,
    /// When the day that it names is due.
    pub due: Option<FieldDue>,
}

/// The keys of a field in a type's file.
pub const KEYS: [&str; 14] = [
    "kind", "title", "required", "many", "audience", "unit", "chart", "floor", "of", "to", "fields", "due", "purpose",
    "personal",
];

impl FieldType {
    /// Reads one entry of `fields:`.
    pub fn read(source: &Source, entry: &Entry, findings: &mut Vec<Finding>) -> Option<Self> {
        let mut field = Self {
            name: entry.key.clone(),
            kind: Kind::Text,
            title: Arc::new(Phrase::one(entry.key.replace('_', " "))),
            required: false,
            many: false,
            purpose: None,
            audience: None,
            unit: None,
            chart: false,
            floor: None,
            floor_at: 0..0,
            choices: Vec::new(),
            to: None,
            to_at: 0..0,
            personal: false,
            members: Vec::new(),
            due: None,
        };
        let before = findings.len();
        let mut kind_said = false;
        for key in known_entries(source, &entry.value, "a field", &KEYS, findings) {
            match key.key.as_str() {
                "kind" => {
                    kind_said = true;
                    field.kind = read_kind(source, &key.value, findings)?;
                }
                "title" => field.title = Arc::new(Phrase::read(source, &key.value, findings)?),
                "required" => field.required = truth(source, &key.value, findings),
                "many" => field.many = truth(source, &key.value, findings),
                "audience" => field.audience = Some((key.value.clone(), audience_names(&key.value))),
                "unit" => field.unit = scalar(source, &key.value, "a unit", findings).map(str::to_owned),
                "personal" => field.personal = truth(source, &key.value, findings),
                "purpose" => field.purpose = Phrase::read(source, &key.value, findings),
                "chart" => field.chart = read_chart(source, &key.value, findings),
                "floor" => {
                    field.floor = read_floor(source, &key.value, findings);
                    field.floor_at = key.value.range.clone();
                }
                "of" => field.choices = read_choices(source, &key.value, findings),
                "to" => {
                    field.to = scalar(source, &key.value, "a type", findings).map(str::to_owned);
                    field.to_at = key.value.range.clone();
                }
                "fields" => field.members = read_fields(source, &key.value, findings),
                "due" => field.due = Some(FieldDue::read(source, &key.value, findings)),
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
        if field.name.is_empty() || field.name.contains(|c: char| c == '.' || c.is_whitespace()) {
            let message = "a field's name holds a blank or a point, by which `restrict` divides groups from members";
            broken(source, entry.key_range.clone(), message, "use letters, digits, hyphens and underscores", findings);
        }
        field.check_fit(source, entry, findings);
        well_made(findings.get(before..).unwrap_or_default()).then_some(field)
    }

    /// Findings for what a kind needs and lacks, and for what it has no use for: it would be passed over in silence.
    fn check_fit(&self, source: &Source, entry: &Entry, findings: &mut Vec<Finding>) {
        let here = || entry.key_range.clone();
        if self.kind == Kind::Choice && self.choices.is_empty() {
            broken(source, here(), "a choice without values", "add `of: [one, other]`", findings);
        }
        if (self.kind == Kind::Group) == self.members.is_empty() {
            let message = "a group has `fields`, and nothing else has";
            broken(source, here(), message, "give a group its fields", findings);
        }
        let counted = matches!(self.kind, Kind::Number | Kind::Percent);
        let idle = [
            ("of", self.kind == Kind::Choice, "choice"),
            ("to", self.kind == Kind::Reference, "reference"),
            ("unit", self.kind == Kind::Number, "number"),
            ("chart", counted || self.kind == Kind::Choice, "number, percent or choice"),
            ("floor", counted, "number or percent"),
        ];
        for (key, fits, kinds) in idle {
            let Some(said) = entry.value.get(key).filter(|_| !fits) else { continue };
            let message = format!("`{key}` says nothing of a field of kind `{}`", self.kind.word());
            let remedy = format!("remove it, or make the kind {kinds}");
            broken(source, said.key_range.clone(), &message, &remedy, findings);
        }
        let mut words: Vec<&str> = self.choices.iter().map(|choice| choice.word.as_str()).collect();
        words.sort_unstable();
        if let Some([twice, _]) = words.windows(2).find(|pair| pair.first() == pair.last()) {
            let message = format!("the choice {} stands twice", quote(twice));
            broken(source, here(), &message, "keep one of the two", findings);
        }
    }

    /// The member of a group by its name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Self> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// Whether what was found leaves a rule that says who may read: what is due has no part in that.
pub(super) fn well_made(found: &[Finding]) -> bool {
    found.iter().all(|finding| finding.code == BROKEN_DUE)
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
        let words: Vec<&str> = Kind::ALL.iter().map(|(word, _)| *word).collect();
        let message = format!("there is no kind {}", quote(word));
        broken_near(source, node.range.clone(), message, word, &words, "the kinds are", findings);
    }
    kind
}

fn read_chart(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> bool {
    let line = scalar(source, node, "a chart", findings).map(|word| word == "line");
    if line == Some(false) {
        broken(source, node.range.clone(), "there is no such chart", "write `chart: line`, or remove it", findings);
    }
    line.unwrap_or_default()
}

fn read_floor(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Option<(String, String)> {
    let text = scalar(source, node, "what was promised", findings)?;
    let floor = text.split_once('.').filter(|(of, field)| !of.is_empty() && !field.is_empty());
    if floor.is_none() {
        let message = "`floor` names a type and one of its fields";
        broken(source, node.range.clone(), message, "write it as `circuit.sla`", findings);
    }
    floor.map(|(of, field)| (of.to_owned(), field.to_owned()))
}

fn read_choices(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Vec<Choice> {
    match &node.content {
        Content::List(nodes) => nodes
            .iter()
            .filter_map(|node| scalar(source, node, "a choice", findings))
            .map(|word| Choice { word: word.to_owned(), title: Arc::new(Phrase::one(word)) })
            .collect(),
        Content::Map(entries) => entries
            .iter()
            .filter_map(|entry| {
                let title = Phrase::read(source, &entry.value, findings)?;
                Some(Choice { word: entry.key.clone(), title: Arc::new(title) })
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

/// The finding for a name that there is not, with the one that was probably meant, or all of them.
pub(super) fn broken_near(
    source: &Source,
    range: Range<usize>,
    message: String,
    word: &str,
    names: &[&str],
    all: &str,
    findings: &mut Vec<Finding>,
) {
    let remedy = match nearest(word, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{all} {}", names.join(", ")),
    };
    findings.push(source.error(BROKEN_TYPE, range, message, remedy));
}
