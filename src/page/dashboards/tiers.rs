//! What each tier asks of a dossier, which dossiers are of it, and whether the customers' importance fits that.

use super::super::address::{Addresses, href};
use super::super::dossier_page::title;
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Paper, Part, Shell};
use super::super::table::{Column, cell_part, row_part, table_part};
use super::super::theme::Context;
use super::super::value_html::duration_html;
use super::importance::importance_parts;
use crate::access::Held;
use crate::archive::Tier;
use crate::dossier::Dossier;
use crate::reckoning::tier_of;
use crate::record::{Interval, Kind};

/// The rules of the tiers as a table, the dossiers of each below it, and what is known of their importance.
pub fn tiers(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let head = |key: &str| Column::of(desk.word(key), Kind::Text);
    let columns = [
        head("tier.title"),
        head("tier.requires"),
        Column::of(desk.word("tier.importance"), Kind::Number),
        head("tier.review"),
        head("tier.visit"),
    ];
    let rows = desk.archive.settings.tiers.iter().map(|(name, tier)| row(desk, name, tier, root)).collect();
    let mut parts = vec![table_part(desk, "tier-rules", &desk.word("dashboard.tiers"), &columns, &[], rows)];
    let papers: Vec<_> = desk.archive.dossiers.lay_out(|held| paper(desk, &held, root)).flatten().collect();
    parts.extend(Part::filed(papers, |place| desk.said(drawer(desk, *place)), |_, ()| desk.said(Shell::default())));
    parts.extend(importance_parts(desk, root));
    parts
}

/// The rules of one tier: they stand in the settings, and are no secret.
fn row(desk: &Desk<'_>, name: &str, tier: &Tier, root: &str) -> Part {
    let cell_of = |class, head, html: Html| {
        let html = Html::element("span", &[], &html);
        cell_part(desk.said(()), class, head, vec![Part::leaf(desk.said(html))])
    };
    let cell = |head, html| cell_of("text", head, html);
    let score = tier.importance.map(|score| Html::text(&score.to_string())).unwrap_or_default();
    let required = tier.requires.iter().map(|required| {
        let record_type = desk.archive.types.get(required);
        let label = record_type.map_or_else(|| Html::text(required), |found| Html::phrase(&found.title));
        let at = format!("{root}{}index.html", Addresses::register(required));
        Html::element("li", &[], &Html::element("a", &[("href", &at)], &label))
    });
    let every =
        |interval: &Option<Interval>| interval.map_or_else(Html::default, |i| duration_html(desk, &i.to_string()));
    let cells = vec![
        cell(true, Html::phrase(&tier.title)),
        cell(false, Html::element("ul", &[("class", "in-line")], &Html::joined(required))),
        cell_of("number", false, score),
        cell(false, every(&tier.review)),
        cell(false, every(&tier.visit)),
    ];
    row_part(desk.said(format!("tier/{name}")), cells)
}

/// A dossier as a line of its tier's list, for those who may know which tier that is.
fn paper(desk: &Desk<'_>, held: &Held<&Dossier>, root: &str) -> Option<Held<Paper<usize, ()>>> {
    let tier = tier_of(desk.archive, held)?;
    Some(held.clone().with(tier).map(|(dossier, tier)| {
        let at = format!("{root}{}index.html", href(&desk.addresses.dossier(&dossier.name, dossier.clearance())));
        let link = |name| Html::element("li", &[], &Html::element("a", &[("href", &at)], &Html::phrase(&name)));
        Paper { drawer: tier.place, folder: None, parts: vec![Part::leaf(title(dossier).map(link))] }
    }))
}

/// What stands around the dossiers of a tier.
fn drawer(desk: &Desk<'_>, place: usize) -> Shell {
    let title = desk.archive.settings.tiers.get(place).map(|(_, tier)| Html::phrase(&tier.title)).unwrap_or_default();
    desk.theme.shell("parts/drawer.html", &format!("tier-{place}"), Context::new().html("title", &title))
}
