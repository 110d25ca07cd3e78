//! SHA-256 of what goes by, so that nothing is read a second time only to be hashed.

use sha2::{Digest, Sha256};
use std::io::{self, BufReader, Read, Write};

/// Reads or writes on, and keeps the SHA-256 of what went by.
pub struct Hashing<I> {
    inner: I,
    hasher: Sha256,
}

impl<I> Hashing<I> {
    /// Around a reader or a writer, of which nothing went by yet.
    pub fn new(inner: I) -> Self {
        Self { inner, hasher: Sha256::new() }
    }

    /// The digest of what went by.
    pub fn digest(self) -> [u8; 32] {
        self.hasher.finalize().into()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.hasher.update(buffer.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The SHA-256 of a file, which may be larger than the memory.
///
/// # Errors
/// When it cannot be read.
pub fn digest_of(path: &std::path::Path) -> io::Result<[u8; 32]> {
    const PIECE: usize = 128 << 10;
    let mut file = Hashing::new(BufReader::with_capacity(PIECE, std::fs::File::open(path)?));
    io::copy(&mut file.inner, &mut file.hasher)?;
    Ok(file.digest())
}
