//! `evidence`: what an archive holds of some dossiers, and held, as a bag that proves it offline; and whether the papers of
//! a contract in dispute are complete. Who asks has the repository; what goes into the bag is for somebody else, and holds
//! nothing that this reader's keys would not open in the site.

use super::access::find_reader;
use super::desk::{Desk, Failure, Outcome, counted};
use super::evidence_papers::{check, checked, say_papers};
use super::evidence_rows::Eyes;
use super::past::signers;
use super::signing::signing_key;
use super::source::read;
use super::writing::kept_in;
use crate::access::Clearance;
use crate::archive::{Archive, Reading};
use crate::checks::{Papers, disputed_contracts, papers_of};
use crate::dossier::Dossier;
use crate::evidence::{
    Gathered, GitForm, NAMESPACE, Objects, Order, SIGNATURE, Then, Witness, WriteError, all_open, gather, leading_to,
    signed, signers_file, write,
};
use crate::exchange::export::{Whom, holding};
use crate::finding::{Severity, human, quote};
use crate::history::History;
use crate::page::Theme;
use crate::proof::Log;
use crate::provenance::{Signed, Signers, SigningKey, Verdict};
use crate::repository::{ContentId, Origin, Packer, Past, PastReader, Snapshot, open_commit};
use crate::text::map::parse_day;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Makes an evidence bag of dossiers, or says whether the papers of a contract are complete
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["dossiers", "check"]))]
pub struct Evidence {
    /// The dossiers, by name
    #[arg(value_name = "DOSSIER")]
    dossiers: Vec<String>,
    /// Say what is missing of the papers of this contract (DOSSIER/PATH), and make no bag
    #[arg(long, value_name = "CONTRACT", conflicts_with = "output")]
    check: Option<String>,
    /// The archive's folder, or a bare repository
    #[arg(long, default_value = ".")]
    archive: PathBuf,
    /// The archive's folder inside the repository that --archive names
    #[arg(long, value_name = "FOLDER")]
    subfolder: Option<String>,
    /// Read this commit, branch or tag instead of HEAD
    #[arg(long, value_name = "REV")]
    rev: Option<String>,
    /// For this reader: what the reader's keys open, and nothing else
    #[arg(long = "as", value_name = "READER", conflicts_with = "everything")]
    reader: Option<String>,
    /// Everything that the archive holds of them, restricted parts included
    #[arg(long)]
    everything: bool,
    /// Add the state of this day, as it was committed until then
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    as_of: Option<Date>,
    /// What of git's own objects goes in, where its reader may read all that they name: the whole history, the way to the dossiers alone, or none
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    git: Git,
    /// Sign the bag with this private key of OpenSSH
    #[arg(long, value_name = "FILE")]
    sign: Option<PathBuf>,
    /// Add what this log of publishings says of the commit: its last checkpoint, and the commit's entry for whoever may read everything
    #[arg(long, value_name = "FOLDER")]
    log: Option<PathBuf>,
    /// Where the bag goes: a folder, or a file whose name ends in .zip or .tar
    #[arg(short, long, alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What of git's objects is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Git {
    /// The whole history, other dossiers included, for `git clone`.
    #[default]
    Whole,
    /// All commits, and of their files those of the dossiers; of the rest names and ids.
    Path,
    /// Ids alone.
    Ids,
}

fn day(text: &str) -> Result<Date, String> {
    parse_day(text).ok_or_else(|| "write year, month and day of a day that exists, as 2027-03-31".to_owned())
}

/// A state of the archive at a commit.
struct Former {
    day: Date,
    commit: ContentId,
    snapshot: Snapshot,
    reading: Reading,
}

impl Evidence {
    /// Runs the command.
    ///
    /// # Errors
    /// When there is no repository, or no such dossier, reader or contract; when the archive has errors; when the bag
    /// cannot be written.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let snapshot = open_commit(&self.archive, self.subfolder.as_deref(), self.rev.as_deref())?;
        let reading = read(desk, &snapshot, desk.day);
        if reading.findings.has_errors() {
            let message = format!("the archive has {}; nothing is proved from it", human::summary(&reading.findings));
            return Err(Failure::new(message, "mend them first: `strongroom check` shows them"));
        }
        match &self.check {
            Some(contract) => check(desk, &reading.archive, &snapshot, contract),
            None => self.make(desk, &reading.archive, &snapshot),
        }
    }

    fn make(&self, desk: &Desk<'_>, archive: &Archive, snapshot: &Snapshot) -> Result<Outcome, Failure> {
        let whom = match &self.reader {
            Some(name) => Whom::Reader(find_reader(archive, name)?),
            None if self.everything => Whom::Everything,
            None => {
                let remedy = "name a reader with --as, or say --everything";
                return Err(Failure::new("nothing says for whom the bag is", remedy));
            }
        };
        let Some(output) = &self.output else {
            return Err(Failure::new("nothing says where the bag goes", "name a folder, a .zip or a .tar with -o"));
        };
        let holds = holding(archive, whom);
        let dossiers = self.find(archive, &holds)?;
        let Origin::Commit(facts) = snapshot.origin() else {
            return Err(Failure::new("this archive is at no commit", "commit it first"));
        };
        let commit = facts.id.to_string();
        let reader = PastReader::open(&self.archive, self.subfolder.as_deref(), Some(&commit))?;
        let entries = reader.all()?;
        let past = reader.past(entries);
        let known = signers(snapshot, &mut Vec::new());
        let history = History::read(&past, archive, &known);
        let former = self.as_of.map(|day| self.former(desk, &past, day)).transpose()?;
        let leading = former.as_ref().map(|former| leading_to(&past, former.commit));
        let key = self.sign.as_deref().map(|path| signing_key(desk, path)).transpose()?;
        let signer = key.as_ref().map(|key| signer_of(key, &known, desk.day)).transpose()?;
        let eyes = Eyes {
            history: &history,
            holds: (!self.everything).then_some(&holds),
            language: &archive.settings.language,
            until: leading.as_ref(),
        };
        let mut named = BTreeSet::new();
        let told: BTreeMap<String, _> = dossiers
            .iter()
            .map(|dossier| {
                let (told, commits) = eyes.dossier(&dossier.name);
                named.extend(commits);
                (dossier.name.to_string(), told)
            })
            .collect();
        let objects = self.objects(
            &Source { past: &past, history: &history, snapshot, holds: &holds },
            &dossiers,
            former.as_ref(),
        )?;
        let objects = Objects { told: eyes.commits(&named), ..objects };
        let papers: Vec<Papers> = dossiers
            .iter()
            .flat_map(|dossier| disputed_contracts(archive, &dossier.name))
            .filter_map(|contract| papers_of(archive, snapshot, &contract))
            .collect();
        say_papers(desk, &papers);
        let visible = |papers: &&Papers| self.everything || holds.implies(&papers.asks);
        let shown: Vec<&Papers> = papers.iter().filter(visible).collect();
        let theme = theme_of(archive)?;
        let witness = self
            .log
            .as_deref()
            .map(|log| witness(log, &commit, self.everything || all_open(&past, &history, &holds)))
            .transpose()?;
        let order = Order {
            archive,
            snapshot,
            history: &history,
            whom,
            holds: &holds,
            called: called(whom),
            notice: notice(whom, desk.day),
            dossiers,
            told,
            then: former.as_ref().map(|former| Then {
                day: former.day.to_string(),
                snapshot: &former.snapshot,
                archive: (!former.reading.findings.has_errors()).then_some(&former.reading.archive),
                commit: former.commit.to_string(),
            }),
            objects,
            checked: (!shown.is_empty()).then(|| checked(&shown)),
            commit,
            signer,
            witness,
            theme: &theme,
        };
        let Gathered { mut files, to_sign } = gather(&order)?;
        if let Some(key) = &key {
            let armored = key.sign(NAMESPACE, to_sign.as_bytes());
            let armored = armored.map_err(|finding| Failure::new(finding.message, finding.remedy))?;
            files.made(SIGNATURE, armored);
        }
        write(&files, output).map_err(|error| refused(&error))?;
        say(desk, output, &order);
        Ok(Outcome::Fine)
    }

    /// The dossiers that are asked for. Whether there is one of a name is told to those who may know of it.
    fn find<'a>(&self, archive: &'a Archive, holds: &Clearance) -> Result<Vec<&'a Dossier>, Failure> {
        let mut found: Vec<&Dossier> = Vec::new();
        for name in &self.dossiers {
            let name = name.trim_end_matches('/').trim_start_matches("customers/");
            let all = archive.dossiers.lay_out(|held| held.release().1);
            let open = |dossier: &&Dossier| self.everything || holds.implies(dossier.clearance());
            let Some(dossier) = all.filter(open).find(|dossier| *dossier.name == *name) else {
                let message = format!("there is no dossier {} in what may be read here", quote(name));
                return Err(Failure::new(message, "correct the name"));
            };
            if !found.iter().any(|other| other.name == dossier.name) {
                found.push(dossier);
            }
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// The state of a day: the last commit of the branch that was made on it or before, each by its own clock.
    fn former(&self, desk: &Desk<'_>, past: &Past, day: Date) -> Result<Former, Failure> {
        let by_id: BTreeMap<ContentId, usize> =
            past.commits.iter().enumerate().map(|(number, commit)| (commit.id, number)).collect();
        let mut at = by_id.get(&past.tip).copied();
        while let Some(commit) = at.and_then(|number| past.commits.get(number)) {
            if commit.committed.zoned().is_some_and(|time| time.date() <= day) {
                let id = commit.id;
                let snapshot = open_commit(&self.archive, self.subfolder.as_deref(), Some(&id.to_string()))?;
                let reading = read(desk, &snapshot, desk.day);
                return Ok(Former { day, commit: id, snapshot, reading });
            }
            at = commit.parents.first().and_then(|parent| by_id.get(parent)).copied();
        }
        Err(Failure::new(format!("nothing was committed until {day}"), "name a later day with --as-of"))
    }

    /// Git's objects, where they may go in.
    fn objects(&self, source: &Source<'_>, dossiers: &[&Dossier], former: Option<&Former>) -> Result<Objects, Failure> {
        let Source { past, history, snapshot, holds } = *source;
        let open = self.everything || all_open(past, history, holds);
        let folder = if past.folder.is_empty() { String::new() } else { format!("{}/", past.folder) };
        let packer = Packer::open(&self.archive, self.subfolder.as_deref())?;
        let packed = match self.git {
            Git::Whole if open => Some((GitForm::Bundle, packer.bundle(past.tip)?.bytes)),
            Git::Path if open => {
                let commits: Vec<ContentId> = past.commits.iter().map(|commit| commit.id).collect();
                let mut shown = BTreeSet::from([past.tip]);
                shown.extend(former.map(|former| former.commit));
                let inside = dossiers.iter().map(|dossier| dossier.folder.clone()).collect();
                Some((GitForm::Path, packer.path(&commits, &shown, &inside)?.bytes))
            }
            _ => None,
        };
        let signers = packed.as_ref().and_then(|_| signers_file(snapshot));
        let signed = if packed.is_some() { signed(history) } else { Vec::new() };
        Ok(Objects { packed, signers, told: Vec::new(), signed, prefix: folder })
    }
}

/// What a log of publishings says of a commit.
fn witness(folder: &Path, commit: &str, everything: bool) -> Result<Witness, Failure> {
    let mut findings = Vec::new();
    if !Log::is_at(folder) {
        let message = format!("{} is no log of publishings", folder.display());
        return Err(Failure::new(message, "name the folder that `build --log` writes to"));
    }
    let log = Log::read(folder, &mut findings)
        .map_err(|error| Failure::new(format!("{}: {error}", folder.display()), "see that it can be read"))?;
    if let Some(wrong) = findings.iter().find(|finding| finding.severity == Severity::Error) {
        let message = format!("{}: {}; nothing is proved from it", folder.display(), wrong.message);
        return Err(Failure::new(message, "`strongroom verify --log` says more"));
    }
    Witness::of(&log, commit, everything)
        .ok_or_else(|| Failure::new(format!("{} has no checkpoint yet", folder.display()), "publish once with --log"))
}

/// What git's part of a bag is made from.
#[derive(Clone, Copy)]
struct Source<'s> {
    past: &'s Past,
    history: &'s History,
    snapshot: &'s Snapshot,
    holds: &'s Clearance,
}

/// Who signs: the first address beside the key in the archive's list, or a name that says nothing; the fingerprint; and
/// the line by which the bag's signature can be checked.
fn signer_of(key: &SigningKey, known: &Signers, day: Date) -> Result<(String, String, String), Failure> {
    let probe = key.sign(NAMESPACE, b"").map_err(|finding| Failure::new(finding.message, finding.remedy))?;
    let principal = match known.judge_text(NAMESPACE, probe.as_bytes(), b"", day) {
        Signed::Ssh(Verdict::Good { principal, .. } | Verdict::OtherPerson { principal, .. }) => {
            let plain = |pattern: &&str| !pattern.is_empty() && !pattern.contains(['*', '?', '!', ' ', '"', '\'']);
            principal.split(',').map(str::trim).find(plain).map(str::to_owned)
        }
        _ => None,
    };
    let name = principal.unwrap_or_else(|| "archive".to_owned());
    let line = format!("{name} namespaces=\"{NAMESPACE}\" {}\n", key.public());
    Ok((name, key.fingerprint(), line))
}

fn theme_of(archive: &Archive) -> Result<Theme, Failure> {
    let mut findings = Vec::new();
    Theme::load(&archive.theme, &mut findings)
        .ok_or_else(|| Failure::new("the archive's theme cannot be used", "`strongroom check` says why"))
}

fn say(desk: &Desk<'_>, output: &Path, order: &Order<'_>) {
    desk.terminal.say(&format!("{}: a bag of {}", output.display(), counted(order.dossiers.len(), "dossier")));
    if order.objects.form() == GitForm::Ids {
        desk.terminal.say(
            "git's objects are not in it: they name what its reader may not read, or were not asked for; it holds ids instead",
        );
    }
    match &order.signer {
        Some((name, fingerprint, _)) => desk.terminal.say(&format!("signed as {name} with {fingerprint}")),
        None => desk.terminal.warn("the bag is not signed: name a key with --sign"),
    }
    desk.terminal.say(&order.notice);
    if let Some(folder) = kept_in(output) {
        let folder = folder.display();
        desk.terminal.warn(&format!("the bag lies inside {folder}, where it may be committed: move it out"));
    }
    if let Whom::Reader(reader) = order.whom
        && !order.archive.present_readers().any(|(present, _)| present.name == reader.name)
    {
        let message = format!("{} is in no keyring on this day: the bag holds what is open to all staff", reader.name);
        desk.terminal.warn(&message);
    }
}

fn called(whom: Whom<'_>) -> String {
    match whom {
        Whom::Reader(reader) => reader.display_name(),
        Whom::Audience(name) => format!("audience {name}"),
        Whom::Everything => "archivists".to_owned(),
    }
}

/// What stands on every bag, the same whether something was left out or not.
fn notice(whom: Whom<'_>, day: Date) -> String {
    match whom {
        Whom::Everything => format!("含全部受限内容，{day} 制作。Restricted parts included, made on {day}."),
        _ => format!(
            "仅供 {name} 使用，{day} 制作；其无权查看的部分未列入。For {name} only, made on {day}; what it may not read is left out.",
            name = called(whom)
        ),
    }
}

fn refused(error: &WriteError) -> Failure {
    match error {
        WriteError::InTheWay(path) => Failure::new(
            format!("{} is there already, is no bag, and was left as it is", path.display()),
            "give another name, or move it away first",
        ),
        WriteError::Failed(error) => Failure { message: format!("the bag cannot be written: {error}"), remedy: None },
    }
}
