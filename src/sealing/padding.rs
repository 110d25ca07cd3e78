//! Padding, so that the length of something sealed says little about it.

/// Shorter content is made this long, in bytes: PADMÉ by itself leaves 3, 20 and 60 bytes exact.
const LEAST: u64 = 1024;

/// The length in bytes to which content of `len` bytes is padded.
///
/// PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019): a
/// padded length is a floating point number whose mantissa is no longer than its exponent, so a length tells
/// O(log log len) bits and costs at most 12 % more, less the longer it is. Nothing is padded to less than 1 KiB.
pub fn padded_len(len: u64) -> u64 {
    if len <= LEAST {
        return LEAST;
    }
    let exponent = len.ilog2();
    let kept_bits = exponent.ilog2() + 1;
    let mask = (1_u64 << (exponent - kept_bits)) - 1;
    len.checked_add(mask).map_or(u64::MAX, |sum| sum & !mask)
}

/// How many bytes are to be added to content of `len` bytes.
pub(super) fn missing(len: usize) -> usize {
    usize::try_from(padded_len(len as u64)).unwrap_or(usize::MAX).saturating_sub(len)
}

/// Pads JSON with spaces at its end, which every JSON reader skips.
pub fn pad(mut json: String) -> String {
    let missing = missing(json.len());
    json.reserve_exact(missing);
    json.extend(std::iter::repeat_n(' ', missing));
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_content_is_padded_to_a_kibibyte() {
        assert_eq!([0, 3, 60, 1023, 1024].map(padded_len), [1024; 5]);
    }

    #[test]
    fn known_lengths_are_padded_as_in_the_paper() {
        // 1025 = 2^10 + 1: four bits of mantissa stay, six are rounded up.
        assert_eq!(padded_len(1025), 1088);
        assert_eq!(padded_len(9 * 1024 + 1), 9728);
        assert_eq!(padded_len(1_000_000), 1_015_808);
        assert_eq!(padded_len(u64::MAX), u64::MAX);
    }

    #[test]
    fn padded_json_is_the_same_json() {
        let padded = pad(r#"{"合同":1}"#.to_owned());
        assert_eq!(padded.len(), 1024);
        assert_eq!(padded.trim_end(), r#"{"合同":1}"#);
    }

    proptest! {
        #[test]
        fn padding_is_bounded_and_settles_at_once(len in 1025_u64..1 << 50) {
            let padded = padded_len(len);
            prop_assert!(padded >= len);
            prop_assert!((padded - len) * 100 <= len * 12, "{len} became {padded}");
            prop_assert_eq!(padded_len(padded), padded);
        }

        #[test]
        fn more_content_is_never_padded_to_less(a in any::<u64>(), b in any::<u64>()) {
            prop_assert!(padded_len(a.min(b)) <= padded_len(a.max(b)));
        }
    }
}
