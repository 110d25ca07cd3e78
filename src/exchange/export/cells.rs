//! Values as cells: one text, several on lines of their own, or JSON where a cell has to hold more than that.

use super::markdown::Texts;
use crate::access::Clearance;
use crate::record::{Attachment, Field, FieldType, Kind, Record, Value};
use crate::text::Phrase;
use serde_json::{Map, Value as Json, json};

/// How the cells of a column are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As they stand.
    One,
    /// A value a line.
    Lines,
    /// JSON.
    Json,
}

/// What a field takes of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// One column.
    Column(Form),
    /// One for each language.
    Languages,
    /// One for each member of a group.
    Members(Vec<(String, Form)>),
}

/// What a field takes, by its type and by what may be read of it.
pub fn takes(field: &FieldType, values: &[&Value], holds: &Clearance) -> Takes {
    if field.kind == Kind::Group {
        let flat = |member: &FieldType| member.kind != Kind::Group;
        let members = values.iter().flat_map(|value| members(value, holds));
        let plain = members.into_iter().all(|member| !in_languages(&member.value) && !ragged(&member.value));
        if field.many || !field.members.iter().all(flat) || !plain {
            return Takes::Column(Form::Json);
        }
        let form = |member: &FieldType| if member.many { Form::Lines } else { Form::One };
        return Takes::Members(field.members.iter().map(|member| (member.name.clone(), form(member))).collect());
    }
    let mixed = values.iter().any(|value| in_languages(value)) && !values.iter().all(|value| in_languages(value));
    let several = values.iter().any(|value| matches!(value, Value::Many(_)));
    match values.iter().any(|value| in_languages(value)) {
        true if mixed || several || field.many => Takes::Column(Form::Json),
        true => Takes::Languages,
        false if values.iter().any(|value| ragged(value)) => Takes::Column(Form::Json),
        false if field.many => Takes::Column(Form::Lines),
        false => Takes::Column(Form::One),
    }
}

/// The members of a group, or of each of its groups, that may be read.
fn members<'v>(value: &'v Value, holds: &'v Clearance) -> Vec<&'v Field> {
    match value {
        Value::Group(shelf) => shelf.within(holds).collect(),
        Value::Many(values) => values.iter().flat_map(|value| members(value, holds)).collect(),
        _ => Vec::new(),
    }
}

fn in_languages(value: &Value) -> bool {
    match value {
        Value::Text(phrase) | Value::Person(phrase) => phrase.both.is_none(),
        Value::Many(values) => values.iter().any(in_languages),
        _ => false,
    }
}

/// Whether one of several values has lines of its own, so that lines cannot divide them.
fn ragged(value: &Value) -> bool {
    let lines = |value: &Value| matches!(value, Value::Markdown(_)) || value.written().contains('\n');
    matches!(value, Value::Many(values) if values.iter().any(lines))
}

/// The text of a value in a column of this form.
pub fn cell(texts: &Texts<'_>, record: &Record, field: &Field, form: Form) -> String {
    match (form, &field.value) {
        (Form::Json, value) => as_json(texts, record, field, value).map(|json| json.to_string()).unwrap_or_default(),
        (_, Value::Many(values)) => {
            values.iter().map(|value| value.written().into_owned()).collect::<Vec<_>>().join("\n")
        }
        (_, Value::Markdown(_)) => texts.of_field(record, field),
        (_, value) => value.written().into_owned(),
    }
}

/// A value as JSON that stands for it in a record's file; nothing where none of it may be read.
fn as_json(texts: &Texts<'_>, record: &Record, field: &Field, value: &Value) -> Option<Json> {
    Some(match value {
        Value::Group(shelf) => {
            let members = shelf.within(texts.holds);
            let members: Map<String, Json> = members
                .filter_map(|member| Some((member.name.clone(), as_json(texts, record, member, &member.value)?)))
                .collect();
            if members.is_empty() {
                return None;
            }
            Json::Object(members)
        }
        Value::Many(values) => {
            let values: Vec<Json> = values.iter().filter_map(|value| as_json(texts, record, field, value)).collect();
            if values.is_empty() {
                return None;
            }
            Json::Array(values)
        }
        Value::Text(phrase) | Value::Person(phrase) if phrase.both.is_none() => phrase_json(phrase),
        Value::Markdown(_) => Json::String(texts.of_field(record, field)),
        other => Json::String(other.written().into_owned()),
    })
}

fn phrase_json(phrase: &Phrase) -> Json {
    let texts = [("zh", &phrase.zh), ("en", &phrase.en)];
    let said = texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Json::String(text.clone()?))));
    Json::Object(said.collect())
}

/// The attachments that may be read; in JSON with what each asks for itself, where it does.
pub fn attachments(record: &Record, holds: &Clearance, form: Form) -> String {
    let read: Vec<(Clearance, &Attachment)> = attached(record, holds);
    if form != Form::Json {
        return read.iter().map(|(_, attachment)| attachment.path.as_str()).collect::<Vec<_>>().join("\n");
    }
    let json = |(more, attachment): &(Clearance, &Attachment)| match more.is_open() {
        true => json!(attachment.path),
        false => json!({"file": attachment.path, "audience": audience(more)}),
    };
    if read.is_empty() { String::new() } else { Json::Array(read.iter().map(json).collect()).to_string() }
}

/// Whether an attachment that may be read asks for more than the others.
pub fn narrows_attachments(record: &Record, holds: &Clearance) -> bool {
    attached(record, holds).iter().any(|(more, _)| !more.is_open())
}

/// The attachments that may be read, each with what it asks for beyond its record and what that restricts them to.
fn attached<'r>(record: &'r Record, holds: &Clearance) -> Vec<(Clearance, &'r Attachment)> {
    let restricted = record.restrictions.get("attachments").cloned().unwrap_or_default();
    let around = record.clearance.and(&restricted);
    let mut found = Vec::new();
    for held in record.attachments.lay_out(|held| held) {
        if holds.implies(held.clearance()) {
            let (asks, attachment) = held.release();
            found.push((asks.beyond(&around), attachment));
        }
    }
    found
}

/// A clearance as the audience of a record's file says it. What one list of alternatives cannot say is said in words that
/// no archive takes for an audience, so that nothing is opened where it is read again.
pub fn audience(asks: &Clearance) -> Vec<String> {
    let mut clauses = asks.clauses();
    match (clauses.next(), clauses.next()) {
        (None, _) => vec![crate::access::STAFF.to_owned()],
        (Some(only), None) => only.iter().map(|name| name.to_string()).collect(),
        _ => vec![asks.words()],
    }
}
