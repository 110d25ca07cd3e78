//! Why a site could not be put in place, with what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why a site could not be put in place. The site that stood there before still stands.
#[derive(Debug)]
pub enum SwapError {
    /// Another build holds the lock.
    Busy(PathBuf),
    /// The target holds something that no build has made.
    Foreign(PathBuf),
    /// The target is a file, or a link that leads to no folder.
    NotAFolder(PathBuf),
    /// The target is the root, the home folder or one above it, or the folder `other` (the archive), one above or
    /// one within it.
    Forbidden {
        /// The target.
        target: PathBuf,
        /// What it must not be, hold or lie in.
        other: PathBuf,
    },
    /// An address that would lie outside the site, or is the marker's.
    Address(String),
    /// Two files of the site want the same address, or differ from one another only in what the file system ignores.
    Taken(String),
    /// A file was made, and nobody said what it is meant to hold, so that no manifest can list it.
    Unsaid(String),
    /// The operating system refused something.
    Io {
        /// What was tried: "write", "make the folder".
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

impl SwapError {
    pub(super) fn at(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SwapError {
        let path = path.to_owned();
        move |error| SwapError::Io { action, path, error }
    }

    /// What to do about it, if there is advice to give.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            SwapError::Busy(_) => Some("wait until the other build is done, or publish somewhere else"),
            SwapError::Foreign(_) => {
                Some("choose a new or an empty folder; Strongroom replaces only sites it has made")
            }
            SwapError::NotAFolder(_) | SwapError::Forbidden { .. } => {
                Some("choose a folder of its own for the site, outside the archive")
            }
            SwapError::Address(_) | SwapError::Unsaid(_) => None,
            SwapError::Taken(_) => Some("rename one of the two"),
            SwapError::Io { error, .. } => match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Some("make room: old and new site stand side by side for a moment; the old one is untouched")
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    Some("the folder that holds the site must be writable, since the new site is made beside the old")
                }
                io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => {
                    Some("the site may not be a mount point itself; publish to a folder within it")
                }
                _ => None,
            },
        }
    }
}

impl std::fmt::Display for SwapError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SwapError::Busy(target) => write!(f, "another build is publishing to {}", target.display()),
            SwapError::Foreign(target) => {
                write!(f, "{} is not empty and holds no site made by Strongroom", target.display())
            }
            SwapError::NotAFolder(target) => write!(f, "{} is not a folder", target.display()),
            SwapError::Forbidden { target, other } => {
                write!(f, "the site cannot be {}: it is, holds or lies in {}", target.display(), other.display())
            }
            SwapError::Address(address) => write!(f, "“{address}” is no address within the site"),
            SwapError::Taken(address) => write!(f, "two files of the site want the address “{address}”"),
            SwapError::Unsaid(address) => write!(f, "nobody said what “{address}” is meant to hold"),
            SwapError::Io { action, path, error } => write!(f, "cannot {action} {}: {error}", path.display()),
        }
    }
}

impl std::error::Error for SwapError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SwapError::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}
