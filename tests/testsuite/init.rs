//! `init`: an empty archive that is sound, and its hook.

use super::bed::Bed;
use std::os::unix::fs::PermissionsExt;

#[test]
fn an_empty_archive_has_no_findings_and_a_hook() {
    let bed = Bed::bare();
    let run = bed.run(&["init", "a"]);
    assert_eq!((run.code, run.data.as_str()), (0, "a\n"), "{}", run.words);
    assert!(run.words.contains("strongroom new dossier"));
    let check = bed.run(&["check", "a", "--strict"]);
    assert_eq!((check.code, check.data.as_str()), (0, ""), "{}", check.words);
    let hook = bed.path().join("a/.git/hooks/pre-commit");
    assert_eq!(hook.metadata().unwrap().permissions().mode() & 0o100, 0o100);
    assert!(std::fs::read_to_string(hook).unwrap().contains("exec strongroom check --staged .\n"));
}

#[test]
fn an_archive_that_is_there_is_left_alone() {
    let bed = Bed::new();
    let before = bed.read("strongroom.yaml");
    let run = bed.run(&["init"]);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("--hooks-only"), "{}", run.words);
    assert_eq!(bed.read("strongroom.yaml"), before);
    bed.commit();
    assert_eq!(bed.run(&["init", "--hooks-only"]).code, 0);
    assert!(bed.path().join(".git/hooks/pre-commit").exists());
}

#[test]
fn the_example_is_a_repository_with_a_history_and_a_hook() {
    let bed = Bed::bare();
    let run = bed.run(&["init", "--example", "demo"]);
    assert_eq!((run.code, run.data.as_str()), (0, "demo\n"), "{}", run.words);
    assert!(run.words.contains("demo/README.md"), "{}", run.words);
    assert!(bed.path().join("demo/.git/hooks/pre-commit").exists());
    bed.git(&["-C", "demo", "diff", "--quiet", "HEAD"]);
    assert!(bed.path().join("demo/.strongroom/schemas/strongroom.json").exists());
    let untracked = |folder: &str| {
        let arguments = ["-C", folder, "status", "--porcelain"];
        let output = std::process::Command::new("git").args(arguments).current_dir(bed.path()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(untracked("demo"), "");
    assert_eq!(bed.run(&["schema", "demo", "--check"]).code, 0);
    bed.git(&["-C", "demo", "fsck", "--strict"]);
    let check = bed.run(&["check", "demo"]);
    assert_eq!(check.code, 0);
    assert!(!check.data.contains("record-vanished"), "every record that went has its note: {}", check.data);
    assert_eq!(bed.run(&["check", "demo", "--rev", "HEAD~100"]).code, 0);
}

#[test]
fn the_example_is_written_into_an_empty_folder_alone() {
    let bed = Bed::bare();
    bed.write("full/note.txt", "ours\n");
    let run = bed.run(&["init", "--example", "full"]);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("full is not an empty folder"), "{}", run.words);
    assert!(!bed.path().join("full/.git").exists());
    bed.write("file", "x");
    assert_eq!(bed.run(&["init", "--example", "file"]).code, 1);
    std::fs::create_dir(bed.path().join("empty")).unwrap();
    assert_eq!(bed.run(&["init", "--example", "empty"]).code, 0);
    assert_eq!(bed.run(&["init", "--example", "--hooks-only", "empty"]).code, 2);
}

#[test]
fn somebody_elses_hook_and_files_stay_and_the_line_to_add_is_said() {
    let bed = Bed::bare();
    bed.git(&["init", "-q"]);
    bed.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    bed.write("an archive/README.md", "ours\n");
    let run = bed.run(&["init", "an archive"]);
    assert_eq!(run.code, 0, "{}", run.words);
    assert_eq!(bed.read(".git/hooks/pre-commit"), "#!/bin/sh\nexit 0\n");
    assert_eq!(bed.read("an archive/README.md"), "ours\n");
    assert!(run.words.contains("strongroom check --staged 'an archive'"), "{}", run.words);
    assert!(!bed.path().join("an archive/.git").exists());
}

#[test]
fn a_hook_that_finds_no_program_says_that_the_commit_was_stopped_and_what_to_do() {
    let bed = Bed::new();
    bed.commit();
    bed.run(&["init", "--hooks-only"]);
    let hook = std::process::Command::new("/bin/sh")
        .arg(bed.path().join(".git/hooks/pre-commit"))
        .env("PATH", "")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&hook.stderr);
    assert!(!hook.status.success());
    assert!(said.contains("the commit was stopped: strongroom is not on the PATH"), "{said}");
    assert!(said.contains("git commit --no-verify"), "{said}");
}

#[test]
fn the_hook_stops_a_commit_with_errors_and_says_what_another_opens() {
    let bed = Bed::new();
    bed.commit();
    bed.run(&["init", "--hooks-only"]);
    let contract = bed.read("customers/yunxi/contracts/2024-017.md");
    let commit = || {
        let program = assert_cmd::cargo::cargo_bin("strongroom");
        let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
        std::process::Command::new("git")
            .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qam", "x"])
            .env("PATH", path)
            .current_dir(bed.path())
            .output()
            .unwrap()
    };
    bed.write(
        "customers/yunxi/contracts/2024-017.md",
        &contract.replace("audience: [legal, finance]", "audeince: legal"),
    );
    let refused = commit();
    assert!(!refused.status.success());
    let said = |output: &std::process::Output| {
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };
    assert!(said(&refused).contains("did you mean `audience`?"), "{}", said(&refused));
    bed.write("customers/yunxi/contracts/2024-017.md", &contract.replace("[legal, finance]", "staff"));
    let done = commit();
    assert!(done.status.success(), "{}", said(&done));
    assert!(said(&done).contains("from this commit on for everybody"), "{}", said(&done));
}
