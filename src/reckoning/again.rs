//! What comes again after a while: check-ups, visits, the review of a dossier.

use super::due::{Due, Duty, Entry};
use super::home::Home;
use super::piece::Piece;
use super::sight::{Eyes, look};
use crate::access::{Clearance, Held};
use crate::archive::Tier;
use crate::finding::Finding;
use crate::record::{Every, Interval, RecordType, TypeDue};
use jiff::civil::Date;

impl<'a> Home<'a> {
    /// What is due by the rule of a type on how often its records come.
    pub(super) fn of_type(&self, record_type: &'a RecordType) -> Vec<Held<Entry>> {
        let Some(due) = record_type.due.as_ref().filter(|due| due.every.is_some() || due.next.is_some()) else {
            return Vec::new();
        };
        let of_dossiers = record_type.name == "dossier";
        if of_dossiers && self.root.is_none() {
            return Vec::new();
        }
        let by = due.by.as_deref().unwrap_or("date");
        let base = self.type_asks(record_type, by);
        let matter = format!("{}/{}", record_type.name, self.name());
        let of_tier: Option<fn(&Tier) -> Option<Interval>> = match due.every {
            Some(Every::TierReview) => Some(|tier| tier.review),
            Some(Every::TierVisit) => Some(|tier| tier.visit),
            Some(Every::Each(period)) => {
                return look(self.sight, base, &matter, |eyes| self.missing(record_type, due, period, by, eyes));
            }
            Some(Every::After(_)) | None => None,
        };
        let tier = self.tier();
        let base = if of_tier.is_some() { base.and(tier.clearance()) } else { base };
        look(self.sight, base, &matter, |eyes| {
            let interval = match (due.every, of_tier) {
                (Some(Every::After(interval)), _) => eyes.plain(Some(interval)),
                (_, Some(of_tier)) => tier.clone().map(|tier| tier.and_then(of_tier)),
                _ => eyes.plain(None),
            };
            self.next(record_type, due, interval, by, eyes)
        })
    }

    /// The next record after the last one; where there is none yet and the tier asks for one, after the customer's
    /// start.
    fn next(
        &self,
        record_type: &'a RecordType,
        due: &TypeDue,
        interval: Held<Option<Interval>>,
        by: &str,
        eyes: &Eyes<'a>,
    ) -> Held<Vec<Due>> {
        let days = self.of_name(&record_type.name).map(|held| {
            let of_record = |record| {
                let piece = Piece::of(record, &self.archive.settings.audiences);
                let next = due.next.as_ref().map_or_else(|| eyes.plain(None), |next| eyes.or(piece.day(next), None));
                let known = piece.day(by).with(next).with(piece.is_done(&due.unless, eyes));
                known.map(|((day, next), done)| day.filter(|_| !done).map(|day| (day, next)))
            };
            held.map(of_record).flatten()
        });
        let last = eyes.gather(days).map(|days| days.into_iter().flatten().max());
        let first = self.first(record_type, eyes);
        let known = interval.with(last).with(first).with(self.is_over(eyes));
        known.map(|(((interval, last), (required, first)), over)| {
            let own = if by == "verified" { Duty::Review } else { Duty::Next };
            let (duty, day) = match last {
                Some((last, next)) => (own, interval.map(|i| i.after(last)).into_iter().chain(next).min()),
                // Never that of the day: what changes from day to day under a seal tells that something is there.
                None => (Duty::First, interval.filter(|_| required).and_then(|i| Some(i.after(first?)))),
            };
            let Some(day) = day.filter(|_| !over) else { return Vec::new() };
            let day = self.day(due.grace.after(day), due.working);
            let who = self.who(&[], Some(record_type), None);
            vec![Due { who, ..self.due(record_type, duty, day, due.before) }]
        })
    }

    /// Whether a type is to be there, since the dossier's tier requires it, and from when, where anybody knows when the
    /// customer came.
    pub(super) fn first(&self, record_type: &RecordType, eyes: &Eyes<'_>) -> Held<(bool, Option<Date>)> {
        let name = &record_type.name;
        let required =
            self.tier().map(|tier| name == "dossier" || tier.is_some_and(|tier| tier.requires.contains(name)));
        let start = self.start().unwrap_or_else(|| eyes.plain(None));
        eyes.or(required, false).with(eyes.or(start, None))
    }

    /// What knowing of a type's records here asks, there being none included.
    fn type_asks(&self, record_type: &RecordType, by: &str) -> Clearance {
        let audiences = &self.archive.settings.audiences;
        let around = self.root.map_or_else(Clearance::open, |root| root.clearance.clone());
        let field = record_type.field(by).and_then(|field| field.audience.as_ref());
        let said = |said| {
            // What a type's audience lacks is told where a record needs it; here nobody meets it.
            let missing = |name: String| Finding::error(crate::access::UNKNOWN_AUDIENCE, name);
            record_type.clearance(said, audiences, missing, &mut Vec::new())
        };
        let of_field = field.map_or_else(Clearance::open, said);
        match (&record_type.audience, self.root.filter(|root| root.record_type.name == record_type.name)) {
            (_, Some(root)) => root.asks(by, audiences),
            (Some(of_type), None) => around.and(&said(of_type)).and(&of_field),
            // Where each record says its own, knowing of all of them asks for all.
            (None, None) => {
                let records = self.of_name(&record_type.name);
                records.fold(around.and(&of_field), |all, record| all.and(record.clearance()))
            }
        }
    }
}
