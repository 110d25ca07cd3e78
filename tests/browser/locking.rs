//! Locking: by the reader, by leaving the tab alone, and what is left afterwards.

use crate::example::{example, key};
use crate::tab::{visit, visit_site};

const PAGE: &str = "customers/yunxi-hydropower/index.html";
const SEALED: &str = "合同总价一百二十八万元，按季支付";

#[test]
fn locking_takes_everything_back() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("li-wei")).await;
        assert!(tab.seen("#content").await.contains(SEALED));
        tab.click("[data-action=lock]").await;
        tab.wait("!('unlocked' in document.documentElement.dataset) && document.readyState === 'complete'").await;
        assert!(!tab.ask::<String>("document.documentElement.outerHTML").await.contains(SEALED));
        assert_eq!(tab.ask::<String>("JSON.stringify(sessionStorage)").await, "{}");
        tab.go(&places.trusted("index.html")).await;
        assert_eq!(tab.seen("#unlock-state").await, "");
    });
}

#[test]
fn going_back_after_locking_shows_nothing() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("li-wei")).await;
        tab.click(".breadcrumbs a").await;
        tab.wait("document.body.dataset.page === ''").await;
        tab.unlocked().await;
        tab.click("[data-action=lock]").await;
        tab.wait("!('unlocked' in document.documentElement.dataset) && document.readyState === 'complete'").await;
        tab.run("history.back()").await;
        tab.wait("document.body.dataset.page !== '' && document.readyState === 'complete' && !document.body.hidden")
            .await;
        tab.wait("document.querySelectorAll('[data-unsealed]').length === 0").await;
        assert!(!tab.seen("body").await.contains(SEALED));
    });
}

#[test]
fn a_tab_that_is_left_alone_locks_itself_and_says_so() {
    let site = example().copy_of_site();
    let page = site.path().join(PAGE);
    let html = std::fs::read_to_string(&page).unwrap();
    std::fs::write(&page, html.replace("data-idle=\"900\"", "data-idle=\"3\"")).unwrap();
    visit_site(site.path(), async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("li-wei")).await;
        assert!(tab.seen("#content").await.contains(SEALED));
        tab.wait("!('unlocked' in document.documentElement.dataset) && document.readyState === 'complete'").await;
        tab.wait("document.querySelector('#unlock-notice').innerText.includes('已自动锁上')").await;
        assert!(!tab.ask::<String>("document.documentElement.outerHTML").await.contains(SEALED));
        assert_eq!(tab.ask::<String>("JSON.stringify(sessionStorage)").await, "{}");
    });
}

#[test]
fn somebody_who_works_is_not_locked_out() {
    let site = example().copy_of_site();
    let page = site.path().join(PAGE);
    let html = std::fs::read_to_string(&page).unwrap();
    std::fs::write(&page, html.replace("data-idle=\"900\"", "data-idle=\"3\"")).unwrap();
    visit_site(site.path(), async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("li-wei")).await;
        for _ in 0..12 {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            tab.run("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', bubbles: true}))").await;
        }
        assert!(tab.seen("#content").await.contains(SEALED));
    });
}
