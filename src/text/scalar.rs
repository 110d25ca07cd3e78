//! Values as YAML: written so that whoever reads the file gets back the text that was given, and so that people can read
//! it as well.

use std::fmt::Write;

/// A text as the value of a key: plain where that means the same, on lines of its own where it has several, else in
/// quotation marks. `indent` is the number of spaces before the key.
#[must_use]
pub fn scalar(text: &str, indent: usize) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    if !text.contains(['\n', '\t']) && !text.contains(char::is_control) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    if let Some(block) = block(text, indent) {
        return block;
    }
    quoted(text)
}

/// A text as an element of a list, or a value of a map, on one line.
#[must_use]
pub fn flow_scalar(text: &str) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' ');
    if is_plain(text) && text.chars().all(fits) { text.to_owned() } else { quoted(text) }
}

/// Whether a text without any signs around it is read as itself.
fn is_plain(text: &str) -> bool {
    let word = |c: char| !c.is_control() && !matches!(c, ':' | '#' | '"' | '\'' | '\u{FEFF}' | '\u{2028}' | '\u{2029}');
    let ends = |c: char| c.is_alphanumeric() || matches!(c, '。' | '）' | ')' | '%' | '.' | '」' | '》');
    text.starts_with(char::is_alphanumeric)
        && text.ends_with(ends)
        && text.chars().all(word)
        && !text.contains("  ")
        && !matches!(text, "null" | "Null" | "NULL")
}

/// Several lines below the key, as they are; none where blanks at an edge would be lost.
fn block(text: &str, indent: usize) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let plain = |line: &&str| {
        !line.starts_with([' ', '\t']) && !line.ends_with([' ', '\t']) && !line.contains(|c: char| c.is_control())
    };
    let edges = lines.first().is_some_and(|line| !line.is_empty()) && lines.last().is_some_and(|line| !line.is_empty());
    if !edges || !lines.iter().all(plain) {
        return None;
    }
    let mut out = String::from("|-");
    for line in lines {
        out.push('\n');
        if !line.is_empty() {
            let _ = write!(out, "{}{line}", " ".repeat(indent + 2));
        }
    }
    Some(out)
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}') => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Source, yaml};
    use proptest::prelude::*;

    fn read(text: &str) -> Option<yaml::Node> {
        let source = Source::decode("a.yaml", text.as_bytes()).ok()?;
        yaml::parse(&source, 0..source.text().len()).ok()
    }

    #[test]
    fn what_people_write_stands_as_they_write_it() {
        for plain in ["2024-017", "1280000 CNY", "云溪电信（甲方）", "99.95%", "0571"] {
            assert_eq!(scalar(plain, 0), plain);
        }
        assert_eq!(scalar("null", 0), "'null'");
        assert_eq!(scalar("a: b", 0), "'a: b'");
        assert_eq!(scalar("one\n\ntwo", 0), "|-\n  one\n\n  two");
        assert_eq!(flow_scalar("a, b"), "\"a, b\"");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again(text in "([a-c 中，:#\"'\\[\\]{}&*!|>%@`,\\-=?.0\\\\\n\t]|null|~){0,12}") {
            prop_assume!(!text.is_empty());
            for yaml in [
                format!("a: {}\nb: x\n", scalar(&text, 0)),
                format!("a: {}\nb: x\n", flow_scalar(&text)),
            ] {
                let node = read(&yaml);
                let value = node.as_ref().and_then(|node| node.get("a")).and_then(|entry| entry.value.text());
                prop_assert_eq!(value, Some(text.as_str()), "{}", yaml);
            }
            let nested = format!("a:\n  b: {}\nc: [{}, x]\n", scalar(&text, 2), flow_scalar(&text));
            let node = read(&nested);
            let inner = node.as_ref().and_then(|node| node.get("a")?.value.get("b")?.value.text());
            prop_assert_eq!(inner, Some(text.as_str()), "{}", nested);
            let listed = node.as_ref().and_then(|node| node.get("c")?.value.elements()?.first()?.text());
            prop_assert_eq!(listed, Some(text.as_str()), "{}", nested);
        }
    }
}
