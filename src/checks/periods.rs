//! Periods: those that end before they begin, and those that overlap where one thing counts at a time.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::{day, word};
use super::notice::Notice;
use crate::access::Shelf;
use crate::finding::{Code, Finding, Place};
use crate::record::{Field, Record, Value};
use jiff::civil::Date;

/// Something that ends before it begins.
pub const REVERSED_PERIOD: Notice = Notice::warning(Code("reversed-period"));
/// Two things of one kind that count at one time, where only one can.
pub const OVERLAPPING_PERIODS: Notice = Notice::warning(Code("overlapping-periods"));

/// Looks at periods.
pub(super) const CHECK: Check = Check { notices: &[REVERSED_PERIOD, OVERLAPPING_PERIODS], find };

/// Fields that begin and end something.
const PAIRS: [(&str, &str); 15] = [
    ("since", "until"),
    ("from", "until"),
    ("from", "to"),
    ("effective", "until"),
    ("signed", "until"),
    ("valid_from", "valid_until"),
    ("issued", "valid_until"),
    ("submitted_on", "approved_on"),
    ("lent", "returned"),
    ("opened", "closed"),
    ("found_on", "closed"),
    ("bought", "end_of_life"),
    ("opened", "ceased"),
    ("installed", "removed"),
    ("opened", "until"),
];

/// Roles that one person at a time can have.
const SINGLE_ROLES: [&str; 1] = ["legal-representative"];

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in case.dossiers.iter().map(OpenDossier::root).chain(case.records()) {
        let dates = |name: &str| day(record, name);
        findings.extend(reversed(&dates).map(|name| tell_reversed(case.at_field(record, name))));
        for field in record.fields.lay_out(|held| held.release().1) {
            in_groups(case, record, field, &mut findings);
        }
    }
    for open in &case.dossiers {
        for role in SINGLE_ROLES {
            let contacts = open.of_type("contact").filter(|contact| word(contact, "role") == Some(role));
            let mut terms: Vec<(Option<Date>, Option<Date>, &Record)> =
                contacts.map(|contact| (day(contact, "since"), day(contact, "until"), contact)).collect();
            terms.sort_by_key(|(since, until, _)| (*since, *until));
            for pair in terms.windows(2) {
                let [(_, ended, one), (began, _, other)] = pair else { continue };
                if overlap(*ended, *began) {
                    let message = "two persons have this office at one time";
                    let remedy = "write in `until` when the first one left, and in `since` when the next one came";
                    let finding = OVERLAPPING_PERIODS.at(case.at_field(other, "since"), message, remedy);
                    findings.push(finding.related(case.at_field(one, "until"), "the one before"));
                }
            }
        }
    }
    findings
}

/// Whether something that ended is not over when the next of its kind begins. Both may share the day of the change.
fn overlap(ended: Option<Date>, began: Option<Date>) -> bool {
    match (ended, began) {
        (Some(ended), Some(began)) => began < ended,
        _ => true,
    }
}

/// The field with an end that lies before its beginning.
fn reversed<'n>(dates: &dyn Fn(&str) -> Option<Date>) -> Option<&'n str> {
    PAIRS.iter().find_map(|(from, until)| (dates(until)? < dates(from)?).then_some(*until))
}

fn tell_reversed(place: Place) -> Finding {
    REVERSED_PERIOD.at(place, "this ends before it begins", "correct the day that is wrong")
}

/// Values that count from a day to a day, as elements of a list: each ends when the next one begins.
fn in_groups(case: &Case<'_>, record: &Record, outer: &Field, findings: &mut Vec<Finding>) {
    let Value::Many(values) = &outer.value else { return };
    let groups = values.iter().filter_map(|value| match value {
        Value::Group(members) => Some(members),
        _ => None,
    });
    let mut terms: Vec<(String, Date, Option<Date>, std::ops::Range<usize>)> = Vec::new();
    for members in groups {
        let dates = |name: &str| match member(members, name)?.value {
            Value::Date(day) => Some(day),
            _ => None,
        };
        if let Some(field) = reversed(&dates).and_then(|name| member(members, name)) {
            findings.push(tell_reversed(case.place(&record.file, field.range.clone())));
        }
        let begins = ["since", "valid_from", "from"].into_iter().find_map(|name| member(members, name));
        let (Some(begins), Some(since)) = (begins, ["since", "valid_from", "from"].into_iter().find_map(dates)) else {
            continue;
        };
        let until = ["until", "valid_until", "to"].into_iter().find_map(dates);
        // Things of different kinds count beside one another.
        let kind = ["role", "kind", "type"].into_iter().find_map(|name| member(members, name));
        let kind = kind.map(|field| field.value.plain("en")).unwrap_or_default();
        terms.push((kind, since, until, begins.range.clone()));
    }
    terms.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    for pair in terms.windows(2) {
        let [(kind, _, ended, earlier), (other, began, _, range)] = pair else { continue };
        if kind == other && overlap(*ended, Some(*began)) {
            let message = format!("this begins before the one before it in `{}` has ended", outer.name);
            let remedy = "write in `until` when the earlier one ended";
            let finding = OVERLAPPING_PERIODS.at(case.place(&record.file, range.clone()), message, remedy);
            findings.push(finding.related(case.place(&record.file, earlier.clone()), "the one before"));
        }
    }
}

fn member<'a>(members: &'a Shelf<Field>, name: &str) -> Option<&'a Field> {
    members.select(|field| field.name == name).map(|held| held.release().1)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const PEOPLE: &str = "customers/yunxi/contacts/people.yaml";

    fn people(first: &str, second: &str) -> Shelves {
        let mut shelves = Shelves::new();
        let role = "role: legal-representative";
        shelves.put(
            PEOPLE,
            &format!("type: contact\nrecords:\n  - {{id: a, name: 甲, {role}{first}}}\n  - {{id: b, name: 乙, {role}{second}}}\n"),
        );
        shelves
    }

    #[test]
    fn a_customer_has_one_legal_representative_at_a_time() {
        let found = people(", since: 2020-01-01, until: 2025-06-30", ", since: 2025-06-01").places();
        assert_eq!(found, [format!("overlapping-periods {PEOPLE}:4:57")]);
        assert_eq!(people(", since: 2020-01-01", ", since: 2025-06-01").codes(), ["overlapping-periods"]);
        assert_eq!(people("", "").codes(), ["overlapping-periods"]);
    }

    #[test]
    fn one_who_leaves_on_the_day_the_next_one_comes_does_not_overlap() {
        let shelves = people(", since: 2020-01-01, until: 2025-06-30", ", since: 2025-06-30");
        assert_eq!(shelves.codes(), [""; 0]);
        let mut shelves = people(", since: 2020-01-01", ", since: 2025-06-01");
        shelves.change(PEOPLE, "name: 乙, role: legal-representative", "name: 乙, role: handler");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn nothing_ends_before_it_begins() {
        let mut shelves = Shelves::new();
        let contract = "customers/yunxi/contracts/2024-017.md";
        shelves.change(contract, "effective: 2024-04-01", "effective: 2027-04-01");
        assert_eq!(shelves.places(), [format!("reversed-period {contract}:6:8")]);
        shelves.change(contract, "effective: 2027-04-01", "effective: 2027-03-31");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn values_that_count_in_turn_do_not_overlap() {
        let fields = "names:\n    kind: group\n    many: true\n    fields: {name: {kind: text}, since: {kind: date}, until: {kind: date}}\n";
        let names = |second: &str| {
            format!(
                "names:\n  - {{name: 甲, since: 2020-01-01, until: 2022-01-01}}\n  - {{name: 乙, since: {second}}}\n"
            )
        };
        let mut shelves = Shelves::bare();
        shelves.put("types/dossier.yaml", &format!("file: dossier.yaml\naudience: staff\nfields:\n  {fields}"));
        shelves.put("customers/a/dossier.yaml", &names("2021-12-31"));
        assert_eq!(shelves.places(), ["overlapping-periods customers/a/dossier.yaml:3:22"]);
        shelves.put("customers/a/dossier.yaml", &names("2022-01-01"));
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.put("customers/a/dossier.yaml", &names("2022-01-01, until: 2021-01-01"));
        assert_eq!(shelves.codes(), ["reversed-period"]);
    }
}
