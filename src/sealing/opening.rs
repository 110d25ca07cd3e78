//! Opening envelopes, whole or as streams.
//!
//! What is opened here may come from anyone who can write to a web server, so it is taken as hostile: it gives an
//! error, never a panic, and cannot make the program hold or compute more than its own length justifies.

use std::fmt;
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};

use age::armor::ArmoredReader;

use super::{Identity, MAX_RECIPIENTS, SecretBytes};

/// A header of [`MAX_RECIPIENTS`] X25519 stanzas, two lines of about 97 bytes each, with room for the random stanza
/// that age adds. The age crate parses a header again for each of its lines, so a long one would cost its square.
const MAX_HEADER_BYTES: usize = 128 * 1024;
const MAX_HEADER_LINES: usize = 2 * MAX_RECIPIENTS + 64;

/// Armor has 64 characters a line; the age crate reads a line whole, however long it is.
const MAX_ARMOR_LINE: usize = 1024;

const ARMOR_BEGIN: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// Why something could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The bytes are no age file of version 1, or its header is damaged.
    NotAgeFile,
    /// None of the identities opens this file.
    WrongKey,
    /// The file is behind a passphrase that asks for more work than is allowed: scrypt with N = 2 to this power.
    TooMuchWork(u8),
    /// Opened in part, then found cut off, changed or followed by something else. What was read must be thrown away.
    Damaged,
    /// Reading the envelope or writing the plaintext failed.
    Io(io::Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAgeFile => f.write_str("this is not an age file, or its beginning is damaged"),
            Self::WrongKey => f.write_str("the key at hand does not open this file"),
            Self::TooMuchWork(power) => {
                write!(f, "the passphrase's work factor of {power} is beyond what this program takes on")
            }
            Self::Damaged => f.write_str("this sealed file is cut off or was changed"),
            Self::Io(error) => write!(f, "opening failed: {error}"),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // The age crate reports a failed tag, bad armor and a missing end in these two kinds.
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Damaged,
            _ => Self::Io(error),
        }
    }
}

impl From<age::DecryptError> for OpenError {
    fn from(error: age::DecryptError) -> Self {
        use age::DecryptError as Age;
        match error {
            Age::NoMatchingKeys | Age::KeyDecryptionFailed | Age::DecryptionFailed => Self::WrongKey,
            // Said in own words, because the crate's own message subtracts and shifts by numbers from the file.
            Age::ExcessiveWork { required, .. } => Self::TooMuchWork(required),
            Age::Io(error) => Self::from(error),
            _ => Self::NotAgeFile,
        }
    }
}

/// Whether `bytes` begin as age's ASCII armor does, white space before it aside.
pub fn is_armored(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(ARMOR_BEGIN)
}

/// Opens an envelope that is held in memory, binary or in armor.
///
/// # Errors
/// [`OpenError`]: in every case in which not the whole plaintext is known to be what was sealed.
pub fn open(sealed: &[u8], identities: &[Identity]) -> Result<SecretBytes, OpenError> {
    let keys: Vec<&dyn age::Identity> = identities.iter().map(|identity| &identity.0 as &dyn age::Identity).collect();
    open_with(sealed, &keys)
}

/// As [`open`], for whatever age counts as an identity.
pub(super) fn open_with(sealed: &[u8], identities: &[&dyn age::Identity]) -> Result<SecretBytes, OpenError> {
    // Text that was pasted may have blank lines before it.
    let sealed = if is_armored(sealed) { sealed.trim_ascii_start() } else { sealed };
    // No plaintext is longer than its envelope, so the buffer never moves.
    let mut plain = SecretBytes::with_capacity(sealed.len());
    io::copy(&mut begin(sealed, identities)?, &mut plain)?;
    Ok(plain)
}

/// The plaintext of an envelope as a stream. What it gives before an error must be thrown away, and only its end
/// (not a number of bytes) shows that nothing was cut off.
pub struct OpenReader<R: Read>(Opened<R>);

/// The layers through which an envelope is read, outermost last.
type Dearmored<R> = BufReader<ArmoredReader<BufReader<ShortLines<R>>>>;
type Opened<R> = age::stream::StreamReader<io::Chain<Cursor<Vec<u8>>, Dearmored<R>>>;

impl<R: Read> Read for OpenReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// Begins to open an envelope, binary or in armor, that is read as a stream.
///
/// # Errors
/// [`OpenError`]: when this is no age file, or no identity opens it.
pub fn open_reader<R: Read>(sealed: R, identities: &[Identity]) -> Result<OpenReader<R>, OpenError> {
    let keys: Vec<&dyn age::Identity> = identities.iter().map(|identity| &identity.0 as &dyn age::Identity).collect();
    begin(sealed, &keys).map(OpenReader)
}

/// Opens an envelope from one stream into another, and says how many bytes came out.
///
/// # Errors
/// [`OpenError`]; what was written up to then must be thrown away.
pub fn open_stream(sealed: impl Read, mut output: impl Write, identities: &[Identity]) -> Result<u64, OpenError> {
    let count = io::copy(&mut open_reader(sealed, identities)?, &mut output)?;
    output.flush().map_err(OpenError::Io)?;
    Ok(count)
}

fn begin<R: Read>(sealed: R, identities: &[&dyn age::Identity]) -> Result<Opened<R>, OpenError> {
    let lines = ShortLines { inner: sealed, seen: 0, armored: None, line: 0 };
    let mut input = BufReader::with_capacity(64 * 1024, ArmoredReader::new(lines));
    let header = read_header(&mut input)?;
    let decryptor = age::Decryptor::new_buffered(Cursor::new(header).chain(input)).map_err(|error| match error {
        age::DecryptError::Io(_) => OpenError::NotAgeFile,
        error => OpenError::from(error),
    })?;
    Ok(decryptor.decrypt(identities.iter().copied())?)
}

/// Reads up to the line that ends the header (`--- MAC`), within the limits above.
fn read_header(input: &mut impl BufRead) -> Result<Vec<u8>, OpenError> {
    let mut header = Vec::new();
    for _ in 0..MAX_HEADER_LINES {
        let start = header.len();
        let room = (MAX_HEADER_BYTES - start.min(MAX_HEADER_BYTES)) as u64;
        match input.by_ref().take(room).read_until(b'\n', &mut header) {
            Ok(0) => break,
            Ok(_) if header.get(start..).is_some_and(|line| line.starts_with(b"---")) => return Ok(header),
            Ok(_) => {}
            Err(error) => match OpenError::from(error) {
                OpenError::Damaged => break,
                error => return Err(error),
            },
        }
    }
    Err(OpenError::NotAgeFile)
}

/// Passes bytes through, and refuses armor with lines that no armor has.
struct ShortLines<R> {
    inner: R,
    seen: usize,
    armored: Option<bool>,
    line: usize,
}

impl<R: Read> Read for ShortLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if self.armored == Some(false) {
            return Ok(count);
        }
        for byte in buffer.iter().take(count) {
            if self.armored.is_none() {
                match ARMOR_BEGIN.get(self.seen) {
                    Some(expected) if expected == byte => self.seen += 1,
                    Some(_) => {
                        self.armored = Some(false);
                        return Ok(count);
                    }
                    None => self.armored = Some(true),
                }
            }
            self.line = if *byte == b'\n' { 0 } else { self.line + 1 };
            if self.line > MAX_ARMOR_LINE {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a line of armor is too long"));
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::generate_identity;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_files_give_an_error_and_not_a_panic() {
        let identities = [generate_identity().unwrap()];
        let endless_header = format!("age-encryption.org/v1\n{}", "-> a\n\n".repeat(100_000));
        let endless_line = format!("age-encryption.org/v1\n-> X25519 {}", "A".repeat(1 << 20));
        let long_armor = format!("-----BEGIN AGE ENCRYPTED FILE-----\n{}", "A".repeat(1 << 20));
        for hostile in [
            "",
            "\n",
            "age-encryption.org/v1\n",
            "age-encryption.org/v1\n---\n",
            "age-encryption.org/v9\n-> a\n\n--- AAAA\n",
            "-----BEGIN AGE ENCRYPTED FILE-----",
            "-----BEGIN AGE ENCRYPTED FILE-----\n-----END AGE ENCRYPTED FILE-----\n",
            "-----BEGIN AGE ENCRYPTED FILE-----\nAAA\n-----END AGE ENCRYPTED FILE-----\n",
            &endless_header,
            &endless_line,
            &long_armor,
        ] {
            let error = open(hostile.as_bytes(), &identities).unwrap_err();
            assert!(matches!(error, OpenError::NotAgeFile), "{error:?} for {:?}", hostile.get(..60));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn random_bytes_are_refused_quietly(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let identities = [generate_identity().unwrap()];
            prop_assert!(open(&bytes, &identities).is_err());
            let framed = [b"age-encryption.org/v1\n-> X25519 ".as_slice(), &bytes].concat();
            prop_assert!(open(&framed, &identities).is_err());
            let armored = [ARMOR_BEGIN, b"\n", &bytes].concat();
            prop_assert!(open(&armored, &identities).is_err());
        }
    }
}
