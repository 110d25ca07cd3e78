//! Training: who holds which course until when, for the audience that oversees the archive; and the catalogue.

use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Empty, Part};
use super::super::table::{Column, cell_part, row_part, table_context};
use super::cells::Shown;
use super::freshness::{day, state_since};
use super::record_table::{Shows, register_table};
use crate::access::Held;
use crate::reckoning::{Hold, Trained, Trainings, trainings};
use crate::record::Kind;

/// The columns before those of the courses.
const BEFORE: [(&str, Kind); 4] = [
    ("training.person", Kind::Text),
    ("training.post", Kind::Text),
    ("training.until", Kind::Date),
    ("training.state", Kind::Choice),
];

/// The matrix of people and courses, then the courses and the sessions.
pub fn training(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let heading = |key: &str| Part::leaf(desk.said(Html::element("h2", &[], &desk.word(key))));
    let note = Html::element("p", &[("class", "dashboard-note")], &desk.word("training.note"));
    let held = trainings(desk.archive);
    let title = Html::element("h2", &[], &desk.word("training.matrix"));
    let mut parts = vec![Part::leaf(held.as_ref().map(|_| title)), matrix(desk, &held), Part::leaf(held.map(|_| note))];
    let courses = Shows {
        id: "courses",
        record_type: "course",
        fields: &["title", "kind", "for", "required_of", "valid", "hours", "review_by"],
        by: "review_by",
        choices: &["kind"],
    };
    let sessions = Shows {
        id: "sessions",
        record_type: "training-session",
        fields: &["title", "date", "course", "kind", "attendees", "failed", "hours", "valid_until"],
        by: "date",
        choices: &["kind"],
    };
    for (key, shows) in [("training.catalogue", courses), ("training.sessions", sessions)] {
        if let Some(table) = register_table(desk, &shows, root) {
            parts.extend([heading(key), table]);
        }
    }
    parts
}

/// A row for each reader, a column for each course. Even what the columns are called asks for what the rows ask.
fn matrix(desk: &Desk<'_>, held: &Held<Trainings<'_>>) -> Part {
    let shell = held.as_ref().map(|all| {
        let mut columns: Vec<Column> = BEFORE.iter().map(|(key, kind)| Column::of(desk.word(key), *kind)).collect();
        columns.extend(all.courses.iter().map(|course| Column::of(Html::phrase(&course.title), Kind::Date)));
        let context = table_context(&desk.word("training.matrix"), &columns, &[1, 3]).text("beyond", "");
        desk.theme.shell("parts/table.html", "trainings", context)
    });
    let rows = held.as_ref().map(|all| all.readers.iter().collect::<Vec<_>>()).spread();
    Part::group(shell, rows.into_iter().map(|row| reader_row(desk, &row)).collect(), Empty::Keep)
}

fn reader_row(desk: &Desk<'_>, held: &Held<&Trained<'_>>) -> Part {
    let cell = |class: &'static str, head: bool, show: &dyn Fn(&Trained<'_>) -> Shown| {
        let content = held.clone().map(|trained| show(trained).element());
        cell_part(held.clone().map(|_| ()), class, head, vec![Part::leaf(content)])
    };
    let mut cells = vec![
        cell("text", true, &|trained| Shown::text(Html::text(&trained.reader.display_name()))),
        cell("text", false, &|trained| Shown::text(Html::text(trained.reader.post.as_deref().unwrap_or_default()))),
        cell("date", false, &|trained| day(trained.until)),
        // Counted by the browser, since what is sealed must not change from day to day.
        cell("choice", false, &|trained| match trained.until {
            Some(_) => state_since(desk, trained.until, false),
            None => lacking(desk),
        }),
    ];
    cells.extend(Part::gathered(held.clone().map(|trained| {
        let holds = trained.held.iter().map(|hold| {
            let content = match hold {
                Hold::Until(last) => {
                    let said = [day(Some(*last)).html, Html::text(" "), state_since(desk, Some(*last), false).html];
                    Shown::by(Html::joined(said), last)
                }
                Hold::Lacking => lacking(desk),
                Hold::Nothing => Shown::text(Html::default()),
            };
            let content = vec![Part::leaf(desk.said(content.element()))];
            cell_part(desk.said(()), "date", false, content)
        });
        holds.collect()
    })));
    row_part(held.clone().map(|trained| format!("trainings/{}", trained.reader.name)), cells)
}

fn lacking(desk: &Desk<'_>) -> Shown {
    Shown::text(Html::element("span", &[("class", "tag tag-warn")], &desk.word("training.lacking")))
}
