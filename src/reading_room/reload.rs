//! Telling open pages that the site was built again, or could not be.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Bytes;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::watch;

/// Where the script that listens is served, below the root.
pub(super) const SCRIPT_PATH: &str = "_strongroom/reload.js";
/// Where it listens, below the root.
pub(super) const EVENTS_PATH: &str = "_strongroom/events";
/// The script itself.
pub(super) const SCRIPT: &str = include_str!("reload.js");

/// What pages need to know: which build is served, and what went wrong with the one after it.
#[derive(Clone)]
struct State {
    build: u64,
    failure: Option<String>,
}

/// The line to all open pages. Clones speak on the same line.
#[derive(Clone)]
pub struct Reload(Arc<watch::Sender<State>>);

impl Reload {
    /// A line on which nothing was said yet.
    ///
    /// # Errors
    /// When the operating system has no random bytes: pages must tell this server's builds from an earlier one's.
    pub fn new() -> Result<Self, crate::entropy::Error> {
        let mut bytes = [0; 4];
        crate::entropy::fill(&mut bytes)?;
        let build = u64::from(u32::from_le_bytes(bytes));
        Ok(Self(Arc::new(watch::Sender::new(State { build, failure: None }))))
    }

    /// The site was built again: open pages load themselves anew.
    pub fn built(&self) {
        self.0.send_modify(|state| {
            state.build += 1;
            state.failure = None;
        });
    }

    /// The site could not be built: open pages stay and show `summary` in a bar.
    pub fn failed(&self, summary: &str) {
        self.0.send_modify(|state| state.failure = Some(summary.to_owned()));
    }

    /// The number of the build that is served.
    pub(super) fn build(&self) -> u64 {
        self.0.borrow().build
    }

    /// The state now and after each change, as server-sent events with JSON in them.
    pub(super) fn events(&self) -> Response {
        let mut receiver = self.0.subscribe();
        receiver.mark_changed();
        let events = stream::unfold(receiver, |mut receiver| async {
            receiver.changed().await.ok()?;
            let state = receiver.borrow_and_update().clone();
            let said = serde_json::json!({"build": state.build.to_string(), "failure": state.failure});
            Some((Ok::<_, Infallible>(Event::default().data(said.to_string())), receiver))
        });
        Sse::new(events).keep_alive(KeepAlive::default()).into_response()
    }
}

/// The page with the script's tag before the end of its body, or at its end. `root` is the path of the site's root with
/// slashes around it; the build's number lets a page notice that it was already old when it began to listen.
pub(super) fn add_script(page: &[u8], root: &str, build: u64) -> Bytes {
    let tag = format!("<script defer src=\"{root}{SCRIPT_PATH}?build={build}\"></script>");
    let end = b"</body>";
    let at = page.windows(end.len()).rposition(|window| window.eq_ignore_ascii_case(end)).unwrap_or(page.len());
    let (before, after) = page.split_at(at);
    [before, tag.as_bytes(), after].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stands_before_the_end_of_the_body() {
        let page = add_script(b"<body>a</body></html>", "/", 7);
        assert_eq!(
            page.as_ref(),
            br#"<body>a<script defer src="/_strongroom/reload.js?build=7"></script></body></html>"#
        );
        assert!(add_script(b"no body", "/x/", 7).starts_with(b"no body<script"));
    }

    #[test]
    fn a_failed_build_keeps_the_number_and_the_next_good_one_raises_it() {
        let reload = Reload::new().unwrap();
        let before = reload.build();
        reload.failed("2 errors");
        assert_eq!(reload.build(), before);
        reload.built();
        assert_eq!(reload.build(), before + 1);
    }
}
