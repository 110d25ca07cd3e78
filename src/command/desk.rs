//! What every command works with, and what it comes to.

use crate::finding::{self, Findings};
use crate::repository::OpenError;
use crate::terminal::Terminal;
use jiff::civil::Date;
use std::fmt;

/// The form of the answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs: one JSON document.
    Json,
    /// For spreadsheets: a line for each change of a history, for each record of an export.
    Csv,
    /// For calendars: an event for each thing that is due; of what is due alone.
    Ics,
}

/// The terminal, the day and the form of the answers.
pub struct Desk<'a> {
    /// Where data and words go.
    pub terminal: &'a Terminal,
    /// The day on which trainings, openings and leavings are judged.
    pub day: Date,
    /// The form of the answers.
    pub format: Format,
}

/// The language in which every command speaks to people: that of its own sentences, so that a line has one language where
/// types, settings and records give it the words. Files for people, such as calendars, are in the archive's.
pub const SPOKEN: &str = "en";

/// How a command that ran to its end went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing stands in the way.
    Fine,
    /// There are findings that make a command fail, or an answer that is no.
    Failed,
}

/// Why a command could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, in a sentence without a full stop.
    pub message: String,
    /// What to do about it, where there is something to say.
    pub remedy: Option<String>,
}

/// A number and its word: `1 record`, `2 records`.
#[must_use]
pub fn counted(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

impl Failure {
    /// A failure with what to do about it.
    pub fn new(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: Some(remedy.into()) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\nhelp: {remedy}"),
            None => Ok(()),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self { message: error.to_string(), remedy: error.remedy() }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self { message: error.to_string(), remedy: None }
    }
}

impl Desk<'_> {
    /// Gives data in the chosen form: drawn for people, or as one line of JSON.
    ///
    /// # Errors
    /// When it cannot be written although somebody reads.
    pub fn answer(
        &self,
        human: impl FnOnce() -> String,
        json: impl FnOnce() -> serde_json::Value,
    ) -> Result<(), Failure> {
        let text = match self.format {
            Format::Human | Format::Csv | Format::Ics => human(),
            Format::Json => format!("{}\n", json()),
        };
        Ok(self.terminal.data(&text)?)
    }

    /// The language in which values are told: to people the command's, to programs and spreadsheets the archive's own.
    #[must_use]
    pub fn tells_in<'l>(&self, own: &'l str) -> &'l str {
        if self.format == Format::Human { SPOKEN } else { own }
    }

    /// Says that the answer stands on an archive with errors, and gives what the command then comes to.
    #[must_use]
    pub fn judge(&self, findings: &Findings) -> Outcome {
        if !findings.has_errors() {
            return Outcome::Fine;
        }
        self.terminal.warn(&format!(
            "the archive has {}; nothing is built from it until they are mended, and this answer may change (`strongroom check` shows them)",
            finding::human::summary(findings)
        ));
        Outcome::Failed
    }
}
