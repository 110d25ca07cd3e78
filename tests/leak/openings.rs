//! `open_from` ends one restriction, and no other.

use super::tricks::house_with;

#[test]
fn an_opening_ends_the_audience_beside_it_and_no_other() {
    let list = "type: thing\naudience: legal\nopen_from: 2020-01-01\nrecords:\n  - {code: a, audience: finance, note: x}\n  - {code: b, note: y}\n";
    let house = house_with(&[("customers/one/things/l.yaml", list)]);
    assert_eq!(house.errors(), Vec::<String>::new());
    let archive = house.read().archive;
    assert_eq!(archive.names.get("one/things/l/a").unwrap().clearance.canonical(), "finance");
    assert_eq!(archive.names.get("one/things/l/b").unwrap().clearance.canonical(), "staff");
}
