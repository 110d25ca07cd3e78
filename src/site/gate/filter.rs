//! Two sets of window hashes: a filter that says "perhaps", and a table of those that are in question.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// The largest filter: 64 MiB. Beyond it more windows pass by chance, and only time is lost.
const LARGEST: usize = 1 << 23;

/// A set of hashes in few bits: what was put in always hits, something else rarely (a Bloom filter of two bits a
/// hash, both in one word, so that a look costs one access to memory).
pub(super) struct Filter {
    words: Vec<AtomicU64>,
}

impl Filter {
    /// A filter for the windows of about `bytes` of text.
    pub(super) fn for_text(bytes: usize) -> Self {
        let words = (bytes / 8).next_power_of_two().clamp(64, LARGEST);
        Filter { words: std::iter::repeat_with(|| AtomicU64::new(0)).take(words).collect() }
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let bits = 1_u64 << (hash & 63) | 1_u64 << ((hash >> 6) & 63);
        ((hash >> 40) as usize & (self.words.len() - 1), bits)
    }

    /// Puts a hash in.
    #[inline]
    pub(super) fn put(&self, hash: u64) {
        let (word, bits) = self.place(hash);
        if self.words[word].load(Relaxed) & bits != bits {
            self.words[word].fetch_or(bits, Relaxed);
        }
    }

    /// Whether a hash may have been put in.
    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let (word, bits) = self.place(hash);
        self.words[word].load(Relaxed) & bits == bits
    }
}

/// Hashes that were met, without those met a moment ago; what one worker gathers.
pub(super) struct Gathered {
    recent: Vec<u64>,
    hashes: Vec<u64>,
    tidy_at: usize,
}

impl Gathered {
    pub(super) fn new() -> Self {
        Gathered { recent: vec![0; 1 << 12], hashes: Vec::new(), tidy_at: 1 << 16 }
    }

    /// Notes a hash.
    #[inline]
    pub(super) fn note(&mut self, hash: u64) {
        let slot = (hash >> 20) as usize % self.recent.len();
        if self.recent[slot] != hash {
            self.recent[slot] = hash;
            self.hashes.push(hash);
            if self.hashes.len() >= self.tidy_at {
                self.hashes.sort_unstable();
                self.hashes.dedup();
                self.tidy_at = (2 * self.hashes.len()).max(1 << 16);
            }
        }
    }
}

/// The hashes in question: found in an output and perhaps restricted. Each can be struck off or confirmed by any
/// worker.
pub(super) struct Questions {
    slots: Vec<u64>,
    struck: Vec<AtomicBool>,
    confirmed: Vec<AtomicBool>,
    empty: bool,
}

impl Questions {
    /// All hashes that the workers gathered, each once.
    pub(super) fn from(gathered: Vec<Gathered>) -> Self {
        let mut hashes = Vec::with_capacity(gathered.iter().map(|part| part.hashes.len()).sum());
        for part in gathered {
            hashes.extend(part.hashes);
        }
        hashes.sort_unstable();
        hashes.dedup();
        let size = (hashes.len() * 2).next_power_of_two().max(2);
        let mut slots = vec![0; size];
        for hash in &hashes {
            let mut slot = *hash as usize & (size - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = *hash;
        }
        let flags = || std::iter::repeat_with(|| AtomicBool::new(false)).take(size).collect();
        Questions { slots, struck: flags(), confirmed: flags(), empty: hashes.is_empty() }
    }

    /// Whether there is nothing in question.
    pub(super) fn is_empty(&self) -> bool {
        self.empty
    }

    #[inline]
    fn slot(&self, hash: u64) -> Option<usize> {
        let last = self.slots.len() - 1;
        let mut slot = hash as usize & last;
        // At most half of the slots are taken, so that an empty one ends every search. The hash 0 means "empty";
        // a window with that hash is one in 2⁶⁴ and is found in no slot.
        while self.slots[slot] != 0 {
            if self.slots[slot] == hash {
                return Some(slot);
            }
            slot = (slot + 1) & last;
        }
        None
    }

    /// Strikes a hash off: open text holds its window.
    #[inline]
    pub(super) fn strike(&self, hash: u64) {
        if let Some(slot) = self.slot(hash) {
            self.struck[slot].store(true, Relaxed);
        }
    }

    /// Confirms a hash, unless it was struck off: restricted text really holds a window of this hash. Says whether it
    /// did.
    #[inline]
    pub(super) fn confirm(&self, hash: u64) -> bool {
        match self.slot(hash) {
            Some(slot) if !self.struck[slot].load(Relaxed) => {
                self.confirmed[slot].store(true, Relaxed);
                true
            }
            _ => false,
        }
    }

    /// Whether a hash was confirmed.
    #[inline]
    pub(super) fn is_confirmed(&self, hash: u64) -> bool {
        self.slot(hash).is_some_and(|slot| self.confirmed[slot].load(Relaxed))
    }
}
