//! How satisfied each customer is, the least satisfied first, and what was asked in surveys.

use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::Part;
use super::super::table::{Column, long_table_part};
use super::cells::{Shown, field_cell, rows, seen_cell, tier_cell};
use super::record_table::{Shows, register_table};
use crate::reckoning::{SATISFACTION, Satisfaction, satisfaction};
use crate::record::Kind;

/// How many measurements a course shows, at the most.
const SHOWN: usize = 6;

/// A row for each dossier: the last score, how it changed, what was weakest, and the course; below them the surveys.
pub fn satisfied(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let surveys = Shows {
        id: "surveys",
        record_type: "survey",
        fields: &["title", "wave", "until", "method", "sent", "answered", "conclusion", "led_by"],
        by: "until",
        choices: &["method", "led_by"],
    };
    let asked = register_table(desk, &surveys, root);
    let measured = desk.archive.types.get(SATISFACTION).map(|_| measured(desk, root));
    measured.into_iter().flatten().chain(asked).collect()
}

fn measured(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let column = |key: &str, kind| Column::of(desk.word(key), kind);
    let columns = [
        Column::customers(desk),
        column("tier.title", Kind::Choice),
        column("freshness.manager", Kind::Text),
        column("satisfied.score", Kind::Number).lowest(),
        column("satisfied.change", Kind::Number),
        column("satisfied.when", Kind::Date),
        column("satisfied.weakest", Kind::Text),
        column("satisfied.course", Kind::Text),
    ];
    let rows = rows(desk, "satisfied", root, |held, tier| {
        let seen = satisfaction(desk.archive, held);
        let cell = |class, show: fn(&Satisfaction<'_>) -> Shown| {
            seen_cell(held, class, &seen, move |account, _| show(account))
        };
        vec![
            tier_cell(held, tier),
            field_cell(desk, held, "account_manager", root),
            cell("number first", score),
            cell("number first", change),
            cell("date first", when),
            cell("text first", weakest),
            cell("text first", course),
        ]
    });
    let caption = desk.word("dashboard.satisfaction");
    vec![
        long_table_part(desk, "satisfied", &caption, &columns, &[1, 2], rows),
        Part::leaf(desk.said(Html::element("p", &[("class", "dashboard-note")], &desk.word("satisfied.note")))),
    ]
}

fn nothing() -> Shown {
    Shown::text(Html::default())
}

fn score(account: &Satisfaction<'_>) -> Shown {
    account.last().map_or_else(nothing, |last| Shown::by(Html::text(&last.said), last.share))
}

/// Signs say what colours would not: a minus as long as the plus.
fn change(account: &Satisfaction<'_>) -> Shown {
    account.change().map_or_else(nothing, |change| {
        let tenths = (change * 10.0).round() / 10.0;
        let (sign, class) = match tenths {
            0.0 => ("±", ""),
            more if more > 0.0 => ("+", ""),
            _ => ("−", "overdue"),
        };
        let text = Html::text(&format!("{sign}{}", tenths.abs()));
        Shown::by(Html::element("span", &[("class", class)], &text), tenths)
    })
}

fn when(account: &Satisfaction<'_>) -> Shown {
    account.last().map_or_else(nothing, |last| Shown::by(Html::text(&last.when), &last.when))
}

fn weakest(account: &Satisfaction<'_>) -> Shown {
    account
        .weakest
        .map_or_else(nothing, |field| Shown::text(Html::both(&field.value.plain("zh"), &field.value.plain("en"))))
}

fn course(account: &Satisfaction<'_>) -> Shown {
    let from = account.course.len().saturating_sub(SHOWN);
    let said: Vec<&str> = account.course.iter().skip(from).map(|measure| measure.said.as_str()).collect();
    Shown::text(Html::text(&said.join(" → ")))
}
