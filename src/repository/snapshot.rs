//! An archive's files at one moment.

use std::collections::HashMap;
use std::fmt;
use std::io::Read;

use git2::{ObjectType, Odb, Repository};

use super::added::Added;
use super::beneath::{Folder, Stamp};
use super::commit::CommitFacts;
use super::error::{ObjectFault, ReadError};
use super::id::ContentId;
use super::lfs::{self, LfsFault, LfsStore, Pointer};
use super::listing::Listing;
use super::name::Problem;
use super::object;
use super::stream::Stream;

/// Where a snapshot comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A commit.
    Commit(CommitFacts),
    /// The folder as it lies on the disk, inside a repository.
    WorkTree {
        /// HEAD's commit; `None` where there is no commit yet.
        head: Option<CommitFacts>,
        /// Whether the archive differs from HEAD's.
        dirty: bool,
    },
    /// What is staged for the next commit.
    Index {
        /// HEAD's commit; `None` where there is no commit yet.
        head: Option<CommitFacts>,
    },
    /// A folder that no repository holds, or that the one around it ignores.
    OutsideGit,
}

/// What an entry of a snapshot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A file with content.
    Regular,
    /// A symbolic link. It is never followed; its id is that of the path it holds.
    SymbolicLink,
    /// The place of another repository; its id is that of a commit there.
    Submodule,
}

/// One file of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Its path inside the archive: UTF-8 names parted by `/`, none of them empty, `.`, `..` or `.git`.
    pub path: String,
    /// The id of its content, the same for equal bytes whatever the source.
    pub id: ContentId,
    /// What it is.
    pub kind: FileKind,
}

/// All files of an archive at one moment. Any number of threads may read from it at once.
pub struct Snapshot {
    origin: Origin,
    files: Vec<FileEntry>,
    folders: HashMap<String, ContentId>,
    problems: Vec<Problem>,
    source: Source,
    lfs: Option<LfsStore>,
    /// Files that are not there yet, by path.
    added: HashMap<String, Added>,
}

enum Source {
    Objects(Odb<'static>),
    Folder { folder: Folder, stamps: HashMap<String, Stamp> },
    Memory(HashMap<String, Vec<u8>>),
}

impl Snapshot {
    pub(super) fn of_objects(origin: Origin, listing: Listing, objects: Odb<'static>, repository: &Repository) -> Self {
        let Listing { files, folders, problems } = listing;
        let lfs = Some(LfsStore::of(repository));
        Self { origin, files, folders, problems, source: Source::Objects(objects), lfs, added: HashMap::new() }
    }

    pub(super) fn of_folder(
        origin: Origin,
        listing: Listing,
        folder: Folder,
        stamps: HashMap<String, Stamp>,
        lfs: Option<LfsStore>,
    ) -> Self {
        let Listing { files, folders, problems } = listing;
        Self { origin, files, folders, problems, source: Source::Folder { folder, stamps }, lfs, added: HashMap::new() }
    }

    /// A few files by themselves: what stood at some commit, or a part of it, read as if it were a folder. Their paths
    /// and ids are taken as they are, and are not held against their content again.
    #[must_use]
    pub fn in_memory(files: Vec<(String, ContentId, Vec<u8>)>) -> Self {
        let mut entries = Vec::with_capacity(files.len());
        let mut contents = HashMap::with_capacity(files.len());
        for (path, id, bytes) in files {
            entries.push(FileEntry { path: path.clone(), id, kind: FileKind::Regular });
            contents.insert(path, bytes);
        }
        entries.sort_by(|one: &FileEntry, other| one.path.cmp(&other.path));
        Self {
            origin: Origin::OutsideGit,
            files: entries,
            folders: HashMap::new(),
            problems: Vec::new(),
            source: Source::Memory(contents),
            lfs: None,
            added: HashMap::new(),
        }
    }

    /// The snapshot as it would be with more files: what a change comes to is read before anything is written. A file
    /// that is there already stays as it is.
    #[must_use]
    pub fn with_added(mut self, added: Vec<(String, Added)>) -> Self {
        let mut more = Vec::with_capacity(added.len());
        for (path, added) in added {
            if let (None, Some(id)) = (self.file(&path), added.id())
                && self.added.insert(path.clone(), added).is_none()
            {
                more.push(FileEntry { path, id, kind: FileKind::Regular });
            }
        }
        self.files.append(&mut more);
        self.files.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        self
    }

    /// Whether a file was added to those that the source has.
    #[must_use]
    pub fn is_added(&self, path: &str) -> bool {
        self.added.contains_key(path)
    }

    /// Where the files come from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// All files, sorted by the bytes of their paths.
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// What could not become a file, sorted by path.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&FileEntry> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().and_then(|at| self.files.get(at))
    }

    /// All files below a folder, at any depth; the empty path is the archive.
    pub fn files_below(&self, folder: &str) -> &[FileEntry] {
        if folder.is_empty() {
            return &self.files;
        }
        let prefix = format!("{folder}/");
        let start = self.files.partition_point(|file| file.path < prefix);
        let rest = self.files.get(start..).unwrap_or_default();
        let length = rest.partition_point(|file| file.path.starts_with(&prefix));
        rest.get(..length).unwrap_or_default()
    }

    /// The id of a folder's tree, equal where everything below it is equal. Only commits know it; the empty path is
    /// the archive.
    pub fn tree_id(&self, folder: &str) -> Option<ContentId> {
        self.folders.get(folder).copied()
    }

    /// A file's size in bytes.
    ///
    /// # Errors
    /// [`ReadError`] where the repository lacks the content, or the entry is not a file.
    pub fn size(&self, file: &FileEntry) -> Result<u64, ReadError> {
        must_be_regular(file)?;
        if let Some(added) = self.added.get(&file.path) {
            return added.size();
        }
        match &self.source {
            Source::Objects(objects) => object::size(objects, file.id, ObjectType::Blob)
                .map_err(|fault| ReadError::Object { id: file.id, fault }),
            Source::Folder { stamps, .. } => stamps.get(&file.path).map(|s| s.size).ok_or(ReadError::Changed),
            Source::Memory(contents) => contents.get(&file.path).map(|c| c.len() as u64).ok_or(ReadError::NotAFile),
        }
    }

    /// A file's whole content, if it has at most `limit` bytes. The content is what the id says, or an error.
    ///
    /// # Errors
    /// [`ReadError`]; nothing is read of a file that is too large.
    pub fn read(&self, file: &FileEntry, limit: u64) -> Result<Vec<u8>, ReadError> {
        if let Some(added) = self.added.get(&file.path) {
            return added.read(limit);
        }
        if let Source::Memory(contents) = &self.source {
            // They were checked when they were read, or are parts of such.
            let content = contents.get(&file.path).ok_or(ReadError::NotAFile)?;
            let size = content.len() as u64;
            return if size > limit { Err(ReadError::TooLarge { size, limit }) } else { Ok(content.clone()) };
        }
        if let Source::Objects(objects) = &self.source {
            must_be_regular(file)?;
            // The repository's objects are checked by libgit2.
            return match object::read(objects, file.id, ObjectType::Blob, limit) {
                Ok(object) => Ok(object.data().to_vec()),
                Err(ObjectFault::TooLarge { size, limit }) => Err(ReadError::TooLarge { size, limit }),
                Err(fault) => Err(ReadError::Object { id: file.id, fault }),
            };
        }
        let size = self.size(file)?;
        if size > limit {
            return Err(ReadError::TooLarge { size, limit });
        }
        let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        let mut stream = self.open_stream(file)?;
        stream.read_to_end(&mut content).map_err(|error| ReadError::Io(error.to_string()))?;
        // A work tree can change at any time.
        if ContentId::of(&content) != Some(file.id) {
            return Err(ReadError::Changed);
        }
        Ok(content)
    }

    /// A file's content, to be read piece by piece.
    ///
    /// libgit2 cannot read a packed object in pieces, so that content from a repository is in memory until the stream
    /// is dropped; large scans are better kept in Git LFS, whose files are streamed.
    ///
    /// # Errors
    /// [`ReadError`]; reading on can fail as well, where a file of a work tree changes meanwhile.
    pub fn open_stream(&self, file: &FileEntry) -> Result<Stream<'_>, ReadError> {
        must_be_regular(file)?;
        if let Some(added) = self.added.get(&file.path) {
            return added.open();
        }
        match &self.source {
            Source::Objects(objects) => object::read(objects, file.id, ObjectType::Blob, u64::MAX)
                .map(Stream::of_object)
                .map_err(|fault| ReadError::Object { id: file.id, fault }),
            Source::Folder { folder, stamps } => {
                let stamp = stamps.get(&file.path).ok_or(ReadError::Changed)?;
                let opened = folder.open_file(&file.path).map_err(|error| ReadError::Io(error.to_string()))?;
                Stream::of_file(opened, *stamp)
            }
            Source::Memory(contents) => {
                contents.get(&file.path).map(|c| Stream::of_bytes(c)).ok_or(ReadError::NotAFile)
            }
        }
    }

    /// The bytes that the repository itself holds of a file of a commit: of a pointer the pointer, of a symbolic link the
    /// path in it. Of a file that comes from elsewhere its content.
    ///
    /// # Errors
    /// [`ReadError`]; the place of another repository has none.
    pub fn open_object(&self, file: &FileEntry) -> Result<Stream<'_>, ReadError> {
        match &self.source {
            Source::Objects(objects) if file.kind == FileKind::SymbolicLink => {
                object::read(objects, file.id, ObjectType::Blob, u64::MAX)
                    .map(Stream::of_object)
                    .map_err(|fault| ReadError::Object { id: file.id, fault })
            }
            _ => self.open_stream(file),
        }
    }

    /// What a Git LFS pointer file points to; `None` where the file is no pointer.
    ///
    /// # Errors
    /// [`ReadError`], also where the file begins as a pointer and does not go on as one.
    pub fn pointer(&self, file: &FileEntry) -> Result<Option<Pointer>, ReadError> {
        if self.size(file)? >= lfs::MAX_POINTER {
            return Ok(None);
        }
        let content = self.read(file, lfs::MAX_POINTER)?;
        Pointer::parse(&content).map_err(|_| ReadError::Lfs(LfsFault::Malformed))
    }

    /// A file's content, taken from the local Git LFS store where the file is a pointer. This is what attachments are
    /// read with.
    ///
    /// # Errors
    /// [`ReadError`]. Content from the store is checked while it is read: reading its end fails where it is not what
    /// the pointer says, and what came before must then be thrown away.
    pub fn open_content(&self, file: &FileEntry) -> Result<Stream<'_>, ReadError> {
        if let Some(added) = self.added.get(&file.path) {
            return added.open_content();
        }
        match self.pointer(file)? {
            None => self.open_stream(file),
            Some(pointer) => {
                let store = self.lfs.as_ref().ok_or(ReadError::Lfs(LfsFault::NoStore))?;
                store.open(&pointer).map(Stream::of_lfs).map_err(ReadError::Lfs)
            }
        }
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Snapshot")
            .field("origin", &self.origin)
            .field("files", &self.files.len())
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

fn must_be_regular(file: &FileEntry) -> Result<(), ReadError> {
    if file.kind == FileKind::Regular { Ok(()) } else { Err(ReadError::NotAFile) }
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;
    use crate::repository::fixture::{Fixture, paths};
    use crate::repository::{open_commit, open_work_tree};

    #[test]
    fn many_threads_read_from_one_snapshot() {
        let fixture = Fixture::new();
        let files: Vec<_> = (0..200).map(|n| (format!("d{}/f{n}", n % 7), format!("content {n}"))).collect();
        let borrowed: Vec<_> = files.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect();
        fixture.commit_files(&borrowed);
        let snapshot = open_commit(fixture.path(), None, None).unwrap();
        files.par_iter().for_each(|(path, content)| {
            let file = snapshot.file(path).unwrap();
            assert_eq!(snapshot.read(file, 100).unwrap(), content.as_bytes());
            assert_eq!(snapshot.size(file).unwrap(), content.len() as u64);
        });
    }

    #[test]
    fn a_file_over_the_limit_is_refused_unread_from_any_source() {
        let fixture = Fixture::new();
        fixture.commit_files(&[("big.yaml", "12345")]);
        fixture.check_out();
        for snapshot in [open_commit(fixture.path(), None, None).unwrap(), open_work_tree(fixture.path()).unwrap()] {
            let file = snapshot.file("big.yaml").unwrap();
            assert_eq!(snapshot.read(file, 5).unwrap(), b"12345");
            assert_eq!(snapshot.read(file, 4), Err(ReadError::TooLarge { size: 5, limit: 4 }));
        }
    }

    #[test]
    fn links_and_submodules_are_not_read() {
        let fixture = Fixture::new();
        let target = fixture.blob(b"/etc/passwd");
        fixture.commit(fixture.raw_tree(&[("120000", b"link", target), ("160000", b"module", target)]));
        let snapshot = open_commit(fixture.path(), None, None).unwrap();
        for file in snapshot.files() {
            assert_eq!(snapshot.read(file, 100), Err(ReadError::NotAFile));
            assert_eq!(snapshot.open_content(file).err(), Some(ReadError::NotAFile));
        }
    }

    #[test]
    fn the_files_of_a_folder_stand_together() {
        let fixture = Fixture::new();
        fixture.commit_files(&[("a-b/x", ""), ("a/1", ""), ("a/b/2", ""), ("a0", ""), ("b", "")]);
        let snapshot = open_commit(fixture.path(), None, None).unwrap();
        assert_eq!(paths(&snapshot), ["a-b/x", "a/1", "a/b/2", "a0", "b"]);
        let below: Vec<_> = snapshot.files_below("a").iter().map(|file| file.path.as_str()).collect();
        assert_eq!(below, ["a/1", "a/b/2"]);
        assert!(snapshot.files_below("c").is_empty());
        assert_eq!(snapshot.files_below("").len(), 5);
    }

    #[test]
    fn a_file_that_changes_after_it_was_listed_is_an_error() {
        let fixture = Fixture::new();
        fixture.write("a", "before");
        fixture.write("b/c", "before");
        let snapshot = open_work_tree(fixture.path()).unwrap();
        fixture.write("a", "after!");
        assert_eq!(snapshot.read(snapshot.file("a").unwrap(), 100), Err(ReadError::Changed));
        // A folder that became a link out of the archive is not followed, whatever lies there.
        let outside = tempfile::tempdir().unwrap();
        std::fs::rename(fixture.path().join("b/c"), outside.path().join("c")).unwrap();
        std::fs::remove_dir(fixture.path().join("b")).unwrap();
        std::os::unix::fs::symlink(outside.path(), fixture.path().join("b")).unwrap();
        assert!(matches!(snapshot.read(snapshot.file("b/c").unwrap(), 100), Err(ReadError::Io(_))));
    }
}
