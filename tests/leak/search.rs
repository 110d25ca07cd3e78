//! The search indexes: what each key finds is what its reader may read, word by word.

use super::canary::{forms, han, word};
use super::fixture::House;
use super::houses;
use super::opening::Site;
use super::random::plan;
use base64::Engine as _;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::io::Read as _;
use strongroom::sealing::{Identity, open};

/// What one index says: its terms, and what its results show.
#[derive(Default)]
struct Found {
    terms: BTreeSet<String>,
    shown: String,
    choices: String,
}

impl Found {
    fn has(&self, term: &str) -> bool {
        self.terms.contains(term)
    }

    fn add(&mut self, other: Self) {
        self.terms.extend(other.terms);
        self.shown.push_str(&other.shown);
        self.choices.push_str(&other.choices);
    }
}

/// A file of the index, opened and unpacked; none where the keys do not open it.
fn unpacked(site: &Site, place: &str, keys: &[Identity]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(site.files.get(&format!("{place}.js"))?).into_owned();
    let base64 = text.split_once(",\"").unwrap().1.split('"').next().unwrap();
    let mut bytes = base64::engine::general_purpose::STANDARD.decode(base64).unwrap();
    if bytes.starts_with(b"age-encryption.org") {
        bytes = open(&bytes, keys).ok()?.expose().to_vec();
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
    Some(plain)
}

fn number(bytes: &mut &[u8]) -> usize {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (first, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        number |= usize::from(first & 127) << shift;
        if first & 128 == 0 {
            return number;
        }
        shift += 7;
    }
}

fn take<'b>(bytes: &mut &'b [u8], length: usize) -> &'b [u8] {
    let (taken, rest) = bytes.split_at(length);
    *bytes = rest;
    taken
}

/// All of an index; none where the keys do not open it.
fn index(site: &Site, place: &str, keys: &[Identity]) -> Option<Found> {
    let manifest: serde_json::Value = serde_json::from_slice(&unpacked(site, place, keys)?).unwrap();
    assert_eq!(manifest["place"], place);
    let names = |kind: &str| -> Vec<String> {
        manifest["index"][kind].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let shard = |name: &str| {
        let place = format!("search/{name}");
        let plain = unpacked(site, &place, keys).expect("a shard opens with what opened the manifest");
        let at = plain.iter().position(|byte| *byte == b'\n').unwrap();
        let head: serde_json::Value = serde_json::from_slice(&plain[..at]).unwrap();
        assert_eq!((&head["place"], &head["clearance"]), (&place.into(), &manifest["clearance"]));
        plain[at + 1..].to_vec()
    };
    let mut found = Found { choices: manifest["index"]["choices"].to_string(), ..Found::default() };
    for name in names("term_shards") {
        let plain = shard(&name);
        let mut bytes = plain.as_slice();
        let mut before = Vec::new();
        for _ in 0..number(&mut bytes) {
            before.truncate(number(&mut bytes));
            let length = number(&mut bytes);
            before.extend_from_slice(take(&mut bytes, length));
            found.terms.insert(String::from_utf8(before.clone()).unwrap());
            let length = number(&mut bytes);
            assert!(!take(&mut bytes, length).is_empty());
        }
    }
    for name in names("document_shards") {
        found.shown.push_str(&String::from_utf8(shard(&name)).unwrap());
    }
    Some(found)
}

fn manifests(site: &Site) -> Vec<String> {
    let open: serde_json::Value = serde_json::from_slice(&unpacked(site, "search/open", &[]).unwrap()).unwrap();
    open["sealed"].as_array().unwrap().iter().map(|id| format!("search/{}", id.as_str().unwrap())).collect()
}

fn in_the_open(site: &Site) -> Found {
    index(site, "search/open", &[]).unwrap()
}

/// What somebody with a key finds.
fn with_key(site: &Site, key: &Identity) -> Found {
    let mut found = in_the_open(site);
    let keys = site.identities(key);
    manifests(site).iter().filter_map(|place| index(site, place, &keys)).for_each(|one| found.add(one));
    found
}

fn pairs(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(2).map(|pair| pair.iter().collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn each_key_finds_exactly_what_its_reader_may_read(plan in plan()) {
        let house = plan.house();
        house.must_build();
        let site = Site::of(&house);
        let open = in_the_open(&site);
        for (canary, asks) in plan.canaries() {
            let is_open = asks.iter().all(|any| any.is_empty());
            prop_assert_eq!(open.has(&canary), is_open, "{} as a term in the open", canary);
            prop_assert_eq!(open.shown.contains(&canary), is_open, "{} shown in the open", canary);
        }
        for reader in 0..5 {
            let found = with_key(&site, &house.keys[&format!("r{reader}")]);
            for (canary, asks) in plan.canaries() {
                let reads = plan.reads(reader, &asks);
                prop_assert_eq!(found.has(&canary), reads, "{} by r{}", canary, reader);
                prop_assert_eq!(found.shown.contains(&canary), reads, "{} shown to r{}", canary, reader);
            }
        }
    }
}

#[test]
fn chinese_is_in_the_index_of_its_clearance_and_in_no_other() {
    let house = mixed_house();
    let site = Site::of(&house);
    let (open, legal, finance) =
        (in_the_open(&site), with_key(&site, &house.keys["leg"]), with_key(&site, &house.keys["fin"]));
    for pair in pairs(&han("open text")) {
        assert!(open.has(&pair), "{pair}");
    }
    for pair in pairs(&han("legal text")) {
        assert!(!open.has(&pair) && !finance.has(&pair), "{pair}");
        assert!(legal.has(&pair), "{pair}");
    }
}

/// An open record with a section for Legal and a field for Finance, a customer whose tier is for Finance, and a sealed
/// record that an abstract stands for.
fn mixed_house() -> House {
    let mut house = House::new();
    house.put(
        "strongroom.yaml",
        "title: A\naudiences:\n  legal: {title: Legal, readers: [leg]}\n  finance: {title: Finance, readers: [fin]}\n\
         tiers:\n  gold: {title: Gold}\n",
    );
    house.reader("leg", "2027-01-01");
    house.reader("fin", "2027-01-01");
    house.put("types/thing.yaml", "title: Thing\nfolder: things\naudience: staff\nfields:\n  note: {kind: text}\n  who: {kind: person, personal: true, audience: finance}\n");
    house.put(
        "customers/one/dossier.yaml",
        "name: One\ntier: gold\nindustry: Fishing\naccount_manager: Sun\naudience: staff\nrestrict: {tier: finance, industry: legal}\n",
    );
    house.put(
        "customers/one/things/mixed.md",
        format!(
            "---\ntitle: Mixed\nnote: {}\nwho: {}\nrestrict: {{note: finance}}\n---\n{}\n\n## Terms {{audience=legal}}\n\n{}\n",
            word("note"),
            word("person"),
            han("open text"),
            han("legal text")
        ),
    );
    house.put(
        "customers/one/things/sealed-place.md",
        format!("---\ntitle: {}\naudience: legal\nabstract: Ask the lawyers\n---\nText\n", word("sealed title")),
    );
    house.must_build();
    house
}

#[test]
fn what_stands_under_several_clearances_of_one_record_is_found_together_by_who_reads_both() {
    let house = mixed_house();
    let site = Site::of(&house);
    let legal = with_key(&site, &house.keys["leg"]);
    // The document of Legal holds the open text as well, so that words of both lead to it.
    let keys = site.identities(&house.keys["leg"]);
    let own: Vec<Found> = manifests(&site).iter().filter_map(|place| index(&site, place, &keys)).collect();
    assert_eq!(own.len(), 1);
    assert!(pairs(&han("open text")).iter().chain(&pairs(&han("legal text"))).all(|pair| own[0].has(pair)));
    assert!(!legal.has(&word("note")));
}

#[test]
fn choices_are_offered_to_those_who_may_read_them() {
    let house = mixed_house();
    let site = Site::of(&house);
    let open = in_the_open(&site);
    assert!(!open.choices.contains("Gold") && !open.choices.contains("Fishing"), "{}", open.choices);
    let finance = with_key(&site, &house.keys["fin"]);
    assert!(finance.choices.contains("Gold") && !finance.choices.contains("Fishing"));
    assert!(finance.has("\u{1}tier\u{1}Gold") && !open.has("\u{1}tier\u{1}Gold"));
}

#[test]
fn what_is_personal_is_in_no_index() {
    let house = mixed_house();
    let site = Site::of(&house);
    let finance = with_key(&site, &house.keys["fin"]);
    assert!(finance.has(&word("note")), "the rest of the record is");
    assert!(!finance.has(&word("person")) && !finance.shown.contains(&word("person")));
}

#[test]
fn an_abstract_is_found_without_where_and_what_it_stands_for() {
    let house = mixed_house();
    let site = Site::of(&house);
    let open = in_the_open(&site);
    assert!(open.has("lawyers"));
    for hidden in ["sealed-place", &word("sealed title")] {
        assert!(!open.shown.contains(hidden), "{hidden}");
    }
    assert!(with_key(&site, &house.keys["leg"]).shown.contains("sealed-place"));
}

#[test]
fn the_abstract_of_an_item_of_a_list_is_found_by_nobody_as_no_page_shows_it() {
    let house = mixed_house();
    house.put(
        "customers/one/things/list.yaml",
        "type: thing\nrecords:\n  - {code: k1, audience: legal, abstract: Ask the surveyors, note: x}\n",
    );
    house.put("types/thing.yaml", "title: Thing\nfolder: things\naudience: staff\nkey: code\nfields:\n  code: {kind: text}\n  note: {kind: text}\n  who: {kind: person, personal: true, audience: finance}\n");
    house.must_build();
    let site = Site::of(&house);
    assert!(in_the_open(&site).has("lawyers"), "that of a record is");
    assert!(!in_the_open(&site).has("surveyors"));
}

#[test]
fn what_is_restricted_changes_nothing_of_the_open_index() {
    let house = houses::full();
    house.must_build();
    let before = Site::of(&house);
    let open_files = |site: &Site| {
        let manifest: serde_json::Value = serde_json::from_slice(&unpacked(site, "search/open", &[]).unwrap()).unwrap();
        (manifest["index"].to_string(), manifest["sealed"].to_string())
    };
    house.put(
        "customers/one/things/more-of-it.md",
        format!("---\ntype: thing\ntitle: {}\naudience: legal\n---\n{}\n", forms("more")[0], forms("more")[1]),
    );
    house.must_build();
    assert_eq!(open_files(&Site::of(&house)), open_files(&before));
}

/// What is open in the index: how many documents, choices, and the shards by digests of what they hold.
fn open_index(house: &House) -> String {
    house.must_build();
    let manifest = unpacked(&Site::of(house), "search/open", &[]).unwrap();
    serde_json::from_slice::<serde_json::Value>(&manifest).unwrap()["index"].to_string()
}

#[test]
fn a_day_that_is_restricted_changes_nothing_of_the_open_index_by_being_there() {
    let house = mixed_house();
    house.put("types/deal.yaml", "title: Deal\nfolder: deals\naudience: staff\nfields:\n  signed: {kind: date, audience: finance}\n  ends: {kind: date}\n");
    let deal = |more: &str| {
        house.put("customers/one/deals/a.md", format!("---\ntitle: Deal\nends: 2025-03-04\n{more}---\nText\n"));
        open_index(&house)
    };
    let without = deal("");
    assert!(in_the_open(&Site::of(&house)).choices.contains("2025"));
    assert_eq!(deal("signed: 2021-05-06\n"), without);
    assert_eq!(deal("date: 2019-05-06\nrestrict: {date: finance}\n"), without);
    let finance = with_key(&Site::of(&house), &house.keys["fin"]);
    assert!(finance.has("\u{1}year\u{1}2019"), "those who may read the day find the record by it");
}

#[test]
fn how_many_dossiers_are_sealed_changes_nothing_of_the_open_index() {
    let house = mixed_house();
    let dossier = |name: &str, industry: &str, audience: &str| {
        let of = format!("name: N\ntier: gold\nindustry: {industry}\naccount_manager: Sun\naudience: {audience}\n");
        house.put(&format!("customers/{name}/dossier.yaml"), of);
    };
    // Two that mean the same by other words, of which one has to be shown.
    dossier("a", "{zh: 渔业, en: Fishing}", "staff");
    dossier("z", "{zh: 渔业, en: Fisheries}", "staff");
    let before = open_index(&house);
    (0..31).for_each(|n| dossier(&format!("b{n}"), "Secret", "legal"));
    assert_eq!(open_index(&house), before);
}

#[test]
fn a_customer_whose_name_is_personal_is_found_by_it_in_no_index() {
    let house = mixed_house();
    house.put(
        "types/dossier.yaml",
        "title: Person\nfile: dossier.yaml\nfields:\n  name: {kind: text, required: true, personal: true}\n  tier: {kind: text, required: true}\n  industry: {kind: text, personal: true}\n",
    );
    house.remove("customers/one/dossier.yaml");
    house.put(
        "customers/one/dossier.yaml",
        format!("name: {}\ntier: gold\nindustry: {}\naudience: legal\n", word("natural person"), word("trade")),
    );
    house.must_build();
    let legal = with_key(&Site::of(&house), &house.keys["leg"]);
    assert!(legal.has("mixed"), "its records are found");
    for personal in ["natural person", "trade"] {
        assert!(!legal.has(&word(personal)) && !legal.shown.contains(&word(personal)), "{personal}");
        assert!(!legal.choices.contains(&word(personal)), "{personal}");
    }
}
