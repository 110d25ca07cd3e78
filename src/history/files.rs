//! What attached files asked at all times: what the records asked that named them, by the branches on which both stood.

use super::branches::{Span, last_in_common};
use super::life::{Claimed, Life, is_document};
use super::lineage::{Lineage, Places, Version};
use super::messages::Messages;
use super::reading::{Claim, Desk};
use super::shown::Shown;
use crate::access::{Clearance, nobody};
use crate::archive::Archive;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What each attached file asks now, by dossier and path.
pub type AttachedNow = HashMap<(Arc<str>, Arc<str>), Clearance>;

/// A file with what it was at each of its versions, where something named it.
pub struct Filed<'l> {
    /// The file.
    pub lineage: &'l Lineage,
    /// For each of its versions.
    pub states: Vec<Option<State>>,
    /// What it asks now, or asked in the end.
    end: Clearance,
}

/// A version of a file that something named.
pub struct State {
    /// What its content asked, all times together, and what the file asks now or asked in the end.
    pub asks: Clearance,
    /// Its size and digest.
    pub shown: Arc<Shown>,
    /// The commits that hold it.
    pub time: Vec<Span>,
}

/// What the archive's attached files ask.
#[must_use]
pub fn attached_now(places: &Places, archive: &Archive) -> AttachedNow {
    let attached = archive.attached.iter().filter_map(|held| {
        let (asks, file) = held.release();
        Some((places.inside(&file.entry.path)?, asks))
    });
    attached.collect()
}

/// The files of a lot that are no records, and what each commit that touched one asks of who may read its message.
pub fn states<'l>(
    desk: &Desk<'_>,
    now: &AttachedNow,
    lineages: &'l [Lineage],
    lives: &[(&Lineage, Life)],
    messages: &mut Messages,
) -> Vec<Filed<'l>> {
    let mut claims: HashMap<(&str, &str), Vec<&Claimed>> = HashMap::new();
    for claimed in lives.iter().flat_map(|(_, life)| &life.claims) {
        claims.entry((&claimed.folder, &claimed.claim.inside)).or_default().push(claimed);
    }
    let lived: HashMap<*const Lineage, &Life> =
        lives.iter().map(|(lineage, life)| (std::ptr::from_ref(*lineage), life)).collect();
    let of_file = |lineage: &'l Lineage| {
        let life = lived.get(&std::ptr::from_ref(lineage)).copied();
        OfFile { desk, claims: &claims, now, lineage, life }
    };
    let mut filed: Vec<Filed<'l>> = lineages.iter().map(|lineage| of_file(lineage).filed()).collect();
    narrow_kin(&mut filed);
    for Filed { lineage, states, .. } in &filed {
        of_file(lineage).touch(states, messages);
    }
    filed.retain(|filed| filed.states.iter().any(Option::is_some));
    filed
}

/// A file that had two names at a time, on two branches, asks under either for what it asks under the other.
fn narrow_kin(filed: &mut [Filed<'_>]) {
    let numbers: HashMap<usize, usize> =
        filed.iter().enumerate().map(|(at, filed)| (filed.lineage.number, at)).collect();
    let pairs = filed.iter().enumerate().flat_map(|(at, filed)| filed.lineage.kin.iter().map(move |kin| (at, *kin)));
    let pairs = pairs.filter_map(|(at, kin)| Some((at, *numbers.get(&kin)?)));
    for (at, kin) in pairs.collect::<Vec<_>>() {
        let Some(more) = filed.get(kin).map(|kin| kin.end.clone()) else { continue };
        filed.get_mut(at).into_iter().for_each(|filed| filed.narrow(|_| more.clone()));
        for (one, other) in [(at, kin), (kin, at)] {
            let states = filed.get(other).into_iter().flat_map(|other| other.states.iter().flatten());
            let asked: Vec<(Arc<Shown>, Clearance)> =
                states.map(|state| (Arc::clone(&state.shown), state.asks.clone())).collect();
            let of_same = |state: &State| {
                let same = asked.iter().filter(|(shown, _)| *shown == state.shown);
                same.fold(Clearance::open(), |all, (_, asks)| all.and(asks))
            };
            filed.get_mut(one).into_iter().for_each(|filed| filed.narrow(of_same));
        }
    }
}

impl Filed<'_> {
    fn narrow(&mut self, more: impl Fn(&State) -> Clearance) {
        for state in self.states.iter_mut().flatten() {
            state.asks = state.asks.and(&more(state));
        }
    }
}

struct OfFile<'a, 'l> {
    desk: &'a Desk<'a>,
    claims: &'a HashMap<(&'a str, &'a str), Vec<&'a Claimed>>,
    now: &'a AttachedNow,
    lineage: &'l Lineage,
    /// Its life as a record's, where it was one.
    life: Option<&'a Life>,
}

impl<'l> OfFile<'_, 'l> {
    /// Whether a version was a record's, so that what it said is told, and not what it was.
    fn is_record(&self, n: usize, version: &Version) -> bool {
        self.life.is_some_and(|life| life.records.contains(&n) || is_document(&version.path))
    }

    /// Whether a version is there, and in a dossier. Before the file came into one, it is read as what it was there.
    fn is_there(&self, n: usize, version: &Version) -> bool {
        let before = self.lineage.versions.get(..n).unwrap_or_default();
        let left = || version.place.inside().is_none() && before.iter().any(|before| before.place.inside().is_some());
        version.blob.is_some() && !left()
    }

    fn filed(&self) -> Filed<'l> {
        let versions = &self.lineage.versions;
        let named = self.lineage.versions.iter().enumerate().filter(|(n, version)| {
            self.is_there(*n, version) && !self.is_record(*n, version) && !is_document(&version.path)
        });
        let named: HashSet<usize> = named.map(|(n, _)| n).collect();
        if named.is_empty() {
            let states = versions.iter().map(|_| None).collect();
            return Filed { lineage: self.lineage, states, end: Clearance::open() };
        }
        let mut last = None;
        let mut states: Vec<Option<State>> = Vec::with_capacity(versions.len());
        for ((n, version), time) in versions.iter().enumerate().zip(self.desk.branches.spans(self.lineage)) {
            let own = if named.contains(&n) { self.asked(n, &time) } else { None };
            let state = version.blob.zip(own).map(|(id, (own, end))| {
                let digest = id.to_string().chars().take(10).collect();
                let shown = Arc::new(Shown::File { size: self.desk.past.size(id).ok(), digest, id });
                let mut asks = own.clone();
                // Content that stayed asks for all that it ever asked, also under other names.
                for same in states.iter_mut().rev().map_while(Option::as_mut).take_while(|state| state.shown == shown) {
                    asks = asks.and(&same.asks);
                    same.asks = same.asks.and(&own);
                }
                last = Some(end);
                State { asks, shown, time }
            });
            states.push(state);
        }
        // What it asks now, or asked in the end, it asks in its past as well; also where it became a record.
        let of_record = self.life.map(Life::whole).unwrap_or_default();
        let end = last.unwrap_or_default().and(&of_record);
        let mut filed = Filed { lineage: self.lineage, states, end: end.clone() };
        filed.narrow(|_| end.clone());
        filed
    }

    /// What a version asked by being named, all that named it together, and what it asked in the end; with either what
    /// the file there asks now. Where nothing named it, it was never published, and nobody is told of it.
    fn asked(&self, n: usize, time: &[Span]) -> Option<(Clearance, Clearance)> {
        let (dossier, inside) = self.lineage.read_at(n)?;
        let claims = self.claims.get(&(self.lineage.folder(n), inside.as_ref()))?;
        let claims = claims.iter().map(|claimed| (last_in_common(&claimed.time, time), &claimed.claim));
        let claims: Vec<(usize, &Claim)> = claims.filter_map(|(last, claim)| Some((last?, claim))).collect();
        let end = self.desk.branches.joint_before(claims.iter().map(|(last, _)| *last).max()?);
        let now = self.now.get(&(Arc::clone(dossier), Arc::clone(inside))).cloned().unwrap_or_default();
        let all_since = |since: usize| {
            let of_then = || claims.iter().filter(move |(last, _)| *last >= since).map(|(_, claim)| claim);
            let doubtful = of_then().all(|claim| claim.doubtful);
            if doubtful { nobody() } else { of_then().fold(now.clone(), |all, claim| all.and(&claim.asks)) }
        };
        Some((all_since(0), all_since(end)))
    }

    /// What the commits that touched the file ask: a file that nothing named is for nobody, and one that went for those
    /// who might know of it.
    fn touch(&self, states: &[Option<State>], messages: &mut Messages) {
        for (n, (version, state)) in self.lineage.versions.iter().zip(states).enumerate() {
            if self.is_record(n, version) {
                continue;
            }
            let before = n.checked_sub(1);
            let was_record = before
                .and_then(|n| Some((n, self.lineage.versions.get(n)?)))
                .is_some_and(|(n, version)| self.is_record(n, version));
            let before = before.and_then(|n| states.get(n)).and_then(Option::as_ref);
            let asks = match (state, before) {
                (Some(state), Some(before)) if version.moved.is_some() => state.asks.and(&before.asks),
                (Some(state), _) => state.asks.clone(),
                (None, Some(before)) if !self.is_there(n, version) => before.asks.clone(),
                (None, _) if was_record && !self.is_there(n, version) => Clearance::open(),
                (None, _) => nobody(),
            };
            messages.add(version.commit, &asks);
        }
    }
}
