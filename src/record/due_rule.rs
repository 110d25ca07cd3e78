//! What a type says of when something is due: data, read and checked here, reckoned with in `reckoning`.

use super::field_type::{FieldType, Kind, audience_names, truth};
use super::interval::{BROKEN_DUE, Interval};
use super::record_type::RecordType;
use crate::finding::{Finding, nearest, quote};
use crate::text::Source;
use crate::text::map::{known_entries, scalar};
use crate::text::yaml::{Content, Node};
use std::ops::Range;

/// When the day in a field is due: `due: {before: 90d, unless: closed}`.
#[derive(Clone, Debug)]
pub struct FieldDue {
    /// How long before its day it is told.
    pub before: Interval,
    /// The field whose day this one follows: where it says nothing, it is due so long after that as `grace` says.
    pub follows: Option<String>,
    /// How long it may take after the day that it follows.
    pub grace: Interval,
    /// What makes it not due.
    pub unless: Vec<Unless>,
    /// Which records of the type count.
    pub last: Last,
    /// Whether a day on which nobody works moves to the next working day.
    pub working: bool,
    /// Fields that name who has to do it, in the order in which they are asked.
    pub who: Vec<String>,
    /// The field in which the next of those records says why it came after that day.
    pub late: Option<String>,
    /// Of a reference: the record that it names is at its end, and nothing of it is due.
    pub ends: bool,
    /// With that day the record itself is at its end: a tier that requires one is not served by it any more.
    pub expires: bool,
    /// Where it stands in the type's file.
    pub place: Range<usize>,
}

/// What comes again, or is looked over again: `due: {every: 90d}` of a type.
#[derive(Clone, Debug)]
pub struct TypeDue {
    /// When the next record is due.
    pub every: Option<Every>,
    /// The field by which records are counted; their `date` where none is named.
    pub by: Option<String>,
    /// The field in which a record names the day of the next one; the earlier of that and of `every` counts.
    pub next: Option<String>,
    /// Of a dossier: the field in which counting begins where there is nothing yet.
    pub from: Option<String>,
    /// How long it may take after it is due.
    pub grace: Interval,
    /// How long each record stands until somebody looks it over again.
    pub review: Option<Interval>,
    /// How long before its day it is told.
    pub before: Interval,
    /// What makes nothing of a record due; in a dossier's root, nothing of the dossier.
    pub unless: Vec<Unless>,
    /// Whether a day on which nobody works moves to the next working day.
    pub working: bool,
    /// Fields that name who has to do it, in the order in which they are asked.
    pub who: Vec<String>,
    /// Where it stands in the type's file.
    pub place: Range<usize>,
}

/// How often something comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// So long after the last one.
    After(Interval),
    /// As often as the dossier's tier says under `review`.
    TierReview,
    /// As often as the dossier's tier says under `visit`.
    TierVisit,
    /// Once in each week, month or year.
    Each(Period),
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// An ISO week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// Which records of a type count for a field that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Last {
    /// Each for itself.
    Each,
    /// The last one of a dossier alone.
    OfAll,
    /// The last one of those that say the same in these fields.
    Alike(Vec<String>),
}

/// What makes something not due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unless {
    /// The field.
    pub field: String,
    /// The words that count; any value where there are none.
    pub words: Vec<String>,
}

impl Unless {
    /// Whether a value with these words makes it not due.
    #[must_use]
    pub fn is_met_by(&self, said: &[String]) -> bool {
        if self.words.is_empty() { !said.is_empty() } else { said.iter().any(|word| self.words.contains(word)) }
    }
}

const FIELD_KEYS: [&str; 10] =
    ["before", "follows", "grace", "unless", "last", "working", "who", "late", "ends", "expires"];
const TYPE_KEYS: [&str; 10] = ["every", "by", "next", "from", "grace", "review", "before", "unless", "working", "who"];

impl FieldDue {
    /// Reads `due:` of a field.
    pub(super) fn read(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Self {
        let mut due = Self {
            before: Interval::days(30),
            follows: None,
            grace: Interval::days(0),
            unless: Vec::new(),
            last: Last::Each,
            working: false,
            who: Vec::new(),
            late: None,
            ends: false,
            expires: false,
            place: node.range.clone(),
        };
        for entry in known_entries(source, node, "`due` of a field", &FIELD_KEYS, findings) {
            let value = &entry.value;
            match entry.key.as_str() {
                "before" => due.before = Interval::read(source, value, "`before`", findings).unwrap_or(due.before),
                "follows" => due.follows = scalar(source, value, "`follows`", findings).map(str::to_owned),
                "grace" => due.grace = Interval::read(source, value, "`grace`", findings).unwrap_or(due.grace),
                "unless" => due.unless = read_unless(source, value, findings),
                "last" => {
                    due.last = match value.text() {
                        Some("true" | "yes") => Last::OfAll,
                        Some("false" | "no") => Last::Each,
                        _ => Last::Alike(audience_names(value)),
                    }
                }
                "working" => due.working = truth(source, value, findings),
                "who" => due.who = audience_names(value),
                "late" => due.late = scalar(source, value, "`late`", findings).map(str::to_owned),
                "expires" => due.expires = truth(source, value, findings),
                _ => due.ends = truth(source, value, findings),
            }
        }
        due
    }
}

impl TypeDue {
    /// Reads `due:` of a type.
    pub(super) fn read(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Self {
        let mut due = Self {
            every: None,
            by: None,
            next: None,
            from: None,
            grace: Interval::days(0),
            review: None,
            before: Interval::days(14),
            unless: Vec::new(),
            working: false,
            who: Vec::new(),
            place: node.range.clone(),
        };
        for entry in known_entries(source, node, "`due` of a type", &TYPE_KEYS, findings) {
            let value = &entry.value;
            match entry.key.as_str() {
                "every" => due.every = read_every(source, value, findings),
                "by" => due.by = scalar(source, value, "`by`", findings).map(str::to_owned),
                "next" => due.next = scalar(source, value, "`next`", findings).map(str::to_owned),
                "from" => due.from = scalar(source, value, "`from`", findings).map(str::to_owned),
                "grace" => due.grace = Interval::read(source, value, "`grace`", findings).unwrap_or(due.grace),
                "review" => due.review = Interval::read(source, value, "`review`", findings),
                "before" => due.before = Interval::read(source, value, "`before`", findings).unwrap_or(due.before),
                "unless" => due.unless = read_unless(source, value, findings),
                "working" => due.working = truth(source, value, findings),
                _ => due.who = audience_names(value),
            }
        }
        due
    }
}

fn read_every(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Option<Every> {
    match node.text() {
        Some("review") => Some(Every::TierReview),
        Some("visit") => Some(Every::TierVisit),
        Some("week") => Some(Every::Each(Period::Week)),
        Some("month") => Some(Every::Each(Period::Month)),
        Some("year") => Some(Every::Each(Period::Year)),
        _ => {
            let interval = Interval::parse(scalar(source, node, "`every`", findings)?);
            match interval {
                Ok(interval) if !interval.is_nothing() => Some(Every::After(interval)),
                Ok(_) => {
                    broken(source, node.range.clone(), "`every` is no time at all", "write `90d`", findings);
                    None
                }
                Err((message, remedy)) => {
                    let remedy = format!("{remedy}; or week, month, year, or the tier's review or visit");
                    broken(source, node.range.clone(), &format!("`every`: {message}"), &remedy, findings);
                    None
                }
            }
        }
    }
}

/// `unless: closed`, `unless: [closed, done_on]`, or `unless: {status: [settled, lost]}`.
fn read_unless(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Vec<Unless> {
    let named = |field: &str, words: Vec<String>| Unless { field: field.to_owned(), words };
    match &node.content {
        Content::Map(entries) if !entries.is_empty() => {
            entries.iter().map(|entry| named(&entry.key, audience_names(&entry.value))).collect()
        }
        Content::List(nodes) if !nodes.is_empty() => nodes
            .iter()
            .filter_map(|node| scalar(source, node, "a field", findings))
            .map(|field| named(field, Vec::new()))
            .collect(),
        _ => scalar(source, node, "`unless`", findings).map(|field| named(field, Vec::new())).into_iter().collect(),
    }
}

impl RecordType {
    /// Findings for rules that name what the type does not have, or that its fields cannot follow.
    pub(super) fn check_due(&self, findings: &mut Vec<Finding>) {
        self.due_fields().for_each(|(field, beside)| self.check_field(field, beside, findings));
        for due in self.fields.iter().flat_map(|field| &field.members).filter_map(|member| member.due.as_ref()) {
            if due.last != Last::Each || due.late.is_some() || due.ends || due.expires {
                let message = "`last`, `late`, `ends` and `expires` are for fields of a whole record";
                broken(&self.source, due.place.clone(), message, "move the field out of its group", findings);
            }
        }
        let Some(due) = &self.due else { return };
        let place = || due.place.clone();
        self.check_unless(&due.unless, &self.fields, place(), findings);
        let by_period = matches!(due.every, Some(Every::Each(_)));
        if self.series && due.every.is_some() && !by_period {
            let message = "a series is due by the week, the month or the year";
            broken(&self.source, place(), message, "write `every: week`, `month` or `year`", findings);
        }
        if let Some(by) = due.by.as_deref().filter(|by| !matches!(*by, "date" | "verified")) {
            self.check_named(by, "`by`", &self.fields, |field| is_calendar(field.kind), place(), findings);
        }
        for (what, named) in [("`from`", &due.from), ("`next`", &due.next)] {
            if let Some(name) = named {
                self.check_named(name, what, &self.fields, |field| is_calendar(field.kind), place(), findings);
            }
        }
        if due.next.is_some() && by_period {
            let message = "`next` goes with a length of time, not with a stretch of the calendar";
            broken(&self.source, place(), message, "remove one of the two", findings);
        }
    }

    /// Findings for rules that name who has to do it by fields which neither the type nor a dossier has.
    pub fn check_who(&self, dossier: Option<&Self>, findings: &mut Vec<Finding>) {
        let of_dossier = dossier.map(|dossier| dossier.fields.as_slice()).unwrap_or_default();
        if let Some(due) = &self.due {
            self.check_named_who(&due.who, [&self.fields, of_dossier], &due.place, findings);
        }
        for (field, beside) in self.due_fields() {
            if let Some(due) = &field.due {
                self.check_named_who(&due.who, [beside, of_dossier], &due.place, findings);
            }
        }
    }

    fn check_named_who(
        &self,
        who: &[String],
        known: [&[FieldType]; 2],
        place: &Range<usize>,
        findings: &mut Vec<Finding>,
    ) {
        let names = || known.iter().flat_map(|fields| fields.iter()).map(|field| field.name.as_str());
        for name in who.iter().filter(|name| !names().any(|known| known == *name)) {
            let remedy = nearest(name, names()).map_or_else(
                || "name a field of this type or of the dossier".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("`who` names {}, which neither this type nor a dossier has", quote(name));
            broken(&self.source, place.clone(), &message, &remedy, findings);
        }
    }

    /// Every field and every member of a group, with those that stand beside it.
    fn due_fields(&self) -> impl Iterator<Item = (&FieldType, &[FieldType])> {
        let groups = self.fields.iter().map(|field| field.members.as_slice());
        let all = std::iter::once(self.fields.as_slice()).chain(groups);
        all.flat_map(|fields| fields.iter().map(move |field| (field, fields)))
    }

    fn check_field(&self, field: &FieldType, beside: &[FieldType], findings: &mut Vec<Finding>) {
        let Some(due) = &field.due else { return };
        let place = || due.place.clone();
        match (field.kind, due.ends) {
            (Kind::Reference, true) if !due.expires => {}
            (kind, false) if is_calendar(kind) && !field.many => {}
            _ => broken(
                &self.source,
                place(),
                &format!("`{}` cannot be due: it names no day", field.name),
                "`due` belongs to one date, week, month or year; `ends` to a reference",
                findings,
            ),
        }
        self.check_unless(&due.unless, beside, place(), findings);
        if let Some(follows) = &due.follows {
            let day = |other: &FieldType| is_calendar(other.kind) && other.name != field.name;
            self.check_named(follows, "`follows`", beside, day, place(), findings);
        }
        if let Some(late) = &due.late {
            self.check_named(late, "`late`", beside, |_| true, place(), findings);
            if due.last == Last::Each {
                let remedy = "add `last: true`, or the fields in which records are alike";
                broken(&self.source, place(), "`late` needs `last`, to know which record comes next", remedy, findings);
            }
        }
        if let Last::Alike(alike) = &due.last {
            for name in alike {
                self.check_named(name, "`last`", beside, |_| true, place(), findings);
            }
            if alike.is_empty() {
                let remedy = "write `last: true`, or the fields in which records are alike";
                broken(&self.source, place(), "`last` names nothing", remedy, findings);
            }
        }
    }

    fn check_unless(&self, unless: &[Unless], beside: &[FieldType], place: Range<usize>, findings: &mut Vec<Finding>) {
        for rule in unless.iter().filter(|rule| !matches!(rule.field.as_str(), "date" | "verified")) {
            self.check_named(&rule.field, "`unless`", beside, |_| true, place.clone(), findings);
            let Some(field) = beside.iter().find(|field| field.name == rule.field) else { continue };
            for word in rule.words.iter().filter(|_| field.kind == Kind::Choice && !field.choices.is_empty()) {
                let words = field.choices.iter().map(|choice| choice.word.as_str());
                if words.clone().any(|known| known == word) {
                    continue;
                }
                let message = format!("{} is none of the choices of `{}`", quote(word), field.name);
                let remedy = match nearest(word, words.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the choices are {}", words.collect::<Vec<_>>().join(", ")),
                };
                broken(&self.source, place.clone(), &message, &remedy, findings);
            }
        }
    }

    fn check_named(
        &self,
        name: &str,
        what: &str,
        beside: &[FieldType],
        fits: impl Fn(&FieldType) -> bool,
        place: Range<usize>,
        findings: &mut Vec<Finding>,
    ) {
        if beside.iter().any(|field| field.name == name && fits(field)) {
            return;
        }
        let names = beside.iter().filter(|field| fits(field)).map(|field| field.name.as_str());
        let remedy = match nearest(name, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("what can stand here is {}", names.collect::<Vec<_>>().join(", ")),
        };
        let message = format!("{what} names {}, which there is not or which has no day", quote(name));
        broken(&self.source, place, &message, &remedy, findings);
    }
}

/// Whether values of the kind name a day, or a stretch of the calendar that ends on one.
fn is_calendar(kind: Kind) -> bool {
    matches!(kind, Kind::Date | Kind::Week | Kind::Month | Kind::Year)
}

fn broken(source: &Source, range: Range<usize>, message: &str, remedy: &str, findings: &mut Vec<Finding>) {
    findings.push(source.error(BROKEN_DUE, range, message, remedy));
}
