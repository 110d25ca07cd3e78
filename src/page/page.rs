//! A page before it is laid out, and the desk on which pages are made.

use super::address::Addresses;
use super::html::Html;
use super::part::Part;
use super::theme::{Context, Theme};
use super::thumbnails::Thumbnails;
use crate::access::{Clearance, Held};
use crate::archive::{Archive, Target};
use crate::history::History;
use crate::reckoning::{Agenda, Sight};
use crate::text::Phrase;
use std::sync::OnceLock;

/// A page: a template, and parts for its regions.
pub struct Page {
    /// Its address with a slash at the end; empty for home.
    pub address: String,
    /// The template of its frame.
    pub template: &'static str,
    /// Its title.
    pub title: Held<Phrase>,
    /// Where its parts go.
    pub regions: Vec<Region>,
    /// The entry of the navigation that it belongs to.
    pub current: &'static str,
    /// What else its template is given: words and addresses only.
    pub extra: Vec<(&'static str, Html)>,
}

/// A place in a template for parts.
pub struct Region {
    /// The template's variable.
    pub name: &'static str,
    /// The id of the element that holds the variable and nothing else.
    pub id: &'static str,
    /// The parts.
    pub parts: Vec<Part>,
}

/// What every page is made with.
pub struct Desk<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// The theme.
    pub theme: &'a Theme,
    /// Where things stand.
    pub addresses: &'a Addresses<'a>,
    /// The past; none for a folder outside git.
    pub history: Option<&'a History>,
    /// What is due, once the first page has asked for it.
    pub agenda: &'a OnceLock<Agenda>,
    /// The branch that was built; empty where none was.
    pub branch: &'a str,
    /// Which files have a small picture.
    pub thumbnails: &'a Thumbnails,
}

impl Desk<'_> {
    /// Words of the interface as a part: they are the same for everybody, whatever the archive holds.
    #[must_use]
    pub fn word(&self, key: &str) -> Html {
        self.theme.words().html(key)
    }

    /// Words of the interface as a phrase, for titles.
    #[must_use]
    pub fn phrase(&self, key: &str) -> Phrase {
        let words = self.theme.words();
        Phrase { zh: Some(words.plain(key, "zh").to_owned()), en: Some(words.plain(key, "en").to_owned()), both: None }
    }

    /// What is due in the whole archive. It is reckoned for the first page that asks.
    #[must_use]
    pub fn agenda(&self) -> &Agenda {
        self.agenda.get_or_init(|| Agenda::of(self.archive, Sight::Site))
    }

    /// Something that the program itself says, held as open.
    #[must_use]
    pub fn said<T>(&self, value: T) -> Held<T> {
        Held::new(Clearance::open(), value)
    }

    /// A link from a page to a dossier or record, where whoever meets `within` may read the target.
    #[must_use]
    pub fn link(&self, root: &str, target: &Target, within: &Clearance) -> Option<String> {
        if !within.implies(&target.clearance) {
            return None;
        }
        Some(self.href(root, target))
    }

    /// The address of a dossier's or record's element, relative to a page. Records of `registers/` stand on the page
    /// of their type.
    #[must_use]
    pub fn href(&self, root: &str, target: &Target) -> String {
        let page = if target.dossier.as_ref() == crate::dossier::REGISTERS {
            Addresses::register(&target.record_type)
        } else {
            self.addresses.dossier(&target.dossier, &target.dossier_clearance)
        };
        let page = format!("{root}{}index.html", super::address::href(&page));
        match &target.anchor {
            Some(anchor) => format!("{page}#{}", super::address::href(anchor)),
            None => page,
        }
    }

    /// Renders a leaf's template.
    #[must_use]
    pub fn part(&self, template: &str, context: &Context) -> Html {
        self.theme.part(template, context)
    }
}

/// The relative way from a page to the site's root.
#[must_use]
pub fn root_of(address: &str) -> String {
    "../".repeat(address.matches('/').count())
}
