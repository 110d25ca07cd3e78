//! Lists of records of one type over all dossiers, and headings made of what records say: nobody is told of a competitor,
//! a lease or a case who may not read the record.

use super::canary::word;
use super::dashboards::{SETTINGS, dashboards, text_of};
use super::fixture::House;

fn house() -> House {
    let mut house = House::new();
    house.put("strongroom.yaml", SETTINGS);
    for name in ["fin", "leg", "sal", "com"] {
        house.reader(name, "2030-01-01");
    }
    let root = "name: One co\ntier: gold\nindustry: x\naccount_manager: y\naudience: staff\n";
    house.put("customers/one/dossier.yaml", root);
    house
}

/// Which of these readers see the words on a page.
fn seen_by(house: &House, page: &str, words: &str) -> Vec<Option<&'static str>> {
    let readers = [None, Some("fin"), Some("leg"), Some("sal")];
    readers.into_iter().filter(|reader| text_of(&dashboards(house, *reader)[page]).contains(words)).collect()
}

#[test]
fn a_competitors_name_is_a_heading_for_those_alone_who_may_read_a_note_on_it() {
    let house = house();
    let note = |rival: &str, more: &str| format!("---\ncompetitor: {rival}\nsource: s\n{more}---\nt\n");
    house.put("customers/one/competition/a.md", note(&word("rival"), "rival_until: 2027-01-01\n"));
    house.put("customers/one/competition/b.md", note(&word("other"), "restrict: {competitor: legal}\n"));
    house.must_build();
    let page = "dashboards/competition/index.html";
    assert_eq!(seen_by(&house, page, &word("rival")), [Some("sal")]);
    assert_eq!(seen_by(&house, page, &word("other")), [], "this asks for Legal and Sales at once");
}

#[test]
fn a_lease_and_its_rent_are_for_those_who_may_read_each() {
    let house = house();
    let lease = format!(
        "---\nnumber: L1\nelement: {}\nuntil: 2026-12-31\nnotice_by: 2026-12-01\nprice: 7654321 CNY\naudience: [legal, finance]\n---\nt\n",
        word("element")
    );
    house.put("customers/one/leases/a.md", lease);
    house.must_build();
    let page = "dashboards/leases/index.html";
    assert_eq!(seen_by(&house, page, &word("element")), [Some("fin"), Some("leg")]);
    assert_eq!(seen_by(&house, page, "7,654,321"), [Some("fin")]);
}

#[test]
fn a_sealed_case_is_searched_by_those_alone_who_opened_it() {
    let house = house();
    let case = |symptom: &str, more: &str| format!("---\nsymptom: {symptom}\ncause: c\ncure: d\n{more}---\nt\n");
    house.put("registers/fault-cases/a.md", case(&word("open"), ""));
    house.put("registers/fault-cases/b.md", case(&word("sealed"), "audience: legal\n"));
    house.must_build();
    let page = "dashboards/fault-cases/index.html";
    assert_eq!(seen_by(&house, page, &word("open")).len(), 4);
    assert_eq!(seen_by(&house, page, &word("sealed")), [Some("leg")]);
}

#[test]
fn the_order_of_leases_tells_nobody_of_a_day_that_is_restricted() {
    let house = house();
    let page = "dashboards/leases/index.html";
    let lease = |name: &str, until: &str| {
        let front =
            format!("number: {name}\nelement: e\nuntil: {until}\naudience: staff\nrestrict: {{until: legal}}\n");
        house.put(&format!("customers/one/leases/{name}.md"), format!("---\n{front}---\nt\n"));
    };
    let seen = |one: &str, other: &str| {
        lease("L1", one);
        lease("L2", other);
        house.must_build();
        ["fin", "sal"].map(|reader| dashboards(&house, Some(reader))[page].clone())
    };
    assert_eq!(seen("2027-01-01", "2028-01-01"), seen("2028-01-01", "2027-01-01"));
}
