//! `history` of series: under the name that their rows have now, whatever described them.

use super::bed::Bed;
use super::history::{begun, told};

const TABLE: &str = "customers/yunxi/traffic/2025.csv";
const DESCRIBED: &str = "customers/yunxi/traffic/all.yaml";
const DESCRIPTION: &str = "type: traffic\ntitle: 流量\naudience: finance\nrows: [2025.csv]\n";

fn rows(inbound: u32) -> String {
    format!("week,inbound,outbound\n2025-W01,10,20\n2025-W02,{inbound},21\n")
}

/// An archive with a table, and this in a record that describes it, where it does.
fn counted(description: Option<&str>) -> Bed {
    let bed = begun();
    bed.write(TABLE, &rows(11));
    if let Some(text) = description {
        bed.write(DESCRIBED, text);
    }
    bed.commit_as("孙倩", "2025-02-01", "流量");
    bed.write(TABLE, &rows(12));
    bed.commit_as("孙倩", "2025-03-01", "更正");
    bed
}

/// Where the corrected cell stands, and who may read it.
fn corrected(bed: &Bed) -> Vec<String> {
    let run = bed.run(&["history", "yunxi", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&run.data).unwrap();
    let changes = answer["changes"].as_array().unwrap().iter().filter(|change| change["part"] == "inbound[2025-W02]");
    let text = |change: &serde_json::Value, key: &str| change[key].as_str().unwrap_or("–").to_owned();
    changes.map(|change| format!("{}: {}", text(change, "record"), text(change, "audience"))).collect()
}

#[test]
fn rows_stand_under_the_name_of_what_describes_them_now() {
    let bed = counted(Some(DESCRIPTION));
    assert_eq!(corrected(&bed), ["traffic/all: finance"]);
    bed.git(&["mv", DESCRIBED, "customers/yunxi/traffic/main.yaml"]);
    bed.commit_as("赵敏", "2025-04-01", "改名");
    assert_eq!(corrected(&bed), ["traffic/main: finance"]);
    assert!(!told(&bed, &["yunxi/traffic/main"]).is_empty());
}

#[test]
fn rows_whose_description_went_keep_what_it_asked() {
    let bed = counted(Some(DESCRIPTION));
    std::fs::remove_file(bed.path().join(DESCRIBED)).unwrap();
    bed.commit_as("赵敏", "2025-04-01", "不再说明");
    let own = bed.run(&["access", "--record", "yunxi/traffic", "--format", "json"]);
    assert_eq!(own.code, 0, "{}", own.words);
    let found = corrected(&bed);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("traffic: ") && found[0].contains("finance"), "{found:?}");
}

#[test]
fn rows_that_were_described_later_stand_under_the_description() {
    let bed = counted(None);
    let before = corrected(&bed);
    assert!(before[0].starts_with("traffic: "), "{before:?}");
    bed.write(DESCRIBED, DESCRIPTION);
    bed.commit_as("赵敏", "2025-04-01", "加说明");
    let found = corrected(&bed);
    assert!(found[0].starts_with("traffic/all: ") && found[0].contains("finance"), "{found:?}");
}

#[test]
fn a_table_that_came_before_anything_described_it_is_told_as_soon_as_something_does() {
    let bed = begun();
    bed.write("customers/yunxi/data/2025.csv", &rows(11));
    bed.commit_as("孙倩", "2025-02-01", "一张表");
    bed.write(DESCRIBED, &DESCRIPTION.replace("2025.csv", "../data/2025.csv"));
    bed.commit_as("孙倩", "2025-03-01", "说明");
    let all = told(&bed, &["yunxi/traffic/all"]);
    assert!(all.iter().any(|line| line.contains(" rows added: ")), "{all:#?}");
    bed.write("customers/yunxi/data/2025.csv", &rows(12));
    bed.commit_as("孙倩", "2025-04-01", "更正");
    let all = told(&bed, &["yunxi/traffic/all"]);
    assert!(all.iter().any(|line| line.contains("inbound[2025-W02] changed: 11 Mbit/s > 12 Mbit/s")), "{all:#?}");
}
