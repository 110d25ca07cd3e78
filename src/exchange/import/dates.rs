//! Dates as others write them: patterns of year, month, day and week, and what each makes of a cell.

use crate::record::Kind;
use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday, date};

/// A way to write dates: `YYYY年M月D日`, `DD.MM.YYYY`, `YYYYMMDD`; `serial` for the bare numbers of spreadsheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatePattern {
    /// Pieces in their order.
    Pieces(Vec<Piece>),
    /// Days since the end of 1899, as spreadsheets count.
    Serial,
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Digits that say something: what, the least and the most of them.
    Digits(Part, usize, usize),
    /// A sign that stands there.
    Sign(char),
}

/// What digits say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The year.
    Year,
    /// The month.
    Month,
    /// The day.
    Day,
    /// The ISO week.
    Week,
    /// Hours, minutes, seconds: an archive keeps days.
    Time,
}

/// What was read of a cell.
#[derive(Default)]
struct Read {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    week: Option<i8>,
}

impl DatePattern {
    /// Reads a pattern; none where nothing in it says a year.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "serial" {
            return Some(Self::Serial);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = rest.len() - rest.trim_start_matches(first).len();
            let digits = match (first, length) {
                ('Y', 4) => Some((Part::Year, 4, 4)),
                ('M', 1) => Some((Part::Month, 1, 2)),
                ('M', 2) => Some((Part::Month, 2, 2)),
                ('D', 1) => Some((Part::Day, 1, 2)),
                ('D', 2) => Some((Part::Day, 2, 2)),
                ('W', 1) => Some((Part::Week, 1, 2)),
                ('W', 2) => Some((Part::Week, 2, 2)),
                ('h' | 'm' | 's', 1 | 2) => Some((Part::Time, 1, 2)),
                ('Y' | 'M' | 'D' | 'W' | 'h' | 'm' | 's', _) => return None,
                _ => None,
            };
            match digits {
                Some((part, least, most)) => {
                    pieces.push(Piece::Digits(part, least, most));
                    rest = rest.get(length..)?;
                }
                None => {
                    pieces.push(Piece::Sign(first));
                    rest = rest.get(first.len_utf8()..)?;
                }
            }
        }
        let says_year = pieces.iter().any(|piece| matches!(piece, Piece::Digits(Part::Year, ..)));
        says_year.then_some(Self::Pieces(pieces))
    }

    /// The cell as the format writes a value of this kind, where the pattern fits it and there is such a day.
    #[must_use]
    pub fn written(&self, kind: Kind, cell: &str) -> Option<String> {
        let read = match self {
            Self::Serial => serial(cell)?,
            Self::Pieces(pieces) => read(pieces, cell)?,
        };
        let Read { year, month, day, week } = read;
        let year = year?;
        match kind {
            Kind::Date => Date::new(year, month?, day?).ok().map(|day| day.to_string()),
            Kind::Month => Date::new(year, month?, 1).ok().map(|day| format!("{year:04}-{:02}", day.month())),
            Kind::Year => Some(format!("{year:04}")),
            Kind::Week => match week {
                Some(week) => ISOWeekDate::new(year, week, Weekday::Monday).ok(),
                None => Date::new(year, month?, day?).ok().map(Date::iso_week_date),
            }
            .map(|week| format!("{:04}-W{:02}", week.year(), week.week())),
            _ => None,
        }
    }
}

/// A spreadsheet's number of a day. It counts a 29 February 1900 that never was, so that days before March are refused.
fn serial(cell: &str) -> Option<Read> {
    let whole = cell.split('.').next().unwrap_or_default();
    let days: i32 = whole.parse().ok().filter(|days| (61..=2_958_465).contains(days))?;
    let day = date(1899, 12, 30).checked_add(days.days()).ok()?;
    Some(Read { year: Some(day.year()), month: Some(day.month()), day: Some(day.day()), week: None })
}

fn read(pieces: &[Piece], cell: &str) -> Option<Read> {
    let mut rest = cell.trim();
    let mut found = Read::default();
    for piece in pieces {
        match piece {
            Piece::Sign(sign) => rest = rest.strip_prefix(*sign)?,
            Piece::Digits(part, least, most) => {
                let count = rest.bytes().take(*most).take_while(u8::is_ascii_digit).count();
                let digits = rest.get(..count).filter(|_| count >= *least)?;
                rest = rest.get(count..)?;
                match part {
                    Part::Year => found.year = digits.parse().ok(),
                    Part::Month => found.month = digits.parse().ok(),
                    Part::Day => found.day = digits.parse().ok(),
                    Part::Week => found.week = digits.parse().ok(),
                    Part::Time => {}
                }
            }
        }
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date_of(pattern: &str, cell: &str) -> Option<String> {
        DatePattern::parse(pattern).unwrap().written(Kind::Date, cell)
    }

    #[test]
    fn dates_are_read_as_people_and_spreadsheets_write_them() {
        for (pattern, cell) in [
            ("YYYY/M/D", "2024/3/8"),
            ("YYYY年M月D日", "2024年03月08日"),
            ("DD.MM.YYYY", "08.03.2024"),
            ("YYYYMMDD", "20240308"),
            ("YYYY-MM-DD hh:mm:ss", "2024-03-08 00:00:00"),
            ("serial", "45359"),
        ] {
            assert_eq!(date_of(pattern, cell).as_deref(), Some("2024-03-08"), "{pattern}");
        }
    }

    #[test]
    fn days_that_are_none_and_other_forms_are_nothing() {
        for (pattern, cell) in [
            ("YYYY/M/D", "2024/2/30"),
            ("YYYY-MM-DD", "2024-3-8"),
            ("YYYY/M/D", "2024/3/8x"),
            ("DD.MM.YYYY", "2024.03.08"),
            ("serial", "59"),
            ("serial", "-1"),
        ] {
            assert_eq!(date_of(pattern, cell), None, "{pattern} {cell}");
        }
        assert_eq!(DatePattern::parse("MM/DD"), None);
        assert_eq!(DatePattern::parse("YYY-MM-DD"), None);
    }

    #[test]
    fn weeks_months_and_years_come_of_their_patterns() {
        let written = |pattern: &str, kind, cell| DatePattern::parse(pattern).unwrap().written(kind, cell);
        assert_eq!(written("YYYY年第W周", Kind::Week, "2026年第7周").as_deref(), Some("2026-W07"));
        assert_eq!(written("YYYY-MM-DD", Kind::Week, "2027-01-01").as_deref(), Some("2026-W53"));
        assert_eq!(written("YYYY年第W周", Kind::Week, "2025年第53周"), None);
        assert_eq!(written("YYYY年M月", Kind::Month, "2026年7月").as_deref(), Some("2026-07"));
        assert_eq!(written("YYYY年", Kind::Year, "2026年").as_deref(), Some("2026"));
    }
}
