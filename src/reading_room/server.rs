//! The loopback server.
//!
//! It serves restricted text to whoever reaches it, so it makes itself hard to reach: it listens on this machine alone,
//! answers only requests that name it by address (a foreign site whose name was pointed here is turned away), and can
//! hide behind a path that cannot be guessed, since other users of the machine share its loopback address.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::future::{Either, select};
use tokio::sync::watch;

use super::address::{decode, encode};
use super::files::{File, Files};
use super::media;
use super::reload::{self, Moment, Reload};

/// The policy that every page also carries in itself: nothing but the site's own files, no inline script or style.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src blob:; frame-src blob:; \
    form-action 'none'; base-uri 'none'";

/// Headers of every response. Nothing is cached: what was opened for one reader must not stay in a browser's cache.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// How the server is reached.
pub struct Options {
    /// Where to listen; port 0 takes any that is free.
    pub address: SocketAddr,
    /// Whether an address that other machines can reach is meant. Without it such an address is refused.
    pub beyond_loopback: bool,
    /// Whether everything lies below a path of 32 random letters, so that other users of this machine cannot read it.
    pub secret_path: bool,
    /// Whether pages reload when this says so.
    pub reload: Option<Reload>,
}

impl Default for Options {
    /// Any free port on 127.0.0.1, without secret path and reloading.
    fn default() -> Self {
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        Self { address, beyond_loopback: false, secret_path: false, reload: None }
    }
}

/// A server that listens but does not answer yet.
pub struct Server {
    listener: TcpListener,
    room: Arc<Room>,
    stop: Stop,
}

/// Stops the server it was taken from. Clones stop the same one.
#[derive(Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Stop {
    /// Makes `run` return soon, also if it was not called yet.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// What answers requests.
struct Room {
    files: Arc<dyn Files>,
    address: SocketAddr,
    beyond_loopback: bool,
    /// The path of the site's root: `/`, or `/LETTERS/`.
    root: String,
    reload: Option<Reload>,
}

impl Server {
    /// Listens. The address is taken from now on, and `url` is final.
    ///
    /// # Errors
    /// When the address is taken, is not on this machine's loopback although nothing else was said, or when there are
    /// no random bytes for a secret path.
    pub fn bind(options: Options, files: Arc<dyn Files>) -> io::Result<Self> {
        if !options.beyond_loopback && !options.address.ip().is_loopback() {
            let words = format!("{} can be reached by other machines", options.address.ip());
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, words));
        }
        let root = if options.secret_path { format!("/{}/", secret_letters()?) } else { "/".to_owned() };
        let listener = TcpListener::bind(options.address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let beyond_loopback = options.beyond_loopback;
        let room = Arc::new(Room { files, address, beyond_loopback, root, reload: options.reload });
        Ok(Self { listener, room, stop: Stop(Arc::new(watch::Sender::new(false))) })
    }

    /// Where the site's root is read, with a slash at its end and the secret path in it.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.room.address, self.room.root)
    }

    /// What stops it from elsewhere.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Answers until the program is told to end (Ctrl-C, or the signal TERM) or until `Stop` says so.
    ///
    /// # Errors
    /// When the runtime cannot be started. What goes wrong with one connection ends that one alone.
    pub fn run(self) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let answered = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            let router = Router::new().fallback(answer).with_state(self.room);
            let mut stopped = self.stop.0.subscribe();
            let serving = std::pin::pin!(axum::serve(listener, router).into_future());
            let ending = std::pin::pin!(async {
                let stopped = std::pin::pin!(stopped.wait_for(|stop| *stop));
                select(std::pin::pin!(told_to_end()), stopped).await;
            });
            match select(serving, ending).await {
                Either::Left((ended, _)) => ended,
                Either::Right(_) => Ok(()),
            }
        });
        // Pages that listen for events never hang up by themselves, so nobody waits for them.
        runtime.shutdown_timeout(Duration::from_millis(200));
        answered
    }
}

/// Waits for Ctrl-C or TERM, so that secrets in memory are wiped on the way out.
async fn told_to_end() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            select(std::pin::pin!(interrupted), std::pin::pin!(terminated.recv())).await;
            return;
        }
    }
    interrupted.await;
}

/// 16 random bytes as 32 letters from `k` to `z`.
fn secret_letters() -> io::Result<String> {
    let mut bytes = [0; 16];
    crate::entropy::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| char::from(b'k' + nibble)).collect())
}

async fn answer(State(room): State<Arc<Room>>, request: Request) -> Response {
    let mut response = room.answer(&request.into_parts().0).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Chromium shows a PDF in a document of its own making, which the policy would leave blank; a PDF runs no script
    // of this site.
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/pdf") {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    response
}

impl Room {
    async fn answer(self: Arc<Self>, request: &Parts) -> Response {
        if !self.is_meant(request) {
            return plain(StatusCode::MISDIRECTED_REQUEST, "this server answers to its own address only");
        }
        if !matches!(request.method, Method::GET | Method::HEAD) {
            let allow = [(header::ALLOW, "GET, HEAD")];
            return (allow, plain(StatusCode::METHOD_NOT_ALLOWED, "only reading is possible here")).into_response();
        }
        let raw = request.uri.path();
        let Some(below) = self.below_root(raw) else { return missing() };
        let Some(path) = decode(&format!("/{below}")) else { return missing() };
        if let Some(reload) = &self.reload {
            match path.as_str() {
                reload::SCRIPT_PATH => return own(reload::SCRIPT_PATH, reload::SCRIPT),
                reload::STYLE_PATH => return own(reload::STYLE_PATH, reload::STYLE),
                reload::EVENTS_PATH => return reload.events(),
                _ => {}
            }
        }
        let redirect = format!("{raw}/");
        let room = Arc::clone(&self);
        // Reading and unpacking may take a while, and others wait.
        tokio::task::spawn_blocking(move || room.find(&path, &redirect)).await.unwrap_or_else(|_| missing())
    }

    fn find(&self, path: &str, redirect: &str) -> Response {
        // Asked before the file is read: if both change in between, the page reloads once too often, not once too few.
        let moment = self.reload.as_ref().map(Reload::moment);
        if let Some(file) = self.files.get(path) {
            return self.send(StatusCode::OK, file, moment);
        }
        // Relative links in a folder's page need the slash at the end of its address.
        if !path.ends_with('/')
            && self.files.get(&format!("{path}/")).is_some()
            && let Ok(location) = HeaderValue::from_str(redirect)
        {
            return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response();
        }
        match self.files.get("404.html") {
            Some(file) => self.send(StatusCode::NOT_FOUND, file, moment),
            None => missing(),
        }
    }

    fn send(&self, status: StatusCode, file: File, moment: Option<Moment>) -> Response {
        let bytes = match moment {
            Some(moment) if media::is_page(&file.media_type) && file.download.is_none() => {
                reload::add_script(&file.bytes, &self.root, moment)
            }
            _ => file.bytes,
        };
        let mut headers = HeaderMap::new();
        let unknown = HeaderValue::from_static("application/octet-stream");
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&file.media_type).unwrap_or(unknown));
        if let Some(name) = &file.download {
            let disposition = format!("attachment; filename*=UTF-8''{}", encode(name));
            let bare = HeaderValue::from_static("attachment");
            headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).unwrap_or(bare));
        }
        (status, headers, Body::from(bytes)).into_response()
    }

    /// The part of a request's path below the site's root, still encoded.
    fn below_root<'a>(&self, raw: &'a str) -> Option<&'a str> {
        let (root, below) = raw.split_at_checked(self.root.len())?;
        // Every byte is compared whatever the first ones were: the time taken says nothing about the secret.
        let differing = root.bytes().zip(self.root.bytes()).fold(0, |sum, (one, other)| sum | (one ^ other));
        (differing == 0).then_some(below)
    }

    /// Whether the request names this server by an address that no foreign name can be pointed at (DNS rebinding).
    fn is_meant(&self, request: &Parts) -> bool {
        let mut hosts = request.headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        let named = host.to_str().is_ok_and(|host| self.is_own(host));
        named && request.uri.authority().is_none_or(|authority| self.is_own(authority.as_str()))
    }

    fn is_own(&self, host: &str) -> bool {
        let port = self.address.port();
        let (name, named_port) = match host.rsplit_once(':') {
            Some((name, digits)) if !digits.ends_with(']') => (name, digits.parse().ok()),
            _ => (host, Some(80)),
        };
        if named_port != Some(port) {
            return false;
        }
        let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        match bare.parse::<IpAddr>() {
            Ok(ip) => ip.is_loopback() || ip == self.address.ip() || self.beyond_loopback,
            Err(_) => name.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// A file of the server's own.
fn own(path: &str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, media::of_name(path))], text).into_response()
}

fn plain(status: StatusCode, words: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}

fn missing() -> Response {
    plain(StatusCode::NOT_FOUND, "there is nothing here")
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
