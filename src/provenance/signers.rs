//! `allowed_signers`: whose keys may sign commits, and texts such as a site's manifest, in the file format that git and ssh-keygen read.

use super::line::{self, Fault};
use super::pattern;
use super::signature::NAMESPACE;
use super::signing::TEXT_NAMESPACE;
use crate::finding::{Code, Finding};
use crate::text::Source;
use ssh_key::public::KeyData;
use std::collections::BTreeMap;
use std::ops::Range;

/// The file at the archive's root.
pub const ALLOWED_SIGNERS: &str = "allowed_signers";

/// A line that cannot be read: whoever should stand there signs in vain.
pub const BROKEN_SIGNER: Code = Code("broken-signer");
/// A line that can be read and lets nobody sign.
pub const IDLE_SIGNER: Code = Code("idle-signer");
/// A line that may mean something else than was meant.
pub const DOUBTFUL_SIGNER: Code = Code("doubtful-signer");

/// Whose keys may sign. By default nobody's.
#[derive(Clone, Debug, Default)]
pub struct Signers {
    by_key: BTreeMap<KeyData, Vec<Signer>>,
}

/// One line: a key, and for whom and when it counts.
#[derive(Clone, Debug)]
pub(super) struct Signer {
    /// Patterns of e-mail addresses with commas between.
    pub principals: String,
    /// Patterns of what it may sign; everything where it is not said.
    pub namespaces: Option<String>,
    /// The first second at which it counts, from 1970.
    pub after: Option<i64>,
    /// The last second at which it counts.
    pub before: Option<i64>,
    /// Where it stands in the file.
    pub range: Range<usize>,
}

/// What is signed here: commits, and texts.
const PURPOSES: [&str; 2] = [NAMESPACE, TEXT_NAMESPACE];

impl Signer {
    /// Whether the key may sign for this purpose.
    pub(super) fn signs(&self, namespace: &str) -> bool {
        self.namespaces.as_ref().is_none_or(|list| pattern::takes(list, namespace))
    }
}

impl Signers {
    /// Reads the file. Lines that are broken or idle are left out, with a finding each.
    #[must_use]
    pub fn read(source: &Source, findings: &mut Vec<Finding>) -> Self {
        let mut signers = Self::default();
        let mut in_private_key = false;
        let mut next = 0;
        for line in source.text().split('\n') {
            let start = next;
            next += line.len() + 1;
            if line.trim_start().starts_with("-----BEGIN ") && !in_private_key {
                in_private_key = true;
                // A private key that slipped in here must not travel on in a log.
                let place = source.place(start..start + line.len()).without_text();
                let message = "a key file was put here whole; if it is a private key, it is spent";
                let remedy = "remove it, make a new key if it was private, and put the line of the `.pub` file here";
                findings.push(Finding::error(BROKEN_SIGNER, message).at(place).remedy(remedy));
            }
            if in_private_key {
                in_private_key = !line.trim_start().starts_with("-----END ");
                continue;
            }
            let content = line.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let start = start + (line.len() - line.trim_start().len());
            let mut faults = Vec::new();
            match line::read(content, &mut faults) {
                Ok((key, signer)) => {
                    let range = start..start + content.len();
                    signers.add(key, Signer { range, ..signer }, source, findings);
                }
                Err(fault) => faults.push(fault),
            }
            for Fault { code, range, message, remedy } in faults {
                let range = start + range.start..start + range.end;
                findings.push(match code {
                    BROKEN_SIGNER => source.error(code, range, message, remedy),
                    _ => source.warning(code, range, message, remedy),
                });
            }
        }
        signers
    }

    /// Whether no key may sign.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// The patterns of addresses for which some key counts.
    pub fn principals(&self) -> impl Iterator<Item = &str> {
        self.by_key.values().flatten().flat_map(|signer| signer.principals.split(',')).map(str::trim)
    }

    /// The lines of a key, in the file's order.
    pub(super) fn of_key(&self, key: &KeyData) -> &[Signer] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, key: KeyData, signer: Signer, source: &Source, findings: &mut Vec<Finding>) {
        let lines = self.by_key.entry(key).or_default();
        let ends_before =
            |one: &Signer, other: &Signer| matches!((one.before, other.after), (Some(b), Some(a)) if b < a);
        let both = |other: &Signer| PURPOSES.iter().any(|purpose| other.signs(purpose) && signer.signs(purpose));
        let overlaps = |other: &&Signer| !ends_before(other, &signer) && !ends_before(&signer, other) && both(other);
        if let Some(other) = lines.iter().find(overlaps) {
            let message = "this key stands on another line as well, for the same time";
            let remedy =
                "write all addresses of one person on one line, with commas between; two persons have two keys";
            let finding = source.warning(DOUBTFUL_SIGNER, signer.range.clone(), message, remedy);
            findings.push(finding.related(source.place(other.range.clone()), "the other line"));
        }
        lines.push(signer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = super::super::fixture::ED25519_KEY;
    const RSA: &str = super::super::fixture::RSA_KEY;

    fn read(text: &str) -> (Signers, Vec<Finding>) {
        let mut findings = Vec::new();
        let source = Source::decode(ALLOWED_SIGNERS, text.as_bytes()).unwrap();
        (Signers::read(&source, &mut findings), findings)
    }

    /// Code, line, column and length of the only finding.
    fn only(text: &str) -> (Code, u32, u32, u32) {
        let (_, findings) = read(text);
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert!(!findings[0].remedy.is_empty());
        let place = findings[0].place.as_ref().unwrap();
        (findings[0].code, place.line, place.column, place.length)
    }

    fn signers(read: &Signers) -> Vec<(&str, Option<i64>, Option<i64>)> {
        let lines = read.by_key.values().flatten();
        lines.map(|line| (line.principals.as_str(), line.after, line.before)).collect()
    }

    #[test]
    fn lines_comments_options_and_quotes_are_read() {
        let text = format!(
            "# who may sign\n\n  \"li.wei@yunxi.example,*@it.yunxi.example\" \
             namespaces=\"git\",valid-after=\"20260101Z\",valid-before=\"20270101Z\"  {KEY} Li Wei\n"
        );
        let (read, findings) = read(&text);
        assert_eq!(findings, []);
        let addresses = "li.wei@yunxi.example,*@it.yunxi.example";
        assert_eq!(signers(&read), [(addresses, Some(1_767_225_600), Some(1_798_761_600))]);
        assert!(!read.is_empty());
    }

    #[test]
    fn line_ends_of_windows_and_a_byte_order_mark_change_nothing() {
        let text = format!("\u{feff}li.wei@yunxi.example {KEY}\r\n# end\r\n");
        let (read, findings) = read(&text);
        assert_eq!((signers(&read), findings), (vec![("li.wei@yunxi.example", None, None)], vec![]));
    }

    #[test]
    fn an_empty_file_lets_nobody_sign() {
        assert!(read("").0.is_empty() && read("# nobody yet\n").0.is_empty() && Signers::default().is_empty());
    }

    #[test]
    fn a_line_of_the_pub_file_alone_names_nobody() {
        assert_eq!(only(&format!("# x\n{KEY} li.wei@yunxi.example\n")), (BROKEN_SIGNER, 2, 1, 11));
    }

    #[test]
    fn a_missing_misspelt_or_damaged_key_is_an_error_at_its_place() {
        assert_eq!(only("li@yunxi.example"), (BROKEN_SIGNER, 1, 1, 16));
        assert_eq!(only("li@yunxi.example namespaces=\"git\""), (BROKEN_SIGNER, 1, 18, 16));
        assert_eq!(only("li@yunxi.example ssh-ed25519-sk AAAA"), (BROKEN_SIGNER, 1, 18, 14));
        assert_eq!(only("\"li@yunxi.example ssh-ed25519"), (BROKEN_SIGNER, 1, 1, 17));
        assert_eq!(only("li@yunxi.example ssh-ed25519"), (BROKEN_SIGNER, 1, 18, 11));
        assert_eq!(only("li@yunxi.example ssh-ed25519 AAAAC3Nza"), (BROKEN_SIGNER, 1, 30, 9));
        let other_kind = KEY.replace("ssh-ed25519 ", "ssh-rsa ");
        assert_eq!(only(&format!("li@yunxi.example {other_kind}")), (BROKEN_SIGNER, 1, 26, 68));
    }

    #[test]
    fn a_misspelt_option_is_an_error_that_suggests_the_right_one() {
        let text = format!("li@yunxi.example namespace=\"git\" {KEY}");
        assert_eq!(only(&text), (BROKEN_SIGNER, 1, 18, 9));
        assert_eq!(read(&text).1[0].remedy, "did you mean `namespaces`?");
        assert!(read(&text).0.is_empty());
    }

    #[test]
    fn options_that_cannot_be_read_are_errors() {
        let with = |options: &str| only(&format!("li@yunxi.example {options} {KEY}"));
        assert_eq!(with("namespaces=git"), (BROKEN_SIGNER, 1, 18, 14));
        assert_eq!(with("valid-before=\"2027-03-31\""), (BROKEN_SIGNER, 1, 18, 25));
        assert_eq!(with("valid-before=\"20260101Z\",valid-before=\"20270101Z\""), (BROKEN_SIGNER, 1, 43, 24));
        assert_eq!(with("valid-after=\"20270101Z\",valid-before=\"20260101Z\""), (BROKEN_SIGNER, 1, 18, 48));
        assert_eq!(with("namespaces=\"git\", valid-before=\"20260101Z\""), (BROKEN_SIGNER, 1, 34, 1));
    }

    #[test]
    fn signs_of_an_input_method_are_errors() {
        assert_eq!(only(&format!("li@yunxi.example，wei@yunxi.example {KEY}")), (BROKEN_SIGNER, 1, 17, 1));
        assert_eq!(only(&format!("li@yunxi.example\u{3000}{KEY}")), (BROKEN_SIGNER, 1, 17, 1));
        assert_eq!(only(&format!("li@yunxi.example namespaces=“git” {KEY}")), (BROKEN_SIGNER, 1, 29, 1));
        // A comment may hold what it likes.
        assert_eq!(read(&format!("li@yunxi.example {KEY} 李薇，财务")).1, []);
    }

    #[test]
    fn a_private_key_is_an_error_that_does_not_repeat_it() {
        let text = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\naC1rZXkt\n-----END OPENSSH PRIVATE KEY-----\n";
        let (read, findings) = read(&format!("{text}li@yunxi.example {KEY}\n"));
        assert_eq!((findings.len(), findings[0].code), (1, BROKEN_SIGNER));
        assert_eq!(findings[0].place.as_ref().unwrap().text, None);
        assert_eq!(signers(&read).len(), 1);
    }

    #[test]
    fn lines_that_let_nobody_sign_are_warned_of_and_left_out() {
        let idle = |line: &str| {
            let (read, findings) = read(line);
            assert!(read.is_empty(), "{line}");
            assert_eq!(findings.len(), 1, "{findings:#?}");
            (findings[0].code, findings[0].severity)
        };
        let warned = (IDLE_SIGNER, crate::finding::Severity::Warning);
        assert_eq!(idle(&format!("li@yunxi.example cert-authority {KEY}")), warned);
        assert_eq!(idle(&format!("li@yunxi.example namespaces=\"file\" {KEY}")), warned);
        assert_eq!(idle(&format!("!li@yunxi.example {KEY}")), warned);
        assert_eq!(idle("li@yunxi.example ssh-ed25519-cert-v01@openssh.com AAAA"), warned);
        assert_eq!(idle(&format!("li@yunxi.example {RSA}")), warned);
    }

    #[test]
    fn what_may_mean_something_else_is_warned_of_and_kept() {
        let doubtful = |line: &str| {
            let (read, findings) = read(line);
            assert_eq!(signers(&read).len(), 1, "{line}");
            assert_eq!((findings.len(), findings[0].code), (1, DOUBTFUL_SIGNER), "{findings:#?}");
            findings[0].place.as_ref().map(|place| (place.column, place.length))
        };
        assert_eq!(doubtful(&format!("* {KEY}")), Some((1, 1)));
        assert_eq!(doubtful(&format!("li@yunxi.example,*@* {KEY}")), Some((18, 3)));
        assert_eq!(doubtful(&format!("li@yunxi.example,li-wei {KEY}")), Some((18, 6)));
        assert_eq!(doubtful(&format!("li@yunxi.example valid-before=\"20270101\" {KEY}")), Some((18, 23)));
    }

    #[test]
    fn a_key_on_two_lines_is_warned_of_unless_one_ends_before_the_other_begins() {
        let (read_both, findings) = read(&format!("li@yunxi.example {KEY}\nwei@yunxi.example {KEY}\n"));
        assert_eq!(signers(&read_both).len(), 2);
        assert_eq!((findings.len(), findings[0].code), (1, DOUBTFUL_SIGNER));
        assert_eq!(findings[0].related[0].0.line, 1);
        let text = format!(
            "li@yunxi.example valid-before=\"20260101Z\" {KEY}\nli@yunxi.example valid-after=\"20270101Z\" {KEY}\n"
        );
        assert_eq!(read(&text).1, []);
    }

    proptest! {
        #[test]
        fn any_text_gives_findings_and_no_panic(
            text in "(li@a\\.example|\\*|!|,|\"|namespaces=\"git\"|valid-before=|\"2027\\d{4}Z?\"|cert-authority|ssh-ed25519|ssh-rsa|AAAAC3NzaC1lZDI1NTE5AAAAIFF6|[ \t\n#=\\\\，]|-----BEGIN |-----END |\\PC){0,40}"
        ) {
            if let Ok(source) = Source::decode(ALLOWED_SIGNERS, text.as_bytes()) {
                let mut findings = Vec::new();
                let signers = Signers::read(&source, &mut findings);
                for finding in findings {
                    let place = finding.place.unwrap();
                    prop_assert!(place.line > 0 && place.column > 0);
                }
                let _ = signers.judge(text.as_bytes(), b"x", 0, &text);
            }
        }
    }
}
