//! Front matter: the YAML between the first line `---` and the next one.

use super::Source;
use crate::finding::{Code, Finding};
use std::ops::Range;

/// Front matter was begun and never closed.
pub const UNCLOSED: Code = Code("front-matter-unclosed");

/// Where the two halves of a Markdown record lie in its text.
pub struct Divided {
    /// The YAML, without the lines of dashes; empty where the file has none.
    pub yaml: Range<usize>,
    /// The Markdown.
    pub body: Range<usize>,
}

/// Divides a Markdown file into front matter and body.
///
/// # Errors
/// A finding when the front matter is not closed: what was meant as settings would be shown as text.
pub fn divide(source: &Source) -> Result<Divided, Box<Finding>> {
    let text = source.text();
    let first = text.lines().next().unwrap_or_default();
    if first.trim_end() != "---" {
        let begin = text.len() - text.trim_start().len();
        let (line, at) = match text.get(..begin).and_then(|blank| blank.rfind('\n')) {
            Some(before) => {
                (text.get(before + 1..).and_then(|rest| rest.lines().next()).unwrap_or_default(), before + 1)
            }
            None => (first, 0),
        };
        if let Some(odd) = front_matter_lookalike(line, at > 0) {
            return Err(Box::new(source.error(
                UNCLOSED,
                at..at + line.len(),
                format!("this looks like the start of front matter, but {odd}"),
                "write exactly three hyphens, `---`, alone on the first line",
            )));
        }
        return Ok(Divided { yaml: 0..0, body: 0..text.len() });
    }
    let start = (first.len() + 1).min(text.len());
    let mut at = start;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Ok(Divided { yaml: start..at, body: at + line.len()..text.len() });
        }
        at += line.len();
    }
    Err(Box::new(source.error(
        UNCLOSED,
        0..first.len(),
        "the front matter that begins here is not closed".to_owned(),
        "close it with a line that holds exactly `---`",
    )))
}

fn front_matter_lookalike(line: &str, below: bool) -> Option<&'static str> {
    let line = line.trim();
    if line == "---" {
        return Some(if below { "empty lines stand above it" } else { "it is indented" });
    }
    let dashes = |c: char| matches!(c, '-' | '—' | '–' | '－' | '﹣' | '−');
    if line.chars().count() >= 2 && line.chars().all(dashes) && !line.is_empty() {
        return Some("it is not three hyphens");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves(text: &str) -> Option<(String, String)> {
        let source = Source::decode("a.md", text.as_bytes()).ok()?;
        let divided = divide(&source).ok()?;
        Some((source.text()[divided.yaml].to_owned(), source.text()[divided.body].to_owned()))
    }

    #[test]
    fn front_matter_and_body_are_divided() {
        assert_eq!(halves("---\na: 1\n---\nText\n"), Some(("a: 1\n".into(), "Text\n".into())));
        assert_eq!(halves("Text only\n"), Some((String::new(), "Text only\n".into())));
        assert_eq!(halves("---\n---\n"), Some((String::new(), String::new())));
    }

    #[test]
    fn front_matter_that_is_not_closed_is_an_error() {
        assert_eq!(halves("---\na: 1\nText\n"), None);
        assert_eq!(halves("---"), None);
        assert_eq!(halves("———\na: 1\n———\n"), None);
        assert_eq!(halves(" ---\na: 1\n---\n"), None);
        assert_eq!(halves("\n \n---\na: 1\n---\n"), None);
    }
}
