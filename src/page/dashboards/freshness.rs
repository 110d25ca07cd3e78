//! When each dossier was last looked after, and which are due for a review.

use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::Part;
use super::super::table::{Column, long_table_part};
use super::super::value_html::duration_html;
use super::cells::{Shown, field_cell, first_cell, rows, seen_cell, tier_cell};
use crate::access::Held;
use crate::dossier::Dossier;
use crate::reckoning::{Freshness, Graded, Seen};
use crate::record::Kind;
use jiff::civil::Date;

/// A row for each dossier, the most overdue first.
pub fn freshness(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let column = |key: &str, kind| Column::of(desk.word(key), kind);
    let columns = [
        Column::customers(desk),
        column("tier.title", Kind::Choice),
        column("freshness.manager", Kind::Text),
        column("tier.review", Kind::Text),
        column("freshness.verified", Kind::Date),
        column("freshness.tended", Kind::Date),
        column("freshness.age", Kind::Number),
        column("freshness.state", Kind::Choice),
        column("freshness.overdue", Kind::Number).leading(),
    ];
    let rows = rows(desk, "fresh", root, |held, tier| {
        let seen = fresh(desk, held, tier);
        vec![
            tier_cell(held, tier),
            field_cell(desk, held, "account_manager", root),
            first_cell(
                held,
                "text",
                tier.map(|tier| tier.as_ref().map(|tier| review(desk, tier))).into_iter().collect(),
            ),
            seen_cell(held, "date first", &seen, |fresh, _| day(fresh.verified)),
            seen_cell(held, "date first", &seen, |fresh, _| day(fresh.tended)),
            seen_cell(held, "number first", &seen, |fresh, open| age(desk, fresh, open)),
            seen_cell(held, "choice first", &seen, |fresh, open| state_since(desk, fresh.review, open)),
            seen_cell(held, "number first", &seen, |fresh, open| overdue(desk, fresh, open)),
        ]
    });
    let note = Html::element("p", &[("class", "dashboard-note")], &desk.word("freshness.note"));
    vec![
        long_table_part(desk, "freshness", &desk.word("dashboard.freshness"), &columns, &[1, 2, 7], rows),
        Part::leaf(desk.said(note)),
    ]
}

/// How fresh a dossier is, by the rule of its tier.
pub fn fresh(desk: &Desk<'_>, held: &Held<&Dossier>, tier: Option<&Held<Graded<'_>>>) -> Seen<Freshness> {
    Seen::joined(held.clone().map(|dossier| {
        let tier = tier.map(|tier| tier.as_ref().map(|tier| tier.tier));
        crate::reckoning::freshness(desk.archive, desk.history, dossier, tier)
    }))
}

fn review(desk: &Desk<'_>, tier: &Graded<'_>) -> Shown {
    Shown::text(
        tier.tier.review.as_ref().map_or_else(Html::default, |interval| duration_html(desk, &interval.to_string())),
    )
}

/// A day, where there is one.
pub fn day(day: Option<Date>) -> Shown {
    let Some(text) = day.map(|day| day.to_string()) else { return Shown::text(Html::default()) };
    Shown::by(Html::element("time", &[("datetime", &text)], &Html::text(&text)), text)
}

fn age(desk: &Desk<'_>, fresh: &Freshness, open: bool) -> Shown {
    match fresh.age(desk.archive.day) {
        Some(days) if open => Shown::text(Html::text(&days.to_string())),
        _ => for_the_browser("age", fresh.counts),
    }
}

/// Whether a day has passed by which something was to be looked at again, as a tag.
pub fn state_since(desk: &Desk<'_>, by: Option<Date>, open: bool) -> Shown {
    let Some(day) = by.filter(|_| open) else { return for_the_browser("state", by) };
    let (class, key) =
        if day < desk.archive.day { ("tag tag-warn", "freshness.stale") } else { ("tag", "freshness.fresh") };
    Shown::text(Html::element("span", &[("class", class)], &desk.word(key)))
}

/// How many days late its review is.
pub fn overdue(desk: &Desk<'_>, fresh: &Freshness, open: bool) -> Shown {
    overdue_since(desk, fresh.review, open)
}

/// How many days have passed since a day by which something was to be looked at again.
pub fn overdue_since(desk: &Desk<'_>, by: Option<Date>, open: bool) -> Shown {
    let Some(day) = by.filter(|_| open) else { return for_the_browser("overdue", by) };
    let days = (desk.archive.day - day).get_days();
    if days <= 0 {
        return Shown::text(Html::default());
    }
    Shown::text(Html::element("span", &[("class", "overdue")], &Html::text(&days.to_string())))
}

/// A place in which the reader's browser says how long ago a day is.
fn for_the_browser(what: &str, day: Option<Date>) -> Shown {
    let Some(day) = day else { return Shown::text(Html::default()) };
    Shown::text(Html::element("span", &[("data-days", what), ("data-since", &day.to_string())], &Html::default()))
}
