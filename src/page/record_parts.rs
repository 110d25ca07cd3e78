//! A record as parts: title, fields, sections, series, attachments, each under its clearance.

use super::address::{FileAddress, download_only, href, media_type};
use super::forge_parts::edit_part;
use super::former_parts::former_parts;
use super::history_parts::day_of;
use super::html::{Html, open_tag};
use super::named_by::named_by_part;
use super::page::Desk;
use super::part::{Empty, Part, Shell};
use super::plates::{kept_part, plates};
use super::series_parts::series_parts;
use super::theme::Context;
use super::value_html::{Showing, image_tag};
use crate::access::{Clearance, Held, Shelf};
use crate::archive::{is_file_link, resolve};
use crate::record::{Attachment, Field, Record, Value};
use crate::text::markdown::{Link, Section, Shown};

/// Lays out a record as an article.
#[must_use]
pub fn record_part(desk: &Desk<'_>, held: &Held<&Record>, root: &str) -> Part {
    let shell = held.clone().map(|record| {
        let within = &record.clearance;
        let heading = record.title.within(within).map(|title| Html::phrase(&title.0)).unwrap_or_default();
        let date = record.date.as_ref().and_then(|date| date.within(within)).map(ToString::to_string);
        let context = Context::new()
            .text("permalink", &record.anchor())
            .text("type_name", &record.record_type.name)
            .html("type_title", &Html::phrase(&record.record_type.title))
            .html("heading", &heading)
            .text("date", date.as_deref().unwrap_or_default());
        desk.theme.shell("parts/record.html", &body_id(record), context)
    });
    let clearance = held.clearance().clone();
    let parts = Part::gathered(held.clone().map(|record| record_parts(desk, record, &clearance, root)));
    Part::group(shell, parts, Empty::Keep)
}

fn body_id(record: &Record) -> String {
    format!("{}//body", record.anchor())
}

/// The parts inside a record's article.
fn record_parts(desk: &Desk<'_>, record: &Record, clearance: &Clearance, root: &str) -> Vec<Part> {
    let mut parts = former_parts(desk, record);
    if record.title.within(clearance).is_none() {
        // A title that asks for more than its record stands in the body, for those who may read it.
        let title =
            record.title.as_ref().map(|title| Html::element("p", &[("class", "held-title")], &Html::phrase(&title.0)));
        parts.push(Part::leaf(title));
    }
    parts.extend(narrow_date(record, clearance));
    if let Some(summary) = &record.summary
        && record.clearance.is_open()
    {
        parts.push(abstract_part(desk, &summary.as_ref().map(Html::phrase)));
    }
    parts.push(fields_part(desk, record, &record.fields, &format!("{}//fields", record.anchor()), root));
    if let Some(series) = &record.series {
        parts.extend(series_parts(desk, record, series));
    }
    parts.push(text_part(desk, record, root));
    parts.extend(named_by_part(desk, &record.name, &format!("{}//named-by", record.anchor()), root));
    parts.extend(changed_parts(desk, record, root));
    parts.extend(edit_part(desk, record));
    parts.extend(kept_part(desk, record));
    let mut side = vec![attachments_part(desk, record, root)];
    side.extend(plates(desk, record));
    let id = format!("{}//side", record.anchor());
    let shell = desk.said(Shell::element("div", &[("class", "record-side"), ("id", &id)]));
    parts.push(Part::group(shell, side, Empty::Drop));
    parts
}

/// Who last changed the record, and in which commit: a line for each group of readers who know of another last change,
/// the newest first. The style sheet shows the first that is there.
#[must_use]
pub fn changed_parts(desk: &Desk<'_>, record: &Record, root: &str) -> Vec<Part> {
    if desk.archive.beside.contains(&record.file) {
        // Its past is in another repository, of which only the present is read.
        let words = Html::element("p", &[("class", "record-changed")], &desk.word("record.beside"));
        return vec![Part::leaf(desk.said(words).narrowed(&record.clearance))];
    }
    let Some(history) = desk.history else { return Vec::new() };
    let above = if record.name.dossier.as_ref() == crate::dossier::REGISTERS { root } else { "" };
    let lines = history.last_changes(&record.name).iter().map(|held| {
        Part::leaf(held.as_ref().map(|number| {
            let Some(commit) = history.commit(*number) else { return Html::default() };
            let href = format!("{above}history/index.html#record={}", super::address::href(&record.name.path));
            let context = Context::new()
                .text("day", &day_of(commit))
                .text("author", &commit.author)
                .text("short", &commit.short)
                .text("href", &href);
            desk.part("parts/history/changed.html", &context)
        }))
    });
    lines.collect()
}

fn narrow_date(record: &Record, clearance: &Clearance) -> Option<Part> {
    let date = record.date.as_ref().filter(|date| date.within(clearance).is_none())?;
    Some(Part::leaf(
        date.as_ref().map(|date| Html::element("p", &[("class", "held-date")], &Html::text(&date.to_string()))),
    ))
}

/// A summary that says a sealed record exists and whom to ask.
#[must_use]
pub fn abstract_part(desk: &Desk<'_>, summary: &Held<Html>) -> Part {
    Part::leaf(summary.clone().map(|html| desk.part("parts/abstract.html", &Context::new().html("text", &html))))
}

/// The fields of a record in a list of terms. It is there for whoever may read one of them.
#[must_use]
pub fn fields_part(desk: &Desk<'_>, record: &Record, fields: &Shelf<Field>, id: &str, root: &str) -> Part {
    let leaves = fields.lay_out(|held| {
        let within = held.clearance().clone();
        let mut leaves = vec![Part::leaf(held.clone().map(|field| {
            let showing = Showing { desk, record, root, within: &within };
            field_html(&showing, field)
        }))];
        leaves.extend(narrower_members(&held, |group, member| member_html(desk, record, &group, member, root)));
        leaves
    });
    let parts: Vec<Part> = leaves.flatten().collect();
    let shell = desk.said(desk.theme.shell("parts/fields.html", id, Context::new()));
    Part::group(shell, parts, Empty::Drop)
}

/// The element id of a field, by which links lead to it.
fn field_id(record: &Record, name: &str) -> String {
    format!("{}//field/{name}", record.anchor())
}

fn field_html(showing: &Showing<'_>, field: &Field) -> Html {
    let context = Context::new()
        .text("id", &field_id(showing.record, &field.name))
        .text("name", &field.name)
        .text("kind", field.kind.word())
        .html("label", &Html::phrase(&field.title))
        .html("value", &showing.told(&field.value))
        .flag("long", breadth(&field.value) > 30);
    showing.desk.part("parts/field.html", &context)
}

/// How broad a value stands, in halves of a Han character.
fn breadth(value: &Value) -> usize {
    match value {
        Value::Many(values) => values.iter().map(|value| breadth(value) + 2).sum(),
        // Only its last name is shown; see `Showing::value`.
        Value::Reference(name) => name.rsplit('/').next().map_or(0, str::len),
        value => value.plain("zh").chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum(),
    }
}

/// Members of a group that ask for more than their field, a part each. `make` is told how the group and the member are
/// called.
pub fn narrower_members(held: &Held<&Field>, make: impl Fn(Html, Held<&Field>) -> Held<Html>) -> Vec<Part> {
    let within = held.clearance().clone();
    Part::gathered(held.clone().map(|field| {
        let values = match &field.value {
            Value::Many(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        // Which of several groups it belongs to is said by the number that the list shows.
        let several = values.len() > 1;
        let groups = values.iter().enumerate().filter_map(|(n, value)| match value {
            Value::Group(members) => Some((n + 1, members)),
            _ => None,
        });
        let members = groups.flat_map(|(n, members)| members.lay_out(move |member| (n, member)));
        members
            .filter(|(_, member)| !within.implies(member.clearance()))
            .map(|(n, member)| {
                let number = if several { format!(" {n} · ") } else { " · ".to_owned() };
                let group = Html::joined([Html::phrase(&field.title), Html::text(&number)]);
                Part::leaf(make(group, member))
            })
            .collect()
    }))
}

/// A member of a group as a line of its own.
fn member_html(desk: &Desk<'_>, record: &Record, group: &Html, member: Held<&Field>, root: &str) -> Held<Html> {
    let clearance = member.clearance().clone();
    member.map(|member| {
        let showing = Showing { desk, record, root, within: &clearance };
        let context = Context::new()
            .text("id", "")
            .text("name", &member.name)
            .text("kind", member.kind.word())
            .html("label", &Html::joined([group.clone(), Html::phrase(&member.title)]))
            .html("value", &showing.told(&member.value));
        desk.part("parts/field.html", &context)
    })
}

/// A record's text: a part for each heading, so that where one is missing cannot be seen.
fn text_part(desk: &Desk<'_>, record: &Record, root: &str) -> Part {
    let id = format!("{}//text", record.anchor());
    let sections = record.sections().map(|held| {
        let within = held.clearance().clone();
        Part::leaf(held.map(|(name, section)| {
            let showing = Showing { desk, record, root, within: &within };
            let id = if name.is_empty() { name } else { format!("{id}/{name}") };
            let context = Context::new().text("id", &id).html("html", &section_html(&showing, section));
            desk.part("parts/section.html", &context)
        }))
    });
    let parts = sections.collect();
    let shell = desk.said(desk.theme.shell("parts/text.html", &id, Context::new()));
    Part::group(shell, parts, Empty::Drop)
}

/// A section's HTML with its links led to where the reader may go.
#[must_use]
pub fn section_html(showing: &Showing<'_>, section: &Section) -> Html {
    Html::made(section.html(|link| shown_link(showing, link)))
}

fn shown_link(showing: &Showing<'_>, link: &Link) -> Shown {
    let target = &link.target;
    if target.contains("://") || target.starts_with("mailto:") || target.starts_with("tel:") {
        return Shown::Tag(open_tag("a", &[("href", target), ("rel", "noreferrer noopener")]));
    }
    let Some(path) = resolve(&showing.record.file, target) else { return Shown::Words };
    if is_file_link(target) {
        return showing.desk.archive.attached.get(&path).map_or(Shown::Words, |held| file_link(showing, held, link));
    }
    let names = &showing.desk.archive.names;
    let found = names.by_file(&path).or_else(|| names.by_file(&format!("{path}.md")));
    match found.and_then(|target| showing.desk.link(showing.root, target, showing.within)) {
        Some(href) => Shown::Tag(open_tag("a", &[("href", &href)])),
        None => Shown::Words,
    }
}

fn file_link(showing: &Showing<'_>, held: Held<&crate::archive::AttachedFile>, link: &Link) -> Shown {
    let Some(file) = held.within(showing.within).map(|file| (*file).clone()) else { return Shown::Words };
    let media = media_type(&file.name);
    let download = if download_only(media) { file.name.as_str() } else { "" };
    match (showing.desk.addresses.file(&file, held.clearance()), &link.image) {
        (FileAddress::Open(address), Some(alt)) => {
            Shown::Tag(image_tag(&format!("{}{}", showing.root, href(&address)), alt))
        }
        (FileAddress::Open(address), None) => {
            let at = format!("{}{}", showing.root, href(&address));
            let about = [("data-name", file.name.as_str()), ("data-type", media), ("download", download)];
            Shown::Tag(open_tag("a", &[&[("class", "attachment"), ("href", &at)], &about[..]].concat()))
        }
        (FileAddress::Sealed { address, clearance }, Some(alt)) => Shown::Tag(open_tag(
            "img",
            &[("data-sealed-file", &address), ("data-clearance", &clearance), ("data-type", media), ("alt", alt)],
        )),
        (FileAddress::Sealed { address, clearance }, None) => {
            let at = format!("{}{address}.age", showing.root);
            Shown::Tag(open_tag(
                "a",
                &[
                    ("class", "attachment"),
                    ("href", &at),
                    ("data-sealed-file", &address),
                    ("data-clearance", &clearance),
                    ("data-name", &file.name),
                    ("data-type", media),
                    ("download", download),
                ],
            ))
        }
    }
}

fn attachments_part(desk: &Desk<'_>, record: &Record, root: &str) -> Part {
    let id = format!("{}//attachments", record.anchor());
    let leaves = record.attachments.lay_out(|held| attachment_part(desk, record, held, root));
    let parts: Vec<Part> = leaves.flatten().collect();
    let shell = desk.said(desk.theme.shell("parts/attachments.html", &id, Context::new()));
    Part::group(shell, parts, Empty::Drop)
}

fn attachment_part(desk: &Desk<'_>, record: &Record, held: Held<&Attachment>, root: &str) -> Option<Part> {
    let clearance = held.clearance().clone();
    let html = held.map(|attachment| {
        let path = resolve(&record.file, &attachment.path)?;
        let file = desk.archive.attached.get(&path)?;
        let file = file.within(&clearance).map(|file| (*file).clone())?;
        let media = media_type(&file.name);
        let (at, sealed, id) = match desk.addresses.file(&file, &clearance) {
            FileAddress::Open(address) => (format!("{root}{}", href(&address)), String::new(), String::new()),
            FileAddress::Sealed { address, clearance } => (format!("{root}{address}.age"), address, clearance),
        };
        let (thumb, thumb_sealed) = match desk.thumbnails.of(desk.addresses, &file, &clearance) {
            Some(FileAddress::Open(address)) => (format!("{root}{address}"), String::new()),
            Some(FileAddress::Sealed { address, .. }) => (String::new(), address),
            None => (String::new(), String::new()),
        };
        let context = Context::new()
            .text("name", &file.name)
            .text("href", &at)
            .value("size", &file.size)
            .text("sealed_file", &sealed)
            .text("clearance", &id)
            .text("media_type", media)
            .text("kind", &kind_of(&file.name))
            .text("thumb", &thumb)
            .text("thumb_sealed", &thumb_sealed)
            .flag("download", download_only(media));
        Some(desk.part("parts/attachment.html", &context))
    });
    html.transpose().map(Part::leaf)
}

/// What a file's tile says where there is no picture: the end of its name, as people call its kind.
fn kind_of(name: &str) -> String {
    let kind = name.rsplit_once('.').map(|(_, end)| end).filter(|end| end.len() <= 5);
    kind.unwrap_or_default().to_ascii_uppercase()
}
