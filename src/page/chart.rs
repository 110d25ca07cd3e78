//! Line charts as SVG: one measure each, with classes that the style sheet colours and a title that is read aloud.

use super::html::Html;
use crate::record::{Kind, SeriesColumn, cell_number};
use crate::text::Phrase;
use std::collections::BTreeSet;
use std::fmt::Write;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 472.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 166.0;

/// One line to be drawn.
pub struct Line<'a> {
    /// What it measures; the name of the line follows where a series has several.
    pub title: Phrase,
    /// The unit of its numbers.
    pub unit: Option<&'a str>,
    /// A label for each place.
    pub labels: Vec<&'a str>,
    /// A number for each place, where there is one.
    pub numbers: Vec<Option<f64>>,
    /// The lowest and the highest number that the axis must hold.
    pub range: (f64, f64),
    /// Whether its numbers are whole ones, so that nothing stands between two of them on the axis.
    pub whole: bool,
    /// Places that stand out.
    pub marks: Vec<usize>,
    /// What was promised: a line of its own, below which nothing should lie.
    pub floor: Option<f64>,
    /// What whole numbers from nought on are called, the lowest first, where numbers stand for words.
    pub words: Vec<&'a str>,
}

/// A chart for each column that its type says is drawn and that holds at least two numbers; one for each line where a
/// column tells several lines apart, on one scale, so that they can be compared. `marks` says which rows of a column stand
/// out, and `floor` what was promised of a line in it.
#[must_use]
pub fn charts(
    labels: &SeriesColumn,
    lines: Option<&SeriesColumn>,
    columns: &[&SeriesColumn],
    marks: &dyn Fn(&SeriesColumn) -> Vec<usize>,
    floor: &dyn Fn(&SeriesColumn, &str) -> Option<f64>,
) -> Html {
    let drawn = columns.iter().filter(|column| column.chart);
    let names: BTreeSet<Option<&str>> = match lines {
        Some(lines) => lines.cells.iter().map(Some).collect(),
        None => BTreeSet::from([None]),
    };
    Html::joined(drawn.filter_map(|column| Some((column, range(column)?))).flat_map(|(column, range)| {
        let marks = marks(column);
        // By all of the column: the lines of it are on one scale.
        let whole = are_whole(column.cells.iter().filter_map(cell_number));
        let one = |name: &Option<&str>| {
            let of_line = |n: &usize| name.is_none() || lines.and_then(|lines| lines.cells.get(*n)) == *name;
            let places: Vec<usize> = (0..column.cells.len()).filter(of_line).collect();
            let numbers: Vec<Option<f64>> = places.iter().map(|n| column.cells.get(*n).and_then(cell_number)).collect();
            let floor = name.and_then(|name| floor(column, name));
            draw(&Line {
                title: named(&column.title, *name),
                unit: column.unit.as_deref(),
                labels: places.iter().map(|n| labels.cells.get(*n).unwrap_or_default()).collect(),
                range: floor.map_or(range, |floor| around(floor, &numbers, range.1)),
                numbers,
                whole,
                marks: (0..places.len()).filter(|at| places.get(*at).is_some_and(|n| marks.contains(n))).collect(),
                floor,
                words: Vec::new(),
            })
        };
        names.iter().filter_map(one).collect::<Vec<_>>()
    }))
}

/// A title with the name of a line behind it.
fn named(title: &Phrase, name: Option<&str>) -> Phrase {
    let Some(name) = name else { return title.clone() };
    let of = |title: &String| format!("{title} · {name}");
    let Phrase { zh, en, both } = title;
    Phrase { zh: zh.as_ref().map(of), en: en.as_ref().map(of), both: both.as_ref().map(of) }
}

/// The lowest and the highest number of a column; from nought on, but for percentages that are all near the whole, which
/// would be a flat line.
fn range(column: &SeriesColumn) -> Option<(f64, f64)> {
    let numbers = || column.cells.iter().filter_map(cell_number);
    let highest = numbers().reduce(f64::max)?;
    let lowest = numbers().reduce(f64::min)?;
    let whole = column.kind == Kind::Percent && lowest >= 80.0 && highest <= 100.0;
    Some(if whole { (lowest.min(99.0), 100.0) } else { (lowest.min(0.0), highest) })
}

/// A range in which what was promised lies in the middle at the least: four nines and two would else not be told apart.
fn around(floor: f64, numbers: &[Option<f64>], highest: f64) -> (f64, f64) {
    let lowest = numbers.iter().flatten().copied().fold(floor, f64::min);
    (lowest.min(floor - (highest - floor).abs()), highest.max(floor))
}

/// Draws a line that holds at least two numbers.
#[must_use]
pub fn draw(line: &Line<'_>) -> Option<Html> {
    let points: Vec<(usize, f64)> =
        line.numbers.iter().enumerate().filter_map(|(n, number)| Some((n, (*number)?))).collect();
    if points.len() < 2 {
        return None;
    }
    let (floor, step, top) = match line.words.len().checked_sub(1) {
        #[allow(clippy::cast_precision_loss)]
        Some(last) => (0.0, 1.0, (last as f64).max(1.0)),
        None => scale(line.range.0, line.range.1, line.whole),
    };
    let count = line.numbers.len().max(2);
    #[allow(clippy::cast_precision_loss)]
    let x = |n: usize| LEFT + (RIGHT - LEFT) * n as f64 / (count - 1) as f64;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * (value - floor) / (top - floor);
    let mut svg = format!("<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\"><title>");
    let title = line.title.in_language("zh");
    let english = line.title.in_language("en");
    svg.push_str(
        Html::text(&if title == english { title.to_owned() } else { format!("{title} / {english}") }).as_str(),
    );
    svg.push_str("</title>");
    let mut tick = floor;
    let mut number = 0;
    while tick <= top + step / 2.0 {
        let at = y(tick);
        let class = if (tick - floor).abs() < f64::EPSILON { "chart-axis" } else { "chart-grid" };
        let _ = write!(svg, "<path class=\"{class}\" d=\"M{LEFT} {at:.1}H{RIGHT}\"/>");
        let place = (LEFT - 6.0, at + 4.0);
        match line.words.get(number) {
            Some(word) => push_label(&mut svg, place.0, place.1, "end", word),
            None if step < 0.01 => push_label(&mut svg, place.0, place.1, "end", &exact(tick)),
            None => push_tick(&mut svg, place, tick),
        }
        tick += step;
        number += 1;
    }
    let last = line.numbers.len().saturating_sub(1);
    for (n, anchor) in [(0, "start"), (last / 2, "middle"), (last, "end")] {
        if anchor == "middle" && last < 2 {
            continue;
        }
        push_label(&mut svg, x(n), BOTTOM + 17.0, anchor, line.labels.get(n).copied().unwrap_or_default());
    }
    for (language, class) in [("zh", "zh"), ("en", "en")] {
        let unit = line.unit.map(|unit| format!(" ({unit})")).unwrap_or_default();
        let words = format!("{}{unit}", line.title.in_language(language));
        let _ =
            write!(svg, "<text class=\"chart-title {class}\" x=\"0\" y=\"12\">{}</text>", Html::text(&words).as_str());
    }
    if let Some(promised) = line.floor {
        let at = y(promised);
        let _ = write!(svg, "<path class=\"chart-floor\" d=\"M{LEFT} {at:.1}H{RIGHT}\"/>");
        push_label(&mut svg, RIGHT, at + 13.0, "end", &format!("≥ {}", exact(promised)));
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
    svg.push_str("\"/>");
    // A number between two gaps is no line, and is there all the same.
    let alone = |n: usize| {
        let beside = [n.checked_sub(1), n.checked_add(1)];
        !beside.into_iter().flatten().any(|n| line.numbers.get(n).is_some_and(Option::is_some))
    };
    for (n, value) in points.iter().filter(|(n, _)| alone(*n)) {
        let _ = write!(svg, "<circle class=\"chart-point\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/>", x(*n), y(*value));
    }
    for (n, value) in points.iter().filter(|(n, _)| line.marks.contains(n)) {
        let (x, y) = (x(*n), y(*value));
        let label = Html::text(line.labels.get(*n).copied().unwrap_or_default());
        let _ = write!(
            svg,
            "<path class=\"chart-mark\" d=\"M{x:.1} {:.1}l5 5l-5 5l-5 -5z\"><title>{} {}</title></path>",
            y - 5.0,
            label.as_str(),
            exact(*value)
        );
    }
    svg.push_str("</svg>");
    Some(Html::made(svg))
}

fn push_label(svg: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    push_labelled(svg, "chart-label", (x, y), anchor, text);
}

fn push_labelled(svg: &mut String, class: &str, (x, y): (f64, f64), anchor: &str, text: &str) {
    let _ = write!(
        svg,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
        Html::text(text).as_str()
    );
}

/// Writes the number of a tick, once for each language where they count differently.
pub(super) fn push_tick(svg: &mut String, place: (f64, f64), tick: f64) {
    let (zh, en) = (short(tick, "zh"), short(tick, "en"));
    if zh == en {
        return push_labelled(svg, "chart-label", place, "end", &zh);
    }
    push_labelled(svg, "chart-label zh", place, "end", &zh);
    push_labelled(svg, "chart-label en", place, "end", &en);
}

/// A number with as many digits as it has, and no more than three behind the point.
fn exact(number: f64) -> String {
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
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

/// Whether all of them are whole numbers.
pub(super) fn are_whole(mut numbers: impl Iterator<Item = f64>) -> bool {
    numbers.all(|number| number.fract() == 0.0)
}

/// Floor, step and top of an axis with at most six ticks, a power of ten, twice or five times one apart; among whole
/// numbers by one at the least.
pub(super) fn scale(lowest: f64, highest: f64, whole: bool) -> (f64, f64, f64) {
    // A line of one height has an axis as well.
    let span = if highest > lowest { highest - lowest } else { (highest.abs() / 10.0).max(1.0) };
    let rough = span / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= rough).unwrap_or(rough);
    let step = if whole { step.max(1.0) } else { step };
    let floor = (lowest / step).floor() * step;
    let mut top = (highest / step).ceil() * step;
    if top <= floor {
        top = floor + step;
    }
    (floor, step, top)
}

/// A number beside an axis. From ten thousand on Chinese counts in 万 and 亿, English in thousands, millions and billions.
fn short(value: f64, language: &str) -> String {
    const ZH: &[(f64, &str)] = &[(1e8, "亿"), (1e4, "万")];
    const EN: &[(f64, &str)] = &[(1e9, "B"), (1e6, "M"), (1e4, "k")];
    let units = if language == "zh" { ZH } else { EN };
    match units.iter().find(|(from, _)| value.abs() >= *from) {
        Some((_, "k")) => format!("{}k", exact(value / 1e3)),
        Some((from, unit)) => format!("{}{unit}", exact(value / from)),
        None => format!("{value:.2}").trim_end_matches('0').trim_end_matches('.').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: Kind, cells: &[&str]) -> SeriesColumn {
        let cells = cells.iter().map(ToString::to_string).collect();
        SeriesColumn { name: name.into(), title: Phrase::one(name).into(), kind, unit: None, chart: true, cells }
    }

    #[test]
    fn several_lines_of_a_series_have_a_chart_each_on_one_scale() {
        let months = column("month", Kind::Month, &["2026-01", "2026-01", "2026-02", "2026-02"]);
        let circuits = column("circuit", Kind::Text, &["A", "B", "A", "B"]);
        let shares = column("share", Kind::Percent, &["99.9%", "98%", "100%", "98.5%"]);
        let (none, promised) = (|_: &SeriesColumn| Vec::new(), |_: &SeriesColumn, _: &str| None);
        let drawn = charts(&months, Some(&circuits), &[&shares], &none, &promised).into_string();
        assert_eq!(drawn.matches("<svg").count(), 2);
        assert!(drawn.contains("share · A") && drawn.contains("share · B"), "{drawn}");
        // Both begin at 98, and neither at nought.
        assert_eq!(drawn.matches(">98</text>").count(), 2);
        assert!(!drawn.contains(">0</text>"), "{drawn}");
        assert_eq!(charts(&months, None, &[&shares], &none, &promised).into_string().matches("<svg").count(), 1);
    }

    #[test]
    fn what_was_promised_is_a_line_of_its_own_and_what_stands_out_has_a_mark() {
        let months = column("month", Kind::Month, &["2026-01", "2026-01", "2026-02", "2026-02"]);
        let circuits = column("circuit", Kind::Text, &["A", "B", "A", "B"]);
        let shares = column("share", Kind::Percent, &["99.95%", "100%", "98%", "100%"]);
        let promised = |_: &SeriesColumn, line: &str| (line == "A").then_some(99.9);
        let drawn = charts(&months, Some(&circuits), &[&shares], &|_| vec![2], &promised).into_string();
        let (a, b) = drawn.split_at(drawn.rfind("<svg").unwrap());
        assert!(a.contains("chart-floor") && a.contains("≥ 99.9<"), "{a}");
        assert!(a.contains("chart-mark") && a.contains("<title>2026-02 98</title>"), "{a}");
        assert!(!b.contains("chart-floor") && !b.contains("chart-mark"), "{b}");
    }

    #[test]
    fn numbers_that_stand_for_words_have_these_on_the_axis() {
        let line = Line {
            title: Phrase::one("rating"),
            unit: None,
            labels: vec!["2025", "2026"],
            numbers: vec![Some(0.0), Some(2.0)],
            range: (0.0, 2.0),
            whole: true,
            marks: Vec::new(),
            floor: None,
            words: vec!["B", "A", "AA"],
        };
        let drawn = draw(&line).unwrap().into_string();
        assert!(drawn.contains(">B</text>") && drawn.contains(">AA</text>"), "{drawn}");
        assert!(draw(&Line { numbers: vec![Some(0.0), None], ..line }).is_none());
    }

    #[test]
    fn axes_have_round_ticks_around_the_values() {
        for (lowest, highest) in [(0.0, 8.7), (88.0, 88.0), (0.0, 0.9), (98.0, 100.0), (-3.0, 44_000.0), (0.0, 2.5)] {
            let (floor, step, top) = scale(lowest, highest, false);
            assert!(floor <= lowest && top >= highest && top > floor && (top - floor) / step < 5.01, "{highest}");
            let power = 10f64.powf(step.log10().floor());
            assert!([1.0, 2.0, 5.0].iter().any(|m| (step / power - m).abs() < 1e-9), "{highest}: {step}");
        }
    }

    #[test]
    fn nothing_stands_between_two_whole_numbers() {
        assert_eq!(scale(0.0, 1.0, true), (0.0, 1.0, 1.0));
        assert_eq!(scale(0.0, 3.0, true), (0.0, 1.0, 3.0));
        assert_eq!(scale(0.0, 44.0, true), (0.0, 20.0, 60.0));
        assert_eq!(scale(0.0, 1.0, false).1, 0.5);
        let months = column("month", Kind::Month, &["2026-01", "2026-02"]);
        let counts = column("complaints", Kind::Number, &["0", "1"]);
        let (none, promised) = (|_: &SeriesColumn| Vec::new(), |_: &SeriesColumn, _: &str| None);
        let drawn = charts(&months, None, &[&counts], &none, &promised).into_string();
        assert!(drawn.contains(">1</text>") && !drawn.contains(">0.5<") && !drawn.contains(">0.2"), "{drawn}");
    }

    #[test]
    fn large_numbers_beside_an_axis_are_counted_as_each_language_counts() {
        let both = |value| (short(value, "zh"), short(value, "en"));
        let pair = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        assert_eq!(both(2500.0), pair("2500", "2500"));
        assert_eq!(both(25_000.0), pair("2.5万", "25k"));
        assert_eq!(both(1_000_000.0), pair("100万", "1M"));
        assert_eq!(both(-250_000_000.0), pair("-2.5亿", "-250M"));
        assert_eq!(both(3_000_000_000.0), pair("30亿", "3B"));
        let mut svg = String::new();
        push_tick(&mut svg, (1.0, 2.0), 20_000.0);
        assert!(svg.contains("chart-label zh") && svg.contains(">2万<") && svg.contains(">20k<"), "{svg}");
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
