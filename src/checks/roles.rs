//! Offices of secrecy: those that nobody holds, and those that one person must not hold beside another.

use super::all::Check;
use super::case::Case;
use super::fields::{counts_on, texts, word};
use super::notice::Notice;
use super::persons::{people, same};
use crate::finding::{Code, Finding};
use crate::record::Record;

/// An office that nobody holds.
pub const ROLE_VACANT: Notice = Notice::warning(Code("role-vacant"));
/// Two offices in one hand that are to watch one another.
pub const ROLE_CONFLICT: Notice = Notice::warning(Code("role-conflict"));

/// Looks at offices.
pub(super) const CHECK: Check = Check { notices: &[ROLE_VACANT, ROLE_CONFLICT], find };

/// 三员分立: who runs a system, who sees to its security and who audits both are three people.
const APART: [&str; 3] = ["administrator", "officer", "auditor"];

fn find(case: &Case<'_>) -> Vec<Finding> {
    let today = case.day();
    let roles: Vec<&Record> = case.records().filter(|record| record.record_type.name == "role").collect();
    let held: Vec<&Record> = roles
        .iter()
        .copied()
        .filter(|role| counts_on(role, "since", "until", today) && !texts(role, "person").is_empty())
        .collect();
    let mut findings = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for role in &roles {
        let Some(office) = word(role, "office") else { continue };
        let filled = held.iter().any(|other| word(other, "office") == Some(office));
        if !filled && !told.contains(&office) {
            told.push(office);
            let message = "nobody holds this office today";
            let remedy = "name in `person` who does, with `since`; or remove the office where it is none any more";
            findings.push(ROLE_VACANT.at(case.at_field(role, "office"), message, remedy));
        }
    }
    for (n, role) in held.iter().enumerate() {
        let earlier = held.iter().take(n).find(|other| conflict(role, other));
        findings.extend(earlier.map(|other| {
            let message = "this person holds another office that is to watch this one";
            let remedy = "let three people be administrator, security officer and auditor";
            let finding = ROLE_CONFLICT.at(case.at_field(role, "person"), message, remedy);
            finding.related(case.at_field(other, "person"), "the other office")
        }));
    }
    findings
}

/// Whether one person holds two offices that are to be apart.
fn conflict(one: &Record, other: &Record) -> bool {
    let offices = [word(one, "office"), word(other, "office")];
    let apart = offices.iter().all(|office| office.is_some_and(|office| APART.contains(&office)));
    let shared = || people(one, "person").iter().any(|person| people(other, "person").iter().any(|o| same(person, o)));
    apart && offices[0] != offices[1] && shared()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const ROLES: &str = "registers/roles/roles.yaml";

    fn held(lines: &str) -> Vec<String> {
        let mut shelves = Shelves::bare();
        shelves.put(ROLES, &format!("records:\n{lines}"));
        shelves.places()
    }

    #[test]
    fn an_office_that_nobody_holds_today_is_vacant() {
        assert_eq!(held("  - {id: a, office: auditor, person: 吴洁}\n"), [""; 0]);
        assert_eq!(held("  - {id: a, office: auditor}\n"), [format!("role-vacant {ROLES}:2:21")]);
        let left = "  - {id: a, office: auditor, person: 吴洁, until: 2026-11-22}\n";
        assert_eq!(held(left), [format!("role-vacant {ROLES}:2:21")]);
        assert_eq!(held(&format!("{left}  - {{id: b, office: auditor, person: 叶青}}\n")), [""; 0]);
    }

    #[test]
    fn administrator_officer_and_auditor_are_three_people() {
        let two = |second: &str| {
            held(&format!(
                "  - {{id: a, office: administrator, person: {{zh: 吴洁, en: Wu Jie}}}}\n  - {{id: b, office: {second}, person: 吴洁}}\n"
            ))
        };
        assert_eq!(two("auditor"), [format!("role-conflict {ROLES}:3:38")]);
        assert_eq!(two("officer"), [format!("role-conflict {ROLES}:3:38")]);
        assert_eq!(two("custodian"), [""; 0]);
    }
}
