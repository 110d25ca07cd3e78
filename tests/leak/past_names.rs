//! Leaks through old names: the addresses at which dossiers and records stood before they moved.

use super::canary::word;
use super::fixture::House;
use super::opening::Site;
use super::past::both;
use super::tricks::house_with;

/// A dossier's own file.
fn root(name: &str, audience: &str) -> String {
    format!("name: {name}\ntier: a\nindustry: b\naccount_manager: c\naudience: {audience}\n")
}

/// Moves something below `customers/`.
fn move_to(house: &House, from: &str, to: &str) {
    let customers = house.archive().join("customers");
    std::fs::create_dir_all(customers.join(to).parent().unwrap()).unwrap();
    std::fs::rename(customers.join(from), customers.join(to)).unwrap();
}

/// A page as it stands in the site, without what is sealed in it.
fn page(house: &House, address: &str) -> Option<String> {
    Site::of(house).files.get(address).map(|bytes| String::from_utf8(bytes.clone()).unwrap())
}

/// Who finds a word: everybody, the reader of Finance, the reader of Legal.
fn finders(house: &House, word: &str) -> [bool; 3] {
    let site = Site::of(house);
    let words = [word.to_owned()];
    let [fin, leg] = ["fin", "leg"].map(|reader| site.opened(&house.keys[reader]).holds(&words));
    [site.haystack().holds(&words), fin, leg]
}

#[test]
fn the_old_address_of_a_dossier_leads_to_the_new_one() {
    let house = house_with(&[]);
    let (old, between, new) = (word("old name"), word("name between"), word("new name"));
    house.put(&format!("customers/{old}/dossier.yaml"), root(&both("the customer"), "staff"));
    house.commit("begun");
    move_to(&house, &old, &between);
    house.commit("renamed");
    move_to(&house, &between, &format!("group/{new}"));
    house.commit("renamed again");
    house.must_build();
    for name in [&old, &between] {
        for (below, root) in [("", "../../"), ("history/", "../../../")] {
            let page = page(&house, &format!("customers/{name}/{below}index.html")).unwrap();
            assert!(page.contains(&format!("href=\"{root}customers/{new}/{below}index.html\"")), "{page}");
        }
    }
}

#[test]
fn a_name_that_a_dossier_had_before_it_was_restricted_is_for_its_readers_alone() {
    let house = house_with(&[]);
    let (old, new) = (word("old name"), word("new name"));
    house.put(&format!("customers/{old}/dossier.yaml"), root(&both("the customer"), "staff"));
    house.commit("begun");
    move_to(&house, &old, &new);
    house.commit("renamed");
    house.put(&format!("customers/{new}/dossier.yaml"), root(&both("the customer"), "finance"));
    house.commit("restricted");
    house.must_build();
    for name in [&old, &new] {
        assert_eq!(finders(&house, name), [false, true, false], "{name}");
        assert!(!Site::of(&house).files.keys().any(|address| address.contains(name.as_str())));
    }
}

#[test]
fn a_name_from_a_restricted_time_is_for_the_readers_of_that_time() {
    let house = house_with(&[]);
    let (old, new) = (word("secret old name"), word("open new name"));
    house.put(&format!("customers/{old}/dossier.yaml"), root(&both("the customer"), "legal"));
    house.commit("begun");
    move_to(&house, &old, &new);
    house.commit("renamed");
    house.put(&format!("customers/{new}/dossier.yaml"), root(&both("the customer"), "staff"));
    house.commit("opened");
    house.must_build();
    assert_eq!(finders(&house, &old), [false, false, true]);
    assert!(finders(&house, &new)[0]);
}

#[test]
fn a_dossier_that_bears_an_old_name_of_another_keeps_its_page() {
    let house = house_with(&[]);
    let (old, new) = (word("old name"), word("new name"));
    house.put(&format!("customers/{old}/dossier.yaml"), root(&both("the first customer"), "staff"));
    house.commit("begun");
    move_to(&house, &old, &new);
    house.commit("renamed");
    house.put(&format!("customers/{old}/dossier.yaml"), root(&both("the second customer"), "staff"));
    house.put(&format!("customers/{old}/things/a.md"), "---\nnote: something else altogether\n---\n");
    house.commit("another");
    house.must_build();
    let here = page(&house, &format!("customers/{old}/index.html")).unwrap();
    assert!(here.contains(&word("the second customer")) && !here.contains("id=\"moved\""), "{here}");
}

#[test]
fn a_record_that_went_to_another_dossier_is_found_from_where_it_stood() {
    let house = house_with(&[]);
    let [one, two] = ["one dossier", "another dossier"].map(word);
    for name in [&one, &two] {
        house.put(&format!("customers/{name}/dossier.yaml"), root(&both(name), "staff"));
    }
    let names = ["open record", "sealed record", "record sealed later"].map(word);
    let [open, sealed, later] = &names;
    for (name, audience) in [(open, "staff"), (sealed, "finance"), (later, "staff")] {
        house.put(
            &format!("customers/{one}/things/{name}.md"),
            format!("---\naudience: {audience}\nnote: {}\n---\n", both(&format!("note of {name}"))),
        );
    }
    house.commit("begun");
    for name in &names {
        move_to(&house, &format!("{one}/things/{name}.md"), &format!("{two}/things/{name}.md"));
    }
    house.commit("moved");
    house.put(
        &format!("customers/{two}/things/{later}.md"),
        format!("---\naudience: legal\nnote: {}\n---\n", both(&format!("note of {later}"))),
    );
    house.commit("sealed");
    house.must_build();
    let left = page(&house, &format!("customers/{one}/index.html")).unwrap();
    assert!(left.contains(&format!("name=\"things/{open}\"")), "{left}");
    assert!(left.contains(&format!("href=\"../../customers/{two}/index.html#things/{open}\"")), "{left}");
    assert!(finders(&house, open)[0]);
    assert_eq!(finders(&house, sealed), [false, true, false]);
    assert_eq!(finders(&house, later), [false, false, true]);
}
