use proptest::prelude::*;

use crate::archive::Archive;
use crate::history::History;
use crate::provenance::Signers;
use crate::repository::fixture::Fixture;
use crate::repository::{Past, open_commit};

const SETTINGS: &str = "title: A\naudiences:\n  legal: {title: L, readers: []}\n  sales: {title: S, readers: []}\n  technical: {title: T, readers: []}\n  finance: {title: F, readers: []}\n  management: {title: M, readers: []}\n  compliance: {title: C, readers: []}\n";

/// A row: its week, and a number in each of two columns. One of the numbers is none.
type Row = (u8, u8, u8);

/// The table at a commit; whether the dossier is restricted, and which of three types of the time the table has.
type State = (Vec<Row>, bool, u8);

fn states() -> impl Strategy<Value = Vec<State>> {
    let first = proptest::collection::vec((1u8..9, 0u8..3, 0u8..3), 0..7);
    // What follows is mostly what was, with little changed: an index, and what stands there, or nothing.
    let row = (1u8..9, 0u8..4, 0u8..3);
    let edit = (any::<proptest::sample::Index>(), proptest::option::weighted(0.7, row), any::<bool>());
    let edits = proptest::collection::vec((edit, proptest::bool::weighted(0.1), 0u8..12), 1..8);
    (first, edits).prop_map(|(first, edits)| {
        let mut states = vec![(first, false, 0)];
        for ((at, row, instead), restricted, kind) in edits {
            let mut rows = states.last().map(|(rows, ..)| rows.clone()).unwrap_or_default();
            let at = at.index(rows.len() + 1);
            if at < rows.len() && (instead || row.is_none()) {
                rows.remove(at);
            }
            rows.extend(row);
            let last = rows.len().saturating_sub(1);
            rows.get_mut(at.min(last)..)
                .into_iter()
                .for_each(|rest| rest.rotate_right(usize::from(row.is_some() && !rest.is_empty())));
            states.push((rows, restricted, kind));
        }
        states
    })
}

fn files((rows, restricted, kind): &State, week: &str) -> Vec<(&'static str, String)> {
    let number = |n: &u8| if *n == 3 { "none".to_owned() } else { n.to_string() };
    let lines = rows.iter().map(|(week, a, b)| format!("2025-W0{week},{},{}\n", number(a), number(b)));
    let audience = if *restricted { "legal" } else { "staff" };
    let of_column = ["", ", audience: sales", ", unit: TB"].get(usize::from(*kind)).unwrap_or(&"");
    let fields = format!("{{week: {{kind: week}}, a: {{kind: number}}, b: {{kind: number{of_column}}}}}");
    vec![
        ("strongroom.yaml", SETTINGS.to_owned()),
        ("types/load.yaml", format!("title: Load\nfile: load.csv\nkind: series\naudience: staff\nfields: {fields}\n")),
        (
            "customers/one/dossier.yaml",
            format!("name: One\ntier: a\nindustry: b\naccount_manager: c\naudience: {audience}\n"),
        ),
        ("customers/one/load.csv", format!("{week},a,b\n{}", lines.collect::<String>())),
    ]
}

/// Everything that the history tells of a table's repository, and what it asks.
fn told(states: &[State], week: &str) -> Vec<String> {
    let fixture = Fixture::new();
    let mut parents = Vec::new();
    for (n, state) in states.iter().enumerate() {
        let files = files(state, week);
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        parents = vec![fixture.commit_after(&parents, fixture.tree(&files), 1_700_000_000 + n as i64)];
    }
    let rev = parents.first().map(ToString::to_string);
    let snapshot = open_commit(fixture.path(), None, rev.as_deref()).unwrap();
    let archive = Archive::read(&snapshot, "2026-11-23".parse().unwrap()).archive;
    let past = Past::read(fixture.path(), None, rev.as_deref()).unwrap();
    let history = History::read(&past, &archive, &Signers::default());
    let changes = history.of_dossier("one").unwrap().lay_out(|held| {
        let (asks, change) = held.release();
        let before = change.before.as_ref().map(|before| (before.clearance().clone(), before.clone().release().1));
        format!(
            "{} {:?} {:?} {asks:?} {before:?} {:?} {}",
            change.commit, change.part, change.deed, change.after, change.stands
        )
    });
    let messages = history.commits.iter().map(|commit| format!("{:?}", commit.message.as_ref().map(|m| m.clearance())));
    changes.chain(messages).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_table_read_row_by_row_tells_what_one_read_as_a_whole_does(states in states()) {
        // With quotation marks in its header every version is read as a whole.
        prop_assert_eq!(told(&states, "week"), told(&states, "\"week\""));
    }
}

#[test]
fn of_a_version_only_the_new_rows_are_read() {
    let known = super::Known { around: around("one"), text: b"week,a\n2025-W01,1\n2025-W02,2\n".to_vec(), by: 0 };
    let news = known.news(&around("one"), b"week,a\n2025-W01,1\n2025-W02,3\n2025-W03,4\n").unwrap();
    assert_eq!(news.text(), b"week,a\n2025-W02,3\n2025-W03,4\n");
    for whole in [
        &b"week,b\n2025-W01,1\n2025-W02,2\n2025-W03,4\n"[..],
        b"week,a\n2025-W01,1\n2025-W02,2\n2025-W01,4\n",
        b"week,a\n2025-W01,1\n2025-W02,\"2\"\n",
        b"week,a\n2025-W01,1\n",
        b"week,a\n2025-W01,1\n2025-W02,2\n2025-W03,\xff\n",
    ] {
        assert!(known.news(&around("one"), whole).is_none(), "{}", String::from_utf8_lossy(whole));
    }
    assert!(known.news(&around("other"), b"week,a\n2025-W01,1\n2025-W02,3\n").is_none());
}

fn around(dossier: &str) -> super::Around {
    super::Around {
        dossier: dossier.into(),
        inside: "load.csv".into(),
        law: 0,
        asked: crate::access::Clearance::open(),
        companions: Vec::new(),
    }
}
