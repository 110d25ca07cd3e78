//! Customers' names as they are compared: without what writing and legal form add to them.

/// Legal forms at the end of Chinese names, longer ones first.
const FORMS: [&str; 8] = ["有限责任公司", "股份有限公司", "有限公司", "股份公司", "集团公司", "总公司", "集团", "公司"];

/// Legal forms at the end of other names, as words.
const FORM_WORDS: [&str; 24] = [
    "co",
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "company",
    "llc",
    "plc",
    "gmbh",
    "ag",
    "ab",
    "as",
    "asa",
    "sa",
    "nv",
    "bv",
    "oy",
    "spa",
    "srl",
    "kk",
    "group",
    "holdings",
];

/// Signs of which one in place of another makes another customer: the second school is not the first one misspelt.
const TELLING: &str = "零一二三四五六七八九十百千甲乙丙丁戊东西南北中上下左右前后内外大小新老";

/// Shorter names than this, in Han characters, differ by one character all the time.
const LEAST_HAN: usize = 4;
/// The same for other names.
const LEAST_OTHER: usize = 8;

/// A name as it is compared with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// All of it in small letters and half-width signs, without blanks and punctuation.
    pub full: String,
    /// The same without its legal form.
    pub core: Vec<char>,
}

impl Compared {
    /// Reads a name; none where nothing of it is a letter or digit.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let mut words: Vec<String> = vec![String::new()];
        for character in name.chars().map(half_width) {
            if character.is_alphanumeric() {
                words.last_mut()?.extend(character.to_lowercase());
            } else if words.last().is_some_and(|word| !word.is_empty()) {
                words.push(String::new());
            }
        }
        words.retain(|word| !word.is_empty());
        let full = words.concat();
        while words.len() > 1 && words.last().is_some_and(|word| FORM_WORDS.contains(&word.as_str())) {
            words.pop();
        }
        let mut core = words.concat();
        while let Some(shorter) = FORMS.iter().find_map(|form| core.strip_suffix(form)).filter(|left| !left.is_empty())
        {
            core = shorter.to_owned();
        }
        (!full.is_empty()).then(|| Self { full, core: core.chars().collect() })
    }

    /// The core with each of its characters left out in turn, and whole: two names that are one slip apart share one.
    pub fn shorter(&self) -> impl Iterator<Item = String> + '_ {
        let without = |at: usize| self.core.iter().enumerate().filter(move |(n, _)| *n != at).map(|(_, c)| *c);
        std::iter::once(self.core.iter().collect()).chain((0..self.core.len()).map(move |at| without(at).collect()))
    }

    /// Whether one is the other but for the legal form or one slip: a character more, another, or two exchanged.
    #[must_use]
    pub fn is_near(&self, other: &Self) -> bool {
        if self.core == other.core {
            return true;
        }
        let han = self.core.iter().chain(&other.core).any(|c| is_han(*c));
        let least = if han { LEAST_HAN } else { LEAST_OTHER };
        if self.core.len().min(other.core.len()) < least {
            return false;
        }
        let alike = self.core.iter().zip(&other.core).take_while(|(one, two)| one == two).count();
        let (one, two) = (self.core.get(alike..).unwrap_or_default(), other.core.get(alike..).unwrap_or_default());
        let tail = one.iter().rev().zip(two.iter().rev()).take_while(|(a, b)| a == b).count();
        let one = one.get(..one.len() - tail).unwrap_or_default();
        let two = two.get(..two.len() - tail).unwrap_or_default();
        let telling = |c: &char| c.is_numeric() || TELLING.contains(*c);
        match (one, two) {
            ([a], [b]) => !(telling(a) && telling(b)),
            ([a], []) | ([], [a]) => !telling(a),
            ([a, b], [c, d]) => a == d && b == c,
            _ => false,
        }
    }
}

/// A full-width sign of an input method as what it stands for.
#[must_use]
pub fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// Whether the character is a Chinese one.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: &str, other: &str) -> bool {
        Compared::of(one).unwrap().is_near(&Compared::of(other).unwrap())
    }

    #[test]
    fn legal_forms_and_ways_of_writing_make_no_other_name() {
        assert!(near("云溪水电开发有限公司", "云溪水电开发（集团）股份有限公司"));
        assert!(near("Yunxi Hydropower Co., Ltd.", "YUNXI HYDROPOWER"));
        assert!(near("ＡＢＣ 物流有限公司", "abc物流有限责任公司"));
        assert_eq!(Compared::of("有限公司").unwrap().core.len(), 4, "a name that is a form alone stays");
        assert_eq!(Compared::of("——"), None);
    }

    #[test]
    fn one_slip_makes_a_near_name_and_two_do_not() {
        assert!(near("云溪惠农银行", "云溪慧农银行"));
        assert!(near("云溪惠农银行", "云溪农惠银行"));
        assert!(near("云溪惠农银行", "云溪县惠农银行"));
        assert!(!near("云溪惠农银行", "云溪慧民银行"));
        assert!(!near("海纳", "海能"));
    }

    #[test]
    fn numbers_and_directions_tell_customers_apart() {
        assert!(!near("云溪县第一中学", "云溪县第二中学"));
        assert!(!near("北京远航物流有限公司", "南京远航物流有限公司"));
        assert!(!near("Yunxi Middle School 1", "Yunxi Middle School 2"));
    }

    #[test]
    fn near_names_share_a_shorter_form() {
        for (one, other) in
            [("云溪惠农银行", "云溪慧农银行"), ("云溪惠农银行", "云溪农惠银行"), ("云溪惠农银行", "云溪县惠农银行")]
        {
            let other: Vec<String> = Compared::of(other).unwrap().shorter().collect();
            assert!(Compared::of(one).unwrap().shorter().any(|form| other.contains(&form)));
        }
    }
}
