//! Findings as programs read them. The names and their order are a promise; new ones may be added.

use serde::Serialize;

use super::findings::{Finding, Findings, Severity};
use super::place::Place;
use super::quoting::withhold;

#[derive(Serialize)]
struct Report<'a> {
    findings: Vec<Entry<'a>>,
    errors: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    severity: &'static str,
    code: &'static str,
    #[serde(flatten)]
    spot: Spot<'a>,
    message: String,
    remedy: Option<String>,
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    spot: Spot<'a>,
    message: String,
}

/// What is unknown is null; `text` is the excerpt of the line, null without excerpts.
#[derive(Default, Serialize)]
struct Spot<'a> {
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    length: Option<u32>,
    text: Option<&'a str>,
}

/// The findings as one line of JSON: `{"findings": […], "errors": n, "warnings": n, "notes": n}`, each finding with
/// `severity`, `code`, `file`, `line`, `column`, `length` (in characters), `text`, `message`, `remedy` and `related`.
/// Without `excerpts` there is no `text`, and quoted words become ‹…›.
pub fn render(findings: &Findings, excerpts: bool) -> String {
    let report = Report {
        findings: findings.iter().map(|finding| entry(finding, excerpts)).collect(),
        errors: findings.count(Severity::Error),
        warnings: findings.count(Severity::Warning),
        notes: findings.count(Severity::Note),
    };
    // Strings and numbers alone cannot fail to serialise.
    serde_json::to_string(&report).unwrap_or_default()
}

fn entry(finding: &Finding, excerpts: bool) -> Entry<'_> {
    let words = |text: &str| if excerpts { text.to_owned() } else { withhold(text) };
    Entry {
        severity: finding.severity.word(),
        code: finding.code.0,
        spot: finding.place.as_ref().map(|place| spot(place, excerpts)).unwrap_or_default(),
        message: words(&finding.message),
        remedy: (!finding.remedy.is_empty()).then(|| words(&finding.remedy)),
        related: finding
            .related
            .iter()
            .map(|(place, why)| Related { spot: spot(place, excerpts), message: words(why) })
            .collect(),
    }
}

fn spot(place: &Place, excerpts: bool) -> Spot<'_> {
    let known = (place.line > 0).then_some(());
    Spot {
        file: Some(&place.file),
        line: known.map(|()| place.line),
        column: known.map(|()| place.column),
        length: known.map(|()| place.length),
        text: place.text.as_ref().filter(|_| excerpts).map(|excerpt| excerpt.line.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Code, quote};

    fn sample() -> Findings {
        [
            Finding::error(Code("unknown-audience"), format!("no audience {}", quote("财物")))
                .at(Place::of("a.md", "audience: 财物\n", 10..16))
                .remedy("write another"),
            Finding::note(Code("odd"), "odd"),
        ]
        .into_iter()
        .collect()
    }

    #[test]
    fn json_has_every_part_and_the_counts() {
        assert_eq!(
            render(&sample(), true),
            concat!(
                r#"{"findings":[{"severity":"error","code":"unknown-audience","file":"a.md","line":1,"column":11,"#,
                r#""length":2,"text":"audience: 财物","message":"no audience ‹财物›","remedy":"write another","#,
                r#""related":[]},{"severity":"note","code":"odd","file":null,"line":null,"column":null,"#,
                r#""length":null,"text":null,"message":"odd","remedy":null,"related":[]}],"#,
                r#""errors":1,"warnings":0,"notes":1}"#
            )
        );
    }

    #[test]
    fn json_without_excerpts_holds_no_word_of_the_archive() {
        let json = render(&sample(), false);
        assert!(!json.contains("财物"), "{json}");
        assert!(json.contains(r#""text":null,"message":"no audience ‹…›""#), "{json}");
    }
}
