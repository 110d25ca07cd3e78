//! `new reader`: a person with a key, and the audiences of the settings.

use super::bed::{Bed, KEYS, SETTINGS};

const KEY: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

fn lin_hua(bed: &Bed, more: &[&str]) -> super::bed::Run {
    let given = ["new", "reader", "lin-hua", "--name", "林华", "--name-en", "Lin Hua", "--post", "财务经理"];
    bed.run(&[&given[..], more].concat())
}

#[test]
fn a_reader_is_written_and_joins_audiences_whose_file_keeps_its_comments() {
    let bed = Bed::new();
    let settings =
        SETTINGS.replace("  finance:", "  # money\n  finance:").replace("[zhao-min]}", "[zhao-min]}   # head");
    bed.write("strongroom.yaml", &settings);
    let run = lin_hua(&bed, &["--key", KEY, "--audience", "finance,legal", "--trained-until", "2027-10-12"]);
    assert_eq!((run.code, run.data.as_str()), (0, "./readers/lin-hua.yaml\n./strongroom.yaml\n"), "{}", run.words);
    assert_eq!(
        bed.read("readers/lin-hua.yaml"),
        format!(
            "# yaml-language-server: $schema=../.strongroom/schemas/readers.json\n\
             name: {{zh: 林华, en: Lin Hua}}\npost: 财务经理\nkeys: [{KEY}]\n\
             # until: 2027-12-31   # in no keyring after this day\n\
             training:\n  - {{course: 保密知识, valid_until: 2027-10-12}}\n"
        )
    );
    let joined = settings.replace("[li-wei]", "[li-wei, lin-hua]").replace("[zhao-min]", "[zhao-min, lin-hua]");
    assert_eq!(bed.read("strongroom.yaml"), joined);
    assert_eq!(bed.run(&["check"]).data, "");
    let words = &run.words;
    assert!(words.contains("ask lin-hua, by telephone, whether the key ends in …unujwj"), "{words}");
    assert!(words.contains("strongroom access --reader lin-hua   # "), "{words}");
    assert!(!words.contains("training"), "nothing is left to say of it: {words}");
    let listed = bed.run(&["access", "--reader", "lin-hua"]);
    assert!(listed.data.contains("yunxi/contracts/2024-017"), "{}", listed.data);
}

#[test]
fn what_is_not_known_yet_is_a_next_step_and_no_error() {
    let bed = Bed::new();
    let run = bed.run(&["new", "reader", "lin-hua"]);
    assert_eq!((run.code, run.data.as_str()), (0, "./readers/lin-hua.yaml\n"), "{}", run.words);
    for step in
        ["the public key that lin-hua sends you", "the confidentiality training", "the audiences of strongroom.yaml"]
    {
        assert!(run.words.contains(step), "{step}: {}", run.words);
    }
    assert_eq!(bed.read("strongroom.yaml"), SETTINGS);
    assert_eq!(bed.run(&["check"]).code, 0);
}

#[test]
fn windows_line_ends_stay_and_settings_of_another_form_are_left_to_a_person() {
    let bed = Bed::new();
    let windows = SETTINGS.replace('\n', "\r\n");
    bed.write("strongroom.yaml", &windows);
    assert_eq!(lin_hua(&bed, &["--audience", "sales"]).code, 0);
    assert_eq!(bed.read("strongroom.yaml"), windows.replace("sales: {readers: []}", "sales: {readers: [lin-hua]}"));
    let odd = "title: x\r\naudiences: {finance: {readers: []}}\n";
    bed.write("strongroom.yaml", odd);
    let run = bed.run(&["new", "reader", "su-he", "--audience", "finance"]);
    assert_eq!((run.code, run.data.as_str()), (0, "./readers/su-he.yaml\n"), "{}", run.words);
    assert!(run.words.contains("put su-he yourself into `readers` of finance"), "{}", run.words);
    assert_eq!(bed.read("strongroom.yaml"), odd);
}

#[test]
fn a_name_a_key_or_an_audience_that_cannot_be_writes_nothing() {
    let bed = Bed::new();
    let cases: [(&[&str], &str); 9] = [
        (&["li-wei"], "there is a reader ‹li-wei› already: readers/li-wei.yaml"),
        (&["Lin Hua"], "cannot be a reader's name"),
        (&["../evil"], "cannot be a reader's name"),
        (&["lin-hua", "--audience", "finanse"], "did you mean ‹finance›?"),
        (&["lin-hua", "--audience", "staff"], "nobody needs to join staff"),
        (&["lin-hua", "--key", KEYS[0]], "li-wei holds this key already"),
        (&["lin-hua", "--key", "ssh-ed25519 AAAA"], "this is an SSH key"),
        (&["lin-hua", "--key", "age1zvkyg2"], "this key is not whole"),
        (&[], "a reader needs a name"),
    ];
    for (given, said) in cases {
        let run = bed.run(&[&["new", "reader"], given].concat());
        assert_eq!((run.code, run.data.as_str()), (1, ""), "{given:?}");
        assert!(run.words.contains(said) && run.words.contains("help: "), "{given:?}: {}", run.words);
    }
    assert!(!bed.path().join("readers/lin-hua.yaml").exists());
    assert_eq!(bed.read("strongroom.yaml"), SETTINGS);
    let run = bed.run(&["new", "contract", "yunxi", "--key", KEY]);
    assert_eq!(run.code, 1, "{}", run.words);
}

#[test]
fn a_private_key_is_refused_wherever_it_stands_and_never_repeated() {
    let bed = Bed::new();
    let secret = format!("AGE-SECRET-KEY-1{}", "Q".repeat(58));
    for given in [
        &["lin-hua", "--key", &secret][..],
        &["lin-hua", "--audience", &secret],
        &["lin-hua", "--name", &secret],
        &["lin-hua", "--trained-until", &secret],
        &["lin-hua", &secret],
        &[&secret],
    ] {
        let run = bed.run(&[&["new", "reader"], given].concat());
        assert!(run.code > 0, "{given:?}");
        assert!(run.words.contains("private key"), "{}", run.words);
        assert!(!run.words.contains("QQQQQQ") && !run.data.contains("QQQQQQ"), "{}{}", run.data, run.words);
    }
    assert!(!bed.path().join("readers/lin-hua.yaml").exists());
}

#[test]
fn schemas_that_were_current_stay_so_and_a_name_that_two_bear_is_remarked() {
    let bed = Bed::new();
    assert_eq!(bed.run(&["schema"]).code, 0);
    let run = bed.run(&["new", "reader", "li-wei-2", "--name", "李薇", "--key", KEY]);
    assert_eq!(run.code, 0, "{}", run.words);
    assert!(run.words.contains("li-wei is called 李薇 as well"), "{}", run.words);
    assert_eq!(bed.run(&["schema", "--check"]).code, 0);
    assert!(bed.read(".strongroom/schemas/strongroom.json").contains("li-wei-2"));
}
