//! Dossiers that lack what their tier requires again and again, and do not say since when: of these nothing is ever due.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::{lacks, word};
use super::notice::Notice;
use crate::finding::{Code, Finding, quote};

/// A dossier without the day from which what its tier requires, and never was there, is due.
pub const START_MISSING: Notice = Notice::warning(Code("start-missing"));

/// Looks at starts.
pub(super) const CHECK: Check = Check { notices: &[START_MISSING], find };

fn find(case: &Case<'_>) -> Vec<Finding> {
    case.dossiers.iter().filter(|open| !open.is_lost()).filter_map(|open| of_dossier(case, open)).collect()
}

fn of_dossier(case: &Case<'_>, open: &OpenDossier<'_>) -> Option<Finding> {
    let from = open.root().record_type.due.as_ref()?.from.as_deref()?;
    if !lacks(open.root(), from) {
        return None;
    }
    let tier = case.archive.settings.tier(word(open.root(), "tier")?)?;
    let comes_again = |name: &&String| {
        let due = case.archive.types.get(name).and_then(|record_type| record_type.due.as_ref());
        due.is_some_and(|due| due.every.is_some()) && open.of_type(name).next().is_none()
    };
    let never: Vec<String> = tier.requires.iter().filter(comes_again).map(|name| quote(name)).collect();
    (!never.is_empty()).then(|| {
        let message = format!(
            "the tier requires {}, of which there is none here; without `{from}` none will ever be due",
            never.join(", ")
        );
        let remedy =
            format!("add `{from}:` with the day from which the customer counts, or file what is there already");
        START_MISSING.at(case.at_record(open.root()), message, remedy)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const DOSSIER: &str = "customers/yunxi/dossier.yaml";

    fn required(what: &str) -> Shelves {
        let mut shelves = Shelves::new();
        shelves.change("strongroom.yaml", "gold: {title: 金牌}", &format!("gold: {{title: 金牌, requires: {what}}}"));
        shelves
    }

    #[test]
    fn what_is_required_again_and_again_and_never_was_there_has_a_day_to_count_from() {
        let mut shelves = required("health");
        assert_eq!(shelves.places(), [format!("start-missing {DOSSIER}:1:1")]);
        shelves.change(DOSSIER, "tier: gold", "tier: gold\nsince: 2026-01-01");
        assert!(shelves.codes().is_empty());
    }

    #[test]
    fn what_is_there_once_or_comes_once_needs_none() {
        let mut shelves = required("health");
        shelves.put("customers/yunxi/health/a.yaml", "date: 2026-10-01\nstate: green\nabstract: a\n");
        assert!(shelves.codes().is_empty());
        assert!(required("licence").codes().is_empty(), "a licence does not come again");
        assert!(required("dossier.since").codes().is_empty(), "completeness tells of a field");
    }

    #[test]
    fn a_tier_that_requires_nothing_and_a_customer_who_left_need_none() {
        let mut shelves = required("health");
        shelves.change(DOSSIER, "tier: gold", "tier: silver");
        assert!(shelves.codes().is_empty());
        shelves.change(DOSSIER, "tier: silver", "tier: gold\nstatus: lost");
        assert!(shelves.codes().is_empty());
    }
}
