//! How satisfied a customer is: what was measured, one time after the other, and what was weakest the last time.

use super::piece::Piece;
use super::seen::Seen;
use super::trend::period;
use crate::access::Held;
use crate::archive::Archive;
use crate::dossier::Dossier;
use crate::record::{Field, Record, Value, cell_number};

/// The type whose records say how satisfied a customer was.
pub const SATISFACTION: &str = "satisfaction";
/// Its field that holds the score.
const SCORE: &str = "score";
/// Its field that says how much could be reached.
const SCALE: &str = "scale";
/// Its field that says what the customer liked least.
const WEAKEST: &str = "weakest";

/// One measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// When, as files write it.
    pub when: String,
    /// The score as it was written, with how much could be reached where that was said.
    pub said: String,
    /// The score in hundredths of what could be reached; as it was written where that was not said.
    pub share: f64,
}

/// How satisfied a customer is, as one group of readers can tell.
#[derive(Clone, Debug, Default)]
pub struct Satisfaction<'a> {
    /// What was measured, the oldest first.
    pub course: Vec<Measure>,
    /// What was weakest the last time.
    pub weakest: Option<&'a Field>,
}

impl Satisfaction<'_> {
    /// The last measurement.
    #[must_use]
    pub fn last(&self) -> Option<&Measure> {
        self.course.last()
    }

    /// How much more or less it is than the one before.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        match self.course.as_slice() {
            [.., before, last] => Some(last.share - before.share),
            _ => None,
        }
    }
}

/// What is known of a dossier.
enum Known<'a> {
    Measured(&'a Record, Option<Measure>),
    Weakest(&'a Record, &'a Field),
}

/// How satisfied the customer of a dossier is, for each group of readers by what they may read.
#[must_use]
pub fn satisfaction<'a>(archive: &'a Archive, held: &Held<&'a Dossier>) -> Seen<Satisfaction<'a>> {
    let of_dossier = held.clone().map(|dossier| {
        let records = dossier.records.pick(|record| record.record_type.name == SATISFACTION);
        let known = records.flat_map(|held| {
            let of_record = held.map(|record| of_record(archive, record));
            of_record.spread().into_iter().map(Held::flatten)
        });
        let known: Vec<Held<Known<'a>>> = known.map(|one| one.narrowed(dossier.clearance())).collect();
        Seen::of(dossier.clearance(), &known, |known| course(known))
    });
    Seen::joined(of_dossier)
}

/// A record's score with its day and its scale, which go together, and what was weakest.
fn of_record<'a>(archive: &'a Archive, record: &'a Record) -> Vec<Held<Known<'a>>> {
    let piece = Piece::of(record, &archive.settings.audiences);
    let of_field = |name: &str| match record.field(name) {
        Some(held) => held.map(|field| number(&field.value)),
        None => Held::new(piece.asks(name), None),
    };
    let when = match &record.date {
        Some(date) => date.as_ref().map(|date| Some(date.to_string())),
        None => period(archive, record),
    };
    let measured = when.with(of_field(SCORE)).with(of_field(SCALE)).map(|((when, score), scale)| {
        let measure = when.zip(score).map(|(when, (score, said))| match scale.filter(|(scale, _)| *scale > 0.0) {
            Some((scale, of)) => Measure { when, said: format!("{said}/{of}"), share: score / scale * 100.0 },
            None => Measure { when, said, share: score },
        });
        Known::Measured(record, measure)
    });
    let weakest = record.field(WEAKEST).map(|held| held.map(|field| Known::Weakest(record, field)));
    std::iter::once(measured).chain(weakest).collect()
}

fn number(value: &Value) -> Option<(f64, String)> {
    match value {
        Value::Number { text, .. } | Value::Percent(text) => Some((cell_number(text)?, text.clone())),
        _ => None,
    }
}

fn course<'a>(known: &[&Known<'a>]) -> Satisfaction<'a> {
    let measured = known.iter().filter_map(|known| match known {
        Known::Measured(record, Some(measure)) => Some((*record, measure)),
        _ => None,
    });
    let mut measured: Vec<(&Record, &Measure)> = measured.collect();
    measured.sort_by(|one, other| one.1.when.cmp(&other.1.when));
    let last = measured.last().map(|(record, _)| &record.name);
    let weakest = known.iter().find_map(|known| match known {
        Known::Weakest(of, field) if Some(&of.name) == last => Some(*field),
        _ => None,
    });
    Satisfaction { course: measured.into_iter().map(|(_, measure)| measure.clone()).collect(), weakest }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::archive_beside;
    use super::*;
    use crate::access::Clearance;

    /// What those see first who hold a clearance: the scores, the last change, and what was weakest.
    fn seen(files: &[(&str, &str)], holds: &[&str]) -> (Vec<String>, Option<f64>, String) {
        let archive = archive_beside(files, &[]);
        let holds = holds.iter().fold(Clearance::open(), |all, name| all.and(&Clearance::any_of([*name])));
        let dossier = archive.dossiers.lay_out(|held| held).next().unwrap();
        let satisfaction = satisfaction(&archive, &dossier);
        let mut accounts = satisfaction.lay_out(|account| account);
        let first = accounts.find_map(|account| account.within(&holds).map(|account| (*account).clone())).unwrap();
        let said = first.course.iter().map(|measure| measure.said.clone()).collect();
        (said, first.change(), first.weakest.map(|field| field.value.plain("en")).unwrap_or_default())
    }

    #[test]
    fn scores_are_told_in_the_order_of_their_days_and_by_what_could_be_reached() {
        let files = [
            ("satisfaction/b.yaml", "date: 2026-06-01\nscore: 8\nscale: 10\nweakest: bills\n"),
            ("satisfaction/a.yaml", "date: 2025-06-01\nscore: 90\nweakest: visits\n"),
        ];
        assert_eq!(seen(&files, &[]), (vec!["90".into(), "8/10".into()], Some(-10.0), "bills".into()));
    }

    #[test]
    fn a_measurement_that_others_may_not_read_leaves_them_the_one_before() {
        let files = [
            ("satisfaction/b.yaml", "date: 2026-06-01\nscore: 70\naudience: legal\nweakest: bills\n"),
            ("satisfaction/a.yaml", "date: 2025-06-01\nscore: 90\nweakest: visits\nrestrict: {weakest: sales}\n"),
        ];
        assert_eq!(seen(&files, &[]), (vec!["90".into()], None, String::new()));
        assert_eq!(seen(&files, &["sales"]), (vec!["90".into()], None, "visits".into()));
        assert_eq!(seen(&files, &["legal"]), (vec!["90".into(), "70".into()], Some(-20.0), "bills".into()));
    }

    #[test]
    fn a_sealed_scale_takes_the_score_with_it() {
        let files = [("satisfaction/a.yaml", "date: 2025-06-01\nscore: 4\nscale: 5\nrestrict: {scale: sales}\n")];
        assert_eq!(seen(&files, &[]).0, [""; 0]);
        assert_eq!(seen(&files, &["sales"]).0, ["4/5"]);
    }
}
