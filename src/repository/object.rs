//! Objects of a repository, read through one handle that all threads share.

use git2::{ErrorCode, ObjectType, Odb, OdbObject, Repository};

use super::error::{ObjectFault, OpenError};
use super::id::ContentId;

/// The objects of a repository, free of the repository's own handle.
///
/// libgit2 guards its object database with locks of its own, but not the handle of a repository; so the database is
/// opened by itself, and all threads read from it. It follows `info/alternates` as the repository does.
pub(super) fn objects_of(repository: &Repository) -> Result<Odb<'static>, OpenError> {
    let folder = repository.commondir().join("objects");
    let failed = |detail: String| OpenError::Git { path: folder.clone(), detail };
    let text = folder.to_str().ok_or_else(|| failed("its path is not UTF-8".into()))?;
    let objects = Odb::new().map_err(|error| failed(error.message().into()))?;
    objects.add_disk_alternate(text).map_err(|error| failed(error.message().into()))?;
    Ok(objects)
}

/// An object's size in bytes, without reading it.
pub(super) fn size(objects: &Odb<'_>, id: ContentId, kind: ObjectType) -> Result<u64, ObjectFault> {
    let oid = id.to_oid().map_err(fault)?;
    let (size, found) = objects.read_header(oid).map_err(fault)?;
    if found == kind { Ok(size as u64) } else { Err(ObjectFault::WrongKind) }
}

/// An object of this kind and of at most `limit` bytes. libgit2 checks its content against its id.
pub(super) fn read<'a>(
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
