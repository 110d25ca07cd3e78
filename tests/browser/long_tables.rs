//! Tables of which not all rows stand in the page, and envelopes that stand beside it.

use crate::many::{DOSSIERS, STALEST, STALEST_OPEN, is_sealed, many, name};
use crate::tab::{Tab, visit_site};

const HOME: &str = "index.html";
const SHOWN: &str = "[...document.querySelectorAll('#dossiers > tr th a')].map((link) => link.querySelector('.zh')?.textContent ?? link.textContent)";

/// Once all rows have come.
async fn all_there(tab: &Tab) {
    tab.wait("!document.querySelector('[data-count-of=dossiers]').textContent.includes('+')").await;
}

async fn filter(tab: &Tab, text: &str) {
    tab.run(&format!(
        "const field = document.querySelector('input[data-filter-for=dossiers]'); field.value = '{text}'; \
         field.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    ))
    .await;
}

fn open_names() -> Vec<String> {
    (0..DOSSIERS).filter(|number| !is_sealed(*number)).map(name).collect()
}

#[test]
fn rows_that_do_not_stand_in_the_page_are_filtered_and_sorted_with_those_that_do() {
    let site = &many().site;
    let html = std::fs::read_to_string(site.join(HOME)).unwrap();
    assert!(html.matches("<tr id=\"dossier/").count() < 200);
    visit_site(site, async |tab, places| {
        for address in [places.trusted(HOME), places.folder(HOME)] {
            tab.go(&address).await;
            all_there(&tab).await;
            assert_eq!(tab.seen("[data-count-of=dossiers]").await, open_names().len().to_string());
            // Of all customers the last by pinyin: 周 is behind all other names.
            filter(&tab, "周周周").await;
            assert_eq!(tab.ask::<Vec<String>>(SHOWN).await, ["周周周公司"], "{address}");
            filter(&tab, "行业49").await;
            assert_eq!(tab.seen("[data-count-of=dossiers]").await, "15");
            filter(&tab, "").await;
            tab.click("#dossier-table thead th:first-child .sort-button").await;
            tab.click("#dossier-table thead th:first-child .sort-button").await;
            let last: Vec<String> = tab.ask(SHOWN).await;
            let mut sorted = open_names();
            let order = "陈冯李钱孙王吴赵郑周";
            let rank = |name: &str| name.chars().map(|c| order.find(c).unwrap_or_default()).collect::<Vec<_>>();
            sorted.sort_by_key(|name| std::cmp::Reverse(rank(name)));
            assert_eq!(last, sorted[..last.len()], "{address}");
            let choices: usize = tab
                .ask("Math.max(...[...document.querySelectorAll('select')].map((select) => select.options.length))")
                .await;
            assert!(choices > 40, "choices are what all rows say, not only those shown: {choices}");
            assert_eq!(tab.complaints(), Vec::<String>::new());
        }
    });
}

#[test]
fn sealed_rows_and_cells_find_their_places_among_rows_that_are_not_shown() {
    visit_site(&many().site, async |tab, places| {
        for address in [places.trusted(HOME), places.folder(HOME)] {
            tab.go(&address).await;
            tab.unlock(&many().key).await;
            assert_eq!(tab.seen("[data-count-of=dossiers]").await, DOSSIERS.to_string());
            let all = "document.querySelectorAll('.rows-more button')[2]";
            tab.run(&format!("{all}.click()")).await;
            tab.wait(&format!("document.querySelectorAll('#dossiers > tr').length === {DOSSIERS}")).await;
            let shown: Vec<String> = tab.ask(SHOWN).await;
            let order = "陈冯李钱孙王吴赵郑周";
            let mut sorted: Vec<String> = (0..DOSSIERS).map(name).collect();
            sorted.sort_by_key(|name| name.chars().map(|c| order.find(c).unwrap_or_default()).collect::<Vec<_>>());
            assert_eq!(shown, sorted, "{address}");
            // A sealed row far behind, and a sealed cell of an open row far behind.
            filter(&tab, &name(447)).await;
            assert_eq!(tab.seen("#dossiers > tr [data-zh-audience]").await, name(447));
            filter(&tab, &name(443)).await;
            assert!(tab.seen("#dossiers > tr").await.contains("行业43"));
            tab.run("sessionStorage.clear()").await;
        }
    });
}

#[test]
fn a_link_to_a_row_leads_to_it_wherever_it_stands_and_all_rows_are_printed() {
    visit_site(&many().site, async |tab, places| {
        tab.go(&places.trusted("index.html#dossier/c444")).await;
        tab.wait("document.getElementById('dossier/c444') !== null").await;
        tab.wait("document.querySelector('tr:target')?.id === 'dossier/c444'").await;
        tab.wait("document.getElementById('dossier/c444').getBoundingClientRect().top < innerHeight").await;
        assert!(tab.ask::<usize>("document.querySelectorAll('#dossiers > tr').length").await <= 100);
        tab.run("dispatchEvent(new Event('beforeprint'))").await;
        let rows = "document.querySelectorAll('#dossiers > tr').length";
        assert_eq!(tab.ask::<usize>(rows).await, open_names().len());
        tab.run("dispatchEvent(new Event('afterprint'))").await;
        assert!(tab.ask::<usize>(rows).await <= 100);
    });
}

#[test]
fn without_scripts_every_open_dossier_is_on_one_of_the_pages_that_follow_one_another() {
    let site = &many().site;
    let (mut page, mut names, mut pages) = (Some(HOME.to_owned()), Vec::new(), 0);
    while let Some(name) = page {
        let html = std::fs::read_to_string(site.join(&name)).unwrap();
        let rows = html.split("<tr id=\"dossier/").skip(1);
        names.extend(rows.map(|row| row.split('"').next().unwrap().to_owned()));
        page = html.split("rel=\"next\" href=\"").nth(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        pages += 1;
    }
    assert!(pages > 1);
    names.sort();
    let open: Vec<String> =
        (0..DOSSIERS).filter(|number| !is_sealed(*number)).map(|number| format!("c{number:03}")).collect();
    assert_eq!(names, open);
}

#[test]
fn an_envelope_beside_its_page_opens_over_http_and_from_a_folder() {
    let page = "customers/c000/index.html";
    assert!(std::fs::read_to_string(many().site.join(page)).unwrap().contains("data-beside"));
    visit_site(&many().site, async |tab, places| {
        tab.go(&places.trusted(page)).await;
        assert!(!tab.requests().iter().any(|address| address.contains("/envelopes/")), "nobody has unlocked");
        for address in [places.trusted(page), places.exposed(page), places.folder(page)] {
            tab.go(&address).await;
            let loaded = || tab.requests().iter().filter(|address| address.contains("/envelopes/")).count();
            let before = loaded();
            tab.unlock(&many().key).await;
            assert!(loaded() > before, "nobody loads it who has not unlocked: {address}");
            assert!(tab.seen("#content").await.contains("c000"), "{address}");
            assert!(tab.ask::<bool>("document.querySelector('#unlock-notice').hidden").await);
            tab.run("sessionStorage.clear()").await;
        }
    });
}

#[test]
fn an_envelope_beside_another_page_is_refused_in_its_place() {
    let site = tempfile::tempdir().unwrap();
    crate::example::copy(&many().site, site.path());
    let place = |page: &str| {
        let html = std::fs::read_to_string(site.path().join(page)).unwrap();
        html.split("data-beside=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let (own, other) = (place("customers/c000/index.html"), place("customers/c001/index.html"));
    assert_ne!(own, other);
    let script = std::fs::read_to_string(site.path().join(format!("{other}.js"))).unwrap().replace(&other, &own);
    std::fs::write(site.path().join(format!("{own}.js")), script).unwrap();
    visit_site(site.path(), async |tab, places| {
        tab.go(&places.trusted("customers/c000/index.html")).await;
        tab.unlock(&many().key).await;
        assert!(tab.seen("#unlock-notice").await.contains("标明属于其他页面"));
        assert!(!tab.ask::<String>("document.documentElement.outerHTML").await.contains("c001"));
        std::fs::remove_file(site.path().join(format!("{own}.js"))).unwrap();
        tab.go(&places.trusted("customers/c000/index.html")).await;
        tab.wait("!document.querySelector('#unlock-notice').hidden").await;
        assert!(tab.seen("#unlock-notice").await.contains("重新加载"));
    });
}

#[test]
fn a_long_table_and_the_pages_that_follow_have_no_serious_finding_by_axe_core() {
    visit_site(&many().site, async |tab, places| {
        for page in [HOME, "list-2.html"] {
            tab.go(&places.trusted(page)).await;
            let found = crate::accessibility::serious(&tab).await;
            assert!(found.is_empty(), "{page}: {found:#?}");
        }
        // A further page stays as it is, also where there are scripts.
        assert!(tab.ask::<bool>("document.querySelector('.rows-more a[rel=prev]') !== null").await);
        assert!(tab.ask::<bool>("document.querySelectorAll('#dossiers > tr').length > 500").await);
        assert!(tab.ask::<bool>("document.querySelector('.controls').offsetParent === null").await);
        tab.narrow(390).await;
        tab.go(&places.trusted(HOME)).await;
        all_there(&tab).await;
        tab.shot("home-long-narrow").await;
        assert!(tab.ask::<bool>("document.documentElement.scrollWidth <= innerWidth").await);
    });
}

#[test]
fn dashboards_reckon_with_all_rows_and_keep_a_window_of_them_in_the_page() {
    visit_site(&many().site, async |tab, places| {
        for (unlocked, customers, stalest) in [(false, open_names().len(), STALEST_OPEN), (true, DOSSIERS, STALEST)] {
            tab.go(&places.trusted("dashboards/freshness/index.html")).await;
            if unlocked {
                tab.unlock(&many().key).await;
            }
            let counted = format!("document.querySelector('[data-count-of=freshness]').textContent === '{customers}'");
            tab.wait(&counted).await;
            tab.wait(&format!("document.querySelector('#freshness > tr').innerText.includes('{}')", name(stalest)))
                .await;
            assert!(tab.ask::<usize>("document.querySelectorAll('#freshness > tr').length").await <= 100);
            tab.go(&places.trusted("dashboards/completeness/index.html")).await;
            // Two of all customers have a profile.
            tab.wait(&format!("document.querySelector('tfoot')?.innerText.includes('2/{customers}')")).await;
            tab.go(&places.trusted("dashboards/worklist/index.html")).await;
            tab.wait(&format!("document.querySelector('#worklist > tr').innerText.includes('{}')", name(stalest)))
                .await;
        }
        assert_eq!(tab.complaints(), Vec::<String>::new());
    });
}

#[test]
fn what_is_due_of_many_is_folded_counted_and_opened_without_standing_in_the_page() {
    visit_site(&many().site, async |tab, places| {
        let rows = "document.querySelectorAll('#due-overdue > tr').length";
        let count = "document.querySelector('[data-count-of=due-overdue]').textContent";
        tab.go(&places.trusted("due/index.html")).await;
        let open = open_names().len();
        tab.wait(&format!("{count} === '{open}'")).await;
        // The review of nearly all fell due on one day, and one line stands for them.
        assert!(tab.ask::<usize>(rows).await < 10);
        let said = tab.seen("#due-overdue .due-opens").await;
        assert!(said.contains(&(open - 1).to_string()), "{said}");
        tab.click("#due-overdue .due-opens").await;
        assert_eq!(tab.ask::<usize>(rows).await, 100);
        assert!(tab.ask::<bool>("document.activeElement.matches('.due-opens[aria-expanded=true]')").await);
        tab.unlock(&many().key).await;
        tab.wait(&format!("{count} === '{DOSSIERS}'")).await;
        assert!(tab.ask::<usize>(rows).await <= 100);
        tab.run(&format!(
            "const field = document.querySelector('input[data-filter-for]'); field.value = '{}'; \
             field.dispatchEvent(new Event('input', {{ bubbles: true }}))",
            name(447)
        ))
        .await;
        assert_eq!(tab.ask::<String>(count).await, "1");
        assert!(tab.seen("#due-overdue").await.contains(&name(447)));
        assert_eq!(tab.complaints(), Vec::<String>::new());
    });
}
