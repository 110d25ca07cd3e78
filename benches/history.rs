//! How long the past of an archive takes to read, against git's own log of the same repository.
//!
//! ```text
//! cargo bench --bench history                  an archive of 1,000 dossiers with 10 commits each, made for this
//! cargo bench --bench history -- 10000 10      10,000 dossiers with 10 commits each
//! cargo bench --bench history -- FOLDER        a repository of your own, which is only read
//! ```
//!
//! What is compared:
//!
//! - every commit with the files that it changed, against `git log --raw`, which says as much;
//! - every change of every field and who may read it, with the archive as it stands read before it, against
//!   `git log --raw` and `git log -p`, which shows lines;
//! - the same of one dossier, with the commits kept, against `git log -p` of its folder;
//! - one new commit, where all others are kept. Git keeps nothing, and has no peer for it: it should take under 50 ms.
//!
//! Ours and theirs take turns, each in a process of its own, and what counts is the ratio of their medians: bare times say
//! more about the machine and its other users. Where it has other users, go by the processor's time, which is that of all
//! threads together; the other is the time by the clock. Needs `git` and Linux; all that is written goes to the system's
//! temporary folder.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use strongroom::archive::Archive;
use strongroom::history::{History, Kept};
use strongroom::provenance::Signers;
use strongroom::repository::{Past, PastReader, open_commit};
use strongroom::sealing::SealingKey;

/// The same as the program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each is run; the first round warms the disk's cache and does not count.
const ROUNDS: usize = 8;

/// What is compared: something of ours, by the name under which this program does it, and commands that others use.
struct Contest {
    what: &'static str,
    ours: &'static str,
    theirs: &'static [&'static [&'static str]],
}

/// Stands for the folder of a dossier in the commands of others.
const DOSSIER: &str = "DOSSIER";

const CONTESTS: &[Contest] = &[
    Contest { what: "every commit with the files that it changed", ours: "commits", theirs: &[&["log", "--raw"]] },
    Contest {
        what: "every change of every field and who may read it",
        ours: "fields",
        theirs: &[&["log", "--raw"], &["log", "-p"]],
    },
    Contest {
        what: "the same of one dossier, the commits being kept",
        ours: "dossier",
        theirs: &[&["log", "-p", "--", DOSSIER]],
    },
];

/// Does our part, in a process of its own, and says what memory it took.
fn ours(what: &str, repository: &Path, keeping: &Path, dossier: &str) {
    let archive = || Archive::read(&open_commit(repository, None, None).unwrap(), day()).archive;
    let signers = Signers::default();
    match what {
        "commits" => assert!(!Past::read(repository, None, None).unwrap().commits.is_empty()),
        "fields" => {
            let (archive, past) = (archive(), Past::read(repository, None, None).unwrap());
            assert!(History::read(&past, &archive, &signers).dossiers().next().is_some());
        }
        "dossier" => {
            let reader = PastReader::open(repository, None, None).unwrap();
            let past = with_kept(keeping, |kept| kept.look(reader).unwrap());
            let name = dossier.rsplit('/').next().unwrap();
            assert!(History::read_dossier(&past, &archive(), &signers, name).of_dossier(name).is_some());
        }
        other => panic!("nothing is called {other}"),
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim());
    // As the program ends: nothing is taken apart that the system takes back at once.
    std::process::exit(0);
}

fn with_kept<T>(folder: &Path, work: impl FnOnce(Kept<'_>) -> T) -> T {
    let key = SealingKey::load_or_make(&folder.join("key")).unwrap();
    work(Kept::at(folder.join("history"), &key).unwrap())
}

fn day() -> jiff::civil::Date {
    jiff::civil::date(2026, 1, 1)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (made, keeping) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let repository = match arguments.as_slice() {
        ["--ours", what, repository, keeping, dossier] => {
            return ours(what, Path::new(repository), Path::new(keeping), dossier);
        }
        [folder] if Path::new(folder).exists() => Path::new(folder),
        sizes => {
            let size = |at: usize, usual| sizes.get(at).map_or(usual, |size| size.parse().expect("a number"));
            make(made.path(), size(0, 1000), size(1, 10));
            made.path()
        }
    };
    one_new_commit(repository, keeping.path());
    let tree = output(Command::new("git").arg("-C").arg(repository).args(["ls-tree", "-r", "--name-only", "HEAD"]));
    let root = tree.lines().find_map(|path| path.strip_suffix("/dossier.yaml")).expect("a dossier");
    for Contest { what, ours, theirs } in CONTESTS {
        println!("{what}");
        let (mut own, mut others, mut memory) = (Vec::new(), vec![Vec::new(); theirs.len()], String::new());
        for round in 0..ROUNDS {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--ours", ours]).arg(repository).arg(keeping.path()).arg(root).stdout(Stdio::piped());
            let (time, said) = timed(&mut command);
            memory = said;
            let theirs = theirs.iter().map(|words| timed(git_with(repository, words, root).stdout(Stdio::null())).0);
            let theirs: Vec<[f64; 2]> = theirs.collect();
            if round > 0 {
                own.push(time);
                others.iter_mut().zip(theirs).for_each(|(all, time)| all.push(time));
            }
        }
        println!("  ours at its peak: {}", memory.trim());
        for (words, times) in theirs.iter().zip(others) {
            for (label, of) in [("processor", 1), ("clock", 0)] {
                let (git, own) = (median(&times, of), median(&own, of));
                println!("  {label}: git {} {git:.2} s, ours {own:.2} s, ratio {:.2}", words.join(" "), own / git);
            }
        }
    }
}

fn git_with(repository: &Path, words: &[&str], dossier: &str) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(repository).args(words.iter().map(|word| if *word == DOSSIER { dossier } else { word }));
    command
}

/// What it takes to add the last commit to what is kept of those before it; leaves all of them kept.
fn one_new_commit(repository: &Path, keeping: &Path) {
    let at = |revision: &str| PastReader::open(repository, None, Some(revision)).unwrap();
    let history = keeping.join("history");
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        if history.exists() {
            std::fs::remove_dir_all(&history).unwrap();
        }
        with_kept(keeping, |kept| kept.extend(&at("HEAD~1")).unwrap());
        let started = Instant::now();
        let outcome = with_kept(keeping, |kept| kept.extend(&at("HEAD")).unwrap());
        assert_eq!((outcome.read, outcome.discarded), (1, None));
        times.push([started.elapsed().as_secs_f64() * 1000.0; 2]);
    }
    println!("one new commit, all others being kept: {:.1} ms", median(&times, 0));
}

/// The time by the clock and the processor's of a process in seconds, and what it says.
fn timed(command: &mut Command) -> ([f64; 2], String) {
    let (started, before) = (Instant::now(), children());
    let done =
        command.stderr(Stdio::inherit()).spawn().and_then(std::process::Child::wait_with_output).expect("it runs");
    assert!(done.status.success());
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    ([started.elapsed().as_secs_f64(), children() - before], said)
}

fn output(command: &mut Command) -> String {
    let output = command.stderr(Stdio::inherit()).output().expect("it runs");
    assert!(output.status.success());
    String::from_utf8_lossy(&output.stdout).into_owned()
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

/// Settings and types of the archive that is made.
fn rules() -> Vec<(&'static str, String)> {
    let audiences = "{finance: {title: Finance, readers: []}, technical: {title: Technical, readers: []}}";
    let fields =
        |line| format!("  field_{line}: {{kind: number{}}}\n", if line % 4 == 0 { ", audience: finance" } else { "" });
    let fields: String = (0..LINES).map(fields).collect();
    let traffic = "{week: {kind: week}, load: {kind: number}, peak: {kind: number}}";
    vec![
        ("strongroom.yaml", format!("title: Customers\naudiences: {audiences}\n")),
        ("types/dossier.yaml", format!("title: Customer\nfields:\n  name: {{kind: text}}\n{fields}")),
        ("types/network.yaml", "title: Network\naudience: technical\nfields: {}\n".to_owned()),
        (
            "types/traffic.yaml",
            format!("title: Traffic\nfile: traffic.csv\nkind: series\naudience: staff\nfields: {traffic}\n"),
        ),
    ]
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
        for (path, text) in rules().into_iter().filter(|_| commit == 0) {
            write!(out, "M 100644 inline {path}\ndata {}\n{text}\n", text.len()).unwrap();
        }
        let changed = if commit < dossiers { 0..3 } else { chance.one_of(3) };
        for file in changed {
            let lines = &mut files[dossier][file];
            if lines.is_empty() {
                lines.extend((0..LINES).map(|line| line_of(file, line, &mut chance)));
            } else {
                let line = chance.below(LINES);
                lines[line] = line_of(file, line, &mut chance);
            }
            let (before, name) = [
                (
                    "name: Customer\ntier: gold\nindustry: power\naccount_manager: Sun\naudience: staff\n",
                    "dossier.yaml",
                ),
                ("---\ntype: network\n---\n", "network.md"),
                ("week,load,peak\n", "traffic.csv"),
            ][file];
            let text = before.to_owned() + &lines.concat();
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

/// How many lines each file has that change.
const LINES: usize = 40;

/// A line of a dossier's fields, of a text, or of a table.
fn line_of(file: usize, line: usize, chance: &mut Chance) -> String {
    let number = chance.below(1_000_000);
    match (file, line % 8) {
        (0, 0) => format!("short_names: [\"{number}\"]\n"),
        (0, _) => format!("# {number}\n"),
        (1, 0) => format!("## Site {line}\n\n"),
        (1, _) => format!("Router {number} carries the load of line {line}.\n"),
        _ => format!("{}-W{:02},{},{number}\n", 2024 + line / 52, line % 52 + 1, number % 977),
    }
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
