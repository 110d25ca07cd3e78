//! Canaries: words that stand in one place of the archive and nowhere else.

use super::fixture::noise;

/// Sixteen letters.
pub fn word(label: &str) -> String {
    noise(label, 16).iter().map(|byte| char::from(b'a' + byte % 26)).collect()
}

/// Ten Han characters.
pub fn han(label: &str) -> String {
    let bytes = noise(label, 20);
    bytes
        .chunks(2)
        .map(|pair| char::from_u32(0x5000 + u32::from(pair[0]) * 64 + u32::from(pair[1]) % 64).unwrap())
        .collect()
}

/// Both forms of a label's canary; a place holds one of them or both.
pub fn forms(label: &str) -> [String; 2] {
    [word(label), han(label)]
}
