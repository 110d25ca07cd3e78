//! What files say beside their picture: where a photograph was taken, who wrote a document, what stood in it before.
//!
//! Only files that all staff may open are looked at. What is read here comes from elsewhere and may be anything; every
//! reader below takes what it understands and leaves the rest.

mod exif;
mod media;
mod office;
mod pdf;

use super::all::Check;
use super::case::Case;
use super::notice::Notice;
use crate::finding::{Code, Finding, Place, quote};
use rayon::prelude::*;
use std::io::Read;

/// A file that says where it was made.
pub const FILE_SAYS_PLACE: Notice = Notice::warning(Code("file-says-place"));
/// A file that says who made it, or with which device of its own number.
pub const FILE_SAYS_WHO: Notice = Notice::warning(Code("file-says-who"));
/// A file that says with which program or model of device it was made.
pub const FILE_SAYS_PROGRAM: Notice = Notice::note(Code("file-says-program"));
/// A file that holds what stood in it before.
pub const FILE_EARLIER_VERSIONS: Notice = Notice::warning(Code("file-earlier-versions"));

/// Looks into files that all staff may open.
pub(super) const CHECK: Check =
    Check { notices: &[FILE_SAYS_PLACE, FILE_SAYS_WHO, FILE_SAYS_PROGRAM, FILE_EARLIER_VERSIONS], find };

/// So much of a file is looked at, in bytes: what a file says of itself stands near its beginning, but for PDF.
const LARGEST: u64 = 32 << 20;
/// By so much of a file its kind is known.
const HEAD: u64 = 8 << 10;

/// A file that all staff may open.
pub(super) struct OpenFile {
    /// Its path in the archive.
    pub path: String,
    /// Its own name.
    pub name: String,
}

/// Something that a file says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Where it was made.
    Place,
    /// What it says of a person or a device, and the words.
    Who(&'static str, String),
    /// With which program or model of device it was made.
    Program(String),
    /// What of its past it still holds.
    Past(String),
}

/// Every file that belongs to a record and that all staff may open.
pub(super) fn open_files(case: &Case<'_>) -> Vec<OpenFile> {
    let open = case.archive.attached.iter().filter_map(|held| held.in_the_open().copied().cloned());
    open.map(|file| OpenFile { path: file.entry.path, name: file.name }).collect()
}

/// The beginning of a file's content, taken from Git LFS where it is kept there. What cannot be read was told before.
fn beginning(case: &Case<'_>, file: &OpenFile, most: u64) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    let stream = case.snapshot.open_content(case.snapshot.file(&file.path)?).ok()?;
    stream.take(most).read_to_end(&mut content).ok()?;
    Some(content)
}

/// Text in a file, and whether it stands there as it is given, so that it has lines.
pub(super) struct FileText {
    /// The text.
    pub text: String,
    /// Whether it is the file itself.
    pub as_it_stands: bool,
}

/// The texts of a file that is text, or an Office document.
pub(super) fn texts(case: &Case<'_>, file: &OpenFile) -> Vec<FileText> {
    let Some(head) = beginning(case, file, HEAD) else { return Vec::new() };
    let all = || beginning(case, file, LARGEST).unwrap_or_default();
    if office::is_one(&head) {
        let texts = office::texts(&all()).into_iter();
        return texts.map(|text| FileText { text, as_it_stands: false }).collect();
    }
    if is_text(&head) {
        // In GBK as well digits stand for themselves.
        return vec![FileText { text: String::from_utf8_lossy(&all()).into_owned(), as_it_stands: true }];
    }
    Vec::new()
}

/// Whether bytes are text: none of them is a control character that no text has.
fn is_text(head: &[u8]) -> bool {
    let odd = |byte: &u8| matches!(byte, 0..=8 | 14..=26 | 28..=31);
    !head.starts_with(b"%PDF") && !head.iter().any(odd)
}

fn find(case: &Case<'_>) -> Vec<Finding> {
    open_files(case).par_iter().flat_map_iter(|file| in_file(case, file)).collect()
}

fn in_file(case: &Case<'_>, file: &OpenFile) -> Vec<Finding> {
    let most = beginning(case, file, HEAD).map_or(0, |head| worth_reading(&head));
    if most == 0 {
        return Vec::new();
    }
    let said = said_by(&beginning(case, file, most).unwrap_or_default());
    let place = || Place::whole(&file.path);
    let mut findings = Vec::new();
    if said.contains(&Said::Place) {
        let remedy = "attach a copy without it: programs for pictures call it Exif, location or metadata";
        findings.push(FILE_SAYS_PLACE.at(place(), "this file says where it was made", remedy));
    }
    let who = listed(&said, |said| match said {
        Said::Who(what, words) => Some(format!("{what} {}", quote(words))),
        _ => None,
    });
    if let Some(who) = who {
        let remedy = "attach a copy without it (in Office: File, Inspect Document), or keep it if everybody may know";
        findings.push(FILE_SAYS_WHO.at(place(), format!("this file says more than it shows: {who}"), remedy));
    }
    let programs = listed(&said, |said| match said {
        Said::Program(words) => Some(quote(words)),
        _ => None,
    });
    if let Some(programs) = programs {
        let remedy = "nothing, unless the version or model should not be known; then attach a copy without it";
        findings.push(FILE_SAYS_PROGRAM.at(
            place(),
            format!("this file says what it was made with: {programs}"),
            remedy,
        ));
    }
    let past = listed(&said, |said| match said {
        Said::Past(what) => Some(what.clone()),
        _ => None,
    });
    if let Some(past) = past {
        let remedy = "attach a copy that was printed to PDF anew, or accept or reject all changes before saving";
        findings.push(FILE_EARLIER_VERSIONS.at(place(), format!("this file still holds {past}"), remedy));
    }
    findings
}

/// What fits, each once, with commas between; none where nothing does.
fn listed(said: &[Said], fits: impl Fn(&Said) -> Option<String>) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for words in said.iter().filter_map(fits) {
        if !found.contains(&words) {
            found.push(words);
        }
    }
    (!found.is_empty()).then(|| found.join(", "))
}

/// How much of a file is worth reading, in bytes, by its beginning: a photograph speaks of itself before its picture.
fn worth_reading(head: &[u8]) -> u64 {
    const PHOTOGRAPH: u64 = 1 << 20;
    let kinds: [&[u8]; 6] = [b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"RIFF", b"II*\0", b"MM\0*"];
    if head.starts_with(b"\xFF\xD8\xFF") {
        PHOTOGRAPH
    } else if head.get(4..8) == Some(b"ftyp") || kinds.iter().any(|kind| head.starts_with(kind)) {
        LARGEST
    } else {
        0
    }
}

/// Everything that a file says of itself, by the kind that its first bytes tell.
fn said_by(content: &[u8]) -> Vec<Said> {
    let mut said = Vec::new();
    if content.starts_with(b"%PDF-") {
        pdf::read(content, &mut said);
    } else if office::is_one(content) {
        office::read(content, &mut said);
    } else {
        media::read(content, &mut said);
    }
    said.retain(|said| match said {
        Said::Who(_, words) | Said::Program(words) => !words.trim().is_empty(),
        _ => true,
    });
    said
}

/// The words inside the first XML element of a name, without the marks inside it.
fn element(xml: &str, name: &str) -> Option<String> {
    let open = format!("<{name}");
    let (_, rest) = xml.split_once(&open)?;
    let (attributes, rest) = rest.split_once('>')?;
    if attributes.ends_with('/') || !attributes.is_empty() && !attributes.starts_with(char::is_whitespace) {
        return None;
    }
    let (inside, _) = rest.split_once(&format!("</{name}"))?;
    let words = plain(inside, &|_| true);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some(words)
}

/// XML without its tags: a blank in place of those that part words, nothing in place of the others.
fn plain(xml: &str, parts: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(xml.len() / 2);
    for (n, piece) in xml.split('<').enumerate() {
        if n == 0 {
            out.push_str(piece);
            continue;
        }
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        if parts(tag) {
            out.push('\n');
        }
        out.push_str(text);
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

/// Where bytes stand in others, from a place on.
fn position(content: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let first = *wanted.first()?;
    let mut at = from;
    loop {
        at += content.get(at..)?.iter().position(|byte| *byte == first)?;
        if content.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;
    use super::exif::tests::photograph;

    const PROFILE: &str = "customers/yunxi/profile.md";

    #[test]
    fn a_photograph_that_says_where_it_was_taken_is_found_where_it_is_open() {
        let picture = "customers/yunxi/site.jpg";
        let mut shelves = Shelves::new();
        shelves.put_bytes(picture, &photograph());
        shelves.put(PROFILE, "---\n---\n![机房](site.jpg)\n");
        assert_eq!(
            shelves.places(),
            [
                format!("file-says-place {picture}"),
                format!("file-says-who {picture}"),
                format!("file-says-program {picture}")
            ]
        );
        shelves.put(PROFILE, "---\n---\n## 图 {audience=technical}\n\n![机房](site.jpg)\n");
        assert_eq!(shelves.codes(), [""; 0], "what is sealed may say it");
    }

    #[test]
    fn a_picture_that_says_nothing_is_left_in_peace() {
        let mut shelves = Shelves::new();
        shelves
            .put_bytes("customers/yunxi/site.jpg", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xFF\xD9");
        shelves.put_bytes("customers/yunxi/plan.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n");
        shelves.put(PROFILE, "---\nattachments: [site.jpg, plan.pdf]\n---\n");
        assert_eq!(shelves.codes(), [""; 0]);
    }
}
