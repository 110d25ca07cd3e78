//! One thing under two names: where a branch renamed a file while another still changed it under its old name, and where
//! an item of a list got another key, both are told by themselves, and the old one asks for what the new one came to ask.

use super::items::heirs;
use super::life::{Claimed, Life, Stood};
use super::lineage::Lineage;
use super::now::Now;
use super::piece::{Key, Part};
use crate::access::Clearance;
use std::collections::HashMap;
use std::sync::Arc;

/// Narrows the lives of files that had two names at a time, or whose items had one after the other.
pub fn narrow(lives: &mut [(&Lineage, Life)], now: &Now<'_>) {
    for (file, life) in lives.iter_mut().filter(|(_, life)| !life.renamed.is_empty()) {
        narrow_items(file, life, now);
    }
    let numbers: HashMap<usize, usize> = lives.iter().enumerate().map(|(at, (file, _))| (file.number, at)).collect();
    let pairs = lives.iter().enumerate().flat_map(|(at, (file, _))| file.kin.iter().map(move |kin| (at, *kin)));
    let pairs = pairs.filter_map(|(at, kin)| Some((at, *numbers.get(&kin)?)));
    for (at, kin) in pairs.collect::<Vec<_>>() {
        let (Some((file, life)), Some((of_kin, life_of_kin))) = (lives.get(at), lives.get(kin)) else { continue };
        let asked = Asked::of(of_kin, life_of_kin, now);
        let values: Vec<Clearance> = life.values.iter().map(|value| asked.of_value(value)).collect();
        let claims: Vec<Clearance> = life.claims.iter().map(|claimed| asked.of_part(&key_of(claimed))).collect();
        let whole = asked.whole.clone();
        let back = Asked::of(file, life, now);
        let shared: Vec<Clearance> = life_of_kin.values.iter().map(|value| back.of_same(value)).collect();
        if let Some((_, life)) = lives.get_mut(at) {
            life.narrow(&values, &claims);
            let nameless = life.events.iter_mut().filter(|event| event.before.is_none() && event.after.is_none());
            nameless.for_each(|event| event.asks = event.asks.and(&whole));
            life.touched.iter_mut().for_each(|touched| touched.asks = touched.asks.and(&whole));
        }
        if let Some((_, life)) = lives.get_mut(kin) {
            life.narrow(&shared, &[]);
        }
    }
}

/// Narrows what items of a list said by what they ask under the keys that they got afterwards.
fn narrow_items(file: &Lineage, life: &mut Life, now: &Now<'_>) {
    let asked = Asked::of(file, life, now);
    let of_heirs = |key: &Key| {
        let of_heir = |heir: &Arc<str>| asked.of_part(&Key { item: Arc::clone(heir), part: key.part.clone() });
        heirs(&life.renamed, &key.item).into_iter().fold(Clearance::open(), |all, heir| all.and(&of_heir(heir)))
    };
    let values: Vec<Clearance> = life.values.iter().map(|value| of_heirs(&value.key)).collect();
    let claims: Vec<Clearance> = life.claims.iter().map(|claimed| of_heirs(&key_of(claimed))).collect();
    life.narrow(&values, &claims);
}

/// The part of a record that names a file.
fn key_of(claimed: &Claimed) -> Key {
    Key { item: Arc::clone(&claimed.claim.item), part: Part::Attachment { name: "".into() } }
}

impl Life {
    fn narrow(&mut self, values: &[Clearance], claims: &[Clearance]) {
        self.values.iter_mut().zip(values).for_each(|(value, more)| value.asks = value.asks.and(more));
        let claimed = self.claims.iter_mut().map(|claimed| &mut claimed.claim);
        claimed.zip(claims).for_each(|(claim, more)| claim.asks = claim.asks.and(more));
    }
}

/// What a file asks, or asked in the end.
struct Asked<'a> {
    file: &'a Lineage,
    life: &'a Life,
    now: &'a Now<'a>,
    last: HashMap<&'a Key, &'a Clearance>,
    whole: Clearance,
}

impl<'a> Asked<'a> {
    fn of(file: &'a Lineage, life: &'a Life, now: &'a Now<'a>) -> Self {
        let last: HashMap<&Key, &Clearance> = life.values.iter().map(|value| (&value.key, &value.asks)).collect();
        Self { file, life, now, last, whole: life.whole() }
    }

    fn of_part(&self, key: &Key) -> Clearance {
        let record = Key { item: Arc::clone(&key.item), part: Part::Record };
        let last = self.last.get(key).or_else(|| self.last.get(&record)).copied().unwrap_or(&self.whole);
        self.now.asks_of(self.file, self.life, key).map_or_else(|| last.clone(), |more| last.and(&more))
    }

    fn of_value(&self, value: &Stood) -> Clearance {
        self.of_part(&value.key).and(&self.of_same(value))
    }

    /// What the same words asked there.
    fn of_same(&self, value: &Stood) -> Clearance {
        let same = self.life.values.iter().filter(|other| other.key == value.key && *other.shown == *value.shown);
        same.fold(Clearance::open(), |all, other| all.and(&other.asks))
    }
}
