//! What is due as a calendar file (RFC 5545), for the calendars that people have.
//!
//! The file says nothing of the moment at which it was made but the day, so that the same archive on the same day gives
//! the same bytes; an event is known by what it is about and keeps its identity when its day changes.

use super::due_words::{duty_words, kind_words};
use super::words::Words;
use crate::access::Held;
use crate::reckoning::Due;
use crate::text::Phrase;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// How a calendar file is made.
pub struct CalendarFile<'a> {
    /// The words of the interface.
    pub words: &'a Words,
    /// The language of the events.
    pub language: &'a str,
    /// What the calendar is called: the archive's title.
    pub name: &'a str,
    /// The day on which it is made.
    pub day: Date,
    /// What of an event's held words may stand in the file.
    pub shown: &'a dyn Fn(&Held<Phrase>) -> Option<Phrase>,
}

/// Which program made the file, as every such file says.
pub const MADE_BY: &str = "-//Strongroom//Due//EN";

/// No line is longer than this, in bytes, without its end (RFC 5545, section 3.1).
const LONGEST: usize = 75;

impl CalendarFile<'_> {
    /// The file.
    pub fn text<'d>(&self, dues: impl IntoIterator<Item = &'d Due>) -> String {
        let mut out = String::new();
        let title = self.words.plain("due.title", self.language);
        let name = escaped(&format!("{} · {title}", self.name));
        for (key, value) in [
            ("BEGIN", "VCALENDAR"),
            ("VERSION", "2.0"),
            ("PRODID", MADE_BY),
            ("CALSCALE", "GREGORIAN"),
            ("METHOD", "PUBLISH"),
            ("NAME", &name),
            ("X-WR-CALNAME", &name),
        ] {
            line(&mut out, key, value);
        }
        let empty = out.len();
        for due in dues {
            self.event(&mut out, due);
        }
        if out.len() == empty {
            // A calendar has to hold something (section 3.6); the time zone that nobody needs is no event.
            for (key, value) in [
                ("BEGIN", "VTIMEZONE"),
                ("TZID", "Etc/UTC"),
                ("BEGIN", "STANDARD"),
                ("DTSTART", "19700101T000000"),
                ("TZOFFSETFROM", "+0000"),
                ("TZOFFSETTO", "+0000"),
                ("END", "STANDARD"),
                ("END", "VTIMEZONE"),
            ] {
                line(&mut out, key, value);
            }
        }
        line(&mut out, "END", "VCALENDAR");
        out
    }

    fn event(&self, out: &mut String, due: &Due) {
        let kind = kind_words(self.words, due);
        let duty = duty_words(self.words, due, self.day);
        let said = |held: Option<&Held<Phrase>>| {
            held.and_then(|held| (self.shown)(held)).map(|phrase| phrase.in_language(self.language).to_owned())
        };
        let customer = said(due.customer.as_ref().map(|customer| &customer.title));
        let (title, who) = (said(due.title.as_ref()), said(due.who.as_ref()));
        let (kind, duty) = (kind.in_language(self.language).to_owned(), duty.in_language(self.language).to_owned());
        let about = customer.clone().or_else(|| title.clone()).or_else(|| who.clone());
        let summary = [Some(format!("{kind} · {duty}")), about].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let label = |key: &str, text: Option<String>| {
            text.map(|text| format!("{}: {text}", self.words.plain(key, self.language)))
        };
        let record = due.record.as_ref().map(ToString::to_string);
        let lines = [
            label("register.customer", customer),
            label("due.record", title.or(record)),
            label("due.who", who),
            label("due.told_from", Some(due.from.to_string())),
        ];
        let description = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
        line(out, "BEGIN", "VEVENT");
        line(out, "UID", &self.uid(due));
        line(out, "DTSTAMP", &format!("{}T000000Z", basic(self.day)));
        line(out, "DTSTART;VALUE=DATE", &basic(due.day));
        line(out, "DTEND;VALUE=DATE", &basic(due.day.tomorrow().unwrap_or(due.day)));
        line(out, "SUMMARY", &escaped(&summary));
        line(out, "DESCRIPTION", &escaped(&description));
        line(out, "CATEGORIES", &escaped(&kind));
        line(out, "TRANSP", "TRANSPARENT");
        line(out, "END", "VEVENT");
    }

    /// The same for the same matter, whatever its day is.
    fn uid(&self, due: &Due) -> String {
        let mut digest = Sha256::new();
        for part in [self.name, &due.matter, due.duty.word().unwrap_or_default(), &first(due)] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let mut uid = String::new();
        for byte in digest.finalize().iter().take(16) {
            // Writing to memory does not fail.
            let _ = write!(uid, "{byte:02x}");
        }
        format!("{uid}@strongroom")
    }
}

/// Several gaps of one series are events of their own.
fn first(due: &Due) -> String {
    match &due.duty {
        crate::reckoning::Duty::Missing(first, _) => first.clone(),
        _ => String::new(),
    }
}

/// A day as calendar files write it.
#[must_use]
pub fn basic(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// Text as a value of TEXT (section 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a content line, folded where it is too long; no character is cut.
fn line(out: &mut String, key: &str, value: &str) {
    let mut length = 0;
    for c in key.chars().chain([':']).chain(value.chars()) {
        if length + c.len_utf8() > LONGEST {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters_and_unfold_to_what_they_were() {
        let value = "合同到期提醒".repeat(20);
        let mut out = String::new();
        line(&mut out, "SUMMARY", &value);
        assert!(out.split("\r\n").all(|line| line.len() <= 75), "{out}");
        assert!(out.split("\r\n").count() > 3);
        assert_eq!(out.replace("\r\n ", ""), format!("SUMMARY:{value}\r\n"));
    }

    #[test]
    fn a_line_of_the_greatest_length_is_not_folded() {
        let mut out = String::new();
        line(&mut out, "X", &"a".repeat(73));
        assert_eq!(out.matches("\r\n").count(), 1);
        line(&mut out, "X", &"a".repeat(74));
        assert_eq!(out.matches("\r\n").count(), 3);
    }

    #[test]
    fn what_means_something_in_a_value_is_escaped() {
        assert_eq!(escaped("a,b;c\\d\ne\rf：g"), "a\\,b\\;c\\\\d\\nef：g");
    }
}
