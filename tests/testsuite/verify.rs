//! `verify SITE`: a copy of a site against its manifest, whatever became of it on the way.

use super::bed::{Bed, CONTRACT};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use strongroom::proof::{MANIFEST, MANIFEST_SIGNATURE, SiteCopy, check_site};
use strongroom::provenance::{Signers, demonstration_key};
use strongroom::text::Source;

const WHO: &str = "sun.qian@yunxi.example";

/// An archive in git, a key that signs, a list that allows it, and a site signed with it.
pub struct Published {
    pub bed: Bed,
    /// Where sites and keys lie, which is not in the archive.
    pub beside: tempfile::TempDir,
}

impl Published {
    pub fn new() -> Self {
        let bed = Bed::new();
        let network = "---\ntitle: 组网\naudience: staff\nattachments: [plan.txt]\n---\nA text.\n";
        bed.write("customers/yunxi/network/overview.md", network);
        bed.write("customers/yunxi/network/plan.txt", "an open plan\n");
        bed.write(
            "customers/yunxi/contracts/2024-017.md",
            &CONTRACT.replace("amount:", "attachments: [a.pdf]\namount:"),
        );
        bed.write("customers/yunxi/contracts/a.pdf", "%PDF-1.4 sealed\n");
        bed.commit_as("sun", "2026-11-01", "Begin");
        let beside = tempfile::tempdir().unwrap();
        let key = demonstration_key("sun-qian").unwrap();
        fs::write(beside.path().join("key"), key.private).unwrap();
        fs::write(beside.path().join("signers"), format!("{WHO} namespaces=\"strongroom\" {}\n", key.public)).unwrap();
        Self { bed, beside }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.beside.path().join(name)
    }

    pub fn build(&self, more: &[&str]) {
        let (site, state) = (self.at("site"), self.at("state"));
        let mut arguments = vec!["build", ".", "--output", site.to_str().unwrap(), "--state", state.to_str().unwrap()];
        arguments.extend(more);
        let run = self.bed.run(&arguments);
        assert_eq!(run.code, 0, "{}{}", run.data, run.words);
    }

    pub fn signed() -> Self {
        let published = Self::new();
        published.build(&["--sign", published.at("key").to_str().unwrap()]);
        published
    }

    pub fn signers(&self) -> Signers {
        let text = fs::read(self.at("signers")).unwrap();
        Signers::read(&Source::decode("signers", &text).unwrap(), &mut Vec::new())
    }

    /// What is found in the site, or a copy of it: codes and files.
    fn found_in(&self, site: &Path) -> Vec<(String, String)> {
        let mut findings = Vec::new();
        check_site(&SiteCopy::open(site).unwrap(), Some(&self.signers()), &mut findings).unwrap();
        let told = |finding: strongroom::finding::Finding| {
            (finding.code.0.to_owned(), finding.place.map(|place| place.file).unwrap_or_default())
        };
        findings.into_iter().map(told).collect()
    }

    fn found_in_site(&self) -> Vec<(String, String)> {
        self.found_in(&self.at("site"))
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let site = self.at("site");
        let files = walkdir::WalkDir::new(&site).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file());
        let name = |entry: &walkdir::DirEntry| entry.path().strip_prefix(&site).unwrap().to_str().unwrap().to_owned();
        files.map(|entry| (name(&entry), fs::read(entry.path()).unwrap())).collect()
    }
}

fn told(code: &str, file: &str) -> (String, String) {
    (code.to_owned(), file.to_owned())
}

#[test]
fn a_site_holds_and_programs_that_know_nothing_of_strongroom_agree() {
    let published = Published::signed();
    let (site, signers) = (published.at("site"), published.at("signers"));
    let run = published.bed.run(&["verify", site.to_str().unwrap(), "--signers", signers.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}{}", run.data, run.words);
    assert!(run.words.contains("built for 2026-11-23, signed by sun.qian@yunxi.example"), "{}", run.words);
    let sums = Command::new("sha256sum").args(["--check", "--strict", "--quiet", MANIFEST]).current_dir(&site).output();
    let sums = sums.unwrap();
    assert!(
        sums.status.success(),
        "{}{}",
        String::from_utf8_lossy(&sums.stdout),
        String::from_utf8_lossy(&sums.stderr)
    );
    let listed = published.files().len() - 2;
    let text = fs::read_to_string(site.join(MANIFEST)).unwrap();
    assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), listed);
    let verified = Command::new("ssh-keygen")
        .args(["-Y", "verify", "-I", WHO, "-n", "strongroom", "-f"])
        .arg(&signers)
        .arg("-s")
        .arg(site.join(MANIFEST_SIGNATURE))
        .stdin(Stdio::from(fs::File::open(site.join(MANIFEST)).unwrap()))
        .output();
    assert!(verified.expect("ssh-keygen is not installed").status.success());
}

#[test]
fn a_build_that_changes_nothing_changes_no_byte_and_one_that_changes_something_lists_it() {
    let published = Published::signed();
    let first = published.files();
    published.build(&["--sign", published.at("key").to_str().unwrap()]);
    assert_eq!(published.files(), first);
    published.bed.write("customers/yunxi/network/plan.txt", "another plan\n");
    published.bed.commit();
    published.build(&["--sign", published.at("key").to_str().unwrap()]);
    assert_ne!(published.files()[MANIFEST], first[MANIFEST]);
    assert_eq!(published.found_in_site(), []);
}

#[test]
fn a_manifest_says_what_was_meant_and_not_what_somebody_put_into_the_site_before() {
    let published = Published::signed();
    // A sealed file and a bundle are kept from the site before, where they are what they were.
    for (path, bytes) in published.files() {
        if path.ends_with(".age") {
            fs::write(published.at("site").join(&path), [&bytes[..], b"more"].concat()).unwrap();
        }
    }
    published.build(&["--sign", published.at("key").to_str().unwrap()]);
    assert_eq!(published.found_in_site(), []);
    let files = published.files();
    assert!(files.iter().all(|(path, bytes)| !path.ends_with(".age") || !bytes.ends_with(b"more")));
}

#[test]
fn whatever_is_changed_is_named() {
    let published = Published::signed();
    let files = published.files();
    assert!(files.len() > 30);
    for (path, bytes) in &files {
        let at = published.at("site").join(path);
        let own = [MANIFEST, MANIFEST_SIGNATURE].contains(&path.as_str());
        let middle = bytes.len() / 2;
        let mut flipped = bytes.clone();
        flipped[middle] ^= 1;
        let damages = [flipped, bytes[..bytes.len() - 1].to_vec(), [&bytes[..], b"\n"].concat(), Vec::new()];
        for damage in damages {
            fs::write(&at, &damage).unwrap();
            let found = published.found_in_site();
            if own {
                // One byte more behind the signature's last line is still the same signature.
                let harmless = path == MANIFEST_SIGNATURE
                    && String::from_utf8_lossy(&damage).trim() == String::from_utf8_lossy(bytes).trim();
                assert_eq!(found.is_empty(), harmless, "{path}");
            } else {
                assert_eq!(found, [told("site-file-changed", path)]);
            }
        }
        fs::remove_file(&at).unwrap();
        let found = published.found_in_site();
        match path.as_str() {
            MANIFEST => assert_eq!(found, [told("manifest-missing", MANIFEST)]),
            MANIFEST_SIGNATURE => assert_eq!(found, [told("manifest-unsigned", MANIFEST_SIGNATURE)]),
            _ => assert!(found.contains(&told("site-file-missing", path)), "{found:?}"),
        }
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(&at, bytes).unwrap();
    }
    assert_eq!(published.found_in_site(), []);
}

#[test]
fn what_does_not_belong_into_a_site_is_named() {
    let published = Published::signed();
    let site = published.at("site");
    fs::write(site.join("assets/evil.js"), "x").unwrap();
    fs::write(site.join("Index.html"), "x").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", site.join("link")).unwrap();
    std::os::unix::fs::symlink(published.beside.path(), site.join("folder")).unwrap();
    fs::create_dir(site.join("empty")).unwrap();
    let odd_name = std::os::unix::ffi::OsStrExt::from_bytes(b"\xff\n");
    fs::write(site.join::<&std::ffi::OsStr>(odd_name), "x").unwrap();
    let mut found = published.found_in_site();
    found.sort();
    let expected = [
        told("site-file-odd", "empty/"),
        told("site-file-odd", "folder"),
        told("site-file-odd", "link"),
        told("site-file-odd", "\u{fffd}\n"),
        told("site-file-unknown", "Index.html"),
        told("site-file-unknown", "assets/evil.js"),
    ];
    assert_eq!(found, expected);
    let run = published.bed.run(&["verify", site.to_str().unwrap()]);
    assert_eq!(run.code, 1);
    assert!(run.data.contains("differs only in capital letters"), "{}", run.data);
    // A file in whose place a link lies is missing, whatever the link leads to.
    let page = fs::read(site.join("index.html")).unwrap();
    fs::write(published.at("elsewhere"), page).unwrap();
    fs::remove_file(site.join("index.html")).unwrap();
    std::os::unix::fs::symlink(published.at("elsewhere"), site.join("index.html")).unwrap();
    assert!(published.found_in_site().contains(&told("site-file-missing", "index.html")));
}

#[test]
fn a_zip_of_a_site_is_checked_as_the_folder_is() {
    let published = Published::signed();
    let files = published.files();
    let zipped = |above: &str, more: &[(&str, &str)]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (path, bytes) in &files {
            zip.start_file(format!("{above}{path}"), options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        for (path, text) in more {
            zip.start_file(*path, options).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        let at = published.at("site.zip");
        fs::write(&at, zip.finish().unwrap().into_inner()).unwrap();
        published.found_in(&at)
    };
    assert_eq!(zipped("", &[]), []);
    assert_eq!(zipped("site/", &[]), []);
    let found = zipped("site/", &[("site/evil.js", "x"), ("../../evil", "x")]);
    assert_eq!(found, [told("site-file-odd", "../../evil"), told("site-file-unknown", "evil.js")]);
    // A damaged zip is a finding or a failure, never a panic.
    let whole = fs::read(published.at("site.zip")).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 12).chain((whole.len() - 200..whole.len()).step_by(9)) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        fs::write(published.at("damaged.zip"), damaged).unwrap();
        if let Ok(copy) = SiteCopy::open(&published.at("damaged.zip")) {
            let _ = check_site(&copy, Some(&published.signers()), &mut Vec::new());
        }
    }
}

#[test]
fn who_signed_is_said_and_who_may_not_is_refused() {
    let published = Published::new();
    published.build(&[]);
    let site = published.at("site");
    let verify = |more: &[&str]| {
        let run = published.bed.run(&[&["verify", site.to_str().unwrap()], more].concat());
        (run.code, run.data)
    };
    let signers = published.at("signers");
    let with_signers = ["--signers", signers.to_str().unwrap()];
    let (code, said) = verify(&[]);
    assert!(code == 0 && said.contains("manifest-unsigned"), "{said}");
    assert_eq!(verify(&["--strict"]).0, 1);
    assert_eq!(verify(&with_signers).0, 1, "a signature that was taken away is not overlooked");
    published.build(&["--sign", published.at("key").to_str().unwrap()]);
    assert_eq!(verify(&with_signers).0, 0);
    let (code, said) = verify(&[]);
    assert!(code == 0 && said.contains("nothing says whose that is"), "{said}");
    let key = demonstration_key("sun-qian").unwrap().public;
    let other = demonstration_key("he-jun").unwrap().public;
    for (line, why) in [
        (format!("{WHO} namespaces=\"git\" {key}"), "nobody's who may sign texts"),
        (format!("{WHO} valid-before=\"20261122Z\" {key}"), "does not count on 2026-11-23"),
        (format!("{WHO} {other}"), "nobody's who may sign texts"),
    ] {
        fs::write(&signers, format!("{line}\n")).unwrap();
        let (code, said) = verify(&with_signers);
        assert!(code == 1 && said.contains(why), "{said}");
    }
    let run = published.bed.run(&["verify", site.to_str().unwrap(), "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.data).unwrap();
    assert_eq!(
        (json["kind"].as_str(), json["holds"].as_bool(), json["warnings"].as_u64()),
        (Some("site"), Some(true), Some(1))
    );
}

#[test]
fn what_is_neither_site_nor_bag_is_said_to_be_so() {
    let bed = Bed::bare();
    let run = bed.run(&["verify", "."]);
    assert!(run.code == 1 && run.words.contains("neither a site"), "{}", run.words);
    bed.write("text", "no zip");
    assert_eq!(bed.run(&["verify", "text"]).code, 1);
    assert_eq!(bed.run(&["verify", "absent"]).code, 1);
}
