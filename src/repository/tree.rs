//! The raw bytes of git's tree objects: a folder's names, modes and ids.
//!
//! They are parsed here and not by libgit2 so that a hostile or damaged tree is seen as it is, and because a large
//! archive has many of them.

use super::id::ContentId;

/// What an entry of a tree is, by its mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Folder,
    Regular,
    SymbolicLink,
    Submodule,
    Unknown(u32),
}

impl Mode {
    /// Git writes few modes; of a regular file's permissions nothing but the kind counts here.
    pub(super) fn from_bits(bits: u32) -> Self {
        match bits & 0o170_000 {
            0o040_000 => Self::Folder,
            0o100_000 => Self::Regular,
            0o120_000 => Self::SymbolicLink,
            0o160_000 => Self::Submodule,
            _ => Self::Unknown(bits),
        }
    }
}

/// One entry of a tree; nothing about its name has been checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TreeEntry<'a> {
    pub(super) mode: Mode,
    pub(super) name: &'a [u8],
    pub(super) id: ContentId,
}

/// The bytes do not follow the form of a tree: `MODE SP NAME NUL ID`, over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MalformedTree;

/// The entries of a tree object, in its own order; after a malformed one the rest is given up.
pub(super) struct TreeEntries<'a> {
    rest: &'a [u8],
}

impl<'a> TreeEntries<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for TreeEntries<'a> {
    type Item = Result<TreeEntry<'a>, MalformedTree>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let Some((entry, rest)) = split_entry(self.rest) else {
            self.rest = &[];
            return Some(Err(MalformedTree));
        };
        self.rest = rest;
        Some(Ok(entry))
    }
}

fn split_entry(bytes: &[u8]) -> Option<(TreeEntry<'_>, &[u8])> {
    // Six digits and a space: a longer mode cannot be one.
    let space = bytes.iter().take(8).position(|byte| *byte == b' ')?;
    let (mode, rest) = bytes.split_at_checked(space)?;
    let mode = std::str::from_utf8(mode).ok().filter(|mode| mode.bytes().all(|digit| digit.is_ascii_digit()))?;
    let mode = u32::from_str_radix(mode, 8).ok()?;
    let rest = rest.get(1..)?;
    let (name, rest) = rest.split_at_checked(rest.iter().position(|byte| *byte == 0)?)?;
    let (id, rest) = rest.get(1..)?.split_at_checked(ContentId::LENGTH)?;
    Some((TreeEntry { mode: Mode::from_bits(mode), name, id: ContentId::from_slice(id)? }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(mode: &str, name: &[u8]) -> Vec<u8> {
        [mode.as_bytes(), b" ", name, b"\0", &[7; 20]].concat()
    }

    #[test]
    fn entries_come_in_the_order_of_the_tree() {
        let bytes = [raw("100644", b"b"), raw("40000", b"a"), raw("100755", b"c"), raw("160000", b"d")].concat();
        let found: Vec<_> = TreeEntries::of(&bytes).map(|entry| entry.map(|e| (e.mode, e.name))).collect();
        assert_eq!(
            found,
            [
                Ok((Mode::Regular, &b"b"[..])),
                Ok((Mode::Folder, &b"a"[..])),
                Ok((Mode::Regular, &b"c"[..])),
                Ok((Mode::Submodule, &b"d"[..])),
            ]
        );
    }

    #[test]
    fn a_tree_cut_anywhere_is_malformed_and_ends() {
        let bytes = raw("100644", b"name");
        for length in 1..bytes.len() {
            let found: Vec<_> = TreeEntries::of(&bytes[..length]).collect();
            assert_eq!(found, [Err(MalformedTree)], "cut at {length}");
        }
    }

    #[test]
    fn odd_modes_are_malformed_or_unknown() {
        assert_eq!(TreeEntries::of(&raw("+10064", b"x")).next(), Some(Err(MalformedTree)));
        assert_eq!(TreeEntries::of(&raw("100000000644", b"x")).next(), Some(Err(MalformedTree)));
        let bytes = raw("644", b"x");
        let entry = TreeEntries::of(&bytes).next().unwrap().unwrap();
        assert_eq!(entry.mode, Mode::Unknown(0o644));
    }
}
