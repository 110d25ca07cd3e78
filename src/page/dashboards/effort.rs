//! What it costs to keep each dossier, against what the customer brings.

use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Empty, Part, Shell};
use super::super::table::{Column, long_table_part};
use super::cells::{Shown, counted_cell, first_cell, rows, seen_cell, tier_cell};
use crate::access::Held;
use crate::dossier::Dossier;
use crate::reckoning::{Effort, Seen, Worth, storage, worth};
use crate::record::Kind;

/// A row for each dossier. Shares of revenue and of effort, and what comes of the two, are reckoned by the reader's
/// browser from what the reader sees; money of several currencies is never added up.
pub fn effort(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let column = |key: &str, kind| Column::of(desk.word(key), kind);
    let columns = [
        Column::customers(desk),
        column("tier.title", Kind::Choice),
        column("effort.revenue", Kind::Money),
        Column::counted(desk.word("effort.share")),
        column("effort.records", Kind::Number),
        column("effort.changes", Kind::Number),
        column("effort.visits", Kind::Number),
        column("effort.hours", Kind::Number),
        Column::counted(desk.word("effort.storage")),
        Column::counted(desk.word("effort.weight")),
        Column { kind: "choice", ..Column::counted(desk.word("effort.balance")) },
    ];
    let month = desk.archive.day.strftime("%Y-%m").to_string();
    let rows = rows(desk, "effort", root, |held, tier| {
        let seen: Seen<Effort> =
            Seen::joined(held.clone().map(|dossier| crate::reckoning::effort(desk.archive, desk.history, dossier)));
        let number = |pick: fn(&Effort) -> usize| {
            let month = &month;
            seen_cell(held, "number first", &seen, move |effort, _| {
                let n = pick(effort);
                // A year is counted by months. The month is in every envelope, so that all of them change when it ends,
                // and none tells of what fell out of the year.
                Shown::by(Html::element("span", &[("data-month", month)], &Html::text(&n.to_string())), n)
            })
        };
        vec![
            tier_cell(held, tier),
            revenue_cell(held),
            counted_cell(desk, held, "number", "share"),
            number(|effort| effort.records),
            number(|effort| effort.changes),
            number(|effort| effort.visits),
            seen_cell(held, "number first", &seen, |effort, _| hours(effort.hours)),
            storage_cell(desk, held),
            counted_cell(desk, held, "number", "weight"),
            counted_cell(desk, held, "choice", "balance"),
        ]
    });
    vec![
        long_table_part(desk, "effort", &desk.word("dashboard.effort"), &columns, &[1, 10], rows),
        Part::leaf(desk.said(Html::element("p", &[("class", "dashboard-note")], &desk.word("effort.note")))),
        Part::leaf(desk.said(places_for_the_browser(desk))),
    ]
}

/// What a customer brings, for those who may know it.
pub fn revenue_cell(held: &Held<&Dossier>) -> Part {
    let shown = worth(held).map(|worth| worth.map(|worth| money(&worth)));
    first_cell(held, "money", shown.into_iter().collect())
}

fn money(worth: &Worth<'_>) -> Shown {
    let words = Html::both(&worth.value.plain("zh"), &worth.value.plain("en"));
    // The currency stands beside the amount, so that amounts of two currencies are not taken for one another.
    Shown::by(Html::element("span", &[("data-currency", worth.currency)], &words), worth.amount)
}

/// What is stored, a piece for each clearance: the reader's browser adds up those that are to be seen. So one sum serves
/// everybody, and none is reckoned of what its reader may not read.
fn storage_cell(desk: &Desk<'_>, held: &Held<&Dossier>) -> Part {
    let sum = Part::leaf(desk.said(Html::element("span", &[("data-counted", "storage")], &Html::default())));
    let pieces = Part::gathered(held.clone().map(|dossier| {
        let pieces = storage(desk.archive, dossier).into_iter().map(|stored| {
            Part::leaf(stored.map(|stored| {
                let (files, text) = (stored.files.to_string(), stored.text.to_string());
                let said = [("data-files", files.as_str()), ("data-text", text.as_str()), ("hidden", "hidden")];
                Html::element("span", &said, &Html::default())
            }))
        });
        pieces.collect()
    }));
    let shell = held.clone().map(|_| Shell::element("td", &[("class", "number"), ("hidden", "hidden")]));
    Part::group(shell, std::iter::once(sum).chain(pieces).collect(), Empty::Keep)
}

fn hours(hours: f64) -> Shown {
    if hours == 0.0 {
        return Shown::text(Html::default());
    }
    let text = format!("{hours:.1}");
    Shown::by(Html::text(text.trim_end_matches(".0")), hours)
}

/// Where the browser draws the curve of revenue and writes the sums of the tiers, and the words that it needs for it.
fn places_for_the_browser(desk: &Desk<'_>) -> Html {
    let tiers = desk.archive.settings.tiers.iter().enumerate().map(|(place, (_, tier))| {
        Html::element("span", &[("data-word", &format!("tier_{place}"))], &Html::phrase(&tier.title))
    });
    let keys = [
        "over",
        "under",
        "even",
        "pareto",
        "by_tier",
        "customers",
        "share",
        "weight",
        "ratio",
        "storage",
        "files",
        "text",
    ];
    let words = keys.iter().map(|key| {
        Html::element("span", &[("data-word", &format!("effort_{key}"))], &desk.word(&format!("effort.{key}")))
    });
    let words = Html::element("template", &[("class", "words")], &Html::joined(tiers.chain(words)));
    let places = ["effort-tiers", "effort-pareto"].map(|id| Html::element("div", &[("id", id)], &Html::default()));
    Html::element("div", &[], &Html::joined(places.into_iter().chain([words])))
}
