//! The key with which a command signs: read from its file, unlocked by a passphrase where it is locked. And the list of
//! those who may sign, for a command that verifies.

use super::desk::{Desk, Failure};
use super::past::Where;
use crate::finding::Finding;
use crate::proof::{Known, Publishing, tree_digest};
use crate::provenance::{Signers, SigningKey};
use crate::repository::{Origin, open_commit};
use crate::text::Source;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// No private key of OpenSSH is longer, in bytes.
const LONGEST_KEY: u64 = 64 << 10;
/// No list of signers is longer, in bytes.
const LONGEST_LIST: u64 = 1 << 20;

/// How a build vouches for what it publishes.
#[derive(Debug, clap::Args)]
pub struct VouchingFor {
    /// Sign the site's manifest with this private key of OpenSSH (Ed25519 or ECDSA P-256)
    #[arg(long, value_name = "KEY")]
    pub sign: Option<PathBuf>,
    /// Add the publishing to the signed log in this folder, which is kept apart from archive and site
    #[arg(long, value_name = "FOLDER", requires = "sign", conflicts_with = "worktree")]
    pub log: Option<PathBuf>,
    /// How a new log is to be called, such as `yunxi.example/archive`
    #[arg(long, value_name = "NAME", requires = "log")]
    pub log_name: Option<String>,
}

impl VouchingFor {
    /// The key that signs, where one was named.
    ///
    /// # Errors
    /// When it cannot be had.
    pub fn key(&self, desk: &Desk<'_>) -> Result<Option<SigningKey>, Failure> {
        self.sign.as_deref().map(|path| signing_key(desk, path)).transpose()
    }

    /// What is to be added to the log, where one is kept, for the site of a commit.
    ///
    /// # Errors
    /// When it is not a commit that is published, the log would lie in the archive or the site, or a file cannot be read.
    pub fn publishing<'a>(
        &'a self,
        desk: &Desk<'_>,
        origin: &Origin,
        published: &Where<'a>,
        apart: [Option<&Path>; 3],
    ) -> Result<Option<Publishing<'a>>, Failure> {
        let Some(folder) = self.log.as_deref() else { return Ok(None) };
        let (Origin::Commit(_), Some(commit)) = (origin, published.rev) else {
            return Err(Failure::new("only a commit can be added to a log", "commit the archive, and build that"));
        };
        let full = |path: &Path| {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            // What is not there yet lies in the nearest folder that is.
            let there = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
            there.map_or(path.clone(), |(above, real)| real.join(path.strip_prefix(above).unwrap_or(Path::new(""))))
        };
        if let Some(other) = apart.into_iter().flatten().find(|other| full(folder).starts_with(full(other))) {
            let message = format!("the log {} would lie in {}", folder.display(), other.display());
            return Err(Failure::new(message, "keep it in a folder of its own, best on another machine"));
        }
        // Of the archive's commit alone, whatever was read beside it.
        let archive = open_commit(published.archive, published.subfolder, Some(commit))?;
        let tree = tree_digest(&archive, &Known::default())
            .map_err(|error| Failure { message: format!("the archive cannot be read: {error}"), remedy: None })?;
        Ok(Some(Publishing { folder, origin: self.log_name.as_deref(), commit, tree, day: desk.day }))
    }
}

/// Reads a list of who may sign, in the form of `allowed_signers`.
///
/// # Errors
/// When it cannot be read.
pub fn signers_from(path: &Path, findings: &mut Vec<Finding>) -> Result<Signers, Failure> {
    let shown = path.display().to_string();
    let failed = |error: std::io::Error| Failure {
        message: format!("{shown}: {error}"),
        remedy: Some("name a file in the form of `allowed_signers`".to_owned()),
    };
    if std::fs::metadata(path).map_err(failed)?.len() > LONGEST_LIST {
        return Err(Failure::new(format!("{shown}: no list of signers is that long"), "name the file of the list"));
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    match Source::decode(&shown, &bytes) {
        Ok(source) => Ok(Signers::read(&source, findings)),
        Err(finding) => {
            findings.push(*finding);
            Ok(Signers::default())
        }
    }
}

/// Reads the key; asks for its passphrase at the terminal where it has one.
///
/// # Errors
/// When the file cannot be read, is no key that signs here, or is not unlocked.
pub fn signing_key(desk: &Desk<'_>, path: &Path) -> Result<SigningKey, Failure> {
    let shown = path.display().to_string();
    let failed = |error: std::io::Error| Failure {
        message: format!("{shown}: {error}"),
        remedy: Some("name the file of the private key with which you sign".to_owned()),
    };
    if std::fs::metadata(path).map_err(failed)?.len() > LONGEST_KEY {
        return Err(Failure::new(format!("{shown}: this is no private key of OpenSSH"), "name the file of the key"));
    }
    let text = Zeroizing::new(std::fs::read(path).map_err(failed)?);
    let ask = || desk.terminal.ask_secret(&format!("passphrase of {shown}")).ok();
    SigningKey::read(&text, ask)
        .map_err(|finding| Failure { message: format!("{shown}: {}", finding.message), remedy: Some(finding.remedy) })
}
