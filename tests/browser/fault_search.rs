//! The library of fault cases: found by what is seen of a fault, with the keyboard alone, also from a folder.

use crate::tab::{Tab, visit};

const PAGE: &str = "dashboards/fault-cases/index.html";

/// The titles of the cases that are shown, in their order.
const SHOWN: &str =
    "[...document.querySelectorAll('#cases > .case:not([hidden]) .case-title')].map((title) => title.innerText.trim())";

async fn search(tab: &Tab, words: &str) -> Vec<String> {
    tab.run("document.getElementById('case-words').value = ''").await;
    tab.paste("#case-words", words).await;
    tab.ask(SHOWN).await
}

#[test]
fn a_case_is_found_by_characters_in_a_row_by_words_and_by_what_comes_close() {
    visit(async |tab, places| {
        for page in [places.trusted(PAGE), places.folder(PAGE)] {
            tab.go(&page).await;
            let all: Vec<String> = tab.ask(SHOWN).await;
            assert!(all.len() >= 10, "{all:?}");
            assert_eq!(search(&tab, "花屏").await, ["接头盒进水的早期迹象"]);
            // Not in a row in the text, but pair by pair.
            assert_eq!(search(&tab, "视频花屏").await[0], "接头盒进水的早期迹象");
            assert_eq!(search(&tab, "backup sim").await, ["Backup link dead on the day it was needed"]);
            assert_eq!(search(&tab, "ackup").await, [""; 0], "words are found by their beginnings");
            // What is seen of a fault comes before what is said of it elsewhere.
            let found = search(&tab, "时断时续").await;
            assert!(found.len() >= 2 && found[0].contains("时断时续"), "{found:?}");
            assert_eq!(search(&tab, "火山爆发").await, [""; 0]);
            assert!(tab.seen("#case-count").await.contains("没有找到"));
            tab.click("#case-search button[type=reset]").await;
            tab.wait(&format!("({SHOWN}).length === {}", all.len())).await;
            assert_eq!(tab.ask::<Vec<String>>(SHOWN).await, all, "the order comes back");
        }
        assert_eq!(tab.complaints(), [""; 0]);
    });
}

#[test]
fn cases_are_chosen_by_cause_and_by_service() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let choose = |field: &str, label: &str| {
            format!(
                "(() => {{ const select = document.querySelector('[data-case-choice={field}]'); \
                 const option = [...select.options].find((option) => option.label === '{label}'); \
                 select.value = option.value; select.dispatchEvent(new Event('change', {{ bubbles: true }})); \
                 return {SHOWN}; }})()"
            )
        };
        let radio: Vec<String> = tab.ask(&choose("nature", "无线")).await;
        assert_eq!(radio.len(), 2, "{radio:?}");
        let one: Vec<String> = tab.ask(&choose("services", "视频回传")).await;
        assert_eq!(one, ["大雾天无线桥时断时续"]);
        tab.shot("fault-cases-chosen").await;
    });
}

#[test]
fn the_search_is_used_with_the_keyboard_alone_and_says_what_it_found() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        search(&tab, "掉线").await;
        let status = "document.getElementById('case-count').getAttribute('role')";
        assert_eq!(tab.ask::<String>(status).await, "status");
        assert!(tab.seen("#case-count").await.contains("找到"));
        let at = "[...document.querySelectorAll('#cases > .case:not([hidden])')].indexOf(document.activeElement)";
        tab.press("Enter").await;
        assert_eq!(tab.ask::<i32>(at).await, 0);
        tab.press("ArrowDown").await;
        assert_eq!(tab.ask::<i32>(at).await, 1);
        tab.press("ArrowUp").await;
        assert_eq!(tab.ask::<i32>(at).await, 0);
        tab.press("Escape").await;
        assert_eq!(tab.ask::<String>("document.activeElement.id").await, "case-words");
    });
}

#[test]
fn the_library_names_no_customer() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        let names: Vec<String> = tab
            .ask("[...document.querySelectorAll('#dossiers > tr th')].map((cell) => cell.querySelector('.zh')?.textContent.trim() ?? cell.textContent.trim())")
            .await;
        assert!(names.len() > 15);
        tab.go(&places.trusted(PAGE)).await;
        let text: String = tab.ask("document.getElementById('cases').textContent").await;
        for name in names {
            assert!(!text.contains(&name), "{name}");
        }
    });
}
