//! Signs that a customer may leave, as lines of a list.

use super::html::Html;
use super::page::Desk;
use super::part::Part;
use crate::access::{Clearance, Held};
use crate::reckoning::{Account, Reading, Sign, Signs};
use crate::record::Record;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A line for each sign, and one that takes its place for whoever sees that it is none. What is open is told on its days,
/// and keeps its place on others, so that what is sealed beside it keeps its own; what is sealed always stands there, with
/// its days, and the browser looks whether it is one of them: an envelope that changed while nobody changed the archive
/// would tell of what is in it.
#[must_use]
pub fn sign_lines(desk: &Desk<'_>, signs: &Signs<'_>, root: &str) -> Vec<Part> {
    let lines = signs.told.iter().map(|(account, instead)| {
        let within = account.clearance().clone();
        Part::leaf(account.as_ref().map(|account| line(desk, account, *instead, root, &within)))
    });
    lines.collect()
}

fn line(desk: &Desk<'_>, account: &Account<'_>, instead: bool, root: &str, within: &Clearance) -> Html {
    let open = within.is_open();
    let told = account.sign.as_ref().filter(|sign| !open || sign.holds_on(desk.archive.day));
    let days = told.and_then(|sign| sign.days).filter(|_| !open);
    matter_line(&account.matter, told.map(|sign| sign_html(desk, sign, root, within)), instead, days)
}

/// A line of a list in which each reader sees the first account of each matter: what it says, or nothing, and whether
/// it stands in the place of those that follow. `days` are the first and the last on which it says so.
#[must_use]
pub fn matter_line(matter: &str, says: Option<Html>, instead: bool, days: Option<(Date, Date)>) -> Html {
    let class = match (&says, instead) {
        (Some(_), true) => "sign instead",
        (Some(_), false) => "sign",
        (None, true) => "no-sign instead",
        (None, false) => "no-sign",
    };
    let (first, last) = days.map(|(first, last)| (first.to_string(), last.to_string())).unwrap_or_default();
    let attributes = [("class", class), ("data-matter", matter), ("data-first", &first), ("data-last", &last)];
    Html::element("li", &attributes, &says.unwrap_or_default())
}

fn sign_html(desk: &Desk<'_>, sign: &Sign<'_>, root: &str, within: &Clearance) -> Html {
    let name = called(sign.record, within);
    let target = desk.archive.names.get(&sign.record.name.to_string());
    let record = match target.and_then(|target| desk.link(root, target, within)) {
        Some(href) => Html::element("a", &[("href", &href)], &name),
        None => name,
    };
    let title = Html::element("span", &[("class", "sign-title")], &Html::phrase(sign.title));
    let space = || Html::text(" ");
    let reading = Html::element("span", &[("class", "sign-reading")], &reading_html(desk, &sign.reading, within));
    Html::joined([title, space(), record, space(), reading])
}

/// What a record is called among signs: by its title, or by its type where its title is but the name of its file.
fn called(record: &Record, within: &Clearance) -> Html {
    let file = record.name.path.rsplit('/').next().unwrap_or_default();
    match record.title.within(within) {
        Some(title) if title.0.texts().any(|text| text != file) => Html::phrase(&title.0),
        _ if record.series.is_some() => Html::phrase(&record.record_type.title),
        _ => Html::text(file),
    }
}

fn reading_html(desk: &Desk<'_>, reading: &Reading<'_>, within: &Clearance) -> Html {
    match reading {
        Reading::Ends(day) => days_html(desk, *day, within),
        Reading::Numbers(numbers) => Html::text(&numbers.join(" → ")),
        Reading::Lower(columns) => Html::joined(columns.iter().enumerate().flat_map(|(n, (column, percent))| {
            let comma = Html::both(if n > 0 { "、" } else { "" }, if n > 0 { ", " } else { "" });
            [comma, Html::phrase(column), Html::text(&format!(" −{percent}%"))]
        })),
        Reading::On(day) => {
            let text = day.to_string();
            Html::element("time", &[("datetime", &text)], &Html::text(&text))
        }
        Reading::There => Html::default(),
    }
}

/// How many days there are until something ends, or were since. In what is sealed the browser counts them.
fn days_html(desk: &Desk<'_>, end: Date, within: &Clearance) -> Html {
    if !within.is_open() {
        return Html::element("span", &[("data-until", &end.to_string())], &Html::default());
    }
    let days = (end - desk.archive.day).get_days();
    let key = if days < 0 { "sign.past" } else { "sign.left" };
    let days = days.abs().to_string();
    desk.theme.words().sentence_of(key, &days, |_, _| Html::text(&days))
}

/// Something invisible for everybody who may read what was looked at, so that nobody sees from outside for whom
/// something came of it. Where what is sealed on a page is reckoned for a month, the month is in every envelope.
#[must_use]
pub fn looked_parts(looked: impl IntoIterator<Item = Held<()>>, month: &str) -> Vec<Part> {
    let once: BTreeMap<Clearance, Held<()>> = looked.into_iter().map(|held| (held.clearance().clone(), held)).collect();
    let nothing = |()| Html::element("span", &[("hidden", "hidden"), ("data-month", month)], &Html::default());
    once.into_values().map(|held| Part::leaf(held.map(nothing))).collect()
}
