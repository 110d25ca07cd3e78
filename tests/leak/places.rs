//! What each key opens, place by place, as the rules say it. The tables are written by hand.

use super::canary::forms;
use super::houses;
use super::opening::Site;
use std::fmt::Write as _;

/// Readers without `ovs`, who oversees all and reads whatever anybody reads, and `lap`, who reads nothing.
const FIN: &str = "fin mix";
const LEG: &str = "leg mix";
const SAL: &str = "sal";
const FIN_OR_LEG: &str = "fin leg mix";
const FIN_OR_SAL: &str = "fin mix sal";
const LEG_OR_SAL: &str = "leg mix sal";
const FIN_AND_LEG: &str = "mix";
const OVERSIGHT: &str = "";

/// A canary's label, its readers, and the audiences that alone suffice for it.
pub const SEALED: &[(&str, &str, &str)] = &[
    ("open name", LEG, "legal"),
    ("short", LEG, "legal"),
    ("tier", FIN, "finance"),
    ("industry", SAL, "sales"),
    ("manager", FIN_OR_SAL, "finance sales"),
    ("sealed file", FIN_OR_LEG, "finance legal"),
    ("sealed number", FIN_OR_LEG, "finance legal"),
    ("sealed title", FIN_OR_LEG, "finance legal"),
    ("signer", FIN_OR_LEG, "finance legal"),
    ("sealed body", FIN_OR_LEG, "finance legal"),
    ("all of three", OVERSIGHT, ""),
    ("narrow heading", FIN, "finance"),
    ("narrow body", FIN, "finance"),
    ("nested heading", FIN_AND_LEG, ""),
    ("nested body", FIN_AND_LEG, ""),
    ("type number", "fin leg mix sal", "finance legal sales"),
    ("type body", "fin leg mix sal", "finance legal sales"),
    ("future title", LEG, "legal"),
    ("future body", LEG, "legal"),
    ("future extra", FIN_AND_LEG, ""),
    ("past extra", FIN, "finance"),
    ("empty audience title", OVERSIGHT, "technical"),
    ("empty audience body", OVERSIGHT, "technical"),
    ("title", LEG, "legal"),
    ("by type", FIN, "finance"),
    ("many one", SAL, "sales"),
    ("many two", SAL, "sales"),
    ("prose", FIN, "finance"),
    ("snippet", LEG_OR_SAL, "legal sales"),
    ("person", FIN, "finance"),
    ("member b", LEG, "legal"),
    ("member c", SAL, "sales"),
    ("original", FIN, "finance"),
    ("marking", LEG, "legal"),
    ("verified", SAL, "sales"),
    ("imported", FIN, "finance"),
    ("import run", FIN, "finance"),
    ("attachment name", LEG, "legal"),
    ("text file", LEG, "legal"),
    ("binary file", FIN, "finance"),
    ("pdf file", LEG_OR_SAL, "legal sales"),
    ("heading", FIN, "finance"),
    ("body", FIN, "finance"),
    ("strong body", FIN, "finance"),
    ("below heading", FIN, "finance"),
    ("cell", FIN, "finance"),
    ("code block", FIN, "finance"),
    ("alt", FIN, "finance"),
    ("picture", FIN, "finance"),
    ("link text", FIN, "finance"),
    ("linkhost", FIN, "finance"),
    ("footlabel", FIN, "finance"),
    ("footnote", FIN, "finance"),
    ("task", FIN, "finance"),
    ("refhost", FIN, "finance"),
    ("second heading", LEG_OR_SAL, "legal sales"),
    ("second body", LEG_OR_SAL, "legal sales"),
    ("row by type", FIN, "finance"),
    ("row key", LEG, "legal"),
    ("row extra", LEG, "legal"),
    ("row any of", FIN_OR_LEG, "finance legal"),
    ("row member b", LEG, "legal"),
    ("series column", FIN, "finance"),
    ("slug", "", ""),
    ("whole name", LEG, "legal"),
    ("whole short", LEG, "legal"),
    ("whole tier", OVERSIGHT, ""),
    ("whole industry", LEG, "legal"),
    ("whole manager", LEG, "legal"),
    ("inner file", LEG, "legal"),
    ("inner title", LEG, "legal"),
    ("inner body", LEG, "legal"),
    ("inner file bytes", LEG, "legal"),
    ("inner heading", FIN_AND_LEG, ""),
    ("inner narrow", FIN_AND_LEG, ""),
    ("inner nobody", OVERSIGHT, ""),
    ("inner any of", FIN_AND_LEG, ""),
    ("inner row", LEG, "legal"),
    ("inner series", LEG, "legal"),
    ("inner income", FIN_AND_LEG, ""),
    ("register file", SAL, "sales"),
    ("register title", SAL, "sales"),
    ("register body", SAL, "sales"),
    ("register both", OVERSIGHT, ""),
];

/// What everybody reads, so that a test that finds nothing is known to look.
pub const OPEN: &[&str] = &[
    "abstract",
    "past title",
    "past body",
    "open words",
    "member a",
    "open body",
    "last body",
    "row open",
    "row member a",
    "series open",
    "series note",
    "open file",
    "open link words",
];

/// What stands nowhere: no page shows it, and nothing seals it.
pub const NOWHERE: &[&str] = &["readme", "unnamed name", "unnamed bytes", "reftitle", "pdf stream"];

/// Who reads: told to the audience that oversees the archive, and to nobody else.
pub const OF_READERS: &[&str] =
    &["name fin", "name leg", "name mix", "name sal", "post fin", "post leg", "post mix", "post sal"];

#[test]
fn every_key_opens_exactly_what_its_reader_may_read_and_no_key_opens_nothing() {
    let house = houses::full();
    house.must_build();
    let site = Site::of(&house);
    let mut wrong = String::new();
    let hay = site.haystack();
    for (label, ..) in SEALED {
        if hay.holds(&forms(label)) {
            writeln!(wrong, "without a key: {label}").unwrap();
        }
    }
    for label in OPEN.iter().filter(|label| !hay.holds(&forms(label))) {
        writeln!(wrong, "open, but not found: {label}").unwrap();
    }
    for label in NOWHERE.iter().chain(OF_READERS).filter(|label| hay.holds(&forms(label))) {
        writeln!(wrong, "nowhere, but found: {label}").unwrap();
    }
    for (reader, key) in &house.keys {
        let opened = site.opened(key);
        for (label, readers, _) in SEALED {
            let may = reader != "lap" && (reader == "ovs" || readers.split(' ').any(|name| name == reader));
            // The slug of a sealed dossier stands in its address, which is a digest; its row carries it as an id.
            let may = if *label == "slug" { matches!(reader.as_str(), "leg" | "mix" | "ovs") } else { may };
            if opened.holds(&forms(label)) != may {
                writeln!(wrong, "{reader}: {label} should{} open", if may { "" } else { " not" }).unwrap();
            }
        }
        for label in NOWHERE.iter().filter(|label| opened.holds(&forms(label))) {
            writeln!(wrong, "{reader} opens {label}").unwrap();
        }
        for label in OF_READERS.iter().filter(|label| opened.holds(&forms(label)) != (reader == "ovs")) {
            writeln!(wrong, "{reader}: {label} is for the oversight alone").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_bundle_holds_what_its_audience_alone_suffices_for_and_opens_for_that_audience() {
    let house = houses::full();
    house.must_build();
    let site = Site::of(&house);
    let mut wrong = String::new();
    for (reader, key) in &house.keys {
        let bundles = site.bundles(key);
        let expected: &[&str] = match reader.as_str() {
            "fin" => &["finance"],
            "leg" => &["legal"],
            "mix" => &["finance", "legal"],
            "sal" => &["sales"],
            "ovs" => &["compliance", "finance", "legal", "management", "sales", "technical"],
            _ => &[],
        };
        let found: Vec<&str> = bundles.keys().map(String::as_str).collect();
        assert_eq!(found, expected, "{reader}");
        if reader != "ovs" {
            continue;
        }
        for (audience, hay) in &bundles {
            for (label, _, audiences) in SEALED.iter().filter(|(label, ..)| *label != "slug") {
                let may = audiences.split(' ').any(|name| name == audience);
                if hay.holds(&forms(label)) != may {
                    writeln!(wrong, "{audience}.zip: {label} should{} be there", if may { "" } else { " not" })
                        .unwrap();
                }
            }
            for label in NOWHERE.iter().filter(|label| hay.holds(&forms(label))) {
                writeln!(wrong, "{audience}.zip holds {label}").unwrap();
            }
            for label in OF_READERS.iter().filter(|label| hay.holds(&forms(label)) != (audience == "compliance")) {
                writeln!(wrong, "{audience}.zip: {label} is for the oversight alone").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
