//! A change as a sentence that people read: what it was about, what stood before, what stands now.

use super::change_label::label_of;
use super::change_text::{in_language, joined, lists, paragraphs, steps};
use super::history_parts::day_of;
use super::html::Html;
use super::page::Desk;
use crate::dossier::REGISTERS;
use crate::history::{Change, Deed, Line, Part, Place, Shown};

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
                    Some(Shown::Text(before)) => before.words(),
                    _ => "",
                };
                let whole = Html::element("div", &[("class", "after text")], &paragraphs(text.words()));
                if before.is_empty() {
                    return Html::joined([sentence, whole]);
                }
                let summary = Html::element("summary", &[], &self.desk.word("history.whole"));
                let then = Html::element("details", &[("class", "then")], &Html::joined([summary, whole]));
                Html::joined([sentence, steps(before, text.words()), then])
            }
            (Some(Shown::Text(text)), None) => Html::joined([sentence, steps(text.words(), "")]),
            _ => sentence,
        }
    }

    /// What stood before, by itself: for those who may read it beside a change that others see as well.
    #[must_use]
    pub fn was(&self) -> Html {
        let Some(before) = self.before else { return Html::default() };
        if let Shown::Text(text) = before {
            return steps(text.words(), "");
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
            Shown::List(lines) => of_both(joined(lines.iter(), "zh"), joined(lines.iter(), "en")),
            _ => return None,
        };
        let label = of_both(self.label("zh"), self.label("en"));
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
            (Deed::Moved { .. }, _) if self.of_dossier() => "history.dossier_renamed",
            (Deed::Moved { same: true, .. }, _) => "history.moved",
            (Deed::Moved { same: false, .. }, _) => "history.moved_changed",
            (Deed::Left { .. }, _) => "history.left",
            (Deed::Added, Part::Record) if self.of_dossier() => "history.dossier_added",
            (Deed::Removed, Part::Record) if self.of_dossier() => "history.dossier_removed",
            (Deed::Added, Part::Record) => "history.record_added",
            (Deed::Removed, Part::Record) => "history.record_removed",
            (Deed::Changed, Part::Record) => "history.record_retyped",
            (Deed::Opened { .. }, _) => "history.opened",
            (Deed::Removed, Part::Opening) => "history.opening_removed",
            (_, Part::Opening) if before.is_some() => "history.opening_changed",
            (_, Part::Opening) => "history.opening",
            (Deed::Removed, Part::Group) => "history.ungrouped",
            (_, Part::Group) if before.is_some() => "history.regrouped",
            (_, Part::Group) => "history.grouped",
            (_, Part::Audience) if before.is_some() => "history.audience",
            (_, Part::Audience) => "history.audience_set",
            (Deed::Added, Part::Narrowed(_)) => "history.narrowed",
            (Deed::Removed, Part::Narrowed(_)) => "history.unnarrowed",
            (_, Part::Narrowed(_)) => "history.renarrowed",
            (Deed::Added, Part::Rows) => "history.rows",
            (Deed::Added, Part::Attachment { .. }) => "history.file_added",
            (Deed::Changed, Part::Attachment { .. }) => "history.file_replaced",
            (Deed::Removed, Part::Attachment { .. }) => "history.file_removed",
            (Deed::Added, Part::Section { path, .. }) if path.is_empty() => "history.text_added",
            (Deed::Removed, Part::Section { path, .. }) if path.is_empty() => "history.text_removed",
            (_, Part::Section { path, .. }) if path.is_empty() => "history.text_changed",
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
            "label" => self.label_inside(language),
            "before" => before.map(|shown| self.value(shown, language, "before")).unwrap_or_default(),
            "number" => self.number_before(language),
            "noun" => self.noun(language),
            "whom" => self.whom(language),
            "set_by" => self.set_by(),
            "after" => after.map(|shown| self.value(shown, language, "after")).unwrap_or_default(),
            "list" => lists(before, after, language, self.desk),
            "from" => match deed {
                Deed::Moved { from: place, .. } | Deed::Left { to: place } => {
                    let words = match place.inside().filter(|_| self.of_dossier()) {
                        Some((dossier, _)) => dossier.to_string(),
                        // Where it went is another dossier, though its history goes on under that one's name.
                        None if matches!(deed, Deed::Left { .. }) => place_words(place, ""),
                        None => place_words(place, &self.change.record.dossier),
                    };
                    Html::element("span", &[("class", "path")], &Html::text(&words))
                }

                _ => Html::default(),
            },
            _ => Html::default(),
        })
    }

    /// Whether the change is one of the dossier as a whole.
    fn of_dossier(&self) -> bool {
        let record = &self.change.record;
        &*record.path == "dossier" && record.dossier.as_ref() != REGISTERS
    }

    /// To whom a record opens: what its dossier asks is asked still.
    fn whom(&self, language: &str) -> Html {
        let dossier = self.change.record.dossier.as_ref();
        let target = self.desk.archive.names.get(dossier);
        let open = dossier == REGISTERS || target.is_some_and(|target| target.clearance.is_open());
        Html::text(
            self.desk.theme.words().plain(if open { "history.to_staff" } else { "history.to_dossier" }, language),
        )
    }

    /// Who had set what came on its day, with the way to that commit.
    fn set_by(&self) -> Html {
        let commit = self.desk.history.and_then(|history| history.commit(self.change.commit));
        commit.map_or_else(Html::default, |commit| {
            let (href, said) = (format!("#c-{}", commit.short), format!("{} {}", commit.author, day_of(commit)));
            Html::element("a", &[("href", &href)], &Html::text(said.trim()))
        })
    }

    /// The number before another, without the unit that stands behind both.
    fn number_before(&self, language: &str) -> Html {
        let (Some(Shown::Line(old)), Some(Shown::Line(new))) = (self.before, self.change.after.as_deref()) else {
            return Html::default();
        };
        let (old, new) = (self.line(old, language), self.line(new, language));
        let same = |(number, unit): &(&str, &str)| {
            new.rsplit_once(' ').is_some_and(|(_, other)| other == *unit) && !number.is_empty()
        };
        let number = old.rsplit_once(' ').filter(same).map_or(old.as_str(), |(number, _)| number);
        Html::element("span", &[("class", "before")], &Html::text(number))
    }

    /// What a number is called in the middle of a sentence: in English with its article, unless it counts several.
    fn noun(&self, language: &str) -> Html {
        let label = |html: &Html| Html::element("span", &[("class", "change-label")], html);
        let name = label_of(self.desk, &self.change.part, self.change.label.as_deref());
        let name = name.in_language(language);
        let plain = matches!(&self.change.part, Part::Field { element: None, .. });
        let mut chars = name.chars();
        let (Some(first), second) = (chars.next(), chars.next()) else { return Html::default() };
        // What is written in capitals is a name.
        if language != "en" || !plain || second.is_some_and(char::is_uppercase) {
            return self.label_inside(language);
        }
        let rest = name.get(first.len_utf8()..).unwrap_or_default();
        let article = if name.ends_with('s') && !name.ends_with("ss") { "" } else { "the " };
        let small: String = first.to_lowercase().chain(rest.chars()).collect();
        Html::joined([Html::text(article), label(&Html::text(&small))])
    }

    /// What the part is called in a sentence: whose it is stands before it, and headings between quotation marks.
    fn label_inside(&self, language: &str) -> Html {
        let (open, close, whose) = if language == "zh" { ("「", "」", "的") } else { ("“", "”", "’s ") };
        let named = |label: &Html| Html::element("span", &[("class", "change-label")], label);
        match &self.change.part {
            Part::Narrowed(part) if matches!(part.as_ref(), Part::Section { path, .. } if !path.is_empty()) => {
                Html::joined([Html::text(open), named(&self.label(language)), Html::text(close)])
            }
            Part::Field { element: Some(element), .. } => {
                let label = label_of(self.desk, &self.change.part, self.change.label.as_deref());
                let name =
                    label.in_language(language).strip_prefix(&**element).map(|rest| rest.trim_start_matches(" · "));
                let text = |text: &str| Html::element("span", &[], &Html::text(text));
                let whose = |name| Html::joined([text(element), Html::text(whose), text(name)]);
                named(&name.map_or_else(|| self.label(language), whose))
            }
            _ => named(&self.label(language)),
        }
    }

    /// What the part is called. Each name in it is an element: what stands side by side is no text of the archive.
    fn label(&self, language: &str) -> Html {
        let text = |text: &str| Html::element("span", &[], &Html::text(text));
        let label = label_of(self.desk, &self.change.part, self.change.label.as_deref());
        let label = label.in_language(language);
        let first = match &self.change.part {
            Part::Record => return Html::text(&self.change.record.path),
            Part::Field { element: Some(element), .. } => &**element,
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
            Part::Plate { line: which, .. } if &**which == "carrier" => format!("carrier.{}", line.en),
            Part::Audience | Part::Narrowed(_) => return audience_words(self.desk, line, language),
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
            Shown::Rows { first, last, .. } if first == last => first.clone(),
            Shown::Rows { first, last, count } => {
                let count = count.to_string();
                let words = self.desk.theme.words().of_number("history.row_count", &count, language);
                words.replace("{first}", first).replace("{last}", last).replace("{n}", &count)
            }
            Shown::File { size, digest, .. } => match size {
                Some(size) => format!("{} · {digest}", bytes(*size)),
                None => digest.clone(),
            },
        };
        Html::element("span", &[("class", class)], &Html::text(&text))
    }
}

/// Who may read something, by what the audiences are called. One that is gone is called as it was in the rules.
#[must_use]
pub fn audience_words(desk: &Desk<'_>, line: &Line, language: &str) -> String {
    let audiences = &desk.archive.settings.audiences;
    let title = |word: &str| {
        let name = word.trim_matches(['(', ')']);
        let title = audiences.get(name).map(|audience| audience.title.in_language(language));
        title.map_or_else(|| word.to_owned(), |title| word.replace(name, title))
    };
    // Names have no spaces; all staff are called in words that no audience has.
    let words = in_language(line, language).split(' ').map(title).collect::<Vec<_>>();
    words.join(if language == "zh" { "" } else { " " })
}

/// Something in both languages, once where it is the same.
fn of_both(zh: Html, en: Html) -> Html {
    if zh == en {
        return zh;
    }
    let of = |language: &str, html: &Html| Html::element("span", &[("class", language), ("lang", language)], html);
    Html::joined([of("zh", &zh), of("en", &en)])
}

/// Which sentence says how a value became another.
fn changed(old: &Line, new: &Line) -> &'static str {
    match (old.number(), new.number()) {
        (Some(old), Some(new)) if new > old => "history.raised",
        (Some(old), Some(new)) if new < old => "history.lowered",
        _ => "history.changed",
    }
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
