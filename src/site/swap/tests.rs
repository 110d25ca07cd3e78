//! The swap: either site whole, and nothing touched that is not ours.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::*;

fn publish(target: &Path, files: &[(&str, &str)]) -> Result<(), SwapError> {
    let publication = Publication::begin(target, &[], false)?;
    for (address, content) in files {
        publication.write(address, content.as_bytes())?;
    }
    publication.commit()
}

/// The names in a folder without the lock file.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|name| !name.ends_with(".strongroom.lock")).collect();
    names.sort();
    names
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the file can be read")
}

#[test]
fn a_new_site_takes_the_place_of_the_old_and_nothing_is_left_beside_it() {
    let place = tempfile::tempdir().expect("a folder");
    let target = place.path().join("deep/site");
    publish(&target, &[("index.html", "one"), ("a/b/c.html", "deep")]).expect("a first site");
    assert_eq!(read(&target.join("a/b/c.html")), "deep");
    publish(&target, &[("index.html", "two")]).expect("a second site");
    assert_eq!(names(&target), ["index.html", MARKER]);
    assert_eq!(read(&target.join("index.html")), "two");
    assert_eq!(names(&place.path().join("deep")), ["site"]);
}

#[test]
fn a_reader_sees_the_old_site_or_the_new_one_at_any_moment() {
    let place = tempfile::tempdir().expect("a folder");
    let target = place.path().join("site");
    publish(&target, &[("index.html", "0")]).expect("a first site");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut last = 0;
            while !done.load(Ordering::Relaxed) {
                let seen: i32 = read(&target.join("index.html")).parse().expect("a whole file");
                assert!(seen >= last);
                last = seen;
            }
        });
        for number in 1..=50 {
            publish(&target, &[("index.html", &number.to_string())]).expect("a site");
        }
        done.store(true, Ordering::Relaxed);
        reader.join().expect("the reader was never without a site");
    });
}

#[test]
fn a_build_that_fails_leaves_the_old_site_and_no_trace() {
    let place = tempfile::tempdir().expect("a folder");
    let target = place.path().join("site");
    publish(&target, &[("index.html", "one")]).expect("a first site");
    let publication = Publication::begin(&target, &[], false).expect("a second build");
    assert_eq!(publication.previous(), Some(fs::canonicalize(&target).expect("a path").as_path()));
    publication.write("index.html", b"half").expect("a file");
    drop(publication);
    assert_eq!(read(&target.join("index.html")), "one");
    assert_eq!(names(place.path()), ["site"]);
}

/// Not a test of its own: the build that `a_killed_build_…` kills.
#[test]
#[ignore = "runs as the child of another test"]
fn a_build_that_never_ends() {
    let Some(target) = std::env::var_os("STRONGROOM_TEST_TARGET").map(PathBuf::from) else { return };
    let publication = Publication::begin(&target, &[], false).expect("a build");
    publication.write("a/half.html", b"half").expect("a file");
    fs::write(target.with_extension("ready"), "").expect("a sign");
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_killed_build_leaves_the_old_site_and_the_next_one_clears_up() {
    let place = tempfile::tempdir().expect("a folder");
    let target = place.path().join("site");
    publish(&target, &[("index.html", "one")]).expect("a first site");
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "a_build_that_never_ends"])
        .env("STRONGROOM_TEST_TARGET", &target)
        .stdout(Stdio::null())
        .spawn()
        .expect("a child");
    let ready = target.with_extension("ready");
    while !ready.exists() {
        assert!(child.try_wait().expect("a child").is_none(), "the child ended early");
        std::thread::sleep(Duration::from_millis(5));
    }
    fs::remove_file(&ready).expect("the sign");
    let busy = publish(&target, &[]).expect_err("two at once");
    assert!(matches!(busy, SwapError::Busy(_)), "{busy}");
    child.kill().expect("a kill");
    child.wait().expect("an end");
    assert_eq!(read(&target.join("index.html")), "one");
    assert_eq!(names(place.path()), [".site.strongroom-1", "site"]);
    publish(&target, &[("index.html", "two")]).expect("the next build");
    assert_eq!(read(&target.join("index.html")), "two");
    assert_eq!(names(place.path()), ["site"]);
}

#[test]
fn a_second_build_is_refused_or_waits() {
    let place = tempfile::tempdir().expect("a folder");
    let target = place.path().join("site");
    let first = Publication::begin(&target, &[], false).expect("a build");
    assert!(matches!(Publication::begin(&target, &[], false), Err(SwapError::Busy(_))));
    Publication::begin(&place.path().join("other"), &[], false).expect("a build for another target");
    std::thread::scope(|scope| {
        let second = scope.spawn(|| Publication::begin(&target, &[], true)?.commit());
        std::thread::sleep(Duration::from_millis(30));
        first.write("index.html", b"first").expect("a file");
        first.commit().expect("a site");
        second.join().expect("a thread").expect("the second build waited");
    });
    assert_eq!(names(&target), [MARKER]);
}

#[test]
fn foreign_folders_and_files_are_refused_and_untouched() {
    let place = tempfile::tempdir().expect("a folder");
    let foreign = place.path().join("photos");
    fs::create_dir(&foreign).expect("a folder");
    fs::write(foreign.join("one.jpg"), "x").expect("a file");
    assert!(matches!(publish(&foreign, &[]), Err(SwapError::Foreign(_))));
    fs::write(foreign.join(MARKER), "something else").expect("a file");
    assert!(matches!(publish(&foreign, &[]), Err(SwapError::Foreign(_))));
    assert!(matches!(publish(&foreign.join("one.jpg"), &[]), Err(SwapError::NotAFolder(_))));
    assert_eq!(names(place.path()), ["photos"]);
    assert_eq!(read(&foreign.join("one.jpg")), "x");

    let empty = place.path().join("empty");
    fs::create_dir(&empty).expect("a folder");
    let publication = Publication::begin(&empty, &[], false).expect("an empty folder will do");
    fs::write(empty.join("note.txt"), "mine").expect("a file");
    assert!(matches!(publication.commit(), Err(SwapError::Foreign(_))));
    assert_eq!(names(&empty), ["note.txt"]);
}

#[test]
fn folders_beside_the_target_that_only_look_like_ours_stay() {
    let place = tempfile::tempdir().expect("a folder");
    let target = place.path().join("site");
    for name in [".site.strongroom-1", ".site.strongroom-2x", ".site.strongroom-x.strongroom-1"] {
        fs::create_dir(place.path().join(name)).expect("a folder");
        fs::write(place.path().join(name).join("mine.txt"), "x").expect("a file");
    }
    // The temporary folder of another target, whose name begins like one of ours.
    folder::mark(&place.path().join(".site.strongroom-x.strongroom-1"), false).expect("a marker");
    publish(&target, &[("index.html", "one")]).expect("a site");
    assert_eq!(names(place.path()).len(), 4);
    assert_eq!(read(&place.path().join(".site.strongroom-1/mine.txt")), "x");
}

#[test]
fn the_archive_the_home_and_the_root_are_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let archive = place.path().join("archive");
    fs::create_dir_all(archive.join("customers")).expect("a folder");
    let home = std::env::home_dir().expect("a home");
    for target in [&archive, &archive.join("site"), place.path(), Path::new("/"), &home] {
        let refused = Publication::begin(target, &[&archive], false);
        assert!(matches!(refused, Err(SwapError::Forbidden { .. })), "{}", target.display());
    }
    assert_eq!(names(&archive), ["customers"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_site_is_followed_and_a_strange_one_refused() {
    use std::os::unix::fs::symlink;
    let place = tempfile::tempdir().expect("a folder");
    let (target, link) = (place.path().join("real/site"), place.path().join("link"));
    publish(&target, &[("index.html", "one")]).expect("a site");
    symlink(&target, &link).expect("a link");
    publish(&link, &[("index.html", "two")]).expect("a site through a link");
    assert_eq!(read(&target.join("index.html")), "two");
    assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
    symlink(place.path().join("nowhere"), place.path().join("dangling")).expect("a link");
    assert!(matches!(publish(&place.path().join("dangling"), &[]), Err(SwapError::NotAFolder(_))));
    // A link in the place of the lock leads nowhere else.
    symlink(place.path().join("planted"), place.path().join(".fresh.strongroom.lock")).expect("a link");
    assert!(matches!(publish(&place.path().join("fresh"), &[]), Err(SwapError::Io { .. })));
    assert!(!place.path().join("planted").exists());
}

#[test]
fn addresses_that_leave_the_site_or_are_taken_are_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let publication = Publication::begin(&place.path().join("site"), &[], false).expect("a build");
    for address in ["", "/etc/x", "../x", "a/../../x", "a//b", "a/", "./a", "a\\b", "a\0b", MARKER] {
        assert!(matches!(publication.write(address, b""), Err(SwapError::Address(_))), "{address}");
    }
    publication.write("a", b"").expect("a file");
    assert!(matches!(publication.write("a", b""), Err(SwapError::Taken(_))));
    assert!(matches!(publication.write("a/b", b""), Err(SwapError::Io { .. })));
}

#[test]
fn files_of_the_previous_site_can_be_kept() {
    let place = tempfile::tempdir().expect("a folder");
    let target = place.path().join("site");
    publish(&target, &[("a/same.html", "same")]).expect("a site");
    let publication = Publication::begin(&target, &[], false).expect("a build");
    assert!(publication.keep("a/same.html").expect("a kept file"));
    assert!(!publication.keep("a/other.html").expect("no such file"));
    assert!(matches!(publication.keep("../x"), Err(SwapError::Address(_))));
    publication.commit().expect("a site");
    assert_eq!(read(&target.join("a/same.html")), "same");
}

#[test]
fn many_files_are_written_by_several_threads() {
    let place = tempfile::tempdir().expect("a folder");
    let target = place.path().join("site");
    let publication = Publication::begin(&target, &[], false).expect("a build");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let publication = &publication;
            scope.spawn(move || {
                for number in 0..200 {
                    let address = format!("d/{}/{thread}-{number}.html", number % 10);
                    publication.write(&address, b"x").expect("a file");
                }
            });
        }
    });
    publication.commit().expect("a site");
    assert_eq!(names(&target.join("d/3")).len(), 80);
}

#[test]
fn without_an_exchange_in_one_step_renaming_does_it_and_a_kill_between_is_mended() {
    let place = tempfile::tempdir().expect("a folder");
    let (target, new) = (place.path().join("site"), place.path().join(".site.strongroom-1"));
    publish(&target, &[("index.html", "one")]).expect("a site");
    fs::create_dir(&new).expect("a folder");
    fs::write(new.join("index.html"), "two").expect("a file");
    folder::mark(&new, true).expect("a marker");
    folder::exchange_by_renaming(&new, &target).expect("an exchange");
    assert_eq!((read(&target.join("index.html")), read(&new.join("index.html"))), ("two".into(), "one".into()));
    // Killed between the renames: no site, and a complete one beside.
    fs::rename(&target, place.path().join(".site.strongroom-2")).expect("a rename");
    remove_site(&new).expect("a removal");
    let publication = Publication::begin(&target, &[], false).expect("the next build");
    assert_eq!(read(&target.join("index.html")), "two");
    drop(publication);
    assert_eq!(names(place.path()), ["site"]);
}

#[cfg(unix)]
#[test]
fn a_site_folder_has_the_modes_of_any_other_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().expect("a folder");
    let (target, other) = (place.path().join("site"), place.path().join("other"));
    publish(&target, &[("index.html", "one")]).expect("a site");
    fs::create_dir(&other).expect("a folder");
    let mode = |path: &Path| fs::metadata(path).expect("a folder").permissions().mode();
    assert_eq!(mode(&target), mode(&other));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_gives_an_error_with_advice() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().expect("a folder");
    let locked = place.path().join("locked");
    fs::create_dir(&locked).expect("a folder");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("a mode");
    // Root may write anyway.
    if fs::write(locked.join("probe"), "").is_err() {
        let error = publish(&locked.join("site"), &[]).expect_err("no place to write");
        assert!(error.remedy().is_some_and(|remedy| remedy.contains("writable")), "{error}");
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).expect("a mode");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_with_advice() {
    // `/dev/full` stands for the disk: a write to it fails as one to a full disk does.
    let mut full = File::options().write(true).open("/dev/full").expect("the device");
    let error = SwapError::at("write", Path::new("x"))(full.write_all(b"x").expect_err("no room"));
    assert!(error.remedy().is_some_and(|remedy| remedy.contains("make room")), "{error}");
}
