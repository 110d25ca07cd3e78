//! A register: all records of one type, as a table; and the texts of those that belong to no customer.

use super::address::{Addresses, href};
use super::dossier_page::title;
use super::html::Html;
use super::page::{Desk, Page, Region, root_of};
use super::part::Part;
use super::plates::{level_html, retention_html};
use super::record_parts::record_part;
use super::table::{Column, cell_part, column_content, column_of, long_table_part, register_columns, row_part};
use crate::access::Held;
use crate::dossier::Dossier;
use crate::record::{Kind, Record, RecordType};

/// Makes the page of a type's register. There is one for every type, so that a page's being there says nothing.
#[must_use]
pub fn register_page(desk: &Desk<'_>, record_type: &RecordType) -> Held<Page> {
    let address = Addresses::register(&record_type.name);
    let root = root_of(&address);
    // An item of a list is called by its key: the first column, which leads to it, is that field's.
    let key = record_type.key.as_deref().filter(|_| !record_type.series).and_then(|key| record_type.field(key));
    let names: Vec<String> =
        register_columns(record_type).into_iter().filter(|name| key.is_none_or(|key| key.name != *name)).collect();
    let called = key.map_or_else(|| desk.word("register.record"), |key| Html::phrase(&key.title));
    let mut columns = vec![Column::of(called, Kind::Text), Column::customers(desk)];
    columns.extend(names.iter().map(|name| column_of(desk, record_type, name)));
    let here = |record: &Record| record.record_type.name == record_type.name;
    let mut rows = Vec::new();
    for held in desk.archive.dossiers.lay_out(|held| held) {
        rows.extend(Part::gathered(held.clone().map(|dossier| {
            dossier.records.pick(here).map(|record| row(desk, &record, Some(&held), &names, &columns, &root)).collect()
        })));
    }
    rows.extend(desk.archive.registers.pick(here).map(|record| row(desk, &record, None, &names, &columns, &root)));
    let choices = names.iter().enumerate().filter(|(n, _)| columns.get(n + 2).is_some_and(|c| c.kind == "choice"));
    let filters: Vec<usize> = std::iter::once(1).chain(choices.map(|(n, _)| n + 2)).collect();
    let table = long_table_part(desk, "register", &Html::phrase(&record_type.title), &columns, &filters, rows);
    let texts = desk.archive.registers.pick(here).map(|record| record_part(desk, &record, &root)).collect();
    desk.said(Page {
        address: address.clone(),
        template: "register.html",
        title: desk.said(record_type.title.clone()),
        regions: vec![
            Region { name: "table", id: "register-table", parts: vec![table] },
            Region { name: "records", id: "register-records", parts: texts },
        ],
        current: "registers",
        extra: vec![
            ("heading", Html::phrase(&record_type.title)),
            ("description", record_type.purpose.as_ref().map(Html::phrase).unwrap_or_default()),
            ("retention", retention_html(desk, record_type).unwrap_or_default()),
        ],
    })
}

fn row(
    desk: &Desk<'_>,
    held: &Held<&Record>,
    dossier: Option<&Held<&Dossier>>,
    names: &[String],
    columns: &[Column],
    root: &str,
) -> Part {
    let asks = held.clone().map(|_| ());
    let link = held.clone().map(|record| {
        let target = desk.archive.names.get(&record.name.to_string());
        let at = target.map(|target| desk.href(root, target)).unwrap_or_default();
        let last = record.name.path.rsplit('/').next().unwrap_or_default();
        Html::element("a", &[("href", &at)], &Html::text(last))
    });
    let marked = held.clone().map(|record| record.marking.as_ref().map(Held::as_ref)).transpose().map(Held::flatten);
    let marked = marked.map(|plate| Part::leaf(plate.map(level_html)));
    let called = std::iter::once(Part::leaf(link)).chain(marked).collect();
    let mut cells = vec![cell_part(asks.clone(), "code", true, called)];
    let customer = dossier.map(|dossier| {
        Part::gathered(dossier.clone().map(|dossier| {
            let address = desk.addresses.dossier(&dossier.name, dossier.clearance());
            let at = format!("{root}{}index.html", href(&address));
            vec![Part::leaf(title(dossier).map(|title| Html::element("a", &[("href", &at)], &Html::phrase(&title))))]
        }))
    });
    cells.push(cell_part(asks.clone(), "text", false, customer.unwrap_or_default()));
    for (n, name) in names.iter().enumerate() {
        let kind = columns.get(n + 2).map_or("text", |column| column.kind);
        cells.push(cell_part(asks.clone(), kind, false, column_content(desk, held, name, root)));
    }
    row_part(held.clone().map(|record| record.name.to_string().replace(char::is_whitespace, "_")), cells)
}
