//! A page as it stands in a bundle: sealed files lie beside it in the clear, so that links lead to them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Rewrites links and images of sealed files. `names` gives the file's own name by its address in the site.
#[must_use]
pub fn bundled<'h>(html: &'h str, root: &str, names: &BTreeMap<String, String>) -> Cow<'h, str> {
    const MARK: &str = " data-sealed-file=\"";
    if names.is_empty() || !html.contains(MARK) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(MARK) {
        let (before, after) = rest.split_at(at);
        let after = after.get(MARK.len()..).unwrap_or_default();
        let (address, tail) = after.split_once('"').unwrap_or((after, ""));
        let Some(name) = names.get(address) else {
            out.push_str(before);
            out.push_str(MARK);
            out.push_str(address);
            out.push('"');
            rest = tail;
            continue;
        };
        let tag = before.rfind('<').map_or("", |start| before.get(start..).unwrap_or_default());
        let to = escaped(&format!("{root}{}", bundled_address(address, name)));
        if tag.starts_with("<img") {
            out.push_str(before);
            out.push_str(" src=\"");
            out.push_str(&to);
            out.push('"');
        } else {
            out.push_str(&before.replace(&format!("{root}{address}.age"), &to));
        }
        rest = tail;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Where a sealed file lies in a bundle.
#[must_use]
pub fn bundled_address(address: &str, name: &str) -> String {
    format!("{address}/{name}")
}

/// The addresses inside the site to which a page leads, as they are written in a zip: without the way to the root,
/// fragment and percent-encoding.
pub fn linked(html: &str, root: &str, found: &mut BTreeSet<String>) {
    for (at, _) in html.match_indices('=') {
        let (before, after) = html.split_at(at);
        if !before.ends_with(" href") && !before.ends_with(" src") {
            continue;
        }
        let Some(path) = after.strip_prefix("=\"").and_then(|value| value.strip_prefix(root)) else { continue };
        let path = path.split(['"', '#', '?']).next().unwrap_or_default();
        // What has a scheme leads out of the site; what begins with dots leads past its root.
        if path.is_empty() || path.contains(':') || path.starts_with(['.', '/']) {
            continue;
        }
        if path.contains(['%', '&']) {
            found.insert(decoded(&path.replace("&amp;", "&").replace("&#39;", "'")));
        } else if !found.contains(path) {
            found.insert(path.to_owned());
        }
    }
}

/// A path without percent-encoding; what is no encoding stays as it is.
fn decoded(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        match piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(piece.bytes().skip(2));
            }
            None => {
                bytes.push(b'%');
                bytes.extend(piece.bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn escaped(path: &str) -> String {
    path.replace('%', "%25")
        .replace('&', "&amp;")
        .replace('"', "%22")
        .replace('#', "%23")
        .replace('?', "%3F")
        .replace(' ', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_leads_to_pages_and_files_of_the_site() {
        let html = "<a href=\"../a/index.html#x\">1</a><img src=\"../files/open/b%20c%25.png\"><a href=\"https://x.invalid/\">2</a>\
                    <a href=\"../../out\">3</a><a href=\"#here\">4</a><a href=\"../合同/index.html\">5</a>";
        let mut found = BTreeSet::new();
        linked(html, "../", &mut found);
        assert_eq!(Vec::from_iter(found), ["a/index.html", "files/open/b c%.png", "合同/index.html"]);
    }

    #[test]
    fn links_and_images_lead_to_the_file_in_the_bundle() {
        let names = BTreeMap::from([("files/kk".to_owned(), "a b.pdf".to_owned())]);
        let html = "<a href=\"../files/kk.age\" data-sealed-file=\"files/kk\" data-name=\"a b.pdf\">x</a><img data-sealed-file=\"files/kk\" alt=\"\"><a data-sealed-file=\"files/zz\">y</a>";
        let made = bundled(html, "../", &names);
        assert!(made.contains("href=\"../files/kk/a%20b.pdf\""), "{made}");
        assert!(made.contains("<img src=\"../files/kk/a%20b.pdf\""), "{made}");
        assert!(made.contains("data-sealed-file=\"files/zz\""), "{made}");
    }
}
