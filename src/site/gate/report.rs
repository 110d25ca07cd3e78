//! From confirmed windows to hits: where in which output, from which source, and how far the run reaches.
//!
//! This runs only when something is wrong, and so may take its time; but the numbers are bounded, since a rendering
//! that is wrong everywhere would otherwise report the whole archive.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use super::filter::Questions;
use super::hit::Hit;
use super::layers::{Sink, read_source, take_apart};
use super::window::{LONGEST, Normaliser, Window, Windows};
use super::{Gate, Output, Outputs, Report, each_number};

/// How many hits of one output are reported, and how many together.
const HITS_OF_ONE: usize = 20;
const HITS: usize = 1000;
/// To find the source that fits a run best: how many of its windows are looked up (many texts begin alike, so that one
/// window would not do), and how many texts are compared for each.
const LOOKED_UP: usize = 8;
const SOURCES: usize = 4;
/// How many characters are kept before and after a run, and of a run.
const AROUND: usize = 40;
const RUN: usize = 400;
/// Below this length a run that lies inside a digest, a key or base64 is taken for chance: 8 given characters of such a
/// token stand at a given place with a chance of 2⁻³² to 2⁻⁴⁰, which against a million restricted windows is no longer
/// small over a megabyte; 12 characters make it 2⁻⁴⁸ to 2⁻⁶⁰.
const CHANCE: usize = 12;

/// A stretch of an output that is covered by confirmed windows, with the text around it.
struct Sighting {
    order: (usize, usize),
    address: String,
    place: &'static str,
    in_open_file: bool,
    /// Normal characters and as they stood, one for one.
    text: Vec<char>,
    original: Vec<char>,
    /// Some of the stretch's windows, with their places in `text`.
    windows: Vec<Window>,
}

/// Finds the places of the confirmed windows.
pub(super) fn fill(
    report: &mut Report,
    gate: &Gate<'_>,
    outputs: &dyn Outputs,
    questions: &Questions,
) -> io::Result<()> {
    let (sightings, more) = sight(gate, outputs, questions)?;
    report.more += more;
    let wanted: BTreeSet<u64> =
        sightings.iter().flat_map(|sighting| &sighting.windows).map(|window| window.hash).collect();
    let places = locate(gate, &wanted);
    let texts = fetch(gate, &places);
    for sighting in sightings {
        let mut best: Option<(u32, usize, usize)> = None;
        for window in &sighting.windows {
            let sources = places.get(&window.hash).into_iter().flatten().filter_map(|place| texts.get(place));
            for (source, segments) in sources {
                for (from, to) in segments.iter().filter_map(|segment| common_run(&sighting.text, *window, segment)) {
                    if best.is_none_or(|(_, best_from, best_to)| to - from > best_to - best_from) {
                        best = Some((*source, from, to));
                    }
                }
            }
        }
        // Without a source the window only shares its hash with a restricted one: no hit.
        if let Some((source, from, to)) = best
            && !is_chance(&sighting.original, from, to)
        {
            let text = |from: usize, to: usize| -> String {
                sighting.original.iter().skip(from).take(to.saturating_sub(from)).collect()
            };
            report.hits.push(Hit {
                run: text(from, to),
                before: text(from.saturating_sub(AROUND), from),
                after: text(to, to + AROUND),
                address: sighting.address,
                place: sighting.place,
                in_open_file: sighting.in_open_file,
                source,
                order: sighting.order,
            });
        }
    }
    Ok(())
}

/// The sightings in all outputs, in their order, and how many more there are.
fn sight(gate: &Gate<'_>, outputs: &dyn Outputs, questions: &Questions) -> io::Result<(Vec<Sighting>, usize)> {
    let workers = each_number(
        outputs.count(),
        || (Vec::new(), 0, Ok(())),
        |(sightings, more, read), number| {
            let looked = outputs.read(number, &mut |output| {
                let mut recorder = Recorder {
                    questions,
                    output,
                    number,
                    found: Vec::new(),
                    more: 0,
                    flow: Tape::new(),
                    aside: Tape::new(),
                };
                take_apart(output, gate.ledger, &mut recorder);
                recorder.cut();
                sightings.append(&mut recorder.found);
                *more += recorder.more;
            });
            if looked.is_err() && read.is_ok() {
                *read = looked;
            }
        },
    );
    let (mut sightings, mut more) = (Vec::new(), 0);
    for (found, not_kept, read) in workers {
        read?;
        sightings.extend(found);
        more += not_kept;
    }
    sightings.sort_by_key(|sighting: &Sighting| sighting.order);
    more += sightings.len().saturating_sub(HITS);
    sightings.truncate(HITS);
    Ok((sightings, more))
}

/// A text of an output, kept while it is gone over.
struct Tape {
    normaliser: Normaliser,
    windows: Windows,
    text: Vec<char>,
    original: Vec<char>,
    /// The confirmed windows, by stretches in which one reaches into the next.
    stretches: Vec<Vec<Window>>,
}

impl Tape {
    fn new() -> Self {
        Tape {
            normaliser: Normaliser::default(),
            windows: Windows::new(),
            text: Vec::new(),
            original: Vec::new(),
            stretches: Vec::new(),
        }
    }

    fn feed(&mut self, piece: &str, is_wanted: impl Fn(u64) -> bool) {
        self.normaliser.feed(piece, |normal| {
            self.text.push(normal.character);
            self.original.push(normal.original);
            let Some(window) = self.windows.push(normal).filter(|window| is_wanted(window.hash)) else { return };
            match self.stretches.last_mut() {
                Some(stretch) if stretch.last().is_some_and(|last| window.start <= last.end) => {
                    // Beyond what is kept of a run there is nothing to look up.
                    if stretch.len() < RUN {
                        stretch.push(window);
                    } else if let Some(last) = stretch.last_mut() {
                        last.end = window.end;
                    }
                }
                _ => self.stretches.push(vec![window]),
            }
        });
    }

    fn clear(&mut self) {
        *self =
            Tape { text: std::mem::take(&mut self.text), original: std::mem::take(&mut self.original), ..Tape::new() };
        self.text.clear();
        self.original.clear();
    }
}

/// Goes over one output and keeps its sightings.
struct Recorder<'a> {
    questions: &'a Questions,
    output: &'a Output<'a>,
    number: usize,
    found: Vec<Sighting>,
    more: usize,
    flow: Tape,
    aside: Tape,
}

impl Recorder<'_> {
    /// Keeps the stretches of a finished text.
    fn keep(&mut self, place: &'static str, of_flow: bool) {
        let tape = if of_flow { &mut self.flow } else { &mut self.aside };
        for stretch in &tape.stretches {
            let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else { continue };
            if self.found.len() == HITS_OF_ONE {
                self.more += 1;
                continue;
            }
            let from = first.start.saturating_sub(2 * AROUND);
            let to = (last.end + 2 * AROUND).min(tape.text.len()).min(first.start + RUN);
            let part = |chars: &[char]| chars.iter().skip(from).take(to - from).copied().collect();
            self.found.push(Sighting {
                order: (self.number, self.found.len()),
                address: self.output.address.to_owned(),
                place,
                in_open_file: self.output.kind == super::Kind::OpenFile,
                text: part(&tape.text),
                original: part(&tape.original),
                windows: some_of(stretch)
                    .filter(|window| window.end <= to && window.end - window.start <= LONGEST)
                    .map(|window| Window { hash: window.hash, start: window.start - from, end: window.end - from })
                    .collect(),
            });
        }
        tape.clear();
    }
}

/// Some of a stretch's windows, evenly spaced, the first and the last among them.
fn some_of(stretch: &[Window]) -> impl Iterator<Item = &Window> {
    let last = stretch.len().saturating_sub(1);
    let mut numbers: Vec<usize> = (0..LOOKED_UP).map(|number| number * last / (LOOKED_UP - 1)).collect();
    numbers.dedup();
    numbers.into_iter().filter_map(|number| stretch.get(number))
}

impl Sink for Recorder<'_> {
    fn flow(&mut self, piece: &str) {
        self.flow.feed(piece, |hash| self.questions.is_confirmed(hash));
    }
    fn cut(&mut self) {
        self.keep("text", true);
    }
    fn aside(&mut self, place: &'static str, text: &str) {
        self.aside.feed(text, |hash| self.questions.is_confirmed(hash));
        self.keep(place, false);
    }
}

/// The place of a restricted text: its batch and its number in it.
type Place = (usize, usize);

/// The first few restricted texts that hold each wanted window.
fn locate(gate: &Gate<'_>, wanted: &BTreeSet<u64>) -> BTreeMap<u64, BTreeSet<Place>> {
    let begin = BTreeMap::<u64, BTreeSet<Place>>::new;
    let workers = each_number(gate.restricted.batches(), begin, |places, batch| {
        let mut number = 0;
        gate.restricted.batch(batch, &mut |text| {
            let mut hashes = Vec::new();
            let mut collector = Collector { windows: Some(&mut hashes), ..Collector::default() };
            read_source(&text, false, &mut collector);
            for hash in hashes.iter().filter(|hash| wanted.contains(hash)) {
                let first = places.entry(*hash).or_default();
                first.insert((batch, number));
                if first.len() > SOURCES {
                    first.pop_last();
                }
            }
            number += 1;
        });
    });
    let mut places = begin();
    for part in workers {
        for (hash, found) in part {
            let first = places.entry(hash).or_default();
            first.extend(found);
            while first.len() > SOURCES {
                first.pop_last();
            }
        }
    }
    places
}

/// The restricted texts at these places, in normal characters, with their numbers.
fn fetch(gate: &Gate<'_>, places: &BTreeMap<u64, BTreeSet<Place>>) -> HashMap<Place, (u32, Vec<Vec<char>>)> {
    let places: BTreeSet<Place> = places.values().flatten().copied().collect();
    let mut texts = HashMap::new();
    for batch in places.iter().map(|(batch, _)| *batch).collect::<BTreeSet<_>>() {
        let mut number = 0;
        gate.restricted.batch(batch, &mut |text| {
            if places.contains(&(batch, number)) {
                let mut collector = Collector::default();
                read_source(&text, false, &mut collector);
                texts.insert((batch, number), (text.source, collector.texts));
            }
            number += 1;
        });
    }
    texts
}

/// Keeps the texts of a source, or only the hashes of their windows.
#[derive(Default)]
struct Collector<'a> {
    texts: Vec<Vec<char>>,
    windows: Option<&'a mut Vec<u64>>,
    /// The flow since its last cut.
    pending: String,
}

impl Collector<'_> {
    fn take(&mut self, text: &str) {
        let (mut normaliser, mut windows) = (Normaliser::default(), Windows::new());
        let mut characters = Vec::new();
        normaliser.feed(text, |normal| {
            characters.push(normal.character);
            if let (Some(hashes), Some(window)) = (&mut self.windows, windows.push(normal)) {
                hashes.push(window.hash);
            }
        });
        if self.windows.is_none() {
            self.texts.push(characters);
        }
    }
}

impl Sink for Collector<'_> {
    fn flow(&mut self, piece: &str) {
        self.pending.push_str(piece);
    }
    fn cut(&mut self) {
        let flow = std::mem::take(&mut self.pending);
        self.take(&flow);
    }
    fn aside(&mut self, _: &'static str, text: &str) {
        self.take(text);
    }
}

/// How far the run around a window of a text also stands in a source, as places in the text; nothing if the source
/// does not hold the window, but only another of the same hash.
fn common_run(text: &[char], Window { start, end, .. }: Window, source: &[char]) -> Option<(usize, usize)> {
    let window = text.get(start..end)?;
    let at = source.windows(window.len()).position(|other| other == window)?;
    let before = text.iter().take(start).rev();
    let left = before.zip(source.iter().take(at).rev()).take_while(|(one, other)| one == other).count();
    let after = text.iter().skip(end);
    let right = after.zip(source.iter().skip(at + window.len())).take_while(|(one, other)| one == other).count();
    Some((start - left, end + right))
}

/// Whether a run is so short, and so placed inside a digest, a key or base64, that it stands there by chance.
fn is_chance(text: &[char], from: usize, to: usize) -> bool {
    if to - from >= CHANCE {
        return false;
    }
    let around = |belongs: fn(char) -> bool| -> Vec<char> {
        let inside = text.iter().skip(from).take(to - from).all(|c| belongs(*c));
        if !inside {
            return Vec::new();
        }
        let left = text.iter().take(from).rev().take_while(|c| belongs(**c)).count();
        let right = text.iter().skip(to).take_while(|c| belongs(**c)).count();
        text.iter().skip(from - left).take(left + to - from + right).copied().collect()
    };
    let count = |token: &[char], is: fn(&char) -> bool| token.iter().filter(|c| is(c)).count();
    let plain = around(|c| c.is_ascii_alphanumeric());
    let coded = around(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='));
    // A digest in hexadecimal, a key in bech32: long, unbroken, with digits all over.
    let digest = plain.len() >= 32
        && count(&plain, char::is_ascii_digit) * 16 >= plain.len()
        && count(&plain, char::is_ascii_alphabetic) * 8 >= plain.len();
    // Base64: longer, with letters of both cases and digits. A path has few capitals.
    let base64 = coded.len() >= 44
        && count(&coded, char::is_ascii_digit) * 16 >= coded.len()
        && count(&coded, char::is_ascii_uppercase) * 8 >= coded.len()
        && count(&coded, char::is_ascii_lowercase) * 8 >= coded.len();
    digest || base64
}
