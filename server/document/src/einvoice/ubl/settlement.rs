//! The payment: amount and means.

use std::io;

use keeptab_core::invoice::{Allowance, Content};
use keeptab_core::money::{Currency, Tax};

use super::super::means::Means;
use super::super::{DISCOUNT, Profile, exemption, group_rate, percent, rate};
use super::{amount, vat};
use crate::xml::Xml;

/// Writes the means of payment (BG-16) and the reference to give with it (BT-83).
pub(super) fn means(xml: &mut Xml, content: &Content, number: &str, profile: Profile) -> io::Result<()> {
    let Some(means) = Means::of(content, profile) else {
        return Ok(());
    };
    xml.group("cac:PaymentMeans", |xml| {
        xml.text("cbc:PaymentMeansCode", means.code)?;
        xml.text("cbc:PaymentID", number)?;
        let Some(account) = &means.account else { return Ok(()) };
        xml.group("cac:PayeeFinancialAccount", |xml| {
            xml.text("cbc:ID", &account.iban)?;
            xml.text("cbc:Name", account.holder)?;
            match account.bic {
                Some(bic) => xml.group("cac:FinancialInstitutionBranch", |xml| xml.text("cbc:ID", bic)),
                None => Ok(()),
            }
        })
    })
}

/// Writes a discount (BG-20).
pub(super) fn allowance(xml: &mut Xml, allowance: &Allowance, currency: Currency) -> io::Result<()> {
    xml.group("cac:AllowanceCharge", |xml| {
        xml.text("cbc:ChargeIndicator", "false")?;
        xml.text("cbc:AllowanceChargeReasonCode", DISCOUNT)?;
        xml.maybe("cbc:AllowanceChargeReason", Some(&allowance.reason))?;
        let percent = percent(allowance);
        if let Some(percent) = percent {
            xml.text("cbc:MultiplierFactorNumeric", &percent.normalize().to_string())?;
        }
        amount(xml, "cbc:Amount", allowance.amount, currency)?;
        if percent.is_some() {
            amount(xml, "cbc:BaseAmount", allowance.base, currency)?;
        }
        xml.group("cac:TaxCategory", |xml| category(xml, allowance.tax))
    })
}

fn category(xml: &mut Xml, tax: Tax) -> io::Result<()> {
    xml.text("cbc:ID", tax.category().code())?;
    xml.maybe("cbc:Percent", rate(tax).as_deref())?;
    vat(xml)
}

/// Writes the bases and taxes (BG-23).
pub(super) fn taxes(xml: &mut Xml, content: &Content, profile: Profile) -> io::Result<()> {
    let currency = content.currency;
    xml.group("cac:TaxTotal", |xml| {
        amount(xml, "cbc:TaxAmount", content.totals.tax, currency)?;
        for subtotal in &content.totals.taxes {
            let (code, reason) = exemption(subtotal.tax, content);
            xml.group("cac:TaxSubtotal", |xml| {
                amount(xml, "cbc:TaxableAmount", subtotal.base, currency)?;
                amount(xml, "cbc:TaxAmount", subtotal.amount, currency)?;
                xml.group("cac:TaxCategory", |xml| {
                    xml.text("cbc:ID", subtotal.tax.category().code())?;
                    xml.maybe("cbc:Percent", group_rate(subtotal.tax, profile).as_deref())?;
                    xml.maybe("cbc:TaxExemptionReasonCode", code)?;
                    xml.maybe("cbc:TaxExemptionReason", reason.as_deref())?;
                    vat(xml)
                })
            })?;
        }
        Ok(())
    })?;
    match &content.home_tax {
        Some(home) => xml.group("cac:TaxTotal", |xml| {
            amount(xml, "cbc:TaxAmount", home.amount, home.currency)
        }),
        None => Ok(()),
    }
}

/// Writes the sums (BG-22).
pub(super) fn totals(xml: &mut Xml, content: &Content) -> io::Result<()> {
    let (totals, currency) = (&content.totals, content.currency);
    xml.group("cac:LegalMonetaryTotal", |xml| {
        amount(xml, "cbc:LineExtensionAmount", totals.lines, currency)?;
        amount(xml, "cbc:TaxExclusiveAmount", totals.net, currency)?;
        amount(xml, "cbc:TaxInclusiveAmount", totals.gross, currency)?;
        if !content.allowances.is_empty() {
            amount(xml, "cbc:AllowanceTotalAmount", totals.allowances, currency)?;
        }
        if !totals.prepaid.is_zero() {
            amount(xml, "cbc:PrepaidAmount", totals.prepaid, currency)?;
        }
        amount(xml, "cbc:PayableAmount", totals.due, currency)
    })
}
