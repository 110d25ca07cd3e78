//! What opens nothing, and what is said about it.

use crate::example::{example, key, key_file};
use crate::tab::{Tab, visit, visit_site};

const PAGE: &str = "customers/yunxi-hydropower/index.html";

async fn try_text(tab: &Tab, text: &str) -> String {
    tab.open_way("text").await;
    tab.paste("#unlock-text", text).await;
    tab.click("form[data-way=text] .unlock-do").await;
    tab.wait("!document.querySelector('#unlock-text-message').hidden").await;
    assert_eq!(tab.ask::<usize>("document.querySelectorAll('[data-unsealed]').length").await, 0);
    assert_eq!(tab.ask::<String>("JSON.stringify(sessionStorage)").await, "{}");
    let said = tab.seen("#unlock-text-message").await;
    tab.click("#unlock-dialog [data-action=close-dialog]").await;
    said
}

#[test]
fn what_is_no_key_is_told_apart_in_plain_words() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        // A key that is well formed and registered nowhere.
        let stranger = strongroom::sealing::generate_identity().unwrap().to_text();
        let said = try_text(&tab, stranger.expose()).await;
        assert!(said.contains("不能打开任何内容"), "{said}");
        let public = strongroom::sealing::Identity::parse(key("li-wei")).unwrap().recipient();
        let said = try_text(&tab, public.as_str()).await;
        assert!(said.contains("这是公开部分"), "{said}");
        let said = try_text(&tab, &key("li-wei").replace("4", "5")).await;
        assert!(said.contains("密钥不完整或有误"), "{said}");
        let said = try_text(&tab, &key("li-wei")[..60]).await;
        assert!(said.contains("密钥不完整或有误"), "{said}");
        let said = try_text(&tab, "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA").await;
        assert!(said.contains("SSH"), "{said}");
        let said = try_text(&tab, "你好").await;
        assert!(said.contains("这里没有密钥"), "{said}");
        // A key is registered nowhere: the only thing that the console may tell is the keyring that is not there.
        let complaints = tab.complaints();
        assert!(complaints.iter().all(|line| line.contains("/keys/")), "{complaints:?}");
    });
}

#[test]
fn the_key_of_a_reader_whose_training_has_lapsed_opens_nothing() {
    visit(async |tab, places| {
        for address in [places.trusted(PAGE), places.exposed(PAGE), places.folder(PAGE)] {
            tab.go(&address).await;
            let said = try_text(&tab, key("chen-fang")).await;
            assert!(said.contains("保密培训已过期"), "{address}: {said}");
        }
    });
}

#[test]
fn a_key_file_without_a_key_is_refused() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let file = tempfile::Builder::new().suffix(".txt").tempfile().unwrap();
        std::fs::write(file.path(), "shopping list").unwrap();
        tab.open_way("file").await;
        tab.choose("#unlock-file", file.path()).await;
        tab.wait("document.querySelector('#unlock-file-message').innerText.includes('这里没有密钥')").await;
        // The next try in the same dialog works.
        // Kept until the page has read it.
        let file = key_file("li-wei");
        tab.choose("#unlock-file", file.path()).await;
        tab.unlocked().await;
    });
}

#[test]
fn a_wrong_passphrase_and_an_unknown_name_are_told_apart() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.open_way("passphrase").await;
        tab.paste("#unlock-name", "nobody").await;
        tab.paste("#unlock-passphrase", "wrong").await;
        tab.click("form[data-way=passphrase] .unlock-do").await;
        tab.wait("document.querySelector('#unlock-passphrase-message').innerText.includes('没有以此名称登记')").await;
        tab.run("document.querySelector('#unlock-name').value = ''").await;
        tab.paste("#unlock-name", "li-wei").await;
        tab.click("form[data-way=passphrase] .unlock-do").await;
        tab.wait("document.querySelector('#unlock-passphrase-message').innerText.includes('口令不正确')").await;
        assert_eq!(tab.ask::<String>("JSON.stringify(sessionStorage)").await, "{}");
    });
}

#[test]
fn an_envelope_that_was_moved_to_another_page_is_refused_where_it_stands() {
    let site = example().copy_of_site();
    let read = |page: &str| std::fs::read_to_string(site.path().join(page)).unwrap();
    // Both pages hold an envelope for finance; the one takes the other's place.
    let from = read("customers/yunxi-hospital/index.html");
    let to = read(PAGE);
    let clearances: Vec<&str> = envelopes(&from).into_iter().map(|(id, _)| id).collect();
    let shared = envelopes(&to).into_iter().filter(|(id, _)| clearances.contains(id));
    let mut moved = to.clone();
    for (id, envelope) in shared {
        let (_, other) = envelopes(&from).into_iter().find(|(known, _)| *known == id).unwrap();
        moved = moved.replace(envelope, other);
    }
    assert_ne!(moved, to);
    std::fs::write(site.path().join(PAGE), moved).unwrap();
    visit_site(site.path(), async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("li-wei")).await;
        let notice = tab.seen("#unlock-notice").await;
        assert!(notice.contains("标明属于其他页面"), "{notice}");
        assert!(!tab.seen("#content").await.contains("合同总价一百二十八万元"));
        let hospital = tab.ask::<String>("document.documentElement.outerHTML").await;
        assert!(!hospital.contains("影像归档服务器"));
        tab.shot("moved-envelope").await;
    });
}

#[test]
fn a_keyring_that_was_exchanged_for_another_is_refused() {
    let site = example().copy_of_site();
    let salt = {
        let html = std::fs::read_to_string(site.path().join("index.html")).unwrap();
        html.split("data-salt=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let place = |reader: &str| {
        let public = strongroom::sealing::Identity::parse(key(reader)).unwrap().recipient();
        site.path().join("keys").join(format!("{}.js", strongroom::sealing::keyring_name(&salt, &public)))
    };
    let name = |path: &std::path::Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let (own, other) = (place("li-wei"), place("zhao-min"));
    let script = std::fs::read_to_string(&other).unwrap().replace(&name(&other), &name(&own));
    std::fs::write(&own, script).unwrap();
    visit_site(site.path(), async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let said = try_text(&tab, key("li-wei")).await;
        assert!(said.contains("拒绝使用"), "{said}");
    });
}

/// The envelopes of a page: clearance, and the armored text.
fn envelopes(html: &str) -> Vec<(&str, &str)> {
    let pieces = html.split("class=\"envelope\" data-clearance=\"").skip(1);
    pieces
        .map(|piece| {
            let (id, rest) = piece.split_once('"').unwrap();
            (id, rest.split_once('>').unwrap().1.split_once("</script>").unwrap().0)
        })
        .collect()
}
