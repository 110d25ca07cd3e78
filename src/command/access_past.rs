//! `access` of days that have passed: on one of them, between two, or ever. It speaks to archivists, who may see
//! everything: it names restricted parts, and never their content.

use super::access::{find_reader, find_record, known_audience, missing};
use super::access_past_json as past_json;
use super::access_past_words as past_words;
use super::access_words as words;
use super::build::Keeping;
use super::desk::{Desk, Failure, Outcome};
use super::history::day;
use super::past::{Where, commits, signers};
use super::source::ArchiveSource;
use super::{access_json as json, access_version::Version};
use crate::access::STAFF;
use crate::archive::{Archive, Readable};
use crate::checks;
use crate::finding::Severity;
use crate::page::Theme;
use crate::readership::{Chronicle, Published, Publisher, Scope, Stood};
use crate::repository::{Line, Past, Snapshot, open_commit};
use crate::terminal::Phase;
use jiff::civil::Date;
use std::cell::Cell;

/// Of which days an answer is.
#[derive(Debug, clap::Args)]
pub struct When {
    /// Who could, on this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day, conflicts_with_all = ["between", "ever", "worktree"])]
    as_of: Option<Date>,
    /// Who could on some day from the first of these to the second, when, and what began and ended it
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], value_parser = day, conflicts_with_all = ["ever", "worktree"])]
    between: Option<Vec<Date>>,
    /// Who ever could, when, and what began and ended it
    #[arg(long, conflicts_with = "worktree")]
    ever: bool,
}

impl When {
    /// Whether something else than the present is asked for.
    pub fn is_past(&self) -> bool {
        self.as_of.is_some() || self.between.is_some() || self.ever
    }
}

/// About whom or what an answer is.
pub enum Asked<'a> {
    /// A reader.
    Reader(&'a str),
    /// A record, or a dossier.
    Record(&'a str),
    /// An audience.
    Audience(&'a str),
    /// The whole archive.
    Everything,
}

/// The past that is asked, and the archive of today beside it.
pub struct Ground<'a> {
    /// Who reads the archive as it was published.
    pub publisher: &'a Publisher<'a>,
    /// The files of the branch's last commit.
    pub tip: &'a Snapshot,
    /// What is published today.
    pub today: Option<Stood>,
    /// The day of the answer.
    pub day: Date,
}

/// Answers.
///
/// # Errors
/// When there is no past, a time ends before it begins, or nothing of that name was ever there.
pub fn run(
    desk: &Desk<'_>,
    source: &ArchiveSource,
    keeping: &Keeping,
    when: &When,
    asked: &Asked<'_>,
) -> Result<Outcome, Failure> {
    let subfolder = source.subfolder.as_deref();
    let tip = open_commit(&source.archive, subfolder, source.rev.as_deref())?;
    let place = Where { archive: &source.archive, subfolder, rev: source.rev.as_deref() };
    let state = keeping.state(&source.archive).ok();
    let past = {
        let _progress = desk.terminal.progress(Phase::Past, None);
        commits(&tip, &place, state.as_ref())?
    };
    let Some(past) = past else {
        return Err(Failure::new("this archive has no past", "commit it first"));
    };
    let line = Line::of(&past);
    say_doubts(desk, &past, &line);
    let open = |id: crate::repository::ContentId| open_commit(&source.archive, subfolder, Some(&id.to_string()));
    let publisher = Publisher { past: &past, line: &line, open: &open, sound: &sound };
    let today = publisher.on(desk.day).stood;
    let ground = Ground { publisher: &publisher, tip: &tip, today, day: desk.day };
    if let Some(day) = when.as_of {
        return ground.on(desk, day, asked);
    }
    // What stood with the first commit began on its day.
    let before_all = line.steps.first().and_then(|step| step.day.yesterday().ok()).unwrap_or(desk.day);
    let time = match when.between.as_deref() {
        Some([first, last]) => (*first, *last),
        _ => (before_all, desk.day.max(before_all)),
    };
    if time.1 < time.0 {
        return Err(Failure::new(format!("{} is before {}", time.1, time.0), "give the first day first"));
    }
    ground.between(desk, time, asked)
}

/// Whether nothing but what reading finds keeps an archive from being built.
fn sound(archive: &Archive, snapshot: &Snapshot) -> bool {
    let mut found = Vec::new();
    signers(snapshot, &mut found);
    if !archive.theme.is_empty() {
        let _ = Theme::load(&archive.theme, &mut found);
    }
    if !archive.settings.checks.is_empty() {
        // The settings may have made errors of them.
        found.extend(checks::run(archive, snapshot));
    }
    !found.iter().any(|finding| finding.severity == Severity::Error)
}

/// Says what the answer cannot know.
fn say_doubts(desk: &Desk<'_>, past: &Past, line: &Line) {
    if line.cut {
        desk.terminal
            .warn("the beginning of the history is missing (a shallow clone?): what stood before it is not known");
    }
    let skewed = line.steps.iter().filter(|step| step.skewed).collect::<Vec<_>>();
    if let Some(first) = skewed.first() {
        desk.terminal.warn(&format!(
            "{} of the branch bear an earlier day than one before them, as {} does: a clock ran wrong, and they count from the later day",
            super::desk::counted(skewed.len(), "commit"),
            past_words::commit(past, first.commit)
        ));
    }
}

impl Ground<'_> {
    /// Who could on a day.
    fn on(&self, desk: &Desk<'_>, day: Date, asked: &Asked<'_>) -> Result<Outcome, Failure> {
        let _progress = desk.terminal.progress(Phase::Check, None);
        let published = self.publisher.on(day);
        let head = past_words::on(self.publisher, day, &published);
        let facts = past_json::on(self.publisher, day, &published);
        let Published { stood: Some(stood), .. } = &published else {
            desk.answer(|| format!("{head}\n{}\n", words::closing(&[])), || facts)?;
            return Ok(Outcome::Fine);
        };
        let archive = &stood.archive;
        let parts = archive.readable();
        let (text, mut told) = match asked {
            Asked::Reader(name) => match find_reader(archive, name) {
                Ok(reader) => (words::reader(archive, reader, &parts), json::of_reader(archive, reader, &parts)),
                Err(unknown) => {
                    self.absent(desk, day, name, unknown, &|chronicle| chronicle.readers().contains(name))?
                }
            },
            Asked::Audience(name) => match known_audience(archive, name) {
                Ok(()) => (words::audience(archive, name, &parts), json::of_audience(archive, name, &parts)),
                Err(unknown) => {
                    self.absent(desk, day, name, unknown, &|chronicle| chronicle.audiences().contains(name))?
                }
            },
            Asked::Record(name) => {
                let found = match find_record(&parts, name) {
                    Ok(found) => found,
                    Err(_) => self.under_its_name(desk, (day, archive), &parts, name)?,
                };
                let version = Version::of(self, stood.step, &found);
                (
                    past_words::record_on(archive, &found, &version, self.day),
                    past_json::record_on(archive, &found, &version),
                )
            }
            Asked::Everything => (words::overview(archive, &parts), json::overview(archive, &parts)),
        };
        past_json::join(&mut told, facts);
        desk.answer(|| format!("{head}\n{text}"), || told)?;
        Ok(Outcome::Fine)
    }

    /// The answer about a reader or an audience that was not there on a day, but on another.
    fn absent(
        &self,
        desk: &Desk<'_>,
        day: Date,
        name: &str,
        unknown: Failure,
        ever: &dyn Fn(&Chronicle<'_>) -> bool,
    ) -> Result<(String, serde_json::Value), Failure> {
        if !ever(&self.gathered(desk, &Scope::rules(), self.all_time())) {
            return Err(unknown);
        }
        let words =
            format!("{name} was not there on that day, and could read nothing by a key (`--ever` tells when)\n");
        Ok((words.clone(), serde_json::json!({"absent": name, "on": day.to_string(), "note": words.trim_end()})))
    }

    /// The parts, as they stood on a day, of a record that is known by a name of another time.
    fn under_its_name<'p>(
        &self,
        desk: &Desk<'_>,
        (day, archive): (Date, &Archive),
        parts: &'p [Readable],
        name: &str,
    ) -> Result<Vec<&'p Readable>, Failure> {
        let chronicle = self.gathered(desk, &Scope::of_record(self.publisher, name), self.all_time());
        let called = chronicle.called(name);
        if called.is_empty() {
            return Err(self.unknown_record(&chronicle, name, parts));
        }
        let then = called.iter().flat_map(|record| chronicle.name_on(*record, day)).collect::<Vec<_>>();
        let found: Vec<&Readable> = parts.iter().filter(|part| then.contains(&&part.record)).collect();
        if found.is_empty() {
            return Err(Failure::new(
                format!("{} was not published on {}", crate::finding::quote(name), archive.day),
                format!("`strongroom access --record {name} --ever` tells when it was"),
            ));
        }
        Ok(found)
    }

    fn unknown_record(&self, chronicle: &Chronicle<'_>, name: &str, now: &[Readable]) -> Failure {
        let mut names: Vec<String> = chronicle.names().map(ToString::to_string).collect();
        names.extend(now.iter().map(|part| part.record.to_string()));
        missing("record", name, names.iter().map(String::as_str))
    }

    /// Who could on some day of a time.
    fn between(&self, desk: &Desk<'_>, time: (Date, Date), asked: &Asked<'_>) -> Result<Outcome, Failure> {
        let scope = match asked {
            Asked::Record(name) => Scope::of_record(self.publisher, name),
            _ => Scope::all(),
        };
        let chronicle = self.gathered(desk, &scope, time);
        let head = past_words::between(&chronicle);
        let (text, told) = match asked {
            Asked::Reader(name) => {
                if !chronicle.readers().contains(name) {
                    let ever = self.gathered(desk, &Scope::rules(), self.all_time());
                    let known = ever.readers();
                    if !known.contains(name) {
                        return Err(missing("reader", name, known.iter().copied()));
                    }
                }
                let parts = chronicle.parts.iter().collect::<Vec<_>>();
                (past_words::reader(&chronicle, name, &parts), past_json::reader(&chronicle, name, &parts))
            }
            Asked::Audience(name) => {
                if *name != STAFF && !chronicle.audiences().contains(name) {
                    let ever = self.gathered(desk, &Scope::rules(), self.all_time());
                    let known = ever.audiences();
                    if !known.contains(name) {
                        return Err(missing("audience", name, known.iter().copied().chain([STAFF])));
                    }
                }
                (past_words::audience(&chronicle, name), past_json::audience(&chronicle, name))
            }
            Asked::Record(name) => {
                let mut records = chronicle.called(name);
                if records.is_empty() {
                    // It may have had the name before or after.
                    let ever = self.gathered(desk, &scope, self.all_time());
                    let known = ever.called(name);
                    if known.is_empty() {
                        let now = self.today.as_ref().map(|stood| stood.archive.readable()).unwrap_or_default();
                        return Err(self.unknown_record(&ever, name, &now));
                    }
                    let names =
                        known.iter().filter_map(|record| ever.records.get(*record)).flat_map(|record| &record.names);
                    records = names.flat_map(|(_, name)| chronicle.called(&name.to_string())).collect();
                }
                (past_words::record(&chronicle, &records), past_json::record(&chronicle, &records))
            }
            Asked::Everything => (past_words::overview(&chronicle), past_json::overview(&chronicle)),
        };
        let mut told = told;
        past_json::join(&mut told, past_json::between(&chronicle));
        desk.answer(|| format!("{head}\n{text}\n{}", past_words::close(&chronicle)), || told)?;
        Ok(Outcome::Fine)
    }

    fn all_time(&self) -> (Date, Date) {
        let first = self.publisher.line.steps.first().map_or(self.day, |step| step.day);
        (first.yesterday().unwrap_or(first), self.day.max(first))
    }

    fn gathered(&self, desk: &Desk<'_>, scope: &Scope, time: (Date, Date)) -> Chronicle<'_> {
        let progress = Cell::new(None);
        let done = Cell::new(0);
        Chronicle::gather(self.publisher, scope, time, &|at, of| {
            let bar = progress.take().unwrap_or_else(|| desk.terminal.progress(Phase::Past, Some(of as u64)));
            bar.step((at - done.get().min(at)) as u64);
            done.set(at);
            progress.set(Some(bar));
        })
    }
}
