//! Time stamps by an authority (RFC 3161): the request that is put to it, and what its answer says.
//!
//! The authority's own signature is not verified here. Nearly all of them sign with RSA, of which this program keeps away,
//! under certificates whose roots somebody has to choose to trust: `openssl ts -verify` does both, and docs/proof.md says
//! how. What is looked at here is whether the answer is one to this text, and which time it says.

use super::der::{Der, INTEGER, OCTETS, OID, SEQUENCE, SET, TIME, ZERO};
use super::digest::Digest;

/// No answer is longer.
pub(super) const LONGEST: u64 = 1 << 20;

const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];

/// What an authority answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The SHA-256 of the text that it stamped.
    pub of: Digest,
    /// The time that it says: `2026-11-23 02:14:07 UTC`.
    pub time: String,
}

/// The request for a stamp over a text: DER, with SHA-256, asking for the authority's certificate, without a nonce.
#[must_use]
pub fn request(text: &[u8]) -> Vec<u8> {
    let mut request = vec![0x30, 0x39, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09];
    request.extend(SHA256);
    request.extend([0x05, 0x00, 0x04, 0x20]);
    request.extend(Digest::of(text).0);
    request.extend([0x01, 0x01, 0xff]);
    request
}

impl Stamp {
    /// Reads an answer.
    ///
    /// # Errors
    /// Why it is no stamp, in words.
    pub fn read(answer: &[u8]) -> Result<Self, &'static str> {
        const UNREADABLE: &str = "this is no answer of a time stamp authority that can be read here";
        let mut answer = Der::new(answer).inside(SEQUENCE).ok_or(UNREADABLE)?;
        let status = answer.inside(SEQUENCE).and_then(|mut status| status.next(INTEGER)).ok_or(UNREADABLE)?;
        if !matches!(status, [0 | 1]) {
            return Err("the authority refused to stamp this");
        }
        Self::of_token(answer).ok_or(UNREADABLE)
    }

    fn of_token(mut answer: Der<'_>) -> Option<Self> {
        let mut token = answer.inside(SEQUENCE)?;
        let is_whole = answer.is_empty() && token.next(OID)? == SIGNED_DATA;
        let mut signed = token.inside(ZERO)?.inside(SEQUENCE)?;
        signed.next(INTEGER)?;
        signed.next(SET)?;
        let mut content = signed.inside(SEQUENCE)?;
        let is_stamp = content.next(OID)? == TST_INFO;
        let info = content.inside(ZERO)?.next(OCTETS)?;
        let mut info = Der::new(info).inside(SEQUENCE)?;
        info.next(INTEGER)?;
        info.next(OID)?;
        let mut imprint = info.inside(SEQUENCE)?;
        let by_sha256 = imprint.inside(SEQUENCE)?.next(OID)? == SHA256;
        let of = Digest(imprint.next(OCTETS)?.try_into().ok()?);
        info.next(INTEGER)?;
        let time = time(info.next(TIME)?)?;
        (is_whole && is_stamp && by_sha256).then_some(Self { of, time })
    }
}

/// `20261123021407Z`, with parts of a second or without, as people write it.
fn time(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let text = text.strip_suffix('Z')?;
    let (whole, parts) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() != 14 || !whole.bytes().chain(parts.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| whole.get(from..to).unwrap_or_default();
    let (day, hours) = ((part(0, 4), part(4, 6), part(6, 8)), (part(8, 10), part(10, 12), part(12, 14)));
    Some(format!("{}-{}-{} {}:{}:{} UTC", day.0, day.1, day.2, hours.0, hours.1, hours.2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An answer with nothing in it but what is looked at.
    fn answer(of: Digest) -> Vec<u8> {
        fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
            let content = parts.concat();
            let mut bytes = vec![tag, 0x82, (content.len() >> 8) as u8, content.len() as u8];
            bytes.extend(content);
            bytes
        }
        let imprint = element(SEQUENCE, &[&element(SEQUENCE, &[&element(OID, &[SHA256])]), &element(OCTETS, &[&of.0])]);
        let number = element(INTEGER, &[&[1]]);
        let time = element(TIME, &[b"20261123021407.25Z"]);
        let info = element(SEQUENCE, &[&number, &element(OID, &[&[1]]), &imprint, &number, &time]);
        let content = element(SEQUENCE, &[&element(OID, &[TST_INFO]), &element(ZERO, &[&element(OCTETS, &[&info])])]);
        let signed = element(SEQUENCE, &[&number, &element(SET, &[]), &content]);
        let token = element(SEQUENCE, &[&element(OID, &[SIGNED_DATA]), &element(ZERO, &[&signed])]);
        element(SEQUENCE, &[&element(SEQUENCE, &[&element(INTEGER, &[&[0]])]), &token])
    }

    #[test]
    fn an_answer_is_read_and_a_cut_one_is_not() {
        let whole = answer(Digest::of(b"x"));
        let expected = Stamp { of: Digest::of(b"x"), time: "2026-11-23 02:14:07 UTC".to_owned() };
        assert_eq!(Stamp::read(&whole), Ok(expected));
        for at in 0..whole.len() {
            assert!(Stamp::read(&whole[..at]).is_err(), "{at}");
        }
    }

    proptest! {
        #[test]
        fn hostile_answers_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40), at in 0_usize..200) {
            let _ = Stamp::read(&bytes);
            let mut whole = answer(Digest::of(b"x"));
            let (at, end) = (at.min(whole.len()), (at + bytes.len()).min(whole.len()));
            whole.splice(at..end, bytes);
            let _ = Stamp::read(&whole);
        }
    }
}
