//! Which dashboards there are.

use super::super::address::Addresses;
use super::super::page::Desk;
use super::super::part::Part;
use super::availability::availability;
use super::churn::churn;
use super::competition::competition;
use super::completeness::completeness;
use super::consulted::consulted;
use super::credit::credit;
use super::digest::digest;
use super::effort::effort;
use super::fault_cases::fault_cases;
use super::freshness::freshness;
use super::leases::leases;
use super::office::office;
use super::readership::readership;
use super::repairs::repairs;
use super::satisfied::satisfied;
use super::tiers::tiers;
use super::training::training;
use super::weekly::weekly;
use super::worklist::worklist;
use crate::archive::Archive;
use crate::reckoning::weeks_shown;

/// One dashboard.
pub struct Dashboard {
    /// Its name: the last part of its address, and of the words `dashboard.NAME` and `dashboard.NAME.purpose`.
    pub name: &'static str,
    /// Lays out what stands on it; told the way from its page to the site's root.
    pub parts: fn(&Desk<'_>, &str) -> Vec<Part>,
}

/// Every dashboard, in the order of the list.
pub const DASHBOARDS: &[Dashboard] = &[
    Dashboard { name: "digest", parts: digest },
    Dashboard { name: "worklist", parts: worklist },
    Dashboard { name: "churn", parts: churn },
    Dashboard { name: "satisfaction", parts: satisfied },
    Dashboard { name: "completeness", parts: completeness },
    Dashboard { name: "freshness", parts: freshness },
    Dashboard { name: "effort", parts: effort },
    Dashboard { name: "use", parts: consulted },
    Dashboard { name: "tiers", parts: tiers },
    Dashboard { name: "weekly", parts: weekly },
    Dashboard { name: "promises", parts: availability },
    Dashboard { name: "repairs", parts: repairs },
    Dashboard { name: "credit", parts: credit },
    Dashboard { name: "leases", parts: leases },
    Dashboard { name: "competition", parts: competition },
    Dashboard { name: "fault-cases", parts: fault_cases },
    Dashboard { name: "office", parts: office },
    Dashboard { name: "training", parts: training },
    Dashboard { name: READERSHIP, parts: readership },
];

/// The one that only those see who oversee the archive.
const READERSHIP: &str = "readership";

/// The dashboards of an archive: where nobody oversees, there is none for those who do.
pub fn dashboards(archive: &Archive) -> impl Iterator<Item = &'static Dashboard> {
    let overseen = archive.settings.oversight.is_some();
    DASHBOARDS.iter().filter(move |dashboard| overseen || dashboard.name != READERSHIP)
}

/// Where the dashboards are, as links say it: one may be called as a folder of records is, of which restricted text
/// speaks. The gate takes it for the program's own words.
pub fn dashboards_said() -> impl Iterator<Item = String> {
    DASHBOARDS.iter().map(|dashboard| format!("{}index.html", Addresses::dashboard(dashboard.name)))
}

/// The weeks that head the columns of weekly reports, whatever is reported of them: restricted text names weeks as well.
pub fn weeks_said(archive: &Archive) -> impl Iterator<Item = String> + '_ {
    let watched = archive.types.iter().filter_map(|record_type| record_type.watch.as_ref());
    watched.flat_map(|watch| weeks_shown(archive, watch)).map(|week| week.to_string())
}
