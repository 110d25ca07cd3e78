//! The first page: all dossiers in a table, and the registers.

use super::address::Addresses;
use super::customers::{customer_cell, sort_key};
use super::due_home::due_at_home;
use super::feed_parts::feed;
use super::gone_page::gone_list;
use super::html::Html;
use super::page::{Desk, Page, Region};
use super::part::{Part, Presence};
use super::pinyin::sort_rows;
use super::table::{Column, cell_part, column_content, column_of, long_table_part, row_part};
use super::theme::Context;
use crate::access::Held;
use crate::dossier::Dossier;
use crate::record::{Record, RecordType};

/// The columns that the home page takes from a dossier type that names none itself.
const USUAL: [&str; 6] = ["code", "id", "tier", "industry", "account_manager", "technical_manager"];

/// Makes the home page.
#[must_use]
pub fn home_page(desk: &Desk<'_>) -> Held<Page> {
    let root_type = desk.archive.types.get("dossier").cloned();
    let names = root_type.as_ref().map(|t| columns_of(t)).unwrap_or_default();
    let mut columns = vec![Column::customers(desk)];
    if let Some(root_type) = &root_type {
        columns.extend(names.iter().map(|name| column_of(desk, root_type, name)));
    }
    let filters: Vec<usize> = (1..columns.len())
        .filter(|n| {
            let name = names.get(n - 1).map_or("", String::as_str);
            matches!(name, "tier" | "industry" | "account_manager" | "technical_manager")
        })
        .collect();
    let mut rows: Vec<(Held<String>, Part)> =
        desk.archive.dossiers.lay_out(|held| (sort_key(&held), row(desk, &held, &names, &columns))).collect();
    sort_rows(&mut rows);
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    let table = long_table_part(desk, "dossiers", &desk.word("home.dossiers"), &columns, &filters, rows);
    desk.said(Page {
        address: String::new(),
        template: "home.html",
        title: desk.said(desk.archive.settings.title.clone()),
        regions: Vec::from_iter(due_at_home(desk).into_iter().chain([
            Region { name: "dossiers", id: "dossier-table", parts: vec![table] },
            Region { name: "registers", id: "registers", parts: registers(desk) },
            Region { name: "changes", id: "changes-feed", parts: feed(desk) },
            Region { name: "gone", id: "gone", parts: gone_list(desk) },
        ])),
        current: "home",
        extra: Vec::new(),
    })
}

fn columns_of(root_type: &RecordType) -> Vec<String> {
    if !root_type.register.is_empty() {
        return root_type.register.iter().filter(|name| *name != "name" && *name != "title").cloned().collect();
    }
    USUAL.iter().filter(|name| root_type.field(name).is_some()).map(|name| (*name).to_owned()).collect()
}

fn row(desk: &Desk<'_>, held: &Held<&Dossier>, names: &[String], columns: &[Column]) -> Part {
    let asks = held.clone().map(|_| ());
    let mut cells = vec![customer_cell(desk, held, "")];
    let root: Held<&Record> = held.clone().map(|dossier| &*dossier.root);
    for (n, name) in names.iter().enumerate() {
        let kind = columns.get(n + 1).map_or("text", |column| column.kind);
        cells.push(cell_part(asks.clone(), kind, false, column_content(desk, &root, name, "")));
    }
    // The slash keeps a dossier's name apart from the ids of the page itself.
    row_part(held.clone().map(|dossier| format!("dossier/{}", dossier.name)), cells)
}

/// A link to the register of each type, seen by whoever may read a record of it.
fn registers(desk: &Desk<'_>) -> Vec<Part> {
    let mut any_of = desk.archive.clearances_by_type();
    let mut links = Vec::new();
    for record_type in desk.archive.types.iter() {
        let Some(any_of) = any_of.remove(&record_type.name) else { continue };
        let id = format!("register-{}", record_type.name);
        let context = Context::new()
            .text("id", &id)
            .text("href", &format!("{}index.html", Addresses::register(&record_type.name)))
            .html("label", &Html::phrase(&record_type.title));
        let html = desk.part("parts/toc.html", &context);
        links.push(Part::Presence(Presence { id, html, any_of }));
    }
    links
}
