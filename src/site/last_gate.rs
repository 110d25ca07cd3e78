//! Calling the last gate: what it is given, and its hits as findings.

use super::door::{Built, CSP};
use super::gate::{
    Excerpts, Form, Gate, Kind, LEAST_WEIGHT, Ledger, Output, Outputs, Text, Withheld, written_both_ways,
};
use super::hashing::digest_of;
use crate::archive::{Archive, Corpus, Passage, SHORTEST};
use crate::finding::{Code, Finding, Place, quote};
use crate::history::{History, PastText, Whence};
use crate::page::Theme;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Restricted text in what would be published.
pub const LEAK: Code = Code("restricted-text-in-site");
/// A file whose content the author gave out openly holds restricted text.
pub const LEAK_IN_OPEN_FILE: Code = Code("restricted-text-in-open-file");
/// A sentence that stands both in a restricted part and in the open.
pub const WRITTEN_TWICE: Code = Code("written-twice");
/// A published file that could not be searched.
pub const UNSEARCHED: Code = Code("not-searched");

// Texts that the corpus leaves out are too short to hold a run.
const _: () = assert!(SHORTEST <= LEAST_WEIGHT as usize);

/// The files of a site that is not yet published, read back from where they were written.
pub struct Written<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// The addresses and what stands there.
    pub files: Vec<(String, Kind)>,
    /// The door's ciphertexts: they are known by their digest, however large they are, and not read into memory.
    pub ledger: &'a Ledger,
}

impl Outputs for Written<'_> {
    fn count(&self) -> usize {
        self.files.len()
    }

    fn read(&self, number: usize, look: &mut dyn FnMut(&Output<'_>)) -> io::Result<()> {
        let Some((address, kind)) = self.files.get(number) else { return Ok(()) };
        let path = self.folder.join(address);
        let known = *kind == Kind::KnownCiphertext && self.ledger.holds_digest(&digest_of(&path)?);
        let bytes = if known { Vec::new() } else { std::fs::read(&path)? };
        look(&Output { address, kind: *kind, bytes: &bytes });
        Ok(())
    }
}

/// What the gate is told of a build.
pub struct Search<'a> {
    /// The texts of the archive.
    pub corpus: Corpus<'a>,
    /// The archive's past, where it has one.
    pub history: Option<&'a History>,
    /// The texts of the past.
    pub past: Vec<PastText<'a>>,
    /// The theme.
    pub theme: &'a Theme,
    /// What the site says of itself.
    pub built: &'a Built,
    /// The door's ciphertexts.
    pub ledger: &'a Ledger,
    /// What else the program says by itself: what clearances are called, the addresses of registers.
    pub said: Vec<String>,
    /// Restricted files, with their paths.
    pub withheld: Vec<(Withheld, String)>,
    /// Whether a hit may quote the text.
    pub excerpts: bool,
}

impl Search<'_> {
    /// Searches everything that would be published.
    ///
    /// # Errors
    /// When a file cannot be read back.
    pub fn run(&self, written: &Written<'_>) -> io::Result<Vec<Finding>> {
        let corpus = &self.corpus;
        let mut restricted = texts(&corpus.restricted);
        let mut open = texts(&corpus.open);
        let past = self.past.iter().filter(|text| text.text.len() >= SHORTEST);
        let (told, secret): (Vec<&PastText<'_>>, Vec<&PastText<'_>>) = past.partition(|text| text.open);
        open.extend(told.iter().map(|past| Text { source: u32::MAX, text: past.text, form: Form::Plain }));
        // What stands still is among the texts of the present, restricted or open.
        let secret: Vec<&PastText<'_>> = secret.into_iter().filter(|text| !text.stands).collect();
        let of_past = restricted.len();
        let numbered = secret.iter().enumerate();
        restricted.extend(numbered.map(|(n, past)| Text {
            source: number(of_past + n),
            text: past.text,
            form: Form::Plain,
        }));
        let assets = self.theme.assets();
        let said = [
            CSP,
            &self.built.date,
            &self.built.commit,
            &self.built.beside_mark,
            &self.built.branch,
            env!("CARGO_PKG_VERSION"),
        ];
        let theme = self.theme.texts().chain(assets.iter().map(|asset| asset.text.as_str())).chain(said);
        for text in theme {
            open.push(Text { source: u32::MAX, text, form: Form::Plain });
            open.push(Text { source: u32::MAX, text, form: Form::Html });
        }
        for text in &self.said {
            open.push(Text { source: u32::MAX, text, form: Form::Plain });
        }
        let first = restricted.len();
        let withheld: Vec<Withheld> = self
            .withheld
            .iter()
            .enumerate()
            .map(|(n, (file, _))| Withheld { source: number(first + n), ..*file })
            .collect();
        let gate = Gate { restricted: &restricted, open: &open, ledger: self.ledger, withheld: &withheld };
        let report = gate.search(written)?;
        let mut findings = Vec::new();
        for hit in &report.hits {
            let source = usize::try_from(hit.source).unwrap_or_default();
            let excerpts = if self.excerpts { Excerpts::Shown } else { Excerpts::Withheld };
            let excerpt = hit.excerpt(excerpts);
            let past = source.checked_sub(of_past).and_then(|n| secret.get(n));
            let (place, when) = match past {
                Some(past) => (self.place_of(past), format!("; {}", self.when(past))),
                None => {
                    let file = corpus.restricted.get(source).map(|passage| passage.file);
                    let withheld = || self.withheld.get(source.checked_sub(first)?).map(|(_, path)| path.as_str());
                    (Some(Place::whole(file.or_else(withheld).unwrap_or("the archive"))), String::new())
                }
            };
            let message = format!("restricted text would stand in {} ({}): {excerpt}{when}", hit.address, hit.place);
            let mut finding = if hit.in_open_file {
                Finding::warning(LEAK_IN_OPEN_FILE, message).remedy(
                    "the author put this text into an open file and into a restricted part: restrict the file as well, or open the part",
                )
            } else {
                Finding::error(LEAK, message).remedy(
                    "nothing was published. Where an open title, file name or template repeats the restricted words, reword it; \
                     otherwise this is a fault of Strongroom: please report it",
                )
            };
            finding.place = place;
            findings.push(finding);
        }
        if report.more > 0 {
            findings.push(Finding::error(LEAK, format!("and {} more places", report.more)));
        }
        for unsearched in &report.unsearched {
            let message = format!("{} could not be searched: {}", unsearched.address, unsearched.reason);
            findings
                .push(Finding::warning(UNSEARCHED, message).remedy("look at the file yourself before it is published"));
        }
        Ok(findings)
    }

    /// The file in which a text of the past stood, as it was called last; none for a commit's message.
    fn place_of(&self, past: &PastText<'_>) -> Option<Place> {
        self.history?.path_of(past.file?).map(Place::whole)
    }

    /// When a text of the past stood where, in words.
    fn when(&self, past: &PastText<'_>) -> String {
        let commit = |number: usize| {
            let commit = self.history.and_then(|history| history.commit(number));
            commit.map(|commit| format!("commit {} of {}", commit.short, commit.day())).unwrap_or_default()
        };
        match past.whence {
            Whence::Since(at, record) => format!("it came into {} with {}", quote(&record.to_string()), commit(at)),
            Whence::Until(at, record) => format!("it stood in {} until {}", quote(&record.to_string()), commit(at)),
            Whence::Title(record) => format!("{} was called so", quote(&record.to_string())),
            Whence::Dossier(name) => format!("a dossier was called so that is gone: {}", quote(name)),
            Whence::Message(at) => format!("it stands in the message of {}", commit(at)),
        }
    }
}

/// Warnings for sentences that the author wrote both in a restricted part and openly: one for each file, with the
/// first of them and where it stands in the open.
#[must_use]
pub fn written_twice(archive: &Archive) -> Vec<Finding> {
    let corpus = Corpus::of(archive);
    let found = written_both_ways(&prose(&corpus.restricted), &prose(&corpus.open));
    let mut by_file: BTreeMap<&str, (usize, &Passage<'_>, &Passage<'_>, String)> = BTreeMap::new();
    for both in found {
        let at =
            |number: u32, passages: &'_ [Passage<'_>]| usize::try_from(number).ok().filter(|n| *n < passages.len());
        let (Some(here), Some(there)) = (at(both.source, &corpus.restricted), at(both.open_source, &corpus.open))
        else {
            continue;
        };
        let (Some(here), Some(there)) = (corpus.restricted.get(here), corpus.open.get(there)) else { continue };
        by_file.entry(here.file).and_modify(|(count, ..)| *count += both.count).or_insert((
            both.count,
            here,
            there,
            both.sentence,
        ));
    }
    by_file
        .into_iter()
        .map(|(file, (count, _, there, sentence))| {
            let message = match count {
                1 => format!("what is restricted here also stands in the open: {}", quote(&sentence)),
                _ => format!(
                    "{count} sentences that are restricted here also stand in the open, the first: {}",
                    quote(&sentence)
                ),
            };
            Finding::warning(WRITTEN_TWICE, message)
                .at(Place::whole(file))
                .remedy("restrict it there as well, or leave it out there; keep it if everybody may know it")
                .related(Place::whole(there.file), "it stands here in the open")
        })
        .collect()
}

/// The texts of sections alone: names, references and choices recur everywhere, and say nothing by themselves.
fn prose<'t>(passages: &'t [Passage<'_>]) -> Vec<Text<'t>> {
    let numbered = passages.iter().enumerate().filter(|(_, passage)| passage.prose);
    numbered.map(|(n, p)| Text { source: number(n), text: &p.text, form: Form::Plain }).collect()
}

fn texts<'t>(passages: &'t [Passage<'_>]) -> Vec<Text<'t>> {
    passages.iter().enumerate().map(|(n, p)| Text { source: number(n), text: &p.text, form: Form::Plain }).collect()
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
