//! Leases: what is let to whom and until when, and who must act when.

use super::super::due_page::due_of_types;
use super::super::page::Desk;
use super::super::part::Part;
use super::record_table::{Shows, record_table};

/// The type of records of what is leased out or in.
const LEASE: &str = "lease";

/// What is due by leases, and all of them, those that end first before the others.
pub fn leases(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let shows = Shows {
        id: "leases",
        record_type: LEASE,
        fields: &["direction", "element", "price", "until", "notice_by", "renewal", "decided", "owner", "ended"],
        by: "until",
        choices: &["direction", "owner"],
    };
    let table = record_table(desk, &shows, &desk.word("dashboard.leases"), root);
    due_of_types(desk, &[LEASE], root).into_iter().chain(table).collect()
}
