//! Objects of a repository, read through one handle that all threads share.

use std::sync::Once;

use git2::{ErrorCode, ObjectType, Odb, OdbObject, Oid, Repository};

use super::error::{ObjectFault, OpenError};
use super::id::ContentId;

/// The objects of a repository, free of the repository's own handle.
///
/// libgit2 guards its object database with locks of its own, but not the handle of a repository; so the database is
/// opened by itself, and all threads read from it. It follows `info/alternates` as the repository does.
pub(super) fn objects_of(repository: &Repository) -> Result<Odb<'static>, OpenError> {
    open_objects(&objects_folder(repository)?)
}

/// Where the objects of a repository lie.
pub(super) fn objects_folder(repository: &Repository) -> Result<String, OpenError> {
    let folder = repository.commondir().join("objects");
    match folder.to_str() {
        Some(text) => Ok(text.into()),
        None => Err(OpenError::Git { path: folder, detail: "its path is not UTF-8".into() }),
    }
}

/// A handle of its own to the objects in a folder.
pub(super) fn open_objects(folder: &str) -> Result<Odb<'static>, OpenError> {
    static SETTINGS: Once = Once::new();
    SETTINGS.call_once(|| {
        // libgit2 knows these only for the whole process. It would check every object against its id by a slow SHA-1,
        // which doubles the time of reading a history; `read` does so where it matters. And it would keep up to 256 MiB
        // of objects, nearly all of which nobody asks for again.
        git2::opts::strict_hash_verification(false);
        git2::opts::enable_caching(false);
    });
    let failed = |error: git2::Error| OpenError::Git { path: folder.into(), detail: error.message().into() };
    let objects = Odb::new().map_err(failed)?;
    objects.add_disk_alternate(folder).map_err(failed)?;
    Ok(objects)
}

/// An object's size in bytes, without reading it.
pub(super) fn size(objects: &Odb<'_>, id: ContentId, kind: ObjectType) -> Result<u64, ObjectFault> {
    let oid = id.to_oid().map_err(fault)?;
    let (size, found) = objects.read_header(oid).map_err(fault)?;
    if found == kind { Ok(size as u64) } else { Err(ObjectFault::WrongKind) }
}

/// An object of this kind and of at most `limit` bytes, whose content is what its id says.
pub(super) fn read<'a>(
    objects: &'a Odb<'_>,
    id: ContentId,
    kind: ObjectType,
    limit: u64,
) -> Result<OdbObject<'a>, ObjectFault> {
    let object = read_unverified(objects, id, kind, limit)?;
    let found = Oid::hash_object(kind, object.data()).map_err(fault)?;
    if ContentId::from_oid(&found) == Some(id) {
        Ok(object)
    } else {
        Err(ObjectFault::Unreadable(format!("its content has the id {found}")))
    }
}

/// The same without a look at whether the content is what the id says: as git reads, except in `git fsck`.
pub(super) fn read_unverified<'a>(
    objects: &'a Odb<'_>,
    id: ContentId,
    kind: ObjectType,
    limit: u64,
) -> Result<OdbObject<'a>, ObjectFault> {
    // The size is asked for first: what a damaged or hostile object claims would be allocated at once.
    let size = size(objects, id, kind)?;
    if size > limit {
        return Err(ObjectFault::TooLarge { size, limit });
    }
    let object = objects.read(id.to_oid().map_err(fault)?).map_err(fault)?;
    if object.kind() == kind { Ok(object) } else { Err(ObjectFault::WrongKind) }
}

fn fault(error: git2::Error) -> ObjectFault {
    match error.code() {
        ErrorCode::NotFound => ObjectFault::Missing,
        _ => ObjectFault::Unreadable(error.message().into()),
    }
}
