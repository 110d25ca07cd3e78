//! The digest of all files of an archive in one commit, which anybody can reckon with `git` and `sha256sum`.

use super::digest::Digest;
use crate::repository::{ContentId, FileKind, ReadError, Snapshot};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Mutex;

/// Digests of contents that were read already, by the id that git gives them.
#[derive(Default)]
pub struct Known(Mutex<HashMap<ContentId, Digest>>);

/// The SHA-256 over a line for each file, sorted by the bytes of their paths: the SHA-256 of the bytes that git holds,
/// two blanks, the path, a line feed. The bytes of a symbolic link are the path in it; of another repository's place, its
/// commit's id in hexadecimal digits.
///
/// # Errors
/// When a file cannot be read. Files whose names can be none must have been refused before.
pub fn tree_digest(snapshot: &Snapshot, known: &Known) -> Result<Digest, ReadError> {
    let digest_of = |file: &crate::repository::FileEntry| -> Result<Digest, ReadError> {
        if file.kind == FileKind::Submodule {
            return Ok(Digest::of(file.id.to_string().as_bytes()));
        }
        if let Some(digest) = known.0.lock().ok().and_then(|known| known.get(&file.id).copied()) {
            return Ok(digest);
        }
        let content = snapshot.open_object(file)?;
        let digest = Digest::of_reader(content).map_err(|error| ReadError::Io(error.to_string()))?;
        if let Ok(mut known) = known.0.lock() {
            known.insert(file.id, digest);
        }
        Ok(digest)
    };
    let lines = snapshot.files().par_iter().map(|file| Ok(format!("{}  {}\n", digest_of(file)?, file.path)));
    let lines = lines.collect::<Result<Vec<String>, ReadError>>()?;
    Ok(Digest::of(lines.concat().as_bytes()))
}
