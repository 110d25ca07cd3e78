//! Signs that a customer may leave, as lines of a list.

use super::html::Html;
use super::page::Desk;
use super::part::Part;
use crate::access::{Clearance, Held};
use crate::reckoning::{Account, Reading, Sign, Signs};
use std::collections::BTreeMap;

/// A line for each sign, and one that takes its place for whoever sees that it is none.
#[must_use]
pub fn sign_lines(desk: &Desk<'_>, signs: &Signs<'_>, root: &str) -> Vec<Part> {
    let lines = signs.told.iter().map(|(account, instead)| {
        let within = account.clearance().clone();
        Part::leaf(account.as_ref().map(|account| line(desk, account, *instead, root, &within)))
    });
    lines.collect()
}

fn line(desk: &Desk<'_>, account: &Account<'_>, instead: bool, root: &str, within: &Clearance) -> Html {
    let class = match (&account.sign, instead) {
        (Some(_), true) => "sign instead",
        (Some(_), false) => "sign",
        (None, _) => "no-sign instead",
    };
    let inside = account.sign.as_ref().map(|sign| sign_html(desk, sign, root, within)).unwrap_or_default();
    Html::element("li", &[("class", class), ("data-matter", &account.matter)], &inside)
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
    let reading = Html::element("span", &[("class", "sign-reading")], &reading_html(desk, &sign.reading));
    Html::joined([title, space(), record, space(), reading])
}

fn reading_html(desk: &Desk<'_>, reading: &Reading<'_>) -> Html {
    let counted = |key: &str, number: i64| desk.theme.words().sentence(key, |_, _| Html::text(&number.to_string()));
    match reading {
        Reading::Left(days) if *days < 0 => counted("sign.past", -days),
        Reading::Left(days) => counted("sign.left", *days),
        Reading::Numbers(numbers) => Html::text(&numbers.join(" → ")),
        Reading::Lower(column, percent) => Html::joined([Html::phrase(column), Html::text(&format!(" −{percent}%"))]),
        Reading::On(day) => {
            let text = day.to_string();
            Html::element("time", &[("datetime", &text)], &Html::text(&text))
        }
        Reading::There => Html::default(),
    }
}

/// Something invisible for everybody who may read what was looked at, so that nobody sees from outside for whom there
/// is a sign.
#[must_use]
pub fn looked_parts<'s>(signs: impl IntoIterator<Item = &'s Signs<'s>>) -> Vec<Part> {
    let mut once: BTreeMap<&Clearance, &Held<()>> = BTreeMap::new();
    for held in signs.into_iter().flat_map(|signs| &signs.looked) {
        once.entry(held.clearance()).or_insert(held);
    }
    let nothing = |()| Html::element("span", &[("hidden", "hidden")], &Html::default());
    once.into_values().map(|held| Part::leaf(held.clone().map(nothing))).collect()
}
