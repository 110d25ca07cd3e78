//! Taking sealed attachments apart. As little is taken on trust as in opening an envelope: the few kinds of tar entry
//! that sealing writes are read here, and anything else is refused.

use std::fmt;
use std::io::{self, Read, Write};

use super::sealed_file::{
    BLOCK, END, HEAD_NAME, LONGEST_FILE, PADDING_NAME, VERSION, VersionedHead, is_plain_name, whole_blocks,
};
use super::{FileHead, Identity, OpenError, OpenReader, open_reader};

/// No head and no name is longer; both are read into memory.
const LONGEST_HEAD: u64 = 64 * 1024;

/// Why a sealed attachment could not be taken apart.
#[derive(Debug)]
pub enum UnsealError {
    /// It does not open, or was cut off or changed. What came out must be thrown away.
    Open(OpenError),
    /// It opens, but does not hold what a sealed attachment of this version holds.
    Malformed,
    /// It opens, but was made for another place than the one where it lies.
    Moved,
}

impl fmt::Display for UnsealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(error) => error.fmt(f),
            Self::Malformed => f.write_str("this opens, but is no attachment that this version of Strongroom knows"),
            Self::Moved => f.write_str("this attachment was made for another place than the one where it lies"),
        }
    }
}

impl std::error::Error for UnsealError {}

impl From<io::Error> for UnsealError {
    fn from(error: io::Error) -> Self {
        Self::Open(OpenError::from(error))
    }
}

/// A sealed attachment that has been opened as far as its content.
pub struct UnsealedFile<R: Read> {
    head: FileHead,
    len: u64,
    stream: OpenReader<R>,
}

/// Opens a sealed attachment, binary or in armor, and checks that it was made for `place` (if one is asked for).
///
/// # Errors
/// [`UnsealError`].
pub fn unseal_file<R: Read>(
    sealed: R,
    identities: &[Identity],
    place: Option<&str>,
) -> Result<UnsealedFile<R>, UnsealError> {
    let mut stream = open_reader(sealed, identities).map_err(UnsealError::Open)?;
    let (name, len) = next_entry(&mut stream)?;
    if name != HEAD_NAME.as_bytes() || len > LONGEST_HEAD {
        return Err(UnsealError::Malformed);
    }
    let mut json = exactly(&mut stream, whole_blocks(len))?;
    json.truncate(usize::try_from(len).unwrap_or(usize::MAX));
    let VersionedHead { strongroom, head } = serde_json::from_slice(&json).map_err(|_| UnsealError::Malformed)?;
    if strongroom != VERSION || !is_plain_name(&head.name) {
        return Err(UnsealError::Malformed);
    }
    if place.is_some_and(|place| place != head.place) {
        return Err(UnsealError::Moved);
    }
    let (name, len) = next_entry(&mut stream)?;
    if name != head.name.as_bytes() || len > LONGEST_FILE {
        return Err(UnsealError::Malformed);
    }
    Ok(UnsealedFile { head, len, stream })
}

impl<R: Read> UnsealedFile<R> {
    /// What stands beside the file.
    pub fn head(&self) -> &FileHead {
        &self.head
    }

    /// The file's length in bytes, as its sealed head has it.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the file is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Writes the file to `output`, and reads the envelope to its end to see that nothing was cut off.
    ///
    /// # Errors
    /// [`UnsealError`]; what was written up to then must be thrown away.
    pub fn copy_to(mut self, mut output: impl Write) -> Result<(), UnsealError> {
        let mut buffer = vec![0; 64 * 1024];
        let mut left = self.len;
        while left > 0 {
            let room = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let (part, _) = buffer.split_at_mut(room);
            // Read and written by hand, because a failure to write is not damage to what is read.
            let count = self.stream.read(part)?;
            if count == 0 {
                return Err(UnsealError::Malformed);
            }
            output.write_all(&part[..count]).map_err(|error| UnsealError::Open(OpenError::Io(error)))?;
            left -= count as u64;
        }
        output.flush().map_err(|error| UnsealError::Open(OpenError::Io(error)))?;
        exactly(&mut self.stream, whole_blocks(self.len) - self.len)?;
        let (name, padding) = next_entry(&mut self.stream)?;
        let rest = io::copy(&mut self.stream, &mut io::sink())?;
        let expected = whole_blocks(padding.min(LONGEST_FILE * 2)) + END;
        if name == PADDING_NAME.as_bytes() && rest == expected { Ok(()) } else { Err(UnsealError::Malformed) }
    }
}

/// Reads one tar header, with the GNU entry for a long name that may stand before it: name and length.
fn next_entry(stream: &mut impl Read) -> Result<(Vec<u8>, u64), UnsealError> {
    let mut long_name = None;
    // At most one long name and then the entry itself; nothing else is ever written here.
    for _ in 0..2 {
        let block = exactly(stream, BLOCK)?;
        let header = tar::Header::from_byte_slice(&block);
        let sum: u32 = block.iter().enumerate().map(|(at, byte)| checksum_part(at, *byte)).sum();
        if header.cksum().ok() != Some(sum) {
            return Err(UnsealError::Malformed);
        }
        let len = header.entry_size().map_err(|_| UnsealError::Malformed)?;
        match header.entry_type() {
            tar::EntryType::Regular => return Ok((long_name.unwrap_or_else(|| header.path_bytes().into_owned()), len)),
            tar::EntryType::GNULongName if long_name.is_none() && len <= LONGEST_HEAD => {
                let mut name = exactly(stream, whole_blocks(len))?;
                name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
                long_name = Some(name);
            }
            _ => break,
        }
    }
    Err(UnsealError::Malformed)
}

/// What a byte of a tar header adds to the header's checksum, whose own field (bytes 148 to 155) counts as spaces.
fn checksum_part(at: usize, byte: u8) -> u32 {
    u32::from(if (148..156).contains(&at) { b' ' } else { byte })
}

/// Reads `len` bytes, which the caller has found to be few.
fn exactly(stream: &mut impl Read, len: u64) -> Result<Vec<u8>, UnsealError> {
    let mut bytes = Vec::new();
    stream.by_ref().take(len).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == len { Ok(bytes) } else { Err(UnsealError::Malformed) }
}
