//! Which rules held when: settings and types as they stood at each commit.

use super::branches::{Branches, Span, files_of};
use super::held_files::HeldFiles;
use super::lineage::Places;
use crate::archive::{Archive, Rules, SETTINGS};
use crate::repository::{ContentId, Past, Snapshot};
use std::collections::HashMap;
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

impl Law {
    /// Whether both are the very same.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Today, Self::Today) | (Self::Unreadable, Self::Unreadable) => true,
            (Self::Then(one), Self::Then(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

/// The rules of all times, oldest first.
pub struct Epochs {
    /// Today's rules.
    pub today: Arc<Rules>,
    starts: Vec<(usize, Law)>,
}

impl Epochs {
    /// Reads the rules of every commit that changed them, by its own branch: what another one said then is none of its.
    #[must_use]
    pub fn of(past: &Past, branches: &Branches, places: &Places, archive: &Archive) -> Self {
        let today = Arc::new(Rules::of(archive));
        let mut epochs = Self { today, starts: vec![(0, Law::Today)] };
        let mut known: HashMap<Vec<(Arc<str>, ContentId)>, Law> = HashMap::new();
        let mut begun: Vec<bool> = Vec::with_capacity(past.commits.len());
        let mut before: Option<(HeldFiles, bool)> = None;
        for (number, files) in files_of(past, branches, places, &is_rule).into_iter().enumerate() {
            let settled = files.get(SETTINGS).is_some();
            let begun_before = |parent: &usize| begun.get(*parent).copied().unwrap_or_default();
            let once = settled || branches.parents(number).iter().any(begun_before);
            begun.push(once);
            if before.as_ref().is_some_and(|(same, then)| same.is(&files) && *then == once) {
                continue;
            }
            // Before the first settings today's rules count; once there were some, their absence is a doubt.
            let law = if once && !settled {
                Law::Unreadable
            } else {
                let files = files.all();
                known.get(&files).cloned().unwrap_or_else(|| {
                    let law = epochs.read(past, &files);
                    known.entry(files).or_insert(law).clone()
                })
            };
            epochs.begin(number, law);
            before = Some((files, once));
        }
        epochs
    }

    fn read(&self, past: &Past, files: &[(Arc<str>, ContentId)]) -> Law {
        if !files.iter().any(|(path, _)| **path == *SETTINGS) {
            return Law::Today;
        }
        let mut contents = Vec::with_capacity(files.len());
        for (path, id) in files {
            match past.blob(*id, LARGEST) {
                Ok(bytes) => contents.push((path.to_string(), *id, bytes)),
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

    /// The rules of a commit.
    #[must_use]
    pub fn at(&self, commit: usize) -> &Law {
        let after = self.starts.partition_point(|(start, _)| *start <= commit);
        after.checked_sub(1).and_then(|n| self.starts.get(n)).map_or(&Law::Today, |(_, law)| law)
    }

    /// The commit with which the rules of a commit began.
    #[must_use]
    pub fn begin_of(&self, commit: usize) -> usize {
        let after = self.starts.partition_point(|(start, _)| *start <= commit);
        after.checked_sub(1).and_then(|n| self.starts.get(n)).map_or(0, |(start, _)| *start)
    }

    /// The rules that held at some time, each once, in the order in which they came.
    #[must_use]
    pub fn during(&self, time: &[Span]) -> Vec<&Law> {
        let mut laws: Vec<&Law> = Vec::new();
        for span in time {
            let first = self.starts.partition_point(|(start, _)| *start <= span.start).saturating_sub(1);
            let held = self.starts.iter().skip(first).take_while(|(start, _)| *start < span.end.max(span.start + 1));
            for (_, law) in held {
                if !laws.iter().any(|known| known.is(law)) {
                    laws.push(law);
                }
            }
        }
        laws
    }
}

/// The settings, and all of `types/` but notes: what lies there and is no type is a doubt.
fn is_rule(path: &str) -> bool {
    path == SETTINGS || path.starts_with("types/") && !path.ends_with(".md")
}
