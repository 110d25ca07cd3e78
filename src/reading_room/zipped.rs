//! An opened bundle: a zip that is held in memory and never written to disk.

use std::fmt;
use std::io::{Cursor, Read};
use std::sync::Arc;

use axum::body::Bytes;
use zeroize::Zeroizing;
use zip::ZipArchive;

use super::files::{File, Files, file_of, of_site};

/// A bundle has no more entries than this.
const MOST_ENTRIES: usize = 1_000_000;
/// No file in a bundle is unpacked beyond this many bytes: a bundle is not signed by its sender, and a few kilobytes
/// can unpack to terabytes.
const LARGEST_FILE: u64 = 1 << 30;

/// The zip's bytes, shared between the requests that read from it and wiped with the last of them.
#[derive(Clone)]
struct Held(Arc<Zeroizing<Vec<u8>>>);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        self.0.as_slice()
    }
}

/// Serves what a decrypted zip holds. Each file is unpacked when it is asked for and wiped once it was sent.
pub struct ZipFiles {
    archive: ZipArchive<Cursor<Held>>,
}

/// The bytes are no zip that can be read.
#[derive(Debug)]
pub struct ZipError(String);

impl fmt::Display for ZipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is no bundle that can be read: {}", self.0)
    }
}

impl std::error::Error for ZipError {}

impl ZipFiles {
    /// Reads the zip's directory; nothing is unpacked yet.
    ///
    /// # Errors
    /// When the bytes are no zip, or one with absurdly many entries.
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Result<Self, ZipError> {
        let held = Held(Arc::new(bytes));
        let archive = ZipArchive::new(Cursor::new(held)).map_err(|error| ZipError(error.to_string()))?;
        if archive.len() > MOST_ENTRIES {
            return Err(ZipError(format!("it has more than {MOST_ENTRIES} entries")));
        }
        Ok(Self { archive })
    }

    /// The names of all files in it, in the zip's order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.archive.file_names().filter(|name| !name.ends_with('/'))
    }

    fn unpack(&self, path: &str) -> Option<Zeroizing<Vec<u8>>> {
        // A clone shares the directory and the bytes, and has a reading position of its own.
        let mut archive = self.archive.clone();
        let entry = archive.by_name(path).ok()?;
        let size = entry.size();
        if !entry.is_file() || size > LARGEST_FILE {
            return None;
        }
        // Made in its full size at once: a vector that grows leaves unwiped copies behind.
        let mut unpacked = Zeroizing::new(Vec::with_capacity(usize::try_from(size).ok()?));
        // One byte more than announced is enough to see that the announcement was false.
        let read = entry.take(size).read_to_end(&mut unpacked).ok()?;
        (u64::try_from(read).ok()? == size).then_some(unpacked)
    }
}

impl Files for ZipFiles {
    fn get(&self, path: &str) -> Option<File> {
        let path = file_of(path);
        let bytes = self.unpack(&path)?;
        Some(of_site(&path, Bytes::from_owner(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_zip_is_served_from_memory() {
        let bytes = zipped(&[("index.html", b"home"), ("files/a.html", b"<p>"), ("../evil", b"x")]);
        let files = ZipFiles::new(Zeroizing::new(bytes)).unwrap();
        assert_eq!(files.get("").unwrap().bytes.as_ref(), b"home");
        assert_eq!(files.get("files/a.html").unwrap().download.as_deref(), Some("a.html"));
        assert!(files.get("missing.html").is_none());
        assert_eq!(files.names().count(), 3);
    }

    #[test]
    fn bytes_that_are_no_zip_are_an_error() {
        assert!(ZipFiles::new(Zeroizing::new(b"not a zip at all".to_vec())).is_err());
        assert!(ZipFiles::new(Zeroizing::new(Vec::new())).is_err());
    }

    #[test]
    fn a_file_that_unpacks_to_more_than_it_announces_is_refused() {
        let mut bytes = zipped(&[("a.txt", &[b'a'; 5000])]);
        // The announced size stands in the central directory, 24 bytes after its signature.
        let directory = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
        bytes[directory + 24..directory + 28].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(ZipFiles::new(Zeroizing::new(bytes.clone())).unwrap().get("a.txt").is_none());
        bytes[directory + 24..directory + 28].copy_from_slice(&10_u32.to_le_bytes());
        let files = ZipFiles::new(Zeroizing::new(bytes)).unwrap();
        assert!(files.get("a.txt").is_none_or(|file| file.bytes.len() <= 10));
    }
}
