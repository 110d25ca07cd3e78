//! What was measured of each line against what was promised of it: those below it most often first.

use super::super::customers::{customer_cell, sort_key};
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::Part;
use super::super::pinyin::sort_rows;
use super::super::table::{Column, cell_part, row_part, table_part, wrapped};
use super::cells::Shown;
use crate::access::{Clearance, Held};
use crate::dossier::Dossier;
use crate::reckoning::{Measured, measured};
use crate::record::{Kind, RecordName, RecordType};
use rayon::prelude::*;

/// A table for each type of series of which something was promised.
pub fn availability(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let promised = desk.archive.types.iter().filter(|of| of.fields.iter().any(|field| field.floor.is_some()));
    let mut parts: Vec<Part> = promised.enumerate().map(|(n, of)| of_type(desk, n, of, root)).collect();
    parts.push(Part::leaf(desk.said(Html::element("p", &[("class", "dashboard-note")], &desk.word("promise.note")))));
    parts
}

fn of_type(desk: &Desk<'_>, n: usize, of: &RecordType, root: &str) -> Part {
    let columns = [
        Column::customers(desk),
        Column::of(desk.word("promise.line"), Kind::Text),
        Column::of(desk.word("promise.promised"), Kind::Percent),
        Column::of(desk.word("promise.last"), Kind::Percent),
        Column::of(desk.word("promise.lowest"), Kind::Percent),
        Column::of(desk.word("promise.times"), Kind::Number).leading(),
        Column::of(desk.word("promise.breaches"), Kind::Text),
    ];
    let dossiers: Vec<Held<&Dossier>> = desk.archive.dossiers.lay_out(|held| held).collect();
    let of_dossier = |held: &Held<&Dossier>| {
        let lines = held.clone().map(|dossier| measured(desk.archive, of, dossier));
        let lines: Vec<Held<Measured<'_>>> = lines.spread().into_iter().map(Held::flatten).collect();
        lines.into_iter().map(|line| (sort_key(held), row(desk, n, held, &line, root))).collect::<Vec<_>>()
    };
    let mut rows: Vec<(Held<String>, Part)> = dossiers.par_iter().flat_map_iter(of_dossier).collect();
    sort_rows(&mut rows);
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    let id = format!("promised-{n}");
    table_part(desk, &id, &desk.word("dashboard.promises"), &columns, &[0], rows)
}

/// The row of a line: it stands there for whoever may read what was measured and what was promised.
fn row(desk: &Desk<'_>, n: usize, held: &Held<&Dossier>, line: &Held<Measured<'_>>, root: &str) -> Part {
    let within = line.clearance().clone();
    let asks = || line.as_ref().map(|_| ());
    let cell = |kind: &'static str, head: bool, show: &dyn Fn(&Measured<'_>) -> Html| {
        cell_part(asks(), kind, head, vec![Part::leaf(line.as_ref().map(show))])
    };
    let cells = vec![
        customer_cell(desk, held, root),
        cell("text", false, &|line| {
            let name = linked(desk, line.promise.record, &Html::text(&line.promise.line), root, &within);
            wrapped(Html::joined([name, Html::text(" "), Html::phrase(line.title)]))
        }),
        cell("percent", false, &|line| Shown::by(percent(line.promise.floor), line.promise.floor).element()),
        cell("percent", false, &|line| at(line.last)),
        cell("percent", false, &|line| at(line.lowest)),
        cell("number", false, &|line| {
            let times = line.breaches.len();
            let class = if times > 0 { "lack" } else { "" };
            let times = Html::text(&times.to_string());
            Html::element("span", &[("class", class)], &times)
        }),
        cell("text", false, &|line| {
            let breaches = line.breaches.iter().map(|(label, number)| {
                let words =
                    [linked(desk, line.record, &Html::text(label), root, &within), Html::text(" "), percent(*number)];
                Html::element("li", &[], &Html::joined(words))
            });
            wrapped(Html::element("ul", &[("class", "in-line")], &Html::joined(breaches)))
        }),
    ];
    let id = held.clone().with(line.as_ref()).map(|(dossier, line)| {
        let id = format!("promised-{n}/{}/{}", line.promise.line, dossier.name);
        id.replace(char::is_whitespace, "_")
    });
    row_part(id, cells)
}

/// A number with the label of its row.
fn at((label, number): (&str, f64)) -> Html {
    let label = Html::element("span", &[("class", "unit")], &Html::text(&format!(" {label}")));
    Shown::by(Html::joined([percent(number), label]), number).element()
}

fn percent(number: f64) -> Html {
    let text = format!("{number:.3}");
    Html::text(&format!("{}%", text.trim_end_matches('0').trim_end_matches('.')))
}

/// Words as a link to a record, where whoever meets `within` may read it.
pub fn linked(desk: &Desk<'_>, record: &RecordName, words: &Html, root: &str, within: &Clearance) -> Html {
    let target = desk.archive.names.get(&record.to_string());
    match target.and_then(|target| desk.link(root, target, within)) {
        Some(href) => Html::element("a", &[("href", &href)], words),
        None => words.clone(),
    }
}
