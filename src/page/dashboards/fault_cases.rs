//! The library of fault cases, searched in the page by what is seen of a fault.

use super::super::html::{Html, open_tag};
use super::super::page::Desk;
use super::super::part::{Empty, Part, Shell};
use super::super::record_parts::section_html;
use super::super::value_html::Showing;
use super::record_table::link;
use crate::access::Held;
use crate::record::{Record, Value};

/// The type of records of the library.
const CASE: &str = "fault-case";

/// What is shown of a case, in this order, and how much a word that is found there counts for the search. In whose
/// network it was seen is not among it: the library names no customer.
const FIELDS: [(&str, &str); 8] = [
    ("symptom", "4"),
    ("cause", "2"),
    ("nature", "2"),
    ("cure", "1"),
    ("prevention", "1"),
    ("time_to_repair", ""),
    ("equipment", "3"),
    ("services", "3"),
];

/// The fields by whose values cases are chosen.
const CHOICES: [&str; 3] = ["nature", "equipment", "services"];

/// The search, and every case. What is sealed is found once it was opened.
pub fn fault_cases(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let Some(record_type) = desk.archive.types.get(CASE) else { return Vec::new() };
    let choices = CHOICES.iter().filter_map(|name| record_type.field(name)).map(|field| {
        let label = Html::element("span", &[], &Html::phrase(&field.title));
        let select = Html::element("select", &[("data-case-choice", &field.name)], &Html::default());
        Html::element("label", &[("class", "control")], &Html::joined([label, select]))
    });
    let context = super::super::theme::Context::new().html("choices", &Html::joined(choices));
    let search = desk.part("parts/case_search.html", &context);
    let of_dossiers = desk.archive.dossiers.lay_out(|held| {
        Part::gathered(held.map(|dossier| {
            dossier.records.pick(|record| record.record_type.name == CASE).map(|held| case(desk, &held, root)).collect()
        }))
    });
    let mut cases: Vec<Part> = of_dossiers.flatten().collect();
    let of_registers = desk.archive.registers.pick(|record| record.record_type.name == CASE);
    cases.extend(of_registers.map(|held| case(desk, &held, root)));
    let shell = Shell::element("div", &[("class", "cases"), ("id", "cases")]);
    vec![Part::leaf(desk.said(search)), Part::group(desk.said(shell), cases, Empty::Keep)]
}

/// A case: its title, its fields, its text.
fn case(desk: &Desk<'_>, held: &Held<&Record>, root: &str) -> Part {
    let shell = held.clone().map(|record| {
        let id = format!("case/{}", record.name).replace(char::is_whitespace, "_");
        let inner = open_tag("div", &[("class", "case-body"), ("id", &id)]);
        Shell {
            id: Some(id),
            before: Html::made(format!("<article class=\"case\" tabindex=\"-1\">{inner}")),
            after: Html::made("</div></article>".to_owned()),
            beyond: None,
        }
    });
    let heading = Part::group(
        held.clone().map(|_| Shell::element("h2", &[("class", "case-title"), ("data-weight", "4")])),
        vec![link(desk, held, root)],
        Empty::Keep,
    );
    let parts = Part::gathered(held.clone().map(|record| {
        let fields = FIELDS.iter().filter_map(|(name, weight)| {
            let field = record.field(name)?;
            let within = field.clearance().clone();
            Some(Part::leaf(field.map(|field| {
                let showing = Showing { desk, record, root, within: &within };
                // Of several things each is an item, so that the search can offer it by itself.
                let value = match &field.value {
                    Value::Many(values) => {
                        let items = values.iter().map(|value| Html::element("li", &[], &showing.value(value)));
                        Html::element("ul", &[], &Html::joined(items))
                    }
                    value => showing.value(value),
                };
                let label = Html::element("span", &[("class", "case-label")], &Html::phrase(&field.title));
                let value = Html::element("div", &[("class", "case-value")], &value);
                let attributes = [("class", "case-field"), ("data-field", *name), ("data-weight", *weight)];
                Html::element("div", &attributes, &Html::joined([label, value]))
            })))
        });
        let sections = record.text.lay_out(|section| {
            let within = section.clearance().clone();
            Part::leaf(section.map(|section| {
                let text = section_html(&Showing { desk, record, root, within: &within }, section);
                Html::element("div", &[("class", "case-text"), ("data-weight", "1")], &text)
            }))
        });
        fields.chain(sections).collect()
    }));
    Part::group(shell, std::iter::once(heading).chain(parts).collect(), Empty::Keep)
}
