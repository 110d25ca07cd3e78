//! Pictures, and what else cameras make: the places in JPEG, PNG, WebP, TIFF, HEIC and MP4 where they speak of themselves.

use super::{Said, element, exif, position};

/// The mark before Exif tables.
const EXIF: &[u8] = b"Exif\0\0";

/// Reads a file of any of these kinds; others say nothing.
pub(super) fn read(content: &[u8], said: &mut Vec<Said>) {
    if content.starts_with(b"\xFF\xD8\xFF") {
        jpeg(content, said);
    } else if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(content, said);
    } else if content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP") {
        webp(content, said);
    } else if content.get(4..8) == Some(b"ftyp") {
        boxes(content, said);
    } else {
        exif::read(content, said);
    }
}

fn jpeg(content: &[u8], said: &mut Vec<Said>) {
    let mut at = 2;
    // Up to the picture itself: what follows it is coded.
    while let Some([0xFF, marker, high, low]) = content.get(at..at + 4) {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some(data) = content.get(at + 4..at + 2 + length) else { return };
        match marker {
            0xE1 => match data.strip_prefix(EXIF) {
                Some(tables) => exif::read(tables, said),
                None if data.starts_with(b"http://ns.adobe.com/xap/") => xmp(data, said),
                None => {}
            },
            0xFE => said.push(Said::Program(String::from_utf8_lossy(data).trim_end_matches('\0').to_owned())),
            0xDA => return,
            _ => {}
        }
        at += 2 + length;
    }
}

fn png(content: &[u8], said: &mut Vec<Said>) {
    let mut at = 8;
    while let Some([a, b, c, d, kind @ ..]) = content.get(at..at + 8) {
        let Ok(length) = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])) else { return };
        let Some(data) = at.checked_add(8 + length).and_then(|end| content.get(at + 8..end)) else { return };
        match kind {
            b"tEXt" | b"iTXt" | b"zTXt" => text_chunk(kind, data, said),
            b"eXIf" => exif::read(data, said),
            _ => {}
        }
        at += 12 + length;
    }
}

/// A chunk of text: a keyword, a zero, and the text; one that is compressed is told by its keyword.
fn text_chunk(kind: &[u8], data: &[u8], said: &mut Vec<Said>) {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let keyword = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let rest = parts.next().unwrap_or_default();
    let text = match kind {
        b"tEXt" => String::from_utf8_lossy(rest).into_owned(),
        // Two bytes of compression, a language and a translated keyword, each ended by a zero.
        b"iTXt" if rest.first() == Some(&0) => {
            let text = rest.get(2..).unwrap_or_default().splitn(3, |byte| *byte == 0).nth(2).unwrap_or_default();
            String::from_utf8_lossy(text).into_owned()
        }
        _ => keyword.clone(),
    };
    match keyword.as_str() {
        "Author" | "Artist" => said.push(Said::Who("who made it", text)),
        "Copyright" => said.push(Said::Who("whose it is", text)),
        "Comment" | "Description" | "Title" | "Source" | "Disclaimer" | "Warning" => {
            said.push(Said::Who("a text beside the picture", text));
        }
        "Software" | "Creation Time" => said.push(Said::Program(text)),
        "XML:com.adobe.xmp" => xmp(text.as_bytes(), said),
        _ => {}
    }
}

fn webp(content: &[u8], said: &mut Vec<Said>) {
    let mut at = 12;
    while let Some([kind @ .., a, b, c, d]) = content.get(at..at + 8) {
        let Ok(length) = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])) else { return };
        let Some(data) = at.checked_add(8 + length).and_then(|end| content.get(at + 8..end)) else { return };
        match kind {
            b"EXIF" => exif::read(data.strip_prefix(EXIF).unwrap_or(data), said),
            b"XMP " => xmp(data, said),
            _ => {}
        }
        at += 8 + length + length % 2;
    }
}

/// HEIC, MP4 and their kin: where the tables lie is told in many ways, so that their marks are looked for.
fn boxes(content: &[u8], said: &mut Vec<Said>) {
    let mut at = 0;
    while let Some(found) = position(content, EXIF, at) {
        exif::read(content.get(found + EXIF.len()..).unwrap_or_default(), said);
        at = found + EXIF.len();
    }
    // ISO 6709 in a box of its own: four bytes of length and language, then a sign and digits.
    let place = position(content, b"\xA9xyz", 0).and_then(|at| content.get(at + 8..at + 10));
    let signed = matches!(place, Some([b'+' | b'-', b'0'..=b'9']));
    if signed || position(content, b"com.apple.quicktime.location", 0).is_some() {
        said.push(Said::Place);
    }
    if let Some(packet) = position(content, b"<x:xmpmeta", 0).and_then(|at| content.get(at..)) {
        xmp(packet.get(..packet.len().min(1 << 20)).unwrap_or_default(), said);
    }
}

/// An XMP packet: XML in which programs repeat what Exif says, and add to it.
pub(super) fn xmp(packet: &[u8], said: &mut Vec<Said>) {
    let text = String::from_utf8_lossy(packet);
    if text.contains("GPSLatitude") {
        said.push(Said::Place);
    }
    said.extend(element(&text, "dc:creator").map(|who| Said::Who("who made it", who)));
    said.extend(element(&text, "xmp:CreatorTool").map(Said::Program));
}

#[cfg(test)]
mod tests {
    use super::super::exif::tests::photograph;
    use super::*;

    fn said(content: &[u8]) -> Vec<Said> {
        let mut said = Vec::new();
        read(content, &mut said);
        said
    }

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], kind, data, b"crc0"].concat()
    }

    fn drawing(chunks: &[Vec<u8>]) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &[0; 13]), chunks.concat(), chunk(b"IEND", b"")].concat()
    }

    #[test]
    fn text_beside_a_png_is_read_before_and_after_the_picture() {
        let chunks = [
            chunk(b"tEXt", "Author\0沈洁".as_bytes()),
            chunk(b"IDAT", b"tEXtAuthor\0x"),
            chunk(b"iTXt", "Comment\0\0\0zh\0\0内部底图".as_bytes()),
            chunk(b"tEXt", b"Software\0Draw 1.2"),
        ];
        assert_eq!(
            said(&drawing(&chunks)),
            [
                Said::Who("who made it", "沈洁".into()),
                Said::Who("a text beside the picture", "内部底图".into()),
                Said::Program("Draw 1.2".into()),
            ]
        );
        assert_eq!(said(&drawing(&[chunk(b"pHYs", &[0; 9]), chunk(b"IDAT", b"x")])), []);
    }

    #[test]
    fn exif_is_found_in_every_kind_of_picture() {
        let jpeg = photograph();
        let tables = &jpeg[12..jpeg.len() - 2];
        assert!(said(&jpeg).contains(&Said::Place));
        assert!(said(tables).contains(&Said::Place), "TIFF");
        assert!(said(&drawing(&[chunk(b"eXIf", tables)])).contains(&Said::Place), "PNG");
        let length = u32::try_from(tables.len()).unwrap().to_le_bytes();
        let webp = [b"RIFF\0\0\0\0WEBPEXIF", &length[..], tables].concat();
        assert!(said(&webp).contains(&Said::Place), "WebP");
        let heic = [b"\0\0\0\x18ftypheic", EXIF, tables].concat();
        assert!(said(&heic).contains(&Said::Place), "HEIC");
    }

    #[test]
    fn a_film_says_where_it_was_taken_and_one_without_a_place_does_not() {
        let film = b"\0\0\0\x18ftypisom....\xA9xyz\0\x12\x15\xC7+30.1234+119.5678/";
        assert_eq!(said(film), [Said::Place]);
        assert_eq!(said(b"\0\0\0\x18ftypisom....\xA9xyz and so on"), []);
    }

    #[test]
    fn xmp_names_who_made_it() {
        let packet = "<dc:creator> <rdf:Seq><rdf:li>李 薇</rdf:li></rdf:Seq></dc:creator>";
        let mut said = Vec::new();
        xmp(packet.as_bytes(), &mut said);
        assert_eq!(said, [Said::Who("who made it", "李 薇".into())]);
    }

    #[test]
    fn no_cut_makes_the_reader_fail() {
        for whole in [photograph(), drawing(&[chunk(b"iTXt", b"a\0\0\0\0\0x"), chunk(b"eXIf", b"II*\0")])] {
            for length in 0..whole.len() {
                said(&whole[..length]);
            }
        }
    }
}
