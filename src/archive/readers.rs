//! `readers/NAME.yaml`: people, their keys and their training.

use super::settings::{SETTINGS, Settings};
use crate::access::{Reader, Training};
use crate::finding::{Code, Finding, Place, nearest, quote};
use crate::sealing;
use crate::text::map::{WRONG_SHAPE, day, known_entries, one_or_many, scalar};
use crate::text::yaml::{self, Node};
use crate::text::{Phrase, Source};

/// A key that cannot open a page.
pub const UNUSABLE_KEY: Code = Code("unusable-key");
/// An audience names a reader that has no file.
pub const UNKNOWN_READER: Code = Code("unknown-reader");
/// The settings name somebody who can clone the repository as a reader is named, and there is no such reader.
pub const UNKNOWN_CLONER: Code = Code("unknown-repository-reader");
/// Two readers, or one reader twice, hold one key.
pub const SHARED_KEY: Code = Code("shared-key");

/// The keys of a reader's file.
pub const KEYS: [&str; 5] = ["name", "post", "keys", "until", "training"];

/// Reads a reader's file.
pub fn read(name: &str, source: &Source, findings: &mut Vec<Finding>) -> Reader {
    let mut reader = Reader {
        name: name.to_owned(),
        zh: None,
        en: None,
        post: None,
        keys: Vec::new(),
        until: None,
        training: Vec::new(),
    };
    let root = match yaml::parse(source, 0..source.text().len()) {
        Ok(root) => root,
        Err(mut errors) => {
            findings.append(&mut errors);
            return reader;
        }
    };
    for entry in known_entries(source, &root, "a reader", &KEYS, findings) {
        let value = &entry.value;
        match entry.key.as_str() {
            "name" => {
                if let Some(phrase) = Phrase::read(source, value, findings) {
                    reader.zh = phrase.zh.or(phrase.both);
                    reader.en = phrase.en;
                }
            }
            "post" => reader.post = Phrase::read(source, value, findings).map(|post| post.in_language("zh").to_owned()),
            "until" => reader.until = day(source, value, "`until`", findings),
            "keys" => {
                if value.elements().is_some_and(<[Node]>::is_empty) {
                    continue;
                }
                for node in one_or_many(source, value, "`keys`", findings) {
                    let Some(text) = scalar(source, node, "a key", findings) else { continue };
                    match sealing::parse_reader_key(text) {
                        Ok(key) => reader.keys.push(key),
                        Err(refusal) => {
                            // A private key that slipped in here must not travel on in a log.
                            let place = source.place(node.range.clone()).without_text();
                            let remedy = "put the reader's public key here: 62 characters that begin with `age1`";
                            findings.push(Finding::error(UNUSABLE_KEY, refusal.to_string()).at(place).remedy(remedy));
                        }
                    }
                }
            }
            _ => {
                let Some(nodes) = value.elements() else {
                    let remedy = "write `- {course: …, passed: …, valid_until: …}` lines";
                    findings.push(source.error(WRONG_SHAPE, value.range.clone(), "`training` must be a list", remedy));
                    continue;
                };
                reader.training.extend(nodes.iter().filter_map(|node| training(source, node, findings)));
            }
        }
    }
    if reader.zh.is_none() && reader.en.is_none() {
        reader.en = Some(name.to_owned());
    }
    reader
}

/// Whether `readers/NAME.age` is a key behind a passphrase, as it is published with the site. Anything else would be
/// given out as it is: a private key in the clear, were it one.
pub fn is_wrapped_key(path: &str, content: &[u8], findings: &mut Vec<Finding>) -> bool {
    let (message, remedy) = match sealing::wrapped_work_factor(content) {
        Some(factor) if factor <= sealing::MOST_WORK => return true,
        Some(_) => {
            ("this key asks for more work than a browser takes on", "wrap it by `strongroom key new NAME --passphrase`")
        }
        None => (
            "this is no key wrapped in a passphrase (an age file in armor), and would be published as it is",
            "remove the file; if a private key stood in it, let the reader make a new one. `strongroom key new NAME \
             --passphrase` makes such a file",
        ),
    };
    // A private key that slipped in here must not travel on in a log.
    findings.push(Finding::error(UNUSABLE_KEY, message).at(Place::whole(path)).remedy(remedy));
    false
}

fn training(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Option<Training> {
    let mut course = None;
    let mut passed = None;
    let mut valid_until = None;
    for entry in known_entries(source, node, "a training", &["course", "passed", "valid_until"], findings) {
        match entry.key.as_str() {
            "course" => course = scalar(source, &entry.value, "a course", findings).map(str::to_owned),
            "passed" => passed = day(source, &entry.value, "`passed`", findings),
            _ => valid_until = day(source, &entry.value, "`valid_until`", findings),
        }
    }
    let Some(valid_until) = valid_until else {
        if node.get("valid_until").is_none() {
            let message = "this training does not say until when it is valid";
            findings.push(source.error(WRONG_SHAPE, node.range.clone(), message, "add `valid_until: 2027-03-01`"));
        }
        return None;
    };
    Some(Training { course: course.unwrap_or_default(), passed, valid_until })
}

/// Findings for audiences whose readers have no file, and for keys that several hold.
pub fn check(said: &Settings, settings: Option<&Source>, readers: &[(Reader, Source)], findings: &mut Vec<Finding>) {
    check_cloners(said, settings, readers, findings);
    for (audience, members) in said.audiences.iter() {
        for name in &members.readers {
            if readers.iter().any(|(reader, _)| reader.name == *name) {
                continue;
            }
            let remedy = match nearest(name, readers.iter().map(|(reader, _)| reader.name.as_str())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add readers/{name}.yaml, or remove the name"),
            };
            let message = format!("the audience `{audience}` names the reader {}, who has no file", quote(name));
            let at = settings.and_then(|s| s.text().find(name.as_str()).map(|at| s.place(at..at + name.len())));
            let finding = Finding::error(UNKNOWN_READER, message).remedy(remedy);
            findings.push(match at {
                Some(place) => finding.at(place),
                None => finding,
            });
        }
    }
    let mut seen: Vec<(&str, &Reader)> = Vec::new();
    for (reader, source) in readers {
        for key in &reader.keys {
            if let Some((_, other)) = seen.iter().find(|(known, _)| *known == key.as_str()) {
                let at = source.text().find(key.as_str()).unwrap_or_default();
                let message = format!("{} holds this key as well", other.name);
                let remedy = format!("make a key for each person; {SETTINGS} and the keyrings tell people apart by it");
                findings.push(source.error(SHARED_KEY, at..at + key.as_str().len(), message, remedy));
            }
            seen.push((key.as_str(), reader));
        }
    }
}

/// Findings for names of whoever can clone the repository that are written as a reader's file is called, and lead to
/// none. Anybody else, also who is no reader, is written as people write names.
fn check_cloners(
    said: &Settings,
    settings: Option<&Source>,
    readers: &[(Reader, Source)],
    findings: &mut Vec<Finding>,
) {
    for name in &said.repository_readers {
        let as_a_file = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !as_a_file || readers.iter().any(|(reader, _)| reader.name == *name) {
            continue;
        }
        let remedy = match nearest(name, readers.iter().map(|(reader, _)| reader.name.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "for somebody who is no reader, write the name as people write it: `IT operations`".to_owned(),
        };
        let message = format!("`repository_readers` names {}, and there is no such reader", quote(name));
        let at = settings.and_then(|source| {
            let (before, after) = source.text().split_once("repository_readers")?;
            let at = after.find(name.as_str())? + before.len() + "repository_readers".len();
            Some(source.place(at..at + name.len()))
        });
        let place = at.unwrap_or_else(|| Place::whole(SETTINGS));
        findings.push(Finding::warning(UNKNOWN_CLONER, message).at(place).remedy(remedy));
    }
}
