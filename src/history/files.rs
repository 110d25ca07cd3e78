//! The history of attachments: what came, was replaced and went, by size and digest, under what the records asked that
//! named them.

use super::history::Change;
use super::life::{Deed, Life};
use super::lineage::{Lineage, Places, Version};
use super::messages::Messages;
use super::piece::Part;
use super::reading::{Claim, Desk};
use super::shown::Shown;
use crate::access::{Clearance, Held, nobody};
use crate::archive::Archive;
use crate::record::RecordName;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A claim with the commits between which it held, and the life of the file that made it, where that is in the same
/// dossier still.
type Claimed<'l> = (usize, usize, &'l Claim, Option<&'l Life>);

/// What each attached file asks now, by dossier and path.
pub type AttachedNow = HashMap<(Arc<str>, Arc<str>), Clearance>;

/// What the archive's attached files ask.
#[must_use]
pub fn attached_now(places: &Places, archive: &Archive) -> AttachedNow {
    let attached = archive.attached.iter().filter_map(|held| {
        let (asks, file) = held.release();
        Some((places.inside(&file.entry.path)?, asks))
    });
    attached.collect()
}

/// Tells the history of all files that are no records; their numbers begin with the one that stands beside `changes`.
pub fn tell(
    desk: &Desk<'_>,
    now: &AttachedNow,
    lineages: &[Lineage],
    lives: &[(&Lineage, Life)],
    messages: &mut Messages,
    (first, changes): (usize, &mut BTreeMap<Arc<str>, Vec<Held<Change>>>),
) {
    let mut claims: HashMap<(&str, &str), Vec<Claimed<'_>>> = HashMap::new();
    for (lineage, life) in lives {
        for (dossier, from, until, claim) in &life.claims {
            let at_home = lineage.home().is_some_and(|(home, _)| home == dossier).then_some(life);
            claims.entry((dossier, &claim.inside)).or_default().push((*from, *until, claim, at_home));
        }
    }
    let told =
        lives.iter().filter(|(_, life)| !life.values.is_empty()).map(|(lineage, _)| std::ptr::from_ref(*lineage));
    let told: HashSet<*const Lineage> = told.collect();
    for (number, lineage) in lineages.iter().enumerate() {
        if !told.contains(&std::ptr::from_ref(lineage)) {
            let of_file = OfFile { desk, claims: &claims, now, lineage, file: first + number };
            of_file.tell(messages, changes);
        }
    }
}

struct OfFile<'a> {
    desk: &'a Desk<'a>,
    claims: &'a HashMap<(&'a str, &'a str), Vec<Claimed<'a>>>,
    now: &'a AttachedNow,
    lineage: &'a Lineage,
    file: usize,
}

/// A version of a file that something named.
struct State<'a> {
    version: &'a Version,
    dossier: &'a Arc<str>,
    inside: &'a Arc<str>,
    /// What it asked by itself.
    own: Clearance,
    /// What its content asked, all times together.
    asks: Clearance,
    record: String,
    shown: Option<Arc<Shown>>,
}

impl OfFile<'_> {
    fn tell(&self, messages: &mut Messages, changes: &mut BTreeMap<Arc<str>, Vec<Held<Change>>>) {
        let states = self.states(messages);
        // What it asks now, or asked in the end, it asks in its past as well.
        let last = states.last().map_or_else(nobody, |state| state.own.clone());
        let mut before: Option<(Clearance, &State<'_>)> = None;
        for state in &states {
            let version = state.version;
            let elsewhere =
                version.moved.as_ref().filter(|(from, _)| *from != version.place && from.inside().is_some());
            let deed = match (before.as_ref().map(|(_, before)| &before.shown), &state.shown, elsewhere) {
                (_, Some(_), Some((from, same))) => Deed::Moved { from: from.clone(), same: *same },
                (None, Some(_), _) => Deed::Added,
                (Some(old), new, _) if old == new => continue,
                (Some(_), Some(_), _) => Deed::Changed,
                (_, None, _) => Deed::Removed,
            };
            let asks = state.asks.and(&last);
            let asks = match &before {
                // Where it stood is told as well, and who had it.
                Some((before, _)) if state.shown.is_none() || matches!(deed, Deed::Moved { .. }) => asks.and(before),
                _ => asks,
            };
            messages.add(version.commit, &asks);
            let of_before = before.and_then(|(asks, before)| Some(Held::new(asks, before.shown.clone()?)));
            let change = Change {
                commit: version.commit,
                record: RecordName { dossier: Arc::clone(state.dossier), path: state.record.clone() },
                file: self.file,
                record_type: None,
                part: Part::Attachment { name: state.inside.rsplit('/').next().unwrap_or_default().to_owned() },
                label: None,
                founding: false,
                deed,
                before: of_before,
                after: state.shown.clone(),
                stands: std::ptr::eq(version, self.lineage.versions.last().unwrap_or(version)) && state.shown.is_some(),
            };
            changes.entry(Arc::clone(state.dossier)).or_default().push(Held::new(asks.clone(), change));
            before = state.shown.is_some().then_some((asks, state));
        }
    }

    /// What the file was at all times at which something named it.
    fn states(&self, messages: &mut Messages) -> Vec<State<'_>> {
        let mut states: Vec<State<'_>> = Vec::new();
        for (n, version) in self.lineage.versions.iter().enumerate() {
            let until = self.lineage.versions.get(n + 1).map_or(self.desk.past.commits.len(), |next| next.commit);
            let Some((dossier, inside)) = self.lineage.read_at(n).or_else(|| self.lineage.home()) else { continue };
            let shown = version.blob.filter(|_| version.place.inside().is_some() || n == 0).map(|id| {
                let digest = id.to_string().chars().take(10).collect();
                Arc::new(Shown::File { size: self.desk.past.size(id).ok(), digest, id })
            });
            let before = states.last();
            let (own, record) = match (self.claimed(dossier, inside, version, until), before) {
                (Some(found), _) => found,
                // What named it went before it did: it asks for what it asked in the end.
                (None, Some(before)) => (before.own.clone(), before.record.clone()),
                (None, None) => {
                    // Nothing named it: it was never published, and nobody is told of it.
                    messages.add(version.commit, &nobody());
                    continue;
                }
            };
            messages.add(version.commit, &own);
            let mut asks = own.clone();
            // Content that stayed asks for all that it ever asked, also under other names.
            for same in states.iter_mut().rev().take_while(|state| state.shown.is_some() && state.shown == shown) {
                asks = asks.and(&same.asks);
                same.asks = same.asks.and(&own);
            }
            states.push(State { version, dossier, inside, own, asks, record, shown });
        }
        states
    }

    /// What asked for a version by naming it: all of them together, and what names it now.
    fn claimed(&self, dossier: &str, inside: &str, version: &Version, until: usize) -> Option<(Clearance, String)> {
        let claims = self.claims.get(&(dossier, inside))?;
        let holding =
            claims.iter().filter(|(from, end, ..)| *from < until.max(version.commit + 1) && *end > version.commit);
        let mut asks = Clearance::open();
        let mut record = None;
        let mut doubtful = true;
        for (_, _, claim, life) in holding {
            doubtful &= claim.doubtful;
            asks = asks.and(&claim.asks);
            // By the name that the record has now, as all that is told of it.
            let name = || life.map_or_else(|| claim.record.clone(), |life| format!("{}{}", life.path, claim.item));
            record.get_or_insert_with(name);
        }
        let asks = if doubtful { nobody() } else { asks };
        let asks = self.now.get(&(Arc::from(dossier), Arc::from(inside))).map_or(asks.clone(), |more| asks.and(more));
        Some((asks, record?))
    }
}
