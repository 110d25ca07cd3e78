//! `key`: makes keys for readers who cannot make one in the page, lists who holds what and until when, and replaces the
//! key from which all keys of the site derive.

use super::desk::{Desk, Failure, Outcome};
use super::key_renewal::RenewKey;
use super::source::{ArchiveSource, read};
use super::writing::{Mode, kept_in, write_new};
use crate::archive::SETTINGS;
use crate::finding::quote;
use crate::readership::{audiences_of, is_present, standing};
use crate::sealing::{Identity, generate_identity, identity_file_text, make_passphrase, wrap_identity};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Makes readers' keys, lists them, and renews the key of the site
#[derive(Debug, clap::Args)]
pub struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Makes a key for a reader; better is that the reader makes it in the site's page, where nobody else ever sees it
    New(NewKey),
    /// Lists the readers, their keys, and until when they are in the keyrings
    List(ArchiveSource),
    /// Replaces the sealing key, so that the next build seals everything anew, for keys that nobody has seen
    Renew(RenewKey),
}

#[derive(Debug, clap::Args)]
struct NewKey {
    /// The reader, as in readers/NAME.yaml
    name: String,
    /// The archive's folder
    #[arg(long, default_value = ".")]
    archive: PathBuf,
    /// Wrap the key in a passphrase made here: writes readers/NAME.age into the archive, and shows the passphrase once
    #[arg(long)]
    passphrase: bool,
    /// Where the private key goes; NAME.txt in the current folder, or with --passphrase nowhere
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Key {
    /// Runs the command.
    ///
    /// # Errors
    /// When no key can be made or written, or the archive not be opened.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        match &self.command {
            Command::New(new) => new.run(desk),
            Command::List(source) => list(desk, source),
            Command::Renew(renew) => renew.run(desk),
        }
    }
}

impl NewKey {
    fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.starts_with('-') || !self.name.chars().all(fine) {
            let message = format!("{} cannot be a reader's name", quote(&self.name));
            return Err(Failure::new(message, "use small letters, digits and hyphens, as li-wei"));
        }
        let file = match (&self.output, self.passphrase) {
            (Some(file), _) => Some(file.clone()),
            (None, true) => None,
            (None, false) => Some(PathBuf::from(format!("{}.txt", self.name))),
        };
        if let Some(file) = &file {
            outside(file, &self.name)?;
        }
        let identity = generate_identity().map_err(|error| Failure::new(error.to_string(), "try again"))?;
        let public = identity.recipient();
        // The private key is safe before anything names the public one.
        if let Some(file) = &file {
            let text = identity_file_text(&identity, &desk.day.to_string());
            write_new(file, text.expose().as_bytes(), Mode::Private)?;
            desk.terminal.say(&format!(
                "the private key is in {}; give it to {} alone, and keep no copy",
                file.display(),
                self.name
            ));
        }
        let shown_file = file.as_ref().map(|file| file.display().to_string());
        if self.passphrase {
            return self.wrapped(desk, &identity, shown_file);
        }
        desk.answer(
            || snippet(public.as_str()),
            || json!({"reader": self.name, "public_key": public.as_str(), "identity_file": shown_file}),
        )?;
        self.advise(desk);
        Ok(Outcome::Fine)
    }

    fn wrapped(&self, desk: &Desk<'_>, identity: &Identity, file: Option<String>) -> Result<Outcome, Failure> {
        if !self.archive.join(SETTINGS).exists() {
            let message = format!("{} holds no {SETTINGS}: it is no archive", self.archive.display());
            return Err(Failure::new(message, "name the archive with --archive"));
        }
        let path = self.archive.join("readers").join(format!("{}.age", self.name));
        if path.exists() {
            let remedy =
                "a new passphrase means a new key: remove this file, and the old key from the reader's file, first";
            return Err(Failure::new(format!("{} is there already", path.display()), remedy));
        }
        let failed = |error: crate::sealing::PassphraseError| Failure { message: error.to_string(), remedy: None };
        let passphrase = make_passphrase().map_err(failed)?;
        let sealed = wrap_identity(identity, &passphrase).map_err(failed)?;
        write_new(&path, sealed.as_bytes(), Mode::Ordinary)?;
        let public = identity.recipient();
        desk.answer(
            || format!("passphrase: {}\n\n{}", passphrase.expose(), snippet(public.as_str())),
            || {
                json!({
                    "reader": self.name,
                    "public_key": public.as_str(),
                    "identity_file": file,
                    "wrapped": path.display().to_string(),
                    "passphrase": passphrase.expose(),
                })
            },
        )?;
        desk.terminal.warn(
            "the passphrase is shown this once and kept nowhere. Hand it over on paper or by word of mouth, then clear this \
             screen: with it, everybody who can open the site reads what this reader reads",
        );
        self.advise(desk);
        Ok(Outcome::Fine)
    }

    fn advise(&self, desk: &Desk<'_>) {
        let path = self.archive.join("readers").join(format!("{}.yaml", self.name));
        let what = if path.exists() { "add the key to" } else { "put these lines into" };
        desk.terminal.say(&format!(
            "{what} {}, and the reader's name into an audience of {SETTINGS}\n\
             better still, let readers make their key in the site's page: then nobody else ever holds it",
            path.display()
        ));
    }
}

fn snippet(public: &str) -> String {
    format!("keys: [{public}]\n")
}

/// Refuses a place where a private key would be committed or published with the rest.
fn outside(file: &Path, name: &str) -> Result<(), Failure> {
    match kept_in(file) {
        None => Ok(()),
        Some(folder) => Err(Failure::new(
            format!(
                "{} lies in {}, which is a repository or an archive: a private key must not get into it",
                file.display(),
                folder.display()
            ),
            format!("name another place: -o ~/{name}.txt"),
        )),
    }
}

fn list(desk: &Desk<'_>, source: &ArchiveSource) -> Result<Outcome, Failure> {
    let reading = read(desk, &source.open()?, desk.day);
    let archive = &reading.archive;
    let width = archive.readers.iter().map(|reader| reader.name.len()).max().unwrap_or_default();
    let human = || {
        let mut out = String::new();
        for reader in &archive.readers {
            let audiences = audiences_of(archive, &reader.name);
            let audiences = if audiences.is_empty() { "staff".to_owned() } else { audiences.join(", ") };
            out.push_str(&format!(
                "{:width$}  {}; {}; {audiences}\n",
                reader.name,
                reader.display_name(),
                standing(archive, reader)
            ));
            for key in &reader.keys {
                out.push_str(&format!("{:width$}  {}\n", "", abbreviated(key.as_str())));
            }
            if archive.wrapped_keys.contains_key(&reader.name) {
                out.push_str(&format!("{:width$}  opens with a passphrase too (readers/{}.age)\n", "", reader.name));
            }
        }
        out
    };
    let json = || {
        let readers = archive.readers.iter().map(|reader| {
            json!({
                "reader": reader.name,
                "name": {"zh": reader.zh, "en": reader.en},
                "audiences": audiences_of(archive, &reader.name),
                "keys": reader.keys.iter().map(|key| key.as_str()).collect::<Vec<_>>(),
                "passphrase": archive.wrapped_keys.contains_key(&reader.name),
                "present": is_present(archive, reader),
                "standing": standing(archive, reader),
                "until": archive.present_readers().find(|(r, _)| r.name == reader.name).and_then(|(_, until)| until).map(|day| day.to_string()),
            })
        });
        json!({"readers": readers.collect::<Vec<_>>()})
    };
    desk.answer(human, json)?;
    if archive.readers.is_empty() {
        desk.terminal.say("the archive has no readers yet");
    }
    Ok(desk.judge(&reading.findings))
}

/// The ends of a key, by which people compare.
fn abbreviated(key: &str) -> String {
    let (start, end) = (key.get(..12).unwrap_or(key), key.get(key.len().saturating_sub(6)..).unwrap_or_default());
    format!("{start}…{end}")
}
