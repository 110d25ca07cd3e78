//! Packing commits for somebody else, in the forms that git reads by itself: a bundle, which `git clone` takes, or a pack
//! of what leads to one folder, which `git index-pack` takes.

use super::error::OpenError;
use super::id::ContentId;
use super::locate::{Located, locate};
use super::object;
use git2::{ObjectType, Oid, PackBuilder, Repository, Sort, Tree, TreeWalkMode, TreeWalkResult};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// The branch that a bundle has.
pub const BUNDLED_BRANCH: &str = "refs/heads/evidence";

/// What goes into a pack.
pub struct Packed {
    /// The bytes, as git reads them.
    pub bytes: Vec<u8>,
    /// Whether all that its objects name is there as well.
    pub whole: bool,
}

/// A repository that objects are taken from.
pub struct Packer {
    repository: Repository,
    folder: String,
}

impl Packer {
    /// Opens the repository that holds an archive.
    ///
    /// # Errors
    /// Where there is none that can be read.
    pub fn open(path: &Path, folder: Option<&str>) -> Result<Self, OpenError> {
        let Located { repository, folder } = locate(path, folder)?;
        // What libgit2 is told for the whole process is told before anything is read.
        object::objects_of(&repository)?;
        Ok(Self { repository, folder })
    }

    /// A bundle of a commit with everything that leads to it.
    ///
    /// # Errors
    /// Where an object is missing, as in a shallow clone.
    pub fn bundle(&self, tip: ContentId) -> Result<Packed, OpenError> {
        let make = || -> Result<Vec<u8>, git2::Error> {
            let tip = tip.to_oid()?;
            let mut walk = self.repository.revwalk()?;
            walk.set_sorting(Sort::TOPOLOGICAL)?;
            walk.push(tip)?;
            let mut pack = self.builder()?;
            pack.insert_walk(&mut walk)?;
            let mut bytes = format!("# v2 git bundle\n{tip} HEAD\n{tip} {BUNDLED_BRANCH}\n\n").into_bytes();
            append(&mut pack, &mut bytes)?;
            Ok(bytes)
        };
        make().map(|bytes| Packed { bytes, whole: true }).map_err(|error| self.failed(&error))
    }

    /// A pack of these commits, and for each of them that is among `shown` of the folders on the way to `inside` (a path
    /// in the archive) and of everything in it. What lies beside the way is named there and is not in the pack.
    ///
    /// # Errors
    /// Where an object is missing.
    pub fn path(
        &self,
        commits: &[ContentId],
        shown: &BTreeSet<ContentId>,
        inside: &BTreeSet<String>,
    ) -> Result<Packed, OpenError> {
        let make = || -> Result<Vec<u8>, git2::Error> {
            let mut pack = self.builder()?;
            let mut met: BTreeSet<Oid> = BTreeSet::new();
            for id in commits {
                pack.insert_object(id.to_oid()?, None)?;
            }
            for id in shown {
                let commit = self.repository.find_commit(id.to_oid()?)?;
                for path in inside {
                    self.way(&commit.tree()?, path, &mut pack, &mut met)?;
                }
            }
            let mut bytes = Vec::new();
            append(&mut pack, &mut bytes)?;
            Ok(bytes)
        };
        make().map(|bytes| Packed { bytes, whole: false }).map_err(|error| self.failed(&error))
    }

    /// Puts in the trees from the root to a path, and all below it.
    fn way(
        &self,
        root: &Tree<'_>,
        path: &str,
        pack: &mut PackBuilder<'_>,
        met: &mut BTreeSet<Oid>,
    ) -> Result<(), git2::Error> {
        let whole = if self.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", self.folder) };
        let mut tree = root.clone();
        put(pack, met, tree.id())?;
        for name in whole.split('/') {
            let Some((id, kind)) = tree.get_name(name).map(|entry| (entry.id(), entry.kind())) else { return Ok(()) };
            match kind {
                Some(ObjectType::Tree) => {
                    tree = self.repository.find_tree(id)?;
                    put(pack, met, id)?;
                }
                Some(ObjectType::Blob) => return put(pack, met, id),
                _ => return Ok(()),
            }
        }
        let mut failed = None;
        tree.walk(TreeWalkMode::PreOrder, |_, entry| {
            let wanted = matches!(entry.kind(), Some(ObjectType::Tree | ObjectType::Blob));
            match if wanted { put(pack, met, entry.id()) } else { Ok(()) } {
                Ok(()) => TreeWalkResult::Ok,
                Err(error) => {
                    failed = Some(error);
                    TreeWalkResult::Abort
                }
            }
        })
        .or_else(|error| if failed.is_some() { Ok(()) } else { Err(error) })?;
        failed.map_or(Ok(()), Err)
    }

    fn builder(&self) -> Result<PackBuilder<'_>, git2::Error> {
        let mut pack = self.repository.packbuilder()?;
        // Several threads would divide the search for deltas otherwise on another machine, and give other bytes.
        pack.set_threads(1);
        Ok(pack)
    }

    fn failed(&self, error: &git2::Error) -> OpenError {
        let path = self.repository.workdir().unwrap_or_else(|| self.repository.path()).to_path_buf();
        OpenError::Git { path, detail: error.message().into() }
    }
}

fn put(pack: &mut PackBuilder<'_>, met: &mut BTreeSet<Oid>, id: Oid) -> Result<(), git2::Error> {
    if met.insert(id) { pack.insert_object(id, None) } else { Ok(()) }
}

fn append(pack: &mut PackBuilder<'_>, bytes: &mut Vec<u8>) -> Result<(), git2::Error> {
    pack.foreach(|piece| bytes.write_all(piece).is_ok())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::super::unpacking::Unpacked;
    use super::*;

    const FILES: [(&str, &str); 3] = [
        ("customers/a/dossier.yaml", "name: A\n"),
        ("customers/b/dossier.yaml", "name: B\n"),
        ("strongroom.yaml", "x\n"),
    ];

    fn repository() -> (Fixture, ContentId) {
        let fixture = Fixture::new();
        fixture.commit_files(&FILES[..1]);
        let tip = fixture.commit_files(&FILES);
        (fixture, ContentId::parse(&tip.to_string()).unwrap())
    }

    #[test]
    fn a_bundle_holds_everything_that_leads_to_its_commit() {
        let (fixture, tip) = repository();
        let packed = Packer::open(fixture.path(), None).unwrap().bundle(tip).unwrap();
        let unpacked = Unpacked::bundle(&packed.bytes).unwrap();
        assert_eq!(unpacked.tips(), [tip]);
        assert_eq!(unpacked.check(true).unwrap().len(), 2, "two commits");
        assert_eq!(unpacked.file(tip, "customers/b/dossier.yaml").unwrap().as_deref(), Some(&b"name: B\n"[..]));
    }

    #[test]
    fn the_same_commit_gives_the_same_bytes() {
        let (fixture, tip) = repository();
        let bytes = || Packer::open(fixture.path(), None).unwrap().bundle(tip).unwrap().bytes;
        assert_eq!(bytes(), bytes());
    }

    #[test]
    fn a_pack_of_a_way_holds_one_folder_and_names_what_lies_beside_it() {
        let (fixture, tip) = repository();
        let packer = Packer::open(fixture.path(), None).unwrap();
        let inside = BTreeSet::from(["customers/a".to_owned()]);
        let packed = packer.path(&[tip], &BTreeSet::from([tip]), &inside).unwrap();
        let unpacked = Unpacked::pack(&packed.bytes, &[tip]).unwrap();
        assert_eq!(unpacked.file(tip, "customers/a/dossier.yaml").unwrap().as_deref(), Some(&b"name: A\n"[..]));
        assert_eq!(unpacked.file(tip, "customers/b/dossier.yaml").unwrap(), None);
        assert!(unpacked.check(true).is_err(), "its parent and its neighbours are not there");
        assert_eq!(unpacked.check(false).unwrap().len(), 1);
    }
}
