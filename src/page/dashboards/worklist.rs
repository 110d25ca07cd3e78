//! What to do next: dossiers in the order of their tier's weight, of how stale they are, of what they lack and of what is
//! overdue in them.

use super::super::due_page::{late_in_dossier, veil_of_month};
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Empty, Part, Shell};
use super::super::table::{Column, cell_part, long_table_part};
use super::cells::{counted_cell, field_cell, rows, seen_cell, tier_cell};
use super::completeness::asked_title;
use super::freshness::{day, fresh, overdue};
use crate::access::Held;
use crate::dossier::Dossier;
use crate::reckoning::{Graded, Mark, asked, marks};
use crate::record::Kind;

/// A row for each dossier. The reader's browser multiplies what the reader sees, and puts the most urgent first.
pub fn worklist(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let column = |key: &str, kind| Column::of(desk.word(key), kind);
    let columns = [
        Column::customers(desk),
        column("tier.title", Kind::Choice),
        column("freshness.manager", Kind::Text),
        column("worklist.late", Kind::Text),
        column("worklist.lacks", Kind::Text),
        column("freshness.verified", Kind::Date),
        column("freshness.overdue", Kind::Number),
        Column::counted(desk.word("worklist.priority")).leading(),
    ];
    let rows = rows(desk, "work", root, |held, tier| {
        let seen = fresh(desk, held, tier);
        vec![
            tier_cell(held, tier),
            field_cell(desk, held, "account_manager", root),
            late(desk, held, root),
            lacking(desk, held, tier),
            seen_cell(held, "date first", &seen, |fresh, _| day(fresh.verified)),
            seen_cell(held, "number first stale", &seen, |fresh, open| overdue(desk, fresh, open)),
            counted_cell(desk, held, "number", "priority"),
        ]
    });
    let note = Html::element("p", &[("class", "dashboard-note")], &desk.word("worklist.note"));
    vec![
        long_table_part(desk, "worklist", &desk.word("dashboard.worklist"), &columns, &[1, 2], rows),
        Part::leaf(desk.said(note)),
        veil_of_month(desk),
    ]
}

/// What is overdue in a dossier.
fn late(desk: &Desk<'_>, held: &Held<&Dossier>, root: &str) -> Part {
    let parts = Part::gathered(held.clone().map(|dossier| late_in_dossier(desk, dossier, root)));
    cell_part(held.clone().map(|_| ()), "text lates", false, parts)
}

/// What a dossier lacks of what its tier requires.
fn lacking(desk: &Desk<'_>, held: &Held<&Dossier>, tier: Option<&Held<Graded<'_>>>) -> Part {
    let lines = tier.map(|tier| {
        held.clone().with(tier.clone()).map(|(dossier, tier)| {
            let required = tier.tier.requires.iter().filter_map(|words| asked(desk.archive, words));
            required
                .map(|asked| {
                    let marks = marks(desk.archive, dossier, &asked, true).into_iter();
                    let parts = marks.map(|mark| {
                        Part::leaf(mark.map(|mark| match mark {
                            Mark::Missing => Html::element("span", &[("class", "lack")], &asked_title(&asked)),
                            // Whoever sees that it is there must not see that it is missing.
                            _ => Html::element("span", &[("class", "met")], &Html::default()),
                        }))
                    });
                    Part::group(desk.said(Shell::element("span", &[("class", "first")])), parts.collect(), Empty::Keep)
                })
                .collect::<Vec<_>>()
        })
    });
    let parts = lines.map(Part::gathered).unwrap_or_default();
    cell_part(held.clone().map(|_| ()), "text lacks", false, parts)
}
