//! What can be found of a record by those who meet one clearance.

use super::pinyin::{each_initials, each_spelling};
use super::terms::{each_ending, each_number, each_term, plain};
use crate::text::Phrase;
use std::collections::HashMap;

/// By what a search can be narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // Each is what its name says.
pub enum Facet {
    Type,
    Tier,
    Industry,
    Person,
    Year,
}

impl Facet {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Type, Self::Tier, Self::Industry, Self::Person, Self::Year];

    /// The word for it in indexes, and in the keys of the interface's words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Tier => "tier",
            Self::Industry => "industry",
            Self::Person => "person",
            Self::Year => "year",
        }
    }

    /// The term by which records of a choice are found. No text has such a term, since U+0001 belongs to no word.
    #[must_use]
    pub fn term(self, choice: &str) -> String {
        format!("\u{1}{}\u{1}{choice}", self.word())
    }
}

/// How much it says of a record that a word stands here. The numbers are three bits in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// What it belongs to: its customer's name, its type.
    Around = 0,
    /// Its text.
    Text = 1,
    /// A field's value.
    Value = 2,
    /// What somebody is called in a field.
    Person = 3,
    /// A heading, or a file's name.
    Heading = 4,
    /// A title.
    Title = 5,
    /// A name, spelt.
    Spelling = 6,
    /// A customer's name.
    Name = 7,
}

/// One thing that is known of a record.
#[derive(Clone, Debug)]
pub(super) enum Bit {
    Title(Phrase),
    Date(String),
    /// A field's value or a section's text, with what it is called.
    Text {
        label: Phrase,
        text: Phrase,
        weight: Weight,
    },
    Choice {
        facet: Facet,
        choice: String,
        label: Phrase,
    },
    /// What the record belongs to: found with it, and shown as whose it is.
    Customer(Vec<Phrase>),
}

/// A text of a document, as a result shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What it is called: a field's title, a heading; may be empty.
    pub label: Phrase,
    /// The text.
    pub text: Phrase,
}

/// What can be found of a record by those who meet one clearance, and what a result shows of it.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The address of its page and its element on it: what tells it from others, in every index.
    pub href: String,
    /// By what its page is known: documents of one page lie together.
    pub page: String,
    /// Its type's name; none where only its being there may be known.
    pub record_type: Option<String>,
    /// Its title.
    pub title: Option<Phrase>,
    /// Its customer's names, the full one first; none for a customer's own document.
    pub customer: Vec<Phrase>,
    /// The day that it is about.
    pub date: Option<String>,
    /// Its texts.
    pub shown: Vec<Shown>,
    /// The choices by which it can be narrowed down to, with what they are called.
    pub choices: Vec<(Facet, String, Phrase)>,
    /// Its terms, with the greatest weight of each.
    pub(super) terms: HashMap<Box<str>, u8>,
}

impl Document {
    /// Of what is known of a record.
    pub(super) fn of<'b>(href: &str, page: &str, bits: impl Iterator<Item = &'b Bit>) -> Self {
        let mut document = Self { href: href.to_owned(), page: page.to_owned(), ..Self::default() };
        for bit in bits {
            document.add(bit);
        }
        document
    }

    fn add(&mut self, bit: &Bit) {
        match bit {
            Bit::Title(title) => {
                self.find_by(title, Weight::Title);
                self.title = Some(title.clone());
            }
            Bit::Date(date) => {
                self.find(date, Weight::Value);
                self.date = Some(date.clone());
            }
            Bit::Text { label, text, weight } => {
                self.find_by(text, *weight);
                if *weight == Weight::Text {
                    self.find_by(label, Weight::Heading);
                }
                if matches!(weight, Weight::Name | Weight::Person) {
                    self.spell(text, true);
                }
                self.shown.push(Shown { label: label.clone(), text: text.clone() });
            }
            // Of several years the first that may be known is the record's.
            Bit::Choice { facet: Facet::Year, .. } if self.choices.iter().any(|(facet, ..)| *facet == Facet::Year) => {}
            Bit::Choice { facet, choice, label } => {
                if *facet == Facet::Type {
                    self.record_type = Some(choice.clone());
                    self.find_by(label, Weight::Around);
                }
                self.put(&facet.term(choice), Weight::Around);
                self.choices.push((*facet, choice.clone(), label.clone()));
            }
            Bit::Customer(names) => {
                for name in names {
                    self.find_by(name, Weight::Around);
                    self.spell(name, false);
                }
                self.customer = names.clone();
            }
        }
    }

    fn find_by(&mut self, phrase: &Phrase, weight: Weight) {
        phrase.texts().for_each(|text| self.find(text, weight));
    }

    fn find(&mut self, text: &str, weight: Weight) {
        let plain = plain(text);
        each_term(&plain, |term| put(&mut self.terms, term, weight));
        each_ending(&plain, |term| put(&mut self.terms, term, weight));
        each_number(&plain, |term| put(&mut self.terms, term, weight));
    }

    /// By pinyin: whoever belongs to a customer is found by the initials alone.
    fn spell(&mut self, name: &Phrase, own: bool) {
        let weight = if own { Weight::Spelling } else { Weight::Around };
        for text in name.texts() {
            each_initials(text, |term| put(&mut self.terms, term, weight));
            if own {
                each_spelling(text, |term| put(&mut self.terms, term, weight));
            }
        }
    }

    fn put(&mut self, term: &str, weight: Weight) {
        put(&mut self.terms, term, weight);
    }
}

fn put(terms: &mut HashMap<Box<str>, u8>, term: &str, weight: Weight) {
    let weight = weight as u8;
    match terms.get_mut(term) {
        Some(known) => *known = weight.max(*known),
        None => {
            terms.insert(Box::from(term), weight);
        }
    }
}
