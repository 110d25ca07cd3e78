//! `new`: a record from its type, ready to fill in; or a reader.

use super::desk::{Desk, Failure, Outcome};
use super::inspecting::{INSPECTION, begun};
use super::new_reader::{Person, READER};
use super::next_steps::NextSteps;
use super::source::read;
use super::template::{self, Given};
use super::writing::{Mode, write_new};
use crate::archive::{Archive, SETTINGS};
use crate::dossier::REGISTERS;
use crate::exchange::schema::modeline;
use crate::finding::{nearest, quote};
use crate::record::{Place, RecordType};
use crate::repository::{Snapshot, open_work_tree};
use serde_json::json;
use std::path::PathBuf;

/// Writes a new record from its type, ready to fill in, or a new reader
#[derive(Debug, clap::Args)]
pub struct New {
    /// The record's type: contract, visit, …; `dossier` for a new customer, `reader` for a person with a key
    #[arg(value_name = "TYPE")]
    record_type: String,
    /// The customer's dossier; without it the record goes into registers/. Of a reader the name of the file, as li-wei
    #[arg(value_name = "CUSTOMER")]
    customer: Option<String>,
    /// The archive's folder
    #[arg(long, default_value = ".")]
    archive: PathBuf,
    /// The record's name, such as its number or date, without folder and extension; of a reader, the person's name
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    person: Person,
}

/// The field that a dossier's type does not require, and a check asks for all the same.
const CUSTODIAN: &str = "custodian";
/// The file name of every dossier's root.
const ROOT: &str = "dossier.yaml";

impl New {
    /// Runs the command.
    ///
    /// # Errors
    /// When there is no such type or customer, or the file is there already.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let snapshot = open_work_tree(&self.archive)?;
        if snapshot.file(SETTINGS).is_none() {
            let message = format!("{} holds no {SETTINGS}: it is no archive", self.archive.display());
            return Err(Failure::new(message, "name the archive with --archive, or begin one with `strongroom init`"));
        }
        // An archive may have a type of this name; then it means that.
        if self.record_type == READER && snapshot.file("types/reader.yaml").is_none() {
            let at = (self.archive.as_path(), &snapshot);
            return self.person.write(desk, at, self.customer.as_deref(), self.name.as_deref());
        }
        if self.person.is_said() {
            let message = "--key, --audience, --name-en, --post and --trained-until are for a new reader";
            return Err(Failure::new(message, "strongroom new reader NAME --key …"));
        }
        let reading = read(desk, &snapshot, desk.day);
        let archive = &reading.archive;
        let record_type = self.find_type(archive)?;
        if let Some(name) = &self.name {
            plain_name(name)?;
        }
        let (path, text) = if is_root(record_type) {
            self.dossier(archive, &snapshot, record_type)?
        } else {
            let (path, text) = self.record(desk, archive, &snapshot, record_type)?;
            let inspects = self.customer.is_none() && record_type.name == INSPECTION;
            let begun = if inspects { begun(desk, &reading, &snapshot, &self.archive, record_type)? } else { None };
            (path, begun.unwrap_or(text))
        };
        let schema = format!("records/{}", record_type.name);
        let text = modeline(&path, &schema).unwrap_or_default() + &text;
        let file = self.archive.join(&path);
        write_new(&file, text.as_bytes(), Mode::Ordinary)?;
        let shown = file.display().to_string();
        desk.answer(|| format!("{shown}\n"), || json!({"file": shown, "path": path, "type": record_type.name}))?;
        self.advise(desk, record_type, &path);
        Ok(Outcome::Fine)
    }

    /// What to do with the file.
    fn advise(&self, desk: &Desk<'_>, record_type: &RecordType, path: &str) {
        if self.customer.is_none() {
            let example = format!("strongroom new {} CUSTOMER", record_type.name);
            desk.terminal.say(&format!("it belongs to no one customer; for a customer's record: {example}"));
        }
        let mut steps = NextSteps::of(&self.archive);
        if record_type.series {
            steps.add(&format!("write a line for each period into {path}, below its header"));
        } else {
            let lines = "lines without # are to be filled in, the others where they are wanted";
            steps.add(&format!("edit {path}: {lines}"));
        }
        steps.command(&["check"], "what is still missing or wrong, with line and remedy");
        steps.command(&["serve"], "the pages on this machine, anew with every save");
        if is_root(record_type) {
            let customer = path.rsplit('/').nth(1).unwrap_or_default();
            steps.command(&["new", "contract", customer], "or another record of this customer");
        }
        steps.commit("the hook says what it opens, and to whom");
        steps.say(desk);
    }

    fn find_type<'a>(&self, archive: &'a Archive) -> Result<&'a RecordType, Failure> {
        if let Some(found) = archive.types.get(&self.record_type) {
            return Ok(found);
        }
        let names: Vec<&str> = archive.types.iter().map(|known| known.name.as_str()).chain([READER]).collect();
        let remedy = match nearest(&self.record_type, names.iter().copied()) {
            Some(near) => format!("did you mean {}?", quote(near)),
            None => format!("the types are {}", names.join(", ")),
        };
        Err(Failure::new(format!("there is no record type {}", quote(&self.record_type)), remedy))
    }

    fn dossier(
        &self,
        archive: &Archive,
        snapshot: &Snapshot,
        record_type: &RecordType,
    ) -> Result<(String, String), Failure> {
        let Some(customer) = &self.customer else {
            return Err(Failure::new("a dossier needs a name", "strongroom new dossier CUSTOMER, as yunxi-hydropower"));
        };
        let folder =
            customer.trim_end_matches('/').strip_prefix("customers/").unwrap_or(customer).trim_end_matches('/');
        let name = folder.rsplit('/').next().unwrap_or_default();
        for part in folder.split('/') {
            plain_name(part)?;
        }
        if name == REGISTERS {
            return Err(Failure::new("a dossier cannot be called registers", "name it after the customer"));
        }
        if let Some(other) = dossier_folder(snapshot, name) {
            return Err(Failure::new(
                format!("there is a dossier {} already: {other}", quote(name)),
                "give the new one another name: dossiers are known by it",
            ));
        }
        let given = Given {
            say_type: false,
            key: None,
            date: None,
            audiences: &archive.settings.audiences,
            yaml_only: true,
            wanted: &[CUSTODIAN],
        };
        Ok((format!("customers/{folder}/{ROOT}"), template::record(record_type, &given)))
    }

    fn record(
        &self,
        desk: &Desk<'_>,
        archive: &Archive,
        snapshot: &Snapshot,
        record_type: &RecordType,
    ) -> Result<(String, String), Failure> {
        let home = match &self.customer {
            None => REGISTERS.to_owned(),
            Some(customer) => {
                let name = customer.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                dossier_folder(snapshot, name).ok_or_else(|| {
                    let names: Vec<&str> = dossier_names(snapshot).collect();
                    let remedy = match nearest(name, names.iter().copied()) {
                        Some(near) => format!("did you mean {}?", quote(near)),
                        None => format!("strongroom new dossier {name} begins one"),
                    };
                    Failure::new(format!("there is no dossier {}", quote(name)), remedy)
                })?
            }
        };
        let day = desk.day.to_string();
        let (inside, by_date) = match &record_type.place {
            Some(Place::File(file)) => (file.clone(), false),
            place => {
                let folder = match place {
                    Some(Place::Folder(folder)) => folder.as_str(),
                    _ => record_type.name.as_str(),
                };
                let extension = if record_type.series { "csv" } else { "md" };
                let taken = |name: &str| {
                    ["md", "yaml", "yml", "csv"]
                        .iter()
                        .any(|e| snapshot.file(&format!("{home}/{folder}/{name}.{e}")).is_some())
                };
                let (name, by_date) = match &self.name {
                    Some(name) => (name.clone(), false),
                    None if record_type.series => (desk.day.year().to_string(), false),
                    None if record_type.key.is_some() => (next_number(desk.day.year(), &taken), false),
                    None => (first_free(&day, &taken), true),
                };
                if taken(&name) {
                    let message = format!("{home}/{folder} holds {} already", quote(&name));
                    return Err(Failure::new(message, "give another name with --name"));
                }
                (format!("{folder}/{name}.{extension}"), by_date)
            }
        };
        let path = format!("{home}/{inside}");
        if record_type.series {
            return Ok((path, template::series(record_type)));
        }
        let given = Given {
            say_type: archive.types.by_place(&inside).is_none_or(|found| found.name != record_type.name),
            key: self.name.as_deref(),
            date: by_date.then_some(day),
            audiences: &archive.settings.audiences,
            yaml_only: !inside.ends_with(".md"),
            wanted: &[],
        };
        Ok((path, template::record(record_type, &given)))
    }
}

fn is_root(record_type: &RecordType) -> bool {
    matches!(&record_type.place, Some(Place::File(file)) if file == ROOT)
}

/// The folders of all dossiers; the files say so even where they have findings.
fn dossier_folders(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    snapshot.files_below("customers").iter().filter_map(|file| file.path.strip_suffix("/dossier.yaml"))
}

fn dossier_names(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    dossier_folders(snapshot).filter_map(|folder| folder.rsplit('/').next())
}

fn dossier_folder(snapshot: &Snapshot, name: &str) -> Option<String> {
    dossier_folders(snapshot).find(|folder| folder.rsplit('/').next() == Some(name)).map(str::to_owned)
}

/// The first number of the year that no record bears.
fn next_number(year: i16, taken: &dyn Fn(&str) -> bool) -> String {
    let mut number = 1_u32;
    loop {
        let name = format!("{year}-{number:03}");
        if !taken(&name) {
            return name;
        }
        number = number.saturating_add(1);
    }
}

/// The name itself, or with the first number behind it that is free.
fn first_free(name: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let mut free = name.to_owned();
    let mut number = 2_u32;
    while taken(&free) {
        free = format!("{name}-{number}");
        number = number.saturating_add(1);
    }
    free
}

/// A name that is one file's, in any address and on any disk.
fn plain_name(name: &str) -> Result<(), Failure> {
    let fine = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !name.is_empty() && name.len() <= 120 && !name.starts_with(['.', '-']) && name.chars().all(fine) {
        return Ok(());
    }
    Err(Failure::new(
        format!("{} cannot be a name here", quote(name)),
        "use letters, digits, hyphens and dots: it becomes a file's name and part of addresses",
    ))
}
