//! Markings: restrictions that no marking gives a reason for, and those that were to be looked at again.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::notice::Notice;
use crate::finding::{Code, Finding};
use crate::record::{Plate, Record, Rule};

/// Something restricted that has to bear a marking and does not.
pub const MARKING_MISSING: Notice = Notice::warning(Code("marking-missing"));
/// A restriction that was to be reviewed, or to end, on a day that has passed.
pub const OVER_RESTRICTED: Notice = Notice::warning(Code("over-restricted"));
/// A record that fewer may read than its type says, without a word why.
pub const NARROWER_THAN_TYPE: Notice = Notice::note(Code("narrower-than-type"));

/// Looks at markings.
pub(super) const CHECK: Check = Check { notices: &[MARKING_MISSING, OVER_RESTRICTED, NARROWER_THAN_TYPE], find };

/// Lines of a marking that end it, or ask to look at it again.
const ENDS: [&str; 2] = ["review", "until"];

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let register = case.registers.iter().map(|record| (None, *record));
    let inside = case.dossiers.iter().flat_map(|open| open.records.iter().map(move |record| (Some(open), *record)));
    for (open, record) in inside.chain(register) {
        findings.extend(unmarked(case, open, record));
        findings.extend(past_review(case, record));
        findings.extend(narrowed(case, open, record));
    }
    for open in &case.dossiers {
        findings.extend(past_review(case, open.root()));
        if !open.dossier.clearance().is_open() && !open.is_begun_only() && plate(open.root()).is_none() {
            let message = "this dossier is restricted as a whole, and no marking says on which decision";
            findings.push(MARKING_MISSING.at(case.at_key(open.root(), "audience"), message, MARK_IT));
        }
    }
    findings
}

const MARK_IT: &str = "add `marking: {level: …, basis: …, decided_by: …, decided_on: …, review: …}`";

fn plate(record: &Record) -> Option<&Plate> {
    record.marking.as_ref().map(|plate| plate.as_ref().release().1)
}

/// A restricted record without a marking of its own or its dossier's, where the settings ask for one.
fn unmarked(case: &Case<'_>, open: Option<&OpenDossier<'_>>, record: &Record) -> Option<Finding> {
    let wanted = case.archive.settings.marking_required;
    let of_dossier = open.is_some_and(|open| plate(open.root()).is_some());
    if !wanted || of_dossier || plate(record).is_some() || record.clearance.is_open() {
        return None;
    }
    // In a dossier that is restricted as a whole one word is enough, at its root.
    if open.is_some_and(|open| !open.dossier.clearance().is_open()) {
        return None;
    }
    let message = "this is restricted, and neither it nor its dossier bears a marking";
    Some(MARKING_MISSING.at(case.at_record(record), message, MARK_IT))
}

fn past_review(case: &Case<'_>, record: &Record) -> Option<Finding> {
    let marking = plate(record)?;
    let passed = |key: &&&str| marking.day(key).is_some_and(|day| day < case.day());
    let key = ENDS.iter().find(passed)?;
    let message = match *key {
        "until" => "this marking has ended, and still stands",
        _ => "this marking was to be reviewed, and the day has passed",
    };
    let remedy = "open what need not be restricted any more, or decide anew and write the next day";
    Some(OVER_RESTRICTED.at(case.at_key(record, "marking"), message, remedy))
}

/// A record whose own `audience` lets fewer read than its type's. A marking with its basis is word enough, also that of
/// the dossier.
fn narrowed(case: &Case<'_>, open: Option<&OpenDossier<'_>>, record: &Record) -> Option<Finding> {
    let said = record.record_type.audience.as_ref().filter(|_| record.rule == Rule::Record)?;
    let audiences = &case.archive.settings.audiences;
    let unknown = |name: String| Finding::note(NARROWER_THAN_TYPE.code, name);
    let of_type = record.record_type.clearance(said, audiences, unknown, &mut Vec::new());
    let narrower = record.own.implies(&of_type) && !of_type.implies(&record.own);
    let marked = [Some(record), open.map(OpenDossier::root)].into_iter().flatten().filter_map(plate);
    if !narrower || marked.into_iter().any(|plate| plate.line("basis").is_some()) {
        return None;
    }
    let message =
        format!("fewer may read this than its type `{}` says, and nothing tells why", record.record_type.name);
    let remedy = "add a `marking:` with its `basis`, or remove `audience` and let the type's count";
    Some(NARROWER_THAN_TYPE.at(case.at_key(record, "audience"), message, remedy))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const DOSSIER: &str = "customers/yunxi/dossier.yaml";
    const CONTRACT: &str = "customers/yunxi/contracts/2024-017.md";

    #[test]
    fn a_dossier_that_is_restricted_as_a_whole_bears_a_marking() {
        let mut shelves = Shelves::new();
        shelves.change(DOSSIER, "audience: staff", "audience: [legal, finance, sales]");
        assert_eq!(shelves.places(), [format!("marking-missing {DOSSIER}:9:1")]);
        shelves.change(DOSSIER, "audience:", "marking: {level: 秘密}\naudience:");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn where_the_settings_ask_for_markings_each_restricted_record_has_one_or_its_dossier_has() {
        let mut shelves = Shelves::new();
        shelves.put("customers/yunxi/profile.md", "---\nbusiness: 发电\n---\n");
        shelves.add_settings("marking: required\n");
        let codes = shelves.codes();
        assert_eq!(codes, ["marking-missing"; 3], "contract, approval and credential; the profile is open");
        shelves.change(DOSSIER, "audience:", "marking: {level: 秘密}\naudience:");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_marking_is_looked_at_again_when_it_says_so() {
        for (end, found) in
            [("review: 2026-11-22", 1), ("review: 2026-11-23", 0), ("until: 2026-11-22", 1), ("until: 长期", 0)]
        {
            let mut shelves = Shelves::new();
            shelves.change(CONTRACT, "original:", &format!("marking: {{level: 秘密, {end}}}\noriginal:"));
            let places = shelves.places();
            assert_eq!(places, vec![format!("over-restricted {CONTRACT}:8:1"); found], "{end}");
        }
    }

    #[test]
    fn a_record_that_fewer_may_read_than_its_type_says_tells_why() {
        let mut shelves = Shelves::new();
        shelves.change(CONTRACT, "original:", "audience: legal\noriginal:");
        assert_eq!(shelves.places(), [format!("narrower-than-type {CONTRACT}:8:1")]);
        shelves.change(CONTRACT, "original:", "marking: {level: 秘密, basis: 诉讼}\noriginal:");
        assert_eq!(shelves.codes(), [""; 0]);
        let mut shelves = Shelves::new();
        shelves.change(CONTRACT, "original:", "audience: [legal, sales, finance]\noriginal:");
        assert_eq!(shelves.codes(), [""; 0], "that is what the type says");
    }
}
