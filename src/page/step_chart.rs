//! What a number came to over time, as a line of steps: a value holds until the next one takes its place.

use super::html::Html;
use crate::history::Line;
use crate::text::Phrase;
use jiff::civil::Date;
use std::fmt::Write;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 120.0;
const LEFT: f64 = 4.0;
const RIGHT: f64 = 440.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 96.0;

/// A value and the day on which it came.
pub struct Point<'a> {
    /// The day, as `2026-03-18`.
    pub day: String,
    /// The value.
    pub line: &'a Line,
}

/// Draws values that are numbers, on their days; none where there are fewer than two, or one is no number.
#[must_use]
pub fn step_chart(label: &Phrase, points: &[Point<'_>]) -> Option<Html> {
    let drawn: Option<Vec<(f64, f64)>> = points
        .iter()
        .map(|point| {
            let day: Date = point.day.parse().ok()?;
            let since = day.since(Date::constant(1970, 1, 1)).ok()?.get_days();
            Some((f64::from(since), point.line.number()?))
        })
        .collect();
    let mut drawn = drawn?;
    drawn.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (first, last) = (drawn.first()?, drawn.last()?);
    if drawn.len() < 2 || last.0 <= first.0 {
        return None;
    }
    let highest = drawn.iter().map(|(_, value)| *value).fold(f64::MIN, f64::max);
    let lowest = drawn.iter().map(|(_, value)| *value).fold(f64::MAX, f64::min);
    let span = (highest - lowest).max(f64::MIN_POSITIVE);
    let x = |day: f64| LEFT + (RIGHT - LEFT) * (day - first.0) / (last.0 - first.0);
    let y = |value: f64| if highest > lowest { BOTTOM - (BOTTOM - TOP) * (value - lowest) / span } else { TOP };
    let (zh, en) = (label.in_language("zh"), label.in_language("en"));
    let title = if zh == en { zh.to_owned() } else { format!("{zh} / {en}") };
    let mut svg = format!(
        "<svg class=\"chart step-chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\"><title>{}</title>",
        Html::text(&title).as_str()
    );
    let _ = write!(svg, "<path class=\"chart-axis\" d=\"M{LEFT} {BOTTOM}H{RIGHT}\"/><path class=\"chart-line\" d=\"");
    for (n, (day, value)) in drawn.iter().enumerate() {
        if n == 0 {
            let _ = write!(svg, "M{:.1} {:.1}", x(*day), y(*value));
        } else {
            let _ = write!(svg, "H{:.1}V{:.1}", x(*day), y(*value));
        }
    }
    // The last value holds to this day.
    let _ = write!(svg, "H{WIDTH}\"/>");
    for (day, value) in &drawn {
        let _ = write!(svg, "<circle class=\"chart-dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\"/>", x(*day), y(*value));
    }
    // The first value and the last, the highest and the lowest say where the steps lead; each stands above its dot.
    let mut named: Vec<f64> = Vec::new();
    for (n, (day, value)) in drawn.iter().enumerate() {
        let first_or_last = n == 0 || n + 1 == drawn.len();
        let extreme = [highest, lowest].contains(value) && !named.contains(value);
        if !first_or_last && !extreme {
            continue;
        }
        named.push(*value);
        // The number alone, which is the same in both languages: the table beside the chart has the unit.
        let text = points.iter().find(|point| point.line.number() == Some(*value)).map_or("", |p| &*p.line.en);
        let text = text.split(' ').next().unwrap_or_default();
        let (at, anchor) = match n {
            0 => (LEFT, "start"),
            _ if n + 1 == drawn.len() => (WIDTH, "end"),
            _ => (x(*day), "middle"),
        };
        let _ = write!(
            svg,
            "<text class=\"chart-label\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
            y(*value) - 6.0,
            Html::text(text).as_str()
        );
    }
    let ends = [(points.first(), LEFT, "start"), (points.last(), RIGHT, "end")];
    for (point, at, anchor) in ends {
        let day = point.map_or("", |point| point.day.as_str());
        let _ = write!(
            svg,
            "<text class=\"chart-label\" x=\"{at:.0}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{}</text>",
            BOTTOM + 16.0,
            Html::text(day).as_str()
        );
    }
    svg.push_str("</svg>");
    Some(Html::made(svg))
}
