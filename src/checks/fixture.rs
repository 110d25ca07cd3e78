//! A small archive in memory, sound until a test changes it.

use super::all::run;
use crate::archive::Archive;
use crate::finding::{Finding, Findings, Severity};
use crate::repository::{ContentId, Snapshot};
use std::collections::BTreeMap;

const SETTINGS: &str = "\
audiences:
  finance: {readers: []}
  legal: {readers: []}
  sales: {readers: []}
  technical: {readers: []}
  management: {readers: []}
  compliance: {readers: []}
tiers:
  gold: {title: 金牌}
  silver: {title: 银牌}
";

const DOSSIER: &str = "\
name: 云溪水电有限公司
short_names: [云溪水电]
code: 91330122MA2ABCDE1X
tier: gold
industry: 电力
account_manager: 孙倩
technical_manager: 何军
custodian: 陶然
audience: staff
";

const CONTRACT: &str = "\
---
number: 2024-017
kind: lease
signed: 2024-03-18
effective: 2024-04-01
until: 2027-03-31
signer: 廖雪琴
original: {room: 库房A}
---
";

const APPROVAL: &str = "\
---
contract: yunxi/contracts/2024-017
submitted_by: 孙倩
approved_by: 赵敏
approved_on: 2024-03-11
decision: approved
---
";

const POWER: &str = "\
---
kind: power-of-attorney
holder: 廖雪琴
valid_from: 2024-01-01
valid_until: 2024-12-31
copy: copy
---
";

/// The files of an archive.
pub struct Shelves(BTreeMap<String, Vec<u8>>);

impl Shelves {
    /// An archive of which no check has anything to say.
    pub fn new() -> Self {
        let mut shelves = Self::bare();
        shelves.put("customers/yunxi/dossier.yaml", DOSSIER);
        shelves.put("customers/yunxi/contracts/2024-017.md", CONTRACT);
        shelves.put("customers/yunxi/approvals/2024-017.md", APPROVAL);
        shelves.put("customers/yunxi/credentials/liao.md", POWER);
        shelves
    }

    /// Settings alone.
    pub fn bare() -> Self {
        let mut shelves = Self(BTreeMap::new());
        shelves.put("strongroom.yaml", SETTINGS);
        shelves
    }

    /// Writes a file.
    pub fn put(&mut self, path: &str, text: &str) {
        self.put_bytes(path, text.as_bytes());
    }

    /// Writes a file.
    pub fn put_bytes(&mut self, path: &str, bytes: &[u8]) {
        self.0.insert(path.to_owned(), bytes.to_vec());
    }

    /// Exchanges a text in a file that must have it.
    pub fn change(&mut self, path: &str, was: &str, now: &str) {
        let text = String::from_utf8(self.0[path].clone()).unwrap();
        assert!(text.contains(was), "{path} has no {was}");
        self.put(path, &text.replace(was, now));
    }

    /// Adds lines to the settings.
    pub fn add_settings(&mut self, lines: &str) {
        self.put("strongroom.yaml", &format!("{SETTINGS}{lines}"));
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        assert!(self.0.remove(path).is_some(), "there is no {path}");
    }

    /// The archive, which must be without an error, and its files.
    pub fn read(&self) -> (Archive, Snapshot) {
        let files = self.0.iter().map(|(path, bytes)| (path.clone(), ContentId::of(bytes).unwrap(), bytes.clone()));
        let snapshot = Snapshot::in_memory(files.collect());
        let reading = Archive::read(&snapshot, "2026-11-23".parse().unwrap());
        let errors: Vec<_> = reading.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        (reading.archive, snapshot)
    }

    /// What the checks find, sorted. The archive itself must be without an error.
    pub fn findings(&self) -> Vec<Finding> {
        let (archive, snapshot) = self.read();
        let mut findings = Findings::from(run(&archive, &snapshot));
        findings.sort();
        findings.into_iter().collect()
    }

    /// What the checks find, as code and place. Each finding must say what to do.
    pub fn places(&self) -> Vec<String> {
        let findings = self.findings();
        assert!(findings.iter().all(|finding| !finding.remedy.is_empty()), "{findings:#?}");
        let place = |finding: &Finding| finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
        findings.iter().map(|finding| format!("{} {}", finding.code, place(finding))).collect()
    }

    /// The codes of what the checks find.
    pub fn codes(&self) -> Vec<&'static str> {
        self.findings().iter().map(|finding| finding.code.0).collect()
    }
}
