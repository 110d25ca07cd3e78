//! Approvals: contracts that nobody approved, what was approved by who asked for it, and what was approved too late.

use super::all::Check;
use super::case::Case;
use super::fields::{all_references, day, field, texts, word};
use super::notice::Notice;
use crate::finding::{Code, Finding};
use crate::record::Record;
use std::collections::HashMap;

/// A contract that no approval names.
pub const CONTRACT_WITHOUT_APPROVAL: Notice = Notice::warning(Code("contract-without-approval"));
/// Something that was approved by who submitted it.
pub const SELF_APPROVAL: Notice = Notice::warning(Code("self-approval"));
/// A contract that was approved after it was signed.
pub const APPROVAL_AFTER_SIGNING: Notice = Notice::warning(Code("approval-after-signing"));

/// Looks at approvals.
pub(super) const CHECK: Check =
    Check { notices: &[CONTRACT_WITHOUT_APPROVAL, SELF_APPROVAL, APPROVAL_AFTER_SIGNING], find };

const APPROVAL: &str = "approval";

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(case.records().filter_map(|record| approved_by_submitter(case, record)));
    // An archive whose types know no approvals keeps them elsewhere.
    if case.archive.types.get(APPROVAL).is_none() {
        return findings;
    }
    let mut of_contract: HashMap<&str, Vec<&Record>> = HashMap::new();
    for approval in case.records().filter(|record| record.record_type.name == APPROVAL) {
        for name in all_references(approval) {
            of_contract.entry(name).or_default().push(approval);
        }
    }
    for open in &case.dossiers {
        for contract in open.of_type("contract") {
            let mut approvals = of_contract.get(contract.name.to_string().as_str()).cloned().unwrap_or_default();
            let named = all_references(contract).into_iter().filter_map(|name| case.record(name));
            approvals.extend(named.filter(|record| record.record_type.name == APPROVAL));
            findings.extend(without_approval(case, contract, &approvals));
            findings.extend(too_late(case, contract, &approvals));
        }
    }
    findings
}

/// A contract that binds somebody, and that no approval with a good end names. What has ended is left in peace.
fn without_approval(case: &Case<'_>, contract: &Record, approvals: &[&Record]) -> Option<Finding> {
    let binds = day(contract, "signed").is_some() || day(contract, "effective").is_some_and(|day| day <= case.day());
    let ended = day(contract, "until").is_some_and(|until| until < case.day());
    if !binds || ended || approvals.iter().any(|approval| is_granted(approval)) {
        return None;
    }
    let Some(other) = approvals.first() else {
        let message = "this contract was concluded, and no approval names it";
        let remedy = "file its approval with `contract:` in `approvals/`";
        return Some(CONTRACT_WITHOUT_APPROVAL.at(case.at_record(contract), message, remedy));
    };
    let message = "this contract was concluded, and its approval is pending or was refused";
    let remedy = "file the approval that was given, or correct its `decision`";
    let finding = CONTRACT_WITHOUT_APPROVAL.at(case.at_record(contract), message, remedy);
    Some(finding.related(case.at_field(other, "decision"), "its approval"))
}

/// Whether an approval was given. One of a type without a decision is given when somebody approved.
pub(super) fn is_granted(approval: &Record) -> bool {
    match word(approval, "decision") {
        Some(decision) => matches!(decision, "approved" | "conditional"),
        None => field(approval, "approved_by").is_some() || field(approval, "approved_on").is_some(),
    }
}

pub(super) fn too_late(case: &Case<'_>, contract: &Record, approvals: &[&Record]) -> Option<Finding> {
    let signed = day(contract, "signed")?;
    let granted = approvals.iter().filter(|approval| is_granted(approval));
    let days = granted.filter_map(|approval| Some((day(approval, "approved_on")?, *approval)));
    let (approved, approval) = days.min_by_key(|(approved, _)| *approved)?;
    (approved > signed).then(|| {
        let message = "this approval was given after the contract had been signed";
        let remedy = "correct the day that is wrong, or say in the approval why it was late";
        let finding = APPROVAL_AFTER_SIGNING.at(case.at_field(approval, "approved_on"), message, remedy);
        finding.related(case.at_field(contract, "signed"), "signed here")
    })
}

pub(super) fn approved_by_submitter(case: &Case<'_>, record: &Record) -> Option<Finding> {
    let submitters = texts(record, "submitted_by");
    if !texts(record, "approved_by").iter().any(|approver| submitters.contains(approver)) {
        return None;
    }
    let message = "this was approved by the person who submitted it";
    let remedy = "have a second person approve it, and name that one in `approved_by`";
    let finding = SELF_APPROVAL.at(case.at_field(record, "approved_by"), message, remedy);
    Some(finding.related(case.at_field(record, "submitted_by"), "submitted by"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const APPROVAL: &str = "customers/yunxi/approvals/2024-017.md";
    const CONTRACT: &str = "customers/yunxi/contracts/2024-017.md";

    #[test]
    fn a_contract_is_named_by_an_approval() {
        let mut shelves = Shelves::new();
        shelves.change(APPROVAL, "contract: yunxi/contracts/2024-017\n", "");
        assert_eq!(shelves.places(), [format!("contract-without-approval {CONTRACT}:1:1")]);
    }

    #[test]
    fn an_approval_that_was_refused_is_none_and_one_on_conditions_is() {
        for (decision, found) in [("refused", 1), ("pending", 1), ("conditional", 0)] {
            let mut shelves = Shelves::new();
            shelves.change(APPROVAL, "decision: approved", &format!("decision: {decision}"));
            assert_eq!(shelves.codes(), vec!["contract-without-approval"; found], "{decision}");
        }
    }

    #[test]
    fn a_draft_needs_no_approval_and_neither_does_what_has_ended() {
        let mut shelves = Shelves::new();
        shelves.change(APPROVAL, "contract: yunxi/contracts/2024-017\n", "");
        shelves.change(CONTRACT, "signed: 2024-03-18\neffective: 2024-04-01\n", "");
        assert_eq!(shelves.codes(), [""; 0]);
        let mut shelves = Shelves::new();
        shelves.change(APPROVAL, "contract: yunxi/contracts/2024-017\n", "");
        shelves.change(CONTRACT, "until: 2027-03-31", "until: 2025-03-31");
        assert_eq!(shelves.codes(), ["contract-expired"]);
    }

    #[test]
    fn nobody_approves_what_they_submitted() {
        let mut shelves = Shelves::new();
        shelves.change(APPROVAL, "approved_by: 赵敏", "approved_by: 孙倩");
        assert_eq!(shelves.places(), [format!("self-approval {APPROVAL}:4:14")]);
        shelves.change(APPROVAL, "submitted_by: 孙倩", "submitted_by: 孙茜");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn an_approval_comes_before_the_signature_or_on_its_day() {
        let mut shelves = Shelves::new();
        shelves.change(APPROVAL, "2024-03-11", "2024-03-18");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.change(APPROVAL, "2024-03-18", "2024-03-19");
        assert_eq!(shelves.places(), [format!("approval-after-signing {APPROVAL}:5:14")]);
    }
}
