//! What the parts of records are called among changes: for people, and for the scripts of the page.

use super::page::Desk;
use crate::history::Part;
use crate::text::Phrase;

/// What a part of a record is called, where its type may have said so.
#[must_use]
pub fn label_of(desk: &Desk<'_>, part: &Part, said: Option<&Phrase>) -> Phrase {
    let words = desk.theme.words();
    let whole = said;
    let in_language = |language: &str| {
        let word = |key: &str| words.plain(key, language).to_owned();
        let said = said.map(|label| label.in_language(language).to_owned());
        match part {
            Part::Record => word("record.type"),
            Part::Audience => word("history.audience_label"),
            Part::Opening => word("history.opening_label"),
            Part::Group => word("history.group_label"),
            Part::Title => word("record.title"),
            Part::Date => word("record.date"),
            Part::Summary => word("record.abstract"),
            Part::Origin => word("record.origin"),
            Part::Field { name, element, member } => {
                let last = said.unwrap_or_else(|| member.as_ref().unwrap_or(name).to_string());
                element.as_ref().map_or(last.clone(), |element| format!("{element} · {last}"))
            }
            Part::Plate { key, line } => {
                // Some lines have a name that needs no other before it.
                let alone = format!("history.{key}_{line}");
                if words.has(&alone, language) {
                    return word(&alone);
                }
                let key_of_line = format!("{key}.{line}");
                let line = if words.has(&key_of_line, language) { word(&key_of_line) } else { line.to_string() };
                format!("{} · {line}", word(&format!("history.{key}")))
            }
            Part::Section { path, .. } if path.is_empty() => word("history.text"),
            Part::Section { path, .. } => path.to_string(),
            Part::Rows => said.unwrap_or_default(),
            Part::Cell { label, column } => format!("{label} {}", said.unwrap_or_else(|| column.to_string())),
            Part::Attachment { name } => name.to_string(),
            Part::Narrowed(part) => label_of(desk, part, whole).in_language(language).to_owned(),
        }
    };
    Phrase { zh: Some(in_language("zh")), en: Some(in_language("en")), both: None }
}

/// By what a part is known to the page's filters and to the view of one day.
#[must_use]
pub fn key_of(part: &Part) -> String {
    match part {
        Part::Record => "record".into(),
        Part::Audience => "audience".into(),
        Part::Opening => "opening".into(),
        Part::Group => "group".into(),
        Part::Title => "title".into(),
        Part::Date => "date".into(),
        Part::Summary => "abstract".into(),
        Part::Origin => "origin".into(),
        Part::Field { name, element: None, member: None } => format!("field:{name}"),
        Part::Field { name, element, member } => format!(
            "field:{name}.{}{}",
            member.as_deref().unwrap_or_default(),
            element.as_ref().map(|element| format!("[{element}]")).unwrap_or_default()
        ),
        Part::Plate { key, line } => format!("{key}:{line}"),
        Part::Section { path, nth } => format!("text:{path}#{nth}"),
        Part::Rows => "rows".into(),
        Part::Cell { label, column } => format!("cell:{column}[{label}]"),
        Part::Attachment { name } => format!("file:{name}"),
        Part::Narrowed(part) => format!("audience:{}", key_of(part)),
    }
}
