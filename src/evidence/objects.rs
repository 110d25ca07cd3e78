//! Git's own objects in a bag, and what stands in their place where they may not go in.
//!
//! A commit names the whole tree of its files and all commits before it. Whoever may not read all of that gets none of
//! them: names would tell of records, and the ids of contents let guesses be tested.

use super::content::Files;
use super::gathering::pretty;
use super::note::GitForm;
use crate::access::Clearance;
use crate::history::History;
use crate::provenance::{ALLOWED_SIGNERS, Signed, Verdict};
use crate::record::RecordName;
use crate::repository::{ContentId, Past, Snapshot};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

/// A file of the archive that went into the bag as it is.
pub struct Carried {
    /// Where it stands in the bag.
    pub path: String,
    /// Its path in the dossier.
    pub inside: String,
    /// Its path in the archive.
    pub in_archive: String,
    /// The commit that it was read from.
    pub commit: String,
    /// The id that git gives its bytes.
    pub id: String,
    /// The record that it is, or that it belongs to.
    pub record: Option<RecordName>,
    /// Whether it is an attachment.
    pub attachment: bool,
    /// Whether its content is kept in Git LFS; the id is then that of the pointer.
    pub stored_apart: bool,
}

impl Carried {
    /// The file for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "attachment": self.attachment,
            "file": self.inside,
            "git_id": self.id,
            "git_lfs": self.stored_apart,
            "path": self.path,
            "record": self.record.as_ref().map(ToString::to_string),
        })
    }
}

/// A commit as a bag tells it.
pub struct ToldCommit {
    /// Its id.
    pub id: String,
    /// What is told of it.
    pub json: Value,
}

/// Git's part of a bag.
pub struct Objects {
    /// The packed objects, with their form; none where ids have to do.
    pub packed: Option<(GitForm, Vec<u8>)>,
    /// `allowed_signers`, where the objects are there.
    pub signers: Option<Vec<u8>>,
    /// The commits that its reader sees something of, oldest first.
    pub told: Vec<ToldCommit>,
    /// The commits in the pack with a signature that holds.
    pub signed: Vec<String>,
    /// What stands before the archive's paths in the repository.
    pub prefix: String,
}

impl Objects {
    /// In what form they are there.
    #[must_use]
    pub fn form(&self) -> GitForm {
        self.packed.as_ref().map_or(GitForm::Ids, |(form, _)| *form)
    }

    /// Writes them. Gives whether some commit has a signature that can be checked.
    pub fn write(&self, carried: &[Carried], files: &mut Files<'_>) -> bool {
        let commits: Vec<&Value> = self.told.iter().map(|commit| &commit.json).collect();
        files.made("data/git/commits.json", pretty(&json!({"commits": commits})));
        let lines = |of: &dyn Fn(&Carried) -> Option<String>| -> String {
            let mut lines: Vec<String> = carried.iter().filter_map(of).collect();
            lines.sort_unstable();
            lines.concat()
        };
        let Some((form, bytes)) = &self.packed else {
            let own = |file: &Carried| (!file.stored_apart).then(|| format!("{}\t{}\n", file.id, file.path));
            files.made("data/git/blobs.txt", lines(&own));
            return false;
        };
        let line = |file: &Carried| format!("{}:{}{}\t{}\n", file.commit, self.prefix, file.in_archive, file.path);
        files.made("data/git/files.txt", lines(&|file| (!file.stored_apart).then(|| line(file))));
        files.made("data/git/stored-apart.txt", lines(&|file| file.stored_apart.then(|| line(file))));
        let name = if *form == GitForm::Bundle { "data/git/history.bundle" } else { "data/git/objects.pack" };
        files.made(name, bytes.as_slice());
        if let Some(signers) = &self.signers {
            files.made("data/git/allowed_signers", signers.as_slice());
        }
        files.made("data/git/signed.txt", self.signed.iter().map(|id| format!("{id}\n")).collect::<String>());
        !self.signed.is_empty() && self.signers.is_some()
    }

    /// The day on which a record changed last, as far as its reader knows.
    #[must_use]
    pub fn modified(&self, history: &History, holds: &Clearance, record: Option<&RecordName>) -> Option<String> {
        let last = history.last_changes(record?).iter().find_map(|held| held.within(holds))?;
        history.commit(*last).map(|commit| commit.day()).filter(|day| !day.is_empty())
    }
}

/// Whether somebody may have every object that leads to a commit: who may read all that each of those commits touched
/// anywhere in the repository. A merge says nothing beyond what it joins. Where the archive is only a folder of its
/// repository, nobody can tell who may read the rest; nor where part of the past is missing.
#[must_use]
pub fn all_open(past: &Past, history: &History, holds: &Clearance) -> bool {
    past.folder.is_empty()
        && past.gaps.is_empty()
        && history.commits.iter().all(|commit| holds.implies(&commit.touched))
}

/// The commits that lead to one, that one included.
#[must_use]
pub fn leading_to(past: &Past, tip: ContentId) -> BTreeSet<ContentId> {
    let parents: HashMap<ContentId, &Vec<ContentId>> =
        past.commits.iter().map(|commit| (commit.id, &commit.parents)).collect();
    let mut found = BTreeSet::new();
    let mut open = vec![tip];
    while let Some(id) = open.pop() {
        if let (true, Some(parents)) = (found.insert(id), parents.get(&id)) {
            open.extend(parents.iter());
        }
    }
    found
}

/// The commits whose signature was found good by the archive's own list.
#[must_use]
pub fn signed(history: &History) -> Vec<String> {
    let good = |signed: &Signed| matches!(signed, Signed::Ssh(Verdict::Good { .. }));
    history.commits.iter().filter(|commit| good(&commit.signed)).map(|commit| commit.id.to_string()).collect()
}

/// The archive's list of signers, as it stands at a commit.
#[must_use]
pub fn signers_file(snapshot: &Snapshot) -> Option<Vec<u8>> {
    snapshot.file(ALLOWED_SIGNERS).and_then(|file| snapshot.read(file, 1 << 20).ok())
}
