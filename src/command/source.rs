//! From which files a command reads: the work tree, a commit, or what is staged.

use super::desk::{Desk, Failure};
use super::past::signers;
use super::with::{Reads, With};
use crate::archive::{Archive, Reading};
use crate::checks;
use crate::repository::{Snapshot, open_commit, open_index, open_work_tree};
use crate::terminal::Phase;
use jiff::civil::Date;
use std::path::PathBuf;

/// The archive, and which state of it.
#[derive(Debug, clap::Args)]
pub struct ArchiveSource {
    /// The archive's folder, or a bare repository
    #[arg(default_value = ".")]
    pub archive: PathBuf,
    /// Read this commit, branch or tag instead of the work tree
    #[arg(long, value_name = "REV", conflicts_with = "worktree")]
    pub rev: Option<String>,
    /// Read the work tree as it lies on the disk (the default)
    #[arg(long)]
    pub worktree: bool,
    /// The archive's folder inside the repository that ARCHIVE names
    #[arg(long, value_name = "FOLDER")]
    pub subfolder: Option<String>,
    /// Registers beside it
    #[command(flatten)]
    pub with: With,
}

impl ArchiveSource {
    /// Opens the files.
    ///
    /// # Errors
    /// When there is no such folder, repository or revision.
    pub fn open(&self) -> Result<Snapshot, Failure> {
        let (snapshot, reads) = match &self.rev {
            Some(rev) => (open_commit(&self.archive, self.subfolder.as_deref(), Some(rev))?, Reads::Commit),
            None => (open_work_tree(&self.folder())?, Reads::WorkTree),
        };
        Ok(self.with.added_to(snapshot, reads)?.0)
    }

    /// Opens what is staged. Git names another index to its hooks where a commit is made from one.
    ///
    /// # Errors
    /// When there is no repository with a work tree.
    pub fn open_staged(&self) -> Result<Snapshot, Failure> {
        let index = std::env::var_os("GIT_INDEX_FILE").map(PathBuf::from);
        Ok(open_index(&self.folder(), index.as_deref())?)
    }

    /// The archive's folder on the disk.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        match &self.subfolder {
            Some(folder) => self.archive.join(folder),
            None => self.archive.clone(),
        }
    }
}

/// Reads a snapshot as an archive, with a word on a terminal while it lasts.
#[must_use]
pub fn read(desk: &Desk<'_>, snapshot: &Snapshot, day: Date) -> Reading {
    let _progress = desk.terminal.progress(Phase::Check, None);
    let mut reading = Archive::read(snapshot, day);
    // Who may sign says nothing about who may read, so that the archive itself does not know of it.
    let mut of_signers = Vec::new();
    signers(snapshot, &mut of_signers);
    reading.findings.extend(of_signers);
    reading.findings.sort();
    reading
}

/// Reads a snapshot, and looks at what an archive that reads without a mistake can still have: for those commands that
/// tell an archivist how it stands.
#[must_use]
pub fn read_checked(desk: &Desk<'_>, snapshot: &Snapshot, day: Date) -> Reading {
    let mut reading = read(desk, snapshot, day);
    let _progress = desk.terminal.progress(Phase::Check, None);
    reading.findings.extend(checks::run(&reading.archive, snapshot));
    reading.findings.sort();
    reading
}
