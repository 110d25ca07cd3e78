//! A hold as a file says it, in whatever state of the archive.

use crate::archive::Types;
use crate::text::map::parse_day;
use crate::text::yaml::{self, Content, Node};
use crate::text::{Source, divide};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The type of holds.
pub(super) const HOLD: &str = "hold";

/// What a hold says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct HoldDoc {
    /// The names of records and dossiers that it holds. A dossier stands for all that is in it.
    pub names: BTreeSet<String>,
    /// Whether it was released: by somebody, on a day that has come.
    pub released: bool,
}

impl HoldDoc {
    /// Reads a hold; none where the file is none, or cannot be read.
    pub(super) fn read(bytes: &[u8], inside: &str, types: &Types, kin: &Kin, day: Date) -> Option<Self> {
        let source = Source::decode(inside, bytes).ok()?;
        let range = if inside.ends_with(".md") { divide(&source).ok()?.yaml } else { 0..source.text().len() };
        let root = yaml::parse(&source, range).ok()?;
        if types.of_record(&source, inside, root.get("type")).ok()?.name != HOLD {
            return None;
        }
        let text = |key: &str| root.get(key).and_then(|entry| entry.value.text()).map(str::trim);
        let said = |key: &str| text(key).is_some_and(|text| !text.is_empty());
        let released = said("released_by") && text("released_on").and_then(parse_day).is_some_and(|on| on <= day);
        let documents = root.get("documents").map(|entry| texts(&entry.value)).unwrap_or_default();
        Some(Self { names: held_names(&documents, text("covers"), kin), released })
    }

    /// Whether a name is held: it is named, or stands below one that is.
    pub(super) fn covers(&self, name: &str) -> bool {
        self.names.iter().any(|held| is_below(name, held))
    }
}

/// Whether a name is another, or one of what that other holds.
pub(super) fn is_below(name: &str, above: &str) -> bool {
    name.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a hold holds by what it names and how far it says that it reaches.
pub(super) fn held_names(documents: &[String], covers: Option<&str>, kin: &Kin) -> BTreeSet<String> {
    let dossier = |name: &String| name.split('/').next().unwrap_or_default().to_owned();
    match covers {
        Some("dossier") => documents.iter().map(dossier).collect(),
        Some("customer") => documents.iter().flat_map(|name| kin.all(&dossier(name))).collect(),
        _ => documents.iter().cloned().collect(),
    }
}

/// The dossiers that are said to be of one customer, by `same_as` in either of them.
#[derive(Default)]
pub(super) struct Kin(BTreeMap<String, BTreeSet<String>>);

impl Kin {
    /// Notes that two dossiers are of one customer.
    pub(super) fn join(&mut self, one: &str, other: &str) {
        self.0.entry(one.to_owned()).or_default().insert(other.to_owned());
        self.0.entry(other.to_owned()).or_default().insert(one.to_owned());
    }

    /// A dossier and all others of its customer.
    fn all(&self, dossier: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![dossier.to_owned()];
        while let Some(name) = waiting.pop() {
            waiting.extend(self.0.get(&name).into_iter().flatten().filter(|other| !found.contains(*other)).cloned());
            found.insert(name);
        }
        found
    }
}

fn texts(node: &Node) -> Vec<String> {
    let nodes = match &node.content {
        Content::List(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(node),
    };
    nodes.iter().filter_map(Node::text).map(|text| text.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<HoldDoc> {
        let mut kin = Kin::default();
        kin.join("one", "two");
        kin.join("two", "three");
        let types = Types::new(Vec::new(), &[], &mut Vec::new());
        HoldDoc::read(text.as_bytes(), "holds/a.yaml", &types, &kin, "2026-11-23".parse().unwrap())
    }

    #[test]
    fn a_hold_reaches_as_far_as_it_says() {
        let names = |covers: &str| {
            let hold = read(&format!("documents: [one/contracts/a, one/contracts/b]\n{covers}")).unwrap();
            hold.names.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(names(""), ["one/contracts/a", "one/contracts/b"]);
        assert_eq!(names("covers: dossier\n"), ["one"]);
        assert_eq!(names("covers: customer\n"), ["one", "three", "two"]);
        let hold = read("documents: one\n").unwrap();
        assert!(hold.covers("one/a/b") && hold.covers("one") && !hold.covers("onetwo/a"));
    }

    #[test]
    fn a_hold_is_released_by_somebody_on_a_day_that_has_come() {
        for (release, released) in [
            ("", false),
            ("released_on: 2026-11-23\n", false),
            ("released_by: 赵敏\n", false),
            ("released_by: 赵敏\nreleased_on: 2026-11-23\n", true),
            ("released_by: 赵敏\nreleased_on: 2026-11-24\n", false),
            ("released_by: ''\nreleased_on: 2026-11-22\n", false),
        ] {
            assert_eq!(read(&format!("documents: one\n{release}")).unwrap().released, released, "{release}");
        }
        assert_eq!(read("type: dispute\nsubject: x\n"), None);
        assert_eq!(read("documents: ["), None);
    }
}
