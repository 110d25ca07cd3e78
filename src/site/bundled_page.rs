//! A page as it stands in a bundle: sealed files lie beside it in the clear, so that links lead to them.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Rewrites links and images of sealed files. `names` gives the file's own name by its address in the site.
#[must_use]
pub fn bundled<'h>(html: &'h str, root: &str, names: &BTreeMap<String, String>) -> Cow<'h, str> {
    const MARK: &str = " data-sealed-file=\"";
    if !html.contains(MARK) {
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
    fn links_and_images_lead_to_the_file_in_the_bundle() {
        let names = BTreeMap::from([("files/kk".to_owned(), "a b.pdf".to_owned())]);
        let html = "<a href=\"../files/kk.age\" data-sealed-file=\"files/kk\" data-name=\"a b.pdf\">x</a><img data-sealed-file=\"files/kk\" alt=\"\"><a data-sealed-file=\"files/zz\">y</a>";
        let made = bundled(html, "../", &names);
        assert!(made.contains("href=\"../files/kk/a%20b.pdf\""), "{made}");
        assert!(made.contains("<img src=\"../files/kk/a%20b.pdf\""), "{made}");
        assert!(made.contains("data-sealed-file=\"files/zz\""), "{made}");
    }
}
