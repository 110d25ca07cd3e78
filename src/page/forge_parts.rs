//! Links to the archive's forge, where the settings name one.

use super::html::Html;
use super::page::Desk;
use super::part::Part;
use crate::history::Commit;
use crate::record::Record;

/// Where the record's file is edited; nothing where the settings or the past do not tell.
fn edit_address(desk: &Desk<'_>, record: &Record) -> Option<String> {
    if desk.archive.beside.contains(&record.file) {
        return None;
    }
    let (edit, history) = (desk.archive.settings.forge.edit.as_ref()?, desk.history?);
    let branch = if desk.branch.is_empty() { "HEAD" } else { desk.branch };
    let path = format!("{}{}", history.prefix(), record.file);
    Some(edit.filled(&[("branch", branch), ("path", &path)]))
}

/// The addresses in the forge that stand in the open: restricted text may hold pieces of the same shape.
#[must_use]
pub fn forge_said(desk: &Desk<'_>) -> Vec<String> {
    let Some(history) = desk.history else { return Vec::new() };
    let archive = desk.archive;
    let told = archive.dossiers.in_the_open().filter(|dossier| history.asked_by_group(&dossier.name).is_open());
    let of_dossiers = told.flat_map(|dossier| dossier.records.in_the_open().chain([&*dossier.root]));
    of_dossiers.chain(archive.registers.in_the_open()).filter_map(|record| edit_address(desk, record)).collect()
}

/// A link to where the record's file is edited. The address tells the file's path, and so asks for what the record asks
/// and for what the folders above it do.
#[must_use]
pub fn edit_part(desk: &Desk<'_>, record: &Record) -> Option<Part> {
    let address = edit_address(desk, record)?;
    let above = desk.history?.asked_by_group(&record.name.dossier);
    let held = desk.said(address).narrowed(&record.clearance).narrowed(&above);
    Some(Part::leaf(
        held.map(|address| {
            Html::element("p", &[("class", "record-edit")], &outward(&address, &desk.word("record.edit")))
        }),
    ))
}

/// Where the forge shows a commit; nothing where the settings name none.
#[must_use]
pub fn commit_address(desk: &Desk<'_>, commit: &Commit) -> String {
    let commit_of = desk.archive.settings.forge.commit.as_ref();
    commit_of.map(|template| template.filled(&[("commit", &commit.id.to_string())])).unwrap_or_default()
}

/// A link out of the site: where it leads does not learn from which page.
fn outward(address: &str, words: &Html) -> Html {
    Html::element("a", &[("href", address), ("rel", "noreferrer noopener")], words)
}
