//! A series: CSV files with a header, a row a week, month or day, described by a type of `kind: series`.

use super::cells::Cells;
use super::field_type::{FieldType, Kind};
use super::record_type::RecordType;
use super::value::read_scalar;
use crate::access::{Clearance, Held};
use crate::finding::{Code, Finding, nearest, quote};
use crate::text::{Phrase, Source};
use std::ops::Range;
use std::sync::Arc;

/// A CSV file that is not what its type says.
pub const BROKEN_SERIES: Code = Code("broken-series");

/// More rows than this in one series are refused: 200 years of weeks.
const ROWS: usize = 10_000;

/// Signs that spreadsheets and input methods put where a comma is wanted.
const SEPARATORS: [(char, &str); 4] =
    [(';', "semicolons"), ('\t', "tabs"), ('；', "full-width semicolons"), ('，', "full-width commas")];

/// A column of a series, each cell beside the row's label.
#[derive(Debug)]
pub struct SeriesColumn {
    /// The field's name.
    pub name: String,
    /// What pages call it.
    pub title: Arc<Phrase>,
    /// The field's kind.
    pub kind: Kind,
    /// The unit of its numbers.
    pub unit: Option<String>,
    /// Whether it is drawn.
    pub chart: bool,
    /// The cells as written, a row each.
    pub cells: Cells,
}

/// A dossier's rows of one type, in order.
#[derive(Debug, Default)]
pub struct Series {
    /// The column that orders the rows (a week, month or date), and the others; each under its clearance. The others
    /// stand beside the labels, and so ask for what these ask.
    pub columns: Vec<Held<SeriesColumn>>,
    /// Which column orders the rows.
    pub by: usize,
    /// Which column tells rows of one week, month or date apart, where there are several lines in the series.
    pub key: Option<usize>,
}

/// One file's rows.
#[derive(Debug)]
pub struct Rows {
    /// The header.
    pub header: Vec<String>,
    /// The rows, each with as many cells as the header.
    pub rows: Vec<Vec<String>>,
}

/// Reads a CSV file by its type. What is wrong becomes findings at line and column, unless the type itself is broken.
pub fn read_csv(source: &Source, record_type: &RecordType, findings: &mut Vec<Finding>) -> Option<Rows> {
    if !record_type.sound {
        return None;
    }
    let text = source.text();
    let header_line = text.lines().next().unwrap_or_default();
    if let Some((sign, what)) =
        SEPARATORS.iter().find(|(sign, _)| header_line.contains(*sign) && !header_line.contains(','))
    {
        let at = header_line.find(*sign).unwrap_or_default();
        findings.push(source.error(
            BROKEN_SERIES,
            at..at + sign.len_utf8(),
            format!("the columns are divided by {what}"),
            "divide them by commas: a spreadsheet saves such a file as «CSV (comma separated)»",
        ));
        return None;
    }
    let mut header: Vec<(String, Option<&FieldType>)> = Vec::new();
    let mut by = None;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let before = findings.len();
    let read = each_row(text, |n, line, cells| {
        if n == 0 {
            header = read_header(source, record_type, cells, line, findings);
            let there = |field: &&FieldType| header.iter().any(|(name, _)| *name == field.name);
            by = record_type.fields.iter().filter(there).find(|field| orders(field)).map(|field| field.name.as_str());
            return true;
        }
        if rows.len() >= ROWS {
            findings.push(source.error(
                BROKEN_SERIES,
                line,
                "the series has too many rows",
                "keep a series under 10,000 rows",
            ));
            return false;
        }
        if cells.len() != header.len() {
            let message = format!("this row has {} cells, the header has {}", cells.len(), header.len());
            findings.push(source.error(BROKEN_SERIES, line, message, "add or remove a comma"));
            return true;
        }
        for (cell, (_, field)) in cells.iter().zip(&header) {
            let Some(field) = field else { continue };
            if let Some((message, remedy)) = wrong_cell(field, cell, by) {
                let at = cell_range(text, line.clone(), cell);
                findings.push(source.error(BROKEN_SERIES, at, message, remedy));
            }
        }
        rows.push(cells.iter().map(|cell| cell.trim().to_owned()).collect());
        true
    });
    if let Err(at) = read {
        findings.push(source.error(BROKEN_SERIES, at..at + 1, "this line is not CSV", "close the quotation mark"));
    }
    (findings.len() == before).then(|| Rows { header: header.into_iter().map(|(name, _)| name).collect(), rows })
}

/// Hands over each row, with its number and its line, until `take` wants no more.
///
/// # Errors
/// The byte at which the text is no CSV.
fn each_row(text: &str, mut take: impl FnMut(usize, Range<usize>, &[&str]) -> bool) -> Result<(), usize> {
    // Without quotation marks, empty lines and odd line ends, commas and line ends alone divide the text.
    let plain = !text.contains(['"', '\r', '\u{FEFF}']) && !text.contains("\n\n") && !text.starts_with('\n');
    if !plain {
        return each_csv_row(text, take);
    }
    let (mut start, mut cells) = (0, Vec::new());
    for (n, line) in text.split_terminator('\n').enumerate() {
        cells.clear();
        cells.extend(line.split(','));
        if !take(n, start..start + line.len(), &cells) {
            return Ok(());
        }
        start += line.len() + 1;
    }
    Ok(())
}

/// As [`each_row`], for every text.
fn each_csv_row(text: &str, mut take: impl FnMut(usize, Range<usize>, &[&str]) -> bool) -> Result<(), usize> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let byte_of = |position: Option<&csv::Position>| position.map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
    for (n, record) in reader.records().enumerate() {
        let record = record.map_err(|error| byte_of(error.position()))?;
        let start = byte_of(record.position());
        let end =
            start + text.get(start..).and_then(|rest| rest.find('\n')).unwrap_or(text.len().saturating_sub(start));
        if !take(n, start..end, &record.iter().collect::<Vec<_>>()) {
            return Ok(());
        }
    }
    Ok(())
}

fn read_header<'t>(
    source: &Source,
    record_type: &'t RecordType,
    cells: &[&str],
    line: Range<usize>,
    findings: &mut Vec<Finding>,
) -> Vec<(String, Option<&'t FieldType>)> {
    let mut header: Vec<(String, Option<&FieldType>)> = Vec::new();
    for name in cells {
        let name = name.trim();
        let at = cell_range(source.text(), line.clone(), name);
        let field = record_type.field(name);
        if field.is_none() {
            let names = record_type.fields.iter().map(|field| field.name.as_str());
            let remedy = match nearest(name, names.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the columns are {}", names.collect::<Vec<_>>().join(", ")),
            };
            findings.push(source.error(
                BROKEN_SERIES,
                at.clone(),
                format!("there is no column {}", quote(name)),
                remedy,
            ));
        }
        if header.iter().any(|(other, _)| other == name) {
            let message = format!("the column {} stands twice", quote(name));
            findings.push(source.error(BROKEN_SERIES, at, message, "keep one of the two"));
        }
        header.push((name.to_owned(), field));
    }
    for field in record_type.fields.iter().filter(|field| field.required) {
        if !header.iter().any(|(name, _)| *name == field.name) {
            let message = format!("the column `{}` is missing", field.name);
            findings.push(source.error(BROKEN_SERIES, line.clone(), message, "add it to the header and to every row"));
        }
    }
    header
}

/// Whether the first such column of a type orders the rows.
fn orders(field: &FieldType) -> bool {
    matches!(field.kind, Kind::Week | Kind::Month | Kind::Date | Kind::Year)
}

/// What is wrong with a cell. One may be empty, but for those that the type requires and those that order the rows: a
/// report that was not read yet has no day on which it was.
fn wrong_cell(field: &FieldType, cell: &str, by: Option<&str>) -> Option<(String, String)> {
    if cell.trim().is_empty() {
        let needed = field.required || by == Some(field.name.as_str());
        return needed.then(|| (format!("`{}` is empty here", field.name), "fill it in".to_owned()));
    }
    read_scalar(field, cell).err()
}

/// The cell's bytes in its line, found by its text; the whole line where that is not possible.
fn cell_range(text: &str, line: Range<usize>, cell: &str) -> Range<usize> {
    match text.get(line.clone()).and_then(|slice| slice.find(cell)) {
        Some(at) if !cell.is_empty() => line.start + at..line.start + at + cell.len(),
        _ => line,
    }
}

impl Series {
    /// Joins the rows of several files into one series, ordered by its first week, month or date column.
    pub fn join(
        record_type: &RecordType,
        files: Vec<Rows>,
        clearance: &Clearance,
        of_column: impl Fn(&FieldType) -> Clearance,
    ) -> Self {
        let fields: Vec<&FieldType> = record_type
            .fields
            .iter()
            .filter(|field| files.iter().any(|file| file.header.contains(&field.name)))
            .collect();
        let by = fields.iter().position(|field| orders(field)).unwrap_or_default();
        let is_key = |field: &&FieldType| record_type.key.as_ref() == Some(&field.name);
        let key = fields.iter().position(is_key).filter(|key| *key != by);
        let mut rows: Vec<Vec<String>> = Vec::new();
        for file in files {
            let order: Vec<Option<usize>> =
                fields.iter().map(|field| file.header.iter().position(|name| *name == field.name)).collect();
            rows.extend(file.rows.into_iter().map(|mut row| {
                order
                    .iter()
                    .map(|at| at.and_then(|at| row.get_mut(at)).map(std::mem::take).unwrap_or_default())
                    .collect()
            }));
        }
        rows.sort_by(|one: &Vec<String>, other| one.get(by).cmp(&other.get(by)));
        // What names a row stands beside all that is in it: whoever may not read that sees no other column.
        let named = [Some(by), key].into_iter().flatten().filter_map(|at| fields.get(at));
        let named = named.fold(clearance.clone(), |all, field| all.and(&of_column(field)));
        let columns = fields
            .iter()
            .enumerate()
            .map(|(n, field)| {
                let cells = rows.iter().map(|row| row.get(n).map_or("", String::as_str)).collect();
                let asks = named.and(&of_column(field));
                Held::new(
                    asks,
                    SeriesColumn {
                        name: field.name.clone(),
                        title: field.title.clone(),
                        kind: field.kind,
                        unit: field.unit.clone(),
                        chart: field.chart,
                        cells,
                    },
                )
            })
            .collect();
        Self { columns, by, key }
    }
}

/// Lines of cells as CSV: quoted where they have to be, a line feed after each.
#[must_use]
pub fn csv_lines(lines: &[Vec<String>]) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for line in lines {
        // Writing to memory does not fail.
        let _ = writer.write_record(line);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The number in a cell, for drawing.
#[must_use]
pub fn cell_number(cell: &str) -> Option<f64> {
    cell.trim_end_matches('%').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Rows = Vec<(usize, Range<usize>, Vec<String>)>;

    #[test]
    fn a_day_may_be_empty_in_any_column_but_the_one_that_orders_the_rows() {
        let type_of = "kind: series\nfolder: t\naudience: staff\nfields:\n  on: {kind: date}\n  read: {kind: date}\n";
        let source = Source::decode("types/t.yaml", type_of.as_bytes()).unwrap();
        let record_type = RecordType::read("t", false, source, &mut Vec::new());
        let found = |rows: &str| {
            let source = Source::decode("t.csv", format!("read,on\n{rows}\n").as_bytes()).unwrap();
            let mut findings = Vec::new();
            read_csv(&source, &record_type, &mut findings);
            findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        assert_eq!(found(",2026-11-02"), [""; 0]);
        assert_eq!(found("2026-11-02,"), ["`on` is empty here"]);
    }

    fn rows_of(each: impl FnOnce(&mut dyn FnMut(usize, Range<usize>, &[&str]) -> bool)) -> Rows {
        let mut rows = Rows::new();
        each(&mut |n, line, cells| {
            rows.push((n, line, cells.iter().map(ToString::to_string).collect()));
            true
        });
        rows
    }

    proptest! {
        #[test]
        fn plain_text_is_divided_as_csv_is(text in "[a-c中,;' \t\n\"\r]{0,40}") {
            let (mut read, mut as_csv) = (Ok(()), Ok(()));
            let rows = rows_of(|take| read = each_row(&text, take));
            let csv_rows = rows_of(|take| as_csv = each_csv_row(&text, take));
            prop_assert_eq!(rows, csv_rows);
            prop_assert_eq!(read, as_csv);
        }
    }
}
