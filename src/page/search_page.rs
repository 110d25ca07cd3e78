//! The page for searching: a search has an address there, and may be kept or passed on.

use super::page::{Desk, Page};
use crate::access::Held;

/// The address of the page for searching.
pub const SEARCH_PAGE: &str = "search/";

/// Makes the page for searching. What is found the browser reads from the indexes that lie beside it.
#[must_use]
pub fn search_page(desk: &Desk<'_>) -> Held<Page> {
    desk.said(Page {
        address: SEARCH_PAGE.to_owned(),
        template: "search.html",
        title: desk.said(desk.phrase("search.title")),
        regions: Vec::new(),
        current: "search",
        extra: Vec::new(),
    })
}
