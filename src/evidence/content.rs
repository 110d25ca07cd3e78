//! The files of a bag before they are written: bytes that were made here, and files of the archive that are read when
//! they are wanted.

use crate::repository::{FileEntry, ReadError, Snapshot};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};

/// What a file holds.
pub enum Content<'a> {
    /// Bytes that were made.
    Made(Vec<u8>),
    /// A file of the archive; of a Git LFS pointer what it points to.
    Stored(&'a Snapshot, FileEntry),
}

/// Files by their paths in the bag.
#[derive(Default)]
pub struct Files<'a>(BTreeMap<String, Content<'a>>);

/// A digest and a length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// How many bytes.
    pub length: u64,
}

/// What a path may not hold where `sha256sum` and BagIt write it differently, with what stands in its place.
fn plain(path: &str) -> String {
    path.chars().map(|c| if matches!(c, '%' | '\\') || c.is_control() { '_' } else { c }).collect()
}

impl<'a> Files<'a> {
    /// Puts a file in, beside any other of its name; gives the path under which it stands.
    pub fn put(&mut self, path: &str, content: Content<'a>) -> String {
        let wanted = plain(path);
        let mut free = wanted.clone();
        let mut number = 2;
        while self.0.contains_key(&free) {
            free = format!("{wanted}-{number}");
            number += 1;
        }
        self.0.insert(free.clone(), content);
        free
    }

    /// Puts bytes in.
    pub fn made(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> String {
        self.put(path, Content::Made(bytes.into()))
    }

    /// The paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Writes a file's bytes somewhere.
    ///
    /// # Errors
    /// When they cannot be read or written.
    pub fn copy(&self, path: &str, output: &mut dyn Write) -> io::Result<u64> {
        match self.0.get(path) {
            None => Err(io::Error::new(io::ErrorKind::NotFound, path.to_owned())),
            Some(Content::Made(bytes)) => output.write_all(bytes).map(|()| bytes.len() as u64),
            Some(Content::Stored(snapshot, entry)) => {
                let said = |error: ReadError| io::Error::other(format!("{}: {error}", entry.path));
                io::copy(&mut snapshot.open_content(entry).map_err(said)?, output)
            }
        }
    }

    /// Digest and length of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn measure(&self, path: &str) -> io::Result<Measured> {
        let mut hashing = Hashing(Sha256::new());
        let length = self.copy(path, &mut hashing)?;
        Ok(Measured { sha256: hex(&hashing.0.finalize()), length })
    }
}

struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.update(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Digest and length of what is read.
///
/// # Errors
/// When it cannot be read.
pub fn measured(input: &mut dyn Read) -> io::Result<Measured> {
    let mut hashing = Hashing(Sha256::new());
    let length = io::copy(input, &mut hashing)?;
    Ok(Measured { sha256: hex(&hashing.0.finalize()), length })
}

/// Bytes in hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_has_two_writings_and_no_file_takes_the_place_of_another() {
        let mut files = Files::default();
        assert_eq!(files.made("data/a%20b\\c\n", "1"), "data/a_20b_c_");
        assert_eq!(files.made("data/a_20b_c_", "2"), "data/a_20b_c_-2");
        assert_eq!(files.paths().count(), 2);
        let measured = files.measure("data/a_20b_c_").unwrap();
        assert_eq!(measured.sha256, "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b");
        assert_eq!(measured.length, 1);
    }
}
