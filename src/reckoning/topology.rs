//! Links between places, as far as each group of readers may know of them: what a drawing of a network is made of.

use super::piece::words;
use super::seen::Seen;
use crate::access::Held;
use crate::archive::Archive;
use crate::dossier::Dossier;
use crate::record::{Draws, Field, Record, RecordName, RecordType, Value};
use crate::text::Phrase;
use std::collections::{BTreeMap, BTreeSet};

/// A link, with the names of the records at its ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Link<'a> {
    /// The record.
    pub record: &'a RecordName,
    /// By what it is known.
    pub label: String,
    /// One end, as the record names it.
    pub from: Option<&'a str>,
    /// The other.
    pub to: Option<&'a str>,
    /// What is written at it: in Chinese and in English.
    pub tells: Vec<(String, String)>,
    /// Whether it is not there yet.
    pub planned: bool,
}

/// A place at which links end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place<'a> {
    /// What it is called; none for whoever may not know.
    pub title: Option<&'a Phrase>,
    /// What stands there.
    pub holds: BTreeSet<String>,
}

/// What a group of readers knows of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Topology<'a> {
    /// The links, in their order.
    pub links: Vec<Link<'a>>,
    /// The places by the names of their records.
    pub places: BTreeMap<&'a str, Place<'a>>,
}

/// Something that a drawing is made of.
enum Thing<'a> {
    Link(Link<'a>),
    Place(String, &'a Phrase),
    Stands(&'a str, String),
}

/// The network of a dossier, drawn from records of a type; nothing for those who may read none of its links. Whoever may
/// read a link and not the place at its end sees the end by the name that the link gives it.
#[must_use]
pub fn topology<'a>(
    archive: &'a Archive,
    record_type: &'a RecordType,
    draws: &'a Draws,
    dossier: &'a Dossier,
) -> Seen<Option<Topology<'a>>> {
    let of = |name: &'a str| dossier.records.pick(move |record| record.record_type.name == name);
    let mut things: Vec<Held<Thing<'a>>> = Vec::new();
    things.extend(
        of(&record_type.name).filter_map(|held| held.map(|record| link(archive, record, draws)).flatten().transpose()),
    );
    let ends = [&draws.from, &draws.to].into_iter().filter_map(|end| record_type.field(end)?.to.as_deref());
    for places in ends.collect::<BTreeSet<&str>>() {
        things.extend(of(places).map(|held| {
            let place =
                |record: &'a Record| record.title.as_ref().map(|title| Thing::Place(record.name.to_string(), &title.0));
            held.map(place).flatten()
        }));
    }
    for (kind, reference) in &draws.at {
        things.extend(
            of(kind).filter_map(|held| held.map(|record| stands(archive, record, reference)).flatten().transpose()),
        );
    }
    // A drawing says what is there, and of nothing that it is not: so it asks for nothing beside its things.
    Seen::of(dossier.clearance(), &things, known)
}

fn known<'a>(things: &[&Thing<'a>]) -> Option<Topology<'a>> {
    let links: Vec<Link<'a>> = things
        .iter()
        .filter_map(|thing| match thing {
            Thing::Link(link) => Some(link.clone()),
            _ => None,
        })
        .collect();
    let ends = links.iter().flat_map(|link| [link.from, link.to]).flatten();
    let mut places: BTreeMap<&'a str, Place<'a>> = ends.map(|end| (end, Place::default())).collect();
    for thing in things {
        match thing {
            Thing::Place(name, title) => {
                if let Some(place) = places.get_mut(name.as_str()) {
                    place.title = Some(title);
                }
            }
            Thing::Stands(name, what) => {
                if let Some(place) = places.get_mut(name) {
                    place.holds.insert(what.clone());
                }
            }
            Thing::Link(_) => {}
        }
    }
    (!links.is_empty()).then_some(Topology { links, places })
}

/// A link, for whoever may read its record, both its ends and what says whether it is there.
fn link<'a>(archive: &'a Archive, record: &'a Record, draws: &Draws) -> Held<Option<Thing<'a>>> {
    let ends = end(archive, record, &draws.from).with(end(archive, record, &draws.to));
    let gone = says_one(archive, record, &draws.unless);
    let planned = says_one(archive, record, &draws.planned);
    ends.with(gone).with(planned).map(|(((from, to), gone), planned)| {
        // What asks for more than the link is not written at it.
        let own = |name: &String| record.field(name).and_then(|field| field.within(&record.clearance).copied());
        let said = |field: &Field| (field.value.plain("zh"), field.value.plain("en"));
        let label = record.name.path.rsplit('/').next().unwrap_or_default().to_owned();
        let tells = draws.tells.iter().filter_map(own).map(said).collect();
        (!gone).then_some(Thing::Link(Link { record: &record.name, label, from, to, tells, planned }))
    })
}

fn end<'a>(archive: &Archive, record: &'a Record, name: &str) -> Held<Option<&'a str>> {
    match record.field(name) {
        Some(field) => field.map(|field| match &field.value {
            Value::Reference(name) => Some(name.as_str()),
            _ => None,
        }),
        None => Held::new(record.asks(name, &archive.settings.audiences), None),
    }
}

/// Whether one of the fields says one of its words.
fn says_one(archive: &Archive, record: &Record, rules: &[(String, Vec<String>)]) -> Held<bool> {
    let nothing = Held::new(record.clearance.clone(), false);
    rules.iter().fold(nothing, |so, (name, wanted)| {
        let says = match record.field(name) {
            Some(field) => field.map(|field| words(&field.value).iter().any(|word| wanted.contains(word))),
            None => Held::new(record.asks(name, &archive.settings.audiences), false),
        };
        so.with(says).map(|(so, says)| so || says)
    })
}

/// What stands at a place, for whoever may read its record and where it stands.
fn stands<'a>(archive: &Archive, record: &'a Record, reference: &str) -> Held<Option<Thing<'a>>> {
    let title = record.title.as_ref().map(|title| title.0.in_language("zh").to_owned());
    end(archive, record, reference).with(title).map(|(at, title)| Some(Thing::Stands(at?, title)))
}
