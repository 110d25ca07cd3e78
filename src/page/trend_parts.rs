//! What records of a type say one after the other, as a chart with a table behind it.

use super::chart::{Line, are_whole, draw};
use super::html::Html;
use super::page::Desk;
use super::part::{Empty, Part, Shell};
use super::theme::Context;
use crate::dossier::Dossier;
use crate::reckoning::{Point, trends};
use crate::record::{FieldType, RecordType};

/// A chart for each charted field of a type's records in a dossier, as each group of readers sees it; the style sheet
/// shows the first. Whoever sees more records sees a chart wherever others see one.
pub(super) fn trend_parts(desk: &Desk<'_>, dossier: &Dossier, of: &RecordType) -> Vec<Part> {
    let of_field = |(field, seen): (&FieldType, crate::reckoning::Seen<Vec<Point>>)| {
        let drawn = seen.lay_out(|account| {
            let figure = account.map(|points| figure(desk, field, points));
            figure.transpose().map(Part::leaf)
        });
        let parts: Vec<Part> = drawn.flatten().collect();
        let id = format!("trend-{}-{}", of.name, field.name);
        let shell = desk.said(Shell::element("div", &[("class", "first trend"), ("id", &id)]));
        (!parts.is_empty()).then(|| Part::group(shell, parts, Empty::Drop))
    };
    trends(desk.archive, of, dossier).into_iter().filter_map(of_field).collect()
}

/// A column's head.
#[derive(serde::Serialize)]
struct Head {
    label: Html,
    unit: String,
    kind: &'static str,
}

fn figure(desk: &Desk<'_>, field: &FieldType, points: &[Point]) -> Option<Html> {
    let numbers = || points.iter().map(|point| point.number);
    let (lowest, highest) = (numbers().reduce(f64::min)?, numbers().reduce(f64::max)?);
    // Scores that lie together would be a flat line from nought on.
    let lowest = if lowest > 0.0 && lowest > highest / 2.0 { lowest } else { lowest.min(0.0) };
    let drawn = draw(&Line {
        title: field.title.as_ref().clone(),
        unit: field.unit.as_deref(),
        labels: points.iter().map(|point| point.when.as_str()).collect(),
        numbers: numbers().map(Some).collect(),
        range: (lowest, highest),
        whole: are_whole(numbers()),
        marks: Vec::new(),
        floor: None,
        words: field.choices.iter().rev().map(|choice| choice.title.in_language("zh")).collect(),
    })?;
    let rows: Vec<[Html; 2]> =
        points.iter().map(|point| [Html::text(&point.when), Html::both(&point.said.0, &point.said.1)]).collect();
    let heads = [
        Head { label: desk.word("record.date"), unit: String::new(), kind: "date" },
        Head { label: Html::phrase(&field.title), unit: String::new(), kind: field.kind.word() },
    ];
    let context = Context::new()
        .html("caption", &Html::phrase(&field.title))
        .value("columns", &heads)
        .value("points", &rows)
        .html("chart", &drawn);
    Some(desk.part("parts/trend.html", &context))
}
