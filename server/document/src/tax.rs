//! The texts of an invoice about VAT.

use keeptab_core::invoice::{Party, TaxSubtotal};
use keeptab_core::money::{Tax, TaxCategory};

use crate::number::{amount, percent};
use crate::words::{Words, is_silent_if_untaxed};

/// Returns the label of a subtotal. If an invoice has several, each names its base.
pub(crate) fn label(subtotal: &TaxSubtotal, several: bool, words: &Words) -> String {
    let name = match subtotal.tax.category() {
        TaxCategory::S | TaxCategory::Z => {
            format!("{} {}", words.tax.label, percent(subtotal.tax.rate(), words))
        }
        // No rate stands beside a tax that the recipient owes (Directive 2006/112/EC art. 226 (11a); § 14a (5) UStG).
        TaxCategory::AE => words.tax_reversed.to_owned(),
        TaxCategory::G => words.exported.to_owned(),
        TaxCategory::E => words.taxed(words.vat_exempt),
        TaxCategory::O => words.taxed(words.no_vat),
    };
    if several {
        format!("{name} {} {}", words.on_base, amount(subtotal.base, words))
    } else {
        name
    }
}

/// Returns the rate of a line, or a dash if the category has none.
pub(crate) fn rate(tax: Tax, words: &Words) -> String {
    match tax.category() {
        TaxCategory::S | TaxCategory::Z => percent(tax.rate(), words),
        TaxCategory::AE | TaxCategory::G | TaxCategory::E | TaxCategory::O => "–".to_owned(),
    }
}

/// Returns the reason why no VAT is charged (Directive 2006/112/EC art. 226 (11) and (11a)); the standard rate needs
/// none.
pub(crate) fn reason(category: TaxCategory, seller: &Party, words: &Words) -> Option<String> {
    let reason = match category {
        TaxCategory::S => return None,
        TaxCategory::Z => words.zero_rated,
        TaxCategory::E => return Some(small_business(seller, words)),
        TaxCategory::AE => words.reverse_charge,
        TaxCategory::G => words.export,
        TaxCategory::O => words.not_subject,
    };
    Some(words.taxed(reason))
}

/// Returns the sentence for a small business, with the law of the seller's country. France and Belgium fix the wording.
fn small_business(seller: &Party, words: &Words) -> String {
    let law = match seller.country.as_deref() {
        Some("DE") => "§\u{a0}19\u{a0}UStG",
        Some("AT") => "§\u{a0}6\u{a0}Abs.\u{a0}1\u{a0}Z\u{a0}27\u{a0}UStG",
        Some("FR") => "art.\u{a0}293\u{a0}B du CGI",
        Some("IT") => "art.\u{a0}1, commi\u{a0}54–89, L.\u{a0}190/2014",
        Some("NL") => "artikel\u{a0}25\u{a0}Wet\u{a0}OB",
        Some("BE") => "art.\u{a0}56bis WBTW/CTVA",
        Some("LU") => "art.\u{a0}57 LTVA",
        // The exemption of small businesses is one of VAT.
        country if is_silent_if_untaxed(country) => return words.taxed(words.vat_exempt),
        _ => return words.taxed(words.small_business).replace("{law}", ""),
    };
    words
        .taxed(words.small_business)
        .replace("{law}", &format!("{}{law}", words.under_law))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use keeptab_core::invoice::Language;

    use super::*;
    use TaxCategory::{AE, E, G, O, S, Z};

    fn check(country: &str, language: Language, expected: &Expect) {
        let seller = Party {
            country: Some(country.to_owned()),
            ..Party::default()
        };
        let reasons = [S, Z, E, AE, G, O].map(|category| {
            let reason = reason(category, &seller, Words::of(language)).unwrap_or_default();
            format!("{:<2} {reason}\n", category.code()).replace('\u{a0}', " ")
        });
        expected.assert_eq(&reasons.concat());
    }

    #[test]
    fn each_category_but_the_standard_one_has_its_reason() {
        check(
            "DE",
            Language::En,
            &expect![[r"
            S  
            Z  Zero-rated: VAT at 0%.
            E  No VAT is charged: small business exemption under § 19 UStG.
            AE Reverse charge: VAT to be accounted for by the recipient.
            G  Export: no VAT is charged.
            O  This service is not subject to VAT.
        "]],
        );
        check(
            "DE",
            Language::De,
            &expect![[r#"
                S  
                Z  Nullsatz: Umsatzsteuer zu 0 %.
                E  Steuerfrei nach § 19 UStG (Kleinunternehmer).
                AE Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).
                G  Ausfuhr: Es wird keine Umsatzsteuer berechnet.
                O  Die Leistung unterliegt nicht der Umsatzsteuer.
            "#]],
        );
        check(
            "AT",
            Language::De,
            &expect![[r#"
                S  
                Z  Nullsatz: Umsatzsteuer zu 0 %.
                E  Steuerfrei nach § 6 Abs. 1 Z 27 UStG (Kleinunternehmer).
                AE Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).
                G  Ausfuhr: Es wird keine Umsatzsteuer berechnet.
                O  Die Leistung unterliegt nicht der Umsatzsteuer.
            "#]],
        );
        check(
            "FR",
            Language::De,
            &expect![[r#"
                S  
                Z  Nullsatz: Umsatzsteuer zu 0 %.
                E  Steuerfrei nach art. 293 B du CGI (Kleinunternehmer).
                AE Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).
                G  Ausfuhr: Es wird keine Umsatzsteuer berechnet.
                O  Die Leistung unterliegt nicht der Umsatzsteuer.
            "#]],
        );
    }
}
