//! Histories at random: whatever was committed, all changes, replayed in order, arrive at the files of the tip.

use std::collections::{BTreeMap, HashMap};

use git2::Oid;
use proptest::prelude::*;

use super::*;
use crate::repository::fixture::Fixture;

/// What one commit does, in numbers that are taken modulo what there is.
#[derive(Clone, Debug)]
struct Step {
    parents: Vec<usize>,
    seconds: i64,
    /// The files of which parent the commit begins with.
    base: usize,
    edits: Vec<(usize, Edit)>,
}

#[derive(Clone, Debug)]
enum Edit {
    Write(u8),
    Link,
    Remove,
    Move(usize),
}

type Tree = BTreeMap<String, (FileKind, String)>;

const PATHS: [&str; 8] = ["a", "b", "b/x", "c", "d/a", "d/e/a", "d/e/b", "d-e"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let edit = prop_oneof![
        4 => (0..6_u8).prop_map(Edit::Write),
        1 => Just(Edit::Link),
        2 => Just(Edit::Remove),
        2 => (0..PATHS.len()).prop_map(Edit::Move),
    ];
    let edits = prop::collection::vec((0..PATHS.len(), edit), 0..4);
    let parents = prop::collection::vec(0..4_usize, 0..4);
    let step = (parents, 0..20_i64, 0..4_usize, edits).prop_map(|(parents, seconds, base, edits)| Step {
        parents,
        seconds,
        base,
        edits,
    });
    prop::collection::vec(step, 1..14)
}

/// Writes a file, and takes away what its path cannot stand beside.
fn put(tree: &mut Tree, path: &str, file: (FileKind, String)) {
    tree.retain(|other, _| !other.starts_with(&format!("{path}/")) && !path.starts_with(&format!("{other}/")));
    tree.insert(path.into(), file);
}

fn apply(tree: &mut Tree, edits: &[(usize, Edit)]) {
    for (at, edit) in edits {
        let path = PATHS[*at];
        match edit {
            Edit::Write(lines) => {
                let content = (0..*lines).map(|n| format!("line {}\n", n * lines % 5)).collect();
                put(tree, path, (FileKind::Regular, content));
            }
            Edit::Link => put(tree, path, (FileKind::SymbolicLink, "elsewhere".into())),
            Edit::Remove => drop(tree.remove(path)),
            Edit::Move(to) => {
                if let Some(file) = tree.remove(path) {
                    put(tree, PATHS[*to], file);
                }
            }
        }
    }
}

fn write(fixture: &Fixture, tree: &Tree) -> Oid {
    let mut entries: BTreeMap<String, (&str, Oid)> = BTreeMap::new();
    let mut below: BTreeMap<&str, Tree> = BTreeMap::new();
    for (path, (kind, content)) in tree {
        if let Some((folder, rest)) = path.split_once('/') {
            below.entry(folder).or_default().insert(rest.into(), (*kind, content.clone()));
        } else {
            let mode = if *kind == FileKind::Regular { "100644" } else { "120000" };
            entries.insert(path.clone(), (mode, fixture.blob(content.as_bytes())));
        }
    }
    for (folder, tree) in below {
        entries.insert(format!("{folder}/"), ("40000", write(fixture, &tree)));
    }
    let entries: Vec<_> =
        entries.iter().map(|(name, (mode, id))| (*mode, name.trim_end_matches('/').as_bytes(), *id)).collect();
    fixture.raw_tree(&entries)
}

/// Makes the commits. Nothing but chance makes the last one the child of all others.
fn made(fixture: &Fixture, steps: &[Step]) -> Vec<(Oid, Tree)> {
    let mut made: Vec<(Oid, Tree)> = Vec::new();
    for step in steps {
        // Parents are counted from the last commit back, so that most histories hang together.
        let mut parents: Vec<usize> = step.parents.iter().filter_map(|back| made.len().checked_sub(back + 1)).collect();
        parents.dedup();
        let mut tree = parents.get(step.base % parents.len().max(1)).map(|at| made[*at].1.clone()).unwrap_or_default();
        apply(&mut tree, &step.edits);
        let ids: Vec<_> = parents.iter().map(|at| made[*at].0).collect();
        made.push((fixture.commit_after(&ids, write(fixture, &tree), step.seconds), tree));
    }
    made
}

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
