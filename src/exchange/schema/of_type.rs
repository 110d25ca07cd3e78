//! A record type as a schema of its records in YAML: one record, a list of them, or what describes a series.

use super::common::common_keys;
use super::of_field::{both, of_field};
use crate::record::RecordType;
use serde_json::{Map, Value, json};

/// The schema of a type's records.
pub(super) fn of_type(record_type: &RecordType) -> Value {
    let mut keys = common_keys(record_type);
    keys.extend(record_type.fields.iter().map(|field| (field.name.clone(), of_field(field))));
    let mut schema = if record_type.series {
        series(&keys)
    } else if record_type.key.is_some() && record_type.field("records").is_none() {
        listed(record_type, &keys)
    } else {
        one(record_type, &keys)
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("title".to_owned(), json!(both(&record_type.title)));
        let purpose = record_type.purpose.as_ref();
        let lines: Vec<&str> = purpose.map(|purpose| purpose.texts().collect()).unwrap_or_default();
        schema.insert("description".to_owned(), json!(lines.join("\n")));
    }
    schema
}

/// A record in a file of its own.
fn one(record_type: &RecordType, keys: &Map<String, Value>) -> Value {
    let required = record_type.fields.iter().filter(|field| field.required).map(|field| &field.name);
    let mut required: Vec<&String> = required.collect();
    let audience = "audience".to_owned();
    if record_type.audience.is_none() {
        required.push(&audience);
    }
    json!({"type": "object", "properties": keys, "required": required, "additionalProperties": false})
}

/// A record in a file of its own, or a list: keys that hold for all, and `records`. What a type requires may stand with
/// either, so that an item alone need only have the key that names it.
fn listed(record_type: &RecordType, keys: &Map<String, Value>) -> Value {
    // What a field is stands in the schema once; a name that an address would have to spell otherwise is left out of that.
    let plain = |key: &str| key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let same = |(key, field): (&String, &Value)| {
        let there = json!({"$ref": format!("#/$defs/record/properties/{key}")});
        (key.clone(), if plain(key) { there } else { field.clone() })
    };
    let mut with_list: Map<String, Value> = keys.iter().map(same).collect();
    let mut item = with_list.clone();
    item.remove("type");
    let records = json!({
        "title": "列表 · Records",
        "description": "同一类型的多件记录；旁边的键对每一件都有效。\nSeveral records of the type; what stands beside holds for all.",
        "type": "array",
        "items": {"$ref": "#/$defs/item"},
    });
    with_list.insert("records".to_owned(), json!({"$ref": "#/$defs/records"}));
    // A file that says nothing yet may become either.
    let mut alone = keys.clone();
    alone.insert("records".to_owned(), json!({"$ref": "#/$defs/records"}));
    json!({
        "if": {"required": ["records"]},
        "then": {"type": "object", "properties": with_list, "additionalProperties": false},
        "else": {"$ref": "#/$defs/record"},
        "$defs": {
            "record": one(record_type, &alone),
            "records": records,
            "item": {"type": "object", "properties": item, "required": [record_type.key], "additionalProperties": false},
        },
    })
}

/// What gives CSV files a title and an audience. The columns are theirs.
fn series(keys: &Map<String, Value>) -> Value {
    let mut keys = keys.clone();
    keys.insert(
        "rows".to_owned(),
        json!({
            "title": "数据文件 · Rows",
            "description": "哪些 CSV 文件是它的数据，例如 [2025.csv]。\nThe CSV files that hold it, as [2025.csv].",
            "$ref": "#/$defs/names",
        }),
    );
    json!({"type": "object", "properties": keys, "required": ["rows"], "additionalProperties": false})
}
