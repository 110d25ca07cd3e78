//! Leaks through what became of dossiers as wholes: the groups that they stood in, dossiers that are gone, and records
//! that opened on their day.

use super::canary::word;
use super::fixture::House;
use super::opening::Site;
use super::past::{For, both, check};
use super::tricks::house_with;

/// A dossier's own file.
fn root(name: &str, audience: &str) -> String {
    format!("name: {name}\ntier: a\nindustry: b\naccount_manager: c\naudience: {audience}\n")
}

/// Moves a folder below `customers/`.
fn move_folder(house: &House, from: &str, to: &str) {
    let customers = house.archive().join("customers");
    std::fs::create_dir_all(customers.join(to).parent().unwrap()).unwrap();
    std::fs::rename(customers.join(from), customers.join(to)).unwrap();
}

/// Takes a folder below `customers/` away.
fn remove_folder(house: &House, folder: &str) {
    std::fs::remove_dir_all(house.archive().join("customers").join(folder)).unwrap();
}

/// Who finds a word: everybody, the reader of Finance, the reader of Legal.
fn finders(house: &House, word: &str) -> [bool; 3] {
    let site = Site::of(house);
    let words = [word.to_owned()];
    let [fin, leg] = ["fin", "leg"].map(|reader| site.opened(&house.keys[reader]).holds(&words));
    [site.haystack().holds(&words), fin, leg]
}

/// The addresses of all pages but the envelopes in them.
fn addresses(house: &House) -> Vec<String> {
    Site::of(house).files.into_keys().collect()
}

#[test]
fn the_groups_of_a_dossier_are_for_whoever_may_know_of_it() {
    let house = house_with(&[]);
    let groups = ["open group", "second group", "sealed group", "last sealed group"].map(word);
    let [open, second, sealed, last] = &groups;
    house.put(&format!("customers/{open}/two/dossier.yaml"), root("Two", "staff"));
    house.put(&format!("customers/{sealed}/three/dossier.yaml"), root("Three", "finance"));
    house.commit("grouped");
    move_folder(&house, &format!("{open}/two"), &format!("{second}/two"));
    move_folder(&house, &format!("{sealed}/three"), &format!("{last}/three"));
    house.commit("regrouped");
    house.must_build();
    for group in [open, second] {
        assert!(finders(&house, group)[0], "{group}");
    }
    for group in [sealed, last] {
        assert_eq!(finders(&house, group), [false, true, false], "{group}");
    }
}

#[test]
fn a_group_in_which_a_dossier_stood_while_it_was_restricted_stays_restricted() {
    let house = house_with(&[]);
    let (then, now) = (word("group of the time"), word("present group"));
    house.put(&format!("customers/{then}/two/dossier.yaml"), root("Two", "finance"));
    house.commit("for finance");
    move_folder(&house, &format!("{then}/two"), &format!("{now}/two"));
    house.put(&format!("customers/{now}/two/dossier.yaml"), root("Two", "staff"));
    house.commit("moved and opened");
    house.must_build();
    assert_eq!(finders(&house, &then), [false, true, false]);
    assert!(finders(&house, &now)[0]);
}

#[test]
fn a_group_that_is_called_like_a_restricted_dossier_of_that_place_tells_nothing_of_it() {
    let house = house_with(&[]);
    let group = word("dossier and group");
    house.put(&format!("customers/{group}/two/dossier.yaml"), root("Two", "staff"));
    house.commit("a group");
    move_folder(&house, &format!("{group}/two"), "two");
    house.commit("out of it");
    house.put(&format!("customers/{group}/dossier.yaml"), root("Three", "legal"));
    house.commit("now a dossier");
    house.must_build();
    assert_eq!(finders(&house, &group), [false, false, true]);
}

#[test]
fn a_dossier_that_is_gone_has_a_page_and_an_entry_for_whoever_might_have_known_of_it() {
    let house = house_with(&[]);
    let (open, sealed) = (word("gone in the open"), word("gone under seal"));
    house.put(&format!("customers/{open}/dossier.yaml"), root(&both("open customer"), "staff"));
    house.put(
        &format!("customers/{open}/things/a.md"),
        format!("---\naudience: legal\nnote: {}\n---\n", both("its note")),
    );
    house.put(&format!("customers/{sealed}/dossier.yaml"), root(&both("sealed customer"), "finance"));
    house.commit("two dossiers");
    remove_folder(&house, &open);
    remove_folder(&house, &sealed);
    house.commit("both gone");
    check(&house, &[("open customer", For::Everybody), ("its note", For::Legal), ("sealed customer", For::Finance)]);
    assert_eq!(finders(&house, &sealed), [false, true, false]);
    let (open_page, all) = (format!("customers/{open}/"), addresses(&house));
    for page in ["index.html", "history/index.html"] {
        assert!(all.contains(&format!("{open_page}{page}")), "{all:#?}");
    }
    assert!(!all.iter().any(|address| address.contains(&sealed)), "{all:#?}");
    let home = String::from_utf8(Site::of(&house).files["index.html"].clone()).unwrap();
    assert!(home.contains(&format!("href=\"{open_page}history/index.html\"")), "the list leads there");
}

#[test]
fn a_dossier_asks_for_its_last_clearance_when_it_is_gone() {
    let house = house_with(&[]);
    let (narrowed, opened) = (word("narrowed then gone"), word("opened then gone"));
    house.put(&format!("customers/{narrowed}/dossier.yaml"), root(&both("narrowed customer"), "staff"));
    house.put(&format!("customers/{opened}/dossier.yaml"), root(&both("early customer"), "legal"));
    house.commit("begun");
    house.put(&format!("customers/{narrowed}/dossier.yaml"), root(&both("narrowed customer"), "finance"));
    house.put(&format!("customers/{opened}/dossier.yaml"), root(&both("late customer"), "staff"));
    house.commit("changed");
    remove_folder(&house, &narrowed);
    remove_folder(&house, &opened);
    house.commit("gone");
    check(
        &house,
        &[("narrowed customer", For::Finance), ("early customer", For::Legal), ("late customer", For::Everybody)],
    );
    assert_eq!(finders(&house, &narrowed), [false, true, false]);
    assert!(finders(&house, &opened)[0]);
    assert!(!addresses(&house).iter().any(|address| address.contains(&narrowed)));
}

#[test]
fn what_todays_rules_restrict_is_restricted_on_the_page_of_a_dossier_that_is_gone() {
    let house = house_with(&[]);
    let folder = word("its folder");
    house.put(&format!("customers/{folder}/dossier.yaml"), root(&both("its name"), "staff"));
    house.commit("open");
    remove_folder(&house, &folder);
    house.commit("gone");
    house.put(
        "types/dossier.yaml",
        "title: Dossier\nfile: dossier.yaml\nfields:\n  name: {kind: text, audience: finance}\n  tier: {kind: text}\n  industry: {kind: text}\n  account_manager: {kind: text}\n",
    );
    house.commit("names are for finance");
    check(&house, &[("its name", For::Finance)]);
    assert!(finders(&house, &folder)[0], "the folder's name is not the customer's");
}

#[test]
fn a_dossier_whose_rules_are_gone_is_listed_for_nobody() {
    let house = house_with(&[]);
    let folder = word("lawless folder");
    house.put(&format!("customers/{folder}/dossier.yaml"), root(&both("lawless customer"), "[finance, nosuch]"));
    house.commit("a doubt");
    remove_folder(&house, &folder);
    house.commit("gone");
    check(&house, &[("lawless customer", For::Nobody)]);
    assert_eq!(finders(&house, &folder), [false, false, false]);
}

#[test]
fn a_dossier_that_was_renamed_is_not_gone() {
    let house = house_with(&[]);
    let (old, new) = (word("old folder"), word("new folder"));
    house.put(&format!("customers/{old}/dossier.yaml"), root("Two", "staff"));
    house.put(&format!("customers/{old}/things/a.md"), "---\nnote: kept\n---\n");
    house.commit("begun");
    move_folder(&house, &old, &new);
    house.commit("renamed");
    house.must_build();
    let all = addresses(&house);
    assert!(all.contains(&format!("customers/{new}/history/index.html")), "{all:#?}");
    let page = &Site::of(&house).files[&format!("customers/{old}/index.html")];
    assert!(!String::from_utf8_lossy(page).contains("id=\"removed\""), "the old address leads on");
    let home = String::from_utf8(Site::of(&house).files["index.html"].clone()).unwrap();
    assert!(!home.contains("gone-list"), "nothing is gone");
}

#[test]
fn a_dossier_that_came_back_is_not_gone() {
    let house = house_with(&[]);
    let folder = word("back again");
    house.put(&format!("customers/{folder}/dossier.yaml"), root("Two", "staff"));
    house.commit("begun");
    remove_folder(&house, &folder);
    house.commit("gone");
    house.put(&format!("customers/{folder}/dossier.yaml"), root("Two", "legal"));
    house.commit("back, for legal");
    house.must_build();
    assert_eq!(finders(&house, &folder), [false, false, true]);
    assert!(!addresses(&house).iter().any(|address| address.contains(&folder)));
}

#[test]
fn an_opening_opens_what_stood_under_it_and_nothing_from_before() {
    let house = house_with(&[]);
    let record = |more: &str, note: &str| format!("---\naudience: finance\n{more}note: {}\n---\n", both(note));
    let put = |name: &str, text: String| house.put(&format!("customers/one/things/{}.md", word(name)), text);
    put("opened record", record("", "before it was set"));
    put("closed record", record("open_from: 2025-01-01\n", "opened for a while"));
    put("coming record", record("", "still closed"));
    house.commit("begun");
    put("opened record", record("open_from: 2026-06-01\n", "as it was set"));
    put("closed record", record("", "closed again"));
    put("coming record", record("open_from: 2027-06-01\n", "to come"));
    house.commit("openings");
    check(
        &house,
        &[
            ("before it was set", For::Finance),
            ("as it was set", For::Everybody),
            ("opened for a while", For::Finance),
            ("closed again", For::Finance),
            ("still closed", For::Finance),
            ("to come", For::Finance),
        ],
    );
    // That it opens, and when, is for those who may know of it.
    assert_eq!(finders(&house, "2026-06-01").first(), Some(&true));
    assert_eq!(finders(&house, "2027-06-01"), [false, true, false]);
    assert_eq!(finders(&house, "o-2026-06-01").first(), Some(&true), "an entry of its own");
    let home = String::from_utf8(Site::of(&house).files["index.html"].clone()).unwrap();
    assert!(home.contains("feed/2026-06-01/") && !home.contains("feed/2027-06-01/"), "home tells of the day");
}
