//! Which files can change an answer: of one record not those of other dossiers.

use super::published::Publisher;
use super::walk::is_rule;
use crate::dossier::REGISTERS;
use std::collections::BTreeSet;

/// The dossiers among whose files a record ever stood.
pub struct Scope {
    /// Their names; nothing where every file counts.
    dossiers: Option<BTreeSet<String>>,
    /// The folders that were ever dossiers.
    folders: BTreeSet<String>,
}

impl Scope {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self { dossiers: None, folders: BTreeSet::new() }
    }

    /// The settings, types and readers alone.
    #[must_use]
    pub fn rules() -> Self {
        Self { dossiers: Some(BTreeSet::new()), folders: BTreeSet::new() }
    }

    /// What can change the answer about a record, by its name or the path of its file: its dossier's files, and those of
    /// every dossier from which a file ever came there, or to which one went.
    #[must_use]
    pub fn of_record(publisher: &Publisher<'_>, wanted: &str) -> Self {
        let every = || publisher.past.commits.iter().flat_map(|commit| &commit.changes);
        let paths = every().filter_map(|change| publisher.in_archive(&change.path));
        let roots = paths.filter(|path| path.starts_with("customers/"));
        let folders = roots.filter_map(|path| path.strip_suffix("/dossier.yaml")).map(str::to_owned).collect();
        let mut scope = Self { dossiers: Some(BTreeSet::new()), folders };
        // A file's path is taken for its dossier's name as well.
        let first = scope.dossier_of(wanted).or_else(|| wanted.split('/').next()).unwrap_or(wanted).to_owned();
        let mut found = BTreeSet::from([first]);
        let moves: Vec<(String, String)> = every()
            .filter_map(|change| {
                let moved = change.moved.as_ref()?;
                let dossier = |path: &str| Some(scope.dossier_of(publisher.in_archive(path)?)?.to_owned());
                let (from, to) = (dossier(&moved.from)?, dossier(&change.path)?);
                (from != to).then_some((from, to))
            })
            .collect();
        loop {
            let before = found.len();
            for (from, to) in &moves {
                if found.contains(from) || found.contains(to) {
                    found.extend([from.clone(), to.clone()]);
                }
            }
            if found.len() == before {
                break;
            }
        }
        scope.dossiers = Some(found);
        scope
    }

    /// Whether a file can change the answer.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        let Some(dossiers) = &self.dossiers else { return true };
        is_rule(path) || self.dossier_of(path).is_some_and(|dossier| dossiers.contains(dossier))
    }

    /// Whether a dossier, or `registers`, is looked at.
    #[must_use]
    pub(super) fn has_dossier(&self, name: &str) -> bool {
        self.dossiers.as_ref().is_none_or(|dossiers| dossiers.contains(name))
    }

    /// The name of the dossier in which a path lies.
    fn dossier_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        if path.starts_with("registers/") {
            return Some(REGISTERS);
        }
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            if self.folders.contains(above) {
                return above.rsplit('/').next();
            }
            folder = above;
        }
        None
    }
}
