//! Signs that a customer may leave, as record types tell of them: what in their records is one.

use super::field_type::{FieldType, broken, truth};
use super::interval::Interval;
use crate::finding::Finding;
use crate::text::map::{known_entries, one_or_many, scalar};
use crate::text::yaml::{Entry, Node};
use crate::text::{Phrase, Source};

/// A rule by which records of a type are a sign that a customer may leave.
#[derive(Clone, Debug)]
pub struct SignRule {
    /// Its name in the type's file.
    pub name: String,
    /// What pages say of it.
    pub title: Phrase,
    /// When it holds.
    pub when: When,
}

/// When records are a sign.
#[derive(Clone, Debug)]
pub enum When {
    /// The day in a field comes soon or has passed lately, and nothing follows the record.
    Ends {
        /// The field.
        field: String,
        /// How long before and after that day.
        within: Interval,
        /// The reference by which another record of the type says that it follows this one.
        followed_by: Option<String>,
        /// Fields of which each says that the record is at its end anyway: by one of these words or, where there are
        /// none, by any value.
        unless: Vec<(String, Vec<String>)>,
    },
    /// The number in a field fell so many times in a row.
    Falls {
        /// The field.
        field: String,
        /// How many times.
        times: usize,
    },
    /// The mean of a series' last rows lies below that of more rows.
    Sinks {
        /// The columns, each looked at by itself.
        columns: Vec<String>,
        /// How many rows are the last.
        recent: usize,
        /// How many rows they are set against, themselves included.
        against: usize,
        /// By how many hundredths it must lie below.
        by: f64,
        /// Whether it must lie so far below the same rows of the year before as well, where the series has these.
        seasonal: bool,
    },
    /// A record is there, and says so.
    Stands {
        /// Fields that must hold one of these words or, where there are none, any value.
        holding: Vec<(String, Vec<String>)>,
        /// Fields that must be empty.
        without: Vec<String>,
        /// How long ago the record's date may be at most.
        within: Option<Interval>,
    },
}

const KEYS: [&str; 14] = [
    "title",
    "ends",
    "within",
    "followed_by",
    "unless",
    "falls",
    "times",
    "sinks",
    "recent",
    "against",
    "by",
    "seasonal",
    "where",
    "without",
];

/// Reads the map `signs:` of a type with these fields.
pub(super) fn read_signs(
    source: &Source,
    node: &Node,
    fields: &[FieldType],
    findings: &mut Vec<Finding>,
) -> Vec<SignRule> {
    let Some(entries) = node.entries() else {
        broken(source, node.range.clone(), "`signs` must be a map", "write `name: {title: …, …}` lines", findings);
        return Vec::new();
    };
    entries.iter().filter_map(|entry| Reading { source, fields }.rule(entry, findings)).collect()
}

struct Reading<'a> {
    source: &'a Source,
    fields: &'a [FieldType],
}

impl Reading<'_> {
    fn rule(&self, entry: &Entry, findings: &mut Vec<Finding>) -> Option<SignRule> {
        let before = findings.len();
        let known = known_entries(self.source, &entry.value, "a sign", &KEYS, findings);
        let node = |key: &str| known.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
        let title = node("title").and_then(|title| Phrase::read(self.source, title, findings));
        let within = node("within").and_then(|within| self.interval(within, findings));
        let number = |key: &str, usual: usize, findings: &mut Vec<Finding>| {
            node(key).map_or(Some(usual), |node| whole_number(self.source, node, findings))
        };
        let when = if let Some(ends) = node("ends") {
            When::Ends {
                field: self.names(ends, findings).into_iter().next()?,
                within: within.unwrap_or(Interval::days(90)),
                followed_by: node("followed_by").and_then(|node| self.names(node, findings).into_iter().next()),
                unless: node("unless").map(|node| self.holding(node, findings)).unwrap_or_default(),
            }
        } else if let Some(falls) = node("falls") {
            let field = self.names(falls, findings).into_iter().next()?;
            When::Falls { field, times: number("times", 2, findings)? }
        } else if let Some(sinks) = node("sinks") {
            When::Sinks {
                columns: self.names(sinks, findings),
                recent: number("recent", 4, findings)?,
                against: number("against", 26, findings)?,
                by: node("by").map_or(Some(20.0), |by| percentage(self.source, by, 100.0, findings))?,
                seasonal: node("seasonal").is_some_and(|node| truth(self.source, node, findings)),
            }
        } else {
            let holding = node("where").map(|node| self.holding(node, findings)).unwrap_or_default();
            let without = node("without").map(|node| self.names(node, findings)).unwrap_or_default();
            if holding.is_empty() && without.is_empty() && within.is_none() {
                let remedy = "say `ends`, `falls`, `sinks`, `where`, `without` or `within`";
                broken(self.source, entry.key_range.clone(), "this sign says not when it holds", remedy, findings);
            }
            When::Stands { holding, without, within }
        };
        let title = title.unwrap_or_else(|| Phrase::one(entry.key.replace('_', " ")));
        (findings.len() == before).then(|| SignRule { name: entry.key.clone(), title, when })
    }

    /// Fields with the words that they may hold; names of fields alone stand for any value.
    fn holding(&self, node: &Node, findings: &mut Vec<Finding>) -> Vec<(String, Vec<String>)> {
        let Some(entries) = node.entries() else {
            return self.names(node, findings).into_iter().map(|name| (name, Vec::new())).collect();
        };
        let fields = entries.iter().filter_map(|entry| {
            let field = self.field(&entry.key, entry.key_range.clone(), findings)?;
            let words = one_or_many(self.source, &entry.value, "a word", findings);
            Some((field, words.into_iter().filter_map(Node::text).map(str::to_owned).collect()))
        });
        fields.collect()
    }

    /// The names of fields, each of which must be one of the type's.
    fn names(&self, node: &Node, findings: &mut Vec<Finding>) -> Vec<String> {
        let nodes = one_or_many(self.source, node, "a field", findings);
        let names = nodes.into_iter().filter_map(|node| {
            let name = scalar(self.source, node, "a field", findings)?;
            self.field(name, node.range.clone(), findings)
        });
        names.collect()
    }

    fn field(&self, name: &str, at: std::ops::Range<usize>, findings: &mut Vec<Finding>) -> Option<String> {
        if self.fields.iter().any(|field| field.name == name) {
            return Some(name.to_owned());
        }
        let message = format!("the sign speaks of `{name}`, which is no field of this type");
        broken(self.source, at, &message, "name one of its fields", findings);
        None
    }

    fn interval(&self, node: &Node, findings: &mut Vec<Finding>) -> Option<Interval> {
        match Interval::parse(node.text().unwrap_or_default()) {
            Ok(interval) => Some(interval),
            Err((message, remedy)) => {
                broken(self.source, node.range.clone(), &message, &remedy, findings);
                None
            }
        }
    }
}

/// A whole number from 1 on.
pub(super) fn whole_number(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Option<usize> {
    let number = node.text().and_then(|text| text.parse().ok()).filter(|number| (1..1000).contains(number));
    if number.is_none() {
        let remedy = "write a whole number from 1 on";
        broken(source, node.range.clone(), "this is no number of rows or times", remedy, findings);
    }
    number
}

/// A percentage, as `20%`.
pub(super) fn percentage(source: &Source, node: &Node, highest: f64, findings: &mut Vec<Finding>) -> Option<f64> {
    let text = node.text().map(|text| text.trim_end_matches(['%', '％']).trim_end());
    let percent = text.and_then(|text| text.parse::<f64>().ok()).filter(|percent| (0.0..=highest).contains(percent));
    if percent.is_none() {
        broken(source, node.range.clone(), "this is no percentage", "write it as `20%`", findings);
    }
    percent
}

#[cfg(test)]
mod tests {
    use super::super::record_type::RecordType;
    use crate::text::Source;

    /// The findings of a type with these signs: what they point at, and what they say.
    fn found(signs: &str) -> Vec<(String, String)> {
        let text =
            format!("title: T\nfolder: t\naudience: staff\nfields:\n  until: {{kind: date}}\nsigns:\n  one: {signs}\n");
        let mut findings = Vec::new();
        RecordType::read("t", false, Source::decode("types/t.yaml", text.as_bytes()).unwrap(), &mut findings);
        findings.into_iter().map(|finding| (finding.code.0.to_owned(), finding.message)).collect()
    }

    #[test]
    fn a_sign_that_speaks_of_no_field_or_says_not_when_it_holds_is_a_finding() {
        assert_eq!(found("{ends: until, within: 90d, unless: [until]}"), []);
        assert_eq!(found("{where: {until: [x, y]}, without: until}"), []);
        assert_eq!(found("{sinks: until, seasonal: yes}"), []);
        for wrong in [
            "{ends: untill}",
            "{ends: until, within: soon}",
            "{ends: until, followed_by: nothing}",
            "{falls: until, times: 0}",
            "{sinks: until, by: 120%}",
            "{sinks: until, seasonal: often}",
            "{where: {state: open}}",
            "{title: A}",
            "[until]",
        ] {
            let found = found(wrong);
            assert!(!found.is_empty(), "{wrong}");
        }
    }

    #[test]
    fn a_misspelt_key_of_a_sign_is_told_with_the_nearest() {
        assert!(matches!(&*found("{ends: until, whithin: 9d}"), [(code, _)] if code == "unknown-key"));
    }
}
