//! Shards: the pieces of an index that a query reads by themselves.
//!
//! Where one shard ends and the next begins is decided by what stands there (content-defined chunking), not by counting
//! from the start, so that a change leaves the shards before and after it as they were.

use super::front::{put_number, shared};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// Shards of less than this many bytes are not ended where they could be.
const LEAST: usize = 24 << 10;
/// Shards of this many bytes are ended wherever they are.
const MOST: usize = 96 << 10;

/// A piece of an index.
pub struct Shard {
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Ends pieces where their content says so.
struct Cutter {
    /// In one of how many places a piece may end.
    one_in: u32,
    size: usize,
}

impl Cutter {
    fn new(one_in: u32) -> Self {
        Self { one_in, size: 0 }
    }

    /// Whether a piece ends before what comes next, of which `key` and the size in bytes are told.
    fn ends_before(&mut self, key: &[u8], size: usize) -> bool {
        let full = self.size > 0 && self.size + size > MOST;
        let digest = Sha256::digest(key);
        let chance = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        let ends = full || (self.size >= LEAST && chance.is_multiple_of(self.one_in));
        self.size = if ends { size } else { self.size + size };
        ends
    }
}

/// Terms in order, with their postings encoded, as shards; and the first term of each.
///
/// A shard is the number of its terms and then, for each: how many bytes it shares with the one before, the length of the
/// rest, the rest, the length of its postings, and these. Numbers are LEB128.
#[must_use]
pub fn of_terms(terms: &[(Box<str>, Vec<u8>)]) -> (Vec<Shard>, Vec<String>) {
    let mut cutter = Cutter::new(512);
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for (n, (term, postings)) in terms.iter().enumerate() {
        if cutter.ends_before(term.as_bytes(), term.len() + postings.len() + 4) {
            runs.push((from, n));
            from = n;
        }
    }
    runs.push((from, terms.len()));
    let runs = runs.into_iter().filter_map(|(from, to)| terms.get(from..to).filter(|run| !run.is_empty()));
    let made = runs.map(|run| {
        let mut bytes = Vec::new();
        put_number(&mut bytes, run.len() as u64);
        let mut before: &str = "";
        for (term, postings) in run {
            let at = shared(before, term);
            let rest = term.as_bytes().get(at..).unwrap_or_default();
            put_number(&mut bytes, at as u64);
            put_number(&mut bytes, rest.len() as u64);
            bytes.extend_from_slice(rest);
            put_number(&mut bytes, postings.len() as u64);
            bytes.extend_from_slice(postings);
            before = term;
        }
        (Shard { bytes }, run.first().map(|(term, _)| term.to_string()).unwrap_or_default())
    });
    made.unzip()
}

/// A document as it lies in a shard.
pub struct Lying {
    /// Its page's number.
    pub page: u32,
    /// Its number on the page.
    pub number: u32,
    /// What a result shows of it.
    pub json: Box<RawValue>,
}

#[derive(Serialize)]
struct Documents<'d> {
    documents: Vec<(u32, u32, &'d RawValue)>,
}

/// Shards, with page and number of the first document of each.
type OfDocuments = (Vec<Shard>, Vec<(u32, u32)>);

/// Documents in order as shards of JSON, `{"documents": [[page, number, {…}], …]}`; and page and number of the first of
/// each.
///
/// # Errors
/// When there is no JSON for them, which is not to be expected.
pub fn of_documents(documents: &[Lying]) -> serde_json::Result<OfDocuments> {
    let mut cutter = Cutter::new(4);
    let (mut shards, mut firsts) = (Vec::new(), Vec::new());
    let mut from = 0;
    let mut close = |from: usize, to: usize| -> serde_json::Result<()> {
        let run = documents.get(from..to).unwrap_or_default();
        let Some(first) = run.first() else { return Ok(()) };
        let documents = run.iter().map(|lying| (lying.page, lying.number, &*lying.json)).collect();
        shards.push(Shard { bytes: serde_json::to_vec(&Documents { documents })? });
        firsts.push((first.page, first.number));
        Ok(())
    };
    for (n, lying) in documents.iter().enumerate() {
        let key = if lying.number == 0 { lying.page } else { 1 };
        if cutter.ends_before(&key.to_be_bytes(), lying.json.get().len() + 16) {
            close(from, n)?;
            from = n;
        }
    }
    close(from, documents.len())?;
    Ok((shards, firsts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn terms(without: usize) -> Vec<(Box<str>, Vec<u8>)> {
        let all = (0..40_000).filter(|n| *n != without);
        all.map(|n| (format!("{n:06}").into_boxed_str(), vec![1, 1, 8])).collect()
    }

    #[test]
    fn a_term_that_goes_changes_few_shards() {
        let bytes = |shards: Vec<Shard>| shards.into_iter().map(|shard| shard.bytes).collect::<BTreeSet<_>>();
        let (all, _) = of_terms(&terms(usize::MAX));
        let (fewer, _) = of_terms(&terms(20_000));
        let (all, fewer) = (bytes(all), bytes(fewer));
        assert!(all.len() > 4, "{}", all.len());
        assert!(all.difference(&fewer).count() <= 2);
    }

    #[test]
    fn shards_are_no_larger_than_one_term_makes_them() {
        let (shards, firsts) = of_terms(&terms(usize::MAX));
        assert!(shards.iter().all(|shard| shard.bytes.len() <= MOST));
        assert_eq!(firsts.first().map(String::as_str), Some("000000"));
        assert_eq!(shards.len(), firsts.len());
    }
}
