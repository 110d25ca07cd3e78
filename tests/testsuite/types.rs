//! Record types: what `check` says of a broken one, and what it does not say of the records that wait for it.

use super::bed::Bed;

/// A type of the archive's own around some lines.
fn memo(lines: &str) -> String {
    format!("title: 备忘\nfolder: memos\naudience: staff\n{lines}")
}

#[test]
fn what_is_wrong_with_a_type_is_told_at_its_line_with_a_remedy() {
    let cases = [
        ("fields: {note: {kind: txt}}\n", "txt", "did you mean `text`?"),
        ("fields: {note: {kind: text, requierd: true}}\n", "requierd", "did you mean `required`?"),
        ("fields: {note: {kind: text}}\nregistr: [note]\n", "registr", "did you mean `register`?"),
        ("fields: {note: {kind: text}}\nregister: [note, ntoe]\n", "ntoe", "did you mean `note`?"),
        ("fields: {note: {kind: text}}\nregister: [note, note]\n", "note", "keep one of the two"),
        ("fields: {note: {kind: text}}\nregister: note\n", "note", "write `register: [title, date]`"),
        ("fields: {note: {kind: text}}\nkey: nota\n", "nota", "did you mean `note`?"),
        ("fields: {note: {kind: text, many: true}}\nkey: note\n", "note", "name a field that holds one value"),
        ("fields: {deal: {kind: reference, to: contrct}}\n", "contrct", "did you mean `contract`?"),
        ("fields: {deal: {kind: text, to: contract}}\n", "to", "make the kind reference"),
        ("fields: {size: {kind: text, unit: km}}\n", "unit", "make the kind number"),
        ("fields: {size: {kind: number, chart: bar}}\n", "bar", "write `chart: line`, or remove it"),
        ("fields: {state: {kind: choice}}\n", "state", "add `of: [one, other]`"),
        ("fields: {state: {kind: choice, of: [a, b, a]}}\n", "state", "keep one of the two"),
        ("fields: {a.b: {kind: text}}\n", "a.b", "use letters, digits, hyphens and underscores"),
        ("fields: {verified: {kind: date}}\n", "verified", "give the field another name"),
        ("fields: {end: {kind: date}}\nretention: 10\n", "10", "write `permanent`, a term as `10y`"),
        ("fields: {end: {kind: date}}\nretention: {from: end}\n", "{from: end}", "write `permanent`, a term as `10y`"),
        ("fields: {end: {kind: date}}\nretention: {keep: 10y, from: edn}\n", "edn", "did you mean `end`?"),
        ("fields: {end: {kind: text}}\nretention: {keep: 10y, from: end}\n", "end", "the dates are date"),
        ("fields: {up: {kind: percent, floor: sla}}\n", "sla", "write it as `circuit.sla`"),
        ("fields: {up: {kind: percent, floor: circuit.slo}}\n", "circuit.slo", "name a type, and one of its fields"),
        (
            "fields: {a: {kind: reference}, b: {kind: reference}}\ndraws: {from: a, to: b, at: {device: place}}\n",
            "{device: place}",
            "name a type, and one of its fields",
        ),
        ("fields: {a: {kind: reference}}\ndraws: {from: a}\n", "draws", "name a reference each as `from` and `to`"),
        (
            "fields: {month: {kind: month}, up: {kind: number}}\nwatch: {columns: up}\n",
            "watch",
            "make its first field `kind: week`",
        ),
        ("fields: {note: {kind: text, audience: fiance}}\n", "fiance", "did you mean `finance`?"),
    ];
    for (lines, marked, remedy) in cases {
        let bed = Bed::new();
        let text = memo(lines);
        bed.write("types/memo.yaml", &text);
        let before = &text[..text.rfind(marked).unwrap()];
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let place = format!("{}:{column}", before.matches('\n').count() + 1);
        let run = bed.run(&["check"]);
        assert_eq!(run.code, 1, "{lines}");
        assert!(run.data.contains(&format!("--> types/memo.yaml:{place}")), "{lines}: {}", run.data);
        assert!(run.data.contains(remedy), "{lines}: {}", run.data);
    }
}

#[test]
fn a_well_made_type_with_all_of_it_has_no_finding() {
    let bed = Bed::new();
    bed.write(
        "types/memo.yaml",
        &memo(
            "key: number\nretention: {keep: 18mo, from: end}\nfields:\n  number: {kind: text, purpose: {zh: 编号, en: Its number}}\n  \
             end: {kind: date}\n  size: {kind: number, unit: km, chart: line}\n  share: {kind: percent, chart: line}\n  \
             deal: {kind: reference, to: contract}\n  state: {kind: choice, of: [a, b]}\nregister: [number, title, end]\n",
        ),
    );
    bed.write("customers/yunxi/memos/a.md", "---\nnumber: 1\nend: 2027-01-01\n---\nText.\n");
    assert_eq!(bed.run(&["check", "--strict"]).words, "no findings: 2 records in 1 dossier, 2 readers\n");
}

#[test]
fn two_types_on_one_folder_are_told_with_both_places() {
    let bed = Bed::new();
    bed.write("types/memo.yaml", &memo("fields: {note: {kind: text}}\n"));
    bed.write("types/note.yaml", &memo("fields: {note: {kind: text}}\n"));
    let run = bed.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.data.contains("claim one folder: ‹memos›"), "{}", run.data);
    assert!(run.data.contains("types/note.yaml:2:9") && run.data.contains("types/memo.yaml:2:9"), "{}", run.data);
}

#[test]
fn records_of_a_broken_type_add_no_findings_of_their_own_and_can_still_be_named() {
    let bed = Bed::new();
    bed.write("types/memo.yaml", &memo("key: nubmer\nfields: {number: {kind: text}, end: {kind: date, befor: 3d}}\n"));
    bed.write("customers/yunxi/memos/a.md", "---\nnumber: 1\nend: soon\nmore: 3\n---\nText.\n");
    bed.write("customers/yunxi/memos/list.yaml", "records:\n  - {number: 2, end: soon}\n");
    bed.write(
        "types/loan.yaml",
        "title: L\nfolder: loans\naudience: staff\nfields: {document: {kind: reference, to: memo}}\n",
    );
    bed.write("customers/yunxi/loans/a.md", "---\ndocument: yunxi/memos/a\n---\n");
    let run = bed.run(&["check", "--format", "json"]);
    assert_eq!(run.code, 1);
    assert!(!run.data.contains("customers/yunxi"), "{}", run.data);
    assert!(run.data.contains("nubmer") && run.data.contains("befor"), "{}", run.data);
}

#[test]
fn a_type_that_is_no_yaml_does_not_leave_its_records_to_the_built_in_one() {
    let bed = Bed::new();
    bed.write("types/contract.yaml", "title: [合同\nfolder: contracts\n");
    let run = bed.run(&["check", "--format", "json"]);
    assert_eq!(run.code, 1);
    assert!(run.data.contains("types/contract.yaml") && !run.data.contains("customers/yunxi"), "{}", run.data);
    let run = bed.run(&["access", "--record", "yunxi/contracts/2024-017"]);
    assert!(!run.data.contains("li-wei") && !run.data.contains("zhao-min"), "{}", run.data);
}
