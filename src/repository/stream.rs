//! A file's content, read piece by piece.

use std::fs::File;
use std::io::{self, Read};

use git2::OdbObject;

use super::beneath::Stamp;
use super::error::ReadError;
use super::lfs::LfsContent;

/// The content of one file of a snapshot.
pub struct Stream<'a> {
    source: Source<'a>,
    length: u64,
}

enum Source<'a> {
    Object { object: OdbObject<'a>, at: usize },
    Bytes(&'a [u8]),
    File { file: File, stamp: Stamp, left: u64 },
    Lfs(LfsContent),
}

impl<'a> Stream<'a> {
    pub(super) fn of_object(object: OdbObject<'a>) -> Self {
        Self { length: object.len() as u64, source: Source::Object { object, at: 0 } }
    }

    pub(super) fn of_bytes(bytes: &'a [u8]) -> Self {
        Self { length: bytes.len() as u64, source: Source::Bytes(bytes) }
    }

    pub(super) fn of_file(file: File, stamp: Stamp) -> Result<Self, ReadError> {
        let now = Stamp::of_file(&file).map_err(|error| ReadError::Io(error.to_string()))?;
        if now != stamp {
            return Err(ReadError::Changed);
        }
        Ok(Self { length: stamp.size, source: Source::File { file, stamp, left: stamp.size } })
    }

    pub(super) fn of_lfs(content: LfsContent) -> Self {
        Self { length: content.length(), source: Source::Lfs(content) }
    }

    /// How many bytes the stream gives in all.
    pub fn length(&self) -> u64 {
        self.length
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.source {
            Source::Object { object, at } => {
                let count = object.data().get(*at..).unwrap_or_default().read(buffer)?;
                *at += count;
                Ok(count)
            }
            Source::Bytes(rest) => rest.read(buffer),
            Source::File { file, stamp, left } => {
                let count = file.take(*left).read(buffer)?;
                *left -= count as u64;
                // A file that was changed in place while it was read is neither its old self nor its new one.
                let ended = count == 0 && !buffer.is_empty();
                if ended && (*left > 0 || Stamp::of_file(file)? != *stamp) {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, ReadError::Changed));
                }
                Ok(count)
            }
            Source::Lfs(content) => content.read(buffer),
        }
    }
}
