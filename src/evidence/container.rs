//! Writing a bag as a folder, a zip or a tar: whole or not at all, the same bytes for the same files, and never over
//! anything that is no bag.

use super::bag::BAGIT;
use super::content::Files;
use super::opened::is_bag;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// In what form a bag is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A folder.
    Folder,
    /// A zip with one folder in it.
    Zip,
    /// A tar with one folder in it.
    Tar,
}

impl Form {
    /// The form that a name asks for.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        match path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("zip") => Self::Zip,
            Some("tar") => Self::Tar,
            _ => Self::Folder,
        }
    }
}

/// Why a bag was not written.
#[derive(Debug)]
pub enum WriteError {
    /// Something that is no bag lies in its place.
    InTheWay(PathBuf),
    /// The disk, or a file of the archive.
    Failed(io::Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Writes a bag. One that lies there already is replaced once the new one is whole.
///
/// # Errors
/// When something else lies there, or it cannot be written.
pub fn write(files: &Files<'_>, to: &Path) -> Result<(), WriteError> {
    if to.symlink_metadata().is_ok() && !is_bag(to) {
        return Err(WriteError::InTheWay(to.to_owned()));
    }
    let parent = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let form = Form::of(to);
    if form == Form::Folder {
        let beside = tempfile::Builder::new().prefix(".evidence-").tempdir_in(parent)?;
        into_folder(files, &beside.path().join("bag"))?;
        let old = beside.path().join("old");
        let replaced = to.exists();
        if replaced {
            fs::rename(to, &old)?;
        }
        if let Err(error) = fs::rename(beside.path().join("bag"), to) {
            if replaced {
                fs::rename(&old, to)?;
            }
            return Err(error.into());
        }
        return Ok(());
    }
    let mut beside = tempfile::Builder::new().prefix(".evidence-").tempfile_in(parent)?;
    let name = to.file_stem().map_or_else(|| "bag".to_owned(), |stem| stem.to_string_lossy().into_owned());
    match form {
        Form::Zip => into_zip(files, &name, beside.as_file_mut())?,
        _ => into_tar(files, &name, beside.as_file_mut())?,
    }
    beside.as_file().sync_all()?;
    beside.persist(to).map_err(|error| error.error)?;
    Ok(())
}

fn into_folder(files: &Files<'_>, folder: &Path) -> io::Result<()> {
    for path in files.paths() {
        let place = folder.join(path);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = BufWriter::new(File::options().write(true).create_new(true).open(place)?);
        files.copy(path, &mut file)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    }
    Ok(())
}

/// The declaration first, as readers of a stream look for it; then the paths in their order.
fn in_order<'f>(files: &'f Files<'_>) -> impl Iterator<Item = &'f str> {
    std::iter::once(BAGIT).chain(files.paths().filter(|path| *path != BAGIT))
}

fn into_zip(files: &Files<'_>, name: &str, output: &mut File) -> io::Result<()> {
    // Neither compressed nor dated, so that the bytes are a function of the files.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(BufWriter::new(output));
    for path in in_order(files) {
        let large = files.measure(path)?.length >= u64::from(u32::MAX);
        zip.start_file(format!("{name}/{path}"), options.large_file(large)).map_err(io::Error::other)?;
        files.copy(path, &mut zip)?;
    }
    zip.finish().map_err(io::Error::other)?.flush()
}

fn into_tar(files: &Files<'_>, name: &str, output: &mut File) -> io::Result<()> {
    let mut tar = tar::Builder::new(BufWriter::new(output));
    for path in in_order(files) {
        let mut header = tar::Header::new_gnu();
        header.set_size(files.measure(path)?.length);
        header.set_mode(0o644);
        header.set_mtime(0);
        let mut stored = tempfile::tempfile()?;
        files.copy(path, &mut stored)?;
        io::Seek::rewind(&mut stored)?;
        tar.append_data(&mut header, format!("{name}/{path}"), stored)?;
    }
    tar.into_inner()?.flush()
}
