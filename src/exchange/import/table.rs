//! A table from elsewhere: CSV as RFC 4180 has it, each cell with its bytes, so that what is wrong with a value is told
//! where it stands.

use crate::finding::{Code, Finding};
use crate::text::Source;
use std::ops::Range;

/// A file that is no table.
pub const IMPORT_TABLE: Code = Code("import-table");

/// Larger tables are divided: each row becomes a file of its own.
const ROWS: usize = 50_000;

/// What stands between two cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Separator {
    /// A comma.
    #[default]
    Comma,
    /// A semicolon, as spreadsheets write where the comma stands before decimals.
    Semicolon,
    /// A tabulator.
    Tab,
}

impl Separator {
    /// Every separator with the word by which a mapping names it.
    pub const ALL: [(&'static str, Self); 3] =
        [("comma", Self::Comma), ("semicolon", Self::Semicolon), ("tab", Self::Tab)];

    fn sign(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
        }
    }
}

/// A cell, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its text, without the quotation marks and what a spreadsheet is kept from reckoning by.
    pub text: String,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// A row.
#[derive(Debug)]
pub struct Row {
    /// Its cells, as many as the header has.
    pub cells: Vec<Cell>,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// A table: a header and rows.
#[derive(Debug)]
pub struct Table {
    /// Its text.
    pub source: Source,
    /// The names of the columns.
    pub header: Vec<Cell>,
    /// The rows that hold anything.
    pub rows: Vec<Row>,
}

impl Table {
    /// Reads a table; nothing where it is none.
    pub fn read(source: Source, separator: Separator, findings: &mut Vec<Finding>) -> Option<Self> {
        let mut rows = divided(&source, separator, findings)?;
        rows.retain(|row| row.cells.iter().any(|cell| !cell.text.is_empty()));
        if rows.is_empty() {
            let message = "the table is empty: it has no header";
            findings.push(source.error(IMPORT_TABLE, 0..0, message, "save it with the names of its columns above"));
            return None;
        }
        let mut header = rows.remove(0).cells;
        header.iter_mut().for_each(|cell| cell.text = column_name(&cell.text));
        // A spreadsheet that was once wider leaves columns without anything in them.
        let used = header.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
        header.truncate(used);
        let before = findings.len();
        check_separator(&source, &header, separator, findings);
        for (n, cell) in header.iter().enumerate() {
            if cell.text.is_empty() {
                let message = format!("column {} has no name", n + 1);
                findings.push(source.error(IMPORT_TABLE, cell.range.clone(), message, "give it one, or remove it"));
            } else if header.iter().take(n).any(|other| other.text == cell.text) {
                let message = "two columns have this name";
                findings.push(source.error(IMPORT_TABLE, cell.range.clone(), message, "rename one of them"));
            }
        }
        for row in &mut rows {
            let filled = row.cells.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
            if filled > header.len() {
                let message = format!("this row has {filled} cells, the header has {}", header.len());
                let remedy = "put a cell that holds the separator between quotation marks";
                findings.push(source.error(IMPORT_TABLE, row.range.clone(), message, remedy));
            }
            let end = row.range.end;
            row.cells.resize_with(header.len(), || Cell { text: String::new(), range: end..end });
        }
        if rows.len() > ROWS {
            let message = format!("the table has more than {ROWS} rows");
            findings.push(source.error(IMPORT_TABLE, 0..0, message, "divide it into several"));
        }
        (findings.len() == before).then_some(Self { source, header, rows })
    }

    /// A table that is none: what names of files say, a line of `source` each.
    #[must_use]
    pub fn of_names(source: Source, header: Vec<String>, rows: Vec<Row>) -> Self {
        let header = header.into_iter().map(|text| Cell { text: column_name(&text), range: 0..0 }).collect();
        Self { source, header, rows }
    }

    /// Where a column stands.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        let name = column_name(name);
        self.header.iter().position(|cell| cell.text == name)
    }
}

/// A column's name without the blanks and line breaks that make it fit a narrow cell.
#[must_use]
pub fn column_name(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A header in one piece that another separator would divide was saved with that one.
fn check_separator(source: &Source, header: &[Cell], separator: Separator, findings: &mut Vec<Finding>) {
    let [only] = header else { return };
    let other = Separator::ALL.iter().find(|(_, other)| *other != separator && only.text.contains(other.sign()));
    // Blanks were joined when the name was read: a tabulator has become one.
    let tab = source.text().get(only.range.clone()).is_some_and(|text| text.contains('\t'));
    let word = other.map(|(word, _)| *word).or(tab.then_some("tab").filter(|_| separator != Separator::Tab));
    if let Some(word) = word {
        let remedy = format!("write `separator: {word}` in the mapping");
        let message = format!("the columns seem to be divided by another sign: {word}");
        findings.push(source.error(IMPORT_TABLE, only.range.clone(), message, remedy));
    }
}

/// The rows of a text; nothing where a quotation mark is out of place, since all that follows would be read wrongly.
fn divided(source: &Source, separator: Separator, findings: &mut Vec<Finding>) -> Option<Vec<Row>> {
    let (text, sign) = (source.text(), separator.sign());
    let mut rows = Vec::new();
    let mut cells: Vec<Cell> = Vec::new();
    let (mut at, mut row_start) = (0, 0);
    while at < text.len() || !cells.is_empty() {
        let (cell, end) = match next_cell(text, at, sign) {
            Ok(read) => read,
            Err(place) => {
                let message = "a quotation mark is not closed, or text stands behind it";
                let remedy = "close it, and write a quotation mark inside a cell twice";
                findings.push(source.error(IMPORT_TABLE, place..place + 1, message, remedy));
                return None;
            }
        };
        cells.push(cell);
        let next = text.get(end..).and_then(|rest| rest.chars().next());
        if next != Some(sign) {
            rows.push(Row { cells: std::mem::take(&mut cells), range: row_start..end });
            row_start = end + 1;
        }
        at = end + next.map_or(1, char::len_utf8);
        if at >= text.len() && next == Some(sign) {
            // The last line ends on a separator: one more cell, which is empty.
            cells.push(Cell { text: String::new(), range: text.len()..text.len() });
            rows.push(Row { cells: std::mem::take(&mut cells), range: row_start..text.len() });
        }
    }
    Some(rows)
}

/// The cell that begins at a byte, and the byte behind it.
fn next_cell(text: &str, start: usize, sign: char) -> Result<(Cell, usize), usize> {
    let rest = text.get(start..).unwrap_or_default();
    if !rest.starts_with('"') {
        let end = start + rest.find([sign, '\n']).unwrap_or(rest.len());
        let written = text.get(start..end).unwrap_or_default();
        let lead = written.len() - written.trim_start().len();
        let trimmed = written.trim();
        return Ok((Cell { text: unguarded(trimmed), range: start + lead..start + lead + trimmed.len() }, end));
    }
    let (mut value, mut at) = (String::new(), start + 1);
    loop {
        let Some(mark) = text.get(at..).and_then(|rest| rest.find('"')).map(|found| at + found) else {
            return Err(start);
        };
        value.push_str(text.get(at..mark).unwrap_or_default());
        if text.get(mark + 1..).is_some_and(|rest| rest.starts_with('"')) {
            value.push('"');
            at = mark + 2;
            continue;
        }
        let end = mark + 1;
        return match text.get(end..).and_then(|rest| rest.chars().next()) {
            Some(next) if next != sign && next != '\n' => Err(end),
            _ => Ok((Cell { text: unguarded(value.trim()), range: start..end }, end)),
        };
    }
}

/// Signs with which a spreadsheet takes a cell for a formula, also as an input method writes them.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

fn behind_apostrophes(text: &str) -> &str {
    text.trim_start_matches('\'')
}

/// A cell that no spreadsheet reckons with: an apostrophe stands before what looks like a formula. Numbers are none.
#[must_use]
pub fn guarded(text: &str) -> String {
    let number = |text: &str| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let digits = digits.strip_suffix('%').unwrap_or(digits);
        !digits.is_empty()
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    if behind_apostrophes(text).starts_with(FORMULA) && !number(text) { format!("'{text}") } else { text.to_owned() }
}

/// What [`guarded`] was given.
#[must_use]
pub fn unguarded(text: &str) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if behind_apostrophes(rest).starts_with(FORMULA) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, separator: Separator) -> Result<Table, Vec<Finding>> {
        let mut findings = Vec::new();
        let source = Source::decode("a.csv", text.as_bytes()).unwrap();
        Table::read(source, separator, &mut findings).ok_or(findings)
    }

    fn cells(table: &Table) -> Vec<Vec<&str>> {
        table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect()).collect()
    }

    #[test]
    fn cells_keep_their_lines_their_marks_and_their_places() {
        let text = "编号,\"备 注\n(内)\"\n1,\"a, \"\"b\"\"\nc\"\n\n,,\n2,\n";
        let table = read(text, Separator::Comma).unwrap();
        assert_eq!(table.header[1].text, "备 注 (内)");
        assert_eq!(cells(&table), [["1", "a, \"b\"\nc"], ["2", ""]]);
        let place = table.source.place(table.rows[0].cells[1].range.clone());
        assert_eq!((place.line, place.column), (3, 3));
    }

    #[test]
    fn a_table_that_is_none_is_told_where_it_breaks() {
        let place = |text: &str| {
            let found = read(text, Separator::Comma).err().unwrap();
            let place = found[0].place.as_ref().unwrap();
            (found[0].code.0, place.line, place.column)
        };
        assert_eq!(place("a,b\n1,\"x\n"), ("import-table", 2, 3));
        assert_eq!(place("a,b\n\"x\"y,1\n"), ("import-table", 2, 4));
        assert_eq!(place("a,b\n1,2,3\n"), ("import-table", 2, 1));
        assert_eq!(place("a,,c\n1,2,3\n").1, 1);
        assert_eq!(place("a;b\n1;2\n"), ("import-table", 1, 1));
        assert_eq!(place("a,a\n"), ("import-table", 1, 3));
        assert_eq!(place("\n"), ("import-table", 1, 1));
        assert_eq!(cells(&read("a;b\n1;2\n", Separator::Semicolon).unwrap()), [["1", "2"]]);
        assert_eq!(cells(&read("a\tb\n1\t2", Separator::Tab).unwrap()), [["1", "2"]]);
    }

    #[test]
    fn what_looks_like_a_formula_is_guarded_and_numbers_are_not() {
        for formula in ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-x", "＝1", "'=1", "''-x"] {
            assert_eq!(guarded(formula), format!("'{formula}"));
        }
        for fine in ["-12.5", "+86", "5%", "'quoted'", "合同", ""] {
            assert_eq!(guarded(fine), fine);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_guarded_is_given_back(text in "['=+\\-@＝a1.%]{0,6}") {
            prop_assert_eq!(unguarded(&guarded(&text)), text);
        }

        #[test]
        fn tables_are_read_as_the_csv_crate_writes_them(
            rows in proptest::collection::vec(proptest::collection::vec("([a-c中][,;\"\n ]?[a-c])?", 3), 1..6)
        ) {
            let mut lines = vec![vec!["x".to_owned(), "y".to_owned(), "z".to_owned()]];
            lines.extend(rows.iter().cloned());
            let table = read(&crate::record::csv_lines(&lines), Separator::Comma).unwrap();
            let filled: Vec<_> = rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
            prop_assert_eq!(table.rows.len(), filled.len());
            for (row, wanted) in table.rows.iter().zip(filled) {
                prop_assert_eq!(&row.cells.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>(), wanted);
            }
        }
    }
}
