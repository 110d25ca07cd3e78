//! Who was taught what, by when: only for the audience that oversees the archive.

use super::opening::Site;
use super::tricks::house_with;

const SETTINGS: &str = "title: A\noversight: legal\naudiences:\n  finance: {title: F, readers: [fin]}\n  legal: {title: L, readers: [leg]}\n  sales: {title: S, readers: []}\n  technical: {title: T, readers: []}\n  management: {title: M, readers: [fin]}\n  compliance: {title: C, readers: []}\n";

#[test]
fn the_matrix_of_trainings_is_for_the_oversight_alone_even_in_the_heads_of_its_columns() {
    let mut house = house_with(&[("strongroom.yaml", SETTINGS)]);
    house.named_reader("fin", "Zebulon", "Quartermaster", "2030-01-01");
    let key = house.keys["fin"].recipient().as_str().to_owned();
    house.put(
        "readers/fin.yaml",
        format!("name: Zebulon\npost: Quartermaster\nkeys: [{key}]\ntraining: [{{course: Stonecutting, valid_until: 2030-01-01}}]\n"),
    );
    house.must_build();
    let site = Site::of(&house);
    for restricted in ["Zebulon", "Quartermaster", "Stonecutting"] {
        let words = [restricted.to_owned()];
        let on_page = |name: &str| name.starts_with("dashboards/training");
        assert!(!site.haystack_of(on_page).holds(&words), "{restricted} in the open");
        assert!(!site.opened_of(&house.keys["fin"], on_page).holds(&words), "{restricted} for finance");
        assert!(site.opened_of(&house.keys["leg"], on_page).holds(&words), "{restricted} for the oversight");
    }
}

#[test]
fn a_row_of_the_office_is_for_whoever_may_read_its_record() {
    let found = "records:\n  - {number: F1, what: Unlockedcupboard, owner: Somebody, fix_by: 2026-12-01}\n";
    let settings = SETTINGS.replace("compliance: {title: C, readers: []}", "compliance: {title: C, readers: [leg]}");
    let house = house_with(&[
        ("strongroom.yaml", &settings),
        (
            "types/inspection-finding.yaml",
            "title: Found\nfolder: inspection-findings\naudience: finance\nkey: number\nfields:\n  number: {kind: text}\n  what: {kind: text}\n  owner: {kind: person, audience: legal}\n  fix_by: {kind: date}\n",
        ),
        ("registers/inspection-findings/a.yaml", found),
    ]);
    house.must_build();
    let site = Site::of(&house);
    let on_page = |name: &str| name.starts_with("dashboards/office");
    let holds = |key: &str, words: &str| site.opened_of(&house.keys[key], on_page).holds(&[words.to_owned()]);
    assert!(!site.haystack_of(on_page).holds(&["Unlockedcupboard".to_owned()]));
    assert!(holds("fin", "Unlockedcupboard") && !holds("fin", "Somebody"));
    assert!(holds("leg", "Unlockedcupboard") && holds("leg", "Somebody"), "the oversight reads both");
}
