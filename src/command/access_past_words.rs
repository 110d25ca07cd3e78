//! What `access` says to people of days that have passed.

use super::access_version::Version;
use super::access_words::{self as words, grouped};
use super::desk::counted;
use crate::archive::{Archive, Readable};
use crate::finding::harmless;
use crate::readership::{By, Chronicle, Lasting, PartPast, Passed, Published, Publisher, Spell, Turn, Why};
use crate::repository::Past;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// More commits than these that published nothing are told by their number.
const LISTED: usize = 5;

/// A commit as a sentence names it.
pub fn commit(past: &Past, number: usize) -> String {
    let Some(commit) = past.commits.get(number) else { return "a commit".to_owned() };
    let id: String = commit.id.to_string().chars().take(10).collect();
    let day = commit.committed.zoned().map(|moment| format!(" of {}", moment.date())).unwrap_or_default();
    format!("commit {id}{day} by {}", harmless(&commit.author.name))
}

fn step(publisher: &Publisher<'_>, step: usize) -> String {
    publisher.line.steps.get(step).map_or_else(String::new, |step| commit(publisher.past, step.commit))
}

/// What stood on a day.
pub fn on(publisher: &Publisher<'_>, day: Date, published: &Published) -> String {
    let mut out = match &published.stood {
        Some(stood) => {
            format!("On {day} the archive stood at {} (days are the committers' claim).\n", step(publisher, stood.step))
        }
        None => format!("On {day} nothing was published yet: nobody could read anything by a key.\n"),
    };
    passed_over(publisher, &published.passed, &mut out);
    out
}

/// A time, and what published nothing in it.
pub fn between(chronicle: &Chronicle<'_>) -> String {
    let (first, last) = chronicle.time;
    let since = if chronicle.begins_within() {
        chronicle
            .stretches
            .first()
            .map(|stretch| format!("Since {}, when something was first published, up to {last}", stretch.first))
    } else {
        None
    };
    let mut out = since.unwrap_or_else(|| format!("From {first} to {last}"));
    out.push_str(" (days are the committers' claim).\n");
    if chronicle.stretches.is_empty() {
        out = format!("From {first} to {last} nothing was published.\n");
    }
    passed_over(chronicle.publisher(), &chronicle.passed, &mut out);
    out
}

fn passed_over(publisher: &Publisher<'_>, passed: &[Passed], out: &mut String) {
    for one in passed.iter().take(LISTED) {
        let why = if one.readable { "does not read without errors" } else { "cannot be read here" };
        let _ =
            writeln!(out, "{} {why}, and published nothing: what stood before stood on.", step(publisher, one.step));
    }
    if passed.len() > LISTED {
        let more = passed.len() - LISTED;
        let _ = writeln!(out, "So it is with {} more.", counted(more, "commit"));
    }
}

/// What no answer about the past can know.
pub fn close(chronicle: &Chronicle<'_>) -> String {
    let named = chronicle.repository_readers();
    let mut out = words::closing(&[]);
    for (name, times) in &named {
        let days: Vec<String> = times.iter().map(|time| format!("{} to {}", time.first, time.last)).collect();
        let _ = write!(out, "\nThe settings named as such: {}, {}.", harmless(name), days.join(", "));
    }
    out.push_str(
        "\nWhat was read stays read. Of what stood then, whoever belongs to its audience today reads the past.\n",
    );
    out
}

/// What happened, what one commit did in one breath.
fn turn(past: &Past, turn: &Turn) -> String {
    let mut by_commit: Vec<(&Why, Vec<String>)> = Vec::new();
    for why in &turn.why {
        let same = |(known, _): &&mut (&Why, _)| known.commit == why.commit && known.stood_with == why.stood_with;
        match by_commit.iter_mut().find(same) {
            Some((_, whats)) => whats.push(harmless(&why.what)),
            None => by_commit.push((why, vec![harmless(&why.what)])),
        }
    }
    let one = |(why, whats): &(&Why, Vec<String>)| {
        let by = match (why.commit, why.stood_with) {
            (None, _) => " (a day without a commit)".to_owned(),
            (Some(number), None) => format!(", by {}", commit(past, number)),
            (Some(number), Some(merge)) => {
                format!(", by {}, which came to stand with {}", commit(past, number), commit(past, merge))
            }
        };
        format!("{}{by}", whats.join(", and "))
    };
    by_commit.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Days with what began and ended them.
fn days(past: &Past, time: (Date, Date), turns: (Option<&Turn>, Option<&Turn>), indent: &str) -> String {
    let mut out = format!("{indent}{} to {}\n", time.0, time.1);
    match turns.0 {
        Some(began) => {
            let _ = writeln!(out, "{indent}  began: {}", turn(past, began));
        }
        None => {
            let _ = writeln!(out, "{indent}  held already when this time began");
        }
    }
    match turns.1 {
        Some(ended) => {
            let _ = writeln!(out, "{indent}  ended on {}: {}", ended.day, turn(past, ended));
        }
        None => {
            let _ = writeln!(out, "{indent}  held to the end of this time");
        }
    }
    out
}

fn lasting(past: &Past, times: &[Lasting], indent: &str) -> String {
    let of = |time: &Lasting| days(past, (time.first, time.last), (time.began.as_ref(), time.ended.as_ref()), indent);
    times.iter().map(of).collect()
}

fn spell_days(past: &Past, spell: &Spell, indent: &str) -> String {
    days(past, (spell.first, spell.last), (spell.began.as_ref(), spell.ended.as_ref()), indent)
}

/// The names of a record, each with the day from which it was borne.
fn named(chronicle: &Chronicle<'_>, record: usize, out: &mut String) {
    let Some(known) = chronicle.records.get(record) else { return };
    let _ = writeln!(out, "{}", known.last().map(ToString::to_string).unwrap_or_default());
    for (before, after) in known.names.iter().zip(known.names.iter().skip(1)) {
        let day = chronicle.stretches.get(after.0).map(|stretch| stretch.first.to_string()).unwrap_or_default();
        let _ = writeln!(out, "  until {day} it was called {}", before.1);
    }
}

/// The parts of a record of which the same is said, and what that is.
type Alike = Vec<(Vec<String>, String)>;

/// Parts in the order of their records, those together of which the same is said.
fn told_alike(parts: &[&PartPast], say: &dyn Fn(&PartPast) -> String) -> Vec<(usize, Alike)> {
    let mut records: BTreeMap<usize, Alike> = BTreeMap::new();
    let mut order: Vec<usize> = Vec::new();
    for part in parts {
        let said = say(part);
        if said.is_empty() {
            continue;
        }
        if !records.contains_key(&part.record) {
            order.push(part.record);
        }
        let groups = records.entry(part.record).or_default();
        match groups.iter_mut().find(|(_, known)| *known == said) {
            Some((names, _)) => names.push(part.part.to_string()),
            None => groups.push((vec![part.part.to_string()], said)),
        }
    }
    order.into_iter().filter_map(|record| Some((record, records.remove(&record)?))).collect()
}

/// Who could open each part of some records.
pub fn record(chronicle: &Chronicle<'_>, records: &BTreeSet<usize>) -> String {
    let past = chronicle.publisher().past;
    let parts: Vec<&PartPast> = chronicle.parts.iter().filter(|part| records.contains(&part.record)).collect();
    let say = |part: &PartPast| {
        let mut out = String::new();
        let mut before: Option<(Option<String>, By)> = None;
        for spell in chronicle.spells(part) {
            let who = (spell.reader.clone(), spell.by.clone());
            if before.as_ref() != Some(&who) {
                let name = spell.reader.as_deref().unwrap_or("everybody who could open the site, without a key");
                let by = if spell.reader.is_some() { format!(" (by {})", spell.by) } else { String::new() };
                let _ = writeln!(out, "    {name}{by}");
                before = Some(who);
            }
            out.push_str(&spell_days(past, &spell, "      "));
        }
        if out.is_empty() { "    nobody\n".to_owned() } else { out }
    };
    let mut out = String::new();
    for (record, groups) in told_alike(&parts, &say) {
        if !out.is_empty() {
            out.push('\n');
        }
        named(chronicle, record, &mut out);
        for (names, said) in groups {
            let _ = write!(out, "  {}:\n{said}", names.join(", "));
        }
    }
    if out.is_empty() {
        out.push_str("it was not published in this time\n");
    }
    out
}

/// What a reader could open, by the days on which it was open to them, and when the reader was in the keyrings and
/// belonged to what.
pub fn reader(chronicle: &Chronicle<'_>, name: &str, parts: &[&PartPast]) -> String {
    let mut out = format!("{name}\n");
    person(chronicle, name, "", &mut out);
    let past = chronicle.publisher().past;
    let mut spells: BTreeMap<(Date, Date, String), BTreeMap<usize, Vec<String>>> = BTreeMap::new();
    for part in parts {
        let of_part = chronicle.spells_of(part, name);
        if of_part.iter().all(|spell| spell.by == By::Everybody) {
            continue;
        }
        for spell in of_part {
            let said = format!("by {}\n{}", spell.by, spell_days(past, &spell, "  "));
            let of_spell = spells.entry((spell.first, spell.last, said)).or_default();
            of_spell.entry(part.record).or_default().push(part.part.to_string());
        }
    }
    let heading =
        if spells.is_empty() { "opened nothing by a key" } else { "opened by a key, or was free to read for a while:" };
    let _ = writeln!(out, "\n{heading}");
    for ((.., said), records) in spells {
        let _ = write!(out, "\n{said}");
        for (record, parts) in records {
            let called = chronicle.records.get(record).and_then(|record| record.last());
            let called = called.map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(out, "    {called}: {}", parts.join(", "));
        }
    }
    out
}

/// A reader's standing, audiences and keys over a time.
fn person(chronicle: &Chronicle<'_>, name: &str, indent: &str, out: &mut String) {
    let past = chronicle.publisher().past;
    let inner = format!("{indent}  ");
    let presence = chronicle.presence(name);
    let heading = if presence.is_empty() { "in no keyring" } else { "in the keyrings:" };
    let _ = write!(out, "{indent}{heading}\n{}", lasting(past, &presence, &inner));
    for audience in chronicle.audiences() {
        let times = chronicle.belonging(name, audience);
        if !times.is_empty() {
            let _ = write!(out, "{indent}in the audience {audience}:\n{}", lasting(past, &times, &inner));
        }
    }
    for (key, times) in chronicle.keys(name) {
        let start: String = key.chars().take(16).collect();
        let _ = write!(out, "{indent}with the key {start}…:\n{}", lasting(past, &times, &inner));
    }
}

/// Who belonged to an audience, and for what it sufficed.
pub fn audience(chronicle: &Chronicle<'_>, name: &str) -> String {
    let past = chronicle.publisher().past;
    let mut out = format!("{name}\n");
    for reader in chronicle.readers() {
        let times = chronicle.belonging(reader, name);
        if times.is_empty() {
            continue;
        }
        let _ = write!(out, "  {reader} belonged to it:\n{}", lasting(past, &times, "    "));
        let presence = chronicle.presence(reader);
        let heading = if presence.is_empty() { "and was in no keyring" } else { "and was in the keyrings:" };
        let _ = write!(out, "  {heading}\n{}", lasting(past, &presence, "    "));
    }
    let parts: Vec<&PartPast> = chronicle.parts.iter().collect();
    let say = |part: &PartPast| {
        let times = chronicle.sufficed(part, name);
        times.iter().map(|(first, last)| format!("    {first} to {last}\n")).collect()
    };
    let told = told_alike(&parts, &say);
    let _ =
        writeln!(out, "\n{}", if told.is_empty() { "it sufficed for nothing by itself" } else { "it sufficed for:" });
    for (record, groups) in told {
        named(chronicle, record, &mut out);
        for (names, said) in groups {
            let _ = write!(out, "  {}:\n{said}", names.join(", "));
        }
    }
    out
}

/// Every clearance with who met it, and every reader.
pub fn overview(chronicle: &Chronicle<'_>) -> String {
    let mut out = String::new();
    for past in chronicle.clearances() {
        let range = |(first, last): &(Date, Date)| format!("{first} to {last}");
        let asked: Vec<String> = past.asked.iter().map(range).collect();
        let _ = writeln!(out, "{}: asked for {}", past.clearance.words(), asked.join(", "));
        for (reader, times) in &past.readers {
            let each: Vec<String> =
                times.iter().map(|(first, last, by)| format!("{first} to {last} (by {by})")).collect();
            let _ = writeln!(out, "  {reader}: {}", each.join(", "));
        }
    }
    for reader in chronicle.readers() {
        let _ = writeln!(out, "\n{reader}");
        person(chronicle, reader, "  ", &mut out);
    }
    let _ = writeln!(out, "\n--reader, --record and --audience say more");
    out
}

/// Who could open each part of a record on a day, and who reads that version today.
pub fn record_on(archive: &Archive, parts: &[&Readable], version: &Version<'_>, today: Date) -> String {
    let mut out = String::new();
    let mut named = None;
    let now = |part: &Readable| match (version.asks(part), version.today) {
        (None, _) => "the history has no value of it, so that nobody reads it there".to_owned(),
        (Some(_), None) => "nobody: nothing is published".to_owned(),
        (Some(asks), Some(archive)) => words::who(archive, &asks),
    };
    for group in grouped(parts.iter().copied()) {
        let Some(first) = group.first() else { continue };
        words::headed(&mut out, &mut named, first);
        let mut alike: Vec<(String, Vec<&Readable>)> = Vec::new();
        for part in group.iter().copied() {
            let said = now(part);
            match alike.iter_mut().find(|(known, _)| *known == said) {
                Some((_, parts)) => parts.push(part),
                None => alike.push((said, vec![part])),
            }
        }
        for (said, parts) in alike {
            let _ = writeln!(out, "  {}", words::line(&parts));
            let _ = writeln!(out, "      then:  {}", words::who(archive, &first.clearance));
            let _ = writeln!(out, "      today: {said}");
        }
    }
    let _ = writeln!(
        out,
        "\n`then` is who could open it on the day; `today` is who reads that version in the history on {today}: it asks for what it asked from then on, and who belongs to an audience counts as of today. What was read stays read."
    );
    let _ = writeln!(out, "{}", words::closing(&archive.settings.repository_readers));
    out
}
