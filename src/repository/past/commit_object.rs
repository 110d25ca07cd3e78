//! The raw bytes of git's commit objects.
//!
//! They are parsed here and not by libgit2 for two reasons: the bytes that were signed must come out to the letter, and
//! a commit that no git program would write must still be read as far as it goes.

use super::{CommitSignature, PastCommit, Signatory};
use crate::repository::commit::Moment;
use crate::repository::id::ContentId;

/// A commit object taken apart. Text that is not UTF-8 has had those bytes replaced, whatever its `encoding` header
/// says: names and messages in other encodings stay legible as far as they are ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CommitObject {
    /// The commit, of which nothing is known yet that it changed.
    pub(super) commit: PastCommit,
    /// The tree of its files.
    pub(super) tree: ContentId,
}

/// When nothing that could be a date was written: no calendar holds it, so nobody takes it for one.
const NO_MOMENT: Moment = Moment { seconds: i64::MIN, offset_minutes: 0 };

impl CommitObject {
    /// Reads the commit of this id; `None` where the bytes do not begin as one, with a tree and parents.
    pub(super) fn parse(id: ContentId, bytes: &[u8]) -> Option<Self> {
        let (tree, mut rest) = id_line(bytes, b"tree ")?;
        let mut parents = Vec::new();
        while let Some((parent, after)) = id_line(rest, b"parent ") {
            // Named twice, a parent is still one.
            if !parents.contains(&parent) {
                parents.push(parent);
            }
            rest = after;
        }
        let mut author = (Signatory::default(), NO_MOMENT);
        let mut committer = (Signatory::default(), NO_MOMENT);
        let mut message = String::new();
        let mut armored: Option<Vec<u8>> = None;
        let mut in_signature = false;
        while !rest.is_empty() {
            let (line, after) = split_line(rest);
            rest = after;
            if line.is_empty() {
                message = text(rest);
                break;
            }
            if let Some(more) = line.strip_prefix(b" ") {
                if let (true, Some(armored)) = (in_signature, &mut armored) {
                    armored.push(b'\n');
                    armored.extend_from_slice(more);
                }
                continue;
            }
            in_signature = false;
            if let Some(value) = line.strip_prefix(b"author ") {
                author = person(value);
            } else if let Some(value) = line.strip_prefix(b"committer ") {
                committer = person(value);
            } else if let (Some(value), None) = (line.strip_prefix(b"gpgsig "), &armored) {
                armored = Some(value.to_vec());
                in_signature = true;
            }
        }
        let signature = armored.map(|armored| CommitSignature { armored, signed: unsigned(bytes) });
        let ((author, authored), (committer, committed), changes) = (author, committer, Vec::new());
        let commit = PastCommit { id, parents, author, authored, committer, committed, message, signature, changes };
        Some(Self { commit, tree })
    }
}

/// The commit without its signatures, which is what was signed. As git does, leaves out every header that begins with
/// `gpgsig`: one of them signs the same commit under its SHA-256 name.
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let mut signed = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut leaving_out = false;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        if line.is_empty() {
            signed.extend_from_slice(rest);
            break;
        }
        leaving_out = if line.starts_with(b" ") { leaving_out } else { line.starts_with(b"gpgsig") };
        if !leaving_out {
            signed.extend_from_slice(rest.get(..rest.len() - after.len()).unwrap_or_default());
        }
        rest = after;
    }
    signed
}

/// The first line without its end, and what follows.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (bytes.get(..end).unwrap_or_default(), bytes.get(end + 1..).unwrap_or_default()),
        None => (bytes, &[]),
    }
}

fn id_line<'a>(bytes: &'a [u8], label: &[u8]) -> Option<(ContentId, &'a [u8])> {
    let (line, rest) = split_line(bytes.strip_prefix(label)?);
    let id = ContentId::parse(std::str::from_utf8(line).ok()?)?;
    Some((id, rest))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `NAME <EMAIL> SECONDS ZONE`, of which anything may be missing.
fn person(line: &[u8]) -> (Signatory, Moment) {
    let open = line.iter().position(|byte| *byte == b'<').unwrap_or(line.len());
    let (name, rest) = line.split_at(open);
    let rest = rest.get(1..).unwrap_or_default();
    let close = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
    let email = rest.get(..close).unwrap_or_default();
    // A bracket too many belongs to the address; the date stands after the last one.
    let last = rest.iter().rposition(|byte| *byte == b'>');
    let date = last.and_then(|last| rest.get(last + 1..)).unwrap_or_default();
    let signatory = Signatory { name: text(name.trim_ascii()), email: text(email.trim_ascii()) };
    (signatory, moment(date))
}

fn moment(date: &[u8]) -> Moment {
    let date = String::from_utf8_lossy(date);
    let mut parts = date.split_ascii_whitespace();
    let Some(seconds) = parts.next().and_then(seconds) else { return NO_MOMENT };
    Moment { seconds, offset_minutes: parts.next().and_then(zone).unwrap_or(0) }
}

/// Seconds; a number beyond all numbers is as far away as can be, which no calendar holds either.
fn seconds(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i64>().unwrap_or(i64::MAX);
    Some(if negative { -size } else { size })
}

/// `+0800` as minutes.
fn zone(text: &str) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    if digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    Some(sign * (number / 100 * 60 + number % 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
    const PARENT: &str = "parent e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\n";
    const PEOPLE: &str = "author 李薇 <li.wei@example.cn> 1710720000 +0800\n\
                          committer 王伟 <wang.wei@example.cn> 1710723600 -0330\n";

    fn parsed(bytes: &[u8]) -> Option<CommitObject> {
        CommitObject::parse(ContentId::of(b"").unwrap(), bytes)
    }

    fn parse(text: &str) -> PastCommit {
        parsed(text.as_bytes()).unwrap().commit
    }

    #[test]
    fn a_commit_is_taken_apart() {
        let commit = parse(&format!("{TREE}{PARENT}{PEOPLE}\n续签合同\n\nWhy.\n"));
        assert_eq!(parsed(TREE.as_bytes()).unwrap().tree.to_string(), TREE[5..45]);
        assert_eq!(commit.parents.len(), 1);
        assert_eq!((commit.author.name.as_str(), commit.author.email.as_str()), ("李薇", "li.wei@example.cn"));
        assert_eq!(commit.authored, Moment { seconds: 1_710_720_000, offset_minutes: 480 });
        assert_eq!(commit.committer.name, "王伟");
        assert_eq!(commit.committed, Moment { seconds: 1_710_723_600, offset_minutes: -210 });
        assert_eq!(commit.message, "续签合同\n\nWhy.\n");
        assert_eq!(commit.signature, None);
    }

    #[test]
    fn a_signature_comes_out_with_the_bytes_that_were_signed() {
        let signature = "gpgsig -----BEGIN SSH SIGNATURE-----\n U1NI\n \n U0lH\n -----END SSH SIGNATURE-----\n";
        let other = "gpgsig-sha256 -----BEGIN SSH SIGNATURE-----\n U1NI\n -----END SSH SIGNATURE-----\n";
        let tag = "mergetag object e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\n type commit\n gpgsig in a tag\n";
        let message = "\nmessage\ngpgsig is no header here\n continued\n";
        let commit = parse(&format!("{TREE}{PEOPLE}{signature}{tag}{other}encoding x\n{message}"));
        let found = commit.signature.unwrap();
        let expected = "-----BEGIN SSH SIGNATURE-----\nU1NI\n\nU0lH\n-----END SSH SIGNATURE-----";
        assert_eq!(String::from_utf8(found.armored).unwrap(), expected);
        assert_eq!(String::from_utf8(found.signed).unwrap(), format!("{TREE}{PEOPLE}{tag}encoding x\n{message}"));
        assert_eq!(commit.message, message[1..]);
    }

    #[test]
    fn text_that_is_not_utf8_is_replaced() {
        let mut bytes = format!("{TREE}author M\u{fc}ller <m@example.de> 1 +0100\n").into_bytes();
        let at = bytes.windows(2).position(|pair| pair == [0xc3, 0xbc]).unwrap();
        bytes.splice(at..at + 2, [0xfc]);
        bytes.extend(b"encoding ISO-8859-1\n\nGr\xfc\xdfe\n");
        let commit = parsed(&bytes).unwrap().commit;
        assert_eq!(commit.author.name, "M\u{fffd}ller");
        assert_eq!(commit.message, "Gr\u{fffd}\u{fffd}e\n");
    }

    #[test]
    fn people_and_dates_are_read_as_far_as_they_go() {
        let of = |line: &str| person(line.as_bytes());
        let named = |name: &str, email: &str| Signatory { name: name.into(), email: email.into() };
        assert_eq!(of("A <a@b> 5 +0000"), (named("A", "a@b"), Moment { seconds: 5, offset_minutes: 0 }));
        assert_eq!(of("A <a@b>> 5 +0000").1.seconds, 5);
        assert_eq!(of("A"), (named("A", ""), NO_MOMENT));
        assert_eq!(of(" <> "), (named("", ""), NO_MOMENT));
        assert_eq!(of("A <a@b> -5 +0000").1.seconds, -5);
        assert_eq!(of("A <a@b> 99999999999999999999 +0000").1.seconds, i64::MAX);
        assert_eq!(of("A <a@b> 99999999999999999999 +0000").1.zoned(), None);
        assert_eq!(of("A <a@b> soon").1.zoned(), None);
        assert_eq!(of("A <a@b> 5 +99999").1.offset_minutes, 0);
        assert_eq!(of("A <a@b> 5 +9999").1.zoned(), None);
    }

    #[test]
    fn a_commit_cut_anywhere_is_read_or_refused() {
        let whole = format!("{TREE}{PARENT}{PEOPLE}gpgsig x\n y\n\nmessage\n").into_bytes();
        for length in 0..whole.len() {
            let commit = parsed(&whole[..length]);
            assert_eq!(commit.is_some(), length >= TREE.len() - 1, "cut at {length}");
        }
        assert_eq!(parsed(&[&whole[..20], b"x\n"].concat()), None);
    }
}
