//! Names of new files: patterns filled from a row, and what makes a name unfit for some disk.

use crate::finding::Code;
use std::collections::HashMap;

/// A name that cannot be a file's, or is another's already.
pub const IMPORT_NAME: Code = Code("import-name");

/// Longer names are cut off by some tools, in bytes.
const LONGEST: usize = 180;

/// A text with places in it that a row fills: `{number}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(String),
}

impl Pattern {
    /// Reads a pattern; none where a brace is not closed, or has nothing in it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (mut pieces, mut rest) = (Vec::new(), text);
        while let Some((before, behind)) = rest.split_once('{') {
            let (place, after) = behind.split_once('}')?;
            if place.trim().is_empty() || before.contains('}') {
                return None;
            }
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Place(place.trim().to_owned()));
            rest = after;
        }
        if rest.contains('}') {
            return None;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Some(Self(pieces))
    }

    /// The names of its places.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Place(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text with its places filled.
    ///
    /// # Errors
    /// The first place for which there is nothing.
    pub fn filled(&self, value: impl Fn(&str) -> Option<String>) -> Result<String, &str> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Place(name) => out.push_str(&value(name).filter(|text| !text.is_empty()).ok_or(name.as_str())?),
            }
        }
        Ok(out)
    }

    /// What each place stands for in a text that this pattern made; the shortest that fits. None where it does not fit.
    #[must_use]
    pub fn taken_apart(&self, text: &str) -> Option<Vec<(String, String)>> {
        fn fit(pieces: &[Piece], text: &str, found: &mut Vec<(String, String)>) -> bool {
            match pieces {
                [] => text.is_empty(),
                [Piece::Text(sign), rest @ ..] => {
                    text.strip_prefix(sign.as_str()).is_some_and(|text| fit(rest, text, found))
                }
                [Piece::Place(name), rest @ ..] => {
                    // What stood before must stand again: a place that comes twice.
                    let known = found.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
                    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
                    for end in ends {
                        let (value, behind) = text.split_at(end);
                        if known.as_deref().is_some_and(|known| known != value) {
                            continue;
                        }
                        found.push((name.clone(), value.to_owned()));
                        if fit(rest, behind, found) {
                            return true;
                        }
                        found.pop();
                    }
                    false
                }
            }
        }
        let mut found = Vec::new();
        fit(&self.0, text, &mut found).then_some(found)
    }
}

/// A value as part of a file's name: what would lead into another folder, or means something in an address or on some
/// disk, becomes a hyphen.
#[must_use]
pub fn as_name(value: &str) -> String {
    let odd = |c: char| c.is_control() || c.is_whitespace() || "/\\:*?\"<>|#%".contains(c);
    value.trim().chars().map(|c| if odd(c) { '-' } else { c }).collect()
}

/// Why a path of these names cannot be written everywhere; none where it can.
#[must_use]
pub fn unfit(path: &str) -> Option<&'static str> {
    const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];
    path.split('/').find_map(|name| {
        let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
        let numbered = ["com", "lpt"].iter().any(|port| {
            stem.strip_prefix(port)
                .is_some_and(|number| matches!(number, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9"))
        });
        match name {
            "" => Some("a part of it is empty"),
            "." | ".." => Some("`.` or `..` would lead to another folder"),
            _ if name.starts_with(['.', '-']) => Some("a name begins with a dot or a hyphen"),
            _ if name.ends_with(['.', ' ']) => Some("a name ends with a dot or a blank, which Windows drops"),
            _ if RESERVED.contains(&stem.as_str()) || numbered => Some("Windows keeps this name for a device"),
            _ if name.len() > LONGEST => Some("a name is longer than 180 bytes"),
            _ if name != as_name(name) => Some("a name holds a sign that some disks or addresses do not take"),
            _ => None,
        }
    })
}

/// The paths that are taken, told apart as a disk does that makes no difference between large and small letters.
#[derive(Default)]
pub struct TakenNames(HashMap<String, String>);

impl TakenNames {
    /// Notes a path with all folders above it.
    pub fn note(&mut self, path: &str) {
        for part in parts(path) {
            self.0.entry(part.to_lowercase()).or_insert_with(|| part.to_owned());
        }
    }

    /// What is there already under this path, or differs from a part of it by large and small letters alone.
    #[must_use]
    pub fn clash(&self, path: &str) -> Option<&str> {
        let whole = self.0.get(&path.to_lowercase());
        let part = parts(path).filter_map(|part| self.0.get(&part.to_lowercase()).filter(|there| *there != part));
        whole
            .or_else(|| {
                let mut part = part;
                part.next()
            })
            .map(String::as_str)
    }
}

/// A path and all folders above it.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at)).chain([path])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_filled_and_taken_apart_again() {
        let pattern = Pattern::parse("{dossier}_{number}_{date}.pdf").unwrap();
        let filled = pattern.filled(|name| Some(name.to_uppercase())).unwrap();
        assert_eq!(filled, "DOSSIER_NUMBER_DATE.pdf");
        let apart = pattern.taken_apart("云溪水电_2024-017_2024-03-18.pdf").unwrap();
        let values: Vec<&str> = apart.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["云溪水电", "2024-017", "2024-03-18"]);
        assert_eq!(pattern.taken_apart("云溪水电.pdf"), None);
        assert_eq!(pattern.filled(|_| None), Err("dossier"));
        for broken in ["{a", "a}", "{}", "a}{b}"] {
            assert_eq!(Pattern::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn no_value_leads_to_another_folder_or_device() {
        assert_eq!(as_name("../合同 2024/017"), "..-合同-2024-017");
        for bad in ["../x", "a//b", "a/./b", "con.md", "AUX", "lpt1.pdf", "x.", ".git/x", "-rf", "a\\b", "a:b", "a#b"] {
            assert!(unfit(bad).is_some(), "{bad}");
        }
        assert!(unfit(&"长".repeat(61)).is_some());
        for good in ["customers/yunxi/contracts/2024-017.md", "registers/合同〔2024〕17号.md", "console.md", "com10"]
        {
            assert_eq!(unfit(good), None, "{good}");
        }
    }

    #[test]
    fn letters_of_another_size_make_no_other_file() {
        let mut taken = TakenNames::default();
        taken.note("customers/yunxi/Contracts/a.md");
        assert_eq!(taken.clash("customers/yunxi/Contracts/A.md"), Some("customers/yunxi/Contracts/a.md"));
        assert_eq!(taken.clash("customers/yunxi/contracts/b.md"), Some("customers/yunxi/Contracts"));
        assert_eq!(taken.clash("customers/yunxi/Contracts/b.md"), None);
    }
}
