//! The past of series: what describes their rows may be renamed, go, or become something else.

use super::opening::Site;
use super::past::{For, both, check};
use super::past_beside::{ALL, FLOW, TABLE, described, rows};
use super::tricks::house_with;

#[test]
fn rows_that_are_gone_ask_for_what_a_renamed_description_restricts_now() {
    let house = house_with(&[("types/flow.yaml", FLOW), (ALL, &described("staff", "flows")), (TABLE, &rows("4"))]);
    house.commit("begun");
    house.put(TABLE, format!("{}2025-W05,{},5\n", rows("4"), both("gone cell")));
    house.commit("a week");
    house.put(TABLE, rows("4"));
    house.commit("without it");
    house.remove(ALL);
    let restricted = format!("{}restrict: {{volume: finance}}\n", described("staff", "flows"));
    house.put("customers/one/flows/main.yaml", restricted);
    house.commit("renamed and restricted");
    check(&house, &[("gone cell", For::Finance)]);
}

#[test]
fn rows_whose_description_went_stay_as_restricted_as_they_were() {
    let house = house_with(&[("types/flow.yaml", FLOW), (ALL, &described("finance", "flows")), (TABLE, &rows("4"))]);
    house.commit("begun");
    house.put(TABLE, rows(&both("described cell")));
    house.commit("a cell");
    house.put(TABLE, rows("5"));
    house.commit("another");
    house.remove(ALL);
    house.commit("without a description");
    house.put(TABLE, rows(&both("undescribed cell")));
    house.commit("and changed");
    check(&house, &[("described cell", For::Finance), ("undescribed cell", For::Everybody)]);
}

#[test]
fn rows_whose_type_is_no_series_any_more_are_told_to_nobody() {
    for gone in [None, Some("title: Flow\nfolder: flows\naudience: staff\nfields:\n  note: {kind: text}\n")] {
        let house = house_with(&[("types/flow.yaml", FLOW), (TABLE, &rows("4"))]);
        house.commit("begun");
        house.put(TABLE, rows(&both("cell of a series")));
        house.commit("a cell");
        match gone {
            None => house.remove("types/flow.yaml"),
            Some(other) => house.put("types/flow.yaml", other),
        }
        house.commit("no series");
        house.remove(TABLE);
        house.commit("and no table");
        check(&house, &[("cell of a series", For::Nobody)]);
    }
}

#[test]
fn records_whose_type_went_before_they_did_are_told_to_nobody() {
    let house = house_with(&[]);
    let deal = "title: Deal\nfolder: deals\naudience: staff\nfields:\n  note: {kind: text}\n";
    house.put("types/deal.yaml", deal);
    house.put("customers/one/deals/d.md", format!("---\nnote: {}\n---\n", both("of a type that went")));
    house.commit("begun");
    house.remove("types/deal.yaml");
    house.commit("no such type");
    house.remove("customers/one/deals/d.md");
    house.commit("and no such record");
    check(&house, &[("of a type that went", For::Nobody)]);
}

#[test]
fn rows_of_a_type_with_another_name_ask_for_what_that_one_asks() {
    let house = house_with(&[("types/flow.yaml", FLOW), (TABLE, &rows("4"))]);
    house.commit("begun");
    house.put(TABLE, rows(&both("under another type")));
    house.commit("a cell");
    house.put(TABLE, rows("5"));
    house.commit("another");
    house.remove("types/flow.yaml");
    house.put(
        "types/stream.yaml",
        FLOW.replace("income: {kind: text}", "income: {kind: text}\n  more: {kind: text}")
            .replace("audience: staff", "audience: finance"),
    );
    house.commit("another type");
    check(&house, &[("under another type", For::Finance)]);
}

#[test]
fn a_table_of_a_folder_that_was_a_dossier_asks_for_what_the_dossier_around_it_asks_now() {
    let house = house_with(&[("types/flow.yaml", FLOW)]);
    let dossier =
        |audience: &str| format!("name: Two\ntier: a\nindustry: b\naccount_manager: c\naudience: {audience}\n");
    house.put("customers/two/sub/dossier.yaml", dossier("staff"));
    let table = "customers/two/sub/flows/2025.csv";
    house.put(table, rows("4"));
    house.commit("a dossier by itself");
    house.put(table, rows(&both("cell of a part")));
    house.commit("a cell");
    house.put(table, rows("5"));
    house.commit("another");
    house.remove("customers/two/sub/dossier.yaml");
    let other = "audience: finance\nname: Quite another\ncode: '2'\ntier: z\nindustry: y\naccount_manager: x\n";
    house.put("customers/two/dossier.yaml", other);
    house.commit("a part of another");
    house.must_build();
    assert!(!Site::of(&house).haystack().holds(&[super::canary::word("cell of a part")]));
}

#[test]
fn a_list_that_renames_an_item_and_restricts_it_later_restricts_its_past() {
    let house = house_with(&[]);
    let list = |code: &str, note: &str, more: &str| {
        format!(
            "type: thing\nrecords:\n  - {{code: {code}, note: {note}, members: {{a: the same, b: as ever}}{more}}}\n"
        )
        .replace(", b: as ever", "")
    };
    let path = "customers/one/things/list.yaml";
    house.put(path, list("old", &both("first note"), ""));
    house.commit("begun");
    house.put(path, list("old", "second", ""));
    house.commit("changed");
    house.put(path, list("new", "second", ""));
    house.commit("renamed");
    house.put(path, list("new", "second", ", audience: legal"));
    house.commit("restricted");
    check(&house, &[("first note", For::Legal)]);
    house.remove(path);
    house.commit("gone");
    check(&house, &[("first note", For::Legal)]);
}
