//! Numbers as others write them. Nothing is rounded: amounts are text from end to end.

/// A cell's number with a point before decimals and no grouping: `1.280,5` with a decimal comma is `1280.5`. Currency
/// signs and blanks around it are taken off. None where it is no number.
#[must_use]
pub fn plain_number(cell: &str, decimal_comma: bool) -> Option<String> {
    let trimmed = cell.trim().trim_start_matches(['¥', '￥', '€', '$', '£']).trim_end_matches('元').trim();
    let (point, grouping) = if decimal_comma { (',', '.') } else { ('.', ',') };
    let mut out = String::with_capacity(trimmed.len());
    for c in trimmed.chars() {
        match c {
            c if c == point => out.push('.'),
            c if c == grouping || c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    let digits = out.strip_prefix(['-', '+']).unwrap_or(&out);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (all_digits(whole) && fraction.is_none_or(all_digits)).then_some(out)
}

/// A number of [`plain_number`] times a power of ten: the point moves, and every digit stays.
#[must_use]
pub fn times_power(number: &str, power: usize) -> String {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut fraction = fraction.to_owned();
    while fraction.len() < power {
        fraction.push('0');
    }
    let (moved, rest) = fraction.split_at(power);
    let whole = format!("{whole}{moved}");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// The power of ten that a number is: `10000` is the fourth.
#[must_use]
pub fn power_of_ten(text: &str) -> Option<usize> {
    let zeros = text.strip_prefix('1')?;
    (zeros.bytes().all(|byte| byte == b'0') && zeros.len() <= 12).then_some(zeros.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_their_dress_and_none_of_their_digits() {
        assert_eq!(plain_number("￥1,280,000.50", false).as_deref(), Some("1280000.50"));
        assert_eq!(plain_number("1.280,5", true).as_deref(), Some("1280.5"));
        assert_eq!(plain_number("128 元", false).as_deref(), Some("128"));
        assert_eq!(plain_number("-0.1", false).as_deref(), Some("-0.1"));
        for none in ["", "-", "12a", "1.2.3", "约100"] {
            assert_eq!(plain_number(none, false), None, "{none}");
        }
    }

    #[test]
    fn ten_thousands_become_ones_exactly() {
        assert_eq!(times_power("128", 4), "1280000");
        assert_eq!(times_power("0.00015", 4), "1.5");
        assert_eq!(times_power("-12.34567", 4), "-123456.7");
        assert_eq!(times_power("0.9995", 2), "99.95");
        assert_eq!(times_power("0", 4), "0");
        assert_eq!((power_of_ten("10000"), power_of_ten("1"), power_of_ten("20")), (Some(4), Some(0), None));
    }
}
