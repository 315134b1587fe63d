//! An invoice as the shell shows it.

use std::fmt;

use keeptab_core::billing::LineKind;
use keeptab_core::instant::Length;
use keeptab_core::invoice::{Covers, Item, PaymentKind, Reduction};
use keeptab_core::money::{Amount, Currency, Measure, Price, TaxCategory};
use keeptab_core::plain;
use rust_decimal::Decimal;

use super::InvoiceView;
use super::parts::LineView;
use crate::view::{WIDEST, shortened, table_with_sums};

impl fmt::Display for InvoiceView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}  {}", self.name(), self.state(), self.client)?;
        if let Some(credits) = &self.credits {
            write!(f, "  credit note for {credits}")?;
        }
        match (self.issue_date, self.due_date) {
            (Some(issued), Some(due)) if due != issued => write!(f, "  {issued}, due {due}")?,
            (Some(issued), _) => write!(f, "  {issued}")?,
            _ => {}
        }
        writeln!(f)?;
        if !self.lines.is_empty() {
            let head = ["", "project", "", "quantity", "rate", "amount"];
            table_with_sums(f, &head, &self.rows(), &[0, 3, 4, 5], &self.sums())?;
        }
        self.write_life(f)?;
        if self.reserves.is_some() {
            write!(f, "\nreserves: {}", self.told_reserves)?;
        }
        for left in &self.left_out {
            let project = left.project.as_ref();
            let project = project.map(|project| format!(" of {project}")).unwrap_or_default();
            let length = Length::from_secs(left.seconds).to_the_second();
            write!(f, "\nleft out: {length}{project}, {}", left.reason.words())?;
            match (left.draft, left.currency) {
                (Some(draft), _) => write!(f, " by draft {}", draft.0)?,
                (None, Some(currency)) => write!(f, " ({currency})")?,
                (None, None) => {}
            }
        }
        for entry in &self.entries {
            let words = entry.taken.words().unwrap_or_default();
            let project = entry
                .project
                .as_ref()
                .map(|project| format!(" for {project}"))
                .unwrap_or_default();
            let note = entry.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            write!(f, "\nentry of {}{project}{note}: {words}", entry.day)?;
        }
        for item in &self.items {
            write!(f, "\nitem {}: {}", item.number, told_item(&item.item, self.currency))?;
        }
        if let Some(back) = &self.given_back {
            for item in &back.items {
                match back.draft {
                    Some(draft) => write!(f, "\nback on draft {}: {}", draft.0, told_item(item, self.currency))?,
                    None => write!(f, "\non no draft again: {}", told_item(item, self.currency))?,
                }
            }
            if let Some(because) = &back.because {
                write!(f, "\n{because}")?;
            }
        }
        for changed in &self.changes {
            let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".into());
            let (before, after) = (side(&changed.before), side(&changed.after));
            write!(f, "\nchanged since the preview: {}: {before} → {after}", changed.what)?;
        }
        for warning in &self.warnings {
            write!(f, "\n{warning}")?;
        }
        if let Some(trouble) = &self.trouble {
            write!(f, "\nnot right yet: {trouble}")?;
        }
        for file in &self.files {
            write!(f, "\n{}", file.display())?;
        }
        Ok(())
    }
}

impl InvoiceView {
    fn rows(&self) -> Vec<Vec<String>> {
        let row = |line: &LineView| {
            let unit = match line.unit {
                Measure::Hour => " h",
                Measure::Day => " d",
                Measure::Each => "",
            };
            let mut description = line.description.clone();
            if let Some(note) = &line.note {
                description = format!("{description}: {note}");
            }
            if let Some(day) = line.period.filter(|_| self.by_day && line.kind == LineKind::Time) {
                description = format!("{description}, {}", day.from);
            }
            vec![
                line.number.to_string(),
                line.project.as_ref().map(ToString::to_string).unwrap_or_default(),
                shortened(&plain::line(&description), WIDEST),
                format!("{}{unit}", line.quantity),
                shown(line.rate, self.currency),
                line.amount.to_string(),
            ]
        };
        self.lines.iter().map(row).collect()
    }

    /// Returns the discounts, taxes and totals below the lines, each with its name.
    fn sums(&self) -> Vec<(String, String)> {
        let mut sums = Vec::new();
        let mut sum = |name: String, amount: Option<Amount>| {
            let amount = amount.map(|amount| amount.to_string()).unwrap_or_default();
            sums.push((name, amount));
        };
        let zero = |amount: Option<Amount>| amount.is_none_or(Amount::is_zero);
        let has_expense = self.lines.iter().any(|line| line.kind == LineKind::Expense);
        for allowance in &self.allowances {
            let percent = allowance.percent.map(|percent| format!(" {}%", percent.normalize()));
            let is_part = allowance.covers == Covers::Work && has_expense;
            let of = is_part.then(|| format!(" of {} without expenses", allowance.base));
            let name = format!("less{}{}", percent.unwrap_or_default(), of.unwrap_or_default());
            sum(format!("{name}: {}", allowance.reason), Some(allowance.amount));
        }
        sum("net".into(), self.net_total);
        for tax in &self.taxes {
            sum(told_tax(tax.category, tax.rate), Some(tax.amount));
        }
        let currency = self.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
        if let Some(home) = &self.home_tax {
            let name = format!("tax in {} ({})", home.currency, home.rate);
            sum(name, Some(home.amount));
        }
        sum(format!("total{currency}"), self.gross_total);
        if !zero(self.prepaid) {
            let mut advance = self.prepaid;
            for prepayment in &self.prepayments {
                advance = advance.map(|advance| advance - prepayment.amount);
                sum(format!("credit from {}", prepayment.of), Some(prepayment.amount));
            }
            if !zero(advance) {
                sum("paid in advance".into(), advance);
            }
            sum("due".into(), self.due);
        }
        sums
    }

    /// Writes the history of the invoice: sent, paid, credited.
    fn write_life(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(day) = self.sent_on {
            write!(f, "\nsent on {day}")?;
        }
        for payment in &self.payments {
            let (sum, day) = (self.money(Some(payment.amount)), payment.day);
            match (&payment.used_by, payment.kind) {
                (Some(number), _) => write!(f, "\ncredit used by {number} on {day}: {sum}")?,
                (None, PaymentKind::Money) => write!(f, "\npaid on {day}: {sum}")?,
                (None, PaymentKind::Discount) => write!(f, "\ndiscount on {day}: {sum}")?,
                (None, PaymentKind::WriteOff) => write!(f, "\nwritten off on {day}: {sum}")?,
            }
            for part in &payment.taxes {
                let (base, tax) = (part.base, part.amount);
                let of = if part.rate.is_zero() {
                    part.category.code().to_owned()
                } else {
                    format!("{} {}%", part.category.code(), part.rate)
                };
                write!(f, "; {of}: net {base}, tax {tax}")?;
            }
            if let Some(reason) = &payment.reason {
                write!(f, "; {reason}")?;
            }
        }
        for credit in &self.credited_by {
            let lines: Vec<String> = credit.lines.iter().map(ToString::to_string).collect();
            let (lines, sum) = (lines.join(", "), self.money(Some(credit.gross)));
            write!(f, "\ncancelled by {}: lines {lines}, {sum}", credit.number)?;
        }
        if self.number.is_some() && self.is_unpaid() {
            write!(f, "\nowed: {}", self.owed_sum())?;
            for grant in self.grants.iter().filter(|grant| !grant.late) {
                let less = self.owed.map(|owed| owed - grant.amount);
                write!(f, "; {} if paid by {}", self.money(less), grant.until)?;
            }
        }
        if let Some(note) = &self.private_note {
            write!(f, "\nnote: {note}")?;
        }
        Ok(())
    }
}

/// Names a tax of an invoice.
fn told_tax(category: TaxCategory, rate: Decimal) -> String {
    match category {
        TaxCategory::S => format!("tax S {rate}%"),
        TaxCategory::Z => "zero rate".to_owned(),
        TaxCategory::E => "exempt".to_owned(),
        TaxCategory::AE => "reverse charge".to_owned(),
        TaxCategory::G => "export".to_owned(),
        TaxCategory::O => "no tax".to_owned(),
    }
}

/// Returns a price as on paper.
fn shown(price: Price, currency: Option<Currency>) -> String {
    currency
        .map_or(price.value(), |currency| price.shown(currency))
        .to_string()
}

/// Describes an item of a draft in a line. Without a currency, a price has the decimals that it was written with.
pub fn told_item(item: &Item, currency: Option<Currency>) -> String {
    match item {
        Item::Charge(charge) => {
            let kind = if charge.kind == LineKind::Expense {
                "expense"
            } else {
                "fee"
            };
            let price = shown(charge.price, currency);
            format!("{kind} {}, {} × {price}", charge.description, charge.quantity)
        }
        Item::Discount(discount) => {
            let reduction = match discount.of {
                Reduction::Percent(percent) => format!("{percent}%"),
                Reduction::Amount(amount) => amount.to_string(),
            };
            let covers = match discount.covers {
                Covers::Work => "time and fees",
                Covers::All => "everything",
            };
            format!("discount {reduction} on {covers}, {}", discount.reason)
        }
        Item::Prepaid(amount) => format!("paid in advance {amount}"),
        Item::Credit(credit) => format!("credit of {}, up to {}", credit.of, credit.amount),
        Item::Exchange(rate) => format!("exchange rate {rate}"),
        Item::Note(text) => format!("note {text}"),
    }
}
