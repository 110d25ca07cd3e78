//! The pre-commit hook: it checks what is staged, and says what the commit opens and to whom.

use super::desk::Failure;
use super::writing::{Mode, write_new};
use crate::repository::hooks_folder;
use std::fs;
use std::path::Path;

/// What became of the hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hook {
    /// It was written there.
    Written(String),
    /// It is there already.
    Present,
    /// Another hook is there, or hooks lie where others use them too: this line belongs into it.
    Foreign {
        /// Where.
        path: String,
        /// The line to add.
        line: String,
    },
}

/// Writes the hook for an archive into its repository. A hook that is not ours is never touched.
///
/// # Errors
/// When there is no repository, or the hook cannot be written.
pub fn install(archive: &Path) -> Result<Hook, Failure> {
    let folder = hooks_folder(archive)?;
    let archive = archive.canonicalize()?;
    let top = archive.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&archive);
    let inside = archive.strip_prefix(top).unwrap_or(Path::new("")).to_string_lossy().into_owned();
    let line = format!("strongroom check --staged {}", quoted(if inside.is_empty() { "." } else { &inside }));
    let path = folder.join("pre-commit");
    let shown = path.display().to_string();
    // A hooks folder outside the repository serves other repositories too, which are no archives.
    let own =
        folder.ancestors().find_map(|folder| folder.canonicalize().ok()).is_some_and(|folder| folder.starts_with(top));
    let linked = top.join(".git").is_file();
    match fs::read_to_string(&path) {
        Ok(text) if text.contains(&line) => Ok(Hook::Present),
        Ok(_) => Ok(Hook::Foreign { path: shown, line }),
        Err(_) if path.exists() || !(own || linked) => Ok(Hook::Foreign { path: shown, line }),
        Err(_) => {
            write_new(&path, script(&line).as_bytes(), Mode::Program)?;
            Ok(Hook::Written(shown))
        }
    }
}

/// Whether the hook is there, or another that calls it; nothing where there is no repository.
#[must_use]
pub fn is_installed(archive: &Path) -> Option<bool> {
    let path = hooks_folder(archive).ok()?.join("pre-commit");
    Some(fs::read_to_string(path).is_ok_and(|text| text.contains("strongroom check --staged")))
}

impl Hook {
    /// What to tell the archivist.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Written(path) => format!("the hook {path} checks every commit and says what it opens, and to whom"),
            Self::Present => "the pre-commit hook is there already".to_owned(),
            Self::Foreign { path, line } => {
                format!(
                    "{path} is not this archive's alone and was left as it is; add this line to your pre-commit hook:\n    {line}"
                )
            }
        }
    }
}

fn script(line: &str) -> String {
    format!(
        "#!/bin/sh\n\
         # Written by `strongroom init`. Errors stop the commit; what the commit opens, and to whom, is only said.\n\
         # To commit all the same, once: git commit --no-verify\n\
         if ! command -v strongroom >/dev/null; then\n\
         \x20   echo 'the commit was stopped: strongroom is not on the PATH, so that nothing could check it' >&2\n\
         \x20   echo 'put strongroom on the PATH and commit again; without the check, once: git commit --no-verify' >&2\n\
         \x20   exit 1\n\
         fi\n\
         exec {line}\n"
    )
}

/// A word for the shell that means exactly this text.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '_' | '-');
    if text.chars().all(plain) && !text.starts_with('-') {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_any_name_is_one_word_for_the_shell() {
        assert_eq!(quoted("archive/a"), "archive/a");
        assert_eq!(quoted("it's 档案"), "'it'\\''s 档案'");
        assert_eq!(quoted("$(rm)"), "'$(rm)'");
    }
}
