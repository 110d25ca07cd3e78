//! From the folder that a user names to a repository and the archive's place in it.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use git2::{ErrorClass, ErrorCode, Repository, RepositoryOpenFlags};

use super::error::OpenError;
use super::name::checked_name;

/// A repository and the archive's folder in it.
pub(super) struct Located {
    pub(super) repository: Repository,
    /// The archive's folder from the repository's root, with slashes; empty where they are one.
    pub(super) folder: String,
}

/// Finds the repository that holds a folder: the folder itself or the nearest above it, as git does.
///
/// `path` may be a work tree, a folder of one (also one that is only in a commit), a bare repository or a `.git`
/// folder; `folder` leads further down from there.
///
/// libgit2 refuses a repository that belongs to another user unless git's own `safe.directory` setting names it. That
/// check stays on: whoever owns the repository could otherwise choose what is built under another's account. The error
/// says how to trust one.
pub(super) fn locate(path: &Path, folder: Option<&str>) -> Result<Located, OpenError> {
    let (existing, beyond) = existing_part(path)?;
    let repository = open(&existing, path)?;
    let git_folder = repository.path().canonicalize().unwrap_or_else(|_| repository.path().to_path_buf());
    let root = match repository.workdir() {
        Some(root) => root.canonicalize().unwrap_or_else(|_| root.to_path_buf()),
        None => git_folder.clone(),
    };
    let inside = if existing == git_folder { Path::new("") } else { existing.strip_prefix(&root).unwrap_or(&existing) };

    let mut names = Vec::new();
    for part in [inside, &beyond, Path::new(folder.unwrap_or_default())] {
        for component in part.components() {
            let bad = || OpenError::BadFolder { folder: part.display().to_string() };
            match component {
                Component::Normal(name) => names.push(checked_name(name.as_bytes()).map_err(|_| bad())?.to_owned()),
                Component::CurDir => {}
                _ => return Err(bad()),
            }
        }
    }
    Ok(Located { repository, folder: names.join("/") })
}

/// The part of a path that is on the disk, made canonical, and the rest, which may still be in a commit.
fn existing_part(path: &Path) -> Result<(PathBuf, PathBuf), OpenError> {
    let mut existing = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let mut beyond = Vec::new();
    loop {
        match existing.canonicalize() {
            Ok(found) => return Ok((found, beyond.iter().rev().collect())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match (existing.parent(), existing.file_name()) {
                (Some(parent), Some(name)) => {
                    beyond.push(name);
                    existing = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
                }
                _ => return Err(OpenError::NoRepository { path: path.into() }),
            },
            Err(error) => return Err(OpenError::Folder { path: path.into(), detail: error.to_string() }),
        }
    }
}

fn open(existing: &Path, asked: &Path) -> Result<Repository, OpenError> {
    let none_above: [&OsStr; 0] = [];
    Repository::open_ext(existing, RepositoryOpenFlags::empty(), none_above).map_err(|error| {
        let path = asked.to_path_buf();
        match (error.code(), error.class()) {
            (ErrorCode::NotFound, _) => OpenError::NoRepository { path },
            (ErrorCode::Owner, _) => OpenError::NotOwned { path: owned_folder(existing) },
            // libgit2 has no code for these two; its words are all there is to tell them by.
            (_, ErrorClass::Repository) if error.message().contains("object format") => OpenError::Sha256 { path },
            (_, ErrorClass::Repository) if error.message().contains("unsupported") => {
                OpenError::Unsupported { path, detail: error.message().into() }
            }
            _ => OpenError::Git { path, detail: error.message().into() },
        }
    })
}

/// The folder that `safe.directory` has to name: the nearest with a `.git` in it, or the bare repository itself.
fn owned_folder(existing: &Path) -> PathBuf {
    let repository = existing.ancestors().find(|folder| folder.join(".git").exists() || folder.join("HEAD").is_file());
    let folder = repository.unwrap_or(existing);
    match (folder.file_name(), folder.parent()) {
        (Some(name), Some(parent)) if name == ".git" => parent.to_path_buf(),
        _ => folder.to_path_buf(),
    }
}
