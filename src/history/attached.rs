//! The history of attachments: which files a record had, what came, was replaced and went, by size and digest. It stands
//! under the name that the record has now, or had last.

use super::branches::{Span, meet};
use super::files::{Filed, State};
use super::history::Change;
use super::life::{Claimed, Deed, Life};
use super::lineage::{Lineage, Places, Version};
use super::messages::Messages;
use super::piece::Part;
use super::reading::Desk;
use super::shown::Shown;
use super::telling::moved_along;
use super::told::Told;
use crate::access::{Clearance, Held};
use crate::record::RecordName;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A version of a file, and where it stands.
#[derive(Clone, Copy)]
struct Stood<'a> {
    filed: &'a Filed<'a>,
    n: usize,
    version: &'a Version,
    state: &'a State,
}

impl<'a> Stood<'a> {
    /// Whether both are versions of one file.
    fn is_of(&self, other: &Self) -> bool {
        std::ptr::eq(self.filed, other.filed)
    }

    /// The version before, where something named it.
    fn before(&self) -> Option<&'a State> {
        self.n.checked_sub(1).and_then(|n| self.filed.states.get(n)).and_then(Option::as_ref)
    }
}

/// A stretch of the one order of commits in which a record had a version of a file.
struct Stretch<'a> {
    told: Span,
    dossier: &'a Arc<str>,
    place: (&'a str, &'a str),
    stood: Stood<'a>,
}

/// Tells of the files that the records of a lot had.
pub fn tell(
    (desk, places): (&Desk<'_>, &Places),
    files: &[Filed<'_>],
    lives: &[(&Lineage, Life)],
    messages: &mut Messages,
    told: &mut Told,
) {
    let commits = desk.past.commits.len();
    let mut standing: HashMap<(&str, &str), Vec<(Span, Stood<'_>)>> = HashMap::new();
    for filed in files {
        let versions = &filed.lineage.versions;
        for (n, (version, state)) in versions.iter().zip(&filed.states).enumerate() {
            let (Some(state), Some((_, inside))) = (state, filed.lineage.read_at(n)) else { continue };
            let until = versions.get(n + 1).map_or(commits, |next| next.commit).max(version.commit + 1);
            let stood = Stood { filed, n, version, state };
            standing.entry((filed.lineage.folder(n), inside)).or_default().push((version.commit..until, stood));
        }
    }
    for (lineage, life) in lives.iter().filter(|(_, life)| !life.claims.is_empty()) {
        let Some((home, _)) = lineage.home() else { continue };
        let mut items: BTreeMap<&Arc<str>, Vec<&Claimed>> = BTreeMap::new();
        for claimed in &life.claims {
            items.entry(&claimed.claim.item).or_default().push(claimed);
        }
        for (item, claims) in items {
            let path = format!("{}{item}", life.path).into();
            let record = Arc::new(RecordName { dossier: Arc::clone(home), path });
            for chain in chains(stretches(&claims, &standing)) {
                let last = chain.last().map_or("", |last| last.stood.version.path.as_ref());
                let of_chain = OfChain { desk, record: &record, file: told.number(places, last) };
                of_chain.tell(&chain, messages, told);
            }
        }
    }
}

/// When a record had which version of which file, in order.
fn stretches<'a>(
    claims: &[&'a Claimed],
    standing: &HashMap<(&'a str, &'a str), Vec<(Span, Stood<'a>)>>,
) -> Vec<Stretch<'a>> {
    let mut found: Vec<Stretch<'a>> = Vec::new();
    let mut by_place: BTreeMap<(&'a str, &'a str), Vec<&'a Claimed>> = BTreeMap::new();
    for claimed in claims {
        by_place.entry((&claimed.folder, &claimed.claim.inside)).or_default().push(*claimed);
    }
    for (place, claims) in by_place {
        for (span, stood) in standing.get(&place).into_iter().flatten() {
            // What only seems to have stood together, since branches are told in one order, did not.
            if !claims.iter().any(|claimed| meet(&claimed.time, &stood.state.time)) {
                continue;
            }
            for claimed in &claims {
                let told = span.start.max(claimed.told.start)..span.end.min(claimed.told.end);
                if !told.is_empty() {
                    found.push(Stretch { told, dossier: &claimed.dossier, place, stood: *stood });
                }
            }
        }
    }
    found.sort_by(|one, other| (one.told.start, one.place).cmp(&(other.told.start, other.place)));
    // A record may name one file more than once.
    found.dedup_by(|one, other| (one.told.start, one.place) == (other.told.start, other.place));
    found
}

/// The stretches that follow one another: of one file, whatever it was called, or else of files that took one another's
/// place.
fn chains(stretches: Vec<Stretch<'_>>) -> Vec<Vec<Stretch<'_>>> {
    let mut chains: Vec<Vec<Stretch<'_>>> = Vec::new();
    let mut rest = stretches.into_iter().peekable();
    while let Some(start) = rest.peek().map(|stretch| stretch.told.start) {
        let mut begun: Vec<Stretch<'_>> = Vec::new();
        while let Some(stretch) = rest.next_if(|stretch| stretch.told.start == start) {
            begun.push(stretch);
        }
        let same_file = |last: &Stretch<'_>, next: &Stretch<'_>| last.stood.is_of(&next.stood);
        let same_place = |last: &Stretch<'_>, next: &Stretch<'_>| last.place == next.place;
        for same in [&same_file as &dyn Fn(&Stretch<'_>, &Stretch<'_>) -> bool, &same_place] {
            for stretch in std::mem::take(&mut begun) {
                let goes_on = |chain: &&mut Vec<Stretch<'_>>| {
                    chain.last().is_some_and(|last| last.told.end == start && same(last, &stretch))
                };
                match chains.iter_mut().find(goes_on) {
                    Some(chain) => chain.push(stretch),
                    None => begun.push(stretch),
                }
            }
        }
        chains.extend(begun.into_iter().map(|stretch| vec![stretch]));
    }
    chains
}

struct OfChain<'a> {
    desk: &'a Desk<'a>,
    record: &'a Arc<RecordName>,
    file: usize,
}

impl OfChain<'_> {
    fn tell(&self, chain: &[Stretch<'_>], messages: &mut Messages, told: &mut Told) {
        let mut before: Option<&Stretch<'_>> = None;
        let mut changes: Vec<(&Stretch<'_>, Clearance, Change)> = Vec::new();
        for stretch in chain {
            let Stood { version, state, .. } = stretch.stood;
            if let Some((deed, was)) = self.deed(before, stretch) {
                // Where it stood is told as well, and who had it.
                let more = was.filter(|_| matches!(deed, Deed::Moved { .. })).map(|was| was.asks.clone());
                let asks = state.asks.and(&more.unwrap_or_default());
                let of_before = was.map(|was| Held::new(was.asks.clone(), Arc::clone(&was.shown)));
                let change = self.change(stretch.told.start, &version.path, deed, of_before, Some(&state.shown));
                changes.push((stretch, asks, change));
            }
            before = Some(stretch);
        }
        let Some(last) = before else { return };
        if last.told.end >= self.desk.past.commits.len() {
            changes.iter_mut().rev().take(1).for_each(|(.., change)| change.stands = true);
        } else {
            let Stood { version, state, .. } = last.stood;
            let of_before = Held::new(state.asks.clone(), Arc::clone(&state.shown));
            let change = self.change(last.told.end, &version.path, Deed::Removed, Some(of_before), None);
            changes.push((last, state.asks.clone(), change));
        }
        for (stretch, asks, change) in changes {
            messages.add(change.commit, &asks);
            told.change((stretch.dossier, stretch.place.1), &asks, change);
        }
    }

    /// What was done to what the record had, and what stood before; nothing where only the record changed.
    fn deed<'s>(&self, before: Option<&Stretch<'s>>, stretch: &Stretch<'s>) -> Option<(Deed, Option<&'s State>)> {
        let Stood { version, state, .. } = stretch.stood;
        let had = before.map(|before| before.stood.state);
        // What another record had is told to have come from there; what nothing named was never published.
        let was = stretch.stood.before().filter(|_| version.commit == stretch.told.start);
        if let (Some((from, same)), Some(was)) = (&version.moved, was)
            && *from != version.place
            && from.inside().is_some()
            && !moved_along(self.desk, version)
            && before.is_none_or(|before| before.stood.is_of(&stretch.stood))
        {
            return Some((Deed::Moved { from: Box::new(from.clone()), same: *same }, Some(was)));
        }
        match had {
            None => Some((Deed::Added, None)),
            Some(had) if had.shown == state.shown => None,
            Some(had) => Some((Deed::Changed, Some(had))),
        }
    }

    fn change(
        &self,
        commit: usize,
        path: &str,
        deed: Deed,
        before: Option<Held<Arc<Shown>>>,
        after: Option<&Arc<Shown>>,
    ) -> Change {
        Change {
            commit,
            record: Arc::clone(self.record),
            file: self.file,
            record_type: None,
            part: Part::Attachment { name: path.rsplit('/').next().unwrap_or_default().into() },
            label: None,
            founding: false,
            deed,
            before,
            after: after.map(Arc::clone),
            stands: false,
        }
    }
}
