//! Restricted records that say nothing in the open, of types that ask for a word there: what nobody knows of, nobody uses.

use super::all::Check;
use super::case::Case;
use super::notice::Notice;
use crate::finding::{Code, Finding};

/// A record with a restricted part and without the abstract that its type asks for.
pub const NO_ABSTRACT: Notice = Notice::note(Code("no-abstract"));

/// Looks at abstracts.
pub(super) const CHECK: Check = Check { notices: &[NO_ABSTRACT], find };

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for open in &case.dossiers {
        let around = open.dossier.clearance();
        for record in open.records.iter().filter(|record| record.record_type.abstract_required) {
            // An abstract asks for what the dossier asks: where nothing asks for more, all of it can be read as it is.
            let restricted = record.clearances().iter().any(|asks| !around.implies(asks));
            if restricted && record.summary.is_none() {
                let message = "a part of this is restricted, and no abstract says to the others what there is";
                let remedy =
                    "add `abstract:` with a sentence that everybody may read: what is kept here, and whom to ask";
                findings.push(NO_ABSTRACT.at(case.at_record(record), message, remedy));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const ADVICE: &str = "customers/yunxi/advice/a.yaml";

    fn advised(more: &str) -> Shelves {
        let mut shelves = Shelves::new();
        shelves.put(ADVICE, &format!("question: q\n{more}"));
        shelves
    }

    #[test]
    fn a_restricted_record_says_in_the_open_that_it_is_there_where_its_type_asks_for_it() {
        assert_eq!(advised("").places(), [format!("no-abstract {ADVICE}:1:1")]);
        assert!(advised("abstract: 可向何军询问\n").codes().is_empty());
        let mut visited = Shelves::new();
        visited.put("customers/yunxi/visits/a.yaml", "by: p\ndate: 2026-01-01\n");
        assert!(visited.codes().is_empty(), "its type asks for none");
    }

    #[test]
    fn what_everybody_may_read_who_may_read_the_dossier_needs_no_abstract() {
        assert!(advised("audience: staff\n").codes().is_empty());
        assert_eq!(advised("audience: staff\nrestrict: {question: technical}\n").codes(), ["no-abstract"]);
        let mut within = advised("audience: [technical, sales]\n");
        within.change(
            "customers/yunxi/dossier.yaml",
            "audience: staff",
            "audience: technical\nmarking: {level: l, basis: b}",
        );
        assert!(within.codes().is_empty(), "{:?}", within.places());
    }

    #[test]
    fn settings_may_make_it_an_error() {
        let mut shelves = advised("");
        shelves.add_settings("checks: {no-abstract: error}\n");
        assert_eq!(shelves.findings()[0].severity, crate::finding::Severity::Error);
    }
}
