//! Items of lists that got another key: the list does not say so, but what an item said stands under another one then.

use super::life::Stood;
use super::piece::{Key, Part};
use super::pieces::Pieces;
use super::shown::Shown;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// With more pairs than this nothing is compared: it would be a guess among too many.
const MOST_PAIRS: usize = 10_000;

/// What an item says.
type Parts<'a> = BTreeMap<&'a Part, &'a Shown>;

/// Which items went, and which came in their place: half of what either said is the same.
#[must_use]
pub fn renamed(live: &[(Key, usize)], values: &[Stood], pieces: &Pieces) -> Vec<(Arc<str>, Arc<str>)> {
    let items = |keys: &mut dyn Iterator<Item = &Key>| -> BTreeSet<Arc<str>> {
        keys.filter(|key| key.part == Part::Record).map(|key| Arc::clone(&key.item)).collect()
    };
    let (before, after) =
        (items(&mut live.iter().map(|(key, _)| key)), items(&mut pieces.iter().map(|piece| &piece.key)));
    let gone: Vec<&Arc<str>> = before.difference(&after).collect();
    let come: Vec<&Arc<str>> = after.difference(&before).collect();
    if gone.is_empty() || come.is_empty() || gone.len() * come.len() > MOST_PAIRS {
        return Vec::new();
    }
    let said = |part: &Part| !matches!(part, Part::Record | Part::Audience | Part::Narrowed(_));
    let mut old: BTreeMap<&Arc<str>, Parts<'_>> = BTreeMap::new();
    for (key, value) in live.iter().filter_map(|(key, at)| Some((key, values.get(*at)?))) {
        if said(&key.part) && !after.contains(&key.item) {
            old.entry(&key.item).or_default().insert(&key.part, &value.shown);
        }
    }
    let mut new: BTreeMap<&Arc<str>, Parts<'_>> = BTreeMap::new();
    for (key, piece) in pieces.iter().map(|piece| (&piece.key, piece)) {
        if said(&key.part) && !before.contains(&key.item) {
            new.entry(&key.item).or_default().insert(&key.part, &piece.shown);
        }
    }
    let mut pairs: Vec<(Reverse<usize>, &Arc<str>, &Arc<str>)> = Vec::new();
    for (from, was) in &old {
        for (to, is) in &new {
            let same = was.iter().filter(|(part, shown)| is.get(*part) == Some(*shown)).count();
            if same > 0 && same * 2 >= was.len().max(is.len()) {
                pairs.push((Reverse(same), from, to));
            }
        }
    }
    pairs.sort();
    let mut paired: BTreeSet<&Arc<str>> = BTreeSet::new();
    let mut found = Vec::new();
    for (_, from, to) in pairs {
        if !paired.contains(from) && !paired.contains(to) {
            paired.extend([from, to]);
            found.push((Arc::clone(from), Arc::clone(to)));
        }
    }
    found
}

/// The items that stand, or stood, in the place of one, however often it was renamed.
#[must_use]
pub fn heirs<'a>(renamed: &'a [(Arc<str>, Arc<str>)], item: &Arc<str>) -> Vec<&'a Arc<str>> {
    let mut found: Vec<&Arc<str>> = Vec::new();
    let mut names = vec![item];
    while let Some(name) = names.pop() {
        for (_, heir) in renamed.iter().filter(|(from, to)| from == name && to != item) {
            if !found.contains(&heir) {
                found.push(heir);
                names.push(heir);
            }
        }
    }
    found
}
