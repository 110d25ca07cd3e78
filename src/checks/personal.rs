//! Numbers that belong to a person, in what all staff may read. What is sealed may hold them: that is what it is for.

use super::all::Check;
use super::beside;
use super::case::{Case, OpenDossier};
use super::notice::Notice;
use super::numbers::{self, Personal};
use super::open_texts;
use crate::finding::{Code, Finding, Place};
use crate::record::Record;
use rayon::prelude::*;
use std::ops::Range;

/// An identity number, a mobile number or a card's number in open text.
pub const PERSONAL_DATA: Notice = Notice::warning(Code("personal-data"));

/// Looks for numbers of persons in open text and in open files that are text.
pub(super) const CHECK: Check = Check { notices: &[PERSONAL_DATA], find };

/// More numbers than these in one record or file are not told one by one.
const TOLD: usize = 20;
/// The dossiers of one lot are looked at one beside another.
const LOT: usize = 16;

fn find(case: &Case<'_>) -> Vec<Finding> {
    let of_dossiers = case.dossiers.par_chunks(LOT).flat_map_iter(|lot| {
        lot.iter().flat_map(|open: &OpenDossier<'_>| {
            std::iter::once(open.root()).chain(open.records.iter().copied()).flat_map(|record| in_record(case, record))
        })
    });
    let mut findings: Vec<Finding> = of_dossiers.collect();
    findings.extend(case.registers.iter().flat_map(|record| in_record(case, record)));
    findings.par_extend(beside::open_files(case).par_iter().flat_map_iter(|file| in_file(case, file)));
    findings
}

fn in_file(case: &Case<'_>, file: &beside::OpenFile) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        numbers::find(&file.name).into_iter().map(|(_, kind)| in_name(kind, Place::whole(&file.path))).collect();
    for text in beside::texts(case, file) {
        let found = numbers::find(&text.text);
        let place = |range: Range<usize>| {
            if text.as_it_stands { Place::of(&file.path, &text.text, range) } else { Place::whole(&file.path) }
        };
        let tell = |(range, kind): (Range<usize>, Personal)| {
            let message = format!("{} stands in a file that all staff may open", kind.words());
            PERSONAL_DATA.at(place(range), message, "take it out of the file, or restrict the attachment")
        };
        findings.extend(found.into_iter().take(TOLD).map(tell));
    }
    findings
}

fn in_name(kind: Personal, place: Place) -> Finding {
    let message = format!("{} stands in the name of a file that all staff may see", kind.words());
    PERSONAL_DATA.at(place, message, "rename the file, and where it is named as well")
}

/// What was found in a record: where it may stand, the words, and what they are.
type Hit = (Range<usize>, String, Personal);

fn in_record(case: &Case<'_>, record: &Record) -> Vec<Finding> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut findings = Vec::new();
    let mut look = |text: &str, near: Range<usize>| {
        let found = numbers::find(text).into_iter();
        hits.extend(found.filter_map(|(range, kind)| Some((near.clone(), text.get(range)?.to_owned(), kind))));
    };
    if record.clearance.is_open() {
        for (_, kind) in numbers::find(&record.name.path) {
            findings.push(in_name(kind, Place::whole(&record.file)));
        }
    }
    open_texts::each(record, &mut look);
    hits.sort_by(|one, other| (one.0.start, &one.1).cmp(&(other.0.start, &other.1)));
    hits.dedup();
    let told = hits.into_iter().take(TOLD);
    findings.extend(told.map(|(near, words, kind)| tell(case.at_words(&record.file, near, &words), kind)));
    for column in open_texts::columns(record) {
        let cells = column.cells.iter().filter_map(|cell| Some((cell, numbers::find(cell).first()?.1)));
        for (cell, kind) in cells.take(TOLD) {
            findings.push(tell(case.at_cell(record, &column.name, cell, 0), kind));
        }
    }
    findings
}

fn tell(place: Place, kind: Personal) -> Finding {
    let message = format!("{} stands in what all staff may read", kind.words());
    let remedy = "leave it out, or restrict the part: `audience`, `restrict`, or a heading's `{audience=…}`";
    PERSONAL_DATA.at(place, message, remedy)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const IDENTITY: &str = "11010519491231002X";
    const PROFILE: &str = "customers/yunxi/profile.md";
    const CONTRACT: &str = "customers/yunxi/contracts/2024-017.md";

    #[test]
    fn a_number_in_an_open_field_text_title_or_abstract_is_found_at_its_place() {
        let mut shelves = Shelves::new();
        shelves.put(PROFILE, "---\nbusiness: 电话 13812345678\n---\n# 概况\n\n联系 138 1234 5679 即可。\n");
        assert_eq!(shelves.places(), [format!("personal-data {PROFILE}:2:14"), format!("personal-data {PROFILE}:6:4")]);
        shelves.put(PROFILE, &format!("---\ntitle: 甲 {IDENTITY}\n---\n"));
        assert_eq!(shelves.places(), [format!("personal-data {PROFILE}:2:10")]);
        shelves.put(PROFILE, "---\n---\n");
        shelves.change(CONTRACT, "original:", "abstract: 请打 13812345678\noriginal:");
        assert_eq!(shelves.places(), [format!("personal-data {CONTRACT}:8:14")]);
    }

    #[test]
    fn what_is_sealed_may_hold_it_and_a_number_with_a_wrong_check_is_none() {
        let mut shelves = Shelves::new();
        shelves.put(
            "customers/yunxi/credentials/id.md",
            &format!("---\nkind: identity\nholder: 甲\npowers: {IDENTITY}\n---\n13812345678\n"),
        );
        shelves.put(PROFILE, "---\nbusiness: 110105194912310021\n---\n## 联系 {audience=sales}\n\n13812345678\n");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_cell_of_a_series_is_found_in_its_row() {
        let table = "customers/yunxi/traffic/2026.csv";
        let mut shelves = Shelves::new();
        shelves.put(table, "week,voice,comment\n2026-W01,1,平稳\n2026-W02,2,联系13812345678\n");
        assert_eq!(shelves.places(), [format!("personal-data {table}:3:12")]);
    }

    #[test]
    fn names_of_files_and_files_that_are_text_are_looked_at_where_they_are_open() {
        let (name, text) = ("customers/yunxi/13812345678.txt", "customers/yunxi/list.txt");
        let mut shelves = Shelves::new();
        shelves.put(name, "x");
        shelves.put_bytes(text, b"\xbf\xa8\xba\xc5\n4111111111111111\n");
        shelves.put(PROFILE, "---\nattachments: [13812345678.txt, list.txt]\n---\n");
        let found = shelves.places();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.contains(&format!("personal-data {text}:2:1")), "{found:?}");
        assert!(found.contains(&format!("personal-data {name}")), "{found:?}");
        shelves.put(
            PROFILE,
            "---\nattachments: [{file: 13812345678.txt, audience: sales}, {file: list.txt, audience: sales}]\n---\n",
        );
        assert_eq!(shelves.codes(), [""; 0]);
    }
}
