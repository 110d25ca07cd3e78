//! The audiences of an archive, and how a file's words name them.

use super::{Clearance, STAFF};
use crate::finding::{Code, Finding, nearest, quote};
use crate::text::yaml::{Content, Node};
use crate::text::{Phrase, Source};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// An audience that the settings do not name.
pub const UNKNOWN_AUDIENCE: Code = Code("unknown-audience");
/// A restriction that says nothing: an empty list, no value, a map.
pub const EMPTY_AUDIENCE: Code = Code("empty-audience");
/// `staff` beside other audiences.
pub const STAFF_WITH_OTHERS: Code = Code("staff-with-others");

/// A named group of readers.
#[derive(Clone, Debug)]
pub struct Audience {
    /// What it is called on pages.
    pub title: Phrase,
    /// The names of its readers' files.
    pub readers: Vec<String>,
}

/// All audiences of an archive; `staff` is built in and not among them.
#[derive(Clone, Debug, Default)]
pub struct Audiences(BTreeMap<Arc<str>, Audience>);

impl Audiences {
    /// From names and what they stand for.
    pub fn new(audiences: impl IntoIterator<Item = (String, Audience)>) -> Self {
        Self(audiences.into_iter().map(|(name, audience)| (name.into(), audience)).collect())
    }

    /// The audience of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Audience> {
        self.0.get(name)
    }

    /// Every audience with its name, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Audience)> {
        self.0.iter().map(|(name, audience)| (name.as_ref(), audience))
    }

    /// Whether the reader belongs to the audience.
    #[must_use]
    pub fn has(&self, audience: &str, reader: &str) -> bool {
        audience == STAFF || self.0.get(audience).is_some_and(|a| a.readers.iter().any(|name| name == reader))
    }

    /// Reads an audience as a file names it: one name, or a list of which any will do. Every doubt is a finding, and
    /// what comes back then is a clearance that nobody meets.
    pub fn read(&self, source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Clearance {
        let named: Vec<(&str, Range<usize>)> = match &node.content {
            Content::Scalar { text, .. } => vec![(text.as_str(), node.range.clone())],
            Content::List(nodes) => {
                let mut names = Vec::new();
                for element in nodes {
                    match element.text() {
                        Some(text) => names.push((text, element.range.clone())),
                        None => {
                            findings.push(source.error(
                                EMPTY_AUDIENCE,
                                element.range.clone(),
                                format!("{} stands where an audience is wanted", element.what()),
                                self.remedy(),
                            ));
                            return nobody();
                        }
                    }
                }
                names
            }
            Content::Null | Content::Map(_) => Vec::new(),
        };
        self.resolve(source, &named, node.range.clone(), findings)
    }

    /// The clearance of names that stand in a file, at their places; `whole` is the place of all of them.
    pub fn resolve(
        &self,
        source: &Source,
        named: &[(&str, Range<usize>)],
        whole: Range<usize>,
        findings: &mut Vec<Finding>,
    ) -> Clearance {
        if named.is_empty() {
            findings.push(source.error(
                EMPTY_AUDIENCE,
                whole,
                "this restriction names no audience: nobody could tell whom it is for",
                format!("{}; for everybody write `staff`", self.remedy()),
            ));
            return nobody();
        }
        let mut good = true;
        for (name, range) in named {
            if *name != STAFF && !self.0.contains_key(*name) {
                good = false;
                let remedy = match nearest(name, self.names()) {
                    Some(near) => format!("did you mean `{near}`? {}", self.remedy()),
                    None => self.remedy(),
                };
                let message = format!("there is no audience {}", quote(name));
                findings.push(source.error(UNKNOWN_AUDIENCE, range.clone(), message, remedy));
            }
        }
        if named.len() > 1 && named.iter().any(|(name, _)| *name == STAFF) {
            good = false;
            findings.push(source.error(
                STAFF_WITH_OTHERS,
                whole,
                "`staff` stands beside other audiences, and is everybody",
                "write `staff` alone to open it, or remove `staff`",
            ));
        }
        if good { Clearance::any_of(named.iter().map(|(name, _)| *name)) } else { nobody() }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(AsRef::as_ref).chain([STAFF])
    }

    fn remedy(&self) -> String {
        format!("strongroom.yaml has {}", self.names().collect::<Vec<_>>().join(", "))
    }
}

/// A clearance that nobody meets: what a doubtful restriction comes to until it is mended.
#[must_use]
pub fn nobody() -> Clearance {
    Clearance::any_of([])
}
