//! `serve` from outside: a save is seen, a mistake is told and leaves the page, and a reader's eyes can be borrowed.

use super::bed::{Bed, CONTRACT, DAY, SETTINGS};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Long enough for a machine with other work.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program while it serves; it ends with this.
struct Served {
    child: Child,
    address: String,
    root: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What an open page hears.
struct Line(BufReader<TcpStream>);

impl Line {
    /// The next state that is what is waited for.
    fn until(&mut self, what: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the line is cut");
            if let Some(state) = line.strip_prefix("data: ").and_then(|said| serde_json::from_str(said).ok())
                && what(&state)
            {
                return state;
            }
        }
    }
}

fn build(state: &Value) -> u64 {
    state["build"].as_str().unwrap().parse().unwrap()
}

fn errors(state: &Value) -> &Vec<Value> {
    state["errors"].as_array().unwrap()
}

impl Served {
    fn of(bed: &Bed, more: &[&str]) -> Self {
        let state = bed.path().with_extension("state");
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("strongroom"))
            .current_dir(bed.path())
            .args(["--date", DAY, "serve", "--state"])
            .arg(state)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let (address, root) = url.trim().strip_prefix("http://").unwrap().split_once('/').unwrap();
        Self { child, address: address.to_owned(), root: format!("/{root}") }
    }

    fn connect(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let close = if path.ends_with("events") { "" } else { "Connection: close\r\n" };
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n{close}\r\n", self.address).unwrap();
        stream
    }

    /// The status and the body at a path below the site's root.
    fn get(&self, path: &str) -> (u16, String) {
        self.get_at(&format!("{}{path}", self.root))
    }

    fn get_at(&self, path: &str) -> (u16, String) {
        let mut answer = Vec::new();
        self.connect(path).read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    fn line(&self) -> Line {
        Line(BufReader::new(self.connect(&format!("{}_strongroom/events", self.root))))
    }
}

const DOSSIER: &str = "customers/yunxi/dossier.yaml";

fn renamed(bed: &Bed, name: &str) -> String {
    bed.read(DOSSIER).replace("云溪水电", name)
}

#[test]
fn a_save_is_on_the_page_and_open_pages_hear_of_it() {
    let bed = Bed::new();
    let served = Served::of(&bed, &[]);
    let mut line = served.line();
    let before = build(&line.until(|_| true));
    assert!(served.get("customers/yunxi/").1.contains("云溪水电"));
    bed.write(DOSSIER, &renamed(&bed, "云溪电力"));
    line.until(|state| build(state) > before);
    let (status, page) = served.get("customers/yunxi/");
    assert_eq!(status, 200);
    assert!(page.contains("云溪电力") && !page.contains("云溪水电"));
    assert!(served.get("").1.contains("云溪电力"), "on every page");
}

#[test]
fn a_mistake_is_told_with_its_line_and_leaves_the_page_until_it_is_mended() {
    let bed = Bed::new();
    let served = Served::of(&bed, &[]);
    let mut line = served.line();
    let before = build(&line.until(|_| true));
    bed.write("customers/yunxi/contracts/2024-017.md", &CONTRACT.replace("audience: [", "audeince: ["));
    let broken = line.until(|state| !errors(state).is_empty());
    assert_eq!(build(&broken), before, "the page is the one before");
    let finding = &errors(&broken)[0];
    assert_eq!((&finding["severity"], &finding["marked"]), (&"error".into(), &"audeince".into()));
    assert_eq!(finding["place"], "customers/yunxi/contracts/2024-017.md:5:1");
    assert!(finding["remedy"].as_str().unwrap().contains("audience"), "{finding}");
    assert!(served.get("customers/yunxi/").1.contains("云溪水电"));
    bed.write("customers/yunxi/contracts/2024-017.md", CONTRACT);
    assert!(errors(&line.until(|state| build(state) > before)).is_empty());
}

#[test]
fn an_archive_that_begins_with_errors_is_waited_for() {
    let bed = Bed::new();
    bed.write(DOSSIER, &format!("{}audeince: x\n", bed.read(DOSSIER)));
    let served = Served::of(&bed, &[]);
    let (status, page) = served.get("customers/yunxi/");
    assert!(status == 200 && page.contains("strongroom-waiting") && !page.contains("云溪水电"), "{page}");
    let mut line = served.line();
    let before = build(&line.until(|state| !errors(state).is_empty()));
    bed.write(DOSSIER, &bed.read(DOSSIER).replace("audeince: x\n", ""));
    line.until(|state| build(state) > before);
    assert!(served.get("customers/yunxi/").1.contains("云溪水电"));
}

#[test]
fn remarks_are_told_of_the_files_that_were_saved_alone() {
    let bed = Bed::new();
    bed.write("customers/yunxi/stray.pdf", "nobody names it");
    let served = Served::of(&bed, &[]);
    let mut line = served.line();
    line.until(|_| true);
    bed.write("customers/yunxi/another.pdf", "nobody names it either");
    let told = line.until(|state| state["remarks"].as_array().is_some_and(|remarks| !remarks.is_empty()));
    let places: Vec<&Value> = told["remarks"].as_array().unwrap().iter().map(|remark| &remark["place"]).collect();
    assert_eq!(places, ["customers/yunxi/another.pdf"]);
}

#[test]
fn what_is_deleted_is_gone_and_settings_types_readers_and_theme_are_taken_up() {
    let bed = Bed::new();
    let served = Served::of(&bed, &[]);
    let mut line = served.line();
    let mut last = build(&line.until(|_| true));
    let mut taken_up = |line: &mut Line| last = build(&line.until(|state| build(state) > last));
    bed.write("customers/second/dossier.yaml", &renamed(&bed, "第二家"));
    taken_up(&mut line);
    assert_eq!(served.get("customers/second/").0, 200);
    std::fs::remove_dir_all(bed.path().join("customers/second")).unwrap();
    taken_up(&mut line);
    assert_eq!(served.get("customers/second/").0, 404);
    bed.write("strongroom.yaml", &SETTINGS.replace("zh: 档案,", "zh: 新档案,"));
    taken_up(&mut line);
    assert!(served.get("").1.contains("新档案"));
    bed.write("types/memo.yaml", "title: 备忘录\nfolder: memos\naudience: staff\nfields: {note: {kind: text}}\n");
    taken_up(&mut line);
    assert!(served.get("registers/memo/").1.contains("备忘录"));
    bed.write("theme/styles/own.css", "/* own style */\n");
    taken_up(&mut line);
    assert!(served.get("assets/strongroom.css").1.contains("own style"));
}

#[test]
fn a_checkout_of_many_files_is_taken_up_once() {
    let bed = Bed::new();
    for n in 0..300 {
        bed.write(&format!("customers/c{n}/dossier.yaml"), &renamed(&bed, &format!("客户{n}")));
    }
    bed.commit();
    for n in 0..300 {
        bed.write(&format!("customers/c{n}/dossier.yaml"), &renamed(&bed, &format!("顾客{n}")));
    }
    bed.commit();
    let served = Served::of(&bed, &[]);
    let mut line = served.line();
    let before = build(&line.until(|_| true));
    bed.git(&["checkout", "-q", "HEAD~1"]);
    assert_eq!(build(&line.until(|state| build(state) > before)), before + 1);
    assert!(served.get("customers/c0/").1.contains("客户0"));
    assert!(served.get("customers/c299/").1.contains("客户299"));
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(build(&served.line().until(|_| true)), before + 1, "nothing came after it");
}

#[test]
fn the_past_comes_to_pages_that_were_asked_for_before_it_was_read() {
    let bed = Bed::new();
    bed.commit();
    let served = Served::of(&bed, &["--as", "li-wei"]);
    let (status, history) = served.get("customers/yunxi/history/");
    assert!(status == 200 && history.contains("Test"), "it waits for the past");
    let (_, page) = served.get("customers/yunxi/");
    assert!(page.contains("history/index.html#record="), "who changed it last stands there");
}

#[test]
fn what_a_save_closes_is_on_no_page_while_the_past_is_read_anew() {
    let bed = Bed::new();
    let dossier = bed.read(DOSSIER);
    bed.write(DOSSIER, &format!("{dossier}address: 旧城纸坊路七号\n"));
    bed.commit();
    bed.write(DOSSIER, &format!("{dossier}address: 新城大道二号\n"));
    bed.commit();
    let served = Served::of(&bed, &[]);
    let pages = ["customers/yunxi/", "", "customers/yunxi/history/"];
    let shown = |what: &str| pages.iter().filter(|page| served.get(page).1.contains(what)).count();
    assert!(served.get("customers/yunxi/history/").1.contains("旧城纸坊路七号"), "it is open so far");
    let mut line = served.line();
    let before = build(&line.until(|state| state["rereading"] == false));
    bed.write(DOSSIER, &format!("{dossier}address: 新城大道二号\nrestrict: {{address: finance}}\n"));
    line.until(|state| build(state) > before);
    for _ in 0..20 {
        assert_eq!(shown("旧城纸坊路七号"), 0, "under the old rules it was open");
        assert_eq!(shown("新城大道二号"), 0);
    }
    served.line().until(|state| state["rereading"] == false);
    assert_eq!(shown("旧城纸坊路七号"), 0);
    assert!(served.get("customers/yunxi/").1.contains("history/index.html#record="), "the past is back");
}

#[test]
fn a_scan_has_its_small_picture_when_the_page_asks_for_it() {
    let bed = Bed::new();
    let mut picture = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(640, 400).write_to(&mut picture, image::ImageFormat::Png).unwrap();
    bed.write_bytes("customers/yunxi/contracts/scan.png", picture.get_ref());
    bed.write_bytes("customers/yunxi/scan.png", picture.get_ref());
    bed.write_bytes("customers/yunxi/damaged.png", b"none");
    bed.write("customers/yunxi/profile.md", "---\naudience: staff\nattachments: [scan.png, damaged.png]\n---\n");
    bed.write(
        "customers/yunxi/contracts/2024-017.md",
        &CONTRACT.replace("audience:", "attachments: [scan.png]\naudience:"),
    );
    let served = Served::of(&bed, &[]);
    let (_, page) = served.get("customers/yunxi/");
    let links = |page: &str, start: &str| -> Vec<String> {
        let all = page.split('"').filter(|value| value.contains(start) && !value.contains(' '));
        all.map(|value| value.trim_start_matches("../").to_owned()).collect()
    };
    let open = links(&page, "files/thumbnails/");
    let answers: Vec<(u16, bool)> =
        open.iter().map(|link| served.get(link)).map(|(status, body)| (status, body.contains("JFIF"))).collect();
    assert_eq!(answers, [(200, true), (404, false)], "the damaged one has none: {open:?}");
    let (sealed, _) = served.get("files/thumbnails/nothing.jpg");
    assert_eq!(sealed, 404);

    let served = Served::of(&bed, &["--as", "li-wei"]);
    let (_, page) = served.get("customers/yunxi/");
    let small = links(&page, "/thumbnail.jpg");
    assert_eq!(small.len(), 1, "that of the contract, which she holds: {page}");
    let (status, body) = served.get(&small[0]);
    assert!(status == 200 && body.contains("JFIF"));
}

#[test]
fn a_readers_eyes_are_borrowed_at_an_address_that_nobody_can_guess() {
    let bed = Bed::new();
    let served = Served::of(&bed, &["--as", "li-wei"]);
    assert!(served.root.len() > 30, "{}", served.root);
    assert_eq!(served.get_at("/").0, 404);
    assert_eq!(served.get_at("/customers/yunxi/").0, 404);
    let (_, page) = served.get("customers/yunxi/");
    assert!(page.contains("preview-banner") && page.contains("以李薇的身份预览") && page.contains("Preview as 李薇"));
    assert!(page.contains("1280000") || page.contains("1,280,000"), "what finance may read is in the clear");
    assert!(page.contains("The price is reviewed"));
    assert!(!page.contains("BEGIN AGE") && !page.contains("id=\"unlock-dialog\""));
    let mut line = served.line();
    let before = build(&line.until(|_| true));
    bed.write("strongroom.yaml", &SETTINGS.replace("readers: [li-wei]", "readers: []"));
    line.until(|state| build(state) > before);
    assert!(!served.get("customers/yunxi/").1.contains("The price is reviewed"), "who left finance sees it no more");
}

#[test]
fn a_reader_without_training_is_shown_nothing_sealed_and_an_unknown_one_is_refused() {
    let bed = Bed::new();
    bed.write("readers/li-wei.yaml", &super::bed::reader("李薇", super::bed::KEYS[0], "2026-01-31"));
    let served = Served::of(&bed, &["--as", "li-wei"]);
    let (_, page) = served.get("customers/yunxi/");
    assert!(page.contains("2026-01-31") && page.contains("培训已于"), "the banner says why");
    assert!(!page.contains("The price is reviewed") && !page.contains("1280000"));
    let run = bed.run(&["serve", "--as", "li-wie", "--state", "state"]);
    assert_eq!(run.code, 1);
    assert!(
        run.words.contains("there is no reader ‹li-wie›") && run.words.contains("did you mean ‹li-wei›?"),
        "{}",
        run.words
    );
}
