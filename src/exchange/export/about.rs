//! What an archive holds about a person: the record of the contact, what refers to it, what names the person, and whether
//! it is personal. What is asked for on a person's behalf is a list, so that nobody has to search.

use super::selection::Selection;
use crate::access::Shelf;
use crate::archive::{called, resolve};
use crate::dossier::REGISTERS;
use crate::exchange::import::guarded;
use crate::record::{Field, FieldType, Kind, Record, Value, csv_lines};
use serde_json::{Value as Json, json};

/// One thing that is held about a person.
struct Line<'a> {
    record: &'a Record,
    /// The field, `text` or `attachments`.
    part: String,
    /// How it is about the person.
    how: &'static str,
    /// Whether its type marks it as personal.
    personal: bool,
    value: String,
}

/// What is held about a person, as far as somebody may read it.
pub struct About<'a> {
    lines: Vec<Line<'a>>,
}

/// The person that is asked for.
struct Person<'a> {
    record: &'a Record,
    /// What the record is called.
    called: String,
    /// What the person is called.
    names: Vec<String>,
}

impl<'a> About<'a> {
    /// What a selection holds about the person of a record, by its name; `None` where that is not in it. Whoever is
    /// called as the person counts in the same dossier and in registers: elsewhere it would be another of the name.
    #[must_use]
    pub fn of(selection: &'a Selection<'a>, name: &str) -> Option<Self> {
        let (_, record) = selection.records().find(|(_, record)| called(&record.name) == name)?;
        let person = Person { record, called: name.to_owned(), names: names_of(selection, record) };
        let near = |record: &&Record| {
            record.name.dossier == person.record.name.dossier || record.name.dossier.as_ref() == REGISTERS
        };
        let mut lines = Vec::new();
        for (_, other) in selection.records() {
            let mut gathering = Gathering { selection, person: &person, near: near(&other), lines: Vec::new() };
            if std::ptr::eq(other, record) {
                gathering.whole(other, "record");
            } else {
                gathering.parts(other);
                // A paper on a person is about that person in all that it says.
                let found = |how: &str| gathering.lines.iter().find(|line| line.how == how).map(|line| line.how);
                let strongest = ["refers", "names", "mentions"].into_iter().find_map(found);
                if let Some(how) = strongest.filter(|_| other.record_type.personal) {
                    gathering.lines.clear();
                    gathering.whole(other, how);
                }
            }
            lines.append(&mut gathering.lines);
        }
        Some(Self { lines })
    }

    /// As CSV, each row with the notice.
    #[must_use]
    pub fn csv(&self, notice: &str) -> String {
        let header = ["record", "type", "part", "how", "personal", "value", "notice"].map(str::to_owned).to_vec();
        let row = |line: &Line<'_>| {
            let personal = if line.personal { "yes" } else { "no" };
            let (record, type_name) = (called(&line.record.name), line.record.record_type.name.clone());
            let cells = [record, type_name, line.part.clone(), line.how.to_owned(), personal.to_owned()];
            cells.into_iter().chain([guarded(&line.value), notice.to_owned()]).collect()
        };
        csv_lines(&std::iter::once(header).chain(self.lines.iter().map(row)).collect::<Vec<Vec<String>>>())
    }

    /// As JSON, a map for each thing.
    #[must_use]
    pub fn json(&self) -> Json {
        let one = |line: &Line<'_>| {
            json!({"record": called(&line.record.name), "type": line.record.record_type.name, "part": line.part,
                "how": line.how, "personal": line.personal, "value": line.value})
        };
        Json::Array(self.lines.iter().map(one).collect())
    }
}

/// What a person is called: the record's `name`, else its first field that holds a person.
fn names_of(selection: &Selection<'_>, record: &Record) -> Vec<String> {
    let persons: Vec<&Field> =
        record.fields.within(selection.holds).filter(|field| field.kind == Kind::Person).collect();
    let field = persons.iter().find(|field| field.name == "name").or(persons.first());
    let mut names = Vec::new();
    if let Some(field) = field {
        field.value.texts(&mut names);
    }
    let names = names.iter().map(|name| name.trim().to_owned());
    // A single sign stands in every text.
    names.filter(|name| name.chars().count() > 1).collect()
}

/// What of one record is about the person.
struct Gathering<'a, 's> {
    selection: &'s Selection<'a>,
    person: &'s Person<'a>,
    /// Whether whoever is called alike is the person.
    near: bool,
    lines: Vec<Line<'a>>,
}

impl<'a> Gathering<'a, '_> {
    /// All that may be read of a record.
    fn whole(&mut self, record: &'a Record, how: &'static str) {
        let holds = self.selection.holds;
        if let Some(title) = record.title.within(holds) {
            self.put(
                record,
                "title",
                how,
                record.record_type.personal,
                title.0.texts().collect::<Vec<_>>().join(" / "),
            );
        }
        self.fields(record, &record.fields, &record.record_type.fields, "", &mut |_, _| Some(how));
        for section in record.text.within(holds) {
            self.put(record, "text", how, record.record_type.personal, section.text.trim().to_owned());
        }
        for file in record.attachments.within(holds) {
            self.put(record, "attachments", how, record.record_type.personal, file.name.clone());
        }
    }

    /// What refers to the person, or names the person.
    fn parts(&mut self, record: &'a Record) {
        let holds = self.selection.holds;
        let (person, near) = (self.person, self.near);
        let says = |text: &str| near && person.names.iter().any(|name| text.contains(name.as_str()));
        if let Some(title) = record.title.within(holds).filter(|title| title.0.texts().any(says)) {
            self.put(record, "title", "mentions", false, title.0.texts().collect::<Vec<_>>().join(" / "));
        }
        self.fields(record, &record.fields, &record.record_type.fields, "", &mut |field, value| {
            let mut texts = Vec::new();
            value.texts(&mut texts);
            match field.kind {
                Kind::Reference => texts.iter().any(|name| *name == person.called).then_some("refers"),
                Kind::Person => {
                    let is = |text: &str| person.names.iter().any(|name| name == text.trim());
                    (near && texts.iter().any(|text| is(text))).then_some("names")
                }
                Kind::Text | Kind::Markdown | Kind::Code => texts.iter().any(|text| says(text)).then_some("mentions"),
                _ => None,
            }
        });
        for section in record.text.within(holds) {
            let leads = !person.record.in_list
                && section.links.iter().any(|link| {
                    let path = resolve(&record.file, &link.target);
                    path.is_some_and(|path| path == person.record.file || format!("{path}.md") == person.record.file)
                });
            for line in section.text.lines().filter(|line| says(line)) {
                self.put(record, "text", "mentions", false, line.trim().to_owned());
            }
            if leads && !says(&section.text) {
                self.put(record, "text", "refers", false, section.text.trim().to_owned());
            }
        }
        for file in record.attachments.within(holds).filter(|file| says(&file.name)) {
            self.put(record, "attachments", "mentions", false, file.name.clone());
        }
    }

    fn fields(
        &mut self,
        record: &'a Record,
        fields: &'a Shelf<Field>,
        types: &[FieldType],
        outer: &str,
        is: &mut dyn FnMut(&Field, &Value) -> Option<&'static str>,
    ) {
        for field in fields.within(self.selection.holds) {
            let of_type = types.iter().find(|known| known.name == field.name);
            let members = of_type.map(|known| known.members.as_slice()).unwrap_or_default();
            let part = if outer.is_empty() { field.name.clone() } else { format!("{outer}.{}", field.name) };
            let mut groups = field.value.groups().peekable();
            if groups.peek().is_some() {
                for group in groups {
                    self.fields(record, group, members, &part, is);
                }
            } else if let Some(how) = is(field, &field.value) {
                let personal = record.record_type.personal || of_type.is_some_and(|known| known.personal);
                self.put(record, &part, how, personal, field.value.plain(&self.selection.archive.settings.language));
            }
        }
    }

    fn put(&mut self, record: &'a Record, part: &str, how: &'static str, personal: bool, value: String) {
        if !value.is_empty() {
            self.lines.push(Line { record, part: part.to_owned(), how, personal, value });
        }
    }
}
