//! What a reader opens bears no trace of what others have beside it.

use super::dashboards::{SETTINGS, view};
use super::fixture::House;
use super::opening::Site;

/// A house of two dossiers, in whose tier every customer must have had a dispute.
fn house() -> House {
    let mut house = House::new();
    house.put("strongroom.yaml", SETTINGS.replace("requires: [contract]", "requires: [dispute]"));
    for name in ["fin", "leg", "sal", "com"] {
        house.reader(name, "2030-01-01");
    }
    for name in ["one", "two"] {
        let root = format!("name: {name}\ntier: iron\nindustry: x\naccount_manager: y\naudience: staff\n");
        house.put(&format!("customers/{name}/dossier.yaml"), root);
    }
    house
}

fn dispute(house: &House, name: &str, audience: &str) {
    let text = format!("---\nsubject: s\ndate: 2026-01-05\naudience: {audience}\n---\ntext\n");
    house.put(&format!("customers/one/disputes/{name}.md"), text);
}

/// The parts of a page that the reader of Finance opens.
fn opened(house: &House, page: &str) -> Vec<serde_json::Value> {
    house.must_build();
    view(&Site::of(house), page, Some(&house.keys["fin"])).1
}

#[test]
fn a_group_looks_the_same_to_its_readers_whether_or_not_others_have_something_in_it() {
    let house = house();
    dispute(&house, "f", "finance");
    let page = "customers/one/index.html";
    let before = opened(&house, page);
    assert!(before.iter().any(|part| part["html"].as_str().unwrap().contains("disputes/f")), "{before:#?}");
    dispute(&house, "l", "legal");
    assert_eq!(opened(&house, page), before);
}

#[test]
fn the_digest_tells_an_audience_of_what_is_lacking_whatever_another_one_has() {
    let house = house();
    dispute(&house, "f", "finance");
    let page = "dashboards/digest/index.html";
    let before = opened(&house, page);
    dispute(&house, "l", "legal");
    assert_eq!(opened(&house, page), before);
}

#[test]
fn a_restricted_text_that_names_a_week_of_the_grid_or_begins_with_a_title_stops_no_build() {
    let house = house();
    let text =
        "---\nsubject: s\naudience: legal\n---\n2026-W40 was quiet. Fault case library three.\n\n授信占用 见附件。\n";
    house.put("customers/one/disputes/w.md", text);
    house.must_build();
}
