//! A small picture of a large one.

use super::apart::first_page_apart;
use super::decode::{kind_of, pixels};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Files above this are not looked at.
pub const LARGEST_FILE: u64 = 64 << 20;
/// No thumbnail has more bytes.
pub const LARGEST_THUMBNAIL: usize = 20 << 10;
/// The longer side of a thumbnail, in pixels.
pub const LONGEST_EDGE: u32 = 320;
/// Which way of making them this is: a thumbnail that was made in another is made anew.
pub const MAKING: &str = "2";

/// Sides and qualities in the order in which they are tried: what is busy all over gets a smaller picture rather than
/// none.
const TRIES: [(u32, u8); 5] = [(LONGEST_EDGE, 82), (LONGEST_EDGE, 65), (LONGEST_EDGE, 45), (240, 45), (160, 35)];

/// What a PDF begins with.
const PDF: &[u8] = b"%PDF-";

/// Whether a file that begins with these bytes may be one of which there can be a thumbnail.
#[must_use]
pub fn beginning_of_a_picture(beginning: &[u8]) -> bool {
    beginning.starts_with(PDF) || kind_of(beginning).is_some()
}

/// A small JPEG of a picture, or of the first page of a PDF: turned upright, on white where it is transparent, and without
/// anything that stood beside the pixels. The same bytes give the same thumbnail. None where the bytes are neither, are
/// damaged, or would unfold to too much, and of a PDF where no page can be drawn: see [`begin`](super::begin).
#[must_use]
pub fn thumbnail(bytes: &[u8]) -> Option<Vec<u8>> {
    // The decoders are tried with damaged files by their authors and by us. Should one give up all the same, then a
    // picture is missing, and not a site.
    let made = || if bytes.starts_with(PDF) { drawn(&first_page_apart(bytes)?) } else { drawn(bytes) };
    catch_unwind(AssertUnwindSafe(made)).ok().flatten()
}

fn drawn(bytes: &[u8]) -> Option<Vec<u8>> {
    let (image, orientation) = pixels(bytes)?;
    let mut small = shrunk(image, LONGEST_EDGE);
    small.apply_orientation(orientation);
    TRIES.iter().find_map(|&(edge, quality)| {
        let image = on_white(&shrunk(small.clone(), edge));
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, quality).encode_image(&image).ok()?;
        (jpeg.len() <= LARGEST_THUMBNAIL).then_some(jpeg)
    })
}

/// Never made larger.
fn shrunk(image: DynamicImage, edge: u32) -> DynamicImage {
    if image.width().max(image.height()) <= edge { image } else { image.thumbnail(edge, edge) }
}

fn on_white(image: &DynamicImage) -> RgbImage {
    let image = image.to_rgba8();
    let mut paper = RgbImage::new(image.width(), image.height());
    for (to, from) in paper.pixels_mut().zip(image.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        let over = |colour: u16| u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX);
        to.0 = [red, green, blue].map(over);
    }
    paper
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ExtendedColorType, ImageFormat, Rgba, RgbaImage};
    use proptest::prelude::*;
    use std::io::Cursor;

    /// Red above, blue below, and so upright or not.
    fn picture(width: u32, height: u32, alpha: u8) -> RgbaImage {
        RgbaImage::from_fn(width, height, |_, y| {
            if y < height / 2 { Rgba([220, 20, 20, alpha]) } else { Rgba([20, 20, 220, alpha]) }
        })
    }

    fn written(image: &RgbaImage, kind: ImageFormat) -> Vec<u8> {
        let image = DynamicImage::from(image.clone());
        let image = if kind == ImageFormat::Jpeg { DynamicImage::from(image.to_rgb8()) } else { image };
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, kind).unwrap();
        bytes.into_inner()
    }

    fn read(jpeg: &[u8]) -> RgbImage {
        image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap().to_rgb8()
    }

    /// The segment of a JPEG in which cameras say how it is to be turned, and much else.
    fn with_exif(jpeg: &[u8], orientation: u8, camera: &str) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        exif.extend([0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
        exif.extend([0x0F, 1, 2, 0]);
        exif.extend(u32::try_from(camera.len()).unwrap().to_le_bytes());
        exif.extend([38, 0, 0, 0, 0, 0, 0, 0]);
        exif.extend(camera.as_bytes());
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn every_kind_that_scanners_write_becomes_a_small_jpeg() {
        use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
        for kind in [Jpeg, Png, WebP, Tiff, Gif, Bmp] {
            let small = thumbnail(&written(&picture(640, 400, 255), kind)).unwrap_or_else(|| panic!("{kind:?}"));
            let image = read(&small);
            assert_eq!(image.dimensions(), (320, 200), "{kind:?}");
            assert!(image.get_pixel(10, 10)[0] > 180 && image.get_pixel(10, 190)[2] > 180, "{kind:?}");
            assert_eq!(Some(small), thumbnail(&written(&picture(640, 400, 255), kind)), "{kind:?}");
        }
    }

    #[test]
    fn small_pictures_stay_as_large_as_they_are_and_long_ones_keep_a_pixel() {
        assert_eq!(read(&thumbnail(&written(&picture(50, 20, 255), ImageFormat::Png)).unwrap()).dimensions(), (50, 20));
        let strip = thumbnail(&written(&picture(2, 4000, 255), ImageFormat::Png)).unwrap();
        assert_eq!(read(&strip).dimensions(), (1, 320));
    }

    #[test]
    fn what_is_transparent_stands_on_white() {
        let image = read(&thumbnail(&written(&picture(60, 60, 0), ImageFormat::Png)).unwrap());
        assert!(image.pixels().all(|pixel| pixel.0.iter().all(|part| *part > 250)));
    }

    #[test]
    fn a_picture_is_turned_upright_and_tells_nothing_else_of_where_it_was_taken() {
        let camera = "GPS 30.1 N 120.2 E, camera of Liao";
        let turned = with_exif(&written(&picture(640, 400, 255), ImageFormat::Jpeg), 6, camera);
        let small = thumbnail(&turned).unwrap();
        let image = read(&small);
        assert_eq!(image.dimensions(), (200, 320), "6 is a quarter to the right");
        assert!(image.get_pixel(190, 160)[0] > 180 && image.get_pixel(10, 160)[2] > 180, "red is now on the right");
        let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
        assert!(holds(&turned, b"camera of Liao") && holds(&turned, b"Exif"));
        assert!(!holds(&small, b"camera") && !holds(&small, b"Exif") && !holds(&small, b"GPS"));
    }

    #[test]
    fn no_thumbnail_is_larger_than_said_whatever_it_shows() {
        let mut seed = 7_u32;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        let image = RgbaImage::from_fn(900, 900, |_, _| Rgba([noise(), noise(), noise(), 255]));
        let small = thumbnail(&written(&image, ImageFormat::Png)).unwrap();
        assert!(small.len() <= LARGEST_THUMBNAIL);
    }

    #[test]
    fn what_unfolds_to_more_than_a_scan_has_is_left_alone() {
        // A PNG of a few bytes that says it is 30,000 by 30,000.
        let mut bomb = written(&picture(4, 4, 255), ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        let sum = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(thumbnail(&bomb), None);
        // A JPEG that is to be gone over ten thousand times.
        let jpeg = written(&picture(64, 64, 255), ImageFormat::Jpeg);
        let scans = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0].repeat(10_000);
        let slow = [&jpeg[..jpeg.len() - 2], &scans, &jpeg[jpeg.len() - 2..]].concat();
        assert_eq!(thumbnail(&slow), None);
    }

    /// The sum that ends each chunk of a PNG.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
        })
    }

    #[test]
    fn what_is_no_picture_has_no_thumbnail() {
        for bytes in
            [&b""[..], b"x", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n", b"GIF89a"]
        {
            assert_eq!(thumbnail(bytes), None);
        }
        assert!(!beginning_of_a_picture(b"<svg"));
        assert!(beginning_of_a_picture(b"\xFF\xD8\xFF\xE0"));
        let grey = image::GrayImage::from_fn(40, 40, |x, _| image::Luma([x as u8]));
        let mut deep = Vec::new();
        JpegEncoder::new(&mut deep).encode(grey.as_raw(), 40, 40, ExtendedColorType::L8).unwrap();
        assert!(thumbnail(&deep).is_some(), "one without colours is a picture");
    }

    proptest! {
        #[test]
        fn damaged_pictures_give_a_small_picture_or_none(
            kind in prop::sample::select(vec![
                ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff, ImageFormat::Gif, ImageFormat::Bmp,
            ]),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
            keep in any::<prop::sample::Index>(),
            cut: bool,
        ) {
            let mut bytes = written(&picture(40, 30, 255), kind);
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if cut {
                bytes.truncate(keep.index(bytes.len()));
            }
            if let Some(small) = thumbnail(&bytes) {
                prop_assert!(small.len() <= LARGEST_THUMBNAIL);
                let image = read(&small);
                prop_assert!(image.width() <= LONGEST_EDGE && image.height() <= LONGEST_EDGE);
            }
        }

        #[test]
        fn bytes_of_any_kind_give_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..600), kind in 0_usize..6) {
            let heads: [&[u8]; 6] = [b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8 ", b"II*\0", b"GIF89a", b"BM"];
            let _ = thumbnail(&[heads[kind], &bytes].concat());
        }
    }
}
