//! The example, built once by the binary, and what is sealed in it.

use crate::stock::age;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use strongroom::sealing::{Identity, keyring_name};

pub const READERS: [&str; 6] = ["li-wei", "zhao-min", "sun-qian", "he-jun", "wu-jie", "chen-fang"];

pub struct Site {
    folder: PathBuf,
}

/// The demonstration key of a reader, as archive/README.md says it.
pub fn key(reader: &str) -> &'static str {
    static README: OnceLock<String> = OnceLock::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("archive/README.md");
    let text = README.get_or_init(|| std::fs::read_to_string(path).unwrap());
    let row = text.lines().find(|line| line.starts_with(&format!("| `{reader}`")) && line.contains("AGE-SECRET-KEY-1"));
    row.unwrap().split('`').find(|word| word.starts_with("AGE-SECRET-KEY-1")).unwrap()
}

impl Site {
    pub fn example() -> &'static Self {
        static SITE: OnceLock<Site> = OnceLock::new();
        SITE.get_or_init(|| {
            let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("interop");
            let _ = std::fs::remove_dir_all(&home);
            let folder = home.join("site");
            assert_cmd::Command::new(env!("CARGO_BIN_EXE_strongroom"))
                .args(["--date", "2026-11-23", "build", "--worktree"])
                .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("archive"))
                .arg("-o")
                .arg(&folder)
                .arg("--state")
                .arg(home.join("state"))
                .assert()
                .success();
            Self { folder }
        })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The files of a folder with an extension, in order.
    pub fn files(&self, folder: &str, extension: &str) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.join(folder)).unwrap();
        let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        found.retain(|path| path.extension().is_some_and(|known| known == extension));
        found.sort();
        found
    }

    /// All pages.
    pub fn pages(&self) -> Vec<PathBuf> {
        fn below(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    below(&path, found);
                } else if path.extension().is_some_and(|extension| extension == "html") {
                    found.push(path);
                }
            }
        }
        let mut found = Vec::new();
        below(&self.folder, &mut found);
        found.sort();
        found
    }

    /// The keyring of a reader, where there is one.
    pub fn keyring(&self, reader: &str) -> Option<PathBuf> {
        let home = std::fs::read_to_string(self.folder.join("index.html")).unwrap();
        let salt = home.split("data-salt=\"").nth(1).unwrap().split('"').next().unwrap();
        let public = Identity::parse(key(reader)).unwrap().recipient();
        let path = self.folder.join("keys").join(format!("{}.age", keyring_name(salt, &public)));
        path.is_file().then_some(path)
    }

    /// The identities of a reader's clearances, from the keyring that stock age opens.
    pub fn identities_of(&self, reader: &str) -> BTreeMap<String, String> {
        let Some(path) = self.keyring(reader) else { return BTreeMap::new() };
        let plain = age(&std::fs::read(path).unwrap(), &[key(reader)]).unwrap();
        let keyring: serde_json::Value = serde_json::from_slice(&plain).unwrap();
        assert_eq!(keyring["reader"], reader);
        let clearances = keyring["clearances"].as_array().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        clearances.map(|one| (text(&one["id"]), text(&one["identity"]))).collect()
    }

    /// The identities of all clearances that some reader holds.
    pub fn identities(&self) -> BTreeMap<String, String> {
        READERS.into_iter().flat_map(|reader| self.identities_of(reader)).collect()
    }
}

/// The envelopes of a page, in it and beside it: clearance and armored age file.
pub fn envelopes(page: &Path) -> Vec<(String, String)> {
    let html = std::fs::read_to_string(page).unwrap();
    let pieces = html.split("class=\"envelope\" data-clearance=\"").skip(1);
    pieces
        .map(|piece| {
            let (id, rest) = piece.split_once('"').unwrap();
            let armored = match rest.strip_prefix(" data-beside=\"") {
                Some(rest) => handed_over(Site::example().folder(), rest.split_once('"').unwrap().0),
                None => rest.split_once('>').unwrap().1.split_once("</script>").unwrap().0.to_owned(),
            };
            (id.to_owned(), format!("{}\n", armored.trim()))
        })
        .collect()
}

/// The text that a script of the site hands over.
fn handed_over(site: &Path, place: &str) -> String {
    let script = std::fs::read_to_string(site.join(format!("{place}.js"))).unwrap();
    serde_json::from_str(script.trim_end().strip_suffix(')').unwrap().split_once(',').unwrap().1).unwrap()
}
