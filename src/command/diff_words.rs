//! The difference of two commits as people and programs read it.

use super::change_rows::{Row, change_lines};
use super::opening_words::Sentence;
use crate::finding::harmless;
use crate::history::{Commit, History};
use crate::record::csv_lines;
use serde_json::{Value, json};
use std::fmt::Write;

/// What is told.
pub struct Told<'a> {
    /// The history of the two commits.
    pub history: &'a History,
    /// The changes.
    pub rows: &'a [Row],
    /// What opens and closes.
    pub opens: &'a [Sentence],
}

impl Told<'_> {
    /// The two commits; the same where they are one.
    fn commits(&self) -> Option<(&Commit, &Commit)> {
        let first = self.history.commit(0)?;
        Some((first, self.history.commit(1).unwrap_or(first)))
    }
}

/// For people: the two commits, what is otherwise record by record, and who may read what they could not.
#[must_use]
pub fn human(told: &Told<'_>) -> String {
    let mut out = String::new();
    if let Some((from, to)) = told.commits() {
        let one = |commit: &Commit| format!("{} {} {}", commit.short, commit.day(), harmless(&commit.author));
        let _ = writeln!(out, "from {}\nto   {}", one(from), one(to));
    }
    let mut last: Option<(&str, &str)> = None;
    for row in told.rows {
        if last != Some((&row.dossier, &row.record)) {
            last = Some((&row.dossier, &row.record));
            let slash = if row.dossier.is_empty() { "" } else { "/" };
            let _ = writeln!(out, "\n  {}", harmless(&format!("{}{slash}{}", row.dossier, row.record)));
        }
        out.push_str(&change_lines(row));
    }
    out.push('\n');
    for sentence in told.opens {
        let _ = writeln!(out, "{}", harmless(&sentence.words));
    }
    out
}

/// For programs: the two commits, the changes, and what opens and closes.
#[must_use]
pub fn json(told: &Told<'_>) -> Value {
    let changes = told.rows.iter().map(|row| Value::Object(row.json()));
    let opens =
        told.opens.iter().filter(|sentence| !sentence.kind.is_empty()).map(|sentence| sentence.json(str::to_owned));
    let ids = told.commits().map(|(from, to)| (from.id.to_string(), to.id.to_string()));
    json!({
        "from": ids.as_ref().map(|(from, _)| from),
        "to": ids.as_ref().map(|(_, to)| to),
        "changes": changes.collect::<Vec<_>>(),
        "opens": opens.collect::<Vec<_>>(),
    })
}

/// For spreadsheets and scripts: a header, and a line for each change.
#[must_use]
pub fn csv(rows: &[Row]) -> String {
    let mut lines = vec![Row::HEADER.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(|row| row.cells().to_vec()));
    csv_lines(&lines)
}
