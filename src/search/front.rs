//! Words in order, each written as what it shares with the one before and what follows.
//!
//! It is shorter so; and words that only happen to stand side by side in a list never read like a sentence, which the
//! last gate would have to take for one.

/// How many bytes a text shares with the one before it: whole characters only.
#[must_use]
pub fn shared(before: &str, text: &str) -> usize {
    let same = before.bytes().zip(text.bytes()).take_while(|(one, other)| one == other).count();
    (0..=same).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Writes a number in groups of seven bits, the lowest first; the eighth bit says that another one follows (LEB128).
pub fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Words in order as they stand in a manifest: for each the number of characters that it shares with the one before,
/// as UTF-16 counts them, and the rest.
#[must_use]
pub fn listed(words: &[String]) -> Vec<(usize, &str)> {
    let mut before = "";
    let mut out = Vec::with_capacity(words.len());
    for word in words {
        let at = shared(before, word);
        let (same, rest) = word.split_at(at);
        out.push((same.encode_utf16().count(), rest));
        before = word;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_share_whole_characters() {
        assert_eq!(shared("云溪", "云烟"), 3);
        // 溪 and 滪 begin with the same bytes.
        assert_eq!(shared("溪", "滪"), 0);
        assert_eq!(
            listed(&["2024".to_owned(), "2025".to_owned(), "云".to_owned()]),
            [(0, "2024"), (3, "5"), (0, "云")]
        );
    }

    #[test]
    fn numbers_are_written_in_groups_of_seven_bits() {
        let mut out = Vec::new();
        [0, 127, 128, 300].into_iter().for_each(|number| put_number(&mut out, number));
        assert_eq!(out, [0, 127, 128, 1, 172, 2]);
    }
}
