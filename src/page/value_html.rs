//! Values as HTML, for a reader who holds a given clearance.

use super::html::{Html, open_tag};
use super::page::Desk;
use super::record_parts::section_html;
use super::words::Words;
use crate::access::Clearance;
use crate::record::{Field, Record, Value};

/// Where a value is shown: on which page, for whom.
pub struct Showing<'a> {
    /// What pages are made with.
    pub desk: &'a Desk<'a>,
    /// The record that the value belongs to.
    pub record: &'a Record,
    /// The way from the page to the site's root.
    pub root: &'a str,
    /// What the reader holds: that of the field, or of what surrounds it.
    pub within: &'a Clearance,
}

impl Showing<'_> {
    /// A value as HTML where it stands by itself, in a field: as prose says it.
    #[must_use]
    pub fn told(&self, value: &Value) -> Html {
        let (zh, en) = (value.told("zh"), value.told("en"));
        let said = zh.map(|zh| Html::both(&zh, &en.unwrap_or_else(|| value.plain("en"))));
        match (value, said) {
            (Value::Many(values), _) if values.iter().any(|value| value.told("zh").is_some()) => {
                let separator = self.desk.word("list.separator");
                let between = |n: usize| if n == 0 { Html::default() } else { separator.clone() };
                Html::joined(values.iter().enumerate().flat_map(|(n, value)| [between(n), self.told(value)]))
            }
            (Value::Date(_) | Value::Month { .. } | Value::Week { .. } | Value::Year(_), Some(said)) => {
                Html::element("time", &[("datetime", &value.plain("en"))], &said)
            }
            _ => self.value(value),
        }
    }

    /// A value as HTML in a table or list. Members of groups that ask for more than the reader holds are left out; they are parts of
    /// their own.
    #[must_use]
    pub fn value(&self, value: &Value) -> Html {
        match value {
            Value::Text(phrase) | Value::Person(phrase) => {
                if phrase.both.as_ref().is_some_and(|text| text.contains('\n')) {
                    return lines(phrase.in_language("zh"));
                }
                Html::phrase(phrase)
            }
            Value::Markdown(sections) => Html::joined(sections.iter().map(|section| section_html(self, section))),
            Value::Code(text) => Html::element("code", &[], &Html::text(text)),
            Value::Choice { title, .. } => Html::phrase(title),
            Value::Date(date) => {
                let text = date.to_string();
                Html::element("time", &[("datetime", &text)], &Html::text(&text))
            }
            Value::YesNo(yes) => self.desk.word(if *yes { "value.yes" } else { "value.no" }),
            Value::Reference(name) => self.reference(name),
            Value::Group(members) => {
                let members: Vec<Html> = members.within(self.within).map(|member| self.member(member)).collect();
                if members.is_empty() {
                    return Html::default();
                }
                Html::element("dl", &[("class", "members")], &Html::joined(members))
            }
            Value::Many(values) => self.many(values),
            Value::Week { .. } | Value::Month { .. } | Value::Year(_) | Value::Number { .. } | Value::Percent(_) => {
                Html::text(&value.plain("en"))
            }
            Value::Money { .. } => Html::both(&value.plain("zh"), &value.plain("en")),
            Value::Duration(text) => duration_html(self.desk, text),
        }
    }

    fn member(&self, member: &Field) -> Html {
        let inside = Html::joined([
            Html::element("dt", &[], &Html::phrase(&member.title)),
            Html::element("dd", &[], &self.told(&member.value)),
        ]);
        Html::element("div", &[], &inside)
    }

    fn many(&self, values: &[Value]) -> Html {
        if values.iter().any(|value| matches!(value, Value::Group(_))) {
            let items = values.iter().map(|value| self.value(value)).filter(|html| !html.is_empty());
            return Html::element(
                "ol",
                &[("class", "groups-list")],
                &Html::joined(items.map(|html| Html::element("li", &[], &html))),
            );
        }
        let separator = self.desk.word("list.separator");
        let mut pieces = Vec::new();
        for (n, value) in values.iter().enumerate() {
            if n > 0 {
                pieces.push(separator.clone());
            }
            pieces.push(self.value(value));
        }
        Html::joined(pieces)
    }

    /// A reference: a link where the reader may read the target, else the written words alone. What lies between the
    /// dossier and the record's own name is left to the link; the reader's own dossier goes without saying.
    fn reference(&self, name: &str) -> Html {
        let shown = match name.split_once('/') {
            Some((dossier, path)) => {
                let last = path.rsplit('/').next().unwrap_or(path);
                let own = *dossier == *self.record.name.dossier;
                Html::text(&if own { last.to_owned() } else { format!("{dossier} · {last}") })
            }
            None => Html::text(name),
        };
        let target = self.desk.archive.names.get(name);
        match target.and_then(|target| self.desk.link(self.root, target, self.within)) {
            Some(href) => Html::element("a", &[("href", &href), ("title", name)], &shown),
            None => Html::element("span", &[("title", name)], &shown),
        }
    }
}

/// How pages say one and several of each unit of time, which no word of the interface alone says.
#[must_use]
pub fn duration_said(words: &Words) -> Vec<String> {
    let keys = ["s", "min", "h", "d", "w", "mo", "y"].map(|unit| format!("duration.{unit}"));
    let counted = |key: &String| {
        ["zh", "en"]
            .into_iter()
            .flat_map(|language| ["1", "2"].map(|number| words.counted(key, number, language)))
            .collect()
    };
    keys.iter().flat_map(|key| -> Vec<String> { counted(key) }).collect()
}

/// A length of time: a number and the word for its unit.
#[must_use]
pub fn duration_html(desk: &Desk<'_>, text: &str) -> Html {
    let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len()));
    let words = desk.theme.words();
    let key = format!("duration.{unit}");
    if !words.has(&key, "zh") {
        return Html::text(text);
    }
    let number = number.trim();
    Html::both(&words.counted(&key, number, "zh"), &words.counted(&key, number, "en"))
}

fn lines(text: &str) -> Html {
    let mut out = String::new();
    for (n, line) in text.trim_end().lines().enumerate() {
        if n > 0 {
            out.push_str("<br>");
        }
        out.push_str(Html::text(line).as_str());
    }
    Html::made(out)
}

/// The opening tag of an image in the clear.
#[must_use]
pub fn image_tag(src: &str, alt: &str) -> String {
    open_tag("img", &[("src", src), ("alt", alt), ("loading", "lazy")])
}
