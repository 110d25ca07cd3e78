//! `dispose`: what may be disposed of, a proposal of it, and the removal of what was approved. It never commits, and it
//! refuses whatever `check` would call an error.

use super::desk::{Desk, Failure, Outcome, counted};
use super::dispose_files::{entry_lines, removal, with_day};
use super::source::read_checked;
use super::writing::{Mode, remove, write_new, write_over};
use crate::archive::called;
use crate::checks::{Case, DISPOSALS, Holds, Standing, below, disposed, standing};
use crate::finding::quote;
use crate::record::Record;
use crate::repository::open_work_tree;
use std::path::PathBuf;

/// Proposes to dispose of records, removes what was approved, or lists what may be disposed of
#[derive(Debug, clap::Args)]
pub struct Dispose {
    /// Records or dossiers to propose: DOSSIER/PATH without extension; none lists what may be disposed of
    #[arg(value_name = "RECORD")]
    records: Vec<String>,
    /// The archive's folder
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    archive: PathBuf,
    /// Why: written into the proposal
    #[arg(long, value_name = "TEXT", default_value = "保管期满")]
    reason: String,
    /// Who proposes it
    #[arg(long, value_name = "NAME", required_unless_present_any = ["execute", "list"])]
    by: Option<String>,
    /// What is to be done: destroyed, transferred, merged, erased, error
    #[arg(long, value_name = "WORD", default_value = "destroyed")]
    what: String,
    /// List what may be disposed of, and do nothing
    #[arg(long, conflicts_with_all = ["records", "execute"])]
    list: bool,
    /// Remove what this proposal names, once another person approved it, and write the day into it
    #[arg(long, value_name = "DISPOSAL", conflicts_with = "records")]
    execute: Option<String>,
}

impl Dispose {
    /// Runs the command.
    ///
    /// # Errors
    /// When the archive cannot be read, or something stands against the disposal.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let snapshot = open_work_tree(&self.archive)?;
        let reading = read_checked(desk, &snapshot, desk.day);
        let case = Case::of(&reading.archive, &snapshot);
        let holds = Holds::of(&case);
        if self.list || self.records.is_empty() && self.execute.is_none() {
            return list(desk, &case, &holds);
        }
        let stopping = reading.findings.iter().find(|finding| DISPOSALS.contains(&finding.code));
        if let Some(finding) = stopping {
            return Err(Failure::new(finding.message.clone(), finding.remedy.clone()));
        }
        if reading.findings.has_errors() {
            return Err(Failure::new("the archive has errors", "mend them first: `strongroom check` shows them"));
        }
        match &self.execute {
            Some(name) => self.execute(desk, &case, &holds, name),
            None => self.propose(desk, &case, &holds),
        }
    }

    /// Writes a proposal of the records that were named.
    fn propose(&self, desk: &Desk<'_>, case: &Case<'_>, holds: &Holds<'_>) -> Result<Outcome, Failure> {
        let mut entries = String::new();
        for name in &self.records {
            let records: Vec<&Record> = below(case, name).collect();
            if records.is_empty() {
                return Err(Failure::new(format!("there is no record {}", quote(name)), "write DOSSIER/PATH"));
            }
            refuse_held(holds, name)?;
            for record in records {
                refuse_early(record, &self.what, desk)?;
                entries.push_str(&entry_lines(record, desk.day));
            }
        }
        let json = |text: &str| serde_json::Value::from(text).to_string();
        let names = self.records.iter().map(|name| format!("  - {}\n", json(name))).collect::<String>();
        let by = self.by.as_deref().unwrap_or_default();
        let text = format!(
            "what: {}\nreason: {}\nproposed_by: {}\nproposed_on: {}\nrecords:\n{names}entries:\n{entries}",
            json(&self.what),
            json(&self.reason),
            json(by),
            desk.day
        );
        let folder = self.archive.join("registers").join("disposals");
        let free = |n: &u32| !folder.join(format!("{}-{n}.yaml", desk.day)).exists();
        let number = (1..10_000).find(free).unwrap_or_default();
        let path = folder.join(format!("{}-{number}.yaml", desk.day));
        write_new(&path, text.as_bytes(), Mode::Ordinary)?;
        desk.answer(|| format!("{}\n", path.display()), || serde_json::json!({"proposal": path}))?;
        desk.terminal.say(
            "commit it; another person adds `approved_by` and `approved_on`, then `--execute` removes the records",
        );
        Ok(Outcome::Fine)
    }

    /// Removes what an approved proposal names.
    fn execute(&self, desk: &Desk<'_>, case: &Case<'_>, holds: &Holds<'_>, name: &str) -> Result<Outcome, Failure> {
        let wanted = name.trim_end_matches(".yaml").trim_end_matches(".md");
        let found = below(case, wanted).find(|record| called(&record.name) == wanted);
        let Some(proposal) = found.filter(|record| record.record_type.disposes.is_some()) else {
            return Err(Failure::new(
                format!("{} is no disposal", quote(wanted)),
                "name one, as registers/disposals/…",
            ));
        };
        let says = |field: &str| proposal.field(field).map(|held| held.release().1.value.written().into_owned());
        if says("executed_on").is_some() {
            return Err(Failure::new(format!("{} was done already", quote(wanted)), "propose what is left anew"));
        }
        // Who approved was checked where it was read: that somebody did, is asked here.
        if proposal.field("approved_by").is_none() {
            let message = format!("nobody approved {} yet", quote(wanted));
            return Err(Failure::new(message, "another person adds `approved_by` and `approved_on`, and commits that"));
        }
        let what = says("what").unwrap_or_default();
        let mut files = Vec::new();
        for name in disposed(proposal) {
            refuse_held(holds, &name)?;
            let records: Vec<&Record> = below(case, &name).collect();
            records.iter().try_for_each(|record| refuse_early(record, &what, desk))?;
            files.extend(removal(case, &records)?);
        }
        if files.is_empty() {
            return Err(Failure::new("nothing of it is there any more", "write `executed_on` by hand if it was done"));
        }
        let path = self.archive.join(&proposal.file);
        let text = std::fs::read_to_string(&path)?;
        write_over(&path, with_day(&text, &proposal.file, desk.day).as_bytes())?;
        for file in &files {
            remove(&self.archive.join(file))?;
        }
        let list = || files.iter().map(|file| format!("{file}\n")).collect::<String>();
        desk.answer(list, || serde_json::json!({"removed": files, "disposal": wanted}))?;
        desk.terminal.say(&format!(
            "removed {}; nothing is committed: end the message of the commit with `Disposal: {wanted}`",
            counted(files.len(), "file")
        ));
        Ok(Outcome::Fine)
    }
}

fn refuse_held(holds: &Holds<'_>, name: &str) -> Result<(), Failure> {
    match holds.on(name).next() {
        None => Ok(()),
        Some(hold) => {
            let message = format!("{} is held by {}", quote(name), quote(&called(&hold.name)));
            Err(Failure::new(message, "wait until the hold is released"))
        }
    }
}

/// Destroying asks for an ended retention; what goes elsewhere, or was filed by mistake, does not.
fn refuse_early(record: &Record, what: &str, desk: &Desk<'_>) -> Result<(), Failure> {
    let name = quote(&called(&record.name));
    let message = match standing(record) {
        _ if what != "destroyed" => return Ok(()),
        None => return Ok(()),
        Some(Standing::Until(end)) if end < desk.day => return Ok(()),
        Some(Standing::Until(end)) => format!("{name} is to be kept until {end}"),
        Some(Standing::Unknown) => format!("nothing says since when the retention of {name} counts"),
        Some(Standing::Permanent) => format!("{name} is to be kept for good"),
    };
    Err(Failure::new(message, "wait for the day, or say with `--what` what else becomes of it"))
}

/// What may be disposed of today, the longest ended first.
fn list(desk: &Desk<'_>, case: &Case<'_>, holds: &Holds<'_>) -> Result<Outcome, Failure> {
    let ended = |record: &&Record| matches!(standing(record), Some(Standing::Until(end)) if end < desk.day);
    let mut found: Vec<(String, String, bool)> = case
        .records()
        .filter(ended)
        .map(|record| {
            let Some(Standing::Until(end)) = standing(record) else { return Default::default() };
            let name = called(&record.name);
            (end.to_string(), name.clone(), holds.on(&name).next().is_some())
        })
        .collect();
    found.sort();
    let line = |(end, name, held): &(String, String, bool)| {
        format!("{end}  {name}{}\n", if *held { "  (on hold)" } else { "" })
    };
    let json =
        |(end, name, held): &(String, String, bool)| serde_json::json!({"until": end, "record": name, "held": held});
    desk.answer(
        || found.iter().map(line).collect(),
        || serde_json::json!({"ended": found.iter().map(json).collect::<Vec<_>>()}),
    )?;
    desk.terminal.say(&format!("the retention of {} has ended", counted(found.len(), "record")));
    Ok(Outcome::Fine)
}
