//! Who can read what, and what became of that, for the audience that oversees the archive; without one there is no such
//! page. All of it asks for what that audience asks, also what the columns are called.

use super::super::change_html::audience_words;
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Empty, Part};
use super::super::table::{Column, cell_part, row_part, table_context};
use super::cells::Shown;
use super::freshness::{day, state_since};
use crate::access::{Clearance, Held};
use crate::archive::{Grid, GridRow, Piece, Reach};
use crate::history::{Commit, Deed, History, Line, Matter, Reached, Ruling};
use crate::reckoning::{Trained, trainings};
use crate::record::Kind;

/// The matrix, the readers, what became of the rules, and what became of single records.
pub fn readership(desk: &Desk<'_>, _root: &str) -> Vec<Part> {
    let Some(grid) = desk.archive.grid() else { return Vec::new() };
    let heading = |key: &str| Part::leaf(grid.as_ref().map(|_| Html::element("h2", &[], &desk.word(key))));
    let note = |key: &str| {
        let note = || Html::element("p", &[("class", "dashboard-note")], &desk.word(key));
        Part::leaf(grid.as_ref().map(|_| note()))
    };
    let mut parts =
        vec![heading("readership.now"), note("readership.alone"), matrix(desk, &grid), heading("readership.readers")];
    parts.extend([readers(desk), Part::leaf(grid.as_ref().map(|_| cloners(desk)))]);
    if let Some(history) = desk.history {
        parts.extend([heading("readership.rules"), note("readership.claimed"), rulings(desk, history, &grid)]);
        parts.extend([heading("readership.records"), changes(desk, history, &grid)]);
    }
    parts
}

fn column(desk: &Desk<'_>, key: &str, kind: Kind) -> Column {
    Column::of(desk.word(key), kind)
}

fn matrix(desk: &Desk<'_>, held: &Held<Grid>) -> Part {
    let shell = held.as_ref().map(|grid| {
        let mut columns =
            vec![column(desk, "readership.type", Kind::Text), column(desk, "readership.part", Kind::Text)];
        columns.push(column(desk, "readership.staff", Kind::Choice));
        columns.extend(grid.audiences.iter().map(|name| Column::of(audience(desk, name), Kind::Choice)));
        let context = table_context(&desk.word("readership.now"), &columns, &[]).text("beyond", "");
        desk.theme.shell("parts/table.html", "reach", context)
    });
    let rows = held.as_ref().map(|grid| grid.rows.iter().collect::<Vec<_>>()).spread();
    Part::group(shell, rows.into_iter().map(|row| grid_row(desk, &row)).collect(), Empty::Keep)
}

fn grid_row(desk: &Desk<'_>, held: &Held<&GridRow>) -> Part {
    let cells = Part::gathered(held.clone().map(|row| {
        let title = Html::phrase(&row.record_type.title);
        let piece = match &row.piece {
            Piece::Records => desk.word("readership.whole"),
            Piece::Field(name) => field_title(desk, row, name),
            Piece::Sections => desk.word("readership.sections"),
            Piece::Attachments => desk.word("readership.attachments"),
        };
        let mut cells = vec![said(desk, "text", true, title), said(desk, "text", false, piece)];
        cells.extend([row.staff].iter().chain(&row.reach).map(|reach| {
            let (class, key) = match reach {
                Reach::Nothing => ("reach", "readership.nothing"),
                Reach::Some => ("reach reach-some", "readership.some"),
                Reach::All => ("reach reach-all", "readership.all"),
            };
            said(desk, "choice", false, Html::element("span", &[("class", class)], &desk.word(key)))
        }));
        cells
    }));
    row_part(held.clone().map(|row| format!("reach/{}/{:?}", row.record_type.name, row.piece).replace(' ', "_")), cells)
}

/// A cell of something that is held already.
fn said(desk: &Desk<'_>, class: &'static str, head: bool, html: Html) -> Part {
    cell_part(desk.said(()), class, head, vec![Part::leaf(desk.said(Shown::text(html).element()))])
}

/// What a field is called, or a member of a group.
fn field_title(desk: &Desk<'_>, row: &GridRow, name: &str) -> Html {
    let (outer, inner) = name.split_once('.').map_or((name, None), |(outer, inner)| (outer, Some(inner)));
    let Some(field) = row.record_type.field(outer) else { return Html::text(name) };
    let title = Html::phrase(&field.title);
    match inner.and_then(|inner| field.member(inner)) {
        Some(member) => Html::joined([title, desk.word("readership.of"), Html::phrase(&member.title)]),
        None => title,
    }
}

fn audience(desk: &Desk<'_>, name: &str) -> Html {
    let known = desk.archive.settings.audiences.get(name);
    known.map_or_else(|| Html::text(name), |known| Html::phrase(&known.title))
}

fn reader(desk: &Desk<'_>, name: &str) -> Html {
    let known = desk.archive.readers.iter().find(|reader| reader.name == name);
    Html::text(&known.map_or_else(|| name.to_owned(), |reader| reader.display_name()))
}

fn readers(desk: &Desk<'_>) -> Part {
    let held = trainings(desk.archive);
    let shell = held.as_ref().map(|_| {
        let columns = [
            column(desk, "training.person", Kind::Text),
            column(desk, "training.post", Kind::Text),
            column(desk, "readership.audiences", Kind::Text),
            column(desk, "readership.last", Kind::Date),
            column(desk, "training.state", Kind::Choice),
        ];
        let context = table_context(&desk.word("readership.readers"), &columns, &[2, 4]).text("beyond", "");
        desk.theme.shell("parts/table.html", "readers", context)
    });
    let rows = held.as_ref().map(|all| all.readers.iter().collect::<Vec<_>>()).spread();
    Part::group(shell, rows.into_iter().map(|row| reader_row(desk, &row)).collect(), Empty::Keep)
}

fn reader_row(desk: &Desk<'_>, held: &Held<&Trained<'_>>) -> Part {
    let cells = Part::gathered(held.clone().map(|trained| {
        let person = trained.reader;
        let settings = &desk.archive.settings;
        let own = settings.audiences.iter().filter(|(name, _)| settings.audiences.has(name, &person.name));
        let own: Vec<Html> = own.map(|(name, _)| audience(desk, name)).collect();
        // Both a training and the file itself can end first.
        let trained = trained.until.filter(|_| settings.training_required);
        let last = [trained, person.until].into_iter().flatten().min();
        let state = if last.is_none() && settings.training_required {
            Html::default()
        } else {
            state_since(desk, last, false).html
        };
        vec![
            said(desk, "text", true, Html::text(&person.display_name())),
            said(desk, "text", false, Html::text(person.post.as_deref().unwrap_or_default())),
            said(desk, "text", false, listed(desk, own)),
            cell_part(desk.said(()), "date", false, vec![Part::leaf(desk.said(day(last).element()))]),
            said(desk, "choice", false, state),
        ]
    }));
    row_part(held.clone().map(|trained| format!("readers/{}", trained.reader.name)), cells)
}

/// That whoever can clone the repository reads everything, and whom the settings name as such.
fn cloners(desk: &Desk<'_>) -> Html {
    let named = desk.archive.settings.repository_readers.iter().map(|name| reader(desk, name)).collect::<Vec<_>>();
    let key = if named.is_empty() { "readership.cloners_unnamed" } else { "readership.cloners" };
    let words = Html::joined([desk.word(key), listed(desk, named)]);
    Html::element("p", &[("class", "dashboard-note")], &words)
}

fn listed(desk: &Desk<'_>, things: Vec<Html>) -> Html {
    let mut pieces = Vec::with_capacity(things.len() * 2);
    for thing in things {
        if !pieces.is_empty() {
            pieces.push(desk.word("readership.comma"));
        }
        pieces.push(thing);
    }
    Html::joined(pieces)
}

/// A clearance by what its audiences are called.
fn clearance(desk: &Desk<'_>, asks: &Clearance) -> Html {
    if asks.is_open() {
        return desk.word("readership.everybody");
    }
    let several = asks.clauses().nth(1).is_some();
    let mut pieces = Vec::new();
    for clause in asks.clauses() {
        if !pieces.is_empty() {
            pieces.push(desk.word("readership.and"));
        }
        let mut inner = Vec::new();
        for name in clause {
            if !inner.is_empty() {
                inner.push(desk.word("readership.or"));
            }
            inner.push(audience(desk, name));
        }
        let inner = Html::joined(inner);
        let wrap = several && clause.len() > 1;
        pieces.push(if wrap {
            Html::joined([desk.word("readership.open"), inner, desk.word("readership.close")])
        } else {
            inner
        });
    }
    Html::joined(pieces)
}

fn past_table(
    desk: &Desk<'_>,
    grid: &Held<Grid>,
    id: &str,
    caption: &str,
    keys: &[(&str, Kind)],
    rows: Vec<Part>,
) -> Part {
    let columns: Vec<Column> = keys.iter().map(|(key, kind)| column(desk, key, *kind)).collect();
    let shell = grid.as_ref().map(|_| {
        let context = table_context(&desk.word(caption), &columns, &[1]).text("beyond", "");
        desk.theme.shell("parts/table.html", id, context)
    });
    Part::group(shell, rows, Empty::Keep)
}

/// What became of settings, types and readers, the newest first.
fn rulings(desk: &Desk<'_>, history: &History, grid: &Held<Grid>) -> Part {
    let mut rows: Vec<Part> = history
        .rulings()
        .lay_out(|held| held)
        .enumerate()
        .map(|(n, held)| ruling_row(desk, history, n, &held))
        .collect();
    rows.reverse();
    let keys = [
        ("readership.day", Kind::Date),
        ("readership.kind", Kind::Choice),
        ("readership.what", Kind::Text),
        ("readership.commit", Kind::Text),
    ];
    past_table(desk, grid, "rulings", "readership.rules", &keys, rows)
}

fn ruling_row(desk: &Desk<'_>, history: &History, n: usize, held: &Held<&Ruling>) -> Part {
    let cells = Part::gathered(held.clone().map(|ruling| {
        let (key, what) = matter(desk, &ruling.matter);
        let commit = ruling.commit.and_then(|number| history.commit(number));
        vec![
            cell_part(desk.said(()), "date", true, vec![Part::leaf(desk.said(day(Some(ruling.day)).element()))]),
            said(desk, "choice", false, desk.word(key)),
            said(desk, "text", false, what),
            said(desk, "text", false, commit.map_or_else(|| desk.word("readership.by_day"), named)),
        ]
    }));
    row_part(held.clone().map(|_| format!("ruling/{n}")), cells)
}

/// A commit by its short id and its author.
fn named(commit: &Commit) -> Html {
    let id = Html::element("code", &[], &Html::text(&commit.short));
    Html::joined([id, Html::text(&format!(" {}", commit.author))])
}

/// The kind of a change, and what it was.
fn matter(desk: &Desk<'_>, matter: &Matter) -> (&'static str, Html) {
    let pair = |one: Html, other: Html| Html::joined([one, desk.word("readership.to"), other]);
    let with = |one: Html, other: Html| Html::joined([one, desk.word("readership.of"), other]);
    match matter {
        Matter::Came(name) => ("readership.came", reader(desk, name)),
        Matter::Went(name) => ("readership.went", reader(desk, name)),
        Matter::Joined(name, to) => ("readership.joined", with(reader(desk, name), audience(desk, to))),
        Matter::Left(name, from) => ("readership.left", with(reader(desk, name), audience(desk, from))),
        Matter::Lapsed(name, _) => ("readership.lapsed", reader(desk, name)),
        Matter::Ended(name, _) => ("readership.ended", reader(desk, name)),
        Matter::Returned(name) => ("readership.returned", reader(desk, name)),
        Matter::Excluded(name) => ("readership.excluded", reader(desk, name)),
        Matter::Keys(name) => ("readership.keys", reader(desk, name)),
        Matter::Oversight(to) => {
            let none = || desk.word("readership.nobody");
            ("readership.oversight", to.as_ref().map_or_else(none, |name| audience(desk, name)))
        }
        Matter::Training(true) => ("readership.training", desk.word("readership.required")),
        Matter::Training(false) => ("readership.training", desk.word("readership.optional")),
        Matter::Named(name) => ("readership.named", reader(desk, name)),
        Matter::Unnamed(name) => ("readership.unnamed", reader(desk, name)),
        Matter::Asks { record_type, field, before, after } => {
            let asks = |asks: &Option<Clearance>| {
                asks.as_ref().map_or_else(|| desk.word("readership.each"), |asks| clearance(desk, asks))
            };
            let known = desk.archive.types.get(record_type);
            let title = known.map_or_else(|| Html::text(record_type), |known| Html::phrase(&known.title));
            let of_field = field.as_ref().map(|name| {
                let title = known.and_then(|known| known.field(name)).map(|field| Html::phrase(&field.title));
                Html::joined([desk.word("readership.of"), title.unwrap_or_else(|| Html::text(name))])
            });
            let colon = desk.word("readership.colon");
            let change = pair(asks(before), asks(after));
            let what = Html::joined([title].into_iter().chain(of_field).chain([colon, change]));
            let key = match (before, after) {
                (Some(before), Some(after)) if before.implies(after) => "readership.widened",
                (Some(before), Some(after)) if after.implies(before) => "readership.narrowed",
                _ => "readership.changed",
            };
            (key, what)
        }
    }
}

/// What became of who may read single records, the newest first.
fn changes(desk: &Desk<'_>, history: &History, grid: &Held<Grid>) -> Part {
    let told = history.reached(desk.archive);
    let mut rows: Vec<Part> =
        told.lay_out(|held| held).enumerate().map(|(n, held)| change_row(desk, history, n, &held)).collect();
    rows.reverse();
    let keys = [
        ("readership.day", Kind::Date),
        ("readership.kind", Kind::Choice),
        ("readership.record", Kind::Text),
        ("readership.what", Kind::Text),
        ("readership.commit", Kind::Text),
    ];
    past_table(desk, grid, "reach-changes", "readership.records", &keys, rows)
}

fn change_row(desk: &Desk<'_>, history: &History, n: usize, held: &Held<&Reached>) -> Part {
    let cells = Part::gathered(held.clone().map(|reached| {
        let commit = history.commit(reached.commit);
        let key = match reached.deed {
            Deed::Opened { .. } => "readership.opened",
            Deed::Added => "readership.set",
            Deed::Removed => "readership.removed",
            _ => "readership.changed",
        };
        let of_commit = || commit.and_then(|commit| commit.authored.zoned()).map(|moment| moment.date());
        let on = reached.day.or_else(of_commit);
        let [before, after] = [&reached.before, &reached.after].map(|line| {
            let words = |line: &Line| ["zh", "en"].map(|language| audience_words(desk, line, language));
            line.as_ref().map(words).map(|[zh, en]| Html::both(&zh, &en))
        });
        let what = match (before, after) {
            (Some(before), Some(after)) => Html::joined([before, desk.word("readership.to"), after]),
            (one, other) => one.or(other).unwrap_or_default(),
        };
        let by = match reached.day {
            Some(_) => desk.word("readership.by_day"),
            None => commit.map(named).unwrap_or_default(),
        };
        let label = reached.label.as_ref().map(|label| Html::joined([desk.word("readership.of"), Html::phrase(label)]));
        let record = Html::joined([Html::text(&reached.record.to_string())].into_iter().chain(label));
        vec![
            cell_part(desk.said(()), "date", true, vec![Part::leaf(desk.said(day(on).element()))]),
            said(desk, "choice", false, desk.word(key)),
            said(desk, "text", false, record),
            said(desk, "text", false, what),
            said(desk, "text", false, by),
        ]
    }));
    row_part(held.clone().map(|_| format!("reach-change/{n}")), cells)
}
