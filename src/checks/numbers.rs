//! Numbers that belong to a person: resident identity numbers, mobile numbers, bank cards.
//!
//! Each is known by its shape and, where it has one, by its check digit: GB 11643-1999 for identity numbers (which takes
//! the check of ISO 7064 MOD 11-2), the numbering plan of YD/T for mobiles, ISO/IEC 7812 (Luhn) for cards. A number inside
//! a longer word or number is none.

use std::ops::Range;

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Personal {
    Identity,
    Mobile,
    Card,
}

impl Personal {
    /// The kind in words, with its article.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Identity => "a resident identity number",
            Self::Mobile => "a mobile number",
            Self::Card => "a bank card's number",
        }
    }
}

/// A run of digits between signs that are none.
struct Group {
    range: Range<usize>,
    digits: Vec<u8>,
    /// Whether the sign before it is a single blank or hyphen, and what stands before that is a group as well.
    joined: bool,
}

/// The shortest number that is looked for, in digits.
const LEAST: usize = 11;

/// Groups of this many digits, in this order, make a number.
const SHAPES: [(&[usize], Personal); 8] = [
    (&[6, 8, 4], Personal::Identity),
    (&[6, 4, 4, 4], Personal::Identity),
    (&[3, 4, 4], Personal::Mobile),
    (&[4, 4, 4, 4, 3], Personal::Card),
    (&[4, 4, 4, 4, 2], Personal::Card),
    (&[4, 4, 4, 4, 1], Personal::Card),
    (&[4, 4, 4, 4], Personal::Card),
    (&[6, 13], Personal::Card),
];

/// Every number of a person in a text, in order.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, Personal)> {
    // Most texts hold no such run of digits; one look tells.
    if !may_hold_one(text.as_bytes()) {
        return Vec::new();
    }
    let groups = groups(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(group) = groups.get(at) {
        if let Some(kind) = alone(&group.digits).filter(|_| stands_alone(text, &group.range)) {
            found.push((group.range.clone(), kind));
            at += 1;
            continue;
        }
        let shaped = SHAPES.iter().find_map(|(shape, kind)| {
            let parts = groups.get(at..at + shape.len())?;
            let fits = parts.iter().zip(*shape).all(|(part, length)| part.digits.len() == *length)
                && parts.iter().skip(1).all(|part| part.joined);
            let range = group.range.start..parts.last()?.range.end;
            let digits: Vec<u8> = parts.iter().flat_map(|part| &part.digits).copied().collect();
            (fits && alone(&digits) == Some(*kind) && stands_alone(text, &range)).then_some((range, *kind, shape.len()))
        });
        match shaped {
            Some((range, kind, length)) => {
                found.push((range, kind));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Whether enough digits for a number stand near one another.
fn may_hold_one(bytes: &[u8]) -> bool {
    let (mut digits, mut others, mut at) = (0, 0, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'0'..=b'9' => (digits, others) = (digits + 1, 0),
            0xEF if matches!(bytes.get(at..at + 2), Some([0xBC, 0x90..=0x99])) => {
                (digits, others, at) = (digits + 1, 0, at + 2);
            }
            // Blanks, hyphens and their full-width forms may stand between.
            b' ' | b'-' | 0x80.. if others < 4 => others += 1,
            _ => (digits, others) = (0, 0),
        }
        if digits >= LEAST {
            return true;
        }
    }
    false
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut open = false;
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        match (digit(character), groups.last_mut()) {
            (Some(digit), Some(group)) if open => {
                group.range.end = end;
                group.digits.push(digit);
            }
            (Some(digit), last) => {
                let joined = last.is_some_and(|last| {
                    matches!(text.get(last.range.end..at), Some(" " | "-" | "\u{a0}" | "－" | "\u{3000}"))
                });
                groups.push(Group { range: at..end, digits: vec![digit], joined });
                open = true;
            }
            // The last place of an identity number may be ten.
            (None, Some(group)) if open && matches!(character, 'X' | 'x' | 'Ｘ' | 'ｘ') => {
                group.range.end = end;
                group.digits.push(10);
                open = false;
            }
            (None, _) => open = false,
        }
    }
    groups
}

fn digit(character: char) -> Option<u8> {
    let half = crate::dossier::half_width(character);
    half.to_digit(10).and_then(|digit| u8::try_from(digit).ok())
}

/// Whether what stands around a number makes no longer word or number of it.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let mut before = text.get(..range.start).unwrap_or_default().chars().rev();
    let mut after = text.get(range.end..).unwrap_or_default().chars();
    let odd = |beside: Option<char>, beyond: Option<char>| match beside {
        // A part number (SN-13800138000), a fraction, an address: the sign joins what stands on both its sides.
        Some('-') => beyond.is_some_and(|c| c.is_ascii_alphanumeric()),
        Some('.') => beyond.is_some_and(|c| c.is_ascii_digit()),
        Some('/') => beyond.is_some_and(|c| c.is_ascii_alphabetic()),
        Some('_') => true,
        beside => beside.is_some_and(|c| c.is_ascii_alphanumeric()),
    };
    !odd(before.next(), before.next()) && !odd(after.next(), after.next())
}

/// What a number without blanks is.
fn alone(digits: &[u8]) -> Option<Personal> {
    if is_identity(digits) {
        return Some(Personal::Identity);
    }
    if digits.contains(&10) {
        return None;
    }
    let mobile = match digits {
        [8, 6, rest @ ..] | [0, 0, 8, 6, rest @ ..] if rest.len() == 11 => is_mobile(rest),
        digits => is_mobile(digits),
    };
    if mobile {
        return Some(Personal::Mobile);
    }
    is_card(digits).then_some(Personal::Card)
}

/// GB 11643-1999: six digits of a place, eight of a birthday, three in turn, and the check.
fn is_identity(digits: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    // What the sum leaves, divided by eleven, is answered by 1, 0, X, 9, 8 … 2.
    const CHECKS: [u8; 11] = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2];
    let [body @ .., check] = digits else { return false };
    if body.len() != 17 || body.contains(&10) {
        return false;
    }
    let number = |range: Range<usize>| {
        body.get(range).unwrap_or_default().iter().fold(0_i16, |number, digit| number * 10 + i16::from(*digit))
    };
    let province = matches!(number(0..2), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83);
    let (year, month, day) = (number(6..10), number(10..12), number(12..14));
    let month_and_day = i8::try_from(month).ok().zip(i8::try_from(day).ok());
    let born = (1900..2100).contains(&year)
        && month_and_day.is_some_and(|(month, day)| jiff::civil::Date::new(year, month, day).is_ok());
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    province && born && usize::try_from(sum % 11).ok().and_then(|left| CHECKS.get(left)) == Some(check)
}

/// A mobile number of the mainland: eleven digits of a range that has been given out.
fn is_mobile(digits: &[u8]) -> bool {
    let [1, second, third, rest @ ..] = digits else { return false };
    // 14x and 16x hold ranges that were never given to people, 154 and 194 none at all.
    let given = match second {
        3 | 7 | 8 => true,
        4 => !matches!(third, 2 | 3),
        5 => *third != 4,
        6 => matches!(third, 2 | 5 | 6 | 7),
        9 => *third != 4,
        _ => false,
    };
    // A number of one digit alone is an example.
    given && rest.len() == 8 && rest.iter().any(|digit| Some(digit) != rest.first())
}

/// A card of the networks that are used here, with a right check digit.
fn is_card(digits: &[u8]) -> bool {
    let prefix = |length: usize| {
        digits.get(..length).unwrap_or_default().iter().fold(0_u32, |number, digit| number * 10 + u32::from(*digit))
    };
    let (one, two, four) = (prefix(1), prefix(2), prefix(4));
    let network = match digits.len() {
        16 => {
            one == 4
                || two == 62
                || (51..=55).contains(&two)
                || (2221..=2720).contains(&four)
                || (3528..=3589).contains(&four)
        }
        15 => two == 34 || two == 37,
        17 | 18 => two == 62,
        19 => two == 62 || four == 9558,
        _ => false,
    };
    network && luhn(digits)
}

fn luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let each = digits.iter().rev().enumerate();
    let sum: u32 = each.map(|(n, digit)| u32::from(if n % 2 == 1 { doubled(*digit) } else { *digit })).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Personal> {
        find(text).into_iter().map(|(_, kind)| kind).collect()
    }

    #[test]
    fn identity_numbers_are_known_by_their_check() {
        // The examples of GB 11643-1999.
        assert_eq!(kinds("身份证11010519491231002X。"), [Personal::Identity]);
        assert_eq!(kinds("440524188001010014"), [], "born before 1900");
        assert_eq!(kinds("11010519491231002x"), [Personal::Identity]);
        assert_eq!(kinds("１１０１０５１９４９１２３１００２Ｘ"), [Personal::Identity]);
        assert_eq!(kinds("110105 19491231 002X"), [Personal::Identity]);
        assert_eq!(kinds("110105194912310021"), [], "the check is wrong");
        assert_eq!(kinds("110105194902300020"), [], "no such day");
        assert_eq!(kinds("A11010519491231002X"), [], "part of a longer word");
    }

    #[test]
    fn mobile_numbers_are_known_by_their_range() {
        for text in [
            "13800138000",
            "+86 138-0013-8001",
            "8613812345678",
            "138 1234 5678",
            "tel:13812345678",
            "电话13812345678转",
        ] {
            assert_eq!(kinds(text), [Personal::Mobile], "{text}");
        }
        for text in [
            "12345678901",
            "15412345678",
            "138123456789",
            "1381234567",
            "SN-13812345678",
            "0.13812345678",
            "13888888888",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn cards_are_known_by_network_and_check() {
        assert_eq!(kinds("卡号 6222 0212 3456 7890 128"), kinds("6222021234567890128"));
        assert_eq!(kinds("4111 1111 1111 1111"), [Personal::Card]);
        assert_eq!(kinds("4111 1111 1111 1112"), [], "the check is wrong");
        assert_eq!(kinds("9111111111111111"), [], "no such network");
    }

    #[test]
    fn several_numbers_in_a_row_are_told_apart() {
        let text = "138 1234 5678 139 1234 5678";
        let found: Vec<&str> = find(text).into_iter().map(|(range, _)| &text[range]).collect();
        assert_eq!(found, ["138 1234 5678", "139 1234 5678"]);
    }

    #[test]
    fn dates_weeks_and_amounts_are_none() {
        assert_eq!(kinds("2026-11-23 2026-W07 1280000 CNY 0571-8888 1234 1,280,000.00 12 345 678 901"), []);
    }
}
