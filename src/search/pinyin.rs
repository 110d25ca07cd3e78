//! Names by their pinyin: by initials (云溪水电: `yxsd`) and written out (`yunxishuidian`), from each character on.

use super::terms::is_packed;
use pinyin::ToPinyinMulti as _;

/// A name whose characters may be read in many ways is found by this many readings at most.
const READINGS: usize = 4;
/// Of a run of characters only so many are read: no name is longer.
const LONGEST: usize = 40;
/// What is written out is cut to this many letters: nobody types more before the name stands there.
const LETTERS: usize = 24;

/// Hands on the initials of each run of Chinese characters in a name, from each character but the last on.
pub fn each_initials(name: &str, mut each: impl FnMut(&str)) {
    for run in runs(name) {
        for reading in readings(&run) {
            let initials: String = reading.iter().filter_map(|syllable| syllable.chars().next()).collect();
            (0..initials.len().saturating_sub(1)).for_each(|from| each(initials.get(from..).unwrap_or_default()));
        }
    }
}

/// Hands on each run of Chinese characters in a name written out in pinyin, from each character on.
pub fn each_spelling(name: &str, mut each: impl FnMut(&str)) {
    for run in runs(name) {
        for reading in readings(&run) {
            for from in 0..reading.len() {
                let mut spelt: String = reading.get(from..).unwrap_or_default().concat();
                spelt.truncate(LETTERS);
                each(&spelt);
            }
        }
    }
}

fn runs(name: &str) -> impl Iterator<Item = Vec<char>> + '_ {
    let runs = name.split(|c| !is_packed(c)).filter(|run| !run.is_empty());
    runs.take(LONGEST).map(|run| run.chars().take(LONGEST).collect())
}

/// The ways to read a run of characters; none where one of them has no pinyin.
fn readings(run: &[char]) -> Vec<Vec<&'static str>> {
    let mut readings: Vec<Vec<&'static str>> = vec![Vec::new()];
    for character in run {
        let mut syllables: Vec<&'static str> = Vec::new();
        for syllable in character.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain) {
            if !syllables.contains(&syllable) && syllable.is_ascii() {
                syllables.push(syllable);
            }
        }
        let mut longer = Vec::new();
        for (n, syllable) in syllables.iter().enumerate() {
            for reading in &readings {
                if longer.len() < READINGS || n == 0 {
                    longer.push(reading.iter().copied().chain([*syllable]).collect());
                }
            }
        }
        readings = longer;
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(by: impl Fn(&str, &mut dyn FnMut(&str)), name: &str) -> Vec<String> {
        let mut found = Vec::new();
        by(name, &mut |term: &str| found.push(term.to_owned()));
        found
    }

    #[test]
    fn a_name_is_found_by_initials_from_any_character_on() {
        let found = all(|name, each| each_initials(name, each), "云溪水电");
        assert!(["yxsd", "xsd", "sd"].iter().all(|wanted| found.contains(&(*wanted).to_owned())), "{found:?}");
    }

    #[test]
    fn a_name_is_found_as_it_is_spelt() {
        let found = all(|name, each| each_spelling(name, each), "云溪");
        assert!(["yunxi", "xi"].iter().all(|wanted| found.contains(&(*wanted).to_owned())), "{found:?}");
    }

    #[test]
    fn characters_of_several_readings_are_found_by_each() {
        let found = all(|name, each| each_initials(name, each), "重庆");
        assert!(found.contains(&"cq".to_owned()) && found.contains(&"zq".to_owned()), "{found:?}");
    }

    #[test]
    fn a_long_name_of_many_readings_stays_short() {
        let found = all(|name, each| each_spelling(name, each), &"行重长乐".repeat(20));
        assert!(found.len() <= LONGEST * READINGS, "{}", found.len());
        assert!(found.iter().all(|term| term.len() <= LETTERS));
    }

    #[test]
    fn other_writing_has_no_pinyin() {
        assert_eq!(all(|name, each| each_initials(name, each), "Yunxi ひらがな"), Vec::<String>::new());
    }
}
