//! Spans against the trees of the commits, whatever was edited, renamed, branched and merged.

use super::{Branches, files_of};
use crate::history::lineage::{Places, lineages};
use crate::repository::fixture::Fixture;
use crate::repository::{ContentId, Past};
use git2::Oid;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet};

const PATHS: [&str; 3] = ["customers/one/a.md", "customers/one/b.md", "customers/one/c.pdf"];

/// What a commit does to a path: something new, nothing, or what stands at another.
#[derive(Clone, Debug)]
enum Act {
    Write,
    Remove,
    MoveFrom(usize),
}

/// A commit: what it follows, from which of these each path is taken, and what is done to one.
#[derive(Clone, Debug)]
struct Step {
    follows: Vec<Index>,
    taken: [Index; 3],
    path: usize,
    act: Act,
}

fn step() -> impl Strategy<Value = Step> {
    let act = prop_oneof![4 => Just(Act::Write), 1 => Just(Act::Remove), 1 => (0usize..3).prop_map(Act::MoveFrom)];
    let follows = prop_oneof![
        5 => proptest::collection::vec(any::<Index>(), 1..2),
        3 => proptest::collection::vec(any::<Index>(), 2..4),
        1 => Just(Vec::new()),
    ];
    let taken = any::<[Index; 3]>();
    (follows, taken, 0usize..3, act).prop_map(|(follows, taken, path, act)| Step { follows, taken, path, act })
}

/// The files of every commit, by its id, and the last one, which follows all others.
fn made(fixture: &Fixture, steps: &[Step]) -> (BTreeMap<Oid, BTreeMap<usize, String>>, Oid) {
    let mut made: Vec<(Oid, BTreeMap<usize, String>)> = Vec::new();
    let mut heads: Vec<Oid> = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        let parents: BTreeSet<usize> = match made.len() {
            0 => BTreeSet::new(),
            _ if n + 1 == steps.len() => (0..made.len()).filter(|at| heads.contains(&made[*at].0)).collect(),
            len => step.follows.iter().map(|index| index.index(len)).collect(),
        };
        let parents: Vec<&(Oid, BTreeMap<usize, String>)> = parents.iter().map(|at| &made[*at]).collect();
        let mut files = BTreeMap::new();
        for (path, taken) in step.taken.iter().enumerate().filter(|_| !parents.is_empty()) {
            let parent = parents[taken.index(parents.len())];
            files.extend(parent.1.get(&path).map(|held| (path, held.clone())));
        }
        // What a merge decides against all that it joins is told only where nothing else had come to the same.
        let act = if parents.len() > 1 { Act::Write } else { step.act.clone() };
        match act {
            Act::Write => files.insert(step.path, format!("commit {n}\n")),
            Act::Remove => files.remove(&step.path),
            Act::MoveFrom(from) => files.remove(&from).and_then(|held| files.insert(step.path, held)),
        };
        let mut listed: Vec<(&str, &str)> = files.iter().map(|(path, held)| (PATHS[*path], held.as_str())).collect();
        listed.push(("customers/one/dossier.yaml", "name: One\n"));
        let parents: Vec<Oid> = parents.iter().map(|(id, _)| *id).collect();
        let id = fixture.commit_after(&parents, fixture.tree(&listed), 1_700_000_000 + n as i64);
        heads.retain(|head| !parents.contains(head));
        heads.push(id);
        made.push((id, files));
    }
    let tip = made.last().unwrap().0;
    (made.into_iter().collect(), tip)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_version_stands_in_the_commits_that_hold_it(steps in proptest::collection::vec(step(), 1..14)) {
        let fixture = Fixture::new();
        let (made, tip) = made(&fixture, &steps);
        let past = Past::read(fixture.path(), None, Some(&tip.to_string())).unwrap();
        let (branches, places) = (Branches::of(&past), Places::of(&past));
        let held = |number: usize, path: &str| {
            let id = Oid::from_str(&past.commits[number].id.to_string()).unwrap();
            let at = PATHS.iter().position(|known| *known == path)?;
            made[&id].get(&at).map(|content| ContentId::of(content.as_bytes()).unwrap())
        };
        // By path and content: the commits that hold it, as they are told and as they are.
        let mut told: BTreeMap<(String, ContentId), BTreeSet<usize>> = BTreeMap::new();
        for lineage in lineages(&past, &places) {
            for (version, time) in lineage.versions.iter().zip(branches.spans(&lineage)) {
                let Some(blob) = version.blob.filter(|_| PATHS.contains(&version.path.as_ref())) else { continue };
                prop_assert!(time.iter().any(|span| span.contains(&version.commit)), "{:?} {:?}", version, time);
                for number in time.into_iter().flatten() {
                    prop_assert_eq!(held(number, &version.path), Some(blob), "{} at {}", version.path, number);
                    told.entry((version.path.to_string(), blob)).or_default().insert(number);
                }
            }
        }
        let mut stood: BTreeMap<(String, ContentId), BTreeSet<usize>> = BTreeMap::new();
        for (number, path) in (0..past.commits.len()).flat_map(|number| PATHS.map(|path| (number, path))) {
            if let Some(id) = held(number, path) {
                stood.entry((path.to_owned(), id)).or_default().insert(number);
            }
        }
        prop_assert_eq!(told, stood);
        let files = files_of(&past, &branches, &places, &|path| PATHS.contains(&path));
        for (number, files) in files.iter().enumerate() {
            for path in PATHS {
                prop_assert_eq!(files.get(path), held(number, path));
            }
        }
    }
}
