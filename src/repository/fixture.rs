//! Repositories made for the tests: fixed dates, no settings but their own, and trees that no git program would write.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid, Repository, RepositoryInitOptions};
use tempfile::TempDir;

/// A repository in a folder that is removed with it.
pub(crate) struct Fixture {
    pub(crate) repository: Repository,
    folder: TempDir,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::make(false)
    }

    pub(crate) fn bare() -> Self {
        Self::make(true)
    }

    fn make(bare: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = RepositoryInitOptions::new();
        options.bare(bare).initial_head("main").external_template(false);
        let repository = Repository::init_opts(folder.path(), &options).unwrap();
        // The settings of whoever runs the tests must not change what they see.
        let mut config = repository.config().unwrap();
        config.set_bool("core.autocrlf", false).unwrap();
        config.set_str("core.excludesFile", "").unwrap();
        config.set_str("core.attributesFile", "").unwrap();
        Self { repository, folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn set(&self, name: &str, value: &str) {
        self.repository.config().unwrap().set_str(name, value).unwrap();
    }

    pub(crate) fn blob(&self, content: &[u8]) -> Oid {
        self.repository.blob(content).unwrap()
    }

    /// A tree of exactly these entries, however wrong.
    pub(crate) fn raw_tree(&self, entries: &[(&str, &[u8], Oid)]) -> Oid {
        let mut bytes = Vec::new();
        for (mode, name, id) in entries {
            bytes.extend([mode.as_bytes(), b" ", name, b"\0", id.as_bytes()].concat());
        }
        self.repository.odb().unwrap().write(ObjectType::Tree, &bytes).unwrap()
    }

    /// The tree of these files.
    pub(crate) fn tree(&self, files: &[(&str, &str)]) -> Oid {
        let mut here = BTreeMap::new();
        let mut below: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
        for (path, content) in files {
            match path.split_once('/') {
                None => {
                    here.insert((*path).to_owned(), ("100644", self.blob(content.as_bytes())));
                }
                Some((folder, rest)) => below.entry(folder.into()).or_default().push((rest, content)),
            }
        }
        for (folder, files) in below {
            // Git sorts a folder as though its name ended in a slash.
            here.insert(format!("{folder}/"), ("40000", self.tree(&files)));
        }
        let entries: Vec<_> =
            here.iter().map(|(name, (mode, id))| (*mode, name.trim_end_matches('/').as_bytes(), *id)).collect();
        self.raw_tree(&entries)
    }

    /// Commits a tree on `main`, always at the same moment.
    pub(crate) fn commit(&self, tree: Oid) -> Oid {
        self.commit_with(tree, "")
    }

    /// Commits a tree on `main` with further lines in the commit's head.
    pub(crate) fn commit_with(&self, tree: Oid, header: &str) -> Oid {
        let parent = match self.repository.refname_to_id("refs/heads/main") {
            Ok(id) => format!("parent {id}\n"),
            Err(_) => String::new(),
        };
        let person = "李薇 <li.wei@example.cn> 1710720000 +0800";
        let text = format!("tree {tree}\n{parent}author {person}\ncommitter {person}\n{header}\n续签合同\n\nWhy.\n");
        let id = self.repository.odb().unwrap().write(ObjectType::Commit, text.as_bytes()).unwrap();
        self.repository.reference("refs/heads/main", id, true, "test").unwrap();
        id
    }

    /// Writes a commit of a tree after these parents, made at this second, and moves no branch.
    pub(crate) fn commit_after(&self, parents: &[Oid], tree: Oid, seconds: i64) -> Oid {
        let parents: String = parents.iter().map(|id| format!("parent {id}\n")).collect();
        let person = format!("李薇 <li.wei@example.cn> {seconds} +0800");
        let text = format!("tree {tree}\n{parents}author {person}\ncommitter {person}\n\n第 {seconds} 次\n");
        self.repository.odb().unwrap().write(ObjectType::Commit, text.as_bytes()).unwrap()
    }

    /// Writes bytes under the name of another object, as only a forger does.
    pub(crate) fn forge(&self, id: Oid, kind: ObjectType, content: &[u8]) {
        let path = self.object_path(id);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut file, format!("{} {}\0", kind.str(), content.len()).as_bytes()).unwrap();
        std::io::Write::write_all(&mut file, content).unwrap();
        // Objects are written for reading only.
        let _ = std::fs::remove_file(&path);
        std::fs::write(path, file.finish().unwrap()).unwrap();
    }

    pub(crate) fn commit_files(&self, files: &[(&str, &str)]) -> Oid {
        self.commit(self.tree(files))
    }

    /// Makes the work tree and the index those of HEAD.
    pub(crate) fn check_out(&self) {
        let mut options = git2::build::CheckoutBuilder::new();
        self.repository.checkout_head(Some(options.force())).unwrap();
    }

    pub(crate) fn write(&self, path: &str, content: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn stage(&self, path: &str, content: &str) {
        self.write(path, content);
        let mut index = self.repository.index().unwrap();
        index.add_path(Path::new(path)).unwrap();
        index.write().unwrap();
    }

    /// Where a loose object lies.
    pub(crate) fn object_path(&self, id: Oid) -> PathBuf {
        let digits = id.to_string();
        self.repository.path().join("objects").join(&digits[..2]).join(&digits[2..])
    }
}

/// Paths of a snapshot, for comparing.
pub(crate) fn paths(snapshot: &super::Snapshot) -> Vec<&str> {
    snapshot.files().iter().map(|file| file.path.as_str()).collect()
}
