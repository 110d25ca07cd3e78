//! A value: the text as written, read by the kind of its field.

use super::field_type::{Choice, FieldType, Kind};
use super::interval::divided;
use super::record::Field;
use crate::access::Shelf;
use crate::finding::{Code, Finding, nearest, quote};
use crate::text::map::{IMPOSSIBLE_DATE, parse_day};
use crate::text::markdown::{self, Section};
use crate::text::yaml::{Content, Node};
use crate::text::{Phrase, Source};
use jiff::civil::{Date, ISOWeekDate, Weekday};
use std::borrow::Cow;
use std::sync::Arc;

/// A value that its field's kind does not take.
pub const WRONG_VALUE: Code = Code("wrong-value");

/// A value of a field.
#[derive(Debug)]
#[allow(missing_docs)] // Each is the kind of its name; design.md section 2.
pub enum Value {
    Text(Phrase),
    Markdown(Vec<Section>),
    Code(String),
    Choice { word: String, title: Arc<Phrase> },
    Person(Phrase),
    Date(Date),
    Week { year: i16, week: i8 },
    Month { year: i16, month: i8 },
    Year(i16),
    YesNo(bool),
    Number { text: String, unit: Option<String> },
    Money { amount: String, currency: String },
    Percent(String),
    Duration(String),
    Reference(String),
    Group(Shelf<Field>),
    Many(Vec<Value>),
}

/// Which choice a text that is none most likely meant, by word or by title, or else all of them.
#[must_use]
pub fn choices_for(choices: &[Choice], text: &str) -> String {
    let titles = choices.iter().flat_map(|choice| choice.title.texts());
    let near = nearest(text, choices.iter().map(|choice| choice.word.as_str()).chain(titles));
    let meant =
        |choice: &&Choice| near.is_some_and(|near| choice.word == near || choice.title.texts().any(|t| t == near));
    match choices.iter().find(meant) {
        Some(choice) => format!("did you mean {}?", choice.shown()),
        None => format!("the choices are {}", choices.iter().map(Choice::shown).collect::<Vec<_>>().join(", ")),
    }
}

/// Reads a scalar by kind. Groups and lists are read where their members' restrictions are known.
///
/// # Errors
/// What is wrong, and what to write.
pub fn read_scalar(field: &FieldType, text: &str) -> Result<Value, (String, String)> {
    let wrong = |what: &str, remedy: &str| Err((format!("{} is no {what}", quote(text)), remedy.to_owned()));
    let trimmed = text.trim();
    match field.kind {
        Kind::Text => Ok(Value::Text(Phrase::one(text))),
        Kind::Code => Ok(Value::Code(text.to_owned())),
        Kind::Person => Ok(Value::Person(Phrase::one(text))),
        Kind::Reference => Ok(Value::Reference(trimmed.to_owned())),
        Kind::Choice => match field.choices.iter().find(|choice| choice.word == trimmed) {
            Some(choice) => Ok(Value::Choice { word: choice.word.clone(), title: Arc::clone(&choice.title) }),
            None => Err((format!("{} is none of the choices", quote(text)), choices_for(&field.choices, trimmed))),
        },
        Kind::Date => match parse_day(trimmed) {
            Some(day) => Ok(Value::Date(day)),
            None => wrong("date", "write year, month and day of a day that exists, as `2027-03-31`"),
        },
        Kind::Week => match parse_week(trimmed) {
            Some((year, week)) => Ok(Value::Week { year, week }),
            None => wrong("week", "write the ISO week as `2026-W07`; few years have a week 53"),
        },
        Kind::Month => match parse_month(trimmed) {
            Some((year, month)) => Ok(Value::Month { year, month }),
            None => wrong("month", "write it as `2026-07`"),
        },
        Kind::Year => match trimmed.parse::<i16>() {
            Ok(year) if trimmed.len() == 4 && year > 0 => Ok(Value::Year(year)),
            _ => wrong("year", "write it as `2026`"),
        },
        Kind::YesNo => match trimmed.to_ascii_lowercase().as_str() {
            "yes" | "true" | "是" => Ok(Value::YesNo(true)),
            "no" | "false" | "否" => Ok(Value::YesNo(false)),
            _ => wrong("yes or no", "write `yes` or `no`"),
        },
        Kind::Number => match number(trimmed) {
            Some(text) => Ok(Value::Number { text, unit: field.unit.clone() }),
            None => wrong("number", "write digits, with a point before decimals: `1250.5`"),
        },
        Kind::Percent => match number(trimmed.trim_end_matches(['%', '％']).trim_end()) {
            Some(text) => Ok(Value::Percent(text)),
            None => wrong("percentage", "write it as `99.95%`"),
        },
        Kind::Money => match trimmed.rsplit_once(' ').map(|(amount, currency)| (number(amount.trim()), currency)) {
            Some((Some(amount), currency))
                if currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()) =>
            {
                Ok(Value::Money { amount, currency: currency.to_owned() })
            }
            _ => wrong("amount of money", "write the amount and the currency, as `1280000 CNY`"),
        },
        Kind::Duration => match divided(trimmed).map(|(digits, unit)| (number(digits), unit)) {
            Some((Some(_), "s" | "min" | "h" | "d" | "w" | "mo" | "y")) => Ok(Value::Duration(trimmed.to_owned())),
            _ => wrong("duration", "write a number and s, min, h, d, w, mo or y, as `90d`"),
        },
        Kind::Markdown | Kind::Group => wrong("value of this kind", "see the type's fields"),
    }
}

/// Reads a node that is no group by the field's kind; what is wrong becomes a finding.
pub fn read_value(source: &Source, field: &FieldType, node: &Node, findings: &mut Vec<Finding>) -> Option<Value> {
    if matches!(field.kind, Kind::Text | Kind::Person) && matches!(node.content, Content::Map(_)) {
        let phrase = Phrase::read(source, node, findings)?;
        return Some(if field.kind == Kind::Text { Value::Text(phrase) } else { Value::Person(phrase) });
    }
    let Some(text) = node.text() else {
        let remedy = if field.many {
            "write one value or a list"
        } else {
            "write one value; the type does not say `many: true`"
        };
        let message = format!("{} stands where a {} is wanted", node.what(), field.kind.word());
        findings.push(source.error(WRONG_VALUE, node.range.clone(), message, remedy));
        return None;
    };
    if field.kind == Kind::Markdown {
        return read_markdown(source, node, text, findings);
    }
    match read_scalar(field, text) {
        Ok(value) => Some(value),
        Err((message, remedy)) => {
            let code = if field.kind == Kind::Date { IMPOSSIBLE_DATE } else { WRONG_VALUE };
            findings.push(source.error(code, node.range.clone(), message, remedy));
            None
        }
    }
}

/// Markdown in a field: its lines are indented in the file, so findings point at the whole value. Headings in it may
/// not restrict: the field itself is what is restricted.
fn read_markdown(source: &Source, node: &Node, text: &str, findings: &mut Vec<Finding>) -> Option<Value> {
    let inner = Source::decode(source.file(), text.as_bytes()).ok()?;
    let mut inside = Vec::new();
    let sections = markdown::read(&inner, 0..text.len(), &mut inside);
    if sections.iter().any(|section| !section.restrictions.is_empty()) {
        findings.push(source.error(
            markdown::DOUBTFUL_ATTRIBUTE,
            node.range.clone(),
            "a heading inside a field names an audience",
            "restrict the field by `restrict:`, or move the section into the record's text",
        ));
    }
    let broken = !inside.is_empty();
    findings.extend(inside.into_iter().map(|finding| finding.at(source.place(node.range.clone()))));
    (!broken).then_some(Value::Markdown(sections))
}

/// Digits with an optional sign, point and grouping commas; given back without the commas.
fn number(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| *c != ',').collect();
    let digits = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    (all_digits(whole) && fraction.is_none_or(all_digits)).then_some(plain)
}

/// `2026-W07` as year and week, where that ISO week exists.
pub fn parse_week(text: &str) -> Option<(i16, i8)> {
    let (year, week) = text.split_once("-W")?;
    if year.len() != 4 || week.len() != 2 {
        return None;
    }
    let (year, week) = (year.parse().ok()?, week.parse().ok()?);
    ISOWeekDate::new(year, week, Weekday::Monday).ok().map(|_| (year, week))
}

fn parse_month(text: &str) -> Option<(i16, i8)> {
    let (year, month) = text.split_once('-')?;
    if year.len() != 4 || month.len() != 2 {
        return None;
    }
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    Date::new(year, month, 1).ok().map(|_| (year, month))
}

impl Value {
    /// The texts in which the value is shown or written, for the gate. Members of groups speak for themselves.
    pub fn texts<'a>(&'a self, out: &mut Vec<Cow<'a, str>>) {
        match self {
            Self::Text(phrase) | Self::Person(phrase) => out.extend(phrase.texts().map(Cow::Borrowed)),
            Self::Markdown(sections) => {
                for section in sections {
                    out.push(Cow::Borrowed(&section.text));
                    out.extend(section.links.iter().map(|link| Cow::Borrowed(link.target.as_str())));
                }
            }
            Self::Code(text) | Self::Percent(text) | Self::Duration(text) | Self::Reference(text) => {
                out.push(Cow::Borrowed(text))
            }
            Self::Choice { word, .. } => out.push(Cow::Borrowed(word)),
            Self::Date(_) | Self::Week { .. } | Self::Month { .. } | Self::Year(_) | Self::YesNo(_) => {
                out.push(self.plain("en").into());
                out.extend(["zh", "en"].into_iter().filter_map(|language| self.told(language)).map(Cow::Owned));
            }
            Self::Number { .. } | Self::Money { .. } => {
                out.push(self.plain("en").into());
                if let Self::Number { text, .. } | Self::Money { amount: text, .. } = self {
                    out.push(Cow::Borrowed(text));
                }
            }
            Self::Group(_) => {}
            Self::Many(values) => values.iter().for_each(|value| value.texts(out)),
        }
    }

    /// The day that a date value names.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// The last day of the time that the value names.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        match self {
            Self::Date(day) => Some(*day),
            Self::Week { year, week } => ISOWeekDate::new(*year, *week, Weekday::Sunday).ok().map(|week| week.date()),
            Self::Month { year, month } => Date::new(*year, *month, 1).ok().map(Date::last_of_month),
            Self::Year(year) => Date::new(*year, 12, 31).ok(),
            _ => None,
        }
    }

    /// The value as it is written in a file, where somebody writes it as the docs do; nothing for what is written on
    /// several lines, and for text in two languages.
    #[must_use]
    pub fn written(&self) -> Cow<'_, str> {
        match self {
            Self::Text(phrase) | Self::Person(phrase) => phrase.both.as_deref().unwrap_or_default().into(),
            Self::Code(text) | Self::Reference(text) | Self::Duration(text) => text.into(),
            Self::Choice { word, .. } => word.into(),
            Self::Number { text, .. } => text.into(),
            Self::Percent(text) => format!("{text}%").into(),
            Self::Money { amount, currency } => format!("{amount} {currency}").into(),
            Self::Date(_) | Self::Week { .. } | Self::Month { .. } | Self::Year(_) | Self::YesNo(_) => {
                self.plain("en").into()
            }
            Self::Markdown(_) | Self::Group(_) | Self::Many(_) => "".into(),
        }
    }

    /// The value as a line of text in both languages.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Text(phrase) | Self::Person(phrase) => phrase.clone(),
            other => Phrase { zh: Some(other.plain("zh")), en: Some(other.plain("en")), both: None },
        }
    }

    /// The value as one line of text in a language.
    #[must_use]
    pub fn plain(&self, language: &str) -> String {
        match self {
            Self::Text(phrase) | Self::Person(phrase) => phrase.in_language(language).to_owned(),
            Self::Markdown(sections) => {
                sections.iter().map(|section| section.text.trim()).collect::<Vec<_>>().join(" ")
            }
            Self::Code(text) | Self::Reference(text) | Self::Duration(text) => text.clone(),
            Self::Choice { title, .. } => title.in_language(language).to_owned(),
            Self::Date(date) => date.to_string(),
            Self::Week { year, week } => format!("{year}-W{week:02}"),
            Self::Month { year, month } => format!("{year}-{month:02}"),
            Self::Year(year) => year.to_string(),
            Self::YesNo(true) => if language == "zh" { "是" } else { "yes" }.to_owned(),
            Self::YesNo(false) => if language == "zh" { "否" } else { "no" }.to_owned(),
            Self::Number { text, unit: None } => grouped(text, 5),
            Self::Number { text, unit: Some(unit) } => format!("{} {unit}", grouped(text, 5)),
            Self::Money { amount, currency } if language == "zh" && currency == "CNY" => {
                format!("{} 元", grouped(amount, 4))
            }
            Self::Money { amount, currency } => format!("{} {currency}", grouped(amount, 4)),
            Self::Percent(text) => format!("{text}%"),
            Self::Group(_) => String::new(),
            Self::Many(values) => {
                let separator = if language == "zh" { "、" } else { ", " };
                values.iter().map(|value| value.plain(language)).collect::<Vec<_>>().join(separator)
            }
        }
    }

    /// The groups that it holds, one or many.
    pub fn groups(&self) -> impl Iterator<Item = &Shelf<Field>> {
        let values = match self {
            Self::Many(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        values.iter().filter_map(|value| match value {
            Self::Group(members) => Some(members),
            _ => None,
        })
    }
}

/// A number with commas between groups of three digits, where it has at least `from` digits before the point: five for
/// a number, which may be a year or a port, four for money, which stands in columns.
pub(super) fn grouped(text: &str, from: usize) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    if whole.len() < from || whole.starts_with('0') {
        return text.to_owned();
    }
    let mut out = String::from(sign);
    for (n, c) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_kept_exact() {
        assert_eq!(grouped("1280000", 5), "1,280,000");
        assert_eq!(grouped("-12345.50", 5), "-12,345.50");
        assert_eq!(grouped("0571", 5), "0571");
        assert_eq!(number("1,280,000"), Some("1280000".into()));
        assert_eq!(number("12a"), None);
    }

    #[test]
    fn weeks_that_do_not_exist_are_none() {
        assert_eq!(parse_week("2026-W53"), Some((2026, 53)));
        assert_eq!(parse_week("2025-W53"), None);
        assert_eq!(parse_week("2025-W00"), None);
    }
}
