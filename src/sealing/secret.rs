//! Text and bytes that must not outlive their use, nor slip into a message, a log or a file by habit.
//!
//! Both types are wiped when dropped, print nothing of what they hold, and cannot be serialised. Whoever needs the
//! content says so with `expose`, which is easy to find in a review.

use std::fmt;
use std::io::{self, Read, Write};
use std::path::Path;

use zeroize::{Zeroize, Zeroizing};

/// No key file or passphrase is longer; whatever is longer was named by mistake and is not read into memory.
const LONGEST_SECRET: usize = 64 * 1024;

/// Text that is wiped on drop and never printed: an identity, a passphrase, a key file's content.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes over `text`; the caller has no copy left of this buffer.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The content, for the one use that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Reads a secret from a file.
    ///
    /// # Errors
    /// When the file cannot be read, is longer than 64 KiB, or is not UTF-8.
    pub fn read_file(path: &Path) -> io::Result<Self> {
        Self::read_from(std::fs::File::open(path)?)
    }

    /// Reads a secret from `source` (standard input, say) up to its end.
    ///
    /// # Errors
    /// When the source cannot be read, gives more than 64 KiB, or is not UTF-8.
    pub fn read_from(mut source: impl Read) -> io::Result<Self> {
        // The buffer has its final size from the start: one that grows leaves its earlier copies in freed memory.
        let mut buffer = Zeroizing::new(vec![0_u8; LONGEST_SECRET + 1]);
        let mut filled = 0;
        while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
            match source.read(room) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if filled > LONGEST_SECRET {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "this is too long to be a key or a passphrase"));
        }
        let text = buffer.get(..filled).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let text = text.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "this is not text in UTF-8"))?;
        Ok(Self::new(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(not shown)")
    }
}

/// Bytes that are wiped on drop and never printed: what an envelope held, what goes into a keyring.
#[derive(Default)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes over `bytes`; the caller has no copy left of this buffer.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// An empty buffer with room for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self::new(Vec::with_capacity(capacity))
    }

    /// The content, for the one use that needs it.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The content as text, for the one use that needs it; `None` where it is not UTF-8.
    pub fn expose_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Write for SecretBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let needed = self.0.len().saturating_add(bytes.len());
        if needed > self.0.capacity() {
            // `Vec` would free the old buffer with its content; this one is wiped first.
            let mut larger = Vec::with_capacity(needed.max(self.0.capacity().saturating_mul(2)));
            larger.extend_from_slice(&self.0);
            self.0.zeroize();
            self.0 = Zeroizing::new(larger);
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBytes({} bytes, not shown)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_nothing_of_a_secret() {
        let text = SecretText::new("open sesame".to_owned());
        let bytes = SecretBytes::new(b"open sesame".to_vec());
        let shown = format!("{text:?} {bytes:?} {:?}", text.expose().len());
        assert!(!shown.contains("sesame"), "{shown}");
    }

    #[test]
    fn a_secret_is_read_whole_and_without_a_byte_order_mark() {
        let secret = SecretText::read_from("\u{feff}AGE-SECRET…\n".as_bytes()).unwrap();
        assert_eq!(secret.expose(), "AGE-SECRET…\n");
    }

    #[test]
    fn a_secret_that_is_too_long_or_not_text_is_refused() {
        assert!(SecretText::read_from(io::repeat(b'x')).is_err());
        assert!(SecretText::read_from(&[b'a'; LONGEST_SECRET][..]).is_ok());
        assert!(SecretText::read_from(&[0xff, 0xfe][..]).is_err());
        assert!(SecretText::read_file(Path::new("/nowhere/at/all")).is_err());
    }

    #[test]
    fn written_bytes_survive_growth() {
        let mut bytes = SecretBytes::default();
        for chunk in [&b"one "[..], b"two ", b"three"] {
            bytes.write_all(chunk).unwrap();
        }
        assert_eq!(bytes.expose_text(), Some("one two three"));
        assert_eq!((bytes.len(), bytes.is_empty()), (13, false));
    }
}
