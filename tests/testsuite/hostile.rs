//! Bad input: every doubt is an error with file, line and remedy; nothing crashes, hangs or opens.

use super::bed::{Bed, DAY, SETTINGS};
use jiff::civil::Date;
use proptest::prelude::*;
use strongroom::archive::{Archive, Reading};
use strongroom::repository::open_work_tree;

const FILE: &str = "customers/yunxi/contracts/x.md";

/// A contract whose text is this; line 1 of the text is line 4 of the file.
fn with_text(text: &str) -> Bed {
    let bed = Bed::new();
    bed.write(FILE, &format!("---\nnumber: 1\n---\n{text}\n"));
    bed
}

/// A contract with these lines of front matter, from line 3 on.
fn with_keys(keys: &str) -> Bed {
    let bed = Bed::new();
    bed.write(FILE, &format!("---\nnumber: 1\n{keys}\n---\n"));
    bed
}

#[test]
fn what_was_meant_as_a_heading_s_audience_and_is_none_is_an_error_at_its_line() {
    for heading in [
        "## Price {audeince=finance}",
        "## Price {audience=finance",
        "## Price audience=finance}",
        "## Price { audience=finance }",
        "## Price {audience = finance}",
        "## Price {audience= finance}",
        "## Price {audience=finance, legal}",
        "## Price {audience:finance}",
        "## Price ｛audience＝finance｝",
        "## Price {audience＝finance}",
        "## Price ｛audience=finance}",
        "## Price {audience：finance}",
        "## Price {Audience=finance}",
        "## Price {.audience}",
        "## Price {audience}",
        "## Price {audience=}",
        "## Price {audience=finance,}",
        "## Price {audience=finance audience=legal}",
        "## Price {audience=finance} ##",
        "## Price {audience=finance}.{#x}",
        "## Price {restrict=finance}",
        "## 价格 {知悉范围=财务}",
        "## Price {audience=\"finance\"}",
    ] {
        with_text(heading).expect_error_of_any(FILE, 4);
    }
}

#[test]
fn an_unknown_audience_is_an_error_wherever_it_stands() {
    with_text("## Price {audience=fiance}").expect_error("unknown-audience", FILE, 4);
    with_keys("audience: fiance").expect_error("unknown-audience", FILE, 3);
    with_keys("audience: [finance, fiance]").expect_error("unknown-audience", FILE, 3);
    with_keys("restrict: {amount: fiance}").expect_error("unknown-audience", FILE, 3);
    with_keys("audience: Finance").expect_error("unknown-audience", FILE, 3);
    with_keys("audience: ｆｉｎａｎｃｅ").expect_error("unknown-audience", FILE, 3);
    with_keys("audience: 'finance '").expect_error("unknown-audience", FILE, 3);
}

#[test]
fn a_restriction_that_says_nothing_is_an_error() {
    for said in ["audience:", "audience: ~", "audience: null", "audience: []", "audience: {}", "audience: [[finance]]"]
    {
        with_keys(said).expect_error("empty-audience", FILE, 3);
    }
    with_keys("audience: [finance, null]").expect_error("empty-audience", FILE, 3);
    with_keys("audience: ''").expect_error("unknown-audience", FILE, 3);
    with_keys("audience: [staff, finance]").expect_error("staff-with-others", FILE, 3);
    with_keys("restrict:").expect_error("wrong-shape", FILE, 3);
    with_keys("restrict: {}").expect_error("wrong-shape", FILE, 3);
    with_keys("restrict: {amont: finance}").expect_error("unknown-restriction", FILE, 3);
    with_keys("restrict: {amount: []}").expect_error("empty-audience", FILE, 3);
    with_keys("restrict: amount").expect_error("wrong-shape", FILE, 3);
}

#[test]
fn misspelt_full_width_and_double_keys_are_errors() {
    with_keys("audeince: finance").expect_error("unknown-key", FILE, 3);
    with_keys("audience : finance\naudience: staff").expect_error("duplicate-key", FILE, 4);
    with_keys("Audience: finance").expect_error("unknown-key", FILE, 3);
    with_keys("restrct: {amount: finance}").expect_error("unknown-key", FILE, 3);
    with_keys("audience： finance").expect_error_of_any(FILE, 3);
    with_keys("知悉范围: 财务").expect_error("unknown-key", FILE, 3);
    with_keys("open_from: 2027-01-01").expect_error("open-from-alone", FILE, 3);
    with_keys("audience: finance\nopen_from: 2027-02-29").expect_error("impossible-date", FILE, 4);
    with_keys("audience: finance\nopen_from: 01.02.2027").expect_error("impossible-date", FILE, 4);
    with_keys("signed: 2026-02-30").expect_error("impossible-date", FILE, 3);
    with_keys("date: ２０２６-01-01").expect_error("impossible-date", FILE, 3);
    with_keys("type: contrat").expect_error("unknown-type", FILE, 3);
}

#[test]
fn attributes_on_paragraphs_and_headings_of_doubtful_extent_are_errors() {
    with_text("A paragraph. {audience=finance}").expect_error("doubtful-attribute", FILE, 4);
    with_text("{audience=finance}\n## Price").expect_error("doubtful-attribute", FILE, 4);
    with_text("- item {audience=finance}").expect_error("doubtful-attribute", FILE, 4);
    with_text("| a | b |\n|---|---|\n| x | {audience=legal} |").expect_error("doubtful-attribute", FILE, 6);
    with_text("- ## Price {audience=finance}").expect_error("doubtful-heading", FILE, 4);
    with_text("> ## Price {audience=finance}").expect_error("doubtful-heading", FILE, 4);
    with_text("## Price {audience=finance}\n\n> # Outer").expect_error("doubtful-heading", FILE, 6);
    with_text("## Price {audience=finance}\n\nSecret\n---\nafter").expect_error("doubtful-heading", FILE, 6);
    with_text("Price {audience=finance}\n=====\n").expect_error("doubtful-heading", FILE, 4);
    with_text("[x][d]\n\n## Price {audience=finance}\n\n[d]: https://example.org\n").expect_error(
        "definition-elsewhere",
        FILE,
        4,
    );
    with_text("Open[^n].\n\n## Price {audience=finance}\n\n[^n]: secret\n").expect_error(
        "definition-elsewhere",
        FILE,
        4,
    );
    with_text("## Price {audience=finance}\n\nSecret[^n].\n\n## Open\n\n[^n]: note\n").expect_error(
        "definition-elsewhere",
        FILE,
        6,
    );
}

#[test]
fn front_matter_that_is_not_closed_or_not_yaml_is_an_error() {
    for (text, line) in [
        ("---\nnumber: 1\naudience: finance\n", 1),
        ("———\nnumber: 1\n———\n", 1),
        (" ---\nnumber: 1\n---\n", 1),
        ("－－－\nnumber: 1\n－－－\n", 1),
    ] {
        let bed = Bed::new();
        bed.write(FILE, text);
        bed.expect_error("front-matter-unclosed", FILE, line);
    }
    with_keys("title: [a").expect_error("yaml-syntax", FILE, 0);
    with_keys("\taudience: finance").expect_error_of_any(FILE, 0);
    with_keys("- finance").expect_error_of_any(FILE, 0);
    with_keys("title: &a x\naudience: *a").expect_error("yaml-unsupported", FILE, 3);
    with_keys("audience: !!str finance").expect_error("yaml-unsupported", FILE, 3);
}

#[test]
fn an_empty_line_before_the_front_matter_does_not_make_it_text() {
    for text in ["\n---\nnumber: 1\naudience: finance\n---\nx\n", "# Title\n---\naudience: finance\n---\n"] {
        let bed = Bed::new();
        bed.write(FILE, text);
        bed.expect_error_of_any(FILE, 0);
    }
}

#[test]
fn bytes_that_are_not_text_are_an_error_at_their_line() {
    let bed = Bed::new();
    bed.write_bytes(FILE, b"---\nnumber: 1\ntitle: \xBA\xCF\xCD\xAC\n---\n");
    bed.expect_error("not-utf8", FILE, 3);
    with_keys("title: a\u{202e}b").expect_error("hidden-character", FILE, 3);
    with_keys("aud\u{200b}ience: finance").expect_error("hidden-character", FILE, 3);
    let bed = Bed::new();
    bed.write_bytes("strongroom.yaml", b"title: \xff\n");
    bed.expect_error("not-utf8", "strongroom.yaml", 1);
}

#[test]
fn links_and_paths_out_of_the_archive_are_errors_and_never_followed() {
    let bed = with_keys("attachments: [../../../../etc/passwd]");
    bed.expect_error("file-outside", FILE, 3);
    with_keys("attachments: [/etc/passwd]").expect_error("file-outside", FILE, 3);
    with_keys("attachments: [..%2f..%2f..%2f..%2fetc/passwd]").expect_error("file-outside", FILE, 3);
    with_text("![x](../../../readers/li-wei.yaml)").expect_error("dangling-reference", FILE, 4);
    with_text("[x](../visits/none.md)").expect_error("dangling-reference", FILE, 4);
    with_text("[x](../../../strongroom.txt)").expect_error("file-outside", FILE, 4);
    with_text("[x](javascript:alert(1))").expect_error("link-target", FILE, 4);
    with_text("![x](https://example.org/x.png)").expect_error("link-target", FILE, 4);
    with_text("<script>x</script>").expect_error("raw-html", FILE, 4);
    let bed = Bed::new();
    std::os::unix::fs::symlink("/etc/passwd", bed.path().join("customers/yunxi/contracts/p.md")).unwrap();
    bed.expect_error_of_any("customers/yunxi/contracts/p.md", 0);
    let bed = Bed::new();
    std::os::unix::fs::symlink("/etc", bed.path().join("customers/yunxi/etc")).unwrap();
    bed.expect_error_of_any("customers/yunxi/etc", 0);
    let bed = Bed::new();
    std::fs::remove_file(bed.path().join("strongroom.yaml")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", bed.path().join("strongroom.yaml")).unwrap();
    bed.expect_error_of_any("strongroom.yaml", 0);
    let bed = Bed::new();
    std::os::unix::fs::symlink("/etc/passwd", bed.path().join("readers/x.yaml")).unwrap();
    bed.expect_error_of_any("readers/x.yaml", 0);
}

#[test]
fn a_file_of_a_hundred_megabytes_is_refused_unread() {
    let bed = Bed::new();
    let file = std::fs::File::create(bed.path().join(FILE)).unwrap();
    file.set_len(100 << 20).unwrap();
    bed.expect_error("too-large", FILE, 0);
}

#[test]
fn bombs_and_nesting_without_end_are_findings() {
    let aliases: String =
        (1..9).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","))).collect();
    with_keys(&format!("a0: &a0 x\n{aliases}")).expect_error_of_any(FILE, 3);
    for deep in [
        format!("title: {}", "[".repeat(10_000)),
        format!("title: {}x{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("title: {}", "{a: ".repeat(10_000)),
        (0..10_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect::<String>(),
    ] {
        with_keys(&deep).expect_error_of_any(FILE, 0);
    }
    for deep in ["> ".repeat(10_000) + "x", (0..2_000).map(|n| format!("{}- a\n", "  ".repeat(n))).collect::<String>()]
    {
        with_text(&deep).expect_error("markdown-too-deep", FILE, 0);
    }
    // These are deep for a naive parser, and plain text for a good one.
    for odd in ["[".repeat(10_000), "*".repeat(10_000), "`".repeat(10_000), "![".repeat(10_000), "|".repeat(10_000)] {
        assert!(with_text(&odd).run(&["check"]).code < 2);
    }
}

#[test]
fn a_file_that_is_wrong_on_every_line_is_told_in_time() {
    let started = std::time::Instant::now();
    for line in [
        "<b>x</b>\n\n",
        "## x {audience=}\n",
        "`{audience=x}` \n",
        "[a][a]\n\n# h\n",
        "{audience=x\n",
        "# \n",
        "[^a]\n\n[^a]: x\n\n",
    ] {
        let bed = with_text(&line.repeat((1 << 18) / line.len()));
        assert!(bed.run(&["check", "--format", "json"]).code < 2, "{line}");
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn broken_settings_readers_and_types_are_errors_at_their_line() {
    let setting = |line: &str| {
        let bed = Bed::new();
        bed.write("strongroom.yaml", &format!("{line}\n{SETTINGS}"));
        bed
    };
    setting("titel: x").expect_error("unknown-key", "strongroom.yaml", 1);
    setting("title: x").expect_error("duplicate-key", "strongroom.yaml", 2);
    setting("training: no").expect_error("broken-settings", "strongroom.yaml", 1);
    let bed = Bed::new();
    bed.write("strongroom.yaml", &SETTINGS.replace("oversight: compliance", "oversight: complience"));
    bed.expect_error("broken-settings", "strongroom.yaml", 2);
    let bed = Bed::new();
    bed.write("strongroom.yaml", &SETTINGS.replace("[li-wei]", "[li-wie]"));
    bed.expect_error("unknown-reader", "strongroom.yaml", 4);
    let bed = Bed::new();
    bed.write("strongroom.yaml", &SETTINGS.replace("finance:", "staff:"));
    bed.expect_error("broken-settings", "strongroom.yaml", 4);
    for (key, code) in [
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI", "unusable-key"),
        ("age1pq1qqqqqqqqqqqq", "unusable-key"),
        ("AGE-SECRET-KEY-1QQQ", "unusable-key"),
    ] {
        let bed = Bed::new();
        bed.write("readers/li-wei.yaml", &format!("name: x\nkeys: ['{key}']\n"));
        bed.expect_error(code, "readers/li-wei.yaml", 2);
        assert!(!bed.run(&["check"]).data.contains("QQQ"), "a key in the wrong place is not repeated");
    }
    let bed = Bed::new();
    bed.write(
        "types/contract.yaml",
        "title: x\nfolder: contracts\naudience: fiance\nfields:\n  number: {kind: text}\n",
    );
    bed.expect_error("unknown-audience", "types/contract.yaml", 3);
    let bed = Bed::new();
    bed.write("types/contract.yaml", "title: x\nfolder: contracts\nfields:\n  number: {kind: txt}\n");
    bed.expect_error("broken-type", "types/contract.yaml", 4);
}

impl Bed {
    /// Expects an error with a remedy at this file and line, of whatever code.
    fn expect_error_of_any(&self, file: &str, line: u64) {
        let run = self.run(&["check", "--format", "json"]);
        assert_eq!(run.code, 1, "{}\n{}{}", self.read_if_text(file), run.data, run.words);
        let report: serde_json::Value = serde_json::from_str(&run.data).unwrap();
        let found = report["findings"].as_array().unwrap().iter().any(|finding| {
            finding["severity"] == "error"
                && finding["file"] == file
                && (line == 0 || finding["line"] == line)
                && finding["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty())
        });
        assert!(found, "no error at {file}:{line} in {}", run.data);
    }

    fn read_if_text(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).unwrap_or_default().chars().take(300).collect()
    }
}

fn read(bed: &Bed) -> Reading {
    Archive::read(&open_work_tree(bed.path()).unwrap(), DAY.parse::<Date>().unwrap())
}

/// Pieces from which most of what means something here can be put together.
const PIECES: [&str; 40] = [
    "---\n",
    "number: 1\n",
    "audience: ",
    "finance",
    "staff",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "## ",
    "# ",
    "{audience=",
    "｛",
    "＝",
    "restrict: ",
    "amount: ",
    "1280000 CNY\n",
    "open_from: ",
    "2027-01-01\n",
    "attachments: ",
    "- ",
    "> ",
    "`",
    "```\n",
    "[^a]",
    "[^a]: ",
    "[x](y.pdf)",
    "![x](",
    ")",
    "|a|b|\n|-|-|\n",
    "<b>",
    "\t",
    "  ",
    "&a ",
    "*a",
    "价格条款",
    "\u{feff}",
    "\r\n",
    "===\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn no_text_put_together_at_random_breaks_the_reading(picks in proptest::collection::vec(0..PIECES.len(), 0..60), front in any::<bool>()) {
        let text: String = picks.iter().map(|pick| PIECES[*pick]).collect();
        let bed = Bed::new();
        bed.write(FILE, &if front { format!("---\nnumber: 1\n---\n{text}") } else { text.clone() });
        bed.write("customers/yunxi/network/circuits.yaml", &format!("type: circuit\nrecords:\n{text}"));
        bed.write("customers/yunxi/traffic/2025.csv", &format!("week,voice\n{text}"));
        bed.write("types/own.yaml", &text);
        read(&bed);
    }

    #[test]
    fn no_bytes_at_random_break_the_reading(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let bed = Bed::new();
        for file in [FILE, "strongroom.yaml", "readers/li-wei.yaml", "types/x.yaml", "customers/yunxi/dossier.yaml", "customers/yunxi/traffic/1.csv"] {
            bed.write_bytes(file, &bytes);
        }
        read(&bed);
    }

    /// Whatever one slip does to a restricted heading, either it is an error or the words below stay restricted.
    #[test]
    fn one_slip_in_a_restricted_heading_never_opens_it(at in 0usize..28, slip in 0usize..4, with in proptest::sample::select(vec!['x', ' ', '{', '}', '=', '＝', '｛', '｝', ':', '：', '，', '\t', '#', '.', '`', '\\'])) {
        let heading = "## Price {audience=finance}";
        let mut characters: Vec<char> = heading.chars().collect();
        match slip {
            0 => characters.insert(at.min(characters.len()), with),
            1 if at < characters.len() => { characters.remove(at); }
            2 if at < characters.len() => characters[at] = with,
            _ if at + 1 < characters.len() => characters.swap(at, at + 1),
            _ => {}
        }
        let slipped: String = characters.into_iter().collect();
        let bed = Bed::new();
        bed.write(FILE, &format!("---\nnumber: 1\n---\nOpen.\n\n{slipped}\n\nThe secret price.\n"));
        let reading = read(&bed);
        let open = reading.archive.readable_with_words(&|file| file == FILE).into_iter()
            .any(|part| part.words.iter().any(|words| words.contains("secret price")) && part.clearance.canonical() != "finance");
        prop_assert!(reading.findings.has_errors() || !open, "{slipped}");
    }
}
