//! "Did you mean …?": the name nearest to one that nothing bears.

/// Longer words than this, in characters, are no slips of the pen, and comparing them would cost.
const LONGEST: usize = 120;

/// The candidate that `word` most likely meant, or none where all of them are too far away.
///
/// Full-width forms from an input method, upper case and `_` for `-` count as the same. Otherwise a third of the
/// characters may be wrong, missing, doubled or swapped (Damerau–Levenshtein), so that one of two Han characters may be,
/// but not both. Among equals the one that begins alike wins, then the one that comes first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(word)?;
    let mut best: Option<(usize, f64, &'a str)> = None;
    for candidate in candidates {
        let Some(name) = plain(candidate) else { continue };
        let longer = wanted.len().max(name.len());
        let limit = (longer + 1) / 3;
        if wanted.len().abs_diff(name.len()) > limit {
            continue;
        }
        let distance = strsim::generic_damerau_levenshtein(&wanted, &name);
        // With nothing in common there is nothing to recognise.
        if distance > limit || distance >= longer {
            continue;
        }
        let likeness = strsim::jaro_winkler(&String::from_iter(&wanted), &String::from_iter(&name));
        if best.is_none_or(|(least, most, _)| distance < least || (distance == least && likeness > most)) {
            best = Some((distance, likeness, candidate));
        }
    }
    best.map(|(_, _, candidate)| candidate)
}

/// The word as it is compared: half-width, lower case, with hyphens; none if it is empty or too long.
fn plain(word: &str) -> Option<Vec<char>> {
    let mut characters = Vec::new();
    for character in word.trim().chars() {
        let half = match character {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
            '\u{3000}' => ' ',
            other => other,
        };
        let joined = if matches!(half, '_' | ' ') { '-' } else { half };
        characters.extend(joined.to_lowercase());
        if characters.len() > LONGEST {
            return None;
        }
    }
    (!characters.is_empty()).then_some(characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUDIENCES: [&str; 6] = ["finance", "legal", "sales", "technical", "management", "compliance"];

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        assert_eq!(nearest("finanse", AUDIENCES), Some("finance"));
        assert_eq!(nearest("lgeal", AUDIENCES), Some("legal"));
        assert_eq!(nearest("Compliance", AUDIENCES), Some("compliance"));
        assert_eq!(nearest("audeince", ["audience", "title"]), Some("audience"));
        assert_eq!(nearest("account_manager", ["account-manager", "x"]), Some("account-manager"));
    }

    #[test]
    fn a_word_from_an_input_method_is_recognised() {
        assert_eq!(nearest("ｆｉｎａｎｃｅ", AUDIENCES), Some("finance"));
        assert_eq!(nearest("财物", ["法务", "财务", "合规"]), Some("财务"));
        assert_eq!(nearest("客户经里", ["客户经理", "财务"]), Some("客户经理"));
    }

    #[test]
    fn a_word_unlike_all_others_suggests_nothing() {
        assert_eq!(nearest("kitchen", AUDIENCES), None);
        assert_eq!(nearest("采购", ["法务", "财务", "合规"]), None);
        assert_eq!(nearest("", AUDIENCES), None);
        assert_eq!(nearest("en", ["zh"]), None);
        assert_eq!(nearest(&"f".repeat(1_000_000), AUDIENCES), None);
    }
}
