//! `verify`: what was published or handed over is held against what was signed. Which of these it is, its own files say.

use super::desk::{Desk, Failure, Format, Outcome, counted};
use super::signing::signers_from;
use super::verify_bag::bag;
use super::verify_log::Logged;
use crate::archive::SETTINGS;
use crate::evidence::is_bag;
use crate::finding::{Finding, Findings, human, json};
use crate::proof::{Log, MANIFEST, SiteCopy, check_site};
use crate::provenance::Signers;
use crate::site::swap::MARKER;
use std::path::{Path, PathBuf};

/// Checks a copy of a site against its signed manifest, an archive against the signed log of its publishings, or an evidence bag
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The folder of a site or a zip of it, an archive's folder or repository, a log, or a bag (folder, .zip or .tar)
    path: PathBuf,
    /// Who may sign, in the form of `allowed_signers`; get this list another way than what you check
    #[arg(long, value_name = "FILE")]
    signers: Option<PathBuf>,
    #[command(flatten)]
    logged: Logged,
    /// Fail on warnings too
    #[arg(long)]
    strict: bool,
}

/// What can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A site, or a copy of one.
    Site,
    /// An evidence bag.
    Bag,
    /// A log of publishings.
    Log,
    /// An archive in git.
    Repository,
}

/// What was found, beside the findings: facts by their names, and sentences for people.
pub struct Told {
    /// For programs; put beside `findings`.
    pub facts: serde_json::Map<String, serde_json::Value>,
    /// For people, a line each.
    pub said: Vec<String>,
}

impl Told {
    /// Nothing yet, of something of this kind.
    #[must_use]
    pub fn of(kind: &str) -> Self {
        let mut told = Self { facts: serde_json::Map::new(), said: Vec::new() };
        told.fact("kind", kind);
        told
    }

    /// Adds a fact.
    pub fn fact(&mut self, name: &str, value: impl Into<serde_json::Value>) {
        self.facts.insert(name.to_owned(), value.into());
    }
}

impl Verify {
    /// Runs the command.
    ///
    /// # Errors
    /// When what should be checked cannot be read at all, or the answer not be written.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let mut findings = Vec::new();
        let signers = self.signers.as_deref().map(|path| signers_from(path, &mut findings)).transpose()?;
        let told = match kind_of(&self.path)? {
            Kind::Site => self.site(signers.as_ref(), &mut findings)?,
            Kind::Log => self.logged.alone(&self.path, signers.as_ref(), &mut findings)?,
            Kind::Repository => self.logged.repository(desk, &self.path, signers, &mut findings)?,
            Kind::Bag => {
                let mut told = Told::of("bag");
                told.said = bag(&self.path, signers.as_ref(), &mut findings)?;
                told
            }
        };
        self.answer(desk, findings.into(), told)
    }

    fn site(&self, signers: Option<&Signers>, findings: &mut Vec<Finding>) -> Result<Told, Failure> {
        let failed = |error: &dyn std::fmt::Display| Failure {
            message: format!("{}: {error}", self.path.display()),
            remedy: Some("name the folder of a site, or a zip of it".to_owned()),
        };
        let copy = SiteCopy::open(&self.path).map_err(|error| failed(&error))?;
        let mut told = Told::of("site");
        let Some(report) = check_site(&copy, signers, findings).map_err(|error| failed(&error))? else {
            return Ok(told);
        };
        let facts = &report.manifest.facts;
        let commit = if facts.commit.is_empty() { "no commit".to_owned() } else { format!("commit {}", facts.commit) };
        let with = if facts.uncommitted { " with changes that are in no commit" } else { "" };
        let signed = report.signer.as_ref().map_or("nobody".to_owned(), Clone::clone);
        told.said.push(format!(
            "the manifest lists {} of {commit}{with}, built for {}, signed by {signed}",
            counted(report.manifest.files.len(), "file"),
            facts.day
        ));
        told.fact("commit", facts.commit.clone());
        told.fact("day", facts.day.clone());
        told.fact("uncommitted", facts.uncommitted);
        told.fact("files", report.manifest.files.len());
        told.fact("signer", report.signer);
        Ok(told)
    }

    fn answer(&self, desk: &Desk<'_>, mut findings: Findings, told: Told) -> Result<Outcome, Failure> {
        findings.sort();
        let failed = findings.fail(self.strict);
        if desk.format == Format::Json {
            let mut out = json::render(&findings, true);
            out.truncate(out.trim_end().trim_end_matches('}').len());
            let facts = serde_json::Value::Object(told.facts).to_string();
            let facts = facts.trim_start_matches('{');
            out.push_str(&format!(",\"holds\":{},{facts}\n", !failed));
            desk.terminal.data(&out)?;
        } else {
            let style = human::Style { colour: desk.terminal.colours_data(), excerpts: true };
            let drawn = findings.iter().map(|finding| format!("{}\n\n", human::draw_one(finding, style)));
            desk.terminal.data(&drawn.collect::<String>())?;
            told.said.iter().for_each(|line| desk.terminal.say(&crate::finding::harmless(line)));
            let verdict = match (failed, told.facts.get("kind").and_then(|kind| kind.as_str())) {
                (true, Some("bag")) => "this is not the bag that was made",
                (false, Some("bag")) => "the bag is as it was made",
                (true, _) => "this is not what was signed",
                (false, _) => "everything is as it was published",
            };
            desk.terminal.say(&format!("{}: {verdict}", human::summary(&findings)));
        }
        Ok(if failed { Outcome::Failed } else { Outcome::Fine })
    }
}

/// What a path is, by the file that only such a thing has.
fn kind_of(path: &Path) -> Result<Kind, Failure> {
    let about = std::fs::metadata(path)
        .map_err(|error| Failure { message: format!("{}: {error}", path.display()), remedy: None })?;
    // A bag that lost its declaration is one by its lists.
    if is_bag(path) || path.join("manifest-sha256.txt").is_file() {
        return Ok(Kind::Bag);
    }
    if about.is_file() {
        return Ok(Kind::Site);
    }
    if path.join(MANIFEST).exists() || path.join(MARKER).exists() {
        return Ok(Kind::Site);
    }
    if Log::is_at(path) {
        return Ok(Kind::Log);
    }
    if [".git", SETTINGS, "objects"].iter().any(|name| path.join(name).exists()) {
        return Ok(Kind::Repository);
    }
    Err(Failure::new(
        format!("{} is neither a site, an archive, a log nor an evidence bag", path.display()),
        "name the folder of a site (with SHA256SUMS in it) or a zip of one, an archive with --log, or a log's folder",
    ))
}
