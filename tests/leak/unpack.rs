//! Takes bytes apart as somebody would who looks for something in them.

use base64::Engine as _;
use std::collections::BTreeSet;
use std::io::Read as _;

/// Everything that bytes hold: as they are, and unpacked and decoded, again and again.
pub fn layers(bytes: &[u8], depth: usize, found: &mut Vec<Vec<u8>>) {
    found.push(bytes.to_vec());
    if depth == 0 {
        return;
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        if flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut plain).is_ok() {
            layers(&plain, depth - 1, found);
        }
    }
    if bytes.starts_with(b"PK")
        && let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes))
    {
        for n in 0..archive.len() {
            let mut entry = archive.by_index(n).unwrap();
            found.push(entry.name().as_bytes().to_vec());
            let mut plain = Vec::new();
            entry.read_to_end(&mut plain).unwrap();
            layers(&plain, depth - 1, found);
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let decoded = escapes(&text);
    if decoded != text {
        layers(decoded.as_bytes(), depth - 1, found);
    }
    let bare = without_tags(&text);
    if bare != text {
        found.push(bare.into_bytes());
    }
    for run in base64_runs(&text) {
        for engine in
            [&base64::engine::general_purpose::STANDARD_NO_PAD, &base64::engine::general_purpose::URL_SAFE_NO_PAD]
        {
            let run = run.trim_end_matches('=');
            let cut = run.get(..run.len() - usize::from(run.len() % 4 == 1)).unwrap();
            if let Ok(plain) = engine.decode(cut) {
                layers(&plain, depth - 1, found);
                break;
            }
        }
    }
}

/// Runs of base64, joined over line ends as in armour.
fn base64_runs(text: &str) -> Vec<String> {
    let mut runs = Vec::new();
    let mut run = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_') {
            run.push(c);
        } else if !matches!(c, '\n' | '\r') {
            if run.len() >= 16 {
                runs.push(std::mem::take(&mut run));
            }
            run.clear();
        }
    }
    if run.len() >= 16 {
        runs.push(run);
    }
    runs
}

/// JSON and JavaScript escapes, percent signs and HTML entities.
fn escapes(text: &str) -> String {
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    let mut at = 0;
    let push = |bytes: &mut Vec<u8>, code: u32| {
        bytes.extend(char::from_u32(code).unwrap_or('?').to_string().as_bytes());
    };
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let hex = |from: usize, to: usize| rest.get(from..to).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if rest.starts_with("\\u")
            && let Some(code) = hex(2, 6)
        {
            push(&mut bytes, code);
            at += 6;
        } else if rest.starts_with("\\n") {
            bytes.push(b'\n');
            at += 2;
        } else if rest.starts_with('\\') && rest.len() > 1 && rest.is_char_boundary(2) {
            bytes.push(rest.as_bytes()[1]);
            at += 2;
        } else if rest.starts_with('%')
            && let Some(code) = hex(1, 3)
        {
            bytes.push(u8::try_from(code).unwrap());
            at += 3;
        } else if rest.starts_with("&#")
            && let Some(end) = rest.find(';').filter(|end| *end < 10)
            && let Some(code) = rest[2..end]
                .strip_prefix(['x', 'X'])
                .map_or_else(|| rest[2..end].parse().ok(), |digits| u32::from_str_radix(digits, 16).ok())
        {
            push(&mut bytes, code);
            at += end + 1;
        } else {
            let length = rest.chars().next().map_or(1, char::len_utf8);
            bytes.extend(&rest.as_bytes()[..length]);
            at += length;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside && !c.is_whitespace() => out.push(c),
            _ => {}
        }
    }
    out
}

/// A haystack that was taken apart once and is searched many times.
pub struct Haystack(Vec<Vec<u8>>);

impl Haystack {
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a name and the bytes that stand there.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        layers(name.as_bytes(), 2, &mut self.0);
        layers(bytes, 4, &mut self.0);
    }

    /// Whether any of the words stands anywhere.
    pub fn holds(&self, words: &[String]) -> bool {
        let found = |word: &str| {
            let needle = word.as_bytes();
            self.0.iter().any(|layer| contains(layer, needle))
        };
        words.iter().any(|word| found(word) || found(&word.to_uppercase()))
    }
}

impl Haystack {
    /// Those of many canaries that stand somewhere: words of sixteen small letters and of ten Han characters, found in
    /// one walk through everything.
    pub fn found<'w>(&self, words: &'w BTreeSet<String>) -> BTreeSet<&'w str> {
        let mut found = BTreeSet::new();
        for layer in &self.0 {
            let lower = layer.to_ascii_lowercase();
            let (mut letters, mut han) = (0, 0);
            for (at, byte) in lower.iter().enumerate() {
                letters = if byte.is_ascii_lowercase() { letters + 1 } else { 0 };
                han = if *byte >= 0x80 { han + 1 } else { 0 };
                for (long, length) in [(letters, 16), (han, 30)] {
                    let word = if long >= length { lower.get(at + 1 - length..=at) } else { None };
                    let word = word.and_then(|word| std::str::from_utf8(word).ok()).and_then(|word| words.get(word));
                    found.extend(word.map(String::as_str));
                }
            }
        }
        found
    }
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    let first = needle[0];
    let mut at = 0;
    while let Some(next) = hay[at..].iter().position(|byte| *byte == first) {
        at += next;
        if hay[at..].starts_with(needle) {
            return true;
        }
        at += 1;
    }
    false
}
