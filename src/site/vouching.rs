//! Vouching for a site before it takes its place: an entry in the log, where one is kept, and the manifest of what the site
//! is meant to hold, signed where there is a key.
//!
//! The log is written first: should the site not take its place after all, the log has a publishing too many, which the
//! next one repeats, and never one too few.

use super::door::Built;
use super::publish::PublishError;
use super::swap::Publication;
use crate::proof::{MANIFEST, MANIFEST_SIGNATURE, Manifest, Publishing, SiteFacts, append};
use crate::provenance::{SigningKey, TEXT_NAMESPACE};

/// Who vouches for a site.
#[derive(Clone, Copy, Default)]
pub struct Vouching<'a> {
    /// The key that signs the manifest; none leaves it unsigned.
    pub key: Option<&'a SigningKey>,
    /// The log to which the publishing is added; it needs a key.
    pub log: Option<Publishing<'a>>,
}

/// Where the log's last checkpoint stands in a site, with its signature beside it.
const CHECKPOINT: &str = "checkpoints/latest.txt";

/// Adds to the log, writes its checkpoint, the manifest and the manifest's signature. Nothing can be written into the site after it.
///
/// # Errors
/// When it cannot be signed or written.
pub fn vouch(publication: &Publication, built: &Built, vouching: &Vouching<'_>) -> Result<(), PublishError> {
    let mut checkpoint = None;
    if let (Some(log), Some(key)) = (&vouching.log, vouching.key) {
        let head = append(log, key).map_err(PublishError::Log)?;
        publication.write(CHECKPOINT, &head.note)?;
        publication.write(&format!("{CHECKPOINT}.sig"), &head.signature)?;
        checkpoint = Some((head.checkpoint.size, head.checkpoint.root_text()));
    }
    let facts =
        SiteFacts { commit: built.commit.clone(), day: built.date.clone(), uncommitted: built.worktree, checkpoint };
    let text = Manifest { facts, files: publication.meant()? }.text();
    if let Some(key) = vouching.key {
        let signature = key.sign(TEXT_NAMESPACE, text.as_bytes());
        let signature = signature.map_err(|finding| PublishError::Findings((*finding).into()))?;
        publication.write(MANIFEST_SIGNATURE, signature.as_bytes())?;
    }
    Ok(publication.write(MANIFEST, text.as_bytes())?)
}
