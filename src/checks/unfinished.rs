//! Entries of registers that were begun and not brought to their end: incidents that nobody acted on, consultations of
//! which nobody said what came of them.

use super::all::Check;
use super::case::Case;
use super::fields::{day_of, lacks};
use super::notice::Notice;
use crate::finding::{Code, Finding};
use crate::record::{Interval, Record};

/// An incident that nobody acted on.
pub const INCIDENT_WITHOUT_ACTION: Notice = Notice::warning(Code("incident-without-action"));
/// A consultation that does not say what came of it.
pub const CONSULTATION_WITHOUT_EFFECT: Notice = Notice::note(Code("consultation-without-effect"));

/// Looks at entries that were begun.
pub(super) const CHECK: Check = Check { notices: &[INCIDENT_WITHOUT_ACTION, CONSULTATION_WITHOUT_EFFECT], find };

/// So long after its day an incident has to have been acted on.
const TO_ACT: Interval = Interval::days(7);
/// So long after it a consultation has to have come to something, be it nothing.
const TO_TAKE_EFFECT: Interval = Interval::days(60);

fn find(case: &Case<'_>) -> Vec<Finding> {
    let late = |record: &Record, by: &str, within: Interval| {
        day_of(record, by).or_else(|| day_of(record, "date")).is_some_and(|day| within.after(day) < case.day())
    };
    let tell = |record: &Record| match record.record_type.name.as_str() {
        "incident" if lacks(record, "action") && late(record, "found_on", TO_ACT) => {
            let message = "nothing says what was done about this";
            let remedy = "write it into `action`, and until when it is to be done into `act_by`";
            Some(INCIDENT_WITHOUT_ACTION.at(case.at_record(record), message, remedy))
        }
        "consultation" if lacks(record, "effect") && late(record, "date", TO_TAKE_EFFECT) => {
            let message = "nothing says what came of this consultation";
            let remedy = "ask, and write it into `effect`; `none` is an answer";
            Some(CONSULTATION_WITHOUT_EFFECT.at(case.at_record(record), message, remedy))
        }
        _ => None,
    };
    case.records().filter_map(tell).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    #[test]
    fn an_incident_is_acted_on_within_a_week() {
        let mut shelves = Shelves::bare();
        let incident = "registers/incidents/a.yaml";
        shelves.put(incident, "kind: loss\ndate: 2026-11-15\n");
        assert_eq!(shelves.places(), [format!("incident-without-action {incident}:1:1")]);
        shelves.put(incident, "kind: loss\ndate: 2026-11-16\n");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.put(incident, "kind: loss\ndate: 2026-11-15\naction: 找回\n");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_consultation_says_what_came_of_it() {
        let mut shelves = Shelves::bare();
        let list = "registers/consultations/a.yaml";
        shelves.put(list, "records:\n  - {number: A1, date: 2026-08-01, person: 李薇, purpose: 核对}\n");
        assert_eq!(shelves.places(), [format!("consultation-without-effect {list}:2:14")]);
        shelves.change(list, "核对}", "核对, effect: none}");
        assert_eq!(shelves.codes(), [""; 0]);
    }
}
