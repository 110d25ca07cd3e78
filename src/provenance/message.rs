//! A commit's message: its summary, its body, and the trailers in which somebody says why, and who agreed.
//!
//! Trailers are found as git finds them, so that `git log --format='%(trailers)'` tells a reviewer the same: they stand
//! in the last paragraph, and never in the first. That paragraph holds nothing but trailers, or it holds one that is
//! known by name and at most three other lines for each trailer. What an input method gives counts as well: a
//! full-width colon, and the Chinese names of the keys that the archive knows.

use super::person::Person;
use crate::finding::harmless;

/// Longest parts, in characters: a message is read in a list of hundreds, and nobody may fill the page with one.
const LONGEST_SUMMARY: usize = 300;
const LONGEST_BODY: usize = 20_000;
const LONGEST_KEY: usize = 60;
const LONGEST_VALUE: usize = 2_000;
/// More trailers than this are no trailers that a person wrote.
const MOST_TRAILERS: usize = 100;

const REASON: &str = "Reason";
const APPROVED_BY: &str = "Approved-by";
const TICKET: &str = "Ticket";
const DISPOSAL: &str = "Disposal";
const CO_AUTHORED_BY: &str = "Co-authored-by";
const SIGNED_OFF_BY: &str = "Signed-off-by";
const RATIFIES: &str = "Ratifies";

/// The keys that are known by name, each with the words that mean it.
const KNOWN: [(&str, &[&str]); 7] = [
    (REASON, &["原因"]),
    (APPROVED_BY, &["审批", "批准"]),
    (TICKET, &["工单"]),
    (DISPOSAL, &["处置"]),
    (CO_AUTHORED_BY, &[]),
    (SIGNED_OFF_BY, &[]),
    (RATIFIES, &["追认"]),
];

/// Fewer digits than this name no commit for certain.
const SHORTEST_ID: usize = 10;

/// What git itself writes below a picked commit. It marks the paragraph as one of trailers, and is none.
const PICKED: &str = "(cherry picked from commit ";

/// A commit's message, taken apart. Nothing in it steers a terminal or turns the direction of writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The first paragraph, on one line; empty where the message is.
    pub summary: String,
    /// What follows, without the trailers: paragraphs with line feeds between, no empty lines at either end.
    pub body: String,
    /// The trailers in their order.
    pub trailers: Vec<Trailer>,
}

/// One line `Key: value` at the end of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// The key: as git's users know it where it is known (`Reason`, `Approved-by`, `Ticket`, `Disposal`,
    /// `Co-authored-by`, `Signed-off-by`, `Ratifies`), else as it was typed.
    pub key: String,
    /// The value on one line; may be empty.
    pub value: String,
}

impl Message {
    /// Takes a message apart. Every text is some message: this never fails.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let lines: Vec<&str> = text.split('\n').skip_while(|line| is_blank(line)).collect();
        let (title, rest) = lines.split_at(lines.iter().position(|line| is_blank(line)).unwrap_or(lines.len()));
        let (body, block) = rest.split_at(block_start(rest));

        let summary = title.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        let (trailers, left) = read_block(block);
        let mut body = without_blank_ends(body).to_vec();
        if !body.is_empty() && !left.is_empty() {
            body.push("");
        }
        body.extend(left);
        let body: Vec<&str> = body.into_iter().map(str::trim_end).collect();
        Self { summary: shown(&summary, LONGEST_SUMMARY), body: shown(&body.join("\n"), LONGEST_BODY), trailers }
    }

    /// Why the change was made: the `Reason` trailer (`原因`), several joined by semicolons.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        self.joined(REASON)
    }

    /// Where the change was asked for: the `Ticket` trailer (`工单`), several joined by semicolons.
    #[must_use]
    pub fn ticket(&self) -> Option<String> {
        self.joined(TICKET)
    }

    /// What became of what the commit took away: the `Disposal` trailer (`处置`), several joined by semicolons.
    #[must_use]
    pub fn disposal(&self) -> Option<String> {
        self.joined(DISPOSAL)
    }

    /// Who agreed, by `Approved-by` trailers (`审批`, `批准`): one person each, or several with `、`, `，` or `；` between.
    #[must_use]
    pub fn approved_by(&self) -> Vec<Person> {
        let names = self.values(APPROVED_BY).flat_map(|value| value.split(['、', '，', '；', ';']));
        names.filter_map(Person::read).collect()
    }

    /// The commits that this one stands in for, by `Ratifies` trailers (`追认`): ids, or their first digits.
    #[must_use]
    pub fn ratifies(&self) -> Vec<&str> {
        let ids = self.values(RATIFIES).flat_map(|value| value.split(|c: char| !c.is_ascii_hexdigit()));
        ids.filter(|id| id.len() >= SHORTEST_ID).collect()
    }

    /// Who made the change as well, by `Co-authored-by` trailers.
    #[must_use]
    pub fn co_authors(&self) -> Vec<Person> {
        self.values(CO_AUTHORED_BY).filter_map(Person::read).collect()
    }

    fn values(&self, key: &'static str) -> impl Iterator<Item = &str> {
        let of_key = self.trailers.iter().filter(move |trailer| trailer.key == key);
        of_key.map(|trailer| trailer.value.as_str()).filter(|value| !value.is_empty())
    }

    fn joined(&self, key: &'static str) -> Option<String> {
        let values: Vec<&str> = self.values(key).collect();
        (!values.is_empty()).then(|| values.join("; "))
    }
}

/// The line at which the trailers begin, in what follows the summary; beyond the end where there are none.
///
/// It is searched from the end upwards, as git does. Indented lines continue a trailer that stands above them, and
/// count against the paragraph where something else does; lines that begin with `#` count for nothing.
fn block_start(lines: &[&str]) -> usize {
    let (mut trailers, mut others, mut indented) = (0_usize, 0_usize, 0_usize);
    let (mut known, mut only_blank) = (false, true);
    for (at, line) in lines.iter().enumerate().rev() {
        if line.starts_with('#') {
            others += std::mem::take(&mut indented);
        } else if is_blank(line) {
            if only_blank {
                continue;
            }
            others += indented;
            let are_trailers = known && trailers.saturating_mul(3) >= others || trailers > 0 && others == 0;
            return if are_trailers { at + 1 } else { lines.len() };
        } else {
            only_blank = false;
            if line.starts_with(PICKED) {
                (trailers, indented, known) = (trailers + 1, 0, true);
            } else if let Some((key, _)) = divide(line) {
                (trailers, indented) = (trailers + 1, 0);
                known = known || known_key(key).is_some();
            } else if is_indented(line) {
                indented += 1;
            } else {
                others += 1 + std::mem::take(&mut indented);
            }
        }
    }
    lines.len()
}

/// The trailers of a block, and the lines of it that are none and belong to the body.
fn read_block<'t>(block: &[&'t str]) -> (Vec<Trailer>, Vec<&'t str>) {
    let mut found: Vec<(&str, String)> = Vec::new();
    let mut left = Vec::new();
    let mut in_trailer = false;
    for line in block {
        if let Some((key, value)) = divide(line) {
            in_trailer = true;
            found.push((key, value.trim().to_owned()));
        } else if let Some((_, value)) = found.last_mut().filter(|_| in_trailer && is_indented(line)) {
            let more = line.trim();
            if !value.is_empty() && !more.is_empty() {
                value.push(' ');
            }
            value.push_str(more);
        } else if !is_blank(line) {
            in_trailer = false;
            left.push(*line);
        }
    }
    found.truncate(MOST_TRAILERS);
    let named = |key: &str| known_key(key).map_or_else(|| shown(key, LONGEST_KEY), str::to_owned);
    let trailers = found.iter().map(|(key, value)| Trailer { key: named(key), value: shown(value, LONGEST_VALUE) });
    (trailers.collect(), left)
}

/// Key and value of a line that is a trailer by its form: letters, digits and hyphens, or a known Chinese key, then a
/// colon, before which blanks may stand.
fn divide(line: &str) -> Option<(&str, &str)> {
    let (at, colon) = line.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    let key = line.get(..at)?.trim_end_matches([' ', '\t']);
    if line.get(at..)?.starts_with("://") {
        // Git takes an address of the web for a trailer. A reader wants to see it whole.
        return None;
    }
    let formed = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') || known_key(key).is_some();
    let value = line.get(at + colon.len_utf8()..)?;
    (formed && !key.is_empty()).then_some((key, value))
}

fn known_key(key: &str) -> Option<&'static str> {
    let means = |(name, words): &&(&'static str, &[&str])| name.eq_ignore_ascii_case(key) || words.contains(&key);
    KNOWN.iter().find(means).map(|(name, _)| *name)
}

fn without_blank_ends<'l, 't>(lines: &'l [&'t str]) -> &'l [&'t str] {
    let first = lines.iter().position(|line| !is_blank(line)).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !is_blank(line)).map_or(first, |at| at + 1);
    lines.get(first..last).unwrap_or_default()
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_indented(line: &str) -> bool {
    // Not the wide blank with which Chinese paragraphs begin.
    line.starts_with([' ', '\t', '\u{b}', '\u{c}'])
}

/// The text with visible signs for what steers, cut to a length in characters.
fn shown(text: &str, longest: usize) -> String {
    let cut = text.char_indices().nth(longest).map(|(at, _)| at);
    let kept = cut.and_then(|at| text.get(..at)).unwrap_or(text);
    // Only a body has line feeds, and it keeps them.
    let mut kept = kept.split('\n').map(harmless).collect::<Vec<_>>().join("\n");
    // Characters that Unicode leaves to programs: other rooms use some of them as marks of their own.
    let inner = |c| matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}');
    if kept.contains(inner) {
        kept = kept.replace(inner, "\u{fffd}");
    }
    if cut.is_some() {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(message: &Message) -> Vec<(&str, &str)> {
        message.trailers.iter().map(|trailer| (trailer.key.as_str(), trailer.value.as_str())).collect()
    }

    fn people(people: &[Person]) -> Vec<String> {
        people.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_message_is_a_summary_a_body_and_trailers() {
        let message = Message::read(
            "Raise the credit limit\n\nThe customer asked for it in March.\n\nNothing else changes.\n\n\
             Reason: two years without a late payment\nApproved-by: He Jun <he.jun@yunxi.example>\n\
             approved-BY: Wu Jie\nTicket: OA-2026-118\nCo-authored-by: Li Wei <li.wei@yunxi.example>\n",
        );
        assert_eq!(message.summary, "Raise the credit limit");
        assert_eq!(message.body, "The customer asked for it in March.\n\nNothing else changes.");
        assert_eq!(message.reason().as_deref(), Some("two years without a late payment"));
        assert_eq!(people(&message.approved_by()), ["He Jun <he.jun@yunxi.example>", "Wu Jie"]);
        assert_eq!(message.ticket().as_deref(), Some("OA-2026-118"));
        let li_wei = Person { name: "Li Wei".into(), email: Some("li.wei@yunxi.example".into()) };
        assert_eq!(message.co_authors(), [li_wei]);
    }

    #[test]
    fn what_a_chinese_input_method_gives_is_understood() {
        let message =
            Message::read("上调授信额度\n\n原因：两年无逾期\n审批：何军、吴洁\n批准: 李薇\n工单：OA-2026-118\n");
        assert_eq!(message.summary, "上调授信额度");
        assert_eq!(message.body, "");
        assert_eq!(message.reason().as_deref(), Some("两年无逾期"));
        assert_eq!(people(&message.approved_by()), ["何军", "吴洁", "李薇"]);
        assert_eq!(message.ticket().as_deref(), Some("OA-2026-118"));
        assert_eq!(pairs(&Message::read("a\n\nReason：b")), [("Reason", "b")]);
        // Any other Chinese word before a colon is prose.
        assert_eq!(Message::read("a\n\n客户：云溪水电").trailers, []);
    }

    #[test]
    fn a_note_of_disposal_says_what_became_of_what_is_gone() {
        let of = |text: &str| Message::read(text).disposal();
        assert_eq!(of("a\n\nDisposal: destroyed by list 7").as_deref(), Some("destroyed by list 7"));
        assert_eq!(of("移交\n\n处置：移交法务\n审批：吴洁").as_deref(), Some("移交法务"));
        assert_eq!(of("a\n\ndisposal: one\nDisposal: two").as_deref(), Some("one; two"));
        assert_eq!((of("a\n\nDisposal:"), of("Disposal: x"), of("a\n\nReason: x")), (None, None, None));
    }

    #[test]
    fn the_first_paragraph_is_never_one_of_trailers() {
        let message = Message::read("Reason: none given\nTicket: 1\n");
        assert_eq!((message.summary.as_str(), message.trailers.len()), ("Reason: none given Ticket: 1", 0));
        assert_eq!(Message::read("\n \nReason: x\n\nTicket: 1").summary, "Reason: x");
    }

    #[test]
    fn trailers_stand_in_the_last_paragraph_alone() {
        let message = Message::read("a\n\nReason: early\n\nThe end.\n");
        assert_eq!((message.trailers.len(), message.body.as_str()), (0, "Reason: early\n\nThe end."));
        let message = Message::read("a\n\nb\n\nReason: late\n\n\n");
        assert_eq!((pairs(&message), message.body.as_str()), (vec![("Reason", "late")], "b"));
    }

    #[test]
    fn indented_lines_continue_a_value() {
        let message = Message::read("a\n\nReason: first\n  second\n\tthird\nTicket:\n 7\n");
        assert_eq!(pairs(&message), [("Reason", "first second third"), ("Ticket", "7")]);
    }

    #[test]
    fn a_known_key_makes_trailers_of_a_mixed_paragraph_and_nothing_is_lost() {
        let message = Message::read("a\n\nSeen with the customer\nReason: asked for\nand again\n  in May\n");
        assert_eq!(pairs(&message), [("Reason", "asked for")]);
        assert_eq!(message.body, "Seen with the customer\nand again\n  in May");
        let message = Message::read("a\n\none\ntwo\nthree\nfour\nReason: too little\n");
        assert_eq!(message.trailers, []);
        assert!(message.body.ends_with("Reason: too little"));
        let message = Message::read("a\n\nsome prose\nNote: a colon alone\n");
        assert_eq!((message.trailers.len(), message.body.as_str()), (0, "some prose\nNote: a colon alone"));
        let message = Message::read("a\n\nNote: b\n(cherry picked from commit 1234)\nprose\n");
        assert_eq!((pairs(&message), message.body.lines().count()), (vec![("Note", "b")], 2));
    }

    #[test]
    fn an_address_of_the_web_is_no_trailer() {
        let message = Message::read("a\n\nhttps://tickets.yunxi.example/7\n");
        assert_eq!((message.trailers.len(), message.body.as_str()), (0, "https://tickets.yunxi.example/7"));
    }

    #[test]
    fn an_empty_trailer_says_nothing() {
        let message = Message::read("a\n\nReason:\nApproved-by: ，、\nTicket: 1\nTicket: 2\n");
        assert_eq!((message.reason(), message.approved_by()), (None, vec![]));
        assert_eq!(message.ticket().as_deref(), Some("1; 2"));
    }

    #[test]
    fn line_ends_of_windows_and_a_byte_order_mark_change_nothing() {
        let text = "Summary\n\nBody.\n\nReason: x\n y\nTicket: 2\n";
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(Message::read(&windows), Message::read(text));
    }

    #[test]
    fn what_steers_a_terminal_or_turns_the_writing_is_made_visible() {
        let message = Message::read("a\u{1b}[31mb\u{202e}c\n\n\u{7}body\n\nReason: x\u{2066}y\nA-\u{fdd0}: z\n");
        assert_eq!(message.summary, "a␛[31mb\u{fffd}c");
        assert_eq!(message.body, "␇body\nA-\u{fffd}: z".replace('\n', "\n\n"));
        assert_eq!(message.reason().as_deref(), Some("x\u{fffd}y"));
    }

    #[test]
    fn nobody_fills_a_page_with_a_message() {
        let long = "长".repeat(100_000);
        let many = "Ticket: 1\n".repeat(1_000);
        let message = Message::read(&format!("{long}\n\n{long}\n\nReason: {long}\n{many}"));
        assert_eq!(message.summary.chars().count(), LONGEST_SUMMARY + 1);
        assert_eq!(message.body.chars().count(), LONGEST_BODY + 1);
        assert_eq!(message.reason().map(|reason| reason.chars().count()), Some(LONGEST_VALUE + 1));
        assert_eq!(message.trailers.len(), MOST_TRAILERS);
    }

    #[test]
    fn nothing_is_a_message_too() {
        assert_eq!(Message::read(""), Message::default());
        assert_eq!(Message::read(" \n\t\n"), Message::default());
    }

    proptest! {
        #[test]
        fn any_text_is_taken_apart_and_comes_out_harmless(
            text in "(Reason|原因|Ticket-1|# c|[ \t]|[:：]|\r?\n|\n\n|\\(cherry picked from commit |[a中]|\\PC|\\x00|\u{202e}){0,60}"
        ) {
            let message = Message::read(&text);
            let said = message.trailers.iter().flat_map(|trailer| [&trailer.key, &trailer.value]);
            for part in said.chain([&message.summary]) {
                prop_assert!(!part.contains(|c: char| c != '\t' && c.is_control()), "{part:?}");
            }
            prop_assert!(!message.body.contains(|c: char| !matches!(c, '\n' | '\t') && c.is_control()));
            // Nothing is lost of what is short enough to be shown whole: each letter stands in one of the parts.
            if text.chars().count() <= LONGEST_SUMMARY {
                let kept = message.summary.matches('中').count()
                    + message.body.matches('中').count()
                    + message.trailers.iter().map(|t| t.key.matches('中').count() + t.value.matches('中').count()).sum::<usize>();
                prop_assert_eq!(kept, text.matches('中').count());
            }
        }
    }
}
