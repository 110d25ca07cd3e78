//! From the work tree to the editions that `serve` shows, and what is found out of each while it is shown already.

use super::build::built;
use super::closing::may_close_the_past;
use super::desk::{Desk, Failure};
use super::past::{Where, past_of, signers};
use super::with::{Reads, With};
use crate::archive::{Archive, Known, Reading};
use crate::checks;
use crate::finding::{Code, Finding, Findings, Place, nearest, quote};
use crate::history::History;
use crate::page::Theme;
use crate::reading_room::Reload;
use crate::repository::{Past, Remembered, Snapshot, open_work_tree_again};
use crate::sealing::SealingKey;
use crate::site::{Drawings, Edition, Material, State, View};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};

/// The reader in whose place `serve` shows pages is not in the archive.
pub const NO_SUCH_READER: Code = Code("no-such-reader");

/// What makes editions.
pub struct Press<'a> {
    /// The archive's folder.
    pub archive: &'a Path,
    /// Registers beside it.
    pub with: &'a With,
    /// The reader in whose place pages are shown.
    pub reader: Option<&'a str>,
    /// The build's state.
    pub state: &'a State,
    /// The sealing key.
    pub key: Arc<SealingKey>,
    /// The small pictures that were drawn so far.
    pub drawings: Arc<Drawings>,
    /// The past that was read last.
    pub last: Mutex<Option<Told>>,
    /// The dossiers that were read last.
    pub known: Mutex<Known>,
    /// The files that were found last.
    pub remembered: Mutex<Remembered>,
}

/// A past, and the edition by whose rules it was read.
pub struct Told {
    history: Arc<History>,
    edition: Arc<Edition>,
}

/// What came of reading the work tree.
pub enum Read {
    /// An edition.
    Good(Fresh),
    /// What keeps it from being shown, and the archive's language.
    Broken(Findings, String),
}

/// An edition that was made just now.
pub struct Fresh {
    /// The edition.
    pub edition: Arc<Edition>,
    /// What there is to say of it so far.
    pub findings: Findings,
    /// The files of the archive that were saved since the one before.
    pub saved: BTreeSet<String>,
    /// Whether it shows nothing of the past until that was read anew.
    pub waits: bool,
}

impl Press<'_> {
    /// Reads the work tree, of which these files were saved.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn read(&self, desk: &Desk<'_>, saved: BTreeSet<String>) -> Result<Read, Failure> {
        let snapshot = {
            let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
            remembered.forget(&saved);
            open_work_tree_again(self.archive, &mut remembered)?
        };
        let (snapshot, beside) = self.with.added_to(snapshot, Reads::WorkTree)?;
        let Reading { archive, mut findings } =
            Archive::read_again(&snapshot, desk.day, &mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
        let mut of_signers = Vec::new();
        signers(&snapshot, &mut of_signers);
        findings.extend(of_signers);
        if !archive.settings.checks.is_empty() {
            // The settings may have made errors of them.
            findings.extend(checks::run(&archive, &snapshot));
        }
        let mut of_theme = Vec::new();
        let theme = Theme::load(&archive.theme, &mut of_theme);
        findings.extend(of_theme);
        let reader = self.reader.map(|name| find_reader(&archive, name));
        let reader = reader.transpose().unwrap_or_else(|finding| {
            findings.push(*finding);
            None
        });
        findings.sort();
        let (false, Some(theme)) = (findings.has_errors(), theme) else {
            return Ok(Read::Broken(findings, archive.settings.language.clone()));
        };
        let view = reader.map(|reader| View::of(&archive, &theme, reader));
        let built = built(&snapshot, desk, true, beside);
        let meanwhile = (!built.commit.is_empty()).then(|| self.meanwhile(&snapshot, &archive));
        let waits = meanwhile.as_ref().is_some_and(Option::is_none);
        let meanwhile = meanwhile.map(Option::unwrap_or_default);
        let key = Arc::clone(&self.key);
        let drawings = Arc::clone(&self.drawings);
        let material = Material { snapshot, archive, theme, key, built, view, drawings, meanwhile };
        Ok(Read::Good(Fresh { edition: Arc::new(Edition::new(material)), findings, saved, waits }))
    }

    /// What pages show of the past until it was read again by the rules of today; none where these may close some of it. A
    /// reader's preview shows none of it, since it may tell what the new rules keep from that reader.
    fn meanwhile(&self, snapshot: &Snapshot, archive: &Archive) -> Option<Arc<History>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let told = last.as_ref().filter(|_| self.reader.is_none())?;
        let before = (told.edition.snapshot(), told.edition.archive());
        (!may_close_the_past(before, (snapshot, archive))).then(|| Arc::clone(&told.history))
    }

    /// Looks at each edition once it is shown, the newest first, and tells what it finds: remarks on what was saved, and
    /// the past. Ends when nobody hands it editions any more.
    pub fn look_behind(&self, desk: &Desk<'_>, editions: &Receiver<Fresh>, reload: &Reload) {
        // The next save must not wait for the last one's history.
        let some = std::thread::available_parallelism().map_or(1, |threads| threads.get().div_ceil(2));
        let hands = rayon::ThreadPoolBuilder::new().num_threads(some).build();
        let work = |work: &mut (dyn FnMut() + Send)| match &hands {
            Ok(hands) => hands.install(work),
            Err(_) => work(),
        };
        let mut past: Option<(String, Option<Past>)> = None;
        while let Ok(mut fresh) = editions.recv() {
            while let Ok(newer) = editions.try_recv() {
                fresh.edition.let_be();
                let before = std::mem::replace(&mut fresh, newer);
                fresh.saved.extend(before.saved);
            }
            if !fresh.saved.is_empty() {
                work(&mut || reload.remarked(&remarks(&fresh)));
            }
            let edition = &fresh.edition;
            if past.as_ref().is_none_or(|(commit, _)| commit != edition.commit()) {
                past = None;
                let place = Where { archive: self.archive, subfolder: None, rev: None };
                match past_of(desk, edition.snapshot(), &place, self.state) {
                    Ok(read) => past = Some((edition.commit().to_owned(), read.map(|(past, _)| past))),
                    Err(failure) => desk.terminal.warn(&failure.to_string()),
                }
            }
            let Some((_, Some(past))) = &past else {
                edition.let_be();
                reload.reread();
                continue;
            };
            let mut again = Vec::new();
            work(&mut || {
                let signers = signers(edition.snapshot(), &mut Vec::new());
                let history = Arc::new(History::read(past, edition.archive(), &signers));
                let told = Told { history: Arc::clone(&history), edition: Arc::clone(edition) };
                *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
                again = edition.tell(Some(history));
            });
            reload.again(again);
            reload.reread();
        }
    }
}

/// The reader of a name.
fn find_reader<'a>(archive: &'a Archive, name: &str) -> Result<&'a crate::access::Reader, Box<Finding>> {
    let found = archive.readers.iter().find(|reader| reader.name == name);
    found.ok_or_else(|| {
        let message = format!("there is no reader {}, in whose place pages could be shown", quote(name));
        let names = archive.readers.iter().map(|reader| reader.name.as_str());
        let remedy = match nearest(name, names.clone()) {
            Some(near) => format!("did you mean {}?", quote(near)),
            None => format!("the readers are {}", names.take(20).collect::<Vec<_>>().join(", ")),
        };
        Box::new(Finding::error(NO_SUCH_READER, message).at(Place::whole("readers")).remedy(remedy))
    })
}

/// What there is to say of the files that were saved, errors aside.
fn remarks(fresh: &Fresh) -> Findings {
    let (archive, snapshot) = (fresh.edition.archive(), fresh.edition.snapshot());
    let mut findings = fresh.findings.clone();
    findings.extend(checks::run(archive, snapshot));
    findings.sort();
    let saved = |finding: &Finding| finding.place.as_ref().is_some_and(|place| fresh.saved.contains(&place.file));
    findings.into_iter().filter(saved).collect()
}
