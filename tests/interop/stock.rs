//! The programs of the system: age, gunzip, unzip, tar.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

/// What `age -d` makes of a sealed file with some keys; nothing where it refuses.
pub fn age(sealed: &[u8], keys: &[&str]) -> Option<Vec<u8>> {
    let mut identities = tempfile::NamedTempFile::new().unwrap();
    writeln!(identities, "{}", keys.join("\n")).unwrap();
    let mut child = Command::new("age")
        .arg("-d")
        .arg("-i")
        .arg(identities.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Debian's age is not installed");
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut plain = Vec::new();
    std::thread::scope(|scope| {
        // A wrong key closes the pipe before everything is written.
        scope.spawn(move || drop(stdin.write_all(sealed)));
        stdout.read_to_end(&mut plain).unwrap();
    });
    child.wait().unwrap().success().then_some(plain)
}

/// What `gunzip` makes of a packed envelope.
pub fn gunzip(packed: &[u8]) -> Vec<u8> {
    let mut child =
        Command::new("gunzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("no gunzip");
    let (mut stdin, mut plain) = (child.stdin.take().unwrap(), Vec::new());
    std::thread::scope(|scope| {
        scope.spawn(move || drop(stdin.write_all(packed)));
        child.stdout.take().unwrap().read_to_end(&mut plain).unwrap();
    });
    assert!(child.wait().unwrap().success());
    plain
}

/// Asks `unzip -t` for its opinion, and Python where there is no unzip.
pub fn unzip_accepts(zip: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(zip).unwrap();
    let answer = match Command::new("unzip").arg("-tqq").arg(file.path()).output() {
        Ok(answer) => answer,
        Err(_) => Command::new("python3")
            .args(["-m", "zipfile", "-t"])
            .arg(file.path())
            .output()
            .expect("neither unzip nor python3"),
    };
    assert!(
        answer.status.success(),
        "{}{}",
        String::from_utf8_lossy(&answer.stdout),
        String::from_utf8_lossy(&answer.stderr)
    );
}

/// The files of a tar, as the system's tar gives them.
pub fn tar(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let mut child =
        Command::new("tar").arg("-xf").arg("-").arg("-C").arg(folder.path()).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    assert!(child.wait().unwrap().success());
    let entries = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect()
}
