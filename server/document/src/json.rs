//! An invoice as JSON.

use chrono::NaiveDate;
use keeptab_core::billing::Line;
use keeptab_core::invoice::{Allowance, Content, InvoiceNumber, Paper, Party, TaxSubtotal};
use keeptab_core::money::{Amount, Measure, Price};
use rust_decimal::Decimal;
use serde::Serialize;

/// Writes an invoice as JSON. It has the keys of `keeptab invoice show --json` and a few more; money, rates and
/// quantities are strings.
pub(crate) fn json(paper: &Paper<'_>) -> serde_json::Result<Vec<u8>> {
    let content = paper.content;
    let credited = content.kind.credited();
    let mut bytes = serde_json::to_vec_pretty(&Json {
        number: paper.number.map(ToString::to_string),
        kind: crate::csv::kind(paper),
        credits: credited.map(|credited| credited.number.to_string()),
        client: &content.client,
        issue_date: paper.issue_date,
        due_date: paper.due_date,
        period: content.period.into(),
        seller: Side::of(&content.seller),
        buyer: Side::of(&content.buyer),
        language: content.language.tag(),
        buyer_reference: content.buyer_reference.as_deref(),
        order_reference: content.order_reference.as_deref(),
        contract_reference: content.contract_reference.as_deref(),
        project_reference: content.project_reference.as_deref(),
        supplier_number: content.supplier_number.as_deref(),
        currency: content.currency.code(),
        lines: content.lines.iter().map(Row::of).collect(),
        allowances: content.allowances.iter().map(Discount::of).collect(),
        taxes: content
            .totals
            .taxes
            .iter()
            .map(|tax| Subtotal::of(tax, content))
            .collect(),
        line_total: content.totals.lines,
        allowance_total: content.totals.allowances,
        net_total: content.totals.net,
        tax_total: content.totals.tax,
        home_tax: content.home_tax.map(|home| Home {
            currency: home.currency.to_string(),
            amount: home.amount,
            rate: home.rate.to_string(),
        }),
        gross_total: content.totals.gross,
        prepaid: content.totals.prepaid,
        prepayments: content.prepayments().into_iter().map(Prepayment::from).collect(),
        due: content.totals.due,
        iban: content.iban.as_deref(),
        bic: content.bic.as_deref(),
        terms: content.terms.as_deref(),
        cash_discounts: content
            .cash_discounts()
            .iter()
            .map(|discount| Early {
                days: discount.days,
                until: discount.until(paper),
                percent: discount.percent,
                due: discount.reduced(content),
            })
            .collect(),
        notes: &content.notes,
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The tax in the currency in which it is owed.
#[derive(Serialize)]
struct Home {
    currency: String,
    amount: Amount,
    /// Such as `EUR=1.0850`.
    rate: String,
}

/// Credit of another invoice that was used.
#[derive(Serialize)]
struct Prepayment {
    of: String,
    amount: Amount,
}

impl From<(InvoiceNumber, Amount)> for Prepayment {
    fn from((of, amount): (InvoiceNumber, Amount)) -> Self {
        let of = of.to_string();
        Self { of, amount }
    }
}

/// A discount for early payment.
#[derive(Serialize)]
struct Early {
    days: u32,
    /// The last day on which it can be taken.
    until: NaiveDate,
    percent: Decimal,
    /// The amount to pay with it.
    due: Amount,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Json<'a> {
    number: Option<String>,
    kind: &'static str,
    credits: Option<String>,
    client: &'a str,
    issue_date: NaiveDate,
    due_date: NaiveDate,
    period: Period,
    seller: Side<'a>,
    buyer: Side<'a>,
    language: &'static str,
    buyer_reference: Option<&'a str>,
    order_reference: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract_reference: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_reference: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier_number: Option<&'a str>,
    currency: &'a str,
    lines: Vec<Row<'a>>,
    allowances: Vec<Discount<'a>>,
    taxes: Vec<Subtotal>,
    line_total: Amount,
    allowance_total: Amount,
    net_total: Amount,
    tax_total: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_tax: Option<Home>,
    gross_total: Amount,
    prepaid: Amount,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prepayments: Vec<Prepayment>,
    due: Amount,
    iban: Option<&'a str>,
    bic: Option<&'a str>,
    terms: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cash_discounts: Vec<Early>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

impl From<(NaiveDate, NaiveDate)> for Period {
    fn from((from, to): (NaiveDate, NaiveDate)) -> Self {
        Self { from, to }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Side<'a> {
    name: &'a str,
    address: &'a [String],
    postcode: Option<&'a str>,
    city: Option<&'a str>,
    country: Option<&'a str>,
    vat_id: Option<&'a str>,
    tax_number: Option<&'a str>,
    registration: Option<&'a str>,
}

impl<'a> Side<'a> {
    fn of(party: &'a Party) -> Self {
        Self {
            name: &party.name,
            address: &party.address,
            postcode: party.postcode.as_deref(),
            city: party.city.as_deref(),
            country: party.country.as_deref(),
            vat_id: party.vat_id.as_deref(),
            tax_number: party.tax_number.as_deref(),
            registration: party.registration.as_deref(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    project: Option<&'a str>,
    description: &'a str,
    note: Option<&'a str>,
    period: Option<Period>,
    quantity: Decimal,
    unit: Measure,
    rate: Price,
    amount: Amount,
    tax_category: &'static str,
    tax_rate: Decimal,
}

impl<'a> Row<'a> {
    fn of(line: &'a Line) -> Self {
        Self {
            project: line.project.as_ref().map(keeptab_core::rule::ProjectId::as_str),
            description: &line.description,
            note: line.note.as_deref(),
            period: line.period.map(Period::from),
            quantity: line.quantity,
            unit: line.unit,
            rate: line.price,
            amount: line.amount,
            tax_category: line.tax.category().code(),
            tax_rate: line.tax.rate(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Discount<'a> {
    reason: &'a str,
    percent: Option<Decimal>,
    base: Amount,
    amount: Amount,
    tax_category: &'static str,
    tax_rate: Decimal,
}

impl<'a> Discount<'a> {
    fn of(allowance: &'a Allowance) -> Self {
        Self {
            reason: &allowance.reason,
            percent: allowance.percent,
            base: allowance.base,
            amount: allowance.amount,
            tax_category: allowance.tax.category().code(),
            tax_rate: allowance.tax.rate(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subtotal {
    tax_category: &'static str,
    tax_rate: Decimal,
    base: Amount,
    amount: Amount,
    /// The reason why there is no VAT.
    reason: Option<String>,
}

impl Subtotal {
    fn of(subtotal: &TaxSubtotal, content: &Content) -> Self {
        let category = subtotal.tax.category();
        Self {
            tax_category: category.code(),
            tax_rate: subtotal.tax.rate(),
            base: subtotal.base,
            amount: subtotal.amount,
            reason: crate::tax::reason(category, &content.seller, &crate::words::Words::on(content)),
        }
    }
}
