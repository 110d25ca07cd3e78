//! What drawings and tables are reckoned from: promises and breaches, links and their ends, records one after the other.

use super::fixture::{Everybody, archive_of};
use super::{Topology, measured, topology, trends};
use crate::access::Clearance;
use crate::archive::Archive;

const CIRCUITS: &str = "type: circuit
audience: staff
records:
  - {number: C1, a_end: one/sites/all/X, b_end: one/sites/all/A, bandwidth: 100, level: AA, sla: 99.9%, monthly_fee: 5 CNY}
  - {number: C2, a_end: one/sites/all/X, bandwidth: 10, sla: 99.5%, status: ordered}
  - {number: C3, a_end: one/sites/all/X, b_end: one/sites/all/A, status: ceased}
";

const SITES: &str = "type: site
records:
  - {code: A, title: Works, address: x}
  - {code: X, title: Exchange, address: x}
  - {code: Z, title: Elsewhere, address: x}
";

/// Every finding about the breaches of a dossier's lines, as words.
fn breaches(rows: &str) -> Vec<String> {
    let table = format!("month,circuit,availability\n{rows}");
    let series = "type: kpi\naudience: staff\nrows: [a.csv]\n";
    let archive = archive_of(&[
        ("circuits/all.yaml", CIRCUITS),
        ("sites/all.yaml", SITES),
        ("kpi/a.csv", &table),
        ("kpi/s.yaml", series),
    ]);
    let dossier = archive.dossiers.everybody().remove(0);
    let record_type = archive.types.get("kpi").unwrap();
    let lines = measured(&archive, record_type, dossier).into_iter().map(|line| line.release().1);
    lines
        .map(|line| {
            let breaches: Vec<String> = line.breaches.iter().map(|(month, share)| format!("{month} {share}")).collect();
            format!("{} {} {}: {}", line.promise.line, line.promise.floor, line.lowest.1, breaches.join(", "))
        })
        .collect()
}

#[test]
fn what_lies_below_the_promise_is_a_breach_and_what_meets_it_is_none() {
    assert_eq!(
        breaches("2026-08,C1,99.89%\n2026-09,C1,99.9%\n2026-10,C1,98%\n2026-10,C2,99.89%\n2026-10,C9,12%\n"),
        ["C1 99.9 98: 2026-10 98, 2026-08 99.89", "C2 99.5 99.89: "]
    );
    assert_eq!(breaches("2026-08,C1,\n"), [""; 0]);
}

fn known(archive: &Archive) -> Option<Topology<'_>> {
    let record_type = archive.types.get("circuit").unwrap();
    let dossier = archive.dossiers.everybody().remove(0);
    let seen = topology(archive, record_type, record_type.draws.as_ref().unwrap(), dossier);
    let accounts: Vec<_> = seen.lay_out(|account| account.map(Clone::clone)).collect();
    accounts.iter().find_map(|account| account.within(&Clearance::open())).unwrap().clone()
}

#[test]
fn links_are_drawn_with_both_ends_and_those_that_ceased_are_not() {
    let devices =
        "type: device\naudience: staff\nrecords:\n  - {asset: D1, title: Switch, model: m, site: one/sites/all/A}\n";
    let files = [("circuits/all.yaml", CIRCUITS), ("sites/all.yaml", SITES), ("devices/all.yaml", devices)];
    let archive = archive_of(&files);
    let known = known(&archive).unwrap();
    let links: Vec<(&str, Option<&str>, Option<&str>, bool)> =
        known.links.iter().map(|link| (link.label.as_str(), link.from, link.to, link.planned)).collect();
    let (exchange, works) = (Some("one/sites/all/X"), Some("one/sites/all/A"));
    assert_eq!(links, [("C1", exchange, works, false), ("C2", exchange, None, true)]);
    // The fee asks for more than the circuit, and is not one of the words at it; nor does a place stand there to which
    // nothing leads.
    assert_eq!(known.links[0].tells.iter().map(|(_, en)| en.as_str()).collect::<Vec<_>>(), ["100 Mbit/s", "AA"]);
    let places: Vec<(&str, usize)> =
        known.places.values().map(|p| (p.title.unwrap().in_language("en"), p.holds.len())).collect();
    assert_eq!(places, [("Works", 1), ("Exchange", 0)]);
}

#[test]
fn where_no_link_may_be_seen_nothing_is_drawn() {
    let hidden = CIRCUITS.replace("audience: staff", "audience: legal");
    assert_eq!(known(&archive_of(&[("circuits/all.yaml", &hidden), ("sites/all.yaml", SITES)])), None);
}

#[test]
fn records_one_after_the_other_are_in_the_order_of_their_days_and_choices_in_the_order_of_the_type() {
    let report =
        |period: &str, rating: &str| format!("---\nperiod: {period}\nrating: {rating}\naudience: staff\n---\n");
    let (newer, older) = (report("2026", "AA"), report("2025", "BBB"));
    let archive = archive_of(&[("credit/a.md", &newer), ("credit/b.md", &older)]);
    let record_type = archive.types.get("credit-report").unwrap();
    let all = trends(&archive, record_type, archive.dossiers.everybody().remove(0));
    let (_, rating) = all.iter().find(|(field, _)| field.name == "rating").unwrap();
    let seen: Vec<_> = rating.lay_out(|account| account.in_the_open().map(|points| (*points).clone())).collect();
    let points: Vec<(String, f64)> = seen[0].iter().flatten().map(|p| (p.when.clone(), p.number)).collect();
    assert_eq!(points, [("2025".to_owned(), 2.0), ("2026".to_owned(), 4.0)]);
}
