//! `export`: what a given reader may read, as data. Who asks has the repository and could read all of it; what is exported
//! is for somebody else, and holds nothing that this reader's keys would not open in the site.

use super::access::{find_reader, known_audience};
use super::desk::{Desk, Failure, Format, Outcome};
use super::source::{ArchiveSource, read};
use super::writing::{Mode, kept_in, write_new};
use crate::archive::Archive;
use crate::dossier::REGISTERS;
use crate::exchange::export::{
    About, Head, Selection, Sheet, Whom, asset_json, asset_table, holding, mapping_of, write_export,
};
use crate::finding::{human, nearest, quote};
use crate::record::RecordType;
use crate::repository::{Origin, Snapshot};
use std::path::{Path, PathBuf};

/// Gives what a reader may read as CSV or JSON
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("whom").required(true))]
pub struct Export {
    #[command(flatten)]
    source: ArchiveSource,
    /// For this reader: all that the reader's keys open, and nothing else
    #[arg(long = "as", value_name = "READER", group = "whom")]
    reader: Option<String>,
    /// For an audience: what it alone suffices to read; `staff` for what is open
    #[arg(long, value_name = "NAME", group = "whom")]
    audience: Option<String>,
    /// Everything that the archive holds, restricted parts included
    #[arg(long, group = "whom")]
    everything: bool,
    /// Records of this type alone; as CSV one type is exported at a time
    #[arg(long = "type", value_name = "TYPE")]
    record_type: Option<String>,
    /// Records of this dossier alone, or `registers`
    #[arg(long, value_name = "DOSSIER")]
    dossier: Option<String>,
    /// The register of dossiers as assets instead of records
    #[arg(long, conflicts_with_all = ["record_type", "mapping"])]
    assets: bool,
    /// All that is held about a person, by the name of a contact's record (DOSSIER/PATH), instead of records
    #[arg(long, value_name = "RECORD", conflicts_with_all = ["record_type", "dossier", "assets", "mapping"])]
    about: Option<String>,
    /// Write to this new file, which its owner alone can read, instead of standard output
    #[arg(short, long, alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write here the mapping by which `import` brings the table in again
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Begin CSV with a byte-order mark: without it Excel takes Chinese for another encoding
    #[arg(long)]
    bom: bool,
}

impl Export {
    /// Runs the command.
    ///
    /// # Errors
    /// When the archive has errors or no such reader, audience, type or dossier, or the answer cannot be written.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let snapshot = self.source.open()?;
        let reading = read(desk, &snapshot, desk.day);
        let archive = &reading.archive;
        if reading.findings.has_errors() {
            // What an error restricts nobody can tell, as with a build.
            let message = format!("the archive has {}; nothing is exported from it", human::summary(&reading.findings));
            return Err(Failure::new(message, "mend them first: `strongroom check` shows them"));
        }
        let whom = self.whom(archive)?;
        let holds = holding(archive, whom);
        let record_type = self.record_type.as_deref().map(|name| find_type(archive, name)).transpose()?;
        if let Some(name) = &self.dossier {
            // Whether there is a dossier of this name is told to those who may know of it.
            let known = name == REGISTERS || archive.dossiers.within(&holds).any(|dossier| *dossier.name == **name);
            if !known {
                let message = format!("there is no dossier {} in what may be read here", quote(name));
                return Err(Failure::new(message, "correct the name, or leave it out"));
            }
        }
        let selection = Selection {
            archive,
            holds: &holds,
            record_type: record_type.map(|found| found.name.as_str()),
            dossier: self.dossier.as_deref(),
        };
        let notice = notice(whom, &desk.day.to_string());
        let text = match (desk.format, record_type) {
            (Format::Json, _) => self.json(&selection, &snapshot, whom, &notice)?,
            _ if self.about.is_some() => self.marked(self.about(&selection)?.csv(&notice)),
            _ if self.assets => self.marked(asset_table(&selection, &notice)),
            (_, Some(record_type)) => {
                let sheet = Sheet::of(&selection, record_type, &snapshot, &notice);
                if let Some(path) = &self.mapping {
                    write_new(path, mapping_of(&sheet, record_type).as_bytes(), Mode::Ordinary)?;
                }
                self.marked(sheet.csv())
            }
            (_, None) => {
                let message = "a table holds the records of one type";
                return Err(Failure::new(message, "name it with --type, or take all types with --format json"));
            }
        };
        match &self.output {
            Some(path) => self.write(desk, path, &text)?,
            None => desk.terminal.data(&text)?,
        }
        desk.terminal.say(&notice);
        if self.about.is_some() {
            desk.terminal.say(
                "what was there before is in the history of these records, and in every clone, until that is rewritten",
            );
        }
        if let Whom::Reader(reader) = whom
            && !archive.present_readers().any(|(present, _)| present.name == reader.name)
        {
            let message =
                format!("{} is in no keyring on this day: the export holds what is open to all staff", reader.name);
            desk.terminal.warn(&message);
        }
        Ok(Outcome::Fine)
    }

    fn whom<'a>(&'a self, archive: &'a Archive) -> Result<Whom<'a>, Failure> {
        match (&self.reader, &self.audience) {
            (Some(name), _) => Ok(Whom::Reader(find_reader(archive, name)?)),
            (None, Some(name)) => {
                known_audience(archive, name)?;
                Ok(Whom::Audience(name))
            }
            (None, None) => Ok(Whom::Everything),
        }
    }

    fn json(
        &self,
        selection: &Selection<'_>,
        snapshot: &Snapshot,
        whom: Whom<'_>,
        notice: &str,
    ) -> Result<String, Failure> {
        if self.mapping.is_some() {
            return Err(Failure::new("a mapping belongs to a table", "export as CSV, or leave --mapping out"));
        }
        let settings = &selection.archive.settings;
        let commit = match snapshot.origin() {
            Origin::Commit(facts) => Some(facts.id.to_string()),
            _ => None,
        };
        let head = Head {
            archive: settings.title.in_language(&settings.language),
            commit,
            day: selection.archive.day.to_string(),
            r#for: called(whom),
            notice,
        };
        let mut bytes = Vec::new();
        if let Some(about) = &self.about {
            let told = serde_json::json!({"about": about, "archive": head.archive, "commit": head.commit, "day": head.day,
                "for": head.r#for, "notice": notice, "held": self.about(selection)?.json()});
            return Ok(format!("{told}\n"));
        }
        if self.assets {
            let told = serde_json::json!({"archive": head.archive, "assets": asset_json(selection), "commit": head.commit,
                "day": head.day, "for": head.r#for, "notice": notice});
            return Ok(format!("{told}\n"));
        }
        write_export(&head, selection, &mut bytes)?;
        String::from_utf8(bytes).map_err(|error| Failure { message: error.to_string(), remedy: None })
    }

    /// What is held about the person that is asked for.
    fn about<'a>(&self, selection: &'a Selection<'a>) -> Result<About<'a>, Failure> {
        let name = self.about.as_deref().unwrap_or_default().trim_start_matches("customers/");
        let name = name.strip_suffix(".md").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name);
        About::of(selection, name).ok_or_else(|| {
            // Whether there is a record of this name is told to those who may know of it.
            let message = format!("there is no record {} in what may be read here", quote(name));
            let remedy = "name the contact's record, as DOSSIER/contacts/people/ID: `export --type contact` lists them";
            Failure::new(message, remedy)
        })
    }

    /// A table, with the mark that Excel wants where it is asked for.
    fn marked(&self, table: String) -> String {
        if self.bom { format!("\u{feff}{table}") } else { table }
    }

    fn write(&self, desk: &Desk<'_>, path: &Path, text: &str) -> Result<(), Failure> {
        write_new(path, text.as_bytes(), Mode::Private)?;
        if let Some(folder) = kept_in(path) {
            let folder = folder.display();
            desk.terminal.warn(&format!("the export lies inside {folder}, where it may be committed: move it out"));
        }
        Ok(())
    }
}

/// For whom an export is, in a word.
fn called(whom: Whom<'_>) -> String {
    match whom {
        Whom::Reader(reader) => format!("reader {}", reader.name),
        Whom::Audience(name) => format!("audience {name}"),
        Whom::Everything => "archivists".to_owned(),
    }
}

/// What stands on everything that is exported. It is the same whether something was left out or not.
fn notice(whom: Whom<'_>, day: &str) -> String {
    match whom {
        Whom::Reader(reader) => format!(
            "仅供 {name} 使用，{day} 导出；其无权查看的部分未列入。For {name} only, exported on {day}; what this reader may not read is left out.",
            name = reader.name
        ),
        Whom::Audience(name) => format!(
            "仅供知悉范围 {name} 使用，{day} 导出；超出该范围的部分未列入。For the audience {name} only, exported on {day}; what it may not read is left out."
        ),
        Whom::Everything => format!(
            "含全部受限内容，仅供档案员使用，{day} 导出。For archivists only, restricted parts included, exported on {day}."
        ),
    }
}

fn find_type<'a>(archive: &'a Archive, name: &str) -> Result<&'a RecordType, Failure> {
    archive.types.get(name).map(AsRef::as_ref).ok_or_else(|| {
        let names: Vec<&str> = archive.types.iter().map(|known| known.name.as_str()).collect();
        let remedy = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean {}?", quote(near)),
            None => format!("the types are {}", names.join(", ")),
        };
        Failure::new(format!("there is no record type {}", quote(name)), remedy)
    })
}
