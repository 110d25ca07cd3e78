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

/// Whether a file may hold a remark for those who edit it, which no page shows: a comment in its YAML, or a definition of
/// a link in its text.
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
    let defines = |line: &str| line.trim_start().starts_with('[') && line.contains("]:");
    head.lines().any(comment) || rest.lines().any(defines)
}
