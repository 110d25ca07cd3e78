//! As much of DER as a time stamp needs: elements with a tag and a definite length, read one after another.

/// Reads elements from bytes that may be anything.
#[derive(Clone, Copy)]
pub(super) struct Der<'b>(&'b [u8]);

/// Tags.
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// `[0] EXPLICIT`.
pub(super) const ZERO: u8 = 0xa0;

impl<'b> Der<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The content of the next element, which must have this tag.
    pub fn next(&mut self, tag: u8) -> Option<&'b [u8]> {
        let (found, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = match *first {
            short @ 0..=0x7f => (usize::from(short), rest),
            long @ 0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
                (bytes.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        (*found == tag).then_some(content)
    }

    /// The elements inside the next one.
    pub fn inside(&mut self, tag: u8) -> Option<Self> {
        self.next(tag).map(Self)
    }
}
