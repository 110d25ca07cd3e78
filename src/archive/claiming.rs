//! Which files belong to records: those that a record attaches, and those that its sections link to or show.

use super::attached::Attached;
use super::dossier_reading::Sourced;
use super::types::Types;
use crate::access::Clearance;
use crate::finding::{Code, Finding, quote};
use crate::repository::Snapshot;

/// The source of a record is attached or linked as a file.
pub const RECORD_AS_FILE: Code = Code("record-as-file");

/// Whether a file of a folder is a record's own, not one that records name.
pub fn is_record_file(types: &Types, inside: &str) -> bool {
    inside.ends_with(".md")
        || inside.ends_with(".yaml")
        || inside.ends_with(".yml")
        || inside.ends_with(".csv") && types.by_place(inside).is_some()
}

/// Claims every file that a record names: attachments, and what its sections link to or show.
///
/// The source of a record is no file to be claimed: it would be published whole, whatever in it is restricted.
pub(super) fn claim_files(
    snapshot: &Snapshot,
    home: &str,
    sourced: &Sourced,
    is_source: &dyn Fn(&str) -> bool,
    attached: &mut Attached,
    findings: &mut Vec<Finding>,
) {
    let Sourced { record, source } = sourced;
    let mut claims: Vec<(String, std::ops::Range<usize>, Clearance)> = Vec::new();
    claims.extend(record.attachments.lay_out(|held| {
        let (clearance, attachment) = held.release();
        (attachment.path.clone(), attachment.range.clone(), clearance)
    }));
    for held in record.text.lay_out(|held| held) {
        let (clearance, section) = held.release();
        for link in &section.links {
            if is_file_link(&link.target) {
                claims.push((link.target.clone(), link.range.clone(), clearance.clone()));
            }
        }
    }
    for (written, range, clearance) in claims {
        if super::attached::resolve(source.file(), &written).is_some_and(|path| is_source(&path)) {
            let message = format!(
                "{} is the source of a record, and would be published with all that it restricts",
                quote(&written)
            );
            let remedy = "link to the record (its `.md` or `.yaml` file), or attach a copy of what may be shown";
            findings.push(source.error(RECORD_AS_FILE, range, message, remedy));
            continue;
        }
        attached.claim(snapshot, home, source, &written, range, &clearance, findings);
    }
}

/// Whether a link leads to a file that is no record: those lead to pages.
#[must_use]
pub fn is_file_link(target: &str) -> bool {
    let path = target.split(['#', '?']).next().unwrap_or_default();
    let outside = target.contains("://") || target.starts_with("mailto:") || target.starts_with("tel:");
    !outside
        && !path.is_empty()
        && path.rsplit('/').next().is_some_and(|file| file.contains('.'))
        && !path.ends_with(".md")
        && !path.ends_with(".yaml")
        && !path.ends_with(".yml")
}
