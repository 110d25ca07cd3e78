//! The feed and the links to the forge: what they tell is told to whoever may know it, and to nobody else.

use super::canary::word;
use super::fixture::House;
use super::opening::{Site, outside};
use super::past::both;
use super::tricks::house_with;

const FORGE: &str = "url: https://reading.example/\nforge:\n  edit: https://forge.example/edit/{branch}/{path}\n  commit: https://forge.example/commit/{commit}\n";

/// An archive whose settings name a forge.
pub fn house() -> House {
    let house = house_with(&[]);
    let settings = std::fs::read_to_string(house.archive().join("strongroom.yaml")).unwrap();
    house.put("strongroom.yaml", format!("{settings}{FORGE}"));
    house
}

/// Who finds a word: everybody, the reader of Finance, the reader of Legal.
fn finders(house: &House, said: &str) -> [bool; 3] {
    let site = Site::of(house);
    let words = [said.to_owned()];
    let [fin, leg] = ["fin", "leg"].map(|reader| site.opened(&house.keys[reader]).holds(&words));
    [site.haystack().holds(&words), fin, leg]
}

fn feed(house: &House) -> String {
    String::from_utf8(Site::of(house).files["changes.atom"].clone()).unwrap()
}

#[test]
fn the_feed_tells_of_what_is_open_alone() {
    let house = house();
    let thing = |audience: &str, label: &str| {
        let (title, note) = (word(&format!("{label} title")), both(label));
        house.put(
            &format!("customers/one/things/{}.md", word(&format!("{label} file"))),
            format!("---\ntitle: {title}\naudience: {audience}\nnote: {note}\n---\n"),
        );
    };
    house.commit(&word("message of settings"));
    thing("staff", "open");
    house.commit(&word("open message"));
    thing("finance", "sealed");
    house.commit(&word("sealed message"));
    thing("staff", "beside");
    thing("finance", "other");
    house.commit(&word("message of both"));
    house.must_build();
    let feed = feed(&house);
    for told in ["open title", "open message", "beside title"] {
        assert!(feed.contains(&word(told)), "{told} is not in {feed}");
    }
    for secret in [
        "sealed title",
        "sealed file",
        "sealed message",
        "other title",
        "other file",
        "message of both",
        "message of settings",
    ] {
        assert!(!feed.contains(&word(secret)), "{secret} is in the feed");
    }
    // A commit of which nobody may know anything has no entry that tells of it by being there.
    assert_eq!(feed.matches("<entry>").count(), 3, "{feed}");
}

#[test]
fn a_sealed_dossier_and_one_with_a_sealed_name_are_in_the_feed_as_far_as_all_may_know() {
    let house = house();
    let (folder, name) = (word("whole folder"), word("whole name"));
    house.put(
        &format!("customers/{folder}/dossier.yaml"),
        format!("name: {name}\ntier: a\nindustry: b\naccount_manager: c\naudience: finance\n"),
    );
    house.put(
        "customers/three/dossier.yaml",
        format!(
            "name: {}\ntier: a\nindustry: b\naccount_manager: c\naudience: staff\nrestrict: {{name: legal}}\n",
            word("name for legal")
        ),
    );
    house.commit("begun");
    house.must_build();
    let feed = feed(&house);
    assert!(feed.contains("three"), "{feed}");
    for secret in [folder, name, word("name for legal")] {
        assert!(!feed.contains(&secret), "{secret} is in {feed}");
    }
}

#[test]
fn the_way_to_a_records_file_is_for_whoever_may_read_the_record() {
    let house = house();
    for (file, audience) in [("open file", "staff"), ("sealed file", "finance")] {
        house.put(
            &format!("customers/one/things/{}.md", word(file)),
            format!("---\naudience: {audience}\nnote: x\n---\n"),
        );
    }
    house.commit("begun");
    house.must_build();
    let way = |file: &str| format!("forge.example/edit/HEAD/customers/one/things/{}.md", word(file));
    assert!(finders(&house, &way("open file"))[0]);
    assert_eq!(finders(&house, &way("sealed file")), [false, true, false]);
    let page = outside(&String::from_utf8_lossy(&Site::of(&house).files["customers/one/index.html"]));
    assert_eq!(page.matches("forge.example/edit").count(), 2, "the dossier's own file and the open record's");
}

/// Puts an open dossier into a folder that was a sealed one, and gives the folder's name.
pub fn group_that_was_a_dossier(house: &House) -> String {
    let group = word("once a dossier");
    house.put(
        &format!("customers/{group}/dossier.yaml"),
        "name: Two\ntier: a\nindustry: b\naccount_manager: c\naudience: finance\n",
    );
    house.commit("begun");
    house.remove(&format!("customers/{group}/dossier.yaml"));
    house.put(
        &format!("customers/{group}/three/dossier.yaml"),
        "name: Three\ntier: a\nindustry: b\naccount_manager: c\naudience: staff\n",
    );
    house.put(&format!("customers/{group}/three/things/a.md"), "---\nnote: x\n---\n");
    house.commit("the dossier became a group");
    group
}

#[test]
fn the_way_to_a_file_asks_for_what_a_folder_above_it_asked_as_a_dossier() {
    let house = house();
    let group = group_that_was_a_dossier(&house);
    house.must_build();
    assert_eq!(finders(&house, &group), [false, true, false]);
    assert_eq!(finders(&house, &format!("edit/HEAD/customers/{group}/three/things/a.md")), [false, true, false]);
}

#[test]
fn commits_of_which_one_may_know_nothing_have_no_way_into_the_forge() {
    let house = house();
    house.commit("open");
    house.put("customers/one/things/a.md", "---\naudience: finance\nnote: x\n---\n");
    house.commit("sealed");
    house.must_build();
    let repository = git2::Repository::open(house.archive()).unwrap();
    let head = repository.head().unwrap().peel_to_commit().unwrap();
    let way = |commit: &git2::Commit<'_>| format!("forge.example/commit/{}", commit.id());
    assert_eq!(finders(&house, &way(&head)), [false, true, false]);
    assert!(finders(&house, &way(&head.parent(0).unwrap()))[0]);
}

#[test]
fn the_names_by_which_links_lead_into_a_text_tell_nothing_of_what_is_sealed_beside() {
    let house = house();
    let heading = word("a heading of finance");
    let text = format!(
        "---\nnote: x\n---\n## Terms {{audience=finance}}\n\nA\n\n## Terms\n\nB\n\n## {heading} {{audience=finance}}\n\nC\n"
    );
    house.put("customers/one/things/a.md", text);
    house.must_build();
    let page = outside(&String::from_utf8_lossy(&Site::of(&house).files["customers/one/index.html"]));
    assert!(page.contains("id=\"things/a//text/Terms\""), "the open one is the first that all staff see");
    assert!(!page.contains("Terms-2") && !page.contains(&heading), "{page}");
    assert_eq!(finders(&house, "things/a//text/Terms-2"), [false, true, false]);
    assert_eq!(finders(&house, &format!("things/a//text/{heading}")), [false, true, false]);
}
