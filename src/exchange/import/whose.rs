//! Whose records an import makes: one dossier's, those of the dossiers that a column names, or nobody's.

use super::abbreviated::abbreviated;
use super::column::{IMPORT_MAPPING, read_values};
use super::names::unfit;
use super::table::column_name;
use crate::archive::Archive;
use crate::dossier::REGISTERS;
use crate::finding::{Finding, nearest, quote};
use crate::text::Source;
use crate::text::map::{known_entries, scalar};
use crate::text::yaml::Node;
use std::collections::BTreeMap;
use std::ops::Range;

/// A dossier or `registers`, and its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The name.
    pub dossier: String,
    /// The folder in the archive.
    pub folder: String,
}

impl Home {
    /// The path in the archive of a file here.
    #[must_use]
    pub fn path(&self, inside: &str) -> String {
        format!("{}/{inside}", self.folder)
    }
}

/// Whose the records are.
#[derive(Clone, Debug)]
pub enum Whose {
    /// All of one dossier, or of none.
    One(Home),
    /// Of the dossier that a cell names.
    Column(ByColumn),
}

/// How a cell names a dossier.
#[derive(Clone, Debug)]
pub struct ByColumn {
    /// The column.
    pub name: String,
    /// Where the mapping names it.
    pub range: Range<usize>,
    /// The field of dossiers that the cell holds; their names where none is said.
    by: Option<String>,
    /// What is written for what.
    values: BTreeMap<String, String>,
    /// The folder below `customers/` in which new dossiers begin.
    within: Option<String>,
}

impl Whose {
    /// Reads the mapping's `dossier:`. `new` says that the records are dossiers themselves.
    pub fn read(source: &Source, node: &Node, homes: &Homes, new: bool, findings: &mut Vec<Finding>) -> Option<Self> {
        let mut refuse = |range: Range<usize>, message: String, remedy: String| {
            findings.push(source.error(IMPORT_MAPPING, range, message, remedy));
        };
        if node.entries().is_none() {
            let name = node.text().unwrap_or_default().trim();
            if new {
                refuse(
                    node.range.clone(),
                    "new dossiers need a name each".to_owned(),
                    "write `dossier: {column: NAME}`: the column with their folders' names".to_owned(),
                );
                return None;
            }
            return match homes.named(name) {
                Ok(home) => Some(Self::One(home)),
                Err((message, remedy)) => {
                    refuse(node.range.clone(), message, remedy);
                    None
                }
            };
        }
        let entries = known_entries(source, node, "`dossier`", &["column", "by", "values", "in"], findings);
        let said = |key: &str| entries.iter().find(|entry| entry.key == key);
        let Some(column) = said("column") else {
            let message = "nothing says which column names the dossier";
            findings.push(source.error(IMPORT_MAPPING, node.range.clone(), message, "add `column: NAME`"));
            return None;
        };
        let name = column_name(scalar(source, &column.value, "a column", findings)?);
        let by = said("by").and_then(|entry| scalar(source, &entry.value, "a field", findings)).map(str::to_owned);
        let values = said("values").map(|entry| read_values(source, &entry.value, findings)).unwrap_or_default();
        let within = said("in").and_then(|entry| Some((entry, scalar(source, &entry.value, "a folder", findings)?)));
        if let Some((entry, _)) = within.filter(|(_, folder)| !new || unfit(folder).is_some()) {
            let message = "`in` is the folder below customers/ in which new dossiers begin";
            let remedy = "write one name, as `in: energy`; dossiers that there are, are found wherever they lie";
            findings.push(source.error(IMPORT_MAPPING, entry.value.range.clone(), message, remedy));
        }
        let within = within.map(|(_, folder)| folder.to_owned());
        Some(Self::Column(ByColumn { name, range: column.value.range.clone(), by, values, within }))
    }
}

/// The fields of a dossier that say what its customer is called.
const NAMES: [&str; 3] = ["name", "short_names", "former_names"];

/// The dossiers that there are, by what a table may call them.
pub struct Homes {
    folders: BTreeMap<String, String>,
    by_field: BTreeMap<(String, String), Vec<String>>,
}

impl Homes {
    /// Those of an archive.
    #[must_use]
    pub fn of(archive: &Archive) -> Self {
        let mut homes = Self { folders: BTreeMap::new(), by_field: BTreeMap::new() };
        for held in archive.dossiers.lay_out(|held| held) {
            let (_, dossier) = held.release();
            homes.folders.insert(dossier.name.to_string(), dossier.folder.clone());
            for held in dossier.root.fields.lay_out(|held| held) {
                let (_, field) = held.release();
                let mut texts = Vec::new();
                field.value.texts(&mut texts);
                for text in texts {
                    let called = homes.by_field.entry((field.name.clone(), text.trim().to_owned())).or_default();
                    if !called.contains(&dossier.name.to_string()) {
                        called.push(dossier.name.to_string());
                    }
                }
            }
        }
        homes
    }

    /// The home of a name.
    ///
    /// # Errors
    /// When there is no such dossier.
    pub fn named(&self, name: &str) -> Result<Home, (String, String)> {
        if name == REGISTERS {
            return Ok(Home { dossier: REGISTERS.to_owned(), folder: REGISTERS.to_owned() });
        }
        match self.folders.get(name) {
            Some(folder) => Ok(Home { dossier: name.to_owned(), folder: folder.clone() }),
            None => {
                let remedy = match self.meant(name) {
                    Some((near, said)) if near == said => format!("did you mean {}?", quote(near)),
                    Some((near, said)) => format!("did you mean {}, which is {}?", quote(near), quote(said)),
                    None => self.shortened(name, None).unwrap_or_else(|| {
                        format!("`strongroom new dossier` begins one; `{REGISTERS}` holds what is nobody's")
                    }),
                };
                Err((format!("there is no dossier {}", quote(name)), remedy))
            }
        }
    }

    /// What a dossier holds in a field; of two languages the one in which somebody wrote.
    fn of_dossier(&self, field: &str, dossier: &str, written: &str) -> Option<&str> {
        let holds =
            |((name, _), of): &(&(String, String), &Vec<String>)| name == field && of.iter().any(|of| of == dossier);
        let held = || self.by_field.iter().filter(holds).map(|((_, said), _)| said.as_str());
        held().find(|said| said.is_ascii() == written.is_ascii()).or_else(|| held().next())
    }

    /// What customers are called, each with its dossier: names that several bear are left out.
    fn known(&self) -> Vec<(&str, &str)> {
        let names = self.by_field.iter().filter(|((field, _), _)| NAMES.contains(&field.as_str()));
        let mut known: Vec<(&str, &str)> = self.folders.keys().map(|name| (name.as_str(), name.as_str())).collect();
        known.extend(names.filter_map(|((_, said), of)| match of.as_slice() {
            [one] => Some((one.as_str(), said.as_str())),
            _ => None,
        }));
        known
    }

    /// The customers that a short or a longer form of a name may mean, as a suggestion; where cells hold a field, with
    /// what that holds.
    fn shortened(&self, written: &str, field: Option<&str>) -> Option<String> {
        let found = abbreviated(written, self.known().into_iter());
        let one = |(dossier, said): &(&str, &str)| match field {
            Some(field) => match self.of_dossier(field, dossier, written) {
                Some(holds) if holds == *said => quote(said),
                Some(holds) => format!("{} ({})", quote(holds), quote(said)),
                None => format!("{} ({})", quote(dossier), quote(said)),
            },
            None if dossier == said => quote(dossier),
            None => format!("{} ({})", quote(dossier), quote(said)),
        };
        let all: Vec<String> = found.iter().map(one).collect();
        let (last, before) = all.split_last()?;
        Some(match before {
            [] => format!("did you mean {last}?"),
            _ => format!("did you mean {} or {last}?", before.join(", ")),
        })
    }

    /// The dossier that a name most likely means, and which of its names is that near.
    fn meant(&self, name: &str) -> Option<(&str, &str)> {
        let known = self.known();
        let near = nearest(name, known.iter().map(|(_, said)| *said))?;
        known.into_iter().find(|(_, said)| *said == near)
    }

    /// The home that a cell names.
    ///
    /// # Errors
    /// When it names none, or more than one.
    pub fn of_cell(&self, how: &ByColumn, cell: &str, new: bool) -> Result<Home, (String, String)> {
        let cell = how.values.get(cell).map_or(cell, String::as_str).trim();
        if cell.is_empty() {
            return Err(("this row names no dossier".to_owned(), "fill it in".to_owned()));
        }
        if new {
            let folder = match &how.within {
                Some(within) => format!("customers/{within}/{cell}"),
                None => format!("customers/{cell}"),
            };
            let name = cell.rsplit('/').next().unwrap_or(cell);
            // One that there is stays where it lies.
            let folder = self.folders.get(name).cloned().unwrap_or(folder);
            return match unfit(&folder) {
                _ if name == REGISTERS => {
                    Err(("a dossier cannot be called registers".to_owned(), "name it after the customer".to_owned()))
                }
                Some(why) => {
                    Err((format!("{} cannot name a dossier: {why}", quote(cell)), "write another name".to_owned()))
                }
                None => Ok(Home { dossier: name.to_owned(), folder }),
            };
        }
        let Some(field) = &how.by else { return self.named(cell) };
        match self.by_field.get(&(field.clone(), cell.to_owned())).map(Vec::as_slice) {
            Some([name]) => self.named(name),
            Some(several) => Err((
                format!("{} is the `{field}` of several dossiers: {}", quote(cell), several.join(", ")),
                "say which one under `values`".to_owned(),
            )),
            None => {
                let known = self.by_field.keys().filter(|(name, _)| name == field).map(|(_, text)| text.as_str());
                let remedy = match (nearest(cell, known), self.meant(cell)) {
                    (Some(near), _) => format!("did you mean {}?", quote(near)),
                    (None, Some((folder, said))) => {
                        let other = self.of_dossier(field, folder, cell).unwrap_or("nothing");
                        format!(
                            "did you mean the dossier {}? It is called {}, and its `{field}` is {}",
                            quote(folder),
                            quote(said),
                            quote(other)
                        )
                    }
                    (None, None) => self.shortened(cell, Some(field)).unwrap_or_else(|| {
                        "correct it, or say under `values` what stands for it in the dossier".to_owned()
                    }),
                };
                Err((format!("no dossier has {} as its `{field}`", quote(cell)), remedy))
            }
        }
    }
}
