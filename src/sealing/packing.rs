//! Packing: what is long is compressed before it is sealed, and padded after, so that the padding hides what the
//! compressor made of it.
//!
//! Packed content is an ordinary gzip file (RFC 1952). Its padding stands inside, as blocks that are not compressed: the
//! spaces with which plain JSON is padded as well. So `age -d | gunzip` gives the JSON, and nothing needs to be cut off.

use super::padding::{pad, padded_len};
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::{self, Write as _};

/// JSON up to this length is only padded: compressed or not, it would be told apart by little.
const LONGEST_PLAIN: usize = 4096;

/// A gzip header that says nothing but that deflated bytes follow: no name, no time, no system.
const HEADER: [u8; 10] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
/// What stands at the end: the checksum and the length, four bytes each.
const TRAILER: usize = 8;

/// What stands before the bytes of a block that is not compressed, and how many it holds at most (RFC 1951, 3.2.4).
const BLOCK_HEAD: usize = 5;
const BLOCK: usize = 0xFFFF;

/// Makes what is sealed of JSON: padded as it is where it is short, compressed and padded where it is long.
///
/// # Errors
/// None that can be brought about from outside.
pub fn pack(json: String) -> io::Result<Vec<u8>> {
    if json.len() <= LONGEST_PLAIN { Ok(pad(json).into_bytes()) } else { packed(json.as_bytes()) }
}

/// Compresses and pads content behind which spaces may stand.
///
/// # Errors
/// None that can be brought about from outside.
pub fn packed(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(HEADER.to_vec(), Compression::default());
    encoder.write_all(content)?;
    // Up to here all is whole bytes, and the last block is still to come.
    encoder.flush()?;
    let mut packed = std::mem::take(encoder.get_mut());
    let mut sum = Crc::new();
    sum.update(content);
    let least = packed.len() + BLOCK_HEAD + TRAILER;
    let target = usize::try_from(padded_len(least as u64)).map_err(io::Error::other)?;
    let mut room = target.saturating_sub(packed.len() + TRAILER);
    packed.reserve_exact(room + TRAILER);
    while room > 0 {
        // What is left over for a further block must be enough for its head.
        let taken = if room <= BLOCK_HEAD + BLOCK { room } else { (BLOCK_HEAD + BLOCK).min(room - BLOCK_HEAD) };
        room -= taken;
        let spaces = vec![b' '; taken - BLOCK_HEAD];
        let length = u16::try_from(spaces.len()).map_err(io::Error::other)?;
        packed.push(u8::from(room == 0));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(&spaces);
        sum.update(&spaces);
    }
    packed.extend(sum.sum().to_le_bytes());
    packed.extend(sum.amount().to_le_bytes());
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use proptest::prelude::*;
    use std::io::Read as _;

    fn unpacked(packed: &[u8]) -> String {
        let mut text = String::new();
        let mut decoder = GzDecoder::new(packed);
        decoder.read_to_string(&mut text).unwrap();
        assert!(decoder.into_inner().is_empty(), "browsers refuse what follows the end");
        text
    }

    fn noise(length: usize, mut seed: u64) -> String {
        std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            char::from(33 + u8::try_from((seed >> 57) % 90).unwrap())
        })
        .take(length)
        .collect()
    }

    #[test]
    fn short_json_is_padded_and_long_json_is_a_gzip_file() {
        assert_eq!(pack("{}".to_owned()).unwrap(), pad("{}".to_owned()).into_bytes());
        let long = format!("[{}1]", "\"合同\",".repeat(5000));
        let packed = pack(long.clone()).unwrap();
        assert_eq!(packed.len(), 1024);
        assert_eq!(unpacked(&packed).trim_end(), long);
    }

    #[test]
    fn the_padding_of_what_is_very_long_takes_several_blocks() {
        let json = noise(2_200_000, 7);
        let packed = pack(json.clone()).unwrap();
        assert_eq!(packed.len() as u64, padded_len(packed.len() as u64));
        let text = unpacked(&packed);
        assert_eq!(text.trim_end_matches(' '), json);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn what_is_packed_has_a_padded_length_and_unpacks_whole(length in 4097_usize..300_000, seed: u64) {
            let json = noise(length, seed);
            let packed = pack(json.clone()).unwrap();
            prop_assert_eq!(packed.len() as u64, padded_len(packed.len() as u64));
            let text = unpacked(&packed);
            prop_assert_eq!(text.trim_end_matches(' '), json);
        }
    }
}
