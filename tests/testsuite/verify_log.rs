//! `build --log` and `verify ARCHIVE --log`: an archive against the signed log of its publishings.

use super::verify::Published;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use strongroom::finding::Finding;
use strongroom::proof::{Digest, Log, Publishing, append, check_kept, check_log, request};
use strongroom::provenance::{Signers, SigningKey, demonstration_key};

const WHO: &str = "sun.qian@yunxi.example";

impl Published {
    fn logged(days: &[&str]) -> Self {
        let published = Self::new();
        for day in days {
            published.publish(day);
        }
        published
    }

    fn publish(&self, day: &str) {
        let (key, log) = (self.at("key"), self.at("log"));
        let words = ["--sign", key.to_str().unwrap(), "--log", log.to_str().unwrap(), "--date", day];
        self.build(&words);
    }

    /// Exit code and codes of what `verify` finds.
    fn verify(&self, more: &[&str]) -> (i32, Vec<String>) {
        let (log, signers) = (self.at("log"), self.at("signers"));
        let mut words = vec!["verify", ".", "--format", "json", "--log", log.to_str().unwrap()];
        words.extend(["--signers", signers.to_str().unwrap()]);
        words.extend(more);
        let run = self.bed.run(&words);
        let report: serde_json::Value =
            serde_json::from_str(&run.data).unwrap_or_else(|_| panic!("{}{}", run.data, run.words));
        let codes = report["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned());
        (run.code, codes.collect())
    }

    /// What is found in the log alone: codes and files.
    fn found(&self) -> Vec<String> {
        let mut findings = Vec::new();
        let log = Log::read(&self.at("log"), &mut findings).unwrap();
        check_log(&log, Some(&self.signers()), &mut findings);
        told(findings)
    }
}

fn told(findings: Vec<Finding>) -> Vec<String> {
    let one =
        |finding: Finding| format!("{} {}", finding.code, finding.place.map_or(String::new(), |place| place.file));
    findings.into_iter().map(one).collect()
}

fn key() -> SigningKey {
    SigningKey::read(demonstration_key("sun-qian").unwrap().private.as_bytes(), || None).unwrap()
}

/// What a shell says, where it is content.
fn shell(folder: &Path, script: &str) -> String {
    let output = Command::new("bash").arg("-c").arg(script).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

const DAYS: [&str; 3] = ["2026-11-21", "2026-11-22", "2026-11-23"];

#[test]
fn an_archive_that_grew_holds_against_its_log_and_the_shell_reckons_the_same() {
    let published = Published::logged(&DAYS[..2]);
    published.bed.write("customers/yunxi/network/a name 审批.txt", "x");
    published.bed.commit();
    published.publish(DAYS[2]);
    assert_eq!(published.verify(&[]), (0, vec![]));
    let (site, signers) = (published.at("site"), published.at("signers"));
    let verified = published.bed.run(&["verify", site.to_str().unwrap(), "--signers", signers.to_str().unwrap()]);
    assert_eq!(verified.code, 0, "{}", verified.data);
    // The files of the commit, as docs/proof.md reckons them.
    let entry = fs::read_to_string(published.at("log/entries/00000002.txt")).unwrap();
    let value = |key: &str| entry.lines().find_map(|line| line.strip_prefix(key)).unwrap().trim().to_owned();
    let script = format!(
        "commit={}; git ls-tree -r -z --name-only $commit | LC_ALL=C sort -z | while IFS= read -r -d '' path; do \
         printf '%s  %s\\n' \"$(git cat-file blob \"$commit:$path\" | sha256sum | cut -d' ' -f1)\" \"$path\"; \
         done | sha256sum | cut -d' ' -f1",
        value("commit")
    );
    assert_eq!(shell(published.bed.path(), &script), value("tree"));
    // The tree over three leaves.
    let script = "leaf() { (printf '\\0'; cat $1) | sha256sum | cut -d' ' -f1; }; \
                  node() { printf '01%s%s' $1 $2 | xxd -r -p | sha256sum | cut -d' ' -f1; }; \
                  node $(node $(leaf entries/00000000.txt) $(leaf entries/00000001.txt)) $(leaf entries/00000002.txt) \
                  | xxd -r -p | base64";
    let checkpoint = fs::read_to_string(published.at("log/checkpoints/00000003.txt")).unwrap();
    if Command::new("xxd").arg("-v").stderr(Stdio::null()).status().is_ok() {
        assert_eq!(shell(&published.at("log"), script), checkpoint.lines().nth(2).unwrap());
    }
    let latest = published.at("site/checkpoints/latest.txt");
    assert_eq!(fs::read_to_string(&latest).unwrap(), checkpoint);
    let accepted = Command::new("ssh-keygen")
        .args(["-Y", "verify", "-I", WHO, "-n", "strongroom", "-f"])
        .arg(&signers)
        .arg("-s")
        .arg(published.at("site/checkpoints/latest.txt.sig"))
        .stdin(Stdio::from(fs::File::open(latest).unwrap()))
        .output();
    assert!(accepted.unwrap().status.success());
}

#[test]
fn nothing_of_an_entry_leaves_the_log() {
    let published = Published::logged(&DAYS[..1]);
    let entry = fs::read_to_string(published.at("log/entries/00000000.txt")).unwrap();
    let secret: Vec<&str> =
        entry.lines().filter(|l| l.starts_with("tree") || l.starts_with("salt")).map(|l| &l[5..]).collect();
    assert_eq!(secret.len(), 2);
    for file in walkdir::WalkDir::new(published.at("site")).into_iter().map(Result::unwrap) {
        if file.file_type().is_file() {
            let text = String::from_utf8_lossy(&fs::read(file.path()).unwrap()).into_owned();
            assert!(secret.iter().all(|secret| !text.contains(secret)), "{}", file.path().display());
        }
    }
}

#[test]
fn a_publishing_is_added_once_and_no_file_of_the_log_is_ever_rewritten() {
    let published = Published::logged(&DAYS[..1]);
    let files = || shell(&published.at("log"), "find . -type f | sort | xargs sha256sum");
    let first = files();
    published.publish(DAYS[0]);
    assert_eq!(files(), first);
    published.publish(DAYS[1]);
    let second = files();
    assert!(first.lines().all(|line| second.contains(line)) && second.lines().count() == 2 * first.lines().count());
}

#[test]
fn a_history_that_was_written_anew_is_told_with_the_records_that_went() {
    let published = Published::logged(&DAYS[..1]);
    fs::remove_file(published.bed.path().join("customers/yunxi/network/overview.md")).unwrap();
    fs::remove_file(published.bed.path().join("customers/yunxi/network/plan.txt")).unwrap();
    published.bed.git(&["add", "-A"]);
    published.bed.git(&["commit", "-q", "--amend", "-m", "Begin"]);
    assert_eq!(published.verify(&[]), (1, vec!["record-vanished".to_owned(), "history-rewritten".to_owned()]));
    // The same where no clone has the old commit any more.
    published.bed.git(&["reflog", "expire", "--expire=now", "--all"]);
    published.bed.git(&["gc", "-q", "--prune=now"]);
    assert_eq!(published.verify(&[]), (1, vec!["history-rewritten".to_owned()]));
}

#[test]
fn a_record_that_went_between_two_publishings_needs_a_note() {
    let published = Published::logged(&DAYS[..1]);
    fs::remove_file(published.bed.path().join("customers/yunxi/network/overview.md")).unwrap();
    fs::remove_file(published.bed.path().join("customers/yunxi/network/plan.txt")).unwrap();
    published.bed.commit_as("sun", "2026-11-22", "Tidy up");
    assert_eq!(published.verify(&[]), (1, vec!["record-vanished".to_owned()]));
    let noted = Published::logged(&DAYS[..1]);
    fs::remove_file(noted.bed.path().join("customers/yunxi/network/overview.md")).unwrap();
    fs::remove_file(noted.bed.path().join("customers/yunxi/network/plan.txt")).unwrap();
    noted.bed.commit_as("sun", "2026-11-22", "Dispose\n\nDisposal: kept for long enough");
    assert_eq!(noted.verify(&[]), (0, vec![]));
}

#[test]
fn an_entry_that_says_something_else_of_a_commit_is_told() {
    let published = Published::logged(&DAYS[..1]);
    let commit = shell(published.bed.path(), "git rev-parse HEAD");
    let (log, tree, day) = (published.at("log"), Digest::of(b"other files"), "2026-11-22".parse().unwrap());
    let forged = Publishing { folder: &log, origin: None, commit: &commit, tree, day };
    append(&forged, &key()).unwrap();
    assert_eq!(published.verify(&[]), (1, vec!["archive-differs".to_owned()]));
}

#[test]
fn a_log_that_was_cut_is_told_where_a_checkpoint_was_kept() {
    let published = Published::logged(&DAYS);
    let kept = published.at("kept.txt");
    for kind in ["", ".sig"] {
        let from = published.at("log/checkpoints").join(format!("00000003.txt{kind}"));
        fs::copy(from, published.at("").join(format!("kept.txt{kind}"))).unwrap();
    }
    let kept = ["--checkpoint", kept.to_str().unwrap()];
    assert_eq!(published.verify(&kept), (0, vec![]));
    let gone = |path: &str| fs::remove_file(published.at("log").join(path)).unwrap();
    gone("entries/00000002.txt");
    assert_eq!(published.verify(&[]).1, ["log-cut"]);
    ["", ".sig", ".tsq"].iter().for_each(|kind| gone(&format!("checkpoints/00000003.txt{kind}")));
    assert_eq!(published.verify(&[]), (0, vec![]), "a shorter log is whole in itself");
    assert_eq!(published.verify(&kept), (1, vec!["log-cut".to_owned()]));
    // Written on from there, it is another log than the one that was signed.
    published.publish("2026-11-25");
    assert_eq!(published.verify(&kept), (1, vec!["log-forked".to_owned()]));
    gone("entries/00000000.txt");
    assert!(published.verify(&[]).1.contains(&"log-cut".to_owned()));
}

#[test]
fn entries_in_another_order_and_checkpoints_of_another_log_are_told() {
    let published = Published::logged(&DAYS);
    let at = |name: &str| published.at("log").join(name);
    fs::rename(at("entries/00000000.txt"), at("x")).unwrap();
    fs::rename(at("entries/00000001.txt"), at("entries/00000000.txt")).unwrap();
    fs::rename(at("x"), at("entries/00000001.txt")).unwrap();
    assert!(published.verify(&[]).1.contains(&"log-broken".to_owned()));
    let (one, other) = (Published::logged(&DAYS[..1]), Published::logged(&DAYS[..1]));
    let foreign = other.at("log/checkpoints/00000001.txt");
    let (code, found) = one.verify(&["--checkpoint", foreign.to_str().unwrap()]);
    assert_eq!((code, found), (1, vec!["log-forked".to_owned()]));
    let (code, found) = one.verify(&["--checkpoint", one.at("key").to_str().unwrap()]);
    assert_eq!((code, found), (1, vec!["log-broken".to_owned()]));
}

#[test]
fn whatever_byte_of_a_log_is_changed_is_told() {
    let published = Published::logged(&DAYS);
    assert_eq!(published.found(), Vec::<String>::new());
    let files = shell(&published.at("log"), "find . -type f | cut -c3- | sort");
    assert_eq!(files.lines().count(), 3 + 3 * 3);
    for file in files.lines() {
        let at = published.at("log").join(file);
        let bytes = fs::read(&at).unwrap();
        // The line break at the end of a signature belongs to nothing.
        let until = if file.ends_with(".sig") { bytes.len() - 1 } else { bytes.len() };
        for place in (0..until).step_by(if file.ends_with(".sig") { 5 } else { 1 }) {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            fs::write(&at, changed).unwrap();
            assert_ne!(published.found(), Vec::<String>::new(), "{file} {place}");
        }
        for damage in [&bytes[..until - 1], &[&bytes[..], b"more\n"].concat(), b""] {
            fs::write(&at, damage).unwrap();
            let found = published.found();
            let about = |found: &String| found.contains(file.trim_end_matches(".sig")) || file.ends_with(".sig");
            // What follows a signature is passed over, as ssh-keygen passes over it.
            let passed_over = file.ends_with(".sig") && damage.len() > bytes.len();
            assert!(passed_over || found.iter().any(about), "{file} {found:?}");
        }
        fs::remove_file(&at).unwrap();
        let needed = !file.ends_with(".tsq");
        let unsigned = file == "checkpoints/00000001.txt" || file == "checkpoints/00000002.txt";
        assert_eq!(published.found().is_empty(), !needed || unsigned, "{file}");
        fs::write(&at, bytes).unwrap();
    }
    assert_eq!(published.found(), Vec::<String>::new());
    fs::write(published.at("log/entries/notes.txt"), "x").unwrap();
    assert_eq!(published.found(), ["log-broken entries/notes.txt"]);
}

#[test]
fn a_signer_must_count_on_the_day_of_the_publishing() {
    let published = Published::logged(&DAYS[..2]);
    let public = demonstration_key("sun-qian").unwrap().public;
    let line = format!("{WHO} valid-after=\"20261122Z\" {public}\n");
    fs::write(published.at("signers"), &line).unwrap();
    assert_eq!(published.found(), ["signature-refused checkpoints/00000001.txt.sig"]);
    // Without a list of its own, the archive's is taken, and that is said.
    published.bed.write("allowed_signers", &format!("{WHO} {public}\n"));
    published.bed.commit();
    let log = published.at("log");
    let run = published.bed.run(&["verify", ".", "--log", log.to_str().unwrap()]);
    assert!(run.code == 0 && run.data.contains("own-signers"), "{}{}", run.data, run.words);
}

#[test]
fn a_publishing_that_did_not_end_is_signed_by_the_next() {
    let published = Published::logged(&DAYS[..2]);
    // As after a kill: the entry stands, its signature perhaps, the checkpoint does not.
    let gone = |name: &str| fs::remove_file(published.at("log/checkpoints").join(name)).unwrap();
    gone("00000002.txt");
    fs::write(published.at("log/checkpoints/00000002.txt.sig"), "half").unwrap();
    fs::write(published.at("log/entries/.new-x"), "half").unwrap();
    assert_eq!(published.found(), ["log-unfinished entries/00000001.txt"]);
    published.publish(DAYS[1]);
    assert_eq!(published.found(), Vec::<String>::new());
    gone("00000002.txt");
    gone("00000002.txt.sig");
    published.publish(DAYS[2]);
    assert_eq!(published.found(), Vec::<String>::new());
    assert_eq!(published.verify(&[]), (0, vec![]));
}

#[test]
fn publishings_at_the_same_time_wait_for_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    std::thread::scope(|scope| {
        for number in 0..8 {
            let log = &log;
            scope.spawn(move || {
                let commit = format!("{number:040}");
                let (tree, day) = (Digest::of(b"x"), "2026-11-23".parse().unwrap());
                append(&Publishing { folder: log, origin: Some("one"), commit: &commit, tree, day }, &key()).unwrap();
            });
        }
    });
    let mut findings = Vec::new();
    let read = Log::read(&log, &mut findings).unwrap();
    assert_eq!((read.entries.len(), read.heads.len()), (8, 8));
    check_log(&read, None, &mut findings);
    assert!(findings.iter().all(|finding| finding.code.0 == "signature-refused"), "{findings:?}");
    let kept = &read.heads[4];
    let mut findings = Vec::new();
    check_kept(&read, ("kept", &kept.text), None, Some(&Signers::default()), &mut findings);
    assert_eq!(findings, []);
}

#[test]
fn a_log_lies_apart_and_is_of_commits_alone() {
    let published = Published::new();
    let key = published.at("key");
    let build = |more: &[&str]| {
        let (site, state) = (published.at("site"), published.at("state"));
        let words = ["build", ".", "--output", site.to_str().unwrap(), "--state", state.to_str().unwrap()];
        let run = published.bed.run(&[&words[..], &["--sign", key.to_str().unwrap()], more].concat());
        (run.code, run.words)
    };
    let log = published.at("site/log");
    let (code, said) = build(&["--log", log.to_str().unwrap()]);
    assert!(code == 1 && said.contains("would lie in"), "{said}");
    let (code, said) = build(&["--log", "log"]);
    assert!(code == 1 && said.contains("would lie in"), "{said}");
    let log = published.at("log");
    let (code, said) = build(&["--log", log.to_str().unwrap(), "--log-name", "two words"]);
    assert!(code == 1 && said.contains("no name for a log"), "{said}");
    assert_eq!(build(&["--log", log.to_str().unwrap(), "--worktree"]).0, 2);
    assert_eq!(build(&["--log", log.to_str().unwrap(), "--log-name", "yunxi.example/archive"]).0, 0);
    let first = fs::read_to_string(published.at("log/checkpoints/00000001.txt")).unwrap();
    assert!(first.starts_with("yunxi.example/archive\n1\n"), "{first}");
}

#[test]
#[allow(clippy::print_stderr)]
fn a_time_stamp_is_held_against_its_checkpoint() {
    let authority = tempfile::tempdir().unwrap();
    let openssl = |script: &str| {
        let run = Command::new("bash").arg("-ec").arg(script).current_dir(authority.path()).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    if Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
        eprintln!("openssl is not installed: no authority to stamp anything");
        return;
    }
    fs::write(
        authority.path().join("tsa.cnf"),
        "[tsa]\ndefault_tsa=own\n[own]\ndir=.\nserial=serial\ncrypto_device=builtin\nsigner_cert=cert.pem\ncerts=cert.pem\n\
         signer_key=key.pem\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\nordering=no\ntsa_name=no\n\
         ess_cert_id_alg=sha256\n",
    )
    .unwrap();
    openssl(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=authority -days 3650 \
         -addext extendedKeyUsage=critical,timeStamping -addext keyUsage=critical,digitalSignature 2>/dev/null; echo 01 > serial",
    );
    let published = Published::logged(&DAYS[..2]);
    let checkpoints = published.at("log/checkpoints");
    let asked = fs::read(checkpoints.join("00000001.txt.tsq")).unwrap();
    assert_eq!(asked, request(&fs::read(checkpoints.join("00000001.txt")).unwrap()));
    let at = checkpoints.display();
    openssl(&format!("openssl ts -reply -config tsa.cnf -queryfile {at}/00000001.txt.tsq -out {at}/00000001.txt.tsr"));
    openssl(&format!(
        "openssl ts -verify -data {at}/00000001.txt -in {at}/00000001.txt.tsr -CAfile cert.pem -partial_chain"
    ));
    assert_eq!(published.found(), Vec::<String>::new());
    let (log, signers) = (published.at("log"), published.at("signers"));
    let run = published.bed.run(&["verify", log.to_str().unwrap(), "--signers", signers.to_str().unwrap()]);
    assert!(run.code == 0 && run.words.contains("a time stamp over the checkpoint of size 1 says 20"), "{}", run.words);
    fs::rename(checkpoints.join("00000001.txt.tsr"), checkpoints.join("00000002.txt.tsr")).unwrap();
    assert_eq!(published.found(), ["timestamp-refused checkpoints/00000002.txt.tsr"]);
    fs::write(checkpoints.join("00000002.txt.tsr"), "x").unwrap();
    assert_eq!(published.found(), ["timestamp-refused checkpoints/00000002.txt.tsr"]);
}

/// Base64 of some length in the text files of a site: what is sealed in them, the published program left out.
fn sealed_in(site: &Path) -> std::collections::BTreeSet<String> {
    let files = walkdir::WalkDir::new(site).into_iter().map(Result::unwrap);
    let texts = files.filter(|file| file.file_type().is_file() && !file.path().starts_with(site.join("assets")));
    let mut found = std::collections::BTreeSet::new();
    for file in texts {
        let Ok(text) = fs::read_to_string(file.path()) else { continue };
        let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        found.extend(text.split(|c| !base64(c)).filter(|run| run.starts_with("YWdl")).map(str::to_owned));
    }
    found
}

#[test]
fn with_another_sealing_key_everything_is_sealed_anew_and_the_log_goes_on() {
    let published = Published::logged(&DAYS[..1]);
    let before = sealed_in(&published.at("site"));
    assert!(before.len() > 3, "{}", before.len());
    published.publish(DAYS[1]);
    assert!(!sealed_in(&published.at("site")).is_disjoint(&before), "what has not changed stays as it is");
    let state = published.at("state");
    let run = published.bed.run(&["key", "renew", "--state", state.to_str().unwrap(), "--yes"]);
    assert_eq!(run.code, 0, "{}", run.words);
    published.publish(DAYS[2]);
    let after = sealed_in(&published.at("site"));
    assert!(after.len() > 3 && after.is_disjoint(&before), "{}", after.intersection(&before).count());
    assert_eq!(published.verify(&[]), (0, vec![]));
    assert_eq!(published.found(), [""; 0]);
}
