//! What the gate reports: a hit, which holds restricted text and shows it only when asked to.

use sha2::{Digest as _, Sha256};

use super::{Output, Withheld};

/// Whether restricted text is shown in a report. A log of a build may be read by people who must not read it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Excerpts {
    /// The run and the text around it.
    Shown,
    /// Only how long the run is.
    Withheld,
}

/// A run of restricted text in an output.
pub struct Hit {
    /// The address of the output.
    pub address: String,
    /// What kind of place in it: text, attribute, comment, packed file and so on.
    pub place: &'static str,
    /// The caller's number of the restricted text; of several that hold the run, the first of those that fit best.
    pub source: u32,
    /// Whether the output is an open attachment: then its author wrote the text both openly and restricted.
    pub in_open_file: bool,
    pub(super) run: String,
    pub(super) before: String,
    pub(super) after: String,
    /// The output's number, and the place among its hits.
    pub(super) order: (usize, usize),
}

impl std::fmt::Debug for Hit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hit({}, {}, source {}, {})", self.address, self.place, self.source, self.excerpt(Excerpts::Withheld))
    }
}

impl Hit {
    /// The run with some text around it, or only its measure: `"… before [the run] after …"`, `"12 characters"`.
    pub fn excerpt(&self, excerpts: Excerpts) -> String {
        match excerpts {
            Excerpts::Shown if self.run.is_empty() => "the whole file".to_owned(),
            Excerpts::Shown => format!("{}[{}]{}", self.before, self.run, self.after),
            Excerpts::Withheld if self.run.is_empty() => "the whole file".to_owned(),
            Excerpts::Withheld => format!("{} characters", self.run.chars().count()),
        }
    }

    /// The run of restricted text, as it stands in the output; empty where the whole file is restricted.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// By which hits are sorted.
    pub(super) fn order(&self) -> (usize, usize) {
        self.order
    }
}

/// The hit of an output that is, byte for byte, a restricted attachment.
pub(super) fn whole_file(withheld: &[Withheld], number: usize, output: &Output<'_>) -> Option<Hit> {
    let length = output.bytes.len() as u64;
    let mut alike = withheld.iter().filter(|file| file.length == length && length > 0).peekable();
    alike.peek()?;
    let digest: [u8; 32] = Sha256::digest(output.bytes).into();
    let file = alike.find(|file| file.digest == digest)?;
    Some(Hit {
        address: output.address.to_owned(),
        place: "whole file",
        source: file.source,
        in_open_file: false,
        run: String::new(),
        before: String::new(),
        after: String::new(),
        order: (number, 0),
    })
}
