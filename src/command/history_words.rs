//! The history as people and programs read it on the command line.

use super::change_rows::{Row, change_lines, short};
use crate::finding::harmless;
use crate::history::{Commit, History};
use crate::provenance::{Message, Signed, Verdict};
use crate::record::csv_lines;
use serde_json::{Map, Value, json};
use std::fmt::Write;

pub(super) fn time_of(commit: &Commit) -> String {
    commit.authored.zoned().map(|time| time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()).unwrap_or_default()
}

fn message_of(commit: &Commit) -> Message {
    let (_, message) = commit.whole_message.as_ref().release();
    Message::read(message)
}

pub(super) fn signed(commit: &Commit) -> &'static str {
    match &commit.signed {
        Signed::Unsigned => "unsigned",
        Signed::OpenPgp => "openpgp",
        Signed::X509 => "x509",
        Signed::Unreadable => "unreadable",
        Signed::Ssh(Verdict::Good { .. }) => "good",
        Signed::Ssh(Verdict::OtherPerson { .. }) => "other-person",
        Signed::Ssh(Verdict::UnknownKey { .. }) => "unknown-key",
        Signed::Ssh(Verdict::OutsideItsTime { .. }) => "outside-its-time",
        Signed::Ssh(Verdict::Unverifiable { .. }) => "unverifiable",
        Signed::Ssh(Verdict::Broken) => "broken",
    }
}

/// For people: by commit, newest last, as git log would not tell it.
#[must_use]
pub fn human(rows: &[Row], history: &History) -> String {
    let mut out = String::new();
    let mut last = None;
    let mut record = "";
    for row in rows {
        let Some(commit) = history.commit(row.commit) else { continue };
        if last != Some((row.commit, row.on)) {
            if last.is_some() {
                out.push('\n');
            }
            last = Some((row.commit, row.on));
            record = "";
            let time = time_of(commit);
            let shown = time.get(..16).unwrap_or(&time).replace('T', " ");
            let author = harmless(&commit.author);
            if let Some(day) = row.on {
                let _ = writeln!(out, "{day}  as {author} had set in {} of {shown}", commit.short);
            } else {
                let _ = writeln!(out, "{shown}  {author}  {}  {}", commit.short, signed(commit));
            }
            // What somebody said in setting it stands with that commit.
            let message = if row.on.is_some() { Message::read("") } else { message_of(commit) };
            if !message.summary.is_empty() {
                let _ = writeln!(out, "  {}", short(&message.summary));
            }
            let approved: Vec<String> = message.approved_by().into_iter().map(|person| person.name).collect();
            let lines = [
                ("reason", message.reason().unwrap_or_default()),
                ("approved by", approved.join(", ")),
                ("ticket", message.ticket().unwrap_or_default()),
                ("disposal", message.disposal().unwrap_or_default()),
            ];
            for (word, text) in lines.iter().filter(|(_, text)| !text.is_empty()) {
                let _ = writeln!(out, "  {word}: {}", short(text));
            }
        }
        if record != row.record {
            record = &row.record;
            let _ = writeln!(out, "  {}", harmless(record));
        }
        out.push_str(&change_lines(row));
    }
    out
}

/// A commit for programs, with a message as far as it may be told; without its author's address.
pub fn commit_json(commit: &Commit, message: &Message) -> Map<String, Value> {
    let approved: Vec<String> = message.approved_by().into_iter().map(|person| person.name).collect();
    let told = json!({
        "commit": commit.id.to_string(),
        "time": time_of(commit),
        "author": *commit.author,
        "signature": signed(commit),
        "summary": message.summary,
        "reason": message.reason(),
        "approved_by": approved,
        "ticket": message.ticket(),
        "disposal": message.disposal(),
    });
    told.as_object().cloned().unwrap_or_default()
}

/// For programs: a list of changes.
#[must_use]
pub fn json(rows: &[Row], history: &History) -> Value {
    let changes = rows.iter().filter_map(|row| {
        let commit = history.commit(row.commit)?;
        let mut told = row.json();
        told.extend(commit_json(commit, &message_of(commit)));
        told.insert("email".to_owned(), json!(*commit.email));
        Some(Value::Object(told))
    });
    json!({"changes": changes.collect::<Vec<_>>(), "gaps": history.gaps})
}

/// For spreadsheets and scripts: a header, and a line for each change.
#[must_use]
pub fn csv(rows: &[Row], history: &History) -> String {
    let header = [
        &["time", "commit", "author", "email", "signature"][..],
        &Row::HEADER,
        &["reason", "approved_by", "ticket", "disposal"],
    ];
    let mut lines = vec![header.concat().into_iter().map(str::to_owned).collect()];
    for row in rows {
        let Some(commit) = history.commit(row.commit) else { continue };
        let message = message_of(commit);
        let approved: Vec<String> = message.approved_by().into_iter().map(|person| person.name).collect();
        let mut line = vec![
            time_of(commit),
            commit.id.to_string(),
            commit.author.to_string(),
            commit.email.to_string(),
            signed(commit).to_owned(),
        ];
        line.extend(row.cells());
        line.extend([
            message.reason().unwrap_or_default(),
            approved.join("; "),
            message.ticket().unwrap_or_default(),
            message.disposal().unwrap_or_default(),
        ]);
        lines.push(line);
    }
    csv_lines(&lines)
}
