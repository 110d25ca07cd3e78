//! What of a secrecy inspection the program can see for itself: keys and their age, lapsed trainings, wide or unused
//! audiences, records wider than their type, openings to come, unsigned commits, and whether the hook is there.
//!
//! Each is a plain sentence in the archive's language that an inspector can look at again, and where it is a yes or no, an
//! answer. It stands in the record with the commit and the day, and is no proof of anything: the inspector signs.

use super::hook::is_installed;
use crate::access::Standing;
use crate::archive::Archive;
use crate::finding::Findings;
use crate::provenance::{Signed, Signers, Verdict};
use crate::record::{Interval, WIDER_THAN_TYPE};
use crate::repository::Past;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;

/// A key is old after this.
const OLD_KEY: Interval = Interval::days(3 * 365);
/// Openings are looked at so long before they come.
const OPENINGS: Interval = Interval::days(90);
/// So many names are written out.
const NAMED: usize = 8;

/// What there is to measure.
pub struct Ground<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// Its folder.
    pub folder: &'a Path,
    /// What was found in it.
    pub findings: &'a Findings,
    /// Its commits; none outside git.
    pub past: Option<&'a Past>,
    /// Whose signatures count.
    pub signers: &'a Signers,
    /// Whether names may be written: where those who read them are the archive's overseers.
    pub names: bool,
}

/// What came of measuring.
pub struct Measured {
    /// The answer, where it is a yes or a no: yes is as it should be.
    pub fine: Option<bool>,
    /// What was seen.
    pub seen: String,
}

impl Ground<'_> {
    /// Measures what an item of a checklist names; nothing where it names nothing that is known here.
    #[must_use]
    pub fn measure(&self, what: &str) -> Option<Measured> {
        Some(match what {
            "keys" => self.keys(),
            "trainings" => self.trainings(),
            "audiences" => self.audiences(),
            "widened" => self.widened(),
            "openings" => self.openings(),
            "signatures" => self.signatures(),
            "hooks" => self.hooks(),
            _ => return None,
        })
    }

    fn say(&self, zh: String, en: String) -> String {
        if self.archive.settings.language == "zh" { zh } else { en }
    }

    /// The names as a list, or nothing where none may be written.
    fn listed(&self, names: &[String]) -> String {
        if !self.names || names.is_empty() {
            return String::new();
        }
        let first: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
        let more = if names.len() > NAMED { "…" } else { "" };
        self.say(format!("：{}{more}", first.join("、")), format!(": {}{more}", first.join(", ")))
    }

    fn keys(&self) -> Measured {
        let keys: Vec<(&str, &str)> = self
            .archive
            .readers
            .iter()
            .flat_map(|r| r.keys.iter().map(|key| (r.name.as_str(), key.as_str())))
            .collect();
        let total = keys.len();
        let Some(past) = self.past else {
            let seen = self.say(
                format!("共 {total} 把密钥；没有历史，年限不详"),
                format!("{total} keys; without a history their age is not known"),
            );
            return Measured { fine: None, seen };
        };
        let since = first_days(past, &keys);
        let old: Vec<String> = keys
            .iter()
            .filter_map(|(reader, key)| Some((reader, *since.get(key)?)))
            .filter(|(_, day)| OLD_KEY.after(*day) < self.archive.day)
            .map(|(reader, day)| format!("{reader} {day}"))
            .collect();
        let oldest = since.values().min().map(ToString::to_string).unwrap_or_default();
        let (count, names) = (old.len(), self.listed(&old));
        let seen = self.say(
            format!("共 {total} 把密钥，最早的自 {oldest} 起使用；超过三年的 {count} 把{names}"),
            format!("{total} keys, the oldest in use since {oldest}; {count} for more than three years{names}"),
        );
        Measured { fine: Some(old.is_empty()), seen }
    }

    fn trainings(&self) -> Measured {
        let archive = self.archive;
        let standing =
            |reader: &crate::access::Reader| reader.standing(archive.day, archive.settings.training_required);
        let lapsed: Vec<String> = archive
            .readers
            .iter()
            .filter(|reader| match standing(reader) {
                Standing::Lapsed(_) => true,
                Standing::Good(_) => reader.training.iter().all(|training| training.valid_until < archive.day),
                Standing::Left(_) | Standing::Keyless => false,
            })
            .map(|reader| reader.name.clone())
            .collect();
        let (total, count, names) = (archive.readers.len(), lapsed.len(), self.listed(&lapsed));
        let seen = self.say(
            format!("{total} 位查阅人，培训不在有效期内的 {count} 位{names}"),
            format!("{total} readers, {count} without a training that counts{names}"),
        );
        Measured { fine: Some(lapsed.is_empty()), seen }
    }

    fn audiences(&self) -> Measured {
        let archive = self.archive;
        let asked = archive.clearances();
        let is_asked =
            |name: &str| asked.keys().any(|asks| asks.clauses().any(|clause| clause.iter().any(|a| &**a == name)));
        let readers = archive.readers.len();
        let (mut empty, mut unused, mut wide) = (Vec::new(), Vec::new(), Vec::new());
        for (name, audience) in archive.settings.audiences.iter() {
            if audience.readers.is_empty() {
                empty.push(name.to_owned());
            }
            if !is_asked(name) {
                unused.push(name.to_owned());
            }
            if readers > 2 && audience.readers.len() >= readers {
                wide.push(name.to_owned());
            }
        }
        let total = archive.settings.audiences.iter().count();
        let lists = [&empty, &unused, &wide].map(|names| format!("{}{}", names.len(), self.listed(names)));
        let [without, idle, all] = &lists;
        let seen = self.say(
            format!("{total} 个知悉范围；无人的 {without}；没有内容用到的 {idle}；含全体查阅人的 {all}"),
            format!("{total} audiences; without a reader {without}; asked for by nothing {idle}; of all readers {all}"),
        );
        Measured { fine: Some(empty.is_empty() && unused.is_empty() && wide.is_empty()), seen }
    }

    fn widened(&self) -> Measured {
        let wide = self.findings.iter().filter(|finding| finding.code == WIDER_THAN_TYPE);
        let files: Vec<String> =
            wide.filter_map(|finding| finding.place.as_ref()).map(|place| place.file.clone()).collect();
        let (count, names) = (files.len(), self.listed(&files));
        let seen = self.say(
            format!("知悉范围宽于其类型的记录 {count} 件{names}"),
            format!("{count} records for more people than their type{names}"),
        );
        Measured { fine: Some(files.is_empty()), seen }
    }

    /// Whether anybody looked at what opens next is not for the program to say.
    fn openings(&self) -> Measured {
        let until = OPENINGS.after(self.archive.day);
        let next = self.archive.openings.iter().filter(|(day, _)| *day <= until);
        let next: Vec<String> = next.map(|(day, name)| format!("{day} {name}")).collect();
        let (count, names, all) = (next.len(), self.listed(&next), self.archive.openings.len());
        let seen = self.say(
            format!("九十天内开放的记录 {count} 件{names}；以后还有 {} 件", all - count),
            format!("{count} records open within ninety days{names}; {} later", all - count),
        );
        Measured { fine: next.is_empty().then_some(true), seen }
    }

    fn signatures(&self) -> Measured {
        let Some(past) = self.past else {
            let seen = self.say("没有历史".to_owned(), "there is no history".to_owned());
            return Measured { fine: None, seen };
        };
        let good = |commit: &&crate::repository::PastCommit| {
            commit.signature.as_ref().is_some_and(|signature| {
                let at = commit.committed.seconds;
                let judged = self.signers.judge(&signature.armored, &signature.signed, at, &commit.committer.email);
                matches!(judged, Signed::Ssh(Verdict::Good { .. }))
            })
        };
        let total = past.commits.len();
        let bare = past.commits.iter().filter(|commit| commit.signature.is_none()).count();
        let others: Vec<String> = past
            .commits
            .iter()
            .rev()
            .filter(|commit| !good(commit))
            .map(|commit| commit.id.to_string().chars().take(10).collect())
            .collect();
        let (count, names) = (others.len(), self.listed(&others));
        let seen = self.say(
            format!("{total} 次提交，没有可信签名的 {count} 次（其中未签名 {bare} 次），由近及远{names}"),
            format!(
                "{total} commits, {count} without a signature that counts ({bare} unsigned), the latest first{names}"
            ),
        );
        Measured { fine: Some(others.is_empty()), seen }
    }

    fn hooks(&self) -> Measured {
        let (fine, zh, en) = match is_installed(self.folder) {
            Some(true) => (Some(true), "这份副本里已安装", "it is installed in this copy"),
            Some(false) => (Some(false), "这份副本里没有安装", "it is not installed in this copy"),
            None => (None, "没有仓库，无从安装", "there is no repository to install it in"),
        };
        let seen = self.say(
            format!("提交前的检查：{zh}；其他人的副本看不到"),
            format!("the check before commits: {en}; other people's copies are not seen"),
        );
        Measured { fine, seen }
    }
}

/// The day on which each key first stood in its reader's file.
fn first_days<'k>(past: &Past, keys: &[(&str, &'k str)]) -> BTreeMap<&'k str, Date> {
    /// A reader's file is short.
    const LARGEST: u64 = 1 << 16;
    let folder = if past.folder.is_empty() { String::new() } else { format!("{}/", past.folder) };
    let readers = format!("{folder}readers/");
    let mut since = BTreeMap::new();
    for commit in &past.commits {
        for change in commit.changes.iter().filter(|change| change.path.starts_with(&readers)) {
            let Some(bytes) = change.new.and_then(|file| past.blob(file.id, LARGEST).ok()) else { continue };
            let text = String::from_utf8_lossy(&bytes);
            let Some(day) = commit.authored.zoned().map(|at| at.date()) else { continue };
            for (_, key) in keys.iter().filter(|(_, key)| text.contains(key)) {
                since.entry(*key).or_insert(day);
            }
        }
    }
    since
}
