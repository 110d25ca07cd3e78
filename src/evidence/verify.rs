//! Checking a bag by nothing but the bag: that every file is what the lists say, that the lists are what was signed, that
//! git's objects belong together, and that what stands beside them says the same.

use super::bag::{
    BAG_INFO, BAG_SIGNERS, BAGIT, DECLARATION, MANIFEST, NAMESPACE, PAYLOAD, SIGNATURE, TAG_MANIFEST, manifest,
};
use super::opened::Opened;
use super::verify_git;
use super::witness;
use crate::finding::{Code, Finding, Findings, Place, quote};
use crate::provenance::{Signed, Signers, Verdict};
use crate::text::Source;
use crate::text::map::parse_day;
use serde_json::Value;
use std::collections::BTreeMap;

/// What should be a bag, a list or a description is none.
pub const BAG_MALFORMED: Code = Code("bag-malformed");
/// A file is not what the lists say.
pub const BAG_CHANGED: Code = Code("bag-changed");
/// A file that the lists name is not there.
pub const BAG_MISSING: Code = Code("bag-missing");
/// A file that no list names.
pub const BAG_UNKNOWN: Code = Code("bag-unknown");
/// The signature does not hold, or is missing.
pub const BAG_SIGNATURE: Code = Code("bag-signature");
/// Git's objects, ids and signatures do not belong together.
pub const BAG_GIT: Code = Code("bag-git");
/// The bag says two things that cannot both be so.
pub const BAG_CONTRADICTS: Code = Code("bag-contradicts");

/// What came of a check.
#[derive(Default)]
pub struct Checked {
    /// What does not hold.
    pub findings: Findings,
    /// What does, in sentences without a full stop.
    pub said: Vec<String>,
}

/// Whose keys are trusted from elsewhere; without them the bag's own list has to do, which proves that it is consistent.
pub type Trusted<'t> = Option<&'t Signers>;

impl Checked {
    pub(super) fn wrong(&mut self, code: Code, file: &str, message: impl Into<String>, remedy: &str) {
        self.findings.push(Finding::error(code, message).at(Place::whole(file)).remedy(remedy));
    }
}

/// What to do where a bag is not as it was made.
pub(super) const ASK_AGAIN: &str = "do not rely on this bag: ask for another copy, and compare it with whoever made it";

/// Checks a bag.
#[must_use]
pub fn verify(bag: &Opened, trusted: Trusted<'_>) -> Checked {
    let mut checked = Checked::default();
    if bag.text(BAGIT) != Some(DECLARATION) {
        let message = "this does not declare a bag as the program writes it";
        checked.wrong(BAG_MALFORMED, BAGIT, message, ASK_AGAIN);
    }
    for path in &bag.strange {
        let message = "a link, a name that stands twice or one that leads out of the bag stands here";
        checked.wrong(BAG_UNKNOWN, path, message, ASK_AGAIN);
    }
    let payload = |path: &str| path.starts_with(PAYLOAD);
    let listed = list(bag, MANIFEST, &payload, &mut checked);
    let tags =
        list(bag, TAG_MANIFEST, &|path| !payload(path) && path != TAG_MANIFEST && path != SIGNATURE, &mut checked);
    let whole = checked.findings.is_empty();
    if whole {
        checked.said.push(format!("{} files are what the lists say", listed + tags));
    }
    oxum(bag, &mut checked);
    signature(bag, trusted, &mut checked);
    let facts = bag.text("data/bag.json").and_then(|text| serde_json::from_str::<Value>(text).ok());
    match facts {
        Some(facts) => {
            verify_git::check(bag, &facts, trusted, &mut checked);
            records(bag, &facts, &mut checked);
            let commit = facts.get("commit").and_then(Value::as_str).unwrap_or_default();
            let made = info(bag, "Bagging-Date").and_then(parse_day);
            witness::check(bag, commit, made, trusted, &mut checked);
        }
        None => checked.wrong(BAG_MALFORMED, "data/bag.json", "nothing says what this bag holds", ASK_AGAIN),
    }
    checked.findings.sort();
    checked
}

/// Holds the files against a list, both ways. Gives how many it names.
fn list(bag: &Opened, name: &str, belongs: &dyn Fn(&str) -> bool, checked: &mut Checked) -> usize {
    let Some(text) = bag.text(name) else {
        checked.wrong(BAG_MISSING, name, "this list is missing, or is no text", ASK_AGAIN);
        return 0;
    };
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let parts = line.split_once("  ").filter(|(digest, path)| is_digest(digest) && belongs(path));
        match parts {
            Some((digest, path)) if named.insert(path, digest).is_none() => {}
            _ => checked.wrong(
                BAG_MALFORMED,
                name,
                format!("line {} names no file of its own with a digest", number + 1),
                ASK_AGAIN,
            ),
        }
    }
    if manifest(named.iter().map(|(path, digest)| (*path, *digest))) != text {
        checked.wrong(BAG_MALFORMED, name, "this list is not written as the program writes it", ASK_AGAIN);
    }
    for (path, digest) in &named {
        match bag.measured.get(*path) {
            None => checked.wrong(BAG_MISSING, path, format!("{name} names this file, and it is not there"), ASK_AGAIN),
            Some(found) if found.sha256 != **digest => {
                checked.wrong(BAG_CHANGED, path, format!("this file is not the one that {name} names"), ASK_AGAIN);
            }
            Some(_) => {}
        }
    }
    for path in bag.measured.keys().filter(|path| belongs(path) && !named.contains_key(path.as_str())) {
        checked.wrong(BAG_UNKNOWN, path, format!("{name} does not name this file"), ASK_AGAIN);
    }
    named.len()
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What `bag-info.txt` says of a key.
fn info<'b>(bag: &'b Opened, key: &str) -> Option<&'b str> {
    bag.text(BAG_INFO)?.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
}

fn oxum(bag: &Opened, checked: &mut Checked) {
    let payload = bag.measured.iter().filter(|(path, _)| path.starts_with(PAYLOAD));
    let (length, count) = payload.fold((0, 0), |(length, count), (_, one)| (length + one.length, count + 1));
    if info(bag, "Payload-Oxum") != Some(format!("{length}.{count}").as_str()) {
        let message = "the number of files or bytes that it names is not that of the bag";
        checked.wrong(BAG_CHANGED, BAG_INFO, message, ASK_AGAIN);
    }
}

fn signature(bag: &Opened, trusted: Trusted<'_>, checked: &mut Checked) {
    let Some(bytes) = bag.bytes(SIGNATURE) else {
        match (trusted.is_some(), bag.measured.contains_key(BAG_SIGNERS)) {
            (false, false) => {
                checked.said.push(
                    "the bag is not signed: its digests show damage, and not that somebody made new ones".to_owned(),
                );
            }
            _ => checked.wrong(BAG_SIGNATURE, SIGNATURE, "there is no signature over the lists", ASK_AGAIN),
        }
        return;
    };
    let own = bag.bytes(BAG_SIGNERS).and_then(|bytes| Source::decode(BAG_SIGNERS, bytes).ok());
    let own = own.map(|source| Signers::read(&source, &mut Vec::new())).unwrap_or_default();
    let Some(day) = info(bag, "Bagging-Date").and_then(parse_day) else {
        checked.wrong(BAG_MALFORMED, BAG_INFO, "it does not say on which day the bag was made", ASK_AGAIN);
        return;
    };
    let lists = bag.bytes(TAG_MANIFEST).unwrap_or_default();
    if !std::str::from_utf8(bytes).is_ok_and(is_armored) {
        checked.wrong(BAG_SIGNATURE, SIGNATURE, "the signature is not written as OpenSSH writes it", ASK_AGAIN);
    }
    match trusted.unwrap_or(&own).judge_text(NAMESPACE, bytes, lists, day) {
        Signed::Ssh(Verdict::Good { principal, fingerprint }) if trusted.is_some() => {
            checked.said.push(format!("the lists were signed by {}, with the key {fingerprint}", quote(&principal)));
        }
        Signed::Ssh(Verdict::Good { principal, fingerprint }) => checked.said.push(format!(
            "the lists were signed with the key {fingerprint}, which the bag itself calls {}: this proves that the bag is consistent, \
             and not whose key it is; name a list of signers that you trust with --signers",
            quote(&principal)
        )),
        Signed::Ssh(Verdict::UnknownKey { fingerprint }) => {
            let message = format!("the signature holds, and nobody whom you trust has the key {fingerprint}");
            checked.wrong(BAG_SIGNATURE, SIGNATURE, message, "find out whose key it is, and add its line to the list");
        }
        Signed::Ssh(Verdict::OutsideItsTime { fingerprint, .. }) => {
            let message = format!("the key {fingerprint} did not count on the day on which the bag was made");
            checked.wrong(BAG_SIGNATURE, SIGNATURE, message, "ask whoever made it why it was signed with that key");
        }
        _ => checked.wrong(BAG_SIGNATURE, SIGNATURE, "the signature is not one over these lists", ASK_AGAIN),
    }
}

/// Whether a signature is written to the letter as OpenSSH writes one: what is between the lines is held against itself
/// where it is judged.
fn is_armored(text: &str) -> bool {
    const LINE: usize = 70;
    let inner = text.strip_prefix("-----BEGIN SSH SIGNATURE-----\n");
    let Some(inner) = inner.and_then(|rest| rest.strip_suffix("\n-----END SSH SIGNATURE-----\n")) else { return false };
    let lines: Vec<&str> = inner.split('\n').collect();
    let signs =
        |line: &str| line.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
    let (last, before) = match lines.split_last() {
        Some((last, before)) => (*last, before),
        None => return false,
    };
    before.iter().all(|line| line.len() == LINE && signs(line)) && (1..=LINE).contains(&last.len()) && signs(last)
}

/// Every attachment that a record names is there, as one of that record.
fn records(bag: &Opened, facts: &Value, checked: &mut Checked) {
    let dossiers = facts.get("dossiers").and_then(Value::as_array);
    let mut attached = 0;
    for dossier in dossiers.into_iter().flatten().filter_map(Value::as_str) {
        let base = format!("data/dossiers/{dossier}/now");
        let (listed, told) = (format!("{base}/files.json"), format!("{base}/records.json"));
        let read = |path: &str| bag.text(path).and_then(|text| serde_json::from_str::<Value>(text).ok());
        let (Some(files), Some(records)) = (read(&listed), read(&told)) else {
            let message = "records or files of this dossier cannot be read";
            checked.wrong(BAG_MALFORMED, &told, message, ASK_AGAIN);
            continue;
        };
        let files = files.get("files").and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        for file in &files {
            let path = text(file, "path");
            if !bag.measured.contains_key(&path) {
                checked.wrong(BAG_CONTRADICTS, &listed, format!("{} is named and not there", quote(&path)), ASK_AGAIN);
            }
        }
        for record in records.get("records").and_then(Value::as_array).into_iter().flatten() {
            for name in
                record.get("attachments").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
            {
                attached += 1;
                let is = |file: &&Value| {
                    file.get("attachment").and_then(Value::as_bool) == Some(true)
                        && text(file, "file").rsplit('/').next() == Some(name)
                };
                if !files.iter().any(|file| is(&file)) {
                    let message = format!("the attachment {} of {} is not there", quote(name), text(record, "name"));
                    checked.wrong(BAG_CONTRADICTS, &told, message, ASK_AGAIN);
                }
            }
        }
    }
    if attached > 0 && checked.findings.is_empty() {
        checked.said.push(format!("every attachment that a record names is there ({attached})"));
    }
}
