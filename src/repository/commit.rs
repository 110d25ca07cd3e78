//! The snapshot of a commit.

use std::path::Path;

use git2::{ErrorCode, ObjectType, Odb, Reference, Repository};

use super::error::{ObjectFault, OpenError};
use super::id::ContentId;
use super::listing::{Limits, find_folder, list};
use super::locate::{Located, locate};
use super::object;
use super::snapshot::{Origin, Snapshot};

/// The largest commit object that is read, in bytes.
pub(super) const MAX_COMMIT: u64 = 16 << 20;
/// Digits of a shortened id. Fixed, so that a page says the same of one commit in every clone.
const SHORT: usize = 10;

/// What is known of a commit without proof: names, dates and messages are their author's claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitFacts {
    /// Its id.
    pub id: ContentId,
    /// The first ten digits of its id.
    pub short: String,
    /// The branch it was asked for by, or that HEAD is on where it is HEAD's commit.
    pub branch: Option<String>,
    /// The author's name; bytes that are not UTF-8 are replaced.
    pub author: String,
    /// When the author wrote it, by the author's clock.
    pub authored: Moment,
    /// The first paragraph of its message, on one line; bytes that are not UTF-8 are replaced.
    pub summary: String,
    /// Whether the repository is a shallow clone, in which older commits are missing.
    pub shallow: bool,
    /// Whether it carries a signature. Nothing is said about whose, or whether it holds.
    pub signed: bool,
}

/// An instant as git keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// The writer's distance from UTC in minutes, positive in the east.
    pub offset_minutes: i32,
}

impl Moment {
    /// The same in the writer's time zone; `None` where a damaged or hostile commit gives what no calendar holds.
    pub fn zoned(&self) -> Option<jiff::Zoned> {
        let instant = jiff::Timestamp::from_second(self.seconds).ok()?;
        let offset = jiff::tz::Offset::from_seconds(self.offset_minutes.checked_mul(60)?).ok()?;
        Some(instant.to_zoned(offset.to_time_zone()))
    }
}

/// Opens a commit of an archive.
///
/// `path` may be a work tree, a folder in one, a bare repository or a `.git` folder. The archive is the folder that
/// `path` names inside the repository, or, below that, `folder` (for a bare repository whose archive is not at its
/// root). `revision` is anything git understands as one; without it, HEAD is read.
///
/// # Errors
/// See [`OpenError`]; a shallow clone is no error but a fact of the commit.
pub fn open_commit(path: &Path, folder: Option<&str>, revision: Option<&str>) -> Result<Snapshot, OpenError> {
    let Located { repository, folder } = locate(path, folder)?;
    let objects = object::objects_of(&repository)?;
    let (facts, root) = resolve(&repository, &objects, revision)?;
    let tree = find_folder(&objects, root, &folder)?
        .ok_or_else(|| OpenError::NoSuchFolder { folder: folder.clone(), commit: facts.id })?;
    let listing = list(&objects, tree, Limits::ARCHIVE)?;
    Ok(Snapshot::of_objects(Origin::Commit(facts), listing, objects, &repository))
}

/// The commit that a revision names, and its tree.
pub(super) fn resolve(
    repository: &Repository,
    objects: &Odb<'_>,
    revision: Option<&str>,
) -> Result<(CommitFacts, ContentId), OpenError> {
    let head = head(repository)?;
    let (id, branch) = match revision {
        Some(revision) if revision != "HEAD" => {
            let (id, named) = named_commit(repository, revision)?;
            let branch = named.or_else(|| head.as_ref().ok().filter(|h| h.0 == id).and_then(|h| h.1.clone()));
            (id, branch)
        }
        _ => head?,
    };
    let failed = |fault| OpenError::Object { id, what: "the commit".into(), fault };
    object::read(objects, id, ObjectType::Commit, MAX_COMMIT).map_err(failed)?;
    let git_failed = |error: git2::Error| failed(ObjectFault::Unreadable(error.message().into()));
    let oid = id.to_oid().map_err(git_failed)?;
    let commit = repository.find_commit(oid).map_err(git_failed)?;
    let tree = ContentId::from_oid(&commit.tree_id()).ok_or_else(|| failed(ObjectFault::WrongKind))?;
    let author = commit.author();
    let short = id.to_string().chars().take(SHORT).collect();
    let facts = CommitFacts {
        id,
        short,
        branch,
        author: String::from_utf8_lossy(author.name_bytes()).into_owned(),
        authored: Moment { seconds: author.when().seconds(), offset_minutes: author.when().offset_minutes() },
        summary: commit.summary_bytes().map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default(),
        shallow: repository.is_shallow(),
        signed: commit.header_field_bytes("gpgsig").is_ok(),
    };
    Ok((facts, tree))
}

type Head = (ContentId, Option<String>);

/// HEAD's commit and branch. The outer error is damage; the inner one says that there is no commit yet, which matters
/// only to those who asked for HEAD.
fn head(repository: &Repository) -> Result<Result<Head, OpenError>, OpenError> {
    let path = || repository.workdir().unwrap_or_else(|| repository.path()).to_path_buf();
    let git_failed = |error: git2::Error| OpenError::Git { path: path(), detail: error.message().into() };
    match repository.head() {
        Ok(head) => {
            let branch = branch_name(&head);
            let id = head.target().as_ref().and_then(ContentId::from_oid);
            let unusable = || OpenError::Git { path: path(), detail: "HEAD names no commit".into() };
            Ok(id.map(|id| (id, branch)).ok_or_else(unusable))
        }
        Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
            let has_any = repository.references().map_err(git_failed)?.next().is_some();
            if !has_any {
                return Ok(Err(OpenError::EmptyRepository { path: path() }));
            }
            let pending = repository.find_reference("HEAD").map_err(git_failed)?;
            let target = pending.symbolic_target_bytes().map(String::from_utf8_lossy).unwrap_or_default();
            let branch = target.strip_prefix("refs/heads/").unwrap_or(&target).to_owned();
            Ok(Err(OpenError::UnbornHead { branch }))
        }
        Err(error) => Err(git_failed(error)),
    }
}

fn named_commit(repository: &Repository, revision: &str) -> Result<Head, OpenError> {
    let (object, reference) = repository.revparse_ext(revision).map_err(|error| match error.code() {
        ErrorCode::Ambiguous => OpenError::AmbiguousRevision { revision: revision.into() },
        _ => OpenError::NoSuchRevision { revision: revision.into() },
    })?;
    let not_a_commit = || OpenError::NotACommit { revision: revision.into() };
    let commit = object.peel(ObjectType::Commit).map_err(|_| not_a_commit())?;
    let id = ContentId::from_oid(&commit.id()).ok_or_else(not_a_commit)?;
    Ok((id, reference.as_ref().and_then(branch_name)))
}

fn branch_name(reference: &Reference<'_>) -> Option<String> {
    reference.is_branch().then(|| String::from_utf8_lossy(reference.shorthand_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::fixture::{Fixture, paths};

    const FILES: [(&str, &str); 3] =
        [("archive/customers/yunxi/dossier.yaml", "a"), ("archive/strongroom.yaml", "b"), ("readme", "c")];

    #[test]
    fn a_commit_opens_from_the_work_tree_and_from_its_git_folder() {
        let fixture = Fixture::new();
        fixture.commit_files(&FILES);
        for path in [fixture.path().to_path_buf(), fixture.path().join(".git")] {
            let snapshot = open_commit(&path, None, None).unwrap();
            assert_eq!(paths(&snapshot), FILES.map(|file| file.0));
        }
    }

    #[test]
    fn an_archive_in_a_folder_is_listed_from_there_on() {
        let fixture = Fixture::new();
        let commit = fixture.commit_files(&FILES);
        let expected = ["customers/yunxi/dossier.yaml", "strongroom.yaml"];
        // The folder is in the commit and not on the disk.
        let named = open_commit(&fixture.path().join("archive"), None, None).unwrap();
        let given = open_commit(fixture.path(), Some("./archive/"), Some(&commit.to_string())).unwrap();
        assert_eq!(paths(&named), expected);
        assert_eq!(paths(&given), expected);
        std::fs::create_dir(fixture.path().join("archive")).unwrap();
        let on_disk = open_commit(&fixture.path().join("archive"), None, None).unwrap();
        assert_eq!(paths(&on_disk), expected);
        assert_eq!(on_disk.tree_id(""), given.tree_id(""));
        assert!(on_disk.tree_id("customers/yunxi").is_some());
    }

    #[test]
    fn a_bare_repository_opens_and_so_does_a_folder_in_it() {
        let fixture = Fixture::bare();
        fixture.commit_files(&FILES);
        assert_eq!(open_commit(fixture.path(), None, None).unwrap().files().len(), 3);
        let below = open_commit(fixture.path(), Some("archive/customers"), None).unwrap();
        assert_eq!(paths(&below), ["yunxi/dossier.yaml"]);
    }

    #[test]
    fn the_facts_of_a_commit_are_those_its_author_wrote() {
        let fixture = Fixture::new();
        let id = fixture.commit_files(&FILES);
        let snapshot = open_commit(fixture.path(), None, None).unwrap();
        let Origin::Commit(facts) = snapshot.origin() else { panic!("not a commit") };
        assert_eq!(facts.id.to_string(), id.to_string());
        assert_eq!(facts.short, id.to_string()[..10]);
        assert_eq!(facts.branch.as_deref(), Some("main"));
        assert_eq!(facts.author, "李薇");
        assert_eq!(facts.summary, "续签合同");
        assert_eq!(facts.authored.zoned().unwrap().to_string(), "2024-03-18T08:00:00+08:00[+08:00]");
        assert!(!facts.shallow && !facts.signed);
    }

    #[test]
    fn a_signature_and_a_shallow_clone_are_facts() {
        let fixture = Fixture::new();
        let tree = fixture.tree(&FILES);
        let id =
            fixture.commit_with(tree, "gpgsig -----BEGIN SSH SIGNATURE-----\n U1NI\n -----END SSH SIGNATURE-----\n");
        std::fs::write(fixture.repository.path().join("shallow"), format!("{id}\n")).unwrap();
        let snapshot = open_commit(fixture.path(), None, None).unwrap();
        let Origin::Commit(facts) = snapshot.origin() else { panic!("not a commit") };
        assert!(facts.shallow && facts.signed);
    }

    #[test]
    fn an_older_commit_is_not_said_to_be_on_the_branch() {
        let fixture = Fixture::new();
        let old = fixture.commit_files(&FILES);
        fixture.commit_files(&FILES[..1]);
        let snapshot = open_commit(fixture.path(), None, Some(&old.to_string())).unwrap();
        let Origin::Commit(facts) = snapshot.origin() else { panic!("not a commit") };
        assert_eq!(facts.branch, None);
        let named = open_commit(fixture.path(), None, Some("main")).unwrap();
        let Origin::Commit(facts) = named.origin() else { panic!("not a commit") };
        assert_eq!(facts.branch.as_deref(), Some("main"));
    }

    #[test]
    fn a_repository_without_commits_and_a_branch_without_them_are_told_apart() {
        let fixture = Fixture::new();
        let error = open_commit(fixture.path(), None, None).unwrap_err();
        assert!(matches!(error, OpenError::EmptyRepository { .. }), "{error}");
        fixture.commit_files(&FILES);
        fixture.repository.set_head("refs/heads/新").unwrap();
        let error = open_commit(fixture.path(), None, None).unwrap_err();
        assert_eq!(error, OpenError::UnbornHead { branch: "新".into() });
        assert_eq!(open_commit(fixture.path(), None, Some("main")).unwrap().files().len(), 3);
    }

    #[test]
    fn revisions_that_lead_to_no_commit_are_refused() {
        let fixture = Fixture::new();
        fixture.commit_files(&FILES);
        let open = |revision: &str| open_commit(fixture.path(), None, Some(revision)).unwrap_err();
        for missing in ["nowhere", "HEAD~9", "", "--help", "0123456789012345678901234567890123456789", "a..b\0"] {
            assert_eq!(open(missing), OpenError::NoSuchRevision { revision: missing.into() });
        }
        assert_eq!(open("HEAD:readme"), OpenError::NotACommit { revision: "HEAD:readme".into() });
    }

    #[test]
    fn a_folder_that_the_commit_lacks_or_that_leads_out_is_refused() {
        let fixture = Fixture::new();
        fixture.commit_files(&FILES);
        let error = open_commit(fixture.path(), Some("readme"), None).unwrap_err();
        assert!(matches!(error, OpenError::NoSuchFolder { folder, .. } if folder == "readme"));
        let error = open_commit(&fixture.path().join("gone/deep"), None, None).unwrap_err();
        assert!(matches!(error, OpenError::NoSuchFolder { folder, .. } if folder == "gone/deep"));
        for folder in ["../x", "/etc", "archive/../../x", ".git/hooks"] {
            let error = open_commit(fixture.path(), Some(folder), None).unwrap_err();
            assert!(matches!(error, OpenError::BadFolder { .. }), "{folder}: {error}");
        }
    }

    #[test]
    fn a_folder_outside_git_is_said_to_be_so() {
        let folder = tempfile::tempdir().unwrap();
        let error = open_commit(folder.path(), None, None).unwrap_err();
        assert_eq!(error, OpenError::NoRepository { path: folder.path().into() });
    }

    #[test]
    fn repositories_that_cannot_be_read_say_why() {
        let fixture = Fixture::new();
        fixture.commit_files(&FILES);
        fixture.repository.config().unwrap().set_i32("core.repositoryformatversion", 1).unwrap();
        fixture.set("extensions.objectformat", "sha256");
        let error = open_commit(fixture.path(), None, None).unwrap_err();
        assert!(matches!(error, OpenError::Sha256 { .. }), "{error}");
        fixture.set("extensions.objectformat", "sha1");
        fixture.set("extensions.partialclone", "origin");
        let error = open_commit(fixture.path(), None, None).unwrap_err();
        assert!(matches!(error, OpenError::Unsupported { .. }), "{error}");
    }

    #[test]
    fn a_repository_of_another_user_is_refused_with_the_remedy() {
        let fixture = Fixture::new();
        fixture.commit_files(&FILES);
        let trusted = git2::Config::open_default().and_then(|config| config.get_string("safe.directory"));
        // Only root can give a folder away, and whoever trusts all folders cannot see the refusal.
        if trusted.is_ok() || std::os::unix::fs::chown(fixture.path(), Some(65_534), None).is_err() {
            return;
        }
        let error = open_commit(&fixture.path().join("archive"), None, None).unwrap_err();
        let path = fixture.path().canonicalize().unwrap();
        assert_eq!(error, OpenError::NotOwned { path: path.clone() });
        assert!(error.remedy().unwrap().ends_with(&format!("safe.directory '{}'", path.display())));
    }

    #[test]
    fn a_commit_that_is_missing_or_damaged_is_named() {
        let fixture = Fixture::new();
        let id = fixture.commit_files(&FILES);
        let path = fixture.object_path(id);
        std::fs::remove_file(&path).unwrap();
        let error = open_commit(fixture.path(), None, None).unwrap_err();
        assert!(matches!(&error, OpenError::Object { fault: ObjectFault::Missing, .. }), "{error}");
        assert!(error.to_string().contains(&id.to_string()));
        std::fs::write(&path, b"nonsense").unwrap();
        let error = open_commit(fixture.path(), None, None).unwrap_err();
        assert!(matches!(&error, OpenError::Object { fault: ObjectFault::Unreadable(_), .. }), "{error}");
    }

    #[test]
    fn dates_that_no_calendar_holds_are_none() {
        assert_eq!(Moment { seconds: i64::MAX, offset_minutes: 0 }.zoned(), None);
        assert_eq!(Moment { seconds: 0, offset_minutes: i32::MAX }.zoned(), None);
    }
}
