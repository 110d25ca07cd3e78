//! How keyed digests are printed: sixteen letters in place of sixteen hexadecimal digits.

/// Writes each nibble of `bytes`, high one first, as a letter from `k` (0) to `z` (15).
///
/// No digit and none of a to f occurs, so that a search of the site for restricted numbers and words never takes an
/// address for one.
///
/// ```
/// assert_eq!(strongroom::sealing::letters(&[0x01, 0xf9]), "klzt");
/// ```
pub fn letters(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| char::from(b'k' + nibble)).collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn every_nibble_has_its_own_letter() {
        assert_eq!(letters(&[0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]), "klmnopqrstuvwxyz");
        assert_eq!(letters(&[]), "");
    }
}
