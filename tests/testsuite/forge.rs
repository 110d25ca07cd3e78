//! Links that last: the feed, the ways into the forge, and addresses that must not change.

use super::bed::{Bed, SETTINGS};
use super::history::begun;

const CALL: &str = "title: 走访\nfolder: calls\naudience: staff\nfields:\n  met: {kind: person, title: 见到}\n";
const NOTE: &str = "---\ntitle: 首次走访\ndate: 2026-10-09\nmet: 廖主任\n---\nSeen.\n\n## 下一步\n\nCall.\n";

/// An archive with an open record, whose settings say this as well.
fn bed(settings: &str) -> Bed {
    let bed = begun();
    bed.write("strongroom.yaml", &format!("{SETTINGS}{settings}"));
    bed.write("types/call.yaml", CALL);
    bed.commit_as("陶然", "2026-10-09", "类型");
    bed.write("customers/yunxi/calls/2026-10-09.md", NOTE);
    bed.commit_as("孙倩", "2026-10-10", "走访");
    bed
}

/// Files of the site of such an archive.
fn built(settings: &str, files: &[&str]) -> Vec<String> {
    let outer = tempfile::tempdir().unwrap();
    let bed = bed(settings);
    let (site, state) = (outer.path().join("site"), outer.path().join("state"));
    let run = bed.run(&["build", ".", "-o", site.to_str().unwrap(), "--state", state.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.words);
    files.iter().map(|file| std::fs::read_to_string(site.join(file)).unwrap_or_default()).collect()
}

/// What stands between two tags, each time.
fn between<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    text.split(from).skip(1).filter_map(|rest| rest.split_once(to)).map(|(inside, _)| inside).collect()
}

#[test]
fn settings_that_lead_nowhere_are_errors_with_a_remedy() {
    for settings in [
        "url: archive.example\n",
        "url: ftp://archive.example/\n",
        "url: https://archive.example/{page}\n",
        "url: https://somebody:secret@archive.example/\n",
        "forge: {edit: 'https://git.example/edit/{branch}'}\n",
        "forge: {edit: 'https://git.example/{file}'}\n",
        "forge: {edit: 'javascript:alert(1)//{path}'}\n",
        "forge: {commit: 'https://git.example/commit/{path}'}\n",
        "forge: {commit: 'https://{commit}'}\n",
    ] {
        let bed = Bed::new();
        bed.write("strongroom.yaml", &format!("{SETTINGS}{settings}"));
        bed.expect_error("broken-settings", "strongroom.yaml", 0);
    }
    let bed = Bed::new();
    bed.write("strongroom.yaml", &format!("{SETTINGS}forge: {{edits: x}}\n"));
    bed.expect_error("unknown-key", "strongroom.yaml", 0);
}

#[test]
fn settings_name_where_files_are_edited_and_commits_are_shown() {
    let settings = "forge:\n  edit: https://git.example/archive/edit/{branch}/{path}\n  commit: https://git.example/archive/commit/{commit}\n";
    let pages = built(settings, &["customers/yunxi/index.html", "customers/yunxi/history/index.html"]);
    let edits = between(&pages[0], "class=\"record-edit\"><a href=\"", "\"");
    let expected = ["dossier.yaml", "calls/2026-10-09.md"]
        .map(|file| format!("https://git.example/archive/edit/main/customers/yunxi/{file}"));
    assert_eq!(edits, expected);
    let commits = between(&pages[1], "href=\"https://git.example/archive/commit/", "\"");
    assert!(!commits.is_empty() && commits.iter().all(|id| id.len() == 40), "{commits:?}");
    for way in pages.iter().flat_map(|page| page.split("<a ").filter(|tag| tag.contains("git.example"))) {
        assert!(way.contains("rel=\"noreferrer noopener\""), "{}", &way[..120]);
    }
}

#[test]
fn without_a_forge_no_page_leads_to_one() {
    let pages = built("", &["customers/yunxi/index.html", "customers/yunxi/history/index.html"]);
    assert!(
        pages.iter().all(|page| !page.is_empty() && !page.contains("record-edit") && !page.contains("commit-link"))
    );
}

#[test]
fn the_feed_says_of_each_commit_what_all_may_know_and_where_it_stands() {
    let feed = &built("url: https://archive.example/reading\n", &["changes.atom"])[0];
    assert!(
        feed.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"")
    );
    assert!(feed.contains(
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"https://archive.example/reading/changes.atom\">"
    ));
    let ids = between(feed, "<id>", "</id>");
    let entries = between(feed, "<entry>", "</entry>");
    let mut each = ids.clone();
    each.sort_unstable();
    each.dedup();
    assert_eq!((ids.len(), each.len()), (entries.len() + 1, ids.len()), "{ids:?}");
    assert!(ids.iter().all(|id| id.len() == 45 && id.starts_with("urn:uuid:") && id.as_bytes()[23] == b'8'), "{ids:?}");
    assert!(entries[0].contains("<updated>2026-10-10T09:00:00+08:00</updated>"), "{}", entries[0]);
    assert!(entries[0].contains("<name>孙倩</name>") && entries[0].contains("<p>走访</p>"), "{}", entries[0]);
    let record = "https://archive.example/reading/customers/yunxi/index.html#calls/2026-10-09";
    assert!(entries[0].contains(record), "{}", entries[0]);
    assert!(!feed.contains("专线租用合同"), "a sealed record's title");
}

#[test]
fn entries_keep_their_ids_wherever_the_site_stands_and_lead_from_the_feed_where_nobody_says() {
    let bed = bed("");
    let outer = tempfile::tempdir().unwrap();
    let (site, state) = (outer.path().join("site"), outer.path().join("state"));
    let feed = || {
        let run = bed.run(&["build", ".", "-o", site.to_str().unwrap(), "--state", state.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{}", run.words);
        std::fs::read_to_string(site.join("changes.atom")).unwrap()
    };
    let first = feed();
    assert!(first.contains("href=\"customers/yunxi/index.html#calls/2026-10-09\"") && !first.contains("rel=\"self\""));
    bed.write("strongroom.yaml", &format!("{SETTINGS}url: https://archive.example/\n"));
    bed.commit_as("孙倩", "2026-10-11", "搬家");
    let second = feed();
    assert!(second.contains("href=\"https://archive.example/customers/yunxi/"));
    let kept = between(&second, "<id>", "</id>");
    assert!(between(&first, "<id>", "</id>").iter().all(|id| kept.contains(id)), "{first}\n{second}");
}

#[test]
fn the_page_of_what_is_missing_leads_on_from_any_address_where_the_settings_say_where_the_site_stands() {
    let page = &built("url: https://archive.example/reading\n", &["404.html"])[0];
    for way in ["src=\"/reading/assets/strongroom.js\"", "href=\"/reading/index.html\"", "data-root=\"/reading/\""] {
        assert!(page.contains(way), "{way}");
    }
    let page = &built("", &["404.html"])[0];
    assert!(page.contains("href=\"index.html\"") && page.contains("src=\"assets/strongroom.js\""));
}

#[test]
fn an_archive_outside_git_has_no_feed_and_none_is_promised() {
    let bed = Bed::new();
    let outer = tempfile::tempdir().unwrap();
    let (site, state) = (outer.path().join("site"), outer.path().join("state"));
    let run = bed.run(&["build", ".", "--worktree", "-o", site.to_str().unwrap(), "--state", state.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.words);
    assert!(!site.join("changes.atom").exists());
    assert!(!std::fs::read_to_string(site.join("index.html")).unwrap().contains("changes.atom"));
}

/// What people have written down, put into mails and bookmarked: whoever changes one of these breaks their links.
#[test]
fn addresses_are_what_they_were() {
    let pages =
        built("", &["customers/yunxi/index.html", "customers/yunxi/history/index.html", "registers/call/index.html"]);
    for (page, ids) in [
        (
            0,
            &[
                "/dossier//field/tier",
                "group-call",
                "calls/2026-10-09",
                "calls/2026-10-09//field/met",
                "calls/2026-10-09//text/下一步",
            ][..],
        ),
        (1, &["timeline", "courses"][..]),
    ] {
        for id in ids {
            assert!(pages[page].contains(&format!("id=\"{id}\"")), "{id} is gone from page {page}");
        }
    }
    assert!(pages[1].contains("/calls/2026-10-09//added/field:met\""), "a change is called otherwise");
    assert!(pages[2].contains("href=\"../../customers/yunxi/index.html#calls/2026-10-09\""));
}
