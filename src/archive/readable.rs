//! Every part of an archive with what it asks of its reader, and which rule says so.
//!
//! What `access` says and what a commit opens are both told from this one list, and the site can be held against it.

use super::archive::Archive;
use crate::access::{Clearance, Shelf};
use crate::dossier::REGISTERS;
use crate::record::{Field, FieldType, Record, RecordName, Rule, Value};
use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// A part of a record that has a clearance of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The record as such: that it exists, its name and its type.
    Record,
    /// Its title.
    Title,
    /// Its date.
    Date,
    /// A field, or a member of a group as `group.member`.
    Field(String),
    /// A column of a series.
    Column(String),
    /// A section of its text.
    Section {
        /// The heading; empty for what stands before the first one.
        heading: String,
        /// Which of the headings of this wording it is, from 0.
        nth: usize,
        /// Its line in the file.
        line: u32,
    },
    /// An attachment, by its name.
    Attachment(String),
    /// The open word that says it exists.
    Abstract,
    /// One of the plates that every record may have: original, origin, marking, verified, imported.
    Plate(&'static str),
}

impl Part {
    /// What the part is called whichever version of the file it is in: lines move, names stay.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Section { heading, nth, .. } => format!("section {nth} {heading}"),
            Self::Field(name) => format!("field {name}"),
            Self::Column(name) => format!("column {name}"),
            Self::Attachment(name) => format!("attachment {name}"),
            Self::Record | Self::Title | Self::Date | Self::Abstract | Self::Plate(_) => self.to_string(),
        }
    }
}

impl fmt::Display for Part {
    /// The part in words. A heading and a file's name are quoted, since they are content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::finding::quote;
        match self {
            Self::Record => f.write_str("the record"),
            Self::Title => f.write_str("title"),
            Self::Date => f.write_str("date"),
            Self::Field(name) => write!(f, "field `{name}`"),
            Self::Column(name) => write!(f, "column `{name}`"),
            Self::Section { heading, .. } if heading.is_empty() => f.write_str("the text before its headings"),
            Self::Section { heading, line, .. } => write!(f, "section {} (line {line})", quote(heading.trim())),
            Self::Attachment(name) => write!(f, "attachment {}", quote(name)),
            Self::Abstract => f.write_str("abstract"),
            Self::Plate(name) => f.write_str(name),
        }
    }
}

/// The rule that asks something of a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The audience of `dossier.yaml`, which narrows everything in the dossier.
    Dossier,
    /// The audience of the record's type.
    Type(String),
    /// The record's own audience.
    Record,
    /// The record's own audience, which ended on this day.
    Opened(Date),
    /// The audience that the type gives to a field.
    FieldOfType(String),
    /// A heading, by its line.
    Heading(u32),
    /// `restrict:` in the record, or an attachment's own `audience:`.
    Restrict,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dossier => f.write_str("`audience` in dossier.yaml"),
            Self::Type(name) => write!(f, "the audience of the type `{name}`"),
            Self::Record => f.write_str("its own `audience`"),
            Self::Opened(day) => write!(f, "its own `audience`, which `open_from: {day}` ended"),
            Self::FieldOfType(name) => write!(f, "this field's audience in the type `{name}`"),
            Self::Heading(line) => write!(f, "the heading at line {line}"),
            Self::Restrict => f.write_str("a restriction of this part"),
        }
    }
}

/// A rule and what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// The rule.
    pub cause: Cause,
    /// What it asks of a reader.
    pub asks: Clearance,
}

/// One part of one record, and what it asks.
pub struct Readable {
    /// The record.
    pub record: RecordName,
    /// The name of its type.
    pub record_type: String,
    /// Its file.
    pub file: String,
    /// Whether it is an item of a list file, so that its name holds a value.
    pub in_list: bool,
    /// The part.
    pub part: Part,
    /// What it asks of its reader.
    pub clearance: Clearance,
    /// The rules that come to this clearance, outermost first.
    pub because: Vec<Because>,
    /// The part's own words, where they were asked for.
    pub words: Vec<String>,
}

impl Archive {
    /// Every part of every record, in the order of dossiers and files, without its words.
    #[must_use]
    pub fn readable(&self) -> Vec<Readable> {
        self.readable_with_words(&|_| false)
    }

    /// The folder of each dossier in the archive, by the dossier's name: for the archivist's own commands.
    #[must_use]
    pub fn folders(&self) -> BTreeMap<String, String> {
        let dossiers = self.dossiers.lay_out(|held| held.release().1);
        dossiers.map(|dossier| (dossier.name.to_string(), dossier.folder.clone())).collect()
    }

    /// The same of the records in some dossiers, or in `registers`, by their names.
    #[must_use]
    pub fn readable_in(&self, dossiers: &dyn Fn(&str) -> bool) -> Vec<Readable> {
        self.listed(dossiers, &|_| false)
    }

    /// The same, with the words of the parts whose file is wanted.
    #[must_use]
    pub fn readable_with_words(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<Readable> {
        self.listed(&|_| true, wanted)
    }

    fn listed(&self, dossiers: &dyn Fn(&str) -> bool, wanted: &dyn Fn(&str) -> bool) -> Vec<Readable> {
        let mut listing = Listing { found: Vec::new(), wanted };
        for held in self.dossiers.lay_out(|held| held) {
            let (_, dossier) = held.release();
            if !dossiers(&dossier.name) {
                continue;
            }
            listing.record(&dossier.root, &Clearance::open(), true);
            for held in dossier.records.lay_out(|held| held) {
                listing.record(held.release().1, dossier.clearance(), false);
            }
        }
        for held in self.registers.lay_out(|held| held).filter(|_| dossiers(REGISTERS)) {
            listing.record(held.release().1, &Clearance::open(), false);
        }
        listing.found
    }
}

struct Listing<'a> {
    found: Vec<Readable>,
    wanted: &'a dyn Fn(&str) -> bool,
}

impl Listing<'_> {
    fn record(&mut self, record: &Record, dossier: &Clearance, is_root: bool) {
        let mut base = Vec::new();
        if !is_root && !dossier.is_open() {
            base.push(Because { cause: Cause::Dossier, asks: dossier.clone() });
        }
        let cause = match record.rule {
            Rule::Type => Cause::Type(record.record_type.name.clone()),
            Rule::Record if is_root => Cause::Dossier,
            Rule::Record => Cause::Record,
            Rule::Opened(day) => Cause::Opened(day),
        };
        base.push(Because { cause, asks: record.own.clone() });

        self.put(record, Part::Record, &record.clearance, &base, || vec![record.name.path.to_string()]);
        let (asks, title) = record.title.as_ref().release();
        self.put(record, Part::Title, &asks, &base, || title.0.texts().map(str::to_owned).collect());
        if let Some(date) = &record.date {
            self.put(record, Part::Date, date.clearance(), &base, Vec::new);
        }
        self.fields(record, &record.fields, &record.record_type.fields, "", &base);
        for column in record.series.iter().flat_map(|series| &series.columns) {
            let (asks, column) = column.as_ref().release();
            let because = with_field(&base, record, record.record_type.field(&column.name));
            self.put(record, Part::Column(column.name.clone()), &asks, &because, || {
                column.cells.iter().map(str::to_owned).collect()
            });
        }
        let mut headings: HashMap<&str, usize> = HashMap::new();
        for held in record.text.lay_out(|held| held) {
            let (asks, section) = held.release();
            let seen = headings.entry(&section.heading).or_default();
            let nth = *seen;
            *seen += 1;
            let mut because = base.clone();
            because.extend(section.restrictions.iter().map(|attribute| Because {
                cause: Cause::Heading(attribute.line),
                asks: Clearance::any_of(attribute.names.iter().map(String::as_str)),
            }));
            let part = Part::Section { heading: section.heading.to_string(), nth, line: section.line };
            self.put(record, part, &asks, &because, || section.text.lines().map(str::to_owned).collect());
        }
        for held in record.attachments.lay_out(|held| held) {
            let (asks, attachment) = held.release();
            let part = Part::Attachment(attachment.name.clone());
            self.put(record, part, &asks, &base, || vec![attachment.name.clone()]);
        }
        if let Some(summary) = &record.summary {
            let (asks, summary) = summary.as_ref().release();
            // An abstract asks for what the dossier asks, whatever the record does.
            let because: Vec<Because> = base.iter().filter(|rule| rule.cause == Cause::Dossier).cloned().collect();
            self.put(record, Part::Abstract, &asks, &because, || summary.texts().map(str::to_owned).collect());
        }
        for (name, plate) in record.plates() {
            let (asks, plate) = plate.as_ref().release();
            self.put(record, Part::Plate(name), &asks, &base, || {
                plate.0.iter().map(|(_, text)| text.clone()).collect()
            });
        }
        if let Some(origin) = &record.origin {
            self.put(record, Part::Plate("origin"), origin.clearance(), &base, Vec::new);
        }
    }

    fn fields(&mut self, record: &Record, fields: &Shelf<Field>, types: &[FieldType], outer: &str, base: &[Because]) {
        for held in fields.lay_out(|held| held) {
            let (asks, field) = held.release();
            let of_type = types.iter().find(|known| known.name == field.name);
            let because = with_field(base, record, of_type);
            let name = if outer.is_empty() { field.name.clone() } else { format!("{outer}.{}", field.name) };
            let because = self.put(record, Part::Field(name.clone()), &asks, &because, || {
                let mut texts = Vec::new();
                field.value.texts(&mut texts);
                texts.into_iter().map(Cow::into_owned).collect()
            });
            let members = of_type.map_or(&[][..], |known| &known.members);
            let values = match &field.value {
                Value::Many(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values {
                if let Value::Group(inner) = value {
                    self.fields(record, inner, members, &name, &because);
                }
            }
        }
    }

    /// Notes a part. What the known rules do not come to, a restriction of the part itself must have asked.
    fn put(
        &mut self,
        record: &Record,
        part: Part,
        asks: &Clearance,
        known: &[Because],
        words: impl FnOnce() -> Vec<String>,
    ) -> Vec<Because> {
        let mut because = known.to_vec();
        let told = known.iter().fold(Clearance::open(), |all, rule| all.and(&rule.asks));
        let more = asks.beyond(&told);
        if !more.is_open() {
            because.push(Because { cause: Cause::Restrict, asks: more });
        }
        // The same member in each item of a list is one part: no rule tells them apart.
        let may_repeat = matches!(part, Part::Field(_));
        let again = |other: &Readable| other.part == part && other.clearance == *asks;
        let wanted = (self.wanted)(&record.file);
        let mut earlier = self.found.iter_mut().rev().take_while(|other| may_repeat && other.record == record.name);
        match earlier.find(|other| again(other)) {
            Some(other) => {
                if wanted {
                    other.words.extend(words());
                }
            }
            None => self.found.push(Readable {
                record: record.name.clone(),
                record_type: record.record_type.name.clone(),
                file: record.file.clone(),
                in_list: record.in_list,
                part,
                clearance: asks.clone(),
                because: because.clone(),
                words: if wanted { words() } else { Vec::new() },
            }),
        }
        because
    }
}

fn with_field(base: &[Because], record: &Record, field: Option<&FieldType>) -> Vec<Because> {
    let mut because = base.to_vec();
    if let Some((_, names)) = field.and_then(|field| field.audience.as_ref()) {
        let asks = Clearance::any_of(names.iter().map(String::as_str));
        because.push(Because { cause: Cause::FieldOfType(record.record_type.name.clone()), asks });
    }
    because
}
