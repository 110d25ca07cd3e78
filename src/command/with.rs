//! `--with`: registers that archivists must not clone lie in a repository of their own, and are read beside the archive.
//!
//! Of that repository nothing is read but its `registers/`, under the archive's own types, audiences and readers. So who
//! may read breaches and assessments is said in one place, and whoever clones the archive has not got them.

use super::desk::Failure;
use crate::dossier::REGISTERS;
use crate::finding::quote;
use crate::repository::{Added, FileKind, OpenError, Origin, Snapshot, open_commit, open_work_tree};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A repository of registers beside the archive.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct With {
    /// Read the registers/ of this folder or repository beside the archive's own: those that archivists must not clone
    #[arg(long, value_name = "PATH")]
    pub with: Option<PathBuf>,
}

/// Which state of it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Its last commit; of a folder outside git, what lies there.
    Commit,
    /// What lies in its folder.
    WorkTree,
}

/// What a site says of the repository that it was built with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// The commit's id; empty outside git.
    pub commit: String,
    /// Its first digits.
    pub short: String,
    /// Whether what is not committed was read.
    pub dirty: bool,
}

impl With {
    /// The archive's files with the registers that lie beside them, and which state these are in.
    ///
    /// # Errors
    /// When the other repository cannot be opened, holds no register, or one that the archive has too.
    pub fn added_to(&self, archive: Snapshot, reads: Reads) -> Result<(Snapshot, Option<Beside>), Failure> {
        let Some(path) = &self.with else { return Ok((archive, None)) };
        let other = opened(path, reads)?;
        let beside = state_of(&other);
        if let Some(problem) = other.problems().iter().find(|problem| problem.path.starts_with("registers/")) {
            let message = format!("{}: {}: {}", path.display(), quote(&problem.path), problem.what);
            return Err(Failure::new(message, problem.what.remedy()));
        }
        let registers = other.files_below(REGISTERS);
        if registers.is_empty() {
            let message = format!("{} holds no registers/, and nothing else is read of it", path.display());
            return Err(Failure::new(message, "name the folder that holds it"));
        }
        for file in registers {
            if file.kind != FileKind::Regular {
                let message = format!("{}: {} is no file of its own", path.display(), quote(&file.path));
                return Err(Failure::new(message, "put the file itself in its place"));
            }
            if archive.file(&file.path).is_some() {
                let message = format!("{} stands in the archive and in {}", quote(&file.path), path.display());
                return Err(Failure::new(message, "rename one of them: a name means one record"));
            }
        }
        let other = Arc::new(other);
        let files = other.files_below(REGISTERS).iter().map(|file| file.path.clone());
        let added = files.map(|file| (file.clone(), Added::From(Arc::clone(&other), file))).collect();
        Ok((archive.with_added(added), Some(beside)))
    }
}

fn opened(path: &Path, reads: Reads) -> Result<Snapshot, Failure> {
    if reads == Reads::WorkTree {
        return Ok(open_work_tree(path)?);
    }
    match open_commit(path, None, None) {
        Err(OpenError::NoRepository { .. }) if path.is_dir() => Ok(open_work_tree(path)?),
        opened => Ok(opened?),
    }
}

fn state_of(snapshot: &Snapshot) -> Beside {
    let (facts, dirty) = match snapshot.origin() {
        Origin::Commit(facts) => (Some(facts), false),
        Origin::WorkTree { head, dirty } => (head.as_ref(), *dirty || head.is_none()),
        Origin::Index { head } => (head.as_ref(), true),
        Origin::OutsideGit => (None, true),
    };
    Beside {
        commit: facts.map(|facts| facts.id.to_string()).unwrap_or_default(),
        short: facts.map(|facts| facts.short.clone()).unwrap_or_default(),
        dirty,
    }
}
