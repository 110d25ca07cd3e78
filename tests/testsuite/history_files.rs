//! `history` of attachments: under the name of their record, whatever became of either.

use super::bed::{Bed, CONTRACT};
use super::history::{begun, told};
use std::fs::remove_file;

const HOME: &str = "customers/yunxi/contracts";

/// The contract with these attachments.
fn with(files: &str) -> String {
    CONTRACT.replace("amount:", &format!("attachments: [{files}]\namount:"))
}

fn path(bed: &Bed, file: &str) -> std::path::PathBuf {
    bed.path().join(HOME).join(file)
}

/// An archive with a contract and its scan, which came in a second commit.
fn scanned() -> Bed {
    let bed = begun();
    bed.write(&format!("{HOME}/2024-017.md"), &with("a.pdf"));
    bed.write_bytes(&format!("{HOME}/a.pdf"), b"12345");
    bed.commit_as("李薇", "2025-02-01", "扫描件");
    bed
}

/// What is told of attachments, without the digests.
fn files(bed: &Bed, what: &str) -> Vec<String> {
    let shorter = |line: String| {
        let words: Vec<&str> = line.split(' ').collect();
        let kept = words.iter().filter(|word| word.len() != 10 || !word.bytes().all(|b| b.is_ascii_hexdigit()));
        kept.copied().collect::<Vec<_>>().join(" ").replace("bytes,", "bytes")
    };
    told(bed, &[what, "--field", "attachments"]).into_iter().map(shorter).collect()
}

#[test]
fn past_attachments_stand_under_the_name_that_their_record_has_now() {
    let bed = scanned();
    bed.write_bytes(&format!("{HOME}/a.pdf"), b"1234567");
    bed.commit_as("李薇", "2025-03-01", "重扫");
    bed.git(&["mv", &format!("{HOME}/2024-017.md"), &format!("{HOME}/K-17.md")]);
    bed.commit_as("赵敏", "2025-04-01", "改编号");
    let expected = [
        "2025-02-01 李薇 contracts/K-17 attachments:a.pdf added: – > 5 bytes",
        "2025-03-01 李薇 contracts/K-17 attachments:a.pdf changed: 5 bytes > 7 bytes",
    ];
    assert_eq!(files(&bed, "yunxi/contracts/K-17"), expected);
    assert_eq!(files(&bed, "yunxi/contracts/2024-017"), expected, "an old name leads on");
    remove_file(path(&bed, "K-17.md")).unwrap();
    remove_file(path(&bed, "a.pdf")).unwrap();
    bed.commit_as("赵敏", "2025-05-01", "销毁");
    let gone = files(&bed, "yunxi");
    assert_eq!(gone[..2], expected);
    assert_eq!(gone[2], "2025-05-01 赵敏 contracts/K-17 attachments:a.pdf removed: 7 bytes > –");
}

#[test]
fn attachments_that_went_to_another_dossier_with_their_record_are_told_in_both() {
    let bed = scanned();
    bed.write(
        "customers/other/dossier.yaml",
        "name: 另一客户\ntier: gold\nindustry: 电力\naccount_manager: 孙倩\naudience: staff\n",
    );
    bed.write("customers/other/contracts/2024-017.md", &with("a.pdf"));
    bed.write_bytes("customers/other/contracts/a.pdf", b"12345");
    remove_file(path(&bed, "2024-017.md")).unwrap();
    remove_file(path(&bed, "a.pdf")).unwrap();
    bed.commit_as("赵敏", "2025-03-01", "移交");
    let came = "2025-02-01 李薇 contracts/2024-017 attachments:a.pdf added: – > 5 bytes";
    let moved = "2025-03-01 赵敏 contracts/2024-017 attachments:a.pdf moved: yunxi/contracts/a.pdf > 5 bytes";
    let left = "2025-03-01 赵敏 contracts/2024-017 attachments:a.pdf left: other/contracts/a.pdf > –";
    assert_eq!(files(&bed, "other"), [came, moved]);
    assert_eq!(files(&bed, "yunxi"), [came, left]);
}

#[test]
fn a_file_is_told_of_a_record_while_the_record_names_it() {
    let bed = begun();
    bed.write_bytes(&format!("{HOME}/a.pdf"), b"12345");
    bed.commit_as("李薇", "2025-02-01", "先存文件");
    bed.write(&format!("{HOME}/2024-017.md"), &with("a.pdf"));
    bed.commit_as("李薇", "2025-03-01", "再登记");
    bed.write(&format!("{HOME}/2024-017.md"), CONTRACT);
    bed.commit_as("孙倩", "2025-04-01", "不再附");
    bed.write_bytes(&format!("{HOME}/a.pdf"), b"1234567");
    bed.commit_as("孙倩", "2025-05-01", "没有人附的文件");
    bed.write(&format!("{HOME}/2024-017.md"), &with("a.pdf"));
    bed.commit_as("孙倩", "2025-06-01", "又附上");
    assert_eq!(
        files(&bed, "yunxi"),
        [
            "2025-03-01 李薇 contracts/2024-017 attachments:a.pdf added: – > 5 bytes",
            "2025-04-01 孙倩 contracts/2024-017 attachments:a.pdf removed: 5 bytes > –",
            "2025-06-01 孙倩 contracts/2024-017 attachments:a.pdf added: – > 7 bytes",
        ]
    );
}

#[test]
fn a_record_that_went_and_came_back_has_the_history_of_its_file_as_well() {
    let bed = scanned();
    remove_file(path(&bed, "2024-017.md")).unwrap();
    bed.commit_as("孙倩", "2025-03-01", "误删");
    bed.write(&format!("{HOME}/2024-017.md"), &with("a.pdf"));
    bed.commit_as("孙倩", "2025-04-01", "恢复");
    assert_eq!(
        files(&bed, "yunxi/contracts/2024-017"),
        [
            "2025-02-01 李薇 contracts/2024-017 attachments:a.pdf added: – > 5 bytes",
            "2025-03-01 孙倩 contracts/2024-017 attachments:a.pdf removed: 5 bytes > –",
            "2025-04-01 孙倩 contracts/2024-017 attachments:a.pdf added: – > 5 bytes",
        ]
    );
}

#[test]
fn a_record_that_could_not_be_read_for_a_while_keeps_its_files() {
    let bed = scanned();
    bed.write(&format!("{HOME}/2024-017.md"), "---\nnumber: [\n---\n");
    bed.commit_as("李薇", "2025-03-01", "写坏了");
    bed.write_bytes(&format!("{HOME}/a.pdf"), b"1234567");
    bed.commit_as("李薇", "2025-04-01", "重扫");
    bed.write(&format!("{HOME}/2024-017.md"), &with("a.pdf"));
    bed.commit_as("李薇", "2025-05-01", "补正");
    assert_eq!(
        files(&bed, "yunxi/contracts/2024-017"),
        [
            "2025-02-01 李薇 contracts/2024-017 attachments:a.pdf added: – > 5 bytes",
            "2025-04-01 李薇 contracts/2024-017 attachments:a.pdf changed: 5 bytes > 7 bytes",
        ]
    );
}

#[test]
fn a_renamed_file_goes_on_under_its_new_name_and_two_may_change_places() {
    let bed = scanned();
    bed.git(&["mv", &format!("{HOME}/a.pdf"), &format!("{HOME}/b.pdf")]);
    bed.write(&format!("{HOME}/2024-017.md"), &with("b.pdf"));
    bed.commit_as("李薇", "2025-03-01", "改名");
    bed.write(&format!("{HOME}/2024-017.md"), &with("b.pdf, c.pdf"));
    bed.write_bytes(&format!("{HOME}/c.pdf"), b"123");
    bed.commit_as("李薇", "2025-04-01", "又一件");
    bed.write_bytes(&format!("{HOME}/c.pdf"), b"12345");
    bed.write_bytes(&format!("{HOME}/b.pdf"), b"123");
    bed.commit_as("李薇", "2025-05-01", "对调");
    assert_eq!(
        files(&bed, "yunxi"),
        [
            "2025-02-01 李薇 contracts/2024-017 attachments:a.pdf added: – > 5 bytes",
            "2025-03-01 李薇 contracts/2024-017 attachments:b.pdf moved: yunxi/contracts/a.pdf > 5 bytes",
            "2025-04-01 李薇 contracts/2024-017 attachments:c.pdf added: – > 3 bytes",
            "2025-05-01 李薇 contracts/2024-017 attachments:b.pdf changed: 5 bytes > 3 bytes",
            "2025-05-01 李薇 contracts/2024-017 attachments:c.pdf changed: 3 bytes > 5 bytes",
        ]
    );
}

#[test]
fn a_file_that_goes_from_one_record_to_another_is_told_of_both() {
    let bed = scanned();
    bed.write(&format!("{HOME}/2024-017.md"), CONTRACT);
    bed.write(&format!("{HOME}/2024-018.md"), &with("a.pdf").replace("number: 2024-017", "number: 2024-018"));
    bed.commit_as("赵敏", "2025-03-01", "归入另一合同");
    assert_eq!(
        files(&bed, "yunxi"),
        [
            "2025-02-01 李薇 contracts/2024-017 attachments:a.pdf added: – > 5 bytes",
            "2025-03-01 赵敏 contracts/2024-017 attachments:a.pdf removed: 5 bytes > –",
            "2025-03-01 赵敏 contracts/2024-018 attachments:a.pdf added: – > 5 bytes",
        ]
    );
    assert_eq!(files(&bed, "yunxi/contracts/2024-018").len(), 1);
}

#[test]
fn an_item_that_gets_another_key_takes_its_file_along() {
    let bed = begun();
    let people = |id: &str, file: &str| format!("records:\n  - {{id: {id}, name: 廖青, attachments: [{file}]}}\n");
    bed.write("customers/yunxi/contacts/people.yaml", &people("liao", "liao.jpg"));
    bed.write_bytes("customers/yunxi/contacts/liao.jpg", b"12345");
    bed.commit_as("孙倩", "2025-02-01", "联系人");
    bed.write("customers/yunxi/contacts/people.yaml", &people("liao-qing", "liao-qing.jpg"));
    bed.git(&["mv", "customers/yunxi/contacts/liao.jpg", "customers/yunxi/contacts/liao-qing.jpg"]);
    bed.commit_as("孙倩", "2025-03-01", "改键");
    assert_eq!(
        files(&bed, "yunxi"),
        [
            "2025-02-01 孙倩 contacts/people/liao attachments:liao.jpg added: – > 5 bytes",
            "2025-03-01 孙倩 contacts/people/liao attachments:liao.jpg removed: 5 bytes > –",
            "2025-03-01 孙倩 contacts/people/liao-qing attachments:liao-qing.jpg moved: yunxi/contacts/liao.jpg > 5 bytes",
        ]
    );
}

#[test]
fn a_file_replaced_on_a_branch_is_told_once() {
    let bed = scanned();
    bed.git(&["checkout", "-q", "-b", "side"]);
    bed.write_bytes(&format!("{HOME}/a.pdf"), b"1234567");
    bed.commit_as("李薇", "2025-03-01", "side");
    bed.git(&["checkout", "-q", "main"]);
    bed.write(&format!("{HOME}/2024-017.md"), &with("a.pdf").replace("1280000", "1400000"));
    bed.commit_as("孙倩", "2025-03-02", "main");
    bed.git(&["merge", "-q", "--no-commit", "--no-ff", "side"]);
    bed.conclude("赵敏", "2025-04-01", "merged");
    assert_eq!(
        files(&bed, "yunxi"),
        [
            "2025-02-01 李薇 contracts/2024-017 attachments:a.pdf added: – > 5 bytes",
            "2025-03-01 李薇 contracts/2024-017 attachments:a.pdf changed: 5 bytes > 7 bytes",
        ]
    );
}
