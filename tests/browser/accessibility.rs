//! axe-core over the pages, locked and unlocked, in both languages.

use crate::example::key;
use crate::tab::{Tab, visit};
use serde::Deserialize;

const AXE: &str = include_str!("vendor/axe.min.js");

const PAGES: [&str; 16] = [
    "index.html",
    "customers/yunxi-hydropower/index.html",
    "registers/contract/index.html",
    "about/index.html",
    "search/index.html",
    "due/index.html",
    "due/visits/index.html",
    "dashboards/index.html",
    "dashboards/digest/index.html",
    "404.html",
    "dashboards/credit/index.html",
    "dashboards/tiers/index.html",
    "dashboards/repairs/index.html",
    "dashboards/leases/index.html",
    "dashboards/competition/index.html",
    "dashboards/fault-cases/index.html",
];

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

async fn walk(tab: &Tab, at: impl Fn(&str) -> String) -> Vec<String> {
    let mut found = Vec::new();
    for page in PAGES {
        tab.go(&at(page)).await;
        found.extend(serious(tab).await);
    }
    found
}

#[test]
fn locked_pages_have_no_serious_finding_in_either_language() {
    visit(async |tab, places| {
        let mut found = walk(&tab, |page| places.trusted(page)).await;
        tab.click("[data-action=language]").await;
        found.extend(walk(&tab, |page| places.trusted(page)).await);
        assert!(found.is_empty(), "{found:#?}");
    });
}

#[test]
fn unlocked_pages_have_no_serious_finding_in_either_language() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        tab.unlock(key("li-wei")).await;
        let mut found = walk(&tab, |page| places.trusted(page)).await;
        tab.click("[data-action=language]").await;
        found.extend(walk(&tab, |page| places.trusted(page)).await);
        assert!(found.is_empty(), "{found:#?}");
    });
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
