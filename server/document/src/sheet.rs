//! All that the template prints, as text. What it says is decided here; the template only lays it out.

use keeptab_core::billing::Line;
use keeptab_core::invoice::{Content, Paper};
use keeptab_core::money::Measure;
use keeptab_core::rule::ProjectId;
use serde::Serialize;

use crate::date::{day, period};
use crate::number::{amount, money, price, quantity};
use crate::party::{self, Block};
use crate::tax;
use crate::words::Words;

/// A label and its value.
#[derive(Serialize)]
pub(crate) struct Fact {
    label: String,
    value: String,
}

impl Fact {
    /// Takes a label and its value.
    pub(crate) fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

/// What an invoice or a draft prints.
#[derive(Serialize)]
pub(crate) struct Sheet {
    language: &'static str,
    heading: &'static str,
    number: Option<String>,
    draft: Option<Fact>,
    seller: Block,
    billed_to: &'static str,
    buyer: Block,
    facts: Vec<Fact>,
    columns: Columns,
    rows: Vec<Row>,
    sums: Vec<Fact>,
    due: Fact,
    reasons: Vec<String>,
    payment: Option<Payment>,
    page: [&'static str; 2],
}

#[derive(Serialize)]
struct Columns {
    description: &'static str,
    quantity: &'static str,
    rate: &'static str,
    amount: String,
}

#[derive(Serialize)]
struct Row {
    description: String,
    quantity: String,
    unit: &'static str,
    rate: String,
    amount: String,
    /// Whether it is short enough to be kept on one page.
    whole: bool,
}

#[derive(Serialize)]
struct Payment {
    heading: &'static str,
    sentence: String,
    facts: Vec<Fact>,
}

/// A description longer than this may be continued on the next page.
const WHOLE: usize = 1_500;

impl Sheet {
    /// Prints a paper.
    pub(crate) fn of(paper: &Paper<'_>) -> Self {
        let content = paper.content;
        let words = Words::of(content.language);
        let number = paper.number.map(ToString::to_string);
        let draft = number.is_none();
        Self {
            language: words.tag,
            heading: if draft { words.draft_invoice } else { words.invoice },
            draft: draft.then(|| Fact::new(words.draft_mark, words.draft_note)),
            seller: party::seller(&content.seller, content.language),
            billed_to: words.billed_to,
            buyer: party::buyer(&content.buyer, content.language),
            facts: facts(paper, words),
            columns: Columns {
                description: words.description,
                quantity: words.quantity,
                rate: words.rate,
                amount: format!("{} ({})", words.amount, content.currency),
            },
            rows: content.lines.iter().map(|line| row(line, content, words)).collect(),
            sums: sums(content, words),
            due: Fact::new(words.total_due, money(content.totals.gross, content.currency, words)),
            reasons: reasons(content, words),
            payment: payment(paper, words),
            page: words.page,
            number,
        }
    }
}

fn facts(paper: &Paper<'_>, words: &Words) -> Vec<Fact> {
    let content = paper.content;
    let mut facts = vec![
        Fact::new(words.issue_date, day(paper.issue_date, words)),
        Fact::new(words.due_date, day(paper.due_date, words)),
        Fact::new(words.period, period(content.period, words)),
    ];
    let reference = content.buyer_reference.as_deref();
    facts.extend(reference.map(|reference| Fact::new(words.buyer_reference, reference)));
    facts
}

fn row(line: &Line, content: &Content, words: &Words) -> Row {
    let description = if line.description.trim().is_empty() {
        line.project.as_ref().map_or("", ProjectId::as_str)
    } else {
        &line.description
    };
    Row {
        description: description.to_owned(),
        quantity: quantity(line.quantity, words),
        unit: match line.unit {
            Measure::Hour => words.hours,
            Measure::Day => words.days,
            Measure::Each => "\u{d7}",
        },
        rate: price(line.price, content.currency, words),
        amount: amount(line.amount, words),
        whole: description.len() <= WHOLE,
    }
}

fn sums(content: &Content, words: &Words) -> Vec<Fact> {
    let totals = &content.totals;
    let several = totals.taxes.len() > 1;
    let taxes = totals.taxes.iter();
    let taxes = taxes.map(|subtotal| Fact::new(tax::label(subtotal, several, words), amount(subtotal.amount, words)));
    let subtotal = Fact::new(words.subtotal, amount(totals.net, words));
    std::iter::once(subtotal).chain(taxes).collect()
}

fn reasons(content: &Content, words: &Words) -> Vec<String> {
    let taxes = content.totals.taxes.iter();
    let reasons = taxes.filter_map(|subtotal| tax::reason(subtotal.tax.category(), &content.seller, words));
    reasons.collect()
}

/// Asks for payment, unless there is nothing to pay.
fn payment(paper: &Paper<'_>, words: &'static Words) -> Option<Payment> {
    let content = paper.content;
    let gross = content.totals.gross;
    if gross.value().is_sign_negative() || gross.is_zero() {
        return None;
    }
    let amount = money(gross, content.currency, words);
    let sentence = words.please_pay.replace("{amount}", &amount);
    let mut facts = Vec::new();
    if let Some(iban) = &content.iban {
        facts.push(Fact::new(words.account_holder, &content.seller.name));
        facts.push(Fact::new(words.iban, in_fours(iban)));
    }
    facts.extend(
        paper
            .number
            .map(|number| Fact::new(words.reference, number.to_string())),
    );
    Some(Payment {
        heading: words.payment,
        sentence: sentence.replace("{date}", &day(paper.due_date, words)),
        facts,
    })
}

/// Groups an IBAN as ISO 13616 prints it.
fn in_fours(iban: &str) -> String {
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
