//! What changed last as a feed (Atom, RFC 4287), for the readers of feeds that people have: the open part, an entry for
//! each commit, or for each day on which something opened by itself.

use super::address::{Addresses, href};
use super::dossier_page::title;
use super::gone_page::gone_title;
use super::html::Html;
use super::page::Desk;
use crate::access::Held;
use crate::dossier::{Dossier, REGISTERS};
use crate::history::{History, Latest};
use crate::provenance::Message;
use crate::text::Phrase;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The feed's address in the site.
pub const FEED_FILE: &str = "changes.atom";

/// The feed of what all staff may know; none of an archive without a past. `day` is that of the build.
#[must_use]
pub fn feed_file(desk: &Desk<'_>, day: &str) -> Option<Held<String>> {
    let feed = Feed::of(desk)?;
    Some(desk.said(feed.text(day)))
}

/// What the program itself says in the feed: by what entries are known, and when they were written.
#[must_use]
pub fn feed_said(desk: &Desk<'_>) -> Vec<String> {
    let Some(feed) = Feed::of(desk) else { return Vec::new() };
    let own = urn(&desk.addresses.feed());
    let entries = feed.entries.keys().flat_map(|Reverse(when)| [feed.id(*when), feed.written(*when)]);
    entries.chain([own]).collect()
}

/// So many customers are named in the title of an entry.
const NAMED: usize = 3;

/// When it happened: with a commit, or on a day that came after it.
type When = (usize, Option<Date>);

/// What is in the feed, the newest first: of each commit the records that all staff may know it to have changed.
struct Feed<'a> {
    desk: &'a Desk<'a>,
    history: &'a History,
    entries: BTreeMap<Reverse<When>, Vec<(&'a Held<Latest>, &'a Latest)>>,
}

impl<'a> Feed<'a> {
    fn of(desk: &'a Desk<'a>) -> Option<Self> {
        let history = desk.history?;
        let mut entries: BTreeMap<Reverse<When>, Vec<_>> = BTreeMap::new();
        for held in history.latest() {
            if let Some(latest) = held.in_the_open() {
                entries.entry(Reverse((latest.commit, latest.day))).or_default().push((held, latest));
            }
        }
        Some(Self { desk, history, entries })
    }

    fn text(&self, day: &str) -> String {
        let settings = &self.desk.archive.settings;
        let language = settings.language.as_str();
        let words = self.desk.theme.words();
        let name = settings.title.in_language(language);
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        let lang = if language == "zh" { "zh-CN" } else { language };
        let _ = writeln!(out, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{lang}\">");
        line(&mut out, "title", &format!("{name} · {}", words.plain("home.changes", language)));
        line(&mut out, "id", &urn(&self.desk.addresses.feed()));
        let newest = self.entries.keys().next().map(|Reverse(when)| self.written(*when));
        line(&mut out, "updated", &newest.unwrap_or_else(|| format!("{day}T00:00:00Z")));
        let _ = writeln!(out, "<author>{}</author>", element("name", name));
        if settings.url.is_some() {
            link(&mut out, "self", "application/atom+xml", &self.absolute(FEED_FILE));
        }
        link(&mut out, "alternate", "text/html", &self.absolute("index.html"));
        line(&mut out, "generator", "Strongroom");
        for (Reverse(when), records) in &self.entries {
            self.entry(&mut out, *when, records);
        }
        out.push_str("</feed>\n");
        out
    }

    fn entry(&self, out: &mut String, when: When, records: &[(&Held<Latest>, &Latest)]) {
        let language = self.desk.archive.settings.language.as_str();
        let words = self.desk.theme.words();
        let mut customers: Vec<(String, Option<String>, Vec<Html>)> = Vec::new();
        for (held, latest) in records {
            let (name, record) = (self.customer(&latest.record.dossier), self.record(held, latest));
            match customers.iter_mut().find(|(known, ..)| *known == name) {
                Some((.., of_it)) => of_it.push(record),
                None => {
                    let target = self.desk.archive.names.get(&latest.record.dossier);
                    let at = target.and_then(|target| self.desk.link("", target, held.clearance()));
                    customers.push((name, at, vec![record]));
                }
            }
        }
        let names: Vec<&str> = customers.iter().take(NAMED).map(|(name, ..)| name.as_str()).collect();
        let names = names.join(words.plain("list.separator", language));
        let title = if customers.len() > NAMED {
            words.plain("feed.others", language).replace("{names}", &names)
        } else {
            names
        };
        out.push_str("<entry>\n");
        line(out, "title", &title);
        line(out, "id", &self.id(when));
        line(out, "updated", &self.written(when));
        let commit = self.history.commit(when.0);
        if let (None, Some(commit)) = (when.1, commit) {
            let _ = writeln!(out, "<author>{}</author>", element("name", &commit.author));
        }
        if let Some((held, latest)) = records.first() {
            link(out, "alternate", "text/html", &self.absolute(&self.told_at(held, latest)));
        }
        let message = commit.filter(|_| when.1.is_none()).and_then(|commit| commit.message.as_ref());
        let message = message.and_then(|held| held.in_the_open()).map(|text| Message::read(text).summary);
        let opened = when.1.map(|_| words.plain("feed.opened", language).to_owned());
        let said = message.or(opened).map(|text| Html::element("p", &[], &Html::text(&xml(&text))));
        // Each name is a block of its own: what stands side by side is no text of the archive.
        let lists = customers.into_iter().flat_map(|(name, at, records)| {
            let name = self.linked(at, &name);
            let name = Html::element("h3", &[], &name);
            [name, Html::element("ul", &[], &Html::joined(records))]
        });
        let rest = records
            .iter()
            .any(|(_, latest)| latest.more)
            .then(|| Html::element("p", &[], &Html::text(words.plain("feed.more", language))));
        let body = Html::joined(said.into_iter().chain(lists).chain(rest));
        let body = Html::element("div", &[("xmlns", "http://www.w3.org/1999/xhtml")], &body);
        let _ = writeln!(out, "<content type=\"xhtml\">{}</content>", body.as_str());
        out.push_str("</entry>\n");
    }

    /// A record that changed: its name as a link to where it stands, if it still does.
    fn record(&self, held: &Held<Latest>, latest: &Latest) -> Html {
        let language = self.desk.archive.settings.language.as_str();
        let own = latest.record.path.rsplit('/').next() == Some("dossier");
        let root_type = own.then(|| self.desk.archive.types.get("dossier")).flatten().map(|t| &t.title);
        let titled = self.history.title(&latest.record);
        let titled = titled.as_ref().and_then(|title| title.in_the_open()).copied();
        let name = root_type.or(titled).map_or(latest.record.path.as_ref(), |title| title.in_language(language));
        let target = self.desk.archive.names.get(&latest.record.to_string());
        let at = target.and_then(|target| self.desk.link("", target, held.clearance()));
        let linked = self.linked(at, name);
        Html::element("li", &[], &linked)
    }

    /// A name as a link to where it stands, if it still does.
    fn linked(&self, at: Option<String>, name: &str) -> Html {
        let name = Html::text(&xml(name));
        match at {
            Some(at) => Html::element("a", &[("href", &self.absolute(&at))], &name),
            None => name,
        }
    }

    /// What all staff call a customer, also one that is gone; the folder's name where they may not know the name.
    fn customer(&self, dossier: &str) -> String {
        let language = self.desk.archive.settings.language.as_str();
        if dossier == REGISTERS {
            return self.desk.theme.words().plain("home.registers", language).to_owned();
        }
        let there = self.desk.archive.dossiers.pick(|known| *known.name == *dossier);
        let gone = self.history.gone().pick(|gone| *gone.name == *dossier);
        let names = there
            .map(|held| held.map(|known: &Dossier| title(known)).flatten())
            .chain(gone.map(|held| gone_title(&held)));
        let open =
            names.filter_map(|name: Held<Phrase>| name.in_the_open().map(|name| name.in_language(language).to_owned()));
        open.last().unwrap_or_else(|| dossier.to_owned())
    }

    /// Where the history of a record's dossier tells of the commit.
    fn told_at(&self, held: &Held<Latest>, latest: &Latest) -> String {
        let dossier = latest.record.dossier.as_ref();
        let page = if dossier == REGISTERS {
            Addresses::registers_history().to_owned()
        } else {
            self.desk.addresses.history(&self.desk.addresses.dossier(dossier, held.clearance()))
        };
        let at = match (latest.day, self.history.commit(latest.commit)) {
            (Some(day), _) => format!("o-{day}"),
            (None, Some(commit)) => format!("c-{}", commit.short),
            (None, None) => String::new(),
        };
        format!("{}index.html#{at}", href(&page))
    }

    /// An address of the site, whole where the settings say where the site stands, else from where the feed lies.
    fn absolute(&self, address: &str) -> String {
        format!("{}{address}", self.desk.archive.settings.url.as_deref().unwrap_or_default())
    }

    /// When it was written, by the author's clock.
    fn written(&self, (commit, day): When) -> String {
        if let Some(day) = day {
            return format!("{day}T00:00:00Z");
        }
        let time = self.history.commit(commit).and_then(|commit| commit.authored.zoned());
        time.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |time| time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }

    /// By what an entry is known: it says nothing but that it is this commit's, or this day's, whatever else changes.
    fn id(&self, (commit, day): When) -> String {
        let mut digest = Sha256::new();
        digest.update(b"strongroom feed entry\n");
        match (day, self.history.commit(commit)) {
            (Some(day), _) => digest.update(format!("{} {day}", self.desk.addresses.feed())),
            (None, Some(commit)) => digest.update(commit.id.to_string()),
            (None, None) => {}
        }
        urn(&digest.finalize().iter().take(16).fold(String::new(), |mut digits, byte| {
            // Writing to memory does not fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        }))
    }
}

/// 32 digits as a name that is one of a kind (RFC 9562, version 8: made by the program's own rule).
fn urn(digits: &str) -> String {
    let part = |range| digits.get(range).unwrap_or_default();
    format!("urn:uuid:{}-{}-8{}-8{}-{}", part(0..8), part(8..12), part(13..16), part(17..20), part(20..32))
}

/// Text without the characters that no XML document holds, however they are written.
fn xml(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect()
}

fn element(name: &str, text: &str) -> String {
    Html::element(name, &[], &Html::text(&xml(text))).into_string()
}

fn line(out: &mut String, name: &str, text: &str) {
    out.push_str(&element(name, text));
    out.push('\n');
}

fn link(out: &mut String, rel: &str, media: &str, to: &str) {
    let link = Html::element("link", &[("rel", rel), ("type", media), ("href", to)], &Html::default());
    out.push_str(link.as_str());
    out.push('\n');
}
