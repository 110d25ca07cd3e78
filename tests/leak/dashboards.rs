//! What is reckoned over all dossiers tells nobody of what that reader may not read: not by a mark, a number, an order
//! or the want of one.

use super::canary::word;
use super::fixture::House;
use super::opening::{Site, content_of, outside};
use serde_json::Value;
use std::collections::BTreeMap;

pub const SETTINGS: &str = "title: A
audiences:
  finance: {title: F, readers: [fin]}
  legal: {title: L, readers: [leg]}
  sales: {title: S, readers: [sal]}
  technical: {title: T, readers: []}
  management: {title: M, readers: []}
  compliance: {title: C, readers: [com]}
tiers:
  gold: {title: Gold, requires: [licence, contract, dossier.technical_manager], review: 90d, visit: 30d}
  iron: {title: Iron, requires: [contract], review: 1y, visit: 1y}
";

/// Two dossiers, of which `two` holds something for every audience that the tests hide things for in `one`.
fn house() -> House {
    let mut house = House::new();
    house.put("strongroom.yaml", SETTINGS);
    for name in ["fin", "leg", "sal", "com"] {
        house.reader(name, "2030-01-01");
    }
    let root = |name: &str, tier: &str| {
        format!(
            "name: {name}\ntier: {tier}\nindustry: x\naccount_manager: y\naudience: staff\nannual_revenue: 500 CNY\nverified: {{on: 2026-01-02, by: z}}\n"
        )
    };
    house.put("customers/one/dossier.yaml", root("One", "gold"));
    house.put("customers/two/dossier.yaml", root("Two", "iron"));
    house.put("customers/one/contracts/old.md", "---\nnumber: C0\nuntil: 2026-12-20\n---\ntext\n");
    for (day, score) in [("2026-01-05", 9), ("2026-02-05", 8), ("2026-03-05", 7)] {
        house.put(&format!("customers/one/satisfaction/{day}.yaml"), format!("date: {day}\nscore: {score}\n"));
    }
    house.put(
        "customers/two/contracts/a.md",
        "---\nnumber: C2\naudience: legal\ndate: 2026-02-02\nmarking: {level: l}\n---\ntext\n",
    );
    house.put("customers/two/consultations/a.yaml", "number: Q2\nperson: p\npurpose: x\naudience: legal\n");
    house.put("customers/one/faults/open.yaml", "number: F0\nsymptom: s\ndate: 2026-02-02\nduration: 1h\n");
    house.put("customers/two/faults/a.yaml", "number: F2\nsymptom: s\naudience: legal\ndate: 2026-02-02\n");
    house.put("customers/two/importance/a.yaml", "score: 9\naudience: legal\ndate: 2026-02-02\n");
    house.put("customers/two/satisfaction/a.yaml", "score: 5\naudience: legal\ndate: 2026-02-02\n");
    house.put("customers/two/contracts/b.md", "---\nnumber: C3\naudience: sales\ndate: 2026-02-02\n---\ntext\n");
    house.put("customers/two/contracts/c.md", "---\nnumber: C4\ndate: 2026-02-02\n---\ntext\n");
    house
}

/// Things that may lie in a dossier, for Legal alone, each of which some reckoning looks at.
fn hidden() -> Vec<(String, String)> {
    let front = "audience: legal\ndate: 2026-11-20\nverified: {on: 2026-11-21, by: v}\n";
    vec![
        (
            "contracts/hidden.md".into(),
            format!(
                "---\nnumber: C1\nuntil: 2026-12-01\n{front}marking: {{level: l, review: 2026-11-01}}\nattachments: [scan.bin]\n---\nt\n"
            ),
        ),
        ("contracts/scan.bin".into(), word("scan").repeat(200)),
        ("licences/hidden.md".into(), format!("---\nkind: enterprise\nvalid_until: 2026-11-01\n{front}---\nt\n")),
        ("visits/hidden.md".into(), format!("---\nby: p\n{front}---\nt\n")),
        ("risks/hidden.md".into(), format!("---\nkind: churn\n{front}---\nt\n")),
        ("disputes/hidden.md".into(), format!("---\nsubject: s\nstatus: open\n{front}---\nt\n")),
        (
            "leases/hidden.md".into(),
            format!("---\nnumber: L1\nelement: e\nuntil: 2026-12-31\nnotice_by: 2026-12-01\n{front}---\nt\n"),
        ),
        ("competition/hidden.md".into(), format!("---\ncompetitor: c\nsource: s\n{front}---\nt\n")),
        ("consultations/hidden.yaml".into(), format!("number: Q1\nperson: p\npurpose: x\ndocuments: [one]\n{front}")),
        ("faults/hidden.md".into(), format!("---\nnumber: F1\nsymptom: s\nduration: 3h\n{front}---\nt\n")),
        (
            "importance/hidden.yaml".into(),
            format!("score: 9\nparts: [{{criterion: c, points: 3, out_of: 4}}]\nreasons: r\ntier: iron\n{front}"),
        ),
        // A successor, for which the old contract is no sign, and a score that does not fall.
        ("contracts/next.md".into(), format!("---\nnumber: C5\nsupersedes: one/contracts/old\n{front}---\nt\n")),
        ("satisfaction/hidden.yaml".into(), format!("score: 9\n{front}")),
    ]
}

/// A page as somebody sees it: what is open, and every part of the envelopes that the keys open. The numbers by which
/// parts are ordered are left out: they are drawn for each build's number of parts.
pub fn view(site: &Site, page: &str, reader: Option<&strongroom::sealing::Identity>) -> (String, Vec<Value>) {
    let html = String::from_utf8(site.files[page].clone()).unwrap();
    let identities = reader.map(|key| site.identities(key)).unwrap_or_default();
    let mut parts = Vec::new();
    for (_, armored) in site.envelopes(page) {
        let Ok(plain) = strongroom::sealing::open(armored.as_bytes(), &identities) else { continue };
        let mut content = content_of(plain.expose());
        for mut part in content["parts"].take().as_array_mut().unwrap().drain(..) {
            part.as_object_mut().unwrap().remove("order");
            parts.push(part);
        }
    }
    (outside(&html), parts)
}

/// Every dashboard as somebody sees it.
pub fn dashboards(house: &House, reader: Option<&str>) -> BTreeMap<String, (String, Vec<Value>)> {
    let site = Site::of(house);
    let pages = site.files.keys().filter(|name| name.starts_with("dashboards/") && name.ends_with(".html"));
    let found: BTreeMap<_, _> =
        pages.map(|page| (page.clone(), view(&site, page, reader.map(|name| &house.keys[name])))).collect();
    assert!(found.len() > 3);
    found
}

pub fn text_of(view: &(String, Vec<Value>)) -> String {
    let parts = view.1.iter().map(|part| part["html"].as_str().unwrap());
    std::iter::once(view.0.as_str()).chain(parts).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_hidden_from_a_reader_changes_nothing_that_this_reader_sees() {
    let house = house();
    house.must_build();
    let others = [None, Some("fin"), Some("sal"), Some("com")];
    let before = others.map(|reader| dashboards(&house, reader));
    let for_legal = dashboards(&house, Some("leg"));
    for (path, content) in hidden() {
        house.put(&format!("customers/one/{path}"), content);
    }
    house.must_build();
    for (reader, before) in others.into_iter().zip(before) {
        for (page, seen) in dashboards(&house, reader) {
            assert!(
                before[&page] == seen,
                "{page} tells {reader:?} of what is for Legal:\n{:#?}\n{seen:#?}",
                before[&page]
            );
        }
    }
    assert!(for_legal != dashboards(&house, Some("leg")));
}

#[test]
fn what_is_hidden_in_the_past_changes_nothing_that_other_readers_see() {
    let house = house();
    house.commit("begin");
    house.must_build();
    let before = [None, Some("fin")].map(|reader| dashboards(&house, reader));
    for (path, content) in hidden() {
        house.put(&format!("customers/one/{path}"), content);
    }
    house.commit("add");
    house.must_build();
    for (reader, before) in [None, Some("fin")].into_iter().zip(before) {
        for (page, seen) in dashboards(&house, reader) {
            assert!(before[&page] == seen, "{page} tells {reader:?} of what is for Legal");
        }
    }
}

#[test]
fn a_record_is_marked_as_there_for_whoever_may_read_it_and_for_nobody_else() {
    let house = house();
    house.must_build();
    let marks = |reader: Option<&str>, mark: &str| {
        text_of(&dashboards(&house, reader)["dashboards/completeness/index.html"])
            .lines()
            .map(|line| line.matches(&format!("mark {mark}")).count())
            .sum::<usize>()
    };
    // The legend shows each mark once. In the open One lacks a licence, which its type opens, and what `dossier.yaml`
    // lacks; nothing is said of contracts.
    assert_eq!((marks(None, "mark-there"), marks(None, "mark-missing")), (1, 1 + 2));
    // One has a contract of the type's own audience, Two has one as well and another for Legal alone.
    assert_eq!(marks(Some("leg"), "mark-there"), 1 + 3);
    assert_eq!(marks(Some("fin"), "mark-there"), 1 + 2);
}

#[test]
fn the_revenue_of_a_customer_stands_on_no_dashboard_in_the_open() {
    let house = house();
    house.must_build();
    for (page, seen) in dashboards(&house, None) {
        assert!(!text_of(&seen).contains("500"), "{page}");
    }
    assert!(text_of(&dashboards(&house, Some("fin"))["dashboards/effort/index.html"]).contains("500"));
}

#[test]
fn a_restricted_text_that_speaks_as_signs_do_stops_no_build() {
    let house = house();
    house.put(
        "customers/one/advice/s.md",
        "---\nquestion: q\naudience: legal\n---\nAt two customers satisfaction fell twice in a row.\n",
    );
    house.must_build();
    let churn = text_of(&dashboards(&house, None)["dashboards/churn/index.html"]);
    assert!(churn.contains("Satisfaction fell twice in a row"), "{churn}");
}

#[test]
fn a_sign_is_for_whoever_may_read_what_it_was_read_from() {
    let house = house();
    house.put("customers/one/risks/r.md", "---\nkind: churn\naudience: sales\n---\nt\n");
    house.put("customers/two/risks/r.md", "---\nkind: payment\naudience: sales\n---\nt\n");
    house.must_build();
    let signs = |reader: Option<&str>| {
        let text = text_of(&dashboards(&house, reader)["dashboards/churn/index.html"]);
        let rules = ["contract.ending", "satisfaction.falling", "risk.churn"];
        rules.map(|rule| text.contains(&format!("data-matter=\"{rule}/")))
    };
    assert_eq!(signs(None), [false, true, false]);
    assert_eq!(signs(Some("fin")), [true, true, false]);
    assert_eq!(signs(Some("sal")), [true, true, true]);
    let sales = text_of(&dashboards(&house, Some("sal"))["dashboards/churn/index.html"]);
    assert!(!sales.contains("risk.churn/two"));
}

#[test]
fn whoever_may_read_the_successor_of_a_contract_is_told_that_its_end_is_no_sign() {
    let house = house();
    let next = "---\nnumber: C5\naudience: legal\nsupersedes: one/contracts/old\n---\nt\n";
    house.put("customers/one/contracts/next.md", next);
    house.must_build();
    let taken_back = |reader: &str| {
        let text = text_of(&dashboards(&house, Some(reader))["dashboards/churn/index.html"]);
        (text.contains("contract.ending/one"), text.contains("no-sign instead"))
    };
    assert_eq!(taken_back("fin"), (true, false));
    assert_eq!(taken_back("leg"), (true, true));
}

#[test]
fn the_passing_of_days_changes_no_envelope_and_that_of_a_month_all_that_are_reckoned_by_months() {
    let house = house();
    let front = "audience: legal\n";
    house.put("customers/one/contracts/soon.md", format!("---\nnumber: C7\nuntil: 2027-02-23\n{front}---\nt\n"));
    // A licence that has expired from 26 November on.
    let licence = format!("---\nkind: enterprise\nvalid_until: 2026-11-25\n{front}---\nt\n");
    house.put("customers/one/licences/l.md", licence);
    let note = format!("---\ncompetitor: c\nsource: s\ndate: 2025-11-24\n{front}---\nt\n");
    house.put("customers/one/competition/c.md", note);
    house.put("customers/one/visits/v.md", format!("---\nby: p\ndate: 2025-11-25\n{front}---\nt\n"));
    // An open sign, which is none from 25 November on, and stands before what is sealed.
    let note = "---\ncompetitor: c\nsource: s\ndate: 2025-11-24\naudience: staff\n---\nt\n";
    house.put("customers/one/competition/b.md", note);
    // A dossier for Legal alone, whose review is late from 26 November on.
    let root = "name: Sealed\ntier: gold\nindustry: x\naccount_manager: y\naudience: legal\nverified: {on: 2026-08-27, by: z}\n";
    house.put("customers/three/dossier.yaml", root);
    house.commit("begin");
    let envelopes_on = |day: &str| -> BTreeMap<String, BTreeMap<String, String>> {
        assert!(house.build_on(day, &house.site(), &house.state()).is_ok());
        let site = Site::of(&house);
        let reckoned = |name: &&String| {
            name.ends_with(".html")
                // The weekly reports are reckoned by weeks: grids.rs looks at them.
                && *name != "dashboards/weekly/index.html"
                && (name.starts_with("dashboards/") || name.starts_with("customers/") || name.starts_with("d/"))
        };
        let of_page = |name: &String| site.envelopes(name).into_iter().collect();
        site.files.keys().filter(reckoned).map(|name| (name.clone(), of_page(name))).collect()
    };
    let first = envelopes_on("2026-11-23");
    assert!(first.values().filter(|page| !page.is_empty()).count() > 6);
    for day in ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"] {
        for (page, sealed) in envelopes_on(day) {
            // Credit is reckoned for its day: every envelope there changes on every day, whatever it holds.
            if page == "dashboards/credit/index.html" {
                let kept = sealed.iter().filter(|(clearance, envelope)| first[&page].get(*clearance) == Some(envelope));
                assert_eq!(kept.count(), 0, "{page}: an envelope tells that it holds nothing");
                continue;
            }
            assert!(first[&page] == sealed, "{page}: an envelope changed on {day}, and nobody changed the archive");
        }
    }
    let next = envelopes_on("2026-12-01");
    for page in ["dashboards/digest/index.html", "dashboards/effort/index.html"] {
        for (clearance, envelope) in &first[page] {
            assert!(next[page].get(clearance) != Some(envelope), "{page}: {clearance} tells that it holds nothing");
        }
    }
}

#[test]
fn no_word_of_what_is_sealed_stands_in_the_open_of_a_dashboard_or_a_timeline() {
    let house = house();
    house.commit("begin");
    for (path, content) in hidden() {
        let content = content.replace("audience: legal\n", &format!("title: {}\naudience: legal\n", word(&path)));
        house.put(&format!("customers/one/{path}"), content.replace("level: l", &format!("level: {}", word("level"))));
    }
    house.commit("add");
    // The digest tells what changed in the days before.
    assert!(house.build_on("2025-01-04", &house.site(), &house.state()).is_ok());
    let site = Site::of(&house);
    let shown = |name: &str, words: &str| {
        let wanted = |file: &str| file == format!("{name}/index.html");
        assert!(!site.haystack_of(wanted).holds(&[words.to_owned()]), "{name} holds {words} in the open");
        site.opened_of(&house.keys["leg"], wanted).holds(&[words.to_owned()])
    };
    let pages = site.files.keys().filter_map(|name| name.strip_suffix("/index.html"));
    for page in pages.filter(|page| page.starts_with("dashboards/") || *page == "customers/one") {
        hidden().iter().map(|(path, _)| path.as_str()).chain(["level"]).for_each(|name| {
            shown(page, &word(name));
        });
    }
    assert!(shown("dashboards/digest", &word("risks/hidden.md")));
    assert!(shown("dashboards/use", &word("level")));
    assert!(shown("customers/one", &word("visits/hidden.md")));
}

#[test]
fn a_dossier_is_never_consulted_for_those_who_may_read_consultations_and_for_nobody_else() {
    let house = house();
    house.must_build();
    let said = |reader: Option<&str>| {
        let text = text_of(&dashboards(&house, reader)["dashboards/use/index.html"]);
        // Of several accounts the first counts.
        let first = [text.find("Never consulted"), text.find("2026-06-01")];
        (first[0].is_some_and(|never| first[1].is_none_or(|used| never < used)), first[1].is_some())
    };
    let nothing = (false, false);
    assert_eq!([said(None), said(Some("fin")), said(Some("com"))], [nothing, nothing, (true, false)]);
    let consultation = "number: Q\nperson: p\npurpose: x\ndocuments: [one, two]\n";
    for (day, audience) in [("2026-06-01", "compliance"), ("2026-07-01", "legal")] {
        let said = format!("{consultation}date: {day}\naudience: {audience}\n");
        house.put(&format!("registers/consultations/{day}.yaml"), said);
    }
    house.must_build();
    assert_eq!([said(None), said(Some("fin")), said(Some("com"))], [nothing, nothing, (false, true)]);
    let legal = text_of(&dashboards(&house, Some("leg"))["dashboards/use/index.html"]);
    assert!(!legal.contains("2026-07-01"), "Legal may not read that nobody else consulted it");
}

#[test]
fn a_marking_is_listed_for_whoever_may_read_it_and_its_record_named_for_whoever_may_read_the_title() {
    let house = house();
    let front = "title: Tulip\nnumber: C1\nmarking: {level: Iris, review: 2026-11-01}\n";
    let put = |restrict: &str| house.put("customers/one/contracts/m.md", format!("---\n{front}{restrict}---\nt\n"));
    let said = |reader: Option<&str>| {
        let text = text_of(&dashboards(&house, reader)["dashboards/use/index.html"]);
        ["Iris", "Tulip", "one/contracts/m"].map(|words| text.contains(words))
    };
    put("audience: staff\nrestrict: {title: finance}\n");
    house.must_build();
    assert_eq!(said(None), [true, false, true]);
    put("audience: [legal, finance]\nrestrict: {marking: finance}\n");
    house.must_build();
    assert_eq!([None, Some("leg"), Some("sal")].map(said), [[false; 3]; 3]);
    assert_eq!(said(Some("fin")), [true; 3]);
}

#[test]
fn a_line_of_the_timeline_is_for_whoever_may_read_the_day_and_says_no_title_that_they_may_not() {
    let house = house();
    house.put(
        "customers/one/visits/v.md",
        "---\ntitle: Tulip\nby: p\ndate: 2026-05-04\naudience: staff\nrestrict: {title: legal}\n---\nt\n",
    );
    house.put(
        "customers/one/visits/w.md",
        "---\ntitle: Iris\nby: p\ndate: 2026-05-05\naudience: staff\nrestrict: {date: legal}\n---\nt\n",
    );
    house.must_build();
    let site = Site::of(&house);
    let lines = |reader: Option<&str>| {
        let (open, parts) = view(&site, "customers/one/index.html", reader.map(|name| &house.keys[name]));
        let (_, list) = open.split_once("timeline-list").unwrap();
        let of_list = list.split_once("</ol>").unwrap().0.to_owned();
        let sealed = parts.iter().filter(|part| part["into"] == "timeline").map(|part| part["html"].to_string());
        let all = std::iter::once(of_list).chain(sealed).collect::<Vec<_>>().join("\n");
        ["2026-05-04", "Tulip", "2026-05-05", "Iris"].map(|words| all.contains(words))
    };
    assert_eq!(lines(None), [true, false, false, false]);
    assert_eq!(lines(Some("fin")), [true, false, false, false]);
    assert_eq!(lines(Some("leg")), [true, false, true, true]);
}

#[test]
fn what_changed_in_a_week_changes_no_envelope_of_the_digest_when_the_week_is_over() {
    let house = house();
    house.commit("begin");
    house.put("customers/one/visits/v.md", "---\nby: p\ndate: 2025-01-02\naudience: legal\n---\nt\n");
    house.commit("add");
    let digest = |day: &str| -> BTreeMap<String, String> {
        assert!(house.build_on(day, &house.site(), &house.state()).is_ok());
        Site::of(&house).envelopes("dashboards/digest/index.html").into_iter().collect()
    };
    let first = digest("2025-01-04");
    let legal = text_of(&view(&Site::of(&house), "dashboards/digest/index.html", Some(&house.keys["leg"])));
    assert!(legal.contains("data-record=\"one//visit\""));
    for day in ["2025-01-08", "2025-01-09", "2025-01-20", "2025-01-31"] {
        assert!(digest(day) == first, "an envelope tells on {day} that a week is over");
    }
}
