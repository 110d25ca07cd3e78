//! Whether faults are repaired faster than they were, and which of them came back.

use super::super::chart::{Line, are_whole, draw};
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Empty, Part, Shell};
use super::super::theme::Context;
use super::availability::linked;
use crate::access::Clearance;
use crate::reckoning::{AGAIN_WITHIN, Month, Repairs, STRETCH};

/// The charts, the table behind them and the faults that came back, as each group of readers sees them; the style sheet
/// shows the first.
pub fn repairs(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let seen = crate::reckoning::repairs(desk.archive);
    let accounts = seen.lay_out(|account| {
        let within = account.clearance().clone();
        Part::leaf(account.map(|told| {
            let parts = [lately(desk, told), figure(desk, told), again(desk, told, root, &within)];
            Html::element("div", &[("class", "repairs")], &Html::joined(parts))
        }))
    });
    let shell = desk.said(Shell::element("div", &[("class", "first"), ("id", "repairs")]));
    let days = Html::text(&AGAIN_WITHIN.to_string());
    let note = desk.theme.words().sentence("repairs.note", |_, _| days.clone());
    vec![
        Part::group(shell, accounts.collect(), Empty::Keep),
        Part::leaf(desk.said(Html::element("p", &[("class", "dashboard-note")], &note))),
    ]
}

/// The last months against those before them, in words.
fn lately(desk: &Desk<'_>, told: &Repairs<'_>) -> Html {
    let Some((now, before)) = &told.lately else { return Html::default() };
    let words = desk.theme.words().sentence("repairs.lately", |place, _| {
        Html::text(&match place {
            "stretch" => STRETCH.to_string(),
            "faults" => now.faults.to_string(),
            "median" => hours(now.median),
            "repeated" => now.repeated.to_string(),
            "faults_before" => before.faults.to_string(),
            "median_before" => hours(before.median),
            _ => before.repeated.to_string(),
        })
    });
    Html::element("p", &[], &words)
}

/// A column's head.
#[derive(serde::Serialize)]
struct Head {
    label: Html,
    unit: &'static str,
    kind: &'static str,
}

fn figure(desk: &Desk<'_>, told: &Repairs<'_>) -> Html {
    if told.months.is_empty() {
        return Html::element("p", &[], &desk.word("repairs.none"));
    }
    let chart = |key: &str, unit, number: &dyn Fn(&Month) -> Option<f64>| {
        let numbers: Vec<Option<f64>> = told.months.iter().map(number).collect();
        let highest = numbers.iter().flatten().copied().fold(0.0, f64::max);
        let line = Line {
            title: desk.phrase(key),
            unit: Some(unit),
            labels: told.months.iter().map(|month| month.name.as_str()).collect(),
            whole: are_whole(numbers.iter().flatten().copied()),
            numbers,
            range: (0.0, highest),
            marks: Vec::new(),
            floor: None,
            words: Vec::new(),
        };
        draw(&line).unwrap_or_default()
    };
    let charts = [chart("repairs.median", "h", &|month| month.median), chart("repairs.rate", "%", &rate)];
    let head = |key: &str, unit, kind| Head { label: desk.word(key), unit, kind };
    let columns = [
        head("repairs.month", "", "month"),
        head("repairs.faults", "", "number"),
        head("repairs.median", "h", "number"),
        head("repairs.longest", "h", "number"),
        head("repairs.repeated", "", "number"),
        head("repairs.rate", "%", "number"),
    ];
    let row = |month: &Month| {
        let repeated = if month.faults > 0 { month.repeated.to_string() } else { String::new() };
        let share = rate(month).map(|share| format!("{share:.0}")).unwrap_or_default();
        [month.name.clone(), month.faults.to_string(), hours(month.median), hours(month.longest), repeated, share]
    };
    let rows: Vec<[String; 6]> = told.months.iter().map(row).collect();
    let context = Context::new()
        .html("caption", &desk.word("dashboard.repairs"))
        .value("columns", &columns)
        .value("rows", &rows)
        .value("alarms", &Vec::<Html>::new())
        .html("chart", &Html::joined(charts));
    desk.part("parts/series.html", &context)
}

/// How many of a hundred faults of a month had been there before; none where there was no fault.
fn rate(month: &Month) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    (month.faults > 0).then(|| 100.0 * month.repeated as f64 / month.faults as f64)
}

/// Faults that had been there before, with their days.
fn again(desk: &Desk<'_>, told: &Repairs<'_>, root: &str, within: &Clearance) -> Html {
    if told.repeated.is_empty() {
        return Html::default();
    }
    let items = told.repeated.iter().map(|(day, name)| {
        let last = name.path.rsplit('/').next().unwrap_or(&name.path);
        let customer = desk.archive.dossiers.pick(|dossier| dossier.name == name.dossier).next();
        let customer = customer.map(|held| held.map(|dossier| dossier.called()).flatten());
        let customer = customer.and_then(|called| called.within(within).map(Html::phrase)).unwrap_or_default();
        let words = Html::joined([customer, Html::text(&format!(" · {last}"))]);
        let pieces = [Html::text(&format!("{day} ")), linked(desk, name, &words, root, within)];
        Html::element("li", &[], &Html::joined(pieces))
    });
    let heading = Html::element("h2", &[], &desk.word("repairs.again"));
    Html::joined([heading, Html::element("ul", &[("class", "in-line")], &Html::joined(items))])
}

/// Hours with one digit after the point, where there is one to tell.
fn hours(hours: Option<f64>) -> String {
    hours.map(|hours| format!("{hours:.1}").trim_end_matches(".0").to_owned()).unwrap_or_default()
}
