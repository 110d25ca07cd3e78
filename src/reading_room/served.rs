//! A site whose files are made when a browser asks for them.

use super::files::{File, Files, file_of, of_site};
use super::reload::Reload;
use crate::finding::{Code, Finding, Findings};
use crate::site::Edition;
use axum::body::Bytes;
use std::sync::Arc;

/// A page or file of a served site that could not be made.
pub const NOT_MADE: Code = Code("not-made");

/// The files of an edition. What cannot be made is told on the line to open pages.
pub struct EditionFiles {
    edition: Arc<Edition>,
    reload: Reload,
}

impl EditionFiles {
    /// Serves an edition.
    #[must_use]
    pub fn new(edition: Arc<Edition>, reload: Reload) -> Self {
        Self { edition, reload }
    }
}

impl Files for EditionFiles {
    fn get(&self, path: &str) -> Option<File> {
        let path = file_of(path);
        let made = self.edition.file(&path);
        if let Some(trouble) = self.edition.trouble() {
            self.reload.failed(&trouble.into());
        }
        match made {
            Ok(bytes) => bytes.map(|bytes| of_site(&path, Bytes::from_owner(bytes))),
            Err(error) => {
                let remedy = "mend what it names, and save again";
                let finding = Finding::error(NOT_MADE, format!("this could not be made: {error}")).remedy(remedy);
                self.reload.failed(&Findings::from(finding));
                Nothing.get(&path)
            }
        }
    }
}

/// What stands at every address while there is no site: a page on which the findings appear.
pub struct Nothing;

impl Files for Nothing {
    fn get(&self, path: &str) -> Option<File> {
        let path = file_of(path);
        let page = include_str!("waiting.html");
        path.ends_with(".html").then(|| of_site(&path, Bytes::from_static(page.as_bytes())))
    }
}
