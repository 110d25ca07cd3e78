//! What ARCHITECTURE.md says of the house, held against the source: which room may know which, who may let go of what
//! is held, who writes to the disk and to the terminal; and that templates, styles and words keep their promises.
//!
//! The source is read as text. That finds what is written in the open; it is a fence against mistakes, not against
//! somebody who wants to climb over it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The floors, lowest first. Rooms on one floor do not know one another.
const FLOORS: &[&[&str]] = &[
    &["clock", "entropy"],
    &["finding", "picture", "sealing"],
    &["terminal"],
    &["text", "repository"],
    &["access"],
    &["record"],
    &["dossier"],
    &["archive", "provenance"],
    &["history", "exchange", "proof", "readership"],
    &["reckoning"],
    &["page", "checks"],
    &["search"],
    &["site"],
    &["evidence", "example", "reading_room"],
    &["command"],
];

/// Who may use what only few need, beside what the floors allow.
const FEW: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("entropy", &["sealing", "reading_room", "proof"]),
    ("picture", &["site"]),
    ("terminal", &["command"]),
];

/// Parts from elsewhere, and the one room (or two) that knows them: another part can take the place of each.
const PARTS: &[(&str, &[&str])] = &[
    ("age", &["sealing"]),
    ("bech32", &["sealing"]),
    ("hkdf", &["sealing"]),
    ("hayro", &["picture"]),
    ("image", &["picture"]),
    ("hmac", &["sealing"]),
    ("tar", &["sealing", "evidence"]),
    ("getrandom", &["entropy"]),
    ("git2", &["repository"]),
    ("similar", &["history"]),
    ("include_dir", &["example"]),
    ("ssh_key", &["provenance"]),
    ("walkdir", &["repository"]),
    ("serde_saphyr", &["text"]),
    ("pulldown_cmark", &["text"]),
    ("csv", &["record"]),
    ("tera", &["page"]),
    ("icu_collator", &["page"]),
    ("icu_normalizer", &["search"]),
    ("pinyin", &["search"]),
    ("zip", &["site", "reading_room", "checks", "proof", "evidence"]),
    ("flate2", &["sealing", "site"]),
    ("axum", &["reading_room"]),
    ("tokio", &["reading_room"]),
    ("notify", &["reading_room"]),
    ("annotate_snippets", &["finding"]),
    ("strsim", &["finding", "text"]),
    ("encoding_rs", &["text"]),
    ("indicatif", &["terminal"]),
    ("clap", &["command", "main"]),
];

/// Where what is held may be let go of: where it is made, where the archivist's own findings and lists are made, and
/// at the door. Of all pages only `page/part.rs` stands here, and there it is put under its clearance again at once.
const RELEASING: &[&str] = &[
    "access/",
    "record/record.rs",
    "dossier/dossier.rs",
    "archive/",
    "history/",
    "checks/",
    "exchange/",
    "evidence/",
    "page/part.rs",
    "site/layout.rs",
    "site/door.rs",
    "site/edition.rs",
    "site/edition/files.rs",
    "site/plan.rs",
    "site/preview.rs",
    "site/publish.rs",
    "site/files.rs",
    "site/index_files.rs",
    "site/bundle.rs",
    "site/bundled_files.rs",
    "site/thumbnails.rs",
    "command/",
];

/// The files that write to the disk.
const WRITING: &[&str] = &[
    "command/init.rs",
    "command/placing.rs",
    "command/serve.rs",
    "command/writing.rs",
    "evidence/container.rs",
    "history/kept/store.rs",
    "proof/publishing.rs",
    "repository/setup.rs",
    "repository/unpacking.rs",
    "repository/writing.rs",
    "sealing/sealing_key.rs",
    "site/bundle.rs",
    "site/state.rs",
    "site/swap.rs",
    "site/swap/folder.rs",
];

/// Where the program starts itself to draw the page of a PDF, and where it is so started: they speak by pipes.
const APART: [&str; 2] = ["picture/apart.rs", "picture/confined.rs"];

const MOST_LINES: usize = 400;

/// Path below `folder` and text of every file with this ending, in order.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, base: &Path, ending: &str, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, base, ending, found);
            } else if path.extension().is_some_and(|e| e == ending) {
                let name = path.strip_prefix(base).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    walk(&base, &base, ending, &mut found);
    found.sort();
    assert!(!found.is_empty(), "{folder} holds no .{ending}");
    found
}

/// The source as it works: without comments, tests and what serves tests alone.
fn working_source() -> Vec<(String, String)> {
    let for_tests = |path: &str| ["tests.rs", "_tests.rs", "fixture.rs"].iter().any(|end| path.ends_with(end));
    let mut sources = files("src", "rs");
    sources.retain(|(path, _)| !for_tests(path));
    for (_, text) in &mut sources {
        let end = text.find("\nmod tests {").unwrap_or(text.len());
        let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
        *text = lines.collect::<Vec<_>>().join("\n");
    }
    sources
}

fn room(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

/// What follows each place where `text` has `what`, not as the end of a longer name.
fn after<'t>(text: &'t str, what: &str) -> Vec<&'t str> {
    let name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let starts_name = what.starts_with(|c: char| c.is_alphanumeric());
    text.match_indices(what)
        .filter(|(at, _)| !starts_name || !text[..*at].ends_with(name))
        .map(|(at, _)| &text[at + what.len()..])
        .collect()
}

fn word_at(text: &str) -> &str {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap()
}

#[test]
fn rooms_know_only_rooms_below_them() {
    let floor = |name: &str| FLOORS.iter().position(|rooms| rooms.contains(&name));
    let mut wrong = Vec::new();
    for (path, text) in working_source() {
        let here = room(&path);
        if here == "main" || here == "lib" {
            continue;
        }
        let Some(own) = floor(here) else { panic!("{path}: this room has no floor yet; give it one here") };
        for known in after(&text, "crate::").into_iter().map(word_at) {
            let few = FEW.iter().find(|(name, _)| *name == known).is_none_or(|(_, users)| users.contains(&here));
            if known != here && (floor(known).is_none_or(|below| below >= own) || !few) {
                wrong.push(format!("{path} knows {known}"));
            }
        }
        if path.matches('/').count() == 1 && text.contains("super::super::") {
            wrong.push(format!("{path} climbs out of its room by super::super::"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_part_from_elsewhere_has_its_room() {
    let mut wrong = Vec::new();
    for (path, text) in working_source() {
        for (part, rooms) in PARTS {
            let used = !after(&text, &format!("{part}::")).is_empty();
            if used && !rooms.contains(&room(&path)) {
                wrong.push(format!("{path} uses {part}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_held_is_let_go_of_in_few_places() {
    let mut wrong = Vec::new();
    for (path, text) in working_source() {
        let lets_go = text.contains(".release()") || text.contains("Held::release");
        if lets_go && !RELEASING.iter().any(|place| path.starts_with(place)) {
            wrong.push(path);
        }
    }
    assert!(wrong.is_empty(), "these let go of what is held: {wrong:#?}");
}

#[test]
fn no_page_says_who_may_read() {
    let mut wrong = Vec::new();
    for (path, text) in working_source().iter().filter(|(path, _)| path.starts_with("page/")) {
        for maker in [
            "Held::new",
            "Held {",
            "Clearance::open",
            "Clearance::any_of",
            "Clearance::default",
            "nobody()",
            "Shelf::new",
        ] {
            let times = text.matches(maker).count();
            // The words of the program itself are open: page.rs says so, in one place.
            let allowed = usize::from(path == "page/page.rs" && matches!(maker, "Held::new" | "Clearance::open"));
            if times > allowed {
                wrong.push(format!("{path}: {maker} {times} times"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn few_files_write_to_the_disk_and_one_to_the_terminal() {
    const DISK: &[&str] = &[
        "fs::write(",
        "File::create",
        "File::options",
        "OpenOptions",
        "DirBuilder",
        "create_dir",
        "fs::rename",
        "fs::copy(",
        "remove_file",
        "remove_dir",
        "hard_link",
        "fs::symlink(",
        "set_permissions",
        "tempfile::",
        ".persist",
        "set_len(",
    ];
    const MOUTHS: &[&str] = &["stdout()", "stderr()", "stdin()", "println!", "eprintln!", "print!(", "Stdio::"];
    let (mut disk, mut mouth) = (BTreeSet::new(), BTreeSet::new());
    for (path, text) in working_source() {
        if DISK.iter().any(|call| text.contains(call)) && !WRITING.contains(&path.as_str()) {
            disk.insert(path.clone());
        }
        if MOUTHS.iter().any(|call| text.contains(call)) && path != "terminal.rs" && !APART.contains(&path.as_str()) {
            mouth.insert(path);
        }
    }
    assert!(disk.is_empty(), "these write to the disk: {disk:#?}");
    assert!(mouth.is_empty(), "these use the terminal: {mouth:#?}");
}

#[test]
fn no_other_program_is_started_and_nothing_is_fetched() {
    for (path, text) in working_source() {
        for call in ["process::Command", "Command::new(", "TcpStream", "UdpSocket", "lookup_host"] {
            let times = usize::from(call == "Command::new(" && path == APART[0]);
            assert_eq!(text.matches(call).count(), times, "{path} uses {call}");
        }
    }
}

#[test]
fn files_stay_short_enough_to_be_read() {
    let mut wrong = Vec::new();
    for (path, text) in files("src", "rs") {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("{path}: {lines} lines, {MOST_LINES} at most"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn templates_and_styles_need_nothing_that_the_policy_forbids() {
    let mut wrong = Vec::new();
    for (path, text) in files("themes/templates", "html") {
        // The name of SVG is an address that nobody ever visits.
        let text = text.replace("http://www.w3.org/2000/svg", "");
        for forbidden in ["style=", "<style", "javascript:", "http://", "https://", "<base", "<iframe", "<form action"]
        {
            if text.contains(forbidden) {
                wrong.push(format!("templates/{path}: {forbidden}"));
            }
        }
        for tag in after(&text, "<").into_iter().filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)) {
            let handler = tag.split_whitespace().any(|part| part.starts_with("on") && part.contains('='));
            let inline = tag.starts_with("script") && !tag.contains("src=") && !tag.contains("type=\"application/");
            if handler || inline {
                wrong.push(format!("templates/{path}: <{tag}>"));
            }
        }
    }
    for (path, text) in files("themes/styles", "css") {
        for forbidden in ["@import", "http:", "https:", "url(//", "expression("] {
            if text.contains(forbidden) {
                wrong.push(format!("styles/{path}: {forbidden}"));
            }
        }
    }
    for (path, text) in files("themes/scripts", "js").into_iter().filter(|(path, _)| !path.starts_with("vendor/")) {
        for forbidden in [
            "eval(",
            "new Function",
            "document.write",
            "XMLHttpRequest",
            "WebSocket",
            "sendBeacon",
            "import(",
            "https://",
        ] {
            if text.contains(forbidden) {
                wrong.push(format!("scripts/{path}: {forbidden}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn words(language: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("themes/words/{language}.yaml"));
    let text = fs::read_to_string(path).unwrap();
    let mut words = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (key, word) = line.split_once(": ").unwrap_or_else(|| panic!("{language}.yaml: {line}"));
        assert!(words.insert(key.to_owned(), word.to_owned()).is_none(), "{language}.yaml has {key} twice");
    }
    words
}

#[test]
fn every_word_of_the_interface_is_there_in_both_languages() {
    let (zh, en) = (words("zh"), words("en"));
    let keys = |words: &BTreeMap<String, String>| words.keys().cloned().collect::<BTreeSet<_>>();
    let apart: Vec<_> = keys(&zh).symmetric_difference(&keys(&en)).cloned().collect();
    assert!(apart.is_empty(), "in one language only: {apart:#?}");
    let families: BTreeSet<&str> = zh.keys().filter_map(|key| key.split_once('.')).map(|(family, _)| family).collect();
    let mut missing = BTreeSet::new();
    for (path, text) in files("themes/templates", "html") {
        for rest in after(&text, "word(key=\"").into_iter().chain(after(&text, "plain_word(key=\"")) {
            let key = rest.split('"').next().unwrap();
            if !zh.contains_key(key) {
                missing.insert(format!("{key} (templates/{path})"));
            }
        }
    }
    for (path, text) in
        working_source().iter().filter(|(path, _)| path.starts_with("page/") || path.starts_with("site/"))
    {
        // Whatever is written like a key of a family that there is, is meant as one; but not a template's name.
        for key in text.split('"').skip(1).step_by(2) {
            let shaped = key.contains('.') && key.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '_');
            let family = key.split('.').next().unwrap();
            if shaped
                && !key.ends_with('.')
                && !key.ends_with(".html")
                && !key.ends_with(".ics")
                && families.contains(family)
                && !zh.contains_key(key)
            {
                missing.insert(format!("{key} ({path})"));
            }
        }
    }
    assert!(missing.is_empty(), "words that nobody wrote: {missing:#?}");
}

#[test]
fn every_finding_is_explained_to_archivists_and_no_other() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/archive.md")).unwrap();
    let (_, table) = text.split_once("| code | severity |").unwrap();
    let told: BTreeSet<&str> = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let sources = working_source();
    let codes =
        sources.iter().flat_map(|(_, text)| text.split("Code(\"").skip(1)).filter_map(|rest| rest.split('"').next());
    let codes: BTreeSet<&str> = codes.collect();
    let apart: Vec<_> = codes.symmetric_difference(&told).collect();
    assert!(apart.is_empty(), "in the source or in docs/archive.md, and not in both: {apart:#?}");
}
