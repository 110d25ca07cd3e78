//! What the panel on served pages is told: findings with their excerpts, and the words around them.

use super::sayings::Sayings;
use crate::finding::{Finding, Findings, Place, harmless};
use crate::page::Words;
use serde_json::{Map, Value, json};

/// More than these are for the command line.
const SHOWN: usize = 40;

/// The words that the panel needs.
const WORDS: [&str; 12] = [
    "serve.panel",
    "serve.errors",
    "serve.remarks",
    "serve.more",
    "serve.remedy",
    "serve.rereading",
    "serve.waiting",
    "serve.waiting.text",
    "serve.gone",
    "severity.error",
    "severity.warning",
    "severity.note",
];

/// Findings as the panel shows them. Excerpts are in it: whoever sees it has the archive's files.
pub(super) fn findings_json(findings: &Findings, sayings: &Sayings) -> Value {
    let mut all: Vec<Value> = findings.iter().take(SHOWN).map(|finding| finding_json(finding, sayings)).collect();
    if findings.len() > SHOWN {
        all.push(json!({"more": findings.len() - SHOWN}));
    }
    Value::Array(all)
}

fn finding_json(finding: &Finding, sayings: &Sayings) -> Value {
    // In Chinese too, where there are words for it.
    let both = |said: &mut Map<String, Value>, key: &str, text: &str| {
        said.insert(key.to_owned(), harmless(text).into());
        if let Some(chinese) = sayings.say(text) {
            said.insert(format!("{key}_zh"), harmless(&chinese).into());
        }
    };
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|(place, why)| {
            let mut spot = spot(place);
            both(&mut spot, "message", why);
            Value::Object(spot)
        })
        .collect();
    let mut said = finding.place.as_ref().map(spot).unwrap_or_default();
    said.insert("severity".to_owned(), finding.severity.word().into());
    said.insert("code".to_owned(), finding.code.0.into());
    both(&mut said, "message", &finding.message);
    both(&mut said, "remedy", &finding.remedy);
    said.insert("related".to_owned(), related.into());
    Value::Object(said)
}

/// Where a finding points, and the line there in three pieces, of which the second is marked.
fn spot(place: &Place) -> Map<String, Value> {
    let mut said = Map::new();
    let whole = place.line == 0;
    let at = if whole { String::new() } else { format!(":{}:{}", place.line, place.column) };
    said.insert("place".to_owned(), format!("{}{at}", harmless(&place.file)).into());
    if let Some(excerpt) = place.text.as_ref().filter(|_| !whole) {
        let piece = |range: Option<&str>| harmless(range.unwrap_or_default());
        said.insert("before".to_owned(), piece(excerpt.line.get(..excerpt.mark.start)).into());
        said.insert("marked".to_owned(), harmless(excerpt.marked()).into());
        said.insert("after".to_owned(), piece(excerpt.line.get(excerpt.mark.end..)).into());
    }
    said
}

/// The words in both languages.
pub(super) fn words_json(words: &Words) -> Value {
    let of = |language: &str| -> Map<String, Value> {
        WORDS.iter().map(|key| ((*key).to_owned(), words.plain(key, language).into())).collect()
    };
    json!({"zh": of("zh"), "en": of("en")})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Code;
    use crate::page::Theme;

    #[test]
    fn a_finding_is_told_with_its_place_and_the_marked_line() {
        let finding = Finding::error(Code("odd"), "this is odd")
            .at(Place::of("a.md", "one\naudeince: x\n", 4..12))
            .remedy("mend it")
            .related(Place::whole("b.md"), "the other one");
        assert_eq!(
            findings_json(&finding.into(), &Sayings::default()),
            json!([{
                "severity": "error", "code": "odd", "message": "this is odd", "remedy": "mend it",
                "place": "a.md:2:1", "before": "", "marked": "audeince", "after": ": x",
                "related": [{"place": "b.md", "message": "the other one"}],
            }])
        );
    }

    #[test]
    fn what_can_be_said_in_chinese_is_and_the_rest_stays_as_the_program_says_it() {
        let theme = Theme::load(&[], &mut Vec::new()).unwrap();
        let sayings = Sayings::new(theme.words(), theme.words());
        let finding = Finding::error(Code("duplicate-key"), "the key ‹a\u{202e}b› stands twice")
            .remedy("do something that has no words")
            .related(Place::whole("b.md"), "it stands here first");
        let told = findings_json(&finding.into(), &sayings);
        assert_eq!(told[0]["message_zh"], "‹a\u{fffd}b› 这一项写了两遍");
        assert_eq!(told[0].get("remedy_zh"), None);
        assert_eq!(told[0]["related"][0]["message_zh"], "第一处在这里");
    }

    #[test]
    fn more_findings_than_people_read_are_counted() {
        let many: Findings = (0..SHOWN + 3).map(|n| Finding::note(Code("odd"), n.to_string())).collect();
        let told = findings_json(&many, &Sayings::default());
        assert_eq!(told.as_array().unwrap().len(), SHOWN + 1);
        assert_eq!(told[SHOWN], json!({"more": 3}));
    }

    #[test]
    fn every_word_of_the_panel_is_there_in_both_languages() {
        let theme = Theme::load(&[], &mut Vec::new()).unwrap();
        for language in ["zh", "en"] {
            for key in WORDS {
                assert!(theme.words().has(key, language), "{key} in {language}");
            }
        }
    }
}
