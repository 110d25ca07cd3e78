//! Sealed attachments: an age file around a tar of where it belongs, the file itself, and padding.
//!
//! A tar, because bytes after the end of a file confuse what reads it (Office files are zips), and because the stock
//! programs take it apart: `age -d -i KEY X.age | tar x`. Everything streams; no plaintext is written anywhere but to
//! the output that was asked for.

use std::fmt;
use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::padding::padded_len;
use super::{ClearanceKey, Recipient, SealError, SealWriter, unseal_file};

/// Tar counts in blocks of this many bytes.
pub(super) const BLOCK: u64 = 512;
/// A tar ends with two empty blocks.
pub(super) const END: u64 = 2 * BLOCK;
/// A pebibyte: what is longer is a mistake, and sums of lengths stay far from overflow.
pub(super) const LONGEST_FILE: u64 = 1 << 50;
pub(super) const HEAD_NAME: &str = "strongroom.json";
pub(super) const PADDING_NAME: &str = "padding";
pub(super) const VERSION: u32 = 1;

/// What stands in a sealed attachment beside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHead {
    /// Where the sealed file lies in the site, without ending: `files/NAME`. One that was moved is refused.
    pub place: String,
    /// The clearance that opens it, 16 letters.
    pub clearance: String,
    /// The file's own name, without folders, in any script and of any length.
    pub name: String,
    /// The media type (RFC 6838), `application/pdf` say.
    #[serde(rename = "type")]
    pub media_type: String,
}

/// The head in JSON, with the version of its form before it.
#[derive(Serialize, Deserialize)]
pub(super) struct VersionedHead {
    pub(super) strongroom: u32,
    #[serde(flatten)]
    pub(super) head: FileHead,
}

/// Why an attachment could not be sealed. What was written up to then does not open.
#[derive(Debug)]
pub enum SealFileError {
    /// The name is empty, `.`, `..`, or holds a slash, a backslash or a control character.
    Name,
    /// The file gave fewer or more bytes than were announced, or is longer than a pebibyte.
    Length,
    /// Sealing, reading or writing failed.
    Seal(SealError),
}

impl fmt::Display for SealFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("an attachment's name must be a plain file name"),
            Self::Length => f.write_str("the attachment's length is not what it was said to be; did it just change?"),
            Self::Seal(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SealFileError {}

impl From<io::Error> for SealFileError {
    fn from(error: io::Error) -> Self {
        Self::Seal(SealError::Io(error))
    }
}

/// Seals one attachment of exactly `len` bytes to `recipients`.
///
/// The tar is the same for the same head and content: no times, no owners. Its length is the next multiple of 512
/// that is no less than [`padded_len`] of what it holds.
///
/// # Errors
/// [`SealFileError`]; what was written up to then must be thrown away, though it opens for nobody.
pub fn seal_file(
    head: &FileHead,
    plain: impl Read,
    len: u64,
    output: impl Write,
    recipients: &[Recipient],
) -> Result<(), SealFileError> {
    seal_file_to(head, plain, len, 0, output, recipients)
}

/// The same, in a tar that is no shorter than `size`: so that many files of different lengths have one length sealed.
///
/// # Errors
/// [`SealFileError`]; what was written up to then must be thrown away, though it opens for nobody.
pub fn seal_file_to(
    head: &FileHead,
    plain: impl Read,
    len: u64,
    size: u64,
    output: impl Write,
    recipients: &[Recipient],
) -> Result<(), SealFileError> {
    if !is_plain_name(&head.name) {
        return Err(SealFileError::Name);
    }
    if len > LONGEST_FILE || size > LONGEST_FILE {
        return Err(SealFileError::Length);
    }
    let front = front(head, len)?;
    let least = front.len() as u64 + whole_blocks(len) + BLOCK + END;
    let padding = whole_blocks(padded_len(least.max(size))) - least;
    let mut writer = SealWriter::new(output, recipients).map_err(SealFileError::Seal)?;
    writer.write_all(&front)?;
    // One byte more than announced is asked for, to notice a file that grew.
    let copied = io::copy(&mut plain.take(len + 1), &mut writer)?;
    if copied != len {
        return Err(SealFileError::Length);
    }
    zeros(whole_blocks(len) - len, &mut writer)?;
    writer.write_all(&tar_entries(&[(PADDING_NAME, padding, &[])])?)?;
    zeros(padding + END, &mut writer)?;
    writer.finish()?.flush()?;
    Ok(())
}

/// The tar up to where the file's content begins.
fn front(head: &FileHead, len: u64) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(&VersionedHead { strongroom: VERSION, head: head.clone() })?;
    tar_entries(&[(HEAD_NAME, json.len() as u64, &json), (&head.name, len, &[])])
}

/// Tar entries of name, length and content; content that is left out is to be written by the caller.
fn tar_entries(entries: &[(&str, u64, &[u8])]) -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, len, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(*len);
        builder.append_data(&mut header, name, *content)?;
    }
    // Taken from under the builder, which would otherwise close the tar here.
    Ok(std::mem::take(builder.get_mut()))
}

pub(super) fn whole_blocks(len: u64) -> u64 {
    len.div_ceil(BLOCK) * BLOCK
}

fn zeros(count: u64, output: &mut impl Write) -> io::Result<()> {
    io::copy(&mut io::repeat(0).take(count), output).map(|_| ())
}

/// Whether a name stays where it is put: in the folder of whoever unpacks, on every system.
pub(super) fn is_plain_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(|c: char| c == '/' || c == '\\' || c.is_control())
}

/// Whether an attachment that an earlier build sealed can stay: this clearance's key opens it, it was made for the
/// same head, and it holds the very bytes that `plain` gives.
///
/// # Errors
/// When `plain` cannot be read. Whatever is wrong with the old file only makes the answer no.
pub fn same_content(
    old: impl Read,
    head: &FileHead,
    plain: impl Read,
    len: u64,
    key: &ClearanceKey,
) -> io::Result<bool> {
    let Ok(unsealed) = unseal_file(old, std::slice::from_ref(&key.identity), Some(&head.place)) else {
        return Ok(false);
    };
    if unsealed.head() != head || unsealed.len() != len {
        return Ok(false);
    }
    let mut comparison = Comparison { plain, failed: None, own: Vec::new() };
    let same = unsealed.copy_to(&mut comparison).is_ok();
    if let Some(error) = comparison.failed {
        return Err(error);
    }
    Ok(same && comparison.plain.read(&mut [0])? == 0)
}

/// Takes what is written to it as something to compare with its own source, and fails at the first difference.
struct Comparison<P> {
    plain: P,
    failed: Option<io::Error>,
    own: Vec<u8>,
}

impl<P: Read> Write for Comparison<P> {
    fn write(&mut self, theirs: &[u8]) -> io::Result<usize> {
        self.own.resize(theirs.len(), 0);
        match self.plain.read_exact(&mut self.own) {
            Ok(()) if self.own == theirs => Ok(theirs.len()),
            Ok(()) => Err(io::Error::other("the content differs")),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(io::Error::other("the content ended")),
            Err(error) => {
                self.failed = Some(error);
                Err(io::Error::other("the plain content cannot be read"))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{UnsealError, generate_identity, open, seal};
    use super::*;
    use proptest::prelude::*;

    fn key() -> ClearanceKey {
        let identity = generate_identity().unwrap();
        ClearanceKey { recipient: identity.recipient(), identity }
    }

    fn head(name: &str) -> FileHead {
        FileHead {
            place: "files/kkkk".to_owned(),
            clearance: "llllmmmmnnnnoooo".to_owned(),
            name: name.to_owned(),
            media_type: "application/pdf".to_owned(),
        }
    }

    fn sealed(name: &str, content: &[u8], key: &ClearanceKey) -> Vec<u8> {
        let mut sealed = Vec::new();
        let recipients = std::slice::from_ref(&key.recipient);
        seal_file(&head(name), content, content.len() as u64, &mut sealed, recipients).unwrap();
        sealed
    }

    fn unsealed(sealed: &[u8], key: &ClearanceKey) -> Result<(FileHead, Vec<u8>), UnsealError> {
        let file = unseal_file(sealed, std::slice::from_ref(&key.identity), Some("files/kkkk"))?;
        let head = file.head().clone();
        let mut content = Vec::new();
        file.copy_to(&mut content).map(|()| (head, content))
    }

    #[test]
    fn long_and_chinese_names_survive() {
        let key = key();
        for name in ["2024-017.pdf", "专线租用合同（正本）.pdf", &"合同".repeat(60), &"a".repeat(100), &"b".repeat(255)]
        {
            let (head, content) = unsealed(&sealed(name, b"%PDF", &key), &key).unwrap();
            assert_eq!((head.name.as_str(), content.as_slice()), (name, &b"%PDF"[..]));
        }
    }

    #[test]
    fn the_plaintext_is_a_tar_that_others_read_and_its_length_is_padded() {
        let key = key();
        for len in [0, 1, 512, 513, 70_000, 1_000_000] {
            let name = "合同".repeat(60);
            let plain = open(&sealed(&name, &vec![7; len], &key), std::slice::from_ref(&key.identity)).unwrap();
            let mut archive = tar::Archive::new(plain.expose());
            let entries: Vec<_> = archive
                .entries()
                .unwrap()
                .map(|entry| entry.map(|entry| (entry.path().unwrap().display().to_string(), entry.size())).unwrap())
                .collect();
            assert_eq!((entries[0].0.as_str(), &entries[1]), (HEAD_NAME, &(name, len as u64)));
            assert_eq!((entries.len(), entries[2].0.as_str()), (3, PADDING_NAME));
            let total = plain.len() as u64;
            assert_eq!(total, whole_blocks(padded_len(total)));
        }
    }

    #[test]
    fn names_that_leave_their_folder_are_refused() {
        for name in ["", ".", "..", "a/b", "../a", "a\\b", "a\0b", "a\nb"] {
            let result = seal_file(&head(name), io::empty(), 0, io::sink(), &[key().recipient]);
            assert!(matches!(result, Err(SealFileError::Name)), "{name:?}");
        }
    }

    #[test]
    fn a_file_of_another_length_than_announced_is_not_sealed() {
        let key = key();
        for announced in [2, 4] {
            let mut output = Vec::new();
            let result =
                seal_file(&head("a"), &b"abc"[..], announced, &mut output, std::slice::from_ref(&key.recipient));
            assert!(matches!(result, Err(SealFileError::Length)));
            assert!(open(&output, std::slice::from_ref(&key.identity)).is_err());
        }
    }

    #[test]
    fn a_file_that_was_moved_is_refused() {
        let key = key();
        let sealed = sealed("a.pdf", b"content", &key);
        let identities = [key.identity];
        let moved = unseal_file(&sealed[..], &identities, Some("files/zzzz"));
        assert!(matches!(moved, Err(UnsealError::Moved)));
        assert_eq!(unseal_file(&sealed[..], &identities, None).unwrap().len(), 7);
    }

    #[test]
    fn an_unchanged_file_stays_and_any_doubt_seals_it_anew() {
        let key = key();
        let old = sealed("a.pdf", b"content", &key);
        let same = |old: &[u8], head: &FileHead, plain: &[u8], len, key: &ClearanceKey| {
            same_content(old, head, plain, len, key).unwrap()
        };
        assert!(same(&old, &head("a.pdf"), b"content", 7, &key));
        assert!(!same(&old, &head("a.pdf"), b"Content", 7, &key));
        assert!(!same(&old, &head("a.pdf"), b"conten", 7, &key));
        assert!(!same(&old, &head("a.pdf"), b"content!", 7, &key));
        assert!(!same(&old, &head("b.pdf"), b"content", 7, &key));
        assert!(!same(&old, &head("a.pdf"), b"content", 7, &self::key()));
        assert!(!same(&old[..old.len() - 1], &head("a.pdf"), b"content", 7, &key));
        assert!(!same(b"", &head("a.pdf"), b"content", 7, &key));
    }

    #[test]
    fn hostile_tars_give_an_error_and_not_a_panic() {
        let key = key();
        let good = open(&sealed("a.pdf", b"content", &key), std::slice::from_ref(&key.identity)).unwrap();
        let recipients = [key.recipient.clone()];
        for at in (0..3072).step_by(3) {
            let mut tar = good.expose().to_vec();
            tar[at] ^= 0x81;
            if let Ok((head, content)) = unsealed(&seal(&tar, &recipients).unwrap(), &key) {
                // Only what has no checksum of its own in a tar can be changed by one who holds the key.
                assert!(head == self::head("a.pdf") || at < 1024, "{at}");
                assert_eq!(content.len(), 7);
            }
        }
        for cut in (0..good.len()).step_by(100) {
            assert!(unsealed(&seal(&good.expose()[..cut], &recipients).unwrap(), &key).is_err());
        }
        let huge = tar_entries(&[(HEAD_NAME, u64::MAX >> 1, b"{}")]).unwrap();
        assert!(unsealed(&seal(&huge, &recipients).unwrap(), &key).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn what_is_sealed_comes_out_whole(
            content in prop::collection::vec(any::<u8>(), 0..2000), repeat in 1_usize..60, name in "[^/\\\\\\p{Cc}]{3,120}",
        ) {
            let key = key();
            let content = content.repeat(repeat);
            let (head, out) = unsealed(&sealed(&name, &content, &key), &key).unwrap();
            prop_assert_eq!(head, self::head(&name));
            prop_assert_eq!(out, content);
        }
    }
}
