//! Writes invoices of all kinds into a folder, each in all formats, for `tests/einvoice` to check: `einvoices FOLDER`.
//!
//! All tax categories and their mixes × currencies with two decimals and with none × no discount, one in per cent, one
//! of an amount × invoices and credit notes, with the languages in turn. An invoice that cannot be electronic has a
//! `.refused` beside it, with the reason.

#![expect(clippy::disallowed_macros, reason = "an example tells a terminal")]

#[path = "../src/tests/sample.rs"]
mod sample;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use TaxCategory::{AE, E, G, O, Z};
use keeptab_core::billing::{Line, LineKind};
use keeptab_core::invoice::{
    CashDiscount, Content, Covers, Credit, Credited, Discount, ElectronicAddress, Format, HomeTax, InvoiceNumber,
    Issued, Item, Kind, Language, MonthEnd, Party, Reduction, Series, Totals, allowances,
};
use keeptab_core::money::{Amount, Currency, Measure, Tax, TaxCategory};
use keeptab_document::{lacking, render};
use rust_decimal::Decimal;
use sample::{acme, issue_date, line, standard, untaxed};

/// Sets of categories that may stand together on an invoice.
fn taxes() -> Vec<(&'static str, Vec<Tax>)> {
    vec![
        ("s19", vec![standard(19)]),
        ("s7-s19", vec![standard(7), standard(19)]),
        ("z", vec![untaxed(Z)]),
        ("e", vec![untaxed(E)]),
        ("ae", vec![untaxed(AE)]),
        ("g", vec![untaxed(G)]),
        ("o", vec![untaxed(O)]),
        ("s19-z-e", vec![standard(19), untaxed(Z), untaxed(E)]),
        (
            "s21-ae",
            vec![
                Tax::new(TaxCategory::S, Some(Decimal::new(210, 1))).unwrap_or_else(|_| standard(21)),
                untaxed(AE),
            ],
        ),
        (
            "s5.5",
            vec![Tax::new(TaxCategory::S, Some(Decimal::new(55, 1))).unwrap_or_else(|_| standard(5))],
        ),
    ]
}

fn discounts() -> [(&'static str, Option<Reduction>); 3] {
    [
        ("plain", None),
        ("percent", Some(Reduction::Percent(Decimal::new(125, 1)))),
        ("amount", Some(Reduction::Amount(Decimal::from(100)))),
    ]
}

/// An invoice with hours, days, pieces and a price of four decimals, whose amounts need rounding.
fn lines(content: &Content, taxes: &[Tax]) -> Vec<Line> {
    let tax = |index: usize| taxes[index % taxes.len()];
    let mut lines = vec![
        line(content, "API development", "18.33", "95.00", tax(0)),
        line(content, "Dashboard <beta> & \"more\"", "0.22", "60", tax(1)),
        line(content, "Six times 1.67", "1.67", "95.1234", tax(2)),
    ];
    let (first, last) = content.period;
    lines[0].note = Some("GET /orders pagination – première partie".to_owned());
    lines[0].period = Some((first, last));
    lines.push(Line {
        unit: Measure::Day,
        ..line(content, "Workshop", "1.5", "800", tax(0))
    });
    lines.push(Line {
        kind: LineKind::Expense,
        unit: Measure::Each,
        project: None,
        ..line(content, "Bahnfahrt Köln–Wien", "1", "129.9", tax(1))
    });
    lines
}

struct Case {
    name: String,
    content: Content,
}

fn cases() -> Result<Vec<Case>, Box<dyn Error>> {
    let mut cases = Vec::new();
    for (tax_name, taxes) in taxes() {
        for currency in ["EUR", "JPY"] {
            for (discount_name, discount) in discounts() {
                for credit in [false, true] {
                    let mut content = acme();
                    let language = Language::ALL[cases.len() % Language::ALL.len()];
                    content.language = language;
                    content.currency = currency.parse()?;
                    parties(&mut content, cases.len());
                    content.cash_discount = CashDiscount::new(10, Decimal::TWO).filter(|_| !credit);
                    content.notes.push("No\u{fffe}character".to_owned());
                    content.lines = lines(&content, &taxes);
                    let given = discount.map(|of| Discount {
                        reason: "Treue #1".to_owned(),
                        tax: None,
                        // One kind leaves the expense out of its base, the other has it in.
                        covers: match of {
                            Reduction::Percent(_) => Covers::Work,
                            Reduction::Amount(_) => Covers::All,
                        },
                        of,
                    });
                    let given: Vec<Discount> = given.into_iter().collect();
                    content.allowances = allowances(&content.lines, &given, content.currency)?;
                    let paid = if discount.is_some() && !credit {
                        Decimal::from(200)
                    } else {
                        Decimal::ZERO
                    };
                    let paid = Amount::rounded(paid, content.currency);
                    content.totals = Totals::reduced(&content.lines, &content.allowances, paid, content.currency);
                    if credit {
                        content.kind = Kind::CreditNote(credited(&content)?);
                    }
                    let kind = if credit { "credit" } else { "invoice" };
                    let name = format!(
                        "{tax_name}-{}-{discount_name}-{kind}-{}",
                        currency.to_lowercase(),
                        language.tag()
                    );
                    cases.push(Case { name, content });
                }
            }
        }
    }
    cases.extend(paid_by_credit());
    cases.extend(odd()?);
    Ok(cases)
}

/// Gives the parties all fields that any profile requires, with variations by `index`.
fn parties(content: &mut Content, index: usize) {
    if let Some(contact) = &mut content.seller.contact {
        contact.name = Some("Jane Doe".to_owned());
        contact.phone = Some("+49 30 1234567".to_owned());
    }
    content.seller.registration = (index.is_multiple_of(3)).then(|| "HRB 123456 B".to_owned());
    content.seller.tax_number = (index.is_multiple_of(2)).then(|| "12/345/67890".to_owned());
    content.bic = (index.is_multiple_of(2)).then(|| "SSKMDEMM".to_owned());
    content.order_reference = (index.is_multiple_of(2)).then(|| "4500012345".to_owned());
    content.terms = (index.is_multiple_of(4)).then(|| "2 % Skonto #7 Tage".to_owned());
    if index.is_multiple_of(5) {
        content.notes = vec!["Thank you.".to_owned(), "A second\nparagraph & more <b>.".to_owned()];
    }
    if index.is_multiple_of(7) {
        content.buyer.electronic = Some(ElectronicAddress {
            scheme: "0204".to_owned(),
            id: "04011000-1234512345-06".to_owned(),
        });
    }
    content.buyer.address = ["Ring 1", "Stiege 2", "Tür 3", "im Hof"][..=index % 4]
        .iter()
        .map(ToString::to_string)
        .collect();
}

fn credited(content: &Content) -> Result<Credited, Box<dyn Error>> {
    Ok(Credited {
        number: "JDS-202610-0007".parse::<InvoiceNumber>()?,
        issue_date: "2026-10-31".parse()?,
        lines: (0..content.lines.len()).collect(),
        in_full: true,
        kept: false,
        shares: Vec::new(),
    })
}

/// Uses credit of another invoice.
fn used(number: &str, amount: Decimal) -> Option<Item> {
    let of = number.parse().ok()?;
    Some(Item::Credit(Credit { of, amount }))
}

/// Adds all references that a client can have.
fn referenced(content: &mut Content) {
    content.contract_reference = Some("Rahmenvertrag 7/2026".to_owned());
    content.project_reference = Some("P-17, P-18".to_owned());
    content.supplier_number = Some("LF-0815".to_owned());
    content.month_end = Some(MonthEnd::After);
}

/// Bills in US dollars, with the tax in euros at a rate.
fn dollars(content: &mut Content, rate: &str) {
    let (Ok(dollar), Ok(rate)) = ("USD".parse(), rate.parse()) else {
        return;
    };
    content.currency = dollar;
    content.lines = lines(content, &[standard(19), standard(7)]);
    let tax = Totals::of(&content.lines, dollar).tax;
    content.home_tax = HomeTax::of(tax, dollar, Currency::EUR, rate).ok();
}

/// Makes a case of the sample with a change.
fn with(name: &str, change: &dyn Fn(&mut Content)) -> Case {
    let mut content = acme();
    parties(&mut content, 0);
    content.lines = lines(&content, &[standard(19)]);
    change(&mut content);
    let zero = Amount::zero(content.currency);
    let used = content
        .prepayments()
        .iter()
        .fold(zero, |sum, (_, amount)| sum + *amount);
    content.totals = Totals::reduced(&content.lines, &[], used, content.currency);
    Case {
        name: name.to_owned(),
        content,
    }
}

/// Invoices that use credit of others.
fn paid_by_credit() -> [Case; 2] {
    [
        // Credit of two invoices, and credit that pays all of it.
        with("credit-used", &|content| {
            content.cash_discount = CashDiscount::new(10, Decimal::TWO);
            content.items.extend(used("JDS-202610-0007", Decimal::new(1_200, 2)));
            content.items.extend(used("JDS-202609-0003", Decimal::new(738, 2)));
        }),
        with("credit-pays-all", &|content| {
            let gross = Totals::of(&content.lines, content.currency).gross;
            content.items.extend(used("JDS-202610-0007", gross.value()));
            content.language = Language::De;
        }),
    ]
}

/// Invoices with other special cases.
fn odd() -> Result<Vec<Case>, Box<dyn Error>> {
    let franc = "CHF".parse()?;
    let dinar = "KWD".parse()?;
    let dollar = "USD".parse()?;
    let switzerland = |content: &mut Content| {
        content.seller = Party {
            name: "Robert Schneider AG".to_owned(),
            address: vec!["Rue du Lac 1268".to_owned()],
            postcode: Some("2501".to_owned()),
            city: Some("Biel".to_owned()),
            country: Some("CH".to_owned()),
            vat_id: Some("CHE123456788".to_owned()),
            ..content.seller.clone()
        };
        content.iban = Some("CH5800791123000889012".to_owned());
    };
    Ok(vec![
        with("swiss-chf", &|content| {
            switzerland(content);
            content.currency = franc;
            content.lines = lines(
                content,
                &[Tax::new(TaxCategory::S, Some(Decimal::new(81, 1))).unwrap_or_else(|_| standard(8))],
            );
        }),
        with("swiss-eur", &switzerland),
        with("references", &|content| referenced(content)),
        with("references-credit", &|content| {
            referenced(content);
            content.kind = credited(content).map_or(Kind::Invoice, Kind::CreditNote);
        }),
        // The tax in the currency in which it is owed.
        with("dollars", &|content| dollars(content, "EUR=1.0850")),
        with("dollars-priced", &|content| {
            dollars(content, "USD=0.9217");
            content.language = Language::Fr;
        }),
        with("united-states", &|content| {
            content.seller.country = Some("US".to_owned());
            content.currency = dollar;
            content.lines = lines(content, &[untaxed(O)]);
        }),
        with("australia", &|content| {
            content.seller.country = Some("AU".to_owned());
            content.lines = lines(content, &[standard(10), untaxed(E)]);
        }),
        with("no-account", &|content| content.iban = None),
        with("no-vat-id", &|content| {
            content.seller.vat_id = None;
            content.seller.registration = None;
            content.seller.electronic = Some(ElectronicAddress {
                scheme: "0088".to_owned(),
                id: "4012345000009".to_owned(),
            });
        }),
        with("one-line", &|content| content.lines.truncate(1)),
        with("forty-lines", &|content| {
            content.lines = (0..40).map(|_| content.lines[2].clone()).collect();
        }),
        // Days have four decimals, and lines share a rounded part.
        with("day-rate", &|content| {
            let day = |quantity: &str| Line {
                unit: Measure::Day,
                ..line(content, "Consulting", quantity, "800", standard(19))
            };
            content.lines = vec![day("0.875"), day("0.125"), day("0.0104"), day("17.5")];
        }),
        // Their ids name no country, and are no VAT ids of EN 16931 (BR-CO-09).
        with("ids-without-prefix", &|content| {
            for (party, id) in [
                (&mut content.seller, "51 824 753 556"),
                (&mut content.buyer, "33 051 775 556"),
            ] {
                party.country = Some("AU".to_owned());
                party.vat_id = Some(id.to_owned());
                party.electronic = Some(ElectronicAddress {
                    scheme: "0151".to_owned(),
                    id: id.replace(' ', ""),
                });
            }
            content.lines = lines(content, &[standard(10)]);
        }),
        with("free-of-charge", &|content| {
            content.lines = vec![line(content, "A favour", "1", "0", standard(19))];
        }),
        with("control-characters", &|content| {
            "Jane\u{0}\u{8} Doe\u{feff}\u{202e}".clone_into(&mut content.seller.name);
            "a\u{b}b]]>&amp;\u{1f980}".clone_into(&mut content.lines[0].description);
        }),
        // These have no electronic form.
        with("three-decimals", &|content| {
            content.currency = dinar;
            content.lines = lines(content, &[standard(5)]);
        }),
        with("no-address", &|content| content.buyer.country = None),
        with("nobody", &|content| " ".clone_into(&mut content.buyer.name)),
        with("mixed-scope", &|content| {
            content.lines = lines(content, &[standard(19), untaxed(O)]);
        }),
        with("export-without-vat-id", &|content| {
            content.seller.vat_id = None;
            content.lines = lines(content, &[untaxed(G)]);
        }),
    ])
}

fn write(folder: &Path, counter: u32, case: Case) -> Result<(), Box<dyn Error>> {
    let series = Series::of("JDS".parse()?, issue_date());
    let issued = Issued::new(InvoiceNumber::new(series, counter), issue_date(), case.content);
    let paper = issued.paper();
    let path = |ending: &str| folder.join(format!("{}{ending}", case.name));
    let refused = lacking(&paper, Format::Pdf);
    if let Some(lacking) = &refused {
        fs::write(path(".refused"), lacking.to_string())?;
    }
    for format in Format::ALL {
        match render(&paper, format) {
            Ok(bytes) => fs::write(path(format.ending()), bytes)?,
            Err(_) if refused.is_some() => {}
            Err(error) => return Err(format!("{} as {format}: {error}", case.name).into()),
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = std::env::args_os().nth(1).ok_or("hint: name a folder")?.into();
    let cases = cases()?;
    println!("writing {} invoices", cases.len());
    for (counter, case) in (1..).zip(cases) {
        write(&folder, counter, case)?;
    }
    Ok(())
}
