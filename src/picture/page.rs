//! The first page of a PDF, drawn. Only ever called in a process of its own, in which it may fail as it likes.

use hayro::hayro_interpret::font::FontQuery;
use hayro::hayro_interpret::{InterpreterSettings, TransformExt as _};
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use image::{ImageFormat, RgbImage};
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The first page on white as a PNG, its longer side `edge` pixels long. None where there is no page, where a password
/// is needed, where the page shows nothing, and where it would lack words: see [`fonts`].
pub(super) fn first_page(bytes: Vec<u8>, edge: u16) -> Option<Vec<u8>> {
    let pdf = Pdf::new(bytes).ok()?;
    let page = pdf.pages().first()?;
    let (width, height) = page.render_dimensions();
    let scale = f32::from(edge) / width.max(height);
    if !scale.is_normal() || scale <= 0.0 {
        return None;
    }
    let side = |length: f32| (length * scale).round().clamp(1.0, f32::from(edge)) as u16;
    let mut context = RenderContext::new(side(width), side(height));
    let transform = Affine::scale(f64::from(scale)) * page.initial_transform(true).to_kurbo();
    let lacking = Arc::new(AtomicBool::new(false));
    render_into(page, &RenderCache::new(), &fonts(&lacking), &RenderSettings::default(), &mut context, transform);
    if lacking.load(Ordering::Relaxed) {
        return None;
    }
    context.flush();
    let mut drawn = Pixmap::new(context.width(), context.height());
    let on_white = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() };
    context.render_with(&mut drawn, &mut Resources::default(), on_white);
    let pixels: Vec<u8> = drawn.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
    if pixels.chunks_exact(3).all(|pixel| pixel == &pixels[..3]) {
        return None;
    }
    let image = RgbImage::from_raw(u32::from(drawn.width()), u32::from(drawn.height()), pixels)?;
    let mut png = Cursor::new(Vec::new());
    image.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

/// Where letters come from that the file does not bring: the fourteen fonts of every PDF, or one that is like the one
/// that is meant. Chinese ones would have to be looked for on the machine, and the same file would look different on
/// each; a contract without its words is not that contract, so that it is noted that they are `lacking`.
fn fonts(lacking: &Arc<AtomicBool>) -> InterpreterSettings {
    let lacking = Arc::clone(lacking);
    InterpreterSettings {
        font_resolver: Arc::new(move |query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(meant) if meant.character_collection.is_none() => {
                Some(meant.pick_standard_font().get_font_data())
            }
            FontQuery::Fallback(_) => {
                lacking.store(true, Ordering::Relaxed);
                None
            }
        }),
        ..InterpreterSettings::default()
    }
}
