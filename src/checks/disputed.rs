//! A contract in dispute: whether what a court would ask for is there. It is looked at however old the contract is, and
//! on the day of its signing, while the other checks look at today.

use super::approvals::{CONTRACT_WITHOUT_APPROVAL, approved_by_submitter, is_granted, too_late};
use super::case::{Case, OpenDossier};
use super::contracts::CONTRACT_UNSIGNED;
use super::fields::{all_references, day, field, lacks, values, word};
use super::papers::ORIGINAL_NOT_LOCATED;
use super::signing::{names_of, unentitled};
use crate::access::Clearance;
use crate::archive::Archive;
use crate::finding::{Code, Finding, Findings};
use crate::record::Record;
use crate::repository::Snapshot;

/// Nobody is named who signed for the customer.
pub const DISPUTED_WITHOUT_SIGNER: Code = Code("disputed-without-signer");
/// No copy of the signed paper is attached.
pub const DISPUTED_WITHOUT_COPY: Code = Code("disputed-without-copy");
/// No letter, mail or note names the contract.
pub const DISPUTED_WITHOUT_CORRESPONDENCE: Code = Code("disputed-without-correspondence");
/// Nothing shows that the contract was performed.
pub const DISPUTED_WITHOUT_PERFORMANCE: Code = Code("disputed-without-performance");
/// No hold keeps the contract from being disposed of.
pub const DISPUTED_WITHOUT_HOLD: Code = Code("disputed-without-hold");

/// What is looked at, with the words for it.
const HEADS: [(&str, &str, &str); 6] = [
    ("approval", "审批", "approval"),
    ("credential", "签署人证明", "signer's credential"),
    ("amendment", "补充与变更", "amendments"),
    ("correspondence", "往来函件", "correspondence"),
    ("performance", "履行", "performance"),
    ("hold", "保全", "hold"),
];

/// Types whose records say how a contract came about or is argued over, and not that it was performed.
const NOT_PERFORMANCE: [&str; 8] =
    ["approval", "contract", "correspondence", "credential", "dispute", "disposal", "hold", "licence"];

/// What was found of a contract.
pub struct Papers {
    /// The contract's name.
    pub contract: String,
    /// What is there under each head: its word in files, in Chinese, in English, and the names of records.
    pub there: Vec<(&'static str, &'static str, &'static str, Vec<String>)>,
    /// What is missing or does not fit.
    pub findings: Findings,
    /// What all that was looked at asks: what is not there counts as well, so that types ask as their records do.
    pub asks: Clearance,
}

/// Looks at the papers of a contract; `None` where no contract has this name.
#[must_use]
pub fn papers_of(archive: &Archive, snapshot: &Snapshot, name: &str) -> Option<Papers> {
    let case = Case::of(archive, snapshot);
    let open = case.dossiers.iter().find(|open| *open.dossier.name == *name.split('/').next().unwrap_or_default())?;
    let contract = open.of_type("contract").find(|contract| contract.name.to_string() == name)?;
    let mut looked = Looked { case: &case, open, contract, name: name.to_owned(), findings: Findings::new() };
    let there = vec![
        looked.approvals(contract),
        looked.credentials(contract),
        looked.amendments(),
        looked.correspondence(),
        looked.performance(),
        looked.holds(),
    ];
    looked.paper();
    let asks = looked.asks();
    let mut findings = looked.findings;
    findings.sort();
    let there = HEADS.iter().zip(there).map(|((word, zh, en), found)| (*word, *zh, *en, found)).collect();
    Some(Papers { contract: name.to_owned(), there, findings, asks })
}

/// The contracts of a dossier that a dispute names; all of them where none does.
#[must_use]
pub fn disputed_contracts(archive: &Archive, dossier: &str) -> Vec<String> {
    let found = archive.dossiers.lay_out(|held| held.release().1).find(|found| *found.name == *dossier);
    let records: Vec<&Record> =
        found.into_iter().flat_map(|dossier| dossier.records.lay_out(|held| held.release().1)).collect();
    let of_type = |name: &'static str| records.iter().filter(move |record| record.record_type.name == name);
    let named: Vec<&str> = of_type("dispute").flat_map(|dispute| all_references(dispute)).collect();
    let all: Vec<String> = of_type("contract").map(|contract| contract.name.to_string()).collect();
    let disputed: Vec<String> = all.iter().filter(|name| named.contains(&name.as_str())).cloned().collect();
    if disputed.is_empty() { all } else { disputed }
}

struct Looked<'c, 'a> {
    case: &'c Case<'a>,
    open: &'c OpenDossier<'a>,
    contract: &'a Record,
    name: String,
    findings: Findings,
}

fn named(records: &[&Record]) -> Vec<String> {
    records.iter().map(|record| record.name.to_string()).collect()
}

impl<'a> Looked<'_, 'a> {
    fn missing(&mut self, code: Code, message: &str, remedy: &str) {
        let place = self.case.at_record(self.contract);
        self.findings.push(Finding::warning(code, message).at(place).remedy(remedy));
    }

    /// The records of a type that name a record, or that it names.
    fn around(&self, record: &Record, record_type: &str) -> Vec<&'a Record> {
        let (name, from) = (record.name.to_string(), all_references(record));
        let is = |other: &&Record| {
            all_references(other).contains(&name.as_str()) || from.contains(&other.name.to_string().as_str())
        };
        self.open.of_type(record_type).filter(|other| is(other)).collect()
    }

    fn approvals(&mut self, contract: &Record) -> Vec<String> {
        let approvals = self.around(contract, "approval");
        if !approvals.iter().any(|approval| is_granted(approval)) {
            let message = "no approval that was given names this contract";
            let remedy = "file its approval with `contract:` in `approvals/`, or be ready to say why there is none";
            let place = self.case.at_record(contract);
            self.findings.push(CONTRACT_WITHOUT_APPROVAL.at(place, message, remedy));
        }
        self.findings.extend(too_late(self.case, contract, &approvals));
        self.findings.extend(approvals.iter().filter_map(|approval| approved_by_submitter(self.case, approval)));
        named(&approvals)
    }

    fn credentials(&mut self, contract: &Record) -> Vec<String> {
        let signers = values(contract, "signer");
        if signers.is_empty() && contract.record_type.field("signer").is_some() {
            let message = "nobody is named who signed for the customer";
            self.missing(DISPUTED_WITHOUT_SIGNER, message, "add `signer:`, as the paper has it");
        }
        let all: Vec<Vec<String>> = signers.iter().map(|signer| names_of(self.case, signer)).collect();
        if let Some(signed) = day(contract, "signed") {
            for signer in &all {
                self.findings.extend(unentitled(self.case, self.open, contract, signed, signer));
            }
        } else if lacks(contract, "signed") {
            let message = "it does not say on which day it was signed, so that nobody can tell who could sign";
            let place = self.case.at_record(contract);
            self.findings.push(CONTRACT_UNSIGNED.at(place, message, "add `signed:`, as the paper has it"));
        }
        let holds = |credential: &&Record| {
            let holders = values(credential, "holder").iter().flat_map(|holder| names_of(self.case, holder));
            holders.into_iter().any(|holder| all.iter().flatten().any(|signer| *signer == holder))
        };
        let credentials: Vec<&Record> = self.open.of_type("credential").filter(holds).collect();
        named(&credentials)
    }

    /// Supplements are contracts of their own, and asked for the same.
    fn amendments(&mut self) -> Vec<String> {
        let around = self.around(self.contract, "contract");
        let supplements: Vec<&Record> = around.into_iter().filter(|other| other.name != self.contract.name).collect();
        for supplement in supplements.iter().filter(|other| word(other, "kind") == Some("supplement")) {
            self.approvals(supplement);
            self.credentials(supplement);
        }
        named(&supplements)
    }

    fn correspondence(&mut self) -> Vec<String> {
        let letters = self.around(self.contract, "correspondence");
        if letters.is_empty() && self.case.archive.types.get("correspondence").is_some() {
            let message = "no letter, mail or note names this contract";
            let remedy = "name the contract in what was exchanged about it, with `contract:` in `correspondence/`";
            self.missing(DISPUTED_WITHOUT_CORRESPONDENCE, message, remedy);
        }
        named(&letters)
    }

    /// Whatever else names the contract or one of its services: faults, maintenance, acceptance, payments.
    fn performance(&mut self) -> Vec<String> {
        let services: Vec<String> = all_references(self.contract)
            .into_iter()
            .filter(|name| self.case.record(name).is_some_and(|record| record.record_type.name == "service"))
            .map(str::to_owned)
            .chain([self.name.clone()])
            .collect();
        let speaks = |record: &&Record| {
            let refers = all_references(record).into_iter().any(|name| services.iter().any(|other| other == name));
            (refers || services.contains(&record.name.to_string()))
                && !NOT_PERFORMANCE.contains(&record.record_type.name.as_str())
        };
        let found: Vec<&Record> = self.open.records.iter().copied().filter(speaks).collect();
        if found.is_empty() {
            let message = "nothing shows that this contract was performed";
            let remedy = "name its services in `services:`, and file faults, maintenance or acceptance that name them";
            self.missing(DISPUTED_WITHOUT_PERFORMANCE, message, remedy);
        }
        named(&found)
    }

    fn holds(&mut self) -> Vec<String> {
        let holds: Vec<&Record> = self
            .around(self.contract, "hold")
            .into_iter()
            .filter(|hold| day(hold, "released_on").is_none_or(|released| released > self.case.day()))
            .collect();
        if holds.is_empty() && self.case.archive.types.get("hold").is_some() {
            let message = "no hold keeps this contract from being disposed of";
            let remedy = "place one in `holds/`, with the contract and what belongs to it in `documents:`";
            self.missing(DISPUTED_WITHOUT_HOLD, message, remedy);
        }
        named(&holds)
    }

    /// The paper itself: a copy of it here, and the original somewhere.
    fn paper(&mut self) {
        if self.contract.attachments.lay_out(|_| ()).next().is_none() {
            let message = "no copy of the signed paper is attached";
            self.missing(DISPUTED_WITHOUT_COPY, message, "scan it, and name the file in `attachments:`");
        }
        if self.contract.original.is_none() {
            let message = "there is an original of this, and nothing says where it lies";
            let remedy = "add `original: {room: …, shelf: …, carrier: paper}`";
            self.findings.push(ORIGINAL_NOT_LOCATED.at(self.case.at_record(self.contract), message, remedy));
        }
    }

    /// All records of the dossier were looked at, and all types whose records might have been there.
    fn asks(&self) -> Clearance {
        let archive = self.case.archive;
        let mut all = self.open.dossier.clearance().clone();
        for record in self.open.records.iter().chain([&self.open.root()]) {
            all = record.clearances().iter().chain(record.restrictions.values()).fold(all, |all, asks| all.and(asks));
        }
        for record_type in archive.types.iter() {
            let asks = record_type.asks(None, &archive.settings.audiences);
            // Of a type whose audience the archive lacks there is no record.
            all = if asks.met_by(|_| true) { all.and(&asks) } else { all };
        }
        // What a contract's own fields ask where they are left out.
        for name in self.contract.record_type.fields.iter().map(|field| field.name.as_str()) {
            if field(self.contract, name).is_none() {
                all = all.and(&self.contract.asks(name, &archive.settings.audiences));
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;
    use super::*;

    const CONTRACT: &str = "customers/yunxi/contracts/2024-017.md";
    const NAME: &str = "yunxi/contracts/2024-017";

    fn codes(shelves: &Shelves) -> Vec<&'static str> {
        let (archive, snapshot) = shelves.read();
        papers_of(&archive, &snapshot, NAME).unwrap().findings.iter().map(|finding| finding.code.0).collect()
    }

    fn complete() -> Shelves {
        let mut shelves = Shelves::new();
        shelves.change(CONTRACT, "original: {room: 库房A}", "original: {room: 库房A}\nattachments: [2024-017.pdf]");
        shelves.put("customers/yunxi/contracts/2024-017.pdf", "%PDF-1.4\n");
        shelves.put(
            "customers/yunxi/correspondence/1.md",
            "---\nmedium: letter\norigin: sent\ncontract: yunxi/contracts/2024-017\n---\n",
        );
        shelves.put(
            "customers/yunxi/holds/1.md",
            "---\ndocuments: [yunxi/contracts/2024-017]\nplaced_by: 赵敏\nplaced_on: 2026-11-01\n---\n",
        );
        shelves.put("customers/yunxi/services/1.md", "---\ncode: S1\ncontract: yunxi/contracts/2024-017\n---\n");
        shelves
    }

    #[test]
    fn a_contract_with_all_its_papers_gives_no_finding() {
        assert_eq!(codes(&complete()), [""; 0]);
        let (archive, snapshot) = complete().read();
        let papers = papers_of(&archive, &snapshot, NAME).unwrap();
        assert!(papers.there.iter().filter(|(.., found)| found.is_empty()).map(|(word, ..)| *word).eq(["amendment"]));
        assert!(papers_of(&archive, &snapshot, "yunxi/contracts/none").is_none());
    }

    #[test]
    fn each_gap_is_told() {
        assert_eq!(codes(&Shelves::new()).len(), 4, "copy, correspondence, performance, hold");
        for (file, code) in [
            ("correspondence/1.md", "disputed-without-correspondence"),
            ("holds/1.md", "disputed-without-hold"),
            ("services/1.md", "disputed-without-performance"),
            ("approvals/2024-017.md", "contract-without-approval"),
            ("credentials/liao.md", "signer-without-credential"),
        ] {
            let mut shelves = complete();
            shelves.remove(&format!("customers/yunxi/{file}"));
            assert_eq!(codes(&shelves), [code], "{file}");
        }
        for (was, now, code) in [
            ("signer: 廖雪琴\n", "", "disputed-without-signer"),
            ("original: {room: 库房A}\n", "", "original-not-located"),
            ("\nattachments: [2024-017.pdf]", "", "disputed-without-copy"),
            ("signed: 2024-03-18\n", "", "contract-unsigned"),
            ("signed: 2024-03-18", "signed: 2024-03-01", "approval-after-signing"),
            ("signed: 2024-03-18", "signed: 2025-01-01", "poa-out-of-date"),
        ] {
            let mut shelves = complete();
            shelves.change(CONTRACT, was, now);
            assert_eq!(codes(&shelves), [code], "{was}");
        }
    }

    #[test]
    fn a_contract_that_ended_and_a_hold_that_was_released_are_looked_at_all_the_same() {
        let mut shelves = complete();
        shelves.change(CONTRACT, "until: 2027-03-31", "until: 2025-03-31");
        shelves.remove("customers/yunxi/approvals/2024-017.md");
        assert_eq!(codes(&shelves), ["contract-without-approval"]);
        let mut shelves = complete();
        shelves.change("customers/yunxi/holds/1.md", "placed_on", "released_on: 2026-11-02\nplaced_on");
        assert_eq!(codes(&shelves), ["disputed-without-hold"]);
    }

    #[test]
    fn what_was_looked_at_asks_for_all_of_it() {
        let (archive, snapshot) = complete().read();
        let asks = papers_of(&archive, &snapshot, NAME).unwrap().asks;
        let holds = |names: &[&str]| {
            let held = names.iter().fold(Clearance::open(), |held, name| held.and(&Clearance::any_of([*name])));
            held.implies(&asks)
        };
        assert!(!holds(&["sales", "finance"]), "holds and disputes are for others");
        assert!(holds(&["legal", "finance", "sales", "technical", "management", "compliance"]));
    }
}
