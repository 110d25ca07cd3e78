//! Unified credit: a sum tells nobody of what that reader may not read, not by being another and not by being there.

use super::dashboards::{SETTINGS, dashboards, text_of};
use super::fixture::House;

const PAGE: &str = "dashboards/credit/index.html";
const LINE: &str = "---\ngroup: Hill\nlimit: 7654321 CNY\nused: 4567 CNY\napproved_on: 2026-01-01\n---\n";

/// Two dossiers of one group and one of none, which holds something for every audience that the tests hide things for.
fn house() -> House {
    let mut house = House::new();
    house.put("strongroom.yaml", SETTINGS);
    for name in ["fin", "leg", "sal", "com"] {
        house.reader(name, "2030-01-01");
    }
    for (name, group) in [("one", "group: Hill\n"), ("two", "group: Hill\n"), ("three", "")] {
        let root = format!("name: {name} co\ntier: gold\nindustry: x\naccount_manager: y\naudience: staff\n{group}");
        house.put(&format!("customers/{name}/dossier.yaml"), root);
    }
    house.put("customers/three/exposures/a.yaml", exposures(&[("legal", 11)]));
    house.put(
        "customers/three/credit-lines/a.md",
        LINE.replace("Hill", "three co").replace("---\ng", "---\naudience: legal\ng"),
    );
    house
}

/// A list of exposures, each for an audience (for none: for those that the type names).
fn exposures(rows: &[(&str, u32)]) -> String {
    let row = |(n, (audience, amount)): (usize, &(&str, u32))| {
        let audience = if audience.is_empty() { String::new() } else { format!(", audience: {audience}") };
        format!("  - {{number: E{n}, amount: {amount} CNY, as_of: 2026-02-01{audience}}}\n")
    };
    let rows: String = rows.iter().enumerate().map(row).collect();
    format!("type: exposure\nrecords:\n{rows}")
}

#[test]
fn limits_and_exposures_are_for_those_who_may_read_them_and_change_nothing_for_others() {
    let house = house();
    house.must_build();
    let before = [None, Some("sal")].map(|reader| dashboards(&house, reader).remove(PAGE).unwrap());
    assert!(text_of(&before[0]).contains("Hill"), "the group itself stands in open fields");
    house.put("customers/one/credit-lines/a.md", LINE);
    house.put("customers/two/exposures/a.yaml", exposures(&[("", 1234), ("", 8000)]));
    house.must_build();
    for (reader, before) in [None, Some("sal")].into_iter().zip(before) {
        assert!(dashboards(&house, reader)[PAGE] == before, "{reader:?} is told of credit");
    }
    let seen = text_of(&dashboards(&house, Some("fin"))[PAGE]);
    for told in ["7,654,321", "9,234", "7,645,087"] {
        assert!(seen.contains(told), "{told}");
    }
}

#[test]
fn a_sum_is_made_without_what_its_reader_may_not_read() {
    let house = house();
    house.put("customers/one/credit-lines/a.md", LINE);
    house.put("customers/two/exposures/a.yaml", exposures(&[("", 1234)]));
    house.must_build();
    let before = dashboards(&house, Some("fin")).remove(PAGE).unwrap();
    house.put("customers/two/exposures/a.yaml", exposures(&[("", 1234), ("legal", 8000)]));
    house.must_build();
    assert!(dashboards(&house, Some("fin"))[PAGE] == before, "finance is told of what is for Legal");
}

#[test]
fn a_membership_that_is_sealed_is_told_to_nobody_else() {
    let house = house();
    let root = "name: four co\ntier: gold\nindustry: x\naccount_manager: y\naudience: staff\n";
    house.put("customers/four/dossier.yaml", format!("{root}restrict: {{group: legal}}\n"));
    house.put("customers/four/exposures/a.yaml", exposures(&[("", 333)]));
    house.put("customers/one/credit-lines/a.md", LINE);
    house.put("customers/two/exposures/a.yaml", exposures(&[("", 1234)]));
    house.must_build();
    let before = [None, Some("fin")].map(|reader| dashboards(&house, reader).remove(PAGE).unwrap());
    house.put("customers/four/dossier.yaml", format!("{root}group: Hill\nrestrict: {{group: legal}}\n"));
    house.must_build();
    for (reader, before) in [None, Some("fin")].into_iter().zip(before) {
        assert!(dashboards(&house, reader)[PAGE] == before, "{reader:?} is told of the membership");
    }
    assert!(text_of(&dashboards(&house, Some("leg"))[PAGE]).contains("four co"));
}
