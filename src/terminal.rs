//! The one file that writes to the terminal and reads from it. Its rules:
//!
//! 1. Data goes to standard output, exactly as given; words about the work go to standard error.
//! 2. A reader who has seen enough (`strongroom due | head`) is no error: a broken pipe ends the writing quietly. Data
//!    that could not be written for another reason, such as a full disk, is an error; words that could not be are not.
//! 3. Colour and progress appear only where a terminal reads along; `NO_COLOR` and `TERM=dumb` are honoured.
//! 4. Text that may come from the archive is made harmless before it is said: no file name moves the cursor.
//! 5. A secret is asked for only at a terminal, without echo, and is wiped after use. Nothing secret is ever written.

use std::fmt;
use std::io::{self, IsTerminal, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::finding::harmless;

/// No secret is longer than this, in bytes; it is read into one piece of memory that never moves.
const LONGEST_SECRET: usize = 1024;

/// Standard output and standard error, and what may be done with each.
pub struct Terminal {
    colour_data: bool,
    colour_words: bool,
    bars: MultiProgress,
    /// Set once the reader of standard output has gone.
    gone: AtomicBool,
}

/// A part of the work that takes long enough to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading the commit.
    Read,
    /// Looking for what is wrong.
    Check,
    /// Reading what earlier commits changed.
    Past,
    /// Making pages.
    Render,
    /// Encrypting.
    Seal,
    /// Making the search indexes.
    Index,
    /// Searching the output.
    Search,
    /// Bringing the site to its place.
    Publish,
    /// Writing new files into an archive.
    Write,
}

impl Phase {
    fn words(self) -> &'static str {
        match self {
            Self::Read => "reading",
            Self::Check => "checking",
            Self::Past => "reading the history",
            Self::Render => "rendering",
            Self::Seal => "sealing",
            Self::Index => "indexing",
            Self::Search => "searching",
            Self::Publish => "publishing",
            Self::Write => "writing",
        }
    }
}

/// How far a phase is. It disappears when dropped. Threads may share it.
pub struct Progress(ProgressBar);

impl Progress {
    /// So many more are done.
    pub fn step(&self, count: u64) {
        self.0.inc(count);
    }

    /// So many are to be done in all, where that was not known at the start.
    pub fn total(&self, total: u64) {
        self.0.set_length(total);
        self.0.set_style(bar_style());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Why no secret was read.
#[derive(Debug)]
pub enum AskError {
    /// Nobody is there to be asked: standard input or standard error is no terminal.
    NoTerminal,
    /// The person typed Ctrl-C, or Ctrl-D before anything else.
    Cancelled,
    /// What was typed is longer than any secret.
    TooLong,
    /// What was typed is not UTF-8.
    NotText,
    /// The terminal could not be read.
    Io(io::Error),
}

impl fmt::Display for AskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTerminal => f.write_str("asking for a secret needs a terminal or --file"),
            Self::Cancelled => f.write_str("nothing was entered"),
            Self::TooLong => write!(f, "a secret has at most {LONGEST_SECRET} bytes"),
            Self::NotText => f.write_str("what was entered is not UTF-8"),
            Self::Io(error) => write!(f, "the terminal cannot be read: {error}"),
        }
    }
}

impl std::error::Error for AskError {}

impl Terminal {
    /// The terminal as the environment gives it.
    pub fn new() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let (data, words) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let colour = !dumb && !set("NO_COLOR");
        let target = if words && !dumb { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self {
            colour_data: colour && data,
            colour_words: colour && words,
            bars: MultiProgress::with_draw_target(target),
            gone: AtomicBool::new(false),
        }
    }

    /// Whether data may be coloured.
    pub fn colours_data(&self) -> bool {
        self.colour_data
    }

    /// Whether words may be coloured.
    pub fn colours_words(&self) -> bool {
        self.colour_words
    }

    /// Writes data as it is; line breaks are the caller's.
    ///
    /// # Errors
    /// When it could not be written although somebody reads, for example on a full disk.
    pub fn data(&self, data: &str) -> io::Result<()> {
        if self.gone.load(Ordering::Relaxed) {
            return Ok(());
        }
        let all_read = self.bars.suspend(|| deliver(&mut io::stdout().lock(), data.as_bytes()))?;
        self.gone.fetch_or(!all_read, Ordering::Relaxed);
        Ok(())
    }

    /// Says words on a line of their own. They are taken as they are, colours included: drawn findings, help.
    pub fn say(&self, words: &str) {
        let line = format!("{words}\n");
        // Words that nobody hears are no reason to stop working.
        let _ = self.bars.suspend(|| deliver(&mut io::stderr().lock(), line.as_bytes()));
    }

    /// Says a warning that belongs to no place in the archive.
    pub fn warn(&self, words: &str) {
        self.say(&headed("warning", "\u{1b}[1;33m", words, self.colour_words));
    }

    /// Says why a command failed.
    pub fn error(&self, words: &str) {
        self.say(&headed("error", "\u{1b}[1;31m", words, self.colour_words));
    }

    /// Shows that a phase is under way: a bar where its `total` is known, something that turns where it is not, nothing
    /// where no terminal reads along.
    pub fn progress(&self, phase: Phase, total: Option<u64>) -> Progress {
        let bar = self.bars.add(total.map_or_else(ProgressBar::new_spinner, ProgressBar::new));
        bar.set_style(if total.is_some() { bar_style() } else { ProgressStyle::default_spinner() });
        bar.set_message(phase.words());
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Progress(bar)
    }

    /// Standard input as it comes, for a key that another program hands over. What a person types there is shown.
    pub fn input(&self) -> io::StdinLock<'static> {
        io::stdin().lock()
    }

    /// Asks for a secret and reads one line without showing it.
    ///
    /// # Errors
    /// When no terminal is there, the person declines, or what was typed can be no secret.
    pub fn ask_secret(&self, prompt: &str) -> Result<Zeroizing<String>, AskError> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(AskError::NoTerminal);
        }
        let unseen = Unseen::begin().map_err(AskError::Io)?;
        let ask = |words: &str| self.bars.suspend(|| deliver(&mut io::stderr().lock(), words.as_bytes()));
        ask(&format!("{}: ", harmless(prompt))).map_err(AskError::Io)?;
        let typed = read_line(&mut unbuffered_input());
        drop(unseen);
        ask("\n").map_err(AskError::Io)?;
        typed
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}

fn bar_style() -> ProgressStyle {
    // The template is constant; if it were wrong, the plain bar would do.
    ProgressStyle::with_template("{msg:>10} {bar:30} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Words after a heading, each line made harmless.
fn headed(heading: &str, colour: &str, words: &str, coloured: bool) -> String {
    let lines: Vec<String> = words.lines().map(harmless).collect();
    let (start, end) = if coloured { (colour, "\u{1b}[0m") } else { ("", "") };
    format!("{start}{heading}:{end} {}", lines.join("\n"))
}

/// Writes all of it. False if the reader has gone.
fn deliver(to: &mut impl Write, bytes: &[u8]) -> io::Result<bool> {
    match to.write_all(bytes).and_then(|()| to.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

/// Standard input without a buffer, in which a secret would stay behind.
fn unbuffered_input() -> impl Read {
    struct Unbuffered;
    impl Read for Unbuffered {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            Ok(rustix::io::read(io::stdin(), bytes)?)
        }
    }
    Unbuffered
}

/// Reads one typed line. Keys come one by one and signals are off, so that Ctrl-C leaves no terminal without echo.
fn read_line(from: &mut impl Read) -> Result<Zeroizing<String>, AskError> {
    let mut typed = Zeroizing::new(Vec::with_capacity(LONGEST_SECRET));
    loop {
        let mut key = Zeroizing::new([0_u8]);
        match from.read(key.as_mut_slice()) {
            Ok(0) => return Err(AskError::Cancelled),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(AskError::Io(error)),
        }
        match key[0] {
            b'\r' | b'\n' => break,
            // Ctrl-C, and Ctrl-D on an empty line.
            3 => return Err(AskError::Cancelled),
            4 if typed.is_empty() => return Err(AskError::Cancelled),
            // Backspace takes a whole character, Ctrl-U everything.
            8 | 127 => while typed.pop().is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000) {},
            21 => typed.clear(),
            byte if typed.len() < LONGEST_SECRET => typed.push(byte),
            _ => return Err(AskError::TooLong),
        }
    }
    match std::str::from_utf8(&typed) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(AskError::NotText),
    }
}

/// The terminal as it was; put back on drop.
struct Unseen(Termios);

impl Unseen {
    /// Turns off echo, line editing and signals.
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        unseen.special_codes[SpecialCodeIndex::VMIN] = 1;
        unseen.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(io::stdin(), OptionalActions::Flush, &unseen)?;
        Ok(Self(before))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // Nothing better can be done if the terminal has gone meanwhile.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader of our output who has gone, or whose disk is full.
    struct Failing(io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_who_has_gone_is_no_error_and_a_full_disk_is() {
        assert!(!deliver(&mut Failing(io::ErrorKind::BrokenPipe), b"x").unwrap());
        assert!(deliver(&mut Failing(io::ErrorKind::StorageFull), b"x").is_err());
        assert!(deliver(&mut Vec::new(), b"x").unwrap());
    }

    #[test]
    fn a_warning_cannot_steer_the_terminal() {
        assert_eq!(headed("warning", "\u{1b}[1m", "a\u{1b}[2Jb\nc", false), "warning: a␛[2Jb\nc");
        assert_eq!(headed("warning", "\u{1b}[1m", "a", true), "\u{1b}[1mwarning:\u{1b}[0m a");
    }

    fn typed(keys: &str) -> Result<String, AskError> {
        read_line(&mut keys.as_bytes()).map(|secret| secret.to_string())
    }

    #[test]
    fn a_secret_is_read_as_it_was_typed_and_corrected() {
        assert_eq!(typed("正确\r").unwrap(), "正确");
        assert_eq!(typed("正确x\u{7f}\u{7f}经\n").unwrap(), "正经");
        assert_eq!(typed("wrong\u{15}right\nrest").unwrap(), "right");
        assert_eq!(typed("\n").unwrap(), "");
        assert_eq!(typed("\u{7f}\u{7f}a\n").unwrap(), "a");
    }

    #[test]
    fn a_secret_can_be_declined() {
        assert!(matches!(typed("abc\u{3}"), Err(AskError::Cancelled)));
        assert!(matches!(typed("\u{4}"), Err(AskError::Cancelled)));
        assert!(matches!(typed("abc"), Err(AskError::Cancelled)));
        assert!(matches!(typed(&"a".repeat(LONGEST_SECRET + 1)), Err(AskError::TooLong)));
        assert!(matches!(read_line(&mut &b"\xff\n"[..]), Err(AskError::NotText)));
    }

    #[test]
    fn progress_is_hidden_where_no_terminal_reads_along() {
        let terminal = Terminal {
            colour_data: false,
            colour_words: false,
            bars: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()),
            gone: AtomicBool::new(false),
        };
        let progress = terminal.progress(Phase::Seal, Some(10));
        progress.step(3);
        assert!(progress.0.is_hidden());
        let turning = terminal.progress(Phase::Read, None);
        turning.total(5);
        assert_eq!(turning.0.length(), Some(5));
    }
}
