//! A network as a drawing, with a table behind it: the places, the links between them, and ends that lead nowhere.

use super::html::Html;
use super::page::Desk;
use super::part::{Empty, Part, Shell};
use super::theme::Context;
use super::topology_layout::{Layout, Spot, Way, lay_out};
use super::topology_shape::shape_word;
use crate::access::Clearance;
use crate::dossier::Dossier;
use crate::reckoning::{Link, Place, Seen, Topology, topology};
use crate::record::RecordType;
use std::fmt::Write;

/// How tall a row is; a link needs one.
const ROW: f64 = 42.0;
/// How wide a place is.
const WIDE: f64 = 172.0;
/// The room between two layers, for the words at links.
const GAP: f64 = 236.0;
/// The room around the drawing.
const EDGE: f64 = 4.0;

/// The drawing of a dossier's records of a type, as each group of readers may know it; the style sheet shows the first.
pub(super) fn topology_parts(desk: &Desk<'_>, dossier: &Dossier, of: &RecordType, root: &str) -> Option<Part> {
    let draws = of.draws.as_ref()?;
    let seen: Seen<Option<Topology<'_>>> = topology(desk.archive, of, draws, dossier);
    let drawn = seen.lay_out(|account| {
        let within = account.clearance().clone();
        let drawn = account.map(|known| known.as_ref().map(|known| figure(desk, of, known, root, &within)));
        drawn.transpose().map(Part::leaf)
    });
    let parts: Vec<Part> = drawn.flatten().collect();
    let id = format!("topology-{}", of.name);
    let shell = desk.said(Shell::element("div", &[("class", "first topologies"), ("id", &id)]));
    (!parts.is_empty()).then(|| Part::group(shell, parts, Empty::Drop))
}

/// A place of the drawing: one that a link names, or the want of one.
struct Box<'t> {
    name: &'t str,
    place: Option<&'t Place<'t>>,
}

/// A row of the table.
#[derive(serde::Serialize)]
struct Row {
    link: Html,
    from: Html,
    to: Html,
    tells: Html,
}

fn figure(desk: &Desk<'_>, of: &RecordType, known: &Topology<'_>, root: &str, within: &Clearance) -> Html {
    let mut boxes: Vec<Box<'_>> = known.places.iter().map(|(name, place)| Box { name, place: Some(place) }).collect();
    let mut ends = Vec::new();
    for link in &known.links {
        let mut at = |end: Option<&str>| {
            let found = end.and_then(|end| boxes.iter().position(|one| one.place.is_some() && one.name == end));
            found.unwrap_or_else(|| {
                boxes.push(Box { name: "", place: None });
                boxes.len() - 1
            })
        };
        ends.push((at(link.from), at(link.to)));
    }
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let tall = |n: usize| {
        let lines = boxes.get(n).and_then(|one| one.place).map_or(0, |place| place.holds.len().saturating_sub(1));
        ((40.0 + 14.0 * lines as f64) / ROW).ceil() as usize
    };
    let layout = lay_out(boxes.len(), &ends, tall);
    let rows: Vec<Row> = known.links.iter().map(|link| row(desk, known, link, root, within)).collect();
    let caption = Html::joined([Html::phrase(&of.title), Html::text(" · "), desk.word("topology.title")]);
    let shape = shape_word(boxes.len(), &ends);
    let words = desk.theme.words();
    let drawn = words.sentence("topology.drawn", |_, language| Html::text(words.plain(shape, language)));
    let context = Context::new()
        .html("caption", &caption)
        .html("drawn", &drawn)
        .html("link", &Html::phrase(&of.title))
        .html("drawing", &drawing(desk, &boxes, &known.links, &layout))
        .value("rows", &rows);
    desk.part("parts/topology.html", &context)
}

fn row(desk: &Desk<'_>, known: &Topology<'_>, link: &Link<'_>, root: &str, within: &Clearance) -> Row {
    let linked = |name: &str, words: Html| {
        let target = desk.archive.names.get(name).and_then(|target| desk.link(root, target, within));
        target.map_or_else(|| words.clone(), |href| Html::element("a", &[("href", &href)], &words))
    };
    let end = |end: Option<&str>| match end {
        None => Html::element("em", &[], &desk.word("topology.nowhere")),
        Some(name) => {
            let title = known.places.get(name).and_then(|place| place.title);
            linked(name, title.map_or_else(|| Html::text(code(name)), Html::phrase))
        }
    };
    let tells = link.tells.iter().map(|(zh, en)| Html::both(zh, en));
    let tells = tells.enumerate().flat_map(|(n, tell)| [Html::text(if n > 0 { " · " } else { "" }), tell]);
    Row {
        link: linked(&link.record.to_string(), Html::text(&link.label)),
        from: end(link.from),
        to: end(link.to),
        tells: Html::joined(tells),
    }
}

/// The last part of a record's name.
fn code(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[allow(clippy::cast_precision_loss)]
fn left(spot: Spot) -> f64 {
    EDGE + spot.layer as f64 * (WIDE + GAP)
}

#[allow(clippy::cast_precision_loss)]
fn middle(row: usize) -> f64 {
    EDGE + (row as f64 + 0.5) * ROW
}

#[allow(clippy::cast_precision_loss)]
fn drawing(desk: &Desk<'_>, boxes: &[Box<'_>], links: &[Link<'_>], layout: &Layout) -> Html {
    let spot = |n: usize| layout.spots.get(n).copied().unwrap_or_default();
    // A ring that closes in the last layer turns to the right of it.
    let turns = |way: &&Way| way.row != way.ends && spot(way.to).layer + 1 == layout.layers;
    let beyond = layout.ways.iter().filter(turns).any(|way| spot(way.from).layer == spot(way.to).layer);
    let layers = layout.layers.max(1) as f64;
    let width = 2.0 * EDGE + layers * WIDE + (layers - 1.0) * GAP + if beyond { GAP } else { 0.0 };
    let height = 2.0 * EDGE + layout.rows as f64 * ROW;
    let words = desk.theme.words();
    let title = format!("{} / {}", words.plain("topology.title", "zh"), words.plain("topology.title", "en"));
    let told = links.iter().map(|link| {
        let end = |end: Option<&str>| end.map_or("?", code).to_owned();
        format!("{}: {} – {}", link.label, end(link.from), end(link.to))
    });
    let told = told.collect::<Vec<_>>().join("; ");
    let mut svg = format!(
        "<svg class=\"topology\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\"><title>{}</title><desc>{}</desc>",
        Html::text(&title).as_str(),
        Html::text(&told).as_str()
    );
    for (n, (link, way)) in links.iter().zip(&layout.ways).enumerate() {
        push_link(&mut svg, link, *way, (spot(way.from), spot(way.to)), n);
    }
    for (n, one) in boxes.iter().enumerate() {
        push_place(&mut svg, desk, one, spot(n));
    }
    svg.push_str("</svg>");
    Html::made(svg)
}

#[allow(clippy::cast_precision_loss)]
fn push_link(svg: &mut String, link: &Link<'_>, way: Way, (from, to): (Spot, Spot), n: usize) {
    let (start, y) = (left(from) + WIDE, middle(way.row));
    let class = if link.planned { "diagram-edge diagram-planned" } else { "diagram-edge" };
    let path = if way.row == way.ends && from.layer != to.layer {
        format!("M{start:.1} {y:.1}H{:.1}", left(to))
    } else {
        let apart = 6.0 * (n % 5) as f64;
        let end = if from.layer == to.layer { left(to) + WIDE } else { left(to) };
        let turn = left(from) + WIDE + GAP - 14.0 - apart;
        format!("M{start:.1} {y:.1}H{turn:.1}V{:.1}H{end:.1}", middle(way.ends))
    };
    let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
    let told = |language: usize, from: usize, to: usize| {
        let tells = link.tells.get(from..to.min(link.tells.len())).unwrap_or_default();
        tells
            .iter()
            .map(|(zh, en)| if language == 0 { zh.as_str() } else { en.as_str() })
            .collect::<Vec<_>>()
            .join(" · ")
    };
    for (language, name) in ["zh", "en"].into_iter().enumerate() {
        let above = [link.label.clone(), told(language, 0, 1)].into_iter().filter(|text| !text.is_empty());
        let above = above.collect::<Vec<_>>().join(" · ");
        push_text(svg, ("diagram-label", name), (start + 10.0, y - 5.0), &clipped(&above, GAP - 24.0, 12.0));
        let below = told(language, 1, link.tells.len());
        push_text(svg, ("diagram-note", name), (start + 10.0, y + 14.0), &clipped(&below, GAP - 24.0, 11.0));
    }
}

#[allow(clippy::cast_precision_loss)]
fn push_place(svg: &mut String, desk: &Desk<'_>, one: &Box<'_>, spot: Spot) {
    let (x, y) = (left(spot), EDGE + spot.row as f64 * ROW + 3.0);
    let height = spot.rows as f64 * ROW - 6.0;
    let class = if one.place.is_some() { "diagram-node" } else { "diagram-node diagram-nowhere" };
    let _ = write!(
        svg,
        "<g><rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{WIDE}\" height=\"{height:.1}\" rx=\"2\"/>"
    );
    let words = desk.theme.words();
    for name in ["zh", "en"] {
        let title = match one.place {
            None => words.plain("topology.nowhere", name),
            Some(place) => place.title.map_or_else(|| code(one.name), |title| title.in_language(name)),
        };
        push_text(svg, ("diagram-title", name), (x + 10.0, y + 16.0), &clipped(title, WIDE - 20.0, 12.5));
    }
    if let Some(place) = one.place {
        // What stands there begins beside the code, so that most places need one row.
        let mut holds = place.holds.iter().cloned();
        let first = place.title.is_some().then(|| code(one.name).to_owned()).into_iter().chain(holds.next());
        let first = first.collect::<Vec<_>>().join(" · ");
        for (n, line) in std::iter::once(first).chain(holds).enumerate() {
            let at = (x + 10.0, y + 30.0 + 14.0 * n as f64);
            push_text(svg, ("diagram-note", ""), at, &clipped(&line, WIDE - 20.0, 11.0));
        }
    }
    svg.push_str("</g>");
}

fn push_text(svg: &mut String, (class, language): (&str, &str), (x, y): (f64, f64), text: &str) {
    if text.is_empty() {
        return;
    }
    let class = format!("{class} {language}");
    let text = Html::text(text);
    let _ = write!(svg, "<text class=\"{}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", class.trim_end(), text.as_str());
}

/// As much of a text as fits, by how wide its signs are about.
fn clipped(text: &str, width: f64, size: f64) -> String {
    let wide = |sign: char| if sign.is_ascii() { 0.56 * size } else { size };
    if text.chars().map(wide).sum::<f64>() <= width {
        return text.to_owned();
    }
    let mut room = width - size;
    let kept = text.chars().take_while(|sign| {
        room -= wide(*sign);
        room >= 0.0
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_too_wide_is_cut_and_says_so() {
        assert_eq!(clipped("临溪局房", 60.0, 12.0), "临溪局房");
        assert_eq!(clipped("临溪街道云溪水电总部大楼", 60.0, 12.0), "临溪街道…");
        assert_eq!(clipped("Linxi exchange", 60.0, 12.0), "Linxi e…");
    }
}
