//! An archive as it stands at one moment, of whose site each file is made when somebody asks for it.
//!
//! A build makes all pages; whoever edits a record looks at one. So an edition makes what is asked for, by the functions
//! and through the door of a build, and keeps it. It is never changed: what is saved afterwards is another edition, and
//! no page is made of two. Bundles are not made, and what is served is not searched by the last gate.

mod files;

use super::door::{Built, Door, DoorError, Finished, Passed, file_of};
use super::drawings::Drawings;
use super::envelopes::Before;
use super::index_files::{index_files, index_shown, note_indexes};
use super::keyrings::keyrings;
use super::plan::{Planned, all};
use super::preview::View;
use super::state::Stamps;
use crate::access::Held;
use crate::archive::Archive;
use crate::finding::Finding;
use crate::history::History;
use crate::page::{Addresses, DUE_FILE, Desk, FEED_FILE, Page, Theme, Thumbnails, Words, due_calendar, feed_file};
use crate::reckoning::Agenda;
use crate::repository::Snapshot;
use crate::sealing::SealingKey;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// What an edition is made of.
pub struct Material {
    /// The files.
    pub snapshot: Snapshot,
    /// The archive made of them, without an error.
    pub archive: Archive,
    /// Its theme.
    pub theme: Theme,
    /// The sealing key.
    pub key: Arc<SealingKey>,
    /// What the site says of itself.
    pub built: Built,
    /// In whose place pages are shown; none for pages as they are published.
    pub view: Option<View>,
    /// The small pictures that were drawn for this edition or one before it.
    pub drawings: Arc<Drawings>,
    /// The past that pages show until this edition's own is read; none for a folder that has no past.
    pub meanwhile: Option<Arc<History>>,
}

/// An archive with those files of its site that were asked for.
pub struct Edition {
    material: Material,
    agenda: OnceLock<Agenda>,
    past: OnceLock<Option<Arc<History>>>,
    /// The names of sealed files by their address, where a view shows them in the clear.
    names: OnceLock<BTreeMap<String, String>>,
    /// What stands at the addresses of attached files.
    places: OnceLock<HashMap<String, files::Place>>,
    pages: Mutex<HashMap<String, Kept>>,
    /// What lies beside pages that were made: long envelopes, and rows of long tables.
    beside: Mutex<Lot>,
    /// Which files have a small picture, as their names say: it is drawn when it is asked for.
    thumbnails: Thumbnails,
    keyrings: OnceLock<Result<Lot, DoorError>>,
    index: OnceLock<Result<Lot, DoorError>>,
}

/// Whether a file is a further page of a long table.
fn is_further(file: &str) -> bool {
    file.rsplit('/').next().is_some_and(|name| name.starts_with("list-") && name.ends_with(".html"))
}

/// Files that are made together, by their address.
type Lot = HashMap<String, Arc<[u8]>>;

/// A page that was made.
struct Kept {
    bytes: Arc<[u8]>,
    stamp: Option<String>,
    /// Whether it shows the edition's own past.
    settled: bool,
}

impl Edition {
    /// An edition of which nothing is made yet.
    #[must_use]
    pub fn new(material: Material) -> Self {
        let past = OnceLock::new();
        if material.meanwhile.is_none() {
            let _ = past.set(None);
        }
        let (agenda, pages, beside) = (OnceLock::new(), Mutex::default(), Mutex::default());
        let (keyrings, index, thumbnails) = (OnceLock::new(), OnceLock::new(), Thumbnails::by_name());
        let (names, places) = (OnceLock::new(), OnceLock::new());
        Self { material, agenda, past, names, places, pages, beside, thumbnails, keyrings, index }
    }

    /// The archive.
    #[must_use]
    pub fn archive(&self) -> &Archive {
        &self.material.archive
    }

    /// The words of its interface.
    #[must_use]
    pub fn words(&self) -> &Words {
        self.material.theme.words()
    }

    /// The files that it was read from.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.material.snapshot
    }

    /// The commit below the work tree; empty where there is none.
    #[must_use]
    pub fn commit(&self) -> &str {
        &self.material.built.commit
    }

    /// A finding if a part of some page could not be rendered.
    #[must_use]
    pub fn trouble(&self) -> Option<Finding> {
        self.material.theme.check()
    }

    /// The file at an address of the site; none where the site has none.
    ///
    /// # Errors
    /// When it cannot be made: a template fails, or an attachment can no longer be read.
    pub fn file(&self, file: &str) -> Result<Option<Arc<[u8]>>, DoorError> {
        let sealed = self.material.view.is_none();
        match file.split_once('/').map(|(folder, _)| folder) {
            Some("assets") => Ok(self.asset(file)),
            Some("files") => self.attachment(file),
            Some("keys") if sealed => Ok(self.keyrings()?.get(file).cloned()),
            Some("search") if file.ends_with(".js") => Ok(self.index()?.get(file).cloned()),
            _ if file == DUE_FILE => {
                let calendar = self.at_desk(None, |desk, door| door.open_text(DUE_FILE, &due_calendar(desk)));
                Ok(calendar.map(|file| file.bytes.into()))
            }
            Some("envelopes" | "rows") => Ok(self.beside().get(file).cloned()),
            _ if file == FEED_FILE => self.feed(),
            _ if is_further(file) => {
                // The page that the rows are taken from is made first, if nobody has asked for it.
                let (folder, _) = file.split_at(file.rfind('/').map_or(0, |at| at + 1));
                self.page(&format!("{folder}index.html"))?;
                Ok(self.beside().get(file).cloned())
            }
            _ if file.ends_with(".html") => self.page(file),
            _ => Ok(None),
        }
    }

    /// Gives the edition its own past. Pages that were made before it came are made again; the addresses of those that
    /// are others now come back.
    pub fn tell(&self, past: Option<Arc<History>>) -> Vec<String> {
        if self.past.set(past).is_err() {
            return Vec::new();
        }
        let early: Vec<String> =
            self.kept().iter().filter(|(_, kept)| !kept.settled).map(|(file, _)| file.clone()).collect();
        let anew = |file: &String| {
            let old = self.kept().remove(file)?;
            let made = self.made(file, Some(&old)).ok().flatten();
            let same = made.as_ref().is_some_and(|made| made.bytes == old.bytes);
            made.map(|made| self.kept().insert(file.clone(), made));
            (!same).then(|| file.clone())
        };
        early.iter().filter_map(anew).collect()
    }

    /// Lets an edition be that another has taken the place of: it keeps the past that it was shown with.
    pub fn let_be(&self) {
        let _ = self.past.set(self.material.meanwhile.clone());
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn beside(&self) -> MutexGuard<'_, Lot> {
        self.beside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What changed, as a feed; of an archive without a past none.
    fn feed(&self) -> Result<Option<Arc<[u8]>>, DoorError> {
        let history = self.past.wait().as_deref();
        let day = &self.material.built.date;
        let file = self.at_desk(history, |desk, door| door.open_text(FEED_FILE, &feed_file(desk, day)?));
        Ok(file.map(|file| file.bytes.into()))
    }

    fn at_desk<T>(&self, history: Option<&History>, work: impl FnOnce(&Desk<'_>, &Door<'_>) -> T) -> T {
        let Material { archive, theme, key, built, .. } = &self.material;
        let addresses = Addresses::new(key);
        let desk = Desk {
            archive,
            theme,
            addresses: &addresses,
            history,
            agenda: &self.agenda,
            branch: &built.branch,
            thumbnails: &self.thumbnails,
        };
        work(&desk, &Door::new(archive, theme, key, built))
    }

    fn page(&self, file: &str) -> Result<Option<Arc<[u8]>>, DoorError> {
        if let Some(kept) = self.kept().get(file) {
            return Ok(Some(Arc::clone(&kept.bytes)));
        }
        let Some(made) = self.made(file, None)? else { return Ok(None) };
        let bytes = Arc::clone(&made.bytes);
        // If the past came while the page was made, it is made once more when it is asked for again.
        if made.settled || self.past.get().is_none() {
            self.kept().insert(file.to_owned(), made);
        }
        Ok(Some(bytes))
    }

    /// Makes a page, with the past as far as it is there; one that is about the past alone waits for it.
    fn made(&self, file: &str, before: Option<&Kept>) -> Result<Option<Kept>, DoorError> {
        let past = self.past.get();
        let history = past.unwrap_or(&self.material.meanwhile).as_deref();
        let now = self.at_desk(history, |desk, door| {
            let pages = all(desk).filter(|planned| planned.may_be(file) && !planned.is_of_the_past());
            self.first(pages, file, (desk, door), before)
        })?;
        if let Some(page) = now {
            return Ok(Some(Kept { settled: past.is_some(), ..page }));
        }
        if !file.ends_with("index.html") {
            return Ok(None);
        }
        let history = self.past.wait().as_deref();
        self.at_desk(history, |desk, door| {
            let pages = all(desk).filter(|planned| planned.may_be(file) && planned.is_of_the_past());
            self.first(pages, file, (desk, door), before)
        })
    }

    /// The first of some pages that stands in this file.
    fn first<'p>(
        &self,
        mut pages: impl Iterator<Item = Planned<'p>>,
        file: &str,
        (desk, door): (&Desk<'_>, &Door<'_>),
        before: Option<&Kept>,
    ) -> Result<Option<Kept>, DoorError> {
        let is_it = |page: &Held<Page>| page.as_ref().map(|page| file_of(&page.address)).release().1 == file;
        let found = pages.find_map(|planned| planned.make(desk).into_iter().find(is_it));
        found.map(|page| self.let_out(page, door, before)).transpose()
    }

    fn let_out(&self, page: Held<Page>, door: &Door<'_>, before: Option<&Kept>) -> Result<Kept, DoorError> {
        if let Some(view) = &self.material.view {
            let Finished { bytes, .. } = door.show(page, view, self.names())?;
            return Ok(Kept { bytes: bytes.into(), stamp: None, settled: true });
        }
        let html = before.map(|kept| String::from_utf8_lossy(&kept.bytes));
        let stamp = before.and_then(|kept| kept.stamp.as_deref());
        let before = html.as_deref().map(|html| Before { html, site: std::path::Path::new(""), stamp });
        let Passed { page, beside, stamp, .. } = door.pass(page, before, &[])?;
        self.beside().extend(beside.into_iter().map(|(file, _)| (file.address, file.bytes.into())));
        Ok(Kept { bytes: page.bytes.into(), stamp, settled: true })
    }

    fn asset(&self, file: &str) -> Option<Arc<[u8]>> {
        let asset = self.material.theme.assets().into_iter().find(|asset| asset.address == file)?;
        Some(asset.text.into_bytes().into())
    }

    /// The keyrings, for whoever unlocks. They hold the keys of all that is sealed anywhere, so that every page is looked
    /// at for it.
    fn keyrings(&self) -> Result<&Lot, DoorError> {
        let make = || {
            let history = self.past.wait().as_deref();
            self.at_desk(history, |desk, door| {
                let planned: Vec<Planned<'_>> = all(desk).collect();
                planned.par_iter().flat_map_iter(|planned| planned.make(desk)).try_for_each(|page| door.note(page))?;
                for (clearance, _) in self.material.archive.attached.iter().map(Held::release) {
                    door.clearance_key(&clearance)?;
                }
                note_indexes(desk, door)?;
                let made = keyrings(door, &door.used_clearances(), None, &Stamps::new())?;
                Ok(made.files.into_iter().map(|file| (file.address, file.bytes.into())).collect())
            })
        };
        self.keyrings.get_or_init(make).as_ref().map_err(DoorError::new)
    }

    /// The search indexes, for whoever searches. They are made together, since a shard's name is a digest of what it holds.
    fn index(&self) -> Result<&Lot, DoorError> {
        let make = || {
            let made = self.at_desk(None, |desk, door| match &self.material.view {
                Some(view) => index_shown(desk, door, &view.holds),
                None => {
                    let made = index_files(desk, door, None, &Stamps::new())?;
                    Ok(made.files.into_iter().map(|(file, _)| file).collect())
                }
            })?;
            Ok(made.into_iter().map(|file| (file.address, file.bytes.into())).collect())
        };
        self.index.get_or_init(make).as_ref().map_err(DoorError::new)
    }
}
