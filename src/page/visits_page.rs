//! The visit calendar: what was made and what is planned, by month and by who makes it.

use super::html::Html;
use super::page::{Desk, Page, Region, root_of};
use super::part::{Empty, Paper, Part, Shell};
use super::theme::Context;
use crate::access::Held;
use crate::reckoning::{Visit, visits};
use crate::text::Phrase;
use std::cmp::Reverse;

/// The address of the page.
pub const VISITS_PAGE: &str = "due/visits/";

/// A month: the latest first.
type Month = Reverse<(i16, i8)>;

/// Makes the page.
#[must_use]
pub fn visits_page(desk: &Desk<'_>) -> Held<Page> {
    let root = root_of(VISITS_PAGE);
    let all = visits(desk.archive);
    let papers: Vec<_> = all.lay_out(|held| papers(desk, &held, &root)).flatten().collect();
    let groups = Part::filed(
        papers,
        |month| desk.said(month_shell(desk, *month)),
        |month, who: &Phrase| desk.said(person_shell(*month, who)),
    );
    desk.said(Page {
        address: VISITS_PAGE.to_owned(),
        template: "visits.html",
        title: desk.said(title(desk)),
        regions: vec![Region { name: "months", id: "visit-months", parts: groups }],
        current: "due",
        extra: Vec::new(),
    })
}

/// A visit stands once under each who makes it.
fn papers(desk: &Desk<'_>, held: &Held<&Visit>, root: &str) -> Vec<Held<Paper<Month, Phrase>>> {
    let by = held.clone().map(|visit| visit.by.clone()).flatten();
    let each = by.map(|by| if by.is_empty() { vec![None] } else { by.into_iter().map(Some).collect() }).spread();
    let each = each.into_iter().map(|who| {
        held.clone().with(who).map(|(visit, who)| {
            let month = Reverse((visit.day.year(), visit.day.month()));
            (month, who, visit_part(desk, held, &visit.record.to_string(), root))
        })
    });
    each.map(|filed| filed.map(|(drawer, folder, part)| Paper { drawer, folder, parts: vec![part] })).collect()
}

fn visit_part(desk: &Desk<'_>, held: &Held<&Visit>, name: &str, root: &str) -> Part {
    // Whether a sealed plan was kept is said by the browser: see `due_parts`.
    let sealed = !held.clearance().is_open();
    let missed = |visit: &Visit| !sealed && !visit.made && visit.day < desk.archive.day;
    let shell = held.clone().map(|visit| {
        let class = match (visit.made, missed(visit)) {
            (true, _) => "visit visit-made",
            (false, true) => "visit visit-missed",
            (false, false) => "visit visit-planned",
        };
        let day = if sealed && !visit.made { visit.day.to_string() } else { String::new() };
        Shell::element("li", &[("class", class), ("data-planned", &day)])
    });
    let asks = held.clearance().clone();
    let parts = Part::gathered(held.clone().map(|visit| {
        let day = Html::element(
            "time",
            &[("datetime", &visit.day.to_string())],
            &Html::text(&format!("{:02}", visit.day.day())),
        );
        let key = match (visit.made, missed(visit)) {
            (true, _) => "visits.made",
            (false, true) => "visits.missed",
            (false, false) => "visits.planned",
        };
        let state = Html::element("span", &[("class", "visit-state")], &desk.word(key));
        let mut parts = vec![Part::leaf(desk.said(day))];
        if let Some(customer) = &visit.customer {
            let address = desk.addresses.dossier(&customer.name, &customer.clearance);
            let at = format!("{root}{}index.html", super::address::href(&address));
            let link = |title: &Phrase| {
                Html::element("a", &[("class", "visit-customer"), ("href", &at)], &Html::phrase(title))
            };
            parts.push(Part::leaf(customer.title.as_ref().map(link)));
        }
        let target = desk.archive.names.get(name);
        let at = target.and_then(|target| desk.link(root, target, &asks)).unwrap_or_default();
        parts.push(Part::leaf(
            visit.title.as_ref().map(|title| Html::element("a", &[("href", &at)], &Html::phrase(title))),
        ));
        parts.push(Part::leaf(desk.said(state)));
        parts
    }));
    Part::group(shell, parts, Empty::Keep)
}

fn month_id(Reverse((year, month)): Month) -> String {
    format!("visits/{year}-{month:02}")
}

fn month_shell(desk: &Desk<'_>, month: Month) -> Shell {
    let id = month_id(month);
    let Reverse((year, number)) = month;
    let context = Context::new().text("month", &format!("{year}-{number:02}"));
    desk.theme.shell("parts/visit_month.html", &id, context)
}

/// Whoever may read a visit under it may read who makes it.
fn person_shell(month: Month, who: &Phrase) -> Shell {
    let id = format!("{}/{}", month_id(month), who.in_language("zh")).replace(char::is_whitespace, "_");
    let list = Shell::element("ul", &[("id", &id)]);
    let name = Html::element("h3", &[], &Html::phrase(who));
    Shell {
        id: list.id,
        before: Html::joined([Html::made("<div class=\"visit-person\">".to_owned()), name, list.before]),
        after: Html::joined([list.after, Html::made("</div>".to_owned())]),
        beyond: None,
    }
}

fn title(desk: &Desk<'_>) -> Phrase {
    let words = desk.theme.words();
    let one = |language| Some(words.plain("visits.title", language).to_owned());
    Phrase { zh: one("zh"), en: one("en"), both: None }
}
