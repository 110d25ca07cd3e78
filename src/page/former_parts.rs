//! Where a record stood under other names: old links lead there.

use super::html::Html;
use super::page::Desk;
use super::part::Part;
use crate::record::{Record, anchor_of};

/// Anchors by the names that a record had, for those who may know of them. They are names and no ids: whatever bears
/// such an id now comes first, and nothing that is sealed takes them for itself.
#[must_use]
pub fn former_parts(desk: &Desk<'_>, record: &Record) -> Vec<Part> {
    let names = desk.history.map(|history| history.former_names(&record.name)).unwrap_or_default();
    let anchor =
        |name: String| Html::element("a", &[("class", "former"), ("name", &anchor_of(&name))], &Html::default());
    names.into_iter().map(|name| Part::leaf(name.map(anchor))).collect()
}
