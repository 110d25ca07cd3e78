//! A new repository from an old one in which some contents stand as others, everywhere and in all commits. The old one
//! is only read.
//!
//! Commits keep their authors, dates and messages. One that leads from nothing that was replaced keeps its id and its
//! signature as well; all others get a new id, and lose a signature that can hold no more.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use git2::{Buf, Mempack, ObjectType, Odb, Oid, Repository, RepositoryInitOptions, Sort};

use super::id::ContentId;
use super::writing::WritingError;

/// Objects wait in memory until there are so many bytes of them: then they become a pack.
const AT_ONCE: usize = 64 << 20;
/// This backend is asked before the one on the disk.
const FIRST: i32 = 1000;
/// The mode of a submodule, whose commit lies elsewhere.
const SUBMODULE: i32 = 0o160_000;

/// What stands in the place of what, by ids.
pub type Replacements = HashMap<ContentId, Arc<[u8]>>;

/// What became of a repository.
#[derive(Debug, Default)]
pub struct Rewritten {
    /// Each commit, what it is called now, and whether it had a signature that it lost.
    pub commits: Vec<(ContentId, ContentId, bool)>,
    /// Each branch, tag or other name, what it named and what it names.
    pub names: Vec<(String, ContentId, ContentId)>,
}

/// The commits that the names of a repository lead to: branches, tags, HEAD, each with one of its names.
///
/// # Errors
/// Where the repository cannot be opened.
pub fn tips(path: &Path) -> Result<Vec<(String, ContentId)>, WritingError> {
    let failed = |error: git2::Error| WritingError { path: path.into(), detail: error.message().to_owned() };
    let repository = Repository::open(path).map_err(failed)?;
    let mut found = Vec::new();
    for reference in repository.references().map_err(failed)? {
        let reference = reference.map_err(failed)?;
        let Ok(commit) = reference.peel_to_commit() else { continue };
        let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
        found.extend(ContentId::from_oid(&commit.id()).map(|id| (name, id)));
    }
    let head = repository.head().ok().and_then(|head| head.peel_to_commit().ok());
    found.extend(head.and_then(|head| ContentId::from_oid(&head.id())).map(|id| ("HEAD".to_owned(), id)));
    let mut met = HashSet::new();
    found.retain(|(_, id)| met.insert(*id));
    Ok(found)
}

/// Writes a bare repository of all that the names of another lead to, with some contents replaced.
///
/// # Errors
/// Where the old one cannot be read in full, is a shallow clone, or something stands where the new one is to be.
pub fn rewrite(old: &Path, new: &Path, replaced: &Replacements) -> Result<Rewritten, WritingError> {
    let failed = |error: git2::Error| WritingError { path: new.into(), detail: error.message().to_owned() };
    let old = Repository::open(old).map_err(failed)?;
    if old.is_shallow() {
        let detail = "the old one is a shallow clone, so that what lies behind it would be lost".to_owned();
        return Err(WritingError { path: new.into(), detail });
    }
    let mut options = RepositoryInitOptions::new();
    options.bare(true).external_template(false).no_reinit(true).mkpath(true);
    let target = Repository::init_opts(new, &options).map_err(failed)?;
    write(&old, &target, replaced).map_err(failed)
}

fn write(old: &Repository, new: &Repository, replaced: &Replacements) -> Result<Rewritten, git2::Error> {
    let (from, into) = (old.odb()?, new.odb()?);
    let waiting = into.add_new_mempack_backend(FIRST)?;
    let (known, unsigned) = (HashMap::new(), HashSet::new());
    let mut copy = Copy { from: &from, into: &into, bytes: 0, replaced, known, unsigned };
    let mut walk = old.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)?;
    let mut targets: Vec<(String, Oid)> = Vec::new();
    let mut symbolic: Vec<(String, String)> = Vec::new();
    for reference in old.references()? {
        let reference = reference?;
        let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
        match (reference.target(), reference.symbolic_target_bytes()) {
            (Some(target), _) => targets.push((name, target)),
            (None, Some(to)) => symbolic.push((name, String::from_utf8_lossy(to).into_owned())),
            (None, None) => {}
        }
    }
    if old.head_detached()? {
        targets.extend(old.head()?.target().map(|target| ("HEAD".to_owned(), target)));
    }
    for (name, _) in &targets {
        if let Ok(commit) = old.find_reference(name).and_then(|reference| reference.peel_to_commit()) {
            walk.push(commit.id())?;
        }
    }
    let mut done = Rewritten::default();
    for id in walk {
        let id = id?;
        let here = copy.object(id)?;
        let ids = ContentId::from_oid(&id).zip(ContentId::from_oid(&here));
        done.commits.extend(ids.map(|(old, new)| (old, new, copy.unsigned.contains(&id))));
        // Only what a whole commit holds goes into a pack, so that none is written in the middle of one.
        if copy.bytes > AT_ONCE {
            flush(&waiting, new, &into)?;
            copy.bytes = 0;
        }
    }
    flush(&waiting, new, &into)?;
    // What no commit holds, such as tags, is written as it comes.
    let again = Repository::open(new.path())?;
    let into = again.odb()?;
    let mut copy = Copy { into: &into, ..copy };
    for (name, target) in &targets {
        let here = copy.object(*target)?;
        done.names
            .extend(ContentId::from_oid(target).zip(ContentId::from_oid(&here)).map(|(o, n)| (name.clone(), o, n)));
    }
    for (name, _, here) in &done.names {
        if name == "HEAD" {
            new.set_head_detached(here.to_oid()?)?;
        } else {
            new.reference(name, here.to_oid()?, true, "")?;
        }
    }
    for (name, to) in symbolic {
        new.reference_symbolic(&name, &to, true, "")?;
    }
    if !old.head_detached()? {
        let head = old.find_reference("HEAD")?;
        let to = head.symbolic_target_bytes().map(|to| String::from_utf8_lossy(to).into_owned());
        new.set_head(&to.unwrap_or_else(|| "refs/heads/main".to_owned()))?;
    }
    Ok(done)
}

/// Objects on their way from one repository into the other.
struct Copy<'a> {
    from: &'a Odb<'a>,
    into: &'a Odb<'a>,
    bytes: usize,
    replaced: &'a Replacements,
    /// What each object is called in the new one.
    known: HashMap<Oid, Oid>,
    /// Commits and tags that lost a signature.
    unsigned: HashSet<Oid>,
}

impl Copy<'_> {
    /// Brings an object over, with all that it names. Commits come after those that they follow, so that nothing is in
    /// one another deeper than folders are.
    fn object(&mut self, id: Oid) -> Result<Oid, git2::Error> {
        if let Some(known) = self.known.get(&id) {
            return Ok(*known);
        }
        let object = self.from.read(id)?;
        let (kind, data) = (object.kind(), object.data());
        let content = match kind {
            ObjectType::Tree => self.tree(data)?,
            ObjectType::Commit | ObjectType::Tag => self.headed(id, data)?,
            _ => match ContentId::from_oid(&id).and_then(|id| self.replaced.get(&id)) {
                Some(instead) => instead.to_vec(),
                None => data.to_vec(),
            },
        };
        let here = self.into.write(kind, &content)?;
        self.known.insert(id, here);
        self.bytes += content.len();
        Ok(here)
    }

    /// A tree with what it names brought over; the same bytes where nothing of it was replaced.
    fn tree(&mut self, data: &[u8]) -> Result<Vec<u8>, git2::Error> {
        let mut out = Vec::with_capacity(data.len());
        let mut rest = data;
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == 0).map(|at| at + 1);
            let (head, after) = end.and_then(|end| rest.split_at_checked(end)).ok_or_else(malformed)?;
            let (id, after) = after.split_at_checked(ContentId::LENGTH).ok_or_else(malformed)?;
            let mode = head.split(|byte| *byte == b' ').next().and_then(|mode| std::str::from_utf8(mode).ok());
            let mode = mode.and_then(|mode| i32::from_str_radix(mode, 8).ok()).ok_or_else(malformed)?;
            let id = Oid::from_bytes(id)?;
            let here = if mode == SUBMODULE { id } else { self.object(id)? };
            out.extend_from_slice(head);
            out.extend_from_slice(here.as_bytes());
            rest = after;
        }
        Ok(out)
    }

    /// A commit or tag whose head names what it stands for in the new repository. Where that is another, signatures go.
    fn headed(&mut self, id: Oid, data: &[u8]) -> Result<Vec<u8>, git2::Error> {
        let end = data.windows(2).position(|pair| pair == b"\n\n").map_or(data.len(), |at| at + 1);
        let (head, message) = data.split_at_checked(end).ok_or_else(malformed)?;
        let (mut whole, mut bare) = (Vec::with_capacity(data.len()), Vec::with_capacity(data.len()));
        let (mut changed, mut signed, mut in_signature) = (false, false, false);
        for line in head.split_inclusive(|byte| *byte == b'\n') {
            if !line.starts_with(b" ") {
                // A merged tag stands in a commit with its signature, and names what is called otherwise now.
                in_signature = line.starts_with(b"gpgsig") || line.starts_with(b"mergetag ");
                signed |= line.starts_with(b"gpgsig");
            }
            let named = [&b"tree "[..], b"parent ", b"object "].iter().find_map(|label| {
                let id = line.strip_prefix(*label)?.strip_suffix(b"\n")?;
                Some((*label, Oid::from_str(std::str::from_utf8(id).ok()?).ok()?))
            });
            let line = match named {
                None => line.to_vec(),
                Some((label, named)) => {
                    let here = self.object(named)?;
                    changed |= here != named;
                    [label, here.to_string().as_bytes(), b"\n"].concat()
                }
            };
            whole.extend_from_slice(&line);
            if !in_signature {
                bare.extend_from_slice(&line);
            }
        }
        if !changed {
            whole.extend_from_slice(message);
            return Ok(whole);
        }
        // The signature of a tag stands at the end of its message.
        let begin = [&b"-----BEGIN SSH SIGNATURE-----"[..], b"-----BEGIN PGP SIGNATURE-----"];
        let is_tag = head.starts_with(b"object ");
        let at =
            begin.iter().filter_map(|begin| message.windows(begin.len()).position(|window| window == *begin)).min();
        let message = at.filter(|_| is_tag).and_then(|at| message.get(..at)).unwrap_or(message);
        if signed || is_tag && at.is_some() {
            self.unsigned.insert(id);
        }
        bare.extend_from_slice(message);
        Ok(bare)
    }
}

/// Writes what waits as one pack.
fn flush(waiting: &Mempack<'_>, new: &Repository, into: &Odb<'_>) -> Result<(), git2::Error> {
    let mut pack = Buf::new();
    waiting.dump(new, &mut pack)?;
    let mut writer = into.packwriter()?;
    writer.write_all(&pack).map_err(|error| git2::Error::from_str(&error.to_string()))?;
    writer.commit()?;
    waiting.reset()
}

fn malformed() -> git2::Error {
    git2::Error::from_str("an object of the old repository is malformed")
}
