//! Which customers may leave: a row for each of whom there is a sign.

use super::super::customers::{dossier_href, sort_key};
use super::super::dossier_page::title;
use super::super::html::{Html, open_tag};
use super::super::page::Desk;
use super::super::part::{Empty, Part, Shell};
use super::super::pinyin::sort_rows;
use super::super::sign_parts::{looked_parts, sign_lines};
use super::super::table::{Column, table_part};
use super::cells::Shown;
use crate::access::Held;
use crate::dossier::Dossier;
use crate::reckoning::{Signs, signs, tier_of};
use crate::record::{Kind, When};
use rayon::prelude::*;

/// The early warnings, those with the most signs first.
pub fn churn(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let columns = [
        Column::customers(desk),
        Column::of(desk.word("tier.title"), Kind::Choice),
        Column::of(desk.word("freshness.manager"), Kind::Text),
        Column::counted(desk.word("churn.count")).leading(),
        Column::of(desk.word("churn.signs"), Kind::Text),
    ];
    let dossiers: Vec<Held<&Dossier>> = desk.archive.dossiers.lay_out(|held| held).collect();
    let told: Vec<Held<Signs<'_>>> =
        dossiers.par_iter().map(|held| held.clone().map(|dossier| signs(desk.archive, dossier))).collect();
    let mut rows: Vec<(Held<String>, Part)> = dossiers
        .iter()
        .zip(&told)
        .map(|(held, signs)| {
            let lines = Part::gathered(signs.as_ref().map(|signs| sign_lines(desk, signs, root)));
            (sort_key(held), Part::group(shell(desk, held, root), lines, Empty::Drop))
        })
        .collect();
    sort_rows(&mut rows);
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    let mut parts = vec![table_part(desk, "churn", &desk.word("dashboard.churn"), &columns, &[1, 2], rows)];
    parts.extend(measures(desk).into_iter().map(|note| Part::leaf(desk.said(note))));
    let looked = told.iter().flat_map(|held| held.as_ref().map(|signs| signs.looked.clone()).spread());
    parts.extend(looked_parts(looked.map(Held::flatten), ""));
    parts
}

/// How the signs that are measured are: a percentage alone tells nobody what it was set against.
fn measures(desk: &Desk<'_>) -> Vec<Html> {
    let rules = desk.archive.types.iter().flat_map(|of| of.signs.iter().map(move |rule| (of, rule)));
    let told = rules.filter_map(|(record_type, rule)| {
        let When::Sinks { recent, against, by, seasonal, .. } = &rule.when else { return None };
        let words = desk.theme.words();
        let measure = words.sentence("churn.sinks", |name, language| match name {
            "title" => Html::text(rule.title.in_language(language)),
            "type" => Html::text(record_type.title.in_language(language)),
            "recent" => Html::text(&recent.to_string()),
            "against" => Html::text(&against.to_string()),
            _ => Html::text(&by.to_string()),
        });
        let season = seasonal.then(|| desk.word("churn.sinks_seasonal")).unwrap_or_default();
        Some(Html::element("p", &[("class", "dashboard-note")], &Html::joined([measure, season])))
    });
    told.collect()
}

/// The row of a customer: it stands there for whoever may read a sign in it, and says what the dossier says to everybody
/// who may open it.
fn shell(desk: &Desk<'_>, held: &Held<&Dossier>, root: &str) -> Held<Shell> {
    let tier = tier_of(desk.archive, held);
    held.clone().map(|dossier| {
        let within = dossier.clearance();
        let name = title(dossier);
        let name = name.within(within).map(Html::phrase).unwrap_or_default();
        let link = Html::element("a", &[("href", &dossier_href(desk, dossier, root))], &name);
        let tier = tier.as_ref().and_then(|tier| tier.within(within));
        let tier = tier.map(|tier| Shown::by(Html::phrase(&tier.tier.title), tier.place).element());
        let manager = dossier.field("account_manager");
        let manager = manager.as_ref().and_then(|field| field.within(within));
        let manager = manager.map(|field| Html::both(&field.value.plain("zh"), &field.value.plain("en")));
        let count = Html::element("span", &[("data-counted", "signs")], &Html::default());
        let cells = Html::joined([
            Html::element("th", &[("scope", "row")], &link),
            Html::element("td", &[("class", "choice")], &tier.unwrap_or_default()),
            Html::element("td", &[("class", "text")], &manager.unwrap_or_default()),
            Html::element("td", &[("class", "number"), ("hidden", "hidden")], &count),
        ]);
        let id = format!("signs/{}", dossier.name);
        let list = open_tag("ul", &[("class", "signs"), ("id", &id)]);
        Shell {
            id: Some(id),
            before: Html::made(format!("<tr>{}<td class=\"text\">{list}", cells.as_str())),
            after: Html::made("</ul></td></tr>".to_owned()),
            beyond: None,
        }
    })
}
