//! Publishing: every page made, let out by the door, written, searched, and swapped in whole.

use super::bundle::{Bundles, Opened};
use super::door::{Built, Door, DoorError, Finished, Passed, file_of};
use super::envelopes::Before;
use super::files::{PublishedFile, publish_file};
use super::gate::{Kind, Ledger};
use super::index_files::index_files;
use super::keyrings::keyrings;
use super::last_gate::{Search, Written};
use super::plan::{of_archive, of_dossier};
use super::state::{Stamps, State};
use super::swap::{Publication, SwapError};
use super::thumbnails::publish_thumbnails;
use super::vouching::{Vouching, vouch};
use crate::access::Held;
use crate::archive::{Archive, Corpus};
use crate::dossier::Dossier;
use crate::finding::Findings;
use crate::history::History;
use crate::page::{
    Addresses, DUE_FILE, Desk, FEED_FILE, FileAddress, Page, Theme, dashboards_said, due_calendar, due_said,
    duration_said, feed_file, feed_said, forge_said, kept_said, own_words, weeks_said,
};
use crate::proof::LogError;
use crate::repository::Snapshot;
use crate::sealing::SealingKeyError;
use rayon::prelude::*;
use std::path::Path;
use std::sync::OnceLock;

/// What is to be published, and where.
pub struct Order<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The archive made of them, without an error.
    pub archive: &'a Archive,
    /// The archive's past; none for a folder outside git.
    pub history: Option<&'a History>,
    /// What the site says of itself.
    pub built: Built,
    /// The site's folder.
    pub target: &'a Path,
    /// Folders that the site may not be in, nor be around.
    pub forbid: Vec<&'a Path>,
    /// What builds keep for one another.
    pub state: &'a State,
    /// Whether a leak's finding may quote the text.
    pub excerpts: bool,
    /// Who signs the site.
    pub vouching: Vouching<'a>,
    /// Told how far it is: the stage, what is done, and of how much.
    pub progress: &'a (dyn Fn(Stage, usize, usize) + Sync),
}

/// What a build is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Pages are made and sealed.
    Pages,
    /// The search indexes are made.
    Index,
    /// Attachments are sealed.
    Files,
    /// The last gate searches.
    Search,
    /// The new site takes the old one's place.
    Swap,
}

/// What was published.
pub struct Published {
    /// How many pages.
    pub pages: usize,
    /// How many envelopes and sealed files.
    pub sealed: usize,
    /// How many readers are in a keyring.
    pub readers: usize,
    /// By which letters pages name which commit of the registers that were read beside the archive.
    pub registers: Option<(String, String)>,
    /// Warnings of the gate.
    pub findings: Findings,
}

/// Why nothing was published. The site that stood before stands as it was.
#[derive(Debug)]
pub enum PublishError {
    /// Findings: a broken theme, or restricted text that would have been published.
    Findings(Findings),
    /// The sealing key cannot be had.
    Key(SealingKeyError),
    /// The target cannot be published to.
    Swap(SwapError),
    /// A page or file could not be made.
    Door(DoorError),
    /// What was written could not be read back, or kept.
    Io(std::io::Error),
    /// The log of publishings could not be written.
    Log(LogError),
}

impl std::fmt::Display for PublishError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Findings(findings) => write!(f, "{} findings", findings.len()),
            Self::Key(error) => error.fmt(f),
            Self::Swap(error) => error.fmt(f),
            Self::Door(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
            Self::Log(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PublishError {}

impl From<SwapError> for PublishError {
    fn from(error: SwapError) -> Self {
        Self::Swap(error)
    }
}

impl From<DoorError> for PublishError {
    fn from(error: DoorError) -> Self {
        Self::Door(error)
    }
}

impl From<std::io::Error> for PublishError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// Dossiers are made in lots of this size: made and sealed side by side, then put into the bundles in order.
const LOT: usize = 128;

/// Publishes an archive. Either the whole new site stands at the target afterwards, or the old one does, untouched.
///
/// # Errors
/// Whatever kept it from being published.
pub fn publish(order: &Order<'_>) -> Result<Published, PublishError> {
    let mut findings = Vec::new();
    let theme = Theme::load(&order.archive.theme, &mut findings);
    let Some(theme) = theme else { return Err(PublishError::Findings(findings.into())) };
    let key = order.state.sealing_key().map_err(PublishError::Key)?;
    let publication = Publication::begin(order.target, &order.forbid, false)?;
    let old_stamps = order.state.stamps();
    let built = order.built.marked(&key);
    let door = Door::new(order.archive, &theme, &key, &built);
    let addresses = Addresses::new(&key);
    let agenda = OnceLock::new();
    let small = publish_thumbnails(&door, &addresses, order.snapshot, &publication, &old_stamps)?;
    let desk = Desk {
        archive: order.archive,
        theme: &theme,
        addresses: &addresses,
        history: order.history,
        agenda: &agenda,
        branch: &order.built.branch,
        thumbnails: &small.thumbnails,
    };
    let mut making = Making {
        order,
        door: &door,
        publication: &publication,
        bundles: Bundles::begin(&door, &addresses, &publication, &small.thumbnails)?,
        written: small.outputs,
        ledger: Ledger::new(),
        stamps: small.stamps,
        called: Vec::new(),
        sealed: 0,
        pages: 0,
    };
    small.sealed.into_iter().for_each(|digest| making.ledger.enter_digest(digest));
    for asset in theme.assets() {
        making.write(door.asset(asset.address, &asset.text), Kind::Script)?;
    }
    if let Some(file) = door.open_text(DUE_FILE, &due_calendar(&desk)) {
        making.write(file, Kind::Calendar)?;
    }
    if let Some(file) = feed_file(&desk, &order.built.date).and_then(|text| door.open_text(FEED_FILE, &text)) {
        making.write(file, Kind::Html)?;
    }
    let site = Site { publication: &publication, stamps: &old_stamps };
    let of_archive = of_archive(&desk);
    let first = of_archive.par_iter().flat_map_iter(|planned| planned.make(&desk));
    let passed = pass_all(&door, &site, first, &making.bundles.audiences());
    let mut waiting = making.take(passed)?;
    let dossiers: Vec<_> = order.archive.dossiers.lay_out(|held| held).collect();
    for lot in dossiers.chunks(LOT) {
        // While one lot goes into the bundles, the next one is made.
        let (audiences, before) = (making.bundles.audiences(), std::mem::take(&mut waiting));
        let pages = lot.par_iter().flat_map(|held| of_dossier(&desk, held));
        let pages = pages.flat_map_iter(|planned| planned.make(&desk));
        let make = || pass_all(&door, &site, pages, &audiences);
        let (passed, bundled) = rayon::join(make, || making.bundles.pages(before));
        bundled?;
        waiting = making.take(passed)?;
        (order.progress)(Stage::Pages, making.pages, dossiers.len() + of_archive.len());
    }
    making.bundles.pages(waiting)?;
    (order.progress)(Stage::Index, 0, 1);
    making.index(&desk, &old_stamps)?;
    let mut withheld = making.files(&addresses)?;
    withheld.extend(small.withheld);
    // Last, so that they hold the identity of everything that was sealed.
    let readers = making.keyrings(&old_stamps)?;
    let Making { bundles, mut written, mut ledger, mut stamps, called, sealed, pages, .. } = making;
    // What the gate compares with is collected beside the bundles' end, which alone would not keep all threads busy.
    let finish = || bundles.finish(&addresses, order.snapshot, &small.thumbnails, &publication, &old_stamps);
    let texts = || (Corpus::of(order.archive), order.history.map(History::texts).unwrap_or_default());
    let (finished, (corpus, past)) = rayon::join(finish, texts);
    for bundle in finished? {
        ledger.enter_digest(bundle.sealed);
        stamps.insert(bundle.address.clone(), bundle.stamp);
        // The largest files come first, so that no thread is left with one of them at the end.
        written.insert(0, (bundle.address, Kind::KnownCiphertext));
    }

    if let Some(finding) = theme.check() {
        return Err(PublishError::Findings(finding.into()));
    }
    (order.progress)(Stage::Search, 0, written.len());
    let mut said: Vec<String> = order.archive.types.iter().map(|t| file_of(&Addresses::register(&t.name))).collect();
    said.extend(own_words(order.archive.types.iter().map(|t| t.name.as_str())));
    said.extend(open_addresses(order.archive, &addresses));
    said.extend(called);
    said.extend(dashboards_said());
    said.extend(weeks_said(order.archive));
    said.extend(due_said(&desk));
    said.extend(kept_said(order.archive));
    said.extend(duration_said(theme.words()));
    said.extend(feed_said(&desk));
    said.extend(forge_said(&desk));
    for clearance in door.used_clearances() {
        said.extend(["zh", "en"].map(|language| door.clearance_title(&clearance, language)));
    }
    said.extend(order.history.iter().flat_map(|history| history.said()));
    let search = Search {
        said,
        corpus,
        history: order.history,
        past,
        theme: &theme,
        built: &built,
        ledger: &ledger,
        withheld,
        excerpts: order.excerpts,
    };
    let mut findings: Findings =
        search.run(&Written { folder: publication.folder(), files: written, ledger: &ledger })?.into();
    findings.sort();
    if findings.has_errors() {
        return Err(PublishError::Findings(findings));
    }
    (order.progress)(Stage::Swap, 0, 1);
    vouch(&publication, &order.built, &order.vouching)?;
    publication.commit()?;
    order.state.keep_stamps(&stamps)?;
    let registers = (!built.beside_commit.is_empty()).then_some((built.beside_mark, built.beside_commit));
    Ok(Published { pages, sealed, readers, registers, findings })
}

/// Where the open records and files and the bundles are, as links say it: restricted text may hold an address of the same
/// shape, such as that of a page elsewhere which is called as a dossier here.
fn open_addresses(archive: &Archive, addresses: &Addresses<'_>) -> Vec<String> {
    let files = archive.attached.iter().filter_map(|held| match addresses.held_file(held).in_the_open() {
        Some(FileAddress::Open(address)) => Some(format!("../../../{address}")),
        _ => None,
    });
    let bundles = archive.settings.audiences.iter().map(|(audience, _)| format!("../bundles/{audience}.zip.age"));
    let of_dossier = |dossier: &Dossier| {
        let folder = addresses.dossier(&dossier.name, dossier.clearance());
        // As it stands in links from other pages, of which the deepest lie three folders down.
        let above = |address: &str| format!("../../../{}", file_of(address));
        let page = above(&folder);
        let records = dossier.records.in_the_open().map(|record| format!("{page}#{}", record.anchor()));
        let mut all: Vec<String> = records.collect();
        all.extend([above(&addresses.history(&folder)), page]);
        all
    };
    archive.dossiers.in_the_open().flat_map(of_dossier).chain(files).chain(bundles).collect()
}

/// Where pages go, and what is known of those before.
struct Site<'a> {
    publication: &'a Publication,
    stamps: &'a Stamps,
}

/// Lets pages out and writes them, side by side.
fn pass_all(
    door: &Door<'_>,
    site: &Site<'_>,
    pages: impl ParallelIterator<Item = Held<Page>>,
    audiences: &[String],
) -> Vec<Result<Passed, PublishError>> {
    pages
        .map(|page| {
            let (_, file) = page.as_ref().map(|page| file_of(&page.address)).release();
            let stamp = site.stamps.get(&file).map(String::as_str);
            let html = site.publication.previous().and_then(|site| {
                let html = std::fs::read_to_string(site.join(&file)).ok()?;
                Some((site, html))
            });
            let before = html.as_ref().map(|(site, html)| Before { html, site, stamp });
            let passed = door.pass(page, before, audiences)?;
            for file in passed.beside.iter().map(|(file, _)| file).chain([&passed.page]) {
                site.publication.write(&file.address, &file.bytes)?;
            }
            Ok(passed)
        })
        .collect()
}

struct Making<'a> {
    order: &'a Order<'a>,
    door: &'a Door<'a>,
    publication: &'a Publication,
    bundles: Bundles<'a>,
    written: Vec<(String, Kind)>,
    ledger: Ledger,
    stamps: Stamps,
    called: Vec<String>,
    sealed: usize,
    pages: usize,
}

impl Making<'_> {
    fn write(&mut self, finished: Finished, kind: Kind) -> Result<(), PublishError> {
        self.publication.write(&finished.address, &finished.bytes)?;
        self.written.push((finished.address, kind));
        Ok(())
    }

    /// Notes what came through the door, and gives what goes into bundles.
    fn take(&mut self, passed: Vec<Result<Passed, PublishError>>) -> Result<Opened, PublishError> {
        let mut opened = Opened::new();
        for passed in passed {
            let passed = passed?;
            self.pages += 1;
            self.sealed += passed.envelopes.len();
            passed.envelopes.into_iter().for_each(|digest| self.ledger.enter_digest(digest));
            self.stamps.extend(passed.stamp.map(|stamp| (passed.page.address.clone(), stamp)));
            self.called.extend(passed.called);
            self.written.extend(passed.beside.into_iter().map(|(file, kind)| (file.address, kind)));
            self.written.push((passed.page.address, Kind::Html));
            opened.extend(passed.opened);
        }
        Ok(opened)
    }

    fn index(&mut self, desk: &Desk<'_>, old: &Stamps) -> Result<(), PublishError> {
        let made = index_files(desk, self.door, self.publication.previous(), old)?;
        self.sealed += made.sealed.len();
        made.sealed.into_iter().for_each(|digest| self.ledger.enter_digest(digest));
        self.stamps.extend(made.stamps);
        for (file, kind) in made.files {
            self.write(file, kind)?;
        }
        Ok(())
    }

    fn keyrings(&mut self, old: &Stamps) -> Result<usize, PublishError> {
        let made = keyrings(self.door, &self.door.used_clearances(), self.publication.previous(), old)?;
        made.binaries.iter().for_each(|binary| self.ledger.enter(binary));
        for file in made.files {
            self.write(file, Kind::Script)?;
        }
        self.stamps.extend(made.stamps);
        Ok(made.readers)
    }

    fn files(&mut self, addresses: &Addresses<'_>) -> Result<Vec<(super::gate::Withheld, String)>, PublishError> {
        let all: Vec<_> = self.order.archive.attached.iter().collect();
        (self.order.progress)(Stage::Files, 0, all.len());
        let (door, snapshot, publication) = (self.door, self.order.snapshot, self.publication);
        let published: Vec<Result<PublishedFile, DoorError>> =
            all.into_par_iter().map(|held| publish_file(door, addresses, snapshot, publication, held)).collect();
        let mut withheld = Vec::new();
        for file in published {
            let file = file?;
            self.sealed += usize::from(file.sealed.is_some());
            file.sealed.into_iter().for_each(|digest| self.ledger.enter_digest(digest));
            withheld.extend(file.withheld.map(|withheld| (withheld, file.path.clone())));
            self.written.extend(file.outputs);
        }
        Ok(withheld)
    }
}
