//! A YAML map whose keys are known: every other key is a finding that suggests the nearest.

use super::Source;
use super::yaml::{Content, Entry, Node};
use crate::finding::{Code, Finding, nearest, quote};
use jiff::civil::Date;

/// A key that nothing knows.
pub const UNKNOWN_KEY: Code = Code("unknown-key");
/// A value of another shape than its key wants.
pub const WRONG_SHAPE: Code = Code("wrong-shape");
/// A date that is none.
pub const IMPOSSIBLE_DATE: Code = Code("impossible-date");

/// The entries of a map; findings for keys that are not `known`, and for what is no map.
pub fn known_entries<'n>(
    source: &Source,
    node: &'n Node,
    what: &str,
    known: &[&str],
    findings: &mut Vec<Finding>,
) -> Vec<&'n Entry> {
    let Some(entries) = node.entries() else {
        findings.push(source.error(
            WRONG_SHAPE,
            node.range.clone(),
            format!("{what} must be a map of keys and values, but {} stands here", node.what()),
            "write `key: value` lines",
        ));
        return Vec::new();
    };
    let (good, bad): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|entry| known.contains(&entry.key.as_str()));
    for entry in bad {
        findings.push(unknown_key(source, entry, what, known.iter().copied()));
    }
    good
}

/// The finding for a key that nothing knows.
pub fn unknown_key<'a>(
    source: &Source,
    entry: &Entry,
    what: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Finding {
    let remedy = match nearest(&entry.key, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let mut names: Vec<&str> = known.collect();
            names.sort_unstable();
            format!("the keys are {}", names.join(", "))
        }
    };
    source.error(UNKNOWN_KEY, entry.key_range.clone(), format!("{what} has no key {}", quote(&entry.key)), remedy)
}

/// The text of a scalar; a finding otherwise.
pub fn scalar<'n>(source: &Source, node: &'n Node, what: &str, findings: &mut Vec<Finding>) -> Option<&'n str> {
    let text = node.text().filter(|text| !text.trim().is_empty());
    if text.is_none() {
        findings.push(source.error(
            WRONG_SHAPE,
            node.range.clone(),
            format!("{what} must be text, but {} stands here", node.what()),
            "write one value, or remove the key",
        ));
    }
    text
}

/// One node, or the elements of a list; a finding for an empty one.
pub fn one_or_many<'n>(source: &Source, node: &'n Node, what: &str, findings: &mut Vec<Finding>) -> Vec<&'n Node> {
    match &node.content {
        Content::List(nodes) if !nodes.is_empty() => nodes.iter().collect(),
        Content::List(_) | Content::Null => {
            findings.push(source.error(
                WRONG_SHAPE,
                node.range.clone(),
                format!("{what} is empty"),
                "name at least one, or remove the key",
            ));
            Vec::new()
        }
        _ => vec![node],
    }
}

/// A day written as `2027-03-31`; a finding for anything else.
pub fn day(source: &Source, node: &Node, what: &str, findings: &mut Vec<Finding>) -> Option<Date> {
    let text = scalar(source, node, what, findings)?;
    let parsed = parse_day(text);
    if parsed.is_none() {
        findings.push(source.error(
            IMPOSSIBLE_DATE,
            node.range.clone(),
            format!("{} is no date", quote(text)),
            "write year, month and day of a day that exists, as `2027-03-31`",
        ));
    }
    parsed
}

/// A day written as `2027-03-31`, and nothing else that a calendar library would take.
#[must_use]
pub fn parse_day(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(n, b)| if n == 4 || n == 7 { b == b'-' } else { b.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}
