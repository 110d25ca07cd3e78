//! The history of the example is told the same, however much of it was read.

use super::past::Example;
use crate::archive::Archive;
use crate::history::{Change, History, Shown};
use crate::provenance::Signers;
use crate::repository::{Past, open_commit};

/// Everything that is told of a dossier, with what it asks; the numbers of files aside.
fn told(history: &History, dossier: &str) -> Vec<String> {
    let changes = history.of_dossier(dossier).into_iter().flat_map(|shelf| {
        shelf.lay_out(|held| {
            let (asks, change) = held.release();
            let Change { commit, record, part, label, founding, deed, before, after, stands, .. } = change;
            let before = before.as_ref().map(|before| before.clone().release());
            let before = before.map(|(asks, shown)| (asks, as_shown(&shown)));
            let after = after.as_deref().map(as_shown);
            format!("{asks:?} {commit} {record:?} {part:?} {label:?} {founding} {deed:?} {before:?} {after:?} {stands}")
        })
    });
    let courses = history.courses(dossier).into_iter().flat_map(|shelf| {
        shelf.lay_out(|held| {
            let (asks, course) = held.release();
            format!("{asks:?} {:?} {:?} {:?}", course.record, course.part, course.values)
        })
    });
    changes.chain(courses).collect()
}

/// A text as pages show it: as it was written it is kept for one dossier alone.
fn as_shown(shown: &Shown) -> Shown {
    match shown {
        Shown::Text(text) => {
            let mut text = text.clone();
            text.written = None;
            Shown::Text(text)
        }
        other => other.clone(),
    }
}

fn assert_same(one: &[String], other: &[String]) {
    let apart = one.iter().zip(other).find(|(one, other)| one != other);
    assert_eq!((apart, one.len()), (None, other.len()));
}

#[test]
fn what_was_read_with_the_archive_and_what_one_dossier_has_to_do_with_suffice() {
    let folder = tempfile::tempdir().unwrap();
    Example::read().unwrap().write(folder.path()).unwrap();
    let snapshot = open_commit(folder.path(), None, None).unwrap();
    let mut archive = Archive::read(&snapshot, "2026-11-23".parse().unwrap()).archive;
    let past = Past::read(folder.path(), None, None).unwrap();
    assert_eq!(archive.commit, Some(past.tip));
    let signers = Signers::default();
    let history = History::read(&past, &archive, &signers);
    let alone: Vec<(String, History)> = history
        .dossiers()
        .map(|dossier| (dossier.to_string(), History::read_dossier(&past, &archive, &signers, dossier)))
        .collect();
    // An archive of no commit is read by itself: every version is read anew.
    archive.commit = None;
    let anew = History::read(&past, &archive, &signers);
    assert!(alone.len() > 3 && anew.dossiers().eq(history.dossiers()));
    for (dossier, alone) in &alone {
        let all = told(&history, dossier);
        assert_same(&all, &told(&anew, dossier));
        assert_same(&all, &told(alone, dossier));
    }
    let messages = |history: &History| -> Vec<_> {
        history.commits.iter().map(|commit| commit.message.as_ref().map(|held| held.clearance().clone())).collect()
    };
    assert_eq!(messages(&history), messages(&anew));
}
