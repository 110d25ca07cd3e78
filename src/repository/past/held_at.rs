//! What a commit holds at a few places, read from its own trees: the answer hangs on nothing that other commits say.

use std::collections::BTreeMap;
use std::sync::Arc;

use git2::{ObjectType, Odb};

use super::Past;
use super::commit_object::CommitObject;
use crate::repository::commit::MAX_COMMIT;
use crate::repository::error::{ObjectFault, ReadError};
use crate::repository::id::ContentId;
use crate::repository::listing::{Limits, find_folder};
use crate::repository::object;
use crate::repository::tree::{Mode, TreeEntries};

/// Files below the places that are asked for. No archive has a tenth of this many settings, types, readers and themes.
const MOST: usize = 100_000;
/// Folders in one another.
const DEEPEST: usize = 32;

/// What stands at each path of the archive, at the places that were asked for and below them.
pub type HeldAt = BTreeMap<Arc<str>, ContentId>;

impl Past {
    /// What a commit holds at these paths of the archive, and below them where they are folders. Links and submodules
    /// count as well, each by the id that its folder gives it.
    ///
    /// # Errors
    /// [`ReadError`] where the repository lacks one of the folders, or they hold more than any archive has.
    pub fn held_at(&self, commit: ContentId, paths: &[&str]) -> Result<HeldAt, ReadError> {
        let read = self.pool.with(|objects| {
            let mut held = HeldAt::new();
            let object = object::read(objects, commit, ObjectType::Commit, MAX_COMMIT)?;
            let malformed = || ObjectFault::Unreadable("it is malformed".into());
            let root = CommitObject::parse(commit, object.data()).ok_or_else(malformed)?.tree;
            let unreadable = |error: crate::repository::OpenError| ObjectFault::Unreadable(error.to_string());
            let Some(folder) = find_folder(objects, root, &self.folder).map_err(unreadable)? else { return Ok(held) };
            below(objects, folder, ("", 0), paths, &mut held)?;
            Ok(held)
        });
        let read = read.unwrap_or_else(|error| Err(ObjectFault::Unreadable(error.to_string())));
        read.map_err(|fault| ReadError::Object { id: commit, fault })
    }
}

fn below(
    objects: &Odb<'_>,
    tree: ContentId,
    (prefix, depth): (&str, usize),
    wanted: &[&str],
    held: &mut HeldAt,
) -> Result<(), ObjectFault> {
    let object = object::read(objects, tree, ObjectType::Tree, Limits::ARCHIVE.tree_bytes)?;
    for entry in TreeEntries::of(object.data()) {
        let entry = entry.map_err(|_| ObjectFault::Unreadable("a folder of it is malformed".into()))?;
        // Names that cannot be paths are told elsewhere; here they must only not be overlooked.
        let path = format!("{prefix}{}", String::from_utf8_lossy(entry.name));
        let inside = wanted.iter().any(|wanted| is_at(&path, wanted));
        if entry.mode == Mode::Folder && depth < DEEPEST {
            if inside || wanted.iter().any(|wanted| is_at(wanted, &path)) {
                below(objects, entry.id, (&format!("{path}/"), depth + 1), wanted, held)?;
            }
        } else if inside {
            held.insert(path.into(), entry.id);
        }
        if held.len() > MOST {
            return Err(ObjectFault::Unreadable(format!("it holds more than {MOST} files there")));
        }
    }
    Ok(())
}

/// Whether a path is this one, or lies below it.
fn is_at(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::fixture::Fixture;

    #[test]
    fn what_a_commit_holds_at_a_path_and_below_it_is_read_from_its_own_trees() {
        let fixture = Fixture::new();
        let files = [("a/strongroom.yaml", "x"), ("a/types/deep/one.yaml", "y"), ("a/types.md", "z"), ("types/b", "o")];
        let old = fixture.commit_files(&files);
        fixture.commit_files(&files[1..]);
        let past = Past::read(fixture.path(), Some("a"), None).unwrap();
        let held = |commit: git2::Oid| {
            let id = ContentId::from_oid(&commit).unwrap();
            let held = past.held_at(id, &["strongroom.yaml", "types"]).unwrap();
            held.keys().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(held(old), ["strongroom.yaml", "types/deep/one.yaml"]);
        let deep = past.held_at(ContentId::from_oid(&old).unwrap(), &["types/deep"]).unwrap();
        assert_eq!(deep.len(), 1);
        let tip = past.tip.to_oid().unwrap();
        assert_eq!(held(tip), ["types/deep/one.yaml"]);
        assert!(past.held_at(ContentId::of(b"none").unwrap(), &["types"]).is_err());
    }
}
