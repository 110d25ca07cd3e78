//! The index of the documents of one clearance.

use super::choices::Choices;
use super::document::{Document, Shown};
use super::front::listed;
use super::postings::{Posting, encoded, page_numbers};
use super::shard::{Lying, Shard, of_documents, of_terms};
use crate::text::Phrase;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::collections::HashMap;

/// A phrase as the browser reads it: a text, or a text in each language.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Words {
    One(String),
    Two { zh: String, en: String },
}

impl Words {
    /// Of a phrase.
    pub fn of(phrase: &Phrase) -> Self {
        let (zh, en) = (phrase.in_language("zh"), phrase.in_language("en"));
        if zh == en { Self::One(zh.to_owned()) } else { Self::Two { zh: zh.to_owned(), en: en.to_owned() } }
    }
}

/// What a result shows.
#[derive(Serialize)]
struct Result<'d> {
    href: &'d str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    record_type: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Words>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    customer: Vec<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'d str>,
    texts: Vec<(Words, Words)>,
}

/// A part of an index: the documents of some pages, of which no other part has one.
#[derive(Default)]
pub struct Batch {
    pages: Vec<String>,
    numbers: HashMap<String, u32>,
    /// How many documents each page has.
    counts: Vec<u32>,
    terms: HashMap<Box<str>, Vec<Posting>>,
    documents: Vec<Lying>,
    choices: Choices,
}

impl Batch {
    /// Enters a document.
    ///
    /// # Errors
    /// When there is no JSON for it, which is not to be expected.
    pub fn add(&mut self, document: &Document) -> serde_json::Result<()> {
        let page = self.page(&document.page);
        let count = self.counts.get_mut(page as usize);
        let number = count.map_or(0, |count| std::mem::replace(count, *count + 1));
        for (term, weight) in &document.terms {
            let posting = Posting::new(page, number as usize, *weight);
            match self.terms.get_mut(term) {
                Some(postings) => postings.push(posting),
                None => {
                    self.terms.insert(term.clone(), vec![posting]);
                }
            }
        }
        self.documents.push(Lying { page, number, json: result(document)? });
        self.choices.add(document);
        Ok(())
    }

    fn page(&mut self, address: &str) -> u32 {
        if let Some(known) = self.numbers.get(address) {
            return *known;
        }
        let number = u32::try_from(self.pages.len()).unwrap_or(u32::MAX);
        self.pages.push(address.to_owned());
        self.counts.push(0);
        self.numbers.insert(address.to_owned(), number);
        number
    }

    /// Takes the documents of other pages in.
    pub fn join(&mut self, other: Self) {
        let above = u32::try_from(self.pages.len()).unwrap_or(u32::MAX);
        for (n, (page, count)) in other.pages.into_iter().zip(other.counts).enumerate() {
            self.numbers.insert(page.clone(), above + n as u32);
            self.pages.push(page);
            self.counts.push(count);
        }
        for (term, postings) in other.terms {
            let postings = postings.into_iter().map(|posting| posting.on(|page| page + above));
            self.terms.entry(term).or_default().extend(postings);
        }
        self.documents.extend(other.documents.into_iter().map(|lying| Lying { page: lying.page + above, ..lying }));
        self.choices.join(other.choices);
    }
}

fn result(document: &Document) -> serde_json::Result<Box<RawValue>> {
    let texts = |Shown { label, text }: &Shown| (Words::of(label), Words::of(text));
    to_raw_value(&Result {
        href: &document.href,
        record_type: document.record_type.as_deref(),
        title: document.title.as_ref().map(Words::of),
        customer: document.customer.iter().map(Words::of).collect(),
        date: document.date.as_deref(),
        texts: document.shown.iter().map(texts).collect(),
    })
}

/// An index, ready to be laid down.
pub struct Index {
    /// The shards of terms, in order.
    pub terms: Vec<Shard>,
    /// The shards of documents, in order.
    pub documents: Vec<Shard>,
    first_terms: Vec<String>,
    first_documents: Vec<(u32, u32)>,
    count: usize,
    choices: Choices,
}

/// What a browser has to know of an index before it asks for a shard.
#[derive(Serialize)]
struct Manifest<'i, C: Serialize> {
    /// How many documents there are: a term is worth the more the fewer it stands in.
    count: usize,
    terms: Vec<(usize, &'i str)>,
    term_shards: &'i [String],
    documents: &'i [(u32, u32)],
    document_shards: &'i [String],
    choices: C,
}

impl Index {
    /// Of all documents of a clearance.
    ///
    /// # Errors
    /// When there is no JSON for them, which is not to be expected.
    pub fn of(batch: Batch) -> serde_json::Result<Self> {
        let numbers = page_numbers(batch.pages.iter().map(String::as_str));
        let numbers: Vec<u32> =
            batch.pages.iter().map(|page| numbers.get(page.as_str()).copied().unwrap_or_default()).collect();
        let final_number = |page: u32| numbers.get(page as usize).copied().unwrap_or_default();
        let mut terms: Vec<(Box<str>, Vec<Posting>)> = batch.terms.into_iter().collect();
        terms.par_sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let encode = |(term, postings): (Box<str>, Vec<Posting>)| {
            let mut postings: Vec<Posting> = postings.into_iter().map(|posting| posting.on(final_number)).collect();
            postings.sort_unstable();
            (term, encoded(&postings))
        };
        let terms: Vec<(Box<str>, Vec<u8>)> = terms.into_par_iter().map(encode).collect();
        let renumbered = |lying: Lying| Lying { page: final_number(lying.page), ..lying };
        let mut documents: Vec<Lying> = batch.documents.into_iter().map(renumbered).collect();
        documents.sort_unstable_by_key(|lying| (lying.page, lying.number));
        let (terms, first_terms) = of_terms(&terms);
        let count = documents.len();
        let (documents, first_documents) = of_documents(&documents)?;
        Ok(Self { terms, documents, first_terms, first_documents, count, choices: batch.choices })
    }

    /// The manifest, where the shards are called so: a member of JSON that stands beside others.
    ///
    /// # Errors
    /// When there is no JSON for it, which is not to be expected.
    pub fn manifest(&self, term_shards: &[String], document_shards: &[String]) -> serde_json::Result<Box<RawValue>> {
        to_raw_value(&Manifest {
            count: self.count,
            terms: listed(&self.first_terms),
            term_shards,
            documents: &self.first_documents,
            document_shards,
            choices: self.choices.listed(),
        })
    }
}
