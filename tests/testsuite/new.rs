//! `new`: records ready to fill in.

use super::bed::Bed;

#[test]
fn a_record_lies_in_its_types_folder_and_check_says_what_to_fill_in() {
    let bed = Bed::new();
    let run = bed.run(&["new", "contract", "yunxi"]);
    assert_eq!((run.code, run.data.as_str()), (0, "./customers/yunxi/contracts/2026-001.md\n"), "{}", run.words);
    bed.expect_error("missing-field", "customers/yunxi/contracts/2026-001.md", 5);
    let text = bed.read("customers/yunxi/contracts/2026-001.md");
    bed.write("customers/yunxi/contracts/2026-001.md", &text.replace("number:  ", "number: 2026-001  "));
    let check = bed.run(&["check"]);
    assert_eq!((check.code, check.data.as_str()), (0, ""));
}

#[test]
fn what_stands_as_a_comment_is_sound_when_the_hash_is_taken_away() {
    let bed = Bed::new();
    for name in ["contract", "visit", "fault", "licence"] {
        let run = bed.run(&["new", name, "yunxi", "--name", "x1"]);
        assert_eq!(run.code, 0, "{}", run.words);
        let path = run.data.trim();
        let text: String = bed
            .read(path)
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest)
                    if rest.contains(':')
                        && rest.contains("   #")
                        && !rest.starts_with("restrict")
                        && !rest.contains("CUSTOMER/PATH")
                        && !rest.starts_with("audience") =>
                {
                    format!("{rest}\n")
                }
                _ => format!("{line}\n"),
            })
            .collect();
        bed.write(path, &text);
    }
    let check = bed.run(&["check", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&check.data).unwrap();
    // Words can be sound and a contract still lack its approval and its original's place.
    let lacking = ["missing-field", "unknown-audience", "contract-without-approval", "original-not-located"];
    for finding in report["findings"].as_array().unwrap() {
        assert!(lacking.contains(&finding["code"].as_str().unwrap()), "{finding}");
    }
}

#[test]
fn a_dossier_asks_for_its_audience_instead_of_choosing_one() {
    let bed = Bed::new();
    let run = bed.run(&["new", "dossier", "qingshan"]);
    assert_eq!((run.code, run.data.as_str()), (0, "./customers/qingshan/dossier.yaml\n"), "{}", run.words);
    bed.expect_error("empty-audience", "customers/qingshan/dossier.yaml", 11);
    assert_eq!(bed.run(&["new", "dossier", "energy/yunxi"]).code, 1, "dossiers are known by their folder's name");
}

#[test]
fn a_fresh_dossier_is_two_findings_and_what_it_wrote_says_how_to_go_on() {
    let bed = Bed::new();
    let run = bed.run(&["new", "dossier", "energy/qingshan"]);
    let file = "customers/energy/qingshan/dossier.yaml";
    let found = bed.found();
    assert_eq!(found, [format!("error missing-field {file}:5:1"), format!("error empty-audience {file}:11:9")]);
    let told = bed.run(&["check"]).data;
    let fields = "`name`, `tier`, `industry` and `account_manager` are empty, which the type `dossier` requires";
    assert!(told.contains(fields), "{told}");
    for step in [
        "edit customers/energy/qingshan/dossier.yaml: ",
        "strongroom check   # ",
        "strongroom serve   # ",
        "strongroom new contract qingshan   # ",
        "git add -A && git commit -m \"WHY\"   # ",
    ] {
        assert!(run.words.contains(step), "no {step} in {}", run.words);
    }
    let filled = [
        ("name:  ", "name: 青山水泥  "),
        ("tier:  ", "tier: gold  "),
        ("industry:  ", "industry: 建材  "),
        ("account_manager:  ", "account_manager: 孙倩  "),
        ("audience:  ", "audience: staff  "),
    ];
    let text = filled
        .iter()
        .fold(bed.read(file), |text, (from, to)| text.replacen(&format!("\n{from}"), &format!("\n{to}"), 1));
    bed.write(file, &text);
    let asked = ["warning no-custodian", "warning no-technical-manager"].map(|code| format!("{code} {file}:1:1"));
    assert_eq!(bed.found(), asked, "what was held back is told when the rest is filled in");
    bed.write(file, &text.replace("custodian:  ", "custodian: 陶然  ").replace("tier: gold", "tier: ~"));
    assert_eq!(bed.found(), [format!("error missing-field {file}:6:1")]);
}

#[test]
fn steps_name_the_archive_where_it_lies_elsewhere() {
    let bed = Bed::new();
    let here = bed.path().display().to_string();
    let run = bed.run(&["new", "visit", "yunxi", "--archive", &here]);
    assert!(run.words.contains(&format!("strongroom check {here}   # ")), "{}", run.words);
    assert!(run.words.contains(&format!("git -C {here} add -A && git -C {here} commit")), "{}", run.words);
    let run = bed.run(&["new", "traffic", "yunxi"]);
    assert!(run.words.contains("write a line for each period into customers/yunxi/traffic/2026.csv"), "{}", run.words);
}

#[test]
fn a_series_begins_with_its_header_and_a_register_needs_no_customer() {
    let bed = Bed::new();
    bed.run(&["new", "traffic", "yunxi"]);
    assert_eq!(
        bed.read("customers/yunxi/traffic/2026.csv"),
        "week,voice,inbound,outbound,utilisation,alarms,comment,by,delivered,read_by,read_on\n"
    );
    let run = bed.run(&["new", "training-session"]);
    assert_eq!(run.data, "./registers/training/2026-11-23.md\n");
    assert!(bed.read("registers/training/2026-11-23.md").contains("\ndate: 2026-11-23\n"));
    bed.run(&["new", "training-session"]);
    assert!(bed.path().join("registers/training/2026-11-23-2.md").exists());
}

#[test]
fn nothing_is_overwritten_and_names_stay_inside() {
    let bed = Bed::new();
    for arguments in [
        &["new", "contract", "yunxi", "--name", "2024-017"][..],
        &["new", "contract", "yunxi", "--name", "../../../evil"],
        &["new", "dossier", "../evil"],
        &["new", "dossier", "yunxi"],
        &["new", "dossier"],
    ] {
        let run = bed.run(arguments);
        assert_eq!((run.code, run.data.as_str()), (1, ""), "{arguments:?}");
        assert!(run.words.contains("help: "), "{}", run.words);
    }
}

#[test]
fn unknown_types_and_customers_suggest_the_nearest() {
    let bed = Bed::new();
    assert!(bed.run(&["new", "contrct", "yunxi"]).words.contains("did you mean ‹contract›?"));
    assert!(bed.run(&["new", "contract", "yunix"]).words.contains("did you mean ‹yunxi›?"));
}
