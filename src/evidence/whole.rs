//! Whether a file may go into a bag as it lies in the archive: where somebody may read all that can stand in it, also what
//! does not stand there, and it leads to nothing that is closed. In doubt it may not.

use crate::access::Clearance;
use crate::archive::Archive;
use crate::exchange::export::Texts;
use crate::record::Record;
use crate::repository::Snapshot;
use crate::text::{Source, divide};

/// Larger files are no records.
const LARGEST: u64 = 4 << 20;

/// What a record asks for all that it holds and leaves out: its parts, what `restrict:` says, and every field that its
/// type has.
#[must_use]
pub fn asks_whole(record: &Record, archive: &Archive) -> Clearance {
    let audiences = &archive.settings.audiences;
    let mut all =
        record.clearances().iter().chain(record.restrictions.values()).fold(Clearance::open(), |a, b| a.and(b));
    for field in &record.record_type.fields {
        all = all.and(&record.asks(&field.name, audiences));
        for member in &field.members {
            all = all.and(&record.asks(&format!("{}.{}", field.name, member.name), audiences));
        }
    }
    all
}

/// Whether the file of these records, all that it has, may be given to whoever holds something.
#[must_use]
pub fn is_whole(archive: &Archive, snapshot: &Snapshot, records: &[&Record], holds: &Clearance) -> bool {
    let texts = Texts { archive, snapshot, holds };
    let Some(first) = records.first() else { return false };
    let bytes = snapshot.file(&first.file).and_then(|file| snapshot.read(file, LARGEST).ok());
    let Some(source) = bytes.and_then(|bytes| Source::decode(&first.file, &bytes).ok()) else { return false };
    records.iter().all(|record| holds.implies(&asks_whole(record, archive)) && texts.leads_nowhere(record))
        && !has_remarks(&source)
}

/// Whether a file may hold a remark for those who edit it, which no page shows: a comment in its YAML, a definition of a
/// link in its text, or words behind the language of a code block.
fn has_remarks(source: &Source) -> bool {
    let text = source.text();
    if source.file().ends_with(".csv") {
        return false;
    }
    let yaml = if source.file().ends_with(".md") {
        let Ok(divided) = divide(source) else { return true };
        divided.yaml
    } else {
        0..text.len()
    };
    let (head, rest) = (text.get(yaml.clone()).unwrap_or(text), text.get(yaml.end..).unwrap_or_default());
    let comment = |line: &str| line.trim_start().starts_with('#') || line.contains(" #") || line.contains("\t#");
    // Wherever it stands, in a quotation, a list or over two lines: what only looks like a definition costs an extract.
    let defines = rest.contains("]:");
    // What follows the language of a code block is shown nowhere.
    let fenced = |line: &str| {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || c.is_ascii_digit() || ">-*+.)".contains(c));
        let info = ["```", "~~~"].iter().find_map(|fence| line.strip_prefix(fence));
        info.is_some_and(|info| info.trim_start_matches(['`', '~']).trim().contains(char::is_whitespace))
    };
    head.lines().any(comment) || defines || rest.lines().any(fenced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_found_wherever_they_hide() {
        let holds = |text: &str| has_remarks(&Source::decode("a.md", text.as_bytes()).unwrap());
        assert!(!holds("---\ntitle: A\n---\nPlain [text](x), 1:2.\n\n```rust\nfn a() {}\n```\n"));
        for text in [
            "[//]: # (x)",
            "> [zz]: a.md",
            "- [yy]: /u \"x\"",
            "1. [yy]: <> (x)",
            "[aa\nbb]: /u \"x\"",
            "```text x\n```",
            "> ~~~ text x\n> ~~~",
        ] {
            assert!(holds(&format!("---\ntitle: A\n---\n{text}\n")), "{text}");
        }
        assert!(holds("---\ntitle: A # x\n---\n"));
    }
}
