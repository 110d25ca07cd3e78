//! All checks, in one list, and the run of them with the severities that an archive's settings give them.

use super::case::Case;
use super::notice::Notice;
use super::{
    abstracts, acknowledgements, approvals, beside, competitors, contracts, credit, customers, disposals, fault_cases,
    inspections, marked_words, markings, network, office_due, owners, papers, periods, personal, recurring, reserved,
    roles, series, signing, starts, tiers, trainings, unanswered, undertakings, unfinished,
};
use crate::archive::{Archive, SETTINGS};
use crate::finding::{Code, Finding, Severity, nearest, quote};
use crate::repository::Snapshot;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The settings give a severity to a check that there is not.
pub const UNKNOWN_CHECK: Code = Code("unknown-check");

/// A check: what it can tell, and how it looks.
pub struct Check {
    /// What it can tell.
    pub notices: &'static [Notice],
    /// Looks at an archive.
    pub find: fn(&Case<'_>) -> Vec<Finding>,
}

/// Every check, in the order of the files of an archive: who the customer is, papers, money, network, texts, the
/// secrecy office.
const ALL: [Check; 30] = [
    customers::CHECK,
    owners::CHECK,
    tiers::CHECK,
    starts::CHECK,
    papers::CHECK,
    contracts::CHECK,
    approvals::CHECK,
    signing::CHECK,
    credit::CHECK,
    network::CHECK,
    series::CHECK,
    unanswered::CHECK,
    recurring::CHECK,
    periods::CHECK,
    competitors::CHECK,
    fault_cases::CHECK,
    markings::CHECK,
    disposals::CHECK,
    reserved::CHECK,
    abstracts::CHECK,
    personal::CHECK,
    marked_words::CHECK,
    beside::CHECK,
    trainings::CHECK,
    undertakings::CHECK,
    acknowledgements::CHECK,
    roles::CHECK,
    inspections::CHECK,
    office_due::CHECK,
    unfinished::CHECK,
];

/// Everything that the checks can tell. No other finding's severity can be set: errors of restriction never soften.
pub fn notices() -> impl Iterator<Item = Notice> {
    ALL.iter().flat_map(|check| check.notices).copied()
}

/// Runs every check that the settings do not turn off. `snapshot` holds the files that the archive was read from.
#[must_use]
pub fn run(archive: &Archive, snapshot: &Snapshot) -> Vec<Finding> {
    let said: BTreeMap<&str, Option<Severity>> =
        archive.settings.checks.iter().map(|said| (said.check.as_str(), said.severity)).collect();
    let off = |notice: &Notice| said.get(notice.code.0) == Some(&None);
    let case = Case::of(archive, snapshot);
    let wanted: Vec<&Check> = ALL.iter().filter(|check| !check.notices.iter().all(off)).collect();
    let found: Vec<Vec<Finding>> = wanted.par_iter().map(|check| (check.find)(&case)).collect();
    let mut findings: Vec<Finding> = found.into_iter().flatten().collect();
    findings.retain_mut(|finding| match said.get(finding.code.0) {
        None => true,
        Some(severity) => {
            finding.severity = severity.unwrap_or(finding.severity);
            severity.is_some()
        }
    });
    unknown(&case, &mut findings);
    findings.extend(disposals::errors(&case));
    findings
}

/// Errors for checks that the settings name and that there are not: a severity that counts for nothing is no setting.
fn unknown(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let known: Vec<&str> = notices().map(|notice| notice.code.0).collect();
    for said in case.archive.settings.checks.iter().filter(|said| !known.contains(&said.check.as_str())) {
        let remedy = match nearest(&said.check, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the checks are {}", known.join(", ")),
        };
        let message = format!("there is no check {} whose severity could be set", quote(&said.check));
        let place = case.place(SETTINGS, said.range.clone());
        findings.push(Finding::error(UNKNOWN_CHECK, message).at(place).remedy(remedy));
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;
    use super::*;

    #[test]
    fn a_sound_archive_gives_no_finding() {
        assert_eq!(Shelves::new().places(), [""; 0]);
    }

    #[test]
    fn no_code_is_told_by_two_checks() {
        let mut codes: Vec<&str> = notices().map(|notice| notice.code.0).collect();
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn each_code_stands_in_the_documentation_with_its_severity() {
        let table = include_str!("../../docs/archive.md");
        for Notice { code, severity } in notices() {
            assert!(table.contains(&format!("| `{code}` ◇ | {severity} |")), "{code} as {severity}");
        }
        assert_eq!(table.matches("` ◇ |").count(), notices().count(), "only these can be set");
    }

    #[test]
    fn a_severity_that_the_settings_give_counts() {
        for (word, severity) in [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)] {
            let mut shelves = Shelves::new();
            shelves.change("customers/yunxi/dossier.yaml", "custodian: 陶然\n", "");
            shelves.add_settings(&format!("checks: {{no-custodian: {word}}}\n"));
            let found = shelves.findings();
            assert_eq!((found.len(), found[0].code.0, found[0].severity), (1, "no-custodian", severity));
        }
        let mut shelves = Shelves::new();
        shelves.change("customers/yunxi/dossier.yaml", "custodian: 陶然\n", "");
        shelves.add_settings("checks: {no-custodian: off}\n");
        assert_eq!(shelves.places(), [""; 0]);
    }

    #[test]
    fn a_check_that_there_is_not_is_an_error_with_the_nearest_name() {
        let mut shelves = Shelves::new();
        shelves.add_settings("checks: {no-custodain: off, no-audience: note}\n");
        let found = shelves.findings();
        let said: Vec<_> = found.iter().map(|f| (f.code, f.severity, f.remedy.as_str())).collect();
        assert_eq!(said[0], (UNKNOWN_CHECK, Severity::Error, "did you mean `no-custodian`?"));
        assert_eq!((said[1].0, said[1].1), (UNKNOWN_CHECK, Severity::Error), "errors of restriction cannot be set");
        assert_eq!(found[0].place.as_ref().map(|place| place.column), Some(10));
    }
}
