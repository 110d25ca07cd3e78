//! Headings: each begins a section, and what its braces say restricts all that stands under it.

use super::section::{Attribute, Section};
use super::{DOUBTFUL_ATTRIBUTE, Reading};
use crate::finding::{nearest, quote};
use pulldown_cmark::{CowStr, Event};
use std::ops::Range;
use std::sync::Arc;

/// A record's title is a heading of level 3 on its page. Its text begins with headings of level 2, the title being the
/// level 1 of its file; they come next below the title, and so does a level 1 that was written all the same.
const HEADING_SHIFT: usize = 2;
const BELOW_TITLE: usize = 4;

/// A heading as it stood in the file, for the checks at the end.
pub(super) struct Heading {
    pub(super) range: Range<usize>,
    pub(super) setext: bool,
    pub(super) nested: bool,
    pub(super) restricted: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn heading(
        &mut self,
        level: usize,
        classes: &[CowStr<'a>],
        attrs: &[(CowStr<'a>, Option<CowStr<'a>>)],
        range: Range<usize>,
    ) {
        let line = self.text.get(range.clone()).unwrap_or_default();
        let marking = self.marking(attrs, &range);
        let attribute = self.attribute(classes, attrs, &range);
        let nested = self.depth > 1;
        self.headings.push(Heading {
            range: range.clone(),
            setext: !line.trim_start().starts_with('#'),
            nested,
            restricted: attribute.is_some(),
        });
        self.check_braces(line, &range, !attrs.is_empty() || !classes.is_empty());
        let shown = (level + HEADING_SHIFT).clamp(BELOW_TITLE, 6);
        if nested {
            // It is an error where anything is restricted; elsewhere it is a bold line of its list or quotation.
            self.keep(Event::Html(format!("<h{shown}>").into()));
            self.heading_open = Some(shown);
            return;
        }
        self.marking = marking;
        self.close_section(range.start);
        self.held.retain(|(outer, _)| *outer < level);
        if let Some(attribute) = attribute {
            self.held.push((level, Arc::new(attribute)));
        }
        let start = self.base + range.start;
        let line = self.line(start);
        self.sections.push(Section {
            level,
            range: start..start,
            line,
            restrictions: self.held.iter().map(|(_, attribute)| Arc::clone(attribute)).collect(),
            ..Section::default()
        });
        self.heading_open = Some(shown);
        self.keep(Event::Html(format!("<h{shown}>").into()));
    }

    /// The level that a heading's `marking` names, which restricts nothing: it is shown with the section.
    fn marking(&mut self, attrs: &[(CowStr<'a>, Option<CowStr<'a>>)], range: &Range<usize>) -> Option<CowStr<'a>> {
        let mut named = attrs.iter().filter(|(key, _)| key.as_ref() == "marking").map(|(_, value)| value.clone());
        let level = named.next()?.filter(|level| !level.trim().is_empty());
        if level.is_none() || named.next().is_some() {
            let remedy = "write one `{audience=NAME marking=LEVEL}`, or remove it";
            self.error(DOUBTFUL_ATTRIBUTE, range, "the heading's marking is empty, or stands twice", remedy);
        }
        level
    }

    /// Reads a heading's attributes: `audience` becomes a restriction, an identifier and a `marking` are let be, all else is a doubt.
    fn attribute(
        &mut self,
        classes: &[CowStr<'a>],
        attrs: &[(CowStr<'a>, Option<CowStr<'a>>)],
        range: &Range<usize>,
    ) -> Option<Attribute> {
        let mut found: Option<Attribute> = None;
        for class in classes {
            let message =
                format!("the heading has the class {}, which means nothing here", quote(&format!(".{class}")));
            self.error(DOUBTFUL_ATTRIBUTE, range, message, "remove it, or write `{audience=NAME}`");
        }
        for (key, value) in attrs {
            if key.as_ref() == "marking" {
                continue;
            }
            if key.as_ref() != "audience" {
                let remedy = match nearest(key, ["audience", "marking"]) {
                    Some("marking") => "write `marking`",
                    Some(_) => "write `audience`",
                    None => "only `{audience=NAME}` or `{audience=ONE,OTHER}`, without spaces, may stand there",
                };
                let message = format!("the heading has the attribute {}, which nothing knows", quote(key));
                self.error(DOUBTFUL_ATTRIBUTE, range, message, remedy);
                continue;
            }
            let names: Vec<String> = value.as_deref().unwrap_or_default().split(',').map(str::to_owned).collect();
            if found.is_some() {
                self.error(
                    DOUBTFUL_ATTRIBUTE,
                    range,
                    "the heading names its audience twice",
                    "write one `{audience=ONE,OTHER}`; to ask for both, nest a heading under the other",
                );
            } else if names.iter().any(|name| name.trim().is_empty() || name.trim() != name) {
                self.error(
                    DOUBTFUL_ATTRIBUTE,
                    range,
                    "the heading's audience is empty or holds a space",
                    "write `{audience=NAME}` or `{audience=ONE,OTHER}`, without spaces",
                );
            }
            let range = self.in_file(range);
            let line = self.line(range.start);
            found = Some(Attribute { names, range, line });
        }
        found
    }

    /// A brace in a heading that did not become an attribute is a doubt; the block that did is masked.
    fn check_braces(&mut self, line: &str, range: &Range<usize>, has_attributes: bool) {
        let end = line.trim_end().len();
        let block =
            line.get(..end).filter(|line| line.ends_with('}')).and_then(|line| line.rfind('{')).map(|start| start..end);
        let mut rest = line;
        if let Some(block) = &block
            && has_attributes
        {
            let inner = line.get(block.start + 1..block.end - 1).unwrap_or_default();
            if inner.trim() != inner || inner.contains(" =") || inner.contains("= ") {
                self.error(
                    DOUBTFUL_ATTRIBUTE,
                    range,
                    "spaces stand inside the braces",
                    "write `{audience=NAME}` without spaces",
                );
            }
            self.masked.push(range.start + block.start..range.start + block.end);
            rest = line.get(..block.start).unwrap_or_default();
            if rest.ends_with('\\') {
                let remedy = "remove the backslash; braces that are meant to be read stand in `code`";
                self.error(DOUBTFUL_ATTRIBUTE, range, "a backslash stands before the braces", remedy);
            }
        } else if let Some(block) = &block
            && line.get(block.start..block.start + 2) == Some("{#")
            && !line.get(block.clone()).is_some_and(|b| b.contains(' '))
        {
            rest = line.get(..block.start).unwrap_or_default();
        }
        let mut in_code = false;
        for c in rest.chars() {
            match c {
                '`' => in_code = !in_code,
                '{' | '}' | '｛' | '｝' | '﹛' | '﹜' if !in_code => {
                    self.error(
                        DOUBTFUL_ATTRIBUTE,
                        range,
                        "a brace in this heading did not become an attribute",
                        "write exactly `{audience=NAME}` at the end of the line, in half-width signs; a brace that is meant to be read stands in `code`",
                    );
                    return;
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::finding::Finding;
    use crate::text::Source;
    use crate::text::markdown::{Section, read};

    fn sections(text: &str) -> (Vec<Section>, Vec<Finding>) {
        let source = Source::decode("a.md", text.as_bytes()).unwrap();
        let mut findings = Vec::new();
        let sections = read(&source, 0..text.len(), &mut findings);
        (sections, findings)
    }

    #[test]
    fn a_section_bears_the_level_that_its_heading_names_and_is_restricted_by_nothing_else() {
        let (read, findings) =
            sections("Open.\n\n## Price {audience=legal marking=商密}\n\nOne.\n\n## Term {marking=密&急}\n\nTwo.\n");
        assert_eq!(findings, []);
        let [_, price, term] = &read[..] else { panic!("{read:?}") };
        assert!(price.html.contains("<span class=\"plate-entry plate-level\">商密</span>"), "{}", price.html);
        assert_eq!(
            (price.heading.as_ref(), price.restrictions[0].names.as_slice()),
            ("Price", &["legal".to_owned()][..])
        );
        assert!(price.text.contains("商密"), "it is sealed, and searched for, with its section");
        assert!(term.html.contains("plate-level\">密&amp;急</span>") && term.restrictions.is_empty(), "{}", term.html);
    }

    #[test]
    fn a_marking_in_doubt_is_an_error() {
        for heading in
            ["## A {marking=}", "## A {marking}", "## A {marking=x marking=y}", "## A {markng=x}", "## A {marking=x"]
        {
            let (_, findings) = sections(&format!("{heading}\n\nText.\n"));
            assert_eq!(findings.first().map(|finding| finding.code.0), Some("doubtful-attribute"), "{heading}");
        }
    }
}
