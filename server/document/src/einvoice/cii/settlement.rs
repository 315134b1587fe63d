//! The payment: amount, means and terms.

use std::io;

use keeptab_core::invoice::{Allowance, Content, Paper, TaxSubtotal};
use keeptab_core::money::Tax;

use super::super::means::Means;
use super::super::{DISCOUNT, Profile, exemption, group_rate, percent, rate, terms};
use super::{date, digits, period};
use crate::xml::Xml;

/// Writes the settlement of an invoice.
pub(super) fn write(xml: &mut Xml, paper: &Paper<'_>, profile: Profile) -> io::Result<()> {
    let content = paper.content;
    xml.group("ram:ApplicableHeaderTradeSettlement", |xml| {
        // The reference that the buyer is asked to give with the payment (BT-83).
        let number = paper.number.map(ToString::to_string);
        xml.maybe("ram:PaymentReference", number.as_deref())?;
        if let Some(home) = &content.home_tax {
            xml.text("ram:TaxCurrencyCode", home.currency.code())?;
        }
        xml.text("ram:InvoiceCurrencyCode", content.currency.code())?;
        if let Some(means) = Means::of(content, profile) {
            self::means(xml, &means)?;
        }
        for subtotal in &content.totals.taxes {
            tax(xml, subtotal, content, profile)?;
        }
        period(xml, content.period)?;
        for allowance in &content.allowances {
            self::allowance(xml, allowance)?;
        }
        let (due, terms) = (paper.due_date, terms(paper, profile));
        xml.group("ram:SpecifiedTradePaymentTerms", |xml| {
            xml.maybe("ram:Description", terms.as_deref())?;
            match content.kind.credited() {
                Some(_) => Ok(()),
                None => date(xml, "ram:DueDateDateTime", due),
            }
        })?;
        totals(xml, content)?;
        match content.kind.credited() {
            Some(credited) => xml.group("ram:InvoiceReferencedDocument", |xml| {
                xml.text("ram:IssuerAssignedID", &credited.number.to_string())?;
                xml.group("ram:FormattedIssueDateTime", |xml| {
                    xml.marked("qdt:DateTimeString", &[("format", "102")], &digits(credited.issue_date))
                })
            }),
            None => Ok(()),
        }
    })
}

/// Writes the means of payment (BG-16).
fn means(xml: &mut Xml, means: &Means<'_>) -> io::Result<()> {
    xml.group("ram:SpecifiedTradeSettlementPaymentMeans", |xml| {
        xml.text("ram:TypeCode", means.code)?;
        let Some(account) = &means.account else { return Ok(()) };
        xml.group("ram:PayeePartyCreditorFinancialAccount", |xml| {
            xml.text("ram:IBANID", &account.iban)?;
            xml.text("ram:AccountName", account.holder)
        })?;
        match account.bic {
            Some(bic) => xml.group("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| {
                xml.text("ram:BICID", bic)
            }),
            None => Ok(()),
        }
    })
}

/// Writes the base and the tax of one (category, rate) (BG-23).
fn tax(xml: &mut Xml, subtotal: &TaxSubtotal, content: &Content, profile: Profile) -> io::Result<()> {
    let (code, reason) = exemption(subtotal.tax, content);
    xml.group("ram:ApplicableTradeTax", |xml| {
        xml.text("ram:CalculatedAmount", &subtotal.amount.to_string())?;
        xml.text("ram:TypeCode", "VAT")?;
        xml.maybe("ram:ExemptionReason", reason.as_deref())?;
        xml.text("ram:BasisAmount", &subtotal.base.to_string())?;
        xml.text("ram:CategoryCode", subtotal.tax.category().code())?;
        xml.maybe("ram:ExemptionReasonCode", code)?;
        xml.maybe(
            "ram:RateApplicablePercent",
            group_rate(subtotal.tax, profile).as_deref(),
        )
    })
}

/// Writes a discount (BG-20).
fn allowance(xml: &mut Xml, allowance: &Allowance) -> io::Result<()> {
    xml.group("ram:SpecifiedTradeAllowanceCharge", |xml| {
        xml.group("ram:ChargeIndicator", |xml| xml.text("udt:Indicator", "false"))?;
        if let Some(percent) = percent(allowance) {
            xml.text("ram:CalculationPercent", &percent.normalize().to_string())?;
            xml.text("ram:BasisAmount", &allowance.base.to_string())?;
        }
        xml.text("ram:ActualAmount", &allowance.amount.to_string())?;
        xml.text("ram:ReasonCode", DISCOUNT)?;
        xml.maybe("ram:Reason", Some(&allowance.reason))?;
        category(xml, "ram:CategoryTradeTax", allowance.tax)
    })
}

fn category(xml: &mut Xml, name: &str, tax: Tax) -> io::Result<()> {
    xml.group(name, |xml| {
        xml.text("ram:TypeCode", "VAT")?;
        xml.text("ram:CategoryCode", tax.category().code())?;
        xml.maybe("ram:RateApplicablePercent", rate(tax).as_deref())
    })
}

/// Writes the sums (BG-22).
fn totals(xml: &mut Xml, content: &Content) -> io::Result<()> {
    let totals = &content.totals;
    xml.group("ram:SpecifiedTradeSettlementHeaderMonetarySummation", |xml| {
        xml.text("ram:LineTotalAmount", &totals.lines.to_string())?;
        if !content.allowances.is_empty() {
            xml.text("ram:AllowanceTotalAmount", &totals.allowances.to_string())?;
        }
        xml.text("ram:TaxBasisTotalAmount", &totals.net.to_string())?;
        let currency = [("currencyID", content.currency.code())];
        xml.marked("ram:TaxTotalAmount", &currency, &totals.tax.to_string())?;
        if let Some(home) = &content.home_tax {
            let currency = [("currencyID", home.currency.code())];
            xml.marked("ram:TaxTotalAmount", &currency, &home.amount.to_string())?;
        }
        xml.text("ram:GrandTotalAmount", &totals.gross.to_string())?;
        if !totals.prepaid.is_zero() {
            xml.text("ram:TotalPrepaidAmount", &totals.prepaid.to_string())?;
        }
        xml.text("ram:DuePayableAmount", &totals.due.to_string())
    })
}
