//! Contracts in force without a signature, contracts that ended and that nothing took the place of, and letters that name
//! no contract.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::{all_references, counts_on, day, lacks, references, word};
use super::notice::Notice;
use crate::finding::{Code, Finding};
use crate::record::Record;

/// A contract that is in force and that nobody signed.
pub const CONTRACT_UNSIGNED: Notice = Notice::warning(Code("contract-unsigned"));
/// A contract that ended without a successor.
pub const CONTRACT_EXPIRED: Notice = Notice::warning(Code("contract-expired"));
/// A letter or note in a dossier with contracts that names none of them.
pub const CORRESPONDENCE_WITHOUT_CONTRACT: Notice = Notice::note(Code("correspondence-without-contract"));

/// Looks at contracts and the letters about them.
pub(super) const CHECK: Check =
    Check { notices: &[CONTRACT_UNSIGNED, CONTRACT_EXPIRED, CORRESPONDENCE_WITHOUT_CONTRACT], find };

/// States, in types that have a field `status`, in which a contract binds nobody any more or not yet.
const NOT_RUNNING: [&str; 10] = [
    "draft",
    "ended",
    "expired",
    "terminated",
    "cancelled",
    "completed",
    "closed",
    "superseded",
    "replaced",
    "not-renewed",
];

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for open in &case.dossiers {
        for contract in open.of_type("contract").filter(|contract| is_running(contract)) {
            findings.extend(unsigned(case, contract));
            findings.extend(expired(case, open, contract));
        }
        if open.of_type("contract").next().is_some() {
            // One that answers another, or belongs to a dispute, says by that what it is about.
            let bare = |letter: &&Record| lacks(letter, "contract") && all_references(letter).is_empty();
            for letter in open.of_type("correspondence").filter(bare) {
                let message = "this names no contract, though the dossier holds some";
                let remedy = "add `contract:` with the contract's name, where it is about one";
                findings.push(CORRESPONDENCE_WITHOUT_CONTRACT.at(case.at_record(letter), message, remedy));
            }
        }
    }
    findings
}

/// Whether nothing says that the contract is a draft, or has ended in another way than by its term.
fn is_running(contract: &Record) -> bool {
    !word(contract, "status").is_some_and(|status| NOT_RUNNING.contains(&status))
}

fn unsigned(case: &Case<'_>, contract: &Record) -> Option<Finding> {
    day(contract, "effective")?;
    let in_force = counts_on(contract, "effective", "until", case.day());
    (in_force && lacks(contract, "signed")).then(|| {
        let remedy = "add `signed:` with the day, or correct `effective` and `until`";
        let place = case.at_field(contract, "effective");
        CONTRACT_UNSIGNED.at(place, "this contract is in force, and nothing says when it was signed", remedy)
    })
}

fn expired(case: &Case<'_>, open: &OpenDossier<'_>, contract: &Record) -> Option<Finding> {
    let until = day(contract, "until")?;
    if until >= case.day() || open.is_lost() {
        return None;
    }
    let name = contract.name.to_string();
    let follows = |other: &Record| references(other, "supersedes").any(|superseded| superseded == name);
    if open.of_type("contract").any(follows) {
        return None;
    }
    let remedy = "name it in `supersedes:` of the contract that took its place, or see that there will be one";
    let place = case.at_field(contract, "until");
    Some(CONTRACT_EXPIRED.at(place, "this contract has ended, and none takes its place", remedy))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const CONTRACT: &str = "customers/yunxi/contracts/2024-017.md";

    #[test]
    fn a_contract_in_force_is_signed() {
        let mut shelves = Shelves::new();
        shelves.change(CONTRACT, "signed: 2024-03-18\n", "");
        assert_eq!(shelves.places(), [format!("contract-unsigned {CONTRACT}:4:12")]);
        shelves.change(CONTRACT, "effective: 2024-04-01", "effective: 2026-12-01");
        assert_eq!(shelves.codes(), [""; 0], "it is not in force yet");
    }

    #[test]
    fn a_contract_that_ended_has_a_successor() {
        let mut shelves = Shelves::new();
        shelves.change(CONTRACT, "until: 2027-03-31", "until: 2026-11-22");
        assert_eq!(shelves.places(), [format!("contract-expired {CONTRACT}:6:8")]);
        shelves.put(
            "customers/yunxi/contracts/2026-001.md",
            "---\nnumber: 2026-001\nsupersedes: yunxi/contracts/2024-017\n---\n",
        );
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_contract_ends_with_its_last_day_and_with_the_customer() {
        let mut shelves = Shelves::new();
        shelves.change(CONTRACT, "until: 2027-03-31", "until: 2026-11-23");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.change(CONTRACT, "until: 2026-11-23", "until: 2026-11-22");
        shelves.change("customers/yunxi/dossier.yaml", "tier: gold", "tier: gold\nstatus: lost");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_letter_names_its_contract_where_there_are_contracts() {
        let letter = "customers/yunxi/correspondence/1.md";
        let mut shelves = Shelves::new();
        shelves.put(letter, "---\nmedium: letter\norigin: sent\n---\n");
        assert_eq!(shelves.places(), [format!("correspondence-without-contract {letter}:1:1")]);
        let mut without = Shelves::bare();
        without.put(
            "customers/a/dossier.yaml",
            "name: 甲\ntier: silver\nindustry: x\naccount_manager: a\ncustodian: b\naudience: staff\n",
        );
        without.put("customers/a/correspondence/1.md", "---\nmedium: letter\norigin: sent\n---\n");
        assert_eq!(without.codes(), [""; 0]);
    }
}
