//! Decisions on markings and restrictions that the settings do not leave to one person: who made them, in which commit,
//! and who agreed.

use super::approvals::is_granted;
use super::case::Case;
use super::fields::{all_references, day, texts};
use super::guarded_past::GuardedPast;
use crate::archive::Archive;
use crate::finding::{Code, Finding, Place, quote};
use crate::history::{Places, entries_in};
use crate::provenance::{Message, Person};
use crate::repository::{ContentId, Past, PastCommit, Snapshot};
use crate::text::{Source, divide};
use jiff::ToSpan;
use std::collections::{BTreeMap, BTreeSet};

/// A marking or restriction was decided by one person alone.
pub const DECIDED_ALONE: Code = Code("decided-alone");
/// The person who decided a marking or restriction is the one who approved it.
pub const DECISION_SELF_APPROVED: Code = Code("decision-self-approved");
/// How many decisions on markings there were, and how many had a second person.
pub const DECISIONS_COUNTED: Code = Code("decisions-counted");

/// Records above this were never read.
const LARGEST: u64 = 4 << 20;

/// How long before a commit an approval may have been given that is meant for it.
const BEFORE: i64 = 30;

/// The keys by which a record is restricted, and the words without which no file has one.
const RESTRICTING: [&str; 3] = ["audience", "open_from", "restrict"];

/// Something that was decided.
struct Decision {
    file: String,
    record: String,
    what: &'static str,
    /// The level that a marking has after it.
    level: Option<String>,
}

/// How many eyes saw it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Alone,
    BySelf,
    ByTwo,
}

/// Findings for every decision since the settings ask for a second person.
pub(super) fn in_past(past: &Past, guarded: &GuardedPast, now: &Snapshot, archive: &Archive) -> Vec<Finding> {
    let asked = |number: usize| {
        let (mut markings, mut restrictions) = (false, false);
        for guard in guarded.before(number) {
            markings |= guard.said.markings;
            restrictions |= guard.said.restrictions;
        }
        (markings, restrictions)
    };
    let numbers: Vec<usize> = (0..past.commits.len()).filter(|number| asked(*number) != (false, false)).collect();
    if numbers.is_empty() {
        return Vec::new();
    }
    let places = Places::of(past);
    let case = Case::of(archive, now);
    let approvals = approvals(&case);
    let ratified = ratified(past);
    let mut findings = Vec::new();
    let mut counted: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for number in numbers {
        let Some(commit) = past.commits.get(number) else { continue };
        for decision in decisions(past, &places, commit, asked(number)) {
            let seen = seen(archive, commit, &decision, &approvals, &ratified);
            if let Some(level) = &decision.level {
                let (all, approved) = counted.entry(level.clone()).or_default();
                *all += 1;
                *approved += usize::from(seen == Seen::ByTwo);
            }
            findings.extend(finding(commit, &decision, seen));
        }
    }
    if !counted.is_empty() {
        let levels = counted.iter().map(|(level, (all, two))| format!("{}: {two} of {all}", quote(level)));
        let levels = levels.collect::<Vec<_>>().join(", ");
        let message = format!("decisions on markings that a second person approved, by level: {levels}");
        findings.push(Finding::note(DECISIONS_COUNTED, message).at(Place::whole(crate::archive::SETTINGS)));
    }
    findings
}

fn finding(commit: &PastCommit, decision: &Decision, seen: Seen) -> Option<Finding> {
    let short: String = commit.id.to_string().chars().take(10).collect();
    let day = commit.authored.zoned().map(|time| format!(" of {}", time.date())).unwrap_or_default();
    let (author, record) = (quote(&commit.author.name), quote(&decision.record));
    let what = decision.what;
    let (code, message) = match seen {
        Seen::ByTwo => return None,
        Seen::Alone => (
            DECIDED_ALONE,
            format!("commit {short}{day} by {author} decided {what} of {record}, and nobody approved it"),
        ),
        Seen::BySelf => (
            DECISION_SELF_APPROVED,
            format!("commit {short}{day} by {author} decided {what} of {record}, and its own author approved it"),
        ),
    };
    let remedy = format!(
        "have a second person file an approval whose `subject` is the record, or make a commit whose message ends with \
         `Ratifies: {short}`; next time end the message with `Approved-by: NAME` (or `批准：`)"
    );
    Some(Finding::warning(code, message).at(Place::whole(&decision.file)).remedy(remedy))
}

/// What a commit decided.
fn decisions(
    past: &Past,
    places: &Places,
    commit: &PastCommit,
    (markings, restrictions): (bool, bool),
) -> Vec<Decision> {
    let mut found = Vec::new();
    for change in &commit.changes {
        let (Some(new), Some(path)) = (change.new, places.in_archive(&change.path)) else { continue };
        if change.old.is_some_and(|old| old.id == new.id) {
            continue;
        }
        let Some((dossier, inside)) = places.inside(path) else { continue };
        let marks = |id: ContentId| marks_of(past.blob(id, LARGEST).ok()?, &inside);
        // Of what cannot be read, nothing is known; it is told when it was mended.
        let Some(after) = marks(new.id) else { continue };
        let before = change.old.and_then(|old| marks(old.id)).unwrap_or_default();
        let stem = inside.rsplit_once('.').map_or(&*inside, |(stem, _)| stem);
        let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let (old, new) =
                (before.get(key).cloned().unwrap_or_default(), after.get(key).cloned().unwrap_or_default());
            let record = match (stem, key.as_str()) {
                ("dossier", "") => dossier.to_string(),
                (_, "") => format!("{dossier}/{stem}"),
                _ => format!("{dossier}/{stem}/{key}"),
            };
            let decision = |what, level| Decision { file: path.to_owned(), record: record.clone(), what, level };
            if markings && old.marking != new.marking {
                let level = new.marking.get("marking.level").or(old.marking.get("marking.level")).cloned();
                found.push(decision("the marking", Some(level.unwrap_or_else(|| "–".to_owned()))));
            }
            if restrictions && old.restriction != new.restriction {
                found.push(decision("who may read parts", None));
            }
        }
    }
    found
}

/// How a record, or an item of a list, is marked and restricted.
#[derive(Clone, Default)]
struct Marks {
    marking: BTreeMap<String, String>,
    restriction: BTreeMap<String, String>,
}

/// The marks of a file: of the record as a whole under the empty key, of items of a list under theirs.
fn marks_of(bytes: Vec<u8>, inside: &str) -> Option<BTreeMap<String, Marks>> {
    let has = |word: &str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
    if ![".md", ".yaml", ".yml"].iter().any(|ending| inside.ends_with(ending)) {
        return Some(BTreeMap::new());
    }
    if !has("marking") && !RESTRICTING.iter().any(|word| has(word)) {
        return Some(BTreeMap::new());
    }
    let source = Source::decode(inside, &bytes).ok()?;
    let (yaml, body) = match inside.ends_with(".md") {
        true => divide(&source).ok().map(|halves| (halves.yaml, halves.body))?,
        false => (0..source.text().len(), 0..0),
    };
    let mut marks: BTreeMap<String, Marks> = BTreeMap::new();
    for (entry, said) in entries_in(&source, yaml)? {
        // Items of a list are told apart by their place in it, which is all that two states have in common for certain.
        let (key, entry) = match entry.strip_prefix("records.").and_then(|rest| rest.split_once('.')) {
            Some((at, rest)) if at.bytes().all(|byte| byte.is_ascii_digit()) => (at.to_owned(), rest.to_owned()),
            _ => (String::new(), entry),
        };
        let marks = marks.entry(key).or_default();
        match entry.split('.').next().unwrap_or_default() {
            "marking" => drop(marks.marking.insert(entry, said)),
            top if RESTRICTING.contains(&top) => drop(marks.restriction.insert(entry, said)),
            _ => {}
        }
    }
    for line in source.text().get(body).unwrap_or_default().lines().filter(|line| line.starts_with('#')) {
        if let Some((heading, attribute)) = line.split_once('{') {
            let whole = marks.entry(String::new()).or_default();
            whole.restriction.insert(heading.trim().to_owned(), attribute.trim().to_owned());
        }
    }
    Some(marks)
}

/// Who approved something that a record says is its subject, and when.
type Approvals<'a> = BTreeMap<&'a str, Vec<(BTreeSet<String>, Option<jiff::civil::Date>)>>;

fn approvals<'a>(case: &Case<'a>) -> Approvals<'a> {
    let mut found: Approvals<'a> = BTreeMap::new();
    for record in case.records().filter(|record| record.record_type.name == "approval" && is_granted(record)) {
        let by = texts(record, "approved_by").iter().map(|name| identity(case.archive, name, None)).collect();
        let entry: (BTreeSet<String>, _) = (by, day(record, "approved_on"));
        all_references(record).into_iter().for_each(|name| found.entry(name).or_default().push(entry.clone()));
    }
    found
}

/// Commits that others stand in for, by what these name, with those who made them.
fn ratified(past: &Past) -> Vec<(String, &PastCommit)> {
    let mut found = Vec::new();
    for commit in &past.commits {
        let message = Message::read(&commit.message);
        found.extend(message.ratifies().into_iter().map(|id| (id.to_ascii_lowercase(), commit)));
    }
    found
}

fn seen(
    archive: &Archive,
    commit: &PastCommit,
    decision: &Decision,
    approvals: &Approvals<'_>,
    ratified: &[(String, &PastCommit)],
) -> Seen {
    let message = Message::read(&commit.message);
    let of = |person: &Person| identity(archive, &person.name, person.email.as_deref());
    let mut authors = BTreeSet::from([identity(archive, &commit.author.name, Some(&commit.author.email))]);
    authors.extend(message.co_authors().iter().map(of));
    let mut approvers: BTreeSet<String> = message.approved_by().iter().map(of).collect();
    let on = commit.authored.zoned().map(|time| time.date());
    for (by, day) in approvals.get(decision.record.as_str()).into_iter().flatten() {
        let meant = match (day, on.and_then(|on| on.checked_sub(BEFORE.days()).ok())) {
            (Some(day), Some(earliest)) => *day >= earliest,
            _ => false,
        };
        if meant {
            approvers.extend(by.iter().cloned());
        }
    }
    let id = commit.id.to_string();
    for (_, later) in ratified.iter().filter(|(named, later)| id.starts_with(named.as_str()) && later.id != commit.id) {
        approvers.insert(identity(archive, &later.author.name, Some(&later.author.email)));
    }
    if approvers.difference(&authors).next().is_some() {
        Seen::ByTwo
    } else if approvers.is_empty() {
        Seen::Alone
    } else {
        Seen::BySelf
    }
}

/// By what a person is known, however a commit or record writes the name: as a reader, where the archive has one of this
/// name or address, so that nobody becomes two persons by writing the name in two languages.
fn identity(archive: &Archive, name: &str, email: Option<&str>) -> String {
    let name = name.trim();
    let local = email.and_then(|email| email.split_once('@')).map(|(local, _)| local.replace(['.', '_'], "-"));
    let is = |reader: &&crate::access::Reader| {
        let same = |known: &Option<String>| known.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name));
        reader.name == name || same(&reader.zh) || same(&reader.en) || local.as_deref() == Some(&reader.name)
    };
    archive.readers.iter().find(is).map_or_else(|| name.to_lowercase(), |reader| reader.name.clone())
}
