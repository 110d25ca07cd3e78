//! `ro-crate-metadata.json`: the bag's payload as an RO-Crate 1.2, for catalogues and repositories that read those. The
//! payload is the crate's root, so that the metadata are among what the manifest covers.

use super::content::Files;
use super::gathering::Order;
use super::note::Subject;
use crate::page::media_type;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

const CONTEXT: &str = "https://w3id.org/ro/crate/1.2/context";
const VERSION: &str = "https://w3id.org/ro/crate/1.2";
/// The metadata's own name.
const DESCRIPTOR: &str = "ro-crate-metadata.json";

/// What is known of a file of the archive.
pub struct Described {
    /// Its path in the bag.
    pub path: String,
    /// The day on which it changed last.
    pub modified: Option<String>,
}

/// The metadata.
///
/// # Errors
/// When a file cannot be read.
pub fn crate_metadata(
    order: &Order<'_>,
    subject: &Subject,
    described: &[Described],
    files: &Files<'_>,
) -> io::Result<Value> {
    let known: BTreeMap<&str, &Described> = described.iter().map(|known| (known.path.as_str(), known)).collect();
    let (mut entities, mut parts) = (Vec::new(), Vec::new());
    for path in files.paths() {
        let Some(inside) = path.strip_prefix("data/") else { continue };
        let measured = files.measure(path)?;
        let id = address(inside);
        let mut entity = json!({
            "@id": id,
            "@type": "File",
            "contentSize": measured.length.to_string(),
            "encodingFormat": format_of(inside),
            "name": inside.rsplit('/').next().unwrap_or(inside),
            "sha256": measured.sha256,
        });
        if let (Some(day), Some(map)) =
            (known.get(path).and_then(|known| known.modified.as_ref()), entity.as_object_mut())
        {
            map.insert("dateModified".to_owned(), json!(day));
        }
        parts.push(json!({"@id": id}));
        entities.push(entity);
    }
    let people: BTreeSet<&str> =
        order.objects.told.iter().filter_map(|commit| commit.json.get("author").and_then(Value::as_str)).collect();
    let persons: Vec<(String, &str)> =
        people.into_iter().enumerate().map(|(n, name)| (format!("#person-{}", n + 1), name)).collect();
    let archive = format!("{} / {}", subject.archive.0, subject.archive.1);
    let mut graph = vec![
        json!({
            "@id": DESCRIPTOR,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": VERSION},
        }),
        json!({
            "@id": "./",
            "@type": "Dataset",
            "author": persons.iter().map(|(id, _)| json!({"@id": id})).collect::<Vec<_>>(),
            "datePublished": subject.day,
            "description": order.notice,
            "hasPart": parts,
            "identifier": format!("git:{}", subject.commit),
            "license": {"@id": "#use"},
            "name": format!("证据包 / Evidence bag: {}", subject.dossiers.join(", ")),
            "publisher": {"@id": "#archive"},
        }),
        json!({"@id": "#archive", "@type": "Organization", "name": archive}),
        json!({
            "@id": "#use",
            "@type": "CreativeWork",
            "name": "限定用途 / Restricted use",
            "description": order.notice,
        }),
    ];
    graph.extend(persons.iter().map(|(id, name)| json!({"@id": id, "@type": "Person", "name": name})));
    graph.extend(entities);
    Ok(json!({"@context": CONTEXT, "@graph": graph}))
}

/// A path as an address: everything percent-encoded but letters, digits and what paths are made of.
fn address(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn format_of(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("json") => "application/json",
        Some("md") => "text/markdown",
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("yaml") => "application/yaml",
        _ => media_type(path),
    }
}
