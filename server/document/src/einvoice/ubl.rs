//! UBL 2.1, as EN 16931-3-2 binds it. Invoices and credit notes are two kinds of documents, which differ in a few
//! names. The order of elements is the schema's.

use std::io;

use chrono::NaiveDate;
use keeptab_core::billing::Line;
use keeptab_core::invoice::{Content, Kind, Paper};
use keeptab_core::money::{Amount, Currency};

use super::{Profile, rate, terms};
use crate::xml::Xml;

mod party;
mod settlement;

const INVOICE: &str = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2";
const CREDIT_NOTE: &str = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2";
const CAC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
const CBC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

/// The names that differ between the two kinds of documents.
struct Names {
    root: &'static str,
    namespace: &'static str,
    type_code: &'static str,
    line: &'static str,
    quantity: &'static str,
}

impl Names {
    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Invoice => Self {
                root: "Invoice",
                namespace: INVOICE,
                type_code: "cbc:InvoiceTypeCode",
                line: "cac:InvoiceLine",
                quantity: "cbc:InvoicedQuantity",
            },
            Kind::CreditNote(_) => Self {
                root: "CreditNote",
                namespace: CREDIT_NOTE,
                type_code: "cbc:CreditNoteTypeCode",
                line: "cac:CreditNoteLine",
                quantity: "cbc:CreditedQuantity",
            },
        }
    }
}

/// Writes an invoice.
pub(super) fn write(paper: &Paper<'_>, profile: Profile) -> io::Result<Vec<u8>> {
    let content = paper.content;
    let names = Names::of(&content.kind);
    let namespaces = [("xmlns", names.namespace), ("xmlns:cac", CAC), ("xmlns:cbc", CBC)];
    Xml::document(names.root, &namespaces, |xml| {
        xml.text("cbc:CustomizationID", profile.customization())?;
        xml.maybe("cbc:ProfileID", profile.process())?;
        let number = paper.number.map(ToString::to_string).unwrap_or_default();
        xml.text("cbc:ID", &number)?;
        xml.text("cbc:IssueDate", &paper.issue_date.to_string())?;
        if content.kind == Kind::Invoice {
            xml.text("cbc:DueDate", &paper.due_date.to_string())?;
        }
        xml.text(names.type_code, super::type_code(content))?;
        // One note at most (PEPPOL-EN16931-R002).
        xml.maybe("cbc:Note", Some(&super::notes(content).join("\n")))?;
        xml.text("cbc:DocumentCurrencyCode", content.currency.code())?;
        if let Some(home) = &content.home_tax {
            xml.text("cbc:TaxCurrencyCode", home.currency.code())?;
        }
        xml.maybe("cbc:BuyerReference", content.buyer_reference.as_deref())?;
        period(xml, content.period)?;
        references(xml, content)?;
        party::seller(xml, content, profile)?;
        party::buyer(xml, content, profile)?;
        xml.group("cac:Delivery", |xml| {
            xml.text("cbc:ActualDeliveryDate", &content.period.1.to_string())
        })?;
        settlement::means(xml, content, &number, profile)?;
        if let Some(terms) = terms(paper, profile) {
            xml.group("cac:PaymentTerms", |xml| xml.text("cbc:Note", &terms))?;
        }
        for allowance in &content.allowances {
            settlement::allowance(xml, allowance, content.currency)?;
        }
        settlement::taxes(xml, content, profile)?;
        settlement::totals(xml, content)?;
        for (index, line) in content.lines.iter().enumerate() {
            self::line(xml, index + 1, line, content, &names)?;
        }
        Ok(())
    })
}

/// Writes the buyer's order (BT-13), the invoice that a credit note credits (BG-3), the contract (BT-12) and the project
/// (BT-11).
fn references(xml: &mut Xml, content: &Content) -> io::Result<()> {
    let document = |xml: &mut Xml, name: &str, id: Option<&String>| match id {
        Some(id) => xml.group(name, |xml| xml.text("cbc:ID", id)),
        None => Ok(()),
    };
    let project = content.project_reference.as_ref();
    document(xml, "cac:OrderReference", content.order_reference.as_ref())?;
    let Some(credited) = content.kind.credited() else {
        document(
            xml,
            "cac:ContractDocumentReference",
            content.contract_reference.as_ref(),
        )?;
        return document(xml, "cac:ProjectReference", project);
    };
    xml.group("cac:BillingReference", |xml| {
        xml.group("cac:InvoiceDocumentReference", |xml| {
            xml.text("cbc:ID", &credited.number.to_string())?;
            xml.text("cbc:IssueDate", &credited.issue_date.to_string())
        })
    })?;
    document(
        xml,
        "cac:ContractDocumentReference",
        content.contract_reference.as_ref(),
    )?;
    // A credit note has no element for the project: it is a document of the kind 50 (UNCL 1001).
    match project {
        Some(project) => xml.group("cac:AdditionalDocumentReference", |xml| {
            xml.text("cbc:ID", project)?;
            xml.text("cbc:DocumentTypeCode", "50")
        }),
        None => Ok(()),
    }
}

/// Writes a line (BG-25).
fn line(xml: &mut Xml, number: usize, line: &Line, content: &Content, names: &Names) -> io::Result<()> {
    xml.group(names.line, |xml| {
        xml.text("cbc:ID", &number.to_string())?;
        let quantity = line.quantity.normalize().to_string();
        xml.marked(names.quantity, &[("unitCode", line.unit.code())], &quantity)?;
        amount(xml, "cbc:LineExtensionAmount", line.amount, content.currency)?;
        if let Some(days) = line.period {
            period(xml, days)?;
        }
        xml.group("cac:Item", |xml| {
            xml.maybe("cbc:Description", line.note.as_deref())?;
            xml.text("cbc:Name", super::item(line))?;
            xml.group("cac:ClassifiedTaxCategory", |xml| {
                xml.text("cbc:ID", line.tax.category().code())?;
                xml.maybe("cbc:Percent", rate(line.tax).as_deref())?;
                vat(xml)
            })
        })?;
        xml.group("cac:Price", |xml| {
            let currency = [("currencyID", content.currency.code())];
            let price = line.price.value().normalize().to_string();
            xml.marked("cbc:PriceAmount", &currency, &price)
        })
    })
}

fn period(xml: &mut Xml, (first, last): (NaiveDate, NaiveDate)) -> io::Result<()> {
    xml.group("cac:InvoicePeriod", |xml| {
        xml.text("cbc:StartDate", &first.to_string())?;
        xml.text("cbc:EndDate", &last.to_string())
    })
}

fn amount(xml: &mut Xml, name: &str, amount: Amount, currency: Currency) -> io::Result<()> {
    xml.marked(name, &[("currencyID", currency.code())], &amount.to_string())
}

fn vat(xml: &mut Xml) -> io::Result<()> {
    xml.group("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"))
}
