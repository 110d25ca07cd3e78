//! `check`: findings, their form, and which state of the archive they are about.

use super::bed::{Bed, CONTRACT};

#[test]
fn a_sound_archive_has_no_findings_with_and_without_git() {
    let bed = Bed::new();
    let run = bed.run(&["check", "--strict"]);
    assert_eq!((run.code, run.data.as_str()), (0, ""), "{}", run.words);
    assert_eq!(run.words, "no findings: 1 record in 1 dossier, 2 readers\n");
    bed.commit();
    assert_eq!(bed.run(&["check", "--strict"]).code, 0);
    assert_eq!(bed.run(&["check", "--strict", "--rev", "HEAD"]).code, 0);
}

#[test]
fn all_findings_of_all_files_come_in_one_run_with_place_and_remedy() {
    let bed = Bed::new();
    bed.write("customers/yunxi/contracts/a.md", "---\nnumber: 1\naudience: fiance\n---\n");
    bed.write("customers/yunxi/contracts/b.md", "---\nnumber: 2\nsigned: 2026-02-30\n---\n# x {audience=\n");
    let run = bed.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.data.contains("--> customers/yunxi/contracts/a.md:3:11"), "{}", run.data);
    assert!(run.data.contains("did you mean `finance`?"), "{}", run.data);
    assert!(run.data.contains("--> customers/yunxi/contracts/b.md:3:9"), "{}", run.data);
    assert!(run.data.contains("error[doubtful-attribute]"), "{}", run.data);
    assert!(run.words.contains("errors"), "{}", run.words);
}

#[test]
fn warnings_fail_only_under_strict() {
    let bed = Bed::new();
    bed.write("customers/yunxi/contracts/open.md", "---\nnumber: 3\naudience: staff\n---\n");
    let run = bed.run(&["check"]);
    assert_eq!(run.code, 0, "{}", run.data);
    assert!(run.data.contains("warning[wider-than-type]"));
    assert_eq!(bed.run(&["check", "--strict"]).code, 1);
}

#[test]
fn without_excerpts_no_word_of_the_archive_is_shown() {
    let bed = Bed::new();
    bed.write("customers/yunxi/contracts/a.md", "---\nnumber: 1\naudience: GEHEIMWORT\n---\n");
    for format in ["human", "json"] {
        let run = bed.run(&["check", "--no-excerpts", "--format", format]);
        assert_eq!(run.code, 1);
        assert!(!run.data.contains("GEHEIMWORT") && run.data.contains("contracts/a.md"), "{}", run.data);
    }
}

#[test]
fn a_commit_is_checked_as_it_was_and_an_archive_in_a_folder_is_found() {
    let bed = Bed::new();
    std::fs::create_dir(bed.path().join("archive")).unwrap();
    for name in ["strongroom.yaml", "readers", "customers"] {
        std::fs::rename(bed.path().join(name), bed.path().join("archive").join(name)).unwrap();
    }
    bed.commit();
    bed.write("archive/strongroom.yaml", "title: [broken\n");
    assert_eq!(bed.run(&["check", "archive"]).code, 1);
    assert_eq!(bed.run(&["check", "archive", "--rev", "HEAD"]).code, 0);
    bed.git(&["clone", "-q", "--bare", ".", "bare.git"]);
    assert_eq!(bed.run(&["check", "bare.git", "--rev", "HEAD", "--subfolder", "archive"]).code, 0);
}

#[test]
fn a_line_of_a_plate_that_is_no_text_shows_the_form_that_is_expected() {
    let bed = Bed::new();
    let dossier = "customers/yunxi/dossier.yaml";
    let text = bed.read(dossier);
    bed.write(dossier, &format!("{text}verified: {{on: 2026-11-20, by: {{zh: 李薇, en: Li Wei}}}}\n"));
    let told = bed.run(&["check"]).data;
    assert!(told.contains("error[wrong-shape]: `by` of `verified` takes one text, but a map stands here"), "{told}");
    assert!(told.contains("help: write one text, in one language: `verified: {on: 2027-03-31, by: 李薇}`"), "{told}");
    bed.write(dossier, &format!("{text}original: {{room: [库房A]}}\n"));
    let told = bed.run(&["check"]).data;
    assert!(told.contains("`original: {room: 库房A, shelf: 3-12, carrier: paper}`"), "{told}");
}

#[test]
fn a_folder_that_is_no_archive_and_a_path_that_is_not_there_are_failures_with_a_remedy() {
    let bed = Bed::bare();
    let run = bed.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.data.contains("strongroom init"), "{}", run.data);
    let run = bed.run(&["check", "nowhere"]);
    assert_eq!((run.code, run.data.as_str()), (1, ""));
    assert!(run.words.starts_with("error: "), "{}", run.words);
}

#[test]
fn a_repository_without_a_commit_is_said_and_its_work_tree_is_read() {
    let bed = Bed::new();
    bed.git(&["init", "-q"]);
    assert_eq!(bed.run(&["check"]).code, 0);
    let run = bed.run(&["check", "--rev", "HEAD"]);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("help: "), "{}", run.words);
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let bed = Bed::new();
    for arguments in [
        &["check", "--nonsense"][..],
        &["chek"],
        &["check", "--rev", "x", "--staged"],
        &["--date", "2026-02-30", "check"],
    ] {
        assert_eq!(bed.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn an_opening_counts_from_its_day() {
    let bed = Bed::new();
    bed.write(
        "customers/yunxi/contracts/2024-017.md",
        &CONTRACT.replace("---\nThe", "open_from: 2026-11-23\n---\nThe"),
    );
    let run = bed.run(&["access", "--record", "yunxi/contracts/2024-017"]);
    assert!(run.data.contains("which `open_from: 2026-11-23` ended"), "{}", run.data);
    assert!(run.data.contains("section ‹价格条款› (line 10): for finance"), "{}", run.data);
}
