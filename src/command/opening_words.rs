//! What a commit opens, said so that nobody needs to know the format: which part, for whom until now, for whom from
//! this commit on, and who gains it.

use super::desk::counted;
use crate::archive::{Archive, Difference, Gain, Part, Readable};
use crate::checks::{is_root, shown};
use crate::finding::quote;
use crate::history::Lost;
use serde_json::json;
use std::collections::BTreeMap;

/// A group of more records than this is told by its number and its first.
const LISTED: usize = 4;

/// One sentence of the answer, with its parts for programs.
pub struct Sentence {
    /// `opens`, `closes`, `new`, `later`, `vanishes` or `note`; empty for the sentence that there is nothing to say.
    pub kind: &'static str,
    /// The sentence.
    pub words: String,
    /// The records that it is about.
    records: Vec<String>,
    before: Option<String>,
    after: Option<String>,
    readers: Vec<String>,
}

impl Sentence {
    /// That there is nothing to say.
    pub fn nothing(words: &str) -> Self {
        Self { kind: "", words: words.to_owned(), records: Vec::new(), before: None, after: None, readers: Vec::new() }
    }

    fn of(kind: &'static str, words: String) -> Self {
        Self { kind, ..Self::nothing(&words) }
    }

    /// The sentence for programs. `before` and `after` are clearances as `finance|legal&sales`, or `staff`.
    pub fn json(&self, shown: impl Fn(&str) -> String) -> serde_json::Value {
        json!({
            "kind": self.kind,
            "records": self.records.iter().map(|name| shown(name)).collect::<Vec<_>>(),
            "before": self.before,
            "after": self.after,
            "readers": self.readers,
            "message": shown(&self.words),
        })
    }
}

/// How the two states of an archive are called.
pub struct States {
    /// The state before.
    before: &'static str,
    /// When that was.
    then: &'static str,
    /// When the other state is.
    now: &'static str,
    /// What brings it about.
    by: &'static str,
}

/// Of HEAD and what is staged.
pub const STAGED: States =
    States { before: "HEAD's archive", then: "until now", now: "from this commit on", by: "this commit" };
/// Of two commits.
pub const COMMITTED: States = States {
    before: "the first commit's archive",
    then: "in the first",
    now: "in the second",
    by: "the second commit",
};

/// Everything that a state opens against the one before, and in brief what it closes. `before` is the archive before
/// and how many findings it has where it has errors; none where nothing is committed yet.
pub fn sentences(
    difference: &Difference,
    now: &Archive,
    before: Option<(&Archive, Option<String>)>,
    states: &States,
) -> Vec<Sentence> {
    let mut said = Vec::new();
    match &before {
        None => said.push(Sentence::of("note", "nothing of this archive is committed yet: everything in it is new".to_owned())),
        Some((_, Some(broken))) => said.push(Sentence::of(
            "note",
            format!(
                "{} has {broken}: what it meant to restrict cannot all be told, so that more may be listed here than really opens",
                states.before
            ),
        )),
        Some(_) => {}
    }
    if let Some((old, _)) = &before {
        settings(old, now, &mut said);
    }
    widened(difference, states, &mut said);
    for moved in &difference.moved {
        let mut sentence = Sentence::of(
            "opens",
            format!(
                "opens: {}, {}: holds words that stood in {}, {}, for {}; here they are for {}",
                name(&moved.to),
                moved.to.part,
                name(&moved.from),
                moved.from.part,
                moved.from.clearance.words(),
                moved.to.clearance.words()
            ),
        );
        sentence.records = vec![name(&moved.to), name(&moved.from)];
        sentence.before = Some(moved.from.clearance.canonical());
        sentence.after = Some(moved.to.clearance.canonical());
        said.push(sentence);
    }
    for gain in &difference.readers {
        said.push(gained(gain));
    }
    for (day, record) in &difference.will_open {
        let mut sentence = Sentence::of(
            "later",
            format!("opens later: {record}: its own audience ends on {day}, and it counts as everybody's from then on"),
        );
        sentence.records.push(record.to_string());
        said.push(sentence);
    }
    added(difference, &mut said);
    narrowed(difference, states, &mut said);
    if said.is_empty() {
        said.push(Sentence::nothing(&format!(
            "{} opens nothing that was restricted, and nobody gains by it",
            states.by
        )));
    }
    said
}

/// What a commit takes away without a note of disposal, and the line that would be one.
pub fn vanishing(gone: &[Lost]) -> Vec<Sentence> {
    let dossiers: Vec<&Lost> = gone.iter().filter(|gone| is_root(gone)).collect();
    let of = |root: &Lost| gone.iter().filter(|gone| gone.name.dossier == root.name.dossier).map(shown).collect();
    let whole = |root: &&Lost| {
        let names: Vec<String> = of(root);
        let records = counted(names.len().saturating_sub(1), "record");
        (format!("the dossier {} with {records}", root.name.dossier), names)
    };
    let mut groups: Vec<(String, Vec<String>)> = dossiers.iter().map(whole).collect();
    let alone = gone.iter().filter(|gone| !dossiers.iter().any(|root| root.name.dossier == gone.name.dossier));
    let names: Vec<String> = alone.map(shown).collect();
    match names.as_slice() {
        [] => {}
        [first, ..] if names.len() > LISTED => {
            groups.push((format!("{} records (the first is {first})", names.len()), names));
        }
        _ => groups.push((names.join("; "), names)),
    }
    let sentence = |(what, records): (String, Vec<String>)| {
        let words = format!(
            "vanishes: {what}: end the commit's message, after an empty line, with what becomes of it, as \
             `Disposal: destroyed, list 2026-3` or `处置：…`; else it is a warning from then on"
        );
        Sentence { records, ..Sentence::of("vanishes", words) }
    };
    groups.into_iter().map(sentence).collect()
}

/// A record's name. An item of a list file is named by a value, which is content.
fn name(part: &Readable) -> String {
    let name = part.record.to_string();
    match name.rsplit_once('/') {
        Some((list, key)) if part.in_list => format!("{list}/{}", quote(key)),
        _ => name,
    }
}

fn settings(old: &Archive, now: &Archive, said: &mut Vec<Sentence>) {
    if old.settings.training_required && !now.settings.training_required {
        said.push(Sentence::of(
            "opens",
            "opens: `training` is no longer required: readers come into the keyrings without one".to_owned(),
        ));
    }
    if old.settings.oversight != now.settings.oversight
        && let Some(audience) = &now.settings.oversight
    {
        let readers: Vec<String> = now.settings.audiences.get(audience).map(|a| a.readers.clone()).unwrap_or_default();
        let who = if readers.is_empty() { "nobody yet".to_owned() } else { readers.join(", ") };
        let mut sentence = Sentence::of(
            "opens",
            format!("opens: `oversight` is now {audience}: its readers meet every restriction ({who})"),
        );
        sentence.readers = readers;
        said.push(sentence);
    }
    for (audience, _) in now.settings.audiences.iter().filter(|(name, _)| old.settings.audiences.get(name).is_none()) {
        said.push(Sentence::of("note", format!("new audience: {audience}")));
    }
    for (audience, _) in old.settings.audiences.iter().filter(|(name, _)| now.settings.audiences.get(name).is_none()) {
        said.push(Sentence::of("note", format!("the audience {audience} is gone: what names it is an error")));
    }
}

fn widened(difference: &Difference, states: &States, said: &mut Vec<Sentence>) {
    // One rule often opens the same part of many records: that is one sentence.
    let mut groups: BTreeMap<(String, String, String, String), Vec<&crate::archive::Widening>> = BTreeMap::new();
    for widening in &difference.widened {
        let part = &widening.change.part;
        let before = widening.change.before.words();
        let alike = match part.part {
            Part::Section { .. } | Part::Attachment(_) => format!("{} of {}", part.part.key(), part.record),
            _ => part.part.to_string(),
        };
        groups.entry((alike, part.record_type.clone(), before, part.clearance.words())).or_default().push(widening);
    }
    for ((_, record_type, before, after), group) in groups {
        let Some(first) = group.first() else { continue };
        let part = &first.change.part;
        let names: Vec<String> = group.iter().map(|widening| name(&widening.change.part)).collect();
        let what = match names.as_slice() {
            names if names.len() > LISTED => {
                let of = names.first().map(String::as_str).unwrap_or_default();
                match part.part {
                    Part::Record => format!("{} records of type `{record_type}` (the first is {of})", names.len()),
                    _ => {
                        format!("{} of {} records of type `{record_type}` (the first is {of})", part.part, names.len())
                    }
                }
            }
            names if part.part == Part::Record => format!("{}, as a whole", names.join("; ")),
            names => format!("{}, {}", names.join("; "), part.part),
        };
        let mut gains: Vec<String> = group.iter().flat_map(|widening| widening.gains.iter().cloned()).collect();
        gains.sort();
        gains.dedup();
        let who = match (part.clearance.is_open(), gains.as_slice()) {
            (true, _) => String::new(),
            (false, []) => ": nobody gains it as the readers stand today".to_owned(),
            (false, [one]) => format!(": {one} gains it"),
            (false, several) => format!(": {} gain it", several.join(", ")),
        };
        let mut sentence = Sentence::of(
            "opens",
            format!("opens: {what}: {} for {before}; {} for {after}{who}", states.then, states.now),
        );
        sentence.records = names;
        sentence.before = Some(first.change.before.canonical());
        sentence.after = Some(part.clearance.canonical());
        sentence.readers = gains;
        said.push(sentence);
    }
}

fn gained(gain: &Gain) -> Sentence {
    let why = gain.why.join("; ");
    let what = match gain.records.as_slice() {
        [] => String::new(),
        [one] => format!("can now read restricted parts of {one}"),
        [first, ..] => {
            format!("can now read restricted parts of {} records (the first is {first})", gain.records.len())
        }
    };
    let parts: Vec<&str> = [why.as_str(), what.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    let mut sentence = Sentence::of("opens", format!("opens: {} {}", gain.reader, parts.join("; ")));
    sentence.records = gain.records.iter().map(ToString::to_string).collect();
    sentence.readers = vec![gain.reader.clone()];
    sentence
}

fn added(difference: &Difference, said: &mut Vec<Sentence>) {
    for (clearance, parts) in &difference.added {
        let names: Vec<String> = parts.iter().map(name).collect();
        let count = counted(names.len(), "record");
        let listed = if names.len() > LISTED {
            format!("the first is {}", names.first().map(String::as_str).unwrap_or_default())
        } else {
            names.join("; ")
        };
        let mut sentence = Sentence::of("new", format!("new: {count} for {} ({listed})", clearance.words()));
        sentence.records = names;
        sentence.after = Some(clearance.canonical());
        said.push(sentence);
    }
    let mut parts: BTreeMap<(String, String), Vec<&Readable>> = BTreeMap::new();
    for part in &difference.added_parts {
        parts.entry((name(part), part.clearance.words())).or_default().push(part);
    }
    for ((name, clearance), parts) in parts {
        let listed = if parts.len() > LISTED {
            format!("{} parts", parts.len())
        } else {
            parts.iter().map(|part| part.part.to_string()).collect::<Vec<_>>().join(", ")
        };
        let mut sentence = Sentence::of("new", format!("new: {name}, {listed}: for {clearance}"));
        sentence.after = parts.first().map(|part| part.clearance.canonical());
        sentence.records.push(name);
        said.push(sentence);
    }
}

fn narrowed(difference: &Difference, states: &States, said: &mut Vec<Sentence>) {
    let Some(first) = difference.narrowed.first() else { return };
    let count = difference.narrowed.len();
    let one = format!(
        "{}, {}: {} for {}, {} for {}",
        name(&first.part),
        first.part.part,
        states.then,
        first.before.words(),
        states.now,
        first.part.clearance.words()
    );
    let words =
        if count == 1 { format!("closes: {one}") } else { format!("closes: {count} parts; the first is {one}") };
    let mut sentence = Sentence::of("closes", format!("{words} (copies already read stay read)"));
    sentence.records = difference.narrowed.iter().map(|change| name(&change.part)).collect();
    sentence.records.dedup();
    said.push(sentence);
}
