//! `history` of dossiers as wholes: regrouped, renamed, gone; and of records that opened on their day.

use super::bed::{Bed, CONTRACT, Run};
use super::history::{begun, told};

const ROOT: &str = "name: 云溪水电\ntier: gold\nindustry: 电力\naccount_manager: 孙倩\naudience: staff\n";

fn moved(bed: &Bed, from: &str, to: &str) {
    let place = bed.path().join("customers").join(to);
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    bed.git(&["mv", &format!("customers/{from}"), &format!("customers/{to}")]);
}

/// What people are told, without the heads of commits.
fn said(run: &Run) -> String {
    assert_eq!(run.code, 0, "{}", run.words);
    run.data.clone()
}

#[test]
fn a_dossier_that_was_regrouped_is_told_once_and_not_file_by_file() {
    let bed = begun();
    moved(&bed, "yunxi", "energy/yunxi");
    bed.commit_as("陶然", "2025-02-01", "分组");
    moved(&bed, "energy/yunxi", "state/power/yunxi");
    bed.commit_as("叶青", "2025-03-01", "改组");
    moved(&bed, "state/power/yunxi", "yunxi");
    bed.commit_as("叶青", "2025-04-01", "不分组");
    assert_eq!(
        told(&bed, &["yunxi", "--since", "2025-02-01"]),
        [
            "2025-02-01 陶然 dossier record.group added: – > energy",
            "2025-03-01 叶青 dossier record.group changed: energy > state/power",
            "2025-04-01 叶青 dossier record.group removed: state/power > –",
        ]
    );
    let words = said(&bed.run(&["history", "yunxi", "--since", "2025-02-01"]));
    assert!(words.contains("moved to group energy"), "{words}");
    assert!(words.contains("moved from group energy to group state/power"), "{words}");
    assert!(words.contains("moved out of group state/power"), "{words}");
}

#[test]
fn a_dossier_whose_files_became_others_as_it_was_regrouped_goes_on_all_the_same() {
    let bed = begun();
    let other = "name: 别的名字\ntier: gold\nindustry: 水利\naccount_manager: 李薇\naudience: staff\n";
    bed.git(&["rm", "-q", "-r", "customers/yunxi"]);
    bed.write("customers/water/yunxi/dossier.yaml", other);
    bed.write(
        "customers/water/yunxi/contracts/2024-017.md",
        "---\nnumber: K\ntitle: 另一份\n---\nNothing is as it was.\n",
    );
    bed.commit_as("叶青", "2025-02-01", "改组并重写");
    let all = told(&bed, &["yunxi", "--since", "2025-02-01"]);
    assert!(all.contains(&"2025-02-01 叶青 dossier record.group added: – > water".to_owned()), "{all:#?}");
    assert!(all.contains(&"2025-02-01 叶青 dossier industry changed: 电力 > 水利".to_owned()), "{all:#?}");
    assert!(
        all.contains(&"2025-02-01 叶青 contracts/2024-017 title changed: 专线租用合同 > 另一份".to_owned()),
        "{all:#?}"
    );
    assert!(!all.iter().any(|line| line.contains(" record removed") || line.contains(" record added")), "{all:#?}");
}

#[test]
fn a_renamed_dossier_is_told_once_under_both_names() {
    let bed = begun();
    moved(&bed, "yunxi", "yunxi-hydropower");
    bed.commit_as("叶青", "2025-02-01", "改名");
    let renamed = told(&bed, &["yunxi-hydropower", "--since", "2025-02-01"]);
    assert_eq!(renamed, ["2025-02-01 叶青 dossier record moved: yunxi/dossier.yaml > –"]);
    let founding = told(&bed, &["yunxi-hydropower/contracts/2024-017", "--field", "amount"]);
    assert_eq!(founding, ["2025-01-01 孙倩 contracts/2024-017 amount added: – > 1,280,000 元"]);
    let left = told(&bed, &["yunxi", "--since", "2025-02-01"]);
    assert!(
        left.contains(&"2025-02-01 叶青 dossier record left: yunxi-hydropower/dossier > –".to_owned()),
        "{left:#?}"
    );
}

#[test]
fn an_opening_is_told_as_it_is_set_moved_reached_and_taken_back() {
    let bed = begun();
    let path = "customers/yunxi/contracts/2024-017.md";
    let with = |day: &str| CONTRACT.replace("amount:", &format!("open_from: {day}\namount:"));
    bed.write(path, &with("2025-06-01"));
    bed.commit_as("赵敏", "2025-02-01", "到期公开");
    bed.write(path, &with("2025-07-01"));
    bed.commit_as("赵敏", "2025-03-01", "推迟");
    bed.write(path, &with("2025-07-01").replace("leases a line", "leases two lines"));
    bed.commit_as("李薇", "2025-08-01", "改正文");
    bed.write(path, &CONTRACT.replace("leases a line", "leases two lines"));
    bed.commit_as("赵敏", "2025-09-01", "收回");
    let all = told(&bed, &["yunxi/contracts/2024-017", "--since", "2025-02-01"]);
    let record = "contracts/2024-017 open_from";
    assert_eq!(
        all[..3],
        [
            format!("2025-02-01 赵敏 {record} added: – > 2025-06-01"),
            format!("2025-03-01 赵敏 {record} changed: 2025-06-01 > 2025-07-01"),
            // In the order of time, with the commit that had set it; the first day never came.
            format!("2025-03-01 赵敏 {record} opened: – > 2025-07-01"),
        ]
    );
    assert!(all[3].starts_with("2025-08-01 李薇 contracts/2024-017 text changed"), "{all:#?}");
    assert_eq!(all[4..], [format!("2025-09-01 赵敏 {record} removed: 2025-07-01 > –")]);
    let of_that_day = ["yunxi", "--since", "2025-07-01", "--until", "2025-07-01"];
    assert_eq!(told(&bed, &of_that_day), [format!("2025-03-01 赵敏 {record} opened: – > 2025-07-01")]);
    let words = said(&bed.run(&[&["history"], &of_that_day[..]].concat()));
    assert!(words.starts_with("2025-07-01  as 赵敏 had set in "), "{words}");
    assert!(words.contains("opened: its own audience ended"), "{words}");
}

#[test]
fn an_opening_to_come_or_set_for_a_day_gone_by_is_told_with_its_commit_alone() {
    let bed = begun();
    let with = |day: &str| CONTRACT.replace("amount:", &format!("open_from: {day}\namount:"));
    bed.write("customers/yunxi/contracts/2024-017.md", &with("2025-01-15"));
    bed.write("customers/yunxi/contracts/K-2.md", &with("2027-01-15").replace("2024-017", "K-2"));
    bed.commit_as("赵敏", "2025-02-01", "公开");
    let all = told(&bed, &["yunxi", "--field", "open_from"]);
    assert_eq!(
        all,
        [
            "2025-02-01 赵敏 contracts/2024-017 open_from added: – > 2025-01-15",
            "2025-02-01 赵敏 contracts/K-2 open_from added: – > 2027-01-15",
        ]
    );
}

#[test]
fn a_dossier_that_is_gone_has_its_history_and_so_has_each_record_in_it() {
    let bed = begun();
    bed.write("customers/other/dossier.yaml", &ROOT.replace("云溪水电", "另一客户"));
    bed.commit_as("孙倩", "2025-02-01", "另一卷");
    std::fs::remove_dir_all(bed.path().join("customers/yunxi")).unwrap();
    bed.commit_as("叶青", "2025-03-01", "移除");
    let all = told(&bed, &["yunxi"]);
    assert!(all.contains(&"2025-03-01 叶青 dossier record removed: 案卷 > –".to_owned()), "{all:#?}");
    let record = told(&bed, &["yunxi/contracts/2024-017", "--field", "record"]);
    let deeds: Vec<&str> = record.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(
        deeds,
        ["2025-01-01 孙倩 contracts/2024-017 record added", "2025-03-01 叶青 contracts/2024-017 record removed"]
    );
}

#[test]
fn a_dossier_is_gone_as_soon_as_its_own_file_is() {
    let bed = begun();
    std::fs::remove_file(bed.path().join("customers/yunxi/dossier.yaml")).unwrap();
    bed.commit_as("叶青", "2025-03-01", "只删了根");
    let all = told(&bed, &["yunxi", "--since", "2025-03-01"]);
    assert_eq!(all, ["2025-03-01 叶青 dossier record removed: 案卷 > –"]);
}
