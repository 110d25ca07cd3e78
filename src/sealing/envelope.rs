//! Envelopes: ordinary age files, made whole or as streams, and kept from one build to the next.

use std::fmt;
use std::io::{self, Read, Write};

use age::armor::{ArmoredReader, ArmoredWriter, Format};

use super::{ClearanceKey, Recipient, open};

/// The most recipients that an envelope is sealed to. Each one costs every opening, and the header that is read back
/// is limited to this many.
pub const MAX_RECIPIENTS: usize = 1000;

/// Why something could not be sealed.
#[derive(Debug)]
pub enum SealError {
    /// Nobody to seal to. What nobody can open must be left out by whoever plans the site, not sealed.
    NoRecipients,
    /// More than [`MAX_RECIPIENTS`].
    TooManyRecipients(usize),
    /// Reading the plaintext or writing the envelope failed.
    Io(io::Error),
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecipients => f.write_str("there is nobody to seal this to"),
            Self::TooManyRecipients(count) => {
                write!(f, "{count} keys are too many for one sealed file, which takes up to {MAX_RECIPIENTS}")
            }
            Self::Io(error) => write!(f, "sealing failed: {error}"),
        }
    }
}

impl std::error::Error for SealError {}

impl From<io::Error> for SealError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes an envelope piece by piece: plaintext in, age file out. Only [`SealWriter::finish`] completes it; an
/// envelope that was merely dropped does not open.
pub struct SealWriter<W: Write>(age::stream::StreamWriter<W>);

impl<W: Write> SealWriter<W> {
    /// Begins an envelope for `recipients` on `output`.
    ///
    /// # Errors
    /// When there are no recipients or too many, or the output fails.
    pub fn new(output: W, recipients: &[Recipient]) -> Result<Self, SealError> {
        if recipients.len() > MAX_RECIPIENTS {
            return Err(SealError::TooManyRecipients(recipients.len()));
        }
        let keys = recipients.iter().map(|recipient| &recipient.key as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(keys).map_err(|_| SealError::NoRecipients)?;
        Ok(Self(encryptor.wrap_output(output)?))
    }

    /// Completes the envelope and gives the output back.
    ///
    /// # Errors
    /// When the output fails.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Seals `plain` into a binary age file.
///
/// # Errors
/// When there are no recipients or too many.
pub fn seal(plain: &[u8], recipients: &[Recipient]) -> Result<Vec<u8>, SealError> {
    let mut writer = SealWriter::new(Vec::with_capacity(plain.len().saturating_add(512)), recipients)?;
    writer.write_all(plain)?;
    Ok(writer.finish()?)
}

/// Seals `plain` into an age file in ASCII armor (lines of 64 characters, closed by a line end).
///
/// # Errors
/// When there are no recipients or too many.
pub fn seal_armored(plain: &[u8], recipients: &[Recipient]) -> Result<String, SealError> {
    armored(&seal(plain, recipients)?)
}

/// Puts an age file into armor.
pub(super) fn armored(sealed: &[u8]) -> Result<String, SealError> {
    let mut writer = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    writer.write_all(sealed)?;
    let text = writer.finish()?;
    String::from_utf8(text).map_err(|_| SealError::Io(io::Error::other("armor is not text")))
}

/// Seals everything that `plain` gives, and says how many bytes that were.
///
/// # Errors
/// When there are no recipients or too many, or reading or writing fails; the output is then incomplete and does not
/// open.
pub fn seal_stream(mut plain: impl Read, output: impl Write, recipients: &[Recipient]) -> Result<u64, SealError> {
    let mut writer = SealWriter::new(output, recipients)?;
    let count = io::copy(&mut plain, &mut writer)?;
    writer.finish()?.flush()?;
    Ok(count)
}

/// An age file in ASCII armor, and without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Lines of 64 characters, closed by a line end.
    pub armored: String,
    /// What the armor holds.
    pub binary: Vec<u8>,
}

/// Seals `plain` in armor, keeping the envelope of an earlier build where it holds the very same.
///
/// The old envelope stays only if the clearance's own key opens it and its content equals `plain` to the last byte;
/// so a site that was tampered with, or sealed to readers of the past, is never carried on.
///
/// # Errors
/// When sealing anew fails.
pub fn reseal(old: Option<&str>, plain: &[u8], key: &ClearanceKey) -> Result<Envelope, SealError> {
    if let Some(old) = old
        && let Ok(content) = open(old.as_bytes(), std::slice::from_ref(&key.identity))
        && content.expose() == plain
    {
        let mut binary = Vec::with_capacity(old.len());
        ArmoredReader::new(old.as_bytes()).read_to_end(&mut binary)?;
        return Ok(Envelope { armored: old.to_owned(), binary });
    }
    let binary = seal(plain, std::slice::from_ref(&key.recipient))?;
    Ok(Envelope { armored: armored(&binary)?, binary })
}

#[cfg(test)]
mod tests {
    use super::super::{OpenError, generate_identity, open_stream};
    use super::*;
    use proptest::prelude::*;

    fn key() -> ClearanceKey {
        let identity = generate_identity().unwrap();
        ClearanceKey { recipient: identity.recipient(), identity }
    }

    #[test]
    fn an_envelope_of_many_recipients_opens_for_each() {
        let keys: Vec<_> = (0..5).map(|_| key()).collect();
        let recipients: Vec<_> = keys.iter().map(|key| key.recipient.clone()).collect();
        let sealed = seal_armored("合同".as_bytes(), &recipients).unwrap();
        for key in &keys {
            assert_eq!(
                open(sealed.as_bytes(), std::slice::from_ref(&key.identity)).unwrap().expose_text(),
                Some("合同")
            );
        }
        let pasted = format!("\r\n  {}", sealed.replace('\n', "\r\n"));
        assert!(open(pasted.as_bytes(), &[key().identity, keys[4].identity.clone()]).is_ok());
    }

    #[test]
    fn nobody_and_a_crowd_are_no_recipients() {
        assert!(matches!(seal(b"x", &[]), Err(SealError::NoRecipients)));
        let crowd = vec![key().recipient; MAX_RECIPIENTS + 1];
        assert!(matches!(seal(b"x", &crowd), Err(SealError::TooManyRecipients(1001))));
    }

    #[test]
    fn the_largest_allowed_crowd_can_open() {
        let key = key();
        let sealed = seal(b"x", &vec![key.recipient; MAX_RECIPIENTS]).unwrap();
        assert_eq!(open(&sealed, &[key.identity]).unwrap().expose(), b"x");
    }

    #[test]
    fn an_envelope_that_was_not_finished_does_not_open() {
        let key = key();
        let mut cut = Vec::new();
        let mut writer = SealWriter::new(&mut cut, &[key.recipient]).unwrap();
        writer.write_all(&[5; 200_000]).unwrap();
        drop(writer);
        assert!(matches!(open(&cut, &[key.identity]), Err(OpenError::Damaged)));
    }

    #[test]
    fn an_unchanged_envelope_is_kept_and_any_other_is_made_anew() {
        let (key, other) = (key(), key());
        let first = reseal(None, b"same", &key).unwrap();
        assert_eq!(reseal(Some(&first.armored), b"same", &key).unwrap(), first);
        assert_ne!(reseal(Some(&first.armored), b"else", &key).unwrap(), first);
        assert_ne!(reseal(Some(&first.armored), b"same", &other).unwrap(), first);
        assert_ne!(reseal(Some("rubbish"), b"same", &key).unwrap().armored, "rubbish");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_sealed_opens_whole(plain in prop::collection::vec(any::<u8>(), 0..3000), repeat in 1_usize..80) {
            let key = key();
            let plain = plain.repeat(repeat);
            let identities = [key.identity];
            let recipients = [key.recipient];
            let binary = seal(&plain, &recipients).unwrap();
            prop_assert!(open(&binary, &identities).unwrap().expose() == plain);
            let armored = seal_armored(&plain, &recipients).unwrap();
            prop_assert!(open(armored.as_bytes(), &identities).unwrap().expose() == plain);
            let (mut streamed, mut opened) = (Vec::new(), Vec::new());
            prop_assert_eq!(seal_stream(&plain[..], &mut streamed, &recipients).unwrap(), plain.len() as u64);
            open_stream(&streamed[..], &mut opened, &identities).unwrap();
            prop_assert_eq!(opened, plain);
        }

        #[test]
        fn another_key_never_opens(plain in prop::collection::vec(any::<u8>(), 0..300)) {
            let sealed = seal(&plain, &[key().recipient]).unwrap();
            prop_assert!(matches!(open(&sealed, &[key().identity]), Err(OpenError::WrongKey)));
            prop_assert!(matches!(open(&sealed, &[]), Err(OpenError::WrongKey)));
        }

        #[test]
        fn a_changed_cut_or_lengthened_envelope_never_opens(
            plain in prop::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>(), bit in 0..8_u8,
        ) {
            let key = key();
            let identities = [key.identity];
            let sealed = seal(&plain, &[key.recipient]).unwrap();
            let at = at.index(sealed.len());
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            prop_assert!(open(&changed, &identities).is_err());
            prop_assert!(open(&sealed[..at], &identities).is_err());
            let mut longer = sealed.clone();
            longer.push(bit);
            prop_assert!(open(&longer, &identities).is_err());
        }
    }
}
