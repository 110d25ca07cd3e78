//! The history of the example with its past, as a compliance reviewer uses it.

use crate::example::{key, site_with_past};
use crate::tab::{Tab, visit_site};

const HOSPITAL: &str = "customers/yunxi-hospital/history/index.html";

async fn is_silent(tab: &Tab) -> bool {
    tab.ask("document.getElementById('unlock-notice').hidden").await
}

#[test]
fn everything_that_a_reviewer_opens_finds_its_place() {
    visit_site(site_with_past(), async |tab, places| {
        tab.go(&places.trusted(HOSPITAL)).await;
        tab.unlock(key("wu-jie")).await;
        assert!(is_silent(&tab).await, "what stood before a change, and asks for more than it, has a place");
        tab.go(&places.trusted("index.html")).await;
        assert!(is_silent(&tab).await);
    });
}

#[test]
fn the_dossier_as_it_stood_on_a_day_holds_what_came_with_its_records() {
    visit_site(site_with_past(), async |tab, places| {
        tab.go(&places.trusted(&format!("{HOSPITAL}#day=2026-07-06&record=dossier"))).await;
        let stood = tab.seen("[data-as-of-list]").await;
        for said in ["云溪县人民医院", "客户分级", "金牌", "周岚"] {
            assert!(stood.contains(said), "{said}: {stood}");
        }
        tab.click("[data-action=language]").await;
        let stood = tab.seen("[data-as-of-list]").await;
        assert!(stood.contains("Account manager") && stood.contains("Gold"), "{stood}");
        assert!(!stood.contains("account_manager"), "{stood}");
    });
}

#[test]
fn parts_are_chosen_by_what_they_are_called_and_with_who_may_read_them() {
    visit_site(site_with_past(), async |tab, places| {
        tab.go(&places.trusted(&format!("{HOSPITAL}#record=profile"))).await;
        tab.unlock(key("sun-qian")).await;
        let choices: Vec<String> =
            tab.ask("[...document.querySelectorAll('[data-history-filter=part] option')].map((o) => o.text)").await;
        assert!(choices.iter().any(|choice| choice == "发展潜力"), "{choices:?}");
        let doubles = choices.iter().filter(|choice| choice.starts_with("满意度下滑的内情")).count();
        assert_eq!(doubles, 1, "the section and its restriction are one choice: {choices:?}");
        assert!(choices.iter().all(|choice| !choice.contains('#')), "{choices:?}");
    });
}

#[test]
fn a_change_reads_on_from_the_name_beside_it() {
    visit_site(site_with_past(), async |tab, places| {
        tab.go(&places.trusted("customers/yunxi-hydropower/history/index.html#record=dossier&part=field:staff")).await;
        let zh = tab.seen("#timeline").await;
        assert!(zh.contains("把员工数从 305 提高到 312"), "{zh}");
        tab.click("[data-action=language]").await;
        let en = tab.seen("#timeline").await;
        assert!(en.contains("Raised employees from 305 to 312"), "{en}");
        tab.unlock(key("li-wei")).await;
        tab.run("location.hash = 'record=credit-lines/chengxiang-group&part=field:limit'").await;
        tab.wait("document.querySelector('[data-history-filter=record]').value === 'credit-lines/chengxiang-group'")
            .await;
        let en = tab.seen("#timeline").await;
        assert!(en.contains("Raised the limit from 650,000 to 1,000,000 CNY"), "{en}");
    });
}

#[test]
fn a_dossier_that_is_gone_is_found_from_home_and_by_its_old_address() {
    visit_site(site_with_past(), async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        let listed = tab.seen("#gone-list").await;
        assert!(listed.contains("澄波影城") && listed.contains("2026-09-01 由 叶青 移除"), "{listed}");
        tab.go(&places.trusted("customers/chengbo-cinema/index.html")).await;
        assert!(tab.seen("main").await.contains("此案卷已移除"));
        tab.click("main a[href='history/index.html']").await;
        tab.wait("document.querySelector('.gone-note') !== null").await;
        let told = tab.seen("#timeline").await;
        assert!(told.contains("移除案卷") && !told.contains("片源下载专线合同"), "{told}");
        tab.unlock(key("li-wei")).await;
        assert!(tab.seen("#timeline").await.contains("片源下载专线合同"));
    });
}

#[test]
fn an_old_name_of_a_record_leads_to_it() {
    visit_site(site_with_past(), async |tab, places| {
        tab.go(&places.trusted("customers/yunxi-hydropower/index.html#leases/bridge-duct")).await;
        let leads = "document.querySelector('[name=\"leases/bridge-duct\"]')?.closest('article')?.id ?? ''";
        assert_eq!(tab.ask::<String>(leads).await, "", "its name is for those who may know of it");
        tab.unlock(key("wu-jie")).await;
        assert_eq!(tab.ask::<String>(leads).await, "leases/ZW-2019-004");
        let near = "Math.abs(document.getElementById('leases/ZW-2019-004').getBoundingClientRect().top) < 300";
        tab.wait(near).await;
    });
}

#[test]
fn an_opening_stands_on_its_day_with_the_way_to_who_had_set_it() {
    visit_site(site_with_past(), async |tab, places| {
        tab.go(&places.trusted("customers/yanshan-springs/history/index.html#record=agreements/BM-2026-01")).await;
        let told = tab.seen("[id='o-2026-10-01']").await;
        assert!(told.contains("自本日起对全体员工开放，由 赵敏 2026-08-11 设定"), "{told}");
        let leads: bool = tab
            .ask("document.querySelector(document.querySelector('[id=\"o-2026-10-01\"] .said a').getAttribute('href')) !== null")
            .await;
        assert!(leads);
    });
}
