//! Changes as the command line says them: what every row of a history or a difference holds, and its line for people.

use crate::access::Clearance;
use crate::finding::harmless;
use crate::history::{Change, Deed, Fate, Line, Part, Place, PlainChange, Shown, compare};
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// A change, ready to be said.
pub struct Row {
    /// The commit, by its number.
    pub commit: usize,
    /// The day on which it came by itself, as the commit had set it.
    pub on: Option<Date>,
    /// The dossier; empty for settings, readers and types.
    pub dossier: String,
    /// The record inside the dossier, or the file.
    pub record: String,
    /// The record's type.
    pub record_type: String,
    /// The part, by a name that stays.
    pub part: String,
    /// What was done: added, changed, removed, moved, left, broken, missing, opened.
    pub deed: &'static str,
    /// What stood before.
    pub before: Option<String>,
    /// What stands after.
    pub after: Option<String>,
    /// Whether it came with its record.
    pub founding: bool,
    /// What stood before as it is written in the file, for programs.
    pub before_raw: Option<Value>,
    /// What stands after, as it is written.
    pub after_raw: Option<Value>,
    /// Whether both are texts, which people compare sentence by sentence.
    pub prose: bool,
    /// Who may read the change.
    pub audience: String,
}

impl Row {
    /// What a change says of itself in a table, in the order of [`Row::cells`].
    pub const HEADER: [&str; 10] =
        ["dossier", "record", "type", "part", "change", "before", "after", "before_raw", "after_raw", "audience"];

    /// The cells of the change in a table.
    #[must_use]
    pub fn cells(&self) -> [String; 10] {
        [
            self.dossier.clone(),
            self.record.clone(),
            self.record_type.clone(),
            self.part.clone(),
            self.deed.to_owned(),
            self.before.clone().unwrap_or_default(),
            self.after.clone().unwrap_or_default(),
            raw_cell(self.before_raw.as_ref()),
            raw_cell(self.after_raw.as_ref()),
            self.audience.clone(),
        ]
    }

    /// A change of a record, with its values in a language.
    #[must_use]
    pub fn of((asks, change): (Clearance, &Change), language: &str) -> Self {
        let before = change.before.as_ref().map(|held| held.clone().release());
        let asks = before.as_ref().map_or_else(|| asks.clone(), |(of_before, _)| asks.and(of_before));
        let (deed, from) = match &change.deed {
            Deed::Added => ("added", None),
            Deed::Changed => ("changed", None),
            Deed::Removed => ("removed", None),
            Deed::Moved { from, .. } => ("moved", Some(from)),
            Deed::Left { to } => ("left", Some(to)),
            Deed::Broken => ("broken", None),
            Deed::Missing => ("missing", None),
            Deed::Opened { .. } => ("opened", None),
        };
        let from = from.map(|place| match &**place {
            Place::Inside { dossier, inside } => format!("{dossier}/{inside}"),
            Place::Outside(path) => path.to_string(),
        });
        Self {
            commit: change.commit,
            on: change.moment().1,
            dossier: change.record.dossier.to_string(),
            record: change.record.path.to_string(),
            record_type: change.record_type.as_ref().map(|t| t.name.clone()).unwrap_or_default(),
            part: part_name(&change.part),
            deed,
            before_raw: match &from {
                Some(place) => Some(json!(place)),
                None => before.as_ref().map(|(_, shown)| raw_of(shown)),
            },
            after_raw: change.after.as_ref().map(|shown| raw_of(shown)),
            before: from.or_else(|| before.map(|(_, shown)| text_of(&shown, language))),
            after: match change.deed {
                Deed::Opened { day, .. } => Some(day.to_string()),
                _ => change.after.as_ref().map(|shown| text_of(shown, language)),
            },
            founding: change.founding,
            prose: change.after.as_deref().is_some_and(|shown| matches!(shown, Shown::Text(_))),
            audience: asks.canonical(),
        }
    }

    /// A change as whoever holds something may know of it, with what stood before where that is theirs to read as well:
    /// where it asks for more, the value came, as on the page. Nobody named holds everything.
    #[must_use]
    pub fn seen((asks, change): (Clearance, &Change), holds: Option<&Clearance>, language: &str) -> Option<Self> {
        let Some(holds) = holds else { return Some(Self::of((asks, change), language)) };
        if !holds.implies(&asks) {
            return None;
        }
        let within = change.before.as_ref().is_none_or(|before| before.within(holds).is_some());
        let seen = Self::of((asks.clone(), change), language);
        if within {
            return Some(seen);
        }
        let deed = if matches!(change.deed, Deed::Changed) { "added" } else { seen.deed };
        Some(Self { before: None, before_raw: None, audience: asks.canonical(), deed, ..seen })
    }

    /// A change of an entry of the settings, a reader or a type.
    #[must_use]
    pub fn plain(path: &str, change: PlainChange) -> Self {
        let deed = match (&change.before, &change.after) {
            (None, _) => "added",
            (Some(_), None) => "removed",
            (Some(_), Some(_)) => "changed",
        };
        Self {
            commit: change.commit,
            on: None,
            dossier: String::new(),
            record: path.to_owned(),
            record_type: String::new(),
            part: change.entry,
            deed,
            before_raw: change.before.as_deref().map(Value::from),
            after_raw: change.after.as_deref().map(Value::from),
            before: change.before,
            after: change.after,
            founding: false,
            prose: false,
            audience: String::new(),
        }
    }

    /// The change for programs: what it is called by, and what stood before and after.
    #[must_use]
    pub fn json(&self) -> Map<String, Value> {
        let said = [
            ("dossier", json!(self.dossier)),
            ("record", json!(self.record)),
            ("type", json!(self.record_type)),
            ("part", json!(self.part)),
            ("change", json!(self.deed)),
            ("before", json!(self.before)),
            ("after", json!(self.after)),
            ("before_raw", json!(self.before_raw)),
            ("after_raw", json!(self.after_raw)),
            ("audience", json!(self.audience)),
        ];
        said.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Whether the change is one of this field, or of an entry below it.
    #[must_use]
    pub fn is_of(&self, field: &str) -> bool {
        let below = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[', ':']);
        self.part.strip_prefix(field).is_some_and(below)
    }

    /// The field that the change is one of, without element, member or heading.
    #[must_use]
    pub fn field(&self) -> &str {
        self.part.split(['.', '[', ':']).next().unwrap_or(&self.part)
    }

    /// Whether the change is one of this record, or of an item of this list.
    #[must_use]
    pub fn belongs_to(&self, record: &str) -> bool {
        self.record.strip_prefix(record).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// The name of a part: that of the field where it is one, `text:HEADING`, `attachments:NAME`, `COLUMN[LABEL]`.
fn part_name(part: &Part) -> String {
    match part {
        Part::Record => "record".into(),
        Part::Audience => "audience".into(),
        Part::Opening => "open_from".into(),
        Part::Group => "record.group".into(),
        Part::Title => "title".into(),
        Part::Date => "date".into(),
        Part::Summary => "abstract".into(),
        Part::Origin => "origin".into(),
        Part::Field { name, element, member } => {
            let element = element.as_ref().map(|element| format!("[{element}]")).unwrap_or_default();
            let member = member.as_ref().map(|member| format!(".{member}")).unwrap_or_default();
            format!("{name}{element}{member}")
        }
        Part::Plate { key, line } => format!("{key}.{line}"),
        Part::Section { path, nth: 0 } if path.is_empty() => "text".into(),
        Part::Section { path, nth: 0 } => format!("text:{path}"),
        Part::Section { path, nth } => format!("text:{path} ({})", nth + 1),
        Part::Rows => "rows".into(),
        Part::Cell { label, column } => format!("{column}[{label}]"),
        Part::Attachment { name } => format!("attachments:{name}"),
        Part::Narrowed(part) => format!("{}.audience", part_name(part)),
    }
}

fn text_of(shown: &Shown, language: &str) -> String {
    let said = |line: &Line| if language == "zh" { line.zh.to_string() } else { line.en.to_string() };
    match shown {
        Shown::Line(line) => said(line),
        Shown::List(lines) => lines.iter().map(said).collect::<Vec<_>>().join(", "),
        Shown::Text(text) => text.words().to_owned(),
        Shown::Rows { first, last, count } => format!("{first} – {last} ({count})"),
        Shown::File { size, digest, .. } => match size {
            Some(size) => format!("{size} bytes, {digest}"),
            None => digest.clone(),
        },
    }
}

/// A value as it is written in the file: a text, texts in two languages, a list of them, what a series' rows reach
/// over, or the id of a file's content.
fn raw_of(shown: &Shown) -> Value {
    let of_line = |line: &Line| match &line.written {
        Some(written) => json!(**written),
        None if line.zh != line.en => json!({"zh": *line.zh, "en": *line.en}),
        None => json!(*line.zh),
    };
    match shown {
        Shown::Line(line) => of_line(line),
        Shown::List(lines) => lines.iter().map(of_line).collect(),
        Shown::Text(text) => json!(text.written.as_deref().unwrap_or_else(|| text.words())),
        Shown::Rows { first, last, count } => json!({"first": first, "last": last, "rows": count}),
        Shown::File { id, .. } => json!(id.to_string()),
    }
}

/// How long a value may be on a line of its own.
const LINE: usize = 72;

/// A text on one line, cut where it is long.
#[must_use]
pub fn short(text: &str) -> String {
    let line = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    let mut cut: String = line.chars().take(LINE).collect();
    if cut.len() < line.len() {
        cut.push('…');
    }
    harmless(&cut)
}

/// What a change did, on a line, or on several for a text.
#[must_use]
pub fn change_lines(row: &Row) -> String {
    let mut out = String::new();
    let part = harmless(&row.part);
    if let (true, Some(before), Some(after)) = (row.prose, &row.before, &row.after) {
        let _ = writeln!(out, "    {part}:");
        for step in compare(before, after) {
            let sign = match step.fate {
                Fate::Kept => continue,
                Fate::Added => '+',
                Fate::Removed => '−',
            };
            let _ = writeln!(out, "      {sign} {}", harmless(&step.words));
        }
        return out;
    }
    let (before, after) = (row.before.as_deref().map(short), row.after.as_deref().map(short));
    let said = match (row.deed, before, after) {
        ("moved", Some(from), _) => format!("moved from {from}"),
        ("left", Some(to), _) => format!("moved to {to}"),
        (_, Some(from), Some(to)) if row.part == "record.group" => format!("moved from group {from} to group {to}"),
        (_, None, Some(to)) if row.part == "record.group" && !row.founding => format!("moved to group {to}"),
        (_, Some(from), None) if row.part == "record.group" => format!("moved out of group {from}"),
        ("opened", _, Some(_)) => "opened: its own audience ended".to_owned(),
        ("broken", ..) => "could not be read as it stood then".to_owned(),
        ("missing", ..) => "content missing from the repository".to_owned(),
        (_, Some(before), Some(after)) => format!("{part}: {before} → {after}"),
        (_, None, Some(after)) => format!("{part}: + {after}"),
        (_, Some(before), None) => format!("{part}: − {before}"),
        (deed, None, None) => format!("{part}: {deed}"),
    };
    let _ = writeln!(out, "    {said}");
    out
}

/// A value as it is written, in a cell: a text as it is, anything else as JSON.
#[must_use]
pub fn raw_cell(raw: Option<&Value>) -> String {
    match raw {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
