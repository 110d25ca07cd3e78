//! The difference of two commits tells a reader no more than the reader's keys open in the site of either.

use super::canary::forms;
use super::houses;
use super::places::{OPEN, SEALED};
use super::unpack::Haystack;
use assert_cmd::Command;

/// What a history does not tell, or not by these words: bytes of files, where links lead in a text, the cells with which
/// a series began; and an abstract, whose change names its record, to those who may not know of that.
const NOT_TOLD: &[&str] = &[
    "picture",
    "linkhost",
    "refhost",
    "footlabel",
    "alt",
    "text file",
    "binary file",
    "pdf file",
    "inner file bytes",
    "open file",
    "abstract",
    "series open",
    "series column",
    "series note",
    "inner series",
    "inner income",
];

/// What is told of a house, in every form.
fn told(archive: &std::path::Path, range: &str, whom: &[&str]) -> Haystack {
    let mut haystack = Haystack::new();
    for form in ["human", "json", "csv"] {
        let mut command = Command::cargo_bin("strongroom").unwrap();
        let arguments = ["--date", super::fixture::DAY, "--format", form, "diff", range, "--archive"];
        let output = command.args(arguments).arg(archive).args(whom).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        haystack.add(form, &output.stdout);
        haystack.add("words", &output.stderr);
    }
    haystack
}

#[test]
fn a_reader_is_told_of_all_that_came_and_went_what_the_readers_keys_open() {
    let house = houses::full();
    let archive = house.archive();
    let aside = |folder: &str| (archive.join(folder), archive.with_extension(folder));
    let folders = ["customers", "registers"].map(aside);
    folders.iter().for_each(|(there, aside)| std::fs::rename(there, aside).unwrap());
    house.commit("Rules");
    folders.iter().for_each(|(there, aside)| std::fs::rename(aside, there).unwrap());
    house.commit("Everything");
    let mut wrong = Vec::new();
    for reader in ["fin", "leg", "mix", "sal", "ovs", "lap"] {
        let came = told(&archive, "HEAD~1..HEAD", &["--as", reader]);
        let went = told(&archive, "HEAD..HEAD~1", &["--as", reader]);
        for (label, readers, audiences) in SEALED {
            let (readers, _) = if *label == "slug" { ("leg mix", "legal") } else { (*readers, *audiences) };
            let may = reader == "ovs" || readers.split(' ').any(|name| name == reader);
            for (direction, found) in [("came", &came), ("went", &went)] {
                if found.holds(&forms(label)) && !may {
                    wrong.push(format!("{label} that {direction} is told to {reader}"));
                }
            }
            if may && !came.holds(&forms(label)) && !NOT_TOLD.contains(label) {
                wrong.push(format!("{label} is not told to {reader}"));
            }
        }
        for label in OPEN.iter().filter(|label| !came.holds(&forms(label)) && !NOT_TOLD.contains(label)) {
            wrong.push(format!("{label} is not told to {reader}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
