//! What every record may bring with it: a marking that ends, a day on which it opens, a term after which somebody has
//! to look at it again.

use super::due::{Due, Duty, Entry};
use super::home::Home;
use super::piece::Piece;
use super::sight::{Eyes, look};
use crate::access::Held;
use crate::record::{Interval, Record, RecordType, Retention};
use jiff::civil::Date;

/// How long before its day a marking's end or review is told.
const MARKING: Interval = Interval::days(60);

/// How long before its day an opening is told: time enough to say that it must not happen.
const OPENING: Interval = Interval::days(30);

/// How long before its day the end of a retention is told.
const RETENTION: Interval = Interval::days(90);

/// How far ahead the ends of retentions are looked for: every record has one, most of them decades away.
const FORESEEN: Interval = Interval::days(365);

/// The type of holds.
const HOLD: &str = "hold";

/// What a field that takes many says.
type Words = Vec<String>;

impl<'a> Home<'a> {
    /// What is due by the marking, the opening and the last verification of a record.
    pub(super) fn of_marks(&self, piece: Piece<'a>) -> Vec<Held<Entry>> {
        let mut entries = self.of_marking(piece);
        entries.extend(self.of_opening(piece));
        entries.extend(self.of_verification(piece));
        entries.extend(self.of_retention(piece));
        entries
    }

    /// The end of the time for which a record is to be kept, where it is near or past, and no hold lies on the record.
    fn of_retention(&self, piece: Piece<'a>) -> Vec<Held<Entry>> {
        let record = piece.record;
        let Some(Retention::For(term)) = &record.record_type.retention else { return Vec::new() };
        let matter = format!("{}.retention/{}", record.record_type.name, record.name);
        let soon = FORESEEN.after(self.archive.day);
        look(self.sight, piece.asks(&term.from), &matter, |eyes| {
            let end = piece.day(&term.from).map(|from| from.and_then(|from| term.end(from)));
            end.with(self.is_on_hold(record, eyes)).map(|(end, held)| {
                let end = end.filter(|end| !held && *end <= soon);
                end.map(|end| self.marked(piece, Duty::Retention, end, RETENTION)).into_iter().collect()
            })
        })
    }

    /// Whether a hold that was not released lies on a record, as far as those may know who look.
    fn is_on_hold(&self, record: &Record, eyes: &Eyes<'a>) -> Held<bool> {
        let (name, day) = (record.name.to_string(), self.archive.day);
        let dossier = record.name.dossier.to_string();
        let of_register = self.archive.registers.pick(|record| record.record_type.name == HOLD);
        let audiences = &self.archive.settings.audiences;
        let holds = self.of_name(HOLD).chain(of_register.filter(|_| self.root.is_some())).map(|held| {
            let of_hold = held.map(|hold| {
                let piece = Piece::of(hold, audiences);
                let said = piece.said("documents").with(piece.said("covers")).with(piece.said("released_by"));
                said.with(piece.day("released_on"))
            });
            of_hold.flatten()
        });
        let lies = |(((documents, covers), by), on): (((Words, Words), Words), Option<Date>)| {
            let whole = covers.iter().any(|word| word != "records");
            let named = documents.iter().any(|document| {
                let above = if whole { document.split('/').next().unwrap_or_default() } else { document };
                let of_dossier = above == dossier;
                of_dossier || name.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            let released = on.is_some_and(|on| on <= day);
            named && (by.is_empty() || !released)
        };
        eyes.gather(holds).map(|holds| holds.into_iter().any(lies))
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
