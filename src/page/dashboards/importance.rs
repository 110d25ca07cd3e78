//! How important each customer was found to be, beside its tier.

use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::Part;
use super::super::table::{Column, long_table_part};
use super::cells::{Shown, first_cell, rows, seen_cell, tier_cell};
use crate::access::Clearance;
use crate::archive::Fit;
use crate::reckoning::{Importance, SCORE, importance, score};
use crate::record::{Field, Kind};

/// A row for each dossier: the last decision on its importance with all that went into it, and how the tier fits.
pub fn importance_parts(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let column = |key: &str, kind| Column::of(desk.word(key), kind);
    let columns = [
        Column::customers(desk),
        column("tier.title", Kind::Choice),
        column("importance.score", Kind::Number).leading(),
        column("importance.fit", Kind::Choice),
        column("importance.parts", Kind::Text),
        column("importance.share", Kind::Number),
        column("importance.reasons", Kind::Text),
        column("importance.decided", Kind::Date),
    ];
    let rows = rows(desk, "importance", root, |held, tier| {
        let seen = importance(desk.archive, held);
        let said = |class, name: &'static str| seen_cell(held, class, &seen, move |account, _| plain(account, name));
        let made_of = seen.lay_out(|account| {
            let clearance = account.clearance().clone();
            account.map(|account| parts(account, &clearance))
        });
        vec![
            tier_cell(held, tier),
            seen_cell(held, "number first", &seen, |account, _| points(desk, account)),
            seen_cell(held, "choice first", &seen, |account, _| fits(desk, account)),
            first_cell(held, "text first", made_of.collect()),
            said("number first", "revenue_share"),
            said("text first", "reasons"),
            seen_cell(held, "date first", &seen, |account, _| decided(account)),
        ]
    });
    vec![
        Part::leaf(desk.said(Html::element("h2", &[], &desk.word("importance.title")))),
        long_table_part(desk, "importance", &desk.word("importance.title"), &columns, &[1, 3], rows),
        Part::leaf(desk.said(Html::element("p", &[("class", "dashboard-note")], &desk.word("importance.note")))),
    ]
}

/// The score, or the word for those who may know that nobody gave one.
fn points(desk: &Desk<'_>, account: &Importance<'_>) -> Shown {
    match account.field(SCORE) {
        Some(field) => Shown::by(text(field), score(&field.value).unwrap_or_default()),
        None if account.told => Shown::by(desk.word("importance.none"), ""),
        None => Shown::text(Html::default()),
    }
}

/// How the score fits the tier; in words, since colour alone says nothing to some.
fn fits(desk: &Desk<'_>, account: &Importance<'_>) -> Shown {
    let (order, class, html) = match account.fit {
        None => return Shown::text(Html::default()),
        Some(Fit::Below) => (0, "misfit", desk.word("importance.below")),
        Some(Fit::Above(place)) => {
            let tier = desk.archive.settings.tiers.get(place).map(|(_, tier)| tier.title.clone()).unwrap_or_default();
            let words = desk.theme.words();
            (1, "misfit", words.sentence("importance.above", |_, language| Html::text(tier.in_language(language))))
        }
        Some(Fit::Fits) => (2, "fits", desk.word("importance.fits")),
    };
    Shown::by(Html::element("span", &[("class", class)], &html), order)
}

/// What went into the score: each criterion with its points, as far as the group's members ask no more than this.
fn parts(account: &Importance<'_>, clearance: &Clearance) -> Shown {
    let Some(field) = account.field("parts") else { return Shown::text(Html::default()) };
    let items = field.value.groups().map(|group| {
        let member = |name: &str| group.within(clearance).find(|member| member.name == name).map(text);
        let out_of = member("out_of").map(|most| Html::joined([Html::text("/"), most])).unwrap_or_default();
        let points = Html::joined([member("points").unwrap_or_default(), out_of]);
        let pieces = [member("criterion").unwrap_or_default(), Html::text(" "), points];
        Html::element("li", &[], &Html::joined(pieces))
    });
    Shown::text(Html::element("ul", &[("class", "in-line")], &Html::joined(items)))
}

fn plain(account: &Importance<'_>, name: &str) -> Shown {
    account.field(name).map_or_else(
        || Shown::text(Html::default()),
        |field| match score(&field.value) {
            Some(number) => Shown::by(text(field), number),
            None => Shown::text(text(field)),
        },
    )
}

/// When it was decided, and by whom.
fn decided(account: &Importance<'_>) -> Shown {
    let day = account.field("decided_on").map(|field| field.value.plain("en")).unwrap_or_default();
    let by = account.field("decided_by").map(text).unwrap_or_default();
    Shown::by(Html::joined([Html::text(&day), Html::text(" "), by]), day)
}

fn text(field: &Field) -> Html {
    Html::both(&field.value.plain("zh"), &field.value.plain("en"))
}
