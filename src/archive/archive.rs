//! The archive: everything that a snapshot of files says, and what is wrong with it.

use super::around::{read_readers, read_theme, read_types};
use super::attached::Attached;
use super::dossier_reading::{Placed, Setting, read_folder, read_text};
use super::folders::{check_links, check_unnamed, find_dossiers};
use super::known::{FolderRead, Known};
use super::readers;
use super::references::Names;
use super::rules;
use super::settings::{SETTINGS, Settings};
use super::types::Types;
use crate::access::{Clearance, Held, Reader, Shelf, Standing};
use crate::dossier::{Dossier, REGISTERS};
use crate::finding::{Code, Finding, Findings, Place, nearest, quote};
use crate::record::{Record, RecordName};
use crate::repository::{ContentId, Origin, Snapshot};
use crate::text::Source;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The folder holds no archive.
pub const NO_SETTINGS: Code = Code("no-settings");
/// A clearance that nobody meets.
pub const NOBODY_CLEARED: Code = Code("nobody-cleared");
/// A reader who is left out of every keyring.
pub const READER_LEFT_OUT: Code = Code("reader-left-out");
/// Something in the repository that cannot become a file.
pub const BAD_NAME: Code = Code("bad-file-name");

/// A file in `types/` that is no type.
pub const STRAY_TYPE: Code = Code("stray-type");

/// An archive as it stands in one snapshot, on one day.
pub struct Archive {
    /// The settings.
    pub settings: Settings,
    /// The readers, by name.
    pub readers: Vec<Reader>,
    /// Passphrase-wrapped keys as they stand in `readers/NAME.age`, by reader.
    pub wrapped_keys: BTreeMap<String, Vec<u8>>,
    /// The record types.
    pub types: Types,
    /// The dossiers, by name.
    pub dossiers: Shelf<Dossier>,
    /// The records of `registers/`.
    pub registers: Arc<Shelf<Record>>,
    /// The files that belong to records.
    pub attached: Attached,
    /// What names lead to.
    pub names: Names,
    /// Openings to come: the day, and the record.
    pub openings: Vec<(Date, RecordName)>,
    /// The files of the archive's own theme: path below `theme/`, and content.
    pub theme: Vec<(String, Vec<u8>)>,
    /// The day on which it is read.
    pub day: Date,
    /// The commit that it was read from, if it was one.
    pub commit: Option<ContentId>,
    /// Files that lie in a repository beside this one, whose past does not tell of them.
    pub beside: BTreeSet<String>,
    /// Files with a mistake that may have been meant as a restriction; the empty path stands for any.
    doubted: BTreeSet<String>,
}

/// An archive with its findings.
pub struct Reading {
    /// The archive, as far as it could be read.
    pub archive: Archive,
    /// Everything that is wrong with it.
    pub findings: Findings,
}

impl Archive {
    /// Reads a snapshot as an archive on a day.
    #[must_use]
    pub fn read(snapshot: &Snapshot, day: Date) -> Reading {
        Self::read_knowing(snapshot, day, None)
    }

    /// Reads a snapshot as an archive on a day, of which dossiers are known from the last time. What comes of it is the
    /// same.
    #[must_use]
    pub fn read_again(snapshot: &Snapshot, day: Date, known: &mut Known) -> Reading {
        Self::read_knowing(snapshot, day, Some(known))
    }

    fn read_knowing(snapshot: &Snapshot, day: Date, mut known: Option<&mut Known>) -> Reading {
        if let Some(known) = &mut known {
            known.hold_under(snapshot, day);
        }
        let mut findings: Vec<Finding> = Vec::new();
        for problem in snapshot.problems() {
            let finding = Finding::error(BAD_NAME, format!("{}: {}", quote(&problem.path), problem.what));
            findings.push(finding.remedy(problem.what.remedy()));
        }
        let settings_source = match snapshot.file(SETTINGS) {
            Some(entry) => read_text(snapshot, entry, &mut findings),
            None => {
                let message = format!("there is no {SETTINGS}: this is not an archive");
                let remedy = "name the folder that holds it, or begin an archive with `strongroom init`";
                findings.push(Finding::error(NO_SETTINGS, message).remedy(remedy));
                None
            }
        };
        let settings = settings_source.as_ref().map(|s| Settings::read(s, &mut findings)).unwrap_or_default();
        let types = read_types(snapshot, &settings, &mut findings);
        let (people, wrapped_keys) = read_readers(snapshot, &mut findings);
        readers::check(&settings, settings_source.as_ref(), &people, &mut findings);
        check_tiers(&settings, &types, settings_source.as_ref(), &mut findings);

        let setting = Setting { snapshot, types: &types, audiences: &settings.audiences, day };
        let found = find_dossiers(snapshot, &mut findings);
        let before = known.as_deref();
        let folders: Vec<Arc<FolderRead>> = found
            .par_iter()
            .map(|(name, folder, files)| {
                let same = before.and_then(|known| known.get(folder, files));
                same.unwrap_or_else(|| FolderRead::new(name, folder, read_folder(&setting, name, folder, files)))
            })
            .collect();
        let register = read_folder(&setting, &REGISTERS.into(), REGISTERS, snapshot.files_below(REGISTERS));
        let register = FolderRead::new(&REGISTERS.into(), REGISTERS, register);
        if let Some(known) = known {
            known.keep(found.iter().map(|(_, folder, files)| (folder, *files)).zip(&folders));
        }
        check_links(snapshot.files_below(REGISTERS), &mut findings);

        let in_dossiers = folders.iter().flat_map(|folder| {
            let asks = folder.root.as_ref().map_or_else(crate::access::nobody, |(root, _)| root.clearance.clone());
            folder.placed().map(move |placed| (placed, asks.clone()))
        });
        let in_registers = register.placed().map(|placed| (placed, Clearance::open()));
        let sourced: Vec<(Placed<'_>, Clearance)> = in_dossiers.chain(in_registers).collect();
        let names = Names::of(&sourced);
        let opening = |(sourced, _): &(Placed<'_>, _)| Some((sourced.record.opens?, sourced.record.name.clone()));
        let mut openings: Vec<(Date, RecordName)> = sourced.iter().filter_map(opening).collect();
        openings.sort();
        let mut reference_findings: Vec<Finding> = folders
            .par_iter()
            .flat_map_iter(|folder| {
                let mut findings = Vec::new();
                folder.placed().for_each(|placed| names.check(placed, &mut findings));
                findings
            })
            .collect();
        register.placed().for_each(|placed| names.check(placed, &mut reference_findings));
        findings.append(&mut reference_findings);

        let (mut attached, mut doubted) = (Attached::default(), BTreeSet::new());
        for folder in folders.iter().chain([&register]) {
            doubted.extend(rules::doubted(&folder.findings));
            findings.extend(folder.findings.iter().cloned());
            attached.take(&folder.attached);
        }
        attached.check_pointers(&mut findings);
        let in_registers = (REGISTERS, snapshot.files_below(REGISTERS));
        for (folder, files) in found.iter().map(|(_, folder, files)| (folder.as_str(), *files)).chain([in_registers]) {
            check_unnamed(&types, &attached, folder, files, &mut findings);
        }

        let dossiers = Shelf::new(folders.iter().filter_map(|folder| folder.dossier()));
        let archive = Self {
            settings,
            readers: people.into_iter().map(|(reader, _)| reader).collect(),
            wrapped_keys,
            types,
            dossiers,
            registers: Arc::clone(&register.records),
            attached,
            names,
            openings,
            theme: read_theme(snapshot, &mut findings),
            day,
            beside: beside_of(snapshot),
            commit: if let Origin::Commit(facts) = snapshot.origin() { Some(facts.id) } else { None },
            doubted,
        };
        archive.check_people(&mut findings);
        let mut findings: Findings = findings.into();
        findings.sort();
        Reading { archive, findings }
    }

    /// An archive that holds nothing: what stood before the first commit.
    #[must_use]
    pub fn empty(day: Date) -> Self {
        Self {
            settings: Settings::default(),
            readers: Vec::new(),
            wrapped_keys: BTreeMap::new(),
            types: Types::default(),
            dossiers: Shelf::default(),
            registers: Arc::default(),
            attached: Attached::default(),
            names: Names::default(),
            openings: Vec::new(),
            theme: Vec::new(),
            day,
            commit: None,
            beside: BTreeSet::new(),
            doubted: BTreeSet::new(),
        }
    }

    /// Whether a file holds a mistake that may have been meant as a restriction.
    #[must_use]
    pub fn is_in_doubt(&self, file: &str) -> bool {
        self.doubted.contains(file) || self.doubted.contains("")
    }

    /// Drops the archive on all threads, for who would have to wait for it.
    pub fn take_apart(self) {
        let Self { dossiers, registers, names, .. } = self;
        rayon::join(|| dossiers.take_apart(), || drop((registers, names)));
    }

    /// Whether a reader meets a clearance by belonging to its audiences, or to the one that oversees all.
    #[must_use]
    pub fn belongs(&self, reader: &str, clearance: &Clearance) -> bool {
        let oversees = self.settings.oversight.as_ref().is_some_and(|o| self.settings.audiences.has(o, reader));
        oversees || clearance.met_by(|audience| self.settings.audiences.has(audience, reader))
    }

    /// The readers who are in a keyring on the archive's day, with their last day there.
    pub fn present_readers(&self) -> impl Iterator<Item = (&Reader, Option<Date>)> {
        self.readers.iter().filter_map(|reader| match reader.standing(self.day, self.settings.training_required) {
            Standing::Good(until) => Some((reader, until)),
            _ => None,
        })
    }

    /// The readers who can open what asks for this clearance.
    pub fn cleared<'a>(&'a self, clearance: &'a Clearance) -> impl Iterator<Item = &'a Reader> + 'a {
        self.present_readers().map(|(reader, _)| reader).filter(|reader| self.belongs(&reader.name, clearance))
    }

    /// Every clearance that some content asks for, `staff` aside, with the records that hold such content: for the
    /// archivist's own commands.
    #[must_use]
    pub fn clearances(&self) -> BTreeMap<Clearance, Vec<&RecordName>> {
        let dossiers: Vec<&Dossier> = self.dossiers.lay_out(|held| held.release().1).collect();
        let of_dossiers: Vec<_> = dossiers
            .par_iter()
            .map(|dossier| {
                let inner = dossier.records.lay_out(|held| held.release().1);
                asked(std::iter::once(&*dossier.root).chain(inner))
            })
            .collect();
        let of_registers = asked(self.registers.lay_out(|held| held.release().1));
        let mut found: BTreeMap<Clearance, Vec<&RecordName>> = BTreeMap::new();
        for (clearance, names) in of_dossiers.into_iter().chain([of_registers]).flatten() {
            found.entry(clearance).or_default().extend(names);
        }
        found
    }

    /// For each record type with records, what they ask of their readers.
    #[must_use]
    pub fn clearances_by_type(&self) -> BTreeMap<String, BTreeSet<Clearance>> {
        let mut found: BTreeMap<String, BTreeSet<Clearance>> = BTreeMap::new();
        let mut note = |held: Held<&Record>| {
            let (clearance, record) = held.release();
            match found.get_mut(&record.record_type.name) {
                Some(known) if known.contains(&clearance) => {}
                Some(known) => {
                    known.insert(clearance);
                }
                None => {
                    found.insert(record.record_type.name.clone(), BTreeSet::from([clearance]));
                }
            }
        };
        for held in self.dossiers.lay_out(|held| held) {
            let (_, dossier) = held.release();
            dossier.records.lay_out(|held| held).for_each(&mut note);
        }
        self.registers.lay_out(|held| held).for_each(&mut note);
        found
    }

    fn check_people(&self, findings: &mut Vec<Finding>) {
        for reader in &self.readers {
            let reason = match reader.standing(self.day, self.settings.training_required) {
                Standing::Good(_) => continue,
                Standing::Left(day) => format!("`until: {day}` has passed"),
                Standing::Lapsed(Some(day)) => format!("the last training was valid until {day}"),
                Standing::Lapsed(None) => "no training is recorded".to_owned(),
                Standing::Keyless => "the file names no key".to_owned(),
            };
            let message = format!("{} is left out of every keyring: {reason}", reader.name);
            let remedy = match reader.standing(self.day, self.settings.training_required) {
                Standing::Keyless => "add the public key that the reader made in the page",
                Standing::Left(_) => "remove the file, or correct the day",
                _ => "add the new training to the file once it is passed",
            };
            let place = Place::whole(&format!("readers/{}.yaml", reader.name));
            findings.push(Finding::warning(READER_LEFT_OUT, message).at(place).remedy(remedy));
        }
        for (clearance, names) in self.clearances() {
            if self.cleared(&clearance).next().is_none() && !is_nobody(&clearance) {
                let first = names.first().map(|name| name.to_string()).unwrap_or_default();
                let message = format!(
                    "nobody can read what is for {}: it is left out of the site ({} {}, the first is {})",
                    clearance.canonical(),
                    names.len(),
                    if names.len() == 1 { "record" } else { "records" },
                    quote(&first)
                );
                let remedy = "give the audience a reader with a key and a valid training";
                findings.push(Finding::warning(NOBODY_CLEARED, message).at(Place::whole(SETTINGS)).remedy(remedy));
            }
        }
    }
}

/// The registers that were added to a snapshot from elsewhere.
fn beside_of(snapshot: &Snapshot) -> BTreeSet<String> {
    let registers = snapshot.files_below(REGISTERS).iter();
    registers.filter(|file| snapshot.is_added(&file.path)).map(|file| file.path.clone()).collect()
}

/// What some records ask for, `staff` aside, and which of them do.
fn asked<'a>(records: impl Iterator<Item = &'a Record>) -> BTreeMap<Clearance, Vec<&'a RecordName>> {
    let mut found: BTreeMap<Clearance, Vec<&RecordName>> = BTreeMap::new();
    for record in records {
        for clearance in record.clearances().into_iter().filter(|clearance| !clearance.is_open()) {
            found.entry(clearance).or_default().push(&record.name);
        }
    }
    found
}

/// The clearance of a doubtful restriction, which has an error of its own.
fn is_nobody(clearance: &Clearance) -> bool {
    clearance.clauses().any(|clause| clause.is_empty())
}

fn check_tiers(settings: &Settings, types: &Types, source: Option<&Source>, findings: &mut Vec<Finding>) {
    for (tier, required) in settings.tiers.iter().flat_map(|(name, tier)| tier.requires.iter().map(move |r| (name, r)))
    {
        let (name, field) = required.split_once('.').map_or((required.as_str(), None), |(name, f)| (name, Some(f)));
        let record_type = types.get(name);
        let lacks = |field: &&str| record_type.is_some_and(|found| found.field(field).is_none());
        let (what, names): (_, Vec<&str>) = match (record_type, field.filter(lacks)) {
            (None, _) => (name, types.iter().map(|t| t.name.as_str()).collect()),
            (Some(found), Some(field)) => (field, found.fields.iter().map(|f| f.name.as_str()).collect()),
            (Some(_), None) => continue,
        };
        let kind = if record_type.is_none() { "record type" } else { "field of this type" };
        let remedy = nearest(what, names)
            .map_or_else(|| format!("name a {kind} that there is"), |near| format!("did you mean `{near}`?"));
        let message = format!("the tier `{tier}` requires {}, but there is no such {kind}", quote(required));
        let place = source.and_then(|s| s.text().find(required.as_str()).map(|at| s.place(at..at + required.len())));
        findings.push(
            Finding::error(super::types::UNKNOWN_TYPE, message)
                .at(place.unwrap_or_else(|| Place::whole(SETTINGS)))
                .remedy(remedy),
        );
    }
}
