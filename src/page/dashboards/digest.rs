//! The leader's digest: on one printed page, what is overdue, which customers want attention and why, and what changed in
//! a week.

use super::super::customers::{dossier_href, sort_key};
use super::super::dossier_page::title;
use super::super::due_page::due_in_digest;
use super::super::html::{Html, open_tag};
use super::super::page::Desk;
use super::super::part::{Empty, Paper, Part, Presence, Shell};
use super::super::pinyin::sort_rows;
use super::super::sign_parts::{looked_parts, matter_line, sign_lines};
use super::super::theme::Context;
use super::completeness::asked_title;
use crate::access::Held;
use crate::dossier::Dossier;
use crate::history::{Change, History};
use crate::reckoning::{Mark, asked, marks, signs, tier_of};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What wants attention, customer by customer, those of the most valuable tier first; then what changed.
pub fn digest(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let dossiers = by_tier(desk);
    let (mut attention, mut looked) = (Vec::new(), Vec::new());
    for held in &dossiers {
        let (lines, asked) = wanting(desk, held, root);
        attention.push(Part::group(customer_shell(desk, held, root), lines, Empty::Drop));
        looked.extend(asked);
    }
    // On paper nothing else says whose key it was.
    let reader = Html::element("span", &[("data-unlocked-for", "reader")], &Html::default());
    let note = Html::joined([desk.word("digest.restricted"), Html::text(" "), reader]);
    let note = Html::element("p", &[("class", "digest-restricted")], &note);
    let mut parts = vec![Part::leaf(desk.said(note))];
    parts.extend(due_in_digest(desk, root));
    parts.push(block(desk, "digest.attention", "digest-attention", attention, Empty::Drop));
    if let Some(history) = desk.history {
        let (changed, asked) = changes(desk, history, &dossiers, root);
        // That nothing changed is said by the browser, of what is seen: said here, it would tell what is sealed.
        parts.push(block(desk, "digest.changes", "digest-changes", changed, Empty::Keep));
        looked.extend(asked);
    }
    parts.extend(looked_parts(looked, &desk.archive.day.strftime("%Y-%m").to_string()));
    parts
}

fn block(desk: &Desk<'_>, title: &str, id: &str, parts: Vec<Part>, empty: Empty) -> Part {
    let mut context = Context::new().html("title", &desk.word(title));
    if matches!(empty, Empty::Keep) {
        context = context.html("nothing", &desk.word("digest.none"));
    }
    Part::group(desk.said(desk.theme.shell("parts/digest.html", id, context)), parts, empty)
}

/// The dossiers in the order of their tiers, as far as whoever may open them may know these, then of their names.
fn by_tier<'a>(desk: &'a Desk<'_>) -> Vec<Held<&'a Dossier>> {
    let key = |held: &Held<&Dossier>| {
        let tier = tier_of(desk.archive, held);
        let place = tier.as_ref().and_then(|tier| tier.within(held.clearance())).map_or(999, |tier| tier.place);
        sort_key(held).map(|name| format!("{place:03} {name}"))
    };
    let mut rows: Vec<(Held<String>, Held<&Dossier>)> =
        desk.archive.dossiers.lay_out(move |held| (key(&held), held)).collect();
    sort_rows(&mut rows);
    rows.into_iter().map(|(_, held)| held).collect()
}

/// A customer's place in the list, for whoever may read something in it.
fn customer_shell(desk: &Desk<'_>, held: &Held<&Dossier>, root: &str) -> Held<Shell> {
    let link = link_to(desk, held, root);
    held.clone().with(link).map(|(dossier, link)| {
        let id = format!("digest/{}", dossier.name);
        let list = open_tag("ul", &[("class", "signs"), ("id", &id)]);
        Shell {
            id: Some(id),
            before: Html::made(format!("<li class=\"signs-of\">{}{list}", link.as_str())),
            after: Html::made("</ul></li>".to_owned()),
            beyond: None,
        }
    })
}

fn link_to(desk: &Desk<'_>, held: &Held<&Dossier>, root: &str) -> Held<Html> {
    let link = |dossier: &Dossier| {
        let href = dossier_href(desk, dossier, root);
        title(dossier).map(|title| Html::element("a", &[("href", &href)], &Html::phrase(&title)))
    };
    held.clone().map(link).flatten()
}

/// The lines of a customer that wants attention, and what was looked at for them: signs that it may leave, and what its
/// dossier lacks. That a review is late stands among what is overdue.
fn wanting(desk: &Desk<'_>, held: &Held<&Dossier>, root: &str) -> (Vec<Part>, Vec<Held<()>>) {
    let told = held.clone().map(|dossier| signs(desk.archive, dossier));
    let mut lines = Part::gathered(told.as_ref().map(|signs| sign_lines(desk, signs, root)));
    let mut looked: Vec<Held<()>> = told.map(|signs| signs.looked).spread().into_iter().map(Held::flatten).collect();
    let Some(tier) = tier_of(desk.archive, held) else { return (lines, looked) };
    let required = held.clone().with(tier.clone()).map(|(dossier, tier)| {
        let words = tier.tier.requires.iter().filter_map(|words| asked(desk.archive, words));
        words
            .flat_map(|asked| {
                let marks = marks(desk.archive, dossier, &asked, true);
                // Nothing is to be told where all who could miss it see that it is there: found for each mark from those
                // alone that its reader may know of.
                let lacks = |mark: &Held<Mark>| {
                    mark.as_ref().map(|mark| (*mark == Mark::Missing).then_some(())).transpose().is_some()
                };
                let seen = |by: &Held<Mark>, mark: &Held<Mark>| by.clearance().implies(mark.clearance());
                let told: Vec<bool> =
                    marks.iter().map(|one| marks.iter().any(|mark| seen(one, mark) && lacks(mark))).collect();
                let matter = format!("lacks.{}/{}", asked.words, dossier.name);
                let line = move |mark: Mark, told: bool| {
                    let words = [desk.word("digest.lacks"), Html::text(" "), asked_title(&asked)];
                    let says = (mark == Mark::Missing).then(|| Html::joined(words));
                    told.then(|| matter_line(&matter, says, mark != Mark::Missing, None))
                };
                marks.into_iter().zip(told).map(|(mark, told)| mark.map(|mark| line(mark, told))).collect::<Vec<_>>()
            })
            .collect::<Vec<_>>()
    });
    for line in required.spread().into_iter().map(Held::flatten) {
        looked.push(line.as_ref().map(|_| ()));
        lines.extend(line.transpose().map(Part::leaf));
    }
    (lines, looked)
}

/// The records that changed within a week, customer by customer, and what was looked at for them. All is laid out for a
/// month and a week before it: the browser leaves out what is sealed and older than a week, and what is open is hidden
/// then, so that what is sealed beside it keeps its place.
fn changes(desk: &Desk<'_>, history: &History, dossiers: &[Held<&Dossier>], root: &str) -> (Vec<Part>, Vec<Held<()>>) {
    let today = desk.archive.day;
    let (mut papers, mut looked) = (Vec::new(), Vec::new());
    for (place, held) in dossiers.iter().enumerate() {
        let shelf = held.clone().map(|dossier| history.of_dossier(&dossier.name)).transpose();
        let Some(shelf) = shelf else { continue };
        let changes = shelf.map(|shelf| shelf.lay_out(|change| change).collect::<Vec<_>>());
        for change in changes.spread().into_iter().map(Held::flatten) {
            looked.push(change.as_ref().map(|_| ()));
            let since = today.first_of_month().saturating_sub(6.days());
            let dated = change.map(|change| {
                let day = history.commit(change.commit)?.authored.zoned()?.date();
                (day >= since && day <= today).then_some((change, day))
            });
            papers.extend(dated.transpose().map(|dated| paper(desk, history, held, place, dated, root)));
        }
    }
    let drawer = |(_, name): &(usize, String)| {
        desk.said(desk.theme.shell("parts/digest_line.html", &format!("changed/{name}"), Context::new()))
    };
    (Part::filed(papers, drawer, |_, ()| desk.said(Shell::default())), looked)
}

/// A changed record under the name of its customer. Both are told to whoever may know of the change.
fn paper(
    desk: &Desk<'_>,
    history: &History,
    held: &Held<&Dossier>,
    place: usize,
    dated: Held<(&Change, Date)>,
    root: &str,
) -> Held<Paper<(usize, String), ()>> {
    let asks = dated.clearance().clone();
    let link = link_to(desk, held, root);
    dated.map(|(change, day)| {
        let hidden = asks.is_open() && day < desk.archive.day.saturating_sub(6.days());
        let day = day.to_string();
        let name = change.record.dossier.to_string();
        let record = change.record.to_string().replace(char::is_whitespace, "_");
        let of_customer = format!("changed/{name}//customer");
        let named = link.map(|link| Html::element("span", &[("class", "digest-name"), ("id", &of_customer)], &link));
        let last = change.record.path.rsplit('/').next().unwrap_or_default();
        let title = history.title(&change.record).and_then(|held| held.within(&asks).copied());
        let title = title.filter(|title| title.texts().any(|text| text != last));
        // What is called by nothing but its file or its key is told by its type, and all such of a type are one: which of
        // them it was, a leader does not ask. So these words hold nothing but the type, the customer and the day.
        let (record, linked) = match (title, &change.record_type) {
            (None, Some(of)) => (format!("{name}//{}", of.name), Html::phrase(&of.title)),
            (title, _) => {
                let called = title.map_or_else(|| Html::text(last), Html::phrase);
                let target = desk.archive.names.get(&change.record.to_string());
                let linked = match target.and_then(|target| desk.link(root, target, &asks)) {
                    Some(href) => Html::element("a", &[("href", &href)], &called),
                    None => called,
                };
                (record, linked)
            }
        };
        let seal = if asks.is_open() { "" } else { "/sealed" };
        let id = format!("changed/{record}@{day}{seal}");
        let mut attributes =
            vec![("class", "digest-record"), ("id", &*id), ("data-changed", &*day), ("data-record", &*record)];
        attributes.extend(hidden.then_some(("hidden", "hidden")));
        let html = Html::element("span", &attributes, &linked);
        let record = Presence { id, html, any_of: BTreeSet::from([asks.clone()]) };
        let parts = vec![Part::beside(of_customer, named, [asks.clone()]), Part::Presence(record)];
        Paper { drawer: (place, name), folder: None, parts }
    })
}
