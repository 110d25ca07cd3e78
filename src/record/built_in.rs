//! The files of the built-in record types. A new type is one file in `types/` and one row here;
//! pages group records in the order of the rows.

macro_rules! types {
    ($($name:literal),* $(,)?) => {
        /// Name and text of each built-in type.
        pub(super) const BUILT_IN: &[(&str, &str)] = &[$(($name, include_str!(concat!("types/", $name, ".yaml")))),*];
    };
}

types![
    "dossier",
    "profile",
    "importance",
    "potential",
    "assignment",
    "contact",
    "contract",
    "agreement",
    "approval",
    "licence",
    "capability-evidence",
    "credential",
    "credit-line",
    "exposure",
    "credit-report",
    "service",
    "network",
    "site",
    "circuit",
    "device",
    "lease",
    "metric",
    "effort",
    "usage",
    "traffic",
    "feedback",
    "kpi",
    "quality-report",
    "health",
    "assurance",
    "visit",
    "satisfaction",
    "survey",
    "fault",
    "consult-case",
    "maintenance",
    "proposal",
    "advice",
    "correspondence",
    "risk",
    "churn",
    "competitor-note",
    "dispute",
    "hold",
    "fault-case",
    "checklist",
    "inspection",
    "inspection-finding",
    "training-session",
    "course",
    "procedure",
    "bulletin",
    "leak-case",
    "acknowledgement",
    "undertaking",
    "assessment",
    "role",
    "meeting",
    "sign-off",
    "control",
    "budget",
    "incident",
    "breach",
    "equipment",
    "loan",
    "consultation",
    "disposal",
];

#[cfg(test)]
mod tests {
    use crate::record::{FieldType, Place, RecordType, Retention, built_in};

    /// A row of the table in docs/archive.md.
    fn row(record_type: &RecordType) -> String {
        let RecordType { name, title, .. } = record_type;
        let place = match &record_type.place {
            Some(Place::Folder(folder)) => format!("`{folder}/`"),
            Some(Place::File(file)) => format!("`{file}`"),
            None => String::new(),
        };
        let mut audience = match &record_type.audience {
            Some((_, names)) => names.join(", "),
            None => format!("each {place} says its own"),
        };
        let narrower = |field: &FieldType| field.audience.clone().map(|(_, names)| (field.name.clone(), names));
        for (field, names) in record_type.fields.iter().filter_map(narrower) {
            audience = format!("{audience}; `{field}` also {}", names.join(" or "));
        }
        let retention = match &record_type.retention {
            Some(Retention::Permanent) => "permanent".to_owned(),
            Some(Retention::For(term)) => format!("{} from `{}`", term.keep, term.from),
            None => String::new(),
        };
        let key = match &record_type.key {
            _ if record_type.series => "series".to_owned(),
            Some(key) => format!("`{key}`"),
            None => String::new(),
        };
        let (zh, en) = (title.in_language("zh"), title.in_language("en"));
        format!("| `{name}` | {zh} · {en} | {place} | {audience} | {key} | {retention} |")
    }

    #[test]
    fn the_table_of_types_in_the_docs_says_what_the_types_say() {
        let rows: Vec<String> = built_in().iter().map(|record_type| row(record_type)).collect();
        let docs = include_str!("../../docs/archive.md");
        let table: Vec<&str> = docs.lines().filter(|line| rows.iter().any(|row| row == line)).collect();
        assert_eq!(table, rows, "docs/archive.md should hold these rows:\n{}", rows.join("\n"));
    }

    #[test]
    fn every_built_in_type_is_bilingual_and_says_how_long_its_records_are_kept() {
        for record_type in built_in() {
            let name = &record_type.name;
            let both = |phrase: &crate::text::Phrase| phrase.zh.is_some() && phrase.en.is_some();
            assert!(both(&record_type.title) && record_type.purpose.as_ref().is_some_and(both), "{name}");
            assert!(record_type.retention.is_some() && !record_type.register.is_empty(), "{name}");
            let members = record_type.fields.iter().flat_map(|field| &field.members);
            for field in record_type.fields.iter().chain(members) {
                assert!(both(&field.title), "{name}.{}", field.name);
            }
        }
    }

    #[test]
    fn built_in_references_lead_to_built_in_types_and_no_two_types_share_a_place() {
        let types = built_in();
        let known = |name: &str| types.iter().any(|record_type| record_type.name == name);
        for record_type in &types {
            for field in &record_type.fields {
                assert!(field.to.as_deref().is_none_or(known), "{}.{}", record_type.name, field.name);
            }
            let same = |other: &&RecordType| other.place == record_type.place && other.series == record_type.series;
            let sharing = types.iter().map(AsRef::as_ref).filter(same).count();
            assert!(record_type.place.is_some() && sharing == 1, "{}", record_type.name);
        }
    }
}
