//! The site in Firefox, over http: a second engine, driven by WebDriver BiDi (<https://w3c.github.io/webdriver-bidi/>).
//!
//! `STRONGROOM_FIREFOX` names another Firefox than Debian's.

use crate::example::{example, key};
use crate::files::serve;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tungstenite::{Message, WebSocket};

/// How long something may take that a person would wait for.
const PATIENCE: Duration = Duration::from_secs(60);

struct Firefox {
    process: Child,
    socket: WebSocket<TcpStream>,
    context: String,
    asked: u64,
    complaints: Vec<String>,
    /// Removed last.
    _profile: tempfile::TempDir,
}

impl Firefox {
    fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let settings = [
            "'network.dns.localDomains', 'intranet.test'",
            "'dom.security.https_first', false",
            "'browser.shell.checkDefaultBrowser', false",
            "'datareporting.policy.dataSubmissionEnabled', false",
            "'app.normandy.enabled', false",
            "'intl.accept_languages', 'zh-CN'",
        ];
        let settings: String = settings.iter().map(|setting| format!("user_pref({setting});\n")).collect();
        std::fs::write(profile.path().join("user.js"), settings).unwrap();
        let program = std::env::var_os("STRONGROOM_FIREFOX").unwrap_or_else(|| "firefox-esr".into());
        let mut process = Command::new(program)
            .args(["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile"])
            .arg(profile.path())
            .env("HOME", profile.path())
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("Firefox does not start");
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let port = said
            .find_map(|line| {
                line.split_once("WebDriver BiDi listening on ws://127.0.0.1:").map(|(_, port)| port.to_owned())
            })
            .expect("Firefox says where it listens");
        // What it says later must not fill the pipe.
        std::thread::spawn(move || said.for_each(drop));
        let stream = TcpStream::connect(format!("127.0.0.1:{}", port.trim())).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, _) = tungstenite::client(format!("ws://127.0.0.1:{}/session", port.trim()), stream).unwrap();
        let (context, asked, complaints) = (String::new(), 0, Vec::new());
        let mut firefox = Self { process, socket, context, asked, complaints, _profile: profile };
        firefox.order("session.new", json!({"capabilities": {}}));
        firefox.order("session.subscribe", json!({"events": ["log.entryAdded"]}));
        let tree = firefox.order("browsingContext.getTree", json!({}));
        tree["contexts"][0]["context"].as_str().unwrap().clone_into(&mut firefox.context);
        firefox
    }

    fn order(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let order = json!({"id": self.asked, "method": method, "params": params});
        self.socket.send(Message::text(order.to_string())).unwrap();
        loop {
            let Message::Text(text) = self.socket.read().unwrap() else { continue };
            let answer: Value = serde_json::from_str(&text).unwrap();
            if answer["method"] == "log.entryAdded" && answer["params"]["level"] == "error" {
                self.complaints.push(answer["params"]["text"].to_string());
            }
            if answer["id"] == self.asked {
                assert_eq!(answer["type"], "success", "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    fn go(&mut self, address: &str) {
        let context = self.context.clone();
        self.order("browsingContext.navigate", json!({"context": context, "url": address, "wait": "complete"}));
    }

    fn ask<T: DeserializeOwned>(&mut self, expression: &str) -> T {
        let expression = format!("(async () => JSON.stringify(await ({expression})))()");
        let target = json!({"context": self.context});
        let answer =
            self.order("script.evaluate", json!({"expression": expression, "target": target, "awaitPromise": true}));
        let text = answer["result"]["value"].as_str().unwrap_or_else(|| panic!("{expression}: {answer}"));
        serde_json::from_str(text).unwrap()
    }

    fn run(&mut self, statements: &str) {
        let _: bool = self.ask(&format!("(() => {{ {statements}; return true }})()"));
    }

    fn wait(&mut self, expression: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.ask::<bool>(expression) {
            assert!(Instant::now() < until, "waited in vain for {expression}: {:?}", self.complaints);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn unlock(&mut self, key: &str) {
        self.run(&format!(
            "document.querySelector('[data-action=unlock]').click(); \
             document.getElementById('unlock-text').value = '{key}'; \
             document.querySelector('form[data-way=text]').requestSubmit()"
        ));
        self.wait("'unlocked' in document.documentElement.dataset && !document.querySelector('dialog[open]')");
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Lets somebody use the example site in Firefox, as a trusted place and over plain http under another machine's name.
fn in_firefox(story: impl Fn(&mut Firefox, &str) + Send + 'static) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let port = runtime.block_on(serve(&example().site));
    let mut firefox = Firefox::start();
    for host in ["127.0.0.1", "intranet.test"] {
        story(&mut firefox, &format!("http://{host}:{port}/"));
    }
    assert_eq!(firefox.complaints, [""; 0]);
}

#[test]
fn firefox_reads_unlocks_searches_and_locks() {
    in_firefox(|firefox, site| {
        let rows = "document.querySelectorAll('#dossiers > tr').length";
        firefox.go(&format!("{site}index.html"));
        assert_eq!(firefox.ask::<usize>(rows), 20, "{site}");
        firefox.unlock(key("wu-jie"));
        firefox.wait(&format!("{rows} === 22"));

        firefox.go(&format!("{site}customers/yunxi-hydropower/index.html"));
        firefox.wait("document.querySelector('[data-unsealed]') !== null");
        let price = "document.querySelector('main').innerText.includes('价格条款')";
        firefox.wait(price);

        firefox.go(&format!("{site}search/index.html?q=yxsd+%E5%90%88%E5%90%8C"));
        firefox.wait("document.querySelectorAll('.search-result').length > 0");
        firefox.wait("document.querySelector('.search-sealed') !== null");
        let first: String = firefox.ask("document.querySelector('.search-results').innerText");
        assert!(first.contains("云溪水电"), "{first}");

        firefox.go(&format!("{site}customers/yunxi-hydropower/index.html"));
        firefox.wait(price);
        firefox.run("document.querySelector('[data-action=lock]').click()");
        firefox.wait(&format!("document.readyState === 'complete' && !{price}"));
    });
}

#[test]
fn firefox_switches_languages_sorts_and_filters() {
    in_firefox(|firefox, site| {
        firefox.go(&format!("{site}index.html"));
        firefox.run("document.documentElement.dataset.language === 'en' || document.querySelector('[data-action=language]').click()");
        assert_eq!(firefox.ask::<String>("document.documentElement.lang"), "en");
        firefox.run("document.querySelector('#dossier-table thead .sort-button').click()");
        let first: String = firefox.ask("document.querySelector('#dossiers > tr:not([hidden]) th').innerText.trim()");
        let names: Vec<String> = firefox.ask(
            "[...document.querySelectorAll('#dossiers > tr:not([hidden]) th')].map((cell) => cell.innerText.trim())",
        );
        let mut sorted = names.clone();
        sorted.sort_by_key(|name| name.to_lowercase());
        assert_eq!(names, sorted, "{first}");
        firefox.run(
            "const field = document.querySelector('input[data-filter-for~=dossiers]'); field.value = 'hydro'; \
             field.dispatchEvent(new Event('input', { bubbles: true }))",
        );
        firefox.wait("[...document.querySelectorAll('#dossiers > tr')].filter((row) => !row.hidden).length === 1");
    });
}
