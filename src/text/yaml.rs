//! YAML with places: every scalar is the text as it was written, and every node knows its bytes.
//!
//! Built on the events of serde-saphyr's own parser, because its typed door resolves `0571` to a number before a
//! field's kind is known. What could make one file mean two things is refused: duplicate keys, anchors and aliases,
//! tags, several documents, keys that are not plain text.

use super::Source;
use crate::finding::{Code, Finding, quote};
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span};
use std::ops::Range;

/// The file is not YAML.
pub const SYNTAX: Code = Code("yaml-syntax");
/// A key stands twice in one map.
pub const DUPLICATE_KEY: Code = Code("duplicate-key");
/// YAML that an archive has no use for: anchors, aliases, tags, several documents.
pub const UNSUPPORTED: Code = Code("yaml-unsupported");
/// Nested deeper, or larger, than any file written by hand.
pub const TOO_MUCH: Code = Code("yaml-too-much");

/// Maps and lists may be nested this deep.
const DEPTH: usize = 24;
/// A file may hold this many nodes; a list file of 10,000 circuits with 20 fields each stays below.
const NODES: usize = 500_000;
/// A map may hold this many keys; each is compared with those before it.
const KEYS: usize = 2_000;

/// A node of a YAML document and the bytes of the file that it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The bytes in the file's text.
    pub range: Range<usize>,
    /// What stands there.
    pub content: Content,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing: an empty value, `~` or `null`.
    Null,
    /// Text, as it was written; `quoted` where quotes or a block style said that it is text.
    Scalar {
        /// The text after YAML's escapes.
        text: String,
        /// Whether quotes or a block style stood around it.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// The key's bytes.
    pub key_range: Range<usize>,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The entries of a map.
    #[must_use]
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.content {
            Content::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The elements of a list.
    #[must_use]
    pub fn elements(&self) -> Option<&[Node]> {
        match &self.content {
            Content::List(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// The entry of a map under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|entry| entry.key == key)
    }

    /// A word for what stands here, for messages.
    #[must_use]
    pub fn what(&self) -> &'static str {
        match self.content {
            Content::Null => "nothing",
            Content::Scalar { .. } => "text",
            Content::List(_) => "a list",
            Content::Map(_) => "a map",
        }
    }
}

/// Parses the bytes `range` of a source as one YAML document. Nothing at all is an empty map.
///
/// # Errors
/// The first thing that is not YAML, or not YAML of this kind. Duplicate keys are all told.
pub fn parse(source: &Source, range: Range<usize>) -> Result<Node, Vec<Finding>> {
    let text = source.text().get(range.clone()).unwrap_or_default();
    let mut builder = Builder { source, base: range.start, findings: Vec::new(), nodes: 0 };
    let root = builder.document(text);
    match root {
        Ok(node) if builder.findings.is_empty() => {
            Ok(node.unwrap_or(Node { range: range.start..range.start, content: Content::Map(Vec::new()) }))
        }
        Ok(_) => Err(builder.findings),
        Err(finding) => {
            builder.findings.push(*finding);
            Err(builder.findings)
        }
    }
}

struct Builder<'a> {
    source: &'a Source,
    base: usize,
    findings: Vec<Finding>,
    nodes: usize,
}

/// A collection that is still open.
enum Open {
    List { start: usize, nodes: Vec<Node> },
    Map { start: usize, entries: Vec<Entry>, key: Option<(String, Range<usize>)> },
}

impl Builder<'_> {
    fn range(&self, span: &Span) -> Range<usize> {
        span.byte_range().map_or(self.base..self.base, |r| self.base + r.start..self.base + r.end)
    }

    fn refuse(&self, code: Code, range: Range<usize>, message: &str, remedy: &str) -> Box<Finding> {
        Box::new(self.source.error(code, range, message, remedy))
    }

    fn document(&mut self, text: &str) -> Result<Option<Node>, Box<Finding>> {
        let mut stack: Vec<Open> = Vec::new();
        let mut root: Option<Node> = None;
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| {
                let at = error.marker().byte_offset().unwrap_or_default() + self.base;
                self.refuse(
                    SYNTAX,
                    at..at + 1,
                    &format!("this is not YAML: {}", error.info()),
                    "mend the line, or put quotes around text that holds a colon, a hash or braces",
                )
            })?;
            let range = self.range(&span);
            let node = match event {
                Event::Scalar(value, style, anchor, tag) => {
                    self.plain(anchor, tag.is_some(), &range)?;
                    let quoted = style != ScalarStyle::Plain;
                    if !quoted && matches!(value.as_ref(), "" | "~" | "null" | "Null" | "NULL") {
                        Node { range, content: Content::Null }
                    } else {
                        Node { range, content: Content::Scalar { text: value.into_owned(), quoted } }
                    }
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.plain(anchor, tag.is_some(), &range)?;
                    self.deeper(&stack, &range)?;
                    stack.push(Open::List { start: range.start, nodes: Vec::new() });
                    continue;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.plain(anchor, tag.is_some(), &range)?;
                    self.deeper(&stack, &range)?;
                    stack.push(Open::Map { start: range.start, entries: Vec::new(), key: None });
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                    Some(Open::List { start, nodes }) => {
                        Node { range: start..range.end.max(start), content: Content::List(nodes) }
                    }
                    Some(Open::Map { start, entries, .. }) => {
                        Node { range: start..range.end.max(start), content: Content::Map(entries) }
                    }
                    None => continue,
                },
                Event::Alias(_) | Event::UnresolvedAlias(_) => {
                    return Err(self.refuse(
                        UNSUPPORTED,
                        range,
                        "an alias (`*name`) repeats what stands elsewhere",
                        "write the value out: each file says what it means where it stands",
                    ));
                }
                Event::DocumentStart(..) if root.is_some() => {
                    return Err(self.refuse(
                        UNSUPPORTED,
                        range,
                        "a second YAML document begins here",
                        "make it a file of its own, or remove the line of hyphens",
                    ));
                }
                _ => continue,
            };
            self.nodes += 1;
            if self.nodes > NODES {
                return Err(self.refuse(
                    TOO_MUCH,
                    node.range,
                    "the file holds too many values",
                    "divide it into several",
                ));
            }
            if let Some(done) = self.place_in(stack.last_mut(), node)? {
                root = Some(done);
            }
        }
        Ok(root)
    }

    /// Puts a finished node where it belongs; gives it back when it is the root.
    fn place_in(&mut self, open: Option<&mut Open>, node: Node) -> Result<Option<Node>, Box<Finding>> {
        match open {
            None => return Ok(Some(node)),
            Some(Open::List { nodes, .. }) => nodes.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                Some((name, key_range)) => {
                    if let Some(first) = entries.iter().find(|entry| entry.key == name) {
                        let finding = self
                            .source
                            .error(
                                DUPLICATE_KEY,
                                key_range.clone(),
                                format!("the key {} stands twice", quote(&name)),
                                "keep one of the two: a file that says a thing twice says neither",
                            )
                            .related(self.source.place(first.key_range.clone()), "it stands here first");
                        self.findings.push(finding);
                    }
                    if entries.len() >= KEYS {
                        return Err(self.refuse(TOO_MUCH, key_range, "this map holds too many keys", "make it a list"));
                    }
                    entries.push(Entry { key: name, key_range, value: node });
                }
                None => match node.content {
                    Content::Scalar { text, .. } => {
                        if text == "<<" {
                            return Err(self.refuse(
                                UNSUPPORTED,
                                node.range,
                                "a merge key (`<<`) takes values from elsewhere",
                                "write the values out",
                            ));
                        }
                        *key = Some((text, node.range));
                    }
                    _ => {
                        return Err(self.refuse(
                            UNSUPPORTED,
                            node.range,
                            "a key must be a word",
                            "put quotes around it if it really is called that",
                        ));
                    }
                },
            },
        }
        Ok(None)
    }

    fn plain(&self, anchor: usize, tagged: bool, range: &Range<usize>) -> Result<(), Box<Finding>> {
        if anchor != 0 {
            return Err(self.refuse(
                UNSUPPORTED,
                range.clone(),
                "an anchor (`&name`) stands here",
                "remove it and write values out where they are needed; put quotes around text that begins with `&`",
            ));
        }
        if tagged {
            return Err(self.refuse(
                UNSUPPORTED,
                range.clone(),
                "a tag (`!name`) stands here",
                "remove it; put quotes around text that begins with `!`",
            ));
        }
        Ok(())
    }

    fn deeper(&self, stack: &[Open], range: &Range<usize>) -> Result<(), Box<Finding>> {
        if stack.len() >= DEPTH {
            return Err(self.refuse(
                TOO_MUCH,
                range.clone(),
                "values are nested too deep here",
                "no record needs more than a list of groups; flatten it",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, Vec<Finding>> {
        let source = Source::decode("a.yaml", text.as_bytes()).unwrap();
        let all = 0..source.text().len();
        parse(&source, all)
    }

    fn code(text: &str) -> &'static str {
        read(text).err().map_or("fine", |findings| findings[0].code.0)
    }

    #[test]
    fn scalars_stay_as_written() {
        let node = read("a: 0571\nb: no\nc: 1_000\nd: '~'\ne:\n").unwrap();
        assert_eq!(node.get("a").unwrap().value.text(), Some("0571"));
        assert_eq!(node.get("b").unwrap().value.text(), Some("no"));
        assert_eq!(node.get("c").unwrap().value.text(), Some("1_000"));
        assert_eq!(node.get("d").unwrap().value.text(), Some("~"));
        assert_eq!(node.get("e").unwrap().value.content, Content::Null);
    }

    #[test]
    fn places_are_bytes_of_the_file() {
        let text = "名: 云溪\nlist: [a, 乙]\n";
        let node = read(text).unwrap();
        assert_eq!(&text[node.get("名").unwrap().value.range.clone()], "云溪");
        let list = &node.get("list").unwrap().value;
        assert_eq!(&text[list.elements().unwrap()[1].range.clone()], "乙");
        assert_eq!(&text[node.get("list").unwrap().key_range.clone()], "list");
    }

    #[test]
    fn duplicate_keys_are_an_error_at_any_depth() {
        assert_eq!(code("a: 1\na: 2\n"), "duplicate-key");
        assert_eq!(code("a: {b: 1, b: 2}\n"), "duplicate-key");
        assert_eq!(code("a: 1\n'a': 2\n"), "duplicate-key");
    }

    #[test]
    fn anchors_aliases_tags_and_second_documents_are_refused() {
        assert_eq!(code("a: &x 1\nb: *x\n"), "yaml-unsupported");
        assert_eq!(code("a: *x\n"), "yaml-syntax");
        assert_eq!(code("a: !secret x\n"), "yaml-unsupported");
        assert_eq!(code("a: 1\n---\nb: 2\n"), "yaml-unsupported");
        assert_eq!(code("<<: {a: 1}\n"), "yaml-unsupported");
        assert_eq!(code("[a]: 1\n"), "yaml-unsupported");
    }

    #[test]
    fn nesting_without_end_is_a_finding() {
        let bomb = "[".repeat(10_000);
        assert!(matches!(code(&bomb), "yaml-too-much" | "yaml-syntax"));
        let maps = (0..10_000).map(|n| format!("{}a:\n", " ".repeat(n % 50))).collect::<String>();
        assert_ne!(code(&maps), "fine");
    }

    #[test]
    fn nothing_is_an_empty_map() {
        assert_eq!(read("").unwrap().entries(), Some(&[][..]));
        assert_eq!(read("# a comment\n").unwrap().entries(), Some(&[][..]));
    }
}
