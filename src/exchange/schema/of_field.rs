//! A field as a schema.

use super::common::one_or_several;
use crate::record::{FieldType, Kind};
use crate::text::Phrase;
use serde_json::{Map, Value, json};

/// Digits with an optional sign, point and commas.
const NUMBER: &str = "[-+]?[0-9,]+(\\.[0-9]+)?";

/// What stands in a field: one value or several, with title and explanation.
pub(super) fn of_field(field: &FieldType) -> Value {
    let one = of_one(field);
    let mut schema = if field.many { one_or_several(&one) } else { one };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("title".to_owned(), json!(both(&field.title)));
        schema.insert("description".to_owned(), json!(described(field)));
    }
    schema
}

fn of_one(field: &FieldType) -> Value {
    match field.kind {
        Kind::Text | Kind::Person => json!({"$ref": "#/$defs/phrase"}),
        Kind::Markdown | Kind::Code => json!({"$ref": "#/$defs/text"}),
        Kind::Choice => choice(field),
        Kind::Date => json!({"$ref": "#/$defs/day"}),
        Kind::Week => patterned("\\d{4}-W\\d{2}"),
        Kind::Month => patterned("\\d{4}-\\d{2}"),
        Kind::Year => json!({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 9999}, patterned("\\d{4}")]}),
        Kind::YesNo => json!({"enum": ["yes", "no", true, false, "是", "否"]}),
        Kind::Number => json!({"anyOf": [{"type": "number"}, patterned(NUMBER)]}),
        Kind::Money => patterned(&format!("{NUMBER} +[A-Z]{{3}}")),
        Kind::Percent => json!({"anyOf": [{"type": "number"}, patterned(&format!("{NUMBER} *[%％]?"))]}),
        Kind::Duration => patterned(&format!("{NUMBER} *(s|min|h|d|w|mo|y)")),
        Kind::Reference => json!({"type": "string", "minLength": 1}),
        Kind::Group => {
            let members: Map<String, Value> =
                field.members.iter().map(|member| (member.name.clone(), of_field(member))).collect();
            let required = field.members.iter().filter(|member| member.required).map(|member| &member.name);
            json!({
                "type": "object",
                "properties": members,
                "required": required.collect::<Vec<_>>(),
                "additionalProperties": false,
            })
        }
    }
}

fn patterned(pattern: &str) -> Value {
    json!({"type": "string", "pattern": format!("^{pattern}$")})
}

/// The words of a choice. What YAML takes for a number, or for true and false, an editor does not see as text.
fn choice(field: &FieldType) -> Value {
    let (mut words, mut said) = (Vec::new(), Vec::new());
    for choice in &field.choices {
        let other = match choice.word.as_str() {
            "true" => Some(json!(true)),
            "false" => Some(json!(false)),
            word => word.parse::<i64>().ok().filter(|number| number.to_string() == word).map(|number| json!(number)),
        };
        for word in [Some(json!(choice.word)), other].into_iter().flatten() {
            words.push(word);
            said.push(both(&choice.title));
        }
    }
    json!({"enum": words, "enumDescriptions": said})
}

/// What belongs into a field, in both languages.
fn described(field: &FieldType) -> String {
    let (mut zh, mut en) = written(field.kind);
    if let Some(purpose) = &field.purpose {
        zh = format!("{} {zh}", purpose.in_language("zh"));
        en = format!("{} {en}", purpose.in_language("en"));
    }
    if let Some(to) = &field.to {
        zh = format!("{zh}须指向 {to}。");
        en = format!("{en} It leads to a {to}.");
    }
    if let Some(unit) = &field.unit {
        zh = format!("{zh}单位：{unit}。");
        en = format!("{en} In {unit}.");
    }
    if field.many {
        zh = format!("{zh}可以有多个。");
        en = format!("{en} One or several.");
    }
    if let Some((_, names)) = &field.audience {
        zh = format!("{zh}还须属于 {}。", names.join("、"));
        en = format!("{en} Only for {}.", names.join(" or "));
    }
    let choices = field.choices.iter().map(|choice| format!("\n{}: {}", choice.word, both(&choice.title)));
    format!("{}\n{}{}", zh.trim(), en.trim(), choices.collect::<String>())
}

/// How a kind is written, in Chinese and in English.
fn written(kind: Kind) -> (String, String) {
    let (zh, en) = match kind {
        Kind::Text => ("文字。", "Text."),
        Kind::Markdown => ("Markdown 文字。", "Markdown."),
        Kind::Code => ("原样文字。", "Text as it is."),
        Kind::Choice => ("从下列选一个。", "One of the following."),
        Kind::Person => ("人名。", "A person's name."),
        Kind::Date => ("日期，如 2027-03-31。", "A day, as 2027-03-31."),
        Kind::Week => ("周，如 2027-W07。", "An ISO week, as 2027-W07."),
        Kind::Month => ("月份，如 2027-03。", "A month, as 2027-03."),
        Kind::Year => ("年份，如 2027。", "A year, as 2027."),
        Kind::YesNo => ("yes 或 no。", "yes or no."),
        Kind::Number => ("数字，如 1250.5。", "A number, as 1250.5."),
        Kind::Money => ("金额和币种，如 1280000 CNY。", "An amount and a currency, as 1280000 CNY."),
        Kind::Percent => ("百分数，如 99.95%。", "A percentage, as 99.95%."),
        Kind::Duration => {
            ("时长，如 90d（s、min、h、d、w、mo、y）。", "A length of time, as 90d (s, min, h, d, w, mo, y).")
        }
        Kind::Reference => {
            ("另一件的名称：案卷/路径，不带扩展名。", "The name of another record: DOSSIER/PATH without the extension.")
        }
        Kind::Group => ("几项一组。", "Several things together."),
    };
    (zh.to_owned(), en.to_owned())
}

/// A phrase in both languages on one line.
pub(super) fn both(phrase: &Phrase) -> String {
    match (&phrase.zh, &phrase.en) {
        (Some(zh), Some(en)) => format!("{zh} · {en}"),
        _ => phrase.in_language("zh").to_owned(),
    }
}
