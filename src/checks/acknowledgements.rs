//! Acknowledgements: bulletins, leak cases and rules that ask to be read, and who has not.

use super::all::Check;
use super::case::Case;
use super::fields::{day, references, texts, word};
use super::notice::Notice;
use super::persons::{listed, names};
use crate::access::Reader;
use crate::finding::{Code, Finding};
use crate::record::Record;
use std::collections::HashMap;

/// Something that was to be read was not acknowledged by everybody by its day.
pub const ACKNOWLEDGEMENT_MISSING: Notice = Notice::warning(Code("acknowledgement-missing"));

/// Looks at what asks to be read.
pub(super) const CHECK: Check = Check { notices: &[ACKNOWLEDGEMENT_MISSING], find };

/// The types whose records ask to be read by those whom `to` names.
const ASKING: [&str; 3] = ["bulletin", "leak-case", "procedure"];

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut given: HashMap<&str, Vec<&Record>> = HashMap::new();
    for record in case.records().filter(|record| record.record_type.name == "acknowledgement") {
        for name in references(record, "document") {
            given.entry(name).or_default().push(record);
        }
    }
    let asking: Vec<&Record> =
        case.records().filter(|record| ASKING.contains(&record.record_type.name.as_str())).collect();
    let replaced: Vec<&str> = asking.iter().flat_map(|record| references(record, "supersedes")).collect();
    asking
        .into_iter()
        .filter(|record| !replaced.contains(&record.name.to_string().as_str()))
        .filter_map(|record| unread(case, record, given.get(record.name.to_string().as_str()).map_or(&[], |all| all)))
        .collect()
}

/// The finding where its day has passed, or it names none, and somebody has neither acknowledged it nor stands among its
/// readers.
fn unread(case: &Case<'_>, record: &Record, given: &[&Record]) -> Option<Finding> {
    let words = texts(record, "to");
    if words.is_empty() || day(record, "read_before").is_some_and(|before| before >= case.day()) {
        return None;
    }
    if day(record, "closed").is_some() || day(record, "in_force").is_some_and(|from| from > case.day()) {
        return None;
    }
    // Of a rule the version counts: who read an earlier one has not read this.
    let version = word(record, "version");
    let of_version = |one: &Record| version.is_none() || word(one, "version").is_none_or(|read| Some(read) == version);
    let read = |reader: &&Reader| {
        names(record, "read_by", reader) || given.iter().any(|one| names(one, "person", reader) && of_version(one))
    };
    let left: Vec<&Reader> = case.archive.meant(&words).into_iter().filter(|reader| !read(reader)).collect();
    (!left.is_empty()).then(|| {
        let message = format!("this was to be read, and is not acknowledged by {}", listed(&left));
        let remedy = "have it read, and file the acknowledgement in registers/acknowledgements/, or add to `read_by`";
        ACKNOWLEDGEMENT_MISSING.at(case.at_field(record, "to"), message, remedy)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const RULE: &str = "title: 取件规定\nkind: policy\nversion: 第二版\nowner: 吴洁\nto: [sales, 赵敏]\n";

    fn asked(rule: &str, acknowledgements: &str) -> Shelves {
        let mut shelves = Shelves::bare();
        shelves.change("strongroom.yaml", "sales: {readers: []}", "sales: {readers: [li-wei]}");
        shelves.put("readers/li-wei.yaml", "name: {zh: 李薇, en: Li Wei}\n");
        shelves.put("readers/zhao-min.yaml", "name: 赵敏\n");
        shelves.put("readers/he-jun.yaml", "name: 何军\n");
        shelves.put("registers/procedures/pickup.yaml", rule);
        if !acknowledgements.is_empty() {
            shelves.put("registers/acknowledgements/2026.yaml", &format!("records:\n{acknowledgements}"));
        }
        shelves
    }

    fn read(number: &str, person: &str, version: &str) -> String {
        format!(
            "  - {{number: {number}, person: {person}, document: registers/procedures/pickup, version: {version}, read_on: 2026-05-01}}\n"
        )
    }

    #[test]
    fn everybody_whom_it_names_has_read_this_version() {
        let both = read("A1", "Li Wei", "第二版") + &read("A2", "赵敏", "第二版");
        assert_eq!(asked(RULE, &both).places(), [""; 0]);
        let earlier = read("A1", "李薇", "第二版") + &read("A2", "赵敏", "第一版");
        assert_eq!(asked(RULE, &earlier).places(), ["acknowledgement-missing registers/procedures/pickup.yaml:5:5"]);
        let found = asked(RULE, "").findings();
        assert!(found[0].message.contains("李薇") && found[0].message.contains("赵敏"), "{found:?}");
        assert!(!found[0].message.contains("何军"));
    }

    #[test]
    fn nothing_is_missing_before_its_day_or_where_nobody_is_named() {
        assert_eq!(asked(&format!("{RULE}read_before: 2026-11-23\n"), "").codes(), [""; 0]);
        assert_eq!(asked(&format!("{RULE}read_before: 2026-11-22\n"), "").codes(), ["acknowledgement-missing"]);
        assert_eq!(asked(&RULE.replace("to: [sales, 赵敏]\n", ""), "").codes(), [""; 0]);
    }
}
