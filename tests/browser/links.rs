//! Links to single things of a page: they show where one points, are copied, and lead to what was sealed as well.

use crate::example::{key, site_with_past};
use crate::tab::{Tab, visit, visit_site};

const DOSSIER: &str = "customers/yunxi-hydropower/index.html";
const FIELD: &str = "/dossier//field/industry";

/// Puts the pointer on an element.
async fn point_at(tab: &Tab, selector: &str) {
    tab.run(&format!(
        "document.querySelector({selector:?}).dispatchEvent(new PointerEvent('pointerover', {{ bubbles: true }}))"
    ))
    .await;
}

/// How links lead to an element.
fn fragment(id: &str) -> String {
    id.split('/').map(urlencoded).collect::<Vec<_>>().join("/")
}

fn urlencoded(part: &str) -> String {
    part.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

#[test]
fn a_link_shows_beside_what_is_pointed_at_and_is_copied() {
    visit(async |tab, places| {
        tab.go(&places.trusted(DOSSIER)).await;
        tab.run("navigator.clipboard.writeText = async (text) => { window.copied = text }").await;
        assert_eq!(tab.ask::<usize>("document.querySelectorAll('.copy-link').length").await, 0);
        point_at(&tab, "[id='/dossier//field/industry']").await;
        tab.click("[id='/dossier//field/industry'] dt .copy-link").await;
        tab.wait("window.copied !== undefined").await;
        let copied: String = tab.ask("window.copied").await;
        assert_eq!(copied, format!("{}#{}", places.trusted(DOSSIER), fragment(FIELD)));
        assert!(tab.seen(".copy-desk [role=status]").await.contains("链接已复制"));
        tab.go("about:blank").await;
        tab.go(&copied).await;
        assert_eq!(
            tab.ask::<Option<String>>("document.querySelector(':target')?.id ?? null").await.as_deref(),
            Some(FIELD)
        );
    });
}

#[test]
fn without_a_clipboard_the_address_is_selected_and_escape_leads_back() {
    visit(async |tab, places| {
        tab.go(&places.exposed(DOSSIER)).await;
        tab.run("document.querySelector('.record .permalink').focus()").await;
        tab.press("Enter").await;
        tab.wait("document.activeElement.matches('.copy-desk input')").await;
        let (address, selected): (String, String) =
            tab.ask("[document.activeElement.value, getSelection().toString()]").await;
        assert!(address.starts_with(&places.exposed(DOSSIER)) && address.contains('#'), "{address}");
        assert_eq!(selected, address);
        tab.press("Escape").await;
        assert!(tab.ask::<bool>("document.activeElement.matches('.record .permalink')").await);
        assert_eq!(tab.seen(".copy-desk input").await, "");
    });
}

#[test]
fn the_keyboard_leads_from_a_record_to_its_fields_and_sections_and_back() {
    visit(async |tab, places| {
        tab.go(&places.trusted(DOSSIER)).await;
        tab.run("document.querySelector('.record:has(.field) .permalink').focus()").await;
        tab.press("ArrowDown").await;
        let thing = "document.activeElement.closest('.field, .section, .record, tr')";
        assert!(tab.ask::<bool>("document.activeElement.matches('.field > dt > .copy-link')").await);
        assert!(
            tab.ask::<bool>(&format!(
                "document.activeElement.hash === '#' + {thing}.id.split('/').map(encodeURIComponent).join('/')"
            ))
            .await
        );
        tab.press("ArrowUp").await;
        assert!(tab.ask::<bool>("document.activeElement.matches('.record:has(.field) .record-meta .permalink')").await);
        assert_eq!(tab.ask::<usize>("document.querySelectorAll('.copy-link').length").await, 0);
    });
}

#[test]
fn what_was_unlocked_has_links_that_lead_back_to_it_once_unlocked_again() {
    visit(async |tab, places| {
        tab.go(&places.trusted(DOSSIER)).await;
        let sealed = ".record[data-unsealed] .field, .field[data-unsealed]";
        tab.unlock(key("li-wei")).await;
        let id: String = tab.ask(&format!("document.querySelector({sealed:?}).id")).await;
        assert!(id.contains("//field/"), "{id}");
        tab.go("about:blank").await;
        tab.go(&format!("{}#{}", places.trusted(DOSSIER), fragment(&id))).await;
        tab.unlocked().await;
        let top: f64 = tab.ask(&format!("document.getElementById({id:?}).getBoundingClientRect().top")).await;
        assert!((-1.0..900.0).contains(&top), "{id} is at {top}");
        let fresh = tab.another().await;
        fresh.go(&places.trusted(DOSSIER)).await;
        assert!(
            fresh.ask::<bool>(&format!("document.getElementById({id:?}) === null")).await,
            "{id} tells of what is sealed"
        );
    });
}

#[test]
fn no_two_things_of_a_page_have_one_address() {
    visit_site(site_with_past(), async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        tab.unlock(key("wu-jie")).await;
        for page in [
            DOSSIER,
            "customers/yunxi-hydropower/history/index.html",
            "registers/bulletin/index.html",
            "history/index.html",
        ] {
            tab.go(&places.trusted(page)).await;
            tab.unlocked().await;
            let twice: Vec<String> = tab
                .ask("(() => { const all = [...document.querySelectorAll('[id]')].map((one) => one.id); const seen = new Set(); return all.filter((id) => seen.size === seen.add(id).size).slice(0, 5) })()")
                .await;
            assert_eq!(twice, Vec::<String>::new(), "{page}");
        }
    });
}

#[test]
fn a_change_has_an_address_of_its_own() {
    visit_site(site_with_past(), async |tab, places| {
        let page = "customers/yunxi-hydropower/history/index.html";
        tab.go(&places.trusted(page)).await;
        let bare: usize = tab.ask("document.querySelectorAll('.change:not([id])').length").await;
        let all: usize = tab.ask("document.querySelectorAll('.change').length").await;
        assert!(bare == 0 && all > 10, "{bare} of {all} changes have no address");
        point_at(&tab, ".change .said").await;
        assert!(tab.ask::<bool>("document.querySelector('.change .said > .copy-link') !== null").await);
    });
}
