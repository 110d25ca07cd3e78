//! Records that come again, as maintenance does, and came later than the one before them said.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::{day_of, field, lacks, texts};
use super::notice::Notice;
use crate::finding::{Code, Finding, quote};
use crate::record::{FieldDue, Last, Record, RecordType};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A record that came after the day that the one before it had named, and does not say why.
pub const RECURRENCE_GAP: Notice = Notice::warning(Code("recurrence-gap"));

/// Looks at records that come again.
pub(super) const CHECK: Check = Check { notices: &[RECURRENCE_GAP], find };

/// The field in which records name the day of the next, its rule, and the field that says why one was late.
type Rule<'a> = (&'a str, &'a FieldDue, &'a str);

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record_type in case.archive.types.iter() {
        let rules = record_type.fields.iter().filter_map(|field| {
            let due = field.due.as_ref()?;
            Some((field.name.as_str(), due, due.late.as_deref()?))
        });
        for rule in rules {
            for open in case.dossiers.iter().filter(|open| !open.is_lost()) {
                findings.extend(in_dossier(case, open, record_type, rule));
            }
        }
    }
    findings
}

fn in_dossier(case: &Case<'_>, open: &OpenDossier<'_>, record_type: &RecordType, rule: Rule<'_>) -> Vec<Finding> {
    let by = record_type.due.as_ref().and_then(|due| due.by.as_deref()).unwrap_or("date");
    let mut courses: BTreeMap<Vec<Vec<String>>, Vec<(Date, &Record)>> = BTreeMap::new();
    for record in open.of_type(&record_type.name) {
        if let Some(day) = day_of(record, by) {
            courses.entry(alike(record, &rule.1.last)).or_default().push((day, record));
        }
    }
    let mut findings = Vec::new();
    for course in courses.values_mut() {
        course.sort_by_key(|(day, record)| (*day, &*record.name.path));
        let pairs = course.iter().zip(course.iter().skip(1));
        findings.extend(pairs.filter_map(|((_, before), (day, record))| late(case, before, record, *day, by, rule)));
    }
    findings
}

/// The finding where a record came after the day that the one before it had named.
fn late(
    case: &Case<'_>,
    before: &Record,
    record: &Record,
    came: Date,
    by: &str,
    (next, due, because): Rule<'_>,
) -> Option<Finding> {
    let named = field(before, next)?.value.last_day()?;
    let named = if due.working { case.archive.settings.calendar.working_from(named) } else { named };
    if came <= named || !lacks(record, because) || is_done(before, due) {
        return None;
    }
    let days = (came - named).get_days();
    let message = format!(
        "this came {days} {} after {named}, the day that {} had named for it",
        if days == 1 { "day" } else { "days" },
        quote(&before.name.to_string())
    );
    let remedy = format!("write into `{because}` why, or correct the day");
    let place = if by == "date" { case.at_key(record, by) } else { case.at_field(record, by) };
    Some(RECURRENCE_GAP.at(place, message, remedy).related(case.at_field(before, next), "the day that was named"))
}

/// What sets records apart that go their own way: what they say in these fields.
fn alike(record: &Record, last: &Last) -> Vec<Vec<String>> {
    match last {
        Last::Alike(names) => {
            names.iter().map(|name| texts(record, name).iter().map(ToString::to_string).collect()).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether the record itself says that nothing more was to come.
fn is_done(record: &Record, due: &FieldDue) -> bool {
    due.unless.iter().any(|rule| {
        let said: Vec<String> = texts(record, &rule.field).iter().map(ToString::to_string).collect();
        rule.is_met_by(&said)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    fn inspected(more: &[(&str, &str)]) -> Shelves {
        let mut shelves = Shelves::new();
        shelves.put(
            "customers/yunxi/sites/sites.yaml",
            "records:\n  - {code: S1, address: a}\n  - {code: S2, address: b}\n",
        );
        let first = "kind: inspection\nsite: yunxi/sites/sites/S1\ndate: 2026-01-10\nnext: 2026-07-10\n";
        shelves.put("customers/yunxi/maintenance/a.yaml", first);
        for (name, text) in more {
            shelves.put(&format!("customers/yunxi/maintenance/{name}.yaml"), text);
        }
        shelves
    }

    const NEXT: &str = "kind: inspection\nsite: yunxi/sites/sites/S1\ndate: 2026-07-11\n";

    #[test]
    fn maintenance_that_came_a_day_late_is_found_at_its_day() {
        assert!(inspected(&[("b", &NEXT.replace("07-11", "07-10"))]).codes().is_empty());
        assert_eq!(inspected(&[("b", NEXT)]).places(), ["recurrence-gap customers/yunxi/maintenance/b.yaml:3:1"]);
    }

    #[test]
    fn maintenance_that_says_why_it_was_late_is_not_found() {
        assert!(inspected(&[("b", &format!("{NEXT}late_because: 汛期\n"))]).codes().is_empty());
    }

    #[test]
    fn other_sites_and_other_work_go_their_own_way() {
        assert!(inspected(&[("b", &NEXT.replace("S1", "S2"))]).codes().is_empty());
        let repair = NEXT.replace("inspection", "repair").replace("07-11", "03-01");
        assert_eq!(inspected(&[("b", &repair), ("c", NEXT)]).codes(), ["recurrence-gap"]);
    }

    #[test]
    fn maintenance_that_has_not_come_yet_is_due_and_no_gap() {
        assert!(inspected(&[]).codes().is_empty());
    }
}
