//! Whatever outside code looks like a restriction and did not become one.
//!
//! An attribute that was not parsed is the most likely leak there is: the heading shows it as text and the section
//! stands open. So the Markdown is searched once more, as text, for anything that somebody may have meant as an
//! audience, in half width and full width, misspelt, spaced, unclosed, or in Chinese.

use std::ops::Range;

/// Words of the interface language that people write where the format wants `audience`.
const CHINESE: [&str; 6] = ["知悉范围", "知悉", "受众", "权限", "密级", "查阅范围"];

/// Keys that restrict, or end a restriction, somewhere in the format.
const KEYS: [&str; 4] = ["audience", "audiences", "restrict", "open_from"];

/// The ranges of `text` that look like an audience attribute. `masked` are the parts that are code, or attributes
/// that were understood; they are passed over. Ranges come in the order of the text.
pub(super) fn find(text: &str, masked: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut masked = masked.to_vec();
    masked.sort_by_key(|m| m.start);
    // Masks may lie inside one another; what counts for a place is how far the masks before it reach.
    let mut reach = 0;
    for mask in &mut masked {
        reach = reach.max(mask.end);
        mask.end = reach;
    }
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let range = line_start..line_start + line.len();
        line_start = range.end;
        if let Some(hit) = in_line(text, &range, &masked) {
            found.push(hit);
        }
    }
    found
}

fn in_line(text: &str, line: &Range<usize>, masked: &[Range<usize>]) -> Option<Range<usize>> {
    let slice = text.get(line.clone())?;
    // Without a brace, an equals sign or a key before a colon nothing below can be a hit; nearly all lines end here.
    let begins = slice.trim_start().chars().next().is_some_and(|c| half_width(c).is_ascii_lowercase());
    let key = begins && slice.contains([':', '：', '≔', '∶']);
    if !key && !slice.contains(['{', '=', '｛', '＝', '﹛', '﹦', '≡']) {
        return None;
    }
    let covered = |at: usize| {
        let before = masked.partition_point(|m| m.start <= at);
        before.checked_sub(1).and_then(|last| masked.get(last)).is_some_and(|m| at < m.end)
    };
    let mut brace: Option<usize> = None;
    for (offset, c) in slice.char_indices() {
        let at = line.start + offset;
        if covered(at) {
            continue;
        }
        let c = half_width(c);
        if matches!(c, '{' | '[' | '(' | '<') {
            if c == '{' {
                brace = Some(at);
            }
            continue;
        }
        if c == '}' {
            brace = None;
            continue;
        }
        if let Some(word) = CHINESE.iter().find(|word| slice.get(offset..).is_some_and(|rest| rest.starts_with(**word)))
            && let Some(open) = brace
        {
            return Some(open..at + word.len());
        }
        if !is_word(c)
            || offset > 0
                && slice.get(..offset).and_then(|s| s.chars().next_back()).is_some_and(|p| is_word(half_width(p)))
        {
            continue;
        }
        let word: String =
            slice.get(offset..).unwrap_or_default().chars().map(half_width).take_while(|c| is_word(*c)).collect();
        let length: usize = slice
            .get(offset..)
            .unwrap_or_default()
            .chars()
            .take_while(|c| is_word(half_width(*c)))
            .map(char::len_utf8)
            .sum();
        if !resembles(&word) {
            continue;
        }
        let after = slice.get(offset + length..).unwrap_or_default();
        let next = after.chars().map(half_width).find(|c| !c.is_whitespace());
        let sign = next.is_some_and(|c| matches!(c, '=' | '≡' | '﹦'));
        let colon = next.is_some_and(|c| matches!(c, ':' | '≔' | '∶'));
        // At the start of a line it may be a key that missed the front matter; a capital letter begins a sentence.
        let key = slice.get(..offset).is_some_and(|before| before.trim().is_empty())
            && word.starts_with(|c: char| c.is_ascii_lowercase());
        if sign || key && colon || brace.is_some() && (colon || after.trim().is_empty() || near(text, brace, at)) {
            return Some(brace.unwrap_or(at)..at + length);
        }
    }
    None
}

/// A brace directly before the word, but for spaces and the marks of an identifier or class.
fn near(text: &str, brace: Option<usize>, word: usize) -> bool {
    brace.and_then(|open| text.get(open..word)).is_some_and(|between| {
        between.chars().skip(1).all(|c| c.is_whitespace() || matches!(c, '#' | '.' | ':' | '*' | '_'))
    })
}

/// Full-width letters and signs of an input method, as their half-width ones.
fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '﹛' => '{',
        '﹜' => '}',
        '\u{3000}' => ' ',
        c => c,
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn resembles(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    KEYS.iter().any(|key| {
        let allowed = if key.len() >= 8 { 2 } else { 1 };
        word.len().abs_diff(key.len()) <= allowed && strsim::damerau_levenshtein(&word, key) <= allowed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> bool {
        !find(text, &[]).is_empty()
    }

    #[test]
    fn what_was_meant_as_an_audience_is_seen() {
        for text in [
            "Price {audience=finance}",
            "Price { audience=finance}",
            "Price {audience = finance}",
            "Price {audience: finance}",
            "Price ｛audience＝finance｝",
            "Price ｛ａｕｄｉｅｎｃｅ＝finance｝",
            "Price {audeince=finance}",
            "Price {audience=finance",
            "Price audience=finance}",
            "Price {#x audience=finance}",
            "Price ﹛audience=finance﹜",
            "价格 {知悉范围=财务}",
            "价格｛受众：财务｝",
            "Price {Audience=finance}",
            "Price {audience}",
            "Price {audiance finance}",
            "Price {open_from=2027-01-01}",
        ] {
            assert!(seen(text), "{text}");
        }
    }

    #[test]
    fn ordinary_prose_is_left_alone() {
        for text in [
            "The audience at the meeting: twelve people.",
            "An audience was held.",
            "{x} and {y: 1}",
            "权限由主管批准。",
            "We restrict access to the room: nobody enters.",
        ] {
            assert!(!seen(text), "{text}");
        }
    }

    #[test]
    fn a_key_that_missed_the_front_matter_is_seen() {
        assert!(seen("audience: legal") && seen("  audience：legal") && seen("restrict: {a: legal}"));
        assert!(!seen("Audience: the managers of all districts"));
    }

    #[test]
    fn code_is_left_alone() {
        let text = "Write `{audience=legal}` there.";
        assert!(find(text, std::slice::from_ref(&(6..25))).is_empty());
    }
}
