//! Which customers a short or a longer form of a name may mean: ‹一中› for ‹云溪县第一中学›, ‹云溪水电公司› for ‹云溪水电›.

/// More than so many customers are no suggestion.
const MOST: usize = 3;
/// Fewer Latin letters and digits in a row stand in too many names.
const LETTERS: usize = 3;

/// The names that hold what is written, or that it holds, the best first; none where there are too many to be a help.
/// Each comes with whose it is, and of one customer's names only the best counts.
pub fn abbreviated<'n>(written: &str, names: impl Iterator<Item = (&'n str, &'n str)>) -> Vec<(&'n str, &'n str)> {
    let written = plain(written);
    let mut found: Vec<(Likeness, (&str, &str))> =
        names.filter_map(|(whose, name)| Some((likeness(&written, &plain(name))?, (whose, name)))).collect();
    found.sort();
    let mut best: Vec<(Likeness, (&str, &str))> = Vec::new();
    for (like, (whose, name)) in found {
        if !best.iter().any(|(_, (known, _))| *known == whose) {
            best.push((like, (whose, name)));
        }
    }
    // What only has the same signs in the same order counts where nothing holds them together.
    let first = best.first().map(|(like, _)| like.apart);
    best.retain(|(like, _)| Some(like.apart) == first);
    if best.len() > MOST { Vec::new() } else { best.into_iter().map(|(_, one)| one).collect() }
}

/// How alike two names are; the smallest is the best.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    /// Whether other signs stand between those of the shorter one.
    apart: bool,
    /// How many signs the one has more.
    more: usize,
}

fn likeness(one: &[char], other: &[char]) -> Option<Likeness> {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let latin = short.iter().all(char::is_ascii);
    if short.len() < if latin { LETTERS } else { 2 } {
        return None;
    }
    let more = long.len() - short.len();
    if long.windows(short.len()).any(|part| part == short) {
        return Some(Likeness { apart: false, more });
    }
    // A Chinese name is shortened by leaving signs out; of Latin letters that would fit nearly anything.
    let mut rest = long.iter();
    let in_order = !latin && short.len() > 2 && short.iter().all(|sign| rest.any(|other| other == sign));
    in_order.then_some(Likeness { apart: true, more })
}

/// A name as it is compared: small letters, half-width forms, no blanks.
fn plain(name: &str) -> Vec<char> {
    let half = |sign: char| match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        other => other,
    };
    name.chars().map(half).filter(|sign| !sign.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [(&str, &str); 6] = [
        ("school", "云溪县第一中学"),
        ("school", "云溪一中"),
        ("hospital", "云溪县人民医院"),
        ("hydro", "云溪水电"),
        ("bearings", "Norrvik Bearings"),
        ("tea", "雾砚茶业有限公司"),
    ];

    fn whose(written: &str) -> Vec<&'static str> {
        abbreviated(written, NAMES.into_iter()).into_iter().map(|(whose, _)| whose).collect()
    }

    #[test]
    fn a_short_form_and_a_longer_one_lead_to_the_customer() {
        assert_eq!(abbreviated("一中", NAMES.into_iter()), [("school", "云溪一中")]);
        assert_eq!(whose("云溪水电开发公司"), ["hydro"]);
        assert_eq!(whose("县医院"), ["hospital"]);
        assert_eq!(whose("雾砚 茶业"), ["tea"]);
        assert_eq!(whose("norrvik"), ["bearings"]);
        assert_eq!(whose("云溪县"), ["hospital", "school"]);
    }

    #[test]
    fn what_fits_many_or_too_little_suggests_nothing() {
        assert_eq!(whose("云"), Vec::<&str>::new());
        assert_eq!(whose("be"), Vec::<&str>::new());
        assert_eq!(whose("nbr"), Vec::<&str>::new());
        assert_eq!(whose("采购"), Vec::<&str>::new());
        let many = ["a", "b", "c", "d"].map(|whose| (whose, "云溪一中"));
        assert!(abbreviated("一中", many.into_iter()).is_empty());
    }
}
