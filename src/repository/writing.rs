//! Writing a history that is known as a whole: commits become a new repository whose branch `main` is checked out.
//!
//! Commits have the ids that `git commit` would give them: nothing of this machine, its clock or its user's settings
//! goes in. All objects go into one pack, so that a new repository is as compact as a fresh clone.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use git2::build::CheckoutBuilder;
use git2::{Buf, Commit, ErrorCode, ObjectType, Oid, Repository, RepositoryInitOptions, Signature, Time};

use super::commit::Moment;
use super::id::ContentId;

/// The branch to which the last commit belongs.
const BRANCH: &str = "refs/heads/main";
/// The mode of an ordinary file.
const FILE: i32 = 0o100_644;
/// The mode of a folder.
const FOLDER: i32 = 0o040_000;
/// Objects wait in memory until they are all there: this backend is asked before the one on the disk.
const FIRST: i32 = 1000;

/// The files of one commit, by path, as ordinary files: no program, link or submodule is among them.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub mail: String,
    /// The moment.
    pub at: Moment,
}

/// A commit that is to be written.
#[derive(Clone, Debug)]
pub struct NewCommit {
    /// All files of the archive at this commit. Files that several commits have in common should share their content.
    pub files: Files,
    /// Where its parents stand among the commits; a merge has two, the first commit none.
    pub parents: Vec<usize>,
    /// Who made the change.
    pub author: Stamp,
    /// Who committed it.
    pub committer: Stamp,
    /// The message.
    pub message: String,
}

/// Signs the commit at this place among the commits: it is given the bytes that are to be signed and returns the
/// armoured signature, or nothing where the commit stays unsigned.
pub type Signer<'a> = dyn Fn(usize, &[u8]) -> Option<String> + 'a;

/// Why a repository could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WritingError {
    /// Its folder.
    pub path: PathBuf,
    /// What is wrong.
    pub detail: String,
}

impl fmt::Display for WritingError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the repository {} cannot be written: {}", self.path.display(), self.detail)
    }
}

impl std::error::Error for WritingError {}

/// Starts a repository in a folder, which is made if it is not there, writes commits into it, each after its parents,
/// and checks the last one out. Returns their ids in the same order.
///
/// # Errors
/// Where there is a repository in the folder already, it cannot be written, a file stands where a folder should, or a
/// commit names a parent that does not stand before it.
pub fn write_history(path: &Path, commits: &[NewCommit], sign: &Signer<'_>) -> Result<Vec<ContentId>, WritingError> {
    let failed = |error: git2::Error| {
        let detail = match error.code() {
            ErrorCode::Exists => "there is something already".to_owned(),
            _ => error.message().to_owned(),
        };
        WritingError { path: path.into(), detail }
    };
    let mut options = RepositoryInitOptions::new();
    options.initial_head("main").external_template(false).no_reinit(true).mkpath(true);
    let repository = Repository::init_opts(path, &options).map_err(failed)?;
    let ids = write_objects(&repository, commits, sign).map_err(failed)?;
    if let Some(tip) = ids.last() {
        repository.reference(BRANCH, *tip, false, "init").map_err(failed)?;
        // What git would make of line ends on this machine must not change a file that other files are sealed beside.
        let mut checkout = CheckoutBuilder::new();
        repository.checkout_head(Some(checkout.safe().disable_filters(true))).map_err(failed)?;
    }
    Ok(ids.iter().filter_map(ContentId::from_oid).collect())
}

fn write_objects(repository: &Repository, commits: &[NewCommit], sign: &Signer<'_>) -> Result<Vec<Oid>, git2::Error> {
    let objects = repository.odb()?;
    let waiting = objects.add_new_mempack_backend(FIRST)?;
    let mut blobs = Blobs { repository, known: HashMap::new() };
    let mut ids: Vec<Oid> = Vec::new();
    for (number, commit) in commits.iter().enumerate() {
        let mut top = Folder::default();
        for (path, content) in &commit.files {
            top.put(path, blobs.id(content)?)?;
        }
        let tree = repository.find_tree(top.write(repository)?)?;
        let parents = commit.parents.iter().map(|&at| {
            let id = ids.get(at).ok_or_else(|| git2::Error::from_str("a commit stands before its parent"))?;
            repository.find_commit(*id)
        });
        let parents = parents.collect::<Result<Vec<Commit<'_>>, _>>()?;
        let parents: Vec<&Commit<'_>> = parents.iter().collect();
        let (author, committer) = (commit.author.signature()?, commit.committer.signature()?);
        let bytes = repository.commit_create_buffer(&author, &committer, &commit.message, &tree, &parents)?;
        ids.push(match sign(number, &bytes) {
            None => objects.write(ObjectType::Commit, &bytes)?,
            Some(signature) => {
                let text = std::str::from_utf8(&bytes).map_err(|error| git2::Error::from_str(&error.to_string()))?;
                repository.commit_signed(text, &signature, None)?
            }
        });
    }
    let mut pack = Buf::new();
    waiting.dump(repository, &mut pack)?;
    let mut writer = objects.packwriter()?;
    writer.write_all(&pack).map_err(|error| git2::Error::from_str(&error.to_string()))?;
    writer.commit()?;
    waiting.reset()?;
    Ok(ids)
}

impl Stamp {
    fn signature(&self) -> Result<Signature<'static>, git2::Error> {
        Signature::new(&self.name, &self.mail, &Time::new(self.at.seconds, self.at.offset_minutes))
    }
}

/// The ids of contents that have been written.
struct Blobs<'a> {
    repository: &'a Repository,
    /// By where the content lies in memory and how long it is: all commits are there until the end, and the few
    /// hundred files of one are nearly all those of the one before, so that hashing them again would take longest.
    known: HashMap<(*const u8, usize), Oid>,
}

impl Blobs<'_> {
    fn id(&mut self, content: &Arc<[u8]>) -> Result<Oid, git2::Error> {
        let key = (content.as_ptr(), content.len());
        if let Some(id) = self.known.get(&key) {
            return Ok(*id);
        }
        let id = self.repository.blob(content)?;
        self.known.insert(key, id);
        Ok(id)
    }
}

/// A folder that is to become a tree.
#[derive(Default)]
struct Folder<'a> {
    files: BTreeMap<&'a str, Oid>,
    folders: BTreeMap<&'a str, Folder<'a>>,
}

impl<'a> Folder<'a> {
    fn put(&mut self, path: &'a str, id: Oid) -> Result<(), git2::Error> {
        let clash = || git2::Error::from_str(&format!("{path} is a file and a folder"));
        match path.split_once('/') {
            Some((name, _)) if self.files.contains_key(name) => Err(clash()),
            Some((name, rest)) => self.folders.entry(name).or_default().put(rest, id),
            None if self.folders.contains_key(path) => Err(clash()),
            None => {
                self.files.insert(path, id);
                Ok(())
            }
        }
    }

    fn write(&self, repository: &Repository) -> Result<Oid, git2::Error> {
        let mut tree = repository.treebuilder(None)?;
        for (name, id) in &self.files {
            tree.insert(name, *id, FILE)?;
        }
        for (name, folder) in &self.folders {
            tree.insert(name, folder.write(repository)?, FOLDER)?;
        }
        tree.write()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::{open_commit, open_work_tree};

    fn stamp(name: &str, seconds: i64) -> Stamp {
        let mail = format!("{name}@yunxi-telecom.example");
        Stamp { name: name.into(), mail, at: Moment { seconds, offset_minutes: 480 } }
    }

    fn commit(files: &[(&str, &str)], parents: &[usize], message: &str) -> NewCommit {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), Arc::from(text.as_bytes()))).collect();
        NewCommit {
            files,
            parents: parents.to_vec(),
            author: stamp("陶然", 1_728_352_800),
            committer: stamp("叶青", 1_728_356_400),
            message: message.into(),
        }
    }

    fn history() -> Vec<NewCommit> {
        vec![
            commit(&[("a.md", "one\r\n"), ("b/c.md", "x")], &[], "起始\n"),
            commit(&[("a.md", "two"), ("b/c.md", "x")], &[0], "在支线上\n"),
            commit(&[("a.md", "one\r\n"), ("b/d/e.md", "y")], &[0], "删除\n"),
            commit(&[("a.md", "two"), ("b/d/e.md", "y")], &[2, 1], "合并\n"),
        ]
    }

    #[test]
    fn ids_are_those_that_git_gives_whatever_the_machine() {
        let folder = tempfile::tempdir().unwrap();
        let one = write_history(&folder.path().join("one"), &history(), &|_, _| None).unwrap();
        let two = write_history(&folder.path().join("two"), &history(), &|_, _| None).unwrap();
        assert_eq!(one, two);
        // What `git commit-tree` says for the first of them, with the same names and dates.
        assert_eq!(one[0].to_string(), "b7fbe75b4b5f7f0396513531401743419651d9e3");
    }

    #[test]
    fn the_last_commit_is_on_main_and_checked_out_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let ids = write_history(folder.path(), &history(), &|_, _| None).unwrap();
        let repository = Repository::open(folder.path()).unwrap();
        assert_eq!(repository.head().unwrap().name_bytes(), BRANCH.as_bytes());
        let tip = repository.head().unwrap().peel_to_commit().unwrap();
        assert_eq!(tip.id().to_string(), ids[3].to_string());
        assert_eq!(
            tip.parent_ids().map(|id| id.to_string()).collect::<Vec<_>>(),
            [ids[2].to_string(), ids[1].to_string()]
        );
        assert_eq!((tip.author().name_bytes(), tip.committer().when().offset_minutes()), ("陶然".as_bytes(), 480));
        assert_eq!(std::fs::read(folder.path().join("a.md")).unwrap(), b"two");
        assert!(repository.statuses(None).unwrap().is_empty());
        let (committed, on_disk) = (open_commit(folder.path(), None, None), open_work_tree(folder.path()));
        assert_eq!(committed.unwrap().files().len(), on_disk.unwrap().files().len());
        let first = open_commit(folder.path(), None, Some(&ids[0].to_string())).unwrap();
        assert_eq!(first.files().iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["a.md", "b/c.md"]);
    }

    #[test]
    fn line_ends_stay_as_they_are_in_the_work_tree() {
        let folder = tempfile::tempdir().unwrap();
        write_history(folder.path(), &history()[..1], &|_, _| None).unwrap();
        assert_eq!(std::fs::read(folder.path().join("a.md")).unwrap(), b"one\r\n");
    }

    #[test]
    fn a_signature_stands_in_the_commit_and_is_given_the_rest_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let sign = |number: usize, bytes: &[u8]| {
            assert!(bytes.starts_with(b"tree ") && bytes.ends_with("\n".as_bytes()));
            (number == 1).then(|| "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----".to_owned())
        };
        let ids = write_history(folder.path(), &history(), &sign).unwrap();
        let repository = Repository::open(folder.path()).unwrap();
        let signed = |id: &ContentId| repository.extract_signature(&id.to_oid().unwrap(), None).is_ok();
        assert_eq!(ids.iter().map(signed).collect::<Vec<_>>(), [false, true, false, false]);
        let (signature, payload) = repository.extract_signature(&ids[1].to_oid().unwrap(), None).unwrap();
        assert!(signature.starts_with(b"-----BEGIN SSH"));
        assert!(payload.starts_with(b"tree ") && payload.ends_with("在支线上\n".as_bytes()));
    }

    #[test]
    fn what_cannot_be_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let unborn = commit(&[("a", "x")], &[1], "x");
        let error = write_history(&folder.path().join("a"), &[unborn], &|_, _| None).unwrap_err();
        assert!(error.to_string().contains("before its parent"), "{error}");
        let clash = commit(&[("a", "x"), ("a/b", "y")], &[], "x");
        let error = write_history(&folder.path().join("b"), &[clash], &|_, _| None).unwrap_err();
        assert!(error.to_string().contains("a file and a folder"), "{error}");
        let error = write_history(&folder.path().join("b"), &history(), &|_, _| None).unwrap_err();
        assert!(error.to_string().contains("already"), "{error}");
    }
}
