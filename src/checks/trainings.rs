//! Trainings: what readers' files say, which alone feeds the keyrings, against what the sessions' attendance says.

use super::all::Check;
use super::case::Case;
use super::fields::{day, field, texts};
use super::notice::Notice;
use super::persons::{listed, names};
use crate::access::{Reader, Standing, Training};
use crate::finding::{Code, Finding, Place, quote};
use crate::record::{Interval, Record, Value};
use jiff::civil::Date;

/// Somebody passed a training, and the reader's file does not say so.
pub const TRAINING_NOT_IN_FILE: Notice = Notice::warning(Code("training-not-in-file"));
/// A reader's file says that a training was passed of which the session tells otherwise.
pub const TRAINING_NOT_ATTENDED: Notice = Notice::warning(Code("training-not-attended"));
/// A training counts for longer than its course says.
pub const TRAINING_TOO_LONG: Notice = Notice::warning(Code("training-too-long"));
/// A reader lacks a course that is required of the reader.
pub const TRAINING_MISSING: Notice = Notice::warning(Code("training-missing"));
/// Words that are to name readers, and name none.
pub const UNKNOWN_ADDRESSEE: Notice = Notice::warning(Code("unknown-addressee"));

/// Looks at trainings.
pub(super) const CHECK: Check = Check {
    notices: &[TRAINING_NOT_IN_FILE, TRAINING_NOT_ATTENDED, TRAINING_TOO_LONG, TRAINING_MISSING, UNKNOWN_ADDRESSEE],
    find,
};

/// Fields whose words are to name audiences or readers.
const ADDRESSING: [&str; 2] = ["to", "required_of"];

fn find(case: &Case<'_>) -> Vec<Finding> {
    let of_type = |name: &'static str| case.records().filter(move |record| record.record_type.name == name);
    let sessions: Vec<&Record> = of_type("training-session").collect();
    let courses: Vec<&Record> = of_type("course").collect();
    let mut findings = Vec::new();
    for session in &sessions {
        findings.extend(not_in_file(case, session));
    }
    for reader in &case.archive.readers {
        for training in &reader.training {
            findings.extend(not_attended(case, reader, training, &sessions));
            findings.extend(too_long(case, reader, training, &courses));
        }
    }
    for course in &courses {
        findings.extend(missing(case, course));
    }
    for kind in ["course", "bulletin", "leak-case", "procedure"] {
        for record in of_type(kind) {
            findings.extend(unknown_addressees(case, record));
        }
    }
    findings
}

/// Attendance that no reader's file repeats. A session that says until when it counts is one that is passed; of a film or
/// a reading, which gives nobody a key, no file need speak.
fn not_in_file(case: &Case<'_>, session: &Record) -> Vec<Finding> {
    let (Some(until), Some(held)) = (day(session, "valid_until"), held_on(session)) else { return Vec::new() };
    let tell = |reader: &Reader| {
        if !names(session, "attendees", reader) || names(session, "failed", reader) {
            return None;
        }
        let own = reader.training.iter().find(|training| is_of(session, training) && passed_by(training, held, until));
        let (message, remedy) = match own {
            Some(own) if own.valid_until == until => return None,
            Some(own) => (
                format!("this file says {} of a training that the session ends with {until}", own.valid_until),
                "write the day that is right into both".to_owned(),
            ),
            None => (
                format!("{} passed a training on {held} that this file does not name", quote(&reader.display_name())),
                format!(
                    "add `- {{course: {}, passed: {held}, valid_until: {until}}}`, or correct the session",
                    quote(texts(session, "course").first().map_or("…", AsRef::as_ref))
                ),
            ),
        };
        let place = own.map_or_else(|| Place::whole(&file_of(reader)), |own| at_training(case, reader, own));
        let finding = TRAINING_NOT_IN_FILE.at(place, message, remedy);
        Some(finding.related(case.at_field(session, "attendees"), "who attended"))
    };
    case.archive.readers.iter().filter_map(tell).collect()
}

/// A training in a reader's file of which there are sessions, and none of that day that the reader attended and passed.
/// Of a course whose sessions the archive does not keep, a file is believed.
fn not_attended(case: &Case<'_>, reader: &Reader, training: &Training, sessions: &[&Record]) -> Option<Finding> {
    let passed = training.passed?;
    let mut of_course = sessions.iter().filter(|session| is_of(session, training)).peekable();
    of_course.peek()?;
    let on_day: Vec<&&Record> = of_course.filter(|session| held_on(session) == Some(passed)).collect();
    let attended = |session: &&&Record| names(session, "attendees", reader) && !names(session, "failed", reader);
    if on_day.iter().any(attended) {
        return None;
    }
    let who = quote(&reader.display_name());
    let course = quote(&training.course);
    let (message, remedy) = match on_day.first() {
        None => (
            format!("this file says that {who} passed {course} on {passed}, and no session was on that day"),
            "file the session with its attendance, or correct the day",
        ),
        Some(_) => (
            format!("this file says that {who} passed {course} on {passed}, and the session's attendance does not"),
            "correct the one that is wrong: a reader's file gives the reader a key",
        ),
    };
    let finding = TRAINING_NOT_ATTENDED.at(at_training(case, reader, training), message, remedy);
    Some(match on_day.first() {
        Some(session) => finding.related(case.at_field(session, "attendees"), "who attended"),
        None => finding,
    })
}

/// A training that outlasts what the catalogue says of its course.
fn too_long(case: &Case<'_>, reader: &Reader, training: &Training, courses: &[&Record]) -> Option<Finding> {
    let course = courses.iter().find(|course| is_called(course, &training.course))?;
    let Value::Duration(valid) = &field(course, "valid")?.value else { return None };
    let last = Interval::parse(valid).ok()?.checked_after(training.passed?)?;
    (training.valid_until > last).then(|| {
        let message = format!(
            "{} counts here until {}, longer than its course says: {valid} from {} is {last}",
            quote(&training.course),
            training.valid_until,
            training.passed.unwrap_or(last)
        );
        let finding =
            TRAINING_TOO_LONG.at(at_training(case, reader, training), message, "write the day that the course gives");
        finding.related(case.at_field(course, "valid"), "the course")
    })
}

/// Who lacks a course that is required. Who is in no keyring for want of any training is told of already.
fn missing(case: &Case<'_>, course: &Record) -> Vec<Finding> {
    let (words, today) = (texts(course, "required_of"), case.day());
    let keyed =
        |reader: &&Reader| matches!(reader.standing(today, case.archive.settings.training_required), Standing::Good(_));
    let holds = |reader: &&Reader| {
        reader.training.iter().any(|training| is_called(course, &training.course) && training.valid_until >= today)
    };
    let lacking: Vec<&Reader> =
        case.archive.meant(&words).into_iter().filter(keyed).filter(|reader| !holds(reader)).collect();
    let Some(first) = lacking.first() else { return Vec::new() };
    let message = format!("this course is required and not held, or not any more, by {}", listed(&lacking));
    let remedy = format!("have it passed, and write it into readers/{}.yaml", first.name);
    vec![TRAINING_MISSING.at(case.at_field(course, "required_of"), message, remedy)]
}

fn unknown_addressees(case: &Case<'_>, record: &Record) -> Vec<Finding> {
    let words = ADDRESSING.iter().flat_map(|field| texts(record, field).into_iter().map(move |word| (*field, word)));
    let unknown = words.filter(|(_, word)| !case.archive.means_somebody(word)).map(|(field, word)| {
        let message =
            format!("{} is no audience and no reader, so that nothing is asked of anybody by it", quote(&word));
        UNKNOWN_ADDRESSEE.at(
            case.at_field(record, field),
            message,
            "name an audience of the settings, `staff`, or a reader",
        )
    });
    unknown.collect()
}

/// The day on which a session was held.
fn held_on(session: &Record) -> Option<Date> {
    session.date.as_ref().map(|date| *date.as_ref().release().1)
}

/// Whether a training in a reader's file is that of a session's course.
fn is_of(session: &Record, training: &Training) -> bool {
    texts(session, "course").iter().any(|course| course.trim() == training.course.trim())
}

/// Whether a training was passed on a day, or ends as one that was passed on it.
fn passed_by(training: &Training, held: Date, until: Date) -> bool {
    training.passed.map_or(training.valid_until == until, |passed| passed == held)
}

/// Whether a course is called so: by its title.
fn is_called(course: &Record, name: &str) -> bool {
    course.title.as_ref().release().1.0.texts().any(|title| title.trim() == name.trim())
}

fn file_of(reader: &Reader) -> String {
    format!("readers/{}.yaml", reader.name)
}

/// Where a reader's file names a training: the line with its last day.
fn at_training(case: &Case<'_>, reader: &Reader, training: &Training) -> Place {
    let words = training.passed.map_or_else(|| training.valid_until.to_string(), |passed| passed.to_string());
    case.at_words(&file_of(reader), 0..0, &words)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const SESSION: &str = "registers/training/2026-03-01.md";
    const READER: &str = "readers/a.yaml";

    fn trained(reader: &str, session: &str) -> Shelves {
        let mut shelves = Shelves::bare();
        shelves
            .put(READER, &format!("name: {{zh: 何军, en: He Jun}}\ntraining:\n  - {{course: 保密知识, {reader}}}\n"));
        shelves.put(
            SESSION,
            &format!("---\ndate: 2026-03-01\ncourse: 保密知识\nvalid_until: 2027-03-01\n{session}\n---\n"),
        );
        shelves
    }

    const PASSED: &str = "passed: 2026-03-01, valid_until: 2027-03-01";

    #[test]
    fn who_attended_and_passed_has_it_in_the_file_and_the_reverse() {
        assert_eq!(trained(PASSED, "attendees: [何军]").places(), [""; 0]);
        assert_eq!(trained(PASSED, "attendees: [{zh: 何军, en: Jun He}]").places(), [""; 0]);
        let other = "passed: 2025-02-01, valid_until: 2026-12-01";
        let found = ["training-not-attended readers/a.yaml:3:28", "training-not-in-file readers/a.yaml"];
        assert_eq!(trained(other, "attendees: [He Jun]").codes().len(), 2);
        let mut places = trained(other, "attendees: [He Jun]").places();
        places.sort();
        assert_eq!(places, found);
    }

    #[test]
    fn who_did_not_pass_has_no_training_by_it() {
        assert_eq!(trained(PASSED, "attendees: [何军]\nfailed: [何军]").codes(), ["training-not-attended"]);
        assert_eq!(trained(PASSED, "attendees: [罗毅]").codes(), ["training-not-attended"]);
    }

    #[test]
    fn the_file_says_until_when_as_the_session_does() {
        let longer = "passed: 2026-03-01, valid_until: 2028-03-01";
        assert_eq!(trained(longer, "attendees: [何军]").places(), ["training-not-in-file readers/a.yaml:3:28"]);
    }

    #[test]
    fn a_film_gives_no_training_and_files_of_unknown_courses_are_believed() {
        let mut shelves = trained("passed: 2025-05-05, valid_until: 2027-05-05", "attendees: [何军]");
        shelves.put(SESSION, "---\ndate: 2026-03-01\ncourse: 警示教育\nattendees: [何军]\n---\n");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn no_training_outlasts_its_course() {
        let mut shelves = trained(PASSED, "attendees: [何军]");
        shelves.put("registers/courses/a.yaml", "title: 保密知识\nkind: secrecy\nvalid: 6mo\n");
        assert_eq!(shelves.places(), ["training-too-long readers/a.yaml:3:28"]);
        shelves.put("registers/courses/a.yaml", "title: 保密知识\nkind: secrecy\nvalid: 1y\n");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_word_that_names_nobody_is_told() {
        let mut shelves = trained(PASSED, "attendees: [何军]");
        shelves.put("registers/courses/a.yaml", "title: 防策反\nkind: secrecy\nrequired_of: [staff, 何军, fianance]\n");
        assert_eq!(shelves.places(), ["unknown-addressee registers/courses/a.yaml:3:14"]);
    }
}
