//! New files, written whole and never over others, and those that the program itself keeps: the one place where a
//! command writes into an archive.

use super::desk::Failure;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everybody whom the user's mask lets.
    Ordinary,
    /// The same, and it may be run.
    Program,
    /// The user alone: a private key.
    Private,
}

/// Writes a new file, with the folders above it.
///
/// # Errors
/// When something is there already, or it cannot be written.
pub fn write_new(path: &Path, content: &[u8], mode: Mode) -> Result<(), Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::new(
            format!("{} is there already and was left as it is", path.display()),
            "give another name, or move the file away first",
        ),
        _ => Failure { message: format!("{} cannot be written: {error}", path.display()), remedy: None },
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let bits = match mode {
        Mode::Ordinary => 0o666,
        Mode::Program => 0o777,
        Mode::Private => 0o600,
    };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(bits).open(path).map_err(failed)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    written.map_err(|error| {
        // Half a file would be taken for a whole one.
        let _ = fs::remove_file(path);
        failed(error)
    })
}

/// Writes a file that the program keeps itself, over the one that it wrote before, with the folders above it.
///
/// # Errors
/// When it cannot be written; the one before is then still there.
pub fn write_over(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure {
        message: format!("{} cannot be written: {error}", path.display()),
        remedy: None,
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut beside =
        tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o644)).tempfile_in(folder).map_err(failed)?;
    beside.write_all(content).map_err(failed)?;
    beside.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Removes a file that the program wrote.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(path: &Path) -> Result<(), Failure> {
    fs::remove_file(path)
        .map_err(|error| Failure { message: format!("{} cannot be removed: {error}", path.display()), remedy: None })
}

/// The nearest folder above a path that is a git work tree or an archive, where there is one.
#[must_use]
pub fn kept_in(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.ancestors().find_map(|folder| folder.canonicalize().ok())?;
    let kept = |folder: &&Path| folder.join(".git").exists() || folder.join(crate::archive::SETTINGS).exists();
    folder.ancestors().find(kept).map(Path::to_path_buf)
}
