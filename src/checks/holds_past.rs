//! What was held and is not as it was: every way to lose a record that a hold requires to be kept.
//!
//! What stood when the hold was placed is compared with what stands now, or stood when the hold was released. So it does
//! not matter by which way something went, on which branch, and with which clock.

use super::held_content::{Fate, compare, is_record};
use super::hold_claims::{Claim, Dropped, LARGEST, claims};
use super::hold_doc::Kin;
use crate::archive::Archive;
use crate::finding::{Code, Finding, Place, Severity, quote};
use crate::history::Places;
use crate::repository::{ContentId, HeldAt, Past, Snapshot};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Something that is held was lost, or the hold itself was.
pub const HOLD_VIOLATED: Code = Code("hold-violated");
/// A record that is held reads otherwise than when the hold was placed.
pub const HELD_CHANGED: Code = Code("held-changed");

/// Folders whose records go on beside a hold: what is done about it is written there.
const BESIDE: [&str; 3] = ["holds", "disposals", "disputes"];

/// Findings for all that was ever held.
pub(super) fn find(past: &Past, now: &Snapshot, archive: &Archive, kin: Kin) -> Vec<Finding> {
    let places = Places::of(past);
    let claims = claims(past, &places, now, archive, kin);
    let look = Look { past, places: &places, now, archive };
    let mut findings: Vec<Finding> = Vec::new();
    for claim in &claims {
        findings.extend(look.dropped(claim));
        findings.extend(look.lost(claim));
    }
    // Several holds may lie on one record; what happened to it is told for each hold, and once for each.
    let mut told = BTreeSet::new();
    findings.retain(|finding| told.insert((finding.place.as_ref().map(ToString::to_string), finding.message.clone())));
    findings
}

/// What is looked at.
struct Look<'a> {
    past: &'a Past,
    places: &'a Places,
    now: &'a Snapshot,
    archive: &'a Archive,
}

/// What became of a file since it is held.
struct Followed {
    /// Where it is, as a path in the archive; none where it lies elsewhere in the repository.
    path: Option<String>,
    /// The commit that took it away, where one did.
    gone: Option<usize>,
}

impl Look<'_> {
    /// The hold itself, where it let go of something without having been released.
    fn dropped(&self, claim: &Claim) -> Option<Finding> {
        let (how, step) = claim.dropped?;
        let what = match how {
            Dropped::Narrowed => format!("this hold names {} no more, or reaches less far", quote(&claim.name)),
            Dropped::Gone => format!("the hold on {} is gone, or is no hold any more", quote(&claim.name)),
        };
        let message = format!("{what} {}, and was never released", self.by(Some(step)));
        let remedy = "write back what it held; a hold ends with `released_by` and `released_on`, and its record stays";
        Some(Finding::error(HOLD_VIOLATED, message).at(Place::whole(&claim.hold)).remedy(remedy))
    }

    /// What was held and is lost.
    fn lost(&self, claim: &Claim) -> Vec<Finding> {
        let Some(base) = self.base(claim) else { return Vec::new() };
        let (dossier, path) = claim.name.split_once('/').unwrap_or((&claim.name, ""));
        let covered = self.covered(&base, dossier, path);
        let end = claim.until.and_then(|commit| self.past.commits.get(commit));
        let end = end.and_then(|commit| self.past.held_at(commit.id, &["customers", "registers"]).ok());
        let followed = self.follow(claim.from, &covered, claim.until);
        let mut losses: Vec<(String, String, Option<usize>)> = Vec::new();
        let mut changed: Vec<String> = Vec::new();
        for ((file, id, key), followed) in covered.iter().zip(followed) {
            let mut fate = self.fate((file, *id), &followed, key.as_deref(), end.as_ref());
            if end.is_some() && matches!(fate, Fate::Lost(_)) {
                // What came back is not lost, whenever that was.
                let later = self.follow(claim.from, &[(file.clone(), *id, key.clone())], None);
                let since = later.first().map(|later| self.fate((file, *id), later, key.as_deref(), None));
                fate = since.filter(|since| !matches!(since, Fate::Lost(_))).unwrap_or(fate);
            }
            match fate {
                Fate::Whole => {}
                Fate::Changed if path.is_empty() || end.is_some() => {}
                Fate::Changed => changed.push(file.clone()),
                Fate::Lost(what) => losses.push((file.clone(), what, followed.gone)),
            }
        }
        let mut findings: Vec<Finding> = changed.iter().map(|file| self.told_changed(claim, file)).collect();
        let more = losses.len().saturating_sub(1);
        if let Some((file, what, step)) = losses.into_iter().next() {
            findings.push(self.told_lost(claim, &file, &what, (step, more)));
        }
        findings
    }

    /// The files of the dossier when the hold was placed.
    fn base(&self, claim: &Claim) -> Option<HeldAt> {
        let dossier = claim.name.split('/').next().unwrap_or_default();
        let folders = self.places.folders_of(dossier);
        let commit = self.past.commits.get(claim.from)?;
        self.past.held_at(commit.id, &folders).ok().filter(|held| !held.is_empty())
    }

    /// The files that a claim covers, with the item of a list that it names: of a dossier all, of a record its own and
    /// those that it names.
    fn covered(&self, base: &HeldAt, dossier: &str, path: &str) -> Vec<(String, ContentId, Option<String>)> {
        let inside = |file: &str| {
            let (name, inside) = self.places.inside(file)?;
            (name.as_ref() == dossier).then(|| inside.to_string())
        };
        let files = base.iter().filter_map(|(file, id)| Some((file.to_string(), inside(file)?, *id)));
        let beside = |inside: &str| BESIDE.contains(&inside.split('/').next().unwrap_or_default());
        if path.is_empty() {
            return files.filter(|(_, inside, _)| !beside(inside)).map(|(file, _, id)| (file, id, None)).collect();
        }
        let files: Vec<(String, String, ContentId)> = files.collect();
        let stem = |inside: &str| inside.rsplit_once('.').map_or(inside.to_owned(), |(stem, _)| stem.to_owned());
        let mut covered = Vec::new();
        for (file, inside, id) in files.iter().filter(|(_, inside, _)| is_record(inside)) {
            let stem = stem(inside);
            let key = path.strip_prefix(&format!("{stem}/")).map(str::to_owned);
            if stem == path || key.is_some() {
                covered.push((file.clone(), *id, key));
                let text = self.past.blob(*id, LARGEST).unwrap_or_default();
                let text = String::from_utf8_lossy(&text).into_owned();
                let names = |other: &str| other.rsplit('/').next().is_some_and(|name| text.contains(name));
                let attached = files.iter().filter(|(_, other, _)| !is_record(other) && names(other));
                covered.extend(attached.map(|(file, _, id)| (file.clone(), *id, None)));
            }
        }
        covered
    }

    /// What became of files by the commits after one, up to another.
    fn follow(
        &self,
        from: usize,
        files: &[(String, ContentId, Option<String>)],
        until: Option<usize>,
    ) -> Vec<Followed> {
        let prefix = self.places.prefix();
        let mut at: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        let mut gone: Vec<Option<usize>> = vec![None; files.len()];
        let mut paths: Vec<Arc<str>> = files.iter().map(|(file, ..)| format!("{prefix}{file}").into()).collect();
        for (n, path) in paths.iter().enumerate() {
            at.entry(Arc::clone(path)).or_default().push(n);
        }
        let until = until.map_or(self.past.commits.len(), |until| until + 1);
        for (number, commit) in self.past.commits.iter().enumerate().take(until).skip(from + 1) {
            // Files may change places: all of them leave before any arrives.
            let moves = commit.changes.iter().filter_map(|change| Some((&change.moved.as_ref()?.from, &change.path)));
            let left: Vec<(Vec<usize>, Arc<str>)> =
                moves.filter_map(|(from, to)| Some((at.remove(from)?, Arc::clone(to)))).collect();
            for (who, to) in left {
                for n in &who {
                    if let Some(path) = paths.get_mut(*n) {
                        *path = Arc::clone(&to);
                    }
                }
                at.entry(to).or_default().extend(who);
            }
            for change in &commit.changes {
                for n in at.get(&change.path).into_iter().flatten() {
                    if let Some(gone) = gone.get_mut(*n) {
                        *gone = change.new.is_none().then_some(number);
                    }
                }
            }
        }
        let followed = |(path, gone): (Arc<str>, Option<usize>)| {
            let gone = gone.or_else(|| self.last_gone(&path));
            Followed { path: path.strip_prefix(prefix).map(str::to_owned), gone }
        };
        paths.into_iter().zip(gone).map(followed).collect()
    }

    /// The last commit anywhere that took a path away.
    fn last_gone(&self, path: &str) -> Option<usize> {
        let last = self.past.commits.iter().enumerate().rev().find_map(|(number, commit)| {
            let change = commit.changes.iter().find(|change| change.path.as_ref() == path)?;
            Some((number, change.new.is_none()))
        });
        last.filter(|(_, gone)| *gone).map(|(number, _)| number)
    }

    /// What became of a file: at the release of its hold, or up to now.
    fn fate(
        &self,
        (file, id): (&str, ContentId),
        followed: &Followed,
        key: Option<&str>,
        end: Option<&HeldAt>,
    ) -> Fate {
        let Some(path) = &followed.path else { return Fate::Lost("its file lies outside the archive".to_owned()) };
        let there = match end {
            Some(end) => end.get(path.as_str()).copied().map(|id| (path.clone(), id)),
            None => {
                let here = self.now.file(path).map(|entry| (path.clone(), entry.id));
                // What is not committed yet may have been moved as it was.
                let moved =
                    || self.now.files().iter().find(|entry| entry.id == id).map(|entry| (entry.path.clone(), id));
                here.or_else(moved)
            }
        };
        let Some((path, now)) = there else { return Fate::Lost("its file is gone".to_owned()) };
        let Some((_, new_inside)) = self.places.inside(&path) else {
            return Fate::Lost("its file lies in no dossier any more".to_owned());
        };
        let inside = self.places.inside(file).map(|(_, inside)| inside).unwrap_or_default();
        if now == id && new_inside == inside {
            return Fate::Whole;
        }
        let Ok(old) = self.past.blob(id, LARGEST) else { return Fate::Whole };
        let read = || self.now.file(&path).and_then(|entry| self.now.read(entry, LARGEST).ok());
        let Some(new) = self.past.blob(now, LARGEST).ok().or_else(read) else {
            return Fate::Lost("it cannot be read any more".to_owned());
        };
        compare((&old, &inside), (&new, &new_inside), key, &self.archive.types)
    }

    fn told_lost(&self, claim: &Claim, file: &str, what: &str, (step, more): (Option<usize>, usize)) -> Finding {
        let others = match more {
            0 => String::new(),
            1 => " (and one more file)".to_owned(),
            more => format!(" (and {more} more files)"),
        };
        let by = if what == "its file is gone" { format!(" {}", self.by(step)) } else { String::new() };
        let message = format!("{} is held by {}, and {what}{by}{others}", quote(&claim.name), quote(&claim.hold));
        let placed: String = self.id(claim.from).chars().take(10).collect();
        let remedy = format!(
            "bring it back as it was: `git checkout {placed} -- {file}`; a hold is released before anything of it goes"
        );
        // Where the hold was released since, nothing can be kept any more: it remains to be told.
        let severity = if claim.until.is_some() { Severity::Warning } else { Severity::Error };
        Finding::new(severity, HOLD_VIOLATED, message).at(Place::whole(file)).remedy(remedy)
    }

    fn told_changed(&self, claim: &Claim, file: &str) -> Finding {
        let (name, hold) = (quote(&claim.name), quote(&claim.hold));
        let message = format!("{name} is held by {hold} as it was, and reads otherwise now");
        let remedy = "the history keeps what it said; write what is new into a record of its own";
        Finding::note(HELD_CHANGED, message).at(Place::whole(file)).remedy(remedy)
    }

    /// With which commit, by whom.
    fn by(&self, step: Option<usize>) -> String {
        match step.and_then(|step| self.past.commits.get(step)) {
            None => "without a commit yet".to_owned(),
            Some(commit) => {
                let short: String = commit.id.to_string().chars().take(10).collect();
                let day = commit.authored.zoned().map(|time| format!(" of {}", time.date())).unwrap_or_default();
                format!("with commit {short}{day} by {}", quote(&commit.author.name))
            }
        }
    }

    fn id(&self, commit: usize) -> String {
        self.past.commits.get(commit).map(|commit| commit.id.to_string()).unwrap_or_default()
    }
}

/// The dossiers that are of one customer.
pub(super) fn kin(archive: &Archive) -> Kin {
    let mut kin = Kin::default();
    for dossier in archive.dossiers.lay_out(|held| held.release().1) {
        for other in super::fields::references(&dossier.root, "same_as") {
            kin.join(&dossier.name, other);
        }
    }
    kin
}
