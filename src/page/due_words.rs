//! What is due, in words: the same on pages, in calendar files and on the command line.

use super::words::Words;
use crate::reckoning::{Due, Duty};
use crate::text::Phrase;
use jiff::Unit;
use jiff::civil::Date;

/// What kind of thing it belongs to: the type's title, or readers.
#[must_use]
pub fn kind_words(words: &Words, due: &Due) -> Phrase {
    match &due.kind {
        Some((_, title)) => title.clone(),
        None => word(words, "due.reader"),
    }
}

/// What has to happen, as it is said on a day: what may still come in time is not missing yet.
#[must_use]
pub fn duty_words(words: &Words, due: &Due, on: Date) -> Phrase {
    let filled = |key: &str, fill: &dyn Fn(String) -> String| {
        let one = |language: &str| Some(fill(words.plain(key, language).to_owned()));
        Phrase { zh: one("zh"), en: one("en"), both: None }
    };
    match (&due.duty, due.duty.word()) {
        (Duty::Missing(first, last), Some(key)) if first == last => {
            let key = if due.day < on { key } else { "due.duty.awaited" };
            filled(key, &|text| text.replace("{first}", first))
        }
        (Duty::Missing(first, last), Some(_)) => {
            filled("due.duty.missing_run", &|text| text.replace("{first}", first).replace("{last}", last))
        }
        (Duty::Training(course), Some(key)) => filled(key, &|text| text.replace("{course}", course)),
        (_, Some(key)) => word(words, key),
        (Duty::Field(title), None) => title.clone(),
        (_, None) => Phrase::default(),
    }
}

/// How far its day is: overdue by so many days, today, in so many days.
#[must_use]
pub fn distance_words(words: &Words, due: &Due, on: Date) -> Phrase {
    if due.duty == Duty::First {
        return word(words, "due.never");
    }
    let days = on.until((Unit::Day, due.day)).map_or(0, |span| span.get_days());
    let key = match days {
        ..=-1 => "due.over_days",
        0 => "due.today",
        1 => "due.tomorrow",
        _ => "due.in_days",
    };
    let days = days.abs().to_string();
    let one = |language: &str| Some(words.of_number(key, &days, language).replace("{days}", &days));
    Phrase { zh: one("zh"), en: one("en"), both: None }
}

fn word(words: &Words, key: &str) -> Phrase {
    Phrase { zh: Some(words.plain(key, "zh").to_owned()), en: Some(words.plain(key, "en").to_owned()), both: None }
}
