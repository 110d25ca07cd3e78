//! Days that stand in fields: the end of a contract, the answer to a letter, the repair of a finding.

use super::due::{Due, Duty, Entry};
use super::home::Home;
use super::piece::Piece;
use super::sight::{Eyes, by_clearance, look};
use crate::access::Held;
use crate::record::{FieldDue, FieldType, Last, Record, RecordName};
use crate::text::Phrase;
use jiff::civil::Date;
use std::rc::Rc;

/// Records of a type in the order of their days, those of equal clearance together.
pub(super) type Standings = Rc<Vec<Held<Vec<Standing>>>>;

/// Where a record stands among those of its type.
pub(super) struct Standing {
    name: RecordName,
    /// The day that it is about, and the one that is due.
    at: (Option<Date>, Option<Date>),
    /// What sets it apart from others that go their own way.
    alike: Vec<Vec<String>>,
}

impl<'a> Home<'a> {
    /// What is due by the fields of a record, and of the groups in it.
    pub(super) fn of_fields(&self, piece: Piece<'a>) -> Vec<Held<Entry>> {
        let mut entries = Vec::new();
        for field in &piece.record.record_type.fields {
            if let Some(due) = field.due.as_ref().filter(|due| !due.ends) {
                entries.extend(self.of_field(piece, field, due, ""));
            }
            let members = || field.members.iter().filter_map(|member| Some((member, member.due.as_ref()?)));
            let Some(held) = piece.field(&field.name).filter(|_| members().next().is_some()) else { continue };
            let of_groups = held.map(|value| {
                let groups = value.value.groups().enumerate();
                let inner = groups.flat_map(|(n, group)| {
                    let group = piece.within(&field.name, group);
                    members().flat_map(move |(member, due)| self.of_field(group, member, due, &format!("/{}", n + 1)))
                });
                inner.collect::<Vec<_>>()
            });
            entries.extend(of_groups.spread().into_iter().map(Held::flatten));
        }
        entries
    }

    fn of_field(&self, piece: Piece<'a>, field: &FieldType, due: &FieldDue, at: &str) -> Vec<Held<Entry>> {
        let record = piece.record;
        let said = piece.field(&field.name).is_some();
        let (base, of) = match &due.follows {
            Some(follows) => (piece.asks(&field.name).and(&piece.asks(follows)), follows),
            None => (piece.asks(&field.name), &field.name),
        };
        // What follows another day is due until it says something, what is a day itself only where it does.
        if said == due.follows.is_some() {
            return vec![Held::new(base, Entry::Looked)];
        }
        let matter = format!("{}.{}/{}{at}", record.record_type.name, field.name, record.name);
        look(self.sight, base, &matter, |eyes| {
            let done = piece.is_done(&due.unless, eyes).with(self.is_void(record, eyes));
            let later = self.is_ended(&record.name, eyes).with(self.is_outdated(piece, field, due, eyes));
            piece.day(of).with(done).with(later).map(|((day, (done, void)), (ended, outdated))| {
                let day = day.filter(|_| !(done || void || ended || outdated));
                let day = day.map(|day| self.day(due.grace.after(day), due.working));
                day.map(|day| self.of_piece(piece, Duty::Field(Phrase::clone(&field.title)), day, due))
                    .into_iter()
                    .collect()
            })
        })
    }

    fn of_piece(&self, piece: Piece<'a>, duty: Duty, day: Date, due: &FieldDue) -> Due {
        let record = piece.record;
        Due {
            record: Some(record.name.clone()),
            title: Some(record.title.as_ref().map(|title| title.0.clone())),
            who: self.who(&due.who, Some(&record.record_type), Some(piece)),
            ends: due.expires,
            ..self.due(&record.record_type, duty, day, due.before)
        }
    }

    /// Whether a record's type, or its dossier, says that nothing of it is due.
    pub(super) fn is_void(&self, record: &'a Record, eyes: &Eyes<'_>) -> Held<bool> {
        let piece = Piece::of(record, &self.archive.settings.audiences);
        let rules = record.record_type.due.as_ref().map(|due| due.unless.as_slice()).unwrap_or_default();
        piece.is_done(rules, eyes).with(self.is_over(eyes)).map(|(done, over)| done || over)
    }

    /// Whether a later record of the type has taken its place.
    fn is_outdated(&self, piece: Piece<'a>, field: &FieldType, due: &FieldDue, eyes: &Eyes<'_>) -> Held<bool> {
        if due.last == Last::Each {
            return eyes.plain(false);
        }
        let standings = self.standings(piece.record, field, &due.last);
        let all = eyes.gather(standings.iter().map(Held::as_ref));
        let name = &piece.record.name;
        all.map(|groups| {
            let own = groups.iter().flat_map(|group| group.iter()).find(|standing| standing.name == *name);
            own.is_some_and(|own| {
                let mut others = groups.iter().flat_map(|group| group.iter());
                others.any(|other| other.at > own.at && other.alike == own.alike)
            })
        })
    }

    fn standings(&self, record: &Record, field: &FieldType, last: &Last) -> Standings {
        let record_type = &record.record_type;
        let key = format!("{}.{}", record_type.name, field.name);
        if let Some(known) = self.standings.borrow().get(&key) {
            return Rc::clone(known);
        }
        let by = record_type.due.as_ref().and_then(|due| due.by.as_deref()).unwrap_or("date");
        let standing = |record: &'a Record| {
            let piece = Piece::of(record, &self.archive.settings.audiences);
            let days = piece.day(by).with(piece.day(&field.name));
            let alike = match last {
                Last::Alike(names) => names.as_slice(),
                _ => &[],
            };
            let nothing = Held::new(record.clearance.clone(), Vec::new());
            let alike = alike.iter().fold(nothing, |all, name| {
                all.with(piece.said(name)).map(|(mut all, said)| {
                    all.push(said);
                    all
                })
            });
            days.with(alike).map(|(at, alike)| Standing { name: record.name.clone(), at, alike })
        };
        let all = self.of_name(&record_type.name).map(|held| held.map(standing).flatten());
        let made: Standings = Rc::new(by_clearance(all));
        self.standings.borrow_mut().insert(key, Rc::clone(&made));
        made
    }
}
