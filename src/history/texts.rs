//! Every text of the past, for the last gate: what was open and is told in the open, and what must not be found there.
//!
//! Nothing is copied: an archive's past is larger than its present.

use super::history::{Change, History};
use super::life::Deed;
use super::lineage::Place;
use super::piece::Part;
use super::shown::{Line, Shown};
use crate::access::{Clearance, Shelf};
use crate::record::RecordName;
use rayon::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// A text of the past.
#[derive(Clone, Copy)]
pub struct PastText<'h> {
    /// The text.
    pub text: &'h str,
    /// Where it stood.
    pub whence: Whence<'h>,
    /// The file that held it, by its number; see [`History::path_of`].
    pub file: Option<usize>,
    /// Whether all staff may read it.
    pub open: bool,
    /// Whether it stands still, so that the present knows it as well.
    pub stands: bool,
}

/// Where a text of the past stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whence<'h> {
    /// In a record, from a commit on.
    Since(usize, &'h RecordName),
    /// In a record, until a commit.
    Until(usize, &'h RecordName),
    /// It is what a record is called. Changes tell of the same words since when.
    Title(&'h RecordName),
    /// It is what a dossier was called that is gone.
    Dossier(&'h str),
    /// In the message of a commit.
    Message(usize),
}

impl History {
    /// Every text that the history tells, with whether it is open; also the messages that it tells nobody.
    #[must_use]
    pub fn texts(&self) -> Vec<PastText<'_>> {
        let shelves: Vec<&Shelf<Change>> = self.all_changes().collect();
        let told: Vec<Vec<PastText<'_>>> = shelves.into_par_iter().map(of_changes).collect();
        let mut found = Vec::with_capacity(told.iter().map(Vec::len).sum());
        for mut texts in told {
            found.append(&mut texts);
        }
        for (asks, gone) in self.gone().lay_out(|held| held.release()) {
            let whence = Whence::Dossier(&gone.name);
            let mut put = Putting { found: &mut found, whence, file: None, stands: false };
            put.all(&asks, [&*gone.name]);
        }
        for (record, held) in self.all_titles() {
            let (asks, title) = held.as_ref().release();
            let mut put = Putting { found: &mut found, whence: Whence::Title(record), file: None, stands: true };
            put.all(&asks, title.texts());
        }
        for (number, commit) in self.commits.iter().enumerate() {
            // Where the archive is a folder of a repository, what was committed beside it is none of its texts.
            let whole = self.prefix.is_empty().then_some(&commit.whole_message);
            let Some(message) = commit.message.as_ref().or(whole) else { continue };
            let (asks, message) = message.as_ref().release();
            let whence = Whence::Message(number);
            let mut put = Putting { found: &mut found, whence, file: None, stands: false };
            put.all(&asks, message.lines());
        }
        found
    }
}

fn of_changes(shelf: &Shelf<Change>) -> Vec<PastText<'_>> {
    let mut found = Vec::new();
    let mut named: Option<(bool, &RecordName)> = None;
    // Most values are told twice, when they come and when they go: the first time is enough.
    let mut told: HashSet<*const Shown> = HashSet::new();
    for (asks, change) in shelf.lay_out(|held| held.release()) {
        let record = &change.record;
        let (since, file) = (Whence::Since(change.commit, record), Some(change.file));
        let mut put = Putting { found: &mut found, whence: since, file, stands: false };
        // A record's changes stand one after the other, and its name need not be told for each.
        if named != Some((asks.is_open(), record)) {
            named = Some((asks.is_open(), record));
            put.path(&asks, &record.path);
        }
        match &change.part {
            Part::Field { element: Some(element), .. } => put.all(&asks, [&**element]),
            Part::Section { path, .. } => put.all(&asks, path.split(" / ").chain([&**path])),
            Part::Cell { label, .. } => put.all(&asks, [&**label]),
            Part::Attachment { name } => put.all(&asks, [&**name]),
            _ => {}
        }
        if let Deed::Moved { from: place, .. } | Deed::Left { to: place } = &change.deed {
            match &**place {
                Place::Inside { dossier, inside } => {
                    put.path(&asks, inside);
                    put.all(&asks, [&**dossier]);
                }
                Place::Outside(path) => put.path(&asks, path),
            }
        }
        if let Some(shown) = &change.after {
            put.stands = change.stands;
            put.shown(&asks, shown);
            told.insert(Arc::as_ptr(shown));
        }
        if let Some(before) = &change.before {
            let (of_before, shown) = before.as_ref().release();
            if told.contains(&Arc::as_ptr(shown)) {
                continue;
            }
            let until = Whence::Until(change.commit, record);
            let mut put = Putting { found: &mut found, whence: until, file, stands: false };
            put.shown(&asks.and(&of_before), shown);
        }
    }
    found
}

/// Texts of one place, as they are put beside the others.
struct Putting<'f, 'h> {
    found: &'f mut Vec<PastText<'h>>,
    whence: Whence<'h>,
    file: Option<usize>,
    stands: bool,
}

impl<'h> Putting<'_, 'h> {
    fn all(&mut self, asks: &Clearance, texts: impl IntoIterator<Item = &'h str>) {
        let (whence, file, open, stands) = (self.whence, self.file, asks.is_open(), self.stands);
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        self.found.extend(texts.map(|text| PastText { text, whence, file, open, stands }));
    }

    /// A path, and its parts, since a page may show one without the others.
    fn path(&mut self, asks: &Clearance, path: &'h str) {
        self.all(asks, path.split('/').chain([path]));
    }

    fn line(&mut self, asks: &Clearance, line: &'h Line) {
        let other = (line.en != line.zh).then_some(&*line.en);
        self.all(asks, [&*line.zh].into_iter().chain(other));
    }

    fn shown(&mut self, asks: &Clearance, shown: &'h Shown) {
        match shown {
            Shown::Line(line) => self.line(asks, line),
            Shown::List(lines) => lines.iter().for_each(|line| self.line(asks, line)),
            Shown::Text(text) => self.all(asks, [text.heading(), text.words()]),
            Shown::Rows { first, last, .. } => self.all(asks, [first.as_str(), last.as_str()]),
            Shown::File { digest, .. } => self.all(asks, [digest.as_str()]),
        }
    }
}
