//! `evidence`: bags that prove themselves by the steps of their own note, and that tell where they were touched.

use super::bed::{Bed, Run};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use strongroom::evidence::{Checked, open, verify};
use strongroom::provenance::Signers;
use strongroom::text::Source;

/// A key of Ed25519 in a folder, by `ssh-keygen`.
fn key(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"]).arg(&path).status();
    assert!(made.unwrap().success());
    path
}

/// An archive with a history of signed and unsigned commits, a scan, a merge of nothing and a former state.
fn archive() -> (Bed, tempfile::TempDir) {
    let (bed, keys) = (Bed::new(), tempfile::tempdir().unwrap());
    let signing = key(keys.path(), "signing");
    let public = fs::read_to_string(signing.with_extension("pub")).unwrap();
    bed.write("allowed_signers", &format!("test@example.org namespaces=\"git,strongroom\" {public}"));
    bed.write(
        "customers/yunxi/licences/licence.md",
        "---\nkind: enterprise\nissued: 2009-06-01\nattachments: [licence.pdf]\n---\nSeen in the original.\n",
    );
    bed.write("customers/yunxi/licences/licence.pdf", "%PDF-1.4 a licence\n");
    bed.commit_as("Wang", "2026-03-01", "File the papers");
    bed.write(
        "customers/yunxi/licences/licence.md",
        "---\nkind: enterprise\nissued: 2009-06-02\nattachments: [licence.pdf]\n---\nSeen in the original.\n",
    );
    bed.git(&["add", "-A"]);
    let config = format!("user.signingkey={}", signing.display());
    bed.git(&["-c", "gpg.format=ssh", "-c", &config, "commit", "-q", "-S", "--no-verify", "-m", "Correct a day"]);
    (bed, keys)
}

fn evidence(bed: &Bed, arguments: &[&str]) -> Run {
    let run = bed.run(&[&["evidence"], arguments].concat());
    assert_eq!(run.code, 0, "{arguments:?}: {}{}", run.data, run.words);
    run
}

/// Runs the commands of a note in the bag, as they stand there.
fn follow(bag: &Path, note: &str) -> Result<String, String> {
    let text = fs::read_to_string(bag.join(note)).unwrap();
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let script: String = blocks.collect();
    assert!(script.contains("sha256sum"), "{text}");
    let run = Command::new("bash")
        .args(["-c", &script])
        .current_dir(bag)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    if run.status.success() { Ok(said) } else { Err(said) }
}

fn check(bag: &Path) -> Checked {
    verify(&open(bag).unwrap(), None)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn a_reviewer_checks_a_bag_by_the_steps_of_its_own_note() {
    let (bed, keys) = archive();
    let (out, signing) = (tempfile::tempdir().unwrap(), keys.path().join("signing"));
    let signing = signing.to_str().unwrap();
    for (name, whom) in [
        ("whole", &["--everything", "--as-of", "2026-03-01"][..]),
        ("path", &["--everything", "--git", "path"]),
        ("ids", &["--everything", "--git", "ids"]),
        ("reader", &["--as", "li-wei", "--as-of", "2026-03-01"]),
    ] {
        let bag = out.path().join(name);
        let at = bag.to_str().unwrap();
        evidence(&bed, &[&["yunxi", "-o", at, "--sign", signing], whom].concat());
        for note in ["README.md", "说明.md"] {
            let said = follow(&bag, note).unwrap_or_else(|said| panic!("{name}, {note}: {said}"));
            assert!(said.contains("Good \"strongroom\" signature for test@example.org"), "{said}");
            assert_eq!(said.contains("Good \"git\" signature"), matches!(name, "whole" | "path"), "{name}: {said}");
        }
        let checked = check(&bag);
        assert!(checked.findings.is_empty(), "{name}: {:?}", checked.findings);
        assert!(checked.said.iter().any(|said| said.contains("not whose key it is")), "{:?}", checked.said);
    }
}

#[test]
fn the_steps_of_the_note_fail_where_a_file_was_touched() {
    let (bed, _keys) = archive();
    let out = tempfile::tempdir().unwrap();
    let bag = out.path().join("bag");
    for (file, text) in [
        ("data/dossiers/yunxi/now/files/licences/licence.md", "x"),
        ("data/git/history.bundle", "x"),
        ("data/new.txt", "x"),
        ("README.html", "x"),
    ] {
        evidence(&bed, &["yunxi", "--everything", "-o", bag.to_str().unwrap()]);
        assert!(follow(&bag, "README.md").is_ok());
        fs::write(bag.join(file), text).unwrap();
        assert!(follow(&bag, "README.md").is_err(), "{file}");
    }
}

#[test]
fn any_byte_that_is_changed_cut_or_added_is_told_with_its_file() {
    let (bed, keys) = archive();
    let out = tempfile::tempdir().unwrap();
    let bag = out.path().join("bag");
    let signing = keys.path().join("signing");
    let arguments = ["yunxi", "--everything", "-o", bag.to_str().unwrap(), "--sign", signing.to_str().unwrap()];
    evidence(&bed, &arguments);
    let told = |file: &str| {
        let checked = check(&bag);
        checked.findings.iter().any(|finding| finding.place.as_ref().is_some_and(|place| place.file == file))
    };
    for path in files(&bag) {
        let file = path.strip_prefix(&bag).unwrap().to_str().unwrap().to_owned();
        let whole = fs::read(&path).unwrap();
        // The lists and their signature by many bytes, as nothing else vouches for them.
        let many = if file.starts_with("tagmanifest") { 61 } else { 3 };
        for at in (0..whole.len()).step_by((whole.len() / many).max(1)) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 7);
            fs::write(&path, &bytes).unwrap();
            // A changed list may name other files: then it is the files that are told.
            let checked = check(&bag);
            assert!(checked.findings.has_errors(), "{file} at {at}");
            assert!(told(&file) || file.starts_with("tagmanifest"), "{file} at {at}: {:?}", checked.findings);
        }
        for bytes in [&whole[..whole.len().saturating_sub(1)], &[&whole[..], b"\n"].concat(), b""] {
            if bytes != whole {
                fs::write(&path, bytes).unwrap();
                assert!(check(&bag).findings.has_errors(), "{file} with {} bytes", bytes.len());
            }
        }
        fs::remove_file(&path).unwrap();
        assert!(told(&file), "{file} is gone");
        fs::write(&path, &whole).unwrap();
    }
    for new in ["data/x", "x", "data/dossiers/yunxi/now/files/x"] {
        fs::write(bag.join(new), "").unwrap();
        assert!(told(new), "{new}");
        fs::remove_file(bag.join(new)).unwrap();
    }
    std::os::unix::fs::symlink("/etc/hostname", bag.join("data/link")).unwrap();
    assert!(told("data/link"));
    fs::remove_file(bag.join("data/link")).unwrap();
    assert!(check(&bag).findings.is_empty());
}

#[test]
fn a_bag_that_was_made_anew_around_other_content_is_told_by_the_trusted_key_or_by_git() {
    let (bed, keys) = archive();
    let out = tempfile::tempdir().unwrap();
    let bag = out.path().join("bag");
    let foreign = key(keys.path(), "foreign");
    let at = bag.to_str().unwrap();
    evidence(&bed, &["yunxi", "--everything", "-o", at, "--sign", foreign.to_str().unwrap()]);
    assert!(check(&bag).findings.is_empty(), "it is consistent");
    let list = fs::read(bed.path().join("allowed_signers")).unwrap();
    let trusted = Signers::read(&Source::decode("allowed_signers", &list).unwrap(), &mut Vec::new());
    let codes = |checked: &Checked| checked.findings.iter().map(|finding| finding.code.0).collect::<Vec<_>>();
    assert_eq!(codes(&verify(&open(&bag).unwrap(), Some(&trusted))), ["bag-signature"]);
    // Another file of the archive, with lists that fit it: git's objects know better.
    let file = "data/dossiers/yunxi/now/files/licences/licence.md";
    evidence(&bed, &["yunxi", "--everything", "-o", at]);
    fs::write(bag.join(file), "---\nkind: enterprise\nissued: 1999-01-01\n---\n").unwrap();
    let digests = "find data -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum > manifest-sha256.txt; \
                   s=$(find data -type f -printf '%s\\n' | paste -sd+ | bc); n=$(find data -type f | wc -l); \
                   sed -i \"s/^Payload-Oxum:.*/Payload-Oxum: $s.$n/\" bag-info.txt; \
                   find . -maxdepth 1 -type f ! -name 'tagmanifest*' | cut -c3- | LC_ALL=C sort | xargs -d '\\n' sha256sum > tagmanifest-sha256.txt";
    let script = digests.replace(
        "$(find data -type f -printf '%s\\n' | paste -sd+ | bc)",
        "$(find data -type f -print0 | xargs -0 cat | wc -c)",
    );
    assert!(Command::new("bash").args(["-c", &script]).current_dir(&bag).status().unwrap().success());
    let checked = check(&bag);
    let told: Vec<_> = checked.findings.iter().map(|f| (f.code.0, f.place.as_ref().unwrap().file.clone())).collect();
    assert_eq!(told, [("bag-git", file.to_owned())]);
}

#[test]
fn the_same_commit_and_day_give_the_same_bytes_in_every_form() {
    let (bed, keys) = archive();
    let out = tempfile::tempdir().unwrap();
    let signing = keys.path().join("signing");
    for name in ["a.zip", "a.tar"] {
        let made = || {
            let bag = out.path().join(name);
            let at = bag.to_str().unwrap();
            evidence(&bed, &["yunxi", "--everything", "-o", at, "--sign", signing.to_str().unwrap()]);
            let checked = check(&bag);
            assert!(checked.findings.is_empty(), "{name}: {:?}", checked.findings);
            fs::read(bag).unwrap()
        };
        let first = made();
        assert!(first == made(), "{name}");
    }
}

#[test]
fn nothing_but_a_bag_is_written_over_and_nothing_else_is_touched() {
    let (bed, _keys) = archive();
    let out = tempfile::tempdir().unwrap();
    fs::create_dir(out.path().join("folder")).unwrap();
    fs::write(out.path().join("folder/mine.txt"), "x").unwrap();
    fs::write(out.path().join("mine.zip"), "x").unwrap();
    for name in ["folder", "mine.zip"] {
        let at = out.path().join(name);
        let run = bed.run(&["evidence", "yunxi", "--everything", "-o", at.to_str().unwrap()]);
        assert_eq!(run.code, 1);
        assert!(run.words.contains("is no bag, and was left as it is"), "{}", run.words);
    }
    assert_eq!(files(out.path()).len(), 2);
    let at = out.path().join("bag");
    evidence(&bed, &["yunxi", "--everything", "-o", at.to_str().unwrap()]);
    fs::write(at.join("data/old.txt"), "x").unwrap();
    evidence(&bed, &["yunxi", "--everything", "-o", at.to_str().unwrap()]);
    assert!(!at.join("data/old.txt").exists());
    let left: Vec<_> = fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn a_former_state_stands_beside_the_present_one() {
    let (bed, _keys) = archive();
    let out = tempfile::tempdir().unwrap();
    let bag = out.path().join("bag");
    for whom in [&["--everything"][..], &["--as", "zhao-min"]] {
        evidence(&bed, &[&["yunxi", "-o", bag.to_str().unwrap(), "--as-of", "2026-03-01"], whom].concat());
        let read = |path: &str| fs::read_to_string(bag.join("data/dossiers/yunxi").join(path)).unwrap();
        assert!(read("then/records.csv").contains("licences/licence,licence,issued,2009-06-01"));
        assert!(read("then/files/licences/licence.md").contains("issued: 2009-06-01"));
        assert!(read("now/files/licences/licence.md").contains("issued: 2009-06-02"));
        assert!(read("history.csv").contains(",issued,changed,2009-06-01,2009-06-02,"));
    }
    let none = bed.run(&["evidence", "yunxi", "--everything", "-o", "x", "--as-of", "2020-01-01"]);
    assert!(none.code == 1 && none.words.contains("nothing was committed until 2020-01-01"), "{}", none.words);
}

#[test]
fn gaps_in_the_papers_of_a_contract_are_printed_and_put_into_the_bag() {
    let (bed, _keys) = archive();
    let run = bed.run(&["evidence", "--check", "yunxi/contracts/2024-017", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.words);
    let told: Value = serde_json::from_str(&run.data).unwrap();
    let codes: Vec<&str> = told["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"contract-without-approval") && codes.contains(&"disputed-without-hold"), "{codes:?}");
    let out = tempfile::tempdir().unwrap();
    let bag = out.path().join("bag");
    let run = evidence(&bed, &["yunxi", "--everything", "-o", bag.to_str().unwrap()]);
    assert!(run.words.contains("disputed-without-hold"), "{}", run.words);
    assert!(fs::read_to_string(bag.join("data/findings.txt")).unwrap().contains("disputed-without-hold"));
    evidence(&bed, &["yunxi", "--as", "li-wei", "-o", bag.to_str().unwrap()]);
    assert!(!bag.join("data/findings.txt").exists(), "it says what is missing of types that li-wei may not read");
}

/// Publishes as it stands, into a log, with a key.
fn publish(bed: &Bed, out: &Path, log: &Path, signing: &Path) {
    let (site, log, signing) = (out.join("site"), log.to_str().unwrap(), signing.to_str().unwrap());
    let state = out.join("state");
    let run = bed.run(&[
        "build",
        ".",
        "-o",
        site.to_str().unwrap(),
        "--state",
        state.to_str().unwrap(),
        "--log",
        log,
        "--sign",
        signing,
    ]);
    assert_eq!(run.code, 0, "{}{}", run.data, run.words);
}

#[test]
fn a_bag_says_by_its_own_steps_when_its_commit_was_published_and_to_no_reader_by_which_digest() {
    let (bed, keys) = archive();
    let out = tempfile::tempdir().unwrap();
    let (log, signing) = (out.path().join("log"), keys.path().join("signing"));
    // Several publishings before and one after, so that the way to the root has both sides.
    for number in 0..5 {
        bed.write("customers/yunxi/licences/more.md", &format!("---\nkind: enterprise\n---\nState {number}.\n"));
        bed.commit_as("Wang", "2026-04-01", "Write more");
        publish(&bed, out.path(), &log, &signing);
        if number == 3 {
            bed.git(&["tag", "wanted"]);
        }
    }
    let bag = out.path().join("bag");
    let make = |whom: &[&str]| {
        let fixed = ["yunxi", "--rev", "wanted", "--log", log.to_str().unwrap(), "-o", bag.to_str().unwrap()];
        evidence(&bed, &[&fixed[..], whom].concat());
    };
    make(&["--as", "li-wei"]);
    assert!(bag.join("data/log/checkpoint.txt").exists() && !bag.join("data/log/entry.txt").exists());
    assert!(check(&bag).findings.is_empty(), "{:?}", check(&bag).findings);
    // A checkpoint that was put in the place of the signed one is told of in a reader's bag too, where no entry is.
    let checkpoint = bag.join("data/log/checkpoint.txt");
    let signed = fs::read_to_string(&checkpoint).unwrap();
    fs::write(&checkpoint, signed.replacen("\n5\n", "\n6\n", 1)).unwrap();
    relist(&bag);
    let wrong: Vec<&str> = check(&bag).findings.iter().map(|finding| finding.code.0).collect();
    assert_eq!(wrong, ["signature-refused"]);
    make(&["--everything"]);
    let checked = check(&bag);
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    assert!(checked.said.iter().any(|said| said.contains("entry 3 of the log")), "{:?}", checked.said);
    for note in ["README.md", "说明.md"] {
        follow(&bag, note).unwrap_or_else(|said| panic!("{note}: {said}"));
    }
    // So is a way of other sides, by which the note would go elsewhere.
    let way = bag.join("data/log/way.txt");
    let steps = fs::read_to_string(&way).unwrap();
    assert!(steps.contains("left ") && steps.contains("right "), "{steps}");
    fs::write(&way, steps.replacen("left", "right", 1)).unwrap();
    relist(&bag);
    let message = "this entry is not among those of the checkpoint";
    assert!(check(&bag).findings.iter().any(|finding| finding.message == message));
    fs::write(&way, steps).unwrap();
    // Whoever writes the lists anew as well is caught by the way to the root, in the program and by the note.
    let entry = bag.join("data/log/entry.txt");
    let text = fs::read_to_string(&entry).unwrap();
    fs::write(&entry, text.replace("number 3", "number 2")).unwrap();
    relist(&bag);
    let wrong: Vec<String> = check(&bag).findings.iter().map(|finding| finding.message.clone()).collect();
    assert_eq!(wrong, ["this entry is not among those of the checkpoint"]);
    assert!(follow(&bag, "README.md").is_err());
}

/// Writes the lists of a bag anew, as somebody would who wants to hide what was changed.
fn relist(bag: &Path) {
    let script = "\
        while read -r _ f; do printf '%s  %s\\n' \"$(sha256sum < \"$f\" | cut -c1-64)\" \"$f\"; done < manifest-sha256.txt > m && mv m manifest-sha256.txt; \
        while read -r _ f; do printf '%s  %s\\n' \"$(sha256sum < \"$f\" | cut -c1-64)\" \"$f\"; done < tagmanifest-sha256.txt > t && mv t tagmanifest-sha256.txt";
    let run = Command::new("bash").args(["-c", script]).current_dir(bag).status();
    assert!(run.unwrap().success());
}
