//! Line charts as SVG: one measure each, with classes that the style sheet colours and a title that is read aloud.

use super::html::Html;
use crate::record::{SeriesColumn, cell_number};
use std::fmt::Write;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 472.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 166.0;

/// A chart for each column that its type says is drawn and that holds at least two numbers.
#[must_use]
pub fn charts(labels: &SeriesColumn, columns: &[&SeriesColumn]) -> Html {
    Html::joined(columns.iter().filter(|column| column.chart).filter_map(|column| chart(labels, column)))
}

fn chart(labels: &SeriesColumn, column: &SeriesColumn) -> Option<Html> {
    let points: Vec<(usize, f64)> =
        column.cells.iter().enumerate().filter_map(|(n, cell)| Some((n, cell_number(cell)?))).collect();
    if points.len() < 2 {
        return None;
    }
    let highest = points.iter().map(|(_, value)| *value).fold(f64::MIN, f64::max);
    let lowest = points.iter().map(|(_, value)| *value).fold(f64::MAX, f64::min);
    let (floor, step, top) = scale(lowest.min(0.0), highest);
    let count = column.cells.len().max(2);
    #[allow(clippy::cast_precision_loss)]
    let x = |n: usize| LEFT + (RIGHT - LEFT) * n as f64 / (count - 1) as f64;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * (value - floor) / (top - floor);
    let mut svg = format!("<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\"><title>");
    let title = column.title.in_language("zh");
    let english = column.title.in_language("en");
    svg.push_str(
        Html::text(&if title == english { title.to_owned() } else { format!("{title} / {english}") }).as_str(),
    );
    svg.push_str("</title>");
    let mut tick = floor;
    while tick <= top + step / 2.0 {
        let at = y(tick);
        let class = if (tick - floor).abs() < f64::EPSILON { "chart-axis" } else { "chart-grid" };
        let _ = write!(svg, "<path class=\"{class}\" d=\"M{LEFT} {at:.1}H{RIGHT}\"/>");
        let _ = write!(
            svg,
            "<text class=\"chart-label\" x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            at + 4.0,
            short(tick)
        );
        tick += step;
    }
    let last = column.cells.len().saturating_sub(1);
    for (n, anchor) in [(0, "start"), (last / 2, "middle"), (last, "end")] {
        let label = labels.cells.get(n).map_or("", String::as_str);
        let _ = write!(
            svg,
            "<text class=\"chart-label\" x=\"{:.1}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{}</text>",
            x(n),
            BOTTOM + 17.0,
            Html::text(label).as_str()
        );
    }
    for (language, class) in [("zh", "zh"), ("en", "en")] {
        let unit = column.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
        let words = format!("{}{unit}", column.title.in_language(language));
        let _ =
            write!(svg, "<text class=\"chart-title {class}\" x=\"0\" y=\"12\">{}</text>", Html::text(&words).as_str());
    }
    svg.push_str("<path class=\"chart-line\" d=\"");
    let mut before: Option<usize> = None;
    for (n, value) in &points {
        // A gap in the series is a gap in the line.
        let letter = if before.is_some_and(|before| before + 1 == *n) { 'L' } else { 'M' };
        svg.push(letter);
        push_tenths(x(*n), &mut svg);
        svg.push(' ');
        push_tenths(y(*value), &mut svg);
        before = Some(*n);
    }
    svg.push_str("\"/></svg>");
    Some(Html::made(svg))
}

/// Writes a number with one digit after the point. Of all numbers on a page most are a line's, so that those of the
/// common kind are not left to the exact arithmetic that the others need.
fn push_tenths(number: f64, out: &mut String) {
    let tenths = number * 10.0;
    let close = (tenths.fract() - 0.5).abs() < 1e-6;
    if close || !(0.0..1e9).contains(&tenths) {
        let _ = write!(out, "{number:.1}");
        return;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let tenths = tenths.round() as u64;
    let _ = write!(out, "{}.{}", tenths / 10, tenths % 10);
}

/// Floor, step and top of an axis with at most five ticks at round numbers.
fn scale(lowest: f64, highest: f64) -> (f64, f64, f64) {
    let span = (highest - lowest).max(f64::MIN_POSITIVE);
    let rough = span / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= rough).unwrap_or(rough);
    let floor = (lowest / step).floor() * step;
    let mut top = (highest / step).ceil() * step;
    if top <= floor {
        top = floor + step;
    }
    (floor, step, top)
}

fn short(value: f64) -> String {
    let text = if value.abs() >= 10_000.0 {
        return format!("{}k", short(value / 1000.0));
    } else {
        format!("{value:.2}")
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_ticks_around_the_values() {
        let (floor, step, top) = scale(0.0, 8.7);
        assert!(floor <= 0.0 && top >= 8.7 && (top - floor) / step <= 5.0);
        assert_eq!(short(2500.0), "2500");
        assert_eq!(short(25000.0), "25k");
    }

    #[test]
    fn places_have_one_digit_after_the_point() {
        let written = |number| {
            let mut out = String::new();
            push_tenths(number, &mut out);
            out
        };
        for n in -2000..200_000_i32 {
            let number = f64::from(n) / 350.0;
            assert_eq!(written(number), format!("{number:.1}"));
        }
        assert_eq!(written(f64::NAN), "NaN");
    }
}
