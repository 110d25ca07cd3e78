//! Markings and restrictions that one person alone decided, on histories that are made for it.

use super::guarded_tests::Told;

const SETTINGS: &str = "audiences: {legal: {readers: []}}\nfour_eyes: {markings: required, restrictions: required}\n";
const FILE: &str = "customers/yunxi/contracts/a.md";
const LIST: &str = "customers/yunxi/circuits/all.yaml";
const MARKED: &str = "---\nnumber: A\nmarking: {level: 商密, basis: 合同}\n---\nText.\n";

fn begun(settings: &str) -> Told {
    let mut told = Told::default();
    let reader = "name: {zh: 孙倩, en: Sun Qian}\nkeys: []\n";
    told.put(
        &[],
        Some("sun-qian"),
        &[
            ("strongroom.yaml", settings),
            ("readers/sun-qian.yaml", reader),
            ("customers/yunxi/dossier.yaml", "name: 云溪\naudience: staff\n"),
            (FILE, "---\nnumber: A\n---\nText.\n"),
            (LIST, "records:\n  - {number: A, from: x}\n  - {number: B, from: y}\n"),
        ],
    );
    told
}

/// What is found after one commit by Sun Qian with this file and this end of its message, without the count.
fn found(path: &str, text: &str, trailer: &str) -> Vec<(&'static str, String)> {
    let mut told = begun(SETTINGS);
    let at = told.put(&[0], Some("sun-qian"), &[(path, text)]);
    told.commits[at].message = format!("定密\n\n{trailer}\n");
    codes(&told)
}

fn codes(told: &Told) -> Vec<(&'static str, String)> {
    let mut findings = told.findings();
    findings.retain(|finding| finding.code.0 != "decisions-counted");
    assert!(findings.iter().all(|finding| !finding.remedy.is_empty()));
    findings.into_iter().map(|finding| (finding.code.0, finding.message)).collect()
}

#[test]
fn a_marking_that_one_person_set_changed_or_removed_is_told_with_commit_and_person() {
    let alone = found(FILE, MARKED, "");
    assert_eq!((alone.len(), alone[0].0), (1, "decided-alone"), "{alone:?}");
    for said in ["by ‹sun-qian› decided the marking of ‹yunxi/contracts/a›", "of 2026-03-02"] {
        assert!(alone[0].1.contains(said), "{alone:?}");
    }
    let mut told = begun(SETTINGS);
    for text in [
        MARKED,
        &MARKED.replace("合同", "标书"),
        &MARKED.replace("合同", "标书").replace("Text", "Other"),
        "---\nnumber: A\n---\nText.\n",
    ] {
        told.put(&[told.commits.len() - 1], Some("sun-qian"), &[(FILE, text)]);
    }
    assert_eq!(codes(&told).len(), 3, "what leaves the marking as it is decides nothing");
}

#[test]
fn a_second_person_is_one_whoever_spells_the_name() {
    assert_eq!(found(FILE, MARKED, "Approved-by: Wu Jie <wu.jie@yunxi.example>"), []);
    assert_eq!(found(FILE, MARKED, "批准：吴洁"), []);
    for name in ["sun-qian", "孙倩", "Sun Qian", "S. Q. <sun.qian@yunxi.example>"] {
        let found = found(FILE, MARKED, &format!("Approved-by: {name}"));
        assert_eq!((found.len(), found[0].0), (1, "decision-self-approved"), "{name}");
    }
    let both = found(FILE, MARKED, "Co-authored-by: Wu Jie <wu.jie@yunxi.example>\nApproved-by: Wu Jie");
    assert_eq!(both[0].0, "decision-self-approved", "whoever wrote it along approves nothing");
}

#[test]
fn restrictions_are_decisions_too_wherever_they_stand() {
    for (path, text) in [
        (FILE, "---\nnumber: A\naudience: legal\n---\nText.\n"),
        (FILE, "---\nnumber: A\nrestrict: {number: legal}\n---\nText.\n"),
        (FILE, "---\nnumber: A\n---\nText.\n\n## Price {audience=legal}\n\nOne.\n"),
        ("customers/yunxi/dossier.yaml", "name: 云溪\naudience: legal\n"),
        ("customers/yunxi/contracts/b.md", "---\nnumber: B\naudience: legal\n---\n"),
        (LIST, "records:\n  - {number: A, from: x}\n  - {number: B, from: y, audience: legal}\n"),
    ] {
        let found = found(path, text, "");
        assert_eq!((found.len(), found[0].0), (1, "decided-alone"), "{path} {text}");
        assert!(found[0].1.contains("who may read"), "{found:?}");
    }
    assert_eq!(found(FILE, "---\nnumber: B\n---\nThe audience was small.\n", ""), []);
}

#[test]
fn an_approval_or_a_later_commit_of_another_person_stands_in() {
    let approval = |by: &str, on: &str| {
        let mut told = begun(SETTINGS);
        told.put(&[0], Some("sun-qian"), &[(FILE, MARKED)]);
        let text = format!(
            "---\nsubject: yunxi/contracts/a\nsubmitted_by: 孙倩\napproved_by: {by}\napproved_on: {on}\ndecision: approved\n---\n"
        );
        told.put(&[1], Some("sun-qian"), &[("customers/yunxi/approvals/a.md", &text)]);
        codes(&told).into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(approval("吴洁", "2026-02-20"), [""; 0]);
    assert_eq!(approval("吴洁", "2025-02-20"), ["decided-alone"], "given long before, it was for something else");
    assert_eq!(approval("孙倩", "2026-02-20"), ["decision-self-approved"]);
    let mut told = begun(SETTINGS);
    told.put(&[0], Some("sun-qian"), &[(FILE, MARKED)]);
    let id = codes(&told)[0].1.split(' ').nth(1).unwrap().to_owned();
    for (by, left) in [(Some("sun-qian"), 1), (Some("wu-jie"), 0)] {
        let at = told.put(&[1], by, &[]);
        told.commits[at].message = format!("补批\n\nRatifies: {id}\n");
        assert_eq!(codes(&told).len(), left, "{by:?}");
        told.commits.pop();
        told.signed.pop();
    }
}

#[test]
fn nothing_is_asked_before_the_settings_ask_and_decisions_are_counted_by_level() {
    let mut told = begun("audiences: {legal: {readers: []}}\n");
    told.put(&[0], Some("sun-qian"), &[(FILE, MARKED)]);
    told.put(&[1], Some("sun-qian"), &[("strongroom.yaml", &SETTINGS.replace(", restrictions: required", ""))]);
    told.put(&[2], Some("sun-qian"), &[(FILE, "---\nnumber: A\naudience: legal\n---\n")]);
    let at = told.put(&[3], Some("sun-qian"), &[(FILE, MARKED)]);
    told.commits[at].message = "定密\n\n批准：吴洁\n".to_owned();
    let findings = told.findings();
    let counted = findings.iter().find(|finding| finding.code.0 == "decisions-counted").unwrap();
    assert!(counted.message.ends_with("by level: ‹商密›: 1 of 2"), "{}", counted.message);
    assert_eq!(codes(&told).len(), 1, "taking it away was decided alone");
}
