//! Taking an output apart, layer by layer: what is shown, what stands beside it, and what is encoded or packed in it.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use super::decode;
use super::html::{self, Page};
use super::ledger::Ledger;
use super::{Form, Kind, Output, Text};

/// How many encodings within encodings are undone.
const DEEPEST: u8 = 4;
/// What may be unpacked and decoded from one output, beside a multiple of its own size.
const UNPACKED: usize = 64 << 20;
const UNPACKED_TIMES: usize = 32;

/// Takes the texts of an output.
pub(super) trait Sink {
    /// A piece of the text that flows.
    fn flow(&mut self, piece: &str);
    /// The flow is cut.
    fn cut(&mut self);
    /// A text of its own, and what kind of place it stands in. It does not disturb the flow.
    fn aside(&mut self, place: &'static str, text: &str);
}

/// Takes one output apart for a sink.
pub(super) struct Layers<'a, S: Sink> {
    sink: &'a mut S,
    ledger: &'a Ledger,
    left: usize,
    missed: Option<&'static str>,
}

/// Hands the texts of an output to `sink`. Gives the reason if a part of it could not be searched.
pub(super) fn take_apart<S: Sink>(output: &Output<'_>, ledger: &Ledger, sink: &mut S) -> Option<&'static str> {
    let left = UNPACKED.saturating_add(output.bytes.len().saturating_mul(UNPACKED_TIMES));
    let mut layers = Layers { sink, ledger, left, missed: None };
    layers.whole("address", output.address, 0);
    match output.kind {
        Kind::KnownCiphertext if ledger.holds(output.bytes) => {}
        Kind::Html => {
            // Nearly every page is UTF-8, which is found out faster than where it is not.
            let page =
                std::str::from_utf8(output.bytes).map_or_else(|_| String::from_utf8_lossy(output.bytes), Cow::Borrowed);
            html::read(&page, &mut Inside { layers: &mut layers, depth: 0, apart: None });
        }
        Kind::Calendar => {
            // Calendar files fold their lines, in the middle of words too. The names of properties, and what the program
            // puts between the words of an event, would make runs with the words that nobody wrote.
            let unfolded = String::from_utf8_lossy(output.bytes).replace("\r\n ", "");
            for line in unfolded.lines() {
                let value = line.split_once(':').map_or(line, |(_, value)| value);
                value.split("\\n").flat_map(|said| said.split(" · ")).for_each(|said| layers.whole("text", said, 0));
            }
        }
        Kind::Script | Kind::Json | Kind::Text | Kind::Archive | Kind::OpenFile | Kind::KnownCiphertext => {
            layers.bytes("text", output.bytes, 0);
        }
    }
    layers.missed
}

/// Hands the texts of a corpus to `sink`: as they stand, and with entities and escapes undone. Of HTML only what is
/// shown is taken, and beside it, if `all`, its attributes, comments and scripts.
pub(super) fn read_source<S: Sink>(text: &Text<'_>, all: bool, sink: &mut S) {
    match text.form {
        Form::Plain => {
            sink.aside("", text.text);
            for undone in [decode::entities(text.text), decode::escapes(text.text)].iter().flatten() {
                sink.aside("", undone);
            }
        }
        Form::Html => html::read(text.text, &mut Source { sink, all }),
    }
}

struct Source<'a, S: Sink> {
    sink: &'a mut S,
    all: bool,
}

impl<S: Sink> Page for Source<'_, S> {
    fn flow(&mut self, piece: &str) {
        self.sink.flow(piece);
    }
    fn cut(&mut self) {
        self.sink.cut();
    }
    fn aside(&mut self, place: &'static str, text: &str) {
        if self.all {
            self.sink.aside(place, text);
        }
    }
    fn raw(&mut self, content: &str) {
        if self.all {
            self.sink.aside("", content);
        }
    }
}

/// A page within an output, and how many encodings it stood in.
struct Inside<'l, 'a, S: Sink> {
    layers: &'l mut Layers<'a, S>,
    depth: u8,
    /// The flow of a page that stands within another text: it must not disturb the flow around it.
    apart: Option<String>,
}

impl<S: Sink> Page for Inside<'_, '_, S> {
    fn flow(&mut self, piece: &str) {
        match &mut self.apart {
            Some(flow) => flow.push_str(piece),
            None => self.layers.sink.flow(piece),
        }
        // A short piece cannot hold an encoded run that counts.
        if piece.len() >= decode::SHORTEST_BASE64 {
            self.layers.beneath(piece, self.depth, false);
        }
    }
    fn cut(&mut self) {
        match &mut self.apart {
            Some(flow) if flow.is_empty() => {}
            Some(flow) => {
                self.layers.sink.aside("encoded text", flow);
                flow.clear();
            }
            None => self.layers.sink.cut(),
        }
    }
    fn aside(&mut self, place: &'static str, text: &str) {
        self.layers.whole(place, text, self.depth);
    }
    fn raw(&mut self, content: &str) {
        self.layers.without_ciphertext("script or data in a page", content, self.depth);
    }
}

impl<S: Sink> Layers<'_, S> {
    /// A text of its own, with what is encoded in it.
    fn whole(&mut self, place: &'static str, text: &str, depth: u8) {
        self.sink.aside(place, text);
        self.beneath(text, depth, true);
    }

    fn without_ciphertext(&mut self, place: &'static str, text: &str, depth: u8) {
        let ledger = self.ledger;
        ledger.without_ciphertext(text, |piece| self.whole(place, piece, depth));
    }

    /// What is encoded in a text. Where it is `raw`, tags and entities have not been undone yet.
    fn beneath(&mut self, text: &str, depth: u8, raw: bool) {
        let signs = Signs::of(text);
        if signs.none() {
            return;
        }
        if depth >= DEEPEST {
            // Text within this many encodings is no rendering mistake; what deeper layers hold is not for the gate.
            return;
        }
        if raw && signs.tag && self.afford(text.len()) {
            html::read(text, &mut Inside { layers: self, depth: depth + 1, apart: Some(String::new()) });
        }
        let percent = || if signs.percent { decode::percent(text) } else { None };
        let escapes = || if signs.escape { decode::escapes(text) } else { None };
        let entities = || if raw && signs.entity { decode::entities(text) } else { None };
        if depth == 0 {
            // One by one first: undoing them all at once may take a sign of one for a sign of another.
            for undone in [percent(), escapes(), entities()].iter().flatten() {
                if self.afford(undone.len()) {
                    self.whole("encoded text", undone, depth + 1);
                }
            }
        } else {
            let mut undone = percent();
            for step in [decode::escapes, decode::entities] {
                undone = step(undone.as_deref().unwrap_or(text)).or(undone);
            }
            if let Some(undone) = undone.filter(|_| raw).filter(|undone| self.afford(undone.len())) {
                self.whole("encoded text", &undone, depth + 1);
            }
        }
        if signs.base64 {
            base64_runs(text, |run| {
                for bytes in decode::base64_run(run) {
                    if self.afford(bytes.len()) {
                        self.bytes("base64", &bytes, depth + 1);
                    }
                }
            });
        }
    }

    /// The bytes of a file: unpacked if packed, else as text; what is no text is read where it looks like text.
    fn bytes(&mut self, place: &'static str, bytes: &[u8], depth: u8) {
        if bytes.starts_with(&[0x1F, 0x8B]) {
            if depth < DEEPEST {
                let unpacked = self.unpack(flate2::read::MultiGzDecoder::new(bytes));
                self.bytes("packed file", &unpacked, depth + 1);
            }
        } else if bytes.starts_with(b"PK\x03\x04") && depth < DEEPEST {
            self.members(bytes, depth);
        }
        match bytes {
            [0xFF, 0xFE, rest @ ..] => self.sixteen_bits(place, rest, u16::from_le_bytes, depth),
            [0xFE, 0xFF, rest @ ..] => self.sixteen_bits(place, rest, u16::from_be_bytes, depth),
            _ => {}
        }
        match std::str::from_utf8(bytes).ok().or_else(|| decode::text_in(bytes)) {
            Some(text) => self.without_ciphertext(place, text, depth),
            None => {
                for chunk in bytes.utf8_chunks() {
                    if chunk.valid().len() >= 8 {
                        self.sink.aside(place, chunk.valid());
                    }
                }
            }
        }
    }

    fn sixteen_bits(&mut self, place: &'static str, bytes: &[u8], unit: fn([u8; 2]) -> u16, depth: u8) {
        let (pairs, _) = bytes.as_chunks::<2>();
        let text: String = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        self.whole(place, &text, depth);
    }

    /// The members of a zip file (an office document is one), with their names.
    fn members(&mut self, bytes: &[u8], depth: u8) {
        let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
            self.missed = Some("a damaged zip file");
            return;
        };
        for number in 0..archive.len() {
            match archive.by_index(number) {
                Ok(member) => {
                    let name = member.name().to_owned();
                    let unpacked = self.unpack(member);
                    self.whole("name in a packed file", &name, depth + 1);
                    self.bytes("packed file", &unpacked, depth + 1);
                }
                Err(_) => self.missed = Some("a zip file with a member that cannot be unpacked"),
            }
        }
    }

    /// Unpacks as far as is allowed; what came before damage is searched all the same.
    fn unpack(&mut self, packed: impl Read) -> Vec<u8> {
        let mut unpacked = Vec::new();
        let allowed = self.left as u64;
        if packed.take(allowed.saturating_add(1)).read_to_end(&mut unpacked).is_err() {
            self.missed = Some("a damaged packed file");
        }
        self.afford(unpacked.len());
        unpacked
    }

    /// Takes `bytes` from what may still be decoded of this output.
    fn afford(&mut self, bytes: usize) -> bool {
        let enough = bytes <= self.left;
        if enough {
            self.left -= bytes;
        } else {
            self.left = 0;
            self.missed = Some("more packed or encoded text than is searched");
        }
        enough
    }
}

/// Which encodings a text may hold, seen in one pass over its bytes.
struct Signs {
    percent: bool,
    escape: bool,
    entity: bool,
    tag: bool,
    base64: bool,
}

/// For each byte: 1 if it may stand in base64; else the bit of the encoding that it announces.
const SIGNS: [u8; 256] = {
    let mut signs = [0_u8; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        let b = byte as u8;
        signs[byte] = match b {
            b'%' => 2,
            b'\\' => 4,
            b'&' => 8,
            b'<' => 16,
            b'+' | b'/' | b'-' | b'_' => 1,
            _ if b.is_ascii_alphanumeric() => 1,
            _ => 0,
        };
        byte += 1;
    }
    signs
};

impl Signs {
    fn of(text: &str) -> Self {
        let (mut seen, mut run, mut longest) = (0_u8, 0_usize, 0_usize);
        for &byte in text.as_bytes() {
            let sign = SIGNS[usize::from(byte)];
            seen |= sign;
            run = if sign == 1 { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        Signs {
            percent: seen & 2 != 0,
            escape: seen & 4 != 0,
            entity: seen & 8 != 0,
            tag: seen & 16 != 0,
            base64: longest >= decode::SHORTEST_BASE64,
        }
    }

    fn none(&self) -> bool {
        !(self.percent || self.escape || self.entity || self.tag || self.base64)
    }
}

/// Hands on each run of base64 characters that is long enough. A line end belongs to a run where the line before it is
/// as long as wrapped base64 makes its lines.
fn base64_runs(text: &str, mut each: impl FnMut(&str)) {
    const SHORTEST_LINE: usize = 60;
    let bytes = text.as_bytes();
    let (mut from, mut line, mut at) = (0, 0, 0);
    while at <= bytes.len() {
        let byte = bytes.get(at).copied().unwrap_or(b' ');
        if SIGNS[usize::from(byte)] == 1 {
            at += 1;
            continue;
        }
        let wrapped = match bytes.get(at..).unwrap_or(&[]) {
            [b'\r', b'\n', next, ..] if SIGNS[usize::from(*next)] == 1 => 2,
            [b'\n', next, ..] if SIGNS[usize::from(*next)] == 1 => 1,
            _ => 0,
        };
        if wrapped > 0 && at - line >= SHORTEST_LINE {
            at += wrapped;
            line = at;
            continue;
        }
        if at - from >= decode::SHORTEST_BASE64 {
            each(text.get(from..at).unwrap_or(""));
        }
        at += 1;
        from = at;
        line = at;
    }
}
