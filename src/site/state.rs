//! What a build keeps for the next one: the sealing key, and keyed digests of what it sealed. No plaintext.

use crate::sealing::{SealingKey, SealingKeyError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folder of an archive's state, which only its owner can open.
pub struct State {
    folder: PathBuf,
    key_file: PathBuf,
}

/// Makes a folder that only its owner can open, where there is none.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Keyed digests of sealed files by their place, by which the next build knows that they are still good.
pub type Stamps = BTreeMap<String, String>;

impl State {
    /// The state of an archive in a folder; the sealing key may lie elsewhere.
    #[must_use]
    pub fn at(folder: PathBuf, key_file: Option<PathBuf>) -> Self {
        let key_file = key_file.unwrap_or_else(|| folder.join("sealing.key"));
        Self { folder, key_file }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The sealing key, made on first use.
    ///
    /// # Errors
    /// When the file is open to others, damaged, or cannot be read or made.
    pub fn sealing_key(&self) -> Result<SealingKey, SealingKeyError> {
        SealingKey::load_or_make(&self.key_file)
    }

    /// Where the sealing key lies.
    #[must_use]
    pub fn key_file(&self) -> &Path {
        &self.key_file
    }

    /// The sealing key, where a build has made one that can be read.
    #[must_use]
    pub fn key_that_is_there(&self) -> Option<SealingKey> {
        SealingKey::load(&self.key_file).ok()
    }

    /// The stamps that the build before left. None where there are none or they cannot be read: all is sealed anew.
    #[must_use]
    pub fn stamps(&self) -> Stamps {
        let text = std::fs::read_to_string(self.folder.join("stamps.json")).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Keeps the stamps for the next build.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn keep_stamps(&self, stamps: &Stamps) -> std::io::Result<()> {
        let text = serde_json::to_string_pretty(stamps).map_err(std::io::Error::other)?;
        private_folder(&self.folder)?;
        let file = tempfile::NamedTempFile::new_in(&self.folder)?;
        std::fs::write(file.path(), text)?;
        file.persist(self.folder.join("stamps.json")).map_err(|error| error.error)?;
        Ok(())
    }
}
