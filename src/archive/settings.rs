//! `strongroom.yaml`: title, language, audiences, tiers.

use super::calendar::Calendar;
use super::forge::{Forge, read_url};
use super::guards::{Guards, read_levels, usual_levels};
use super::tier::{Tier, read_tiers};
use crate::access::{Audience, Audiences, STAFF};
use crate::finding::{Code, Finding, Severity, quote};
use crate::text::map::{WRONG_SHAPE, known_entries, one_or_many, scalar};
use crate::text::yaml::{self, Entry, Node};
use crate::text::{Phrase, Source};
use std::collections::BTreeMap;

/// Settings that say what cannot be.
pub const BROKEN_SETTINGS: Code = Code("broken-settings");

/// The settings' file.
pub const SETTINGS: &str = "strongroom.yaml";

/// How bad the settings say a check's findings are.
#[derive(Clone, Debug)]
pub struct CheckSaid {
    /// The code of the check, as written: which ones there are is known above.
    pub check: String,
    /// The severity; none where the check is off.
    pub severity: Option<Severity>,
    /// The code's bytes in the file.
    pub range: std::ops::Range<usize>,
}

/// What `strongroom.yaml` says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The site's title.
    pub title: Phrase,
    /// The language in which the interface opens: `zh` or `en`.
    pub language: String,
    /// Whether a reader without valid training is left out of every keyring.
    pub training_required: bool,
    /// The audience that meets every restriction.
    pub oversight: Option<String>,
    /// The audiences.
    pub audiences: Audiences,
    /// The tiers, in the order of the file.
    pub tiers: Vec<(String, Tier)>,
    /// Whether all that is restricted has to bear a marking, its own or its dossier's.
    pub marking_required: bool,
    /// The severities of checks, in the order of the file.
    pub checks: Vec<CheckSaid>,
    /// On which days people work.
    pub calendar: Calendar,
    /// Where the site stands, with a slash at its end; none where the settings do not say.
    pub url: Option<String>,
    /// Where the archive's files and commits are shown.
    pub forge: Forge,
    /// Who can clone the repository, and so reads everything: readers by the names of their files, others by any name.
    pub repository_readers: Vec<String>,
    /// Who alone may change the rules, and what needs a second person.
    pub guards: Guards,
    /// The levels of markings, the lowest first.
    pub levels: Vec<Phrase>,
    /// Words that say of a text that it is not for everybody.
    pub marked_words: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: Phrase { zh: Some("档案库".into()), en: Some("Archive".into()), both: None },
            language: "zh".into(),
            training_required: true,
            oversight: None,
            audiences: Audiences::default(),
            tiers: Vec::new(),
            marking_required: false,
            checks: Vec::new(),
            calendar: Calendar::default(),
            url: None,
            forge: Forge::default(),
            repository_readers: Vec::new(),
            guards: Guards::default(),
            levels: usual_levels(),
            marked_words: MARKED_WORDS.map(str::to_owned).to_vec(),
        }
    }
}

/// What people write on papers that are not for everybody, where the settings do not say.
const MARKED_WORDS: [&str; 10] = [
    "绝密★",
    "机密★",
    "秘密★",
    "不得外传",
    "严禁外传",
    "请勿外传",
    "切勿外传",
    "strictly confidential",
    "do not distribute",
    "not for distribution",
];

/// The keys of the settings.
pub const KEYS: [&str; 17] = [
    "title",
    "language",
    "training",
    "oversight",
    "audiences",
    "tiers",
    "marking",
    "checks",
    "holidays",
    "workdays",
    "url",
    "forge",
    "repository_readers",
    "signers",
    "four_eyes",
    "levels",
    "marked_words",
];

impl Settings {
    /// Reads the settings' file.
    pub fn read(source: &Source, findings: &mut Vec<Finding>) -> Self {
        let mut settings = Self::default();
        let root = match yaml::parse(source, 0..source.text().len()) {
            Ok(root) => root,
            Err(mut errors) => {
                findings.append(&mut errors);
                return settings;
            }
        };
        for entry in known_entries(source, &root, SETTINGS, &KEYS, findings) {
            let value = &entry.value;
            match entry.key.as_str() {
                "title" => settings.title = Phrase::read(source, value, findings).unwrap_or_default(),
                "language" => {
                    if let Some(word) = one_of(source, entry, &["zh", "en"], findings) {
                        settings.language = word;
                    }
                }
                "training" => {
                    if let Some(word) = one_of(source, entry, &["required", "optional"], findings) {
                        settings.training_required = word == "required";
                    }
                }
                "oversight" => {
                    settings.oversight = scalar(source, value, "`oversight`", findings).map(str::to_owned);
                }
                "audiences" => settings.audiences = read_audiences(source, value, findings),
                "tiers" => settings.tiers = read_tiers(source, value, findings),
                "marking" => {
                    if let Some(word) = one_of(source, entry, &["required", "optional"], findings) {
                        settings.marking_required = word == "required";
                    }
                }
                "checks" => settings.checks = read_checks(source, value, findings),
                "holidays" => settings.calendar.read_holidays(source, value, findings),
                "workdays" => settings.calendar.read_workdays(source, value, findings),
                "url" => settings.url = read_url(source, value, findings),
                "forge" => settings.forge = Forge::read(source, value, findings),
                "repository_readers" => {
                    settings.repository_readers = read_list(source, entry, "a name", findings);
                }
                "signers" => settings.guards.read_signers(source, value, findings),
                "four_eyes" => settings.guards.read_four_eyes(source, value, findings),
                "levels" => settings.levels = read_levels(source, value, findings),
                "marked_words" => settings.marked_words = read_list(source, entry, "words", findings),
                _ => {}
            }
        }
        if let (Some(name), Some(entry)) = (&settings.oversight, root.get("oversight"))
            && settings.audiences.get(name).is_none()
        {
            let message = format!("the oversight {} is no audience", quote(name));
            findings.push(source.error(BROKEN_SETTINGS, entry.value.range.clone(), message, "name one of `audiences`"));
            settings.oversight = None;
        }
        settings
    }

    /// The tier of a name.
    #[must_use]
    pub fn tier(&self, name: &str) -> Option<&Tier> {
        self.tiers.iter().find(|(tier, _)| tier == name).map(|(_, tier)| tier)
    }
}

fn one_of(source: &Source, entry: &Entry, words: &[&str], findings: &mut Vec<Finding>) -> Option<String> {
    let what = format!("`{}`", entry.key);
    let text = scalar(source, &entry.value, &what, findings)?;
    if words.contains(&text) {
        return Some(text.to_owned());
    }
    let message = format!("{what} cannot be {}", quote(text));
    findings.push(source.error(
        BROKEN_SETTINGS,
        entry.value.range.clone(),
        message,
        format!("write {}", words.join(" or ")),
    ));
    None
}

fn read_audiences(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Audiences {
    let Some(entries) = node.entries() else {
        let message = "`audiences` must be a map of names";
        findings.push(source.error(
            WRONG_SHAPE,
            node.range.clone(),
            message,
            "write `finance: {title: …, readers: […]}` lines",
        ));
        return Audiences::default();
    };
    let mut audiences: BTreeMap<String, Audience> = BTreeMap::new();
    for entry in entries {
        if entry.key == STAFF || !is_name(&entry.key) {
            let message = format!("{} cannot be an audience's name", quote(&entry.key));
            let remedy = "use small letters, digits and hyphens; `staff` is built in";
            findings.push(source.error(BROKEN_SETTINGS, entry.key_range.clone(), message, remedy));
            continue;
        }
        let mut audience = Audience { title: Phrase::one(&*entry.key), readers: Vec::new() };
        for key in known_entries(source, &entry.value, "an audience", &["title", "readers"], findings) {
            match key.key.as_str() {
                "title" => audience.title = Phrase::read(source, &key.value, findings).unwrap_or_default(),
                _ if key.value.elements().is_some_and(<[Node]>::is_empty) => {}
                _ => {
                    for node in one_or_many(source, &key.value, "`readers`", findings) {
                        audience.readers.extend(scalar(source, node, "a reader", findings).map(str::to_owned));
                    }
                }
            }
        }
        audiences.insert(entry.key.clone(), audience);
    }
    Audiences::new(audiences)
}

/// One or many texts that are not empty; an empty list says that there are none.
fn read_list(source: &Source, entry: &Entry, what: &str, findings: &mut Vec<Finding>) -> Vec<String> {
    let node = &entry.value;
    if node.elements().is_some_and(<[Node]>::is_empty) {
        return Vec::new();
    }
    let texts = one_or_many(source, node, &format!("`{}`", entry.key), findings);
    let texts = texts.into_iter().filter_map(|node| scalar(source, node, what, findings).map(str::to_owned));
    texts.filter(|text| !text.trim().is_empty()).collect()
}

fn read_checks(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Vec<CheckSaid> {
    let Some(entries) = node.entries() else {
        let message = "`checks` must be a map of codes and severities";
        findings.push(source.error(WRONG_SHAPE, node.range.clone(), message, "write `no-custodian: error` lines"));
        return Vec::new();
    };
    let read = |entry: &Entry| {
        let severity = match one_of(source, entry, &["error", "warning", "note", "off"], findings)?.as_str() {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "note" => Some(Severity::Note),
            _ => None,
        };
        Some(CheckSaid { check: entry.key.clone(), severity, range: entry.key_range.clone() })
    };
    entries.iter().filter_map(read).collect()
}

/// Names of audiences stand in heading attributes, between commas: small letters, digits, hyphens.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}
