//! Line charts as SVG: one measure each, with classes that the style sheet colours and a title that is read aloud.

use super::html::Html;
use crate::record::{Kind, SeriesColumn, cell_number};
use crate::text::Phrase;
use std::fmt::Write;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 472.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 166.0;

/// A chart for each column that its type says is drawn and that holds at least two numbers; one for each line where a
/// column tells several lines apart, on one scale, so that they can be compared.
#[must_use]
pub fn charts(labels: &SeriesColumn, lines: Option<&SeriesColumn>, columns: &[&SeriesColumn]) -> Html {
    let drawn = columns.iter().filter(|column| column.chart);
    let Some(lines) = lines else {
        return Html::joined(drawn.filter_map(|column| chart(labels, column, range(column)?)));
    };
    let mut names: Vec<&str> = lines.cells.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let of_line = |column: &SeriesColumn, name: &str| {
        let rows = column.cells.iter().zip(&lines.cells).filter(|(_, line)| *line == name);
        let of = |title: &str| format!("{title} · {name}");
        let Phrase { zh, en, both } = &column.title;
        SeriesColumn {
            name: column.name.clone(),
            title: Phrase { zh: zh.as_deref().map(of), en: en.as_deref().map(of), both: both.as_deref().map(of) },
            kind: column.kind,
            unit: column.unit.clone(),
            chart: true,
            cells: rows.map(|(cell, _)| cell.clone()).collect(),
        }
    };
    Html::joined(drawn.filter_map(|column| Some((column, range(column)?))).flat_map(|(column, range)| {
        let one = move |name: &&str| chart(&of_line(labels, name), &of_line(column, name), range);
        names.iter().filter_map(one).collect::<Vec<_>>()
    }))
}

/// The lowest and the highest number of a column; from nought on, but for percentages that are all near the whole, which
/// would be a flat line.
fn range(column: &SeriesColumn) -> Option<(f64, f64)> {
    let numbers = || column.cells.iter().filter_map(|cell| cell_number(cell));
    let highest = numbers().reduce(f64::max)?;
    let lowest = numbers().reduce(f64::min)?;
    let whole = column.kind == Kind::Percent && lowest >= 80.0 && highest <= 100.0;
    Some(if whole { (lowest, 100.0) } else { (lowest.min(0.0), highest) })
}

fn chart(labels: &SeriesColumn, column: &SeriesColumn, (lowest, highest): (f64, f64)) -> Option<Html> {
    let points: Vec<(usize, f64)> =
        column.cells.iter().enumerate().filter_map(|(n, cell)| Some((n, cell_number(cell)?))).collect();
    if points.len() < 2 {
        return None;
    }
    let (floor, step, top) = scale(lowest, highest);
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

    fn column(name: &str, kind: Kind, cells: &[&str]) -> SeriesColumn {
        let cells = cells.iter().map(ToString::to_string).collect();
        SeriesColumn { name: name.into(), title: Phrase::one(name), kind, unit: None, chart: true, cells }
    }

    #[test]
    fn several_lines_of_a_series_have_a_chart_each_on_one_scale() {
        let months = column("month", Kind::Month, &["2026-01", "2026-01", "2026-02", "2026-02"]);
        let circuits = column("circuit", Kind::Text, &["A", "B", "A", "B"]);
        let shares = column("share", Kind::Percent, &["99.9%", "98%", "100%", "98.5%"]);
        let drawn = charts(&months, Some(&circuits), &[&shares]).into_string();
        assert_eq!(drawn.matches("<svg").count(), 2);
        assert!(drawn.contains("share · A") && drawn.contains("share · B"), "{drawn}");
        // Both begin at 98, and neither at nought.
        assert_eq!(drawn.matches(">98</text>").count(), 2);
        assert!(!drawn.contains(">0</text>"), "{drawn}");
        assert_eq!(charts(&months, None, &[&shares]).into_string().matches("<svg").count(), 1);
    }

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
