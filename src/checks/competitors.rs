//! What is said of competitors, and by whom.

use super::all::Check;
use super::case::Case;
use super::fields::{field, knows, texts};
use super::notice::Notice;
use crate::finding::{Code, Finding};

/// A note on a competitor that does not say where it comes from.
pub const NOTE_WITHOUT_SOURCE: Notice = Notice::warning(Code("note-without-source"));

/// Looks at notes on competitors.
pub(super) const CHECK: Check = Check { notices: &[NOTE_WITHOUT_SOURCE], find };

/// Words that stand where a source is wanted and name none.
const NO_SOURCE: [&str; 14] =
    ["-", "—", "/", "?", "？", "无", "不详", "未知", "不明", "待补", "n/a", "none", "unknown", "tbd"];

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for note in case.records().filter(|record| record.record_type.name == "competitor-note") {
        let sources = texts(note, "source");
        let empty = |source: &str| NO_SOURCE.contains(&source.trim().to_lowercase().as_str());
        // Where the type requires a source, its absence is an error already.
        let missing = field(note, "source").is_none() && note.record_type.field("source").is_some_and(|f| !f.required);
        if knows(note, "source") && (missing || !sources.is_empty() && sources.iter().all(|source| empty(source))) {
            let message = "this does not say where it was learnt";
            let remedy = "write in `source` who said it or where it was read; the reliability follows from that";
            findings.push(NOTE_WITHOUT_SOURCE.at(case.at_field(note, "source"), message, remedy));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const NOTE: &str = "customers/yunxi/competition/1.md";

    #[test]
    fn a_word_in_place_of_a_source_is_none() {
        let mut shelves = Shelves::new();
        for source in ["不详", "N/A", "'-'"] {
            shelves.put(NOTE, &format!("---\ncompetitor: 甲通信\nsource: {source}\n---\n"));
            assert_eq!(shelves.places(), [format!("note-without-source {NOTE}:3:9")]);
        }
        shelves.put(NOTE, "---\ncompetitor: 甲通信\nsource: 来源不详的传单\n---\n");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn where_a_type_does_not_require_the_source_it_is_asked_for_all_the_same() {
        let mut shelves = Shelves::new();
        let note = "folder: competition\naudience: sales\nfields:\n";
        shelves.put("types/competitor-note.yaml", &format!("{note}  source: {{kind: text}}\n"));
        shelves.put(NOTE, "---\ntitle: 甲\n---\n");
        assert_eq!(shelves.places(), [format!("note-without-source {NOTE}:1:1")]);
        shelves.put("types/competitor-note.yaml", &format!("{note}  about: {{kind: text}}\n"));
        assert_eq!(shelves.codes(), [""; 0]);
    }
}
