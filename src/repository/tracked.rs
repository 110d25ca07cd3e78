//! What a repository knows of the files in its work tree.

use std::collections::HashMap;

use git2::{IndexEntry, Repository};

use super::beneath::Stamp;
use super::changes::{ChangedPath, compared};
use super::error::OpenError;
use super::id::ContentId;
use super::index::{head_facts, inside, stage};
use super::listing::{Limits, find_folder, list};
use super::locate::Located;
use super::name::Problem;
use super::object;
use super::remembered::Remembered;
use super::snapshot::{FileEntry, FileKind, Origin};
use super::tree::Mode;

/// What the repository around the folder knows of its files.
pub(super) struct Tracked {
    pub(super) repository: Repository,
    folder: String,
    /// The index's entries below the folder, sorted by their path there.
    entries: Vec<(Vec<u8>, IndexEntry)>,
}

impl Tracked {
    /// `None` where the repository has nothing to do with the folder: it is bare, or ignores it.
    pub(super) fn of(located: Located) -> Result<Option<Self>, OpenError> {
        let Located { repository, folder } = located;
        if repository.workdir().is_none() {
            return Err(OpenError::NoWorkTree { path: repository.path().into() });
        }
        let failed =
            |error: git2::Error| OpenError::Git { path: repository.path().into(), detail: error.message().into() };
        let index = repository.index().map_err(failed)?;
        let mut entries: Vec<_> =
            index.iter().filter_map(|entry| Some((inside(&entry, &folder)?.to_vec(), entry))).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        if entries.is_empty() && !folder.is_empty() && repository.is_path_ignored(format!("{folder}/")).unwrap_or(false)
        {
            return Ok(None);
        }
        Ok(Some(Self { repository, folder, entries }))
    }

    fn entry(&self, path: &str) -> Option<&IndexEntry> {
        let at = self.entries.partition_point(|(name, _)| name.as_slice() < path.as_bytes());
        self.entries.get(at).filter(|(name, _)| name == path.as_bytes()).map(|(_, entry)| entry)
    }

    fn has_below(&self, folder: &str) -> bool {
        let prefix = format!("{folder}/").into_bytes();
        let at = self.entries.partition_point(|(name, _)| *name < prefix);
        self.entries.get(at).is_some_and(|(name, _)| name.starts_with(&prefix))
    }

    pub(super) fn ignores(&self, path: &str, is_folder: bool) -> bool {
        if self.entry(path).is_some() || (is_folder && self.has_below(path)) {
            return false;
        }
        let mut full = if self.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", self.folder) };
        if is_folder {
            full.push('/');
        }
        self.repository.is_path_ignored(full).unwrap_or(false)
    }

    pub(super) fn submodule(&self, path: &str) -> Option<FileEntry> {
        let entry = self.entry(path).filter(|entry| Mode::from_bits(entry.mode) == Mode::Submodule)?;
        Some(FileEntry { path: path.into(), id: ContentId::from_oid(&entry.id)?, kind: FileKind::Submodule })
    }

    pub(super) fn origin(
        &self,
        files: &[FileEntry],
        problems: &[Problem],
        stamps: &HashMap<String, Stamp>,
        remembered: &mut Remembered,
    ) -> Result<Origin, OpenError> {
        let objects = object::objects_of(&self.repository)?;
        let Some((head, root)) = head_facts(&self.repository, &objects)? else {
            return Ok(Origin::WorkTree { head: None, dirty: true });
        };
        let committed = match find_folder(&objects, root, &self.folder)? {
            Some(tree) => remembered.committed(tree, || Ok(list(&objects, tree, Limits::ARCHIVE)?.files))?,
            None => &[],
        };
        let differs = |change: &ChangedPath| !self.is_as_checked_out(change, stamps);
        let dirty = !problems.is_empty() || compared(committed, files).iter().any(differs);
        Ok(Origin::WorkTree { head: Some(head), dirty })
    }

    /// Whether git itself takes a file for unchanged though its bytes are not the commit's, as with line ends and Git
    /// LFS: it is staged as HEAD has it, and neither its size nor its time has changed since.
    fn is_as_checked_out(&self, change: &ChangedPath, stamps: &HashMap<String, Stamp>) -> bool {
        let (Some(entry), Some(old)) = (self.entry(&change.path), change.old) else { return false };
        let Some(stamp) = stamps.get(&change.path) else { return false };
        let time = (i64::from(entry.mtime.seconds()), i64::from(entry.mtime.nanoseconds()));
        stage(entry) == 0
            && ContentId::from_oid(&entry.id) == Some(old)
            // The index keeps the low 32 bits of times and sizes.
            && entry.file_size == (stamp.size & u64::from(u32::MAX)) as u32
            && time == (i64::from(stamp.modified.0 as i32), stamp.modified.1)
    }
}
