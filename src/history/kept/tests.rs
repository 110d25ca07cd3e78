use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::repository::fixture::Fixture;
use crate::repository::random_fixture::{made, steps};

/// A repository, and the place where its past is kept.
struct Place {
    fixture: Fixture,
    state: TempDir,
    key: SealingKey,
}

impl Place {
    fn new() -> Self {
        Self { fixture: Fixture::new(), state: tempfile::tempdir().unwrap(), key: SealingKey::generate().unwrap() }
    }

    fn folder(&self) -> PathBuf {
        self.state.path().join("history")
    }

    fn kept(&self) -> Kept<'_> {
        Kept::at(self.folder(), &self.key).unwrap()
    }

    fn open(&self, tip: Oid) -> PastReader {
        PastReader::open(self.fixture.path(), None, Some(&tip.to_string())).unwrap()
    }

    /// Reads the past with what is kept, and holds it against one that is read anew.
    fn past(&self, tip: Oid) -> Outcome {
        let (past, outcome) = self.kept().past(self.open(tip)).unwrap();
        let fresh = Past::read(self.fixture.path(), None, Some(&tip.to_string())).unwrap();
        assert_eq!(past.commits, fresh.commits);
        assert_eq!(past.gaps, fresh.gaps);
        assert_eq!((past.tip, past.folder), (fresh.tip, fresh.folder));
        outcome
    }

    /// A commit of one file after another commit.
    fn commit(&self, parent: Option<Oid>, content: &str, seconds: i64) -> Oid {
        let parents: Vec<_> = parent.into_iter().collect();
        let tree = self.fixture.tree(&[("customers/云溪水电/note", content), ("strongroom.yaml", "x")]);
        self.fixture.commit_after(&parents, tree, seconds)
    }

    /// So many commits, one after the other.
    fn line(&self, count: i64) -> Vec<Oid> {
        let mut commits: Vec<Oid> = Vec::new();
        for seconds in 0..count {
            commits.push(self.commit(commits.last().copied(), &seconds.to_string(), seconds));
        }
        commits
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> = std::fs::read_dir(self.folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "age"));
        files.sort();
        files
    }
}

fn read(read: usize) -> Outcome {
    Outcome { read, ..Outcome::default() }
}

fn discarded(read: usize, misfit: Misfit) -> Outcome {
    Outcome { read, discarded: Some(misfit), ..Outcome::default() }
}

#[test]
fn only_what_is_new_is_read() {
    let place = Place::new();
    let commits = place.line(9);
    assert_eq!(place.past(commits[4]), read(5));
    assert_eq!(place.past(commits[4]), read(0));
    assert_eq!(place.past(commits[8]), read(4));
    assert_eq!(place.kept().extend(&place.open(commits[8])).unwrap(), read(0));
    let last = place.commit(Some(commits[8]), "last", 99);
    assert_eq!(place.kept().extend(&place.open(last)).unwrap(), read(1));
    assert_eq!(place.past(last), read(0));
}

#[test]
fn whoever_looks_gets_the_same_and_leaves_what_is_kept_as_it_is() {
    let place = Place::new();
    let commits = place.line(6);
    let other = place.commit(Some(commits[1]), "other", 50);
    let looked = |tip: Oid| {
        let past = place.kept().look(place.open(tip)).unwrap();
        let fresh = Past::read(place.fixture.path(), None, Some(&tip.to_string())).unwrap();
        assert_eq!((past.commits, past.gaps, past.tip), (fresh.commits, fresh.gaps, fresh.tip));
    };
    looked(commits[3]);
    assert!(!place.folder().exists());
    place.past(commits[3]);
    let read = |path: &PathBuf| std::fs::read(path).unwrap();
    let before: Vec<_> = place.files().iter().map(read).collect();
    [commits[3], commits[5], commits[1], other].into_iter().for_each(looked);
    assert_eq!(place.files().iter().map(read).collect::<Vec<_>>(), before);
    std::fs::write(&place.files()[0], "damaged").unwrap();
    looked(commits[5]);
}

#[test]
fn what_was_removed_from_the_repository_meanwhile_is_still_known() {
    let place = Place::new();
    let commits = place.line(3);
    place.past(commits[1]);
    std::fs::remove_file(place.fixture.object_path(commits[0])).unwrap();
    let (past, outcome) = place.kept().past(place.open(commits[2])).unwrap();
    assert_eq!((past.commits.len(), past.gaps.len(), outcome), (3, 0, read(1)));
}

#[test]
fn a_past_that_was_rewritten_is_read_anew_and_said_to_be() {
    let place = Place::new();
    let commits = place.line(4);
    place.past(commits[3]);
    let other = place.commit(Some(commits[1]), "other", 50);
    let rewritten = ContentId::from_bytes(commits[3].as_bytes().try_into().unwrap());
    let expected = Outcome { rewritten: Some(rewritten), ..discarded(3, Misfit::Rewritten) };
    assert_eq!(place.past(other), expected);
    assert_eq!(place.past(other), read(0));
}

#[test]
fn a_merge_of_an_older_branch_is_settled_among_what_was_kept() {
    let place = Place::new();
    let commits = place.line(4);
    place.past(commits[3]);
    let branch = place.commit(Some(commits[0]), "branch", 1);
    let tree = place.fixture.tree(&[("customers/云溪水电/note", "3"), ("strongroom.yaml", "x")]);
    let merge = place.fixture.commit_after(&[commits[3], branch], tree, 9);
    assert_eq!(place.past(merge), read(2));
}

#[test]
fn damaged_files_are_thrown_away() {
    let place = Place::new();
    let commits = place.line(5);
    for damage in 0..4 {
        place.past(commits[4]);
        for which in 0..2 {
            let file = &place.files()[which];
            let bytes = std::fs::read(file).unwrap();
            let mut changed = bytes.clone();
            match damage {
                0 => changed.truncate(bytes.len() / 2),
                1 => changed.clear(),
                2 => changed[bytes.len() - 20] ^= 1,
                _ => changed[3] ^= 1,
            }
            std::fs::write(file, changed).unwrap();
            assert_eq!(place.past(commits[4]), discarded(5, Misfit::Damaged), "{damage}");
        }
        // A segment that is not there.
        let segment = place.files().into_iter().find(|file| !file.ends_with("manifest.age")).unwrap();
        std::fs::remove_file(segment).unwrap();
        assert_eq!(place.past(commits[4]), discarded(5, Misfit::Damaged));
    }
}

#[test]
fn a_segment_cannot_stand_in_the_place_of_another() {
    let place = Place::new();
    let commits = place.line(40);
    place.past(commits[20]);
    place.past(commits[21]);
    let segments: Vec<_> = place.files().into_iter().filter(|file| !file.ends_with("manifest.age")).collect();
    assert_eq!(segments.len(), 2);
    std::fs::copy(&segments[0], &segments[1]).unwrap();
    assert_eq!(place.past(commits[21]), discarded(22, Misfit::Damaged));
}

#[test]
fn another_key_or_another_folder_begins_anew() {
    let mut place = Place::new();
    let commits = place.line(3);
    place.past(commits[2]);
    place.key = SealingKey::generate().unwrap();
    assert_eq!(place.past(commits[2]), discarded(3, Misfit::Damaged));
    let below = PastReader::open(place.fixture.path(), Some("customers"), Some(&commits[2].to_string())).unwrap();
    let (past, outcome) = place.kept().past(below).unwrap();
    assert_eq!((past.folder.as_str(), outcome), ("customers", discarded(3, Misfit::OtherFolder)));
}

#[test]
fn a_clone_that_goes_back_further_is_read_anew() {
    let place = Place::new();
    let commits = place.line(4);
    let shallow = place.fixture.repository.path().join("shallow");
    std::fs::write(&shallow, format!("{}\n", commits[2])).unwrap();
    assert_eq!(place.past(commits[3]), read(2));
    // The boundary has a gap, so that it is read again each time.
    assert_eq!(place.past(commits[3]), read(1));
    std::fs::write(&shallow, format!("{}\n", commits[1])).unwrap();
    assert_eq!(place.past(commits[3]), discarded(3, Misfit::OtherBoundary));
    std::fs::remove_file(shallow).unwrap();
    assert_eq!(place.past(commits[3]), discarded(4, Misfit::OtherBoundary));
    assert_eq!(place.past(commits[3]), read(0));
}

#[test]
fn what_was_missing_is_looked_for_again() {
    let place = Place::new();
    let commits = place.line(4);
    let hidden = place.fixture.object_path(commits[1]);
    let elsewhere = place.state.path().join("hidden");
    std::fs::rename(&hidden, &elsewhere).unwrap();
    assert_eq!(place.past(commits[2]), read(1));
    assert_eq!(place.past(commits[3]), read(2));
    std::fs::rename(&elsewhere, &hidden).unwrap();
    assert_eq!(place.past(commits[3]), discarded(4, Misfit::Filled));
    // A folder that comes back is simply read.
    let tree = place.fixture.repository.find_commit(commits[2]).unwrap().tree_id();
    let tree = place.fixture.object_path(tree);
    std::fs::rename(&tree, &elsewhere).unwrap();
    std::fs::remove_dir_all(place.folder()).unwrap();
    assert_eq!(place.past(commits[3]), read(4));
    std::fs::rename(&elsewhere, &tree).unwrap();
    assert_eq!(place.past(commits[3]), read(2));
}

#[test]
fn segments_stay_few() {
    let place = Place::new();
    let commits = place.line(120);
    for commit in &commits {
        assert_eq!(place.kept().extend(&place.open(*commit)).unwrap(), read(1));
    }
    assert_eq!(place.past(commits[119]), read(0));
    let files = place.files().len();
    assert!(files <= 9, "{files}");
}

#[test]
fn large_pasts_are_divided() {
    let place = Place::new();
    let tree = place.fixture.tree(&[("a", "1")]);
    let mut parent = String::new();
    let mut tip = None;
    for second in 1..=3 {
        let person = format!("a <a@example.cn> {second} +0000");
        let why = "x".repeat(MOST_BYTES);
        let text = format!("tree {tree}\n{parent}author {person}\ncommitter {person}\n\n{why}");
        let id = place.fixture.repository.odb().unwrap().write(ObjectType::Commit, text.as_bytes()).unwrap();
        parent = format!("parent {id}\n");
        tip = Some(id);
    }
    assert_eq!(place.past(tip.unwrap()), read(3));
    assert_eq!(place.files().len(), 4);
    assert_eq!(place.past(tip.unwrap()), read(0));
}

#[test]
fn no_plaintext_is_kept() {
    let place = Place::new();
    let commits = place.line(3);
    place.past(commits[2]);
    let secrets: [&[u8]; 5] = ["云溪水电".as_bytes(), b"note", "李薇".as_bytes(), b"li.wei", commits[1].as_bytes()];
    for file in place.files() {
        let bytes = std::fs::read(&file).unwrap();
        assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
        let found = secrets.iter().find(|secret| bytes.windows(secret.len()).any(|window| window == **secret));
        assert_eq!(found, None, "{}", file.display());
    }
    let mode = |path: &Path| std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).unwrap().permissions());
    assert_eq!(mode(&place.folder()) & 0o077, 0);
    assert!(place.files().iter().all(|file| mode(file) & 0o077 == 0));
}

#[test]
fn where_nothing_can_be_written_everything_is_read_each_time() {
    let place = Place::new();
    let commits = place.line(3);
    std::fs::write(place.folder(), "a file where the folder should be").unwrap();
    for _ in 0..2 {
        let outcome = place.past(commits[2]);
        assert_eq!((outcome.read, outcome.not_kept.is_some()), (3, true));
    }
}

#[test]
fn what_a_killed_build_left_is_cleared_away() {
    let place = Place::new();
    let commits = place.line(2);
    place.past(commits[0]);
    let left = [".half-abc", "kkkkkkkkkkkkkkkkkkkkkkkk.age"].map(|name| place.folder().join(name));
    left.iter().for_each(|path| std::fs::write(path, "x").unwrap());
    let foreign = place.folder().join("something else");
    std::fs::write(&foreign, "x").unwrap();
    place.past(commits[1]);
    assert!(left.iter().all(|path| !path.exists()) && foreign.exists());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn with_what_is_kept_the_past_is_the_same_as_without(
        steps in steps(),
        tips in prop::collection::vec(any::<prop::sample::Index>(), 1..5),
        damage in prop::option::of((any::<prop::sample::Index>(), any::<prop::sample::Index>())),
    ) {
        let place = Place::new();
        let commits = made(&place.fixture, &steps);
        for (at, tip) in tips.iter().enumerate() {
            if let (Some((file, byte)), true) = (damage, at == 1) {
                let files = place.files();
                let file = file.get(&files);
                let mut bytes = std::fs::read(file).unwrap();
                let byte = byte.index(bytes.len());
                bytes[byte] ^= 0x10;
                std::fs::write(file, bytes).unwrap();
            }
            place.past(tip.get(&commits).0);
        }
    }
}
