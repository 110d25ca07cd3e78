//! What every record may bring with it: a marking that ends, a day on which it opens, a term after which somebody has
//! to look at it again.

use super::due::{Due, Duty, Entry};
use super::home::Home;
use super::piece::Piece;
use super::sight::look;
use crate::access::Held;
use crate::record::{Interval, RecordType};
use jiff::civil::Date;

/// How long before its day a marking's end or review is told.
const MARKING: Interval = Interval::days(60);

/// How long before its day an opening is told: time enough to say that it must not happen.
const OPENING: Interval = Interval::days(30);

impl<'a> Home<'a> {
    /// What is due by the marking, the opening and the last verification of a record.
    pub(super) fn of_marks(&self, piece: Piece<'a>) -> Vec<Held<Entry>> {
        let mut entries = self.of_marking(piece);
        entries.extend(self.of_opening(piece));
        entries.extend(self.of_verification(piece));
        entries
    }

    fn of_marking(&self, piece: Piece<'a>) -> Vec<Held<Entry>> {
        let Some(marking) = &piece.record.marking else { return Vec::new() };
        let mut entries = Vec::new();
        for (key, duty) in [("review", Duty::MarkingReview), ("until", Duty::MarkingEnd)] {
            let matter = format!("marking.{key}/{}", piece.record.name);
            entries.extend(look(self.sight, marking.clearance().clone(), &matter, |eyes| {
                let day = piece.plate_day(key, Some(marking)).unwrap_or_else(|| eyes.plain(None));
                day.map(|day| day.map(|day| self.marked(piece, duty.clone(), day, MARKING)).into_iter().collect())
            }));
        }
        entries
    }

    fn of_opening(&self, piece: Piece<'a>) -> Vec<Held<Entry>> {
        let Some(day) = piece.record.opens else { return Vec::new() };
        let matter = format!("opening/{}", piece.record.name);
        look(self.sight, piece.record.clearance.clone(), &matter, |eyes| {
            eyes.plain(vec![self.marked(piece, Duty::Opening, day, OPENING)])
        })
    }

    fn of_verification(&self, piece: Piece<'a>) -> Vec<Held<Entry>> {
        let record = piece.record;
        let Some((due, term)) = record.record_type.due.as_ref().and_then(|due| Some((due, due.review?))) else {
            return Vec::new();
        };
        let matter = format!("{}.review/{}", record.record_type.name, record.name);
        let by = due.by.as_deref().unwrap_or("date");
        look(self.sight, piece.asks("verified"), &matter, |eyes| {
            let made = eyes.or(piece.day(by), None);
            let known = piece.day("verified").with(made).with(self.is_void(record, eyes));
            known.with(self.is_ended(&record.name, eyes)).map(|(((verified, made), void), ended)| {
                let day = verified.max(made).filter(|_| !(void || ended));
                let day = day.map(|day| self.day(due.grace.after(term.after(day)), due.working));
                day.map(|day| self.marked(piece, Duty::Review, day, due.before)).into_iter().collect()
            })
        })
    }

    fn marked(&self, piece: Piece<'a>, duty: Duty, day: Date, before: Interval) -> Due {
        let record = piece.record;
        let record_type: &RecordType = &record.record_type;
        let is_root = self.root.is_some_and(|root| root.name == record.name);
        Due {
            record: (!is_root).then(|| record.name.clone()),
            title: (!is_root).then(|| record.title.as_ref().map(|title| title.0.clone())),
            who: self.who(&[], Some(record_type), Some(piece)),
            ..self.due(record_type, duty, day, before)
        }
    }
}
