//! When a dossier was last looked after, and whether that is long enough ago for somebody to look again.

use super::seen::Seen;
use crate::access::Held;
use crate::archive::{Archive, Tier};
use crate::dossier::Dossier;
use crate::history::History;
use crate::record::{Interval, Record};
use jiff::civil::Date;

/// How somebody looked after a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// A commit changed something, or somebody wrote down of a record that it still holds; outside git, a record is about
    /// that day.
    Tended,
    /// Somebody wrote down that the dossier as a whole still holds.
    Verified,
}

/// How fresh a dossier is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// The last day on which it was verified as a whole.
    pub verified: Option<Date>,
    /// The last day on which something in it was looked after.
    pub tended: Option<Date>,
    /// The day that counts: of its verification or, where it never was verified, of the last change. Weekly reports that
    /// a machine adds do not make a dossier reviewed.
    pub counts: Option<Date>,
    /// The day by which the review is due that its tier asks for.
    pub review: Option<Date>,
}

impl Freshness {
    /// How many days ago the day that counts was.
    #[must_use]
    pub fn age(&self, day: Date) -> Option<i64> {
        self.counts.map(|counts| days(counts, day))
    }
}

/// How fresh a dossier is, as each group of readers can tell by what they may read of it.
#[must_use]
pub fn freshness(
    archive: &Archive,
    history: Option<&History>,
    dossier: &Dossier,
    tier: Option<Held<&Tier>>,
) -> Seen<Freshness> {
    let cares = cares(history, dossier);
    let base = dossier.clearance();
    match tier {
        None => Seen::of(base, &cares, |cares| made(archive.day, cares, None)),
        Some(tier) => {
            let review = tier.map(|tier| tier.review);
            let asks = base.and(review.clearance());
            Seen::joined(review.map(|review| Seen::of(&asks, &cares, |cares| made(archive.day, cares, review))))
        }
    }
}

fn made(day: Date, cares: &[&(Date, Care)], review: Option<Interval>) -> Freshness {
    // What is to come is no care yet, but what is sealed must not change from one day to the next: so all of this month
    // counts. It is left out here and not before: that there is something for a group of readers is not to depend on what
    // it says.
    let past = || cares.iter().copied().filter(|(on, _)| *on <= day.last_of_month());
    let verified = past().filter(|(_, care)| *care == Care::Verified).map(|(on, _)| *on).max();
    let tended = past().map(|(on, _)| *on).max();
    let counts = verified.or(tended);
    Freshness { verified, tended, counts, review: counts.and_then(|last| review?.checked_after(last)) }
}

fn days(from: Date, to: Date) -> i64 {
    (to - from).get_days().into()
}

/// Every day on which somebody looked after the dossier.
fn cares(history: Option<&History>, dossier: &Dossier) -> Vec<Held<(Date, Care)>> {
    let records = dossier.records.lay_out(|held| held.map(|record| of_record(history, record, Care::Tended)));
    let root = Held::new(dossier.clearance().clone(), of_record(history, &dossier.root, Care::Verified));
    records.chain([root]).flat_map(|cares| cares.spread().into_iter().map(Held::flatten)).collect()
}

fn of_record(history: Option<&History>, record: &Record, verifying: Care) -> Vec<Held<(Date, Care)>> {
    let verified = record
        .verified
        .as_ref()
        .and_then(|plate| Some(plate.as_ref().map(|plate| plate.day("on")).transpose()?.map(|day| (day, verifying))));
    // Where there is a history, it tells when a record came; else the day that the record is about has to do.
    let dated = record.date.as_ref().filter(|_| history.is_none());
    let recorded = dated.map(|date| date.as_ref().map(|date| (*date, Care::Tended)));
    let changes = history.into_iter().flat_map(|history| {
        history.last_changes(&record.name).iter().filter_map(|held| {
            let day = held.as_ref().map(|number| Some(history.commit(*number)?.authored.zoned()?.date()));
            Some(day.transpose()?.map(|day| (day, Care::Tended)))
        })
    });
    verified.into_iter().chain(recorded).chain(changes).collect()
}
