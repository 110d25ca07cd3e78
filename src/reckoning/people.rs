//! Readers: trainings that end, and days on which somebody leaves every keyring.
//!
//! Who may read what, and until when, is for the audience that oversees the archive; without one it is for nobody but
//! the archivist, and the reader.

use super::due::{Due, Duty, Entry};
use super::sight::{Sight, look};
use crate::access::{Clearance, Held, Reader, nobody};
use crate::archive::Archive;
use crate::record::Interval;
use crate::text::Phrase;
use jiff::civil::Date;

/// How long before its day it is told: a course has to be found and passed.
const NOTICE: Interval = Interval::days(30);

/// What is due of readers.
pub(super) fn entries(archive: &Archive, sight: Sight<'_>) -> Vec<Held<Entry>> {
    let oversight = archive.settings.oversight.as_deref();
    let keeping = oversight.map_or_else(nobody, |audience| Clearance::any_of([audience]));
    let of_reader = |reader: &Reader| {
        // A reader may know of what is due of the reader.
        let own = matches!(sight, Sight::Reader(_, name) if name == reader.name);
        let asks = if own { Clearance::open() } else { keeping.clone() };
        let matter = format!("reader/{}", reader.name);
        look(sight, asks, &matter, |eyes| eyes.plain(of_reader(reader, archive.day)))
    };
    archive.readers.iter().flat_map(of_reader).collect()
}

fn of_reader(reader: &Reader, day: Date) -> Vec<Due> {
    if reader.until.is_some_and(|until| until < day) {
        return Vec::new();
    }
    let name = Phrase { zh: reader.zh.clone(), en: reader.en.clone(), both: None };
    let due = |duty: Duty, day: Date| Due {
        matter: String::new(),
        duty,
        kind: None,
        day,
        from: NOTICE.before(day),
        customer: None,
        record: None,
        title: None,
        who: Some(Held::new(Clearance::open(), name.clone())),
        ends: true,
        closeness: 0,
    };
    let last = reader.training.iter().max_by_key(|training| training.valid_until);
    let training = last.map(|training| due(Duty::Training(training.course.clone()), training.valid_until));
    let leaving = reader.until.map(|until| due(Duty::Leaving, until));
    // Who leaves before the training ends needs no other.
    let training = training.filter(|training| leaving.as_ref().is_none_or(|leaving| training.day < leaving.day));
    training.into_iter().chain(leaving).collect()
}
