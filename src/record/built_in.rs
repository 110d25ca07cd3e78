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
    "contact",
    "contract",
    "agreement",
    "approval",
    "licence",
    "capability-evidence",
    "credential",
    "credit-line",
    "credit-report",
    "service",
    "network",
    "site",
    "circuit",
    "device",
    "lease",
    "traffic",
    "quality-report",
    "health",
    "visit",
    "satisfaction",
    "fault",
    "maintenance",
    "proposal",
    "correspondence",
    "risk",
    "competitor-note",
    "dispute",
    "fault-case",
    "inspection",
    "training-session",
    "bulletin",
    "leak-case",
    "incident",
    "equipment",
    "loan",
];
