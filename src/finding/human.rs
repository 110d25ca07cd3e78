//! Findings as people read them: severity, code, message, the line with its mark, and the remedy.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet, renderer::DecorStyle};

use super::findings::{Finding, Findings, Severity};
use super::place::Place;
use super::quoting::{harmless, withhold};

/// How findings are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether colours may be used; true only where a terminal reads along.
    pub colour: bool,
    /// Whether words of the archive may be shown. False (`--no-excerpts`) leaves file, line and column, and ‹…› in
    /// place of quoted words, for logs that more people read than the archive.
    pub excerpts: bool,
}

/// All findings in the order they stand, with an empty line after each, and the counts at the end. Empty if there are
/// none.
pub fn draw(findings: &Findings, style: Style) -> String {
    let mut drawn = String::new();
    for finding in findings {
        drawn.push_str(&draw_one(finding, style));
        drawn.push_str("\n\n");
    }
    if !findings.is_empty() {
        drawn.push_str(&summary(findings));
        drawn.push('\n');
    }
    drawn
}

/// One finding, without a line break at its end.
pub fn draw_one(finding: &Finding, style: Style) -> String {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let words = |text: &str| harmless(&if style.excerpts { text.to_owned() } else { withhold(text) });
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(words(&finding.message)).id(finding.code.0);
    let mut first = Group::with_title(title);
    if let Some(place) = &finding.place {
        first = show(first, place, AnnotationKind::Primary, style);
    }
    let mut report = vec![first];
    for (place, why) in &finding.related {
        let group = Group::with_title(Level::NOTE.secondary_title(words(why)));
        report.push(show(group, place, AnnotationKind::Context, style));
    }
    if !finding.remedy.is_empty() {
        report.push(Group::with_title(Level::HELP.secondary_title(words(&finding.remedy))));
    }
    renderer.decor_style(DecorStyle::Ascii).render(&report)
}

/// How many of each: `2 errors, 1 warning`, or `no findings`.
pub fn summary(findings: &Findings) -> String {
    let said: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (severity, findings.count(severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {severity}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if said.is_empty() { "no findings".to_owned() } else { said.join(", ") }
}

/// Adds the place to the group.
fn show<'a>(group: Group<'a>, place: &Place, kind: AnnotationKind, style: Style) -> Group<'a> {
    let file = harmless(&place.file);
    let Some(excerpt) = place.text.as_ref().filter(|_| style.excerpts) else {
        let mut origin = Origin::path(file);
        if place.line > 0 {
            origin = origin.line(place.line as usize).char_column(place.column as usize);
        }
        return group.element(origin);
    };
    let before = harmless(excerpt.line.get(..excerpt.mark.start).unwrap_or_default());
    let marked = harmless(excerpt.marked());
    let after = excerpt.line.get(excerpt.mark.end..).unwrap_or_default();
    let mark = before.len()..before.len() + marked.len();
    let whole_before = before.chars().count() + 1 == place.column as usize;
    let snippet = Snippet::<Annotation<'_>>::source(format!("{before}{marked}{}", harmless(after)))
        .line_start(place.line as usize)
        .annotation(kind.span(mark));
    if whole_before {
        group.element(snippet.path(file))
    } else {
        // The column would be counted in the cut line, so the true one is given apart from it.
        let origin = Origin::path(file).line(place.line as usize).char_column(place.column as usize);
        group.element(origin).element(snippet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Code, quote};

    const PLAIN: Style = Style { colour: false, excerpts: true };

    fn sample() -> Finding {
        let source = "---\ntype: contract\naudience: [法务, finanse]\n---\n";
        let start = source.find("finanse").unwrap();
        Finding::error(Code("unknown-audience"), format!("no audience is named {}", quote("finanse")))
            .at(Place::of("customers/a/contracts/1.md", source, start..start + 7))
            .remedy(format!("write {}", quote("finance")))
            .related(Place::of("strongroom.yaml", "audiences: {}", 0..9), "the audiences are named here")
    }

    #[test]
    fn a_finding_shows_code_place_line_mark_and_remedy() {
        assert_eq!(
            draw_one(&sample(), PLAIN),
            "\
error[unknown-audience]: no audience is named ‹finanse›
 --> customers/a/contracts/1.md:3:16
  |
3 | audience: [法务, finanse]
  |                  ^^^^^^^
  |
note: the audiences are named here
 --> strongroom.yaml:1:1
  |
1 | audiences: {}
  | ---------
help: write ‹finance›"
        );
    }

    #[test]
    fn without_excerpts_no_word_of_the_archive_is_shown() {
        let drawn = draw_one(&sample(), Style { colour: false, excerpts: false });
        assert!(drawn.contains("customers/a/contracts/1.md:3:16"), "{drawn}");
        assert!(drawn.contains("no audience is named ‹…›"), "{drawn}");
        for word in ["finanse", "finance", "法务", "audiences: {}"] {
            assert!(!drawn.contains(word), "{drawn}");
        }
    }

    #[test]
    fn a_long_line_keeps_its_true_column() {
        let source = format!("{}x{}", "a".repeat(1000), "b".repeat(1000));
        let drawn = draw_one(&Finding::note(Code("odd"), "odd").at(Place::of("a.md", &source, 1000..1001)), PLAIN);
        assert!(drawn.contains("a.md:1:1001"), "{drawn}");
        assert!(drawn.lines().all(|line| line.chars().count() < 200), "{drawn}");
    }

    #[test]
    fn bytes_that_steer_a_terminal_are_never_passed_on() {
        let evil = "\u{1b}[2Jx\u{202e}y\u{7}\u{9b}";
        let finding = Finding::warning(Code("odd"), evil)
            .at(Place::of(evil, evil, 0..3))
            .remedy(evil)
            .related(Place::whole(evil), evil);
        let drawn = draw_one(&finding, PLAIN);
        assert!(!drawn.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{drawn:?}");
    }

    #[test]
    fn a_file_as_a_whole_and_no_file_at_all_can_be_drawn() {
        let whole = Finding::error(Code("missing-file"), "is missing").at(Place::whole("a.pdf"));
        assert_eq!(draw_one(&whole, PLAIN), "error[missing-file]: is missing\n--> a.pdf");
        assert_eq!(draw_one(&Finding::note(Code("odd"), "odd"), PLAIN), "note[odd]: odd");
    }

    #[test]
    fn the_summary_counts_and_speaks_properly() {
        let mut findings = Findings::new();
        assert_eq!(summary(&findings), "no findings");
        assert_eq!(draw(&findings, PLAIN), "");
        findings.push(sample());
        findings.push(sample());
        findings.push(Finding::warning(Code("odd"), "odd"));
        assert_eq!(summary(&findings), "2 errors, 1 warning");
        assert!(draw(&findings, PLAIN).ends_with("warning[odd]: odd\n\n2 errors, 1 warning\n"));
    }
}
