//! A copy of a site, as somebody has it: a folder, or a zip of one. Its files are listed and read; no link is followed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

use super::manifest::MANIFEST;

/// More files have no site; what lists more is no copy of one.
const MOST_FILES: usize = 5_000_000;

/// A site's folder, or a zip of one.
pub struct SiteCopy {
    /// What can be read, by path.
    files: BTreeMap<String, Place>,
    /// What lies there and is no file that can be, with what it is.
    odd: Vec<(String, &'static str)>,
    zip: Option<PathBuf>,
}

enum Place {
    Disk(PathBuf),
    Entry(usize),
}

/// Why a copy cannot be read at all.
#[derive(Debug)]
pub enum CopyError {
    /// The disk refused.
    Io(io::Error),
    /// It is no zip, or a damaged one.
    Zip(String),
    /// There are more files in it than any site has.
    TooMany,
}

impl std::fmt::Display for CopyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Zip(why) => write!(f, "this is no zip that can be read: {why}"),
            Self::TooMany => f.write_str("there are more files in it than any site has"),
        }
    }
}

impl std::error::Error for CopyError {}

impl From<io::Error> for CopyError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl SiteCopy {
    /// Lists a folder, or a zip.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub fn open(path: &Path) -> Result<Self, CopyError> {
        if fs::metadata(path)?.is_dir() { Self::of_folder(path) } else { Self::of_zip(path) }
    }

    fn of_folder(root: &Path) -> Result<Self, CopyError> {
        let mut copy = Self { files: BTreeMap::new(), odd: Vec::new(), zip: None };
        let mut waiting = vec![(root.to_owned(), String::new())];
        while let Some((folder, above)) = waiting.pop() {
            let mut empty = true;
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                empty = false;
                if copy.files.len() + copy.odd.len() + waiting.len() > MOST_FILES {
                    return Err(CopyError::TooMany);
                }
                let name = entry.file_name();
                let path = format!("{above}{}", name.to_string_lossy());
                let about = entry.file_type()?;
                if name.to_str().is_none() {
                    copy.odd.push((path, "its name is not UTF-8"));
                } else if about.is_dir() {
                    waiting.push((entry.path(), format!("{path}/")));
                } else if about.is_file() {
                    copy.files.insert(path, Place::Disk(entry.path()));
                } else if about.is_symlink() {
                    copy.odd.push((path, "it is a symbolic link, which no site has"));
                } else {
                    copy.odd.push((path, "it is neither a file nor a folder"));
                }
            }
            if empty && !above.is_empty() {
                copy.odd.push((above, "it is an empty folder, which no site has"));
            }
        }
        copy.odd.sort();
        Ok(copy)
    }

    fn of_zip(path: &Path) -> Result<Self, CopyError> {
        let zip = opened(path)?;
        if zip.len() > MOST_FILES {
            return Err(CopyError::TooMany);
        }
        let mut names: Vec<(String, usize)> = Vec::new();
        for number in 0..zip.len() {
            let name = zip.name_for_index(number).unwrap_or_default().to_owned();
            if !name.ends_with('/') {
                names.push((name, number));
            }
        }
        // A zip of a folder holds the folder: the site is where its manifest lies highest.
        let top = names.iter().filter_map(|(name, _)| name.strip_suffix(MANIFEST));
        let top = top.filter(|above| above.is_empty() || above.ends_with('/')).min_by_key(|above| above.len());
        let top = top.unwrap_or_default().to_owned();
        let mut copy = Self { files: BTreeMap::new(), odd: Vec::new(), zip: Some(path.to_owned()) };
        for (name, number) in names {
            match name.strip_prefix(&top) {
                Some(inside) if copy.files.contains_key(inside) => {
                    copy.odd.push((inside.to_owned(), "the zip holds it twice"));
                }
                Some(inside) => {
                    copy.files.insert(inside.to_owned(), Place::Entry(number));
                }
                None => copy.odd.push((name, "it lies in the zip beside the site")),
            }
        }
        copy.odd.sort();
        Ok(copy)
    }

    /// The paths of all files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// What lies there and is no file that can be read, with what it is.
    #[must_use]
    pub fn odd(&self) -> &[(String, &'static str)] {
        &self.odd
    }

    /// Whether there is such a file.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The beginning of a file, at most so many bytes of it.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub fn read(&self, path: &str, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.with(path, &mut |reader| reader.take(most).read_to_end(&mut bytes).map(drop))?;
        Ok(bytes)
    }

    /// Hands a file to whoever reads it. From several threads at once each opens a zip anew.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub fn with(&self, path: &str, look: &mut dyn FnMut(&mut dyn Read) -> io::Result<()>) -> io::Result<()> {
        match self.files.get(path) {
            Some(Place::Disk(path)) => {
                let about = fs::symlink_metadata(path)?;
                if !about.is_file() {
                    return Err(io::Error::other("it is a file no more"));
                }
                look(&mut BufReader::with_capacity(128 << 10, File::open(path)?))
            }
            Some(Place::Entry(number)) => {
                let zip = self.zip.as_deref().ok_or(io::ErrorKind::NotFound)?;
                let mut zip = opened(zip).map_err(|error| io::Error::other(error.to_string()))?;
                look(&mut zip.by_index(*number).map_err(io::Error::other)?)
            }
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Goes through all files, a zip opened only once.
    ///
    /// # Errors
    /// When the zip cannot be read; what a single file says is told to `each`.
    pub fn each<T: Send>(
        &self,
        each: impl Fn(&mut dyn Read) -> io::Result<T> + Sync,
    ) -> Result<BTreeMap<String, io::Result<T>>, CopyError> {
        use rayon::prelude::*;
        let Some(zip) = &self.zip else {
            let read = |path: &String| {
                let mut found = Err(io::ErrorKind::NotFound.into());
                let read = self.with(path, &mut |reader| {
                    found = each(reader);
                    Ok(())
                });
                (path.clone(), read.and(found))
            };
            let paths: Vec<&String> = self.files.keys().collect();
            let all: Vec<_> = paths.into_par_iter().map(read).collect();
            return Ok(all.into_iter().collect());
        };
        let mut zip = opened(zip)?;
        let mut all = BTreeMap::new();
        for (path, place) in &self.files {
            let Place::Entry(number) = place else { continue };
            let found = match zip.by_index(*number) {
                Ok(mut entry) => each(&mut entry),
                Err(error) => Err(io::Error::other(error)),
            };
            all.insert(path.clone(), found);
        }
        Ok(all)
    }
}

fn opened(path: &Path) -> Result<ZipArchive<BufReader<File>>, CopyError> {
    ZipArchive::new(BufReader::new(File::open(path)?)).map_err(|error| CopyError::Zip(error.to_string()))
}
