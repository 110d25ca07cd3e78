//! How much a customer matters to the company: the last decision, what went into it, and whether the tier fits it.

use super::piece::Piece;
use super::seen::Seen;
use super::tier::tier_of;
use crate::access::Held;
use crate::archive::{Archive, Fit, fit};
use crate::dossier::Dossier;
use crate::record::{Field, Record, Value, cell_number};
use jiff::civil::Date;

/// The type whose records say how important a customer is.
pub const IMPORTANCE: &str = "importance";
/// Its field that holds the score.
pub const SCORE: &str = "score";
/// Its field that says when it was decided.
const DECIDED_ON: &str = "decided_on";

/// The last decision on a customer's importance, as one group of readers can tell.
#[derive(Clone, Debug, Default)]
pub struct Importance<'a> {
    /// Whether they may know that there is none.
    pub told: bool,
    /// What the record says, by the names of its fields.
    pub fields: Vec<&'a Field>,
    /// How its score fits the tier of the dossier; none without a score or a tier.
    pub fit: Option<Fit>,
}

impl<'a> Importance<'a> {
    /// A field of the decision.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'a Field> {
        self.fields.iter().copied().find(|field| field.name == name)
    }
}

/// What is known of a dossier.
enum Known<'a> {
    /// That its records are looked for: this asks for what they would ask.
    Looked,
    Tier(usize),
    Scored(&'a Record, Option<Date>),
    Said(&'a Record, &'a Field),
}

/// The last decision on how important the customer of a dossier is, for each group of readers by what they may read. It
/// is by `date`, else by when it was decided.
#[must_use]
pub fn importance<'a>(archive: &'a Archive, held: &Held<&'a Dossier>) -> Seen<Importance<'a>> {
    let audiences = &archive.settings.audiences;
    let tier = tier_of(archive, held);
    let of_dossier = held.clone().map(|dossier| {
        let mut known: Vec<Held<Known<'a>>> = Vec::new();
        if let Some(record_type) = archive.types.get(IMPORTANCE) {
            known.push(Held::new(record_type.asks(Some(SCORE), audiences), Known::Looked));
        }
        known.extend(tier.map(|tier| tier.map(|tier| Known::Tier(tier.place))));
        let records = dossier.records.pick(|record| record.record_type.name == IMPORTANCE);
        known.extend(records.flat_map(|held| {
            let of_record = held.map(|record| of_record(Piece::of(record, audiences)));
            of_record.spread().into_iter().map(Held::flatten)
        }));
        let known: Vec<Held<Known<'a>>> = known.into_iter().map(|one| one.narrowed(dossier.clearance())).collect();
        Seen::of(dossier.clearance(), &known, |known| last(archive, known))
    });
    Seen::joined(of_dossier)
}

/// A record's score with its day, which go together, and each of its fields.
fn of_record(piece: Piece<'_>) -> Vec<Held<Known<'_>>> {
    let record = piece.record;
    let decided = piece.day("date").with(piece.day(DECIDED_ON)).map(|(date, decided)| date.or(decided));
    let scored = decided.with(Held::new(piece.asks(SCORE), ())).map(|(day, ())| Known::Scored(record, day));
    let fields = record.fields.lay_out(|said| said.map(|said| Known::Said(record, said)));
    std::iter::once(scored).chain(fields).collect()
}

fn last<'a>(archive: &Archive, known: &[&Known<'a>]) -> Importance<'a> {
    let scored = known.iter().filter_map(|known| match known {
        Known::Scored(record, day) => Some((*day, *record)),
        _ => None,
    });
    let told = known.iter().any(|known| matches!(known, Known::Looked));
    let Some((_, record)) = scored.max_by_key(|(day, _)| *day) else {
        return Importance { told, ..Importance::default() };
    };
    let fields = known.iter().filter_map(|known| match known {
        Known::Said(of, field) if of.name == record.name => Some(*field),
        _ => None,
    });
    let fields: Vec<&Field> = fields.collect();
    let tier = known.iter().find_map(|known| if let Known::Tier(place) = known { Some(*place) } else { None });
    let score = fields.iter().find(|field| field.name == SCORE).and_then(|field| score(&field.value));
    let fit = tier.zip(score).map(|(place, score)| fit(&archive.settings.tiers, place, score));
    Importance { told, fields, fit }
}

/// The number that a score is.
#[must_use]
pub fn score(value: &Value) -> Option<f64> {
    match value {
        Value::Number { text, .. } | Value::Percent(text) => cell_number(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{SETTINGS, archive_beside};
    use super::*;
    use crate::access::Clearance;

    /// What those see first who hold a clearance: the score, the share, and how it fits.
    fn seen(files: &[(&str, &str)], holds: &[&str]) -> (String, String, Option<Fit>) {
        let settings = SETTINGS.replace("review: 90d}", "review: 90d, importance: 75}\n  iron: {title: I}");
        let archive = archive_beside(files, &[("strongroom.yaml", &settings)]);
        let holds = holds.iter().fold(Clearance::open(), |all, name| all.and(&Clearance::any_of([*name])));
        let dossier = archive.dossiers.lay_out(|held| held).next().unwrap();
        let importance = importance(&archive, &dossier);
        let first = importance.lay_out(|account| account).find_map(|account| account.within(&holds).copied()).unwrap();
        let said = |name| first.field(name).map(|field| field.value.plain("en")).unwrap_or_default();
        (said("score"), said("revenue_share"), first.fit)
    }

    #[test]
    fn the_last_decision_is_told_with_its_inputs_to_those_who_may_read_them() {
        let files = [
            ("importance/a.yaml", "date: 2026-11-10\nscore: 71\nrevenue_share: 12%\n"),
            ("importance/b.yaml", "decided_on: 2025-11-10\nscore: 90\n"),
        ];
        assert_eq!(seen(&files, &[]), (String::new(), String::new(), None));
        assert_eq!(seen(&files, &["sales"]), ("71".into(), String::new(), Some(Fit::Below)));
        assert_eq!(seen(&files, &["management"]), ("71".into(), "12%".into(), Some(Fit::Below)));
    }

    #[test]
    fn a_decision_that_others_may_not_read_leaves_them_the_one_before() {
        let files = [
            ("importance/a.yaml", "date: 2026-11-10\nscore: 71\naudience: management\n"),
            ("importance/b.yaml", "date: 2025-11-10\nscore: 90\n"),
        ];
        assert_eq!(seen(&files, &["sales"]).0, "90");
        assert_eq!(seen(&files, &["management"]).0, "71");
    }

    #[test]
    fn a_tier_that_is_restricted_is_held_against_the_score_for_those_who_know_it() {
        let root = "name: One\ntier: iron\nindustry: x\naccount_manager: y\naudience: staff\nrestrict: {tier: legal}\n";
        let files = [("dossier.yaml", root), ("importance/a.yaml", "date: 2026-11-10\nscore: 80\n")];
        assert_eq!(seen(&files, &["sales"]).2, None);
        assert_eq!(seen(&files, &["sales", "legal"]).2, Some(Fit::Above(0)));
    }
}
