//! The frame of a page: everything that stands around its regions.

use super::door::{CSP, Door, DoorError, file_of};
use crate::archive::Settings;
use crate::page::{Addresses, Context, DUE_PAGE, Html, NOT_FOUND_PAGE, Page, root_of};

/// Seconds without input after which a tab locks itself.
const IDLE: u32 = 900;

/// What stands around a page's regions.
#[derive(Default)]
pub(super) struct Frame<'t> {
    pub(super) notes: Vec<Note>,
    pub(super) envelopes: String,
    pub(super) sealed_page: bool,
    pub(super) bundle: bool,
    /// Whether it is a further page of a long table.
    pub(super) further: bool,
    /// In whose place it is shown, where it is shown to an archivist in a reader's place.
    pub(super) preview: Option<&'t Html>,
    pub(super) title: &'t str,
}

/// A line for an audience that may read something of a page.
#[derive(serde::Serialize)]
pub(super) struct Note {
    pub(super) clearance: String,
    /// Its name, by which the browser knows whether a reader belongs to it.
    pub(super) audience: String,
    pub(super) label: Html,
}

#[derive(serde::Serialize)]
struct NavEntry {
    href: String,
    label: Html,
    current: bool,
}

impl Door<'_> {
    /// Puts regions into the frame of their page.
    ///
    /// # Errors
    /// When the template fails.
    pub(super) fn frame(
        &self,
        page: &Page,
        regions: &[(&'static str, String)],
        frame: Frame<'_>,
    ) -> Result<Html, DoorError> {
        let settings = &self.archive.settings;
        // A server shows the page of what is missing at whatever address was asked for, from which no relative way
        // leads anywhere; where the settings say where the site stands, its ways begin there.
        let from_url = settings.url.as_deref().filter(|_| page.address == NOT_FOUND_PAGE).map(path_of);
        let root = from_url.unwrap_or_else(|| root_of(&page.address));
        let title = self.called(frame.title);
        let mut nav = vec![NavEntry {
            href: format!("{root}index.html"),
            label: self.theme.words().html("home.title"),
            current: page.current == "home",
        }];
        nav.push(NavEntry {
            href: format!("{root}{DUE_PAGE}index.html"),
            label: self.theme.words().html("due.title"),
            current: page.current == "due",
        });
        if !frame.bundle {
            nav.push(NavEntry {
                href: format!("{root}index.html#registers-title"),
                label: self.theme.words().html("home.registers"),
                current: false,
            });
            for (name, address, word) in
                [("dashboards", Addresses::dashboards(), "dashboards.title"), ("about", "about/", "about.title")]
            {
                nav.push(NavEntry {
                    href: format!("{root}{}", file_of(address)),
                    label: self.theme.words().html(word),
                    current: page.current == name,
                });
            }
        }
        let mut context = Context::new()
            .text("root", &root)
            .text("page", &page.address)
            .text("language", &settings.language)
            .text("salt", &self.key.salt())
            .value("idle", &IDLE)
            .text("csp", CSP)
            .html("site_title", &Html::phrase(&settings.title))
            .text("title", &title)
            .value("nav", &nav)
            .value("notes", &frame.notes)
            .value("built", self.built)
            .text("levels", &levels(settings))
            .text("version", env!("CARGO_PKG_VERSION"))
            .text("name", frame.title)
            .flag("sealed_page", frame.sealed_page)
            .flag("bundle", frame.bundle)
            .html("preview", frame.preview.unwrap_or(&Html::default()));
        for (name, html) in &page.extra {
            context = context.html(name, html);
        }
        let envelopes = ("envelopes", frame.envelopes.as_str());
        let regions: Vec<_> = regions.iter().map(|(name, html)| (*name, html.as_str())).chain([envelopes]).collect();
        let template = if frame.further { "rows.html" } else { page.template };
        self.theme.render_around(template, context, &regions).map_err(DoorError::new)
    }
}

/// The levels of markings for the script that finds the highest of a page: the lowest first, each in all its words.
fn levels(settings: &Settings) -> String {
    let words: Vec<Vec<&str>> = settings.levels.iter().map(|level| level.texts().collect()).collect();
    serde_json::json!(words).to_string()
}

/// The path in a site's address, from the slash after its host on.
fn path_of(url: &str) -> String {
    url.splitn(4, '/').nth(3).map_or_else(|| "/".to_owned(), |path| format!("/{path}"))
}
