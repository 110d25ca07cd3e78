//! What the settings say of changes that nobody makes alone: who may change the rules themselves, and what needs a
//! second person.

use super::settings::BROKEN_SETTINGS;
use crate::finding::{Finding, quote};
use crate::text::map::{known_entries, one_or_many, scalar};
use crate::text::yaml::{self, Node};
use crate::text::{Phrase, Source};

/// Who may change the rules, and what needs a second person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guards {
    /// Who alone may change settings, readers, types and theme: names of readers, or addresses of `allowed_signers`.
    /// Nobody is named where everybody may.
    pub signers: Vec<String>,
    /// Whether a marking that is set, changed or removed needs somebody who agreed.
    pub markings: bool,
    /// Whether the same holds of who may read a record: `audience`, `open_from`, `restrict`.
    pub restrictions: bool,
}

/// The levels of markings where the settings name none, the lowest first: what Chinese companies commonly write.
const LEVELS: [&str; 6] = ["公开", "内部", "商密", "普通商密", "秘密", "核心商密"];

impl Guards {
    /// Reads them from settings as they once stood, where nobody is told of mistakes any more; none where the file could
    /// not be read.
    #[must_use]
    pub fn of_past(source: &Source) -> Option<Self> {
        let root = yaml::parse(source, 0..source.text().len()).ok()?;
        let mut findings = Vec::new();
        let mut guards = Self::default();
        if let Some(entry) = root.get("signers") {
            guards.read_signers(source, &entry.value, &mut findings);
        }
        if let Some(entry) = root.get("four_eyes") {
            guards.read_four_eyes(source, &entry.value, &mut findings);
        }
        root.entries().filter(|_| findings.is_empty())?;
        Some(guards)
    }

    pub(super) fn read_signers(&mut self, source: &Source, node: &Node, findings: &mut Vec<Finding>) {
        for node in one_or_many(source, node, "`signers`", findings) {
            if let Some(name) = scalar(source, node, "a signer", findings).map(str::trim) {
                if name.is_empty() {
                    let message = "nobody is named here";
                    let remedy = "name a reader, or an address of `allowed_signers`";
                    findings.push(source.error(BROKEN_SETTINGS, node.range.clone(), message, remedy));
                } else {
                    self.signers.push(name.to_owned());
                }
            }
        }
    }

    pub(super) fn read_four_eyes(&mut self, source: &Source, node: &Node, findings: &mut Vec<Finding>) {
        for entry in known_entries(source, node, "`four_eyes`", &["markings", "restrictions"], findings) {
            let Some(word) = scalar(source, &entry.value, &format!("`{}`", entry.key), findings) else { continue };
            let required = match word {
                "required" => true,
                "optional" => false,
                _ => {
                    let message = format!("`{}` cannot be {}", entry.key, quote(word));
                    let range = entry.value.range.clone();
                    findings.push(source.error(BROKEN_SETTINGS, range, message, "write required or optional"));
                    continue;
                }
            };
            match entry.key.as_str() {
                "markings" => self.markings = required,
                _ => self.restrictions = required,
            }
        }
    }

    /// Whether anything needs a second person.
    #[must_use]
    pub fn four_eyes(&self) -> bool {
        self.markings || self.restrictions
    }
}

/// The levels of markings, the lowest first, as the settings name them.
pub(super) fn read_levels(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Vec<Phrase> {
    let nodes = one_or_many(source, node, "`levels`", findings);
    nodes.into_iter().filter_map(|node| Phrase::read(source, node, findings)).collect()
}

/// The levels where the settings name none.
pub(super) fn usual_levels() -> Vec<Phrase> {
    LEVELS.iter().map(|level| Phrase::one(*level)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Guards> {
        Guards::of_past(&Source::decode("strongroom.yaml", text.as_bytes()).unwrap())
    }

    #[test]
    fn settings_of_the_past_say_who_might_change_them() {
        let guards =
            of("title: x\nsigners: [li-wei, wu.jie@yunxi.example]\nfour_eyes: {markings: required}\n").unwrap();
        assert_eq!(guards.signers, ["li-wei", "wu.jie@yunxi.example"]);
        assert_eq!((guards.markings, guards.restrictions, guards.four_eyes()), (true, false, true));
        assert_eq!(of("title: x\n"), Some(Guards::default()));
        assert_eq!(of("signers: li-wei\n").unwrap().signers, ["li-wei"]);
    }

    #[test]
    fn settings_that_cannot_be_read_say_nothing_rather_than_that_everybody_may() {
        for text in ["title: [", "- a\n", "signers: {li: x}\n", "signers: ['']\n", "four_eyes: {markings: yes}\n"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
