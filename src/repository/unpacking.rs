//! Reading what was packed for somebody else, without the repository that it came from. Every object is known by its
//! content, so that one which was changed is another one, and is missing where it is named.

use super::id::ContentId;
use super::past::{PastCommit, commit_of};
use git2::{ErrorCode, ObjectType, Oid, Repository};
use std::collections::BTreeSet;
use std::io::Write;

/// Objects in a place of their own, which goes when this is dropped.
pub struct Unpacked {
    repository: Repository,
    tips: Vec<ContentId>,
    _folder: tempfile::TempDir,
}

impl Unpacked {
    /// Reads a bundle.
    ///
    /// # Errors
    /// In words, where it is none or is damaged.
    pub fn bundle(bytes: &[u8]) -> Result<Self, String> {
        let rest = bytes.strip_prefix(b"# v2 git bundle\n").ok_or("it does not begin as a bundle")?;
        let end = rest.windows(2).position(|two| two == b"\n\n").ok_or("its list of branches has no end")?;
        let (head, pack) = rest.split_at(end + 2);
        let head = std::str::from_utf8(head).map_err(|_| "its list of branches is no text")?;
        let mut tips = Vec::new();
        for line in head.lines().filter(|line| !line.is_empty()) {
            let id = line.split_once(' ').and_then(|(id, _)| ContentId::parse(id));
            let id = id.ok_or("its list of branches has a line that names no commit")?;
            if !tips.contains(&id) {
                tips.push(id);
            }
        }
        Self::pack(pack, &tips)
    }

    /// Reads a pack, of whose commits these are the last.
    ///
    /// # Errors
    /// In words, where it is none or is damaged.
    pub fn pack(bytes: &[u8], tips: &[ContentId]) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let said = |error: git2::Error| error.message().to_owned();
        let repository = Repository::init_bare(folder.path()).map_err(said)?;
        let objects = repository.odb().map_err(said)?;
        let mut writer = objects.packwriter().map_err(said)?;
        writer.write_all(bytes).map_err(|error| error.to_string())?;
        writer.commit().map_err(said)?;
        drop(writer);
        drop(objects);
        Ok(Self { repository, tips: tips.to_vec(), _folder: folder })
    }

    /// The commits that it was made for.
    #[must_use]
    pub fn tips(&self) -> Vec<ContentId> {
        self.tips.clone()
    }

    /// Follows every commit from the tips on, and each object that they name; gives the commits. Where not `all` has to be
    /// there, what is named and missing is passed over, but for the tips.
    ///
    /// # Errors
    /// In words, where an object is missing or is not what its id says.
    pub fn check(&self, all: bool) -> Result<Vec<PastCommit>, String> {
        let mut commits = Vec::new();
        let mut met = BTreeSet::new();
        let mut open: Vec<Oid> = Vec::new();
        for tip in &self.tips {
            open.push(tip.to_oid().map_err(|error| error.message().to_owned())?);
        }
        let tips = open.clone();
        let objects = self.repository.odb().map_err(|error| error.message().to_owned())?;
        while let Some(id) = open.pop() {
            if !met.insert(id) {
                continue;
            }
            let object = match objects.read(id) {
                Ok(object) => object,
                Err(error) if error.code() == ErrorCode::NotFound && !all && !tips.contains(&id) => continue,
                Err(error) if error.code() == ErrorCode::NotFound => return Err(format!("the object {id} is missing")),
                Err(error) => return Err(format!("the object {id} cannot be read: {}", error.message())),
            };
            let kind = object.kind();
            let is = Oid::hash_object(kind, object.data()).map_err(|error| error.message().to_owned())?;
            if is != id {
                return Err(format!("the object {id} has the content of {is}"));
            }
            let unreadable = |error: git2::Error| format!("the object {id} cannot be read: {}", error.message());
            match kind {
                ObjectType::Commit => {
                    let commit = self.repository.find_commit(id).map_err(unreadable)?;
                    open.push(commit.tree_id());
                    open.extend(commit.parent_ids());
                    let content = ContentId::from_oid(&id).ok_or("an id has another length")?;
                    commits.push(commit_of(content, object.data()).ok_or_else(|| format!("the commit {id} is none"))?);
                }
                ObjectType::Tree => {
                    let tree = self.repository.find_tree(id).map_err(unreadable)?;
                    let inside = tree.iter().filter(|entry| entry.kind() != Some(ObjectType::Commit));
                    open.extend(inside.map(|entry| entry.id()));
                }
                _ => {}
            }
        }
        Ok(commits)
    }

    /// A file of a commit; `None` where it is not in what was packed.
    ///
    /// # Errors
    /// In words, where the commit is not there.
    pub fn file(&self, commit: ContentId, path: &str) -> Result<Option<Vec<u8>>, String> {
        let said = |error: git2::Error| error.message().to_owned();
        let commit = self.repository.find_commit(commit.to_oid().map_err(said)?).map_err(said)?;
        let Ok(tree) = commit.tree() else { return Ok(None) };
        let Ok(entry) = tree.get_path(std::path::Path::new(path)) else { return Ok(None) };
        Ok(self.repository.find_blob(entry.id()).ok().map(|blob| blob.content().to_vec()))
    }
}
