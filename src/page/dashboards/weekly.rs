//! The weekly reports of all customers: a row a customer, a column a week, each coloured by how far it lies from what is
//! usual; and above them, in words, what an account manager should see.

use super::super::customers::{customer_cell, dossier_href, sort_key};
use super::super::dossier_page::title;
use super::super::html::{Html, open_tag};
use super::super::page::Desk;
use super::super::part::{Empty, Part, Shell};
use super::super::pinyin::sort_rows;
use super::super::sign_parts::looked_parts;
use super::super::table::{cell_part, row_part};
use super::super::theme::Context;
use super::cells::tier_cell;
use crate::access::{Clearance, Held};
use crate::dossier::Dossier;
use crate::reckoning::{Alarm, Change, Seen, Standing, Weeks, What, tier_of, watching, weeks_shown};
use crate::record::{RecordType, Watch};
use rayon::prelude::*;

/// A dossier with its weeks.
type Row<'a> = (Held<&'a Dossier>, Seen<Weeks<'a>>);

/// Alarms and grid of each type of series that is watched.
pub fn weekly(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let watched = desk.archive.types.iter().filter_map(|of| Some((of, of.watch.as_ref()?)));
    // Ids hold the type's number: its name beside a dossier's could be a part of a sealed record's name.
    watched.enumerate().flat_map(|(n, (of, watch))| of_type(desk, n, of, watch, root)).collect()
}

fn of_type(desk: &Desk<'_>, n: usize, record_type: &RecordType, watch: &Watch, root: &str) -> Vec<Part> {
    let dossiers: Vec<Held<&Dossier>> = desk.archive.dossiers.lay_out(|held| held).collect();
    let rows: Vec<Row<'_>> = dossiers
        .into_par_iter()
        .map(|held| {
            let seen = held.clone().map(|dossier| watching(desk.archive, record_type, watch, dossier));
            (held, Seen::joined(seen))
        })
        .collect();
    // What is sealed is reckoned for a week. The week is in every envelope, so that all of them change when it ends, and
    // none tells of an alarm that came or went.
    let week = weeks_shown(desk.archive, watch).first().map(ToString::to_string).unwrap_or_default();
    let looked = rows.iter().flat_map(|(_, seen)| seen.lay_out(|account| account.map(|_| ())));
    let mut parts = vec![
        alarms_part(desk, n, record_type, watch, &rows, root),
        grid_part(desk, n, record_type, watch, &rows, root),
        Part::leaf(desk.said(legend(desk))),
        Part::leaf(desk.said(rule(desk, record_type, watch))),
    ];
    parts.extend(looked_parts(looked, &week));
    parts
}

// ---- Alarms in words -------------------------------------------------------------------

fn alarms_part(desk: &Desk<'_>, n: usize, of: &RecordType, watch: &Watch, rows: &[Row<'_>], root: &str) -> Part {
    let mut lines: Vec<(Held<String>, Part)> = rows
        .iter()
        .map(|(held, seen)| {
            // Whoever sees more lines sees these alarms as well, so no account takes another's back.
            let told = seen.lay_out(|account| {
                let within = account.clearance().clone();
                let list = account.map(|weeks| {
                    let lines = weeks.alarms.iter().map(|alarm| alarm_html(desk, alarm, root, &within));
                    let lines = Html::joined(lines);
                    (!lines.is_empty()).then(|| Html::element("ul", &[], &lines))
                });
                list.transpose().map(Part::leaf)
            });
            let id = format!("alarms-{n}");
            (sort_key(held), Part::group(customer_shell(desk, held, &id, root), told.flatten().collect(), Empty::Drop))
        })
        .collect();
    sort_rows(&mut lines);
    let id = format!("alarms-{n}");
    let heading = desk.theme.words().sentence("weekly.alarms", |name, language| match name {
        "weeks" => Html::text(&watch.lately.to_string()),
        _ => Html::text(of.title.in_language(language)),
    });
    let heading = Html::element("h2", &[], &heading);
    let none = Html::element("p", &[("class", "alarms-none")], &desk.word("weekly.none"));
    let list = open_tag("ul", &[("class", "alarm-list"), ("id", &id)]);
    let shell = Shell {
        id: Some(id),
        before: Html::made(format!("<section class=\"alarms\">{}{list}", heading.as_str())),
        after: Html::made(format!("</ul>{}</section>", none.as_str())),
        beyond: None,
    };
    Part::group(desk.said(shell), lines.into_iter().map(|(_, line)| line).collect(), Empty::Keep)
}

/// What stands around a customer's alarms, for whoever may read one of them.
fn customer_shell(desk: &Desk<'_>, held: &Held<&Dossier>, id: &str, root: &str) -> Held<Shell> {
    held.clone().map(|dossier| {
        let within = dossier.clearance();
        let name = title(dossier);
        let name = name.within(within).map(Html::phrase).unwrap_or_default();
        let link = Html::element("a", &[("href", &dossier_href(desk, dossier, root))], &name);
        let id = format!("{id}/{}", dossier.name);
        let holder = open_tag("div", &[("class", "first"), ("id", &id)]);
        Shell {
            id: Some(id),
            before: Html::made(format!("<li><h3>{}</h3>{holder}", link.as_str())),
            after: Html::made("</div></li>".to_owned()),
            beyond: None,
        }
    })
}

fn alarm_html(desk: &Desk<'_>, alarm: &Alarm<'_>, root: &str, within: &Clearance) -> Html {
    let weeks =
        if alarm.first == alarm.last { alarm.first.to_string() } else { format!("{} – {}", alarm.first, alarm.last) };
    let target = desk.archive.names.get(&alarm.record.to_string());
    let weeks = match target.and_then(|target| desk.link(root, target, within)) {
        Some(href) => Html::element("a", &[("href", &href)], &Html::text(&weeks)),
        None => Html::text(&weeks),
    };
    let (class, key, change) = match &alarm.what {
        What::Fell(change) => ("alarm alarm-fall", "weekly.fell", Some(change)),
        What::Rose(change) => ("alarm alarm-rise", "weekly.rose", Some(change)),
        What::Missing => ("alarm alarm-gap", "weekly.missing", None),
        What::Silent => ("alarm alarm-gap", "weekly.silent", None),
    };
    let words = desk.theme.words().sentence(key, |name, language| match change {
        Some(change) if name != "weeks" => Html::text(&said(change, name, language)),
        _ => weeks.clone(),
    });
    Html::element("li", &[("class", class)], &words)
}

/// What a sentence names of a change.
fn said(change: &Change<'_>, name: &str, language: &str) -> String {
    match name {
        "what" => {
            let mut title = change.title.in_language(language).to_owned();
            title.extend(change.name.map(|name| format!(" · {name}")));
            title.extend(change.unit.map(|unit| format!(" ({unit})")));
            title
        }
        "percent" => format!("{:.0}", change.percent().abs()),
        "number" => short(change.number),
        _ => short(change.usual),
    }
}

fn short(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

// ---- The grid --------------------------------------------------------------------------

/// The head of a week's column.
#[derive(serde::Serialize)]
struct Head {
    /// The year, where another begins.
    year: Option<i16>,
    week: i8,
    name: String,
    /// Whether nobody worked in it.
    off: bool,
}

fn grid_part(desk: &Desk<'_>, number: usize, of: &RecordType, watch: &Watch, rows: &[Row<'_>], root: &str) -> Part {
    let shown = weeks_shown(desk.archive, watch);
    let calendar = &desk.archive.settings.calendar;
    let heads: Vec<Head> = shown
        .iter()
        .enumerate()
        .map(|(n, week)| {
            let (year, number) = week.number();
            let before = n.checked_sub(1).and_then(|n| shown.get(n)).map(|week| week.number().0);
            let off = week.days().all(|day| !calendar.is_working(day));
            Head { year: (before != Some(year)).then_some(year), week: number, name: week.to_string(), off }
        })
        .collect();
    let id = format!("weekly-{number}");
    let mut parts: Vec<(Held<String>, Part)> = rows
        .iter()
        .map(|(held, seen)| {
            let tier = tier_of(desk.archive, held);
            let mut cells = vec![customer_cell(desk, held, root), tier_cell(held, tier.as_ref())];
            cells.extend((0..shown.len()).map(|n| {
                let of_account = |account: Held<&Weeks<'_>>| {
                    let sealed = !account.clearance().is_open();
                    Part::leaf(account.map(|weeks| standing_html(desk, watch, weeks.standings.get(n), sealed)))
                };
                cell_part(held.clone().map(|_| ()), "week-cell first", false, seen.lay_out(of_account).collect())
            }));
            (sort_key(held), row_part(held.clone().map(|dossier| format!("{id}/{}", dossier.name)), cells))
        })
        .collect();
    sort_rows(&mut parts);
    let caption = Html::joined([Html::phrase(&of.title), Html::text(" · "), desk.word("weekly.grid")]);
    let context = Context::new().html("caption", &caption).value("weeks", &heads);
    let shell = desk.said(desk.theme.shell("parts/week_grid.html", &id, context));
    Part::group(shell, parts.into_iter().map(|(_, part)| part).collect(), Empty::Drop)
}

/// How a week stands. That a report is late comes with a day in the middle of a week: what is sealed must not change
/// then, so it holds both signs and the day, and the browser takes one.
fn standing_html(desk: &Desk<'_>, watch: &Watch, standing: Option<&Standing<'_>>, sealed: bool) -> Html {
    let signed = |class: &str, sign: &str, text: &str, key: &str| {
        let sign = Html::element("span", &[("aria-hidden", "true"), ("class", "sign")], &Html::text(sign));
        let words = Html::element("span", &[("class", "visually-hidden")], &desk.word(key));
        Html::element("span", &[("class", class)], &Html::joined([sign, Html::text(text), words]))
    };
    let awaited = || signed("week week-gap", "…", "", "weekly.awaited");
    let missing = || signed("week week-missing", "✕", "", "weekly.lacking");
    match standing {
        None | Some(Standing::Nothing) => Html::element("span", &[("class", "week")], &Html::default()),
        Some(Standing::Holiday) => signed("week week-off", "–", "", "weekly.holiday"),
        Some(Standing::Awaited(Some(day))) if sealed => {
            let both = Html::joined([awaited(), missing()]);
            Html::element("span", &[("class", "week-either"), ("data-missed", &day.to_string())], &both)
        }
        Some(Standing::Awaited(Some(day))) if *day < desk.archive.day => missing(),
        Some(Standing::Awaited(_)) => awaited(),
        Some(Standing::Missing) => missing(),
        Some(Standing::Early) => signed("week", "·", "", "weekly.early"),
        Some(Standing::Usual(change)) => {
            let percent = change.percent();
            let class = if percent >= watch.rise / 2.0 {
                "week week-higher"
            } else if percent <= -watch.fall / 2.0 {
                "week week-lower"
            } else {
                "week"
            };
            Html::element("span", &[("class", class)], &Html::text(&by_percent(percent)))
        }
        Some(Standing::Alarm(change)) => {
            let (class, sign, key) = if change.percent() < 0.0 {
                ("week week-fall", "▼", "weekly.fall")
            } else {
                ("week week-rise", "▲", "weekly.rise")
            };
            signed(class, sign, &by_percent(change.percent()), key)
        }
    }
}

fn by_percent(percent: f64) -> String {
    let text = format!("{percent:+.0}").replace('-', "−");
    if matches!(text.as_str(), "+0" | "−0") { "0".to_owned() } else { text }
}

/// What the signs mean.
fn legend(desk: &Desk<'_>) -> Html {
    let signs = [
        ("week-fall", "▼", "weekly.fall"),
        ("week-rise", "▲", "weekly.rise"),
        ("week-missing", "✕", "weekly.lacking"),
        ("week-gap", "…", "weekly.awaited"),
        ("week-off", "–", "weekly.holiday"),
        ("", "·", "weekly.early"),
    ];
    let items = signs.map(|(class, sign, key)| {
        let class = format!("week {class}");
        let sign = Html::element("span", &[("aria-hidden", "true"), ("class", class.trim_end())], &Html::text(sign));
        Html::element("li", &[], &Html::joined([sign, Html::text(" "), desk.word(key)]))
    });
    Html::element("ul", &[("class", "legend")], &Html::joined(items))
}

/// By which numbers a week is an alarm, and where they stand.
fn rule(desk: &Desk<'_>, of: &RecordType, watch: &Watch) -> Html {
    let words = desk.theme.words().sentence("weekly.rule", |name, _| {
        let number = match name {
            "usual" => watch.usual.to_string(),
            "fewest" => watch.fewest.to_string(),
            "fall" => short(watch.fall),
            "rise" => short(watch.rise),
            "working" => watch.working.to_string(),
            "silent" => watch.silent.to_string(),
            _ => of.name.clone(),
        };
        Html::text(&number)
    });
    Html::element("p", &[("class", "dashboard-note")], &words)
}
