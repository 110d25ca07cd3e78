//! What became of lists and texts, element by element and sentence by sentence.

use super::html::Html;
use super::page::Desk;
use crate::history::{Fate, Line, Shown, compare};

/// How many unchanged sentences are shown around one that changed.
const AROUND: usize = 1;

/// A value in a language.
#[must_use]
pub fn in_language<'l>(line: &'l Line, language: &str) -> &'l str {
    if language == "zh" { &line.zh } else { &line.en }
}

/// The elements of a list, each an element by itself: what stands side by side is no text of the archive.
#[must_use]
pub fn joined<'l>(lines: impl Iterator<Item = &'l Line>, language: &str) -> Html {
    let separator = if language == "zh" { "、" } else { ", " };
    Html::joined(lines.enumerate().map(|(n, line)| {
        let item = Html::element("span", &[], &Html::text(in_language(line, language)));
        if n == 0 { item } else { Html::joined([Html::text(separator), item]) }
    }))
}

/// What came to a list and what went.
#[must_use]
pub fn lists(before: Option<&Shown>, after: Option<&Shown>, language: &str, desk: &Desk<'_>) -> Html {
    let (Some(Shown::List(old)), Some(Shown::List(new))) = (before, after) else { return Html::default() };
    let came: Vec<&Line> = new.iter().filter(|line| !old.contains(line)).collect();
    let went: Vec<&Line> = old.iter().filter(|line| !new.contains(line)).collect();
    let words = desk.theme.words();
    let said = |key: &str, element: &str, lines: &[&Line]| {
        let items = joined(lines.iter().copied(), language);
        Html::joined([Html::text(words.plain(key, language)), Html::element(element, &[], &items)])
    };
    let whole = Html::element("span", &[("class", "after"), ("hidden", "hidden")], &joined(new.iter(), language));
    let said = match (came.is_empty(), went.is_empty()) {
        (true, true) => Html::text(words.plain("history.reordered", language)),
        (false, true) => said("history.came", "ins", &came),
        (true, false) => said("history.went", "del", &went),
        (false, false) => {
            let between = Html::text(if language == "zh" { "；" } else { "; " });
            Html::joined([said("history.came", "ins", &came), between, said("history.went", "del", &went)])
        }
    };
    Html::joined([said, whole])
}

/// The sentences that came and went, with one on either side that stayed.
#[must_use]
pub fn steps(before: &str, after: &str) -> Html {
    let steps = compare(before, after);
    let near = |n: usize| {
        let range = n.saturating_sub(AROUND)..=n + AROUND;
        steps
            .get(*range.start()..(*range.end() + 1).min(steps.len()))
            .is_some_and(|around| around.iter().any(|step| step.fate != Fate::Kept))
    };
    let mut pieces = Vec::new();
    let mut left_out = false;
    for (n, step) in steps.iter().enumerate() {
        if !near(n) {
            left_out = true;
            continue;
        }
        if std::mem::take(&mut left_out) {
            pieces.push(Html::element("span", &[("class", "left-out")], &Html::text("… ")));
        }
        let element = if step.fate == Fate::Added { "ins" } else { "del" };
        let words = Html::element("span", &[], &Html::text(&step.words));
        pieces.push(if step.fate == Fate::Kept { words } else { Html::element(element, &[], &words) });
        pieces.push(Html::text(" "));
    }
    if left_out {
        pieces.push(Html::element("span", &[("class", "left-out")], &Html::text("…")));
    }
    Html::element("p", &[("class", "sentences")], &Html::joined(pieces))
}

/// Each line of a text as a paragraph.
#[must_use]
pub fn paragraphs(words: &str) -> Html {
    Html::joined(
        words
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| Html::element("p", &[], &Html::text(line.trim()))),
    )
}
