//! How credit stood over time: at the end of each month of the last two years, and today.

use super::credit::{Exposure, Limit};
use crate::dossier::Dossier;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// So many months are shown before this one.
const MONTHS: i32 = 24;

/// How credit stands in one currency.
#[derive(Clone, Debug)]
pub struct CreditCourse {
    /// The currency.
    pub currency: String,
    /// The days that are looked at, the earliest first; the last of them is today.
    pub course: Vec<Moment>,
}

/// How it stood on one day. Amounts are in ten-thousandths of the currency's unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Date,
    /// The one limit that counted; none where there was none, or more than one.
    pub limit: Option<i128>,
    /// What counted against it of each member, in the order of the members.
    pub of_members: Vec<i128>,
    /// What counted against it as the limit's record says it, where no exposures are recorded.
    pub said: Option<i128>,
}

impl Moment {
    /// All that counts against the limit.
    #[must_use]
    pub fn exposure(&self) -> i128 {
        self.said.unwrap_or_else(|| self.of_members.iter().fold(0, |sum, one| sum.saturating_add(*one)))
    }

    /// What is left of the limit; less than nothing where it is exceeded.
    #[must_use]
    pub fn headroom(&self) -> Option<i128> {
        Some(self.limit?.saturating_sub(self.exposure()))
    }
}

impl CreditCourse {
    /// How it stands today.
    #[must_use]
    pub fn today(&self) -> Option<&Moment> {
        self.course.last()
    }

    /// By how much it was over on one of the days: by all of it where no one limit counted then. Whoever may read no
    /// limit at all is not told that there was none.
    #[must_use]
    pub fn over(&self, moment: &Moment) -> Option<i128> {
        let limit = match moment.limit {
            Some(limit) => limit,
            None => self.course.iter().any(|moment| moment.limit.is_some()).then_some(0)?,
        };
        Some(moment.exposure().saturating_sub(limit)).filter(|over| *over > 0)
    }
}

/// How credit stands in each currency in which there is a limit or something that counts against one.
pub(super) fn standings(
    limits: &[Limit<'_>],
    members: &[&Dossier],
    exposures: &[&Exposure<'_>],
    today: Date,
) -> Vec<CreditCourse> {
    let of_limits = limits.iter().map(|limit| limit.amount.currency);
    let of_exposures = exposures.iter().map(|exposure| exposure.amount.currency);
    let currencies: BTreeSet<&str> = of_limits.chain(of_exposures).collect();
    let standing = |currency: &str| {
        let limits: Vec<&Limit<'_>> = limits.iter().filter(|limit| limit.amount.currency == currency).collect();
        let exposures: Vec<&Exposure<'_>> =
            exposures.iter().copied().filter(|exposure| exposure.amount.currency == currency).collect();
        let moment = |day: Date| moment(day, &limits, members, &exposures);
        let mut course: Vec<Moment> = month_ends(today).into_iter().map(moment).collect();
        let begun = |moment: &Moment| moment.limit.is_some() || moment.exposure() != 0;
        let first = course.iter().position(begun).unwrap_or(course.len());
        course.drain(..first);
        let mut now = moment(today);
        if exposures.is_empty() {
            let said = limits.iter().filter(|limit| limit.counts(today)).filter_map(|limit| limit.used);
            let said = said.filter(|used| used.currency == currency).map(|used| used.amount);
            now.said = said.reduce(i128::saturating_add);
        }
        course.push(now);
        CreditCourse { currency: currency.to_owned(), course }
    };
    currencies.into_iter().map(standing).collect()
}

fn moment(day: Date, limits: &[&Limit<'_>], members: &[&Dossier], exposures: &[&Exposure<'_>]) -> Moment {
    let counting: Vec<&&Limit<'_>> = limits.iter().filter(|limit| limit.counts(day)).collect();
    let limit = match counting.as_slice() {
        [one] => Some(one.amount.amount),
        _ => None,
    };
    let stands = |exposure: &&&Exposure<'_>| exposure.from <= day && exposure.settled.is_none_or(|on| on > day);
    let of_member = |member: &&Dossier| {
        let own = exposures.iter().filter(stands).filter(|exposure| exposure.dossier == member.name.as_ref());
        own.fold(0_i128, |sum, exposure| sum.saturating_add(exposure.amount.amount))
    };
    Moment { day, limit, of_members: members.iter().map(of_member).collect(), said: None }
}

/// The last day of each month before this one, the earliest first.
fn month_ends(today: Date) -> Vec<Date> {
    let this = today.first_of_month();
    (1..=MONTHS).rev().map(|back| this.saturating_sub((back - 1).months()).saturating_sub(1.day())).collect()
}
