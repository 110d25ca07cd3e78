//! Words that say of a text that it is not for everybody, in what all staff may read: somebody marked it, and nobody
//! restricted it. Requirement E3.

use super::all::Check;
use super::beside;
use super::case::Case;
use super::notice::Notice;
use super::open_texts;
use crate::archive::Settings;
use crate::finding::{Code, Finding, Place, quote};
use crate::record::Record;
use std::ops::Range;

/// A word of `marked_words`, or a level of markings on a line by itself, in open text.
pub const MARKED_WORDS: Notice = Notice::warning(Code("marked-words"));

/// Looks for marked words in open text and in open files that are text.
pub(super) const CHECK: Check = Check { notices: &[MARKED_WORDS], find };

/// More places than these in one record or file are not told one by one.
const TOLD: usize = 20;

/// What is looked for.
struct Marks {
    /// In small letters.
    words: Vec<String>,
    /// Levels above the lowest, in small letters.
    levels: Vec<String>,
}

impl Marks {
    fn of(settings: &Settings) -> Self {
        let small = |text: &str| text.to_ascii_lowercase();
        // The lowest level is for all staff.
        let levels = settings.levels.iter().skip(1).flat_map(|level| level.texts()).map(small).collect();
        Self { words: settings.marked_words.iter().map(|word| small(word)).collect(), levels }
    }

    /// Where the words stand in a text.
    fn words(&self, text: &str) -> Vec<Range<usize>> {
        // Of ASCII letters alone, so that every place stays what it is.
        let small = text.to_ascii_lowercase();
        let found = self.words.iter().flat_map(|word| small.match_indices(word.as_str()));
        found.map(|(at, word)| at..at + word.len()).collect()
    }

    /// Where a level stands on a line by itself.
    fn levels(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = 0;
        for line in text.split_inclusive('\n') {
            let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
            if self.levels.contains(&bare.to_ascii_lowercase()) {
                let at = from + line.find(bare).unwrap_or_default();
                found.push(at..at + bare.len());
            }
            from += line.len();
        }
        found
    }
}

fn find(case: &Case<'_>) -> Vec<Finding> {
    let marks = Marks::of(&case.archive.settings);
    if marks.words.is_empty() && marks.levels.is_empty() {
        return Vec::new();
    }
    let of_dossiers =
        case.dossiers.iter().flat_map(|open| std::iter::once(open.root()).chain(open.records.iter().copied()));
    let records = of_dossiers.chain(case.registers.iter().copied());
    let mut findings: Vec<Finding> = records.flat_map(|record| in_record(case, &marks, record)).collect();
    for file in beside::open_files(case) {
        in_file(case, &marks, &file, &mut findings);
    }
    findings
}

fn in_record(case: &Case<'_>, marks: &Marks, record: &Record) -> Vec<Finding> {
    let mut hits: Vec<(Range<usize>, String)> = Vec::new();
    let mut add = |text: &str, near: &Range<usize>, found: Vec<Range<usize>>| {
        let words = found.into_iter().filter_map(|range| text.get(range).map(str::to_owned));
        hits.extend(words.map(|words| (near.clone(), words)));
    };
    open_texts::each(record, &mut |text, near| add(text, &near, marks.words(text)));
    // A field that holds a level is a marking, which other checks judge.
    for section in record.text.in_the_open() {
        add(&section.text, &section.range, marks.levels(&section.text));
    }
    hits.sort_by(|one, other| (one.0.start, &one.1).cmp(&(other.0.start, &other.1)));
    hits.dedup();
    let told = hits.into_iter().take(TOLD);
    let mut findings: Vec<Finding> =
        told.map(|(near, words)| tell(case.at_words(&record.file, near, &words), &words)).collect();
    for column in open_texts::columns(record) {
        let cells = column.cells.iter().filter_map(|cell| Some((cell, cell.get(marks.words(cell).first()?.clone())?)));
        for (cell, words) in cells.take(TOLD) {
            findings.push(tell(case.at_cell(record, &column.name, cell, 0), words));
        }
    }
    findings
}

fn in_file(case: &Case<'_>, marks: &Marks, file: &beside::OpenFile, findings: &mut Vec<Finding>) {
    let remedy = "restrict the attachment, or rename the file or take the words out of it if everybody may have it";
    let mut say = |place: Place, words: &str| {
        let message = format!("{} stands in a file that all staff may open", quote(words));
        findings.push(MARKED_WORDS.at(place, message, remedy));
    };
    for words in marks.words(&file.name).into_iter().filter_map(|range| file.name.get(range)) {
        say(Place::whole(&file.path), words);
    }
    for text in beside::texts(case, file) {
        for range in marks.words(&text.text).into_iter().chain(marks.levels(&text.text)).take(TOLD) {
            let Some(words) = text.text.get(range.clone()) else { continue };
            let whole = || Place::whole(&file.path);
            say(if text.as_it_stands { Place::of(&file.path, &text.text, range) } else { whole() }, words);
        }
    }
}

fn tell(place: Place, words: &str) -> Finding {
    let message = format!("{} stands in what all staff may read", quote(words));
    let remedy = "restrict the part (`audience`, `restrict`, or a heading's `{audience=…}`), or leave the words out if \
                  everybody may read it";
    MARKED_WORDS.at(place, message, remedy)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const PROFILE: &str = "customers/yunxi/profile.md";

    fn with(settings: &str, profile: &str) -> Vec<String> {
        let mut shelves = Shelves::new();
        shelves.add_settings(settings);
        shelves.put(PROFILE, profile);
        shelves.places()
    }

    #[test]
    fn words_that_ask_for_care_are_found_in_the_open_and_nowhere_else() {
        let found = with("", "---\nbusiness: 水电，Strictly Confidential\n---\n# 概况\n\n此件不得外传。\n");
        assert_eq!(found, [format!("marked-words {PROFILE}:2:14"), format!("marked-words {PROFILE}:6:3")]);
        let sealed = "---\nbusiness: 水电\n---\n## 概况 {audience=sales}\n\n此件不得外传。\n";
        assert_eq!(with("", sealed), [""; 0]);
    }

    #[test]
    fn an_archive_says_its_own_words_and_none_turns_them_off() {
        let text = "---\nbusiness: 青松计划\n---\n此件不得外传。\n";
        assert_eq!(with("marked_words: [青松计划]\n", text), [format!("marked-words {PROFILE}:2:11")]);
        assert_eq!(with("marked_words: []\n", text), [""; 0]);
    }

    #[test]
    fn a_level_on_a_line_by_itself_is_a_mark_and_in_a_sentence_a_word() {
        let levels = "levels: [内部, 普通商密, 核心商密]\n";
        let found = with(levels, "---\nbusiness: 水电\n---\n**【核心商密】**\n\n什么是普通商密，见规定。\n\n内部\n");
        assert_eq!(found, [format!("marked-words {PROFILE}:4:4")]);
    }

    #[test]
    fn names_of_open_files_and_their_texts_are_looked_at() {
        let (name, text) = ("customers/yunxi/不得外传.bin", "customers/yunxi/list.txt");
        let mut shelves = Shelves::new();
        shelves.put(name, "x");
        shelves.put(text, "one\nDo not distribute\n");
        shelves.put(PROFILE, "---\nattachments: [不得外传.bin, list.txt]\n---\n");
        let mut found = shelves.places();
        found.sort();
        assert_eq!(found, [format!("marked-words {text}:2:1"), format!("marked-words {name}")]);
    }
}
