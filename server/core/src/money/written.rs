//! Numbers as people write them.

use rust_decimal::Decimal;

use super::MoneyError;

/// The signs that only ever group thousands.
const GROUPS: [char; 5] = [' ', '\u{a0}', '\u{202f}', '\'', '’'];

/// Reads a number with a decimal point or a decimal comma, perhaps with its thousands in groups: `95.50`, `95,50`,
/// `1.234,50`, `1,234.50`, `1’234.50`. A point that occurs once and alone is always the decimal mark.
///
/// # Errors
///
/// If the text is not a number, or if a comma in it could be either mark, as in `1,234`.
pub fn number(text: &str) -> Result<Decimal, MoneyError> {
    let wrong = || MoneyError::Number(text.to_owned());
    let plain = text.trim();
    let (sign, plain) = match plain.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => ("", plain),
    };
    let (points, commas) = (plain.matches('.').count(), plain.matches(',').count());
    let mark = match (plain.rfind('.'), plain.rfind(',')) {
        (Some(point), Some(comma)) => Some(if comma > point { ',' } else { '.' }),
        (Some(_), None) => (points == 1).then_some('.'),
        (None, Some(_)) => (commas == 1).then_some(','),
        (None, None) => None,
    };
    let (whole, part) = match mark {
        Some(mark) => plain.rsplit_once(mark).ok_or_else(wrong)?,
        None => (plain, ""),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if mark.is_some() && part.is_empty() || !are_digits(part) {
        return Err(wrong());
    }
    if mark == Some(',') && points == 0 && part.len() == 3 && is_a_group(whole) {
        return Err(MoneyError::Ambiguous(
            text.to_owned(),
            format!("{sign}{whole}{part}"),
            format!("{sign}{whole}.{part}"),
        ));
    }
    let whole = ungrouped(whole, mark).ok_or_else(wrong)?;
    if whole.is_empty() && part.is_empty() {
        return Err(wrong());
    }
    Decimal::from_str_exact(format!("{sign}{whole}.{part}").trim_end_matches('.')).map_err(|_| wrong())
}

/// Returns whether digits can stand before a group of three.
fn is_a_group(digits: &str) -> bool {
    (1..=3).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the digits of a whole number whose thousands are perhaps in groups. All its groups have one sign between them,
/// which is not the decimal mark.
fn ungrouped(whole: &str, mark: Option<char>) -> Option<String> {
    let Some(sign) = whole.chars().find(|sign| !sign.is_ascii_digit()) else {
        return Some(whole.to_owned());
    };
    let is_mark = matches!(sign, '.' | ',') && mark != Some(sign);
    if !is_mark && !GROUPS.contains(&sign) {
        return None;
    }
    let groups: Vec<&str> = whole.split(sign).collect();
    let (first, rest) = groups.split_first()?;
    let (last, middle) = rest.split_last()?;
    let are_digits = groups
        .iter()
        .all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    // India groups in twos before the last three digits.
    let fits = is_a_group(first) && last.len() == 3 && middle.iter().all(|group| (2..=3).contains(&group.len()));
    (are_digits && fits).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, wanted) in [
            ("95", "95"),
            ("95.5", "95.5"),
            ("95,50", "95.50"),
            ("100,00", "100.00"),
            (" -2,38 ", "-2.38"),
            ("−2.38", "-2.38"),
            (".5", "0.5"),
            ("1.085", "1.085"),
            ("1,0850", "1.0850"),
            ("0,125", "0.125"),
            ("1.234,50", "1234.50"),
            ("1,234.50", "1234.50"),
            ("1’234.50", "1234.50"),
            ("1 234,500", "1234.500"),
            ("1.234.567", "1234567"),
            ("12,34,567.00", "1234567.00"),
        ] {
            assert_eq!(
                number(text).map(|number| number.to_string()).as_deref(),
                Ok(wanted),
                "{text}"
            );
        }
        for text in [
            "",
            "-",
            ".",
            "95.",
            "1,",
            "x",
            "1e3",
            "+1",
            "1_000",
            "12.34.56",
            "1.23,4.5",
            "1234,567.00",
            "1 23",
            "0.123,50",
        ] {
            assert_eq!(number(text), Err(MoneyError::Number(text.into())), "{text}");
        }
        for text in ["1,234", "-12,500"] {
            assert!(matches!(number(text), Err(MoneyError::Ambiguous(..))), "{text}");
        }
        assert!(number(&"9".repeat(40)).is_err());
    }

    proptest! {
        /// A number is read back from each way of writing it.
        #[test]
        fn all_ways_of_writing_a_number_are_the_same(cents in -10_000_000_000_i64..10_000_000_000) {
            let value = Decimal::new(cents, 2);
            let (sign, digits) = (if cents < 0 { "-" } else { "" }, format!("{:02}", cents.unsigned_abs()));
            let digits = format!("{digits:0>3}");
            let (whole, part) = digits.split_at(digits.len() - 2);
            let grouped = |mark: char| {
                let digits: Vec<char> = whole.chars().collect();
                let groups: Vec<String> = digits.rchunks(3).rev().map(|group| group.iter().collect()).collect();
                groups.join(&mark.to_string())
            };
            for text in [
                format!("{sign}{whole}.{part}"),
                format!("{sign}{whole},{part}"),
                format!("{sign}{}.{part}", grouped(',')),
                format!("{sign}{},{part}", grouped('.')),
                format!("{sign}{}.{part}", grouped('’')),
                format!("{sign}{},{part}", grouped('\u{202f}')),
            ] {
                prop_assert_eq!(number(&text), Ok(value), "{}", text);
            }
        }

        #[test]
        fn no_text_is_a_panic(text in ".*") {
            let _ = number(&text);
        }
    }
}
