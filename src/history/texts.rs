//! Every text of the past, for the last gate: what was open and is told in the open, and what must not be found there.

use super::history::{Change, History};
use super::piece::Part;
use super::shown::Shown;
use crate::access::{Clearance, Shelf};
use crate::record::RecordName;
use std::sync::Arc;

/// A text of the past.
pub struct PastText {
    /// The text.
    pub text: String,
    /// The record that held it.
    pub record: RecordName,
    /// Whether all staff may read it.
    pub open: bool,
}

impl History {
    /// Every text that the history tells, with whether it is open.
    #[must_use]
    pub fn texts(&self) -> Vec<PastText> {
        let mut found = Vec::new();
        for shelf in self.all_changes() {
            of_changes(shelf, &mut found);
        }
        for (asks, gone) in self.gone().lay_out(|held| held.release()) {
            let record = RecordName { dossier: Arc::clone(&gone.name), path: "dossier".to_owned() };
            put(&asks, &record, [gone.name.as_ref()], &mut found);
        }
        for (record, held) in self.all_titles() {
            let (asks, title) = held.clone().release();
            put(&asks, record, title.texts(), &mut found);
        }
        for commit in &self.commits {
            let Some((asks, message)) = commit.message.clone().map(|held| held.release()) else { continue };
            let record = RecordName { dossier: "".into(), path: commit.short.clone() };
            put(&asks, &record, message.lines(), &mut found);
        }
        found
    }
}

fn of_changes(shelf: &Shelf<Change>, found: &mut Vec<PastText>) {
    for (asks, change) in shelf.lay_out(|held| held.release()) {
        put(&asks, &change.record, change.record.path.split('/'), found);
        put(&asks, &change.record, [change.record.path.as_str()], found);
        if let Part::Field { element: Some(element), .. } = &change.part {
            put(&asks, &change.record, [element.as_str()], found);
        }
        if let Part::Section { path, .. } = &change.part {
            put(&asks, &change.record, path.split(" / ").chain([path.as_str()]), found);
        }
        if let Part::Attachment { name } = &change.part {
            put(&asks, &change.record, [name.as_str()], found);
        }
        if let Some(shown) = &change.after {
            of_shown(&asks, &change.record, shown, found);
        }
        if let Some(before) = &change.before {
            let (of_before, shown) = before.clone().release();
            of_shown(&asks.and(&of_before), &change.record, &shown, found);
        }
    }
}

fn of_shown(asks: &Clearance, record: &RecordName, shown: &Shown, found: &mut Vec<PastText>) {
    if let Shown::Text(text) = shown {
        put(asks, record, [text.heading.as_str(), text.words.as_str()], found);
        return;
    }
    let mut texts = Vec::new();
    shown.texts(&mut texts);
    put(asks, record, texts.iter().map(String::as_str), found);
}

fn put<'t>(asks: &Clearance, record: &RecordName, texts: impl IntoIterator<Item = &'t str>, found: &mut Vec<PastText>) {
    let open = asks.is_open();
    let texts = texts.into_iter().filter(|text| !text.is_empty());
    found.extend(texts.map(|text| PastText { text: text.to_owned(), record: record.clone(), open }));
}
