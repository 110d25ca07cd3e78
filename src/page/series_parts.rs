//! A series as charts with a table behind them: what stands out in it marked, what was promised as a line.

use super::chart::charts;
use super::html::Html;
use super::page::Desk;
use super::part::{Empty, Part, Shell};
use super::theme::Context;
use crate::access::{Clearance, Held};
use crate::reckoning::{Change, Promise, Seen, alarms_in, promises};
use crate::record::{Record, Series, SeriesColumn, cell_number};
use std::collections::BTreeMap;

/// A column's head.
#[derive(serde::Serialize)]
struct Head {
    label: Html,
    unit: String,
    kind: &'static str,
}

/// Columns of one clearance beside what names their rows.
#[derive(Clone)]
struct Block<'a> {
    labels: &'a SeriesColumn,
    /// The column that tells several lines apart.
    lines: Option<&'a SeriesColumn>,
    columns: Vec<&'a SeriesColumn>,
}

/// The parts of a series: the columns of each clearance together, beside the labels of the rows.
pub(super) fn series_parts(desk: &Desk<'_>, record: &Record, series: &Series) -> Vec<Part> {
    let Some(labels) = series.columns.get(series.by) else { return Vec::new() };
    let mut by_clearance: BTreeMap<Clearance, Held<Vec<&SeriesColumn>>> = BTreeMap::new();
    // A column that tells several lines apart stands beside every other, as the labels do.
    let key = series.key.and_then(|key| series.columns.get(key)).filter(|_| series.columns.len() > 2);
    let beside = |n: usize| n == series.by || (key.is_some() && series.key == Some(n));
    for column in series.columns.iter().enumerate().filter(|(n, _)| !beside(*n)).map(|(_, column)| column) {
        let clearance = column.clearance().clone();
        let one = column.as_ref().map(|column| vec![column]);
        let joined = match by_clearance.remove(&clearance) {
            Some(columns) => columns.with(one).map(|(mut columns, mut one)| {
                columns.append(&mut one);
                columns
            }),
            None => one,
        };
        by_clearance.insert(clearance, joined);
    }
    let blocks = by_clearance.into_values().enumerate().flat_map(|(n, columns)| {
        let lines = key.map_or_else(|| desk.said(None), |key| key.as_ref().map(Some));
        let block = labels.as_ref().with(lines).with(columns);
        let block = block.map(|((labels, lines), columns)| Block { labels, lines, columns });
        promised_charts(desk, record, &block, n).into_iter().chain([figure(desk, record, block)]).collect::<Vec<_>>()
    });
    blocks.collect()
}

/// The charts of columns of which something was promised. What was promised stands in other records, which may ask for
/// more, so that each group of readers has its own; the style sheet shows the first.
fn promised_charts(desk: &Desk<'_>, record: &Record, block: &Held<Block<'_>>, n: usize) -> Option<Part> {
    let fields = record.record_type.fields.iter().filter(|field| field.floor.is_some() && field.chart);
    let floors: Vec<(&str, &(String, String))> =
        fields.filter_map(|field| Some((field.name.as_str(), field.floor.as_ref()?))).collect();
    if floors.is_empty() {
        return None;
    }
    // The line says by its field which promises it is held against.
    let dossiers = desk.archive.dossiers.pick(|dossier| dossier.name == record.name.dossier);
    let audiences = &desk.archive.settings.audiences;
    let promised: Vec<Held<(&str, Promise<'_>)>> = dossiers
        .flat_map(|dossier| {
            let of_dossier = dossier.map(|dossier| {
                let of_field = |(name, floor)| {
                    let held = promises(dossier, floor, audiences).into_iter();
                    held.map(move |promise| promise.map(|promise| (name, promise))).collect::<Vec<_>>()
                };
                floors.iter().copied().flat_map(of_field).collect::<Vec<_>>()
            });
            of_dossier.spread().into_iter().map(Held::flatten)
        })
        .collect();
    let id = format!("{}//promised-{n}", record.anchor());
    let within = block.clearance();
    let parts = block.as_ref().map(|block| {
        let seen = Seen::of(within, &promised, |promised| {
            let floor = |column: &SeriesColumn, line: &str| {
                let of_line = |(name, promise): &&&(&str, Promise<'_>)| column.name == *name && promise.line == line;
                promised.iter().find(of_line).map(|(_, promise)| promise.floor)
            };
            let columns: Vec<&SeriesColumn> = block
                .columns
                .iter()
                .copied()
                .filter(|column| floors.iter().any(|(name, _)| column.name == *name))
                .collect();
            let below = |column: &SeriesColumn| {
                let lines = block.lines.into_iter().flat_map(|lines| lines.cells.iter());
                let cells = column.cells.iter().zip(lines).enumerate();
                let below = cells.filter(|(_, (cell, line))| {
                    cell_number(cell).zip(floor(column, line)).is_some_and(|(number, floor)| number < floor)
                });
                below.map(|(n, _)| n).collect()
            };
            charts(block.labels, block.lines, &columns, &below, &floor)
        });
        let of_account = |account: Held<&Html>| {
            Part::leaf(account.map(|charts| Html::element("div", &[("class", "charts")], charts)))
        };
        seen.lay_out(of_account).collect()
    });
    let shell = desk.said(Shell::element("div", &[("class", "first promised"), ("id", &id)]));
    Some(Part::group(shell, Part::gathered(parts), Empty::Drop))
}

/// The other charts, and the table of all columns.
fn figure(desk: &Desk<'_>, record: &Record, block: Held<Block<'_>>) -> Part {
    let calendar = &desk.archive.settings.calendar;
    let caption = Html::phrase(&record.record_type.title);
    Part::leaf(block.map(|Block { labels, lines, columns }| {
        let all: Vec<_> = std::iter::once(labels).chain(lines).chain(columns.iter().copied()).collect();
        let heads: Vec<Head> = all
            .iter()
            .map(|column| Head {
                label: Html::phrase(&column.title),
                unit: column.unit.clone().unwrap_or_default(),
                kind: column.kind.word(),
            })
            .collect();
        let rows: Vec<Vec<&str>> = (0..labels.cells.len())
            .map(|n| all.iter().map(|column| column.cells.get(n).unwrap_or_default()).collect())
            .collect();
        let said =
            alarm_words(&columns, labels.cells.len(), |column| alarms_in(record, calendar, labels, lines, column));
        let floored =
            |column: &&SeriesColumn| record.record_type.field(&column.name).is_some_and(|field| field.floor.is_some());
        let drawn: Vec<&SeriesColumn> = columns.iter().copied().filter(|column| !floored(column)).collect();
        let marks = |column: &SeriesColumn| alarms_in(record, calendar, labels, lines, column).into_keys().collect();
        let context = Context::new()
            .html("caption", &caption)
            .value("columns", &heads)
            .value("rows", &rows)
            .value("alarms", &said)
            .html("chart", &charts(labels, lines, &drawn, &marks, &|_, _| None));
        desk.part("parts/series.html", &context)
    }))
}

/// What stands out in each row, in words; nothing where nothing does in any.
fn alarm_words<'a>(
    columns: &[&'a SeriesColumn],
    rows: usize,
    alarms: impl Fn(&'a SeriesColumn) -> BTreeMap<usize, Change<'a>>,
) -> Vec<Html> {
    let mut said: BTreeMap<usize, Vec<Html>> = BTreeMap::new();
    for column in columns {
        for (row, change) in alarms(column) {
            let sign = if change.percent() < 0.0 { "▼ " } else { "▲ " };
            let percent = format!(" {:+.0}%", change.percent()).replace('-', "−");
            let words = [Html::text(sign), Html::phrase(&column.title), Html::text(&percent)];
            said.entry(row).or_default().push(Html::element("span", &[("class", "row-alarm")], &Html::joined(words)));
        }
    }
    if said.is_empty() {
        return Vec::new();
    }
    (0..rows).map(|row| Html::joined(said.remove(&row).unwrap_or_default())).collect()
}
