//! How long records of a type are kept: for good, or for a time from a day that the record names.

use super::field_type::{FieldType, Kind, broken, broken_near};
use super::interval::Interval;
use crate::finding::{Finding, quote};
use crate::text::Source;
use crate::text::map::{known_entries, scalar};
use crate::text::yaml::{Content, Node};
use jiff::civil::Date;
use std::ops::Range;

/// How long the records of a type are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retention {
    /// For good.
    Permanent,
    /// For a time from a day that each record names.
    For(Term),
}

/// A time to keep something, and what it is counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// How long.
    pub keep: Interval,
    /// The field whose day it is counted from; `date` for the record's own.
    pub from: String,
}

const HOW: &str = "write `permanent`, a term as `10y`, or `{keep: 10y, from: FIELD}`";

impl Retention {
    /// Reads `retention:` of a type, with the place of the field that it names; whether there is such a field is asked
    /// when all fields are known.
    pub(super) fn read(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Option<(Self, Range<usize>)> {
        let Content::Map(_) = &node.content else {
            let text = scalar(source, node, "`retention`", findings)?;
            if text == "permanent" {
                return Some((Self::Permanent, node.range.clone()));
            }
            let keep = read_term(source, node, text, findings)?;
            return Some((Self::For(Term { keep, from: "date".to_owned() }), node.range.clone()));
        };
        let (mut keep, mut from, mut at) = (None, "date".to_owned(), node.range.clone());
        for entry in known_entries(source, node, "`retention`", &["keep", "from"], findings) {
            let text = scalar(source, &entry.value, &format!("`{}`", entry.key), findings)?;
            if entry.key == "keep" {
                keep = Some(read_term(source, &entry.value, text, findings)?);
            } else {
                text.clone_into(&mut from);
                at = entry.value.range.clone();
            }
        }
        let Some(keep) = keep else {
            broken(source, node.range.clone(), "this retention does not say how long", HOW, findings);
            return None;
        };
        Some((Self::For(Term { keep, from }), at))
    }

    /// A finding where the day that it is counted from is no day of the type.
    pub(super) fn check(&self, source: &Source, at: &Range<usize>, fields: &[FieldType], findings: &mut Vec<Finding>) {
        let Self::For(Term { from, .. }) = self else { return };
        let dated = |field: &&FieldType| matches!(field.kind, Kind::Date | Kind::Week | Kind::Month | Kind::Year);
        if from == "date" || fields.iter().filter(dated).any(|field| field.name == *from && !field.many) {
            return;
        }
        let names: Vec<&str> = fields.iter().filter(dated).map(|field| field.name.as_str()).chain(["date"]).collect();
        let message = format!("the retention is counted from {}, which is no date of this type", quote(from));
        broken_near(source, at.clone(), message, from, &names, "the dates are", findings);
    }
}

impl Term {
    /// The last day of a term that is counted from a day; none beyond the year 9999.
    #[must_use]
    pub fn end(&self, from: Date) -> Option<Date> {
        self.keep.checked_after(from)
    }
}

fn read_term(source: &Source, node: &Node, text: &str, findings: &mut Vec<Finding>) -> Option<Interval> {
    let term = Interval::parse(text).ok().filter(|term| !term.is_nothing());
    if term.is_none() {
        broken(source, node.range.clone(), &format!("{} is no time to keep something", quote(text)), HOW, findings);
    }
    term
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn term(keep: &str) -> Term {
        Term { keep: Interval::parse(keep).unwrap(), from: "date".to_owned() }
    }

    #[test]
    fn a_term_ends_on_the_same_day_of_a_later_year() {
        assert_eq!(term("10y").end(date(2027, 3, 31)), Some(date(2037, 3, 31)));
        assert_eq!(term("1y").end(date(2028, 2, 29)), Some(date(2029, 2, 28)));
        assert_eq!(term("18mo").end(date(2027, 8, 31)), Some(date(2029, 2, 28)));
        assert_eq!(term("100y").end(date(9950, 3, 31)), None);
    }
}
