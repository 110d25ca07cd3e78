//! From a file to its records: keys known and unknown, what each part asks of its reader, and every doubt a finding.

use super::record::{Attachment, PLATES, Plate, Record, RecordName, Rule, Title, plate_form};
use super::record_type::RecordType;
use crate::access::{Audiences, Clearance, Held, Shelf, nobody};
use crate::finding::{Code, Finding, nearest, quote};
use crate::text::map::{WRONG_SHAPE, day, known_entries, one_or_many, scalar};
use crate::text::markdown::Section;
use crate::text::yaml::{Content, Entry, Node};
use crate::text::{Phrase, Source};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Nothing says who may read the record.
pub const NO_AUDIENCE: Code = Code("no-audience");
/// A record that more may read than its type says.
pub const WIDER_THAN_TYPE: Code = Code("wider-than-type");
/// `open_from` without the audience that it ends.
pub const OPEN_FROM_ALONE: Code = Code("open-from-alone");
/// A restriction of something that the record cannot have.
pub const UNKNOWN_RESTRICTION: Code = Code("unknown-restriction");

/// What reading a record stands on: the archive's audiences, the day, and what the dossier asks.
pub struct Ground<'a> {
    /// The archive's audiences.
    pub audiences: &'a Audiences,
    /// The day of the build: openings count from the start of their day.
    pub day: Date,
    /// What the dossier asks of every reader.
    pub dossier: Clearance,
}

/// A record's YAML and text, before it is read.
pub struct Read<'a> {
    /// The record's name.
    pub name: RecordName,
    /// Its type.
    pub record_type: &'a Arc<RecordType>,
    /// Its file's text.
    pub source: &'a Source,
    /// Its keys; in a list file the keys that hold for all come first, an item's own after them.
    pub entries: Vec<&'a Entry>,
    /// Where to point at what is missing.
    pub place: std::ops::Range<usize>,
    /// The sections of its text.
    pub sections: Vec<Section>,
    /// Whether it is an item of a list file.
    pub in_list: bool,
}

/// What `restrict:` says, by what it restricts.
pub(super) type Restrictions = BTreeMap<String, Clearance>;

/// Reads one record. Findings are complete; the record is for further checks even where there are errors, since what
/// is doubtful asks for a clearance that nobody meets. Of a broken type none are told: see [`RecordType::sound`].
pub fn read_file(read: Read<'_>, ground: &Ground<'_>, findings: &mut Vec<Finding>) -> Record {
    let mut untold = Vec::new();
    let findings = if read.record_type.sound { findings } else { &mut untold };
    let reader = Reader { read: &read, ground };
    let Own { left: own, later, written, opens, openings, rule } = reader.own_clearance(findings);
    let clearance = ground.dossier.and(&own);
    let restrictions = reader.restrictions(findings);
    let asks = |what: &str| restrictions.get(what).map_or_else(|| clearance.clone(), |more| clearance.and(more));

    let title = match reader.entry("title") {
        Some(entry) => Phrase::read(read.source, &entry.value, findings).unwrap_or_default(),
        None => reader.fallback_title(),
    };
    let date = reader
        .entry("date")
        .and_then(|entry| day(read.source, &entry.value, "a date", findings))
        .map(|date| Held::new(asks("date"), date));
    let fields = reader.fields(&clearance, &restrictions, findings);
    reader.check_personal(&ground.dossier.and(&later), &restrictions, findings);
    let attachments = reader.attachments(&asks("attachments"), findings);
    let summary = reader
        .entry("abstract")
        .and_then(|entry| Phrase::read(read.source, &entry.value, findings))
        .map(|phrase| Held::new(ground.dossier.clone(), phrase));
    let [original, marking, verified, imported] = PLATES.map(|(key, known)| {
        let entry = reader.entry(key)?;
        Some(Held::new(asks(key), read_plate(read.source, &entry.value, key, known, findings)))
    });
    let origin = reader.entry("origin").and_then(|entry| reader.origin(entry, findings));
    let origin = origin.map(|text| Held::new(asks("origin"), text));
    let text_asks = asks("text");
    let Read { name, record_type, source, sections, in_list, .. } = read;
    // Each heading is told once, where it stands; the sections below it only take over what it came to.
    let mut of_heading: HashMap<usize, Clearance> = HashMap::new();
    let text = Shelf::new(sections.into_iter().map(|section| {
        let asks = section.restrictions.iter().fold(text_asks.clone(), |all, attribute| {
            let clearance = of_heading.entry(attribute.range.start).or_insert_with(|| {
                let named: Vec<_> =
                    attribute.names.iter().map(|name| (name.as_str(), attribute.range.clone())).collect();
                ground.audiences.resolve(source, &named, attribute.range.clone(), findings)
            });
            all.and(clearance)
        });
        Held::new(asks, section)
    }));
    Record {
        title: Held::new(asks("title"), Title(title)),
        name,
        record_type: Arc::clone(record_type),
        file: source.file().to_owned(),
        clearance,
        own,
        written,
        openings,
        rule,
        date,
        fields,
        text,
        series: None,
        attachments,
        summary,
        original,
        marking,
        origin,
        verified,
        imported,
        opens,
        in_list,
        restrictions,
    }
}

/// What a record's type and its own keys say of who may read it.
struct Own {
    /// What it asks on the day.
    left: Clearance,
    /// What it asks when all openings have come.
    later: Clearance,
    /// What it asks as it is written.
    written: Clearance,
    /// The day on which it opens, if it has not yet.
    opens: Option<Date>,
    /// All days on which something of it opens, or has.
    openings: Vec<Date>,
    /// Which rule says so.
    rule: Rule,
}

impl Own {
    fn of_type(asks: Clearance) -> Self {
        Self {
            left: asks.clone(),
            later: asks.clone(),
            written: asks,
            opens: None,
            openings: Vec::new(),
            rule: Rule::Type,
        }
    }
}

/// What one level of a file says of the audience.
struct Level<'e> {
    audiences: Vec<&'e Entry>,
    opening: Option<Date>,
}

/// A record while it is read.
pub(super) struct Reader<'a> {
    pub(super) read: &'a Read<'a>,
    pub(super) ground: &'a Ground<'a>,
}

impl Reader<'_> {
    /// The entry that counts for a key: an item's own before the one that holds for the whole list.
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.read.entries.iter().rev().find(|entry| entry.key == key).copied()
    }

    /// The audience of the record itself, without the dossier's, and when it ends.
    fn own_clearance(&self, findings: &mut Vec<Finding>) -> Own {
        let Read { source, record_type, .. } = self.read;
        if !record_type.sound {
            // Nobody can tell what the type was meant to restrict.
            return Own::of_type(nobody());
        }
        let of_type = record_type.audience.as_ref().map(|said| {
            let at = self.read.place.clone();
            record_type.clearance(
                said,
                self.ground.audiences,
                |name| record_type.missing_audience(&name).at(source.place(at)),
                findings,
            )
        });
        // Inside a list file an item narrows what the list asks; it cannot put another audience in its place.
        let levels = self.levels(findings);
        let said: Vec<&Entry> = levels.iter().flat_map(|level| level.audiences.iter().copied()).collect();
        if said.is_empty() {
            return match of_type {
                Some(clearance) => Own::of_type(clearance),
                None => {
                    findings.push(source.error(
                        NO_AUDIENCE,
                        self.read.place.clone(),
                        format!(
                            "nothing says who may read this record: the type `{}` names no audience",
                            record_type.name
                        ),
                        "add `audience: NAME`; for everybody write `audience: staff`",
                    ));
                    Own::of_type(nobody())
                }
            };
        }
        let mut read = |level: &Level<'_>| {
            let each = level.audiences.iter().map(|entry| self.ground.audiences.read(source, &entry.value, findings));
            each.fold(Clearance::open(), |all, more| all.and(&more))
        };
        let asked = levels.each_ref().map(&mut read);
        let own = asked.iter().fold(Clearance::open(), |all, more| all.and(more));
        if let (Some(of_type), Some(entry)) = (of_type, said.last())
            && !own.implies(&of_type)
        {
            let message = format!("this opens the record more widely than its type `{}` does", record_type.name);
            let remedy = "keep it if it is meant; otherwise remove the line, and the type's audience counts";
            findings.push(source.warning(WIDER_THAN_TYPE, entry.value.range.clone(), message, remedy));
        }
        // An opening ends the audience that it stands beside, and no other.
        let mut left = Clearance::open();
        let mut later = Clearance::open();
        let (mut opened, mut opens) = (None, None);
        for (asked, level) in asked.iter().zip(&levels) {
            if level.opening.is_none() {
                later = later.and(asked);
            }
            match level.opening {
                Some(from) if from <= self.ground.day => opened = Some(from),
                coming => {
                    left = left.and(asked);
                    opens = coming.or(opens);
                }
            }
        }
        let rule = opened.filter(|_| left.is_open()).map_or(Rule::Record, Rule::Opened);
        let written = levels.iter().filter(|level| !level.audiences.is_empty());
        let openings = written.filter_map(|level| level.opening).collect();
        Own { left, later, written: own, opens, openings, rule }
    }

    /// What is said of the audience for a whole list, and by the item itself: `open_from` belongs to the `audience` of
    /// its own level.
    fn levels(&self, findings: &mut Vec<Finding>) -> [Level<'_>; 2] {
        let Read { source, place, in_list, .. } = self.read;
        [false, true].map(|of_item| {
            let here = |entry: &&&Entry| (*in_list && place.contains(&entry.key_range.start)) == of_item;
            let named = |key: &'static str| self.read.entries.iter().filter(move |entry| entry.key == key).filter(here);
            let audiences: Vec<&Entry> = named("audience").copied().collect();
            let opening = named("open_from").next_back().and_then(|entry| {
                if audiences.is_empty() {
                    findings.push(source.error(
                        OPEN_FROM_ALONE,
                        entry.key_range.clone(),
                        "`open_from` stands without the `audience` that it ends",
                        "write `audience:` beside it, or remove it",
                    ));
                }
                day(source, &entry.value, "`open_from`", findings)
            });
            Level { audiences, opening }
        })
    }

    fn restrictions(&self, findings: &mut Vec<Finding>) -> Restrictions {
        let Read { source, record_type, .. } = self.read;
        let mut restrictions = Restrictions::new();
        for said in self.read.entries.iter().filter(|entry| entry.key == "restrict") {
            let Some(entries) = said.value.entries().filter(|entries| !entries.is_empty()) else {
                findings.push(source.error(
                    WRONG_SHAPE,
                    said.value.range.clone(),
                    "`restrict` names nothing that it restricts",
                    "write `restrict: {FIELD: AUDIENCE}`, or remove the key",
                ));
                continue;
            };
            for entry in entries {
                if !self.may_restrict(&entry.key) {
                    let names = self.restrictable();
                    let remedy = match nearest(&entry.key, names.iter().map(String::as_str)) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("what can be restricted is {}", names.join(", ")),
                    };
                    let message =
                        format!("a record of type `{}` has no {} to restrict", record_type.name, quote(&entry.key));
                    findings.push(source.error(UNKNOWN_RESTRICTION, entry.key_range.clone(), message, remedy));
                }
                let clearance = self.ground.audiences.read(source, &entry.value, findings);
                let narrowed =
                    restrictions.get(&entry.key).map_or_else(|| clearance.clone(), |more| clearance.and(more));
                restrictions.insert(entry.key.clone(), narrowed);
            }
        }
        restrictions
    }

    fn restrictable(&self) -> Vec<String> {
        let fields = &self.read.record_type.fields;
        let members = fields.iter().flat_map(|f| f.members.iter().map(|m| format!("{}.{}", f.name, m.name)));
        let common = ["title", "text", "attachments", "date", "original", "origin", "marking", "verified", "imported"];
        fields.iter().map(|f| f.name.clone()).chain(members).chain(common.map(str::to_owned)).collect()
    }

    fn may_restrict(&self, what: &str) -> bool {
        self.restrictable().iter().any(|name| name == what)
    }

    /// A record without a title is called by its key field, else by its file.
    fn fallback_title(&self) -> Phrase {
        Phrase::one(self.read.name.path.rsplit('/').next().unwrap_or_default())
    }

    fn attachments(&self, outer: &Clearance, findings: &mut Vec<Finding>) -> Shelf<Attachment> {
        let source = self.read.source;
        let mut read = Vec::new();
        let Some(entry) = self.entry("attachments") else { return Shelf::default() };
        for node in one_or_many(source, &entry.value, "`attachments`", findings) {
            let mut asks = outer.clone();
            let file = match &node.content {
                Content::Map(_) => {
                    let entries = known_entries(source, node, "an attachment", &["file", "audience"], findings);
                    for entry in entries.iter().filter(|entry| entry.key == "audience") {
                        asks = asks.and(&self.ground.audiences.read(source, &entry.value, findings));
                    }
                    let Some(entry) = entries.iter().find(|entry| entry.key == "file") else {
                        let message = "this attachment names no file";
                        findings.push(source.error(WRONG_SHAPE, node.range.clone(), message, "add `file: NAME`"));
                        continue;
                    };
                    &entry.value
                }
                _ => node,
            };
            if let Some(name) = scalar(source, file, "an attachment", findings) {
                let attachment = Attachment { path: name.to_owned(), name: name.to_owned(), range: file.range.clone() };
                read.push(Held::new(asks, attachment));
            }
        }
        Shelf::new(read)
    }

    fn origin(&self, entry: &Entry, findings: &mut Vec<Finding>) -> Option<String> {
        const ORIGINS: [&str; 4] = ["received", "sent", "joint", "internal"];
        let text = scalar(self.read.source, &entry.value, "`origin`", findings)?;
        if !ORIGINS.contains(&text) {
            let message = format!("{} is no origin", quote(text));
            let remedy = format!("write one of {}", ORIGINS.join(", "));
            findings.push(self.read.source.error(
                super::value::WRONG_VALUE,
                entry.value.range.clone(),
                message,
                remedy,
            ));
        }
        Some(text.to_owned())
    }
}

/// Reads one of the maps that every record may have; text alone stands under its first key.
fn read_plate(source: &Source, node: &Node, key: &str, known: &[&str], findings: &mut Vec<Finding>) -> Plate {
    // What is reckoned with has to be a day that there is; a marking may well end on none.
    let check = |name: &str, node: &Node, findings: &mut Vec<Finding>| {
        if matches!((key, name), ("verified" | "imported", "on") | ("marking", "review")) {
            day(source, node, &format!("`{name}`"), findings);
        }
    };
    if let Some(text) = node.text() {
        let name = known.first().copied().unwrap_or(key);
        check(name, node, findings);
        return Plate(vec![(name.to_owned(), text.to_owned())]);
    }
    let what = format!("`{key}`");
    let entries = known_entries(source, node, &what, known, findings);
    let lines = entries.into_iter().filter_map(|entry| {
        let Some(text) = entry.value.text().filter(|text| !text.trim().is_empty()) else {
            let message = format!("`{}` of {what} takes one text, but {} stands here", entry.key, entry.value.what());
            let remedy = format!("write one text, in one language: {}", plate_form(key));
            findings.push(source.error(WRONG_SHAPE, entry.value.range.clone(), message, remedy));
            return None;
        };
        check(&entry.key, &entry.value, findings);
        Some((entry.key.clone(), text.to_owned()))
    });
    Plate(lines.collect())
}
