//! Competition: what competitors offer to which customer, until when they are bound, and by when to move.

use super::super::due_page::due_of_type;
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Empty, Paper, Part, Shell};
use super::super::table::column_content;
use super::record_table::{Shows, customer, link, record_table};
use crate::access::Held;
use crate::dossier::Dossier;
use crate::record::Record;

/// The type of records of what competitors do.
const NOTE: &str = "competitor-note";

/// What is due, all notes by the day on which a competitor's contract ends, and the same by competitor.
pub fn competition(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let shows = Shows {
        id: "rivals",
        record_type: NOTE,
        fields: &["competitor", "service", "price", "rival_until", "move_by", "reliability", "answer", "contract"],
        by: "rival_until",
        choices: &["competitor", "service", "reliability"],
    };
    let table = record_table(desk, &shows, &desk.word("competition.by_customer"), root);
    due_of_type(desk, NOTE, root).into_iter().chain(table).chain([by_competitor(desk, root)]).collect()
}

/// A heading for each competitor, over the customers that it courts.
fn by_competitor(desk: &Desk<'_>, root: &str) -> Part {
    let mut papers = Vec::new();
    for held in desk.archive.dossiers.lay_out(|held| held) {
        let of_dossier = held.map(|dossier| {
            let notes = dossier.records.pick(|record| record.record_type.name == NOTE);
            notes.filter_map(|note| paper(desk, &note, dossier, root)).collect::<Vec<_>>()
        });
        papers.extend(of_dossier.spread().into_iter().map(Held::flatten));
    }
    let drawer = |name: &String| {
        let heading = Html::element("h3", &[], &Html::text(name));
        let id = format!("rival/{name}").replace(char::is_whitespace, "_");
        let list = Shell::element("ul", &[("class", "rival"), ("id", &id)]);
        desk.said(Shell {
            id: list.id,
            before: Html::joined([Html::made("<section class=\"rival-block\">".to_owned()), heading, list.before]),
            after: Html::joined([list.after, Html::made("</section>".to_owned())]),
        })
    };
    let groups = Part::filed(papers, drawer, |_, (): &()| desk.said(Shell::default()));
    let heading = Html::element("h2", &[], &desk.word("competition.by_competitor"));
    let inner = Shell::element("div", &[("id", "rival-blocks")]);
    let shell = Shell {
        id: inner.id,
        before: Html::joined([Html::made("<section class=\"rivals\">".to_owned()), heading, inner.before]),
        after: Html::joined([inner.after, Html::made("</section>".to_owned())]),
    };
    Part::group(desk.said(shell), groups, Empty::Drop)
}

fn paper(desk: &Desk<'_>, held: &Held<&Record>, dossier: &Dossier, root: &str) -> Option<Held<Paper<String, ()>>> {
    let competitor = held.clone().map(|record| record.field("competitor")).transpose()?.flatten();
    let shell = held.clone().map(|_| Shell::element("li", &[("class", "rival-line")]));
    let piece = |name: &str| {
        let inner = column_content(desk, held, name, root);
        let shell = held.clone().map(|_| Shell::element("span", &[("class", "rival-piece")]));
        Part::group(shell, inner, Empty::Keep)
    };
    let mut parts = vec![customer(desk, dossier, root), link(desk, held, root)];
    parts.extend(["service", "price", "rival_until", "reliability"].map(piece));
    let line = Part::group(shell, parts, Empty::Keep);
    Some(competitor.map(|field| Paper { drawer: field.value.plain("zh"), folder: None, parts: vec![line] }))
}
