//! Who signed for the customer, and whether anything shows that they were entitled to on that day.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::{counts_on, day, field, knows, references, texts, values, word};
use super::notice::Notice;
use crate::finding::{Code, Finding};
use crate::record::{Record, Value};
use jiff::civil::Date;

/// A contract whose signer nothing entitles.
pub const SIGNER_WITHOUT_CREDENTIAL: Notice = Notice::warning(Code("signer-without-credential"));
/// A contract whose signer's credential did not count on the day of signing.
pub const POA_OUT_OF_DATE: Notice = Notice::warning(Code("poa-out-of-date"));

/// Looks at signatures.
pub(super) const CHECK: Check = Check { notices: &[SIGNER_WITHOUT_CREDENTIAL, POA_OUT_OF_DATE], find };

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for open in &case.dossiers {
        for contract in open.of_type("contract") {
            let Some(signed) = day(contract, "signed") else { continue };
            for signer in values(contract, "signer") {
                findings.extend(unentitled(case, open, contract, signed, &names_of(case, signer)));
            }
        }
    }
    findings
}

/// What somebody is called: as written, or as the contact is called that a reference leads to.
pub(super) fn names_of(case: &Case<'_>, person: &Value) -> Vec<String> {
    let mut names = Vec::new();
    match person {
        Value::Reference(name) => {
            names.extend(case.record(name).into_iter().flat_map(|contact| texts(contact, "name")));
        }
        person => person.texts(&mut names),
    }
    names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

pub(super) fn unentitled(
    case: &Case<'_>,
    open: &OpenDossier<'_>,
    contract: &Record,
    signed: Date,
    signer: &[String],
) -> Option<Finding> {
    if signer.is_empty() || case.archive.types.get("credential").is_none() {
        return None;
    }
    let is_signer = |record: &Record, name: &str| {
        values(record, name).iter().flat_map(|person| names_of(case, person)).any(|name| signer.contains(&name))
    };
    // A licence shows who represents the customer by law, and so does for a proof of office.
    let of_licence = open.of_type("licence").any(|licence| {
        is_signer(licence, "legal_representative")
            && day(licence, "issued").is_none_or(|issued| issued <= signed)
            && day(licence, "valid_until").is_none_or(|until| until >= signed)
    });
    let name = contract.name.to_string();
    // A power that names a contract is one for that contract and its supplements.
    let supplement = word(contract, "kind") == Some("supplement");
    let for_this = |credential: &Record| {
        let mut named = references(credential, "contract").peekable();
        let listed = references(contract, "credentials").any(|named| named == credential.name.to_string());
        supplement || listed || named.peek().is_none() || named.any(|named| named == name)
    };
    let entitles = |credential: &&Record| {
        matches!(word(credential, "kind"), Some("office" | "power-of-attorney" | "poa")) || !knows(credential, "kind")
    };
    let credentials: Vec<&Record> = open
        .of_type("credential")
        .filter(entitles)
        .filter(|credential| is_signer(credential, "holder") && for_this(credential))
        .collect();
    let good = |credential: &&Record| counts_on(credential, "valid_from", "valid_until", signed);
    if of_licence || credentials.iter().any(good) {
        return None;
    }
    let place = case.at_field(contract, "signer");
    let Some(credential) = credentials.first() else {
        let message = "no power of attorney, proof of office or licence shows that this person could sign";
        let remedy = "file the credential in `credentials/`, with `holder`, `kind` and its term";
        return Some(SIGNER_WITHOUT_CREDENTIAL.at(place, message, remedy));
    };
    let message = "the credential of this signer did not count on the day of signing";
    let remedy = "file the one that did, or correct the days";
    let at = if field(credential, "valid_until").is_some_and(|_| day(credential, "valid_until") < Some(signed)) {
        "valid_until"
    } else {
        "valid_from"
    };
    Some(POA_OUT_OF_DATE.at(place, message, remedy).related(case.at_field(credential, at), "its term"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const CONTRACT: &str = "customers/yunxi/contracts/2024-017.md";
    const POWER: &str = "customers/yunxi/credentials/liao.md";

    #[test]
    fn a_signer_without_any_credential_is_found() {
        let mut shelves = Shelves::new();
        shelves.change(CONTRACT, "signer: 廖雪琴", "signer: 范立勇");
        assert_eq!(shelves.places(), [format!("signer-without-credential {CONTRACT}:7:9")]);
    }

    #[test]
    fn a_proof_of_identity_entitles_nobody() {
        let mut shelves = Shelves::new();
        shelves.change(POWER, "kind: power-of-attorney", "kind: identity");
        assert_eq!(shelves.codes(), ["signer-without-credential"]);
        shelves.change(POWER, "kind: identity", "kind: office");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_power_of_attorney_counts_from_its_first_day_to_its_last() {
        for (from, until, found) in
            [("2024-03-18", "2024-03-18", 0), ("2024-03-19", "2024-12-31", 1), ("2024-01-01", "2024-03-17", 1)]
        {
            let mut shelves = Shelves::new();
            shelves.change(POWER, "2024-01-01", from);
            shelves.change(POWER, "2024-12-31", until);
            assert_eq!(shelves.codes(), vec!["poa-out-of-date"; found], "{from} {until}");
        }
    }

    #[test]
    fn a_power_for_one_contract_is_none_for_another() {
        let mut shelves = Shelves::new();
        shelves.change(POWER, "copy: copy", "copy: copy\ncontract: yunxi/contracts/2024-017");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.put("customers/yunxi/contracts/2.md", "---\nnumber: 2\n---\n");
        shelves.change(POWER, "contracts/2024-017", "contracts/2");
        assert_eq!(shelves.codes(), ["signer-without-credential"]);
        shelves.change(CONTRACT, "kind: lease", "kind: supplement");
        assert_eq!(shelves.codes(), [""; 0], "a supplement is signed under the power for its contract");
    }

    #[test]
    fn the_representative_whom_the_licence_names_needs_no_other_credential() {
        let licence = "customers/yunxi/licences/licence.md";
        let mut shelves = Shelves::new();
        shelves.change(CONTRACT, "signer: 廖雪琴", "signer: 姚承志");
        shelves.put(licence, "---\nkind: enterprise\nlegal_representative: 姚承志\nissued: 2009-06-01\n---\n");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.change(licence, "2009-06-01", "2024-06-01");
        assert_eq!(shelves.codes(), ["signer-without-credential"]);
    }
}
