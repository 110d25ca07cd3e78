//! What can be found of each record, for each clearance that some part of it asks.

use super::document::{Bit, Document, Facet, Weight};
use crate::access::{Clearance, Held, Shelf};
use crate::dossier::Dossier;
use crate::page::Desk;
use crate::record::{Field, Kind, Record, RecordType, Value};
use crate::text::Phrase;
use std::collections::BTreeSet;

/// The fields of a dossier by which its customer is called.
const NAMES: [&str; 3] = ["name", "short_names", "former_names"];

/// The documents of a dossier: its own, and those of its records. What is personal is in none.
#[must_use]
pub fn documents(desk: &Desk<'_>, held: &Held<&Dossier>) -> Vec<Held<Document>> {
    let of_dossier = held.clone().map(|dossier| {
        let Some(target) = desk.archive.names.get(&dossier.name) else { return Vec::new() };
        let page = desk.href("", target);
        let own = owned(desk, held, dossier);
        let root = held.clone().map(|dossier| &*dossier.root);
        let mut found = of_record(desk, &root, &page, &page, &own);
        let customer = Bit::Customer(customer(dossier));
        let around: Vec<Held<Bit>> = own.into_iter().chain([dossier.called().map(|_| customer)]).collect();
        // As on the dossier's page, where a list shows none.
        let shown = dossier.records.pick(|record| !record.in_list && !record.record_type.personal);
        let summaries = shown.filter_map(|record| dossier.summary_beside(&record));
        found.extend(summaries.map(|summary| of_summary(&page, &summary, &around)));
        found.extend(dossier.records.lay_out(|record| of_placed(desk, &record, &around)).flatten());
        found
    });
    of_dossier.spread().into_iter().map(Held::flatten).collect()
}

/// The documents of what belongs to no customer.
#[must_use]
pub fn register_documents(desk: &Desk<'_>) -> Vec<Held<Document>> {
    desk.archive.registers.lay_out(|record| of_placed(desk, &record, &[])).flatten().collect()
}

/// The documents of a record that stands on a page among others.
fn of_placed(desk: &Desk<'_>, held: &Held<&Record>, around: &[Held<Bit>]) -> Vec<Held<Document>> {
    let placed = held.clone().map(|record| {
        let target = desk.archive.names.get(&record.name.to_string());
        let href = target.map(|target| desk.href("", target)).unwrap_or_default();
        let page = href.split('#').next().unwrap_or_default().to_owned();
        of_record(desk, held, &href, &page, around)
    });
    placed.spread().into_iter().map(Held::flatten).collect()
}

/// A document of a record for each clearance that something of its own asks: all that this clearance suffices for.
fn of_record(
    desk: &Desk<'_>,
    held: &Held<&Record>,
    href: &str,
    page: &str,
    around: &[Held<Bit>],
) -> Vec<Held<Document>> {
    let of_record = held.clone().map(|record| {
        let own = bits(desk, record);
        let asked: BTreeSet<Clearance> = own.iter().map(|bit| bit.clearance().clone()).collect();
        let all: Vec<Held<Bit>> = own.into_iter().chain(around.iter().cloned()).chain([kind(held)]).collect();
        let each = |asks: Clearance| {
            let known = held.clone().narrowed(&asks);
            let within = known.clearance().clone();
            known.map(|_| Document::of(href, page, all.iter().filter_map(|bit| bit.within(&within))))
        };
        asked.into_iter().map(each).collect::<Vec<_>>()
    });
    of_record.spread().into_iter().map(Held::flatten).collect()
}

/// The open words that stand in place of a record for those who may not read it. They lead to the dossier: where the
/// record itself stands is not for them.
fn of_summary(page: &str, summary: &Held<&Phrase>, around: &[Held<Bit>]) -> Held<Document> {
    let within = summary.clearance().clone();
    summary.clone().map(|summary| {
        let text = Bit::Text { label: Phrase::default(), text: summary.clone(), weight: Weight::Text };
        let around = around.iter().filter_map(|bit| bit.within(&within));
        Document::of(page, page, std::iter::once(&text).chain(around))
    })
}

/// All that a record says by itself, each under what it asks.
fn bits(desk: &Desk<'_>, record: &Record) -> Vec<Held<Bit>> {
    if record.record_type.personal {
        return Vec::new();
    }
    let mut bits = Vec::new();
    if record.record_type.name != "dossier" {
        bits.push(record.title.as_ref().map(|title| Bit::Title(title.0.clone())));
    }
    bits.extend(person(record));
    bits.extend(record.date.iter().map(|date| date.as_ref().map(|date| Bit::Date(date.to_string()))));
    bits.extend(years(record).map(|year| year.map(|year| choice(Facet::Year, &year.to_string()))));
    bits.extend(of_fields(&record.record_type, &record.fields, None));
    bits.extend(record.text.lay_out(|section| {
        section.map(|section| {
            // Its first line is the heading.
            let text = section.text.strip_prefix(&*section.heading).unwrap_or(&section.text);
            Bit::Text { label: Phrase::one(&*section.heading), text: Phrase::one(text.trim()), weight: Weight::Text }
        })
    }));
    let said =
        |text: &str, label: &str, weight| Bit::Text { label: desk.phrase(label), text: Phrase::one(text), weight };
    bits.extend(
        record.attachments.lay_out(|file| file.map(|file| said(&file.name, "attachments.title", Weight::Heading))),
    );
    bits.extend(record.summary.iter().filter(|_| record.clearance.is_open()).map(|summary| {
        summary.as_ref().map(|summary| Bit::Text {
            label: Phrase::default(),
            text: summary.clone(),
            weight: Weight::Text,
        })
    }));
    bits.extend(record.original.iter().map(|plate| {
        plate.as_ref().map(|plate| {
            let lines: Vec<&str> = plate.0.iter().map(|(_, text)| text.as_str()).collect();
            said(&lines.join(" · "), "original.title", Weight::Value)
        })
    }));
    bits
}

/// The name of whom a record is about: where a register begins with a person, its records are called by that one rather
/// than by their keys.
fn person(record: &Record) -> Option<Held<Bit>> {
    let first = record.record_type.register.first()?;
    let of_type = record.record_type.field(first)?;
    if of_type.kind != Kind::Person || of_type.personal || of_type.many {
        return None;
    }
    Some(record.field(first)?.map(|field| Bit::Title(field.value.phrase())))
}

/// The fields of a record or of a group in it, each under what it asks. What is personal its type says.
fn of_fields(record_type: &RecordType, fields: &Shelf<Field>, group: Option<&str>) -> Vec<Held<Bit>> {
    let made = fields.lay_out(|held| {
        let own = held.clone().map(|field| {
            let known = match group {
                Some(group) => record_type.field(group).and_then(|group| group.member(&field.name)),
                None => record_type.field(&field.name),
            };
            known.is_some_and(|known| !known.personal).then_some(field)
        });
        let Some(held) = own.transpose() else { return Vec::new() };
        let values = held.clone().map(|field| {
            let weight = weight_of(record_type, field, group);
            let said = |value: &Value| said_of(field, value, weight);
            values_of(field).iter().filter_map(said).collect::<Vec<_>>()
        });
        let members = held.map(|field| {
            let groups = values_of(field).iter().filter_map(|value| match value {
                Value::Group(members) => Some(members),
                _ => None,
            });
            groups.flat_map(|members| of_fields(record_type, members, Some(&field.name))).collect::<Vec<_>>()
        });
        values.spread().into_iter().chain(members.spread().into_iter().map(Held::flatten)).collect()
    });
    made.flatten().collect()
}

fn values_of(field: &Field) -> &[Value] {
    match &field.value {
        Value::Many(values) => values,
        value => std::slice::from_ref(value),
    }
}

fn weight_of(record_type: &RecordType, field: &Field, group: Option<&str>) -> Weight {
    match field.kind {
        _ if group.is_none() && record_type.name == "dossier" && NAMES.contains(&field.name.as_str()) => Weight::Name,
        Kind::Person => Weight::Person,
        Kind::Markdown => Weight::Text,
        _ => Weight::Value,
    }
}

/// What a value says by itself; yes and no, and what is in groups, nothing.
fn said_of(field: &Field, value: &Value, weight: Weight) -> Option<Bit> {
    let text = match value {
        Value::Group(_) | Value::Many(_) | Value::YesNo(_) => return None,
        Value::Markdown(_) => Phrase::one(value.plain("zh")),
        value => value.phrase(),
    };
    Some(Bit::Text { label: Phrase::clone(&field.title), text, weight })
}

/// The years of its date and of its fields that are days, in their order. A document is given the first that it may hold:
/// so neither what comes before it nor that this is there changes what others find.
fn years(record: &Record) -> impl Iterator<Item = Held<i32>> + '_ {
    let year = |value: &Value| match value {
        Value::Date(date) => Some(i32::from(date.year())),
        Value::Week { year, .. } | Value::Month { year, .. } | Value::Year(year) => Some(i32::from(*year)),
        _ => None,
    };
    let dated = |field: &&crate::record::FieldType| {
        matches!(field.kind, Kind::Date | Kind::Week | Kind::Month | Kind::Year) && !field.personal
    };
    let of_field =
        move |field: &crate::record::FieldType| record.field(&field.name)?.map(|field| year(&field.value)).transpose();
    let own = record.date.iter().map(|date| date.as_ref().map(|date| i32::from(date.year())));
    own.chain(record.record_type.fields.iter().filter(dated).filter_map(of_field))
}

fn choice(facet: Facet, said: &str) -> Bit {
    Bit::Choice { facet, choice: said.to_owned(), label: Phrase::one(said) }
}

/// Of what type a record is, for those who may know of it.
fn kind(held: &Held<&Record>) -> Held<Bit> {
    held.clone().map(|record| Bit::Choice {
        facet: Facet::Type,
        choice: record.record_type.name.clone(),
        label: record.record_type.title.clone(),
    })
}

/// What is true of everything in a dossier: its tier, its industry, who looks after it.
fn owned(desk: &Desk<'_>, held: &Held<&Dossier>, dossier: &Dossier) -> Vec<Held<Bit>> {
    let root_type = desk.archive.types.get("dossier");
    let people = root_type.iter().flat_map(|root| &root.fields);
    let people = people.filter(|field| field.kind == Kind::Person && !field.personal).map(|field| field.name.as_str());
    let facets = [("tier", Facet::Tier), ("industry", Facet::Industry)].into_iter();
    let facets = facets.filter(|(name, _)| !is_personal(dossier, name));
    let facets = facets.chain(people.map(|name| (name, Facet::Person)));
    let fields = facets.filter_map(|(name, facet)| Some((dossier.field(name)?, facet)));
    let each = fields.flat_map(|(field, facet)| {
        let said = field.map(|field| {
            let said = |value: &Value| Bit::Choice { facet, choice: value.plain("zh"), label: value.phrase() };
            values_of(field).iter().map(said).collect::<Vec<_>>()
        });
        said.spread()
    });
    each.map(|bit| bit.narrowed(held.clearance())).collect()
}

/// Whether a field of the dossier is marked as personal by its type.
fn is_personal(dossier: &Dossier, name: &str) -> bool {
    dossier.root.record_type.field(name).is_some_and(|field| field.personal)
}

/// What the customer is called by everybody who may open the dossier.
fn customer(dossier: &Dossier) -> Vec<Phrase> {
    let within = dossier.clearance();
    let short = dossier.field("short_names").filter(|_| !is_personal(dossier, "short_names"));
    let short = short.as_ref().and_then(|field| field.within(within));
    let short = short.into_iter().flat_map(|field| values_of(field).iter().map(Value::phrase));
    let folder = || Some(Phrase::one(dossier.name.as_ref()));
    let called = if is_personal(dossier, "name") { folder() } else { dossier.called().within(within).cloned() };
    called.into_iter().chain(short).collect()
}
