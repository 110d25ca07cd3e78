//! What counts against a limit over time, as columns of which each member has its part, below the line of the limit.

use super::super::chart::{push_tick, scale};
use super::super::html::Html;
use super::super::page::Desk;
use crate::reckoning::CreditCourse;
use crate::record::amount_text;
use crate::text::Phrase;
use std::fmt::Write;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 236.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 716.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 208.0;

/// The style sheet knows so many shades; the members beyond them begin again with the first.
pub(super) const SHADES: usize = 5;

/// The chart; none where there are fewer than two days to be seen, or what is known are no parts of members.
pub fn credit_chart(desk: &Desk<'_>, standing: &CreditCourse, names: &[Phrase]) -> Option<Html> {
    let course = &standing.course;
    let of_members = course.iter().flat_map(|moment| &moment.of_members);
    if course.len() < 2 || of_members.clone().all(|part| *part == 0) {
        return None;
    }
    let highest = course.iter().map(|moment| moment.exposure().max(moment.limit.unwrap_or(0))).max()?;
    let (floor, step, top) = scale(0.0, units(highest).max(1.0), false);
    #[allow(clippy::cast_precision_loss)]
    let width = (RIGHT - LEFT) / course.len() as f64;
    #[allow(clippy::cast_precision_loss)]
    let x = |n: usize| LEFT + width * n as f64;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * (value - floor) / (top - floor);
    let words = desk.theme.words();
    let title = |language| words.plain("credit.chart", language).replace("{currency}", &standing.currency);
    let mut svg = format!(
        "<svg class=\"chart credit-chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\"><title>{}</title>",
        Html::text(&format!("{} / {}", title("zh"), title("en"))).as_str()
    );
    let mut tick = floor;
    while tick <= top + step / 2.0 {
        let class = if tick == floor { "chart-axis" } else { "chart-grid" };
        let at = y(tick);
        let _ = write!(svg, "<path class=\"{class}\" d=\"M{LEFT} {at:.1}H{RIGHT}\"/>");
        push_tick(&mut svg, (LEFT - 6.0, at + 4.0), tick);
        tick += step;
    }
    for (n, moment) in course.iter().enumerate() {
        let mut below = 0_i128;
        let over = if standing.over(moment).is_some() { " over" } else { "" };
        for (member, part) in moment.of_members.iter().enumerate().filter(|(_, part)| **part > 0) {
            let (foot, head) = (y(units(below)), y(units(below.saturating_add(*part))));
            below = below.saturating_add(*part);
            let name = names.get(member).map(|name| name.in_language("zh")).unwrap_or_default();
            let told = format!("{} {name} {} {}", moment.day, amount_text(*part), standing.currency);
            let _ = write!(
                svg,
                "<rect class=\"shade-{}{over}\" x=\"{:.1}\" y=\"{head:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{}</title></rect>",
                member % SHADES + 1,
                x(n) + width * 0.12,
                width * 0.76,
                (foot - head).max(0.0),
                Html::text(&told).as_str()
            );
        }
    }
    // Where no one limit counted, the line has a gap.
    let mut line = String::new();
    let mut open = false;
    for (n, moment) in course.iter().enumerate() {
        let Some(limit) = moment.limit else {
            open = false;
            continue;
        };
        let at = y(units(limit));
        let _ = if open { write!(line, "V{at:.1}") } else { write!(line, "M{:.1} {at:.1}", x(n)) };
        let _ = write!(line, "H{:.1}", x(n + 1));
        open = true;
    }
    let _ = write!(svg, "<path class=\"chart-limit\" d=\"{line}\"/>");
    // A day for every half year, and today.
    let last = course.len() - 1;
    for (n, moment) in course.iter().enumerate().filter(|(n, _)| (last - n).is_multiple_of(6)) {
        let _ = write!(
            svg,
            "<text class=\"chart-label\" x=\"{:.1}\" y=\"{:.0}\" text-anchor=\"{}\">{}</text>",
            if n == last { x(n + 1) } else { x(n) + width / 2.0 },
            BOTTOM + 18.0,
            if n == last { "end" } else { "middle" },
            moment.day.strftime("%Y-%m")
        );
    }
    svg.push_str("</svg>");
    Some(Html::made(svg))
}

/// An amount as a number, for drawing only.
#[allow(clippy::cast_precision_loss)]
fn units(amount: i128) -> f64 {
    amount as f64 / 10_000.0
}
