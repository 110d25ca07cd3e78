//! Dossiers that nobody answers for.

use super::all::Check;
use super::case::Case;
use super::fields::{knows, lacks};
use super::notice::Notice;
use crate::finding::{Code, Finding};

/// A dossier without an owner or account manager.
pub const NO_OWNER: Notice = Notice::warning(Code("no-owner"));
/// A dossier that nobody keeps.
pub const NO_CUSTODIAN: Notice = Notice::warning(Code("no-custodian"));
/// A customer of the top tier without a technical manager.
pub const NO_TECHNICAL_MANAGER: Notice = Notice::warning(Code("no-technical-manager"));

/// Fields that name who answers for a dossier; one of them is enough.
const OWNERS: [&str; 2] = ["owner", "account_manager"];

/// Looks for dossiers that nobody answers for.
pub(super) const CHECK: Check = Check { notices: &[NO_OWNER, NO_CUSTODIAN, NO_TECHNICAL_MANAGER], find };

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for open in case.dossiers.iter().filter(|open| !open.is_begun_only()) {
        let root = open.root();
        let mut tell = |notice: Notice, field: &str, message: &str| {
            let remedy = format!("add `{field}:` with the person's name");
            findings.push(notice.at(case.at_record(root), message, remedy));
        };
        // Who looks after the customer answers for the dossier, where no department is named that owns it.
        let mut owners = OWNERS.into_iter().filter(|field| knows(root, field)).peekable();
        if let Some(first) = owners.peek().copied()
            && owners.all(|field| lacks(root, field))
        {
            tell(NO_OWNER, first, "nobody is named who answers for this dossier");
        }
        if lacks(root, "custodian") {
            tell(NO_CUSTODIAN, "custodian", "nobody is named who keeps this dossier");
        }
        if case.is_top_tier(open) && lacks(root, "technical_manager") {
            let message = "a customer of the top tier has no technical manager";
            tell(NO_TECHNICAL_MANAGER, "technical_manager", message);
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const DOSSIER: &str = "customers/yunxi/dossier.yaml";

    #[test]
    fn a_dossier_without_a_custodian_is_found() {
        let mut shelves = Shelves::new();
        shelves.change(DOSSIER, "custodian: 陶然\n", "");
        assert_eq!(shelves.places(), [format!("no-custodian {DOSSIER}:1:1")]);
    }

    #[test]
    fn only_the_top_tier_needs_a_technical_manager() {
        let mut shelves = Shelves::new();
        shelves.change(DOSSIER, "technical_manager: 何军\n", "");
        assert_eq!(shelves.places(), [format!("no-technical-manager {DOSSIER}:1:1")]);
        shelves.change(DOSSIER, "tier: gold", "tier: silver");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_type_of_the_archive_that_knows_an_owner_wants_one_and_asks_for_nothing_that_it_does_not_know() {
        let mut shelves = Shelves::bare();
        let fields = "name: {kind: text}\n  owner: {kind: person}\n";
        shelves.put("types/dossier.yaml", &format!("file: dossier.yaml\naudience: staff\nfields:\n  {fields}"));
        shelves.put("customers/a/dossier.yaml", "name: 甲\nowner: 孙倩\n");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.put("customers/a/dossier.yaml", "name: 甲\n");
        assert_eq!(shelves.places(), ["no-owner customers/a/dossier.yaml:1:1"]);
        let fields = format!("{fields}  account_manager: {{kind: person}}\n");
        shelves.put("types/dossier.yaml", &format!("file: dossier.yaml\naudience: staff\nfields:\n  {fields}"));
        shelves.put("customers/a/dossier.yaml", "name: 甲\naccount_manager: 孙倩\n");
        assert_eq!(shelves.codes(), [""; 0], "one who answers is enough");
    }
}
