//! Undertakings: who may read what is restricted has promised to keep it, in the words that count today.

use super::all::Check;
use super::case::Case;
use super::fields::{counts_on, references, texts, word};
use super::notice::Notice;
use super::persons::{listed, names};
use crate::access::{Reader, Standing};
use crate::archive::SETTINGS;
use crate::finding::{Code, Finding, Place, quote};
use crate::record::Record;
use std::collections::BTreeSet;

/// A reader of something restricted has signed no undertaking, or one that has ended.
pub const UNDERTAKING_MISSING: Notice = Notice::warning(Code("undertaking-missing"));
/// An undertaking was signed in words that another version has taken the place of.
pub const UNDERTAKING_OUTDATED: Notice = Notice::warning(Code("undertaking-outdated"));

/// Looks at undertakings, in an archive that keeps any.
pub(super) const CHECK: Check = Check { notices: &[UNDERTAKING_MISSING, UNDERTAKING_OUTDATED], find };

fn find(case: &Case<'_>) -> Vec<Finding> {
    let of_type = |name: &'static str| case.records().filter(move |record| record.record_type.name == name);
    let undertakings: Vec<&Record> = of_type("undertaking").collect();
    if undertakings.is_empty() {
        return Vec::new();
    }
    let counting: Vec<&Record> =
        undertakings.into_iter().filter(|record| counts_on(record, "signed", "until", case.day())).collect();
    let mut findings = Vec::new();
    let trusted: Vec<&Reader> = trusted(case);
    let lacking: Vec<&Reader> = trusted
        .iter()
        .copied()
        .filter(|reader| !counting.iter().any(|record| names(record, "person", reader)))
        .collect();
    if let Some(first) = lacking.first() {
        let message = format!("no undertaking that counts today is filed of {}", listed(&lacking));
        let remedy = "have it signed, and file it in registers/undertakings/; or take the reader out of the audience";
        let place = case.at_words(SETTINGS, 0..0, &first.name);
        findings.push(UNDERTAKING_MISSING.at(place, message, remedy));
    }
    let replaced: BTreeSet<&str> = of_type("procedure").flat_map(|record| references(record, "supersedes")).collect();
    for reader in trusted {
        let own: Vec<&&Record> = counting.iter().filter(|record| names(record, "person", reader)).collect();
        if !own.is_empty() && !own.iter().any(|record| is_of_today(case, record, &replaced)) {
            findings.extend(own.first().map(|record| outdated(case, record, reader)));
        }
    }
    findings
}

/// Readers who are in a keyring and belong to an audience: everything that audiences read is restricted.
fn trusted<'a>(case: &'a Case<'_>) -> Vec<&'a Reader> {
    let settings = &case.archive.settings;
    let good = |reader: &&Reader| matches!(reader.standing(case.day(), settings.training_required), Standing::Good(_));
    let belongs =
        |reader: &&Reader| settings.audiences.iter().any(|(name, _)| settings.audiences.has(name, &reader.name));
    case.archive.readers.iter().filter(good).filter(belongs).collect()
}

/// Whether it was signed in the words that count: those of the form that it names, where nothing took their place. One
/// that names no form is taken as it is.
fn is_of_today(case: &Case<'_>, record: &Record, replaced: &BTreeSet<&str>) -> bool {
    references(record, "form").all(|name| {
        let same = |form: &Record| word(form, "version").is_none_or(|version| Some(version) == word(record, "version"));
        !replaced.contains(name) && case.record(name).is_none_or(same)
    })
}

fn outdated(case: &Case<'_>, record: &Record, reader: &Reader) -> Finding {
    let version = texts(record, "version").first().map(|text| quote(text)).unwrap_or_default();
    let message = format!("{} signed version {version}, which does not count any more", quote(&reader.display_name()));
    let place: Place = case.at_field(record, "version");
    UNDERTAKING_OUTDATED.at(place, message, "have the present words signed, and file that undertaking beside this one")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const KEY: &str = "age1xeua2esach8ug49z76wramxy62jnywwpxjfw05y4qk6dyesmayws6qug4g";

    fn promised(lines: &str) -> Shelves {
        let mut shelves = Shelves::bare();
        shelves.change("strongroom.yaml", "finance: {readers: []}", "finance: {readers: [li-wei]}");
        let training = "training: [{course: a, valid_until: 2027-01-01}]\n";
        shelves.put("readers/li-wei.yaml", &format!("name: {{zh: 李薇}}\nkeys: [{KEY}]\n{training}"));
        shelves.put("readers/other.yaml", "name: 罗毅\n");
        let form = "title: 承诺书\nkind: form\nversion: 第二版\nowner: 吴洁\n";
        shelves.put("registers/procedures/form-2.yaml", form);
        shelves.put("registers/undertakings/2026.yaml", &format!("records:\n{lines}"));
        shelves
    }

    const SIGNED: &str =
        "  - {number: A1, person: 李薇, version: 第二版, form: registers/procedures/form-2, signed: 2026-01-05}\n";

    #[test]
    fn who_belongs_to_an_audience_has_signed() {
        assert_eq!(promised(SIGNED).places(), [""; 0]);
        let other = SIGNED.replace("李薇", "罗毅");
        assert_eq!(promised(&other).places(), ["undertaking-missing strongroom.yaml:2:23"]);
        let ended = SIGNED.replace("2026-01-05}", "2024-01-05, until: 2026-01-04}");
        assert_eq!(promised(&ended).codes(), ["undertaking-missing"]);
    }

    #[test]
    fn words_that_were_replaced_are_signed_anew() {
        let old = SIGNED.replace("第二版", "第一版");
        assert_eq!(promised(&old).places(), ["undertaking-outdated registers/undertakings/2026.yaml:2:39"]);
        let mut shelves = promised(SIGNED);
        let next = "title: 承诺书\nkind: form\nversion: 第三版\nowner: 吴洁\nsupersedes: registers/procedures/form-2\n";
        shelves.put("registers/procedures/form-3.yaml", next);
        assert_eq!(shelves.codes(), ["undertaking-outdated"]);
    }
}
