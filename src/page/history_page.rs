//! The history of a dossier: change by change, and what each part said over time.

use super::address::Addresses;
use super::change_html::Told;
use super::change_label::{key_of, label_of};
use super::dossier_page::{heading_parts, marking_part, title};
use super::gone_page::{gone_heading, gone_marking, gone_title};
use super::history_parts::{Folder, commit_shell, course_shell, day_of, message_html, opening_shell, record_shell};
use super::html::Html;
use super::page::{Desk, Page, Region, root_of};
use super::part::{Empty, Paper, Part, Shell};
use super::step_chart::{Point, step_chart};
use crate::access::{Clearance, Held};
use crate::dossier::{Dossier, REGISTERS};
use crate::history::{Change, Commit, Course, Deed, Gone, History, Part as Piece, Shown};
use crate::text::Phrase;
use jiff::civil::Date;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// Makes the history page of a dossier.
#[must_use]
pub fn history_page(desk: &Desk<'_>, held: &Held<&Dossier>) -> Option<Held<Page>> {
    let history = desk.history?;
    Some(held.clone().map(|dossier| {
        let address = desk.addresses.history(&desk.addresses.dossier(&dossier.name, dossier.clearance()));
        page(
            desk,
            history,
            address,
            title(dossier),
            (heading_parts(dossier), marking_part(desk, dossier)),
            &dossier.name,
        )
    }))
}

/// Makes the history page of a dossier that is gone.
#[must_use]
pub fn history_of_gone(desk: &Desk<'_>, history: &History, held: &Held<&Gone>) -> Held<Page> {
    let (title, heading) = (gone_title(held), gone_heading(held));
    held.clone().map(|gone| {
        let address = desk.addresses.history(&desk.addresses.dossier(&gone.name, &gone.asks));
        let mut page = page(desk, history, address, title, (heading, gone_marking(desk, gone)), &gone.name);
        page.extra.push(("gone", desk.word("history.gone")));
        page
    })
}

/// Makes the history page of what belongs to no customer.
#[must_use]
pub fn registers_history_page(desk: &Desk<'_>) -> Option<Held<Page>> {
    let history = desk.history?;
    let words = desk.theme.words();
    let word = |language: &str| Some(words.plain("register.title", language).to_owned());
    let name = Phrase { zh: word("zh"), en: word("en"), both: None };
    let heading = vec![Part::leaf(desk.said(Html::element("span", &[], &Html::phrase(&name))))];
    let address = Addresses::registers_history().to_owned();
    Some(desk.said(page(desk, history, address, desk.said(name), (heading, None), REGISTERS)))
}

fn page(
    desk: &Desk<'_>,
    history: &History,
    address: String,
    title: Held<Phrase>,
    (heading, marking): (Vec<Part>, Option<Part>),
    dossier: &str,
) -> Page {
    let root = root_of(&address);
    let above = if dossier == REGISTERS { Html::default() } else { Html::text("../index.html") };
    Page {
        title,
        template: "history.html",
        regions: vec![
            Region { name: "heading", id: "heading", parts: heading },
            Region { name: "marking", id: "marking", parts: marking.into_iter().collect() },
            Region { name: "timeline", id: "timeline", parts: timeline(desk, history, dossier, &root) },
            Region { name: "courses", id: "courses", parts: courses(desk, history, dossier) },
        ],
        current: if dossier == REGISTERS { "" } else { "home" },
        extra: vec![("gaps", gaps(history)), ("dossier_href", above)],
        address,
    }
}

/// What is not known of the past: a shallow clone, missing objects, a rewritten base.
fn gaps(history: &History) -> Html {
    Html::joined(history.gaps.iter().map(|gap| Html::element("li", &[], &Html::text(gap))))
}

/// The changes, newest commit first; in each commit by record.
fn timeline(desk: &Desk<'_>, history: &History, dossier: &str, root: &str) -> Vec<Part> {
    let Some(changes) = history.of_dossier(dossier) else { return Vec::new() };
    let filing = Filing { desk, history, root, messages: RefCell::default() };
    let papers: Vec<Filed> = changes.lay_out(|held| filing.papers(&held)).flatten().collect();
    let commit = |number: usize| history.commit(number);
    Part::filed(
        papers,
        |Reverse((number, day))| {
            let of_commit = || commit(*number).map_or_else(Shell::default, |commit| commit_shell(desk, commit));
            desk.said(day.map_or_else(of_commit, |day| opening_shell(desk, day)))
        },
        |Reverse(moment), folder| desk.said(record_shell(desk, &anchor_of(history, *moment), folder)),
    )
}

/// When something happened among the changes: with a commit, or on a day that began after one.
type When = (usize, Option<Date>);

type Filed = Held<Paper<Reverse<When>, Folder>>;

/// The element id of a commit among the changes, or of a day on which something came by itself.
fn anchor_of(history: &History, (number, day): When) -> String {
    match (day, history.commit(number)) {
        (Some(day), _) => format!("o-{day}"),
        (None, Some(commit)) => format!("c-{}", commit.short),
        (None, None) => String::new(),
    }
}

/// Makes papers of changes.
struct Filing<'a> {
    desk: &'a Desk<'a>,
    history: &'a History,
    root: &'a str,
    /// Messages as they are shown, by their commits: each is told beside every change of its commit, and made once.
    messages: RefCell<HashMap<usize, Held<Html>>>,
}

impl Filing<'_> {
    /// A change as papers to be filed: the message of its commit; the title of its record and the change itself.
    fn papers(&self, held: &Held<&Change>) -> Vec<Filed> {
        let Self { desk, history, root, .. } = self;
        let asks = held.clearance().clone();
        let message = held.clone().map(|change| {
            let when = change.moment();
            let commit = history.commit(change.commit).filter(|_| when.1.is_none())?;
            let parts = vec![Part::beside(message_id(commit), self.message(change.commit)?, [asks.clone()])];
            Some(Paper { drawer: Reverse(when), folder: None, parts })
        });
        let parts = change_parts(desk, history, held);
        let change = held.clone().map(|change| {
            let anchor = anchor_of(history, change.moment());
            let title = history.title(&change.record).map(|title| {
                let id = format!("{anchor}/{}//title", change.record.path);
                let attributes = [("class", "change-title"), ("id", id.as_str())];
                let html = title.map(|title| Html::element("p", &attributes, &Html::phrase(title)));
                Part::beside(id, html, [asks.clone()])
            });
            let parts = title.into_iter().chain(parts).collect();
            Paper { drawer: Reverse(change.moment()), folder: Some(folder(desk, change, &asks, root)), parts }
        });
        message.transpose().into_iter().chain([change]).collect()
    }

    fn message(&self, number: usize) -> Option<Held<Html>> {
        if let Some(known) = self.messages.borrow().get(&number) {
            return Some(known.clone());
        }
        let commit = self.history.commit(number)?;
        let made = commit.message.as_ref()?.as_ref().map(|text| message_html(self.desk, &message_id(commit), text));
        self.messages.borrow_mut().insert(number, made.clone());
        Some(made)
    }
}

fn message_id(commit: &Commit) -> String {
    format!("c-{}//message", commit.short)
}

fn folder(desk: &Desk<'_>, change: &Change, asks: &Clearance, root: &str) -> Folder {
    let path = change.record.path.to_string();
    let target = desk.archive.names.get(&change.record.to_string());
    let href = target.and_then(|target| desk.link(root, target, asks)).unwrap_or_default();
    let type_name = target
        .map(|target| target.record_type.clone())
        .or_else(|| change.record_type.as_ref().map(|t| t.name.clone()))
        .unwrap_or_default();
    (desk.archive.types.rank(&type_name), path, type_name, href)
}

/// One change: a sentence, and what stood before beside it where that asks for more.
fn change_parts(desk: &Desk<'_>, history: &History, held: &Held<&Change>) -> Vec<Part> {
    let asks = held.clearance();
    let before = |change: &Change| change.before.as_ref().and_then(|before| before.within(asks)).map(Arc::clone);
    let shell = held.clone().map(|change| {
        let before = before(change);
        let told = Told { desk, change, before: before.as_deref() };
        let class = format!("change change-{}", deed_word(told.deed()));
        let (key, record) = (key_of(&change.part), change.record.path.as_ref());
        // By its id links lead to it, and what stood before and asks for more finds its place.
        let id = format!("{}/{record}//{}/{key}", anchor_of(history, change.moment()), deed_word(told.deed()));
        Shell::element("div", &[("class", &class), ("id", &id), ("data-record", record), ("data-part", &key)])
    });
    let said = held.clone().map(|change| {
        let before = before(change);
        Html::element("div", &[("class", "said")], &Told { desk, change, before: before.as_deref() }.html())
    });
    let was = held.clone().map(|change| {
        let narrower = change.before.as_ref().filter(|before| before.within(asks).is_none())?;
        let was = |shown: &Shown| {
            Html::element("div", &[("class", "was")], &Told { desk, change, before: Some(shown) }.was())
        };
        Some(Part::leaf(narrower.as_ref().map(|shown| was(shown))))
    });
    let was = was.transpose().map(|part| Part::gathered(part.map(|part| vec![part])));
    let parts = std::iter::once(Part::leaf(said)).chain(was.into_iter().flatten()).collect();
    vec![Part::group(shell, parts, Empty::Keep)]
}

fn deed_word(deed: &Deed) -> &'static str {
    match deed {
        Deed::Added | Deed::Opened { .. } => "added",
        Deed::Changed => "changed",
        Deed::Removed | Deed::Left { .. } => "removed",
        Deed::Moved { .. } => "moved",
        Deed::Broken | Deed::Missing => "broken",
    }
}

/// What parts said over time, by record and part. Where a part's values ask for different things, the courses of those
/// who may read more stand before the others, and the style sheet shows the first.
fn courses(desk: &Desk<'_>, history: &History, dossier: &str) -> Vec<Part> {
    let Some(courses) = history.courses(dossier) else { return Vec::new() };
    let papers = courses.lay_out(|held| {
        let html = held.clone().map(|course| course_html(desk, history, course));
        let parts = vec![Part::leaf(html)];
        held.map(|course| {
            let folder = (folder_rank(desk, course), key_of(&course.part));
            Paper { drawer: course.record.path.clone(), folder: Some(folder), parts }
        })
    });
    let papers: Vec<_> = papers.collect();
    Part::filed(
        papers,
        |path| desk.said(course_shell(desk, &format!("course/{path}"), path)),
        |path, (_, key)| {
            let id = format!("course/{path}//{key}");
            desk.said(Shell::element("div", &[("class", "course"), ("id", &id)]))
        },
    )
}

/// Fields stand in the order of their type.
fn folder_rank(desk: &Desk<'_>, course: &Course) -> usize {
    let target = desk.archive.names.get(&course.record.to_string());
    let record_type = target.and_then(|target| desk.archive.types.get(&target.record_type));
    let Piece::Field { name, .. } = &course.part else { return 0 };
    record_type.and_then(|t| t.fields.iter().position(|field| *field.name == **name)).map_or(usize::MAX, |at| at + 1)
}

fn course_html(desk: &Desk<'_>, history: &History, course: &Course) -> Html {
    let label = label_of(desk, &course.part, course.label.as_deref());
    let points: Vec<Point<'_>> = course
        .values
        .iter()
        .filter_map(|(number, line)| {
            let commit = history.commit(*number)?;
            Some(Point { day: day_of(commit), line })
        })
        .collect();
    let mut pieces = vec![Html::element("h4", &[("class", "course-label")], &Html::phrase(&label))];
    pieces.extend(step_chart(&label, &points));
    let authors = course.values.iter().filter_map(|(number, _)| history.commit(*number)).map(|commit| &commit.author);
    let rows = points.iter().zip(authors).map(|(point, author)| {
        let day = Html::element("time", &[("datetime", &point.day)], &Html::text(&point.day));
        let cells = [
            Html::element("th", &[("scope", "row")], &day),
            Html::element("td", &[("class", "course-value")], &Html::phrase(&point.line.to_phrase())),
            Html::element("td", &[("class", "course-author")], &Html::text(author)),
        ];
        Html::element("tr", &[], &Html::joined(cells))
    });
    let body = Html::element("tbody", &[], &Html::joined(rows));
    pieces.push(Html::element("table", &[("class", "course-table")], &body));
    Html::element("div", &[("class", "course-body")], &Html::joined(pieces))
}
