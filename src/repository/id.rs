//! The id that git gives to bytes.

use std::fmt;

use git2::{ObjectType, Oid};

/// The SHA-1 that git gives to an object: of its kind, its length and its bytes.
///
/// A file's id is that of its content as a git blob, also where the file lies outside git, so that equal bytes have
/// equal ids whatever the source. Commits and folders (trees) have ids of the same form. Ids are ordered and printed as
/// 40 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId([u8; ContentId::LENGTH]);

impl ContentId {
    /// Bytes in an id.
    pub const LENGTH: usize = 20;

    /// The id of a file with this content.
    ///
    /// `None` where the bytes are built to collide with others under SHA-1: two files would then have one name, and
    /// neither can be trusted.
    pub fn of(content: &[u8]) -> Option<Self> {
        Oid::hash_object(ObjectType::Blob, content).ok().and_then(|oid| Self::from_oid(&oid))
    }

    /// The id that is written as 40 hexadecimal digits; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 2 * Self::LENGTH {
            return None;
        }
        Oid::from_str(text).ok().and_then(|oid| Self::from_oid(&oid))
    }

    /// The id that has these bytes.
    pub fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// The bytes of the id.
    pub fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn from_oid(oid: &Oid) -> Option<Self> {
        Self::from_slice(oid.as_bytes())
    }

    pub(super) fn to_oid(self) -> Result<Oid, git2::Error> {
        Oid::from_bytes(&self.0)
    }
}

impl fmt::Display for ContentId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ContentId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_that_git_gives() {
        // `git hash-object` of an empty file and of "hello\n".
        assert_eq!(ContentId::of(b"").unwrap().to_string(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(ContentId::of(b"hello\n").unwrap().to_string(), "ce013625030ba8dba906f756967f9e9ca394464a");
    }

    #[test]
    fn an_id_is_read_back_from_its_digits_and_from_nothing_else() {
        let id = ContentId::of(b"hello\n").unwrap();
        assert_eq!(ContentId::parse(&id.to_string()), Some(id));
        assert_eq!(ContentId::parse("ce0136"), None);
        assert_eq!(ContentId::parse(&"x".repeat(40)), None);
    }
}
