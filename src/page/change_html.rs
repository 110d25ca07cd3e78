//! A change as a sentence that people read: what it was about, what stood before, what stands now.

use super::html::Html;
use super::page::Desk;
use crate::history::{Change, Deed, Fate, Line, Part, Place, Shown, compare};
use crate::text::Phrase;

/// How many unchanged sentences are shown around one that changed.
const AROUND: usize = 1;

/// The change with what stood before, where its reader may know that.
pub struct Told<'a> {
    /// What pages are made with.
    pub desk: &'a Desk<'a>,
    /// The change.
    pub change: &'a Change,
    /// What stood before.
    pub before: Option<&'a Shown>,
}

impl Told<'_> {
    /// The change as a sentence, and below it the sentences of a text that changed.
    #[must_use]
    pub fn html(&self) -> Html {
        let sentence = self.sentence();
        let after = self.change.after.as_deref();
        match (self.before, after) {
            (None | Some(Shown::Text(_)), Some(Shown::Text(text))) => {
                let before = match self.before {
                    Some(Shown::Text(before)) => before.words.as_str(),
                    _ => "",
                };
                let whole = Html::element("div", &[("class", "after text")], &paragraphs(&text.words));
                if before.is_empty() {
                    return Html::joined([sentence, whole]);
                }
                let summary = Html::element("summary", &[], &self.desk.word("history.whole"));
                let then = Html::element("details", &[("class", "then")], &Html::joined([summary, whole]));
                Html::joined([sentence, steps(before, &text.words), then])
            }
            (Some(Shown::Text(text)), None) => Html::joined([sentence, steps(&text.words, "")]),
            _ => sentence,
        }
    }

    /// What stood before, by itself: for those who may read it beside a change that others see as well.
    #[must_use]
    pub fn was(&self) -> Html {
        let Some(before) = self.before else { return Html::default() };
        if let Shown::Text(text) = before {
            return steps(&text.words, "");
        }
        let words = self.desk.theme.words();
        words.sentence("history.was", |_, language| self.value(before, language, "before"))
    }

    /// A part that came with its record: what it is called and what it says, without a verb.
    fn founding(&self) -> Option<Html> {
        let value = match self.change.after.as_deref()? {
            Shown::Line(line) => {
                let (zh, en) = (self.line(line, "zh"), self.line(line, "en"));
                if zh == en { Html::text(&zh) } else { Html::both(&zh, &en) }
            }
            Shown::List(lines) => joined(lines.iter(), "zh"),
            _ => return None,
        };
        let (zh, en) = (self.label("zh"), self.label("en"));
        let label = if zh == en {
            zh
        } else {
            let of =
                |language: &str, html: &Html| Html::element("span", &[("class", language), ("lang", language)], html);
            Html::joined([of("zh", &zh), of("en", &en)])
        };
        let label = Html::element("span", &[("class", "change-label")], &label);
        let value = Html::element("span", &[("class", "after")], &value);
        Some(Html::joined([label, Html::text(" "), value]))
    }

    /// What was done, as far as its reader may know: where something stood before that asks for more, it came.
    #[must_use]
    pub fn deed(&self) -> &Deed {
        match &self.change.deed {
            Deed::Changed if self.before.is_none() => &Deed::Added,
            deed => deed,
        }
    }

    fn sentence(&self) -> Html {
        if self.change.founding
            && self.change.part != Part::Rows
            && let Some(said) = self.founding()
        {
            return said;
        }
        let Change { part, after, .. } = self.change;
        let (deed, before, after) = (self.deed(), self.before, after.as_deref());
        let key = match (deed, part) {
            (Deed::Broken, _) => "history.broken",
            (Deed::Missing, _) => "history.missing",
            (Deed::Moved { same: true, .. }, _) => "history.moved",
            (Deed::Moved { same: false, .. }, _) => "history.moved_changed",
            (Deed::Left { .. }, _) => "history.left",
            (Deed::Added, Part::Record) => "history.record_added",
            (Deed::Removed, Part::Record) => "history.record_removed",
            (Deed::Changed, Part::Record) => "history.record_retyped",
            (_, Part::Audience) if before.is_some() => "history.audience",
            (Deed::Added, Part::Narrowed(_)) => "history.narrowed",
            (Deed::Removed, Part::Narrowed(_)) => "history.unnarrowed",
            (_, Part::Narrowed(_)) => "history.renarrowed",
            (Deed::Added, Part::Rows) => "history.rows",
            (Deed::Added, Part::Attachment { .. }) => "history.file_added",
            (Deed::Changed, Part::Attachment { .. }) => "history.file_replaced",
            (Deed::Removed, Part::Attachment { .. }) => "history.file_removed",
            (Deed::Added, Part::Section { .. }) => "history.section_added",
            (Deed::Removed, Part::Section { .. }) => "history.section_removed",
            (_, Part::Section { .. }) => "history.section_changed",
            (Deed::Removed, _) if matches!(before, Some(Shown::Text(_))) => "history.section_removed",
            (Deed::Removed, _) if before.is_none() => "history.removed_only",
            (Deed::Removed, _) => "history.removed",
            _ => match (before, after) {
                (Some(Shown::Line(old)), Some(Shown::Line(new))) => changed(old, new),
                (Some(Shown::List(_)), Some(Shown::List(_))) => "history.list",
                (_, Some(Shown::Text(_))) => "history.section_changed",
                _ => "history.set",
            },
        };
        self.desk.theme.words().sentence(key, |name, language| match name {
            "label" => Html::element("span", &[("class", "change-label")], &self.label(language)),
            "before" => before.map(|shown| self.value(shown, language, "before")).unwrap_or_default(),
            "after" => after.map(|shown| self.value(shown, language, "after")).unwrap_or_default(),
            "list" => lists(before, after, language, self.desk),
            "from" => match deed {
                Deed::Moved { from: place, .. } | Deed::Left { to: place } => {
                    let words = place_words(place, &self.change.record.dossier);
                    Html::element("span", &[("class", "path")], &Html::text(&words))
                }

                _ => Html::default(),
            },
            _ => Html::default(),
        })
    }

    /// What the part is called. Each name in it is an element: what stands side by side is no text of the archive.
    fn label(&self, language: &str) -> Html {
        let text = |text: &str| Html::element("span", &[], &Html::text(text));
        let label = label_of(self.desk, &self.change.part, self.change.label.as_deref());
        let label = label.in_language(language);
        let first = match &self.change.part {
            Part::Record => return Html::text(&self.change.record.path),
            Part::Field { element: Some(element), .. } => element.as_str(),
            Part::Cell { label, .. } => label.as_ref(),
            Part::Plate { .. } => label.split(" · ").next().unwrap_or_default(),
            _ => return Html::text(label),
        };
        match label.strip_prefix(first) {
            Some(rest) => Html::joined([text(first), text(rest)]),
            None => text(label),
        }
    }

    /// A value on a line; the words of the format itself in the reader's language.
    fn line(&self, line: &Line, language: &str) -> String {
        let words = self.desk.theme.words();
        let key = match &self.change.part {
            Part::Origin => format!("origin.{}", line.en),
            Part::Plate { line: which, .. } if which == "carrier" => format!("carrier.{}", line.en),
            _ => String::new(),
        };
        if words.has(&key, language) {
            words.plain(&key, language).to_owned()
        } else {
            in_language(line, language).to_owned()
        }
    }

    fn value(&self, shown: &Shown, language: &str, class: &str) -> Html {
        let text = match shown {
            Shown::Line(line) => self.line(line, language),
            Shown::List(lines) => {
                return Html::element("span", &[("class", class)], &joined(lines.iter(), language));
            }
            Shown::Text(_) => String::new(),
            Shown::Rows { first, last, count } => {
                let rows =
                    self.desk.theme.words().plain("history.row_count", language).replace("{n}", &count.to_string());
                format!("{first} – {last} ({rows})")
            }
            Shown::File { size, digest } => match size {
                Some(size) => format!("{} · {digest}", bytes(*size)),
                None => digest.clone(),
            },
        };
        Html::element("span", &[("class", class)], &Html::text(&text))
    }
}

/// What a part of a record is called, where its type may have said so.
#[must_use]
pub fn label_of(desk: &Desk<'_>, part: &Part, said: Option<&Phrase>) -> Phrase {
    let words = desk.theme.words();
    let whole = said;
    let in_language = |language: &str| {
        let word = |key: &str| words.plain(key, language).to_owned();
        let said = said.map(|label| label.in_language(language).to_owned());
        match part {
            Part::Record => word("record.type"),
            Part::Audience => word("history.audience_label"),
            Part::Title => word("record.title"),
            Part::Date => word("record.date"),
            Part::Summary => word("record.abstract"),
            Part::Origin => word("record.origin"),
            Part::Field { name, element, member } => {
                let last = said.unwrap_or_else(|| member.as_ref().unwrap_or(name).clone());
                element.as_ref().map_or(last.clone(), |element| format!("{element} · {last}"))
            }
            Part::Plate { key, line } => {
                let key_of_line = format!("{key}.{line}");
                let line = if words.has(&key_of_line, language) { word(&key_of_line) } else { line.clone() };
                format!("{} · {line}", word(&format!("history.{key}")))
            }
            Part::Section { path, .. } if path.is_empty() => word("history.text"),
            Part::Section { path, .. } => path.clone(),
            Part::Rows => said.unwrap_or_default(),
            Part::Cell { label, column } => format!("{label} {}", said.unwrap_or_else(|| column.to_string())),
            Part::Attachment { name } => name.clone(),
            Part::Narrowed(part) => label_of(desk, part, whole).in_language(language).to_owned(),
        }
    };
    Phrase { zh: Some(in_language("zh")), en: Some(in_language("en")), both: None }
}

/// Which sentence says how a value became another.
fn changed(old: &Line, new: &Line) -> &'static str {
    match (old.number(), new.number()) {
        (Some(old), Some(new)) if new > old => "history.raised",
        (Some(old), Some(new)) if new < old => "history.lowered",
        _ => "history.changed",
    }
}

fn in_language<'l>(line: &'l Line, language: &str) -> &'l str {
    if language == "zh" { &line.zh } else { &line.en }
}

/// The elements of a list, each an element by itself: what stands side by side is no text of the archive.
fn joined<'l>(lines: impl Iterator<Item = &'l Line>, language: &str) -> Html {
    let separator = if language == "zh" { "、" } else { ", " };
    Html::joined(lines.enumerate().map(|(n, line)| {
        let item = Html::element("span", &[], &Html::text(in_language(line, language)));
        if n == 0 { item } else { Html::joined([Html::text(separator), item]) }
    }))
}

/// What came to a list and what went.
fn lists(before: Option<&Shown>, after: Option<&Shown>, language: &str, desk: &Desk<'_>) -> Html {
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
fn steps(before: &str, after: &str) -> Html {
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

fn paragraphs(words: &str) -> Html {
    Html::joined(
        words
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| Html::element("p", &[], &Html::text(line.trim()))),
    )
}

/// A place as people know it from inside a dossier: the record's name, or the path in the repository.
fn place_words(place: &Place, here: &str) -> String {
    match place {
        Place::Inside { dossier, inside } => {
            let name = inside.rsplit_once('.').map_or(inside.as_ref(), |(name, _)| name);
            if dossier.as_ref() == here { name.to_owned() } else { format!("{dossier}/{name}") }
        }
        Place::Outside(path) => path.to_string(),
    }
}

fn bytes(size: u64) -> String {
    if size >= 1 << 20 { format!("{:.1} MB", size as f64 / 1_048_576.0) } else { format!("{} kB", size.div_ceil(1024)) }
}
