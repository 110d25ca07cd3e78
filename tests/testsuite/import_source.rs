//! `import`: what is imported says where it came from, what a hand has changed since is told by the history, and whose it
//! may be where nobody is called so.

use super::bed::{Bed, Run, SETTINGS};

const MAPPING: &str = "\
type: contract
dossier: yunxi
currency: CNY
source: {system: 合同系统, run: 十月台账, on: 2026-10-31}
columns: {number: number, name: title, amount: amount}
";

fn bed(mapping: &str) -> Bed {
    let bed = Bed::new();
    bed.write("strongroom.yaml", &format!("{SETTINGS}checks: {{contract-without-approval: off}}\n"));
    bed.write("outside/mapping.yaml", mapping);
    bed.write("outside/october.csv", "number,name,amount\n2025-001,专线,500\n");
    bed
}

fn import(bed: &Bed, table: &str) -> Run {
    bed.run(&["import", table, "--mapping", "outside/mapping.yaml", "--write"])
}

#[test]
fn a_record_says_from_which_system_run_file_and_day_it_came() {
    let bed = bed(MAPPING);
    let run = import(&bed, "outside/october.csv");
    assert_eq!(run.code, 0, "{}", run.words);
    assert_eq!(
        bed.read("customers/yunxi/contracts/2025-001.md"),
        "---\ntitle: 专线\nnumber: 2025-001\namount: 500 CNY\nimported:\n  system: 合同系统\n  run: 十月台账\n  \
         file: october.csv\n  on: 2026-10-31\n---\n"
    );
    // printf 'number,name,amount\n2025-001,专线,500\n' | sha256sum
    let digest = "e9a26ee011bd40fe3d9c78f181b847e122d6ad40fe6bdfc2c3ca35ef695d8b5e";
    assert!(run.words.contains(&format!("message: Imported: october.csv sha256:{digest}")), "{}", run.words);
    let exported = bed.run(&["export", "--as", "li-wei", "--type", "contract", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&exported.data).unwrap();
    let record = told["records"].as_array().unwrap().iter().find(|record| record["name"] == "yunxi/contracts/2025-001");
    assert_eq!(
        record.unwrap()["imported"],
        serde_json::json!({"file": "october.csv", "on": "2026-10-31", "run": "十月台账", "system": "合同系统"})
    );
}

#[test]
fn the_same_rows_out_of_another_file_on_another_day_are_there_already() {
    let bed = bed(MAPPING);
    import(&bed, "outside/october.csv");
    bed.write("outside/november.csv", "number,name,amount\n2025-001,专线,500\n");
    bed.write("outside/mapping.yaml", &MAPPING.replace("十月台账, on: 2026-10-31", "十一月台账"));
    let run = import(&bed, "outside/november.csv");
    assert!(run.words.contains("nothing new; 1 file is there already, just as it would be made"), "{}", run.words);
    bed.write("outside/november.csv", "number,name,amount\n2025-001,专线,600\n");
    let run = import(&bed, "outside/november.csv");
    assert!(run.words.contains("`amount` ‹500 CNY› → ‹600 CNY›") && !run.words.contains("imported"), "{}", run.words);
}

#[test]
fn what_is_exported_keeps_what_it_was_imported_from_when_it_comes_in_again() {
    let bed = bed(MAPPING);
    import(&bed, "outside/october.csv");
    let path = "customers/yunxi/contracts/2025-001.md";
    let before = bed.read(path);
    bed.run(&["export", "--everything", "--type", "contract", "--out", "c.csv", "--mapping", "c.yaml"]);
    std::fs::remove_file(bed.path().join(path)).unwrap();
    let run = bed.run(&["import", "c.csv", "--mapping", "c.yaml", "--write"]);
    assert_eq!((run.code, bed.read(path)), (0, before), "{}", run.words);
}

#[test]
fn the_commit_tells_which_values_are_still_as_they_were_imported() {
    let bed = bed(MAPPING);
    bed.commit_as("sun-qian", "2026-11-01", "Start");
    import(&bed, "outside/october.csv");
    bed.commit_as("sun-qian", "2026-11-02", "Import the list of October");
    let path = "customers/yunxi/contracts/2025-001.md";
    bed.write(path, &bed.read(path).replace("500 CNY", "520 CNY"));
    bed.commit_as("li-wei", "2026-11-03", "Correct the amount");
    let last = |field: &str| {
        let run = bed.run(&["history", "yunxi/contracts/2025-001", "--field", field, "--format", "json"]);
        let told: serde_json::Value = serde_json::from_str(&run.data).unwrap();
        told["changes"].as_array().unwrap().last().unwrap()["summary"].as_str().unwrap().to_owned()
    };
    assert_eq!(last("amount"), "Correct the amount");
    assert_eq!(last("imported"), "Import the list of October");
}

#[test]
fn a_short_form_of_a_customers_name_suggests_the_customer() {
    let bed = bed("type: contract\ndossier: {column: 客户, by: name}\ncolumns: {number: number}\n");
    bed.write("outside/october.csv", "客户,number\n水电,1\n云溪水电开发有限公司,2\n邮局,3\n");
    let said = import(&bed, "outside/october.csv").words;
    assert_eq!(said.matches("help: did you mean ‹云溪水电›?").count(), 2, "{said}");
    assert!(said.contains("help: correct it, or say under `values`"), "{said}");
    bed.write("outside/mapping.yaml", "type: contract\ndossier: {column: 客户}\ncolumns: {number: number}\n");
    let said = import(&bed, "outside/october.csv").words;
    assert_eq!(said.matches("help: did you mean ‹yunxi› (‹云溪水电›)?").count(), 2, "{said}");
}

#[test]
fn nothing_is_said_where_the_mapping_wants_none_and_what_cannot_be_is_told() {
    let silent = bed(&MAPPING.replace("{system: 合同系统, run: 十月台账, on: 2026-10-31}", "none"));
    import(&silent, "outside/october.csv");
    assert!(!silent.read("customers/yunxi/contracts/2025-001.md").contains("imported"));
    for (written, code) in
        [("合同系统", "import-mapping"), ("{on: 2026-02-30}", "impossible-date"), ("{sistem: x}", "unknown-key")]
    {
        let bed = bed(&MAPPING.replace("{system: 合同系统, run: 十月台账, on: 2026-10-31}", written));
        let run = import(&bed, "outside/october.csv");
        assert!(run.code == 1 && run.words.contains(code), "{written}: {}", run.words);
        assert!(!bed.path().join("customers/yunxi/contracts/2025-001.md").exists());
    }
}
