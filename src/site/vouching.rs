//! Vouching for a site before it takes its place: the manifest of what it is meant to hold, signed where there is a key.

use super::door::Built;
use super::publish::PublishError;
use super::swap::Publication;
use crate::proof::{MANIFEST, MANIFEST_SIGNATURE, Manifest, SiteFacts};
use crate::provenance::{SigningKey, TEXT_NAMESPACE};

/// Who vouches for a site.
#[derive(Clone, Copy, Default)]
pub struct Vouching<'a> {
    /// The key that signs the manifest; none leaves it unsigned.
    pub key: Option<&'a SigningKey>,
}

/// Writes the manifest, and its signature. Nothing can be written into the site after it.
///
/// # Errors
/// When it cannot be signed or written.
pub fn vouch(publication: &Publication, built: &Built, vouching: &Vouching<'_>) -> Result<(), PublishError> {
    let facts = SiteFacts {
        commit: built.commit.clone(),
        day: built.date.clone(),
        uncommitted: built.worktree,
        checkpoint: None,
    };
    let text = Manifest { facts, files: publication.meant()? }.text();
    if let Some(key) = vouching.key {
        let signature = key.sign(TEXT_NAMESPACE, text.as_bytes());
        let signature = signature.map_err(|finding| PublishError::Findings((*finding).into()))?;
        publication.write(MANIFEST_SIGNATURE, signature.as_bytes())?;
    }
    Ok(publication.write(MANIFEST, text.as_bytes())?)
}
