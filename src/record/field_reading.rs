//! The fields of a record: which there are, their values, and what each of them asks of its reader.

use super::field_type::FieldType;
use super::reading::{Read, Reader, Restrictions};
use super::record::Field;
use super::record_type::COMMON_KEYS;
use super::value::{Value, read_value};
use crate::access::{Clearance, Held, Shelf};
use crate::finding::{Code, Finding, nearest, quote};
use crate::text::map::{UNKNOWN_KEY, known_entries};
use crate::text::yaml::{Content, Entry, Node};

/// A field that its type requires is missing.
pub const MISSING_FIELD: Code = Code("missing-field");

impl Reader<'_> {
    pub(super) fn fields(
        &self,
        clearance: &Clearance,
        restrictions: &Restrictions,
        findings: &mut Vec<Finding>,
    ) -> Shelf<Field> {
        let Read { record_type, .. } = self.read;
        let mut read: Vec<(usize, Held<Field>)> = Vec::new();
        for entry in &self.read.entries {
            if COMMON_KEYS.contains(&entry.key.as_str()) {
                continue;
            }
            let Some(at) = record_type.fields.iter().position(|field| field.name == entry.key) else {
                if !(self.read.in_list && entry.key == "records") {
                    findings.push(self.unknown_field(entry));
                }
                continue;
            };
            let Some(field) = record_type.fields.get(at) else { continue };
            let asks = self.field_asks(field, &field.name, clearance, restrictions, findings);
            if let Some(value) = self.value(field, &entry.value, &asks, restrictions, findings) {
                read.retain(|(other, _)| *other != at);
                let field = Field {
                    name: field.name.clone(),
                    title: field.title.clone(),
                    kind: field.kind,
                    written: written(&entry.value, &value),
                    value,
                    range: entry.value.range.clone(),
                };
                read.push((at, Held::new(asks, field)));
            }
        }
        self.required(findings);
        read.sort_by_key(|(at, _)| *at);
        Shelf::new(read.into_iter().map(|(_, field)| field))
    }

    /// What a type requires and the record has not got. A record that nobody has filled in yet is one finding, not one
    /// for each of its fields.
    fn required(&self, findings: &mut Vec<Finding>) {
        let Read { source, record_type, .. } = self.read;
        let (mut missing, mut empty) = (Vec::new(), Vec::new());
        // A series has its fields in its rows, where its columns are checked.
        for field in record_type.fields.iter().filter(|field| field.required && !record_type.series) {
            match self.entry(&field.name) {
                None => missing.push(field),
                Some(entry) if matches!(entry.value.content, Content::Null) => {
                    empty.push((field, entry.key_range.clone()));
                }
                Some(_) => {}
            }
        }
        if !missing.is_empty() {
            let names = listed(missing.iter().map(|field| field.name.as_str()));
            let is = if missing.len() == 1 { "is" } else { "are" };
            let message = format!("{names} {is} missing, which the type `{}` requires", record_type.name);
            let keys: Vec<String> = missing.iter().map(|field| format!("`{}:`", field.name)).collect();
            let remedy = format!("add {}", keys.join(", "));
            findings.push(source.error(MISSING_FIELD, self.read.place.clone(), message, remedy));
        }
        if let Some((first, place)) = empty.first() {
            let names = listed(empty.iter().map(|(field, _)| field.name.as_str()));
            let (message, remedy) = if empty.len() == 1 {
                let message = format!("{names} is empty, which the type `{}` requires", record_type.name);
                (message, format!("write its value ({}) after the colon", first.kind.word()))
            } else {
                let message = format!("{names} are empty, which the type `{}` requires", record_type.name);
                (message, "write each value after its colon".to_owned())
            };
            findings.push(source.error(MISSING_FIELD, place.clone(), message, remedy));
        }
    }

    pub(super) fn field_asks(
        &self,
        field: &FieldType,
        name: &str,
        outer: &Clearance,
        restrictions: &Restrictions,
        findings: &mut Vec<Finding>,
    ) -> Clearance {
        let Read { source, record_type, .. } = self.read;
        let mut asks = outer.clone();
        if let Some(said) = &field.audience {
            let at = self.read.place.clone();
            let missing = |name: String| record_type.missing_audience(&name).at(source.place(at));
            asks = asks.and(&record_type.clearance(said, self.ground.audiences, missing, findings));
        }
        if let Some(more) = restrictions.get(name) {
            asks = asks.and(more);
        }
        asks
    }

    fn value(
        &self,
        field: &FieldType,
        node: &Node,
        asks: &Clearance,
        restrictions: &Restrictions,
        findings: &mut Vec<Finding>,
    ) -> Option<Value> {
        let source = self.read.source;
        if matches!(node.content, Content::Null) {
            return None;
        }
        if field.many {
            let nodes = match &node.content {
                Content::List(nodes) => nodes.as_slice(),
                _ => std::slice::from_ref(node),
            };
            let values = nodes.iter().filter_map(|node| self.one_value(field, node, asks, restrictions, findings));
            return Some(Value::Many(values.collect()));
        }
        if let Content::List(_) = node.content {
            findings.push(source.error(
                super::value::WRONG_VALUE,
                node.range.clone(),
                format!("`{}` takes one value, but a list stands here", field.name),
                "write one value; a type lets a field take several by `many: true`",
            ));
            return None;
        }
        self.one_value(field, node, asks, restrictions, findings)
    }

    fn one_value(
        &self,
        field: &FieldType,
        node: &Node,
        asks: &Clearance,
        restrictions: &Restrictions,
        findings: &mut Vec<Finding>,
    ) -> Option<Value> {
        if field.members.is_empty() {
            return read_value(self.read.source, field, node, findings);
        }
        let names: Vec<&str> = field.members.iter().map(|member| member.name.as_str()).collect();
        let what = format!("`{}`", field.name);
        let entries = known_entries(self.read.source, node, &what, &names, findings);
        let mut members = Vec::new();
        for member in &field.members {
            let Some(entry) = entries.iter().find(|entry| entry.key == member.name) else {
                if member.required {
                    let message = format!("`{}` is missing in `{}`", member.name, field.name);
                    let remedy = format!("add `{}:`", member.name);
                    findings.push(self.read.source.error(MISSING_FIELD, node.range.clone(), message, remedy));
                }
                continue;
            };
            let name = format!("{}.{}", field.name, member.name);
            let member_asks = self.field_asks(member, &name, asks, restrictions, findings);
            if let Some(value) = self.value(member, &entry.value, &member_asks, restrictions, findings) {
                let read = Field {
                    name: member.name.clone(),
                    title: member.title.clone(),
                    kind: member.kind,
                    written: written(&entry.value, &value),
                    value,
                    range: entry.value.range.clone(),
                };
                members.push(Held::new(member_asks, read));
            }
        }
        Some(Value::Group(Shelf::new(members)))
    }

    fn unknown_field(&self, entry: &Entry) -> Finding {
        let fields = self.read.record_type.fields.iter().map(|field| field.name.as_str());
        let known: Vec<&str> = fields.chain(COMMON_KEYS).collect();
        let remedy = match nearest(&entry.key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the fields are {}", known.join(", ")),
        };
        let message = format!("the type `{}` has no field {}", self.read.record_type.name, quote(&entry.key));
        self.read.source.error(UNKNOWN_KEY, entry.key_range.clone(), message, remedy)
    }
}

/// The texts of a value where some of them are not what the value itself would be written as.
fn written(node: &Node, value: &Value) -> Vec<Box<str>> {
    let values = match value {
        Value::Many(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    let nodes = match &node.content {
        Content::List(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(node),
    };
    // Of a list with a mistake in it nobody can say any more which text is which value's.
    let as_usual = |(node, value): (&Node, &Value)| node.text().is_none_or(|text| text == value.written());
    if nodes.len() != values.len() || nodes.iter().zip(values).all(as_usual) {
        return Vec::new();
    }
    nodes.iter().map(|node| node.text().unwrap_or_default().into()).collect()
}

/// Names as a sentence has them: `a`, `b` and `c`.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn names_are_told_as_people_tell_them() {
        assert_eq!(listed(["a"].into_iter()), "`a`");
        assert_eq!(listed(["a", "b"].into_iter()), "`a` and `b`");
        assert_eq!(listed(["a", "b", "c"].into_iter()), "`a`, `b` and `c`");
    }
}
