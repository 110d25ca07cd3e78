//! Where the site stands, and where the archive's forge shows a file or a commit: addresses that only the settings know.

use super::settings::BROKEN_SETTINGS;
use crate::finding::{Finding, quote};
use crate::text::Source;
use crate::text::map::{known_entries, scalar};
use crate::text::yaml::Node;
use std::fmt::Write as _;

/// The keys of `forge:`, with what an address under each must hold and what it may.
const TEMPLATES: [(&str, &[&str], &[&str]); 2] = [("edit", &["path"], &["branch"]), ("commit", &["commit"], &[])];

/// Where the forge shows things.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forge {
    /// Where a file is edited.
    pub edit: Option<Template>,
    /// Where a commit is shown.
    pub commit: Option<Template>,
}

/// An address with places in it, as `https://git.example/archive/-/edit/{branch}/{path}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(String);

impl Forge {
    /// Reads `forge:`.
    pub(super) fn read(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Self {
        let mut forge = Self::default();
        let keys = TEMPLATES.map(|(key, ..)| key);
        for entry in known_entries(source, node, "`forge`", &keys, findings) {
            let what = format!("`{}`", entry.key);
            let Some(text) = scalar(source, &entry.value, &what, findings) else { continue };
            let Some((_, needs, takes)) = TEMPLATES.iter().find(|(key, ..)| *key == entry.key) else { continue };
            match template(text.trim(), needs, takes) {
                Ok(template) if entry.key == "edit" => forge.edit = Some(template),
                Ok(template) => forge.commit = Some(template),
                Err((message, remedy)) => {
                    findings.push(source.error(BROKEN_SETTINGS, entry.value.range.clone(), message, remedy));
                }
            }
        }
        forge
    }
}

/// Reads `url:`, the address at which the site stands; it ends with a slash, whether one was written or not.
pub(super) fn read_url(source: &Source, node: &Node, findings: &mut Vec<Finding>) -> Option<String> {
    let text = scalar(source, node, "`url`", findings)?.trim();
    if is_address(text) && !text.contains(['{', '}', '?', '#']) {
        return Some(format!("{}/", text.trim_end_matches('/')));
    }
    let message = format!("{} is no address of a site", quote(text));
    let remedy = "write where the site's first page stands, as `https://archive.example/`";
    findings.push(source.error(BROKEN_SETTINGS, node.range.clone(), message, remedy));
    None
}

/// Whether a text is an http or https address with a host, no name or password before it, and nothing in it that ends
/// an address.
fn is_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control() || "\"'<>\\^`|".contains(c));
    matches!(scheme, "https" | "http") && !host.is_empty() && !host.contains(['@', '{', '}']) && plain
}

/// A template, or what is wrong with it and what to write.
fn template(text: &str, needs: &[&str], takes: &[&str]) -> Result<Template, (String, String)> {
    let in_braces = |names: &[&str]| names.iter().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(" and ");
    let all: Vec<&str> = needs.iter().chain(takes).copied().collect();
    let remedy = || format!("write an https address with {} in it", in_braces(&all));
    if !is_address(text) {
        return Err((format!("{} is no address that a page can lead to", quote(text)), remedy()));
    }
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let place = rest.get(at..).and_then(|from| from.strip_prefix('{')).and_then(|from| from.split_once('}'));
        let Some((name, after)) = place.filter(|(name, _)| all.contains(name)) else {
            return Err((format!("{} has a place in it that nothing fills", quote(text)), remedy()));
        };
        found.push(name);
        rest = after;
    }
    match needs.iter().find(|need| !found.contains(need)) {
        Some(need) => Err((format!("{} says nowhere where `{{{need}}}` goes", quote(text)), remedy())),
        None => Ok(Template(text.to_owned())),
    }
}

impl Template {
    /// The address with its places filled, each percent-encoded but for its slashes.
    #[must_use]
    pub fn filled(&self, places: &[(&str, &str)]) -> String {
        places
            .iter()
            .fold(self.0.clone(), |address, (name, said)| address.replace(&format!("{{{name}}}"), &encoded(said)))
    }
}

/// A text as it stands in an address: what is neither a letter, a digit, nor one of `-._~/` is percent-encoded.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to memory does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_with_what_an_address_can_hold() {
        let edit = template("https://git.example/a/-/edit/{branch}/{path}", &["path"], &["branch"]).unwrap();
        let address = edit.filled(&[("branch", "main"), ("path", "customers/云溪/a b.md")]);
        assert_eq!(address, "https://git.example/a/-/edit/main/customers/%E4%BA%91%E6%BA%AA/a%20b.md");
    }

    #[test]
    fn what_a_place_is_filled_with_is_not_taken_for_another_place() {
        let edit = template("https://git.example/{branch}/{path}", &["path"], &["branch"]).unwrap();
        assert_eq!(edit.filled(&[("branch", "{path}"), ("path", "x")]), "https://git.example/%7Bpath%7D/x");
    }

    #[test]
    fn no_template_leads_elsewhere_than_its_writer_said() {
        for text in [
            "javascript:alert(1)//{path}",
            "https://{path}",
            "https:///{path}",
            "https://a:b@git.example/{path}",
            "https://git.example/{path} x",
            "https://git.example/{path}\"",
            "https://git.example/{file}",
            "https://git.example/{path",
            "https://git.example/",
        ] {
            assert!(template(text, &["path"], &["branch"]).is_err(), "{text}");
        }
    }
}
