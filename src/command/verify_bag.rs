//! `verify` of an evidence bag: by nothing but the bag, and a list of signers where one is trusted.

use super::desk::Failure;
use crate::evidence::{open, verify};
use crate::finding::Finding;
use crate::provenance::Signers;
use std::path::Path;

/// Checks a bag. What does not hold goes to the findings; what does comes back, a sentence each.
///
/// # Errors
/// When it cannot be read at all.
pub fn bag(path: &Path, signers: Option<&Signers>, findings: &mut Vec<Finding>) -> Result<Vec<String>, Failure> {
    let opened = open(path).map_err(|error| {
        let message = format!("{}: {error}", path.display());
        Failure::new(message, "name the folder, the .zip or the .tar of a bag")
    })?;
    let checked = verify(&opened, signers);
    findings.extend(checked.findings);
    Ok(checked.said)
}
