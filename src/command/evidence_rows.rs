//! What a bag tells of a dossier's past, for whoever holds something: the changes, each with its commit, and what stood on
//! a day.

use super::change_rows::{Row, raw_cell, short};
use super::history_words::{commit_json, signed, time_of};
use crate::access::Clearance;
use crate::evidence::{Told, ToldCommit};
use crate::history::{Commit, Deed, History};
use crate::provenance::Message;
use crate::record::csv_lines;
use crate::repository::ContentId;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How somebody sees the past.
pub struct Eyes<'e> {
    /// The past.
    pub history: &'e History,
    /// What they hold; nothing where they have the repository.
    pub holds: Option<&'e Clearance>,
    /// The language of values.
    pub language: &'e str,
    /// The commits that lead to the former state, where one is asked for.
    pub until: Option<&'e BTreeSet<ContentId>>,
}

impl Eyes<'_> {
    /// The message of a commit, where it may be read.
    fn message(&self, commit: &Commit) -> Message {
        let words = match self.holds {
            None => Some(commit.whole_message.as_ref().release().1),
            Some(holds) => commit.message.as_ref().and_then(|message| message.within(holds)),
        };
        Message::read(words.map_or("", AsRef::as_ref))
    }

    /// A commit for programs. Its author's address is for those who have the repository.
    fn commit(&self, commit: &Commit) -> Map<String, Value> {
        let mut told = commit_json(commit, &self.message(commit));
        if self.holds.is_none() {
            told.insert("email".to_owned(), json!(*commit.email));
        }
        told
    }

    /// What is told of a dossier, and the numbers of the commits that are named by it.
    #[must_use]
    pub fn dossier(&self, dossier: &str) -> (Told, BTreeSet<usize>) {
        let mut told = Told::default();
        let mut named = BTreeSet::new();
        let Some(changes) = self.history.of_dossier(dossier) else {
            told.json = json!({"changes": [], "gaps": self.history.gaps});
            return (told, named);
        };
        let rows: Vec<Row> = changes
            .lay_out(|held| held.release())
            .filter_map(|(asks, change)| Row::seen((asks, change), self.holds, self.language))
            .collect();
        named.extend(rows.iter().map(|row| row.commit));
        let with_commit = |row: &Row| {
            let mut all = row.json();
            all.extend(self.history.commit(row.commit).map(|commit| self.commit(commit)).unwrap_or_default());
            Value::Object(all)
        };
        told.json = json!({"changes": rows.iter().map(with_commit).collect::<Vec<_>>(), "gaps": self.history.gaps});
        told.csv = self.csv(&rows);
        told.lines = rows.iter().map(|row| self.line(row)).collect();
        if let Some(until) = self.until {
            self.stood(dossier, until, &mut told);
        }
        (told, named)
    }

    /// The commits that are told of.
    #[must_use]
    pub fn commits(&self, named: &BTreeSet<usize>) -> Vec<ToldCommit> {
        let all = named.iter().filter_map(|number| self.history.commit(*number));
        all.map(|commit| ToldCommit { id: commit.id.to_string(), json: Value::Object(self.commit(commit)) }).collect()
    }

    fn csv(&self, rows: &[Row]) -> String {
        let header =
            [&["time", "commit", "author", "signature"][..], &Row::HEADER, &["summary", "reason", "approved_by"]];
        let mut lines = vec![header.concat().into_iter().map(str::to_owned).collect()];
        for row in rows {
            let Some(commit) = self.history.commit(row.commit) else { continue };
            let message = self.message(commit);
            let approved: Vec<String> = message.approved_by().into_iter().map(|person| person.name).collect();
            let mut line =
                vec![time_of(commit), commit.id.to_string(), commit.author.to_string(), signed(commit).to_owned()];
            line.extend(row.cells());
            line.extend([message.summary.clone(), message.reason().unwrap_or_default(), approved.join("; ")]);
            lines.push(line);
        }
        csv_lines(&lines)
    }

    /// A change for the page: when, who, what, before, after.
    fn line(&self, row: &Row) -> [String; 5] {
        let commit = self.history.commit(row.commit);
        let when = row.on.map(|day| day.to_string()).or_else(|| commit.map(Commit::day)).unwrap_or_default();
        let who = commit.map(|commit| format!("{} · {}", commit.author, commit.short)).unwrap_or_default();
        let value = |text: &Option<String>| text.as_deref().map(short).unwrap_or_default();
        let what = format!("{} · {}", row.record, row.part);
        let after = if row.after.is_none() { row.deed.to_owned() } else { value(&row.after) };
        [when, who, what, value(&row.before), after]
    }

    /// What every part of every record said at a commit: the last change of each that leads there, whoever may read it,
    /// of which those are told that may be read. A part whose last change is closed is left out, since what was told of it
    /// before no longer stood.
    fn stood(&self, dossier: &str, until: &BTreeSet<ContentId>, told: &mut Told) {
        let Some(changes) = self.history.of_dossier(dossier) else { return };
        let mut standing: BTreeMap<(String, String, usize), Option<Row>> = BTreeMap::new();
        for (asks, change) in changes.lay_out(|held| held.release()) {
            let leads = self.history.commit(change.commit).is_some_and(|commit| until.contains(&commit.id));
            if !leads || matches!(change.deed, Deed::Moved { .. } | Deed::Left { .. } | Deed::Opened { .. }) {
                continue;
            }
            let whole = Row::of((asks.clone(), change), self.language);
            let key = (whole.record.clone(), whole.part.clone(), change.file);
            if change.after.is_none() {
                if whole.part == "record" {
                    standing.retain(|(record, _, file), _| *file != change.file || *record != whole.record);
                } else {
                    standing.remove(&key);
                }
                continue;
            }
            standing.insert(key, Row::seen((asks, change), self.holds, self.language));
        }
        let folder = format!("/{dossier}/");
        let inside = |file: usize| {
            let (_, inside) = self.history.path_of(file)?.split_once(folder.as_str())?;
            Some(inside.rsplit_once('.').map_or(inside, |(name, _)| name).to_owned())
        };
        let closed = standing.iter().filter(|(_, row)| row.is_none());
        told.closed_then = closed.filter_map(|((.., file), _)| inside(*file)).collect();
        let rows: Vec<&Row> = standing.values().flatten().collect();
        const HEADER: [&str; 7] = ["record", "type", "part", "value", "raw", "since", "commit"];
        let mut lines = vec![HEADER.map(str::to_owned).to_vec()];
        let mut records = Vec::new();
        for row in rows {
            let Some(commit) = self.history.commit(row.commit) else { continue };
            let value = row.after.clone().unwrap_or_default();
            lines.push(vec![
                row.record.clone(),
                row.record_type.clone(),
                row.part.clone(),
                value.clone(),
                raw_cell(row.after_raw.as_ref()),
                time_of(commit),
                commit.id.to_string(),
            ]);
            records.push(json!({"record": row.record, "type": row.record_type, "part": row.part, "value": value,
                "raw": row.after_raw, "since": time_of(commit), "commit": commit.id.to_string()}));
        }
        told.stood_csv = Some(csv_lines(&lines));
        told.stood_json = Some(json!({"parts": records}));
    }
}
