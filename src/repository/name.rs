//! Names of files that can be trusted as paths, and what is said of the others.

use std::fmt;

/// How many folders deep an archive may go. Deeper nesting is an attack or an accident.
pub(super) const MAX_DEPTH: usize = 64;
/// The longest name of one file or folder, in bytes: what common file systems can hold.
const MAX_NAME: usize = 255;
/// The longest path inside an archive, in bytes: Linux's `PATH_MAX`.
pub(super) const MAX_PATH: usize = 4096;

/// Something in the source that could not become a file of the snapshot.
///
/// The file is left out of the snapshot's list; whoever reads the snapshot decides how bad that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, relative to the archive, for showing only: what is not UTF-8, and control characters, are replaced.
    pub path: String,
    /// What is wrong.
    pub what: Trouble,
}

impl Problem {
    /// A problem at the path of these bytes, which may be anything.
    pub(super) fn at(path: &[u8], what: Trouble) -> Self {
        const SHOWN: usize = 400;
        let lossy = String::from_utf8_lossy(path);
        let mut shown: String =
            lossy.chars().take(SHOWN).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
        if lossy.chars().nth(SHOWN).is_some() {
            shown.push('…');
        }
        Self { path: shown, what }
    }
}

/// What keeps a file out of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A name without a character.
    EmptyName,
    /// `.` or `..` as a name.
    DotName,
    /// `.git`, in any case, as a name.
    GitName,
    /// A slash inside a name, as an absolute path has at its start.
    Slash,
    /// A backslash in a name: a separator on other systems.
    Backslash,
    /// A control character in a name, a line break for example.
    ControlCharacter,
    /// A name that is not UTF-8.
    NotUtf8,
    /// A name of more than 255 bytes or a path of more than 4,096.
    TooLong,
    /// More than 64 folders deep.
    TooDeep,
    /// Two things of one name in one folder, which only a damaged or hostile commit has.
    Twice,
    /// A kind of entry that git does not know; the number is its mode.
    UnknownMode(u32),
    /// Staged in several versions: a merge has not been concluded.
    Conflict,
    /// A folder that is a git repository of its own and no submodule of this one.
    NestedRepository,
    /// Neither a file nor a folder nor a symbolic link: a pipe, a socket, a device.
    SpecialFile,
    /// The file is there and cannot be read; the text is what the system says.
    Unreadable(String),
    /// The content is built to share its SHA-1 with other content.
    CollidingContent,
}

impl Trouble {
    /// What the archivist can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::EmptyName | Self::DotName | Self::GitName | Self::Slash | Self::Twice | Self::UnknownMode(_) => {
                "no ordinary git program writes this: find out who made the commit, and replace it"
            }
            Self::Backslash | Self::ControlCharacter | Self::NotUtf8 => {
                "rename it, with letters, digits, dots and hyphens, in UTF-8"
            }
            Self::TooLong => "give it a shorter name",
            Self::TooDeep => "move it up: an archive is at most 64 folders deep",
            Self::Conflict => "conclude the merge, then `git add` the file",
            Self::NestedRepository => "move the repository out of the archive, or remove its .git folder",
            Self::SpecialFile => "remove it from the archive",
            Self::Unreadable(_) => "check the file's permissions and the disk",
            Self::CollidingContent => "find out where the file comes from, and replace it",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyName => out.write_str("a file without a name"),
            Self::DotName => out.write_str("`.` or `..` stands as a name, which would lead to another folder"),
            Self::GitName => out.write_str("`.git` stands as a name, which belongs to git alone"),
            Self::Slash => out.write_str("a name holds a slash, which would lead to another folder"),
            Self::Backslash => out.write_str("a name holds a backslash, which separates folders on other systems"),
            Self::ControlCharacter => out.write_str("a name holds a control character"),
            Self::NotUtf8 => out.write_str("a name is not UTF-8"),
            Self::TooLong => out.write_str("the name is longer than 255 bytes, or the path longer than 4,096"),
            Self::TooDeep => write!(out, "it lies more than {MAX_DEPTH} folders deep"),
            Self::Twice => out.write_str("two things in one folder have this name"),
            Self::UnknownMode(mode) => write!(out, "it is of a kind that git does not know (mode {mode:o})"),
            Self::Conflict => out.write_str("it is staged in several versions of a merge that is not concluded"),
            Self::NestedRepository => out.write_str("this folder is a git repository of its own"),
            Self::SpecialFile => out.write_str("it is neither a file nor a folder nor a symbolic link"),
            Self::Unreadable(why) => write!(out, "it cannot be read: {why}"),
            Self::CollidingContent => out.write_str("its content is made to share its SHA-1 with other content"),
        }
    }
}

/// The name of one file or folder as text, if it can safely be part of a path.
pub(super) fn checked_name(name: &[u8]) -> Result<&str, Trouble> {
    if name.is_empty() {
        return Err(Trouble::EmptyName);
    }
    if name == b"." || name == b".." {
        return Err(Trouble::DotName);
    }
    if name.eq_ignore_ascii_case(b".git") {
        return Err(Trouble::GitName);
    }
    if name.contains(&b'/') {
        return Err(Trouble::Slash);
    }
    if name.contains(&b'\\') {
        return Err(Trouble::Backslash);
    }
    if name.len() > MAX_NAME {
        return Err(Trouble::TooLong);
    }
    let text = std::str::from_utf8(name).map_err(|_| Trouble::NotUtf8)?;
    if text.chars().any(char::is_control) {
        return Err(Trouble::ControlCharacter);
    }
    Ok(text)
}

/// A folder's path and a name in it, as one path; the archive itself is the empty path.
pub(super) fn joined(folder: &str, name: &str) -> Result<String, Trouble> {
    let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    if path.len() > MAX_PATH { Err(Trouble::TooLong) } else { Ok(path) }
}

/// A whole path as text, if each of its names can safely be one.
pub(super) fn checked_path(path: &[u8]) -> Result<&str, Trouble> {
    let mut depth = 0;
    for name in path.split(|byte| *byte == b'/') {
        checked_name(name)?;
        depth += 1;
    }
    if depth > MAX_DEPTH + 1 {
        return Err(Trouble::TooDeep);
    }
    if path.len() > MAX_PATH {
        return Err(Trouble::TooLong);
    }
    std::str::from_utf8(path).map_err(|_| Trouble::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_pass_in_any_language() {
        for name in ["dossier.yaml", "云溪水电", ".gitignore", "...", "a b", "-rf"] {
            assert_eq!(checked_name(name.as_bytes()), Ok(name));
        }
    }

    #[test]
    fn names_that_could_lead_elsewhere_are_refused() {
        let cases: [(&[u8], Trouble); 10] = [
            (b"", Trouble::EmptyName),
            (b".", Trouble::DotName),
            (b"..", Trouble::DotName),
            (b".GiT", Trouble::GitName),
            (b"/etc/passwd", Trouble::Slash),
            (b"..\\x", Trouble::Backslash),
            (b"a\nb", Trouble::ControlCharacter),
            (b"a\0b", Trouble::ControlCharacter),
            (b"\xff\xfe", Trouble::NotUtf8),
            (&[b'a'; 256], Trouble::TooLong),
        ];
        for (name, trouble) in cases {
            assert_eq!(checked_name(name), Err(trouble));
        }
    }

    #[test]
    fn a_path_is_refused_for_any_of_its_names_and_for_its_depth() {
        assert_eq!(checked_path(b"a/b/c"), Ok("a/b/c"));
        assert_eq!(checked_path(b"/a"), Err(Trouble::EmptyName));
        assert_eq!(checked_path(b"a/../../b"), Err(Trouble::DotName));
        assert_eq!(checked_path("a/".repeat(65).as_bytes()), Err(Trouble::EmptyName));
        assert_eq!(checked_path(format!("{}b", "a/".repeat(64)).as_bytes()).map(str::len), Ok(129));
        assert_eq!(checked_path(format!("{}b", "a/".repeat(65)).as_bytes()), Err(Trouble::TooDeep));
    }

    #[test]
    fn a_shown_path_carries_no_control_characters() {
        let problem = Problem::at(b"a\x1b[2J\xff", Trouble::NotUtf8);
        assert_eq!(problem.path, "a\u{fffd}[2J\u{fffd}");
    }
}
