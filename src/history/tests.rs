//! Replaying the history from its first commit arrives at what stands, whatever was edited, renamed, branched and merged.

use super::{Deed, History, Part, Shown};
use crate::archive::{Archive, Reading};
use crate::provenance::Signers;
use crate::repository::fixture::Fixture;
use crate::repository::{Past, open_commit};
use git2::Oid;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const SETTINGS: &str = "title: A\naudiences:\n  legal: {title: L, readers: []}\n  finance: {title: F, readers: []}\n  sales: {title: S, readers: []}\n  technical: {title: T, readers: []}\n  management: {title: M, readers: []}\n  compliance: {title: C, readers: []}\n";
const THING: &str = "title: Thing\nfolder: things\naudience: staff\nkey: code\nfields:\n  code: {kind: text}\n  note: {kind: text}\n  extra: {kind: text, many: true}\n  members: {kind: group, many: true, fields: {a: {kind: text}, b: {kind: text}}}\n";
const ROOT: &str = "name: One\ntier: a\nindustry: b\naccount_manager: c\naudience: staff\n";

/// One record as it stands at a commit.
#[derive(Clone, Debug)]
struct Thing {
    note: Option<u8>,
    extra: Vec<u8>,
    members: Vec<(u8, u8)>,
    sections: Vec<(u8, Vec<u8>)>,
    audience: bool,
    broken: bool,
}

fn thing() -> impl Strategy<Value = Thing> {
    let note = proptest::option::of(0u8..4);
    let extra = proptest::collection::vec(0u8..4, 0..3);
    let members = proptest::collection::vec((0u8..3, 0u8..3), 0..3);
    let sections = proptest::collection::vec((0u8..3, proptest::collection::vec(0u8..5, 0..4)), 0..3);
    let broken = proptest::bool::weighted(0.1);
    (note, extra, members, sections, any::<bool>(), broken).prop_map(
        |(note, extra, members, sections, audience, broken)| Thing { note, extra, members, sections, audience, broken },
    )
}

/// A state: which records there are, by name; and after which of the commits before it comes.
type State = (BTreeMap<u8, Thing>, proptest::sample::Index);

fn states() -> impl Strategy<Value = Vec<State>> {
    let things = proptest::collection::btree_map(0u8..4, thing(), 0..4);
    proptest::collection::vec((things, any::<proptest::sample::Index>()), 1..7)
}

fn text_of(thing: &Thing) -> String {
    if thing.broken {
        return "---\nnote: [\n---\n".to_owned();
    }
    let mut text = String::from("---\n");
    if thing.audience {
        text.push_str("audience: legal\n");
    }
    if let Some(note) = thing.note {
        writeln!(text, "note: note {note}").unwrap();
    }
    if !thing.extra.is_empty() {
        let extra: Vec<String> = thing.extra.iter().map(|n| format!("x{n}")).collect();
        writeln!(text, "extra: [{}]", extra.join(", ")).unwrap();
    }
    if !thing.members.is_empty() {
        let members: Vec<String> = thing.members.iter().map(|(a, b)| format!("{{a: a{a}, b: b{b}}}")).collect();
        writeln!(text, "members: [{}]", members.join(", ")).unwrap();
    }
    text.push_str("---\n");
    for (heading, sentences) in &thing.sections {
        let words: Vec<String> = sentences.iter().map(|n| format!("第{n}句。")).collect();
        write!(text, "# H{heading}\n\n{}\n\n", words.join("")).unwrap();
    }
    text
}

fn files_of(things: &BTreeMap<u8, Thing>) -> Vec<(String, String)> {
    let mut files = vec![
        ("strongroom.yaml".to_owned(), SETTINGS.to_owned()),
        ("types/thing.yaml".to_owned(), THING.to_owned()),
        ("customers/one/dossier.yaml".to_owned(), ROOT.to_owned()),
    ];
    files.extend(things.iter().map(|(name, thing)| (format!("customers/one/things/t{name}.md"), text_of(thing))));
    files
}

fn commit(fixture: &Fixture, files: &[(String, String)], parents: &[Oid], seconds: i64) -> Oid {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    fixture.commit_after(parents, fixture.tree(&files), seconds)
}

/// What stands after all changes of a repository's history, one after the other.
fn replayed(fixture: &Fixture, tip: Oid) -> BTreeMap<(String, String), Shown> {
    let rev = tip.to_string();
    let snapshot = open_commit(fixture.path(), None, Some(&rev)).unwrap();
    let Reading { archive, .. } = Archive::read(&snapshot, "2026-11-23".parse().unwrap());
    let past = Past::read(fixture.path(), None, Some(&rev)).unwrap();
    let history = History::read(&past, &archive, &Signers::default());
    let mut stands: BTreeMap<(String, usize, String), Shown> = BTreeMap::new();
    let changes = history.of_dossier("one").into_iter().flat_map(|shelf| shelf.lay_out(|held| held.release().1));
    for change in changes {
        let record = (change.record.path.clone(), change.file);
        match (&change.deed, &change.after) {
            (Deed::Removed, _) if change.part == Part::Record => {
                stands.retain(|(name, file, _), _| (name.clone(), *file) != record)
            }
            (Deed::Removed, _) => {
                stands.remove(&(record.0, record.1, format!("{:?}", change.part)));
            }
            (_, Some(after)) => {
                stands.insert((record.0, record.1, format!("{:?}", change.part)), Shown::clone(after));
            }
            _ => {}
        }
    }
    // Who may read a new record is not told as a change.
    let audience = format!("{:?}", Part::Audience);
    let named = stands.into_iter().map(|((record, _, part), shown)| ((record, part), shown));
    named.filter(|((_, part), _)| *part != audience).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn replaying_every_change_arrives_at_what_stands(mut states in states()) {
        // What cannot be read in the end is told as that, and what stood before it stands still.
        if let Some((things, _)) = states.last_mut() {
            things.values_mut().for_each(|thing| thing.broken = false);
        }
        let fixture = Fixture::new();
        let mut commits: Vec<Oid> = Vec::new();
        let mut heads: Vec<Oid> = Vec::new();
        let last = states.len() - 1;
        for (n, (things, after)) in states.iter().enumerate() {
            let parents: Vec<Oid> = if commits.is_empty() {
                Vec::new()
            } else if n == last {
                heads.clone()
            } else {
                vec![*after.get(&commits)]
            };
            let id = commit(&fixture, &files_of(things), &parents, 1_700_000_000 + n as i64);
            heads.retain(|head| !parents.contains(head));
            heads.push(id);
            commits.push(id);
        }
        let tip = *commits.last().unwrap();
        let alone = commit(&fixture, &files_of(&states[last].0), &[], 1_800_000_000);
        prop_assert_eq!(replayed(&fixture, tip), replayed(&fixture, alone));
    }
}
