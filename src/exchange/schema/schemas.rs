//! All schemas of an archive.

use super::common::definitions;
use super::of_type::of_type;
use crate::access::STAFF;
use crate::archive::Archive;
use serde_json::{Map, Value, json};

/// Where they lie in an archive.
pub const FOLDER: &str = ".strongroom/schemas/";

/// What stands in every one of them, by which the program knows its own.
pub const MARK: &str =
    "Written by `strongroom schema` from the types and settings of this archive; changes here are lost.";

/// A schema as a file of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Its path.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The names that the files of an archive choose from.
pub struct Known {
    /// Of audiences, `staff` among them.
    pub audiences: Vec<String>,
    /// Of readers.
    pub readers: Vec<String>,
    /// Of types.
    pub types: Vec<String>,
    /// Of checks whose severity the settings may set.
    pub checks: Vec<String>,
}

impl Known {
    /// The names of an archive, and of the checks.
    #[must_use]
    pub fn of(archive: &Archive, checks: impl Iterator<Item = &'static str>) -> Self {
        let audiences = archive.settings.audiences.iter().map(|(name, _)| name.to_owned());
        let mut readers: Vec<String> = archive.readers.iter().map(|reader| reader.name.clone()).collect();
        readers.sort();
        Self {
            audiences: audiences.chain([STAFF.to_owned()]).collect(),
            readers,
            types: archive.types.iter().map(|record_type| record_type.name.clone()).collect(),
            checks: checks.map(str::to_owned).collect(),
        }
    }
}

/// The files that are not records, and what describes them.
const FIXED: [(&str, &str); 3] = [
    ("strongroom.json", include_str!("strongroom.json")),
    ("readers.json", include_str!("readers.json")),
    ("types.json", include_str!("types.json")),
];

/// The schemas of an archive: of its settings, readers and types, and of the records of each type that is sound.
#[must_use]
pub fn schemas(archive: &Archive, known: &Known) -> Vec<Schema> {
    let fixed = FIXED.iter().filter_map(|(name, text)| {
        let schema: Value = serde_json::from_str(text).ok()?;
        Some(finished((*name).to_owned(), schema, known))
    });
    let sound = archive.types.iter().filter(|record_type| record_type.sound);
    let of_records =
        sound.map(|record_type| finished(format!("records/{}.json", record_type.name), of_type(record_type), known));
    fixed.chain(of_records).collect()
}

fn finished(name: String, mut schema: Value, known: &Known) -> Schema {
    if let Some(keys) = schema.as_object_mut() {
        keys.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        keys.insert("$comment".to_owned(), json!(MARK));
        let own = keys.remove("$defs").unwrap_or_default();
        let own = own.as_object().cloned().unwrap_or_default();
        let all: Map<String, Value> = definitions(known).into_iter().chain(own).collect();
        let used = used(keys, &all);
        keys.insert("$defs".to_owned(), Value::Object(used));
    }
    Schema { path: format!("{FOLDER}{name}"), text: format!("{schema:#}\n") }
}

/// The definitions that a schema leads to, itself or by others.
fn used(keys: &Map<String, Value>, all: &Map<String, Value>) -> Map<String, Value> {
    let mut used = Map::new();
    let mut texts = vec![Value::Object(keys.clone()).to_string()];
    while let Some(text) = texts.pop() {
        for (name, definition) in all {
            if !used.contains_key(name) && text.contains(&format!("\"#/$defs/{name}")) {
                used.insert(name.clone(), definition.clone());
                texts.push(definition.to_string());
            }
        }
    }
    used
}
