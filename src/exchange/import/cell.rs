//! A cell becomes the value that a record gets: dates, amounts and choices as the format writes them. Whether the value
//! is right is not judged here; the record is read before anything is written.

use super::column::{Aim, Column, Currency};
use super::dates::DatePattern;
use super::decimal::{plain_number, times_power};
use crate::finding::{Code, quote};
use crate::record::{Kind, choices_for};
use crate::text::map::parse_day;

/// A cell of which no value can be made.
pub const IMPORT_VALUE: Code = Code("import-value");

/// A value as it will stand in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A text.
    One(String),
    /// A list of texts.
    Many(Vec<String>),
    /// YAML, on one line.
    Flow(String),
}

impl Written {
    /// The value as one text, for names of files.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::One(text) | Self::Flow(text) => text.clone(),
            Self::Many(texts) => texts.join("-"),
        }
    }
}

/// What the cells of a row are read with.
pub struct Context<'a> {
    /// The mapping's ways to write dates.
    pub dates: &'a [DatePattern],
    /// The mapping's currency.
    pub currency: Option<&'a Currency>,
    /// The dossier's name.
    pub dossier: &'a str,
    /// What another column of the row holds.
    pub column: &'a dyn Fn(&str) -> Option<String>,
}

/// The value of a cell; none where it holds nothing.
///
/// # Errors
/// What is wrong, and what to do.
pub fn value_of(column: &Column, cell: &str, context: &Context<'_>) -> Result<Option<Written>, (String, String)> {
    let Column { aim, reading, .. } = column;
    if cell.trim().is_empty() {
        return Ok(None);
    }
    if reading.json {
        return match serde_json::from_str::<serde_json::Value>(cell) {
            Ok(serde_json::Value::Null) => Ok(None),
            Ok(value) => Ok(Some(Written::Flow(value.to_string()))),
            Err(error) => Err((format!("this is no JSON: {error}"), "mend it, or remove `as: json`".to_owned())),
        };
    }
    let pieces: Vec<&str> = match &reading.split {
        Some(sign) => cell.split(sign.as_str()).map(str::trim).filter(|piece| !piece.is_empty()).collect(),
        None => vec![cell],
    };
    let mut texts = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match reading.values.get(piece) {
            Some(said) if said.is_empty() => {}
            Some(said) => texts.push(said.clone()),
            None => texts.push(one(column, piece, context)?),
        }
    }
    Ok(match texts.len() {
        0 => None,
        _ if aim.many => Some(Written::Many(texts)),
        1 => texts.pop().map(Written::One),
        _ => {
            return Err((
                format!("{} holds several values, and `{}` takes one", quote(cell), aim.name()),
                "remove `split`, or fill another field".to_owned(),
            ));
        }
    })
}

fn one(column: &Column, piece: &str, context: &Context<'_>) -> Result<String, (String, String)> {
    let Column { aim, reading, .. } = column;
    let number =
        |text: &str| plain_number(text, reading.decimal_comma).map(|text| times_power_of(&text, reading.power));
    match aim.kind {
        Kind::Date | Kind::Week | Kind::Month | Kind::Year => date(aim, &reading.dates, piece, context),
        Kind::Money => money(column, piece, context),
        Kind::Number => Ok(number(piece).unwrap_or_else(|| piece.to_owned())),
        Kind::Percent => {
            let digits = piece.trim_end_matches(['%', '％']);
            Ok(number(digits).map_or_else(|| piece.to_owned(), |text| format!("{text}%")))
        }
        Kind::Duration => match (number(piece), &reading.unit) {
            (Some(text), Some(unit)) => Ok(format!("{text}{unit}")),
            _ => Ok(piece.to_owned()),
        },
        Kind::Choice => {
            let said =
                |choice: &&crate::record::Choice| choice.word == piece || choice.title.texts().any(|t| t == piece);
            aim.choices.iter().find(said).map(|choice| choice.word.clone()).ok_or_else(|| {
                let remedy = choices_for(&aim.choices, piece);
                let message = format!("{} is none of the choices of `{}`", quote(piece), aim.name());
                let word = if remedy.ends_with('?') { " Either" } else { "; either" };
                let column = "word will do, or say under `values` of the column what it means";
                (message, format!("{remedy}{word} {column}"))
            })
        }
        Kind::Reference => match &reading.record {
            Some(pattern) => {
                let filled = pattern.filled(|place| match place {
                    "value" => Some(piece.to_owned()),
                    _ => Some(context.dossier.to_owned()),
                });
                Ok(filled.unwrap_or_else(|_| piece.to_owned()))
            }
            None => Ok(piece.to_owned()),
        },
        _ => Ok(piece.to_owned()),
    }
}

fn times_power_of(number: &str, power: usize) -> String {
    if power == 0 { number.to_owned() } else { times_power(number, power) }
}

fn date(aim: &Aim, own: &[DatePattern], piece: &str, context: &Context<'_>) -> Result<String, (String, String)> {
    let patterns = if own.is_empty() { context.dates } else { own };
    if let Some(written) = patterns.iter().find_map(|pattern| pattern.written(aim.kind, piece)) {
        return Ok(written);
    }
    // What the format itself writes needs no pattern; what is left is judged where the record is read.
    if patterns.is_empty() || parse_day(piece).is_some() || aim.kind != Kind::Date {
        return Ok(piece.to_owned());
    }
    Err((
        format!("{} is written in none of the ways that the mapping names, or is no day", quote(piece)),
        "correct it, or add its way to `dates`".to_owned(),
    ))
}

fn money(column: &Column, piece: &str, context: &Context<'_>) -> Result<String, (String, String)> {
    let reading = &column.reading;
    let code = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let (digits, said) = match piece.rsplit_once(' ') {
        Some((digits, currency)) if code(currency) => (digits, Some(currency.to_owned())),
        _ => (piece, None),
    };
    let Some(amount) = plain_number(digits, reading.decimal_comma) else {
        return Err((format!("{} is no amount", quote(piece)), "write digits, or leave the cell empty".to_owned()));
    };
    let currency = said.or_else(|| match reading.currency.as_ref().or(context.currency) {
        Some(Currency::Said(currency)) => Some(currency.clone()),
        Some(Currency::Column(name)) => (context.column)(name).map(|text| text.trim().to_owned()),
        None => None,
    });
    match currency {
        Some(currency) if code(&currency) => Ok(format!("{} {currency}", times_power_of(&amount, reading.power))),
        Some(currency) => Err((
            format!("{} is no currency", quote(&currency)),
            "write the three letters of its code, as CNY".to_owned(),
        )),
        None => Err((
            format!("nothing says the currency of {}", quote(piece)),
            "write `currency: CNY` for the column or the whole mapping".to_owned(),
        )),
    }
}
