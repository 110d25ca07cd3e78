//! What the server serves from.

use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use zeroize::Zeroizing;

use super::media;

/// One file as the server sends it.
pub struct File {
    /// Its content. Content that was sealed is wiped when the last response that holds it is gone.
    pub bytes: Bytes,
    /// Its media type, with the character set where that is known.
    pub media_type: String,
    /// The name to save it under, where a browser must offer it for download and never open it.
    pub download: Option<String>,
}

/// A set of files that can be asked for by path.
pub trait Files: Send + Sync {
    /// The file at `path`, which is decoded, relative to the root, and without `.` and `..`; a path that is empty or
    /// ends with a slash asks for the folder's `index.html`. May read from disk.
    fn get(&self, path: &str) -> Option<File>;
}

/// The file a path asks for: itself, or the `index.html` of the folder it names.
pub(super) fn file_of(path: &str) -> String {
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}

/// A file of a site, by its path. Attachments (below `files/`) of active types are for download only.
pub(super) fn of_site(path: &str, bytes: Bytes) -> File {
    let media_type = media::of_name(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let download = (path.starts_with("files/") && media::is_active(media_type)).then(|| name.to_owned());
    File { bytes, media_type: media_type.to_owned(), download }
}

/// A single file that was sealed, held in memory. HTML, SVG and XML are offered for download, everything else is
/// shown if the browser can.
pub struct OneFile {
    name: String,
    media_type: String,
    bytes: Bytes,
}

impl OneFile {
    /// The file under its own name. Without a `media_type` the name decides.
    pub fn new(name: &str, media_type: Option<&str>, bytes: Zeroizing<Vec<u8>>) -> Self {
        let media_type = media_type.unwrap_or_else(|| media::of_name(name)).to_owned();
        Self { name: name.to_owned(), media_type, bytes: Bytes::from_owner(bytes) }
    }
}

impl Files for OneFile {
    fn get(&self, path: &str) -> Option<File> {
        (path.is_empty() || path == self.name).then(|| File {
            bytes: self.bytes.clone(),
            media_type: self.media_type.clone(),
            download: media::is_active(&self.media_type).then(|| self.name.clone()),
        })
    }
}

/// Files that can be exchanged for others while the server runs.
#[derive(Clone)]
pub struct Swappable(Arc<RwLock<Arc<dyn Files>>>);

impl Swappable {
    /// Starts with `files`.
    pub fn new(files: impl Files + 'static) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(files))))
    }

    /// Serves `files` from now on; requests under way keep what they had.
    pub fn swap(&self, files: impl Files + 'static) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(files);
    }
}

impl Files for Swappable {
    fn get(&self, path: &str) -> Option<File> {
        let files = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        files.get(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(media_type: &str) -> OneFile {
        OneFile::new("合同.bin", Some(media_type), Zeroizing::new(b"x".to_vec()))
    }

    #[test]
    fn a_single_file_is_at_the_root_and_at_its_name_only() {
        let file = one("application/pdf");
        assert!(file.get("").is_some() && file.get("合同.bin").is_some());
        assert!(file.get("index.html").is_none());
        assert!(file.get("").unwrap().download.is_none());
    }

    #[test]
    fn a_single_document_that_could_run_something_is_for_download() {
        for media_type in ["text/html", "image/svg+xml", "application/xml", "application/xhtml+xml"] {
            assert_eq!(one(media_type).get("").unwrap().download.as_deref(), Some("合同.bin"), "{media_type}");
        }
    }

    #[test]
    fn files_can_be_exchanged() {
        let files = Swappable::new(one("text/plain"));
        files.swap(one("application/pdf"));
        assert_eq!(files.get("").unwrap().media_type, "application/pdf");
    }
}
