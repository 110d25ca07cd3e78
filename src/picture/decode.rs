//! From the bytes of a file to its pixels, within limits.

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

/// The kinds that are read; scanners write no others.
const KINDS: [ImageFormat; 6] =
    [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff, ImageFormat::Gif, ImageFormat::Bmp];
/// An A3 page of 600 dots an inch has 70 million.
const MOST_PIXELS: u64 = 80_000_000;
const LONGEST_SIDE: u32 = 40_000;
/// What one decoder may take up.
const MOST_MEMORY: u64 = 400 << 20;
/// Pictures with more pixels than this are read one at a time, whatever the number of threads.
const LARGE: u64 = 10_000_000;
/// Each scan of a progressive JPEG goes over the whole picture again, and costs its author a few bytes.
const MOST_SCANS: usize = 64;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// What kind of picture begins with these bytes, if it is one that is read.
pub(super) fn kind_of(beginning: &[u8]) -> Option<ImageFormat> {
    image::guess_format(beginning).ok().filter(|kind| KINDS.contains(kind))
}

/// The pixels of a picture, and how it is to be turned. None where it is too large or cannot be read.
pub(super) fn pixels(bytes: &[u8]) -> Option<(DynamicImage, Orientation)> {
    let kind = kind_of(bytes)?;
    if kind == ImageFormat::Jpeg && scans(bytes) > MOST_SCANS {
        return None;
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), kind);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return None;
    }
    // A picture that does not say it is shown as it stands; so is one that says it in a way that cannot be read.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let _alone = (pixels > LARGE).then(|| ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner));
    let image = DynamicImage::from_decoder(decoder).ok()?;
    Some((image, orientation))
}

/// How many scans a JPEG says that it has.
fn scans(bytes: &[u8]) -> usize {
    bytes.windows(2).filter(|pair| *pair == [0xFF, 0xDA]).count()
}
