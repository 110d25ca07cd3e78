//! `import`: a table, or a folder of scans, becomes records. It says first what it would make, file by file, and writes only when told to.

use super::desk::{Desk, Failure, Format, Outcome, counted};
use super::placing;
use super::source::read_checked;
use crate::archive::SETTINGS;
use crate::exchange::import::{IMPORT_DOUBLE, IMPORT_THERE, Import, Made, Mapping, Plan, Scans, Table, trailer};
use crate::finding::{Findings, Severity, harmless, human, json};
use crate::repository::open_work_tree;
use crate::text::{Encoding, Source};
use serde_json::json;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Makes records of a table or a folder of scans; without --write it only says what it would make
#[derive(Debug, clap::Args)]
pub struct ImportOf {
    /// The table: a CSV file with a header
    #[arg(value_name = "TABLE.csv", required_unless_present = "scans", conflicts_with = "scans")]
    table: Option<PathBuf>,
    /// A folder of scans instead of a table: what their names say becomes records, to which they are attached
    #[arg(long, value_name = "FOLDER")]
    scans: Option<PathBuf>,
    /// What becomes of which column, or of what the names say: a YAML file
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    /// The archive's folder
    #[arg(long, default_value = ".")]
    archive: PathBuf,
    /// Write the new files: all of them or none, and never over others
    #[arg(long)]
    write: bool,
}

/// A larger table is divided.
const LARGEST_TABLE: u64 = 64 << 20;
/// No mapping is larger.
const LARGEST_MAPPING: u64 = 1 << 20;

impl ImportOf {
    /// Runs the command.
    ///
    /// # Errors
    /// When there is no such archive or file, or the new files cannot be written.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let snapshot = open_work_tree(&self.archive)?;
        if snapshot.file(SETTINGS).is_none() {
            let message = format!("{} holds no {SETTINGS}: it is no archive", self.archive.display());
            return Err(Failure::new(message, "name the archive with --archive, or begin one with `strongroom init`"));
        }
        let before = read_checked(desk, &snapshot, desk.day);
        let mut found = Vec::new();
        let mut plan = Plan::default();
        let mapping = text_of(&self.mapping, LARGEST_MAPPING, Encoding::Utf8, &mut found)?;
        let mut keep = None;
        let mapping = mapping.and_then(|(source, _)| Mapping::read(&source, &before.archive, &mut found));
        if let Some(mut mapping) = mapping {
            if let Some(name) = self.scans.as_ref().or(self.table.as_ref()).and_then(|path| path.file_name()) {
                mapping.note(&name.to_string_lossy(), desk.day);
            }
            let import = Import { archive: &before.archive, snapshot: &snapshot, mapping: &mapping };
            if let Some(folder) = &self.scans {
                let files = Arc::new(open_work_tree(folder)?);
                let scans = Scans { snapshot: &files, name: folder.display().to_string() };
                plan = import.of_scans(&scans, &mut found);
            } else if let Some(table) = &self.table {
                let source = text_of(table, LARGEST_TABLE, mapping.encoding, &mut found)?;
                keep = source.as_ref().map(|(_, trailer)| trailer.clone());
                if let Some(table) = source.and_then(|(source, _)| Table::read(source, mapping.separator, &mut found)) {
                    plan = import.of_table(&table, &mut found);
                }
            }
        }
        let after = read_checked(desk, &snapshot.with_added(plan.added()), desk.day);
        found.extend(plan.told(&before.findings, after.findings));
        let mut found: Findings = found.into();
        found.sort();
        let stops = found.has_errors();
        let written = self.write && !stops && !plan.made.is_empty();
        if written {
            placing::place(desk, &self.archive, &plan.made)?;
        }
        self.tell(desk, &plan, &found, written)?;
        if let Some(trailer) = keep.filter(|_| written) {
            desk.terminal.say(&harmless(&format!("keep this as the last line of the commit's message: {trailer}")));
        }
        if before.findings.has_errors() {
            let summary = human::summary(&before.findings);
            desk.terminal.warn(&format!("the archive itself has {summary} (`strongroom check` shows them)"));
        }
        Ok(if stops { Outcome::Failed } else { Outcome::Fine })
    }

    fn tell(&self, desk: &Desk<'_>, plan: &Plan, found: &Findings, written: bool) -> Result<(), Failure> {
        if desk.format == Format::Json {
            let one = |made: &Made| {
                let (file, line, column) = (&made.from.file, made.from.line, made.from.column);
                json!({"path": made.path, "from": {"file": file, "line": line, "column": column}})
            };
            let made: Vec<serde_json::Value> = plan.made.iter().map(one).collect();
            let findings: serde_json::Value = serde_json::from_str(&json::render(found, true)).unwrap_or_default();
            let told = json!({"made": made, "there": plan.there, "written": written, "findings": findings["findings"],
                "errors": findings["errors"], "warnings": findings["warnings"], "notes": findings["notes"]});
            return Ok(desk.terminal.data(&format!("{told}\n"))?);
        }
        let style = human::Style { colour: desk.terminal.colours_words(), excerpts: true };
        for finding in found {
            desk.terminal.say(&format!("{}\n", human::draw_one(finding, style)));
        }
        let lines = plan.made.iter().map(|made| harmless(&format!("{}  ({})", made.path, made.from)) + "\n");
        desk.terminal.data(&lines.collect::<String>())?;
        desk.terminal.say(&self.summary(plan, found, written));
        Ok(())
    }

    fn summary(&self, plan: &Plan, found: &Findings, written: bool) -> String {
        let there = match plan.there.len() {
            0 => String::new(),
            1 => "; 1 file is there already, just as it would be made".to_owned(),
            number => format!("; {number} files are there already, just as they would be made"),
        };
        let left = found.iter().filter(|finding| [IMPORT_THERE, IMPORT_DOUBLE].contains(&finding.code)).count();
        let left = match left {
            0 => String::new(),
            1 => "; 1 is there already and was left as it is".to_owned(),
            number => format!("; {number} are there already and were left as they are"),
        };
        let new = counted(plan.made.len(), "new file");
        let words = match (found.count(Severity::Error), plan.made.is_empty(), written) {
            (1.., _, _) => format!("nothing is written: {}", human::summary(found)),
            (_, true, _) => "nothing new".to_owned(),
            (_, _, true) => format!("{new} written"),
            (_, _, false) => format!("{new} would be written; add --write to write them"),
        };
        format!("{words}{there}{left}")
    }
}

/// A file outside the archive as text, and the line by which it can be known again.
fn text_of(
    path: &Path,
    largest: u64,
    encoding: Encoding,
    found: &mut Vec<crate::finding::Finding>,
) -> Result<Option<(Source, String)>, Failure> {
    let failed = |what: String| Failure { message: format!("{} {what}", path.display()), remedy: None };
    let file = File::open(path).map_err(|error| failed(format!("cannot be read: {error}")))?;
    let mut bytes = Vec::new();
    file.take(largest + 1).read_to_end(&mut bytes).map_err(|error| failed(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > largest {
        return Err(failed(format!("is larger than {} MiB", largest >> 20)));
    }
    match Source::decode_as(&path.display().to_string(), &bytes, encoding) {
        Ok(source) => {
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            Ok(Some((source, trailer(&name, &bytes))))
        }
        Err(mut finding) => {
            if finding.code == crate::text::NOT_UTF8 && largest == LARGEST_TABLE {
                finding.remedy =
                    format!("write its `encoding` in the mapping (gb18030, utf-16), or {}", finding.remedy);
            }
            found.push(*finding);
            Ok(None)
        }
    }
}
