//! The grid of weekly reports, what was measured against what was promised, drawings of networks and charts over records
//! tell nobody of what that reader may not read: not by a cell, an alarm, a line, a place or the want of one.

use super::canary::word;
use super::fixture::House;
use super::opening::{Site, content_of, outside};
use std::collections::BTreeMap;
use std::fmt::Write;

const SETTINGS: &str = "title: A
audiences:
  finance: {title: F, readers: [fin]}
  legal: {title: L, readers: [leg]}
  sales: {title: S, readers: []}
  technical: {title: T, readers: []}
  management: {title: M, readers: []}
  compliance: {title: C, readers: []}
";

/// The pages that are looked at: the two dashboards and the dossiers.
const PAGES: [&str; 5] = [
    "dashboards/weekly/index.html",
    "dashboards/promises/index.html",
    "customers/one/index.html",
    "customers/two/index.html",
    "customers/three/index.html",
];

/// Twenty weeks up to 2026-W46, of which the last one holds this number.
fn weeks(last: &str) -> String {
    let mut rows = String::from("week,voice\n");
    for week in 27..46 {
        writeln!(rows, "2026-W{week},{}", 100 + week % 3).unwrap();
    }
    rows + &format!("2026-W46,{last}\n")
}

fn circuit(number: &str, audience: &str) -> String {
    let ends = "a_end: one/sites/all/A, b_end: one/sites/all/B";
    format!(
        "type: circuit\naudience: {audience}\nrecords:\n  - {{number: {number}, {ends}, bandwidth: 10, sla: 99.9%}}\n"
    )
}

fn months(circuit: &str, share: &str) -> String {
    format!("month,circuit,availability\n2026-09,{circuit},99.95%\n2026-10,{circuit},{share}\n")
}

/// Three dossiers: `one` holds open things, `two` things for Legal of every kind, `three` next to nothing.
fn house() -> House {
    let mut house = House::new();
    house.put("strongroom.yaml", SETTINGS);
    for name in ["fin", "leg"] {
        house.reader(name, "2030-01-01");
    }
    for name in ["one", "two", "three"] {
        let root = format!("name: {name}\ntier: x\nindustry: x\naccount_manager: y\naudience: staff\n");
        house.put(&format!("customers/{name}/dossier.yaml"), root);
        // Something of each is for Legal anyway, so that there is an envelope for it.
        house.put(&format!("customers/{name}/visits/a.md"), "---\nby: p\ndate: 2026-11-02\naudience: legal\n---\nt\n");
    }
    let sites =
        "type: site\nrecords:\n  - {code: A, title: Here, address: x}\n  - {code: B, title: There, address: x}\n";
    house.put("customers/one/sites/all.yaml", sites);
    house.put("customers/one/circuits/open.yaml", circuit("C1", "staff"));
    house.put("customers/one/traffic/2026.csv", weeks("100"));
    house.put("customers/one/kpi/s.yaml", "type: kpi\naudience: staff\nrows: [2026.csv]\n");
    house.put("customers/one/kpi/2026.csv", months("C1", "99.95%"));
    for (day, score) in [("2026-01-05", 9), ("2026-02-05", 8)] {
        house.put(&format!("customers/one/satisfaction/{day}.yaml"), format!("date: {day}\nscore: {score}\n"));
    }
    hide(&house, "two", "known");
    house
}

/// Puts things for Legal alone into a dossier, each of which one of the drawings and tables looks at.
fn hide(house: &House, dossier: &str, label: &str) {
    let put = |path: &str, text: String| house.put(&format!("customers/{dossier}/{path}"), text);
    let number = word(label);
    put("traffic/hidden.csv", weeks("7"));
    put("traffic/hidden.yaml", format!("type: traffic\ntitle: {number}\naudience: legal\nrows: [hidden.csv]\n"));
    put("circuits/hidden.yaml", circuit(&number, "legal"));
    put("kpi/hidden.yaml", "type: kpi\naudience: legal\nrows: [hidden.csv]\n".to_owned());
    put("kpi/hidden.csv", months(&number, "91.37%"));
    let device = format!("  - {{asset: d-{label}, title: {number}, model: m, site: one/sites/all/A}}\n");
    put("devices/hidden.yaml", format!("type: device\naudience: legal\nrecords:\n{device}"));
    for (day, score) in [("2026-03-05", 3), ("2026-04-05", 2)] {
        let text = format!("title: {number}\ndate: {day}\nscore: {score}\naudience: legal\n");
        put(&format!("satisfaction/{day}.yaml"), text);
    }
}

/// A page as somebody sees it: what is open, and what the envelopes hold that the key opens.
fn seen(house: &House, page: &str, reader: Option<&str>) -> Vec<String> {
    let site = Site::of(house);
    let html = String::from_utf8(site.files[page].clone()).unwrap();
    let identities = reader.map(|name| site.identities(&house.keys[name])).unwrap_or_default();
    let mut texts = vec![outside(&html)];
    for (_, armored) in site.envelopes(page) {
        let Ok(plain) = strongroom::sealing::open(armored.as_bytes(), &identities) else { continue };
        let content = content_of(plain.expose());
        texts.extend(content["parts"].as_array().unwrap().iter().map(|part| part["html"].as_str().unwrap().to_owned()));
    }
    texts
}

fn all(house: &House, page: &str, reader: Option<&str>) -> String {
    seen(house, page, reader).join("\n")
}

#[test]
fn what_is_hidden_from_a_reader_changes_no_grid_no_table_and_no_drawing_that_this_reader_sees() {
    let house = house();
    house.must_build();
    let before = PAGES.map(|page| [None, Some("fin")].map(|reader| seen(&house, page, reader)));
    hide(&house, "one", "in one");
    hide(&house, "three", "in three");
    house.must_build();
    for (page, before) in PAGES.into_iter().zip(before) {
        for (reader, before) in [None, Some("fin")].into_iter().zip(before) {
            let after = seen(&house, page, reader);
            assert!(before == after, "{page} tells {reader:?} of what is for Legal:\n{before:#?}\n{after:#?}");
        }
    }
}

#[test]
fn whoever_may_read_a_series_sees_its_weeks_and_its_alarms_and_nobody_else_does() {
    let house = house();
    hide(&house, "one", "in one");
    house.must_build();
    let page = "dashboards/weekly/index.html";
    // The open series of One is steady; those for Legal in One and in Two fall to seven.
    for reader in [None, Some("fin")] {
        let text = all(&house, page, reader);
        assert!(!text.contains("alarm-fall") && !text.contains("−93%"), "{text}");
        assert_eq!(text.matches("week week-fall").count(), 1, "the legend alone");
    }
    let text = all(&house, page, Some("leg"));
    assert_eq!(text.matches("class=\"alarm alarm-fall\"").count(), 2);
    assert_eq!(text.matches("week week-fall").count(), 3);
}

#[test]
fn the_grid_changes_with_the_week_in_every_envelope_and_with_no_other_day_in_any() {
    let house = house();
    // A dossier for Legal alone, of which there is no week.
    let root = "name: Sealed\ntier: x\nindustry: x\naccount_manager: y\naudience: legal\n";
    house.put("customers/four/dossier.yaml", root);
    // A series for Finance alone, which falls silent in the week that ends on 29 November.
    house.put("customers/three/traffic/s.yaml", "type: traffic\naudience: finance\nrows: [s.csv]\n");
    house.put("customers/three/traffic/s.csv", weeks("100"));
    let envelopes_on = |day: &str| -> BTreeMap<String, String> {
        assert!(house.build_on(day, &house.site(), &house.state()).is_ok());
        let site = Site::of(&house);
        site.envelopes("dashboards/weekly/index.html").into_iter().collect()
    };
    let first = envelopes_on("2026-11-23");
    assert_eq!(first.len(), 2);
    for day in ["2026-11-24", "2026-11-26", "2026-11-29"] {
        assert!(first == envelopes_on(day), "an envelope changed on {day}, and no week had ended");
    }
    let next = envelopes_on("2026-11-30");
    for (clearance, envelope) in &first {
        assert!(next[clearance] != *envelope, "{clearance} tells that it holds no week");
    }
}

#[test]
fn a_number_that_was_put_right_under_a_seal_stops_no_build_that_shows_another_with_the_same_end() {
    let house = house();
    house.put("customers/one/traffic/2026.csv", weeks("124.7"));
    house.put("customers/two/traffic/hidden.csv", weeks("63.7"));
    house.commit("begin");
    house.put("customers/two/traffic/hidden.csv", weeks("7"));
    house.commit("put right");
    house.must_build();
}

#[test]
fn a_breach_is_told_to_whoever_may_read_what_was_measured_and_what_was_promised() {
    let house = house();
    // In Two what was measured is open, and what was promised is not.
    house.put("customers/two/kpi/open.yaml", "type: kpi\naudience: staff\nrows: [open.csv]\n");
    house.put("customers/two/kpi/open.csv", months(&word("known"), "98.24%"));
    house.must_build();
    let page = "dashboards/promises/index.html";
    assert!(all(&house, page, None).contains("C1"));
    for reader in [None, Some("fin")] {
        let text = all(&house, page, reader);
        assert!(!text.contains(&word("known")) && !text.contains("98.24%") && !text.contains("91.37%"), "{text}");
        // The chart of what was measured stands on the dossier's page, without what was promised.
        let dossier = all(&house, "customers/two/index.html", reader);
        assert!(dossier.contains("98.24%") && !dossier.contains("chart-floor") && !dossier.contains("chart-mark"));
    }
    let text = all(&house, page, Some("leg"));
    assert!(text.contains("98.24%") && text.contains("91.37%"), "{text}");
    assert!(all(&house, "customers/two/index.html", Some("leg")).contains("chart-floor"));
}

#[test]
fn a_circuit_and_what_stands_at_its_end_are_drawn_for_whoever_may_read_them() {
    let house = house();
    hide(&house, "one", "in one");
    house.must_build();
    let page = "customers/one/index.html";
    for reader in [None, Some("fin")] {
        let text = all(&house, page, reader);
        assert_eq!(text.matches("<svg class=\"topology\"").count(), 1);
        assert!(text.contains("<desc>C1: A – B</desc>") && !text.contains(&word("in one")), "{text}");
    }
    let drawings = seen(&house, page, Some("leg"));
    let drawing =
        drawings.iter().find(|text| text.contains("<svg class=\"topology\"") && text.contains(&word("in one")));
    assert!(drawing.unwrap().contains("C1"), "the fuller drawing holds the open circuit as well");
}

#[test]
fn a_circuit_is_drawn_without_the_name_of_a_place_that_its_reader_may_not_read() {
    let house = house();
    let name = word("a place");
    let sites = format!("type: site\naudience: legal\nrecords:\n  - {{code: X, title: {name}, address: x}}\n");
    house.put("customers/two/sites/all.yaml", sites);
    let ends = "a_end: two/sites/all/X";
    let text = format!("type: circuit\naudience: staff\nrecords:\n  - {{number: C9, {ends}}}\n");
    house.put("customers/two/circuits/half.yaml", text);
    house.must_build();
    let page = "customers/two/index.html";
    let open = all(&house, page, None);
    assert!(open.contains("<desc>C9: X – ?</desc>") && !open.contains(&name), "{open}");
    assert!(open.contains("diagram-nowhere"), "the end that is not recorded is drawn as such");
    assert!(all(&house, page, Some("leg")).contains(&name));
}

#[test]
fn a_chart_over_records_is_made_of_those_that_its_reader_may_read() {
    let house = house();
    hide(&house, "one", "in one");
    house.must_build();
    let page = "customers/one/index.html";
    let open = all(&house, page, None);
    assert!(open.contains("trend-satisfaction-score") && !open.contains("2026-04-05"), "{open}");
    let figures = seen(&house, page, Some("leg"));
    let fuller = figures.iter().find(|text| text.contains("class=\"chart\"") && text.contains("2026-04-05"));
    assert!(fuller.unwrap().contains("2026-01-05"));
}
