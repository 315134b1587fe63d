//! References of payments.

use keeptab_core::invoice::InvoiceNumber;

/// Returns the creditor reference of an invoice (ISO 11649): `RF`, two check digits, and the number without its
/// hyphens; `None` if that is longer than the 21 characters allowed.
pub(super) fn creditor(number: &InvoiceNumber) -> Option<String> {
    let body: String = number.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let check = 98 - remainder_97(&format!("{body}RF00"));
    (body.len() <= 21).then(|| format!("RF{check:02}{body}"))
}

/// The remainder by 97 of a text, with letters counted from 10 (ISO 7064).
fn remainder_97(text: &str) -> u32 {
    let digit = |character: char| character.to_digit(36).unwrap_or_default();
    text.chars().map(digit).fold(0, |rest, digit| {
        let shift = if digit > 9 { 100 } else { 10 };
        (rest * shift + digit) % 97
    })
}

/// Returns the QR reference of an invoice, which an account with a QR-IBAN requires: 26 digits and the check digit.
/// Year, month and counter distinguish the invoices of a business.
pub(super) fn qr(number: &InvoiceNumber) -> String {
    let body = format!("{:016}{:010}", number.series().month(), number.counter());
    format!("{body}{}", check_10(&body))
}

/// The check digit of modulo 10, recursive (Swiss Implementation Guidelines QR-bill, annex B).
fn check_10(digits: &str) -> usize {
    const TABLE: [usize; 10] = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
    let carry = digits.bytes().fold(0, |carry, digit| {
        let index = (carry + usize::from(digit.saturating_sub(b'0'))) % 10;
        TABLE.get(index).copied().unwrap_or_default()
    });
    (10 - carry) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creditor_references_have_their_check_digits() {
        let number = |text: &str| text.parse::<InvoiceNumber>().unwrap();
        let reference = creditor(&number("JDS-202611-0001")).unwrap();
        assert_eq!(reference.len(), 4 + 13);
        // The rule: with its first four characters moved to the end, the remainder is 1.
        assert_eq!(remainder_97(&format!("{}{}", &reference[4..], &reference[..4])), 1);
        // The example of the standard.
        assert_eq!(98 - remainder_97("539007547034RF00"), 18);
        assert_eq!(creditor(&number("ABCDEFGHIJKL-202611-0001")), None);
    }

    #[test]
    fn qr_references_have_their_check_digit() {
        // The example of the guidelines.
        assert_eq!(check_10("21000000000313947143000901"), 7);
        let reference = qr(&"JDS-202611-0001".parse().unwrap());
        assert_eq!(reference.len(), 27);
        assert!(reference.starts_with("00000000002026110000000001"));
    }
}
