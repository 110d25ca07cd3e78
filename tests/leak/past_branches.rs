//! Ways round the restrictions of the past that need more than one branch, one folder or a well-made repository.

use super::canary::word;
use super::fixture::House;
use super::opening::Site;
use super::past::{For, both, check, lived};
use super::past_attack::{A, not_in_the_open};
use super::tricks::house_with;

/// Commits on top of the parents, with the files as they lie; the seconds order what neither follows from the other.
pub fn commit_on(house: &House, parents: &[git2::Oid], seconds: i64) -> git2::Oid {
    let repository = git2::Repository::open(house.archive()).unwrap();
    let mut index = repository.index().unwrap();
    index.clear().unwrap();
    index.add_all(["*"], git2::IndexAddOption::FORCE, None).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let person = git2::Signature::new("p", "p@example.invalid", &git2::Time::new(seconds, 0)).unwrap();
    let parents: Vec<_> = parents.iter().map(|id| repository.find_commit(*id).unwrap()).collect();
    let id = repository.commit(None, &person, &person, "m", &tree, &parents.iter().collect::<Vec<_>>()).unwrap();
    repository.reference("refs/heads/main", id, true, "m").unwrap();
    id
}

pub fn head(house: &House) -> (git2::Oid, i64) {
    let repository = git2::Repository::open(house.archive()).unwrap();
    let commit = repository.head().unwrap().peel_to_commit().unwrap();
    (commit.id(), commit.time().seconds())
}

#[test]
fn laxer_rules_of_another_branch_open_nothing() {
    let house = house_with(&[]);
    let rules = |note: &str, title: &str| {
        format!("title: {title}\nfolder: things\naudience: staff\nfields:\n  note: {{kind: text{note}}}\n")
    };
    house.put("types/thing.yaml", rules("", "Thing"));
    house.put(A, "---\nnote: x\n---\n");
    house.commit("begun");
    let (begun, at) = head(&house);
    house.put("types/thing.yaml", rules(", audience: legal", "Thing"));
    let strict = commit_on(&house, &[begun], at + 10);
    house.put("types/thing.yaml", rules("", "Another title"));
    let lax = commit_on(&house, &[begun], at + 20);
    house.put("types/thing.yaml", rules(", audience: legal", "Thing"));
    house.put(A, format!("---\nnote: {}\n---\n", both("of the strict branch")));
    let secret = commit_on(&house, &[strict], at + 30);
    house.put(A, "---\nnote: y\n---\n");
    let over = commit_on(&house, &[secret], at + 40);
    house.put("types/thing.yaml", rules("", "Thing"));
    commit_on(&house, &[over, lax], at + 50);
    check(&house, &[("of the strict branch", For::Legal)]);
}

#[test]
fn a_laxer_dossier_of_another_branch_opens_nothing() {
    let house = house_with(&[]);
    let dossier = |audience: &str, tier: &str| {
        format!("name: One\ntier: {tier}\nindustry: b\naccount_manager: c\naudience: {audience}\n")
    };
    house.put(A, "---\nnote: x\n---\n");
    house.commit("begun");
    let (begun, at) = head(&house);
    house.put("customers/one/dossier.yaml", dossier("legal", "a"));
    let strict = commit_on(&house, &[begun], at + 10);
    house.put("customers/one/dossier.yaml", dossier("staff", "z"));
    let lax = commit_on(&house, &[begun], at + 20);
    house.put("customers/one/dossier.yaml", dossier("legal", "a"));
    house.put(A, format!("---\nnote: {}\n---\n", both("of the strict branch")));
    let secret = commit_on(&house, &[strict], at + 30);
    house.put(A, "---\nnote: y\n---\n");
    let over = commit_on(&house, &[secret], at + 40);
    house.put("customers/one/dossier.yaml", dossier("staff", "a"));
    commit_on(&house, &[over, lax], at + 50);
    check(&house, &[("of the strict branch", For::Legal)]);
}

#[test]
fn a_folder_that_was_a_dossier_for_a_while_asks_for_what_the_dossier_around_it_asks_now() {
    let house = house_with(&[]);
    let dossier =
        |audience: &str| format!("name: Two\ntier: a\nindustry: b\naccount_manager: c\naudience: {audience}\n");
    house.put("customers/two/sub/dossier.yaml", dossier("staff"));
    house.put(
        &format!("customers/two/sub/things/{}.md", word("record name")),
        format!("---\nnote: {}\n---\n", both("first note")),
    );
    house.commit("a dossier by itself");
    house.remove("customers/two/sub/dossier.yaml");
    house.put("customers/two/dossier.yaml", dossier("finance"));
    house.put(&format!("customers/two/sub/things/{}.md", word("record name")), "---\nnote: other\n---\n");
    house.commit("a part of another");
    check(&house, &[("first note", For::Nobody)]);
    not_in_the_open(&house, &["record name"]);
}

#[test]
fn records_that_went_before_their_dossier_was_renamed_ask_for_what_it_asks_now() {
    let house = house_with(&[]);
    let dossier =
        |audience: &str| format!("name: Two\ntier: a\nindustry: b\naccount_manager: c\naudience: {audience}\n");
    house.put("customers/two/dossier.yaml", dossier("staff"));
    house.put("customers/two/things/x.md", format!("---\ntitle: {}\n---\n", both("gone title")));
    house.commit("come");
    house.remove("customers/two/things/x.md");
    house.commit("gone");
    house.remove("customers/two/dossier.yaml");
    house.put("customers/three/dossier.yaml", dossier("staff"));
    house.commit("renamed");
    house.put("customers/three/dossier.yaml", dossier("finance"));
    house.commit("restricted");
    house.must_build();
    assert!(!Site::of(&house).haystack().holds(&[word("gone title")]));
}

#[test]
fn two_large_texts_without_a_common_sentence_are_compared_in_time() {
    let text = |from: usize| (from..from + 150_000).map(|n| format!("{n:x}. ")).collect::<String>();
    let (before, after) = (text(0), text(1_000_000));
    let start = std::time::Instant::now();
    assert_eq!(strongroom::history::compare(&before, &after).len(), 300_000);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn odd_commits_and_names_are_read_to_the_end() {
    let house = lived(&["---\nnote: x\n---\n"]);
    let repository = git2::Repository::open(house.archive()).unwrap();
    let (first, _) = head(&house);
    let tree = repository.find_commit(first).unwrap().tree().unwrap();
    // A folder in a folder, some thousand times.
    let blob = repository.blob(b"---\nnote: deep\n---\n").unwrap();
    let mut builder = repository.treebuilder(None).unwrap();
    builder.insert("x.md", blob, 0o100_644).unwrap();
    let mut deep = builder.write().unwrap();
    for _ in 0..10_000 {
        let mut builder = repository.treebuilder(None).unwrap();
        builder.insert("d", deep, 0o040_000).unwrap();
        deep = builder.write().unwrap();
    }
    let one = tree.get_path(std::path::Path::new("customers/one")).unwrap().id();
    let mut builder = repository.treebuilder(Some(&repository.find_tree(one).unwrap())).unwrap();
    builder.insert("deep", deep, 0o040_000).unwrap();
    let customer = builder.write().unwrap();
    let mut builder =
        repository.treebuilder(Some(&repository.find_tree(tree.get_name("customers").unwrap().id()).unwrap())).unwrap();
    builder.insert("one", customer, 0o040_000).unwrap();
    let customers = builder.write().unwrap();
    let mut builder = repository.treebuilder(Some(&tree)).unwrap();
    builder.insert("customers", customers, 0o040_000).unwrap();
    let odd = builder.write().unwrap();
    let odb = repository.odb().unwrap();
    let mut parent = first;
    for (tree, head, message) in [
        (odd, "author \u{7} <> 99999999999999 +9999\ncommitter <<>> -1 -0001\n", "m".to_owned()),
        (tree.id(), "author a <a> 1e9\ncommitter\n", "很".repeat(2_000_000)),
        (
            tree.id(),
            "author a <a> 253402300800 +0000\ncommitter a <a> -99999999999 +0000\nencoding x\n",
            "\u{1b}[2J".into(),
        ),
    ] {
        let mut raw = format!("tree {tree}\nparent {parent}\n{head}\n").into_bytes();
        raw.extend(message.as_bytes());
        raw.push(0xff);
        parent = odb.write(git2::ObjectType::Commit, &raw).unwrap();
    }
    repository.reference("refs/heads/main", parent, true, "m").unwrap();
    drop(tree);
    let start = std::time::Instant::now();
    house.must_build();
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn what_is_missing_is_said_without_names() {
    let house = lived(&["---\nnote: x\n---\n"]);
    let repository = git2::Repository::open(house.archive()).unwrap();
    let (first, _) = head(&house);
    let tree = repository.find_commit(first).unwrap().tree().unwrap();
    let mut builder = repository.treebuilder(Some(&tree)).unwrap();
    builder.insert(format!("{}:{}", word("colon"), "x"), repository.blob(b"x").unwrap(), 0o100_644).unwrap();
    let with = repository.find_tree(builder.write().unwrap()).unwrap();
    let person = git2::Signature::new("p", "p@example.invalid", &git2::Time::new(1_740_000_000, 0)).unwrap();
    let parent = repository.find_commit(first).unwrap();
    let bad = repository.commit(Some("HEAD"), &person, &person, "m", &with, &[&parent]).unwrap();
    let bad = repository.find_commit(bad).unwrap();
    repository.commit(Some("HEAD"), &person, &person, "m", &tree, &[&bad]).unwrap();
    not_in_the_open(&house, &["colon"]);
}

#[test]
fn rows_keep_what_their_description_asked_when_one_of_them_goes_to_another_dossier() {
    let house = house_with(&[(
        "types/flow.yaml",
        "title: Flow\nkind: series\nfolder: flows\naudience: staff\nfields:\n  week: {kind: week}\n  volume: {kind: text}\n",
    )]);
    let dossier = "name: Two\ntier: a\nindustry: b\naccount_manager: c\naudience: staff\n";
    house.put("customers/two/dossier.yaml", dossier);
    let description = "type: flow\ntitle: rows of finance, once\naudience: finance\nrows: [2025.csv]\n";
    house.put("customers/one/flows/all.yaml", description);
    let rows = |cell: &str| format!("week,volume\n2025-W01,1\n2025-W02,2\n2025-W03,3\n2025-W04,{cell}\n");
    house.put("customers/one/flows/2025.csv", rows("4"));
    house.commit("for finance");
    house.put("customers/one/flows/2025.csv", rows(&both("secret cell")));
    house.commit("a row");
    house.put("customers/one/flows/2025.csv", rows("5"));
    house.commit("another");
    house.remove("customers/one/flows/2025.csv");
    house.remove("customers/one/flows/all.yaml");
    house.put("customers/two/flows/2025.csv", rows("5"));
    house.commit("the rows alone go");
    house.must_build();
    assert!(!Site::of(&house).haystack().holds(&[word("secret cell")]));
}

#[test]
fn a_message_is_not_told_where_its_commit_brought_a_file_from_outside() {
    let house = house_with(&[]);
    let text = "---\nnote: x\n---\na text\n";
    house.put("drafts/a.md", text);
    house.commit("a draft");
    house.remove("drafts/a.md");
    house.put(A, text);
    house.put("customers/one/things/b.md", "---\nnote: open\n---\n");
    house.commit(&both("of what was outside"));
    check(&house, &[("of what was outside", For::Nobody)]);
}

#[test]
fn a_type_under_a_wrong_name_is_a_doubt() {
    let house = house_with(&[]);
    house.put(A, "---\nnote: x\n---\n");
    house.commit("begun");
    let strict = "title: Thing\nfolder: things\naudience: legal\nfields:\n  note: {kind: text}\n";
    house.put("types/strict.yml", strict);
    house.put(A, format!("---\nnote: {}\n---\n", both("under a wrong name")));
    house.commit("meant to be restricted");
    house.remove("types/strict.yml");
    house.put(A, "---\nnote: y\n---\n");
    house.commit("mended");
    check(&house, &[("under a wrong name", For::Nobody)]);
}
