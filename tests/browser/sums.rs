//! Sums below the columns of registers: of the rows that the filters let through, and of what a reader sees in them.

use crate::example::{example, key};
use crate::many::{LINES, many};
use crate::tab::{Tab, visit, visit_site};
use std::path::Path;

const CONTRACTS: &str = "registers/contract/index.html";
const FEES: &str = "registers/fee/index.html";

/// What stands in the last row, cell by cell.
const FOOT: &str = "[...document.querySelectorAll('tfoot td')].filter((cell) => cell.checkVisibility()).map((cell) => cell.innerText).filter(Boolean)";

/// The amounts of all contracts of the example, or of those of one customer.
fn amounts(folder: &Path) -> Vec<u64> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { amounts(&path) } else { amount(&path).into_iter().collect() }).collect()
}

fn amount(path: &Path) -> Option<u64> {
    let is_contract = path.parent()?.ends_with("contracts") && path.extension()? == "md";
    let text = std::fs::read_to_string(path).ok().filter(|_| is_contract)?;
    text.lines().find_map(|line| line.strip_prefix("amount: ")?.strip_suffix(" CNY")?.parse().ok())
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let from = |n: usize| n > 0 && (digits.len() - n).is_multiple_of(3);
    digits.chars().enumerate().flat_map(|(n, c)| from(n).then_some(',').into_iter().chain([c])).collect()
}

async fn filter(tab: &Tab, text: &str) {
    tab.run(&format!(
        "const field = document.querySelector('input[data-filter-for=register]'); field.value = '{text}'; \
         field.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    ))
    .await;
}

#[test]
fn a_register_sums_what_is_shown_once_it_is_unlocked_and_forgets_it_when_locked() {
    let customers = example().archive.join("customers");
    let all = grouped(amounts(&customers).iter().sum());
    let own = grouped(amounts(&customers.join("energy/yunxi-hydropower")).iter().sum());
    visit(async |tab, places| {
        for page in [places.trusted(CONTRACTS), places.folder(CONTRACTS)] {
            tab.go(&page).await;
            assert_eq!(tab.ask::<usize>("document.querySelectorAll('tfoot').length").await, 0, "nothing is there");
            tab.unlock(key("wu-jie")).await;
            assert_eq!(tab.ask::<Vec<String>>(FOOT).await, [format!("{all} 元")]);
            filter(&tab, "云溪水电").await;
            assert_eq!(tab.ask::<Vec<String>>(FOOT).await, [format!("{own} 元")]);
            tab.click("[data-action=language]").await;
            assert_eq!(tab.ask::<Vec<String>>(FOOT).await, [format!("{own} CNY")]);
            assert_eq!(tab.seen("tfoot th").await, "Sum of these");
            filter(&tab, "no such contract").await;
            assert_eq!(tab.ask::<usize>("document.querySelectorAll('tfoot').length").await, 0);
            filter(&tab, "").await;
            assert_eq!(tab.ask::<Vec<String>>(FOOT).await, [format!("{all} CNY")]);
            tab.show_as("print", "light").await;
            assert_eq!(tab.ask::<Vec<String>>(FOOT).await, [format!("{all} CNY")], "on paper as well");
            tab.show_as("screen", "light").await;
            tab.shot("register-sums").await;
            tab.click("[data-action=language]").await;
            tab.run("strongroom.unlock.lock()").await;
            tab.settled().await;
            tab.wait("strongroom.session.read() === null && document.querySelector('tfoot') === null").await;
        }
    });
}

/// A reader of contracts who may not read what they cost sees no sum; nor does the page hold one.
#[test]
fn who_does_not_see_amounts_sees_no_sum() {
    let all = grouped(amounts(&example().archive.join("customers")).iter().sum());
    visit(async |tab, places| {
        tab.go(&places.trusted(CONTRACTS)).await;
        tab.unlock(key("zhao-min")).await;
        assert!(tab.ask::<usize>("document.querySelectorAll('#register > tr').length").await > 10);
        let foot: Vec<String> = tab.ask(FOOT).await;
        assert!(!foot.iter().any(|cell| cell.contains(&all)), "{foot:?}");
        let shown: Vec<String> = tab
            .ask("[...document.querySelectorAll('#register td.money')].map((cell) => cell.innerText).filter(Boolean)")
            .await;
        assert_eq!(shown.is_empty(), foot.is_empty(), "{shown:?} {foot:?}");
    });
}

#[test]
fn all_rows_of_a_long_register_are_summed_by_currency_and_exactly() {
    // Every hundredth line is in another currency.
    let dollars: usize = (0..LINES).step_by(100).sum();
    let lines = LINES / 100;
    let yuan: usize = (0..LINES).sum::<usize>() - dollars;
    let quarters = |whole: usize, lines: usize| {
        let all = whole * 100 + lines * 25;
        format!("{}.{:02}", grouped((all / 100) as u64), all % 100)
    };
    let planned = format!("{} USD\n{} 元", quarters(dollars, lines), quarters(yuan, LINES - lines));
    visit_site(&many().site, async |tab, places| {
        for page in [places.trusted(FEES), places.folder(FEES)] {
            tab.go(&page).await;
            tab.wait("document.querySelector('tfoot') !== null").await;
            assert!(tab.ask::<usize>("document.querySelectorAll('#register > tr').length").await < LINES);
            assert_eq!(tab.ask::<Vec<String>>(FOOT).await, std::slice::from_ref(&planned), "what was spent is sealed");
            tab.unlock(&many().key).await;
            let spent = format!("{} 元", grouped((0..LINES as u64).sum()));
            assert_eq!(tab.ask::<Vec<String>>(FOOT).await, [planned.clone(), spent]);
            filter(&tab, "L69").await;
            assert_eq!(tab.ask::<Vec<String>>(FOOT).await, ["6,947.50 元", "6,945 元"]);
            tab.run("sessionStorage.clear()").await;
        }
    });
}
