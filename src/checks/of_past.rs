//! All that is found in an archive's past: who changed the rules, who agreed to what, and what became of what was held.

use super::guarded_past::GuardedPast;
use super::{four_eyes, holds_past, reserved};
use crate::archive::Archive;
use crate::finding::Finding;
use crate::history::Branches;
use crate::repository::{Origin, Past, Snapshot};

/// What an archivist should be told of the past of an archive beside records that vanished. `now` is the state that is
/// looked at: a commit, what is staged, or the work tree.
#[must_use]
pub fn of_past(past: &Past, now: &Snapshot, archive: &Archive) -> Vec<Finding> {
    let branches = Branches::of(past);
    let guarded = GuardedPast::of(past, &branches);
    let mut findings = reserved::in_past(past, &guarded);
    if !matches!(now.origin(), Origin::Commit(_)) {
        findings.extend(reserved::uncommitted(past, now, archive));
    }
    findings.extend(four_eyes::in_past(past, &guarded, now, archive));
    findings.extend(holds_past::find(past, now, archive, holds_past::kin(archive)));
    findings
}
