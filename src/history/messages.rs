//! Who may read what a commit says of itself: whoever may read everything that it touched anywhere in the archive.

use super::history::Commit;
use super::life::{Life, Touched};
use super::lineage::{Place, Places};
use super::now::Now;
use crate::access::{Clearance, Held, nobody};
use crate::archive::Archive;
use crate::provenance::{Signed, Signers};
use crate::repository::Past;
use std::collections::HashMap;
use std::sync::Arc;

/// Digits of a shortened id.
const SHORT: usize = 10;

impl Commit {
    /// The day on which it was written by its author's clock, as `2026-03-18`; nothing where that is no day.
    #[must_use]
    pub fn day(&self) -> String {
        self.authored.zoned().map(|time| time.date().to_string()).unwrap_or_default()
    }
}

/// What each commit's message asks, while it is being found out.
pub struct Messages {
    asks: Vec<Option<Clearance>>,
}

impl Messages {
    /// Begins with what commits touched beside dossiers and registers: settings, readers, types and the like are for
    /// those who oversee the archive.
    #[must_use]
    pub fn new(past: &Past, places: &Places, archive: &Archive) -> Self {
        let oversight = archive.settings.oversight.as_deref();
        let keeping = oversight.map_or_else(nobody, |audience| Clearance::any_of([audience]));
        let beside =
            |path: &Arc<str>| places.in_archive(path).is_some() && matches!(places.place(path), Place::Outside(_));
        let asks = past.commits.iter().map(|commit| {
            let housekeeping = commit
                .changes
                .iter()
                .any(|change| beside(&change.path) || change.moved.as_ref().is_some_and(|moved| beside(&moved.from)));
            housekeeping.then(|| keeping.clone())
        });
        Self { asks: asks.collect() }
    }

    /// A life's part in what commits touched.
    pub fn touched(&mut self, life: &Life) {
        for event in &life.events {
            self.add(event.commit, &event.asks);
            for value in [event.before, event.after].into_iter().flatten().filter_map(|at| life.values.get(at)) {
                self.add(event.commit, &value.asks);
            }
        }
        for Touched { commit, asks, values } in &life.touched {
            self.add(*commit, asks);
            for value in values.iter().filter_map(|at| life.values.get(*at)) {
                self.add(*commit, &value.asks);
            }
        }
    }

    /// Something that a commit touched asks for this.
    pub fn add(&mut self, commit: usize, asks: &Clearance) {
        if let Some(all) = self.asks.get_mut(commit) {
            *all = Some(all.take().map_or_else(|| asks.clone(), |all| all.and(asks)));
        }
    }

    /// The commits with their messages.
    #[must_use]
    pub fn into_commits(self, past: &Past, now: &Now<'_>, signers: &Signers) -> Vec<Commit> {
        let mut people: HashMap<&str, Arc<str>> = HashMap::new();
        let mut once = |name| Arc::clone(people.entry(name).or_insert_with(|| name.into()));
        let commits = past.commits.iter().zip(self.asks).map(|(commit, asks)| {
            let words: Arc<str> = commit.message.as_str().into();
            Commit {
                id: commit.id,
                short: commit.id.to_string().chars().take(SHORT).collect(),
                author: once(&commit.author.name),
                email: once(&commit.author.email),
                authored: commit.authored,
                touched: now.words_ask(&words, asks.as_ref().unwrap_or(&Clearance::open())),
                parents: commit.parents.len(),
                signed: commit.signature.as_ref().map_or(Signed::Unsigned, |signature| {
                    let at = commit.committed.seconds;
                    signers.judge(&signature.armored, &signature.signed, at, &commit.committer.email)
                }),
                whole_message: Held::new(nobody(), Arc::clone(&words)),
                message: asks
                    .filter(|_| commit.parents.len() < 2 && !commit.message.trim().is_empty())
                    .map(|asks| Held::new(now.words_ask(&words, &asks), words)),
            }
        });
        commits.collect()
    }
}
