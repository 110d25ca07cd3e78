//! `check`: all findings in one run; of what is staged also what the commit opens, and to whom.

use super::build::Keeping;
use super::desk::{Desk, Failure, Format, Outcome, counted};
use super::opening_words::{STAGED, Sentence, sentences, vanishing};
use super::past::{Where, past_findings};
use super::source::{ArchiveSource, read, read_checked};
use crate::archive::{Archive, Difference, Reading};
use crate::checks::leaving;
use crate::finding::{Finding, harmless, human, json, withhold};
use crate::repository::{OpenError, Snapshot, changed_paths, open_commit};
use crate::site::written_twice;
use std::collections::BTreeSet;

/// Finds everything that is wrong with an archive
#[derive(Debug, clap::Args)]
pub struct Check {
    #[command(flatten)]
    source: ArchiveSource,
    #[command(flatten)]
    keeping: Keeping,
    /// Check what is staged, and say what the commit would open and to whom (what the pre-commit hook does)
    #[arg(long, conflicts_with_all = ["rev", "worktree", "with"])]
    staged: bool,
    /// Fail on warnings too
    #[arg(long)]
    strict: bool,
    /// Show no words of the archive, only places: for logs that more people read than the archive
    #[arg(long)]
    no_excerpts: bool,
}

/// What there is to say of what the staged state opens.
enum Opens {
    /// Nobody asked.
    NotAsked,
    /// Nothing, since the commit is stopped.
    Stopped,
    /// These sentences.
    Told(Vec<Sentence>),
}

/// Instead of what a commit opens, where findings stop it.
const STOPPED: &str = "the commit is stopped; what it opens, and to whom, is told when these are mended\n";

impl Check {
    /// Runs the command.
    ///
    /// # Errors
    /// When the archive cannot be opened, or the answer not be written.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let snapshot = if self.staged { self.source.open_staged()? } else { self.source.open()? };
        let mut reading = read_checked(desk, &snapshot, desk.day);
        reading.findings.extend(written_twice(&reading.archive));
        let subfolder = self.source.subfolder.as_deref();
        let place = Where { archive: &self.source.archive, subfolder, rev: self.source.rev.as_deref() };
        let state = self.keeping.state(&self.source.archive).ok();
        reading.findings.extend(past_findings(desk, &snapshot, &reading.archive, &place, state.as_ref()));
        reading.findings.sort();
        let stopped = reading.findings.fail(self.strict);
        let opens = match (self.staged, stopped) {
            (false, _) => Opens::NotAsked,
            // What a broken archive opens cannot be told, and the commit that would open it is not made.
            (true, true) => Opens::Stopped,
            (true, false) => Opens::Told(self.opens(desk, &snapshot, &reading)?),
        };
        desk.terminal.data(&match desk.format {
            Format::Human | Format::Csv | Format::Ics => self.human(desk, &reading, &opens),
            Format::Json => self.json(&reading, &opens),
        })?;
        if desk.format == Format::Human {
            desk.terminal.say(&summary(&reading.archive, &human::summary(&reading.findings)));
        }
        Ok(if stopped { Outcome::Failed } else { Outcome::Fine })
    }

    /// What the staged state opens against HEAD's.
    fn opens(&self, desk: &Desk<'_>, staged: &Snapshot, now: &Reading) -> Result<Vec<Sentence>, Failure> {
        let head = match open_commit(&self.source.folder(), None, None) {
            Ok(head) => head,
            // Before the first commit, and where the archive is new in its repository, everything is new.
            Err(OpenError::EmptyRepository { .. } | OpenError::UnbornHead { .. } | OpenError::NoSuchFolder { .. }) => {
                return Ok(sentences(
                    &Difference::between(&Archive::empty(desk.day), &now.archive, &|_| true),
                    &now.archive,
                    None,
                    &STAGED,
                ));
            }
            Err(error) => return Err(error.into()),
        };
        let changed: BTreeSet<String> = changed_paths(&head, staged).into_iter().map(|change| change.path).collect();
        if changed.is_empty() {
            return Ok(vec![Sentence::nothing("nothing of the archive is staged")]);
        }
        let before = read(desk, &head, desk.day);
        let difference = Difference::between(&before.archive, &now.archive, &|file| changed.contains(file));
        let broken = before.findings.has_errors().then(|| human::summary(&before.findings));
        let mut said = sentences(&difference, &now.archive, Some((&before.archive, broken)), &STAGED);
        said.extend(vanishing(&leaving(&head, staged, &now.archive)));
        Ok(said)
    }

    fn human(&self, desk: &Desk<'_>, reading: &Reading, opens: &Opens) -> String {
        let style = human::Style { colour: desk.terminal.colours_data(), excerpts: !self.no_excerpts };
        let mut findings: Vec<&Finding> = reading.findings.iter().collect();
        if self.staged {
            // What stops the commit is not to be looked for between remarks.
            findings.sort_by_key(|finding| finding.severity);
        }
        let mut out = String::new();
        for finding in findings {
            out.push_str(&human::draw_one(finding, style));
            out.push_str("\n\n");
        }
        match opens {
            Opens::NotAsked => {}
            Opens::Stopped => out.push_str(STOPPED),
            Opens::Told(sentences) => {
                for sentence in sentences {
                    out.push_str(&harmless(&self.shown(&sentence.words)));
                    out.push('\n');
                }
            }
        }
        out
    }

    fn json(&self, reading: &Reading, opens: &Opens) -> String {
        let mut out = json::render(&reading.findings, !self.no_excerpts);
        let told = match opens {
            Opens::NotAsked => None,
            Opens::Stopped => Some(serde_json::Value::Null),
            Opens::Told(sentences) => {
                let told = sentences.iter().filter(|sentence| !sentence.kind.is_empty());
                Some(told.map(|s| s.json(|words| self.shown(words))).collect())
            }
        };
        if let Some(told) = told {
            // Put beside the findings, so that the names stay where other programs know them.
            out.truncate(out.trim_end().trim_end_matches('}').len());
            out.push_str(&format!(",\"opens\":{told}}}"));
        }
        out.push('\n');
        out
    }

    fn shown(&self, words: &str) -> String {
        if self.no_excerpts { withhold(words) } else { words.to_owned() }
    }
}

fn summary(archive: &Archive, findings: &str) -> String {
    let (mut dossiers, mut records) = (0_usize, 0_usize);
    for held in archive.dossiers.lay_out(|held| held.release().1) {
        dossiers += 1;
        records += held.records.lay_out(|_| ()).count();
    }
    records += archive.registers.lay_out(|_| ()).count();
    format!(
        "{findings}: {} in {}, {}",
        counted(records, "record"),
        counted(dossiers, "dossier"),
        counted(archive.readers.len(), "reader")
    )
}
