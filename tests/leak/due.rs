//! What is due from a restricted record is nowhere in the open: not on home, not on its page, not in the calendar file,
//! and not by what is missing there.

use super::fixture::House;
use super::opening::{Site, is_sealed_shard, outside};
use std::collections::BTreeMap;
use strongroom::archive::Archive;
use strongroom::reckoning::{Agenda, Sight};

const SETTINGS: &str = "title: A\noversight: over\naudiences:\n  legal: {title: L, readers: [leg]}\n  sales: {title: S, readers: [sal]}\n  over: {title: O, readers: [ovs]}\ntiers:\n  gold: {title: G, requires: [check], review: 90d, visit: 30d}\n";
const DOSSIER_TYPE: &str = "title: D\nfile: dossier.yaml\ndue: {every: review, by: verified, from: since, unless: {status: lost}, who: manager}\nfields:\n  name: {kind: text}\n  tier: {kind: text}\n  status: {kind: choice, of: [active, lost]}\n  manager: {kind: person}\n  since: {kind: date}\n";
const DEED: &str = "title: Deed\nfolder: deeds\naudience: staff\nfields:\n  until: {kind: date, title: Ends, due: {before: 90d, unless: closed, who: owner}}\n  closed: {kind: date}\n  owner: {kind: person}\n  ends: {kind: reference, to: deed, due: {ends: true}}\n";
const CHECK: &str =
    "title: Check\nfolder: checks\naudience: sales\ndue: {every: 90d}\nfields: {score: {kind: number}}\n";
const VISIT: &str = "title: Visit\nfolder: visits\naudience: staff\ndue: {every: visit}\nfields:\n  by: {kind: person, many: true}\n  planned: {kind: date, due: {before: 7d, unless: date, who: by}}\n";

/// Where what is due stands.
const LISTS: [&str; 5] =
    ["index.html", "due/index.html", "due/visits/index.html", "due.ics", "customers/one/index.html"];

/// An open dossier in which everything is as it should be, and these files over it.
fn house(files: &[(&str, &str)]) -> House {
    let mut house = House::new();
    house.put("strongroom.yaml", SETTINGS);
    for reader in ["leg", "sal", "ovs"] {
        house.reader(reader, "2030-01-01");
    }
    house.put("types/dossier.yaml", DOSSIER_TYPE);
    house.put("types/deed.yaml", DEED);
    house.put("types/check.yaml", CHECK);
    house.put("types/visit.yaml", VISIT);
    house.put(
        "customers/one/dossier.yaml",
        "name: One\ntier: gold\nmanager: Manfred\nsince: 2020-01-01\naudience: staff\nverified: {on: 2026-11-20}\n",
    );
    house.put("customers/one/checks/c.yaml", "date: 2026-11-20\n");
    house.put("customers/one/visits/v.yaml", "date: 2026-11-20\nby: [Viktor]\n");
    house.put("customers/one/deeds/seen.yaml", "title: Seen\nuntil: 2026-12-01\n");
    for (path, content) in files {
        house.put(path, content);
    }
    house
}

/// Every open byte of a site, the envelopes on its pages aside.
fn open_bytes(house: &House) -> BTreeMap<String, String> {
    let site = Site::of(house);
    let is_open = |name: &str, bytes: &[u8]| {
        !name.ends_with(".age")
            && !name.starts_with("keys/")
            && !name.starts_with("envelopes/")
            && !is_sealed_shard(name, bytes)
    };
    let open = site.files.into_iter().filter(|(name, bytes)| is_open(name, bytes));
    open.map(|(name, bytes)| (name, outside(&String::from_utf8_lossy(&bytes)))).collect()
}

/// Builds with one and with the other under one sealing key: whoever has no key sees no difference.
fn looks_the_same(one: &[(&str, &str)], other: &[(&str, &str)]) {
    let house = house(one);
    house.must_build();
    let before = open_bytes(&house);
    for (path, content) in other {
        house.put(path, content);
    }
    house.must_build();
    let after = open_bytes(&house);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for name in LISTS {
        assert!(before[name] == after[name], "{name} tells of it");
    }
}

#[test]
fn what_is_open_is_on_every_list_so_that_these_tests_look_at_the_right_places() {
    let house = house(&[]);
    house.must_build();
    let open = open_bytes(&house);
    for place in ["index.html", "due/index.html", "customers/one/index.html"] {
        assert!(open[place].contains("2026-12-01") && open[place].contains("Manfred"), "{place}");
    }
    assert!(open["due.ics"].contains("DTSTART;VALUE=DATE:20261201"));
    assert!(open["due/visits/index.html"].contains("Viktor"));
}

#[test]
fn a_sealed_record_that_is_due_leaves_no_trace_in_the_open_and_its_readers_see_it() {
    let sealed = "title: Hiddentitle\naudience: legal\nuntil: 2026-11-27\nowner: Ottokar\n";
    let house = house(&[("customers/one/deeds/hiddenname.yaml", sealed)]);
    house.must_build();
    for (name, text) in open_bytes(&house) {
        for word in ["Hiddentitle", "hiddenname", "Ottokar", "2026-11-27", "20261127"] {
            assert!(!text.contains(word), "{name} holds {word}");
        }
    }
    let site = Site::of(&house);
    let words = ["Hiddentitle".to_owned(), "Ottokar".to_owned(), "2026-11-27".to_owned()];
    for (reader, reads) in [("leg", true), ("ovs", true), ("sal", false)] {
        assert_eq!(site.opened(&house.keys[reader]).holds(&words), reads, "{reader}");
    }
}

#[test]
fn whether_something_sealed_is_due_does_not_show() {
    let of_day = |day: &str| format!("title: T\naudience: legal\nuntil: {day}\n");
    let (far, overdue) = (of_day("2031-01-01"), of_day("2026-11-01"));
    looks_the_same(&[("customers/one/deeds/x.yaml", &far)], &[("customers/one/deeds/x.yaml", &overdue)]);
    let without = "title: T\naudience: legal\n";
    looks_the_same(&[("customers/one/deeds/x.yaml", &overdue)], &[("customers/one/deeds/x.yaml", without)]);
}

#[test]
fn a_sealed_field_that_is_due_does_not_show() {
    let of_day = |day: &str| format!("title: T\nrestrict: {{until: legal}}\nuntil: {day}\n");
    let (far, near) = (of_day("2031-01-01"), of_day("2026-12-03"));
    looks_the_same(&[("customers/one/deeds/x.yaml", &far)], &[("customers/one/deeds/x.yaml", &near)]);
}

#[test]
fn that_a_sealed_check_up_is_missing_or_late_does_not_show() {
    looks_the_same(&[], &[("customers/one/checks/c.yaml", "date: 2024-01-01\n")]);
    let house = house(&[]);
    house.remove("customers/one/checks/c.yaml");
    house.must_build();
    let open = open_bytes(&house);
    // The word for it is the title of its register, and stands there for every type.
    for name in LISTS {
        let named = open[name].matches(">Check<").count() + open[name].matches("Check ·").count();
        assert_eq!(named, 0, "{name} tells that a check-up is missing");
    }
    assert!(Site::of(&house).opened(&house.keys["sal"]).holds(&["Check".to_owned(), "2020-03-31".to_owned()]));
}

#[test]
fn what_was_done_in_secret_does_not_show_by_what_is_missing() {
    // Closed by a field, by another record, and by a visit that only some may know of.
    let deed = |closed: &str| format!("title: Seen\nuntil: 2026-12-01\nrestrict: {{closed: legal}}\n{closed}");
    let (open, closed) = (deed(""), deed("closed: 2026-11-02\n"));
    looks_the_same(&[("customers/one/deeds/seen.yaml", &open)], &[("customers/one/deeds/seen.yaml", &closed)]);
    let successor = |ends: &str| format!("title: N\naudience: legal\n{ends}");
    let (plain, ending) = (successor(""), successor("ends: one/deeds/seen\n"));
    looks_the_same(&[("customers/one/deeds/new.yaml", &plain)], &[("customers/one/deeds/new.yaml", &ending)]);
    let visit = |day: &str| format!("date: {day}\naudience: legal\nby: [Viktor]\n");
    let (old, new) = (visit("2026-01-02"), visit("2026-11-22"));
    let late = ("customers/one/visits/v.yaml", "date: 2026-09-01\nby: [Viktor]\n");
    looks_the_same(&[late, ("customers/one/visits/w.yaml", &old)], &[("customers/one/visits/w.yaml", &new)]);
}

#[test]
fn those_who_may_read_what_was_done_see_that_it_is_done() {
    let deed = "title: Seen\nuntil: 2026-12-01\nrestrict: {closed: legal}\nclosed: 2026-11-02\n";
    let house = house(&[("customers/one/deeds/seen.yaml", deed)]);
    let archive = Archive::read(&house.snapshot(), super::fixture::DAY.parse().unwrap()).archive;
    let agenda = Agenda::of(&archive, Sight::Site);
    let matter = "deed.until/one/deeds/seen";
    let shown: Vec<String> = agenda
        .due
        .lay_out(|held| held.release())
        .filter(|(_, due)| due.matter == matter)
        .map(|(asks, due)| format!("{} {}", asks.canonical(), due.closeness))
        .collect();
    assert_eq!(shown, [format!("{} 0", strongroom::access::Clearance::open().canonical())]);
    let instead: Vec<_> = agenda.instead.lay_out(|held| held.release()).filter(|(_, (m, _))| m == matter).collect();
    assert_eq!(instead.len(), 1);
    assert_eq!(instead[0].0.canonical(), "legal");
    // The archivist, and a reader by name, are told what is so for them.
    let told = |sight: Sight<'_>| {
        let agenda = Agenda::of(&archive, sight);
        agenda.due.lay_out(|held| held.release().1.matter.clone()).any(|told| told == matter)
    };
    assert!(!told(Sight::Everything));
    assert!(!told(Sight::Reader(&archive, "leg")));
    assert!(told(Sight::Reader(&archive, "sal")));
}

#[test]
fn what_a_name_asks_for_beside_what_is_due_stays_with_it() {
    let deed = "title: Secretname\nuntil: 2026-12-02\nowner: Ottokar\nrestrict: {title: legal, owner: sales}\n";
    let house = house(&[("customers/one/deeds/x.yaml", deed)]);
    house.must_build();
    let open = open_bytes(&house);
    assert!(open["due/index.html"].contains("2026-12-02") && open["due.ics"].contains("20261202"));
    for (name, text) in &open {
        assert!(!text.contains("Secretname") && !text.contains("Ottokar"), "{name}");
    }
}

#[test]
fn trainings_of_readers_are_for_those_who_oversee() {
    let mut house = house(&[]);
    house.named_reader("soon", "Siegbert", "", "2026-12-05");
    house.must_build();
    for (name, text) in open_bytes(&house) {
        assert!(!text.contains("Siegbert") && !text.contains("2026-12-05") && !text.contains("20261205"), "{name}");
    }
    let site = Site::of(&house);
    let words = ["Siegbert".to_owned(), "2026-12-05".to_owned()];
    assert!(site.opened(&house.keys["ovs"]).holds(&words));
    assert!(!site.opened(&house.keys["leg"]).holds(&words));
}

#[test]
fn the_passing_of_days_changes_no_envelope_and_that_of_a_month_all_of_a_list() {
    let sealed = |day: &str| format!("title: T\naudience: legal\nuntil: {day}\n");
    let house = house(&[
        ("customers/one/deeds/x.yaml", &sealed("2026-11-25")),
        ("customers/one/deeds/y.yaml", &sealed("2027-02-23")),
        ("customers/one/visits/p.yaml", "audience: legal\nplanned: 2026-11-23\nby: [Viktor]\n"),
    ]);
    let envelopes = |day: &str| -> BTreeMap<String, BTreeMap<String, String>> {
        assert!(house.build_on(day, &house.site(), &house.state()).is_ok());
        let site = Site::of(&house);
        let of_page = |name: &str| site.envelopes(name).into_iter().collect();
        let pages = LISTS.iter().filter(|name| name.ends_with(".html"));
        pages.map(|name| ((*name).to_owned(), of_page(name))).collect()
    };
    let first = envelopes("2026-11-23");
    assert!(first.values().all(|page| !page.is_empty()));
    // One is told from 25 November on, a plan is missed on the 24th, and another is overdue on the 26th.
    for day in ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-30"] {
        assert!(first == envelopes(day), "an envelope changed on {day}, and nobody changed the archive");
    }
    let next = envelopes("2026-12-01");
    for page in ["index.html", "due/index.html"] {
        for (clearance, envelope) in &first[page] {
            assert!(next[page][clearance] != *envelope, "{page}: {clearance} tells that nothing is due for it");
        }
    }
    assert!(first["customers/one/index.html"] == next["customers/one/index.html"]);
}
