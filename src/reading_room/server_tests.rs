//! The server as a client on the same machine sees it.

use super::*;
use crate::finding::{Code, Finding, Place};
use crate::page::Words;
use crate::reading_room::files::{file_of, of_site};
use crate::reading_room::{OneFile, ZipFiles};
use std::io::{Read, Write};
use std::net::TcpStream;
use zeroize::Zeroizing;

/// A server that answers in a thread of its own and is stopped with the test.
struct Running {
    address: SocketAddr,
    url: String,
    reload: Option<Reload>,
    stop: Stop,
    thread: Option<std::thread::JoinHandle<io::Result<()>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap().unwrap();
        }
    }
}

fn start(options: Options, files: impl Files + 'static) -> Running {
    let reload = options.reload.clone();
    let server = Server::bind(options, Arc::new(files)).unwrap();
    let (address, url, stop) = (server.room.address, server.url(), server.stop());
    Running { address, url, reload, stop, thread: Some(std::thread::spawn(|| server.run())) }
}

impl Running {
    fn connect(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn raw(&self, request: &str) -> String {
        let mut answer = Vec::new();
        self.connect(request).read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn ask(&self, method: &str, path: &str) -> String {
        let host = self.address;
        self.raw(&format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"))
    }

    fn get(&self, path: &str) -> String {
        self.ask("GET", path)
    }

    fn get_as(&self, host: &str) -> String {
        self.raw(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"))
    }
}

/// A site of which two files have names that must never be asked for.
struct Written;

impl Files for Written {
    fn get(&self, path: &str) -> Option<File> {
        let path = file_of(path);
        let content = match path.as_str() {
            "index.html" => "<html><body>home</body></html>",
            "customers/a/index.html" => "<body>a</body>",
            "files/open/a/图.svg" => "<svg/>",
            "files/open/a/scan.pdf" => "%PDF",
            "style.css" => "a{}",
            _ if path.contains("..") || path.contains('\0') || path.starts_with('/') => "outside",
            _ => return None,
        };
        Some(of_site(&path, content.as_bytes().into()))
    }
}

#[test]
fn pages_come_with_the_headers_that_guard_them() {
    let running = start(Options::default(), Written);
    let answer = running.get("/").to_lowercase();
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    assert!(answer.ends_with("<html><body>home</body></html>"), "{answer}");
    for header in [
        "content-type: text/html; charset=utf-8",
        "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
         img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src blob:; frame-src blob:; \
         form-action 'none'; base-uri 'none'\r\n",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cache-control: no-store",
        "x-frame-options: deny",
        "cross-origin-opener-policy: same-origin",
        "cross-origin-resource-policy: same-origin",
    ] {
        assert!(answer.contains(header), "{header}\n{answer}");
    }
    assert!(running.get("/style.css").contains("text/css"));
    assert!(running.get("/customers/a/").ends_with("<body>a</body>"));
    assert!(running.get("/customers/a").contains("location: /customers/a/"));
}

#[test]
fn a_request_under_a_foreign_name_is_turned_away() {
    let running = start(Options::default(), Written);
    let port = running.address.port();
    for host in ["evil.test".to_owned(), format!("evil.test:{port}"), "127.0.0.1:1".to_owned(), String::new()] {
        assert!(running.get_as(&host).starts_with("HTTP/1.1 421"), "{host}");
    }
    for host in [format!("localhost:{port}"), format!("LOCALHOST:{port}"), format!("[::1]:{port}")] {
        assert!(running.get_as(&host).starts_with("HTTP/1.1 200"), "{host}");
    }
    let twice = format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nHost: evil.test\r\nConnection: close\r\n\r\n");
    assert!(!running.raw(&twice).starts_with("HTTP/1.1 200"));
    let absolute = format!("GET http://evil.test/ HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    assert!(!running.raw(&absolute).starts_with("HTTP/1.1 200"));
}

#[test]
fn no_path_leads_out_of_the_site() {
    assert!(Written.get("../secret.txt").is_some(), "whoever asks for it by this name is given it");
    let running = start(Options::default(), Written);
    for path in
        ["/../secret.txt", "/a/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//etc/passwd", "/%00"]
    {
        let answer = running.get(path);
        assert!(answer.starts_with("HTTP/1.1 404"), "{path} {answer}");
        assert!(!answer.contains("outside"), "{path}");
    }
}

#[test]
fn only_reading_is_possible() {
    let running = start(Options::default(), Written);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let answer = running.ask(method, "/");
        assert!(answer.starts_with("HTTP/1.1 405") && answer.contains("GET, HEAD"), "{answer}");
    }
    let head = running.ask("HEAD", "/");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-length: 30"), "{head}");
    assert!(!head.contains("home"), "{head}");
}

#[test]
fn attachments_that_could_run_something_are_downloads() {
    let running = start(Options::default(), Written);
    let picture = running.get("/files/open/a/%E5%9B%BE.svg");
    assert!(picture.contains("content-disposition: attachment; filename*=UTF-8''%E5%9B%BE.svg"), "{picture}");
    assert!(!running.get("/files/open/a/scan.pdf").contains("content-disposition"));
    assert!(!running.get("/").contains("content-disposition"));
}

#[test]
fn behind_a_secret_path_nothing_is_found_without_it() {
    let file = OneFile::new("合同.pdf", None, Zeroizing::new(b"%PDF".to_vec()));
    let running = start(Options { secret_path: true, ..Options::default() }, file);
    let root = running.url.split(&running.address.to_string()).nth(1).unwrap();
    assert_eq!(root.len(), 34);
    assert!(root.trim_matches('/').chars().all(|letter| ('k'..='z').contains(&letter)), "{root}");
    assert!(running.get(root).ends_with("%PDF"));
    assert!(running.get(&format!("{root}%E5%90%88%E5%90%8C.pdf")).contains("application/pdf"));
    let wrong = root.replace(root.chars().nth(5).unwrap(), "a");
    for path in ["/", "/index.html", "/%E5%90%88%E5%90%8C.pdf", root.trim_end_matches('/'), wrong.as_str()] {
        assert!(running.get(path).starts_with("HTTP/1.1 404"), "{path}");
    }
}

#[test]
fn a_bundle_is_read_from_memory() {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    writer.start_file("index.html", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all("<body>密封</body>".as_bytes()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    let running = start(Options::default(), ZipFiles::new(Zeroizing::new(bytes)).unwrap());
    assert!(running.get("/").ends_with("<body>密封</body>"));
    assert!(running.get("/other.html").starts_with("HTTP/1.1 404"));
}

#[test]
fn pages_reload_only_where_that_is_asked_for() {
    let options = Options { reload: Some(Reload::new(&Words::default()).unwrap()), ..Options::default() };
    let running = start(options, Written);
    let page = running.get("/");
    assert!(page.contains("home<script defer src=\"/_strongroom/serve.js?build="), "{page}");
    assert!(!running.get("/style.css").contains("<script"));
    assert!(running.get("/_strongroom/serve.js").contains("EventSource"));

    let plain = start(Options::default(), Written);
    assert!(!plain.get("/").contains("<script"));
    assert!(plain.get("/_strongroom/serve.js").starts_with("HTTP/1.1 404"));
}

#[test]
fn an_open_page_hears_of_builds_and_failures() {
    let options = Options { reload: Some(Reload::new(&Words::default()).unwrap()), ..Options::default() };
    let running = start(options, Written);
    let reload = running.reload.clone().unwrap();
    let request = format!("GET /_strongroom/events HTTP/1.1\r\nHost: {}\r\n\r\n", running.address);
    let mut stream = running.connect(&request);
    let mut heard = String::new();
    let mut until = |words: &str| {
        while !heard.contains(words) {
            let mut buffer = [0; 1024];
            let count = stream.read(&mut buffer).unwrap();
            assert!(count > 0, "{heard}");
            heard.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    };
    until("\"errors\":[]");
    reload.failed(&Finding::error(Code("odd"), "two\nlines").at(Place::of("a.md", "audeince: x", 0..8)).into());
    until("\"marked\":\"audeince\"");
    until("\"place\":\"a.md:1:1\"");
    reload.again(vec!["customers/a/index.html".to_owned()]);
    until("\"again\":[\"customers/a/index.html\"]");
    reload.built("en", false);
    until("\"language\":\"en\"");
    until("text/event-stream");
}

#[test]
fn an_address_that_others_can_reach_must_be_meant() {
    let address = "0.0.0.0:0".parse().unwrap();
    let refused = Server::bind(Options { address, ..Options::default() }, Arc::new(Written));
    assert_eq!(refused.err().unwrap().kind(), io::ErrorKind::PermissionDenied);
    assert!(Server::bind(Options { address, beyond_loopback: true, ..Options::default() }, Arc::new(Written)).is_ok());
}
