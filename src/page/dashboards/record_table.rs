//! Tables of the records of one type from all dossiers, the nearest day first.

use super::super::customers::dossier_href;
use super::super::dossier_page::title;
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::Part;
use super::super::table::{Column, cell_part, column_content, column_of, row_part, table_part};
use crate::access::Held;
use crate::dossier::Dossier;
use crate::record::{Kind, Record, RecordType};
use jiff::civil::Date;

/// What a table of records shows.
pub struct Shows<'a> {
    /// The table's id, and the beginning of those of its rows.
    pub id: &'static str,
    /// The type of the records.
    pub record_type: &'a str,
    /// Its fields; those that an archive's own type lacks are left out.
    pub fields: &'a [&'a str],
    /// The field whose day puts the rows in their order.
    pub by: &'a str,
    /// The fields among whose values a reader chooses.
    pub choices: &'a [&'a str],
}

/// The table: what each record is called, whose it is, and its fields. None where there is no such type.
pub fn record_table(desk: &Desk<'_>, shows: &Shows<'_>, caption: &Html, root: &str) -> Option<Part> {
    let record_type = desk.archive.types.get(shows.record_type)?;
    let known = |name: &&str| record_type.field(name).is_some();
    let names: Vec<&str> = shows.fields.iter().copied().filter(known).collect();
    let mut columns = vec![
        Column::of(Html::phrase(&record_type.title), Kind::Text),
        Column::of(desk.word("register.customer"), Kind::Text),
    ];
    columns.extend(names.iter().map(|name| column_of(desk, record_type, name)));
    let chosen = names.iter().enumerate().filter(|(_, name)| shows.choices.contains(name)).map(|(n, _)| n + 2);
    let filters: Vec<usize> = std::iter::once(1).chain(chosen).collect();
    let here = |record: &Record| record.record_type.name == record_type.name;
    let mut rows: Vec<(Held<Option<Date>>, Part)> = Vec::new();
    for held in desk.archive.dossiers.lay_out(|held| held) {
        let of_dossier = held.clone().map(|dossier| {
            let row = |record: Held<&Record>| {
                (day_of(&record, shows.by), row(desk, &record, dossier, &names, &columns, shows.id, root))
            };
            dossier.records.pick(here).map(row).collect::<Vec<_>>()
        });
        for one in of_dossier.spread() {
            let day = one.as_ref().map(|(day, _)| day.clone()).flatten();
            rows.extend(Part::gathered(one.map(|(_, part)| vec![part])).into_iter().map(|part| (day.clone(), part)));
        }
    }
    // What has no day comes last.
    rows.sort_by(|one, other| one.0.order(&other.0, |one, other| (one.is_none(), one).cmp(&(other.is_none(), other))));
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    Some(table_part(desk, shows.id, caption, &columns, &filters, rows))
}

/// The same table of the records of registers, which belong to no customer.
pub fn register_table(desk: &Desk<'_>, shows: &Shows<'_>, root: &str) -> Option<Part> {
    let record_type = desk.archive.types.get(shows.record_type)?;
    let names: Vec<&str> = shows.fields.iter().copied().filter(|name| is_column(record_type, name)).collect();
    let columns: Vec<Column> = names.iter().map(|name| column_of(desk, record_type, name)).collect();
    let filters: Vec<usize> =
        names.iter().enumerate().filter(|(_, name)| shows.choices.contains(name)).map(|(n, _)| n).collect();
    let id = shows.id;
    let row = |held: Held<&Record>| {
        let asks = held.clone().map(|_| ());
        let cells = names.iter().zip(&columns).enumerate().map(|(n, (name, column))| {
            let content = if n == 0 { vec![link(desk, &held, root)] } else { column_content(desk, &held, name, root) };
            cell_part(asks.clone(), column.kind, n == 0, content)
        });
        let cells = cells.collect();
        let row = held.clone().map(|record| format!("{id}/{}", record.name).replace(char::is_whitespace, "_"));
        (day_of(&held, shows.by), row_part(row, cells))
    };
    let picked = desk.archive.registers.pick(|record| record.record_type.name == record_type.name);
    let mut rows: Vec<(Held<Option<Date>>, Part)> = picked.map(row).collect();
    rows.sort_by(|one, other| one.0.order(&other.0, |one, other| (one.is_none(), one).cmp(&(other.is_none(), other))));
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    Some(table_part(desk, id, &Html::phrase(&record_type.title), &columns, &filters, rows))
}

/// Whether a table of a type can have a column of this name.
fn is_column(record_type: &RecordType, name: &str) -> bool {
    matches!(name, "title" | "date") || record_type.field(name).is_some()
}

/// The day by which a row is put in its order: one that asks for more than the row counts as none, since where a row
/// stands among others would tell of it.
fn day_of(held: &Held<&Record>, field: &str) -> Held<Option<Date>> {
    held.clone().map(|record| match field {
        "date" => record.date.as_ref()?.within(&record.clearance).copied(),
        field => record.field(field)?.within(&record.clearance)?.value.day(),
    })
}

fn row(
    desk: &Desk<'_>,
    held: &Held<&Record>,
    dossier: &Dossier,
    names: &[&str],
    columns: &[Column],
    id: &str,
    root: &str,
) -> Part {
    let asks = held.clone().map(|_| ());
    let mut cells = vec![cell_part(asks.clone(), "text", true, vec![link(desk, held, root)])];
    cells.push(cell_part(asks.clone(), "text", false, vec![customer(desk, dossier, root)]));
    for (n, name) in names.iter().enumerate() {
        let kind = columns.get(n + 2).map_or("text", |column| column.kind);
        cells.push(cell_part(asks.clone(), kind, false, column_content(desk, held, name, root)));
    }
    row_part(held.clone().map(|record| format!("{id}/{}", record.name).replace(char::is_whitespace, "_")), cells)
}

/// A link to a record, by what it is called.
pub fn link(desk: &Desk<'_>, held: &Held<&Record>, root: &str) -> Part {
    let linked = held.clone().map(|record| {
        let target = desk.archive.names.get(&record.name.to_string());
        let at = target.map(|target| desk.href(root, target)).unwrap_or_default();
        record.title.as_ref().map(|title| Html::element("a", &[("href", &at)], &Html::phrase(&title.0)))
    });
    Part::leaf(linked.flatten())
}

/// A link to a dossier, by what its customer is called.
pub fn customer(desk: &Desk<'_>, dossier: &Dossier, root: &str) -> Part {
    let at = dossier_href(desk, dossier, root);
    Part::leaf(title(dossier).map(|title| Html::element("a", &[("href", &at)], &Html::phrase(&title))))
}
