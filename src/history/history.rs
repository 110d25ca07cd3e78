//! All that is known of an archive's past, each part of it held under what it asks.

use super::attached;
use super::branches::Branches;
use super::companions::live_through;
use super::epochs::Epochs;
use super::files;
use super::former::{Away, Former, Renamed};
use super::gone::Gone;
use super::kin;
use super::latest::{self, Latest};
use super::life::{Deed, Life};
use super::lineage::{Lineage, Places, lineages};
use super::lots::lots;
use super::messages::Messages;
use super::now::Now;
use super::openings::tell_openings;
use super::piece::Part;
use super::reading::Desk;
use super::roots::{Roots, names_around};
use super::rulings::{Ruling, rulings};
use super::shown::{Line, Shown};
use super::standing::Standing;
use super::told::Told;
use crate::access::{Clearance, Held, Shelf, nobody};
use crate::archive::Archive;
use crate::provenance::{Signed, Signers};
use crate::record::{RecordName, RecordType};
use crate::repository::{ContentId, Gap, Moment, Past};
use crate::text::Phrase;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many lots are followed before their files' versions are let go of.
const AT_ONCE: usize = 16;

/// A commit, as far as it is the same for everybody who may know of it.
pub struct Commit {
    /// Its id.
    pub id: ContentId,
    /// The first ten digits of its id.
    pub short: String,
    /// Who wrote it, by the author's own word.
    pub author: Arc<str>,
    /// The author's address.
    pub email: Arc<str>,
    /// When it was written, by the author's clock.
    pub authored: Moment,
    /// What all that it touched in the archive asks, and what its message asks by its words.
    pub touched: Clearance,
    /// How many commits it follows; more than one is a merge.
    pub parents: usize,
    /// Who signed it, as far as the archive's list of signers tells.
    pub signed: Signed,
    /// Its message, for whoever may read everything that it touched. None for merges and commits that change nothing.
    pub message: Option<Held<Arc<str>>>,
    /// Its message whatever it touched, also that of a merge: for those who have the repository, and nobody else.
    pub whole_message: Held<Arc<str>>,
}

/// One change of one part of a record, by one commit.
#[derive(Clone)]
pub struct Change {
    /// The commit, by its number in [`History::commits`].
    pub commit: usize,
    /// The record, as it is called now, or was last.
    pub record: Arc<RecordName>,
    /// The file that held it, by a number: tells files apart that had one name at different times. It is not for pages,
    /// since it counts what its reader may not know of.
    pub file: usize,
    /// Its type at the time; `None` where the file could not be read.
    pub record_type: Option<Arc<RecordType>>,
    /// The part.
    pub part: Part,
    /// What pages call the part, where its type says so.
    pub label: Option<Arc<Phrase>>,
    /// Whether it came with its record, whose arrival is told beside it, or with its row of a series.
    pub founding: bool,
    /// What was done.
    pub deed: Deed,
    /// What stood before; it may ask for more than the change, whose new value may be more open.
    pub before: Option<Held<Arc<Shown>>>,
    /// What stands after. It asks for what the change asks.
    pub after: Option<Arc<Shown>>,
    /// Whether the value after still stands.
    pub stands: bool,
}

impl Change {
    /// When it happened, among the changes of an archive: with its commit, or on a day that began after one.
    #[must_use]
    pub fn moment(&self) -> (usize, Option<Date>) {
        match self.deed {
            Deed::Opened { day, after } => (after, Some(day)),
            _ => (self.commit, None),
        }
    }
}

/// What a part said over time, as far as whoever may read all of these values can tell.
#[derive(Clone)]
pub struct Course {
    /// The record.
    pub record: RecordName,
    /// The part.
    pub part: Part,
    /// What pages call the part, where its type says so.
    pub label: Option<Arc<Phrase>>,
    /// The values in order, each with the commit that brought it; at least two.
    pub values: Vec<(usize, Line)>,
}

/// An archive's past. By default nothing is known of it.
#[derive(Default)]
pub struct History {
    /// The commits, oldest first.
    pub commits: Vec<Commit>,
    /// What is not known of the past, in words.
    pub gaps: Vec<String>,
    changes: BTreeMap<Arc<str>, Shelf<Change>>,
    courses: BTreeMap<Arc<str>, Shelf<Course>>,
    titles: HashMap<RecordName, Held<Phrase>>,
    last: HashMap<RecordName, Vec<Held<usize>>>,
    latest: Vec<Held<Latest>>,
    gone: Shelf<Gone>,
    paths: Vec<Arc<str>>,
    former: Former,
    groups: HashMap<Arc<str>, Clearance>,
    rulings: Shelf<Ruling>,
    /// What stands before the archive's paths in the repository; empty where the archive is all of it.
    pub(super) prefix: String,
}

impl History {
    /// Reads the past of an archive: every value under every clearance that it had from its arrival to its end, and
    /// under the one that it has now.
    #[must_use]
    pub fn read(past: &Past, archive: &Archive, signers: &Signers) -> Self {
        Self::read_of(past, archive, signers, None)
    }

    /// Reads the past of one dossier alone, with every file that was ever in it; of commits that touched others too,
    /// nobody can be told the message by it. It is for the archivist's own commands.
    #[must_use]
    pub fn read_dossier(past: &Past, archive: &Archive, signers: &Signers, dossier: &str) -> Self {
        Self::read_of(past, archive, signers, Some(dossier))
    }

    fn read_of(past: &Past, archive: &Archive, signers: &Signers, dossier: Option<&str>) -> Self {
        let places = Places::of(past);
        let branches = Branches::of(past);
        let mut lineages = lineages(past, &places);
        let epochs = Epochs::of(past, &branches, &places, archive);
        // Of one dossier only those roots count that one of its files was ever below.
        let around = dossier.map(|dossier| names_around(&lineages, dossier));
        let roots = || Roots::of((past, &branches, &places), &lineages, around.as_ref(), &epochs, archive);
        let ((roots, standing), now) =
            rayon::join(|| (roots(), Standing::of(archive, past)), || Now::of(archive, &epochs.today, &places));
        let (day, written) = (archive.day, dossier.is_some());
        let (branches, roots, standing, epochs) = (&branches, &roots, &standing, &epochs);
        let desk = Desk { past, branches, epochs, roots, standing, day, written };
        let mut messages = Messages::new(past, &places, archive);
        let mut told = Told::default();
        let attached = files::attached_now(&places, archive);
        // A lot at a time: of a life only what changed is kept, not every value that ever stood.
        if let Some(dossier) = dossier {
            lineages.retain(|lineage| lineage.was_in(dossier));
        }
        let mut lots = lots(lineages);
        while !lots.is_empty() {
            let some: Vec<Vec<Lineage>> = lots.drain(..lots.len().min(AT_ONCE)).collect();
            let lived = |n: usize| -> Option<Vec<(&Lineage, Life)>> {
                let mut lives = live_through(&desk, some.get(n)?);
                lives.par_iter_mut().for_each(|(lineage, life)| now.narrow(lineage, life));
                kin::narrow(&mut lives, &now);
                lives.par_iter_mut().for_each(|(_, life)| tell_openings(past, archive.day, life));
                Some(lives)
            };
            let mut next = lived(0);
            for (n, lot) in some.iter().enumerate() {
                let lives = next.take().unwrap_or_default();
                let tell = || {
                    for (lineage, life) in &lives {
                        messages.touched(life);
                        told.gone.note(lineage, life, roots);
                        told.life((lineage, &places), life, &now);
                    }
                    let files = files::states(&desk, &attached, lot, &lives, &mut messages);
                    attached::tell((&desk, &places), &files, &lives, &mut messages, &mut told);
                    told.settle();
                };
                // While one lot is told, which one thread does alone, the next one is followed.
                ((), next) = rayon::join(tell, || lived(n + 1));
                lives.into_par_iter().for_each(drop);
            }
        }
        let Told { changes, courses, titles, gone, paths, .. } = told;
        let shelved = changes.into_par_iter().map(|(dossier, mut changes)| {
            // Stable: the changes of one commit stay in the order of the files and their parts.
            changes.sort_by(|one, other| one.order(other, |one, other| one.moment().cmp(&other.moment())));
            (dossier, Shelf::new(changes))
        });
        let changes: BTreeMap<Arc<str>, Shelf<Change>> = shelved.collect();
        let ((last, former), latest) =
            rayon::join(|| (latest::of_records(&changes), Former::of(&changes)), || latest::of_archive(&changes));
        Self {
            last,
            latest,
            former,
            changes,
            courses: courses.into_iter().map(|(dossier, courses)| (dossier, Shelf::new(courses))).collect(),
            commits: messages.into_commits(past, &now, signers),
            gaps: past.gaps.iter().map(Gap::nameless).collect(),
            titles,
            gone: gone.into_shelf(|name| now.has_dossier(name)),
            groups: roots.groups(archive),
            rulings: if written { Shelf::default() } else { rulings(past, branches, &places, archive) },
            paths,
            prefix: places.prefix().to_owned(),
        }
    }

    /// What changed in a dossier, or in `registers/`, oldest first.
    #[must_use]
    pub fn of_dossier(&self, dossier: &str) -> Option<&Shelf<Change>> {
        self.changes.get(dossier)
    }

    /// What the parts of a dossier's records said over time.
    #[must_use]
    pub fn courses(&self, dossier: &str) -> Option<&Shelf<Course>> {
        self.courses.get(dossier)
    }

    /// Every dossier that ever held something.
    pub fn dossiers(&self) -> impl Iterator<Item = &Arc<str>> {
        self.changes.keys()
    }

    /// The dossiers that are there no more.
    #[must_use]
    pub fn gone(&self) -> &Shelf<Gone> {
        &self.gone
    }

    /// The paths that a record had in its dossier before.
    #[must_use]
    pub fn former_names(&self, record: &RecordName) -> Vec<Held<String>> {
        self.former.names(record)
    }

    /// The records that left a dossier for another.
    #[must_use]
    pub fn away(&self, dossier: &str) -> &[Held<Away>] {
        self.former.away(dossier)
    }

    /// The names that dossiers had before they got another.
    #[must_use]
    pub fn renamed(&self) -> &Shelf<Renamed> {
        self.former.renamed()
    }

    /// What a record is called, or was last; nothing where it never had a title of its own.
    #[must_use]
    pub fn title(&self, record: &RecordName) -> Option<Held<&Phrase>> {
        self.titles.get(record).map(Held::as_ref)
    }

    /// The commits that changed a record last, newest first: the first is for those who may know of it, the next for
    /// those who may not.
    #[must_use]
    pub fn last_changes(&self, record: &RecordName) -> &[Held<usize>] {
        self.last.get(record).map_or(&[], Vec::as_slice)
    }

    /// What the folder in which a dossier stands asks beside what the dossier does: it may bear the name of another. Of
    /// a dossier whose past was not read, nobody is told where it stands.
    #[must_use]
    pub fn asked_by_group(&self, dossier: &str) -> Clearance {
        self.groups.get(dossier).cloned().unwrap_or_else(nobody)
    }

    /// What changed of who may read what by settings, types and readers, oldest first.
    #[must_use]
    pub fn rulings(&self) -> &Shelf<Ruling> {
        &self.rulings
    }

    /// What stands before the archive's paths in the repository.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The last changes of the archive, newest first.
    #[must_use]
    pub fn latest(&self) -> &[Held<Latest>] {
        &self.latest
    }

    pub(super) fn all_changes(&self) -> impl Iterator<Item = &Shelf<Change>> {
        self.changes.values()
    }

    pub(super) fn all_titles(&self) -> impl Iterator<Item = (&RecordName, &Held<Phrase>)> {
        self.titles.iter()
    }

    /// Where a file stood last, as a path in the archive, by its number in [`Change::file`].
    #[must_use]
    pub fn path_of(&self, file: usize) -> Option<&str> {
        self.paths.get(file).map(AsRef::as_ref)
    }

    /// What pages say of commits whatever these changed: days, times, authors and ids; and what is not known of the past.
    pub fn said(&self) -> impl Iterator<Item = String> + '_ {
        let of_commits = self.commits.iter().flat_map(|commit| {
            let time = commit.authored.zoned().map(|time| time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
            let shown = time.as_ref().map(|time| time.replace('T', " "));
            [commit.author.to_string(), commit.id.to_string()].into_iter().chain(time).chain(shown)
        });
        of_commits.chain(self.gaps.iter().cloned())
    }

    /// A commit by its number.
    #[must_use]
    pub fn commit(&self, number: usize) -> Option<&Commit> {
        self.commits.get(number)
    }
}
