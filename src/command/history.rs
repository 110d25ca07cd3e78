//! `history`: what became of a dossier, a record, a field, a reader, a setting or a type, change by change.
//!
//! It speaks to those who have the repository and may read all of it: nothing is left out here.

use super::build::Keeping;
use super::change_rows::Row;
use super::desk::{Desk, Failure, Format, Outcome};
use super::history_words;
use super::past::{self, Where};
use super::source::{ArchiveSource, read};
use crate::archive::{Archive, SETTINGS};
use crate::finding::{nearest, quote};
use crate::history::{Deed, History, of_file};
use crate::provenance::ALLOWED_SIGNERS;
use crate::repository::Past;
use crate::text::map::parse_day;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What every record may have beside the fields of its type.
const EVERYWHERE: [&str; 15] = [
    "record",
    "title",
    "date",
    "text",
    "abstract",
    "origin",
    "audience",
    "restrict",
    "open_from",
    "attachments",
    "original",
    "marking",
    "verified",
    "imported",
    "rows",
];

/// More fields than these are not listed.
const MOST: usize = 60;

/// What stands behind the options in `--help`.
const SIGNATURES: &str = "\
What is said of a commit's signature:
  unsigned          it has none
  good              by a key that allowed_signers gives to whoever committed
  other-person      by a key that allowed_signers gives to somebody else
  unknown-key       by a key that allowed_signers does not name
  outside-its-time  by a key that did not count at the time of the commit
  unverifiable      by a kind of key that is not verified here, as RSA
  broken            made over something else: the commit is not what was signed
  openpgp, x509     there is one of this kind, which is not verified here
  unreadable        there is one that cannot be read";

/// Shows what changed, field by field: who, when, why, before and after
#[derive(Debug, clap::Args)]
#[command(after_help = SIGNATURES)]
pub struct HistoryOf {
    /// A dossier, a record (DOSSIER/PATH), a reader (readers/NAME), a type (types/NAME) or `settings`
    #[arg(value_name = "WHAT")]
    what: String,
    #[command(flatten)]
    source: ArchiveSource,
    #[command(flatten)]
    keeping: Keeping,
    /// Only this field: amount, contacts.phone, title, text, attachments, an entry of the settings
    #[arg(long)]
    field: Option<String>,
    /// Only what was committed on this day or later
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    since: Option<Date>,
    /// Only what was committed on this day or earlier
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    until: Option<Date>,
}

pub(super) fn day(text: &str) -> Result<Date, String> {
    parse_day(text).ok_or_else(|| "write year, month and day of a day that exists, as 2027-03-31".to_owned())
}

impl HistoryOf {
    /// Runs the command.
    ///
    /// # Errors
    /// When there is no repository, or nothing of that name was ever in the archive.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let snapshot = self.source.open()?;
        let archive = read(desk, &snapshot, desk.day).archive;
        let subfolder = self.source.subfolder.as_deref();
        let place = Where { archive: &self.source.archive, subfolder, rev: self.source.rev.as_deref() };
        // Without a state, or a place where one might be, all commits are read from the repository.
        let state = self.keeping.state(&self.source.archive).ok();
        let Some(commits) = past::commits(&snapshot, &place, state.as_ref())? else {
            return Err(Failure::new(
                "this archive is in no git repository, or nothing was committed yet: it has no history",
                "name a repository, or commit the archive first",
            ));
        };
        let signers = past::signers(&snapshot, &mut Vec::new());
        let history = match plain_file(self.name(), &archive) {
            Some(_) => History::read_dossier(&commits, &archive, &signers, ""),
            None => History::read_dossier(&commits, &archive, &signers, self.dossier()),
        };
        let language = desk.tells_in(&archive.settings.language);
        let mut rows = self.rows(&commits, &archive, &history, language)?;
        if let Some(field) = &self.field {
            if !rows.iter().any(|row| row.is_of(field)) {
                self.know(field, &rows, &archive)?;
            }
            rows.retain(|row| row.is_of(field));
        }
        rows.retain(|row| {
            let of_commit = || Some(history.commit(row.commit)?.authored.zoned()?.date());
            let day = row.on.or_else(of_commit);
            let after = self.since.is_none_or(|since| day.is_some_and(|day| day >= since));
            after && self.until.is_none_or(|until| day.is_some_and(|day| day <= until))
        });
        for gap in &history.gaps {
            desk.terminal.warn(gap);
        }
        if desk.format == Format::Csv {
            desk.terminal.data(&history_words::csv(&rows, &history))?;
        } else {
            desk.answer(|| history_words::human(&rows, &history), || history_words::json(&rows, &history))?;
        }
        if rows.is_empty() {
            desk.terminal.say("nothing changed that fits");
        }
        Ok(Outcome::Fine)
    }

    /// That there can be such a field, though nothing of it ever changed.
    ///
    /// # Errors
    /// When neither the past nor the types of today know it, with the nearest that they know.
    fn know(&self, field: &str, rows: &[Row], archive: &Archive) -> Result<(), Failure> {
        let of_records = plain_file(self.name(), archive).is_none();
        let mut known: BTreeSet<&str> = rows.iter().map(Row::field).filter(|field| !field.is_empty()).collect();
        let mut titles: Vec<(&str, &str)> = Vec::new();
        if of_records {
            known.extend(EVERYWHERE);
            let types: BTreeSet<&str> = rows.iter().map(|row| row.record_type.as_str()).collect();
            for declared in types.into_iter().filter_map(|name| archive.types.get(name)).flat_map(|t| &t.fields) {
                known.insert(&declared.name);
                titles.extend(declared.title.texts().map(|title| (title, declared.name.as_str())));
            }
        }
        let outer = field.split(['.', '[', ':']).next().unwrap_or(field);
        if of_records && known.contains(outer) {
            return Ok(());
        }
        let near = nearest(field, known.iter().copied().chain(titles.iter().map(|(title, _)| *title)));
        let remedy =
            match near.map(|near| titles.iter().find(|(title, _)| *title == near).map_or(near, |(_, name)| name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.len() > MOST => format!("`strongroom history {}` shows those that changed", self.name()),
                None => format!("the fields are {}", known.into_iter().collect::<Vec<_>>().join(", ")),
            };
        Err(Failure::new(format!("{} never had a field {}", self.name(), quote(field)), remedy))
    }

    /// What is asked for, however it was written.
    fn name(&self) -> &str {
        self.what.trim_end_matches('/').trim_start_matches("customers/")
    }

    fn dossier(&self) -> &str {
        self.name().split('/').next().unwrap_or_default()
    }

    /// The changes of what is asked for.
    fn rows(&self, commits: &Past, archive: &Archive, history: &History, language: &str) -> Result<Vec<Row>, Failure> {
        let what = self.name();
        if let Some(path) = plain_file(what, archive) {
            let mut rows: Vec<Row> =
                of_file(commits, &path).into_iter().map(|change| Row::plain(&path, change)).collect();
            if let Some(reader) = path.strip_prefix("readers/").and_then(|name| name.strip_suffix(".yaml")) {
                // To which audiences a reader belonged is said in the settings.
                let ending = format!(".readers.{reader}");
                let belonging = of_file(commits, SETTINGS).into_iter().filter(|change| change.entry.ends_with(&ending));
                rows.extend(belonging.map(|change| Row::plain(SETTINGS, change)));
                rows.sort_by_key(|row| row.commit);
            }
            return Ok(rows);
        }
        let (dossier, record) = what.split_once('/').map_or((what, None), |(dossier, record)| (dossier, Some(record)));
        let Some(changes) = history.of_dossier(dossier) else {
            // Readers and types that are gone are known by their files.
            for folder in ["readers", "types"] {
                let path = format!("{folder}/{what}.yaml");
                let rows: Vec<Row> =
                    of_file(commits, &path).into_iter().map(|change| Row::plain(&path, change)).collect();
                if !rows.is_empty() {
                    return Ok(rows);
                }
            }
            let known: Vec<String> = archive.dossiers.lay_out(|held| held.release().1.name.to_string()).collect();
            let names = known.iter().map(String::as_str);
            let readers = archive.readers.iter().map(|reader| reader.name.as_str());
            let types = archive.types.iter().map(|record_type| record_type.name.as_str());
            let remedy = match nearest(dossier, names.chain(readers).chain(types)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a dossier, DOSSIER/RECORD, readers/NAME, types/NAME or settings".to_owned(),
            };
            return Err(Failure::new(format!("the archive never had a {}", quote(what)), remedy));
        };
        let mut rows: Vec<Row> = changes.lay_out(|held| Row::of(held.release(), language)).collect();
        if let Some(record) = record {
            let record = record.strip_suffix(".md").or_else(|| record.strip_suffix(".yaml")).unwrap_or(record);
            let names: std::collections::BTreeSet<String> = rows.iter().map(|row| row.record.clone()).collect();
            // A name that it had before a move leads to it as well.
            let now = changes.lay_out(|held| held.release().1).find_map(|change| match &change.deed {
                Deed::Moved { from, .. } => {
                    let (_, inside) = from.inside()?;
                    let name = inside.rsplit_once('.').map_or(inside.as_ref(), |(name, _)| name);
                    (name == record).then(|| change.record.path.clone())
                }
                _ => None,
            });
            let there = rows.iter().any(|row| row.belongs_to(record));
            let record = now.as_deref().filter(|_| !there).unwrap_or(record);
            rows.retain(|row| row.belongs_to(record));
            if rows.is_empty() {
                let remedy = match nearest(record, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{dossier}/{near}`?"),
                    None => format!("`strongroom history {dossier}` shows what there was"),
                };
                return Err(Failure::new(format!("{dossier} never had a record {}", quote(record)), remedy));
            }
        }
        Ok(rows)
    }
}

/// The file of a reader, a type or the settings, where that is asked for.
fn plain_file(what: &str, archive: &Archive) -> Option<String> {
    if what == ALLOWED_SIGNERS {
        return Some(ALLOWED_SIGNERS.to_owned());
    }
    if matches!(what, "settings" | SETTINGS) {
        return Some(SETTINGS.to_owned());
    }
    for folder in ["readers", "types"] {
        if let Some(name) = what.strip_prefix(&format!("{folder}/")) {
            return Some(format!("{folder}/{}.yaml", name.strip_suffix(".yaml").unwrap_or(name)));
        }
    }
    let is_reader = archive.readers.iter().any(|reader| reader.name == what);
    is_reader.then(|| format!("readers/{what}.yaml"))
}
