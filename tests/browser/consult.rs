//! Noting what was consulted: the page writes the entry, and the archive takes it as it is.

use crate::example::{example, key};
use crate::tab::visit;

const PAGE: &str = "customers/yunxi-hydropower/index.html";

#[test]
fn the_page_writes_an_entry_that_the_archive_takes_and_sends_nothing() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("li-wei")).await;
        tab.run("document.querySelector('[data-consult]').focus()").await;
        tab.press("Enter").await;
        tab.wait("document.getElementById('consult-dialog').open").await;
        let before = tab.requests().len();
        assert!(tab.ask::<String>("document.getElementById('consult-person').value").await.contains("李薇"));
        assert_eq!(tab.ask::<String>("document.activeElement.id").await, "consult-purpose");
        tab.click("[data-consult-way=copy]").await;
        tab.wait("document.getElementById('consult-said').innerText.includes('请先填写')").await;
        tab.run(
            "const f = document.getElementById('consult-form').elements;\
             f.purpose.value = \"核对: 'A' #1\\n- x\"; f.effect.value = '补收租费';\
             f.documents.value += '\\nyunxi-hydropower/contracts/2024-017';\
             f.purpose.dispatchEvent(new Event('input', { bubbles: true }));\
             navigator.clipboard.writeText = async (text) => { window.copied = text }",
        )
        .await;
        tab.click("[data-consult-way=copy]").await;
        tab.wait("document.getElementById('consult-said').innerText.includes('已复制')").await;
        tab.shot("consult").await;
        let entry: String = tab.ask("window.copied").await;
        assert!(entry.contains("  - 'yunxi-hydropower'\n  - 'yunxi-hydropower/contracts/2024-017'\n"), "{entry}");
        assert_eq!(tab.requests().len(), before, "nothing leaves the page by itself");
        assert_eq!(tab.complaints(), [""; 0]);
        tab.press("Escape").await;
        tab.wait("!document.getElementById('consult-dialog').open").await;
        assert!(tab.ask::<bool>("document.activeElement.matches('[data-consult]')").await);
        assert_eq!(tab.ask::<String>("document.getElementById('consult-entry').value").await, "");
        let archive = &example().archive;
        let copy = tempfile::tempdir().unwrap();
        crate::example::copy(archive, copy.path());
        std::fs::write(copy.path().join("registers/consultations/new.yaml"), entry).unwrap();
        let snapshot = strongroom::repository::open_work_tree(copy.path()).unwrap();
        let reading = strongroom::archive::Archive::read(&snapshot, "2026-11-23".parse().unwrap());
        assert!(!reading.findings.has_errors(), "{:#?}", reading.findings.iter().collect::<Vec<_>>());
        let named = reading.archive.names.get("registers/consultations/new");
        assert!(named.is_some(), "the entry is a record");
    });
}

#[test]
fn a_record_has_the_button_where_it_is_pointed_at_and_paper_has_none() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let record = "document.querySelector('.record[id] a.permalink')";
        tab.run(&format!("{record}.focus()")).await;
        tab.wait("document.querySelector('.record-meta [data-action=consult]') !== null").await;
        // By the keyboard: what is below a page that still lays itself out slips from under a pointer.
        tab.run("document.querySelector('.record-meta [data-action=consult]').focus()").await;
        tab.press("Enter").await;
        tab.wait("document.getElementById('consult-dialog').open").await;
        let documents: String = tab.ask("document.getElementById('consult-documents').value").await;
        let id: String = tab.ask(&format!("{record}.closest('.record').id")).await;
        assert_eq!(documents, format!("yunxi-hydropower/{}", id.trim_start_matches('/')));
        assert_eq!(tab.ask::<String>("document.activeElement.id").await, "consult-person", "nobody is unlocked");
        tab.press("Escape").await;
        tab.show_as("print", "light").await;
        assert!(!tab.ask::<bool>("document.querySelector('[data-action=consult]').checkVisibility()").await);
    });
}
