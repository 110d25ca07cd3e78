//! Visits, made and planned: the records of types that come as often as a tier says under `visit`.

use super::due::Customer;
use super::home::Home;
use super::piece::Piece;
use super::sight::Sight;
use crate::access::{Held, Shelf};
use crate::archive::Archive;
use crate::dossier::Dossier;
use crate::record::{Every, Record, RecordName, RecordType};
use crate::text::Phrase;
use jiff::civil::Date;
use rayon::prelude::*;
use std::sync::Arc;

/// A visit to a customer.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The day on which it was made, or for which it is planned.
    pub day: Date,
    /// Whether it was made.
    pub made: bool,
    /// Who made it, or is to make it.
    pub by: Held<Vec<Phrase>>,
    /// The customer.
    pub customer: Option<Arc<Customer>>,
    /// Its record.
    pub record: RecordName,
    /// What that is called.
    pub title: Held<Phrase>,
}

/// All visits of an archive, the earliest first.
#[must_use]
pub fn visits(archive: &Archive) -> Shelf<Visit> {
    let dossiers: Vec<Held<&Dossier>> = archive.dossiers.lay_out(|held| held).collect();
    let of_dossier = |dossier| {
        let home = Home::dossier(archive, Sight::Site, dossier);
        let of_record = |held: Held<&'_ Record>| held.map(|record| of_record(&home, record)).spread();
        let records = home.records.pick(|record| is_visit(&record.record_type));
        records.flat_map(of_record).map(Held::flatten).collect::<Vec<_>>()
    };
    let each = dossiers.into_par_iter().flat_map_iter(|held| held.map(of_dossier).spread());
    let mut all: Vec<Held<Visit>> = each.map(Held::flatten).collect();
    all.sort_by(|one, other| one.order(other, |one, other| (one.day, &one.record).cmp(&(other.day, &other.record))));
    Shelf::new(all)
}

fn is_visit(record_type: &RecordType) -> bool {
    record_type.due.as_ref().is_some_and(|due| due.every == Some(Every::TierVisit))
}

fn of_record<'a>(home: &Home<'a>, record: &'a Record) -> Vec<Held<Visit>> {
    let piece = Piece::of(record, &home.archive.settings.audiences);
    // A plan is a day that is due unless the record has a date: the day on which the visit was made.
    let plans = record.record_type.fields.iter().filter_map(|field| Some((field, field.due.as_ref()?)));
    let plans: Vec<_> = plans.filter(|(_, due)| due.unless.iter().any(|rule| rule.field == "date")).collect();
    let who = plans.iter().map(|(_, due)| due.who.as_slice()).find(|who| !who.is_empty()).unwrap_or_default();
    let visit = |day: Date, made: bool| Visit {
        day,
        made,
        by: home.each_of(who, record),
        customer: home.customer.clone(),
        record: record.name.clone(),
        title: record.title.as_ref().map(|title| title.0.clone()),
    };
    let made = piece.day("date");
    let planned = plans.iter().filter_map(|(field, _)| {
        let planned = piece.day(&field.name).with(made.clone());
        planned.map(|(planned, made)| planned.filter(|_| made.is_none()).map(|day| visit(day, false))).transpose()
    });
    planned.chain(made.clone().map(|day| day.map(|day| visit(day, true))).transpose()).collect()
}
