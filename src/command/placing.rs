//! Many new files brought into an archive as one: all of them, or none, and never over anything.
//!
//! They are written whole into a folder of their own inside the archive, so that one file system holds both, and are then
//! renamed one by one. Where a rename fails, those before it are taken back. Where the program dies between two renames,
//! the files that are in their places are whole, and the same import makes the rest; what it left behind is cleared away.

use super::desk::{Desk, Failure};
use crate::exchange::import::Made;
use crate::terminal::Phase;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// How the folders begin in which files wait for their places.
const WAITING: &str = ".strongroom-import-";
/// What keeps git from seeing them; also what is locked while they are in use.
const IGNORE: &str = ".gitignore";

/// Brings new files to their places below `root`.
///
/// # Errors
/// When one of them cannot be written, or its place is taken; nothing new is then left there.
pub fn place(desk: &Desk<'_>, root: &Path, files: &[Made]) -> Result<(), Failure> {
    let progress = desk.terminal.progress(Phase::Write, Some(files.len() as u64));
    clear_left_over(root);
    for made in files {
        check_way(root, &made.path)?;
    }
    let failed = |what: &str, error: io::Error| Failure {
        message: format!("{what} cannot be written: {error}; nothing was imported"),
        remedy: None,
    };
    let waiting =
        tempfile::Builder::new().prefix(WAITING).tempdir_in(root).map_err(|error| failed("the archive", error))?;
    let lock = File::create_new(waiting.path().join(IGNORE)).map_err(|error| failed("the archive", error))?;
    lock.lock().map_err(|error| failed("the archive", error))?;
    fs::write(waiting.path().join(IGNORE), "*\n").map_err(|error| failed("the archive", error))?;
    for (n, made) in files.iter().enumerate() {
        write(made, &waiting.path().join(n.to_string())).map_err(|error| failed(&made.path, error))?;
        progress.step(1);
    }
    let mut undo = Undo::default();
    for (n, made) in files.iter().enumerate() {
        let to = root.join(&made.path);
        if let Err(error) = undo.bring(&waiting.path().join(n.to_string()), &to, root) {
            undo.take_back();
            return Err(match error.kind() {
                io::ErrorKind::AlreadyExists => Failure::new(
                    format!("{} came into being meanwhile; nothing was imported", made.path),
                    "run the import again: what is there stays as it is",
                ),
                _ => failed(&made.path, error),
            });
        }
    }
    undo.settle();
    Ok(())
}

/// Every folder on the way to a new file has to be one: what lies behind a link is not the archive's.
fn check_way(root: &Path, path: &str) -> Result<(), Failure> {
    for (at, _) in path.match_indices('/') {
        let folder = path.get(..at).unwrap_or_default();
        match fs::symlink_metadata(root.join(folder)) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                let message = format!("{folder} is no folder, and {path} would lie in it");
                return Err(Failure::new(message, "put a folder in its place: links are never followed"));
            }
            Err(_) => return Ok(()),
        }
    }
    Ok(())
}

fn write(made: &Made, to: &Path) -> io::Result<()> {
    let mut content = made.content.open().map_err(io::Error::other)?;
    let mut file = File::create_new(to)?;
    io::copy(&mut content, &mut file)?;
    file.sync_all()
}

/// What was brought to its place, so that it can be taken back.
#[derive(Default)]
struct Undo {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Undo {
    fn bring(&mut self, from: &Path, to: &Path, root: &Path) -> io::Result<()> {
        let missing = to.ancestors().skip(1).take_while(|folder| *folder != root && !folder.exists());
        let missing: Vec<&Path> = missing.collect();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Ok(()) => self.folders.push(folder.to_owned()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Ok(()) => {}
            // Some file systems do not know how not to replace; a second name fails where there is one.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {
                fs::hard_link(from, to)?;
            }
            Err(error) => return Err(error.into()),
        }
        self.files.push(to.to_owned());
        Ok(())
    }

    /// Removes what this import made, and nothing else: a folder that holds more stays.
    fn take_back(self) {
        for file in self.files.iter().rev() {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }

    /// Has the disk keep the new names.
    fn settle(self) {
        let folders: BTreeSet<&Path> = self.files.iter().filter_map(|file| file.parent()).collect();
        for folder in folders {
            // What cannot be settled is there all the same, but for a power cut in the next moments.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
    }
}

/// Removes what an import that was killed left waiting; one that still runs holds its lock.
fn clear_left_over(root: &Path) {
    let Ok(entries) = fs::read_dir(root) else { return };
    for entry in entries.filter_map(Result::ok) {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(WAITING));
        let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !ours || !folder {
            continue;
        }
        let lock = File::open(entry.path().join(IGNORE));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
