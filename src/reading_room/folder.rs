//! A built site in a folder.

use std::path::{Path, PathBuf};

use axum::body::Bytes;

use super::address::is_plain;
use super::files::{File, Files, file_of, of_site};

/// Serves what lies in one folder, and nothing that a link in it leads out to.
pub struct FolderFiles {
    root: PathBuf,
}

impl FolderFiles {
    /// The folder may be exchanged for another of the same name at any time: it is looked up anew for every file.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The true path of a regular file below the root.
    fn locate(&self, path: &Path) -> Option<PathBuf> {
        let root = self.root.canonicalize().ok()?;
        let file = root.join(path).canonicalize().ok()?;
        // Asked before opening: opening a pipe would wait for ever.
        (file.starts_with(&root) && file.metadata().ok()?.is_file()).then_some(file)
    }
}

impl Files for FolderFiles {
    fn get(&self, path: &str) -> Option<File> {
        if !is_plain(path) {
            return None;
        }
        let path = file_of(path);
        let bytes = std::fs::read(self.locate(Path::new(&path))?).ok()?;
        Some(of_site(&path, Bytes::from(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_and_the_index_of_a_folder_are_found() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("files/open")).unwrap();
        fs::write(folder.path().join("index.html"), "home").unwrap();
        fs::write(folder.path().join("files/open/a.svg"), "<svg/>").unwrap();
        let files = FolderFiles::new(folder.path());
        assert_eq!(files.get("").unwrap().bytes.as_ref(), b"home");
        assert!(files.get("index.html").unwrap().download.is_none());
        assert_eq!(files.get("files/open/a.svg").unwrap().download.as_deref(), Some("a.svg"));
        assert!(files.get("files").is_none());
        assert!(files.get("../index.html").is_none());
        assert!(files.get("/etc/passwd").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_of_the_folder_is_not_followed() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.txt"), "secret").unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.txt"), folder.path().join("a.txt")).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("b")).unwrap();
        let files = FolderFiles::new(folder.path());
        assert!(files.get("a.txt").is_none());
        assert!(files.get("b/secret.txt").is_none());
    }
}
