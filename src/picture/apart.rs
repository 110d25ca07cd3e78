//! Pages of PDFs are drawn by this same program in a process of its own.
//!
//! To draw a page one reads fonts, programs of a small language and half a dozen ways of packing pictures, any of which may
//! have been made to break who reads it. A panic could be caught; that something never ends, or takes all memory, is only
//! stopped from outside. What comes back is taken for what it may be, another picture of unknown origin.

use super::confined::{WORD, drawn_if_asked};
use super::thumbnail::LONGEST_EDGE;
use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::thread::scope;
use std::time::Duration;

/// A page is drawn larger than it is shown, so that writing that is made smaller stays soft.
const EDGE: u32 = 2 * LONGEST_EDGE;
/// A picture of that size cannot be longer.
const MOST_BYTES: u64 = 4 << 20;
/// After so long a process is ended even if it did nothing: its own limit counts what it reckons.
const LONGEST: Duration = Duration::from_secs(40);
/// So many pages are drawn at a time, however many threads wait for one: each may take up to a gigabyte.
const MOST_AT_ONCE: usize = 4;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
static DRAWING: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// What `main` begins with: draws a page and says how to exit, if the program was started for that; otherwise notes that
/// it can be. A program that does not begin so draws no pages: started anew, it would do who knows what.
pub fn begin(arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let code = drawn_if_asked(arguments);
    if code.is_none() {
        // By this name the system means the program that runs, though its file were moved or replaced since.
        draw_by(PathBuf::from("/proc/self/exe"));
    }
    code
}

/// Has pages drawn by a program whose `main` begins with [`begin`]. The first word counts.
pub fn draw_by(program: PathBuf) {
    PROGRAM.get_or_init(|| program);
}

/// The first page of a PDF as a picture, which is to be read like one that somebody put into the archive.
pub(super) fn first_page_apart(bytes: &[u8]) -> Option<Vec<u8>> {
    let program = PROGRAM.get()?;
    let _turn = Turn::wait();
    let child = Command::new(program)
        .args([WORD, &EDGE.to_string()])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    answered(child.ok()?, bytes, LONGEST)
}

/// What a process answers to these bytes, in time. Afterwards it is over: with its answer it has done all it was for.
fn answered(mut child: Child, bytes: &[u8], longest: Duration) -> Option<Vec<u8>> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let mut answer = Vec::new();
    let (answering, answer_ended) = channel::<()>();
    let read = scope(|scope| {
        // It may stop listening before it was told all.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(bytes)));
        let child = &mut child;
        scope.spawn(move || {
            let _ = answer_ended.recv_timeout(longest);
            child.kill().and_then(|()| child.wait())
        });
        let read = stdout?.take(MOST_BYTES).read_to_end(&mut answer);
        drop(answering);
        read.ok()
    });
    read.map(|_| answer)
}

/// One of the processes that may be at work at once.
struct Turn;

impl Turn {
    fn wait() -> Self {
        let drawing = DRAWING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut drawing = ENDED.wait_while(drawing, |now| *now >= MOST_AT_ONCE).unwrap_or_else(PoisonError::into_inner);
        *drawing += 1;
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *DRAWING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        ENDED.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn started(program: &str, arguments: &[&str]) -> Child {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
    }

    #[test]
    fn an_answer_is_what_a_process_says_until_it_stops_speaking() {
        let bytes = vec![7; 1 << 20];
        assert_eq!(answered(started("cat", &[]), &bytes, LONGEST), Some(bytes));
        assert_eq!(answered(started("true", &[]), &vec![7; 1 << 20], LONGEST), Some(Vec::new()));
    }

    #[test]
    fn a_process_that_never_answers_or_never_ends_is_ended() {
        let begun = Instant::now();
        let short = Duration::from_millis(200);
        assert_eq!(answered(started("sleep", &["60"]), &vec![7; 1 << 20], short), Some(Vec::new()));
        let endless = answered(started("yes", &[]), b"", LONGEST).unwrap();
        assert_eq!(endless.len() as u64, MOST_BYTES);
        let closed = started("sh", &["-c", "exec >&-; exec sleep 60"]);
        assert_eq!(answered(closed, b"", LONGEST), Some(Vec::new()));
        assert!(begun.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn never_more_than_a_few_are_at_work() {
        let turns: Vec<_> = (0..MOST_AT_ONCE).map(|_| Turn::wait()).collect();
        let next = std::thread::spawn(|| drop(Turn::wait()));
        std::thread::sleep(Duration::from_millis(100));
        assert!(!next.is_finished());
        drop(turns);
        next.join().unwrap();
    }

    #[test]
    fn a_program_that_did_not_begin_with_it_starts_nothing() {
        assert_eq!(first_page_apart(b"%PDF-1.7"), None);
    }
}
