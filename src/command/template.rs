//! A record ready to fill in, written from its type: what is required stands open, what may be said stands as a
//! comment with an example of its kind.

use crate::access::Audiences;
use crate::record::{FieldType, Kind, RecordType};
use crate::text::Phrase;
use std::fmt::Write;

/// What is known of the record before anybody fills it in.
pub struct Given<'a> {
    /// Whether the file must say its type, since its place does not.
    pub say_type: bool,
    /// The value of the type's `key`, where the name was given.
    pub key: Option<&'a str>,
    /// The day, where the file is named by it.
    pub date: Option<String>,
    /// The archive's audiences, to choose from.
    pub audiences: &'a Audiences,
    /// Whether it is YAML alone.
    pub yaml_only: bool,
    /// Fields that the type does not require and that a check asks for: they stand open with those that it does.
    pub wanted: &'a [&'a str],
}

/// The text of a new record.
#[must_use]
pub fn record(record_type: &RecordType, given: &Given<'_>) -> String {
    let mut out = String::new();
    if !given.yaml_only {
        out.push_str("---\n");
    }
    let _ = writeln!(out, "# {}", both(&record_type.title));
    if let Some(purpose) = &record_type.purpose {
        for text in purpose.texts() {
            let _ = writeln!(out, "# {}", text.replace('\n', " "));
        }
    }
    if given.say_type {
        let _ = writeln!(out, "type: {}", record_type.name);
    }
    for field in record_type.fields.iter().filter(|field| field.required) {
        match given.key.filter(|_| record_type.key.as_deref() == Some(&field.name)) {
            Some(value) => {
                let _ = writeln!(out, "{}: {}", field.name, scalar(value));
            }
            None => required(&mut out, field, 0),
        }
    }
    let wanted = |field: &&FieldType| !field.required && given.wanted.contains(&field.name.as_str());
    for field in record_type.fields.iter().filter(wanted) {
        let _ = writeln!(out, "{}:   # `check` asks for it; {}", field.name, described(field));
    }
    match &given.date {
        Some(day) => {
            let _ = writeln!(out, "date: {day}");
        }
        None => out.push_str("# date: 2027-03-31\n"),
    }
    audience(&mut out, record_type, given.audiences);
    if !given.yaml_only {
        out.push_str("# title: …\n");
    }
    if record_type.abstract_required {
        out.push_str("# abstract: …   # open to all who may read the dossier: what is kept here, and whom to ask\n");
    }
    let optional: Vec<&FieldType> =
        record_type.fields.iter().filter(|field| !field.required && !wanted(field)).collect();
    if !optional.is_empty() {
        out.push_str("\n# What else may be said: take the # away.\n");
        for field in optional {
            commented(&mut out, field, 0);
        }
    }
    out.push_str("\n# restrict: {FIELD: AUDIENCE}   # fields, title, text or attachments narrowed further\n");
    out.push_str("# attachments: [scan.pdf]\n");
    out.push_str("# verified: {on: 2027-03-31, by: …}   # who last looked it through; reviews are due from then on\n");
    if !given.yaml_only {
        out.push_str("# Below the hyphens: the text, in Markdown. `## Heading {audience=NAME}` restricts what stands under it.\n---\n");
    }
    out
}

/// The header of a new series, with no row yet.
#[must_use]
pub fn series(record_type: &RecordType) -> String {
    let names: Vec<&str> = record_type.fields.iter().map(|field| field.name.as_str()).collect();
    format!("{}\n", names.join(","))
}

fn audience(out: &mut String, record_type: &RecordType, audiences: &Audiences) {
    let names: Vec<&str> = audiences.iter().map(|(name, _)| name).chain(["staff"]).collect();
    match &record_type.audience {
        Some((_, said)) => {
            let _ = writeln!(out, "# audience: {}   # what the type says; put another in its place here", list(said));
        }
        None => {
            let _ = writeln!(out, "audience:   # who may read it; the type leaves it to you: {}", names.join(", "));
        }
    }
}

fn required(out: &mut String, field: &FieldType, indent: usize) {
    let space = " ".repeat(indent);
    if field.members.is_empty() {
        let _ = writeln!(out, "{space}{}:   # required; {}", field.name, described(field));
        return;
    }
    let _ = writeln!(out, "{space}{}:   # required; {}", field.name, both(&field.title));
    let (first, rest) = if field.many { ("- ", "  ") } else { ("", "") };
    for (n, member) in field.members.iter().enumerate() {
        let lead = if n == 0 { first } else { rest };
        let _ = writeln!(out, "{space}  {lead}{}:   # {}", member.name, described(member));
    }
}

fn commented(out: &mut String, field: &FieldType, indent: usize) {
    let space = " ".repeat(indent);
    if field.members.is_empty() {
        let example = if field.many { format!("[{}]", example(field)) } else { example(field) };
        let _ = writeln!(out, "# {space}{}: {example}   # {}", field.name, described(field));
        return;
    }
    let _ = writeln!(out, "# {space}{}:   # {}", field.name, both(&field.title));
    let (first, rest) = if field.many { ("- ", "  ") } else { ("", "") };
    for (n, member) in field.members.iter().enumerate() {
        let lead = if n == 0 { first } else { rest };
        let _ = writeln!(out, "# {space}  {lead}{}: {}   # {}", member.name, example(member), described(member));
    }
}

/// Title, kind, choices and who alone may read it.
fn described(field: &FieldType) -> String {
    let mut out = format!("{}: {}", both(&field.title), field.kind.word());
    if field.many {
        out.push_str(", one or several");
    }
    if !field.choices.is_empty() {
        let words: Vec<&str> = field.choices.iter().map(|choice| choice.word.as_str()).collect();
        let _ = write!(out, ", one of {}", words.join(", "));
    }
    if let Some(to) = &field.to {
        let _ = write!(out, " to a {to}");
    }
    if let Some((_, names)) = &field.audience {
        let _ = write!(out, "; only for {}", names.join(" or "));
    }
    out
}

fn example(field: &FieldType) -> String {
    match field.kind {
        Kind::Text | Kind::Markdown | Kind::Code | Kind::Person => "…".to_owned(),
        Kind::Choice => field.choices.first().map(|choice| choice.word.clone()).unwrap_or_default(),
        Kind::Date => "2027-03-31".to_owned(),
        Kind::Week => "2027-W07".to_owned(),
        Kind::Month => "2027-03".to_owned(),
        Kind::Year => "2027".to_owned(),
        Kind::YesNo => "yes".to_owned(),
        Kind::Number => "100".to_owned(),
        Kind::Money => "1280000 CNY".to_owned(),
        Kind::Percent => "99.95%".to_owned(),
        Kind::Duration => "90d".to_owned(),
        Kind::Reference => "CUSTOMER/PATH".to_owned(),
        Kind::Group => String::new(),
    }
}

fn both(phrase: &Phrase) -> String {
    match (&phrase.zh, &phrase.en) {
        (Some(zh), Some(en)) => format!("{zh} ({en})"),
        _ => phrase.in_language("zh").to_owned(),
    }
}

fn list(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

/// A value in YAML: in quotes where plain text could mean something else.
#[must_use]
pub fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let safe = text.chars().all(plain) && text.starts_with(char::is_alphanumeric);
    if safe { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}
