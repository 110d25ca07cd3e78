//! `schema`: writes the schemas by which editors know an archive's files, and says which of them are out of date.

use super::desk::{Desk, Failure, Outcome, counted};
use super::source::read;
use super::writing::{remove, write_over};
use crate::archive::{Archive, SETTINGS};
use crate::checks;
use crate::exchange::schema::{FOLDER, Known, MARK, Schema, modeline_of, schemas};
use crate::repository::{FileEntry, FileKind, Files, Snapshot, open_work_tree};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Writes the schemas by which editors complete and explain an archive's YAML files
#[derive(Debug, clap::Args)]
pub struct SchemaOf {
    /// The archive's folder
    #[arg(default_value = ".")]
    archive: PathBuf,
    /// Write nothing; fail where a schema is out of date, missing or left over
    #[arg(long)]
    check: bool,
}

/// Larger files than this are no schemas of ours.
const LARGEST: u64 = 4 << 20;

/// What sets the schemas that lie there apart from those that should.
struct Differences<'a> {
    /// Not there, or with another text.
    outdated: Vec<&'a Schema>,
    /// Ours, and of no type that there is.
    left_over: Vec<&'a FileEntry>,
    /// Where a schema belongs and something else lies.
    foreign: Vec<&'a str>,
}

impl SchemaOf {
    /// Runs the command.
    ///
    /// # Errors
    /// When there is no such archive, or a schema cannot be written.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let snapshot = open_work_tree(&self.archive)?;
        if snapshot.file(SETTINGS).is_none() {
            let message = format!("{} holds no {SETTINGS}: it is no archive", self.archive.display());
            return Err(Failure::new(message, "name the archive's folder, or begin one with `strongroom init`"));
        }
        let reading = read(desk, &snapshot, desk.day);
        let wanted = wanted(&reading.archive);
        let differences = Differences::between(&snapshot, &wanted);
        let astray = astray(&snapshot, &wanted);
        if let Some(path) = differences.foreign.first() {
            let message = format!("{path} is not a schema that `strongroom schema` wrote, and was left as it is");
            return Err(Failure::new(message, "move it away first"));
        }
        let outdated: Vec<&str> = differences.outdated.iter().map(|schema| schema.path.as_str()).collect();
        let left_over: Vec<&str> = differences.left_over.iter().map(|entry| entry.path.as_str()).collect();
        if !self.check {
            write(&self.archive, &differences)?;
        }
        let lines = || outdated.iter().chain(&left_over).map(|path| format!("{path}\n")).collect();
        desk.answer(
            lines,
            || json!({"outdated": outdated, "left_over": left_over, "astray": astray, "written": !self.check}),
        )?;
        for file in &astray {
            desk.terminal.warn(&format!("the first line of {file} leads to no schema of this archive"));
        }
        let changes = outdated.len() + left_over.len();
        if self.check && changes > 0 {
            desk.terminal
                .say(&format!("{}; `strongroom schema` brings them up to date", counted(changes, "schema file")));
            return Ok(Outcome::Failed);
        }
        Ok(desk.judge(&reading.findings))
    }
}

fn wanted(archive: &Archive) -> Vec<Schema> {
    schemas(archive, &Known::of(archive, checks::notices().map(|notice| notice.code.0)))
}

/// The schemas of an archive as files, where they are not written one by one.
pub fn first(desk: &Desk<'_>, snapshot: &Snapshot) -> Files {
    let wanted = wanted(&read(desk, snapshot, desk.day).archive);
    wanted.into_iter().map(|schema| (schema.path, schema.text.into_bytes().into())).collect()
}

/// Whether the schemas that lie in an archive are those of its types, readers and settings.
#[must_use]
pub fn is_current(archive: &Archive, snapshot: &Snapshot) -> bool {
    let wanted = wanted(archive);
    let Differences { outdated, left_over, foreign } = Differences::between(snapshot, &wanted);
    outdated.is_empty() && left_over.is_empty() && foreign.is_empty()
}

/// Writes the schemas of an archive that has none yet, or whose schemas were current before it changed.
///
/// # Errors
/// When the archive cannot be read, or a schema cannot be written.
pub fn write_first(desk: &Desk<'_>, archive: &Path) -> Result<(), Failure> {
    let snapshot = open_work_tree(archive)?;
    let wanted = wanted(&read(desk, &snapshot, desk.day).archive);
    write(archive, &Differences::between(&snapshot, &wanted))
}

fn write(archive: &Path, differences: &Differences<'_>) -> Result<(), Failure> {
    for folder in Path::new(FOLDER).ancestors().filter(|folder| !folder.as_os_str().is_empty()) {
        // What lies behind a link is not the archive's.
        if archive.join(folder).is_symlink() {
            let message = format!("{} is a symbolic link", archive.join(folder).display());
            return Err(Failure::new(message, "put a folder in its place"));
        }
    }
    for schema in &differences.outdated {
        write_over(&archive.join(&schema.path), schema.text.as_bytes())?;
    }
    for entry in &differences.left_over {
        remove(&archive.join(&entry.path))?;
    }
    Ok(())
}

impl<'a> Differences<'a> {
    fn between(snapshot: &'a Snapshot, wanted: &'a [Schema]) -> Self {
        let mut differences = Self { outdated: Vec::new(), left_over: Vec::new(), foreign: Vec::new() };
        for schema in wanted {
            match snapshot.file(&schema.path).map(|entry| text_of(snapshot, entry)) {
                Some(Some(text)) if text == schema.text => {}
                Some(Some(text)) if text.contains(MARK) => differences.outdated.push(schema),
                None => differences.outdated.push(schema),
                Some(_) => differences.foreign.push(&schema.path),
            }
        }
        let unknown = |entry: &&FileEntry| !wanted.iter().any(|schema| schema.path == entry.path);
        let ours = |entry: &&FileEntry| text_of(snapshot, entry).is_some_and(|text| text.contains(MARK));
        differences.left_over =
            snapshot.files_below(FOLDER.trim_end_matches('/')).iter().filter(unknown).filter(ours).collect();
        differences
    }
}

fn text_of(snapshot: &Snapshot, entry: &FileEntry) -> Option<String> {
    let bytes = snapshot.read(entry, LARGEST).ok().filter(|_| entry.kind == FileKind::Regular)?;
    String::from_utf8(bytes).ok()
}

/// Files whose first line leads into the folder of the schemas, and to none of them.
fn astray(snapshot: &Snapshot, wanted: &[Schema]) -> Vec<String> {
    let yaml = |entry: &&FileEntry| entry.path.ends_with(".yaml") || entry.path.ends_with(".yml");
    let lost = |entry: &&FileEntry| {
        let text = text_of(snapshot, entry).unwrap_or_default();
        let schema = modeline_of(&entry.path, &text).filter(|path| path.contains(FOLDER));
        schema.is_some_and(|path| !wanted.iter().any(|schema| schema.path == path))
    };
    snapshot.files().iter().filter(yaml).filter(lost).map(|entry| entry.path.clone()).collect()
}
