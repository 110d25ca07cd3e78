//! A copy of a site, held against its manifest and the manifest's signature.

use super::copy::{CopyError, SiteCopy};
use super::digest::Digest;
use super::manifest::{MANIFEST, MANIFEST_SIGNATURE, Manifest};
use crate::finding::{Code, Finding, Place};
use crate::provenance::{Signed, Signers, TEXT_NAMESPACE, Verdict};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// There is no manifest to hold the copy against.
pub const MANIFEST_MISSING: Code = Code("manifest-missing");
/// The manifest is not as a build writes it.
pub const MANIFEST_BROKEN: Code = Code("manifest-broken");
/// Nobody signed the manifest.
pub const MANIFEST_UNSIGNED: Code = Code("manifest-unsigned");
/// A signature that does not hold, or is by nobody who may sign.
pub const SIGNATURE_REFUSED: Code = Code("signature-refused");
/// A file holds other bytes than were published.
pub const SITE_FILE_CHANGED: Code = Code("site-file-changed");
/// A file that was published is not there.
pub const SITE_FILE_MISSING: Code = Code("site-file-missing");
/// A file is there that was not published.
pub const SITE_FILE_UNKNOWN: Code = Code("site-file-unknown");
/// Something lies there that is no file, or that can be none.
pub const SITE_FILE_ODD: Code = Code("site-file-odd");

/// The largest manifest that is read: some ten million files.
const LARGEST: u64 = 1 << 30;
/// The largest signature.
const LARGEST_SIGNATURE: u64 = 32 << 10;

/// What is known of a copy that has a manifest.
pub struct SiteReport {
    /// What the manifest says.
    pub manifest: Manifest,
    /// Who signed it, in words, where somebody did whose signature holds.
    pub signer: Option<String>,
}

/// Holds a copy against its manifest. Without signers it is said who signed, and that nobody vouches for the key; with
/// them, a manifest that is not signed by one of them is an error.
///
/// # Errors
/// When the copy cannot be read as a whole.
pub fn check_site(
    copy: &SiteCopy,
    signers: Option<&Signers>,
    findings: &mut Vec<Finding>,
) -> Result<Option<SiteReport>, CopyError> {
    if !copy.has(MANIFEST) {
        let message = "there is no manifest, so that nothing can be said of any file";
        let remedy = "build the site anew, or get the whole of it; a site of an older version has none";
        findings.push(Finding::error(MANIFEST_MISSING, message).at(Place::whole(MANIFEST)).remedy(remedy));
        return Ok(None);
    }
    let text = copy.read(MANIFEST, LARGEST)?;
    let manifest = match Manifest::parse(&text) {
        Ok(manifest) => manifest,
        Err(broken) => {
            let message = format!("the manifest is broken in line {}: {}", broken.line, broken.message);
            let remedy =
                "get the manifest anew from where the site was published; nothing is said of the files meanwhile";
            findings.push(Finding::error(MANIFEST_BROKEN, message).at(Place::whole(MANIFEST)).remedy(remedy));
            return Ok(None);
        }
    };
    let signer = signature(copy, &text, &manifest, signers, findings)?;
    files(copy, &manifest, findings)?;
    Ok(Some(SiteReport { manifest, signer }))
}

fn signature(
    copy: &SiteCopy,
    text: &[u8],
    manifest: &Manifest,
    signers: Option<&Signers>,
    findings: &mut Vec<Finding>,
) -> Result<Option<String>, CopyError> {
    let at = || Place::whole(MANIFEST_SIGNATURE);
    if !copy.has(MANIFEST_SIGNATURE) {
        let message = "nobody signed the manifest: whoever could change a file could change the manifest with it";
        let finding = match signers {
            Some(_) => Finding::error(MANIFEST_UNSIGNED, message),
            None => Finding::warning(MANIFEST_UNSIGNED, message),
        };
        findings.push(
            finding
                .at(at())
                .remedy("build with `--sign KEY`, and give its line of `allowed_signers` to whoever verifies"),
        );
        return Ok(None);
    }
    let signature = copy.read(MANIFEST_SIGNATURE, LARGEST_SIGNATURE)?;
    let day = manifest.facts.day.parse::<Date>().unwrap_or_default();
    Ok(judged(&signature, text, day, signers, &at(), findings))
}

/// Who signed a text, in words; none where the signature does not hold, which is a finding then.
pub fn judged(
    signature: &[u8],
    text: &[u8],
    day: Date,
    signers: Option<&Signers>,
    at: &Place,
    findings: &mut Vec<Finding>,
) -> Option<String> {
    let nobody = Signers::default();
    let judged = signers.unwrap_or(&nobody).judge_text(TEXT_NAMESPACE, signature, text, day);
    let (message, remedy) = match judged {
        Signed::Ssh(Verdict::Good { principal, fingerprint }) => return Some(format!("{principal} ({fingerprint})")),
        Signed::Ssh(Verdict::UnknownKey { fingerprint }) if signers.is_none() => {
            let message = format!("it is signed with the key {fingerprint}, and nothing says whose that is");
            let remedy = "name a list of who may sign, which you got another way, with `--signers FILE`";
            findings.push(Finding::warning(SIGNATURE_REFUSED, message).at(at.clone()).remedy(remedy));
            return Some(fingerprint);
        }
        Signed::Ssh(Verdict::UnknownKey { fingerprint } | Verdict::OtherPerson { fingerprint, .. }) => (
            format!("it is signed with the key {fingerprint}, which is nobody's who may sign texts"),
            "ask who signed; a line of `allowed_signers` with `namespaces` needs `strongroom` among them",
        ),
        Signed::Ssh(Verdict::OutsideItsTime { principal, fingerprint }) => (
            format!("it is signed with the key {fingerprint} of {principal}, which does not count on {day}"),
            "ask who signed, and when",
        ),
        Signed::Ssh(Verdict::Unverifiable { kind, .. }) => (
            format!("signatures by keys of the kind `{kind}` are not verified here"),
            "`ssh-keygen -Y verify` may do; or sign with an Ed25519 key",
        ),
        Signed::Ssh(Verdict::Broken) => (
            "the signature does not belong to this text: one of the two was changed".to_owned(),
            "get both anew from where they were published",
        ),
        _ => ("this is no SSH signature".to_owned(), "get it anew from where it was published"),
    };
    findings.push(Finding::error(SIGNATURE_REFUSED, message).at(at.clone()).remedy(remedy));
    None
}

fn files(copy: &SiteCopy, manifest: &Manifest, findings: &mut Vec<Finding>) -> Result<(), CopyError> {
    for (path, what) in copy.odd() {
        let remedy = "remove it; a site consists of files in folders, and of nothing else";
        findings.push(Finding::error(SITE_FILE_ODD, *what).at(Place::whole(path)).remedy(remedy));
    }
    let is_own = |path: &str| path == MANIFEST || path == MANIFEST_SIGNATURE;
    let mut by_letters: BTreeMap<String, &str> = BTreeMap::new();
    let known: BTreeMap<String, &str> =
        manifest.files.keys().map(|path| (path.to_lowercase(), path.as_str())).collect();
    for path in copy.paths().filter(|path| !is_own(path) && !manifest.files.contains_key(*path)) {
        by_letters.insert(path.to_lowercase(), path);
        let mut finding = Finding::error(SITE_FILE_UNKNOWN, "this file was not published with the site")
            .at(Place::whole(path))
            .remedy("remove it, and find out who put it there");
        if let Some(twin) = known.get(&path.to_lowercase()) {
            finding = finding.related(Place::whole(twin), "it differs only in capital letters from this one");
        }
        findings.push(finding);
    }
    let read = copy.each(|reader| Digest::of_reader(reader))?;
    for (path, digest) in &manifest.files {
        let remedy = "get it anew from where the site was published, or build the site anew";
        let finding = match read.get(path) {
            Some(Ok(found)) if found == digest => continue,
            Some(Ok(_)) => Finding::error(SITE_FILE_CHANGED, "this file holds other bytes than were published"),
            Some(Err(error)) => Finding::error(SITE_FILE_CHANGED, format!("this file cannot be read: {error}")),
            None => {
                let missing = Finding::error(SITE_FILE_MISSING, "this file was published and is not here");
                match by_letters.get(&path.to_lowercase()) {
                    Some(other) => missing.related(Place::whole(other), "this one differs only in capital letters"),
                    None => missing,
                }
            }
        };
        findings.push(finding.at(Place::whole(path)).remedy(remedy));
    }
    Ok(())
}
