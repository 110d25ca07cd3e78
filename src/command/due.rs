//! `due`: what is due and overdue. It speaks to archivists, who may see everything; with `--reader` it says only what
//! that reader may read, reckoned from nothing else.

use super::access::find_reader;
use super::desk::{Desk, Failure, Format, Outcome, SPOKEN, counted};
use super::source::{ArchiveSource, read};
use crate::access::{Clearance, Held};
use crate::archive::Archive;
use crate::finding::harmless;
use crate::page::{CalendarFile, Theme, Words, distance_words, duty_words, kind_words};
use crate::reckoning::{Agenda, Due, Sight, State, When};
use crate::record::Interval;
use crate::text::Phrase;
use serde_json::json;
use std::sync::Arc;

/// Lists what is due: what is overdue, and what comes within the time that its own rule says
#[derive(Debug, clap::Args)]
pub struct DueList {
    #[command(flatten)]
    source: ArchiveSource,
    /// What is overdue, and all that comes within this time: 30d, 2w, 3m, 1y
    #[arg(long, value_name = "TIME", value_parser = interval)]
    within: Option<Interval>,
    /// Only what this reader may read, reckoned from nothing else
    #[arg(long, value_name = "NAME")]
    reader: Option<String>,
    /// Exit with 1 if something is overdue, or due at all
    #[arg(long, value_name = "STATE")]
    fail_on: Option<FailOn>,
}

/// What makes the command fail.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FailOn {
    /// Something whose day has passed.
    Overdue,
    /// Anything that is listed.
    Due,
}

fn interval(text: &str) -> Result<Interval, String> {
    Interval::parse(text).map_err(|(message, remedy)| format!("{message}: {remedy}"))
}

/// Something due, with what of it may be said.
struct Told {
    due: Arc<Due>,
    state: State,
    title: Option<Phrase>,
    customer: Option<Phrase>,
    who: Option<Phrase>,
}

impl DueList {
    /// Runs the command.
    ///
    /// # Errors
    /// When the archive cannot be opened or has no such reader, or the answer not be written.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let reading = read(desk, &self.source.open()?, desk.day);
        let archive = &reading.archive;
        if let Some(name) = &self.reader {
            find_reader(archive, name)?;
        }
        let Some(theme) = Theme::load(&archive.theme, &mut Vec::new()).or_else(|| Theme::load(&[], &mut Vec::new()))
        else {
            return Err(Failure { message: "the words of the interface cannot be read".to_owned(), remedy: None });
        };
        let told = self.told(archive);
        let form = Form { archive, words: theme.words() };
        match desk.format {
            Format::Ics => desk.terminal.data(&form.calendar(&told, &|held| self.shown(archive, held)))?,
            _ => desk.answer(|| form.human(&told), || form.json(&told))?,
        }
        let overdue = told.iter().filter(|told| told.state == State::Overdue).count();
        if desk.format == Format::Human {
            desk.terminal.say(&format!("{} overdue, {} to come, as of {}", overdue, told.len() - overdue, archive.day));
        }
        let failed = match self.fail_on {
            Some(FailOn::Overdue) => overdue > 0,
            Some(FailOn::Due) => !told.is_empty(),
            None => false,
        };
        let judged = desk.judge(&reading.findings);
        Ok(if failed { Outcome::Failed } else { judged })
    }

    /// What is to be listed, by its day.
    fn told(&self, archive: &Archive) -> Vec<Told> {
        let sight = self.reader.as_deref().map_or(Sight::Everything, |name| Sight::Reader(archive, name));
        let agenda = Agenda::of(archive, sight);
        let all = agenda.due.lay_out(|held| held.release().1);
        let wanted = all.filter(|due| match self.within {
            Some(within) => due.day <= within.after(archive.day),
            None => due.state(archive.day) != State::Coming,
        });
        let told = wanted.map(|due| Told {
            state: due.state(archive.day),
            title: due.title.as_ref().and_then(|held| self.shown(archive, held)),
            customer: due.customer.as_ref().and_then(|customer| self.shown(archive, &customer.title)),
            who: due.who.as_ref().and_then(|held| self.shown(archive, held)),
            due: Arc::clone(due),
        });
        told.collect()
    }

    /// What may be said of something held: all of it to the archivist, what is cleared to a reader.
    fn shown(&self, archive: &Archive, held: &Held<Phrase>) -> Option<Phrase> {
        let (clearance, phrase) = held.clone().release();
        let reads =
            |asks: &Clearance, name: &str| asks.is_open() || archive.cleared(asks).any(|reader| reader.name == name);
        self.reader.as_deref().is_none_or(|name| reads(&clearance, name)).then_some(phrase)
    }
}

fn said(phrase: &Phrase) -> String {
    phrase.in_language(SPOKEN).to_owned()
}

/// The forms in which it is told.
struct Form<'a> {
    archive: &'a Archive,
    words: &'a Words,
}

impl Form<'_> {
    fn human(&self, told: &[Told]) -> String {
        let mut out = String::new();
        for when in When::ALL {
            let here: Vec<&Told> = told.iter().filter(|told| told.due.when(self.archive.day) == when).collect();
            if here.is_empty() {
                continue;
            }
            let heading = match when {
                When::Overdue => "Overdue",
                When::Week => "This week",
                When::Month => "This month",
                When::NextMonth => "Next month",
                When::Later => "Later",
            };
            out.push_str(&format!("{heading}: {}\n", counted(here.len(), "matter")));
            for told in here {
                out.push_str(&self.line(told));
            }
        }
        out
    }

    fn line(&self, told: &Told) -> String {
        let due = &told.due;
        let what =
            [kind_words(self.words, due), duty_words(self.words, due, self.archive.day)].map(|phrase| said(&phrase));
        let far = distance_words(self.words, due, self.archive.day).in_language(SPOKEN).to_lowercase();
        let about = due.record.as_ref().map(ToString::to_string);
        let about = about.or_else(|| due.customer.as_ref().map(|customer| customer.name.to_string()));
        let named = [&told.customer, &told.title].into_iter().flatten().map(said);
        let named = named.collect::<Vec<_>>().join(" · ");
        let who = told.who.as_ref().map(|who| format!(" ({})", said(who))).unwrap_or_default();
        let mut line = format!("  {}  {}: {far}{who}\n", due.day, what.map(|text| harmless(&text)).join(" · "));
        let about = [about.unwrap_or_default(), named].into_iter().filter(|text| !text.is_empty());
        let about = about.map(|text| harmless(&text)).collect::<Vec<_>>().join("  ");
        if !about.is_empty() {
            line.push_str(&format!("              {about}\n"));
        }
        line
    }

    fn json(&self, told: &[Told]) -> serde_json::Value {
        let phrase = |phrase: &Phrase| json!({"zh": phrase.in_language("zh"), "en": phrase.in_language("en")});
        let due = told.iter().map(|told| {
            let due = &told.due;
            json!({
                "day": due.day.to_string(),
                "from": due.from.to_string(),
                "state": match told.state {
                    State::Overdue => "overdue",
                    State::Due => "due",
                    State::Coming => "coming",
                },
                "matter": due.matter,
                "type": due.kind.as_ref().map(|(name, _)| name),
                "kind": phrase(&kind_words(self.words, due)),
                "duty": phrase(&duty_words(self.words, due, self.archive.day)),
                "dossier": due.customer.as_ref().map(|customer| customer.name.to_string()),
                "customer": told.customer.as_ref().map(phrase),
                "record": due.record.as_ref().map(ToString::to_string),
                "title": told.title.as_ref().map(phrase),
                "who": told.who.as_ref().map(phrase),
            })
        });
        json!({"day": self.archive.day.to_string(), "due": due.collect::<Vec<_>>()})
    }

    fn calendar(&self, told: &[Told], shown: &dyn Fn(&Held<Phrase>) -> Option<Phrase>) -> String {
        let settings = &self.archive.settings;
        let file = CalendarFile {
            words: self.words,
            language: &settings.language,
            name: settings.title.in_language(&settings.language),
            day: self.archive.day,
            shown,
        };
        file.text(told.iter().map(|told| told.due.as_ref()))
    }
}
