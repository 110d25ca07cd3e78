//! What can go wrong between an archive and its snapshot, in plain words.

use std::fmt;
use std::path::PathBuf;

use super::id::ContentId;
use super::lfs::LfsFault;

/// Why a source could not be opened as a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Neither the folder nor any above it is a git repository.
    NoRepository {
        #[doc = "The folder that was named."]
        path: PathBuf,
    },
    /// The repository belongs to another user, and git's configuration does not say that it is trusted.
    NotOwned {
        #[doc = "The repository's folder."]
        path: PathBuf,
    },
    /// The repository names its objects by SHA-256, which libgit2 does not read.
    Sha256 {
        #[doc = "The repository's folder."]
        path: PathBuf,
    },
    /// The repository uses another extension of git that libgit2 does not know.
    Unsupported {
        #[doc = "The repository's folder."]
        path: PathBuf,
        #[doc = "What libgit2 says."]
        detail: String,
    },
    /// The repository has no commit at all.
    EmptyRepository {
        #[doc = "The repository's folder."]
        path: PathBuf,
    },
    /// HEAD is on a branch that has no commit yet, while others have.
    UnbornHead {
        #[doc = "The branch."]
        branch: String,
    },
    /// No commit, branch or tag of this name.
    NoSuchRevision {
        #[doc = "As it was asked for."]
        revision: String,
    },
    /// The shortened id fits several objects.
    AmbiguousRevision {
        #[doc = "As it was asked for."]
        revision: String,
    },
    /// The name leads to something other than a commit.
    NotACommit {
        #[doc = "As it was asked for."]
        revision: String,
    },
    /// The archive's folder is not in that commit.
    NoSuchFolder {
        #[doc = "Relative to the repository."]
        folder: String,
        #[doc = "The commit."]
        commit: ContentId,
    },
    /// The name of the archive's folder inside the repository cannot be one.
    BadFolder {
        #[doc = "As it was given."]
        folder: String,
    },
    /// A commit or a folder's listing (a tree) cannot be had from the repository.
    Object {
        #[doc = "The object."]
        id: ContentId,
        #[doc = "The folder that it lists, or what else it is."]
        what: String,
        #[doc = "What is wrong with it."]
        fault: ObjectFault,
    },
    /// More files and folders than any archive has.
    TooManyFiles {
        #[doc = "How many are read at most."]
        limit: usize,
    },
    /// A bare repository, or a `.git` folder, has no work tree and nothing staged.
    NoWorkTree {
        #[doc = "The repository's folder."]
        path: PathBuf,
    },
    /// The folder is not there, is no folder, or cannot be read.
    Folder {
        #[doc = "The folder that was named."]
        path: PathBuf,
        #[doc = "What the system says."]
        detail: String,
    },
    /// Anything else that libgit2 reports.
    Git {
        #[doc = "The folder."]
        path: PathBuf,
        #[doc = "What libgit2 says."]
        detail: String,
    },
}

impl OpenError {
    /// What the user can do about it, where there is something plain to say.
    pub fn remedy(&self) -> Option<String> {
        Some(match self {
            Self::NoRepository { .. } => "name the archive's folder, or start a repository with `git init`".into(),
            Self::NotOwned { path } => format!(
                "if you trust it, say so: git config --global --add safe.directory '{}'",
                path.display().to_string().trim_end_matches('/')
            ),
            Self::Sha256 { .. } => "keep the archive in a repository with SHA-1 names, which is git's default".into(),
            Self::Unsupported { .. } => "clone it anew without that extension, and use the clone".into(),
            Self::EmptyRepository { .. } => "commit the archive, or build what is not committed (--worktree)".into(),
            Self::UnbornHead { .. } => "commit to that branch, or name another revision (--rev)".into(),
            Self::NoSuchRevision { .. } => "`git branch --all` and `git tag` show which names there are".into(),
            Self::AmbiguousRevision { .. } => "give more digits of the id".into(),
            Self::NotACommit { .. } => "name a commit, a branch or a tag of a commit".into(),
            Self::NoSuchFolder { .. } => "name a revision that holds the archive, or another folder".into(),
            Self::BadFolder { .. } => "name a folder inside the repository, with slashes".into(),
            Self::Object { fault: ObjectFault::TooLarge { .. }, .. } | Self::TooManyFiles { .. } => {
                "this is no archive: check the revision and the folder".into()
            }
            Self::Object { .. } => "`git fsck` shows what is damaged; fetch it again from a sound clone".into(),
            Self::NoWorkTree { .. } => "build a commit of it instead, or work in a clone".into(),
            Self::Folder { .. } | Self::Git { .. } => return None,
        })
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRepository { path } => write!(out, "{} is not in a git repository", path.display()),
            Self::NotOwned { path } => {
                write!(out, "the repository {} belongs to another user, so git does not trust it", path.display())
            }
            Self::Sha256 { path } => {
                write!(out, "the repository {} names its objects by SHA-256, which is not supported", path.display())
            }
            Self::Unsupported { path, detail } => {
                write!(out, "the repository {} cannot be read: {detail}", path.display())
            }
            Self::EmptyRepository { path } => write!(out, "the repository {} has no commit yet", path.display()),
            Self::UnbornHead { branch } => write!(out, "the branch {branch} has no commit yet"),
            Self::NoSuchRevision { revision } => write!(out, "there is no revision `{revision}`"),
            Self::AmbiguousRevision { revision } => write!(out, "`{revision}` fits more than one object"),
            Self::NotACommit { revision } => write!(out, "`{revision}` is not a commit"),
            Self::NoSuchFolder { folder, commit } => write!(out, "commit {commit} has no folder `{folder}`"),
            Self::BadFolder { folder } => write!(out, "`{folder}` cannot be a folder of a repository"),
            Self::Object { id, what, fault } => write!(out, "{what} (object {id}) {fault}"),
            Self::TooManyFiles { limit } => write!(out, "there are more than {limit} files and folders"),
            Self::NoWorkTree { path } => write!(out, "{} has no work tree", path.display()),
            Self::Folder { path, detail } => write!(out, "the folder {} cannot be read: {detail}", path.display()),
            Self::Git { path, detail } => write!(out, "git cannot read {}: {detail}", path.display()),
        }
    }
}

impl std::error::Error for OpenError {}

/// What is wrong with an object of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectFault {
    /// The repository does not have it.
    Missing,
    /// It is damaged, or the disk does not give it; the text is what libgit2 says.
    Unreadable(String),
    /// It is of another kind than it should be.
    WrongKind,
    /// It is larger than what is accepted here, in bytes.
    TooLarge {
        #[doc = "How large it is."]
        size: u64,
        #[doc = "What is accepted."]
        limit: u64,
    },
}

impl fmt::Display for ObjectFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => out.write_str("is missing from the repository"),
            Self::Unreadable(detail) => write!(out, "cannot be read: {detail}"),
            Self::WrongKind => out.write_str("is of the wrong kind"),
            Self::TooLarge { size, limit } => write!(out, "has {size} bytes, more than {limit}"),
        }
    }
}

/// Why the content of a file could not be had. The file is named by whoever asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// The file is larger than the reader accepts, in bytes.
    TooLarge {
        #[doc = "How large it is."]
        size: u64,
        #[doc = "What is accepted."]
        limit: u64,
    },
    /// A symbolic link or a submodule has no content of its own here.
    NotAFile,
    /// The repository cannot give the object.
    Object {
        #[doc = "The object."]
        id: ContentId,
        #[doc = "What is wrong with it."]
        fault: ObjectFault,
    },
    /// The file in the work tree is no longer the one that was listed.
    Changed,
    /// The system cannot read the file; the text is what it says.
    Io(String),
    /// The file is a Git LFS pointer, and what it points to cannot be had.
    Lfs(LfsFault),
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { size, limit } => write!(out, "the file has {size} bytes, more than {limit}"),
            Self::NotAFile => out.write_str("it is a symbolic link or a submodule, which are not followed"),
            Self::Object { id, fault } => write!(out, "its content (object {id}) {fault}"),
            Self::Changed => out.write_str("the file changed while the archive was being read"),
            Self::Io(detail) => write!(out, "the file cannot be read: {detail}"),
            Self::Lfs(fault) => fault.fmt(out),
        }
    }
}

impl std::error::Error for ReadError {}
