//! All formats of an invoice have the same figures.

use keeptab_core::invoice::{Covers, Discount, Issued, Reduction, allowances};
use keeptab_core::money::Amount;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

use super::printed::read;
use super::*;

/// Quantities and amounts of the lines, and the totals.
#[derive(Debug, PartialEq, Eq)]
struct Figures {
    lines: Vec<(Decimal, Decimal)>,
    /// The sum of the lines, the net, the tax, the gross, and the amount due.
    totals: [Decimal; 5],
}

fn figures(content: &Content) -> Figures {
    let totals = &content.totals;
    Figures {
        lines: content
            .lines
            .iter()
            .map(|line| (line.quantity, line.amount.value()))
            .collect(),
        totals: [totals.lines, totals.net, totals.tax, totals.gross, totals.due].map(Amount::value),
    }
}

/// The rows below the lines on paper, from top to bottom.
fn sums(content: &Content) -> Vec<Decimal> {
    let totals = &content.totals;
    let mut sums = vec![totals.lines.value()];
    sums.extend(content.allowances.iter().map(|allowance| -allowance.amount.value()));
    sums.extend((!content.allowances.is_empty()).then_some(totals.net.value()));
    sums.extend(totals.taxes.iter().map(|tax| tax.amount.value()));
    if !totals.prepaid.is_zero() {
        sums.extend([totals.gross.value(), -totals.prepaid.value()]);
    }
    sums.push(totals.due.value());
    sums
}

fn number(text: &str) -> Decimal {
    let plain: String = text
        .trim_start_matches("EUR")
        .replace('\u{2212}', "-")
        .chars()
        .filter(|letter| matches!(letter, '0'..='9' | '.' | '-'))
        .collect();
    Decimal::from_str_exact(&plain).unwrap_or_else(|_| panic!("`{text}` is no figure"))
}

/// Returns the texts of all elements with a name.
fn elements(xml: &str, name: &str) -> Vec<Decimal> {
    let start = format!("<{name}");
    let opened = xml.split(&start).skip(1);
    let whole = opened.filter(|rest| rest.starts_with(['>', ' ']));
    whole
        .map(|rest| {
            let (_, text) = rest.split_once('>').unwrap();
            number(text.split_once('<').unwrap().0)
        })
        .collect()
}

fn text(issued: &Issued, format: Format) -> String {
    String::from_utf8(render(&issued.paper(), format).unwrap()).unwrap()
}

fn cii(xml: &str) -> Figures {
    let mut amounts = elements(xml, "ram:LineTotalAmount");
    let total = amounts.pop().unwrap();
    let one = |name: &str| elements(xml, name)[0];
    Figures {
        lines: elements(xml, "ram:BilledQuantity").into_iter().zip(amounts).collect(),
        totals: [
            total,
            one("ram:TaxBasisTotalAmount"),
            one("ram:TaxTotalAmount"),
            one("ram:GrandTotalAmount"),
            one("ram:DuePayableAmount"),
        ],
    }
}

fn ubl(xml: &str) -> Figures {
    let amounts = elements(xml, "cbc:LineExtensionAmount");
    let one = |name: &str| elements(xml, name)[0];
    let quantities = elements(xml, "cbc:InvoicedQuantity").into_iter();
    Figures {
        lines: quantities.zip(amounts[1..].iter().copied()).collect(),
        totals: [
            amounts[0],
            one("cbc:TaxExclusiveAmount"),
            one("cbc:TaxAmount"),
            one("cbc:TaxInclusiveAmount"),
            one("cbc:PayableAmount"),
        ],
    }
}

fn csv(table: &str) -> Figures {
    let mut found = Figures {
        lines: Vec::new(),
        totals: [Decimal::ZERO; 5],
    };
    for record in ::csv::Reader::from_reader(table.as_bytes()).records() {
        let record = record.unwrap();
        let amount = number(&record[11]);
        match &record[5] {
            "line" => {
                found.lines.push((number(&record[8]), amount));
                found.totals[0] += amount;
            }
            "net" => found.totals[1] = amount,
            "tax" => found.totals[2] += amount,
            "gross" => found.totals[3] = amount,
            "due" => found.totals[4] = amount,
            _ => {}
        }
    }
    found
}

fn json(text: &str) -> Figures {
    let json: Value = serde_json::from_str(text).unwrap();
    let figure = |value: &Value| number(value.as_str().unwrap());
    let lines = json["lines"].as_array().unwrap().iter();
    Figures {
        lines: lines
            .map(|line| (figure(&line["quantity"]), figure(&line["amount"])))
            .collect(),
        totals: ["lineTotal", "netTotal", "taxTotal", "grossTotal", "due"].map(|name| figure(&json[name])),
    }
}

/// The lines and sums of a page. Checks that it shows the values of its data.
fn html(page: &str) -> (Vec<(Decimal, Decimal)>, Vec<Decimal>) {
    let mut figures: Vec<Decimal> = page
        .split("<data value=\"")
        .skip(1)
        .map(|rest| {
            let (value, rest) = rest.split_once("\">").unwrap();
            let shown = rest.split_once("</data>").unwrap().0;
            assert_eq!(number(value), number(shown));
            number(value)
        })
        .collect();
    let count = page.matches("<td class=\"figure\">").count() - page.matches("<th colspan=").count();
    let sums = figures.split_off(count);
    let lines = figures.chunks(3).map(|line| (line[0], line[2])).collect();
    (lines, sums)
}

/// The lines and sums that are printed.
fn paper(document: &PagedDocument) -> (Vec<(Decimal, Decimal)>, Vec<Decimal>) {
    let printed = read(document);
    let (mut lines, mut sums) = (Vec::new(), Vec::new());
    for row in printed.lines() {
        let cells: Vec<&str> = row.split(" | ").collect();
        match &*cells {
            [description, quantity, _, _, amount] | [description, quantity, _, _, _, amount]
                if description.starts_with("Work ") =>
            {
                lines.push((number(quantity), number(amount)));
            }
            [label, figure] if !lines.is_empty() => {
                sums.push(number(figure));
                if *label == "Total due" {
                    break;
                }
            }
            _ => {}
        }
    }
    (lines, sums)
}

fn content() -> impl Strategy<Value = Content> {
    let line = (
        1_i64..2_000_000,
        prop_oneof![Just(2_u32), Just(4)],
        1_i64..30_000,
        any::<bool>(),
    );
    let lines = prop::collection::vec(line, 1..6);
    (lines, prop::option::of(1_u32..40), prop::option::of(1_i64..5_000)).prop_map(|(lines, percent, paid)| {
        let mut content = acme();
        content.seller.contact = Some(keeptab_core::invoice::Contact {
            name: Some("Jane Doe".to_owned()),
            phone: Some("+49 30 1234567".to_owned()),
            email: Some("jane@example.com".to_owned()),
        });
        content.lines.clear();
        for (place, (quantity, scale, price, reduced)) in lines.into_iter().enumerate() {
            let (quantity, price) = (Decimal::new(quantity, scale), Decimal::new(price, 2));
            let tax = standard(if reduced { 7 } else { 19 });
            let name = format!("Work {}", place + 1);
            let line = sample::line(&content, &name, &quantity.to_string(), &price.to_string(), tax);
            content.lines.push(line);
        }
        let given = percent.map(|percent| Discount {
            reason: "Loyalty".to_owned(),
            tax: None,
            covers: Covers::All,
            of: Reduction::Percent(percent.into()),
        });
        let given: Vec<Discount> = given.into_iter().collect();
        content.allowances = allowances(&content.lines, &given, content.currency).unwrap();
        let paid = Amount::rounded(paid.unwrap_or_default().into(), content.currency);
        content.totals = Totals::reduced(&content.lines, &content.allowances, paid, content.currency);
        content
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn all_forms_say_the_same_figures(content in content()) {
        let expected = figures(&content);
        let issued = issued(content.clone());
        prop_assert_eq!(&cii(&text(&issued, Format::XRechnung)), &expected);
        prop_assert_eq!(&ubl(&text(&issued, Format::XRechnungUbl)), &expected);
        prop_assert_eq!(&ubl(&text(&issued, Format::Ubl)), &expected);
        prop_assert_eq!(&csv(&text(&issued, Format::Csv)), &expected);
        prop_assert_eq!(&json(&text(&issued, Format::Json)), &expected);
        let shown = (expected.lines, sums(&content));
        prop_assert_eq!(&html(&text(&issued, Format::Html)), &shown);
        prop_assert_eq!(&paper(&typeset(&issued.paper())), &shown);
    }
}
