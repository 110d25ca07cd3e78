//! The choices by which what an index finds can be narrowed down to.

use super::document::{Document, Facet};
use super::index::Words;
use crate::text::Phrase;
use serde::Serialize;
use std::collections::BTreeMap;

/// Among more choices than this nobody looks for one: what would be chosen is typed.
const MOST: usize = 500;

/// Choices by facet, each with what it is called.
#[derive(Debug, Default)]
pub(super) struct Choices(BTreeMap<Facet, BTreeMap<String, Phrase>>);

impl Choices {
    /// Notes those of a document.
    pub fn add(&mut self, document: &Document) {
        for (facet, choice, label) in &document.choices {
            let of_facet = self.0.entry(*facet).or_default();
            if !of_facet.contains_key(choice) {
                of_facet.insert(choice.clone(), label.clone());
            }
        }
    }

    /// Notes those of another part of the index, which comes after. What was noted first stays: where one part ends and
    /// the next begins depends on what is in other indexes, and must not be seen.
    pub fn join(&mut self, other: Self) {
        for (facet, choices) in other.0 {
            let of_facet = self.0.entry(facet).or_default();
            for (choice, label) in choices {
                of_facet.entry(choice).or_insert(label);
            }
        }
    }

    /// As they stand in a manifest: `{"type": [["contract", {"zh": …, "en": …}], …], …}`.
    pub fn listed(&self) -> impl Serialize + '_ {
        let each = |(choice, label): (&'_ String, &'_ Phrase)| (choice.clone(), Words::of(label));
        let of_facet = move |choices: &BTreeMap<String, Phrase>| choices.iter().map(each).collect::<Vec<_>>();
        let few = self.0.iter().filter(|(_, choices)| choices.len() <= MOST);
        few.map(|(facet, choices)| (facet.word(), of_facet(choices))).collect::<BTreeMap<_, _>>()
    }
}
