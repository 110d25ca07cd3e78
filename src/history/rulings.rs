//! What became of the rules, told for those who oversee the archive: who came and left, who joined and left which
//! audience, what types ask, whose training lapsed.

use super::branches::{Branches, files_of};
use super::lineage::Places;
use crate::access::{Clearance, Held, Reader, Shelf, Standing};
use crate::archive::{Archive, SETTINGS};
use crate::record::RecordType;
use crate::repository::{ContentId, Line, Past, Snapshot, Step};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Settings, types and readers above this are not read.
const LARGEST: u64 = 4 << 20;

/// One thing that changed of who may read what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The day from which it held.
    pub day: Date,
    /// The commit that brought it, by its number in [`History::commits`](super::History::commits); none where a day did.
    pub commit: Option<usize>,
    /// What changed.
    pub matter: Matter,
}

/// What can change of who may read what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matter {
    /// A reader's file came.
    Came(String),
    /// A reader's file went.
    Went(String),
    /// A reader joined an audience.
    Joined(String, String),
    /// A reader left an audience.
    Left(String, String),
    /// A reader's last training ended on that day.
    Lapsed(String, Date),
    /// A reader's file ended on that day.
    Ended(String, Date),
    /// A reader came back into the keyrings.
    Returned(String),
    /// A reader fell out of the keyrings with a commit.
    Excluded(String),
    /// A reader's keys changed.
    Keys(String),
    /// A type, or a field of one, asks for something else.
    Asks {
        /// The type.
        record_type: String,
        /// The field; none for the records themselves.
        field: Option<String>,
        /// What was asked; none where each record said so.
        before: Option<Clearance>,
        /// What is asked.
        after: Option<Clearance>,
    },
    /// Another audience oversees, or none.
    Oversight(Option<String>),
    /// Whether a valid training is required.
    Training(bool),
    /// The settings name somebody as a reader of the repository.
    Named(String),
    /// The settings no longer do.
    Unnamed(String),
}

/// The rules of a stretch of commits, with the day from which they stood.
struct State<'s> {
    archive: Archive,
    step: Option<&'s Step>,
}

/// Everything that changed of who may read what, oldest first, for the audience that oversees; nothing without one.
#[must_use]
pub fn rulings(past: &Past, branches: &Branches, places: &Places, archive: &Archive) -> Shelf<Ruling> {
    let Some(oversight) = archive.settings.oversight.as_deref() else { return Shelf::default() };
    let line = Line::of(past);
    let is_ruled = |step: &&Step| touched(past, places, step).next().is_some();
    let ruled: Vec<&Step> = line.steps.iter().filter(is_ruled).collect();
    let held = if ruled.is_empty() { Vec::new() } else { files_of(past, branches, places, &rules) };
    let mut found = Vec::new();
    let mut before = State { archive: Archive::empty(Date::MIN), step: None };
    // Rules that could not be read published nothing: what they changed came with those that mended them.
    let mut since: Vec<&Step> = Vec::new();
    for step in ruled {
        since.push(step);
        let files = held.get(step.commit).map(super::held_files::HeldFiles::all).unwrap_or_default();
        let Some(archive) = read(past, &files, step.day) else { continue };
        days(&before, step.day, &mut found);
        let commit_of = |file: &str| {
            let all = since.iter().flat_map(|step| touched(past, places, step)).filter(|(_, path)| *path == file);
            all.map(|(number, _)| number).last().unwrap_or(step.commit)
        };
        compare(&before, &archive, step.day, &commit_of, &mut found);
        before = State { archive, step: Some(step) };
        since.clear();
    }
    if let Ok(tomorrow) = archive.day.tomorrow() {
        days(&before, tomorrow, &mut found);
    }
    Shelf::new(found.into_iter().map(|ruling| Held::new(Clearance::any_of([oversight]), ruling)))
}

/// Settings, types and readers; not the keys behind passphrases, which say nothing of who may read.
fn rules(path: &str) -> bool {
    path == SETTINGS || (path.starts_with("types/") || path.starts_with("readers/")) && path.ends_with(".yaml")
}

/// The rules that the commits of a step touched, each with the commit.
fn touched<'p>(past: &'p Past, places: &'p Places, step: &'p Step) -> impl Iterator<Item = (usize, &'p str)> {
    let commits = step.landed.iter().filter_map(|number| Some((*number, past.commits.get(*number)?)));
    let paths = commits.flat_map(|(number, commit)| {
        commit.changes.iter().flat_map(move |change| {
            let from = change.moved.as_ref().map(|moved| &moved.from);
            from.into_iter().chain([&change.path]).map(move |path| (number, path.as_ref()))
        })
    });
    paths.filter_map(|(number, path)| Some((number, places.in_archive(path).filter(|path| rules(path))?)))
}

fn read(past: &Past, files: &[(Arc<str>, ContentId)], day: Date) -> Option<Archive> {
    let mut contents = Vec::with_capacity(files.len());
    for (path, id) in files {
        contents.push((path.to_string(), *id, past.blob(*id, LARGEST).ok()?));
    }
    let reading = Archive::read(&Snapshot::in_memory(contents), day);
    (!reading.findings.has_errors()).then_some(reading.archive)
}

fn standing(archive: &Archive, reader: &Reader, day: Date) -> Standing {
    reader.standing(day, archive.settings.training_required)
}

fn is_good(archive: &Archive, reader: &Reader, day: Date) -> bool {
    matches!(standing(archive, reader, day), Standing::Good(_))
}

/// What days brought without a commit, up to one on which other rules came.
fn days(before: &State<'_>, until: Date, found: &mut Vec<Ruling>) {
    let Some(step) = before.step else { return };
    let mut came = Vec::new();
    for reader in &before.archive.readers {
        let Standing::Good(Some(last)) = standing(&before.archive, reader, step.day) else { continue };
        let Some(day) = last.tomorrow().ok().filter(|day| *day < until) else { continue };
        let matter = match standing(&before.archive, reader, day) {
            Standing::Left(last) => Matter::Ended(reader.name.clone(), last),
            Standing::Lapsed(Some(last)) => Matter::Lapsed(reader.name.clone(), last),
            _ => continue,
        };
        came.push(Ruling { day, commit: None, matter });
    }
    came.sort_by_key(|ruling| ruling.day);
    found.append(&mut came);
}

/// What other rules brought.
fn compare(before: &State<'_>, now: &Archive, day: Date, commit_of: &dyn Fn(&str) -> usize, found: &mut Vec<Ruling>) {
    let then = &before.archive;
    let mut say = |file: &str, matter: Matter| found.push(Ruling { day, commit: Some(commit_of(file)), matter });
    let names: BTreeSet<&str> = then.readers.iter().chain(&now.readers).map(|reader| reader.name.as_str()).collect();
    for name in names {
        let file = format!("readers/{name}.yaml");
        let of = |archive: &Archive| archive.readers.iter().position(|reader| reader.name == name);
        let (was, is) = (of(then).and_then(|at| then.readers.get(at)), of(now).and_then(|at| now.readers.get(at)));
        match (was, is) {
            (None, Some(_)) => say(&file, Matter::Came(name.to_owned())),
            (Some(_), None) => say(&file, Matter::Went(name.to_owned())),
            (Some(was), Some(is)) => {
                let yesterday = day.yesterday().unwrap_or(day).max(before.step.map_or(day, |step| step.day));
                match (is_good(then, was, yesterday), is_good(now, is, day)) {
                    (false, true) => say(&file, Matter::Returned(name.to_owned())),
                    (true, false) => say(&file, Matter::Excluded(name.to_owned())),
                    _ => {}
                }
                if was.keys.iter().map(|key| key.as_str()).ne(is.keys.iter().map(|key| key.as_str())) {
                    say(&file, Matter::Keys(name.to_owned()));
                }
            }
            (None, None) => {}
        }
        let audiences = |archive: &Archive| -> BTreeSet<String> {
            let all = archive.settings.audiences.iter().map(|(audience, _)| audience);
            all.filter(|audience| archive.settings.audiences.has(audience, name)).map(str::to_owned).collect()
        };
        let (were, are) = (audiences(then), audiences(now));
        are.difference(&were).for_each(|one| say(SETTINGS, Matter::Joined(name.to_owned(), one.clone())));
        were.difference(&are).for_each(|one| say(SETTINGS, Matter::Left(name.to_owned(), one.clone())));
    }
    let named = |archive: &Archive| archive.settings.repository_readers.iter().cloned().collect::<BTreeSet<String>>();
    let (were, are) = (named(then), named(now));
    are.difference(&were).for_each(|name| say(SETTINGS, Matter::Named(name.clone())));
    were.difference(&are).for_each(|name| say(SETTINGS, Matter::Unnamed(name.clone())));
    if before.step.is_none() {
        return;
    }
    if then.settings.oversight != now.settings.oversight {
        say(SETTINGS, Matter::Oversight(now.settings.oversight.clone()));
    }
    if then.settings.training_required != now.settings.training_required {
        say(SETTINGS, Matter::Training(now.settings.training_required));
    }
    for record_type in now.types.iter() {
        let Some(known) = then.types.get(&record_type.name) else { continue };
        let file = format!("types/{}.yaml", record_type.name);
        for (field, before, after) in asked_otherwise(known, record_type) {
            let matter = Matter::Asks { record_type: record_type.name.clone(), field, before, after };
            say(&file, matter);
        }
    }
}

/// A field, or none for the records themselves, with what it asked and asks.
type Otherwise = (Option<String>, Option<Clearance>, Option<Clearance>);

fn asked_otherwise(known: &RecordType, now: &RecordType) -> Vec<Otherwise> {
    let any_of = |names: &[String]| Clearance::any_of(names.iter().map(String::as_str));
    let own = |of: &RecordType| of.audience.as_ref().map(|(_, names)| any_of(names));
    let mut found = Vec::new();
    if own(known) != own(now) {
        found.push((None, own(known), own(now)));
    }
    let fields: BTreeSet<&str> = known.fields.iter().chain(&now.fields).map(|field| field.name.as_str()).collect();
    for name in fields {
        let asks =
            |of: &RecordType| of.field(name).map(|field| field.audience.as_ref().map(|(_, names)| any_of(names)));
        if let (Some(before), Some(after)) = (asks(known), asks(now))
            && before != after
        {
            let asked = |asks: Option<Clearance>| Some(asks.unwrap_or_default());
            found.push((Some(name.to_owned()), asked(before), asked(after)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::fixture::Fixture;

    const DAY: i64 = 86_400;
    /// 2026-01-05 in China.
    const START: i64 = 1_767_542_400;

    fn settings(finance: &str, more: &str) -> String {
        format!(
            "title: A\noversight: compliance\naudiences: {{finance: {{readers: [{finance}]}}, compliance: {{readers: []}}}}\n{more}"
        )
    }

    fn reader(until: &str) -> String {
        let key = "age1v6paeu93a49hyg8gyhqzrdgpxyalgyxvnuhytf2v5l9g9nq7j3fqeym3ca";
        format!("name: L\nkeys: [{key}]\ntraining: [{{course: x, valid_until: {until}}}]\n")
    }

    #[test]
    fn what_commits_and_days_changed_of_the_rules_is_told_in_order_and_for_the_oversight_alone() {
        let fixture = Fixture::new();
        let mut last: Vec<git2::Oid> = Vec::new();
        let mut commit = |day: i64, files: &[(&str, &str)]| {
            last = vec![fixture.commit_after(&last, fixture.tree(files), START + day * DAY)];
            fixture.repository.reference("refs/heads/main", last[0], true, "test").unwrap();
        };
        let thing = |audience: &str| format!("title: T\nfolder: things\naudience: {audience}\nfields: {{}}\n");
        let (first, joined, broken) = (settings("", ""), settings("li", ""), settings("li, nobody", ""));
        let (short, long) = (reader("2026-01-20"), reader("2026-12-31"));
        let (staff, finance) = (thing("staff"), thing("finance"));
        commit(0, &[("strongroom.yaml", &first), ("readers/li.yaml", &short), ("types/thing.yaml", &staff)]);
        commit(3, &[("strongroom.yaml", &joined), ("readers/li.yaml", &short), ("types/thing.yaml", &staff)]);
        commit(4, &[("strongroom.yaml", &broken), ("readers/li.yaml", &short), ("types/thing.yaml", &staff)]);
        commit(30, &[("strongroom.yaml", &joined), ("readers/li.yaml", &long), ("types/thing.yaml", &finance)]);
        let past = Past::read(fixture.path(), None, None).unwrap();
        let places = Places::of(&past);
        let now = crate::repository::open_commit(fixture.path(), None, None).unwrap();
        let archive = Archive::read(&now, jiff::civil::date(2026, 11, 23)).archive;
        let told = rulings(&past, &Branches::of(&past), &places, &archive);
        let told: Vec<String> = told
            .lay_out(|held| {
                let (asks, ruling) = held.release();
                assert_eq!(asks.canonical(), "compliance");
                format!("{} {:?} {:?}", ruling.day, ruling.commit, ruling.matter)
            })
            .collect();
        assert_eq!(
            told,
            [
                "2026-01-05 Some(0) Came(\"li\")",
                "2026-01-08 Some(1) Joined(\"li\", \"finance\")",
                "2026-01-21 None Lapsed(\"li\", 2026-01-20)",
                "2026-02-04 Some(3) Returned(\"li\")",
                "2026-02-04 Some(3) Asks { record_type: \"thing\", field: None, before: Some(staff), after: Some(finance) }",
            ]
        );
    }

    #[test]
    fn without_an_audience_that_oversees_nothing_is_told() {
        let fixture = Fixture::new();
        fixture.commit_files(&[("strongroom.yaml", "title: A\naudiences: {a: {readers: []}}\n")]);
        let past = Past::read(fixture.path(), None, None).unwrap();
        let now = crate::repository::open_commit(fixture.path(), None, None).unwrap();
        let archive = Archive::read(&now, jiff::civil::date(2026, 11, 23)).archive;
        let told = rulings(&past, &Branches::of(&past), &Places::of(&past), &archive);
        assert_eq!(told.lay_out(|_| ()).count(), 0);
    }
}
