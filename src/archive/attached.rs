//! Files that belong to records: found by the paths that records name, one clearance each.

use crate::access::{Clearance, Held};
use crate::finding::{Code, Finding, nearest, quote};
use crate::repository::{FileEntry, FileKind, Snapshot};
use crate::text::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A record names a file that is not there.
pub const MISSING_FILE: Code = Code("missing-file");
/// One file in parts of different clearance.
pub const FILE_IN_TWO_CLEARANCES: Code = Code("file-in-two-clearances");
/// A path that leaves the dossier, or a link on the disk.
pub const FILE_OUTSIDE: Code = Code("file-outside");
/// A file that no record names.
pub const UNNAMED_FILE: Code = Code("unnamed-file");

/// A file that belongs to a record or a part of one.
#[derive(Clone, Debug)]
pub struct AttachedFile {
    /// Its entry in the snapshot.
    pub entry: FileEntry,
    /// Its own name.
    pub name: String,
    /// How many bytes its content has, or the pointer to it where it is kept in Git LFS.
    pub size: u64,
}

/// All attached files by their path in the archive.
#[derive(Clone, Default)]
pub struct Attached {
    files: BTreeMap<String, Use>,
    /// Files that records name, whatever came of it: nobody is told that they are named by nothing.
    named: BTreeSet<String>,
}

#[derive(Clone)]
struct Use {
    file: Held<AttachedFile>,
    source: Source,
    range: Range<usize>,
    /// Of a Git LFS pointer the SHA-256 of what it points to.
    points_to: Option<[u8; 32]>,
}

impl Attached {
    /// Notes that `source` names a file at `range`, in a part of this clearance. Gives the file's path in the archive.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn claim(
        &mut self,
        snapshot: &Snapshot,
        home: &str,
        source: &Source,
        written: &str,
        range: Range<usize>,
        clearance: &Clearance,
        findings: &mut Vec<Finding>,
    ) -> Option<String> {
        let Some(path) = resolve(source.file(), written).filter(|path| path.starts_with(home)) else {
            let message = format!("the path {} leaves the dossier", quote(written));
            let remedy = "put the file into the dossier, beside the record";
            findings.push(source.error(FILE_OUTSIDE, range, message, remedy));
            return None;
        };
        let Some(entry) = snapshot.file(&path) else {
            let here = snapshot.files_below(home.trim_end_matches('/'));
            let names = here.iter().map(|file| file.path.rsplit('/').next().unwrap_or_default());
            let file = written.rsplit('/').next().unwrap_or_default();
            let remedy = match nearest(file, names) {
                Some(near) if near != file => format!("did you mean {}?", quote(near)),
                _ => "add the file to the dossier (and to git), or correct the name".to_owned(),
            };
            findings.push(source.error(MISSING_FILE, range, format!("there is no file {}", quote(written)), remedy));
            return None;
        };
        self.named.insert(path.clone());
        if entry.kind != FileKind::Regular {
            let message = format!("{} is a symbolic link or a submodule", quote(written));
            findings.push(source.error(FILE_OUTSIDE, range, message, "put the file itself in its place"));
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let size = match snapshot.open_content(entry) {
            Ok(content) => content.length(),
            Err(error) => {
                let message = format!("the content of {} cannot be had: {error}", quote(written));
                let remedy = "fetch it (`git lfs pull`), or put the file itself into the archive";
                findings.push(source.error(MISSING_FILE, range, message, remedy));
                return None;
            }
        };
        let points_to = snapshot.pointer(entry).ok().flatten().map(|pointer| *pointer.sha256());
        let file = Held::new(clearance.clone(), AttachedFile { entry: entry.clone(), name, size });
        match self.files.get(&path) {
            None => {
                self.files.insert(path.clone(), Use { file, source: source.clone(), range, points_to });
            }
            Some(other) if other.file.clearance() != clearance => {
                let message =
                    format!("the file {} stands in two parts that different readers may read", quote(written));
                let remedy = "give both parts one audience, or make two files of it";
                let finding = source
                    .error(FILE_IN_TWO_CLEARANCES, range, message, remedy)
                    .related(other.source.place(other.range.clone()), "it stands here as well");
                findings.push(finding);
                return None;
            }
            Some(_) => {}
        }
        Some(path)
    }

    /// Finds pointers that would publish to some what another one keeps from them. A pointer is a few lines that anybody
    /// can copy who never saw what it points to: whoever may publish that can put the file itself in its place.
    pub(super) fn check_pointers(&self, findings: &mut Vec<Finding>) {
        let mut by_content: BTreeMap<[u8; 32], Vec<(&String, &Use)>> = BTreeMap::new();
        for (path, used) in &self.files {
            if let Some(content) = used.points_to {
                by_content.entry(content).or_default().push((path, used));
            }
        }
        for alike in by_content.values() {
            for (path, used) in alike {
                let kept = |(_, other): &&(&String, &Use)| !used.file.clearance().implies(other.file.clearance());
                let Some((other, closed)) = alike.iter().find(kept) else { continue };
                let message = format!(
                    "{} stands for the same content in Git LFS as {}, which not all of its readers may read",
                    quote(path),
                    quote(other)
                );
                let remedy = "put the file itself in the pointer's place, if it is meant to be read there";
                let finding = used.source.error(FILE_IN_TWO_CLEARANCES, used.range.clone(), message, remedy);
                findings.push(finding.related(closed.source.place(closed.range.clone()), "the other one"));
            }
        }
    }

    /// Whether a record names the file.
    pub(super) fn names(&self, path: &str) -> bool {
        self.named.contains(path)
    }

    /// Puts the files of another collection beside these.
    pub(super) fn take(&mut self, other: &Self) {
        self.files.extend(other.files.iter().map(|(path, used)| (path.clone(), used.clone())));
        self.named.extend(other.named.iter().cloned());
    }

    /// The file at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Held<&AttachedFile>> {
        self.files.get(path).map(|used| used.file.as_ref())
    }

    /// Every file, by path.
    pub fn iter(&self) -> impl Iterator<Item = Held<&AttachedFile>> {
        self.files.values().map(|used| used.file.as_ref())
    }
}

/// The path in the archive that a path written in a file leads to; none where it would leave the archive.
#[must_use]
pub fn resolve(file: &str, written: &str) -> Option<String> {
    let written = percent_decoded(written.split(['#', '?']).next().unwrap_or_default());
    if written.is_empty() || written.starts_with('/') || written.contains(['\\', '\0', '\n']) {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A path as it is on the disk: `%20` becomes a space. What is no valid escape stays as it is.
fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, code) {
            (b'%', Some(code)) => {
                out.push(code);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_record_and_stay_inside() {
        assert_eq!(resolve("customers/a/contracts/1.md", "1.pdf").as_deref(), Some("customers/a/contracts/1.pdf"));
        assert_eq!(resolve("customers/a/contracts/1.md", "../x%20y.pdf#p2").as_deref(), Some("customers/a/x y.pdf"));
        assert_eq!(resolve("a.md", "../../etc/passwd"), None);
        assert_eq!(resolve("a.md", "/etc/passwd"), None);
    }
}
