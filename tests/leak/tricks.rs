//! Ways to trick an archivist into publishing what was meant to be restricted. Each is an error, or stays sealed.

use super::fixture::House;
use std::fmt::Write as _;

const SETTINGS: &str = "title: A\naudiences:\n  finance: {title: F, readers: [fin]}\n  legal: {title: L, readers: [leg]}\n  sales: {title: S, readers: []}\n  technical: {title: T, readers: []}\n  management: {title: M, readers: []}\n  compliance: {title: C, readers: []}\n";
const THING: &str = "title: Thing\nfolder: things\naudience: staff\nkey: code\nfields:\n  code: {kind: text}\n  note: {kind: text}\n  prose: {kind: markdown}\n  members: {kind: group, fields: {a: {kind: text}}}\n";

/// An archive with one open dossier, and these files over it.
pub fn house_with(files: &[(&str, &str)]) -> House {
    let mut house = House::new();
    house.put("strongroom.yaml", SETTINGS);
    house.reader("fin", "2030-01-01");
    house.reader("leg", "2030-01-01");
    house.put("types/thing.yaml", THING);
    house.put("customers/one/dossier.yaml", "name: One\ntier: a\nindustry: b\naccount_manager: c\naudience: staff\n");
    for (path, content) in files {
        house.put(path, content);
    }
    house
}

fn none_passes(cases: &[(&str, &[(&str, &str)])]) {
    let mut passed = String::new();
    for (name, files) in cases {
        if house_with(files).errors().is_empty() {
            writeln!(passed, "{name}").unwrap();
        }
    }
    assert!(passed.is_empty(), "no error for:\n{passed}");
}

#[test]
fn the_plain_archive_of_these_tests_has_no_error() {
    assert_eq!(
        house_with(&[("customers/one/things/a.md", "---\nnote: x\n---\ntext\n")]).errors(),
        Vec::<String>::new()
    );
}

#[test]
fn whatever_looks_like_a_restricted_heading_and_is_none_is_an_error() {
    let texts = [
        "# A \\{audience=legal}\n\ns",
        "# A {audience=legal} ##\n\ns",
        "# A {audience=legal}{#x}\n\ns",
        "# A {#x} {audience=legal}{#y}\n\ns",
        "# A {AUDIENCE=legal}\n\ns",
        "# A {audience=\"legal\"}\n\ns",
        "# A {audience='legal'}\n\ns",
        "# A {audience=legal，sales}\n\ns",
        "# A {audience=legal, sales}\n\ns",
        "# A {audience=legal,}\n\ns",
        "# A {audience=}\n\ns",
        "# A {audience}\n\ns",
        "# A {audience legal}\n\ns",
        "# A {audience:legal}\n\ns",
        "# A {audience=Legal}\n\ns",
        "# A {audience=staff,legal}\n\ns",
        "# A {audience=legal audience=finance}\n\ns",
        "# A {.audience=legal}\n\ns",
        "# A {#audience=legal}\n\ns",
        "# A {audience=legal\n\ns",
        "# A audience=legal}\n\ns",
        "# A ｛audience=legal｝\n\ns",
        "# A {audience＝legal}\n\ns",
        "# A {&#97;udience=legal}\n\ns",
        "# A {audience=legal}\u{a0}.\n\ns",
        "# A {audience=legal}.\n\ns",
        "# A ` {audience=legal} x\n\ns",
        "#A {audience=legal}\n\ns",
        "#\u{a0}A {audience=legal}\n\ns",
        "####### A {audience=legal}\n\ns",
        "    # A {audience=legal}\n\ns",
        "\t# A {audience=legal}\n\ns",
        "x\n\n    # A {audience=legal}\n\ns",
        "- x\n\n      # A {audience=legal}\n\n  s",
        "- # A {audience=legal}\n\n  s",
        "> # A {audience=legal}\n>\n> s",
        "A {audience=legal}\n===\n\ns",
        "A {audience=legal}\n\ns",
        "- [ ] A {audience=legal}\n",
        "| A {audience=legal} | b |\n|---|---|\n| c | d |\n",
        "**A** {audience=legal}\n\ns",
        "[^1]: # A {audience=legal}\n\n    s\n\nx[^1]",
        "```\ncode\n\n# A {audience=legal}\n\ns",
        "```\ncode\n~~~\n\n# A {audience=legal}\n\ns\n",
        "```yaml\ncode\n\n# A {audience=legal}\n\ns\n\n```yaml\nmore\n```\n",
        "# A {知悉范围=legal}\n\ns",
        "# A {a\u{200b}udience=legal}\n\ns",
        "# A {аudience=legal}\n\ns",
        "[a]: /x \"t\n# A {audience=legal}\"\n\ns",
        "# A {audience=legal}\n\ns\n\nB\n---\n\nt",
        "# A {audience=legal}\n\ns\n\n- # B\n",
        "# A {audience=legal}\n\ns\n\n> B\n> ---\n",
        "<!-- {audience=legal} -->",
        "# A <span>{audience=legal}</span>\n\ns",
        "![# A {audience=legal}](x.png)",
    ];
    let files: Vec<[(&str, String); 1]> =
        texts.iter().map(|text| [("customers/one/things/a.md", format!("---\nnote: x\n---\n{text}\n"))]).collect();
    let mut passed = String::new();
    for (text, [(path, content)]) in texts.iter().zip(&files) {
        if house_with(&[(path, content)]).errors().is_empty() {
            writeln!(passed, "{text:?}").unwrap();
        }
    }
    assert!(passed.is_empty(), "no error for:\n{passed}");
}

#[test]
fn definitions_of_restricted_sections_serve_no_open_text() {
    let a = "customers/one/things/a.md";
    none_passes(&[
        (
            "link label by case folding",
            &[(a, "[x][STRASSE]\n\n# A {audience=legal}\n\n[straße]: https://s.example/\n")],
        ),
        ("link label by white space", &[(a, "[x][a  b]\n\n# A {audience=legal}\n\n[a b]: https://s.example/\n")]),
        (
            "image by reference",
            &[(a, "![x][a]\n\n# A {audience=legal}\n\n[a]: s.png\n"), ("customers/one/things/s.png", "x")],
        ),
        ("shortcut", &[(a, "[a]\n\n# A {audience=legal}\n\n[a]: https://s.example/\n")]),
        ("collapsed", &[(a, "[a][]\n\n# A {audience=legal}\n\n[A]: https://s.example/\n")]),
        ("footnote", &[(a, "x[^n]\n\n# A {audience=legal}\n\n[^n]: secret\n")]),
        ("footnote by case", &[(a, "x[^N]\n\n# A {audience=legal}\n\n[^n]: secret\n")]),
        ("definition in the open", &[(a, "[a]: https://s.example/\n\n# A {audience=legal}\n\n[a]\n")]),
        (
            "between siblings",
            &[(a, "# A {audience=legal}\n\n[a]\n\n# B {audience=finance}\n\n[a]: https://s.example/\n")],
        ),
    ]);
}

#[test]
fn keys_that_miss_the_front_matter_are_errors() {
    let a = "customers/one/things/a.md";
    none_passes(&[
        ("empty line first", &[(a, "\n---\naudience: legal\n---\ns\n")]),
        ("many empty lines first", &[(a, "\n \n\n---\naudience: legal\n---\ns\n")]),
        ("indented", &[(a, " ---\naudience: legal\n---\ns\n")]),
        ("two hyphens", &[(a, "--\naudience: legal\n--\ns\n")]),
        ("four hyphens", &[(a, "----\naudience: legal\n----\ns\n")]),
        ("long dashes", &[(a, "———\naudience: legal\n———\ns\n")]),
        ("plus signs", &[(a, "+++\naudience = \"legal\"\n+++\ns\n")]),
        ("no first fence", &[(a, "audience: legal\n---\ns\n")]),
        ("heading first", &[(a, "# T\n---\naudience: legal\n---\ns\n")]),
        ("closed too early", &[(a, "---\nnote: x\n---\naudience: legal\n---\ns\n")]),
        ("restrict after the fence", &[(a, "---\nnote: x\n---\nrestrict: {note: legal}\n\ns\n")]),
        ("full-width colon after the fence", &[(a, "---\nnote: x\n---\naudience：legal\n\ns\n")]),
        ("dots close", &[(a, "---\naudience: legal\n...\ns\n")]),
        ("not closed", &[(a, "---\naudience: legal\ns\n")]),
        ("carriage returns and a space", &[(a, " ---\raudience: legal\r---\rs")]),
        ("two marks", &[(a, "\u{feff}\u{feff}---\naudience: legal\n---\ns\n")]),
        ("a comment in the middle closes", &[(a, "---\nnote: x\n--- \naudience: legal\n---\ns\n")]),
    ]);
}

#[test]
fn a_restriction_that_is_no_audience_is_an_error() {
    let values = [
        "audience:",
        "audience: []",
        "audience: {}",
        "audience: ~",
        "audience: null",
        "audience: ''",
        "audience: ' legal'",
        "audience: \"legal \"",
        "audience: true",
        "audience: 1",
        "audience: [[legal]]",
        "audience: [legal, [sales]]",
        "audience: [legal, ]\naudience: staff",
        "audience: {legal: finance}",
        "audience: legal, finance",
        "audience: legal|finance",
        "audience: [legal, staff]",
        "audience: Staff",
        "audience: STAFF",
        "audience: |\n  legal",
        "audience: >\n  legal\n  finance",
        "audeince: legal",
        "Audience: legal",
        "audience : [x]",
        "audience：legal",
        "\"audience \": legal",
        "'Audience': legal",
        "? audience\n: [nobody]",
        "{audience: x}",
        "audience: &a legal\nnote: *a\nnote: x",
        "audience: !!str nobody",
        "restrict:",
        "restrict: []",
        "restrict: {}",
        "restrict: {note: }",
        "restrict: {note: []}",
        "restrict: {nte: legal}",
        "restrict: {note: nobody}",
        "restrict: note",
        "restrict: [{note: legal}]",
        "restrict: {members.b: legal}",
        "restrict: {members: {a: legal}}",
        "restrict: {note: legal, note: staff}",
        "restrict: {'note[0]': legal}",
        "restrict: {audience: legal}",
        "restrict: {abstract: legal}",
        "restrict: {code.x: legal}",
        "open_from: 2020-01-01",
        "audience: legal\nopen_from: 2026-02-30",
        "audience: legal\nopen_from: yes",
        "audience: legal\nopen_from:",
        "audience: legal\nopen_from: [2020-01-01]",
        "<<: {audience: legal}\nnote: x",
        "attachments: [{file: a.txt, audience: }]",
        "attachments: [{file: a.txt, audeince: legal}]",
        "attachments: [{file: a.txt, audience: []}]",
        "access: legal",
        "audiences: legal",
        "restricted: legal",
        "audience: [ ]",
        "audience:\n  - legal\n  -",
        "audience: - legal",
    ];
    let mut passed = String::new();
    for value in values {
        let text = format!("---\n{value}\n---\ns\n");
        if house_with(&[("customers/one/things/a.md", &text), ("customers/one/things/a.txt", "x")]).errors().is_empty()
        {
            writeln!(passed, "{value:?}").unwrap();
        }
    }
    assert!(passed.is_empty(), "no error for:\n{passed}");
}

#[test]
fn types_and_settings_that_leave_a_doubt_are_errors() {
    let t = "types/thing.yaml";
    let s = "strongroom.yaml";
    none_passes(&[
        ("type audience null", &[(t, "title: T\nfolder: things\naudience:\nfields: {}\n")]),
        ("type audience empty", &[(t, "title: T\nfolder: things\naudience: []\n")]),
        ("type audience unknown", &[(t, "title: T\nfolder: things\naudience: nobody\n")]),
        ("type audience with staff", &[(t, "title: T\nfolder: things\naudience: [legal, staff]\n")]),
        ("type audience misspelt", &[(t, "title: T\nfolder: things\naudeince: legal\naudience: staff\n")]),
        (
            "field audience null",
            &[(t, "title: T\nfolder: things\naudience: staff\nfields: {note: {kind: text, audience: }}\n")],
        ),
        (
            "field audience unknown",
            &[(t, "title: T\nfolder: things\naudience: staff\nfields: {note: {kind: text, audience: no}}\n")],
        ),
        (
            "member audience unknown",
            &[(
                t,
                "title: T\nfolder: things\naudience: staff\nfields: {g: {kind: group, fields: {a: {kind: text, audience: no}}}}\n",
            )],
        ),
        (
            "field audience misspelt",
            &[(t, "title: T\nfolder: things\naudience: staff\nfields: {note: {kind: text, audiance: legal}}\n")],
        ),
        (
            "type file with another extension",
            &[("types/contract.yml", "title: C\nfolder: contracts\naudience: legal\n")],
        ),
        ("type file in a folder", &[("types/more/contract.yaml", "title: C\nfolder: contracts\naudience: legal\n")]),
        ("no audience anywhere", &[(t, "title: T\nfolder: things\n"), ("customers/one/things/a.md", "s\n")]),
        (
            "a built-in type's audience that is lacking",
            &[
                (s, "title: A\naudiences: {finance: {title: F, readers: [fin]}}\n"),
                ("customers/one/contracts/a.md", "---\nnumber: x\n---\ns\n"),
            ],
        ),
        ("audience called staff", &[(s, "title: A\naudiences: {staff: {title: F, readers: [fin]}}\n")]),
        ("audience called Staff", &[(s, "title: A\naudiences: {Staff: {title: F, readers: [fin]}}\n")]),
        ("audience with a sign of alternatives", &[(s, "title: A\naudiences: {'a|b': {title: F, readers: [fin]}}\n")]),
        (
            "audience twice",
            &[(
                s,
                "title: A\naudiences:\n  finance: {title: F, readers: [fin]}\n  finance: {title: F, readers: [leg]}\n",
            )],
        ),
        (
            "oversight that is no audience",
            &[(s, "title: A\noversight: boss\naudiences: {finance: {title: F, readers: [fin]}}\n")],
        ),
        ("reader without a file", &[(s, "title: A\naudiences: {finance: {title: F, readers: [nobody]}}\n")]),
        (
            "dossier without an audience",
            &[("customers/one/dossier.yaml", "name: One\ntier: a\nindustry: b\naccount_manager: c\n")],
        ),
        (
            "a reader's key in the clear where a wrapped one belongs",
            &[(
                "readers/fin.age",
                "# created: 2026\nAGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ\n",
            )],
        ),
        (
            "something else where a wrapped key belongs",
            &[(
                "readers/fin.age",
                "-----BEGIN AGE ENCRYPTED FILE-----\naGVsbG8gd29ybGQ=\n-----END AGE ENCRYPTED FILE-----\n",
            )],
        ),
    ]);
}

#[test]
fn the_source_of_a_record_is_no_attachment() {
    let sealed = ("customers/one/things/s.md", "---\naudience: legal\n---\nsecret\n");
    let rows = ("customers/one/traffic/2025.csv", "week,voice\n2025-W01,1\n");
    none_passes(&[
        ("attached", &[sealed, ("customers/one/things/a.md", "---\nattachments: [s.md]\n---\nx\n")]),
        (
            "its own file",
            &[("customers/one/things/a.md", "---\nattachments: [a.md]\n---\nx\n\n# A {audience=legal}\n\ns\n")],
        ),
        ("the dossier's file", &[("customers/one/things/a.md", "---\nattachments: [../dossier.yaml]\n---\nx\n")]),
        ("linked through an escape", &[sealed, ("customers/one/things/a.md", "[x](s.m%64)\n")]),
        (
            "a series attached",
            &[rows, ("customers/one/things/a.md", "---\nattachments: [../traffic/2025.csv]\n---\nx\n")],
        ),
        ("a series linked", &[rows, ("customers/one/things/a.md", "[x](../traffic/2025.csv)\n")]),
        (
            "a yml record",
            &[
                ("customers/one/things/s.yml", "audience: legal\nnote: s\n"),
                ("customers/one/things/a.md", "---\nattachments: [s.yml]\n---\nx\n"),
            ],
        ),
        (
            "another dossier's file",
            &[
                ("customers/two/dossier.yaml", "name: T\ntier: a\nindustry: b\naccount_manager: c\naudience: legal\n"),
                ("customers/two/x.pdf", "s"),
                ("customers/one/things/a.md", "---\nattachments: [../../two/x.pdf]\n---\nx\n"),
            ],
        ),
        (
            "one file in two parts",
            &[
                ("customers/one/things/x.pdf", "s"),
                ("customers/one/things/a.md", "---\nattachments: [{file: x.pdf, audience: legal}]\n---\n[x](x.pdf)\n"),
            ],
        ),
        (
            "outside the archive",
            &[("customers/one/things/a.md", "---\nattachments: [../../../../etc/passwd]\n---\nx\n")],
        ),
        ("readers", &[("customers/one/things/a.md", "---\nattachments: [../../../readers/fin.yaml]\n---\nx\n")]),
    ]);
}

#[test]
fn a_list_file_s_key_and_openings_leave_no_doubt() {
    let l = "customers/one/things/l.yaml";
    none_passes(&[
        (
            "restricted key of an item",
            &[(l, "type: thing\nrecords:\n  - {code: secretsecret, restrict: {code: legal}}\n")],
        ),
        (
            "restricted key of the list",
            &[(l, "type: thing\nrestrict: {code: legal}\nrecords:\n  - {code: secretsecret}\n")],
        ),
        (
            "restricted key by type",
            &[
                (
                    "types/thing.yaml",
                    "title: T\nfolder: things\naudience: staff\nkey: code\nfields: {code: {kind: text, audience: legal}}\n",
                ),
                (l, "type: thing\nrecords:\n  - {code: secretsecret}\n"),
            ],
        ),
        (
            "an item's opening of the list's audience",
            &[(l, "type: thing\naudience: legal\nrecords:\n  - {code: a, open_from: 2020-01-01}\n")],
        ),
        ("misspelt in an item", &[(l, "type: thing\nrecords:\n  - {code: a, audeince: legal}\n")]),
        ("misspelt for all", &[(l, "type: thing\naudeince: legal\nrecords:\n  - {code: a}\n")]),
    ]);
}
