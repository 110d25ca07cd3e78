//! `serve`: the work tree as a site on this machine, which follows every save.

use super::build::{Keeping, say_findings};
use super::desk::{Desk, Failure, Outcome};
use super::editions::{Fresh, NO_SUCH_READER, Press, Read};
use super::with::With;
use crate::finding::{Finding, Findings, human};
use crate::page::Theme;
use crate::reading_room::{EditionFiles, Nothing, Options, Reload, Seen, Server, Swappable, watch};
use crate::site::State;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Serves the work tree on this machine alone, and follows every save
///
/// Pages are made when they are asked for, and open pages load themselves anew when something is saved. While the archive
/// has errors, they stay as they were and show what is wrong. Bundles are not made, and the search for restricted text
/// that `build` ends with is not run: what is served here is for whoever has the archive's files.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The archive's folder
    #[arg(default_value = ".")]
    archive: PathBuf,
    /// Show the site as this reader would see it after unlocking, in the clear, at an address that nobody can guess
    #[arg(long = "as", value_name = "READER")]
    reader: Option<String>,
    /// The port on 127.0.0.1; any free one if not said
    #[arg(long, default_value_t = 0)]
    port: u16,
    #[command(flatten)]
    with: With,
    #[command(flatten)]
    keeping: Keeping,
}

impl Serve {
    /// Runs the command until it is interrupted.
    ///
    /// # Errors
    /// When the archive cannot be opened or has no such reader, or the port is taken.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let failure = |error: &dyn std::fmt::Display| Failure { message: error.to_string(), remedy: None };
        let state = self.keeping.state(&self.archive)?;
        let key = Arc::new(state.sealing_key().map_err(|error| failure(&error))?);
        let built_in = Theme::load(&[], &mut Vec::new());
        let words = built_in.as_ref().map(|theme| theme.words().clone()).unwrap_or_default();
        let reload = Reload::new(&words).map_err(|error| failure(&error))?;
        let (archive, reader) = (self.archive.as_path(), self.reader.as_deref());
        let (last, known, remembered) = (Mutex::default(), Mutex::default(), Mutex::default());
        let with = &self.with;
        let drawings = Arc::default();
        let press = Press { archive, with, reader, state: &state, key, drawings, last, known, remembered };
        let files = Swappable::new(Nothing);
        let room = Room { desk, press: &press, files: files.clone(), reload: reload.clone() };

        let (behind, editions) = channel();
        room.take_up(BTreeSet::new(), &behind, true)?;
        let options = Options {
            address: SocketAddr::from(([127, 0, 0, 1], self.port)),
            // A preview shows in the clear what is sealed: other people on this machine could open the port, but cannot
            // guess the path.
            secret_path: reader.is_some(),
            reload: Some(reload),
            ..Options::default()
        };
        let server = Server::bind(options, Arc::new(files))?;
        desk.terminal.data(&format!("{}\n", server.url()))?;
        desk.terminal.say("serving on this machine alone; interrupt to stop");
        std::thread::scope(|scope| {
            let (watchers, changes) = room.watchers(&state);
            let room = &room;
            // Both end when the watcher is dropped with the server.
            scope.spawn(move || room.follow(changes, &behind));
            scope.spawn(move || room.press.look_behind(desk, &editions, &room.reload));
            let served = server.run();
            drop(watchers);
            served
        })?;
        Ok(Outcome::Fine)
    }
}

/// What follows the saves.
struct Room<'a> {
    desk: &'a Desk<'a>,
    press: &'a Press<'a>,
    files: Swappable,
    reload: Reload,
}

impl Room<'_> {
    /// What tells of changes, in the archive and in what lies beside it; none where the system lets nobody watch.
    fn watchers(&self, state: &State) -> (Vec<crate::reading_room::Watcher>, Receiver<Seen>) {
        let (changed, changes) = channel();
        let beside = self.press.with.with.as_deref();
        let watch_one = |folder: &Path| {
            let changed = changed.clone();
            let watcher = watch(folder, &[state.folder().to_owned()], move |seen| {
                let _ = changed.send(seen);
            });
            watcher.map_err(|error| self.desk.terminal.warn(&format!("changes are not noticed: {error}"))).ok()
        };
        (std::iter::once(self.press.archive).chain(beside).filter_map(watch_one).collect(), changes)
    }

    fn follow(&self, changes: Receiver<Seen>, behind: &Sender<Fresh>) {
        let root = self.press.archive.canonicalize().unwrap_or_else(|_| self.press.archive.to_owned());
        for seen in changes {
            match seen {
                Seen::Changed(paths) => {
                    let saved = paths.iter().filter_map(|path| inside(path, &root)).collect();
                    if let Err(error) = self.take_up(saved, behind, false) {
                        self.desk.terminal.error(&error.to_string());
                    }
                }
                Seen::Trouble(trouble) => self.desk.terminal.warn(&trouble),
            }
        }
    }

    /// Reads the archive, and shows it as it is now; or what keeps it from being shown.
    fn take_up(&self, saved: BTreeSet<String>, behind: &Sender<Fresh>, first: bool) -> Result<(), Failure> {
        let began = Instant::now();
        match self.press.read(self.desk, saved)? {
            Read::Good(fresh) => {
                let edition = Arc::clone(&fresh.edition);
                let language = edition.archive().settings.language.clone();
                self.reload.in_words(edition.words());
                self.files.swap(EditionFiles::new(edition, self.reload.clone()));
                self.reload.built(&language, fresh.waits);
                let _ = behind.send(fresh);
                // What the checks remark comes later, in the page.
                self.desk.terminal.say(&format!("read in {} ms, no errors", began.elapsed().as_millis()));
            }
            Read::Broken(findings, language) => {
                if let Some(hopeless) = findings.iter().find(|finding| first && stops(finding)) {
                    return Err(Failure::new(hopeless.message.clone(), hopeless.remedy.clone()));
                }
                let style = human::Style { colour: self.desk.terminal.colours_words(), excerpts: true };
                say_findings(self.desk, &findings, style);
                self.reload.speaks(&language);
                self.reload.failed(&errors_first(findings));
            }
        }
        Ok(())
    }
}

/// Whether a finding is about how the command was called.
fn stops(finding: &Finding) -> bool {
    finding.code == NO_SUCH_READER || finding.code.0 == "no-settings"
}

/// The errors alone: what else there is to say can wait until they are mended.
fn errors_first(findings: Findings) -> Findings {
    findings.into_iter().filter(|finding| finding.severity == crate::finding::Severity::Error).collect()
}

/// The path in the archive of a file that changed.
fn inside(path: &Path, root: &Path) -> Option<String> {
    Some(path.strip_prefix(root).ok()?.to_str()?.to_owned())
}
