//! What was read of dossiers, kept for the next reading: a folder with the same files, under the same rules, says the same.

use super::attached::Attached;
use super::dossier_reading::{Folder, Placed};
use super::settings::SETTINGS;
use crate::access::{Held, Shelf};
use crate::dossier::Dossier;
use crate::finding::Finding;
use crate::record::Record;
use crate::repository::{FileEntry, Snapshot};
use crate::text::Source;
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// A folder as it was read.
pub struct FolderRead {
    name: Arc<str>,
    folder: String,
    /// `dossier.yaml`, in a dossier.
    pub root: Option<(Arc<Record>, Source)>,
    /// The records.
    pub records: Arc<Shelf<Record>>,
    /// Their texts, in the same order.
    sources: Vec<Source>,
    /// The files that records name.
    pub attached: Attached,
    /// All findings.
    pub findings: Vec<Finding>,
}

impl FolderRead {
    /// What came of a folder, to be shared.
    pub fn new(name: &Arc<str>, folder: &str, read: Folder) -> Arc<Self> {
        let (mut records, mut sources) = (Vec::with_capacity(read.records.len()), Vec::new());
        for sourced in read.records {
            records.push(Held::new(sourced.record.clearance.clone(), sourced.record));
            sources.push(sourced.source);
        }
        Arc::new(Self {
            name: Arc::clone(name),
            folder: folder.to_owned(),
            root: read.root.map(|sourced| (Arc::new(sourced.record), sourced.source)),
            records: Arc::new(Shelf::new(records)),
            sources,
            attached: read.attached,
            findings: read.findings,
        })
    }

    /// All records beside their texts, the dossier's own first.
    pub fn placed(&self) -> impl Iterator<Item = Placed<'_>> {
        let root = self.root.iter().map(|(record, source)| Placed { record, source });
        let records = self.records.lay_out(|held| held.release().1).zip(&self.sources);
        root.chain(records.map(|(record, source)| Placed { record, source }))
    }

    /// The dossier, where its `dossier.yaml` could be read.
    pub fn dossier(&self) -> Option<Held<Dossier>> {
        let (root, _) = self.root.as_ref()?;
        let (name, folder) = (Arc::clone(&self.name), self.folder.clone());
        let dossier = Dossier { name, folder, root: Arc::clone(root), records: Arc::clone(&self.records) };
        Some(Held::new(root.clearance.clone(), dossier))
    }
}

/// The dossiers of an archive as they were read last, for whoever reads it again after a save.
#[derive(Default)]
pub struct Known {
    /// The files of the settings and types under which they were read.
    rules: Vec<FileEntry>,
    day: Option<Date>,
    folders: HashMap<String, Kept>,
}

/// A folder as it was read on a day.
struct Kept {
    files: Vec<FileEntry>,
    read: Arc<FolderRead>,
    since: Date,
    /// The day on which something in it opens next, so that it says something else from then on.
    opens: Option<Date>,
}

impl Known {
    /// Forgets everything that was read under other rules. Of the day a folder knows only what opens on it.
    pub(super) fn hold_under(&mut self, snapshot: &Snapshot, day: Date) {
        let rules: Vec<FileEntry> =
            snapshot.file(SETTINGS).into_iter().chain(snapshot.files_below("types")).cloned().collect();
        if self.rules != rules {
            *self = Self { rules, day: None, folders: HashMap::new() };
        }
        self.day = Some(day);
    }

    /// What was read of a folder, where its files are the same.
    pub(super) fn get(&self, folder: &str, files: &[FileEntry]) -> Option<Arc<FolderRead>> {
        let (known, day) = (self.folders.get(folder)?, self.day?);
        let same_day = known.since <= day && known.opens.is_none_or(|opens| day < opens);
        (same_day && known.files == files).then(|| Arc::clone(&known.read))
    }

    /// Keeps what was read. What had findings is read again each time, since what they are about may lie outside the
    /// folder, as the store of Git LFS does.
    pub(super) fn keep<'r>(
        &mut self,
        read: impl Iterator<Item = ((&'r String, &'r [FileEntry]), &'r Arc<FolderRead>)>,
    ) {
        let Some(day) = self.day else { return };
        let mut before = std::mem::take(&mut self.folders);
        let kept = read.filter(|(_, read)| read.findings.is_empty()).map(|((folder, files), read)| {
            let same = before.remove(folder).filter(|known| Arc::ptr_eq(&known.read, read));
            let kept = same.unwrap_or_else(|| {
                let opens = read.placed().filter_map(|placed| placed.record.opens).min();
                Kept { files: files.to_vec(), read: Arc::clone(read), since: day, opens }
            });
            (folder.clone(), kept)
        });
        self.folders = kept.collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Archive, Reading};
    use crate::repository::ContentId;

    const DAY: Date = jiff::civil::date(2026, 11, 23);
    const TYPE: &str = "title: Memo\nfolder: memos\naudience: staff\nfields: {note: {kind: text}}\n";

    fn snapshot(memo: &str, record_type: &str) -> Snapshot {
        let root = |name: &str| format!("name: {name}\ntier: x\nindustry: x\naccount_manager: y\naudience: staff\n");
        let files = [
            (SETTINGS, "title: A\naudiences: {legal: {readers: []}}\n".to_owned()),
            ("types/memo.yaml", record_type.to_owned()),
            ("customers/one/dossier.yaml", root("one")),
            ("customers/one/memos/a.md", format!("---\nnote: {memo}\n---\n")),
            ("customers/two/dossier.yaml", root("two")),
            ("customers/two/memos/b.md", "---\nnote: kept\n---\n".to_owned()),
        ];
        let file = |(path, text): (&str, String)| {
            (path.to_owned(), ContentId::of(text.as_bytes()).unwrap(), text.into_bytes())
        };
        Snapshot::in_memory(files.into_iter().map(file).collect())
    }

    /// What every part of an archive asks, the note of each memo, and all findings.
    fn said(reading: &Reading) -> Vec<String> {
        let mut said: Vec<String> = reading.findings.iter().map(|finding| format!("{finding:?}")).collect();
        for dossier in reading.archive.dossiers.lay_out(|held| held.release().1) {
            for record in dossier.records.lay_out(|held| held.release().1) {
                let note = record.field("note").map(|held| held.release());
                let note = note.map(|(asks, field)| format!("{asks:?} {}", field.value.plain("en")));
                said.push(format!("{} {:?} {note:?}", record.name, record.clearance));
            }
        }
        said
    }

    fn records<'r>(reading: &'r Reading, name: &str) -> &'r Arc<Shelf<Record>> {
        let mut dossiers = reading.archive.dossiers.lay_out(|held| held.release().1);
        &dossiers.find(|dossier| dossier.name.as_ref() == name).unwrap().records
    }

    #[test]
    fn what_is_read_again_is_what_is_read_anew_and_what_stayed_is_shared() {
        let mut known = Known::default();
        let first = Archive::read_again(&snapshot("before", TYPE), DAY, &mut known);
        let changed = snapshot("after", TYPE);
        let again = Archive::read_again(&changed, DAY, &mut known);
        assert_eq!(said(&again), said(&Archive::read(&changed, DAY)));
        assert!(said(&again).iter().any(|line| line.contains("after")));
        assert!(Arc::ptr_eq(records(&first, "two"), records(&again, "two")));
        assert!(!Arc::ptr_eq(records(&first, "one"), records(&again, "one")));
    }

    #[test]
    fn nothing_is_kept_under_other_rules() {
        let mut known = Known::default();
        let first = Archive::read_again(&snapshot("x", TYPE), DAY, &mut known);
        let narrower = snapshot("x", &TYPE.replace("staff", "legal"));
        let again = Archive::read_again(&narrower, DAY, &mut known);
        assert_eq!(said(&again), said(&Archive::read(&narrower, DAY)));
        assert_ne!(said(&again), said(&first));
    }

    #[test]
    fn what_opens_on_a_day_is_read_anew_on_it_and_what_was_read_later_is_not_taken_for_earlier() {
        let mut known = Known::default();
        let opening = snapshot("x\naudience: legal\nopen_from: 2026-11-25", TYPE);
        let on = |day: Date, known: &mut Known| Archive::read_again(&opening, day, known);
        let (tomorrow, then) = (DAY.tomorrow().unwrap(), jiff::civil::date(2026, 11, 25));
        let first = on(DAY, &mut known);
        let second = on(tomorrow, &mut known);
        assert!(Arc::ptr_eq(records(&first, "one"), records(&second, "one")));
        let third = on(then, &mut known);
        assert_eq!(said(&third), said(&Archive::read(&opening, then)));
        assert_ne!(said(&third), said(&second));
        assert!(Arc::ptr_eq(records(&second, "two"), records(&third, "two")));
        let back = on(DAY, &mut known);
        assert_eq!(said(&back), said(&first));
    }

    #[test]
    fn what_has_findings_is_read_each_time() {
        let mut known = Known::default();
        let broken = snapshot("x\nnonsense: y", TYPE);
        let (first, again) =
            (Archive::read_again(&broken, DAY, &mut known), Archive::read_again(&broken, DAY, &mut known));
        assert!(first.findings.has_errors());
        assert_eq!(said(&first), said(&again));
        assert!(!Arc::ptr_eq(records(&first, "one"), records(&again, "one")));
    }
}
