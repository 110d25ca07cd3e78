//! Where a term stands: documents by the page that they are on, and how much it says of each.
//!
//! The pages of an index have numbers drawn from their addresses, so that a page that comes or goes leaves the numbers
//! of the others, and with them most shards, as they were.

use super::front::put_number;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A document that holds a term: 40 bits for the page's number, 21 for the document's on its page, 3 for the weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting(u64);

/// A page holds fewer documents than this.
pub const MOST_ON_A_PAGE: usize = 1 << 21;

impl Posting {
    /// A document's.
    #[must_use]
    pub fn new(page: u32, document: usize, weight: u8) -> Self {
        let document = document.min(MOST_ON_A_PAGE - 1) as u64;
        Self(u64::from(page) << 24 | document << 3 | u64::from(weight & 7))
    }

    /// The same on the page of another number.
    #[must_use]
    pub fn on(self, number: impl Fn(u32) -> u32) -> Self {
        let page = u32::try_from(self.page()).map_or(u32::MAX, number);
        Self(u64::from(page) << 24 | self.on_page())
    }

    fn page(self) -> u64 {
        self.0 >> 24
    }

    fn on_page(self) -> u64 {
        self.0 & 0x00ff_ffff
    }
}

/// The number of each page: a digest of its address in a room four to eight times as large as they are many, or the
/// next that is free.
#[must_use]
pub fn page_numbers<'p>(pages: impl Iterator<Item = &'p str>) -> BTreeMap<&'p str, u32> {
    let sorted: std::collections::BTreeSet<&str> = pages.collect();
    let room = u32::try_from(sorted.len().saturating_mul(4).next_power_of_two()).unwrap_or(1 << 31).max(64);
    let mut taken = std::collections::BTreeSet::new();
    let number = |page: &str| {
        let digest = Sha256::digest(page.as_bytes());
        digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) % room
    };
    let mut numbers = BTreeMap::new();
    for page in sorted {
        let mut at = number(page);
        while !taken.insert(at) {
            at = (at + 1) % room;
        }
        numbers.insert(page, at);
    }
    numbers
}

/// Postings in order, as bytes: for each page how far its number is from the one before, how many documents follow, and
/// for each of them how far it is from the one before, with the weight in the lowest three bits.
#[must_use]
pub fn encoded(postings: &[Posting]) -> Vec<u8> {
    let mut out = Vec::with_capacity(postings.len() * 2);
    let mut page_before = 0;
    for page in postings.chunk_by(|one, other| one.page() == other.page()) {
        let number = page.first().map_or(0, |posting| posting.page());
        put_number(&mut out, number - page_before);
        put_number(&mut out, page.len() as u64);
        page_before = number;
        let mut before = 0;
        for posting in page {
            let document = posting.on_page() >> 3;
            put_number(&mut out, (document - before) << 3 | posting.on_page() & 7);
            before = document;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_comes_leaves_the_numbers_of_the_others() {
        let pages: Vec<String> = (0..60).map(|n| format!("customers/c{n}/")).collect();
        let before = page_numbers(pages.iter().take(59).map(String::as_str));
        let after = page_numbers(pages.iter().map(String::as_str));
        let moved = before.iter().filter(|(page, number)| after.get(*page) != Some(number)).count();
        assert!(moved <= 3, "{moved}");
        let numbers: std::collections::BTreeSet<_> = after.values().collect();
        assert_eq!(numbers.len(), 60);
    }

    #[test]
    fn postings_are_written_as_distances() {
        let postings = [Posting::new(5, 0, 7), Posting::new(5, 2, 1), Posting::new(300, 0, 0)];
        assert_eq!(encoded(&postings), [5, 2, 7, 17, 0xa7, 2, 1, 0]);
    }
}
