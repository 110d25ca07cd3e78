//! Signs that a customer may leave, by the rules of the record types.

use super::seen::Seen;
use super::sinking::{Sinking, lower};
use crate::access::{Clearance, Held};
use crate::archive::Archive;
use crate::dossier::Dossier;
use crate::record::{Field, Interval, Record, RecordType, Series, SeriesColumn, SignRule, Value, When, cell_number};
use crate::text::Phrase;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// A sign that a customer may leave.
#[derive(Clone, Debug)]
pub struct Sign<'a> {
    /// What the rule says of it.
    pub title: &'a Phrase,
    /// The record in which it is to be read.
    pub record: &'a Record,
    /// What it was read from.
    pub reading: Reading<'a>,
    /// The first day and the last on which it is one; always where there are none. A reckoning does not ask what day it
    /// is: what is sealed must not change while nobody changes the archive.
    pub days: Option<(Date, Date)>,
}

impl Sign<'_> {
    /// Whether it is a sign on a day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.days.is_none_or(|(first, last)| first <= day && day <= last)
    }
}

/// What a sign was read from.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading<'a> {
    /// Something ends on this day.
    Ends(Date),
    /// These numbers, the oldest first.
    Numbers(Vec<&'a str>),
    /// The columns of these titles lie so many hundredths lower.
    Lower(Vec<(&'a Phrase, i64)>),
    /// A record about this day.
    On(Date),
    /// A record.
    There,
}

/// One matter that a rule looks at, as one group of readers can tell.
#[derive(Clone, Debug)]
pub struct Account<'a> {
    /// By what the matter is known on a page: the rule, and the record or column.
    pub matter: String,
    /// The sign, if it is one.
    pub sign: Option<Sign<'a>>,
}

/// What the rules say of a dossier.
pub struct Signs<'a> {
    /// Signs of any day; and, beside a sign that those see who may read less, the word that it is none. Whether the
    /// account is to stand in the place of those that follow it for the same matter.
    pub told: Vec<(Held<Account<'a>>, bool)>,
    /// Every clearance that was looked at, whether something was a sign or not: so that nobody sees from outside for
    /// whom there is one.
    pub looked: Vec<Held<()>>,
}

/// What the rules of the types say of a dossier.
#[must_use]
pub fn signs<'a>(archive: &'a Archive, dossier: &'a Dossier) -> Signs<'a> {
    let mut matters: Vec<Seen<Account<'a>>> = Vec::new();
    for record_type in archive.types.iter().filter(|record_type| !record_type.signs.is_empty()) {
        let records: Vec<Held<&'a Record>> =
            dossier.records.pick(|record| record.record_type.name == record_type.name).collect();
        for rule in &record_type.signs {
            matters.extend(Looking { archive, dossier, record_type, rule, records: &records }.matters());
        }
    }
    let looked: BTreeSet<Clearance> = matters.iter().flat_map(|matter| matter.clearances().cloned()).collect();
    Signs {
        told: matters
            .iter()
            .flat_map(|matter| matter.told(|account| account.sign.is_some()))
            .map(|(account, instead)| (account.map(Clone::clone), instead))
            .collect(),
        looked: looked.into_iter().map(|asks| Held::new(asks, ())).collect(),
    }
}

/// The first day and the last on which something is a sign.
type Days = Option<(Date, Date)>;

struct Looking<'a, 'r> {
    archive: &'a Archive,
    dossier: &'a Dossier,
    record_type: &'a RecordType,
    rule: &'a SignRule,
    records: &'r [Held<&'a Record>],
}

impl<'a> Looking<'a, '_> {
    fn matters(&self) -> Vec<Seen<Account<'a>>> {
        match &self.rule.when {
            When::Falls { field, times } => vec![self.falls(field, *times)],
            When::Ends { field, within, followed_by, unless } => {
                self.of_records(|record| self.ends(record, field, *within, followed_by.as_deref(), unless))
            }
            When::Stands { holding, without, within } => {
                self.of_records(|record| self.stands(record, holding, without, *within))
            }
            When::Sinks { columns, recent, against, by, seasonal } => {
                let rule = Sinking { recent: *recent, against: *against, by: *by, seasonal: *seasonal };
                let of_record = |held: &Held<&'a Record>| {
                    let of_series = held.clone().map(|record| {
                        let series = record.series.iter();
                        series.map(|series| self.sinks(record, series, columns, rule)).collect()
                    });
                    Held::<Vec<Seen<Account<'a>>>>::spread(of_series).into_iter().map(Seen::joined)
                };
                self.records.iter().flat_map(of_record).collect()
            }
        }
    }

    /// A matter for each record.
    fn of_records(&self, look: impl Fn(&'a Record) -> Seen<Account<'a>>) -> Vec<Seen<Account<'a>>> {
        self.records.iter().map(|held| Seen::joined(held.clone().map(&look))).collect()
    }

    fn account(&self, what: &str, record: Option<&'a Record>, read: Option<(Reading<'a>, Days)>) -> Account<'a> {
        let matter = format!("{}.{}/{}/{what}", self.record_type.name, self.rule.name, self.dossier.name);
        let title = &self.rule.title;
        let sign = read.and_then(|(reading, days)| Some(Sign { title, record: record?, reading, days }));
        Account { matter: matter.replace(char::is_whitespace, "_"), sign }
    }

    /// What a record asks, and some of its fields whether they are there or not.
    fn asks<'f>(&self, record: &Record, fields: impl IntoIterator<Item = &'f str>) -> Clearance {
        let audiences = &self.archive.settings.audiences;
        fields.into_iter().fold(record.clearance.clone(), |all, field| all.and(&record.asks(field, audiences)))
    }

    /// The day in a field comes soon, and nothing follows the record, as far as those can tell who may read records of
    /// its type; whoever may read a record that follows it sees no sign.
    fn ends(
        &self,
        record: &'a Record,
        field: &str,
        within: Interval,
        followed_by: Option<&str>,
        unless: &[(String, Vec<String>)],
    ) -> Seen<Account<'a>> {
        let own = self.asks(record, unless.iter().map(|(other, _)| other.as_str()).chain([field]));
        let of_type = self.record_type.asks(followed_by, &self.archive.settings.audiences);
        let base = if followed_by.is_some() { own.and(&of_type) } else { own };
        let day = match value(record, field, &base) {
            Some(Value::Date(day)) if !unless.iter().any(|rule| holds(record, rule, &base)) => Some(*day),
            _ => None,
        };
        let read = day.map(|day| (Reading::Ends(day), Some((within.before(day), within.after(day)))));
        let name = record.name.to_string();
        let followers: Vec<Held<bool>> = followed_by
            .map(|field| self.records.iter().filter_map(|other| follows(other, field, &name)).collect())
            .unwrap_or_default();
        Seen::of(&base, &followers, |followers| {
            let read = read.clone().filter(|_| !followers.iter().any(|follows| **follows));
            self.account(&record.name.path, Some(record), read)
        })
    }

    /// The number in a field fell in each of the last records.
    fn falls(&self, field: &str, times: usize) -> Seen<Account<'a>> {
        let audiences = &self.archive.settings.audiences;
        let base = self.dossier.clearance().and(&self.record_type.asks(Some(field), audiences));
        let numbers: Vec<Held<Option<(&'a Record, &'a str)>>> = self
            .records
            .iter()
            .map(|held| {
                let number = held.clone().map(|record| {
                    let asks = self.asks(record, [field]);
                    let number = match value(record, field, &asks) {
                        Some(Value::Number { text, .. } | Value::Percent(text)) => Some((record, text.as_str())),
                        _ => None,
                    };
                    Held::new(asks, number)
                });
                number.flatten()
            })
            .collect();
        Seen::of(&base, &numbers, |numbers| {
            let known: Vec<(&'a Record, &'a str)> = numbers.iter().filter_map(|number| **number).collect();
            let last = known.len().checked_sub(times + 1).and_then(|from| known.get(from..)).unwrap_or_default();
            let values: Vec<Option<f64>> = last.iter().map(|(_, text)| cell_number(text)).collect();
            let fell = last.len() > 1 && values.windows(2).all(|pair| matches!(pair, [Some(a), Some(b)] if b < a));
            let read = fell.then(|| (Reading::Numbers(last.iter().map(|(_, text)| *text).collect()), None));
            self.account("", last.last().map(|(record, _)| *record), read)
        })
    }

    /// The mean of the last rows of columns lies below that of more rows. All that sink are one sign, for each group of
    /// readers those that it may read.
    fn sinks(&self, record: &'a Record, series: &'a Series, columns: &[String], rule: Sinking) -> Seen<Account<'a>> {
        let named = |held: &&'a Held<SeriesColumn>| {
            held.as_ref().map(|column| columns.contains(&column.name).then_some(())).transpose().is_some()
        };
        let labels = series.columns.get(series.by);
        let lower = |held: &'a Held<SeriesColumn>| {
            let beside = labels.map(|labels| held.as_ref().with(labels.as_ref()));
            beside.map(|held| held.map(|(column, labels)| Some((&*column.title, lower(labels, column, rule)?))))
        };
        let lower: Vec<Held<Option<(&'a Phrase, i64)>>> =
            series.columns.iter().filter(named).filter_map(lower).collect();
        Seen::of(&record.clearance, &lower, |lower| {
            let sunk: Vec<(&'a Phrase, i64)> = lower.iter().filter_map(|lower| **lower).collect();
            let read = (!sunk.is_empty()).then_some((Reading::Lower(sunk), None));
            self.account(&record.name.path, Some(record), read)
        })
    }

    /// A record is there, holds these words, lacks these fields, and is not too old.
    fn stands(
        &self,
        record: &'a Record,
        holding: &[(String, Vec<String>)],
        without: &[String],
        within: Option<Interval>,
    ) -> Seen<Account<'a>> {
        let fields = holding.iter().map(|(field, _)| field).chain(without).map(String::as_str);
        let base = self.asks(record, fields.chain(within.map(|_| "date")));
        let date = record.date.as_ref().and_then(|date| date.within(&base)).copied();
        // The last day is the one before it is as old as that.
        let until = |day: Date, within: Interval| within.after(day).yesterday().unwrap_or(day);
        let days = within.map(|within| date.map(|day| (day, until(day, within))));
        let stands = days != Some(None)
            && holding.iter().all(|rule| holds(record, rule, &base))
            && without.iter().all(|field| value(record, field, &base).is_none());
        let read = stands.then(|| (date.map_or(Reading::There, Reading::On), days.flatten()));
        Seen::one(Held::new(base, self.account(&record.name.path, Some(record), read)))
    }
}

/// The value of a field, for whoever holds `given`.
fn value<'a>(record: &'a Record, field: &str, given: &Clearance) -> Option<&'a Value> {
    let held = record.field(field)?;
    let field: &'a Field = held.within(given).copied()?;
    Some(&field.value)
}

/// Whether a field holds one of these words; any value where there are none.
fn holds(record: &Record, (field, words): &(String, Vec<String>), given: &Clearance) -> bool {
    value(record, field, given).is_some_and(|value| words.is_empty() || words.iter().any(|word| says(value, word)))
}

/// Whether a value is the word that a rule names.
fn says(value: &Value, word: &str) -> bool {
    match value {
        Value::Choice { word: said, .. } => said == word,
        Value::Many(values) => values.iter().any(|value| says(value, word)),
        Value::YesNo(yes) => word == if *yes { "yes" } else { "no" },
        Value::Reference(name) | Value::Code(name) => name == word,
        Value::Text(phrase) => phrase.in_language("zh") == word,
        _ => false,
    }
}

/// Whether a record says by its field that it follows the record of this name; none where it says nothing.
fn follows(held: &Held<&Record>, field: &str, name: &str) -> Option<Held<bool>> {
    let field = held.clone().map(|record| record.field(field)).transpose()?.flatten();
    Some(field.map(|field| says(&field.value, name)))
}
