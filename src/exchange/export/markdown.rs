//! Texts as they were written, for tables that are to come back: where all that they lead to may be read as well. A text
//! with a link to something that may not is given as words, since its link would name it.

use crate::access::Clearance;
use crate::archive::{Archive, is_file_link, resolve};
use crate::record::{Field, Record, Value};
use crate::repository::Snapshot;
use crate::text::markdown::Section;
use crate::text::yaml::{self, Content, Node};
use crate::text::{Source, divide};
use std::ops::Range;

/// The sources of an archive's records.
pub struct Texts<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// The files that it was read from.
    pub snapshot: &'a Snapshot,
    /// What the reader holds.
    pub holds: &'a Clearance,
}

/// Larger files are no records.
const LARGEST: u64 = 4 << 20;

impl Texts<'_> {
    fn source(&self, record: &Record) -> Option<Source> {
        let bytes = self.snapshot.read(self.snapshot.file(&record.file)?, LARGEST).ok()?;
        Source::decode(&record.file, &bytes).ok()
    }

    /// The sections of a record's text that may be read, with their headings.
    #[must_use]
    pub fn of_record(&self, record: &Record) -> String {
        let mut sections = record.text.within(self.holds).peekable();
        if sections.peek().is_none() {
            return String::new();
        }
        let source = self.source(record);
        let mut out = String::new();
        for section in sections {
            let written = source.as_ref().and_then(|source| source.text().get(section.range.clone()));
            match written.filter(|written| self.leads_nowhere_closed(record, section) && !defines_links(written)) {
                Some(written) => out.push_str(written),
                None => out.push_str(&section.text),
            }
            if !out.ends_with('\n') && !out.is_empty() {
                out.push('\n');
            }
        }
        out.trim().to_owned()
    }

    /// The text of a Markdown field.
    #[must_use]
    pub fn of_field(&self, record: &Record, field: &Field) -> String {
        let Value::Markdown(sections) = &field.value else { return String::new() };
        let words = || sections.iter().map(|section| section.text.trim()).collect::<Vec<_>>().join("\n\n");
        if !sections.iter().all(|section| self.leads_nowhere_closed(record, section)) {
            return words();
        }
        let written = self.source(record).and_then(|source| value_at(&source, &field.range));
        written.filter(|written| !defines_links(written)).unwrap_or_else(words)
    }

    /// Whether no text of a record leads to anything that may not be read.
    #[must_use]
    pub fn leads_nowhere(&self, record: &Record) -> bool {
        fn sections<'v>(value: &'v Value, found: &mut Vec<&'v Section>) {
            match value {
                Value::Markdown(sections) => found.extend(sections),
                Value::Many(values) => values.iter().for_each(|value| sections(value, found)),
                Value::Group(members) => {
                    members.lay_out(|held| held.release().1).for_each(|field| sections(&field.value, found));
                }
                _ => {}
            }
        }
        let mut found: Vec<&Section> = record.text.lay_out(|held| held.release().1).collect();
        record.fields.lay_out(|held| held.release().1).for_each(|field| sections(&field.value, &mut found));
        found.into_iter().all(|section| self.leads_nowhere_closed(record, section))
    }

    /// Whether every link of a section leads out, or to what may be read.
    fn leads_nowhere_closed(&self, record: &Record, section: &Section) -> bool {
        section.links.iter().all(|link| {
            let outside = link.target.starts_with('#') || link.target.contains(':');
            let Some(path) = resolve(&record.file, &link.target).filter(|_| !outside) else { return outside };
            if is_file_link(&link.target) {
                return self.archive.attached.get(&path).is_some_and(|file| self.holds.implies(file.clearance()));
            }
            let target = self.archive.names.by_file(&path);
            target.is_some_and(|target| self.holds.implies(&target.clearance.and(&target.dossier_clearance)))
        })
    }
}

/// Whether a text may define where links lead that nothing in it follows; footnotes are none.
fn defines_links(text: &str) -> bool {
    let definition = |line: &str| line.starts_with('[') && !line.starts_with("[^") && line.contains("]:");
    text.lines().any(|line| definition(line.trim_start()))
}

/// The text that stands at a value's place in a record's YAML.
fn value_at(source: &Source, range: &Range<usize>) -> Option<String> {
    let yaml = if source.file().ends_with(".md") { divide(source).ok()?.yaml } else { 0..source.text().len() };
    find(&yaml::parse(source, yaml).ok()?, range)
}

fn find(node: &Node, range: &Range<usize>) -> Option<String> {
    match &node.content {
        Content::Scalar { text, .. } => (node.range == *range).then(|| text.trim_end().to_owned()),
        Content::List(nodes) => nodes.iter().find_map(|node| find(node, range)),
        Content::Map(entries) => entries.iter().find_map(|entry| find(&entry.value, range)),
        Content::Null => None,
    }
}
