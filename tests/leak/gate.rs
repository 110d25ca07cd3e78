//! The last gate by itself: what is planted in a finished site is found, whatever it is wrapped in.

use super::canary::{han, word};
use super::fixture::files_of;
use super::houses;
use super::opening::Site;
use base64::Engine as _;
use std::io::Write as _;
use strongroom::archive::Corpus;
use strongroom::site::gate::{Form, Gate, Kind, Ledger, Output, Text};

#[test]
fn what_is_planted_in_a_finished_site_is_found_by_the_gate_alone() {
    let house = houses::full();
    house.must_build();
    let site = Site::of(&house);
    let page = String::from_utf8(site.files["index.html"].clone()).unwrap();
    let reading = house.read();
    let corpus = Corpus::of(&reading.archive);
    let texts = |passages: &'_ [strongroom::archive::Passage<'_>]| -> Vec<(u32, String)> {
        passages.iter().enumerate().map(|(n, passage)| (u32::try_from(n).unwrap(), passage.text.to_string())).collect()
    };
    let (restricted, mut open) = (texts(&corpus.restricted), texts(&corpus.open));
    // What the program itself says on a page, as it stands without anything planted.
    open.push((u32::MAX, super::opening::outside(&page)));
    let restricted: Vec<Text<'_>> =
        restricted.iter().map(|(source, text)| Text { source: *source, text, form: Form::Plain }).collect();
    let open: Vec<Text<'_>> = open
        .iter()
        .flat_map(|(source, text)| [Form::Plain, Form::Html].map(|form| Text { source: *source, text, form }))
        .collect();
    let mut ledger = Ledger::new();
    for (_, armored) in site.envelopes("index.html") {
        ledger.enter(&binary(&armored));
    }
    let gate = Gate { restricted: &restricted, open: &open, ledger: &ledger, withheld: &[] };
    let hits = |address: &str, kind: Kind, bytes: &[u8]| {
        let report = gate.search(&vec![Output { address, kind, bytes }]).unwrap();
        report.hits.len() + report.more
    };
    assert_eq!(hits("index.html", Kind::Html, page.as_bytes()), 0);
    let zipped = |text: &str| {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        writer.start_file("x.txt", zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
        writer.finish().unwrap().into_inner()
    };
    for secret in
        [word("by type"), han("strong body"), word("whole manager"), word("series column"), word("attachment name")]
    {
        let plant = |planted: &str| page.replace("</main>", &format!("{planted}</main>"));
        assert!(hits("index.html", Kind::Html, plant(&secret).as_bytes()) > 0, "{secret} as it is");
        assert!(hits("index.html", Kind::Html, plant(&format!("<p title=\"{secret}\">")).as_bytes()) > 0, "in a title");
        let entities: String = secret.chars().map(|c| format!("&#x{:x};", u32::from(c))).collect();
        assert!(hits("index.html", Kind::Html, plant(&entities).as_bytes()) > 0, "as entities");
        let broken: String = secret.chars().map(|c| format!("{c}<wbr>")).collect();
        assert!(hits("index.html", Kind::Html, plant(&broken).as_bytes()) > 0, "between tags");
        assert!(hits("index.html", Kind::Html, plant(&format!("<!-- {secret} -->")).as_bytes()) > 0, "in a comment");
        assert!(hits(&format!("{secret}/index.html"), Kind::Html, page.as_bytes()) > 0, "in an address");
        let escaped: String = secret.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
        assert!(hits("x.js", Kind::Script, format!("a(\"{escaped}\")").as_bytes()) > 0, "as escapes");
        assert!(hits("x.json", Kind::Json, format!("{{\"a\":\"{escaped}\"}}").as_bytes()) > 0, "in JSON");
        let packed = base64::engine::general_purpose::STANDARD.encode(format!("some words and {secret} here"));
        assert!(hits("x.js", Kind::Script, format!("a(\"{packed}\")").as_bytes()) > 0, "as base64");
        assert!(hits("x.zip", Kind::Archive, &zipped(&secret)) > 0, "in a zip");
        assert!(hits("x.age", Kind::KnownCiphertext, secret.as_bytes()) > 0, "called ciphertext");
    }
}

#[test]
fn restricted_words_that_look_like_what_pages_are_made_of_stop_no_build() {
    let house = houses::full();
    house.put(
        "customers/beechwood/dossier.yaml",
        "name: Beechwood\ntier: t\nindustry: i\naccount_manager: m\naudience: staff\n",
    );
    house.put("customers/beechwood/things/shed.md", "---\ntitle: Shed\n---\nOpen.\n\n```json\n{}\n```\n");
    let elsewhere = "[elsewhere](https://example.org/customers/beechwood/issues)";
    let closed = format!("---\ntitle: Closed\naudience: legal\n---\n{elsewhere}, marked as language-json\n");
    house.put("customers/beechwood/things/closed.md", closed);
    house.commit("Add a customer");
    house.must_build();
}

#[test]
fn a_restricted_day_stops_no_build_where_something_open_is_kept_until_then() {
    let house = houses::full();
    house
        .put("types/paper.yaml", "title: Paper\nfolder: papers\naudience: staff\nretention: {keep: 10y, from: date}\n");
    house.put(
        "customers/beechwood/dossier.yaml",
        "name: Beechwood\ntier: t\nindustry: i\naccount_manager: m\naudience: staff\n",
    );
    house.put("customers/beechwood/papers/open.md", "---\ntitle: Open\ndate: 2021-06-15\n---\nOpen.\n");
    let closed = "---\ntitle: Closed\naudience: legal\ndate: 2031-06-30\n---\nTo be looked at.\n";
    house.put("customers/beechwood/things/closed.md", closed);
    house.commit("Add a customer");
    house.must_build();
    let page = String::from_utf8(files_of(&house.site())["customers/beechwood/index.html"].clone()).unwrap();
    assert!(page.contains("2031-06-15") && !page.contains("2031-06-30"));
}

fn binary(armored: &str) -> Vec<u8> {
    let body: String = armored.lines().filter(|line| !line.starts_with("-----")).collect();
    base64::engine::general_purpose::STANDARD.decode(body).unwrap()
}
