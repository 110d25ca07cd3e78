//! Inspections: answers that a checklist asks for, checklists that another took the place of, and who looked at what.

use super::all::Check;
use super::case::Case;
use super::fields::{day, references, values};
use super::notice::Notice;
use super::persons::{people, same};
use crate::finding::{Code, Finding, quote};
use crate::record::{Record, Value};
use std::collections::BTreeSet;

/// An inspection leaves questions of its checklist without an answer.
pub const INSPECTION_INCOMPLETE: Notice = Notice::warning(Code("inspection-incomplete"));
/// An inspection follows a checklist that was not in force on its day.
pub const CHECKLIST_OUTDATED: Notice = Notice::warning(Code("checklist-outdated"));
/// Who found something answers for it, or looked again at what was the same person's to repair.
pub const INSPECTOR_IS_OWNER: Notice = Notice::warning(Code("inspector-is-owner"));

/// Looks at inspections and what they found.
pub(super) const CHECK: Check =
    Check { notices: &[INSPECTION_INCOMPLETE, CHECKLIST_OUTDATED, INSPECTOR_IS_OWNER], find };

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in case.records() {
        match record.record_type.name.as_str() {
            "inspection" => findings.extend(of_inspection(case, record)),
            "inspection-finding" => findings.extend(own_finding(case, record)),
            _ => {}
        }
    }
    findings
}

fn of_inspection(case: &Case<'_>, record: &Record) -> Vec<Finding> {
    let mut findings = Vec::new();
    let held = record.date.as_ref().map(|date| *date.as_ref().release().1);
    for list in references(record, "checklist").filter_map(|name| case.record(name)) {
        let answered: BTreeSet<String> = said_in(record, "answers", "answer")
            .into_iter()
            .filter_map(|(group, said)| said.then(|| text_in(group, "item").or_else(|| text_in(group, "question")))?)
            .collect();
        let asked = groups(list, "items").filter_map(|group| Some((text_in(group, "id")?, text_in(group, "question"))));
        let open: Vec<String> = asked
            .filter(|(id, question)| {
                !answered.contains(id) && !question.as_ref().is_some_and(|question| answered.contains(question))
            })
            .map(|(id, _)| quote(&id))
            .collect();
        if !open.is_empty() {
            let message = format!("the checklist asks what has no answer here: {}", open.join(", "));
            let remedy = "answer it, `not-applicable` where it is so";
            findings.push(INSPECTION_INCOMPLETE.at(case.at_field(record, "checklist"), message, remedy));
        }
        let name = list.name.to_string();
        let newer = case.records().find(|other| {
            let starts = day(other, "in_force");
            references(other, "supersedes").any(|old| old == name)
                && starts.zip(held).is_some_and(|(from, held)| from <= held)
        });
        let early = day(list, "in_force").zip(held).is_some_and(|(from, held)| held < from);
        if let Some(newer) = newer.or_else(|| early.then_some(list)) {
            let message = "this checklist was not in force on the day of the inspection";
            let finding = CHECKLIST_OUTDATED.at(
                case.at_field(record, "checklist"),
                message,
                "follow the version that was in force, or correct the day",
            );
            findings.push(finding.related(case.at_field(newer, "in_force"), "in force from"));
        }
    }
    findings
}

/// Who inspects must not answer for what is found, and who repairs does not look again.
fn own_finding(case: &Case<'_>, record: &Record) -> Option<Finding> {
    let owners = people(record, "owner");
    let owns = |found: &[Vec<String>]| found.iter().any(|one| owners.iter().any(|owner| same(one, owner)));
    if owns(&people(record, "rechecked_by")) {
        let message = "who was to repair this looked again at it as well";
        let remedy = "have somebody else look, and name that one in `rechecked_by`";
        return Some(INSPECTOR_IS_OWNER.at(case.at_field(record, "rechecked_by"), message, remedy));
    }
    let inspection = references(record, "inspection").find_map(|name| case.record(name))?;
    owns(&people(inspection, "inspector")).then(|| {
        let message = "who inspected answers for what was found";
        let remedy = "name who is to repair it, or have somebody else inspect";
        let finding = INSPECTOR_IS_OWNER.at(case.at_field(record, "owner"), message, remedy);
        finding.related(case.at_field(inspection, "inspector"), "who inspected")
    })
}

type Group = crate::access::Shelf<crate::record::Field>;

/// The groups of a field.
fn groups<'a>(record: &'a Record, name: &str) -> impl Iterator<Item = &'a Group> {
    values(record, name).iter().filter_map(|value| match value {
        Value::Group(group) => Some(group),
        _ => None,
    })
}

/// The groups of a field, and whether each says something in a member.
fn said_in<'a>(record: &'a Record, name: &str, member: &str) -> Vec<(&'a Group, bool)> {
    groups(record, name).map(|group| (group, text_in(group, member).is_some())).collect()
}

/// What a member of a group says.
fn text_in(group: &Group, member: &str) -> Option<String> {
    let held = group.select(|field| field.name == member)?;
    let mut found = Vec::new();
    held.release().1.value.texts(&mut found);
    found.first().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const LIST: &str = "\
version: 第一版
in_force: 2025-01-01
items:
  - {id: A1, question: 柜子是否上锁}
  - {id: A2, question: 废纸是否粉碎}
";
    const HELD: &str = "date: 2026-03-01\nscope: 库房\ninspector: 吴洁\nchecklist: registers/checklists/v1\nanswers:\n";
    const FOUND: &str = "registers/inspection-findings/2026.yaml";

    fn inspected(answers: &str) -> Shelves {
        let mut shelves = Shelves::bare();
        shelves.put("registers/checklists/v1.yaml", LIST);
        shelves.put("registers/inspections/a.yaml", &format!("{HELD}{answers}"));
        shelves
    }

    const BOTH: &str =
        "  - {item: A1, question: 柜子是否上锁, answer: yes}\n  - {question: 废纸是否粉碎, answer: no}\n";

    #[test]
    fn every_question_of_the_checklist_has_an_answer() {
        assert_eq!(inspected(BOTH).places(), [""; 0]);
        let one = BOTH.replace(", answer: no", "");
        assert_eq!(inspected(&one).places(), ["inspection-incomplete registers/inspections/a.yaml:4:12"]);
    }

    #[test]
    fn an_inspection_follows_the_checklist_of_its_day() {
        let mut shelves = inspected(BOTH);
        let next = LIST.replace("2025-01-01", "2026-03-02") + "supersedes: registers/checklists/v1\n";
        shelves.put("registers/checklists/v2.yaml", &next);
        assert_eq!(shelves.codes(), [""; 0], "the new one came a day later");
        shelves.change("registers/checklists/v2.yaml", "2026-03-02", "2026-03-01");
        assert_eq!(shelves.codes(), ["checklist-outdated"]);
        shelves.change("registers/inspections/a.yaml", "2026-03-01", "2024-12-31");
        assert_eq!(shelves.codes(), ["inspection-overdue", "checklist-outdated"]);
    }

    #[test]
    fn nobody_inspects_what_is_the_same_persons_to_repair() {
        let mut shelves = inspected(BOTH);
        let found = "records:\n  - {number: F1, inspection: registers/inspections/a, what: 未粉碎, owner: 陶然, rechecked_by: 吴洁}\n";
        shelves.put(FOUND, found);
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.put(FOUND, &found.replace("陶然", "吴洁").replace(", rechecked_by: 吴洁", ""));
        assert_eq!(shelves.codes(), ["inspector-is-owner"]);
        shelves.put(FOUND, &found.replace("rechecked_by: 吴洁", "rechecked_by: 陶然"));
        assert_eq!(shelves.codes(), ["inspector-is-owner"]);
    }
}
