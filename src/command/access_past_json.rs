//! What `access` says to programs of days that have passed.

use super::access_json::part_with_readers;
use super::access_version::Version;
use super::access_words::WHOEVER_CLONES;
use crate::archive::{Archive, Readable};
use crate::readership::{Chronicle, Lasting, PartPast, Passed, Published, Publisher, Spell, Turn, can_open};
use crate::repository::Past;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Adds the entries of one answer to another.
pub fn join(told: &mut Value, more: Value) {
    if let (Some(told), Value::Object(more)) = (told.as_object_mut(), more) {
        told.extend(more);
    }
}

fn commit(past: &Past, number: usize) -> Value {
    let Some(commit) = past.commits.get(number) else { return Value::Null };
    json!({
        "id": commit.id.to_string(),
        "author": commit.author.name,
        "committed": commit.committed.zoned().map(|moment| moment.date().to_string()),
    })
}

fn step(publisher: &Publisher<'_>, step: usize) -> Value {
    publisher.line.steps.get(step).map_or(Value::Null, |step| commit(publisher.past, step.commit))
}

fn passed_over(publisher: &Publisher<'_>, passed: &[Passed]) -> Value {
    let each = passed.iter().map(|one| json!({"commit": step(publisher, one.step), "readable": one.readable}));
    each.collect()
}

/// What stood on a day.
pub fn on(publisher: &Publisher<'_>, day: Date, published: &Published) -> Value {
    json!({
        "as_of": day.to_string(),
        "commit": published.stood.as_ref().map(|stood| step(publisher, stood.step)),
        "published_nothing": passed_over(publisher, &published.passed),
        "repository": WHOEVER_CLONES,
    })
}

/// A time, and what published nothing in it.
pub fn between(chronicle: &Chronicle<'_>) -> Value {
    json!({
        "from": chronicle.time.0.to_string(),
        "to": chronicle.time.1.to_string(),
        "first_published": chronicle.stretches.first().map(|stretch| stretch.first.to_string()),
        "published_nothing": passed_over(chronicle.publisher(), &chronicle.passed),
        "repository": WHOEVER_CLONES,
        "repository_readers": chronicle.repository_readers().iter().map(|(name, times)| json!({
            "name": name,
            "times": times.iter().map(|time| lasting(chronicle.publisher().past, time)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn turn(past: &Past, turn: Option<&Turn>) -> Value {
    let Some(turn) = turn else { return Value::Null };
    let why = turn.why.iter().map(|why| {
        json!({
            "what": why.what,
            "commit": why.commit.map(|number| commit(past, number)),
            "stood_with": why.stood_with.map(|number| commit(past, number)),
        })
    });
    json!({"on": turn.day.to_string(), "why": why.collect::<Vec<_>>()})
}

fn lasting(past: &Past, time: &Lasting) -> Value {
    json!({
        "first": time.first.to_string(),
        "last": time.last.to_string(),
        "began": turn(past, time.began.as_ref()),
        "ended": turn(past, time.ended.as_ref()),
    })
}

fn all_lasting(past: &Past, times: &[Lasting]) -> Value {
    times.iter().map(|time| lasting(past, time)).collect()
}

fn spell(past: &Past, spell: &Spell) -> Value {
    json!({
        "reader": spell.reader,
        "by": spell.by.to_string(),
        "first": spell.first.to_string(),
        "last": spell.last.to_string(),
        "began": turn(past, spell.began.as_ref()),
        "ended": turn(past, spell.ended.as_ref()),
    })
}

/// A part with its spells, and what it asked when.
fn part(chronicle: &Chronicle<'_>, part: &PartPast, spells: &[Spell]) -> Value {
    let day = |at: usize, last: bool| {
        chronicle.stretches.get(at).map(|stretch| if last { stretch.last } else { stretch.first }.to_string())
    };
    let asked = part.asked.iter().map(|asked| {
        json!({
            "first": day(asked.first, false),
            "last": day(asked.last, true),
            "record": asked.by.record.to_string(),
            "file": asked.by.file,
            "type": asked.by.record_type,
            "clearance": asked.by.clearance.canonical(),
            "rules": asked.by.because.iter().map(|rule| json!({"rule": rule.cause.to_string(), "asks": rule.asks.canonical()})).collect::<Vec<_>>(),
        })
    });
    let record = chronicle.records.get(part.record).and_then(|record| record.last());
    json!({
        "record": record.map(ToString::to_string),
        "part": part.part.to_string(),
        "asked": asked.collect::<Vec<_>>(),
        "spells": spells.iter().map(|one| spell(chronicle.publisher().past, one)).collect::<Vec<_>>(),
    })
}

/// Who could open each part of some records.
pub fn record(chronicle: &Chronicle<'_>, records: &BTreeSet<usize>) -> Value {
    let parts = chronicle.parts.iter().filter(|part| records.contains(&part.record));
    let names = records.iter().filter_map(|record| chronicle.records.get(*record)).map(|record| {
        let names = record.names.iter().map(|(since, name)| {
            let since = chronicle.stretches.get(*since).map(|stretch| stretch.first.to_string());
            json!({"name": name.to_string(), "since": since})
        });
        names.collect::<Vec<_>>()
    });
    json!({
        "records": names.collect::<Vec<_>>(),
        "parts": parts.map(|one| part(chronicle, one, &chronicle.spells(one))).collect::<Vec<_>>(),
    })
}

fn person(chronicle: &Chronicle<'_>, name: &str) -> Value {
    let past = chronicle.publisher().past;
    let audiences = chronicle.audiences().into_iter().filter_map(|audience| {
        let times = chronicle.belonging(name, audience);
        (!times.is_empty()).then(|| json!({"audience": audience, "times": all_lasting(past, &times)}))
    });
    let keys = chronicle.keys(name).into_iter();
    json!({
        "reader": name,
        "in_keyrings": all_lasting(past, &chronicle.presence(name)),
        "audiences": audiences.collect::<Vec<_>>(),
        "keys": keys.map(|(key, times)| json!({"key": key, "times": all_lasting(past, &times)})).collect::<Vec<_>>(),
    })
}

/// What a reader could open; what was for everybody as well.
pub fn reader(chronicle: &Chronicle<'_>, name: &str, parts: &[&PartPast]) -> Value {
    let mut told = person(chronicle, name);
    let parts = parts.iter().map(|part| (part, chronicle.spells_of(part, name)));
    told["parts"] =
        parts.filter(|(_, spells)| !spells.is_empty()).map(|(one, spells)| part(chronicle, one, &spells)).collect();
    told
}

/// Who belonged to an audience, and for what it sufficed.
pub fn audience(chronicle: &Chronicle<'_>, name: &str) -> Value {
    let past = chronicle.publisher().past;
    let readers = chronicle.readers().into_iter().filter_map(|reader| {
        let times = chronicle.belonging(reader, name);
        let told = || {
            json!({
                "reader": reader,
                "times": all_lasting(past, &times),
                "in_keyrings": all_lasting(past, &chronicle.presence(reader)),
            })
        };
        (!times.is_empty()).then(told)
    });
    let sufficed = chronicle.parts.iter().filter_map(|part| {
        let times = chronicle.sufficed(part, name);
        let record = chronicle.records.get(part.record).and_then(|record| record.last()).map(ToString::to_string);
        (!times.is_empty()).then(|| json!({"record": record, "part": part.part.to_string(), "times": ranges(&times)}))
    });
    json!({"audience": name, "readers": readers.collect::<Vec<_>>(), "sufficed_for": sufficed.collect::<Vec<_>>()})
}

fn ranges(times: &[(Date, Date)]) -> Value {
    times.iter().map(|(first, last)| json!({"first": first.to_string(), "last": last.to_string()})).collect()
}

/// Every clearance with who met it, and every reader.
pub fn overview(chronicle: &Chronicle<'_>) -> Value {
    let clearances = chronicle.clearances().into_iter().map(|past| {
        let readers = past.readers.iter().map(|(reader, times)| {
            let each = times.iter().map(
                |(first, last, by)| json!({"first": first.to_string(), "last": last.to_string(), "by": by.to_string()}),
            );
            json!({"reader": reader, "times": each.collect::<Vec<_>>()})
        });
        json!({
            "clearance": past.clearance.canonical(),
            "asked": ranges(&past.asked),
            "readers": readers.collect::<Vec<_>>(),
        })
    });
    let people = chronicle.readers().into_iter().map(|reader| person(chronicle, reader));
    json!({"clearances": clearances.collect::<Vec<_>>(), "readers": people.collect::<Vec<_>>()})
}

/// Who could open each part of a record on a day, and who reads that version today.
pub fn record_on(archive: &Archive, parts: &[&Readable], version: &Version<'_>) -> Value {
    let told = parts.iter().map(|part| {
        let mut told = part_with_readers(archive, part);
        let asks = version.asks(part);
        let readers = asks.as_ref().zip(version.today).map(|(asks, today)| {
            let reads = today.readers.iter().filter(|reader| can_open(today, reader, asks));
            reads.map(|reader| reader.name.clone()).collect::<Vec<_>>()
        });
        told["today"] = json!({
            "clearance": asks.as_ref().map(crate::access::Clearance::canonical),
            "everybody": asks.as_ref().is_some_and(crate::access::Clearance::is_open),
            "readers": readers.unwrap_or_default(),
        });
        told
    });
    json!({
        "parts": told.collect::<Vec<_>>(),
        "repository_readers": archive.settings.repository_readers,
    })
}
