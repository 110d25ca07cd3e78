//! The files of the example as they were when the program was built.

use include_dir::{Dir, include_dir};

use super::script::{People, ScriptError, Scripted, read_commits, read_people};
use crate::repository::Files;

/// `archive/`. The compiler sees when one of its files changes, but not when one comes or goes; a test does.
static ARCHIVE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/archive");

/// The commits, in order.
const COMMITS: &[(&str, &str)] = &[
    ("2024.yaml", include_str!("past/2024.yaml")),
    ("2025-1.yaml", include_str!("past/2025-1.yaml")),
    ("2025-2.yaml", include_str!("past/2025-2.yaml")),
    ("2026-1.yaml", include_str!("past/2026-1.yaml")),
    ("2026-2.yaml", include_str!("past/2026-2.yaml")),
];

/// The files of `archive/`, by path.
pub(super) fn archive() -> Files {
    let mut files = Files::new();
    let mut folders = vec![&ARCHIVE];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            files.insert(file.path().to_string_lossy().into_owned(), file.contents().into());
        }
    }
    files
}

/// The commits that led to it, as they are told.
pub(super) fn commits() -> Result<Vec<Scripted>, ScriptError> {
    let people: People = read_people("people.yaml", include_str!("past/people.yaml"))?;
    let mut commits = Vec::new();
    for (file, text) in COMMITS {
        commits.extend(read_commits(file, text, &people)?);
    }
    Ok(commits)
}
