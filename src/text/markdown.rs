//! Markdown divided into sections, each with the restrictions of the headings that it stands under.
//!
//! CommonMark by pulldown-cmark, with tables, footnotes, task lists and heading attributes. HTML is refused, so that
//! nothing needs sanitising. The HTML made here holds marks where links go: where they lead, and whether they may lead
//! there, is known only when a page is made for a clearance.

mod checks;
mod heading;
mod section;

use super::source::Source;
use crate::finding::{Code, Finding, quote};
use checks::{allowed, folded};
use heading::Heading;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};
use section::{MARK, MARK_END};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

pub use section::{Attribute, Link, Section, Shown, escape_into};

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

/// What stands before a section's level, as a page writes a record's.
const SECTION_MARKING: &str = "<p class=\"provenance section-marking\"><span class=\"plate-entry plate-level\">";

/// Blocks and inlines may be nested this deep.
const DEPTH: usize = 60;
/// After so many findings the rest of a text is not read.
const FINDINGS: usize = 200;

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
    /// The level that the heading which is being read names for its section.
    marking: Option<CowStr<'a>>,
    /// The heading and the words of the last section, as far as they were read.
    heading: String,
    words: String,
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
            marking: None,
            heading: String::new(),
            words: String::new(),
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
            self.heading.push_str(words);
        }
        self.words.push_str(words);
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
                    if let Some(marking) = self.marking.take() {
                        self.keep(Event::Html(SECTION_MARKING.into()));
                        self.words.push('\n');
                        self.words.push_str(&marking);
                        self.keep(Event::Text(marking));
                        self.keep(Event::Html("</span></p>\n".into()));
                    }
                } else {
                    self.keep(Event::End(end));
                }
                self.words.push('\n');
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
                self.words.push('\n');
            }
            TagEnd::HtmlBlock => {}
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => self.keep(Event::End(end)),
            other => {
                self.keep(Event::End(other));
                self.words.push('\n');
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

    fn close_section(&mut self, end: usize) {
        let end = self.base + end;
        let events = std::mem::take(&mut self.events);
        let (heading, words) = (self.heading.as_str().into(), self.words.as_str().into());
        self.heading.clear();
        self.words.clear();
        let mut html = String::new();
        html::push_html(&mut html, events.into_iter());
        let section = self.section();
        section.range.end = end;
        (section.heading, section.text, section.html) = (heading, words, html.as_str().into());
    }

    fn finish(&mut self) {
        self.close_section(self.text.len());
        self.sections.retain(|section| !section.is_blank());
    }
}
