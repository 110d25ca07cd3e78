//! The first page: all dossiers in a table, and the registers.

use super::address::Addresses;
use super::customers::{customer_cell, sort_key};
use super::dossier_page::title;
use super::due_page::due_at_home;
use super::gone_page::{gone_link, gone_list};
use super::history_parts::day_of;
use super::html::Html;
use super::page::{Desk, Page, Region};
use super::part::{Paper, Part, Presence, Shell};
use super::pinyin::sort_rows;
use super::table::{Column, cell_part, column_content, column_of, row_part, table_part};
use super::theme::Context;
use crate::access::Held;
use crate::dossier::Dossier;
use crate::history::{Commit, History, Latest};
use crate::record::{Kind, Record, RecordType};
use jiff::civil::Date;
use std::cmp::Reverse;

/// The columns that the home page takes from a dossier type that names none itself.
const USUAL: [&str; 6] = ["code", "id", "tier", "industry", "account_manager", "technical_manager"];

/// Makes the home page.
#[must_use]
pub fn home_page(desk: &Desk<'_>) -> Held<Page> {
    let root_type = desk.archive.types.get("dossier").cloned();
    let names = root_type.as_ref().map(|t| columns_of(t)).unwrap_or_default();
    let mut columns = vec![Column::of(desk.word("register.customer"), Kind::Text)];
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
    let table = table_part(desk, "dossiers", &desk.word("home.dossiers"), &columns, &filters, rows);
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
    let root: Held<&Record> = held.clone().map(|dossier| &dossier.root);
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

/// What changed last, a line for each record that a commit changed.
fn feed(desk: &Desk<'_>) -> Vec<Part> {
    let Some(history) = desk.history else { return Vec::new() };
    let papers: Vec<_> = history.latest().iter().map(|held| feed_paper(desk, history, held)).collect();
    Part::filed(
        papers,
        |(Reverse((number, day)), name)| {
            let of_commit = || history.commit(*number).map(|commit| feed_shell(desk, commit, name));
            desk.said(day.map(|day| opened_shell(desk, day, name)).or_else(of_commit).unwrap_or_default())
        },
        |_, ()| desk.said(Shell::default()),
    )
}

/// When it happened, with a commit or on a day that came after it; and the record.
type FeedLabel = (Reverse<(usize, Option<Date>)>, String);

fn feed_paper(desk: &Desk<'_>, history: &History, held: &Held<Latest>) -> Held<Paper<FeedLabel, ()>> {
    let asks = held.clearance().clone();
    held.as_ref().map(|latest| {
        let label = (Reverse((latest.commit, latest.day)), latest.record.to_string());
        let of_commit = || history.commit(latest.commit).map(|commit| commit.short.clone()).unwrap_or_default();
        let when = latest.day.map_or_else(of_commit, |day| day.to_string());
        let id = |what: &str| format!("feed/{when}/{}//{what}", latest.record);
        let dossiers = desk.archive.dossiers.pick(|dossier| dossier.name == latest.record.dossier);
        let target = desk.archive.names.get(&latest.record.to_string());
        let mut parts: Vec<Part> = dossiers
            .flat_map(|dossier| {
                let name = dossier.map(|dossier| {
                    title(dossier).map(|title| {
                        let address = desk.addresses.dossier(&dossier.name, dossier.clearance());
                        let href = format!("{}index.html", super::address::href(&address));
                        let name = Html::element("a", &[("href", &href)], &Html::phrase(&title));
                        Html::element("span", &[("class", "feed-dossier"), ("id", &id("dossier"))], &name)
                    })
                });
                Part::gathered(name.map(|name| vec![Part::beside(id("dossier"), name, [asks.clone()])]))
            })
            .collect();
        for gone in history.gone().pick(|gone| gone.name == latest.record.dossier) {
            parts.push(Part::beside(id("dossier"), gone_link(desk, "", &gone, &id("dossier")), [asks.clone()]));
        }
        // A dossier's own record has no title but its file's name: it is called by its type.
        let own = latest.record.path.rsplit('/').next() == Some("dossier");
        let root_type = own.then(|| desk.archive.types.get("dossier")).flatten();
        if let Some(held) = history.title(&latest.record) {
            let html = held.map(|title| {
                let title = root_type.map_or(title, |root_type| &root_type.title);
                let href = target.and_then(|target| desk.link("", target, &asks)).unwrap_or_default();
                let name = Html::element("a", &[("href", &href)], &Html::phrase(title));
                Html::element("span", &[("class", "feed-record"), ("id", &id("record"))], &name)
            });
            parts.push(Part::beside(id("record"), html, [asks.clone()]));
        }
        Paper { drawer: label, folder: None, parts }
    })
}

/// What stands around a record that a day opened: nobody did it then.
fn opened_shell(desk: &Desk<'_>, day: Date, name: &str) -> Shell {
    let context = Context::new().text("day", &day.to_string());
    desk.theme.shell("parts/history/opened.html", &format!("feed/{day}/{name}"), context)
}

fn feed_shell(desk: &Desk<'_>, commit: &Commit, name: &str) -> Shell {
    let day = day_of(commit);
    let context = Context::new().text("day", &day).text("author", &commit.author);
    desk.theme.shell("parts/history/entry.html", &format!("feed/{}/{name}", commit.short), context)
}
