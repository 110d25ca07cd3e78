//! What is due: sealed lines find their places by their days, and filters go over all groups.

use crate::example::key;
use crate::tab::visit;

const DAYS: &str = "[...document.querySelectorAll('GROUP > tr')].map((row) => row.dataset.day)";

#[test]
fn sealed_lines_find_their_groups_and_say_how_far_their_day_is() {
    visit(async |tab, places| {
        tab.go(&places.trusted("due/index.html")).await;
        let before: Vec<String> = tab.ask(&DAYS.replace("GROUP", "#due-overdue")).await;
        tab.unlock(key("wu-jie")).await;
        let overdue: Vec<String> = tab.ask(&DAYS.replace("GROUP", "#due-overdue")).await;
        assert!(overdue.len() > before.len(), "{before:?} {overdue:?}");
        let built: String = tab.ask("document.body.dataset.day").await;
        for (group, fits) in [("#due-overdue", true), ("#due-week", false), ("#due-later", false)] {
            let days: Vec<String> = tab.ask(&DAYS.replace("GROUP", group)).await;
            assert!(days.is_sorted() && days.iter().all(|day| (*day < built) == fits), "{group}: {days:?}");
        }
        // Open lines are put there by the build, sealed ones by the script: both by the same calendar.
        let next: Vec<String> = tab.ask(&DAYS.replace("GROUP", "#due-next-month")).await;
        assert!(!next.is_empty() && next.iter().all(|day| day.starts_with("2026-12")), "{next:?}");
        let later: Vec<String> = tab.ask(&DAYS.replace("GROUP", "#due-later")).await;
        assert!(later.iter().all(|day| day.as_str() >= "2027-01"), "{later:?}");
        assert_eq!(tab.ask::<usize>("document.getElementById('due-sealed').children.length").await, 0);
        let silent = "[...document.querySelectorAll('.due-distance')].filter((far) => far.textContent === '').length";
        assert_eq!(tab.ask::<usize>(silent).await, 0);
        tab.shot("due-unlocked").await;
    });
}

#[test]
fn one_choice_of_a_person_goes_over_all_groups() {
    visit(async |tab, places| {
        tab.go(&places.trusted("due/index.html")).await;
        tab.unlock(key("wu-jie")).await;
        tab.ask::<bool>(
            "(() => { const choice = document.querySelector('select[data-column=\"5\"]'); choice.value = '吴桐'; \
             choice.dispatchEvent(new Event('change', { bubbles: true })); return choice.value === '吴桐'; })()",
        )
        .await;
        let shown = "[...new Set([...document.querySelectorAll('#due-groups tbody > tr:not([hidden])')].map((row) => row.cells[5].innerText.trim()))]";
        let people: Vec<String> = tab.ask(shown).await;
        assert_eq!(people, ["吴桐"]);
    });
}

#[test]
fn home_and_a_dossier_list_what_was_sealed_in_the_order_of_days() {
    visit(async |tab, places| {
        for page in ["index.html", "customers/yunxi-hospital/index.html"] {
            tab.go(&places.trusted(page)).await;
            if page == "index.html" {
                tab.unlock(key("wu-jie")).await;
            } else {
                tab.unlocked().await;
            }
            let days: Vec<String> =
                tab.ask("[...document.querySelectorAll('#due > li')].map((line) => line.dataset.day)").await;
            assert!(days.len() > 3 && days.is_sorted(), "{page}: {days:?}");
            assert_eq!(tab.ask::<usize>("document.getElementById('due-sealed').children.length").await, 0);
            tab.shot("due-on-a-page").await;
        }
    });
}

/// A newcomer who looks for the contract that ends next month sees it on home without scrolling.
#[test]
fn home_shows_what_ends_next_month_and_keeps_what_is_overdue_behind_a_line() {
    let contract = "[...document.querySelectorAll('#due-ends > li')].find((line) => line.innerText.includes('院区互联与互联网接入合同'))";
    let days = |list: &str| format!("[...document.querySelectorAll('#{list} > li')].map((line) => line.dataset.day)");
    visit(async |tab, places| {
        for page in [places.trusted("index.html"), places.folder("index.html")] {
            tab.go(&page).await;
            tab.unlock(key("zhao-min")).await;
            let day: String = tab.ask(&format!("{contract}.dataset.day")).await;
            assert_eq!(day, "2026-12-31");
            assert!(tab.ask::<f64>(&format!("{contract}.getBoundingClientRect().bottom")).await < 800.0);
            let built: String = tab.ask("document.body.dataset.day").await;
            let late: Vec<String> = tab.ask(&days("due-late")).await;
            assert!(late.len() > 3 && late.is_sorted() && late.iter().all(|day| *day < built), "{late:?}");
            for list in ["due-ends", "due"] {
                let days: Vec<String> = tab.ask(&days(list)).await;
                assert!(
                    !days.is_empty() && days.is_sorted() && days.iter().all(|day| *day >= built),
                    "{list}: {days:?}"
                );
            }
            let shown =
                "[...document.querySelectorAll('#due-late > li')].filter((line) => line.checkVisibility()).length";
            assert_eq!(tab.ask::<usize>(shown).await, 0);
            // What one line stands for is not shown beside it.
            let folded = "[...document.querySelectorAll('.due-columns .folded')].filter((line) => line.checkVisibility()).length";
            assert_eq!(tab.ask::<usize>(folded).await, 0);
            let worst: Vec<String> =
                tab.ask("[...document.querySelectorAll('#due-worst > *')].map((one) => one.innerText.trim())").await;
            assert!(worst.len() == 3 && worst.iter().all(|one| one.chars().count() > 4), "{worst:?}");
            assert_eq!(tab.ask::<usize>("document.querySelectorAll('#due-worst :is(a, [id])').length").await, 0);
            tab.click(".due-overdue > summary").await;
            assert!(tab.ask::<usize>(shown).await >= 3);
            tab.shot("home-due").await;
            tab.run("sessionStorage.clear()").await;
        }
    });
}

#[test]
fn what_a_closer_view_says_takes_the_place_of_what_others_see() {
    visit(async |tab, places| {
        tab.go(&places.trusted("due/index.html")).await;
        let matter: String = tab.ask("document.querySelector('#due-groups tr[data-matter]').dataset.matter").await;
        let left = format!(
            "(() => {{ document.getElementById('due-veil').insertAdjacentHTML('beforeend', \
             '<span data-instead=\"{matter}\" data-closeness=\"1\"></span>'); \
             document.querySelector('#due-later').insertAdjacentHTML('beforeend', \
             '<tr data-matter=\"{matter}\" data-closeness=\"1\" data-day=\"2027-01-01\"><td>x</td></tr>'); \
             document.dispatchEvent(new CustomEvent('strongroom:placed', {{ detail: {{ placed: [] }} }})); \
             return [...document.querySelectorAll('[data-matter=\"{matter}\"]')].map((row) => row.dataset.closeness ?? '0'); }})()"
        );
        assert_eq!(tab.ask::<Vec<String>>(&left).await, ["1"]);
    });
}

#[test]
fn one_line_stands_for_many_customers_and_opens_and_the_count_stays_that_of_all() {
    visit(async |tab, places| {
        tab.go(&places.trusted("due/index.html")).await;
        tab.unlock(key("wu-jie")).await;
        let folds = "[...document.querySelectorAll('#due-groups .due-fold')].map((fold) => parseInt(fold.querySelector('.due-opens').innerText.replace(/\\D/g, ''), 10))";
        let folds: Vec<usize> = tab.ask(folds).await;
        assert!(folds.iter().any(|count| *count > 10) && folds.iter().all(|count| *count >= 3), "{folds:?}");
        let shown = "[...document.querySelectorAll('#due-groups tbody > [data-member]')].filter((row) => row.offsetParent !== null).length";
        assert_eq!(tab.ask::<usize>(shown).await, 0);
        let opened =
            format!("(() => {{ document.querySelector('#due-groups .due-opens').click(); return {shown}; }})()");
        assert_eq!(tab.ask::<usize>(&opened).await, folds[0]);
        let counts = "[...document.querySelectorAll('#due-groups .count')].every((count) => Number(count.textContent) === \
             document.getElementById(count.dataset.countOf).querySelectorAll(':scope > tr:not(.due-fold):not([hidden])').length)";
        assert!(tab.ask::<bool>(counts).await);
        tab.ask::<bool>("(() => { document.querySelector('#due-week').closest('table').querySelector('.sort-button').click(); return true; })()").await;
        assert_eq!(tab.ask::<usize>("document.querySelectorAll('#due-week > .due-fold').length").await, 0);
    });
}

#[test]
fn the_digest_begins_with_the_most_valuable_customers_and_names_no_key_of_a_list() {
    visit(async |tab, places| {
        tab.go(&places.trusted("dashboards/digest/index.html")).await;
        tab.unlock(key("sun-qian")).await;
        let lines: Vec<(Option<String>, String)> = tab
            .ask("[...document.querySelectorAll('#due > li')].map((line) => [line.dataset.rank ?? null, line.dataset.day])")
            .await;
        let keys: Vec<_> = lines.iter().map(|(rank, day)| (rank.is_none(), rank.clone(), day.clone())).collect();
        assert!(keys.len() > 5 && keys.is_sorted(), "{keys:?}");
        let records: Vec<String> =
            tab.ask("[...document.querySelectorAll('.digest-record:not([hidden])')].map((record) => record.innerText.trim())").await;
        assert!(
            !records.iter().any(|record| ["handler", "legal-rep", "network"].contains(&record.as_str())),
            "{records:?}"
        );
    });
}

#[test]
fn a_commit_is_one_entry_of_what_changed_and_tiers_are_offered_by_their_rank() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        tab.unlock(key("sun-qian")).await;
        let entries = "[...document.querySelectorAll('.feed-entry')]";
        let ids: Vec<String> = tab.ask(&format!("{entries}.map((entry) => entry.firstElementChild.id)")).await;
        let once: std::collections::BTreeSet<&String> = ids.iter().collect();
        assert!(!ids.is_empty() && once.len() == ids.len(), "{ids:?}");
        let heads =
            format!("{entries}.every((entry) => entry.querySelectorAll(':scope > details > summary').length === 1)");
        assert!(tab.ask::<bool>(&heads).await);
        // The first three customers and how many more; opened, each record with what of it.
        let others = "[...document.querySelectorAll('.feed-head')].filter((head) => !head.parentElement.open).every((head) => { \
             const names = [...head.querySelectorAll(':scope > .feed-dossier')]; \
             const shown = names.filter((name) => name.checkVisibility()).length; \
             const more = Number(head.querySelector('.feed-others')?.innerText.replace(/\\D/g, '') ?? 0); \
             return shown <= 3 && shown + more === names.length; })";
        assert!(tab.ask::<bool>(others).await);
        assert!(tab.ask::<usize>("document.querySelectorAll('.feed-others').length").await > 0);
        let told: Vec<String> =
            tab.ask("[...document.querySelectorAll('.feed-line > .feed-part')].map((part) => part.textContent)").await;
        assert!(told.len() > 10 && told.iter().all(|part| !part.is_empty()), "{told:?}");
        let tiers: Vec<String> = tab
            .ask("[...document.querySelector('.controls select').options].slice(1).map((option) => option.textContent)")
            .await;
        assert_eq!(tiers, ["金牌", "银牌", "铜牌"]);
    });
}

#[test]
fn whoever_has_not_unlocked_is_told_where_contracts_that_end_are_looked_for() {
    visit(async |tab, places| {
        for page in ["index.html", "due/index.html"] {
            tab.go(&places.trusted(page)).await;
            let said = tab.seen(".due-locked").await;
            assert!(said.starts_with("这里只列公开的事项"), "{page}: {said}");
            tab.unlock(key("li-wei")).await;
            assert_eq!(tab.seen(".due-locked").await, "", "{page}");
            tab.click("[data-action=lock]").await;
            tab.wait("!('unlocked' in document.documentElement.dataset) && document.readyState === 'complete'").await;
        }
    });
}

#[test]
fn ways_lead_to_the_stretches_of_time_that_have_anything() {
    visit(async |tab, places| {
        tab.go(&places.trusted("due/index.html")).await;
        tab.unlock(key("li-wei")).await;
        let ways = "[...document.querySelectorAll('.due-jumps a')].filter((way) => way.getClientRects().length > 0)";
        let shown: Vec<String> = tab.ask(&format!("{ways}.map((way) => way.hash)")).await;
        let filled: Vec<String> = tab
            .ask(
                "[...document.querySelectorAll('.due-group')].filter((group) => group.querySelector('tbody > tr:not([hidden])') \
                 && group.getClientRects().length > 0).map((group) => `#${group.querySelector('h2').id}`)",
            )
            .await;
        assert!(!shown.is_empty() && shown.iter().all(|way| filled.contains(way)), "{shown:?} of {filled:?}");
    });
}
