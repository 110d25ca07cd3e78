//! The secrecy office as its leadership sees it: what is late and comes next, what inspections found, what meetings
//! decided, equipment, money, and who signed off when. Each row is for whoever may read its record.

use super::super::due_page::due_of_types;
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Empty, Part, Shell};
use super::record_table::{Shows, register_table};

/// The types whose days are the office's own; `reader` stands for trainings and keys.
const OFFICE: &[&str] = &[
    "reader",
    "inspection",
    "inspection-finding",
    "training-session",
    "course",
    "procedure",
    "checklist",
    "bulletin",
    "leak-case",
    "undertaking",
    "assessment",
    "role",
    "meeting",
    "sign-off",
    "control",
    "incident",
    "breach",
    "equipment",
];

/// The tables, in the order in which a leader asks.
const TABLES: &[(&str, Shows<'_>)] = &[
    (
        "office.findings",
        Shows {
            id: "office-findings",
            record_type: "inspection-finding",
            fields: &["number", "what", "severity", "owner", "fix_by", "fixed_on", "rechecked_by", "inspection"],
            by: "fix_by",
            choices: &["severity", "owner"],
        },
    ),
    (
        "office.actions",
        Shows {
            id: "office-meetings",
            record_type: "meeting",
            fields: &["title", "date", "chair", "decisions", "actions", "next"],
            by: "date",
            choices: &[],
        },
    ),
    (
        "office.equipment",
        Shows {
            id: "office-equipment",
            record_type: "equipment",
            fields: &["title", "serial", "kind", "owner", "next_check", "end_of_life", "replaces", "replaced_by"],
            by: "end_of_life",
            choices: &["kind"],
        },
    ),
    (
        "office.budget",
        Shows {
            id: "office-budget",
            record_type: "budget",
            fields: &["line", "title", "year", "planned", "spent", "owner"],
            by: "year",
            choices: &["year"],
        },
    ),
    (
        "office.signed",
        Shows {
            id: "office-signed",
            record_type: "sign-off",
            fields: &["title", "date", "period", "by", "instructions", "next"],
            by: "date",
            choices: &[],
        },
    ),
    (
        "office.roles",
        Shows {
            id: "office-roles",
            record_type: "role",
            fields: &["office", "person", "deputy", "since", "until"],
            by: "since",
            choices: &[],
        },
    ),
];

/// What is due of the office, and its tables.
pub fn office(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let mut parts = due_of_types(desk, OFFICE, root);
    for (key, shows) in TABLES {
        if let Some(table) = register_table(desk, shows, root) {
            let inner = Shell::element("div", &[("id", &*format!("{}-block", shows.id))]);
            let heading = Html::element("h2", &[], &desk.word(key));
            let before = Html::joined([Html::made("<section>".to_owned()), heading, inner.before]);
            let after = Html::joined([inner.after, Html::made("</section>".to_owned())]);
            let shell = Shell { id: inner.id, before, after, beyond: None };
            // A heading stands where somebody sees a row beneath it.
            parts.push(Part::group(desk.said(shell), vec![table], Empty::Drop));
        }
    }
    parts
}
