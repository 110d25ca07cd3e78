//! Ways round the restrictions of the past: what was deleted, renamed, broken or divided before or after it was
//! restricted, and what the rules of a branch said.

use super::canary::word;
use super::fixture::House;
use super::opening::Site;
use super::past::{For, both, check, lived};
use super::tricks::house_with;

/// That names and other single words are not told in the open.
pub fn not_in_the_open(house: &House, labels: &[&str]) {
    house.must_build();
    let open = Site::of(house).haystack();
    let told: Vec<&&str> = labels.iter().filter(|label| open.holds(&[word(label)])).collect();
    assert!(told.is_empty(), "in the open: {told:?}");
}

/// The record of most tests.
pub const A: &str = "customers/one/things/a.md";

#[test]
fn deleting_a_restricted_record_does_not_open_what_it_said_before_it_was_restricted() {
    let house = lived(&[
        &format!("---\nnote: {}\n---\n{}\n", both("first note"), both("first text")),
        &format!("---\naudience: legal\nnote: {}\n---\n", both("second note")),
    ]);
    house.remove(A);
    house.commit("gone");
    check(&house, &[("first note", For::Legal), ("first text", For::Legal), ("second note", For::Legal)]);
}

#[test]
fn removing_a_restricted_part_does_not_open_what_it_said_before_it_was_restricted() {
    let house = lived(&[
        &format!("---\nnote: {}\n---\n# Price\n\n{}\n", both("first note"), both("first price")),
        &format!(
            "---\nnote: {}\nrestrict: {{note: finance}}\n---\n# Price {{audience=legal}}\n\n{}\n",
            both("second note"),
            both("second price")
        ),
        "---\ntitle: t\n---\n# Other\n\nnothing of it\n",
    ]);
    check(
        &house,
        &[
            ("first note", For::Finance),
            ("second note", For::Finance),
            ("first price", For::Legal),
            ("second price", For::Legal),
        ],
    );
}

#[test]
fn a_record_that_was_opened_again_before_it_went_stays_as_open_as_it_was() {
    let house = lived(&[
        &format!("---\nnote: {}\n---\n", both("first note")),
        &format!("---\naudience: legal\nnote: {}\n---\n", both("second note")),
        &format!("---\nnote: {}\n---\n", both("third note")),
    ]);
    house.remove(A);
    house.commit("gone");
    check(&house, &[("first note", For::Everybody), ("second note", For::Legal), ("third note", For::Everybody)]);
}

#[test]
fn a_record_renamed_while_it_was_open_and_restricted_afterwards_tells_neither_name() {
    let house = house_with(&[]);
    let (old, new) = (word("old name"), word("new name"));
    let text = "---\ntitle: t\nnote: something\n---\nand text\n";
    house.put(&format!("customers/one/things/{old}.md"), text);
    house.commit("come");
    house.remove(&format!("customers/one/things/{old}.md"));
    house.put(&format!("customers/one/things/{new}.md"), text);
    house.commit("renamed");
    house.put(&format!("customers/one/things/{new}.md"), text.replace("note:", "audience: legal\nnote:"));
    house.commit("restricted");
    not_in_the_open(&house, &["old name", "new name"]);
}

#[test]
fn a_record_renamed_under_a_restriction_and_deleted_does_not_tell_its_last_name() {
    let house = house_with(&[]);
    let (old, new) = (word("old name"), word("new name"));
    let text = "and a text that stays\nthe same over lines\nso that it is known again\n";
    house.put(&format!("customers/one/things/{old}.md"), format!("---\nnote: one\n---\n{text}"));
    house.commit("come");
    house.remove(&format!("customers/one/things/{old}.md"));
    house.put(&format!("customers/one/things/{new}.md"), format!("---\naudience: legal\nnote: two\n---\n{text}"));
    house.commit("renamed and restricted");
    house.remove(&format!("customers/one/things/{new}.md"));
    house.commit("gone");
    not_in_the_open(&house, &["new name"]);
}

#[test]
fn a_record_that_was_broken_while_it_was_open_does_not_tell_its_name_once_it_is_restricted() {
    let house = house_with(&[]);
    let path = format!("customers/one/things/{}.md", word("name"));
    for (n, text) in
        ["---\nnote: x\n---\n", "---\nnote: [\n---\n", "---\naudience: legal\nnote: x\n---\n"].into_iter().enumerate()
    {
        house.put(&path, text);
        house.commit(&format!("state {n}"));
    }
    not_in_the_open(&house, &["name"]);
}

#[test]
fn a_record_that_went_to_a_restricted_dossier_stays_restricted_when_that_one_goes() {
    let house = house_with(&[]);
    let dossier = "name: Two\ntier: a\nindustry: b\naccount_manager: c\naudience: finance\n";
    let text = "a text that stays\nthe same over lines\nso that it is known again\n";
    house.put("customers/two/dossier.yaml", dossier);
    house.put(A, format!("---\nnote: {}\n---\n{text}", both("first note")));
    house.commit("in one");
    house.remove(A);
    let there = format!("customers/two/things/{}.md", word("name there"));
    house.put(&there, format!("---\nnote: {}\n---\n{text}", both("second note")));
    house.commit("in two");
    house.remove(&there);
    house.remove("customers/two/dossier.yaml");
    house.commit("two is gone");
    not_in_the_open(&house, &["name there"]);
    check(&house, &[("first note", For::Finance)]);
}

#[test]
fn attachments_that_are_gone_ask_for_what_their_record_asks_now_or_asked_last() {
    let house = house_with(&[]);
    let files = [word("of a"), word("of b")];
    for (name, file) in ["a", "b"].iter().zip(&files) {
        house
            .put(&format!("customers/one/things/{name}.md"), format!("---\nnote: x\nattachments: [{file}.pdf]\n---\n"));
        house.put(&format!("customers/one/things/{file}.pdf"), format!("bytes of {name}"));
    }
    house.commit("two records with scans");
    for (name, file) in ["a", "b"].iter().zip(&files) {
        house.put(&format!("customers/one/things/{name}.md"), "---\nnote: x\n---\n");
        house.remove(&format!("customers/one/things/{file}.pdf"));
    }
    house.commit("without them");
    for name in ["a", "b"] {
        house.put(&format!("customers/one/things/{name}.md"), "---\naudience: legal\nnote: x\n---\n");
    }
    house.commit("restricted");
    house.remove("customers/one/things/b.md");
    house.commit("one is gone");
    not_in_the_open(&house, &["of a", "of b"]);
}

#[test]
fn an_attachment_that_moved_to_an_open_record_does_not_tell_where_it_stood() {
    let house = house_with(&[]);
    let old = word("secret scan");
    house.put(A, "---\nnote: x\n---\n");
    house.put("customers/one/things/b.md", format!("---\naudience: legal\nattachments: [{old}.pdf]\n---\n"));
    house.put(&format!("customers/one/things/{old}.pdf"), "some bytes that stay the same");
    house.commit("a scan for legal");
    house.remove(&format!("customers/one/things/{old}.pdf"));
    house.put("customers/one/things/b.md", "---\naudience: legal\n---\n");
    house.put(A, "---\nnote: x\nattachments: [open.pdf]\n---\n");
    house.put("customers/one/things/open.pdf", "some bytes that stay the same");
    house.commit("and now for everybody");
    not_in_the_open(&house, &["secret scan"]);
}

#[test]
fn a_misspelt_restriction_of_the_past_is_a_doubt_and_opens_nothing() {
    let doubts = [
        "---\naudeince: legal\nnote: NOTE\n---\nNOTE\n",
        "---\nnote: NOTE\nrestrcit: {note: legal}\n---\nNOTE\n",
        "---\nnote: NOTE\n---\n# Price ｛audience＝legal｝\n\nNOTE\n",
        "---\nnote: NOTE\n---\n# Price {audience = legal}\n\nNOTE\n",
        "---\nnote: NOTE\n---\n- # Price {audience=legal}\n\n  NOTE\n",
    ];
    for (n, doubt) in doubts.iter().enumerate() {
        let label = format!("doubt {n}");
        let house = lived(&[&doubt.replace("NOTE", &both(&label)), "---\nnote: mended\n---\nand mended\n"]);
        check(&house, &[(&label, For::Nobody)]);
    }
}

#[test]
fn what_was_personal_and_stood_in_the_open_by_mistake_stays_with_those_who_have_the_repository() {
    let paper = "title: Paper\nfolder: papers\naudience: legal\nfields:\n  holder: {kind: text}\n  number: {kind: text, personal: true}\n";
    let proof = "title: Proof\nfolder: proofs\naudience: legal\npersonal: true\nfields:\n  holder: {kind: text}\n";
    let house = house_with(&[("types/paper.yaml", paper), ("types/proof.yaml", proof)]);
    let (file, whole) = ("customers/one/papers/p.yaml", "customers/one/proofs/p.md");
    // No build publishes the first; the second mends it by leaving out what is personal.
    let open = |more: &str| format!("audience: staff\nholder: {}\n{more}", both("open holder"));
    house.put(file, open(&format!("number: {}\n", both("first number"))));
    house.put("customers/one/proofs/scan.bin", "x");
    let said = format!("title: {}\nholder: {}\nattachments: [scan.bin]", both("a title"), both("a holder"));
    house.put(whole, format!("---\naudience: staff\n{said}\n---\n{}\n", both("a text")));
    house.commit("a mistake");
    house.put(file, open(""));
    house.remove(whole);
    house.remove("customers/one/proofs/scan.bin");
    house.commit("mended");
    let of_whole = ["a title", "a holder", "a text", "first number"].map(|label| (label, For::Nobody));
    check(&house, &of_whole);
    check(&house, &[("open holder", For::Everybody)]);
    assert!(!Site::of(&house).haystack().holds(&["scan.bin".to_owned()]), "nor how its scan was called");
}

#[test]
fn a_mistake_that_restricts_nothing_leaves_the_past_as_open_as_it_was() {
    let house = lived(&[
        &format!("---\nnote: {}\nattachments: [nowhere.pdf]\ndate: 2025-02-31\n---\n", both("first note")),
        "---\nnote: mended\n---\n",
    ]);
    check(&house, &[("first note", For::Everybody)]);
}

#[test]
fn a_record_without_a_type_at_its_time_opens_nothing() {
    let house = house_with(&[]);
    house.put(A, "---\nnote: x\n---\n");
    house.put("customers/one/deals/d.md", format!("---\ntype: deal\nnote: {}\n---\n", both("untyped")));
    house.commit("no such type yet");
    house.put("customers/one/deals/d.md", "---\ntype: deal\nnote: other\n---\n");
    let deal = "title: Deal\nfolder: deals\naudience: staff\nfields:\n  note: {kind: text}\n";
    house.put("types/deal.yaml", deal);
    house.commit("a type for it");
    check(&house, &[("untyped", For::Nobody)]);
}

#[test]
fn a_message_is_not_told_where_it_touched_what_is_restricted_now_without_changing_a_part_of_it() {
    let house = house_with(&[]);
    house.put(A, "---\nnote: x\n---\n");
    house.put("customers/one/things/b.md", "---\nnote: x\n---\n");
    house.commit("begun");
    house.put(A, "---\nnote: y\n---\n");
    house.put("customers/one/things/b.md", "---\n# a comment\nnote: x\n---\n");
    house.commit(&both("touching message"));
    house.put("customers/one/things/b.md", "---\naudience: legal\nnote: x\n---\n");
    house.commit("restricted");
    check(&house, &[("touching message", For::Legal)]);
}

#[test]
fn a_folder_that_became_a_dossier_of_its_own_keeps_what_the_dossier_around_it_asked() {
    let house = house_with(&[]);
    let dossier =
        |audience: &str| format!("name: Two\ntier: a\nindustry: b\naccount_manager: c\naudience: {audience}\n");
    house.put("customers/two/dossier.yaml", dossier("finance"));
    house.put("customers/two/sub/things/x.md", format!("---\nnote: {}\n---\n", both("within")));
    house.commit("a dossier for finance");
    house.put("customers/two/sub/things/x.md", "---\nnote: other\n---\n");
    house.commit("changed");
    house.remove("customers/two/dossier.yaml");
    house.put("customers/two/sub/dossier.yaml", dossier("staff"));
    house.commit("divided");
    check(&house, &[("within", For::Finance)]);
}

#[test]
fn a_dossier_of_the_same_name_elsewhere_opens_nothing() {
    let house = house_with(&[]);
    let dossier = |name: &str, audience: &str| {
        format!("name: {name}\ntier: a\nindustry: b\naccount_manager: c\naudience: {audience}\n")
    };
    house.put("customers/g/two/dossier.yaml", dossier("Two", "finance"));
    house.commit("for finance");
    house.put("customers/h/two/dossier.yaml", "audience: staff\nname: Quite another\ncode: '2'\n");
    house.commit("a second one");
    house.put("customers/g/two/things/x.md", format!("---\nnote: {}\n---\n", both("within")));
    house.commit("a secret in the first");
    house.put("customers/g/two/things/x.md", "---\nnote: other\n---\n");
    house.commit("another");
    house.remove("customers/g/two/dossier.yaml");
    house.remove("customers/g/two/things/x.md");
    house.put("customers/h/two/dossier.yaml", dossier("Two", "staff"));
    house.commit("the first is gone");
    check(&house, &[("within", For::Finance)]);
}

#[test]
fn a_dossier_that_lost_its_root_for_a_while_opens_nothing_of_that_while() {
    let house = house_with(&[]);
    let dossier = "name: Two\ntier: a\nindustry: b\naccount_manager: c\naudience: ";
    house.put("customers/two/dossier.yaml", format!("{dossier}finance\n"));
    house.put("customers/two/things/x.md", "---\nnote: x\n---\n");
    house.commit("for finance");
    house.remove("customers/two/dossier.yaml");
    house.put("customers/two/things/x.md", format!("---\nnote: {}\n---\n", both("rootless")));
    house.commit("without its root");
    house.put("customers/two/things/x.md", "---\nnote: y\n---\n");
    house.put("customers/two/dossier.yaml", format!("{dossier}staff\n"));
    house.commit("with it, and open");
    house.must_build();
    assert!(!Site::of(&house).haystack().holds(&[word("rootless")]));
}

#[test]
fn a_group_in_a_list_is_not_told_by_a_name_that_is_restricted_now() {
    let house = house_with(&[(
        "types/thing.yaml",
        "title: Thing\nfolder: things\naudience: staff\nfields:\n  people: {kind: group, many: true, fields: {name: {kind: text}, post: {kind: text}}}\n",
    )]);
    let of =
        |name: &str, post: &str, more: &str| format!("---\npeople:\n  - {{name: {name}, post: {post}}}\n{more}---\n");
    house.put(A, of(&both("first name"), "clerk", ""));
    house.commit("one");
    house.put(A, of("another", "buyer", "restrict: {people.name: finance}\n"));
    house.commit("two");
    check(&house, &[("first name", For::Finance)]);
}

#[test]
fn rows_are_not_told_by_a_label_that_is_restricted_now() {
    let house = house_with(&[(
        "types/flow.yaml",
        "title: Flow\nkind: series\nfolder: flows\naudience: staff\nfields:\n  week: {kind: week}\n  volume: {kind: text}\n",
    )]);
    house.put("customers/one/flows/all.yaml", "type: flow\nrows: [2025.csv]\n");
    house.put("customers/one/flows/2025.csv", "week,volume\n2025-W01,1\n");
    house.commit("a row");
    house.put("customers/one/flows/2025.csv", format!("week,volume\n2025-W01,1\n2025-W02,{}\n", both("past cell")));
    house.commit("two rows");
    house.put("customers/one/flows/2025.csv", "week,volume\n2025-W01,1\n");
    house.put("customers/one/flows/all.yaml", "type: flow\nrows: [2025.csv]\nrestrict: {week: finance}\n");
    house.commit("weeks are for finance");
    check(&house, &[("past cell", For::Finance)]);
}

#[test]
fn rows_whose_description_was_broken_open_nothing() {
    let house = house_with(&[(
        "types/flow.yaml",
        "title: Flow\nkind: series\nfolder: flows\naudience: staff\nfields:\n  week: {kind: week}\n  volume: {kind: text}\n",
    )]);
    house.put("customers/one/flows/all.yaml", "type: flow\naudience: finance\nrows: [2025.csv]\n");
    house.put("customers/one/flows/2025.csv", "week,volume\n2025-W01,1\n");
    house.commit("a row for finance");
    house.put("customers/one/flows/all.yaml", "type: flow\naudience: [\n");
    house.put("customers/one/flows/2025.csv", format!("week,volume\n2025-W01,1\n2025-W02,{}\n", both("cell")));
    house.commit("a broken description");
    house.put("customers/one/flows/2025.csv", "week,volume\n2025-W01,1\n2025-W02,2\n");
    house.put("customers/one/flows/all.yaml", "type: flow\naudience: staff\nrows: [2025.csv]\n");
    house.commit("mended and opened");
    house.must_build();
    assert!(!Site::of(&house).haystack().holds(&[word("cell")]));
}

#[test]
fn the_feed_does_not_count_commits() {
    let house = house_with(&[]);
    for n in 0..3 {
        house.put("customers/one/things/b.md", format!("---\naudience: legal\nnote: n{n}\n---\n"));
        house.commit("for legal");
    }
    house.put(A, "---\nnote: open\n---\n");
    house.commit("open");
    house.must_build();
    let files = Site::of(&house).files;
    let home = String::from_utf8_lossy(&files["index.html"]).into_owned();
    assert!(home.contains("feed/") && !home.contains("feed/3/"), "{home}");
}

#[test]
fn where_a_file_stood_outside_the_dossiers_is_not_told() {
    let house = house_with(&[]);
    let text = "---\nnote: x\n---\na text\n";
    house.put(&format!("drafts/{}/a.md", word("secret project")), text);
    house.commit("a draft");
    house.remove(&format!("drafts/{}/a.md", word("secret project")));
    house.put(A, text);
    house.commit("filed");
    not_in_the_open(&house, &["secret project"]);
}

#[test]
fn that_something_hidden_stood_before_is_not_told() {
    let house = lived(&[
        "---\nnote: hidden\nrestrict: {note: finance}\n---\n# A {audience=legal}\n\nhidden\n",
        "---\nnote: open\n---\n# A\n\nopen\n",
    ]);
    house.must_build();
    let site = Site::of(&house);
    let page = site.files.iter().find(|(name, _)| name.ends_with("/history/index.html")).unwrap().1;
    let page = String::from_utf8_lossy(page).into_owned();
    let open = super::opening::outside(&page);
    assert!(!open.contains("change-changed"), "{open}");
}
