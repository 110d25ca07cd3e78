//! Findings in Chinese. The program says them in English, as every command does; the words of the interface hold the
//! sentences that are said most, in both languages, and by the English one a sentence is known again. What nobody put
//! into words stays as it is: a finding is never left out because it could not be said.

use crate::page::Words;

/// The words under which sentences of findings stand.
const FAMILY: &str = "finding.";
/// The words for what varies in them and is no name.
const VALUES: &str = "finding.noun.";

/// The sentences that can be said in Chinese.
#[derive(Clone, Debug, Default)]
pub(super) struct Sayings {
    /// Those with the most words of their own first: what says more is meant where two would fit.
    sentences: Vec<Sentence>,
    values: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
struct Sentence {
    english: Vec<Piece>,
    chinese: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Place(String),
}

impl Sayings {
    /// The sentences: English as the program says them, which is what `own` says, and Chinese as an archive does.
    pub(super) fn new(own: &Words, archives: &Words) -> Self {
        let keys = own.keys("en").filter(|key| key.starts_with(FAMILY));
        let (values, sentences): (Vec<&str>, Vec<&str>) = keys.partition(|key| key.starts_with(VALUES));
        let both = |key: &str| (own.plain(key, "en").to_owned(), archives.plain(key, "zh").to_owned());
        let mut sentences: Vec<Sentence> = sentences
            .into_iter()
            .map(both)
            .map(|(english, chinese)| Sentence { english: pieces(&english), chinese })
            .collect();
        sentences.sort_by_key(|sentence| std::cmp::Reverse(sentence.own_words()));
        Self { sentences, values: values.into_iter().map(both).collect() }
    }

    /// A sentence in Chinese, where there are words for it.
    pub(super) fn say(&self, english: &str) -> Option<String> {
        self.sentences.iter().find_map(|sentence| {
            let found = sentence.matches(english)?;
            let mut said = String::new();
            for piece in pieces(&sentence.chinese) {
                match piece {
                    Piece::Words(words) => said.push_str(&words),
                    Piece::Place(name) => {
                        let value = found.iter().find(|(place, _)| *place == name).map_or("", |(_, value)| *value);
                        said.push_str(&self.value(&name, value));
                    }
                }
            }
            Some(said)
        })
    }

    /// What stands in a place: names as they are, what the program itself says there in Chinese.
    fn value(&self, place: &str, value: &str) -> String {
        match place {
            "what" | "kind" => {
                self.values.iter().find(|(english, _)| english == value).map(|(_, chinese)| chinese.clone())
            }
            "reason" => self.say(value),
            _ => None,
        }
        .unwrap_or_else(|| value.to_owned())
    }
}

impl Sentence {
    fn own_words(&self) -> usize {
        self.english.iter().map(|piece| if let Piece::Words(words) = piece { words.len() } else { 0 }).sum()
    }

    /// What stands in its places, if the text is this sentence.
    fn matches<'t>(&self, text: &'t str) -> Option<Vec<(&str, &'t str)>> {
        let mut rest = text;
        let mut found = Vec::new();
        let mut open: Option<&str> = None;
        for (n, piece) in self.english.iter().enumerate() {
            match piece {
                Piece::Place(name) => open = Some(name),
                Piece::Words(words) => {
                    let last = n + 1 == self.english.len();
                    let at = match open {
                        None => rest.starts_with(words.as_str()).then_some(0)?,
                        Some(_) if last => rest.ends_with(words.as_str()).then(|| rest.len() - words.len())?,
                        Some(_) => rest.find(words.as_str())?,
                    };
                    if let Some(name) = open.take() {
                        found.push((name, rest.get(..at).filter(|value| !value.is_empty())?));
                    }
                    rest = rest.get(at + words.len()..)?;
                }
            }
        }
        match open {
            Some(name) => found.push((name, Some(rest).filter(|rest| !rest.is_empty())?)),
            None if !rest.is_empty() => return None,
            None => {}
        }
        Some(found)
    }
}

/// A sentence in pieces. A place is a name in braces; other braces, such as those of a restriction, are words.
fn pieces(sentence: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut words = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        words.push_str(before);
        let name = after.split_once('}').filter(|(name, _)| is_place(name));
        match name {
            Some((name, after)) => {
                if !words.is_empty() {
                    found.push(Piece::Words(std::mem::take(&mut words)));
                }
                found.push(Piece::Place(name.to_owned()));
                rest = after;
            }
            None => {
                words.push('{');
                rest = after;
            }
        }
    }
    words.push_str(rest);
    if !words.is_empty() {
        found.push(Piece::Words(words));
    }
    found
}

fn is_place(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Theme;
    use crate::text::Source;
    use std::path::Path;

    fn own() -> Words {
        Theme::load(&[], &mut Vec::new()).unwrap().words().clone()
    }

    fn sayings() -> Sayings {
        Sayings::new(&own(), &own())
    }

    #[test]
    fn sentences_are_said_with_the_names_that_stand_in_them() {
        for (english, chinese) in [
            ("the type `contract` has no field ‹amonut›", "类型 `contract` 没有 ‹amonut› 这个字段"),
            ("did you mean `amount`?", "您要写的是不是 `amount`？"),
            (
                "did you mean `legal`? strongroom.yaml has legal, staff",
                "您要写的是不是 `legal`？strongroom.yaml 里有：legal, staff",
            ),
            ("a list stands where a date is wanted", "这里应是日期，写的却是一个列表"),
            (
                "only `{audience=NAME}` or `{audience=ONE,OTHER}`, without spaces, may stand there",
                "这里只能写 `{audience=NAME}` 或 `{audience=ONE,OTHER}`，里面不要空格",
            ),
            (
                "li-wei is left out of every keyring: the last training was valid until 2026-01-01",
                "li-wei 没有钥匙串：最后一次培训的有效期到 2026-01-01 为止",
            ),
        ] {
            assert_eq!(sayings().say(english).as_deref(), Some(chinese));
        }
        for unknown in ["", "something that nobody put into words", "the type `contract` has no field ‹› "] {
            assert_eq!(sayings().say(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn an_archive_says_them_in_its_own_words() {
        let mut archives = own();
        let text = "finding.no_custodian: 请写明由谁保管\n";
        archives.add("zh", &Source::decode("theme/words/zh.yaml", text.as_bytes()).unwrap(), &mut Vec::new());
        // What it says in English changes nothing of what the program says, and so of what is known again.
        let text = "finding.no_custodian: Say who keeps it\n";
        archives.add("en", &Source::decode("theme/words/en.yaml", text.as_bytes()).unwrap(), &mut Vec::new());
        let sayings = Sayings::new(&own(), &archives);
        assert_eq!(sayings.say("nobody is named who keeps this dossier").as_deref(), Some("请写明由谁保管"));
    }

    #[test]
    fn each_sentence_has_its_places_in_both_languages_and_is_known_by_its_own_pattern() {
        let (own, sayings) = (own(), sayings());
        let places = |text: &str| {
            let named = pieces(text).into_iter().filter(|piece| matches!(piece, Piece::Place(_)));
            let mut names: Vec<String> = named.map(|piece| format!("{piece:?}")).collect();
            names.sort();
            names
        };
        let keys: Vec<&str> = own.keys("en").filter(|key| key.starts_with(FAMILY)).collect();
        assert!(keys.len() > 60, "{}", keys.len());
        for key in keys.into_iter().filter(|key| !key.starts_with(VALUES)) {
            let (english, chinese) = (own.plain(key, "en"), own.plain(key, "zh"));
            assert_eq!(places(english), places(chinese), "{key}");
            assert!(!chinese.is_ascii(), "{key} is not said in Chinese: {chinese}");
            // Each place filled with another name: what comes out is this sentence and no other.
            let filled = |text: &str| {
                let fill = |piece: Piece| match piece {
                    Piece::Words(words) => words,
                    Piece::Place(name) => format!("x-{name}"),
                };
                pieces(text).into_iter().map(fill).collect::<String>()
            };
            assert_eq!(sayings.say(&filled(english)), Some(filled(chinese)), "{key}");
        }
    }

    /// The program's own texts, with broken lines joined.
    fn source() -> String {
        fn all(folder: &Path, found: &mut String) {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    all(&path, found);
                } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("sayings.rs") {
                    found.push_str(&std::fs::read_to_string(&path).unwrap());
                }
            }
        }
        let mut found = String::new();
        all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        found.split("\\\n").enumerate().map(|(n, part)| if n == 0 { part } else { part.trim_start() }).collect()
    }

    #[test]
    fn no_sentence_is_kept_that_the_program_no_longer_says() {
        let (own, source) = (own(), source());
        for key in own.keys("en").filter(|key| key.starts_with(FAMILY) && !key.starts_with(VALUES)) {
            let words = pieces(own.plain(key, "en")).into_iter().filter_map(|piece| match piece {
                Piece::Words(words) => Some(words),
                Piece::Place(_) => None,
            });
            // Sentences are put together in places, as `is no` and a kind; what they are put together from is in the source.
            let marks = ['`', '‹', '›', ',', ';', ':', '?', '{', '}'];
            let parts: Vec<String> = words
                .map(|words| words.replace("is no ", "`"))
                .flat_map(|words| words.split(marks).map(|part| part.trim().to_owned()).collect::<Vec<_>>())
                .collect();
            let longest = parts.iter().max_by_key(|part| part.len()).unwrap();
            assert!(source.contains(longest.as_str()), "nothing says {key}: {longest}");
        }
    }
}
