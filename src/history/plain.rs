//! The history of settings, readers and types: files of YAML that are no records, entry by entry.

use crate::repository::{ContentId, Past};
use crate::text::Source;
use crate::text::yaml::{self, Content, Node};
use std::collections::BTreeMap;
use std::ops::Range;

/// Files above this are not read.
const LARGEST: u64 = 4 << 20;

/// A change of an entry of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainChange {
    /// The commit, by its number in [`Past::commits`].
    pub commit: usize,
    /// The entry: keys joined by dots, elements of lists by their text; empty where the whole file came or went.
    pub entry: String,
    /// What it said before.
    pub before: Option<String>,
    /// What it says after.
    pub after: Option<String>,
}

/// What became of a file of the archive, by its path there. A file that could not be read at some commit says so in
/// place of its entries.
#[must_use]
pub fn of_file(past: &Past, path: &str) -> Vec<PlainChange> {
    let at = if past.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", past.folder) };
    let mut changes = Vec::new();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (number, commit) in past.commits.iter().enumerate() {
        let change = commit.changes.iter().find(|change| {
            change.path.as_ref() == at || change.moved.as_ref().is_some_and(|moved| moved.from.as_ref() == at)
        });
        let Some(change) = change else { continue };
        let blob = change.new.as_ref().filter(|_| change.path.as_ref() == at).map(|file| file.id);
        let entries = blob.map(|id| entries_of(past, path, id)).unwrap_or_default();
        let keys: std::collections::BTreeSet<&String> = known.keys().chain(entries.keys()).collect();
        for key in keys {
            let (before, after) = (known.get(key), entries.get(key));
            if before != after {
                let (before, after) = (before.cloned(), after.cloned());
                changes.push(PlainChange { commit: number, entry: key.clone(), before, after });
            }
        }
        known = entries;
    }
    changes
}

fn entries_of(past: &Past, path: &str, id: ContentId) -> BTreeMap<String, String> {
    let broken = |what: &str| BTreeMap::from([(String::new(), what.to_owned())]);
    let Ok(bytes) = past.blob(id, LARGEST) else { return broken("missing from the repository") };
    let Ok(source) = Source::decode(path, &bytes) else { return broken("cannot be read") };
    if !path.ends_with(".yaml") {
        // A list of lines: each is an entry by itself.
        let lines = source.text().lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        return lines.map(|line| (line.to_owned(), "yes".to_owned())).collect();
    }
    let Ok(root) = yaml::parse(&source, 0..source.text().len()) else { return broken("cannot be read") };
    let mut entries = BTreeMap::new();
    flatten(&root, String::new(), &mut entries);
    entries
}

/// Every text of a part of a file that is YAML, by the keys that lead to it, joined by dots; elements of lists that are
/// texts are keys themselves. None where it cannot be read.
#[must_use]
pub fn entries_in(source: &Source, range: Range<usize>) -> Option<BTreeMap<String, String>> {
    let mut entries = BTreeMap::new();
    flatten(&yaml::parse(source, range).ok()?, String::new(), &mut entries);
    Some(entries)
}

/// Every text below a node, by the keys that lead to it.
pub(super) fn flatten(node: &Node, at: String, out: &mut BTreeMap<String, String>) {
    let below = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    match &node.content {
        Content::Map(entries) => {
            for entry in entries {
                flatten(&entry.value, below(&entry.key), out);
            }
        }
        Content::List(nodes) => {
            for (n, element) in nodes.iter().enumerate() {
                match element.text() {
                    // A name that comes or goes is told as that, wherever in the list it stands.
                    Some(text) => {
                        out.insert(below(text), "yes".to_owned());
                    }
                    None => flatten(element, below(&(n + 1).to_string()), out),
                }
            }
        }
        Content::Scalar { text, .. } => {
            out.insert(at, text.clone());
        }
        Content::Null => {}
    }
}
