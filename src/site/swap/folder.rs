//! The folders of the swap: what stands at a target, what stands beside it, and how two of them change places.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::SwapError;

/// The file by which a folder is known as a site that a build has made.
pub const MARKER: &str = "strongroom-site.json";
/// What the marker of a finished site holds.
pub(super) const COMPLETE: &str = "{\"strongroom-site\":1,\"complete\":true}\n";
const UNFINISHED: &str = "{\"strongroom-site\":1,\"complete\":false}\n";

/// What stands at a target that a build may publish to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Missing,
    Empty,
    Site,
}

/// What stands at a target; `None` if something foreign does.
pub(super) fn state_of(target: &Path) -> Result<Option<State>, SwapError> {
    let mut entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(State::Missing)),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(SwapError::NotAFolder(target.to_owned()));
        }
        Err(error) => return Err(SwapError::at("read the folder", target)(error)),
    };
    if entries.next().is_none() {
        return Ok(Some(State::Empty));
    }
    Ok(marker_of(target).map(|_| State::Site))
}

/// Whether a folder carries the marker, and if so, whether it says that the site is complete.
fn marker_of(folder: &Path) -> Option<bool> {
    let path = folder.join(MARKER);
    let about = fs::symlink_metadata(&path).ok()?;
    if !about.is_file() || about.len() > 4096 {
        return None;
    }
    let content = fs::read_to_string(&path).ok()?;
    // An empty marker is one whose writing was cut short, by a kill or a full disk.
    let ours = content.is_empty() || content.starts_with("{\"strongroom-site\":");
    ours.then(|| content.contains("\"complete\":true"))
}

/// The target's true path: absolute, links resolved, its parent made if missing.
pub(super) fn resolved(target: &Path) -> Result<PathBuf, SwapError> {
    match fs::symlink_metadata(target) {
        Ok(about) if about.is_dir() || about.is_symlink() => {
            let path = match fs::canonicalize(target) {
                Ok(path) => path,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Err(SwapError::NotAFolder(target.to_owned()));
                }
                Err(error) => return Err(SwapError::at("resolve", target)(error)),
            };
            if path.is_dir() { Ok(path) } else { Err(SwapError::NotAFolder(target.to_owned())) }
        }
        Ok(_) => Err(SwapError::NotAFolder(target.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let absolute = std::path::absolute(target).map_err(SwapError::at("resolve", target))?;
            let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
                return Err(SwapError::NotAFolder(target.to_owned()));
            };
            fs::create_dir_all(parent).map_err(SwapError::at("make the folder", parent))?;
            let parent = fs::canonicalize(parent).map_err(SwapError::at("resolve", parent))?;
            Ok(parent.join(name))
        }
        Err(error) => Err(SwapError::at("read", target)(error)),
    }
}

/// Refuses the root, the home folder and what holds it, and each of `forbid` with what holds it and lies in it.
pub(super) fn refuse_forbidden(target: &Path, forbid: &[&Path]) -> Result<(), SwapError> {
    let refused = |other: &Path| Err(SwapError::Forbidden { target: target.to_owned(), other: other.to_owned() });
    if target.parent().is_none() {
        return refused(target);
    }
    let home =
        std::env::home_dir().filter(|home| home.is_absolute()).map(|home| fs::canonicalize(&home).unwrap_or(home));
    if let Some(home) = home.filter(|home| home.starts_with(target)) {
        return refused(&home);
    }
    for other in forbid {
        let other = fs::canonicalize(other).map_err(SwapError::at("resolve", other))?;
        if target.starts_with(&other) || other.starts_with(target) {
            return refused(&other);
        }
    }
    Ok(())
}

/// The folder that holds the target, and how files beside it that belong to it are named.
fn beside(target: &Path) -> Result<(&Path, String), SwapError> {
    match (target.parent(), target.file_name()) {
        // Two names that differ only in what is no Unicode would share a lock: they would wait for one another, no more.
        (Some(parent), Some(name)) => Ok((parent, format!(".{}.strongroom", name.to_string_lossy()))),
        _ => Err(SwapError::NotAFolder(target.to_owned())),
    }
}

/// Takes the target's lock. The file stays: removing it would let a third build lock another file of the same name.
pub(super) fn lock(target: &Path, wait: bool) -> Result<File, SwapError> {
    let (parent, name) = beside(target)?;
    let path = parent.join(format!("{name}.lock"));
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        // A link planted under this name must not make us create or open a file elsewhere.
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    }
    let file = options.open(&path).map_err(SwapError::at("open the lock", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) if wait => file.lock().map_err(SwapError::at("lock", &path))?,
        Err(TryLockError::WouldBlock) => return Err(SwapError::Busy(target.to_owned())),
        Err(TryLockError::Error(error)) => return Err(SwapError::at("lock", &path)(error)),
    }
    Ok(file)
}

/// Makes an empty folder beside the target, so on the same file system. The lock must be held: it makes the first free
/// number the only one in question.
pub(super) fn make_temporary(target: &Path) -> Result<PathBuf, SwapError> {
    let (parent, name) = beside(target)?;
    let mut number = 1_u32;
    loop {
        let path = parent.join(format!("{name}-{number}"));
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 10_000 => number += 1,
            Err(error) => return Err(SwapError::at("make the folder", &path)(error)),
        }
    }
}

/// Removes what killed builds left beside the target. The lock must be held.
///
/// Only folders named `.NAME.strongroom-NUMBER` that carry the marker, or are empty, are taken for that. If the target
/// is missing and one of them is complete, a build was killed between two renames: it is put at the target.
pub(super) fn clear_leftovers(target: &Path) -> Result<(), SwapError> {
    let (parent, name) = beside(target)?;
    let mut leftovers = Vec::new();
    for entry in fs::read_dir(parent).map_err(SwapError::at("read the folder", parent))? {
        let entry = entry.map_err(SwapError::at("read the folder", parent))?;
        let file_name = entry.file_name();
        let number = file_name.to_str().and_then(|full| full.strip_prefix(&name)?.strip_prefix('-'));
        let numbered = number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
        if numbered && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            leftovers.push(entry.path());
        }
    }
    leftovers.sort();
    if matches!(state_of(target)?, Some(State::Missing)) {
        let made_at = |folder: &PathBuf| fs::metadata(folder.join(MARKER)).and_then(|about| about.modified()).ok();
        let complete = leftovers.iter().filter(|folder| marker_of(folder) == Some(true));
        if let Some(site) = complete.max_by_key(|folder| made_at(folder)) {
            fs::rename(site, target).map_err(SwapError::at("put the site back at", target))?;
        }
    }
    for leftover in leftovers {
        match fs::symlink_metadata(&leftover) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            _ => remove_site(&leftover).map_err(SwapError::at("remove what an earlier build left", &leftover))?,
        }
    }
    Ok(())
}

/// Removes a folder if it carries the marker or is empty, the marker last, so that what a kill leaves of it is still
/// known as ours. Anything else is left alone.
pub(super) fn remove_site(folder: &Path) -> io::Result<()> {
    if marker_of(folder).is_some() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else if entry.file_name() != MARKER {
                fs::remove_file(entry.path())?;
            }
        }
        fs::remove_file(folder.join(MARKER))?;
    }
    match fs::remove_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound) => Ok(()),
        done => done,
    }
}

/// Writes the marker and brings it to the disk.
pub(super) fn mark(folder: &Path, complete: bool) -> Result<(), SwapError> {
    use std::io::Write as _;
    let path = folder.join(MARKER);
    let write = || -> io::Result<()> {
        let mut file = File::create(&path)?;
        file.write_all(if complete { COMPLETE } else { UNFINISHED }.as_bytes())?;
        if complete {
            file.sync_all()?;
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    write().map_err(SwapError::at("write", &path))
}

/// Brings the names beside the target to the disk, where the system can; the swap itself is done by now.
pub(super) fn flush_parent(target: &Path) {
    if let Some(parent) = target.parent() {
        let _ = File::open(parent).and_then(|folder| folder.sync_all());
    }
}

/// Lets two folders change places: in one step where the system can, else by renaming, with the old one put back if
/// the new one cannot take its place.
pub(super) fn exchange(new: &Path, target: &Path) -> Result<(), SwapError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(()),
            // No such call, or not on this file system.
            Err(Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP) => {}
            Err(error) => return Err(SwapError::at("put the new site at", target)(error.into())),
        }
    }
    exchange_by_renaming(new, target)
}

/// As [`exchange`], by three renames; between the first two there is no site.
pub(super) fn exchange_by_renaming(new: &Path, target: &Path) -> Result<(), SwapError> {
    let failed = |error| SwapError::at("put the new site at", target)(error);
    let aside = make_temporary(target)?;
    if let Err(error) = fs::rename(target, &aside) {
        let _ = fs::remove_dir(&aside);
        return Err(failed(error));
    }
    if let Err(error) = fs::rename(new, target) {
        let _ = fs::rename(&aside, target);
        return Err(failed(error));
    }
    fs::rename(&aside, new).map_err(failed)
}
