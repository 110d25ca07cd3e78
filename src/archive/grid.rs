//! Who can read what, by type and audience, for those who oversee the archive.

use super::archive::Archive;
use crate::access::{Clearance, Held};
use crate::record::{Field, Record, RecordType, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How much of something an audience alone opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing of it.
    Nothing,
    /// Some of it.
    Some,
    /// All of it.
    All,
}

/// What of a type's records a row is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// The records as such.
    Records,
    /// A field that some record narrows further.
    Field(String),
    /// Sections that ask for more than their record.
    Sections,
    /// Attachments that ask for more than their record.
    Attachments,
}

/// A row: what it is about, and how far each audience reaches.
pub struct GridRow {
    /// The type.
    pub record_type: Arc<RecordType>,
    /// What of its records.
    pub piece: Piece,
    /// How far those reach who need no key.
    pub staff: Reach,
    /// How far each audience reaches, in the order of the settings.
    pub reach: Vec<Reach>,
}

/// Rows of types, columns of audiences.
pub struct Grid {
    /// The audiences, by name.
    pub audiences: Vec<String>,
    /// The rows, in the order of the types.
    pub rows: Vec<GridRow>,
}

/// How many there are of something, how many of them are open, and how many each audience opens.
#[derive(Default)]
struct Counted {
    all: usize,
    open: usize,
    by: Vec<usize>,
}

impl Archive {
    /// Who can read what, by what the records ask today: for the audience that oversees, which may know of every record.
    /// None where no audience does.
    #[must_use]
    pub fn grid(&self) -> Option<Held<Grid>> {
        let oversight = self.settings.oversight.as_deref()?;
        let audiences: Vec<String> = self.settings.audiences.iter().map(|(name, _)| name.to_owned()).collect();
        let mut counting = Counting { oversight, audiences: &audiences, known: HashMap::new(), found: BTreeMap::new() };
        for dossier in self.dossiers.lay_out(|held| held.release().1) {
            counting.record(&dossier.root);
            dossier.records.lay_out(|held| held.release().1).for_each(|record| counting.record(record));
        }
        self.registers.lay_out(|held| held.release().1).for_each(|record| counting.record(record));
        let found = counting.found;
        let mut rows: Vec<GridRow> = Vec::with_capacity(found.len());
        for ((name, piece), counted) in found {
            let Some(record_type) = self.types.get(&name) else { continue };
            let reach = |count: usize| match count {
                0 => Reach::Nothing,
                some if some == counted.all => Reach::All,
                _ => Reach::Some,
            };
            rows.push(GridRow {
                record_type: Arc::clone(record_type),
                piece,
                staff: reach(counted.open),
                reach: counted.by.iter().map(|count| reach(*count)).collect(),
            });
        }
        rows.sort_by_key(|row| self.types.rank(&row.record_type.name));
        Some(Held::new(Clearance::any_of([oversight]), Grid { audiences, rows }))
    }
}

struct Counting<'a> {
    oversight: &'a str,
    audiences: &'a [String],
    /// Which audiences open a clearance.
    known: HashMap<Clearance, Vec<bool>>,
    found: BTreeMap<(String, Piece), Counted>,
}

impl Counting<'_> {
    fn record(&mut self, record: &Record) {
        let name = &record.record_type.name;
        let own = &record.clearance;
        self.count(name, Piece::Records, own);
        self.fields(name, own, record.fields.lay_out(|held| held.release()), "");
        let sections = record.text.lay_out(|held| held.clearance().clone()).filter(|asks| asks != own);
        let sections: Vec<Clearance> = sections.collect();
        sections.iter().for_each(|asks| self.count(name, Piece::Sections, asks));
        let attachments = record.attachments.lay_out(|held| held.clearance().clone()).filter(|asks| asks != own);
        let attachments: Vec<Clearance> = attachments.collect();
        attachments.iter().for_each(|asks| self.count(name, Piece::Attachments, asks));
    }

    fn fields<'r>(
        &mut self,
        name: &str,
        own: &Clearance,
        fields: impl Iterator<Item = (Clearance, &'r Field)>,
        outer: &str,
    ) {
        for (asks, field) in fields {
            let called = if outer.is_empty() { field.name.clone() } else { format!("{outer}.{}", field.name) };
            if asks != *own {
                self.count(name, Piece::Field(called.clone()), &asks);
            }
            let values = match &field.value {
                Value::Many(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values {
                if let Value::Group(members) = value {
                    let members: Vec<(Clearance, &Field)> = members.lay_out(|held| held.release()).collect();
                    self.fields(name, &asks, members.into_iter(), &called);
                }
            }
        }
    }

    fn count(&mut self, name: &str, piece: Piece, asks: &Clearance) {
        let (oversight, audiences) = (self.oversight, self.audiences);
        let opens = |audience: &String| {
            !asks.is_open() && (audience == oversight || asks.met_by(|asked| asked == audience.as_str()))
        };
        if !self.known.contains_key(asks) {
            self.known.insert(asks.clone(), audiences.iter().map(opens).collect());
        }
        let counted = self.found.entry((name.to_owned(), piece)).or_default();
        counted.by.resize(audiences.len(), 0);
        counted.all += 1;
        counted.open += usize::from(asks.is_open());
        for (count, opens) in counted.by.iter_mut().zip(self.known.get(asks).into_iter().flatten()) {
            *count += usize::from(*opens || asks.is_open());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::{ContentId, Snapshot};

    fn archive(oversight: &str) -> Archive {
        let files = [
            (
                "strongroom.yaml",
                format!(
                    "title: A\n{oversight}audiences: {{a: {{readers: []}}, b: {{readers: []}}, c: {{readers: []}}}}\n"
                ),
            ),
            (
                "types/thing.yaml",
                "title: Thing\nfolder: things\naudience: [a, b]\nfields: {note: {kind: text, audience: a}}\n"
                    .to_owned(),
            ),
            (
                "customers/one/dossier.yaml",
                "name: 一\ntier: x\nindustry: x\naccount_manager: y\naudience: staff\n".to_owned(),
            ),
            (
                "customers/one/things/x.md",
                "---\nnote: x\n---\nOpen to both.\n\n## More {audience=b}\n\nText.\n".to_owned(),
            ),
            ("customers/one/things/y.md", "---\naudience: staff\n---\n".to_owned()),
        ];
        let file = |(path, text): (&str, String)| {
            (path.to_owned(), ContentId::of(text.as_bytes()).unwrap(), text.into_bytes())
        };
        Archive::read(&Snapshot::in_memory(files.into_iter().map(file).collect()), jiff::civil::date(2026, 11, 23))
            .archive
    }

    #[test]
    fn each_audience_reaches_what_it_alone_opens_and_the_oversight_everything() {
        let (asks, grid) = archive("oversight: c\n").grid().unwrap().release();
        assert_eq!(asks.canonical(), "c");
        assert_eq!(grid.audiences, ["a", "b", "c"]);
        let things = grid.rows.iter().filter(|row| row.record_type.name == "thing");
        let told: Vec<_> = things.map(|row| (row.piece.clone(), row.staff, row.reach.clone())).collect();
        assert_eq!(
            told,
            [
                (Piece::Records, Reach::Some, vec![Reach::All, Reach::All, Reach::All]),
                (Piece::Field("note".into()), Reach::Nothing, vec![Reach::All, Reach::Nothing, Reach::All]),
                (Piece::Sections, Reach::Nothing, vec![Reach::Nothing, Reach::All, Reach::All]),
            ]
        );
    }

    #[test]
    fn without_an_audience_that_oversees_there_is_no_grid() {
        assert!(archive("").grid().is_none());
    }
}
