//! The swap: a site is made in a temporary folder beside its target and put in the target's place in one step.
//!
//! Whoever looks at the target sees the old site or the new one, whole, whatever happens to the build: an error, a full
//! disk, a kill. On Linux the two folders are exchanged by `renameat2` with `RENAME_EXCHANGE` (Linux 3.15, and nearly
//! every file system). Where that is lacking, two renames take its place: then there is a moment without a site, and a
//! build killed in it leaves none; the next build puts the old one back before anything else.
//!
//! Only folders that a build has made are ever replaced or removed. They are known by a marker file, written before
//! anything else and removed after everything else.

mod error;
mod folder;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, RwLock};

use crate::proof::Digest;

pub use error::SwapError;
pub use folder::MARKER;

use folder::{State, remove_site, state_of};

/// A site in the making. Dropped before [`Publication::commit`], it leaves no trace but the lock file.
pub struct Publication {
    target: PathBuf,
    temporary: PathBuf,
    previous: bool,
    made: RwLock<HashSet<String>>,
    /// What each file was meant to hold, by address; none where whoever writes it has not said yet.
    meant: Mutex<BTreeMap<String, Option<Digest>>>,
    /// Held until everything else is done; the operating system frees it if the build is killed.
    _lock: File,
}

impl Publication {
    /// Begins a site for `target`: takes the lock, clears away what killed builds left, and makes the temporary folder.
    ///
    /// The target may be missing, empty, a site that a build has made, or a symbolic link to one of these. The lock is
    /// a file beside it, `.NAME.strongroom.lock`, which stays there. If another build holds it, this is an error, or,
    /// if told to `wait`, a matter of patience. `forbid` names folders (the archive) that the target may not be, hold
    /// or lie in.
    ///
    /// # Errors
    /// If the target is foreign, forbidden or no folder, another build is at work, or a file operation fails. Nothing
    /// in the target has changed then.
    pub fn begin(target: &Path, forbid: &[&Path], wait: bool) -> Result<Publication, SwapError> {
        let target = folder::resolved(target)?;
        folder::refuse_forbidden(&target, forbid)?;
        refuse_foreign(&target)?;
        let lock = folder::lock(&target, wait)?;
        folder::clear_leftovers(&target)?;
        // Looked at once more: it may have changed while waiting for the lock.
        let previous = refuse_foreign(&target)? == State::Site;
        let temporary = folder::make_temporary(&target)?;
        let publication = Publication {
            target,
            temporary,
            previous,
            made: RwLock::new(HashSet::new()),
            meant: Mutex::default(),
            _lock: lock,
        };
        folder::mark(&publication.temporary, false)?;
        Ok(publication)
    }

    /// The site that stands at the target now, if there is one.
    pub fn previous(&self) -> Option<&Path> {
        self.previous.then_some(self.target.as_path())
    }

    /// The folder in which the new site is made.
    pub fn folder(&self) -> &Path {
        &self.temporary
    }

    /// Writes a file of the site, with the folders it needs. May be called from several threads.
    ///
    /// # Errors
    /// If the address leaves the site or is taken, or the file cannot be written.
    pub fn write(&self, address: &str, bytes: &[u8]) -> Result<(), SwapError> {
        let mut file = self.create(address)?;
        self.note(address, Digest::of(bytes));
        file.write_all(bytes).map_err(SwapError::at("write", &self.temporary.join(address)))
    }

    /// Says what a file that is written piece by piece, or kept, is meant to hold: the digest of the bytes as they were
    /// made, or looked at when it was decided to keep them.
    pub fn note(&self, address: &str, digest: Digest) {
        if let Ok(mut meant) = self.meant.lock() {
            meant.insert(address.to_owned(), Some(digest));
        }
    }

    /// What all files of the site are meant to hold, the marker of the finished site included.
    ///
    /// # Errors
    /// If a file was made of which nobody said what it is meant to hold.
    pub fn meant(&self) -> Result<BTreeMap<String, Digest>, SwapError> {
        let mut all = BTreeMap::from([(MARKER.to_owned(), Digest::of(folder::COMPLETE.as_bytes()))]);
        let meant = self.meant.lock().map_or_else(|poisoned| poisoned.into_inner().clone(), |meant| meant.clone());
        for (address, digest) in meant {
            let digest = digest.ok_or_else(|| SwapError::Unsaid(address.clone()))?;
            all.insert(address, digest);
        }
        Ok(all)
    }

    /// Makes a file of the site, to be written piece by piece; [`Publication::note`] says what it holds then. It is not
    /// buffered.
    ///
    /// # Errors
    /// If the address leaves the site or is taken, or the file cannot be made.
    pub fn create(&self, address: &str) -> Result<File, SwapError> {
        let path = self.place(address)?;
        File::create_new(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => SwapError::Taken(address.to_owned()),
            _ => SwapError::at("write", &path)(error),
        })
    }

    /// Takes a file of the previous site over as it is, by a hard link or, where there is none, a copy. Says whether
    /// the previous site has it.
    ///
    /// # Errors
    /// If the address leaves the site or is taken, or the file cannot be taken over.
    pub fn keep(&self, address: &str) -> Result<bool, SwapError> {
        let path = self.place(address)?;
        let from = self.target.join(address);
        let is_file = fs::symlink_metadata(&from).is_ok_and(|about| about.is_file());
        if !self.previous || !is_file {
            return Ok(false);
        }
        match fs::hard_link(&from, &path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(SwapError::Taken(address.to_owned()))
            }
            Err(_) => fs::copy(&from, &path).map(|_| true).map_err(SwapError::at("write", &path)),
        }
    }

    /// Puts the new site in the target's place and removes the old one.
    ///
    /// The marker and the folder are brought to the disk first, so that a site known as complete is one; the content
    /// of the files is left to the system, as with any copy.
    ///
    /// # Errors
    /// If the target has become foreign meanwhile or the exchange fails; the old site stands then. That the old site
    /// could not be removed afterwards is no error: the next build tries again.
    pub fn commit(self) -> Result<(), SwapError> {
        folder::mark(&self.temporary, true)?;
        match refuse_foreign(&self.target)? {
            State::Missing => {
                fs::rename(&self.temporary, &self.target).map_err(SwapError::at("put the new site at", &self.target))?
            }
            State::Empty | State::Site => folder::exchange(&self.temporary, &self.target)?,
        }
        folder::flush_parent(&self.target);
        // Dropping removes what now stands at the temporary place: the old site.
        Ok(())
    }

    /// The path of an address, with its folder made.
    fn place(&self, address: &str) -> Result<PathBuf, SwapError> {
        let odd = |part: &str| matches!(part, "" | "." | "..") || part.contains(['\\', '\0']);
        if address.split('/').any(odd) || address == MARKER {
            return Err(SwapError::Address(address.to_owned()));
        }
        if let Some((parent, _)) = address.rsplit_once('/') {
            let known = self.made.read().is_ok_and(|made| made.contains(parent));
            if !known {
                let path = self.temporary.join(parent);
                fs::create_dir_all(&path).map_err(SwapError::at("make the folder", &path))?;
                if let Ok(mut made) = self.made.write() {
                    made.insert(parent.to_owned());
                }
            }
        }
        if let Ok(mut meant) = self.meant.lock() {
            meant.entry(address.to_owned()).or_default();
        }
        Ok(self.temporary.join(address))
    }
}

impl Drop for Publication {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next build, which knows it by its marker.
        let _ = remove_site(&self.temporary);
    }
}

/// The state of the target, or an error if it holds what no build has made.
fn refuse_foreign(target: &Path) -> Result<State, SwapError> {
    state_of(target)?.ok_or_else(|| SwapError::Foreign(target.to_owned()))
}
