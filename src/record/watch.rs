//! How far a week of a series may lie from what is usual before it is an alarm, as the series' type says.

use super::field_type::{FieldType, Kind, broken, broken_near, truth};
use super::sign::{percentage, whole_number};
use crate::finding::Finding;
use crate::text::Source;
use crate::text::map::{known_entries, one_or_many, scalar};
use crate::text::yaml::{Entry, Node};

/// What is an alarm in a weekly series.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// The columns that are looked at.
    pub columns: Vec<String>,
    /// The median of so many weeks before is what is usual.
    pub usual: usize,
    /// At least so many of them must hold a number.
    pub fewest: usize,
    /// So many hundredths below what is usual are an alarm.
    pub fall: f64,
    /// So many hundredths above what is usual are an alarm.
    pub rise: f64,
    /// A fall is one only in a week of at least so many working days.
    pub working: usize,
    /// Whether what the same weeks of the year before had as well is none.
    pub seasonal: bool,
    /// So many weeks without a row at the end of a series are silence.
    pub silent: usize,
    /// Alarms of so many last weeks are told in words.
    pub lately: usize,
    /// How many weeks the grid shows.
    pub weeks: usize,
}

const KEYS: [&str; 10] =
    ["columns", "usual", "fewest", "fall", "rise", "working", "seasonal", "silent", "lately", "weeks"];

/// Reads `watch:` of a series with these fields.
pub(super) fn read_watch(
    source: &Source,
    entry: &Entry,
    fields: &[FieldType],
    findings: &mut Vec<Finding>,
) -> Option<Watch> {
    let before = findings.len();
    if !fields.first().is_some_and(|field| field.kind == Kind::Week) {
        let message = "only a series whose first field is a week can be watched";
        broken(source, entry.key_range.clone(), message, "make its first field `kind: week`, or remove it", findings);
    }
    let mut watch = Watch {
        columns: Vec::new(),
        usual: 8,
        fewest: 4,
        fall: 40.0,
        rise: 60.0,
        working: 3,
        seasonal: false,
        silent: 2,
        lately: 13,
        weeks: 53,
    };
    for key in known_entries(source, &entry.value, "`watch`", &KEYS, findings) {
        let node = &key.value;
        let place = match key.key.as_str() {
            "columns" => {
                watch.columns = columns(source, node, fields, findings);
                continue;
            }
            "fall" => {
                watch.fall = percentage(source, node, 100.0, findings)?;
                continue;
            }
            "rise" => {
                watch.rise = percentage(source, node, 10_000.0, findings)?;
                continue;
            }
            "seasonal" => {
                watch.seasonal = truth(source, node, findings);
                continue;
            }
            "usual" => &mut watch.usual,
            "fewest" => &mut watch.fewest,
            "working" => &mut watch.working,
            "silent" => &mut watch.silent,
            "lately" => &mut watch.lately,
            _ => &mut watch.weeks,
        };
        *place = whole_number(source, node, findings)?;
    }
    if watch.columns.is_empty() {
        broken(source, entry.key_range.clone(), "no column is watched", "add `columns: [NAME]`", findings);
    }
    (findings.len() == before).then_some(watch)
}

fn columns(source: &Source, node: &Node, fields: &[FieldType], findings: &mut Vec<Finding>) -> Vec<String> {
    let mut names = Vec::new();
    for node in one_or_many(source, node, "a column", findings) {
        let Some(name) = scalar(source, node, "a column", findings) else { continue };
        let numbers = fields.iter().filter(|field| matches!(field.kind, Kind::Number | Kind::Percent));
        let numbers: Vec<&str> = numbers.map(|field| field.name.as_str()).collect();
        if !numbers.contains(&name) {
            let message = format!("`{name}` is no column of numbers of this type");
            broken_near(source, node.range.clone(), message, name, &numbers, "these are", findings);
        }
        names.push(name.to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::record_type::RecordType;
    use crate::text::Source;

    fn found(kind: &str, watch: &str) -> Vec<String> {
        let fields = format!("  at: {{kind: {kind}}}\n  voice: {{kind: number}}\n  by: {{kind: person}}\n");
        let text = format!("kind: series\nfolder: t\naudience: staff\nfields:\n{fields}watch: {watch}\n");
        let mut findings = Vec::new();
        RecordType::read("t", false, Source::decode("types/t.yaml", text.as_bytes()).unwrap(), &mut findings);
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn what_cannot_be_watched_is_a_finding() {
        assert_eq!(found("week", "{columns: [voice], fall: 30%, rise: 150%, usual: 12, seasonal: yes}"), [""; 0]);
        for (kind, watch) in [
            ("month", "{columns: [voice]}"),
            ("week", "{columns: [vioce]}"),
            ("week", "{columns: [by]}"),
            ("week", "{fall: 30%}"),
            ("week", "{columns: [voice], fall: 130%}"),
            ("week", "{columns: [voice], usual: 0}"),
            ("week", "{columns: [voice], usually: 8}"),
        ] {
            assert!(!found(kind, watch).is_empty(), "{kind} {watch}");
        }
    }
}
