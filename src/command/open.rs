//! `open`: a bundle or a single sealed file, read on this machine without plaintext on the disk.

use super::desk::{Desk, Failure, Outcome};
use crate::reading_room::{Files, OneFile, Options, Server, ZipFiles};
use crate::sealing::{
    Identity, SecretBytes, SecretText, is_armored, normalise_passphrase, open, parse_identities, unseal_file,
    unwrap_identity,
};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Shows a bundle, or a single sealed file, on this machine alone
#[derive(Debug, clap::Args)]
pub struct Open {
    /// The bundle (bundles/AUDIENCE.zip.age) or a sealed file of a site
    bundle: PathBuf,
    /// The file of your key, or `-` to read it from standard input
    #[arg(short, long, value_name = "KEY")]
    identity: PathBuf,
    /// The port on 127.0.0.1; any free one if not said
    #[arg(long, default_value_t = 0)]
    port: u16,
}

impl Open {
    /// Runs the command until it is interrupted.
    ///
    /// # Errors
    /// When the key opens nothing, or the file is damaged.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let identities = self.identities(desk)?;
        let sealed = std::fs::read(&self.bundle)
            .map_err(|error| Failure { message: format!("{}: {error}", self.bundle.display()), remedy: None })?;
        let plain = open(&sealed, &identities).map_err(|error| {
            Failure::new(format!("{}: {error}", self.bundle.display()), "use the key of a reader for whom it is sealed")
        })?;
        let files = files_of(&self.bundle, &plain, &sealed, &identities)?;
        drop((plain, sealed));
        let options = Options {
            address: std::net::SocketAddr::from(([127, 0, 0, 1], self.port)),
            // Other people on this machine could open the port; they cannot guess the path.
            secret_path: true,
            ..Options::default()
        };
        let server = Server::bind(options, files)?;
        desk.terminal.data(&format!("{}\n", server.url()))?;
        desk.terminal.say("open on this machine alone, nothing is written to the disk; interrupt to close");
        server.run()?;
        Ok(Outcome::Fine)
    }

    fn identities(&self, desk: &Desk<'_>) -> Result<Vec<Identity>, Failure> {
        let failed =
            |error: std::io::Error| Failure { message: format!("{}: {error}", self.identity.display()), remedy: None };
        let text = if self.identity == Path::new("-") {
            SecretText::read_from(desk.terminal.input()).map_err(failed)?
        } else {
            SecretText::read_file(&self.identity).map_err(failed)?
        };
        if is_armored(text.expose().as_bytes()) {
            let typed = desk.terminal.ask_secret("passphrase").map_err(|error| {
                Failure::new(error.to_string(), "this key is wrapped in a passphrase: run the command on a terminal")
            })?;
            let passphrase = normalise_passphrase(typed.as_str());
            return unwrap_identity(text.expose().as_bytes(), &passphrase)
                .map_err(|error| Failure { message: error.to_string(), remedy: None });
        }
        parse_identities(text.expose()).map_err(|error| {
            Failure::new(format!("{}: {error}", self.identity.display()), "name the file that holds your private key")
        })
    }
}

/// A bundle is a zip; a single sealed file is a tar of place, file and padding.
fn files_of(
    path: &Path,
    plain: &SecretBytes,
    sealed: &[u8],
    identities: &[Identity],
) -> Result<Arc<dyn Files>, Failure> {
    let broken =
        |error: &dyn std::fmt::Display| Failure { message: format!("{}: {error}", path.display()), remedy: None };
    if plain.expose().starts_with(b"PK") {
        let bytes = Zeroizing::new(plain.expose().to_vec());
        return Ok(Arc::new(ZipFiles::new(bytes).map_err(|error| broken(&error))?));
    }
    let file = unseal_file(Cursor::new(sealed), identities, None).map_err(|error| broken(&error))?;
    let (name, media_type) = (file.head().name.clone(), file.head().media_type.clone());
    let mut bytes = SecretBytes::with_capacity(usize::try_from(file.len()).unwrap_or_default());
    file.copy_to(&mut bytes).map_err(|error| broken(&error))?;
    Ok(Arc::new(OneFile::new(&name, Some(&media_type), Zeroizing::new(bytes.expose().to_vec()))))
}
