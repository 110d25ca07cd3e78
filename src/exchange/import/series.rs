//! Rows of a series: one file for each dossier and name, a row each, the columns called as the type's fields.

use super::draft::{Draft, Spot};
use super::names::{IMPORT_NAME, unfit};
use super::rows::{Faults, Filled, Rows, cell_text, file_path};
use crate::finding::{Finding, quote};
use crate::record::{FieldType, Place, csv_lines, read_scalar};
use std::collections::BTreeMap;

use super::cell::IMPORT_VALUE;

/// The rows of one file.
struct File {
    dossier: String,
    inside: String,
    lines: Vec<(Vec<String>, Spot)>,
}

/// The drafts of a table whose rows belong to series.
pub fn drafts(rows: &Rows<'_>, findings: &mut Vec<Finding>) -> Vec<Draft> {
    let record_type = &rows.mapping.record_type;
    let fills = |field: &&FieldType| {
        rows.columns().iter().any(|column| column.aim.outer == field.name)
            || rows.mapping.defaults.iter().any(|put| put.aim.outer == field.name)
    };
    let fields: Vec<&FieldType> = record_type.fields.iter().filter(fills).collect();
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    for row in &rows.table.rows {
        let filled = rows.filled(row, findings);
        let whole = || rows.table.source.place(row.range.clone());
        let inside = match &record_type.place {
            Some(Place::File(file)) => Ok(file.clone()),
            _ => file_path(rows.mapping, &filled).map(|path| format!("{path}.csv")),
        };
        let inside = match inside {
            Ok(inside) => inside,
            Err((message, remedy)) => {
                findings.push(Finding::error(IMPORT_NAME, message).at(whole()).remedy(remedy));
                continue;
            }
        };
        let Filled { home, puts, faults, .. } = filled;
        let path = home.path(&inside);
        if let Some(why) = unfit(&path) {
            let message = format!("{} cannot be a file here: {why}", quote(&path));
            findings
                .push(Finding::error(IMPORT_NAME, message).at(whole()).remedy("write another `file:` in the mapping"));
            continue;
        }
        let mut cells = Vec::with_capacity(fields.len());
        for field in &fields {
            let put = puts.iter().find(|put| put.aim.outer == field.name);
            let text = put.map(|put| cell_text(&put.value)).unwrap_or_default();
            // The rows of a file are told of by line and name of the column; here the cell itself is known.
            if let (Some(put), Err((message, remedy))) = (put, read_scalar(field, &text))
                && !faults.cells.contains(&put.spot)
            {
                let (source, range) = match &put.spot {
                    Spot::Mapping(range) => (&rows.mapping.source, range.clone()),
                    Spot::Table(range) => (&rows.table.source, range.clone()),
                    Spot::Scan(_) => continue,
                };
                findings.push(source.error(IMPORT_VALUE, range, message, remedy));
            }
            cells.push(text);
        }
        if !faults.is_empty() {
            continue;
        }
        let file =
            files.entry(path).or_insert_with(|| File { dossier: home.dossier.clone(), inside, lines: Vec::new() });
        file.lines.push((cells, Spot::Table(row.range.clone())));
    }
    files.into_iter().map(|(path, file)| drafted(path, file, &fields)).collect()
}

fn drafted(path: String, file: File, fields: &[&FieldType]) -> Draft {
    // A column in which nothing stands says nothing, and a date must not be empty where there is one.
    let used = |at: usize| file.lines.iter().any(|(cells, _)| cells.get(at).is_some_and(|cell| !cell.is_empty()));
    let kept: Vec<usize> =
        (0..fields.len()).filter(|at| used(*at) || fields.get(*at).is_some_and(|f| f.required)).collect();
    let header = kept.iter().filter_map(|at| fields.get(*at)).map(|field| field.name.clone()).collect();
    let (mut rows, mut lines, mut line) = (vec![header], Vec::new(), 2_u32);
    for (cells, spot) in file.lines {
        lines.push((line, spot));
        // A cell may hold several lines.
        line +=
            1 + u32::try_from(cells.iter().map(|cell| cell.matches('\n').count()).sum::<usize>()).unwrap_or_default();
        rows.push(kept.iter().filter_map(|at| cells.get(*at).cloned()).collect());
    }
    let whole = lines.first().map_or(Spot::Table(0..0), |(_, spot)| spot.clone());
    Draft {
        path,
        inside: file.inside,
        text: csv_lines(&rows),
        whole,
        dossier: file.dossier,
        key: None,
        files: Vec::new(),
        lines,
        faults: Faults::default(),
    }
}
