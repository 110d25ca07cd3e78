//! Tiers: what a customer of each value class asks of its dossier, and from which score on a customer is of it.

use super::settings::BROKEN_SETTINGS;
use crate::finding::{Finding, quote};
use crate::record::Interval;
use crate::text::map::{WRONG_SHAPE, known_entries, one_or_many, scalar};
use crate::text::yaml::Node;
use crate::text::{Phrase, Source};

/// The keys of a tier.
const KEYS: [&str; 5] = ["title", "requires", "importance", "review", "visit"];

/// A customer's value class.
#[derive(Clone, Debug)]
pub struct Tier {
    /// What pages call it.
    pub title: Phrase,
    /// What a dossier of this tier must hold: record types, or fields of them as `dossier.technical_manager`.
    pub requires: Vec<String>,
    /// The score of importance from which on a customer is of this tier.
    pub importance: Option<f64>,
    /// How often it is reviewed.
    pub review: Option<Interval>,
    /// How often the customer is visited.
    pub visit: Option<Interval>,
}

/// How a score of importance fits a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The settings say nothing of scores that would speak against the tier.
    Fits,
    /// The score is lower than the tier asks.
    Below,
    /// The score is enough for a tier above, the one at this place.
    Above(usize),
}

/// How a score fits the tier at a place among the others, of which the first is the most valuable. Of tiers that name no
/// score nothing is known.
#[must_use]
pub fn fit(tiers: &[(String, Tier)], place: usize, score: f64) -> Fit {
    let asked = |(_, tier): &(String, Tier)| tier.importance;
    if tiers.get(place).and_then(asked).is_some_and(|asked| score < asked) {
        return Fit::Below;
    }
    let above = tiers.iter().take(place).position(|tier| asked(tier).is_some_and(|asked| score >= asked));
    above.map_or(Fit::Fits, Fit::Above)
}

pub(super) fn read_tiers(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Vec<(String, Tier)> {
    let Some(entries) = node.entries() else {
        findings.push(source.error(
            WRONG_SHAPE,
            node.range.clone(),
            "`tiers` must be a map of names",
            "write `gold: {title: …}` lines",
        ));
        return Vec::new();
    };
    let mut tiers: Vec<(String, Tier)> = Vec::new();
    for entry in entries {
        let title = Phrase::one(&*entry.key);
        let mut tier = Tier { title, requires: Vec::new(), importance: None, review: None, visit: None };
        for key in known_entries(source, &entry.value, "a tier", &KEYS, findings) {
            match key.key.as_str() {
                "title" => tier.title = Phrase::read(source, &key.value, findings).unwrap_or_default(),
                "requires" => {
                    for node in one_or_many(source, &key.value, "`requires`", findings) {
                        tier.requires.extend(scalar(source, node, "a type", findings).map(str::to_owned));
                    }
                }
                "importance" => tier.importance = read_score(source, &key.value, &tiers, findings),
                "review" => tier.review = Interval::read(source, &key.value, "`review`", findings),
                _ => tier.visit = Interval::read(source, &key.value, "`visit`", findings),
            }
        }
        tiers.push((entry.key.clone(), tier));
    }
    tiers
}

/// The score from which on a customer is of a tier: lower than that of every tier before it.
fn read_score(source: &Source, node: &Node, before: &[(String, Tier)], findings: &mut Vec<Finding>) -> Option<f64> {
    let text = scalar(source, node, "`importance`", findings)?;
    let mut wrong = |message: String, remedy: &str| {
        findings.push(source.error(BROKEN_SETTINGS, node.range.clone(), message, remedy));
        None
    };
    let Some(score) = text.trim().parse::<f64>().ok().filter(|score| score.is_finite()) else {
        return wrong(
            format!("{} is no score", quote(text)),
            "write the lowest score of the tier, as `importance: 75`",
        );
    };
    match before.iter().rev().find(|(_, tier)| tier.importance.is_some_and(|higher| higher <= score)) {
        Some((name, _)) => wrong(
            format!("the score {text} is not lower than that of the tier {}, which is above", quote(name)),
            "put the most valuable tier first, and let each one after it ask for less",
        ),
        None => Some(score),
    }
}

#[cfg(test)]
mod tests {
    use super::super::settings::Settings;
    use super::*;

    fn read(tiers: &str) -> (Settings, Vec<Finding>) {
        let mut findings = Vec::new();
        let source = Source::decode("strongroom.yaml", format!("tiers:\n{tiers}").as_bytes()).unwrap();
        (Settings::read(&source, &mut findings), findings)
    }

    #[test]
    fn a_score_fits_the_highest_tier_that_it_is_enough_for() {
        let (settings, findings) = read("  a: {importance: 75}\n  b: {}\n  c: {importance: 49.5}\n  d: {}\n");
        assert!(findings.is_empty(), "{findings:#?}");
        let fits = |place, score| fit(&settings.tiers, place, score);
        assert_eq!((fits(0, 75.0), fits(0, 74.9)), (Fit::Fits, Fit::Below));
        assert_eq!((fits(2, 49.5), fits(2, 49.0), fits(2, 80.0)), (Fit::Fits, Fit::Below, Fit::Above(0)));
        assert_eq!((fits(1, 10.0), fits(1, 75.0)), (Fit::Fits, Fit::Above(0)), "it names no score of its own");
        assert_eq!((fits(3, 10.0), fits(3, 60.0)), (Fit::Fits, Fit::Above(2)));
    }

    #[test]
    fn a_score_that_is_none_or_not_lower_than_the_one_before_is_an_error_at_its_place() {
        for tiers in ["  a: {importance: high}\n", "  a: {importance: 50}\n  b: {}\n  c: {importance: 50}\n"] {
            let (settings, findings) = read(tiers);
            assert_eq!(findings.len(), 1, "{tiers}");
            assert_eq!(findings[0].code, BROKEN_SETTINGS);
            assert!(settings.tiers.last().unwrap().1.importance.is_none());
        }
    }
}
