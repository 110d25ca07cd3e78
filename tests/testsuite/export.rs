//! `export`: what a reader may read, as tables and JSON, and back again.

use super::bed::{Bed, KEYS, Run, reader};
use serde_json::Value;
use std::path::Path;

fn export(bed: &Bed, arguments: &[&str]) -> Run {
    let run = bed.run(&[&["export"], arguments].concat());
    assert_eq!(run.code, 0, "{arguments:?}: {}{}", run.data, run.words);
    run
}

#[test]
fn a_table_holds_what_its_reader_may_read_and_says_so_on_each_row() {
    let bed = Bed::new();
    let run = export(&bed, &["--as", "zhao-min", "--type", "contract"]);
    assert!(run.data.starts_with("record,dossier,file,title,number,"), "{}", run.data);
    let row = run.data.split_once('\n').unwrap().1;
    assert!(row.starts_with("yunxi/contracts/2024-017,yunxi,contracts/2024-017,专线租用合同,2024-017,"), "{row}");
    assert!(row.contains("The customer leases a line.") && row.contains("For zhao-min only"), "{row}");
    assert!(!row.contains("1280000") && !row.contains("价格条款"), "{row}");
    let run = export(&bed, &["--as", "li-wei", "--type", "contract"]);
    assert!(run.data.contains("1280000 CNY") && run.data.contains("## 价格条款 {audience=finance}"), "{}", run.data);
    let run = export(&bed, &["--audience", "staff", "--type", "contract"]);
    assert_eq!(run.data.lines().count(), 1, "no row, and no word on how many there would be: {}", run.data);
}

#[test]
fn json_has_stable_names_exact_amounts_and_a_notice() {
    let bed = Bed::new();
    let run = export(&bed, &["--as", "li-wei", "--format", "json"]);
    let told: Value = serde_json::from_str(&run.data).unwrap();
    assert_eq!((told["for"].as_str(), told["day"].as_str()), (Some("reader li-wei"), Some("2026-11-23")));
    assert!(told["notice"].as_str().unwrap().contains("what this reader may not read is left out"));
    let records = told["records"].as_array().unwrap();
    let names: Vec<&str> = records.iter().map(|record| record["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["yunxi", "yunxi/contracts/2024-017"]);
    assert_eq!(records[1]["fields"]["amount"], serde_json::json!({"amount": "1280000", "currency": "CNY"}));
    assert_eq!(records[0]["marking"]["level"], "内部");
    let again = export(&bed, &["--as", "li-wei", "--format", "json"]);
    assert_eq!(run.data, again.data);
    let one = export(&bed, &["--everything", "--format", "json", "--type", "contract", "--dossier", "yunxi"]);
    assert_eq!(serde_json::from_str::<Value>(&one.data).unwrap()["records"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_said_of_who_is_left_out_depends_on_nothing_that_is() {
    let bed = Bed::new();
    bed.write("customers/hidden/dossier.yaml", &bed.read("customers/yunxi/dossier.yaml").replace("staff", "legal"));
    let missing = |name: &str| bed.run(&["export", "--as", "li-wei", "--dossier", name, "--format", "json"]);
    let (hidden, none) = (missing("hidden"), missing("nobody"));
    assert_eq!((hidden.code, none.code), (1, 1));
    assert_eq!(hidden.words.replace("hidden", ""), none.words.replace("nobody", ""));
}

#[test]
fn a_reader_whose_training_has_lapsed_gets_what_all_staff_may_read() {
    let bed = Bed::new();
    bed.write("readers/zhao-min.yaml", &reader("赵敏", KEYS[1], "2026-11-22"));
    let run = export(&bed, &["--as", "zhao-min", "--type", "contract"]);
    assert_eq!(run.data.lines().count(), 1, "{}", run.data);
    assert!(run.words.contains("zhao-min is in no keyring on this day"), "{}", run.words);
}

#[test]
fn no_cell_is_a_formula_and_the_guard_comes_off_again() {
    let bed = Bed::new();
    let formula = "=HYPERLINK(\"http://x\",\"看\")";
    bed.write(
        "customers/yunxi/contracts/2025-001.md",
        &format!("---\nnumber: 2025-001\ntitle: '{formula}'\nsigner: '@王'\nhandled_by: \"'=x\"\n---\n-1\n"),
    );
    let run = export(&bed, &["--everything", "--type", "contract", "--bom", "--out", "o.csv", "--mapping", "o.yaml"]);
    assert_eq!(run.data, "");
    let table = bed.read("o.csv");
    assert!(table.starts_with("\u{feff}record,"), "Excel knows UTF-8 by its mark");
    assert!(table.contains("\"'=HYPERLINK(\"\"http://x\"\",\"\"看\"\")\"") && table.contains(",'@王,"), "{table}");
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(bed.path().join("o.csv")).unwrap());
    assert_eq!(mode & 0o077, 0, "the owner alone reads it");
    assert!(run.words.contains("may be committed"), "{}", run.words);
    let before = bed.read("customers/yunxi/contracts/2025-001.md");
    std::fs::remove_file(bed.path().join("customers/yunxi/contracts/2025-001.md")).unwrap();
    let import = bed.run(&["import", "o.csv", "--mapping", "o.yaml", "--write"]);
    assert_eq!(import.code, 0, "{}", import.words);
    let after = bed.read("customers/yunxi/contracts/2025-001.md");
    assert!(after.contains(&format!("title: '{formula}'\n")) && after.contains("signer: '@王'\n"), "{after}");
    assert!(after.contains("handled_by: '''=x'\n") && after.ends_with("---\n-1\n"), "{after}{before}");
    let again = bed.run(&["export", "--everything", "--type", "contract", "--out", "o.csv"]);
    assert_eq!(again.code, 1, "nothing is overwritten");
}

#[test]
fn nothing_is_exported_for_nobody_or_from_an_archive_in_doubt() {
    let bed = Bed::new();
    assert_eq!(bed.run(&["export", "--type", "contract"]).code, 2, "somebody must be named");
    assert_eq!(bed.run(&["export", "--as", "li-wei", "--everything"]).code, 2);
    for arguments in [
        &["--as", "li-wie", "--format", "json"][..],
        &["--audience", "fiance", "--format", "json"],
        &["--everything", "--type", "contrakt"],
        &["--everything"],
        &["--everything", "--format", "json", "--mapping", "m.yaml"],
    ] {
        let run = bed.run(&[&["export"], arguments].concat());
        assert_eq!((run.code, run.data.as_str()), (1, ""), "{arguments:?}");
        assert!(run.words.contains("help: "), "{}", run.words);
    }
    bed.write("customers/yunxi/contracts/2025-001.md", "---\nnumber: 2025-001\naudience: finanse\n---\n");
    let run = bed.run(&["export", "--everything", "--format", "json"]);
    assert_eq!((run.code, run.data.as_str()), (1, ""));
    assert!(run.words.contains("the archive has 1 error; nothing is exported"), "{}", run.words);
}

#[test]
fn the_register_of_assets_names_who_answers_for_each_dossier() {
    let bed = Bed::new();
    bed.write("customers/yunxi/contracts/2024-017.pdf", "%PDF-1.4 scan");
    let contract = bed.read("customers/yunxi/contracts/2024-017.md");
    bed.write(
        "customers/yunxi/contracts/2024-017.md",
        &contract.replace("audience: [", "attachments: [2024-017.pdf]\noriginal: {room: 库房A}\naudience: ["),
    );
    let assets = |whom: &[&str]| -> Value {
        let run = export(&bed, &[whom, &["--assets", "--format", "json"]].concat());
        serde_json::from_str::<Value>(&run.data).unwrap()["assets"][0].clone()
    };
    let all = assets(&["--everything"]);
    let word = |told: &Value, key: &str| told[key].as_str().unwrap().to_owned();
    assert_eq!((word(&all, "custodian"), word(&all, "marking")), ("陶然".into(), "内部".into()));
    assert_eq!(
        (word(&all, "records"), word(&all, "attachments"), word(&all, "bytes")),
        ("2".into(), "1".into(), "13".into())
    );
    assert_eq!(word(&all, "originals"), "库房A");
    let staff = assets(&["--audience", "staff"]);
    assert_eq!(
        (word(&staff, "records"), word(&staff, "bytes"), word(&staff, "originals")),
        ("1".into(), "0".into(), "".into())
    );
    let table = export(&bed, &["--everything", "--assets"]).data;
    assert!(table.starts_with("dossier,asset_number,class_number,"), "{table}");
}

/// Copies what no table holds: settings, readers and attached files.
fn copy_without_records(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let name = path.to_string_lossy();
        let is_record = name.ends_with(".md")
            || name.ends_with(".yaml") && !name.contains("/readers/") && !name.ends_with("/strongroom.yaml");
        if path.is_dir() {
            copy_without_records(&path, &target);
        } else if !is_record && !name.contains("/traffic/") {
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn what_is_exported_comes_in_again_as_equal_records_under_equal_restrictions() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("archive");
    let (bed, example_path) = (Bed::bare(), example.to_str().unwrap());
    copy_without_records(&example, &bed.path().join("new"));
    let records = |archive: &str, name: &str| -> Vec<Value> {
        let run = export(&bed, &[archive, "--everything", "--type", name, "--format", "json"]);
        let told: Value = serde_json::from_str(&run.data).unwrap();
        told["records"].as_array().unwrap().clone()
    };
    for name in ["dossier", "site", "contact", "contract", "visit", "satisfaction", "traffic"] {
        let (table, mapping) = (format!("{name}.csv"), format!("{name}.yaml"));
        export(&bed, &[example_path, "--everything", "--type", name, "--out", &table, "--mapping", &mapping]);
        let run = bed.run(&["import", &table, "--mapping", &mapping, "--archive", "new", "--write"]);
        assert_eq!(run.code, 0, "{name}: {}", run.words);
        let (mut before, mut after) = (records(example_path, name), records("new", name));
        if name == "traffic" {
            // A series is called by its folder or by the record that describes it; a table has its rows alone.
            before.iter_mut().chain(&mut after).for_each(|record| *record = record["series"].clone());
        }
        assert!(!before.is_empty());
        assert_eq!(before, after, "{name}");
    }
    let suffices = |archive: &str| -> Vec<Value> {
        let run = bed.run(&["access", archive, "--audience", "legal", "--format", "json"]);
        let told: Value = serde_json::from_str(&run.data).unwrap();
        let parts = told["suffices_for"].as_array().unwrap().iter();
        parts
            .filter(|part| part["type"] == "contract")
            .map(|part| serde_json::json!([part["record"], part["clearance"]]))
            .collect()
    };
    assert_eq!(suffices(example_path), suffices("new"));
}
