//! Where dossiers and records stood before they moved: whoever comes by an old link is told where they are.

use super::address::{Addresses, href};
use super::dossier_page::title;
use super::gone_page::gone_link;
use super::html::Html;
use super::page::{Desk, Page, Region, root_of};
use super::part::{Empty, Part, Shell};
use super::theme::Context;
use crate::access::Held;
use crate::dossier::Dossier;
use crate::history::{Away, History, Renamed};
use crate::record::anchor_of;
use crate::text::Phrase;
use std::sync::Arc;

/// Makes the pages that stand at the addresses of names which dossiers bear no more: where the dossier stood, and where
/// its history did.
#[must_use]
pub fn moved_pages(desk: &Desk<'_>) -> Vec<Held<Page>> {
    let Some(history) = desk.history else { return Vec::new() };
    let pages = |held: Held<&Renamed>| {
        let open = held.clearance().is_open();
        let title = held.clone().map(|renamed| Phrase::one(renamed.name.as_ref()));
        held.map(|renamed| {
            if is_taken(desk, history, &renamed.name, open) {
                return Vec::new();
            }
            let page = |below| page(desk, history, renamed, title.clone(), (open, below));
            vec![page(""), page("history/")]
        })
        .spread()
    };
    history.renamed().lay_out(pages).flatten().collect()
}

/// Whether another dossier stands at the address that one had, or stood there last.
fn is_taken(desk: &Desk<'_>, history: &History, name: &Arc<str>, open: bool) -> bool {
    let mut there = desk.archive.dossiers.pick(|dossier| dossier.name == *name);
    let mut gone = history.gone().pick(|gone| gone.name == *name);
    there.any(|held| held.clearance().is_open() == open) || gone.any(|held| held.clearance().is_open() == open)
}

/// `below` is the way from a dossier to what is looked for.
fn page(
    desk: &Desk<'_>,
    history: &History,
    renamed: &Renamed,
    title: Held<Phrase>,
    (open, below): (bool, &str),
) -> Page {
    let address = format!("{}{below}", desk.addresses.former_dossier(&renamed.name, open));
    let root = root_of(&address);
    let lines = renamed.to.iter().map(|to| {
        let lead = to.as_ref().map(|to| lead(desk, history, to, (&root, below)));
        Part::group(desk.said(Shell::element("li", &[])), Part::gathered(lead), Empty::Drop)
    });
    Page {
        title,
        template: "moved.html",
        regions: vec![Region { name: "moved", id: "moved", parts: lines.collect() }],
        current: "home",
        extra: Vec::new(),
        address,
    }
}

/// A link to a dossier by its present name; to the history of one that is gone.
fn lead(desk: &Desk<'_>, history: &History, name: &Arc<str>, (root, below): (&str, &str)) -> Vec<Part> {
    let there = desk.archive.dossiers.pick(|dossier| dossier.name == *name);
    let link = |dossier: &Dossier| {
        let address = desk.addresses.dossier(&dossier.name, dossier.clearance());
        let target = format!("{root}{}{below}index.html", href(&address));
        let to = |title: Phrase| Html::element("a", &[("href", &target), ("class", "moved-to")], &Html::phrase(&title));
        vec![Part::leaf(title(dossier).map(to))]
    };
    let mut parts: Vec<Part> = there.flat_map(|held| Part::gathered(held.map(link))).collect();
    let gone = history.gone().pick(|gone| gone.name == *name);
    parts.extend(gone.map(|gone| Part::leaf(gone_link(desk, root, &gone, "moved-to"))));
    parts
}

/// The records that left a dossier and stand in another: the last thing on its page.
#[must_use]
pub fn away_part(desk: &Desk<'_>, dossier: &Dossier, root: &str) -> Option<Part> {
    let away = desk.history?.away(&dossier.name);
    let lines: Vec<Part> = away.iter().flat_map(|held| line(desk, held, root)).collect();
    if lines.is_empty() {
        return None;
    }
    let shell = desk.said(desk.theme.shell("parts/away.html", "moved-away", Context::new()));
    Some(Part::group(shell, lines, Empty::Drop))
}

/// A record that left: its old anchor, and a link to where it stands. Nothing where it is there no more.
fn line(desk: &Desk<'_>, held: &Held<Away>, root: &str) -> Vec<Part> {
    let asks = held.clearance().clone();
    let line = held.as_ref().map(|away| {
        let target = desk.archive.names.get(&away.record.to_string())?;
        let link = desk.link(root, target, &asks)?;
        let anchor = anchor_of(&away.path);
        let name = Html::element("a", &[("class", "former"), ("name", &anchor)], &Html::default());
        let to = Html::element("a", &[("href", &link)], &Html::text(&away.record.to_string()));
        Some(Html::element("li", &[], &Html::joined([name, Html::text(&away.path), Html::text(" → "), to])))
    });
    line.transpose().map(Part::leaf).into_iter().collect()
}

impl Addresses<'_> {
    /// The address of a dossier that had another name: like any, it says what is open and nothing else.
    fn former_dossier(&self, name: &str, open: bool) -> String {
        if open { format!("customers/{name}/") } else { self.sealed_dossier(name) }
    }
}
