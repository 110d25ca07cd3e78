//! Whether use is made of what is kept: which dossiers nobody ever consulted, and which restrictions were to be looked
//! at again and were not.

use super::super::customers::customer_cell;
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::Part;
use super::super::table::{Column, cell_part, long_table_part, row_part, wrapped};
use super::cells::{Shown, rows, seen_cell, tier_cell};
use super::effort::revenue_cell;
use super::freshness::{day, overdue_since, state_since};
use crate::access::{Clearance, Held};
use crate::dossier::Dossier;
use crate::reckoning::{Consultations, Seen};
use crate::record::{Kind, Plate, Record};

/// Dossiers by how often they were consulted, and markings by when they were to be reviewed.
pub fn consulted(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let heading = |key: &str| Part::leaf(desk.said(Html::element("h2", &[], &desk.word(key))));
    vec![heading("use.dossiers"), of_dossiers(desk, root), heading("use.markings"), of_markings(desk, root)]
}

fn of_dossiers(desk: &Desk<'_>, root: &str) -> Part {
    let column = |key: &str, kind| Column::of(desk.word(key), kind);
    let columns = [
        Column::customers(desk),
        column("tier.title", Kind::Choice),
        column("effort.revenue", Kind::Money).leading(),
        column("use.times", Kind::Number),
        column("use.last", Kind::Date),
        column("use.state", Kind::Choice),
    ];
    let consultations = Consultations::of(desk.archive);
    let rows = rows(desk, "use", root, |held, tier| {
        let seen = Seen::joined(held.clone().map(|dossier| consultations.of_dossier(dossier)));
        vec![
            tier_cell(held, tier),
            revenue_cell(held),
            seen_cell(held, "number first", &seen, |used, _| {
                Shown::by(Html::text(&used.times.to_string()), used.times)
            }),
            seen_cell(held, "date first", &seen, |used, _| day(used.last)),
            seen_cell(held, "choice first", &seen, |used, _| {
                let (class, key) = if used.times == 0 { ("tag tag-warn", "use.never") } else { ("tag", "use.used") };
                Shown::text(Html::element("span", &[("class", class)], &desk.word(key)))
            }),
        ]
    });
    long_table_part(desk, "consulted", &desk.word("use.dossiers"), &columns, &[1, 5], rows)
}

/// A row for each marking: those whose review or end has passed keep from use what may be open.
fn of_markings(desk: &Desk<'_>, root: &str) -> Part {
    let column = |key: &str, kind| Column::of(desk.word(key), kind);
    let columns = [
        Column::customers(desk),
        column("use.record", Kind::Text),
        column("marking.level", Kind::Choice),
        column("marking.decided_by", Kind::Text),
        column("use.review", Kind::Date),
        column("use.until", Kind::Date),
        column("use.state", Kind::Choice),
        column("freshness.overdue", Kind::Number).leading(),
    ];
    let mut rows = Vec::new();
    for held in desk.archive.dossiers.lay_out(|held| held) {
        let of_root = held.clone().map(|dossier| &*dossier.root);
        rows.extend(Part::gathered(held.clone().map(|dossier| {
            let records = dossier.records.lay_out(|record| record).chain([of_root]);
            records.filter_map(|record| row(desk, &held, record, root)).collect()
        })));
    }
    long_table_part(desk, "markings", &desk.word("use.markings"), &columns, &[2, 6], rows)
}

fn row(desk: &Desk<'_>, held: &Held<&Dossier>, record: Held<&Record>, root: &str) -> Option<Part> {
    let plate = record.clone().map(|record| record.marking.as_ref().map(Held::as_ref)).transpose()?.flatten();
    let marked = plate.with(record);
    let (open, asks) = (marked.clearance().is_open(), marked.clearance().clone());
    let around = |class: &'static str, content: Held<Html>| {
        cell_part(marked.as_ref().map(|_| ()), class, false, vec![Part::leaf(content)])
    };
    let cell = |class: &'static str, show: &dyn Fn(&Plate) -> Shown| {
        around(class, marked.as_ref().map(|(plate, _)| show(plate).element()))
    };
    let said = |key: &'static str| move |plate: &Plate| Shown::text(Html::text(plate.line(key).unwrap_or_default()));
    // Both the end of a marking and its review ask to look at it again; the first of them counts.
    let first = |plate: &Plate| [plate.day("review"), plate.day("until")].into_iter().flatten().min();
    let named = marked.as_ref().map(|(_, record)| wrapped(named(desk, record, &asks, root)));
    let cells = vec![
        customer_cell(desk, held, root),
        around("text", named),
        cell("choice", &said("level")),
        cell("text", &said("decided_by")),
        cell("date", &|plate| day(plate.day("review"))),
        cell("date", &|plate| day(plate.day("until"))),
        cell("choice", &|plate| state_since(desk, first(plate), open)),
        cell("number", &|plate| overdue_since(desk, first(plate), open)),
    ];
    let id = marked.as_ref().map(|(_, record)| format!("marking/{}", record.name).replace(char::is_whitespace, "_"));
    Some(row_part(id, cells))
}

/// What a marked record is called, as a link: by its title where whoever may read the marking may read that, else by its
/// type, as a dossier is.
fn named(desk: &Desk<'_>, record: &Record, asks: &Clearance, root: &str) -> Html {
    let of_type = Html::phrase(&record.record_type.title);
    let title = record.title.within(asks).filter(|_| &*record.name.path != "dossier");
    let name = title.map_or(of_type, |title| Html::phrase(&title.0));
    let target = desk.archive.names.get(&record.name.to_string());
    match target.and_then(|target| desk.link(root, target, asks)) {
        Some(href) => Html::element("a", &[("href", &href)], &name),
        None => name,
    }
}
