//! Circuits that end nowhere or that nothing is promised for, services that no contract covers.

use super::all::Check;
use super::case::{Case, OpenDossier};
use super::fields::{counts_on, day, field, lacks, values, word};
use super::notice::Notice;
use crate::finding::{Code, Finding, quote};
use crate::record::{Record, Value};

/// An end of a circuit that is no site or device of the dossier.
pub const DANGLING_END: Notice = Notice::warning(Code("dangling-end"));
/// A circuit of a customer of the top tier for which no availability is promised.
pub const CIRCUIT_WITHOUT_SLA: Notice = Notice::warning(Code("circuit-without-sla"));
/// A service in use that names no contract.
pub const SERVICE_WITHOUT_CONTRACT: Notice = Notice::warning(Code("service-without-contract"));

/// Looks at circuits and services.
pub(super) const CHECK: Check = Check { notices: &[DANGLING_END, CIRCUIT_WITHOUT_SLA, SERVICE_WITHOUT_CONTRACT], find };

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for open in &case.dossiers {
        for circuit in open.of_type("circuit").filter(|circuit| !is_ceased(circuit)) {
            for (name, end) in [("a_end", "A end"), ("b_end", "B end")] {
                findings.extend(dangling(case, open, circuit, name, end));
            }
            let in_use = word(circuit, "status") != Some("ordered");
            if in_use && case.is_top_tier(open) && lacks(circuit, "sla") {
                let message = "no availability is promised for this circuit of a customer of the top tier";
                let remedy = "add `sla: 99.95%`, as the contract says it";
                findings.push(CIRCUIT_WITHOUT_SLA.at(case.at_record(circuit), message, remedy));
            }
        }
        let in_use = |service: &&Record| {
            let state = word(service, "status");
            counts_on(service, "since", "until", case.day()) && !matches!(state, Some("ended" | "ordered"))
        };
        for service in open.of_type("service").filter(in_use).filter(|service| lacks(service, "contract")) {
            let message = "this service is in use, and names no contract";
            let remedy = "add `contract:` with the name of the contract that covers it";
            findings.push(SERVICE_WITHOUT_CONTRACT.at(case.at_record(service), message, remedy));
        }
    }
    findings
}

fn is_ceased(circuit: &Record) -> bool {
    word(circuit, "status") == Some("ceased") || day(circuit, "ceased").is_some()
}

/// An end that is missing, lies with a customer of another group, or is a word that names nothing in the dossier.
fn dangling(case: &Case<'_>, open: &OpenDossier<'_>, circuit: &Record, name: &str, end: &str) -> Option<Finding> {
    if lacks(circuit, name) {
        let message = format!("this circuit has no {end}");
        let remedy = format!("add `{name}:` with the name of a site");
        return Some(DANGLING_END.at(case.at_record(circuit), message, remedy));
    }
    let (message, remedy) = values(circuit, name).iter().find_map(|value| match value {
        Value::Reference(target) => {
            let home = case.record(target)?.name.dossier.as_ref();
            let group = open.group();
            let of_group = |other: &OpenDossier<'_>| other.dossier.name.as_ref() == home && other.group() == group;
            let own = home == open.dossier.name.as_ref() || group.is_some() && case.dossiers.iter().any(of_group);
            (!own).then(|| (format!("the {end} lies in the dossier {}", quote(home)), "name a site of this dossier"))
        }
        Value::Text(_) | Value::Code(_) => {
            let said = value.plain("zh");
            let known =
                open.records.iter().filter(|record| is_place(record)).any(|place| is_called(place, said.trim()));
            (!known).then(|| (format!("the {end} {} is no site or device of the dossier", quote(&said)), "name a site"))
        }
        _ => None,
    })?;
    Some(DANGLING_END.at(case.at_field(circuit, name), message, remedy))
}

fn is_place(record: &Record) -> bool {
    matches!(record.record_type.name.as_str(), "site" | "device")
}

/// Whether a site or device goes by a word: its key, its title, or its file.
fn is_called(record: &Record, word: &str) -> bool {
    let key = record.record_type.key.as_deref().and_then(|key| field(record, key));
    let title = record.title.as_ref().release().1;
    key.is_some_and(|key| key.value.plain("zh") == word)
        || title.0.texts().any(|title| title == word)
        || record.name.path.rsplit('/').next() == Some(word)
        || record.name.to_string() == word
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const CIRCUITS: &str = "customers/yunxi/network/circuits.yaml";
    const SERVICES: &str = "customers/yunxi/services/services.yaml";

    fn shelves() -> Shelves {
        let mut shelves = Shelves::new();
        shelves.put(
            "customers/yunxi/network/sites.yaml",
            "type: site\nrecords:\n  - {code: A, address: 砚江路}\n  - {code: B, address: 局房}\n",
        );
        let circuit = "{number: C1, a_end: yunxi/network/sites/A, b_end: yunxi/network/sites/B, sla: 99.9%}";
        shelves.put(CIRCUITS, &format!("type: circuit\nrecords:\n  - {circuit}\n"));
        let service = "{code: S1, contract: yunxi/contracts/2024-017}";
        shelves.put(SERVICES, &format!("type: service\nrecords:\n  - {service}\n"));
        shelves
    }

    #[test]
    fn a_circuit_has_two_ends_in_its_dossier() {
        let mut one_end = shelves();
        assert_eq!(one_end.codes(), [""; 0]);
        one_end.change(CIRCUITS, ", b_end: yunxi/network/sites/B", "");
        assert_eq!(one_end.places(), [format!("dangling-end {CIRCUITS}:3:14")]);
    }

    #[test]
    fn an_end_with_another_customer_dangles_unless_both_are_of_one_group() {
        let other = "tier: silver\nindustry: x\naccount_manager: a\ncustodian: b\naudience: staff\n";
        let mut shelves = shelves();
        shelves.put("customers/gas/dossier.yaml", &format!("name: 青樾燃气\ngroup: 城投\n{other}"));
        shelves.put("customers/gas/sites/X.md", "---\ncode: X\naddress: 门站\n---\n");
        shelves.change(CIRCUITS, "b_end: yunxi/network/sites/B", "b_end: gas/sites/X");
        assert_eq!(shelves.places(), [format!("dangling-end {CIRCUITS}:3:55")]);
        shelves.change("customers/yunxi/dossier.yaml", "tier: gold", "tier: gold\ngroup: 城投");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn an_end_that_is_a_word_names_a_site() {
        let mut shelves = shelves();
        let fields = "number: {kind: text}\n  a_end: {kind: text}\n";
        shelves.put(
            "types/circuit.yaml",
            &format!("folder: circuits\naudience: technical\nkey: number\nfields:\n  {fields}"),
        );
        shelves.put(CIRCUITS, "type: circuit\nrecords:\n  - {number: C1, a_end: A}\n");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.put(CIRCUITS, "type: circuit\nrecords:\n  - {number: C1, a_end: AA}\n");
        assert_eq!(shelves.places(), [format!("dangling-end {CIRCUITS}:3:25")]);
    }

    #[test]
    fn a_circuit_that_was_taken_down_needs_no_ends() {
        let mut shelves = shelves();
        shelves.change(CIRCUITS, ", b_end: yunxi/network/sites/B, sla: 99.9%", ", status: ceased");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn availability_is_promised_to_the_top_tier() {
        let mut shelves = shelves();
        shelves.change(CIRCUITS, ", sla: 99.9%", "");
        assert_eq!(shelves.places(), [format!("circuit-without-sla {CIRCUITS}:3:14")]);
        shelves.change("customers/yunxi/dossier.yaml", "tier: gold", "tier: silver");
        assert_eq!(shelves.codes(), [""; 0]);
    }

    #[test]
    fn a_service_in_use_has_a_contract() {
        let mut shelves = shelves();
        shelves.change(SERVICES, ", contract: yunxi/contracts/2024-017", "");
        assert_eq!(shelves.places(), [format!("service-without-contract {SERVICES}:3:12")]);
        shelves.change(SERVICES, "code: S1", "code: S1, until: 2025-12-31");
        assert_eq!(shelves.codes(), [""; 0]);
    }
}
