//! Dashboards: pages that look at all dossiers at once. One more is a file here and a row in `list.rs`.
//!
//! What a dashboard reckons is made in `reckoning`, held under all that was read for it; here it is laid out. Every
//! dashboard has its page in every site, so that a page's being there says nothing.

mod dashboards_page;
mod list;
mod tiers;

pub use dashboards_page::{dashboard_pages, dashboards_page};
