//! Rows become drafts: which columns there are, whose each row is, what its record holds and what its file is called.

use super::cell::{Context, IMPORT_VALUE, Written, value_of};
use super::column::{Column, Currency, IMPORT_MAPPING};
use super::draft::{Draft, Put, Sheet, Spot};
use super::mapping::{FileName, Mapping};
use super::names::{IMPORT_NAME, Pattern, as_name, unfit};
use super::table::{Cell, Row, Table};
use super::whose::{Home, Whose};
use crate::archive::Types;
use crate::dossier::REGISTERS;
use crate::finding::{Code, Finding, nearest, quote};
use crate::record::{Kind, MISSING_FIELD, Place};
use std::ops::Range;

/// A column of which the mapping says nothing.
pub const IMPORT_COLUMN: Code = Code("import-column");

/// A table while its rows are read by a mapping.
pub struct Rows<'a> {
    /// The mapping.
    pub mapping: &'a Mapping,
    /// The table.
    pub table: &'a Table,
    /// The archive's types.
    pub types: &'a Types,
}

/// What a row holds.
pub struct Filled {
    /// Whose it is.
    pub home: Home,
    /// The path of its file inside the dossier, where a column has it.
    pub file: Option<String>,
    /// Its values; where no value can be made of a cell, what stands in it.
    pub puts: Vec<Put>,
    /// What is wrong with it, and told.
    pub faults: Faults,
}

/// What is known to be wrong with a row. What else is wrong with it shall be told by the same run.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// The cells.
    pub cells: Vec<Spot>,
    /// Whether nobody can say whose it is; it is then read as if it were nobody's.
    pub homeless: bool,
}

impl Faults {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}

impl Rows<'_> {
    /// Findings for columns that the table has and the mapping does not know, and the other way round, and for fields
    /// that nothing fills.
    pub fn check(&self, findings: &mut Vec<Finding>) {
        let Self { mapping, table, .. } = self;
        let names: Vec<&str> = table.header.iter().map(|cell| cell.text.as_str()).collect();
        let mut used: Vec<&str> = Vec::new();
        for (name, range) in self.wanted() {
            used.push(name);
            if table.column(name).is_none() {
                let remedy = match nearest(name, names.iter().copied()) {
                    Some(near) => format!("did you mean {}?", quote(near)),
                    None => format!("the columns are {}", names.join(", ")),
                };
                let message = format!("the table has no column {}", quote(name));
                findings.push(mapping.source.error(IMPORT_MAPPING, range, message, remedy));
            }
        }
        for (name, range) in &mapping.left_out {
            if table.column(name).is_none() {
                let message = format!("the table has no column {} to leave out", quote(name));
                let remedy = "remove it from `leave_out`";
                findings.push(mapping.source.warning(IMPORT_MAPPING, range.clone(), message, remedy));
            }
            if used.contains(&name.as_str()) {
                let message = format!("the column {} is both used and left out", quote(name));
                findings.push(mapping.source.error(IMPORT_MAPPING, range.clone(), message, "do one of the two"));
            }
        }
        for cell in &table.header {
            let known = used.contains(&cell.text.as_str())
                || mapping.named.contains(&cell.text)
                || mapping.left_out.iter().any(|(name, _)| *name == cell.text);
            if !known {
                let message = format!("the mapping says nothing of the column {}", quote(&cell.text));
                let remedy = "name the field that it fills under `columns`, or put it into `leave_out`";
                findings.push(table.source.error(IMPORT_COLUMN, cell.range.clone(), message, remedy));
            }
        }
        self.check_required(findings);
        if let Some((FileName::Pattern(pattern), range)) = &mapping.file {
            self.check_places(pattern, range, findings);
        }
    }

    /// Every column that the mapping uses, and where it says so.
    fn wanted(&self) -> Vec<(&str, Range<usize>)> {
        let mapping = self.mapping;
        let mut wanted: Vec<(&str, Range<usize>)> =
            mapping.columns.iter().map(|column| (column.name.as_str(), column.range.clone())).collect();
        if let Whose::Column(how) = &mapping.whose {
            wanted.push((&how.name, how.range.clone()));
        }
        if let Some((FileName::Column(name), range)) = &mapping.file {
            wanted.push((name, range.clone()));
        }
        if let Some(Currency::Column(name)) = &mapping.currency {
            wanted.push((name, 0..0));
        }
        for column in &mapping.columns {
            if let Some(Currency::Column(name)) = &column.reading.currency {
                wanted.push((name, column.range.clone()));
            }
        }
        wanted
    }

    fn check_required(&self, findings: &mut Vec<Finding>) {
        let mapping = self.mapping;
        for field in mapping.record_type.fields.iter().filter(|field| field.required) {
            let column = mapping.columns.iter().any(|column| column.aim.outer == field.name);
            if !column && !mapping.defaults.iter().any(|put| put.aim.outer == field.name) {
                let type_name = &mapping.record_type.name;
                let message = format!("no column fills `{}`, which the type `{type_name}` requires", field.name);
                let remedy = "name its column under `columns`, or its value for all rows under `defaults`";
                findings.push(mapping.source.error(MISSING_FIELD, 0..0, message, remedy));
            }
        }
    }

    fn check_places(&self, pattern: &Pattern, range: &Range<usize>, findings: &mut Vec<Finding>) {
        let mapping = self.mapping;
        let columns = mapping.columns.iter().map(|column| column.aim.name());
        let known: Vec<String> =
            columns.chain(mapping.defaults.iter().map(|put| put.aim.name())).chain(["dossier".to_owned()]).collect();
        for place in pattern.places() {
            let field = place.split('.').next().and_then(|name| mapping.record_type.field(name));
            let member = field.zip(place.split('.').nth(1)).and_then(|(field, member)| field.member(member));
            if field.is_some_and(|field| field.personal) || member.is_some_and(|member| member.personal) {
                let message =
                    format!("{} is personal, and names of files are read where records are listed", quote(place));
                findings.push(mapping.source.error(
                    IMPORT_MAPPING,
                    range.clone(),
                    message,
                    "name files by something else",
                ));
            }
        }
        for place in pattern.places().filter(|place| !known.iter().any(|name| name == place)) {
            let remedy = match nearest(place, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{{{near}}}`?"),
                None => format!("what can stand there is {}", known.join(", ")),
            };
            let message = format!("{} is nothing that a row fills", quote(place));
            findings.push(mapping.source.error(IMPORT_MAPPING, range.clone(), message, remedy));
        }
    }

    /// What a row holds. What is wrong in it is told, and noted.
    pub fn filled(&self, row: &Row, findings: &mut Vec<Finding>) -> Filled {
        let Self { mapping, table, .. } = self;
        let cell_of = |name: &str| table.column(name).and_then(|at| row.cells.get(at));
        let at = |cell: Option<&Cell>| cell.map_or(row.range.clone(), |cell| cell.range.clone());
        let mut faults = Faults::default();
        let home = match &mapping.whose {
            Whose::One(home) => home.clone(),
            Whose::Column(how) => {
                let cell = cell_of(&how.name);
                let text = cell.map_or("", |cell| cell.text.as_str());
                match mapping.homes.of_cell(how, text, mapping.makes_dossiers()) {
                    Ok(home) => home,
                    Err((message, remedy)) => {
                        findings.push(table.source.error(IMPORT_VALUE, at(cell), message, remedy));
                        faults = Faults { cells: vec![Spot::Table(at(cell))], homeless: true };
                        Home { dossier: REGISTERS.to_owned(), folder: REGISTERS.to_owned() }
                    }
                }
            }
        };
        let column = |name: &str| cell_of(name).map(|cell| cell.text.clone());
        let context = Context {
            dates: &mapping.dates,
            currency: mapping.currency.as_ref(),
            dossier: &home.dossier,
            column: &column,
        };
        let mut puts = Vec::new();
        for rule in &mapping.columns {
            let Some(cell) = cell_of(&rule.name) else { continue };
            let spot = Spot::Table(cell.range.clone());
            if faults.homeless && rule.aim.kind == Kind::Reference {
                // What it refers to may be in the dossier that is not known.
                faults.cells.push(spot.clone());
            }
            let value = value_of(rule, &cell.text, &context).unwrap_or_else(|(message, remedy)| {
                findings.push(table.source.error(IMPORT_VALUE, cell.range.clone(), message, remedy));
                faults.cells.push(spot.clone());
                Some(Written::One(cell.text.clone()))
            });
            puts.extend(value.map(|value| Put { aim: rule.aim.clone(), value, spot }));
        }
        puts.extend(missing(&mapping.defaults, &puts));
        let file = match &mapping.file {
            Some((FileName::Column(name), _)) => column(name),
            _ => None,
        };
        Filled { home, file, puts, faults }
    }

    /// The draft of a row's record; where something is wrong with it, one that is read and never written.
    pub fn draft(&self, row: &Row, findings: &mut Vec<Finding>) -> Option<Draft> {
        let filled = self.filled(row, findings);
        let faults = filled.faults.clone();
        if faults.homeless && self.mapping.makes_dossiers() {
            return None;
        }
        let spot = Spot::Table(row.range.clone());
        let place = |range: &Range<usize>| self.table.source.place(range.clone());
        match sheet(self.mapping, self.types, filled, spot) {
            Ok(sheet) => Some(Draft { faults, ..sheet.drafted() }),
            Err((message, remedy)) => {
                findings.push(Finding::error(IMPORT_NAME, message).at(place(&row.range)).remedy(remedy));
                None
            }
        }
    }

    /// The columns of a series, each with its field.
    pub fn columns(&self) -> &[Column] {
        &self.mapping.columns
    }
}

/// The defaults for what nothing else fills. A default for a whole map stands back where something of it is filled.
pub fn missing(defaults: &[Put], puts: &[Put]) -> Vec<Put> {
    let fills = |put: &Put, default: &Put| {
        let (one, other) = (&put.aim, &default.aim);
        one.outer == other.outer && (one.inner == other.inner || one.inner.is_none() || other.inner.is_none())
    };
    defaults.iter().filter(|default| !puts.iter().any(|put| fills(put, default))).cloned().collect()
}

/// What a record's file is made of, where its name can be one.
///
/// # Errors
/// Why it cannot be written under the name that it would have.
pub fn sheet<'m>(
    mapping: &'m Mapping,
    types: &Types,
    filled: Filled,
    whole: Spot,
) -> Result<Sheet<'m>, (String, String)> {
    let record_type = mapping.record_type.as_ref();
    let inside = match &record_type.place {
        Some(Place::File(file)) => file.clone(),
        _ => format!("{}.md", file_path(mapping, &filled)?),
    };
    let Filled { home, puts, .. } = filled;
    let path = home.path(&inside);
    if let Some(why) = unfit(&path) {
        let remedy = "correct the value that names it, or write another `file:` in the mapping";
        return Err((format!("{} cannot be a file here: {why}", quote(&path)), remedy.to_owned()));
    }
    if !path.ends_with(".md") && puts.iter().any(|put| put.aim.body) {
        let message = format!("{} has no room for a text", quote(&path));
        return Err((message, "leave the column out, or let it fill a field".to_owned()));
    }
    let say_type = types.by_place(&inside).is_none_or(|found| found.name != record_type.name);
    Ok(Sheet { home, inside, record_type, say_type, puts, whole })
}

/// The path of a row's file inside its dossier, without its extension.
///
/// # Errors
/// What it would need and does not have.
pub fn file_path(mapping: &Mapping, filled: &Filled) -> Result<String, (String, String)> {
    let of_type = match &mapping.record_type.place {
        Some(Place::Folder(folder)) => folder,
        _ => &mapping.record_type.name,
    };
    let folder = mapping.folder.as_deref().unwrap_or(of_type);
    let value = |name: &str| match name {
        "dossier" => Some(as_name(&filled.home.dossier)),
        name => filled.puts.iter().find(|put| put.aim.name() == name).map(|put| as_name(&put.value.text())),
    };
    let remedy = |what: &str| format!("fill it in, or write {what}`file:` in the mapping");
    match &mapping.file {
        Some((FileName::Column(name), _)) => filled.file.clone().filter(|path| !path.is_empty()).ok_or_else(|| {
            (format!("nothing stands in the column {}, which names the file", quote(name)), remedy("another "))
        }),
        Some((FileName::Pattern(pattern), _)) => match pattern.filled(value) {
            Ok(name) => Ok(format!("{folder}/{name}")),
            Err(place) => Err((format!("nothing fills `{{{place}}}` in the name of the file"), remedy("another "))),
        },
        None => {
            let named = mapping.record_type.key.as_deref().and_then(value).or_else(|| value("date"));
            match named.filter(|name| !name.is_empty()) {
                Some(name) => Ok(format!("{folder}/{name}")),
                None => Err(("nothing says what the file is called".to_owned(), remedy(""))),
            }
        }
    }
}

/// A value as a cell of a series.
pub fn cell_text(value: &Written) -> String {
    match value {
        Written::Many(texts) => texts.join("、"),
        one => one.text(),
    }
}
