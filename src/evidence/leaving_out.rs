//! What a bag leaves out, as far as that may be said: by what it was chosen, never by what there is. Which types an archive
//! has, everybody sees who opens the site, since each has its register, empty or not.

use crate::access::Clearance;
use crate::archive::Archive;
use crate::dossier::Dossier;
use serde_json::{Value, json};

/// What was asked for, what types it reaches, and the sentence that says the rest.
#[must_use]
pub fn left_out(archive: &Archive, holds: &Clearance, everything: bool, dossiers: &[&Dossier]) -> Value {
    let names: Vec<&str> = dossiers.iter().map(|dossier| dossier.name.as_ref()).collect();
    if everything {
        return json!({
            "dossiers": names,
            "note": {
                "zh": "未作取舍：这些案卷的全部内容均在其中。",
                "en": "Nothing of these dossiers was left out.",
            },
        });
    }
    let (mut within, mut beyond) = (Vec::new(), Vec::new());
    for record_type in archive.types.iter() {
        let asks = record_type.asks(None, &archive.settings.audiences);
        if holds.implies(&asks) { within.push(&record_type.name) } else { beyond.push(&record_type.name) }
    }
    json!({
        "dossiers": names,
        "types_within": within,
        "types_beyond": beyond,
        "note": {
            "zh": "列入的是该查阅人对上列类型有权查看的部分。其他类型的件，以及单独限定了知悉范围的件、节、字段、附件和历史，均未列入；有没有、有多少，此处不说明。",
            "en": "In it is what its reader may read of the types named as within. Records of other types, and records, sections, fields, attachments and past values that are restricted by themselves, are left out; whether there are any, and how many, is not said.",
        },
    })
}
