//! Git LFS: pointer files and the local store of what they point to.
//!
//! The form is that of <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>. Nothing is ever fetched.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use git2::Repository;
use sha2::{Digest, Sha256};

/// A pointer file is shorter than this, in bytes, by the specification.
pub(super) const MAX_POINTER: u64 = 1024;

const VERSION: &[u8] = b"version https://git-lfs.github.com/spec/";

/// What a pointer file says of the content it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    sha256: [u8; 32],
    size: u64,
}

/// A file that begins as a pointer and does not go on as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedPointer;

impl Pointer {
    /// Reads a file's content as a pointer; `None` where it is anything else.
    ///
    /// # Errors
    /// [`MalformedPointer`] where the first line is a pointer's and the rest is not that of version 1 without
    /// extensions. To take such a file for content would publish the pointer in the content's place.
    pub fn parse(content: &[u8]) -> Result<Option<Self>, MalformedPointer> {
        if content.len() as u64 >= MAX_POINTER || !content.starts_with(VERSION) {
            return Ok(None);
        }
        let text = std::str::from_utf8(content).map_err(|_| MalformedPointer)?;
        let mut lines = text.lines();
        if lines.next() != Some("version https://git-lfs.github.com/spec/v1") {
            return Err(MalformedPointer);
        }
        let (mut sha256, mut size) = (None, None);
        for line in lines {
            match line.split_once(' ') {
                Some(("oid", value)) if sha256.is_none() => {
                    sha256 = Some(value.strip_prefix("sha256:").and_then(digest).ok_or(MalformedPointer)?);
                }
                Some(("size", value)) if size.is_none() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                    size = Some(value.parse().map_err(|_| MalformedPointer)?);
                }
                _ => return Err(MalformedPointer),
            }
        }
        match (sha256, size) {
            (Some(sha256), Some(size)) => Ok(Some(Self { sha256, size })),
            _ => Err(MalformedPointer),
        }
    }

    /// The content's size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The SHA-256 of the content.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }
}

/// Why what a pointer points to cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LfsFault {
    /// The pointer cannot be read, or uses extensions.
    Malformed,
    /// The archive is outside git, so there is no store.
    NoStore,
    /// The store does not have it; the text is its SHA-256.
    Missing(String),
    /// What the store has under that name is something else.
    Mismatch,
    /// The store cannot be read; the text is what the system says.
    Io(String),
}

impl LfsFault {
    /// What the archivist can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Malformed => "add the file again with `git add`, Git LFS being installed",
            Self::NoStore | Self::Missing(_) => "run `git lfs fetch` in the repository that is built",
            Self::Mismatch => "run `git lfs fsck`, then `git lfs fetch`",
            Self::Io(_) => "check the permissions of the Git LFS store and the disk",
        }
    }
}

impl fmt::Display for LfsFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => out.write_str("the file begins as a Git LFS pointer and does not go on as one"),
            Self::NoStore => out.write_str("the file is a Git LFS pointer, and outside git there is no store"),
            Self::Missing(name) => write!(out, "the file is a Git LFS pointer, and the local store lacks {name}"),
            Self::Mismatch => out.write_str("the Git LFS store holds other content than the pointer says"),
            Self::Io(detail) => write!(out, "the Git LFS store cannot be read: {detail}"),
        }
    }
}

impl std::error::Error for LfsFault {}

/// The local store of a repository's LFS content.
#[derive(Clone, Debug)]
pub struct LfsStore {
    folder: PathBuf,
}

impl LfsStore {
    /// The store of a repository: `lfs` in its git folder, which linked work trees share, or where the setting
    /// `lfs.storage` says.
    pub(super) fn of(repository: &Repository) -> Self {
        let set = repository.config().and_then(|config| config.get_path("lfs.storage"));
        let folder = repository.commondir().join(set.unwrap_or_else(|_| PathBuf::from("lfs")));
        Self { folder: folder.join("objects") }
    }

    /// Opens what a pointer points to.
    ///
    /// # Errors
    /// [`LfsFault`]; a wrong size is seen at once, a wrong SHA-256 when the end is read.
    pub fn open(&self, pointer: &Pointer) -> Result<LfsContent, LfsFault> {
        let name = hex(&pointer.sha256);
        let path = self.folder.join(name.get(..2).unwrap_or_default()).join(name.get(2..4).unwrap_or_default());
        let path = path.join(&name);
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => LfsFault::Missing(name.clone()),
            _ => LfsFault::Io(error.to_string()),
        };
        let metadata = path.metadata().map_err(failed)?;
        if !metadata.is_file() || metadata.len() != pointer.size {
            return Err(LfsFault::Mismatch);
        }
        let file = File::open(&path).map_err(failed)?;
        Ok(LfsContent { file, pointer: pointer.clone(), hash: Sha256::new(), left: pointer.size })
    }
}

/// Content from the store, checked while it is read.
#[derive(Debug)]
pub struct LfsContent {
    file: File,
    pointer: Pointer,
    hash: Sha256,
    left: u64,
}

impl LfsContent {
    pub(super) fn length(&self) -> u64 {
        self.pointer.size
    }
}

impl Read for LfsContent {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = (&mut self.file).take(self.left).read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        self.left -= count as u64;
        let ended = count == 0 && !buffer.is_empty();
        if ended && (self.left > 0 || self.hash.clone().finalize()[..] != self.pointer.sha256) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, LfsFault::Mismatch));
        }
        Ok(count)
    }
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 64 || !text.bytes().all(lower) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::fixture::Fixture;
    use crate::repository::{ReadError, open_commit, open_work_tree};

    const SCAN: &[u8] = b"%PDF-1.7 a scan";

    fn pointer_text(content: &[u8]) -> String {
        let name = hex(&Sha256::digest(content));
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{name}\nsize {}\n", content.len())
    }

    fn store(fixture: &Fixture, named_for: &[u8], content: &[u8]) {
        let name = hex(&Sha256::digest(named_for));
        let folder = fixture.repository.path().join("lfs/objects").join(&name[..2]).join(&name[2..4]);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), content).unwrap();
    }

    fn read_scan(fixture: &Fixture) -> Result<Vec<u8>, String> {
        let snapshot = open_commit(fixture.path(), None, None).unwrap();
        let mut content = Vec::new();
        let mut stream = snapshot.open_content(snapshot.file("scan.pdf").unwrap()).map_err(|e| e.to_string())?;
        stream.read_to_end(&mut content).map_err(|e| e.to_string())?;
        Ok(content)
    }

    #[test]
    fn a_pointer_is_known_by_its_form() {
        let pointer = Pointer::parse(pointer_text(SCAN).as_bytes()).unwrap().unwrap();
        assert_eq!(pointer.size(), 15);
        assert_eq!(hex(pointer.sha256()), hex(&Sha256::digest(SCAN)));
        assert_eq!(Pointer::parse(b"version 2 of the contract"), Ok(None));
        assert_eq!(Pointer::parse(b""), Ok(None));
        let long = format!("{}{}", pointer_text(SCAN), "x".repeat(1024));
        assert_eq!(Pointer::parse(long.as_bytes()), Ok(None));
    }

    #[test]
    fn what_only_begins_as_a_pointer_is_no_content() {
        let good = pointer_text(SCAN);
        for bad in [
            good.replace("spec/v1", "spec/v2"),
            good.replace("sha256:", "sha1:"),
            good.replace("size 15", "size -15"),
            good.replace("size 15", "size 99999999999999999999"),
            good.replace("size 15\n", ""),
            good.replace("oid", "ext-0-crypt sha256:00\noid"),
            good.replace("oid sha256:", "oid sha256:../"),
            format!("{good}size 15\n"),
        ] {
            assert_eq!(Pointer::parse(bad.as_bytes()), Err(MalformedPointer), "{bad}");
        }
    }

    #[test]
    fn a_pointers_content_comes_from_the_local_store() {
        for fixture in [Fixture::new(), Fixture::bare()] {
            fixture.commit_files(&[("scan.pdf", &pointer_text(SCAN))]);
            store(&fixture, SCAN, SCAN);
            assert_eq!(read_scan(&fixture).unwrap(), SCAN);
        }
    }

    #[test]
    fn the_store_may_lie_elsewhere() {
        let fixture = Fixture::new();
        fixture.commit_files(&[("scan.pdf", &pointer_text(SCAN))]);
        store(&fixture, SCAN, SCAN);
        std::fs::rename(fixture.path().join(".git/lfs"), fixture.path().join(".git/scans")).unwrap();
        fixture.set("lfs.storage", "scans");
        assert_eq!(read_scan(&fixture).unwrap(), SCAN);
    }

    #[test]
    fn content_that_is_missing_or_other_than_the_pointer_says_is_an_error() {
        let fixture = Fixture::new();
        fixture.commit_files(&[("scan.pdf", &pointer_text(SCAN))]);
        assert_eq!(read_scan(&fixture), Err(LfsFault::Missing(hex(&Sha256::digest(SCAN))).to_string()));
        store(&fixture, SCAN, b"short");
        assert_eq!(read_scan(&fixture), Err(LfsFault::Mismatch.to_string()));
        store(&fixture, SCAN, b"%PDF-1.7 a scam");
        assert_eq!(read_scan(&fixture), Err(LfsFault::Mismatch.to_string()));
    }

    #[test]
    fn outside_git_a_pointer_has_no_store() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("scan.pdf"), pointer_text(SCAN)).unwrap();
        let snapshot = open_work_tree(folder.path()).unwrap();
        let error = snapshot.open_content(snapshot.file("scan.pdf").unwrap()).err();
        assert_eq!(error, Some(ReadError::Lfs(LfsFault::NoStore)));
    }
}
