//! A folder of scans becomes records with attachments: what the name of a file says fills the record's fields as the
//! cells of a row do, and files whose names say the same belong to one record.

use super::cell::Written;
use super::column::{Aim, IMPORT_MAPPING};
use super::draft::{Draft, Put, Spot};
use super::mapping::Mapping;
use super::names::{Pattern, as_name, unfit};
use super::plan::{Import, Plan};
use super::rows::{Faults, Filled, Rows, sheet};
use super::table::{Cell, Row, Table};
use crate::dossier::REGISTERS;
use crate::finding::{Code, Finding, Place, Severity, quote};
use crate::record::Place as TypePlace;
use crate::repository::{Added, ContentId, FileEntry, FileKind, Pointer, Snapshot};
use crate::text::Source;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

/// A file that is no scan, or whose name does not say what the mapping expects.
pub const IMPORT_SCAN: Code = Code("import-scan");
/// A scan that is there already, in the folder or in the archive.
pub const IMPORT_DOUBLE: Code = Code("import-double");

/// What a mapping may ask of a scan beside what its name says: the digest of its bytes, and its own name.
const OWN: [&str; 2] = ["sha256", "file name"];

/// Larger files than this are no Git LFS pointers.
const POINTER: u64 = 1024;

/// A folder of scans.
pub struct Scans<'a> {
    /// Its files.
    pub snapshot: &'a Arc<Snapshot>,
    /// What it is called where its files are told of.
    pub name: String,
}

/// A scan, with what its name says.
struct Scan<'a> {
    entry: &'a FileEntry,
    said: Vec<(String, String)>,
    sha256: String,
}

/// Scans whose names say the same.
struct Group<'a> {
    filled: Filled,
    inside: String,
    scans: Vec<&'a Scan<'a>>,
}

impl Scans<'_> {
    fn place(&self, entry: &FileEntry) -> Place {
        Place::whole(&format!("{}/{}", self.name, entry.path))
    }

    /// The scans of which records can be made. What lies among them and is none is told.
    fn read(&self, pattern: &Pattern, known: &Known, findings: &mut Vec<Finding>) -> Vec<Scan<'_>> {
        for problem in self.snapshot.problems() {
            let finding = Finding::error(IMPORT_SCAN, format!("{}: {}", quote(&problem.path), problem.what));
            findings.push(finding.at(Place::whole(&self.name)).remedy(problem.what.remedy()));
        }
        let (mut scans, mut seen): (Vec<Scan<'_>>, HashMap<ContentId, &FileEntry>) = (Vec::new(), HashMap::new());
        let mut entries: Vec<&FileEntry> = self.snapshot.files().iter().collect();
        // Of two alike the one with the shorter name is the original: `x.pdf` before `x-2.pdf`.
        entries.sort_by_key(|entry| (entry.path.len(), &entry.path));
        for entry in entries {
            let file = entry.path.rsplit('/').next().unwrap_or(&entry.path);
            let (stem, extension) = entry.path.rsplit_once('.').unwrap_or((&entry.path, ""));
            // What systems leave in folders is nobody's scan.
            if file.starts_with('.') || matches!(file, "Thumbs.db" | "desktop.ini") {
                continue;
            }
            let mut refuse = |message: &str, remedy: &str| {
                findings.push(Finding::error(IMPORT_SCAN, message).at(self.place(entry)).remedy(remedy));
            };
            if entry.kind != FileKind::Regular {
                refuse("a symbolic link or a repository is no scan", "put the file itself in its place");
                continue;
            }
            if matches!(extension.to_lowercase().as_str(), "" | "md" | "yaml" | "yml" | "csv") {
                refuse("a file of this kind is no attachment", "move it out; records are imported from tables");
                continue;
            }
            if let Some(other) = seen.get(&entry.id) {
                let message = format!("this is byte for byte the file {}, and is not taken twice", quote(&other.path));
                let finding = Finding::warning(IMPORT_DOUBLE, message).at(self.place(entry));
                findings.push(finding.remedy("remove one of them").related(self.place(other), "the other one"));
                continue;
            }
            seen.insert(entry.id, entry);
            let Some(said) = pattern.taken_apart(stem) else {
                let remedy = "rename it, move it out, or write another `scans:` in the mapping";
                refuse("the name does not say what the mapping expects", remedy);
                continue;
            };
            let sha256 = match digest(self.snapshot, entry) {
                // A pointer would be published as what it points to, which may be anything that the repository ever held.
                Ok((_, true)) => {
                    refuse(
                        "this stands for a file in Git LFS and is not the scan itself",
                        "put the file itself in its place",
                    );
                    continue;
                }
                Ok((sha256, false)) => sha256,
                Err(why) => {
                    refuse(&format!("it cannot be read: {why}"), "check its permissions and the disk");
                    continue;
                }
            };
            if let Some(path) = known.pointed.get(&sha256) {
                findings.push(double(path, self.place(entry)));
                continue;
            }
            scans.push(Scan { entry, said, sha256 });
        }
        scans
    }
}

/// The files that an archive has, by their bytes.
struct Known {
    by_id: HashMap<ContentId, String>,
    /// What Git LFS pointers point to.
    pointed: HashMap<String, String>,
}

impl Known {
    fn of(snapshot: &Snapshot) -> Self {
        let (mut by_id, mut pointed) = (HashMap::new(), HashMap::new());
        // What lies elsewhere is in no record: the scans themselves may, before they are imported.
        let kept = snapshot.files_below("customers").iter().chain(snapshot.files_below(REGISTERS));
        for entry in kept.filter(|entry| entry.kind == FileKind::Regular) {
            by_id.insert(entry.id, entry.path.clone());
            if snapshot.size(entry).is_ok_and(|size| size < POINTER)
                && let Ok(Some(pointer)) = snapshot.pointer(entry)
            {
                pointed.insert(hex(pointer.sha256()), entry.path.clone());
            }
        }
        Self { by_id, pointed }
    }
}

impl Import<'_> {
    /// What becomes of a folder of scans.
    pub fn of_scans(&self, scans: &Scans<'_>, findings: &mut Vec<Finding>) -> Plan {
        let mapping = self.mapping;
        let Some((pattern, range)) = &mapping.scans else {
            let message = "nothing says what the names of the scans mean";
            let remedy = "write `scans: \"{number}_{date}\"`: the parts of a name without its extension, like columns";
            findings.push(mapping.source.error(IMPORT_MAPPING, 0..0, message, remedy));
            return Plan::default();
        };
        if mapping.record_type.series || matches!(mapping.record_type.place, Some(TypePlace::File(_))) {
            let message = format!("records of the type `{}` do not lie in folders of files", mapping.record_type.name);
            findings.push(mapping.source.error(IMPORT_MAPPING, range.clone(), message, "import scans as another type"));
            return Plan::default();
        }
        let known = Known::of(self.snapshot);
        let read = scans.read(pattern, &known, findings);
        let Some(table) = listed(scans, pattern, mapping, &read) else { return Plan::default() };
        let rows = Rows { mapping, table: &table, types: &self.archive.types };
        let mut found = Vec::new();
        rows.check(&mut found);
        let mut groups: Vec<Group<'_>> = Vec::new();
        if !found.iter().any(|finding| finding.severity == Severity::Error) {
            for (row, scan) in table.rows.iter().zip(&read) {
                let filled = rows.filled(row, &mut found);
                if !filled.faults.is_empty() {
                    continue;
                }
                let spot = Spot::Scan(scans.place(scan.entry).file);
                let (home, puts) = (filled.home.clone(), filled.puts.clone());
                let probe = Filled { home, file: None, puts, faults: Faults::default() };
                match sheet(mapping, rows.types, probe, spot) {
                    Err((message, remedy)) => {
                        let finding = Finding::error(super::names::IMPORT_NAME, message).remedy(remedy);
                        found.push(finding.at(scans.place(scan.entry)));
                    }
                    Ok(sheet) => {
                        let same = |group: &&mut Group<'_>| {
                            group.filled.home == filled.home
                                && group.inside == sheet.inside
                                && said_alike(group, &filled)
                        };
                        match groups.iter_mut().find(same) {
                            Some(group) => group.scans.push(scan),
                            None => groups.push(Group { filled, inside: sheet.inside, scans: vec![scan] }),
                        }
                    }
                }
            }
        }
        findings.extend(found.into_iter().map(|finding| at_scan(finding, scans, &read, mapping, range)));
        let drafts = groups.into_iter().filter_map(|group| self.attached(group, scans, &known, findings)).collect();
        let mut plan = Plan::by(mapping, None);
        self.place(&mut plan, drafts, findings);
        plan
    }

    /// The draft of a record with its scans beside it.
    fn attached(
        &self,
        group: Group<'_>,
        scans: &Scans<'_>,
        known: &Known,
        findings: &mut Vec<Finding>,
    ) -> Option<Draft> {
        let Group { mut filled, inside, scans: members } = group;
        let folder = inside.rsplit_once('/').map_or("", |(folder, _)| folder);
        let (mut names, mut files, mut digests) = (Vec::new(), Vec::new(), String::new());
        for scan in &members {
            let name = as_name(scan.entry.path.rsplit('/').next().unwrap_or(&scan.entry.path));
            let path = filled.home.path(&format!("{folder}/{name}"));
            let there = known.by_id.get(&scan.entry.id).filter(|there| **there != path);
            if let Some(there) = there {
                findings.push(double(there, scans.place(scan.entry)));
                continue;
            }
            if let Some(why) = unfit(&path) {
                let message = format!("{} cannot be a file here: {why}", quote(&path));
                let finding = Finding::error(super::names::IMPORT_NAME, message).at(scans.place(scan.entry));
                findings.push(finding.remedy("rename the scan"));
                continue;
            }
            digests.push_str(&format!("- `{name}`: SHA-256 `{}`\n", scan.sha256));
            names.push(name);
            files.push((path, Added::From(Arc::clone(scans.snapshot), scan.entry.path.clone())));
        }
        let first = members.first().filter(|_| !names.is_empty())?;
        let spot = Spot::Scan(scans.place(first.entry).file);
        let mut put = |name: &str, value: Written| {
            if let Ok(aim) = Aim::find(&self.mapping.record_type, name) {
                filled.puts.push(Put { aim, value, spot: spot.clone() });
            }
        };
        put("attachments", Written::Many(names));
        let noted = self.mapping.columns.iter().any(|column| column.name == "sha256" || column.aim.body);
        if !noted {
            put("text", Written::One(digests));
        }
        match sheet(self.mapping, &self.archive.types, filled, spot) {
            Ok(sheet) => Some(Draft { files, ..sheet.drafted() }),
            Err((message, remedy)) => {
                let finding = Finding::error(IMPORT_SCAN, message).at(scans.place(first.entry));
                findings.push(finding.remedy(remedy));
                None
            }
        }
    }
}

/// Whether a scan says of its record what those of a group do, but for what each says of itself.
fn said_alike(group: &Group<'_>, filled: &Filled) -> bool {
    let (one, other) = (&group.filled.puts, &filled.puts);
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| one.aim.name() == other.aim.name() && one.value == other.value)
}

fn double(path: &str, from: Place) -> Finding {
    let message = format!("the archive has this file, byte for byte, as {}; it is not taken again", quote(path));
    let remedy = "nothing, if it was imported before; otherwise name that file in the record's `attachments`";
    Finding::warning(IMPORT_DOUBLE, message).at(from).remedy(remedy)
}

/// What the names say as a table, a scan a row, each on a line of its own below the pattern's.
fn listed(scans: &Scans<'_>, pattern: &Pattern, mapping: &Mapping, read: &[Scan<'_>]) -> Option<Table> {
    let mut header: Vec<String> = Vec::new();
    for place in pattern.places() {
        if !header.iter().any(|name| name == place) {
            header.push(place.to_owned());
        }
    }
    header.extend(OWN.iter().filter(|name| mapping.named.iter().any(|named| named == *name)).map(ToString::to_string));
    let (mut text, mut rows) = (String::from("\n"), Vec::new());
    for scan in read {
        let range = text.len()..text.len() + scan.entry.path.len();
        text.push_str(&scan.entry.path);
        text.push('\n');
        let value = |name: &String| match name.as_str() {
            "sha256" => scan.sha256.clone(),
            "file name" => scan.entry.path.rsplit('/').next().unwrap_or_default().to_owned(),
            name => scan.said.iter().find(|(place, _)| place == name).map(|(_, text)| text.clone()).unwrap_or_default(),
        };
        let cells = header.iter().map(|name| Cell { text: value(name), range: range.clone() }).collect();
        rows.push(Row { cells, range });
    }
    let source = Source::decode(&scans.name, text.as_bytes()).ok()?;
    Some(Table::of_names(source, header, rows))
}

/// A finding of the list of names at the scan, or at the pattern, that it is about.
fn at_scan(finding: Finding, scans: &Scans<'_>, read: &[Scan<'_>], mapping: &Mapping, range: &Range<usize>) -> Finding {
    let Some(place) = finding.place.as_ref().filter(|place| place.file == scans.name) else { return finding };
    let scan = (place.line as usize).checked_sub(2).and_then(|n| read.get(n));
    let place = scan.map_or_else(|| mapping.source.place(range.clone()), |scan| scans.place(scan.entry));
    finding.at(place)
}

/// The SHA-256 of a file's bytes, and whether they are a pointer of Git LFS.
fn digest(snapshot: &Snapshot, entry: &FileEntry) -> Result<(String, bool), String> {
    let mut stream = snapshot.open_stream(entry).map_err(|error| error.to_string())?;
    let (mut hash, mut piece, mut first) = (Sha256::new(), vec![0; 64 << 10], Vec::new());
    loop {
        match stream.read(&mut piece).map_err(|error| error.to_string())? {
            0 => return Ok((hex(&hash.finalize()), Pointer::parse(&first) != Ok(None))),
            count => {
                let read = piece.get(..count).unwrap_or_default();
                hash.update(read);
                // More than a pointer can hold, so that what goes on after it is seen to be none.
                let room = usize::try_from(POINTER).unwrap_or_default().saturating_sub(first.len());
                first.extend(read.iter().take(room));
            }
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
