//! Pages on a telephone: nothing reaches out of the page, so that it does not slide sideways under the thumb.

use crate::example::{key, site_with_past};
use crate::tab::visit_site;

const PAGES: [&str; 11] = [
    "index.html",
    "due/index.html",
    "dashboards/digest/index.html",
    "dashboards/completeness/index.html",
    "dashboards/effort/index.html",
    "dashboards/tiers/index.html",
    "dashboards/repairs/index.html",
    "dashboards/churn/index.html",
    "dashboards/weekly/index.html",
    "customers/county-water-office/index.html",
    "customers/county-water-office/history/index.html",
];

#[test]
fn no_page_is_wider_than_a_telephone_in_either_language() {
    visit_site(site_with_past(), async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        tab.unlock(key("sun-qian")).await;
        tab.narrow(390).await;
        for language in ["zh", "en"] {
            for page in PAGES {
                tab.go(&places.trusted(page)).await;
                tab.unlocked().await;
                tab.run(&format!("document.documentElement.dataset.language = '{language}'")).await;
                let width: u32 = tab.ask("document.documentElement.scrollWidth").await;
                assert!(width <= 390, "{page} in {language} is {width} wide");
            }
        }
    });
}

#[test]
fn signs_stand_below_their_customer_on_a_telephone() {
    visit_site(site_with_past(), async |tab, places| {
        tab.narrow(390).await;
        tab.go(&places.trusted("dashboards/churn/index.html")).await;
        let far: usize = tab
            .ask("[...document.querySelectorAll('#churn .sign')].filter((sign) => sign.getBoundingClientRect().right > 390).length")
            .await;
        assert_eq!(far, 0);
        assert!(tab.ask::<usize>("document.querySelectorAll('#churn .sign').length").await > 0);
    });
}
