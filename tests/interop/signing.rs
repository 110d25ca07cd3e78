//! What is signed here is signed for everybody: OpenSSH's own `ssh-keygen` verifies it, and takes nothing else for it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use strongroom::provenance::{SigningKey, TEXT_NAMESPACE};
use tempfile::TempDir;

const WHO: &str = "sun.qian@yunxi.example";
const TEXT: &[u8] = "一份清单 a list\n".as_bytes();

/// A key that `ssh-keygen` makes: private file's text; `allowed_signers` in the folder names it.
fn made(folder: &TempDir, kind: &str, passphrase: &str) -> Vec<u8> {
    let at = folder.path().join("key");
    let made = Command::new("ssh-keygen").args(["-q", "-t", kind, "-N", passphrase, "-C", "", "-f"]).arg(&at).status();
    assert!(made.expect("ssh-keygen is not installed").success());
    let public = fs::read_to_string(folder.path().join("key.pub")).unwrap();
    fs::write(folder.path().join("allowed_signers"), format!("{WHO} namespaces=\"strongroom\" {public}")).unwrap();
    fs::read(at).unwrap()
}

/// What `ssh-keygen -Y verify` says of a signature that stands in the folder.
fn accepts(folder: &Path, namespace: &str, text: &[u8]) -> bool {
    let file = |name: &str| folder.join(name);
    fs::write(file("text"), text).unwrap();
    let verify = Command::new("ssh-keygen")
        .args(["-Y", "verify", "-I", WHO, "-n", namespace, "-f"])
        .arg(file("allowed_signers"))
        .arg("-s")
        .arg(file("text.sig"))
        .stdin(Stdio::from(fs::File::open(file("text")).unwrap()))
        .output();
    verify.unwrap().status.success()
}

fn sign(folder: &TempDir, kind: &str, passphrase: &str) -> SigningKey {
    let private = made(folder, kind, passphrase);
    let key = SigningKey::read(&private, || Some(passphrase.to_owned().into())).unwrap();
    fs::write(folder.path().join("text.sig"), key.sign(TEXT_NAMESPACE, TEXT).unwrap()).unwrap();
    key
}

#[test]
fn stock_ssh_keygen_verifies_what_is_signed_here() {
    for (kind, passphrase) in [("ed25519", ""), ("ecdsa", ""), ("ed25519", "正确 horse"), ("ecdsa", "battery")] {
        let folder = tempfile::tempdir().unwrap();
        let key = sign(&folder, kind, passphrase);
        assert!(accepts(folder.path(), TEXT_NAMESPACE, TEXT), "{kind}");
        assert!(!accepts(folder.path(), TEXT_NAMESPACE, b"another text"), "{kind}");
        assert!(!accepts(folder.path(), "git", TEXT), "{kind}");
        let public = fs::read_to_string(folder.path().join("key.pub")).unwrap();
        assert!(public.starts_with(&key.public()), "{public} {}", key.public());
        let said = Command::new("ssh-keygen").arg("-lf").arg(folder.path().join("key.pub")).output().unwrap();
        assert!(String::from_utf8_lossy(&said.stdout).contains(&key.fingerprint()));
    }
}

#[test]
fn signatures_are_the_bytes_that_ssh_keygen_itself_makes() {
    let folder = tempfile::tempdir().unwrap();
    sign(&folder, "ed25519", "");
    let ours = fs::read_to_string(folder.path().join("text.sig")).unwrap();
    fs::remove_file(folder.path().join("text.sig")).unwrap();
    fs::write(folder.path().join("text"), TEXT).unwrap();
    let signed = Command::new("ssh-keygen")
        .args(["-q", "-Y", "sign", "-n", TEXT_NAMESPACE, "-f"])
        .args([folder.path().join("key"), folder.path().join("text")])
        .stderr(Stdio::null())
        .status();
    assert!(signed.unwrap().success());
    assert_eq!(fs::read_to_string(folder.path().join("text.sig")).unwrap(), ours);
}

#[test]
fn keys_that_do_not_sign_here_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let refused = SigningKey::read(&made(&folder, "rsa", ""), || None).err().unwrap();
    assert_eq!(refused.message, "keys of the kind `ssh-rsa` sign nothing here");
    let folder = tempfile::tempdir().unwrap();
    let locked = made(&folder, "ed25519", "horse");
    assert_eq!(SigningKey::read(&locked, || None).err().unwrap().message, "this key is locked by a passphrase");
    let wrong = SigningKey::read(&locked, || Some("house".to_owned().into())).err().unwrap();
    assert_eq!(wrong.message, "the passphrase does not open this key");
}
