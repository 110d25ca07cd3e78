//! In what a row differs from the record that is there: an import does not change it, and says what the archivist may.

use super::draft::Draft;
use super::mapping::flow;
use crate::finding::quote;
use crate::record::{RecordType, read_scalar};
use crate::text::yaml::{Content, Node};
use crate::text::{Source, divide, yaml};

/// Keys that say nothing of what a record holds.
const ASIDE: [&str; 2] = ["type", "imported"];

/// Whether a file holds what a draft would, whenever and out of which file it was imported.
pub fn alike(there: &[u8], draft: &Draft) -> bool {
    let bare = |bytes: &[u8]| Source::decode(&draft.path, bytes).ok().map(|source| without_import(&source));
    there == draft.text.as_bytes() || bare(there) == bare(draft.text.as_bytes())
}

/// A file's text without the lines that say what it was imported from.
fn without_import(source: &Source) -> String {
    let text = source.text();
    let fields = if source.file().ends_with(".csv") { None } else { parts(source) };
    let range = fields.and_then(|(fields, _)| {
        let entry = fields.get("imported")?;
        let start = text.get(..entry.key_range.start)?.rfind('\n').map_or(0, |at| at + 1);
        let end = entry.value.range.end;
        let rest = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at + 1);
        Some(start..if text.get(..end)?.ends_with('\n') { end } else { rest })
    });
    let Some(range) = range else { return text.to_owned() };
    format!("{}{}", text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default())
}

/// What differs, a part each, as `amount` from → to. What the row says nothing of does not.
pub fn differences(path: &str, there: &[u8], draft: &Draft, record_type: &RecordType) -> Vec<String> {
    let Ok(there) = Source::decode(path, there) else { return Vec::new() };
    if record_type.series {
        return lines(there.text(), &draft.text);
    }
    let new = Source::decode(&draft.path, draft.text.as_bytes()).ok();
    let (Some((old, old_text)), Some((new, new_text))) = (parts(&there), new.as_ref().and_then(parts)) else {
        return Vec::new();
    };
    let item = item(&old, draft, record_type);
    let mut found = Vec::new();
    for entry in new.entries().unwrap_or_default().iter().filter(|entry| !ASIDE.contains(&entry.key.as_str())) {
        let said = |node: &Node| said(node, &entry.key, record_type);
        let old = item.and_then(|item| item.get(&entry.key)).or_else(|| old.get(&entry.key));
        let (before, after) = (old.map(|old| said(&old.value)), said(&entry.value));
        if before.as_ref() != Some(&after) {
            let before = before.map_or_else(|| "nothing".to_owned(), |before| quote(&before));
            found.push(format!("`{}` {before} → {}", entry.key, quote(&after)));
        }
    }
    if !new_text.is_empty() && new_text != old_text {
        found.push("its text".to_owned());
    }
    found
}

/// The lines of a series that are not there as they are here.
fn lines(there: &str, here: &str) -> Vec<String> {
    let known: Vec<&str> = there.lines().map(str::trim_end).collect();
    let new: Vec<&str> = here.lines().filter(|line| !known.contains(&line.trim_end())).collect();
    match new.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!("the line {}", quote(one))],
        [first, more @ ..] => vec![format!("the line {} and {} more", quote(first), more.len())],
    }
}

/// The fields of a file, and its text.
fn parts(source: &Source) -> Option<(Node, String)> {
    let whole = 0..source.text().len();
    let (fields, text) = match source.file().ends_with(".md") {
        true => divide(source).ok().map(|divided| (divided.yaml, divided.body))?,
        false => (whole.clone(), whole.end..whole.end),
    };
    let text = source.text().get(text).unwrap_or_default().trim().to_owned();
    Some((yaml::parse(source, fields).ok()?, text))
}

/// The item of a list file that has the row's key.
fn item<'n>(root: &'n Node, draft: &Draft, record_type: &RecordType) -> Option<&'n Node> {
    let (key, wanted) = (record_type.key.as_ref()?, draft.key.as_ref()?);
    let is_it = |item: &&Node| item.get(key).and_then(|entry| entry.value.text()) == Some(wanted.as_str());
    root.get("records")?.value.elements()?.iter().find(is_it)
}

/// A value as the format writes it, however somebody wrote it.
fn said(node: &Node, key: &str, record_type: &RecordType) -> String {
    match &node.content {
        Content::List(nodes) if nodes.len() == 1 => nodes.iter().map(|node| said(node, key, record_type)).collect(),
        Content::Scalar { text, .. } => {
            let value = record_type.field(key).and_then(|field| read_scalar(field, text).ok());
            let written = value.map(|value| value.written().trim().to_owned());
            written.filter(|written| !written.is_empty()).unwrap_or_else(|| text.trim().to_owned())
        }
        _ => flow(node),
    }
}
