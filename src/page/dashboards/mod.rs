//! Dashboards: pages that look at all dossiers at once. One more is a file here and a row in `list.rs`.
//!
//! What a dashboard reckons is made in `reckoning`, held under all that was read for it; here it is laid out. Every
//! dashboard has its page in every site, so that a page's being there says nothing.

mod availability;
mod cells;
mod churn;
mod competition;
mod completeness;
mod consulted;
mod credit;
mod credit_chart;
mod dashboards_page;
mod digest;
mod effort;
mod fault_cases;
mod freshness;
mod importance;
mod leases;
mod list;
mod office;
mod readership;
mod record_table;
mod repairs;
mod satisfied;
mod tiers;
mod training;
mod weekly;
mod worklist;

pub use completeness::{asked_title, shown_mark};
pub use credit::credit_link;
pub use dashboards_page::{dashboard_page, dashboards_page};
pub use freshness::{fresh, state_since};
pub use list::{Dashboard, dashboards, dashboards_said, weeks_said};
