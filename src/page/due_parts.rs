//! What is due, as lines of a list and rows of a table.

use super::due_first::Rest;
use super::due_words::{distance_words, duty_words, kind_words};
use super::html::Html;
use super::page::Desk;
use super::part::{Empty, Part, Shell};
use super::table::cell_part;
use crate::access::{Clearance, Held};
use crate::reckoning::{Agenda, Due, Duty};
use crate::text::Phrase;
use jiff::ToSpan;
use std::sync::Arc;

/// One thing that is due, while it is laid out on a page.
struct Laid<'a> {
    desk: &'a Desk<'a>,
    due: &'a Due,
    /// What it asks.
    asks: Clearance,
    root: &'a str,
}

/// What a line says of its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Nothing: the page is the customer's.
    Own,
    /// The name.
    Named,
    /// The name and the tier, by which the list is ordered.
    Graded,
}

/// A line of a list: day, what, what about, who.
#[must_use]
pub fn line_part(desk: &Desk<'_>, held: &Held<&Arc<Due>>, root: &str, whose: Whose) -> Part {
    cut_line_part(desk, &held.clone().map(|due| (due, Rest::Nothing)), root, whose)
}

/// A line of a list that is cut off, which says what of it is left out behind the line.
#[must_use]
pub fn cut_line_part(desk: &Desk<'_>, line: &Held<(&Arc<Due>, Rest)>, root: &str, whose: Whose) -> Part {
    let held = line.clone().map(|(due, _)| due);
    let sealed = !held.clearance().is_open();
    let within = held.clearance();
    let graded = |due: &Due| if whose == Whose::Graded { rank_of(due, within) } else { None };
    let shell = line.clone().map(|(due, rest)| {
        let rank = graded(due).map(|place| place.to_string()).unwrap_or_default();
        marked("li", desk, due, sealed, "due-line", &[("data-rank", &rank), ("data-rest", rest.word())])
    });
    let asks = held.clone().map(|_| ());
    let parts = Part::gathered(held.clone().map(|due| {
        let laid = Laid { desk, due, asks: held.clearance().clone(), root };
        let mut about = laid.record();
        if whose != Whose::Own {
            about.extend(laid.customer());
        }
        let tier = due.customer.as_ref().and_then(|customer| customer.tier.as_ref()).filter(|_| graded(due).is_some());
        about.extend(tier.map(|tier| {
            let title =
                |(_, title): &(usize, Phrase)| Html::element("span", &[("class", "due-tier")], &Html::phrase(title));
            Part::leaf(tier.as_ref().map(title))
        }));
        let column = |class: &str, parts: Vec<Part>| {
            let shell = asks.clone().map(|()| Shell::element("span", &[("class", class)]));
            Part::group(shell, parts, Empty::Keep)
        };
        vec![
            column("due-day", vec![laid.day()]),
            column("due-what", vec![laid.kind(), laid.duty()]),
            column("due-about", about),
            column("due-who", laid.who()),
        ]
    }));
    Part::group(shell, parts, Empty::Keep)
}

/// A row of the table: day, kind, what, what about, customer, who.
#[must_use]
pub fn due_row(desk: &Desk<'_>, held: &Held<&Arc<Due>>, root: &str) -> Part {
    let asks = held.clone().map(|_| ());
    let cells = Part::gathered(held.clone().map(|due| {
        let laid = Laid { desk, due, asks: held.clearance().clone(), root };
        let cell = |kind: &'static str, parts: Vec<Part>| cell_part(asks.clone(), kind, false, parts);
        vec![
            cell("date", vec![laid.day()]),
            cell("text", vec![laid.kind()]),
            cell_part(asks.clone(), "text", true, vec![laid.duty()]),
            cell("text", laid.record()),
            cell("text", laid.customer()),
            cell("text", laid.who()),
        ]
    }));
    let sealed = !held.clearance().is_open();
    let shell = held.clone().map(|due| marked("tr", desk, due, sealed, "", &[]));
    Part::group(shell, cells, Empty::Keep)
}

/// A line of a cell: what is late, and since when.
#[must_use]
pub fn late_part(desk: &Desk<'_>, held: &Held<&Arc<Due>>, root: &str) -> Part {
    let sealed = !held.clearance().is_open();
    let shell = held.clone().map(|due| marked("li", desk, due, sealed, "late-matter", &[]));
    let parts = Part::gathered(held.clone().map(|due| {
        let laid = Laid { desk, due, asks: held.clearance().clone(), root };
        let space = || laid.plain(&Html::text(" "));
        vec![laid.kind(), space(), laid.duty(), space(), laid.day()]
    }));
    Part::group(shell, parts, Empty::Keep)
}

/// A line or a row, marked so that a closer view of the same matter can take its place.
///
/// Where a line stands and how far its day is changes from day to day. An envelope that changed while nobody changed the
/// archive would tell that something under its seal is due; so what is sealed is always there, with its days, and the
/// browser finds its place and says how far it is.
fn marked(name: &str, desk: &Desk<'_>, due: &Due, sealed: bool, class: &str, more: &[(&str, &str)]) -> Shell {
    let matter = desk.addresses.matter(&due.matter);
    let (day, from, closeness) = (due.day.to_string(), due.from.to_string(), due.closeness.to_string());
    let id = desk.addresses.matter(&[due.matter.as_str(), &day, &closeness].join("/"));
    let closeness = if due.closeness == 0 { "" } else { closeness.as_str() };
    let (day, from) = if sealed { (day.as_str(), from.as_str()) } else { (day.as_str(), "") };
    let own = [
        ("class", class),
        ("id", &id),
        ("data-day", day),
        ("data-from", from),
        ("data-matter", &matter),
        ("data-closeness", closeness),
        ("data-ends", if due.ends { "ends" } else { "" }),
    ];
    Shell::element(name, &[&own, more].concat())
}

/// The place of the customer's tier among the tiers, as far as whoever may know what is due may know it.
#[must_use]
pub fn rank_of(due: &Due, within: &Clearance) -> Option<usize> {
    let tier = due.customer.as_ref()?.tier.as_ref()?;
    tier.within(within).map(|(place, _)| *place)
}

/// What nobody sees: something under every clearance that was looked at, so that an envelope's being there does not say
/// that something is due; and the matters of which a reader sees more than others do. Where a page's sealed lines are
/// those of a month, the month is in every envelope: all of them change when it ends, and none tells of itself.
#[must_use]
pub fn veil_parts(desk: &Desk<'_>, agenda: &Agenda, month: &str) -> Vec<Part> {
    let looked = agenda.looked.lay_out(move |held| {
        Part::leaf(held.map(|()| Html::element("span", &[("data-month", month)], &Html::default())))
    });
    let instead = agenda.instead.lay_out(|held| {
        Part::leaf(held.map(|(matter, closeness)| {
            let (matter, closeness) = (desk.addresses.matter(matter), closeness.to_string());
            Html::element("span", &[("data-instead", &matter), ("data-closeness", &closeness)], &Html::default())
        }))
    });
    looked.chain(instead).collect()
}

impl Laid<'_> {
    /// The day, and how far it is.
    fn day(&self) -> Part {
        let text = self.due.day.to_string();
        let far = distance_words(self.desk.theme.words(), self.due, self.desk.archive.day);
        let time = Html::element("time", &[("datetime", &text)], &Html::text(&text));
        let said = self.asks.is_open() || self.due.duty == Duty::First;
        let far = if said { Html::phrase(&far) } else { Html::default() };
        let far = Html::element("span", &[("class", "due-distance")], &far);
        self.plain(&Html::joined([time, Html::text(" "), far]))
    }

    fn kind(&self) -> Part {
        let kind = Html::phrase(&kind_words(self.desk.theme.words(), self.due));
        let Some((name, _)) = &self.due.kind else { return self.plain(&kind) };
        let register = super::address::Addresses::register(name);
        let at = match &self.due.customer {
            // A dossier's own records stand on its page.
            Some(_) if name == "dossier" => return self.plain(&kind),
            _ => format!("{}{}index.html", self.root, super::address::href(&register)),
        };
        self.plain(&Html::element("a", &[("href", &at)], &kind))
    }

    /// What has to happen. What may come in time is called otherwise than what is late: in what is sealed stands both, and
    /// the browser leaves one.
    fn duty(&self) -> Part {
        let said = |on| Html::phrase(&duty_words(self.desk.theme.words(), self.due, on));
        if self.asks.is_open() {
            return self.plain(&said(self.desk.archive.day));
        }
        let day = self.due.day;
        let (in_time, late) = (said(day), said(day.saturating_add(1.day())));
        if in_time.as_str() == late.as_str() {
            return self.plain(&late);
        }
        let one = |class: &str, html: &Html| Html::element("span", &[("class", class)], html);
        self.plain(&Html::joined([one("due-in-time", &in_time), one("due-late", &late)]))
    }

    /// The record that it is about, as a link for whoever may read it.
    fn record(&self) -> Vec<Part> {
        let (Some(name), Some(title)) = (&self.due.record, &self.due.title) else { return Vec::new() };
        let target = self.desk.archive.names.get(&name.to_string());
        let at = target.and_then(|target| self.desk.link(self.root, target, &self.asks)).unwrap_or_default();
        self.linked(title, &at)
    }

    fn customer(&self) -> Vec<Part> {
        let Some(customer) = &self.due.customer else { return Vec::new() };
        let address = self.desk.addresses.dossier(&customer.name, &customer.clearance);
        let at = format!("{}{}index.html", self.root, super::address::href(&address));
        self.linked(&customer.title, &at)
    }

    fn who(&self) -> Vec<Part> {
        let who = self.due.who.as_ref();
        who.map(|who| Part::leaf(who.as_ref().map(|who| span(&Html::phrase(who))))).into_iter().collect()
    }

    fn linked(&self, title: &Held<Phrase>, at: &str) -> Vec<Part> {
        let link = title.as_ref().map(|title| {
            let title = Html::phrase(title);
            if at.is_empty() { span(&title) } else { Html::element("a", &[("href", at)], &title) }
        });
        vec![Part::leaf(link)]
    }

    /// What whoever knows of it may read.
    fn plain(&self, html: &Html) -> Part {
        Part::leaf(self.desk.said(span(html)))
    }
}

fn span(html: &Html) -> Html {
    Html::element("span", &[], html)
}
