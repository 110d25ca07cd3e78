//! Tables of records: a row each, under its clearance, and every cell under its own.

use super::html::Html;
use super::page::Desk;
use super::part::{Empty, Part, Shell};
use super::record_parts::narrower_members;
use super::theme::Context;
use super::value_html::Showing;
use crate::access::Held;
use crate::record::{FieldType, Kind, Record, RecordType, Value};

/// A column of a table.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Column {
    /// Its head.
    pub label: Html,
    /// How it is sorted: `text`, `number`, `date`, `money` or `choice`.
    pub kind: &'static str,
    /// Whether the reader's browser counts what stands in it, so that it is hidden until it did.
    pub counted: bool,
    /// Whether the browser sorts by it from the start, the highest first.
    pub sorted: bool,
    /// Whether it does so with the lowest first.
    pub rising: bool,
    /// Whether it names the customers by whose names the rows stand: in English, the browser orders them by their English
    /// ones.
    pub named: bool,
    /// Whether the browser sums what the reader sees in it: a sum in the page would tell of what is sealed.
    pub summed: bool,
}

impl Column {
    /// A column of a kind of field.
    #[must_use]
    pub fn of(label: Html, kind: Kind) -> Self {
        let kind = match kind {
            Kind::Number | Kind::Percent => "number",
            Kind::Money => "money",
            Kind::Date | Kind::Week | Kind::Month | Kind::Year => "date",
            Kind::Choice | Kind::YesNo => "choice",
            _ => "text",
        };
        Self { label, kind, counted: false, sorted: false, rising: false, named: false, summed: false }
    }

    /// A column of numbers that the reader's browser counts from what is to be seen in each row.
    #[must_use]
    pub fn counted(label: Html) -> Self {
        Self { counted: true, ..Self::of(label, Kind::Number) }
    }

    /// The column of the customers by whose names the rows stand.
    #[must_use]
    pub fn customers(desk: &Desk<'_>) -> Self {
        Self { named: true, ..Self::of(desk.word("register.customer"), Kind::Text) }
    }

    /// The same column, by which the browser sorts from the start, the highest first.
    #[must_use]
    pub fn leading(self) -> Self {
        Self { sorted: true, ..self }
    }

    /// The same column, by which the browser sorts from the start, the lowest first.
    #[must_use]
    pub fn lowest(self) -> Self {
        Self { sorted: true, rising: true, ..self }
    }
}

/// A table with its rows.
#[must_use]
pub fn table_part(
    desk: &Desk<'_>,
    id: &str,
    caption: &Html,
    columns: &[Column],
    filters: &[usize],
    rows: Vec<Part>,
) -> Part {
    let context = table_context(caption, columns, filters).text("beyond", "");
    let shell = desk.said(desk.theme.shell("parts/table.html", id, context));
    Part::group(shell, rows, Empty::Drop)
}

/// A table with its rows, of which there may be thousands: those that are too many for a page stand beside it.
#[must_use]
pub fn long_table_part(
    desk: &Desk<'_>,
    id: &str,
    caption: &Html,
    columns: &[Column],
    filters: &[usize],
    rows: Vec<Part>,
) -> Part {
    let context = table_context(caption, columns, filters);
    let shell = desk.said(desk.theme.divisible_shell("parts/table.html", id, context));
    Part::group(shell, rows, Empty::Drop)
}

/// What the template of a table is told.
#[must_use]
pub fn table_context(caption: &Html, columns: &[Column], filters: &[usize]) -> Context {
    Context::new().html("caption", caption).value("columns", &columns).value("filters", &filters)
}

/// A row that asks what its record asks, with one cell after the other.
#[must_use]
pub fn row_part(id: Held<String>, cells: Vec<Part>) -> Part {
    let shell = id.map(|id| Shell::element("tr", &[("id", &id)]));
    Part::group(shell, cells, Empty::Keep)
}

/// A cell: the row's clearance for the cell itself, and its content under its own.
#[must_use]
pub fn cell_part(asks: Held<()>, kind: &'static str, head: bool, content: Vec<Part>) -> Part {
    let shell = asks.map(|()| {
        if head { Shell::element("th", &[("scope", "row")]) } else { Shell::element("td", &[("class", kind)]) }
    });
    Part::group(shell, content, Empty::Keep)
}

/// The columns of a type's register: those that it names, or its first fields.
#[must_use]
pub fn register_columns(record_type: &RecordType) -> Vec<String> {
    if !record_type.register.is_empty() {
        return record_type.register.clone();
    }
    let fields = record_type.fields.iter().take(5).map(|field| field.name.clone());
    ["title".to_owned(), "date".to_owned()].into_iter().chain(fields).collect()
}

/// The head of a register column.
#[must_use]
pub fn column_of(desk: &Desk<'_>, record_type: &RecordType, name: &str) -> Column {
    match record_type.field(name) {
        Some(field) => Column { summed: adds_up(field), ..Column::of(Html::phrase(&field.title), field.kind) },
        None => Column::of(desk.word(&format!("record.{name}")), if name == "date" { Kind::Date } else { Kind::Text }),
    }
}

/// Units of numbers of which a sum says something, beside currencies: a bandwidth or a score has none.
const ADDING_UP: [&str; 16] =
    ["h", "GB", "TB", "km", "kWh", "t", "小时", "公里", "千米", "吨", "元", "万元", "人", "个", "件", "次"];

/// Whether a sum of the field's values says something: money does, and numbers of some units.
fn adds_up(field: &FieldType) -> bool {
    let is_currency = |unit: &str| unit.len() == 3 && unit.bytes().all(|letter| letter.is_ascii_uppercase());
    match field.kind {
        Kind::Money => true,
        Kind::Number => field.unit.as_deref().is_some_and(|unit| is_currency(unit) || ADDING_UP.contains(&unit)),
        _ => false,
    }
}

/// What stands in a record's cell of a column.
#[must_use]
pub fn column_content(desk: &Desk<'_>, held: &Held<&Record>, name: &str, root: &str) -> Vec<Part> {
    Part::gathered(held.clone().map(|record| {
        let content = match name {
            "title" => Some(record.title.as_ref().map(|title| wrapped(Html::phrase(&title.0)))),
            "date" => record.date.as_ref().map(|date| {
                date.as_ref().map(|date| {
                    let text = date.to_string();
                    wrapped(Html::element("time", &[("datetime", &text)], &Html::text(&text)))
                })
            }),
            name => record.field(name).map(|field| {
                let within = field.clearance().clone();
                field.map(|field| {
                    let html = Showing { desk, record, root, within: &within }.value(&field.value);
                    match place_of(record, name, &field.value) {
                        Some(place) => Html::element("span", &[("data-value", &place.to_string())], &html),
                        None => wrapped(html),
                    }
                })
            }),
        };
        let content = content.or_else(|| latest(record, name).map(|html| html.map(wrapped)));
        let mut parts: Vec<Part> = content.map(Part::leaf).into_iter().collect();
        // Members of a group that ask for more follow in the same cell, for those who may read them.
        if let Some(field) = record.field(name) {
            parts.extend(narrower_members(&field, |group, member| {
                let within = member.clearance().clone();
                member.map(|member| {
                    let showing = Showing { desk, record, root, within: &within };
                    let label = [group, Html::phrase(&member.title), Html::text(" ")];
                    wrapped(Html::joined(label.into_iter().chain([showing.value(&member.value)])))
                })
            }));
        }
        parts
    }))
}

/// The place of a choice among those that the type lists: they are sorted as they stand there, not by the alphabet. A
/// dossier's tier is one, and the most valuable comes first.
fn place_of(record: &Record, name: &str, value: &Value) -> Option<usize> {
    let Value::Choice { word, .. } = value else { return None };
    record.record_type.field(name)?.choices.iter().position(|choice| choice.word == *word)
}

/// What the last row of a series says in a column.
fn latest(record: &Record, name: &str) -> Option<Held<Html>> {
    let columns = &record.series.as_ref()?.columns;
    columns.iter().find_map(|column| {
        let cell = column.as_ref().map(|column| {
            let cell = column.cells.last().filter(|cell| column.name == name && !cell.is_empty())?;
            Some(Html::text(&match &column.unit {
                Some(unit) => format!("{cell} {unit}"),
                None => cell.to_owned(),
            }))
        });
        cell.transpose()
    })
}

/// A cell's content is placed as one element.
#[must_use]
pub fn wrapped(html: Html) -> Html {
    Html::element("span", &[], &html)
}
