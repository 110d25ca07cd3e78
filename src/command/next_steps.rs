//! What to do next, said after something was written, as commands that can be copied.

use super::desk::Desk;
use std::path::Path;

/// Steps in their order.
pub struct NextSteps {
    /// The archive's folder, where it is not the current one.
    folder: Option<String>,
    steps: Vec<String>,
}

impl NextSteps {
    /// No steps yet, of the archive in this folder.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let shown = folder.display().to_string();
        Self { folder: (shown != ".").then_some(shown), steps: Vec::new() }
    }

    /// A step in words.
    pub fn add(&mut self, words: &str) {
        self.steps.push(words.to_owned());
    }

    /// A command of the program, and what it is for; `.` among its words is the archive.
    pub fn command(&mut self, words: &[&str], why: &str) {
        let folder = self.folder.as_deref().unwrap_or(".");
        let has_place = words.contains(&".");
        let takes_option = words.first() == Some(&"new");
        let mut line: Vec<&str> = std::iter::once("strongroom").chain(words.iter().copied()).collect();
        for word in line.iter_mut().filter(|word| **word == ".") {
            *word = folder;
        }
        match &self.folder {
            Some(folder) if takes_option => line.extend(["--archive", folder]),
            Some(folder) if !has_place => line.push(folder),
            _ => {}
        }
        self.explained(&line.join(" "), why);
    }

    /// The commit, and what it brings.
    pub fn commit(&mut self, why: &str) {
        let at = self.folder.as_ref().map(|folder| format!(" -C {folder}")).unwrap_or_default();
        self.explained(&format!("git{at} add -A && git{at} commit -m \"WHY\""), why);
    }

    fn explained(&mut self, line: &str, why: &str) {
        self.steps.push(if why.is_empty() { line.to_owned() } else { format!("{line}   # {why}") });
    }

    /// Says them, one on a line.
    pub fn say(&self, desk: &Desk<'_>) {
        desk.terminal.say(&format!("next:\n  {}", self.steps.join("\n  ")));
    }
}
