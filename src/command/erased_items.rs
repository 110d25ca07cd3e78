//! Items taken out of versions of list files, so that nothing of them is left but the key by which they were known.

use crate::archive::Types;
use crate::history::list_of;
use crate::text::Source;
use crate::text::yaml;
use std::collections::BTreeSet;

/// A version of a list file without what items of these keys said. The same bytes where it has none of them; none where
/// the file cannot be taken apart so that everything else stays.
pub(super) fn without_items(bytes: &[u8], inside: &str, keys: &BTreeSet<String>, types: &Types) -> Option<Vec<u8>> {
    if list_of(bytes, inside, types).is_some_and(|list| !keys.iter().any(|key| list.items.contains_key(key))) {
        return Some(bytes.to_vec());
    }
    let source = Source::decode(inside, bytes).ok()?;
    let root = yaml::parse(&source, 0..source.text().len()).ok()?;
    let record_type = types.of_record(&source, inside, root.get("type")).ok()?;
    let key = record_type.key.as_deref()?;
    let mut text = source.text().to_owned();
    let mut found: Vec<_> = root.get("records")?.value.elements()?.iter().collect();
    // From the end on, so that the places of those before stay.
    found.reverse();
    for item in found {
        let Some(name) = item.get(key).and_then(|entry| entry.value.text()).map(str::trim) else { continue };
        if keys.contains(name) {
            let end = item.range.start + text.get(item.range.clone())?.trim_end().len();
            text.replace_range(item.range.start..end, &format!("{{{key}: {}}}", serde_json::Value::from(name)));
        }
    }
    let (before, after) = (list_of(bytes, inside, types)?, list_of(text.as_bytes(), inside, types)?);
    let kept = |name: &&String| keys.contains(*name) || before.items.get(*name) == after.items.get(*name);
    let bare = keys.iter().all(|key| after.items.get(key).is_none_or(BTreeSet::is_empty));
    let same = before.items.len() == after.items.len() && before.items.keys().all(|name| kept(&name));
    (same && bare).then(|| text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str) -> Option<String> {
        let types = Types::new(Vec::new(), &[], &mut Vec::new());
        let keys = BTreeSet::from(["wang".to_owned()]);
        let bytes = without_items(text.as_bytes(), "contacts/people.yaml", &keys, &types)?;
        Some(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn an_item_goes_and_everything_else_stays_to_the_letter() {
        let flow = "records:\n  # people\n  - {id: wang, name: 王敏, mail: w@x.invalid}\n  - {id: zhou, name: 周宁}\n";
        let expected = "records:\n  # people\n  - {id: \"wang\"}\n  - {id: zhou, name: 周宁}\n";
        assert_eq!(without(flow).as_deref(), Some(expected));
        let block = "type: contact\nrecords:\n  - id: wang\n    name: 王敏\n    note: |\n      一行\n      两行\n  - id: zhou\n    name: 周宁\n";
        let expected = "type: contact\nrecords:\n  - {id: \"wang\"}\n  - id: zhou\n    name: 周宁\n";
        assert_eq!(without(block).as_deref(), Some(expected));
        let last = "records:\n  - id: zhou\n    name: 周宁\n  - name: 王敏\n    id: wang\n";
        assert_eq!(without(last).as_deref(), Some("records:\n  - id: zhou\n    name: 周宁\n  - {id: \"wang\"}\n"));
        let none = "records:\n  - {id: zhou}\n";
        assert_eq!(without(none).as_deref(), Some(none));
    }

    #[test]
    fn what_cannot_be_taken_apart_is_said() {
        assert_eq!(without("records:\n  - {id: wang, name: [\n"), None);
    }
}
