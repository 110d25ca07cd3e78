//! Everything that is kept on a customer in the order of time, whatever its type.

use super::html::Html;
use super::page::Desk;
use super::part::{Empty, Part};
use super::theme::Context;
use crate::access::Held;
use crate::dossier::Dossier;
use crate::record::Record;
use jiff::civil::Date;

/// A line for each record that is about a day, the newest first.
#[must_use]
pub fn timeline(desk: &Desk<'_>, dossier: &Dossier) -> Vec<Part> {
    let mut lines: Vec<_> = dossier.records.lay_out(dated).flatten().collect();
    lines.sort_by(|one, other| one.order(other, |(one, _), (other, _)| other.cmp(one)));
    let lines = lines.into_iter().map(|held| Part::leaf(line(held))).collect();
    let shell = desk.theme.shell("parts/timeline.html", "timeline", Context::new());
    vec![Part::group(desk.said(shell), lines, Empty::Drop)]
}

fn dated(held: Held<&Record>) -> Option<Held<(Date, &Record)>> {
    let date = held.clone().map(|record| record.date.as_ref()).transpose()?.map(|date| date.as_ref().map(|date| *date));
    Some(date.flatten().with(held))
}

fn line(held: Held<(Date, &Record)>) -> Held<Html> {
    let within = held.clearance().clone();
    held.map(|(date, record)| {
        let text = date.to_string();
        let day = Html::element("time", &[("datetime", &text)], &Html::text(&text));
        let kind = Html::phrase(&record.record_type.title);
        let href = format!("#{}", super::address::href(&record.anchor()));
        let link = |words: &Html| Html::element("a", &[("href", &href)], words);
        // Whoever may read the record and not its title is led to it by its type.
        let named = match record.title.within(&within) {
            Some(title) => [Html::element("span", &[("class", "timeline-kind")], &kind), link(&Html::phrase(&title.0))],
            None => [link(&kind), Html::default()],
        };
        let [first, second] = named;
        Html::element("li", &[], &Html::joined([day, Html::text(" "), first, Html::text(" "), second]))
    })
}
