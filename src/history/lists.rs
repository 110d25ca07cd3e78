//! List files as far as it takes to say which items came, went and were renamed.

use super::plain::flatten;
use crate::archive::Types;
use crate::text::Source;
use crate::text::yaml;
use std::collections::{BTreeMap, BTreeSet};

/// With more items than this on either side none is taken for another under a new key: it would be a guess among too
/// many, and takes too long.
const MOST_ITEMS: usize = 200;

/// The items of a list file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The name of their type.
    pub record_type: String,
    /// What each of them says, an entry a line, by its key.
    pub items: BTreeMap<String, BTreeSet<String>>,
}

/// Reads a list file of a dossier or register by the archive's types. A file that is no list gives one without items;
/// nothing comes of one that cannot be read.
#[must_use]
pub fn list_of(bytes: &[u8], inside: &str, types: &Types) -> Option<List> {
    // Most files are told apart by this alone.
    if !bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"records")) {
        return Some(List::default());
    }
    let source = Source::decode(inside, bytes).ok()?;
    let root = yaml::parse(&source, 0..source.text().len()).ok()?;
    let Some(entry) = root.get("records") else { return Some(List::default()) };
    let record_type = types.of_record(&source, inside, root.get("type")).ok()?;
    if record_type.series || record_type.field("records").is_some() {
        return Some(List::default());
    }
    let key = record_type.key.as_deref()?;
    let mut list = List { record_type: record_type.name.clone(), items: BTreeMap::new() };
    for item in entry.value.elements()? {
        let Some(name) = item.get(key).and_then(|entry| entry.value.text()) else { continue };
        let mut said = BTreeMap::new();
        flatten(item, String::new(), &mut said);
        said.remove(key);
        list.items.insert(name.trim().to_owned(), said.into_iter().map(|(at, text)| format!("{at}: {text}")).collect());
    }
    Some(list)
}

impl List {
    /// The items that a later version lacks, and those that it has beside this one's. One that goes on under another
    /// key, saying half of what it said or more, is not lacking.
    #[must_use]
    pub fn against(&self, later: &Self) -> (Vec<String>, Vec<String>) {
        let only = |list: &Self, other: &Self| -> Vec<String> {
            list.items.keys().filter(|key| !other.items.contains_key(*key)).cloned().collect()
        };
        let (mut lost, gained) = (only(self, later), only(later, self));
        if lost.len().max(gained.len()) > MOST_ITEMS {
            return (lost, gained);
        }
        let mut free: Vec<&String> = gained.iter().collect();
        lost.retain(|key| {
            let alike = free.iter().position(|other| self.alike(key, later, other));
            alike.map(|at| free.swap_remove(at)).is_none()
        });
        (lost, gained)
    }

    fn alike(&self, key: &str, later: &Self, other: &str) -> bool {
        let (Some(one), Some(other)) = (self.items.get(key), later.items.get(other)) else { return false };
        let longer = one.len().max(other.len());
        longer > 0 && one.intersection(other).count() * 2 >= longer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[(&str, &[&str])]) -> List {
        let item = |(key, said): &(&str, &[&str])| {
            ((*key).to_owned(), said.iter().map(|said| (*said).to_owned()).collect::<BTreeSet<_>>())
        };
        List { record_type: "circuit".into(), items: items.iter().map(item).collect() }
    }

    #[test]
    fn an_item_under_another_key_is_not_lost_where_half_of_it_stayed() {
        let before = list(&[("a", &["from: x", "to: y"]), ("b", &["from: z"]), ("c", &[])]);
        let after = list(&[("a2", &["from: x", "to: w"]), ("b2", &["from: other"]), ("c2", &[])]);
        assert_eq!(before.against(&after).0, ["b", "c"]);
        assert_eq!(before.against(&after).1, ["a2", "b2", "c2"]);
        assert_eq!(before.against(&before), (Vec::new(), Vec::new()));
    }

    #[test]
    fn one_item_is_no_more_than_one_of_those_before_under_another_key() {
        let before = list(&[("a", &["from: x"]), ("b", &["from: x"])]);
        assert_eq!(before.against(&list(&[("c", &["from: x"])])).0, ["b"]);
    }

    #[test]
    fn among_very_many_items_none_is_guessed_to_be_another() {
        let all = |mark: &str, count: usize| -> List {
            let item = |n: usize| (format!("{mark}{n}"), BTreeSet::from([format!("from: {n}")]));
            List { record_type: "circuit".into(), items: (0..count).map(item).collect() }
        };
        assert_eq!(all("a", MOST_ITEMS).against(&all("b", MOST_ITEMS)).0, Vec::<String>::new());
        assert_eq!(all("a", MOST_ITEMS + 1).against(&all("b", MOST_ITEMS + 1)).0.len(), MOST_ITEMS + 1);
    }

    #[test]
    fn what_is_no_list_has_no_items_and_what_cannot_be_read_is_nothing() {
        let types = Types::new(Vec::new(), &[], &mut Vec::new());
        let of = |text: &str, inside: &str| list_of(text.as_bytes(), inside, &types);
        let circuits =
            of("records:\n  - {number: YX-1, from: x}\n  - {number: ' YX-2 '}\n", "circuits/all.yaml").unwrap();
        assert_eq!(circuits.items.keys().collect::<Vec<_>>(), ["YX-1", "YX-2"]);
        assert_eq!(of("number: YX-1\n", "circuits/one.yaml"), Some(List::default()));
        assert_eq!(of("records: [x/y]\nwhat: error\nreason: z\n", "disposals/a.yaml"), Some(List::default()));
        assert_eq!(of("records:\n  - {number: [\n", "circuits/all.yaml"), None);
        assert_eq!(of("records:\n  - {number: 1}\n", "nowhere/all.yaml"), None);
    }
}
