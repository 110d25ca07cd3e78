//! What a page shows to each reader is what the archive says that this reader may read: all of it, and nothing else.

use crate::example::{DAY, example, key};
use crate::tab::visit;
use std::collections::BTreeSet;
use strongroom::access::{Clearance, Shelf};
use strongroom::archive::{Archive, Corpus};
use strongroom::record::{Field, Record};

const READERS: [&str; 6] = ["li-wei", "zhao-min", "sun-qian", "he-jun", "wu-jie", "chen-fang"];

/// A text of a dossier and what it asks of its reader.
struct Said {
    text: String,
    clearance: Clearance,
    at: String,
}

/// Titles, texts and worded fields of a dossier's records.
fn said(archive: &Archive, dossier: &str) -> Vec<Said> {
    let mut found = Vec::new();
    for held in archive.dossiers.lay_out(|held| held) {
        let (_, here) = held.release();
        if &*here.name == dossier {
            said_in(&here.root, &mut found);
            here.records.lay_out(|held| held.release().1).for_each(|record| said_in(record, &mut found));
        }
    }
    found
}

fn said_in(record: &Record, found: &mut Vec<Said>) {
    let at = record.name.to_string();
    let (clearance, title) = record.title.as_ref().release();
    found.extend(title.0.in_language("zh").lines().map(|line| Said {
        text: line.to_owned(),
        clearance: clearance.clone(),
        at: at.clone(),
    }));
    if let Some(summary) = &record.summary {
        let (clearance, summary) = summary.as_ref().release();
        found.push(Said { text: summary.in_language("zh").to_owned(), clearance, at: format!("{at} (abstract)") });
    }
    for held in record.text.lay_out(|held| held) {
        let (clearance, section) = held.release();
        // Attributes of headings are no words of the text.
        let lines = section.text.lines().map(|line| line.split(" {audience=").next().unwrap_or(line));
        found.extend(lines.map(|line| Said { text: line.to_owned(), clearance: clearance.clone(), at: at.clone() }));
    }
    fields(&record.fields, &at, found);
}

fn fields(shelf: &Shelf<Field>, at: &str, found: &mut Vec<Said>) {
    for held in shelf.lay_out(|held| held) {
        let (clearance, field) = held.release();
        let mut texts = Vec::new();
        field.value.texts(&mut texts);
        found.extend(texts.into_iter().map(|text| Said {
            text: text.into_owned(),
            clearance: clearance.clone(),
            at: format!("{at} ({})", field.name),
        }));
    }
}

/// Runs of at least six Han characters: what no markup and no formatting of values touches.
fn runs(text: &str) -> impl Iterator<Item = String> {
    let runs: Vec<String> = text.split(|c: char| !('\u{4e00}'..='\u{9fff}').contains(&c)).map(str::to_owned).collect();
    runs.into_iter().filter(|run| run.chars().count() >= 6)
}

#[test]
fn each_reader_sees_what_the_archive_says_and_nothing_else() {
    let archive = example().read();
    assert_eq!(archive.day.to_string(), DAY);
    // Words that stand openly anywhere, such as the name of a type, may stand on any page.
    let everywhere: String =
        Corpus::of(&archive).open.iter().map(|passage| &*passage.text).collect::<Vec<_>>().join("\n");
    visit(async |tab, places| {
        for (dossier, page) in [
            ("yunxi-hydropower", "customers/yunxi-hydropower/index.html"),
            ("yunxi-hospital", "customers/yunxi-hospital/index.html"),
        ] {
            let said = said(&archive, dossier);
            let mut denied = BTreeSet::new();
            for reader in READERS.into_iter().map(Some).chain([None]) {
                let may = |clearance: &Clearance| {
                    clearance.is_open()
                        || reader.is_some_and(|reader| archive.cleared(clearance).any(|one| one.name == reader))
                };
                let tab = tab.another().await;
                tab.go(&places.trusted(page)).await;
                if let Some(reader) = reader.filter(|reader| *reader != "chen-fang") {
                    tab.unlock(key(reader)).await;
                }
                let page: String = tab.ask("document.documentElement.outerHTML").await;
                let allowed: Vec<&Said> = said.iter().filter(|one| may(&one.clearance)).collect();
                let open: String = allowed.iter().map(|one| one.text.as_str()).collect::<Vec<_>>().join("\n");
                for one in &said {
                    for run in runs(&one.text) {
                        let expected = open.contains(&run);
                        if !expected && everywhere.contains(&run) {
                            continue;
                        }
                        assert_eq!(
                            page.contains(&run),
                            expected,
                            "{reader:?} on {dossier}: {run} of {} ({:?})",
                            one.at,
                            one.clearance
                        );
                        if !expected {
                            denied.insert((reader, run));
                        }
                    }
                }
                assert!(!allowed.is_empty());
            }
            assert!(denied.len() > 100, "the test has looked at what some may not read: {}", denied.len());
        }
    });
}
