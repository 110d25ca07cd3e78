//! Addresses in the site. What is open has an address that says what it is; what is sealed has one that says nothing.

use crate::access::{Clearance, Held};
use crate::archive::AttachedFile;
use crate::sealing::SealingKey;

/// Where dossiers and files stand in a site.
pub struct Addresses<'k> {
    key: &'k SealingKey,
}

/// Where a file stands, and how a page leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileAddress {
    /// In the clear, at this address.
    Open(String),
    /// Sealed: this address with `.age` and `.js`, and the clearance's id.
    Sealed {
        /// The address without an extension.
        address: String,
        /// The clearance's id.
        clearance: String,
    },
}

impl<'k> Addresses<'k> {
    /// The addresses of a site that is sealed with this key.
    #[must_use]
    pub fn new(key: &'k SealingKey) -> Self {
        Self { key }
    }

    /// The address of a dossier's page, with a slash at its end. One that asks for anything is a digest that only the
    /// sealing key can make.
    #[must_use]
    pub fn dossier(&self, name: &str, clearance: &Clearance) -> String {
        if clearance.is_open() { format!("customers/{name}/") } else { self.sealed_dossier(name) }
    }

    /// The address of the page of a dossier that asks for anything.
    #[must_use]
    pub fn sealed_dossier(&self, name: &str) -> String {
        format!("d/{}/", self.key.page_address(&[b"dossier", name.as_bytes()]))
    }

    /// The address of a dossier's history, below the dossier's own.
    #[must_use]
    pub fn history(&self, dossier: &str) -> String {
        format!("{dossier}history/")
    }

    /// The address of the history of what belongs to no customer.
    #[must_use]
    pub fn registers_history() -> &'static str {
        "history/"
    }

    /// The address of a register's page.
    #[must_use]
    pub fn register(record_type: &str) -> String {
        format!("registers/{record_type}/")
    }

    /// The address of the list of dashboards.
    #[must_use]
    pub fn dashboards() -> &'static str {
        "dashboards/"
    }

    /// The address of a dashboard's page.
    #[must_use]
    pub fn dashboard(name: &str) -> String {
        format!("{}{name}/", Self::dashboards())
    }

    /// By what the archive's feed is known, 32 digits: it stays the same whatever the archive is called and wherever its
    /// site stands.
    #[must_use]
    pub fn feed(&self) -> String {
        let letters = self.key.file_address(&[b"feed"]);
        letters.chars().map(|letter| char::from_digit(u32::from(letter).wrapping_sub(107), 16).unwrap_or('0')).collect()
    }

    /// By what a page knows something that is due: a digest, since words joined to a name may say what is restricted
    /// elsewhere.
    #[must_use]
    pub fn matter(&self, matter: &str) -> String {
        self.key.page_address(&[b"due", matter.as_bytes()])
    }

    /// Where a file stands. `clearance` is what its part asks; a file and its part ask for the same.
    #[must_use]
    pub fn file(&self, file: &AttachedFile, clearance: &Clearance) -> FileAddress {
        if clearance.is_open() {
            let path = file.entry.path.strip_prefix("customers/").unwrap_or(&file.entry.path);
            return FileAddress::Open(format!("files/open/{path}"));
        }
        let canonical = clearance.canonical();
        let parts: [&[u8]; 2] = [file.entry.path.as_bytes(), canonical.as_bytes()];
        FileAddress::Sealed {
            address: format!("files/{}", self.key.file_address(&parts)),
            clearance: self.clearance_id(clearance),
        }
    }

    /// Where the thumbnail of a file stands. Every sealed file has something at this place, a picture or none.
    #[must_use]
    pub fn thumbnail(&self, file: &AttachedFile, clearance: &Clearance) -> FileAddress {
        if clearance.is_open() {
            let name = self.key.file_address(&[b"thumbnail", file.entry.path.as_bytes()]);
            return FileAddress::Open(format!("files/thumbnails/{name}.jpg"));
        }
        let canonical = clearance.canonical();
        let parts: [&[u8]; 3] = [b"thumbnail", file.entry.path.as_bytes(), canonical.as_bytes()];
        FileAddress::Sealed {
            address: format!("files/{}", self.key.file_address(&parts)),
            clearance: self.clearance_id(clearance),
        }
    }

    /// The address of a held file, still held.
    #[must_use]
    pub fn held_file(&self, held: Held<&AttachedFile>) -> Held<FileAddress> {
        let clearance = held.clearance().clone();
        held.map(|file| self.file(file, &clearance))
    }

    /// The id of a clearance, which says nothing to whoever lacks the sealing key.
    #[must_use]
    pub fn clearance_id(&self, clearance: &Clearance) -> String {
        self.key.clearance_id(&clearance.canonical())
    }
}

/// A path as it stands in `href`: what would end or change it is percent-encoded, UTF-8 letters stay readable.
#[must_use]
pub fn href(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '%' => out.push_str("%25"),
            '?' => out.push_str("%3F"),
            '#' => out.push_str("%23"),
            ' ' => out.push_str("%20"),
            '"' => out.push_str("%22"),
            '\\' => out.push_str("%5C"),
            ':' => out.push_str("%3A"),
            c => out.push(c),
        }
    }
    out
}

/// The media type of a file by its name. What browsers would run is given as what it is, and offered for download
/// only.
#[must_use]
pub fn media_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref().unwrap_or_default() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "tif" | "tiff" => "image/tiff",
        "svg" => "image/svg+xml",
        "html" | "htm" | "xhtml" => "text/html",
        "xml" => "application/xml",
        "txt" | "log" => "text/plain",
        "csv" => "text/csv",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "ogg" => "audio/ogg",
        "m4a" => "audio/mp4",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// Whether a browser would open a file of this type as a document with scripts: it is offered for download only.
#[must_use]
pub fn download_only(media_type: &str) -> bool {
    !matches!(
        media_type,
        "application/pdf"
            | "image/png"
            | "image/jpeg"
            | "image/gif"
            | "image/webp"
            | "image/avif"
            | "image/bmp"
            | "text/plain"
            | "audio/mpeg"
            | "audio/wav"
            | "audio/ogg"
            | "audio/mp4"
            | "video/mp4"
            | "video/webm"
    )
}
