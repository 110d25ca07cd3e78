//! Disposing: what may go, a proposal, and the removal of what another person approved; holds stop each of them.

use super::bed::{Bed, SETTINGS};

const LETTER: &str = "customers/yunxi/letters/a.md";
const TYPE: &str =
    "title: 函\nfolder: letters\naudience: staff\nretention: {keep: 10y, from: sent}\nfields: {sent: {kind: date}}\n";
const HOLD: &str = "documents: yunxi/letters/a\nplaced_by: 何军\nplaced_on: 2026-05-01\n";
const HOLDS: &str = "customers/yunxi/holds/a.yaml";

fn bed() -> Bed {
    let bed = Bed::new();
    bed.write("strongroom.yaml", &SETTINGS.replace("tiers:", "  management: {readers: []}\ntiers:"));
    bed.write("types/letter.yaml", TYPE);
    bed.write(LETTER, "---\ntitle: 旧函\nsent: 2010-03-01\nattachments: [a.pdf]\n---\nOld.\n");
    bed.write("customers/yunxi/letters/a.pdf", "%PDF");
    bed.write("customers/yunxi/letters/b.md", "---\nsent: 2020-03-01\n---\nNew.\n");
    bed.write("customers/yunxi/letters/c.md", "---\n---\nNobody knows when.\n");
    bed.commit_as("he-jun", "2026-05-01", "a beginning");
    bed
}

fn proposal(bed: &Bed) -> String {
    let run = bed.run(&["dispose", "yunxi/letters/a", "--by", "叶青"]);
    assert_eq!(run.code, 0, "{}", run.words);
    run.data.trim().trim_start_matches("./").to_owned()
}

fn refused(bed: &Bed, arguments: &[&str], says: &str) {
    let run = bed.run(arguments);
    assert_eq!(run.code, 1, "{arguments:?}: {}", run.data);
    assert!(run.words.contains(says), "{says}: {}", run.words);
}

#[test]
fn what_has_ended_is_listed_and_due_and_what_is_held_is_not_due() {
    let bed = bed();
    let listed = bed.run(&["dispose", "--list"]);
    assert_eq!((listed.code, listed.data.as_str()), (0, "2020-03-01  yunxi/letters/a\n"));
    let due = bed.run(&["due", "--within", "30d"]);
    assert!(due.data.contains("Retention ends: to be appraised"), "{}", due.data);
    bed.write(HOLDS, HOLD);
    assert!(bed.run(&["dispose", "--list"]).data.contains("(on hold)"));
    assert!(!bed.run(&["due", "--within", "30d"]).data.contains("Retention ends"), "a hold stops it from ending");
    // Who may not read the hold is told what stands without it, and learns nothing of the hold.
    assert!(bed.run(&["due", "--within", "30d", "--reader", "li-wei"]).data.contains("Retention ends"));
    assert!(!bed.run(&["due", "--within", "30d", "--reader", "zhao-min"]).data.contains("Retention ends"));
    bed.write(HOLDS, &format!("{HOLD}released_by: 赵敏\nreleased_on: 2026-06-01\n"));
    assert!(bed.run(&["due", "--within", "30d", "--reader", "zhao-min"]).data.contains("Retention ends"));
}

#[test]
fn a_proposal_is_written_approved_by_another_and_done() {
    let bed = bed();
    let path = proposal(&bed);
    let text = bed.read(&path);
    for said in [
        "proposed_by: \"叶青\"",
        "record: \"yunxi/letters/a\"",
        "title: \"旧函\"",
        "due: 2020-03-01",
        "kept: \"16y\"",
        "keep: \"10y\"",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(bed.run(&["check"]).code, 0);
    let name = path.trim_end_matches(".yaml").to_owned();
    refused(&bed, &["dispose", "--execute", &name], "nobody approved");
    bed.write(&path, &format!("{text}approved_by: 叶青\n"));
    refused(&bed, &["dispose", "--execute", &name], "approved by the person who proposed it");
    bed.write(&path, &format!("{text}approved_by: 吴洁\n"));
    let run = bed.run(&["dispose", "--execute", &name]);
    assert_eq!(run.data, "customers/yunxi/letters/a.md\ncustomers/yunxi/letters/a.pdf\n", "{}", run.words);
    assert!(!bed.path().join(LETTER).exists() && bed.path().join("customers/yunxi/letters/b.md").exists());
    assert!(bed.read(&path).contains("executed_on: 2026-11-23\n"));
    bed.commit_as("ye-qing", "2026-11-23", "done");
    // That nobody is in management here is another matter.
    let found = bed.found().into_iter().filter(|found| !found.contains("nobody-cleared"));
    assert_eq!(found.collect::<Vec<_>>(), [""; 0], "the disposal is the note of what is gone");
    refused(&bed, &["dispose", "--execute", &name], "was done already");
}

#[test]
fn nothing_is_proposed_or_done_that_is_held_or_not_at_its_end() {
    let bed = bed();
    refused(&bed, &["dispose", "yunxi/letters/b", "--by", "叶青"], "is to be kept until 2030-03-01");
    refused(&bed, &["dispose", "yunxi/letters/c", "--by", "叶青"], "nothing says since when");
    refused(&bed, &["dispose", "yunxi", "--by", "叶青"], "is to be kept for good");
    refused(&bed, &["dispose", "yunxi/letters/none", "--by", "叶青"], "there is no record");
    assert_eq!(bed.run(&["dispose", "yunxi/letters/b", "--by", "叶青", "--what", "transferred"]).code, 0);
    let path = proposal(&bed);
    bed.write(&path, &format!("{}approved_by: 吴洁\n", bed.read(&path)));
    bed.write(HOLDS, HOLD);
    refused(&bed, &["dispose", "yunxi/letters/a", "--by", "叶青"], "is held by");
    refused(&bed, &["dispose", "--execute", path.trim_end_matches(".yaml")], "is held by");
    assert!(bed.path().join(LETTER).exists());
}
