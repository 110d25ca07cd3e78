//! What a reckoning may look at.
//!
//! A list of what is due is made once, for nobody in particular. What stands on it under some clearance may be reckoned
//! only from what whoever holds that clearance may read: else a closed risk would tell, by what is missing from the
//! list, that somebody else closed it. So each matter is reckoned as those see it who may read the least of it, and
//! once more for those who may read what was passed over.

use super::due::{Due, Entry};
use crate::access::{Clearance, Held};
use crate::archive::Archive;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// For whom it is reckoned.
#[derive(Clone, Copy)]
pub enum Sight<'a> {
    /// For the site: for nobody in particular.
    Site,
    /// For one reader, by all that the reader may read.
    Reader(&'a Archive, &'a str),
    /// For the archivist, who has all of it.
    Everything,
}

/// Eyes that look at one matter.
pub(super) struct Eyes<'a> {
    sight: Sight<'a>,
    /// What the matter asks at the least.
    pub(super) base: Clearance,
    passed_over: RefCell<BTreeSet<Clearance>>,
}

impl<'a> Eyes<'a> {
    fn new(sight: Sight<'a>, base: Clearance) -> Self {
        Self { sight, base, passed_over: RefCell::default() }
    }

    /// Whether what asks for this may be looked at.
    pub(super) fn see(&self, asks: &Clearance) -> bool {
        match self.sight {
            Sight::Site if self.base.implies(asks) => true,
            Sight::Site => {
                self.passed_over.borrow_mut().insert(asks.clone());
                false
            }
            Sight::Reader(archive, reader) => {
                asks.is_open() || archive.cleared(asks).any(|cleared| cleared.name == reader)
            }
            Sight::Everything => true,
        }
    }

    /// A value that everybody knows who knows of the matter.
    pub(super) fn plain<T>(&self, value: T) -> Held<T> {
        Held::new(self.base.clone(), value)
    }

    /// All that may be looked at, as one.
    pub(super) fn gather<T>(&self, things: impl IntoIterator<Item = Held<T>>) -> Held<Vec<T>> {
        things.into_iter().filter(|thing| self.see(thing.clearance())).fold(self.plain(Vec::new()), |all, one| {
            all.with(one).map(|(mut all, one)| {
                all.push(one);
                all
            })
        })
    }

    /// What may be looked at, or what counts where it may not.
    pub(super) fn or<T>(&self, thing: Held<T>, otherwise: T) -> Held<T> {
        if self.see(thing.clearance()) { thing } else { self.plain(otherwise) }
    }
}

/// Looks at a matter that asks for `base`, and gives what stands on the agenda for it.
pub(super) fn look<'a>(
    sight: Sight<'a>,
    base: Clearance,
    matter: &str,
    reckon: impl Fn(&Eyes<'a>) -> Held<Vec<Due>>,
) -> Vec<Held<Entry>> {
    let mut entries = vec![Held::new(base.clone(), Entry::Looked)];
    let eyes = Eyes::new(sight, base);
    if !matches!(sight, Sight::Site) && !eyes.see(&eyes.base) {
        return Vec::new();
    }
    let named = |dues: Held<Vec<Due>>, closeness: u8| {
        let named = move |due| Entry::Due(Arc::new(Due { matter: matter.to_owned(), closeness, ..due }));
        dues.spread().into_iter().map(move |due| due.map(named))
    };
    entries.extend(named(reckon(&eyes), 0));
    let passed_over = eyes.passed_over.take();
    // Those who may read some of what was passed over, and those who may read all of it.
    let all = passed_over.iter().fold(eyes.base.clone(), |all, asks| all.and(asks));
    let several = passed_over.len() > 1;
    let closer = passed_over.into_iter().map(|asks| (eyes.base.and(&asks), 1));
    for (base, closeness) in closer.chain(several.then_some((all, 2))) {
        let eyes = Eyes::new(sight, base);
        entries.push(eyes.plain(Entry::Instead(matter.to_owned(), closeness)));
        entries.extend(named(reckon(&eyes), closeness));
    }
    entries
}

/// Things of equal clearance together, in their order.
#[must_use]
pub fn by_clearance<T>(things: impl IntoIterator<Item = Held<T>>) -> Vec<Held<Vec<T>>> {
    let mut groups: Vec<Held<Vec<T>>> = Vec::new();
    for thing in things {
        let known = groups.iter().position(|group| group.clearance() == thing.clearance());
        let group = match known {
            Some(at) => groups.swap_remove(at),
            None => Held::new(thing.clearance().clone(), Vec::new()),
        };
        groups.push(group.with(thing).map(|(mut group, thing)| {
            group.push(thing);
            group
        }));
    }
    groups
}
