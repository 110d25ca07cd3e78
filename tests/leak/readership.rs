//! What `access` says of any day is what the keys of that day open: random archives with random pasts, each built as it
//! stood and opened with every reader's key.

use super::canary::word;
use super::fixture::{House, files_of};
use super::opening::Site;
use super::past_branches::{commit_on, head};
use super::random::{Plan, plan};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use strongroom::archive::{Archive, Readable};
use strongroom::finding::Severity;
use strongroom::history::History;
use strongroom::provenance::Signers;
use strongroom::readership::{Chronicle, Published, Publisher, Scope, Stood, can_open};
use strongroom::repository::{ContentId, Line, OpenError, Past, Snapshot, open_commit};
use strongroom::sealing::Identity;
use strongroom::site::{Built, Order, State, Vouching, publish};

/// The first commit; trainings of some end eleven days later, and so do some restrictions.
const BEGIN: Date = date(2025, 12, 21);
const DAY: i64 = 86_400;

/// What one commit brings: an archive, how long after the one before by its clock, whether it holds an error, and whether
/// it comes by way of another branch, which is joined a day later.
#[derive(Clone, Debug)]
struct Turn {
    plan: Plan,
    after: i64,
    broken: bool,
    beside: bool,
}

fn turn() -> impl Strategy<Value = Turn> {
    let odds = (proptest::bool::weighted(0.2), proptest::bool::weighted(0.3));
    (plan(), -3_i64..12, odds).prop_map(|(plan, after, (broken, beside))| Turn { plan, after, broken, beside })
}

/// An archive that lived: its house, and the keys that readers had after each turn.
struct Lived {
    house: House,
    keys: Vec<BTreeMap<String, Identity>>,
}

fn lived(turns: &[Turn]) -> Lived {
    let mut house = House::new();
    let mut keys = Vec::new();
    let mut at = BEGIN.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second() + DAY / 2;
    for (n, turn) in turns.iter().enumerate() {
        let _ = std::fs::remove_dir_all(house.archive().join("customers/one/things"));
        turn.plan.write(&mut house, &format!("{n} "));
        if turn.broken {
            house.put("customers/one/things/broken.md", "---\naudience: nobody-knows\n---\n");
        }
        keys.push(house.keys.clone());
        at += turn.after * DAY;
        if n == 0 {
            house.commit("begun");
            // The house has a clock of its own, which the first commit is not to bear.
            commit_on(&house, &[], at);
            continue;
        }
        let (before, _) = head(&house);
        let one = commit_on(&house, &[before], at);
        if turn.beside {
            at += DAY;
            commit_on(&house, &[before, one], at);
        }
    }
    Lived { house, keys }
}

fn sound(archive: &Archive, _: &Snapshot) -> bool {
    assert!(archive.settings.checks.is_empty());
    true
}

impl Lived {
    /// Asks the past.
    fn ask<T>(&self, question: impl FnOnce(&Publisher<'_>) -> T) -> T {
        let folder = self.house.archive();
        let past = Past::read(&folder, None, None).unwrap();
        let line = Line::of(&past);
        let open = |id: ContentId| -> Result<Snapshot, OpenError> { open_commit(&folder, None, Some(&id.to_string())) };
        question(&Publisher { past: &past, line: &line, open: &open, sound: &sound })
    }

    /// Builds what stood on a day, and gives the site.
    fn built(&self, publisher: &Publisher<'_>, stood: &Stood, day: Date) -> Site {
        let commit = publisher.past.commits[publisher.line.steps[stood.step].commit].id.to_string();
        let folder = tempfile::tempdir().unwrap();
        let snapshot = open_commit(&self.house.archive(), None, Some(&commit)).unwrap();
        let archive = Archive::read(&snapshot, day).archive;
        let past = Past::read(&self.house.archive(), None, Some(&commit)).unwrap();
        let history = History::read(&past, &archive, &Signers::default());
        let order = Order {
            snapshot: &snapshot,
            archive: &archive,
            history: Some(&history),
            built: Built { date: day.to_string(), outside_git: true, ..Built::default() },
            target: &folder.path().join("site"),
            forbid: Vec::new(),
            state: &State::at(folder.path().join("state"), None),
            excerpts: true,
            vouching: Vouching::default(),
            progress: &|_, _, _| {},
        };
        publish(&order).unwrap_or_else(|error| panic!("{error}"));
        Site { files: files_of(&folder.path().join("site")) }
    }

    /// What the command says of a record on a day: for each part who can open it.
    fn said(&self, record: &str, day: Date) -> BTreeMap<String, BTreeSet<String>> {
        let day = day.to_string();
        let output = Command::new(env!("CARGO_BIN_EXE_strongroom"))
            .args(["access", "--format", "json", "--record", record, "--as-of", &day, "--date", "2026-11-23"])
            .current_dir(self.house.archive())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let of_part = |part: &serde_json::Value| {
            let readers = part["readers"].as_array().unwrap().iter();
            let readers = readers.map(|one| one["reader"].as_str().unwrap().to_owned()).collect();
            (format!("{} {}", part["part"].as_str().unwrap(), part["clearance"].as_str().unwrap()), readers)
        };
        told["parts"].as_array().unwrap().iter().map(of_part).collect()
    }
}

/// The canaries of a state that a part holds.
fn canaries(part: &Readable, state: usize) -> Vec<String> {
    let labels = (0..5).flat_map(|n| ["record", "field", "outer", "inner"].map(|kind| format!("{kind} {n}")));
    let words = labels.chain(["dossier".to_owned()]).map(|label| word(&format!("{state} {label}")));
    words.filter(|word| part.words.iter().any(|text| text.contains(word.as_str()))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn on_any_day_keys_open_what_access_says_of_that_day(turns in proptest::collection::vec(turn(), 1..4), days in proptest::collection::vec(0_i64..40, 2)) {
        let lived = lived(&turns);
        lived.ask(|publisher| {
            for day in days.iter().map(|n| BEGIN + n.days()) {
                let Published { stood: Some(stood), .. } = publisher.on(day) else { continue };
                let site = lived.built(publisher, &stood, day);
                // The canaries that stand tell which state it is.
                let parts = stood.archive.readable_with_words(&|_| true);
                let holds = |state: &usize| parts.iter().any(|part| !canaries(part, *state).is_empty());
                let state = (0..turns.len()).find(holds).unwrap();
                prop_assert!(!turns[state].broken);
                let opened: BTreeMap<&String, _> =
                    lived.keys[state].iter().map(|(name, key)| (name, site.opened(key))).collect();
                for part in parts.iter().filter(|part| !part.clearance.is_open()) {
                    for reader in &stood.archive.readers {
                        let can = can_open(&stood.archive, reader, &part.clearance);
                        for canary in canaries(part, state) {
                            let open = opened[&reader.name].holds(std::slice::from_ref(&canary));
                            prop_assert_eq!(open, can, "{} {} by {} on {}", part.record, part.part, reader.name, day);
                        }
                    }
                }
                let records: BTreeSet<String> = parts.iter().map(|part| part.record.to_string()).collect();
                for record in records.iter().take(2) {
                    let said = lived.said(record, day);
                    for part in parts.iter().filter(|part| part.record.to_string() == *record && !part.clearance.is_open()) {
                        let can = stood.archive.cleared(&part.clearance).map(|reader| reader.name.clone()).collect();
                        let key = format!("{} {}", part.part, part.clearance.canonical());
                        prop_assert_eq!(said.get(&key), Some(&can), "{} on {}", key, day);
                    }
                }
            }
            Ok(())
        })?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_spells_of_a_time_come_to_what_is_said_of_each_of_its_days(turns in proptest::collection::vec(turn(), 1..6), from in -2_i64..12, length in 0_i64..40) {
        let lived = lived(&turns);
        lived.ask(|publisher| {
            let time = (BEGIN + from.days(), BEGIN + (from + length).days());
            let whole = Chronicle::gather(publisher, &Scope::all(), time, &|_, _| {});
            let of_one = Chronicle::gather(publisher, &Scope::of_record(publisher, "one"), time, &|_, _| {});
            for day in time.0.series(1.day()).take_while(|day| *day <= time.1) {
                let stood = publisher.on(day).stood;
                let parts = stood.as_ref().map(|stood| stood.archive.readable()).unwrap_or_default();
                let mut expected: BTreeSet<String> = BTreeSet::new();
                for part in &parts {
                    for reader in stood.iter().flat_map(|stood| stood.archive.cleared(&part.clearance)) {
                        if !part.clearance.is_open() {
                            expected.insert(format!("{} {} {}", part.record, part.part.key(), reader.name));
                        }
                    }
                    if part.clearance.is_open() {
                        expected.insert(format!("{} {} everybody", part.record, part.part.key()));
                    }
                }
                for chronicle in [&whole, &of_one] {
                    let mut told: BTreeSet<String> = BTreeSet::new();
                    for part in &chronicle.parts {
                        for spell in chronicle.spells(part).iter().filter(|spell| spell.first <= day && day <= spell.last) {
                            let names = chronicle.name_on(part.record, day).next().unwrap();
                            let who = spell.reader.as_deref().unwrap_or("everybody");
                            told.insert(format!("{names} {} {who}", part.part.key()));
                        }
                    }
                    prop_assert_eq!(&told, &expected, "on {}", day);
                }
            }
            // Each spell says what began and ended it, but where the time does.
            for part in &whole.parts {
                for spell in whole.spells(part) {
                    let turns = [(&spell.began, spell.first, true), (&spell.ended, spell.last, false)];
                    for (turn, day, begins) in turns {
                        match turn {
                            Some(turn) => {
                                prop_assert!(!turn.why.is_empty());
                                prop_assert!(turn.why.iter().all(|why| why.what != "another commit came to stand"), "{turn:?}");
                                let expected = if begins { day } else { day.tomorrow().unwrap() };
                                prop_assert_eq!(turn.day, expected);
                            }
                            None => prop_assert_eq!(day, if begins { time.0 } else { time.1 }),
                        }
                    }
                }
            }
            Ok(())
        })?;
    }
}

#[test]
fn errors_are_those_that_keep_an_archive_from_being_read() {
    // The properties above stand on this: a broken state is one that reading refuses.
    let mut house = House::new();
    house.reader("r0", "2027-01-01");
    house.put("strongroom.yaml", "title: A\naudiences: {}\n");
    house.put("customers/one/dossier.yaml", "name: a\ntier: x\nindustry: y\naccount_manager: z\naudience: staff\n");
    house.put("types/thing.yaml", "title: Thing\nfolder: things\naudience: staff\nfields: {}\n");
    assert!(house.errors().is_empty(), "{:?}", house.errors());
    house.put("customers/one/things/broken.md", "---\naudience: nobody-knows\n---\n");
    let found = house.read().findings;
    assert!(found.into_iter().any(|finding| finding.severity == Severity::Error));
}

/// A house in which r0 belongs to legal, and r1 oversees where somebody does; what stands there was committed.
fn overseen(oversight: bool) -> House {
    let mut house = House::new();
    house.named_reader("r0", &word("named reader"), "", "2027-01-01");
    house.named_reader("r1", "r1", "", "2027-01-01");
    let oversight = if oversight { "oversight: office\n" } else { "" };
    let settings = |readers: &str| {
        format!("title: A\n{oversight}audiences:\n  legal: {{readers: [{readers}]}}\n  office: {{readers: [r1]}}\n")
    };
    house.put("strongroom.yaml", settings(""));
    house.put(
        "types/thing.yaml",
        format!("title: {}\nfolder: things\naudience: staff\nfields: {{}}\n", word("type title")),
    );
    house.put("customers/one/dossier.yaml", "name: a\ntier: x\nindustry: y\naccount_manager: z\naudience: staff\n");
    house.put(&format!("customers/one/things/{}.md", word("record name")), "---\naudience: office\n---\n");
    house.commit("begun");
    house.put("strongroom.yaml", settings("r0"));
    house.put(&format!("customers/one/things/{}.md", word("record name")), "---\naudience: [legal, office]\n---\n");
    house.commit("joined, and widened");
    house.must_build();
    house
}

#[test]
fn the_page_of_who_reads_what_opens_for_those_who_oversee_and_shows_nothing_to_others() {
    const PAGE: &str = "dashboards/readership/index.html";
    let house = overseen(true);
    let site = Site::of(&house);
    let canaries = ["named reader", "record name"].map(word);
    let overseer = site.opened_of(&house.keys["r1"], |name| name == PAGE);
    let other = site.opened_of(&house.keys["r0"], |name| name == PAGE);
    let open = site.haystack_of(|name| name == PAGE);
    for canary in &canaries {
        let canary = std::slice::from_ref(canary);
        assert!(overseer.holds(canary));
        assert!(!other.holds(canary) && !open.holds(canary));
    }
    // All that is sealed there is sealed for one clearance, so that not even the others' names are told.
    let sealed: BTreeSet<String> = site.envelopes(PAGE).into_iter().map(|(id, _)| id).collect();
    assert_eq!(sealed.len(), 1);
    let html = String::from_utf8_lossy(&site.files[PAGE]);
    assert!(!html.contains("<table"), "no table stands there in the open");
}

#[test]
fn where_nobody_oversees_there_is_no_such_page_and_no_link_to_one() {
    let site = Site::of(&overseen(false));
    assert!(site.files.keys().all(|name| !name.contains("readership")));
    assert!(!String::from_utf8_lossy(&site.files["dashboards/index.html"]).contains("readership"));
}
