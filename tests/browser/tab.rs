//! A tab of a browser, and the hands and eyes of whoever uses it.

use crate::example::example;
use crate::files::serve;
use chromiumoxide::browser::{Browser, BrowserConfig};
use chromiumoxide::cdp::browser_protocol::browser::{SetDownloadBehaviorBehavior, SetDownloadBehaviorParams};
use chromiumoxide::cdp::browser_protocol::dom::SetFileInputFilesParams;
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams, SetScrollbarsHiddenParams,
};
use chromiumoxide::cdp::browser_protocol::input::InsertTextParams;
use chromiumoxide::cdp::browser_protocol::log::{EventEntryAdded, LogEntryLevel};
use chromiumoxide::cdp::browser_protocol::network::EventRequestWillBeSent;
use chromiumoxide::cdp::browser_protocol::page::PrintToPdfParams;
use chromiumoxide::cdp::js_protocol::runtime::{EvaluateParams, EventConsoleApiCalled, EventExceptionThrown};
use chromiumoxide::page::{Page, ScreenshotParams};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long something may take that a person would wait for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A tab with what it complained of and what it asked the network for.
pub struct Tab {
    page: Page,
    browser: Arc<tokio::sync::Mutex<Browser>>,
    pub downloads: PathBuf,
    complaints: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// Where a site is opened.
pub struct Places {
    port: u16,
    folder: PathBuf,
}

impl Places {
    /// On this machine, which a browser trusts as it does https.
    pub fn trusted(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// Over plain http, under the name of another machine.
    pub fn exposed(&self, path: &str) -> String {
        format!("http://intranet.test:{}/{path}", self.port)
    }

    /// From a folder.
    pub fn folder(&self, path: &str) -> String {
        format!("file://{}/{path}", self.folder.display())
    }
}

/// Lets somebody use the example site in a fresh browser.
pub fn visit(story: impl AsyncFnOnce(Tab, Places)) {
    visit_site(&example().site, story);
}

/// Lets somebody use a site in a fresh browser.
pub fn visit_site(site: &Path, story: impl AsyncFnOnce(Tab, Places)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let home = tempfile::tempdir().unwrap();
        let places = Places { port: serve(site).await, folder: site.to_owned() };
        let (browser, mut handler) = Browser::launch(config(home.path())).await.expect("Chromium does not start");
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        let downloads = home.path().join("downloads");
        std::fs::create_dir(&downloads).unwrap();
        let behaviour = SetDownloadBehaviorParams::builder()
            .behavior(SetDownloadBehaviorBehavior::Allow)
            .download_path(downloads.to_string_lossy());
        browser.execute(behaviour.build().unwrap()).await.unwrap();
        let browser = Arc::new(tokio::sync::Mutex::new(browser));
        let tab = Tab::open(Arc::clone(&browser), downloads).await;
        story(tab, places).await;
        // Waited for, so that nothing writes into the profile while it is removed.
        browser.lock().await.kill().await;
    });
}

fn config(home: &Path) -> BrowserConfig {
    let executable = std::env::var_os("STRONGROOM_CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into());
    BrowserConfig::builder()
        .chrome_executable(PathBuf::from(executable))
        .user_data_dir(home.join("profile"))
        // Chromium's sandbox does not work for root in a container; the pages are our own.
        .no_sandbox()
        .new_headless_mode()
        .window_size(1280, 900)
        .viewport(None)
        .disable_https_first()
        .args(["disable-gpu", "disable-quic", "disable-component-update", "disable-sync"])
        .arg(("host-resolver-rules", "MAP intranet.test 127.0.0.1"))
        .arg(("lang", "zh-CN"))
        .request_timeout(PATIENCE)
        .build()
        .unwrap()
}

impl Tab {
    async fn open(browser: Arc<tokio::sync::Mutex<Browser>>, downloads: PathBuf) -> Self {
        let page = browser.lock().await.new_page("about:blank").await.unwrap();
        let complaints = Arc::default();
        let requests = Arc::default();
        page.enable_log().await.unwrap();
        // The page says when everything that a key opens has its place.
        page.evaluate_on_new_document(
            "document.addEventListener('strongroom:unlocked', () => { window.allPlaced = true })",
        )
        .await
        .unwrap();
        note(&page, &complaints, |event: &EventConsoleApiCalled| {
            let said = event.args.iter().filter_map(|arg| arg.value.as_ref()).map(ToString::to_string);
            Some(format!("console: {}", said.collect::<Vec<_>>().join(" ")))
        })
        .await;
        note(&page, &complaints, |event: &EventExceptionThrown| {
            Some(format!("exception: {:?}", event.exception_details))
        })
        .await;
        note(&page, &complaints, |event: &EventEntryAdded| {
            let serious = matches!(event.entry.level, LogEntryLevel::Warning | LogEntryLevel::Error);
            serious.then(|| format!("log: {} {}", event.entry.text, event.entry.url.clone().unwrap_or_default()))
        })
        .await;
        note(&page, &requests, |event: &EventRequestWillBeSent| Some(event.request.url.clone())).await;
        Self { page, browser, downloads, complaints, requests }
    }

    /// Another tab of the same browser.
    pub async fn another(&self) -> Self {
        Self::open(Arc::clone(&self.browser), self.downloads.clone()).await
    }

    /// The addresses of all tabs.
    pub async fn addresses(&self) -> Vec<String> {
        let targets = self.browser.lock().await.fetch_targets().await.unwrap();
        targets.into_iter().filter(|target| target.r#type == "page").map(|target| target.url).collect()
    }

    /// Goes to an address and waits until the scripts have looked at the page.
    pub async fn go(&self, address: &str) {
        self.page.goto(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
        self.settled().await;
    }

    /// Waits until the page is loaded and, in an unlocked tab, everything that the reader may read has its place.
    pub async fn settled(&self) {
        let ready =
            "document.readyState === 'complete' && (!window.strongroom?.session.read() || window.allPlaced === true)";
        self.wait(ready).await;
    }

    /// The value of a JavaScript expression; promises are waited for.
    pub async fn ask<T: DeserializeOwned>(&self, expression: &str) -> T {
        let params = EvaluateParams::builder().expression(expression).await_promise(true).return_by_value(true);
        let answer = self.page.evaluate_expression(params.build().unwrap()).await;
        let answer = answer.unwrap_or_else(|error| panic!("{expression}: {error}"));
        answer.into_value().unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Runs JavaScript for its effect.
    pub async fn run(&self, statements: &str) {
        let _: bool = self.ask(&format!("(async () => {{ {statements}; return true }})()")).await;
    }

    /// Waits until a JavaScript expression holds.
    pub async fn wait(&self, expression: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let params = EvaluateParams::builder().expression(expression).return_by_value(true).build().unwrap();
            // While a page gives way to the next there is nothing to ask.
            let holds = self.page.evaluate_expression(params).await.ok().and_then(|answer| answer.into_value().ok());
            if holds == Some(true) {
                return;
            }
            if Instant::now() > until {
                self.shot("waited").await;
                panic!("waited in vain for {expression}; complaints: {:?}", self.complaints());
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Clicks with the mouse.
    pub async fn click(&self, selector: &str) {
        let element = self.page.find_element(selector).await.unwrap_or_else(|error| panic!("{selector}: {error}"));
        element.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Puts text into a field, as pasting does.
    pub async fn paste(&self, selector: &str, text: &str) {
        let element = self.page.find_element(selector).await.unwrap_or_else(|error| panic!("{selector}: {error}"));
        element.focus().await.unwrap();
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// Presses a key where the focus is.
    pub async fn press(&self, key: &str) {
        self.page.find_element(":focus").await.unwrap().press_key(key).await.unwrap();
    }

    /// Chooses a file.
    pub async fn choose(&self, selector: &str, file: &Path) {
        let element = self.page.find_element(selector).await.unwrap();
        let mut params = SetFileInputFilesParams::new(vec![file.to_string_lossy().into_owned()]);
        params.backend_node_id = Some(element.backend_node_id);
        self.page.execute(params).await.unwrap();
    }

    /// What can be seen of an element, in the language that is shown.
    pub async fn seen(&self, selector: &str) -> String {
        // The text of an element that is not shown would be all of its text.
        self.ask(&format!("(() => {{ const e = document.querySelector({selector:?}); return e?.checkVisibility() ? e.innerText : '' }})()"))
            .await
    }

    /// Opens the dialog and one of its ways.
    pub async fn open_way(&self, way: &str) {
        self.click("[data-action=unlock]").await;
        let open = format!("document.querySelector('form[data-way={way}]').checkVisibility()");
        if !self.ask::<bool>(&open).await {
            self.click(&format!("details:has(form[data-way={way}]) > summary")).await;
        }
    }

    /// Unlocks by pasting a reader's key, and waits for what it opens.
    pub async fn unlock(&self, key: &str) {
        self.open_way("text").await;
        self.paste("#unlock-text", key).await;
        self.click("form[data-way=text] .unlock-do").await;
        self.unlocked().await;
    }

    /// Waits until the tab says that it is unlocked and shows what it opened.
    pub async fn unlocked(&self) {
        self.wait("'unlocked' in document.documentElement.dataset && !document.querySelector('dialog[open]')").await;
        self.settled().await;
    }

    /// Makes the window as wide as a telephone is, without the room that a bar for sliding takes.
    pub async fn narrow(&self, width: u32) {
        let metrics = SetDeviceMetricsOverrideParams::new(width, 844, 1.0, false);
        self.page.execute(metrics).await.unwrap();
        self.page.execute(SetScrollbarsHiddenParams::new(true)).await.unwrap();
    }

    /// Prints the page as its styles say, and gives the bytes of the PDF.
    pub async fn print(&self) -> Vec<u8> {
        let params = PrintToPdfParams::builder().prefer_css_page_size(true).print_background(true).build();
        let pdf = self.page.pdf(params).await.unwrap();
        if let Some(folder) = std::env::var_os("STRONGROOM_SHOTS") {
            let name: String =
                self.ask("document.body.dataset.page.replaceAll('/', '-') + document.documentElement.lang").await;
            std::fs::write(Path::new(&folder).join(format!("{name}.pdf")), &pdf).unwrap();
        }
        pdf
    }

    /// Shows the page as paper, or as a screen in the dark.
    pub async fn show_as(&self, medium: &str, scheme: &str) {
        let scheme = MediaFeature::new("prefers-color-scheme", scheme);
        let params = SetEmulatedMediaParams::builder().media(medium).features([scheme]).build();
        self.page.execute(params).await.unwrap();
    }

    /// Errors and warnings of the console so far.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.lock().unwrap().clone()
    }

    /// Every address that was asked for so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Keeps a picture of the page where `STRONGROOM_SHOTS` names a folder.
    pub async fn shot(&self, name: &str) {
        if let Some(folder) = std::env::var_os("STRONGROOM_SHOTS") {
            let file = Path::new(&folder).join(format!("{name}.png"));
            self.page.save_screenshot(ScreenshotParams::builder().full_page(true).build(), file).await.unwrap();
        }
    }
}

async fn note<E>(page: &Page, list: &Arc<Mutex<Vec<String>>>, line: impl Fn(&E) -> Option<String> + Send + 'static)
where
    E: chromiumoxide::cdp::IntoEventKind + Send + Sync + Unpin + 'static,
{
    let mut events = page.event_listener::<E>().await.unwrap();
    let list = Arc::clone(list);
    tokio::spawn(async move {
        while let Some(event) = events.next().await {
            list.lock().unwrap().extend(line(&event));
        }
    });
}
