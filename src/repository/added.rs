//! Files that a snapshot has beside those that are there: what a change would add.

use super::error::ReadError;
use super::id::ContentId;
use super::snapshot::Snapshot;
use super::stream::Stream;
use std::sync::Arc;

/// The content of a file that is not there yet.
#[derive(Clone)]
pub enum Added {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file of another snapshot, such as a scan in a folder outside: read where it lies, however large it is.
    From(Arc<Snapshot>, String),
}

impl Added {
    pub(super) fn id(&self) -> Option<ContentId> {
        match self {
            Self::Bytes(bytes) => ContentId::of(bytes),
            Self::From(snapshot, path) => snapshot.file(path).map(|file| file.id),
        }
    }

    pub(super) fn size(&self) -> Result<u64, ReadError> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
            Self::From(snapshot, path) => snapshot.size(snapshot.file(path).ok_or(ReadError::NotAFile)?),
        }
    }

    pub(super) fn read(&self, limit: u64) -> Result<Vec<u8>, ReadError> {
        match self {
            Self::Bytes(bytes) if bytes.len() as u64 > limit => {
                Err(ReadError::TooLarge { size: bytes.len() as u64, limit })
            }
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::From(snapshot, path) => snapshot.read(snapshot.file(path).ok_or(ReadError::NotAFile)?, limit),
        }
    }

    /// The content, taken from the Git LFS store of where it lies where it is a pointer.
    pub(super) fn open_content(&self) -> Result<Stream<'_>, ReadError> {
        match self {
            Self::Bytes(bytes) => Ok(Stream::of_bytes(bytes)),
            Self::From(snapshot, path) => snapshot.open_content(snapshot.file(path).ok_or(ReadError::NotAFile)?),
        }
    }

    /// The content, to be read piece by piece.
    ///
    /// # Errors
    /// [`ReadError`], where a file outside is not what it was when it was listed.
    pub fn open(&self) -> Result<Stream<'_>, ReadError> {
        match self {
            Self::Bytes(bytes) => Ok(Stream::of_bytes(bytes)),
            Self::From(snapshot, path) => snapshot.open_stream(snapshot.file(path).ok_or(ReadError::NotAFile)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::open_work_tree;
    use std::io::Read;

    #[test]
    fn what_would_be_added_is_read_beside_what_is_there_and_never_in_its_place() {
        let (archive, scans) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(archive.path().join("b"), "there").unwrap();
        std::fs::write(scans.path().join("scan.pdf"), "scanned").unwrap();
        let scans = Arc::new(open_work_tree(scans.path()).unwrap());
        let snapshot = open_work_tree(archive.path()).unwrap().with_added(vec![
            ("c".to_owned(), Added::From(scans, "scan.pdf".to_owned())),
            ("a".to_owned(), Added::Bytes(b"new".to_vec())),
            ("b".to_owned(), Added::Bytes(b"other".to_vec())),
        ]);
        let paths: Vec<&str> = snapshot.files().iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a", "b", "c"]);
        let read = |path: &str| snapshot.read(snapshot.file(path).unwrap(), 100).unwrap();
        assert_eq!((read("a"), read("b"), read("c")), (b"new".to_vec(), b"there".to_vec(), b"scanned".to_vec()));
        let scan = snapshot.file("c").unwrap();
        assert_eq!(snapshot.read(scan, 3), Err(ReadError::TooLarge { size: 7, limit: 3 }));
        let mut streamed = String::new();
        snapshot.open_content(scan).unwrap().read_to_string(&mut streamed).unwrap();
        assert_eq!((streamed.as_str(), snapshot.size(scan)), ("scanned", Ok(7)));
    }
}
