//! Series: restrictions of columns hold whichever way they are written.

use super::canary::word;
use super::opening::Site;
use super::tricks::house_with;

const FLOW: &str = "title: Flow\nkind: series\nfolder: flows\naudience: staff\nfields:\n  week: {kind: week}\n  income: {kind: text}\n  other: {kind: text}\n";

#[test]
fn a_described_series_restricts_its_columns_by_restrict() {
    let rows = format!("week,income,other\n2025-W01,{},{}\n", word("described income"), word("described other"));
    let house = house_with(&[
        ("types/flow.yaml", FLOW),
        ("customers/one/flows/d.yaml", "type: flow\nrows: [d.csv]\nrestrict: {income: finance}\n"),
        ("customers/one/flows/d.csv", &rows),
    ]);
    house.must_build();
    let site = Site::of(&house);
    assert!(site.haystack().holds(&[word("described other")]));
    assert!(!site.haystack().holds(&[word("described income")]));
    assert!(site.opened(&house.keys["fin"]).holds(&[word("described income")]));
    assert!(!site.opened(&house.keys["leg"]).holds(&[word("described income")]));
}

#[test]
fn the_column_that_orders_a_series_may_be_restricted_too() {
    let flow = "title: Flow\nkind: series\nfolder: flows\naudience: staff\nfields:\n  income: {kind: text, audience: finance}\n  other: {kind: text}\n";
    let rows = format!("income,other\n{},{}\n", word("first income"), word("first other"));
    let house = house_with(&[("types/flow.yaml", flow), ("customers/one/flows/2025.csv", &rows)]);
    house.must_build();
    let site = Site::of(&house);
    assert!(!site.haystack().holds(&[word("first income")]));
    assert!(site.opened(&house.keys["fin"]).holds(&[word("first income")]));
    let week = "title: Flow\nkind: series\nfolder: flows\naudience: staff\nfields:\n  other: {kind: text}\n  week: {kind: week, audience: finance}\n";
    let house = house_with(&[("types/flow.yaml", week), ("customers/one/flows/2025.csv", "other,week\nx,2025-W01\n")]);
    house.must_build();
    assert!(!Site::of(&house).haystack().holds(&["2025-W01".to_owned()]));
}

#[test]
fn the_column_that_tells_lines_apart_stands_beside_every_other_now_and_in_the_past() {
    let flow = "title: Flow\nkind: series\nfolder: flows\naudience: staff\nkey: line\nfields:\n  week: {kind: week}\n  line: {kind: text, audience: finance}\n  volume: {kind: number, chart: line}\n";
    let (one, other) = (word("one line"), word("other line"));
    let rows = |last: &str| {
        format!(
            "week,line,volume\n2025-W01,{one},610\n2025-W01,{other},620\n2025-W02,{one},630\n2025-W02,{other},{last}\n"
        )
    };
    let house = house_with(&[("types/flow.yaml", flow), ("customers/one/flows/2025.csv", &rows("64001"))]);
    house.commit("one");
    house.put("customers/one/flows/2025.csv", rows("64002"));
    house.commit("two");
    house.must_build();
    let site = Site::of(&house);
    for hidden in [one, other.clone(), "64001".to_owned(), "64002".to_owned()] {
        assert!(!site.haystack().holds(std::slice::from_ref(&hidden)), "{hidden}");
        assert!(!site.opened(&house.keys["leg"]).holds(std::slice::from_ref(&hidden)), "{hidden}");
        assert!(site.opened(&house.keys["fin"]).holds(std::slice::from_ref(&hidden)), "{hidden}");
    }
    // The row that changed is known from the other of its week.
    let label = format!("2025-W02 · {other}");
    assert!(site.opened_of(&house.keys["fin"], |name| name.contains("history")).holds(&[label]));
}
