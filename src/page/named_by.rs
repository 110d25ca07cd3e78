//! Where a record is named, as links: by field, each under what the field asks.

use super::html::Html;
use super::page::Desk;
use super::part::{Empty, Paper, Part, Shell};
use super::theme::Context;
use crate::access::Held;
use crate::archive::{Naming, called};
use crate::dossier::REGISTERS;
use crate::record::{RecordName, RecordType};

/// What names come under: the rank and name of a type, and a field of it; none for links in a text.
type Label = (usize, String, Option<String>);

/// The links to what names a record, in a block that is there for whoever may see one of them. The record's own parts
/// ask for its clearance, these as well.
#[must_use]
pub fn named_by_part(desk: &Desk<'_>, name: &RecordName, id: &str, root: &str) -> Option<Part> {
    let namings = desk.archive.names.namings(&called(name))?;
    let papers = namings.lay_out(|held| paper(desk, name, held, root));
    let drawers = Part::filed(
        papers,
        |(_, type_name, field)| {
            let id = format!("{id}/{type_name}/{}", field.as_deref().unwrap_or_default());
            let context = Context::new().html("label", &label(desk, type_name, field.as_deref()));
            desk.said(desk.theme.shell("parts/naming.html", &id, context))
        },
        |_, ()| desk.said(Shell::default()),
    );
    let shell = desk.said(desk.theme.shell("parts/named_by.html", id, Context::new()));
    Some(Part::group(shell, drawers, Empty::Drop))
}

/// The same links one after the other, for a cell.
#[must_use]
pub fn named_by_links(desk: &Desk<'_>, name: &RecordName, root: &str) -> Vec<Part> {
    let Some(namings) = desk.archive.names.namings(&called(name)) else { return Vec::new() };
    let links = namings.lay_out(|held| {
        let about = held.clone().map(|naming| Html::phrase(&naming.record_type.title));
        let link = link(desk, name, &held, root);
        Part::leaf(about.with(link).map(|(about, link)| {
            Html::element(
                "span",
                &[("class", "naming")],
                &Html::joined([about, Html::text(" "), link, Html::text(" ")]),
            )
        }))
    });
    links.collect()
}

fn paper(desk: &Desk<'_>, name: &RecordName, held: Held<&Naming>, root: &str) -> Held<Paper<Label, ()>> {
    let link = Part::leaf(link(desk, name, &held, root));
    held.map(|naming| {
        let type_name = &naming.record_type.name;
        let drawer = (desk.archive.types.rank(type_name), type_name.clone(), naming.field.clone());
        Paper { drawer, folder: None, parts: vec![link] }
    })
}

/// A link to a record that names this one, called by its title where its reader may know it, else by its own name. As
/// with references, the reader's own dossier goes without saying.
fn link(desk: &Desk<'_>, name: &RecordName, held: &Held<&Naming>, root: &str) -> Held<Html> {
    let within = held.clearance();
    held.clone().map(|naming| {
        let record = &naming.record;
        let called = called(record);
        let words = match naming.title.within(within) {
            Some(title) => Html::phrase(&title.0),
            None => Html::text(called.rsplit('/').next().unwrap_or_default()),
        };
        // The type says already that a record stands in a register; a dossier is called by its title.
        let plain = record.dossier == name.dossier || record.dossier.as_ref() == REGISTERS || !called.contains('/');
        let words = if plain { words } else { Html::joined([Html::text(&format!("{} · ", record.dossier)), words]) };
        match desk.archive.names.get(&called).and_then(|target| desk.link(root, target, within)) {
            Some(href) => Html::element("a", &[("href", &href), ("title", &called)], &words),
            None => Html::element("span", &[("title", &called)], &words),
        }
    })
}

/// The type, and the field by which it names this record.
fn label(desk: &Desk<'_>, type_name: &str, field: Option<&str>) -> Html {
    let Some(record_type) = desk.archive.types.get(type_name) else { return Html::default() };
    let by = field.map_or_else(|| Some(desk.word("named_by.text")), |field| field_title(record_type, field));
    let title = Html::phrase(&record_type.title);
    match by {
        Some(by) => Html::joined([title, Html::text(" · "), by]),
        None => title,
    }
}

fn field_title(record_type: &RecordType, path: &str) -> Option<Html> {
    let (name, member) = path.split_once('.').map_or((path, None), |(name, member)| (name, Some(member)));
    let field = record_type.field(name)?;
    Some(Html::phrase(&member.and_then(|member| field.member(member)).unwrap_or(field).title))
}
