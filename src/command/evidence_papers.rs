//! The papers of a contract in dispute, as the command line and a bag say what is there and what is missing.

use super::desk::{Desk, Failure, Outcome};
use crate::archive::Archive;
use crate::checks::{Papers, papers_of};
use crate::finding::{Findings, human, quote};
use crate::repository::Snapshot;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Says whether the papers of a contract are complete.
///
/// # Errors
/// When there is no such contract.
pub fn check(desk: &Desk<'_>, archive: &Archive, snapshot: &Snapshot, name: &str) -> Result<Outcome, Failure> {
    let name = name.trim_start_matches("customers/");
    let name = name.strip_suffix(".md").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name);
    let Some(papers) = papers_of(archive, snapshot, name) else {
        let message = format!("there is no contract {}", quote(name));
        return Err(Failure::new(message, "name it as DOSSIER/PATH without the extension"));
    };
    let style = human::Style { colour: desk.terminal.colours_data(), excerpts: true };
    desk.answer(|| format!("{}\n{}", found(&papers), human::draw(&papers.findings, style)), || json_of(&papers))?;
    desk.terminal.say(&format!("{}: {}", papers.contract, human::summary(&papers.findings)));
    Ok(if papers.findings.is_empty() { Outcome::Fine } else { Outcome::Failed })
}

/// What is there of a contract's papers, a line for each head.
fn found(papers: &Papers) -> String {
    let mut out = format!("{}\n", papers.contract);
    for (_, zh, en, records) in &papers.there {
        let records = if records.is_empty() { "–".to_owned() } else { records.join(", ") };
        let _ = writeln!(out, "  {zh} / {en}: {records}");
    }
    out
}

fn json_of(papers: &Papers) -> Value {
    let there = papers.there.iter().map(|(word, _, _, records)| ((*word).to_owned(), json!(records)));
    let findings = papers.findings.iter().map(|finding| {
        json!({"code": finding.code.0, "message": finding.message, "remedy": finding.remedy,
            "place": finding.place.as_ref().map(ToString::to_string)})
    });
    json!({"contract": papers.contract, "there": there.collect::<serde_json::Map<String, Value>>(),
        "findings": findings.collect::<Vec<_>>()})
}

/// The check of contracts as it stands in a bag: as text and for programs.
#[must_use]
pub fn checked(papers: &[&Papers]) -> (String, Value) {
    let mut text = String::new();
    for papers in papers {
        text.push_str(&found(papers));
        for finding in &papers.findings {
            let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  ! {}: {} ({place})", finding.code.0, finding.message);
        }
        text.push('\n');
    }
    (text, json!({"contracts": papers.iter().map(|papers| json_of(papers)).collect::<Vec<_>>()}))
}

/// Tells the archivist of gaps, whoever the bag is for.
pub fn say_papers(desk: &Desk<'_>, papers: &[Papers]) {
    let mut all = Findings::new();
    papers.iter().for_each(|papers| all.extend(papers.findings.iter().cloned()));
    let style = human::Style { colour: desk.terminal.colours_words(), excerpts: false };
    if !all.is_empty() {
        all.sort();
        desk.terminal.say(human::draw(&all, style).trim_end());
    }
}
