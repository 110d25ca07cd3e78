//! A site's manifest: every file of it with its SHA-256, in the form that `sha256sum -c` reads, under lines that say
//! which publishing it was. It says nothing that the site's files do not show by lying there.

use super::digest::Digest;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The manifest's name in the site.
pub const MANIFEST: &str = "SHA256SUMS";
/// The name of the signature over it.
pub const MANIFEST_SIGNATURE: &str = "SHA256SUMS.sig";

/// The first line; the number is that of the form.
const HEAD: &str = "# strongroom site 1";

/// Which publishing a site came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteFacts {
    /// The commit's id; empty for an archive outside git.
    pub commit: String,
    /// The day for which it was built.
    pub day: String,
    /// Whether what was built was not as it stands in the commit.
    pub uncommitted: bool,
    /// Size and root of the log's checkpoint, as they stand in it; none where no log is kept.
    pub checkpoint: Option<(u64, String)>,
}

/// What a site should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Which publishing it was.
    pub facts: SiteFacts,
    /// All files but the manifest and its signature, by path.
    pub files: BTreeMap<String, Digest>,
}

/// Why a text is no manifest, and the number of the line that is to blame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: &'static str,
}

impl Manifest {
    /// The text. The same site always has the same.
    #[must_use]
    pub fn text(&self) -> String {
        let SiteFacts { commit, day, uncommitted, checkpoint } = &self.facts;
        let mut text = format!("{HEAD}\n# commit {}\n# day {day}\n", if commit.is_empty() { "none" } else { commit });
        if *uncommitted {
            text.push_str("# with changes that are in no commit\n");
        }
        if let Some((size, root)) = checkpoint {
            // Writing to a string does not fail.
            let _ = writeln!(text, "# checkpoint {size} {root}");
        }
        for (path, digest) in &self.files {
            text.push_str(&line(path, digest));
        }
        text
    }

    /// Reads a text that [`Manifest::text`] made, and no other: a text in which one byte is different is broken, or says
    /// something else.
    ///
    /// # Errors
    /// The first line that no manifest has there.
    pub fn parse(text: &[u8]) -> Result<Self, Broken> {
        let broken = |line, message| Broken { line, message };
        let Ok(text) = std::str::from_utf8(text) else { return Err(broken(1, "the text is not UTF-8")) };
        let mut manifest = Self::default();
        let mut day = None;
        for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
            if let Some(said) = line.strip_prefix("# ") {
                let (key, value) = said.split_once(' ').unwrap_or((said, ""));
                match key {
                    "commit" if value == "none" => {}
                    "commit" => manifest.facts.commit = value.to_owned(),
                    "day" => day = Some(value.to_owned()),
                    "with" => manifest.facts.uncommitted = true,
                    "checkpoint" => {
                        let read = value.split_once(' ').and_then(|(size, root)| Some((size.parse().ok()?, root)));
                        let (size, root): (u64, &str) = read.ok_or_else(|| broken(number, "this is no checkpoint"))?;
                        manifest.facts.checkpoint = Some((size, root.to_owned()));
                    }
                    _ if number == 1 => {}
                    _ => return Err(broken(number, "no manifest has such a line")),
                }
                continue;
            }
            let (path, digest) = parsed(line).ok_or_else(|| broken(number, "this is no digest with a path"))?;
            if !is_path(&path) {
                return Err(broken(number, "no file of a site has such a path"));
            }
            if manifest.files.insert(path, digest).is_some() {
                return Err(broken(number, "this path stands here twice"));
            }
        }
        manifest.facts.day = day.unwrap_or_default();
        // Whatever was read another way than it is written is found here: order, blanks, line ends, the first line.
        let written = manifest.text();
        if written != text {
            let same = written.lines().zip(text.lines()).take_while(|(one, other)| one == other).count();
            return Err(broken(same + 1, "this line is not as the program writes it, or does not stand in its place"));
        }
        Ok(manifest)
    }
}

/// Whether a path is one of a site: names parted by slashes, none of which leads elsewhere.
fn is_path(path: &str) -> bool {
    !path.split('/').any(|part| matches!(part, "" | "." | "..") || part.contains('\0'))
        && path != MANIFEST
        && path != MANIFEST_SIGNATURE
}

/// A line as `sha256sum` writes it: with a backslash before it where the name has one or a line break.
fn line(path: &str, digest: &Digest) -> String {
    if path.contains(['\\', '\n', '\r']) {
        let path = path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        return format!("\\{digest}  {path}\n");
    }
    format!("{digest}  {path}\n")
}

fn parsed(line: &str) -> Option<(String, Digest)> {
    let (escaped, line) = line.strip_prefix('\\').map_or((false, line), |line| (true, line));
    let (digest, path) = line.split_once("  ")?;
    let digest = Digest::parse(digest)?;
    if !escaped {
        return Some((path.to_owned(), digest));
    }
    let mut plain = String::with_capacity(path.len());
    let mut signs = path.chars();
    while let Some(sign) = signs.next() {
        plain.push(match (sign, sign == '\\') {
            (sign, false) => sign,
            _ => match signs.next()? {
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => return None,
            },
        });
    }
    Some((plain, digest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> Manifest {
        let facts = SiteFacts {
            commit: "f".repeat(40),
            day: "2026-11-23".to_owned(),
            uncommitted: true,
            checkpoint: Some((3, "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=".to_owned())),
        };
        let names = ["index.html", "files/open/审批 意见.pdf", "odd\nname\\", "a  b", "# c", "assets/x.js"];
        let files = names.iter().map(|name| ((*name).to_owned(), Digest::of(name.as_bytes()))).collect();
        Manifest { facts, files }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let manifest = sample();
        assert_eq!(Manifest::parse(manifest.text().as_bytes()), Ok(manifest.clone()));
        let bare = Manifest { facts: SiteFacts { day: "2026-11-23".to_owned(), ..SiteFacts::default() }, ..manifest };
        assert_eq!(Manifest::parse(bare.text().as_bytes()), Ok(bare.clone()));
    }

    #[test]
    fn a_text_in_which_a_byte_is_different_is_broken_or_says_something_else() {
        let manifest = sample();
        let text = manifest.text().into_bytes();
        for at in 0..text.len() {
            for other in [text[at] ^ 1, text[at] ^ 0x20, b'\n', b'\r', b' '] {
                let mut changed = text.clone();
                changed[at] = other;
                if changed != text {
                    assert_ne!(Manifest::parse(&changed).as_ref(), Ok(&manifest), "{at}");
                }
            }
            assert_ne!(Manifest::parse(&text[..at]).as_ref(), Ok(&manifest), "{at}");
        }
        assert!(Manifest::parse(&[text, b"\n".to_vec()].concat()).is_err());
    }

    #[test]
    fn paths_that_lead_elsewhere_are_no_paths() {
        let head = "# strongroom site 1\n# commit none\n# day 2026-11-23\n";
        for path in ["../x", "/etc/passwd", "a/../b", "a//b", "./a", "a/", "", "SHA256SUMS", "SHA256SUMS.sig"] {
            let text = format!("{head}{}  {path}\n", Digest::of(b""));
            assert_eq!(Manifest::parse(text.as_bytes()).map_err(|broken| broken.line), Err(4), "{path}");
        }
        let twice = format!("{head}{0}  a\n{0}  a\n", Digest::of(b""));
        assert_eq!(Manifest::parse(twice.as_bytes()).unwrap_err().line, 5);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(text in "(# |strongroom site 1|[0-9a-f]{64}|  |\\\\|\n|commit|day|checkpoint 1|\\PC){0,30}") {
            if let Ok(manifest) = Manifest::parse(text.as_bytes()) {
                prop_assert_eq!(manifest.text(), text);
            }
        }
    }
}
