//! `import --scans`: a folder of scans becomes records with attachments; and the example that the docs show.

use super::bed::{Bed, Run};
use std::path::Path;

const MAPPING: &str = "\
type: correspondence
scans: \"{客户}_{日期}_{事由}\"
file: \"{date}-{title}\"
dossier: {column: 客户, by: name}
columns:
  日期: {field: date, dates: YYYYMMDD}
  事由: title
defaults: {medium: letter, contract: yunxi/contracts/2024-017, origin: received}
";

fn bed() -> Bed {
    let bed = Bed::new();
    bed.write("outside/mapping.yaml", MAPPING);
    bed.write("outside/scans/云溪水电_20261008_报修.pdf", "%PDF-1.4 one");
    bed
}

fn import(bed: &Bed, more: &[&str]) -> Run {
    let mut arguments = vec!["import", "--scans", "outside/scans", "--mapping", "outside/mapping.yaml"];
    arguments.extend(more);
    bed.run(&arguments)
}

fn found(bed: &Bed) -> Vec<String> {
    let run = import(bed, &["--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&run.data).unwrap();
    let one = |finding: &serde_json::Value| {
        let file = finding["file"].as_str().unwrap_or_default().replace("outside/", "");
        format!("{} {file}", finding["code"].as_str().unwrap())
    };
    told["findings"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn each_scan_becomes_a_record_that_names_it_and_notes_its_digest() {
    let bed = bed();
    let run = import(&bed, &["--write"]);
    assert_eq!(run.code, 0, "{}", run.words);
    let folder = "customers/yunxi/correspondence";
    assert_eq!(bed.read(&format!("{folder}/云溪水电_20261008_报修.pdf")), "%PDF-1.4 one");
    // printf '%%PDF-1.4 one' | sha256sum
    let digest = "64c6194b93b036820d781edd6122ec655c67a32859520173b3c92c8d0bbeb0c0";
    let record = bed.read(&format!("{folder}/2026-10-08-报修.md"));
    let shape = record.replace(digest, "DIGEST");
    assert_eq!(
        shape,
        "---\ntitle: 报修\ndate: 2026-10-08\nmedium: letter\ncontract: yunxi/contracts/2024-017\norigin: received\n\
         imported:\n  file: scans\n  on: 2026-11-23\nattachments: '云溪水电_20261008_报修.pdf'\n---\n- `云溪水电_20261008_报修.pdf`: SHA-256 `DIGEST`\n"
            .replace('\'', "")
    );
    assert_eq!(bed.run(&["check"]).code, 0);
    let again = import(&bed, &["--write"]);
    assert_eq!((again.code, again.data.as_str()), (0, ""), "{}", again.words);
    assert!(again.words.contains("nothing new; 2 files are there already"), "{}", again.words);
}

#[test]
fn a_file_that_is_there_byte_for_byte_is_not_taken_again() {
    let bed = bed();
    bed.write("outside/scans/云溪水电_20261008_报修-2.pdf", "%PDF-1.4 one");
    assert_eq!(found(&bed), ["import-double scans/云溪水电_20261008_报修-2.pdf"]);
    bed.write("customers/yunxi/contracts/scan.pdf", "%PDF-1.4 one");
    let contract = bed.read("customers/yunxi/contracts/2024-017.md");
    bed.write(
        "customers/yunxi/contracts/2024-017.md",
        &contract.replace("audience: [", "attachments: [scan.pdf]\naudience: ["),
    );
    let run = import(&bed, &["--write"]);
    assert_eq!((run.code, run.data.as_str()), (0, ""), "{}", run.words);
    assert!(run.words.contains("as ‹customers/yunxi/contracts/scan.pdf›"), "{}", run.words);
}

#[test]
fn scans_whose_names_say_the_same_belong_to_one_record() {
    let bed = bed();
    bed.write(
        "outside/mapping.yaml",
        &MAPPING.replace("{事由}\"", "{事由}_{页}\"").replace("columns:", "leave_out: [页]\ncolumns:"),
    );
    std::fs::remove_dir_all(bed.path().join("outside/scans")).unwrap();
    for page in ["1.tif", "2.TIF"] {
        bed.write(&format!("outside/scans/云溪水电_20261008_报修_{page}"), page);
    }
    let run = import(&bed, &["--write"]);
    assert_eq!(run.code, 0, "{}", run.words);
    assert_eq!(run.data.lines().count(), 3);
    let record = bed.read("customers/yunxi/correspondence/2026-10-08-报修.md");
    assert!(record.contains("_1.tif") && record.contains("_2.TIF"), "{record}");
}

#[test]
fn what_lies_among_the_scans_and_is_none_stops_the_import() {
    let bed = bed();
    for stray in ["云溪水电_20261008_说明.md", "unnamed.pdf", "别家_20261008_报修.pdf", "云溪水电_20261332_报修.pdf"]
    {
        bed.write(&format!("outside/scans/{stray}"), stray);
    }
    for nobodys in [".DS_Store", "Thumbs.db"] {
        bed.write(&format!("outside/scans/{nobodys}"), "x");
    }
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 9\n", "ab".repeat(32));
    bed.write("outside/scans/云溪水电_20261010_指针.pdf", &pointer);
    std::os::unix::fs::symlink("/etc/passwd", bed.path().join("outside/scans/云溪水电_20261009_链接.pdf")).unwrap();
    let mut found = found(&bed);
    found.sort();
    assert_eq!(
        found,
        [
            "import-scan scans/unnamed.pdf",
            "import-scan scans/云溪水电_20261008_说明.md",
            "import-scan scans/云溪水电_20261009_链接.pdf",
            "import-scan scans/云溪水电_20261010_指针.pdf",
            "import-value scans/云溪水电_20261332_报修.pdf",
            "import-value scans/别家_20261008_报修.pdf",
        ]
    );
    let run = import(&bed, &["--write"]);
    assert_eq!(run.code, 1);
    assert!(!bed.path().join("customers/yunxi/correspondence").exists(), "all or nothing");
    bed.write("outside/mapping.yaml", &MAPPING.replace("scans: \"{客户}_{日期}_{事由}\"\n", ""));
    assert!(import(&bed, &[]).words.contains("nothing says what the names of the scans mean"));
    bed.write("outside/mapping.yaml", &MAPPING.replace("  事由: title\n", ""));
    assert!(import(&bed, &[]).words.contains("the mapping says nothing of the column ‹事由›"));
}

#[test]
fn a_table_and_scans_are_not_imported_in_one_run() {
    let bed = bed();
    assert_eq!(import(&bed, &["table.csv"]).code, 2);
    assert_eq!(bed.run(&["import", "--mapping", "outside/mapping.yaml"]).code, 2);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_example_of_the_docs_works_as_they_say() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bed = Bed::bare();
    copy(&home.join("archive"), &bed.path().join("demo"));
    let docs = |name: &str| home.join("docs/import").join(name).display().to_string();
    let errors = |bed: &Bed| {
        let run = bed.run(&["check", "demo", "--format", "json"]);
        serde_json::from_str::<serde_json::Value>(&run.data).unwrap()["errors"].as_u64().unwrap()
    };
    assert_eq!(errors(&bed), 0);
    let (table, mapping) = (docs("contracts.csv"), docs("contracts.mapping.yaml"));
    let run = bed.run(&["import", &table, "--mapping", &mapping, "--archive", "demo", "--write"]);
    assert_eq!(run.code, 0, "{}", run.words);
    assert_eq!(run.data.lines().count(), 3, "{}", run.data);
    let contract = bed.read("demo/customers/energy/shiyan-solar/contracts/2023-052.md");
    for line in
        ["signed: 2023-06-05", "amount: 43200 CNY", "status: ended", "  room: 库房B", "期满后并入接入合同，不另续签。"]
    {
        assert!(contract.lines().any(|other| other == line), "{line} in {contract}");
    }
    let (letters, mapping) = (docs("letters"), docs("letters.mapping.yaml"));
    let run = bed.run(&["import", "--scans", &letters, "--mapping", &mapping, "--archive", "demo", "--write"]);
    assert_eq!(run.code, 0, "{}", run.words);
    assert!(run.words.contains("import-double") && run.data.lines().count() == 4, "{}{}", run.data, run.words);
    assert_eq!(errors(&bed), 0);
    let told = std::fs::read_to_string(home.join("docs/import.md")).unwrap();
    for shown in ["contracts.mapping.yaml", "letters.mapping.yaml"] {
        let file = std::fs::read_to_string(docs(shown)).unwrap();
        assert!(told.contains(file.trim_end()), "docs/import.md shows {shown} as it is");
    }
}
