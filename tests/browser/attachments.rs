//! Sealed files: opened in a tab, shown in the text, refused without a key.

use crate::example::{example, key};
use crate::tab::{Tab, visit, visit_site};

const PAGE: &str = "customers/yunxi-hydropower/index.html";

/// Clicks on the attachment of that name, and gives what the viewer made of it: kind and first bytes.
async fn opened(tab: &Tab, name: &str) -> (String, Vec<u8>) {
    tab.click(&format!("a.attachment[data-name='{name}']")).await;
    tab.wait("document.querySelector('#viewer-stage > [src^=\"blob:\"]') !== null").await;
    tab.ask(
        "(async () => { const blob = blobs.get(document.querySelector('#viewer-stage > [src]').src.split('#')[0]); \
        return [blob.type, [...new Uint8Array(await blob.arrayBuffer())]]; })()",
    )
    .await
}

/// Remembers the blobs that a page makes, since its policy forbids to read them by address.
async fn watch_blobs(tab: &Tab) {
    tab.run(
        "window.blobs = new Map(); const make = URL.createObjectURL; \
         URL.createObjectURL = (blob) => { const at = make.call(URL, blob); window.blobs.set(at, blob); return at; };",
    )
    .await;
}

fn original(path: &str) -> Vec<u8> {
    std::fs::read(example().archive.join(path)).unwrap()
}

#[test]
fn a_sealed_pdf_opens_over_http_and_from_a_folder() {
    visit(async |tab, places| {
        for address in [places.trusted(PAGE), places.exposed(PAGE), places.folder(PAGE)] {
            let tab = tab.another().await;
            tab.go(&address).await;
            // From before anything is opened on.
            watch_blobs(&tab).await;
            tab.unlock(key("li-wei")).await;
            let (kind, bytes) = opened(&tab, "2024-017.pdf").await;
            assert_eq!(kind, "application/pdf", "{address}");
            assert!(bytes == original("customers/energy/yunxi-hydropower/contracts/2024-017.pdf"), "{address}");
            assert_eq!(tab.seen("#viewer-message").await, "", "{address}");
        }
    });
}

#[test]
fn a_sealed_scan_opens_in_a_tab_of_its_own() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("zhao-min")).await;
        // Whoever holds the control key down wants a tab and not the viewer.
        tab.run(
            "document.querySelector(\"a.attachment[data-name='poa-liao.png']\") \
             .dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey: true }))",
        )
        .await;
        for _ in 0..100 {
            if tab.addresses().await.iter().any(|address| address.starts_with("blob:")) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no tab has opened: {:?}", tab.addresses().await);
    });
}

#[test]
fn a_picture_in_sealed_text_is_shown() {
    visit(async |tab, places| {
        for address in [places.exposed(PAGE), places.folder(PAGE)] {
            let tab = tab.another().await;
            tab.go(&address).await;
            assert_eq!(tab.ask::<usize>("document.querySelectorAll('.text img[data-sealed-file]').length").await, 0);
            tab.unlock(key("li-wei")).await;
            tab.run("document.querySelector('.text img[data-sealed-file]').scrollIntoView()").await;
            tab.wait("document.querySelector('.text img[data-sealed-file]').naturalWidth > 100").await;
            assert_eq!(
                tab.ask::<String>("document.querySelector('.text img[data-sealed-file]').alt").await,
                "来水与账期"
            );
        }
    });
}

#[test]
fn a_sealed_file_that_was_exchanged_for_another_is_refused() {
    let site = example().copy_of_site();
    let files = site.path().join("files");
    // Every sealed file becomes the next one: all of them stand in a wrong place.
    let mut names: Vec<_> = std::fs::read_dir(&files).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "age"));
    names.sort();
    let contents: Vec<_> = names.iter().map(|path| std::fs::read(path).unwrap()).collect();
    for (at, path) in names.iter().enumerate() {
        std::fs::write(path, &contents[(at + 1) % contents.len()]).unwrap();
    }
    visit_site(site.path(), async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("wu-jie")).await;
        tab.click("a.attachment[data-name='2024-017.pdf']").await;
        tab.wait("document.querySelector('#viewer-message').innerText.includes('无法打开 2024-017.pdf')").await;
        assert_eq!(tab.ask::<usize>("document.querySelectorAll('#viewer-stage *').length").await, 0);
        assert!(!tab.addresses().await.iter().any(|address| address.starts_with("blob:")));
    });
}

#[test]
fn an_open_attachment_needs_no_key() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let address: String = tab.ask("document.querySelector('a[href*=\"files/open/\"]').href").await;
        let status: u16 = tab.ask(&format!("fetch({address:?}).then((answer) => answer.status)")).await;
        assert_eq!(status, 200);
    });
}
