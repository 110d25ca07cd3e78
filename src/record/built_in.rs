//! The files of the built-in record types. A new type is one file in `types/` and one row here.

macro_rules! types {
    ($($name:literal),* $(,)?) => {
        /// Name and text of each built-in type.
        pub(super) const BUILT_IN: &[(&str, &str)] = &[$(($name, include_str!(concat!("types/", $name, ".yaml")))),*];
    };
}

types![
    "agreement",
    "approval",
    "bulletin",
    "capability-evidence",
    "circuit",
    "competitor-note",
    "contact",
    "contract",
    "correspondence",
    "credential",
    "credit-line",
    "credit-report",
    "device",
    "dispute",
    "dossier",
    "equipment",
    "fault-case",
    "fault",
    "health",
    "incident",
    "inspection",
    "leak-case",
    "lease",
    "licence",
    "loan",
    "maintenance",
    "network",
    "profile",
    "proposal",
    "quality-report",
    "risk",
    "satisfaction",
    "service",
    "site",
    "traffic",
    "training-session",
    "visit",
];
