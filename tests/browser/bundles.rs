//! Bundles, shown by `strongroom open`.

use crate::example::{example, key_file};
use crate::tab::visit;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running `strongroom open`, ended with the test.
struct Opened(Child);

impl Drop for Opened {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn open(bundle: &str, key: &tempfile::NamedTempFile) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strongroom"));
    command.arg("open").arg(example().site.join("bundles").join(bundle)).arg("-i").arg(key.path());
    command
}

#[test]
fn a_bundle_shows_its_pages_opened() {
    let key = key_file("li-wei");
    let mut child = Opened(open("finance.zip.age", &key).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut address = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let address = address.trim().to_owned();
    visit(async |tab, _| {
        tab.go(&address).await;
        let links: Vec<String> = tab.ask("[...document.querySelectorAll('a[href]')].map((a) => a.href)").await;
        assert!(links.iter().any(|link| link.contains("yunxi-hydropower")), "{links:?}");
        tab.shot("bundle-home").await;
        tab.go(&format!("{}customers/yunxi-hydropower/index.html", address)).await;
        assert!(tab.seen("#content").await.contains("合同总价一百二十八万元，按季支付"));
        assert!(!tab.seen("body").await.contains("解锁"), "nothing is left to unlock");
        let pdf: String = tab
            .ask("[...document.querySelectorAll('a[href]')].find((a) => a.href.endsWith('2024-017.pdf')).href")
            .await;
        let kind: String = tab
            .ask(&format!("fetch({pdf:?}).then((answer) => answer.status + ' ' + answer.headers.get('content-type'))"))
            .await;
        assert_eq!(kind, "200 application/pdf");
        tab.shot("bundle").await;
        // What does not need unlocking works here too.
        tab.go(&format!("{address}registers/contract/index.html")).await;
        tab.wait("document.querySelector('#register-table thead th button') !== null").await;
        tab.click("[data-action=language]").await;
        assert!(tab.seen("h1").await.contains("Contract"));
        // A page that is not in the bundle says so.
        tab.go(&format!("{address}registers/fault-case/index.html")).await;
        assert!(tab.seen("h1").await.contains("On the site only"));
        // Every link of every page of the bundle leads somewhere.
        let dead: Vec<String> = tab
            .ask(
                "(async () => { const seen = new Set(), dead = [], todo = [location.href]; \
                 while (todo.length) { const at = todo.pop().split('#')[0]; if (seen.has(at)) continue; seen.add(at); \
                   const answer = await fetch(at); if (!answer.ok) { dead.push(at); continue } \
                   if (!(answer.headers.get('content-type') ?? '').includes('html')) continue; \
                   const page = new DOMParser().parseFromString(await answer.text(), 'text/html'); \
                   for (const a of page.querySelectorAll('a[href]')) { const to = new URL(a.getAttribute('href'), at).href; \
                     if (to.startsWith(location.origin)) todo.push(to) } } \
                 return dead })()",
            )
            .await;
        assert_eq!(dead, Vec::<String>::new());
        assert_eq!(tab.complaints(), Vec::<String>::new());
        assert!(
            tab.requests()
                .iter()
                .all(|asked| asked.starts_with(&address) || asked.starts_with("data:") || asked == "about:blank"),
            "{:?}",
            tab.requests()
        );
    });
}

#[test]
fn another_readers_key_does_not_open_a_bundle() {
    let key = key_file("he-jun");
    let answer = open("finance.zip.age", &key).stdin(Stdio::null()).output().unwrap();
    assert_eq!(answer.status.code(), Some(1));
    assert!(answer.stdout.is_empty());
    assert!(!answer.stderr.is_empty());
}
