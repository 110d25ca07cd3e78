//! Pages: parts that are held, laid into templates. Nothing here decides what is open.
//!
//! A page is made once, for nobody in particular: of parts, each under what it asks. The door in `site` lays it out,
//! in the clear for all staff, sealed for each clearance, opened for a bundle. So a title, a count or a row that
//! somebody adds next year is a part like the others, or does not get onto the page.

mod about_page;
mod address;
mod calendar_file;
mod change_html;
mod change_label;
mod change_text;
mod chart;
mod customers;
mod dashboards;
mod dossier_page;
mod dossier_standing;
mod due_first;
mod due_home;
mod due_page;
mod due_parts;
mod due_words;
mod feed_file;
mod feed_parts;
mod folding;
mod forge_parts;
mod former_parts;
mod gone_page;
mod history_page;
mod history_parts;
mod home_page;
mod html;
mod moved_page;
mod named_by;
#[allow(clippy::module_inception)]
mod page;
mod part;
mod pinyin;
mod plates;
mod record_parts;
mod register_page;
mod search_page;
mod series_parts;
mod sign_parts;
mod step_chart;
mod table;
mod theme;
mod theme_files;
mod thumbnails;
mod timeline;
mod topology;
mod topology_layout;
mod topology_shape;
mod trend_parts;
mod value_html;
mod visits_page;
mod words;

pub use about_page::{NOT_FOUND_PAGE, about_page, not_found_page};
pub use address::{Addresses, FileAddress, media_type};
pub use calendar_file::CalendarFile;
pub use dashboards::{Dashboard, dashboard_page, dashboards, dashboards_page, dashboards_said, weeks_said};
pub use dossier_page::dossier_page;
pub use due_page::{DUE_FILE, DUE_PAGE, due_calendar, due_page, due_said};
pub use due_words::{distance_words, duty_words, kind_words};
pub use feed_file::{FEED_FILE, feed_file, feed_said};
pub use forge_parts::forge_said;
pub use gone_page::gone_pages;
pub use history_page::{history_page, registers_history_page};
pub use home_page::home_page;
pub use html::{Html, own_words};
pub use moved_page::moved_pages;
pub use page::{Desk, Page, Region, root_of};
pub use part::{Empty, Group, Leaf, Paper, Part, Presence, Shell};
pub use plates::kept_said;
pub use register_page::register_page;
pub use search_page::{SEARCH_PAGE, search_page};
pub use theme::{Asset, Context, Theme};
pub use thumbnails::Thumbnails;
pub use value_html::duration_said;
pub use visits_page::{VISITS_PAGE, visits_page};
pub use words::Words;
