//! The mapping by which an exported table comes in again.

use super::cells::Form;
use super::sheet::Sheet;
use crate::record::{Place, RecordType};
use crate::text::flow_scalar;
use std::fmt::Write;

/// The mapping for a table of a type.
#[must_use]
pub fn mapping_of(sheet: &Sheet, record_type: &RecordType) -> String {
    let mut out = format!("type: {}\ndossier: {{column: dossier}}\n", record_type.name);
    let by_file = !record_type.series && !matches!(record_type.place, Some(Place::File(_)));
    if by_file {
        out.push_str("file: {column: file}\n");
    }
    if record_type.series {
        out.push_str("file: imported\n");
    }
    // The columns say of each record what it came from, where it did.
    if !record_type.series {
        out.push_str("source: none\n");
    }
    let (taken, left): (Vec<_>, Vec<_>) = sheet.columns.iter().partition(|column| column.taken);
    out.push_str("columns:\n");
    for column in taken {
        let name = flow_scalar(&column.name);
        let _ = match column.form {
            Form::One => writeln!(out, "  {name}: {name}"),
            Form::Lines => writeln!(out, "  {name}: {{field: {name}, split: lines}}"),
            Form::Json => writeln!(out, "  {name}: {{field: {name}, as: json}}"),
        };
    }
    let used = |name: &str| name == "dossier" || (by_file && name == "file");
    let left: Vec<&str> = left.iter().map(|column| column.name.as_str()).filter(|name| !used(name)).collect();
    let _ = writeln!(out, "leave_out: [{}]", left.join(", "));
    out
}
