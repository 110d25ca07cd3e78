//! What the log of publishings says of a bag's commit: the last checkpoint, which says nothing by itself, and, for whoever
//! may read everything that led to the commit, the entry of its publishing and the way from it to the checkpoint's root.

use super::content::Files;
use super::opened::Opened;
use super::verify::{ASK_AGAIN, BAG_CONTRADICTS, BAG_MALFORMED, Checked, Trusted};
use crate::finding::{Place, Severity, quote};
use crate::proof::{Digest, Entry, Log, Note, Stamp, judged, leaf, root_along, root_by, way};
use jiff::civil::Date;
use std::fmt::Write as _;

/// The last checkpoint of the log.
pub(super) const CHECKPOINT: &str = "data/log/checkpoint.txt";
/// The entry of the publishing.
pub(super) const ENTRY: &str = "data/log/entry.txt";
/// The way from the entry to the root.
pub(super) const WAY: &str = "data/log/way.txt";

/// What of a log goes into a bag.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// The last checkpoint's file.
    checkpoint: Vec<u8>,
    /// The files beside it, by the ends of their names.
    beside: Vec<(&'static str, Vec<u8>)>,
    /// The entry's file and the way, where the bag's commit was published and everything may be read.
    entry: Option<(String, String)>,
}

impl Witness {
    /// Of a log, for a commit; with its entry only where everything that led to the commit may be read, since an entry
    /// holds a digest of all files. Nothing of a log without a checkpoint.
    #[must_use]
    pub fn of(log: &Log, commit: &str, everything: bool) -> Option<Self> {
        let head = log.head()?;
        let size = usize::try_from(head.note.checkpoint.size).ok()?;
        let leaves = log.leaves.get(..size)?;
        let beside = [(".sig", &head.signature), (".tsq", &head.request), (".tsr", &head.stamp)];
        let beside = beside.into_iter().filter_map(|(end, bytes)| Some((end, bytes.clone()?))).collect();
        let published = log.entries.iter().take(size).rposition(|entry| entry.commit == commit).filter(|_| everything);
        let entry = published.and_then(|number| {
            let mut text = String::new();
            for (left, node) in way(leaves, number)? {
                let _ = writeln!(text, "{} {node}", if left { "left" } else { "right" });
            }
            Some((log.entries.get(number)?.text(), text))
        });
        Some(Self { checkpoint: head.text.clone(), beside, entry })
    }

    /// Whether the authority's answer is there.
    #[must_use]
    pub fn is_stamped(&self) -> bool {
        self.beside.iter().any(|(end, _)| *end == ".tsr")
    }

    /// Whether a signature is there.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.beside.iter().any(|(end, _)| *end == ".sig")
    }

    /// Whether the publishing's entry is there.
    #[must_use]
    pub fn has_entry(&self) -> bool {
        self.entry.is_some()
    }

    /// Puts it into a bag.
    pub fn put(&self, files: &mut Files<'_>) {
        files.made(CHECKPOINT, self.checkpoint.clone());
        for (end, bytes) in &self.beside {
            files.made(&format!("{CHECKPOINT}{end}"), bytes.clone());
        }
        if let Some((entry, way)) = &self.entry {
            files.made(ENTRY, entry.as_str());
            files.made(WAY, way.as_str());
        }
    }
}

/// Holds what a bag has of the log against itself and against the bag's commit.
pub(super) fn check(bag: &Opened, commit: &str, day: Option<Date>, trusted: Trusted<'_>, checked: &mut Checked) {
    let Some(text) = bag.text(CHECKPOINT) else { return };
    let Some(note) = Note::parse(text.as_bytes()) else {
        checked.wrong(BAG_MALFORMED, CHECKPOINT, "this is no checkpoint of a log", ASK_AGAIN);
        return;
    };
    signature(bag, text, day, trusted, checked);
    let stamp = format!("{CHECKPOINT}.tsr");
    if let Some(answer) = bag.bytes(&stamp) {
        match Stamp::read(answer) {
            Ok(stamp) if stamp.of == Digest::of(text.as_bytes()) => {
                checked.said.push(format!(
                    "an authority stamped the checkpoint at {}; `openssl ts -verify` says which",
                    stamp.time
                ));
            }
            Ok(_) => checked.wrong(BAG_CONTRADICTS, &stamp, "this time stamp is over another text", ASK_AGAIN),
            Err(what) => checked.wrong(BAG_MALFORMED, &stamp, what, ASK_AGAIN),
        }
    }
    let Some(entry) = bag.text(ENTRY) else { return };
    let steps: Option<Vec<(bool, Digest)>> = bag.text(WAY).unwrap_or_default().lines().map(step).collect();
    let (Some(read), Some(steps)) = (Entry::parse(entry.as_bytes()), steps) else {
        checked.wrong(BAG_MALFORMED, ENTRY, "this entry of the log, or the way from it, cannot be read", ASK_AGAIN);
        return;
    };
    let checkpoint = &note.checkpoint;
    if read.commit != commit {
        checked.wrong(BAG_CONTRADICTS, ENTRY, "this entry is of the publishing of another commit", ASK_AGAIN);
    } else if !is_counted(entry, &read, &steps, checkpoint.size, checkpoint.root) {
        checked.wrong(BAG_CONTRADICTS, ENTRY, "this entry is not among those of the checkpoint", ASK_AGAIN);
    } else {
        checked.said.push(format!(
            "the commit was published on {}, as entry {} of the log {}, of which the checkpoint counts {}",
            read.day,
            read.number,
            quote(&checkpoint.origin),
            checkpoint.size
        ));
    }
}

/// Whether the way leads from an entry to the root: by the sides that it names, as the note goes it, and by those that
/// the entry's number has in a tree of that size.
fn is_counted(text: &str, entry: &Entry, steps: &[(bool, Digest)], size: u64, root: Digest) -> bool {
    let leaf = leaf(text.as_bytes());
    let nodes: Vec<Digest> = steps.iter().map(|(_, node)| *node).collect();
    root_along(leaf, steps) == root && root_by(leaf, entry.number, size, &nodes) == Some(root)
}

/// The checkpoint's own signature. It says nothing of when it was made: a key counts that counted when the commit was
/// published or, where that is not told, when the bag was made. Without signers that are trusted from elsewhere any key
/// will do, so long as the signature is one over this checkpoint.
fn signature(bag: &Opened, text: &str, made: Option<Date>, trusted: Trusted<'_>, checked: &mut Checked) {
    let file = format!("{CHECKPOINT}.sig");
    let Some(armored) = bag.bytes(&file) else { return };
    let entry = bag.text(ENTRY).and_then(|entry| Entry::parse(entry.as_bytes()));
    let Some(day) = entry.map(|entry| entry.day).or(made) else { return };
    let mut findings = Vec::new();
    if let Some(by) = judged(armored, text.as_bytes(), day, trusted, &Place::whole(&file), &mut findings) {
        checked.said.push(format!("the checkpoint was signed by {by}"));
    }
    // That nobody said whose keys count is said of the bag's lists already.
    checked.findings.extend(findings.into_iter().filter(|finding| finding.severity == Severity::Error));
}

fn step(line: &str) -> Option<(bool, Digest)> {
    let (side, node) = line.split_once(' ')?;
    let left = match side {
        "left" => true,
        "right" => false,
        _ => return None,
    };
    Some((left, Digest::parse(node)?))
}
