//! What stood beside a value on its own branch: the description of a series, the record that names a file, the rules.
//! What another branch said at the time is none of it, in neither direction.

use super::fixture::House;
use super::opening::Site;
use super::past::{For, both, check};
use super::past_attack::A;
use super::past_branches::{commit_on, head};
use super::tricks::house_with;

pub const FLOW: &str = "title: Flow\nkind: series\nfolder: flows\naudience: staff\nfields:\n  week: {kind: week}\n  volume: {kind: text}\n  income: {kind: text}\n";
pub const ALL: &str = "customers/one/flows/all.yaml";
pub const TABLE: &str = "customers/one/flows/2025.csv";
pub const SCAN: &str = "customers/one/things/scan.pdf";

/// A description of the table, for these readers.
pub fn described(audience: &str, title: &str) -> String {
    format!("type: flow\ntitle: {title}\naudience: {audience}\nrows: [2025.csv]\n")
}

/// A table of some weeks, the last of which says this.
pub fn rows(cell: &str) -> String {
    format!("week,volume,income\n2025-W01,1,1\n2025-W02,2,2\n2025-W03,3,3\n2025-W04,{cell},4\n")
}

/// A record that attaches a scan.
pub fn with_scan(key: &str) -> String {
    format!("---\nnote: x\n{key}attachments: [scan.pdf]\n---\n")
}

/// The digits by which the history calls a content.
fn digest(content: &str) -> String {
    git2::Oid::hash_object(git2::ObjectType::Blob, content.as_bytes()).unwrap().to_string().chars().take(10).collect()
}

/// Builds, and holds against each content who is told of it.
pub fn told(house: &House, contents: &[(&str, For)]) {
    house.must_build();
    let site = Site::of(house);
    let open = site.haystack();
    let (fin, leg) = (site.opened(&house.keys["fin"]), site.opened(&house.keys["leg"]));
    for (content, whom) in contents {
        let digits = [digest(content)];
        let found = [open.holds(&digits), fin.holds(&digits), leg.holds(&digits)];
        let should = match whom {
            For::Everybody => [true, found[1], found[2]],
            For::Finance => [false, true, false],
            For::Legal => [false, false, true],
            For::Nobody => [false, false, false],
        };
        assert_eq!(found, should, "{content}: open, finance, legal");
    }
}

/// Two branches of the archive as it lies: what one puts, what the other puts, what follows on the first in two
/// commits, and what a merge comes to.
fn branched(house: &House, first: [(&str, &str); 3], other: (&str, &str), merged: (&str, &str)) {
    house.commit("begun");
    let (begun, at) = head(house);
    let (path, before) = (first[0].0, std::fs::read_to_string(house.archive().join(first[0].0)).unwrap());
    house.put(path, first[0].1);
    let one = commit_on(house, &[begun], at + 10);
    house.put(path, before);
    house.put(other.0, other.1);
    let two = commit_on(house, &[begun], at + 20);
    house.put(path, first[0].1);
    house.put(first[1].0, first[1].1);
    let secret = commit_on(house, &[one], at + 30);
    house.put(first[2].0, first[2].1);
    let over = commit_on(house, &[secret], at + 40);
    house.put(merged.0, merged.1);
    commit_on(house, &[over, two], at + 50);
}

#[test]
fn rows_ask_for_what_their_description_asked_on_their_branch() {
    let house = house_with(&[("types/flow.yaml", FLOW), (ALL, &described("staff", "begun")), (TABLE, &rows("4"))]);
    branched(
        &house,
        [(ALL, &described("finance", "strict")), (TABLE, &rows(&both("of the strict branch"))), (TABLE, &rows("5"))],
        (ALL, &described("staff", "lax")),
        (ALL, &described("staff", "merged")),
    );
    check(&house, &[("of the strict branch", For::Finance)]);
}

#[test]
fn rows_of_an_open_branch_stay_open_though_another_restricted_their_description() {
    let house = house_with(&[("types/flow.yaml", FLOW), (ALL, &described("staff", "begun")), (TABLE, &rows("4"))]);
    branched(
        &house,
        [(ALL, &described("staff", "lax")), (TABLE, &rows(&both("of the lax branch"))), (TABLE, &rows("5"))],
        (ALL, &described("finance", "strict")),
        (ALL, &described("staff", "merged")),
    );
    check(&house, &[("of the lax branch", For::Everybody)]);
}

#[test]
fn rows_that_stay_on_a_branch_ask_for_the_description_that_came_there_after_another_branch_changed_them() {
    let house = house_with(&[("types/flow.yaml", FLOW), (ALL, &described("staff", "begun")), (TABLE, &rows("4"))]);
    branched(
        &house,
        [(TABLE, &rows(&both("stays on its branch"))), (ALL, &described("finance", "strict")), (TABLE, &rows("6"))],
        (TABLE, &rows("5")),
        (ALL, &described("staff", "merged")),
    );
    check(&house, &[("stays on its branch", For::Finance)]);
}

#[test]
fn a_file_asks_for_what_its_record_asked_on_its_branch() {
    let house = house_with(&[(A, &with_scan("")), (SCAN, "first bytes")]);
    branched(
        &house,
        [(A, &with_scan("audience: legal\n")), (SCAN, "secret bytes"), (SCAN, "other bytes")],
        (A, &with_scan("title: lax\n")),
        (A, &with_scan("title: merged\n")),
    );
    told(&house, &[("secret bytes", For::Legal), ("other bytes", For::Legal)]);
}

#[test]
fn a_file_of_an_open_branch_stays_open_though_another_restricted_its_record() {
    let house = house_with(&[(A, &with_scan("")), (SCAN, "first bytes")]);
    branched(
        &house,
        [(A, &with_scan("title: lax\n")), (SCAN, "open bytes"), (SCAN, "other bytes")],
        (A, &with_scan("audience: legal\n")),
        (A, &with_scan("title: merged\n")),
    );
    told(&house, &[("first bytes", For::Legal), ("open bytes", For::Everybody), ("other bytes", For::Everybody)]);
}

#[test]
fn a_file_that_stays_on_a_branch_asks_for_what_its_record_came_to_ask_there() {
    let house = house_with(&[(A, &with_scan("")), (SCAN, "first bytes")]);
    branched(
        &house,
        [(SCAN, "branch bytes"), (A, &with_scan("restrict: {attachments: legal}\n")), (SCAN, "last bytes")],
        (SCAN, "main bytes"),
        (A, &with_scan("title: merged\n")),
    );
    told(&house, &[("branch bytes", For::Legal), ("main bytes", For::Everybody)]);
}

#[test]
fn a_value_that_stays_on_a_branch_asks_for_the_rules_that_came_there_after_another_branch_changed_it() {
    let house = house_with(&[(A, "---\nnote: x\n---\n")]);
    let rules =
        |note: &str| format!("title: Thing\nfolder: things\naudience: staff\nfields:\n  note: {{kind: text{note}}}\n");
    house.put("types/thing.yaml", rules(""));
    branched(
        &house,
        [
            (A, &format!("---\nnote: {}\n---\n", both("stays on its branch"))),
            ("types/thing.yaml", &rules(", audience: legal")),
            (A, "---\nnote: z\n---\n"),
        ],
        (A, "---\nnote: y\n---\n"),
        ("types/thing.yaml", &rules("")),
    );
    check(&house, &[("stays on its branch", For::Legal)]);
}

#[test]
fn a_value_that_stays_on_a_branch_asks_for_what_its_dossier_came_to_ask_there() {
    let house = house_with(&[(A, "---\nnote: x\n---\n")]);
    let dossier =
        |audience: &str| format!("name: One\ntier: a\nindustry: b\naccount_manager: c\naudience: {audience}\n");
    branched(
        &house,
        [
            (A, &format!("---\nnote: {}\n---\n", both("stays on its branch"))),
            ("customers/one/dossier.yaml", &dossier("legal")),
            (A, "---\nnote: z\n---\n"),
        ],
        (A, "---\nnote: y\n---\n"),
        ("customers/one/dossier.yaml", &dossier("staff")),
    );
    check(&house, &[("stays on its branch", For::Legal)]);
}

#[test]
fn what_was_edited_under_its_old_name_while_another_branch_renamed_it_is_as_restricted_as_it_is_now() {
    let text = "a text that stays\nthe same over lines\nso that it is known again\n";
    let house = house_with(&[(A, &format!("---\nnote: x\n---\n{text}"))]);
    house.commit("begun");
    let (begun, at) = head(&house);
    let there = "customers/one/things/b.md";
    house.remove(A);
    house.put(there, format!("---\nnote: x\n---\n{text}"));
    let renamed = commit_on(&house, &[begun], at + 10);
    house.remove(there);
    house.put(A, format!("---\nnote: {}\n---\n{text}", both("under the old name")));
    let edited = commit_on(&house, &[begun], at + 20);
    house.remove(A);
    house.put(there, format!("---\nnote: y\n---\n{text}"));
    commit_on(&house, &[renamed, edited], at + 30);
    house.put(there, format!("---\naudience: legal\nnote: z\n---\n{text}"));
    house.commit("restricted");
    check(&house, &[("under the old name", For::Legal)]);
    house.remove(there);
    house.commit("and gone");
    check(&house, &[("under the old name", For::Legal)]);
}

#[test]
fn a_file_replaced_under_its_old_name_while_another_branch_renamed_it_is_as_restricted_as_it_is_now() {
    let house = house_with(&[(A, &with_scan("")), (SCAN, "first bytes")]);
    house.commit("begun");
    let (begun, at) = head(&house);
    let there = "customers/one/things/new.pdf";
    let renamed_to = |key: &str| with_scan(key).replace("scan.pdf", "new.pdf");
    house.remove(SCAN);
    house.put(there, "first bytes");
    house.put(A, renamed_to(""));
    let renamed = commit_on(&house, &[begun], at + 10);
    house.remove(there);
    house.put(A, with_scan("title: t\n"));
    house.put(SCAN, "other bytes");
    let replaced = commit_on(&house, &[begun], at + 20);
    house.remove(SCAN);
    house.put(there, "merged bytes");
    house.put(A, renamed_to(""));
    commit_on(&house, &[renamed, replaced], at + 30);
    house.put(A, "---\nnote: x\n---\n");
    house.put("customers/one/things/b.md", renamed_to("audience: legal\n"));
    house.commit("restricted");
    told(&house, &[("other bytes", For::Legal), ("merged bytes", For::Legal)]);
}
