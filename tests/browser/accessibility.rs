//! axe-core over the pages, locked and unlocked, in both languages.

use crate::example::{key, site_with_past};
use crate::tab::{Tab, visit, visit_site};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const AXE: &str = include_str!("vendor/axe.min.js");

#[derive(Deserialize)]
struct Violation {
    id: String,
    impact: Option<String>,
    help: String,
    nodes: Vec<String>,
}

/// What axe-core finds on the page as it stands that it calls serious or critical.
pub async fn serious(tab: &Tab) -> Vec<String> {
    tab.run(&format!("if (!window.axe) {{ {AXE} }}")).await;
    let found: Vec<Violation> = tab
        .ask(
            "axe.run(document, { preload: false, resultTypes: ['violations'] }).then((result) => result.violations.map( \
             ({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.slice(0, 3).map((n) => n.html.slice(0, 200)) })))",
        )
        .await;
    let address: String = tab.ask("document.body.dataset.page || 'home'").await;
    let severe = found.into_iter().filter(|one| matches!(one.impact.as_deref(), Some("serious" | "critical")));
    severe.map(|one| format!("{address}: {}: {} {:?}", one.id, one.help, one.nodes)).collect()
}

/// One page of each kind that the site has, by its address; what stands alone in its folder is a kind of its own.
fn kinds(site: &Path) -> Vec<String> {
    // What stands on a page beside its frame tells by which template it was made.
    const MARKS: [&str; 6] = ["groups", "courses", "register-records", "removed", "moved", "away"];
    let mut kinds = BTreeMap::new();
    for entry in walkdir::WalkDir::new(site).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let address = path.strip_prefix(site).unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let made_by = MARKS.map(|mark| text.contains(&format!("id=\"{mark}\"")));
        let above = address.split('/').next().unwrap_or_default();
        let one_of_many = matches!(above, "customers" | "d" | "registers");
        let own = if one_of_many { String::new() } else { address.clone() };
        kinds.entry((above.to_owned(), made_by, own)).or_insert(address);
    }
    // Dossiers and registers differ in what they hold: some that hold nearly everything are looked at as well.
    let rich = ["customers/yunxi-hydropower/index.html", "registers/fault/index.html", "registers/contract/index.html"];
    kinds.into_values().chain(rich.map(str::to_owned)).collect()
}

/// Looks at every kind of page in Chinese, wide and light, and in English, as wide as a telephone and dark; with
/// everything open, also as wide as half a screen.
fn every_kind_of_page_stands_the_test(reader: Option<&str>) {
    let site = site_with_past();
    let pages = kinds(site);
    assert!(pages.len() > 30, "{pages:#?}");
    visit_site(site, async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        if let Some(reader) = reader {
            tab.unlock(key(reader)).await;
        }
        let mut all = Vec::new();
        for (width, scheme) in [(1280, "light"), (768, "light"), (360, "dark")] {
            if width == 768 && reader.is_none() {
                continue;
            }
            tab.show_as("screen", scheme).await;
            if width == 360 {
                tab.click("[data-action=language]").await;
            }
            for page in &pages {
                // A picture of the whole page forgets how wide the window was.
                tab.narrow(width).await;
                tab.go(&places.trusted(page)).await;
                let over: i32 = tab.ask("document.documentElement.scrollWidth - innerWidth").await;
                if over > 0 {
                    all.push(format!("{page} is {over} wider than a window of {width}"));
                }
                let state = if reader.is_some() { "unlocked" } else { "locked" };
                tab.shot(&format!("{width}-{state}-{}", page.replace('/', "-").trim_end_matches(".html"))).await;
                all.extend(serious(&tab).await.into_iter().map(|found| format!("{width} wide, {page}: {found}")));
            }
        }
        assert!(all.is_empty(), "{all:#?}");
    });
}

#[test]
fn every_kind_of_page_has_no_serious_finding_while_it_is_locked() {
    every_kind_of_page_stands_the_test(None);
}

#[test]
fn every_kind_of_page_has_no_serious_finding_once_it_is_unlocked() {
    every_kind_of_page_stands_the_test(Some("wu-jie"));
}

#[test]
fn the_dialog_has_no_serious_finding_in_any_of_its_ways() {
    visit(async |tab, places| {
        tab.go(&places.exposed("index.html")).await;
        let mut found = Vec::new();
        for _ in 0..2 {
            for way in ["file", "text", "passphrase", "make"] {
                tab.open_way(way).await;
                found.extend(serious(&tab).await);
                tab.shot(&format!("dialog-{way}")).await;
                tab.click("#unlock-dialog [data-action=close-dialog]").await;
            }
            tab.click("[data-action=language]").await;
        }
        assert!(found.is_empty(), "{found:#?}");
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
