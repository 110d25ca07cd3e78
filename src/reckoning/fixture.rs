//! Small archives for tests of what is reckoned.

use crate::access::{Held, Shelf};
use crate::archive::Archive;
use crate::repository::open_work_tree;

/// The day of every archive here.
pub const DAY: &str = "2026-11-23";

/// The settings of every archive here that brings none of its own.
pub const SETTINGS: &str = "title: A
audiences:
  finance: {title: F, readers: []}
  legal: {title: L, readers: []}
  sales: {title: S, readers: []}
  technical: {title: T, readers: []}
  management: {title: M, readers: []}
  compliance: {title: C, readers: []}
tiers:
  gold: {title: G, requires: [licence, contract, dossier.technical_manager, contract.amount], review: 90d}
";

/// An archive with one dossier, `one`, of these files.
pub fn archive_of(files: &[(&str, &str)]) -> Archive {
    archive_beside(files, &[])
}

/// The same with files elsewhere in the archive.
pub fn archive_beside(files: &[(&str, &str)], beside: &[(&str, &str)]) -> Archive {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    put("strongroom.yaml", SETTINGS);
    let root = "name: One\ntier: gold\nindustry: x\naccount_manager: y\naudience: staff\n";
    put("customers/one/dossier.yaml", root);
    for (path, text) in files {
        put(&format!("customers/one/{path}"), text);
    }
    for (path, text) in beside {
        put(path, text);
    }
    let reading = Archive::read(&open_work_tree(folder.path()).unwrap(), DAY.parse().unwrap());
    let errors: Vec<_> = reading.findings.iter().filter(|f| f.severity == crate::finding::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    reading.archive
}

/// Looking at what is held without asking who may.
pub trait Everybody<T> {
    /// All things, as whoever has the archive sees them.
    fn everybody(&self) -> Vec<&T>;
}

impl<T> Everybody<T> for Shelf<T> {
    fn everybody(&self) -> Vec<&T> {
        self.lay_out(|held: Held<&T>| held.release().1).collect()
    }
}
