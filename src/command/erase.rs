//! `erase`: a new repository in which nothing of a record is left, beside a signed tombstone, a signed map of old
//! commits to new ones, and a report of the copies that nobody can reach from here. The repository itself is only read.

use super::desk::{Desk, Failure, Outcome, counted};
use super::erase_report::{Erased, report};
use super::erased_items::without_items;
use super::signing::signing_key;
use super::source::read_checked;
use super::writing::{Mode, kept_in, write_new};
use crate::archive::{Archive, called};
use crate::checks::{Case, HOLD_VIOLATED, Holds, below, disposed, of_past};
use crate::finding::{Severity, quote};
use crate::history::{Traces, traces};
use crate::record::Record;
use crate::repository::{ContentId, Past, Replacements, Snapshot, open_commit, rewrite, tips};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What tombstones and maps are signed for.
const NAMESPACE: &str = "strongroom-erasure";
/// Records above this were never read.
const LARGEST: u64 = 4 << 20;

/// Writes a new repository in which nothing of a record is left, with a signed tombstone and a map of commits
#[derive(Debug, clap::Args)]
pub struct Erase {
    /// The disposal that says what is to be erased: proposed, approved by another, `what: erased`
    #[arg(value_name = "DISPOSAL")]
    proposal: String,
    /// The archive's folder, or a bare repository
    #[arg(default_value = ".")]
    archive: PathBuf,
    /// The archive's folder inside the repository that ARCHIVE names
    #[arg(long, value_name = "FOLDER")]
    subfolder: Option<String>,
    /// The new folder in which the new repository, tombstone, map and report are written
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
    /// The SSH key with which tombstone and map are signed
    #[arg(long, value_name = "KEY")]
    sign: PathBuf,
}

impl Erase {
    /// Runs the command.
    ///
    /// # Errors
    /// When the archive cannot be read, something stands against the erasure, or nothing can be written.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let key = signing_key(desk, &self.sign)?;
        let sign = |text: &str| {
            let made = key.sign(NAMESPACE, text.as_bytes());
            made.map_err(|finding| Failure::new(finding.message.clone(), finding.remedy.clone()))
        };
        if let Some(folder) = kept_in(&self.output) {
            let message = format!("{} lies in {}, which is kept in git", self.output.display(), folder.display());
            return Err(Failure::new(message, "name a folder outside: what was erased would travel on beside it"));
        }
        let snapshot = open_commit(&self.archive, self.subfolder.as_deref(), None)?;
        let reading = read_checked(desk, &snapshot, desk.day);
        if reading.findings.has_errors() {
            let remedy = "mend them first: a hold that cannot be read would not be seen";
            return Err(Failure::new("the archive has errors", remedy));
        }
        let pasts = self.pasts()?;
        let case = Case::of(&reading.archive, &snapshot);
        let proposal = self.allowed(&case, &snapshot, &reading.archive, &pasts)?;
        let names = disposed(proposal);
        let is_there = |path: &str| {
            let folder = pasts.first().map_or("", |past| past.folder.as_str());
            let inside = path.strip_prefix(folder).map(|path| path.trim_start_matches('/'));
            inside.is_some_and(|path| snapshot.file(path).is_some())
        };
        let traces = traces(&pasts, &names, &is_there);
        Self::check(&traces)?;
        let statement = statement(&called(&proposal.name), &names, desk);
        let signature = sign(&statement)?;
        let replaced = self.replaced(&pasts, &traces, &(statement.clone() + &signature), &reading.archive)?;
        let repository = self.output.join("archive.git");
        let written = rewrite(&root_of(&self.archive), &repository, &replaced);
        let written = written.map_err(|error| Failure { message: error.to_string(), remedy: None })?;
        let map = map(&written);
        let write = |name: &str, text: &str| write_new(&self.output.join(name), text.as_bytes(), Mode::Ordinary);
        write("tombstone.txt", &statement)?;
        write("tombstone.txt.sig", &signature)?;
        write("map.txt", &map)?;
        write("map.txt.sig", &sign(&map)?)?;
        let erased = Erased {
            archive: &reading.archive,
            root: &self.archive,
            names: &names,
            traces: &traces,
            written: &written,
        };
        write("report.md", &report(desk, &erased))?;
        desk.answer(
            || format!("{}\n", repository.display()),
            || serde_json::json!({"repository": repository, "commits": written.commits.len(), "contents": replaced.len()}),
        )?;
        desk.terminal.say(&format!(
            "{} took the place of {}; read {} for the copies that stay until somebody removes them",
            if replaced.len() == 1 { "a tombstone" } else { "tombstones" },
            counted(replaced.len(), "content"),
            self.output.join("report.md").display()
        ));
        Ok(Outcome::Fine)
    }

    /// The histories of all that the repository's names lead to.
    fn pasts(&self) -> Result<Vec<Past>, Failure> {
        let root = root_of(&self.archive);
        let found = tips(&root).map_err(|error| Failure { message: error.to_string(), remedy: None })?;
        let first = Past::read(&self.archive, self.subfolder.as_deref(), None)?;
        let folder = first.folder.clone();
        let mut pasts = vec![first];
        let head = pasts.first().map(|past| past.tip);
        for (_, tip) in found.iter().filter(|(_, tip)| head != Some(*tip)) {
            // A branch on which there is no archive yet holds nothing of one.
            match Past::read(&root, Some(&folder), Some(&tip.to_string())) {
                Ok(past) => pasts.push(past),
                Err(crate::repository::OpenError::NoSuchFolder { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(pasts)
    }

    /// The proposal, if nothing stands against it.
    fn allowed<'a>(
        &self,
        case: &Case<'a>,
        snapshot: &Snapshot,
        archive: &Archive,
        pasts: &[Past],
    ) -> Result<&'a Record, Failure> {
        let wanted = self.proposal.trim_end_matches(".md").trim_end_matches(".yaml");
        let found = below(case, wanted).find(|record| called(&record.name) == wanted);
        let Some(proposal) = found.filter(|record| record.record_type.disposes.is_some()) else {
            let message = format!("{} is no disposal of this archive", quote(wanted));
            return Err(Failure::new(message, "propose one: `strongroom new disposal`, with `what: erased`"));
        };
        let word = |name: &str| {
            let mut texts = Vec::new();
            if let Some((_, field)) = proposal.field(name).map(|held| held.release()) {
                field.value.texts(&mut texts);
            }
            texts.into_iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect::<Vec<_>>()
        };
        let (by, approved) = (word("proposed_by"), word("approved_by"));
        let kind = proposal.field("what").map(|held| held.release().1.value.written());
        let refused = |message: String, remedy: &str| Err(Failure::new(message, remedy));
        if kind.as_deref() != Some("erased") {
            return refused(format!("{} proposes no erasure", quote(wanted)), "it has to say `what: erased`");
        }
        if !approved.iter().any(|name| !by.contains(name)) {
            let message = format!("{} was not approved by a second person", quote(wanted));
            return refused(message, "name who approved it in `approved_by`, and commit that");
        }
        let holds = Holds::of(case);
        for name in disposed(proposal) {
            if let Some(hold) = holds.on(&name).next() {
                let message = format!("{} is held by {}", quote(&name), quote(&called(&hold.name)));
                return refused(message, "nothing that is held is erased; wait until the hold is released");
            }
            if let Some(there) = below(case, &name).next() {
                let message = format!("{} is there still", quote(&called(&there.name)));
                return refused(message, "remove it first, in a commit whose message ends with `Disposal: …`");
            }
        }
        let past = pasts.first().map(|past| of_past(past, snapshot, archive)).unwrap_or_default();
        let violated = past.iter().find(|f| f.code == HOLD_VIOLATED && f.severity == Severity::Error);
        match violated {
            Some(finding) => refused(finding.message.clone(), "a hold is violated, which an erasure would make final"),
            None => Ok(proposal),
        }
    }

    /// Whether all of it is found, and nothing else would go.
    fn check(traces: &Traces) -> Result<(), Failure> {
        if traces.files.is_empty() && traces.lists.is_empty() {
            let remedy = "check the names in the disposal: DOSSIER/PATH without extension";
            return Err(Failure::new("nothing in the history bears one of these names", remedy));
        }
        if let Some(other) = traces.elsewhere.first() {
            let message = format!("{} held the very same content, and is not to be erased", quote(other));
            return Err(Failure::new(message, "name its record in the disposal as well, and have that approved"));
        }
        Ok(())
    }

    /// What takes the place of what.
    fn replaced(
        &self,
        pasts: &[Past],
        traces: &Traces,
        stone: &str,
        archive: &Archive,
    ) -> Result<Replacements, Failure> {
        let mut replaced = Replacements::new();
        let contents = traces.contents(pasts);
        let named = pasts.iter().flat_map(|past| &past.commits).flat_map(|commit| &commit.changes);
        let ending = |path: &str| path.rsplit_once('.').map_or("", |(_, ending)| ending).to_owned();
        let plain = stone.as_bytes();
        let commented: String = stone.lines().map(|line| format!("# {line}\n")).collect();
        for change in named {
            for file in [change.new, change.old].into_iter().flatten().filter(|file| contents.contains(&file.id)) {
                let is_yaml = matches!(ending(&change.path).as_str(), "yaml" | "yml" | "csv");
                let text = if is_yaml { commented.as_bytes() } else { plain };
                replaced.insert(file.id, Arc::from(text));
            }
        }
        for (id, path) in traces.list_contents(pasts) {
            let keys = traces.lists.get(&path).cloned().unwrap_or_default();
            let bytes = pasts.iter().find_map(|past| past.blob(id, LARGEST).ok());
            let inside = path.rsplit('/').take(2).collect::<Vec<_>>();
            let inside = inside.into_iter().rev().collect::<Vec<_>>().join("/");
            let whole = |bytes: Vec<u8>| without_items(&bytes, &inside, &keys, &archive.types).map(|new| (bytes, new));
            let Some((old, new)) = bytes.and_then(whole) else {
                let short: String = id.to_string().chars().take(10).collect();
                let message = format!("the version {short} of {} cannot be taken apart", quote(&path));
                return Err(Failure::new(message, "name the whole list in the disposal, and have that approved"));
            };
            if old != new {
                replaced.insert(id, Arc::from(new));
            }
        }
        Ok(replaced)
    }
}

/// The repository in which an archive lies: git finds it from any folder of a work tree, libgit2 from its root.
fn root_of(archive: &Path) -> PathBuf {
    let folder = archive.canonicalize().unwrap_or_else(|_| archive.to_owned());
    let holds = |folder: &&Path| folder.join(".git").exists() || folder.join("objects").is_dir();
    folder.ancestors().find(holds).unwrap_or(&folder).to_path_buf()
}

/// What stands in the place of what was erased: that it was, by whose decision and when, and nothing of it.
fn statement(proposal: &str, names: &[String], desk: &Desk<'_>) -> String {
    let mut text = format!(
        "strongroom erasure 1\n此处内容已按处置记录删除。What stood here was erased under a disposal.\ndisposal: {proposal}\nday: {}\n",
        desk.day
    );
    for name in names {
        text.push_str(&format!("erased: {name}\n"));
    }
    text
}

/// Old commits and what they are called now, a line each, then what branches and tags name.
fn map(written: &crate::repository::Rewritten) -> String {
    let line = |old: &ContentId, new: &ContentId, more: &str| format!("{old} {new}{more}\n");
    let mut text = "# strongroom erasure map 1: old commit, new commit, and whether a signature was lost\n".to_owned();
    for (old, new, unsigned) in &written.commits {
        text.push_str(&line(old, new, if *unsigned { " signature-dropped" } else { "" }));
    }
    for (name, old, new) in &written.names {
        text.push_str(&line(old, new, &format!(" {name}")));
    }
    text
}
