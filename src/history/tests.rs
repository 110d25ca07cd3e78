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
const FLOW: &str = "title: Flow\nkind: series\nfolder: flows\naudience: staff\nfields:\n  week: {kind: week}\n  volume: {kind: text}\n";
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
    /// The files that it attaches.
    files: Vec<u8>,
}

fn thing() -> impl Strategy<Value = Thing> {
    let note = proptest::option::of(0u8..4);
    let extra = proptest::collection::vec(0u8..4, 0..3);
    let members = proptest::collection::vec((0u8..3, 0u8..3), 0..3);
    let sections = proptest::collection::vec((0u8..3, proptest::collection::vec(0u8..5, 0..4)), 0..3);
    let broken = proptest::bool::weighted(0.1);
    let files = proptest::collection::vec(0u8..4, 0..3);
    (note, extra, members, sections, any::<bool>(), broken, files).prop_map(
        |(note, extra, members, sections, audience, broken, files)| Thing {
            note,
            extra,
            members,
            sections,
            audience,
            broken,
            files,
        },
    )
}

/// What a commit holds.
#[derive(Clone, Debug)]
struct State {
    /// Records, by name.
    things: BTreeMap<u8, Thing>,
    /// Files that records may attach, by name: what they hold.
    files: BTreeMap<u8, u8>,
    /// The name of a table and its rows, if there is one.
    table: Option<(u8, BTreeMap<u8, u8>)>,
    /// The name of a record that describes the table, if one does.
    described: Option<u8>,
    /// After which of the commits before it comes.
    after: proptest::sample::Index,
}

fn states() -> impl Strategy<Value = Vec<State>> {
    let things = proptest::collection::btree_map(0u8..4, thing(), 0..4);
    let files = proptest::collection::btree_map(0u8..4, 0u8..4, 0..4);
    let table = proptest::option::of((0u8..2, proptest::collection::btree_map(1u8..6, 0u8..3, 1..4)));
    let described = proptest::option::of(0u8..2);
    let state = (things, files, table, described, any::<proptest::sample::Index>());
    let state = state.prop_map(|(things, files, table, described, after)| {
        let described = described.filter(|_| table.is_some());
        State { things, files, table, described, after }
    });
    proptest::collection::vec(state, 1..7)
}

fn text_of(thing: &Thing) -> String {
    if thing.broken {
        return "---\nnote: [\n---\n".to_owned();
    }
    let mut text = String::from("---\n");
    if thing.audience {
        text.push_str("audience: legal\n");
    }
    if !thing.files.is_empty() {
        let files: Vec<String> = thing.files.iter().map(|n| format!("f{n}.pdf")).collect();
        writeln!(text, "attachments: [{}]", files.join(", ")).unwrap();
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

fn cells(rows: &BTreeMap<u8, u8>) -> impl Iterator<Item = (String, String)> + '_ {
    rows.iter().map(|(week, volume)| (format!("2025-W{week:02}"), format!("v{volume}")))
}

fn files_of(state: &State) -> Vec<(String, String)> {
    let mut files = vec![
        ("strongroom.yaml".to_owned(), SETTINGS.to_owned()),
        ("types/thing.yaml".to_owned(), THING.to_owned()),
        ("types/flow.yaml".to_owned(), FLOW.to_owned()),
        ("customers/one/dossier.yaml".to_owned(), ROOT.to_owned()),
    ];
    let things = state.things.iter();
    files.extend(things.map(|(name, thing)| (format!("customers/one/things/t{name}.md"), text_of(thing))));
    let attached = state.files.iter();
    files.extend(
        attached.map(|(name, held)| (format!("customers/one/things/f{name}.pdf"), "x".repeat(1 + *held as usize))),
    );
    if let Some((name, rows)) = &state.table {
        let lines: String = cells(rows).map(|(week, volume)| format!("{week},{volume}\n")).collect();
        files.push((format!("customers/one/flows/t{name}.csv"), format!("week,volume\n{lines}")));
    }
    if let (Some(name), Some((table, _))) = (state.described, &state.table) {
        files.push((format!("customers/one/flows/d{name}.yaml"), format!("type: flow\nrows: [t{table}.csv]\n")));
    }
    files
}

fn commit(fixture: &Fixture, files: &[(String, String)], parents: &[Oid], seconds: i64) -> Oid {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    fixture.commit_after(parents, fixture.tree(&files), seconds)
}

/// What stands after all changes of a repository's history, one after the other. The rows with which a table came are
/// told as one: they are those of its commit.
fn replayed(fixture: &Fixture, tip: Oid, rows: &dyn Fn(Oid) -> BTreeMap<u8, u8>) -> BTreeMap<(String, String), String> {
    let rev = tip.to_string();
    let snapshot = open_commit(fixture.path(), None, Some(&rev)).unwrap();
    let Reading { archive, .. } = Archive::read(&snapshot, "2026-11-23".parse().unwrap());
    let past = Past::read(fixture.path(), None, Some(&rev)).unwrap();
    let history = History::read(&past, &archive, &Signers::default());
    let mut stands: BTreeMap<(String, usize, String), (Part, String)> = BTreeMap::new();
    let changes = history.of_dossier("one").into_iter().flat_map(|shelf| shelf.lay_out(|held| held.release().1));
    for change in changes {
        let (record, file) = (change.record.path.to_string(), change.file);
        // A file may change its name.
        let part = match &change.part {
            Part::Attachment { .. } => "attachment".to_owned(),
            part => format!("{part:?}"),
        };
        match (&change.deed, &change.after) {
            (Deed::Removed, _) if change.part == Part::Record => {
                stands.retain(|(name, of, _), _| (name, *of) != (&record, file));
            }
            (Deed::Removed, _) => {
                stands.remove(&(record, file, part));
            }
            (_, Some(_)) if change.part == Part::Rows => {
                let id = history.commit(change.commit).unwrap().id.to_string();
                for (label, volume) in cells(&rows(Oid::from_str(&id).unwrap())) {
                    let cell = Part::Cell { label: label.into(), column: "volume".into() };
                    stands.insert((record.clone(), file, format!("{cell:?}")), (cell, volume));
                }
            }
            (_, Some(after)) => {
                let said = match after.as_ref() {
                    Shown::Line(line) if matches!(change.part, Part::Cell { .. }) => line.zh.to_string(),
                    after => format!("{after:?}"),
                };
                stands.insert((record, file, part), (change.part.clone(), said));
            }
            _ => {}
        }
    }
    // Who may read a new record is not told as a change.
    let told = stands.into_iter().filter(|(_, (part, _))| *part != Part::Audience);
    told.map(|((record, ..), (part, said))| ((record, format!("{part:?}")), said)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn replaying_every_change_arrives_at_what_stands(mut states in states()) {
        // What cannot be read in the end is told as that, and what stood before it stands still.
        if let Some(State { things, .. }) = states.last_mut() {
            things.values_mut().for_each(|thing| thing.broken = false);
        }
        let fixture = Fixture::new();
        let mut commits: Vec<Oid> = Vec::new();
        let mut heads: Vec<Oid> = Vec::new();
        let last = states.len() - 1;
        for (n, state) in states.iter().enumerate() {
            let parents: Vec<Oid> = if commits.is_empty() {
                Vec::new()
            } else if n == last {
                heads.clone()
            } else {
                vec![*state.after.get(&commits)]
            };
            let id = commit(&fixture, &files_of(state), &parents, 1_700_000_000 + n as i64);
            heads.retain(|head| !parents.contains(head));
            heads.push(id);
            commits.push(id);
        }
        let tip = *commits.last().unwrap();
        let alone = commit(&fixture, &files_of(&states[last]), &[], 1_800_000_000);
        let rows = |id: Oid| {
            let at = commits.iter().position(|commit| *commit == id).unwrap_or(last);
            states[at].table.clone().map(|(_, rows)| rows).unwrap_or_default()
        };
        let (long, short) = (replayed(&fixture, tip, &rows), replayed(&fixture, alone, &rows));
        prop_assert_eq!(&long, &short);
        // Everything that stands is told: each file under each record that attaches it, and each cell.
        let state = &states[last];
        let attached = state.things.iter().flat_map(|(name, thing)| thing.files.iter().map(move |file| (name, file)));
        let attached = attached.filter(|(_, file)| state.files.contains_key(file));
        for (name, file) in attached {
            let part = Part::Attachment { name: format!("f{file}.pdf").into() };
            prop_assert!(long.contains_key(&(format!("things/t{name}"), format!("{part:?}"))), "{:?}", long);
        }
        let of_cells = long.keys().filter(|(_, part)| part.starts_with("Cell")).count();
        prop_assert_eq!(of_cells, state.table.as_ref().map_or(0, |(_, rows)| rows.len()));
    }
}
