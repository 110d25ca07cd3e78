//! A file as it would be written, and which cell each of its lines comes from.

use super::cell::Written;
use super::column::Aim;
use super::rows::Faults;
use super::whose::Home;
use crate::exchange::schema::modeline;
use crate::record::RecordType;
use crate::repository::Added;
use crate::text::{flow_scalar, scalar};
use std::ops::Range;

/// Longer lists stand below their key, an element a line.
const WIDE: usize = 100;

/// Where something of a draft comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// Bytes of the table.
    Table(Range<usize>),
    /// Bytes of the mapping.
    Mapping(Range<usize>),
    /// A file of the folder of scans.
    Scan(String),
}

/// A file that is not written yet.
#[derive(Clone)]
pub struct Draft {
    /// Its path in the archive.
    pub path: String,
    /// Its path inside the dossier or `registers`.
    pub inside: String,
    /// Its text.
    pub text: String,
    /// Where it comes from as a whole.
    pub whole: Spot,
    /// The dossier's name, or `registers`.
    pub dossier: String,
    /// What its type's `key` says.
    pub key: Option<String>,
    /// The files that it attaches: path in the archive, and content.
    pub files: Vec<(String, Added)>,
    /// The lines at which something begins, and whence it comes.
    pub lines: Vec<(u32, Spot)>,
    /// What is wrong with it already, and told: such a draft is only read, for what else is wrong with it.
    pub faults: Faults,
}

impl Draft {
    /// Where a line of it comes from.
    #[must_use]
    pub fn spot(&self, line: u32) -> &Spot {
        let before = self.lines.iter().rev().find(|(first, _)| *first <= line);
        before.filter(|_| line > 0).map_or(&self.whole, |(_, spot)| spot)
    }
}

/// A value on its way into a record.
#[derive(Clone, Debug)]
pub struct Put {
    /// What it fills.
    pub aim: Aim,
    /// The value.
    pub value: Written,
    /// Whence it comes.
    pub spot: Spot,
}

/// What a record's file is made of.
pub struct Sheet<'a> {
    /// Whose it is.
    pub home: Home,
    /// Its path inside the dossier or `registers`.
    pub inside: String,
    /// Its type.
    pub record_type: &'a RecordType,
    /// Whether the file has to say its type.
    pub say_type: bool,
    /// What stands in it.
    pub puts: Vec<Put>,
    /// Where it comes from as a whole.
    pub whole: Spot,
}

/// The keys that stand after the fields of the type.
const BEHIND: [&str; 9] =
    ["origin", "original", "marking", "verified", "imported", "abstract", "audience", "restrict", "attachments"];

impl Sheet<'_> {
    /// Writes the file: the keys in the order of the type, the text below them.
    #[must_use]
    pub fn drafted(self) -> Draft {
        let Self { home, inside, record_type, say_type, puts, whole } = self;
        let path = home.path(&inside);
        let mut page = Page { text: String::new(), lines: Vec::new() };
        let markdown = path.ends_with(".md");
        if markdown {
            page.text.push_str("---\n");
        } else if let Some(line) = modeline(&path, &format!("records/{}", record_type.name)) {
            page.text.push_str(&line);
        }
        page.begins(&whole);
        if say_type {
            page.text.push_str(&format!("type: {}\n", record_type.name));
        }
        let fields = record_type.fields.iter().map(|field| field.name.as_str());
        let own = |name: &&str| record_type.field(name).is_none();
        for outer in ["title", "date"].into_iter().filter(own).chain(fields).chain(BEHIND.into_iter().filter(own)) {
            page.key(outer, puts.iter().filter(|put| put.aim.outer == outer && !put.aim.body));
        }
        page.begins(&whole);
        if markdown {
            page.text.push_str("---\n");
        }
        if let Some(body) = puts.iter().find(|put| put.aim.body) {
            page.begins(&body.spot);
            page.text.push_str(body.value.text().trim_end());
            page.text.push('\n');
        }
        let key = record_type.key.as_deref().and_then(|key| puts.iter().find(|put| put.aim.outer == key));
        let key = key.map(|put| put.value.text());
        Draft {
            path,
            inside,
            text: page.text,
            whole,
            dossier: home.dossier,
            key,
            files: Vec::new(),
            lines: page.lines,
            faults: Faults::default(),
        }
    }
}

struct Page {
    text: String,
    lines: Vec<(u32, Spot)>,
}

impl Page {
    fn begins(&mut self, spot: &Spot) {
        let line = u32::try_from(self.text.matches('\n').count() + 1).unwrap_or(u32::MAX);
        self.lines.push((line, spot.clone()));
    }

    fn key<'p>(&mut self, outer: &str, puts: impl Iterator<Item = &'p Put>) {
        let mut inside = false;
        for put in puts {
            let (name, indent) = match &put.aim.inner {
                None => (outer, 0),
                Some(inner) => {
                    if !inside {
                        self.begins(&put.spot);
                        self.text.push_str(&format!("{outer}:\n"));
                        inside = true;
                    }
                    (inner.as_str(), 2)
                }
            };
            self.begins(&put.spot);
            let space = " ".repeat(indent);
            self.text.push_str(&match &put.value {
                Written::One(text) => format!("{space}{name}: {}\n", scalar(text, indent)),
                Written::Flow(yaml) => format!("{space}{name}: {yaml}\n"),
                Written::Many(texts) => match texts.as_slice() {
                    [one] => format!("{space}{name}: {}\n", scalar(one, indent)),
                    several => format!("{space}{name}:{}\n", list(several, indent)),
                },
            });
        }
    }
}

fn list(texts: &[String], indent: usize) -> String {
    let flow: Vec<String> = texts.iter().map(|text| flow_scalar(text)).collect();
    let line = format!(" [{}]", flow.join(", "));
    if line.chars().count() <= WIDE {
        return line;
    }
    flow.iter().map(|text| format!("\n{}- {text}", " ".repeat(indent + 2))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::built_in;
    use crate::text::{Source, divide, yaml};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_cell_says_anything_but_its_own_value(
            title in "(audience: staff|---|[a中 :#'\"{}\n\\[\\]|>-]){1,8}",
            parties in proptest::collection::vec("(\n---\n|[a中 :,#'\"{}\\[\\]|>-]){1,6}", 1..3),
            body in "(---\n|[a中 :#\n]){0,6}",
        ) {
            let record_type = built_in().into_iter().find(|found| found.name == "contract").unwrap();
            let put = |name: &str, value| Put {
                aim: Aim::find(&record_type, name).unwrap(),
                value,
                spot: Spot::Table(0..0),
            };
            let puts = vec![
                put("title", Written::One(title.clone())),
                put("parties", Written::Many(parties.clone())),
                put("original.room", Written::One(title.clone())),
                put("text", Written::One(body.clone())),
            ];
            let home = Home { dossier: "x".into(), folder: "customers/x".into() };
            let (record_type, whole) = (record_type.as_ref(), Spot::Table(0..0));
            let draft = Sheet { home, inside: "contracts/1.md".into(), record_type, say_type: false, puts, whole }.drafted();
            let source = Source::decode(&draft.path, draft.text.as_bytes()).unwrap();
            let divided = divide(&source).unwrap();
            prop_assert_eq!(source.text().get(divided.body.clone()).unwrap().trim_end(), body.trim_end());
            let root = yaml::parse(&source, divided.yaml).unwrap();
            let keys: Vec<&str> = root.entries().unwrap().iter().map(|entry| entry.key.as_str()).collect();
            prop_assert_eq!(keys, ["title", "parties", "original"]);
            prop_assert_eq!(root.get("title").unwrap().value.text(), Some(title.as_str()));
            prop_assert_eq!(root.get("original").unwrap().value.get("room").unwrap().value.text(), Some(title.as_str()));
            let read = &root.get("parties").unwrap().value;
            let read: Vec<&str> = match read.elements() {
                Some(nodes) => nodes.iter().filter_map(yaml::Node::text).collect(),
                None => read.text().into_iter().collect(),
            };
            prop_assert_eq!(read, parties.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}
