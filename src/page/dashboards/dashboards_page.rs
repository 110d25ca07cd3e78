//! The list of dashboards, and the page around each.

use super::super::address::Addresses;
use super::super::html::Html;
use super::super::page::{Desk, Page, Region, root_of};
use super::list::{Dashboard, dashboards};
use crate::access::Held;

/// Makes the page that lists the dashboards.
#[must_use]
pub fn dashboards_page(desk: &Desk<'_>) -> Held<Page> {
    let lines = dashboards(desk.archive).map(|dashboard| {
        let link = Html::element("a", &[("href", &format!("{}/index.html", dashboard.name))], &title(desk, dashboard));
        let heading = Html::element("h2", &[], &link);
        let purpose = Html::element("p", &[], &desk.word(&purpose_key(dashboard)));
        Html::element("li", &[], &Html::joined([heading, purpose]))
    });
    desk.said(Page {
        address: Addresses::dashboards().to_owned(),
        template: "dashboards.html",
        title: desk.said(desk.phrase("dashboards.title")),
        regions: Vec::new(),
        current: "dashboards",
        extra: vec![("dashboards", Html::joined(lines))],
    })
}

/// Makes the page of a dashboard.
#[must_use]
pub fn dashboard_page(desk: &Desk<'_>, dashboard: &Dashboard) -> Held<Page> {
    let address = Addresses::dashboard(dashboard.name);
    let parts = (dashboard.parts)(desk, &root_of(&address));
    desk.said(Page {
        address,
        template: "dashboard.html",
        title: desk.said(desk.phrase(&title_key(dashboard))),
        regions: vec![Region { name: "parts", id: "dashboard", parts }],
        current: "dashboards",
        extra: vec![("heading", title(desk, dashboard)), ("purpose", desk.word(&purpose_key(dashboard)))],
    })
}

fn title_key(dashboard: &Dashboard) -> String {
    format!("dashboard.{}", dashboard.name)
}

fn purpose_key(dashboard: &Dashboard) -> String {
    format!("dashboard.{}.purpose", dashboard.name)
}

fn title(desk: &Desk<'_>, dashboard: &Dashboard) -> Html {
    desk.word(&title_key(dashboard))
}

#[cfg(test)]
mod tests {
    use super::super::list::DASHBOARDS;
    use super::*;
    use crate::page::Theme;
    use std::collections::BTreeSet;

    #[test]
    fn every_dashboard_is_named_and_explained_in_both_languages() {
        let theme = Theme::load(&[], &mut Vec::new()).unwrap();
        for key in DASHBOARDS.iter().flat_map(|dashboard| [title_key(dashboard), purpose_key(dashboard)]) {
            assert!(theme.words().has(&key, "zh") && theme.words().has(&key, "en"), "{key}");
        }
    }

    #[test]
    fn no_two_dashboards_have_one_address() {
        let names: BTreeSet<&str> = DASHBOARDS.iter().map(|dashboard| dashboard.name).collect();
        assert_eq!(names.len(), DASHBOARDS.len());
    }
}
