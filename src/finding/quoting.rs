//! What is done to words of the archive before they are said: marks around them, and nothing in them that steers.
//!
//! A log of a build server is read by people whom no audience names. Messages therefore hold the archive's own words
//! only between ‹ and ›, and a run without excerpts puts ‹…› in their place.

/// No more characters than these are quoted: a message is no place for a paragraph.
const LONGEST: usize = 60;

/// The words between the marks, shortened, on one line, and without marks of their own.
pub fn quote(words: &str) -> String {
    let mut quoted = String::from("‹");
    for (count, character) in words.chars().enumerate() {
        if count == LONGEST {
            quoted.push('…');
            break;
        }
        quoted.push(match character {
            '‹' => '<',
            '›' => '>',
            other if other.is_control() => ' ',
            other => other,
        });
    }
    quoted.push('›');
    quoted
}

/// The message with ‹…› in place of everything quoted. A mark that is never closed hides all that follows it.
pub fn withhold(message: &str) -> String {
    let mut kept = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, quoted)) = rest.split_once('‹') {
        kept.push_str(before);
        kept.push_str("‹…›");
        rest = quoted.split_once('›').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// The text with a visible sign in place of each character that steers a terminal or turns the direction of writing,
/// one for one, so that columns stay true. Neither a file's name nor its text can forge what the terminal shows.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' => '\t',
            '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
            '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => {
                '\u{fffd}'
            }
            '\u{2060}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_words_are_withheld_whatever_they_hold() {
        let message = format!("audience {} is unknown, nearest is {}", quote("fin›ance‹"), quote("finance"));
        assert_eq!(message, "audience ‹fin>ance<› is unknown, nearest is ‹finance›");
        assert_eq!(withhold(&message), "audience ‹…› is unknown, nearest is ‹…›");
    }

    #[test]
    fn a_quotation_that_is_not_closed_hides_the_rest() {
        assert_eq!(withhold("odd ‹secret words"), "odd ‹…›");
        assert_eq!(withhold("nothing quoted"), "nothing quoted");
    }

    #[test]
    fn long_and_broken_lines_are_quoted_short_and_on_one_line() {
        let quoted = quote(&"长\n".repeat(100));
        assert_eq!(quoted.chars().count(), LONGEST + 3);
        assert!(!quoted.contains('\n'));
    }
}
