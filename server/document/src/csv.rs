//! An invoice as CSV.

use csv::{Terminator, WriterBuilder};
use keeptab_core::cell::guarded;
use keeptab_core::invoice::Paper;
use keeptab_core::money::{Measure, Tax};
use rust_decimal::Decimal;

const HEADER: [&str; 15] = [
    "number",
    "kind",
    "issue_date",
    "due_date",
    "client",
    "row",
    "project",
    "description",
    "quantity",
    "unit",
    "rate",
    "amount",
    "tax_category",
    "tax_rate",
    "currency",
];

/// Writes an invoice as CSV (RFC 4180): UTF-8, CRLF, one header, then the lines, then the sums.
///
/// `row` is the kind of a row: a `line`, a `discount`, the sum without VAT (`net`), the VAT of a category and rate
/// (`tax`), the sum with it (`gross`), the amount `paid`, and the amount `due`. Figures have a decimal point; discounts
/// are negative. Texts are guarded ([`guarded`]). The columns of the invoice, from `number` on, are the same in each
/// row, so that the files of several invoices can be joined.
pub(crate) fn csv(paper: &Paper<'_>) -> Vec<u8> {
    // Writing to memory cannot fail, and all records are as long as the header.
    written(paper).unwrap_or_default()
}

fn written(paper: &Paper<'_>) -> csv::Result<Vec<u8>> {
    let (content, totals) = (paper.content, &paper.content.totals);
    let mut table = Table {
        writer: WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .from_writer(Vec::new()),
        first: [
            paper.number.map(ToString::to_string).unwrap_or_default(),
            kind(paper).to_owned(),
            paper.issue_date.to_string(),
            paper.due_date.to_string(),
            guarded(&content.buyer.name).into_owned(),
        ],
        currency: content.currency.to_string(),
    };
    table.writer.write_record(HEADER)?;
    for line in &content.lines {
        let project = line.project.as_ref().map(ToString::to_string).unwrap_or_default();
        let description = [Some(line.description.as_str()), line.note.as_deref()];
        let description: Vec<&str> = description.into_iter().flatten().collect();
        let figures = [
            line.quantity.to_string(),
            unit(line.unit).to_owned(),
            line.price.to_string(),
        ];
        let description = description.join(": ");
        let texts = [&project, &description].map(|text| guarded(text).into_owned());
        table.row("line", texts, figures, line.amount.value(), Some(line.tax))?;
    }
    for allowance in &content.allowances {
        let texts = [String::new(), guarded(&allowance.reason).into_owned()];
        table.row(
            "discount",
            texts,
            Default::default(),
            -allowance.amount.value(),
            Some(allowance.tax),
        )?;
    }
    table.sum("net", totals.net.value(), None)?;
    for subtotal in &totals.taxes {
        table.sum("tax", subtotal.amount.value(), Some(subtotal.tax))?;
    }
    table.sum("gross", totals.gross.value(), None)?;
    if !totals.prepaid.is_zero() {
        table.sum("paid", -totals.prepaid.value(), None)?;
    }
    table.sum("due", totals.due.value(), None)?;
    table.writer.into_inner().map_err(|error| error.into_error().into())
}

/// Returns the kind of a document, for programs.
pub(crate) fn kind(paper: &Paper<'_>) -> &'static str {
    match paper.content.kind.credited() {
        Some(_) => "credit-note",
        None => "invoice",
    }
}

fn unit(measure: Measure) -> &'static str {
    match measure {
        Measure::Hour => "hour",
        Measure::Day => "day",
        Measure::Each => "each",
    }
}

struct Table {
    writer: csv::Writer<Vec<u8>>,
    first: [String; 5],
    currency: String,
}

impl Table {
    fn sum(&mut self, row: &str, amount: Decimal, tax: Option<Tax>) -> csv::Result<()> {
        self.row(row, Default::default(), Default::default(), amount, tax)
    }

    fn row(
        &mut self,
        row: &str,
        texts: [String; 2],
        figures: [String; 3],
        amount: Decimal,
        tax: Option<Tax>,
    ) -> csv::Result<()> {
        let category = tax.map(|tax| tax.category().code().to_owned()).unwrap_or_default();
        let rate = tax.map(|tax| tax.rate().normalize().to_string()).unwrap_or_default();
        let record = self.first.iter().cloned().chain([row.to_owned()]);
        let record = record.chain(texts).chain(figures);
        let record = record.chain([amount.to_string(), category, rate, self.currency.clone()]);
        self.writer.write_record(record)
    }
}
