//! `new reader`: a person with a public key, written into `readers/`, and the person's name into the audiences of the
//! settings, whose comments and order stay as they are.

use super::desk::{Desk, Failure, Outcome, SPOKEN};
use super::next_steps::NextSteps;
use super::schema::{is_current, write_first};
use super::source::read;
use super::writing::{Mode, write_new, write_over};
use crate::access::Reader;
use crate::archive::{Archive, SETTINGS};
use crate::exchange::schema::modeline;
use crate::finding::{nearest, quote};
use crate::repository::Snapshot;
use crate::sealing::{KeyRefusal, parse_reader_key};
use crate::text::map::parse_day;
use crate::text::{Source, flow_scalar, scalar, with_word};
use jiff::civil::Date;
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

/// What `new` is asked to write where it is asked for a person.
pub const READER: &str = "reader";
/// Settings above this are not read by any command.
const LARGEST: u64 = 1 << 20;

/// What is known of a new reader, beside the name of the file.
#[derive(Debug, Default, clap::Args)]
pub struct Person {
    /// Of a new reader: the public key that the reader sent, a line that begins with age1
    #[arg(long, value_name = "PUBLIC KEY")]
    key: Vec<String>,
    /// Of a new reader: the audiences to join, with commas between them
    #[arg(long, value_name = "AUDIENCES", value_delimiter = ',')]
    audience: Vec<String>,
    /// Of a new reader: the person's name in English, where --name has it in Chinese
    #[arg(long, value_name = "NAME")]
    name_en: Option<String>,
    /// Of a new reader: what the person does in the company
    #[arg(long)]
    post: Option<String>,
    /// Of a new reader: the last day on which the confidentiality training counts
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    trained_until: Option<Date>,
}

impl Person {
    /// Whether anything of a reader was said.
    #[must_use]
    pub fn is_said(&self) -> bool {
        !self.key.is_empty()
            || !self.audience.is_empty()
            || self.name_en.is_some()
            || self.post.is_some()
            || self.trained_until.is_some()
    }

    /// Writes the reader's file, and joins the audiences.
    ///
    /// # Errors
    /// When there is such a reader, a key or an audience is none, or a file cannot be written. Nothing is written then.
    pub fn write(
        &self,
        desk: &Desk<'_>,
        (folder, snapshot): (&Path, &Snapshot),
        name: Option<&str>,
        shown: Option<&str>,
    ) -> Result<Outcome, Failure> {
        let given = [name, shown, self.name_en.as_deref(), self.post.as_deref()].into_iter().flatten();
        for text in given.chain(self.key.iter().chain(&self.audience).map(String::as_str)) {
            no_secret(text)?;
        }
        let Some(name) = name else {
            let remedy = "strongroom new reader NAME, as li-wei; then --name, --key and --audience";
            return Err(Failure::new("a reader needs a name for the file", remedy));
        };
        let reading = read(desk, snapshot, desk.day);
        let archive = &reading.archive;
        free_name(name, snapshot)?;
        let keys = self.keys(archive)?;
        let settings = self.settings(archive, snapshot, name)?;
        let current = is_current(archive, snapshot);

        let path = format!("readers/{name}.yaml");
        let file = folder.join(&path);
        write_new(&file, self.text(&path, (shown, &archive.settings.language), &keys).as_bytes(), Mode::Ordinary)?;
        let mut written = vec![file.display().to_string()];
        if let Settings::Joined(text) = &settings {
            let file = folder.join(SETTINGS);
            write_over(&file, text.as_bytes())?;
            written.push(file.display().to_string());
        }
        if current {
            write_first(desk, folder)?;
        }
        desk.answer(
            || written.iter().map(|file| format!("{file}\n")).collect(),
            || json!({"file": written.first(), "path": path, "type": READER, "audiences": self.audience, "written": written}),
        )?;
        for other in archive.readers.iter().filter(|other| self.is_called_as(other, shown)) {
            desk.terminal.warn(&format!(
                "{} is called {} as well; if that is the same person, put the key into readers/{}.yaml instead",
                other.name,
                other.display_name(),
                other.name
            ));
        }
        self.advise(desk, folder, name, archive, &settings);
        Ok(Outcome::Fine)
    }

    fn keys(&self, archive: &Archive) -> Result<Vec<String>, Failure> {
        let mut keys = Vec::new();
        for given in &self.key {
            // What was given is not repeated: it may be anything.
            let key = parse_reader_key(given).map_err(|refusal| {
                Failure::new(format!("the key given with --key cannot be used: {refusal}"), PUBLIC_KEY)
            })?;
            let holds = |reader: &&Reader| reader.keys.iter().any(|held| held.as_str() == key.as_str());
            if let Some(other) = archive.readers.iter().find(holds) {
                let message = format!("{} holds this key already", other.name);
                return Err(Failure::new(message, "let each person make a key of their own in the site's page"));
            }
            keys.push(key.as_str().to_owned());
        }
        Ok(keys)
    }

    /// The settings with the reader in the audiences.
    fn settings(&self, archive: &Archive, snapshot: &Snapshot, name: &str) -> Result<Settings, Failure> {
        let names: Vec<&str> = archive.settings.audiences.iter().map(|(name, _)| name).collect();
        for audience in &self.audience {
            if audience == crate::access::STAFF {
                let remedy = "leave it out: everybody who can open the site is staff";
                return Err(Failure::new("nobody needs to join staff", remedy));
            }
            if !names.contains(&audience.as_str()) {
                let remedy = match nearest(audience, names.iter().copied()) {
                    Some(near) => format!("did you mean {}?", quote(near)),
                    None => format!("{SETTINGS} has {}", names.join(", ")),
                };
                return Err(Failure::new(format!("there is no audience {}", quote(audience)), remedy));
            }
        }
        let wanted = self.audience.iter().filter(|audience| !archive.settings.audiences.has(audience, name));
        let wanted: Vec<&str> = wanted.map(String::as_str).collect();
        if wanted.is_empty() {
            return Ok(Settings::Same);
        }
        let Some(entry) = snapshot.file(SETTINGS) else { return Ok(Settings::ByHand) };
        let bytes =
            snapshot.read(entry, LARGEST).map_err(|error| Failure { message: error.to_string(), remedy: None })?;
        Ok(joined(&bytes, &wanted, name).map_or(Settings::ByHand, Settings::Joined))
    }

    fn text(&self, path: &str, (shown, language): (Option<&str>, &str), keys: &[String]) -> String {
        let course = if language == "en" { "Confidentiality" } else { "保密知识" };
        let mut out = modeline(path, "readers").unwrap_or_default();
        let _ = match (shown, &self.name_en) {
            (Some(zh), Some(en)) => writeln!(out, "name: {{zh: {}, en: {}}}", flow_scalar(zh), flow_scalar(en)),
            (Some(one), None) => writeln!(out, "name: {}", scalar(one, 0)),
            (None, Some(en)) => writeln!(out, "name: {{en: {}}}", flow_scalar(en)),
            (None, None) => writeln!(out, "# name: {{zh: 李薇, en: Li Wei}}   # as people write it"),
        };
        let _ = match &self.post {
            Some(post) => writeln!(out, "post: {}", scalar(post, 0)),
            None => writeln!(out, "# post: …   # what the person does in the company"),
        };
        let _ = match keys {
            [] => writeln!(out, "keys: []   # the public key that the reader sent, age1…; never a private one"),
            keys => writeln!(out, "keys: [{}]", keys.join(", ")),
        };
        out.push_str("# until: 2027-12-31   # in no keyring after this day\n");
        let _ = match self.trained_until {
            Some(day) => writeln!(out, "training:\n  - {{course: {course}, valid_until: {day}}}"),
            None => {
                writeln!(out, "# training:\n#   - {{course: {course}, passed: 2026-03-01, valid_until: 2027-03-01}}")
            }
        };
        out
    }

    fn is_called_as(&self, other: &Reader, shown: Option<&str>) -> bool {
        let names = [other.zh.as_deref(), other.en.as_deref()];
        [shown, self.name_en.as_deref()].into_iter().flatten().any(|name| names.contains(&Some(name)))
    }

    fn advise(&self, desk: &Desk<'_>, folder: &Path, name: &str, archive: &Archive, settings: &Settings) {
        let mut steps = NextSteps::of(folder);
        if self.key.is_empty() {
            steps.add(&format!(
                "put the public key that {name} sends you into readers/{name}.yaml; the site's page makes it"
            ));
        }
        for key in &self.key {
            let end = key.get(key.len().saturating_sub(6)..).unwrap_or_default();
            steps.add(&format!("ask {name}, by telephone, whether the key ends in …{end}"));
        }
        if self.trained_until.is_none() && archive.settings.training_required {
            let why = "until then this reader is in no keyring";
            steps.add(&format!("write the confidentiality training into readers/{name}.yaml: {why}"));
        }
        if self.audience.is_empty() {
            let audiences = &archive.settings.audiences;
            let names: Vec<String> = audiences.iter().map(|(name, of)| audience_words(name, of)).collect();
            steps.add(&format!(
                "put {name} into the audiences of {SETTINGS} that this reader belongs to: {}",
                names.join(", ")
            ));
        }
        if matches!(settings, Settings::ByHand) {
            let audiences = self.audience.join(", ");
            steps
                .add(&format!("put {name} yourself into `readers` of {audiences} in {SETTINGS}: it was left as it is"));
        }
        steps.command(&["access", "--reader", name], "what this reader can read");
        steps.commit("the hook says what it opens");
        steps.command(&["build", ".", "-o", "SITE"], "a reader gets in with the next build alone");
        steps.say(desk);
    }
}

/// What becomes of the settings.
enum Settings {
    /// Nobody is to join anything.
    Same,
    /// This is their new text.
    Joined(String),
    /// They are written in a way that only a person should add to.
    ByHand,
}

const PUBLIC_KEY: &str = "give the reader's public key: 62 characters that begin with `age1`";

/// Refuses a private key wherever it was given, and does not repeat it.
fn no_secret(text: &str) -> Result<(), Failure> {
    if parse_reader_key(text).err() != Some(KeyRefusal::Private) {
        return Ok(());
    }
    let message = "what was given is a private key. Whoever has seen it reads what its owner reads, and it stands in \
                   this shell's history now";
    Err(Failure::new(message, "let the reader make a new key, and give its public part, which begins with `age1`"))
}

fn free_name(name: &str, snapshot: &Snapshot) -> Result<(), Failure> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 60 || name.starts_with('-') || !name.chars().all(fine) {
        let message = format!("{} cannot be a reader's name", quote(name));
        return Err(Failure::new(
            message,
            "use small letters, digits and hyphens, as li-wei; --name says it as people do",
        ));
    }
    let taken = ["yaml", "yml"].into_iter().map(|ending| format!("readers/{name}.{ending}"));
    match taken.into_iter().find(|path| snapshot.file(path).is_some()) {
        None => Ok(()),
        Some(path) => Err(Failure::new(
            format!("there is a reader {} already: {path}", quote(name)),
            "for a new key of this person edit that file; another person needs another name",
        )),
    }
}

/// The settings' bytes with the reader in each of these audiences, with the line ends and the mark that they had.
fn joined(bytes: &[u8], audiences: &[&str], name: &str) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut source = Source::decode(SETTINGS, bytes).ok()?;
    for audience in audiences {
        let longer = with_word(&source, &["audiences", audience, "readers"], name)?;
        source = Source::decode(SETTINGS, longer.as_bytes()).ok()?;
    }
    let breaks = text.matches('\n').count();
    let new = match text.matches("\r\n").count() {
        0 if !text.contains('\r') => source.text().to_owned(),
        windows if windows == breaks => source.text().replace('\n', "\r\n"),
        _ => return None,
    };
    Some(if text.starts_with('\u{feff}') { format!("\u{feff}{new}") } else { new })
}

fn audience_words(name: &str, audience: &crate::access::Audience) -> String {
    let title = audience.title.in_language(SPOKEN);
    if title == name { name.to_owned() } else { format!("{name} ({title})") }
}

fn day(text: &str) -> Result<Date, String> {
    parse_day(text).ok_or_else(|| "write year, month and day of a day that exists, as 2027-03-31".to_owned())
}
