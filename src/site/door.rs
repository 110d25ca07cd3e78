//! The door: the one place where what is held leaves its holder and becomes bytes.
//!
//! A page comes in as parts, each under its clearance. What all staff may read goes out as HTML; everything else goes
//! into one envelope for each clearance. The writer takes only what came through here ([`Finished`]), so that a text
//! cannot be published by any other way.

use super::envelopes::{Before, Content, Envelopes, envelopes};
use super::frame::{Frame, Note};
use super::gate::Kind;
use super::layout::{Fragment, Layout};
use super::opened::OpenedPage;
use crate::access::{Clearance, Held};
use crate::archive::Archive;
use crate::page::{Html, Page, Theme};
use crate::sealing::{ClearanceKey, Recipient, SealingKey, letters};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// What the site says of itself on every page.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Built {
    /// The day of the build.
    pub date: String,
    /// The commit's id; empty outside git.
    pub commit: String,
    /// Its first digits.
    pub commit_short: String,
    /// The branch, where HEAD is on one.
    pub branch: String,
    /// Whether what is not committed was published.
    pub worktree: bool,
    /// Whether no repository holds the archive.
    pub outside_git: bool,
    /// Whether the repository is a shallow clone.
    pub shallow: bool,
    /// Whether registers of another repository were read beside the archive.
    pub beside: bool,
    /// The commit of that repository; empty outside git. It stands on no page: who knows the rest of a small repository
    /// could test guesses at it.
    #[serde(skip)]
    pub beside_commit: String,
    /// What stands in its place: letters that are others for another commit, and say nothing without the sealing key.
    pub beside_mark: String,
    /// Whether what is not committed there was read.
    pub beside_dirty: bool,
}

impl Built {
    /// With the mark by which pages name the commit of registers that lie beside the archive.
    #[must_use]
    pub fn marked(&self, key: &SealingKey) -> Self {
        let mark = || letters(&key.digest("registers beside", &[self.beside_commit.as_bytes()])[..8]);
        let beside_mark = if self.beside_commit.is_empty() { String::new() } else { mark() };
        Self { beside_mark, ..self.clone() }
    }
}

/// What may not load from where: scripts and styles from the site's own files alone, nothing from elsewhere.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: \
                       blob:; media-src 'self' blob:; connect-src 'self'; worker-src blob:; frame-src 'self' blob:; \
                       form-action 'none'; base-uri 'none'";

/// A file of the site, ready to be written. Only the door makes these.
pub struct Finished {
    pub(super) address: String,
    pub(super) bytes: Vec<u8>,
}

/// What came of a page.
pub struct Passed {
    /// The page itself.
    pub page: Finished,
    /// What does not stand in the page itself, with what the gate takes it for.
    pub beside: Vec<(Finished, Kind)>,
    /// The page as each audience reads it that alone suffices for something sealed on it.
    pub opened: Vec<OpenedPage>,
    /// SHA-256 of its envelopes in binary form, for the gate.
    pub envelopes: Vec<[u8; 32]>,
    /// What the next build knows them by; none where there are none.
    pub stamp: Option<String>,
    /// What browsers call the page, where everybody may know it: the site's name follows the page's own.
    pub called: Option<String>,
}

/// The door of one build.
pub struct Door<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// The theme.
    pub theme: &'a Theme,
    /// The sealing key.
    pub key: &'a SealingKey,
    /// What the site says of itself.
    pub built: &'a Built,
    keys: Mutex<HashMap<Clearance, Option<Arc<ClearanceKey>>>>,
}

/// A page could not be made.
#[derive(Debug)]
pub struct DoorError(String);

impl std::fmt::Display for DoorError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DoorError {}

impl DoorError {
    /// From whatever went wrong.
    pub fn new(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl<'a> Door<'a> {
    /// The door of an archive's build.
    #[must_use]
    pub fn new(archive: &'a Archive, theme: &'a Theme, key: &'a SealingKey, built: &'a Built) -> Self {
        Self { archive, theme, key, built, keys: Mutex::default() }
    }

    /// The key pair of a clearance; none where nobody meets it, and its content is left out.
    ///
    /// # Errors
    /// When no key can be derived.
    pub fn clearance_key(&self, clearance: &Clearance) -> Result<Option<Arc<ClearanceKey>>, DoorError> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = keys.get(clearance) {
            return Ok(known.clone());
        }
        let recipients: Vec<Recipient> =
            self.archive.cleared(clearance).flat_map(|reader| reader.keys.clone()).collect();
        let key = if recipients.is_empty() {
            None
        } else {
            Some(Arc::new(self.key.clearance_key(&clearance.canonical(), &recipients).map_err(DoorError::new)?))
        };
        keys.insert(clearance.clone(), key.clone());
        Ok(key)
    }

    /// Every clearance for which something was sealed so far.
    #[must_use]
    pub fn used_clearances(&self) -> Vec<Clearance> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let mut used: Vec<Clearance> = keys.iter().filter(|(_, key)| key.is_some()).map(|(c, _)| c.clone()).collect();
        used.sort();
        used
    }

    /// The id of a clearance on pages and in keyrings.
    #[must_use]
    pub fn clearance_id(&self, clearance: &Clearance) -> String {
        self.key.clearance_id(&clearance.canonical())
    }

    /// What a clearance is called: its audiences' titles with «or» and «and».
    #[must_use]
    pub fn clearance_title(&self, clearance: &Clearance, language: &str) -> String {
        let words = self.theme.words();
        let title = |name: &str| {
            self.archive
                .settings
                .audiences
                .get(name)
                .map_or_else(|| name.to_owned(), |a| a.title.in_language(language).to_owned())
        };
        let joined = |key: &str| {
            let word = words.plain(key, language);
            if language == "zh" { word.to_owned() } else { format!(" {word} ") }
        };
        let (or, and) = (joined("list.or"), joined("list.and"));
        let several = clearance.clauses().count() > 1;
        let (open, close) = if language == "zh" { ("（", "）") } else { ("(", ")") };
        let clauses: Vec<String> = clearance
            .clauses()
            .map(|clause| {
                let any = clause.iter().map(|name| title(name)).collect::<Vec<_>>().join(&or);
                if several && clause.len() > 1 { format!("{open}{any}{close}") } else { any }
            })
            .collect();
        clauses.join(&and)
    }

    /// Lets a page out: open HTML with an envelope for each clearance. `before` is the page as it stood in the site
    /// before, whose unchanged envelopes are kept. `audiences` are those for which bundles are made.
    ///
    /// # Errors
    /// When a template fails, or nothing can be sealed.
    pub fn pass(
        &self,
        page: Held<Page>,
        before: Option<Before<'_>>,
        audiences: &[String],
    ) -> Result<Passed, DoorError> {
        let (whole, page) = page.release();
        let further = |pages: &[usize], at: usize| self.further(pages, at);
        let mut layout = Layout::new(self.key, &page.address, &further);
        let open = Clearance::open();
        let regions: Vec<(&'static str, String)> =
            page.regions.iter().map(|region| (region.name, layout.region(region, &open))).collect();
        let (sealed, divided) = layout.into_rest();
        let (asks, title) = page.title.clone().release();
        let title = title.in_language(&self.archive.settings.language).to_owned();
        let shown = if asks.is_open() { title.clone() } else { self.word("sealed.page") };

        let mut contents = Vec::new();
        let mut by_audience: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (clearance, fragments) in &sealed {
            let Some(key) = self.clearance_key(clearance)? else { continue };
            let id = self.clearance_id(clearance);
            let inner_title = (*clearance == asks).then_some(title.as_str());
            let plain = plaintext(&page.address, &id, inner_title, fragments)?;
            for audience in clearance.audiences() {
                by_audience.entry(audience.to_owned()).or_default().push(id.clone());
            }
            contents.push(Content { id, key, plain });
        }
        let Envelopes { html: envelopes, beside, digests, stamp } =
            envelopes(self.key, &page.address, &contents, before)?;
        let beside = beside.iter().map(|(place, armored)| (self.delivery(place, armored), Kind::Script));
        // One line for each audience, however many clearances name it: what may lie where is not told.
        let notes = by_audience
            .into_iter()
            .map(|(audience, mut ids)| {
                ids.dedup();
                let label = self.audience_title(&audience);
                Note { clearance: ids.join(" "), audience, label }
            })
            .collect();
        let rows = self.rows_beside(&page, &shown, &divided)?;
        let envelopes = rows.marks + &envelopes;
        let frame = Frame { notes, envelopes, sealed_page: !whole.is_open(), title: &shown, ..Frame::default() };
        let html = self.frame(&page, &regions, frame)?;
        let opened = self.opened(&page, &sealed, &title, &asks, audiences)?;
        Ok(Passed {
            page: self.page_file(file_of(&page.address), html),
            beside: rows.files.into_iter().chain(beside).collect(),
            opened,
            envelopes: digests,
            stamp: (!contents.is_empty()).then_some(stamp),
            called: asks.is_open().then(|| self.called(&title)),
        })
    }

    /// What an audience is called; its name, where it is there no more.
    pub(super) fn audience_title(&self, audience: &str) -> Html {
        let known = self.archive.settings.audiences.get(audience);
        known.map_or_else(|| Html::text(audience), |audience| Html::phrase(&audience.title))
    }

    pub(super) fn word(&self, key: &str) -> String {
        self.theme.words().plain(key, &self.archive.settings.language).to_owned()
    }

    /// What browsers call a page of this title.
    pub(super) fn called(&self, title: &str) -> String {
        let settings = &self.archive.settings;
        let site = settings.title.in_language(&settings.language);
        if title == site { site.to_owned() } else { format!("{title} · {site}") }
    }

    /// A file that holds nothing of the archive: styles, scripts.
    #[must_use]
    pub fn asset(&self, address: &str, text: &str) -> Finished {
        Finished { address: address.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    /// A text that all staff may read, as it is; none where it asks for more.
    #[must_use]
    pub fn open_text(&self, address: &str, text: &Held<String>) -> Option<Finished> {
        let bytes = text.in_the_open()?.as_bytes().to_vec();
        Some(Finished { address: address.to_owned(), bytes })
    }

    /// A sealed text as a script that hands it to the page: what works from a folder, where pages may not fetch.
    #[must_use]
    pub fn delivery(&self, place: &str, armored: &str) -> Finished {
        self.script(place, &serde_json::Value::from(armored).to_string())
    }

    /// JSON as a script that hands it to the page.
    pub(super) fn script(&self, place: &str, json: &str) -> Finished {
        let script = format!("strongroom.deliver({},{json})\n", serde_json::Value::from(place));
        Finished { address: format!("{place}.js"), bytes: script.into_bytes() }
    }

    /// A page as a file.
    pub(super) fn page_file(&self, address: String, html: Html) -> Finished {
        Finished { address, bytes: html.into_string().into_bytes() }
    }

    /// A file that is sealed already.
    #[must_use]
    pub fn ciphertext(&self, address: String, bytes: Vec<u8>) -> Finished {
        Finished { address, bytes }
    }
}

/// The file of a page's address.
#[must_use]
pub fn file_of(address: &str) -> String {
    if address.is_empty() || address.ends_with('/') { format!("{address}index.html") } else { address.to_owned() }
}

#[derive(serde::Serialize)]
struct Plaintext<'p> {
    strongroom: u8,
    page: &'p str,
    clearance: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'p str>,
    parts: &'p [Fragment],
}

fn plaintext(page: &str, clearance: &str, title: Option<&str>, parts: &[Fragment]) -> Result<String, DoorError> {
    serde_json::to_string(&Plaintext { strongroom: 1, page, clearance, title, parts }).map_err(DoorError::new)
}

/// The binary file inside an armored one.
#[must_use]
pub fn dearmored(armored: &str) -> Vec<u8> {
    use base64::Engine as _;
    let body: String = armored.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    base64::engine::general_purpose::STANDARD.decode(body).unwrap_or_default()
}
