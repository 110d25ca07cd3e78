//! How long the past of an archive takes to read, against `git log --raw` on the same repository.
//!
//! ```text
//! cargo bench --bench history                  an archive of 1,000 dossiers with 10 commits each, made for this
//! cargo bench --bench history -- 10000 10      10,000 dossiers with 10 commits each
//! cargo bench --bench history -- FOLDER        a repository of your own, which is only read
//! ```
//!
//! The two take turns, each in a process of its own, and what counts is the ratio of their medians: bare times say more
//! about the machine and its other users. Needs `git`; its repository is made in the system's temporary folder.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use strongroom::repository::Past;

/// How often each is run; the first pair warms the disk's cache and does not count.
const PAIRS: usize = 8;

/// What is compared: something of ours, by the name under which this program does it, and a command that others use.
struct Contest {
    what: &'static str,
    ours: &'static str,
    theirs: &'static [&'static str],
}

const CONTESTS: &[Contest] =
    &[Contest { what: "every commit with the files that it changed", ours: "past", theirs: &["log", "--raw"] }];

/// Does our part, in a process of its own.
fn ours(what: &str, repository: &Path) {
    match what {
        "past" => {
            let past = Past::read(repository, None, None).unwrap();
            assert!(!past.commits.is_empty());
        }
        other => panic!("nothing is called {other}"),
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let made;
    let repository = match arguments.as_slice() {
        ["--ours", what, repository] => return ours(what, Path::new(repository)),
        [folder] if Path::new(folder).exists() => Path::new(folder),
        sizes => {
            let size = |at: usize, usual| sizes.get(at).map_or(usual, |size| size.parse().expect("a number"));
            made = tempfile::tempdir().unwrap();
            make(made.path(), size(0, 1000), size(1, 10));
            made.path()
        }
    };
    for Contest { what, ours, theirs } in CONTESTS {
        println!("{what}: `git {}` against ours", theirs.join(" "));
        let (mut git, mut own) = (Vec::new(), Vec::new());
        for pair in 0..PAIRS {
            let theirs = timed(Command::new("git").arg("-C").arg(repository).args(*theirs));
            let ours = timed(Command::new(std::env::current_exe().unwrap()).args(["--ours", ours]).arg(repository));
            if pair > 0 {
                git.push(theirs);
                own.push(ours);
            }
        }
        for (label, of) in [("wall", 0), ("processor", 1)] {
            let (git, own) = (median(&git, of), median(&own, of));
            println!("  {label}: git {git:.2} s, ours {own:.2} s, ratio {:.2}", own / git);
        }
    }
}

/// Wall and processor time of a process in seconds.
fn timed(command: &mut Command) -> [f64; 2] {
    let (started, before) = (Instant::now(), children());
    assert!(command.stdout(Stdio::null()).status().expect("it runs").success());
    [started.elapsed().as_secs_f64(), children() - before]
}

/// The processor time of all processes that this one has waited for, in seconds: Linux counts hundredths.
fn children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit(')').next().unwrap().split_whitespace();
    fields.skip(13).take(2).map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

fn median(times: &[[f64; 2]], of: usize) -> f64 {
    let mut times: Vec<_> = times.iter().map(|time| time[of]).collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Makes an archive of invented customers with a history, packed as a repository is that is looked after.
fn make(folder: &Path, dossiers: usize, commits_each: usize) {
    println!("making {dossiers} dossiers with {commits_each} commits each");
    git(folder, &["init", "--quiet", "--bare", "--initial-branch=main"]);
    let mut import = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["fast-import", "--quiet", "--date-format=raw"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut out = BufWriter::new(import.stdin.take().unwrap());
    let mut chance = Chance(1);
    let mut files: Vec<[Vec<String>; 3]> = vec![<[Vec<String>; 3]>::default(); dossiers];
    for commit in 0..dossiers * commits_each {
        // The first commits come one to a dossier; the later ones go where chance sends them.
        let dossier = if commit < dossiers { commit } else { chance.below(dossiers) };
        let person =
            format!("clerk-{0} <clerk-{0}@example.cn> {1} +0800", chance.below(14), 1_600_000_000 + commit * 900);
        let why = format!("update {commit}\n\nTicket: T-{}\n", chance.below(90_000));
        write!(out, "commit refs/heads/main\ncommitter {person}\ndata {}\n{why}\n", why.len()).unwrap();
        let changed = if commit < dossiers { 0..3 } else { chance.one_of(3) };
        for file in changed {
            let lines = &mut files[dossier][file];
            if lines.is_empty() {
                lines.extend((0..40).map(|line| format!("field_{line}: {}\n", chance.below(1_000_000))));
            } else {
                let line = chance.below(lines.len());
                lines[line] = format!("field_{line}: {}\n", chance.below(1_000_000));
            }
            let (text, name) = (lines.concat(), ["dossier.yaml", "network.md", "traffic.csv"][file]);
            let group = dossier.wrapping_mul(2_654_435_761) % 256;
            let path = format!("customers/{group:02x}/customer-{dossier:05}/{name}");
            write!(out, "M 100644 inline {path}\ndata {}\n{text}\n", text.len()).unwrap();
        }
    }
    drop(out);
    assert!(import.wait().unwrap().success());
    git(folder, &["repack", "-adfq"]);
    git(folder, &["commit-graph", "write", "--reachable"]);
}

fn git(folder: &Path, arguments: &[&str]) {
    assert!(Command::new("git").arg("-C").arg(folder).args(arguments).status().expect("git runs").success());
}

/// Numbers that look like chance and are the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn one_of(&mut self, limit: usize) -> std::ops::Range<usize> {
        let chosen = self.below(limit);
        chosen..chosen + 1
    }
}
