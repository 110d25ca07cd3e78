//! A record as somebody sees it, laid out once for the page and for the plain text: names and lines, and nothing that its
//! reader may not read.

use crate::access::Clearance;
use crate::record::{Field, Record, Value};
use crate::text::Phrase;

/// A record, ready to be shown.
pub struct View {
    /// What it is called.
    pub title: Phrase,
    /// Its name: DOSSIER/PATH.
    pub name: String,
    /// What its type is called.
    pub kind: Phrase,
    /// Fields and what else is said on a line, each with its lines.
    pub rows: Vec<(Phrase, Vec<Phrase>)>,
    /// Its text, a section each.
    pub text: Vec<String>,
    /// Its series, as a table with a header.
    pub table: Vec<Vec<String>>,
}

impl View {
    /// What of a record may be shown to whoever holds something.
    #[must_use]
    pub fn of(record: &Record, name: String, holds: &Clearance) -> Self {
        let title = record.title.within(holds).map(|title| title.0.clone()).unwrap_or_else(|| Phrase::one(&*name));
        let mut rows = Vec::new();
        if let Some(date) = record.date.as_ref().and_then(|date| date.within(holds)) {
            rows.push((both("日期", "Date"), vec![Phrase::one(date.to_string())]));
        }
        if let Some(origin) = record.origin.as_ref().and_then(|origin| origin.within(holds)) {
            rows.push((both("来源", "Origin"), vec![Phrase::one(origin)]));
        }
        for field in record.fields.within(holds) {
            let lines = lines_of(&field.value, holds);
            if !lines.is_empty() {
                rows.push((Phrase::clone(&field.title), lines));
            }
        }
        for (key, plate) in record.plates() {
            let Some(plate) = plate.within(holds) else { continue };
            let said: Vec<String> = plate.0.iter().map(|(key, text)| format!("{key}: {text}")).collect();
            let label = match key {
                "original" => both("原件", "Original"),
                "marking" => both("密级", "Marking"),
                "verified" => both("核验", "Verified"),
                _ => both("导入", "Imported"),
            };
            rows.push((label, said.into_iter().map(Phrase::one).collect()));
        }
        if let Some(summary) = record.summary.as_ref().and_then(|summary| summary.within(holds)) {
            rows.push((both("摘要", "Abstract"), vec![summary.clone()]));
        }
        let attached: Vec<Phrase> =
            record.attachments.within(holds).map(|attachment| Phrase::one(&*attachment.name)).collect();
        if !attached.is_empty() {
            rows.push((both("附件", "Attachments"), attached));
        }
        Self {
            title,
            name,
            kind: record.record_type.title.clone(),
            rows,
            text: record.text.within(holds).map(|section| section.text.trim().to_owned()).collect(),
            table: table_of(record, holds),
        }
    }

    /// The record as plain text, in both languages where it has both.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!("{}\n{} · {}\n", said(&self.title), said(&self.kind), self.name);
        for (label, lines) in &self.rows {
            let lines: Vec<String> = lines.iter().map(said).collect();
            out.push_str(&format!("  {}: {}\n", said(label), lines.join("\n    ")));
        }
        for section in &self.text {
            out.push_str(&format!("\n{section}\n"));
        }
        for row in &self.table {
            out.push_str(&format!("  {}\n", row.join("\t")));
        }
        out
    }
}

/// Words in both languages.
#[must_use]
pub fn both(zh: &str, en: &str) -> Phrase {
    Phrase { zh: Some(zh.to_owned()), en: Some(en.to_owned()), both: None }
}

/// A phrase in one line: in both languages where they differ.
#[must_use]
pub fn said(phrase: &Phrase) -> String {
    match (&phrase.both, &phrase.zh, &phrase.en) {
        (None, Some(zh), Some(en)) if zh != en => format!("{zh} / {en}"),
        _ => phrase.in_language("zh").to_owned(),
    }
}

/// A value as lines; of a group only the members that may be read.
fn lines_of(value: &Value, holds: &Clearance) -> Vec<Phrase> {
    match value {
        Value::Many(values) => values.iter().flat_map(|value| lines_of(value, holds)).collect(),
        Value::Group(members) => {
            let member = |field: &Field| {
                let lines: Vec<String> = lines_of(&field.value, holds).iter().map(said).collect();
                (!lines.is_empty()).then(|| format!("{}: {}", said(&field.title), lines.join("; ")))
            };
            let members: Vec<String> = members.within(holds).filter_map(member).collect();
            if members.is_empty() { Vec::new() } else { vec![Phrase::one(members.join(" · "))] }
        }
        value => vec![value.phrase()],
    }
}

fn table_of(record: &Record, holds: &Clearance) -> Vec<Vec<String>> {
    let columns: Vec<_> =
        record.series.iter().flat_map(|series| &series.columns).filter_map(|column| column.within(holds)).collect();
    let cells: Vec<Vec<&str>> = columns.iter().map(|column| column.cells.iter().collect()).collect();
    let length = cells.iter().map(Vec::len).max().unwrap_or_default();
    if length == 0 {
        return Vec::new();
    }
    let header = columns.iter().map(|column| said(&column.title)).collect();
    let row = |at: usize| cells.iter().map(|column| column.get(at).copied().unwrap_or_default().to_owned()).collect();
    std::iter::once(header).chain((0..length).map(row)).collect()
}
