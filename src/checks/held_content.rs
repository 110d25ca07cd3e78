//! What two states of a file that is held have not in common: what was lost, as against what was only written anew.

use crate::archive::Types;
use crate::finding::quote;
use crate::history::{entries_in, list_of};
use crate::text::{Source, divide};
use std::collections::{BTreeMap, BTreeSet};

/// What became of a file that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing that it said is gone.
    Whole,
    /// Something reads otherwise than it did; the history has what it said.
    Changed,
    /// Something is gone, in words.
    Lost(String),
}

/// Compares what a file said with what it says; `key` is an item of a list, where one alone is held.
pub(super) fn compare(old: (&[u8], &str), new: (&[u8], &str), key: Option<&str>, types: &Types) -> Fate {
    if old.0 == new.0 && old.1 == new.1 {
        return Fate::Whole;
    }
    if !is_record(old.1) {
        return if old.0 == new.0 { Fate::Whole } else { Fate::Lost("its content was replaced".to_owned()) };
    }
    if old.1.ends_with(".csv") {
        return rows(&String::from_utf8_lossy(old.0), &String::from_utf8_lossy(new.0));
    }
    let Some(before) = Said::read(old.0, old.1, types) else { return Fate::Whole };
    let Some(after) = Said::read(new.0, new.1, types) else {
        return Fate::Lost("it cannot be read any more".to_owned());
    };
    before.against(&after, key)
}

/// Whether a file is read as a record, by its ending.
pub(super) fn is_record(path: &str) -> bool {
    [".md", ".yaml", ".yml", ".csv"].iter().any(|ending| path.ends_with(ending))
}

/// The rows of a table: one whose first cell is there no more is gone.
fn rows(old: &str, new: &str) -> Fate {
    let filled = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    let (before, mut after) = (filled(old), filled(new));
    let cell = |line: &str| line.split(',').next().unwrap_or_default().trim().trim_matches('"').to_owned();
    let mut missing = Vec::new();
    for line in before {
        match after.iter().position(|other| *other == line) {
            Some(at) => drop(after.swap_remove(at)),
            None => missing.push(line),
        }
    }
    let mut left: Vec<String> = after.iter().map(|line| cell(line)).collect();
    for line in &missing {
        match left.iter().position(|other| *other == cell(line)) {
            Some(at) => drop(left.swap_remove(at)),
            None => return Fate::Lost(format!("the row {} is gone", quote(&cell(line)))),
        }
    }
    if missing.is_empty() { Fate::Whole } else { Fate::Changed }
}

/// What a file says, taken apart.
struct Said {
    record_type: String,
    entries: BTreeMap<String, String>,
    items: BTreeMap<String, BTreeSet<String>>,
    sections: Vec<(String, Vec<String>)>,
}

impl Said {
    fn read(bytes: &[u8], inside: &str, types: &Types) -> Option<Self> {
        let source = Source::decode(inside, bytes).ok()?;
        let (yaml, body) = match inside.ends_with(".md") {
            true => divide(&source).ok().map(|halves| (halves.yaml, halves.body))?,
            false => (0..source.text().len(), 0..0),
        };
        let mut entries = entries_in(&source, yaml)?;
        let by_place = || types.by_place(inside).map(|record_type| record_type.name.clone());
        let record_type = entries.remove("type").or_else(by_place).unwrap_or_default();
        let items = list_of(bytes, inside, types).map(|list| list.items).unwrap_or_default();
        if !items.is_empty() {
            entries.retain(|key, _| !key.starts_with("records."));
        }
        let mut sections = vec![(String::new(), Vec::new())];
        for line in source.text().get(body).unwrap_or_default().lines().map(str::trim) {
            if line.starts_with('#') {
                let heading = line.trim_start_matches('#').split('{').next().unwrap_or_default();
                sections.push((heading.trim().to_owned(), Vec::new()));
            } else if let Some((_, lines)) = sections.last_mut().filter(|_| !line.is_empty()) {
                lines.push(line.to_owned());
            }
        }
        Some(Self { record_type, entries, items, sections })
    }

    fn against(&self, after: &Self, key: Option<&str>) -> Fate {
        if self.record_type != after.record_type {
            let types = (quote(&self.record_type), quote(&after.record_type));
            return Fate::Lost(format!("its type {} became {}", types.0, types.1));
        }
        for (item, said) in self.items.iter().filter(|(item, _)| key.is_none_or(|key| key == *item)) {
            let Some(now) = after.items.get(item) else {
                return Fate::Lost(format!("the item {} is gone", quote(item)));
            };
            let fields = |said: &BTreeSet<String>| -> BTreeSet<String> {
                said.iter().filter_map(|line| line.split([':', '.']).next().map(str::to_owned)).collect()
            };
            if let Some(field) = fields(said).difference(&fields(now)).next() {
                return Fate::Lost(format!("the field {} of {} is gone", quote(field), quote(item)));
            }
        }
        if key.is_some() && !self.items.is_empty() {
            let same = key.is_some_and(|key| self.items.get(key) == after.items.get(key));
            return if same { Fate::Whole } else { Fate::Changed };
        }
        if self.is_emptied(after) {
            return Fate::Lost("nothing of what it said is left".to_owned());
        }
        if let Some(name) = self.attachments().difference(&after.attachments()).next() {
            return Fate::Lost(format!("it names its attachment {} no more", quote(name)));
        }
        if let Some(field) = self.fields().difference(&after.fields()).next() {
            return Fate::Lost(format!("the field {} is gone", quote(field)));
        }
        if let Some((heading, _)) = self.sections.iter().find(|section| after.lacks(section)) {
            let what =
                if heading.is_empty() { "its text".to_owned() } else { format!("the section {}", quote(heading)) };
            return Fate::Lost(format!("{what} is gone"));
        }
        let same = self.entries == after.entries && self.items == after.items && self.sections == after.sections;
        if same { Fate::Whole } else { Fate::Changed }
    }

    /// Whether not a line is left of what it said.
    fn is_emptied(&self, after: &Self) -> bool {
        let entry = self.entries.iter().any(|(key, said)| after.entries.get(key) == Some(said));
        let item = self.items.keys().any(|key| after.items.contains_key(key));
        let now: BTreeSet<&String> = after.sections.iter().flat_map(|(_, lines)| lines).collect();
        let line = self.sections.iter().flat_map(|(_, lines)| lines).any(|line| now.contains(line));
        let said_something = !self.entries.is_empty() || !self.items.is_empty() || self.has_text();
        said_something && !entry && !item && !line
    }

    fn has_text(&self) -> bool {
        self.sections.iter().any(|(_, lines)| !lines.is_empty())
    }

    fn fields(&self) -> BTreeSet<&str> {
        self.entries.keys().filter_map(|key| key.split('.').next()).collect()
    }

    fn attachments(&self) -> BTreeSet<&str> {
        let named = self.entries.iter().filter(|(key, _)| key.starts_with("attachments"));
        named
            .filter_map(|(key, said)| if said == "yes" { key.strip_prefix("attachments.") } else { Some(said) })
            .collect()
    }

    /// Whether a section is gone: neither its heading is there nor half of its lines.
    fn lacks(&self, (heading, lines): &(String, Vec<String>)) -> bool {
        let now: BTreeSet<&String> = self.sections.iter().flat_map(|(_, lines)| lines).collect();
        let left = lines.iter().filter(|line| now.contains(line)).count();
        let named = !heading.is_empty() && self.sections.iter().any(|(other, _)| other == heading);
        let gone = !lines.is_empty() && (left == 0 || !named && left * 2 < lines.len());
        gone || lines.is_empty() && !heading.is_empty() && !named
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate(inside: &str, old: &str, new: &str) -> Fate {
        let types = Types::new(Vec::new(), &[], &mut Vec::new());
        compare((old.as_bytes(), inside), (new.as_bytes(), inside), None, &types)
    }

    fn lost(inside: &str, old: &str, new: &str) -> String {
        match fate(inside, old, new) {
            Fate::Lost(what) => what,
            other => format!("{other:?}"),
        }
    }

    const CONTRACT: &str = "---\nnumber: A\nsigned: 2024-03-18\nattachments: [a.pdf, b.pdf]\n---\nOne.\n\n## Price {audience=finance}\n\nTwo.\nThree.\n";

    #[test]
    fn what_was_added_loses_nothing_and_what_reads_otherwise_is_only_changed() {
        let contract = |was: &str, now: &str| fate("contracts/a.md", CONTRACT, &CONTRACT.replace(was, now));
        assert_eq!(contract("A", "A"), Fate::Whole);
        for (was, now) in [("signed", "kind: lease\nsigned"), ("A\n", "B\n"), ("One.", "One.\nMore."), ("Two.", "Tow.")]
        {
            assert_eq!(contract(was, now), Fate::Changed, "{was}");
        }
        assert_eq!(
            fate("traffic/a.csv", "week,use\n2026-W01,5\n", "week,use\n2026-W01,6\n2026-W02,7\n"),
            Fate::Changed
        );
    }

    #[test]
    fn every_way_to_empty_a_record_is_told_apart() {
        let contract = |was: &str, now: &str| lost("contracts/a.md", CONTRACT, &CONTRACT.replace(was, now));
        assert_eq!(contract("signed: 2024-03-18\n", ""), "the field ‹signed› is gone");
        assert_eq!(contract(", b.pdf", ""), "it names its attachment ‹b.pdf› no more");
        assert_eq!(contract("\n## Price {audience=finance}\n\nTwo.\nThree.\n", ""), "the section ‹Price› is gone");
        assert_eq!(contract("One.\n", ""), "its text is gone");
        assert_eq!(contract("Two.\nThree.\n", ""), "the section ‹Price› is gone", "a heading alone is nothing");
        assert_eq!(contract("number: A", "number: A\ntype: licence"), "its type ‹contract› became ‹licence›");
        let empty = "nothing of what it said is left";
        assert_eq!(lost("contracts/a.md", CONTRACT, "---\ntitle: x\n---\n"), empty);
        assert_eq!(lost("contracts/a.md", CONTRACT, ""), empty);
        assert_eq!(lost("contracts/a.md", CONTRACT, "---\nnumber: ["), "it cannot be read any more");
        assert_eq!(lost("contracts/a.pdf", "x", "y"), "its content was replaced");
    }

    #[test]
    fn rows_and_items_are_looked_for_one_by_one() {
        let series = |new: &str| lost("traffic/a.csv", "week,use\n2026-W01,5\n2026-W02,6\n", new);
        assert_eq!(series("week,use\n2026-W02,6\n"), "the row ‹2026-W01› is gone");
        assert_eq!(series("week,use\n2026-W02,6\n2026-W01,5\n"), "Whole");
        let list = "records:\n  - {number: A, from: x}\n  - {number: B, from: y}\n";
        let circuits = |was: &str, now: &str| lost("circuits/all.yaml", list, &list.replace(was, now));
        assert_eq!(circuits("  - {number: A, from: x}\n", ""), "the item ‹A› is gone");
        assert_eq!(circuits(", from: x", ""), "the field ‹from› of ‹A› is gone");
        assert_eq!(circuits("from: x", "from: z"), "Changed");
    }
}
