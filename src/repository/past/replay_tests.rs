//! Histories at random: whatever was committed, all changes, replayed in order, arrive at the files of the tip.

use std::collections::{BTreeMap, HashMap};

use git2::Oid;
use proptest::prelude::*;

use super::*;
use crate::repository::fixture::Fixture;
use crate::repository::random_fixture::{Tree, made, steps};

fn sorted(mut entries: Vec<PastEntry>) -> Vec<PastEntry> {
    entries.sort_by_key(|entry| entry.commit.id);
    entries
}

fn expected(tree: &Tree) -> BTreeMap<String, PastFile> {
    let file =
        |(kind, content): &(FileKind, String)| PastFile { id: ContentId::of(content.as_bytes()).unwrap(), kind: *kind };
    tree.iter().map(|(path, content)| (path.clone(), file(content))).collect()
}

pub(super) fn replayed(past: &Past) -> BTreeMap<String, PastFile> {
    let mut files = BTreeMap::new();
    for change in past.commits.iter().flat_map(|commit| &commit.changes) {
        if let Some(moved) = &change.moved {
            files.remove(&*moved.from);
        }
        match change.new {
            Some(file) => drop(files.insert(change.path.to_string(), file)),
            None => drop(files.remove(&*change.path)),
        }
    }
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_changes_replayed_in_order_arrive_at_the_files_of_the_tip(steps in steps()) {
        let fixture = Fixture::bare();
        let (tip, tree) = made(&fixture, &steps).pop().unwrap();
        let past = Past::read(fixture.path(), None, Some(&tip.to_string())).unwrap();
        prop_assert_eq!(&past.gaps, &[]);
        prop_assert_eq!(replayed(&past), expected(&tree));
        let places: HashMap<_, _> = past.commits.iter().enumerate().map(|(at, commit)| (commit.id, at)).collect();
        prop_assert_eq!(places.len(), past.commits.len());
        for (at, commit) in past.commits.iter().enumerate() {
            prop_assert!(commit.parents.iter().all(|parent| places[parent] < at));
            prop_assert!(commit.changes.is_sorted_by(|a, b| a.path < b.path));
            prop_assert!(commit.changes.iter().all(|change| change.old != change.new || change.moved.is_some()));
        }
        // Another reading, with threads that come in another order, says the same.
        let again = Past::read(fixture.path(), None, Some(&tip.to_string())).unwrap();
        prop_assert_eq!(past.commits, again.commits);
    }

    #[test]
    fn what_was_known_and_what_came_since_make_the_whole(steps in steps(), at in any::<prop::sample::Index>()) {
        let fixture = Fixture::bare();
        let commits = made(&fixture, &steps);
        let open = |commit: Oid| PastReader::open(fixture.path(), None, Some(&commit.to_string())).unwrap();
        let (tip, known) = (commits.last().unwrap().0, at.get(&commits).0);
        let whole = sorted(open(tip).all().unwrap());
        let before = open(known).all().unwrap();
        let known = ContentId::from_oid(&known).unwrap();
        let leads = whole.iter().any(|entry| entry.commit.id == known);
        let since = open(tip).since(known).unwrap();
        prop_assert_eq!(since.is_some(), leads);
        if let Some(since) = since {
            let ids: Vec<_> = since.iter().map(|entry| entry.commit.id).collect();
            prop_assert_eq!(sorted(open(tip).only(&ids).unwrap()), sorted(since.clone()));
            let mut both = sorted([before, since].concat());
            let past = open(tip).past(both.clone());
            both.dedup();
            prop_assert_eq!(&both, &whole);
            prop_assert_eq!(past.commits, open(tip).past(whole).commits);
        }
    }
}
