//! `key renew`: all keys of a site replaced at once, after somebody may have seen the sealing key, or because they are old.

use super::build::Keeping;
use super::desk::{Desk, Failure, Outcome};
use crate::sealing::SealingKey;
use serde_json::json;
use std::path::PathBuf;

/// What a new sealing key does, said before it is made and after.
const EFFECTS: &str = "the next build seals everything anew, gives every reader another keyring, and moves sealed pages and \
                       files to other addresses, so that links to them lead nowhere. Readers keep their own keys. Copies of \
                       the site that were made before stay open to whoever had the old key";

/// Replaces the sealing key.
#[derive(Debug, clap::Args)]
pub struct RenewKey {
    /// The archive's folder
    #[arg(long, default_value = ".")]
    archive: PathBuf,
    #[command(flatten)]
    keeping: Keeping,
    /// Replace it; without this only what would happen is said
    #[arg(long)]
    yes: bool,
}

impl RenewKey {
    /// Runs the command.
    ///
    /// # Errors
    /// When no build has made a sealing key, it was not said that it is meant, or the new one cannot be written.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let state = self.keeping.state(&self.archive)?;
        let file = state.key_file();
        if !file.exists() {
            let message = format!("there is no sealing key at {}", file.display());
            return Err(Failure::new(
                message,
                "the first build makes one; where it lies elsewhere, say --state or --sealing-key as builds do",
            ));
        }
        if !self.yes {
            let message = format!("nothing was done to {}. With another sealing key, {EFFECTS}", file.display());
            return Err(Failure::new(message, "if that is meant, say the same again with --yes"));
        }
        SealingKey::renew(file).map_err(|error| Failure { message: error.to_string(), remedy: None })?;
        desk.answer(
            || format!("the sealing key in {} is another\n", file.display()),
            || json!({"sealing_key": file.display().to_string()}),
        )?;
        desk.terminal.say(EFFECTS);
        Ok(Outcome::Fine)
    }
}
