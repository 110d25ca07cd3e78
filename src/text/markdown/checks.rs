//! What is known only when a whole text was read: headings in doubt, definitions under other restrictions than their
//! uses, and what looks like a restriction and is none; with it where a link may lead.

use super::{DEFINITION_ELSEWHERE, DOUBTFUL_ATTRIBUTE, DOUBTFUL_HEADING, FINDINGS, Reading};
use crate::text::lookalike;
use std::collections::HashMap;

impl Reading<'_> {
    /// In a record with a restricted heading every heading must leave no doubt where it begins and ends.
    pub(super) fn check_headings(&mut self) {
        if !self.headings.iter().any(|heading| heading.restricted) {
            return;
        }
        for heading in std::mem::take(&mut self.headings) {
            if heading.nested {
                self.error(
                    DOUBTFUL_HEADING,
                    &heading.range,
                    "a heading stands inside a list, quotation or footnote of a record with a restricted heading",
                    "write it at the start of a line of its own, outside",
                );
            } else if heading.setext {
                self.error(
                    DOUBTFUL_HEADING,
                    &heading.range,
                    "a line underlined with `---` or `===` is a heading and ends the section above it",
                    "write `## ` before a heading; put an empty line before a rule",
                );
            }
        }
    }

    pub(super) fn check_definitions(&mut self, definitions: &HashMap<String, Vec<usize>>) {
        let mut bad = Vec::new();
        for used in &self.link_uses {
            // One that cannot be found here is a doubt as well: the parser found it somewhere.
            let found = definitions.get(&folded(&used.label)).map_or(&[][..], Vec::as_slice);
            if found.is_empty() {
                bad.push((used.range.clone(), "link", used.range.start));
            }
            for start in found.iter().filter(|start| !self.same_restrictions(used.range.start, **start)) {
                bad.push((used.range.clone(), "link", *start));
            }
        }
        let mut notes: HashMap<String, Vec<usize>> = HashMap::new();
        for definition in &self.note_definitions {
            notes.entry(folded(&definition.label)).or_default().push(definition.range.start);
        }
        for used in &self.note_uses {
            // A label that is defined many times is told at its first doubtful definition.
            let elsewhere = notes.get(&folded(&used.label)).and_then(|starts| {
                starts.iter().take(8).find(|start| !self.same_restrictions(used.range.start, **start))
            });
            bad.extend(elsewhere.map(|start| (used.range.clone(), "footnote", *start)));
        }
        bad.truncate(FINDINGS);
        for (range, what, definition) in bad {
            let finding = self
                .source
                .error(
                    DEFINITION_ELSEWHERE,
                    self.in_file(&range),
                    format!("this {what} is defined under another restriction than the one that it is used under"),
                    "move the definition into the section that uses it",
                )
                .related(self.source.place(self.base + definition..self.base + definition + 1), "it is defined here");
            self.findings.push(finding);
        }
    }

    fn same_restrictions(&self, one: usize, other: usize) -> bool {
        // Sections lie in the order of the file, one beginning where the other ends.
        let of = |at: usize| {
            let at = self.base + at;
            let next = self.sections.partition_point(|section| section.range.start <= at);
            let section = next.checked_sub(1).and_then(|index| self.sections.get(index));
            let restrictions = section.into_iter().flat_map(|section| &section.restrictions);
            restrictions.map(|attribute| attribute.range.start).collect::<Vec<_>>()
        };
        of(one) == of(other)
    }

    pub(super) fn check_lookalikes(&mut self) {
        for range in lookalike::find(self.text, &self.masked).into_iter().take(FINDINGS) {
            self.error(
                DOUBTFUL_ATTRIBUTE,
                &range,
                "this looks like a restriction, but it restricts nothing",
                "write `## Heading {audience=NAME}` on a heading's line, in half-width signs without spaces; if it is meant to be read, put it in `code`",
            );
        }
    }
}

/// A label as labels are compared: `straße` and `STRASSE` are one. It may take two for one that the parser tells apart,
/// never the other way round.
pub(super) fn folded(label: &str) -> String {
    let words: Vec<String> = label.split_whitespace().map(|word| word.to_uppercase().to_lowercase()).collect();
    words.join(" ")
}

/// Whether a link may lead there: into the archive, or outside by a scheme that a browser follows only when asked.
pub(super) fn allowed(target: &str, image: bool) -> Result<(), (&'static str, &'static str)> {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase()).filter(|scheme| {
        !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    let host = target.starts_with("//") || target.starts_with("\\\\") || target.starts_with("/\\");
    match scheme.as_deref() {
        None if !host && !target.contains('\\') => Ok(()),
        Some("http" | "https" | "mailto" | "tel") if !image => Ok(()),
        _ if image => Err((
            "an image from outside the archive",
            "put the file into the dossier and name it by its path; a page asks nothing of other servers",
        )),
        _ => Err((
            "this link leads nowhere a reader may be sent",
            "use http, https, mailto, tel or a path in the archive",
        )),
    }
}
