//! What a page says of what it keeps sealed: to whoever has unlocked, and beside what a filter left.

use crate::example::key;
use crate::tab::visit;

const DOSSIER: &str = "customers/yunxi-hydropower/index.html";
const REGISTER: &str = "registers/fault/index.html";

const LEFT: &str =
    "[...document.querySelectorAll('.sealed-note:not([hidden])')].map((note) => note.innerText.trim()).join(' ')";

#[test]
fn an_unlocked_page_says_which_audiences_its_rest_asks_for_and_none_of_the_readers_own() {
    visit(async |tab, places| {
        tab.go(&places.trusted(DOSSIER)).await;
        assert_eq!(tab.seen(".sealed-standing").await, "");
        tab.unlock(key("li-wei")).await;
        let said = tab.seen(".sealed-standing").await;
        assert!(said.contains("您属于：财务、客户经理。"), "{said}");
        let (_, rest) = said.split_once("部分内容您无权查看").expect("something is for others");
        assert!(rest.contains("法务") && rest.contains("档案管理员"), "{said}");
        let notes: String = tab.ask(LEFT).await;
        for own in ["财务", "客户经理"] {
            assert!(!rest.contains(own) && !notes.contains(own), "{said} {notes}");
        }
        assert!(notes.contains("法务"), "{notes}");
        tab.click("[data-action=language]").await;
        assert!(tab.seen(".sealed-standing").await.starts_with("You belong to: Finance, Sales."));
    });
}

#[test]
fn whoever_may_see_all_of_a_page_is_told_so_and_of_nothing_that_is_left() {
    visit(async |tab, places| {
        tab.go(&places.trusted(DOSSIER)).await;
        tab.unlock(key("wu-jie")).await;
        let said = tab.seen(".sealed-standing").await;
        assert!(said.contains("已全部为您打开") && !said.contains("无权查看"), "{said}");
        assert_eq!(tab.ask::<String>(LEFT).await, "");
    });
}

#[test]
fn beside_what_a_filter_left_stands_that_sealed_rows_may_be_missing_and_how_to_see_them() {
    visit(async |tab, places| {
        tab.go(&places.trusted(REGISTER)).await;
        assert_eq!(tab.seen(".rows-sealed").await, "");
        tab.paste(".controls input", "云溪").await;
        let said = tab.seen("caption .rows").await;
        assert!(said.starts_with("条目") && said.contains("可能还有密封的条目"), "{said}");
        tab.click(".rows-sealed [data-action=unlock]").await;
        tab.wait("document.querySelector('#unlock-dialog').open").await;
        tab.press("Escape").await;
        tab.unlock(key("he-jun")).await;
        let said = tab.seen("caption .rows").await;
        assert!(said.contains("您无权查看的条目") && !said.contains("解锁"), "{said}");
        tab.run("const input = document.querySelector('.controls input'); input.value = ''; input.dispatchEvent(new Event('input', { bubbles: true }))").await;
        assert_eq!(tab.seen(".rows-sealed").await, "");
    });
}
