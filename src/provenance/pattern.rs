//! Lists of patterns, as OpenSSH writes them: `*@yunxi.example,!guest@yunxi.example`.

/// Whether a list of patterns, with commas between, takes a word: one of them matches, and none that begins with `!`
/// does. `*` stands for any characters, `?` for one.
///
/// Capital letters count as small ones. OpenSSH tells them apart, but a mail address that somebody's git spells with a
/// capital is no other person's.
pub(super) fn takes(list: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    let word: Vec<char> = word.chars().collect();
    let mut taken = false;
    for pattern in list.split(',').map(str::trim) {
        match pattern.strip_prefix('!') {
            Some(refused) if matches(refused, &word) => return false,
            Some(_) => {}
            None => taken = taken || matches(pattern, &word),
        }
    }
    taken
}

/// The wildcard match, without going back further than to the last `*`: a hostile pattern costs its length times the
/// word's, and no more.
fn matches(pattern: &str, word: &[char]) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let (mut in_pattern, mut in_word) = (0, 0);
    // Where the last `*` stands, and how much of the word it has swallowed.
    let mut star: Option<(usize, usize)> = None;
    while let Some(c) = word.get(in_word) {
        match pattern.get(in_pattern) {
            Some('*') => {
                star = Some((in_pattern, in_word));
                in_pattern += 1;
            }
            Some(p) if *p == '?' || p == c => {
                in_pattern += 1;
                in_word += 1;
            }
            _ => {
                let Some((at, swallowed)) = star else { return false };
                star = Some((at, swallowed + 1));
                in_pattern = at + 1;
                in_word = swallowed + 1;
            }
        }
    }
    pattern.get(in_pattern..).unwrap_or_default().iter().all(|p| *p == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wildcards_stand_for_what_openssh_means_by_them() {
        assert!(takes("li.wei@yunxi.example", "li.wei@yunxi.example"));
        assert!(takes("*@yunxi.example", "li.wei@yunxi.example"));
        assert!(takes("l?.w*i@*", "li.wei@yunxi.example"));
        assert!(takes("*", ""));
        assert!(!takes("?", ""));
        assert!(!takes("*@yunxi.example", "li.wei@yunxi.example.evil"));
        assert!(!takes("li.wei", "li.wei@yunxi.example"));
        assert!(!takes("", "x"));
    }

    #[test]
    fn a_refused_pattern_wins_wherever_it_stands() {
        assert!(takes("*@a.example,!guest@a.example", "li@a.example"));
        assert!(!takes("*@a.example,!guest@a.example", "guest@a.example"));
        assert!(!takes("!guest@a.example,*@a.example", "guest@a.example"));
        assert!(!takes("!guest@a.example", "li@a.example"));
    }

    #[test]
    fn capital_letters_count_as_small_ones() {
        assert!(takes("Li.Wei@Yunxi.example", "li.wei@yunxi.EXAMPLE"));
    }

    #[test]
    fn a_hostile_pattern_costs_no_more_than_its_length() {
        let pattern = "*a".repeat(2_000);
        assert!(!takes(&pattern, &"a".repeat(1_999)));
        assert!(takes(&pattern, &"ba".repeat(2_000)));
    }

    /// What is meant, said in the plainest way.
    fn plainly(pattern: &[char], word: &[char]) -> bool {
        match (pattern.split_first(), word.split_first()) {
            (None, _) => word.is_empty(),
            (Some(('*', rest)), _) => (0..=word.len()).any(|skip| plainly(rest, &word[skip..])),
            (Some((p, rest)), Some((c, after))) => (*p == '?' || p == c) && plainly(rest, after),
            (Some(_), None) => false,
        }
    }

    proptest! {
        #[test]
        fn patterns_match_as_the_plainest_reading_of_them_does(pattern in "[ab?*]{0,8}", word in "[ab]{0,8}") {
            let (p, w): (Vec<char>, Vec<char>) = (pattern.chars().collect(), word.chars().collect());
            prop_assert_eq!(takes(&pattern, &word), plainly(&p, &w), "{} {}", pattern, word);
        }
    }
}
