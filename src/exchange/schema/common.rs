//! What several schemas share: text in two languages, days, names of audiences, and the keys of every record.

use super::schemas::Known;
use crate::access::STAFF;
use crate::record::RecordType;
use serde_json::{Map, Value, json};

/// What the schemas have in common, by name.
pub(super) fn definitions(known: &Known) -> Map<String, Value> {
    let restricting: Vec<&String> = known.audiences.iter().filter(|name| *name != STAFF).collect();
    let text = json!({"$ref": "#/$defs/text"});
    let audiences = json!({"$ref": "#/$defs/audiences"});
    let both =
        json!({"zh": {"title": "中文", "$ref": "#/$defs/text"}, "en": {"title": "English", "$ref": "#/$defs/text"}});
    let all = [
        ("text", json!({"type": ["string", "number", "boolean"]})),
        (
            "phrase",
            json!({"anyOf": [text, {"type": "object", "properties": both, "additionalProperties": false, "minProperties": 1}]}),
        ),
        ("day", json!({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"})),
        ("length", json!({"type": "string", "pattern": "^\\d+(d|w|m|mo|y)$"})),
        ("truth", json!({"enum": [true, false, "yes", "no"]})),
        ("names", one_or_several(&json!({"type": "string"}))),
        (
            "audiences",
            json!({"anyOf": [
                {"enum": known.audiences},
                {"type": "array", "items": {"enum": restricting}, "minItems": 1},
            ]}),
        ),
        ("audience", json!({"enum": restricting})),
        ("reader", json!({"enum": known.readers})),
        ("type", json!({"enum": known.types})),
        ("check", json!({"enum": known.checks})),
        (
            "attachment",
            json!({"anyOf": [
                text,
                {
                    "type": "object",
                    "properties": {"file": text, "audience": audiences},
                    "required": ["file"],
                    "additionalProperties": false,
                },
            ]}),
        ),
    ];
    all.into_iter().map(|(name, definition)| (name.to_owned(), definition)).collect()
}

/// One of something, or a list of them.
pub(super) fn one_or_several(one: &Value) -> Value {
    json!({"anyOf": [one, {"type": "array", "items": one}]})
}

/// A reference to a definition, with what it is called and what belongs there.
pub(super) fn named(definition: &str, title: &str, description: &str) -> Value {
    json!({"$ref": format!("#/$defs/{definition}"), "title": title, "description": description})
}

fn plate(title: &str, description: &str, keys: &[(&str, &str)]) -> Value {
    let keys: Map<String, Value> =
        keys.iter().map(|(key, title)| ((*key).to_owned(), json!({"$ref": "#/$defs/text", "title": title}))).collect();
    json!({
        "title": title,
        "description": description,
        "anyOf": [
            {"$ref": "#/$defs/text"},
            {"type": "object", "properties": keys, "additionalProperties": false},
        ],
    })
}

/// The keys that every record may have.
pub(super) fn common_keys(record_type: &RecordType) -> Map<String, Value> {
    let parts = ["title", "text", "attachments", "date", "original", "origin", "marking", "verified", "imported"];
    let fields = record_type.fields.iter().map(|field| field.name.clone());
    let members = record_type
        .fields
        .iter()
        .flat_map(|field| field.members.iter().map(move |member| format!("{}.{}", field.name, member.name)));
    let restrictable: Map<String, Value> = fields
        .chain(members)
        .chain(parts.map(str::to_owned))
        .map(|name| (name, json!({"$ref": "#/$defs/audiences"})))
        .collect();
    let keys = [
        (
            "type",
            json!({"const": record_type.name, "title": "类型 · Type", "description": "所在文件夹已说明类型时可省略。\nMay be left out where the folder says it."}),
        ),
        ("title", named("phrase", "题名 · Title", "网页上怎样称呼它。\nWhat pages call it.")),
        ("date", named("day", "日期 · Date", "如 2027-03-31。\nAs 2027-03-31.")),
        (
            "audience",
            named(
                "audiences",
                "知悉范围 · Audience",
                "代替类型的规定；列出的任何一个都可以看，staff 是全体员工。\nIn place of the type's; any of those named may read it, staff is everybody.",
            ),
        ),
        (
            "open_from",
            named(
                "day",
                "公开日期 · Open from",
                "到这一天，旁边的 audience 不再限制。\nOn this day the audience beside it ends.",
            ),
        ),
        (
            "restrict",
            json!({
                "title": "进一步限制 · Restrict",
                "description": "哪个字段或部分只给哪些人看，例如 {signed: legal}。\nFields and parts narrowed further, as {signed: legal}.",
                "type": "object",
                "properties": restrictable,
                "additionalProperties": false,
                "minProperties": 1,
            }),
        ),
        (
            "abstract",
            named(
                "phrase",
                "公开摘要 · Abstract",
                "有意公开的说明：有此件，找谁查阅。所有能看本案卷的人都看得到。\nOpen on purpose: that it exists, and whom to ask. Whoever may read the dossier sees it.",
            ),
        ),
        (
            "attachments",
            json!({
                "title": "附件 · Attachments",
                "description": "属于本件的文件，例如 [合同.pdf, {file: 报价.pdf, audience: finance}]。\nFiles that belong to it, as [contract.pdf, {file: prices.pdf, audience: finance}].",
                "anyOf": [{"$ref": "#/$defs/attachment"}, {"type": "array", "items": {"$ref": "#/$defs/attachment"}, "minItems": 1}],
            }),
        ),
        (
            "original",
            plate(
                "原件 · Original",
                "原件放在哪里。\nWhere the original lies.",
                &[
                    ("room", "库房 · Room"),
                    ("cabinet", "柜 · Cabinet"),
                    ("shelf", "架位 · Shelf"),
                    ("box", "盒号 · Box"),
                    ("folder", "卷夹 · Folder"),
                    ("carrier", "载体：paper 纸质、disc 光盘、tape 磁带 · Carrier"),
                    ("condition", "保存状况 · Condition"),
                    ("checked", "查验日期 · Checked"),
                    ("class_number", "档号 · Class number"),
                ],
            ),
        ),
        (
            "origin",
            json!({
                "title": "来源 · Origin",
                "enum": ["received", "sent", "joint", "internal"],
                "enumDescriptions": ["收到 · received", "发出 · sent", "双方 · joint", "内部 · internal"],
            }),
        ),
        (
            "marking",
            plate(
                "密级 · Marking",
                "密级、依据、定密人与期限。\nLevel, basis, who decided, until when.",
                &[
                    ("level", "密级 · Level"),
                    ("basis", "依据 · Basis"),
                    ("decided_by", "定密人 · Decided by"),
                    ("decided_on", "定密日期 · Decided on"),
                    ("period", "保密期限 · Period"),
                    ("until", "至 · Until"),
                    ("review", "复审 · Review"),
                ],
            ),
        ),
        (
            "verified",
            plate(
                "核实 · Verified",
                "何人何时核实过内容。\nWho verified the content, and when.",
                &[("on", "日期 · On"), ("by", "核实人 · By")],
            ),
        ),
        (
            "imported",
            plate(
                "导入来源 · Imported",
                "从哪个系统、哪一批导入。\nOut of which system and run it was imported, and when.",
                &[("system", "系统 · System"), ("run", "批次 · Run"), ("file", "文件 · File"), ("on", "日期 · On")],
            ),
        ),
    ];
    keys.map(|(key, value)| (key.to_owned(), value)).into_iter().collect()
}
