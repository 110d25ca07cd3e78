//! The Merkle tree of RFC 6962: one root over all leaves so far, and short proofs that a leaf is in it. A proof is a list
//! of nodes, the lowest first.

use super::digest::Digest;
use sha2::{Digest as _, Sha256};

/// The hash of a leaf: of a zero byte and what stands in it.
#[must_use]
pub fn leaf(content: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(content).finalize().into())
}

fn node(left: &Digest, right: &Digest) -> Digest {
    Digest(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The largest power of two below a number that is greater than one.
fn half(count: usize) -> usize {
    1 << (usize::BITS - 1 - (count - 1).leading_zeros())
}

fn parts(leaves: &[Digest]) -> (&[Digest], &[Digest]) {
    leaves.split_at(half(leaves.len()))
}

/// The root over the hashes of leaves; that of no leaf is the hash of nothing.
#[must_use]
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(b""),
        [only] => *only,
        _ => {
            let (left, right) = parts(leaves);
            node(&root(left), &root(right))
        }
    }
}

/// The nodes by which the leaf of a number leads to the root over all, each with the side on which it stands, for whoever
/// goes the way without knowing how trees are divided: true where it stands to the left. None where there is no such leaf.
#[must_use]
pub fn way(leaves: &[Digest], number: usize) -> Option<Vec<(bool, Digest)>> {
    if number >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let (left, right) = parts(leaves);
    let (mut way, beside) = match number.checked_sub(left.len()) {
        None => (way(left, number)?, (false, root(right))),
        Some(number) => (way(right, number)?, (true, root(left))),
    };
    way.push(beside);
    Some(way)
}

/// The root to which a leaf leads by such a way.
#[must_use]
pub fn root_along(leaf: Digest, way: &[(bool, Digest)]) -> Digest {
    way.iter().fold(leaf, |hash, (left, beside)| if *left { node(beside, &hash) } else { node(&hash, beside) })
}

/// The root to which a leaf of a number leads by these nodes in a tree of that size; none where they do not fit it.
#[must_use]
pub fn root_by(leaf: Digest, number: u64, size: u64, proof: &[Digest]) -> Option<Digest> {
    if number >= size {
        return None;
    }
    let (mut at, mut last, mut hash) = (number, size - 1, leaf);
    for beside in proof {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            hash = node(beside, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node(&hash, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaves(count: usize) -> Vec<Digest> {
        (0..count).map(|number| leaf(&[number as u8])).collect()
    }

    #[test]
    fn roots_are_those_that_others_know() {
        // The test vectors of Certificate Transparency's reference implementation.
        let inputs: [&[u8]; 8] = [
            b"",
            &[0],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        let leaves: Vec<Digest> = inputs.iter().map(|input| leaf(input)).collect();
        let known = [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
            (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
            (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
            (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
        ];
        for (size, expected) in known {
            assert_eq!(root(&leaves[..size]).to_string(), expected, "{size}");
        }
    }

    #[test]
    fn every_leaf_leads_to_the_root_of_every_tree_and_no_other_leaf_does() {
        for size in 1..40 {
            let all = leaves(size);
            for number in 0..size {
                let way = way(&all, number).unwrap();
                let proof: Vec<Digest> = way.iter().map(|(_, node)| *node).collect();
                assert_eq!(root_along(all[number], &way), root(&all));
                assert_ne!(root_along(leaf(b"other"), &way), root(&all));
                let by = |leaf, number| root_by(leaf, number as u64, size as u64, &proof);
                assert_eq!(by(all[number], number), Some(root(&all)));
                assert_ne!(by(leaf(b"other"), number), Some(root(&all)));
                for other in (0..size).filter(|other| *other != number) {
                    assert_ne!(by(all[number], other), Some(root(&all)), "{size} {number} {other}");
                }
                for cut in 0..proof.len() {
                    assert_ne!(root_by(all[number], number as u64, size as u64, &proof[..cut]), Some(root(&all)));
                }
            }
            assert_eq!(super::way(&all, size), None);
        }
    }

    proptest! {
        #[test]
        fn hostile_proofs_never_panic(number: u64, size: u64, length in 0_usize..80) {
            let _ = root_by(leaf(b"x"), number, size, &vec![leaf(b"y"); length]);
        }
    }
}
