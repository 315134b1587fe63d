//! Figures in print. They are decimals up to here and text from here on.

use keeptab_core::money::{Amount, Currency, Price};
use rust_decimal::Decimal;

use crate::words::Words;

/// Prints a number with its own decimals: `1,234.50` or `1.234,50`.
pub(crate) fn decimal(value: Decimal, words: &Words) -> String {
    let digits = value.abs().to_string();
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text = String::new();
    if value.is_sign_negative() && !value.is_zero() {
        text.push('\u{2212}');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && begins_group(whole.len() - index, words.form.lakhs) {
            text.push_str(words.form.thousands);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push_str(words.form.decimal);
        text.push_str(fraction);
    }
    text
}

/// Returns whether a group begins before the last `rest` digits.
fn begins_group(rest: usize, lakhs: bool) -> bool {
    if lakhs && rest > 3 {
        (rest - 3).is_multiple_of(2)
    } else {
        rest.is_multiple_of(3)
    }
}

/// Prints a quantity of hours, with two decimals or more.
pub(crate) fn quantity(value: Decimal, words: &Words) -> String {
    let mut value = value;
    value.rescale(value.scale().max(2));
    decimal(value, words)
}

/// Prints a price with the decimals of its currency, or with more if it has more.
pub(crate) fn price(price: Price, currency: Currency, words: &Words) -> String {
    decimal(price.shown(currency), words)
}

/// Prints an amount; it has the decimals of its currency already.
pub(crate) fn amount(amount: Amount, words: &Words) -> String {
    decimal(amount.value(), words)
}

/// Prints an amount that is taken off: `−12.50`.
pub(crate) fn less(amount: Amount, words: &Words) -> String {
    decimal(-amount.value(), words)
}

/// Prints an amount with its currency: `EUR 1,234.50` or `1.234,50 EUR`.
pub(crate) fn money(amount: Amount, currency: Currency, words: &Words) -> String {
    let figure = self::amount(amount, words);
    if words.form.currency_first {
        format!("{currency}\u{a0}{figure}")
    } else {
        format!("{figure}\u{a0}{currency}")
    }
}

/// Prints a tax rate: `19%` or `19 %`.
pub(crate) fn percent(rate: Decimal, words: &Words) -> String {
    format!("{}{}", decimal(rate.normalize(), words), words.form.percent)
}

#[cfg(test)]
mod tests {
    use keeptab_core::invoice::Language;

    use super::*;

    fn check(value: &str, english: &str, german: &str) {
        let value = Decimal::from_str_exact(value).unwrap();
        assert_eq!(decimal(value, Words::of(Language::En)), english);
        assert_eq!(decimal(value, Words::of(Language::De)), german);
    }

    #[test]
    fn thousands_and_decimals_follow_the_language() {
        check("1234.50", "1,234.50", "1.234,50");
        check("0.00", "0.00", "0,00");
        check("999", "999", "999");
        check("1000", "1,000", "1.000");
        check("123456789012.345", "123,456,789,012.345", "123.456.789.012,345");
        check("-1234.5", "\u{2212}1,234.5", "\u{2212}1.234,5");
        check("-0.00", "0.00", "0,00");
    }

    #[test]
    fn decimals_follow_the_currency() {
        let check = |price: &str, currency: &str, expected: &str| {
            let price = price.parse().unwrap();
            let currency = currency.parse().unwrap();
            assert_eq!(super::price(price, currency, Words::of(Language::En)), expected);
        };
        check("95", "EUR", "95.00");
        check("95.0000", "EUR", "95.00");
        check("95.1250", "EUR", "95.125");
        check("12000", "JPY", "12,000");
        check("12.5", "KWD", "12.500");
    }

    #[test]
    fn money_and_tax_rates_read_as_the_language_writes_them() {
        let currency = "EUR".parse().unwrap();
        let sum = Amount::rounded(Decimal::new(123_450, 2), currency);
        let rate = Decimal::new(190, 1);
        for (language, amount, tax) in [
            (Language::En, "EUR\u{a0}1,234.50", "19%"),
            (Language::De, "1.234,50\u{a0}EUR", "19\u{a0}%"),
        ] {
            assert_eq!(money(sum, currency, Words::of(language)), amount);
            assert_eq!(percent(rate, Words::of(language)), tax);
        }
    }
}
