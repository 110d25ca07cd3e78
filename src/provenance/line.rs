//! One line of `allowed_signers`: addresses, options where there are any, kind and key, a comment.

use super::options::{self, Options, Refusal};
use super::signature::{NAMESPACE, is_verifiable};
use super::signers::{BROKEN_SIGNER, DOUBTFUL_SIGNER, IDLE_SIGNER, Signer};
use super::signing::TEXT_NAMESPACE;
use crate::finding::{Code, nearest, quote};
use ssh_key::PublicKey;
use ssh_key::public::KeyData;
use std::ops::Range;

/// The kinds of keys that OpenSSH has.
const KINDS: [&str; 8] = [
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ecdsa-sha2-nistp256",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
    "ssh-dss",
];
const CERTIFICATE: &str = "-cert-v01@openssh.com";

/// Longer lists of patterns, in bytes, are no list of one person's addresses.
const LONGEST_ADDRESSES: usize = 1_000;

const FORM: &str =
    "write the e-mail address, then the line of the `.pub` file: `li.wei@yunxi.example ssh-ed25519 AAAA…`";

/// What is wrong with a line. Only what is broken is an error.
pub(super) struct Fault {
    pub code: Code,
    /// Bytes of the line.
    pub range: Range<usize>,
    pub message: String,
    pub remedy: String,
}

impl Fault {
    fn new(code: Code, range: Range<usize>, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { code, range, message: message.into(), remedy: remedy.into() }
    }
}

/// Reads a line that is neither empty nor a comment and has no blanks around it. Doubts go to `doubts`; a line that
/// lets nobody sign is the fault itself.
pub(super) fn read(line: &str, doubts: &mut Vec<Fault>) -> Result<(KeyData, Signer), Fault> {
    let first = word(line, 0);
    if KINDS.contains(&text(line, &first)) {
        let message = "this key stands here without the address of the person whose it is";
        return Err(Fault::new(BROKEN_SIGNER, first, message, FORM));
    }
    if line.starts_with('"') && !line.get(1..).is_some_and(|rest| rest.contains('"')) {
        let message = "a quotation mark is opened here and not closed";
        return Err(Fault::new(BROKEN_SIGNER, first, message, FORM));
    }
    let quoted = line.strip_prefix('"').and_then(|rest| rest.find('"')).map(|length| 1..1 + length);
    let addresses = quoted.clone().unwrap_or_else(|| first.clone());
    let after_addresses = word(line, quoted.map_or(first.end, |quoted| quoted.end + 1));
    let mut kind = after_addresses.clone();
    let mut given = kind.start..kind.start;
    if !is_kind(text(line, &kind)) {
        let rest = line.get(kind.start..).unwrap_or_default();
        given = kind.start..kind.start + options::length(rest);
        kind = word(line, given.end);
    }
    check_signs(line, if is_kind(text(line, &kind)) { kind.start } else { line.len() })?;

    let options = read_options(line, &given, &kind)?;
    let key = read_key(line, &kind)?;
    if options.certifies {
        let remedy = "name the person's key itself: certificates are not verified here";
        return Err(Fault::new(IDLE_SIGNER, given, "`cert-authority` lets nobody sign a commit", remedy));
    }
    if ![NAMESPACE, TEXT_NAMESPACE].iter().any(|purpose| options.signs(purpose)) {
        let remedy = "write `namespaces=\"git\"` for commits, `namespaces=\"git,strongroom\"` for all that is signed here; or \
                      remove the line if the key is for something else";
        return Err(Fault::new(IDLE_SIGNER, given, "the `namespaces` of this key lack `git`", remedy));
    }
    let Some(key) = key.filter(is_verifiable) else {
        let message = format!("signatures by `{}` are not verified here", text(line, &kind));
        let remedy = "let the person sign with an Ed25519 key of their own: `ssh-keygen -t ed25519`";
        return Err(Fault::new(IDLE_SIGNER, kind, message, remedy));
    };
    check_addresses(line, &addresses, doubts)?;
    for local in &options.local {
        let range = given.start + local.start..given.start + local.end;
        let message = "this time names no zone: it is UTC here, and to git it is the time where git runs";
        doubts.push(Fault::new(DOUBTFUL_SIGNER, range, message, "put a Z behind the digits: `\"20270331Z\"`"));
    }
    let principals = text(line, &addresses).to_owned();
    let Options { namespaces, after, before, .. } = options;
    Ok((key, Signer { principals, namespaces, after, before, range: 0..line.len() }))
}

/// The next word at or after a byte: where it begins and ends. Empty at the end of the line.
fn word(line: &str, from: usize) -> Range<usize> {
    let rest = line.get(from..).unwrap_or_default();
    let start = line.len() - rest.trim_start_matches([' ', '\t']).len();
    let rest = line.get(start..).unwrap_or_default();
    start..start + rest.find([' ', '\t']).unwrap_or(rest.len())
}

fn text<'l>(line: &'l str, range: &Range<usize>) -> &'l str {
    line.get(range.clone()).unwrap_or_default()
}

fn is_kind(word: &str) -> bool {
    KINDS.contains(&word) || word.ends_with(CERTIFICATE)
}

/// Full-width signs from an input method: what stands before the key is ASCII, or the letters of an address.
fn check_signs(line: &str, until: usize) -> Result<(), Fault> {
    let wide = |c: &char| matches!(c, '\u{3000}'..='\u{3002}' | '\u{ff01}'..='\u{ff5e}' | '“' | '”' | '‘' | '’');
    let found = line.char_indices().take_while(|(at, _)| *at < until).find(|(_, c)| wide(c));
    let Some((at, sign)) = found else { return Ok(()) };
    let message = "a full-width sign stands here, which nothing reads";
    Err(Fault::new(BROKEN_SIGNER, at..at + sign.len_utf8(), message, "write half-width signs: , \" = @ and a blank"))
}

/// The options in `given`; a fault where what stands there is neither options nor a key.
fn read_options(line: &str, given: &Range<usize>, kind: &Range<usize>) -> Result<Options, Fault> {
    if given.is_empty() && !kind.is_empty() {
        return Ok(Options::default());
    }
    if given.is_empty() {
        return Err(Fault::new(BROKEN_SIGNER, 0..line.len(), "no key stands on this line", FORM));
    }
    let refusal = match Options::read(text(line, given)) {
        Ok(options) if is_kind(text(line, kind)) => return Ok(options),
        Ok(_) => {
            let message = "no key stands behind these options";
            return Err(Fault::new(BROKEN_SIGNER, given.clone(), message, FORM));
        }
        Err(refusal) => refusal,
    };
    let (range, message, remedy) = match refusal {
        Refusal::Unknown(range) => {
            let word = text(line, &(given.start + range.start..given.start + range.end)).to_owned();
            if word.is_empty() {
                let remedy = "put a comma between two options, and no blank";
                (range.start.saturating_sub(1)..range.end, "an option is missing here".to_owned(), remedy.to_owned())
            } else if let Some(near) = nearest(&word, KINDS).filter(|_| !is_kind(text(line, kind))) {
                (range, format!("{} is no kind of key", quote(&word)), format!("did you mean `{near}`?"))
            } else if let Some(near) = nearest(&word, options::NAMES) {
                (range, format!("there is no option {}", quote(&word)), format!("did you mean `{near}`?"))
            } else {
                (range, format!("{} is neither an option nor a kind of key", quote(&word)), FORM.to_owned())
            }
        }
        Refusal::Twice(range) => (range, "this option stands twice".to_owned(), "keep one of them".to_owned()),
        Refusal::Unquoted(range) => {
            let remedy = "write the value in quotes without blanks around: `namespaces=\"git\"`";
            (range, "this option needs a value in quotes".to_owned(), remedy.to_owned())
        }
        Refusal::Time(range) => {
            let remedy = "write year, month and day of a day that exists, as `\"20270331Z\"`, or with hour, minute and \
                          second, as `\"20270331180000Z\"`";
            (range, "this is no time".to_owned(), remedy.to_owned())
        }
        Refusal::Never(range) => {
            let remedy = "let `valid-before` lie after `valid-after`";
            (range, "this key never counts".to_owned(), remedy.to_owned())
        }
    };
    Err(Fault::new(BROKEN_SIGNER, given.start + range.start..given.start + range.end, message, remedy))
}

/// The key behind its kind; none for a certificate.
fn read_key(line: &str, kind: &Range<usize>) -> Result<Option<KeyData>, Fault> {
    let name = text(line, kind);
    if name.ends_with(CERTIFICATE) {
        return Ok(None);
    }
    let key = word(line, kind.end);
    if key.is_empty() {
        return Err(Fault::new(BROKEN_SIGNER, kind.clone(), "the key itself is missing here", FORM));
    }
    match PublicKey::from_openssh(&format!("{name} {}", text(line, &key))) {
        Ok(public) => Ok(Some(public.key_data().clone())),
        Err(_) => {
            let message = format!("this is no key of the kind `{name}`: it is cut off, changed, or of another kind");
            Err(Fault::new(BROKEN_SIGNER, key, message, "copy the line of the person's `.pub` file anew"))
        }
    }
}

/// Doubts about the addresses, as far as somebody can be meant by them.
fn check_addresses(line: &str, addresses: &Range<usize>, doubts: &mut Vec<Fault>) -> Result<(), Fault> {
    if addresses.len() > LONGEST_ADDRESSES {
        let message = format!("more than {LONGEST_ADDRESSES} bytes of addresses stand here");
        return Err(Fault::new(BROKEN_SIGNER, addresses.clone(), message, "give each person a key and a line"));
    }
    let mut somebody = false;
    let mut start = addresses.start;
    for pattern in text(line, addresses).split(',') {
        let range = start..start + pattern.len();
        start = range.end + 1;
        let pattern = pattern.trim();
        if pattern.is_empty() {
            return Err(Fault::new(BROKEN_SIGNER, addresses.clone(), "an address is missing between commas", FORM));
        }
        if pattern.starts_with('!') {
            continue;
        }
        somebody = true;
        let wild = pattern.contains(['*', '?']);
        if wild && pattern.chars().all(|c| matches!(c, '*' | '?' | '@' | '.')) {
            let message = "this key counts for everybody";
            doubts.push(Fault::new(DOUBTFUL_SIGNER, range, message, "name the person's address"));
        } else if !wild && !pattern.contains('@') {
            let message = format!("{} is no e-mail address, and commits are told apart by theirs", quote(pattern));
            doubts.push(Fault::new(DOUBTFUL_SIGNER, range, message, "write what `git config user.email` says"));
        }
    }
    if somebody {
        return Ok(());
    }
    let message = "this line says only for whom the key does not count";
    Err(Fault::new(IDLE_SIGNER, addresses.clone(), message, "name the person's address as well"))
}
