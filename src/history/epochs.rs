//! Which rules held when: settings and types as they stood at each commit.

use super::lineage::Places;
use crate::archive::{Archive, Rules, SETTINGS};
use crate::repository::{ContentId, Past, Snapshot};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Settings and types above this are not read.
const LARGEST: u64 = 4 << 20;

/// The rules of a stretch of commits.
#[derive(Clone)]
pub enum Law {
    /// Today's: before the first settings, and where nothing that restricts has changed since.
    Today,
    /// Those of the time.
    Then(Arc<Rules>),
    /// The rules of the time cannot be read, so that nothing can be said to have been open.
    Unreadable,
}

/// The rules of all times, oldest first.
pub struct Epochs {
    /// Today's rules.
    pub today: Arc<Rules>,
    starts: Vec<(usize, Law)>,
}

impl Epochs {
    /// Reads the rules of every commit that changed them.
    #[must_use]
    pub fn of(past: &Past, places: &Places, archive: &Archive) -> Self {
        let today = Arc::new(Rules::of(archive));
        let mut epochs = Self { today, starts: vec![(0, Law::Today)] };
        let mut files: BTreeMap<String, ContentId> = BTreeMap::new();
        let mut begun = false;
        for (number, commit) in past.commits.iter().enumerate() {
            let mut touched = false;
            for change in &commit.changes {
                let gone_from = change.moved.as_ref().and_then(|moved| places.in_archive(&moved.from));
                if let Some(path) = gone_from.filter(|path| is_rule(path)) {
                    touched |= files.remove(path).is_some();
                }
                let Some(path) = places.in_archive(&change.path).filter(|path| is_rule(path)) else { continue };
                touched = true;
                match &change.new {
                    Some(file) => files.insert(path.to_owned(), file.id),
                    None => files.remove(path),
                };
            }
            if touched {
                let settled = files.contains_key(SETTINGS);
                // Before the first settings today's rules count; once there were some, their absence is a doubt.
                let law = if begun && !settled { Law::Unreadable } else { epochs.read(past, &files) };
                begun |= settled;
                epochs.begin(number, law);
            }
        }
        epochs
    }

    fn read(&self, past: &Past, files: &BTreeMap<String, ContentId>) -> Law {
        if !files.contains_key(SETTINGS) {
            return Law::Today;
        }
        let mut contents = Vec::with_capacity(files.len());
        for (path, id) in files {
            match past.blob(*id, LARGEST) {
                Ok(bytes) => contents.push((path.clone(), *id, bytes)),
                Err(_) => return Law::Unreadable,
            }
        }
        match Rules::read(&Snapshot::in_memory(contents)) {
            None => Law::Unreadable,
            Some(rules) if rules.same_as(&self.today) => Law::Today,
            Some(rules) => Law::Then(Arc::new(rules)),
        }
    }

    fn begin(&mut self, commit: usize, law: Law) {
        let same = match (self.starts.last().map(|(_, law)| law), &law) {
            (Some(Law::Today), Law::Today) | (Some(Law::Unreadable), Law::Unreadable) => true,
            (Some(Law::Then(one)), Law::Then(other)) => one.same_as(other),
            _ => false,
        };
        if !same {
            self.starts.push((commit, law));
        }
    }

    /// The rules after a commit.
    #[must_use]
    pub fn at(&self, commit: usize) -> &Law {
        let after = self.starts.partition_point(|(start, _)| *start <= commit);
        after.checked_sub(1).and_then(|n| self.starts.get(n)).map_or(&Law::Today, |(_, law)| law)
    }

    /// The commits with which other rules began, after the first and before the second.
    pub fn between(&self, after: usize, before: usize) -> impl Iterator<Item = usize> + '_ {
        self.starts.iter().map(|(start, _)| *start).filter(move |start| *start > after && *start < before)
    }
}

fn is_rule(path: &str) -> bool {
    path == SETTINGS || path.strip_prefix("types/").is_some_and(|name| name.ends_with(".yaml") && !name.contains('/'))
}
