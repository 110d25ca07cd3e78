//! `diff`: what one commit says otherwise than another, field by field whatever lies between them, and who may read what
//! that could not.
//!
//! Without a reader it speaks to archivists, who have the repository: nothing is left out. For a reader or an audience
//! it says what these may read by the rules of both commits, and nothing of the rest.

use super::access::{find_reader, known_audience};
use super::change_rows::Row;
use super::desk::{Desk, Failure, Format, Outcome};
use super::diff_words::{self, Told};
use super::opening_words::{COMMITTED, sentences};
use super::past;
use super::source::read;
use crate::access::Clearance;
use crate::archive::{Archive, Difference, SETTINGS};
use crate::exchange::export::{Whom, holding};
use crate::finding::{human, nearest, quote};
use crate::history::{Deed, History, PlainChange, of_file};
use crate::provenance::ALLOWED_SIGNERS;
use crate::record::RecordName;
use crate::repository::{Past, PastReader, Snapshot, changed_paths, open_commit};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Shows what one commit says otherwise than another, field by field, and what it opens and closes
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// Two commits, branches or tags: A..B; A alone is compared with HEAD
    #[arg(value_name = "A..B")]
    range: String,
    /// Only this dossier, record (DOSSIER/PATH), reader (readers/NAME), type (types/NAME) or `settings`
    #[arg(value_name = "WHAT")]
    what: Option<String>,
    /// The archive's folder, or a bare repository
    #[arg(long, default_value = ".")]
    archive: PathBuf,
    /// The archive's folder inside the repository that --archive names
    #[arg(long, value_name = "FOLDER")]
    subfolder: Option<String>,
    /// Only what this reader may read, by the rules of both commits
    #[arg(long = "as", value_name = "READER", conflicts_with = "audience")]
    reader: Option<String>,
    /// Only what an audience alone suffices to read; `staff` for what is open
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
}

/// One of the two states.
struct State {
    snapshot: Snapshot,
    archive: Archive,
    /// How many findings it has, where some are errors.
    broken: Option<String>,
}

impl Diff {
    /// Runs the command.
    ///
    /// # Errors
    /// When there is no such commit, reader or audience, or nothing of that name was ever in the archive; and for a
    /// reader where one of the two archives has errors.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let (from, to) = self.range.split_once("..").unwrap_or((&self.range, ""));
        if from.is_empty() || to.starts_with('.') {
            let remedy = "write two commits with two dots between them, as `v1..HEAD`";
            return Err(Failure::new(format!("{} does not name two commits", quote(&self.range)), remedy));
        }
        let to = if to.is_empty() { "HEAD" } else { to };
        let (before, after) = (self.state(desk, from)?, self.state(desk, to)?);
        let holds = self.whom(&after.archive)?.map(|whom| holding(&after.archive, whom));
        if let Some(broken) = before.broken.as_ref().or(after.broken.as_ref()).filter(|_| holds.is_some()) {
            // What an error restricts nobody can tell, as with a build.
            let message = format!("one of the two archives has {broken}; nothing of it is told to a reader");
            return Err(Failure::new(message, "leave --as and --audience out, or compare commits without errors"));
        }
        let subfolder = self.subfolder.as_deref();
        let first = PastReader::open(&self.archive, subfolder, Some(from))?.tip();
        let both = PastReader::open(&self.archive, subfolder, Some(to))?.net(first)?;
        let signers = past::signers(&after.snapshot, &mut Vec::new());
        let history = match self.dossier() {
            Some(dossier) => History::read_dossier(&both, &after.archive, &signers, dossier),
            None => History::read(&both, &after.archive, &signers),
        };
        let language = desk.tells_in(&after.archive.settings.language);
        let rows = self.rows(&both, &history, holds.as_ref(), language);
        if rows.is_empty() && holds.is_none() {
            self.know(&history)?;
        }
        let changed: BTreeSet<String> =
            changed_paths(&before.snapshot, &after.snapshot).into_iter().map(|change| change.path).collect();
        let mut difference = Difference::between(&before.archive, &after.archive, &|file| changed.contains(file));
        difference.keep(&|record, asks| {
            self.is_of(record) && holds.as_ref().is_none_or(|holds| asks.iter().all(|asks| holds.implies(asks)))
        });
        if holds.is_some() || self.what.is_some() {
            // Who else gains is for archivists, and of the archive as a whole.
            difference.widened.iter_mut().for_each(|widening| widening.gains.clear());
            difference.readers.clear();
            difference.will_open.clear();
        }
        let mut opens = match (&holds, &self.what) {
            (None, None) => {
                let then = Some((&before.archive, before.broken));
                sentences(&difference, &after.archive, then, &COMMITTED)
            }
            // Of settings nothing is said here, and of errors it was said.
            _ => sentences(&difference, &after.archive, Some((&after.archive, None)), &COMMITTED),
        };
        if holds.is_some() {
            // That nothing opens for others is not said to a reader.
            opens.retain(|sentence| !sentence.kind.is_empty());
        }
        let told = Told { history: &history, rows: &rows, opens: &opens };
        if desk.format == Format::Csv {
            desk.terminal.data(&diff_words::csv(&rows))?;
        } else {
            desk.answer(|| diff_words::human(&told), || diff_words::json(&told))?;
        }
        if rows.is_empty() {
            desk.terminal.say("nothing is said otherwise that fits");
        }
        match after.broken {
            Some(broken) => {
                desk.terminal
                    .warn(&format!("the archive has {broken}; nothing is built from it until they are mended"));
                Ok(Outcome::Failed)
            }
            None => Ok(Outcome::Fine),
        }
    }

    fn state(&self, desk: &Desk<'_>, rev: &str) -> Result<State, Failure> {
        let snapshot = open_commit(&self.archive, self.subfolder.as_deref(), Some(rev))?;
        let reading = read(desk, &snapshot, desk.day);
        let broken = reading.findings.has_errors().then(|| human::summary(&reading.findings));
        Ok(State { snapshot, archive: reading.archive, broken })
    }

    fn whom<'a>(&'a self, archive: &'a Archive) -> Result<Option<Whom<'a>>, Failure> {
        Ok(match (&self.reader, &self.audience) {
            (Some(name), _) => Some(Whom::Reader(find_reader(archive, name)?)),
            (None, Some(name)) => {
                known_audience(archive, name)?;
                Some(Whom::Audience(name))
            }
            (None, None) => None,
        })
    }

    /// What is asked for, however it was written.
    fn name(&self) -> Option<&str> {
        self.what.as_deref().map(|what| what.trim_end_matches('/').trim_start_matches("customers/"))
    }

    /// The file that is asked for, where it is none of a dossier.
    fn file(&self) -> Option<String> {
        match self.name()? {
            "settings" => Some(SETTINGS.to_owned()),
            file @ (SETTINGS | ALLOWED_SIGNERS) => Some(file.to_owned()),
            name if name.starts_with("readers/") || name.starts_with("types/") => {
                Some(format!("{}.yaml", name.strip_suffix(".yaml").unwrap_or(name)))
            }
            _ => None,
        }
    }

    fn dossier(&self) -> Option<&str> {
        let name = self.name().filter(|_| self.file().is_none())?;
        Some(name.split('/').next().unwrap_or(name))
    }

    /// The record inside the dossier that is asked for.
    fn record(&self) -> Option<&str> {
        let (_, record) = self.name().filter(|_| self.file().is_none())?.split_once('/')?;
        Some(record.strip_suffix(".md").or_else(|| record.strip_suffix(".yaml")).unwrap_or(record))
    }

    fn is_of(&self, record: &RecordName) -> bool {
        let below =
            |asked: &str| record.path.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.file().is_none()
            && self.dossier().is_none_or(|dossier| *record.dossier == *dossier)
            && self.record().is_none_or(below)
    }

    /// The changes from the one commit to the other.
    fn rows(&self, both: &Past, history: &History, holds: Option<&Clearance>, language: &str) -> Vec<Row> {
        let mut rows = Vec::new();
        let dossiers: Vec<_> = history.dossiers().filter(|_| self.file().is_none()).cloned().collect();
        for dossier in dossiers.iter().filter(|name| self.dossier().is_none_or(|asked| ***name == *asked)) {
            let Some(changes) = history.of_dossier(dossier) else { continue };
            // What stands in the first commit came with it; an opening came by the calendar, for both alike.
            let told = changes.lay_out(|held| held.release()).filter(|(_, change)| {
                change.commit > 0 && !matches!(change.deed, Deed::Opened { .. }) && self.is_of(&change.record)
            });
            rows.extend(told.filter_map(|(asks, change)| Row::seen((asks, change), holds, language)));
        }
        if holds.is_none() && self.dossier().is_none() {
            rows.extend(self.files(both));
        }
        rows
    }

    /// What changed in settings, readers, types and what else is of no dossier. It is for archivists.
    fn files(&self, both: &Past) -> Vec<Row> {
        let Some(second) = both.commits.get(1) else { return Vec::new() };
        let folder = if both.folder.is_empty() { String::new() } else { format!("{}/", both.folder) };
        let inside = |path: &str| path.strip_prefix(&folder).map(str::to_owned);
        let come = second.changes.iter().map(|change| &change.path);
        let left = second.changes.iter().filter_map(|change| Some(&change.moved.as_ref()?.from));
        let paths: BTreeSet<String> = come.chain(left).filter_map(|path| inside(path)).collect();
        let of_none = |path: &&String| !path.starts_with("customers/") && !path.starts_with("registers/");
        let asked = self.file();
        let wanted = paths.iter().filter(of_none).filter(|path| asked.as_ref().is_none_or(|asked| asked == *path));
        wanted
            .flat_map(|path| {
                let by_entry = [SETTINGS, ALLOWED_SIGNERS].contains(&path.as_str())
                    || path.ends_with(".yaml") && (path.starts_with("readers/") || path.starts_with("types/"));
                let mut changes = if by_entry { of_file(both, path) } else { Vec::new() };
                changes.retain(|change| change.commit > 0);
                if !by_entry {
                    let state = |file: Option<String>| file.map(|id| format!("git {id}"));
                    let found = second.changes.iter().find(|change| inside(&change.path).as_ref() == Some(path));
                    let old = found.and_then(|change| change.old.filter(|_| change.moved.is_none()));
                    changes.push(PlainChange {
                        commit: 1,
                        entry: "file".to_owned(),
                        before: state(old.map(|file| file.id.to_string())),
                        after: state(found.and_then(|change| change.new).map(|file| file.id.to_string())),
                    });
                }
                changes.into_iter().map(|change| Row::plain(path, change)).collect::<Vec<_>>()
            })
            .collect()
    }

    /// That there is, or was, what is asked for.
    ///
    /// # Errors
    /// With the nearest that there is.
    fn know(&self, history: &History) -> Result<(), Failure> {
        let Some(dossier) = self.dossier() else { return Ok(()) };
        let Some(changes) = history.of_dossier(dossier) else {
            let remedy = match nearest(dossier, history.dossiers().map(AsRef::as_ref)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a dossier, DOSSIER/RECORD, readers/NAME, types/NAME or settings".to_owned(),
            };
            return Err(Failure::new(format!("neither commit has a dossier {}", quote(dossier)), remedy));
        };
        let names: BTreeSet<RecordName> = changes.lay_out(|held| held.release().1.record.as_ref().clone()).collect();
        if names.iter().any(|name| self.is_of(name)) {
            return Ok(());
        }
        let record = self.record().unwrap_or_default();
        let remedy = match nearest(record, names.iter().map(|name| name.path.as_ref())) {
            Some(near) => format!("did you mean `{dossier}/{near}`?"),
            None => format!("`strongroom history {dossier}` shows what there was"),
        };
        Err(Failure::new(format!("neither commit has a record {} in {dossier}", quote(record)), remedy))
    }
}
