//! A dossier's tier against the score of its customer's importance, and against what was decided with it.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::{day_of, field, word};
use super::notice::Notice;
use crate::archive::{Fit, fit};
use crate::finding::{Code, Finding, quote};
use crate::reckoning::{IMPORTANCE, SCORE, score};
use crate::record::Record;

/// A tier that does not fit the last score of importance, or is another than was decided with it.
pub const TIER_AGAINST_IMPORTANCE: Notice = Notice::warning(Code("tier-against-importance"));

/// Looks at tiers.
pub(super) const CHECK: Check = Check { notices: &[TIER_AGAINST_IMPORTANCE], find };

fn find(case: &Case<'_>) -> Vec<Finding> {
    case.dossiers.iter().filter(|open| !open.is_lost()).filter_map(|open| of_dossier(case, open)).collect()
}

fn of_dossier(case: &Case<'_>, open: &OpenDossier<'_>) -> Option<Finding> {
    let tiers = &case.archive.settings.tiers;
    let own = word(open.root(), "tier")?;
    let place = tiers.iter().position(|(name, _)| name == own)?;
    let decided = |record: &&Record| day_of(record, "date").or_else(|| day_of(record, "decided_on"));
    let last = open.of_type(IMPORTANCE).max_by_key(decided)?;
    let points = field(last, SCORE).and_then(|field| score(&field.value));
    let named = word(last, "tier").and_then(|said| {
        tiers.iter().find(|(name, tier)| name == said || tier.title.texts().any(|title| title == said))
    });
    let (message, related) = match (named, points) {
        (Some((name, _)), _) if name != own => {
            let message =
                format!("this customer's tier is {}, and the last decision was for {}", quote(own), quote(name));
            (message, "tier")
        }
        (_, Some(points)) => match fit(tiers, place, points) {
            Fit::Fits => return None,
            Fit::Below => {
                (format!("the last score of importance, {points}, is lower than the tier {} asks", quote(own)), SCORE)
            }
            Fit::Above(above) => {
                let (above, _) = tiers.get(above)?;
                let message =
                    format!("the last score of importance, {points}, is enough for the tier {}", quote(above));
                (message, SCORE)
            }
        },
        _ => return None,
    };
    let remedy = "correct `tier`, or decide the importance anew; which score is whose stands in the settings' `tiers`";
    let finding = TIER_AGAINST_IMPORTANCE.at(case.at_field(open.root(), "tier"), message, remedy);
    Some(finding.related(case.at_field(last, related), "the decision"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const IMPORTANCE: &str = "customers/yunxi/importance/2026.yaml";

    fn scored(decision: &str) -> Shelves {
        let mut shelves = Shelves::new();
        shelves.change("strongroom.yaml", "gold: {title: 金牌}", "gold: {title: 金牌, importance: 75}");
        shelves.put(IMPORTANCE, decision);
        shelves
    }

    #[test]
    fn a_tier_whose_score_is_not_reached_is_found() {
        let found = scored("date: 2026-11-10\nscore: 74\n").places();
        assert_eq!(found, ["tier-against-importance customers/yunxi/dossier.yaml:4:7"]);
        assert!(scored("date: 2026-11-10\nscore: 75\n").codes().is_empty());
    }

    #[test]
    fn a_score_that_is_enough_for_the_tier_above_is_found() {
        let mut shelves = scored("date: 2026-11-10\nscore: 75\n");
        shelves.change("customers/yunxi/dossier.yaml", "tier: gold", "tier: silver");
        assert_eq!(shelves.codes(), ["tier-against-importance"]);
        shelves.change(IMPORTANCE, "score: 75", "score: 74");
        assert!(shelves.codes().is_empty());
    }

    #[test]
    fn the_last_decision_counts_and_none_where_the_settings_name_no_score() {
        let mut shelves = scored("date: 2025-11-10\nscore: 40\n");
        shelves.put("customers/yunxi/importance/new.yaml", "decided_on: 2026-11-10\nscore: 90\n");
        assert!(shelves.codes().is_empty());
        shelves.change("customers/yunxi/importance/new.yaml", "2026", "2024");
        assert_eq!(shelves.codes(), ["tier-against-importance"]);
        shelves.change("strongroom.yaml", ", importance: 75", "");
        assert!(shelves.codes().is_empty());
    }

    #[test]
    fn a_tier_that_was_decided_and_not_written_down_is_found_by_name_and_by_title() {
        for decided in ["silver", "银牌"] {
            let mut shelves = scored(&format!("date: 2026-11-10\nscore: 80\ntier: {decided}\n"));
            assert_eq!(shelves.codes(), ["tier-against-importance"]);
            shelves.change("customers/yunxi/dossier.yaml", "tier: gold", "tier: silver");
            // Now it is as decided, and the score says otherwise.
            assert_eq!(shelves.codes(), ["tier-against-importance"]);
            shelves.change(IMPORTANCE, "score: 80", "score: 60");
            assert!(shelves.codes().is_empty());
        }
    }

    #[test]
    fn a_customer_who_left_needs_no_other_tier() {
        let mut shelves = scored("date: 2026-11-10\nscore: 40\n");
        shelves.change("customers/yunxi/dossier.yaml", "tier: gold", "tier: gold\nstatus: lost");
        assert!(shelves.codes().is_empty());
    }
}
