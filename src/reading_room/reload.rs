//! Telling open pages what was saved: that the site is another one now, or what is wrong with the archive.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::panel::{findings_json, words_json};
use super::sayings::Sayings;
use crate::finding::Findings;
use crate::page::Words;

/// Where the script that listens is served, below the root.
pub(super) const SCRIPT_PATH: &str = "_strongroom/serve.js";
/// Where its style is, below the root.
pub(super) const STYLE_PATH: &str = "_strongroom/serve.css";
/// Where it listens, below the root.
pub(super) const EVENTS_PATH: &str = "_strongroom/events";
/// The script itself.
pub(super) const SCRIPT: &str = include_str!("serve.js");
/// The style itself.
pub(super) const STYLE: &str = include_str!("serve.css");

/// What pages need to know.
#[derive(Clone)]
struct State {
    /// Which edition of the site is served.
    build: u64,
    /// How often pages of it were made again.
    round: u64,
    /// Those that were made again last, as files of the site.
    again: Vec<String>,
    /// What keeps the archive from being shown as it was saved last.
    errors: Value,
    /// What else there is to say of the files that were saved last.
    remarks: Value,
    /// Whether pages show nothing of the past, since it is being read by other rules.
    rereading: bool,
    /// The archive's language.
    language: String,
    /// The words around all that.
    words: Arc<Value>,
}

/// The line to all open pages. Clones speak on the same line.
#[derive(Clone)]
pub struct Reload {
    state: Arc<watch::Sender<State>>,
    own: Arc<Words>,
    sayings: Arc<Mutex<Sayings>>,
}

/// What a page was served under: it loads itself anew when this is no longer so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    build: u64,
    round: u64,
}

impl Reload {
    /// A line on which nothing was said yet, with the program's own words of the interface, in which pages frame what is
    /// said until they are told other ones.
    ///
    /// # Errors
    /// When the operating system has no random bytes: pages must tell this server's builds from an earlier one's.
    pub fn new(words: &Words) -> Result<Self, crate::entropy::Error> {
        let mut bytes = [0; 4];
        crate::entropy::fill(&mut bytes)?;
        let state = State {
            build: u64::from(u32::from_le_bytes(bytes)),
            round: 0,
            again: Vec::new(),
            errors: json!([]),
            remarks: json!([]),
            rereading: false,
            language: "zh".to_owned(),
            words: Arc::new(words_json(words)),
        };
        let sayings = Arc::new(Mutex::new(Sayings::new(words, words)));
        Ok(Self { state: Arc::new(watch::Sender::new(state)), own: Arc::new(words.clone()), sayings })
    }

    /// From now on, what is said is said in an archive's own words.
    pub fn in_words(&self, words: &Words) {
        *self.sayings.lock().unwrap_or_else(PoisonError::into_inner) = Sayings::new(&self.own, words);
        let words = Arc::new(words_json(words));
        self.state.send_if_modified(|state| {
            let news = state.words != words;
            state.words = words;
            news
        });
    }

    /// Another edition of the site is served: open pages load themselves anew. `rereading` says that they show nothing of
    /// the past until that was read anew, since what was saved may have closed some of it.
    pub fn built(&self, language: &str, rereading: bool) {
        self.state.send_modify(|state| {
            state.build += 1;
            state.round = 0;
            state.again.clear();
            state.errors = json!([]);
            state.remarks = json!([]);
            state.rereading = rereading;
            language.clone_into(&mut state.language);
        });
    }

    /// The archive cannot be shown as it is: open pages stay, and show what is wrong.
    pub fn failed(&self, findings: &Findings) {
        self.told(|state| &mut state.errors, findings);
    }

    /// The past stands on pages again, as far as there is one.
    pub fn reread(&self) {
        self.state.send_if_modified(|state| std::mem::replace(&mut state.rereading, false));
    }

    /// There is something to say of the files that were saved last.
    pub fn remarked(&self, findings: &Findings) {
        self.told(|state| &mut state.remarks, findings);
    }

    /// The language in which pages say it that are none of the site.
    pub fn speaks(&self, language: &str) {
        self.state.send_modify(|state| language.clone_into(&mut state.language));
    }

    /// These files of the edition are others than they were when they were asked for.
    pub fn again(&self, files: Vec<String>) {
        if files.is_empty() {
            return;
        }
        self.state.send_modify(|state| {
            state.round += 1;
            state.again = files;
        });
    }

    fn told(&self, field: impl Fn(&mut State) -> &mut Value, findings: &Findings) {
        let said = findings_json(findings, &self.sayings.lock().unwrap_or_else(PoisonError::into_inner));
        self.state.send_if_modified(|state| {
            let field = field(state);
            let news = *field != said;
            *field = said;
            news
        });
    }

    /// Which edition is served.
    pub(super) fn moment(&self) -> Moment {
        let state = self.state.borrow();
        Moment { build: state.build, round: state.round }
    }

    /// The state now and after each change, as server-sent events with JSON in them.
    pub(super) fn events(&self) -> Response {
        let mut receiver = self.state.subscribe();
        receiver.mark_changed();
        let events = stream::unfold(receiver, |mut receiver| async {
            receiver.changed().await.ok()?;
            let state = receiver.borrow_and_update().clone();
            let said = json!({
                "build": state.build.to_string(),
                "round": state.round,
                "again": state.again,
                "errors": state.errors,
                "remarks": state.remarks,
                "rereading": state.rereading,
                "language": state.language,
                "words": *state.words,
            });
            Some((Ok::<_, Infallible>(Event::default().data(said.to_string())), receiver))
        });
        Sse::new(events).keep_alive(KeepAlive::default()).into_response()
    }
}

/// The page with the script's tag before the end of its body, or at its end. `root` is the path of the site's root with
/// slashes around it; the moment lets a page notice that it was already old when it began to listen.
pub(super) fn add_script(page: &[u8], root: &str, moment: Moment) -> Bytes {
    let Moment { build, round } = moment;
    let tag = format!("<script defer src=\"{root}{SCRIPT_PATH}?build={build}&amp;round={round}\"></script>");
    let style = format!("<link rel=\"stylesheet\" href=\"{root}{STYLE_PATH}\">");
    let at = |end: &[u8]| page.windows(end.len()).rposition(|window| window.eq_ignore_ascii_case(end));
    let body = at(b"</body>").unwrap_or(page.len());
    let head = at(b"</head>").unwrap_or(0).min(body);
    let parts = (page.get(..head), page.get(head..body), page.get(body..));
    let (Some(first), Some(second), Some(last)) = parts else { return page.to_vec().into() };
    [first, style.as_bytes(), second, tag.as_bytes(), last].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Code, Finding};

    fn line() -> Reload {
        Reload::new(&Words::default()).unwrap()
    }

    #[test]
    fn the_script_stands_before_the_end_of_the_body_and_the_style_in_the_head() {
        let moment = Moment { build: 7, round: 1 };
        let page = add_script(b"<head></head><body>a</body></html>", "/", moment);
        assert_eq!(
            String::from_utf8_lossy(&page),
            "<head><link rel=\"stylesheet\" href=\"/_strongroom/serve.css\"></head><body>a\
             <script defer src=\"/_strongroom/serve.js?build=7&amp;round=1\"></script></body></html>"
        );
        assert!(add_script(b"no body", "/x/", moment).ends_with(b"</script>"));
    }

    #[test]
    fn an_archive_with_errors_keeps_the_edition_and_the_next_good_one_takes_them_away() {
        let reload = line();
        let before = reload.moment();
        reload.failed(&Finding::error(Code("odd"), "odd").into());
        assert_eq!(reload.moment(), before);
        assert_eq!(reload.state.borrow().errors.as_array().unwrap().len(), 1);
        reload.built("en", true);
        assert_ne!(reload.moment(), before);
        assert!(reload.state.borrow().rereading, "pages say why they show no past");
        reload.reread();
        assert!(!reload.state.borrow().rereading);
        assert_eq!(reload.state.borrow().errors, json!([]));
    }

    #[test]
    fn pages_that_were_made_again_are_named_and_others_stay() {
        let reload = line();
        let before = reload.moment();
        reload.again(Vec::new());
        assert_eq!(reload.moment(), before);
        reload.again(vec!["index.html".to_owned()]);
        assert_eq!(reload.moment(), Moment { round: before.round + 1, ..before });
        assert_eq!(reload.state.borrow().again, ["index.html"]);
    }
}
