//! axe-core over the pages, locked and unlocked, in both languages.

use crate::example::{key, site_with_past};
use crate::tab::{Places, Tab, visit, visit_site};
use futures_util::future::join_all;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const AXE: &str = include_str!("vendor/axe.min.js");

/// WCAG 2.2 at level AA, with what came before.
const AA: &str = "{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }";
/// What is otherwise where there is less room.
const ROOM: &str = "{ type: 'rule', values: ['target-size', 'scrollable-region-focusable'] }";

/// So many tabs look at pages at once.
const TABS: usize = 2;

#[derive(Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<String>,
}

/// What axe-core finds on the page as it stands.
async fn found(tab: &Tab, rules: &str, how: &str) -> Vec<String> {
    tab.run(&format!("if (!window.axe) {{ {AXE} }}")).await;
    let found: Vec<Violation> = tab
        .ask(&format!(
            "axe.run(document, {{ preload: false, runOnly: {rules}, resultTypes: ['violations'] }}).then((result) => result.violations.map( \
             ({{ id, help, nodes }}) => ({{ id, help, nodes: nodes.slice(0, 3).map((n) => n.html.slice(0, 200)) }})))",
        ))
        .await;
    let address: String = tab.ask("document.body.dataset.page || 'home'").await;
    found.into_iter().map(|one| format!("{address} {how}: {}: {} {:?}", one.id, one.help, one.nodes)).collect()
}

/// What axe-core finds against WCAG 2.2 AA on the page as it stands.
pub async fn violations(tab: &Tab) -> Vec<String> {
    found(tab, AA, "as it stands").await
}

/// One page of each kind that the site has, by its address: of the dashboards, each of which is its own kind, all.
fn kinds(site: &Path) -> Vec<String> {
    let mut all = Vec::new();
    let mut folders = vec![site.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html") {
                all.push(path.strip_prefix(site).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    all.sort();
    let mut kinds = BTreeMap::new();
    for address in all {
        let text = std::fs::read_to_string(site.join(&address)).unwrap();
        // What stands in a page's frame tells its template, what stands first in its address whether it is sealed.
        let marks = [
            "id=\"groups\"",
            "id=\"courses\"",
            "id=\"register-records\"",
            "id=\"removed\"",
            "id=\"moved\"",
            "id=\"away\"",
        ];
        let template: Vec<bool> = marks.iter().map(|mark| text.contains(mark)).collect();
        let above = address.split('/').next().unwrap_or_default();
        let own = if matches!(above, "customers" | "d" | "registers") { String::new() } else { address.clone() };
        kinds.entry((above.to_owned(), template, own)).or_insert(address);
    }
    // Dossiers differ in what they hold: one that holds nearly everything is looked at as well.
    let rich = ["customers/yunxi-hydropower/index.html", "registers/fault/index.html", "registers/bulletin/index.html"];
    kinds.into_values().chain(rich.map(str::to_owned)).collect()
}

/// Looks at pages in Chinese, wide and light; half as wide; and in English, on a telephone in the dark.
async fn look(tab: &Tab, places: &Places, pages: Vec<&String>) -> Vec<String> {
    let mut all = Vec::new();
    for page in pages {
        tab.go(&places.trusted(page)).await;
        all.extend(found(tab, AA, "in Chinese").await);
        tab.narrow(768).await;
        all.extend(found(tab, ROOM, "768 wide").await);
        tab.narrow(360).await;
        tab.show_as("screen", "dark").await;
        tab.run("document.querySelector('[data-action=language]').click()").await;
        all.extend(found(tab, AA, "in English, dark, 360 wide").await);
        tab.run("document.querySelector('[data-action=language]').click()").await;
        tab.show_as("screen", "light").await;
        tab.narrow(1280).await;
    }
    all
}

fn every_kind_of_page_stands_the_test(reader: Option<&str>) {
    let site = site_with_past();
    let pages = kinds(site);
    assert!(pages.len() > 25, "{pages:#?}");
    visit_site(site, async |tab, places| {
        let mut tabs = vec![tab];
        while tabs.len() < TABS {
            tabs.push(tabs[0].another().await);
        }
        for tab in &tabs {
            tab.go(&places.trusted("index.html")).await;
            if let Some(reader) = reader {
                tab.unlock(key(reader)).await;
            }
        }
        let shares =
            tabs.iter().enumerate().map(|(n, tab)| look(tab, &places, pages.iter().skip(n).step_by(TABS).collect()));
        let all: Vec<String> = join_all(shares).await.into_iter().flatten().collect();
        assert!(all.is_empty(), "{all:#?}");
    });
}

#[test]
fn every_kind_of_page_meets_wcag_while_it_is_locked() {
    every_kind_of_page_stands_the_test(None);
}

#[test]
fn every_kind_of_page_meets_wcag_once_it_is_unlocked() {
    every_kind_of_page_stands_the_test(Some("wu-jie"));
}

/// Walks through a page with the tab key, and asks of each stop whether it has a name, and whether it can be seen.
#[test]
fn whoever_goes_through_a_page_by_the_keyboard_sees_where_they_are_and_hears_what_it_is() {
    visit_site(site_with_past(), async |tab, places| {
        for page in ["index.html", "customers/yunxi-hydropower/index.html", "registers/fault/index.html"] {
            tab.go(&places.trusted(page)).await;
            let mut stops = 0;
            for _ in 0..40 {
                tab.tab_on().await;
                let wrong: String = tab
                    .ask(
                        "(() => { const at = document.activeElement; if (!at || at === document.body) return ''; \
                         const box = at.getBoundingClientRect(); \
                         const name = (at.innerText || at.value || at.getAttribute('aria-label') || at.labels?.[0]?.innerText \
                           || document.getElementById(at.getAttribute('aria-labelledby'))?.textContent || '').trim(); \
                         const top = document.elementFromPoint(Math.max(0, box.x) + Math.min(box.width, 4) / 2, box.y + box.height / 2); \
                         const seen = top !== null && (at.contains(top) || top.contains(at)); \
                         return name !== '' && seen ? 'fine' : at.outerHTML.slice(0, 200) + (seen ? ' has no name' : ' is covered') })()",
                    )
                    .await;
                stops += usize::from(!wrong.is_empty());
                assert!(wrong.is_empty() || wrong == "fine", "{page}: {wrong}");
            }
            assert!(stops > 15, "{page} has {stops} stops");
        }
    });
}

#[test]
fn the_dialog_has_no_serious_finding_in_any_of_its_ways() {
    visit(async |tab, places| {
        tab.go(&places.exposed("index.html")).await;
        let mut all = Vec::new();
        for _ in 0..2 {
            for way in ["file", "text", "passphrase", "make"] {
                tab.open_way(way).await;
                all.extend(found(&tab, AA, way).await);
                tab.shot(&format!("dialog-{way}")).await;
                tab.click("#unlock-dialog [data-action=close-dialog]").await;
            }
            tab.click("[data-action=language]").await;
        }
        assert!(all.is_empty(), "{all:#?}");
    });
}

#[test]
fn the_dialog_can_be_used_with_the_keyboard_alone() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        tab.click("[data-action=unlock]").await;
        assert_eq!(tab.ask::<String>("document.activeElement.id").await, "unlock-file");
        tab.press("Escape").await;
        assert!(!tab.ask::<bool>("document.querySelector('#unlock-dialog').open").await);
        assert_eq!(
            tab.ask::<Option<String>>("document.activeElement.dataset.action ?? null").await.as_deref(),
            Some("unlock")
        );
        tab.press("Enter").await;
        tab.wait("document.querySelector('#unlock-dialog').open").await;
    });
}
