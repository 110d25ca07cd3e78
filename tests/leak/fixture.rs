//! An archive in a temporary folder, its readers with their keys, and its site.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use strongroom::archive::{Archive, Reading};
use strongroom::history::History;
use strongroom::provenance::Signers;
use strongroom::repository::{Past, Snapshot, open_work_tree};
use strongroom::sealing::{Identity, generate_identity};
use strongroom::site::{Built, Order, PublishError, Published, Stage, State, Vouching, publish};

/// The day of every build here.
pub const DAY: &str = "2026-11-23";

/// An archive with its site and its state, all in one temporary folder.
pub struct House {
    folder: tempfile::TempDir,
    /// The readers' keys, by name.
    pub keys: BTreeMap<String, Identity>,
}

impl House {
    pub fn new() -> Self {
        let house = Self { folder: tempfile::tempdir().unwrap(), keys: BTreeMap::new() };
        std::fs::create_dir_all(house.archive()).unwrap();
        house
    }

    pub fn archive(&self) -> PathBuf {
        self.folder.path().join("archive")
    }

    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Writes a file of the archive.
    pub fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.archive().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Adds a reader with a new key, whose training is valid until a day.
    pub fn reader(&mut self, name: &str, valid_until: &str) {
        self.named_reader(name, name, "", valid_until);
    }

    /// Adds a reader with a new key, a name and a post.
    pub fn named_reader(&mut self, file: &str, name: &str, post: &str, valid_until: &str) {
        let identity = generate_identity().unwrap();
        let post = if post.is_empty() { String::new() } else { format!("post: {post}\n") };
        self.put(
            &format!("readers/{file}.yaml"),
            format!(
                "name: {name}\n{post}keys: [{}]\ntraining:\n  - {{course: x, passed: 2020-01-01, valid_until: {valid_until}}}\n",
                identity.recipient().as_str()
            ),
        );
        self.keys.insert(file.to_owned(), identity);
    }

    /// Takes a file of the archive away.
    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.archive().join(path)).unwrap();
    }

    /// Commits the archive as it lies, a day after the commit before.
    pub fn commit(&self, message: &str) {
        let repository = git2::Repository::open(self.archive()).or_else(|_| {
            let mut options = git2::RepositoryInitOptions::new();
            git2::Repository::init_opts(self.archive(), options.initial_head("main").external_template(false))
        });
        let repository = repository.unwrap();
        let mut index = repository.index().unwrap();
        index.clear().unwrap();
        index.add_all(["*"], git2::IndexAddOption::FORCE, None).unwrap();
        index.write().unwrap();
        let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
        let parent = repository.head().ok().map(|head| head.peel_to_commit().unwrap());
        let seconds = parent.as_ref().map_or(1_735_693_200, |parent| parent.time().seconds() + 86_400);
        let person = git2::Signature::new("孙倩", "sun.qian@example.invalid", &git2::Time::new(seconds, 480)).unwrap();
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        repository.commit(Some("HEAD"), &person, &person, message, &tree, &parents).unwrap();
    }

    pub fn snapshot(&self) -> Snapshot {
        open_work_tree(&self.archive()).unwrap()
    }

    pub fn read(&self) -> Reading {
        Archive::read(&self.snapshot(), DAY.parse().unwrap())
    }

    /// The codes of all errors in the archive.
    pub fn errors(&self) -> Vec<String> {
        let reading = self.read();
        let errors = reading.findings.into_iter().filter(|f| f.severity == strongroom::finding::Severity::Error);
        errors.map(|finding| format!("{}: {}", finding.code.0, finding.message)).collect()
    }

    pub fn build(&self) -> Result<Published, PublishError> {
        self.build_to(&self.site(), &self.state())
    }

    pub fn build_to(&self, site: &Path, state: &Path) -> Result<Published, PublishError> {
        self.build_with(DAY, (site, state), true, &|_| {})
    }

    pub fn build_on(&self, day: &str, site: &Path, state: &Path) -> Result<Published, PublishError> {
        self.build_with(day, (site, state), true, &|_| {})
    }

    /// Builds, and does something to the new site, in the folder where it is made, just before the last gate.
    pub fn build_with(
        &self,
        day: &str,
        (site, state): (&Path, &Path),
        excerpts: bool,
        sabotage: &(dyn Fn(&Path) + Sync),
    ) -> Result<Published, PublishError> {
        let snapshot = self.snapshot();
        let Reading { archive, findings } = Archive::read(&snapshot, day.parse().unwrap());
        assert!(!findings.has_errors(), "{:#?}", self.errors());
        let built = Built { date: day.to_owned(), outside_git: true, ..Built::default() };
        let state = State::at(state.to_owned(), None);
        let past = self.archive().join(".git").exists().then(|| Past::read(&self.archive(), None, None).unwrap());
        let history = past.map(|past| History::read(&past, &archive, &Signers::default()));
        let order = Order {
            snapshot: &snapshot,
            archive: &archive,
            history: history.as_ref(),
            built,
            target: site,
            forbid: Vec::new(),
            state: &state,
            excerpts,
            vouching: Vouching::default(),
            progress: &|stage, _, _| {
                if stage == Stage::Search {
                    sabotage(&unfinished(site));
                }
            },
        };
        publish(&order)
    }

    /// Builds, and shows what kept it from being built.
    pub fn must_build(&self) {
        match self.build() {
            Ok(_) => {}
            Err(PublishError::Findings(findings)) => {
                panic!("{:#?}", findings.into_iter().map(|f| f.message).collect::<Vec<_>>())
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// The folder in which a site is made that is not yet in its place: hidden beside it.
fn unfinished(site: &Path) -> PathBuf {
    let beside = std::fs::read_dir(site.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let hidden = |path: &Path| path.file_name().unwrap().to_string_lossy().starts_with('.');
    let mut made = beside.filter(|path| hidden(path) && path.join("index.html").exists());
    let folder = made.next().expect("a site in the making");
    assert!(made.next().is_none(), "only one site is in the making");
    folder
}

/// Every file below a folder, by its path there.
pub fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// Bytes that look random and are always the same.
pub fn noise(label: &str, length: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut n = 0u32;
    while out.len() < length {
        out.extend(Sha256::digest(format!("{label}/{n}")));
        n += 1;
    }
    out.truncate(length);
    out
}
