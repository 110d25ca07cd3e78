//! From files to a bag: what RFC 8493 asks to stand beside them.

use super::content::{Files, Measured};
use std::collections::BTreeMap;
use std::io;

/// What every bag begins with, to the letter.
pub const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
/// The declaration's file.
pub const BAGIT: &str = "bagit.txt";
/// What the bag is.
pub const BAG_INFO: &str = "bag-info.txt";
/// The digests of what it carries.
pub const MANIFEST: &str = "manifest-sha256.txt";
/// The digests of what stands beside that.
pub const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
/// The signature over the digests.
pub const SIGNATURE: &str = "tagmanifest-sha256.txt.sig";
/// Whose key made it.
pub const BAG_SIGNERS: &str = "bag_signers";
/// For what a signature over a bag is made, as over every text that is no commit.
pub const NAMESPACE: &str = crate::provenance::TEXT_NAMESPACE;
/// What is carried.
pub const PAYLOAD: &str = "data/";

/// A manifest: a line for each file, in the order of the paths' bytes.
#[must_use]
pub fn manifest<'p>(digests: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let mut lines: Vec<(&str, &str)> = digests.collect();
    lines.sort_unstable();
    lines.iter().map(|(path, digest)| format!("{digest}  {path}\n")).collect()
}

/// What each file of the payload comes to.
///
/// # Errors
/// When one cannot be read.
pub fn measures(files: &Files<'_>) -> io::Result<BTreeMap<String, Measured>> {
    let payload = files.paths().filter(|path| path.starts_with(PAYLOAD));
    payload.map(|path| Ok((path.to_owned(), files.measure(path)?))).collect()
}

/// Puts manifests, declaration and description beside the files. `told` are the lines of `bag-info.txt` that the bag's
/// maker knows. Gives the tag manifest, which is what is signed.
///
/// # Errors
/// When a file cannot be read.
pub fn close(files: &mut Files<'_>, told: &[(&str, String)]) -> io::Result<String> {
    let payload = measures(files)?;
    let length: u64 = payload.values().map(|measured| measured.length).sum();
    let mut info: Vec<(&str, String)> = told.to_vec();
    info.push(("Payload-Oxum", format!("{length}.{}", payload.len())));
    files.made(BAGIT, DECLARATION);
    files.made(BAG_INFO, info_text(&info));
    files.made(MANIFEST, manifest(payload.iter().map(|(path, measured)| (path.as_str(), measured.sha256.as_str()))));
    let mut tags = BTreeMap::new();
    for path in files.paths().filter(|path| !path.starts_with(PAYLOAD)) {
        tags.insert(path.to_owned(), files.measure(path)?.sha256);
    }
    let text = manifest(tags.iter().map(|(path, digest)| (path.as_str(), digest.as_str())));
    files.made(TAG_MANIFEST, text.as_str());
    Ok(text)
}

/// `bag-info.txt`: a line for each thing that is said, whatever line ends stood in it.
fn info_text(info: &[(&str, String)]) -> String {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    info.iter().map(|(key, value)| format!("{key}: {}\n", line(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bag_lists_its_payload_and_its_tag_files_apart() {
        let mut files = Files::default();
        files.made("data/a.txt", "a");
        files.made("data/b/c.txt", "bc");
        files.made("README.md", "r");
        let tags = close(&mut files, &[("External-Description", "one\ntwo".to_owned())]).unwrap();
        let listed: Vec<&str> = tags.lines().map(|line| &line[66..]).collect();
        assert_eq!(listed, ["README.md", BAG_INFO, BAGIT, MANIFEST]);
        let mut info = Vec::new();
        files.copy(BAG_INFO, &mut info).unwrap();
        assert_eq!(String::from_utf8(info).unwrap(), "External-Description: one two\nPayload-Oxum: 3.2\n");
    }
}
