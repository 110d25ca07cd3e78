//! The swap under fire: killed builds, two builds at once, a full disk, a target that is no site.

use super::fixture::{DAY, House, files_of, noise};
use super::tricks::house_with;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn build(house: &House, site: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strongroom"));
    command.arg("build").arg(house.archive()).arg("-o").arg(site).args(["--date", DAY, "--state"]).arg(house.state());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// An archive of which every page names its version.
fn versioned() -> House {
    let house = house_with(&[]);
    write_version(&house, "first");
    house
}

fn write_version(house: &House, version: &str) {
    let extra = if version == "second" { 14 } else { 12 };
    let _ = std::fs::remove_dir_all(house.archive().join("customers"));
    for n in 0..extra {
        house.put(
            &format!("customers/c{n}/dossier.yaml"),
            format!("name: C{n} {version}version\ntier: a\nindustry: b\naccount_manager: c\naudience: staff\n"),
        );
        house.put(
            &format!("customers/c{n}/things/a.md"),
            format!("---\nattachments: [a.txt]\n---\nText\n\n## S {{audience=legal}}\n\n{version} {n}\n"),
        );
        house.put(&format!("customers/c{n}/things/a.txt"), format!("{version} {n}"));
    }
}

/// The version of a site that is whole; otherwise what is wrong with it.
fn version_of(site: &Path) -> Result<&'static str, String> {
    let files = files_of(site);
    let home = files.get("index.html").ok_or("no home page")?;
    let home = String::from_utf8_lossy(home).into_owned();
    let (version, other, count) =
        if home.contains("firstversion") { ("first", "second", 12) } else { ("second", "first", 14) };
    let dossiers: Vec<_> = files.keys().filter(|name| name.starts_with("customers/")).collect();
    if dossiers.len() != count {
        return Err(format!("{version}, but {dossiers:?}"));
    }
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        if text.contains(&format!("{other}version")) || text.contains(&format!("{other} 0")) {
            return Err(format!("{version}, but {name} is of the {other}"));
        }
        if name.starts_with("customers/") && (!text.contains(&format!("{version}version")) || !text.contains("</html>"))
        {
            return Err(format!("{name} is not whole"));
        }
        if name.starts_with("files/open/")
            && text.as_ref() != format!("{version} {}", &name["files/open/c".len()..].split('/').next().unwrap())
        {
            return Err(format!("{name} holds {text}"));
        }
    }
    for needed in ["assets/strongroom.js", "assets/strongroom.css", "404.html", "about/index.html"] {
        if !files.contains_key(needed) {
            return Err(format!("{needed} is missing"));
        }
    }
    Ok(version)
}

/// What lies beside the site, the lock aside.
fn beside(site: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(site.parent().unwrap()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.ends_with(".strongroom.lock"));
    names.sort();
    names
}

#[test]
fn a_build_that_is_killed_at_any_moment_leaves_a_whole_site() {
    let house = versioned();
    let site = house.site();
    let begun = Instant::now();
    assert!(build(&house, &site).status().unwrap().success());
    let length = begun.elapsed();
    assert_eq!(version_of(&site), Ok("first"));
    for n in 0..20u32 {
        write_version(&house, if n % 2 == 0 { "second" } else { "first" });
        let mut child = build(&house, &site).spawn().unwrap();
        // Spread over the whole build, the last moments of it above all.
        let share = f64::from(noise("moments", 20)[n as usize]) / 255.0;
        std::thread::sleep(Duration::from_secs_f64(length.as_secs_f64() * share.sqrt() * 1.1));
        child.kill().unwrap();
        child.wait().unwrap();
        version_of(&site).unwrap_or_else(|wrong| panic!("after kill {n}: {wrong}"));
    }
    assert!(build(&house, &site).status().unwrap().success());
    assert_eq!(version_of(&site), Ok("first"));
    assert_eq!(beside(&site), ["archive", "site", "state"]);
}

#[test]
fn of_two_builds_at_once_one_wins_and_the_other_says_so() {
    let house = versioned();
    let site = house.site();
    let children = [build(&house, &site).spawn().unwrap(), build(&house, &site).spawn().unwrap()];
    let outputs = children.map(|child| child.wait_with_output().unwrap());
    assert!(outputs.iter().any(|output| output.status.success()));
    for output in outputs.iter().filter(|output| !output.status.success()) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("another build"), "{said}");
    }
    assert_eq!(version_of(&site), Ok("first"));
}

#[test]
fn a_folder_that_is_no_site_is_refused_and_stays_as_it_was() {
    let house = versioned();
    let mine = house.site().with_file_name("mine");
    std::fs::create_dir_all(mine.join("deep")).unwrap();
    std::fs::write(mine.join("index.html"), "mine").unwrap();
    std::fs::write(mine.join("deep/notes.txt"), "mine").unwrap();
    let before = files_of(&mine);
    for target in [mine.clone(), house.archive(), mine.join("index.html")] {
        assert!(!build(&house, &target).status().unwrap().success(), "{}", target.display());
    }
    assert_eq!(files_of(&mine), before);
}

#[test]
fn a_disk_that_is_full_leaves_the_old_site() {
    let house = versioned();
    let disk = house.site().with_file_name("disk");
    std::fs::create_dir(&disk).unwrap();
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(&disk).stderr(Stdio::null()).status();
    if !mounted.is_ok_and(|status| status.success()) {
        writeln!(std::io::stderr(), "SKIPPED: no small disk can be mounted here, so that a full one was not tried")
            .unwrap();
        return;
    }
    let outcome = std::panic::catch_unwind(|| {
        let site = disk.join("site");
        assert!(build(&house, &site).status().unwrap().success());
        let before = files_of(&site);
        write_version(&house, "second");
        house.put("customers/c0/things/big.bin", noise("big", 8 << 20));
        house.put("customers/c0/things/b.md", "---\nattachments: [big.bin]\n---\nx\n");
        let output = build(&house, &site).output().unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).to_lowercase();
        assert!(said.contains("space") || said.contains("full"), "{said}");
        assert_eq!(files_of(&site), before);
        assert_eq!(beside(&site), ["site"]);
    });
    let _ = Command::new("umount").arg(&disk).status();
    outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}

/// The most memory that a build held at once, in bytes.
#[cfg(target_os = "linux")]
fn peak_of(mut child: std::process::Child) -> u64 {
    let mut most = 0;
    let status = loop {
        let about = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak =
            about.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().split(' ').next()?.parse::<u64>().ok());
        most = most.max(peak.unwrap_or_default());
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    assert!(status.success() && most > 0);
    most << 10
}

#[test]
#[cfg(target_os = "linux")]
fn a_large_sealed_attachment_goes_by_in_pieces() {
    const SIZE: u64 = 64 << 20;
    let house = house_with(&[("customers/one/things/a.md", "---\naudience: legal\nattachments: [big.bin]\n---\nx\n")]);
    let file = house.archive().join("customers/one/things/big.bin");
    let piece = noise("large", 1 << 20);
    // What the program itself takes up, whose size differs with the profile it was built by.
    std::fs::write(&file, &piece).unwrap();
    let own = peak_of(build(&house, &house.site()).spawn().unwrap());
    let mut big = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
    (0..SIZE >> 20).for_each(|_| big.write_all(&piece).unwrap());
    big.flush().unwrap();
    // Once anew, once over the site that holds it already.
    for _ in 0..2 {
        let most = peak_of(build(&house, &house.site()).spawn().unwrap());
        assert!(most < own + SIZE / 4, "{most} bytes, {own} of them the program's own, for a file of {SIZE}");
    }
}

#[test]
#[cfg(unix)]
fn a_symbolic_link_is_never_followed() {
    let house = house_with(&[("customers/one/things/a.md", "---\nattachments: [a.txt]\n---\nx\n")]);
    std::os::unix::fs::symlink("/etc/hostname", house.archive().join("customers/one/things/a.txt")).unwrap();
    assert!(!house.errors().is_empty());
    let house = house_with(&[]);
    std::os::unix::fs::symlink("/etc", house.archive().join("customers/one/things")).unwrap();
    assert!(!house.errors().is_empty());
}
