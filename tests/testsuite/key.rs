//! `key`: secrets go where they are meant to, and nowhere else.

use super::bed::{Bed, KEYS};
use std::os::unix::fs::PermissionsExt;
use strongroom::sealing::{SecretText, parse_identities, unwrap_identity};

#[test]
fn a_new_key_is_for_its_owner_alone_and_its_public_half_is_data() {
    let bed = Bed::bare();
    let run = bed.run(&["key", "new", "li-wei"]);
    assert_eq!(run.code, 0, "{}", run.words);
    let file = bed.path().join("li-wei.txt");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    let public = parse_identities(&text).unwrap()[0].recipient();
    assert_eq!(run.data, format!("keys: [{public}]\n"));
    assert!(!format!("{}{}", run.data, run.words).contains("AGE-SECRET-KEY"));
    let again = bed.run(&["key", "new", "li-wei"]);
    assert_eq!((again.code, again.data.as_str()), (1, ""));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_private_key_does_not_get_into_an_archive_or_repository() {
    let bed = Bed::new();
    let run = bed.run(&["key", "new", "he-jun"]);
    assert_eq!(run.code, 1);
    assert!(run.words.contains("-o ~/he-jun.txt"), "{}", run.words);
    assert_eq!(bed.run(&["key", "new", "he-jun", "-o", "readers/deep/x.txt"]).code, 1);
    assert!(!bed.path().join("he-jun.txt").exists() && !bed.path().join("readers/deep").exists());
}

#[test]
fn a_key_in_the_clear_where_a_wrapped_one_belongs_is_refused_and_not_repeated() {
    let bed = Bed::new();
    let secret = strongroom::sealing::generate_identity().unwrap().to_text();
    bed.write("readers/li-wei.age", secret.expose());
    let run = bed.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.data.contains("unusable-key"), "{}", run.data);
    assert!(!format!("{}{}", run.data, run.words).contains("AGE-SECRET-KEY"));
}

#[test]
fn a_passphrase_is_shown_once_and_opens_the_key_that_is_named() {
    let bed = Bed::new();
    let run = bed.run(&["key", "new", "he-jun", "--passphrase", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.words);
    let told: serde_json::Value = serde_json::from_str(&run.data).unwrap();
    let passphrase = told["passphrase"].as_str().unwrap();
    assert!(!run.words.contains(passphrase));
    let wrapped = bed.read("readers/he-jun.age");
    let identity = unwrap_identity(wrapped.as_bytes(), &SecretText::new(passphrase.to_owned())).unwrap();
    assert_eq!(identity[0].recipient().as_str(), told["public_key"].as_str().unwrap());
    let again = bed.run(&["key", "new", "he-jun", "--passphrase"]);
    assert_eq!((again.code, again.data.as_str()), (1, ""));
    assert_eq!(bed.read("readers/he-jun.age"), wrapped);
}

#[test]
fn readers_are_listed_with_keys_and_standing() {
    let bed = Bed::new();
    let run = bed.run(&["key", "list"]);
    assert!(run.data.contains("li-wei    李薇; in the keyrings until 2027-03-01; finance\n"), "{}", run.data);
    let told: serde_json::Value = serde_json::from_str(&bed.run(&["key", "list", "--format", "json"]).data).unwrap();
    assert_eq!(told["readers"][0]["keys"][0], KEYS[0]);
    assert_eq!(told["readers"][0]["until"], "2027-03-01");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let bed = Bed::bare();
    for name in ["../x", "a/b", "", "Li Wei"] {
        assert_eq!(bed.run(&["key", "new", name]).code, 1, "{name}");
    }
}

#[test]
fn a_sealing_key_is_replaced_when_that_is_said_twice() {
    let bed = Bed::new();
    bed.commit();
    let state = tempfile::tempdir().unwrap();
    let named = ["--state", state.path().to_str().unwrap()];
    let renew = |more: &[&str]| bed.run(&[&["key", "renew"], &named[..], more].concat());

    let none = renew(&["--yes"]);
    assert_eq!((none.code, none.data.as_str()), (1, ""), "{}", none.words);
    assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 0);

    let file = state.path().join("sealing.key");
    strongroom::sealing::SealingKey::load_or_make(&file).unwrap();
    let before = std::fs::read_to_string(&file).unwrap();
    let asked = renew(&[]);
    assert_eq!((asked.code, asked.data.as_str()), (1, ""), "{}", asked.words);
    assert!(asked.words.contains("--yes"), "{}", asked.words);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);

    // One that others could read is what it is for.
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let done = renew(&["--yes"]);
    assert_eq!(done.code, 0, "{}", done.words);
    let after = std::fs::read_to_string(&file).unwrap();
    assert_ne!(after, before);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 1, "no copy of the old key");
    for run in [none, asked, done] {
        let said = format!("{}{}", run.data, run.words);
        assert!(![&before, &after].into_iter().any(|key| said.contains(key.trim())), "{said}");
    }
}
