//! The viewer: files of a record one after the other, in the page, until it is closed or the tab is locked.

use crate::accessibility::serious;
use crate::example::key;
use crate::tab::{Tab, visit};

const PAGE: &str = "customers/yunxi-hydropower/index.html";
const OPEN: &str = "document.querySelector('#viewer').open";
const SHOWN: &str = "document.querySelector('#viewer-stage img')?.naturalWidth > 100";

/// Opens the viewer as somebody does who has no mouse.
async fn look_at(tab: &Tab, name: &str) {
    tab.run(&format!("document.querySelector(\"a.attachment[data-name='{name}']\").focus()")).await;
    tab.press("Enter").await;
    tab.wait(OPEN).await;
}

/// Keeps what the page makes and takes back of addresses of blobs.
async fn watch(tab: &Tab) {
    tab.run(
        "window.made = new Set(); const make = URL.createObjectURL, take = URL.revokeObjectURL; \
         URL.createObjectURL = (blob) => { const at = make.call(URL, blob); made.add(at); return at; }; \
         URL.revokeObjectURL = (at) => { made.delete(at); take.call(URL, at); };",
    )
    .await;
}

#[test]
fn a_sealed_picture_is_shown_with_name_and_marking_and_given_back() {
    visit(async |tab, places| {
        for address in [places.trusted(PAGE), places.exposed(PAGE), places.folder(PAGE)] {
            let tab = tab.another().await;
            tab.go(&address).await;
            tab.unlock(key("zhao-min")).await;
            watch(&tab).await;
            look_at(&tab, "poa-liao.png").await;
            tab.wait(SHOWN).await;
            assert_eq!(tab.seen("#viewer-name").await, "poa-liao.png");
            let line = tab.seen("#viewer-line").await;
            assert!(line.contains("商业秘密") && line.contains("PNG"), "{line}");
            assert_eq!(tab.ask::<String>("document.querySelector('#viewer-stage img').alt").await, "poa-liao.png");
            tab.shot("viewer").await;
            let before: f64 = tab.ask("parseFloat(document.querySelector('#viewer-scale').textContent)").await;
            tab.press("+").await;
            let after: f64 = tab.ask("parseFloat(document.querySelector('#viewer-scale').textContent)").await;
            assert!(after > before, "{before} {after}");
            tab.press("r").await;
            assert!(
                tab.ask::<bool>("document.querySelector('#viewer-stage img').style.transform.includes('90deg')").await
            );
            tab.press("Escape").await;
            tab.wait(&format!("!{OPEN}")).await;
            assert_eq!(tab.ask::<String>("document.activeElement.dataset.name").await, "poa-liao.png");
            assert_eq!(tab.ask::<usize>("document.querySelectorAll('#viewer-stage *').length").await, 0);
            tab.wait("made.size === 0").await;
            assert!(tab.complaints().is_empty(), "{:?}", tab.complaints());
        }
    });
}

#[test]
fn arrows_lead_through_the_files_of_a_record() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("wu-jie")).await;
        // A record with two pictures is made of one with one.
        tab.run(
            "const link = document.querySelector(\"a.attachment[data-name='poa-liao.png']\"); \
             const other = document.querySelector(\"a.attachment[data-name='licence.png']\").closest('li').cloneNode(true); \
             link.closest('ul').append(other)",
        )
        .await;
        look_at(&tab, "poa-liao.png").await;
        tab.wait(SHOWN).await;
        assert!(tab.seen("#viewer-of").await.contains("共 2 个"));
        tab.press("ArrowRight").await;
        tab.wait("document.querySelector('#viewer-stage img')?.alt === 'licence.png'").await;
        assert_eq!(tab.seen("#viewer-name").await, "licence.png");
        assert_eq!(
            tab.ask::<String>("document.querySelector('[data-view=next]').getAttribute('aria-disabled')").await,
            "true"
        );
        tab.press("ArrowRight").await;
        assert_eq!(tab.seen("#viewer-name").await, "licence.png", "there is no third one");
        tab.press("ArrowLeft").await;
        tab.wait("document.querySelector('#viewer-stage img')?.alt === 'poa-liao.png'").await;
    });
}

#[test]
fn locking_closes_the_viewer_and_nothing_of_the_file_is_left() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("zhao-min")).await;
        look_at(&tab, "poa-liao.png").await;
        tab.wait(SHOWN).await;
        // What is given back is written down where it outlives the page.
        tab.run(
            "const take = URL.revokeObjectURL; \
             URL.revokeObjectURL = (at) => { localStorage.setItem('given-back', at); take.call(URL, at); }; \
             localStorage.setItem('shown', document.querySelector('#viewer-stage img').src)",
        )
        .await;
        tab.run("strongroom.unlock.lock()").await;
        tab.wait("!('unlocked' in document.documentElement.dataset) && document.readyState === 'complete'").await;
        assert!(!tab.ask::<bool>(OPEN).await);
        let [shown, back] =
            tab.ask::<[String; 2]>("['shown', 'given-back'].map((key) => localStorage.getItem(key) ?? '')").await;
        assert!(shown.starts_with("blob:"), "{shown}");
        assert_eq!(shown, back);
    });
}

#[test]
fn an_open_file_is_shown_without_a_key_and_sound_has_controls() {
    visit(async |tab, places| {
        for address in [places.trusted(PAGE), places.folder(PAGE)] {
            let tab = tab.another().await;
            tab.go(&address).await;
            look_at(&tab, "licence.png").await;
            tab.wait(SHOWN).await;
            tab.press("Escape").await;
            tab.wait(&format!("!({OPEN})")).await;
            // The head of the page must stand still while it is clicked.
            tab.run("scrollTo({ top: 0, behavior: 'instant' })").await;
            tab.unlock(key("wu-jie")).await;
            look_at(&tab, "2026-07-20.wav").await;
            tab.wait("document.querySelector('#viewer-stage audio')?.duration > 0").await;
            assert!(tab.ask::<bool>("document.querySelector('#viewer-stage audio').controls").await);
            tab.press("Escape").await;
            assert!(tab.complaints().is_empty(), "{address}: {:?}", tab.complaints());
        }
    });
}

#[test]
fn small_pictures_appear_when_they_are_near_and_are_not_kept() {
    visit(async |tab, places| {
        for address in [places.trusted(PAGE), places.folder(PAGE)] {
            let tab = tab.another().await;
            tab.go(&address).await;
            tab.wait("document.querySelector(\"[data-name='licence.png'] .attachment-thumb\") !== null").await;
            tab.unlock(key("zhao-min")).await;
            watch(&tab).await;
            for name in ["poa-liao.png", "2024-017.pdf"] {
                let small = format!("document.querySelector(\"[data-name='{name}'] .attachment-thumb\")");
                tab.run(&format!("{small}.scrollIntoView()")).await;
                tab.wait(&format!("{small}.naturalHeight === 320")).await;
                tab.wait("made.size === 0").await;
            }
            tab.shot("thumbnails").await;
        }
    });
}

#[test]
fn the_viewer_has_no_serious_finding_and_fits_a_telephone() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("zhao-min")).await;
        look_at(&tab, "poa-liao.png").await;
        tab.wait(SHOWN).await;
        let mut found = serious(&tab).await;
        tab.narrow(390).await;
        tab.run("dispatchEvent(new Event('resize'))").await;
        found.extend(serious(&tab).await);
        assert!(found.is_empty(), "{found:#?}");
        let wide: Vec<String> = tab
            .ask(
                "[...document.querySelectorAll('#viewer, #viewer *')].filter((one) => one.getBoundingClientRect().right > 390.5) \
                 .map((one) => one.outerHTML.slice(0, 80))",
            )
            .await;
        assert!(wide.is_empty(), "{wide:#?}");
        tab.shot("viewer-telephone").await;
    });
}

#[test]
fn what_could_run_script_is_saved_and_never_shown() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("wu-jie")).await;
        tab.run("document.querySelector(\"a.attachment[data-name='topology.svg']\").scrollIntoView()").await;
        tab.click("a.attachment[data-name='topology.svg']").await;
        for _ in 0..600 {
            if tab.downloads.join("topology.svg").exists() {
                assert!(!tab.ask::<bool>(OPEN).await);
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("it was not saved");
    });
}
