//! A small archive in a folder of its own, and the program run on it.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use std::process::Command as Plain;
use tempfile::TempDir;

/// Public keys that nobody holds.
pub const KEYS: [&str; 2] = [
    "age1v6paeu93a49hyg8gyhqzrdgpxyalgyxvnuhytf2v5l9g9nq7j3fqeym3ca",
    "age13n77udqfrs9h7s5dglax5s7926vy3ypwyr5wxfr6cwrqx05u35cs43r2jv",
];

/// The day on which all tests stand.
pub const DAY: &str = "2026-11-23";

pub const SETTINGS: &str = "\
title: {zh: 档案, en: Archive}
oversight: compliance
audiences:
  finance: {readers: [li-wei]}
  legal: {readers: [zhao-min]}
  sales: {readers: []}
  compliance: {readers: []}
tiers:
  gold: {title: 金牌}
";

pub const CONTRACT: &str = "\
---
number: 2024-017
title: 专线租用合同
amount: 1280000 CNY
audience: [legal, finance]
---
The customer leases a line.

## 价格条款 {audience=finance}

The price is reviewed once a year in March.
";

pub struct Bed(TempDir);

/// What a run gave.
pub struct Run {
    pub code: i32,
    pub data: String,
    pub words: String,
}

impl Bed {
    /// An archive without findings: two readers, one dossier, one contract.
    pub fn new() -> Self {
        let bed = Self(tempfile::tempdir().unwrap());
        bed.write("strongroom.yaml", SETTINGS);
        bed.write("readers/li-wei.yaml", &reader("李薇", KEYS[0], "2027-03-01"));
        bed.write("readers/zhao-min.yaml", &reader("赵敏", KEYS[1], "2027-03-01"));
        bed.write(
            "customers/yunxi/dossier.yaml",
            "name: 云溪水电\ntier: gold\nindustry: 电力\naccount_manager: 孙倩\naudience: staff\n\
             technical_manager: 何军\ncustodian: 陶然\nmarking: {level: 内部, basis: 合同}\n",
        );
        bed.write("customers/yunxi/contracts/2024-017.md", CONTRACT);
        bed
    }

    /// An empty folder.
    pub fn bare() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    pub fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    /// Runs git here, with a name of its own and no settings of this machine.
    pub fn git(&self, arguments: &[&str]) {
        let status = Plain::new("git")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .unwrap();
        assert!(status.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&status.stderr));
    }

    /// Everything committed.
    pub fn commit(&self) {
        if !self.path().join(".git").exists() {
            self.git(&["init", "-q"]);
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", "x"]);
    }

    /// Everything committed by somebody on a day, with a message.
    pub fn commit_as(&self, author: &str, day: &str, message: &str) {
        if !self.path().join(".git").exists() {
            self.git(&["init", "-q"]);
        }
        self.git(&["add", "-A"]);
        self.conclude(author, day, message);
    }

    /// A commit of what is staged, or the end of a merge.
    pub fn conclude(&self, author: &str, day: &str, message: &str) {
        let (person, date) = (format!("{author} <{author}@example.org>"), format!("{day}T09:00:00+0800"));
        let status = Plain::new("git")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
            .args(["commit", "-q", "--no-verify", "--allow-empty", "--author", &person, "--date", &date, "-m", message])
            .current_dir(self.path())
            .env("GIT_COMMITTER_DATE", &date)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .unwrap();
        assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    }

    /// Runs the program here, on the day of all tests.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    pub fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        let mut command = Command::cargo_bin("strongroom").unwrap();
        command.current_dir(self.path()).args(["--date", DAY]).args(arguments);
        command.env_remove("GIT_INDEX_FILE").env_remove("GIT_DIR").envs(environment.iter().copied());
        let output = command.timeout(std::time::Duration::from_secs(120)).output().unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            data: String::from_utf8(output.stdout).unwrap(),
            words: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What `check` finds: severity, code, and file with line and column.
    pub fn found(&self) -> Vec<String> {
        let run = self.run(&["check", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&run.data).unwrap();
        let word = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let one = |finding: &serde_json::Value| {
            let (severity, code, file) = (word(finding, "severity"), word(finding, "code"), word(finding, "file"));
            format!("{severity} {code} {file}:{}:{}", finding["line"], finding["column"])
        };
        report["findings"].as_array().unwrap().iter().map(one).collect()
    }

    /// Runs `check` and expects an error of this code, at this file and line, with a remedy.
    pub fn expect_error(&self, code: &str, file: &str, line: u64) {
        let run = self.run(&["check", "--format", "json"]);
        assert_eq!(run.code, 1, "{}{}", run.data, run.words);
        let report: serde_json::Value = serde_json::from_str(&run.data).unwrap();
        let found = report["findings"].as_array().unwrap().iter().any(|finding| {
            finding["severity"] == "error"
                && finding["code"] == code
                && finding["file"] == file
                && (line == 0 || finding["line"] == line)
                && finding["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty())
        });
        assert!(found, "no {code} at {file}:{line} in {}", run.data);
    }
}

pub fn reader(name: &str, key: &str, valid_until: &str) -> String {
    format!("name: {name}\nkeys: [{key}]\ntraining:\n  - {{course: 保密知识, valid_until: {valid_until}}}\n")
}
