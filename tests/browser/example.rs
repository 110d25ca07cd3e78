//! The site that the tests open: built once from a copy of the example archive, with a picture in a sealed section
//! added.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use strongroom::archive::Archive;
use strongroom::repository::open_work_tree;

/// The day on which the example is built: one reader's training has lapsed, the others' has not.
pub const DAY: &str = "2026-11-23";

pub struct Example {
    /// The folder of the built site.
    pub site: PathBuf,
    /// The copy of the archive.
    pub archive: PathBuf,
}

/// The site, built when first asked for.
pub fn example() -> &'static Example {
    static EXAMPLE: OnceLock<Example> = OnceLock::new();
    EXAMPLE.get_or_init(|| {
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser");
        let _ = std::fs::remove_dir_all(&home);
        let archive = home.join("archive");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("archive"), &archive);
        add_picture(&archive.join("customers/energy/yunxi-hydropower"));
        commit(&archive);
        let site = home.join("site");
        build(&archive, &site, &[]);
        Example { site, archive }
    })
}

/// Builds an archive on the tests' day; the state lies beside the site.
pub fn build(archive: &Path, site: &Path, options: &[&str]) {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_strongroom"));
    command.args(["--date", DAY, "build"]).args(options).arg(archive).arg("-o").arg(site);
    command.arg("--state").arg(site.with_file_name("state")).assert().success();
}

/// The example with its past, built when first asked for.
pub fn site_with_past() -> &'static Path {
    static SITE: OnceLock<PathBuf> = OnceLock::new();
    SITE.get_or_init(|| {
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser-past");
        let _ = std::fs::remove_dir_all(&home);
        let (archive, site) = (home.join("archive"), home.join("site"));
        let mut init = assert_cmd::Command::new(env!("CARGO_BIN_EXE_strongroom"));
        init.args(["init", "--example"]).arg(&archive).assert().success();
        build(&archive, &site, &[]);
        site
    })
}

impl Example {
    /// The archive as the build read it.
    pub fn read(&self) -> Archive {
        let snapshot = open_work_tree(&self.archive).unwrap();
        Archive::read(&snapshot, DAY.parse().unwrap()).archive
    }

    /// A copy of the site that a test may change.
    pub fn copy_of_site(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        copy(&self.site, folder.path());
        folder
    }

    /// Where the page of a dossier stands that is sealed as a whole: the one whose envelopes hold this name.
    pub fn sealed_pages(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.site.join("d")).unwrap();
        let mut found: Vec<String> =
            entries.map(|entry| format!("d/{}/index.html", entry.unwrap().file_name().to_string_lossy())).collect();
        found.sort();
        found
    }
}

/// The demonstration key of a reader, as archive/README.md says it.
pub fn key(reader: &str) -> &'static str {
    static KEYS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("archive/README.md");
        let text = std::fs::read_to_string(path).unwrap();
        let rows = text.lines().filter(|line| line.contains("`AGE-SECRET-KEY-1"));
        rows.map(|line| {
            let mut quoted = line.split('`').skip(1).step_by(2);
            let reader = quoted.next().unwrap().to_owned();
            (reader, quoted.find(|word| word.starts_with("AGE-SECRET-KEY-1")).unwrap().to_owned())
        })
        .collect()
    });
    keys.get(reader).unwrap_or_else(|| panic!("archive/README.md says no key of {reader}"))
}

/// The demonstration passphrase of a reader, as archive/README.md says it.
pub fn passphrase(reader: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("archive/README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let row = text.lines().find(|line| line.contains(&format!("`readers/{reader}.age`"))).unwrap();
    row.split('`').nth(5).unwrap().to_owned()
}

/// A key file as a reader keeps it.
pub fn key_file(reader: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".txt").tempfile().unwrap();
    std::fs::write(file.path(), format!("# {reader}\n{}\n", key(reader))).unwrap();
    file
}

/// Shows a picture under a heading that is for finance alone.
fn add_picture(dossier: &Path) {
    // Not one that stands open elsewhere: the last gate would rightly stop the build.
    std::fs::copy(dossier.join("credentials/poa-liao.png"), dossier.join("inflow.png")).unwrap();
    let profile = dossier.join("profile.md");
    let text = std::fs::read_to_string(&profile).unwrap();
    let heading = "## 财务情况 {audience=finance}\n";
    assert!(text.contains(heading));
    std::fs::write(profile, text.replace(heading, &format!("{heading}\n![来水与账期](inflow.png)\n"))).unwrap();
}

pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn commit(archive: &Path) {
    let repository = git2::Repository::init(archive).unwrap();
    let mut index = repository.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let person =
        git2::Signature::new("Archivist", "archivist@example.invalid", &git2::Time::new(1_795_000_000, 0)).unwrap();
    repository.commit(Some("HEAD"), &person, &person, "Add the example", &tree, &[]).unwrap();
}
