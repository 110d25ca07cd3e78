use git2::{ObjectType, Oid};

use super::*;
use crate::repository::fixture::Fixture;
use crate::repository::name::Trouble;

type Files<'a> = &'a [(&'a str, &'a str)];

/// The past of a commit, each commit as its second and the changes that it made.
fn told(fixture: &Fixture, tip: Oid) -> Vec<String> {
    let past = past(fixture, tip);
    assert_eq!(past.gaps, []);
    changes_of(&past)
}

fn past(fixture: &Fixture, tip: Oid) -> Past {
    Past::read(fixture.path(), None, Some(&tip.to_string())).unwrap()
}

fn changes_of(past: &Past) -> Vec<String> {
    let file = |file: Option<PastFile>| match file {
        None => "nothing".to_owned(),
        Some(PastFile { kind: FileKind::Regular, id }) => {
            String::from_utf8(past.blob(id, 1000).unwrap()).unwrap().replace('\n', " ").trim_end().to_owned()
        }
        Some(PastFile { kind, .. }) => format!("{kind:?}"),
    };
    let change = |change: &PastChange| {
        let moved = match &change.moved {
            None => String::new(),
            Some(Moved { from, same: true }) => format!(" moved from {from}"),
            Some(Moved { from, same: false }) => format!(" perhaps from {from}"),
        };
        format!("{}: {} > {}{moved}", change.path, file(change.old), file(change.new))
    };
    past.commits
        .iter()
        .map(|commit| {
            let changes: Vec<_> = commit.changes.iter().map(change).collect();
            format!("{} {}", commit.committed.seconds, changes.join("; ")).trim_end().to_owned()
        })
        .collect()
}

/// Commits one after the other, at seconds 1, 2, 3.
fn line(fixture: &Fixture, states: &[Files<'_>]) -> Oid {
    let mut last: Option<Oid> = None;
    for (seconds, files) in (1..).zip(states) {
        let parents: Vec<_> = last.into_iter().collect();
        last = Some(fixture.commit_after(&parents, fixture.tree(files), seconds));
    }
    last.unwrap()
}

#[test]
fn the_first_commit_adds_and_the_others_change_what_differs() {
    let fixture = Fixture::new();
    let tip = line(
        &fixture,
        &[
            &[("c/x/dossier", "1"), ("c/x/note", "1"), ("top", "1")],
            &[("c/x/dossier", "2"), ("c/x/note", "1"), ("top", "1")],
            &[("c/x/dossier", "2"), ("c/x/note", "1"), ("top", "1")],
            &[("c/x/dossier", "2"), ("c/y/dossier", "3"), ("top", "1")],
        ],
    );
    let expected = [
        "1 c/x/dossier: nothing > 1; c/x/note: nothing > 1; top: nothing > 1",
        "2 c/x/dossier: 1 > 2",
        "3",
        "4 c/x/note: 1 > nothing; c/y/dossier: nothing > 3",
    ];
    assert_eq!(told(&fixture, tip), expected);
}

#[test]
fn a_commit_says_who_and_when_and_why() {
    let fixture = Fixture::new();
    let signature = "gpgsig -----BEGIN SSH SIGNATURE-----\n U1NI\n -----END SSH SIGNATURE-----\n";
    let tip = fixture.commit_with(fixture.tree(&[("a", "1")]), signature);
    let past = Past::read(fixture.path(), None, None).unwrap();
    assert_eq!(past.tip.to_string(), tip.to_string());
    let [commit] = past.commits.as_slice() else { panic!("one commit") };
    assert_eq!((commit.author.name.as_str(), commit.author.email.as_str()), ("李薇", "li.wei@example.cn"));
    assert_eq!(commit.committed.zoned().unwrap().to_string(), "2024-03-18T08:00:00+08:00[+08:00]");
    assert_eq!(commit.message, "续签合同\n\nWhy.\n");
    let found = commit.signature.as_ref().unwrap();
    assert!(found.armored.starts_with(b"-----BEGIN SSH") && found.armored.ends_with(b"SIGNATURE-----"));
    let objects = fixture.repository.odb().unwrap();
    let whole = String::from_utf8(objects.read(tip).unwrap().data().to_vec()).unwrap();
    assert_eq!(String::from_utf8(found.signed.clone()).unwrap(), whole.replace(signature, ""));
}

#[test]
fn a_file_that_is_deleted_and_made_again_is_two_changes() {
    let fixture = Fixture::new();
    let tip = line(&fixture, &[&[("a", "1"), ("b", "")], &[("b", "")], &[("a", "1"), ("b", "")]]);
    assert_eq!(told(&fixture, tip)[1..], ["2 a: 1 > nothing", "3 a: nothing > 1"]);
}

#[test]
fn a_moved_file_is_one_change_whether_or_not_it_changed_on_the_way() {
    let fixture = Fixture::new();
    let tip = line(
        &fixture,
        &[
            &[("a", "one\ntwo\nthree\nfour\n")],
            &[("folder/a", "one\ntwo\nthree\nfour\n")],
            &[("b", "one\ntwo\nthree\nfive\n")],
            &[("c", "six\n")],
        ],
    );
    let expected = [
        "2 folder/a: one two three four > one two three four moved from a",
        "3 b: one two three four > one two three five perhaps from folder/a",
        "4 b: one two three five > nothing; c: nothing > six",
    ];
    assert_eq!(told(&fixture, tip)[1..], expected);
}

#[test]
fn the_most_similar_files_are_paired_first() {
    let fixture = Fixture::new();
    let tip = line(
        &fixture,
        &[&[("a", "1\n2\n3\n4\n"), ("b", "1\n2\n3\n5\n")], &[("c", "1\n2\n8\n9\n"), ("d", "1\n2\n3\n5\n6\n")]],
    );
    let expected = "2 c: 1 2 3 4 > 1 2 8 9 perhaps from a; d: 1 2 3 5 > 1 2 3 5 6 perhaps from b";
    assert_eq!(told(&fixture, tip)[1], expected);
}

#[test]
fn two_files_that_are_swapped_have_changed_and_not_moved() {
    let fixture = Fixture::new();
    let tip = line(&fixture, &[&[("a", "1"), ("b", "2")], &[("a", "2"), ("b", "1")]]);
    assert_eq!(told(&fixture, tip)[1], "2 a: 1 > 2; b: 2 > 1");
}

#[test]
fn a_file_that_becomes_a_link_a_module_or_a_folder_is_seen_to() {
    let fixture = Fixture::new();
    let (one, two) = (fixture.blob(b"1"), fixture.blob(b"2"));
    let below = fixture.raw_tree(&[("100644", b"x", two)]);
    let trees = [
        fixture.raw_tree(&[("100644", b"a", one)]),
        fixture.raw_tree(&[("100755", b"a", one)]),
        fixture.raw_tree(&[("120000", b"a", one)]),
        fixture.raw_tree(&[("160000", b"a", one)]),
        fixture.raw_tree(&[("40000", b"a", below)]),
        fixture.raw_tree(&[("100644", b"a", one)]),
    ];
    let mut tip = fixture.commit_after(&[], trees[0], 1);
    for (seconds, tree) in (2..).zip(&trees[1..]) {
        tip = fixture.commit_after(&[tip], *tree, seconds);
    }
    // That a file may be run is no change of what it says.
    let expected = [
        "1 a: nothing > 1",
        "2",
        "3 a: 1 > SymbolicLink",
        "4 a: SymbolicLink > Submodule",
        "5 a: Submodule > nothing; a/x: nothing > 2",
        "6 a: nothing > 1; a/x: 2 > nothing",
    ];
    assert_eq!(told(&fixture, tip), expected);
}

/// A first commit, two that follow it side by side, and a merge of them.
fn merged(first: Files<'_>, left: Files<'_>, right: Files<'_>, merge: Files<'_>) -> Vec<String> {
    let fixture = Fixture::new();
    let base = fixture.commit_after(&[], fixture.tree(first), 1);
    let left = fixture.commit_after(&[base], fixture.tree(left), 2);
    let right = fixture.commit_after(&[base], fixture.tree(right), 3);
    let tip = fixture.commit_after(&[left, right], fixture.tree(merge), 4);
    told(&fixture, tip)
}

#[test]
fn a_merge_without_a_conflict_changes_nothing() {
    let base: Files<'_> = &[("a", "1"), ("b", "1"), ("c", "1")];
    let left: Files<'_> = &[("a", "2"), ("b", "1"), ("c", "1")];
    let right: Files<'_> = &[("a", "1"), ("b", "2"), ("d", "1")];
    let told = merged(base, left, right, &[("a", "2"), ("b", "2"), ("d", "1")]);
    assert_eq!(told[1..], ["2 a: 1 > 2", "3 b: 1 > 2; d: 1 > 1 moved from c", "4"]);
}

#[test]
fn a_merge_that_settles_a_conflict_says_how() {
    let settled = |merge: &str| merged(&[("a", "1")], &[("a", "2")], &[("a", "3")], &[("a", merge)]).pop().unwrap();
    // The later of the two stands already.
    assert_eq!(settled("3"), "4");
    assert_eq!(settled("2"), "4 a: 3 > 2");
    assert_eq!(settled("4"), "4 a: 3 > 4");
    assert_eq!(settled("1"), "4 a: 3 > 1");
}

#[test]
fn a_merge_tells_what_it_removes_and_what_it_brings_along() {
    let told = merged(&[("a", "1"), ("b", "1")], &[("b", "1")], &[("a", "2"), ("b", "1")], &[("b", "1"), ("c", "1")]);
    assert_eq!(told[3], "4 a: 2 > nothing; c: nothing > 1");
    let told = merged(&[("a", "1")], &[("a", "2")], &[("a", "3")], &[("b", "3")]);
    assert_eq!(told[3], "4 b: 3 > 3 moved from a");
}

#[test]
fn an_octopus_settles_among_all_its_parents() {
    let fixture = Fixture::new();
    let base = fixture.commit_after(&[], fixture.tree(&[("a", "1"), ("b", "1")]), 1);
    let heads: Vec<_> = (2..5)
        .map(|n| {
            fixture.commit_after(&[base], fixture.tree(&[("a", &n.to_string()), ("b", "1"), (&format!("n{n}"), "")]), n)
        })
        .collect();
    let tree = fixture.tree(&[("a", "2"), ("b", "1"), ("n2", ""), ("n3", ""), ("n4", "")]);
    let tip = fixture.commit_after(&heads, tree, 9);
    assert_eq!(told(&fixture, tip)[4], "9 a: 4 > 2");
}

#[test]
fn a_history_that_begins_twice_is_told_from_both_beginnings() {
    let fixture = Fixture::new();
    let one = fixture.commit_after(&[], fixture.tree(&[("a", "1")]), 5);
    let two = fixture.commit_after(&[], fixture.tree(&[("b", "1")]), 3);
    let tip = fixture.commit_after(&[one, two], fixture.tree(&[("a", "1"), ("b", "1")]), 4);
    assert_eq!(told(&fixture, tip), ["3 b: nothing > 1", "5 a: nothing > 1", "4"]);
}

#[test]
fn an_archive_in_a_folder_has_the_past_of_the_repository_around_it() {
    let fixture = Fixture::new();
    let states: [Files<'_>; 2] = [&[("note", "1")], &[("archive/note", "1")]];
    let tip = line(&fixture, &states);
    let past = Past::read(&fixture.path().join("archive"), None, Some(&tip.to_string())).unwrap();
    assert_eq!(past.folder, "archive");
    assert_eq!(changes_of(&past), ["1 note: nothing > 1", "2 archive/note: 1 > 1 moved from note"]);
    let error = Past::read(fixture.path(), Some("gone"), Some(&tip.to_string())).unwrap_err();
    assert!(matches!(error, OpenError::NoSuchFolder { folder, .. } if folder == "gone"));
}

#[test]
fn a_shallow_clone_begins_at_its_boundary_and_says_so() {
    let fixture = Fixture::new();
    let first = fixture.commit_after(&[], fixture.tree(&[("a", "1"), ("b", "1")]), 1);
    let second = fixture.commit_after(&[first], fixture.tree(&[("a", "2"), ("b", "1")]), 2);
    let tip = fixture.commit_after(&[second], fixture.tree(&[("a", "3"), ("b", "1")]), 3);
    std::fs::write(fixture.repository.path().join("shallow"), format!("{second}\n")).unwrap();
    for object_is_there in [true, false] {
        if !object_is_there {
            std::fs::remove_file(fixture.object_path(first)).unwrap();
        }
        let past = past(&fixture, tip);
        assert_eq!(changes_of(&past), ["2 a: nothing > 2; b: nothing > 1", "3 a: 2 > 3"]);
        assert_eq!(past.gaps, [Gap::Shallow { commit: ContentId::from_oid(&second).unwrap() }]);
        assert_eq!(past.commits[0].parents, [ContentId::from_oid(&first).unwrap()]);
    }
}

#[test]
fn a_commit_that_is_missing_or_damaged_ends_the_past_there() {
    let fixture = Fixture::new();
    let first = fixture.commit_after(&[], fixture.tree(&[("a", "1")]), 1);
    let tip = fixture.commit_after(&[first], fixture.tree(&[("a", "2")]), 2);
    std::fs::remove_file(fixture.object_path(first)).unwrap();
    let without = past(&fixture, tip);
    assert_eq!(changes_of(&without), ["2 a: nothing > 2"]);
    let first = ContentId::from_oid(&first).unwrap();
    assert!(matches!(without.gaps.as_slice(), [Gap::Missing { id, .. }] if *id == first), "{:?}", without.gaps);
    assert!(without.gaps[0].to_string().contains("missing"));
    for nonsense in [&b"nonsense"[..], b"tree zzz\n", b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"] {
        fixture.forge(first.to_oid().unwrap(), ObjectType::Commit, nonsense);
        let damaged = past(&fixture, tip);
        assert!(matches!(damaged.gaps.as_slice(), [Gap::Damaged { id, .. }] if *id == first), "{:?}", damaged.gaps);
    }
}

#[test]
fn a_folder_that_is_missing_is_a_gap_and_the_rest_is_told() {
    let fixture = Fixture::new();
    let below = |content: &str| fixture.tree(&[("x", content)]);
    let tree = |content: &str| fixture.tree(&[("a", content), ("d/x", content), ("e/x", "1")]);
    let first = fixture.commit_after(&[], tree("1"), 1);
    let second = fixture.commit_after(&[first], tree("2"), 2);
    let tip = fixture.commit_after(&[second], tree("3"), 3);
    std::fs::remove_file(fixture.object_path(below("2"))).unwrap();
    let past = past(&fixture, tip);
    assert_eq!(changes_of(&past), ["1 a: nothing > 1; d/x: nothing > 1; e/x: nothing > 1", "2 a: 1 > 2", "3 a: 2 > 3"]);
    let [Gap::Missing { what, .. }] = past.gaps.as_slice() else { panic!("{:?}", past.gaps) };
    assert!(what.starts_with("the folder `d` of commit"), "{what}");
}

#[test]
fn content_that_is_missing_is_a_gap_where_it_was_needed_and_an_error_where_it_is_asked_for() {
    let fixture = Fixture::new();
    let states: [Files<'_>; 2] = [&[("a", "1\n2\n3\n"), ("z", "")], &[("b", "1\n2\n4\n"), ("z", "")]];
    let tip = line(&fixture, &states);
    let gone = fixture.blob(b"1\n2\n3\n");
    std::fs::remove_file(fixture.object_path(gone)).unwrap();
    let past = past(&fixture, tip);
    assert_eq!(past.commits[1].changes.len(), 2);
    let gone = ContentId::from_oid(&gone).unwrap();
    assert!(matches!(past.gaps.as_slice(), [Gap::Missing { id, .. }] if *id == gone), "{:?}", past.gaps);
    assert_eq!(past.blob(gone, 10), Err(ReadError::Object { id: gone, fault: ObjectFault::Missing }));
    let there = ContentId::of(b"1\n2\n4\n").unwrap();
    assert_eq!(past.blob(there, 6).unwrap(), b"1\n2\n4\n");
    assert_eq!(past.blob(there, 5), Err(ReadError::TooLarge { size: 6, limit: 5 }));
}

#[test]
fn names_that_lead_out_and_trees_that_are_none_are_gaps() {
    let fixture = Fixture::new();
    let blob = fixture.blob(b"1");
    let inner = fixture.raw_tree(&[("100644", b"x", blob)]);
    let odd = fixture.repository.odb().unwrap().write(ObjectType::Tree, b"100644 cut\0abc").unwrap();
    let tree = fixture.raw_tree(&[
        ("40000", b"..", inner),
        ("100644", b"a\nb", blob),
        ("644", b"mode", blob),
        ("40000", b"odd", odd),
        ("100644", b"twice", blob),
        ("40000", b"twice", inner),
        ("100644", b"zz", blob),
    ]);
    let first = fixture.commit_after(&[], tree, 1);
    let tip = fixture.commit_after(&[first], fixture.raw_tree(&[("40000", b"..", inner), ("100644", b"zz", blob)]), 2);
    let past = past(&fixture, tip);
    assert_eq!(changes_of(&past), ["1 twice: nothing > 1; zz: nothing > 1", "2 twice: 1 > nothing"]);
    let troubles: Vec<_> = past
        .gaps
        .iter()
        .map(|gap| match gap {
            Gap::Name { problem, .. } => Some(&problem.what),
            _ => None,
        })
        .collect();
    let named = [Trouble::Twice, Trouble::DotName, Trouble::ControlCharacter, Trouble::UnknownMode(0o644)];
    assert_eq!(troubles, [Some(&named[0]), Some(&named[1]), Some(&named[2]), Some(&named[3]), None]);
    assert!(matches!(&past.gaps[4], Gap::Damaged { what, .. } if what.starts_with("the folder `odd`")));
}

#[test]
fn trees_without_end_are_given_up() {
    let fixture = Fixture::new();
    // Deeper than any archive, and than any stack.
    let mut deep = fixture.raw_tree(&[("100644", b"x", fixture.blob(b"1"))]);
    for _ in 0..1_000 {
        deep = fixture.raw_tree(&[("40000", b"d", deep)]);
    }
    let sound = fixture.commit_after(&[], fixture.tree(&[("a", "1")]), 1);
    let tip = fixture.commit_after(&[sound], fixture.raw_tree(&[("40000", b"d", deep)]), 2);
    let found = past(&fixture, tip);
    assert_eq!(changes_of(&found), ["1 a: nothing > 1", "2 a: 1 > nothing"]);
    let [Gap::Name { problem, .. }] = found.gaps.as_slice() else { panic!("{:?}", found.gaps) };
    assert_eq!(problem.what, Trouble::TooDeep);
}

#[test]
fn a_commit_under_a_name_that_is_not_its_own_is_damaged() {
    let fixture = Fixture::new();
    let tree = fixture.tree(&[("a", "1")]);
    let first = fixture.commit_after(&[], tree, 1);
    let second = fixture.commit_after(&[first], tree, 2);
    let tip = fixture.commit_after(&[second], tree, 3);
    // Forged so that the first commit follows the second.
    let person = "author a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\n";
    fixture.forge(first, ObjectType::Commit, format!("tree {tree}\nparent {second}\n{person}").as_bytes());
    let past = past(&fixture, tip);
    assert_eq!(past.commits.len(), 2);
    assert!(matches!(past.gaps.as_slice(), [Gap::Damaged { .. }]), "{:?}", past.gaps);
}

#[test]
fn dates_beyond_all_calendars_are_kept_as_they_are() {
    let fixture = Fixture::new();
    let tree = fixture.tree(&[("a", "1")]);
    let first = fixture.commit_after(&[], tree, i64::MAX);
    let tip = fixture.commit_after(&[first], tree, i64::MIN);
    let seconds: Vec<_> = past(&fixture, tip).commits.iter().map(|commit| commit.committed.seconds).collect();
    assert_eq!(seconds[0], i64::MAX);
    assert!(seconds[1] < 0);
}
