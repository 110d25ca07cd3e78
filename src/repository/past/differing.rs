//! Where the bytes of two trees differ.

use crate::repository::id::ContentId;

/// What is left of two trees without the entries that they have in common at the beginning and at the end.
pub(super) fn differing<'t>(old: &'t [u8], new: &'t [u8]) -> (&'t [u8], &'t [u8]) {
    let common = common_prefix(old, new);
    let mut start = 0;
    // Where the bytes are equal, so are the entries.
    while let Some(end) = entry_end(new, start).filter(|end| *end <= common) {
        start = end;
    }
    let (old, new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let common = common_suffix(old, new);
    // From the end they can only be cut where an entry begins in both.
    let (mut a, mut b) = (0, 0);
    loop {
        let (left, right) = (old.len() - a, new.len() - b);
        if left == right && left <= common {
            return (old.get(..a).unwrap_or_default(), new.get(..b).unwrap_or_default());
        }
        let (at, bytes) = if left > right { (&mut a, old) } else { (&mut b, new) };
        match entry_end(bytes, *at) {
            Some(end) => *at = end,
            None => return (old, new),
        }
    }
}

/// Where the entry that begins at `start` ends.
fn entry_end(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes.get(start..)?;
    let end = start + rest.iter().position(|byte| *byte == 0)? + 1 + ContentId::LENGTH;
    (end <= bytes.len()).then_some(end)
}

/// Bytes that are compared at once.
const BLOCK: usize = 64;

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    let rest = a.iter().skip(blocks).zip(b.iter().skip(blocks));
    blocks + rest.take_while(|(a, b)| a == b).count()
}

fn common_suffix(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.rchunks_exact(BLOCK).zip(b.rchunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    let rest = a.iter().rev().skip(blocks).zip(b.iter().rev().skip(blocks));
    blocks + rest.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::repository::tree::{TreeEntries, TreeEntry};

    fn raw(entries: &[(u8, u8)]) -> Vec<u8> {
        let entry = |(name, id): &(u8, u8)| [b"100644 ", format!("n{name}").as_bytes(), b"\0", &[*id; 20]].concat();
        entries.iter().flat_map(entry).collect()
    }

    fn parsed(bytes: &[u8]) -> Vec<TreeEntry<'_>> {
        TreeEntries::of(bytes).map(|entry| entry.unwrap()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_cut_off_is_common_to_both(
            old in prop::collection::vec((0..30_u8, 0..3_u8), 0..40),
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, 0..30_u8), 0..4),
        ) {
            let mut new = old.clone();
            for (at, what, name) in edits {
                let at = at.index(new.len() + 1);
                match what {
                    0 => new.insert(at, (name, 7)),
                    1 if at < new.len() => drop(new.remove(at)),
                    _ if at < new.len() => new[at].1 = 9,
                    _ => {}
                }
            }
            let (old, new) = (raw(&old), raw(&new));
            let (a, b) = differing(&old, &new);
            let start = a.as_ptr() as usize - old.as_ptr() as usize;
            prop_assert_eq!(&old[..start], &new[..start]);
            prop_assert_eq!(&old[start + a.len()..], &new[start + b.len()..]);
            let (a, b) = (parsed(a), parsed(b));
            if let (Some(first), Some(other)) = (a.first(), b.first()) {
                prop_assert_ne!(first, other);
            }
            if let (Some(last), Some(other)) = (a.last(), b.last()) {
                prop_assert_ne!(last, other);
            }
        }
    }

    #[test]
    fn ids_that_look_like_entries_are_not_cut_through() {
        // The id of the first entry of `old` ends in the bytes of the entry that `new` ends with.
        let entry = [&b"100644 x\0"[..], &[7; 20]].concat();
        let old = [&b"100644 a\0"[..], &[1; 20], &b"100644 b\0"[..], &[5; 11], &entry[..9], &[7; 20]].concat();
        let (a, _) = differing(&old, &entry);
        assert_eq!(a.len(), old.len());
    }
}
