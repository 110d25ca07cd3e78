//! Whether a column of a series sinks, season for season.

use crate::record::{SeriesColumn, cell_number};
use std::collections::BTreeMap;

/// When a column sinks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sinking {
    /// How many rows are the last.
    pub(super) recent: usize,
    /// How many rows they are set against, themselves included.
    pub(super) against: usize,
    /// By how many hundredths their mean must lie lower.
    pub(super) by: f64,
    /// Whether it must lie as much lower than that of the same rows of the year before.
    pub(super) seasonal: bool,
}

/// By how many hundredths the mean of the last rows lies below that of more rows, where that is enough for a sign and
/// at least half of the rows hold numbers. What falls at the same time of every year is none.
pub(super) fn lower(labels: &SeriesColumn, column: &SeriesColumn, rule: Sinking) -> Option<i64> {
    let rows = labels.cells.iter().zip(column.cells.iter());
    let rows: Vec<(&str, f64)> = rows.filter_map(|(label, cell)| Some((label, cell_number(cell)?))).collect();
    let last = |count: usize| rows.get(rows.len().saturating_sub(count)..).unwrap_or_default();
    // A row without a number counts among those that are set against, so that a series of gaps says nothing.
    let held = column.cells.iter().rev().take(rule.against).filter(|cell| cell_number(cell).is_some()).count();
    if held * 2 < rule.against || held < rule.recent {
        return None;
    }
    let (now, before) = (last(rule.recent), last(held));
    let fall = below(now.iter().map(|(_, number)| *number), before.iter().map(|(_, number)| *number))?;
    let known: BTreeMap<&str, f64> = rows.iter().copied().collect();
    let pairs = now.iter().filter_map(|(label, number)| Some((*number, *known.get(year_before(label)?.as_str())?)));
    let pairs: Vec<(f64, f64)> = pairs.collect();
    let reaches_back = pairs.len() * 2 >= rule.recent;
    let of_year = || below(pairs.iter().map(|pair| pair.0), pairs.iter().map(|pair| pair.1));
    let seasonal = rule.seasonal && reaches_back && of_year().is_some_and(|fall| fall < rule.by);
    #[allow(clippy::cast_possible_truncation)]
    (fall >= rule.by && !seasonal).then_some(fall.round() as i64)
}

/// By how many hundredths the mean of some numbers lies below that of others; none where that is nothing to compare with.
fn below(now: impl Iterator<Item = f64>, before: impl Iterator<Item = f64>) -> Option<f64> {
    let mean = |numbers: Vec<f64>| {
        #[allow(clippy::cast_precision_loss)]
        let count = numbers.len() as f64;
        numbers.iter().sum::<f64>() / count
    };
    let (now, before) = (mean(now.collect()), mean(before.collect()));
    (before > 0.0).then(|| 100.0 - 100.0 * now / before)
}

/// The label of the same week, month or day a year before: `2025-W47` of `2026-W47`.
fn year_before(label: &str) -> Option<String> {
    let (year, rest) = label.split_once('-')?;
    let year: u32 = year.parse().ok()?;
    Some(format!("{:04}-{rest}", year.checked_sub(1)?))
}
