//! Every page that a site has, in one list: a build makes all of them, and what is served makes each as it is asked for.

use super::door::file_of;
use crate::access::Held;
use crate::dossier::Dossier;
use crate::page::{
    Addresses, DUE_PAGE, Dashboard, Desk, Page, SEARCH_PAGE, VISITS_PAGE, about_page, dashboard_page, dashboards,
    dashboards_page, dossier_page, due_page, gone_pages, history_page, home_page, moved_pages, not_found_page,
    register_page, registers_history_page, search_page, visits_page,
};
use crate::record::RecordType;
use std::sync::Arc;

/// How a page is made.
type Make = fn(&Desk<'_>) -> Held<Page>;

/// The pages that the program writes itself, each with its address.
const OWN: [(&str, Make); 6] = [
    ("", home_page),
    (DUE_PAGE, due_page),
    (VISITS_PAGE, visits_page),
    ("about/", about_page),
    ("404.html", not_found_page),
    (SEARCH_PAGE, search_page),
];

/// A page that is not made yet; or several, of which only the making tells the addresses.
pub struct Planned<'a> {
    file: Option<String>,
    what: What<'a>,
}

enum What<'a> {
    Own(Make),
    Register(&'a Arc<RecordType>),
    Dashboard(&'static Dashboard),
    Dossier(Held<&'a Dossier>),
    History(Held<&'a Dossier>),
    RegistersHistory,
    OfThePast(fn(&Desk<'_>) -> Vec<Held<Page>>),
}

impl<'a> Planned<'a> {
    fn at(address: &str, what: What<'a>) -> Self {
        Self { file: Some(file_of(address)), what }
    }

    /// Whether the page stands, or may stand, in this file of the site.
    #[must_use]
    pub fn may_be(&self, file: &str) -> bool {
        self.file.as_deref().is_none_or(|own| own == file)
    }

    /// Whether the page is about the past alone, so that there is none before the past was read.
    #[must_use]
    pub fn is_of_the_past(&self) -> bool {
        matches!(self.what, What::History(_) | What::RegistersHistory | What::OfThePast(_))
    }

    /// Makes it. Of the past there may be nothing to make.
    #[must_use]
    pub fn make(&self, desk: &Desk<'_>) -> Vec<Held<Page>> {
        match &self.what {
            What::Own(make) => vec![make(desk)],
            What::Register(record_type) => vec![register_page(desk, record_type)],
            What::Dashboard(dashboard) => vec![dashboard_page(desk, dashboard)],
            What::Dossier(held) => vec![dossier_page(desk, held)],
            What::History(held) => history_page(desk, held).into_iter().collect(),
            What::RegistersHistory => registers_history_page(desk).into_iter().collect(),
            What::OfThePast(make) => make(desk),
        }
    }
}

/// All pages but those of the dossiers that are there.
#[must_use]
pub fn of_archive<'a>(desk: &Desk<'a>) -> Vec<Planned<'a>> {
    let own = OWN.iter().map(|(address, make)| Planned::at(address, What::Own(*make)));
    let types = desk.archive.types.iter().filter(|record_type| record_type.name != "dossier");
    let registers =
        types.map(|record_type| Planned::at(&Addresses::register(&record_type.name), What::Register(record_type)));
    let dashboards = dashboards(desk.archive)
        .map(|dashboard| Planned::at(&Addresses::dashboard(dashboard.name), What::Dashboard(dashboard)));
    let past = [gone_pages as fn(&Desk<'_>) -> Vec<Held<Page>>, moved_pages];
    own.chain([Planned::at(Addresses::dashboards(), What::Own(dashboards_page))])
        .chain(registers)
        .chain(dashboards)
        .chain([Planned::at(Addresses::registers_history(), What::RegistersHistory)])
        .chain(past.map(|make| Planned { file: None, what: What::OfThePast(make) }))
        .collect()
}

/// The pages of a dossier.
#[must_use]
pub fn of_dossier<'a>(desk: &Desk<'_>, held: &Held<&'a Dossier>) -> [Planned<'a>; 2] {
    let address = held.as_ref().map(|dossier| desk.addresses.dossier(&dossier.name, dossier.clearance())).release().1;
    let history = desk.addresses.history(&address);
    [Planned::at(&address, What::Dossier(held.clone())), Planned::at(&history, What::History(held.clone()))]
}

/// All pages, those first of which only the making tells the address last.
pub fn all<'a>(desk: &Desk<'a>) -> impl Iterator<Item = Planned<'a>> {
    let (known, unknown): (Vec<_>, Vec<_>) = of_archive(desk).into_iter().partition(|planned| planned.file.is_some());
    let dossiers: Vec<Held<&'a Dossier>> = desk.archive.dossiers.lay_out(|held| held).collect();
    let of_dossiers: Vec<_> = dossiers.iter().flat_map(|held| of_dossier(desk, held)).collect();
    known.into_iter().chain(of_dossiers).chain(unknown)
}
