//! `serve`: the work tree as a site on this machine, built again whenever a file changes.

use super::build::{Keeping, Place, built, failure, publish_with, say_findings};
use super::desk::{Desk, Failure, Outcome};
use super::past::{Where, history};
use super::source::read_checked;
use crate::finding::human;
use crate::reading_room::{FolderFiles, Options, Reload, Seen, Server, Swappable, watch};
use crate::repository::open_work_tree;
use crate::site::{PublishError, State};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Builds the work tree, serves it on this machine alone, and builds again on every change
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The archive's folder
    #[arg(default_value = ".")]
    archive: PathBuf,
    /// The port on 127.0.0.1; any free one if not said
    #[arg(long, default_value_t = 0)]
    port: u16,
    #[command(flatten)]
    keeping: Keeping,
}

impl Serve {
    /// Runs the command until it is interrupted.
    ///
    /// # Errors
    /// When the archive cannot be opened, or the port is taken.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let state = self.keeping.state(&self.archive)?;
        let place = tempfile::Builder::new().prefix("strongroom-serve-").tempdir()?;
        let site = place.path().join("site");
        let reload = Reload::new().map_err(|error| Failure { message: error.to_string(), remedy: None })?;
        self.build(desk, &site, &state, &reload)?;
        let files = Swappable::new(FolderFiles::new(&site));
        let options = Options {
            address: SocketAddr::from(([127, 0, 0, 1], self.port)),
            reload: Some(reload.clone()),
            ..Options::default()
        };
        let server = Server::bind(options, Arc::new(files))?;
        desk.terminal.data(&format!("{}\n", server.url()))?;
        desk.terminal.say("serving on this machine alone; interrupt to stop");
        std::thread::scope(|scope| {
            let (changed, changes) = std::sync::mpsc::channel();
            let watcher = watch(&self.archive, &[state.folder().to_owned()], move |seen| {
                let _ = changed.send(seen);
            });
            let watcher = match watcher {
                Ok(watcher) => Some(watcher),
                Err(error) => {
                    desk.terminal.warn(&format!("changes are not noticed: {error}"));
                    None
                }
            };
            let stop = server.stop();
            scope.spawn(move || {
                // Ends when the watcher is dropped with the server.
                while let Ok(seen) = changes.recv() {
                    match seen {
                        Seen::Changed(_) => {
                            if let Err(error) = self.build(desk, &site, &state, &reload) {
                                desk.terminal.error(&error.to_string());
                            }
                        }
                        Seen::Trouble(trouble) => desk.terminal.warn(&trouble),
                    }
                }
                drop(stop);
            });
            let served = server.run();
            drop(watcher);
            served
        })?;
        Ok(Outcome::Fine)
    }

    fn build(&self, desk: &Desk<'_>, site: &Path, state: &State, reload: &Reload) -> Result<(), Failure> {
        let snapshot = open_work_tree(&self.archive)?;
        let style = human::Style { colour: desk.terminal.colours_words(), excerpts: true };
        let reading = read_checked(desk, &snapshot, desk.day);
        if reading.findings.has_errors() {
            say_findings(desk, &reading.findings, style);
            reload.failed(&human::summary(&reading.findings));
            return if site.exists() {
                Ok(())
            } else {
                Err(Failure::new(human::summary(&reading.findings), "mend the errors; there is nothing to serve yet"))
            };
        }
        let built = built(&snapshot, desk, true);
        let at = Where { archive: &self.archive, subfolder: None, rev: None };
        let told = history(desk, &snapshot, &reading.archive, &at, state)?;
        let history = told.as_ref().map(|told| &told.history);
        let place = Place { target: site, archive: &self.archive, state, excerpts: true, history };
        match publish_with(desk, &snapshot, &reading.archive, built, &place) {
            Ok(published) => {
                desk.terminal.say(&format!("built {} pages, {}", published.pages, human::summary(&reading.findings)));
                reload.built();
                Ok(())
            }
            Err(PublishError::Findings(findings)) => {
                say_findings(desk, &findings, style);
                reload.failed(&human::summary(&findings));
                Ok(())
            }
            Err(error) => Err(failure(&error)),
        }
    }
}
