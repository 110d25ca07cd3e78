//! Papers: where the original lies, whence a letter came, whether a licence has run out.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::{day, word};
use super::notice::Notice;
use crate::finding::{Code, Finding};
use crate::record::Record;

/// A licence whose term has ended.
pub const LICENCE_EXPIRED: Notice = Notice::warning(Code("licence-expired"));
/// An original of which nobody says where it lies.
pub const ORIGINAL_NOT_LOCATED: Notice = Notice::note(Code("original-not-located"));
/// A letter or note that does not say whether it was sent or received.
pub const ORIGIN_MISSING: Notice = Notice::note(Code("origin-missing"));

/// Looks at papers.
pub(super) const CHECK: Check = Check { notices: &[LICENCE_EXPIRED, ORIGINAL_NOT_LOCATED, ORIGIN_MISSING], find };

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for open in &case.dossiers {
        licences(case, open, &mut findings);
        for record in &open.records {
            if record.original.is_none() && has_original(record) {
                let message = "there is an original of this, and nothing says where it lies";
                let remedy = "add `original: {room: …, shelf: …, carrier: paper}`";
                findings.push(ORIGINAL_NOT_LOCATED.at(case.at_record(record), message, remedy));
            }
        }
        for letter in open.of_type("correspondence").filter(|letter| letter.origin.is_none()) {
            let message = "nothing says whether this was sent or received";
            let remedy = "add `origin: received`, `sent`, `joint` or `internal`";
            findings.push(ORIGIN_MISSING.at(case.at_record(letter), message, remedy));
        }
    }
    findings
}

/// A signed contract, and whatever says that the original is kept.
fn has_original(record: &Record) -> bool {
    let contract = record.record_type.name == "contract" && day(record, "signed").is_some();
    contract || word(record, "copy") == Some("original")
}

/// A licence that has run out, unless another of its kind has not.
fn licences(case: &Case<'_>, open: &OpenDossier<'_>, findings: &mut Vec<Finding>) {
    if open.is_lost() {
        return;
    }
    let has_ended = |licence: &Record| day(licence, "valid_until").is_some_and(|until| until < case.day());
    for licence in open.of_type("licence").filter(|licence| has_ended(licence)) {
        let kind = word(licence, "kind");
        if open.of_type("licence").any(|other| word(other, "kind") == kind && !has_ended(other)) {
            continue;
        }
        let remedy = "ask the customer for the new licence, and file it beside this one";
        let place = case.at_field(licence, "valid_until");
        findings.push(LICENCE_EXPIRED.at(place, "this licence has run out, and no other takes its place", remedy));
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const LICENCE: &str = "customers/yunxi/licences/old.md";

    #[test]
    fn a_licence_that_has_run_out_is_found_until_another_takes_its_place() {
        let mut shelves = Shelves::new();
        shelves.put(LICENCE, "---\nkind: enterprise\nvalid_until: 2026-11-23\n---\n");
        assert_eq!(shelves.codes(), [""; 0], "the last day counts");
        shelves.put(LICENCE, "---\nkind: enterprise\nvalid_until: 2026-11-22\n---\n");
        assert_eq!(shelves.places(), [format!("licence-expired {LICENCE}:3:14")]);
        shelves.put("customers/yunxi/licences/new.md", "---\nkind: enterprise\n---\n");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn an_original_has_a_place() {
        let mut shelves = Shelves::new();
        shelves.change("customers/yunxi/contracts/2024-017.md", "original: {room: 库房A}\n", "");
        shelves.change("customers/yunxi/credentials/liao.md", "copy: copy", "copy: original");
        let places = shelves.places();
        assert_eq!(places.len(), 2);
        assert!(places.iter().all(|place| place.starts_with("original-not-located")), "{places:?}");
        shelves.change("customers/yunxi/credentials/liao.md", "copy: original", "copy: certified-copy");
        assert_eq!(shelves.places().len(), 1);
    }

    #[test]
    fn a_letter_says_whether_it_was_sent() {
        let letter = "customers/yunxi/correspondence/1.md";
        let mut shelves = Shelves::new();
        shelves.put(letter, "---\nmedium: letter\ncontract: yunxi/contracts/2024-017\n---\n");
        assert_eq!(shelves.places(), [format!("origin-missing {letter}:1:1")]);
        shelves.change(letter, "medium: letter", "medium: letter\norigin: sent");
        assert_eq!(shelves.codes(), [""; 0]);
    }
}
