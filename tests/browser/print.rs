//! Pages on paper: what a print says of itself, what it leaves out, and how it lies.

use crate::example::key;
use crate::tab::{Tab, visit};

const DOSSIER: &str = "customers/yunxi-hydropower/index.html";
const REGISTER: &str = "registers/fault/index.html";

/// The width and height of each sheet.
fn sheets(pdf: &[u8]) -> Vec<(f64, f64)> {
    let text = String::from_utf8_lossy(pdf);
    let boxes = text.split("/MediaBox [").skip(1).filter_map(|rest| {
        let mut numbers = rest.split(']').next()?.split_whitespace().map(|number| number.parse::<f64>().ok());
        Some((numbers.nth(2)??, numbers.next()??))
    });
    boxes.collect()
}

/// What of these can be seen on paper.
async fn seen_on_paper(tab: &Tab, selectors: &[&str]) -> Vec<String> {
    tab.show_as("print", "light").await;
    let seen = tab
        .ask(&format!(
            "{selectors:?}.filter((one) => [...document.querySelectorAll(one)].some((e) => e.checkVisibility()))"
        ))
        .await;
    tab.show_as("screen", "light").await;
    seen
}

const FURNITURE: [&str; 12] = [
    ".dossier-bar",
    ".masthead",
    ".breadcrumbs",
    ".toc",
    ".controls",
    ".permalink",
    ".skip",
    ".copy-desk",
    ".history-link",
    "dialog",
    ".print-open",
    ".print-record",
];

#[test]
fn a_locked_print_says_that_parts_are_missing_and_when_it_was_made() {
    visit(async |tab, places| {
        for page in [DOSSIER, REGISTER] {
            tab.go(&places.trusted(page)).await;
            assert!(!sheets(&tab.print().await).is_empty(), "{page}");
            assert_eq!(seen_on_paper(&tab, &FURNITURE).await, Vec::<String>::new(), "{page}");
            let notes = [".print-missing", ".print-restricted", ".sealed-notes", ".running-head"];
            assert_eq!(seen_on_paper(&tab, &notes).await, [".print-missing", ".sealed-notes", ".running-head"]);
            let stamp: String = tab.ask("document.querySelector('.running-printed').innerText").await;
            let year: String = tab.ask("String(new Date().getFullYear())").await;
            assert!(
                stamp.contains(&year)
                    || tab
                        .ask::<String>("document.querySelector('.running-printed').textContent")
                        .await
                        .contains(&year),
                "{stamp}"
            );
        }
    });
}

#[test]
fn an_unlocked_print_names_its_reader_on_every_sheet_and_stays_in_the_page_of_its_language() {
    visit(async |tab, places| {
        tab.go(&places.trusted(DOSSIER)).await;
        tab.unlock(key("li-wei")).await;
        for (name, other) in [("李薇", "Li Wei"), ("Li Wei", "李薇")] {
            tab.print().await;
            let stamp: String = tab
                .ask("[...document.querySelectorAll('.running-printed > span')].filter((one) => one.className === document.documentElement.dataset.language).map((one) => one.textContent).join('')")
                .await;
            assert!(stamp.contains(name) && !stamp.contains(other), "{stamp}");
            assert_eq!(seen_on_paper(&tab, &[".print-restricted", ".running-head .running-printed"]).await.len(), 2);
            tab.click("[data-action=language]").await;
        }
    });
}

#[test]
fn a_register_lies_on_its_side_and_a_dossier_stands() {
    visit(async |tab, places| {
        tab.go(&places.trusted(DOSSIER)).await;
        let standing = sheets(&tab.print().await);
        assert!(standing.len() > 2 && standing.iter().all(|(width, height)| width < height), "{standing:?}");
        for _ in 0..2 {
            tab.go(&places.trusted(REGISTER)).await;
            let lying = sheets(&tab.print().await);
            assert!(!lying.is_empty() && lying.iter().all(|(width, height)| width > height), "{lying:?}");
            tab.click("[data-action=language]").await;
        }
    });
}

#[test]
fn the_highest_marking_that_a_page_shows_stands_at_its_head_and_on_every_sheet() {
    visit(async |tab, places| {
        let disputed = "customers/liping-paper/index.html";
        let shown = "[...new Set([...document.querySelectorAll('.running-marking, #page-level strong')].map((one) => one.textContent))].join('|')";
        tab.go(&places.trusted("registers/contract/index.html")).await;
        assert_eq!(tab.ask::<String>(shown).await, "", "nothing that is marked is open there");
        assert!(tab.ask::<bool>("document.getElementById('page-level').hidden").await);
        tab.unlock(key("zhao-min")).await;
        assert_eq!(tab.ask::<String>(shown).await, "普通商业秘密", "one of the contracts is marked");
        tab.go(&places.trusted(disputed)).await;
        tab.unlocked().await;
        assert_eq!(tab.ask::<String>(shown).await, "核心商业秘密", "the dispute is marked higher than its dossier");
        assert_eq!(seen_on_paper(&tab, &[".running-head .running-marking", "#page-level"]).await.len(), 2);
        assert!(!tab.ask::<bool>("document.getElementById('page-level').hidden").await);
    });
}

#[test]
fn every_sheet_says_what_it_is_about_for_as_long_as_it_is_printed() {
    visit(async |tab, places| {
        tab.go(&places.trusted(DOSSIER)).await;
        for (language, name) in [("zh", "云溪水电开发有限公司"), ("en", "Yunxi Hydropower Development")] {
            if language == "en" {
                tab.click("[data-action=language]").await;
            }
            tab.run("dispatchEvent(new Event('beforeprint'))").await;
            let subject = "document.querySelector('.running-subject').textContent";
            assert_eq!(tab.ask::<String>(subject).await, name);
            tab.run("dispatchEvent(new Event('afterprint'))").await;
            assert_eq!(tab.ask::<String>(subject).await, "");
        }
    });
}

/// A browser that is driven shows no dialog for printing; it says that it was asked for one.
const ASKED: &str = "window.asked = 0; window.print = () => { window.asked += 1 }";

#[test]
fn a_button_prints_the_page_by_the_keyboard_locked_and_unlocked() {
    visit(async |tab, places| {
        for reader in [None, Some("li-wei")] {
            tab.go(&places.trusted("index.html")).await;
            if let Some(reader) = reader {
                tab.unlock(key(reader)).await;
            }
            let pages = [
                (DOSSIER, "打印本卷"),
                (REGISTER, "打印本簿"),
                ("due/visits/index.html", "打印走访日历"),
                ("due/index.html", "打印本页"),
            ];
            for (page, words) in pages {
                tab.go(&places.trusted(page)).await;
                assert_eq!(tab.seen(".print-open").await, words);
                tab.run(&format!("{ASKED}; document.querySelector('.print-open').focus()")).await;
                tab.press("Enter").await;
                tab.wait("window.asked === 1").await;
                assert!(!tab.ask::<bool>("document.querySelector('.printed-alone') !== null").await);
            }
        }
    });
}

#[test]
fn a_record_by_itself_stands_on_paper_below_its_customer_and_marking_and_says_that_it_is_not_all() {
    visit(async |tab, places| {
        tab.go(&places.trusted(DOSSIER)).await;
        tab.unlock(key("li-wei")).await;
        let print_alone = "document.querySelector('.group-contract .print-record').focus()";
        let whole = sheets(&tab.print().await).len();
        tab.run(&format!("{ASKED}; {print_alone}")).await;
        tab.press("Enter").await;
        tab.wait("window.asked === 1").await;
        let alone = sheets(&tab.print().await);
        assert!(alone.len() < whole && alone.iter().all(|(width, height)| width < height), "{alone:?}");
        assert_eq!(sheets(&tab.print().await).len(), whole, "the next print is whole");

        tab.run(print_alone).await;
        tab.press("Enter").await;
        tab.wait("window.asked === 2").await;
        tab.run("dispatchEvent(new Event('beforeprint'))").await;
        let shown = ["h1", "#marking", ".running-origin", ".running-subject", ".print-alone", ".group-contract h2"];
        let left_out = ["#identity", "#standing", ".due-block", "#timeline-block", ".group:not(.group-contract)"];
        assert_eq!(seen_on_paper(&tab, &shown).await, shown);
        assert_eq!(seen_on_paper(&tab, &left_out).await, Vec::<String>::new());
        assert_eq!(seen_on_paper(&tab, &[".record:not(.printed-alone)", ".printed-alone"]).await, [".printed-alone"]);
        let title: String = tab.ask("document.querySelector('.printed-alone h3').innerText.trim()").await;
        let subject: String = tab.ask("document.querySelector('.running-subject').textContent").await;
        assert_eq!(subject, format!("云溪水电开发有限公司 · {title}"));
        assert!(!tab.seen(".due-block").await.is_empty(), "on the screen nothing goes");
    });
}

#[test]
fn no_table_of_a_dossier_is_wider_than_its_sheet_in_either_language() {
    visit(async |tab, places| {
        tab.go(&places.trusted(DOSSIER)).await;
        tab.unlock(key("wu-jie")).await;
        // The text of a sheet that stands is 184 mm wide: what is wider makes a browser print everything smaller.
        tab.narrow(695).await;
        for _ in 0..2 {
            tab.show_as("print", "light").await;
            let over: Vec<String> = tab
                .ask(
                    "(() => { const { right } = document.querySelector('.paper').getBoundingClientRect(); \
                     return [...document.querySelectorAll('.paper table')].filter((one) => one.getBoundingClientRect().right > right + 1) \
                         .map((one) => one.querySelector('tbody').id); })()",
                )
                .await;
            assert!(over.is_empty(), "{over:?}");
            tab.show_as("screen", "light").await;
            tab.click("[data-action=language]").await;
        }
    });
}
