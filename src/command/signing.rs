//! The key with which a command signs: read from its file, unlocked by a passphrase where it is locked.

use super::desk::{Desk, Failure};
use crate::provenance::SigningKey;
use std::path::Path;
use zeroize::Zeroizing;

/// No private key of OpenSSH is longer, in bytes.
const LONGEST_KEY: u64 = 64 << 10;

/// Reads the key; asks for its passphrase at the terminal where it has one.
///
/// # Errors
/// When the file cannot be read, is no key that signs here, or is not unlocked.
pub fn signing_key(desk: &Desk<'_>, path: &Path) -> Result<SigningKey, Failure> {
    let shown = path.display().to_string();
    let failed = |error: std::io::Error| Failure {
        message: format!("{shown}: {error}"),
        remedy: Some("name the file of the private key with which you sign".to_owned()),
    };
    if std::fs::metadata(path).map_err(failed)?.len() > LONGEST_KEY {
        return Err(Failure::new(format!("{shown}: this is no private key of OpenSSH"), "name the file of the key"));
    }
    let text = Zeroizing::new(std::fs::read(path).map_err(failed)?);
    let ask = || desk.terminal.ask_secret(&format!("passphrase of {shown}")).ok();
    SigningKey::read(&text, ask)
        .map_err(|finding| Failure { message: format!("{shown}: {}", finding.message), remedy: Some(finding.remedy) })
}
