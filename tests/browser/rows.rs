//! Sealed rows in lists, and pages that are sealed as a whole.

use crate::example::{example, key};
use crate::tab::visit;

#[test]
fn sealed_dossiers_take_their_places_on_the_home_page() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        let names =
            "[...document.querySelectorAll('#dossiers > tr')].map((row) => row.querySelector('th').innerText.trim())";
        let open: Vec<String> = tab.ask(names).await;
        assert_eq!(open.len(), 20);
        assert_eq!(tab.seen("[data-count-of=dossiers]").await, "20");
        tab.unlock(key("wu-jie")).await;
        let all: Vec<String> = tab.ask(names).await;
        assert_eq!(all.len(), 22);
        assert_eq!(tab.seen("[data-count-of=dossiers]").await, "22");
        let textile = all.iter().position(|name| name.contains("锦箩纺织")).expect("the sealed dossier has its row");
        // Not at the end: by pinyin jǐn stands after hè and before lì.
        let at = |name: &str| all.iter().position(|known| known.contains(name)).unwrap();
        assert!(at("鹤渚") < textile && textile < at("栎坪"), "{all:?}");
        let rest: Vec<String> = all.iter().filter(|name| open.contains(name)).cloned().collect();
        assert_eq!(rest, open, "open rows keep their order");
        tab.shot("home-unlocked").await;
    });
}

#[test]
fn a_reader_sees_only_the_sealed_dossiers_that_are_theirs() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        tab.unlock(key("he-jun")).await;
        assert!(!tab.seen("#dossiers").await.contains("锦箩纺织"));
        assert!(!tab.ask::<String>("document.documentElement.outerHTML").await.contains("锦箩纺织"));
    });
}

#[test]
fn rows_of_a_register_appear_and_are_counted_and_sorted() {
    visit(async |tab, places| {
        tab.go(&places.trusted("registers/contract/index.html")).await;
        assert_eq!(tab.ask::<usize>("document.querySelectorAll('tbody tr').length").await, 0);
        tab.unlock(key("li-wei")).await;
        let rows: usize = tab.ask("document.querySelectorAll('#register-table tbody tr').length").await;
        assert!(rows > 15, "{rows}");
        assert_eq!(tab.seen("#register-table .count").await, rows.to_string());
        // The first column by a click on its heading, both ways.
        let first =
            "[...document.querySelectorAll('#register-table tbody tr')].map((row) => row.children[1].innerText)";
        tab.click("#register-table thead th:nth-child(2) button").await;
        let up: Vec<String> = tab.ask(first).await;
        tab.click("#register-table thead th:nth-child(2) button").await;
        let mut down: Vec<String> = tab.ask(first).await;
        down.reverse();
        assert_eq!(up, down);
        tab.shot("register-unlocked").await;
    });
}

#[test]
fn the_rows_of_a_list_say_what_each_record_is_called() {
    visit(async |tab, places| {
        tab.go(&places.trusted("customers/yunxi-hydropower/index.html")).await;
        let row: String = tab.ask("document.getElementById('network/sites/S02').innerText").await;
        assert!(row.contains("S02") && row.contains("砚口一级电站") && row.contains("石砚镇砚口村"), "{row}");
    });
}

#[test]
fn filtering_finds_unsealed_rows_and_recounts() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        tab.unlock(key("zhao-min")).await;
        tab.paste("input[data-filter-for=dossiers]", "锦箩").await;
        tab.wait("document.querySelector('[data-count-of=dossiers]').textContent === '1'").await;
        assert!(tab.seen("#dossiers").await.contains("锦箩纺织"));
        assert!(!tab.seen("#dossiers").await.contains("云溪水电"));
    });
}

#[test]
fn a_page_sealed_as_a_whole_says_its_title_only_once_unlocked() {
    visit(async |tab, places| {
        for page in example().sealed_pages() {
            tab.go(&places.trusted(&page)).await;
            assert!(tab.ask::<String>("document.title").await.contains("本页密封"));
            assert!(tab.seen("#content").await.contains("本页密封"));
            let html: String = tab.ask("document.documentElement.outerHTML").await;
            assert!(!html.contains("锦箩纺织") && !html.contains("jinluo"));
            assert_eq!(
                tab.ask::<usize>("document.querySelectorAll('#heading > *, #groups > *, #identity > *').length").await,
                0
            );
        }
        tab.go(&places.trusted("index.html")).await;
        tab.unlock(key("zhao-min")).await;
        tab.run("[...document.querySelectorAll('#dossiers a')].find((a) => a.innerText.includes('锦箩纺织')).click()")
            .await;
        tab.wait("document.body.dataset.page.startsWith('d/')").await;
        tab.unlocked().await;
        tab.wait("document.title.includes('锦箩纺织')").await;
        assert!(tab.seen("#heading").await.contains("锦箩纺织股份有限公司"));
        assert!(tab.seen("#marking").await.contains("核心商业秘密"));
        tab.shot("sealed-page").await;
    });
}

#[test]
fn a_permanent_link_leads_to_a_sealed_record_once_unlocked() {
    visit(async |tab, places| {
        tab.go(&places.trusted("customers/yunxi-hydropower/index.html#contracts/2024-017")).await;
        tab.unlock(key("li-wei")).await;
        tab.wait(
            "(() => { const box = document.getElementById('contracts/2024-017').getBoundingClientRect(); \
             window.seenAt = box.top; return box.top > -200 && box.top < innerHeight })()",
        )
        .await;
    });
}
