//! The records of a type as a table: a row each, the columns of the type in its order, whatever every record may have
//! behind them. A series is a table already, a row of it a row.

use super::cells::{Form, Takes, attachments, audience, cell, narrows_attachments, takes};
use super::markdown::Texts;
use super::selection::Selection;
use crate::access::{Clearance, Held};
use crate::archive::called;
use crate::dossier::Dossier;
use crate::exchange::import::guarded;
use crate::record::{Field, PLATES, Record, RecordType, Rule, Value, csv_lines};
use crate::repository::Snapshot;
use crate::text::Phrase;
use serde_json::{Map, Value as Json};

/// A column of the table.
#[derive(Clone, Debug)]
pub struct SheetColumn {
    /// Its name, which is that of what it fills.
    pub name: String,
    /// How its cells are to be read.
    pub form: Form,
    /// Whether an import takes it; what only identifies a row is left out.
    pub taken: bool,
    cells: Vec<String>,
}

/// A table of the records of one type.
pub struct Sheet {
    /// Its columns.
    pub columns: Vec<SheetColumn>,
    rows: usize,
}

/// The column that says how the table is to be handled.
pub const NOTICE: &str = "notice";

impl Sheet {
    /// The table of a selection of one type.
    #[must_use]
    pub fn of(selection: &Selection<'_>, record_type: &RecordType, snapshot: &Snapshot, notice: &str) -> Self {
        let texts = Texts { archive: selection.archive, snapshot, holds: selection.holds };
        let records: Vec<(Option<&Dossier>, &Record)> = selection.records().collect();
        let mut sheet = if record_type.series {
            of_series(&records, record_type, selection.holds)
        } else {
            of_records(&records, record_type, &texts)
        };
        sheet.put(NOTICE, Form::One, false, vec![notice.to_owned(); sheet.rows]);
        sheet
    }

    /// The table as CSV, as RFC 4180 has it but for its line ends, with a guard before what looks like a formula.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut lines = vec![self.columns.iter().map(|column| column.name.clone()).collect::<Vec<String>>()];
        for row in 0..self.rows {
            let cell = |column: &SheetColumn| column.cells.get(row).map(|text| guarded(text)).unwrap_or_default();
            lines.push(self.columns.iter().map(cell).collect());
        }
        csv_lines(&lines)
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    fn put(&mut self, name: &str, form: Form, taken: bool, cells: Vec<String>) {
        self.columns.push(SheetColumn { name: name.to_owned(), form, taken, cells });
    }

    /// A column that is there where a row has something in it.
    fn put_if_used(&mut self, name: &str, form: Form, cells: Vec<String>) {
        if cells.iter().any(|cell| !cell.is_empty()) {
            self.put(name, form, true, cells);
        }
    }
}

fn of_records(records: &[(Option<&Dossier>, &Record)], record_type: &RecordType, texts: &Texts<'_>) -> Sheet {
    let holds = texts.holds;
    let mut sheet = Sheet { columns: Vec::new(), rows: records.len() };
    let each = |make: &dyn Fn(Option<&Dossier>, &Record) -> String| -> Vec<String> {
        records.iter().map(|(dossier, record)| make(*dossier, record)).collect()
    };
    sheet.put("record", Form::One, false, each(&|_, record| called(&record.name)));
    sheet.put("dossier", Form::One, false, each(&|dossier, record| home(dossier, record)));
    sheet.put("file", Form::One, false, each(&|_, record| record.name.path.to_string()));
    phrases(
        &mut sheet,
        "title",
        &each_phrase(records, &|record| {
            // A record without a title is called by the end of its name, and has none to be written.
            let last = record.name.path.rsplit('/').next().unwrap_or_default();
            record.title.within(holds).map(|title| &title.0).filter(|title| title.both.as_deref() != Some(last))
        }),
    );
    sheet.put_if_used(
        "date",
        Form::One,
        each(&|_, record| {
            record.date.as_ref().and_then(|date| date.within(holds)).map(ToString::to_string).unwrap_or_default()
        }),
    );
    for field in &record_type.fields {
        let read = |record: &Record, make: &dyn Fn(&Field) -> String| {
            record.field(&field.name).and_then(|held| held.within(holds).map(|field| make(field))).unwrap_or_default()
        };
        let held: Vec<Held<&Field>> = records.iter().filter_map(|(_, record)| record.field(&field.name)).collect();
        let values: Vec<&Value> = held.iter().filter_map(|held| held.within(holds)).map(|field| &field.value).collect();
        match takes(field, &values, holds) {
            Takes::Column(form) => {
                let cells = each(&|_, record| read(record, &|field| cell(texts, record, field, form)));
                sheet.put(&field.name, form, true, cells);
            }
            Takes::Languages => {
                for language in ["zh", "en"] {
                    let cells = each(&|_, record| read(record, &|field| in_language(&field.value, language)));
                    sheet.put(&format!("{}.{language}", field.name), Form::One, true, cells);
                }
            }
            Takes::Members(members) => {
                for (member, form) in members {
                    let of_group = |record: &Record, field: &Field| match &field.value {
                        Value::Group(shelf) => {
                            let mut found = shelf.within(holds).filter(|inner| inner.name == member);
                            found.next().map(|inner| cell(texts, record, inner, form)).unwrap_or_default()
                        }
                        _ => String::new(),
                    };
                    let cells = each(&|_, record| read(record, &|field| of_group(record, field)));
                    sheet.put(&format!("{}.{member}", field.name), form, true, cells);
                }
            }
        }
    }
    sheet.put_if_used("text", Form::One, each(&|_, record| texts.of_record(record)));
    common(&mut sheet, records, holds);
    sheet
}

/// What every record may have beside the fields of its type.
fn common(sheet: &mut Sheet, records: &[(Option<&Dossier>, &Record)], holds: &Clearance) {
    let each =
        |make: &dyn Fn(&Record) -> String| -> Vec<String> { records.iter().map(|(_, record)| make(record)).collect() };
    let origin = |record: &Record| record.origin.as_ref().and_then(|origin| origin.within(holds)).cloned();
    sheet.put_if_used("origin", Form::One, each(&|record| origin(record).unwrap_or_default()));
    for (name, _) in PLATES {
        let lines = |record: &Record| {
            let (_, plate) = record.plates().find(|(key, _)| *key == name)?;
            plate.within(holds).cloned()
        };
        let mut keys: Vec<String> = Vec::new();
        for (_, record) in records {
            for (key, _) in lines(record).into_iter().flat_map(|plate| plate.0) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        for key in keys {
            let said =
                |record: &Record| lines(record)?.0.into_iter().find(|(name, _)| *name == key).map(|(_, text)| text);
            sheet.put_if_used(&format!("{name}.{key}"), Form::One, each(&|record| said(record).unwrap_or_default()));
        }
    }
    phrases(
        sheet,
        "abstract",
        &each_phrase(records, &|record| record.summary.as_ref().and_then(|held| held.within(holds))),
    );
    sheet.put_if_used(
        "audience",
        Form::Lines,
        each(&|record| match record.rule {
            // What an opening has opened, an import does not: the record comes back under its type.
            Rule::Record => audience(&record.own).join("\n"),
            Rule::Type | Rule::Opened(_) => String::new(),
        }),
    );
    sheet.put_if_used("restrict", Form::Json, each(&|record| restrict(record, holds)));
    let narrowed = records.iter().any(|(_, record)| narrows_attachments(record, holds));
    let form = if narrowed { Form::Json } else { Form::Lines };
    sheet.put_if_used("attachments", form, each(&|record| attachments(record, holds, form)));
}

/// The restrictions of parts that may be read. That something else is restricted is not said.
fn restrict(record: &Record, holds: &Clearance) -> String {
    let read = record.restrictions.iter().filter(|(_, asks)| holds.implies(asks));
    let said: Map<String, Json> = read.map(|(what, asks)| (what.clone(), Json::from(audience(asks)))).collect();
    if said.is_empty() { String::new() } else { Json::Object(said).to_string() }
}

/// Whose the record is; of a new dossier the folder below customers/.
fn home(dossier: Option<&Dossier>, record: &Record) -> String {
    match dossier {
        Some(dossier) if std::ptr::eq(&*dossier.root, record) => {
            dossier.folder.strip_prefix("customers/").unwrap_or(&dossier.folder).to_owned()
        }
        _ => record.name.dossier.to_string(),
    }
}

fn each_phrase<'r>(
    records: &[(Option<&Dossier>, &'r Record)],
    of: &dyn Fn(&'r Record) -> Option<&'r Phrase>,
) -> Vec<Option<&'r Phrase>> {
    records.iter().map(|(_, record)| of(record)).collect()
}

/// Columns of a text that may stand in one language or in two.
fn phrases(sheet: &mut Sheet, name: &str, texts: &[Option<&Phrase>]) {
    let mixed = texts.iter().flatten().any(|text| text.both.is_some())
        && texts.iter().flatten().any(|text| text.both.is_none());
    if mixed {
        let json = |phrase: &&Phrase| {
            let said = [("zh", &phrase.zh), ("en", &phrase.en)];
            match &phrase.both {
                Some(text) => Json::String(text.clone()),
                None => {
                    let said =
                        said.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Json::String(text.clone()?))));
                    Json::Object(said.collect())
                }
            }
        };
        let cells =
            texts.iter().map(|text| text.as_ref().map(|text| json(text).to_string()).unwrap_or_default()).collect();
        sheet.put_if_used(name, Form::Json, cells);
        return;
    }
    type Part = fn(&Phrase) -> &Option<String>;
    let parts: [(&str, Part); 3] = [("", |text| &text.both), (".zh", |text| &text.zh), (".en", |text| &text.en)];
    for (ending, part) in parts {
        let cells = texts.iter().map(|text| text.and_then(|text| part(text).clone()).unwrap_or_default()).collect();
        sheet.put_if_used(&format!("{name}{ending}"), Form::One, cells);
    }
}

fn in_language(value: &Value, language: &str) -> String {
    match value {
        Value::Text(phrase) | Value::Person(phrase) => {
            (if language == "zh" { &phrase.zh } else { &phrase.en }).clone().unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn of_series(records: &[(Option<&Dossier>, &Record)], record_type: &RecordType, holds: &Clearance) -> Sheet {
    let mut names: Vec<String> = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    names.extend(["record", "dossier"].map(str::to_owned));
    names.extend(record_type.fields.iter().map(|field| field.name.clone()));
    for (_, record) in records {
        let columns: Vec<_> =
            record.series.iter().flat_map(|series| &series.columns).filter_map(|c| c.within(holds)).collect();
        let length = columns.iter().map(|column| column.cells.len()).max().unwrap_or_default();
        for n in 0..length {
            let cell = |name: &String| {
                let column = columns.iter().find(|column| column.name == *name);
                column.and_then(|column| column.cells.get(n)).unwrap_or_default().to_owned()
            };
            let mut row = vec![called(&record.name), record.name.dossier.to_string()];
            row.extend(names.iter().skip(2).map(cell));
            rows.push(row);
        }
    }
    let mut sheet = Sheet { columns: Vec::new(), rows: rows.len() };
    for (at, name) in names.iter().enumerate() {
        let cells = rows.iter_mut().map(|row| row.get_mut(at).map(std::mem::take).unwrap_or_default()).collect();
        sheet.put(name, Form::One, at >= 2, cells);
    }
    sheet
}
