//! Everything that is due in an archive, by its day.

use super::due::{Due, Entry};
use super::home::Home;
use super::people;
use super::sight::Sight;
use crate::access::{Clearance, Held, Shelf};
use crate::archive::Archive;
use crate::dossier::Dossier;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is due, each under every clearance of what was read for it.
pub struct Agenda {
    /// The day on which it was reckoned.
    pub day: Date,
    /// What is due, the earliest day first.
    pub due: Shelf<Arc<Due>>,
    /// The matters that whoever may read this sees otherwise than others do, and how closely: what stands on the list
    /// less closely is to be taken away.
    pub instead: Shelf<(String, u8)>,
    /// Every clearance that was looked at, whether something is due under it or not.
    pub looked: Shelf<()>,
}

impl Agenda {
    /// What is due in a whole archive.
    #[must_use]
    pub fn of(archive: &Archive, sight: Sight<'_>) -> Self {
        let dossiers: Vec<Held<&Dossier>> = archive.dossiers.lay_out(|held| held).collect();
        let mut entries: Vec<Held<Entry>> = dossiers
            .into_par_iter()
            .flat_map_iter(|held| {
                let of_dossier = held.map(|dossier| Home::dossier(archive, sight, dossier).entries());
                of_dossier.spread().into_iter().map(Held::flatten)
            })
            .collect();
        entries.extend(Home::registers(archive, sight).entries());
        entries.extend(people::entries(archive, sight));
        Self::made(archive.day, entries)
    }

    /// What is due by records that belong to no customer.
    #[must_use]
    pub fn of_registers(archive: &Archive, sight: Sight<'_>) -> Self {
        Self::made(archive.day, Home::registers(archive, sight).entries())
    }

    /// What is due in one dossier, for its page.
    #[must_use]
    pub fn of_dossier(archive: &Archive, dossier: &Dossier) -> Self {
        Self::made(archive.day, Home::dossier(archive, Sight::Site, dossier).entries())
    }

    fn made(day: Date, entries: Vec<Held<Entry>>) -> Self {
        let looked: BTreeSet<Clearance> = entries.iter().map(|held| held.clearance().clone()).collect();
        let (mut due, mut instead) = (Vec::new(), Vec::new());
        for held in entries {
            let parted = held.map(|entry| match entry {
                Entry::Due(due) => (Some(due), None),
                Entry::Instead(matter, closeness) => (None, Some((matter, closeness))),
                Entry::Looked => (None, None),
            });
            due.extend(parted.as_ref().map(|(due, _)| due.clone()).transpose());
            instead.extend(parted.map(|(_, matter)| matter).transpose());
        }
        due.sort_by(|one: &Held<Arc<Due>>, other| {
            one.order(other, |one, other| (one.day, &one.matter).cmp(&(other.day, &other.matter)))
        });
        Self {
            day,
            due: Shelf::new(due),
            instead: Shelf::new(instead),
            looked: Shelf::new(looked.into_iter().map(|asks| Held::new(asks, ()))),
        }
    }
}
