//! Which records are drawn as links between others, as their type says: circuits between sites.

use super::field_type::{FieldType, Kind, broken, broken_near};
use crate::finding::Finding;
use crate::text::Source;
use crate::text::map::{known_entries, one_or_many, scalar};
use crate::text::yaml::{Entry, Node};
use std::ops::Range;

/// How records of a type are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draws {
    /// The reference to one end.
    pub from: String,
    /// The reference to the other.
    pub to: String,
    /// Fields that are written at the link, in order.
    pub tells: Vec<String>,
    /// Fields with words of which one says that there is no such link any more.
    pub unless: Vec<(String, Vec<String>)>,
    /// Fields with words of which one says that there is no such link yet.
    pub planned: Vec<(String, Vec<String>)>,
    /// Types whose records stand at an end, and the reference by which they say so.
    pub at: Vec<(String, String)>,
    /// Where the type's file says so.
    pub at_place: Range<usize>,
}

const KEYS: [&str; 6] = ["from", "to", "tells", "unless", "planned", "at"];

/// Reads `draws:` of a type with these fields.
pub(super) fn read_draws(
    source: &Source,
    entry: &Entry,
    fields: &[FieldType],
    findings: &mut Vec<Finding>,
) -> Option<Draws> {
    let before = findings.len();
    let reading = Reading { source, fields };
    let mut draws = Draws::default();
    for key in known_entries(source, &entry.value, "`draws`", &KEYS, findings) {
        let node = &key.value;
        match key.key.as_str() {
            "from" => draws.from = reading.end(node, findings).unwrap_or_default(),
            "to" => draws.to = reading.end(node, findings).unwrap_or_default(),
            "tells" => draws.tells = reading.names(node, findings),
            "unless" => draws.unless = reading.words(node, findings),
            "planned" => draws.planned = reading.words(node, findings),
            _ => {
                draws.at = pairs(source, node, findings);
                draws.at_place = node.range.clone();
            }
        }
    }
    if (draws.from.is_empty() || draws.to.is_empty()) && findings.len() == before {
        let message = "a link has two ends";
        broken(source, entry.key_range.clone(), message, "name a reference each as `from` and `to`", findings);
    }
    (findings.len() == before).then_some(draws)
}

struct Reading<'a> {
    source: &'a Source,
    fields: &'a [FieldType],
}

impl Reading<'_> {
    fn end(&self, node: &Node, findings: &mut Vec<Finding>) -> Option<String> {
        let name = scalar(self.source, node, "a reference", findings)?;
        let references = |field: &FieldType| field.kind == Kind::Reference;
        self.known(name, node.range.clone(), &references, findings)
    }

    fn names(&self, node: &Node, findings: &mut Vec<Finding>) -> Vec<String> {
        let mut names = Vec::new();
        for node in one_or_many(self.source, node, "a field", findings) {
            let Some(name) = scalar(self.source, node, "a field", findings) else { continue };
            names.extend(self.known(name, node.range.clone(), &|_| true, findings));
        }
        names
    }

    fn words(&self, node: &Node, findings: &mut Vec<Finding>) -> Vec<(String, Vec<String>)> {
        let Some(entries) = node.entries() else {
            let message = "fields with their words stand here";
            broken(self.source, node.range.clone(), message, "write `{status: [ceased]}`", findings);
            return Vec::new();
        };
        let mut read = Vec::new();
        for entry in entries {
            let words = one_or_many(self.source, &entry.value, "a word", findings);
            let words = words.into_iter().filter_map(Node::text).map(str::to_owned).collect();
            let field = self.known(&entry.key, entry.key_range.clone(), &|_| true, findings);
            read.extend(field.map(|field| (field, words)));
        }
        read
    }

    fn known(
        &self,
        name: &str,
        at: Range<usize>,
        fits: &dyn Fn(&FieldType) -> bool,
        findings: &mut Vec<Finding>,
    ) -> Option<String> {
        let names: Vec<&str> =
            self.fields.iter().filter(|field| fits(field)).map(|field| field.name.as_str()).collect();
        if names.contains(&name) {
            return Some(name.to_owned());
        }
        let message = format!("`{name}` is no such field of this type");
        broken_near(self.source, at, message, name, &names, "the fields are", findings);
        None
    }
}

fn pairs(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Vec<(String, String)> {
    let Some(entries) = node.entries() else {
        broken(source, node.range.clone(), "types with a field each stand here", "write `{device: site}`", findings);
        return Vec::new();
    };
    let pair = |entry: &Entry| Some((entry.key.clone(), scalar(source, &entry.value, "a field", findings)?.to_owned()));
    entries.iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::super::record_type::RecordType;
    use crate::text::Source;

    fn found(draws: &str) -> Vec<String> {
        let fields = "  a: {kind: reference}\n  b: {kind: reference}\n  rate: {kind: number}\n";
        let text = format!("folder: t\naudience: staff\nfields:\n{fields}draws: {draws}\n");
        let mut findings = Vec::new();
        RecordType::read("t", false, Source::decode("types/t.yaml", text.as_bytes()).unwrap(), &mut findings);
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_link_without_two_ends_and_one_of_other_fields_are_findings() {
        assert_eq!(found("{from: a, to: b, tells: [rate], unless: {rate: [0]}, at: {device: site}}"), [""; 0]);
        for draws in [
            "{from: a}",
            "{from: a, to: rate}",
            "{from: a, to: b, tells: [rates]}",
            "{from: a, to: b, unless: [rate]}",
            "{from: a, to: b, planned: {state: [x]}}",
            "{from: a, to: b, at: device}",
            "{from: a, to: b, colour: red}",
        ] {
            assert!(!found(draws).is_empty(), "{draws}");
        }
    }
}
