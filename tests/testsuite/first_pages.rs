//! First pages of PDFs: drawn in a process of its own, whatever the file is made of, and whatever becomes of the process.

use image::{GenericImageView as _, ImageFormat, RgbImage};
use proptest::prelude::*;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use strongroom::picture::{draw_by, thumbnail};

const PROGRAM: &str = env!("CARGO_BIN_EXE_strongroom");
const BOX: &str = "[0 0 595 842]";
const WORDS: &str = "BT /F 40 Tf 60 700 Td (Lease of lines) Tj ET 1 0 0 rg 60 100 200 200 re f";
const HELVETICA: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

fn draw(pdf: &[u8]) -> Option<Vec<u8>> {
    draw_by(PathBuf::from(PROGRAM));
    thumbnail(pdf)
}

fn drawn(pdf: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(&draw(pdf).expect("a page"), ImageFormat::Jpeg).unwrap().to_rgb8()
}

/// A PDF of these objects, numbered from 1, the first of which is the catalog.
fn file_of(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = String::new();
    for (number, object) in (1..).zip(objects) {
        places += &format!("{:010} 00000 n \n", bytes.len());
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    let size = objects.len() + 1;
    let end = bytes.len();
    bytes.extend(format!("xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n").as_bytes());
    bytes.extend(format!("<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{end}\n%%EOF\n").as_bytes());
    bytes
}

fn stream(keys: &str, content: &str) -> String {
    format!("<< {keys} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// The objects of a file of one page, which shows `content` with the font `F` and whatever else `resources` names.
fn page(media_box: &str, content: &str, font: &str, resources: &str, more: &[String]) -> Vec<String> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox {media_box} >>"),
        format!("<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 5 0 R >> {resources} >> >>"),
        stream("", content),
        font.to_owned(),
    ];
    objects.extend_from_slice(more);
    objects
}

fn plain_page() -> Vec<u8> {
    file_of(&page(BOX, WORDS, HELVETICA, "", &[]), "")
}

#[test]
fn a_page_becomes_a_picture_of_it_and_always_the_same() {
    let image = drawn(&plain_page());
    assert_eq!(image.dimensions(), (226, 320));
    let red = image.get_pixel(60, 240);
    assert!(red[0] > 200 && red[1] < 60, "{red:?}");
    assert!(image.view(20, 40, 150, 20).pixels().any(|(_, _, pixel)| pixel[0] < 90), "its words are black");
    assert!(image.get_pixel(200, 160).0.iter().all(|part| *part > 250), "and its paper is white");
    assert_eq!(draw(&plain_page()), draw(&plain_page()));
}

#[test]
fn a_page_is_turned_as_it_says() {
    let mut objects = page(BOX, WORDS, HELVETICA, "", &[]);
    objects[2] = objects[2].replace("/Type /Page ", "/Type /Page /Rotate 90 ");
    assert_eq!(drawn(&file_of(&objects, "")).dimensions(), (320, 226));
}

#[test]
fn pages_of_any_size_give_a_small_picture_or_none() {
    for size in
        ["[0 0 9e9 1e10]", "[-5e8 -5e8 5e8 5e8]", "[0 0 0.001 0.001]", "[0 0 1 90000]", "[0 0 0 0]", "[9 9 1 1]"]
    {
        if let Some(small) = draw(&file_of(&page(size, "1 0 0 rg -9e9 -9e9 9e9 9e9 re f", HELVETICA, "", &[]), "")) {
            let (width, height) = image::load_from_memory(&small).unwrap().dimensions();
            assert!(width <= 320 && height <= 320, "{size}");
        }
    }
}

#[test]
fn a_page_without_anything_on_it_and_a_file_without_a_page_have_no_picture() {
    assert_eq!(draw(&file_of(&page(BOX, "", HELVETICA, "", &[]), "")), None);
    assert_eq!(draw(&file_of(&page(BOX, WORDS, HELVETICA, "", &[])[..1], "")), None);
    assert_eq!(draw(b"%PDF-1.7"), None);
}

#[test]
fn a_file_that_asks_for_a_password_has_no_picture() {
    let lock = "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O (01234567890123456789012345678901) \
                /U (01234567890123456789012345678901) >>";
    assert_eq!(draw(&file_of(&page(BOX, WORDS, HELVETICA, "", &[]), lock)), None);
    assert!(draw(&file_of(&page(BOX, WORDS, HELVETICA, "", &[]), "/ID [<00> <00>]")).is_some());
}

#[test]
fn a_page_whose_chinese_letters_the_file_does_not_bring_has_no_picture_rather_than_one_without_words() {
    let song = "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font \
                /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>] >>";
    let content = "BT /F 40 Tf 60 700 Td <54085540> Tj ET 1 0 0 rg 60 100 200 200 re f";
    assert_eq!(draw(&file_of(&page(BOX, content, song, "", &[]), "")), None);
    assert!(draw(&file_of(&page(BOX, "1 0 0 rg 60 100 200 200 re f", song, "", &[]), "")).is_some());
}

/// Files that are made to take for ever, or everything.
fn traps() -> Vec<(&'static str, Vec<u8>)> {
    let form = |content: &str, resources: &str| {
        stream(
            &format!("/Type /XObject /Subtype /Form /BBox {BOX} /Resources << /XObject << {resources} >> >>"),
            content,
        )
    };
    let ten = |name: &str| format!("/{name} Do ").repeat(10);
    let nested: Vec<String> = (6..16).map(|next| form(&ten("X"), &format!("/X {} 0 R", next + 1))).collect();
    let square = "1 0 0 rg 0 0 99 99 re f";
    let large = "/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode";
    let pages = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R /MediaBox [0 0 9 9] >>";
    let catalog = "<< /Type /Catalog /Pages 2 0 R >>";
    vec![
        (
            "a form that shows itself",
            file_of(&page(BOX, "/X Do", HELVETICA, "/XObject << /X 6 0 R >>", &[form(&ten("X"), "/X 6 0 R")]), ""),
        ),
        ("ten forms that each show ten", {
            let more = [nested, vec![form(&square.repeat(20), "")]].concat();
            file_of(&page(BOX, &ten("X"), HELVETICA, "/XObject << /X 6 0 R >>", &more), "")
        }),
        ("an image of gigabytes", {
            let image = stream(&format!("{large} /Width 60000 /Height 60000"), "x");
            file_of(&page(BOX, "500 0 0 500 0 0 cm /X Do", HELVETICA, "/XObject << /X 6 0 R >>", &[image]), "")
        }),
        ("pages that are their own parents", file_of(&[catalog.to_owned(), pages.to_owned()], "")),
        ("a table that goes on before itself", file_of(&page(BOX, square, HELVETICA, "", &[]), "/Prev 9")),
        ("a length that is itself", file_of(&page(BOX, square, HELVETICA, "", &["6 0 R".to_owned()]), "/Size 6 0 R")),
        ("brackets without end", file_of(&page(BOX, &"[".repeat(2_000_000), HELVETICA, "", &[]), "")),
        (
            "dictionaries without end",
            [b"%PDF-1.7\n1 0 obj\n".to_vec(), "<< /A ".repeat(1_000_000).into_bytes()].concat(),
        ),
        ("states without end", file_of(&page(BOX, &"q 0 0 9 9 re W n ".repeat(200_000), HELVETICA, "", &[]), "")),
    ]
}

#[test]
fn what_takes_for_ever_or_everything_gives_up_in_time() {
    for (name, trap) in traps() {
        let begun = Instant::now();
        let _ = draw(&trap);
        assert!(begun.elapsed() < Duration::from_secs(60), "{name} took {:?}", begun.elapsed());
    }
    assert!(draw(&plain_page()).is_some(), "and afterwards pages are drawn as before");
}

#[test]
fn the_process_that_draws_has_given_up_files_dumps_and_most_memory_before_it_reads() {
    let mut child = Command::new(PROGRAM)
        .args(["draw-first-page", "640"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let limits = || fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let set = |limits: &str| {
        limits
            .lines()
            .any(|line| line.split_whitespace().collect::<Vec<_>>()[..5] == ["Max", "open", "files", "0", "0"])
    };
    let begun = Instant::now();
    while !set(&limits()) {
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", limits());
        std::thread::sleep(Duration::from_millis(10));
    }
    let limits = limits().split_whitespace().collect::<Vec<_>>().join(" ");
    for limit in
        ["Max cpu time 10 10", "Max file size 0 0", "Max core file size 0 0", "Max address space 1073741824 1073741824"]
    {
        assert!(limits.contains(limit), "{limit}: {limits}");
    }
    stdin.write_all(&plain_page()).unwrap();
    drop(stdin);
    let mut png = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut png).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(image::load_from_memory_with_format(&png, ImageFormat::Png).unwrap().dimensions(), (452, 640));
}

#[test]
fn nobody_is_told_of_the_word_by_which_it_draws() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("draw-first-page"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn damaged_pages_give_a_small_picture_or_none(
        chinese: bool,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        keep in any::<prop::sample::Index>(),
        cut: bool,
    ) {
        let contract = include_bytes!("../../archive/customers/finance/huinong-bank/contracts/2026-011.pdf");
        let mut bytes = if chinese { contract.to_vec() } else { plain_page() };
        for (at, byte) in damage {
            // What it begins with stays, for without it nothing is drawn.
            let at = 5 + at.index(bytes.len() - 5);
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(5 + keep.index(bytes.len() - 5));
        }
        if let Some(small) = draw(&bytes) {
            let (width, height) = image::load_from_memory_with_format(&small, ImageFormat::Jpeg).unwrap().dimensions();
            prop_assert!(width <= 320 && height <= 320);
        }
    }
}
