//! Billing terms: currency, tax, rounding and rates, inherited from business to client to project.

use keeptab_core::billing::{Grouping, Mode, Per, Policy, Rate};
use keeptab_core::invoice::{AppendixPolicy, CashDiscount, Format, Language, MonthEnd};
use keeptab_core::money::{Currency, Price, Tax, TaxCategory, Unit};
use rust_decimal::Decimal;

use super::super::section::{Section, Spanned};
use super::super::{Inherited, Paper};
use super::party::account;

/// The most decimals of a quantity: Factur-X has room for four.
const MOST_DECIMALS: u32 = 4;

impl Default for Inherited {
    fn default() -> Self {
        Self {
            currency: Currency::EUR,
            tax: Tax::none(),
            policy: Policy::default(),
            hours_per_day: Decimal::from(8),
            quantity_decimals: None,
            grouping: Grouping::Project,
            paper: Paper {
                payment_days: 14,
                ..Paper::default()
            },
        }
    }
}

impl Inherited {
    /// Reads the business's own settings.
    pub(super) fn read_business(&mut self, section: &Section<'_>) {
        self.read_taxes(section);
        self.read_for_invoices(section);
    }

    /// Reads a client's or project's own settings; the others stay inherited.
    pub(super) fn read(&mut self, section: &Section<'_>) {
        if let Some(text) = section.text("currency") {
            self.currency = currency(section, &text).unwrap_or(self.currency);
        }
        self.read_taxes(section);
    }

    fn read_taxes(&mut self, section: &Section<'_>) {
        if let Some(tax) = section.section("tax") {
            let category = tax.required("category").and_then(|text| category(&tax, &text));
            let rate = tax.decimal("rate").map(|rate| rate.value);
            match category.map(|category| Tax::new(category, rate)) {
                Some(Ok(value)) => self.tax = value,
                Some(Err(error)) => tax.error(tax.range(), error),
                None => {}
            }
            if let Some(name) = tax.text("name") {
                self.paper.tax_name = Some(name.value);
            }
            tax.close();
        }
        if let Some(rounding) = section.section("rounding") {
            self.policy = policy(&rounding);
            rounding.close();
        }
        match section.word("group_by") {
            Some("project") => self.grouping = Grouping::Project,
            Some("day") => self.grouping = Grouping::Day,
            Some("note") => self.grouping = Grouping::Note,
            _ => {}
        }
        if let Some(hours) = section.decimal("hours_per_day") {
            if (Decimal::ONE..=Decimal::from(24)).contains(&hours.value) {
                self.hours_per_day = hours.value;
            } else {
                section.error(
                    hours.range,
                    "hours_per_day is not between 1 and 24\nhint: write it as \"8\"",
                );
            }
        }
        if let Some(decimals) = section.spanned_count("quantity_decimals") {
            if decimals.value <= MOST_DECIMALS {
                self.quantity_decimals = Some(decimals.value);
            } else {
                section.error(
                    decimals.range,
                    "quantity_decimals is above 4\nhint: electronic invoices have room for four decimals",
                );
            }
        }
    }

    /// Reads the settings of whole invoices; a project has none of these.
    pub(super) fn read_for_invoices(&mut self, section: &Section<'_>) {
        let paper = &mut self.paper;
        if let Some(word) = section.word("language") {
            let language = Language::ALL.into_iter().find(|language| language.tag() == word);
            paper.language = language.unwrap_or(paper.language);
        }
        match section.word("appendix") {
            Some("none") => paper.appendix = AppendixPolicy::None,
            Some("hours") => paper.appendix = AppendixPolicy::Hours,
            Some("full") => paper.appendix = AppendixPolicy::Full,
            _ => {}
        }
        paper.payment_days = section.count("payment_days").unwrap_or(paper.payment_days);
        match section.word("payment_end_of_month") {
            Some("before") => paper.month_end = Some(MonthEnd::Before),
            Some("after") => paper.month_end = Some(MonthEnd::After),
            Some(_) => paper.month_end = None,
            None => {}
        }
        paper.account = account(section).or(paper.account.take());
        paper.cash_discount = cash_discount(section).or(paper.cash_discount);
        let notes: Vec<String> = section.texts("notes").into_iter().map(|note| note.value).collect();
        if !notes.is_empty() {
            paper.notes = notes;
        }
        let fonts: Vec<String> = section.texts("fonts").into_iter().map(|font| font.value).collect();
        if !fonts.is_empty() {
            paper.fonts = fonts;
        }
        let formats: Vec<Format> = section
            .texts("formats")
            .iter()
            .filter_map(|text| format(section, text))
            .collect();
        if !formats.is_empty() {
            paper.formats = formats;
        }
        for (key, value) in [
            ("terms", &mut paper.terms),
            ("logo", &mut paper.logo),
            ("template", &mut paper.template),
        ] {
            if let Some(text) = section.text(key) {
                *value = Some(text.value);
            }
        }
    }
}

/// Reads a currency that is there.
pub(super) fn currency(section: &Section<'_>, text: &Spanned<String>) -> Option<Currency> {
    let report = |error| section.unknown(text, error, Currency::codes());
    text.value.parse().map_err(report).ok()
}

fn category(section: &Section<'_>, text: &Spanned<String>) -> Option<TaxCategory> {
    let report = |error| section.unknown(text, error, section.words("category"));
    text.value.parse().map_err(report).ok()
}

fn format(section: &Section<'_>, text: &Spanned<String>) -> Option<Format> {
    let report = |error| section.unknown(text, error, Format::ALL.map(Format::name));
    text.value.parse().map_err(report).ok()
}

/// Reads the discount for early payment.
fn cash_discount(section: &Section<'_>) -> Option<CashDiscount> {
    let table = section.section("cash_discount")?;
    let days = table.count("days");
    let percent = table.decimal("percent");
    if days.is_none() || percent.is_none() {
        let message = "cash_discount needs days and percent\nhint: cash_discount = { days = 10, percent = 2 }";
        table.error(table.range(), message);
    }
    table.close();
    let percent = percent?;
    let discount = CashDiscount::new(days?, percent.value);
    if discount.is_none() {
        let hint = "take 0 to 3650 days, and more than 0 and less than 100 per cent, with two decimals";
        section.error(percent.range, format!("there is no such discount\nhint: {hint}"));
    }
    discount
}

fn policy(section: &Section<'_>) -> Policy {
    Policy {
        increment: section.length("increment").unwrap_or_default(),
        mode: match section.word("mode") {
            Some("up") => Mode::Up,
            Some("down") => Mode::Down,
            _ => Mode::Nearest,
        },
        per: match section.word("per") {
            Some("day") => Per::Day,
            Some("session") => Per::Session,
            Some("note") => Per::Note,
            _ => Per::Line,
        },
        minimum: section.length("minimum").unwrap_or_default(),
    }
}

/// Reads `rate`: one number for all time, or a list with first days.
pub(super) fn rates(section: &Section<'_>) -> Vec<Rate> {
    let unit = unit(section).unwrap_or(Unit::Hour);
    let mut rates = Vec::new();
    let single = section.number_or_tables("rate", |step| {
        let from = step.date("from");
        let unit = self::unit(step).unwrap_or(unit);
        let price = step.decimal("rate").and_then(|rate| price(step, rate));
        rates.extend(price.map(|price| Rate { from, price, unit }));
    });
    let price = single.and_then(|rate| price(section, rate));
    rates.extend(price.map(|price| Rate {
        from: None,
        price,
        unit,
    }));
    rates.sort_by_key(|rate| rate.from);
    rates
}

fn unit(section: &Section<'_>) -> Option<Unit> {
    match section.word("unit")? {
        "day" => Some(Unit::Day),
        _ => Some(Unit::Hour),
    }
}

fn price(section: &Section<'_>, rate: Spanned<Decimal>) -> Option<Price> {
    let report = |error: keeptab_core::money::MoneyError| section.error(rate.range.clone(), error);
    Price::try_from(rate.value).map_err(report).ok()
}
