//! Somebody whom a trailer names, as people write it: `He Jun <he.jun@yunxi.example>`, or a name alone.

use std::fmt;

/// Somebody whom a trailer names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name; the address where there is no name.
    pub name: String,
    /// The e-mail address, where the trailer has one between `<` and `>`.
    pub email: Option<String>,
}

impl Person {
    /// Reads `Name <address>`, a name or an address alone; none where nobody is named.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let with_address = text.strip_suffix('>').and_then(|text| text.rsplit_once('<'));
        let (name, email) = with_address.map_or((text, ""), |(name, email)| (name.trim(), email.trim()));
        let name = if name.is_empty() { email } else { name };
        let email = (!email.is_empty()).then(|| email.to_owned());
        (!name.is_empty()).then(|| Self { name: name.to_owned(), email })
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.email {
            Some(email) if *email != self.name => write!(f, "{} <{email}>", self.name),
            _ => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_told_apart() {
        let read = |text: &str| {
            Person::read(text).map(|person| (person.name.clone(), person.email.clone(), person.to_string()))
        };
        let he_jun =
            ("何军".to_owned(), Some("he.jun@yunxi.example".to_owned()), "何军 <he.jun@yunxi.example>".to_owned());
        assert_eq!(read(" 何军 <he.jun@yunxi.example> "), Some(he_jun.clone()));
        assert_eq!(read("何军<he.jun@yunxi.example>"), Some(he_jun));
        assert_eq!(read("何军"), Some(("何军".into(), None, "何军".into())));
        assert_eq!(read("<a@b>"), Some(("a@b".into(), Some("a@b".into()), "a@b".into())));
        assert_eq!(read("何军 <>"), Some(("何军".into(), None, "何军".into())));
        assert_eq!((read(""), read(" <> ")), (None, None));
        assert_eq!(read("a > b <"), Some(("a > b <".into(), None, "a > b <".into())));
    }
}
