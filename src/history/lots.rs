//! Files that are followed together, a lot at a time: of a life only what changed is kept, not every value that ever
//! stood.

use super::lineage::Lineage;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How many files are followed at a time, at least: enough for all cores, and few enough that what they said is never all
/// in memory at once.
const LOT: usize = 400;

/// The lineages in lots. Those of one dossier stay together, with those of every dossier that a file of it was in: what
/// names a file stands there.
#[must_use]
pub fn lots(lineages: Vec<Lineage>) -> Vec<Vec<Lineage>> {
    let mut group_of: HashMap<Arc<str>, usize> = HashMap::new();
    let mut groups: Vec<Vec<Lineage>> = Vec::new();
    for lineage in lineages {
        let dossiers = lineage.versions.iter().flat_map(|version| {
            let from = version.moved.as_ref().and_then(|(from, _)| from.inside());
            [version.place.inside(), from].into_iter().flatten().map(|(dossier, _)| Arc::clone(dossier))
        });
        let dossiers: BTreeSet<Arc<str>> = dossiers.collect();
        let known: BTreeSet<usize> = dossiers.iter().filter_map(|dossier| group_of.get(dossier).copied()).collect();
        let group = known.first().copied().unwrap_or_else(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        for other in known.into_iter().filter(|other| *other != group) {
            let moved = groups.get_mut(other).map(std::mem::take).unwrap_or_default();
            if let Some(all) = groups.get_mut(group) {
                all.extend(moved);
            }
            group_of.values_mut().filter(|of| **of == other).for_each(|of| *of = group);
        }
        dossiers.into_iter().for_each(|dossier| {
            group_of.insert(dossier, group);
        });
        if let Some(all) = groups.get_mut(group) {
            all.push(lineage);
        }
    }
    let mut lots: Vec<Vec<Lineage>> = Vec::new();
    for group in groups.into_iter().filter(|group| !group.is_empty()) {
        match lots.last_mut().filter(|lot| lot.len() < LOT) {
            Some(lot) => lot.extend(group),
            None => lots.push(group),
        }
    }
    lots
}
