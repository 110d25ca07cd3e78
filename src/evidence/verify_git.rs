//! Git's part of a bag: ids, links between objects, signatures of commits, and the files beside them.

use super::opened::Opened;
use super::verify::{ASK_AGAIN, BAG_CONTRADICTS, BAG_GIT, Checked, Trusted};
use crate::finding::quote;
use crate::provenance::{Signed, Signers, Verdict};
use crate::repository::{ContentId, PastCommit, Pointer, Unpacked};
use crate::text::Source;
use serde_json::Value;
use std::collections::BTreeMap;

const BUNDLE: &str = "data/git/history.bundle";
const PACK: &str = "data/git/objects.pack";
const FILES: &str = "data/git/files.txt";
const STORED_APART: &str = "data/git/stored-apart.txt";
const BLOBS: &str = "data/git/blobs.txt";
const SIGNED: &str = "data/git/signed.txt";
const SIGNERS: &str = "data/git/allowed_signers";

/// Checks git's part of a bag.
pub(super) fn check(bag: &Opened, facts: &Value, trusted: Trusted<'_>, checked: &mut Checked) {
    let form = facts.get("git").and_then(Value::as_str).unwrap_or_default();
    let tip = facts.get("commit").and_then(Value::as_str).and_then(ContentId::parse);
    let Some(tip) = tip else {
        checked.wrong(BAG_GIT, "data/bag.json", "it names no commit", ASK_AGAIN);
        return;
    };
    let former = facts.get("then").and_then(|then| then.get("commit")).and_then(Value::as_str);
    let former = former.and_then(ContentId::parse);
    let (file, unpacked) = match form {
        "bundle" => (BUNDLE, bag.bytes(BUNDLE).ok_or_else(missing).and_then(Unpacked::bundle)),
        "path" => {
            let tips: Vec<ContentId> = std::iter::once(tip).chain(former).collect();
            (PACK, bag.bytes(PACK).ok_or_else(missing).and_then(|bytes| Unpacked::pack(bytes, &tips)))
        }
        _ => return blobs(bag, checked),
    };
    let commits = unpacked.and_then(|unpacked| unpacked.check(form == "bundle").map(|commits| (unpacked, commits)));
    let (unpacked, commits) = match commits {
        Ok(found) => found,
        Err(why) => {
            checked.wrong(BAG_GIT, file, format!("git's objects cannot be read: {why}"), ASK_AGAIN);
            return;
        }
    };
    let by_id: BTreeMap<String, &PastCommit> = commits.iter().map(|commit| (commit.id.to_string(), commit)).collect();
    for wanted in std::iter::once(tip).chain(former) {
        if !by_id.contains_key(&wanted.to_string()) {
            checked.wrong(BAG_GIT, file, format!("the commit {wanted} is not among git's objects"), ASK_AGAIN);
        }
    }
    let before = checked.findings.len();
    let same = files(bag, &unpacked, checked);
    told(bag, &by_id, checked);
    signatures(bag, &by_id, trusted, checked);
    if checked.findings.len() == before {
        checked.said.push(format!("{} commits up to {tip} belong together, each by its id", by_id.len()));
        checked.said.push(format!("{same} of the archive's own files are those of the commits"));
    }
}

fn missing() -> String {
    "they are missing".to_owned()
}

/// The lines of a list of objects and files: what stands before the tab, and after.
fn lines<'b>(bag: &'b Opened, list: &str) -> impl Iterator<Item = (&'b str, &'b str)> {
    bag.text(list).unwrap_or_default().lines().filter_map(|line| line.split_once('\t'))
}

/// Holds the archive's own files against the commits. Gives how many are the same.
fn files(bag: &Opened, unpacked: &Unpacked, checked: &mut Checked) -> usize {
    let mut same = 0;
    let all = lines(bag, FILES).map(|line| (line, false)).chain(lines(bag, STORED_APART).map(|line| (line, true)));
    for ((object, path), apart) in all {
        let named = object.split_once(':').and_then(|(id, inside)| Some((ContentId::parse(id)?, inside)));
        let found = named.map(|(commit, inside)| unpacked.file(commit, inside)).transpose();
        let is = match found {
            Ok(Some(Some(bytes))) if apart => {
                let pointed = Pointer::parse(&bytes).ok().flatten();
                let digest = pointed.map(|pointer| super::content::hex(pointer.sha256()));
                digest.is_some() && digest.as_ref() == bag.measured.get(path).map(|measured| &measured.sha256)
            }
            Ok(Some(Some(bytes))) => super::content::measured(&mut bytes.as_slice())
                .is_ok_and(|of_commit| bag.measured.get(path) == Some(&of_commit)),
            _ => false,
        };
        if is {
            same += 1;
        } else {
            let message = format!("this file is not {} of the commits", quote(object));
            checked.wrong(BAG_GIT, path, message, ASK_AGAIN);
        }
    }
    same
}

/// Where git's objects are not there, the ids that stand for them are those of the files.
fn blobs(bag: &Opened, checked: &mut Checked) {
    let before = checked.findings.len();
    for (id, path) in lines(bag, BLOBS) {
        let of_file = bag.bytes(path).and_then(ContentId::of).map(|id| id.to_string());
        if of_file.as_deref() != Some(id) {
            checked.wrong(BAG_GIT, path, format!("git gives this file another id than {id}"), ASK_AGAIN);
        }
    }
    if checked.findings.len() == before {
        checked.said.push(
            "git's objects are not in the bag: that its files are those of the commits is for whoever has the archive to say"
                .to_owned(),
        );
    }
}

/// Every commit that the bag tells of is among the objects, by the author that it names.
fn told(bag: &Opened, by_id: &BTreeMap<String, &PastCommit>, checked: &mut Checked) {
    let commits = bag.text("data/git/commits.json").and_then(|text| serde_json::from_str::<Value>(text).ok());
    let commits = commits.as_ref().and_then(|told| told.get("commits")).and_then(Value::as_array);
    for commit in commits.into_iter().flatten() {
        let text = |key: &str| commit.get(key).and_then(Value::as_str).unwrap_or_default();
        if by_id.get(text("commit")).is_none_or(|known| known.author.name != text("author")) {
            let message = format!("it tells of a commit {} that git's objects do not hold so", quote(text("commit")));
            checked.wrong(BAG_CONTRADICTS, "data/git/commits.json", message, ASK_AGAIN);
        }
    }
}

/// The commits that are said to be signed are.
fn signatures(bag: &Opened, by_id: &BTreeMap<String, &PastCommit>, trusted: Trusted<'_>, checked: &mut Checked) {
    let own = bag.bytes(SIGNERS).and_then(|bytes| Source::decode(SIGNERS, bytes).ok());
    let own = own.map(|source| Signers::read(&source, &mut Vec::new())).unwrap_or_default();
    let mut good = 0;
    for id in bag.text(SIGNED).unwrap_or_default().lines() {
        let signed = by_id.get(id).and_then(|commit| Some((commit, commit.signature.as_ref()?)));
        let judged = signed.map(|(commit, signature)| {
            let at = commit.committed.seconds;
            trusted.unwrap_or(&own).judge(&signature.armored, &signature.signed, at, &commit.committer.email)
        });
        match judged {
            Some(Signed::Ssh(Verdict::Good { .. })) => good += 1,
            // Who trusts a list of their own may know only the signer of the bag.
            Some(Signed::Ssh(Verdict::UnknownKey { .. })) if trusted.is_some() => {}
            _ => checked.wrong(BAG_GIT, SIGNED, format!("the commit {} bears no good signature", quote(id)), ASK_AGAIN),
        }
    }
    if good > 0 {
        let whose = if trusted.is_some() { "keys that you trust" } else { "keys that the archive itself lists" };
        checked.said.push(format!("{good} commits bear a good signature by {whose}"));
    }
}
