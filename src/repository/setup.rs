//! Starting a repository, and where its hooks lie.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryInitOptions};

use super::error::OpenError;
use super::locate::{Located, locate};

/// Starts a repository in a folder, which is made if it is not there. Its first branch is `main`, whatever the user's
/// settings; nothing is committed. A repository that is there already stays as it is.
///
/// # Errors
/// [`OpenError::Git`] where the folder cannot be made or written.
pub fn init(path: &Path) -> Result<(), OpenError> {
    let mut options = RepositoryInitOptions::new();
    options.initial_head("main").external_template(false).no_reinit(true).mkpath(true);
    match Repository::init_opts(path, &options) {
        Ok(_) => Ok(()),
        Err(error) if error.code() == ErrorCode::Exists => Ok(()),
        Err(error) => Err(OpenError::Git { path: path.into(), detail: error.message().into() }),
    }
}

/// Whether HEAD has a commit.
///
/// # Errors
/// [`OpenError`] where there is no repository that can be read.
pub fn head_exists(path: &Path) -> Result<bool, OpenError> {
    let Located { repository, .. } = locate(path, None)?;
    Ok(repository.head().is_ok())
}

/// The folder in which git looks for hooks: what `core.hooksPath` says, otherwise `hooks` in the git folder. It need
/// not exist.
///
/// # Errors
/// [`OpenError`] where there is no repository that can be read.
pub fn hooks_folder(path: &Path) -> Result<PathBuf, OpenError> {
    let Located { repository, .. } = locate(path, None)?;
    // Git takes a relative setting from the folder in which it runs hooks: the work tree's top, or a bare repository.
    let base = repository.workdir().unwrap_or_else(|| repository.path());
    let set = repository.config().and_then(|config| config.get_path("core.hooksPath"));
    Ok(set.map_or_else(|_| repository.commondir().join("hooks"), |hooks| base.join(hooks)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::fixture::Fixture;

    #[test]
    fn a_repository_is_started_on_main_without_a_commit_and_only_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/archive");
        init(&path).unwrap();
        assert!(!head_exists(&path).unwrap());
        let repository = Repository::open(&path).unwrap();
        let head = repository.find_reference("HEAD").unwrap();
        assert_eq!(head.symbolic_target_bytes(), Some(&b"refs/heads/main"[..]));
        init(&path).unwrap();
    }

    #[test]
    fn a_commit_makes_head_exist() {
        let fixture = Fixture::new();
        fixture.commit_files(&[("a", "x")]);
        assert!(head_exists(fixture.path()).unwrap());
    }

    #[test]
    fn hooks_lie_where_the_setting_says() {
        let fixture = Fixture::new();
        let top = fixture.path().canonicalize().unwrap();
        fixture.set("core.hooksPath", "our/hooks");
        assert_eq!(hooks_folder(fixture.path()).unwrap(), top.join("our/hooks"));
        fixture.set("core.hooksPath", "/srv/hooks");
        assert_eq!(hooks_folder(fixture.path()).unwrap(), Path::new("/srv/hooks"));
    }

    #[test]
    fn hooks_lie_in_the_git_folder_by_default() {
        let fixture = Fixture::new();
        let set = fixture.repository.config().unwrap().get_path("core.hooksPath");
        if set.is_err() {
            let top = fixture.path().canonicalize().unwrap();
            assert_eq!(hooks_folder(&fixture.path().join("gone")).unwrap(), top.join(".git/hooks"));
        }
    }
}
