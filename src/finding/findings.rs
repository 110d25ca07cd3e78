//! The finding itself, and a run's collection of them.

use std::fmt;

use super::place::Place;

/// How bad a finding is. Only an error stops a build; `--strict` takes warnings too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is published while this stands.
    Error,
    /// Somebody should look at it; the build goes on.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word for it, in the singular and lower case: `error`, `warning`, `note`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The stable name of a kind of finding, such as `unknown-audience`: what scripts look for while messages are reworded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// One thing that is wrong: how bad, of which kind, where, what, and what to do about it.
///
/// Words taken from the archive stand in `message`, `remedy` and `related` only between the marks that [`quote`] puts
/// around them, so that a log that must not repeat the archive's text can leave them out.
///
/// [`quote`]: super::quote
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Its stable name.
    pub code: Code,
    /// Where it is; absent where no file is to blame, such as a repository that cannot be opened.
    pub place: Option<Place>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it; empty where nobody can say.
    pub remedy: String,
    /// Other places that belong to it, each with what it has to do with this one.
    pub related: Vec<(Place, String)>,
}

impl Finding {
    /// A finding without place and remedy, to which both can be added.
    pub fn new(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Self { severity, code, place: None, message: message.into(), remedy: String::new(), related: Vec::new() }
    }

    /// An error.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// The same finding at `place`.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same finding with what to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// The same finding with one more place that belongs to it, and why it does.
    #[must_use]
    pub fn related(mut self, place: Place, why: impl Into<String>) -> Self {
        self.related.push((place, why.into()));
        self
    }
}

/// All findings of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// No findings yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Puts them in the order in which people read them: those without a place first, then by file, line and column;
    /// at one place the worse first.
    pub fn sort(&mut self) {
        self.0.sort_by(|one, other| {
            let place = |finding: &Finding| finding.place.as_ref().map(|place| (place.line, place.column));
            let file = |finding: &'_ Finding| finding.place.as_ref().map(|place| place.file.clone());
            file(one)
                .cmp(&file(other))
                .then_with(|| place(one).cmp(&place(other)))
                .then_with(|| (one.severity, one.code, &one.message).cmp(&(other.severity, other.code, &other.message)))
        });
        // Two rooms may stumble over the same thing; one word about it is enough.
        self.0.dedup();
    }

    /// How many there are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether anything here stops a build.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether anything here makes a command fail: an error, or under `--strict` a warning.
    pub fn fail(&self, strict: bool) -> bool {
        self.has_errors() || (strict && self.count(Severity::Warning) > 0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each of them, in the order they stand.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        self.0.extend(findings);
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<I: IntoIterator<Item = Finding>>(findings: I) -> Self {
        Self(findings.into_iter().collect())
    }
}

impl From<Vec<Finding>> for Findings {
    fn from(findings: Vec<Finding>) -> Self {
        Self(findings)
    }
}

impl From<Finding> for Findings {
    fn from(finding: Finding) -> Self {
        Self(vec![finding])
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(file: &str, range: std::ops::Range<usize>) -> Finding {
        Finding::error(Code("odd"), "odd").at(Place::of(file, "one\ntwo\nthree\n", range))
    }

    #[test]
    fn findings_stand_by_file_line_and_column_and_those_without_a_place_first() {
        let mut findings: Findings =
            [finding("b.md", 0..1), finding("a.md", 9..10), finding("a.md", 5..6), finding("a.md", 4..5)]
                .into_iter()
                .collect();
        findings.push(Finding::note(Code("whole"), "about everything"));
        findings.push(finding("b.md", 0..1));
        findings.sort();
        let places: Vec<_> =
            findings.iter().map(|f| f.place.as_ref().map(|p| (p.file.as_str(), p.line, p.column))).collect();
        assert_eq!(
            places,
            [None, Some(("a.md", 2, 1)), Some(("a.md", 2, 2)), Some(("a.md", 3, 2)), Some(("b.md", 1, 1))]
        );
    }

    #[test]
    fn a_warning_fails_only_where_strictness_is_asked_for() {
        let mut findings = Findings::from(Finding::warning(Code("odd"), "odd"));
        assert!(!findings.fail(false));
        assert!(findings.fail(true));
        assert!(!findings.has_errors());
        findings.push(Finding::error(Code("bad"), "bad"));
        assert!(findings.fail(false));
        assert_eq!(findings.count(Severity::Error), 1);
    }
}
