//! Cells that several dashboards have.

use super::super::customers::{customer_cell, sort_key};
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Empty, Part, Shell};
use super::super::pinyin::sort_rows;
use super::super::table::{cell_part, column_content, row_part};
use crate::access::Held;
use crate::dossier::Dossier;
use crate::reckoning::{Graded, Seen};

/// What stands in a cell, and by what it is sorted where that is not its text.
pub struct Shown {
    /// What is to be seen.
    pub html: Html,
    /// By what it is sorted and told apart.
    pub value: Option<String>,
}

impl Shown {
    /// Something sorted by its text.
    pub fn text(html: Html) -> Self {
        Self { html, value: None }
    }

    /// Something sorted by a value.
    pub fn by(html: Html, value: impl ToString) -> Self {
        Self { html, value: Some(value.to_string()) }
    }

    /// As one element, which stands there even where it says nothing: what others see in its place is not so for whoever
    /// sees this.
    pub fn element(&self) -> Html {
        Html::element("span", &[("data-value", self.value.as_deref().unwrap_or_default())], &self.html)
    }
}

/// A row for each dossier, in the order of the customers' names; `id` tells its rows apart from those of other tables.
pub fn rows(
    desk: &Desk<'_>,
    id: &str,
    root: &str,
    cells: impl Fn(&Held<&Dossier>, Option<&Held<Graded<'_>>>) -> Vec<Part>,
) -> Vec<Part> {
    let row = |held: Held<&Dossier>| {
        let tier = crate::reckoning::tier_of(desk.archive, &held);
        let mut parts = vec![customer_cell(desk, &held, root)];
        parts.extend(cells(&held, tier.as_ref()));
        (sort_key(&held), row_part(held.map(|dossier| format!("{id}/{}", dossier.name)), parts))
    };
    let mut rows: Vec<(Held<String>, Part)> = desk.archive.dossiers.lay_out(row).collect();
    sort_rows(&mut rows);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The cell of a dossier's tier, sorted by its rank.
pub fn tier_cell(held: &Held<&Dossier>, tier: Option<&Held<Graded<'_>>>) -> Part {
    let content = tier.map(|tier| {
        Part::leaf(tier.as_ref().map(|tier| Shown::by(Html::phrase(&tier.tier.title), tier.place).element()))
    });
    cell_part(held.clone().map(|_| ()), "choice", false, content.into_iter().collect())
}

/// The cell of a field of `dossier.yaml`.
pub fn field_cell(desk: &Desk<'_>, held: &Held<&Dossier>, name: &str, root: &str) -> Part {
    let of_root = held.clone().map(|dossier| &*dossier.root);
    cell_part(held.clone().map(|_| ()), "text", false, column_content(desk, &of_root, name, root))
}

/// A cell of which each reader is meant to see the first thing that is to be seen.
pub fn first_cell(held: &Held<&Dossier>, class: &'static str, things: Vec<Held<Shown>>) -> Part {
    let parts = things.into_iter().map(|thing| Part::leaf(thing.map(|shown| shown.element()))).collect();
    cell_part(held.clone().map(|_| ()), class, false, parts)
}

/// A cell of what was reckoned for each group of readers. `show` is told whether the account is open: days are counted
/// from today in what is open alone, and by the browser in what is sealed, which must not change from day to day.
pub fn seen_cell<T>(
    held: &Held<&Dossier>,
    class: &'static str,
    seen: &Seen<T>,
    show: impl Fn(&T, bool) -> Shown,
) -> Part {
    let things = seen.lay_out(|account| {
        let open = account.clearance().is_open();
        account.map(|account| show(account, open))
    });
    first_cell(held, class, things.collect())
}

/// A cell that the reader's browser fills.
pub fn counted_cell(desk: &Desk<'_>, held: &Held<&Dossier>, class: &'static str, what: &'static str) -> Part {
    let shell = held.clone().map(|_| Shell::element("td", &[("class", class), ("hidden", "hidden")]));
    let place = Html::element("span", &[("data-counted", what)], &Html::default());
    Part::group(shell, vec![Part::leaf(desk.said(place))], Empty::Keep)
}
