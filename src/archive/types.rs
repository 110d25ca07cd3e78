//! The record types of an archive: the built-in ones, and those that `types/` adds or replaces.

use super::tier::Tier;
use crate::finding::{Code, Finding, nearest, quote};
use crate::record::{BROKEN_TYPE, Choice, Kind, Place, RecordType, built_in};
use crate::text::Source;
use crate::text::yaml::Entry;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// A record whose type nothing tells, or tells wrongly.
pub const UNKNOWN_TYPE: Code = Code("unknown-type");
/// Two of the archive's types claim one folder or file.
pub const TYPES_COLLIDE: Code = Code("types-collide");

/// The built-in types are read once: they are the same for every archive.
static BUILT_IN: LazyLock<Vec<Arc<RecordType>>> = LazyLock::new(built_in);

/// All types of an archive, in the order in which pages group records.
#[derive(Clone, Debug, Default)]
pub struct Types {
    ordered: Vec<Arc<RecordType>>,
    by_name: BTreeMap<String, usize>,
    by_place: BTreeMap<(Route, String), usize>,
}

/// What a place leads to: by place, CSV files go to series and other files to the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Route {
    SeriesFolder,
    SeriesFile,
    Folder,
    File,
}

impl Types {
    /// The built-in types with the archive's own put over them.
    ///
    /// A dossier's field `tier` is a choice among the settings' tiers, where they have any and the type does not say
    /// its choices itself.
    pub fn new(own: Vec<RecordType>, tiers: &[(String, Tier)], findings: &mut Vec<Finding>) -> Self {
        let mut types = Self::default();
        let own: Vec<Arc<RecordType>> = own.into_iter().map(Arc::new).collect();
        let replaced = |name: &str| own.iter().find(|t| t.name == name);
        for built_in in BUILT_IN.iter() {
            types.ordered.push(replaced(&built_in.name).unwrap_or(built_in).clone());
        }
        for added in &own {
            if !BUILT_IN.iter().any(|t| t.name == added.name) {
                types.ordered.push(added.clone());
            }
        }
        for record_type in types.ordered.iter_mut().filter(|t| t.name == "dossier" && !tiers.is_empty()) {
            let mut with_tiers = RecordType::clone(record_type);
            for field in with_tiers.fields.iter_mut().filter(|f| f.name == "tier" && f.choices.is_empty()) {
                field.kind = Kind::Choice;
                let choice =
                    |(word, tier): &(String, Tier)| Choice { word: word.clone(), title: Arc::new(tier.title.clone()) };
                field.choices = tiers.iter().map(choice).collect();
            }
            *record_type = Arc::new(with_tiers);
        }
        let of_dossier = types.ordered.iter().find(|t| t.name == "dossier").map(AsRef::as_ref);
        own.iter().for_each(|record_type| record_type.check_who(of_dossier, findings));
        types.take_places(findings);
        types.check_references(findings);
        types.check_drawn(findings);
        types
    }

    fn take_places(&mut self, findings: &mut Vec<Finding>) {
        for (index, record_type) in self.ordered.iter().enumerate() {
            self.by_name.insert(record_type.name.clone(), index);
            // A broken type that says no place stands where the built-in one does, whose records they were meant to be.
            let meant = || BUILT_IN.iter().find(|t| !record_type.sound && t.name == record_type.name);
            let Some(place) = key_of(record_type).or_else(|| meant().and_then(|t| key_of(t))) else { continue };
            match self.by_place.get(&place).and_then(|other| self.ordered.get(*other)) {
                // The archive's own type takes the place from any built-in one.
                Some(other) if !other.built_in && record_type.built_in => {}
                Some(other) if !other.built_in => {
                    findings.push(collision(other, record_type, &place.1));
                }
                _ => {
                    self.by_place.insert(place, index);
                }
            }
        }
    }

    /// Findings for references of the archive's own types to a type that there is not.
    fn check_references(&self, findings: &mut Vec<Finding>) {
        for record_type in self.ordered.iter().filter(|record_type| !record_type.built_in) {
            let members = record_type.fields.iter().flat_map(|field| &field.members);
            for field in record_type.fields.iter().chain(members) {
                let Some(to) = field.to.as_ref().filter(|to| self.get(to).is_none()) else { continue };
                let remedy = match nearest(to, self.by_name.keys().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        format!("add types/{to}.yaml, or leave `to` out: the reference may then lead to any record")
                    }
                };
                let message = format!("`{}` refers to the type {}, which there is not", field.name, quote(to));
                findings.push(record_type.source.error(BROKEN_TYPE, field.to_at.clone(), message, remedy));
            }
        }
    }

    /// Findings for what the archive's own types draw of others that there are not, or of fields that these lack.
    fn check_drawn(&self, findings: &mut Vec<Finding>) {
        for record_type in self.ordered.iter().filter(|record_type| !record_type.built_in) {
            let floors = record_type.fields.iter().filter_map(|field| Some((field.floor.as_ref()?, &field.floor_at)));
            let stands = record_type.draws.iter().flat_map(|draws| draws.at.iter().map(|at| (at, &draws.at_place)));
            for ((of, field), at) in floors.chain(stands) {
                if self.get(of).is_some_and(|of| of.field(field).is_some()) {
                    continue;
                }
                let message = format!("{} is no field of a type that there is", quote(&format!("{of}.{field}")));
                let remedy = "name a type, and one of its fields";
                findings.push(record_type.source.error(BROKEN_TYPE, at.clone(), message, remedy));
            }
        }
    }

    /// The type of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<RecordType>> {
        self.by_name.get(name).and_then(|index| self.ordered.get(*index))
    }

    /// All types, in the order in which pages group their records.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<RecordType>> {
        self.ordered.iter()
    }

    /// Where a type stands in that order.
    #[must_use]
    pub fn rank(&self, name: &str) -> usize {
        self.by_name.get(name).copied().unwrap_or(usize::MAX)
    }

    /// The type that the place of a file leads to. `path` is inside the dossier or register.
    #[must_use]
    pub fn by_place(&self, path: &str) -> Option<&Arc<RecordType>> {
        let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
        let csv = file.ends_with(".csv");
        let (file_kind, folder_kind) =
            if csv { (Route::SeriesFile, Route::SeriesFolder) } else { (Route::File, Route::Folder) };
        let by_file = self.by_place.get(&(file_kind, file.to_owned()));
        let by_folder = || folders.rsplit('/').find_map(|folder| self.by_place.get(&(folder_kind, folder.to_owned())));
        by_file.or_else(by_folder).and_then(|index| self.ordered.get(*index))
    }

    /// The type that a record's file says or its place leads to; a finding where neither does.
    ///
    /// # Errors
    /// When the type is unknown, or nothing tells it.
    pub fn of_record(
        &self,
        source: &Source,
        path: &str,
        said: Option<&Entry>,
    ) -> Result<&Arc<RecordType>, Box<Finding>> {
        if let Some(entry) = said {
            let word = entry.value.text().unwrap_or_default();
            return self.get(word).ok_or_else(|| {
                let remedy = match nearest(word, self.by_name.keys().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("add types/{word}.yaml, or use a type that there is"),
                };
                let message = format!("there is no record type {}", quote(word));
                Box::new(source.error(UNKNOWN_TYPE, entry.value.range.clone(), message, remedy))
            });
        }
        self.by_place(path).ok_or_else(|| {
            let end = source.text().lines().next().map_or(0, str::len);
            let lost = self.ordered.iter().find(|t| !t.sound && t.place.is_none());
            let remedy = match lost {
                Some(broken) => format!("mend types/{}.yaml first, which may be its type", broken.name),
                None => "add `type: NAME` to its front matter, or move it into the folder of a type".to_owned(),
            };
            let message = "nothing tells the type of this record: neither a key `type:` nor its folder";
            Box::new(source.error(UNKNOWN_TYPE, 0..end, message, remedy))
        })
    }
}

fn collision(first: &RecordType, second: &RecordType, place: &str) -> Finding {
    let what = if matches!(second.place, Some(Place::File(_))) { "file" } else { "folder" };
    let message = format!("the types `{}` and `{}` claim one {what}: {}", first.name, second.name, quote(place));
    let remedy = "give one of them another place, or remove it there and write `type:` in its records";
    let finding = second.source.error(TYPES_COLLIDE, second.place_at.clone(), message, remedy);
    finding.related(first.source.place(first.place_at.clone()), "the other one")
}

fn key_of(record_type: &RecordType) -> Option<(Route, String)> {
    Some(match (record_type.place.as_ref()?, record_type.series) {
        (Place::Folder(name), true) => (Route::SeriesFolder, name.clone()),
        (Place::Folder(name), false) => (Route::Folder, name.clone()),
        (Place::File(name), true) => (Route::SeriesFile, name.clone()),
        (Place::File(name), false) => (Route::File, name.clone()),
    })
}
