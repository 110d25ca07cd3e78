//! The process in which a page is drawn: it gives up what it does not need before it reads the first byte.

use super::page::first_page;
use super::thumbnail::LARGEST_FILE;
use std::ffi::OsString;
use std::io::{Read as _, Write as _, stdin, stdout};
use std::process::ExitCode;

/// The word by which the program tells itself to draw. It is no command of anybody's, and stands in no help.
pub(super) const WORD: &str = "draw-first-page";
/// All memory the process may ask for. An A3 page scanned in colour at 600 dots an inch takes less than half of it.
const MOST_MEMORY: u64 = 1 << 30;
/// For so many seconds it may reckon, however long it waits; it is the system that ends it, should nobody be left to.
const LONGEST: u64 = 10;

/// Draws, where that is what these arguments ask for: a PDF comes in, a PNG goes out, or nothing.
pub(super) fn drawn_if_asked(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if arguments.nth(1)? != WORD {
        return None;
    }
    let edge = arguments.next().and_then(|edge| edge.to_str()?.parse().ok());
    let written = edge.and_then(draw);
    Some(if written.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn draw(edge: u16) -> Option<()> {
    confine().ok()?;
    let mut bytes = Vec::new();
    stdin().lock().take(LARGEST_FILE).read_to_end(&mut bytes).ok()?;
    let picture = first_page(bytes, edge)?;
    stdout().lock().write_all(&picture).ok()
}

/// From here on the process opens no file and no connection, writes to no file, takes no more memory and time than is
/// said above, and leaves no picture of its memory behind when it dies; it dies with whoever started it.
#[cfg(target_os = "linux")]
fn confine() -> rustix::io::Result<()> {
    use rustix::process::{
        DumpableBehavior, Resource, Rlimit, Signal, getrlimit, set_dumpable_behavior, set_parent_process_death_signal,
        setrlimit,
    };
    set_parent_process_death_signal(Some(Signal::KILL))?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    rustix::thread::set_no_new_privs(true)?;
    let limits = [
        (Resource::As, MOST_MEMORY),
        (Resource::Cpu, LONGEST),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 0),
    ];
    limits.into_iter().try_for_each(|(resource, most)| {
        // Where the machine allows less already, that stays.
        let most = getrlimit(resource).maximum.map_or(most, |allowed| allowed.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
    })
}

/// Where such limits are unknown nothing is drawn.
#[cfg(not(target_os = "linux"))]
fn confine() -> rustix::io::Result<()> {
    Err(rustix::io::Errno::NOSYS)
}
