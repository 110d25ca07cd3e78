//! The last gate: everything that would be published is searched for restricted text that no open text holds.
//!
//! The rooms below make it hard to publish a restricted text by mistake; the gate does not trust them. It is given the
//! restricted texts, the open texts and the finished outputs, and compares them as text, knowing nothing of how the
//! one was made from the other. It catches wrong rendering. It cannot catch a wrong restriction, nor text that was
//! changed on its way (shortened below a run, translated, drawn as a picture, compressed inside a PDF).
//!
//! A hit is a run of restricted text, of a weight of 8 or more (a Han character 2, any other 1), that stands in an
//! output and not, window by window, in open text; the module `window` says how runs are compared. White space, case, inline tags,
//! entities, escapes, percent signs, base64, gzip and zip do not hide a run. The open texts must be all of them: beside
//! open values also the words, templates, scripts and styles that the site ships, the names of open dossiers and
//! records, and the displayed forms of open dates and amounts; else the gate cries wolf.
//!
//! The search goes over each text as few times as can be: (1) the hashes of all restricted windows go into a filter;
//! (2) windows of the outputs that pass the filter are in question; (3) those that stand in open text are struck off;
//! (4) those that restricted text really holds are confirmed. Only if some are left are places looked up and compared
//! character by character. Step 3 goes by 64-bit hashes: that one of ten million open windows strikes off a leaked one
//! that it does not equal has a chance of less than one in 10¹², and hides a run only if all its windows meet with it.

mod both_ways;
mod decode;
mod filter;
mod hashes;
mod hit;
mod html;
mod layers;
mod ledger;
mod report;
mod window;

#[cfg(test)]
mod tests;

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

pub use both_ways::{BothWays, written_both_ways};
pub use hit::{Excerpts, Hit};
pub use ledger::Ledger;
pub use window::LEAST_WEIGHT;

use filter::{Filter, Gathered, Questions};
use hashes::{Hashes, Texts};
use layers::{Sink as _, read_source, take_apart};

/// How a source text is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// As it is shown.
    Plain,
    /// As HTML: what it shows counts; in open texts also attributes, comments and scripts.
    Html,
}

/// A text of the archive or of the program, and a number by which the caller knows where it stands.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// The caller's number for file, line and what it is; comes back in [`Hit::source`].
    pub source: u32,
    /// The text. No run reaches from one text into another.
    pub text: &'a str,
    /// How it is written.
    pub form: Form,
}

/// Texts that can be gone over several times, by several threads, in batches of any size.
pub trait Corpus: Sync {
    /// How many batches there are.
    fn batches(&self) -> usize;
    /// Hands each text of a batch to `each`: the same texts in the same order whenever it is asked.
    fn batch(&self, number: usize, each: &mut dyn FnMut(Text<'_>));
}

/// How many texts of a slice make a batch.
const BATCH: usize = 256;

impl Corpus for [Text<'_>] {
    fn batches(&self) -> usize {
        self.len().div_ceil(BATCH)
    }
    fn batch(&self, number: usize, each: &mut dyn FnMut(Text<'_>)) {
        self.iter().skip(number * BATCH).take(BATCH).for_each(|text| each(*text));
    }
}

impl Corpus for Vec<Text<'_>> {
    fn batches(&self) -> usize {
        self.as_slice().batches()
    }
    fn batch(&self, number: usize, each: &mut dyn FnMut(Text<'_>)) {
        self.as_slice().batch(number, each);
    }
}

/// What kind of file an output is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A page.
    Html,
    /// JavaScript or a style sheet.
    Script,
    /// JSON.
    Json,
    /// Any other text.
    Text,
    /// A calendar file: the values of its properties are searched.
    Calendar,
    /// A packed file: its members are searched.
    Archive,
    /// An age file that the door has made: passed over if the [`Ledger`] holds it, else searched like anything else.
    KnownCiphertext,
    /// An open attachment, published as it stands in the archive.
    OpenFile,
}

/// A file that would be published.
#[derive(Clone, Copy)]
pub struct Output<'a> {
    /// Its path in the site; searched like its content.
    pub address: &'a str,
    /// What it is.
    pub kind: Kind,
    /// Its content.
    pub bytes: &'a [u8],
}

/// The outputs, to be read by number: from memory, or back from where they were written.
pub trait Outputs: Sync {
    /// How many there are.
    fn count(&self) -> usize;
    /// Hands an output to `look`.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read(&self, number: usize, look: &mut dyn FnMut(&Output<'_>)) -> io::Result<()>;
}

impl Outputs for [Output<'_>] {
    fn count(&self) -> usize {
        self.len()
    }
    fn read(&self, number: usize, look: &mut dyn FnMut(&Output<'_>)) -> io::Result<()> {
        self.get(number).into_iter().for_each(look);
        Ok(())
    }
}

impl Outputs for Vec<Output<'_>> {
    fn count(&self) -> usize {
        self.len()
    }
    fn read(&self, number: usize, look: &mut dyn FnMut(&Output<'_>)) -> io::Result<()> {
        self.as_slice().read(number, look)
    }
}

/// A restricted attachment: its bytes must stand in no output, whatever the output is called.
#[derive(Clone, Copy)]
pub struct Withheld {
    /// The caller's number for it.
    pub source: u32,
    /// Its length in bytes; only outputs of the same length are hashed.
    pub length: u64,
    /// The SHA-256 of its content.
    pub digest: [u8; 32],
}

/// What the gate knows: what must not be published, and what may be.
pub struct Gate<'a> {
    /// The restricted texts.
    pub restricted: &'a dyn Corpus,
    /// The open texts: values and their displayed forms, words, templates, what the site ships.
    pub open: &'a dyn Corpus,
    /// The ciphertexts of the door.
    pub ledger: &'a Ledger,
    /// The restricted attachments that are not also published openly by their author.
    pub withheld: &'a [Withheld],
}

/// An output that could not be searched in full, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsearched {
    /// The output's address.
    pub address: String,
    /// What in it was not searched.
    pub reason: &'static str,
}

/// What the gate found.
#[derive(Default)]
pub struct Report {
    /// The hits, by output and place in it; of very many only the first.
    pub hits: Vec<Hit>,
    /// How many more places there are that are not in `hits`.
    pub more: usize,
    /// Outputs that could not be searched in full: damaged or overlarge packed files.
    pub unsearched: Vec<Unsearched>,
}

impl Report {
    /// Whether nothing restricted was found.
    pub fn is_clean(&self) -> bool {
        self.hits.is_empty() && self.more == 0
    }
}

impl Gate<'_> {
    /// Searches the outputs, on all threads of the current pool. The report is the same for the same input.
    ///
    /// # Errors
    /// When an output cannot be read.
    pub fn search(&self, outputs: &dyn Outputs) -> io::Result<Report> {
        let filter = Filter::for_text(size_of(self.restricted));
        each_text(self.restricted, || (), |_, hash| filter.put(hash), false);

        let (gathered, whole_files, unsearched) = self.question(outputs, &filter)?;
        let questions = Questions::from(gathered);
        drop(filter);
        let mut report = Report { unsearched, ..Report::default() };
        let mut leaking = false;
        if !questions.is_empty() {
            each_text(self.open, || (), |_, hash| questions.strike(hash), true);
            let confirm = |confirmed: &mut bool, hash| *confirmed |= questions.confirm(hash);
            leaking = each_text(self.restricted, || false, confirm, false).contains(&true);
        }
        if leaking {
            report::fill(&mut report, self, outputs, &questions)?;
        }
        report.hits.extend(whole_files);
        report.hits.sort_by_key(Hit::order);
        Ok(report)
    }

    /// Gathers the windows of the outputs that pass the filter, the outputs that are restricted files as they stand,
    /// and those that cannot be searched in full.
    fn question(
        &self,
        outputs: &dyn Outputs,
        filter: &Filter,
    ) -> io::Result<(Vec<Gathered>, Vec<Hit>, Vec<Unsearched>)> {
        let workers = each_number(
            outputs.count(),
            || (Texts::new(Gathered::new(), false), Vec::new(), Vec::new(), Ok(())),
            |(texts, whole_files, unsearched, read), number| {
                let looked = outputs.read(number, &mut |output| {
                    whole_files.extend(hit::whole_file(self.withheld, number, output));
                    let mut sink = Hashes {
                        texts,
                        each: |gathered: &mut Gathered, hash: u64| {
                            if filter.may_hold(hash) {
                                gathered.note(hash);
                            }
                        },
                    };
                    if let Some(reason) = take_apart(output, self.ledger, &mut sink) {
                        let address = output.address.to_owned();
                        unsearched.push((number, Unsearched { address, reason }));
                    }
                    sink.cut();
                });
                if looked.is_err() && read.is_ok() {
                    *read = looked;
                }
            },
        );
        let (mut gathered, mut hits, mut missed) = (Vec::new(), Vec::new(), Vec::new());
        for (texts, whole_files, unsearched, read) in workers {
            read?;
            gathered.push(texts.state);
            hits.extend(whole_files);
            missed.extend(unsearched);
        }
        missed.sort_by_key(|(number, _)| *number);
        Ok((gathered, hits, missed.into_iter().map(|(_, unsearched)| unsearched).collect()))
    }
}

/// The size of all texts together, in bytes.
fn size_of(corpus: &dyn Corpus) -> usize {
    let add = |size: &mut usize, number| corpus.batch(number, &mut |text| *size += text.text.len());
    each_number(corpus.batches(), || 0, add).iter().sum()
}

/// Calls `each` with every window's hash of a corpus at least once, on all threads; gives the workers' states.
fn each_text<T: Send>(
    corpus: &dyn Corpus,
    begin: impl Fn() -> T + Sync,
    each: impl Fn(&mut T, u64) + Sync,
    all: bool,
) -> Vec<T> {
    let workers = each_number(
        corpus.batches(),
        || Texts::new(begin(), all),
        |texts, number| {
            corpus.batch(number, &mut |text| {
                read_source(&text, all, &mut Hashes { texts, each: &each });
            });
        },
    );
    workers.into_iter().map(|texts| texts.state).collect()
}

/// Lets one worker for each thread draw numbers below `count` until none is left; gives the workers' states.
fn each_number<T: Send>(count: usize, begin: impl Fn() -> T + Sync, work: impl Fn(&mut T, usize) + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let worker = |_| {
        let mut state = begin();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return state;
            }
            work(&mut state, number);
        }
    };
    (0..rayon::current_num_threads().min(count)).into_par_iter().with_max_len(1).map(worker).collect()
}
