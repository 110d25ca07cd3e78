//! When a dossier was last looked after, and whether that is long enough ago for somebody to look again.

use super::seen::Seen;
use crate::access::Held;
use crate::archive::{Archive, Tier};
use crate::dossier::Dossier;
use crate::history::History;
use crate::record::{Interval, Record};
use crate::text::map::parse_day;
use jiff::civil::Date;

/// How somebody looked after a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// A record is about that day, a commit changed one, or somebody wrote down that one still holds.
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
    /// Whole days since the day that counts: of its verification or, where it never was verified, of the last change.
    /// Weekly reports that a machine adds do not make a dossier reviewed.
    pub age: Option<i64>,
    /// How many days the review that its tier asks for is late; none where it is not, or the tier asks for none.
    pub overdue: Option<i64>,
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
    // What is to come is no care yet. It is left out here and not before: that there is something for a group of readers
    // is not to depend on what it says.
    let past = || cares.iter().copied().filter(|(on, _)| *on <= day);
    let verified = past().filter(|(_, care)| *care == Care::Verified).map(|(on, _)| *on).max();
    let tended = past().map(|(on, _)| *on).max();
    let counts = verified.or(tended);
    let late = |last: Date| Some(days(review?.checked_after(last)?, day)).filter(|late| *late > 0);
    Freshness { verified, tended, age: counts.map(|last| days(last, day)), overdue: counts.and_then(late) }
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
    let verified = record.verified.as_ref().and_then(|plate| {
        let day = plate.as_ref().map(|plate| plate.0.iter().find(|(key, _)| key == "on").map(|(_, day)| day.as_str()));
        Some(day.transpose()?.map(parse_day).transpose()?.map(|day| (day, verifying)))
    });
    let recorded = record.date.as_ref().map(|date| date.as_ref().map(|date| (*date, Care::Tended)));
    let changes = history.into_iter().flat_map(|history| {
        history.last_changes(&record.name).iter().filter_map(|held| {
            let day = held.as_ref().map(|number| Some(history.commit(*number)?.authored.zoned()?.date()));
            Some(day.transpose()?.map(|day| (day, Care::Tended)))
        })
    });
    verified.into_iter().chain(recorded).chain(changes).collect()
}
