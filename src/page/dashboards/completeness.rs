//! Which dossier holds what the tiers require: a row a dossier, a column for everything that some tier requires.

use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::Part;
use super::super::table::{Column, cell_part, long_table_part};
use super::cells::{counted_cell, rows, tier_cell};
use crate::access::Held;
use crate::dossier::Dossier;
use crate::reckoning::{Asked, Graded, Mark, Term, asked_by_tiers, marks};
use crate::record::Kind;
use jiff::civil::Date;

/// The matrix, and what its marks mean.
pub fn completeness(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let asked = asked_by_tiers(desk.archive);
    let mut columns = vec![
        Column::customers(desk),
        Column::of(desk.word("tier.title"), Kind::Choice),
        Column::counted(desk.word("completeness.score")),
    ];
    columns.extend(asked.iter().map(|asked| Column::of(asked_title(asked), Kind::Choice)));
    let rows = rows(desk, "complete", root, |held, tier| {
        let mut cells = vec![tier_cell(held, tier), counted_cell(desk, held, "number", "score")];
        cells.extend(asked.iter().map(|asked| mark_cell(desk, held, tier, asked)));
        cells
    });
    let filters: Vec<usize> = std::iter::once(1).chain(3..columns.len()).collect();
    let caption = desk.word("dashboard.completeness");
    let meant = [Mark::There(Term::Open), Mark::There(Term::Over), Mark::Missing, Mark::Beyond, Mark::NotRequired];
    let legend = meant.map(|mark| {
        let (_, _, word) = look_of(mark, desk.archive.day);
        let told = Html::joined([mark_html(desk, mark, true), Html::text(" "), desk.word(word)]);
        Html::element("li", &[], &told)
    });
    let legend = Html::element("ul", &[("class", "legend")], &Html::joined(legend));
    let note = Html::element("p", &[("class", "dashboard-note")], &desk.word("completeness.note"));
    vec![
        long_table_part(desk, "completeness", &caption, &columns, &filters, rows),
        Part::leaf(desk.said(legend)),
        Part::leaf(desk.said(note)),
    ]
}

/// What is asked, in words: the type, and the field where it is one.
#[must_use]
pub fn asked_title(asked: &Asked<'_>) -> Html {
    let title = Html::phrase(&asked.record_type.title);
    match asked.field {
        None => title,
        Some(field) if asked.record_type.name == "dossier" => Html::phrase(&field.title),
        Some(field) => Html::joined([title, Html::text(" · "), Html::phrase(&field.title)]),
    }
}

fn mark_cell(desk: &Desk<'_>, held: &Held<&Dossier>, tier: Option<&Held<Graded<'_>>>, asked: &Asked<'_>) -> Part {
    let marked = |dossier: &Dossier, required: bool| {
        let marks = marks(desk.archive, dossier, asked, required).into_iter();
        marks.map(|mark| Part::leaf(shown_mark(desk, mark))).collect::<Vec<_>>()
    };
    let parts = match tier {
        None => held.clone().map(|dossier| marked(dossier, false)),
        Some(tier) => held
            .clone()
            .with(tier.clone())
            .map(|(dossier, tier)| marked(dossier, tier.tier.requires.iter().any(|words| words == asked.words))),
    };
    cell_part(held.clone().map(|_| ()), "mark-cell first", false, Part::gathered(parts))
}

/// A mark as those see it who may read it.
#[must_use]
pub fn shown_mark(desk: &Desk<'_>, mark: Held<Mark>) -> Held<Html> {
    let open = mark.clearance().is_open();
    mark.map(|mark| mark_html(desk, mark, open))
}

/// How a mark looks on a day: its class, its sign, and the key of its word.
fn look_of(mark: Mark, on: Date) -> (&'static str, &'static str, &'static str) {
    match mark {
        Mark::There(term) if term.is_over(on) => ("mark mark-expired", "◐", "completeness.expired"),
        Mark::There(_) => ("mark mark-there", "●", "completeness.there"),
        Mark::Missing => ("mark mark-missing", "○", "completeness.missing"),
        Mark::Beyond => ("mark mark-beyond", "•", "completeness.beyond"),
        Mark::NotRequired => ("mark mark-free", "–", "completeness.not_required"),
    }
}

/// A mark: a sign for the eye, words for who has it read aloud, and for filters. In what is sealed it comes with its last
/// day, and the browser looks whether that has passed.
fn mark_html(desk: &Desk<'_>, mark: Mark, open: bool) -> Html {
    let (mark, last) = match mark {
        Mark::There(Term::Until(last)) if !open => (Mark::There(Term::Open), last.to_string()),
        mark => (mark, String::new()),
    };
    let (class, sign, word) = look_of(mark, desk.archive.day);
    let sign = Html::element("span", &[("aria-hidden", "true"), ("class", "sign")], &Html::text(sign));
    let words = Html::element("span", &[("class", "visually-hidden")], &desk.word(word));
    Html::element("span", &[("class", class), ("data-ends", &last)], &Html::joined([sign, words]))
}
