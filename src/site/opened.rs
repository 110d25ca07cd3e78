//! Pages opened for an audience, as they stand in its bundle.

use super::door::{Door, DoorError, file_of};
use super::frame::Frame;
use super::layout::{Fragment, Layout};
use crate::access::Clearance;
use crate::page::Page;
use std::collections::BTreeMap;

/// A page opened for an audience, for its bundle alone. Only the door makes these.
pub struct OpenedPage {
    pub(super) audience: String,
    pub(super) title: String,
    pub(super) address: String,
    pub(super) html: String,
}

impl Door<'_> {
    /// The page as each audience reads it that alone suffices for something sealed on it.
    pub(super) fn opened(
        &self,
        page: &Page,
        sealed: &BTreeMap<Clearance, Vec<Fragment>>,
        title: &str,
        asks: &Clearance,
        audiences: &[String],
    ) -> Result<Vec<OpenedPage>, DoorError> {
        let mut opened = Vec::new();
        for audience in audiences {
            let holds = Clearance::any_of([audience.as_str()]);
            if !sealed.keys().any(|clearance| holds.implies(clearance)) {
                continue;
            }
            let mut layout = Layout::shown();
            let regions: Vec<_> =
                page.regions.iter().map(|region| (region.name, layout.region(region, &holds))).collect();
            let shown = if holds.implies(asks) { title.to_owned() } else { self.word("sealed.page") };
            let frame = Frame { bundle: true, title: &shown, ..Frame::default() };
            let html = self.frame(page, &regions, frame)?;
            opened.push(OpenedPage {
                audience: audience.clone(),
                title: shown,
                address: file_of(&page.address),
                html: html.into_string(),
            });
        }
        Ok(opened)
    }
}
