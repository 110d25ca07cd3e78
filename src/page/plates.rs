//! The lines beside a record: where its original lies, its marking, verification and origin, what it was imported
//! from, and how long it is kept.

use super::html::Html;
use super::page::Desk;
use super::part::{Empty, Part, Shell};
use super::theme::Context;
use crate::access::Held;
use crate::archive::Archive;
use crate::record::{Plate, Record, RecordType, Retention};
use jiff::civil::Date;

/// Origin, original, marking, verification and import.
#[must_use]
pub fn plates(desk: &Desk<'_>, record: &Record) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(original) = &record.original {
        parts.push(Part::leaf(original.as_ref().map(|plate| {
            let entries: Vec<_> = plate.0.iter().map(|(key, text)| plate_entry(desk, "original", key, text)).collect();
            desk.part("parts/original.html", &Context::new().value("entries", &entries))
        })));
    }
    for (word, plate) in [("marking", &record.marking), ("verified", &record.verified), ("imported", &record.imported)]
    {
        if let Some(plate) = plate {
            parts.push(Part::leaf(plate.as_ref().map(|plate| plate_line(desk, word, plate))));
        }
    }
    if let Some(origin) = &record.origin {
        parts.push(Part::leaf(origin.as_ref().map(|origin| {
            let label = desk.word("record.origin");
            let word = desk.word(&format!("origin.{origin}"));
            let label = Html::element("span", &[("class", "plate-name")], &label);
            Html::element("p", &[("class", "provenance")], &Html::joined([label, Html::text(" "), word]))
        })));
    }
    parts
}

/// How long records of a type are kept, as a sentence.
#[must_use]
pub fn retention_html(desk: &Desk<'_>, record_type: &RecordType) -> Option<Html> {
    let term = match record_type.retention.as_ref()? {
        Retention::Permanent => return Some(desk.word("retention.permanent")),
        Retention::For(term) => term,
    };
    let words = desk.theme.words();
    Some(words.sentence("retention.term", |name, language| match name {
        "time" => {
            let (count, unit) = term.keep.parts();
            Html::text(&words.counted(&format!("duration.{unit}"), &count.to_string(), language))
        }
        "from" => match record_type.field(&term.from) {
            Some(field) => Html::text(field.title.in_language(language)),
            None => Html::text(words.plain("record.date", language)),
        },
        _ => Html::default(),
    }))
}

/// How long the record is kept: its type's rule, and the last day for those who may read the one it is counted from.
#[must_use]
pub fn kept_part(desk: &Desk<'_>, record: &Record) -> Option<Part> {
    let rule = retention_html(desk, &record.record_type)?;
    let piece = |key: &str, value: &Html| {
        let name = Html::element("span", &[("class", "plate-name")], &desk.word(key));
        Html::element(
            "span",
            &[("class", "kept-entry")],
            &Html::joined([name, Html::text(" "), value.clone(), Html::text(" ")]),
        )
    };
    let mut parts = vec![Part::leaf(desk.said(piece("retention.title", &rule)))];
    parts.extend(kept_until(record).map(|end| {
        Part::leaf(end.map(|end| {
            let day = end.to_string();
            piece("retention.until", &Html::element("time", &[("datetime", &day)], &Html::text(&day)))
        }))
    }));
    let id = format!("{}//kept", record.anchor());
    let shell = desk.said(Shell::element("p", &[("class", "record-kept"), ("id", &id)]));
    Some(Part::group(shell, parts, Empty::Drop))
}

/// The last day for which a record is kept, for those who may read the one it is counted from.
fn kept_until(record: &Record) -> Option<Held<Date>> {
    let Some(Retention::For(term)) = &record.record_type.retention else { return None };
    let from = match record.field(&term.from) {
        Some(field) => field.map(|field| field.value.last_day()).transpose(),
        None => record.date.as_ref().filter(|_| term.from == "date").map(|date| date.as_ref().map(|date| *date)),
    };
    from.and_then(|from| from.map(|from| term.end(from)).transpose())
}

/// The last days that pages say in the open of what is kept for a time: they are reckoned, and stand in no open text.
#[must_use]
pub fn kept_said(archive: &Archive) -> Vec<String> {
    let inside = archive.dossiers.in_the_open().flat_map(|dossier| dossier.records.in_the_open());
    let roots = archive.dossiers.in_the_open().map(|dossier| &*dossier.root);
    let ends = inside.chain(roots).chain(archive.registers.in_the_open()).filter_map(kept_until);
    ends.filter_map(|end| end.in_the_open().map(Date::to_string)).collect()
}

#[derive(serde::Serialize)]
struct PlateEntry {
    label: Html,
    value: Html,
}

fn plate_entry(desk: &Desk<'_>, plate: &str, key: &str, text: &str) -> PlateEntry {
    let value = if key == "carrier" && matches!(text, "paper" | "disc" | "tape") {
        desk.word(&format!("carrier.{text}"))
    } else {
        Html::text(text)
    };
    PlateEntry { label: desk.word(&format!("{plate}.{key}")), value }
}

/// The level of a marking alone, for a row of a table; nothing where it names none.
#[must_use]
pub fn level_html(plate: &Plate) -> Html {
    plate.line("level").map_or_else(Html::default, |level| {
        Html::element("span", &[("class", "plate-level row-level")], &Html::text(level))
    })
}

/// A marking or a verification as one line.
#[must_use]
pub fn plate_line(desk: &Desk<'_>, word: &str, plate: &Plate) -> Html {
    let mut pieces = vec![Html::element("span", &[("class", "plate-name")], &desk.word(&format!("record.{word}")))];
    for (key, text) in &plate.0 {
        let label = Html::element("span", &[("class", "plate-key")], &desk.word(&format!("{word}.{key}")));
        let class = format!("plate-entry plate-{key}");
        // Spaces between them are for those to whom the line is read aloud, and for copies.
        pieces.push(Html::text(" "));
        pieces.push(Html::element(
            "span",
            &[("class", &class)],
            &Html::joined([label, Html::text(" "), Html::text(text)]),
        ));
    }
    Html::element("p", &[("class", "provenance")], &Html::joined(pieces))
}
