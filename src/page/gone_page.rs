//! Dossiers that are gone: at their address stands that they were removed, beside it their history; a list leads there.

use super::history_page::history_of_gone;
use super::history_parts::day_of;
use super::html::Html;
use super::page::{Desk, Page, Region};
use super::part::{Empty, Part, Shell};
use super::pinyin::sort_rows;
use super::plates::plate_line;
use super::theme::Context;
use crate::access::Held;
use crate::history::{Gone, History};
use crate::text::Phrase;

/// Makes the pages of all dossiers that are gone.
#[must_use]
pub fn gone_pages(desk: &Desk<'_>) -> Vec<Held<Page>> {
    let Some(history) = desk.history else { return Vec::new() };
    let pages = |held: Held<&Gone>| [gone_page(desk, history, &held), history_of_gone(desk, history, &held)];
    history.gone().lay_out(pages).flatten().collect()
}

/// What stands where the dossier did, for whoever comes by an old link.
fn gone_page(desk: &Desk<'_>, history: &History, held: &Held<&Gone>) -> Held<Page> {
    let title = gone_title(held);
    let removed = removed_part(desk, history, held);
    held.clone().map(|gone| Page {
        address: desk.addresses.dossier(&gone.name, &gone.asks),
        template: "gone.html",
        title,
        regions: vec![
            Region { name: "heading", id: "heading", parts: gone_heading(held) },
            Region { name: "marking", id: "marking", parts: gone_marking(desk, gone).into_iter().collect() },
            Region { name: "removed", id: "removed", parts: removed },
        ],
        current: "home",
        extra: Vec::new(),
    })
}

/// What the customer was called, for those who may know of the dossier; the folder's name where that asks for more.
#[must_use]
pub fn gone_title(held: &Held<&Gone>) -> Held<Phrase> {
    held.clone().map(|gone| {
        let called = gone.called.as_ref().and_then(|called| called.within(&gone.asks));
        called.cloned().unwrap_or_else(|| Phrase::one(gone.name.as_ref()))
    })
}

/// The title as parts, and the customer's name for those who may read it, where it asks for more.
#[must_use]
pub fn gone_heading(held: &Held<&Gone>) -> Vec<Part> {
    let span = |phrase: &Phrase| Html::element("span", &[], &Html::phrase(phrase));
    let mut parts = vec![Part::leaf(gone_title(held).map(|title| span(&title)))];
    parts.extend(Part::gathered(held.clone().map(|gone| {
        let narrower = gone.called.as_ref().filter(|called| called.within(&gone.asks).is_none());
        narrower.map(|called| Part::leaf(called.as_ref().map(span))).into_iter().collect()
    })));
    parts
}

/// The marking that it had in the end.
#[must_use]
pub fn gone_marking(desk: &Desk<'_>, gone: &Gone) -> Option<Part> {
    Some(Part::leaf(gone.marking.as_ref()?.as_ref().map(|plate| plate_line(desk, "marking", plate))))
}

/// When it was removed and by whom, for those who may know that.
fn removed_part(desk: &Desk<'_>, history: &History, held: &Held<&Gone>) -> Vec<Part> {
    Part::gathered(held.clone().map(|gone| {
        let said = |number: &usize| {
            let Some(commit) = history.commit(*number) else { return Html::default() };
            let day = day_of(commit);
            let words = desk.theme.words().sentence("gone.removed", |name, _| match name {
                "day" => Html::element("time", &[("datetime", &day)], &Html::text(&day)),
                _ => Html::element("span", &[], &Html::text(&commit.author)),
            });
            Html::element("span", &[("class", "gone-removed")], &words)
        };
        gone.removed.as_ref().map(|removed| Part::leaf(removed.as_ref().map(said))).into_iter().collect()
    }))
}

/// Where the history of a dossier that is gone stands, from a page's root.
fn href(desk: &Desk<'_>, gone: &Gone) -> String {
    let address = desk.addresses.history(&desk.addresses.dossier(&gone.name, &gone.asks));
    format!("{}index.html", super::address::href(&address))
}

/// The list of dossiers that are gone, for the home page; nothing stands there for those who may know of none.
#[must_use]
pub fn gone_list(desk: &Desk<'_>) -> Vec<Part> {
    let Some(history) = desk.history else { return Vec::new() };
    let mut rows: Vec<(Held<String>, Part)> = history
        .gone()
        .lay_out(|held| {
            let name = gone_title(&held).map(|title| title.in_language("zh").to_owned());
            (name, entry(desk, history, &held))
        })
        .collect();
    sort_rows(&mut rows);
    let shell = desk.said(desk.theme.shell("parts/gone.html", "gone-list", Context::new()));
    vec![Part::group(shell, rows.into_iter().map(|(_, row)| row).collect(), Empty::Drop)]
}

fn entry(desk: &Desk<'_>, history: &History, held: &Held<&Gone>) -> Part {
    let shell = held.clone().map(|gone| Shell::element("li", &[("id", &format!("gone/{}", gone.name))]));
    let href = held.clone().map(|gone| href(desk, gone));
    let link = gone_title(held).with(href);
    let link = link.map(|(title, href)| Html::element("a", &[("href", &href)], &Html::phrase(&title)));
    let mut parts = vec![Part::leaf(link)];
    parts.extend(gone_heading(held).into_iter().skip(1));
    parts.extend(removed_part(desk, history, held));
    Part::group(shell, parts, Empty::Keep)
}

/// The name of a dossier that is gone as a link to its history, in a list.
#[must_use]
pub fn gone_link(desk: &Desk<'_>, root: &str, held: &Held<&Gone>, id: &str) -> Held<Html> {
    let href = held.clone().map(|gone| format!("{root}{}", href(desk, gone)));
    gone_title(held).with(href).map(|(title, href)| {
        let name = Html::element("a", &[("href", &href)], &Html::phrase(&title));
        Html::element("span", &[("class", "feed-dossier"), ("id", id)], &name)
    })
}
