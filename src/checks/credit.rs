//! Credit: one limit for a customer or group, exposure within it, reports that have not run out.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::{day, field, texts, values, word};
use super::notice::Notice;
use crate::dossier::Compared;
use crate::finding::{Code, Finding, quote};
use crate::record::{Record, Value, amount, amount_text};
use std::collections::{BTreeMap, HashMap};

/// Two limits that count at one time for one customer or group.
pub const TWO_CREDIT_LINES: Notice = Notice::warning(Code("two-credit-lines"));
/// More used than the limit allows.
pub const CREDIT_OVER_LIMIT: Notice = Notice::warning(Code("credit-over-limit"));
/// Amounts in another currency than the limit's, which are not added up.
pub const MIXED_CURRENCIES: Notice = Notice::warning(Code("mixed-currencies"));
/// A customer whose newest credit report has run out.
pub const CREDIT_REPORT_STALE: Notice = Notice::warning(Code("credit-report-stale"));

/// Looks at credit.
pub(super) const CHECK: Check =
    Check { notices: &[TWO_CREDIT_LINES, CREDIT_OVER_LIMIT, MIXED_CURRENCIES, CREDIT_REPORT_STALE], find };

/// Fields of a credit line that say how much of it is used, and of other records how much they add to it.
const USED: [&str; 3] = ["used", "exposure", "exposures"];
/// The type of records of which each uses a part of a limit until it is settled.
const EXPOSURE: &str = "exposure";
/// A report without a term counts for its year and the one after it.
const YEARS: i16 = 1;

/// An amount that counts against a limit, with its currency and the record and field that it stands in.
type Exposure<'a> = (&'a str, &'a str, &'a Record, &'static str);

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let obligors = Obligors::of(case);
    let mut lines: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for line in case.records().filter(|record| record.record_type.name == "credit-line") {
        let counts = day(line, "valid_until").is_none_or(|until| until >= case.day());
        if let (true, Some(name)) = (counts, word(line, "group")) {
            lines.entry(obligors.resolve(name)).or_default().push(line);
        }
    }
    for of_one in lines.values() {
        if let [first, others @ ..] = of_one.as_slice() {
            for other in others {
                let message =
                    format!("{} has two limits that count today", quote(word(other, "group").unwrap_or_default()));
                let remedy = "end one of them by `valid_until`, or make one limit of both";
                let finding = TWO_CREDIT_LINES.at(case.at_field(other, "group"), message, remedy);
                findings.push(finding.related(case.at_field(first, "group"), "the other one"));
            }
        }
    }
    let outside = exposures_of_dossiers(case, &obligors);
    for (obligor, of_one) in &lines {
        for line in of_one {
            // With two limits nobody can say what counts against which: each stands for itself.
            let outside = outside.get(obligor).filter(|_| of_one.len() == 1);
            let outside = outside.map_or(&[][..], Vec::as_slice);
            // What is recorded one by one takes the place of the sum that the limit's record says.
            let (recorded, others): (Vec<Exposure<'_>>, Vec<Exposure<'_>>) =
                outside.iter().partition(|(_, _, record, _)| record.record_type.name == EXPOSURE);
            let mut said = Vec::new();
            USED.iter().for_each(|name| amounts_in(line, name, &mut said));
            said.extend(others);
            hold_against_limit(case, line, &said, &mut findings);
            hold_against_limit(case, line, &recorded, &mut findings);
        }
    }
    findings.extend(case.dossiers.iter().filter_map(|open| stale_report(case, open)));
    findings
}

/// By which name a customer's or group's credit is known: the group's, where it belongs to one.
struct Obligors(HashMap<String, String>);

impl Obligors {
    fn of(case: &Case<'_>) -> Self {
        let mut known = HashMap::new();
        for open in &case.dossiers {
            let root = open.root();
            let own = texts(root, "name").first().map_or_else(|| open.dossier.name.to_string(), |name| key(name));
            let whose = open.group().map_or(own, key);
            let names = ["name", "short_names", "code"].into_iter().flat_map(|name| texts(root, name));
            for name in names.map(|name| key(&name)).chain([key(&open.dossier.name)]) {
                known.entry(name).or_insert_with(|| whose.clone());
            }
        }
        Self(known)
    }

    fn resolve(&self, name: &str) -> String {
        let key = key(name);
        self.0.get(&key).cloned().unwrap_or(key)
    }
}

fn key(name: &str) -> String {
    Compared::of(name).map_or_else(|| name.to_owned(), |name| name.core.into_iter().collect())
}

/// What records of dossiers add to the exposure of a customer or group, where their types know such a field.
fn exposures_of_dossiers<'a>(case: &Case<'a>, obligors: &Obligors) -> BTreeMap<String, Vec<Exposure<'a>>> {
    let mut found: BTreeMap<String, Vec<Exposure<'a>>> = BTreeMap::new();
    for open in &case.dossiers {
        let whose = obligors.resolve(&open.dossier.name);
        for record in open.records.iter().filter(|record| record.record_type.name != "credit-line") {
            let mut amounts = Vec::new();
            if record.record_type.name != EXPOSURE {
                amounts_in(record, "exposure", &mut amounts);
            } else if day(record, "settled").is_none_or(|settled| settled > case.day()) {
                amounts_in(record, "amount", &mut amounts);
            }
            if !amounts.is_empty() {
                found.entry(whose.clone()).or_default().append(&mut amounts);
            }
        }
    }
    found
}

fn hold_against_limit(case: &Case<'_>, line: &Record, exposures: &[Exposure<'_>], findings: &mut Vec<Finding>) {
    let Some(Value::Money { amount: limit, currency }) = field(line, "limit").map(|field| &field.value) else { return };
    let mut sum = 0_i128;
    let mut last = None;
    for (used, of, record, name) in exposures {
        if of != currency {
            let message = format!("an amount in {of} stands against a limit in {currency}; the two are not added up");
            let remedy = format!("write it in {currency}, at the rate that the credit department uses");
            findings.push(MIXED_CURRENCIES.at(case.at_field(record, name), message, remedy));
            continue;
        }
        let Some(used) = amount(used) else { continue };
        sum = sum.saturating_add(used);
        last = Some((*record, *name));
    }
    let (Some(limit), Some((record, name))) = (amount(limit), last) else { return };
    if sum > limit {
        let over = quote(&format!("{} {currency}", amount_text(sum - limit)));
        let message = format!("what is used goes {over} beyond the limit");
        let remedy = "bring the exposure down, or have the limit raised and file who approved it";
        let finding = CREDIT_OVER_LIMIT.at(case.at_field(record, name), message, remedy);
        findings.push(finding.related(case.at_field(line, "limit"), "the limit"));
    }
}

/// The amounts of money in a field, in the elements of its list and in the members of its groups.
fn amounts_in<'a>(record: &'a Record, name: &'static str, found: &mut Vec<Exposure<'a>>) {
    fn of_value<'a>(value: &'a Value, record: &'a Record, name: &'static str, found: &mut Vec<Exposure<'a>>) {
        match value {
            Value::Money { amount, currency } => found.push((amount, currency, record, name)),
            Value::Many(values) => values.iter().for_each(|value| of_value(value, record, name, found)),
            Value::Group(members) => {
                for member in members.lay_out(|held| held.release().1) {
                    of_value(&member.value, record, name, found);
                }
            }
            _ => {}
        }
    }
    values(record, name).iter().for_each(|value| of_value(value, record, name, found));
}

fn stale_report(case: &Case<'_>, open: &OpenDossier<'_>) -> Option<Finding> {
    if open.is_lost() {
        return None;
    }
    let year = |report: &Record| match field(report, "period").map(|field| &field.value) {
        Some(Value::Year(year) | Value::Month { year, .. }) => Some(*year),
        _ => None,
    };
    let newest = open.of_type("credit-report").max_by_key(|report| (year(report), day(report, "valid_until")))?;
    let (stale, at) = match day(newest, "valid_until") {
        Some(until) => (until < case.day(), "valid_until"),
        None => (year(newest).is_some_and(|year| year + YEARS < case.day().year()), "period"),
    };
    stale.then(|| {
        let remedy = "have a new report made, and file it beside this one";
        let place = case.at_field(newest, at);
        CREDIT_REPORT_STALE.at(place, "the customer's newest credit report has run out", remedy)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const LINE: &str = "customers/yunxi/credit-lines/a.md";
    const OTHER: &str = "customers/yunxi/credit-lines/b.md";

    fn line(shelves: &mut Shelves, path: &str, group: &str, rest: &str) {
        shelves.put(path, &format!("---\ngroup: {group}\nlimit: 1000000 CNY\n{rest}---\n"));
    }

    #[test]
    fn one_customer_has_one_limit_whatever_it_is_called() {
        let mut shelves = Shelves::new();
        line(&mut shelves, LINE, "云溪水电有限公司", "");
        line(&mut shelves, OTHER, "云溪水电", "");
        assert_eq!(shelves.places(), [format!("two-credit-lines {OTHER}:2:8")]);
        line(&mut shelves, OTHER, "云溪水电", "valid_until: 2026-11-22\n");
        assert_eq!(shelves.codes(), [""; 0], "a limit that has ended does not count");
        line(&mut shelves, OTHER, "云溪燃气", "");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_group_has_one_limit_and_its_members_none() {
        let mut shelves = Shelves::new();
        shelves.change("customers/yunxi/dossier.yaml", "tier: gold", "tier: gold\ngroup: 云溪城投集团");
        line(&mut shelves, LINE, "云溪城投集团", "");
        assert_eq!(shelves.codes(), [""; 0]);
        line(&mut shelves, OTHER, "云溪水电", "");
        assert_eq!(shelves.codes(), ["two-credit-lines"]);
    }

    #[test]
    fn what_is_used_stays_within_the_limit() {
        let mut shelves = Shelves::new();
        line(&mut shelves, LINE, "云溪水电", "used: 1000000 CNY\n");
        assert_eq!(shelves.codes(), [""; 0]);
        line(&mut shelves, LINE, "云溪水电", "used: 1000000.01 CNY\n");
        assert_eq!(shelves.places(), [format!("credit-over-limit {LINE}:4:7")]);
    }

    #[test]
    fn exposures_of_a_group_are_summed_and_currencies_never_are() {
        let contract = "title: 合同\nfolder: contracts\naudience: legal\nfields:\n  exposure: {kind: money}\n";
        let mut shelves = Shelves::new();
        shelves.put("types/contract.yaml", contract);
        shelves.change("customers/yunxi/approvals/2024-017.md", "contract: yunxi/contracts/2024-017\n", "");
        shelves.put("customers/yunxi/contracts/2024-017.md", "---\nexposure: 600000 CNY\n---\n");
        shelves.put("customers/yunxi/contracts/2.md", "---\nexposure: 500000 CNY\n---\n");
        line(&mut shelves, LINE, "云溪水电", "");
        assert_eq!(shelves.codes(), ["credit-over-limit"]);
        shelves.put("customers/yunxi/contracts/2.md", "---\nexposure: 500000 USD\n---\n");
        assert_eq!(shelves.places(), ["mixed-currencies customers/yunxi/contracts/2.md:2:11"]);
    }

    #[test]
    fn exposures_that_are_recorded_one_by_one_count_until_they_are_settled() {
        let one = |more: &str| {
            format!("type: exposure\nrecords:\n  - {{number: A, amount: 1000001 CNY, as_of: 2026-01-01{more}}}\n")
        };
        let mut shelves = Shelves::new();
        line(&mut shelves, LINE, "云溪水电", "used: 900000 CNY\n");
        shelves.put("customers/yunxi/exposures/a.yaml", &one(", settled: 2026-11-23"));
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.put("customers/yunxi/exposures/a.yaml", &one(""));
        assert_eq!(shelves.places(), ["credit-over-limit customers/yunxi/exposures/a.yaml:3:25"]);
        shelves.put("customers/yunxi/exposures/a.yaml", &one("").replace("1000001", "200000"));
        assert_eq!(shelves.codes(), [""; 0], "they are part of what the limit's record says, and not added to it");
    }

    #[test]
    fn a_credit_report_that_has_run_out_is_stale_until_there_is_a_newer_one() {
        let report = "customers/yunxi/credit/2025.md";
        let mut shelves = Shelves::new();
        shelves.put(report, "---\nperiod: 2025\nvalid_until: 2026-11-23\n---\n");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.put(report, "---\nperiod: 2025\nvalid_until: 2026-11-22\n---\n");
        assert_eq!(shelves.places(), [format!("credit-report-stale {report}:3:14")]);
        shelves.put("customers/yunxi/credit/2026.md", "---\nperiod: 2026\n---\n");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_credit_report_without_a_term_counts_for_the_next_year_too() {
        let mut shelves = Shelves::new();
        shelves.put("customers/yunxi/credit/a.md", "---\nperiod: 2025\n---\n");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.put("customers/yunxi/credit/a.md", "---\nperiod: 2024\n---\n");
        assert_eq!(shelves.codes(), ["credit-report-stale"]);
    }
}
