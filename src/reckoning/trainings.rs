//! Who holds which training until when, person by person and course by course, as the readers' files say, which alone
//! feed the keyrings.

use crate::access::{Clearance, Held, Reader, Training, nobody};
use crate::archive::Archive;
use crate::record::{Record, Value};
use crate::text::Phrase;
use jiff::civil::Date;

/// The type of records of what is taught.
const COURSE: &str = "course";

/// A course: one of the catalogue, or one that readers' files name beside it.
pub struct Taught {
    /// What it is called.
    pub title: Phrase,
    /// Whom it is required of: words of the catalogue.
    required_of: Vec<String>,
}

/// A course of one reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It counts, or counted, until that day.
    Until(Date),
    /// It is required of the reader, who never passed it.
    Lacking,
    /// It is nothing to this reader.
    Nothing,
}

/// A reader with what the reader holds.
pub struct Trained<'a> {
    /// The reader.
    pub reader: &'a Reader,
    /// The last day of any training: what keeps the reader in the keyrings.
    pub until: Option<Date>,
    /// What the reader holds, one for each course.
    pub held: Vec<Hold>,
}

/// All readers by all courses.
pub struct Trainings<'a> {
    /// The courses: those of the catalogue first.
    pub courses: Vec<Taught>,
    /// The readers who have not left, by their files' names.
    pub readers: Vec<Trained<'a>>,
}

/// Who holds which training. Who reads and until when is for the audience that oversees the archive; without one it is
/// for nobody. The catalogue asks for what its records ask.
#[must_use]
pub fn trainings(archive: &Archive) -> Held<Trainings<'_>> {
    let oversight = archive.settings.oversight.as_deref();
    let keeping = oversight.map_or_else(nobody, |audience| Clearance::any_of([audience]));
    let catalogue =
        archive.registers.pick(|record| record.record_type.name == COURSE).map(|held| held.map(taught).flatten());
    let catalogue = catalogue.fold(Held::new(keeping, Vec::new()), |all, one| {
        all.with(one).map(|(mut all, one)| {
            all.push(one);
            all
        })
    });
    catalogue.map(|courses| reckoned(archive, courses))
}

fn taught(record: &Record) -> Held<Taught> {
    let words = |value: &Value| {
        let mut found = Vec::new();
        value.texts(&mut found);
        found.into_iter().map(|text| text.trim().to_owned()).collect::<Vec<_>>()
    };
    let title = record.title.as_ref().map(|title| title.0.clone());
    match record.field("required_of") {
        Some(field) => title.with(field).map(|(title, field)| Taught { title, required_of: words(&field.value) }),
        None => title.map(|title| Taught { title, required_of: Vec::new() }),
    }
}

fn reckoned(archive: &Archive, mut courses: Vec<Taught>) -> Trainings<'_> {
    let present = || archive.readers.iter().filter(|reader| reader.until.is_none_or(|until| until >= archive.day));
    let is_of =
        |course: &Taught, training: &Training| course.title.texts().any(|title| title.trim() == training.course.trim());
    for training in present().flat_map(|reader| &reader.training) {
        if !courses.iter().any(|course| is_of(course, training)) {
            courses.push(Taught { title: Phrase::one(&training.course), required_of: Vec::new() });
        }
    }
    let required: Vec<Vec<&Reader>> = courses.iter().map(|course| archive.meant(&course.required_of)).collect();
    let readers = present().map(|reader| {
        let held = courses.iter().zip(&required).map(|(course, required)| {
            let own = reader.training.iter().filter(|training| is_of(course, training));
            match own.map(|training| training.valid_until).max() {
                Some(last) => Hold::Until(last),
                None if required.iter().any(|one| one.name == reader.name) => Hold::Lacking,
                None => Hold::Nothing,
            }
        });
        let until = reader.training.iter().map(|training| training.valid_until).max();
        Trained { reader, until, held: held.collect() }
    });
    let readers = readers.collect();
    Trainings { courses, readers }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{SETTINGS, archive_beside};
    use super::*;

    fn taught_to(settings: &str) -> Archive {
        archive_beside(
            &[],
            &[
                ("strongroom.yaml", settings),
                ("readers/a.yaml", "name: 甲\ntraining: [{course: 保密, valid_until: 2027-01-01}]\n"),
                ("readers/b.yaml", "name: 乙\ntraining: [{course: 消防, valid_until: 2026-01-01}]\n"),
                ("registers/courses/s.yaml", "title: {zh: 保密, en: Secrecy}\nkind: secrecy\nrequired_of: staff\n"),
            ],
        )
    }

    #[test]
    fn a_catalogue_says_who_lacks_a_course_and_files_who_holds_it() {
        let archive = taught_to(&format!("{SETTINGS}oversight: compliance\n"));
        let (asks, all) = trainings(&archive).release();
        assert_eq!(asks.canonical(), "compliance");
        let titles: Vec<&str> = all.courses.iter().map(|course| course.title.in_language("zh")).collect();
        assert_eq!(titles, ["保密", "消防"]);
        let held: Vec<&[Hold]> = all.readers.iter().map(|reader| reader.held.as_slice()).collect();
        let until = |day: &str| Hold::Until(day.parse().unwrap());
        assert_eq!(held, [[until("2027-01-01"), Hold::Nothing], [Hold::Lacking, until("2026-01-01")]]);
    }

    #[test]
    fn without_an_audience_that_oversees_it_is_for_nobody() {
        assert_eq!(trainings(&taught_to(SETTINGS)).clearance(), &nobody());
    }
}
