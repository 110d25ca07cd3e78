//! Competition: what competitors offer to which customer, until when they are bound, and by when to move.

use super::super::due_page::due_of_types;
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Empty, Paper, Part, Shell};
use super::super::table::{Column, cell_part, column_content, column_of, row_part};
use super::super::theme::Context;
use super::record_table::{Shows, customer, link, record_table};
use crate::access::Held;
use crate::dossier::Dossier;
use crate::record::{Kind, Record};

/// The type of records of what competitors do.
const NOTE: &str = "competitor-note";
/// What is said of each note below the heading of its competitor.
const BY_COMPETITOR: [&str; 5] = ["service", "price", "rival_until", "move_by", "reliability"];
/// These tables are short.
const NO_FILTERS: [usize; 0] = [];

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
    due_of_types(desk, &[NOTE], root).into_iter().chain(table).chain([by_competitor(desk, root)]).collect()
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
    let columns = columns(desk);
    let drawer = |name: &String| {
        let called = Html::text(name);
        let context = Context::new().html("caption", &called).value("columns", &columns).value("filters", &NO_FILTERS);
        let table =
            desk.theme.shell("parts/table.html", &format!("rival/{name}").replace(char::is_whitespace, "_"), context);
        let heading = Html::element("h3", &[], &called);
        desk.said(Shell {
            id: table.id,
            before: Html::joined([Html::made("<section class=\"rival-block\">".to_owned()), heading, table.before]),
            after: Html::joined([table.after, Html::made("</section>".to_owned())]),
            beyond: None,
        })
    };
    let groups = Part::filed(papers, drawer, |_, (): &()| desk.said(Shell::default()));
    let heading = Html::element("h2", &[], &desk.word("competition.by_competitor"));
    let inner = Shell::element("div", &[("id", "rival-blocks")]);
    let shell = Shell {
        id: inner.id,
        before: Html::joined([Html::made("<section class=\"rivals\">".to_owned()), heading, inner.before]),
        after: Html::joined([inner.after, Html::made("</section>".to_owned())]),
        beyond: None,
    };
    Part::group(desk.said(shell), groups, Empty::Drop)
}

fn columns(desk: &Desk<'_>) -> Vec<Column> {
    let mut columns = vec![Column::of(desk.word("register.customer"), Kind::Text)];
    if let Some(record_type) = desk.archive.types.get(NOTE) {
        columns.push(Column::of(Html::phrase(&record_type.title), Kind::Text));
        columns.extend(BY_COMPETITOR.iter().map(|name| column_of(desk, record_type, name)));
    }
    columns
}

fn paper(desk: &Desk<'_>, held: &Held<&Record>, dossier: &Dossier, root: &str) -> Option<Held<Paper<String, ()>>> {
    let competitor = held.clone().map(|record| record.field("competitor")).transpose()?.flatten();
    let asks = held.clone().map(|_| ());
    let kinds = columns(desk).into_iter().skip(2).map(|column| column.kind);
    let mut cells = vec![
        cell_part(asks.clone(), "text", true, vec![customer(desk, dossier, root)]),
        cell_part(asks.clone(), "text", false, vec![link(desk, held, root)]),
    ];
    cells.extend(
        BY_COMPETITOR
            .iter()
            .zip(kinds)
            .map(|(name, kind)| cell_part(asks.clone(), kind, false, column_content(desk, held, name, root))),
    );
    let row = row_part(
        held.clone().map(|record| format!("of-rival/{}", record.name).replace(char::is_whitespace, "_")),
        cells,
    );
    Some(competitor.map(|field| Paper { drawer: field.value.plain("zh"), folder: None, parts: vec![row] }))
}
