//! A record as it was read: every part of it held under what it asks of its reader.

use super::RecordType;
use super::field_type::Kind;
use super::series::Series;
use super::value::Value;
use crate::access::{Audiences, Clearance, Held, Shelf, UNKNOWN_AUDIENCE};
use crate::finding::Finding;
use crate::text::Phrase;
use crate::text::map::parse_day;
use crate::text::markdown::Section;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// What a record is called everywhere: DOSSIER/PATH without the extension, and /KEY for an item of a list file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordName {
    /// The dossier's folder name, or `registers`.
    pub dossier: Arc<str>,
    /// The path inside the dossier without the extension, and the item's key.
    pub path: Arc<str>,
}

impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.dossier, self.path)
    }
}

/// A field of a record, which stands on a shelf under its clearance.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub name: String,
    /// What pages call it.
    pub title: Arc<Phrase>,
    /// Its kind.
    pub kind: Kind,
    /// Its value.
    pub value: Value,
    /// The text of its value, or of each of its values, as it stands in the file; nothing where all of them are written
    /// as [`Value::written`] would write them, as most are.
    pub written: Vec<Box<str>>,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// A file that belongs to a record or to a part of it.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The path inside the archive.
    pub path: String,
    /// The file's own name.
    pub name: String,
    /// Where it is named: bytes of the record's file.
    pub range: Range<usize>,
}

/// A title, or what stands in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title(pub Phrase);

/// The maps of one text each that every record may have, with their keys.
pub const PLATES: [(&str, &[&str]); 4] = [
    ("original", &["room", "cabinet", "shelf", "box", "folder", "carrier", "condition", "checked", "class_number"]),
    ("marking", &["level", "basis", "decided_by", "decided_on", "period", "until", "review"]),
    ("verified", &["on", "by"]),
    ("imported", &["system", "run", "file", "on"]),
];

/// How one of these maps is written, to show to whoever wrote it otherwise.
pub(super) fn plate_form(key: &str) -> &'static str {
    match key {
        "original" => "`original: {room: 库房A, shelf: 3-12, carrier: paper}`",
        "marking" => "`marking: {level: 内部, basis: 合同约定, decided_by: 赵敏, decided_on: 2027-03-31}`",
        "verified" => "`verified: {on: 2027-03-31, by: 李薇}`",
        _ => "`imported: {system: CRM, on: 2027-03-31}`",
    }
}

/// The lines of one of the maps that every record may have: original, marking, verified, imported.
#[derive(Clone, Debug, Default)]
pub struct Plate(pub Vec<(String, String)>);

impl Plate {
    /// What one of its lines says, unless it is empty.
    #[must_use]
    pub fn line(&self, key: &str) -> Option<&str> {
        let said = self.0.iter().find(|(name, _)| name == key).map(|(_, text)| text.trim());
        said.filter(|text| !text.is_empty())
    }

    /// The day that one of its lines names.
    #[must_use]
    pub fn day(&self, key: &str) -> Option<Date> {
        self.line(key).and_then(parse_day)
    }
}

/// Which rule names the audience of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Its type's.
    Type,
    /// Its own key, in place of the type's.
    Record,
    /// Its own key, which ended on this day.
    Opened(Date),
}

/// One record.
#[derive(Debug)]
pub struct Record {
    /// Its name.
    pub name: RecordName,
    /// Its type.
    pub record_type: Arc<RecordType>,
    /// Its file, inside the archive.
    pub file: String,
    /// What it asks of its reader; every part of it asks for this at least.
    pub clearance: Clearance,
    /// What it asks by itself, without its dossier.
    pub own: Clearance,
    /// What its audience says as it is written: an opening that came left it standing there.
    pub written: Clearance,
    /// The days from which an audience of its own counts as staff, those that came and those to come: that of its list
    /// first.
    pub openings: Vec<Date>,
    /// Which rule says so.
    pub rule: Rule,
    /// Its title; the name of the file or the key where it has none.
    pub title: Held<Title>,
    /// The day that it is about.
    pub date: Option<Held<Date>>,
    /// Its fields in the order of its type.
    pub fields: Shelf<Field>,
    /// Its text by headings.
    pub text: Shelf<Section>,
    /// The rows of a series.
    pub series: Option<Series>,
    /// Its attachments.
    pub attachments: Shelf<Attachment>,
    /// Open text that says it exists and whom to ask; it asks only for what the dossier asks.
    pub summary: Option<Held<Phrase>>,
    /// Where the original lies.
    pub original: Option<Held<Plate>>,
    /// Its marking: level, basis, who decided, until when.
    pub marking: Option<Held<Plate>>,
    /// Whence it came: received, sent, joint, internal.
    pub origin: Option<Held<String>>,
    /// When and by whom it was last verified.
    pub verified: Option<Held<Plate>>,
    /// Out of which system and run it was imported, and when.
    pub imported: Option<Held<Plate>>,
    /// The day from which its own audience counts as staff, where one is set.
    pub opens: Option<Date>,
    /// Whether it is an item of a list file.
    pub in_list: bool,
    /// What `restrict:` asks for, by what it restricts, beside what the record asks.
    pub restrictions: BTreeMap<String, Clearance>,
}

/// The element id that a record of this path has on its dossier's page.
#[must_use]
pub fn anchor_of(path: &str) -> String {
    let path: String = path.chars().map(|c| if c.is_whitespace() { '_' } else { c }).collect();
    if path.contains('/') { path } else { format!("/{path}") }
}

impl Record {
    /// The element id of the record on its dossier's page: its path, in which a fragment may hold slashes, not spaces.
    /// One without a folder gets a slash before it, so that no file's name meets the id of the page's own elements.
    #[must_use]
    pub fn anchor(&self) -> String {
        anchor_of(&self.name.path)
    }

    /// The sections of its text, each with the name by which links lead to it: its heading, with a number where it is
    /// not the first that bears it. Only sections count that whoever reads it may read as well, so that no number tells
    /// of one that stays sealed. What stands before the first heading has no name.
    pub fn sections(&self) -> impl Iterator<Item = Held<(String, &Section)>> {
        let all: Vec<(Clearance, &Section)> = self.text.lay_out(|held| held.release()).collect();
        let named = |(n, (asks, section)): (usize, &(Clearance, &Section))| {
            let heading = section.heading.split_whitespace().collect::<Vec<_>>().join("_");
            let before = |(m, (other, one)): &(usize, &(Clearance, &Section))| {
                *m != n
                    && one.heading.trim() == section.heading.trim()
                    && asks.implies(other)
                    && (*m < n || !other.implies(asks))
            };
            match all.iter().enumerate().filter(before).count() {
                _ if heading.is_empty() => heading,
                0 => heading,
                more => format!("{heading}-{}", more + 1),
            }
        };
        let names: Vec<String> = all.iter().enumerate().map(named).collect();
        all.into_iter().zip(names).map(|((asks, section), name)| Held::new(asks, (name, section)))
    }

    /// Every clearance that some part of the record asks for; its own first.
    #[must_use]
    pub fn clearances(&self) -> Vec<Clearance> {
        let mut found = vec![self.clearance.clone(), self.title.clearance().clone()];
        fn of_fields(fields: &Shelf<Field>, found: &mut Vec<Clearance>) {
            for held in fields.lay_out(|held| held) {
                let (clearance, field) = held.release();
                found.push(clearance);
                of_value(&field.value, found);
            }
        }
        fn of_value(value: &Value, found: &mut Vec<Clearance>) {
            match value {
                Value::Group(members) => of_fields(members, found),
                Value::Many(values) => values.iter().for_each(|value| of_value(value, found)),
                _ => {}
            }
        }
        of_fields(&self.fields, &mut found);
        found.extend(self.text.lay_out(|held| held.clearance().clone()));
        found.extend(self.attachments.lay_out(|held| held.clearance().clone()));
        found.extend(self.series.iter().flat_map(|series| &series.columns).map(|column| column.clearance().clone()));
        found.extend(self.plates().map(|(_, plate)| plate.clearance().clone()));
        found.extend(self.date.iter().map(|date| date.clearance().clone()));
        found.extend(self.origin.iter().map(|origin| origin.clearance().clone()));
        found.extend(self.summary.iter().map(|summary| summary.clearance().clone()));
        let own = found.first().cloned();
        found.sort();
        found.dedup();
        if let Some(at) = own.and_then(|own| found.iter().position(|c| *c == own)) {
            found.swap(0, at);
        }
        found
    }

    /// The maps that every record may have, by their keys.
    pub fn plates(&self) -> impl Iterator<Item = (&'static str, &Held<Plate>)> {
        let plates = [
            ("original", &self.original),
            ("marking", &self.marking),
            ("verified", &self.verified),
            ("imported", &self.imported),
        ];
        plates.into_iter().filter_map(|(key, plate)| Some((key, plate.as_ref()?)))
    }

    /// What a part of the record would ask for: a field, `group.member`, `title`, `text`, `attachments` or another of
    /// the keys that can be restricted. It need not be there: what was there once asks for this still.
    #[must_use]
    pub fn asks(&self, what: &str, audiences: &Audiences) -> Clearance {
        let restricted = |name: &str| self.restrictions.get(name).cloned().unwrap_or_default();
        let (outer, member) = what.split_once('.').map_or((what, None), |(outer, member)| (outer, Some(member)));
        let mut asks = self.clearance.and(&restricted(outer));
        let field = self.record_type.field(outer);
        let of_member = member.and_then(|member| field.and_then(|field| field.member(member)));
        for said in [field, of_member].into_iter().flatten().filter_map(|field| field.audience.as_ref()) {
            let missing = |name: String| Finding::error(UNKNOWN_AUDIENCE, format!("there is no audience `{name}`"));
            asks = asks.and(&self.record_type.clearance(said, audiences, missing, &mut Vec::new()));
        }
        if member.is_some() {
            asks = asks.and(&restricted(what));
        }
        asks
    }

    /// A field by its name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Held<&Field>> {
        self.fields.select(|field| field.name == name)
    }
}
