//! What must not happen on any page: a complaint of the browser, or a request to anywhere else.

use crate::example::key;
use crate::tab::{Tab, visit};

const PAGES: [&str; 5] = [
    "index.html",
    "customers/yunxi-hydropower/index.html",
    "customers/yunxi-hospital/index.html",
    "registers/contract/index.html",
    "about/index.html",
];

/// Walks over the pages, and says what was wrong.
async fn walk(tab: &Tab, at: impl Fn(&str) -> String) -> Vec<String> {
    let home = at("");
    for page in PAGES {
        tab.go(&at(page)).await;
        // Pictures wait until somebody scrolls to them.
        tab.run("for (const img of document.images) img.loading = 'eager'").await;
        tab.wait("[...document.images].every((img) => img.complete)").await;
    }
    let strange = tab.requests().into_iter().filter(|address| {
        !address.starts_with(&home)
            && !address.starts_with("data:")
            && !address.starts_with("blob:")
            && address != "about:blank"
    });
    tab.complaints().into_iter().chain(strange.map(|address| format!("asked for {address}"))).collect()
}

#[test]
fn locked_pages_are_quiet_and_ask_nobody_else() {
    visit(async |tab, places| {
        assert_eq!(walk(&tab, |page| places.trusted(page)).await, Vec::<String>::new());
        assert_eq!(walk(&tab.another().await, |page| places.exposed(page)).await, Vec::<String>::new());
        assert_eq!(walk(&tab.another().await, |page| places.folder(page)).await, Vec::<String>::new());
    });
}

#[test]
fn unlocked_pages_are_quiet_and_ask_nobody_else() {
    visit(async |tab, places| {
        for reader in ["li-wei", "wu-jie"] {
            let tab = tab.another().await;
            tab.go(&places.trusted("index.html")).await;
            tab.unlock(key(reader)).await;
            assert_eq!(walk(&tab, |page| places.trusted(page)).await, Vec::<String>::new(), "{reader}");
        }
    });
}

#[test]
fn unlocked_pages_are_quiet_over_http_and_from_a_folder() {
    visit(async |tab, places| {
        tab.go(&places.exposed("index.html")).await;
        tab.unlock(key("zhao-min")).await;
        assert_eq!(walk(&tab, |page| places.exposed(page)).await, Vec::<String>::new());
        let tab = tab.another().await;
        tab.go(&places.folder("index.html")).await;
        tab.unlock(key("he-jun")).await;
        assert_eq!(walk(&tab, |page| places.folder(page)).await, Vec::<String>::new());
    });
}

#[test]
fn a_complaint_and_a_foreign_request_would_be_noticed() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        tab.run("console.warn('a complaint'); fetch('http://elsewhere.invalid/').catch(() => {})").await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert!(tab.complaints().iter().any(|line| line.contains("a complaint")), "{:?}", tab.complaints());
        assert!(tab.complaints().iter().any(|line| line.contains("elsewhere.invalid")), "{:?}", tab.complaints());
    });
}
