//! A reader makes a key in the page.

use crate::tab::{Tab, visit};
use std::process::Command;

async fn made_key(tab: &Tab) -> (std::path::PathBuf, String) {
    tab.open_way("make").await;
    tab.click("form[data-way=make] .unlock-do").await;
    tab.wait("!document.querySelector('#unlock-made').hidden").await;
    let public: String = tab.ask("document.querySelector('#unlock-public').value").await;
    let file = tab.downloads.join(tab.seen("#unlock-made-file").await);
    for _ in 0..200 {
        if file.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    (file, public)
}

#[test]
fn a_key_made_in_the_page_works_with_the_stock_program() {
    visit(async |tab, places| {
        for address in [places.trusted("about/index.html"), places.exposed("index.html"), places.folder("index.html")] {
            tab.go(&address).await;
            let (file, public) = made_key(&tab).await;
            let answer = Command::new("age-keygen").arg("-y").arg(&file).output().expect("age-keygen is not installed");
            assert!(answer.status.success(), "{address}: {}", String::from_utf8_lossy(&answer.stderr));
            assert_eq!(String::from_utf8_lossy(&answer.stdout).trim(), public, "{address}");
            let text = std::fs::read_to_string(&file).unwrap();
            strongroom::sealing::parse_reader_key(&public).unwrap_or_else(|_| panic!("{public}"));
            assert_eq!(strongroom::sealing::parse_identities(&text).map(|keys| keys.len()).ok(), Some(1));
            tab.shot("made-key").await;
        }
    });
}

#[test]
fn nothing_of_a_made_key_stays_in_the_page() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        let (file, public) = made_key(&tab).await;
        tab.click("#unlock-dialog [data-action=close-dialog]").await;
        tab.wait("document.querySelector('#unlock-made').hidden").await;
        let html: String = tab.ask("document.documentElement.outerHTML").await;
        let values: String =
            tab.ask("[...document.querySelectorAll('textarea, input')].map((f) => f.value).join()").await;
        assert!(!html.contains(&public) && !values.contains(&public));
        let text = std::fs::read_to_string(&file).unwrap();
        let private = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).unwrap();
        assert!(!html.contains(private) && !values.contains(private));
        let kept: String = tab.ask("JSON.stringify([sessionStorage, localStorage])").await;
        assert!(!kept.contains("AGE-SECRET"));
        // A key that nobody has registered opens nothing yet.
        tab.open_way("file").await;
        tab.choose("#unlock-file", &file).await;
        tab.wait("document.querySelector('#unlock-file-message').innerText.includes('不能打开任何内容')").await;
    });
}
