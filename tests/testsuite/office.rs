//! The secrecy office: inspections that begin with what can be measured, and registers of a repository of their own.

use super::bed::Bed;

const LIST: &str = "\
version: 第一版
in_force: 2026-01-01
scope: 档案库
items:
  - {id: A1, question: 柜子是否上锁}
  - {id: B1, question: 培训是否有效, measure: trainings}
  - {id: B2, question: 密钥是否都在三年以内, measure: keys}
  - {id: B3, question: 知悉范围是否都有人用, measure: audiences}
  - {id: B4, question: 是否没有宽于类型的记录, measure: widened}
  - {id: B5, question: 将开放的是否看过, measure: openings}
  - {id: B6, question: 提交是否签名, measure: signatures}
  - {id: B7, question: 检查是否安装, measure: hooks}
";
const BREACH: &str = "registers/breaches/2026-01.md";
const BREACHED: &str = "---\ntitle: 误发\ndate: 2026-03-02\nperson: 周岚\nfinding: 把方案发到了私人邮箱\n---\n";

/// An archive whose audiences have no reader for compliance, with a checklist that another took the place of.
fn inspected() -> Bed {
    let bed = Bed::new();
    let old = LIST.replace("2026-01-01", "2024-01-01").replace("柜子是否上锁", "旧问题");
    bed.write("registers/checklists/old.yaml", &old);
    bed.write("registers/checklists/v1.yaml", &format!("{LIST}supersedes: registers/checklists/old\n"));
    let later = LIST.replace("2026-01-01", "2027-01-01").replace("柜子是否上锁", "新问题");
    bed.write("registers/checklists/v2.yaml", &format!("{later}supersedes: registers/checklists/v1\n"));
    bed.write("customers/yunxi/contracts/open.md", "---\nnumber: X1\naudience: staff\n---\n");
    bed.write("customers/yunxi/contracts/later.md", "---\nnumber: X2\naudience: finance\nopen_from: 2026-12-24\n---\n");
    bed.commit_as("zhao", "2022-05-06", "begin");
    bed
}

#[test]
fn an_inspection_begins_with_the_checklist_in_force_and_what_can_be_measured() {
    let bed = inspected();
    let run = bed.run(&["new", "inspection"]);
    assert_eq!((run.code, run.data.as_str()), (0, "./registers/inspections/2026-11-23.md\n"), "{}", run.words);
    let text = bed.read("registers/inspections/2026-11-23.md");
    assert!(text.contains("checklist: registers/checklists/v1\n") && text.contains("柜子是否上锁"), "{text}");
    assert!(!text.contains("旧问题") && !text.contains("新问题"), "{text}");
    for (measured, answer) in [
        ("2 位查阅人，培训不在有效期内的 0 位", "yes"),
        ("共 2 把密钥，最早的自 2022-05-06 起使用；超过三年的 2 把：li-wei 2022-05-06、zhao-min 2022-05-06", "no"),
        ("4 个知悉范围；无人的 2：compliance、sales", "no"),
        ("知悉范围宽于其类型的记录 1 件：customers/yunxi/contracts/open.md", "no"),
        ("九十天内开放的记录 1 件：2026-12-24 yunxi/contracts/later；以后还有 0 件", "?"),
        ("1 次提交，没有可信签名的 1 次（其中未签名 1 次）", "no"),
        ("这份副本里没有安装", "no"),
    ] {
        let line =
            text.lines().position(|line| line.contains(measured)).unwrap_or_else(|| panic!("{measured}: {text}"));
        let before = text.lines().nth(line - 1).unwrap();
        let said = if answer == "?" { "# answer:" } else { &format!("answer: {answer}") };
        assert!(before.trim_start().starts_with(said), "{measured}: {before}");
        assert!(text.lines().nth(line).unwrap().contains("程序于 2026-11-23 查得，提交 "));
    }
}

#[test]
fn what_was_measured_is_for_the_oversight_and_what_is_open_is_told_until_it_is_answered() {
    let bed = inspected();
    bed.run(&["new", "inspection", "--name", "a"]);
    let path = "registers/inspections/a.md";
    let text = bed.read(path);
    assert!(text.contains("restrict: {answers.evidence: compliance}\n"), "{text}");
    bed.expect_error("missing-field", path, 0);
    bed.write(path, &text.replace("inspector:  ", "inspector: 吴洁  "));
    let settings = bed.read("strongroom.yaml").replace("  sales:", "  management: {readers: []}\n  sales:");
    bed.write("strongroom.yaml", &settings);
    let found = bed.found();
    assert!(found.iter().any(|one| one.starts_with("warning inspection-incomplete")), "{found:?}");
    let whole = bed.read(path).replace("    # answer:   # yes, no or not-applicable", "    answer: yes");
    bed.write(path, &whole);
    let found = bed.found();
    assert!(!found.iter().any(|one| one.contains("inspection-incomplete") || one.starts_with("error")), "{found:?}");
}

#[test]
fn without_a_checklist_an_inspection_is_a_record_like_others() {
    let bed = Bed::new();
    bed.run(&["new", "inspection", "--name", "a"]);
    assert!(bed.read("registers/inspections/a.md").contains("# What else may be said"));
}

#[test]
fn registers_of_a_repository_of_their_own_are_read_beside_the_archive() {
    let (bed, office) = (Bed::new(), Bed::bare());
    bed.commit();
    office.write(BREACH, BREACHED);
    office.write("strongroom.yaml", "title: [broken\n");
    office.write("customers/other/dossier.yaml", "nothing: read\n");
    office.commit();
    let with = office.path().to_str().unwrap();
    let count = |arguments: &[&str]| {
        let run = bed.run(arguments);
        assert_eq!(run.code, 0, "{}{}", run.data, run.words);
        run.words.lines().last().unwrap().to_owned()
    };
    assert!(count(&["check"]).contains("1 record in 1 dossier"));
    assert!(count(&["check", "--with", with]).contains("2 records in 1 dossier"));
    let who = bed.run(&["access", "--with", with, "--record", "registers/breaches/2026-01"]);
    assert!(who.data.contains("for compliance"), "{}{}", who.data, who.words);
    office.write(BREACH, &BREACHED.replace("title", "titel"));
    let worse = bed.run(&["check", "--with", with]);
    assert_eq!(worse.code, 1, "the work tree is read where the archive's is");
    let built = bed.run(&["build", "-o", "../site-of-office", "--with", with, "--state", "../state"]);
    assert_eq!(built.code, 0, "a commit is: {}", built.words);
    // The archivist learns which; who sees the site could test guesses at so small a repository by its id.
    let id = git2::Repository::open(office.path()).unwrap().head().unwrap().target().unwrap().to_string();
    let said = built.words.lines().find(|line| line.contains(&id)).unwrap();
    let mark = said.rsplit(' ').next().unwrap();
    let site = bed.path().join("../site-of-office");
    for page in ["index.html", "about/index.html"] {
        let text = std::fs::read_to_string(site.join(page)).unwrap();
        assert!(text.contains(mark) && !text.contains(&id[..7]), "{page}");
    }
}

#[test]
fn a_name_that_stands_in_both_is_refused_and_so_is_what_is_no_register() {
    let (bed, office) = (Bed::new(), Bed::bare());
    office.write("notes.md", "nothing");
    let with = office.path().to_str().unwrap().to_owned();
    let refused = |words: &str| {
        let run = bed.run(&["check", "--with", &with]);
        assert_eq!((run.code, run.data.as_str()), (1, ""), "{}", run.words);
        assert!(run.words.contains(words) && run.words.contains("help: "), "{}", run.words);
    };
    refused("holds no registers/");
    office.write(BREACH, BREACHED);
    bed.write(BREACH, BREACHED);
    refused("stands in the archive and in");
    std::fs::remove_file(bed.path().join(BREACH)).unwrap();
    bed.write("registers/breaches/2026-01.yaml", "person: 周岚\nfinding: 另一件\n");
    let run = bed.run(&["check", "--with", &with]);
    assert!(run.data.contains("double-record"), "{}{}", run.data, run.words);
    std::os::unix::fs::symlink("/etc/passwd", office.path().join("registers/link.md")).unwrap();
    refused("is no file of its own");
}

/// Every byte of the files below a folder.
fn all_bytes(folder: &std::path::Path) -> Vec<u8> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(all_bytes(&entry.path()));
        } else {
            found.extend(std::fs::read(entry.path()).unwrap());
        }
    }
    found
}

#[test]
fn nothing_of_those_registers_stands_in_the_open_and_a_build_without_them_knows_nothing_of_them() {
    let (bed, office) = (Bed::new(), Bed::bare());
    let settings =
        bed.read("strongroom.yaml").replace("compliance: {readers: []}", "compliance: {readers: [zhao-min]}");
    bed.write("strongroom.yaml", &settings);
    bed.commit();
    office.write(BREACH, BREACHED);
    office.commit();
    let out = tempfile::tempdir().unwrap();
    let at = |name: &str| out.path().join(name).to_str().unwrap().to_owned();
    let built = |site: &str, more: &[&str]| {
        let (site, state) = (at(site), at("state"));
        let arguments = ["build", "-o", &site, "--state", &state, "--format", "json"];
        let run = bed.run(&[&arguments, more].concat());
        assert_eq!(run.code, 0, "{}{}", run.data, run.words);
        let said: serde_json::Value = serde_json::from_str(&run.data).unwrap();
        (all_bytes(std::path::Path::new(&site)), said["sealed"].as_u64().unwrap())
    };
    let holds = |bytes: &[u8], words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
    let (plain, fewer) = built("plain", &[]);
    let (bytes, more) = built("with", &["--with", office.path().to_str().unwrap()]);
    assert!(more > fewer, "what they hold is sealed for those who may read it: {more}, {fewer}");
    for words in ["误发", "周岚", "私人邮箱", "breaches/2026-01"] {
        assert!(!holds(&bytes, words), "{words}");
    }
    assert!(holds(&bytes, "另附登记簿") && !holds(&plain, "另附登记簿"));
    let (again, as_before) = built("plain", &[]);
    assert!(!holds(&again, "另附登记簿") && as_before == fewer);
}
