//! What was changed of a record, as home tells it: each part to those who may know of it.

use super::canary::word;
use super::opening::Site;
use super::past_attack::A;
use super::tricks::house_with;

/// In one commit a sealed field, a sealed heading and an open text change, of an open record.
#[test]
fn of_a_record_home_names_to_each_reader_the_parts_that_this_one_may_know_of() {
    let (secret, told) = (word("secret heading"), word("told heading"));
    let text = |n: u32| {
        format!(
            "---\nnote: open {n}\nrestrict: {{note: finance}}\n---\n# {told}\n\nan open text {n}\n\n# {secret} {{audience=legal}}\n\nsaid {n}\n"
        )
    };
    let house = house_with(&[(A, &text(1))]);
    house.commit("begun");
    house.put(A, text(2));
    house.commit("everything at once");
    house.must_build();
    let site = Site::of(&house);
    let home = |reader: Option<&str>| {
        let is_home = |name: &str| name == "index.html";
        match reader {
            None => site.haystack_of(is_home),
            Some(reader) => site.opened_of(&house.keys[reader], is_home),
        }
    };
    assert!(home(None).holds(std::slice::from_ref(&told)) && !home(None).holds(std::slice::from_ref(&secret)));
    assert!(home(Some("leg")).holds(std::slice::from_ref(&secret)));
    assert!(!home(Some("fin")).holds(&[secret]));
    let note = |reader: Option<&str>| home(reader).holds(&[">note</span>".to_owned()]);
    assert!(note(Some("fin")) && !note(Some("leg")) && !note(None), "a sealed field");
}
