//! `build`: a commit becomes a site.

use super::desk::{Desk, Failure, Format, Outcome};
use super::past::{Where, history};
use super::signing::VouchingFor;
use super::source::read_checked;
use super::with::{Beside, Reads, With};
use crate::archive::Archive;
use crate::finding::{Findings, human};
use crate::history::History;
use crate::repository::{OpenError, Origin, Snapshot, open_commit, open_work_tree};
use crate::sealing::letters;
use crate::site::{Built, Order, PublishError, Published, Stage, State, Vouching, publish};
use crate::terminal::Phase;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Warnings are drawn up to this many; `check` shows the rest.
const DRAWN: usize = 12;

/// Publishes a commit of an archive as a website
#[derive(Debug, clap::Args)]
pub struct Build {
    /// The archive's folder, or a bare repository
    #[arg(default_value = ".")]
    archive: PathBuf,
    /// The folder of the site; the site that stands there is replaced as a whole
    #[arg(short, long, value_name = "SITE")]
    output: PathBuf,
    /// Publish this commit, branch or tag instead of HEAD
    #[arg(long, value_name = "REV", conflicts_with = "worktree")]
    rev: Option<String>,
    /// Publish the work tree, also what is not committed (the pages say so)
    #[arg(long)]
    worktree: bool,
    /// The archive's folder inside the repository that ARCHIVE names
    #[arg(long, value_name = "FOLDER")]
    subfolder: Option<String>,
    #[command(flatten)]
    with: With,
    #[command(flatten)]
    keeping: Keeping,
    #[command(flatten)]
    vouching: VouchingFor,
    /// Fail on warnings too
    #[arg(long)]
    strict: bool,
    /// Show no words of the archive, only places: for logs that more people read than the archive
    #[arg(long)]
    no_excerpts: bool,
}

/// Where builds keep what the next one needs.
#[derive(Debug, clap::Args)]
pub struct Keeping {
    /// The folder of the build's state; by default below $XDG_STATE_HOME/strongroom
    #[arg(long, value_name = "FOLDER")]
    pub state: Option<PathBuf>,
    /// The file of the sealing key; by default in the state's folder
    #[arg(long, value_name = "FILE")]
    pub sealing_key: Option<PathBuf>,
}

impl Keeping {
    /// The state of an archive.
    ///
    /// # Errors
    /// When no folder is named and there is no home to put one in.
    pub fn state(&self, archive: &Path) -> Result<State, Failure> {
        let folder = match &self.state {
            Some(folder) => folder.clone(),
            None => {
                // Two archives on one machine share nothing: each has its own key.
                let path = std::fs::canonicalize(archive).unwrap_or_else(|_| archive.to_owned());
                let digest = Sha256::digest(path.to_string_lossy().as_bytes());
                state_home()?.join("strongroom").join(letters(digest.get(..8).unwrap_or_default()))
            }
        };
        Ok(State::at(folder, self.sealing_key.clone()))
    }
}

fn state_home() -> Result<PathBuf, Failure> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    set("XDG_STATE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/state")))
        .ok_or_else(|| Failure::new("there is no home to keep the build's state in", "name a folder with --state"))
}

impl Build {
    /// Runs the command.
    ///
    /// # Errors
    /// When the archive cannot be opened, or the site cannot be published.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let reads = if self.worktree { Reads::WorkTree } else { Reads::Commit };
        let (snapshot, beside) = self.with.added_to(self.open(desk)?, reads)?;
        let style = human::Style { colour: desk.terminal.colours_words(), excerpts: !self.no_excerpts };
        let reading = read_checked(desk, &snapshot, desk.day);
        say_findings(desk, &reading.findings, style);
        if reading.findings.fail(self.strict) {
            return Ok(Self::refused(desk, &reading.findings));
        }
        let state = self.keeping.state(&self.archive)?;
        let key = self.vouching.key(desk)?;
        let built = built(&snapshot, desk, self.worktree, beside);
        let commit = built.commit.clone();
        let published = Where { archive: &self.archive, subfolder: self.subfolder.as_deref(), rev: Some(&commit) };
        let apart = [Some(self.output.as_path()), Some(self.archive.as_path()), self.with.with.as_deref()];
        let log = self.vouching.publishing(desk, snapshot.origin(), &published, apart)?;
        let rev = self.rev.as_deref();
        let place = Where { archive: &self.archive, subfolder: self.subfolder.as_deref(), rev };
        let told = history(desk, &snapshot, &reading.archive, &place, &state)?;
        let (history, of_past) = told.map(|told| (told.history, Findings::from_iter(told.findings))).unzip();
        let of_past = of_past.unwrap_or_default();
        say_findings(desk, &of_past, style);
        if of_past.fail(self.strict) {
            return Ok(Self::refused(desk, &of_past));
        }
        let (target, excerpts) = (self.output.as_path(), !self.no_excerpts);
        let (archive, beside) = (self.archive.as_path(), self.with.with.as_deref());
        let place = Place { target, archive, beside, state: &state, excerpts, history: history.as_ref() };
        let vouching = Vouching { key: key.as_ref(), log };
        match publish_with(desk, &snapshot, &reading.archive, (built, vouching), &place) {
            Ok(published) => {
                say_findings(desk, &published.findings, style);
                self.report(desk, &reading.archive, &published)?;
                reading.archive.take_apart();
                Ok(if published.findings.fail(self.strict) { Outcome::Failed } else { Outcome::Fine })
            }
            Err(PublishError::Findings(findings)) => {
                say_findings(desk, &findings, style);
                desk.terminal.error("nothing was published, and the site that stood before stands as it was");
                Ok(Outcome::Failed)
            }
            Err(error) => Err(failure(&error)),
        }
    }

    /// Says that nothing comes of it.
    fn refused(desk: &Desk<'_>, findings: &Findings) -> Outcome {
        desk.terminal.error(&format!(
            "{}: nothing was published, and the site that stood before stands as it was",
            human::summary(findings)
        ));
        Outcome::Failed
    }

    fn open(&self, desk: &Desk<'_>) -> Result<Snapshot, Failure> {
        let folder = self.subfolder.as_ref().map_or_else(|| self.archive.clone(), |sub| self.archive.join(sub));
        if self.worktree {
            return Ok(open_work_tree(&folder)?);
        }
        match open_commit(&self.archive, self.subfolder.as_deref(), self.rev.as_deref()) {
            Err(OpenError::NoRepository { .. }) if self.rev.is_none() && folder.is_dir() => {
                desk.terminal.warn(
                    "no git repository holds this archive: the folder is published as it lies, and the pages say so",
                );
                Ok(open_work_tree(&folder)?)
            }
            opened => Ok(opened?),
        }
    }

    fn report(&self, desk: &Desk<'_>, archive: &Archive, published: &Published) -> Result<(), Failure> {
        let index = self.output.join("index.html");
        desk.answer(
            || format!("{}\n", index.display()),
            || {
                serde_json::json!({
                    "site": self.output,
                    "pages": published.pages,
                    "sealed": published.sealed,
                    "readers": published.readers,
                    "openings": archive.openings.iter().map(|(day, name)| serde_json::json!({"on": day.to_string(), "record": name.to_string()})).collect::<Vec<_>>(),
                })
            },
        )?;
        desk.terminal.say(&format!(
            "published {} pages; {} sealed parts and files for {} readers",
            published.pages, published.sealed, published.readers
        ));
        if let Some((mark, commit)) = &published.registers {
            desk.terminal.say(&format!("the site names commit {commit} of the registers by the letters {mark}"));
        }
        if desk.format == Format::Human {
            for (day, name) in archive.openings.iter().take(DRAWN) {
                desk.terminal.say(&format!(
                    "opens on {day}: {} (build again on that day)",
                    crate::finding::harmless(&name.to_string())
                ));
            }
        }
        Ok(())
    }
}

/// What the site says of itself.
#[must_use]
pub fn built(snapshot: &Snapshot, desk: &Desk<'_>, worktree: bool, beside: Option<Beside>) -> Built {
    let facts = match snapshot.origin() {
        Origin::Commit(facts) => Some(facts),
        Origin::WorkTree { head, .. } | Origin::Index { head } => head.as_ref(),
        Origin::OutsideGit => None,
    };
    let dirty = matches!(snapshot.origin(), Origin::WorkTree { dirty: true, .. });
    Built {
        date: desk.day.to_string(),
        commit: facts.map(|facts| facts.id.to_string()).unwrap_or_default(),
        commit_short: facts.map(|facts| facts.short.clone()).unwrap_or_default(),
        branch: facts.and_then(|facts| facts.branch.clone()).unwrap_or_default(),
        worktree: dirty || worktree && facts.is_none(),
        outside_git: matches!(snapshot.origin(), Origin::OutsideGit),
        shallow: facts.is_some_and(|facts| facts.shallow),
        beside: beside.is_some(),
        beside_dirty: beside.as_ref().is_some_and(|beside| beside.dirty),
        beside_mark: String::new(),
        beside_commit: beside.map(|beside| beside.commit).unwrap_or_default(),
    }
}

/// Where a site is published, and what is kept where.
pub struct Place<'a> {
    /// The site's folder.
    pub target: &'a Path,
    /// The archive's folder or repository, in which no site may stand.
    pub archive: &'a Path,
    /// What was read beside it, where no site may stand either.
    pub beside: Option<&'a Path>,
    /// What builds keep for one another.
    pub state: &'a State,
    /// Whether a leak's finding may quote the text.
    pub excerpts: bool,
    /// The archive's past; none for a folder outside git.
    pub history: Option<&'a History>,
}

/// Publishes, with progress on a terminal.
///
/// # Errors
/// Whatever kept it from being published.
pub fn publish_with(
    desk: &Desk<'_>,
    snapshot: &Snapshot,
    archive: &Archive,
    (built, vouching): (Built, Vouching<'_>),
    place: &Place<'_>,
) -> Result<Published, PublishError> {
    let shown = Mutex::new(None);
    let progress = |stage: Stage, done: usize, of: usize| {
        let phase = match stage {
            Stage::Pages => Phase::Render,
            Stage::Index => Phase::Index,
            Stage::Files => Phase::Seal,
            Stage::Search => Phase::Search,
            Stage::Swap => Phase::Publish,
        };
        let Ok(mut shown) = shown.lock() else { return };
        let (_, before, bar) = shown.get_or_insert_with(|| (phase, 0, desk.terminal.progress(phase, Some(of as u64))));
        bar.step(done.saturating_sub(*before) as u64);
        *before = done;
        if shown.as_ref().is_some_and(|(known, _, _)| *known != phase) {
            *shown = Some((phase, done, desk.terminal.progress(phase, Some(of as u64))));
        }
    };
    // A site inside the archive would be committed with it one day.
    let forbid = std::iter::once(place.archive).chain(place.beside).collect();
    let Place { target, state, excerpts, history, .. } = *place;
    let progress = &progress;
    let order = Order { snapshot, archive, history, built, target, forbid, state, excerpts, vouching, progress };
    publish(&order)
}

/// Says findings on the terminal's words, not more than people read.
pub fn say_findings(desk: &Desk<'_>, findings: &Findings, style: human::Style) {
    let errors = findings.has_errors();
    let mut drawn = 0;
    for finding in findings {
        if finding.severity == crate::finding::Severity::Error || !errors && drawn < DRAWN {
            desk.terminal.say(&human::draw_one(finding, style));
            drawn += 1;
        }
    }
    if findings.len() > drawn {
        desk.terminal.say(&format!("and {} more: `strongroom check` shows them all", findings.len() - drawn));
    }
}

/// An error of publishing with what to do about it.
#[must_use]
pub fn failure(error: &PublishError) -> Failure {
    let remedy = match error {
        PublishError::Swap(swap) => swap.remedy().map(str::to_owned),
        PublishError::Log(log) => log.remedy().map(str::to_owned),
        _ => None,
    };
    Failure { message: error.to_string(), remedy }
}
