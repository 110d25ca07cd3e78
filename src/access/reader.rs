//! A reader, and whether the reader is in a keyring on a day.

use crate::sealing::Recipient;
use jiff::civil::Date;

/// A training that a reader passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Training {
    /// What was taught.
    pub course: String,
    /// The day on which it was passed, where the file says so.
    pub passed: Option<Date>,
    /// The last day on which it counts.
    pub valid_until: Date,
}

/// A person with keys.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The name of the reader's file: `li-wei`.
    pub name: String,
    /// The person's name in Chinese and in English, where the file has them; one of them at least.
    pub zh: Option<String>,
    /// The English name.
    pub en: Option<String>,
    /// What the person does in the company.
    pub post: Option<String>,
    /// Public keys, as checked when read.
    pub keys: Vec<Recipient>,
    /// The last day on which the reader is in a keyring.
    pub until: Option<Date>,
    /// Trainings passed.
    pub training: Vec<Training>,
}

/// Why a reader is in no keyring, or that nothing stands against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In the keyrings; where training counts, until the end of this day.
    Good(Option<Date>),
    /// `until` has passed.
    Left(Date),
    /// No training is valid; the day on which the last one ended.
    Lapsed(Option<Date>),
    /// The file names no key.
    Keyless,
}

impl Reader {
    /// The reader's standing on `day`. Days named in the file count as whole days.
    #[must_use]
    pub fn standing(&self, day: Date, training_required: bool) -> Standing {
        if self.keys.is_empty() {
            return Standing::Keyless;
        }
        if let Some(until) = self.until
            && until < day
        {
            return Standing::Left(until);
        }
        let last = self.training.iter().map(|training| training.valid_until).max();
        if !training_required {
            return Standing::Good(self.until);
        }
        match last {
            Some(last) if last >= day => Standing::Good(Some(self.until.map_or(last, |until| until.min(last)))),
            last => Standing::Lapsed(last),
        }
    }

    /// The name to show: both languages where there are two.
    #[must_use]
    pub fn display_name(&self) -> String {
        match (&self.zh, &self.en) {
            (Some(zh), Some(en)) => format!("{zh} ({en})"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => self.name.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn reader() -> Reader {
        Reader {
            name: "li-wei".into(),
            zh: None,
            en: None,
            post: None,
            keys: vec![crate::sealing::generate_identity().unwrap().recipient()],
            until: Some(date(2027, 12, 31)),
            training: vec![Training { course: "保密".into(), passed: None, valid_until: date(2027, 3, 1) }],
        }
    }

    #[test]
    fn the_last_day_still_counts() {
        assert_eq!(reader().standing(date(2027, 3, 1), true), Standing::Good(Some(date(2027, 3, 1))));
        assert_eq!(reader().standing(date(2027, 3, 2), true), Standing::Lapsed(Some(date(2027, 3, 1))));
        assert_eq!(reader().standing(date(2027, 12, 31), false), Standing::Good(Some(date(2027, 12, 31))));
        assert_eq!(reader().standing(date(2028, 1, 1), false), Standing::Left(date(2027, 12, 31)));
    }

    #[test]
    fn a_reader_without_a_key_is_in_no_keyring() {
        let keyless = Reader { keys: Vec::new(), ..reader() };
        assert_eq!(keyless.standing(date(2026, 1, 1), true), Standing::Keyless);
    }
}
