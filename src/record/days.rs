//! Days, weeks, months and years as people write them in prose, in Chinese and in English. In tables and lists they stand
//! as they are written in files, where columns line up and sort.

use super::value::Value;
use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day: `2027年3月31日`, `31 March 2027`.
#[must_use]
pub fn day_in(date: Date, language: &str) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    if language == "zh" {
        format!("{year}年{month}月{day}日")
    } else {
        format!("{day} {}", month_in(year, month, language))
    }
}

/// A month: `2027年3月`, `March 2027`.
fn month_in(year: i16, month: i8, language: &str) -> String {
    if language == "zh" {
        return format!("{year}年{month}月");
    }
    let name = usize::try_from(month - 1).ok().and_then(|n| MONTHS.get(n)).copied().unwrap_or_default();
    format!("{name} {year}")
}

impl Value {
    /// The value as prose says it, where that is otherwise than tables do: days, weeks, months and years.
    #[must_use]
    pub fn told(&self, language: &str) -> Option<String> {
        let zh = language == "zh";
        match self {
            Self::Date(date) => Some(day_in(*date, language)),
            Self::Month { year, month } => Some(month_in(*year, *month, language)),
            Self::Week { year, week } if zh => Some(format!("{year}年第{week}周")),
            Self::Week { year, week } => Some(format!("week {week} of {year}")),
            Self::Year(year) if zh => Some(format!("{year}年")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_each_language_says_them() {
        let told = |value: &Value| ["zh", "en"].map(|language| value.told(language).unwrap_or_default());
        assert_eq!(told(&Value::Date(Date::constant(2027, 3, 1))), ["2027年3月1日", "1 March 2027"]);
        assert_eq!(told(&Value::Month { year: 2026, month: 12 }), ["2026年12月", "December 2026"]);
        assert_eq!(told(&Value::Week { year: 2026, week: 7 }), ["2026年第7周", "week 7 of 2026"]);
        assert_eq!(told(&Value::Year(2026)), ["2026年", ""]);
        assert_eq!(told(&Value::Percent("3".to_owned())), ["", ""]);
    }
}
