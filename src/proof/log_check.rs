//! A log held against itself, against checkpoints that were kept elsewhere, and against those who may sign.

use super::Digest;
use super::checkpoint::Note;
use super::log::{Head, LOG_BROKEN, LOG_CUT, Log, entry_file};
use super::site_check::{SIGNATURE_REFUSED, judged};
use super::timestamp::{Stamp, request};
use crate::finding::{Code, Finding, Place};
use crate::provenance::{Signers, ed25519_key_of};
use jiff::civil::Date;

/// A checkpoint does not belong to the entries: one of the two was written anew.
pub const LOG_FORKED: Code = Code("log-forked");
/// A time stamp that is none of the checkpoint beside which it lies.
pub const TIMESTAMP_REFUSED: Code = Code("timestamp-refused");

const BOTH: &str = "keep both: they show that somebody wrote the log anew; hold it against further copies";

/// Who signed a checkpoint, and which time an authority gave it.
pub struct Signed {
    /// The number of entries.
    pub size: u64,
    /// Who signed, in words; none where no signature holds.
    pub signer: Option<String>,
    /// The time, where there is a stamp over it. The authority's own signature is not looked at.
    pub stamped: Option<String>,
}

/// Findings where checkpoints do not belong to the entries.
pub fn roots(log: &Log, findings: &mut Vec<Finding>) {
    let mut origin: Option<&str> = None;
    for head in &log.heads {
        let (checkpoint, at) = (&head.note.checkpoint, Place::whole(&head.file));
        against(log, &head.note, "this checkpoint", at.clone(), findings);
        if origin.is_some_and(|origin| origin != checkpoint.origin) {
            let message = "this checkpoint is of a log of another name than those before it";
            findings.push(Finding::error(LOG_FORKED, message).at(at).remedy(BOTH));
        }
        origin = Some(&checkpoint.origin);
    }
}

/// Findings where a checkpoint, from wherever, is none of the log.
fn against(log: &Log, note: &Note, what: &str, at: Place, findings: &mut Vec<Finding>) {
    let (size, entries) = (note.checkpoint.size, log.entries.len());
    match log.root_at(size) {
        Some(root) if root == note.checkpoint.root => {}
        Some(_) => {
            let message = format!("{what} is over {size} entries, and over others than the log has");
            findings.push(Finding::error(LOG_FORKED, message).at(at).remedy(BOTH));
        }
        None => {
            let message = format!("{what} is over {size} entries, and the log has {entries}: it was cut");
            findings.push(Finding::error(LOG_CUT, message).at(at).remedy("get the log whole from another copy"));
        }
    }
}

/// Holds all checkpoints of a log against its entries and against those who may sign.
pub fn check_log(log: &Log, signers: Option<&Signers>, findings: &mut Vec<Finding>) -> Vec<Signed> {
    roots(log, findings);
    if log.heads.is_empty() {
        let message = "the log has no checkpoint: nobody signed anything of it";
        findings.push(Finding::error(LOG_CUT, message).remedy("get the log whole from another copy"));
    }
    log.heads.iter().map(|head| signed(log, head, signers, findings)).collect()
}

fn signed(log: &Log, head: &Head, signers: Option<&Signers>, findings: &mut Vec<Finding>) -> Signed {
    let size = head.note.checkpoint.size;
    let last = size.checked_sub(1).and_then(|last| log.entries.get(usize::try_from(last).ok()?));
    let day = last.map_or_else(Date::default, |entry| entry.day);
    let at = Place::whole(&format!("{}.sig", head.file));
    let signer = by_whom(&head.note, &head.text, head.signature.as_deref(), day, signers, &at, findings);
    if head.request.as_ref().is_some_and(|there| *there != request(&head.text)) {
        let message = "this request for a time stamp is over something else than its checkpoint";
        let at = Place::whole(&format!("{}.tsq", head.file));
        findings.push(Finding::error(LOG_BROKEN, message).at(at).remedy("get it from another copy, or make it anew"));
    }
    let stamped = head.stamp.as_deref().and_then(|answer| {
        let refused = |message: String| {
            let remedy = "put the answer to the `.tsq` beside it here; `openssl ts -reply -in FILE -text` shows it";
            let at = Place::whole(&format!("{}.tsr", head.file));
            Finding::error(TIMESTAMP_REFUSED, message).at(at).remedy(remedy)
        };
        match Stamp::read(answer) {
            Ok(stamp) if stamp.of == Digest::of(&head.text) => return Some(stamp.time),
            Ok(_) => findings.push(refused("this time stamp is over something else than its checkpoint".to_owned())),
            Err(why) => findings.push(refused(why.to_owned())),
        }
        None
    });
    Signed { size, signer, stamped }
}

/// Who signed a note, by the signature beside it and by the line in it.
fn by_whom(
    note: &Note,
    text: &[u8],
    signature: Option<&[u8]>,
    day: Date,
    signers: Option<&Signers>,
    at: &Place,
    findings: &mut Vec<Finding>,
) -> Option<String> {
    let Some(signature) = signature else {
        let message = "the signature of this checkpoint is gone";
        findings.push(Finding::error(SIGNATURE_REFUSED, message).at(at.clone()).remedy("get it from another copy"));
        return None;
    };
    let signer = judged(signature, text, day, signers, at, findings)?;
    if let Some(public) = ed25519_key_of(signature)
        && !note.is_signed_by(&public)
    {
        let message = "the note is not signed in itself by the key that signed it beside";
        findings.push(Finding::error(SIGNATURE_REFUSED, message).at(at.clone()).remedy("get both from another copy"));
        return None;
    }
    Some(signer)
}

/// Holds a checkpoint that was kept elsewhere against a log: its text, and the signature beside it where there is one.
pub fn check_kept(
    log: &Log,
    (file, text): (&str, &[u8]),
    signature: Option<&[u8]>,
    signers: Option<&Signers>,
    findings: &mut Vec<Finding>,
) {
    let at = Place::whole(file);
    let Some(note) = Note::parse(text) else {
        let message = "this is no checkpoint";
        findings.push(Finding::error(LOG_BROKEN, message).at(at).remedy("name a file of a log's folder `checkpoints`"));
        return;
    };
    let origin = log.head().map(|head| head.note.checkpoint.origin.as_str());
    if origin.is_some_and(|origin| origin != note.checkpoint.origin) {
        let message = "this checkpoint is of a log of another name";
        findings.push(Finding::error(LOG_FORKED, message).at(at.clone()).remedy("name a checkpoint of this log"));
        return;
    }
    against(log, &note, "the checkpoint that was kept", at.clone(), findings);
    if let Some(signature) = signature {
        let last = note.checkpoint.size.checked_sub(1).and_then(|last| log.entries.get(usize::try_from(last).ok()?));
        let day = last.map_or_else(Date::default, |entry| entry.day);
        let _ = by_whom(&note, text, Some(signature), day, signers, &at, findings);
    }
}

/// The place of an entry of the log, for findings of what it says.
#[must_use]
pub fn place_of(number: u64) -> Place {
    Place::whole(&entry_file(number))
}
