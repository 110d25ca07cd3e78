//! Telling when files of the archive changed.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// How long it must be quiet before a save is told: an editor saves in several steps.
const QUIET: Duration = Duration::from_millis(20);

/// How long it must be quiet after more than a few files changed: a checkout writes thousands.
const QUIET_AFTER_MANY: Duration = Duration::from_millis(150);

/// More files than these are no save of a person.
const MANY: usize = 6;

/// How long git is given to finish what it does to the work tree.
const LONGEST: Duration = Duration::from_secs(10);

/// What the watcher saw.
#[derive(Debug)]
pub enum Seen {
    /// These paths changed, came or went.
    Changed(Vec<PathBuf>),
    /// Something could not be watched; the rest still is.
    Trouble(String),
}

/// Watches until it is dropped.
pub struct Watcher(#[expect(dead_code, reason = "held for its drop")] RecommendedWatcher);

/// Watches `folder` and all below it, and tells `on_seen` in a thread of its own. What changes while that runs is told
/// together afterwards, and so is what git changes in one go.
///
/// Paths in and below `ignore` (the build's state) are left out, as are editors' own files and what git keeps for itself;
/// branches and HEAD are watched, since history is content.
///
/// # Errors
/// When the folder does not exist or the system has no watches left.
pub fn watch(
    folder: &Path,
    ignore: &[PathBuf],
    mut on_seen: impl FnMut(Seen) + Send + 'static,
) -> Result<Watcher, notify::Error> {
    let root = folder.canonicalize().map_err(notify::Error::io)?;
    let ignored: Vec<PathBuf> = ignore.iter().map(|path| true_path(path)).collect();
    let (sender, events) = channel();
    let mut watcher = notify::recommended_watcher(move |event| {
        let _ = sender.send(event);
    })?;
    watcher.watch(&root, RecursiveMode::Recursive)?;
    let settling = Settling { root, ignored, events };
    std::thread::spawn(move || {
        // Ends when the watcher is dropped.
        while let Some(seen) = settling.next() {
            on_seen(seen);
        }
    });
    Ok(Watcher(watcher))
}

/// Waits until what changes has changed.
struct Settling {
    root: PathBuf,
    ignored: Vec<PathBuf>,
    events: Receiver<notify::Result<Event>>,
}

impl Settling {
    /// What changed since the last time, once it is quiet; none when nobody watches any more.
    fn next(&self) -> Option<Seen> {
        let mut changed = BTreeSet::new();
        while changed.is_empty() {
            match self.events.recv().ok()? {
                Ok(event) => {
                    self.note(&event, &mut changed);
                }
                Err(error) => return Some(Seen::Trouble(error.to_string())),
            }
        }
        let began = Instant::now();
        let mut last = began;
        loop {
            let quiet = if changed.len() > MANY { QUIET_AFTER_MANY } else { QUIET };
            match self.events.recv_timeout(quiet.saturating_sub(last.elapsed())) {
                Ok(Ok(event)) => {
                    // What matters to nobody prolongs nothing, though it comes all the time: whoever reads is told of too.
                    if self.note(&event, &mut changed) {
                        last = Instant::now();
                    }
                }
                Err(RecvTimeoutError::Timeout) if git_is_at_work(&self.root) && began.elapsed() < LONGEST => {
                    last = Instant::now();
                }
                Ok(Err(_)) | Err(_) => return Some(Seen::Changed(changed.into_iter().collect())),
            }
        }
    }

    /// Notes the paths of an event that matter, and tells whether there were any.
    fn note(&self, event: &Event, changed: &mut BTreeSet<PathBuf>) -> bool {
        // The system lost count: anything may have changed.
        if event.need_rescan() {
            changed.insert(self.root.clone());
            return true;
        }
        // Reading the archive must not wake who reads it.
        if matches!(event.kind, EventKind::Access(_)) {
            return false;
        }
        let matters = |path: &&PathBuf| {
            !self.ignored.iter().any(|ignored| path.starts_with(ignored))
                && path.strip_prefix(&self.root).is_ok_and(is_content)
        };
        let mut any = false;
        for path in event.paths.iter().filter(matters) {
            any = true;
            changed.insert(path.clone());
        }
        any
    }
}

/// Whether git holds the index of the repository around a folder, as it does while it checks out.
fn git_is_at_work(folder: &Path) -> bool {
    folder.ancestors().any(|folder| folder.join(".git/index.lock").exists())
}

/// Whether a path below the archive's root can change what is built.
fn is_content(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".swx")
        || name.starts_with(".#")
        || name == "4913"
    {
        return false;
    }
    let mut parts = path.components().skip_while(|part| part.as_os_str() != ".git");
    if parts.next().is_none() {
        return true;
    }
    let inside = parts.next().map(Component::as_os_str).unwrap_or_default();
    !name.ends_with(".lock") && (inside == "HEAD" || inside == "packed-refs" || inside == "refs")
}

/// The path without links, also where its end does not exist yet.
fn true_path(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => true_path(parent).join(name),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Instant;

    fn watched(ignore: &[&str]) -> (tempfile::TempDir, Watcher, Receiver<Seen>) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("customers")).unwrap();
        fs::create_dir_all(folder.path().join("site")).unwrap();
        fs::create_dir_all(folder.path().join(".git/refs/heads")).unwrap();
        fs::create_dir_all(folder.path().join(".git/objects")).unwrap();
        fs::write(folder.path().join("customers/a.md"), "old").unwrap();
        let ignore: Vec<_> = ignore.iter().map(|name| folder.path().join(name)).collect();
        let (sender, receiver) = channel();
        let watcher = watch(folder.path(), &ignore, move |seen| sender.send(seen).unwrap_or_default()).unwrap();
        (folder, watcher, receiver)
    }

    /// Everything told until `name` is among it, or for the whole of `patience` if it never is.
    fn told(receiver: &Receiver<Seen>, name: &str, patience: Duration) -> Vec<PathBuf> {
        let end = Instant::now() + patience;
        let mut told = Vec::new();
        while let Ok(seen) = receiver.recv_timeout(end.saturating_duration_since(Instant::now())) {
            if let Seen::Changed(paths) = seen {
                told.extend(paths);
            }
            if told.iter().any(|path: &PathBuf| path.ends_with(name)) {
                break;
            }
        }
        told
    }

    #[test]
    fn a_save_by_renaming_is_seen_again_and_again() {
        let (folder, _watcher, receiver) = watched(&[]);
        for round in 0..3 {
            let fresh = folder.path().join("customers/.a.md.tmp");
            fs::write(&fresh, format!("new {round}")).unwrap();
            fs::rename(&fresh, folder.path().join("customers/a.md")).unwrap();
            let told = told(&receiver, "customers/a.md", Duration::from_secs(10));
            assert!(told.iter().any(|path| path.ends_with("customers/a.md")), "{round}: {told:?}");
        }
    }

    #[test]
    fn the_site_and_what_git_keeps_for_itself_wake_nobody() {
        let (folder, _watcher, receiver) = watched(&["site", "state/not/yet"]);
        fs::write(folder.path().join("site/index.html"), "x").unwrap();
        fs::create_dir_all(folder.path().join("state/not/yet")).unwrap();
        fs::write(folder.path().join("state/not/yet/key"), "x").unwrap();
        fs::write(folder.path().join(".git/objects/ab"), "x").unwrap();
        fs::write(folder.path().join(".git/index"), "x").unwrap();
        fs::write(folder.path().join("customers/.a.md.swp"), "x").unwrap();
        fs::read(folder.path().join("customers/a.md")).unwrap();
        fs::write(folder.path().join(".git/refs/heads/main"), "x").unwrap();
        let told = told(&receiver, "main", Duration::from_secs(10));
        assert!(told.iter().any(|path| path.ends_with(".git/refs/heads/main")), "{told:?}");
        for name in ["index.html", "key", "ab", "index", ".a.md.swp", "a.md"] {
            assert!(!told.iter().any(|path| path.ends_with(name)), "{name}: {told:?}");
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(watch(&folder.path().join("missing"), &[], |_| {}).is_err());
    }
}
