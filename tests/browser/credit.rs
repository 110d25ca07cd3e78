//! Unified credit: in the open a group's members, and all of it for whoever may read it.

use crate::example::key;
use crate::tab::visit;

const PAGE: &str = "dashboards/credit/index.html";

#[test]
fn limits_and_exposures_open_for_finance() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let locked = tab.seen("#credit-accounts").await;
        assert!(
            locked.contains("云溪城乡投资集团") && locked.contains("青樾燃气") && !locked.contains("额度"),
            "{locked}"
        );
        tab.unlock(key("li-wei")).await;
        assert_eq!(tab.ask::<usize>("document.getElementById('credit-accounts').childElementCount").await, 1);
        let seen = tab.seen("#credit-accounts").await;
        for told in ["1,000,000 元", "718,000 元", "282,000 元", "2027-04-14"] {
            assert!(seen.contains(told), "{told}: {seen}");
        }
        tab.shot("credit-unlocked").await;
    });
}

#[test]
fn limits_and_exposures_do_not_open_for_others() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("he-jun")).await;
        let seen: String = tab.ask("document.getElementById('credit-accounts').textContent").await;
        assert!(seen.contains("云溪城乡投资集团") && !seen.contains("1,000,000") && !seen.contains("额度"), "{seen}");
    });
}

#[test]
fn the_chart_has_its_numbers_in_a_table_and_marks_what_went_beyond() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("li-wei")).await;
        let group = "document.getElementById('credit/云溪城乡投资集团')";
        // Two years of month ends and today, of which one month went beyond the limit.
        assert_eq!(tab.ask::<usize>(&format!("{group}.querySelectorAll('.credit-figure tbody tr').length")).await, 25);
        let beyond = format!(
            "new Set([...{group}.querySelectorAll('rect.over title')].map((title) => title.textContent.slice(0, 10)))"
        );
        assert_eq!(tab.ask::<Vec<String>>(&format!("[...{beyond}]")).await, ["2026-03-31"]);
        let left = format!(
            "[...{group}.querySelectorAll('.credit-figure tbody tr')].find((row) => row.cells[0].textContent === '2026-03-31').cells[6].textContent"
        );
        assert_eq!(tab.ask::<String>(&left).await, "-68,000");
    });
}

#[test]
fn a_members_dossier_leads_to_the_credit_of_its_group() {
    visit(async |tab, places| {
        tab.go(&places.trusted("customers/qingyue-gas/index.html")).await;
        tab.click("#unified-credit a").await;
        tab.wait("document.body?.dataset.page === 'dashboards/credit/'").await;
        tab.settled().await;
        let target =
            "document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector('h2').textContent";
        assert_eq!(tab.ask::<Option<String>>(target).await.as_deref(), Some("云溪城乡投资集团"));
    });
}
