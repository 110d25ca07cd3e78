//! Where records lie together: a customer's dossier, or the registers. What is due in it is reckoned here.

use super::due::{Customer, Due, Duty, Entry};
use super::fields::Standings;
use super::piece::{Piece, words};
use super::sight::{Eyes, Sight};
use super::tier::tier_of;
use crate::access::{Clearance, Held, Shelf};
use crate::archive::{Archive, Tier};
use crate::dossier::{Dossier, REGISTERS};
use crate::record::{Interval, Record, RecordName, RecordType, Value};
use crate::text::Phrase;
use jiff::civil::Date;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A dossier or the registers while what is due there is reckoned.
pub(super) struct Home<'a> {
    pub(super) archive: &'a Archive,
    pub(super) sight: Sight<'a>,
    /// The root of a dossier; none for registers.
    pub(super) root: Option<&'a Record>,
    pub(super) customer: Option<Arc<Customer>>,
    pub(super) records: &'a Shelf<Record>,
    /// The names of records that are at their end, as others say.
    ended: Vec<Held<Vec<String>>>,
    /// In which order the records of a type stand, for each field that asks for the last one.
    pub(super) standings: RefCell<BTreeMap<String, Standings>>,
}

impl<'a> Home<'a> {
    /// A dossier.
    pub(super) fn dossier(archive: &'a Archive, sight: Sight<'a>, dossier: &'a Dossier) -> Self {
        let customer = Customer {
            name: Arc::clone(&dossier.name),
            clearance: dossier.clearance().clone(),
            title: dossier.called(),
            tier: tier_of(archive, &Held::new(dossier.clearance().clone(), dossier))
                .map(|held| held.map(|graded| (graded.place, graded.tier.title.clone()))),
        };
        Self::new(archive, sight, Some(&dossier.root), Some(Arc::new(customer)), &dossier.records)
    }

    /// What belongs to no customer.
    pub(super) fn registers(archive: &'a Archive, sight: Sight<'a>) -> Self {
        Self::new(archive, sight, None, None, &archive.registers)
    }

    fn new(
        archive: &'a Archive,
        sight: Sight<'a>,
        root: Option<&'a Record>,
        customer: Option<Arc<Customer>>,
        records: &'a Shelf<Record>,
    ) -> Self {
        let ended = records.lay_out(|held| held.map(ends)).flat_map(|ended| ended.flatten().spread());
        let ended = super::sight::by_clearance(ended);
        Self { archive, sight, root, customer, records, ended, standings: RefCell::default() }
    }

    /// Everything that stands on the agenda of this place.
    pub(super) fn entries(&self) -> Vec<Held<Entry>> {
        let mut entries = Vec::new();
        let root = self.root.map(|root| Held::new(root.clearance.clone(), root));
        for held in self.records.lay_out(|held| held).chain(root) {
            let of_record = held.map(|record| {
                let piece = Piece::of(record, &self.archive.settings.audiences);
                let mut entries = self.of_fields(piece);
                entries.extend(self.of_marks(piece));
                entries.extend(record.clearances().into_iter().map(|asks| Held::new(asks, Entry::Looked)));
                entries
            });
            entries.extend(of_record.spread().into_iter().map(Held::flatten));
        }
        for record_type in self.archive.types.iter() {
            entries.extend(self.of_type(record_type));
        }
        entries
    }

    /// The records of a type. A dossier's own root is one of its type.
    pub(super) fn of_name(&self, name: &str) -> impl Iterator<Item = Held<&'a Record>> + use<'a> {
        let name = name.to_owned();
        let root = self.root.filter(|root| root.record_type.name == name);
        let root = root.map(|root| Held::new(root.clearance.clone(), root));
        self.records.pick(move |record| record.record_type.name == name).chain(root)
    }

    /// Whether nothing of this dossier is due: a customer who has left.
    pub(super) fn is_over(&self, eyes: &Eyes<'_>) -> Held<bool> {
        let rules = self.root.and_then(|root| Some((root, root.record_type.due.as_ref()?)));
        match rules {
            Some((root, due)) => Piece::of(root, &self.archive.settings.audiences).is_done(&due.unless, eyes),
            None => eyes.plain(false),
        }
    }

    /// Whether another record says that this one is at its end.
    pub(super) fn is_ended(&self, name: &RecordName, eyes: &Eyes<'_>) -> Held<bool> {
        let name = name.to_string();
        let all = eyes.gather(self.ended.iter().map(Held::as_ref));
        all.map(|groups| groups.into_iter().flatten().any(|ended| *ended == name))
    }

    /// The dossier's tier, and what knowing it asks.
    pub(super) fn tier(&self) -> Held<Option<&'a Tier>> {
        let Some(root) = self.root else { return Held::new(Clearance::open(), None) };
        let piece = Piece::of(root, &self.archive.settings.audiences);
        piece.said("tier").map(|words| words.first().and_then(|word| self.archive.settings.tier(word)))
    }

    /// The day from which the customer counts.
    pub(super) fn start(&self) -> Option<Held<Option<Date>>> {
        let root = self.root?;
        let from = root.record_type.due.as_ref()?.from.as_deref()?;
        Some(Piece::of(root, &self.archive.settings.audiences).day(from))
    }

    /// Who has to do it: what the fields of these names say, of the record or else of the dossier; where none is named,
    /// who looks after the dossier.
    pub(super) fn who(
        &self,
        named: &[String],
        of_type: Option<&RecordType>,
        piece: Option<Piece<'a>>,
    ) -> Option<Held<Phrase>> {
        self.named(named, of_type, piece).map(|held| held.map(Value::phrase))
    }

    /// As [`Home::who`], each person alone.
    pub(super) fn each_of(&self, named: &[String], record: &'a Record) -> Held<Vec<Phrase>> {
        let piece = Piece::of(record, &self.archive.settings.audiences);
        let found = self.named(named, Some(&record.record_type), Some(piece));
        let each = |value: &Value| match value {
            Value::Many(values) => values.iter().map(Value::phrase).collect(),
            one => vec![one.phrase()],
        };
        found.map_or_else(|| Held::new(record.clearance.clone(), Vec::new()), |held| held.map(each))
    }

    fn named(
        &self,
        named: &[String],
        of_type: Option<&RecordType>,
        piece: Option<Piece<'a>>,
    ) -> Option<Held<&'a Value>> {
        let root = self.root.map(|root| Piece::of(root, &self.archive.settings.audiences));
        let of_type = of_type.and_then(|t| t.due.as_ref()).map(|due| due.who.as_slice()).unwrap_or_default();
        let of_root = self.root.and_then(|root| root.record_type.due.as_ref()).map(|due| due.who.as_slice());
        let mut asked = Clearance::open();
        for name in [named, of_type, of_root.unwrap_or_default()].into_iter().flatten() {
            for piece in [piece, root].into_iter().flatten() {
                if let Some(field) = piece.field(name) {
                    return Some(field.map(|field| &field.value).narrowed(&asked));
                }
                // That nobody is named here was read as well.
                if piece.record.record_type.field(name).is_some() {
                    asked = asked.and(&piece.asks(name));
                }
            }
        }
        None
    }

    /// The day as the rule has it: moved to one on which people work where it says so.
    pub(super) fn day(&self, day: Date, working: bool) -> Date {
        if working { self.archive.settings.calendar.working_from(day) } else { day }
    }

    /// Something due by a day here, without a record.
    pub(super) fn due(&self, record_type: &RecordType, duty: Duty, day: Date, before: Interval) -> Due {
        Due {
            matter: String::new(),
            duty,
            kind: Some((record_type.name.clone(), record_type.title.clone())),
            day,
            from: before.before(day),
            customer: self.customer.clone(),
            record: None,
            title: None,
            who: None,
            ends: false,
            closeness: 0,
        }
    }

    /// The name by which matters of this place are known.
    pub(super) fn name(&self) -> &str {
        self.customer.as_ref().map_or(REGISTERS, |customer| customer.name.as_ref())
    }
}

/// The records that this one says are at their end.
fn ends(record: &Record) -> Held<Vec<String>> {
    let ending = record.record_type.fields.iter().filter(|field| field.due.as_ref().is_some_and(|due| due.ends));
    let named =
        ending.filter_map(|field| record.field(&field.name)).map(|field| field.map(|field| words(&field.value)));
    named.fold(Held::new(record.clearance.clone(), Vec::new()), |all, named| {
        all.with(named).map(|(mut all, named)| {
            all.extend(named);
            all
        })
    })
}
