//! How a dossier stands, on its own page: what its tier requires and whether it is there, when it was verified last, and
//! what signs there are that the customer may leave.

use super::dashboards::{asked_title, credit_link, fresh, shown_mark, state_since};
use super::html::Html;
use super::page::{Desk, root_of};
use super::part::{Empty, Part};
use super::sign_parts::{looked_parts, sign_lines};
use super::theme::Context;
use crate::access::Held;
use crate::dossier::Dossier;
use crate::reckoning::{Freshness, Graded, asked, marks, signs, tier_of};
use jiff::civil::Date;

/// Blocks of lines, each for whoever may read something in it.
#[must_use]
pub fn standing(desk: &Desk<'_>, held: &Held<&Dossier>) -> Vec<Part> {
    let mut parts = by_tier(desk, held);
    parts.extend(Part::gathered(held.clone().map(|dossier| {
        let signs = signs(desk.archive, dossier);
        let root = root_of(&desk.addresses.dossier(&dossier.name, dossier.clearance()));
        let lines = sign_lines(desk, &signs, &root);
        let churn = block(desk, "churn.title", "churn-signs", lines);
        let credit = credit_link(dossier, &root).into_iter().collect();
        let credit = block(desk, "dashboard.credit", "unified-credit", credit);
        [credit, churn].into_iter().chain(looked_parts(signs.looked, "")).collect()
    })));
    parts
}

fn by_tier(desk: &Desk<'_>, held: &Held<&Dossier>) -> Vec<Part> {
    let Some(tier) = tier_of(desk.archive, held) else { return Vec::new() };
    let required =
        Part::gathered(held.clone().with(tier.clone()).map(|(dossier, tier)| requirements(desk, dossier, &tier)));
    let seen = fresh(desk, held, Some(&tier));
    let kept = seen.lay_out(|account| {
        let open = account.clearance().is_open();
        Part::leaf(account.map(|fresh| kept(desk, fresh, open)))
    });
    let kept = kept.collect();
    vec![
        block(desk, "completeness.title", "requirements", required),
        block(
            desk,
            "freshness.title",
            "freshness",
            vec![line(desk, &desk.word("freshness.verified"), "verified-last", kept)],
        ),
    ]
}

fn block(desk: &Desk<'_>, title: &str, id: &str, parts: Vec<Part>) -> Part {
    let context = Context::new().html("title", &desk.word(title));
    Part::group(desk.said(desk.theme.shell("parts/standing.html", id, context)), parts, Empty::Drop)
}

/// A line with accounts of one thing, of which the first that a reader sees is meant.
fn line(desk: &Desk<'_>, name: &Html, id: &str, accounts: Vec<Part>) -> Part {
    let shell = desk.theme.shell("parts/standing_line.html", id, Context::new().html("name", name));
    Part::group(desk.said(shell), accounts, Empty::Drop)
}

/// A line for everything that the tier requires.
fn requirements(desk: &Desk<'_>, dossier: &Dossier, tier: &Graded<'_>) -> Vec<Part> {
    let required = tier.tier.requires.iter().filter_map(|words| asked(desk.archive, words));
    required
        .map(|asked| {
            let marks = marks(desk.archive, dossier, &asked, true).into_iter();
            let marks = marks.map(|mark| Part::leaf(shown_mark(desk, mark))).collect();
            line(desk, &asked_title(&asked), &format!("required-{}", asked.words), marks)
        })
        .collect()
}

fn kept(desk: &Desk<'_>, fresh: &Freshness, open: bool) -> Html {
    let shown = |day: Date| {
        let text = day.to_string();
        Html::element("time", &[("datetime", &text)], &Html::text(&text))
    };
    let mut said = match (fresh.verified, fresh.tended) {
        (Some(day), _) => vec![shown(day)],
        // What counts where nothing was ever verified.
        (None, Some(day)) => {
            vec![
                desk.word("freshness.never"),
                Html::text(" · "),
                desk.word("freshness.last_change"),
                Html::text(" "),
                shown(day),
            ]
        }
        (None, None) => vec![desk.word("freshness.never")],
    };
    said.extend([Html::text(" "), state_since(desk, fresh.review, open).html]);
    Html::element("span", &[], &Html::joined(said))
}
