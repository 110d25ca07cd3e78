//! `verify ARCHIVE --log LOG`: whether an archive is still what the signed log of its publishings says that it was.

use super::desk::{Desk, Failure, counted};
use super::past::signers as own_signers;
use super::source::read;
use super::verify::Told;
use crate::checks::{RECORD_VANISHED, leaving, shown, vanished};
use crate::finding::{Code, Finding, Place, Severity};
use crate::proof::{Entry, Known, Log, Signed, check_kept, check_log, place_of, tree_digest};
use crate::provenance::Signers;
use crate::repository::{Past, Snapshot, open_commit};
use crate::terminal::Phase;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The archive's history lacks a commit that was published.
pub const HISTORY_REWRITTEN: Code = Code("history-rewritten");
/// The files of a commit are not those that were published with it.
pub const ARCHIVE_DIFFERS: Code = Code("archive-differs");
/// The list of who may sign comes from the archive that is checked.
pub const OWN_SIGNERS: Code = Code("own-signers");

/// No checkpoint and no signature is longer.
const LONGEST: u64 = 64 << 10;

/// The log against which an archive is held.
#[derive(Debug, clap::Args)]
pub struct Logged {
    /// The folder of the archive's log
    #[arg(long, value_name = "FOLDER")]
    log: Option<PathBuf>,
    /// A checkpoint that was kept elsewhere, its signature beside it as FILE.sig; may be given more than once
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// Hold this commit, branch or tag of the archive against the log instead of HEAD
    #[arg(long, value_name = "REV", requires = "log")]
    rev: Option<String>,
    /// The archive's folder inside the repository
    #[arg(long, value_name = "FOLDER", requires = "log")]
    subfolder: Option<String>,
}

impl Logged {
    /// Holds a log against itself and the checkpoints that were kept.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn alone(&self, log: &Path, signers: Option<&Signers>, findings: &mut Vec<Finding>) -> Result<Told, Failure> {
        let mut told = Told::of("log");
        self.held(log, signers, &mut told, findings)?;
        Ok(told)
    }

    /// Holds an archive against its log.
    ///
    /// # Errors
    /// When either cannot be read.
    pub fn repository(
        &self,
        desk: &Desk<'_>,
        path: &Path,
        signers: Option<Signers>,
        findings: &mut Vec<Finding>,
    ) -> Result<Told, Failure> {
        let Some(log) = &self.log else {
            let message = format!("{} is an archive, and nothing is named against which to hold it", path.display());
            return Err(Failure::new(message, "name the folder of its log with `--log`"));
        };
        let (subfolder, rev) = (self.subfolder.as_deref(), self.rev.as_deref());
        let now = open_commit(path, subfolder, rev)?;
        let signers = signers.unwrap_or_else(|| {
            let message = "who may sign is taken from the archive that is checked: who can rewrite it can rewrite that";
            let remedy = "name a list that was kept elsewhere with `--signers FILE`";
            findings.push(Finding::note(OWN_SIGNERS, message).remedy(remedy));
            own_signers(&now, findings)
        });
        let mut told = Told::of("repository");
        let log = self.held(log, Some(&signers), &mut told, findings)?;
        let progress = desk.terminal.progress(Phase::Past, None);
        let past = Past::read(path, subfolder, rev)?;
        drop(progress);
        told.fact("commit", past.tip.to_string());
        let commits: BTreeSet<String> = past.commits.iter().map(|commit| commit.id.to_string()).collect();
        let held = Held { path, subfolder, tip: past.tip.to_string(), commits: &commits };
        let progress = desk.terminal.progress(Phase::Check, Some(log.entries.len() as u64));
        let known = Known::default();
        for entry in &log.entries {
            held.check(entry, &known, findings);
            progress.step(1);
        }
        drop(progress);
        let archive = read(desk, &now, desk.day).archive;
        if let Some(last) = log.entries.last().filter(|last| !commits.contains(&last.commit))
            && let Ok(then) = open_commit(path, subfolder, Some(&last.commit))
        {
            let gone = leaving(&then, &now, &archive);
            findings.extend(gone.iter().map(|gone| {
                let message =
                    format!("the record {} was published, and the rewritten history has it nowhere", shown(gone));
                let remedy = "get it from the commit that was published, while some clone has that";
                Finding::error(RECORD_VANISHED, message).at(Place::whole(&gone.file)).remedy(remedy)
            }));
        }
        findings.extend(vanished(&past, &now, &archive).into_iter().map(|finding| Finding {
            // Between two publishings nothing may go without a word.
            severity: Severity::Error,
            ..finding
        }));
        Ok(told)
    }

    /// Reads the log and holds it against itself and what was kept of it.
    fn held(
        &self,
        folder: &Path,
        signers: Option<&Signers>,
        told: &mut Told,
        findings: &mut Vec<Finding>,
    ) -> Result<Log, Failure> {
        let failed = |path: &Path, error: std::io::Error| Failure {
            message: format!("{}: {error}", path.display()),
            remedy: Some("name the folder of a log, and files of its checkpoints".to_owned()),
        };
        let log = Log::read(folder, findings).map_err(|error| failed(folder, error))?;
        let signed = check_log(&log, signers, findings);
        for file in &self.checkpoint {
            let text = limited(file).map_err(|error| failed(file, error))?;
            let beside = PathBuf::from(format!("{}.sig", file.display()));
            let signature = limited(&beside).ok();
            check_kept(&log, (&file.display().to_string(), &text), signature.as_deref(), signers, findings);
        }
        tell(&log, &signed, told);
        Ok(log)
    }
}

fn limited(path: &Path) -> std::io::Result<Vec<u8>> {
    if std::fs::metadata(path)?.len() > LONGEST {
        return Err(std::io::Error::other("this is too long for a checkpoint"));
    }
    std::fs::read(path)
}

fn tell(log: &Log, signed: &[Signed], told: &mut Told) {
    let origin = log.head().map_or("", |head| &head.note.checkpoint.origin);
    told.said.push(format!(
        "the log {origin} has {} and {}",
        if log.entries.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", log.entries.len()) },
        counted(signed.len(), "checkpoint")
    ));
    if let Some(last) = signed.last() {
        let who = last.signer.as_deref().unwrap_or("nobody");
        told.said.push(format!("the last one, over {}, is signed by {who}", last.size));
    }
    for stamped in signed.iter().filter_map(|signed| Some((signed.size, signed.stamped.as_ref()?))) {
        let (size, time) = stamped;
        told.said.push(format!(
            "a time stamp over the checkpoint of size {size} says {time}; whether its authority signed it, `openssl ts -verify` says"
        ));
    }
    told.fact("origin", origin);
    told.fact("entries", log.entries.len());
    let one =
        |signed: &Signed| serde_json::json!({"size": signed.size, "signer": signed.signer, "stamped": signed.stamped});
    told.fact("checkpoints", signed.iter().map(one).collect::<Vec<_>>());
}

/// The archive that is held against entries.
struct Held<'a> {
    path: &'a Path,
    subfolder: Option<&'a str>,
    tip: String,
    commits: &'a BTreeSet<String>,
}

impl Held<'_> {
    fn check(&self, entry: &Entry, known: &Known, findings: &mut Vec<Finding>) {
        let (at, commit, day) = (place_of(entry.number), &entry.commit, entry.day);
        if !self.commits.contains(commit) {
            let message = format!(
                "commit {commit}, published on {day}, does not lead to {}: the history was rewritten since, or another \
                 branch was published",
                self.tip
            );
            let remedy = "if that commit is on a branch of its own, name it with `--rev`; otherwise look for a clone that has it";
            findings.push(Finding::error(HISTORY_REWRITTEN, message).at(at).remedy(remedy));
            return;
        }
        let opened = open_commit(self.path, self.subfolder, Some(commit)).map_err(|error| error.to_string());
        let digest = opened.and_then(|then: Snapshot| tree_digest(&then, known).map_err(|error| error.to_string()));
        let message = match digest {
            Ok(digest) if digest == entry.tree => return,
            Ok(_) => format!("the files of commit {commit} are not those that were published on {day}"),
            Err(why) => format!("the files of commit {commit}, published on {day}, cannot be read: {why}"),
        };
        let remedy = "name the archive's folder where it is not the whole repository (`--subfolder`); otherwise get the \
                      repository from another clone, and keep this one";
        findings.push(Finding::error(ARCHIVE_DIFFERS, message).at(at).remedy(remedy));
    }
}
