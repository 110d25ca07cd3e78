//! `history`: what each kind of commit changed, as a reviewer reads it.

use super::bed::{Bed, CONTRACT};

const HOME: &str = "customers/yunxi";

/// The changes of something: day, author, record, part, what was done, before, after.
pub fn told(bed: &Bed, arguments: &[&str]) -> Vec<String> {
    let run = bed.run(&[&["history"], arguments, &["--format", "json"]].concat());
    assert_eq!(run.code, 0, "{}", run.words);
    let answer: serde_json::Value = serde_json::from_str(&run.data).unwrap();
    let text = |change: &serde_json::Value, key: &str| change[key].as_str().unwrap_or("–").to_owned();
    let line = |change: &serde_json::Value| {
        let day = text(change, "time").get(..10).unwrap_or_default().to_owned();
        let [author, record, part, deed, before, after] =
            ["author", "record", "part", "change", "before", "after"].map(|key| text(change, key));
        format!("{day} {author} {record} {part} {deed}: {before} > {after}")
    };
    answer["changes"].as_array().unwrap().iter().map(line).collect()
}

/// An archive with a first commit.
pub fn begun() -> Bed {
    let bed = Bed::new();
    bed.commit_as("孙倩", "2025-01-01", "建档");
    bed
}

fn contract(bed: &Bed, from: &str, to: &str) {
    assert!(CONTRACT.contains(from));
    bed.write("customers/yunxi/contracts/2024-017.md", &CONTRACT.replace(from, to));
}

#[test]
fn a_field_goes_from_one_value_to_the_next_with_who_and_when() {
    let bed = begun();
    contract(&bed, "1280000", "1500000");
    bed.commit_as("李薇", "2025-02-01", "涨价\n\nReason: 扩容\nApproved-by: 赵敏\nTicket: K-1");
    contract(&bed, "1280000", "1400000");
    bed.commit_as("赵敏", "2025-03-01", "让利");
    assert_eq!(
        told(&bed, &["yunxi/contracts/2024-017", "--field", "amount"]),
        [
            "2025-01-01 孙倩 contracts/2024-017 amount added: – > 1,280,000 元",
            "2025-02-01 李薇 contracts/2024-017 amount changed: 1,280,000 元 > 1,500,000 元",
            "2025-03-01 赵敏 contracts/2024-017 amount changed: 1,500,000 元 > 1,400,000 元",
        ]
    );
    let one = told(&bed, &["yunxi", "--since", "2025-02-01", "--until", "2025-02-28"]);
    assert_eq!(one, ["2025-02-01 李薇 contracts/2024-017 amount changed: 1,280,000 元 > 1,500,000 元"]);
    let run = bed.run(&["history", "yunxi", "--since", "2025-02-01", "--until", "2025-02-28"]);
    for word in ["李薇", "涨价", "reason: 扩容", "approved by: 赵敏", "ticket: K-1", "1,280,000 CNY → 1,500,000 CNY"]
    {
        assert!(run.data.contains(word), "{word}: {}", run.data);
    }
}

#[test]
fn to_people_the_command_line_speaks_english_and_to_programs_the_language_of_the_archive() {
    let bed = begun();
    let of = |format: &str| bed.run(&["history", "yunxi", "--format", format]).data;
    let (human, csv) = (of("human"), of("csv"));
    assert!(human.contains("record: + Contract\n") && human.contains("amount: + 1,280,000 CNY\n"), "{human}");
    assert!(csv.contains(",合同,") && csv.contains("1,280,000 元"), "{csv}");
}

#[test]
fn lists_groups_sections_and_rows_are_compared_by_what_they_hold() {
    let bed = begun();
    let people = |extension: &str, third: &str| {
        format!(
            "records:\n  - {{id: liao, name: 廖青, extension: \"{extension}\"}}\n  - {{id: fan, name: 范立, post: 科员}}\n{third}"
        )
    };
    bed.write(&format!("{HOME}/contacts/people.yaml"), &people("8001", ""));
    bed.write(&format!("{HOME}/traffic/2025.csv"), "week,inbound,outbound\n2025-W01,10,20\n2025-W02,11,21\n");
    bed.commit_as("孙倩", "2025-02-01", "联系人与流量");
    bed.write(&format!("{HOME}/contacts/people.yaml"), &people("8002", "  - {id: lin, name: 林和, post: 出纳}\n"));
    bed.write(
        &format!("{HOME}/traffic/2025.csv"),
        "week,inbound,outbound\n2025-W01,10,20\n2025-W02,12,21\n2025-W03,13,22\n",
    );
    contract(&bed, "The price is reviewed once a year in March.", "The price is fixed. It is reviewed in March.");
    bed.commit_as("李薇", "2025-03-01", "更新");
    let all = told(&bed, &["yunxi", "--since", "2025-03-01"]);
    let phone = all.iter().find(|line| line.contains("extension")).unwrap();
    assert!(phone.contains("contacts/people/liao extension changed: 8001 > 8002"), "{all:#?}");
    assert!(all.iter().any(|line| line.contains("contacts/people/lin record added")), "{all:#?}");
    assert!(!all.iter().any(|line| line.contains("fan")), "{all:#?}");
    assert!(
        all.iter().any(|line| line.contains("traffic inbound[2025-W02] changed: 11 Mbit/s > 12 Mbit/s")),
        "{all:#?}"
    );
    assert!(all.iter().any(|line| line.contains("[2025-W03] added")), "{all:#?}");
    let section = all.iter().find(|line| line.contains("text:价格条款")).unwrap();
    assert!(section.ends_with("> The price is fixed. It is reviewed in March."), "{section}");
}

#[test]
fn a_renamed_record_keeps_its_history_and_says_where_it_stood() {
    let bed = begun();
    bed.git(&["mv", &format!("{HOME}/contracts/2024-017.md"), &format!("{HOME}/contracts/K-17.md")]);
    bed.commit_as("李薇", "2025-02-01", "改编号");
    let path = format!("{HOME}/contracts/K-017.md");
    bed.git(&["mv", &format!("{HOME}/contracts/K-17.md"), &path]);
    bed.write(&path, &CONTRACT.replace("1280000", "1300000"));
    bed.commit_as("李薇", "2025-03-01", "再改");
    let all = told(&bed, &["yunxi/contracts/K-017"]);
    assert!(
        all.iter().any(|line| line == "2025-01-01 孙倩 contracts/K-017 amount added: – > 1,280,000 元"),
        "{all:#?}"
    );
    assert!(
        all.iter()
            .any(|line| line.starts_with("2025-02-01 李薇 contracts/K-017 record moved: yunxi/contracts/2024-017.md")),
        "{all:#?}"
    );
    assert!(
        all.iter()
            .any(|line| line.starts_with("2025-03-01 李薇 contracts/K-017 record moved: yunxi/contracts/K-17.md")),
        "{all:#?}"
    );
    assert!(all.iter().any(|line| line.contains("2025-03-01 李薇 contracts/K-017 amount changed")), "{all:#?}");
}

#[test]
fn a_record_that_went_and_came_back_has_one_history() {
    let bed = begun();
    std::fs::remove_file(bed.path().join("customers/yunxi/contracts/2024-017.md")).unwrap();
    bed.commit_as("李薇", "2025-02-01", "误删");
    contract(&bed, "1280000", "1290000");
    bed.commit_as("孙倩", "2025-03-01", "恢复");
    let all = told(&bed, &["yunxi/contracts/2024-017", "--field", "record"]);
    let deeds: Vec<&str> = all.iter().map(|line| line.split_once(": ").unwrap().0).collect();
    assert_eq!(
        deeds,
        [
            "2025-01-01 孙倩 contracts/2024-017 record added",
            "2025-02-01 李薇 contracts/2024-017 record removed",
            "2025-03-01 孙倩 contracts/2024-017 record added",
        ]
    );
}

#[test]
fn a_record_that_moved_between_dossiers_is_told_in_both() {
    let bed = begun();
    bed.write(
        "customers/other/dossier.yaml",
        "name: 另一客户\ntier: gold\nindustry: 电力\naccount_manager: 孙倩\naudience: staff\n",
    );
    bed.git(&["add", "-A"]);
    std::fs::create_dir_all(bed.path().join("customers/other/contracts")).unwrap();
    bed.git(&["mv", &format!("{HOME}/contracts/2024-017.md"), "customers/other/contracts/2024-017.md"]);
    bed.commit_as("李薇", "2025-02-01", "移交");
    let there = told(&bed, &["other/contracts/2024-017"]);
    assert!(there.iter().any(|line| line.contains("2025-01-01 孙倩 contracts/2024-017 amount added")), "{there:#?}");
    assert!(there.iter().any(|line| line.contains("record moved: yunxi/contracts/2024-017.md")), "{there:#?}");
    let here = told(&bed, &["yunxi"]);
    assert!(here.iter().any(|line| line.contains("2025-01-01 孙倩 contracts/2024-017 amount added")), "{here:#?}");
}

#[test]
fn another_type_a_file_that_could_not_be_read_and_a_deletion_are_said() {
    let bed = begun();
    contract(&bed, "number: 2024-017\n", "type: visit\n");
    bed.commit_as("李薇", "2025-02-01", "改类型");
    bed.write("customers/yunxi/contracts/2024-017.md", "---\nnumber: [\n---\n");
    bed.commit_as("李薇", "2025-03-01", "写坏了");
    bed.write("customers/yunxi/contracts/2024-017.md", CONTRACT);
    bed.commit_as("孙倩", "2025-04-01", "补正");
    let all = told(&bed, &["yunxi/contracts/2024-017", "--field", "record"]);
    assert!(
        all.iter().any(|line| line.contains("2025-02-01 李薇 contracts/2024-017 record changed: 合同 > ")),
        "{all:#?}"
    );
    assert!(all.iter().any(|line| line.contains("2025-03-01 李薇 contracts/2024-017 record broken")), "{all:#?}");
    assert!(all.iter().any(|line| line.contains("2025-04-01 孙倩 contracts/2024-017 record changed")), "{all:#?}");
    let amount = told(&bed, &["yunxi/contracts/2024-017", "--field", "amount"]);
    let amount: Vec<&String> = amount.iter().filter(|line| !line.contains(".audience")).collect();
    assert_eq!(amount.last().unwrap(), &"2025-04-01 孙倩 contracts/2024-017 amount added: – > 1,280,000 元");
}

#[test]
fn a_merge_tells_what_it_settled_and_nothing_twice() {
    let bed = begun();
    bed.git(&["checkout", "-q", "-b", "side"]);
    contract(&bed, "1280000", "1500000");
    bed.commit_as("李薇", "2025-02-01", "side");
    bed.git(&["checkout", "-q", "main"]);
    contract(&bed, "1280000", "1400000");
    bed.commit_as("孙倩", "2025-02-02", "main");
    bed.git(&["merge", "-q", "--no-commit", "-s", "ours", "side"]);
    contract(&bed, "1280000", "1450000");
    bed.git(&["add", "-A"]);
    bed.conclude("赵敏", "2025-03-01", "settled");
    let all = told(&bed, &["yunxi/contracts/2024-017", "--field", "amount"]);
    assert_eq!(all.len(), 4, "{all:#?}");
    assert!(all[3].starts_with("2025-03-01 赵敏") && all[3].ends_with("> 1,450,000 元"), "{all:#?}");
}

#[test]
fn attachments_are_told_by_size_and_digest() {
    let bed = begun();
    let with = CONTRACT.replace("amount:", "attachments: [a.pdf]\namount:");
    bed.write("customers/yunxi/contracts/2024-017.md", &with);
    bed.write_bytes("customers/yunxi/contracts/a.pdf", b"12345");
    bed.commit_as("李薇", "2025-02-01", "扫描件");
    bed.write_bytes("customers/yunxi/contracts/a.pdf", b"1234567");
    bed.commit_as("李薇", "2025-03-01", "重扫");
    bed.write("customers/yunxi/contracts/2024-017.md", CONTRACT);
    std::fs::remove_file(bed.path().join("customers/yunxi/contracts/a.pdf")).unwrap();
    bed.commit_as("李薇", "2025-04-01", "撤下");
    let all = told(&bed, &["yunxi", "--field", "attachments"]);
    let said: Vec<String> = all.iter().map(|line| line.replace("contracts/2024-017 attachments:a.pdf ", "")).collect();
    assert!(said[0].starts_with("2025-02-01 李薇 added: – > 5 bytes, "), "{said:#?}");
    assert!(said[1].starts_with("2025-03-01 李薇 changed: 5 bytes, ") && said[1].contains("> 7 bytes, "), "{said:#?}");
    assert!(said[2].starts_with("2025-04-01 李薇 removed: 7 bytes, "), "{said:#?}");
    assert_eq!(said.len(), 3);
}

#[test]
fn settings_readers_and_types_have_a_history_too() {
    let bed = begun();
    let settings = bed.read("strongroom.yaml");
    bed.write(
        "strongroom.yaml",
        &settings.replace("legal: {readers: [zhao-min]}", "legal: {readers: [zhao-min, li-wei]}"),
    );
    bed.write("types/memo.yaml", "title: 备忘\nfolder: memos\naudience: staff\nfields:\n  note: {kind: text}\n");
    bed.commit_as("吴洁", "2025-02-01", "李薇兼法务");
    assert_eq!(
        told(&bed, &["settings", "--since", "2025-02-01"]),
        ["2025-02-01 吴洁 strongroom.yaml audiences.legal.readers.li-wei added: – > yes"]
    );
    let reader = told(&bed, &["li-wei", "--since", "2025-02-01"]);
    assert_eq!(reader, ["2025-02-01 吴洁 strongroom.yaml audiences.legal.readers.li-wei added: – > yes"]);
    assert!(told(&bed, &["types/memo"]).iter().any(|line| line.contains("audience added: – > staff")));
}

#[test]
fn the_three_forms_say_the_same_and_scripts_can_join_them() {
    let bed = begun();
    let run = bed.run(&["history", "yunxi/contracts/2024-017", "--field", "amount", "--format", "csv"]);
    let mut lines = run.data.lines();
    assert_eq!(
        lines.next().unwrap(),
        "time,commit,author,email,signature,dossier,record,type,part,change,before,after,before_raw,after_raw,audience,reason,approved_by,ticket,disposal"
    );
    let line = lines.next().unwrap();
    assert!(line.starts_with("2025-01-01T09:00:00+08:00,"), "{line}");
    assert!(
        line.contains(
            ",孙倩,孙倩@example.org,unsigned,yunxi,contracts/2024-017,contract,amount,added,,\"1,280,000 元\",,1280000 CNY,finance,"
        ),
        "{line}"
    );
    assert_eq!(bed.run(&["check", "--format", "csv"]).code, 2);
}

const RAW: &str = "\
title: {zh: 账目, en: Account}
folder: accounts
audience: staff
key: code
fields:
  code: {kind: code}
  paid: {kind: yes-no}
  sum: {kind: money}
  lines: {kind: number, unit: 条}
  rate: {kind: percent}
  until: {kind: date}
  state: {kind: choice, of: {open: {zh: 未结, en: Open}, closed: {zh: 已结, en: Closed}}}
  tags: {kind: text, many: true}
  flags: {kind: yes-no, many: true}
  members: {kind: group, many: true, fields: {name: {kind: text}, share: {kind: percent}}}
  remark: {kind: markdown}
";

#[test]
fn values_stand_as_they_are_written_beside_those_that_are_shown() {
    let bed = begun();
    bed.write("types/account.yaml", RAW);
    bed.write("types/load.yaml", "title: 负荷\nkind: series\nfolder: loads\naudience: staff\nfields:\n  week: {kind: week}\n  volume: {kind: number, unit: GB}\n");
    let head = "title: {zh: 甲账, en: Account A}\ncode: '0571'\npaid: no\nsum: '1,280,000 CNY'\nlines: +12\nrate: 5 %\nuntil: 2024-03-18\nstate: open\n\
                tags: [0571, {zh: 电, en: power}]\nflags: [是, no]\nmembers: [{name: 甲, share: 40%}]\nremark: |\n  Some *words*.\naudience: [legal, finance]\n";
    bed.write(
        &format!("{HOME}/accounts/a.md"),
        &format!("---\n{head}---\n# Price\n\nIt is **high**, see [a](b.md).\n"),
    );
    bed.write(&format!("{HOME}/loads/2025.csv"), "week,volume\n2025-W01,1500\n");
    bed.commit_as("孙倩", "2025-02-01", "立账");
    bed.write(&format!("{HOME}/loads/2025.csv"), "week,volume\n2025-W01,2500\n");
    let closed = head.replace("paid: no", "paid: true").replace("state: open", "state: closed");
    bed.write(&format!("{HOME}/accounts/a.md"), &format!("---\n{closed}---\n# Price\n\nIt is **low**.\n"));
    bed.commit_as("李薇", "2025-03-01", "结清");
    let run = bed.run(&["history", "yunxi", "--format", "json", "--since", "2025-02-01"]);
    let answer: serde_json::Value = serde_json::from_str(&run.data).unwrap();
    let changes = answer["changes"].as_array().unwrap();
    let of = |part: &str, day: &str| {
        let fits =
            |change: &&serde_json::Value| change["part"] == part && change["time"].as_str().unwrap().starts_with(day);
        changes.iter().find(fits).unwrap_or_else(|| panic!("{part} on {day} in {}", run.data)).clone()
    };
    for (part, shown, raw) in [
        ("record", serde_json::json!("账目"), serde_json::json!("account")),
        ("title", "甲账".into(), serde_json::json!({"zh": "甲账", "en": "Account A"})),
        ("code", "0571".into(), "0571".into()),
        ("paid", "否".into(), "no".into()),
        ("sum", "1,280,000 元".into(), "1,280,000 CNY".into()),
        ("lines", "+12 条".into(), "+12".into()),
        ("rate", "5%".into(), "5 %".into()),
        ("until", "2024-03-18".into(), "2024-03-18".into()),
        ("state", "未结".into(), "open".into()),
        ("tags", "0571, 电".into(), serde_json::json!(["0571", {"zh": "电", "en": "power"}])),
        ("flags", "是, 否".into(), serde_json::json!(["是", "no"])),
        ("members[甲].share", "40%".into(), "40%".into()),
        ("remark", "Some words.".into(), "Some *words*.\n".into()),
        ("text:Price", "It is high, see a.".into(), "# Price\n\nIt is **high**, see [a](b.md).\n".into()),
    ] {
        let change = of(part, "2025-02-01");
        assert_eq!((&change["after"], &change["after_raw"]), (&shown, &raw), "{part}");
        assert_eq!(change["before_raw"], serde_json::Value::Null, "{part}");
    }
    let rows = changes.iter().find(|change| change["part"] == "rows").unwrap();
    assert_eq!(rows["after_raw"], serde_json::json!({"first": "2025-W01", "last": "2025-W01", "rows": 1}));
    for (part, before, after) in [
        ("paid", "no", "true"),
        ("state", "open", "closed"),
        ("volume[2025-W01]", "1500", "2500"),
        ("text:Price", "# Price\n\nIt is **high**, see [a](b.md).\n", "# Price\n\nIt is **low**.\n"),
    ] {
        let change = of(part, "2025-03-01");
        assert_eq!(
            (change["before_raw"].as_str(), change["after_raw"].as_str()),
            (Some(before), Some(after)),
            "{part}"
        );
        assert_eq!(change["audience"], if part.starts_with("volume") { "staff" } else { "finance|legal" });
    }
    let csv = bed.run(&["history", "yunxi", "--format", "csv", "--field", "tags"]).data;
    assert!(csv.contains(r#""[""0571"",{""en"":""power"",""zh"":""电""}]""#), "{csv}");
}

#[test]
fn a_program_can_find_each_change_in_git() {
    let bed = begun();
    bed.write(&format!("{HOME}/contracts/scan.pdf"), "%PDF-1.4 one");
    contract(&bed, "audience:", "attachments: [scan.pdf]\naudience:");
    bed.commit_as("李薇", "2025-02-01", "扫描件");
    bed.git(&["mv", &format!("{HOME}/contracts/2024-017.md"), &format!("{HOME}/contracts/A.md")]);
    bed.commit_as("李薇", "2025-03-01", "改名\n\nDisposal: none");
    let run = bed.run(&["history", "yunxi/contracts/A", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&run.data).unwrap();
    let changes = answer["changes"].as_array().unwrap();
    let repository = git2::Repository::open(bed.path()).unwrap();
    for change in changes {
        let id = git2::Oid::from_str(change["commit"].as_str().unwrap()).unwrap();
        let seconds = repository.find_commit(id).unwrap().author().when().seconds();
        let time: jiff::Timestamp = change["time"].as_str().unwrap().parse().expect("a time of RFC 3339");
        assert_eq!(time.as_second(), seconds);
        assert_eq!(change["dossier"], "yunxi");
        assert_eq!(change["record"], "contracts/A", "by its present name, whatever it was called");
    }
    let file = changes.iter().find(|change| change["part"] == "attachments:scan.pdf").unwrap();
    let blob = repository.find_blob(git2::Oid::from_str(file["after_raw"].as_str().unwrap()).unwrap()).unwrap();
    assert_eq!(blob.content(), b"%PDF-1.4 one");
    let moved = changes.iter().find(|change| change["change"] == "moved").unwrap();
    assert_eq!(moved["before_raw"], "yunxi/contracts/2024-017.md");
    assert_eq!(moved["disposal"], "none");
}

#[test]
fn what_never_was_is_refused_with_the_nearest_name() {
    let bed = begun();
    let run = bed.run(&["history", "yunxy"]);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("did you mean `yunxi`?"), "{}", run.words);
    let run = bed.run(&["history", "yunxi/contracts/2024-071"]);
    assert!(run.words.contains("did you mean `yunxi/contracts/2024-017`?"), "{}", run.words);
    let of_field = |field: &str| bed.run(&["history", "yunxi/contracts/2024-017", "--field", field]);
    for (field, near) in [("amuont", "amount"), ("金额", "amount"), ("titel", "title")] {
        let run = of_field(field);
        assert_eq!(run.code, 1, "{field}: {}", run.words);
        assert!(run.words.contains(&format!("did you mean `{near}`?")), "{}", run.words);
    }
    let run = of_field("betrag");
    assert!(run.code == 1 && run.words.contains("the fields are abstract, amount,"), "{}", run.words);
    let run = of_field("verified");
    assert_eq!((run.code, run.words.trim()), (0, "nothing changed that fits"));
    let run = bed.run(&["history", "settings", "--field", "tilte"]);
    assert!(run.code == 1 && run.words.contains("did you mean `title"), "{}", run.words);
    let outside = Bed::new();
    let run = outside.run(&["history", "yunxi"]);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("it has no history"), "{}", run.words);
}

#[test]
fn who_may_read_a_field_or_a_section_has_a_history() {
    let bed = begun();
    contract(&bed, "audience: [legal, finance]", "audience: [legal, finance]\nrestrict: {number: legal}");
    bed.commit_as("李薇", "2025-02-01", "收窄编号");
    contract(&bed, "## 价格条款 {audience=finance}", "## 价格条款");
    bed.commit_as("孙倩", "2025-03-01", "放开编号与价格条款");
    let all = told(&bed, &["yunxi/contracts/2024-017", "--since", "2025-02-01"]);
    assert_eq!(
        all,
        [
            "2025-02-01 李薇 contracts/2024-017 number.audience added: – > legal",
            "2025-03-01 孙倩 contracts/2024-017 number.audience removed: legal > –",
            "2025-03-01 孙倩 contracts/2024-017 text:价格条款.audience removed: finance > –",
        ]
    );
}

#[test]
fn the_message_of_a_merge_stands_beside_what_it_settled_and_old_names_lead_on() {
    let bed = begun();
    bed.git(&["checkout", "-q", "-b", "side"]);
    contract(&bed, "1280000", "1500000");
    bed.commit_as("李薇", "2025-02-01", "side");
    bed.git(&["checkout", "-q", "main"]);
    contract(&bed, "1280000", "1400000");
    bed.commit_as("孙倩", "2025-02-02", "main");
    bed.git(&["merge", "-q", "--no-commit", "-s", "ours", "side"]);
    contract(&bed, "1280000", "1450000");
    bed.git(&["add", "-A"]);
    bed.conclude("赵敏", "2025-03-01", "合并\n\nReason: 当面核对\nApproved-by: 孙倩");
    let run = bed.run(&["history", "yunxi/contracts/2024-017", "--field", "amount"]);
    assert!(run.data.contains("reason: 当面核对") && run.data.contains("approved by: 孙倩"), "{}", run.data);
    bed.git(&["mv", &format!("{HOME}/contracts/2024-017.md"), &format!("{HOME}/contracts/K-17.md")]);
    bed.commit_as("李薇", "2025-04-01", "改编号");
    let by_old_name = told(&bed, &["yunxi/contracts/2024-017", "--field", "amount"]);
    assert!(by_old_name.iter().all(|line| line.contains("contracts/K-17 amount")), "{by_old_name:#?}");
}

#[test]
fn a_rewritten_history_is_said_and_a_message_in_the_same_words_stops_no_build() {
    let bed = Bed::new();
    bed.commit_as("sun", "2026-01-05", "begun");
    let (site, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let state = [("XDG_STATE_HOME", state.path().to_str().unwrap())];
    let output = site.path().join("site");
    let build = || bed.run_with(&["build", ".", "--output", output.to_str().unwrap()], &state);
    assert_eq!(build().code, 0);
    bed.write("customers/yunxi/contracts/2024-018.md", &bed.read("customers/yunxi/contracts/2024-017.md"));
    bed.git(&["add", "-A"]);
    // The contract is restricted, and so is what is said of it.
    bed.git(&[
        "commit",
        "-q",
        "--amend",
        "-m",
        "The agent, which told it up to the price, was rewritten after the last talk",
    ]);
    let run = build();
    assert_eq!(run.code, 0, "{}", run.words);
    assert!(run.words.contains("the history was rewritten after the last publication"), "{}", run.words);
}
