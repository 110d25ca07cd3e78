//! Text by sentences, Chinese ones too, and what became of each between two versions.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// What became of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stood before and stands after.
    Kept,
    /// It came.
    Added,
    /// It went.
    Removed,
}

/// A sentence and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What became of it.
    pub fate: Fate,
    /// Its words.
    pub words: String,
}

/// The sentences of a text: lines end one, and so do the full stops, question marks and exclamation marks of both
/// scripts. A Latin full stop ends one only before a space, so that numbers, names of files and abbreviations without
/// a space stay whole.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(of_line).map(str::trim).filter(|sentence| !sentence.is_empty())
}

fn of_line(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        // Closing quotes and brackets belong to the sentence that they close.
        let closes = |c: char| matches!(c, '」' | '』' | '”' | '’' | '）' | ')' | '"' | '】' | '》');
        let ends = match c {
            '。' | '！' | '？' | '；' => !next.is_some_and(closes),
            '.' | '!' | '?' | ';' => next.is_none_or(char::is_whitespace),
            c if closes(c) => {
                let before = line.get(start..at).and_then(|words| words.chars().next_back());
                matches!(before, Some('。' | '！' | '？' | '；')) && !next.is_some_and(closes)
            }
            _ => false,
        };
        if ends {
            let end = at + c.len_utf8();
            found.extend(line.get(start..end));
            start = end;
        }
    }
    found.extend(line.get(start..));
    found
}

/// What became of each sentence between two texts, in reading order; what went stands before what came in its place.
#[must_use]
pub fn compare(before: &str, after: &str) -> Vec<Step> {
    let (old, new): (Vec<&str>, Vec<&str>) = (sentences(before).collect(), sentences(after).collect());
    let mut steps = Vec::new();
    let mut push = |fate: Fate, words: &[&str]| {
        steps.extend(words.iter().map(|words| Step { fate, words: (*words).to_owned() }));
    };
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (of_old, of_new) = (op.old_range(), op.new_range());
        if let DiffOp::Equal { .. } = op {
            push(Fate::Kept, new.get(of_new).unwrap_or_default());
        } else {
            push(Fate::Removed, old.get(of_old).unwrap_or_default());
            push(Fate::Added, new.get(of_new).unwrap_or_default());
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn chinese_and_latin_sentences_are_told_apart() {
        let text = "客户续签。价格不变！（见附件。）Rate is 99.95% now. See a.pdf; done\n第二行";
        let found: Vec<&str> = sentences(text).collect();
        assert_eq!(
            found,
            ["客户续签。", "价格不变！", "（见附件。）", "Rate is 99.95% now.", "See a.pdf;", "done", "第二行"]
        );
    }

    #[test]
    fn a_sentence_that_changed_goes_and_comes() {
        let steps = compare("甲。乙。丙。", "甲。丁。丙。");
        let said: Vec<(Fate, &str)> = steps.iter().map(|step| (step.fate, step.words.as_str())).collect();
        assert_eq!(said, [(Fate::Kept, "甲。"), (Fate::Removed, "乙。"), (Fate::Added, "丁。"), (Fate::Kept, "丙。")]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_between_two_texts(before in "[甲乙。a. \n]{0,40}", after in "[甲乙。a. \n]{0,40}") {
            let steps = compare(&before, &after);
            let of = |fate: Fate| steps.iter().filter(move |s| s.fate == Fate::Kept || s.fate == fate).map(|s| s.words.as_str());
            prop_assert_eq!(of(Fate::Removed).collect::<Vec<_>>(), sentences(&before).collect::<Vec<_>>());
            prop_assert_eq!(of(Fate::Added).collect::<Vec<_>>(), sentences(&after).collect::<Vec<_>>());
        }
    }
}
