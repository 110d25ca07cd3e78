//! Pages on which dossiers are weighed against one another: what is sealed of each joins its row.

use crate::example::key;
use crate::tab::{Tab, visit};

/// What stands in the row of a customer on a dashboard.
async fn row(tab: &Tab, table: &str, dossier: &str) -> String {
    tab.ask(&format!("document.getElementById('{table}/{dossier}').innerText")).await
}

#[test]
fn the_importance_of_a_customer_opens_beside_its_tier_for_those_who_decide_on_it() {
    visit(async |tab, places| {
        tab.go(&places.trusted("dashboards/tiers/index.html")).await;
        let locked = row(&tab, "importance", "wuyan-tea").await;
        assert!(locked.contains("银牌") && !locked.contains("44"), "{locked}");
        tab.unlock(key("sun-qian")).await;
        let seen = row(&tab, "importance", "wuyan-tea").await;
        for told in ["44", "低于本级", "收入贡献 14/40", "1.3%", "2026-11-10"] {
            assert!(seen.contains(told), "{told}: {seen}");
        }
        assert!(row(&tab, "importance", "cangwu-valves").await.contains("未评定"));
        tab.shot("importance-unlocked").await;
    });
}

#[test]
fn what_is_stored_of_a_dossier_grows_by_what_a_key_opens() {
    visit(async |tab, places| {
        let stored = "Number(document.getElementById('effort/yunxi-hydropower') \
                      .querySelector('[data-counted=storage]').closest('td').dataset.value)";
        tab.go(&places.trusted("dashboards/effort/index.html")).await;
        let open: u64 = tab.ask(stored).await;
        assert!(open > 0);
        tab.unlock(key("zhao-min")).await;
        let of_legal: u64 = tab.ask(stored).await;
        // The scan of the contract alone has so many bytes.
        assert!(of_legal > open + 11_366, "{open} and {of_legal}");
        tab.shot("stored-unlocked").await;
    });
}
