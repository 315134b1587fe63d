//! An invoice by EN 16931, in the two syntaxes of the standard.
//!
//! Read in this order: `profile` (the specifications), `lacking` (the requirements of each), `cii` and `ubl` (the two
//! syntaxes), `xml` (the writer). Comments name the business terms (BT) and groups (BG) of the standard.

use keeptab_core::billing::Line;
use keeptab_core::invoice::{Allowance, Content, Kind, Paper, Party, names_country};
use keeptab_core::money::{Tax, TaxCategory};
use keeptab_core::rule::ProjectId;
use rust_decimal::Decimal;

use crate::number::money;
use crate::sheet::{credited, in_words, prepayment};
use crate::text::clean;
use crate::words::Words;
use crate::{DocumentError, tax};

mod address;
mod cii;
mod lacking;
mod means;
mod profile;
mod ubl;

pub use lacking::Lacking;
pub(crate) use lacking::lacking;
pub(crate) use profile::{Profile, Syntax};

/// Writes an issued invoice by a profile.
///
/// # Errors
///
/// If the paper is a draft, or if the invoice lacks something that the profile requires.
pub(crate) fn write(paper: &Paper<'_>, profile: Profile) -> Result<Vec<u8>, DocumentError> {
    if paper.number.is_none() {
        return Err(DocumentError::Lacking(Lacking::of_draft(profile)));
    }
    if let Some(lacking) = lacking(paper.content, profile) {
        return Err(DocumentError::Lacking(lacking));
    }
    Ok(match profile.syntax() {
        Syntax::Cii => cii::write(paper, profile)?,
        Syntax::Ubl => ubl::write(paper, profile)?,
    })
}

/// Returns whether VAT ids may be named: not if a line is outside the scope of VAT (BR-O-02 to 04).
fn names_vat_ids(content: &Content) -> bool {
    !content.lines.iter().any(|line| line.tax.category() == TaxCategory::O)
}

/// A party's VAT id (BT-31, BT-48), if it may be named. An id that names no country is no VAT id here (BR-CO-09).
fn vat_id<'a>(party: &'a Party, content: &Content) -> Option<&'a str> {
    european_id(party).filter(|_| names_vat_ids(content))
}

/// A party's VAT id, if it begins with its country.
fn european_id(party: &Party) -> Option<&str> {
    let id = party.vat_id.as_deref();
    id.filter(|id| names_country(id, party.country.as_deref()))
}

/// The number under which the seller charges the tax beside a VAT id (BT-32): the local tax number, or else an id for GST or
/// sales tax that names no country.
fn tax_number(content: &Content) -> Option<&str> {
    let seller = &content.seller;
    let local = || {
        seller
            .vat_id
            .as_deref()
            .filter(|_| names_vat_ids(content) && european_id(seller).is_none())
    };
    seller.tax_number.as_deref().or_else(local)
}

/// The seller's identifier (BT-29): the number that the buyer gave. Without one, BR-CO-26 requires another id if neither a
/// register (BT-30) nor a VAT id (BT-31) names the seller.
fn seller_id(content: &Content) -> Option<&str> {
    let seller = &content.seller;
    let given = content
        .supplier_number
        .as_deref()
        .filter(|number| !clean(number).is_empty());
    if given.is_some() {
        return given;
    }
    let named = seller.registration.is_some() || vat_id(seller, content).is_some();
    let id = seller.tax_number.as_deref().or(seller.vat_id.as_deref());
    id.filter(|_| !named)
}

/// The rate of a line or an allowance; none outside the scope of VAT (BR-O-05, BR-O-06).
fn rate(tax: Tax) -> Option<String> {
    let rate = (tax.category() != TaxCategory::O).then(|| tax.rate());
    rate.map(|rate| rate.normalize().to_string())
}

/// The rate of a group of lines (BT-119); XRechnung requires one even if there is none (BR-DE-14).
fn group_rate(tax: Tax, profile: Profile) -> Option<String> {
    let zero = profile.is_xrechnung().then(|| "0".to_owned());
    rate(tax).or(zero)
}

/// The rate of a discount (BT-94), if the amount is within 0.02 of the rate's result (PEPPOL-EN16931-R040). In a
/// currency without decimals the amount may be rounded further, and stands alone.
fn percent(allowance: &Allowance) -> Option<Decimal> {
    let exact = |percent: &Decimal| allowance.base.value() * percent / Decimal::ONE_HUNDRED;
    let close = |percent: &Decimal| (exact(percent) - allowance.amount.value()).abs() <= Decimal::new(2, 2);
    allowance.percent.filter(close)
}

/// The reason why no VAT is charged: the code of the VATEX list (BT-121), if there is one, and the words (BT-120). The
/// standard and the zero rate have neither (BR-S-10, BR-Z-10).
fn exemption(tax: Tax, content: &Content) -> (Option<&'static str>, Option<String>) {
    let france = content.seller.country.as_deref() == Some("FR");
    let code = match tax.category() {
        TaxCategory::S | TaxCategory::Z => return (None, None),
        TaxCategory::E => france.then_some("VATEX-FR-FRANCHISE"),
        TaxCategory::AE => Some("VATEX-EU-AE"),
        TaxCategory::G => Some("VATEX-EU-G"),
        TaxCategory::O => Some("VATEX-EU-O"),
    };
    (code, tax::reason(tax.category(), &content.seller, &Words::on(content)))
}

/// The terms of payment (BT-20). XRechnung reads `#` as the mark of a discount for early payment, whose code is a line of
/// its own and ends with a line break (BR-DE-18); the other profiles have the same in words.
fn terms(paper: &Paper<'_>, profile: Profile) -> Option<String> {
    let content = paper.content;
    let words = &Words::on(content);
    if let Some(credited) = credited(content, words) {
        return Some(credited);
    }
    if !profile.is_xrechnung() {
        return in_words(paper, words);
    }
    let worded = content.worded_terms().map(|terms| terms.replace('#', "№\u{a0}"));
    let codes: String = content
        .cash_discounts()
        .iter()
        .map(|discount| discount.code() + "\n")
        .collect();
    match worded {
        Some(worded) if !codes.is_empty() => Some(format!("{worded}\n{codes}")),
        Some(worded) => Some(worded),
        None => (!codes.is_empty()).then_some(codes),
    }
}

/// The notes (BT-22). Credit of other invoices is a part of the paid amount (BT-113), which names no document: BG-3 is for
/// invoices that are corrected or paid in parts. So a note names each.
fn notes(content: &Content) -> Vec<String> {
    let words = Words::on(content);
    let credit = content.prepayments().into_iter().map(|(number, amount)| {
        let amount = money(amount, content.currency, &words);
        format!("{}: {amount}", prepayment(&number, &words))
    });
    let notes = content.notes.iter().filter(|note| !note.trim().is_empty());
    notes.cloned().chain(credit).collect()
}

/// The code of a discount in the list of reasons for allowances (UNCL 5189, BT-98).
const DISCOUNT: &str = "95";

/// The kind of document (UNCL 1001, BT-3).
fn type_code(content: &Content) -> &'static str {
    match content.kind {
        Kind::Invoice => "380",
        Kind::CreditNote(_) => "381",
    }
}

/// The name of the item that a line bills (BT-153), which must not be empty.
fn item(line: &Line) -> &str {
    let project = line.project.as_ref().map(ProjectId::as_str);
    let names = [Some(line.description.as_str()), project];
    let mut said = names.into_iter().flatten().filter(|name| !clean(name).is_empty());
    said.next().unwrap_or("–")
}

/// The lines of a street address (BT-35, BT-36, BT-162); all lines from the third on share the last one.
fn street(party: &Party) -> [Option<String>; 3] {
    let mut lines = party.address.iter().filter(|line| !line.trim().is_empty());
    let (one, two) = (lines.next().cloned(), lines.next().cloned());
    let rest: Vec<&str> = lines.map(String::as_str).collect();
    [one, two, (!rest.is_empty()).then(|| rest.join(", "))]
}

#[cfg(test)]
mod tests {
    use keeptab_core::invoice::{CashDiscount, Language};

    use super::*;
    use crate::tests::sample::{acme, issued};

    #[test]
    fn xrechnung_has_the_code_of_a_discount_and_the_other_profiles_a_sentence() {
        const CODE: &str = "#SKONTO#TAGE=10#PROZENT=2.00#\n";
        let of = |content: &Content, profile| terms(&issued(content.clone()).paper(), profile);
        let mut content = acme();
        content.language = Language::De;
        content.cash_discount = CashDiscount::new(10, Decimal::TWO);
        assert_eq!(of(&content, Profile::XRechnung).as_deref(), Some(CODE));
        assert_eq!(of(&content, Profile::XRechnungUbl).as_deref(), Some(CODE));
        for profile in [Profile::FacturX, Profile::Peppol] {
            let said = of(&content, profile).unwrap_or_default();
            assert!(said.contains("Skonto") && !said.contains('#'), "{said}");
        }
        // Written into the terms it is the same, and a mark that is no code stays harmless.
        content.cash_discount = None;
        content.terms = Some("Auftrag #7\n#SKONTO#TAGE=10#PROZENT=2.00#".to_owned());
        let said = of(&content, Profile::XRechnung).unwrap_or_default();
        assert_eq!(said, format!("Auftrag №\u{a0}7\n{CODE}"));
    }
}
