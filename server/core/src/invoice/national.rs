//! Requirements of single countries on an invoice that nothing else asks for.

use rust_decimal::Decimal;

use super::check::is_in_eu;
use super::content::Content;
use super::number::Org;
use super::party::Party;
use super::totals::TaxSubtotal;
use crate::money::{Amount, Currency, Tax, TaxCategory};

/// The characters of a number behind its org: `-202611-0001`.
const BEHIND_ORG: usize = 12;

/// Returns the most characters that a country allows in the number of an invoice, if those of `org` have more. India allows
/// 16 (CGST Rules 2017, rule 46 (b)).
#[must_use]
pub fn exceeded_length(country: &str, org: &Org) -> Option<usize> {
    let most = (country == "IN").then_some(16);
    most.filter(|most| org.as_str().len() + BEHIND_ORG > *most)
}

/// Countries that are not in the registry of account numbers by ISO 13616: a seller there has no `iban` to set.
const WITHOUT_IBAN: [&str; 8] = ["AU", "CA", "HK", "IN", "JP", "NZ", "SG", "US"];

/// Returns whether an invoice asks for money and says nowhere to which account, though the seller has no `iban` to set: neither
/// terms nor notes say anything.
#[must_use]
pub fn lacks_account(content: &Content) -> bool {
    let has_none = |country: &str| WITHOUT_IBAN.contains(&country);
    content.seller.country.as_deref().is_some_and(has_none)
        && content.kind.credited().is_none()
        && content.totals.due.value() > Decimal::ZERO
        && content.iban.is_none()
        && content.terms.is_none()
        && content.notes.is_empty()
}

/// Returns whether an invoice lacks the VAT id of the buyer that Austria requires above 10,000 euros with tax, if both are
/// in Austria and the buyer is a business (`UStG` 1994 § 11 (1)). A person has none, so this is no more than a warning.
#[must_use]
pub fn lacks_buyer_id(content: &Content) -> bool {
    let is_austrian = |party: &Party| party.country.as_deref() == Some("AT");
    let is_taxed = content
        .totals
        .taxes
        .iter()
        .any(|tax| tax.tax.category() == TaxCategory::S);
    let is_large = content.currency == Currency::EUR && content.totals.gross.value() > Decimal::from(10_000);
    let both = is_austrian(&content.seller) && is_austrian(&content.buyer);
    both && is_taxed && is_large && content.buyer.vat_id.is_none()
}

impl Content {
    /// Returns what was paid in advance without the credit of other invoices, which names its own.
    #[must_use]
    pub fn advance(&self) -> Amount {
        let credits = self.prepayments().into_iter().map(|(_, amount)| amount);
        credits.fold(self.totals.prepaid, |rest, credit| rest - credit)
    }

    /// Returns whether the invoice must say the tax inside the advance, which a final invoice deducts with the advance: § 14
    /// (5) `UStG`, if the advance was invoiced with tax. It is so for sellers in the EU.
    #[must_use]
    pub fn has_taxed_advance(&self) -> bool {
        let is_taxed = self.totals.taxes.iter().any(|tax| !tax.amount.is_zero());
        self.seller.country.as_deref().is_some_and(is_in_eu) && is_taxed && !self.advance().is_zero()
    }

    /// Returns the tax inside the advance, rounded half up; `None` if none has to be said, or if the invoice has several rates,
    /// so that the share of each is unknown.
    #[must_use]
    pub fn advance_tax(&self) -> Option<(Tax, Amount)> {
        let [TaxSubtotal { tax, .. }] = &*self.totals.taxes else {
            return None;
        };
        let share = tax.rate().checked_div(tax.rate() + Decimal::ONE_HUNDRED)?;
        let amount = Amount::rounded(self.advance().value() * share, self.currency);
        self.has_taxed_advance().then_some((*tax, amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invoice::Totals;
    use crate::invoice::tests::{euros, fee, first, standard};

    #[test]
    fn india_takes_numbers_of_sixteen_characters() {
        let most = |country, org: &str| exceeded_length(country, &org.parse().unwrap());
        assert_eq!(most("IN", "NEEM"), None);
        assert_eq!(most("IN", "NEEMS"), Some(16));
        assert_eq!(most("DE", "NEEMSOFT"), None);
    }

    #[test]
    fn austria_wants_the_buyers_id_above_ten_thousand_euros() {
        let lacks = |gross: i64, buyer: &str, id: Option<&str>| {
            let mut content = first();
            content.seller.country = Some("AT".into());
            content.buyer.country = Some(buyer.into());
            content.buyer.vat_id = id.map(str::to_owned);
            content.lines = vec![fee(gross * 100 / 12 * 10, standard(20))];
            content.totals = Totals::reduced(&content.lines, &[], euros(0), Currency::EUR);
            lacks_buyer_id(&content)
        };
        assert!(lacks(10_008, "AT", None));
        assert!(!lacks(9_996, "AT", None));
        assert!(!lacks(12_000, "AT", Some("ATU12345678")));
        assert!(!lacks(12_000, "DE", None));
    }

    #[test]
    fn an_advance_has_its_share_of_the_tax() {
        let tax = |country: &str, advance: i64, rates: &[i64]| {
            let mut content = first();
            content.seller.country = Some(country.into());
            content.lines = rates.iter().map(|rate| fee(95_000, standard(*rate))).collect();
            content.totals = Totals::reduced(&content.lines, &[], euros(advance), Currency::EUR);
            (
                content.has_taxed_advance(),
                content.advance_tax().map(|(_, amount)| amount),
            )
        };
        assert_eq!(tax("DE", 50_000, &[19]), (true, Some(euros(7_983))));
        assert_eq!(tax("DE", 0, &[19]), (false, None));
        assert_eq!(tax("US", 50_000, &[8]), (false, None));
        // Nobody knows which part of it is taxed at which rate.
        assert_eq!(tax("DE", 50_000, &[19, 7]), (true, None));
    }

    #[test]
    fn an_account_without_an_iban_is_said_in_notes() {
        let lacks = |country: &str, notes: &[&str]| {
            let mut content = first();
            content.seller.country = Some(country.into());
            content.notes = notes.iter().map(|note| (*note).to_owned()).collect();
            lacks_account(&content)
        };
        assert!(lacks("US", &[]));
        assert!(!lacks("US", &["Routing 021000021, account 123456789"]));
        assert!(!lacks("DE", &[]));
    }
}
