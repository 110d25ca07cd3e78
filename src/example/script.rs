//! Reading the past as it is written down: people and commits in YAML. `past/README.md` describes the form.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::edit::{Edit, Of};
use crate::repository::{Moment, Stamp};
use crate::text::Source;
use crate::text::yaml::{Content, Entry, Node, parse};

/// The hours that all clocks of the example are ahead of UTC.
const HOURS: i8 = 8;

/// Something in the data of the example that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// File and line below `src/example/past/`.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the example's past is broken at {}: {}", self.place, self.message)
    }
}

impl std::error::Error for ScriptError {}

/// Somebody who commits, with an address at a domain that nobody can have.
#[derive(Clone, Debug)]
pub(super) struct Person {
    name: String,
    mail: String,
}

/// The people, by the word that commits use for them.
pub(super) type People = BTreeMap<String, Person>;

/// A commit as it is told.
#[derive(Clone, Debug)]
pub(super) struct Scripted {
    /// File and line.
    pub(super) place: String,
    pub(super) author: Stamp,
    pub(super) committer: Stamp,
    pub(super) message: String,
    /// The branch that it is on; none for main.
    pub(super) branch: Option<String>,
    /// The branch that it merges.
    pub(super) merges: Option<String>,
    /// Files of which a merge takes main's state, and not what the branch made of them, before its own edits.
    pub(super) settles: Vec<String>,
    /// The demonstration key with which it is signed, by its word: its committer's, unless it says another.
    pub(super) signed: Option<String>,
    /// What it did, in the order in which it was done, each with the line that says so.
    pub(super) edits: Vec<(String, Edit)>,
}

/// Reads the people.
pub(super) fn read_people(file: &str, text: &str) -> Result<People, ScriptError> {
    let script = Script::new(file, text)?;
    let mut people = People::new();
    for entry in script.entries(&script.root)? {
        let name = script.text(script.wanted(entry, "name")?)?.to_owned();
        let mail = script.text(script.wanted(entry, "mail")?)?.to_owned();
        people.insert(entry.key.clone(), Person { name, mail });
    }
    Ok(people)
}

/// Reads the commits of one file.
pub(super) fn read_commits(file: &str, text: &str, people: &People) -> Result<Vec<Scripted>, ScriptError> {
    let script = Script::new(file, text)?;
    script.elements(&script.root)?.iter().map(|node| script.commit(node, people)).collect()
}

struct Script {
    source: Source,
    root: Node,
}

impl Script {
    fn new(file: &str, text: &str) -> Result<Self, ScriptError> {
        let failed = |message: String| ScriptError { place: file.to_owned(), message };
        let source = Source::decode(file, text.as_bytes()).map_err(|finding| failed(finding.message))?;
        let root = parse(&source, 0..source.text().len()).map_err(|findings| {
            let first = findings.first().map(|finding| format!("{}: {:?}", finding.message, finding.place));
            failed(first.unwrap_or_default())
        })?;
        Ok(Self { source, root })
    }

    fn commit(&self, node: &Node, people: &People) -> Result<Scripted, ScriptError> {
        let mut committed = Scripted {
            place: self.place(node),
            author: self.stamp(node, people)?,
            committer: self.stamp(node, people)?,
            message: String::new(),
            branch: None,
            merges: None,
            settles: Vec::new(),
            signed: None,
            edits: Vec::new(),
        };
        let folder = match node.get("in") {
            Some(entry) => self.text(&entry.value)?,
            None => "",
        };
        for entry in self.entries(node)? {
            let value = &entry.value;
            match entry.key.as_str() {
                "by" | "date" | "in" | "moves" | "removes" | "adds" | "before" | "replaces" | "rows" => {}
                "says" => committed.message = self.text(value)?.to_owned(),
                "entered" => committed.committer = self.stamp(value, people)?,
                "branch" => committed.branch = Some(self.text(value)?.to_owned()),
                "merges" => committed.merges = Some(self.text(value)?.to_owned()),
                "signed" => {
                    let committer = node.get("entered").and_then(|entry| entry.value.get("by")).or(node.get("by"));
                    let own = committer.map(|entry| self.text(&entry.value)).transpose()?.unwrap_or_default();
                    let key = self.text(value)?;
                    committed.signed = Some(if key == "yes" { own } else { key }.to_owned());
                }
                "settles" => {
                    let paths = self.elements(value)?.iter().map(|path| Ok(full(folder, self.text(path)?)));
                    committed.settles = paths.collect::<Result<_, _>>()?;
                }
                unknown => return Err(self.wrong(node, format!("a commit has no key `{unknown}`"))),
            }
        }
        if committed.message.trim().is_empty() {
            return Err(self.wrong(node, "a commit says something"));
        }
        // The order in which a commit's edits are made, whatever the order in which they are told.
        for key in ["moves", "removes", "adds", "replaces", "before", "rows"] {
            if let Some(entry) = node.get(key) {
                self.edits(folder, entry, &mut committed.edits)?;
            }
        }
        Ok(committed)
    }

    fn edits(&self, folder: &str, told: &Entry, edits: &mut Vec<(String, Edit)>) -> Result<(), ScriptError> {
        let node = &told.value;
        let mut push = |at: &Node, edit: Edit| edits.push((self.place(at), edit));
        match told.key.as_str() {
            "adds" => {
                for path in self.elements(node)? {
                    push(path, Edit::Add(full(folder, self.text(path)?)));
                }
            }
            "rows" => {
                let week = |key| Ok(self.text(self.wanted(told, key)?)?.to_owned());
                let names = |entry: &Entry| {
                    let names = self.elements(&entry.value)?.iter().map(|name| Ok(self.text(name)?.to_owned()));
                    names.collect::<Result<Vec<String>, ScriptError>>()
                };
                let of = match (node.get("only"), node.get("without")) {
                    (Some(only), None) => Of::Only(names(only)?),
                    (None, without) => Of::Without(without.map(names).transpose()?.unwrap_or_default()),
                    (Some(_), Some(_)) => return Err(self.wrong(node, "`only` and `without` together")),
                };
                push(node, Edit::Rows { after: week("after")?, to: week("to")?, of });
            }
            "before" => {
                for entry in self.entries(node)? {
                    self.before(&full(folder, &entry.key), &entry.value, &mut push)?;
                }
            }
            kind => {
                for entry in self.entries(node)? {
                    let (path, other) = (full(folder, &entry.key), self.text(&entry.value)?);
                    let edit = match kind {
                        "moves" => Edit::Move { from: path, to: full(folder, other) },
                        "removes" => Edit::Remove { path, text: other.to_owned() },
                        _ => Edit::Replace { path, like: full(folder, other) },
                    };
                    push(&entry.value, edit);
                }
            }
        }
        Ok(())
    }

    /// What a file said before: earlier values of its keys, or a list of texts.
    fn before(&self, path: &str, node: &Node, push: &mut impl FnMut(&Node, Edit)) -> Result<(), ScriptError> {
        if let Content::Map(entries) = &node.content {
            for entry in entries {
                let was = match entry.value.content {
                    Content::Null => None,
                    // As it is written here, with its quotes or braces: so it stood in the file.
                    _ => self.source.text().get(entry.value.range.clone()).map(|text| text.trim_end().to_owned()),
                };
                push(&entry.value, Edit::Key { path: path.to_owned(), key: entry.key.clone(), was });
            }
            return Ok(());
        }
        for text in self.elements(node)? {
            let part = |key: &str| text.get(key).map(|entry| self.text(&entry.value)).transpose();
            let (was, now) = (part("was")?.unwrap_or_default(), part("now")?.unwrap_or_default());
            let times = part("times")?.unwrap_or("1");
            let times = times.parse().map_err(|_| self.wrong(text, format!("{times} is no number")))?;
            if was == now || now.is_empty() {
                return Err(self.wrong(text, "an earlier text and another that stands there now"));
            }
            if let Some(odd) = self.entries(text)?.iter().find(|e| !["was", "now", "times"].contains(&e.key.as_str())) {
                return Err(self.wrong(text, format!("a text has no key `{}`", odd.key)));
            }
            push(text, Edit::Text { path: path.to_owned(), was: was.to_owned(), now: now.to_owned(), times });
        }
        Ok(())
    }

    fn stamp(&self, node: &Node, people: &People) -> Result<Stamp, ScriptError> {
        let told = |key: &str| {
            let entry = node.get(key).ok_or_else(|| self.wrong(node, format!("`{key}` is missing")))?;
            self.text(&entry.value)
        };
        let (who, when) = (told("by")?, told("date")?);
        let person = people.get(who).ok_or_else(|| self.wrong(node, format!("{who} is nobody")))?;
        let clock: DateTime = when.parse().map_err(|_| self.wrong(node, format!("{when} is no date and time")))?;
        let instant = Offset::constant(HOURS).to_timestamp(clock).map_err(|e| self.wrong(node, e.to_string()))?;
        let at = Moment { seconds: instant.as_second(), offset_minutes: i32::from(HOURS) * 60 };
        Ok(Stamp { name: person.name.clone(), mail: person.mail.clone(), at })
    }

    fn wanted<'n>(&self, entry: &'n Entry, key: &str) -> Result<&'n Node, ScriptError> {
        let found = entry.value.get(key).map(|entry| &entry.value);
        found.ok_or_else(|| self.wrong(&entry.value, format!("`{key}` is missing in `{}`", entry.key)))
    }

    fn text<'n>(&self, node: &'n Node) -> Result<&'n str, ScriptError> {
        node.text().ok_or_else(|| self.wrong(node, format!("text is wanted, but {} stands here", node.what())))
    }

    fn entries<'n>(&self, node: &'n Node) -> Result<&'n [Entry], ScriptError> {
        node.entries().ok_or_else(|| self.wrong(node, format!("a map is wanted, but {} stands here", node.what())))
    }

    fn elements<'n>(&self, node: &'n Node) -> Result<&'n [Node], ScriptError> {
        node.elements().ok_or_else(|| self.wrong(node, format!("a list is wanted, but {} stands here", node.what())))
    }

    fn place(&self, node: &Node) -> String {
        let before = self.source.text().get(..node.range.start).unwrap_or_default();
        format!("{}:{}", self.source.file(), before.matches('\n').count() + 1)
    }

    fn wrong(&self, node: &Node, message: impl Into<String>) -> ScriptError {
        ScriptError { place: self.place(node), message: message.into() }
    }
}

/// A path of the archive: below the commit's own folder, unless it begins with a slash.
fn full(folder: &str, path: &str) -> String {
    match path.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => format!("{folder}{path}"),
    }
}
