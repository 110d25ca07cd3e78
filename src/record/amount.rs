//! Amounts of money as exact numbers: they are added and compared within one currency only.

use super::value::grouped;

/// An amount in ten-thousandths of its unit; none where it has more places behind the point, or is too large to be
/// added to others.
#[must_use]
pub fn amount(text: &str) -> Option<i128> {
    const PLACES: usize = 4;
    const LONGEST: usize = 24;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > PLACES || whole.len() > LONGEST {
        return None;
    }
    let padded = format!("{whole}{fraction:0<PLACES$}");
    padded.parse::<i128>().ok().map(|number| sign * number)
}

/// An amount as people write it, with commas between thousands.
#[must_use]
pub fn amount_text(amount: i128) -> String {
    let whole = (amount / 10_000).abs().to_string();
    let fraction = format!("{:04}", (amount % 10_000).abs());
    let fraction = fraction.trim_end_matches('0');
    let (sign, point) = (if amount < 0 { "-" } else { "" }, if fraction.is_empty() { "" } else { "." });
    grouped(&format!("{sign}{whole}{point}{fraction}"), 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        assert_eq!(amount("0.1").zip(amount("0.2")).map(|(a, b)| a + b), amount("0.3"));
        assert_eq!(amount("-1280000.50"), Some(-12_800_005_000));
        assert_eq!(amount("1.00005"), None);
        assert_eq!(amount(&"9".repeat(40)), None);
    }

    #[test]
    fn amounts_are_written_with_commas() {
        assert_eq!(amount_text(12_800_005_000), "1,280,000.5");
        assert_eq!(amount_text(-9_990_000), "-999");
        assert_eq!(amount_text(0), "0");
    }
}
