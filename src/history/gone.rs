//! Dossiers that are there no more: their history stays, for those who might have known of them in the end.

use super::life::{Deed, Life, Stood};
use super::lineage::Lineage;
use super::piece::Part;
use super::roots::Roots;
use crate::access::{Clearance, Held, Shelf, nobody};
use crate::dossier::REGISTERS;
use crate::record::Plate;
use crate::text::Phrase;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A dossier that was removed: nothing that is called like it is in the archive, and it was not renamed.
pub struct Gone {
    /// The name of its folder.
    pub name: Arc<str>,
    /// What it asks of who may know of it: what it asked in the end, and what today's rules would ask.
    pub asks: Clearance,
    /// What the customer was called last.
    pub called: Option<Held<Phrase>>,
    /// How it was marked in the end: what was secret stays so.
    pub marking: Option<Held<Plate>>,
    /// The commit that removed it, by its number.
    pub removed: Option<Held<usize>>,
}

/// The dossiers that are gone, while they are being found.
#[derive(Default)]
pub struct GoneDossiers(BTreeMap<Arc<str>, Gone>);

impl GoneDossiers {
    /// Looks at the life of a file: a dossier's own that went takes its dossier along. A dossier is gone as a whole
    /// where its file is, whatever else still lies in its folder.
    pub fn note(&mut self, lineage: &Lineage, life: &Life, roots: &Roots) {
        let Some((name, inside)) = lineage.home() else { return };
        if inside.as_ref() != "dossier.yaml" || name.as_ref() == REGISTERS || !life.standing.is_empty() {
            return;
        }
        let mut records = life.values.iter().filter(|value| value.key.part == Part::Record);
        let Some(last) = records.next_back() else { return };
        let asks = if last.doubtful { nobody() } else { last.last.and(&roots.now(name)) };
        let ended = life.touched.last().map(|touched| touched.values.as_slice()).unwrap_or_default();
        let in_the_end: Vec<&Stood> = ended.iter().filter_map(|at| life.values.get(*at)).collect();
        let removed = life.events.iter().rev().find(|event| event.deed == Deed::Removed);
        let removed = removed.map(|event| Held::new(last.asks.and(&event.asks), event.commit));
        let gone =
            Gone { name: Arc::clone(name), called: called(&in_the_end), marking: marking(&in_the_end), removed, asks };
        // Two folders may have had one name, one after the other: who may know of both may know of the name.
        let before = self.0.remove(name);
        let gone = match before {
            Some(other) => {
                let asks = other.asks.and(&gone.asks);
                Gone { asks, ..later(other, gone) }
            }
            None => gone,
        };
        self.0.insert(Arc::clone(name), gone);
    }

    /// Those of which the archive holds none of their name.
    #[must_use]
    pub fn into_shelf(self, is_there: impl Fn(&str) -> bool) -> Shelf<Gone> {
        let gone = self.0.into_values().filter(|gone| !is_there(&gone.name));
        Shelf::new(gone.map(|gone| Held::new(gone.asks.clone(), gone)))
    }
}

fn later(one: Gone, other: Gone) -> Gone {
    let commit = |gone: &Gone| gone.removed.as_ref().map(|removed| *removed.as_ref().release().1);
    if commit(&other) >= commit(&one) { other } else { one }
}

/// What the customer was called: the field `name`, or else the title.
fn called(in_the_end: &[&Stood]) -> Option<Held<Phrase>> {
    let is_name = |part: &Part| matches!(part, Part::Field { name, element: None, member: None } if &**name == "name");
    let named = in_the_end.iter().find(|value| is_name(&value.key.part));
    let value = named.or_else(|| in_the_end.iter().find(|value| value.key.part == Part::Title))?;
    Some(Held::new(value.asks.clone(), value.shown.line()?.to_phrase()))
}

fn marking(in_the_end: &[&Stood]) -> Option<Held<Plate>> {
    let mut asks = Clearance::open();
    let mut lines = Vec::new();
    for value in in_the_end {
        let Part::Plate { key: "marking", line } = &value.key.part else { continue };
        asks = asks.and(&value.asks);
        lines.push((line.to_string(), value.shown.line()?.en.to_string()));
    }
    (!lines.is_empty()).then(|| Held::new(asks, Plate(lines)))
}
