//! A word added to a list in a YAML file that people keep by hand: every other byte stays as it was, comments, order and
//! the way in which it is written.

use super::yaml::{Content, Node, parse};
use super::{Source, flow_scalar, scalar};

/// The text with `word` at the end of the list to which `keys` lead; the last key may be missing, and what stands there
/// may be nothing or one word. None where that place cannot be added to with certainty: then a person should look.
#[must_use]
pub fn with_word(source: &Source, keys: &[&str], word: &str) -> Option<String> {
    let text = source.text();
    let root = parse(source, 0..text.len()).ok()?;
    let (last, above) = keys.split_last()?;
    let parent = at(&root, above)?;
    let changed = match parent.get(last) {
        Some(entry) => match &entry.value.content {
            Content::List(words) => longer(text, &entry.value, words, word)?,
            Content::Scalar { .. } => {
                let one = text.get(entry.value.range.clone())?;
                replaced(text, entry.value.range.clone(), &format!("[{one}, {}]", flow_scalar(word)))?
            }
            Content::Null => {
                let colon = entry.key_range.end + text.get(entry.key_range.end..)?.find(':')? + 1;
                replaced(text, colon..colon, &format!(" [{}]", flow_scalar(word)))?
            }
            Content::Map(_) => return None,
        },
        None => with_key(text, parent, last, word)?,
    };
    // Whatever way of writing was not thought of is found here, before anything is written.
    let after = Source::decode(source.file(), changed.as_bytes()).ok()?;
    let after = parse(&after, 0..after.text().len()).ok()?;
    differs_by(&root, &after, keys, word).then_some(changed)
}

fn at<'n>(root: &'n Node, keys: &[&str]) -> Option<&'n Node> {
    keys.iter().try_fold(root, |node, key| node.get(key).map(|entry| &entry.value))
}

fn replaced(text: &str, range: std::ops::Range<usize>, by: &str) -> Option<String> {
    Some(format!("{}{by}{}", text.get(..range.start)?, text.get(range.end..)?))
}

/// A list of one more word, in brackets or with hyphens as it is.
fn longer(text: &str, list: &Node, words: &[Node], word: &str) -> Option<String> {
    let in_brackets = text.get(list.range.start..)?.starts_with('[');
    match words.last() {
        None if in_brackets => {
            let inside = list.range.start + 1;
            replaced(text, inside..inside, &flow_scalar(word))
        }
        None => None,
        Some(last) if in_brackets => {
            let end = last.range.end;
            replaced(text, end..end, &format!(", {}", flow_scalar(word)))
        }
        Some(last) => {
            let line = text.get(..last.range.start)?.rfind('\n').map_or(0, |at| at + 1);
            let before = text.get(line..last.range.start)?;
            let end = last.range.end + text.get(last.range.end..)?.find('\n').unwrap_or(text.len() - last.range.end);
            replaced(text, end..end, &format!("\n{before}{}", scalar(word, 0)))
        }
    }
}

/// The key with a list of one word: after the last entry of a map in braces, else on a line before the first.
fn with_key(text: &str, map: &Node, key: &str, word: &str) -> Option<String> {
    let entries = map.entries()?;
    let list = format!("{key}: [{}]", flow_scalar(word));
    match (text.get(map.range.start..)?.starts_with('{'), entries.first(), entries.last()) {
        (true, _, Some(last)) => replaced(text, last.value.range.end..last.value.range.end, &format!(", {list}")),
        (true, _, None) => replaced(text, map.range.start + 1..map.range.start + 1, &list),
        (false, Some(first), _) => {
            let line = text.get(..first.key_range.start)?.rfind('\n').map_or(0, |at| at + 1);
            let indent = text.get(line..first.key_range.start)?;
            replaced(text, line..line, &format!("{indent}{list}\n"))
        }
        (false, None, _) => None,
    }
}

/// Whether nothing differs but that the list under `keys` has this word behind those that it had.
fn differs_by(before: &Node, after: &Node, keys: &[&str], word: &str) -> bool {
    let Some((key, below)) = keys.split_first() else {
        let mut wanted = words_of(Some(before));
        wanted.push(word);
        return after.elements().is_some() && words_of(Some(after)) == wanted;
    };
    let (Some(old), Some(new)) = (before.entries(), after.entries()) else { return false };
    let nothing = Node { range: 0..0, content: Content::Null };
    new.iter().all(|entry| match (before.get(&entry.key), entry.key == *key) {
        (Some(was), true) => differs_by(&was.value, &entry.value, below, word),
        (None, true) => below.is_empty() && differs_by(&nothing, &entry.value, below, word),
        (Some(was), false) => same(&was.value, &entry.value),
        (None, false) => false,
    }) && after.get(key).is_some()
        && old.iter().all(|entry| after.get(&entry.key).is_some())
}

fn words_of(node: Option<&Node>) -> Vec<&str> {
    match node.map(|node| (&node.content, node.text())) {
        Some((Content::List(words), _)) => words.iter().map(|word| word.text().unwrap_or_default()).collect(),
        Some((_, Some(word))) => vec![word],
        _ => Vec::new(),
    }
}

/// Whether two nodes hold the same, wherever it stands.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.content, &other.content) {
        (Content::List(one), Content::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Content::Map(one), Content::Map(other)) => {
            let alike = |(one, other): (&super::yaml::Entry, &super::yaml::Entry)| {
                one.key == other.key && same(&one.value, &other.value)
            };
            one.len() == other.len() && one.iter().zip(other).all(alike)
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEYS: [&str; 3] = ["audiences", "finance", "readers"];

    fn added(text: &str) -> Option<String> {
        with_word(&Source::decode("strongroom.yaml", text.as_bytes()).unwrap(), &KEYS, "lin-hua")
    }

    #[test]
    fn each_way_of_writing_a_list_is_kept_with_its_comments() {
        let cases = [
            (
                "# Who\naudiences:\n  finance:    {title: 财务, readers: []}   # money\n  legal: {readers: [a]}\n",
                "# Who\naudiences:\n  finance:    {title: 财务, readers: [lin-hua]}   # money\n  legal: {readers: [a]}\n",
            ),
            (
                "audiences:\n  finance: {readers: [li-wei, 'chen-fang' ], title: x}\n",
                "audiences:\n  finance: {readers: [li-wei, 'chen-fang', lin-hua ], title: x}\n",
            ),
            (
                "audiences:\n  finance:\n    readers:\n      - li-wei   # head\n      # left: a\n    title: x\nlanguage: zh\n",
                "audiences:\n  finance:\n    readers:\n      - li-wei   # head\n      - lin-hua\n      # left: a\n    title: x\nlanguage: zh\n",
            ),
            (
                "audiences:\n  finance:\n    readers: [\n      li-wei,   # head\n    ]\n",
                "audiences:\n  finance:\n    readers: [\n      li-wei, lin-hua,   # head\n    ]\n",
            ),
            ("audiences:\n  finance: {readers: li-wei}\n", "audiences:\n  finance: {readers: [li-wei, lin-hua]}\n"),
            (
                "audiences:\n  finance:\n    readers:   # none\n",
                "audiences:\n  finance:\n    readers: [lin-hua]   # none\n",
            ),
            ("audiences: {finance: {title: x}}\n", "audiences: {finance: {title: x, readers: [lin-hua]}}\n"),
            ("audiences: {finance: {}}\n", "audiences: {finance: {readers: [lin-hua]}}\n"),
            (
                "audiences:\n  finance:\n    # money\n    title: x\n",
                "audiences:\n  finance:\n    # money\n    readers: [lin-hua]\n    title: x\n",
            ),
        ];
        for (before, after) in cases {
            assert_eq!(added(before).as_deref(), Some(after));
        }
        assert_eq!(
            added("audiences:\n  finance:\n    readers:\n    - li-wei").unwrap(),
            "audiences:\n  finance:\n    readers:\n    - li-wei\n    - lin-hua"
        );
    }

    #[test]
    fn what_cannot_be_added_to_with_certainty_is_left_to_a_person() {
        for text in [
            "audiences: {}\n",
            "audiences:\n  finance:\n",
            "audiences: {finance: {readers: {a: b}}}\n",
            "audiences:\n  finance: {readers: [li-wei\n",
            "audiences:\n  finance:\n    readers: [li-wei]\n    readers: []\n",
        ] {
            assert_eq!(added(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_the_word_is_ever_added(
            words in prop::collection::vec("[a-z]{1,6}|'[a-z #:]{1,6}'|\"[a-z,]{1,4}\"", 0..4),
            style in 0_usize..3,
            comment in "( {1,3}# [a-z\\[\\]{}:,]{0,12})?",
        ) {
            let list = match style {
                0 => format!(" [{}]{comment}", words.join(", ")),
                1 => format!(" [{}]{comment}", words.join(",")),
                _ => words.iter().map(|word| format!("\n    - {word}{comment}")).collect(),
            };
            let text = format!("a: 1\naudiences:\n  finance:\n    title: x\n    readers:{list}\n  legal: {{readers: [b]}}\n");
            let changed = added(&text);
            prop_assert!(changed.is_some(), "{text}");
            let changed = changed.unwrap_or_default();
            let without = changed.replacen("lin-hua", "", 1);
            let plain = |text: &str| text.replace([' ', ',', '\n', '-', '[', ']'], "");
            prop_assert_eq!(plain(&without), plain(&text));
        }
    }
}
