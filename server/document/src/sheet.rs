//! Everything that the template prints, as text. The content is decided here; the template only lays it out.

use keeptab_core::billing::{Grouping, Line, LineKind};
use keeptab_core::invoice::{Allowance, Content, HomeTax, InvoiceNumber, Paper, TaxSubtotal};
use keeptab_core::money::{Amount, Measure, TaxCategory};
use keeptab_core::rule::ProjectId;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::date::{day, period};
use crate::number::{amount, decimal, less, money, percent, price, quantity};
use crate::party::{self, Block};
use crate::pay::{Bill, Pay};
use crate::tax;
use crate::timesheet::Appended;
use crate::words::{self, A4, Words, is_silent_if_untaxed};

/// A label and its value.
#[derive(Serialize)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
    /// The value as a number, if it is one.
    #[serde(skip)]
    pub(crate) figure: Option<Decimal>,
}

impl Fact {
    /// Makes a fact from a label and its value.
    pub(crate) fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            figure: None,
        }
    }

    /// Sets the value as a number.
    fn figure(mut self, figure: Decimal) -> Self {
        self.figure = Some(figure);
        self
    }
}

/// The content of a printed invoice or draft.
#[derive(Serialize)]
pub(crate) struct Sheet {
    pub(crate) language: &'static str,
    /// The size of its pages, by typst's name.
    pub(crate) paper: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) number: Option<String>,
    pub(crate) draft: Option<Fact>,
    /// The file of the logo.
    pub(crate) logo: Option<&'static str>,
    pub(crate) seller: Block,
    pub(crate) billed_to: &'static str,
    pub(crate) buyer: Block,
    pub(crate) facts: Vec<Fact>,
    pub(crate) columns: Columns,
    pub(crate) rows: Vec<Row>,
    pub(crate) sums: Vec<Fact>,
    pub(crate) due: Fact,
    /// The paragraphs below the sums: the reason for no VAT, the credited invoice, notes.
    pub(crate) said: Vec<String>,
    /// True if they are short enough to be kept on the page of the sums.
    pub(crate) brief: bool,
    pub(crate) payment: Option<Payment>,
    /// The Swiss payment part at the foot of the last page.
    pub(crate) bill: Option<Bill>,
    /// The work in detail, on separate pages.
    pub(crate) appendix: Option<Appended>,
    pub(crate) page: [&'static str; 2],
}

#[derive(Serialize)]
pub(crate) struct Columns {
    pub(crate) description: &'static str,
    pub(crate) quantity: &'static str,
    pub(crate) rate: &'static str,
    /// The heading of the lines' rates of VAT, if they differ.
    pub(crate) tax: Option<String>,
    pub(crate) amount: String,
}

#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) description: String,
    /// Small print below it: its day, its note.
    pub(crate) details: Vec<String>,
    pub(crate) quantity: String,
    pub(crate) unit: &'static str,
    pub(crate) rate: String,
    /// The rate of VAT.
    pub(crate) tax: String,
    pub(crate) amount: String,
    /// True if it is short enough to be kept on one page.
    pub(crate) whole: bool,
}

#[derive(Serialize)]
pub(crate) struct Payment {
    pub(crate) heading: &'static str,
    pub(crate) sentence: String,
    pub(crate) facts: Vec<Fact>,
    /// The text beside the code to scan.
    pub(crate) scan: Option<&'static str>,
}

/// Above this length in bytes, a description may continue on the next page, and so may the paragraphs below the sums.
const WHOLE: usize = 1_500;

impl Sheet {
    /// Prints a paper with its payment code.
    pub(crate) fn of(paper: &Paper<'_>, pay: Option<Pay>) -> Self {
        let content = paper.content;
        let words = &Words::on(content);
        let number = paper.number.map(ToString::to_string);
        let draft = number.is_none();
        let credit = content.kind.credited().is_some();
        let said = said(content, words);
        let due = if credit { words.total_credit } else { words.total_due };
        Self {
            language: words.tag,
            paper: page_size(content, pay.as_ref()),
            heading: match (credit, draft) {
                (true, _) => words.credit_note,
                (false, true) => words.draft_invoice,
                (false, false) if is_taxed(content) => words.invoice_with_tax,
                (false, false) => words.invoice,
            },
            draft: draft.then(|| Fact::new(words.draft_mark, words.draft_note)),
            logo: content
                .stationery
                .logo
                .as_ref()
                .and_then(|logo| crate::picture(logo).ok()),
            seller: party::seller(&content.seller, &content.buyer, content.language),
            billed_to: words.billed_to,
            buyer: party::buyer(&content.buyer, &content.seller, content.language),
            facts: facts(paper, words),
            columns: Columns {
                description: words.description,
                quantity: words.quantity,
                rate: words.rate,
                tax: (content.totals.taxes.len() > 1).then(|| words.tax.label.clone().into_owned()),
                amount: format!("{} ({})", words.amount, content.currency),
            },
            rows: content.lines.iter().map(|line| row(line, content, words)).collect(),
            sums: sums(content, words),
            due: Fact::new(due, money(content.totals.due, content.currency, words)).figure(content.totals.due.value()),
            brief: said.iter().map(|text| text.len() + 60).sum::<usize>() <= WHOLE,
            said,
            payment: payment(paper, pay.as_ref(), words),
            bill: match pay {
                Some(Pay::Swiss(bill)) => Some(*bill),
                Some(Pay::Epc(_)) | None => None,
            },
            appendix: content
                .appendix
                .as_ref()
                .map(|appendix| Appended::of(appendix, content)),
            page: words.page,
            number,
        }
    }
}

fn is_taxed(content: &Content) -> bool {
    let mut taxes = content.totals.taxes.iter().map(|subtotal| subtotal.tax.category());
    taxes.any(|category| matches!(category, TaxCategory::S | TaxCategory::Z))
}

/// Returns whether nothing is printed about what is outside the scope of the tax.
fn goes_unsaid(subtotal: &TaxSubtotal, content: &Content) -> bool {
    subtotal.tax.category() == TaxCategory::O && is_silent_if_untaxed(content.seller.country.as_deref())
}

/// Returns the size of pages in the seller's country. The Swiss payment part is as wide as A4.
fn page_size(content: &Content, pay: Option<&Pay>) -> &'static str {
    match pay {
        Some(Pay::Swiss(_)) => A4,
        _ => words::page_size(content.seller.country.as_deref()),
    }
}

fn facts(paper: &Paper<'_>, words: &Words) -> Vec<Fact> {
    let content = paper.content;
    let mut facts = vec![Fact::new(words.issue_date, day(paper.issue_date, words))];
    match content.kind.credited() {
        Some(credited) => {
            let issued = day(credited.issue_date, words);
            let original = format!("{} {}\u{a0}{issued}", credited.number, words.dated);
            facts.push(Fact::new(words.original, original));
        }
        None => facts.push(Fact::new(words.due_date, day(paper.due_date, words))),
    }
    facts.push(Fact::new(words.period, period(content.period, words)));
    for (label, reference) in [
        (words.buyer_reference, &content.buyer_reference),
        (words.order_reference, &content.order_reference),
        (words.contract_reference, &content.contract_reference),
        (words.project_reference, &content.project_reference),
        (words.supplier_number, &content.supplier_number),
    ] {
        facts.extend(reference.as_ref().map(|reference| Fact::new(label, reference)));
    }
    facts
}

fn row(line: &Line, content: &Content, words: &Words) -> Row {
    let project = line.project.as_ref().map(ProjectId::as_str);
    let names = [line.note.as_deref(), Some(line.description.as_str()), project];
    let mut names = names.into_iter().flatten().filter(|text| !text.trim().is_empty());
    let description = names.next().unwrap_or("–");
    // A fee or an expense has a day of its own if it has one at all.
    let has_days = matches!(content.grouping, Grouping::Day | Grouping::Note) || line.kind != LineKind::Time;
    let days = line.period.filter(|_| has_days).map(|days| period(days, words));
    // The note is what was done; the project stands below it.
    let below = line.note.as_ref().and_then(|_| names.next()).map(str::to_owned);
    let details: Vec<String> = days.into_iter().chain(below).collect();
    Row {
        whole: description.len() + details.iter().map(String::len).sum::<usize>() <= WHOLE,
        description: description.to_owned(),
        details,
        quantity: match line.unit {
            Measure::Each => decimal(line.quantity.normalize(), words),
            Measure::Hour => quantity(line.quantity, words),
            // With its stored decimals, which have no trailing zeros.
            Measure::Day => decimal(line.quantity, words),
        },
        unit: match line.unit {
            Measure::Hour => words.hours,
            Measure::Day => words.days,
            Measure::Each => "",
        },
        rate: price(line.price, content.currency, words),
        tax: tax::rate(line.tax, words),
        amount: amount(line.amount, words),
    }
}

fn sums(content: &Content, words: &Words) -> Vec<Fact> {
    let totals = &content.totals;
    let several = totals.taxes.len() > 1;
    let sum = |label: String, value: Amount| Fact::new(label, amount(value, words)).figure(value.value());
    let taken = |label: String, value: Amount| Fact::new(label, less(value, words)).figure(-value.value());
    let mut sums = vec![sum(words.subtotal.to_owned(), totals.lines)];
    for allowance in &content.allowances {
        let reason = if allowance.reason.trim().is_empty() {
            words.discount
        } else {
            &allowance.reason
        };
        sums.push(taken(
            format!("{reason}{}", terms(allowance, content, words)),
            allowance.amount,
        ));
    }
    if !content.allowances.is_empty() {
        sums.push(sum(words.net.to_owned(), totals.net));
    }
    for subtotal in totals.taxes.iter().filter(|subtotal| !goes_unsaid(subtotal, content)) {
        sums.push(sum(tax::label(subtotal, several, words), subtotal.amount));
    }
    if !totals.prepaid.is_zero() {
        sums.push(sum(words.gross.to_owned(), totals.gross));
        for (number, amount) in content.prepayments() {
            sums.push(taken(prepayment(&number, words), amount));
        }
        let advance = content.advance();
        if !advance.is_zero() {
            sums.push(taken(already_paid(content, words), advance));
        }
    }
    sums
}

/// Returns the terms of a discount in brackets: its rate, the sum that it reduces unless that is all, and the rate of VAT
/// that it takes from if there are several.
fn terms(allowance: &Allowance, content: &Content, words: &Words) -> String {
    let rate = allowance.percent.map(|rate| percent(rate, words));
    let mut lines = content.lines.iter();
    let is_part = content.allowances.len() > 1 || lines.any(|line| line.tax == allowance.tax && !allowance.takes(line));
    let base = (is_part && rate.is_some()).then(|| format!("{} {}", words.on_base, amount(allowance.base, words)));
    let reduced = [rate, base].into_iter().flatten().collect::<Vec<String>>().join(" ");
    let tax =
        (content.totals.taxes.len() > 1).then(|| format!("{} {}", words.tax.label, tax::rate(allowance.tax, words)));
    let tax = tax.filter(|_| matches!(allowance.tax.category(), TaxCategory::S | TaxCategory::Z));
    let parts: Vec<String> = [Some(reduced).filter(|text| !text.is_empty()), tax]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    format!(" ({})", parts.join(", "))
}

/// Returns the words about an advance, with the tax inside if it has to be said.
fn already_paid(content: &Content, words: &Words) -> String {
    let Some((tax, inside)) = content.advance_tax() else {
        return words.already_paid.to_owned();
    };
    let said = words.inside.replace("{tax}", &words.tax.label);
    let said = said.replace("{rate}", &percent(tax.rate(), words));
    let said = said.replace("{amount}", &amount(inside, words));
    format!("{} ({said})", words.already_paid)
}

/// Returns the words about credit of another invoice that was used.
pub(crate) fn prepayment(number: &InvoiceNumber, words: &Words) -> String {
    words.prepayment.replace("{number}", &number.to_string())
}

fn said(content: &Content, words: &Words) -> Vec<String> {
    let taxes = content.totals.taxes.iter();
    let taxes = taxes.filter(|subtotal| !goes_unsaid(subtotal, content));
    let reasons = taxes.filter_map(|subtotal| {
        let reason = tax::reason(subtotal.tax.category(), &content.seller, words);
        reason.filter(|reason| *reason != tax::label(subtotal, false, words))
    });
    let mut said: Vec<String> = reasons.collect();
    said.extend(content.home_tax.map(|home| home_tax(&home, content, words)));
    said.extend(credited(content, words));
    let paragraphs = content.notes.iter().flat_map(|note| note.lines());
    said.extend(paragraphs.filter(|line| !line.trim().is_empty()).map(str::to_owned));
    said
}

/// Returns the sentence with the tax in the currency in which it is owed.
fn home_tax(home: &HomeTax, content: &Content, words: &Words) -> String {
    let one = home.rate.one;
    let other = if one == home.currency {
        content.currency
    } else {
        home.currency
    };
    let sentence = words.home_tax.replace("{tax}", &words.tax.label);
    let sentence = sentence.replace("{currency}", home.currency.code());
    let sentence = sentence.replace("{amount}", &money(home.amount, home.currency, words));
    let sentence = sentence.replace("{one}", one.code()).replace("{other}", other.code());
    sentence.replace("{price}", &decimal(home.rate.price, words))
}

/// Returns the sentence of a credit note about the credited invoice.
pub(crate) fn credited(content: &Content, words: &Words) -> Option<String> {
    let credited = content.kind.credited()?;
    let amount = money(content.totals.due, content.currency, words);
    let sentence = words.we_credit.replace("{amount}", &amount);
    Some(sentence.replace("{number}", &credited.number.to_string()))
}

/// Asks for payment, unless nothing is due.
fn payment(paper: &Paper<'_>, pay: Option<&Pay>, words: &Words) -> Option<Payment> {
    let content = paper.content;
    let due = content.totals.due;
    if content.kind.credited().is_some() || due.value().is_sign_negative() || due.is_zero() {
        return None;
    }
    let sentence = words
        .please_pay
        .replace("{amount}", &money(due, content.currency, words));
    let mut sentence = sentence.replace("{date}", &day(paper.due_date, words));
    if let Some(terms) = in_words(paper, words) {
        sentence = format!("{sentence} {terms}");
    }
    let mut facts = Vec::new();
    let billed = matches!(pay, Some(Pay::Swiss(_)));
    // The payment part names the account.
    if let Some(iban) = content.iban.as_ref().filter(|_| !billed) {
        facts.push(Fact::new(words.account_holder, &content.seller.name));
        facts.push(Fact::new(words.iban, in_fours(iban)));
        facts.extend(content.bic.as_ref().map(|bic| Fact::new(words.bic, bic)));
    }
    let number = paper.number.filter(|_| !billed);
    facts.extend(number.map(|number| Fact::new(words.reference, number.to_string())));
    Some(Payment {
        heading: words.payment,
        sentence,
        facts,
        scan: matches!(pay, Some(Pay::Epc(_))).then_some(words.scan_to_pay),
    })
}

/// Returns the terms of payment beside the due date, in words: each discount for early payment as a sentence.
pub(crate) fn in_words(paper: &Paper<'_>, words: &Words) -> Option<String> {
    let content = paper.content;
    let worded = content.worded_terms();
    let mut terms = discounts(paper, words);
    // A French seller's invoice names both, unless other terms are agreed (C. com. art. L441-9, L441-10, D441-5).
    if content.seller.country.as_deref() == Some("FR") && worded.is_none() {
        if terms.is_empty() {
            terms.push(words.no_cash_discount.to_owned());
        }
        terms.push(words.late_payment.to_owned());
    }
    terms.extend(worded);
    (!terms.is_empty()).then(|| terms.join(" "))
}

/// Returns each discount for early payment as a sentence.
pub(crate) fn discounts(paper: &Paper<'_>, words: &Words) -> Vec<String> {
    let content = paper.content;
    let discounts = content.cash_discounts().into_iter().map(|discount| {
        let amount = money(discount.reduced(content), content.currency, words);
        let sentence = words
            .cash_discount
            .replace("{percent}", &percent(discount.percent, words));
        let sentence = sentence.replace("{date}", &day(discount.until(paper), words));
        sentence.replace("{amount}", &amount)
    });
    discounts.collect()
}

/// Groups an IBAN as ISO 13616 prints it, in fours.
pub(crate) fn in_fours(iban: &str) -> String {
    let characters: Vec<char> = iban.chars().filter(|character| !character.is_whitespace()).collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ibans_are_grouped_in_fours() {
        let expected = "DE75\u{a0}5120\u{a0}8001\u{a0}2451\u{a0}2619\u{a0}9";
        assert_eq!(
            in_fours("DE75512108001245126199"),
            "DE75 5121 0800 1245 1261 99".replace(' ', "\u{a0}")
        );
        assert_eq!(in_fours("DE75 5120 8001 2451 2619 9"), expected);
        assert_eq!(in_fours(""), "");
    }
}
