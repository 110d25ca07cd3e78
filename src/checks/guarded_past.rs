//! What the settings asked of changes at each commit, and which rules each commit changed by its own decision.
//!
//! Only commits that touch the rules are looked at closely, and merges: their files are read from their own trees, so
//! that nothing that another branch did can stand in for them.

use crate::archive::{Guards, SETTINGS};
use crate::history::Branches;
use crate::provenance::{ALLOWED_SIGNERS, Signed, Signers, Verdict};
use crate::repository::{ContentId, Gap, HeldAt, Past, PastCommit};
use crate::text::Source;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What is guarded: the settings, who reads, what a type asks, what the site looks like, and who may sign.
pub(super) const GUARDED: [&str; 5] = [SETTINGS, ALLOWED_SIGNERS, "readers", "theme", "types"];

/// Settings and lists of signers above this are not read.
const LARGEST: u64 = 4 << 20;

/// What the settings asked at some time, and whose keys counted then.
pub(super) struct Guard {
    /// What the settings said.
    pub said: Guards,
    /// Whose keys counted.
    allowed: Arc<Signers>,
}

impl Guard {
    /// Whether a commit is validly signed by somebody who might change the rules.
    pub(super) fn admits(&self, commit: &PastCommit) -> bool {
        match self.judged(commit) {
            Signed::Ssh(Verdict::Good { principal, .. }) => {
                self.said.signers.iter().any(|signer| is_named(signer, &principal))
            }
            _ => false,
        }
    }

    /// What a commit's signature is worth by the keys of the time.
    pub(super) fn judged(&self, commit: &PastCommit) -> Signed {
        commit.signature.as_ref().map_or(Signed::Unsigned, |signature| {
            let at = commit.committed.seconds;
            self.allowed.judge(&signature.armored, &signature.signed, at, &commit.committer.email)
        })
    }

    fn is_guarded(&self) -> bool {
        !self.said.signers.is_empty()
    }
}

/// Whether a name of `signers:` means the person of an address in `allowed_signers`: the address itself, or a reader
/// whose name it has before the `@`, where a dot or an underscore stands for a hyphen. A pattern for many addresses
/// means nobody, unless it is named as it stands.
pub(super) fn is_named(signer: &str, principal: &str) -> bool {
    if signer.eq_ignore_ascii_case(principal) {
        return true;
    }
    let local = principal.split_once('@').map_or("", |(local, _)| local);
    let plain = !signer.is_empty() && !principal.contains(['*', '?', '!']);
    plain && !signer.contains('@') && local.replace(['.', '_'], "-").eq_ignore_ascii_case(signer)
}

/// A commit that decided something about the rules.
pub(super) struct Decision {
    /// The commit, by its number.
    pub commit: usize,
    /// What it decided.
    pub paths: Vec<Arc<str>>,
    /// The rules by which it was to be signed: those before it, of every parent that had any.
    pub by: Vec<Arc<Guard>>,
}

/// The rules at all commits.
#[derive(Default)]
pub(super) struct GuardedPast {
    /// The rules that each commit left behind.
    after: Vec<Option<Arc<Guard>>>,
    /// The decisions that somebody named had to make.
    pub decisions: Vec<Decision>,
    /// Commits before which nothing can be seen, although rules held: a shallow clone ends there, or objects are missing.
    pub unseen: Vec<usize>,
    parents: Vec<Vec<usize>>,
}

impl GuardedPast {
    /// Reads the rules of all times.
    pub(super) fn of(past: &Past, branches: &Branches) -> Self {
        let mut found = Self::default();
        let prefix = if past.folder.is_empty() { String::new() } else { format!("{}/", past.folder) };
        let shallow: HashSet<ContentId> = past
            .gaps
            .iter()
            .filter_map(|gap| match gap {
                Gap::Shallow { commit } => Some(*commit),
                _ => None,
            })
            .collect();
        let mut reading = Reading { past, settings: HashMap::new(), allowed: HashMap::new() };
        let mut held: Vec<Arc<HeldAt>> = Vec::with_capacity(past.commits.len());
        let mut decided: Vec<Vec<Arc<str>>> = Vec::with_capacity(past.commits.len());
        for (number, commit) in past.commits.iter().enumerate() {
            let parents = branches.parents(number).to_vec();
            let whole = parents.len() == commit.parents.len() && !shallow.contains(&commit.id);
            let one = parents.first().filter(|_| whole && parents.len() == 1).copied();
            let before = one.and_then(|parent| held.get(parent)).cloned();
            let here = match before {
                Some(same) if !touches(commit, &prefix) => same,
                _ => match past.held_at(commit.id, &GUARDED) {
                    Ok(here) => Arc::new(here),
                    Err(_) => {
                        found.unseen.push(number);
                        parents.first().and_then(|at| held.get(*at)).cloned().unwrap_or_default()
                    }
                },
            };
            let of_parents: Vec<&Arc<HeldAt>> = parents.iter().filter_map(|parent| held.get(*parent)).collect();
            let own = found.decided(&here, &of_parents, &decided, &parents);
            let guards: Vec<Option<Arc<Guard>>> = parents.iter().map(|parent| found.after(*parent).cloned()).collect();
            let after = reading.after(&here, &guards);
            found.after.push(after);
            found.parents.push(parents);
            held.push(here);
            decided.push(own.clone());
            let by: Vec<Arc<Guard>> = guards.into_iter().flatten().filter(|guard| guard.is_guarded()).collect();
            if !by.is_empty() && !own.is_empty() {
                found.decisions.push(Decision { commit: number, paths: own, by });
            } else {
                found.joined(number, by, past, &decided);
            }
            if !whole && found.after(number).is_some_and(|guard| guard.is_guarded()) {
                found.unseen.push(number);
            }
        }
        found.unseen.dedup();
        found
    }

    /// The rules that a commit left behind; none where there were no settings yet.
    pub(super) fn after(&self, commit: usize) -> Option<&Arc<Guard>> {
        self.after.get(commit).and_then(Option::as_ref)
    }

    /// The rules before a commit, of each of its parents that had any.
    pub(super) fn before(&self, commit: usize) -> impl Iterator<Item = &Arc<Guard>> {
        let parents = self.parents.get(commit).map_or(&[][..], Vec::as_slice);
        parents.iter().filter_map(|parent| self.after(*parent))
    }

    /// What a commit decided by itself: whatever is otherwise than in its parent; of a merge, what is otherwise than in
    /// all of them, or leaves out what one of its branches had decided and the other had not touched.
    fn decided(
        &self,
        here: &HeldAt,
        of_parents: &[&Arc<HeldAt>],
        decided: &[Vec<Arc<str>>],
        parents: &[usize],
    ) -> Vec<Arc<str>> {
        if of_parents.iter().all(|held| held.as_ref() == here) && !of_parents.is_empty() {
            return Vec::new();
        }
        let all: BTreeSet<&Arc<str>> = here.keys().chain(of_parents.iter().flat_map(|held| held.keys())).collect();
        let mut own = Vec::new();
        let mut beside: BTreeMap<usize, BTreeSet<Arc<str>>> = BTreeMap::new();
        for path in all {
            let id = here.get(path);
            let (same, other): (Vec<usize>, Vec<usize>) =
                (0..of_parents.len()).partition(|at| of_parents.get(*at).is_some_and(|held| held.get(path) == id));
            if other.is_empty() && !same.is_empty() {
                continue;
            }
            let overruled = |at: &usize| {
                let paths = beside.entry(*at).or_insert_with(|| {
                    let alone = parents.get(*at).map(|one| self.alone(*one, &beside_of(parents, *at)));
                    let alone = alone.unwrap_or_default();
                    alone.iter().filter_map(|commit| decided.get(*commit)).flatten().cloned().collect()
                });
                paths.contains(path)
            };
            if same.is_empty() || other.iter().any(overruled) {
                own.push(Arc::clone(path));
            }
        }
        own
    }

    /// Where a merge joins branches that different people might change: whoever changed the rules on one of them alone
    /// must be one who may change them where the branches are joined.
    fn joined(&mut self, merge: usize, by: Vec<Arc<Guard>>, past: &Past, decided: &[Vec<Arc<str>>]) {
        let parents = self.parents.get(merge).cloned().unwrap_or_default();
        let Some(guard) = self.after(merge).cloned().filter(|_| parents.len() > 1 && !by.is_empty()) else { return };
        let same =
            |one: &Arc<Guard>| one.said.signers == guard.said.signers && Arc::ptr_eq(&one.allowed, &guard.allowed);
        if by.len() == parents.len() && by.iter().all(same) {
            return;
        }
        let side = |(at, parent): (usize, &usize)| self.alone(*parent, &beside_of(&parents, at));
        let all: BTreeSet<usize> = parents.iter().enumerate().flat_map(side).collect();
        let changed = |commit: &usize| decided.get(*commit).filter(|paths| !paths.is_empty());
        let foreign = |commit: &usize| past.commits.get(*commit).is_none_or(|commit| !guard.admits(commit));
        let mut paths: BTreeSet<Arc<str>> = BTreeSet::new();
        for commit in all.iter().filter(|commit| changed(commit).is_some() && foreign(commit)) {
            paths.extend(changed(commit).into_iter().flatten().cloned());
        }
        if !paths.is_empty() {
            self.decisions.push(Decision { commit: merge, paths: paths.into_iter().collect(), by });
        }
    }

    /// The commits that lead to one and to none of some others, itself among them. Every commit stands after those that
    /// lead to it, so that nothing is looked at which leads to all of them but the last of it.
    pub(super) fn alone(&self, one: usize, others: &[usize]) -> BTreeSet<usize> {
        // Which commits have yet to be looked at, and whether some other leads from them as well.
        let mut waiting: BTreeMap<usize, bool> = BTreeMap::from([(one, false)]);
        let mut mine = 1_usize;
        for other in others {
            mine -= usize::from(waiting.insert(*other, true) == Some(false));
        }
        let mut alone = BTreeSet::new();
        while let Some((commit, shared)) = waiting.pop_last().filter(|_| mine > 0) {
            if !shared {
                mine -= 1;
                alone.insert(commit);
            }
            for parent in self.parents.get(commit).into_iter().flatten() {
                match waiting.get_mut(parent) {
                    None => {
                        waiting.insert(*parent, shared);
                        mine += usize::from(!shared);
                    }
                    Some(known) if shared && !*known => {
                        *known = true;
                        mine -= 1;
                    }
                    Some(_) => {}
                }
            }
        }
        alone
    }
}

/// The parents of a commit but for one of them.
fn beside_of(parents: &[usize], at: usize) -> Vec<usize> {
    parents.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, parent)| *parent).collect()
}

fn touches(commit: &PastCommit, prefix: &str) -> bool {
    let guarded = |path: &str| {
        let path = path.strip_prefix(prefix);
        path.is_some_and(|path| GUARDED.contains(&path.split_once('/').map_or(path, |(top, _)| top)))
    };
    let moved =
        |change: &crate::repository::PastChange| change.moved.as_ref().is_some_and(|moved| guarded(&moved.from));
    // A name that cannot be a path is told as a gap and as no change; it may be among them.
    commit.changes.iter().any(|change| guarded(&change.path) || moved(change))
}

/// Settings and lists of signers, each read once.
struct Reading<'a> {
    past: &'a Past,
    settings: HashMap<ContentId, Option<Guards>>,
    allowed: HashMap<Option<ContentId>, Arc<Signers>>,
}

impl Reading<'_> {
    /// The rules that stand after a commit. Settings that are gone or cannot be read change nothing: what was asked
    /// before is asked still.
    fn after(&mut self, here: &HeldAt, before: &[Option<Arc<Guard>>]) -> Option<Arc<Guard>> {
        let inherited = || before.iter().flatten().find(|guard| guard.is_guarded()).or(before.iter().flatten().next());
        let said = here.get(SETTINGS).and_then(|id| self.settings(*id)).or_else(|| Some(inherited()?.said.clone()))?;
        let allowed = self.allowed(here.get(ALLOWED_SIGNERS).copied());
        let same = |guard: &&Arc<Guard>| guard.said == said && Arc::ptr_eq(&guard.allowed, &allowed);
        let known = before.iter().flatten().find(same).cloned();
        Some(known.unwrap_or_else(|| Arc::new(Guard { said, allowed })))
    }

    fn settings(&mut self, id: ContentId) -> Option<Guards> {
        let past = self.past;
        let read = || Guards::of_past(&Source::decode(SETTINGS, &past.blob(id, LARGEST).ok()?).ok()?);
        self.settings.entry(id).or_insert_with(read).clone()
    }

    fn allowed(&mut self, id: Option<ContentId>) -> Arc<Signers> {
        let past = self.past;
        let read = || {
            let bytes = id.and_then(|id| past.blob(id, LARGEST).ok());
            let source = bytes.and_then(|bytes| Source::decode(ALLOWED_SIGNERS, &bytes).ok());
            Arc::new(source.map(|source| Signers::read(&source, &mut Vec::new())).unwrap_or_default())
        };
        Arc::clone(self.allowed.entry(id).or_insert_with(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_or_an_address_names_a_signer_and_a_pattern_names_nobody() {
        assert!(is_named("li-wei", "li.wei@yunxi.example") && is_named("Li.Wei@yunxi.example", "li.wei@yunxi.example"));
        assert!(is_named("*@it.example", "*@it.example"));
        for (signer, principal) in
            [("li-wei", "li.wei2@x"), ("li-wei", "*@x"), ("wu@x", "wu@y"), ("", "@x"), ("li-wei", "li-wei*@x")]
        {
            assert!(!is_named(signer, principal), "{signer} {principal}");
        }
    }
}
