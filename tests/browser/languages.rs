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

/// In Chinese by pinyin, as the build has them; in English by the alphabet; also what is unsealed, and among what is
/// sorted by another column.
#[test]
fn customers_stand_by_the_names_of_the_language() {
    let names = |body: &str, cell: &str| {
        format!(
            "[...document.querySelectorAll('#{body} > tr')].map((row) => row.querySelector('{cell}').innerText.trim())"
        )
    };
    let sorted = |all: &[String]| {
        let mut sorted = all.to_vec();
        sorted.sort_by_key(|name| name.to_lowercase().replace(['(', ')', '\''], ""));
        sorted
    };
    visit(async |tab, places| {
        for (page, body, cell) in
            [("index.html", "dossiers", "th"), ("registers/contract/index.html", "register", "td:nth-child(2)")]
        {
            let names = names(body, cell);
            tab.go(&places.trusted(page)).await;
            tab.unlock(key("wu-jie")).await;
            let pinyin: Vec<String> = tab.ask(&names).await;
            tab.click("[data-action=language]").await;
            let english: Vec<String> = tab.ask(&names).await;
            assert_eq!(english, sorted(&english), "{page}");
            assert_eq!(english.len(), pinyin.len());
            assert_eq!(tab.ask::<usize>("document.querySelectorAll('[aria-sort]').length").await, 0);
            // Up, down, and as it stood: by the names.
            for _ in 0..3 {
                tab.click(&format!(
                    "#{body}-table thead th:nth-child(3) button, #dossier-table thead th:nth-child(3) button"
                ))
                .await;
            }
            assert_eq!(tab.ask::<Vec<String>>(&names).await, english, "{page}");
            // The next page opens in English, and is unlocked after it was laid out.
            tab.go(&places.trusted(page)).await;
            tab.wait("'unlocked' in document.documentElement.dataset").await;
            assert_eq!(tab.ask::<Vec<String>>(&names).await, english, "{page}");
            tab.click("[data-action=language]").await;
            assert_eq!(tab.ask::<Vec<String>>(&names).await, pinyin, "{page}");
            tab.run("sessionStorage.clear()").await;
        }
    });
}
