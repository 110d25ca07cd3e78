//! Holds through time: from which commit on a hold held what, until which, and what became of the hold itself.
//!
//! Commits are gone through in the one order in which they are told. A hold that was placed on a branch counts from there.

use super::hold_doc::{HOLD, HoldDoc, Kin};
use crate::archive::Archive;
use crate::history::Places;
use crate::repository::{ContentId, Past, Snapshot};
use std::collections::HashMap;
use std::sync::Arc;

/// Records above this were never read.
pub(super) const LARGEST: u64 = 4 << 20;

/// Something that a hold held.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    /// The hold, as a path in the archive: where it stands, or stood last.
    pub hold: String,
    /// The record or dossier, as the hold names it.
    pub name: String,
    /// The commit from which on it is held, by its number.
    pub from: usize,
    /// The commit that released it.
    pub until: Option<usize>,
    /// The step with which the hold let go of it without a release: it names it no more, or is gone itself.
    pub dropped: Option<(Dropped, usize)>,
}

/// How a hold let go of something without being released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dropped {
    /// It names it no more, or reaches less far.
    Narrowed,
    /// Its file is gone, or is no hold any more.
    Gone,
}

/// A hold as it stood at some step.
struct Standing {
    /// Its last state.
    doc: HoldDoc,
    /// What its file held then.
    id: Option<ContentId>,
    /// Its claims, by their numbers among all.
    claims: Vec<usize>,
}

/// The holds as the commits are gone through.
struct Walk<'a> {
    places: &'a Places,
    archive: &'a Archive,
    kin: Kin,
    holds: HashMap<Arc<str>, Standing>,
    claims: Vec<Claim>,
}

/// Everything that was ever held. The step after the last commit is what is not committed yet.
pub(super) fn claims(past: &Past, places: &Places, now: &Snapshot, archive: &Archive, kin: Kin) -> Vec<Claim> {
    let mut walk = Walk { places, archive, kin, holds: HashMap::new(), claims: Vec::new() };
    for (number, commit) in past.commits.iter().enumerate() {
        for change in &commit.changes {
            if let Some(moved) = &change.moved
                && let Some(standing) = walk.holds.remove(&moved.from)
            {
                walk.name(&standing, &change.path);
                walk.holds.insert(Arc::clone(&change.path), standing);
            }
        }
        for change in &commit.changes {
            if !walk.may_be_hold(&change.path) {
                continue;
            }
            let id = change.new.as_ref().map(|file| file.id);
            walk.step(number, &change.path, id, |id| past.blob(id, LARGEST).ok());
        }
    }
    let uncommitted = past.commits.len();
    let paths: Vec<Arc<str>> = walk.holds.keys().cloned().collect();
    for path in paths {
        let file = places.in_archive(&path).and_then(|path| now.file(path));
        let read = |_| file.and_then(|file| now.read(file, LARGEST).ok());
        walk.step(uncommitted, &path, file.map(|file| file.id), read);
    }
    // What was never committed as held has not been held yet.
    walk.claims.retain(|claim| claim.from < uncommitted);
    walk.claims
}

impl Walk<'_> {
    fn may_be_hold(&self, path: &Arc<str>) -> bool {
        let inside = |path: &str| self.places.inside(path).map(|(_, inside)| inside);
        let by_place = || {
            let inside = self.places.in_archive(path).and_then(inside)?;
            Some(self.archive.types.by_place(&inside)?.name == HOLD)
        };
        self.holds.contains_key(path)
            || [".md", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending)) && by_place() == Some(true)
    }

    fn step(
        &mut self,
        number: usize,
        path: &Arc<str>,
        id: Option<ContentId>,
        read: impl FnOnce(ContentId) -> Option<Vec<u8>>,
    ) {
        if self.holds.get(path).is_some_and(|standing| standing.id == id) {
            return;
        }
        let inside = self.places.in_archive(path).and_then(|path| self.places.inside(path));
        let bytes = id.and_then(read);
        let doc = bytes.zip(inside).and_then(|(bytes, (_, inside))| {
            HoldDoc::read(&bytes, &inside, &self.archive.types, &self.kin, self.archive.day)
        });
        let before = self.holds.remove(path);
        let Some(doc) = doc else {
            if let Some(mut standing) = before {
                self.drop_all(&standing, number);
                standing.id = id;
                self.holds.insert(Arc::clone(path), standing);
            }
            return;
        };
        let mut claims = before.map(|standing| standing.claims).unwrap_or_default();
        for at in &claims {
            let Some(claim) = self.claims.get_mut(*at).filter(|claim| claim.until.is_none()) else { continue };
            claim.dropped = match doc.covers(&claim.name) {
                true => None,
                // Nothing is let go of by the release itself: what it does not name any more was let go of before.
                false => claim.dropped.or(Some((Dropped::Narrowed, number))),
            };
            if doc.released && claim.dropped.is_none() {
                claim.until = Some(number);
            }
        }
        if !doc.released {
            let open = |claim: &Claim| claim.until.is_none();
            let held: Vec<&str> =
                claims.iter().filter_map(|at| self.claims.get(*at)).filter(|c| open(c)).map(|c| &*c.name).collect();
            let new: Vec<String> = doc.names.iter().filter(|name| !held.contains(&name.as_str())).cloned().collect();
            for name in new {
                claims.push(self.claims.len());
                let hold = self.in_archive(path);
                self.claims.push(Claim { hold, name, from: number, until: None, dropped: None });
            }
        }
        self.holds.insert(Arc::clone(path), Standing { doc, id, claims });
    }

    fn drop_all(&mut self, standing: &Standing, number: usize) {
        if standing.doc.released {
            return;
        }
        for at in &standing.claims {
            if let Some(claim) = self.claims.get_mut(*at).filter(|claim| claim.until.is_none()) {
                claim.dropped = claim.dropped.or(Some((Dropped::Gone, number)));
            }
        }
    }

    fn name(&mut self, standing: &Standing, path: &Arc<str>) {
        let hold = self.in_archive(path);
        for at in &standing.claims {
            if let Some(claim) = self.claims.get_mut(*at) {
                claim.hold.clone_from(&hold);
            }
        }
    }

    fn in_archive(&self, path: &str) -> String {
        self.places.in_archive(path).unwrap_or(path).to_owned()
    }
}
