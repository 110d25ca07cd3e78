//! Chinese and English.

use crate::example::key;
use crate::tab::visit;

#[test]
fn the_chosen_language_holds_on_the_next_page() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        assert!(tab.seen("h1").await.contains("案卷目录"));
        tab.click("[data-action=language]").await;
        assert!(tab.seen("h1").await.contains("Catalogue of dossiers"));
        assert_eq!(tab.ask::<String>("document.documentElement.lang").await, "en");
        tab.click("footer a[href$='about/index.html']").await;
        tab.wait("document.body.dataset.page === 'about/'").await;
        tab.settled().await;
        assert!(tab.seen("h1").await.contains("About this site"));
        assert_eq!(tab.ask::<String>("document.querySelector('nav.nav').getAttribute('aria-label')").await, "Main");
        tab.click("[data-action=language]").await;
        assert!(tab.seen("h1").await.contains("关于本站"));
    });
}

#[test]
fn what_is_unsealed_and_what_is_said_follow_the_language() {
    visit(async |tab, places| {
        tab.go(&places.trusted("customers/yunxi-hydropower/index.html")).await;
        tab.click("[data-action=language]").await;
        tab.unlock(key("li-wei")).await;
        assert!(
            tab.seen("#unlock-state").await.contains("Unlocked for Li Wei")
                || tab.seen("#unlock-state").await.contains("Li Wei")
        );
        assert!(tab.seen("#groups").await.contains("Contract"));
        tab.click("[data-action=language]").await;
        assert!(tab.seen("#unlock-state").await.contains("李薇"));
        assert!(!tab.seen("#unlock-state").await.contains("Li Wei"));
    });
}
