//! A record taken apart into the pieces whose history is told one by one, each under what it asked.

use super::again::again;
use super::shown::{Line, Shown, Text};
use crate::access::{Audiences, Clearance, STAFF, Shelf};
use crate::record::{Field, Kind, Plate, Record, SeriesColumn, Value};
use crate::text::Phrase;
use crate::text::markdown::Section;
use std::cmp::Ordering;
use std::sync::Arc;

/// Which part of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// That the record is there, and of which type.
    Record,
    /// Who may read the record.
    Audience,
    /// The day from which its own audience counts as staff.
    Opening,
    /// Of a dossier: the folder below `customers/` in which it is grouped.
    Group,
    /// Its title.
    Title,
    /// Its date.
    Date,
    /// Its open summary.
    Summary,
    /// Whence it came.
    Origin,
    /// A field, or one member of a group.
    Field {
        /// The field's name.
        name: Arc<str>,
        /// What tells the group apart from others in a list of groups: its first member.
        element: Option<Arc<str>>,
        /// The member's name.
        member: Option<Arc<str>>,
    },
    /// A line of `original`, `marking`, `verified` or `imported`.
    Plate {
        /// Which of them.
        key: &'static str,
        /// The line's key.
        line: Arc<str>,
    },
    /// What stands under a heading.
    Section {
        /// The headings that lead to it, the outermost first, joined by ` / `.
        path: Arc<str>,
        /// Which of several of one path.
        nth: usize,
    },
    /// The rows with which a series began or ended.
    Rows,
    /// A cell of a series.
    Cell {
        /// The row's label: its week, month or day.
        label: Arc<str>,
        /// The column's name.
        column: Arc<str>,
    },
    /// A file that belongs to the record.
    Attachment {
        /// The file's name.
        name: Arc<str>,
    },
    /// Who may read a part that asks for more than its record.
    Narrowed(Box<Part>),
}

/// Which part of which record of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// What the record's name has beside its file's: `/KEY` for an item of a list, nothing for others.
    pub item: Arc<str>,
    /// The part.
    pub part: Part,
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        // The pieces of one record share the text of its item: most comparisons are of such pieces.
        let same = Arc::ptr_eq(&self.item, &other.item);
        let items = if same { Ordering::Equal } else { self.item.cmp(&other.item) };
        items.then_with(|| self.part.cmp(&other.part))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A part at one time.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Which part.
    pub key: Key,
    /// What pages call the part, where its type says so.
    pub label: Option<Arc<Phrase>>,
    /// What it said.
    pub shown: Arc<Shown>,
    /// What it asked of its reader by the rules of the time.
    pub asks: Clearance,
}

/// Takes a record apart. `file` is the path of its file inside the dossier without the extension. Where the text of the
/// file is at hand, sections keep their Markdown.
#[must_use]
pub fn pieces_of(record: &Record, file: &str, source: Option<&str>) -> Vec<Piece> {
    let mut taking = Taking::of(record, file, source);
    taking.cells(record);
    taking.found
}

/// The same without the cells of a series, of which there are many.
#[must_use]
pub fn pieces_but_cells(record: &Record, file: &str) -> Vec<Piece> {
    Taking::of(record, file, None).found
}

/// In which folder below `customers/` a dossier is grouped. It says something of the dossier, for whoever may know of
/// that.
#[must_use]
pub fn group_piece(root: &Record, group: &str) -> Piece {
    let key = Key { item: "".into(), part: Part::Group };
    let shown = Arc::new(Shown::Line(Line::plain(group, Kind::Text)));
    Piece { key, label: None, shown, asks: root.clearance.clone() }
}

/// Who may read a record, in words of both languages.
fn audience_line(asks: &Clearance) -> Line {
    if asks.is_open() {
        let (zh, en) = (again("全体员工"), again("everybody (all staff)"));
        return Line { zh, en, kind: Kind::Text, written: Some(again(STAFF)) };
    }
    let en = asks.words();
    let zh = en.replace(" and ", " 且 ").replace(" or ", " 或 ").replace("nobody", "无人");
    Line::both(&zh, &en, Kind::Text).written_as(&asks.canonical())
}

struct Taking<'s> {
    item: Arc<str>,
    /// What the record asks as a whole.
    ground: Clearance,
    source: Option<&'s str>,
    found: Vec<Piece>,
}

impl<'s> Taking<'s> {
    fn of(record: &Record, file: &str, source: Option<&'s str>) -> Self {
        let item: Arc<str> = record.name.path.strip_prefix(file).unwrap_or_default().into();
        let mut taking = Self { item, ground: record.clearance.clone(), source, found: Vec::new() };
        let type_title = Line::phrase(&record.record_type.title, Kind::Text).written_as(&record.record_type.name);
        taking.put(Part::Record, None, Shown::Line(type_title), &record.clearance);
        // As it is written: that an opening came is told with the opening, and changed nothing that stands here.
        taking.put(Part::Audience, None, Shown::Line(audience_line(&record.written)), &record.clearance);
        if !record.openings.is_empty() {
            let days = record.openings.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            taking.put(Part::Opening, None, Shown::Line(Line::plain(days, Kind::Date)), &record.clearance);
        }
        let (asks, title) = record.title.as_ref().release();
        let fallback = record.name.path.rsplit('/').next().unwrap_or_default();
        if title.0.both.as_deref() != Some(fallback) {
            taking.put(Part::Title, None, Shown::Line(Line::phrase(&title.0, Kind::Text)), &asks);
        }
        if let Some(date) = &record.date {
            let (asks, date) = date.as_ref().release();
            taking.put(Part::Date, None, Shown::Line(Line::plain(date.to_string(), Kind::Date)), &asks);
        }
        if let Some(summary) = &record.summary {
            // On its page the summary stands without the record's name. A change of it names the record, and is for those
            // who may know of that.
            let (_, summary) = summary.as_ref().release();
            taking.put(Part::Summary, None, Shown::Line(Line::phrase(summary, Kind::Text)), &record.clearance);
        }
        if let Some(origin) = &record.origin {
            let (asks, origin) = origin.as_ref().release();
            taking.put(Part::Origin, None, Shown::Line(Line::plain(origin.clone(), Kind::Code)), &asks);
        }
        taking.fields(&record.fields);
        for (key, plate) in record.plates() {
            let (asks, Plate(lines)) = plate.as_ref().release();
            for (line, text) in lines {
                let part = Part::Plate { key, line: again(line) };
                taking.put(part, None, Shown::Line(Line::plain(text.clone(), Kind::Text)), &asks);
            }
        }
        taking.sections(&record.text);
        taking.rows(record);
        taking
    }

    fn put(&mut self, part: Part, label: Option<Arc<Phrase>>, shown: Shown, asks: &Clearance) {
        let beyond = asks.beyond(&self.ground);
        // A series narrows whole columns; what its cells ask follows from the type, and stands there.
        if !beyond.is_open() && !matches!(part, Part::Cell { .. } | Part::Rows) {
            let key = Key { item: Arc::clone(&self.item), part: Part::Narrowed(Box::new(part.clone())) };
            let shown = Arc::new(Shown::Line(audience_line(&beyond)));
            self.found.push(Piece { key, label: label.clone(), shown, asks: asks.clone() });
        }
        let key = Key { item: Arc::clone(&self.item), part };
        self.found.push(Piece { key, label, shown: Arc::new(shown), asks: asks.clone() });
    }

    fn fields(&mut self, fields: &Shelf<Field>) {
        for (asks, field) in fields.lay_out(|held| held.release()) {
            let name = || again(&field.name);
            match &field.value {
                Value::Group(members) => self.members(field, members, None, &asks),
                Value::Many(values) if values.iter().any(|value| matches!(value, Value::Group(_))) => {
                    let mut labels: Vec<String> = Vec::new();
                    for (n, value) in values.iter().enumerate() {
                        let Value::Group(members) = value else { continue };
                        let label = members
                            .lay_out(|held| held.release())
                            .next()
                            .map_or_else(|| (n + 1).to_string(), |(_, first)| first.value.plain("zh"));
                        // Two groups of one name are told apart by their order.
                        let times = labels.iter().filter(|known| **known == label).count();
                        labels.push(label.clone());
                        let label = if times == 0 { label } else { format!("{label} ({})", times + 1) };
                        self.members(field, members, Some(label.into()), &asks);
                    }
                }
                Value::Many(values) => {
                    let lines = values.iter().enumerate().map(|(n, value)| line_of(field, value, n)).collect();
                    let part = Part::Field { name: name(), element: None, member: None };
                    self.put(part, Some(Arc::clone(&field.title)), Shown::List(lines), &asks);
                }
                Value::Markdown(sections) => {
                    let words: Vec<&str> = sections.iter().map(|section| section.text.trim()).collect();
                    let written = self.source.and(field.written.first()).map(|text| Arc::from(&**text));
                    let text = Text { written, ..Text::plain(words.join("\n")) };
                    let part = Part::Field { name: name(), element: None, member: None };
                    self.put(part, Some(Arc::clone(&field.title)), Shown::Text(text), &asks);
                }
                value => {
                    let part = Part::Field { name: name(), element: None, member: None };
                    self.put(part, Some(Arc::clone(&field.title)), Shown::Line(line_of(field, value, 0)), &asks);
                }
            }
        }
    }

    fn members(&mut self, field: &Field, members: &Shelf<Field>, element: Option<Arc<str>>, outer: &Clearance) {
        // The first member names the group: whoever may not read that one learns of no other by it.
        let named = members.lay_out(|held| held.clearance().clone()).next().filter(|_| element.is_some());
        let ground = named.map_or_else(|| outer.clone(), |named| outer.and(&named));
        for (asks, member) in members.lay_out(|held| held.release()) {
            let part =
                Part::Field { name: again(&field.name), element: element.clone(), member: Some(again(&member.name)) };
            let line = line_of(member, &member.value, 0);
            self.put(part, Some(Arc::clone(&member.title)), Shown::Line(line), &ground.and(&asks));
        }
    }

    fn sections(&mut self, text: &Shelf<Section>) {
        let mut headings: Vec<(usize, &str)> = Vec::new();
        let mut known: Vec<String> = Vec::new();
        for (asks, section) in text.lay_out(|held| held.release()) {
            if section.is_blank() {
                continue;
            }
            headings.retain(|(level, _)| *level < section.level);
            if section.level > 0 {
                headings.push((section.level, section.heading.trim()));
            }
            let path = headings.iter().map(|(_, heading)| *heading).collect::<Vec<_>>().join(" / ");
            let nth = known.iter().filter(|other| **other == path).count();
            known.push(path.clone());
            let mut text = Text::of(section);
            text.written = self.source.and_then(|source| source.get(section.range.clone())).map(Arc::from);
            self.put(Part::Section { path: path.into(), nth }, None, Shown::Text(text), &asks);
        }
    }

    fn rows(&mut self, record: &Record) {
        let Some((columns, by)) = columns_of(record) else { return };
        let Some((by_asks, by)) = columns.get(by) else { return };
        let all = columns.iter().fold(by_asks.clone(), |all, (asks, _)| all.and(asks));
        if let (Some(first), Some(last)) = (by.cells.first(), by.cells.last()) {
            let rows = Shown::Rows { first: first.to_owned(), last: last.to_owned(), count: by.cells.len() };
            self.put(Part::Rows, None, rows, &all);
        }
    }

    fn cells(&mut self, record: &Record) {
        let Some((columns, at)) = columns_of(record) else { return };
        let Some((by_asks, by)) = columns.get(at) else { return };
        let key = record.series.as_ref().and_then(|series| series.key).and_then(|key| columns.get(key));
        let label_asks = key.map_or_else(|| by_asks.clone(), |(asks, _)| by_asks.and(asks));
        let cells = by.cells.iter().enumerate();
        let labels: Vec<Arc<str>> = cells
            .map(|(n, label)| match key.and_then(|(_, key)| key.cells.get(n)) {
                Some(line) => format!("{label} · {line}").into(),
                None => label.into(),
            })
            .collect();
        let names = |n: usize| n == at || record.series.as_ref().is_some_and(|series| series.key == Some(n));
        for (asks, column) in columns.iter().enumerate().filter(|(n, _)| !names(*n)).map(|(_, column)| column) {
            let asks = label_asks.and(asks);
            let (name, title): (Arc<str>, _) = (again(&column.name), Arc::clone(&column.title));
            for (label, cell) in labels.iter().zip(column.cells.iter()).filter(|(_, cell)| !cell.is_empty()) {
                let part = Part::Cell { label: Arc::clone(label), column: Arc::clone(&name) };
                let line = match &column.unit {
                    Some(unit) => Line::plain(format!("{cell} {unit}"), column.kind).written_as(cell),
                    None => Line::plain(cell, column.kind),
                };
                self.put(part, Some(Arc::clone(&title)), Shown::Line(line), &asks);
            }
        }
    }
}

/// One of a field's values, with its text as it stood.
fn line_of(field: &Field, value: &Value, nth: usize) -> Line {
    let line = Line::of(value, field.kind);
    match field.written.get(nth) {
        Some(text) => line.written_as(text),
        None => line,
    }
}

/// The columns of a series with what each asks, and the number of the one that names the rows.
fn columns_of(record: &Record) -> Option<(Vec<(Clearance, &SeriesColumn)>, usize)> {
    let series = record.series.as_ref()?;
    Some((series.columns.iter().map(|column| column.as_ref().release()).collect(), series.by))
}

/// What a part would ask in a record as it stands now, also where the record has no such part any more.
#[must_use]
pub fn asks_now(record: &Record, part: &Part, audiences: &Audiences) -> Clearance {
    let what = match part {
        Part::Record | Part::Audience | Part::Opening | Part::Group | Part::Summary => {
            return record.clearance.clone();
        }
        Part::Title => "title".to_owned(),
        Part::Date => "date".to_owned(),
        Part::Origin => "origin".to_owned(),
        Part::Field { name, element: Some(_), member: Some(member) } => {
            return named_by(record, name, member)
                .fold(record.clearance.clone(), |all, what| all.and(&record.asks(&what, audiences)));
        }
        Part::Field { name, element: None, member: Some(member) } => format!("{name}.{member}"),
        Part::Field { name, member: None, .. } => name.to_string(),
        Part::Plate { key, .. } => (*key).to_owned(),
        Part::Section { .. } => "text".to_owned(),
        Part::Cell { column, .. } => {
            // The row's label stands beside the cell.
            let (columns, by) = columns_of(record).unwrap_or_default();
            let key = record.series.as_ref().and_then(|series| series.key);
            let names = |at: usize| at == by || Some(at) == key;
            let beside = columns.iter().enumerate().filter(|(at, (_, one))| names(*at) || *one.name == **column);
            return beside.fold(record.asks(column, audiences), |all, (_, (asks, _))| all.and(asks));
        }
        Part::Rows => {
            let columns = record.record_type.fields.iter();
            return columns.fold(record.clearance.clone(), |all, field| all.and(&record.asks(&field.name, audiences)));
        }
        Part::Attachment { .. } => "attachments".to_owned(),
        Part::Narrowed(part) => return asks_now(record, part, audiences),
    };
    record.asks(&what, audiences)
}

/// A member of a group in a list, and the members by which the group may have been called: those before it, up to one
/// that no group lacks.
fn named_by<'r>(record: &'r Record, name: &'r str, member: &'r str) -> impl Iterator<Item = String> + 'r {
    let members = record.record_type.field(name).map(|field| field.members.as_slice()).unwrap_or_default();
    let last = members.iter().position(|one| one.required || one.name == member).map_or(members.len(), |at| at + 1);
    let before = members.iter().take(last).map(move |one| format!("{name}.{}", one.name));
    before.chain([format!("{name}.{member}")])
}
