//! The past of attachments: what they asked under other records and other names, and what they ask now.

use super::canary::word;
use super::past::For;
use super::past_attack::{A, not_in_the_open};
use super::past_beside::{SCAN, told, with_scan};
use super::tricks::house_with;

const B: &str = "customers/one/things/b.md";

#[test]
fn a_file_that_was_replaced_while_nothing_named_it_is_told_to_nobody() {
    let house = house_with(&[(A, &with_scan("")), (SCAN, "first bytes")]);
    house.commit("begun");
    house.put(A, "---\nnote: x\n---\n");
    house.commit("not named");
    house.put(SCAN, "hidden bytes");
    house.commit("replaced");
    house.put(SCAN, "third bytes");
    house.commit("and again");
    house.put(A, with_scan(""));
    house.commit("named again");
    told(&house, &[("first bytes", For::Everybody), ("hidden bytes", For::Nobody), ("third bytes", For::Everybody)]);
}

#[test]
fn a_file_that_belongs_to_a_restricted_record_now_was_never_open() {
    let house = house_with(&[(A, &with_scan("")), (SCAN, "first bytes")]);
    house.commit("begun");
    house.put(SCAN, "second bytes");
    house.commit("replaced");
    house.put(A, "---\nnote: x\n---\n");
    house.put(B, with_scan("audience: legal\n"));
    house.commit("handed on");
    told(&house, &[("first bytes", For::Legal), ("second bytes", For::Legal)]);
}

#[test]
fn files_of_a_record_that_was_renamed_and_restricted_afterwards_tell_nothing() {
    let (old, new) = (word("old name"), word("new name"));
    let path = |name: &str| format!("customers/one/things/{name}.md");
    let house = house_with(&[(&path(&old), &with_scan("")), (SCAN, "first bytes")]);
    house.commit("begun");
    house.put(SCAN, "second bytes");
    house.commit("replaced");
    house.remove(&path(&old));
    house.put(&path(&new), with_scan(""));
    house.commit("renamed");
    house.put(&path(&new), with_scan("audience: legal\n"));
    house.commit("restricted");
    told(&house, &[("first bytes", For::Legal), ("second bytes", For::Legal)]);
    not_in_the_open(&house, &["old name", "new name"]);
}

#[test]
fn a_file_under_a_record_that_came_back_restricted_was_never_open() {
    let house = house_with(&[(A, &with_scan("")), (SCAN, "first bytes")]);
    house.commit("begun");
    house.remove(A);
    house.remove(SCAN);
    house.commit("gone");
    house.put(A, with_scan("audience: legal\n"));
    house.put(SCAN, "first bytes");
    house.commit("and back");
    told(&house, &[("first bytes", For::Legal)]);
}

#[test]
fn a_file_that_was_restricted_for_a_while_keeps_that_while_alone() {
    let house = house_with(&[(A, &with_scan("")), (SCAN, "open bytes")]);
    house.commit("begun");
    house.put(A, with_scan("restrict: {attachments: legal}\n"));
    house.put(SCAN, "restricted bytes");
    house.commit("for legal");
    house.put(SCAN, "last bytes");
    house.commit("replaced");
    house.put(A, with_scan(""));
    house.commit("opened");
    told(&house, &[("open bytes", For::Everybody), ("restricted bytes", For::Legal), ("last bytes", For::Legal)]);
}

#[test]
fn a_list_that_renames_and_restricts_an_item_restricts_the_past_of_its_file() {
    let list = |code: &str, file: &str, more: &str| {
        format!("type: thing\nrecords:\n  - {{code: {code}, note: the same, attachments: [{file}.pdf]{more}}}\n")
    };
    let house = house_with(&[
        ("customers/one/things/list.yaml", &list("old", "old", "")),
        ("customers/one/things/old.pdf", "first bytes"),
    ]);
    house.commit("begun");
    house.put("customers/one/things/old.pdf", "second bytes");
    house.commit("replaced");
    house.remove("customers/one/things/old.pdf");
    house.put("customers/one/things/new.pdf", "second bytes");
    house.put("customers/one/things/list.yaml", list("new", "new", ", audience: legal"));
    house.commit("renamed and restricted");
    told(&house, &[("first bytes", For::Legal), ("second bytes", For::Legal)]);
}

#[test]
fn a_table_that_was_attached_as_a_file_asks_for_what_its_rows_ask_now() {
    let flow = "title: Flow\nkind: series\nfolder: flows\naudience: finance\nfields:\n  week: {kind: week}\n  volume: {kind: text}\n";
    let table = "week,volume\n2025-W01,1\n2025-W02,2\n";
    let house = house_with(&[(A, "---\nattachments: [../flows/a.csv]\n---\n"), ("customers/one/flows/a.csv", table)]);
    house.commit("a file");
    house.put(A, "---\nnote: x\n---\n");
    house.put("types/flow.yaml", flow);
    house.put("customers/one/flows/a.csv", "week,volume\n2025-W01,1\n2025-W02,2\n2025-W03,3\n");
    house.commit("a table");
    told(&house, &[(table, For::Finance)]);
}

#[test]
fn a_message_is_not_told_where_its_commit_touched_a_file_that_nothing_named() {
    use super::past::{both, check};
    let house = house_with(&[(A, "---\nnote: x\n---\n")]);
    house.commit("begun");
    house.put(SCAN, "bytes");
    house.put(A, "---\nnote: y\n---\n");
    house.commit(&both("of an unnamed file"));
    house.put(SCAN, "bytes of a scan");
    house.put(A, with_scan(""));
    house.commit(&both("of a named file"));
    check(&house, &[("of an unnamed file", For::Nobody), ("of a named file", For::Everybody)]);
}
