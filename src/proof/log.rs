//! The log of publishings: a folder whose files are added and never rewritten. `entries/` has a file for each
//! publishing, `checkpoints/` one for each size at which the log was signed, with its signature beside it.

use super::checkpoint::{self, Note};
use super::digest::Digest;
use super::entry::{self, Entry};
use super::merkle;
use crate::finding::{Code, Finding, Place};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// A file of the log is not as the program writes it.
pub const LOG_BROKEN: Code = Code("log-broken");
/// Entries or checkpoints are gone.
pub const LOG_CUT: Code = Code("log-cut");
/// An entry was added for a publishing that did not end.
pub const LOG_UNFINISHED: Code = Code("log-unfinished");

/// Where the entries lie.
pub(super) const ENTRIES: &str = "entries";
/// Where the checkpoints lie.
pub(super) const CHECKPOINTS: &str = "checkpoints";

/// Longer signatures and answers are none.
const LONGEST_BESIDE: u64 = super::timestamp::LONGEST;

/// The log as it lies in its folder.
pub struct Log {
    /// The folder.
    pub folder: PathBuf,
    /// The publishings in their order.
    pub entries: Vec<Entry>,
    /// The hashes of their leaves.
    pub leaves: Vec<Digest>,
    /// The checkpoints, the smallest first.
    pub heads: Vec<Head>,
}

/// A checkpoint of the log, as it lies there.
pub struct Head {
    /// The file, as a path in the log.
    pub file: String,
    /// Its bytes.
    pub text: Vec<u8>,
    /// What it says.
    pub note: Note,
    /// The signature beside it.
    pub signature: Option<Vec<u8>>,
    /// The request to a time stamp authority beside it.
    pub request: Option<Vec<u8>>,
    /// The authority's answer.
    pub stamp: Option<Vec<u8>>,
}

/// The path of an entry's file in the log.
#[must_use]
pub fn entry_file(number: u64) -> String {
    format!("{ENTRIES}/{number:08}.txt")
}

/// The path of a checkpoint's file in the log.
#[must_use]
pub fn checkpoint_file(size: u64) -> String {
    format!("{CHECKPOINTS}/{size:08}.txt")
}

impl Log {
    /// Whether a folder is one of a log.
    #[must_use]
    pub fn is_at(folder: &Path) -> bool {
        folder.join(ENTRIES).is_dir() && folder.join(CHECKPOINTS).is_dir()
    }

    /// Reads a log. What is wrong with single files goes to the findings; entries are read up to the first that is gone
    /// or broken, since nothing behind it can be held against anything.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn read(folder: &Path, findings: &mut Vec<Finding>) -> io::Result<Self> {
        let mut log = Self { folder: folder.to_owned(), entries: Vec::new(), leaves: Vec::new(), heads: Vec::new() };
        let mut files = names(&folder.join(ENTRIES))?;
        while let Some(path) = files.remove(&format!("{:08}.txt", log.entries.len())) {
            let number = log.entries.len() as u64;
            let text = read_file(&path, entry::LONGEST)?;
            let entry = Entry::parse(&text).filter(|entry| entry.number == number);
            let at = Place::whole(&entry_file(number));
            let Some(entry) = entry else {
                findings.push(broken("this is no entry of the log, or one of another number", at));
                files.clear();
                break;
            };
            if entry.before != merkle::root(&log.leaves) {
                findings.push(broken("this entry does not continue those before it", at));
            }
            log.leaves.push(merkle::leaf(&text));
            log.entries.push(entry);
        }
        if let Some(name) = files.keys().next() {
            let missing = entry_file(log.entries.len() as u64);
            let (code, message) = if is_numbered(name) {
                (LOG_CUT, format!("the entry {missing} is gone, and later ones are there"))
            } else {
                (LOG_BROKEN, format!("{ENTRIES}/{name} is no file of a log"))
            };
            findings
                .push(Finding::error(code, message).at(Place::whole(&format!("{ENTRIES}/{name}"))).remedy(ELSEWHERE));
        }
        log.read_heads(findings)?;
        Ok(log)
    }

    fn read_heads(&mut self, findings: &mut Vec<Finding>) -> io::Result<()> {
        let files = names(&self.folder.join(CHECKPOINTS))?;
        for (name, path) in &files {
            let file = format!("{CHECKPOINTS}/{name}");
            let Some((of, kind)) = name.split_once(".txt") else {
                findings.push(broken("this is no file of a log", Place::whole(&file)));
                continue;
            };
            if !kind.is_empty() {
                // What lies beside a checkpoint that is not there was left by a publishing that did not end.
                if !matches!(kind, ".sig" | ".tsq" | ".tsr") {
                    findings.push(broken("this is no file of a log", Place::whole(&file)));
                }
                continue;
            }
            let text = read_file(path, checkpoint::LONGEST)?;
            let note = Note::parse(&text).filter(|note| format!("{:08}", note.checkpoint.size) == of);
            let Some(note) = note else {
                findings.push(broken("this is no checkpoint, or one of another size", Place::whole(&file)));
                continue;
            };
            let beside = |kind: &str| {
                let path = files.get(&format!("{name}{kind}"));
                path.map(|path| read_file(path, LONGEST_BESIDE)).transpose()
            };
            let (signature, request, stamp) = (beside(".sig")?, beside(".tsq")?, beside(".tsr")?);
            self.heads.push(Head { file, text, note, signature, request, stamp });
        }
        self.heads.sort_by_key(|head| head.note.checkpoint.size);
        let signed = self.heads.last().map_or(0, |head| head.note.checkpoint.size);
        if let Some(entry) = self.entries.get(usize::try_from(signed).unwrap_or(usize::MAX)) {
            let message = "nobody signed this entry: a publishing was begun and did not end";
            let remedy = "publish once more; if the entry is not one of yours, find out who wrote into the log";
            findings.push(
                Finding::warning(LOG_UNFINISHED, message).at(Place::whole(&entry_file(entry.number))).remedy(remedy),
            );
        }
        Ok(())
    }

    /// The root over the first so many entries; none where there are fewer.
    #[must_use]
    pub fn root_at(&self, size: u64) -> Option<Digest> {
        self.leaves.get(..usize::try_from(size).ok()?).map(merkle::root)
    }

    /// The last checkpoint.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        self.heads.last()
    }
}

const ELSEWHERE: &str = "hold the log against another copy of it: nothing in it is ever rewritten or removed";

fn broken(message: &str, at: Place) -> Finding {
    Finding::error(LOG_BROKEN, message).at(at).remedy(ELSEWHERE)
}

fn is_numbered(name: &str) -> bool {
    name.strip_suffix(".txt").is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// The files of a folder by name; such as begin with a dot are somebody else's, or half written.
fn names(folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut names = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.insert(name, entry.path());
        }
    }
    Ok(names)
}

/// A file's bytes; of one that is no file, or too long, none, so that it is found to be broken.
fn read_file(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    let about = fs::symlink_metadata(path)?;
    let mut bytes = Vec::new();
    if about.is_file() && about.len() <= longest {
        File::open(path)?.take(longest).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
