//! Schemas for editors: what the program takes satisfies them, what it refuses for its keys does not, and the command
//! that writes them keeps to its own files.

use super::bed::Bed;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use strongroom::archive::{Archive, Reading};
use strongroom::checks;
use strongroom::exchange::schema::{Known, schemas};
use strongroom::record::Kind;
use strongroom::repository::{Snapshot, open_work_tree};
use strongroom::text::yaml::{self, Content, Node};
use strongroom::text::{Source, divide};

/// What a schema finds wrong: of the keywords that ours use. Every other keyword is a mistake of the test.
fn wrong(schema: &Value, root: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    let fails = |schema: &Value, value: &Value| {
        let mut inside = Vec::new();
        wrong(schema, root, value, at, &mut inside);
        !inside.is_empty()
    };
    for (keyword, said) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "title" | "description" | "$comment" | "$schema" | "$defs" | "enumDescriptions" | "then" | "else" => {}
            "$ref" => {
                let target = root.pointer(said.as_str().unwrap().strip_prefix('#').unwrap());
                wrong(target.unwrap_or_else(|| panic!("{said}")), root, value, at, out);
            }
            "type" => {
                let types: Vec<&str> = said.as_array().map_or_else(
                    || vec![said.as_str().unwrap()],
                    |types| types.iter().map(|t| t.as_str().unwrap()).collect(),
                );
                let is = |name: &&str| match *name {
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "integer" => value.is_i64(),
                    "boolean" => value.is_boolean(),
                    "array" => value.is_array(),
                    "object" => value.is_object(),
                    other => panic!("{other}"),
                };
                if !types.iter().any(is) {
                    out.push(format!("{at}: {value} is no {said}"));
                }
            }
            "enum" if !said.as_array().unwrap().contains(value) => out.push(format!("{at}: {value} is none of {said}")),
            "const" if said != value => out.push(format!("{at}: {value} is not {said}")),
            "enum" | "const" => {}
            "pattern" => {
                let pattern = regex::Regex::new(said.as_str().unwrap()).unwrap();
                if value.as_str().is_some_and(|text| !pattern.is_match(text)) {
                    out.push(format!("{at}: {value} is not like {said}"));
                }
            }
            "minLength" if value.as_str() == Some("") => out.push(format!("{at} is empty")),
            "minItems" if value.as_array().is_some_and(Vec::is_empty) => out.push(format!("{at} is empty")),
            "minProperties" if value.as_object().is_some_and(serde_json::Map::is_empty) => {
                out.push(format!("{at} is empty"));
            }
            "minLength" | "minItems" | "minProperties" | "uniqueItems" | "minimum" | "maximum" => {}
            "items" => {
                for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                    wrong(said, root, item, &format!("{at}[{n}]"), out);
                }
            }
            "required" => {
                let missing = |key: &&Value| value.is_object() && value.get(key.as_str().unwrap()).is_none();
                out.extend(said.as_array().unwrap().iter().filter(missing).map(|key| format!("{at} lacks {key}")));
            }
            "anyOf" => {
                if said.as_array().unwrap().iter().all(|one| fails(one, value)) {
                    out.push(format!("{at}: {value} is like none of {said}"));
                }
            }
            "not" => {
                if !fails(said, value) {
                    out.push(format!("{at}: {value} may not be {said}"));
                }
            }
            "if" => {
                let branch = if fails(said, value) { "else" } else { "then" };
                wrong(&schema[branch], root, value, at, out);
            }
            "properties" | "additionalProperties" | "propertyNames" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    let at = format!("{at}.{key}");
                    let known = schema.get("properties").and_then(|known| known.get(key));
                    match (keyword.as_str(), known) {
                        ("properties", Some(known)) => wrong(known, root, inner, &at, out),
                        ("propertyNames", _) => wrong(said, root, &json!(key), &at, out),
                        ("additionalProperties", None) if *said == json!(false) => out.push(format!("{at} is unknown")),
                        ("additionalProperties", None) => wrong(said, root, inner, &at, out),
                        _ => {}
                    }
                }
            }
            other => panic!("the test does not know the keyword {other}"),
        }
    }
}

fn failures(schema: &Value, value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    wrong(schema, schema, value, "", &mut out);
    out
}

/// YAML as an editor takes it, by the core schema of YAML 1.2.
fn as_json(node: &Node) -> Value {
    match &node.content {
        Content::Null => Value::Null,
        Content::Scalar { text, quoted: true } => json!(text),
        Content::Scalar { text, .. } => match text.as_str() {
            "true" | "True" | "TRUE" => json!(true),
            "false" | "False" | "FALSE" => json!(false),
            text => {
                let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
                let number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
                let whole = text.parse::<i64>().ok().map(|n| json!(n));
                whole.or_else(|| text.parse::<f64>().ok().map(|n| json!(n))).filter(|_| number).unwrap_or(json!(text))
            }
        },
        Content::List(nodes) => nodes.iter().map(as_json).collect(),
        Content::Map(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.clone(), as_json(&entry.value))).collect())
        }
    }
}

/// A YAML file, or the front matter of a Markdown file.
fn load(path: &Path) -> Value {
    let source = Source::decode(&path.to_string_lossy(), &fs::read(path).unwrap()).unwrap();
    let range = match path.extension().unwrap().to_str() {
        Some("md") => divide(&source).unwrap().yaml,
        _ => 0..source.text().len(),
    };
    as_json(&yaml::parse(&source, range).unwrap())
}

fn example() -> (Snapshot, Archive) {
    let snapshot = open_work_tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join("archive")).unwrap();
    let Reading { archive, .. } = Archive::read(&snapshot, super::bed::DAY.parse().unwrap());
    (snapshot, archive)
}

/// The schemas of the example by their names, below the folder of schemas and without extension.
fn all(archive: &Archive) -> BTreeMap<String, Value> {
    let known = Known::of(archive, checks::notices().map(|notice| notice.code.0));
    let name =
        |path: &str| path.strip_prefix(".strongroom/schemas/").unwrap().strip_suffix(".json").unwrap().to_owned();
    let made = schemas(archive, &known);
    made.iter().map(|schema| (name(&schema.path), serde_json::from_str(&schema.text).unwrap())).collect()
}

/// The files of the example and the schema of each.
fn described(snapshot: &Snapshot, archive: &Archive) -> Vec<(String, String)> {
    let mut found = vec![("strongroom.yaml".to_owned(), "strongroom".to_owned())];
    let readers = snapshot.files_below("readers").iter().filter(|file| file.path.ends_with(".yaml"));
    found.extend(readers.map(|file| (file.path.clone(), "readers".to_owned())));
    let dossiers = archive.dossiers.in_the_open().flat_map(|dossier| {
        let records = dossier.records.lay_out(|held| held.release().1.record_type.name.clone());
        let files = dossier.records.lay_out(|held| held.release().1.file.clone());
        files.zip(records).chain([(dossier.root.file.clone(), "dossier".to_owned())]).collect::<Vec<_>>()
    });
    let registers = archive.registers.lay_out(|held| {
        let record = held.release().1;
        (record.file.clone(), record.record_type.name.clone())
    });
    let records = dossiers.chain(registers).filter(|(file, _)| !file.ends_with(".csv"));
    found.extend(records.map(|(file, record_type)| (file, format!("records/{record_type}"))));
    found.sort();
    found.dedup();
    found
}

#[test]
fn every_file_of_the_example_satisfies_its_schema_and_none_with_a_misspelt_key_does() {
    let (snapshot, archive) = example();
    let schemas = all(&archive);
    let files = described(&snapshot, &archive);
    assert!(files.len() > 300, "{}", files.len());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("archive");
    let mut told = Vec::new();
    for (file, name) in &files {
        let schema = &schemas[name];
        let value = load(&folder.join(file));
        told.extend(failures(schema, &value).into_iter().map(|failure| format!("{file}: {failure}")));
        let mut misspelt = value.clone();
        misspelt.as_object_mut().unwrap().insert("audeince".to_owned(), json!("staff"));
        assert!(!failures(schema, &misspelt).is_empty(), "{file}");
        // Of a note of disposal the records are names.
        if let Some(item) = misspelt.pointer_mut("/records/0").and_then(Value::as_object_mut) {
            item.insert("nubmer".to_owned(), json!("1"));
            misspelt.as_object_mut().unwrap().remove("audeince");
            assert!(!failures(schema, &misspelt).is_empty(), "{file}");
        }
    }
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn every_built_in_type_satisfies_the_schema_of_types_and_a_wrong_one_does_not() {
    let (_, archive) = example();
    let schema = &all(&archive)["types"];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/record/types");
    for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        assert_eq!(failures(schema, &load(&file)), Vec::<String>::new(), "{}", file.display());
    }
    for broken in [
        json!({"titel": "x"}),
        json!({"fields": {"a": {"kind": "txt"}}}),
        json!({"fields": {"a": {"kind": "text", "requierd": true}}}),
        json!({"fields": {"a": {"kind": "reference", "to": "contrct"}}}),
        json!({"audience": "fiance"}),
        json!({"retention": "10"}),
    ] {
        assert!(!failures(schema, &broken).is_empty(), "{broken}");
    }
    let kinds: Vec<&str> = Kind::ALL.iter().map(|(word, _)| *word).collect();
    assert_eq!(schema.pointer("/$defs/field/properties/kind/enum").unwrap(), &json!(kinds));
}

#[test]
fn every_key_that_the_program_knows_is_in_a_schema() {
    let (_, archive) = example();
    let schemas = all(&archive);
    let keys = |name: &str, pointer: &str| {
        let map = schemas[name].pointer(pointer).unwrap().as_object().unwrap();
        map.keys().cloned().collect::<Vec<_>>()
    };
    let sorted = |known: &[&str]| {
        let mut known: Vec<String> = known.iter().map(|key| (*key).to_owned()).collect();
        known.sort();
        known
    };
    let lacks = |known: &[&str], schema: Vec<String>| sorted(known).into_iter().find(|key| !schema.contains(key));
    assert_eq!(lacks(&strongroom::archive::SETTINGS_KEYS, keys("strongroom", "/properties")), None);
    assert_eq!(lacks(&strongroom::archive::READER_KEYS, keys("readers", "/properties")), None);
    assert_eq!(lacks(&strongroom::record::TYPE_KEYS, keys("types", "/properties")), None);
    assert_eq!(lacks(&strongroom::record::FIELD_KEYS, keys("types", "/$defs/field/properties")), None);
    assert_eq!(lacks(&strongroom::record::COMMON_KEYS, keys("records/licence", "/properties")), None);
    let explained = |name: &str, field: &str, word: &str| {
        let said = schemas[name].pointer(&format!("/properties/{field}")).unwrap();
        format!("{}{}", said["title"], said["description"]).contains(word)
    };
    for word in ["种类", "Kind", "institution: 事业单位法人证书"] {
        assert!(explained("records/licence", "kind", word), "{word}");
    }
}

#[test]
fn values_of_each_kind_are_told_from_others() {
    let bed = Bed::new();
    bed.write(
        "types/thing.yaml",
        "title: T\nfolder: things\naudience: staff\nfields:\n  day: {kind: date}\n  week: {kind: week}\n  sum: {kind: money}\n  \
         share: {kind: percent}\n  size: {kind: number}\n  span: {kind: duration}\n  ok: {kind: yes-no}\n  \
         state: {kind: choice, of: [a, '1']}\n  names: {kind: person, many: true}\n  \
         parts: {kind: group, many: true, fields: {what: {kind: text, required: true}}}\n",
    );
    let snapshot = open_work_tree(bed.path()).unwrap();
    let archive = Archive::read(&snapshot, super::bed::DAY.parse().unwrap()).archive;
    let schema = &all(&archive)["records/thing"];
    for good in [
        json!({"day": "2027-03-31"}),
        json!({"week": "2027-W07"}),
        json!({"sum": "1,280,000 CNY"}),
        json!({"share": 99.5}),
        json!({"share": "99.95%"}),
        json!({"size": 12}),
        json!({"size": "1,250.5"}),
        json!({"span": "90d"}),
        json!({"ok": true}),
        json!({"ok": "no"}),
        json!({"state": 1}),
        json!({"names": "孙倩"}),
        json!({"names": ["孙倩", {"zh": "李薇"}]}),
        json!({"parts": {"what": 571}}),
        json!({"restrict": {"day": "finance", "parts.what": ["legal", "sales"]}}),
        json!({"attachments": ["a.pdf", {"file": "b.pdf", "audience": "finance"}]}),
        json!({"audience": "staff"}),
    ] {
        assert_eq!(failures(schema, &good), Vec::<String>::new(), "{good}");
    }
    for bad in [
        json!({"day": "31.3.2027"}),
        json!({"week": "2027-7"}),
        json!({"sum": "1280000"}),
        json!({"sum": 12}),
        json!({"size": "12a"}),
        json!({"span": "90 days"}),
        json!({"ok": "maybe"}),
        json!({"state": "c"}),
        json!({"names": {"fr": "x"}}),
        json!({"parts": [{"waht": "x"}]}),
        json!({"parts": [{}]}),
        json!({"restrict": {"dya": "finance"}}),
        json!({"restrict": {}}),
        json!({"audience": "fiance"}),
        json!({"audience": ["legal", "staff"]}),
        json!({"audience": []}),
        json!({"day": null}),
    ] {
        assert!(!failures(schema, &bad).is_empty(), "{bad}");
    }
}

#[test]
fn init_and_new_write_schemas_and_first_lines_that_lead_to_them() {
    let bed = Bed::bare();
    assert_eq!(bed.run(&["init", "."]).code, 0);
    bed.run(&["new", "dossier", "energy/yunxi"]);
    let text = bed.read("customers/energy/yunxi/dossier.yaml");
    let line = text.lines().next().unwrap();
    assert_eq!(line, "# yaml-language-server: $schema=../../../.strongroom/schemas/records/dossier.json");
    assert!(
        bed.read("strongroom.yaml")
            .starts_with("# yaml-language-server: $schema=.strongroom/schemas/strongroom.json\n")
    );
    bed.run(&["new", "contract", "yunxi", "--name", "2027-001"]);
    assert!(bed.read("customers/energy/yunxi/contracts/2027-001.md").starts_with("---\n"));
    for name in ["strongroom", "readers", "types", "records/dossier", "records/contract"] {
        assert!(bed.path().join(format!(".strongroom/schemas/{name}.json")).is_file(), "{name}");
    }
    let run = bed.run(&["schema", "--check"]);
    assert_eq!((run.data.as_str(), run.words.contains("leads to no schema")), ("", false), "{}", run.words);
}

#[test]
fn the_schemas_are_no_part_of_the_archive_to_other_commands() {
    let bed = Bed::new();
    assert_eq!(bed.run(&["schema"]).code, 0);
    assert_eq!(bed.run(&["check", "--strict"]).words, "no findings: 1 record in 1 dossier, 2 readers\n");
}

#[test]
fn schema_tells_what_is_out_of_date_mends_it_and_leaves_other_files_alone() {
    let bed = Bed::new();
    let run = bed.run(&["schema", "--check"]);
    assert_eq!(run.code, 1);
    assert!(run.data.contains(".strongroom/schemas/records/contract.json\n"), "{}", run.data);
    assert!(!bed.path().join(".strongroom").exists());
    assert_eq!(bed.run(&["schema"]).code, 0);
    assert_eq!(bed.run(&["schema", "--check"]).code, 0);
    bed.write("types/memo.yaml", "title: 备忘\nfolder: memos\naudience: staff\nfields: {note: {kind: text}}\n");
    let memo = ".strongroom/schemas/records/memo.json";
    assert!(bed.run(&["schema", "--check"]).data.contains(memo));
    bed.run(&["schema"]);
    assert!(bed.read(memo).contains("\"note\""));
    // The type goes, and its schema with it; what somebody else put there stays.
    fs::remove_file(bed.path().join("types/memo.yaml")).unwrap();
    bed.write("customers/yunxi/memo.yaml", "# yaml-language-server: $schema=../../.strongroom/schemas/records/memo.json\ntype: licence\nkind: enterprise\n");
    bed.write(".strongroom/schemas/own.json", "{}\n");
    let run = bed.run(&["schema"]);
    assert!(!bed.path().join(memo).exists() && bed.path().join(".strongroom/schemas/own.json").exists());
    assert!(run.words.contains("the first line of customers/yunxi/memo.yaml leads to no schema"), "{}", run.words);
    bed.write(".strongroom/schemas/types.json", "{}\n");
    let run = bed.run(&["schema"]);
    assert_eq!((run.code, bed.read(".strongroom/schemas/types.json").as_str()), (1, "{}\n"));
    assert!(run.words.contains("move it away first"), "{}", run.words);
}

#[test]
fn a_folder_of_schemas_that_is_a_link_is_not_followed() {
    let bed = Bed::new();
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), bed.path().join(".strongroom")).unwrap();
    assert_eq!(bed.run(&["schema"]).code, 1);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}
