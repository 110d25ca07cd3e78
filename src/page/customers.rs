//! What lists of customers share: their names, with the way to their dossiers.

use super::address::href;
use super::dossier_page::{heading_parts, title};
use super::html::Html;
use super::page::Desk;
use super::part::Part;
use super::table::cell_part;
use crate::access::Held;
use crate::dossier::Dossier;

/// The cell that names a customer and leads to the dossier. A name that asks for more than its dossier follows for those
/// who may read it.
#[must_use]
pub fn customer_cell(desk: &Desk<'_>, held: &Held<&Dossier>, root: &str) -> Part {
    let linked = Part::gathered(held.clone().map(|dossier| {
        let link = title(dossier)
            .map(|title| Html::element("a", &[("href", &dossier_href(desk, dossier, root))], &Html::phrase(&title)));
        std::iter::once(Part::leaf(link)).chain(heading_parts(dossier).into_iter().skip(1)).collect()
    }));
    cell_part(held.clone().map(|_| ()), "text", true, linked)
}

/// The way from a page to a dossier's.
#[must_use]
pub fn dossier_href(desk: &Desk<'_>, dossier: &Dossier, root: &str) -> String {
    format!("{root}{}index.html", href(&desk.addresses.dossier(&dossier.name, dossier.clearance())))
}

/// By what a dossier is sorted among others.
#[must_use]
pub fn sort_key(held: &Held<&Dossier>) -> Held<String> {
    held.clone().map(|dossier| dossier.sort_name())
}
