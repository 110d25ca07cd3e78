//! What types mark as personal: never for all staff, and never where it would name, list or announce something else.
//!
//! It says what the program keeps out of sight by itself. It makes nobody forgotten: what was committed stays in git.

use super::RecordType;
use super::field_type::{FieldType, broken};
use super::reading::{Reader, Restrictions};
use crate::access::Clearance;
use crate::finding::{Code, Finding};
use crate::text::Source;
use crate::text::yaml::{Content, Entry, Node};

/// Something that its type marks as personal, where all staff may read it.
pub const PERSONAL_IN_OPEN: Code = Code("personal-in-open");

/// Keys of a type that show fields away from their record.
const SHOWING: [&str; 6] = ["key", "register", "signs", "watch", "draws", "due"];

impl RecordType {
    /// Findings for personal fields that the type shows elsewhere than in their record: names, columns, signs, drawings,
    /// charts and what is due are read by others, for other ends.
    pub(super) fn check_personal(&self, source: &Source, root: &Node, findings: &mut Vec<Finding>) {
        let members = self.fields.iter().flat_map(|field| &field.members);
        let personal: Vec<&FieldType> = self.fields.iter().chain(members).filter(|field| field.personal).collect();
        if personal.is_empty() {
            return;
        }
        let of_type = SHOWING.iter().filter_map(|key| root.get(key));
        let fields = root.get("fields").and_then(|entry| entry.value.entries()).unwrap_or_default();
        let of_fields = fields.iter().filter_map(|field| field.value.get("due"));
        for entry in of_type.chain(of_fields) {
            let mut named = Vec::new();
            words(&entry.value, &mut named);
            for node in named {
                let Some(field) = personal.iter().find(|field| node.text() == Some(field.name.as_str())) else {
                    continue;
                };
                let message =
                    format!("`{}` is personal, and `{}` would show it away from its record", field.name, entry.key);
                broken(source, node.range.clone(), &message, "take it out there", findings);
            }
        }
        for field in personal {
            let entry = fields.iter().find(|entry| entry.key == field.name);
            let shown = ["due", "chart", "floor"].into_iter().filter_map(|key| entry?.value.get(key));
            for shown in shown {
                let message =
                    format!("`{}` is personal, and `{}` would show it away from its record", field.name, shown.key);
                broken(source, shown.key_range.clone(), &message, "remove one of the two", findings);
            }
            if self.series {
                let message =
                    format!("`{}` is personal, and rows of a series are shown as tables and charts", field.name);
                let at = entry.map_or(0..0, |entry| entry.key_range.clone());
                broken(source, at, &message, "keep it in a record of its own", findings);
            }
        }
    }
}

/// Every text in a node, but for the keys of maps.
fn words<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    match &node.content {
        Content::List(nodes) => nodes.iter().for_each(|node| words(node, found)),
        Content::Map(entries) => entries.iter().for_each(|entry| words(&entry.value, found)),
        _ => found.push(node),
    }
}

impl Reader<'_> {
    /// Errors for what is personal and for all staff, also from the day on which the record opens. `outer` is what is
    /// asked when every opening of the record has come.
    pub(super) fn check_personal(&self, outer: &Clearance, restrictions: &Restrictions, findings: &mut Vec<Finding>) {
        let record_type = self.read.record_type;
        if record_type.personal && outer.is_open() {
            let message =
                format!("records of type `{}` are personal, and all staff may read this one", record_type.name);
            let remedy = "write who may read it: `audience: NAME`, without `open_from`";
            findings.push(self.read.source.error(PERSONAL_IN_OPEN, self.read.place.clone(), message, remedy));
            return;
        }
        for entry in &self.read.entries {
            if let Some(field) = record_type.field(&entry.key) {
                self.check_field(field, &field.name, entry, outer, restrictions, findings);
            }
        }
    }

    fn check_field(
        &self,
        field: &FieldType,
        name: &str,
        entry: &Entry,
        outer: &Clearance,
        restrictions: &Restrictions,
        findings: &mut Vec<Finding>,
    ) {
        // What is wrong with an audience was told where the field was read.
        let asks = self.field_asks(field, name, outer, restrictions, &mut Vec::new());
        if !asks.is_open() || matches!(entry.value.content, Content::Null) {
            return;
        }
        if field.personal {
            let message = format!("`{name}` is personal, and all staff may read it here");
            let remedy = format!("write `restrict: {{{name}: NAME}}`, or an `audience` for the record");
            findings.push(self.read.source.error(PERSONAL_IN_OPEN, entry.key_range.clone(), message, remedy));
            return;
        }
        for group in entry.value.elements().unwrap_or(std::slice::from_ref(&entry.value)) {
            for inner in group.entries().unwrap_or_default() {
                if let Some(member) = field.member(&inner.key) {
                    let name = format!("{name}.{}", member.name);
                    self.check_field(member, &name, inner, &asks, restrictions, findings);
                }
            }
        }
    }
}
