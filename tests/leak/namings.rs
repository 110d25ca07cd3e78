//! The way back of references: what names a record is content of the record that names it, and asks for that as well.

use super::canary::word;
use super::fixture::House;
use super::opening::{Site, outside};
use super::tricks::house_with;

const PAGE: &str = "customers/one/index.html";

const DEAL: &str = "title: Deal\nfolder: deals\naudience: staff\nkey: code\nfields:
  code: {kind: text}
  thing: {kind: reference, to: thing}
  things: {kind: reference, many: true}
  closed: {kind: reference, audience: finance}
  parts: {kind: group, many: true, fields: {open: {kind: reference}, hidden: {kind: reference, audience: finance}}}
";

const TWO: &str = "name: Two\ntier: a\nindustry: b\naccount_manager: c\naudience: staff\n";

/// A record named `one/things/NAME`.
fn thing(name: &str) -> String {
    format!("one/things/{name}")
}

fn house(files: &[(&str, String)]) -> House {
    let mut all: Vec<(&str, &str)> = vec![
        ("types/deal.yaml", DEAL),
        ("customers/two/dossier.yaml", TWO),
        ("customers/one/things/a.md", "---\ntitle: A\nnote: x\n---\ntext\n"),
        ("customers/one/things/list.yaml", "type: thing\nrecords:\n  - {code: k1, note: x}\n"),
    ];
    all.extend(files.iter().map(|(path, text)| (*path, text.as_str())));
    let house = house_with(&all);
    house.must_build();
    house
}

/// Whether the page of the dossier that is named holds a word: in the open, for Finance, for Legal.
fn seen(house: &House, word: &str) -> [bool; 3] {
    let site = Site::of(house);
    let words = [word.to_owned()];
    let here = |name: &str| name == PAGE;
    let opened = |key: &str| site.opened_of(&house.keys[key], here).holds(&words);
    [site.haystack_of(here).holds(&words), opened("fin"), opened("leg")]
}

#[test]
fn an_open_record_is_named_in_the_open_across_dossiers_from_lists_groups_registers_and_text() {
    let house = house(&[
        ("customers/two/deals/field.md", format!("---\ntitle: {}\nthing: {}\n---\n", word("by field"), thing("a"))),
        (
            "customers/two/deals/many.md",
            format!("---\ntitle: {}\nthings: [{}]\n---\n", word("by many"), thing("list/k1")),
        ),
        (
            "customers/two/deals/group.md",
            format!("---\ntitle: {}\nparts: [{{open: {}}}]\n---\n", word("by group"), thing("a")),
        ),
        (
            "customers/two/deals/l.yaml",
            format!("records:\n  - {{code: c1, title: {}, thing: {}}}\n", word("by item"), thing("list/k1")),
        ),
        ("registers/deals/r.md", format!("---\ntitle: {}\nthing: {}\n---\n", word("by register"), thing("a"))),
        ("customers/two/deals/text.md", format!("---\ntitle: {}\n---\n[it](../../one/things/a.md)\n", word("by text"))),
        ("customers/two/deals/root.md", format!("---\ntitle: {}\nthings: [one]\n---\n", word("by root"))),
    ]);
    for label in ["by field", "by many", "by group", "by item", "by register", "by text", "by root"] {
        assert!(seen(&house, &word(label))[0], "{label}");
    }
}

#[test]
fn a_sealed_record_that_names_an_open_one_is_told_to_its_readers_alone() {
    let restricted = |label: &str| word(label);
    let house = house(&[
        (
            "customers/two/deals/sealed.md",
            format!("---\ntitle: {}\naudience: legal\nthing: {}\n---\n", restricted("sealed"), thing("a")),
        ),
        (
            "customers/two/deals/item.yaml",
            format!(
                "audience: legal\nrecords:\n  - {{code: {}, things: {}}}\n",
                restricted("sealed item"),
                thing("list/k1")
            ),
        ),
        ("customers/three/dossier.yaml", TWO.replace("staff", "legal")),
        (
            "customers/three/deals/x.md",
            format!("---\ntitle: {}\nthing: {}\n---\n", restricted("sealed dossier"), thing("a")),
        ),
        (
            "customers/two/deals/text.md",
            format!(
                "---\ntitle: {}\nrestrict: {{title: legal}}\n---\nOpen.\n\n## Part {{audience=legal}}\n\n[it](../../one/things/a.md)\n",
                restricted("sealed section")
            ),
        ),
    ]);
    for label in ["sealed", "sealed item", "sealed dossier", "sealed section"] {
        assert_eq!(seen(&house, &word(label)), [false, false, true], "{label}");
    }
    // The text's own record is open, but that it links here is not.
    assert_eq!(seen(&house, "two/deals/text"), [false, false, true]);
}

#[test]
fn a_restricted_field_of_an_open_record_names_nothing_in_the_open() {
    let house = house(&[
        ("customers/two/deals/bytype.md", format!("---\ntitle: T\nclosed: {}\n---\n", thing("a"))),
        (
            "customers/two/deals/byrestrict.md",
            format!("---\ntitle: T\nthing: {}\nrestrict: {{thing: finance}}\n---\n", thing("list/k1")),
        ),
        ("customers/two/deals/bymember.md", format!("---\ntitle: T\nparts: [{{hidden: {}}}]\n---\n", thing("a"))),
        (
            "customers/two/deals/untitled.md",
            format!("---\ntitle: {}\nthing: {}\nrestrict: {{title: legal}}\n---\n", word("hidden title"), thing("a")),
        ),
    ]);
    for name in ["bytype", "byrestrict", "bymember"] {
        assert_eq!(seen(&house, &format!("two/deals/{name}")), [false, true, false], "{name}");
    }
    // The record is named by its file where its title asks for more.
    assert!(seen(&house, "two/deals/untitled")[0]);
    assert!(!seen(&house, &word("hidden title"))[0] && !seen(&house, &word("hidden title"))[1]);
}

#[test]
fn what_names_a_sealed_record_stands_with_it_and_not_in_the_open() {
    let house = house(&[
        ("customers/one/things/s.md", format!("---\ntitle: {}\naudience: legal\n---\ntext\n", word("target"))),
        ("customers/two/deals/open.md", format!("---\ntitle: T\nthings: [{}]\n---\n", thing("s"))),
        ("customers/two/deals/other.md", format!("---\ntitle: T\nclosed: {}\n---\n", thing("s"))),
    ]);
    assert_eq!(seen(&house, "two/deals/open"), [false, false, true]);
    // Finance reads the field and not the record, Legal the record and not the field.
    assert_eq!(seen(&house, "two/deals/other"), [false, false, false]);
}

#[test]
fn a_page_is_the_same_in_the_open_whether_or_not_a_sealed_record_names_it() {
    let sealed = |text: &str| format!("---\naudience: legal\n{text}---\nText.\n");
    let house = house(&[("customers/one/deals/x.md", sealed(""))]);
    let page = || outside(&String::from_utf8_lossy(&Site::of(&house).files[PAGE]));
    let without = page();
    let names = format!("thing: {}\nthings: [{}, one]\n", thing("a"), thing("list/k1"));
    house.put("customers/one/deals/x.md", sealed(&names));
    house.must_build();
    assert!(seen(&house, "one/deals/x")[2]);
    assert!(without == page());
}
