//! Markdown divided into sections, each with the restrictions of the headings that it stands under.
//!
//! CommonMark by pulldown-cmark, with tables, footnotes, task lists and heading attributes. HTML is refused, so that
//! nothing needs sanitising. The HTML made here holds marks where links go: where they lead, and whether they may lead
//! there, is known only when a page is made for a clearance.

use super::lookalike;
use super::source::Source;
use crate::finding::{Code, Finding, nearest, quote};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// HTML in Markdown.
pub const RAW_HTML: Code = Code("raw-html");
/// Something outside code looks like an audience attribute and did not become one.
pub const DOUBTFUL_ATTRIBUTE: Code = Code("doubtful-attribute");
/// A heading whose extent is in doubt, in a record with a restricted heading.
pub const DOUBTFUL_HEADING: Code = Code("doubtful-heading");
/// A footnote or link definition stands under other restrictions than its use.
pub const DEFINITION_ELSEWHERE: Code = Code("definition-elsewhere");
/// A link or image that leads where nothing of an archive may lead.
pub const LINK_TARGET: Code = Code("link-target");
/// Blocks nested deeper than any text written by hand.
pub const TOO_DEEP: Code = Code("markdown-too-deep");

/// Blocks and inlines may be nested this deep.
const DEPTH: usize = 60;
/// After so many findings the rest of a text is not read.
const FINDINGS: usize = 200;
/// A record's title is a heading of level 3 on its page. Its text begins with headings of level 2, the title being the
/// level 1 of its file; they come next below the title, and so does a level 1 that was written all the same.
const HEADING_SHIFT: usize = 2;
const BELOW_TITLE: usize = 4;

const MARK: char = '\u{FDD0}';
const MARK_END: char = '\u{FDD1}';

/// A heading's `{audience=…}`: the names as written, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The audiences, any of which will do.
    pub names: Vec<String>,
    /// The whole heading's bytes in the file.
    pub range: Range<usize>,
    /// The heading's line in the file, from 1.
    pub line: u32,
}

/// A link or an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The destination as written.
    pub target: String,
    /// Whether it is an image, and its text then.
    pub image: Option<String>,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// What stands under one heading, up to the next heading of any level.
#[derive(Debug, Default)]
pub struct Section {
    /// The heading's level, 1–6; 0 for what stands before the first heading.
    pub level: usize,
    /// The heading's text.
    pub heading: String,
    /// The section's bytes in the file.
    pub range: Range<usize>,
    /// The line on which it begins, from 1.
    pub line: u32,
    /// The restrictions of the headings that hold it, its own last. A reader needs all of them.
    pub restrictions: Vec<Arc<Attribute>>,
    /// Its HTML, with marks for links.
    html: String,
    /// Its words without marks, a line a block: what the gate must not find elsewhere.
    pub text: String,
    /// Its links and images.
    pub links: Vec<Link>,
}

/// What becomes of a link on a page.
pub enum Shown {
    /// Only the words stand there.
    Words,
    /// The opening tag of the element, complete and escaped; `</a>` follows the words. For images the whole element.
    Tag(String),
}

impl Section {
    /// The section's HTML with each link or image written as `show` says.
    pub fn html(&self, mut show: impl FnMut(&Link) -> Shown) -> String {
        let mut out = String::with_capacity(self.html.len() + self.links.len() * 32);
        let mut open: Vec<bool> = Vec::new();
        for (n, piece) in self.html.split(MARK).enumerate() {
            if n == 0 {
                out.push_str(piece);
                continue;
            }
            let (mark, rest) = piece.split_once(MARK_END).unwrap_or(("", piece));
            match mark.parse::<usize>().ok().and_then(|index| self.links.get(index)) {
                Some(link) => match (show(link), &link.image) {
                    (Shown::Tag(tag), image) => {
                        out.push_str(&tag);
                        if image.is_none() {
                            open.push(true);
                        }
                    }
                    (Shown::Words, Some(alt)) => escape_into(alt, &mut out),
                    (Shown::Words, None) => open.push(false),
                },
                None => {
                    if open.pop() == Some(true) {
                        out.push_str("</a>");
                    }
                }
            }
            out.push_str(rest);
        }
        out
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.level == 0 && self.html.trim().is_empty()
    }
}

/// Reads the bytes `body` of a source as Markdown. What is doubtful becomes findings; the sections are complete
/// only where there are none.
pub fn read(source: &Source, body: Range<usize>, findings: &mut Vec<Finding>) -> Vec<Section> {
    let text = source.text().get(body.clone()).unwrap_or_default();
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut reading = Reading::new(source, body.start, text);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let events = Parser::new_ext(text, options).into_offset_iter();
    let mut definitions: HashMap<String, Vec<usize>> = HashMap::new();
    for (label, definition) in events.reference_definitions().iter() {
        definitions.entry(folded(label)).or_default().push(definition.span.start);
    }
    for (event, range) in events {
        // Each place costs a look at the text: a file that is wrong everywhere must not take an hour to say so.
        if !reading.take(event, range) || reading.findings.len() > FINDINGS {
            break;
        }
    }
    reading.finish();
    reading.check_headings();
    reading.check_definitions(&definitions);
    reading.check_lookalikes();
    findings.append(&mut reading.findings);
    reading.sections
}

/// A heading as it stood in the file, for the checks at the end.
struct Heading {
    range: Range<usize>,
    setext: bool,
    nested: bool,
    restricted: bool,
}

/// A use of a link definition or a footnote, or a footnote's definition.
struct Use {
    label: String,
    range: Range<usize>,
}

struct Reading<'a> {
    source: &'a Source,
    base: usize,
    text: &'a str,
    /// A byte of the file and its line: lines are counted on from here, not from the start each time.
    counted: (usize, u32),
    sections: Vec<Section>,
    /// Restricted headings that still hold, with their levels.
    held: Vec<(usize, Arc<Attribute>)>,
    events: Vec<Event<'a>>,
    depth: usize,
    masked: Vec<Range<usize>>,
    headings: Vec<Heading>,
    link_uses: Vec<Use>,
    note_uses: Vec<Use>,
    note_definitions: Vec<Use>,
    image: Option<(usize, String)>,
    heading_open: Option<usize>,
    findings: Vec<Finding>,
}

impl<'a> Reading<'a> {
    fn new(source: &'a Source, base: usize, text: &'a str) -> Self {
        let first = source.place(base..base).line;
        Self {
            counted: (base, first),
            source,
            base,
            text,
            sections: vec![Section { range: base..base, line: first, ..Section::default() }],
            held: Vec::new(),
            events: Vec::new(),
            depth: 0,
            masked: Vec::new(),
            headings: Vec::new(),
            link_uses: Vec::new(),
            note_uses: Vec::new(),
            note_definitions: Vec::new(),
            image: None,
            heading_open: None,
            findings: Vec::new(),
        }
    }

    fn in_file(&self, range: &Range<usize>) -> Range<usize> {
        self.base + range.start..self.base + range.end
    }

    /// The line of a byte of the file, asked for in the order of the file.
    fn line(&mut self, at: usize) -> u32 {
        let (from, line) = self.counted;
        let between = self.source.text().get(from..at).unwrap_or_default();
        let breaks = between.bytes().filter(|byte| *byte == b'\n').count();
        let line = line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.counted = (at.max(from), line);
        line
    }

    fn error(&mut self, code: Code, range: &Range<usize>, message: impl Into<String>, remedy: &str) {
        let finding = self.source.error(code, self.in_file(range), message, remedy);
        self.findings.push(finding);
    }

    fn section(&mut self) -> &mut Section {
        if self.sections.is_empty() {
            self.sections.push(Section::default());
        }
        let last = self.sections.len() - 1;
        &mut self.sections[last]
    }

    fn words(&mut self, words: &str) {
        if let Some((_, alt)) = &mut self.image {
            alt.push_str(words);
        }
        if self.heading_open.is_some() {
            self.section().heading.push_str(words);
        }
        self.section().text.push_str(words);
    }

    /// Takes one event; false when the rest is not worth reading.
    fn take(&mut self, event: Event<'a>, range: Range<usize>) -> bool {
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                if self.depth > DEPTH {
                    self.error(TOO_DEEP, &range, "blocks are nested too deep here", "flatten the list or quotation");
                    return false;
                }
                self.start(tag, range);
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                self.end(end);
            }
            Event::Text(ref words) => {
                self.words(words);
                self.keep(event);
            }
            Event::Code(ref words) => {
                self.words(words);
                self.masked.push(range);
                self.keep(event);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.words(" ");
                self.keep(event);
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                self.error(
                    RAW_HTML,
                    &range,
                    "HTML stands here",
                    "write it as Markdown; put it in `code` if it is meant to be read; write `\\<` for the sign itself",
                );
            }
            Event::FootnoteReference(label) => {
                self.note_uses.push(Use { label: label.to_string(), range });
                let mut mark = String::from("<sup class=\"footnote-reference\">");
                escape_into(&label, &mut mark);
                mark.push_str("</sup>");
                self.keep(Event::InlineHtml(mark.into()));
            }
            Event::Rule | Event::TaskListMarker(_) => self.keep(event),
            Event::InlineMath(words) | Event::DisplayMath(words) => {
                self.words(&words);
                self.keep(Event::Text(words));
            }
        }
        true
    }

    /// Keeps an event for the section's HTML; the words of an image stand in its `alt` alone.
    fn keep(&mut self, event: Event<'a>) {
        if self.image.is_none() {
            self.events.push(event);
        }
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, id: _, classes, attrs } => self.heading(level as usize, &classes, &attrs, range),
            Tag::Link { link_type, dest_url, title: _, id } => {
                let label = matches!(link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
                    .then(|| id.to_string());
                let target =
                    if link_type == LinkType::Email { format!("mailto:{dest_url}") } else { dest_url.to_string() };
                let index = self.link(target, None, label, range);
                self.keep(Event::InlineHtml(format!("{MARK}{index}{MARK_END}").into()));
            }
            Tag::Image { link_type, dest_url, title: _, id } => {
                let label = matches!(link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
                    .then(|| id.to_string());
                let index = self.link(dest_url.to_string(), Some(String::new()), label, range);
                if self.image.is_none() {
                    self.image = Some((index, String::new()));
                }
            }
            Tag::FootnoteDefinition(label) => {
                self.note_definitions.push(Use { label: label.to_string(), range });
                let mut open = String::from("<div class=\"footnote-definition\"><sup class=\"footnote-label\">");
                escape_into(&label, &mut open);
                open.push_str("</sup>");
                self.keep(Event::Html(open.into()));
            }
            Tag::CodeBlock(kind) => {
                if matches!(kind, CodeBlockKind::Fenced(_)) {
                    self.mask_code(range);
                }
                self.keep(Event::Start(Tag::CodeBlock(kind)));
            }
            Tag::HtmlBlock => {}
            other => self.keep(Event::Start(other)),
        }
    }

    /// Masks fenced code, except lines that would be headings: where a fence was not closed, a restricted heading and
    /// all that it should hold stand in the code. Indented code is not masked at all: four spaces slip in unseen.
    fn mask_code(&mut self, range: Range<usize>) {
        let mut at = range.start;
        for line in self.text.get(range).unwrap_or_default().split_inclusive('\n') {
            if !line.trim_start_matches(|c: char| c.is_whitespace() || c == '>').starts_with('#') {
                self.masked.push(at..at + line.len());
            }
            at += line.len();
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Heading(_) => {
                if let Some(level) = self.heading_open.take() {
                    self.keep(Event::Html(format!("</h{level}>\n").into()));
                } else {
                    self.keep(Event::End(end));
                }
                self.section().text.push('\n');
            }
            TagEnd::Link => self.keep(Event::InlineHtml(format!("{MARK}{MARK_END}").into())),
            TagEnd::Image => {
                if let Some((index, alt)) = self.image.take() {
                    if let Some(link) = self.section().links.get_mut(index) {
                        link.image = Some(alt);
                    }
                    self.keep(Event::InlineHtml(format!("{MARK}{index}{MARK_END}").into()));
                }
            }
            TagEnd::FootnoteDefinition => {
                self.keep(Event::Html("</div>\n".into()));
                self.section().text.push('\n');
            }
            TagEnd::HtmlBlock => {}
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => self.keep(Event::End(end)),
            other => {
                self.keep(Event::End(other));
                self.section().text.push('\n');
            }
        }
    }

    fn link(&mut self, target: String, image: Option<String>, label: Option<String>, range: Range<usize>) -> usize {
        if let Err((message, remedy)) = allowed(&target, image.is_some()) {
            self.error(LINK_TARGET, &range, format!("{message}: {}", quote(&target)), remedy);
        }
        let at = self.in_file(&range);
        if let Some(label) = label {
            self.link_uses.push(Use { label, range });
        }
        let links = &mut self.section().links;
        links.push(Link { target, image, range: at });
        links.len() - 1
    }

    fn heading(
        &mut self,
        level: usize,
        classes: &[CowStr<'a>],
        attrs: &[(CowStr<'a>, Option<CowStr<'a>>)],
        range: Range<usize>,
    ) {
        let line = self.text.get(range.clone()).unwrap_or_default();
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

    /// Reads a heading's attributes: `audience` becomes a restriction, an identifier is let be, all else is a doubt.
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
            if key.as_ref() != "audience" {
                let remedy = match nearest(key, ["audience"]) {
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

    fn close_section(&mut self, end: usize) {
        let end = self.base + end;
        let events = std::mem::take(&mut self.events);
        let section = self.section();
        section.range.end = end;
        html::push_html(&mut section.html, events.into_iter());
    }

    fn finish(&mut self) {
        self.close_section(self.text.len());
        self.sections.retain(|section| !section.is_blank());
    }

    /// In a record with a restricted heading every heading must leave no doubt where it begins and ends.
    fn check_headings(&mut self) {
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

    fn check_definitions(&mut self, definitions: &HashMap<String, Vec<usize>>) {
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

    fn check_lookalikes(&mut self) {
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
fn folded(label: &str) -> String {
    let words: Vec<String> = label.split_whitespace().map(|word| word.to_uppercase().to_lowercase()).collect();
    words.join(" ")
}

/// Whether a link may lead there: into the archive, or outside by a scheme that a browser follows only when asked.
fn allowed(target: &str, image: bool) -> Result<(), (&'static str, &'static str)> {
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

/// Appends text with the five signs of HTML written as entities.
pub fn escape_into(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}
