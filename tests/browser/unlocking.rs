//! The ways in: key file, pasted key, name and passphrase.

use crate::example::{key, key_file, passphrase};
use crate::tab::visit;

const PAGE: &str = "customers/yunxi-hydropower/index.html";
/// Stands below a heading that is for finance alone, in a contract of the page.
const SEALED: &str = "合同总价一百二十八万元，按季支付";

#[test]
fn a_key_file_opens_what_its_reader_may_read() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        assert_eq!(tab.ask::<usize>("document.querySelectorAll('[data-unsealed]').length").await, 0);
        tab.open_way("file").await;
        // Kept until the page has read it.
        let file = key_file("li-wei");
        tab.choose("#unlock-file", file.path()).await;
        tab.unlocked().await;
        assert!(tab.seen("#unlock-state").await.contains("李薇"));
        assert!(tab.seen("#content").await.contains(SEALED));
        tab.shot("unlocked").await;
    });
}

#[test]
fn a_pasted_key_opens_and_the_next_page_stays_unlocked() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("li-wei")).await;
        tab.click(".breadcrumbs a").await;
        tab.wait("document.body.dataset.page === ''").await;
        tab.unlocked().await;
        assert!(tab.seen("#unlock-state").await.contains("李薇"));
        tab.click("#registers a[href*='registers/contract/']").await;
        tab.wait("document.body.dataset.page === 'registers/contract/'").await;
        tab.unlocked().await;
        tab.wait("document.querySelectorAll('tbody tr[data-unsealed]').length > 5").await;
        assert!(tab.ask::<bool>("document.querySelector('[data-action=unlock]').hidden").await);
    });
}

#[test]
fn a_name_and_a_passphrase_open_where_the_archivist_has_set_one() {
    visit(async |tab, places| {
        tab.go(&places.exposed(PAGE)).await;
        tab.open_way("passphrase").await;
        // Written as a person writes a name; the archive's name is li-wei.
        tab.paste("#unlock-name", "Li Wei").await;
        tab.paste("#unlock-passphrase", &passphrase("li-wei")).await;
        tab.click("form[data-way=passphrase] .unlock-do").await;
        tab.unlocked().await;
        assert!(tab.seen("#content").await.contains(SEALED));
    });
}

#[test]
fn a_passphrase_opens_from_a_folder_too() {
    visit(async |tab, places| {
        tab.go(&places.folder(PAGE)).await;
        tab.open_way("passphrase").await;
        tab.paste("#unlock-name", "li-wei").await;
        tab.paste("#unlock-passphrase", &passphrase("li-wei")).await;
        tab.click("form[data-way=passphrase] .unlock-do").await;
        tab.unlocked().await;
        assert!(tab.seen("#content").await.contains(SEALED));
    });
}

#[test]
fn plain_http_is_warned_of_and_still_opens() {
    visit(async |tab, places| {
        tab.go(&places.exposed(PAGE)).await;
        assert!(!tab.ask::<bool>("isSecureContext").await);
        tab.click("[data-action=unlock]").await;
        assert!(tab.seen("#unlock-exposed").await.contains("http 无法保护解锁过程"));
        tab.shot("exposed").await;
        tab.click("#unlock-dialog [data-action=close-dialog]").await;
        tab.unlock(key("li-wei")).await;
        assert!(tab.seen("#content").await.contains(SEALED));
    });
}

#[test]
fn a_trusted_address_is_not_warned_of() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.click("[data-action=unlock]").await;
        assert_eq!(tab.seen("#unlock-exposed").await, "");
    });
}

#[test]
fn a_site_in_a_folder_opens() {
    visit(async |tab, places| {
        tab.go(&places.folder(PAGE)).await;
        tab.unlock(key("li-wei")).await;
        assert!(tab.seen("#content").await.contains(SEALED));
        tab.click(".breadcrumbs a").await;
        tab.wait("document.body.dataset.page === ''").await;
        tab.unlocked().await;
    });
}

#[test]
fn the_tab_keeps_no_key_of_the_reader() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("li-wei")).await;
        let kept: String = tab.ask("JSON.stringify([sessionStorage, localStorage])").await;
        assert!(kept.contains("AGE-SECRET-KEY-1"), "the clearances' identities are kept");
        assert!(!kept.contains(key("li-wei")));
        let fields: String =
            tab.ask("[...document.querySelectorAll('input, textarea')].map((f) => f.value).join('|')").await;
        assert!(!fields.contains("AGE-SECRET-KEY"));
        let elsewhere = tab.another().await;
        elsewhere.go(&places.trusted(PAGE)).await;
        assert_eq!(elsewhere.seen("#unlock-state").await, "");
    });
}

#[test]
fn a_page_that_shows_only_a_part_says_so_above_until_it_is_unlocked() {
    visit(async |tab, places| {
        let shown = "document.querySelector('.sealed-hint')?.checkVisibility() === true";
        tab.go(&places.trusted("due/index.html")).await;
        assert!(tab.ask::<bool>(shown).await);
        tab.run("scrollTo(0, document.documentElement.scrollHeight / 2)").await;
        tab.wait("document.querySelector('.sealed-hint').getBoundingClientRect().top === 0").await;
        tab.click(".sealed-hint [data-action=unlock]").await;
        tab.wait("document.querySelector('#unlock-dialog').open").await;
        tab.press("Escape").await;
        tab.unlock(key("wu-jie")).await;
        assert!(!tab.ask::<bool>(shown).await);
        // What is open to all, and whole, needs no such line.
        tab.go(&places.trusted("about/index.html")).await;
        assert!(tab.ask::<bool>("document.querySelector('.sealed-hint') === null").await);
    });
}

#[test]
fn a_key_is_taken_wherever_in_the_dialog_it_is_pasted() {
    visit(async |tab, places| {
        tab.go(&places.trusted("index.html")).await;
        tab.click("[data-action=unlock]").await;
        let paste = |text: &str| {
            format!(
                "const given = new DataTransfer(); given.setData('text', {}); \
                 document.activeElement.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: given, bubbles: true }}))",
                serde_json::to_string(text).unwrap()
            )
        };
        tab.run(&paste("some other words")).await;
        assert!(tab.ask::<bool>("document.querySelector('#unlock-dialog').open").await);
        tab.run(&paste(key("li-wei"))).await;
        tab.wait("'unlocked' in document.documentElement.dataset").await;
        assert_eq!(tab.ask::<String>("document.getElementById('unlock-text').value").await, "");
    });
}
