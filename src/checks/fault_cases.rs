//! The library of fault cases is read by everybody and shared: no case names a customer.

use super::all::Check;
use super::case::Case;
use super::fields::texts;
use super::notice::Notice;
use crate::dossier::is_han;
use crate::finding::{Code, Finding, quote};
use crate::record::{Record, Value};
use std::collections::HashMap;
use std::ops::Range;

/// A fault case that names a customer.
pub const CASE_NAMES_CUSTOMER: Notice = Notice::warning(Code("case-names-customer"));

/// Looks for customers' names in fault cases.
pub(super) const CHECK: Check = Check { notices: &[CASE_NAMES_CUSTOMER], find };

/// Shorter names are words of the language as often as names.
const LEAST_HAN: usize = 2;
const LEAST_OTHER: usize = 3;

fn find(case: &Case<'_>) -> Vec<Finding> {
    let cases: Vec<&Record> = case.records().filter(|record| record.record_type.name == "fault-case").collect();
    if cases.is_empty() {
        return Vec::new();
    }
    let names = Names::of(case);
    cases.into_iter().flat_map(|record| named_in(case, record, &names)).collect()
}

fn named_in(case: &Case<'_>, record: &Record, names: &Names) -> Vec<Finding> {
    let mut found: Vec<(Range<usize>, String, String)> = Vec::new();
    let mut look = |text: &str, near: &Range<usize>| {
        names.find(text, |name, customer| found.push((near.clone(), name.to_owned(), customer.to_owned())));
    };
    for title in record.title.as_ref().release().1.0.texts() {
        look(title, &(0..0));
    }
    for field in record.fields.lay_out(|held| held.release().1) {
        // A reference holds the name of a dossier, and is shown as a link to those who may follow it.
        let mut texts = Vec::new();
        if !has_reference(&field.value) {
            field.value.texts(&mut texts);
        }
        texts.iter().for_each(|text| look(text, &field.range));
    }
    for section in record.text.lay_out(|held| held.release().1) {
        look(&section.text, &section.range);
    }
    for summary in record.summary.iter().flat_map(|summary| summary.as_ref().release().1.texts()) {
        look(summary, &(0..0));
    }
    look(record.name.path.rsplit('/').next().unwrap_or_default(), &(0..0));
    found.dedup();
    let tell = |(near, name, customer): (Range<usize>, String, String)| {
        let message = format!("this case names a customer: {} (the dossier {})", quote(&name), quote(&customer));
        let remedy = "say what kind of customer it was; the fault itself can be named in `seen_in`";
        CASE_NAMES_CUSTOMER.at(case.at_words(&record.file, near, &name), message, remedy)
    };
    found.into_iter().map(tell).collect()
}

fn has_reference(value: &Value) -> bool {
    match value {
        Value::Reference(_) => true,
        Value::Many(values) => values.iter().any(has_reference),
        _ => false,
    }
}

/// All names of all customers, by their first two characters.
struct Names(HashMap<[char; 2], Vec<(Vec<char>, String)>>);

impl Names {
    fn of(case: &Case<'_>) -> Self {
        let mut names: HashMap<[char; 2], Vec<(Vec<char>, String)>> = HashMap::new();
        for open in &case.dossiers {
            let fields = ["name", "short_names", "former_names", "code"];
            for text in fields.into_iter().flat_map(|name| texts(open.root(), name)) {
                let name: Vec<char> = text.trim().chars().map(small).collect();
                let least = if name.iter().any(|c| is_han(*c)) { LEAST_HAN } else { LEAST_OTHER };
                if let (true, [first, second, ..]) = (name.len() >= least, name.as_slice()) {
                    names.entry([*first, *second]).or_default().push((name, open.dossier.name.to_string()));
                }
            }
        }
        // The longest one that fits is the one that is meant.
        names.values_mut().for_each(|names| names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len())));
        Self(names)
    }

    /// Hands over every name that stands in a text, as it stands there, with the name of its dossier.
    fn find(&self, text: &str, mut found: impl FnMut(&str, &str)) {
        let characters: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, small(c))).collect();
        let mut at = 0;
        while let Some([(start, first), (_, second), ..]) = characters.get(at..) {
            let before = at.checked_sub(1).and_then(|at| characters.get(at)).map(|(_, c)| *c);
            let fits = |(name, _): &&(Vec<char>, String)| {
                let here = characters.get(at..at + name.len()).unwrap_or_default();
                let after = characters.get(at + name.len()).map(|(_, c)| *c);
                here.iter().map(|(_, c)| c).eq(name) && !(joins(before, name.first()) || joins(after, name.last()))
            };
            let known = self.0.get(&[*first, *second]).map_or(&[][..], Vec::as_slice);
            match known.iter().find(fits) {
                Some((name, customer)) => {
                    let end = characters.get(at + name.len()).map_or(text.len(), |(end, _)| *end);
                    found(text.get(*start..end).unwrap_or_default(), customer);
                    at += name.len();
                }
                None => at += 1,
            }
        }
    }
}

/// Whether a letter beside a name makes another word of it. Chinese is written without blanks between words.
fn joins(beside: Option<char>, edge: Option<&char>) -> bool {
    let letter = |c: char| c.is_alphanumeric() && !is_han(c);
    beside.is_some_and(letter) && edge.is_some_and(|edge| letter(*edge))
}

fn small(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const CASE: &str = "registers/fault-cases/loop.md";

    fn written(text: &str) -> Vec<String> {
        let mut shelves = Shelves::new();
        shelves.change("customers/yunxi/dossier.yaml", "short_names: [云溪水电]", "short_names: [云溪水电, YHD]");
        shelves.put(CASE, &format!("---\nsymptom: 丢包\ncause: 环路\ncure: 拔线\n---\n{text}\n"));
        shelves.places()
    }

    #[test]
    fn a_case_that_names_a_customer_is_found_where_it_does() {
        assert_eq!(written("八月在云溪水电见过。"), [format!("case-names-customer {CASE}:6:4")]);
        assert_eq!(written("Seen at yhd in August."), [format!("case-names-customer {CASE}:6:9")]);
        assert_eq!(written("证号 91330122MA2ABCDE1X"), [format!("case-names-customer {CASE}:6:4")]);
    }

    #[test]
    fn the_longest_name_is_told_once() {
        assert_eq!(written("在云溪水电有限公司见过。").len(), 1);
    }

    #[test]
    fn words_that_only_hold_letters_of_a_name_are_none() {
        assert_eq!(written("The xyhds were lost. 水电不分家，云溪一带多雨。"), [""; 0]);
    }

    #[test]
    fn a_reference_to_the_fault_is_no_naming() {
        let mut shelves = Shelves::new();
        shelves.put("customers/yunxi/faults/F1.md", "---\nnumber: F1\nsymptom: 中断\n---\n");
        shelves.put(CASE, "---\nsymptom: a\ncause: b\ncure: c\nseen_in: yunxi/faults/F1\n---\n");
        assert_eq!(shelves.codes(), [""; 0]);
    }
}
