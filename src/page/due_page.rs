//! What is due: all of it on a page by how near it is, a dossier's own on the dossier's page,
//! and the open part as a calendar file.

use super::calendar_file::{CalendarFile, MADE_BY, basic};
use super::due_first::first_of_each;
use super::due_parts::{Whose, cut_line_part, due_row, late_part, line_part, rank_of, veil_parts};
use super::due_words::{distance_words, duty_words};
use super::html::Html;
use super::page::{Desk, Page, Region, root_of};
use super::part::{Empty, Part, Shell};
use super::table::Column;
use super::theme::Context;
use crate::access::Held;
use crate::dossier::Dossier;
use crate::reckoning::{Agenda, Due, Duty, State, When};
use crate::record::{Interval, Kind};
use crate::text::Phrase;
use jiff::civil::Date;
use std::sync::Arc;

/// The address of the page.
pub const DUE_PAGE: &str = "due/";

/// The address of the calendar file.
pub const DUE_FILE: &str = "due.ics";

/// The element in which sealed lines stand until the browser has found their places.
pub(super) const SEALED: &str = "due-sealed";

/// What is further away than this and not to be told by its own rule stands on no page. The browser counts by the same.
const AHEAD: Interval = Interval::days(92);

/// How many lines the digest has of each clearance.
const IN_DIGEST: usize = 120;

/// Makes the page of all that is due.
#[must_use]
pub fn due_page(desk: &Desk<'_>) -> Held<Page> {
    let root = root_of(DUE_PAGE);
    let day = desk.agenda().day;
    let group = |when: When| {
        let here = open(desk.agenda(), move |due| is_near(due, day) && due.when(day) == when);
        let rows = here.map(|held| due_row(desk, &held, &root)).collect();
        Part::group(desk.said(long_group_shell(desk, group_id(when), word_of(when))), rows, Empty::Keep)
    };
    let rows = sealed(desk.agenda(), |due| is_near(due, day.last_of_month()))
        .map(|held| due_row(desk, &held, &root))
        .collect();
    let shell = desk.said(group_shell(desk, SEALED, "due.sealed"));
    let groups = When::ALL.into_iter().map(group).chain([Part::group(shell, rows, Empty::Keep)]).collect();
    let ids = When::ALL.map(group_id).join(" ");
    desk.said(Page {
        address: DUE_PAGE.to_owned(),
        template: "due.html",
        title: desk.said(word(desk, "due.title")),
        regions: vec![
            Region { name: "groups", id: "due-groups", parts: groups },
            Region { name: "veil", id: "due-veil", parts: veil_parts(desk, desk.agenda(), &month_of(day)) },
        ],
        current: "due",
        extra: vec![("tables", Html::text(&ids)), ("calendar", Html::text(&format!("{root}{DUE_FILE}")))],
    })
}

/// What is overdue, for the leader's digest, and the veil: that of the most valuable customers first, then by its day. The
/// browser puts what is sealed in its place by the same.
#[must_use]
pub fn due_in_digest(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let day = desk.agenda().day;
    let overdue = |day: Date| move |due: &Due| due.day < day;
    let line = |held| cut_line_part(desk, &held, root, Whose::Graded);
    let href = format!("{root}{DUE_PAGE}index.html");
    let context = Context::new().html("title", &desk.word("due.overdue")).text("href", &href);
    let list = desk.theme.shell("parts/digest_due.html", "due", context);
    let first = |mut lines: Vec<_>| {
        lines.sort_by(|one, other| ranked(one).order(&ranked(other), Ord::cmp));
        first_of_each(lines, IN_DIGEST).map(line).collect()
    };
    let into = [("id", SEALED), ("class", "due-list"), ("data-due", "overdue"), ("data-into", "due")];
    vec![
        Part::group(desk.said(list), first(open(desk.agenda(), overdue(day)).collect()), Empty::Keep),
        Part::group(
            desk.said(Shell::element("ol", &into)),
            first(sealed(desk.agenda(), overdue(day.last_of_month())).collect()),
            Empty::Keep,
        ),
        veil_of_month(desk),
    ]
}

fn ranked(held: &Held<&Arc<Due>>) -> Held<(usize, Date)> {
    held.clone().map(|due| (rank_of(due, held.clearance()).unwrap_or(usize::MAX), due.day))
}

/// What is overdue in a dossier, for its row of the worklist: not the dossier's own review, nor what never was there,
/// which stand in that row beside it. The page needs the veil of the month.
#[must_use]
pub fn late_in_dossier(desk: &Desk<'_>, dossier: &Dossier, root: &str) -> Vec<Part> {
    let agenda = Agenda::of_dossier(desk.archive, dossier);
    let own = &dossier.root.record_type.name;
    let late = |day: Date| {
        move |due: &Due| {
            let reviewed = due.kind.as_ref().is_some_and(|(kind, _)| kind == own);
            due.day < day && !reviewed && due.duty != Duty::First
        }
    };
    let line = |held| late_part(desk, &held, root);
    let id = format!("late/{}", dossier.name);
    let list = Shell::element("ol", &[("id", &id), ("class", "late-matters")]);
    let apart = format!("{id}/sealed");
    let into = [("id", &*apart), ("class", "late-matters"), ("data-due", "overdue"), ("data-into", &*id)];
    vec![
        Part::group(desk.said(list), open(&agenda, late(agenda.day)).map(line).collect(), Empty::Keep),
        Part::group(
            desk.said(Shell::element("ol", &into)),
            sealed(&agenda, late(agenda.day.last_of_month())).map(line).collect(),
            Empty::Keep,
        ),
    ]
}

/// What nobody sees, on a page whose sealed lines are those of a month.
#[must_use]
pub fn veil_of_month(desk: &Desk<'_>) -> Part {
    let veil = Shell::element("div", &[("id", "due-veil"), ("hidden", "hidden")]);
    Part::group(desk.said(veil), veil_parts(desk, desk.agenda(), &month_of(desk.agenda().day)), Empty::Keep)
}

/// The regions of a dossier's page: what is due there, and the veil.
#[must_use]
pub fn due_in_dossier(desk: &Desk<'_>, dossier: &Dossier, root: &str) -> [Region; 3] {
    let agenda = Agenda::of_dossier(desk.archive, dossier);
    let near = |due: &Due| is_near(due, agenda.day);
    let line = |held| line_part(desk, &held, root, Whose::Own);
    [
        Region { name: "due", id: "due", parts: open(&agenda, near).map(line).collect() },
        Region { name: "due_sealed", id: SEALED, parts: sealed(&agenda, |_| true).map(line).collect() },
        Region { name: "veil", id: "due-veil", parts: veil_parts(desk, &agenda, "") },
    ]
}

/// What is due by records of some types, in the order of its days, on a page with other things; and the veil. What is due
/// of readers goes by the name of `reader`.
#[must_use]
pub fn due_of_types(desk: &Desk<'_>, names: &'static [&'static str], root: &str) -> Vec<Part> {
    let agenda = desk.agenda();
    let here = move |due: &Due| names.contains(&due.kind.as_ref().map_or("reader", |(kind, _)| kind.as_str()));
    let line = |held| line_part(desk, &held, root, Whose::Named);
    let near = move |due: &Due| here(due) && is_near(due, agenda.day);
    let heading = Html::element("h2", &[], &desk.word("due.title"));
    let list = Shell::element("ol", &[("class", "due-list"), ("id", "due")]);
    let open_shell = Shell {
        id: list.id,
        before: Html::joined([Html::made("<section class=\"due-block\">".to_owned()), heading, list.before]),
        after: Html::joined([list.after, Html::made("</section>".to_owned())]),
        beyond: None,
    };
    let attributes = [("class", "due-list"), ("id", SEALED), ("data-due", "near"), ("data-into", "due")];
    let veil = Shell::element("div", &[("id", "due-veil"), ("hidden", "hidden")]);
    vec![
        Part::group(desk.said(open_shell), open(agenda, near).map(line).collect(), Empty::Keep),
        Part::group(
            desk.said(Shell::element("ol", &attributes)),
            sealed(agenda, here).map(line).collect(),
            Empty::Keep,
        ),
        Part::group(desk.said(veil), veil_parts(desk, agenda, ""), Empty::Keep),
    ]
}

/// The calendar file of what all staff may know.
#[must_use]
pub fn due_calendar(desk: &Desk<'_>) -> Held<String> {
    let settings = &desk.archive.settings;
    let file = CalendarFile {
        words: desk.theme.words(),
        language: &settings.language,
        name: settings.title.in_language(&settings.language),
        day: desk.agenda().day,
        shown: &|held| held.in_the_open().cloned(),
    };
    let open = desk.agenda().due.in_the_open().map(AsRef::as_ref);
    desk.said(file.text(open))
}

/// What the program itself says of what is due in the open: how far days are, which weeks are missing, days as calendar
/// files write them. The gate takes it for the program's own words.
#[must_use]
pub fn due_said(desk: &Desk<'_>) -> Vec<String> {
    let words = desk.theme.words();
    let mut said = vec![MADE_BY.to_owned(), format!("{}T000000Z", basic(desk.agenda().day))];
    for due in desk.agenda().due.in_the_open() {
        let texts = [distance_words(words, due, desk.agenda().day), duty_words(words, due, desk.agenda().day)];
        said.extend(texts.iter().flat_map(Phrase::texts).map(str::to_owned));
        said.extend([due.day, due.day.tomorrow().unwrap_or(due.day)].map(basic));
        said.extend([due.day, due.from].map(|day| day.to_string()));
    }
    said
}

/// Of what is open, what is asked for.
pub(super) fn open<'a>(
    agenda: &'a Agenda,
    asked: impl Fn(&Due) -> bool + 'a,
) -> impl Iterator<Item = Held<&'a Arc<Due>>> + 'a {
    let all = agenda.due.lay_out(|held| held).filter(|held| held.clearance().is_open());
    all.filter_map(move |held| held.map(|due| asked(due).then_some(due)).transpose())
}

/// Of what is sealed, what is asked for, in a place of its own: neither what is left out of a seal on some days and not
/// on others, nor how many open lines stand before it, may change from day to day. So the question is put for the last
/// day of the month.
pub(super) fn sealed<'a>(
    agenda: &'a Agenda,
    asked: impl Fn(&Due) -> bool + 'a,
) -> impl Iterator<Item = Held<&'a Arc<Due>>> + 'a {
    let all = agenda.due.lay_out(|held| held).filter(|held| !held.clearance().is_open());
    all.filter_map(move |held| held.map(|due| asked(due).then_some(due)).transpose())
}

pub(super) fn month_of(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

fn is_near(due: &Due, day: Date) -> bool {
    due.state(day) != State::Coming || due.day <= AHEAD.after(day)
}

fn group_id(when: When) -> &'static str {
    match when {
        When::Overdue => "due-overdue",
        When::Week => "due-week",
        When::Month => "due-month",
        When::NextMonth => "due-next-month",
        When::Later => "due-later",
    }
}

fn word_of(when: When) -> &'static str {
    match when {
        When::Overdue => "due.overdue",
        When::Week => "due.week",
        When::Month => "due.month",
        When::NextMonth => "due.next_month",
        When::Later => "due.later",
    }
}

fn group_shell(desk: &Desk<'_>, id: &str, key: &str) -> Shell {
    desk.theme.shell("parts/due_group.html", id, group_context(desk, key).text("beyond", ""))
}

fn long_group_shell(desk: &Desk<'_>, id: &str, key: &str) -> Shell {
    desk.theme.divisible_shell("parts/due_group.html", id, group_context(desk, key))
}

fn group_context(desk: &Desk<'_>, key: &str) -> Context {
    let label = |key: &str, kind: Kind| Column::of(desk.word(key), kind);
    let columns = [
        label("due.date", Kind::Date),
        label("due.kind", Kind::Text),
        label("due.what", Kind::Text),
        label("due.record", Kind::Text),
        label("register.customer", Kind::Text),
        label("due.who", Kind::Text),
    ];
    let none: [usize; 0] = [];
    Context::new().html("caption", &desk.word(key)).value("columns", &columns).value("filters", &none)
}

fn word(desk: &Desk<'_>, key: &str) -> Phrase {
    let words = desk.theme.words();
    Phrase { zh: Some(words.plain(key, "zh").to_owned()), en: Some(words.plain(key, "en").to_owned()), both: None }
}
