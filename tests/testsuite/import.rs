//! `import`: tables become records that `check` has nothing to say of, or nothing is written at all.

use super::bed::{Bed, Run, SETTINGS};
use std::fs;

const MAPPING: &str = "\
type: contract
dossier: {column: 客户, by: name}
dates: [YYYY/M/D, YYYY年M月D日]
currency: CNY
columns:
  合同编号: number
  名称: title
  签订日期: signed
  金额（万元）: {field: amount, times: 10000}
  当事人: {field: parties, split: 、}
  状态: status
  摘要: text
  库房: original.room
leave_out: [电话]
defaults:
  original.carrier: paper
";

const TABLE: &str = "\
客户,合同编号,名称,签订日期,金额（万元）,当事人,状态,摘要,库房,电话
云溪水电,2025-001,专线租用合同,2025/3/8,128,云溪电信、云溪水电,履行中,\"第一行

第二行\",库房A,0571
云溪水电,2025/002,\"互联网, 接入\",2025年12月31日,\"1,000.5\",,解除,,,
";

fn bed() -> Bed {
    let bed = Bed::new();
    bed.write("strongroom.yaml", &format!("{SETTINGS}checks: {{contract-without-approval: off}}\n"));
    bed.write("outside/mapping.yaml", MAPPING);
    bed.write("outside/table.csv", TABLE);
    bed
}

fn import(bed: &Bed, more: &[&str]) -> Run {
    let mut arguments = vec!["import", "outside/table.csv", "--mapping", "outside/mapping.yaml"];
    arguments.extend(more);
    bed.run(&arguments)
}

/// Code and place of each finding of an import.
fn found(bed: &Bed) -> Vec<String> {
    let run = import(bed, &["--format", "json"]);
    let told: serde_json::Value =
        serde_json::from_str(&run.data).unwrap_or_else(|_| panic!("{}{}", run.data, run.words));
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let one = |finding: &serde_json::Value| {
        let file = word(&finding["file"]).replace("outside/", "");
        assert!(!word(&finding["remedy"]).is_empty(), "{finding}");
        format!("{} {}:{}:{}", word(&finding["code"]), file, finding["line"], finding["column"])
    };
    told["findings"].as_array().unwrap().iter().map(one).collect()
}

/// Every file of the archive with its bytes.
fn files(bed: &Bed) -> Vec<(String, Vec<u8>)> {
    fn walk(folder: &std::path::Path, found: &mut Vec<(String, Vec<u8>)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => walk(&path, found),
                false => found.push((path.display().to_string(), fs::read(&path).unwrap())),
            }
        }
    }
    let mut found = Vec::new();
    walk(bed.path(), &mut found);
    found.sort();
    found
}

#[test]
fn a_dry_run_names_each_file_and_writes_none() {
    let bed = bed();
    let before = files(&bed);
    let run = import(&bed, &[]);
    assert_eq!(run.code, 0, "{}{}", run.data, run.words);
    assert_eq!(
        run.data,
        "customers/yunxi/contracts/2025-001.md  (outside/table.csv:2:1)\n\
         customers/yunxi/contracts/2025-002.md  (outside/table.csv:5:1)\n"
    );
    assert!(run.words.contains("2 new files would be written; add --write"), "{}", run.words);
    assert_eq!(files(&bed), before);
}

#[test]
fn rows_become_records_that_read_as_they_were_meant() {
    let bed = bed();
    let run = import(&bed, &["--write"]);
    assert_eq!(run.code, 0, "{}{}", run.data, run.words);
    assert!(run.words.contains("2 new files written"), "{}", run.words);
    assert_eq!(
        bed.read("customers/yunxi/contracts/2025-001.md"),
        "---\ntitle: 专线租用合同\nnumber: 2025-001\nparties: [云溪电信, 云溪水电]\nsigned: 2025-03-08\n\
         amount: 1280000 CNY\nstatus: in-force\noriginal:\n  room: 库房A\n  carrier: paper\n\
         imported:\n  file: table.csv\n  on: 2026-11-23\n---\n第一行\n\n第二行\n"
    );
    assert_eq!(
        bed.read("customers/yunxi/contracts/2025-002.md"),
        "---\ntitle: 互联网, 接入\nnumber: 2025/002\nsigned: 2025-12-31\namount: 10005000 CNY\nstatus: terminated\n\
         original:\n  carrier: paper\nimported:\n  file: table.csv\n  on: 2026-11-23\n---\n"
    );
    let check = bed.run(&["check"]);
    assert_eq!(check.code, 0, "{}", check.data);
    let left: Vec<_> = fs::read_dir(bed.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with('.')), "{left:?}");
}

#[test]
fn a_second_run_makes_nothing_new_and_overwrites_nothing() {
    let bed = bed();
    import(&bed, &["--write"]);
    let run = import(&bed, &["--write"]);
    assert_eq!((run.code, run.data.as_str()), (0, ""), "{}", run.words);
    assert!(run.words.contains("nothing new; 2 files are there already, just as they would be made"), "{}", run.words);
    bed.write("customers/yunxi/contracts/2025-001.md", "---\nnumber: 2025-001\nsigned: 2025-03-09\n---\n");
    bed.write("outside/table.csv", &(TABLE.to_owned() + "云溪水电,2025-003,新,2025/4/1,1,,,,,\n"));
    let before = files(&bed);
    assert_eq!(found(&bed), ["import-there table.csv:2:1"]);
    let said = import(&bed, &[]).words;
    assert!(said.contains("`signed` ‹2025-03-09› → ‹2025-03-08›, `amount` nothing → ‹1280000 CNY›"), "{said}");
    assert!(said.contains("change ‹customers/yunxi/contracts/2025-001.md› by hand"), "{said}");
    assert_eq!(files(&bed), before);
    let run = import(&bed, &["--write"]);
    assert_eq!(run.data, "customers/yunxi/contracts/2025-003.md  (outside/table.csv:6:1)\n");
    assert_eq!(bed.read("customers/yunxi/contracts/2025-001.md").lines().nth(2), Some("signed: 2025-03-09"));
}

#[test]
fn a_record_with_the_same_key_is_not_made_again_wherever_it_stands() {
    let bed = bed();
    bed.write(
        "customers/yunxi/contracts/old.yaml",
        "type: contract\nrecords:\n  - {number: 2025-001}\n  - {number: 2025-002}\n",
    );
    assert_eq!(found(&bed), ["import-there table.csv:2:1"], "2025/002 is another number");
    let said = import(&bed, &[]).words;
    assert!(said.contains("`title` nothing → ‹专线租用合同›") && !said.contains("`number` ‹"), "{said}");
}

#[test]
fn all_that_is_wrong_with_a_row_is_told_at_once_and_each_mistake_once() {
    let bed = bed();
    bed.write(
        "outside/table.csv",
        "客户,合同编号,名称,签订日期,金额（万元）,当事人,状态,摘要,库房,电话\n\
         云溪水店,1,,2025/2/30,,,未知,<b>粗</b>,,\n\
         云溪水电,2,,2025/2/30,约5万,,rescind,\"## 价格 {audience=finanse}\",,\n",
    );
    assert_eq!(
        found(&bed),
        [
            "import-value table.csv:2:1",
            "import-value table.csv:2:9",
            "import-value table.csv:2:21",
            "raw-html table.csv:2:24",
            "import-value table.csv:3:9",
            "import-value table.csv:3:19",
            "import-value table.csv:3:24",
            "unknown-audience table.csv:3:32",
        ]
    );
    let said = import(&bed, &[]).words;
    assert!(said.contains("did you mean ‹云溪水电›?"), "{said}");
    assert!(
        said.contains("in-force (履行中)")
            && said.contains("; either word will do, or say under `values` of the column"),
        "{said}"
    );
}

#[test]
fn a_customer_is_recognised_by_its_short_name() {
    let bed = bed();
    let dossier = bed.read("customers/yunxi/dossier.yaml");
    bed.write("customers/yunxi/dossier.yaml", &format!("{dossier}short_names: [水电站]\n"));
    bed.write("outside/table.csv", &TABLE.replace("云溪水电,2025-001", "水电厂,2025-001"));
    let said = import(&bed, &[]).words;
    assert!(said.contains("did you mean the dossier ‹yunxi›? It is called ‹水电站›, and its `name` is"), "{said}");
    bed.write("outside/mapping.yaml", &MAPPING.replace("{column: 客户, by: name}", "{column: 客户}"));
    let said = import(&bed, &[]).words;
    assert!(said.contains("did you mean ‹yunxi›, which is ‹水电站›?"), "{said}");
}

#[test]
fn what_is_wrong_is_told_at_its_cell_and_stops_everything() {
    let bed = bed();
    bed.write(
        "outside/table.csv",
        "客户,合同编号,名称,签订日期,金额（万元）,当事人,状态,摘要,库房,电话\n\
         云溪水店,1,,,,,,,,\n\
         云溪水电,2,,2025/2/30,,,,,,\n\
         云溪水电,3,,,约5万,,,,,\n\
         云溪水电,4,,,,,未知,,,\n\
         云溪水电,,题,,,,,,,\n\
         云溪水电,6,,,,,,<b>粗</b>,,\n\
         云溪水电,7,,,,,,\"## 价格 {audience=finanse}\",,\n",
    );
    let before = files(&bed);
    assert_eq!(
        found(&bed),
        [
            "import-value table.csv:2:1",
            "import-value table.csv:3:9",
            "import-value table.csv:4:10",
            "import-value table.csv:5:12",
            "import-name table.csv:6:1",
            "raw-html table.csv:7:13",
            "unknown-audience table.csv:8:13",
        ]
    );
    let run = import(&bed, &["--write"]);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("nothing is written: 7 errors"), "{}", run.words);
    assert_eq!(files(&bed), before);
}

#[test]
fn the_mapping_is_read_strictly() {
    let bed = bed();
    let with = |from: &str, to: &str| {
        assert!(MAPPING.contains(from), "{from}");
        bed.write("outside/mapping.yaml", &MAPPING.replace(from, to));
        let mut found = found(&bed);
        found.dedup();
        found.join(" | ")
    };
    assert_eq!(with("type: contract", "type: contrat"), "import-mapping mapping.yaml:1:7");
    assert_eq!(with("currency: CNY", "curency: CNY").split(' ').next(), Some("unknown-key"));
    assert_eq!(
        with("currency: CNY", "currency: 元"),
        "import-mapping mapping.yaml:4:11 | import-value table.csv:2:31 | import-value table.csv:5:37"
    );
    assert_eq!(with("  名称: title\n", ""), "import-column table.csv:1:9");
    assert_eq!(with("  名称: title\n", "  名称: titel\n").split(' ').next(), Some("import-mapping"));
    assert_eq!(
        with("  名称: title\n", "  名字: title\n"),
        "import-mapping mapping.yaml:7:3 | import-column table.csv:1:9"
    );
    assert_eq!(with("  合同编号: number\n", "  合同编号: title\n").matches("import-mapping").count(), 1);
    assert_eq!(with("leave_out: [电话]", "leave_out: [电话, 合同编号]"), "import-mapping mapping.yaml:14:17");
    assert_eq!(with("  合同编号: number\n", "").matches("missing-field mapping.yaml:1:1").count(), 1);
    assert_eq!(with("[YYYY/M/D", "[Y/M/D").split(" | ").next(), Some("import-mapping mapping.yaml:3:9"));
    assert_eq!(with("by: name", "by: code").matches("import-value").count(), 2);
    assert_eq!(with("dossier: {column: 客户, by: name}", "dossier: yunx"), "import-mapping mapping.yaml:2:10");
    assert_eq!(with("  状态: status", "  状态: open_from"), "import-mapping mapping.yaml:11:7");
    assert_eq!(with("  库房: original.room", "  库房: original"), "import-mapping mapping.yaml:13:7");
    assert_eq!(with("dates:", "file: \"{nummer}\"\ndates:"), "import-mapping mapping.yaml:3:7");
}

#[test]
fn an_import_opens_nothing() {
    let bed = bed();
    bed.write("outside/mapping.yaml", &format!("{MAPPING}  audience: staff\n"));
    assert_eq!(found(&bed), ["import-opens mapping.yaml:17:13"]);
    assert_eq!(import(&bed, &["--write"]).code, 1);
    bed.write("outside/mapping.yaml", &format!("{MAPPING}  audience: [finance, leagl]\n"));
    assert!(found(&bed).contains(&"unknown-audience mapping.yaml:17:23".to_owned()), "{:?}", found(&bed));
    bed.write("outside/mapping.yaml", &format!("{MAPPING}  audience: finance\n"));
    let run = import(&bed, &["--write"]);
    assert_eq!(run.code, 0, "{}", run.words);
    let access = bed.run(&["access", "--record", "yunxi/contracts/2025-001", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&access.data).unwrap();
    assert!(told["parts"].as_array().unwrap().iter().all(|part| part["clearance"] == "finance"));
}

#[test]
fn tables_come_in_other_encodings_and_with_other_separators() {
    let bed = bed();
    let gbk = b"\xBF\xCD\xBB\xA7;number\n\xD4\xC6\xCF\xAA\xCB\xAE\xB5\xE7;9\n";
    let mapping = "type: contract\ndossier: {column: 客户, by: name}\ncolumns: {number: number}\n";
    bed.write("outside/mapping.yaml", mapping);
    bed.write_bytes("outside/table.csv", gbk);
    let run = import(&bed, &[]);
    assert!(run.words.contains("write its `encoding` in the mapping (gb18030, utf-16)"), "{}", run.words);
    assert_eq!(found(&bed), ["not-utf8 table.csv:1:1"]);
    bed.write("outside/mapping.yaml", &format!("{mapping}encoding: gb18030\n"));
    assert_eq!(found(&bed), ["import-table table.csv:1:1"]);
    bed.write("outside/mapping.yaml", &format!("{mapping}encoding: gb18030\nseparator: semicolon\n"));
    let nine = "customers/yunxi/contracts/9.md  (outside/table.csv:2:1)\n";
    assert_eq!(import(&bed, &[]).data, nine);
    for word in ["gbk", "GB2312"] {
        bed.write("outside/mapping.yaml", &format!("{mapping}encoding: {word}\nseparator: semicolon\n"));
        assert_eq!(import(&bed, &[]).data, nine, "{word}");
    }
    let utf16: Vec<u8> = "\u{feff}客户\tnumber\r\n云溪水电\t9\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bed.write_bytes("outside/table.csv", &utf16);
    bed.write("outside/mapping.yaml", &format!("{mapping}encoding: utf-16\nseparator: tab\n"));
    assert_eq!(import(&bed, &[]).data, nine);
    bed.write("outside/mapping.yaml", &format!("{mapping}encoding: gb18030\nseparator: tab\n"));
    assert_eq!(found(&bed), ["not-utf8 table.csv:null:null"]);
    bed.write_bytes("outside/table.csv", "\u{feff}客户,number\r\n云溪水电,9\r\n".as_bytes());
    bed.write("outside/mapping.yaml", mapping);
    assert_eq!(import(&bed, &[]).data, nine);
}

#[test]
fn no_name_leads_out_of_the_archive_or_into_another_file() {
    let bed = bed();
    let table = |numbers: &[&str]| {
        let rows: String = numbers.iter().map(|number| format!("yunxi,{number}\n")).collect();
        bed.write("outside/table.csv", &format!("d,n\n{rows}"));
        found(&bed).join(" | ")
    };
    bed.write("outside/mapping.yaml", "type: contract\ndossier: {column: d}\ncolumns: {n: number}\n");
    assert_eq!(
        table(&["../../evil", "con", ".git"]),
        "import-name table.csv:2:1 | import-name table.csv:3:1 | import-name table.csv:4:1"
    );
    assert_eq!(table(&["a", "A"]), "import-name table.csv:3:1");
    assert_eq!(table(&["a", "a"]), "import-name table.csv:3:1");
    assert_eq!(table(&["a/b", "a:b"]), "import-name table.csv:3:1");
    bed.write("outside/table.csv", "d,n\n../../etc,1\nregisters/x,2\n");
    assert_eq!(found(&bed), ["import-value table.csv:2:1", "import-value table.csv:3:1"]);
    bed.write(
        "outside/mapping.yaml",
        "type: contract\ndossier: yunxi\nfolder: ../../x\ncolumns: {n: number}\nleave_out: [d]\n",
    );
    assert_eq!(found(&bed), ["import-name table.csv:2:1", "import-name table.csv:3:1"]);
}

#[test]
fn a_link_out_of_the_archive_is_not_followed() {
    let bed = bed();
    let outside = tempfile::tempdir().unwrap();
    fs::remove_dir_all(bed.path().join("customers/yunxi/contracts")).unwrap();
    std::os::unix::fs::symlink(outside.path(), bed.path().join("customers/yunxi/contracts")).unwrap();
    let run = import(&bed, &["--write"]);
    assert_eq!(run.code, 1, "{}", run.words);
    assert!(run.words.contains("customers/yunxi/contracts is no folder"), "{}", run.words);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn nothing_is_left_where_one_file_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let bed = bed();
    bed.write("customers/other/dossier.yaml", &bed.read("customers/yunxi/dossier.yaml").replace("云溪水电", "别家"));
    bed.write("outside/table.csv", &TABLE.replacen("云溪水电,2025/002", "别家,2025/002", 1));
    let folder = bed.path().join("customers/yunxi/contracts");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let unwritable = fs::write(folder.join("probe"), "").is_err();
    let run = import(&bed, &["--write"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    if unwritable {
        assert_eq!(run.code, 1, "{}", run.words);
        assert!(run.words.contains("nothing was imported"), "{}", run.words);
        assert!(!bed.path().join("customers/other/contracts").exists(), "what was made is taken back");
    }
}

#[test]
fn what_a_killed_import_left_is_cleared_away() {
    let bed = bed();
    bed.write(".strongroom-import-abc/.gitignore", "*\n");
    bed.write(".strongroom-import-abc/0", "half");
    assert_eq!(import(&bed, &["--write"]).code, 0);
    assert!(!bed.path().join(".strongroom-import-abc").exists());
}

#[test]
fn new_dossiers_and_series_come_from_tables_too() {
    let bed = bed();
    bed.write(
        "outside/mapping.yaml",
        "type: dossier\ndossier: {column: 代号, in: energy}\ncolumns:\n  名称: name\n  级别: {field: tier, values: {金牌: gold}}\n  \
         行业: industry\n  经理: account_manager\ndefaults: {audience: sales}\n",
    );
    bed.write(
        "outside/table.csv",
        "代号,名称,级别,行业,经理\nqingshan,青山水泥,金牌,建材,孙倩\nyunxi,云溪水电,金牌,电力,孙倩\n",
    );
    let run = import(&bed, &["--write"]);
    assert_eq!(run.code, 0, "{}", run.words);
    assert_eq!(run.data, "customers/energy/qingshan/dossier.yaml  (outside/table.csv:2:1)\n");
    assert!(run.words.contains("1 is there already and was left as it is"), "{}", run.words);
    assert!(bed.read("customers/energy/qingshan/dossier.yaml").ends_with(
        "name: 青山水泥\ntier: gold\nindustry: 建材\naccount_manager: 孙倩\n\
         imported:\n  file: table.csv\n  on: 2026-11-23\naudience: sales\n"
    ));
    bed.write(
        "outside/mapping.yaml",
        "type: traffic\ndossier: yunxi\nfile: \"2026\"\ncolumns:\n  周: {field: week, dates: YYYY年第W周}\n  话务量: voice\n  说明: comment\n",
    );
    bed.write("outside/table.csv", "周,话务量,说明\n2026年第7周,1200,\n2026年第8周,\"1,300\",\"多, 些\"\n");
    let run = import(&bed, &["--write"]);
    assert_eq!(run.code, 0, "{}", run.words);
    assert_eq!(
        bed.read("customers/yunxi/traffic/2026.csv"),
        "week,voice,comment\n2026-W07,1200,\n2026-W08,1300,\"多, 些\"\n"
    );
    bed.write("outside/table.csv", "周,话务量,说明\n2026年第7周,很多,\n");
    assert_eq!(found(&bed), ["import-there table.csv:2:1", "import-value table.csv:2:10"]);
}
