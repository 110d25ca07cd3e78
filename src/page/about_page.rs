//! Pages that the program writes itself: what this site is, and what stands at no address.

use super::html::Html;
use super::page::{Desk, Page};
use crate::access::Held;

/// Makes the page on how to unlock, which commit this is, who the audiences are, and what the site cannot do.
#[must_use]
pub fn about_page(desk: &Desk<'_>) -> Held<Page> {
    let settings = &desk.archive.settings;
    let audiences =
        settings.audiences.iter().map(|(_, audience)| Html::element("li", &[], &Html::phrase(&audience.title)));
    let oversight = settings.oversight.as_ref().and_then(|name| settings.audiences.get(name));
    desk.said(Page {
        address: "about/".to_owned(),
        template: "about.html",
        title: desk.said(desk.phrase("about.title")),
        regions: Vec::new(),
        current: "about",
        extra: vec![
            ("audiences", Html::joined(audiences)),
            ("oversight", oversight.map(|audience| Html::phrase(&audience.title)).unwrap_or_default()),
        ],
    })
}

/// Where the page stands that says that nothing does.
pub const NOT_FOUND_PAGE: &str = "404.html";

/// Makes the page for an address at which nothing stands.
#[must_use]
pub fn not_found_page(desk: &Desk<'_>) -> Held<Page> {
    desk.said(Page {
        address: NOT_FOUND_PAGE.to_owned(),
        template: "404.html",
        title: desk.said(desk.phrase("missing.title")),
        regions: Vec::new(),
        current: "",
        extra: Vec::new(),
    })
}
