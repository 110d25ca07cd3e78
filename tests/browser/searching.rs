//! Searching: what is open at once, what is sealed after unlocking; with the keyboard, in both languages, also from a
//! folder and over plain http.

use crate::example::{example, key};
use crate::tab::{Tab, visit};
use std::collections::BTreeSet;

const PAGE: &str = "search/index.html";

/// Titles of what was found, in order.
const TITLES: &str = "[...document.querySelectorAll('.search-results .search-title')].map((title) => title.innerText)";

/// Whether all of an answer is there.
const ANSWERED: &str = "document.querySelector('.search-state').textContent !== '' && document.querySelector('.search-results:not([aria-busy])') !== null";

/// Types what is to be found, and waits for what is said of it.
async fn search(tab: &Tab, words: &str) -> Vec<String> {
    tab.run(
        "const state = document.querySelector('.search-state'); state.replaceChildren(); \
         const field = document.getElementById('search-field'); field.value = ''",
    )
    .await;
    tab.paste("#search-field", words).await;
    tab.wait(ANSWERED).await;
    tab.ask(TITLES).await
}

async fn narrowed(tab: &Tab, facet: &str, label: &str) -> Vec<String> {
    tab.run(&format!(
        "document.querySelector('.search-state').replaceChildren(); \
         const select = document.querySelector('[data-facet={facet}]'); \
         select.value = [...select.options].find((option) => option.label === '{label}').value; \
         select.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ))
    .await;
    tab.wait(ANSWERED).await;
    tab.ask(TITLES).await
}

#[test]
fn customers_are_found_by_pieces_of_their_names_by_initials_and_by_spelling() {
    visit(async |tab, places| {
        for page in [places.trusted(PAGE), places.folder(PAGE), places.exposed(PAGE)] {
            tab.go(&page).await;
            for words in ["云溪水电", "溪水", "yxsd", "xsd", "yunxishuidian", "YUNXI hydro", "ＹＵＮＸＩ　Hydropower"]
            {
                let found = search(&tab, words).await;
                assert_eq!(found.first().map(String::as_str), Some("云溪水电开发有限公司"), "{words}: {found:?}");
            }
            for words in ["火山爆发", "unxi", "水云"] {
                assert_eq!(search(&tab, words).await, [""; 0], "{words}");
            }
        }
    });
}

#[test]
fn every_open_customer_is_found_by_each_pair_of_characters_in_its_name() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let archive = example().read();
        let names: Vec<String> = archive.dossiers.in_the_open().map(|dossier| dossier.sort_name()).collect();
        assert!(names.len() >= 20);
        let pairs: BTreeSet<(String, String)> = names
            .iter()
            .flat_map(|name| {
                let letters: Vec<char> = name.chars().collect();
                letters.windows(2).map(|pair| (pair.iter().collect(), name.clone())).collect::<Vec<_>>()
            })
            .collect();
        let asked: Vec<&(String, String)> = pairs.iter().collect();
        let script = format!(
            "(async () => {{ const missed = []; for (const [pair, name] of {}) {{ \
             const {{ results }} = await strongroom.index.ask(pair, [['type', 'dossier']], 60, () => true); \
             if (!results.some(({{ document }}) => JSON.stringify(document.texts).includes(name))) missed.push(pair + ' ' + name); }} \
             return missed }})()",
            serde_json::to_string(&asked).unwrap()
        );
        assert_eq!(tab.ask::<Vec<String>>(&script).await, [""; 0]);
    });
}

#[test]
fn what_is_sealed_is_found_after_unlocking_by_its_readers_alone() {
    visit(async |tab, places| {
        for (page, reader) in [(places.trusted(PAGE), "li-wei"), (places.folder(PAGE), "zhao-min")] {
            tab.go(&page).await;
            assert_eq!(search(&tab, "专线租用合同 云溪水电").await.len(), 1, "the abstract alone");
            assert!(tab.seen(".search-state").await.contains("尚未解锁"));
            tab.unlock(key(reader)).await;
            tab.wait("document.querySelector('.search-sealed') !== null").await;
            let found: Vec<String> = tab.ask(TITLES).await;
            assert!(
                found.len() >= 2 && found.iter().any(|title| title.contains("专线租用合同")),
                "{reader}: {found:?}"
            );
            tab.shot(&format!("search-unlocked-{reader}")).await;
            tab.run("strongroom.unlock.lock()").await;
            tab.settled().await;
            tab.wait("strongroom.session.read() === null").await;
        }
    });
}

#[test]
fn a_search_is_narrowed_down_and_stands_in_the_address() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let all = search(&tab, "云溪").await;
        tab.wait("document.querySelector('[data-facet=type]').options.length > 1").await;
        let profiles = narrowed(&tab, "type", "客户概况").await;
        assert!(!profiles.is_empty() && profiles.len() < all.len(), "{profiles:?}");
        let abouts: Vec<String> =
            tab.ask("[...document.querySelectorAll('.search-about')].map((line) => line.innerText)").await;
        assert!(abouts.iter().all(|about| about.contains("客户概况")), "{abouts:?}");
        let address: String = tab.ask("location.search").await;
        assert!(address.contains("type=profile"), "{address}");
        tab.go(&places.trusted(&format!("{PAGE}{address}"))).await;
        tab.wait(ANSWERED).await;
        assert_eq!(tab.ask::<Vec<String>>(TITLES).await, profiles, "the address holds the search");
        // A choice that nobody is offered, as one under a seal once the tab is locked, leaves the address.
        tab.go(&places.trusted(&format!("{PAGE}?q=abc&tier=sealed"))).await;
        tab.wait("location.search === '?q=abc'").await;
    });
}

#[test]
fn a_search_goes_from_the_slash_to_the_place_with_the_keyboard_alone() {
    visit(async |tab, places| {
        tab.go(&places.trusted("due/index.html")).await;
        tab.run("document.body.focus(); document.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }))").await;
        assert!(tab.ask::<bool>("document.getElementById('search-dialog').open").await);
        assert_eq!(tab.ask::<String>("document.activeElement.id").await, "search-field");
        let found = search(&tab, "接头盒 进水").await;
        assert!(!found.is_empty());
        tab.shot("search-dialog").await;
        tab.press("ArrowDown").await;
        assert!(tab.ask::<bool>("document.activeElement.matches('.search-result')").await);
        tab.press("ArrowUp").await;
        assert_eq!(tab.ask::<String>("document.activeElement.id").await, "search-field");
        tab.press("Enter").await;
        tab.wait("!location.href.includes('/due/') && document.readyState === 'complete'").await;
        tab.wait("CSS.highlights.get('found')?.size > 0").await;
        let marked: Vec<String> = tab.ask("[...CSS.highlights.get('found')].map(String)").await;
        assert!(marked.iter().all(|text| text == "接头盒" || text == "进水"), "{marked:?}");
        assert!(tab.ask::<bool>("sessionStorage.getItem('strongroom:found') === null").await, "it marks once");
        tab.shot("search-found").await;
    });
}

#[test]
fn a_query_reads_the_shards_it_needs_and_no_other() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let shards = std::fs::read_dir(example().site.join("search")).unwrap().count();
        search(&tab, "进水").await;
        let read: BTreeSet<String> = tab
            .requests()
            .into_iter()
            .filter(|address| address.contains("/search/") && address.contains(".js"))
            .collect();
        assert!(read.len() < shards / 4, "{} of {shards}", read.len());
    });
}

/// What people type is taken apart in the browser as texts are in the program.
#[test]
fn both_sides_take_texts_apart_alike() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let texts = [
            "云溪水电 Yunxi Hydro-Power, 2024-017",
            "ＡＢＣ　１２３ ½ ﬁ Ⅳ",
            "1,280,000 CNY 1,2 12,3456",
            "第3条、是。否",
            "ひらがな 한국어 𠀋𠮷 é É ß İ",
            "a_b\u{1}c\u{2028}d",
        ];
        for text in texts {
            let there: Vec<String> = tab
                .ask(&format!(
                    "strongroom.terms.words({}).flatMap(({{ terms }}) => terms.map(({{ term }}) => term))",
                    serde_json::to_string(text).unwrap()
                ))
                .await;
            assert_eq!(there, strongroom::search::terms_of(text), "{text}");
        }
    });
}

/// Terms as they lie in a shard (docs/format.md), each with one document, whose number on the first page is the term's.
fn shard(terms: &[&str]) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(terms.len()).unwrap()];
    let mut before = "";
    for (n, term) in terms.iter().enumerate() {
        let same = before.bytes().zip(term.bytes()).take_while(|(one, other)| one == other).count();
        let same = (0..=same).rev().find(|at| term.is_char_boundary(*at)).unwrap();
        bytes.extend([u8::try_from(same).unwrap(), u8::try_from(term.len() - same).unwrap()]);
        bytes.extend(&term.as_bytes()[same..]);
        bytes.extend([3, 0, 1, u8::try_from(8 * n + 1).unwrap()]);
        before = term;
    }
    bytes
}

/// A shard is gone through without putting its terms together. 溪 and 滪 begin with the same two bytes, and share none.
#[test]
fn a_shard_answers_for_whole_terms_and_for_beginnings() {
    let terms = ["2024", "2024-01", "20240", "a", "ab", "abc", "b", "云溪", "云滪", "溪", "溪水", "滪"];
    assert!(terms.is_sorted());
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        for asked in
            terms.iter().copied().chain(["", "2", "202", "20241", "2025", "aa", "abcd", "云", "云溪水", "海", "龙"])
        {
            for prefix in [false, true] {
                let fits = |term: &&str| if prefix { term.starts_with(asked) } else { *term == asked };
                let wanted: Vec<usize> = (0..terms.len()).filter(|n| fits(&terms[*n])).collect();
                let found: Vec<usize> = tab
                    .ask(&format!(
                        "(() => {{ const found = []; const {{ scan, listOf, any }} = strongroom.lists; \
                         scan(new Uint8Array({:?}), new TextEncoder().encode({asked:?}), {prefix}, \
                         (postings, whole) => found.push(listOf(postings, whole, 2 ** 21, 12))); \
                         return [...any(found).keys] }})()",
                        shard(&terms)
                    ))
                    .await;
                assert_eq!(found, wanted, "{asked:?}, {prefix}");
            }
        }
    });
}

/// What any and what every list holds, with what it is worth.
#[test]
fn lists_of_documents_are_joined_as_sets_are() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        let lists = "[[[1, 5, 9], [1, 1, 1]], [[5, 7, 9], [2, 2, 0.5]], [[], []], [[0, 9], [4, 4]]].map(([keys, worth]) => \
                     ({ keys: Float64Array.from(keys), worth: Float64Array.from(worth) }))";
        let pairs = "({ keys, worth }) => [...keys].map((key, n) => [key, worth[n]])";
        let any: Vec<(f64, f64)> = tab.ask(&format!("({pairs})(strongroom.lists.any({lists}))")).await;
        assert_eq!(any, [(0.0, 4.0), (1.0, 1.0), (5.0, 2.0), (7.0, 2.0), (9.0, 4.0)]);
        let every: Vec<(f64, f64)> =
            tab.ask(&format!("({pairs})(strongroom.lists.every({lists}.filter(({{ keys }}) => keys.length)))")).await;
        assert_eq!(every, [(9.0, 5.5)]);
        let none: Vec<(f64, f64)> = tab.ask(&format!("({pairs})(strongroom.lists.every({lists}))")).await;
        assert_eq!(none, []);
        let best: Vec<(f64, f64)> = tab.ask(&format!("strongroom.lists.best(strongroom.lists.any({lists}), 2)")).await;
        assert_eq!(best, [(0.0, 4.0), (9.0, 4.0)]);
    });
}

#[test]
fn what_was_found_is_said_in_english_as_well() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.click("[data-action=language]").await;
        assert_eq!(search(&tab, "Hydropower").await.first().map(String::as_str), Some("Yunxi Hydropower Development"));
        assert!(tab.seen(".search-state").await.starts_with("The first 20"));
        assert_eq!(tab.complaints(), [""; 0]);
    });
}

/// As people type them: with what stands between their pieces, without it, and from a piece in the middle on.
#[test]
fn numbers_are_found_without_their_separators_and_by_their_pieces() {
    let asked = [
        ("云溪水电", ["2024-017", "2024017", "2024/017", "2024 017"].as_slice()),
        ("石砚光伏", &["F2026-008", "f2026008", "2026-008", "2026008", "F2026-0"]),
        ("青樾燃气", &["QYG-2026-02", "qyg202602", "QYG2026-02", "202602"]),
    ];
    visit(async |tab, places| {
        tab.go(&places.folder(PAGE)).await;
        tab.unlock(key("wu-jie")).await;
        for (customer, numbers) in asked {
            for number in numbers {
                let found = search(&tab, &format!("{number} {customer}")).await;
                assert!(!found.is_empty(), "{number} {customer}");
                let marked: Vec<String> = tab
                    .ask("[...document.querySelector('.search-result').querySelectorAll('mark')].map((mark) => mark.textContent)")
                    .await;
                let joined = |text: &str| text.replace(['-', '/', ' '], "").to_lowercase();
                let is_marked = number.split(' ').all(|piece| marked.iter().any(|mark| joined(mark) == joined(piece)));
                assert!(is_marked, "{number}: {marked:?}");
            }
        }
        for number in ["2024-071 云溪水电", "2024071 云溪水电", "024017 云溪水电", "F20260089"] {
            assert_eq!(search(&tab, number).await, [""; 0], "{number}");
        }
    });
}

#[test]
fn somebody_is_found_by_initials_and_called_by_name() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.unlock(key("sun-qian")).await;
        let found = search(&tab, "zbn").await;
        assert!(found.iter().any(|title| title == "钟伯年"), "{found:?}");
        assert!(!found.iter().any(|title| title == "legal-rep"), "{found:?}");
    });
}

#[test]
fn enter_before_the_results_are_there_opens_the_first_of_them() {
    visit(async |tab, places| {
        tab.go(&places.trusted(PAGE)).await;
        tab.run(
            "const field = document.getElementById('search-field'); field.value = '云溪水电'; field.focus(); \
             field.dispatchEvent(new Event('input', { bubbles: true })); \
             field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, isComposing: true })); \
             field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))",
        )
        .await;
        tab.wait("location.pathname.includes('/customers/yunxi-hydropower/')").await;
    });
}
