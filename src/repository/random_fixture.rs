//! Histories at random.

use std::collections::BTreeMap;

use git2::Oid;
use proptest::prelude::*;

use super::fixture::Fixture;
use super::snapshot::FileKind;

/// What one commit does, in numbers that are taken modulo what there is.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    parents: Vec<usize>,
    seconds: i64,
    /// The files of which parent the commit begins with.
    base: usize,
    edits: Vec<(usize, Edit)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Write(u8),
    Link,
    Remove,
    Move(usize),
}

pub(crate) type Tree = BTreeMap<String, (FileKind, String)>;

const PATHS: [&str; 8] = ["a", "b", "b/x", "c", "d/a", "d/e/a", "d/e/b", "d-e"];

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
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
pub(crate) fn made(fixture: &Fixture, steps: &[Step]) -> Vec<(Oid, Tree)> {
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
