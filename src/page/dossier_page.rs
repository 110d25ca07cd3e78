//! A dossier's page: who the customer is, and all records by type.

use super::dossier_standing::standing;
use super::due_page::due_in_dossier;
use super::forge_parts::edit_part;
use super::former_parts::former_parts;
use super::html::Html;
use super::moved_page::away_part;
use super::named_by::{named_by_links, named_by_part};
use super::page::{Desk, Page, Region, root_of};
use super::part::{Empty, Part, Presence};
use super::plates::plate_line;
use super::record_parts::{abstract_part, changed_parts, fields_part, record_part};
use super::table::{Column, cell_part, column_content, column_of, register_columns, row_part, table_part};
use super::theme::Context;
use super::timeline::timeline;
use super::topology::topology_parts;
use super::trend_parts::trend_parts;
use crate::access::{Clearance, Held};
use crate::dossier::Dossier;
use crate::record::{Kind, Record, RecordType};
use crate::text::Phrase;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Makes a dossier's page.
#[must_use]
pub fn dossier_page(desk: &Desk<'_>, held: &Held<&Dossier>) -> Held<Page> {
    held.clone().map(|dossier| {
        let address = desk.addresses.dossier(&dossier.name, dossier.clearance());
        let root = root_of(&address);
        let heading = heading_parts(dossier);
        let mut identity = vec![fields_part(desk, &dossier.root, &dossier.root.fields, "identity-fields", &root)];
        if let Some(summary) = &dossier.root.summary {
            identity.push(abstract_part(desk, &summary.as_ref().map(Html::phrase)));
        }
        identity.extend(named_by_part(desk, &dossier.root.name, "identity-named-by", &root));
        let imported = dossier.root.imported.as_ref();
        identity
            .extend(imported.map(|held| Part::leaf(held.as_ref().map(|plate| plate_line(desk, "imported", plate)))));
        identity.extend(changed_parts(desk, &dossier.root, &root));
        identity.extend(edit_part(desk, &dossier.root));
        identity.push(consult_part(desk, held));
        let marking = marking_part(desk, dossier);
        let mut groups = groups(desk, dossier, &root);
        groups.extend(away_part(desk, dossier, &root));
        let contents = contents(desk, dossier);
        let standing = standing(desk, held);
        let title = title(dossier);
        let due = due_in_dossier(desk, dossier, &root);
        Page {
            address,
            template: "dossier.html",
            title,
            regions: Vec::from_iter(due.into_iter().chain([
                Region { name: "heading", id: "heading", parts: heading },
                Region { name: "marking", id: "marking", parts: marking.into_iter().collect() },
                Region { name: "fields", id: "identity", parts: identity },
                Region { name: "standing", id: "standing", parts: standing },
                Region { name: "timeline", id: "timeline-block", parts: timeline(desk, dossier) },
                Region { name: "toc", id: "toc", parts: contents },
                Region { name: "groups", id: "groups", parts: groups },
            ])),
            current: "home",
            extra: if desk.history.is_some() {
                vec![("history", Html::text("history/index.html"))]
            } else {
                Vec::new()
            },
        }
    })
}

/// The button by which a reader notes that the dossier was consulted, and for what. It names the dossier, and so asks for
/// what that asks.
fn consult_part(desk: &Desk<'_>, held: &Held<&Dossier>) -> Part {
    Part::leaf(held.clone().map(|dossier| {
        let attributes = [
            ("type", "button"),
            ("class", "plain consult-open"),
            ("data-action", "consult"),
            ("data-consult", &*dossier.name),
        ];
        let button = Html::element("button", &attributes, &desk.word("consult.open"));
        Html::element("p", &[("class", "consult-line")], &button)
    }))
}

/// The dossier's marking, which stands on every page and print of it.
#[must_use]
pub fn marking_part(desk: &Desk<'_>, dossier: &Dossier) -> Option<Part> {
    let plate = dossier.root.marking.as_ref()?;
    Some(Part::leaf(plate.as_ref().map(|plate| plate_line(desk, "marking", plate))))
}

/// What the customer is called, for those who may know it; the folder's name, which is the address, for the others.
#[must_use]
pub fn title(dossier: &Dossier) -> Held<Phrase> {
    dossier.called()
}

/// The dossier's title as parts: what stands there for all who may open the dossier, and the name for those who may
/// read it, where it asks for more.
#[must_use]
pub fn heading_parts(dossier: &Dossier) -> Vec<Part> {
    let shown = title(dossier).map(|title| Html::element("span", &[], &Html::phrase(&title)));
    let mut parts = vec![Part::leaf(shown)];
    if let Some(name) = dossier.field("name")
        && !dossier.root.clearance.implies(name.clearance())
    {
        parts.push(Part::leaf(name.map(|field| Html::element("span", &[], &Html::phrase(&field.value.phrase())))));
    }
    parts
}

fn group_id(record_type: &RecordType) -> String {
    format!("records-{}", record_type.name)
}

/// A line of contents for each type, seen by whoever may read a record of it.
fn contents(desk: &Desk<'_>, dossier: &Dossier) -> Vec<Part> {
    let mut lines = Vec::new();
    for record_type in desk.archive.types.iter() {
        // A summary beside a sealed record is something to be read under the heading as well.
        let any_of: BTreeSet<Clearance> = of_type(dossier, record_type)
            .flat_map(|held| {
                let summary = dossier.summary_beside(&held).map(|summary| summary.clearance().clone());
                std::iter::once(held.clearance().clone()).chain(summary)
            })
            .collect();
        if any_of.is_empty() {
            continue;
        }
        let id = format!("toc-{}", record_type.name);
        let context = Context::new()
            .text("id", &id)
            .text("href", &format!("#group-{}", record_type.name))
            .html("label", &Html::phrase(&record_type.title));
        let html = desk.part("parts/toc.html", &context);
        lines.push(Part::Presence(Presence { id, html, any_of }));
    }
    lines
}

fn of_type<'d>(dossier: &'d Dossier, record_type: &'d Arc<RecordType>) -> impl Iterator<Item = Held<&'d Record>> {
    dossier.records.pick(|record| record.record_type.name == record_type.name)
}

/// All records of a dossier, grouped by type in the order of the types.
fn groups(desk: &Desk<'_>, dossier: &Dossier, root: &str) -> Vec<Part> {
    let mut groups = Vec::new();
    for record_type in desk.archive.types.iter() {
        let mut parts: Vec<Part> = topology_parts(desk, dossier, record_type, root).into_iter().collect();
        parts.extend(trend_parts(desk, dossier, record_type));
        let mut rows = Vec::new();
        let here = |record: &Record| record.record_type.name == record_type.name;
        rows.extend(
            dossier
                .records
                .pick(|record| here(record) && record.in_list)
                .map(|held| row(desk, record_type, &held, root)),
        );
        for held in dossier.records.pick(|record| here(record) && !record.in_list) {
            parts.extend(sealed_summary(desk, dossier, &held));
            parts.push(record_part(desk, &held, root));
        }
        if !rows.is_empty() {
            let columns = columns(desk, record_type);
            let id = format!("table-{}", record_type.name);
            parts.push(table_part(desk, &id, &Html::phrase(&record_type.title), &columns, &[], rows));
        }
        if parts.is_empty() {
            continue;
        }
        let id = group_id(record_type);
        let register = format!("{root}{}index.html", super::address::Addresses::register(&record_type.name));
        let context = Context::new()
            .text("type_name", &record_type.name)
            .html("title", &Html::phrase(&record_type.title))
            .text("register_href", &register);
        let shell = desk.said(desk.theme.shell("parts/group.html", &id, context));
        groups.push(Part::group(shell, parts, Empty::Drop));
    }
    groups
}

/// The summary of a record that asks for more than its dossier: it was written for those who may not read the record.
fn sealed_summary(desk: &Desk<'_>, dossier: &Dossier, held: &Held<&Record>) -> Option<Part> {
    let summary = dossier.summary_beside(held)?;
    Some(abstract_part(desk, &summary.map(Html::phrase)))
}

/// The columns of a list: all fields and what names the record, since a list has no other place to show them.
fn columns(desk: &Desk<'_>, record_type: &RecordType) -> Vec<Column> {
    let fields = listed_columns(record_type);
    let named_by = Column { kind: "namings", ..Column::of(desk.word("named_by.column"), Kind::Text) };
    fields.iter().map(|name| column_of(desk, record_type, name)).chain([named_by]).collect()
}

fn listed_columns(record_type: &RecordType) -> Vec<String> {
    let mut names: Vec<String> = record_type.key.iter().cloned().collect();
    names.extend(
        record_type.fields.iter().map(|field| field.name.clone()).filter(|name| Some(name) != record_type.key.as_ref()),
    );
    if names.is_empty() { register_columns(record_type) } else { names }
}

/// What a record of a list is called, beside its key: a list has no headings. Nothing where the title is the key.
fn title_beside(held: &Held<&Record>, key: &str) -> Vec<Part> {
    Part::gathered(held.clone().map(|record| {
        let title = record.title.as_ref();
        let named = match record.field(key) {
            Some(field) => title.with(field).map(|(title, field)| {
                let double = title.0.in_language("zh") == field.value.plain("zh");
                (!double).then_some(title)
            }),
            None => title.map(Some),
        };
        let part = named.transpose().map(|title| {
            Part::leaf(title.map(|title| {
                let words = Html::joined([Html::text(" "), Html::phrase(&title.0)]);
                Html::element("span", &[("class", "row-title")], &words)
            }))
        });
        part.into_iter().collect()
    }))
}

fn row(desk: &Desk<'_>, record_type: &RecordType, held: &Held<&Record>, root: &str) -> Part {
    let asks = held.clone().map(|_| ());
    let mut cells: Vec<Part> = listed_columns(record_type)
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let kind = column_of(desk, record_type, name).kind;
            let mut content = column_content(desk, held, name, root);
            if n == 0 {
                content.extend(title_beside(held, name));
                content.extend(Part::gathered(held.clone().map(|record| former_parts(desk, record))));
            }
            cell_part(asks.clone(), kind, n == 0, content)
        })
        .collect();
    let named_by = Part::gathered(held.clone().map(|record| named_by_links(desk, &record.name, root)));
    cells.push(cell_part(asks, "namings", false, named_by));
    row_part(held.clone().map(Record::anchor), cells)
}
