//! Changes of settings, readers, types, theme and the list of signers by somebody whom `signers:` did not name.

use super::all::Check;
use super::case::Case;
use super::guarded_past::{Decision, GUARDED, GuardedPast, is_named};
use super::notice::Notice;
use crate::archive::{Archive, SETTINGS};
use crate::finding::{Code, Finding, Place, quote};
use crate::provenance::{ALLOWED_SIGNERS, Message, Signed, Signers, Verdict};
use crate::repository::{Past, PastCommit, Snapshot};
use crate::text::Source;

/// A commit changed the rules, and nobody signed it who might.
pub const RESERVED_CHANGE: Code = Code("reserved-change");
/// Who changed the rules before some commit cannot be seen.
pub const SIGNERS_UNSEEN: Code = Code("signers-unseen");
/// `signers:` names somebody for whom no key counts.
pub const SIGNER_WITHOUT_KEY: Notice = Notice::warning(Code("signer-without-key"));

/// Looks at the names of `signers:`; the past is looked at apart.
pub(super) const CHECK: Check = Check { notices: &[SIGNER_WITHOUT_KEY], find };

/// The list of signers is written by hand, and short.
const LARGEST: u64 = 1 << 20;

/// How many digits of a commit's id a message shows.
const SHORT: usize = 10;

fn find(case: &Case<'_>) -> Vec<Finding> {
    let named = &case.archive.settings.guards.signers;
    if named.is_empty() {
        return Vec::new();
    }
    let bytes = case.snapshot.file(ALLOWED_SIGNERS).and_then(|entry| case.snapshot.read(entry, LARGEST).ok());
    let source = bytes.and_then(|bytes| Source::decode(ALLOWED_SIGNERS, &bytes).ok());
    let allowed = source.map(|source| Signers::read(&source, &mut Vec::new())).unwrap_or_default();
    let keyless = named.iter().filter(|name| !allowed.principals().any(|principal| is_named(name, principal)));
    let finding = |name: &String| {
        let message = format!("{} may change the rules, and no key in `{ALLOWED_SIGNERS}` is theirs", quote(name));
        let remedy = "add the line of the person's `.pub` file with the address before it, or correct the name";
        SIGNER_WITHOUT_KEY.at(case.at_words(SETTINGS, 0..0, name), message, remedy)
    };
    keyless.map(finding).collect()
}

/// Errors for all commits that changed the rules, from the one on that introduced `signers:`, and that are not validly
/// signed by one of those whom the settings before them name.
pub(super) fn in_past(past: &Past, guarded: &GuardedPast) -> Vec<Finding> {
    let mut findings: Vec<Finding> = guarded
        .decisions
        .iter()
        .filter_map(|decision| {
            let commit = past.commits.get(decision.commit)?;
            let admitted = decision.by.iter().all(|guard| guard.admits(commit)) || is_ratified(past, decision, commit);
            (!admitted).then(|| unadmitted(decision, commit))
        })
        .collect();
    findings.extend(guarded.unseen.iter().filter_map(|number| past.commits.get(*number)).map(|commit| {
        let message = format!(
            "what was before commit {} is not in this clone, so that nobody can say here who changed settings, readers, \
             types or theme until then",
            short(commit)
        );
        let remedy = "check the whole repository: `git fetch --unshallow`";
        Finding::warning(SIGNERS_UNSEEN, message).at(Place::whole(SETTINGS)).remedy(remedy)
    }));
    findings
}

/// Warnings for what lies changed and is not committed yet.
pub(super) fn uncommitted(past: &Past, now: &Snapshot, archive: &Archive) -> Vec<Finding> {
    let signers = &archive.settings.guards.signers;
    let Ok(committed) = past.held_at(past.tip, &GUARDED) else { return Vec::new() };
    let guarded = |path: &str| GUARDED.contains(&path.split_once('/').map_or(path, |(top, _)| top));
    let files = now.files().iter().filter(|file| guarded(&file.path));
    let changed = files.filter(|file| committed.get(file.path.as_str()) != Some(&file.id)).map(|file| &*file.path);
    let gone = committed.keys().filter(|path| now.file(path).is_none()).map(AsRef::as_ref);
    let finding = |path: &str| {
        let message = "this is changed and not committed; only those whom `signers` names may commit it";
        let remedy = format!("let one of them commit it, signed (`git commit -S`): {}", names(signers));
        Finding::warning(RESERVED_CHANGE, message).at(Place::whole(path)).remedy(remedy)
    };
    if signers.is_empty() { Vec::new() } else { changed.chain(gone).map(finding).collect() }
}

/// Whether a later commit stands in for one that nobody had signed: it names it, and is signed by one who might have
/// made the change itself, so that nobody who let himself in can let himself stay.
fn is_ratified(past: &Past, decision: &Decision, commit: &PastCommit) -> bool {
    let id = commit.id.to_string();
    let later = past.commits.iter().skip(decision.commit + 1).filter(|later| later.signature.is_some());
    later.filter(|later| decision.by.iter().all(|guard| guard.admits(later))).any(|later| {
        let message = Message::read(&later.message);
        message.ratifies().iter().any(|named| id.starts_with(&named.to_ascii_lowercase()))
    })
}

fn unadmitted(decision: &Decision, commit: &PastCommit) -> Finding {
    let first = decision.paths.first().map_or(SETTINGS, AsRef::as_ref);
    let others = match decision.paths.len() {
        0 | 1 => String::new(),
        2 => " and another file".to_owned(),
        more => format!(" and {} more files", more - 1),
    };
    let guard = decision.by.iter().find(|guard| !guard.admits(commit)).or(decision.by.first());
    let why = guard.map_or("it is not signed".to_owned(), |guard| worth(&guard.judged(commit)));
    let (what, day) = if commit.parents.len() > 1 { ("merges", "") } else { ("changes", "") };
    let day = commit.authored.zoned().map_or(day.to_owned(), |time| format!(" of {}", time.date()));
    let message = format!(
        "commit {}{day} by {} {what} {}{others}, which only those may whom `signers` named before it: {why}",
        short(commit),
        quote(&commit.author.name),
        quote(first)
    );
    let named = guard.map(|guard| names(&guard.said.signers)).unwrap_or_default();
    let remedy = format!(
        "keep the commit out of the branch; or, where it stands and is right, let one of {named} sign a commit whose \
         message ends with `Ratifies: {}`",
        commit.id
    );
    Finding::error(RESERVED_CHANGE, message).at(Place::whole(first)).remedy(remedy)
}

fn worth(signed: &Signed) -> String {
    match signed {
        Signed::Unsigned => "it is not signed".to_owned(),
        Signed::OpenPgp | Signed::X509 => "it is signed in a way that is not verified here".to_owned(),
        Signed::Unreadable => "its signature cannot be read".to_owned(),
        Signed::Ssh(Verdict::Good { principal, .. }) => format!("it is signed by {}, whom they lack", quote(principal)),
        Signed::Ssh(Verdict::OtherPerson { principal, .. }) => {
            format!("its key is that of {}, and not of its committer", quote(principal))
        }
        Signed::Ssh(Verdict::UnknownKey { .. }) => "the archive did not know its key".to_owned(),
        Signed::Ssh(Verdict::OutsideItsTime { principal, .. }) => {
            format!("the key of {} did not count on that day", quote(principal))
        }
        Signed::Ssh(Verdict::Unverifiable { .. }) => "keys of its kind are not verified here".to_owned(),
        Signed::Ssh(Verdict::Broken) => "its signature does not hold".to_owned(),
    }
}

fn names(signers: &[String]) -> String {
    signers.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

fn short(commit: &PastCommit) -> String {
    commit.id.to_string().chars().take(SHORT).collect()
}
