//! How long faults took to repair, month by month, and how many of them had been there before.

use super::piece::Piece;
use super::seen::Seen;
use crate::access::{Clearance, Held};
use crate::archive::Archive;
use crate::record::{Record, RecordName, Value, hours};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The type whose records are faults.
pub const FAULT: &str = "fault";
/// Another fault of the same circuit within so many days is the same one come back.
pub const AGAIN_WITHIN: i32 = 90;
/// So many months are set against as many before them.
pub const STRETCH: i32 = 6;

/// What a group of readers can tell of repairs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Repairs<'a> {
    /// Every month from that of the first fault to that of the last.
    pub months: Vec<Month>,
    /// The last months together, and as many before them, where there were faults in both.
    pub lately: Option<(Month, Month)>,
    /// Faults that had been there before, the last first.
    pub repeated: Vec<(Date, &'a RecordName)>,
}

/// The faults of a month, or of several.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Month {
    /// The month, as files write it.
    pub name: String,
    /// How many faults there were.
    pub faults: usize,
    /// The hours that half of those took at the most whose time is known.
    pub median: Option<f64>,
    /// The hours of the longest.
    pub longest: Option<f64>,
    /// How many had been there before.
    pub repeated: usize,
}

/// A fault, as far as one group of readers knows it.
#[derive(Clone)]
struct Fault<'a> {
    record: &'a Record,
    day: Date,
    hours: Option<f64>,
    circuit: Option<String>,
    repeats: bool,
}

/// What is known of one fault.
enum Known<'a> {
    On(&'a Record, Date),
    Took(&'a Record, f64),
    Of(&'a Record, String),
    Repeats(&'a Record),
}

/// How long faults took, for each group of readers by what they may read of them. The months are those of the faults, so
/// that nothing changes from one month to the next while nobody changes the archive.
#[must_use]
pub fn repairs(archive: &Archive) -> Seen<Repairs<'_>> {
    let mut known: Vec<Held<Known<'_>>> = Vec::new();
    for dossier in archive.dossiers.lay_out(|held| held) {
        let of_dossier = dossier.map(|dossier| {
            let records = dossier.records.pick(|record| record.record_type.name == FAULT);
            let of_record = |record| of_record(Piece::of(record, &archive.settings.audiences));
            let pieces = records.flat_map(|held| held.map(of_record).spread().into_iter().map(Held::flatten));
            pieces.collect::<Vec<_>>()
        });
        known.extend(of_dossier.spread().into_iter().map(Held::flatten));
    }
    Seen::of(&Clearance::open(), &known, |known| told(known))
}

fn of_record(piece: Piece<'_>) -> Vec<Held<Known<'_>>> {
    let record = piece.record;
    let took = piece.field("duration").map(|field| {
        field.map(|field| match &field.value {
            Value::Duration(text) => hours(text),
            _ => None,
        })
    });
    let named = |name: &str| {
        let field = piece.field(name)?;
        let named = field.map(|field| match &field.value {
            Value::Reference(name) => Some(name.clone()),
            _ => None,
        });
        named.transpose()
    };
    let day = piece.day("date").transpose().map(|day| day.map(|day| Known::On(record, day)));
    let took = took.and_then(Held::transpose).map(|took| took.map(|hours| Known::Took(record, hours)));
    let circuit = named("circuit").map(|circuit| circuit.map(|circuit| Known::Of(record, circuit)));
    let repeats = named("repeats").map(|repeats| repeats.map(|_| Known::Repeats(record)));
    [day, took, circuit, repeats].into_iter().flatten().collect()
}

fn told<'a>(known: &[&Known<'a>]) -> Repairs<'a> {
    let mut faults: BTreeMap<&RecordName, Fault<'a>> = BTreeMap::new();
    for known in known {
        if let Known::On(record, day) = known {
            let fault = Fault { record, day: *day, hours: None, circuit: None, repeats: false };
            faults.insert(&record.name, fault);
        }
    }
    for known in known {
        match known {
            Known::On(..) => {}
            Known::Took(record, hours) => {
                faults.entry(&record.name).and_modify(|fault| fault.hours = Some(*hours));
            }
            Known::Of(record, circuit) => {
                faults.entry(&record.name).and_modify(|fault| fault.circuit = Some(circuit.clone()));
            }
            Known::Repeats(record) => {
                faults.entry(&record.name).and_modify(|fault| fault.repeats = true);
            }
        }
    }
    let mut faults: Vec<Fault<'a>> = faults.into_values().collect();
    faults.sort_by(|one, other| (one.day, &one.record.name).cmp(&(other.day, &other.record.name)));
    let again: Vec<bool> = (0..faults.len()).map(|n| was_there(&faults, n)).collect();
    of_faults(&faults, &again)
}

/// Whether a fault says that it is another one come back, or the same circuit had one shortly before.
fn was_there(faults: &[Fault<'_>], n: usize) -> bool {
    let Some(fault) = faults.get(n) else { return false };
    let since = fault.day.saturating_sub(AGAIN_WITHIN.days());
    let same = |earlier: &Fault<'_>| earlier.circuit == fault.circuit && earlier.day >= since;
    let before = faults.iter().take(n);
    fault.repeats || (fault.circuit.is_some() && before.into_iter().any(same))
}

fn of_faults<'a>(faults: &[Fault<'a>], again: &[bool]) -> Repairs<'a> {
    let (Some(first), Some(last)) = (faults.first(), faults.last()) else { return Repairs::default() };
    let within = |name: String, from: Date, until: Date| {
        let there = faults.iter().zip(again).filter(|(fault, _)| from <= fault.day && fault.day < until);
        let mut month = Month { name, ..Month::default() };
        let mut took: Vec<f64> = Vec::new();
        for (fault, again) in there {
            month.faults += 1;
            month.repeated += usize::from(*again);
            took.extend(fault.hours);
        }
        took.sort_by(f64::total_cmp);
        month.median = took.get(took.len().saturating_sub(1) / 2).copied();
        month.longest = took.last().copied();
        month
    };
    let mut months = Vec::new();
    let mut from = first.day.first_of_month();
    let end = last.day.first_of_month().saturating_add(1.month());
    while from < end {
        let until = from.saturating_add(1.month());
        months.push(within(from.strftime("%Y-%m").to_string(), from, until));
        if until <= from {
            break;
        }
        from = until;
    }
    let middle = end.saturating_sub(STRETCH.months());
    let (now, before) =
        (within(String::new(), middle, end), within(String::new(), middle.saturating_sub(STRETCH.months()), middle));
    let both = now.median.is_some() && before.median.is_some();
    let repeated = faults.iter().zip(again).rev().filter(|(_, again)| **again);
    Repairs {
        months,
        lately: both.then_some((now, before)),
        repeated: repeated.map(|(fault, _)| (fault.day, &fault.record.name)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::archive_of;
    use super::*;

    fn fault(day: &str, more: &str) -> String {
        format!("number: n\nsymptom: s\ndate: {day}\n{more}")
    }

    /// What those see who hold a clearance, of a dossier with a circuit and these faults.
    fn seen<U>(faults: &[(&str, String)], holds: &Clearance, look: impl Fn(&Repairs<'_>) -> U) -> U {
        let circuits = "type: circuit\nrecords:\n  - {number: A}\n  - {number: B}\n";
        let mut files = vec![("network/circuits.yaml", circuits)];
        files.extend(faults.iter().map(|(path, text)| (*path, text.as_str())));
        let archive = archive_of(&files);
        let repairs = repairs(&archive);
        repairs.lay_out(|account| account).find_map(|account| account.within(holds).map(|told| look(told))).unwrap()
    }

    fn named(repairs: &Repairs<'_>) -> Vec<String> {
        repairs.repeated.iter().map(|(_, name)| name.to_string()).collect()
    }

    #[test]
    fn the_median_and_the_longest_of_each_month_are_told_and_months_without_a_fault_stand_between() {
        let faults = [
            ("faults/a.yaml", fault("2026-01-05", "duration: 90min\n")),
            ("faults/b.yaml", fault("2026-01-31", "duration: 1d\n")),
            ("faults/c.yaml", fault("2026-01-20", "duration: 4h\n")),
            ("faults/d.yaml", fault("2026-03-01", "")),
        ];
        let months = seen(&faults, &Clearance::open(), |told| told.months.clone());
        let said: Vec<_> =
            months.iter().map(|month| (month.name.as_str(), month.faults, month.median, month.longest)).collect();
        assert_eq!(
            said,
            [("2026-01", 3, Some(4.0), Some(24.0)), ("2026-02", 0, None, None), ("2026-03", 1, None, None)]
        );
    }

    #[test]
    fn a_fault_is_a_repeated_one_where_it_says_so_or_its_circuit_had_one_within_ninety_days() {
        let on = |circuit: &str| format!("circuit: one/network/circuits/{circuit}\n");
        let faults = [
            ("faults/a.yaml", fault("2026-01-01", &on("A"))),
            ("faults/b.yaml", fault("2026-04-01", &on("A"))),
            ("faults/c.yaml", fault("2026-07-01", &on("A"))),
            ("faults/d.yaml", fault("2026-07-02", &on("B"))),
            ("faults/e.yaml", fault("2026-12-01", "repeats: one/faults/d\n")),
        ];
        // From 1 January to 1 April there are ninety days, and ninety-one to 1 July.
        assert_eq!(seen(&faults, &Clearance::open(), named), ["one/faults/e", "one/faults/b"]);
    }

    #[test]
    fn whoever_may_not_read_how_long_it_took_or_which_circuit_it_was_is_told_nothing_of_it() {
        let more = "circuit: one/network/circuits/A\nduration: 2h\nrestrict: {duration: legal, circuit: legal}\n";
        let faults = [("faults/a.yaml", fault("2026-01-01", more)), ("faults/b.yaml", fault("2026-01-02", more))];
        let legal = Clearance::any_of(["legal"]);
        let look = |told: &Repairs<'_>| (told.months[0].faults, told.months[0].median, told.repeated.len());
        assert_eq!(seen(&faults, &Clearance::open(), look), (2, None, 0));
        assert_eq!(seen(&faults, &legal, look), (2, Some(2.0), 1));
    }

    #[test]
    fn the_last_half_year_is_set_against_the_one_before() {
        let faults = [
            ("faults/a.yaml", fault("2026-01-05", "duration: 8h\n")),
            ("faults/b.yaml", fault("2026-09-05", "duration: 2h\n")),
        ];
        let lately = seen(&faults, &Clearance::open(), |told| told.lately.clone());
        let (now, before) = lately.unwrap();
        assert_eq!((now.median, before.median), (Some(2.0), Some(8.0)));
        assert_eq!(seen(&faults[..1], &Clearance::open(), |told| told.lately.clone()), None);
    }
}
