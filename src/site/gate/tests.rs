//! The gate as a whole: whatever way restricted text gets out, it is found; open text is not.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::*;

const OPEN: &str =
    "客户档案 合同编号 HT-2024-017 Customer dossiers of the region, reviewed every quarter by the key account team";

fn plain(source: u32, text: &str) -> Text<'_> {
    Text { source, text, form: Form::Plain }
}

/// Searches one output for one restricted text.
fn search(restricted: &str, kind: Kind, bytes: &[u8]) -> Report {
    search_all(&[plain(7, restricted)], "page/index.html", kind, bytes)
}

fn search_all(restricted: &[Text<'_>], address: &str, kind: Kind, bytes: &[u8]) -> Report {
    let (restricted, open) = (restricted.to_vec(), vec![plain(1, OPEN)]);
    let gate = Gate { restricted: &restricted, open: &open, ledger: &Ledger::new(), withheld: &[] };
    gate.search(&vec![Output { address, kind, bytes }]).expect("outputs in memory can be read")
}

fn runs(report: &Report) -> Vec<&str> {
    report.hits.iter().map(Hit::run).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).expect("memory takes it");
    writer.finish().expect("memory takes it")
}

fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    writer.start_file("word/document.xml", options).expect("memory takes it");
    writer.write_all(bytes).expect("memory takes it");
    writer.finish().expect("memory takes it").into_inner()
}

fn entity_encoded(text: &str) -> String {
    text.chars().map(|c| format!("&#x{:x};", u32::from(c))).collect()
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

fn u_escaped(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()
}

fn html_escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn a_leak_is_named_with_both_places_and_its_full_run() {
    let report = search("内部底价为每兆一百二十元，不得外传", Kind::Html, "<td>报价 内部底价为每兆</td>".as_bytes());
    assert_eq!(runs(&report), ["内部底价为每兆"]);
    let hit = &report.hits[0];
    assert_eq!((hit.address.as_str(), hit.place, hit.source), ("page/index.html", "text", 7));
    assert_eq!(hit.excerpt(Excerpts::Shown), "报价 [内部底价为每兆]");
    assert_eq!(hit.excerpt(Excerpts::Withheld), "7 characters");
    assert!(!format!("{hit:?}").contains("底价"));
}

#[test]
fn three_han_or_seven_letters_are_no_run_and_one_more_is() {
    for (text, expected) in [("甲乙丙", 0), ("甲乙丙丁", 1), ("abcdefg", 0), ("abcdefgh", 1)] {
        let restricted = format!("Q{text}Q");
        let page = format!("<p>z{text}z</p>");
        assert_eq!(search(&restricted, Kind::Html, page.as_bytes()).hits.len(), expected, "{text}");
    }
}

#[test]
fn text_that_is_also_open_passes() {
    let restricted = "The customer dossiers of the region 合同编号 HT-2024-017 are fine";
    assert!(
        search(restricted, Kind::Html, b"<p>Customer <b>dossiers of</b> the REGION</p><p>HT-2024-017</p>").is_clean()
    );
    assert_eq!(runs(&search(restricted, Kind::Html, b"<p>HT-2024-017 are fine")), ["HT-2024-017 are fine"]);
}

#[test]
fn every_place_of_an_output_is_searched() {
    let secret = "并购意向书编号甲七";
    for page in [
        format!("<p>{secret}</p>"),
        "<p>并购<em>意向</em><a href='x'>书编</a>号甲七</p>".to_owned(),
        "<p>并购意<!-- x -->向书编号甲七</p>".to_owned(),
        format!("<img alt=\"{secret}\">"),
        format!("<img alt={secret} src=x>"),
        format!("<p {secret}>"),
        format!("<!-- {secret} -->"),
        format!("<title>{secret}</title>"),
        format!("<script type='application/json'>{{\"a\":\"{}\"}}</script>", u_escaped(secret)),
        format!("<script>x=\"{}\"</script>", STANDARD.encode(secret)),
        format!("<style>p::before{{content:\"{secret}\"}}</style>"),
        format!("<a href=\"../{}/index.html\">x</a>", percent_encoded(secret)),
        format!("<img src=\"data:text/plain;base64,{}\">", STANDARD.encode(secret)),
        "<div data-html=\"&lt;p&gt;并购意&lt;b&gt;向书编号甲七\">".to_owned(),
    ] {
        let report = search(secret, Kind::Html, page.as_bytes());
        assert!(!report.is_clean(), "{page}");
    }
    for text in [
        format!("{{\"a\":\"{secret}\"}}"),
        "{\"a\":\"<b>并购</b>意向书编号甲七\"}".to_owned(),
        format!("{{\"a\":\"&#24182;&#36141;{}\"}}", u_escaped("意向书编号甲七")),
    ] {
        assert!(!search(secret, Kind::Json, text.as_bytes()).is_clean(), "{text}");
    }
    let wrapped = "一行很长的秘密文字".repeat(12);
    let base64 =
        STANDARD.encode(&wrapped).as_bytes().chunks(64).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n");
    assert!(!search(&wrapped, Kind::Text, format!("-----BEGIN-----\n{base64}\n-----END-----").as_bytes()).is_clean());
    let sixteen: Vec<u8> = [0xFF, 0xFE].into_iter().chain(secret.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(!search(secret, Kind::OpenFile, &sixteen).is_clean());
}

#[test]
fn addresses_are_searched_and_percent_signs_in_them_undone() {
    let secret = [plain(3, "云溪水电并购案")];
    for address in ["customers/云溪水电并购案/index.html".to_owned(), percent_encoded("云溪水电并购案")] {
        let report = search_all(&secret, &address, Kind::Html, b"");
        assert_eq!(report.hits.len(), 1, "{address}");
    }
}

#[test]
fn cells_and_paragraphs_do_not_run_together() {
    let restricted = "一甲乙丙丁二";
    assert!(search(restricted, Kind::Html, "<td>甲乙</td><td>丙丁</td><p>甲<br>乙丙丁".as_bytes()).is_clean());
    assert!(search(restricted, Kind::Html, "<span>甲乙</span><span>丙丁</span>".as_bytes()).is_clean());
}

#[test]
fn ciphertext_of_the_door_is_passed_over_and_foreign_ciphertext_is_searched() {
    let sealed = b"age-encryption.org/v1 pretended ciphertext with the words vermilion covenant inside";
    let page = format!(
        "<script type=\"application/age\" class=\"envelope\">-----BEGIN AGE ENCRYPTED FILE-----\n{}\n\
         -----END AGE ENCRYPTED FILE-----\n</script>",
        STANDARD.encode(sealed)
    );
    let script = format!("strongroom.deliver(\"files/x\",\"{}\")", STANDARD.encode(sealed));
    let (restricted, open) = (vec![plain(1, "the vermilion covenant")], vec![plain(2, OPEN)]);
    let mut ledger = Ledger::new();
    let outputs = vec![
        Output { address: "index.html", kind: Kind::Html, bytes: page.as_bytes() },
        Output { address: "files/x.js", kind: Kind::Script, bytes: script.as_bytes() },
        Output { address: "files/x.age", kind: Kind::KnownCiphertext, bytes: sealed },
    ];
    let search = |ledger: &Ledger| {
        let gate = Gate { restricted: &restricted, open: &open, ledger, withheld: &[] };
        let report = gate.search(&outputs).expect("outputs in memory can be read");
        report.hits.into_iter().map(|hit| hit.address).collect::<Vec<_>>()
    };
    assert_eq!(search(&ledger), ["index.html", "files/x.js", "files/x.age"]);
    ledger.enter(sealed);
    assert_eq!(search(&ledger), Vec::<String>::new());
}

#[test]
fn a_restricted_attachment_copied_as_it_is_is_found() {
    let bytes = b"%PDF-1.7 \x00\xFF\x00 compressed beyond reading";
    let withheld = [Withheld { source: 5, length: bytes.len() as u64, digest: Sha256::digest(bytes).into() }];
    let nothing: Vec<Text<'_>> = Vec::new();
    let gate = Gate { restricted: &nothing, open: &nothing, ledger: &Ledger::new(), withheld: &withheld };
    let outputs = vec![Output { address: "files/open/a.pdf", kind: Kind::OpenFile, bytes }];
    let report = gate.search(&outputs).expect("outputs in memory can be read");
    assert_eq!(report.hits.iter().map(|hit| (hit.place, hit.source)).collect::<Vec<_>>(), [("whole file", 5)]);
}

#[test]
fn eight_digits_inside_a_digest_are_chance_and_alone_are_a_leak() {
    let digest = "3f786850e387550fdab836ed7e6dc881de23001b";
    assert!(search("编号 387550fd", Kind::Text, digest.as_bytes()).is_clean());
    assert_eq!(search("编号 387550fd", Kind::Text, b"no. 387550fd").hits.len(), 1);
    assert_eq!(search("编号 387550fdab836ed7", Kind::Text, digest.as_bytes()).hits.len(), 1);
}

#[test]
fn of_many_hits_the_first_are_reported_and_the_rest_counted() {
    let secret = "不得公开的一句话";
    let page = format!("<p>{secret}</p>").repeat(50);
    let report = search(secret, Kind::Html, page.as_bytes());
    assert_eq!((report.hits.len(), report.more), (20, 30));
}

#[test]
fn damaged_packed_files_are_named_and_bombs_are_bounded() {
    let mut packed = gzip("压缩的秘密内容".repeat(100).as_bytes());
    packed.truncate(packed.len() - 10);
    let report = search("压缩的秘密内容", Kind::Archive, &packed);
    assert!(!report.is_clean());
    assert_eq!(report.unsearched.len(), 1);
    let bomb = gzip(&gzip(&vec![0; 80 << 20]));
    assert_eq!(search("秘密", Kind::OpenFile, &bomb).unsearched.len(), 1);
}

#[test]
fn the_source_that_fits_best_is_named() {
    let mut restricted = vec![plain(1, "甲乙丙丁"); 9];
    restricted.extend([plain(2, "前甲乙丙丁戊己后"), plain(3, "甲乙丙丁戊己")]);
    let report = search_all(&restricted, "x", Kind::Text, "看甲乙丙丁戊己庚".as_bytes());
    assert_eq!(report.hits.iter().map(|hit| (hit.source, hit.run())).collect::<Vec<_>>(), [(2, "甲乙丙丁戊己")]);
}

#[test]
fn sources_in_html_are_read_as_shown() {
    let restricted =
        [Text { source: 4, text: "<p class=\"standing\">密<b>封段</b>落内容</p>", form: Form::Html }];
    let report = search_all(&restricted, "x", Kind::Html, "<p class=\"standing\">密封段落内容</p>".as_bytes());
    assert_eq!(runs(&report), ["密封段落内容"]);
}

/// Restricted text of a weight that counts, of letters that stand in no open text.
fn secret() -> impl Strategy<Value = String> {
    let han = prop::collection::vec(prop::char::range('\u{4E00}', '\u{9FA5}'), 4..20);
    let other = prop::collection::vec(
        prop::sample::select("qxzjkvwQXZJKV\u{e9}\u{f1}034589&<>\"'".chars().collect::<Vec<_>>()),
        8..30,
    );
    prop_oneof![han, other].prop_map(|letters| letters.into_iter().collect::<String>()).prop_filter(
        "three different letters or digits, not in open text",
        |text| {
            let mut letters: Vec<char> = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
            letters.sort_unstable();
            letters.dedup();
            letters.len() >= 3 && !OPEN.to_lowercase().contains(&text.to_lowercase())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn restricted_text_is_found_in_whatever_way_it_is_written(secret in secret(), split in 1_usize..4, way in 0_usize..11) {
        let restricted = format!("之前 {secret} 之后");
        let at = secret.char_indices().nth(split).map_or(0, |(at, _)| at);
        let (left, right) = secret.split_at(at);
        let page = |text: &str| format!("<html><p>{OPEN}</p><p>。{text}。</p></html>").into_bytes();
        let json = |text: &str| format!("{{\"a\":\"{OPEN}\",\"b\":\"，{text}，\"}}").into_bytes();
        let quoted = secret.replace('\\', "\\\\").replace('"', "\\\"");
        let (kind, bytes) = match way {
            0 => (Kind::Html, page(&html_escaped(&secret))),
            1 => (Kind::Html, page(&entity_encoded(&secret))),
            2 => (Kind::Html, page(&format!("<a href=\"{}\">x</a>", percent_encoded(&secret)))),
            3 => (Kind::Json, json(&u_escaped(&secret))),
            4 => (Kind::Html, page(&format!("{}<strong>{}</strong>", html_escaped(left), html_escaped(right)))),
            // Twenty-four characters of base64 are the least that is decoded: eighteen bytes.
            5 => (Kind::Script, json(&STANDARD.encode(format!("padding padding {secret}")))),
            6 => (Kind::Archive, gzip(secret.as_bytes())),
            7 => (Kind::Archive, zip(&page(&html_escaped(&secret)))),
            8 => (Kind::Script, json(&quoted)),
            9 => (Kind::Text, secret.clone().into_bytes()),
            _ => (Kind::OpenFile, gzip(&zip(secret.as_bytes()))),
        };
        let report = search(&restricted, kind, &bytes);
        prop_assert!(!report.is_clean(), "way {} of {:?}", way, secret);
        prop_assert_eq!(report.hits[0].source, 7);
        // The same text, written openly as well, passes.
        let (restricted, open) = (vec![plain(7, &restricted)], vec![plain(1, OPEN), plain(2, &restricted)]);
        let gate = Gate { restricted: &restricted, open: &open, ledger: &Ledger::new(), withheld: &[] };
        let again = gate.search(&vec![Output { address: "x", kind, bytes: &bytes }]).expect("in memory");
        prop_assert!(again.is_clean());
    }

    #[test]
    fn any_bytes_as_any_kind_are_searched_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..600), text in "[<>&%\\\\\"'=a-zA-Z0-9 \n/!#;x-]{0,300}") {
        for kind in [Kind::Html, Kind::Script, Kind::Json, Kind::Text, Kind::Archive, Kind::KnownCiphertext, Kind::OpenFile] {
            prop_assert!(search("绝密的一段话", kind, &bytes).is_clean());
            prop_assert!(search("绝密的一段话", kind, text.as_bytes()).is_clean());
        }
    }
}

#[test]
fn an_open_name_is_open_wherever_it_stands_as_words_by_themselves() {
    let restricted = vec![plain(7, "File the first contract of Hongfeng Paper, as agreed")];
    let search = |output: &str| {
        let open = vec![plain(1, "Hongfeng Paper")];
        let gate = Gate { restricted: &restricted, open: &open, ledger: &Ledger::new(), withheld: &[] };
        let output = Output { address: "due.ics", kind: Kind::Text, bytes: output.as_bytes() };
        gate.search(&vec![output]).expect("outputs in memory can be read").hits.len()
    };
    assert_eq!(search("Customer: Hongfeng Paper"), 0);
    assert_eq!(search("a contract of Hongfeng Paper"), 1);
}
