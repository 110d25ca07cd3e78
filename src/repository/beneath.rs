//! Opening files below a folder, and nowhere else.

use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, openat};

/// A folder whose files are opened name by name from its handle.
///
/// No symbolic link is followed on the way, at any depth: a link that someone puts in a folder's place after the
/// folder was listed leads nowhere.
#[derive(Debug)]
pub(super) struct Folder {
    handle: OwnedFd,
}

impl Folder {
    /// Opens the folder itself; links on the way to it are the user's own and are followed.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let handle = openat(CWD, path, OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Self { handle })
    }

    /// Opens a regular file by its path below the folder, which must have been checked.
    pub(super) fn open_file(&self, path: &str) -> io::Result<File> {
        let folder = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // A pipe would otherwise keep the program waiting for its writer.
        let file = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut reached: Option<OwnedFd> = None;
        for part in above.split('/').filter(|part| !part.is_empty()) {
            let from = reached.as_ref().map_or(self.handle.as_fd(), AsFd::as_fd);
            let next = openat(from, part, folder, Mode::empty())?;
            reached = Some(next);
        }
        let from = reached.as_ref().map_or(self.handle.as_fd(), AsFd::as_fd);
        let opened = File::from(openat(from, name, file, Mode::empty())?);
        if opened.metadata()?.is_file() {
            Ok(opened)
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
        }
    }
}

/// What tells whether a file is still the one that was listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    device: u64,
    inode: u64,
    /// Bytes.
    pub(super) size: u64,
    /// When the content was last written: seconds and nanoseconds.
    pub(super) modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    pub(super) fn of_file(file: &File) -> io::Result<Self> {
        file.metadata().map(|metadata| Self::of(&metadata))
    }

    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}
