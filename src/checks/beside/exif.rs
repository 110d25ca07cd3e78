//! Exif: the tables of a TIFF file, as cameras put them into pictures (CIPA DC-008).

use super::Said;

/// A TIFF file's bytes, and the order in which they make numbers.
struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

/// One entry of a table: what it is, its kind, how many values, and where they or the place of them stand.
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    at: usize,
}

/// More entries than these are in no table that a camera writes.
const MOST: usize = 512;

/// Reads the tables of a TIFF file.
pub(super) fn read(bytes: &[u8], said: &mut Vec<Said>) {
    let little = match bytes.get(..4) {
        Some(b"II*\0") => true,
        Some(b"MM\0*") => false,
        _ => return,
    };
    let tiff = Tiff { bytes, little };
    let Some(first) = tiff.number(4, 4) else { return };
    for entry in tiff.table(first) {
        let text = || tiff.text(&entry);
        match entry.tag {
            0x010F | 0x0110 | 0x0131 => said.extend(text().map(Said::Program)),
            0x013B => said.extend(text().map(|text| Said::Who("who made it", text))),
            0x8298 => said.extend(text().map(|text| Said::Who("whose it is", text))),
            0x9C9D => said.extend(tiff.wide_text(&entry).map(|text| Said::Who("who made it", text))),
            0x8825 => {
                // Some cameras write the table and leave it empty.
                let table = tiff.number(entry.at, 4).map(|at| tiff.table(at)).unwrap_or_default();
                if table.iter().any(|entry| matches!(entry.tag, 2 | 4) && entry.count > 0) {
                    said.push(Said::Place);
                }
            }
            0x8769 => {
                for entry in tiff.number(entry.at, 4).map(|at| tiff.table(at)).unwrap_or_default() {
                    let what = match entry.tag {
                        0xA430 => "whose camera it was",
                        0xA431 => "which camera it was, by its number",
                        0xA435 => "which lens it was, by its number",
                        _ => continue,
                    };
                    said.extend(tiff.text(&entry).map(|text| Said::Who(what, text)));
                }
            }
            _ => {}
        }
    }
}

impl Tiff<'_> {
    /// The number of 2 or 4 bytes at a place.
    fn number(&self, at: usize, length: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at.checked_add(length)?)?;
        let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        let number = if self.little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) };
        usize::try_from(number).ok()
    }

    fn table(&self, at: usize) -> Vec<Entry> {
        let Some(count) = self.number(at, 2) else { return Vec::new() };
        let entry = |n: usize| {
            let start = at.checked_add(2)?.checked_add(n * 12)?;
            Some(Entry {
                tag: u16::try_from(self.number(start, 2)?).ok()?,
                kind: u16::try_from(self.number(start + 2, 2)?).ok()?,
                count: u32::try_from(self.number(start + 4, 4)?).ok()?,
                at: start + 8,
            })
        };
        (0..count.min(MOST)).map_while(entry).collect()
    }

    fn bytes_of(&self, entry: &Entry) -> Option<&[u8]> {
        let count = usize::try_from(entry.count).ok()?;
        let at = if count <= 4 { entry.at } else { self.number(entry.at, 4)? };
        self.bytes.get(at..at.checked_add(count)?)
    }

    fn text(&self, entry: &Entry) -> Option<String> {
        // Only text: other kinds count their values in other lengths.
        let bytes = self.bytes_of(entry).filter(|_| matches!(entry.kind, 1 | 2 | 7))?;
        let text = String::from_utf8_lossy(bytes.split(|byte| *byte == 0).next().unwrap_or_default()).trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    fn wide_text(&self, entry: &Entry) -> Option<String> {
        let units = self.bytes_of(entry)?.chunks_exact(2).map(|pair| match pair {
            [low, high] => u16::from_le_bytes([*low, *high]),
            _ => 0,
        });
        let text: String =
            char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).take_while(|c| *c != '\0').collect();
        (!text.trim().is_empty()).then(|| text.trim().to_owned())
    }
}

#[cfg(test)]
pub(in super::super) mod tests {
    use super::*;

    /// Tables with a model, an artist, a place and a camera's number, in either order of bytes.
    fn tables(little: bool) -> Vec<u8> {
        let two = |n: u16| if little { n.to_le_bytes() } else { n.to_be_bytes() };
        let four = |n: u32| if little { n.to_le_bytes() } else { n.to_be_bytes() };
        let mut out = if little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        out.extend(four(8));
        let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
            [&two(tag)[..], &two(kind)[..], &four(count)[..], &value[..]].concat()
        };
        out.extend(two(4));
        out.extend(entry(0x0110, 2, 3, *b"X9\0\0"));
        out.extend(entry(0x013B, 2, 7, four(200)));
        out.extend(entry(0x8769, 4, 1, four(100)));
        out.extend(entry(0x8825, 4, 1, four(140)));
        out.resize(100, 0);
        out.extend(two(1));
        out.extend(entry(0xA431, 2, 8, four(210)));
        out.resize(140, 0);
        out.extend(two(2));
        out.extend(entry(1, 2, 2, *b"N\0\0\0"));
        out.extend(entry(2, 5, 3, four(220)));
        out.resize(200, 0);
        out.extend("沈洁\0".as_bytes());
        out.resize(210, 0);
        out.extend(b"SN12345\0");
        out.resize(250, 0);
        out
    }

    /// A photograph that says all that one can.
    pub fn photograph() -> Vec<u8> {
        let mut out = b"\xFF\xD8\xFF\xE1".to_vec();
        let tables = tables(true);
        out.extend(u16::try_from(tables.len() + 8).unwrap().to_be_bytes());
        out.extend(b"Exif\0\0");
        out.extend(tables);
        out.extend(b"\xFF\xD9");
        out
    }

    #[test]
    fn tables_are_read_in_either_order_of_bytes() {
        for little in [true, false] {
            let mut said = Vec::new();
            read(&tables(little), &mut said);
            assert_eq!(
                said,
                [
                    Said::Program("X9".into()),
                    Said::Who("who made it", "沈洁".into()),
                    Said::Who("which camera it was, by its number", "SN12345".into()),
                    Said::Place,
                ]
            );
        }
    }

    #[test]
    fn no_damage_whatever_makes_the_reader_fail() {
        let whole = tables(true);
        for length in 0..whole.len() {
            read(&whole[..length], &mut Vec::new());
        }
        for at in 0..whole.len() {
            for byte in [0, 0x7F, 0xFF] {
                let mut damaged = whole.clone();
                damaged[at] = byte;
                read(&damaged, &mut Vec::new());
            }
        }
    }
}
