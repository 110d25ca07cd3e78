//! The checks as `check`, `build` and `serve` tell them, their severities, and tables that come from elsewhere.

use super::bed::{Bed, Run};

const TABLE: &str = "customers/yunxi/traffic/2026.csv";

/// Builds the work tree to where nothing else is.
fn build(bed: &Bed) -> Run {
    let aside = tempfile::tempdir().unwrap();
    let at = |name: &str| aside.path().join(name).to_string_lossy().into_owned();
    bed.run(&["build", ".", "-o", &at("site"), "--worktree", "--state", &at("state")])
}

#[test]
fn what_checks_find_is_told_with_its_code_and_stops_nothing() {
    let bed = Bed::new();
    bed.write("customers/yunxi/profile.md", "---\nbusiness: 请打 13812345678\n---\n");
    assert_eq!(bed.found(), ["warning personal-data customers/yunxi/profile.md:2:14"]);
    assert_eq!(bed.run(&["check"]).code, 0);
    assert_eq!(bed.run(&["check", "--strict"]).code, 1);
    let run = build(&bed);
    assert_eq!(run.code, 0, "{}", run.words);
    assert!(run.words.contains("warning[personal-data]"), "{}", run.words);
}

#[test]
fn a_severity_of_the_settings_stops_a_build_or_turns_a_check_off() {
    let bed = Bed::new();
    bed.write("customers/yunxi/profile.md", "---\nbusiness: 请打 13812345678\n---\n");
    let settings = bed.read("strongroom.yaml");
    bed.write("strongroom.yaml", &format!("{settings}checks:\n  personal-data: error\n"));
    assert_eq!(bed.found(), ["error personal-data customers/yunxi/profile.md:2:14"]);
    let run = build(&bed);
    assert_eq!(run.code, 1, "{}", run.words);
    bed.write("strongroom.yaml", &format!("{settings}checks:\n  personal-data: off\n"));
    assert!(bed.found().is_empty());
}

#[test]
fn a_severity_that_is_none_and_a_check_that_there_is_not_are_errors_at_their_line() {
    let bed = Bed::new();
    let settings = bed.read("strongroom.yaml");
    let line = settings.lines().count() as u64 + 2;
    bed.write("strongroom.yaml", &format!("{settings}checks:\n  personal-data: silent\n"));
    bed.expect_error("broken-settings", "strongroom.yaml", line);
    bed.write("strongroom.yaml", &format!("{settings}checks:\n  no-audience: off\n"));
    bed.expect_error("unknown-check", "strongroom.yaml", line);
}

#[test]
fn what_is_staged_is_checked_and_not_what_lies_beside_it() {
    let bed = Bed::new();
    bed.commit();
    bed.write("customers/yunxi/profile.md", "---\nbusiness: 请打 13812345678\n---\n");
    let run = bed.run(&["check", "--staged", "--format", "json"]);
    assert!(!run.data.contains("personal-data"), "{}", run.data);
    bed.git(&["add", "-A"]);
    let run = bed.run(&["check", "--staged", "--format", "json"]);
    assert!(run.data.contains("personal-data"), "{}", run.data);
}

#[test]
fn without_excerpts_a_check_repeats_no_word() {
    let bed = Bed::new();
    bed.write("customers/yunxi/profile.md", "---\nbusiness: 请打 13812345678\n---\n");
    let two = bed.read("customers/yunxi/dossier.yaml");
    bed.write("customers/again/dossier.yaml", &two);
    for format in ["human", "json"] {
        let run = bed.run(&["check", "--no-excerpts", "--format", format]);
        assert!(run.data.contains("duplicate-name") && run.data.contains("personal-data"), "{}", run.data);
        assert!(!run.data.contains("13812345678") && !run.data.contains("云溪水电"), "{}", run.data);
    }
}

#[test]
fn a_table_with_a_byte_order_mark_and_windows_line_ends_is_read() {
    let bed = Bed::new();
    bed.write(TABLE, "\u{feff}week,voice\r\n2026-W01,1\r\n2026-W02,2\r\n");
    assert!(bed.found().is_empty(), "{:?}", bed.found());
}

#[test]
fn semicolons_tabs_and_full_width_commas_are_named_where_they_stand() {
    for separator in [";", "\t", "；", "，"] {
        let bed = Bed::new();
        bed.write(TABLE, &format!("week{separator}voice\n2026-W01{separator}1\n"));
        assert_eq!(bed.found(), [format!("error broken-series {TABLE}:1:5")], "{separator:?}");
    }
    let bed = Bed::new();
    bed.write(TABLE, "week,voice,comment\n2026-W01,1,平稳；无告警\n");
    assert!(bed.found().is_empty(), "a semicolon in a cell divides nothing");
}

#[test]
fn a_table_in_gbk_is_named_as_such() {
    let bed = Bed::new();
    bed.write_bytes(TABLE, b"week,voice,comment\n2026-W01,1,\xC6\xBD\xCE\xC8\n");
    let run = bed.run(&["check"]);
    assert!(run.data.contains("line 2 is not UTF-8: this looks like GBK/GB18030"), "{}", run.data);
    assert!(run.data.contains("save it as UTF-8"), "{}", run.data);
    assert_eq!(bed.found(), [format!("error not-utf8 {TABLE}:2:13")]);
}

#[test]
fn text_among_numbers_and_a_week_that_its_year_has_not_are_found_in_their_cells() {
    let bed = Bed::new();
    bed.write(TABLE, "week,voice\n2026-W01,1\n2026-W02,停机\n2025-W53,3\n2026-W53,4\n");
    assert_eq!(
        bed.found(),
        [format!("error broken-series {TABLE}:3:10"), format!("error broken-series {TABLE}:4:1")],
        "2026 has a week 53"
    );
}

#[test]
fn weeks_that_are_missing_and_weeks_that_stand_twice_are_warnings_at_their_rows() {
    let bed = Bed::new();
    bed.write(TABLE, "week,voice\n2026-W01,1\n2026-W03,2\n2026-W03,3\n");
    assert_eq!(
        bed.found(),
        [format!("warning series-gap {TABLE}:3:1"), format!("warning series-duplicate {TABLE}:4:1")]
    );
}
