//! A record, or one of the groups in it, as rules on what is due ask it.

use super::sight::Eyes;
use crate::access::{Audiences, Clearance, Held, Shelf};
use crate::record::{Field, FieldDue, Record, Unless, Value};
use jiff::civil::Date;

/// Until when a record counts; what counts longer is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// It is over, whatever its day.
    Over,
    /// It counts until that day.
    Until(Date),
    /// Nothing says that it ends.
    Open,
}

impl Term {
    /// Whether it is over on a day.
    #[must_use]
    pub fn is_over(self, on: Date) -> bool {
        match self {
            Self::Over => true,
            Self::Until(last) => last < on,
            Self::Open => false,
        }
    }
}

/// A record, or a group in it.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) record: &'a Record,
    /// The name of the group's field.
    group: Option<&'a str>,
    fields: &'a Shelf<Field>,
    audiences: &'a Audiences,
}

impl<'a> Piece<'a> {
    /// A whole record.
    pub(super) fn of(record: &'a Record, audiences: &'a Audiences) -> Self {
        Self { record, group: None, fields: &record.fields, audiences }
    }

    /// A group in it.
    pub(super) fn within(self, group: &'a str, fields: &'a Shelf<Field>) -> Self {
        Self { group: Some(group), fields, ..self }
    }

    /// A field by its name.
    pub(super) fn field(&self, name: &str) -> Option<Held<&'a Field>> {
        self.fields.select(|field| field.name == name)
    }

    /// What a field asks, or would ask.
    pub(super) fn asks(&self, name: &str) -> Clearance {
        match (self.field(name), self.group) {
            (Some(field), _) => field.clearance().clone(),
            (None, Some(group)) => self.record.asks(&format!("{group}.{name}"), self.audiences),
            (None, None) => self.record.asks(name, self.audiences),
        }
    }

    /// The day that a field names, or the last day of what it names; `date` and `verified` as well.
    pub(super) fn day(&self, name: &str) -> Held<Option<Date>> {
        let found = match (name, self.group) {
            ("date", None) => self.record.date.as_ref().map(|date| date.as_ref().map(|date| Some(*date))),
            ("verified", None) => self.plate_day("on", self.record.verified.as_ref()),
            _ => self.field(name).map(|field| field.map(|field| field.value.last_day())),
        };
        found.unwrap_or_else(|| Held::new(self.asks(name), None))
    }

    /// A day on one of the plates that every record may have.
    pub(super) fn plate_day(
        &self,
        key: &str,
        plate: Option<&Held<crate::record::Plate>>,
    ) -> Option<Held<Option<Date>>> {
        Some(plate?.as_ref().map(|plate| plate.day(key)))
    }

    /// Whether one of the rules says that nothing of it is due.
    pub(super) fn is_done(&self, rules: &[Unless], eyes: &Eyes<'_>) -> Held<bool> {
        rules.iter().fold(eyes.plain(false), |done, rule| {
            done.with(eyes.or(self.says(rule), false)).map(|(done, so)| done || so)
        })
    }

    /// Whether it says what a rule asks for.
    fn says(&self, rule: &Unless) -> Held<bool> {
        match rule.field.as_str() {
            "date" | "verified" => self.day(&rule.field).map(|day| day.is_some()),
            name => match self.field(name) {
                Some(field) => field.map(|field| rule.is_met_by(&words(&field.value))),
                None => Held::new(self.asks(name), false),
            },
        }
    }

    /// Until when a record counts whose field of this name says that it expires; for whoever may read all that says so.
    pub(super) fn term(&self, field: &str, due: &FieldDue) -> Held<Term> {
        let over = due.unless.iter().map(|rule| self.says(rule));
        let over = over.fold(Held::new(self.record.clearance.clone(), false), |over, so| {
            over.with(so).map(|(over, so)| over || so)
        });
        self.day(field).with(over).map(|(day, over)| match day {
            _ if over => Term::Over,
            Some(day) => Term::Until(day),
            None => Term::Open,
        })
    }

    /// The words that a field says, for telling records apart.
    pub(super) fn said(&self, name: &str) -> Held<Vec<String>> {
        match self.field(name) {
            Some(field) => field.map(|field| words(&field.value)),
            None => Held::new(self.asks(name), Vec::new()),
        }
    }
}

/// A value as the words in the file.
pub(super) fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Many(values) => values.iter().flat_map(words).collect(),
        Value::Choice { word, .. } => vec![word.clone()],
        Value::Group(_) => vec![String::new()],
        other => Some(other.plain("en")).into_iter().filter(|text| !text.trim().is_empty()).collect(),
    }
}
