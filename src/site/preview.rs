//! Pages laid out in the clear as a reader sees them after unlocking, for an archivist who looks with a reader's eyes on
//! the archivist's own machine.

use super::bundled_page::bundled;
use super::door::{Door, DoorError, Finished, file_of};
use super::frame::{Frame, Note};
use super::layout::Layout;
use crate::access::{Clearance, Held, Reader, Standing};
use crate::archive::Archive;
use crate::page::{Html, Page, Theme, root_of};
use std::collections::{BTreeMap, BTreeSet};

/// In whose place pages are shown.
pub struct View {
    /// What the reader holds.
    pub holds: Clearance,
    /// What stands above every page.
    banner: Html,
}

impl View {
    /// The view of a reader of an archive. One who is in no keyring sees what everybody sees, and the banner says why.
    #[must_use]
    pub fn of(archive: &Archive, theme: &Theme, reader: &Reader) -> Self {
        let (word, day) = match reader.standing(archive.day, archive.settings.training_required) {
            Standing::Good(_) => ("preview.as", None),
            Standing::Left(day) => ("preview.left", Some(day)),
            Standing::Lapsed(Some(day)) => ("preview.lapsed", Some(day)),
            Standing::Lapsed(None) => ("preview.untrained", None),
            Standing::Keyless => ("preview.keyless", None),
        };
        let banner = theme.words().sentence(word, |place, language| match place {
            "name" => Html::text(called(reader, language)),
            _ => Html::text(&day.map(|day| day.to_string()).unwrap_or_default()),
        });
        let attributes = [("class", "preview-banner"), ("role", "note")];
        Self { holds: archive.holding(reader), banner: Html::element("p", &attributes, &banner) }
    }
}

fn called<'r>(reader: &'r Reader, language: &str) -> &'r str {
    let (first, second) = if language == "zh" { (&reader.zh, &reader.en) } else { (&reader.en, &reader.zh) };
    first.as_ref().or(second.as_ref()).unwrap_or(&reader.name)
}

impl Door<'_> {
    /// Lets a page out as a reader sees it after unlocking. `names` are the sealed files of the archive by their address:
    /// they lie beside the page in the clear, so that links lead to them.
    ///
    /// # Errors
    /// When a template fails, or no key can be derived.
    pub fn show(&self, page: Held<Page>, view: &View, names: &BTreeMap<String, String>) -> Result<Finished, DoorError> {
        let (whole, page) = page.release();
        let mut layout = Layout::shown();
        let regions: Vec<(&'static str, String)> =
            page.regions.iter().map(|region| (region.name, layout.region(region, &view.holds))).collect();
        let mut others = BTreeSet::new();
        for clearance in self.sealed_on(&page)?.into_iter().filter(|clearance| !view.holds.implies(clearance)) {
            others.extend(clearance.audiences().map(str::to_owned));
        }
        // What asks for several audiences at once may name one that the reader belongs to: it is another that is missing.
        others.retain(|audience| !view.holds.implies(&Clearance::any_of([audience.as_str()])));
        let note = |audience: &String| Note {
            clearance: String::new(),
            audience: audience.clone(),
            label: self.audience_title(audience),
        };
        let others_title = self.word("sealed.page");
        let title = page.title.within(&view.holds).map(|title| title.in_language(&self.archive.settings.language));
        let frame = Frame {
            notes: others.iter().map(note).collect(),
            sealed_page: !view.holds.implies(&whole),
            preview: Some(&view.banner),
            title: title.unwrap_or(&others_title),
            ..Frame::default()
        };
        let html = with_banner(self.frame(&page, &regions, frame)?.as_str(), view.banner.as_str());
        let html = bundled(&html, &root_of(&page.address), names).into_owned();
        Ok(Finished { address: file_of(&page.address), bytes: html.into_bytes() })
    }

    /// Notes for which clearances something is sealed on a page, without sealing it.
    ///
    /// # Errors
    /// When no key can be derived.
    pub fn note(&self, page: Held<Page>) -> Result<(), DoorError> {
        self.sealed_on(&page.release().1).map(drop)
    }

    /// The clearances of the envelopes of a page.
    fn sealed_on(&self, page: &Page) -> Result<Vec<Clearance>, DoorError> {
        let further = |pages: &[usize], at: usize| self.further(pages, at);
        let mut layout = Layout::new(self.key, &page.address, &further);
        for region in &page.regions {
            layout.region(region, &Clearance::open());
        }
        let mut sealed = Vec::new();
        for clearance in layout.into_rest().0.into_keys() {
            if self.clearance_key(&clearance)?.is_some() {
                sealed.push(clearance);
            }
        }
        Ok(sealed)
    }
}

/// The page with the banner first in it, whatever template an archive has for the frame.
fn with_banner(html: &str, banner: &str) -> String {
    let body = html.find("<body").unwrap_or_default();
    let at = html.get(body..).and_then(|rest| rest.find('>')).map_or(0, |end| body + end + 1);
    let (before, after) = html.split_at(at);
    [before, banner, after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_banner_stands_first_in_the_body_whatever_the_frame() {
        assert_eq!(
            with_banner("<html><body class=\"x\">a</body>", "<p>b</p>"),
            "<html><body class=\"x\"><p>b</p>a</body>"
        );
        assert_eq!(with_banner("no body", "<p>b</p>"), "<p>b</p>no body");
    }
}
