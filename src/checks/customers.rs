//! One customer in two dossiers: equal codes, equal and near names, short names that two bear.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::{references, texts};
use super::notice::Notice;
use crate::dossier::{Compared, half_width};
use crate::finding::{Code, Finding, quote};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two dossiers with one unified social credit code.
pub const DUPLICATE_CODE: Notice = Notice::warning(Code("duplicate-code"));
/// Two dossiers of one name, or one that bears the former name of another.
pub const DUPLICATE_NAME: Notice = Notice::warning(Code("duplicate-name"));
/// Two dossiers whose names differ by a slip or by the legal form.
pub const NEAR_NAME: Notice = Notice::note(Code("near-name"));
/// A short name that two customers bear, or that is another one's name.
pub const SHARED_SHORT_NAME: Notice = Notice::warning(Code("shared-short-name"));

/// Looks for one customer in two dossiers.
pub(super) const CHECK: Check =
    Check { notices: &[DUPLICATE_CODE, DUPLICATE_NAME, NEAR_NAME, SHARED_SHORT_NAME], find };

/// A name is compared with so many earlier ones that share a shorter form with it: thousands that differ by a number
/// would be compared with each other otherwise.
const COMPARED: usize = 16;

/// A name of a customer, and what it is.
struct Name {
    owner: usize,
    field: &'static str,
    compared: Compared,
}

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told = known_doubles(case);
    let codes: Vec<BTreeSet<String>> = case.dossiers.iter().map(codes).collect();
    let mut first_of: HashMap<&str, usize> = HashMap::new();
    for (at, code) in codes.iter().enumerate().flat_map(|(at, codes)| codes.iter().map(move |code| (at, code))) {
        let first = *first_of.entry(code).or_insert(at);
        if first != at && !told.contains(&(first, at)) {
            let remedy = "merge the two dossiers, or correct the code that is wrong";
            findings.extend(about(case, DUPLICATE_CODE, (at, "code"), (first, "code"), "bears the same code", remedy));
        }
    }
    let names: Vec<Name> = case.dossiers.iter().enumerate().flat_map(|(owner, open)| names(owner, open)).collect();
    equal_names(case, &names, &mut told, &mut findings);
    near_names(case, &names, &codes, &mut told, &mut findings);
    findings
}

/// Pairs of dossiers of which one says that it is kept on the same customer as the other.
fn known_doubles(case: &Case<'_>) -> BTreeSet<(usize, usize)> {
    let place = |name: &str| case.dossiers.iter().position(|open| open.dossier.name.as_ref() == name);
    let of_one = |(at, open): (usize, &OpenDossier<'_>)| {
        let others: Vec<usize> = references(open.root(), "same_as").filter_map(place).collect();
        others.into_iter().map(move |other| (at.min(other), at.max(other)))
    };
    case.dossiers.iter().enumerate().flat_map(of_one).collect()
}

fn codes(open: &OpenDossier<'_>) -> BTreeSet<String> {
    let plain = |text: &str| text.chars().map(half_width).filter(char::is_ascii_alphanumeric).collect::<String>();
    texts(open.root(), "code").iter().map(|code| plain(code).to_uppercase()).filter(|code| !code.is_empty()).collect()
}

fn names(owner: usize, open: &OpenDossier<'_>) -> Vec<Name> {
    let fields = ["name", "former_names", "short_names"];
    let of_field = |field: &'static str| {
        let texts = texts(open.root(), field);
        texts
            .iter()
            .filter_map(|text| Some(Name { owner, field, compared: Compared::of(text)? }))
            .collect::<Vec<Name>>()
    };
    fields.into_iter().flat_map(of_field).collect()
}

/// Names that are written alike, each told at the later dossier.
fn equal_names(case: &Case<'_>, names: &[Name], told: &mut BTreeSet<(usize, usize)>, findings: &mut Vec<Finding>) {
    let mut alike: BTreeMap<&str, Vec<&Name>> = BTreeMap::new();
    for name in names {
        alike.entry(name.compared.full.as_str()).or_default().push(name);
    }
    for bearers in alike.values() {
        let Some(first) = bearers.first() else { continue };
        for name in bearers.iter().filter(|name| name.owner != first.owner) {
            if !told.insert((first.owner, name.owner)) {
                continue;
            }
            let short = [first.field, name.field].contains(&"short_names");
            let (notice, remedy) = if short {
                (SHARED_SHORT_NAME, "give one of them another short name, or merge the two dossiers")
            } else {
                (DUPLICATE_NAME, "merge the two dossiers, or correct the name that is wrong")
            };
            let what = match first.field {
                "name" => "is called so as well",
                "former_names" => "was once called so",
                _ => "has the short name as well",
            };
            findings.extend(about(case, notice, (name.owner, name.field), (first.owner, first.field), what, remedy));
        }
    }
}

/// Names that are nearly alike, unless the customers' codes tell them apart.
fn near_names(
    case: &Case<'_>,
    names: &[Name],
    codes: &[BTreeSet<String>],
    told: &mut BTreeSet<(usize, usize)>,
    findings: &mut Vec<Finding>,
) {
    let mut sharing: HashMap<String, Vec<&Name>> = HashMap::new();
    for name in names.iter().filter(|name| name.field != "short_names") {
        let mut found = None;
        for form in name.compared.shorter() {
            let earlier = sharing.entry(form).or_default();
            let near = |other: &&&Name| other.owner != name.owner && other.compared.is_near(&name.compared);
            found = found.or_else(|| earlier.iter().rev().take(COMPARED).find(near).copied());
            if earlier.last().is_none_or(|last| last.owner != name.owner) {
                earlier.push(name);
            }
        }
        let Some(other) = found else { continue };
        let known_apart = match (codes.get(name.owner), codes.get(other.owner)) {
            (Some(one), Some(two)) => !one.is_empty() && !two.is_empty() && one.is_disjoint(two),
            _ => false,
        };
        if !known_apart && told.insert((other.owner, name.owner)) {
            let remedy = "merge the two dossiers if they are one customer; the codes of both in `code` tell them apart";
            findings.extend(about(
                case,
                NEAR_NAME,
                (name.owner, name.field),
                (other.owner, other.field),
                "has nearly the same name",
                remedy,
            ));
        }
    }
}

/// The finding at one dossier's field about another dossier.
fn about(
    case: &Case<'_>,
    notice: Notice,
    here: (usize, &str),
    there: (usize, &str),
    what: &str,
    remedy: &str,
) -> Option<Finding> {
    let (one, other) = (case.dossiers.get(here.0)?, case.dossiers.get(there.0)?);
    let message = format!("the customer of the dossier {} {what}", quote(&other.dossier.name));
    let finding = notice.at(case.at_field(one.root(), here.1), message, remedy);
    Some(finding.related(case.at_field(other.root(), there.1), "the other one"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    fn two(first: &str, second: &str) -> Vec<String> {
        let mut shelves = Shelves::bare();
        let common =
            "tier: gold\nindustry: x\naccount_manager: a\ncustodian: b\ntechnical_manager: c\naudience: staff\n";
        shelves.put("customers/a/dossier.yaml", &format!("{first}{common}"));
        shelves.put("customers/b/dossier.yaml", &format!("{second}{common}"));
        shelves.places()
    }

    #[test]
    fn one_code_in_two_dossiers_is_found_however_it_is_written() {
        let found = two("name: 甲\ncode: 91330122MA2ABCDE1X\n", "name: 乙\ncode: 91330122 ma2abcde1x\n");
        assert_eq!(found, ["duplicate-code customers/b/dossier.yaml:2:7"]);
        assert!(two("name: 甲\ncode: 91330122MA2ABCDE1X\n", "name: 乙\ncode: 91330122MA2ABCDE2X\n").is_empty());
    }

    #[test]
    fn one_name_in_two_dossiers_is_found_also_where_it_is_a_former_one() {
        let found = two("name: 云溪水电有限公司\ncode: A1\n", "name: 云溪水电 有限公司\ncode: A2\n");
        assert_eq!(found, ["duplicate-name customers/b/dossier.yaml:1:7"]);
        let found = two("name: 云溪水电有限公司\nformer_names: [砚江电站]\n", "name: 砚江电站\n");
        assert_eq!(found, ["duplicate-name customers/b/dossier.yaml:1:7"]);
        assert!(two("name: 云溪水电有限公司\n", "name: 砚江电站\n").is_empty());
    }

    #[test]
    fn what_a_dossier_says_to_be_the_same_customer_is_no_double() {
        let mut shelves = Shelves::bare();
        let fields = "name: {kind: text}\n  same_as: {kind: reference, to: dossier, many: true}\n";
        shelves.put("types/dossier.yaml", &format!("file: dossier.yaml\naudience: staff\nfields:\n  {fields}"));
        shelves.put("customers/a/dossier.yaml", "name: 云溪水电\n");
        shelves.put("customers/b/dossier.yaml", "name: 云溪水电\n");
        assert_eq!(shelves.codes(), ["duplicate-name"]);
        shelves.put("customers/a/dossier.yaml", "name: 云溪水电\nsame_as: b\n");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn near_names_are_noted_unless_codes_tell_them_apart() {
        let found = two("name: 云溪惠农银行股份有限公司\n", "name: 云溪慧农银行有限公司\n");
        assert_eq!(found, ["near-name customers/b/dossier.yaml:1:7"]);
        let apart = two("name: 云溪惠农银行股份有限公司\ncode: A1\n", "name: 云溪慧农银行有限公司\ncode: A2\n");
        assert!(apart.is_empty(), "{apart:?}");
        assert!(two("name: 云溪县第一中学\n", "name: 云溪县第二中学\n").is_empty());
    }

    #[test]
    fn a_short_name_that_two_customers_bear_is_found() {
        let found = two("name: 云溪水电\nshort_names: [水电]\n", "name: 砚江水电\nshort_names: [水电]\n");
        assert_eq!(found, ["shared-short-name customers/b/dossier.yaml:2:14"]);
        assert!(two("name: 云溪水电\nshort_names: [云电]\n", "name: 砚江水电\nshort_names: [砚电]\n").is_empty());
    }
}
