//! Leaks through the past: what was secret once, what is secret now, what was renamed, deleted or moved, and what only
//! a message says. Who may read each canary is written beside it by hand.

use super::canary::{han, word};
use super::evidence;
use super::fixture::House;
use super::opening::Site;
use super::tricks::house_with;

/// Whom a canary is for.
#[derive(Clone, Copy, PartialEq)]
pub enum For {
    Everybody,
    Finance,
    Legal,
    /// Finance and legal together: neither of the two readers alone.
    Nobody,
}

/// Builds, and holds every canary against what stands in the open and what each of the two readers opens.
pub fn check(house: &House, canaries: &[(&str, For)]) {
    house.must_build();
    let site = Site::of(house);
    let open = site.haystack();
    let (fin, leg) = (site.opened(&house.keys["fin"]), site.opened(&house.keys["leg"]));
    let (fin_bundle, leg_bundle) = (site.bundles(&house.keys["fin"]), site.bundles(&house.keys["leg"]));
    let mut wrong = Vec::new();
    let bags = ["fin", "leg"]
        .map(|reader| evidence::haystack(&evidence::bag(house, Some(reader), &["--as-of", "2025-01-02"])));
    for (label, whom) in canaries {
        for canary in [word(label), han(label)] {
            let words = [canary];
            let [fin_bag, leg_bag] = bags.each_ref().map(|bag| bag.holds(&words));
            if fin_bag && !matches!(whom, For::Everybody | For::Finance)
                || leg_bag && !matches!(whom, For::Everybody | For::Legal)
            {
                wrong.push(format!("{label} ({}): in a bag of finance {fin_bag}, of legal {leg_bag}", words[0]));
            }
            let found = [
                open.holds(&words),
                fin.holds(&words) || fin_bundle.values().any(|hay| hay.holds(&words)),
                leg.holds(&words) || leg_bundle.values().any(|hay| hay.holds(&words)),
            ];
            let should = match whom {
                For::Everybody => [true, found[1], found[2]],
                For::Finance => [false, true, false],
                For::Legal => [false, false, true],
                For::Nobody => [false, false, false],
            };
            if found != should {
                wrong.push(format!("{label} ({}): open, finance, legal are {found:?}, not {should:?}", words[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

pub fn both(label: &str) -> String {
    format!("{} {}", word(label), han(label))
}

/// Commits one state of a record after another; each is its front matter and its text.
pub fn lived(states: &[&str]) -> House {
    let house = house_with(&[]);
    for (n, state) in states.iter().enumerate() {
        house.put("customers/one/things/a.md", state);
        house.commit(&format!("state {n}"));
    }
    house
}

#[test]
fn an_open_past_stays_open_as_long_as_the_present_is() {
    let house = lived(&[
        &format!("---\nnote: {}\n---\n{}\n", both("old note"), both("old text")),
        &format!("---\nnote: {}\n---\n{}\n", both("new note"), both("new text")),
    ]);
    let open = For::Everybody;
    check(&house, &[("old note", open), ("old text", open), ("new note", open), ("new text", open)]);
}

#[test]
fn what_is_restricted_today_was_never_open() {
    let house = lived(&[
        &format!("---\nnote: {}\n---\n# Price\n\n{}\n", both("old note"), both("old price")),
        &format!("---\nnote: {}\n---\n# Price\n\n{}\n", both("middle note"), both("middle price")),
        &format!(
            "---\nnote: {}\nrestrict: {{note: finance}}\n---\n# Price {{audience=legal}}\n\n{}\n",
            both("new note"),
            both("new price")
        ),
    ]);
    let (finance, legal) = (For::Finance, For::Legal);
    check(
        &house,
        &[
            ("old note", finance),
            ("middle note", finance),
            ("new note", finance),
            ("old price", legal),
            ("middle price", legal),
            ("new price", legal),
        ],
    );
}

#[test]
fn a_field_that_a_type_restricts_today_was_never_open_also_where_it_is_gone() {
    let house = house_with(&[]);
    house.put("customers/one/things/a.md", format!("---\nnote: {}\n---\n", both("early note")));
    house.commit("a note");
    house.put("customers/one/things/a.md", "---\ntitle: t\n---\n");
    house.commit("without it");
    house.put(
        "types/thing.yaml",
        "title: Thing\nfolder: things\naudience: staff\nfields:\n  note: {kind: text, audience: finance}\n  prose: {kind: text}\n",
    );
    house.commit("notes are for finance");
    check(&house, &[("early note", For::Finance)]);
}

#[test]
fn what_was_secret_does_not_open_because_its_successor_is_public() {
    let house = lived(&[
        &format!(
            "---\nnote: {}\nrestrict: {{note: finance}}\n---\n# A {{audience=legal}}\n\n{}\n",
            both("secret note"),
            both("secret text")
        ),
        &format!("---\nnote: {}\n---\n# A\n\n{}\n", both("public note"), both("public text")),
    ]);
    check(
        &house,
        &[
            ("secret note", For::Finance),
            ("secret text", For::Legal),
            ("public note", For::Everybody),
            ("public text", For::Everybody),
        ],
    );
}

#[test]
fn a_value_that_stood_under_two_restrictions_asks_for_both_in_its_past() {
    let house = lived(&[
        &format!("---\naudience: finance\nnote: {}\n---\n", both("passed on")),
        &format!("---\naudience: legal\nnote: {}\n---\n", both("passed on")),
        &format!("---\naudience: legal\nnote: {}\n---\n", both("successor")),
    ]);
    check(&house, &[("passed on", For::Nobody), ("successor", For::Legal)]);
}

#[test]
fn a_restriction_between_two_edits_counts_though_the_file_stayed_as_it_was() {
    let house = house_with(&[]);
    house.put("customers/one/things/a.md", format!("---\nnote: {}\n---\n", both("in between")));
    house.commit("open");
    let open = "title: Thing\nfolder: things\naudience: staff\nfields:\n  note: {kind: text}\n";
    house.put("types/thing.yaml", open.replace("{kind: text}", "{kind: text, audience: legal}"));
    house.commit("for a while notes are for legal");
    house.put("types/thing.yaml", open);
    house.commit("and open again");
    house.put("customers/one/things/a.md", "---\nnote: another\n---\n");
    house.commit("another note");
    check(&house, &[("in between", For::Legal)]);
}

#[test]
fn a_dossier_that_was_restricted_for_a_while_keeps_that_while() {
    let house = house_with(&[]);
    let dossier = "name: One\ntier: a\nindustry: b\naccount_manager: c\naudience: ";
    house.put("customers/one/dossier.yaml", format!("{dossier}finance\n"));
    house.put("customers/one/things/a.md", format!("---\nnote: {}\n---\n", both("within")));
    house.commit("a dossier for finance");
    house.put("customers/one/things/a.md", format!("---\nnote: {}\n---\n", both("last within")));
    house.commit("another note");
    house.put("customers/one/dossier.yaml", format!("{dossier}staff\n"));
    house.put("customers/one/things/a.md", format!("---\nnote: {}\n---\n", both("opened")));
    house.commit("opened");
    check(&house, &[("within", For::Finance), ("last within", For::Finance), ("opened", For::Everybody)]);
}

#[test]
fn renamed_and_deleted_records_ask_for_what_they_asked() {
    let house = house_with(&[]);
    let (old, new) = (word("old name"), word("new name"));
    house.put(
        &format!("customers/one/things/{old}.md"),
        format!("---\naudience: finance\ntitle: {}\n---\n{}\n", both("old title"), both("kept text")),
    );
    house.put(
        &format!("customers/one/things/{}.md", word("gone name")),
        format!("---\naudience: legal\ntitle: {}\nnote: {}\n---\n", both("gone title"), both("gone note")),
    );
    house.commit("two records");
    house.remove(&format!("customers/one/things/{old}.md"));
    house.put(
        &format!("customers/one/things/{new}.md"),
        format!("---\naudience: finance\ntitle: {}\n---\n{}\n", both("new title"), both("kept text")),
    );
    house.remove(&format!("customers/one/things/{}.md", word("gone name")));
    house.commit("one renamed, one gone");
    let site_words = |label: &str| [word(label)];
    house.must_build();
    let site = Site::of(&house);
    let open = site.haystack();
    for name in ["old name", "new name", "gone name"] {
        assert!(!open.holds(&site_words(name)), "{name} stands in the open");
    }
    let fin = site.opened(&house.keys["fin"]);
    assert!(fin.holds(&site_words("old name")) && fin.holds(&site_words("new name")));
    assert!(!fin.holds(&site_words("gone name")));
    check(
        &house,
        &[
            ("old title", For::Finance),
            ("new title", For::Finance),
            ("kept text", For::Finance),
            ("gone title", For::Legal),
            ("gone note", For::Legal),
        ],
    );
}

#[test]
fn a_record_that_moved_to_another_dossier_keeps_what_the_first_one_asked() {
    let house = house_with(&[]);
    let dossier = "name: Two\ntier: a\nindustry: b\naccount_manager: c\naudience: finance\n";
    house.put("customers/two/dossier.yaml", dossier);
    let text = format!("---\ntitle: t\nnote: {}\n---\n", both("from two"));
    house.put("customers/two/things/a.md", &text);
    house.commit("in two");
    house.remove("customers/two/things/a.md");
    house.put("customers/one/things/a.md", &text);
    house.commit("moved to one");
    house.put("customers/one/things/a.md", format!("---\ntitle: t\nnote: {}\n---\n", both("in one")));
    house.commit("changed in one");
    check(&house, &[("from two", For::Finance), ("in one", For::Everybody)]);
}

#[test]
fn words_that_moved_under_a_restriction_take_their_past_with_them() {
    let house = lived(&[
        &format!("---\nnote: open\n---\n# A\n\n{}。\n", both("moved words")),
        &format!("---\nnote: open\n---\n# A\n\nshort\n\n# B {{audience=legal}}\n\n{}。\n", both("moved words")),
    ]);
    check(&house, &[("moved words", For::Legal)]);
}

#[test]
fn a_message_is_for_those_who_may_read_everything_that_its_commit_touched() {
    let house = house_with(&[]);
    house.put("customers/one/things/a.md", "---\nnote: first\n---\n");
    house.put("customers/one/things/b.md", "---\naudience: legal\nnote: first\n---\n");
    house.put("customers/one/things/c.md", "---\naudience: finance\nnote: first\n---\n");
    house.commit(&both("founding message"));
    house.put("customers/one/things/a.md", "---\nnote: second\n---\n");
    house.commit(&both("open message"));
    house.put("customers/one/things/a.md", "---\nnote: third\n---\n");
    house.put("customers/one/things/b.md", "---\naudience: legal\nnote: second\n---\n");
    house.commit(&both("legal message"));
    house.put("customers/one/things/b.md", "---\naudience: legal\nnote: third\n---\n");
    house.put("customers/one/things/c.md", "---\naudience: finance\nnote: second\n---\n");
    house.commit(&both("joint message"));
    house.put("customers/one/things/a.md", "---\nnote: fourth\n---\n");
    house.put("strongroom.yaml", std::fs::read_to_string(house.archive().join("strongroom.yaml")).unwrap() + "# x\n");
    house.commit(&both("settings message"));
    check(
        &house,
        &[
            ("founding message", For::Nobody),
            ("open message", For::Everybody),
            ("legal message", For::Legal),
            ("joint message", For::Nobody),
            ("settings message", For::Nobody),
        ],
    );
}

#[test]
fn a_commit_whose_rules_cannot_be_read_opens_nothing() {
    let house = house_with(&[]);
    house.put("customers/one/things/a.md", "---\nnote: first\n---\n");
    house.commit("begun");
    let settings = std::fs::read_to_string(house.archive().join("strongroom.yaml")).unwrap();
    house.put("strongroom.yaml", "title: [\n");
    house.put("customers/one/things/a.md", format!("---\nnote: {}\n---\n", both("lawless")));
    house.commit("broken settings");
    house.put("strongroom.yaml", settings);
    house.put("customers/one/things/a.md", "---\nnote: third\n---\n");
    house.commit("mended");
    check(&house, &[("lawless", For::Nobody)]);
}

#[test]
fn an_attachment_that_is_gone_or_replaced_asks_for_what_its_record_asked() {
    let house = house_with(&[]);
    let (old, kept) = (word("old scan"), word("kept scan"));
    house
        .put("customers/one/things/a.md", format!("---\naudience: legal\nattachments: [{old}.pdf, {kept}.pdf]\n---\n"));
    house.put(&format!("customers/one/things/{old}.pdf"), "first bytes");
    house.put(&format!("customers/one/things/{kept}.pdf"), "first bytes too");
    house.commit("two scans");
    house.put("customers/one/things/a.md", format!("---\naudience: legal\nattachments: [{kept}.pdf]\n---\n"));
    house.remove(&format!("customers/one/things/{old}.pdf"));
    house.put(&format!("customers/one/things/{kept}.pdf"), "other bytes");
    house.commit("one gone, one replaced");
    house.must_build();
    let site = Site::of(&house);
    for name in [old, kept] {
        let words = [name];
        assert!(!site.haystack().holds(&words));
        assert!(!site.opened(&house.keys["fin"]).holds(&words));
        assert!(site.opened(&house.keys["leg"]).holds(&words));
    }
}

#[test]
fn rows_of_a_series_ask_for_what_their_columns_ask_and_asked() {
    let house = house_with(&[(
        "types/flow.yaml",
        "title: Flow\nkind: series\nfolder: flows\naudience: staff\nfields:\n  week: {kind: week}\n  volume: {kind: text}\n  income: {kind: text, audience: finance}\n",
    )]);
    let (old, new) = (both("old income"), both("new income"));
    let (was, is) = (both("old volume"), both("new volume"));
    house.put("customers/one/flows/2025.csv", format!("week,volume,income\n2025-W01,{was},{old}\n"));
    house.commit("a row");
    house.put("customers/one/flows/2025.csv", format!("week,volume,income\n2025-W01,{is},{new}\n"));
    house.commit("corrected");
    check(
        &house,
        &[
            ("old income", For::Finance),
            ("new income", For::Finance),
            ("old volume", For::Everybody),
            ("new volume", For::Everybody),
        ],
    );
}

#[test]
fn a_summary_that_changed_names_no_sealed_record_in_the_open() {
    let house = house_with(&[]);
    let path = format!("customers/one/things/{}.md", word("sealed name"));
    for summary in ["ask legal", "ask zhao"] {
        house.put(&path, format!("---\naudience: legal\ntitle: {}\nabstract: {summary}\n---\n", both("sealed title")));
        house.commit(summary);
    }
    check(&house, &[("sealed title", For::Legal)]);
    assert!(!Site::of(&house).haystack().holds(&[word("sealed name")]));
}
