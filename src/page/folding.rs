//! Words of the interface put into templates when a theme is loaded, rather than each time a page is made of them.

use super::words::Words;

/// A template with its words in it: `{{ word(key="…") }}`, and `{{ plain_word(key="…", language="…") }}` in a named
/// language. Any other way to ask for a word is left to be answered when a page is made.
#[must_use]
pub fn with_words(template: &str, words: &Words) -> String {
    let mut out = String::with_capacity(2 * template.len());
    let mut rest = template;
    // In a raw block a tag is text.
    while let Some((before, from)) = rest.find("{{ ").filter(|_| !template.contains("raw")).map(|at| rest.split_at(at))
    {
        out.push_str(before);
        rest = match word(from, words).filter(|(said, _)| is_no_tag(said)) {
            Some((said, after)) => {
                out.push_str(&said);
                after
            }
            None => {
                let (sign, after) = from.split_at("{{ ".len());
                out.push_str(sign);
                after
            }
        };
    }
    out.push_str(rest);
    out
}

/// The word that the tag at the start of a text asks for, and the text after the tag.
fn word<'t>(text: &'t str, words: &Words) -> Option<(String, &'t str)> {
    if let Some(rest) = text.strip_prefix("{{ word(key=\"") {
        let (key, after) = rest.split_once("\") }}")?;
        return is_key(key).then(|| (words.html(key).into_string(), after));
    }
    let (key, rest) = text.strip_prefix("{{ plain_word(key=\"")?.split_once("\", language=\"")?;
    let (language, after) = rest.split_once("\") }}")?;
    let said = words.plain(key, language);
    // What would have to be escaped is left to the template.
    let plain = is_key(key) && is_key(language) && !said.contains(['&', '<', '>', '"', '\'', '/', '`', '=']);
    plain.then(|| (said.to_owned(), after))
}

fn is_key(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// Whether a text is one to a template as well.
fn is_no_tag(text: &str) -> bool {
    !["{{", "{%", "{#"].iter().any(|sign| text.contains(sign)) && !text.ends_with('{')
}

#[cfg(test)]
mod tests {
    use super::super::{Context, Html, Theme};
    use super::*;
    use crate::text::Source;

    #[test]
    fn words_stand_in_the_template_and_all_else_stays() {
        let mut words = Words::default();
        let source = |text: &str| Source::decode("words", text.as_bytes()).unwrap();
        words.add("zh", &source("a.b: 甲\nodd: \"{{ x }}\"\nsign: 是 & 否"), &mut Vec::new());
        words.add("en", &source("a.b: One\nodd: \"{{ x }}\"\nsign: yes & no"), &mut Vec::new());
        let made = with_words("{{ x }}<p>{{ word(key=\"a.b\") }}</p>{{ word(key=\"odd\") }}{{ y", &words);
        let both = words.html("a.b").into_string();
        assert_eq!(made, format!("{{{{ x }}}}<p>{both}</p>{{{{ word(key=\"odd\") }}}}{{{{ y"));
        let plain = |key: &str, language: &str| format!("{{{{ plain_word(key=\"{key}\", language={language}) }}}}");
        assert_eq!(with_words(&plain("a.b", "\"en\""), &words), "One");
        for left in [plain("a.b", "language"), plain("sign", "\"en\""), "{% raw %}{{ word(key=\"a.b\") }}".to_owned()] {
            assert_eq!(with_words(&left, &words), left);
        }
    }

    #[test]
    fn regions_put_into_a_built_in_template_are_as_if_rendered_in_it() {
        let text = include_str!("../../themes/templates/404.html").as_bytes().to_vec();
        // The same template as the archive's own: it is rendered with the regions in it.
        let own = Theme::load(&[("templates/404.html".to_owned(), text)], &mut Vec::new()).unwrap();
        let built_in = Theme::load(&[], &mut Vec::new()).unwrap();
        let built =
            ["date", "commit_short", "branch", "outside_git", "shallow", "worktree", "beside"].map(|name| (name, ""));
        let render = |theme: &Theme, template: &str, regions: &[(&'static str, &str)]| {
            let context =
                ["root", "page", "language", "salt", "idle", "csp", "title", "version", "envelopes", "levels"]
                    .into_iter()
                    .fold(Context::new(), |context, name| context.text(name, name))
                    .html("site_title", &Html::text("档案"))
                    .value("nav", &[""; 0])
                    .value("notes", &[""; 0])
                    .value("built", &std::collections::BTreeMap::from(built))
                    .flag("sealed_page", false)
                    .flag("bundle", false);
            theme.render_around(template, context, regions).map(Html::into_string)
        };
        let long = "<p id=\"x\">一 &amp; 二</p>".repeat(9);
        for (template, names) in [
            ("dossier.html", ["heading", "marking", "fields", "toc", "groups"].as_slice()),
            ("register.html", &["heading", "description", "table", "records"]),
            ("home.html", &["dossiers", "registers"]),
        ] {
            for filled in 0..=names.len() {
                let regions: Vec<_> = names
                    .iter()
                    .enumerate()
                    .map(|(n, name)| (*name, if n < filled { long.as_str() } else { "" }))
                    .collect();
                let made = render(&built_in, template, &regions).unwrap();
                assert_eq!(made, render(&own, template, &regions).unwrap(), "{template}");
                assert_eq!(made.contains(&long), filled > 0, "{template}");
            }
        }
    }
}
