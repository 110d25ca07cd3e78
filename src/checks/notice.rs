//! What a check can tell: a code, and how bad it is unless an archive's settings say otherwise.

use crate::finding::{Code, Finding, Place, Severity};

/// A code of this room with its severity where the settings say nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is called in settings and in reports.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
}

impl Notice {
    /// Something that somebody should look at.
    pub(super) const fn warning(code: Code) -> Self {
        Self { code, severity: Severity::Warning }
    }

    /// Something worth knowing.
    pub(super) const fn note(code: Code) -> Self {
        Self { code, severity: Severity::Note }
    }

    /// The finding at a place, with what to do about it.
    pub(super) fn at(self, place: Place, message: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding::new(self.severity, self.code, message).at(place).remedy(remedy)
    }
}
