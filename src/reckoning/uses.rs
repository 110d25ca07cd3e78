//! How much use is made of what dossiers hold.

use super::seen::Seen;
use crate::access::{Clearance, Held};
use crate::archive::Archive;
use crate::dossier::Dossier;
use crate::record::{Record, Value};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The type of records that say who consulted what.
const CONSULTATION: &str = "consultation";
/// Its field that names what was consulted.
const DOCUMENTS: &str = "documents";

/// How often a dossier, or something in it, was consulted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// How many consultations there were.
    pub times: usize,
    /// The last one's day.
    pub last: Option<Date>,
}

/// Consultations by the names of dossiers.
type ByDossier = BTreeMap<String, Use>;

/// All consultations of an archive.
pub struct Consultations<'a> {
    archive: &'a Archive,
    /// What they come to, once for each clearance that some of them ask.
    told: Vec<Held<ByDossier>>,
}

impl<'a> Consultations<'a> {
    /// Collects the consultations, wherever they are written down.
    #[must_use]
    pub fn of(archive: &'a Archive) -> Self {
        let here = |record: &Record| record.record_type.name == CONSULTATION;
        let mut all: Vec<Held<ByDossier>> = archive.registers.pick(here).map(read).collect();
        for dossier in archive.dossiers.lay_out(|held| held) {
            let of_dossier = dossier.map(|dossier| dossier.records.pick(here).map(read).collect::<Vec<_>>());
            all.extend(of_dossier.spread().into_iter().map(Held::flatten));
        }
        let mut told: BTreeMap<Clearance, Held<ByDossier>> = BTreeMap::new();
        for one in all {
            let asks = one.clearance().clone();
            let joined = match told.remove(&asks) {
                Some(known) => known.with(one).map(|(known, one)| joined(known, one)),
                None => one,
            };
            told.insert(asks, joined);
        }
        Self { archive, told: told.into_values().collect() }
    }

    /// How often a dossier was consulted, as far as those can tell who may read consultations, and more.
    #[must_use]
    pub fn of_dossier(&self, dossier: &Dossier) -> Seen<Use> {
        let record_type = self.archive.types.get(CONSULTATION);
        let absent = record_type.map(|found| found.asks(Some(DOCUMENTS), &self.archive.settings.audiences));
        let base = dossier.clearance().and(&absent.unwrap_or_else(crate::access::nobody));
        let of_dossier = |told: &ByDossier| told.get(dossier.name.as_ref()).copied().unwrap_or_default();
        let told: Vec<Held<Use>> = self.told.iter().map(|held| held.as_ref().map(of_dossier)).collect();
        Seen::of(&base, &told, |told| told.iter().fold(Use::default(), |all, one| all.and(**one)))
    }
}

impl Use {
    fn and(self, other: Self) -> Self {
        Self { times: self.times + other.times, last: self.last.max(other.last) }
    }
}

fn joined(mut known: ByDossier, more: ByDossier) -> ByDossier {
    for (name, one) in more {
        let all = known.entry(name).or_default();
        *all = all.and(one);
    }
    known
}

/// What one consultation says: each dossier that it names, or something in it, once.
fn read(held: Held<&Record>) -> Held<ByDossier> {
    let read = held.map(|record| {
        let day = record.date.as_ref().map(|date| date.as_ref().map(|date| Some(*date)));
        let day = day.unwrap_or_else(|| Held::new(record.clearance.clone(), None));
        let Some(field) = record.field(DOCUMENTS) else { return day.map(|_| ByDossier::new()) };
        field.with(day).map(|(field, last)| {
            let named = names(&field.value).map(|name| name.split('/').next().unwrap_or_default().to_owned());
            named.map(|name| (name, Use { times: 1, last })).collect()
        })
    });
    read.flatten()
}

fn names(value: &Value) -> impl Iterator<Item = &str> {
    let values = match value {
        Value::Many(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    values.iter().filter_map(|value| match value {
        Value::Reference(name) => Some(name.as_str()),
        _ => None,
    })
}
