//! Reading a bag, whoever made it: a folder, a zip or a tar, of which nothing is believed.

use super::bag::BAGIT;
use super::container::Form;
use super::content::{Measured, measured};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Larger files are only measured, and not kept.
const KEPT: u64 = 256 << 20;

/// The files of a bag, by their paths in it.
#[derive(Default)]
pub struct Opened {
    /// What each comes to.
    pub measured: BTreeMap<String, Measured>,
    kept: BTreeMap<String, Vec<u8>>,
    /// What is there and is no file that can be read: links, and names that lead out.
    pub strange: Vec<String>,
}

impl Opened {
    /// The bytes of a file, unless it is very large.
    #[must_use]
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.kept.get(path).map(Vec::as_slice)
    }

    /// The text of a file, where it is one.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(path)?).ok()
    }

    fn take(&mut self, path: String, input: &mut dyn Read) -> io::Result<()> {
        let leads_out = path.split('/').any(|part| matches!(part, "" | "." | ".."));
        if leads_out || self.measured.contains_key(&path) {
            self.strange.push(path);
            return Ok(());
        }
        let mut head = Vec::new();
        input.take(KEPT + 1).read_to_end(&mut head)?;
        if head.len() as u64 <= KEPT {
            self.measured.insert(path.clone(), measured(&mut head.as_slice())?);
            self.kept.insert(path, head);
        } else {
            let whole = measured(&mut head.as_slice().chain(input))?;
            self.measured.insert(path, whole);
        }
        Ok(())
    }
}

/// Whether something on the disk is a bag.
#[must_use]
pub fn is_bag(path: &Path) -> bool {
    if path.is_dir() {
        return path.join(BAGIT).is_file();
    }
    path.is_file() && open(path).is_ok_and(|opened| opened.measured.contains_key(BAGIT))
}

/// Opens a bag.
///
/// # Errors
/// When it cannot be read as what its name says that it is.
pub fn open(path: &Path) -> io::Result<Opened> {
    let mut opened = Opened::default();
    if path.is_dir() {
        folder(path, "", &mut opened)?;
        return Ok(opened);
    }
    let input = BufReader::new(File::open(path)?);
    match Form::of(path) {
        Form::Tar => {
            let mut tar = tar::Archive::new(input);
            for entry in tar.entries()? {
                let mut entry = entry?;
                let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                if entry.header().entry_type().is_dir() {
                    continue;
                }
                if entry.header().entry_type().is_file() {
                    opened.take(name, &mut entry)?;
                } else {
                    opened.strange.push(name);
                }
            }
        }
        Form::Zip | Form::Folder => {
            let mut zip = zip::ZipArchive::new(input).map_err(io::Error::other)?;
            for at in 0..zip.len() {
                let mut entry = zip.by_index(at).map_err(io::Error::other)?;
                let name = entry.name().to_owned();
                if entry.is_file() {
                    opened.take(name, &mut entry)?;
                } else if !entry.is_dir() {
                    opened.strange.push(name);
                }
            }
        }
    }
    Ok(without_top(opened))
}

fn folder(path: &Path, inside: &str, opened: &mut Opened) -> io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(path)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let below = if inside.is_empty() { name } else { format!("{inside}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            folder(&entry.path(), &below, opened)?;
        } else if kind.is_file() {
            opened.take(below, &mut BufReader::new(File::open(entry.path())?))?;
        } else {
            opened.strange.push(below);
        }
    }
    Ok(())
}

/// Packed, a bag lies in one folder, whose name says nothing; what lies beside it keeps its whole name.
fn without_top(packed: Opened) -> Opened {
    let declared = packed.measured.keys().filter_map(|path| path.strip_suffix(BAGIT));
    let Some(top) = declared.filter(|top| top.matches('/').count() == 1).map(str::to_owned).next() else {
        return packed;
    };
    let inside = |path: String| path.strip_prefix(&top).map_or_else(|| format!("../{path}"), str::to_owned);
    Opened {
        measured: packed.measured.into_iter().map(|(path, measured)| (inside(path), measured)).collect(),
        kept: packed.kept.into_iter().map(|(path, bytes)| (inside(path), bytes)).collect(),
        strange: packed.strange.into_iter().map(inside).collect(),
    }
}
