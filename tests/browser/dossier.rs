//! Reading one dossier from its card to its end: the bar that stays, the contents, what is due.

use crate::example::key;
use crate::tab::{Tab, visit};

const DOSSIER: &str = "customers/yunxi-hydropower/index.html";

/// A gentle scroll is still on its way when a test looks.
const AT_ONCE: &str = "document.documentElement.style.scrollBehavior = 'auto'";

/// Where what stays at the head of the window ends.
const HEAD: &str = "Math.max(0, ...[...document.querySelectorAll('.dossier-bar, .sealed-hint')] \
     .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect()) \
     .filter(({ top }) => top < 50).map(({ bottom }) => bottom))";

/// Sees the dossier as the reader, or as somebody without a key.
async fn open(tab: &Tab, address: &str, reader: Option<&str>) {
    tab.go(address).await;
    if let Some(reader) = reader {
        tab.unlock(key(reader)).await;
    }
    tab.run(AT_ONCE).await;
}

#[test]
fn a_bar_says_whose_dossier_passes_by_and_leads_back_to_the_contents() {
    visit(async |tab, places| {
        open(&tab, &places.trusted(DOSSIER), None).await;
        for width in [1280, 360] {
            tab.narrow(width).await;
            tab.run("scrollTo(0, 0)").await;
            tab.wait("document.querySelector('.dossier-bar').hidden").await;
            tab.run("scrollTo(0, 3000)").await;
            tab.wait("!document.querySelector('.dossier-bar').hidden").await;
            let said = tab.seen(".dossier-bar").await;
            assert!(said.contains("云溪水电") && said.contains("普通商业秘密"), "{said}");
            let bar = "document.querySelector('.dossier-bar').getBoundingClientRect()";
            assert!(tab.ask::<bool>(&format!("{bar}.top === 0 && {bar}.height <= 44")).await);
            let below = "document.querySelector('.sealed-hint').getBoundingClientRect().top";
            assert!(tab.ask::<bool>(&format!("{below} >= {bar}.bottom")).await, "the line on sealed parts is covered");
            tab.click(".dossier-bar a").await;
            tab.wait("location.hash === '#toc-title'").await;
            let title = "document.getElementById('toc-title').getBoundingClientRect()";
            assert!(tab.ask::<bool>(&format!("{title}.top >= {HEAD} && {title}.top < innerHeight / 2")).await);
        }
        tab.click("[data-action=language]").await;
        tab.run("scrollTo(0, 3000)").await;
        tab.wait("!document.querySelector('.dossier-bar').hidden").await;
        assert!(tab.seen(".bar-name").await.starts_with("Yunxi Hydropower"));
    });
}

#[test]
fn nothing_that_is_jumped_to_or_comes_into_focus_is_covered() {
    visit(async |tab, places| {
        for reader in [None, Some("li-wei")] {
            open(&tab, &places.trusted(DOSSIER), reader).await;
            let covered: Vec<String> = tab
                .ask(&format!(
                    "(async () => {{ const covered = []; scrollTo(0, document.documentElement.scrollHeight); \
                     await new Promise((resolve) => setTimeout(resolve, 500)); \
                     const all = [...document.querySelectorAll('.due-block, .toc, .groups')] \
                         .flatMap((place) => [...place.querySelectorAll('a[href], button, summary')]) \
                         .filter((one) => one.checkVisibility()).reverse(); \
                     for (const one of all) {{ one.focus(); \
                         if (one === document.activeElement && one.getBoundingClientRect().bottom <= {HEAD}) covered.push(one.outerHTML); }} \
                     for (const one of document.querySelectorAll('#groups > .group')) {{ location.hash = one.id; \
                         if (one.getBoundingClientRect().top < {HEAD}) covered.push(one.id); }} \
                     return covered; }})()"
                ))
                .await;
            assert!(covered.is_empty(), "{reader:?}: {covered:#?}");
        }
    });
}

#[test]
fn the_contents_mark_the_section_that_is_read() {
    visit(async |tab, places| {
        open(&tab, &places.trusted(DOSSIER), Some("li-wei")).await;
        let marked = "[...document.querySelectorAll('#toc [aria-current=location]')].map((link) => link.getAttribute('href')).join(' ')";
        for group in ["group-site", "group-contract", "group-circuit"] {
            tab.run(&format!("document.querySelector('#toc a[href=\"#{group}\"]').click()")).await;
            tab.wait(&format!("{marked} === '#{group}'")).await;
        }
        assert_eq!(tab.seen(".bar-section").await, tab.seen("#group-circuit h2 > .zh").await);
        tab.run("document.getElementById('group-site').scrollIntoView()").await;
        tab.wait(&format!("{marked} === '#group-site'")).await;
        tab.run("scrollTo(0, 0)").await;
        tab.wait(&format!("{marked} === ''")).await;
    });
}

#[test]
fn the_first_of_what_is_due_stand_there_the_rest_when_asked_and_all_on_paper() {
    visit(async |tab, places| {
        open(&tab, &places.trusted(DOSSIER), Some("li-wei")).await;
        let seen = "[...document.querySelectorAll('#due > li')].filter((line) => line.checkVisibility()).length";
        let all: usize = tab.ask("document.querySelectorAll('#due > li').length").await;
        assert!(all > 5);
        assert_eq!(tab.ask::<usize>(seen).await, 5);
        tab.show_as("print", "light").await;
        assert_eq!(tab.ask::<usize>(seen).await, all);
        assert_eq!(tab.seen(".due-rest").await, "");
        tab.show_as("screen", "light").await;
        for (expanded, count) in [("true", all), ("false", 5)] {
            tab.run("document.querySelector('.due-rest').focus()").await;
            tab.press("Enter").await;
            tab.wait(&format!("document.querySelector('.due-rest').getAttribute('aria-expanded') === '{expanded}'"))
                .await;
            assert_eq!(tab.ask::<usize>(seen).await, count);
        }
    });
}
