//! Who reads a past version today. By design that is another question than who could read it then: what a value asked
//! counts from then on, and who belongs to an audience counts as of today.

use super::access_past::Ground;
use super::past::signers;
use crate::access::Clearance;
use crate::archive::{Archive, Part, Readable};
use crate::history::{History, Part as PastPart};
use crate::record::RecordName;
use std::collections::{BTreeSet, HashMap};

/// What the parts of a version ask today.
pub struct Version<'a> {
    /// What is published today; nobody reads anything where that is nothing.
    pub today: Option<&'a Archive>,
    asks: HashMap<RecordName, Vec<(PastPart, Clearance)>>,
}

impl<'a> Version<'a> {
    /// Looks up what the version of some records asks that stood at a step of the line.
    pub fn of(ground: &'a Ground<'_>, step: usize, parts: &[&Readable]) -> Self {
        let (past, line) = (ground.publisher.past, ground.publisher.line);
        let tip = Archive::read(ground.tip, ground.day).archive;
        let signers = signers(ground.tip, &mut Vec::new());
        let stood: BTreeSet<usize> =
            line.steps.iter().take(step + 1).flat_map(|step| step.landed.iter().copied()).collect();
        let records: BTreeSet<&RecordName> = parts.iter().map(|part| &part.record).collect();
        let dossiers: BTreeSet<&str> = records.iter().map(|record| record.dossier.as_ref()).collect();
        let mut asks = HashMap::new();
        for dossier in dossiers {
            let history = History::read_dossier(past, &tip, &signers, dossier);
            for record in records.iter().filter(|record| record.dossier.as_ref() == dossier) {
                asks.insert((*record).clone(), history.version(record, &|commit| stood.contains(&commit)));
            }
        }
        Self { today: ground.today.as_ref().map(|stood| &stood.archive), asks }
    }

    /// What a part asks today as it stood then; nothing where the history has no value of it.
    pub fn asks(&self, part: &Readable) -> Option<Clearance> {
        let of_record = self.asks.get(&part.record)?;
        let mut asked = of_record.iter().filter(|(past, _)| is_of(past, &part.part)).map(|(_, asks)| asks);
        let first = asked.next()?.clone();
        Some(asked.fold(first, |all, asks| all.and(asks)))
    }
}

/// Whether a piece of the history belongs to a part as `access` names it.
fn is_of(past: &PastPart, part: &Part) -> bool {
    match (past, part) {
        (PastPart::Record, Part::Record) | (PastPart::Title, Part::Title) | (PastPart::Date, Part::Date) => true,
        (PastPart::Summary, Part::Abstract) => true,
        (PastPart::Origin, Part::Plate("origin")) => true,
        (PastPart::Plate { key, .. }, Part::Plate(name)) => key == name,
        (PastPart::Field { name, member, .. }, Part::Field(field)) => match field.split_once('.') {
            None => **name == **field,
            Some((outer, inner)) => **name == *outer && member.as_deref() == Some(inner),
        },
        (PastPart::Cell { column, .. }, Part::Column(name)) => **column == **name,
        (PastPart::Section { path, .. }, Part::Section { heading, .. }) => {
            path.rsplit(" / ").next().unwrap_or_default().trim() == heading.trim()
        }
        (PastPart::Attachment { name }, Part::Attachment(file)) => **name == **file,
        _ => false,
    }
}
