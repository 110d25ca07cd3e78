//! Bundles: one encrypted file for each audience, a small site that works without Strongroom.

use super::bundled_page::{bundled, linked};
use super::door::{Door, DoorError};
use super::hashing::{Hashing, digest_of};
use super::opened::OpenedPage;
use super::state::Stamps;
use super::swap::Publication;
use super::thumbnails::NAME as THUMBNAIL;
use crate::access::Clearance;
use crate::exchange::export::write_records;
use crate::page::{Addresses, Context, FileAddress, Html, Theme, Thumbnails, root_of};
use crate::proof::Digest as Meant;
use crate::repository::Snapshot;
use crate::sealing::{Recipient, SealWriter, letters, padded_len};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter, Read as _, Write};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// What is read or written goes by in pieces of this many bytes.
pub(super) const PIECE: usize = 64 << 10;

/// Pages as audiences read them.
pub type Opened = Vec<OpenedPage>;

/// The bundles of a build, open for writing.
pub struct Bundles<'a> {
    door: &'a Door<'a>,
    open: Vec<Bundle>,
    /// The names of sealed files by their address in the site.
    names: BTreeMap<String, String>,
}

/// A zip that is sealed while it is written, and hashed as it is sealed.
type Zip = ZipWriter<StreamWriter<Counting<SealWriter<Hashing<BufWriter<File>>>>>>;

pub(super) struct Bundle {
    pub(super) audience: String,
    recipients: Vec<Recipient>,
    zip: Zip,
    pages: Vec<(String, String)>,
    /// What its pages lead to.
    pub(super) linked: BTreeSet<String>,
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
    pub fn begin(
        door: &'a Door<'a>,
        addresses: &Addresses<'_>,
        publication: &Publication,
        thumbnails: &Thumbnails,
    ) -> Result<Self, DoorError> {
        let audiences: Vec<&str> = door.archive.settings.audiences.iter().map(|(name, _)| name).collect();
        let open = audiences.into_par_iter().filter_map(|name| Bundle::begin(door, name, publication).transpose());
        let open = open.collect::<Result<_, DoorError>>()?;
        let mut names = BTreeMap::new();
        for held in door.archive.attached.iter() {
            let (clearance, file) = held.release();
            if let FileAddress::Sealed { address, .. } = addresses.file(file, &clearance) {
                names.insert(address, file.name.clone());
            }
            if let Some(FileAddress::Sealed { address, .. }) = thumbnails.of(addresses, file, &clearance) {
                names.insert(address, THUMBNAIL.to_owned());
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
        thumbnails: &Thumbnails,
        publication: &Publication,
        old: &Stamps,
    ) -> Result<Vec<Finished>, DoorError> {
        let door = self.door;
        self.open
            .into_par_iter()
            .map(|mut bundle| {
                bundle.attachments(door, addresses, snapshot)?;
                bundle.thumbnails(door, addresses, publication, thumbnails)?;
                let holds = Clearance::any_of([bundle.audience.as_str()]);
                let mut records = BufWriter::with_capacity(PIECE, bundle.entry("records.json")?);
                write_records(door.archive, &holds, &mut records).map_err(DoorError::new)?;
                records.into_inner().map_err(DoorError::new)?.end();
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
                bundle.close(door)?.or_before(door, publication, old)
            })
            .collect()
    }
}

/// A bundle that is closed.
pub struct Finished {
    /// Its address in the site.
    pub address: String,
    /// SHA-256 of the sealed file, for the gate.
    pub sealed: [u8; 32],
    /// What the next build knows it by.
    pub stamp: String,
}

/// A bundle as it was made: its address, a digest of all that is in it and of whom it is for, and one of the file.
struct Closed {
    address: String,
    content: [u8; 32],
    sealed: [u8; 32],
}

impl Closed {
    /// The bundle, or in its place that of the site before, if it holds the same for the same.
    fn or_before(self, door: &Door<'_>, publication: &Publication, old: &Stamps) -> Result<Finished, DoorError> {
        let Self { address, content, sealed } = self;
        let before = publication.previous().map(|before| before.join(&address)).filter(|file| file.is_file());
        let same = |known: &&String| known.split_once('.').is_some_and(|(known, _)| known == letters(&content));
        if let (Some(before), Some(known)) = (before, old.get(&address).filter(same)) {
            // The stamp covers the old file's own bytes as well: what somebody put in its place is not carried on.
            let sealed = digest_of(&before).map_err(DoorError::new)?;
            let stamp = stamp_of(door, &address, &content, &sealed);
            if stamp == *known {
                std::fs::copy(before, publication.folder().join(&address)).map_err(DoorError::new)?;
                publication.note(&address, Meant(sealed));
                return Ok(Finished { address, sealed, stamp });
            }
        }
        publication.note(&address, Meant(sealed));
        let stamp = stamp_of(door, &address, &content, &sealed);
        Ok(Finished { address, sealed, stamp })
    }
}

impl Bundle {
    /// Opens an audience's bundle; none where it has no reader with a key.
    fn begin(door: &Door<'_>, audience: &str, publication: &Publication) -> Result<Option<Self>, DoorError> {
        let clearance = Clearance::any_of([audience]);
        let recipients: Vec<Recipient> =
            door.archive.cleared(&clearance).flat_map(|reader| reader.keys.clone()).collect();
        if recipients.is_empty() {
            return Ok(None);
        }
        let file = publication.create(&address_of(audience)).map_err(DoorError::new)?;
        let sealing = SealWriter::new(Hashing::new(BufWriter::new(file)), &recipients).map_err(DoorError::new)?;
        Ok(Some(Self {
            audience: audience.to_owned(),
            recipients,
            zip: ZipWriter::new_stream(Counting { inner: sealing, count: 0 }),
            pages: Vec::new(),
            linked: BTreeSet::new(),
            content: Sha256::new(),
            directory: 22,
        }))
    }

    fn options() -> SimpleFileOptions {
        // Not compressed: setting up a compressor for each of thousands of small pages took a third of a build. The date
        // is fixed, so that a bundle is a function of what is in it.
        SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
    }

    /// Begins an entry.
    pub(super) fn entry(&mut self, name: &str) -> Result<Entry<'_>, DoorError> {
        self.content.update((name.len() as u64).to_le_bytes());
        self.content.update(name);
        self.directory += 46 + name.len() as u64;
        self.zip.start_file(name, Self::options()).map_err(DoorError::new)?;
        Ok(Entry { content: &mut self.content, inner: Hashing::new(&mut self.zip) })
    }

    pub(super) fn put(&mut self, name: &str, content: &[u8]) -> Result<(), DoorError> {
        let mut entry = self.entry(name)?;
        entry.write_all(content).map_err(DoorError::new)?;
        entry.end();
        Ok(())
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
    fn close(mut self, door: &Door<'_>) -> Result<Closed, DoorError> {
        const NAME: &str = "padding";
        // The data of an entry is only counted once the next one begins.
        self.zip.start_file(NAME, Self::options()).map_err(DoorError::new)?;
        let written = self.zip.get_ref_count();
        let end = written + 16 + self.directory + 46 + NAME.len() as u64;
        io::copy(&mut io::repeat(0).take(padded_len(end) - end), &mut self.zip).map_err(DoorError::new)?;
        let stream = self.zip.finish().map_err(DoorError::new)?;
        let mut output = stream.into_inner().inner.finish().map_err(DoorError::new)?;
        output.flush().map_err(DoorError::new)?;
        let address = address_of(&self.audience);
        let mut recipients: Vec<&str> = self.recipients.iter().map(Recipient::as_str).collect();
        recipients.sort_unstable();
        let content: [u8; 32] = self.content.finalize().into();
        let content = door.key.digest("bundle", &[address.as_bytes(), recipients.join(" ").as_bytes(), &content]);
        Ok(Closed { address, content, sealed: output.digest() })
    }
}

/// An entry of a bundle, written piece by piece.
pub(super) struct Entry<'b> {
    content: &'b mut Sha256,
    inner: Hashing<&'b mut Zip>,
}

impl Entry<'_> {
    /// Ends the entry. The bundle's digest takes in the digest of each entry, whose length needs not be known before.
    pub(super) fn end(self) {
        self.content.update(self.inner.digest());
    }
}

impl Write for Entry<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.inner.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// What the next build knows a bundle by: a keyed digest of what is in it, by which it may know that the old file need
/// not be read, and one of that and of the sealed file itself.
fn stamp_of(door: &Door<'_>, place: &str, content: &[u8; 32], sealed: &[u8; 32]) -> String {
    format!("{}.{}", letters(content), letters(&door.key.digest("bundle stamp", &[place.as_bytes(), content, sealed])))
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
        .text("levels", "[]")
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
