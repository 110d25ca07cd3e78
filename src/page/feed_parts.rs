//! What changed last, for home: an entry for each commit, which names the customers and opens on the records.

use super::change_label::label_of;
use super::dossier_page::title;
use super::gone_page::gone_link;
use super::history_parts::day_of;
use super::html::Html;
use super::page::Desk;
use super::part::{Paper, Part, Presence};
use super::theme::Context;
use crate::access::{Clearance, Held};
use crate::dossier::REGISTERS;
use crate::history::{History, Latest, What};
use crate::text::Phrase;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// When it happened: with a commit, or on a day that came after it. The newest comes first.
type When = Reverse<(usize, Option<Date>)>;

/// A part of an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Folder {
    /// What is to be seen of it at once: when, who, and of which customers.
    Head,
    /// Of a dossier its name, and after it its records with what was changed of them, which the reader opens.
    Of(String, Option<String>),
    /// That there are more records than are named.
    Rest,
}

/// The entries. What stands in one is seen by whoever may know of a record in it, and each record by whoever may know of
/// that.
pub fn feed(desk: &Desk<'_>) -> Vec<Part> {
    let Some(history) = desk.history else { return Vec::new() };
    let feed = Feed { desk, history };
    let papers: Vec<_> = history.latest().iter().flat_map(|held| feed.papers(held)).collect();
    let shell = |template: &str, id: &str| desk.said(desk.theme.shell(template, id, Context::new()));
    Part::filed(
        papers,
        |Reverse(when)| shell("parts/history/entry.html", &feed.id(*when, "")),
        |Reverse(when), folder| match folder {
            Folder::Head => shell("parts/history/entry_head.html", &feed.id(*when, "//head")),
            Folder::Of(dossier, None) => shell("parts/history/entry_of.html", &feed.id(*when, dossier)),
            Folder::Of(dossier, Some(path)) => {
                shell("parts/history/entry_record.html", &feed.id(*when, &format!("{dossier}/{path}//line")))
            }
            Folder::Rest => shell("parts/history/entry_of.html", &feed.id(*when, "//rest")),
        },
    )
}

struct Feed<'a> {
    desk: &'a Desk<'a>,
    history: &'a History,
}

impl Feed<'_> {
    /// The id of something in the entry of a commit or day.
    fn id(&self, (commit, day): (usize, Option<Date>), what: &str) -> String {
        let of_commit = || self.history.commit(commit).map(|commit| commit.short.clone()).unwrap_or_default();
        format!("feed/{}/{what}", day.map_or_else(of_commit, |day| day.to_string()))
    }

    /// A change as papers: one for the head of its entry, one for its dossier's line there and one for its own, and what
    /// follows them all.
    fn papers(&self, held: &Held<Latest>) -> Vec<Held<Paper<When, Folder>>> {
        let asks = held.clearance();
        let head = held.as_ref().map(|latest| {
            let mut parts = vec![Part::Presence(self.when(latest, asks))];
            parts.extend(self.dossier(latest, asks, "//head/"));
            Paper { drawer: Reverse((latest.commit, latest.day)), folder: Some(Folder::Head), parts }
        });
        let of = held.as_ref().map(|latest| {
            let folder = Some(Folder::Of(latest.record.dossier.to_string(), None));
            let parts = self.dossier(latest, asks, "");
            Paper { drawer: Reverse((latest.commit, latest.day)), folder, parts }
        });
        let line = held.as_ref().map(|latest| {
            let folder = Some(Folder::Of(latest.record.dossier.to_string(), Some(latest.record.path.to_string())));
            let parts = self.record(latest, asks).into_iter().chain(self.what(latest, asks)).collect();
            Paper { drawer: Reverse((latest.commit, latest.day)), folder, parts }
        });
        let rest = held.as_ref().map(|latest| {
            let id = self.id((latest.commit, latest.day), "//more");
            let html = Html::element("span", &[("class", "feed-more"), ("id", &id)], &self.desk.word("feed.more"));
            let parts = vec![Part::Presence(Presence { id, html, any_of: BTreeSet::from([asks.clone()]) })];
            let paper = Paper { drawer: Reverse((latest.commit, latest.day)), folder: Some(Folder::Rest), parts };
            latest.more.then_some(paper)
        });
        [head, of, line].into_iter().chain(rest.transpose()).collect()
    }

    /// The day and who committed. What a day opened, nobody did then.
    fn when(&self, latest: &Latest, asks: &Clearance) -> Presence {
        let id = self.id((latest.commit, latest.day), "//when");
        let commit = self.history.commit(latest.commit);
        let (day, who) = match latest.day {
            Some(day) => (day.to_string(), self.desk.word("feed.opened")),
            None => (
                commit.map(day_of).unwrap_or_default(),
                commit.map(|commit| Html::text(&commit.author)).unwrap_or_default(),
            ),
        };
        let time = Html::element("time", &[("datetime", &day)], &Html::text(&day));
        let who = Html::element("span", &[("class", "feed-author")], &who);
        let html =
            Html::element("span", &[("class", "feed-when"), ("id", &id)], &Html::joined([time, Html::text(" "), who]));
        Presence { id, html, any_of: BTreeSet::from([asks.clone()]) }
    }

    /// The name of its dossier, also of one that is gone: in an entry's head in words, below it with the way there.
    fn dossier(&self, latest: &Latest, asks: &Clearance, place: &str) -> Vec<Part> {
        let desk = self.desk;
        let dossier = &latest.record.dossier;
        let id = self.id((latest.commit, latest.day), &format!("{place}{dossier}//dossier"));
        let mut parts: Vec<Part> = Vec::new();
        for held in desk.archive.dossiers.pick(|known| known.name == *dossier) {
            let name = held.map(|dossier| {
                title(dossier).map(|title| {
                    let name = Html::phrase(&title);
                    let address = desk.addresses.dossier(&dossier.name, dossier.clearance());
                    let href = format!("{}index.html", super::address::href(&address));
                    let name = if place.is_empty() { Html::element("a", &[("href", &href)], &name) } else { name };
                    Html::element("span", &[("class", "feed-dossier"), ("id", &id)], &name)
                })
            });
            parts.extend(Part::gathered(name.map(|name| vec![Part::beside(id.clone(), name, [asks.clone()])])));
        }
        if **dossier == *REGISTERS && !place.is_empty() {
            let name = self.desk.word("home.registers");
            let html = Html::element("span", &[("class", "feed-dossier"), ("id", &id)], &name);
            parts.push(Part::Presence(Presence { id: id.clone(), html, any_of: BTreeSet::from([asks.clone()]) }));
        }
        for gone in self.history.gone().pick(|gone| gone.name == *dossier) {
            parts.push(Part::beside(id.clone(), gone_link(desk, "", &gone, &id), [asks.clone()]));
        }
        parts
    }

    /// The record. A dossier's own has no title but its file's name: it is called by its type.
    fn record(&self, latest: &Latest, asks: &Clearance) -> Option<Part> {
        let desk = self.desk;
        let id = self.id((latest.commit, latest.day), &format!("{}//record", latest.record));
        let own = latest.record.path.rsplit('/').next() == Some("dossier");
        let root_type = own.then(|| desk.archive.types.get("dossier")).flatten();
        let target = desk.archive.names.get(&latest.record.to_string());
        let html = self.history.title(&latest.record)?.map(|title| {
            let title = root_type.map_or(title, |root_type| &root_type.title);
            let href = target.and_then(|target| desk.link("", target, asks)).unwrap_or_default();
            let name = Html::element("a", &[("href", &href)], &Html::phrase(title));
            Html::element("span", &[("class", "feed-record"), ("id", &id)], &name)
        });
        Some(Part::beside(id, html, [asks.clone()]))
    }

    /// What was changed of the record. An element's id is made of what it says: of one record several clearances tell, and
    /// where two of them say the same it stands once.
    fn what(&self, latest: &Latest, asks: &Clearance) -> Vec<Part> {
        let desk = self.desk;
        let said = latest.what.iter().map(|what| match what {
            What::Came => desk.phrase("history.record_added"),
            What::Went => desk.phrase("history.record_removed"),
            What::Of(part, label) => label_of(desk, part, label.as_deref()),
        });
        let more = latest.more_of_it.then(|| Phrase::one("…"));
        let part = |said: Phrase| {
            let words = format!("{}/{}", said.in_language("zh"), said.in_language("en"));
            let of = format!("{}//{}", latest.record, desk.addresses.matter(&words));
            let id = self.id((latest.commit, latest.day), &of);
            let html = Html::element("span", &[("class", "feed-part"), ("id", &id)], &Html::phrase(&said));
            Part::Presence(Presence { id, html, any_of: BTreeSet::from([asks.clone()]) })
        };
        said.chain(more).map(part).collect()
    }
}
