//! Bundles: one encrypted file for each audience, a small site that works without Strongroom.

use super::bundled_page::{bundled, bundled_address, linked};
use super::door::{Door, DoorError, OpenedPage};
use super::state::Stamps;
use super::swap::Publication;
use crate::access::{Clearance, Shelf};
use crate::archive::Archive;
use crate::page::{Addresses, Context, FileAddress, Html, Theme, root_of};
use crate::record::{Field, Record, Value};
use crate::repository::Snapshot;
use crate::sealing::{Recipient, SealWriter, letters, padded_len};
use rayon::prelude::*;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Pages as audiences read them.
pub type Opened = Vec<OpenedPage>;

/// The bundles of a build, open for writing.
pub struct Bundles<'a> {
    door: &'a Door<'a>,
    open: Vec<Bundle>,
    /// The names of sealed files by their address in the site.
    names: BTreeMap<String, String>,
}

struct Bundle {
    audience: String,
    recipients: Vec<Recipient>,
    zip: ZipWriter<StreamWriter<Counting<SealWriter<BufWriter<File>>>>>,
    pages: Vec<(String, String)>,
    /// What its pages lead to.
    linked: BTreeSet<String>,
    content: Sha256,
    /// What the end of the zip will take: a line for each entry, and its last record.
    directory: u64,
}

/// The address of an audience's bundle.
#[must_use]
pub fn address_of(audience: &str) -> String {
    format!("bundles/{audience}.zip.age")
}

impl<'a> Bundles<'a> {
    /// Opens a bundle for each audience that has a reader with a key.
    ///
    /// # Errors
    /// When a file cannot be made.
    pub fn begin(door: &'a Door<'a>, addresses: &Addresses<'_>, publication: &Publication) -> Result<Self, DoorError> {
        let mut open = Vec::new();
        for (audience, _) in door.archive.settings.audiences.iter() {
            let clearance = Clearance::any_of([audience]);
            let recipients: Vec<Recipient> =
                door.archive.cleared(&clearance).flat_map(|reader| reader.keys.clone()).collect();
            if recipients.is_empty() {
                continue;
            }
            let file = publication.create(&address_of(audience)).map_err(DoorError::new)?;
            let sealing = SealWriter::new(BufWriter::new(file), &recipients).map_err(DoorError::new)?;
            let zip = ZipWriter::new_stream(Counting { inner: sealing, count: 0 });
            let audience = audience.to_owned();
            open.push(Bundle {
                audience,
                recipients,
                zip,
                pages: Vec::new(),
                linked: BTreeSet::new(),
                content: Sha256::new(),
                directory: 22,
            });
        }
        let mut names = BTreeMap::new();
        for held in door.archive.attached.iter() {
            let (clearance, file) = held.release();
            if let FileAddress::Sealed { address, .. } = addresses.file(file, &clearance) {
                names.insert(address, file.name.clone());
            }
        }
        Ok(Self { door, open, names })
    }

    /// The audiences for which bundles are made.
    #[must_use]
    pub fn audiences(&self) -> Vec<String> {
        self.open.iter().map(|bundle| bundle.audience.clone()).collect()
    }

    /// Puts pages into the bundles of their audiences, in the order in which they come.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn pages(&mut self, opened: Opened) -> Result<(), DoorError> {
        let names = &self.names;
        let mut lots: Vec<(&mut Bundle, Opened)> = self.open.iter_mut().map(|bundle| (bundle, Opened::new())).collect();
        for page in opened {
            if let Some((_, lot)) = lots.iter_mut().find(|(bundle, _)| bundle.audience == page.audience) {
                lot.push(page);
            }
        }
        lots.into_par_iter().try_for_each(|(bundle, lot)| {
            for page in lot {
                let root = "../".repeat(page.address.matches('/').count());
                let html = bundled(&page.html, &root, names);
                linked(&html, &root, &mut bundle.linked);
                bundle.put(&page.address, html.as_bytes())?;
                bundle.pages.push((page.title, page.address));
            }
            Ok(())
        })
    }

    /// Puts in the attachments, the records, the index and the assets, and closes every bundle. A bundle of the site
    /// before is kept where its content and its readers are the same.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub fn finish(
        self,
        addresses: &Addresses<'_>,
        snapshot: &Snapshot,
        publication: &Publication,
        old: &Stamps,
    ) -> Result<Stamps, DoorError> {
        let door = self.door;
        let mut stamps = Stamps::new();
        let closed: Vec<Result<(String, [u8; 32]), DoorError>> = self
            .open
            .into_par_iter()
            .map(|mut bundle| {
                let holds = Clearance::any_of([bundle.audience.as_str()]);
                for held in door.archive.attached.iter() {
                    let (clearance, file) = held.release();
                    // Open files only where a page shows them: the bundle is for use without the site.
                    let place = match addresses.file(file, &clearance) {
                        FileAddress::Sealed { address, .. } if holds.implies(&clearance) => {
                            bundled_address(&address, &file.name)
                        }
                        FileAddress::Open(address) if bundle.linked.contains(&address) => address,
                        _ => continue,
                    };
                    let content = snapshot.open_content(&file.entry).map_err(DoorError::new)?;
                    bundle.stream(&place, content)?;
                }
                let records = serde_json::to_string(&records(door.archive, &holds)).map_err(DoorError::new)?;
                bundle.put("records.json", records.as_bytes())?;
                let index = index(door, &bundle)?;
                // Home may be one of the pages; the list of pages then stands beside it.
                let home = bundle.pages.iter().any(|(_, address)| address == "index.html");
                bundle.put(if home { "pages.html" } else { "index.html" }, index.as_str().as_bytes())?;
                for asset in
                    door.theme.assets().into_iter().filter(|asset| asset.address.starts_with("assets/strongroom"))
                {
                    bundle.put(asset.address, asset.text.as_bytes())?;
                }
                bundle.say_what_is_elsewhere(door)?;
                bundle.close(door)
            })
            .collect();
        for closed in closed {
            let (place, content) = closed?;
            let made = publication.folder().join(&place);
            // The stamp covers the old file's own bytes as well: what somebody put in its place is not carried on.
            let kept = publication.previous().map(|before| before.join(&place)).filter(|old_file| {
                let stamp = old_file.is_file().then(|| stamp_of(door, &place, &content, old_file)).and_then(Result::ok);
                stamp.is_some() && stamp.as_ref() == old.get(&place)
            });
            if let Some(old_file) = kept {
                std::fs::copy(old_file, &made).map_err(DoorError::new)?;
            }
            let stamp = stamp_of(door, &place, &content, &made)?;
            stamps.insert(place, stamp);
        }
        Ok(stamps)
    }
}

impl Bundle {
    fn options() -> SimpleFileOptions {
        // Not compressed: setting up a compressor for each of thousands of small pages took a third of a build. The date
        // is fixed, so that a bundle is a function of what is in it.
        SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
    }

    fn note(&mut self, name: &str, content: &[u8]) {
        self.content.update((name.len() as u64).to_le_bytes());
        self.content.update(name);
        self.content.update((content.len() as u64).to_le_bytes());
        self.content.update(content);
        self.directory += 46 + name.len() as u64;
    }

    fn put(&mut self, name: &str, content: &[u8]) -> Result<(), DoorError> {
        self.note(name, content);
        self.zip.start_file(name, Self::options()).map_err(DoorError::new)?;
        self.zip.write_all(content).map_err(DoorError::new)
    }

    fn stream(&mut self, name: &str, mut content: impl io::Read) -> Result<(), DoorError> {
        self.note(name, &[]);
        self.zip.start_file(name, Self::options()).map_err(DoorError::new)?;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = content.read(&mut buffer).map_err(DoorError::new)?;
            let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { return Ok(()) };
            self.content.update(piece);
            self.zip.write_all(piece).map_err(DoorError::new)?;
        }
    }

    /// Pages that others lead to and that hold nothing sealed for this audience stand on the site alone: a short page in
    /// their place says so, rather than nothing at all.
    fn say_what_is_elsewhere(&mut self, door: &Door<'_>) -> Result<(), DoorError> {
        let here: BTreeSet<&str> = self.pages.iter().map(|(_, address)| address.as_str()).collect();
        let absent: Vec<String> = self
            .linked
            .iter()
            .filter(|address| address.ends_with("/index.html") && !here.contains(address.as_str()))
            .cloned()
            .collect();
        for address in absent {
            let words = door.theme.words();
            let text = Html::element("p", &[], &words.html("bundle.elsewhere.text"));
            let page = sheet(door.theme, door, &address, &words.html("bundle.elsewhere"), &text)?;
            self.put(&address, page.as_str().as_bytes())?;
        }
        Ok(())
    }

    /// Pads the zip so that its length says little, and closes it. The padding is an entry inside: bytes after the end
    /// confuse unpackers.
    ///
    /// Gives its place, and a digest of all that is in it and of whom it is for.
    fn close(mut self, door: &Door<'_>) -> Result<(String, [u8; 32]), DoorError> {
        const NAME: &str = "padding";
        // The data of an entry is only counted once the next one begins.
        self.zip.start_file(NAME, Self::options()).map_err(DoorError::new)?;
        let written = self.zip.get_ref_count();
        let end = written + 16 + self.directory + 46 + NAME.len() as u64;
        let mut missing = padded_len(end) - end;
        let zeros = vec![0; 64 << 10];
        while missing > 0 {
            let piece =
                zeros.get(..usize::try_from(missing.min(zeros.len() as u64)).unwrap_or_default()).unwrap_or_default();
            self.zip.write_all(piece).map_err(DoorError::new)?;
            missing -= piece.len() as u64;
        }
        let stream = self.zip.finish().map_err(DoorError::new)?;
        let mut output = stream.into_inner().inner.finish().map_err(DoorError::new)?;
        output.flush().map_err(DoorError::new)?;
        let place = address_of(&self.audience);
        let mut recipients: Vec<&str> = self.recipients.iter().map(Recipient::as_str).collect();
        recipients.sort_unstable();
        let content: [u8; 32] = self.content.finalize().into();
        let digest = door.key.digest("bundle", &[place.as_bytes(), recipients.join(" ").as_bytes(), &content]);
        Ok((place, digest))
    }
}

/// What the next build knows a bundle by: a keyed digest of what is in it and of the sealed file itself.
fn stamp_of(door: &Door<'_>, place: &str, content: &[u8; 32], file: &Path) -> Result<String, DoorError> {
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(file).map_err(DoorError::new)?, &mut hasher).map_err(DoorError::new)?;
    let sealed: [u8; 32] = hasher.finalize().into();
    Ok(letters(&door.key.digest("bundle stamp", &[place.as_bytes(), content, &sealed])))
}

/// How many bytes of a zip have been written so far.
trait Written {
    fn get_ref_count(&self) -> u64;
}

impl<W: Write> Written for ZipWriter<StreamWriter<Counting<W>>> {
    fn get_ref_count(&self) -> u64 {
        self.get_ref().map_or(0, |stream| stream.get_ref().count)
    }
}

/// Counts what goes by.
struct Counting<W> {
    inner: W,
    count: u64,
}

impl<W: Write> Write for Counting<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.count += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The list of a bundle's pages.
fn index(door: &Door<'_>, bundle: &Bundle) -> Result<Html, DoorError> {
    let lines = bundle.pages.iter().map(|(title, address)| {
        Html::element("li", &[], &Html::element("a", &[("href", address)], &Html::text(title)))
    });
    let list = Html::element("ul", &[], &Html::joined(lines));
    let settings = &door.archive.settings;
    let audience = settings.audiences.get(&bundle.audience).map(|a| Html::phrase(&a.title)).unwrap_or_default();
    let heading = Html::joined([door.theme.words().html("bundle.title"), audience]);
    sheet(door.theme, door, "index.html", &heading, &list)
}

fn sheet(theme: &Theme, door: &Door<'_>, address: &str, heading: &Html, parts: &Html) -> Result<Html, DoorError> {
    let settings = &door.archive.settings;
    let none: [u8; 0] = [];
    let context = Context::new()
        .text("root", &root_of(address))
        .text("page", address)
        .text("language", &settings.language)
        .text("salt", "")
        .text("idle", "0")
        .text("csp", super::door::CSP)
        .html("site_title", &Html::phrase(&settings.title))
        .text("title", settings.title.in_language(&settings.language))
        .value("nav", &none)
        .value("notes", &none)
        .text("envelopes", "")
        .value("built", door.built)
        .text("version", env!("CARGO_PKG_VERSION"))
        .flag("sealed_page", false)
        .flag("bundle", true)
        .html("here", heading)
        .html("heading", heading)
        .text("id", "pages")
        .html("parts", parts);
    theme.render("sheet.html", &context).map_err(DoorError::new)
}

/// Every record that whoever holds `holds` may read, as data.
fn records(archive: &Archive, holds: &Clearance) -> Json {
    let mut found = Vec::new();
    for dossier in archive.dossiers.within(holds) {
        found.push(record(&dossier.root, dossier.name.as_ref(), holds));
        found.extend(dossier.records.within(holds).map(|inner| record(inner, &inner.name.to_string(), holds)));
    }
    found.extend(archive.registers.within(holds).map(|inner| record(inner, &inner.name.to_string(), holds)));
    json!({ "records": found })
}

fn record(record: &Record, name: &str, holds: &Clearance) -> Json {
    let title = record.title.within(holds).map(|title| title.0.in_language("zh"));
    let date = record.date.as_ref().and_then(|date| date.within(holds)).map(ToString::to_string);
    let text: Vec<&str> = record.text.within(holds).map(|section| section.text.trim()).collect();
    let files: Vec<&str> = record.attachments.within(holds).map(|attachment| attachment.name.as_str()).collect();
    let series: Vec<Json> = record
        .series
        .iter()
        .flat_map(|series| &series.columns)
        .filter_map(|column| column.within(holds))
        .map(|column| json!({ "name": column.name, "unit": column.unit, "cells": column.cells }))
        .collect();
    json!({
        "name": name,
        "type": record.record_type.name,
        "title": title,
        "date": date,
        "fields": fields(&record.fields, holds),
        "text": text.join("\n\n"),
        "attachments": files,
        "series": series,
    })
}

fn fields(shelf: &Shelf<Field>, holds: &Clearance) -> Json {
    let fields: Map<String, Json> =
        shelf.within(holds).map(|field| (field.name.clone(), value(&field.value, holds))).collect();
    Json::Object(fields)
}

fn value(value_: &Value, holds: &Clearance) -> Json {
    match value_ {
        Value::Group(members) => fields(members, holds),
        Value::Many(values) => Json::Array(values.iter().map(|inner| value(inner, holds)).collect()),
        Value::Text(phrase) | Value::Person(phrase) if phrase.both.is_none() => {
            json!({ "zh": phrase.zh, "en": phrase.en })
        }
        Value::Choice { word, .. } => Json::from(word.as_str()),
        Value::YesNo(yes) => Json::from(*yes),
        Value::Number { text, .. } => Json::from(text.as_str()),
        Value::Money { amount, currency } => json!({ "amount": amount, "currency": currency }),
        other => Json::from(other.plain("zh")),
    }
}
