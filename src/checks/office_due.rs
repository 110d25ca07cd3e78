//! What the secrecy office has let pass: days of its registers that came and went. The days are those of the types' own
//! rules, as `due` tells them; here each kind of them has a code, so that an archive can say how bad it is.

use super::all::Check;
use super::case::Case;
use super::fields::lacks;
use super::notice::Notice;
use crate::finding::{Code, Finding, quote};
use crate::reckoning::{Agenda, Due, Duty, Sight};
use crate::record::Record;

/// An inspection that did not come.
pub const INSPECTION_OVERDUE: Notice = Notice::warning(Code("inspection-overdue"));
/// What an inspection found is not repaired.
pub const FINDING_OVERDUE: Notice = Notice::warning(Code("finding-overdue"));
/// A rule, course or checklist was to be looked over.
pub const PROCEDURE_REVIEW_DUE: Notice = Notice::warning(Code("procedure-review-due"));
/// Something that a meeting, an incident or a breach asked for is not done.
pub const ACTION_OVERDUE: Notice = Notice::warning(Code("action-overdue"));
/// Equipment that is in use beyond its end of life.
pub const EQUIPMENT_END_OF_LIFE: Notice = Notice::warning(Code("equipment-end-of-life"));
/// Equipment that was to be checked.
pub const EQUIPMENT_UNCHECKED: Notice = Notice::warning(Code("equipment-unchecked"));
/// A means of protection that was to be tried.
pub const CONTROL_UNTESTED: Notice = Notice::warning(Code("control-untested"));
/// Leadership was to sign off, or somebody to be assessed.
pub const SIGN_OFF_OVERDUE: Notice = Notice::warning(Code("sign-off-overdue"));

/// Looks at the days of the office's registers.
pub(super) const CHECK: Check = Check {
    notices: &[
        INSPECTION_OVERDUE,
        FINDING_OVERDUE,
        PROCEDURE_REVIEW_DUE,
        ACTION_OVERDUE,
        EQUIPMENT_END_OF_LIFE,
        EQUIPMENT_UNCHECKED,
        CONTROL_UNTESTED,
        SIGN_OFF_OVERDUE,
    ],
    find,
};

/// Which code a day has: by the type, and the field that holds it; without one, that the next record did not come.
const CODES: &[(&str, Option<&str>, Notice)] = &[
    ("inspection", None, INSPECTION_OVERDUE),
    ("inspection", Some("fix_by"), FINDING_OVERDUE),
    ("inspection-finding", Some("fix_by"), FINDING_OVERDUE),
    ("procedure", Some("review_by"), PROCEDURE_REVIEW_DUE),
    ("course", Some("review_by"), PROCEDURE_REVIEW_DUE),
    ("checklist", Some("review_by"), PROCEDURE_REVIEW_DUE),
    ("meeting", Some("act_by"), ACTION_OVERDUE),
    ("incident", Some("act_by"), ACTION_OVERDUE),
    ("breach", Some("decide_by"), ACTION_OVERDUE),
    ("equipment", Some("end_of_life"), EQUIPMENT_END_OF_LIFE),
    ("equipment", Some("next_check"), EQUIPMENT_UNCHECKED),
    ("control", Some("next_test"), CONTROL_UNTESTED),
    ("sign-off", None, SIGN_OFF_OVERDUE),
    ("assessment", Some("next"), SIGN_OFF_OVERDUE),
];

fn find(case: &Case<'_>) -> Vec<Finding> {
    let agenda = Agenda::of_registers(case.archive, Sight::Everything);
    let overdue = agenda.due.lay_out(|held| held.release().1).filter(|due| due.day < case.day());
    let controls = case.records().filter(|record| record.record_type.name == "control");
    overdue.filter_map(|due| told(case, due)).chain(controls.filter_map(|control| never_tried(case, control))).collect()
}

/// A means of protection that nobody ever tried, and that names no day on which somebody will.
fn never_tried(case: &Case<'_>, control: &Record) -> Option<Finding> {
    (lacks(control, "tested_on") && lacks(control, "next_test")).then(|| {
        let message = "nothing says that this was ever tried, or when it will be";
        CONTROL_UNTESTED.at(case.at_record(control), message, "try it, and write `tested_on`, or set `next_test`")
    })
}

fn told(case: &Case<'_>, due: &Due) -> Option<Finding> {
    let of_type = due.matter.split(['.', '/']).next()?;
    // A matter is called TYPE.FIELD/RECORD where a field holds its day, and TYPE/PLACE where the next record is awaited.
    let field = match due.duty {
        Duty::Field(_) => Some(due.matter.split('/').next()?.rsplit('.').next()?),
        _ => None,
    };
    let (_, _, notice) = CODES.iter().find(|(name, by, _)| *name == of_type && *by == field)?;
    let who = due.who.as_ref().map(|held| held.as_ref().release().1.in_language("zh").to_owned());
    let whose = who.map(|who| format!("; it is for {}", quote(&who))).unwrap_or_default();
    let record = due.record.as_ref().and_then(|name| case.record(&name.to_string()));
    let days = (case.day() - due.day).get_days();
    let late = format!("{days} {}", if days == 1 { "day" } else { "days" });
    let (place, message, remedy) = match (record, field) {
        (Some(record), Some(field)) => {
            let group = record.record_type.fields.iter().find(|known| known.members.iter().any(|m| m.name == field));
            let place = case.at_field(record, group.map_or(field, |group| group.name.as_str()));
            let message = format!("the day in `{field}`, {}, passed {late} ago{whose}", due.day);
            (
                place,
                message,
                "see that it is done and say so in the record, or set another day with a reason".to_owned(),
            )
        }
        _ => {
            let last = case
                .records()
                .filter(|record| record.record_type.name == of_type)
                .max_by_key(|record| record.date.as_ref().map(|date| *date.as_ref().release().1))?;
            let message = format!("the next after this was due on {}, {late} ago{whose}", due.day);
            (case.at_record(last), message, format!("hold it, and file it: `strongroom new {of_type}`"))
        }
    };
    Some(notice.at(place, message, remedy))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    fn filed(path: &str, text: &str) -> Vec<String> {
        let mut shelves = Shelves::bare();
        shelves.put(path, text);
        shelves.places()
    }

    #[test]
    fn a_day_that_passed_is_told_at_its_place_by_its_code() {
        // The archive's day is Monday, 23 November 2026.
        let list = "registers/equipment/a.yaml";
        let item = "records:\n  - {serial: A1, kind: safe, next_check: 2026-11-22, end_of_life: 2026-11-23}\n";
        assert_eq!(filed(list, item), [format!("equipment-unchecked {list}:2:42")]);
        let replaced = item.replace("2026-11-23}", "2026-11-22, replaced_by: A2}");
        assert_eq!(filed(list, &replaced), [""; 0]);
        let rule = "registers/procedures/a.yaml";
        let text = "title: 取件\nkind: policy\nversion: 一\nowner: 吴洁\nreview_by: 2026-11-01\n";
        assert_eq!(filed(rule, text), [format!("procedure-review-due {rule}:5:12")]);
    }

    #[test]
    fn a_control_is_tried_or_has_a_day_on_which_it_will_be() {
        let path = "registers/controls/a.yaml";
        let control = "records:\n  - {id: K1, kind: technical, owner: 罗毅}\n";
        assert_eq!(filed(path, control), [format!("control-untested {path}:2:10")]);
        let settled = |more: &str| filed(path, &control.replace("罗毅}", &format!("罗毅, {more}}}")));
        assert_eq!(settled("next_test: 2026-12-01"), [""; 0]);
        assert_eq!(settled("tested_on: 2026-01-05"), [""; 0]);
        assert_eq!(settled("next_test: 2026-11-20"), [format!("control-untested {path}:2:53")]);
    }

    #[test]
    fn an_action_of_a_meeting_is_told_until_it_is_done() {
        let path = "registers/meetings/a.yaml";
        let text = "date: 2026-10-01\nchair: 孙倩\nactions:\n  - {what: 换锁, owner: 叶青, act_by: 2026-11-20}\n";
        assert_eq!(filed(path, text), [format!("action-overdue {path}:4:3")]);
        assert_eq!(filed(path, &text.replace("2026-11-20}", "2026-11-20, done_on: 2026-11-19}")), [""; 0]);
    }

    #[test]
    fn an_inspection_that_did_not_come_is_told_at_the_last_one() {
        let path = "registers/inspections/a.yaml";
        let text = "date: 2025-11-01\nscope: 库房\ninspector: 吴洁\n";
        assert_eq!(filed(path, text), [format!("inspection-overdue {path}:1:1")]);
        assert_eq!(filed(path, &text.replace("2025-11", "2025-12")), [""; 0]);
    }
}
