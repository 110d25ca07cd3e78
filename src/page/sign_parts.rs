//! Signs that a customer may leave, as lines of a list.

use super::html::Html;
use super::page::Desk;
use super::part::Part;
use crate::access::{Clearance, Held};
use crate::reckoning::{Account, Reading, Sign, Signs};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A line for each sign, and one that takes its place for whoever sees that it is none. What is open is told on its days;
/// what is sealed always stands there, with its days, and the browser looks whether it is one of them: an envelope that
/// changed while nobody changed the archive would tell of what is in it.
#[must_use]
pub fn sign_lines(desk: &Desk<'_>, signs: &Signs<'_>, root: &str) -> Vec<Part> {
    let lines = signs.told.iter().filter_map(|(account, instead)| {
        let within = account.clearance().clone();
        let line = account.as_ref().map(|account| line(desk, account, *instead, root, &within));
        line.transpose().map(Part::leaf)
    });
    lines.collect()
}

fn line(desk: &Desk<'_>, account: &Account<'_>, instead: bool, root: &str, within: &Clearance) -> Option<Html> {
    let open = within.is_open();
    if open && account.sign.as_ref().is_some_and(|sign| !sign.holds_on(desk.archive.day)) {
        return None;
    }
    let days = account.sign.as_ref().and_then(|sign| sign.days).filter(|_| !open);
    let sign = account.sign.as_ref().map(|sign| sign_html(desk, sign, root, within));
    Some(matter_line(&account.matter, sign, instead, days))
}

/// A line of a list in which each reader sees the first account of each matter: what it says, or nothing, and whether
/// it stands in the place of those that follow. `days` are the first and the last on which it says so.
#[must_use]
pub fn matter_line(matter: &str, says: Option<Html>, instead: bool, days: Option<(Date, Date)>) -> Html {
    let class = match (&says, instead) {
        (Some(_), true) => "sign instead",
        (Some(_), false) => "sign",
        (None, _) => "no-sign instead",
    };
    let (first, last) = days.map(|(first, last)| (first.to_string(), last.to_string())).unwrap_or_default();
    let attributes = [("class", class), ("data-matter", matter), ("data-first", &first), ("data-last", &last)];
    Html::element("li", &attributes, &says.unwrap_or_default())
}

fn sign_html(desk: &Desk<'_>, sign: &Sign<'_>, root: &str, within: &Clearance) -> Html {
    let name = sign.record.path.rsplit('/').next().unwrap_or_default();
    let target = desk.archive.names.get(&sign.record.to_string());
    let record = match target.and_then(|target| desk.link(root, target, within)) {
        Some(href) => Html::element("a", &[("href", &href)], &Html::text(name)),
        None => Html::text(name),
    };
    let title = Html::element("span", &[("class", "sign-title")], &Html::phrase(sign.title));
    let space = || Html::text(" ");
    let reading = Html::element("span", &[("class", "sign-reading")], &reading_html(desk, &sign.reading, within));
    Html::joined([title, space(), record, space(), reading])
}

fn reading_html(desk: &Desk<'_>, reading: &Reading<'_>, within: &Clearance) -> Html {
    match reading {
        Reading::Ends(day) => days_html(desk, *day, within),
        Reading::Numbers(numbers) => Html::text(&numbers.join(" → ")),
        Reading::Lower(column, percent) => Html::joined([Html::phrase(column), Html::text(&format!(" −{percent}%"))]),
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
    desk.theme.words().sentence(key, |_, _| Html::text(&days.abs().to_string()))
}

/// Something invisible for everybody who may read what was looked at, so that nobody sees from outside for whom
/// something came of it. Where what is sealed on a page is reckoned for a month, the month is in every envelope.
#[must_use]
pub fn looked_parts(looked: impl IntoIterator<Item = Held<()>>, month: &str) -> Vec<Part> {
    let once: BTreeMap<Clearance, Held<()>> = looked.into_iter().map(|held| (held.clearance().clone(), held)).collect();
    let nothing = |()| Html::element("span", &[("hidden", "hidden"), ("data-month", month)], &Html::default());
    once.into_values().map(|held| Part::leaf(held.map(nothing))).collect()
}
